"""cecil-fetch file: files of any format, read in order."""

import argparse
import os
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import FILE, path, terminal_note
from cecil.commands.sources.formats import format_options, reading
from cecil.commands.sources.shared import PROGRAM, Sources, common_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "file",
        help="files: JSONL, JSON, CSV, TSV, Parquet, text lines; compressed ones too",
        description="Read records from files: JSONL, JSON, CSV, TSV, Parquet or text lines. Compression "
        "(gzip, bzip2, xz, zstandard) is recognised by content.",
    )
    operand = sub.add_argument(
        "path",
        metavar="PATH",
        nargs="+",
        type=path,
        help="files, folders (with all in them but hidden files), globs; - is standard input",
    )
    operand.complete = FILE  # type: ignore[attr-defined]
    format_options(sub)
    common_options(sub, build)


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    if "-" in args.path:
        terminal_note(PROGRAM)
    return provider_class("file")(
        args.path, quarantine, before_wait=before_wait, target=_target(), **reading(args)
    )


def _target() -> os.stat_result | None:
    status = os.fstat(1)
    return status if stat.S_ISREG(status.st_mode) else None
