"""cecil-map: what stands where in a sample, as a draft of a policy; and what a policy does to a sample."""

import argparse
from codecs import BOM_UTF8
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cecil.commands.boundary import message
from cecil.commands.options import (
    FILE,
    Parser,
    count,
    file_operand,
    form_option,
    nlp_options,
    path_option,
    stream_options,
)
from cecil.errors import RecordError, SourceError, UsageError

if TYPE_CHECKING:
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.lines import Block

PROGRAM = "cecil-map"
BLANK = "blank"
BEYOND = "beyond the sample"
REFUSED = 4
"""The status of --check when the policy would send something to quarantine."""
SAMPLE = 10_000


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Draft a policy from a sample of JSONL records or text lines. It has every place with its types, how "
        "often it is there, what is found in it, and what to do, with the reason. No value is ever written.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("what is written")
    group.add_argument(
        "--strategy",
        choices=["deep", "strict"],
        default="deep",
        help="the draft's: deep names what should go as a whole, strict what should stay (default: deep)",
    )
    check = group.add_argument(
        "--check",
        metavar="POLICY",
        help="instead of a draft, show what a policy does to the sample, place by place: a file, or a "
        "built-in policy; status 4 if it would send some of it to quarantine",
    )
    check.complete = FILE  # type: ignore[attr-defined]
    group.add_argument("--json", action="store_true", help="a JSONL row for each place")
    group.add_argument(
        "--examples",
        action="store_true",
        help="with each place show examples, redacted and then masked: letters as a, digits as 0",
    )
    group = p.add_argument_group("what is read")
    group.add_argument(
        "--limit",
        metavar="N",
        type=count,
        default=SAMPLE,
        help=f"records and lines of the sample, 0 for all (default: {SAMPLE})",
    )
    form_option(group)
    nlp_options(group)
    path_option(group, "--recognizers", "further recognizers, in Presidio's YAML")
    stream_options(p)
    return p


def main(argv: Sequence[str] | None = None) -> int:
    args = parser().parse(argv)
    if args.check and args.examples:
        raise UsageError("--examples go with a draft", hint="leave --check out")
    from cecil.commands import lean

    if not lean.wants_engine(args.nlp):
        lean.presidio()
    from cecil.commands.reading import check_inputs, recognizers
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.profile import naming

    check_inputs(args)
    policy = Policy.load(args.check, recognizers(args.recognizers)) if args.check else None
    judge = _sanitizer(args, naming(policy))
    run = _Run(args, judge, _sanitizer(args, policy) if policy else None)
    try:
        for path in args.file or ["-"]:
            if run.file(path):
                break
    except SourceError:
        run.end(complete=False)
        raise
    return run.end(complete=True)


def _sanitizer(args: argparse.Namespace, policy: "Policy") -> "Sanitizer":
    from cecil.commands.reading import recognizers
    from cecil.sanitizer.keyring import Keyring
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.cache import FileCache

    own = recognizers(args.recognizers)
    # Nothing that is made with a key is shown: any will do.
    return Sanitizer(
        policy,
        key=Keyring.random(),
        recognizers=own,
        cache=FileCache(),
        nlp=args.nlp,
        language=args.language,
    )


class _Run:
    """One run over several inputs."""

    def __init__(self, args: argparse.Namespace, sanitizer: "Sanitizer", policy: "Sanitizer | None") -> None:
        import secrets

        from cecil.sanitizer.profile import KeyFindings, Profile
        from cecil.sanitizer.watch import Watch
        from cecil.stream.output import Output
        from cecil.stream.progress import Progress
        from cecil.stream.quarantine import Quarantine

        self._args = args
        self._sanitizer = sanitizer
        self._policy = policy
        self._watch: Watch | None = Watch(policy.policy, policy.holding) if policy else None
        self._profile: Profile = Profile(secrets.token_bytes(32), examples=args.examples)
        self._keyed = KeyFindings(sanitizer)
        self._refused = 0
        self._left = args.limit or -1
        self._output = Output()
        self._quarantine: Quarantine = Quarantine(args.quarantine, PROGRAM)
        self._progress = Progress(False if args.quiet else None)

    def file(self, path: str) -> bool:
        """Take a sample of one input; returns whether there is enough.

        Raises:
            SourceError, TruncatedError, OutputError: what was read before is in the profile.
        """
        from cecil.commands.reading import open_reader
        from cecil.stream.markers import Marker

        self._args.markers = False  # a sample need not reach the end
        with open_reader(PROGRAM, path, self._args, self._quarantine) as reader:
            for item in reader:
                if not isinstance(item, Marker):
                    self._block(item, reader.name)
                    self._progress.update(
                        self._quarantine.counts.read, reader.source.consumed, reader.source.size
                    )
                if not self._left:
                    return True
        return False

    def end(self, *, complete: bool) -> int:
        """Write what there is, and choose the status."""
        from cecil.commands.finish import finish
        from cecil.sanitizer.profile import MOST_NAMES, MOST_PLACES

        self._progress.clear()
        self._profile.settle()
        self._write()
        profile = self._profile
        more = {"places": profile.places, "overflow": profile.overflow}
        status = finish(PROGRAM, self._args, self._quarantine, self._output, more, complete=complete)
        if profile.overflow:
            message(
                PROGRAM,
                f"more than {MOST_PLACES} places, or {MOST_NAMES} names in one object: "
                f"{profile.overflow} members are counted under *, or not at all",
            )
        if not (profile.records or profile.lines) and not self._args.quiet:
            message(PROGRAM, "there was nothing in the sample")
        return REFUSED if self._refused else status

    def _write(self) -> None:
        if self._policy is None or self._watch is None:
            from cecil.report import draft
            from cecil.sanitizer.proposals import rows

            found = rows(self._profile)
            if self._args.json:
                self._output.write(b"".join(draft.as_jsonl(found)))
            else:
                self._output.write(draft.as_yaml(self._profile, found, self._args.strategy).encode())
            return
        from cecil.report import effects

        strict = self._policy.policy.strategy == "strict"
        shown = effects.Effects(self._profile, self._watch, self._refused, strict)
        if self._args.json:
            self._output.write(b"".join(effects.as_jsonl(shown)))
        else:
            self._output.write(effects.as_table(shown).encode())

    def _block(self, block: "Block", name: str) -> None:
        counts = self._quarantine.counts
        for number, line in enumerate(block.lines(), block.first):
            if not self._left:
                counts.dropped[BEYOND] += 1
                continue
            if number == 1:
                line = line.removeprefix(BOM_UTF8)
            if not line.strip(b" \t\r\n"):
                counts.dropped[BLANK] += 1
                continue
            self._left -= 1
            try:
                self._line(line)
            except RecordError as error:
                self._quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
            else:
                counts.written += 1

    def _line(self, line: bytes) -> None:
        from cecil.sanitizer.blocks import as_record
        from cecil.stream.jsontext import decode

        record = as_record(line, self._args.format)
        if record is None:
            text = decode(line).rstrip("\r\n")
            new, findings = self._sanitizer.redact_text(text.encode())
            self._profile.add_line(text, new.decode(), findings)
        else:
            new, findings = self._sanitizer.redact(record)
            self._profile.add(record, new, findings, self._keyed, self._watch)
        if self._policy:
            self._apply(record, line)

    def _apply(self, record: Any, line: bytes) -> None:
        """What the policy does to the same."""
        assert self._policy
        try:
            if record is None:
                self._profile.did_to_line(self._policy.redact_text(line)[1])
            else:
                self._profile.did(self._policy.redact(record)[1])
        except RecordError:
            self._refused += 1
