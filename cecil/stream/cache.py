"""What is costly to make and can be made again, kept in files between runs.

Owns: a folder below `$XDG_CACHE_HOME`, and that what comes out of it is what was put in. Two processes may
put the same at once; the last one wins. Refuses: to fail a run (what cannot be kept is made again), and to
believe a file that another user could have written.
"""

import contextlib
import hashlib
import os
import stat
import tempfile

KEPT = 64
"""Files that stay in the folder; those that were used longest ago go first."""

_SUM = hashlib.sha256().digest_size


class FileCache:
    """Values by key, one file each: the value's SHA-256, then the value.

    Args:
        folder: where; None for `$XDG_CACHE_HOME/cecil`, by default `~/.cache/cecil`.
        kept: how many files stay in the folder.
    """

    def __init__(self, folder: str | None = None, kept: int = KEPT) -> None:
        self._folder = folder or _default()
        self._kept = kept

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None where nothing was, or it is damaged or not ours.

        Args:
            key: letters, digits and hyphens.
        """
        if self._folder is None:
            return None
        try:
            if not _ours(os.stat(self._folder)):
                return None
            with open(os.path.join(self._folder, key), "rb") as file:
                if not _ours(os.fstat(file.fileno())):
                    return None
                data = file.read()
                os.utime(file.fileno())
        except OSError:
            return None
        value = data[_SUM:]
        return value if hashlib.sha256(value).digest() == data[:_SUM] else None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value. Whoever reads meanwhile gets the old one or the new one, whole."""
        if self._folder is None:
            return
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            fd, path = tempfile.mkstemp(prefix=".", dir=self._folder)  # mode 0600
            try:
                with open(fd, "wb") as file:
                    file.write(hashlib.sha256(value).digest() + value)
                os.replace(path, os.path.join(self._folder, key))
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(path)
                raise
            self._forget(self._folder)
        except OSError:
            return

    def _forget(self, folder: str) -> None:
        with os.scandir(folder) as entries:
            files = sorted(
                (entry.stat(follow_symlinks=False).st_mtime_ns, entry.path)
                for entry in entries
                if not entry.name.startswith(".")
            )
        for _, path in files[: -self._kept]:
            with contextlib.suppress(FileNotFoundError):  # another process was faster
                os.unlink(path)


def _ours(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _default() -> str | None:
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # a relative setting is ignored, as the XDG specification says
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return None
        base = os.path.join(home, ".cache")
    return os.path.join(base, "cecil")
