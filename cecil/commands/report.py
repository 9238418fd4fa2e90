"""cecil-report: LLM logs or fingerprints to calls, tokens and money, and what could be saved."""

import argparse
import os
from codecs import BOM_UTF8
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import (
    Parser,
    count,
    file_operand,
    markers_option,
    notice_option,
    path_option,
    stream_options,
)
from cecil.errors import CountsError, RecordError, SourceError, UsageError

if TYPE_CHECKING:
    from cecil.fingerprint.fingerprinter import Made
    from cecil.fingerprint.gap import Figures
    from cecil.fingerprint.prices import Model, PriceList
    from cecil.fingerprint.rollup import Ledger, Rollup
    from cecil.fingerprint.savings import Savings
    from cecil.stream.markers import Marker
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-report"
BLANK = "blank"
QUARANTINE = "quarantine"
UPSTREAM = "upstream"
_MAX_PRICES = 1 << 24


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Add up what LLM calls cost at list prices, from their logs or from fingerprints (what "
        "cecil-fingerprint prints), by model, day, hour, user or operation, and say what could be saved.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("report")
    group.add_argument(
        "--by",
        choices=["model", "day", "hour", "user", "operation"],
        default="model",
        help="what a row is (default: model)",
    )
    group.add_argument("--top", metavar="N", type=count, help="at most N rows; the rest is one row more")
    group.add_argument(
        "--format",
        choices=["table", "json", "csv", "html", "focus"],
        default="table",
        help="a table to read; JSON or CSV with exact costs; one HTML file with charts; FOCUS cost and usage "
        "rows as CSV (default: table)",
    )
    group.add_argument(
        "--focus-version",
        choices=["1.2", "1.5"],
        default="1.2",
        help="how --format focus names a model and the kind of its tokens (default: 1.2)",
    )
    group = p.add_argument_group("price list")
    path_option(
        group,
        "--prices",
        "prices of your own (JSON); what the file does not name keeps the price of the list that comes with "
        "Cecil",
    )
    group.add_argument(
        "--today",
        metavar="DATE",
        type=_date,
        help="the day from which the age of the prices is counted, YYYY-MM-DD (default: that of "
        "SOURCE_DATE_EPOCH if it is set, else today, UTC)",
    )
    group = p.add_argument_group("what could be saved")
    group.add_argument(
        "--what-if",
        metavar="A=B",
        action="append",
        default=[],
        help="what the calls of model A would cost with model B (several times for several pairs)",
    )
    group.add_argument(
        "--batchable",
        metavar="SOURCE",
        action="append",
        default=[],
        help="calls that can wait for a batch: those of this FILE, or of this shape of log, such as "
        "openai.chat (several times for several)",
    )
    group.add_argument(
        "--explain", action="store_true", help="say how each lever is computed and what it takes for granted"
    )
    group = p.add_argument_group("logs")
    path_option(
        group,
        "--key-file",
        "file with the secret key of the hashes of users in logs, as cecil-redact --new-key makes it; "
        "without it a key is made up, and --by user tells users apart within this run only",
    )
    group.add_argument(
        "--strict",
        action="store_true",
        help="what is no known call, and calls without a price or with counts in doubt, go to quarantine",
    )
    group = stream_options(p)
    notice_option(group)
    markers_option(group)
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    from cecil.commands.finish import finish
    from cecil.commands.notice import tell, wanted
    from cecil.commands.reading import check_inputs
    from cecil.fingerprint.gap import Figures, Shown, many
    from cecil.fingerprint.rollup import By, Ledger, Rollup
    from cecil.fingerprint.savings import Savings
    from cecil.report import words
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

    prices = _prices(args.prices)
    savings = Savings(prices, [_pair(text, prices) for text in args.what_if])
    ledger = Ledger() if args.format in ("html", "focus") else None
    check_inputs(args)
    quarantine = Quarantine(args.quarantine, PROGRAM)
    rollup = Rollup(prices, By(args.by))
    figures = Figures() if args.format == "table" and wanted(args) else None
    run = _Run(args, rollup, savings, ledger, figures, quarantine)
    try:
        for path in args.file if isinstance(args.file, list) and args.file else ["-"]:
            run.file(path)
    except SourceError:
        run.progress.clear()
        finish(PROGRAM, args, quarantine, complete=False)
        raise
    run.settle(whole=True)
    run.progress.clear()
    if quarantine.counts.quarantined:
        rollup.skip(QUARANTINE, quarantine.counts.quarantined)
    accounting = rollup.accounting
    if not accounting.adds_up:
        raise CountsError(f"the accounting does not add up: {words.accounting(rollup)}")
    today = args.today or _today()
    output = Output()
    output.write(_report(args, rollup, savings, ledger, today))
    status = finish(PROGRAM, args, quarantine, output, {"accounting": accounting._asdict()})
    if args.format == "focus" and not args.quiet and (accounting.unpriced or rollup.undated):
        message(
            PROGRAM,
            f"not in the rows: {many(accounting.unpriced, 'record', 'records')} without a price and "
            f"{rollup.undated:,} without a time",
        )
    warning = words.stale(rollup, today)
    if warning and not args.quiet:
        message(
            PROGRAM,
            f"warning: {warning}",
            "install a newer Cecil for newer prices, or name your own with --prices",
        )
    if figures:
        tell(PROGRAM, figures, Shown.REPORT)
    return status


def _report(
    args: argparse.Namespace, rollup: "Rollup", savings: "Savings", ledger: "Ledger | None", today: date
) -> bytes:
    from cecil.report import table

    if args.format == "json":
        return table.as_json(rollup, today, savings.all(), args.top)
    if args.format == "csv":
        return table.as_csv(rollup, args.top)
    if ledger is not None and args.format == "html":
        from cecil.report import page

        return page.as_html(rollup, ledger, savings.all(), today, top=args.top).encode()
    if ledger is not None:
        from cecil.report import focus

        return focus.as_csv(ledger, focus.Version(args.focus_version))
    colour = os.isatty(1) and not os.environ.get("NO_COLOR")
    return table.terminal(rollup, savings.all(), top=args.top, explain=args.explain, colour=colour).encode()


class _Run:
    """Reads inputs into the sums.

    A call that a log tells of several times counts once; so calls are held back in a window until no
    later record can take their place.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        rollup: "Rollup",
        savings: "Savings",
        ledger: "Ledger | None",
        figures: "Figures | None",
        quarantine: "Quarantine",
    ) -> None:
        from cecil.commands.reading import hasher
        from cecil.fingerprint.adapters import Drop
        from cecil.fingerprint.fingerprinter import Fingerprinter, doubts
        from cecil.fingerprint.hashing import Hasher
        from cecil.fingerprint.lines import whole
        from cecil.fingerprint.overlap import Overlap
        from cecil.fingerprint.usage import Quality
        from cecil.fingerprint.window import Window
        from cecil.stream.progress import Progress

        self._args = args
        self._rollup, self._savings, self._ledger, self._figures = rollup, savings, ledger, figures
        self._quarantine = quarantine
        self._counts = quarantine.counts
        self._whole = whole
        keyed = hasher(args.key_file) or Hasher(os.urandom(32))
        self._fingerprinter = Fingerprinter(rollup.prices, keyed, Overlap(os.urandom(32)))
        self._window: Window[tuple[Made, bool]] = Window()
        self._not_llm, self._duplicate = Drop.NOT_LLM, Drop.DUPLICATE.value
        self._refused = frozenset({Drop.NOT_LLM, Drop.STREAM_PART, Drop.AGGREGATE})
        self._none = Quality.NONE
        self._doubts = doubts
        self._shapes = _batchable(args)
        self.progress = Progress(False if args.quiet else None)

    def file(self, path: str) -> None:
        """Add one input.

        Raises:
            SourceError: it cannot be read: a sum that leaves some of it out would look like a whole one.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.markers import Marker

        waits = path in self._args.batchable
        with open_reader(PROGRAM, path, self._args, self._quarantine) as reader:
            for item in reader:
                if isinstance(item, Marker):
                    self._before(item)
                    continue
                for number, line in enumerate(item.lines(), item.first):
                    if number == 1:
                        line = line.removeprefix(BOM_UTF8)
                    try:
                        self._line(line, waits)
                    except RecordError as error:
                        self._quarantine.add(reader.name, number, error.message, line.rstrip(b"\r\n"))
                self.settle()
                self.progress.update(self._counts.read, reader.source.consumed, reader.source.size)

    def _before(self, marker: "Marker") -> None:
        """Count what cecil-fingerprint says that it left out."""
        told = marker.body.get("fingerprint") if marker.kind == "end" else None
        if isinstance(told, dict):
            left = [told.get(name) for name in ("dropped", "quarantined")]
            self._rollup.skip(UPSTREAM, sum(number for number in left if type(number) is int and number > 0))

    def _line(self, line: bytes, waits: bool) -> None:
        """Take a line's calls into the window.

        Raises:
            RecordError: it is not valid, or strictness does not let it pass.
        """
        if line.isspace() or not line:
            self._counts.dropped[BLANK] += 1
            return
        record = self._whole(line)
        made = record if record is self._not_llm else self._fingerprinter.calls(record)
        if isinstance(made, str):
            if self._args.strict and made in self._refused:
                raise RecordError(f"no LLM call: {made}")
            self._counts.dropped[str(made)] += 1
            self._rollup.skip(str(made))
            return
        if self._args.strict:
            for call in made:
                self._check(call)
        new = False
        for call in made:
            first = call.legs[0]
            known = first.q is not self._none
            if self._window.add(call.id, (call, waits or first.src in self._shapes), known=known):
                new = True
            else:
                self._rollup.repeat(len(call.legs))
        if new:
            self._counts.written += 1
        else:
            self._counts.dropped[self._duplicate] += 1

    def _check(self, call: "Made") -> None:
        """Raises RecordError for a call that is in doubt, or has no price."""
        from cecil.fingerprint.prices import Unpriced
        from cecil.report.words import REASONS

        words = self._doubts(call.legs)
        if words:
            raise RecordError(f"a call in doubt: {words[0]}")
        for leg in call.legs:
            cost = self._rollup.prices.cost(leg)
            if isinstance(cost, Unpriced) and leg.ok:
                raise RecordError(f"a call without a price: {REASONS[cost]}")

    def settle(self, *, whole: bool = False) -> None:
        """Add the calls that nothing can replace any more.

        Args:
            whole: all that are held.
        """
        from cecil.fingerprint.prices import Unpriced

        for call, waits in self._window.rest() if whole else self._window.settled():
            for record in call.legs:
                if self._figures:
                    self._figures.add(record)
                costs = self._rollup.add(record)
                if isinstance(costs, tuple):
                    self._savings.add(record, costs, batchable=waits)
                    if self._ledger is not None:
                        quote = self._rollup.prices.quote(record)
                        assert not isinstance(quote, Unpriced)
                        self._ledger.add(record, costs, quote)


def _prices(path: str | None) -> "PriceList":
    """The packaged list, with the user's own over it.

    Raises:
        UsageError: the file cannot be read, or is no price list.
    """
    from cecil.fingerprint.prices import PriceList

    packaged = PriceList.packaged()
    if path is None:
        return packaged
    from cecil.commands.reading import head
    from cecil.stream.jsontext import loads

    data = head(path, _MAX_PRICES + 1)
    if len(data) > _MAX_PRICES:
        raise UsageError("too large for a price list", where=path)
    try:
        content = loads(data)
        if not isinstance(content, dict):
            raise ValueError("not a price list")
        return PriceList(content, packaged)
    except RecordError as error:
        raise UsageError(error.message, where=path, hint="man cecil-report, OWN PRICES") from None
    except ValueError as error:
        raise UsageError(str(error), where=path, hint="man cecil-report, OWN PRICES") from None


def _pair(text: str, prices: "PriceList") -> "tuple[Model, Model]":
    """The two models of A=B.

    Raises:
        UsageError: one of them is not in the list, or several are meant.
    """
    from cecil.fingerprint.savings import by_name

    first, _, second = text.partition("=")
    before, after = by_name(prices, first), by_name(prices, second)
    if before is None or after is None:
        raise UsageError(
            f"--what-if {text}: no such model in the price list, or several",
            hint="--what-if openai/gpt-4o=openai/gpt-4.1-mini",
        )
    return before, after


def _batchable(args: argparse.Namespace) -> frozenset[str]:
    """The shapes that the user named.

    Raises:
        UsageError: a name that is neither an input nor a shape.
    """
    from cecil.fingerprint.record import Source

    shapes = frozenset(shape.value for shape in Source)
    wrong = next(
        (name for name in args.batchable if name not in shapes and name not in (*args.file, "-")), None
    )
    if wrong is not None:
        raise UsageError(
            f"--batchable {wrong}: neither an input nor a shape of log",
            hint="--batchable nightly.jsonl nightly.jsonl",
        )
    return shapes.intersection(args.batchable)


def _today() -> date:
    """The day of SOURCE_DATE_EPOCH (reproducible-builds.org), or that of the clock."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    if fixed.isdecimal() and int(fixed) < 1 << 36:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    return datetime.now(UTC).date()


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a date such as 2026-10-26 is wanted") from None
