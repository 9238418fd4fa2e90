"""cecil-redact: takes personal, health and secret data out of a stream of records or text lines."""

import argparse
import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cecil.commands.boundary import message
from cecil.commands.options import (
    FILE,
    Parser,
    count,
    file_operand,
    form_option,
    markers_option,
    nlp_options,
    path,
    path_option,
    policy_option,
    stream_options,
)
from cecil.errors import SourceError, UsageError, WorkerError

if TYPE_CHECKING:
    from cecil.commands.manifest import Manifest
    from cecil.sanitizer.keyring import Keyring
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-redact"
FOUND = 4
"""The status of --check when something sensitive is in the input."""
MOST_JOBS = 256
"""Each worker holds a process and a few MB."""
_NEW_KEY = "cecil-redact --new-key cecil.key; then --key-file cecil.key"


_NO_FOLDER = ("check", "explain", "diff", "audit", "markers")
"""Options that make one stream of all inputs."""


def parser() -> Parser:
    p = Parser(
        PROGRAM,
        "Take personal, health and secret data out of JSONL records or plain text lines.",
    )
    file_operand(p, nargs="*", what="inputs, one after the other; - or none is standard input")
    group = p.add_argument_group("what is redacted")
    policy_option(
        group,
        "policy file, or a built-in policy: default, gdpr, hipaa, llm, pci, secrets-only, strict-empty "
        "(default: default)",
    )
    group.add_argument(
        "--strategy",
        choices=["deep", "strict"],
        help="deep judges every field by key and value; strict keeps only fields that the policy names; "
        "overrides the policy's own",
    )
    form_option(group)
    nlp_options(group)
    group.add_argument(
        "--language-field",
        metavar="PATH",
        help="field that tells a record's language, e.g. user.locale; others are of --language",
    )
    group.add_argument(
        "--entities",
        metavar="LIST",
        type=_entities,
        default=frozenset(),
        help="look for these too, whatever the policy leaves, e.g. DATE_TIME,URL",
    )
    group.add_argument(
        "--countries",
        metavar="LIST",
        type=_countries,
        default=frozenset(),
        help="look for the national numbers of these too, by two letters, e.g. de,fr",
    )
    path_option(group, "--recognizers", "further recognizers, in Presidio's YAML")
    group.add_argument(
        "--print-policy",
        action="store_true",
        help="show the policy as it holds, with who said what, and its SHA-256, and exit",
    )
    group.add_argument(
        "--print-schema", action="store_true", help="write the JSON Schema of policies, for editors, and exit"
    )
    group = p.add_argument_group("many files")
    action = group.add_argument(
        "-o",
        "--output",
        metavar="DIR",
        type=path,
        help="redact each FILE, and each file in a folder, to a file of the same name and compression in "
        "DIR; several at once; each is whole or absent",
    )
    action.complete = FILE  # type: ignore[attr-defined]
    group.add_argument(
        "--resume", action="store_true", help="with -o: leave files that are in DIR already, and do the rest"
    )
    group = p.add_argument_group("keys")
    path_option(group, "--key-file", "file with the secret keys of hash, surrogate, shift and encrypt")
    path_option(group, "--new-key", "make a key file, tell the key's id on standard error, and exit")
    group.add_argument(
        "--rotate", action="store_true", help="with --new-key: put the new key before those that are in FILE"
    )
    group.add_argument(
        "--restore",
        action="store_true",
        help="instead of taking data out, bring back what encrypt took out; needs --key-file and --reason",
    )
    group.add_argument(
        "--reason",
        metavar="TEXT",
        help="with --restore: why; it goes into the audit with every value that is brought back",
    )
    group = p.add_argument_group("what is told; values never are, but by --diff and --restore")
    group.add_argument(
        "--check",
        action="store_true",
        help="instead of records, list what is found and where; status 4 if anything is; with --quiet only "
        "the status",
    )
    group.add_argument(
        "--explain",
        action="store_true",
        help="instead of records, list what is found, what was left, and why",
    )
    group.add_argument("--json", action="store_true", help="with --check or --explain: list as JSONL")
    group.add_argument(
        "--sarif", action="store_true", help="with --check: list as a SARIF 2.1.0 document, for CI"
    )
    group.add_argument(
        "--diff",
        action="store_true",
        help="instead of records, show each line that changes before and after; only on a terminal",
    )
    path_option(
        group,
        "--manifest",
        "append a row for the run to FILE: policy, versions, key id, counts, and the SHA-256 of all inputs "
        "and outputs, and of the row before it; cecil-leaktest --verify holds files against it",
    )
    path_option(group, "--manifest-key", "sign the manifest with the key in FILE (Ed25519)")
    path_option(group, "--audit", "append a JSONL row for each finding to FILE, while records are written")
    group = stream_options(p)
    markers_option(group)
    group.add_argument(
        "-j",
        "--jobs",
        metavar="N",
        type=_jobs,
        help="worker processes; 1 for none (default: one a core for a large file or a busy pipe, otherwise "
        "none); the output is the same",
    )
    return p


def _entities(text: str) -> frozenset[str]:
    names = _list(text)
    for name in names:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
            raise argparse.ArgumentTypeError("names such as DATE_TIME,URL are wanted")
    return names


def _countries(text: str) -> frozenset[str]:
    names = _list(text.lower())
    for name in names:
        if not re.fullmatch(r"[a-z]{2}", name):
            raise argparse.ArgumentTypeError("two letters a country are wanted, such as de,fr")
    return names


def _list(text: str) -> frozenset[str]:
    return frozenset(filter(None, (part.strip() for part in text.split(","))))


def _jobs(text: str) -> int:
    number = count(text)
    if not 1 <= number <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_JOBS} is wanted")
    return number


def main(argv: Sequence[str] | None = None) -> int:
    p = parser()
    args = p.parse(argv)
    if args.new_key is not None:
        return _new_key(p, args)
    if args.rotate:
        raise UsageError("--rotate is a way to make a key", hint="--new-key FILE --rotate")
    if args.restore:
        return _restore(p, args)
    if args.reason is not None:
        raise UsageError("--reason says why values are brought back", hint="add --restore")
    if args.print_schema:
        import importlib.resources

        return _print((importlib.resources.files("cecil.sanitizer") / "policy.schema.json").read_bytes())
    # Everything that can be wrong with the options is said before the first byte is read.
    _go_together(args)
    sanitizer = _sanitizer(args)
    if args.print_policy:
        from cecil.sanitizer.policy_shown import shown

        return _print(shown(sanitizer.policy, args.recognizers).encode())
    if sanitizer.temporary_key and not (args.quiet or args.check or args.explain):
        message(
            PROGRAM,
            "no key is given, so one is made up for this run: tokens and stand-ins of other runs will differ",
            _NEW_KEY,
        )
    from cecil.commands.finish import finish
    from cecil.commands.reading import check_inputs
    from cecil.commands.redacting import Run
    from cecil.stream.output import Output
    from cecil.stream.quarantine import Quarantine

    check_inputs(args, parquet=args.output is not None)
    _tell_of_tables(args)
    quarantine = Quarantine(args.quarantine, PROGRAM)
    manifest = None
    if args.manifest is not None:
        from cecil.commands.manifest import Manifest

        manifest = Manifest(PROGRAM, args, sanitizer)
    if args.output is not None:
        return _folder(args, sanitizer, quarantine, manifest)
    output = (manifest.output if manifest else None) or Output()
    run = Run(PROGRAM, args, sanitizer, quarantine, output, manifest)

    def end(complete: bool) -> int:
        run.end(complete=complete)
        more = {**_about(sanitizer), "findings": dict(run.findings)}
        status = finish(PROGRAM, args, quarantine, output, more, complete=complete)
        if manifest:
            manifest.write(quarantine, complete=complete)
        return status

    try:
        for path in args.file or ["-"]:
            run.file(path)
        run.close()
    except (SourceError, WorkerError):
        end(complete=False)  # what was judged before is good, and goes on
        raise
    finally:
        run.kill()
    status = end(complete=True)
    return FOUND if args.check and run.findings else status


def _tell_of_tables(args: argparse.Namespace) -> None:
    """Say that a table is read as lines of text, where nobody asked for it: its header says what is in it."""
    if args.output is not None or args.format == "text" or args.quiet:
        return
    from cecil.stream.formats import is_table

    table = next(filter(is_table, args.file or ()), None)
    if table:
        message(
            PROGRAM,
            f"{table}: a table is read as lines of text, in which the names of columns say nothing",
            "cecil-redact -o DIR/ FILE reads it as one, and so does cecil-fetch file FILE | cecil-redact",
        )


def _about(sanitizer: "Sanitizer") -> dict[str, object]:
    """What judged, for `--stats`."""
    return {"policy": sanitizer.policy.digest, "models": sanitizer.models}


def _folder(
    args: argparse.Namespace, sanitizer: "Sanitizer", quarantine: "Quarantine", manifest: "Manifest | None"
) -> int:
    """Many files, each to one of its own."""
    from cecil.commands.finish import finish
    from cecil.commands.tree import Folder

    folder = Folder(PROGRAM, args, sanitizer, quarantine, manifest)
    folder.run()
    more = {**_about(sanitizer), "findings": dict(folder.findings), "files": dict(folder.files)}
    failed = folder.files["failed"]
    status = finish(PROGRAM, args, quarantine, extra=more, complete=not failed)
    if manifest:
        manifest.write(quarantine, complete=not failed)
    return 1 if failed else status


def _print(data: bytes) -> int:
    from cecil.stream.output import Output

    output = Output()
    output.write(data)
    output.close()
    return 0


def _new_key(p: Parser, args: argparse.Namespace) -> int:
    _alone(p, args, "--new-key", "rotate")
    from cecil.commands import keyfile

    keys = (keyfile.rotate if args.rotate else keyfile.create)(args.new_key)
    message(PROGRAM, f"the new key {keys.ids[0]} is in {args.new_key}")
    return 0


def _restore(p: Parser, args: argparse.Namespace) -> int:
    _alone(
        p,
        args,
        "--restore",
        *"file format key_file reason audit markers max_record quarantine stats stats_file".split(),
    )
    if args.key_file is None:
        raise UsageError("--restore needs the key that values were encrypted with", hint="--key-file FILE")
    if not (args.reason or "").strip():
        raise UsageError("--restore needs a reason, which goes into the audit", hint="--reason TEXT")
    _audit_is_a_file(args)
    from cecil.commands import keyfile
    from cecil.commands.restoring import restore

    return restore(PROGRAM, args, keyfile.read(args.key_file))


def _alone(p: Parser, args: argparse.Namespace, option: str, *others: str) -> None:
    """Raises UsageError for what was typed and does not go with an option; settings are for other runs."""
    for action in p._actions:
        default = p.get_default(action.dest)
        typed = getattr(args, action.dest, default) != default
        if typed and action.dest not in (*others, "debug", "quiet", option[2:].replace("-", "_")):
            name = action.option_strings[-1] if action.option_strings else action.metavar
            raise UsageError(f"{name} does not go with {option}", hint=f"{PROGRAM} --help")


def _audit_is_a_file(args: argparse.Namespace) -> None:
    if args.audit == "-":
        raise UsageError("standard output carries records; an audit needs a file", hint="--audit FILE")


def _go_together(args: argparse.Namespace) -> None:
    """Raises UsageError for options that contradict each other."""
    listed = args.check or args.explain
    if args.diff and (listed or args.json or args.sarif):
        raise UsageError("--diff shows values, and lists never do", hint="leave --diff out, or all others")
    if args.json and args.sarif:
        raise UsageError("--json and --sarif are two forms of one list", hint="leave one of them out")
    if args.sarif and args.explain:
        raise UsageError("SARIF has no near misses", hint="--explain --json, or --check --sarif")
    if (args.json or args.sarif) and not listed:
        raise UsageError(f"--{'json' if args.json else 'sarif'} is the form of a list", hint="add --check")
    if args.audit and (listed or args.diff):
        raise UsageError(
            "an audit says what was done to records, and none are written",
            hint="--check --json lists the same rows",
        )
    _audit_is_a_file(args)
    if args.manifest == "-":
        raise UsageError("standard output carries records; a manifest needs a file", hint="--manifest FILE")
    others = [name for name in _NO_FOLDER if getattr(args, name)] if args.output is not None else []
    if others:
        raise UsageError(
            f"--{others[0].replace('_', '-')} does not go with -o DIR", hint="leave one of them out"
        )
    if args.resume and args.output is None:
        raise UsageError("--resume goes on with a folder", hint="add -o DIR")
    if args.manifest_key and args.manifest is None:
        raise UsageError("--manifest-key signs a manifest", hint="add --manifest FILE")
    if args.diff and not os.isatty(1):
        raise UsageError(
            "--diff shows values, so it writes to a terminal only", hint="--check lists places without values"
        )


def _sanitizer(args: argparse.Namespace) -> "Sanitizer":
    from cecil.commands import lean
    from cecil.commands.reading import recognizers
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.cache import FileCache

    if not lean.wants_engine(args.nlp):
        lean.presidio()
    own = recognizers(args.recognizers)
    policy = Policy.load(args.policy, own)
    if args.strategy:
        policy = policy.with_strategy(args.strategy)
    return Sanitizer(
        policy,
        key=_keys(args),
        explain=args.explain,
        entities=args.entities,
        countries=args.countries,
        recognizers=own,
        cache=FileCache(),
        audit=args.audit is not None,
        nlp=args.nlp,
        language=args.language,
        language_field=args.language_field,
    )


def _keys(args: argparse.Namespace) -> "Keyring | None":
    from cecil.commands import keyfile
    from cecil.sanitizer.keyring import Keyring

    if args.key_file is not None:
        return keyfile.read(args.key_file)
    if args.print_policy or args.check or args.explain:
        return Keyring.random()  # nothing that is made with it leaves
    return None
