"""Parquet, read in slices of rows; peak memory follows the number of columns, not the size of the file.

Owns: what each type becomes in JSON. A value keeps all of its digits:

    null, boolean, integer   as they are
    float, double            as they are, a float with its own digits; NaN and infinities: null
    decimal                  a number with its digits
    string, JSON, UUID       text
    binary                   base64
    date, time               ISO 8601 text
    timestamp                ISO 8601 text with all digits of its unit; UTC, with Z, where the column
                             counts from 1970 in UTC, else without an offset
    duration                 ISO 8601 text: PT90.5S
    list                     array
    struct                   object
    map                      object where its keys are strings, else an array of [key, value]

A row that holds what none of these rules can write (text that is not UTF-8, a map with a key twice) goes
to quarantine. Refuses: standard input and compressed files, since Parquet is read from its end.
"""

import base64
import ctypes
import io
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from cecil.errors import MissingExtraError, RecordError, SourceError
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.stream.encode import dumps
from cecil.stream.quarantine import Quarantine

if TYPE_CHECKING:
    import pyarrow
    import pyarrow.parquet

SLICE = 1 << 20
"""Bytes of Parquet's own data that a slice of rows may hold."""

_MOST_ROWS = 512
_BUFFER = 1 << 16

_M_MMAP_THRESHOLD = -3
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_EPOCH_DAY = date(1970, 1, 1).toordinal()

Convert = Callable[[Any], list[Any]]
"""A pyarrow array as a list of what `dumps` can write."""


class Table:
    """An open Parquet file.

    Args:
        path: the file.
        file: what is read, where it is no file of this machine: seekable, with `readinto`. `path` names it.

    Attributes:
        rows: how many there are.
        done: how many were read.

    Raises:
        MissingExtraError: pyarrow is not installed.
        SourceError: it is no whole Parquet file, or has columns that cannot be told apart or written.
    """

    def __init__(self, path: str, file: io.RawIOBase | None = None) -> None:
        _give_memory_back()
        try:
            import pyarrow
            import pyarrow.parquet as parquet
        except ImportError:
            raise MissingExtraError("Parquet", "parquet") from None
        self.path = path
        self.done = 0
        self._arrow = pyarrow
        try:
            source = path if file is None else pyarrow.PythonFile(file, mode="r")
            self._file = parquet.ParquetFile(source, memory_map=False, pre_buffer=False, buffer_size=_BUFFER)
            self._schema = self._file.schema_arrow
        except (pyarrow.ArrowException, OSError, ValueError):
            self._damaged()
        self.rows: int = self._file.metadata.num_rows
        self._converters = self._checked()

    def _checked(self) -> list[Convert]:
        names = self._schema.names
        twice = [str(place) for place, name in enumerate(names, 1) if name in names[: place - 1]]
        if twice:
            raise SourceError(f"column {', '.join(twice)} has the name of one before it", where=self.path)
        converters = []
        for field in self._schema:
            try:
                converters.append(_converter(self._arrow, field.type))
            except TypeError:
                raise SourceError(
                    f"column {field.name}: no rule for the type {field.type}", where=self.path
                ) from None
        return converters

    def metadata(self) -> dict[str, Any]:
        """Rows, row groups and columns with their types."""
        return {
            "rows": self.rows,
            "row_groups": self._file.metadata.num_row_groups,
            "columns": [{"name": field.name, "type": str(field.type)} for field in self._schema],
        }

    def read(self, quarantine: Quarantine, budget: Budget) -> Pieces:
        """All rows; their numbers count from 1.

        Raises:
            SourceError: the file is damaged.
        """
        names = self._schema.names
        for columns, count in self._slices():
            done = 0
            while done < count:
                taken = min(count - done, budget.left)
                part = [column.slice(done, taken) for column in columns]
                quarantine.counts.read += taken
                piece = self._piece(names, part, taken, quarantine)
                done += taken
                self.done += taken
                if piece.count:
                    yield piece

    def _slices(self) -> "Iterator[tuple[list[pyarrow.Array], int]]":
        metadata = self._file.metadata
        for group in range(metadata.num_row_groups):
            about = metadata.row_group(group)
            each = max(1, about.total_byte_size // max(1, about.num_rows))
            size = max(1, min(_MOST_ROWS, SLICE // each))
            batches = self._file.iter_batches(batch_size=size, row_groups=[group], use_threads=False)
            while True:
                try:
                    batch = next(batches, None)
                except (self._arrow.ArrowException, OSError, ValueError):
                    self._damaged()
                if batch is None:
                    break
                yield batch.columns, batch.num_rows

    def _piece(
        self, names: list[str], columns: "list[pyarrow.Array]", count: int, quarantine: Quarantine
    ) -> Piece:
        first = self.done + 1
        try:
            lists = [convert(column) for convert, column in zip(self._converters, columns, strict=True)]
            data = b"".join(
                dumps(dict(zip(names, row, strict=True))) + b"\n" for row in zip(*lists, strict=True)
            )
            return Piece(data, count, range(first, first + count))
        except (RecordError, UnicodeDecodeError):
            pass
        lines: list[bytes] = []
        numbers: list[int] = []
        for index in range(count):
            row = [column.slice(index, 1) for column in columns]
            try:
                lines.append(self._line(names, row))
                numbers.append(first + index)
            except RecordError as error:
                quarantine.add(self.path, first + index, error.message, self._raw(names, row))
        return Piece(b"".join(lines), len(lines), numbers)

    def _line(self, names: list[str], row: "list[pyarrow.Array]") -> bytes:
        record = {}
        for name, convert, column in zip(names, self._converters, row, strict=True):
            try:
                record[name] = convert(column)[0]
            except UnicodeDecodeError:
                raise RecordError(f"not valid UTF-8 in column {name}") from None
            except RecordError as error:
                raise RecordError(f"{error.message} in column {name}") from None
        return dumps(record) + b"\n"

    def _raw(self, names: list[str], row: "list[pyarrow.Array]") -> bytes:
        """The row as near to its record as can be written."""
        record = {}
        for name, convert, column in zip(names, self._converters, row, strict=True):
            try:
                record[name] = convert(column)[0]
            except (RecordError, UnicodeDecodeError):
                record[name] = self._raw_value(column)
        return dumps(record)

    def _raw_value(self, column: "pyarrow.Array") -> str:
        try:
            return bytes(column.cast("binary")[0].as_py()).decode("utf-8", "backslashreplace")
        except self._arrow.ArrowException:
            return str(column.to_string(window=1 << 30))

    def _damaged(self) -> NoReturn:
        # pyarrow's message may hold a value; where it stands in the file would help nobody.
        raise SourceError(
            "not a whole Parquet file: it is damaged, or was cut short", where=self.path
        ) from None

    def close(self) -> None:
        self._file.close(force=True)


def _give_memory_back() -> None:
    """Keep freed buffers of pages from staying with the process; a tenth of its peak on wide tables.

    Arrow's own allocators hold them for a next time that never comes, and the system's does so once it
    has seen a large one freed, unless its threshold is set (to what it is at first).
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's alone
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, 128 << 10)


def _plain(column: "pyarrow.Array") -> list[Any]:
    values: list[Any] = column.to_pylist()
    return values


def _converter(arrow: Any, kind: "pyarrow.DataType") -> Convert:
    """The rule for a type.

    Raises:
        TypeError: there is none.
    """
    types = arrow.types
    if isinstance(kind, arrow.BaseExtensionType):
        inner = _converter(arrow, kind.storage_type)
        if kind.extension_name == "arrow.uuid":
            return lambda column: [v and str(uuid.UUID(bytes=v)) for v in _plain(column.storage)]
        return lambda column: inner(column.storage)
    if types.is_dictionary(kind):
        inner = _converter(arrow, kind.value_type)
        return lambda column: inner(column.dictionary_decode())
    if types.is_map(kind):
        return _map(arrow, kind)
    if types.is_struct(kind):
        return _struct(arrow, kind)
    if types.is_list(kind) or types.is_large_list(kind):
        return _list(_converter(arrow, kind.value_type))
    if types.is_fixed_size_list(kind):
        return _fixed_list(_converter(arrow, kind.value_type), kind.list_size)
    if types.is_float16(kind) or types.is_float32(kind):
        # By way of text: 0.1 as a float is 0.10000000149011612 as a double.
        return lambda column: [None if v is None else float(v) for v in _plain(column.cast("string"))]
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return lambda column: [None if v is None else base64.b64encode(v).decode() for v in _plain(column)]
    # What counts from an epoch is read as the count: Arrow's own casts load 10 MB of kernels, and know
    # fewer years. As a count a timestamp is the same in every zone, so no table of zones is needed.
    if types.is_timestamp(kind):
        return _counted("int64", _timestamp(_PER_SECOND[kind.unit], "Z" if kind.tz else ""))
    if types.is_date32(kind):
        return _counted("int32", _day)
    if types.is_date64(kind):
        return _counted("int64", lambda value: _day(value // 86_400_000))
    if types.is_time(kind):
        per_second = _PER_SECOND[kind.unit]
        return _counted(
            "int32" if types.is_time32(kind) else "int64", lambda value: _clock(value, per_second)
        )
    if types.is_duration(kind):
        return _counted("int64", _duration(_PER_SECOND[kind.unit]))
    if (
        types.is_null(kind)
        or types.is_boolean(kind)
        or types.is_integer(kind)
        or types.is_float64(kind)
        or types.is_decimal(kind)
        or types.is_string(kind)
        or types.is_large_string(kind)
    ):
        return _plain
    raise TypeError


def _counted(storage: str, text: Callable[[int], str]) -> Convert:
    return lambda column: [None if value is None else text(value) for value in _plain(column.view(storage))]


def _day(days: int) -> str:
    try:
        return date.fromordinal(days + _EPOCH_DAY).isoformat()
    except (ValueError, OverflowError):
        raise RecordError("a date beyond the calendar") from None


def _clock(value: int, per_second: int) -> str:
    seconds, part = divmod(value, per_second)
    hours, seconds = divmod(seconds, 3600)
    text = f"{hours:02}:{seconds // 60:02}:{seconds % 60:02}"
    return text if per_second == 1 else f"{text}.{part:0{len(str(per_second)) - 1}}"


def _timestamp(per_second: int, zone: str) -> Callable[[int], str]:
    def text(value: int) -> str:
        days, rest = divmod(value, 86400 * per_second)
        return f"{_day(days)}T{_clock(rest, per_second)}{zone}"

    return text


def _duration(per_second: int) -> Callable[[int], str]:
    def text(value: int) -> str:
        whole, part = divmod(abs(value), per_second)
        fraction = f".{part:0{len(str(per_second)) - 1}}".rstrip("0") if part else ""
        return f"{'-' if value < 0 else ''}PT{whole}{fraction}S"

    return text


def _list(inner: Convert) -> Convert:
    return lambda column: _lists(
        column, column.offsets.to_pylist(), lambda s, n: inner(column.values.slice(s, n))
    )


def _fixed_list(inner: Convert, size: int) -> Convert:
    def convert(column: "pyarrow.Array") -> list[Any]:
        # Of a slice, `values` are those of the whole.
        offsets = [place * size for place in range(column.offset, column.offset + len(column) + 1)]
        return _lists(column, offsets, lambda start, count: inner(column.values.slice(start, count)))

    return convert


def _lists(column: "pyarrow.Array", offsets: list[int], items: Callable[[int, int], list[Any]]) -> list[Any]:
    """What lies between two offsets each, where the column is not null."""
    first = offsets[0]
    values = items(first, offsets[-1] - first)
    present = _plain(column.is_valid())
    return [
        values[start - first : end - first] if there else None
        for there, start, end in zip(present, offsets, offsets[1:], strict=False)
    ]


def _struct(arrow: Any, kind: "pyarrow.DataType") -> Convert:
    names = [kind.field(index).name for index in range(kind.num_fields)]
    inners = [_converter(arrow, kind.field(index).type) for index in range(kind.num_fields)]
    if len(set(names)) != len(names):
        raise TypeError

    def convert(column: "pyarrow.Array") -> list[Any]:
        present = _plain(column.is_valid())
        lists = [inner(field) for inner, field in zip(inners, column.flatten(), strict=True)]
        rows = zip(*lists, strict=True) if lists else iter([()] * len(present))
        return [
            dict(zip(names, row, strict=True)) if there else None
            for there, row in zip(present, rows, strict=True)
        ]

    return convert


def _map(arrow: Any, kind: "pyarrow.DataType") -> Convert:
    text_keys = arrow.types.is_string(kind.key_type) or arrow.types.is_large_string(kind.key_type)
    keys, items = _converter(arrow, kind.key_type), _converter(arrow, kind.item_type)

    def convert(column: "pyarrow.Array") -> list[Any]:
        def pairs(start: int, count: int) -> list[Any]:
            there = keys(column.keys.slice(start, count)), items(column.items.slice(start, count))
            return [list(pair) for pair in zip(*there, strict=True)]

        lists = _lists(column, column.offsets.to_pylist(), pairs)
        if not text_keys:
            return lists
        objects = [None if pair is None else dict(pair) for pair in lists]
        if any(
            p is not None and o is not None and len(p) != len(o) for p, o in zip(lists, objects, strict=True)
        ):
            raise RecordError("a map with a key twice")
        return objects

    return convert
