"""Where a server can be found: its socket and its address, in files that only their owner reads.

Owns: the folder below `$XDG_RUNTIME_DIR`, sockets there or elsewhere, and the file with address and token.
Refuses: a folder in which others could put something in our place.
"""

import contextlib
import errno
import os
import socket
import stat

from cecil.errors import OutputError, UsageError, reason
from cecil.stream.output import output_error

_HINT = "name a path with a / in it"


def placed(path: str) -> str:
    """A path as it was named; a bare name stands in `$XDG_RUNTIME_DIR/cecil`, which is made.

    Raises:
        UsageError: there is no such folder for this user.
    """
    if os.sep in path:
        return os.path.abspath(path)
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if not os.path.isabs(base):
        raise UsageError("XDG_RUNTIME_DIR is not set, so a bare name has no place", hint=_HINT)
    folder = os.path.join(base, "cecil")
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise UsageError(reason(error, "cannot be made"), where=folder, hint=_HINT) from None
    return os.path.join(folder, path)


def check_folder(path: str) -> None:
    """Check that nobody else can put a file in the place of one of ours.

    Raises:
        UsageError: somebody can, or there is no such folder.
    """
    folder = os.path.dirname(path)
    try:
        status = os.stat(folder)
    except OSError as error:
        raise UsageError(reason(error), where=folder, hint=f"mkdir -p -m 700 {folder}") from None
    theirs = status.st_uid not in (os.geteuid(), 0)
    writable = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
    if theirs or writable or not stat.S_ISDIR(status.st_mode):
        raise UsageError(
            "others could put a file of theirs into this folder", where=folder, hint="chmod 700 the folder"
        )


class Unix:
    """A listening socket at a path, mode 0600; use it in a `with`: the path goes with it.

    Raises:
        UsageError: the path is no good.
        OutputError: something else is there.
    """

    def __init__(self, path: str, backlog: int) -> None:
        self.path = placed(path)
        check_folder(self.path)
        self._clear()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            self.socket.bind(self.path)
            self.socket.listen(backlog)
        except OSError as error:
            self.socket.close()
            what = {errno.EADDRINUSE: "something is there already"}.get(error.errno or 0)
            raise OutputError(what or reason(error, "cannot be made"), where=self.path) from None
        finally:
            os.umask(mask)
        self._inode = os.stat(self.path).st_ino

    def _clear(self) -> None:
        """Take away the socket of a server that has ended; one on which somebody listens stays."""
        try:
            status = os.lstat(self.path)
        except OSError:
            return
        if not stat.S_ISSOCK(status.st_mode):
            raise OutputError("something is there already, and it is no socket", where=self.path)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(self.path)
            except ConnectionRefusedError:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(self.path)
            except FileNotFoundError:
                return
            except OSError as error:
                raise OutputError(reason(error, "cannot be used"), where=self.path) from None
            else:
                raise OutputError("a server listens there already", where=self.path)

    def __enter__(self) -> "Unix":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        with contextlib.suppress(OSError):
            if os.stat(self.path).st_ino == self._inode:
                os.unlink(self.path)


class AddressFile:
    """The file with a server's address and token, mode 0600; use it in a `with`: it goes with the server.

    Raises:
        UsageError: the path is no good.
    """

    def __init__(self, path: str) -> None:
        self.path = placed(path)
        check_folder(self.path)
        self._inode: int | None = None

    def write(self, data: bytes) -> None:
        """Let it be there, whole, in place of an earlier one.

        Raises:
            OutputError: it cannot be.
        """
        temporary = f"{self.path}.{os.urandom(8).hex()}.tmp"
        try:
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                with open(fd, "wb") as file:
                    file.write(data)
                    self._inode = os.fstat(file.fileno()).st_ino
                os.rename(temporary, self.path)
            except OSError:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            raise output_error(error, self.path) from None

    def __enter__(self) -> "AddressFile":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            if self._inode is not None and os.stat(self.path).st_ino == self._inode:
                os.unlink(self.path)
