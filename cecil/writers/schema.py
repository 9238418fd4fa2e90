"""The columns of a Parquet file: found in a sample of the records, and built from all of them.

Owns: which type a column gets, and the verdict on a value that does not fit. What is seen in the sample:

    true, false                      boolean
    whole numbers                    64-bit integer
    numbers with . or e, or both     double, which keeps about 16 digits
    strings                          string
    objects                          struct with all keys that were seen
    lists                            list
    anything else                    text: a string column that takes any value, as a cell of CSV does

"Anything else" is: several of these kinds, numbers that 64 bits cannot hold, whole numbers beyond 2^53
next to fractions, only null, only `{}`, objects with more than `MAX_KEYS` different keys, and what is
nested deeper than `MAX_DEPTH`. null fits everywhere. Refuses: to round, cut or drop a later value so
that it fits; it names the column instead. The one loss is that of digits that a double does not keep.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, ClassVar

import pyarrow as pa

from cecil.stream.jsontext import Number
from cecil.writers.base import cell

MAX_KEYS = 1000
"""Keys of one struct; an object with more is a map, whose keys are data."""
MAX_DEPTH = 32
"""Structs and lists inside each other."""
_EXACT = 1 << 53
"""Every whole number up to here is a double too."""
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


class Misfit(Exception):
    """A value that does not fit its column.

    Attributes:
        index: its position among the values that were given.
        path: the column, as `.messages[].role` behind the name of the outermost.
        reason: what is wrong; holds no value.
        key: the key that the schema lacks, where that is what is wrong.
    """

    def __init__(self, index: int, path: str, reason: str, key: str | None = None) -> None:
        super().__init__(reason)
        self.index = index
        self.path = path
        self.reason = reason
        self.key = key


class Seen:
    """What values one place of the records has shown so far."""

    def __init__(self, depth: int = 0) -> None:
        self.fields: dict[str, Seen] = {}
        self._depth = depth
        self._kinds: set[str] = set()
        self._items: Seen | None = None

    def add(self, value: Any) -> None:
        """Take note of one more value; `base.parse` made it."""
        kind = type(value)
        if value is None or "other" in self._kinds:
            return
        if kind is str:
            self._kinds.add("string")
        elif kind is bool:
            self._kinds.add("boolean")
        elif kind is int or kind is Number:
            self._kinds.add(_number(value))
        elif self._depth >= MAX_DEPTH:
            self._kinds.add("other")
        elif kind is list:
            self._kinds.add("list")
            self._items = self._items or Seen(self._depth + 1)
            for item in value:
                self._items.add(item)
        else:
            self._kinds.add("object")
            for key, item in value.items():
                if key not in self.fields:
                    self.fields[key] = Seen(self._depth + 1)
                self.fields[key].add(item)
            if self._depth and len(self.fields) > MAX_KEYS:
                self._kinds.add("other")
                self.fields.clear()

    def column(self, dropped: Callable[[int], None] | None) -> "Column":
        """The column for what was seen.

        Args:
            dropped: told how many values of unknown keys were left out; None makes them a misfit.
        """
        kinds = self._kinds
        if kinds == {"boolean"}:
            return Booleans()
        if kinds and kinds <= {"integer", "large integer"}:
            return Integers()
        if "fraction" in kinds and kinds <= {"fraction", "integer"}:
            return Doubles()
        if kinds == {"string"}:
            return Strings()
        if kinds == {"object"} and self.fields:
            return Structs({key: seen.column(dropped) for key, seen in self.fields.items()}, dropped)
        if kinds == {"list"} and self._items:
            return Lists(self._items.column(dropped))
        return Text()


def _number(value: "int | Number") -> str:
    integer = _integer(value)
    if integer is None:
        return "other" if _beyond_double(value) else "fraction"
    if -_EXACT <= integer <= _EXACT:
        return "integer"
    return "large integer" if _LEAST <= integer <= _MOST else "other"


def _integer(value: "int | Number") -> int | None:
    """The whole number, None for one with a fraction or an exponent."""
    if type(value) is int:
        return value
    text = str(value)
    # `int` refuses thousands of digits; so many as are left are too many for any column.
    return int(text[:400]) if text.removeprefix("-").isdecimal() else None


def _beyond_double(value: "int | Number") -> bool:
    return float(value) in (float("inf"), float("-inf"))


class Column(ABC):
    """Builds Arrow arrays of one type."""

    type: pa.DataType
    holds: ClassVar[str]

    @abstractmethod
    def build(self, values: list[Any]) -> pa.Array:
        """The values as an Arrow array.

        Raises:
            Misfit: a value that does not fit.
        """

    def _check(self, values: list[Any], kinds: set[type]) -> set[type]:
        """The kinds of the values, which are all among those that fit."""
        found = set(map(type, values)) - {type(None)}
        if not found <= kinds:
            for index, value in enumerate(values):
                if value is not None and type(value) not in kinds:
                    raise self._misfit(index, value)
        return found

    def _misfit(self, index: int, value: Any) -> Misfit:
        return Misfit(index, "", f"holds {self.holds}, but here {_KINDS[type(value)]}")


_KINDS: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "a whole number",
    Number: "a number",
    list: "a list",
    dict: "an object",
}


class Booleans(Column):
    type = pa.bool_()
    holds = "booleans"

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {bool})
        return pa.array(values, self.type)


class Strings(Column):
    type = pa.string()
    holds = "strings"

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {str})
        return pa.array(values, self.type)


class Text(Column):
    type = pa.string()
    holds = "text"

    def build(self, values: list[Any]) -> pa.Array:
        return pa.array([None if value is None else cell(value) for value in values], self.type)


class Integers(Column):
    type = pa.int64()
    holds = "whole numbers"

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {int, Number})
        return pa.array([self._one(i, v) for i, v in enumerate(values)], self.type)

    def _one(self, index: int, value: "int | Number | None") -> int | None:
        if value is None:
            return None
        integer = _integer(value)
        if integer is None:
            raise Misfit(index, "", "holds whole numbers, but here a fraction or an exponent")
        if not _LEAST <= integer <= _MOST:
            raise Misfit(index, "", "holds whole numbers of 64 bits, but here a larger one")
        return integer


class Doubles(Column):
    type = pa.float64()
    holds = "numbers"

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {int, Number})
        return pa.array([self._one(i, v) for i, v in enumerate(values)], self.type)

    def _one(self, index: int, value: "int | Number | None") -> float | None:
        if value is None:
            return None
        integer = _integer(value)
        if integer is not None and not -_EXACT <= integer <= _EXACT:
            raise Misfit(index, "", "holds doubles, but here a whole number beyond 2^53")
        if _beyond_double(value):
            raise Misfit(index, "", "holds doubles, but here a number beyond their range")
        return float(value)


class Lists(Column):
    holds = "lists"

    def __init__(self, items: Column) -> None:
        self._items = items
        self.type = pa.list_(items.type)

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {list})
        offsets = [0]
        for value in values:
            offsets.append(offsets[-1] + len(value or ()))
        try:
            items = self._items.build(list(chain.from_iterable(value for value in values if value)))
        except Misfit as error:
            # Of several equal offsets the last belongs to the list that is not empty.
            index = bisect_right(offsets, error.index) - 1
            raise Misfit(index, "[]" + error.path, error.reason, error.key) from None
        mask = pa.array([value is None for value in values], pa.bool_())
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), items, type=self.type, mask=mask)


class Structs(Column):
    """Objects; the records themselves are the outermost.

    Args:
        fields: a column for each key.
        dropped: told how many values of other keys were left out; None makes them a misfit.
    """

    holds = "objects"

    def __init__(self, fields: dict[str, Column], dropped: Callable[[int], None] | None) -> None:
        self._fields = fields
        self._dropped = dropped
        self.type = pa.struct([(key, column.type) for key, column in fields.items()])

    def build(self, values: list[Any]) -> pa.Array:
        self._check(values, {dict})
        children = self.children([value or {} for value in values])
        mask = pa.array([value is None for value in values], pa.bool_())
        return pa.StructArray.from_arrays(children, fields=list(self.type), mask=mask)

    def children(self, values: list[dict[str, Any]]) -> list[pa.Array]:
        """An array for each key; see `build`."""
        present = set().union(*values)
        if not present <= self._fields.keys():
            self._unknown(values)
        # Most keys of a sparse log are in none of a batch's records.
        return [
            _inside(f".{key}", column, [value.get(key) for value in values])
            if key in present
            else pa.nulls(len(values), column.type)
            for key, column in self._fields.items()
        ]

    def _unknown(self, values: Iterable[dict[str, Any]]) -> None:
        for index, value in enumerate(values):
            unknown = [key for key in value if key not in self._fields]
            if not unknown:
                continue
            if self._dropped is None:
                raise Misfit(
                    index, f".{unknown[0]}", "was in none of the records the schema is made of", unknown[0]
                )
            self._dropped(len(unknown))


def _inside(path: str, column: Column, values: list[Any]) -> pa.Array:
    try:
        return column.build(values)
    except Misfit as error:
        raise Misfit(error.index, path + error.path, error.reason, error.key) from None
