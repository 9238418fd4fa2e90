"""Arrow's values as the judges see them, and what is judged as columns have it; and batches row by row.

Owns: what a value of each Arrow type is to the judges, and what comes back. A time, a decimal and octets are
judged as the text that they read as (ISO 8601; octets that are no UTF-8 as Latin-1). What stands for a value
is cast to its column's type; where that cannot be, the value is null: `<US_SSN>` is no number. Names of
columns and of fields of structs belong to the schema and stay; a field that is dropped is null, and so is
a list of a fixed size that an item has left.

A row goes nowhere that holds a map with a key twice, or what Python cannot read: text that is no UTF-8, a
year beyond 9999.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cecil.errors import RecordError, UsageError
from cecil.sanitizer.changes import Change, Drop, Replace, apply

if TYPE_CHECKING:
    import pyarrow as pa

    from cecil.sanitizer.sanitizer import Sanitizer

Refuse = Callable[[int, dict[str, Any], str], None]
"""Is given the number of a row that must not go on, from 0, its record, and the reason."""

Done = Counter[tuple[str, str]]
"""How many findings there are of each entity and action."""


GONE = object()
"""Stands where something is no more."""


class Unread(str):
    """Stands for what Python cannot read: the text that is nearest to it."""

    __slots__ = ()


def check(schema: "pa.Schema") -> None:
    """Raises UsageError where a schema, or a struct, has a name twice: of such a record only one is seen."""
    import pyarrow as pa

    levels: list[Any] = [schema]
    for level in levels:
        fields = [level.field(index) for index in range(len(level) if level is schema else level.num_fields)]
        names = [field.name for field in fields] if level is schema or pa.types.is_struct(level) else []
        for number, name in enumerate(names, 1):
            if name in names[: number - 1]:
                raise UsageError(f"column {number} has the name of one before it", hint="rename it")
        levels += (field.type for field in fields)


def judge_rows(
    sanitizer: "Sanitizer", batch: "pa.RecordBatch", refuse: Refuse | None, done: Done
) -> "tuple[list[pa.Array], list[int]]":
    """The columns of a batch, each row judged as a record, and the numbers of the rows that they have.

    Args:
        refuse: is given what must not go on.
        done: what was found is counted there.

    Raises:
        RecordError: a record must not go on, and there is no `refuse`.
    """
    import pyarrow as pa

    names = batch.schema.names
    kept: list[int] = []
    places: list[list[int]] = [[] for _ in names]  # in the column as it came, and behind it in what is new
    new: list[list[Any]] = [[] for _ in names]
    for number, row in enumerate(zip(*map(listed, batch.columns), strict=True)):
        wrong: list[str] = []
        record = {name: plain(value, wrong) for name, value in zip(names, row, strict=True)}
        try:
            if wrong:
                raise RecordError(wrong[0])
            # What is dropped leaves a mark, so that each item and each entry is still in its place.
            judged, findings = sanitizer.judged(record)
            changes: list[Change] = [
                Replace(one.path, GONE) if isinstance(one, Drop) else one for one in judged
            ]
        except RecordError as error:
            if refuse is None:
                raise
            refuse(number, record, error.message)
            continue
        done.update((one.entity, one.action) for one in findings)
        redacted = apply(record, changes)
        kept.append(number)
        for place, made, name, value, field in zip(places, new, names, row, batch.schema, strict=True):
            cell = back(redacted.get(name), record[name], value, field.type)
            if cell is value:
                place.append(number)
            else:
                place.append(batch.num_rows + len(made))
                made.append(cell)
    return [
        pa.concat_arrays([column, _array(made, column.type)]).take(pa.array(place, pa.int64()))
        for column, made, place in zip(batch.columns, new, places, strict=True)
    ], kept


def _array(values: list[Any], kind: "pa.DataType") -> "pa.Array":
    """As `pa.array`, which behind a null structure gives a dictionary an index that it does not have."""
    import pyarrow as pa

    bare = _without_dictionaries(kind)
    if bare == kind or pa.types.is_dictionary(kind):
        return pa.array(values, kind)
    try:
        return pa.array(values, bare).cast(kind)
    except pa.ArrowNotImplementedError:  # no such cast, of numbers for one
        return pa.array(values, kind)


def _without_dictionaries(kind: "pa.DataType") -> "pa.DataType":
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else retyped(kind, _without_dictionaries)


def retyped(kind: "pa.DataType", of: "Callable[[pa.DataType], pa.DataType]") -> "pa.DataType":
    """A struct, a map or a list with other types inside; any other type as it is."""
    import pyarrow as pa

    types = pa.types
    if types.is_struct(kind):
        return pa.struct([field.with_type(of(field.type)) for field in kind])
    if types.is_map(kind):
        return pa.map_(
            kind.key_field.with_type(of(kind.key_type)),
            kind.item_field.with_type(of(kind.item_type)),
            keys_sorted=kind.keys_sorted,
        )
    if not is_list(kind):
        return kind
    field = kind.value_field.with_type(of(kind.value_type))
    if types.is_fixed_size_list(kind):
        return pa.list_(field, kind.list_size)
    return pa.large_list(field) if types.is_large_list(kind) else pa.list_(field)


def is_list(kind: "pa.DataType") -> bool:
    """Whether values are lists, of a fixed length or of any; not list views."""
    import pyarrow as pa

    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def listed(array: "pa.Array") -> list[Any]:
    """An array's values as Python objects, `Unread` where there are none; times to the microsecond."""
    import pyarrow as pa

    if pa.types.is_timestamp(array.type) and array.type.unit == "ns":
        array = array.cast(pa.timestamp("us", array.type.tz), safe=False)
    elif pa.types.is_time64(array.type) and array.type.unit == "ns":
        array = array.cast(pa.time64("us"), safe=False)
    elif pa.types.is_duration(array.type) and array.type.unit == "ns":
        array = array.cast(pa.duration("us"), safe=False)
    try:
        values: list[Any] = array.to_pylist()
    except (ValueError, OverflowError):
        values = [_read(array.slice(index, 1)) for index in range(len(array))]
    return values


def _read(array: "pa.Array") -> Any:
    import pyarrow as pa

    try:
        return array[0].as_py()
    except (ValueError, OverflowError):
        pass
    try:
        octets: bytes = array.cast(pa.binary())[0].as_py()
        return Unread(octets.decode("utf-8", "backslashreplace"))
    except pa.ArrowException:
        return Unread(array.to_string(window=1 << 30).encode("utf-8", "backslashreplace").decode())


def plain(value: Any, wrong: list[str]) -> Any:
    """A value as JSON has it.

    Args:
        wrong: is added to where that is not all of it, so that the record must not go on.
    """
    kind = type(value)
    if kind is str or kind is int or kind is float or value is None or kind is bool:
        return value
    if isinstance(value, dict):
        return {key: plain(child, wrong) for key, child in value.items()}
    if isinstance(value, list):
        if not value or not isinstance(value[0], tuple):
            return [plain(child, wrong) for child in value]
        pairs = [(text(key), plain(child, wrong)) for key, child in value]  # a map
        if len(made := dict(pairs)) == len(pairs):
            return made
        wrong.append("a map with a key twice")
        return [list(pair) for pair in pairs]
    if isinstance(value, Unread):
        wrong.append("a value that cannot be read")
    return text(value)


def text(value: Any) -> str:
    """A scalar, or a map's key, as the judges read it."""
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode() if _is_utf8(value) else value.decode("latin-1")
    return str(value)


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def back(new: Any, old: Any, value: Any, kind: "pa.DataType") -> Any:
    """A judged value as its column has it.

    Args:
        new: what was made of it.
        old: what the judges saw.
        value: as it came.
        kind: its type.
    """
    import pyarrow as pa

    if new is old or (type(new) is type(old) and new == old):
        return value
    if new is None or new is GONE:
        return None
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        return {
            field.name: back(new.get(field.name), old[field.name], value[field.name], field.type)
            for field in kind
        }
    if pa.types.is_map(kind):
        return _map(new, old, value, kind)
    if isinstance(new, list):
        items = zip(new, old, value, strict=True)
        left = [back(*item, kind.value_type) for item in items if item[0] is not GONE]
        return None if pa.types.is_fixed_size_list(kind) and len(left) < len(new) else left
    if isinstance(value, bytes):
        return new.encode() if _is_utf8(value) else new.encode("latin-1", "replace")
    return _cast(new, kind)


def _map(new: dict[str, Any], old: dict[str, Any], value: list[Any], kind: "pa.DataType") -> list[Any]:
    """The entries of a map; a key can have gone, or have another name."""
    items = []
    for (key, child), was, (own, original) in zip(new.items(), old, value, strict=True):
        name = own if key == was else _cast(key, kind.key_type)
        if child is not GONE and name is not None:  # a map's key cannot be null
            items.append((name, back(child, old[was], original, kind.item_type)))
    return items


def _cast(new: Any, kind: "pa.DataType") -> Any:
    """What stands for a value, in its type; None where it has no place there."""
    import pyarrow as pa

    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        new = str(new).encode()
    try:
        if pa.types.is_decimal(kind):
            return pa.scalar(Decimal(str(new)), kind).as_py()
        made = pa.scalar(new)
        return (made if made.type == kind else made.cast(kind)).as_py()
    except (pa.ArrowException, ArithmeticError, TypeError, ValueError):
        return None
