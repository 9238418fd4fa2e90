"""CSV and TSV: each row an object, values as strings, keys as the header spells them.

Owns: rows that span lines, and what becomes of a row that is no row: with more or fewer fields than the
header, with bytes that do not decode, with a stray quote, longer than the limit. It goes to quarantine
as the lines it came in. Refuses: to guess which column a value belongs to, to make up names of columns.
"""

import csv
from collections.abc import Iterator
from contextlib import closing

import msgspec

from cecil.errors import SourceError
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.providers.generic.recognise import Shape
from cecil.stream.jsonl import BLANK
from cecil.stream.lines import CUT_SHORT, Source, read_blocks
from cecil.stream.quarantine import Quarantine

MALFORMED = "not a row: a quote or a carriage return in the wrong place"
NEVER_CLOSED = "a quote that is not closed within --max-record"
INTERRUPTED = "a line of the row is longer than --max-record"

_encoder = msgspec.json.Encoder()


def read(source: Source, quarantine: Quarantine, max_record: int, budget: Budget, shape: Shape) -> Pieces:
    """The rows behind the header.

    Blank lines are dropped by the rule `blank`.

    Raises:
        SourceError: the header cannot be read, or names a column twice or not at all.
        SourceError, TruncatedError: what `source.read` raises.
    """
    # The module's own limit, on a field, stands for the whole process; ours is on the row.
    csv.field_size_limit(max(csv.field_size_limit(), max_record))
    yield from Table(source, quarantine, max_record, budget, shape).pieces()


def columns(source: Source, quarantine: Quarantine, max_record: int, shape: Shape) -> list[str]:
    """The header; empty for an empty file. Raises as `read` does."""
    table = Table(source, quarantine, max_record, Budget(1), shape)
    with closing(table.pieces()) as pieces:
        next(pieces, None)
    return table.header or []


class _Unfinished(Exception):
    """The lines end inside a row."""


class _TooLong(Exception):
    """A row has grown over the limit."""


class _Feed:
    """Lines for `csv.reader`, which does not say itself which lines a row came from.

    Attributes:
        start, next: the current row is `lines[start:next]`.
    """

    def __init__(self, lines: list[bytes], start: int, max_record: int) -> None:
        self.start = self.next = start
        self._lines = lines
        self._max_record = max_record
        self._size = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.next == len(self._lines):
            raise _Unfinished if self.next > self.start else StopIteration
        line = self._lines[self.next]
        self._size += len(line)
        if self._size > self._max_record and self.next > self.start:
            raise _TooLong
        self.next += 1
        return line.decode("utf-8", "surrogateescape")

    def begin(self) -> None:
        """The next row begins."""
        self.start = self.next
        self._size = 0


class Table:
    """A table under way; what is made of its rows a subclass can say, in `named` and `take`.

    Attributes:
        header: the names of its columns, once they are read.
    """

    one_by_one = False
    """Whether rows are taken one at a time, each with the lines that it came in."""

    def __init__(
        self, source: Source, quarantine: Quarantine, max_record: int, budget: Budget, shape: Shape
    ) -> None:
        self._source = source
        self._quarantine = quarantine
        self._counts = quarantine.counts
        self._max_record = max_record
        self._budget = budget
        self._delimiter = shape.delimiter or ","
        self._encoding = (shape.encoding or "").upper()
        self.header: list[str] | None = None
        # The lines of a row that goes on in the next block.
        self._carry: list[bytes] = []
        self._good: list[dict[str, str]] = []
        self._numbers: list[int] = []

    def pieces(self) -> Pieces:
        expected = 1
        try:
            for block in read_blocks(self._source, self._quarantine, self._max_record):
                lines = block.lines()
                # A row may span lines, so not lines but rows are counted, when they are judged.
                self._counts.read -= len(lines)
                if block.first != expected:
                    if self.header is None:
                        raise self._error(expected, "the header is longer than --max-record")
                    if self._carry:
                        self.reject(self._carry, expected - len(self._carry), INTERRUPTED)
                        self._carry = []
                expected = block.first + len(lines)
                first = block.first - len(self._carry)
                lines = self._carry + lines
                self._carry = []
                yield from self._rows(lines, first)
        except SourceError:
            if self._carry:
                self.reject(self._carry, expected - len(self._carry), CUT_SHORT)
            raise
        if self._carry:
            if self.header is None:
                raise self._error(1, "a quote in the header is not closed")
            self.reject(self._carry, expected - len(self._carry), MALFORMED)

    def _rows(self, lines: list[bytes], first: int) -> Iterator[Piece]:
        header = self.header
        rows = self._one_a_line(lines) if header is not None and not self.one_by_one else None
        if header is None or rows is None:
            yield from self._one_by_one(lines, first)
            return
        done = 0
        while done < len(rows):
            stop = min(len(rows), done + self._budget.left)
            part = rows[done:stop]
            if all(len(row) == len(header) for row in part):
                self._counts.read += len(part)
                self._good = [dict(zip(header, row, strict=True)) for row in part]
                self._numbers = list(range(first + done, first + stop))
            else:
                for index, row in enumerate(part, done):
                    self._judge(row, lines[index : index + 1], first + index)
            done = stop
            yield from self._flush()

    def _one_a_line(self, lines: list[bytes]) -> list[list[str]] | None:
        """The rows, if every line is surely one; the way that most tables go."""
        try:
            rows = list(self._reader([line.decode() for line in lines]))
        except (UnicodeDecodeError, csv.Error):
            return None
        return rows if len(rows) == len(lines) else None

    def _one_by_one(self, lines: list[bytes], first: int) -> Iterator[Piece]:
        start = 0
        while start < len(lines):
            feed = _Feed(lines, start, self._max_record)
            start = len(lines)
            try:
                for row in self._reader(feed):
                    self._judge(row, lines[feed.start : feed.next], first + feed.start)
                    feed.begin()
                    if len(self._good) >= self._budget.left:
                        yield from self._flush()
            except _Unfinished:
                self._carry = lines[feed.start :]
            except _TooLong:
                # A stray quote, most likely: the lines behind it are rows again.
                start = feed.start + 1
                self.reject(lines[feed.start : start], first + feed.start, NEVER_CLOSED)
            except csv.Error:
                start = feed.next
                self.reject(lines[feed.start : start], first + feed.start, MALFORMED)
        yield from self._flush()

    def _reader(self, lines: "list[str] | _Feed") -> "Iterator[list[str]]":
        return csv.reader(lines, delimiter=self._delimiter, strict=True)

    def _judge(self, row: list[str], lines: list[bytes], number: int) -> None:
        if self.header is None:
            if row:
                self.header = self._checked(row, number)
                self.named(lines)
                return
        elif len(row) == len(self.header):
            if _decoded(row):
                self._counts.read += 1
                self.take(dict(zip(self.header, row, strict=True)), lines, number)
            else:
                self.reject(lines, number, f"not valid {self._encoding}")
            return
        if b"".join(lines).strip(b" \t\r\n"):
            fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
            self.reject(lines, number, f"{fields}, where the header has {len(self.header or ())}")
        else:
            self._counts.read += 1
            self._counts.dropped[BLANK] += 1

    def named(self, lines: list[bytes]) -> None:
        """Told of the lines of the header."""

    def take(self, record: dict[str, str], lines: list[bytes], number: int) -> None:
        """Given a row, the lines that it came in, and the number of the first of them."""
        self._good.append(record)
        self._numbers.append(number)

    def _checked(self, header: list[str], number: int) -> list[str]:
        if not _decoded(header):
            raise self._error(number, f"the header is not valid {self._encoding}", "--encoding NAME")
        unnamed = [str(place) for place, name in enumerate(header, 1) if not name]
        if unnamed:
            raise self._error(number, f"no name for column {', '.join(unnamed)}", _NAME_THEM)
        seen: dict[str, int] = {}
        for place, name in enumerate(header, 1):
            if seen.setdefault(name, place) != place:
                raise self._error(number, f"one name for the columns {seen[name]} and {place}", _NAME_THEM)
        return header

    def reject(self, lines: list[bytes], number: int, reason: str) -> None:
        """What is no row goes to quarantine."""
        if self.header is None:
            raise self._error(number, f"the header cannot be read: {reason}")
        self._counts.read += 1
        self._quarantine.add(self._source.name, number, reason, b"".join(lines).rstrip(b"\r\n"))

    def _error(self, number: int, message: str, hint: str | None = None) -> SourceError:
        return SourceError(message, where=f"{self._source.name}:{number}", hint=hint)

    def _flush(self) -> Iterator[Piece]:
        if self._good:
            piece = Piece(_encoder.encode_lines(self._good), len(self._good), self._numbers)
            self._good, self._numbers = [], []
            yield piece


_NAME_THEM = "give every column a name of its own in the first line, or read lines with --format text"


def _decoded(row: list[str]) -> bool:
    """Whether no byte of the row was beyond the encoding."""
    try:
        "".join(row).encode()
    except UnicodeEncodeError:
        return False
    return True
