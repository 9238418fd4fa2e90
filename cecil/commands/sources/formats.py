"""The options of sources that are files: format, window, limit."""

import argparse
import time
from typing import Any

from cecil.commands.options import count
from cecil.commands.sources.shared import SourceParser


def format_options(sub: SourceParser) -> None:
    group = sub.add_argument_group("format")
    group.add_argument(
        "--format",
        choices=["auto", "jsonl", "json", "csv", "tsv", "parquet", "text"],
        default="auto",
        help="format of the input; json takes arrays, and objects that span lines; text makes each line "
        'a record {"message": line}; auto looks at the content, for tables at the name (default: auto)',
    )
    group.add_argument(
        "--encoding", metavar="NAME", help="encoding of text (default: recognised; UTF-8 where it is JSON)"
    )
    group.add_argument("--delimiter", metavar="CHAR", help="delimiter of CSV (default: recognised)")
    group = sub.add_argument_group("which records")
    group.add_argument(
        "--limit", metavar="N", type=count, help="write at most N records, and read no further"
    )
    group.add_argument(
        "--since",
        metavar="TIME",
        help="only records from TIME on: RFC 3339 with an offset, an epoch, or a duration before now as 15m, "
        "2h, 7d",
    )
    group.add_argument("--until", metavar="TIME", help="only records before TIME")
    group.add_argument(
        "--time-field",
        metavar="PATH",
        help="where a record's time stands: a key, keys joined by dots, or a JSON Pointer such as "
        "/event/time",
    )


def reading(args: argparse.Namespace) -> dict[str, Any]:
    from cecil.providers.generic.times import window

    return {
        "format": args.format,
        "encoding": args.encoding,
        "delimiter": args.delimiter,
        "max_record": args.max_record,
        "limit": args.limit,
        "window": window(args.time_field, args.since, args.until, time.time_ns()),
    }
