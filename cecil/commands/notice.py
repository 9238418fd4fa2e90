"""Whether a notice is wanted after the output, and how it is told.

It is for somebody at a terminal who has just seen the output there: never in a pipe, in CI, with --quiet or
--no-notice, or where `CECIL_NO_NOTICE` is set.
"""

import argparse
import os
from typing import TYPE_CHECKING

from cecil.commands.boundary import message

if TYPE_CHECKING:
    from cecil.fingerprint.gap import Figures, Shown


def wanted(args: argparse.Namespace) -> bool:
    """Whether somebody is there who wants to know.

    Args:
        args: as parsed; `quiet` and `no_notice` are read.
    """
    if args.quiet or args.no_notice or _on("CECIL_NO_NOTICE") or _on("CI"):
        return False
    try:
        return os.isatty(1) and os.isatty(2)
    except OSError:
        return False


def tell(program: str, figures: "Figures", shown: "Shown") -> None:
    """Say what was computed and what was not, in three lines at most."""
    for line in figures.lines(shown):
        message(program, line)


def _on(name: str) -> bool:
    return os.environ.get(name, "").lower() not in ("", "0", "false")
