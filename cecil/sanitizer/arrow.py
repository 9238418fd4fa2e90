"""Arrow batches, record by record, with the schema that they have.

Owns: what a value of each Arrow type is to the judges, and what comes back. A time, a decimal and octets are
judged as the text that they read as (ISO 8601; octets that are no UTF-8 as Latin-1). What stands for a value
is cast to its column's type; where that cannot be, the value is null: `<US_SSN>` is no number. Names of
columns and of fields of structs belong to the schema and stay; a field that is dropped is null.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cecil.errors import RecordError
from cecil.sanitizer.sanitizer import Sanitizer

if TYPE_CHECKING:
    import pyarrow as pa


def redact_batches(
    sanitizer: Sanitizer,
    batches: "Iterable[pa.RecordBatch]",
    refuse: Callable[[dict[str, Any], str], None] | None = None,
) -> "Iterator[pa.RecordBatch]":
    """See `Sanitizer.redact_batches`."""
    import pyarrow as pa

    for batch in batches:
        names = batch.schema.names
        columns: list[list[Any]] = [[] for _ in names]
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            record = {name: _plain(value) for name, value in zip(names, row, strict=True)}
            try:
                new, _ = sanitizer.redact(record)
            except RecordError as error:
                if refuse is None:
                    raise
                refuse(record, error.message)
                continue
            for column, name, value, field in zip(columns, names, row, batch.schema, strict=True):
                column.append(_back(new.get(name), record[name], value, field.type))
        arrays = [pa.array(column, field.type) for column, field in zip(columns, batch.schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, list):
        if value and isinstance(value[0], tuple):  # a map
            return {_text(key): _plain(child) for key, child in value}
        return [_plain(child) for child in value]
    return value if value is None or isinstance(value, (bool, int, float, str)) else _text(value)


def _text(value: Any) -> str:
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


def _back(new: Any, plain: Any, value: Any, kind: "pa.DataType") -> Any:
    """A judged value as its column has it.

    Args:
        new: what was made of it.
        plain: what the judges saw.
        value: as it came.
        kind: its type.
    """
    import pyarrow as pa

    if new is plain or (type(new) is type(plain) and new == plain):
        return value
    if new is None:
        return None
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        return {
            field.name: _back(new.get(field.name), plain[field.name], value[field.name], field.type)
            for field in kind
        }
    if pa.types.is_map(kind):
        return _map(new, plain, value, kind)
    if isinstance(new, list):
        # Items can have gone; then nobody knows which, and each is cast by itself.
        olds = zip(plain, value, strict=True) if len(new) == len(plain) else ((None, None) for _ in new)
        return [_back(one, *old, kind.value_type) for one, old in zip(new, olds, strict=True)]
    if isinstance(value, bytes):
        return new.encode() if _is_utf8(value) else new.encode("latin-1", "replace")
    return _cast(new, kind)


def _map(new: dict[str, Any], plain: dict[str, Any], value: list[Any], kind: "pa.DataType") -> list[Any]:
    """The entries of a map; a key can have gone, or have another name."""
    olds = {_text(key): (plain[_text(key)], child) for key, child in value}
    items = []
    for key, child in new.items():
        name = _cast(key, kind.key_type)
        if name is not None:  # a map's key cannot be null
            items.append((name, _back(child, *olds.get(key, (None, None)), kind.item_type)))
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
