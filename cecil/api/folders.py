"""Files below folders that the operator named: made, never found.

Owns: the way from a path that a request names to a file that nobody has yet. Each folder on the way is opened
from the one above, and none through a link; so whatever a link or `..` says, and whoever changes the tree
meanwhile, the file is below the folder. Refuses: to overwrite, hidden names, and to show a file before all
of it is there.
"""

import contextlib
import os
from typing import NamedTuple

from cecil.api.problems import Problem
from cecil.stream.compression import codec_for
from cecil.stream.formats import format_of

_LONGEST = 255
_SUFFIXES = ".jsonl, .csv, .tsv, each also with .gz, .bz2, .xz or .zst behind it, or .parquet"
_PACKED = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}


class Form(NamedTuple):
    """What a file's name says of it.

    Attributes:
        format: as cecil-write's `--format`.
        compression: as its `--compression`.
    """

    format: str
    compression: str


def form_of(path: str) -> Form:
    """The format and compression that a name's suffix says.

    Raises:
        Problem: it says none.
    """
    form = format_of(path)
    codec = codec_for(path.lower())
    if form is None or (form == "parquet" and codec):
        raise Problem("malformed", f"path ends in one of {_SUFFIXES}")
    if form == "parquet":
        return Form(form, "zstd")
    return Form(form, _PACKED[codec.suffix] if codec else "none")


class NewFile:
    """A file that gets its name when it is published.

    Args:
        root: the folder that the operator named.
        path: below it, with `/` between names.

    Raises:
        Problem: there can be no such file, or there is one.

    Attributes:
        fd: what is written to.
    """

    def __init__(self, root: str, path: str) -> None:
        *above, self._name = _names(path)
        self._folder = _opened(root, above)
        self._temporary = f".cecil-serve.{os.urandom(8).hex()}.tmp"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            try:
                os.stat(self._name, dir_fd=self._folder, follow_symlinks=False)
            except FileNotFoundError:
                pass
            else:
                raise Problem("exists")
            self.fd = os.open(self._temporary, flags, 0o600, dir_fd=self._folder)
        except OSError:
            os.close(self._folder)
            raise Problem("failed", "the file cannot be made") from None
        except Problem:
            os.close(self._folder)
            raise

    def publish(self) -> None:
        """Give it its name, safe on disk; not where there is one of that name by now.

        Raises:
            Problem: it cannot be done.
        """
        folder = self._folder
        try:
            os.fsync(self.fd)
            # A link to a file is not followed: any that stands there is in the way.
            os.link(self._temporary, self._name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
            with contextlib.suppress(OSError):
                os.fsync(folder)  # some file systems cannot
        except FileExistsError:
            raise Problem("exists") from None
        except OSError:
            raise Problem("failed", "the file cannot be made safe on disk") from None

    def close(self) -> None:
        """Leave nothing behind but what was published."""
        with contextlib.suppress(OSError):
            os.unlink(self._temporary, dir_fd=self._folder)
        for fd in (self.fd, self._folder):
            os.close(fd)


def _names(path: str) -> list[str]:
    """The names on the way.

    Raises:
        Problem: one of them is none, is hidden, or leads upwards.
    """
    names = path.split("/")
    for name in names:
        if not name or name.startswith(".") or not name.isprintable() or len(name.encode()) > _LONGEST:
            raise Problem("malformed", "path is names joined by /, none of them empty or hidden")
    return names


def _opened(root: str, names: list[str]) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    try:
        fd = os.open(root, flags)
    except OSError:
        raise Problem("failed", "the folder that was named at start cannot be opened") from None
    for name in names:
        try:
            below = os.open(name, flags | os.O_NOFOLLOW, dir_fd=fd)
        except OSError:
            raise Problem("not-found", "a folder of the path is not there, or is a link") from None
        finally:
            os.close(fd)
        fd = below
    return fd
