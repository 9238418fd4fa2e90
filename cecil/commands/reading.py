"""How a filter opens an input: the same for every command that reads a stream."""

import argparse
from collections.abc import Callable

from cecil.commands.options import terminal_note
from cecil.stream.input import STDIN
from cecil.stream.quarantine import Quarantine
from cecil.stream.reading import StreamReader


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
