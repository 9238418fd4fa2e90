"""Files that options name, held against each other before anything is opened for writing.

Refuses: what is written twice, and what is written and read, by whatever name. One would be lost in the
other: an audit in the records, or the only key of what was encrypted with it.
"""

import argparse
import os
import stat

from cecil.errors import UsageError

WRITTEN = (
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
    for name in (*WRITTEN, *_READ):
        path = getattr(args, name, None)
        file = _file(path) if isinstance(path, str) and path != "-" else None
        if file is None:
            continue
        option = f"--{name.replace('_', '-')}"
        if file in seen:
            raise UsageError(f"is both {seen[file]} and {option}", where=path)
        if name in WRITTEN:
            seen[file] = option


def _file(path: str) -> object:
    """What tells a file from every other; None for what can be written at once by many: a device, a pipe."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path)  # it is not there yet
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None
