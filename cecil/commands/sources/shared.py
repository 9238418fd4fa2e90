"""What the sources of cecil-fetch share: their parsers' manners, and the options of all of them."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import Parser, count, path_option, stream_options

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.providers.remote import Reading
    from cecil.stream.quarantine import Quarantine

PROGRAM = "cecil-fetch"

Build = Callable[[argparse.Namespace, "Quarantine", Callable[[], None]], "BaseDataProvider"]
"""Makes the provider from the arguments; the last one flushes what is held."""


class SourceParser(Parser):
    def __init__(self, prog: str, description: str, **_: object) -> None:
        # Newer versions of argparse hand down more; the house's manners come from Parser.
        super().__init__(prog, description)


Sources = argparse._SubParsersAction  # of SourceParser


def source(sources: "Sources[Any]", name: str, *, help: str, description: str) -> SourceParser:
    """A new source's parser."""
    made: SourceParser = sources.add_parser(name, help=help, description=description)
    return made


def common_options(sub: SourceParser, build: Build) -> argparse._ArgumentGroup:
    """What every source has: the stream, --markers, --describe."""
    stream = stream_options(sub)
    stream.add_argument(
        "--markers",
        action="store_true",
        help="put control lines around the records, by which cecil-write tells a whole stream from a cut one",
    )
    stream.add_argument(
        "--describe",
        action="store_true",
        help="write what is there (formats, columns, sizes) as JSON, and no records",
    )
    sub.set_defaults(build=build)
    return stream


def remote_options(sub: SourceParser, build: Build, *, times: str = "records") -> None:
    """What every remote source has.

    Args:
        times: what --since and --until are the time of.
    """
    group = sub.add_argument_group("which records")
    group.add_argument(
        "--since",
        metavar="TIME",
        help=f"only {times} from TIME on: RFC 3339 with an offset, an epoch, or a duration before now as "
        '15m, 2h or "2 hours ago"; a --state that knows of a run reads on from there instead',
    )
    group.add_argument("--until", metavar="TIME", help=f"only {times} before TIME (default: now)")
    group.add_argument(
        "--limit", metavar="N", type=count, help="write at most N records, and read no further"
    )
    group.add_argument(
        "-f",
        "--follow",
        action="store_true",
        help="go on with new records as they come, until --until or Ctrl-C; without --since only new ones",
    )
    group.add_argument(
        "--interval",
        metavar="DURATION",
        type=duration,
        default=5 * 10**9,
        help="with --follow: time between two looks (default: 5s)",
    )
    group.add_argument(
        "--unwrap",
        action="store_true",
        help="a message that is a JSON object becomes the record; all else of it goes under $source",
    )
    group = sub.add_argument_group("from run to run")
    path_option(
        group,
        "--state",
        "remember in FILE what was read, and read on from there the next time; with --markers it is "
        "cecil-write --state FILE that commits",
    )
    group.add_argument(
        "--overlap",
        metavar="DURATION",
        type=duration,
        default=300 * 10**9,
        help="how late a record may come and still be seen, once (default: 5m)",
    )
    group.add_argument(
        "--backfill",
        metavar=("FROM", "TO"),
        nargs=2,
        help="read what lies between and was not read yet; the place to read on from stays",
    )
    group = sub.add_argument_group("requests")
    group.add_argument(
        "--rate", metavar="N", type=rate, help="requests a second at most (default: what the source allows)"
    )
    group.add_argument(
        "--retry-for",
        metavar="DURATION",
        type=duration,
        default=300 * 10**9,
        help="how long a request is tried again that fails for reasons that pass (default: 5m)",
    )
    stream = common_options(sub, build)
    stream.add_argument("--list", action="store_true", help="write what can be read here, one object a line")


def reading(args: argparse.Namespace, before_wait: Callable[[], None]) -> "Reading":
    """What the common options ask for.

    Raises:
        UsageError: a time cannot be read, or options do not go together.
    """
    import time

    from cecil.errors import UsageError
    from cecil.providers.generic.times import bounds
    from cecil.providers.remote import Reading

    since, until = args.since, args.until
    if args.backfill:
        if since or until or args.follow:
            raise UsageError("--backfill has its own bounds", hint="leave --since, --until and --follow out")
        since, until = args.backfill
    if args.follow and args.markers and not until:
        raise UsageError(
            "with --follow the stream has no end, and with --markers nothing counts before it",
            hint="--until TIME, or leave --markers out",
        )
    start, end = bounds(since, until, time.time_ns(), ("FROM", "TO") if args.backfill else None)
    return Reading(
        since=start,
        until=end,
        limit=args.limit,
        rate=args.rate,
        follow=args.follow,
        interval=args.interval / 10**9,
        overlap=args.overlap,
        unwrap=args.unwrap,
        state=None if args.describe or args.list else args.state,  # who only looks makes none
        markers=args.markers,
        backfill=bool(args.backfill),
        budget=args.retry_for / 10**9,
        max_record=args.max_record,
        before_wait=before_wait,
    )


def duration(text: str) -> int:
    """A duration in nanoseconds: `5s`, `15m`, `2h`."""
    from cecil.providers.generic.times import duration as parse

    found = parse(text)
    if found is None:
        raise argparse.ArgumentTypeError("a duration such as 30s, 15m or 2h is wanted")
    return found


def rate(text: str) -> float:
    """Requests a second: a number above nothing."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("a number of requests a second is wanted, such as 4.5")
    return number
