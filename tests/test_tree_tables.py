"""cecil-redact -o DIR on tables: CSV stays CSV, in its own dialect, and Parquet stays Parquet."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cecil import Sanitizer
from cecil.commands.tables import parquet_table
from cecil.stream.quarantine import Quarantine
from tests.conftest import Run, build_cache

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

NO_NAMES = ("-q", "--nlp", "none")


def endless() -> str:
    """Each round uncovers the next, so that it cannot be judged."""
    text = "@"
    for number in range(40):
        text = "".join(f"&#{ord(c)};" if number % 2 else f"%{ord(c):02x}" for c in text[:3]) + text[3:]
    return text


def redacted(cecil: Run, *args: object, status: int = 0) -> Any:
    run = cecil("redact", *NO_NAMES, "--quarantine", "refused", *args)
    assert run.returncode == status, run.stderr
    assert run.stdout == b""
    return run


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # What does not change stays byte for byte, quotes and ends of lines too.
        (
            "a.csv",
            b'id,mail,note\r\n1,bob@example.com,"a, b"\r\n"2",none,"c ""d"""\r\n',
            b'id,mail,note\r\n1,<EMAIL_ADDRESS>,"a, b"\r\n"2",none,"c ""d"""\r\n',
        ),
        # A key speaks for its column.
        ("b.tsv", b"id\tpassword\n1\tzebra-Tango7\n2\tx-Ray-Kilo9", b"id\tpassword\n1\t<PASSWORD>\n2\t<PASSWORD>"),
        ("c.csv", b'\xef\xbb\xbf"id";"mail"\n"1";"a@example.com"\n', b'\xef\xbb\xbf"id";"mail"\n"1";"<EMAIL_ADDRESS>"\n'),
        # A row over two lines, and a blank one.
        ("d.csv", b'n,m\n1,"to\nann@example.com"\n\n2,x\n', b'n,m\n1,"to\n<EMAIL_ADDRESS>"\n2,x\n'),
        # Names of columns can be personal.
        ("e.csv", b"bob@example.com,n\nx,1\n", b"<EMAIL_ADDRESS>,n\nx,1\n"),
        ("empty.csv", b"", b""),
        ("head.csv", b"a,b\n", b"a,b\n"),
    ],
)  # fmt: skip
def test_csv_stays_csv(cecil: Run, tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    (tmp_path / name).write_bytes(before)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(before))
    redacted(cecil, "-o", "clean", name, f"{name}.gz")
    assert (tmp_path / "clean" / name).read_bytes() == after
    assert gzip.decompress((tmp_path / "clean" / f"{name}.gz").read_bytes()) == after


def test_what_is_no_row_is_kept_apart(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"n,m\n1,a@example.com\n2,b@example.com,more\n\xff,3\n4,x\n")
    run = redacted(cecil, "-o", "clean", "--stats", "json", "--manifest", "runs", "a.csv", status=3)
    assert (tmp_path / "clean" / "a.csv").read_bytes() == b"n,m\n1,<EMAIL_ADDRESS>\n4,x\n"
    rows = [json.loads(line) for line in (tmp_path / "refused").read_bytes().splitlines()]
    assert [(row["source"], row["line"]) for row in rows] == [("a.csv", 3), ("a.csv", 4)]
    stats = json.loads(run.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"], stats["quarantined"]) == (4, 2, 2)
    assert stats["findings"] == {"EMAIL_ADDRESS": 1}
    manifest = json.loads((tmp_path / "runs").read_bytes())
    assert manifest["findings"] == {"EMAIL_ADDRESS": {"redact": 1}}
    assert cecil("leaktest", "-q", "--verify", "runs").returncode == 0


def test_a_strict_policy_drops_columns(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nstrategy: strict\nfields: {n: keep, note: keep}\n")
    (tmp_path / "a.csv").write_bytes(b"n,secret name,note\n1,x,y\n2,z,to bob@example.com\n")
    table = pa.table({"n": [1], "secret name": ["x"]})
    pq.write_table(table, tmp_path / "a.parquet")
    run = redacted(cecil, "--policy", "p.yaml", "-o", "clean", "a.csv", "a.parquet", status=1)
    assert (tmp_path / "clean" / "a.csv").read_bytes() == b"n,note\n1,y\n2,to <EMAIL_ADDRESS>\n"
    assert b"a strict policy drops names, and those of Parquet's columns stay" in run.stderr
    assert not (tmp_path / "clean" / "a.parquet").exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,a\n1,2\n", b"one name for the columns 1 and 2"),
        (b"a,\n1,2\n", b"no name for column 2"),
        ("name,ort\nJürgen,Köln\n".encode("utf-16"), b"a table that is not UTF-8"),
        (b'a,"b"x\n', b"the header cannot be read"),
    ],
)
def test_what_is_no_table(cecil: Run, tmp_path: Path, data: bytes, said: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(data)
    run = redacted(cecil, "-o", "clean", "a.csv", status=1)
    assert said in run.stderr
    assert not (tmp_path / "clean" / "a.csv").exists()


def test_csv_as_text(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,a\n1,bob@example.com\n")
    redacted(cecil, "--format", "text", "-o", "clean", "a.csv")
    assert (tmp_path / "clean" / "a.csv").read_bytes() == b"a,a\n1,<EMAIL_ADDRESS>\n"


def test_parquet_stays_parquet(cecil: Run, tmp_path: Path) -> None:
    schema = pa.schema(
        [
            ("id", pa.int64()),
            ("mail", pa.dictionary(pa.int32(), pa.string())),
            ("who", pa.struct([("ssn", pa.string()), ("n", pa.int32())])),
            ("tags", pa.list_(pa.string())),
        ],
        metadata={"made by": "bob@example.com"},
    )
    rows = [
        {
            "id": n,
            "mail": "ann@example.com" if n % 2 else "none",
            "who": {"ssn": "219-09-9999", "n": n},
            "tags": ["x", f"t{n}@example.com"],
        }
        for n in range(1000)
    ]
    source = tmp_path / "a.parquet"
    table = pa.Table.from_pylist(rows, schema)
    pq.write_table(
        table, source, compression={"id": "NONE", "mail": "ZSTD", "who": "GZIP"}, row_group_size=300
    )
    run = redacted(cecil, "-o", "clean", "--stats", "json", "--manifest", "runs", "a.parquet")
    made = pq.ParquetFile(tmp_path / "clean" / "a.parquet")
    back = made.read()
    assert back.schema.remove_metadata() == schema.remove_metadata()
    assert b"example.com" not in (tmp_path / "clean" / "a.parquet").read_bytes()
    assert back.num_rows == 1000
    assert back.slice(1, 1).to_pylist() == [
        {
            "id": 1,
            "mail": "<EMAIL_ADDRESS>",
            "who": {"ssn": "<US_SSN>", "n": 1},
            "tags": ["x", "<EMAIL_ADDRESS>"],
        }
    ]
    group, old = made.metadata.row_group(0), pq.ParquetFile(source).metadata.row_group(0)
    assert [group.column(n).compression for n in range(5)] == [old.column(n).compression for n in range(5)]
    stats = json.loads(run.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"]) == (1000, 1000)
    assert stats["findings"] == {"EMAIL_ADDRESS": 1500, "US_SSN": 1000}
    assert cecil("leaktest", "-q", "--verify", "runs").returncode == 0


def test_a_row_of_parquet_that_must_not_go_on(cecil: Run, tmp_path: Path) -> None:
    mails = ["bob@example.com"] * 4 + [endless()] + ["x"] * 4
    table = pa.table({"n": list(range(18)), "m": mails * 2})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=6)
    run = redacted(cecil, "-o", "clean", "--stats", "json", "a.parquet", status=3)
    rows = [json.loads(line) for line in (tmp_path / "refused").read_bytes().splitlines()]
    assert [(row["source"], row["line"]) for row in rows] == [("a.parquet", 5), ("a.parquet", 14)]
    assert json.loads(rows[1]["raw"]) == {"n": 13, "m": mails[4]}
    back = pq.read_table(tmp_path / "clean" / "a.parquet").to_pylist()
    assert [one["n"] for one in back] == [n for n in range(18) if n % 9 != 4]
    # What was found in a row that is not written is not counted.
    stats = json.loads(run.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"], stats["quarantined"]) == (18, 16, 2)
    assert stats["findings"] == {"EMAIL_ADDRESS": 8}


def test_rows_of_parquet_are_judged_once(tmp_path: Path) -> None:
    """Counting what is found takes no second look, and a value that repeats is looked at once."""
    judged: list[str] = []

    class Watched(Sanitizer):
        def _judge(self, record: Any, *more: Any) -> Any:
            judged.append("a row")
            return super()._judge(record, *more)

    table = pa.table({"n": list(range(3000)), "m": ["bob@example.com", "x", None] * 1000})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=500)
    quarantine = Quarantine(str(tmp_path / "refused"))
    with open(tmp_path / "b.parquet", "wb") as file:
        done = parquet_table(
            str(tmp_path / "a.parquet"), file, Watched(nlp="none", cache=build_cache()), quarantine
        )
    assert done == {("EMAIL_ADDRESS", "redact"): 1000}
    assert quarantine.counts.read == quarantine.counts.written == 3000
    assert len(judged) == 1  # the names of the columns


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"bob@example.com": [1]}, b"the name of a column is personal, and would stay"),
        (None, b"not a whole Parquet file: it is damaged, or was cut short"),
    ],
)
def test_parquet_that_cannot_be(cecil: Run, tmp_path: Path, table: Any, said: bytes) -> None:
    if table:
        pq.write_table(pa.table(table), tmp_path / "a.parquet")
    else:
        (tmp_path / "a.parquet").write_bytes(b"PAR1 bob@example.com PAR1")
    run = redacted(cecil, "-o", "clean", "a.parquet", status=1)
    assert said in run.stderr and b"bob" not in run.stderr
    assert not (tmp_path / "clean" / "a.parquet").exists()


def test_parquet_without_rows(cecil: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "a.parquet")
    redacted(cecil, "-o", "clean", "a.parquet")
    assert pq.read_table(tmp_path / "clean" / "a.parquet").num_rows == 0
