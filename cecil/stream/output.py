"""Checked writing to a file descriptor: every write, flush, sync and close counts.

Owns: buffering and the errors of the way out. Refuses: to end quietly when a byte was not written.
"""

import os
import stat

from cecil.errors import ClosedPipe, OutputError, reason

BUFFER = 1 << 17
"""Bytes that are gathered before they are written."""


class Output:
    """Gathers bytes and writes them in large pieces.

    Args:
        fd: an open descriptor; `close` closes it only when `owned`.
        name: for messages.
    """

    def __init__(self, fd: int = 1, name: str = "<stdout>", *, owned: bool = False) -> None:
        self.fd = fd
        self.name = name
        self._owned = owned
        self._pieces: list[bytes] = []
        self._held = 0

    def write(self, data: bytes) -> int:
        """Take bytes; they leave with the next flush, or now when enough are held."""
        if data:
            self._pieces.append(data)
            self._held += len(data)
            if self._held >= BUFFER:
                self.flush()
        return len(data)

    def flush(self) -> None:
        """Write all that is held.

        Raises:
            ClosedPipe: nobody reads any more.
            OutputError: disk full, descriptor closed, ...
        """
        if not self._pieces:
            return
        data = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        self._pieces.clear()
        self._held = 0
        view = memoryview(data)
        while view:
            try:
                done = os.write(self.fd, view)
            except OSError as error:
                raise output_error(error, self.name) from None
            view = view[done:]

    def sync(self) -> None:
        """Flush, and sync when it is a regular file."""
        self.flush()
        try:
            if stat.S_ISREG(os.fstat(self.fd).st_mode):
                os.fsync(self.fd)
        except OSError as error:
            raise output_error(error, self.name) from None

    def close(self) -> None:
        """Flush, sync when it is a regular file, and close when owned."""
        self.sync()
        try:
            if self._owned:
                self._owned = False
                os.close(self.fd)
        except OSError as error:
            raise output_error(error, self.name) from None

    def discard(self) -> None:
        """Forget what is held, and close when owned."""
        self._pieces.clear()
        self._held = 0
        if self._owned:
            self._owned = False
            os.close(self.fd)


def private_file(path: str) -> Output:
    """A file that is appended to and that only its owner reads: mode 0600.

    Raises:
        OutputError: it cannot be opened.
    """
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        if stat.S_ISREG(os.fstat(fd).st_mode):
            os.fchmod(fd, 0o600)
    except OSError as error:
        raise output_error(error, path) from None
    return Output(fd, path, owned=True)


def output_error(error: OSError, name: str) -> OutputError:
    """An operating system's error on the way out, as one of ours; never names what was written."""
    if isinstance(error, BrokenPipeError):
        return ClosedPipe("nobody reads any more", where=name)
    return OutputError(reason(error, "cannot be written"), where=name)
