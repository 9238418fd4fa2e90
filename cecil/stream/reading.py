"""How a filter reads: input, lines and markers put together, the same for every command."""

from collections.abc import Callable, Iterator
from types import TracebackType

from cecil.stream.input import Input
from cecil.stream.lines import MAX_RECORD, Block, read_blocks
from cecil.stream.markers import Marker, MarkerReader
from cecil.stream.quarantine import Quarantine


class StreamReader:
    """Blocks of lines and markers of one input; a context manager.

    Args:
        path: a file, or `-` for stdin.
        quarantine: takes what is too long; its counts count what is read.
        before_wait: called before a read that would wait, to flush what is held.
        max_record: longest line in bytes.
        require_markers: whether a stream without markers is an error.
        opened: see `Input`.

    Attributes:
        source: the input.
        name: its name, for messages.
    """

    def __init__(
        self,
        path: str,
        quarantine: Quarantine,
        before_wait: Callable[[], None] | None = None,
        max_record: int = MAX_RECORD,
        *,
        require_markers: bool = False,
        opened: Callable[[int, str], Callable[[bytes], None]] | None = None,
    ) -> None:
        self.source = Input(path, before_wait, opened)
        self.name = self.source.name
        self._quarantine = quarantine
        self._max_record = max_record
        self._markers = MarkerReader(self.name, quarantine.counts, required=require_markers)

    def __iter__(self) -> Iterator[Block | Marker]:
        """See `read_blocks` and `MarkerReader.split` for what is raised."""
        return self._markers.split(read_blocks(self.source, self._quarantine, self._max_record))

    def close(self) -> None:
        self.source.close()

    def __enter__(self) -> "StreamReader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
