"""cecil-redact: takes personal, health and secret data out of a stream of records or text lines."""

import argparse
import os
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import FILE, Parser, file_operand, markers_option, path_option, stream_options
from cecil.errors import SourceError, UsageError

if TYPE_CHECKING:
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Finding, Sanitizer
    from cecil.stream.counts import Counts
    from cecil.stream.lines import Block
    from cecil.stream.markers import Marker
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-redact"
FOUND = 4
"""The status of --check when something sensitive is in the input."""


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Take personal, health and secret data out of JSONL records or plain text lines. "
        "Names of persons, places and organisations are not looked for yet.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("what is redacted")
    action = group.add_argument(
        "--policy",
        metavar="FILE|NAME",
        default="default",
        help="policy file, or a built-in policy: default, llm, strict-empty (default: default)",
    )
    action.complete = FILE  # type: ignore[attr-defined]
    group.add_argument(
        "--strategy",
        choices=["deep", "strict"],
        help="deep judges every field by key and value; strict keeps only fields that the policy names; "
        "overrides the policy's own",
    )
    group.add_argument(
        "--format",
        choices=["auto", "jsonl", "text"],
        default="auto",
        help="auto takes a line that is not JSON as text; jsonl puts it into quarantine; text reads no JSON "
        "(default: auto)",
    )
    path_option(group, "--key-file", "file with the secret key of the hash action, 16 bytes or more")
    group.add_argument(
        "--nlp",
        choices=["none"],
        help="which model looks for names; none is the only one yet; saying so silences the note about it",
    )
    group.add_argument(
        "--check",
        action="store_true",
        help="write no records; say on standard error what was found and where; status 4 if anything was",
    )
    markers_option(stream_options(p))
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    # Everything that can be wrong with the options is said before the first byte is read.
    sanitizer = _sanitizer(args)
    if args.nlp is None and not args.quiet:
        message(
            PROGRAM,
            "names of persons, places and organisations are not looked for yet",
            "--nlp none silences this note",
        )
    from cecil.commands.finish import finish
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

    quarantine = Quarantine(args.quarantine, PROGRAM)
    output = Output()
    run = _Run(args, sanitizer, quarantine, output)

    def end(complete: bool) -> int:
        run.progress.clear()
        more = {"findings": dict(run.findings), "policy": sanitizer.policy.digest}
        return finish(PROGRAM, args, quarantine, output, more, complete=complete)

    try:
        for path in args.file or ["-"]:
            run.file(path)
    except SourceError:
        end(complete=False)  # what was judged before is good, and goes on
        raise
    finally:
        run.progress.clear()
    status = end(complete=True)
    return FOUND if args.check and run.findings else status


def _sanitizer(args: argparse.Namespace) -> "Sanitizer":
    from cecil.sanitizer.sanitizer import Sanitizer

    policy = load_policy(args.policy)
    if args.strategy:
        policy = policy.with_strategy(args.strategy)
    return Sanitizer(policy, key=_read(args.key_file, 1 << 16) if args.key_file else None)


def load_policy(name: str) -> "Policy":
    """A built-in policy by its name, or a file by its path.

    Raises:
        PolicyError, UsageError: neither, or a wrong one.
    """
    from cecil.sanitizer.policy import Policy, built_in_names

    if name in built_in_names():
        return Policy.built_in(name)
    if os.sep in name or os.path.exists(name) or name.endswith((".yaml", ".yml")):
        return Policy.parse(_read(name, 1 << 24), name)
    return Policy.built_in(name)


def _read(path: str, limit: int) -> bytes:
    from cecil.commands.reading import head

    data = head(path, limit + 1)
    if len(data) > limit:
        raise UsageError("too large to be what it should be", where=path)
    return data


class _Run:
    """One run over several inputs."""

    def __init__(
        self, args: argparse.Namespace, sanitizer: "Sanitizer", quarantine: "Quarantine", output: "Output"
    ) -> None:
        from cecil.sanitizer.blocks import BlockFilter
        from cecil.stream.progress import Progress

        self._args = args
        self._sanitizer = sanitizer
        self._filter = BlockFilter(sanitizer, args.format, collect=args.check and not args.quiet)
        self._quarantine = quarantine
        self._output = output
        self._counts = quarantine.counts
        self._ended = True
        self.findings: Counter[str] = Counter()
        self.progress = Progress(False if args.quiet else None)

    def file(self, path: str) -> None:
        """Redact one input.

        Raises:
            SourceError, TruncatedError, OutputError, ClosedPipe: what was judged before is written.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.markers import Marker

        if not self._ended:
            self._write(b"\n")  # the input before this one had no newline at its end
        reader = open_reader(PROGRAM, path, self._args, self._quarantine, self._output.flush)
        before = copy(self._counts)
        first = True
        with reader:
            for item in reader:
                if isinstance(item, Marker):
                    if item.kind == "begin":
                        before = copy(self._counts)
                    self._write(self._marker(item, before).line())
                else:
                    self._block(item, reader.name, first)
                    first = False
                self.progress.update(self._counts.read, reader.source.consumed, reader.source.size)

    def _marker(self, marker: "Marker", before: "Counts") -> "Marker":
        """The marker as it goes on: `begin` learns the policy, `end` what became of the records."""
        body = dict(marker.body)
        if marker.kind == "begin":
            body["policy"] = self._sanitizer.policy.digest
        elif marker.kind == "end":
            now = self._counts
            body["records"] = now.written - before.written
            body["redact"] = {
                "written": now.written - before.written,
                "quarantined": now.quarantined - before.quarantined,
            }
        return marker._replace(body=body)

    def _block(self, block: "Block", name: str, first: bool) -> None:
        data = block.data
        if first and data.startswith(BOM_UTF8):
            self._write(BOM_UTF8)
            data = data[len(BOM_UTF8) :]
        outcome = self._filter.judge(data)
        self._counts.written += outcome.written
        for line, reason, raw in outcome.refused:
            self._quarantine.add(name, block.first + line, reason, raw)
        self.findings.update(outcome.found)
        for line, finding in outcome.findings:
            self._note(finding, name, block.first + line)
        self._write(outcome.data)

    def _write(self, data: bytes) -> None:
        if data:
            self._ended = data.endswith(b"\n")
        if not self._args.check:
            self._output.write(data)

    def _note(self, finding: "Finding", name: str, number: int) -> None:
        place = f" at {finding.pointer}" if finding.pointer else ""
        message(PROGRAM, f"{name}:{number}: {finding.entity}{place}")
