"""Parquet: the schema of a sample, values that fit and values that do not, row groups."""

import json
import math
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.errors import OutputError
from cecil.stream.jsonl import Records
from cecil.stream.quarantine import Quarantine
from cecil.writers import Plan, parquet, schema
from cecil.writers.parquet import ParquetWriter
from tests.conftest import Run
from tests.test_write_csv import TEXT, Bytes, Spelled, records, to_json
from tests.writing import Writing, writing_fixture  # noqa: F401


def lines(*texts: str) -> Records:
    return Records("".join(text + "\n" for text in texts).encode(), len(texts), 1)


def table(*texts: str, **plan: Any) -> pa.Table:
    """What a file of these records holds."""
    sink = Bytes()
    writer = ParquetWriter(sink, Plan("in", **plan), Quarantine("/nonexistent/never-opened"))
    writer.write(lines(*texts))
    writer.close()
    return pq.read_table(pa.BufferReader(sink.data))


@pytest.mark.parametrize(
    ("values", "type_", "read"),
    [
        (["true", "null", "false"], pa.bool_(), [True, None, False]),
        (["1", "-9223372036854775808", "9223372036854775807"], pa.int64(), [1, -(2**63), 2**63 - 1]),
        (["1.10", "1e2", "null"], pa.float64(), [1.1, 100.0, None]),
        (["1", "0.5", "9007199254740992"], pa.float64(), [1.0, 0.5, 2.0**53]),
        (['"x"', '""', "null"], pa.string(), ["x", "", None]),
        # One type for all that has none, and no value changes or is lost.
        (["null", "null"], pa.string(), [None, None]),
        (
            ['"x"', "1.10", "true", "null", "[1.50]", '{"k":null}'],
            pa.string(),
            ["x", "1.10", "true", None, "[1.50]", '{"k":null}'],
        ),
        (["true", "1"], pa.string(), ["true", "1"]),
        (["1", "9223372036854775808"], pa.string(), ["1", "9223372036854775808"]),
        (["0.5", "9007199254740993"], pa.string(), ["0.5", "9007199254740993"]),
        (["0.5", "1e400"], pa.string(), ["0.5", "1e400"]),
        (["{}", "null", "{}"], pa.string(), ["{}", None, "{}"]),
        # Nested.
        (["[1,null]", "[]", "null", "[2]"], pa.list_(pa.int64()), [[1, None], [], None, [2]]),
        (["[]", "[]"], pa.list_(pa.string()), [[], []]),
        (["[[1],[]]", "[null]"], pa.list_(pa.list_(pa.int64())), [[[1], []], [None]]),
        (["[1]", '["a"]'], pa.list_(pa.string()), [["1"], ["a"]]),
        (
            ['{"a":1}', '{"b":"x"}', "null"],
            pa.struct([("a", pa.int64()), ("b", pa.string())]),
            [{"a": 1, "b": None}, {"a": None, "b": "x"}, None],
        ),
        (
            ['[{"role":"user","content":"hi"},{"role":"tool","content":[{"type":"text"}]}]', "[null]"],
            pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
            [[{"role": "user", "content": "hi"}, {"role": "tool", "content": '[{"type":"text"}]'}], [None]],
        ),
    ],
)
def test_types(values: list[str], type_: pa.DataType, read: list[Any]) -> None:
    result = table(*(f'{{"a":{value},"n":1}}' for value in values))
    assert result.schema.field("a").type == type_
    assert result.column("a").to_pylist() == read


def test_a_missing_value_is_null() -> None:
    assert table('{"a":1}', "{}", '{"b":2}').to_pylist() == [
        {"a": 1, "b": None},
        {"a": None, "b": None},
        {"a": None, "b": 2},
    ]


def test_an_object_with_very_many_keys_is_a_map_and_becomes_text() -> None:
    wide = {f"k{n}": n for n in range(schema.MAX_KEYS + 1)}
    result = table(json.dumps({"a": wide, "b": {"k": 1}}), json.dumps({"a": {"other": "x"}}))
    assert result.schema.field("a").type == pa.string()
    assert [json.loads(text) for text in result.column("a").to_pylist()] == [wide, {"other": "x"}]
    assert result.schema.field("b").type == pa.struct([("k", pa.int64())])


def test_deep_values_end_in_text() -> None:
    for depth in (schema.MAX_DEPTH - 1, schema.MAX_DEPTH + 1, 900):
        (value,) = table('{"a":' + "[" * depth + "1.50" + "]" * depth + "}").column("a").to_pylist()
        for _ in range(min(depth, schema.MAX_DEPTH - 1)):
            (value,) = value
        rest = depth - (schema.MAX_DEPTH - 1)
        assert value == (1.5 if rest <= 0 else "[" * rest + "1.50" + "]" * rest)


def test_the_same_column_twice_in_other_case_stays_two() -> None:
    assert table('{"a":1,"A":"x","":2,"a.b":3}').to_pylist() == [{"a": 1, "A": "x", "": 2, "a.b": 3}]


def later(first: str, second: str, **plan: Any) -> str:
    """The error of a record behind the sample."""
    sink = Bytes()
    writer = ParquetWriter(sink, Plan("in.jsonl", sample=1, **plan), Quarantine("/nonexistent/never-opened"))
    writer.write(lines(first))
    writer.write(Records(second.encode() + b"\n", 1, 2))
    with pytest.raises(OutputError) as caught:
        writer.close()
    return f"{caught.value}\n{caught.value.hint}"


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("1", '"secret"', "column a holds whole numbers, but here a string"),
        ("1", "1.5", "column a holds whole numbers, but here a fraction or an exponent"),
        ("1", "1.0", "column a holds whole numbers, but here a fraction or an exponent"),
        ("1", "9223372036854775808", "column a holds whole numbers of 64 bits, but here a larger one"),
        ("1", "9" * 5000, "column a holds whole numbers of 64 bits, but here a larger one"),
        ("1", "true", "column a holds whole numbers, but here a boolean"),
        ("0.5", "9007199254740993", "column a holds doubles, but here a whole number beyond 2^53"),
        ("0.5", "9" * 5000, "column a holds doubles, but here a whole number beyond 2^53"),
        ("0.5", "1e400", "column a holds doubles, but here a number beyond their range"),
        ("0.5", "true", "column a holds numbers, but here a boolean"),
        ("true", "1", "column a holds booleans, but here a whole number"),
        ('"x"', "1", "column a holds strings, but here a whole number"),
        ('"x"', "1.5", "column a holds strings, but here a number"),
        ('"x"', "[]", "column a holds strings, but here a list"),
        ("[1]", "{}", "column a holds lists, but here an object"),
        ("[1]", '[1,null,"x"]', "column a[] holds whole numbers, but here a string"),
        (
            '{"k":[{"n":1}]}',
            '{"k":[null,{},{"n":"x"}]}',
            "column a.k[].n holds whole numbers, but here a string",
        ),
        ('{"k":1}', "1", "column a holds objects, but here a whole number"),
    ],
)
def test_a_later_value_that_does_not_fit(first: str, second: str, message: str) -> None:
    assert later(f'{{"a":{first}}}', f'{{"a":{second}}}') == (
        f"in.jsonl:2: {message}\n--sample 1M, to make the schema of all records up to here"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1", "null"),
        ("0.5", "1"),
        ("null", '[{"any":"thing"}]'),
        ("{}", '{"a":1}'),
        ('["x",1]', '[{"a":[]}]'),
        ('"x"', '""'),
        ('{"a":1,"b":2}', '{"b":3}'),
        ("123456789012345678901234567890", "1"),
    ],
)
def test_a_later_value_that_fits(first: str, second: str) -> None:
    sink = Bytes()
    quarantine = Quarantine("/nonexistent/never-opened")
    writer = ParquetWriter(sink, Plan("in", sample=1), quarantine)
    writer.write(lines(f'{{"a":{first}}}'))
    writer.write(Records(f'{{"a":{second}}}\n'.encode(), 1, 2))
    writer.close()
    assert quarantine.counts.written == 2
    assert pq.read_table(pa.BufferReader(sink.data)).num_rows == 2


def test_a_larger_sample_is_the_remedy() -> None:
    assert table('{"a":1}', '{"a":"x"}', sample=1000).column("a").to_pylist() == ["1", "x"]


def test_a_new_column_says_what_to_type() -> None:
    assert later('{"a":1,"b":2}', '{"c,d":1}') == (
        "in.jsonl:2: column c,d is not one of the file's columns\n"
        "--columns 'a,b,\"c,d\"', or --sample 1M, or --extra drop"
    )
    assert later('{"a":{"k":1}}', '{"a":{"k":1,"new":2}}') == (
        "in.jsonl:2: column a.new was in none of the records the schema is made of\n"
        "--sample 1M, to make the schema of all records up to here, or --extra drop"
    )


def test_columns_select_and_order_and_refuse_others() -> None:
    assert later('{"a":1}', '{"b":1,"a":1}', columns=("a", "c")) == (
        "in.jsonl:2: column b is not one of the file's columns\n--columns a,c,b, or --extra drop"
    )
    result = table('{"a":1,"b":{"k":1}}', '{"c":2}', columns=("c", "b", "none"), drop=True)
    assert result.schema.names == ["c", "b", "none"]
    assert result.schema.field("none").type == pa.string()
    assert result.to_pylist() == [{"c": None, "b": {"k": 1}, "none": None}, {"c": 2, "b": None, "none": None}]


def test_dropped_values_are_counted() -> None:
    writer = ParquetWriter(Bytes(), Plan("in", sample=1, drop=True), Quarantine("/nonexistent/never-opened"))
    writer.write(lines('{"a":{"k":1}}'))
    writer.write(Records(b'{"b":1,"c":2}\n{"a":{"k":1,"l":1}}\n{"a":null}\n', 3, 2))
    writer.close()
    assert writer.values_dropped == 3


def test_columns_that_are_too_many() -> None:
    wide = json.dumps({f"k{n}": n for n in range(schema.MAX_KEYS + 1)})
    with pytest.raises(OutputError, match="more than 1000 columns"):
        table(wide)
    assert table(wide, columns=("k1",), drop=True).to_pylist() == [{"k1": 1}]


def test_no_records(writing: Writing) -> None:
    for stdin in (b"", b"{}\n"):
        done = writing("-o", "x.parquet", stdin=stdin)
        assert done == (
            1,
            b"",
            "cecil-write: <stdin>: no records, so no columns for Parquet\nhint: --columns a,b,c\n",
        )
    assert writing.names() == []
    assert writing("-o", "x.parquet", "--columns", "a,b").status == 0
    result = pq.read_table("x.parquet")
    assert (result.num_rows, result.schema) == (0, pa.schema([("a", pa.string()), ("b", pa.string())]))


@pytest.mark.parametrize(
    ("option", "codec"), [(None, "ZSTD"), ("zstd", "ZSTD"), ("gzip", "GZIP"), ("none", "UNCOMPRESSED")]
)
def test_compression_is_inside(option: str | None, codec: str, writing: Writing) -> None:
    assert (
        writing(
            "-o", "x.parquet", *(["--compression", option] if option else []), stdin=b'{"a":"x"}\n'
        ).status
        == 0
    )
    assert pq.ParquetFile("x.parquet").metadata.row_group(0).column(0).compression == codec


def test_row_groups_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Bytes()
    monkeypatch.setattr(parquet, "BATCH", 100)
    monkeypatch.setattr(parquet, "GROUP_ROWS", 50)
    writer = ParquetWriter(sink, Plan("in", sample=500), Quarantine("/nonexistent/never-opened"))
    written = 0
    for first in range(1, 301, 3):
        writer.write(Records(b"".join(b'{"n":%d}\n' % n for n in range(first, first + 3)), 3, first))
        assert len(sink.data) >= written
        written = len(sink.data)
    assert written > 1000  # it does not wait for the end
    writer.close()
    file = pq.ParquetFile(pa.BufferReader(sink.data))
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert sum(sizes) == 300
    assert len(sizes) >= 4
    assert max(sizes) < 100
    assert file.read().column("n").to_pylist() == list(range(1, 301))


def test_row_groups_are_bounded_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = Bytes()
    monkeypatch.setattr(parquet, "BATCH", 1000)
    monkeypatch.setattr(parquet, "GROUP_BYTES", 4000)
    writer = ParquetWriter(sink, Plan("in", sample=1), Quarantine("/nonexistent/never-opened"))
    for n in range(20):
        writer.write(Records(b'{"a":"%s"}\n' % (b"x" * 1000), 1, n + 1))
    writer.close()
    file = pq.ParquetFile(pa.BufferReader(sink.data))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [4, 4, 4, 4, 4]


def test_quarantined_records_of_the_sample_are_counted_once(writing: Writing) -> None:
    done = writing(
        "-o", "x.parquet", "--stats", "json", stdin=b'{"a":1,"a":2}\n{"a":3}\n{"a":{"b":1,"b":2}}\n'
    )
    assert done.status == 3
    stats = json.loads(done.stderr.splitlines()[-1])
    assert (stats["read"], stats["written"], stats["quarantined"]) == (3, 1, 2)
    assert pq.read_table("x.parquet").to_pylist() == [{"a": 3}]


# Properties


NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,3})?", fullmatch=True).map(
    Spelled
)
KEYS = st.sampled_from(["a", "b", "c", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | TEXT | NUMBERS | st.integers(-9, 9).map(lambda n: Spelled(str(n))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def same(read: Any, type_: pa.DataType, value: Any) -> bool:
    """Whether a value that was read back is the one that was written."""
    if value is None or read is None:
        return value is None and read is None
    if type_ == pa.string():
        return bool(read == (value if isinstance(value, str) else to_json(value)))
    if type_ == pa.bool_():
        return read is value
    if type_ == pa.int64():
        return bool(value.text == str(read) or value.text == "-0")
    if type_ == pa.float64():
        return math.isfinite(read) and float(value.text) == read
    if pa.types.is_list(type_):
        return len(read) == len(value) and all(
            same(r, type_.value_type, v) for r, v in zip(read, value, strict=True)
        )
    return set(value) <= {field.name for field in type_} and all(
        same(read[field.name], field.type, value.get(field.name)) for field in type_
    )


@settings(deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=6).filter(any))
def test_any_records_of_one_sample_are_kept_whole(values: list[dict[str, Any]]) -> None:
    sink = Bytes()
    quarantine = Quarantine("/nonexistent/never-opened")
    writer = ParquetWriter(sink, Plan("in"), quarantine)
    writer.write(records(values))
    writer.close()
    result = pq.read_table(pa.BufferReader(sink.data))
    assert quarantine.counts.written == result.num_rows == len(values)
    for name in {key for value in values for key in value}:
        type_ = result.schema.field(name).type
        for read, value in zip(result.column(name).to_pylist(), values, strict=True):
            assert same(read, type_, value.get(name))


def test_what_is_in_quarantine_is_told_where_no_columns_are(cecil: Run) -> None:
    run = cecil("write", "-o", "x.parquet", "--stats", "json", "--quarantine", "q", stdin=b"bad\nworse\n")
    told, stats, error, _ = run.stderr.decode().splitlines()
    assert told.startswith("cecil-write: 2 records in quarantine q (first at <stdin>:1: not valid JSON")
    assert {"complete": False, "read": 2, "quarantined": 2}.items() <= json.loads(stats).items()
    assert (run.returncode, error) == (1, "cecil-write: <stdin>: no records, so no columns for Parquet")
