"""A byte source: a file or stdin, decompressed, in blocks.

Owns: file descriptors, readiness, sniffing of compression. Refuses: to know what a line is.

A read returns what is there. So slow input is handed on line by line, and a busy stream moves in
large blocks; before a read that would wait, `before_wait` is called, so that what was made of the
input so far can be flushed.
"""

import os
import select
import stat
from collections.abc import Callable, Iterator
from types import TracebackType

from cecil.errors import SourceError, reason
from cecil.stream.compression import beginning, decompress

STDIN = "-"
STDIN_NAME = "<stdin>"

BLOCK = 1 << 20
"""Bytes read at once. Measured: with smaller blocks, what a search of a block keeps in the processor's cache
is gone sooner, and models of names are asked for less text at once."""


class Input:
    """Blocks of decompressed bytes.

    Attributes:
        name: the path as given, or `<stdin>`; for messages.
        size: bytes of the (compressed) file; None where it is not known.
        consumed: bytes read from the (compressed) source so far.
        codec: the compression's name, or None.
    """

    def __init__(
        self,
        path: str,
        before_wait: Callable[[], None] | None = None,
        opened: Callable[[int, str], Callable[[bytes], None]] | None = None,
    ) -> None:
        """Open `path`, or stdin for `-`.

        Args:
            opened: is told descriptor and name; what it gives sees every byte of the source as it is read.

        Raises:
            SourceError: it does not exist, is a folder, or cannot be read.
        """
        self.name = STDIN_NAME if path == STDIN else path
        self.consumed = 0
        self._before_wait = before_wait
        self._owned = path != STDIN
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC) if self._owned else 0
            status = os.fstat(self._fd)
        except OSError as error:
            raise SourceError(reason(error), where=self.name) from None
        regular = stat.S_ISREG(status.st_mode)
        self.size = status.st_size if regular else None
        self._poll = None if regular or before_wait is None else select.poll()
        if self._poll:
            self._poll.register(self._fd, select.POLLIN | select.POLLHUP)
        if stat.S_ISFIFO(status.st_mode):
            widen_pipe(self._fd)
        self._seen = opened(self._fd, self.name) if opened else None
        first, codec = beginning(self._raw)
        self.codec = codec.name if codec else None
        self._blocks = decompress(codec, first, self._raw, self.name) if codec else self._plain(first)

    def _raw(self) -> bytes:
        if self._poll and self._before_wait and not self._poll.poll(0):
            self._before_wait()
        try:
            data = os.read(self._fd, BLOCK)
        except IsADirectoryError as error:
            hint = "cecil-fetch file FOLDER reads the files in it"
            raise SourceError(reason(error), where=self.name, hint=hint) from None
        except OSError as error:
            raise SourceError(reason(error), where=self.name) from None
        self.consumed += len(data)
        if self._seen:
            self._seen(data)
        return data

    def _plain(self, first: bytes) -> Iterator[bytes]:
        data = first
        while data:
            yield data
            data = self._raw()

    def read(self) -> bytes:
        """The next block, at most about `BLOCK` bytes; empty at the end.

        Raises:
            SourceError, TruncatedError: see `decompress`.
        """
        return next(self._blocks, b"")

    def fileno(self) -> int:
        """The descriptor, for who waits for more than this input."""
        return self._fd

    def close(self) -> None:
        if self._owned:
            self._owned = False
            os.close(self._fd)

    def __enter__(self) -> "Input":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def widen_pipe(fd: int) -> None:
    """Ask for a pipe of 1 MiB: fewer, larger moves. A kernel that says no changes nothing but speed."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        try:
            fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 1 << 20)
        except OSError:
            return
