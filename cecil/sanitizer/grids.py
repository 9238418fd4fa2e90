r"""Tables in JSON, where the names of columns stand apart from the values.

    {"columns": ["id", "ssn"], "rows": [[17, "…"]]}       of SQL over HTTP, InfluxDB, Trino, pandas
    {"columns": [{"name": "ssn", "type": "text"}], "data": [["…"]]}
    {"fields": ["email", "phone"], "values": ["…", "…"]}
    [["id", "last_name", "ssn"], [17, "…", "…"]]          of sheets
    {"schema": {"fields": [{"name": "ssn"}]}, "rows": [{"f": [{"v": "…"}]}]}            of BigQuery
    {"ColumnInfo": [{"Name": "ssn"}], "Rows": [{"Data": [{"ScalarValue": "…"}]}]}       of Timestream, Athena
    {"columnMetadata": [{"name": "ssn"}], "records": [[{"stringValue": "…"}]]}          of RDS and Redshift

Owns: which members of an object are such a head and its rows, what holds the cells of a row and the value of
a cell, and when the first row of a list is the head of the others. What a column promises is said by `keys`.
Refuses: rows that are not as long as the head.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late

HEADS = """columns column_names columnNames cols header headers fields fieldNames field_names schema
    Columns Headers Fields COLUMNS columnInfo ColumnInfo columnMetadata ColumnMetadata ResultSetMetadata
    resultSetMetaData meta""".split()
ROWS = frozenset(
    "rows data values datarows dataRows records tuples Rows Data Values Records ROWS DATA".split()
)
VALUES = frozenset("v ScalarValue VarCharValue".split())
"""What holds the value of a cell, beside what `decoding.WRAPPERS` names."""
NAMING_CELL = "VarCharValue"
"""Of Athena, whose first row may be the only head."""

_CELLS = ("f", "Data", "row", "values", "cells")
"""What holds the cells of a row."""
_INNER = ("fields", "ColumnInfo", "rowType", "columns")
"""What holds the columns, where a head is an object."""
_NAMES = "name Name column_name columnName field column label key".split()
_MOST = 500
"""Columns of a table."""
_FEWEST = 3
"""Of one whose head is a row: rows of two are pairs."""
_NAME = late(r"[^\W\d_][\w .()/#-]{0,60}")
_SAID = (
    r"(?:ssn|passw(?:or)?d|e[ _-]?mail|phone|mobile|dob|birth[ _-]?da(?:y|te)|date[ _]of[ _]birth|iban|mrn"
    r"|surname|(?:e[ _-]?mail|phone|mobile|account|card|passport|licen[cs]e|policy|member|patient)"
    r"[ _-]?(?:address|number|num|no|id)|(?:first|last|full|family|given)[ _-]?name|api[ _-]?key|secret)"
)
_TELLS = late(rf"(?:[\w ]{{0,40}}[ _])?{_SAID}", re.IGNORECASE | re.ASCII)
"""What one cell of a head says that is the first row of a list: in others anything can stand."""
LISTED = rf"^(?:[0-9A-Za-z_ ]*[ _])?(?i:{_SAID})$"
"""For RE2: such a cell."""


class Head(NamedTuple):
    """The names of columns.

    Attributes:
        names: of them.
        in_rows: whether the values are rows, each with a value for every name; else they are values.
        first: the row from which they are the names' values.
    """

    names: list[str]
    in_rows: bool
    first: int = 0


def head(record: Mapping[str, Any], values: Sequence[Any]) -> Head | None:
    """The names of columns to which values belong, where the record tells them."""
    if not values:
        return None
    for key in HEADS:
        names = _names(record.get(key))
        if not names:
            continue
        if (row := cells(values[0])) is not None:
            return Head(names, True, int([*map(value, row)] == names)) if len(row) == len(names) else None
        plain = len(values) == len(names) and not any(type(one) in (list, dict) for one in values)
        return Head(names, False) if plain else None
    return None


def head_of(rows: Sequence[Any]) -> Head | None:
    """The names of columns, where the first row of a list says them to the others. None is empty."""
    fewest = 1
    if type(rows[0]) is list:
        fewest = _FEWEST
    elif type(rows[0]) is not dict or "Data" not in rows[0]:
        return None
    if len(rows) < 2 or (first := cells(rows[0])) is None or (second := cells(rows[1])) is None:
        return None
    if type(rows[0]) is dict and not all(type(one) is dict and NAMING_CELL in one for one in first):
        return None
    if not fewest <= len(first) <= _MOST or len(first) != len(second):
        return None
    names = [*map(value, first)]
    told = (
        all(type(one) is str and _NAME.fullmatch(one) for one in names)
        and len({*names}) == len(names)
        and any(map(_TELLS.fullmatch, names))
    )
    return Head(names, True, 1) if told else None


def cells(row: Any) -> list[Any] | None:
    """The cells of a row; None where it is none."""
    if type(row) is dict:
        row = next((row[key] for key in _CELLS if key in row), None)
    return row if type(row) is list else None


def holds_cells(key: str) -> bool:
    """Whether a member of a row holds its cells."""
    return key in _CELLS


def value(cell: Any) -> Any:
    """The value of a cell that may be an object with nothing else."""
    return next(iter(cell.values())) if type(cell) is dict and len(cell) == 1 else cell


def are_of_a_table(keys: Collection[str]) -> bool:
    """Whether an object of such keys may be a head and its rows."""
    return not ROWS.isdisjoint(keys) and any(key in keys for key in HEADS)


def triggers() -> tuple[Trigger, ...]:
    """One of them matches in every text with a table."""
    is_ = r"\\*\"[ \t\r]*:[ \t\r]*"
    heads = rf"(?:\"(?:{'|'.join(HEADS[:-1])}){is_}[\[{{]|\"meta{is_}\[)"
    rows = rf"\"(?:{'|'.join(sorted(ROWS))}){is_}\["
    return (
        Trigger(rf"{heads}[^\n]*{rows}"),
        Trigger(rf"{rows}[^\n]*{heads}"),
        Trigger(rf"\[[ \t\r]*\[[ \t\r]*\\*\"[^\[\]\n]*{_SAID}\\*\"", caseless=True),
        Trigger(rf"{NAMING_CELL}\\*\"[^\n]*{_SAID}\\*\"", caseless=True),
    )


def _names(said: Any) -> list[str]:
    """The names that a head tells; none where one of them is no name."""
    if type(said) is dict:  # `{"schema": {"fields": […]}}`
        said = next((said[key] for key in _INNER if key in said), None)
    if type(said) is not list or not 0 < len(said) <= _MOST:
        return []
    found = [one if type(one) is str else _named(one) for one in said]
    return [one for one in found if one is not None] if None not in found else []


def _named(column: Any) -> str | None:
    if type(column) is not dict:
        return None
    return next((name for key in _NAMES if type(name := column.get(key)) is str), None)
