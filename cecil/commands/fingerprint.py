"""cecil-fingerprint: LLM call logs to closed records of what a call cost, without a word of it."""

import argparse
from codecs import BOM_UTF8
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import Parser, file_operand, markers_option, path_option, stream_options
from cecil.errors import RecordError, SourceError, UsageError

if TYPE_CHECKING:
    from cecil.fingerprint.fingerprinter import Fingerprinter
    from cecil.fingerprint.hashing import Hasher
    from cecil.stream.counts import Counts
    from cecil.stream.lines import Block
    from cecil.stream.markers import Marker
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-fingerprint"
BLANK = "blank"
_MAX_KEY = 1 << 16


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Turn JSONL logs of LLM calls (OpenAI chat completions, Anthropic messages) into fingerprints: "
        "records of model, hour and token counts that hold no text of the call. Records that are no LLM "
        "call are left out and counted.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("what is hashed")
    path_option(
        group,
        "--key-file",
        "file with the secret key of the hashes of users and unknown models, 16 bytes or more; without it "
        "those fields are null",
    )
    markers_option(stream_options(p))
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    hasher = _hasher(args.key_file)
    from cecil.commands.finish import finish
    from cecil.fingerprint.fingerprinter import Fingerprinter
    from cecil.fingerprint.prices import PriceList
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

    quarantine = Quarantine(args.quarantine, PROGRAM)
    output = Output()
    run = _Run(args, Fingerprinter(PriceList.packaged(), hasher), quarantine, output)

    def end(complete: bool) -> int:
        run.progress.clear()
        if not args.quiet:
            run.tell_dropped()
        more = {"fingerprints": run.fingerprints}
        return finish(PROGRAM, args, quarantine, output, more, complete=complete)

    try:
        for path in args.file or ["-"]:
            run.file(path)
    except SourceError:
        end(complete=False)  # what was read before is good, and goes on
        raise
    return end(complete=True)


def _hasher(path: str | None) -> "Hasher | None":
    if path is None:
        return None
    from cecil.commands.reading import head
    from cecil.fingerprint.hashing import MIN_KEY, Hasher

    key = head(path, _MAX_KEY + 1)
    if not MIN_KEY <= len(key) <= _MAX_KEY:
        raise UsageError(
            f"a key of {MIN_KEY} bytes or more is wanted",
            where=path,
            hint="head -c 32 /dev/urandom > cecil.key; chmod 600 cecil.key; then --key-file cecil.key",
        )
    return Hasher(key)


class _Run:
    """One run over several inputs.

    Attributes:
        fingerprints: lines written; a call of several legs has several.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        fingerprinter: "Fingerprinter",
        quarantine: "Quarantine",
        output: "Output",
    ) -> None:
        from cecil.stream.progress import Progress

        self._args = args
        self._fingerprinter = fingerprinter
        self._quarantine = quarantine
        self._output = output
        self._counts = quarantine.counts
        self._first_dropped: dict[str, str] = {}
        self.fingerprints = 0
        self.progress = Progress(False if args.quiet else None)

    def file(self, path: str) -> None:
        """Fingerprint one input.

        Raises:
            SourceError, TruncatedError, OutputError, ClosedPipe: what was read before is written.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.markers import Marker

        reader = open_reader(PROGRAM, path, self._args, self._quarantine, self._output.flush)
        before, written = deepcopy(self._counts), self.fingerprints
        with reader:
            for item in reader:
                if isinstance(item, Marker):
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
        for number, line in enumerate(block.lines(), block.first):
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            try:
                rule = self._line(line)
            except RecordError as error:
                self._quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
                continue
            if rule is None:
                self._counts.written += 1
            else:
                self._counts.dropped[rule] += 1
                self._first_dropped.setdefault(rule, f"{name}:{number}")

    def _line(self, line: bytes) -> str | None:
        """Write a record's fingerprints; returns the rule that dropped it, if one did."""
        from cecil.fingerprint.adapters import Drop
        from cecil.stream.jsontext import loads

        if not line.strip(b" \t\r\n"):
            return BLANK
        made = self._fingerprinter.of(loads(line))
        if isinstance(made, Drop):
            return made.value
        for record in made:
            self._output.write(record.to_bytes() + b"\n")
        self.fingerprints += len(made)
        return None

    def tell_dropped(self) -> None:
        """Say on stderr what was left out by which rule."""
        from cecil.fingerprint.adapters import Drop

        meanings = {Drop.NOT_LLM: "no LLM call that is known", Drop.STREAM_PART: "single events of a stream"}
        for rule, meaning in meanings.items():
            count = self._counts.dropped[rule.value]
            if count:
                records = "record" if count == 1 else "records"
                place = self._first_dropped[rule.value]
                message(PROGRAM, f"{count} {records} left out as {rule.value}: {meaning} (first at {place})")
