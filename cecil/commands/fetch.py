"""cecil-fetch: records from where they are to standard output, as JSONL."""

import argparse
import importlib
import os
import signal
import stat
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import Parser
from cecil.commands.sources import SOURCES
from cecil.commands.sources.shared import PROGRAM, Build, SourceParser

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.output import Output
    from cecil.stream.progress import Progress

MARKERS_VERSION = 1


def parser() -> Parser:
    p = Parser(
        PROGRAM, "Read records from a source and write them to standard output as JSONL, one object a line."
    )
    sources = p.add_subparsers(
        title="sources",
        metavar="SOURCE",
        dest="source",
        required=True,
        prog=PROGRAM,
        parser_class=SourceParser,
    )
    for name in SOURCES:
        importlib.import_module(f"cecil.commands.sources.{name}").add(sources)
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    from cecil.errors import SourceError
    from cecil.providers.interrupts import Stopped
    from cecil.stream.output import Output
    from cecil.stream.progress import Progress
    from cecil.stream.quarantine import Quarantine

    quarantine = Quarantine(args.quarantine, PROGRAM)
    output = Output()

    def flush() -> None:
        quarantine.flush()
        output.flush()

    build: Build = args.build
    provider = build(args, quarantine, flush)
    if args.describe:
        return _describe(provider, output)
    if getattr(args, "list", False):
        return _list(provider, output)
    progress = Progress(False if args.quiet else None)
    try:
        try:
            with provider:
                if not args.quiet:
                    _tell_plan(provider)
                with _interrupts(provider):
                    _stream(provider, output, progress, markers=args.markers)
        finally:
            progress.clear()
    except SourceError:
        _end(args, provider, output, complete=False)  # what was complete goes on
        raise
    except Stopped as stopped:
        _end(args, provider, output, complete=False)
        if stopped.number != signal.SIGINT:
            signal.raise_signal(stopped.number)  # as by itself
        raise
    return _end(args, provider, output)


def _interrupts(provider: "BaseDataProvider") -> "AbstractContextManager[object]":
    """Ctrl-C waits for the state, where that tells what is in the output: in a file.

    Who reads a pipe gets the same Ctrl-C, and may not have dealt with what is in there.
    """
    from cecil.providers.remote import RemoteProvider

    if isinstance(provider, RemoteProvider) and provider.commits and stat.S_ISREG(os.fstat(1).st_mode):
        return provider.reading.interrupts
    return nullcontext()


def _tell_plan(provider: "BaseDataProvider") -> None:
    """Before a long read: how long it will be."""
    from cecil.providers.remote import RemoteProvider

    if isinstance(provider, RemoteProvider):
        plan = provider.plan(*provider.span())
        if plan:
            message(PROGRAM, plan)


def _stream(provider: "BaseDataProvider", output: "Output", progress: "Progress", *, markers: bool) -> None:
    from cecil.stream.markers import Marker, disguise

    counts = provider.quarantine.counts
    if markers:
        output.write(Marker("begin", {"version": MARKERS_VERSION, **provider.begin()}).line())
    for batch in provider.stream_batches():
        output.write(disguise(batch.data) if markers else batch.data)
        counts.written += batch.count
        if batch.checkpoint is not None:
            if markers:
                output.write(Marker("checkpoint", batch.checkpoint).line())
            if provider.commits:
                # What is in quarantine will not be read again either.
                provider.quarantine.sync()
                output.sync()
                provider.commit()
        progress.update(counts.read, provider.consumed, provider.size)
    if markers:
        # Whoever reads the end commits the source: what is in quarantine must be safe by then.
        provider.quarantine.close()
        counts.check()
        body = {"records": counts.written, **counts.as_dict()}
        body["dropped"] = counts.dropped.total()
        output.write(Marker("end", body).line())


def _end(
    args: argparse.Namespace, provider: "BaseDataProvider", output: "Output", *, complete: bool = True
) -> int:
    from cecil.commands.finish import finish

    quarantine = provider.quarantine
    hint = None
    lines_of_text = any(reason.startswith("not valid JSON at column 1") for reason in quarantine.first)
    if lines_of_text and not quarantine.counts.written:
        hint = "if these are lines of text: --format text"
    return finish(PROGRAM, args, quarantine, output, provider.stats(), hint=hint, complete=complete)


def _describe(provider: "BaseDataProvider", output: "Output") -> int:
    import orjson

    with provider:
        about = provider.fetch_metadata()
    output.write(orjson.dumps(about, option=orjson.OPT_INDENT_2) + b"\n")
    output.close()
    return 0


def _list(provider: "BaseDataProvider", output: "Output") -> int:
    from cecil.stream.encode import dumps

    with provider:
        for one in provider.listing():
            output.write(dumps(one) + b"\n")
    output.close()
    return 0
