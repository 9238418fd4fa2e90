"""How a command opens its inputs, and reads the small files that its options name."""

import argparse
import contextlib
import os
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING

from cecil.commands.apart import written
from cecil.commands.options import terminal_note
from cecil.errors import SourceError, UsageError, reason
from cecil.stream.formats import PARQUET
from cecil.stream.input import STDIN, STDIN_NAME
from cecil.stream.quarantine import Quarantine
from cecil.stream.reading import StreamReader

if TYPE_CHECKING:
    from cecil.fingerprint.hashing import Hasher
    from cecil.sanitizer.detectors.everyone import Own


def open_reader(
    program: str,
    path: str,
    args: argparse.Namespace,
    quarantine: Quarantine,
    before_wait: Callable[[], None] | None = None,
    *,
    require_markers: bool = False,
    opened: Callable[[int, str], Callable[[bytes], None]] | None = None,
) -> StreamReader:
    """An input of a filter; says so when it is a terminal.

    Args:
        args: as parsed; `max_record` and `markers` are read.
        require_markers: whether markers are required even when `--markers` is not given.
        opened: see `Input`.

    Raises:
        SourceError: it cannot be opened.
    """
    if path == STDIN:
        terminal_note(program)
    return StreamReader(
        path,
        quarantine,
        before_wait,
        args.max_record,
        require_markers=args.markers or require_markers,
        opened=opened,
    )


def check_inputs(args: argparse.Namespace, *, parquet: bool = False) -> None:
    """Look at the inputs before the first byte is read.

    Args:
        args: as parsed; `file` is one operand or several.
        parquet: whether Parquet is read, and not lines alone.

    Raises:
        SourceError: one is also written: it would feed itself, or be written over by what is told of it.
        UsageError: one is no lines.
    """
    files = tuple(written(args))
    for path in [args.file] if isinstance(args.file, str) else args.file or [STDIN]:
        with contextlib.suppress(OSError):  # who opens it says so
            status = os.fstat(0) if path == STDIN else os.stat(path)
            if stat.S_ISREG(status.st_mode) and any(os.path.samestat(status, one) for one in files):
                where = STDIN_NAME if path == STDIN else path
                raise SourceError("what is read is also what is written", where=where)
        if not parquet and path != STDIN and is_parquet(path):
            raise UsageError(
                "a Parquet file, which has no lines", where=path, hint="cecil-fetch file FILE reads it"
            )


def is_parquet(path: str) -> bool:
    """Whether a file begins as Parquet does; False for what is none, or cannot be read."""
    try:
        if not os.path.isfile(path):  # of a pipe nothing may be lost
            return False
        with open(path, "rb") as file:
            return file.read(len(PARQUET)) == PARQUET
    except OSError:
        return False  # who reads it says what is wrong


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


def hasher(path: str | None) -> "Hasher | None":
    """What hashes for fingerprints with the key in a file, where an option names one.

    Raises:
        UsageError: see `keyfile.read`.
    """
    if path is None:
        return None
    from cecil.commands import keyfile
    from cecil.fingerprint.hashing import Hasher

    return Hasher(keyfile.read(path).derive("fingerprint"))
