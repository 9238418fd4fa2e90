"""cecil-report: fingerprints to a table of calls, tokens and money."""

import argparse
import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import Parser, file_operand, markers_option, stream_options
from cecil.errors import RecordError, SourceError

if TYPE_CHECKING:
    from cecil.fingerprint.rollup import Rollup
    from cecil.stream.progress import Progress
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-report"
BLANK = "blank"


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Add up fingerprints (what cecil-fingerprint prints): calls, errors, tokens and cost at list prices, "
        "by model, day or hour.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("report")
    group.add_argument(
        "--by", choices=["model", "day", "hour"], default="model", help="what a row is (default: model)"
    )
    group.add_argument(
        "--format",
        choices=["table", "json", "csv"],
        default="table",
        help="a table to read, or JSON or CSV with exact costs (default: table)",
    )
    group.add_argument(
        "--today",
        metavar="DATE",
        type=_date,
        help="the day from which the age of the prices is counted, YYYY-MM-DD (default: today, UTC)",
    )
    markers_option(stream_options(p))
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    from cecil.commands.finish import finish
    from cecil.fingerprint.prices import PriceList
    from cecil.fingerprint.rollup import By, Rollup
    from cecil.report import table
    from cecil.stream.output import Output
    from cecil.stream.progress import Progress
    from cecil.stream.quarantine import Quarantine

    quarantine = Quarantine(args.quarantine, PROGRAM)
    rollup = Rollup(PriceList.packaged(), By(args.by))
    progress = Progress(False if args.quiet else None)
    try:
        for path in args.file or ["-"]:
            _add(path, rollup, quarantine, args, progress)
    except SourceError:
        progress.clear()
        finish(PROGRAM, args, quarantine, complete=False)
        raise
    progress.clear()
    today = args.today or datetime.now(UTC).date()
    if args.format == "json":
        text = table.as_json(rollup, today)
    elif args.format == "csv":
        text = table.as_csv(rollup)
    else:
        text = table.terminal(rollup, colour=os.isatty(1) and not os.environ.get("NO_COLOR")).encode()
    output = Output()
    output.write(text)
    status = finish(PROGRAM, args, quarantine, output)
    warning = table.stale(rollup, today)
    if warning and not args.quiet:
        message(PROGRAM, f"warning: {warning}", "install a newer Cecil for newer prices")
    return status


def _add(
    path: str, rollup: "Rollup", quarantine: "Quarantine", args: argparse.Namespace, progress: "Progress"
) -> None:
    """Add one input's fingerprints.

    Raises:
        SourceError: it cannot be read, or a line is no fingerprint: a sum that leaves lines out would
            look like one that is whole.
    """
    from cecil.commands.reading import open_reader
    from cecil.fingerprint.record import parse
    from cecil.stream.jsontext import loads
    from cecil.stream.markers import Marker

    counts = quarantine.counts
    with open_reader(PROGRAM, path, args, quarantine) as reader:
        for item in reader:
            if isinstance(item, Marker):
                continue
            for number, line in enumerate(item.lines(), item.first):
                if not line.strip(b" \t\r\n"):
                    counts.dropped[BLANK] += 1
                    continue
                try:
                    row = loads(line)
                    if not isinstance(row, dict):
                        raise RecordError("not a fingerprint")
                    record = parse(row, rollup.prices)
                except RecordError as error:
                    raise SourceError(
                        error.message,
                        where=f"{reader.name}:{number}",
                        hint="cecil-report reads fingerprints: cecil-fingerprint FILE | cecil-report",
                    ) from None
                rollup.add(record)
                counts.written += 1
            progress.update(counts.read, reader.source.consumed, reader.source.size)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date such as 2026-10-26 is wanted") from None
