"""Parquet: row groups of bounded size, zstd inside.

Owns: the sample that the schema is made of, and the size of batches and row groups. What type a column
gets, and what does not fit it, is `schema`'s. Needs the extra `parquet`.
"""

from collections import deque
from typing import Any

from cecil.errors import MissingExtraError, OutputError, RecordError

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    raise MissingExtraError("Parquet", "parquet") from None

from cecil.stream.jsonl import Records
from cecil.stream.quarantine import Quarantine
from cecil.writers.base import Plan, Sink, Writer, parse, unknown_column
from cecil.writers.schema import MAX_KEYS, Column, Misfit, Seen, Structs, Text

BATCH = 1 << 20
"""Bytes of JSON that are Python objects at one time."""
GROUP_BYTES = 16 << 20
"""Bytes of Arrow arrays in a row group, before compression."""
GROUP_ROWS = 1 << 17


class ParquetWriter(Writer):
    def __init__(self, sink: Sink, plan: Plan, quarantine: Quarantine) -> None:
        super().__init__(sink, plan, quarantine)
        # Arrow's own allocators hold on to 20 MB more than the system's.
        pa.set_memory_pool(pa.system_memory_pool())
        # Lines that are not Arrow yet: before there is a schema as much as the sample, then a batch.
        self._held: deque[Records] = deque()
        self._held_bytes = 0
        self._bytes = 0
        self._seen = Seen()
        self._table: Structs | None = None
        self._group: list[pa.RecordBatch] = []
        self._file: pq.ParquetWriter = None

    def write(self, records: Records) -> None:
        self._held.append(records)
        self._held_bytes += len(records.data)
        self._bytes += len(records.data)
        if self._table is None:
            self._sample(records)
            if self._held_bytes >= self._plan.sample:
                self._convert(self._start())
        elif self._held_bytes >= BATCH:
            self._convert(self._table)

    def close(self) -> None:
        self._convert(self._table or self._start())
        self._write_group()
        self._file.close()

    def _sample(self, records: Records) -> None:
        for line in records.lines():
            try:
                record = parse(line)
            except RecordError:
                continue  # it goes to quarantine when its turn comes
            if self._plan.columns:
                record = {key: record[key] for key in self._plan.columns if key in record}
            self._seen.add(record)

    def _start(self) -> Structs:
        """Make the schema, and open the file with it."""
        dropped = self._drop if self._plan.drop else None
        columns: dict[str, Column] = {key: seen.column(dropped) for key, seen in self._seen.fields.items()}
        if self._plan.columns:
            columns = {key: columns.get(key) or Text() for key in self._plan.columns}
        elif not columns:
            raise OutputError(
                "no records, so no columns for Parquet", where=self._plan.source, hint="--columns a,b,c"
            )
        elif len(columns) > MAX_KEYS:
            raise OutputError(
                f"more than {MAX_KEYS} columns", where=self._plan.source, hint="--columns a,b,c --extra drop"
            )
        self._seen = Seen()
        self._table = Structs(columns, dropped)
        self._file = pq.ParquetWriter(
            pa.PythonFile(SinkFile(self._sink), mode="w"),
            pa.schema(list(self._table.type)),
            compression=self._plan.compression,
        )
        return self._table

    def _drop(self, values: int) -> None:
        self.values_dropped += values

    def _convert(self, table: Structs) -> None:
        """Make Arrow batches of the lines that are held."""
        rows: list[tuple[int, dict[str, Any]]] = []
        size = 0
        while self._held:
            records = self._held.popleft()
            rows += self._rows(enumerate(records.lines(), records.first))
            size += len(records.data)
            if size >= BATCH or not self._held:
                self._batch(table, rows)
                rows, size = [], 0
        self._held_bytes = 0

    def _batch(self, table: Structs, rows: list[tuple[int, dict[str, Any]]]) -> None:
        try:
            arrays = table.children([record for _, record in rows])
        except Misfit as misfit:
            raise self._error(table, misfit, rows[misfit.index][0]) from None
        self._group.append(pa.RecordBatch.from_arrays(arrays, schema=self._file.schema))
        self._quarantine.counts.written += len(rows)
        if (
            sum(batch.nbytes for batch in self._group) >= GROUP_BYTES
            or sum(batch.num_rows for batch in self._group) >= GROUP_ROWS
        ):
            self._write_group()

    def _error(self, table: Structs, misfit: Misfit, line: int) -> OutputError:
        column = misfit.path.removeprefix(".")
        sample = f"--sample {(self._bytes >> 20) + 1}M"
        if column == misfit.key:
            known = [field.name for field in table.type]
            more = "" if self._plan.columns else f", or {sample}"
            return unknown_column(column, known, self._where(line), more)
        more = ", or --extra drop" if misfit.key else ""
        return OutputError(
            f"column {column} {misfit.reason}",
            where=self._where(line),
            hint=f"{sample}, to make the schema of all records up to here{more}",
        )

    def _write_group(self) -> None:
        if self._group:
            table = pa.Table.from_batches(self._group)
            self._file.write_table(table, row_group_size=table.num_rows)
            self._group = []
            del table
            # Holes between what is still in use would add up to some 20 MB.
            pa.default_memory_pool().release_unused()


class SinkFile:
    """A sink as Arrow wants a file."""

    closed = False

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._position = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._sink.write(piece)
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        return

    def close(self) -> None:
        return
