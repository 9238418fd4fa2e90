"""Files and standard input as a source: JSONL, JSON, tables, Parquet and lines of text.

Owns: which files are read in which order, and which reader reads each. The readers are beside this
module, one format a file: source bytes to `Piece`s of JSONL.
"""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any, ClassVar

from cecil.errors import RecordError, SourceError, TruncatedError, UsageError
from cecil.providers.base import BaseDataProvider, Batch, Record
from cecil.providers.generic import paths
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.providers.generic.recognise import FORMATS, Shape, recognise
from cecil.providers.generic.text_source import Sample, TextSource, canonical
from cecil.providers.generic.times import Window
from cecil.stream.input import STDIN, STDIN_NAME, Input
from cecil.stream.jsontext import loads
from cecil.stream.lines import MAX_RECORD, Source
from cecil.stream.output import Output
from cecil.stream.quarantine import Quarantine

_SAMPLE_RECORDS = 100
"""Records whose keys `fetch_metadata` tells."""


class FileProvider(BaseDataProvider):
    """Records from files.

    Args:
        operands: paths, globs and folders; `-` is standard input.
        quarantine: see `BaseDataProvider`.
        format: one of `FORMATS`, or auto.
        encoding: of text; None to recognise it.
        delimiter: of tables, one character; None to recognise it.
        max_record: longest record, in bytes of UTF-8.
        limit: records to deliver at most; what lies beyond is not read. None for all.
        window: the times to deliver; None for all.
        before_wait: called before a read that would wait; what was yielded can be flushed then.
        target: the file that the records are written to, which cannot be read as well.

    Attributes:
        files: the paths that are read, in order; set by `connect`.

    Raises:
        UsageError: an option makes no sense.
    """

    name: ClassVar[str] = "file"

    def __init__(
        self,
        operands: Sequence[str],
        quarantine: Quarantine | None = None,
        *,
        format: str = "auto",
        encoding: str | None = None,
        delimiter: str | None = None,
        max_record: int = MAX_RECORD,
        limit: int | None = None,
        window: Window | None = None,
        before_wait: Callable[[], None] | None = None,
        target: os.stat_result | None = None,
    ) -> None:
        super().__init__(quarantine)
        if format not in ("auto", *FORMATS):
            raise UsageError("--format: no such format", hint="formats are auto, " + ", ".join(FORMATS))
        if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
            raise UsageError("--delimiter: one character is wanted", hint="for a tab: --format tsv")
        self.files: list[str] = []
        self._operands = list(operands)
        self._format = format
        self._encoding = canonical(encoding) if encoding else None
        self._delimiter = delimiter
        self._max_record = max_record
        self._limit = limit
        self._window = window
        self._before_wait = before_wait
        self._target = target
        self._position = 0
        # Standard input cannot be opened twice: what `fetch_metadata` looked at is still to be read.
        self._stdin: TextSource | None = None

    def connect(self) -> None:
        """See `BaseDataProvider.connect`. Every file is found before the first one is read."""
        self.files = paths.expand(self._operands)
        if self.files.count(STDIN) > 1:
            raise UsageError("standard input is named more than once")
        sizes = [self._size(path) for path in self.files]
        self.size = None if None in sizes else sum(size or 0 for size in sizes)

    def _size(self, path: str) -> int | None:
        """A file's size in bytes; None where it has none."""
        if path == STDIN:
            return None
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return None
        if self._target and os.path.samestat(status, self._target):
            raise SourceError("what is read is also what is written", where=path)
        return status.st_size

    def close(self) -> None:
        if self._stdin:
            self._stdin.close()
            self._stdin = None

    def fetch_metadata(self) -> dict[str, Any]:
        """`{"source", "files": [{"path", "size", "compression", "format", ...}]}`.

        Sizes in bytes. Text formats tell their encoding; tables their delimiter and columns; Parquet
        its rows, row groups and columns with types; JSON the keys of its first records.
        """
        return {"source": self.name, "files": [self._describe(path) for path in self.files]}

    def stream_records(self) -> Iterator[Record]:
        """See `BaseDataProvider`. A record with duplicate keys has no one meaning: quarantine."""
        for path, piece in self._pieces():
            for line, number in zip(
                piece.lines() if piece else (), piece.numbers if piece else (), strict=True
            ):
                try:
                    yield loads(line)
                except RecordError as error:
                    self.quarantine.add(_named(path), number, error.message, line.rstrip(b"\r\n"))

    def stream_batches(self) -> Iterator[Batch]:
        """See `BaseDataProvider`. After a file that was read whole comes its checkpoint."""
        delivered = 0
        for path, piece in self._pieces():
            if piece:
                delivered += piece.count
                yield Batch(piece.data, piece.count)
            else:
                yield Batch(b"", 0, {"source": _named(path), "records": delivered})
                delivered = 0

    def _pieces(self) -> Iterator[tuple[str, Piece | None]]:
        """Pieces of each file, and None at its end."""
        budget = Budget(self._limit)
        before = 0
        for path in self.files:
            if not budget.left:
                return
            with closing(self._read(path, budget)) as pieces:
                for piece in pieces:
                    self.consumed = before + self._position
                    if self._window:
                        piece = self._window.pick(piece, _named(path), self.quarantine)
                    if piece.count:
                        budget.left -= piece.count
                        yield path, piece
                    if not budget.left:
                        return
            before += self._position
            yield path, None

    def _read(self, path: str, budget: Budget) -> Pieces:
        """The pieces of one file; `_position` follows."""
        self._position = 0
        source = self._open(path)
        try:
            shape = self._shape(source)
            if shape.format == "parquet":
                yield from self._read_parquet(source, budget)
                return
            with closing(reader(shape, source, self.quarantine, self._max_record, budget)) as pieces:
                for piece in pieces:
                    self._position = source.input.consumed
                    yield piece
            self._position = source.input.consumed
        finally:
            if source is self._stdin:
                self._stdin = None
            source.close()

    def _read_parquet(self, source: TextSource, budget: Budget) -> Iterator[Piece]:
        from cecil.providers.generic.parquet import Table

        _must_be_plain(source)
        size = source.input.size or 0
        source.close()
        with closing(Table(source.name)) as table:
            for piece in table.read(self.quarantine, budget):
                self._position = size * table.done // table.rows
                yield piece
        self._position = size

    def _open(self, path: str) -> TextSource:
        if path != STDIN:
            return TextSource(Input(path, self._before_wait), self._encoding)
        if self._stdin is None:
            self._stdin = TextSource(Input(path, self._before_wait), self._encoding)
        return self._stdin

    def _shape(self, source: TextSource) -> Shape:
        return recognise(source, self._format, self._delimiter)

    def _describe(self, path: str) -> dict[str, Any]:
        source = self._open(path)
        try:
            shape = self._shape(source)
            if source.failure:
                raise source.failure
            about: dict[str, Any] = {
                "path": source.name,
                "size": source.input.size,
                "compression": source.input.codec,
                "format": shape.format,
            }
            if shape.format == "parquet":
                from cecil.providers.generic.parquet import Table

                _must_be_plain(source)
                with closing(Table(source.name)) as table:
                    return about | table.metadata()
            about["encoding"] = shape.encoding
            if shape.delimiter:
                about["delimiter"] = shape.delimiter
            if shape.format != "text":
                about["columns" if shape.format == "csv" else "keys"] = self._keys(source, shape)
            return about
        finally:
            if path != STDIN:
                source.close()

    def _keys(self, source: TextSource, shape: Shape) -> list[str]:
        if shape.format == "csv":
            from cecil.providers.generic.delimited import columns

            return columns(Sample(source), Nowhere(), self._max_record, shape)
        budget = Budget(_SAMPLE_RECORDS)
        keys: dict[str, None] = {}
        sample = Sample(source, lines=shape.format != "json")
        with closing(reader(shape, sample, Nowhere(), self._max_record, budget)) as pieces:
            try:
                for piece in pieces:
                    for line in piece.lines():
                        keys.update(dict.fromkeys(loads(line)))
                    budget.left -= piece.count
                    if not budget.left:
                        break
            except (RecordError, TruncatedError):
                pass  # a record with duplicate keys; a sample that ends inside a record
        return list(keys)


class StdinProvider(FileProvider):
    """Records from standard input. Args as of `FileProvider`, without operands."""

    name: ClassVar[str] = "stdin"

    def __init__(self, quarantine: Quarantine | None = None, **options: Any) -> None:
        super().__init__([STDIN], quarantine, **options)


class _Void(Output):
    def write(self, data: bytes) -> int:
        return len(data)


class Nowhere(Quarantine):
    """For a look at a source, which judges nothing."""

    def _open(self) -> Output:
        return _Void(-1)


def reader(shape: Shape, source: Source, quarantine: Quarantine, max_record: int, budget: Budget) -> Pieces:
    """The reader of a format other than Parquet."""
    if shape.format == "csv":
        from cecil.providers.generic import delimited

        return delimited.read(source, quarantine, max_record, budget, shape)
    if shape.format == "text":
        from cecil.providers.generic import plain

        return plain.read(source, quarantine, max_record, budget, shape.encoding or "")
    if shape.format == "json":
        from cecil.providers.generic import json_text

        return json_text.read(source, quarantine, max_record, budget)
    from cecil.providers.generic import jsonl

    return jsonl.read(source, quarantine, max_record, budget)


def _must_be_plain(source: TextSource) -> None:
    """Raises SourceError where Parquet, which is read from its end, cannot be read."""
    hint = "name a file that is not compressed: cecil-fetch file PATH"
    if source.name == STDIN_NAME or source.input.size is None:
        raise SourceError("Parquet is read from its end, and a stream has none", where=source.name, hint=hint)
    if source.input.codec:
        raise SourceError(
            f"Parquet cannot be read through {source.input.codec}", where=source.name, hint=hint
        )


def _named(path: str) -> str:
    return STDIN_NAME if path == STDIN else path
