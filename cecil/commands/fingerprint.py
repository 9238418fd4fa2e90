"""cecil-fingerprint: LLM call logs to closed records of what a call cost, without a word of it."""

import argparse
import os
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

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
from cecil.commands.uploading import add_verbs, run_verb
from cecil.errors import RecordError, SourceError

if TYPE_CHECKING:
    from cecil.fingerprint.adapters import Drop
    from cecil.fingerprint.fingerprinter import Fingerprinter, Made
    from cecil.fingerprint.shortcut import Shortcut
    from cecil.stream.counts import Counts
    from cecil.stream.lines import Block
    from cecil.stream.markers import Marker
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-fingerprint"
BLANK = "blank"


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Turn logs of LLM calls, of any provider, gateway or tool, into fingerprints: records of model, hour "
        "and token counts that hold no text of the call. Records that are no LLM call are left out and "
        "counted.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("what is hashed")
    path_option(
        group,
        "--key-file",
        "file with the secret key of the hashes of users and unknown models, as cecil-redact --new-key makes "
        "it; without it those fields are null",
    )
    group = p.add_argument_group("what is computed")
    group.add_argument(
        "--no-overlap",
        action="store_true",
        help="do not compare requests with each other; repeats, retries and what a prompt cache could have "
        "saved stay null",
    )
    group.add_argument(
        "--no-estimate",
        action="store_true",
        help="leave tokens that were not reported at 0 where they could be estimated from the text",
    )
    group.add_argument(
        "--window",
        metavar="CALLS",
        type=count,
        default=2_000,
        help="calls that are held back, so that the last record of a call counts (default: 2000)",
    )
    group.add_argument(
        "--strict",
        action="store_true",
        help="records that are no known call, and calls whose counts are missing or in doubt, or whose model "
        "has no price, go to quarantine",
    )
    group = stream_options(p)
    markers_option(group)
    notice_option(group)
    p.add_argument_group(
        "words that stand first",
        "consent: agree that roll-ups may be sent, or end it. upload: send roll-ups of fingerprints. Each "
        "has a --help of its own; a file of that name is ./upload.",
    )
    add_verbs(p)
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    if args.verb:
        return run_verb(args)
    from cecil.commands.finish import finish
    from cecil.commands.reading import check_inputs, hasher
    from cecil.fingerprint.fingerprinter import Fingerprinter
    from cecil.fingerprint.overlap import Overlap
    from cecil.fingerprint.prices import PriceList
    from cecil.fingerprint.shortcut import Shortcut
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

    check_inputs(args)
    keyed = hasher(args.key_file)
    quarantine = Quarantine(args.quarantine, PROGRAM)
    output = Output()
    # Nothing of these hashes comes out, so a key that nobody knows will do, and differs in every run.
    overlap = None if args.no_overlap else Overlap(os.urandom(32))
    fingerprinter = Fingerprinter(PriceList.packaged(), keyed, overlap, estimate=not args.no_estimate)
    run = _Run(args, fingerprinter, Shortcut(fingerprinter, overlap), quarantine, output)

    def end(complete: bool) -> int:
        run.settle(whole=True)
        run.progress.clear()
        if not args.quiet:
            run.tell_dropped()
        more = {"fingerprints": run.fingerprints, "calls": run.calls, "in_doubt": dict(run.doubts)}
        status = finish(PROGRAM, args, quarantine, output, more, complete=complete)
        run.tell_figures()
        return status

    try:
        for path in args.file or ["-"]:
            run.file(path)
    except SourceError:
        end(complete=False)  # what was read before is good, and goes on
        raise
    return end(complete=True)


class _Run:
    """One run over several inputs.

    Attributes:
        fingerprints: lines written; a call of several legs has several.
        calls: calls that were read, each once.
        doubts: calls whose counts are missing or in doubt, by what is odd.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        fingerprinter: "Fingerprinter",
        shortcut: "Shortcut",
        quarantine: "Quarantine",
        output: "Output",
    ) -> None:
        from cecil.commands.notice import wanted
        from cecil.fingerprint.adapters import Drop
        from cecil.fingerprint.fingerprinter import doubts
        from cecil.fingerprint.gap import Figures
        from cecil.fingerprint.lines import whole
        from cecil.fingerprint.record import Source
        from cecil.fingerprint.shortcut import Line
        from cecil.fingerprint.usage import Flag, Quality
        from cecil.fingerprint.window import Window
        from cecil.stream.progress import Progress

        self._args = args
        self._whole = whole
        self._window: Window[bytes] = Window(args.window)
        self._take: Callable[[bytes], Any] = self._strictly if args.strict else shortcut.line
        self._doubts_of = doubts
        self._none = Quality.NONE
        self._not_llm = Drop.NOT_LLM
        self._growing = Source.CLAUDE_CODE
        self._cut = Flag.CUT_STREAM
        self._line_type = Line
        self._duplicate = Drop.DUPLICATE.value
        self._refused = frozenset({Drop.NOT_LLM, Drop.STREAM_PART, Drop.AGGREGATE})
        self.doubts: Counter[str] = Counter()
        self.calls = 0
        self._fingerprinter = fingerprinter
        self._quarantine = quarantine
        self._output = output
        self._counts = quarantine.counts
        self._first_dropped: dict[str, str] = {}
        self.fingerprints = 0
        self._figures = Figures() if wanted(args) else None
        self.progress = Progress(False if args.quiet else None)

    def file(self, path: str) -> None:
        """Fingerprint one input.

        Raises:
            SourceError, TruncatedError, OutputError, ClosedPipe: what was read before is written.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.markers import Marker

        reader = open_reader(PROGRAM, path, self._args, self._quarantine, self._before_wait)
        before, written = deepcopy(self._counts), self.fingerprints
        with reader:
            for item in reader:
                if isinstance(item, Marker):
                    # What stands before a marker belongs before it.
                    self.settle(whole=True)
                    if item.kind == "begin":
                        before, written = deepcopy(self._counts), self.fingerprints
                    self._output.write(self._marker(item, before, written).line())
                else:
                    self._block(item, reader.name)
                self.progress.update(self._counts.read, reader.source.consumed, reader.source.size)

    def _marker(self, marker: "Marker", before: "Counts", written: int) -> "Marker":
        """The marker as it goes on: `end` says how many lines came out, and of how many records."""
        if marker.kind != "end":
            return marker
        now = self._counts
        counts = {
            "written": now.written - before.written,
            "dropped": now.dropped.total() - before.dropped.total(),
            "quarantined": now.quarantined - before.quarantined,
        }
        return marker._replace(
            body={**marker.body, "records": self.fingerprints - written, "fingerprint": counts}
        )

    def _block(self, block: "Block", name: str) -> None:
        counts, first = self._counts, self._first_dropped
        rule: str | None
        take, plain, add, growing = self._take, self._line_type, self._window.add, self._growing
        for number, line in enumerate(block.lines(), block.first):
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            if line.isspace() or not line:
                rule = BLANK
            else:
                try:
                    made = take(line)
                    if type(made) is not plain:
                        rule = self._several(made)
                    elif add(made.id, made.text, known=True, grows=made.src is growing):
                        self.calls += 1
                        rule = None
                    else:
                        rule = self._duplicate
                except RecordError as error:
                    self._quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
                    continue
            if rule is None:
                counts.written += 1
            else:
                counts.dropped[rule] += 1
                if rule not in first:
                    first[rule] = f"{name}:{number}"
        self.settle()

    def settle(self, *, whole: bool = False) -> None:
        """Write the calls that nothing can replace any more.

        Args:
            whole: all that are held.
        """
        self._put(self._window.rest() if whole else self._window.settled())

    def _before_wait(self) -> None:
        """Nobody waits for a call of which no more is to come."""
        self._put(self._window.ready())
        self._output.flush()

    def _put(self, calls: list[bytes]) -> None:
        lines = b"".join(calls)
        if lines:
            self._output.write(lines)
            self.fingerprints += lines.count(b"\n")
            if self._figures:
                self._figure(lines)

    def _strictly(self, line: bytes) -> "list[Made] | Drop":
        """The calls of a line. Raises RecordError for one that strictness does not let pass."""
        record = self._whole(line)
        made = record if record is self._not_llm else self._fingerprinter.calls(record)
        if isinstance(made, str):
            if made in self._refused:
                raise RecordError(f"no LLM call: {made}")
            return made
        for call in made:
            self._check(call)
        return made

    def _several(self, made: Any) -> str | None:
        """Take a record's calls into the window; returns the rule that dropped it, if one did."""
        if isinstance(made, str):
            return str(made)
        new = False
        for id, legs, _ in made:
            first = legs[0]
            text = b"".join([leg.to_bytes() + b"\n" for leg in legs])
            known = first.q is not self._none
            # An answer that was logged while it was being made (a stream, a call in the background) is
            # logged again when it is whole.
            grows = first.src is self._growing or self._cut in first.flags or (first.ok and not known)
            if self._window.add(id, text, known=known, grows=grows):
                new = True
                self.calls += 1
                if first.flags or first.q is self._none:
                    self.doubts.update(self._doubts_of(legs))
        return None if new else self._duplicate

    def _check(self, call: "Made") -> None:
        """Raises RecordError for a call that is in doubt."""
        words = self._doubts_of(call.legs)
        if not words and any(leg.model is None for leg in call.legs):
            words = ["model in no price list"]
        if words:
            raise RecordError(f"a call in doubt: {words[0]}")

    def _figure(self, lines: bytes) -> None:
        """Count fingerprints for the notice: only for a terminal, where time is not short."""
        import orjson

        from cecil.fingerprint.prices import PriceList
        from cecil.fingerprint.record import parse

        assert self._figures is not None
        for line in lines.splitlines():
            self._figures.add(parse(orjson.loads(line), PriceList.packaged()))

    def tell_figures(self) -> None:
        """Say on a terminal what was computed and what was not."""
        if self._figures:
            from cecil.commands.notice import tell
            from cecil.fingerprint.gap import Shown

            tell(PROGRAM, self._figures, Shown.FINGERPRINTS)

    def tell_dropped(self) -> None:
        """Say on stderr what was left out by which rule."""
        from cecil.fingerprint.adapters import Drop

        meanings = {
            Drop.NOT_LLM: "no LLM call that is known",
            Drop.STREAM_PART: "single events of a stream",
            Drop.AGENT_SPAN: "sums of the calls below them",
            Drop.AGGREGATE: "sums of a provider over many calls",
        }
        for rule, meaning in meanings.items():
            count = self._counts.dropped[rule.value]
            if count:
                records = "record" if count == 1 else "records"
                place = self._first_dropped[rule.value]
                message(PROGRAM, f"{count} {records} left out as {rule.value}: {meaning} (first at {place})")
