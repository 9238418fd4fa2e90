"""cecil-write as a command: formats by name, bytes as they came, markers, counts, refusals."""

import bz2
import gzip
import json
import lzma
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.commands.boundary import call
from tests.conftest import BIN, Run
from tests.writing import Writing, writing_fixture  # noqa: F401

LINES = b'{"a":1.10,"b":[1, 2]}\r\n  {"z":1e400}\n{"a":1,"a":2}\n{"big":123456789012345678901234567890}\n'


def unzstd(data: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return bytes(zstd.decompress(data))


DECOMPRESS = {"gz": gzip.decompress, "bz2": bz2.decompress, "xz": lzma.decompress, "zst": unzstd}
OPTION = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


def test_jsonl_leaves_as_it_came(writing: Writing) -> None:
    assert writing(stdin=LINES) == (0, LINES, "")
    assert writing("-o", "x.jsonl", stdin=LINES) == (0, b"", "")
    assert Path("x.jsonl").read_bytes() == LINES


def test_the_last_line_gets_its_newline(writing: Writing) -> None:
    assert writing(stdin=b'{"a":1}').stdout == b'{"a":1}\n'


def test_a_byte_order_mark_is_no_part_of_a_record(writing: Writing) -> None:
    assert writing(stdin=b'\xef\xbb\xbf{"a":1}\n\xef\xbb\xbf{"a":2}\n')[:2] == (3, b'{"a":1}\n')
    assert "<stdin>" in writing.quarantine()
    assert writing(stdin=b"\xef\xbb\xbf") == (0, b"", "")


def test_a_file_operand_is_decompressed_by_its_content(writing: Writing) -> None:
    Path("in").write_bytes(gzip.compress(LINES))
    assert writing("in").stdout == LINES


@pytest.mark.parametrize("suffix", DECOMPRESS)
def test_compression_by_suffix_and_by_option(suffix: str, writing: Writing) -> None:
    assert writing("-o", f"x.jsonl.{suffix}", stdin=LINES).status == 0
    assert DECOMPRESS[suffix](Path(f"x.jsonl.{suffix}").read_bytes()) == LINES
    by_option = writing("--compression", OPTION[suffix], stdin=LINES)
    assert DECOMPRESS[suffix](by_option.stdout) == LINES
    assert writing("-o", f"y.jsonl.{suffix}", "--compression", "none", stdin=LINES).status == 0
    assert Path(f"y.jsonl.{suffix}").read_bytes() == LINES


def test_the_same_records_give_the_same_bytes(writing: Writing) -> None:
    for name in ("x.csv.gz", "y.csv.gz"):
        assert writing("-o", name, stdin=b'{"a":1}\n').status == 0
    assert Path("x.csv.gz").read_bytes() == Path("y.csv.gz").read_bytes()


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("x.jsonl", b'{"a"'),
        ("x.ndjson", b'{"a"'),
        ("X.CSV", b"a\n1\n"),
        ("x.tsv", b"a\n1\n"),
        ("x.parquet", b"PAR1"),
    ],
)
def test_format_by_suffix(name: str, first: bytes, writing: Writing) -> None:
    assert writing("-o", name, stdin=b'{"a":1}\n').status == 0
    assert Path(name).read_bytes().startswith(first)


def test_format_by_option_wins(writing: Writing) -> None:
    assert writing("-o", "x.jsonl", "--format", "csv", stdin=b'{"a":1}\n').status == 0
    assert Path("x.jsonl").read_bytes() == b"a\n1\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-o", "x.cvs"], "cecil-write: x.cvs: the name does not say which format\nhint: --format jsonl\n"),
        (["-o", "x.gz"], "cecil-write: x.gz: the name does not say which format\nhint: --format jsonl\n"),
        (
            ["--columns", "a"],
            "cecil-write: --columns is for csv, tsv and parquet; JSONL records leave as they came\n",
        ),
        (
            ["-o", "x.parquet.gz"],
            "cecil-write: x.parquet.gz: Parquet is compressed inside\nhint: name it .parquet, with --compression zstd\n",
        ),
        (
            ["-o", "x.parquet", "--compression", "xz"],
            "cecil-write: Parquet files cannot be compressed with xz\nhint: --compression zstd\n",
        ),
        (
            ["--format", "csv", "--columns", "a,a"],
            "cecil-write: argument --columns: a column stands there twice\nhint: cecil-write --help\n",
        ),
        (
            ["--format", "csv", "--columns", ""],
            "cecil-write: argument --columns: names are wanted, joined by commas, in UTF-8\nhint: cecil-write --help\n",
        ),
        (
            ["--format", "csv", "--columns", "\udcff"],
            "cecil-write: argument --columns: names are wanted, joined by commas, in UTF-8\nhint: cecil-write --help\n",
        ),
    ],
)
def test_options_that_do_not_go_together(args: list[str], message: str, writing: Writing) -> None:
    assert writing(*args, stdin=b'{"a":1}\n') == (2, b"", message)
    assert writing.names() == []


@pytest.mark.parametrize(
    "args", [["--format", "parquet"], ["--compression", "gzip"], ["-o", "-", "--format", "parquet"]]
)
def test_no_binary_data_to_a_terminal(
    args: list[str], writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda fd: True)
    done = writing(*args, stdin=b'{"a":1}\n')
    assert done == (2, b"", "cecil-write: not to a terminal: this is not text\nhint: -o FILE\n")


def test_a_missing_extra_is_said_before_anything_is_read(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "cecil.writers.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = writing("-o", "x.parquet", "nothing-there")
    assert done == (1, b"", "cecil-write: Parquet is not installed\nhint: pip install 'cecil[parquet]'\n")
    assert writing.names() == []


def test_what_is_no_record_goes_to_quarantine_and_the_file_appears(writing: Writing) -> None:
    done = writing("-o", "x.jsonl", "--stats", "json", stdin=b'{"a":1}\nsecret\n\n[1]\n{"b":2}\n\xff\n')
    assert done.status == 3
    assert "secret" not in done.stderr
    assert "<stdin>:2: not valid JSON at column 1" in done.stderr
    stats = json.loads(done.stderr.splitlines()[-1])
    assert stats == {
        "command": "cecil-write",
        "complete": True,
        "read": 6,
        "written": 2,
        "dropped": {"blank": 1},
        "quarantined": 3,
        "format": "jsonl",
        "values_dropped": 0,
    }
    assert Path("x.jsonl").read_bytes() == b'{"a":1}\n{"b":2}\n'
    rows = [json.loads(row) for row in writing.quarantine().splitlines()]
    assert [(row["line"], row.get("raw"), row.get("raw_base64")) for row in rows] == [
        (2, "secret", None),
        (4, "[1]", None),
        (6, None, "/w=="),
    ]


@pytest.mark.parametrize("form", ["csv", "tsv", "parquet"])
def test_tables_put_records_with_a_hidden_value_into_quarantine(form: str, writing: Writing) -> None:
    done = writing("-o", f"x.{form}", "--stats", "json", stdin=b'{"a":1}\n{"a":1,"a":2}\n')
    assert done.status == 3
    stats = json.loads(done.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"], stats["quarantined"]) == (2, 1, 1)
    assert "duplicate key" in writing.quarantine()


def test_a_line_that_is_too_long(writing: Writing) -> None:
    long = b'{"a":"' + b"x" * 1000 + b'"}\n'
    done = writing("-o", "x.jsonl", "--max-record", "100", stdin=b'{"a":1}\n' + long + b'{"a":2}\n')
    assert done.status == 3
    assert Path("x.jsonl").read_bytes() == b'{"a":1}\n{"a":2}\n'


def test_an_empty_input(writing: Writing) -> None:
    for name in ("x.jsonl", "x.csv"):
        assert writing("-o", name) == (0, b"", "")
        assert Path(name).read_bytes() == b""
    assert writing("-o", "y.csv", "--columns", 'a,"b,c"') == (0, b"", "")
    assert Path("y.csv").read_bytes() == b'a,"b,c"\n'


def test_an_input_that_is_not_there(writing: Writing) -> None:
    done = writing("-o", "x.jsonl", "none.jsonl")
    assert done == (1, b"", "cecil-write: none.jsonl: no such file or directory\n")
    assert writing.names() == []


def test_an_input_that_was_cut_short(writing: Writing) -> None:
    Path("in.gz").write_bytes(gzip.compress(LINES)[:-4])
    done = writing("-o", "x.jsonl", "in.gz")
    assert done.status == 1
    assert done.stderr.endswith("cecil-write: in.gz: gzip data ends too early; it was cut short\n")
    assert writing.names() == ["in.gz"]
    # To a stream goes what came before the failure, as with cat.
    assert writing("in.gz")[:2] == (1, LINES)


# Markers


def marked(*lines: bytes, end: int | None = None) -> bytes:
    records = sum(not line.startswith(b'{"$cecil":') for line in lines)
    head = b'{"$cecil":{"begin":{"version":1}}}\n'
    return head + b"".join(lines) + b'{"$cecil":{"end":{"records":%d}}}\n' % (records if end is None else end)


def checkpoint(place: int) -> bytes:
    return b'{"$cecil":{"checkpoint":{"place":%d}}}\n' % place


def test_markers_are_taken_out(writing: Writing) -> None:
    stream = marked(b'{"a":1}\n', checkpoint(1), b'{"a":2}\n{ "$cecil":{"end":{}}}\n', end=3)
    done = writing("-o", "x.jsonl", "--stats", "json", stdin=stream)
    assert done.status == 0
    assert (json.loads(done.stderr)["read"], json.loads(done.stderr)["written"]) == (3, 3)
    assert Path("x.jsonl").read_bytes() == b'{"a":1}\n{"a":2}\n{ "$cecil":{"end":{}}}\n'
    assert writing("--format", "csv", "--extra", "drop", stdin=stream).stdout == b"a\n1\n2\n\n".replace(
        b"\n\n", b'\n""\n'
    )


def test_a_checkpoint_is_committed_with_the_file(writing: Writing) -> None:
    Path("place").write_text("old")
    stream = marked(b'{"a":1}\n', checkpoint(1), b"bad\n", checkpoint(2))
    assert writing("-o", "x.jsonl", "--checkpoint", "place", stdin=stream).status == 3
    assert json.loads(Path("place").read_bytes()) == {"place": 2}
    assert stat.S_IMODE(os.stat("place").st_mode) == 0o600
    assert Path("x.jsonl").read_bytes() == b'{"a":1}\n'
    assert writing.names() == ["place", "x.jsonl"]


def test_a_stream_without_a_checkpoint_leaves_the_old_one(writing: Writing) -> None:
    Path("place").write_text("old")
    assert writing("-o", "x.jsonl", "--checkpoint", "place", stdin=marked(b'{"a":1}\n')).status == 0
    assert Path("place").read_text() == "old"
    assert writing.names() == ["place", "x.jsonl"]


NONE = "the stream has no markers; what feeds it has failed, or was not asked for them"


@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (marked(b'{"a":1}\n', checkpoint(1))[:-33], "the stream ended before its end marker"),
        (marked(b'{"a":1}\n', checkpoint(1))[:-2], "damaged marker"),
        (marked(b'{"a":1}\n', b'{"a":').rpartition(b"\n{")[0], "the stream ended before its end marker"),
        (marked(b'{"a":1}\n', checkpoint(1), end=2), "the end marker does not agree with the number"),
        (b'{"a":1}\n', NONE),
        (b"", NONE),
    ],
    ids=["cut", "cut inside", "cut record", "count", "none", "empty"],
)
@pytest.mark.parametrize("form", ["jsonl", "csv.gz", "parquet"])
def test_a_stream_that_is_not_whole_leaves_no_file(
    stream: bytes, message: str, form: str, writing: Writing
) -> None:
    done = writing("-o", f"x.{form}", "--checkpoint", "place", stdin=stream)
    assert (done.status, done.stdout) == (1, b"")
    assert message in done.stderr
    assert writing.names() == []


def test_markers_can_be_demanded(writing: Writing) -> None:
    assert writing("-o", "x.jsonl", "--markers", stdin=b'{"a":1}\n').status == 1
    assert writing.names() == []
    assert writing("-o", "x.jsonl", "--markers", stdin=marked(b'{"a":1}\n')).status == 0


def test_no_checkpoint_without_the_file(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    def appear(*args: object, **more: object) -> None:
        raise FileExistsError

    monkeypatch.setattr(os, "link", appear)
    done = writing("-o", "x.jsonl", "--checkpoint", "place", stdin=marked(b'{"a":1}\n', checkpoint(1)))
    assert done.status == 1
    assert writing.names() == []


def test_a_checkpoint_that_cannot_be_written_is_said_first(writing: Writing) -> None:
    done = writing("-o", "x.jsonl", "--checkpoint", "none/place", stdin=marked(b'{"a":1}\n', checkpoint(1)))
    assert done.status == 1
    assert done.stderr.startswith("cecil-write: none: no such file or directory\n")
    assert writing.names() == []


# Properties


def spaced(value: object) -> st.SearchStrategy[bytes]:
    def text(style: tuple[bool, str | None]) -> bytes:
        ascii_only, separator = style
        separators = None if separator is None else ("," + separator, ":" + separator)
        return json.dumps(value, ensure_ascii=ascii_only, separators=separators).encode("utf-8", "replace")

    return st.tuples(st.booleans(), st.sampled_from([None, "", " ", "\t"])).map(text)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
RECORD_LINES = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5), VALUES, max_size=4
).flatmap(spaced)


@settings(deadline=None)  # it syncs files
@given(st.lists(st.tuples(RECORD_LINES, st.sampled_from([b"\n", b"\r\n"])), max_size=6))
def test_any_records_leave_byte_for_byte(lines: list[tuple[bytes, bytes]]) -> None:
    data = b"".join(line + end for line, end in lines)
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/in", f"{folder}/out.jsonl"
        Path(source).write_bytes(data)
        assert call("write", ["-o", target, source]) == 0
        assert Path(target).read_bytes() == data


@settings(deadline=None)  # it syncs files
@given(st.lists(RECORD_LINES | st.binary(max_size=20).filter(lambda b: b"\n" not in b), max_size=6))
def test_the_counts_add_up_over_any_input(lines: list[bytes]) -> None:
    """The run checks its sum itself (status 70); here the lines of file and quarantine are counted too."""
    data = b"".join(line + b"\n" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{folder}/{name}" for name in ("in", "out.jsonl", "q", "stats")]
        Path(names[0]).write_bytes(b" \n" + data)  # nothing here is compressed, or has markers
        status = call(
            "write", ["-q", "-o", names[1], "--quarantine", names[2], "--stats-file", names[3], names[0]]
        )
        stats = json.loads(Path(names[3]).read_bytes())
        rows = Path(names[2]).read_bytes().count(b"\n") if os.path.exists(names[2]) else 0
        assert status == (3 if rows else 0)
        assert stats["read"] == len(lines) + 1
        assert stats["quarantined"] == rows
        assert stats["written"] == Path(names[1]).read_bytes().count(b"\n")
        assert stats["read"] == stats["written"] + stats["dropped"]["blank"] + rows


# As a shell runs it


def test_a_large_stream_through_the_command(cecil: Run, tmp_path: Path) -> None:
    data = b"".join(b'{"n":%d,"text":"%s"}\n' % (n, b"x" * (n % 500)) for n in range(20000))
    run = cecil("write", "-o", "x.jsonl.zst", stdin=data)
    assert (run.returncode, run.stdout, run.stderr) == (0, b"", b"")
    assert unzstd((tmp_path / "x.jsonl.zst").read_bytes()) == data


def test_parquet_to_a_pipe(cecil: Run) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    run = cecil("write", "--format", "parquet", stdin=b'{"a":1}\n{"a":2}\n')
    assert run.returncode == 0
    assert pq.read_table(pa.BufferReader(run.stdout)).to_pylist() == [{"a": 1}, {"a": 2}]


def test_a_failed_run_sends_nothing_that_looks_whole_to_a_pipe(cecil: Run) -> None:
    """No end of a gzip member, and no Parquet footer."""
    stream = b'{"$cecil":{"begin":{}}}\n{"a":1}\n'
    run = cecil("write", "--compression", "gzip", stdin=stream)
    assert run.returncode == 1
    with pytest.raises(EOFError):
        gzip.decompress(run.stdout)
    run = cecil("write", "--format", "parquet", stdin=stream)
    assert run.returncode == 1
    assert not run.stdout.endswith(b"PAR1")


def test_a_fifo_is_written_to_straight(tmp_path: Path, env: dict[str, str]) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE)
    run = subprocess.run(
        [BIN / "cecil-write", "-o", "pipe", "--format", "csv"],
        input=b'{"a":1}\n',
        cwd=tmp_path,
        env=env,
        timeout=60,
        check=False,
    )
    out, _ = reader.communicate(timeout=60)
    assert (run.returncode, out) == (0, b"a\n1\n")
    assert sorted(set(os.listdir(tmp_path)) - {"state"}) == ["pipe"]


def test_devices_are_written_to_straight(writing: Writing) -> None:
    assert writing("-o", "/dev/null", stdin=b'{"a":1}\n') == (0, b"", "")
    done = writing("-o", "/dev/full", stdin=b'{"a":1}\n')
    assert done == (1, b"", "cecil-write: /dev/full: no space left on device\n")
    assert writing("-o", "/dev/stdout", stdin=b'{"a":1}\n') == (0, b'{"a":1}\n', "")
