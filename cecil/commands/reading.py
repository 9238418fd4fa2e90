"""How a command opens its inputs, and reads the small files that its options name."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from cecil.commands.options import terminal_note
from cecil.errors import UsageError, reason
from cecil.stream.input import STDIN
from cecil.stream.quarantine import Quarantine
from cecil.stream.reading import StreamReader

if TYPE_CHECKING:
    from cecil.fingerprint.hashing import Hasher
    from cecil.sanitizer.detectors.everyone import Own

_MAX_KEY = 1 << 16


def open_reader(
    program: str,
    path: str,
    args: argparse.Namespace,
    quarantine: Quarantine,
    before_wait: Callable[[], None] | None = None,
    *,
    require_markers: bool = False,
) -> StreamReader:
    """An input of a filter; says so when it is a terminal.

    Args:
        args: as parsed; `max_record` and `markers` are read.
        require_markers: whether markers are required even when `--markers` is not given.

    Raises:
        SourceError: it cannot be opened.
    """
    if path == STDIN:
        terminal_note(program)
    return StreamReader(
        path, quarantine, before_wait, args.max_record, require_markers=args.markers or require_markers
    )


def head(path: str, limit: int) -> bytes:
    """The first bytes of a file that an option names, at most `limit`: a key, a policy.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(limit)
    except OSError as error:
        raise UsageError(reason(error), where=path) from None


def recognizers(path: str | None) -> "Own | None":
    """The user's recognizers, where an option names their file.

    Raises:
        UsageError: it cannot be read, or is too large.
    """
    from cecil.sanitizer.detectors.everyone import Own
    from cecil.sanitizer.policy_file import LARGEST_RECOGNIZERS
    from cecil.stream import files

    return Own(files.whole(path, LARGEST_RECOGNIZERS), path) if path else None


def hasher(path: str | None, hint: str | None = None) -> "Hasher | None":
    """What hashes with the key in a file, where an option names one.

    Args:
        hint: what to type where the key is too short or too long.

    Raises:
        UsageError: it cannot be read, or is no key.
    """
    if path is None:
        return None
    from cecil.fingerprint.hashing import MIN_KEY, Hasher

    key = head(path, _MAX_KEY + 1)
    if not MIN_KEY <= len(key) <= _MAX_KEY:
        raise UsageError(f"a key of {MIN_KEY} bytes or more is wanted", where=path, hint=hint)
    return Hasher(key)
