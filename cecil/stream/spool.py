"""Batches on their way out: a folder of files, each in one of four states, which its name tells.

    DAY.KEY.ready   made, and never let out of this machine
    DAY.KEY.tried   at least a part of it may have left
    DAY.KEY.done    the other side has acknowledged it
    DAY.KEY.lost    tried, and given up: it may have arrived

Owns: that a file has all of its bytes from the moment it has its name (written apart, synced, renamed),
that a state changes in one step, and that one process at a time works here. A batch of a day is made once:
what was done stays, so that its owner can see what was sent, and so that the day is known. Files are 0600,
the folder 0700. Refuses: a folder or file that somebody else could have written, and a file whose content
is not what its name says.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from typing import NamedTuple

from cecil.errors import SourceError, reason
from cecil.stream.output import output_error

_NAME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9a-f]{64})\.(ready|tried|done|lost)")


class Entry(NamedTuple):
    """A batch.

    Attributes:
        day: as 2026-10-02.
        key: SHA-256 of the content, in hexadecimal.
        state: ready, tried, done or lost.
    """

    day: str
    key: str
    state: str

    @property
    def waits(self) -> bool:
        return self.state in ("ready", "tried")


class Spool:
    """The batches in a folder.

    Args:
        folder: where; it is made with the first batch.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def entries(self) -> list[Entry]:
        """All batches, by day.

        Raises:
            SourceError: the folder cannot be read, or is not safe.
        """
        try:
            self._check()
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise SourceError(reason(error), where=self.folder) from None
        return sorted(Entry(*match.groups()) for name in names if (match := _NAME.fullmatch(name)))

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes out; the system gives the lock back when this one dies.

        Raises:
            SourceError: another one is at work.
            OutputError: the folder cannot be made or written.
        """
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self._check()
            fd = os.open(self._path("lock"), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise output_error(error, self.folder) from None
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SourceError("another upload is at work", where=self.folder) from None
            self._sweep()
            yield
        finally:
            os.close(fd)

    def put(self, day: str, data: bytes) -> Entry:
        """Keep a batch, ready to go.

        Raises:
            OutputError: it could not be written.
        """
        entry = Entry(day, hashlib.sha256(data).hexdigest(), "ready")
        self.keep(_name(entry), data)
        return entry

    def keep(self, name: str, data: bytes) -> None:
        """Write a file of the folder, whole or not at all.

        Raises:
            OutputError: it could not be done.
        """
        try:
            os.makedirs(self.folder, mode=0o700, exist_ok=True)
            self._check()
            fd, path = tempfile.mkstemp(prefix=".", dir=self.folder)  # mode 0600
            try:
                with open(fd, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(path, self._path(name))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                raise
            self._sync()
        except OSError as error:
            raise output_error(error, self.folder) from None

    def kept(self, name: str, limit: int) -> bytes | None:
        """A file of the folder; None where there is none.

        Raises:
            SourceError: it cannot be read, is too large, or somebody else could have written it.
        """
        path = self._path(name)
        try:
            self._check()
            with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW), "rb") as file:
                if not _ours(os.fstat(file.fileno())):
                    raise SourceError("others could have written it", where=path, hint=f"chmod 600 {path}")
                data = file.read(limit + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SourceError(reason(error), where=path) from None
        if len(data) > limit:
            raise SourceError("too large to be what it should be", where=path)
        return data

    def forget(self, name: str) -> None:
        """Take a file of the folder away.

        Raises:
            OutputError: it could not be done.
        """
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self._path(name))
                self._sync()
        except OSError as error:
            raise output_error(error, self._path(name)) from None

    def read(self, entry: Entry) -> bytes:
        """The bytes of a batch.

        Raises:
            SourceError: it cannot be read, or is damaged.
        """
        data = self.kept(_name(entry), 1 << 30)
        if data is None or hashlib.sha256(data).hexdigest() != entry.key:
            raise SourceError("a damaged batch", where=self._path(_name(entry)))
        return data

    def move(self, entry: Entry, state: str) -> Entry:
        """Change the state of a batch, in one step that outlasts a crash.

        Raises:
            OutputError: it could not be done.
        """
        moved = entry._replace(state=state)
        if moved != entry:
            try:
                os.rename(self._path(_name(entry)), self._path(_name(moved)))
                self._sync()
            except OSError as error:
                raise output_error(error, self._path(_name(entry))) from None
        return moved

    def withdraw(self) -> tuple[int, int]:
        """Let go of all that waits: what never left is deleted, what may have left will not leave again.

        Returns:
            How many were deleted, and how many may have arrived.
        """
        deleted = lost = 0
        for entry in self.entries():
            if entry.state == "ready":
                self.forget(_name(entry))
                deleted += 1
            elif entry.state == "tried":
                self.move(entry, "lost")
                lost += 1
        return deleted, lost

    def _sweep(self) -> None:
        """Take away what a process that was killed had begun to write."""
        for name in os.listdir(self.folder):
            if name.startswith("."):
                with contextlib.suppress(OSError):
                    os.unlink(self._path(name))

    def _check(self) -> None:
        if not _ours(os.lstat(self.folder)):
            raise SourceError(
                "others could have written in this folder", where=self.folder, hint=f"chmod 700 {self.folder}"
            )

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _sync(self) -> None:
        fd = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _name(entry: Entry) -> str:
    return f"{entry.day}.{entry.key}.{entry.state}"


def _ours(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
