"""Operands to files: paths, globs and folders, in an order that is the same everywhere.

Refuses: an operand that leads to nothing. Inside of a folder, names that begin with a dot are skipped,
links to folders are not followed (so no loop has no end), and what is no regular file is left alone.
"""

import fnmatch
import glob
import os
import stat

from cecil.errors import SourceError, reason
from cecil.stream.input import STDIN

_MAGIC = frozenset("*?[")


def expand(operands: list[str]) -> list[str]:
    """The files that operands lead to, operand by operand; those of one operand sorted by path.

    The order is that of code points, not of a locale.

    A path that exists is taken as it is spelled; else it may be a glob, for where no shell expanded it.

    Raises:
        SourceError: there is no such file, or nothing fits.
    """
    return [path for operand in operands for path in _expand(operand)]


def _expand(operand: str) -> list[str]:
    if operand == STDIN:
        return [operand]
    if not os.path.lexists(operand) and not _MAGIC.isdisjoint(operand):
        found = _glob(operand)
        if not found:
            raise SourceError("no file fits the pattern", where=operand)
        return found
    found = _files(operand)
    if not found:
        raise SourceError(
            "no file in the folder", where=operand, hint="files whose names begin with a dot are skipped"
        )
    return found


def _glob(pattern: str) -> list[str]:
    steps = pattern.split(os.sep)
    if "**" not in steps:
        return [path for match in sorted(glob.glob(pattern)) for path in _files(match)]
    # The library's own `**` follows links to folders, in circles too.
    place = steps.index("**")
    start = os.sep.join(steps[:place]) or (os.sep if place else os.curdir)
    found = []
    for folder in sorted(glob.glob(start)):
        for path in _walk(folder):
            if _fits(os.path.relpath(path, folder).split(os.sep), steps[place:]):
                found.append(path if place else os.path.normpath(path))
    return found


def _fits(path: list[str], pattern: list[str]) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return _fits(path, pattern[1:]) or (bool(path) and _fits(path[1:], pattern))
    return bool(path) and fnmatch.fnmatchcase(path[0], pattern[0]) and _fits(path[1:], pattern[1:])


def _files(path: str) -> list[str]:
    try:
        folder = stat.S_ISDIR(os.stat(path).st_mode)
        if not folder and not os.access(path, os.R_OK):
            raise PermissionError(13, "permission denied")
    except OSError as error:
        raise _unreadable(error, path) from None
    return _walk(path) if folder else [path]


def _walk(folder: str) -> list[str]:
    found: list[str] = []

    def fail(error: OSError) -> None:
        raise _unreadable(error, error.filename or folder)

    for place, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            path = os.path.join(place, name)
            if not name.startswith(".") and _is_file(path):
                found.append(path)
    return sorted(found)


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError as error:
        raise _unreadable(error, path) from None


def _unreadable(error: OSError, path: str) -> SourceError:
    return SourceError(reason(error), where=path)
