"""How cecil-fingerprint uploads: consent, roll-ups of fingerprints, the spool, and the way out.

Owns: the options of `consent` and `upload`, where their files are, and the order: input is read whole
before a batch is made, a batch is in the spool before it leaves, and it is marked before its first byte
does. Refuses: to send without a consent that names this endpoint and this text.
"""

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from cecil.commands.boundary import many, message
from cecil.commands.options import Parser, count, file_operand, markers_option, path_option, stream_options
from cecil.errors import RecordError, SourceError, UsageError
from cecil.stream.offline import VARIABLE, audit_mode

if TYPE_CHECKING:
    from cecil.fingerprint.cells import Batch, Cells
    from cecil.fingerprint.prices import PriceList
    from cecil.stream.counts import Counts
    from cecil.stream.progress import Progress
    from cecil.stream.quarantine import Quarantine
    from cecil.stream.spool import Entry, Spool

PROGRAM = "cecil-fingerprint"
BLANK = "blank"
_CONSENT = "consent.json"
_MAX_CONSENT = 1 << 16
_MAX_TOKEN = 1 << 12
_ASK = "cecil-fingerprint consent --endpoint URL"


def add_verbs(parser: Parser) -> None:
    """`consent` and `upload`, which stand where else a file does."""
    sub = Parser(
        f"{PROGRAM} consent",
        "Agree that roll-ups may be sent to an endpoint. Shows what is sent and asks; without options, shows "
        "what was agreed to.",
    )
    group = sub.add_argument_group("consent")
    group.add_argument("--endpoint", metavar="URL", help="where roll-ups may be sent, as https://HOST/PATH")
    path_option(
        group, "--ca-file", "certificates (PEM) to trust for this endpoint in place of the system's own"
    )
    path_option(group, "--token-file", "file with the token that the endpoint knows you by")
    group.add_argument("--yes", action="store_true", help="agree, and do not ask")
    group.add_argument(
        "--revoke",
        action="store_true",
        help="agree no more: nothing is sent from now on, and what waits to be sent is deleted",
    )
    parser.verb("consent", sub)

    sub = Parser(
        f"{PROGRAM} upload",
        "Send roll-ups of fingerprints to the endpoint that was agreed to with consent. Sends sums of at "
        "least 5 users and 10 calls, of days that are over, each day once. What could not be sent waits, and "
        "goes first next time.",
    )
    file_operand(sub, nargs="*", what="fingerprints, one input after the other; - or none is standard input")
    group = sub.add_argument_group("upload")
    group.add_argument(
        "--dry-run",
        action="store_true",
        help="write the exact bytes to standard output and send nothing; needs no consent",
    )
    group.add_argument("--resume", action="store_true", help="send what waits, and read no input")
    group.add_argument(
        "--budget",
        metavar="SECONDS",
        type=count,
        default=300,
        help="time for sending, with all attempts; what is not sent by then waits (default: 300)",
    )
    markers_option(stream_options(sub))
    parser.verb("upload", sub)


def run_verb(args: argparse.Namespace) -> int:
    """Run the verb that was typed."""
    return _consent(args) if args.verb == "consent" else _upload(args)


class Consent(NamedTuple):
    """What somebody agreed to.

    Attributes:
        endpoint: the URL.
        date: when, RFC 3339, UTC.
        terms: the digest of the text.
        ca_file, token_file: paths, or None.
    """

    endpoint: str
    date: str
    terms: str
    ca_file: str | None
    token_file: str | None


def _spool() -> "Spool":
    from cecil.errors import OutputError
    from cecil.stream.quarantine import state_folder
    from cecil.stream.spool import Spool

    try:
        folder = state_folder()
    except OutputError:
        raise OutputError("no home folder for what is sent", hint="set XDG_STATE_HOME") from None
    return Spool(os.path.join(folder, "upload"))


def _load(spool: "Spool") -> Consent | None:
    """The consent that is stored; None for none.

    Raises:
        SourceError: it is damaged, or others could have written it.
    """
    import orjson

    data = spool.kept(_CONSENT, _MAX_CONSENT)
    if data is None:
        return None
    try:
        consent = Consent(**orjson.loads(data))
    except (TypeError, ValueError):
        consent = None
    if consent is None or not all(isinstance(value, (str, type(None))) for value in consent):
        raise SourceError("a damaged consent", where=os.path.join(spool.folder, _CONSENT), hint=_ASK)
    return consent


def _consent(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from cecil.fingerprint.terms import DIGEST, TEXT
    from cecil.fingerprint.upload import address

    spool = _spool()
    if args.revoke:
        if args.endpoint or args.yes:
            raise UsageError("--revoke stands alone")
        return _revoke(spool)
    if args.endpoint is None:
        if args.yes or args.ca_file or args.token_file:
            raise UsageError("--endpoint is wanted", hint=_ASK)
        return _show(_load(spool))
    address(args.endpoint)
    consent = Consent(
        args.endpoint,
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        DIGEST,
        args.ca_file and os.path.abspath(args.ca_file),
        args.token_file and os.path.abspath(args.token_file),
    )
    _token(consent)
    _say(f"Where to: {args.endpoint}\n{TEXT}")
    if not args.yes:
        if not (os.isatty(0) and os.isatty(2)):
            raise UsageError("nobody is there to be asked", hint="agree without being asked: --yes")
        sys.stderr.write("Agree? Type yes: ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() != "yes":
            message(PROGRAM, "not agreed; nothing has changed")
            return 1
    import orjson

    with spool.lock():
        before = spool.kept(_CONSENT, _MAX_CONSENT) and _load(spool)
        if before and before.endpoint != consent.endpoint:
            _withdraw(spool)
        spool.keep(_CONSENT, orjson.dumps(consent._asdict(), option=orjson.OPT_INDENT_2) + b"\n")
    message(PROGRAM, f"agreed on {consent.date}; kept in {os.path.join(spool.folder, _CONSENT)}")
    return 0


def _revoke(spool: "Spool") -> int:
    # Also where it is damaged, and while an upload is at work, which asks before each request: to end it must
    # always work.
    spool.forget(_CONSENT)
    with spool.lock():
        _withdraw(spool)
    message(PROGRAM, "agreed no more; nothing is sent from now on")
    return 0


def _withdraw(spool: "Spool") -> None:
    deleted, lost = spool.withdraw()
    if deleted:
        message(PROGRAM, f"{many(deleted, 'batch', 'batches')} that waited deleted")
    if lost:
        message(
            PROGRAM,
            f"{many(lost, 'batch', 'batches')} not acknowledged may have arrived; they are not sent again",
        )


def _show(consent: Consent | None) -> int:
    from cecil.fingerprint.terms import DIGEST

    if consent is None:
        _say("Nothing was agreed to; nothing is sent.\n")
        return 0
    _say(f"Agreed on {consent.date}: roll-ups may be sent to {consent.endpoint}\n")
    if consent.terms != DIGEST:
        _say("What is sent has changed since; nothing is sent until you agree again.\n")
    return 0


def _say(text: str) -> None:
    from cecil.stream.output import Output

    output = Output()
    output.write(text.encode())
    output.close()


def _token(consent: Consent) -> str | None:
    """The token, from its file.

    Raises:
        UsageError: it cannot be read, or is none.
    """
    if consent.token_file is None:
        return None
    from cecil.commands.reading import head

    token = head(consent.token_file, _MAX_TOKEN).decode("ascii", "replace").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError("a token is one word of printable ASCII", where=consent.token_file)
    return token


def _valid_consent(spool: "Spool") -> Consent:
    """Raises UsageError unless somebody has agreed to what is sent now."""
    from cecil.fingerprint.terms import DIGEST

    consent = _load(spool)
    if consent is None:
        raise UsageError(
            "nobody has agreed that anything is sent",
            hint=f"{_ASK}; or see what would be sent: cecil-fingerprint upload --dry-run FILE",
        )
    if consent.terms != DIGEST:
        raise UsageError(
            "what is sent has changed since somebody agreed to it",
            hint=f"cecil-fingerprint consent --endpoint {consent.endpoint}",
        )
    return consent


def _upload(args: argparse.Namespace) -> int:
    from cecil.commands.reading import check_inputs
    from cecil.fingerprint.cells import Cells
    from cecil.stream.quarantine import Quarantine

    check_inputs(args)
    spool = _spool()
    quarantine = Quarantine(args.quarantine, PROGRAM)
    if args.dry_run:
        entries = spool.entries()
        cells = Cells(time.time(), [entry.day for entry in entries])
        batches = _gather(args, cells, quarantine)
        return _dry_run(args, spool, entries, batches, quarantine)

    if audit_mode():
        raise UsageError(
            f"nothing is sent in audit mode ({VARIABLE})", hint="cecil-fingerprint upload --dry-run FILE"
        )
    from cecil.fingerprint.upload import Refused, Sender

    consent = _valid_consent(spool)
    sender = Sender(
        consent.endpoint,
        token=_token(consent),
        ca_file=consent.ca_file,
        budget=float(args.budget),
        allowed=lambda: _load(spool) == consent,
    )
    with spool.lock():
        cells = Cells(time.time(), [entry.day for entry in spool.entries()])
        made = _gather(args, cells, quarantine)
        for batch in made:
            spool.put(batch.day, batch.data)
        waiting = [entry for entry in spool.entries() if entry.waits]
        sent = size = 0
        failure: SourceError | None = None
        for entry in waiting:
            data = spool.read(entry)
            # From here on it may have left, whatever happens.
            tried = spool.move(entry, "tried")
            try:
                sender.send(data)
            except Refused as error:
                failure = error
                continue
            except SourceError as error:
                failure = error
                break
            spool.move(tried, "done")
            sent += 1
            size += len(data)
    left = len(waiting) - sent
    if not args.quiet and (sent or not failure):
        message(PROGRAM, f"{many(sent, 'day', 'days')} sent ({size:,} bytes) to {consent.endpoint}")
    if left:
        message(PROGRAM, f"{many(left, 'batch waits', 'batches wait')} in {spool.folder}")
    more = {"sent": sent, "waiting": left, "bytes": size, "attempts": sender.attempts}
    status = _finish(args, quarantine, made, more)
    if failure:
        raise failure
    return status


def _dry_run(
    args: argparse.Namespace,
    spool: "Spool",
    entries: "list[Entry]",
    batches: "list[Batch]",
    quarantine: "Quarantine",
) -> int:
    from cecil.commands.finish import finish
    from cecil.stream.output import Output

    waiting = [(entry.day, spool.read(entry)) for entry in entries if entry.waits]
    output = Output()
    for _, data in sorted([*waiting, *((batch.day, batch.data) for batch in batches)]):
        output.write(data)
    if not args.quiet:
        _tell(quarantine.counts, batches, "would be sent")
    more = {"sent": 0, "waiting": len(waiting), "batches": len(batches)}
    return finish(PROGRAM, args, quarantine, output, more)


def _finish(
    args: argparse.Namespace, quarantine: "Quarantine", made: "list[Batch]", more: dict[str, Any]
) -> int:
    from cecil.commands.finish import finish

    if not args.quiet and not args.resume:
        _tell(quarantine.counts, made, "in new batches")
    return finish(PROGRAM, args, quarantine, None, {**more, "batches": len(made)})


def _tell(counts: "Counts", made: "list[Batch]", what: str) -> None:
    """Say what became of the records that were read."""
    from cecil.fingerprint.cells import Rule
    from cecil.fingerprint.terms import MAX_SHARE, MIN_CALLS, MIN_USERS

    days, calls = many(len(made), "day", "days"), many(sum(batch.calls for batch in made), "call", "calls")
    message(PROGRAM, f"{many(counts.read, 'fingerprint', 'fingerprints')} read: {calls} of {days} {what}")
    meanings = {
        Rule.LATE: "their day was sent before, or waits to be; a day is sent once",
        Rule.OPEN: "their day is not over",
        Rule.UNDATED: "they have no time",
        Rule.SMALL: f"fewer than {MIN_USERS} users or {MIN_CALLS} calls are like them, or one user has "
        f"more than {MAX_SHARE} percent",
    }
    for rule, meaning in meanings.items():
        dropped = counts.dropped[rule.value]
        if dropped:
            message(PROGRAM, f"{many(dropped, 'fingerprint', 'fingerprints')} left out as {rule}: {meaning}")


def _gather(args: argparse.Namespace, cells: "Cells", quarantine: "Quarantine") -> "list[Batch]":
    """The batches of all inputs; every record is counted.

    Raises:
        SourceError: an input cannot be read to its end, or a line is no fingerprint: a day is sent once,
            so it is sent whole or not at all.
    """
    from cecil.fingerprint.cells import Rule
    from cecil.fingerprint.prices import PriceList
    from cecil.stream.progress import Progress

    if args.resume:
        if args.file != "-":
            raise UsageError("--resume reads no input")
        return []
    progress = Progress(False if args.quiet else None)
    prices = PriceList.packaged()
    counts = quarantine.counts
    known = users = 0
    try:
        for path in args.file if isinstance(args.file, list) and args.file else ["-"]:
            taken, named = _add(path, cells, prices, quarantine, args, progress)
            known += taken
            users += named
    finally:
        progress.clear()
    batches = list(cells.batches())
    inside = sum(batch.records for batch in batches)
    counts.written += inside
    if known > inside:
        counts.dropped[Rule.SMALL.value] += known - inside
    if known and not users and not args.quiet:
        message(
            PROGRAM,
            "no fingerprint names a user, so users cannot be counted",
            "cecil-fingerprint --key-file FILE ... names them by keyed hashes",
        )
    return batches


def _add(
    path: str,
    cells: "Cells",
    prices: "PriceList",
    quarantine: "Quarantine",
    args: argparse.Namespace,
    progress: "Progress",
) -> tuple[int, int]:
    """Add one input; returns how many fingerprints may go out, and how many of them name a user."""
    from cecil.commands.reading import open_reader
    from cecil.fingerprint.record import parse
    from cecil.stream.jsontext import loads
    from cecil.stream.markers import Marker

    counts = quarantine.counts
    taken = named = 0
    with open_reader(PROGRAM, path, args, quarantine) as reader:
        for item in reader:
            if isinstance(item, Marker):
                cells.policy(item.body.get("policy"))
                continue
            for number, line in enumerate(item.lines(), item.first):
                if not line.strip(b" \t\r\n"):
                    counts.dropped[BLANK] += 1
                    continue
                try:
                    row = loads(line)
                    if not isinstance(row, dict):
                        raise RecordError("not a fingerprint")
                    record = parse(row, prices)
                    rule = cells.add(record)
                except RecordError as error:
                    raise SourceError(
                        f"{error.message}; nothing of this input is sent",
                        where=f"{reader.name}:{number}",
                        hint="upload reads fingerprints: cecil-fingerprint FILE | cecil-fingerprint upload",
                    ) from None
                if rule:
                    counts.dropped[rule.value] += 1
                else:
                    taken += 1
                    named += record.user_h is not None
            progress.update(counts.read, reader.source.consumed, reader.source.size)
    if quarantine.counts.quarantined:
        raise SourceError("a record that is too long; nothing of this input is sent", where=reader.name)
    return taken, named
