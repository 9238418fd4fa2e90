"""cecil-fetch stdin: standard input, in any format that needs no seeking."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import terminal_note
from cecil.commands.sources.formats import format_options, reading
from cecil.commands.sources.shared import PROGRAM, Sources, common_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "stdin",
        help="standard input: JSONL, JSON, CSV, TSV, text lines",
        description="Read records from standard input: JSONL, JSON, CSV, TSV or text lines. Compression "
        "(gzip, bzip2, xz, zstandard) is recognised by content.",
    )
    format_options(sub)
    common_options(sub, build)


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    terminal_note(PROGRAM)
    return provider_class("stdin")(quarantine, before_wait=before_wait, **reading(args))
