"""Parquet: a rule for each type, damage, and where it cannot be read from."""

import datetime
import gzip
import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from cecil.errors import MissingExtraError, SourceError
from cecil.providers.generic.file import FileProvider, StdinProvider
from cecil.providers.generic.times import Window
from cecil.stream.quarantine import Quarantine

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")


class Read:
    def __init__(self, folder: Path, table: Any, **options: Any) -> None:
        path = folder / "x.parquet"
        if isinstance(table, bytes):
            path.write_bytes(table)
        else:
            pq.write_table(table, path, **options.pop("write", {}))
        quarantine = Quarantine(str(folder / "q"))
        with FileProvider([str(path)], quarantine, **options) as provider:
            self.data = b""
            for batch in provider.stream_batches():
                self.data += batch.data
                quarantine.counts.written += batch.count
        quarantine.close()
        quarantine.counts.check()
        self.counts = quarantine.counts
        self.lines = self.data.decode().split("\n")[:-1]
        kept = folder / "q"
        self.rows = [orjson.loads(row) for row in kept.read_bytes().splitlines()] if kept.exists() else []


VALUES = [
    (pa.int64(), [1, None, -(2**63)], "[1,null,-9223372036854775808]"),
    (pa.uint64(), [2**64 - 1], "[18446744073709551615]"),
    (pa.bool_(), [True, False, None], "[true,false,null]"),
    (pa.null(), [None], "[null]"),
    (pa.float64(), [0.1, -2.5, float("nan"), float("-inf"), None], "[0.1,-2.5,null,null,null]"),
    (pa.float32(), [0.1, 16777216.0, float("nan"), None], "[0.1,16777216.0,null,null]"),
    (pa.string(), ['é"', None, ""], '["é\\"",null,""]'),
    (pa.large_string(), ["x"], '["x"]'),
    (pa.dictionary(pa.int32(), pa.string()), ["a", "b", "a", None], '["a","b","a",null]'),
    (pa.decimal128(10, 2), [Decimal("1.10"), None, Decimal("-0.05")], "[1.10,null,-0.05]"),
    (pa.decimal128(38, 0), [Decimal("1" * 38)], "[" + "1" * 38 + "]"),
    (pa.decimal256(60, 20), [Decimal("1" * 40 + "." + "2" * 20)], "[" + "1" * 40 + "." + "2" * 20 + "]"),
    (pa.binary(), [b"\x00\xff", b"", None], '["AP8=","",null]'),
    (pa.binary(2), [b"\x00\xff", None], '["AP8=",null]'),
    (
        pa.date32(),
        [datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)],
        '["2024-02-29",null,"0001-01-01"]',
    ),
    (pa.date64(), [datetime.date(1969, 12, 31)], '["1969-12-31"]'),
    (pa.time32("s"), [datetime.time(1, 2, 3)], '["01:02:03.000"]'),  # Parquet has no time in seconds
    (pa.time32("ms"), [datetime.time(23, 59, 59, 5000), None], '["23:59:59.005",null]'),
    (pa.time64("us"), [datetime.time(0, 0, 0, 1)], '["00:00:00.000001"]'),
    (pa.timestamp("ms"), [1_714_564_800_005, None], '["2024-05-01T12:00:00.005",null]'),
    (pa.timestamp("us", "UTC"), [1], '["1970-01-01T00:00:00.000001Z"]'),
    (pa.timestamp("ns", "Europe/Berlin"), [1_714_564_800_123_456_789], '["2024-05-01T12:00:00.123456789Z"]'),
    (pa.timestamp("ns"), [-1], '["1969-12-31T23:59:59.999999999"]'),
    (pa.duration("ms"), [90_500, -1, 0, None], '["PT90.5S","-PT0.001S","PT0S",null]'),
    (pa.list_(pa.int32()), [[1, None], [], None, [2]], "[[1,null],[],null,[2]]"),
    (pa.large_list(pa.string()), [["a"], None], '[["a"],null]'),
    (pa.list_(pa.int32(), 2), [[1, 2], None, [3, 4]], "[[1,2],null,[3,4]]"),
    (
        pa.list_(pa.list_(pa.date32())),
        [[[datetime.date(2024, 1, 1)], None], []],
        '[[["2024-01-01"],null],[]]',
    ),
    (
        pa.struct([("a", pa.int32()), ("b", pa.list_(pa.decimal128(5, 2)))]),
        [{"a": 1, "b": [Decimal("2.50")]}, None, {"a": None, "b": None}],
        '[{"a":1,"b":[2.50]},null,{"a":null,"b":null}]',
    ),
    (pa.map_(pa.string(), pa.int32()), [[("x", 1), ("y", None)], [], None], '[{"x":1,"y":null},{},null]'),
    (pa.map_(pa.int32(), pa.string()), [[(1, "x")], None], '[[[1,"x"]],null]'),
    (
        pa.list_(pa.struct([("t", pa.timestamp("s"))])),
        [[{"t": 0}, None]],
        '[[{"t":"1970-01-01T00:00:00.000"},null]]',
    ),
]


@pytest.mark.parametrize(("kind", "values", "expected"), VALUES, ids=[str(kind) for kind, _, _ in VALUES])
def test_what_a_value_becomes(tmp_path: Path, kind: Any, values: list[Any], expected: str) -> None:
    got = Read(tmp_path, pa.table({"v": pa.array(values, kind)}))
    assert (
        "[" + ",".join(line.removeprefix('{"v":').removesuffix("}") for line in got.lines) + "]" == expected
    )
    assert got.rows == []
    assert got.counts.read == len(values)


def test_slices_do_not_matter(tmp_path: Path) -> None:
    count = 3000
    kinds: dict[str, Any] = {
        "n": pa.array(range(count)),
        "list": pa.array([[n] * (n % 3) if n % 5 else None for n in range(count)]),
        "struct": pa.array([{"a": n} if n % 7 else None for n in range(count)]),
        "map": pa.array(
            [[(str(n), n)] if n % 4 else None for n in range(count)], pa.map_(pa.string(), pa.int64())
        ),
        "fixed": pa.array([[n, n] if n % 3 else None for n in range(count)], pa.list_(pa.int64(), 2)),
    }
    for write in ({}, {"row_group_size": 700}):
        got = Read(tmp_path, pa.table(kinds), write=write)
        records = [json.loads(line) for line in got.lines]
        assert [record["n"] for record in records] == list(range(count))
        for n, record in enumerate(records):
            assert record["list"] == ([n] * (n % 3) if n % 5 else None)
            assert record["struct"] == ({"a": n} if n % 7 else None)
            assert record["map"] == ({str(n): n} if n % 4 else None)
            assert record["fixed"] == ([n, n] if n % 3 else None)


def test_columns_keep_their_order_and_names(tmp_path: Path) -> None:
    got = Read(tmp_path, pa.table({"b c": [1], "a.x": ["y"], "": [None]}))
    assert got.lines == ['{"b c":1,"a.x":"y","":null}']


def test_no_rows_and_no_columns(tmp_path: Path) -> None:
    assert Read(tmp_path, pa.table({"a": pa.array([], pa.int64())})).data == b""


def test_a_limit_and_a_window(tmp_path: Path) -> None:
    table = pa.table({"t": pa.array(range(5000), pa.timestamp("s", "UTC")), "n": range(5000)})
    got = Read(tmp_path, table, limit=7)
    assert got.counts.read == got.counts.written == 7
    got = Read(tmp_path, table, limit=2, window=Window("t", 4000 * 10**9))
    assert [json.loads(line)["n"] for line in got.lines] == [4000, 4001]
    got = Read(tmp_path, pa.table({"t": pa.array([0, 1], pa.timestamp("s"))}), window=Window("t", 0))
    assert [row["reason"] for row in got.rows] == ["a time without an offset at t"] * 2


def test_rows_that_cannot_be_written(tmp_path: Path) -> None:
    bad = pa.Array.from_buffers(pa.binary(), 3, pa.array([b"ok", b"\xff!", b"fine"]).buffers()).view(
        pa.string()
    )
    got = Read(tmp_path, pa.table({"n": [1, 2, 3], "s": bad}))
    assert got.lines == ['{"n":1,"s":"ok"}', '{"n":3,"s":"fine"}']
    (row,) = got.rows
    assert (row["line"], row["reason"]) == (2, "not valid UTF-8 in column s")
    assert row["raw"] == '{"n":2,"s":"\\\\xff!"}'

    twice = pa.array([[("k", 1)], [("k", 1), ("k", 2)]], pa.map_(pa.string(), pa.int64()))
    (tmp_path / "q").unlink()
    got = Read(tmp_path, pa.table({"m": twice}))
    assert got.lines == ['{"m":{"k":1}}']
    assert [(row["line"], row["reason"]) for row in got.rows] == [(2, "a map with a key twice in column m")]
    assert "2" in got.rows[0]["raw"]

    (tmp_path / "q").unlink()
    got = Read(tmp_path, pa.table({"t": pa.array([0, 2**62], pa.timestamp("us"))}))
    assert len(got.lines) == 1
    assert [row["reason"] for row in got.rows] == ["a date beyond the calendar in column t"]


def test_columns_of_one_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="column 3 has the name of one before it"):
        Read(tmp_path, pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "b", "a"]))


def whole(tmp_path: Path) -> bytes:
    pq.write_table(
        pa.table({"a": range(10_000), "s": [str(n) * 5 for n in range(10_000)]}), tmp_path / "whole"
    )
    return (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("keep", [0, 4, 8, 2000, -1])
def test_a_file_cut_short(tmp_path: Path, keep: int) -> None:
    with pytest.raises(SourceError, match="not a whole Parquet file") as caught:
        Read(tmp_path, whole(tmp_path)[:keep], format="parquet")
    assert caught.value.where == str(tmp_path / "x.parquet")


def test_damage_inside_stops_behind_what_was_good(tmp_path: Path) -> None:
    data = bytearray(whole(tmp_path))
    data[5000:9000] = bytes(4000)
    with pytest.raises(SourceError, match="damaged"):
        Read(tmp_path, bytes(data))


def test_where_parquet_cannot_be_read_from(tmp_path: Path) -> None:
    (tmp_path / "x.parquet.gz").write_bytes(gzip.compress(whole(tmp_path)))
    with (
        FileProvider([str(tmp_path / "x.parquet.gz")]) as provider,
        pytest.raises(SourceError, match="through gzip") as caught,
    ):
        list(provider.stream_batches())
    assert caught.value.hint
    with open(tmp_path / "whole", "rb") as file:
        saved = os.dup(0)
        os.dup2(file.fileno(), 0)
        try:
            with StdinProvider() as source, pytest.raises(SourceError, match="from its end") as caught:
                list(source.stream_batches())
        finally:
            os.dup2(saved, 0)
            os.close(saved)
    assert "cecil-fetch file" in str(caught.value.hint)


def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = whole(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError) as caught:
        Read(tmp_path, data)
    assert "cecil[parquet]" in str(caught.value.hint)


def test_what_describe_tells(tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([1, 2]), "b": pa.array([["x"], None])})
    pq.write_table(table, tmp_path / "x", row_group_size=1)
    with FileProvider([str(tmp_path / "x")]) as provider:
        (about,) = provider.fetch_metadata()["files"]
    assert about == {
        "path": str(tmp_path / "x"),
        "size": (tmp_path / "x").stat().st_size,
        "compression": None,
        "format": "parquet",
        "rows": 2,
        "row_groups": 2,
        "columns": [{"name": "a", "type": "int64"}, {"name": "b", "type": "list<element: string>"}],
    }
