"""CSV and TSV: RFC 4180 in UTF-8 without a byte order mark, lines ended by `\\n`, a header first.

Owns: what a cell looks like. null and a missing value are empty, the empty string is `""`, so the two
can be told apart; a cell with the delimiter, a quote or a line end is quoted; all else is `base.cell`.
A row of one column that is null is `""` too: an empty line is no row to most readers.

Refuses: to widen the header once it is written, and to alter a cell. A cell that begins with `=`, `+`,
`-` or `@` is a formula to a spreadsheet; whoever opens the file in one should import it as text.
"""

import re
from typing import Any, ClassVar

from cecil.errors import OutputError
from cecil.stream.jsonl import Records
from cecil.stream.quarantine import Quarantine
from cecil.writers.base import Plan, Sink, Writer, cell, unknown_column


class CsvWriter(Writer):
    delimiter: ClassVar[str] = ","
    _special: ClassVar[re.Pattern[str]] = re.compile(r'[",\r\n]')

    def __init__(self, sink: Sink, plan: Plan, quarantine: Quarantine) -> None:
        super().__init__(sink, plan, quarantine)
        self._columns: tuple[str, ...] = ()
        self._known: frozenset[str] = frozenset()
        if plan.columns:
            self._header(plan.columns)

    def write(self, records: Records) -> None:
        done = []
        for number, record in self._rows(enumerate(records.lines(), records.first)):
            if not self._columns:
                if not record:
                    raise OutputError(
                        "the first record has no columns", where=self._where(number), hint="--columns a,b,c"
                    )
                self._header(tuple(record))
            if not record.keys() <= self._known:
                self._unknown(record, number)
            done.append(self._row([record.get(name) for name in self._columns]))
        self._sink.write("".join(done).encode())
        self._quarantine.counts.written += len(done)

    def close(self) -> None:
        return

    def _header(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._known = frozenset(columns)
        self._sink.write(self._row(columns).encode())

    def _unknown(self, record: dict[str, Any], number: int) -> None:
        unknown = [name for name in record if name not in self._known]
        if not self._plan.drop:
            raise unknown_column(unknown[0], self._columns, self._where(number))
        self.values_dropped += len(unknown)

    def _row(self, values: "list[Any] | tuple[str, ...]") -> str:
        return (self.delimiter.join(map(self._cell, values)) or '""') + "\n"

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        text = cell(value)
        if not text or self._special.search(text):
            return '"' + text.replace('"', '""') + '"'
        return text


class TsvWriter(CsvWriter):
    delimiter = "\t"
    _special = re.compile(r'["\t\r\n]')
