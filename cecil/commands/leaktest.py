"""cecil-leaktest: plants known values in a sample of a stream, redacts it, and looks for what is left."""

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cecil.commands.boundary import parser_of
from cecil.commands.options import (
    Parser,
    count,
    file_operand,
    path_option,
    policy_option,
    terminal_note,
)
from cecil.errors import UsageError

if TYPE_CHECKING:
    from cecil.leaktest.trial import Command
    from cecil.sanitizer.policy import Policy

PROGRAM = "cecil-leaktest"
LEFT = 4
"""The status when something is left of a planted value, and of --verify when something is not as it was."""

_LAUNCH = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv[0] = {!r}\n"
    "from cecil.commands import {name}; {name}()"
)

_OURS = frozenset(
    """file policy check explain json sarif diff restore reason new_key rotate print_policy print_schema audit
    stats stats_file quarantine manifest manifest_key output resume markers debug""".split()
)
"""Options of cecil-redact that mean another kind of run, or are set by the test itself."""


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Plant known values in a sample of a stream, run cecil-redact on it with a policy and options of "
        "your own, and look for what is left of them in all that it wrote, in any encoding.",
        usage=f"{PROGRAM} [option ...] [FILE ...] [-- option of cecil-redact ...]",
    )
    file_operand(
        p, nargs="*", what="samples of your stream; - is standard input; without one records are invented"
    )
    group = p.add_argument_group("what is tested")
    policy_option(
        group,
        "policy file, or a built-in policy (default: default)",
    )
    group.add_argument(
        "--only", metavar="LIST", type=_entities, default=frozenset(), help="plant these entities only"
    )
    group.add_argument(
        "--skip",
        metavar="LIST",
        type=_entities,
        default=frozenset(),
        help="do not plant these entities, whatever the policy promises",
    )
    group.add_argument(
        "--values",
        metavar="N",
        type=count,
        default=20_000,
        help="how many values are planted, 4000 in a run (default: 20000)",
    )
    group.add_argument(
        "--seed",
        metavar="N",
        type=count,
        default=0,
        help="another number plants other values (default: 0)",
    )
    path_option(group, "--command", "test this cecil-redact, and not the one that belongs to cecil-leaktest")
    group.add_argument(
        "--parquet",
        action="store_true",
        help="pass the output through cecil-write too, and search the pages of the Parquet file",
    )
    group = p.add_argument_group("what is told")
    group.add_argument("--json", action="store_true", help="write one JSON object instead of a table")
    path_option(
        group,
        "--save",
        "keep what was planted, and what was written, in this new folder; it holds the sample too",
    )
    group.add_argument("-q", "--quiet", action="store_true", help="no progress and no notes")
    group = p.add_argument_group("manifests (of cecil-redact --manifest)")
    path_option(group, "--verify", "instead of a test: say whether files and chain are what a manifest says")
    path_option(group, "--verify-key", "with --verify: the key by which every run has to be signed")
    group.add_argument(
        "--head",
        metavar="HASH",
        type=_head,
        help="with --verify: the hash of a run, as --verify told it, that has to be in the chain still",
    )
    group.add_argument(
        "--chain-only", action="store_true", help="with --verify: leave the files, which may have moved"
    )
    path_option(
        group,
        "--drift",
        "instead of a test: say which entities the last run of the manifest FILE, or of this one, finds far "
        "more or less often than the runs before it",
    )
    path_option(group, "--new-signing-key", "make a key for --manifest-key; its public half is printed")
    return p


def _entities(text: str) -> frozenset[str]:
    names = frozenset(filter(None, (part.strip() for part in text.split(","))))
    if not names or not all(re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in names):
        raise argparse.ArgumentTypeError("names such as EMAIL_ADDRESS,US_SSN are wanted")
    return names


def _head(text: str) -> str:
    if not re.fullmatch(r"(?:sha256:)?[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("sha256: and 64 digits are wanted, as --verify tells them")
    return f"sha256:{text[-64:]}"


def main(argv: Sequence[str] | None = None) -> int:
    words = sys.argv[1:] if argv is None else list(argv)
    cut = words.index("--") if "--" in words else len(words)
    options = words[cut + 1 :]
    args = parser().parse(words[:cut])
    if args.new_signing_key is not None or args.verify is not None or args.drift is not None:
        return _manifests(args)
    if args.verify_key is not None or args.chain_only or args.head is not None:
        raise UsageError("there is nothing to verify", hint="--verify MANIFEST")
    if not args.values:
        raise UsageError("nothing is planted", hint="--values 20000")
    theirs = _theirs(options)
    return _test(args, theirs, options)


def _manifests(args: argparse.Namespace) -> int:
    from cecil.commands import verifying

    if args.new_signing_key is not None:
        verifying.new_key(PROGRAM, args.new_signing_key)
        return 0
    good = args.verify is None or verifying.verify(PROGRAM, args)
    if args.drift is not None:
        good = verifying.drift(PROGRAM, args) and good
    return 0 if good else LEFT


def _theirs(options: Sequence[str]) -> argparse.Namespace:
    """What the options of cecil-redact mean.

    Raises:
        UsageError: one of them does not go with a test.
    """
    parser = parser_of("redact")
    theirs: argparse.Namespace = parser.parse(options)  # type: ignore[attr-defined]
    for action in parser._actions:
        typed = set(action.option_strings) & {one.partition("=")[0] for one in options}
        if typed and action.dest in _OURS:
            name = max(typed, key=len)
            hint = "--policy stands before --" if action.dest == "policy" else None
            raise UsageError(f"{name} does not go with a leak test", hint=hint)
    if isinstance(theirs.file, list) and theirs.file:
        raise UsageError("files stand before --", hint=f"{PROGRAM} FILE -- option of cecil-redact")
    return theirs


def _test(args: argparse.Namespace, theirs: argparse.Namespace, options: Sequence[str]) -> int:
    import random

    from cecil.leaktest import sample
    from cecil.leaktest.demand import Demand
    from cecil.leaktest.outcome import Outcome
    from cecil.leaktest.rounds import Rounds
    from cecil.leaktest.trial import Trial, folder

    policy = _policy(args.policy, theirs)
    chance = random.Random(args.seed)  # noqa: S311, no key comes of it
    lines = sample.take(_lines(args.file), chance) if isinstance(args.file, list) else list(sample.INVENTED)
    if not lines:
        raise UsageError("there is nothing in the sample", hint="leave FILE out, and records are invented")
    demand = Demand(policy, args.only, args.skip)
    outcome = Outcome(args.policy, policy.digest, args.seed)
    outcome.without(demand.unplanted())
    with folder(args.save) as where:
        trial = Trial(_command(args, options), where, theirs.format)
        carriers = trial.left(sample.carriers(lines))
        rounds = Rounds(demand, carriers, lines, theirs.format, chance)
        for batch in rounds.plants(args.values):
            outcome.add(batch, trial.run(batch, rounds.wanted(batch)))
            if not args.quiet and os.isatty(2):
                sys.stderr.write(f"\r{outcome.total} values planted, {outcome.left} left ")
                sys.stderr.flush()
    if not args.quiet and os.isatty(2):
        sys.stderr.write("\r" + " " * 60 + "\r")
    if not outcome.total:
        raise UsageError(
            "the policy promises nothing that could be planted", hint="another --policy, or --only"
        )
    _print(outcome.json() if args.json else outcome.table().encode())
    return LEFT if outcome.left else 0


def _policy(name: str, theirs: argparse.Namespace) -> "Policy":
    """The policy of the run, with what its options add."""
    from cecil.commands import lean
    from cecil.commands.reading import recognizers
    from cecil.sanitizer.policy import Policy

    lean.presidio()
    policy = Policy.load(name)
    if theirs.strategy:
        policy = policy.with_strategy(theirs.strategy)
    own = recognizers(theirs.recognizers)
    return policy.with_more(theirs.entities, theirs.countries, own.data if own else b"")


def _command(args: argparse.Namespace, options: Sequence[str]) -> "Command":
    from cecil.leaktest.trial import Command

    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

    def launched(name: str) -> tuple[str, ...]:
        return (sys.executable, "-P", "-c", _LAUNCH.format(f"cecil-{name}", name=name), root)

    program = (os.path.abspath(args.command),) if args.command else launched("redact")
    writer = launched("write") if args.parquet else ()
    return Command(program, (*options, "--policy", args.policy), writer)


def _lines(paths: Sequence[str]) -> Iterator[bytes]:
    """The lines of the samples.

    Raises:
        SourceError: one cannot be read.
    """
    from cecil.leaktest.sample import LONGEST
    from cecil.stream.input import STDIN, Input

    for path in paths:
        if path == STDIN:
            terminal_note(PROGRAM)
        rest = b""
        with Input(path) as source:
            while data := source.read():
                *whole, rest = (rest + data).split(b"\n")
                yield from whole
                rest = rest[: LONGEST + 1]  # what is longer is passed over
        yield rest


def _print(data: bytes) -> None:
    from cecil.stream.output import Output

    output = Output()
    output.write(data)
    output.close()
