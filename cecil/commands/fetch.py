"""cecil-fetch: records from where they are to standard output, as JSONL."""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cecil.commands.options import FILE, Parser, count, path_option, stream_options, terminal_note

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.output import Output
    from cecil.stream.progress import Progress
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-fetch"
MARKERS_VERSION = 1

Build = Callable[[argparse.Namespace, "Quarantine", Callable[[], None]], "BaseDataProvider"]
"""Makes the provider from the arguments; the last one flushes what is held."""


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
        parser_class=_SourceParser,
    )
    _add_file(sources)
    _add_stdin(sources)
    _add_mock(sources)
    return p


class _SourceParser(Parser):
    def __init__(self, prog: str, description: str, **_: object) -> None:
        # Newer versions of argparse hand down more; the house's manners come from Parser.
        super().__init__(prog, description)


def _add_file(sources: "argparse._SubParsersAction[_SourceParser]") -> None:
    sub = sources.add_parser(
        "file",
        help="files: JSONL, JSON, CSV, TSV, Parquet, text lines; compressed ones too",
        description="Read records from files: JSONL, JSON, CSV, TSV, Parquet or text lines. Compression "
        "(gzip, bzip2, xz, zstandard) is recognised by content.",
    )
    operand = sub.add_argument(
        "path",
        metavar="PATH",
        nargs="+",
        help="files, folders (with all in them but hidden files), globs; - is standard input",
    )
    operand.complete = FILE  # type: ignore[attr-defined]
    _format_options(sub)
    _common_options(sub, _build_file)


def _add_stdin(sources: "argparse._SubParsersAction[_SourceParser]") -> None:
    sub = sources.add_parser(
        "stdin",
        help="standard input: JSONL, JSON, CSV, TSV, text lines",
        description="Read records from standard input: JSONL, JSON, CSV, TSV or text lines. Compression "
        "(gzip, bzip2, xz, zstandard) is recognised by content.",
    )
    _format_options(sub)
    _common_options(sub, _build_stdin)


def _add_mock(sources: "argparse._SubParsersAction[_SourceParser]") -> None:
    sub = sources.add_parser(
        "mock",
        help="made-up records with personal data of nobody, for tests and demos",
        description="Make up log records, the same ones for the same seed. The personal data in them "
        "belongs to nobody: reserved domains, numbers and addresses.",
    )
    group = sub.add_argument_group("what is made")
    group.add_argument(
        "--records", metavar="N", type=count, default=100, help="how many records (default: 100)"
    )
    group.add_argument("--seed", metavar="N", type=count, default=0, help="which ones (default: 0)")
    path_option(
        group,
        "--truth",
        "write where in which record which personal data stands to FILE, as JSONL, mode 0600",
    )
    _common_options(sub, _build_mock)


def _format_options(sub: Parser) -> None:
    group = sub.add_argument_group("format")
    group.add_argument(
        "--format",
        choices=["auto", "jsonl", "json", "csv", "tsv", "parquet", "text"],
        default="auto",
        help="format of the input; json takes arrays, and objects that span lines; text makes each line "
        'a record {"message": line}; auto looks at the content, for tables at the name (default: auto)',
    )
    group.add_argument(
        "--encoding", metavar="NAME", help="encoding of text (default: recognised; UTF-8 where it is JSON)"
    )
    group.add_argument("--delimiter", metavar="CHAR", help="delimiter of CSV (default: recognised)")
    group = sub.add_argument_group("which records")
    group.add_argument(
        "--limit", metavar="N", type=count, help="write at most N records, and read no further"
    )
    group.add_argument(
        "--since",
        metavar="TIME",
        help="only records from TIME on: RFC 3339 with an offset, an epoch, or a duration before now as 15m, "
        "2h, 7d",
    )
    group.add_argument("--until", metavar="TIME", help="only records before TIME")
    group.add_argument(
        "--time-field",
        metavar="PATH",
        help="where a record's time stands: a key, keys joined by dots, or a JSON Pointer such as "
        "/event/time",
    )


def _common_options(sub: Parser, build: Build) -> None:
    stream = stream_options(sub)
    stream.add_argument(
        "--markers",
        action="store_true",
        help="put control lines around the records, by which cecil-write tells a whole stream from a cut one",
    )
    stream.add_argument(
        "--describe",
        action="store_true",
        help="write what is there (formats, columns, sizes) as JSON, and no records",
    )
    sub.set_defaults(build=build)


def _build_file(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    if "-" in args.path:
        terminal_note(PROGRAM)
    return provider_class("file")(
        args.path, quarantine, before_wait=before_wait, target=_target(), **_reading(args)
    )


def _build_stdin(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    terminal_note(PROGRAM)
    return provider_class("stdin")(quarantine, before_wait=before_wait, **_reading(args))


def _build_mock(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    return provider_class("mock")(args.records, args.seed, quarantine=quarantine, truth=args.truth)


def _reading(args: argparse.Namespace) -> dict[str, Any]:
    from cecil.providers.generic.times import window

    return {
        "format": args.format,
        "encoding": args.encoding,
        "delimiter": args.delimiter,
        "max_record": args.max_record,
        "limit": args.limit,
        "window": window(args.time_field, args.since, args.until, time.time_ns()),
    }


def _target() -> os.stat_result | None:
    import stat

    status = os.fstat(1)
    return status if stat.S_ISREG(status.st_mode) else None


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    from cecil.errors import SourceError
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
    progress = Progress(False if args.quiet else None)
    try:
        try:
            with provider:
                _stream(provider, output, progress, markers=args.markers)
        finally:
            progress.clear()
    except SourceError:
        _end(args, quarantine, output, complete=False)  # what was complete goes on
        raise
    return _end(args, quarantine, output)


def _stream(provider: "BaseDataProvider", output: "Output", progress: "Progress", *, markers: bool) -> None:
    from cecil.stream.markers import Marker, disguise

    counts = provider.quarantine.counts
    if markers:
        output.write(Marker("begin", {"version": MARKERS_VERSION, "source": provider.name}).line())
    for batch in provider.stream_batches():
        output.write(disguise(batch.data) if markers else batch.data)
        counts.written += batch.count
        if markers and batch.checkpoint is not None:
            output.write(Marker("checkpoint", batch.checkpoint).line())
        progress.update(counts.read, provider.consumed, provider.size)
    if markers:
        # Whoever reads the end commits the source: what is in quarantine must be safe by then.
        provider.quarantine.close()
        counts.check()
        body = {"records": counts.written, **counts.as_dict()}
        body["dropped"] = counts.dropped.total()
        output.write(Marker("end", body).line())


def _end(
    args: argparse.Namespace, quarantine: "Quarantine", output: "Output", *, complete: bool = True
) -> int:
    from cecil.commands.finish import finish

    hint = None
    lines_of_text = any(reason.startswith("not valid JSON at column 1") for reason in quarantine.first)
    if lines_of_text and not quarantine.counts.written:
        hint = "if these are lines of text: --format text"
    return finish(PROGRAM, args, quarantine, output, hint=hint, complete=complete)


def _describe(provider: "BaseDataProvider", output: "Output") -> int:
    import orjson

    with provider:
        about = provider.fetch_metadata()
    output.write(orjson.dumps(about, option=orjson.OPT_INDENT_2) + b"\n")
    output.close()
    return 0
