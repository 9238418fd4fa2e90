"""What a source is: connect, say what is there, stream records, close.

Owns the contract. A provider never holds more than a block of its source: peak memory of the whole
process stays below 50 MB (120 MB for Parquet), whatever the size of the source.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar

from cecil.stream.quarantine import Quarantine

Record = dict[str, Any]
"""A record as Python has it: JSON's types, plus what `cecil.stream.encode` can write."""


FIRST, LAST = -(1 << 63), (1 << 63) - 1
"""Before and after every time, in nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as they go into the stream.

    Attributes:
        data: JSONL, one object a line, each line with its newline.
        count: how many records.
        checkpoint: once these records are safe the source up to here need not be read again; None
            where the source has no such place here.
    """

    data: bytes
    count: int
    checkpoint: dict[str, Any] | None = None


class BaseDataProvider(ABC):
    """A source of records.

    A provider is a context manager: `connect` on entry, `close` on exit.

    Args:
        quarantine: takes what the source holds but is no record (a malformed line, a ragged row),
            and its `counts` count every record that was read. By default a new one in the state
            folder; the caller closes it.

    Attributes:
        name: its name on the command line.
        commits: whether a batch with a checkpoint is to be followed by `commit`, once it is safe.
        consumed: bytes of the source read so far.
        size: bytes of the source in all; None where it is not known.
    """

    name: ClassVar[str]

    def __init__(self, quarantine: Quarantine | None = None) -> None:
        self.quarantine = quarantine or Quarantine(command="cecil-fetch")
        self.commits = False
        self.consumed = 0
        self.size: int | None = None

    @abstractmethod
    def connect(self) -> None:
        """Reach the source, and fail early when it cannot be.

        Raises:
            SourceError: it is not there, or will not let us read.
            UsageError: the options do not fit it.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; safe to call twice, and without `connect`."""

    @abstractmethod
    def fetch_metadata(self) -> dict[str, Any]:
        """What is there, without reading all of it: names, formats, columns or keys, sizes in bytes.

        Shape: `{"source": name, ...}`, plain JSON types; no values of records.

        Raises:
            SourceError: it cannot be read.
        """

    @abstractmethod
    def stream_records(self) -> Iterator[Record]:
        """Every record, one at a time, as Python objects. Numbers keep their value.

        Raises:
            SourceError, TruncatedError: the source failed on the way; what was yielded is good.
        """

    def stream_batches(self) -> Iterator[Batch]:
        """Every record as JSONL in blocks: what `cecil-fetch` writes.

        A source that has JSON text already overrides this, and hands it on byte for byte.
        """
        from cecil.stream.encode import dumps

        held: list[bytes] = []
        size = 0
        for record in self.stream_records():
            line = dumps(record)
            held.append(line)
            size += len(line) + 1
            if size >= 1 << 17:
                yield Batch(b"\n".join(held) + b"\n", len(held))
                held, size = [], 0
        if held:
            yield Batch(b"\n".join(held) + b"\n", len(held))

    def begin(self) -> dict[str, Any]:
        """What the `begin` marker says of the source."""
        return {"source": self.name}

    def stats(self) -> dict[str, object]:
        """What reading took, for `--stats`: requests of a remote source."""
        return {}

    def listing(self) -> Iterator[dict[str, Any]]:
        """What can be read there, one object each, for `--list`.

        Raises:
            SourceError: it cannot be told.
        """
        yield self.fetch_metadata()

    def commit(self) -> None:
        """The records up to the last checkpoint are safe: a state moves on.

        Raises:
            SourceError: another run with the state came first.
            OutputError: the state cannot be written.
        """
        raise NotImplementedError

    def __enter__(self) -> "BaseDataProvider":
        try:
            self.connect()
        except BaseException:
            # It may have got half the way, and nobody leaves what he has not entered.
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
