"""Tables that stay tables: CSV becomes CSV and Parquet becomes Parquet, in files of `cecil-redact -o DIR/`.

Owns: what stays of a table beside its values. Of CSV: the delimiter, quotes where the header has them, ends
of lines, the byte order mark, and every byte of a row in which nothing changes; a column that a strict policy
does not name is gone. Of Parquet: names and types of columns and the compression of each; what stands for a
value that its type cannot hold is null.

Refuses: what would leave something in a schema. Names of Parquet's columns stay, so those that are personal,
and those that a strict policy does not name, are an error; metadata that a writer put into the file is left
out.
"""

import csv
import io
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from cecil.errors import MissingExtraError, RecordError, SourceError
from cecil.providers.generic import delimited
from cecil.providers.generic.pieces import Budget
from cecil.providers.generic.recognise import recognise
from cecil.providers.generic.text_source import UTF8, TextSource
from cecil.sanitizer.arrow import Done
from cecil.sanitizer.columns import Columns
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.stream.encode import dumps
from cecil.stream.input import Input
from cecil.stream.quarantine import Quarantine

if TYPE_CHECKING:
    import pyarrow as pa

    from cecil.writers.base import Sink

_BATCH_BYTES = 8 << 20
_MOST_ROWS = 1 << 16
_PIPES = "cecil-fetch file FILE | cecil-redact | cecil-write -o FILE"


def by_entity(done: Done) -> Counter[str]:
    """How many findings there are of each entity."""
    found: Counter[str] = Counter()
    for (entity, _), count in done.items():
        found[entity] += count
    return found


def delimited_table(
    path: str,
    write: Callable[[bytes], object],
    sanitizer: Sanitizer,
    quarantine: Quarantine,
    max_record: int,
    opened: Callable[[int, str], Callable[[bytes], None]] | None = None,
) -> Done:
    """Redact a file of CSV or TSV, row by row.

    Args:
        write: takes what is written.
        opened: see `Input`.

    Raises:
        SourceError: it cannot be read, is not UTF-8, or its header is no names of columns.
    """
    with Input(path, opened=opened) as opened_input:
        source = TextSource(opened_input)
        shape = recognise(source, "csv")
        if shape.encoding != UTF8:
            raise SourceError("a table that is not UTF-8 would be written as UTF-8", where=path, hint=_PIPES)
        if source.head().startswith(BOM_UTF8):
            write(BOM_UTF8)
        csv.field_size_limit(max(csv.field_size_limit(), max_record))
        table = _Rows(source, quarantine, max_record, shape, sanitizer, write)
        for _ in table.pieces():
            raise AssertionError  # each row is taken as it comes
        return table.done


class _Rows(delimited.Table):
    """Rows that are written as they were read, but for what changes."""

    one_by_one = True

    def __init__(
        self,
        source: TextSource,
        quarantine: Quarantine,
        max_record: int,
        shape: Any,
        sanitizer: Sanitizer,
        write: Callable[[bytes], object],
    ) -> None:
        super().__init__(source, quarantine, max_record, Budget(None), shape)
        self._sanitizer = sanitizer
        self._write = write
        self._name = source.name
        self._quarantined = quarantine
        self._dialect = shape.delimiter
        self._quoting: Any = csv.QUOTE_MINIMAL
        self._columns: list[str] = []
        self.done: Done = Counter()

    def named(self, lines: list[bytes]) -> None:
        header = self.header or []
        raw = b"".join(lines)
        if raw.count(b'"') >= 2 * len(header):
            self._quoting = csv.QUOTE_ALL
        self._columns = shown(self._sanitizer, header, self._name)
        self._write(raw if self._columns == header else self._line(self._columns, raw))

    def take(self, record: dict[str, str], lines: list[bytes], number: int) -> None:
        raw = b"".join(lines)
        try:
            new, findings = self._sanitizer.redact(record)
        except RecordError as error:
            self._quarantined.add(self._name, number, error.message, raw.rstrip(b"\r\n"))
            return
        self.done.update((one.entity, one.action) for one in findings)
        self._quarantined.counts.written += 1
        same = new == record and self._columns == self.header
        self._write(raw if same else self._line([new.get(name, "") for name in self._columns], raw))

    def _line(self, values: list[Any], raw: bytes) -> bytes:
        """A row in the table's own spelling."""
        ending = raw[len(raw.rstrip(b"\r\n")) :].decode()
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self._dialect, quoting=self._quoting, lineterminator=ending)
        writer.writerow(values)
        return text.getvalue().encode()


def shown(sanitizer: Sanitizer, names: list[str], path: str) -> list[str]:
    """The names of columns as they may be shown, without those that the policy drops.

    Raises:
        SourceError: what stands for two of them is the same.
    """
    try:
        together, _ = sanitizer.redact(dict.fromkeys(names, ""))
        if len(together) == len(names):
            return list(together)
        each = [sanitizer.redact({name: ""})[0] for name in names]
    except RecordError as error:
        raise SourceError(f"the names of its columns: {error.message}", where=path) from None
    found = [name for one in each for name in one]
    if len(set(found)) < len(found):
        raise SourceError("two columns would have one name", where=path, hint=_PIPES)
    return found


def parquet_table(path: str, file: "Sink", sanitizer: Sanitizer, quarantine: Quarantine) -> Done:
    """Redact a Parquet file, column by column.

    Args:
        file: takes what is written.

    Raises:
        MissingExtraError: pyarrow is not installed.
        SourceError: it is no whole Parquet file, or its schema would tell what the policy does not let.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("Parquet", "parquet") from None
    from cecil.writers.parquet import SinkFile

    try:
        source = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError):
        raise _damaged(path) from None
    with source:
        schema = pa.schema([field.remove_metadata() for field in source.schema_arrow])
        if sanitizer.policy.strategy == "strict":
            raise SourceError(
                "a strict policy drops names, and those of Parquet's columns stay", where=path, hint=_PIPES
            )
        if shown(sanitizer, schema.names, path) != schema.names:
            raise SourceError("the name of a column is personal, and would stay", where=path, hint=_PIPES)
        columns = Columns(sanitizer)
        counts = quarantine.counts
        with pq.ParquetWriter(
            pa.PythonFile(SinkFile(file), mode="w"), schema, compression=_codecs(source)
        ) as writer:
            for batch in _batches(source, path):
                first = counts.read + 1

                def refuse(place: int, record: dict[str, Any], why: str, first: int = first) -> None:
                    quarantine.add(path, first + place, why, dumps(record))

                counts.read += batch.num_rows
                made = columns.redact(batch.cast(schema), refuse)
                writer.write_batch(made)
                counts.written += made.num_rows
    return columns.done


def _codecs(source: Any) -> dict[str, str]:
    """The compression of each column, as of the first rows."""
    if not source.metadata.num_row_groups:
        return {}
    group = source.metadata.row_group(0)
    columns = [group.column(place) for place in range(group.num_columns)]
    return {one.path_in_schema: one.compression.replace("UNCOMPRESSED", "NONE") for one in columns}


def _batches(source: Any, path: str) -> "Iterator[pa.RecordBatch]":
    import pyarrow as pa

    for place in range(source.metadata.num_row_groups):
        about = source.metadata.row_group(place)
        each = max(1, about.total_byte_size // max(1, about.num_rows))
        size = max(1, min(_MOST_ROWS, _BATCH_BYTES // each))
        try:
            yield from source.iter_batches(batch_size=size, row_groups=[place], use_threads=False)
        except (pa.ArrowException, OSError, ValueError):
            raise _damaged(path) from None


def _damaged(path: str) -> SourceError:
    # pyarrow's own message may hold a value.
    return SourceError("not a whole Parquet file: it is damaged, or was cut short", where=path)
