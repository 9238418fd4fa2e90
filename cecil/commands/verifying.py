"""--verify and --drift of cecil-leaktest: whether all is what manifests say, and which rates have moved."""

import argparse
import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

from cecil.commands.boundary import many, message
from cecil.errors import SourceError, UsageError, printable
from cecil.stream import files, manifest, signing
from cecil.stream.output import Output

_MOST_KEY = 1 << 16


def verify(program: str, args: argparse.Namespace) -> bool:
    """Say what is not as it was; a row for each on standard output.

    Of a path the last run that wrote or read it from its beginning is held against the file, and those that
    appended to it since. Runs that are cut off the end leave no trace in a chain, so `--head` names one that
    was in it.

    Returns:
        whether all is.

    Raises:
        SourceError: the manifest cannot be read, or holds no run.
        UsageError: it is signed, and no key tells by whom.
    """
    key = args.verify_key
    verifier = signing.verifier(files.whole(key, _MOST_KEY), key) if key else None
    latest: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    good = True
    count = 0
    head = ""
    known = args.head is None
    output = Output()
    for run in manifest.chain(args.verify, verifier):
        if "signature" in run.record and verifier is None:
            raise UsageError(
                "the manifest is signed", where=args.verify, hint="--verify-key FILE says by which key"
            )
        for what in run.wrong:
            good = False
            output.write(f"{printable(args.verify)}:{run.number}: {what}\n".encode())
        for row in _files(run.record):
            path = str(manifest.path_of(row))  # it has one
            if not row["from"]:
                latest[path] = []
            latest.setdefault(path, []).append((run.number, row))
        count, head = run.number, run.digest
        known = known or head == args.head
    if not count:
        raise SourceError("holds no run", where=args.verify)
    if not known:
        good = False
        output.write(
            f"{printable(args.verify)}: the run of --head is not there: runs were taken off\n".encode()
        )
    for path, rows in () if args.chain_only else latest.items():
        for number, row in rows:
            changed = manifest.differs(row, last=row is rows[-1][1])
            if changed:
                good = False
                output.write(f"{printable(args.verify)}:{number}: {printable(path)}: {changed}\n".encode())
    output.close()
    if not args.quiet:
        checked = "" if args.chain_only else f", {many(len(latest), 'file', 'files')}"
        said = "all as it was" if good else "not as it was"
        message(program, f"{many(count, 'run', 'runs')}{checked}: {said}; the last run is {head}")
    return good


def _files(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rows = [row for side in ("inputs", "outputs") for row in record.get(side, ())]
    return (row for row in rows if manifest.path_of(row))


def drift(program: str, args: argparse.Namespace) -> bool:
    """Warn of entities whose rates have moved, a row for each on standard output.

    Only runs of the same policy say what is usual: another one takes other things.

    Returns:
        whether none has.

    Raises:
        SourceError: a file cannot be read, is no chain, or holds no run.
    """
    from cecil.leaktest.drift import FEWEST, RUNS, drifts, rates

    judged = args.file if isinstance(args.file, list) else []
    if len(judged) > 1:
        raise UsageError("one run is judged", hint=f"{program} --drift BASELINE [MANIFEST]")
    where = judged[0] if judged else args.drift
    last = deque(_complete(where), 1)
    if not last:
        raise SourceError("holds no complete run", where=where)
    policy = _policy(last[0])
    runs = deque((one for one in _complete(args.drift) if _policy(one) == policy), RUNS + (not judged))
    if not judged:
        runs.pop()  # the one that is judged
    found = drifts([rates(one) for one in runs], rates(last[0]))
    if found is None:
        message(program, f"too few runs of its policy to compare with: {len(runs)}, and {FEWEST} are wanted")
        return True
    output = Output()
    for one in found:
        row = f"{one.entity}: {one.now:.4g} in 1000 records, {one.before:.4g} before (p {one.tail:.1g})\n"
        output.write(row.encode())
    output.close()
    if not args.quiet and not found:
        message(program, f"no entity has moved, against {many(len(runs), 'run', 'runs')}")
    return not found


def _complete(path: str) -> Iterator[dict[str, Any]]:
    """The runs of a file that came to their end.

    Raises:
        SourceError: it cannot be read, or a line is not as it was written.
    """
    for run in manifest.chain(path):
        if run.wrong:
            raise SourceError(run.wrong[0], where=f"{path}:{run.number}")
        if run.record.get("complete"):
            yield run.record


def _policy(record: dict[str, Any]) -> Any:
    return record.get("policy", {}).get("digest")


def new_key(program: str, path: str) -> None:
    """Make a key that signs; the one that tells goes to standard output.

    Raises:
        UsageError: there is a file already.
        OutputError: it cannot be written.
    """
    from cecil.commands import keyfile

    signer = signing.Signer.random()
    keyfile.keep(path, signer.file())
    output = Output()
    output.write(signer.verifier.file())
    output.close()
    message(
        program, f"the new key {signer.id} is in {path}; who verifies needs only what is on standard output"
    )
    sys.stderr.flush()
