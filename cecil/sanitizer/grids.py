r"""Tables in JSON, where the names of columns stand apart from the values.

    {"columns": ["id", "ssn"], "rows": [[17, "…"]]}       of SQL over HTTP, InfluxDB, Trino, pandas
    {"columns": [{"name": "ssn", "type": "text"}], "data": [["…"]]}
    {"fields": ["email", "phone"], "values": ["…", "…"]}
    [["id", "last_name", "ssn"], [17, "…", "…"]]          of sheets

Owns: which members of an object are such a head and its rows, and when the first row of a list is the head of
the others. What a column promises is said by `keys`. Refuses: rows that are not as long as the head.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cecil.sanitizer.detectors import Trigger

HEADS = """columns column_names columnNames cols header headers fields fieldNames field_names schema
    Columns Headers Fields COLUMNS""".split()
ROWS = frozenset("rows data values datarows dataRows records tuples Rows Data Values ROWS DATA".split())

_NAMES = "name Name column_name columnName field column label key".split()
_MOST = 500
"""Columns of a table."""
_FEWEST = 3
"""Of one whose head is a row: rows of two are pairs."""
_NAME = re.compile(r"[^\W\d_][\w .()/#-]{0,60}")
_SAID = (
    r"(?:ssn|passw(?:or)?d|e[ _-]?mail|phone|mobile|dob|birth[ _-]?da(?:y|te)|date[ _]of[ _]birth|iban|mrn"
    r"|surname|(?:e[ _-]?mail|phone|mobile|account|card|passport|licen[cs]e|policy|member|patient)"
    r"[ _-]?(?:address|number|num|no|id)|(?:first|last|full|family|given)[ _-]?name|api[ _-]?key|secret)"
)
_TELLS = re.compile(rf"(?:[\w ]{{0,40}}[ _])?{_SAID}", re.IGNORECASE | re.ASCII)
"""What one cell of a head says that is the first row of a list: in others anything can stand."""
LISTED = rf"^(?:[0-9A-Za-z_ ]*[ _])?(?i:{_SAID})$"
"""For RE2: such a cell."""


class Head(list[str]):
    """The names of columns, of which each row below has a value."""


def head(record: Mapping[str, Any], values: Sequence[Any]) -> list[str]:
    """The names of columns to which values belong, where the record tells them; a `Head` where the values are
    rows, and else empty."""
    if not values:
        return []
    for key in HEADS:
        names = _names(record.get(key))
        if not names:
            continue
        if type(values[0]) is list:
            return Head(names) if len(values[0]) == len(names) else []
        plain = len(values) == len(names) and not any(type(one) in (list, dict) for one in values)
        return names if plain else []
    return []


def is_headed(rows: Sequence[Any]) -> bool:
    """Whether the first row of a list names the columns of the others."""
    return (
        len(rows) > 1
        and type(rows[0]) is list
        and type(rows[1]) is list
        and _FEWEST <= len(rows[0]) <= _MOST
        and len(rows[0]) == len(rows[1])
        and all(type(one) is str and _NAME.fullmatch(one) for one in rows[0])
        and len({*rows[0]}) == len(rows[0])
        and any(map(_TELLS.fullmatch, rows[0]))
    )


def are_of_a_table(keys: Collection[str]) -> bool:
    """Whether an object of such keys may be a head and its rows."""
    return not ROWS.isdisjoint(keys) and any(key in keys for key in HEADS)


def triggers() -> tuple[Trigger, ...]:
    """One of them matches in every text with a table."""
    heads = rf"\"(?:{'|'.join(HEADS)})\\*\"[ \t\r]*:[ \t\r]*[\[{{]"
    rows = rf"\"(?:{'|'.join(sorted(ROWS))})\\*\"[ \t\r]*:[ \t\r]*\["
    return (
        Trigger(rf"{heads}[^\n]*{rows}"),
        Trigger(rf"{rows}[^\n]*{heads}"),
        Trigger(rf"\[[ \t\r]*\[[ \t\r]*\\*\"[^\[\]\n]*{_SAID}\\*\"", caseless=True),
    )


def _names(said: Any) -> list[str]:
    """The names that a head tells; none where one of them is no name."""
    if type(said) is dict:  # `{"schema": {"fields": […]}}`
        said = said.get("fields")
    if type(said) is not list or not 0 < len(said) <= _MOST:
        return []
    found = [one if type(one) is str else _named(one) for one in said]
    return [one for one in found if one is not None] if None not in found else []


def _named(column: Any) -> str | None:
    if type(column) is not dict:
        return None
    return next((name for key in _NAMES if type(name := column.get(key)) is str), None)
