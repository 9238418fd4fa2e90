"""All that is below a folder, however much that is: a folder is read as it is walked, and never held.

Owns: the order (that of the file system), and that what cannot be looked at is told. Refuses: to follow links
to folders, which may lead round in a circle.
"""

import os
from collections.abc import Callable, Iterator

Failed = Callable[[str, OSError], None]
"""Is told of a path that cannot be looked at, and why."""


def walk(top: str, failed: Failed, skip: os.stat_result | None = None) -> Iterator["os.DirEntry[str]"]:
    """Every entry below a folder, a folder before what is in it; one descriptor a level is open.

    Args:
        failed: is told of what is left out; all else is walked.
        skip: a folder that is passed over with all that is in it.
    """
    levels: list[tuple[str, os._ScandirIterator[str]]] = []

    def enter(path: str) -> None:
        try:
            levels.append((path, os.scandir(path)))
        except OSError as error:
            failed(path, error)

    def ours(entry: "os.DirEntry[str]") -> bool:
        return skip is not None and os.path.samestat(entry.stat(follow_symlinks=False), skip)

    enter(top)
    try:
        while levels:
            path, entries = levels[-1]
            try:
                entry = next(entries, None)
            except OSError as error:
                failed(path, error)
                entry = None
            if entry is None:
                levels.pop()[1].close()
                continue
            try:
                inner = entry.is_dir(follow_symlinks=False)
                if inner and ours(entry):
                    continue
            except OSError as error:
                failed(entry.path, error)
                continue
            yield entry
            if inner:
                enter(entry.path)
    finally:
        for _, entries in levels:
            entries.close()
