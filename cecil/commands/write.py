"""cecil-write: records to a JSONL, CSV, TSV or Parquet file that is whole or not there."""

import argparse
import contextlib
import os
import signal
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

from cecil.commands.boundary import many, message
from cecil.commands.options import (
    FILE,
    Parser,
    file_operand,
    markers_option,
    path,
    path_option,
    size,
    stream_options,
)
from cecil.errors import ClosedPipe, OutputError, SourceError, UsageError

if TYPE_CHECKING:
    from cecil.stream.compression import Codec
    from cecil.stream.lines import Block
    from cecil.stream.quarantine import Quarantine
    from cecil.stream.reading import StreamReader
    from cecil.writers import Writer
    from cecil.writers.sinks import Target

PROGRAM = "cecil-write"

_SUFFIXES = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "zstd": ".zst"}


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Write JSONL records to a file that is whole or not there: JSONL as the bytes that came, CSV, TSV "
        "or Parquet, compressed by the name's suffix.",
    )
    file_operand(p)
    group = p.add_argument_group("output")
    action = group.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        type=path,
        help="the file; its suffix gives format and compression, as in x.jsonl, x.csv.gz, x.parquet; "
        "a device or a pipe is written to straight (default: standard output)",
    )
    action.complete = FILE  # type: ignore[attr-defined]
    group.add_argument("--force", action="store_true", help="overwrite a file that exists")
    group.add_argument(
        "--format",
        choices=["jsonl", "csv", "tsv", "parquet"],
        help="the format, whatever the suffix (default for standard output: jsonl)",
    )
    group.add_argument(
        "--compression",
        choices=["none", *_SUFFIXES],
        help="the compression, whatever the suffix; Parquet is compressed inside: none, gzip or zstd "
        "(default: zstd)",
    )
    group.add_argument(
        "--columns",
        metavar="A,B,...",
        type=_columns,
        help="the columns of a table, in this order; a name with a comma in double quotes (default: those of "
        "the first record; for Parquet of the sample)",
    )
    group.add_argument(
        "--extra",
        choices=["error", "drop"],
        default="error",
        help="what becomes of values that no column takes; dropped ones are counted (default: error)",
    )
    group.add_argument(
        "--sample",
        metavar="BYTES",
        type=size,
        default=size("16M"),
        help="how much of the records Parquet's schema is made of; it is held in memory (default: 16M)",
    )
    stream = stream_options(p)
    markers_option(stream)
    path_option(
        stream,
        "--checkpoint",
        "once all is safe, write the input's last checkpoint to FILE as JSON; includes --markers",
    )
    path_option(
        stream,
        "--state",
        "once all is safe, commit in FILE what was read: the --state of cecil-fetch; includes --markers",
    )
    return p


def _columns(text: str) -> tuple[str, ...]:
    import csv

    try:
        text.encode()
        (names,) = csv.reader([text], strict=True)
        if not names:
            raise ValueError
    except (ValueError, csv.Error):
        raise argparse.ArgumentTypeError("names are wanted, joined by commas, in UTF-8") from None
    if len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("a column stands there twice")
    return tuple(names)


class _Job(NamedTuple):
    """What the options mean."""

    path: str | None
    format: str
    codec: "Codec | None"
    inner: str
    """Parquet's own compression."""


def _job(args: argparse.Namespace) -> _Job:
    """What is asked for.

    Raises:
        UsageError: options, suffix and terminal do not go together.
        OutputError: the path is a folder.
    """
    from cecil.stream.compression import codec_for
    from cecil.stream.formats import format_of
    from cecil.writers.sinks import is_stream

    path = args.output
    straight = is_stream(path)
    form = args.format or format_of(path or "") or ("jsonl" if straight else None)
    if form is None and os.path.isdir(path):
        raise OutputError("is a folder", where=path)
    if form is None:
        raise UsageError("the name does not say which format", where=path, hint="--format jsonl")
    if args.columns and form == "jsonl":
        raise UsageError("--columns is for csv, tsv and parquet; JSONL records leave as they came")
    by_suffix = codec_for((path or "").lower())
    if form == "parquet":
        if by_suffix and args.compression is None:
            raise UsageError(
                "Parquet is compressed inside",
                where=path,
                hint="name it .parquet, with --compression zstd",
            )
        inner = args.compression or "zstd"
        if inner not in ("none", "gzip", "zstd"):
            raise UsageError(f"Parquet files cannot be compressed with {inner}", hint="--compression zstd")
        codec = None
    else:
        inner = "none"
        codec = codec_for(_SUFFIXES[args.compression]) if args.compression in _SUFFIXES else None
        codec = by_suffix if args.compression is None else codec
    if (codec or form == "parquet") and straight and path in (None, "-", "/dev/stdout") and os.isatty(1):
        raise UsageError("not to a terminal: this is not text", hint="-o FILE")
    return _Job(path, form, codec, inner)


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    job = _job(args)
    from cecil.commands.reading import check_inputs
    from cecil.stream.quarantine import Quarantine
    from cecil.writers import writer_for
    from cecil.writers.sinks import AtomicFile, open_target

    # Everything that can be wrong with the way out is said before the first byte is read.
    make = writer_for(job.format)
    check_inputs(args)
    quarantine = Quarantine(args.quarantine, PROGRAM)
    targets: list[Target] = []
    with _abandoned_at_death(targets):
        target = open_target(job.path, force=args.force)
        targets.append(target)
        checkpoint = AtomicFile(args.checkpoint, force=True, mode=0o600) if args.checkpoint else None
        if checkpoint:
            targets.append(checkpoint)
        run = _Run(args, job, make, target, quarantine)
        run.read()
        run.publish(checkpoint)
    return run.finish()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """No signal but SIGKILL comes between what is one step."""
    held = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _abandoned_at_death(targets: "list[Target]") -> Iterator[None]:
    """Leave no temporary file behind: not after an error, and not when a signal ends the process."""
    from cecil.stream.dying import at_death

    def abandon() -> None:
        for target in targets:
            target.abandon()

    with at_death(abandon):
        try:
            yield
        finally:
            abandon()


class _Run:
    """One run, from the first byte in to the last line on stderr."""

    def __init__(
        self,
        args: argparse.Namespace,
        job: _Job,
        make: "type[Writer]",
        target: "Target",
        quarantine: "Quarantine",
    ) -> None:
        from cecil.stream.progress import Progress

        self._args = args
        self._job = job
        self._make = make
        self._target = target
        self._quarantine = quarantine
        self._progress = Progress(False if args.quiet else None)
        self._checkpoint: dict[str, Any] | None = None
        self._writer: Writer | None = None

    def read(self) -> None:
        """Read all there is, and write it to the target; nothing is published.

        Raises:
            SourceError, TruncatedError: the input failed, or is not whole.
            OutputError, ClosedPipe: the output failed, or cannot hold a record.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.jsonl import records
        from cecil.writers import Plan
        from cecil.writers.sinks import AtomicFile

        args = self._args
        before_wait = None if isinstance(self._target, AtomicFile) else self._target.flush
        reader = open_reader(
            PROGRAM,
            args.file,
            args,
            self._quarantine,
            before_wait,
            require_markers=bool(args.checkpoint or args.state),
        )
        codec = self._job.codec
        compressed = codec.writer(cast("IO[bytes]", self._target)) if codec else None
        plan = Plan(reader.name, args.columns, args.extra == "drop", args.sample, self._job.inner)
        writer = self._writer = self._make(compressed or self._target, plan, self._quarantine)
        try:
            with reader:
                for some in records(self._lines(reader), reader.name, self._quarantine):
                    writer.write(some)
            writer.close()
        except SourceError:
            self._target.flush()  # to a stream the records before the failure go on, as cat's would
            self.finish(complete=False)
            raise
        except ClosedPipe:
            raise
        except OutputError as error:
            if error.where != self._quarantine.path:
                self.finish(complete=False)  # what is in quarantine already is told
            raise
        finally:
            self._progress.clear()
            self._quarantine.flush()
        if compressed:
            compressed.close()

    def _lines(self, reader: "StreamReader") -> "Iterator[Block]":
        """Blocks of lines, without markers and without a byte order mark."""
        from cecil.stream.markers import Marker

        for item in reader:
            if isinstance(item, Marker):
                if item.kind == "checkpoint":
                    self._checkpoint = item.body
                elif item.kind == "begin":
                    self._begin(item.body, reader.name)
                continue
            if item.first == 1 and item.data.startswith(BOM_UTF8):
                item = item._replace(data=item.data[len(BOM_UTF8) :])
                if not item.data:
                    self._quarantine.counts.read -= 1
                    continue
            yield item
            self._progress.update(self._quarantine.counts.read, reader.source.consumed, reader.source.size)

    def _begin(self, body: dict[str, Any], name: str) -> None:
        """Hold the options against the source: one that keeps a state wants it committed."""
        named = body.get("state") is not None
        if named and not self._args.state:
            raise UsageError(
                "cecil-fetch reads with a state, and nobody commits it",
                where=name,
                hint="cecil-write --state FILE, with the FILE of cecil-fetch",
            )
        if self._args.state and not named:
            raise UsageError(
                "cecil-fetch reads without a state",
                where=name,
                hint="cecil-fetch --state FILE --markers ..., with the same FILE",
            )
        if named:
            from cecil.providers.state import Handover

            with Handover(self._args.state) as handover:  # what cannot be committed is said before it is read
                handover.know(body)

    def publish(self, checkpoint: "Target | None") -> None:
        """Make the file last, and only then commit the checkpoint.

        Raises:
            SourceError: another run with the state came first; nothing is published.
            OutputError: something could not be written or synced.
            CountsError: a record is unaccounted for.
        """
        import orjson

        self._quarantine.close()
        self._quarantine.counts.check()
        if self._args.state and self._checkpoint is not None:
            from cecil.providers.state import Handover

            with Handover(self._args.state) as handover, _undisturbed():
                handover.publish(self._checkpoint, self._target)
        else:
            self._target.publish()
        if checkpoint and self._checkpoint is not None:
            checkpoint.write(orjson.dumps(self._checkpoint) + b"\n")
            checkpoint.publish()

    def finish(self, *, complete: bool = True) -> int:
        """Say what happened, and choose the status."""
        from cecil.commands.finish import finish

        self._progress.clear()
        dropped = self._writer.values_dropped if self._writer else 0
        if dropped and not self._args.quiet:
            values, them = many(dropped, "value was", "values were"), "it" if dropped == 1 else "them"
            message(PROGRAM, f"{values} left out because no column takes {them}")
        extra = {"format": self._job.format, "values_dropped": dropped}
        return finish(PROGRAM, self._args, self._quarantine, extra=extra, complete=complete)
