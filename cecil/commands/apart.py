"""Files that options name, held against each other before anything is opened for writing.

Refuses: what is written twice, and what is written and read, by whatever name. One would be lost in the
other: an audit in the records, or the only key of what was encrypted with it.
"""

import argparse
import contextlib
import os
import stat
from collections.abc import Iterator

from cecil.errors import UsageError

_WRITTEN = (
    "output",
    "audit",
    "manifest",
    "quarantine",
    "stats_file",
    "checkpoint",
    "state",
    "truth",
    "new_key",
)
"""Options that name what is written."""
_READ = """policy key_file recognizers manifest_key url_file password_file token_file ca_file prices
verify_key""".split()


def check(args: argparse.Namespace) -> None:
    """Hold the options of a run against each other, and against standard output where that is a file.

    Args:
        args: as parsed.

    Raises:
        UsageError: two name one file, and one of them is written.
    """
    seen: dict[object, str] = {}
    if getattr(args, "output", None) in (None, "-"):
        status = os.fstat(1)
        if stat.S_ISREG(status.st_mode):
            seen[status.st_dev, status.st_ino] = "standard output"
    for name in (*_WRITTEN, *_READ):
        path = getattr(args, name, None)
        file = _file(path) if isinstance(path, str) and path != "-" else None
        if file is None:
            continue
        option = f"--{name.replace('_', '-')}"
        if file in seen:
            raise UsageError(f"is both {seen[file]} and {option}", where=path)
        if name in _WRITTEN:
            seen[file] = option


def written(args: argparse.Namespace) -> Iterator[os.stat_result]:
    """What a run writes beside its records, and standard output: all that is there already.

    Not what --output names, whose own rules hold: it is new, a folder, or replaced when all is read.
    """
    yield os.fstat(1)
    for name in _WRITTEN:
        if name != "output":
            with contextlib.suppress(OSError):
                yield os.stat(getattr(args, name, None) or "")


def _file(path: str) -> object:
    """What tells a file from every other; None for what can be written at once by many: a device, a pipe."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)  # it is not there yet
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
