"""CSV and TSV: what a cell looks like, and which columns there are."""

import csv
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.stream.jsonl import Records
from cecil.stream.quarantine import Quarantine
from cecil.writers import Plan
from cecil.writers.delimited import CsvWriter, TsvWriter
from tests.writing import Writing, writing_fixture  # noqa: F401


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("null", ""),
        ('""', '""'),
        ('"x"', "x"),
        ('" x "', " x "),
        ('"null"', "null"),
        ('"a,b"', '"a,b"'),
        ('"a\\"b"', '"a""b"'),
        ('"a\\nb"', '"a\nb"'),
        ('"a\\rb"', '"a\rb"'),
        ('"a\\tb"', "a\tb"),
        ('"\\u00e9\\ud83d\\ude00"', "é😀"),
        ('"=1+1"', "=1+1"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        ("-0", "-0"),
        ("1.10", "1.10"),
        ("-0.0", "-0.0"),
        ("1e400", "1e400"),
        ("1E+2", "1E+2"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1" * 5000, "1" * 5000),
        ("[]", "[]"),
        ("{}", "{}"),
        ("[1.10, null, -0]", '"[1.10,null,-0]"'),
        ('{"k": {"n": [1e400, "\\u00e9"]}, "b": true}', '"{""k"":{""n"":[1e400,""é""]},""b"":true}"'),
        ("[" * 600 + "1.50" + "]" * 600, "[" * 600 + "1.50" + "]" * 600),
        ('{"k":[' * 300 + '{}, "a"' + "]}" * 300, '"' + '{""k"":[' * 300 + '{},""a""' + "]}" * 300 + '"'),
    ],
)
def test_cells(value: str, cell: str, writing: Writing) -> None:
    line = b'{"a":1,"b":%s}\n' % value.encode()
    assert writing("--format", "csv", stdin=line) == (0, f"a,b\n1,{cell}\n".encode(), "")


def test_tsv(writing: Writing) -> None:
    line = b'{"a":"x\\ty","b":"x,y","c":null,"d":"","e":[1,2]}\n'
    assert writing("--format", "tsv", stdin=line).stdout == b'a\tb\tc\td\te\n"x\ty"\tx,y\t\t""\t[1,2]\n'


def test_a_row_of_one_empty_column_is_a_row(writing: Writing) -> None:
    out = writing("--format", "csv", stdin=b'{"a":null}\n{}\n{"a":1}\n').stdout
    assert out == b'a\n""\n""\n1\n'
    assert [row for row in csv.reader(io.StringIO(out.decode())) if row] == [["a"], [""], [""], ["1"]]


def test_header_from_the_first_record_in_its_order(writing: Writing) -> None:
    out = writing("--format", "csv", stdin=b'{"b":1,"a,":2,"":3}\n{"a,":4}\n').stdout
    assert out == b'b,"a,",""\n1,2,3\n,4,\n'


def test_a_first_record_without_columns(writing: Writing) -> None:
    done = writing("-o", "x.csv", stdin=b'\n{}\n{"a":1}\n')
    assert done == (
        1,
        b"",
        "cecil-write: <stdin>:2: the first record has no columns\nhint: --columns a,b,c\n",
    )
    assert writing("--format", "csv", "--columns", "a,b", stdin=b'{}\n{"a":1}\n').stdout == b"a,b\n,\n1,\n"


def test_a_new_column_is_an_error_that_says_what_to_type(writing: Writing) -> None:
    stdin = b'{"a":1,"b":2}\n{"a":1}\n\n{"a":3,"it\'s, new":"secret"}\n'
    done = writing("-o", "x.csv", stdin=stdin)
    assert done.status == 1
    assert done.stderr == (
        "cecil-write: <stdin>:4: column it's, new is not one of the file's columns\n"
        "hint: --columns 'a,b,\"it'\"'\"'s, new\"', or --extra drop\n"
    )
    assert writing.names() == []
    # What the hint says, as a shell reads it.
    assert writing("-o", "x.csv", "--columns", 'a,b,"it\'s, new"', stdin=stdin).status == 0
    assert Path("x.csv").read_bytes() == b'a,b,"it\'s, new"\n1,2,\n1,,\n3,,secret\n'


def test_columns_select_and_order_and_refuse_others(writing: Writing) -> None:
    stdin = b'{"a":1,"b":2,"c":3}\n{"c":4,"d":5,"e":6}\n'
    done = writing("--format", "csv", "--columns", "c,a", stdin=stdin)
    assert done.status == 1
    assert done.stderr.startswith("cecil-write: <stdin>:1: column b is not one of the file's columns\n")
    done = writing("--format", "csv", "--columns", "c,a", "--extra", "drop", "--stats", "json", stdin=stdin)
    assert done[:2] == (0, b"c,a\n3,1\n4,\n")
    said, stats = done.stderr.splitlines()
    assert said == "cecil-write: 3 values were left out because no column takes them"
    assert json.loads(stats)["values_dropped"] == 3
    done = writing("--format", "csv", "--columns", "a", "--extra", "drop", stdin=b'{"a":1,"b":2}\n')
    assert done.stderr == "cecil-write: 1 value was left out because no column takes it\n"


def test_extra_drop_goes_by_the_first_record(writing: Writing) -> None:
    done = writing("-q", "--format", "csv", "--extra", "drop", stdin=b'{"a":1}\n{"a":2,"b":1}\n')
    assert done == (0, b"a\n1\n2\n", "")


# Properties


class Spelled(NamedTuple):
    """A number as it is spelled."""

    text: str


def to_json(value: Any) -> str:
    """Compact JSON, written without Cecil's own code."""
    if isinstance(value, Spelled):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{to_json(k)}:{to_json(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def read_csv(text: str, delimiter: str) -> list[list[str | None]]:
    """Rows of cells by RFC 4180; an empty cell without quotes is None."""
    rows: list[list[str | None]] = [[]]
    position = 0
    while position < len(text):
        cell: str | None
        if text[position] == '"':
            cell = ""
            position += 1
            while True:
                end = text.index('"', position)
                cell += text[position:end]
                position = end + 1
                if text[position] != '"':
                    break
                cell += '"'
                position += 1
        else:
            end = min(i for i in (text.find(delimiter, position), text.find("\n", position)) if i >= 0)
            cell = text[position:end] or None
            position = end
        rows[-1].append(cell)
        assert text[position] in (delimiter, "\n")
        if text[position] == "\n":
            rows.append([])
        position += 1
    assert rows.pop() == []
    return rows


TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text('",\n\r\t a')
NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,5})?([eE][+-]?[0-9]{1,4})?", fullmatch=True).map(
    Spelled
)
SCALARS = st.none() | st.booleans() | TEXT | NUMBERS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.lists(TEXT, min_size=2, max_size=4, unique=True)
TABLES = NAMES.flatmap(
    lambda names: st.tuples(
        st.just(names),
        st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)), max_size=5),
    )
)


def records(values: list[dict[str, Any]]) -> Records:
    data = "".join(to_json(value) + "\n" for value in values).encode()
    return Records(data, len(values), 1)


class Bytes:
    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)


@pytest.mark.parametrize(("writer", "delimiter"), [(CsvWriter, ","), (TsvWriter, "\t")])
@settings(deadline=None)
@given(table=TABLES)
def test_any_records_survive_cell_by_cell(
    writer: type[CsvWriter], delimiter: str, table: tuple[list[str], list[dict[str, Any]]]
) -> None:
    names, values = table
    sink = Bytes()
    quarantine = Quarantine("/nonexistent/never-opened")
    csv_writer = writer(sink, Plan("in", tuple(names)), quarantine)
    csv_writer.write(records(values))
    csv_writer.close()
    header, *rows = read_csv(sink.data.decode(), delimiter)
    assert header == names
    assert quarantine.counts.written == len(rows) == len(values)
    for row, value in zip(rows, values, strict=True):
        for name, cell in zip(names, row, strict=True):
            item = value.get(name)
            assert cell == (item if item is None or isinstance(item, str) else to_json(item))
