"""cecil-fetch aws: CloudWatch Logs and objects of S3."""

import argparse
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.sources.shared import Sources, reading, remote_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.providers.cloud.aws_client import Login
    from cecil.stream.quarantine import Quarantine


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "aws",
        help="Amazon CloudWatch Logs, Logs Insights queries, and objects of S3",
        description="Read records from Amazon CloudWatch Logs, as events or as rows of a query, or from "
        "objects of S3. The login is that of AWS's own chain: variables AWS_*, ~/.aws, SSO, a container's "
        "or a machine's role.",
    )
    _logs_options(sub)
    _s3_options(sub)
    group = sub.add_argument_group("login")
    group.add_argument("--profile", metavar="NAME", help="the profile of ~/.aws (default: AWS_PROFILE)")
    group.add_argument("--region", metavar="NAME", help="the region, as eu-west-1 (default: AWS_REGION)")
    group.add_argument(
        "--role-arn", metavar="ARN", help="take on this role, and take it on again whenever it ends"
    )
    group.add_argument("--endpoint-url", metavar="URL", help="the address of a service that is not AWS's own")
    remote_options(sub, build, times="records (of S3: objects changed)")


def _logs_options(sub: argparse.ArgumentParser) -> None:
    group = sub.add_argument_group("CloudWatch Logs")
    group.add_argument(
        "--log-group",
        metavar="NAME",
        action="append",
        default=[],
        help="a log group's name or ARN; may be given many times",
    )
    group.add_argument(
        "--log-group-prefix", metavar="TEXT", help="all log groups whose names begin so, new ones too"
    )
    group.add_argument(
        "--log-stream",
        metavar="NAME",
        action="append",
        default=[],
        help="only events of this stream; may be given many times",
    )
    group.add_argument("--log-stream-prefix", metavar="TEXT", help="only streams whose names begin so")
    group.add_argument(
        "--filter", metavar="PATTERN", help="a filter pattern of CloudWatch, which judges before it sends"
    )
    group.add_argument(
        "--query",
        metavar="TEXT",
        help="read the rows of this query of Logs Insights instead; it costs by the GB",
    )


def _s3_options(sub: argparse.ArgumentParser) -> None:
    group = sub.add_argument_group("S3")
    group.add_argument(
        "--s3",
        metavar="s3://BUCKET/PREFIX",
        action="append",
        default=[],
        help="all objects whose keys begin so, in the order of their keys; may be given many times",
    )
    group.add_argument(
        "--format",
        choices=["auto", "jsonl", "json", "cloudtrail", "csv", "tsv", "parquet", "text"],
        default="auto",
        help="format of the objects (default: auto, told from content and name, as of cecil-fetch file)",
    )
    group.add_argument("--encoding", metavar="NAME", help="encoding of text (default: recognised)")
    group.add_argument("--delimiter", metavar="CHAR", help="delimiter of CSV (default: recognised)")
    group.add_argument(
        "--time-field",
        metavar="PATH",
        help="where a record's time stands; --since and --until then judge records, not objects",
    )


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.errors import UsageError

    logs = [
        option
        for option, given in (
            ("--log-group", args.log_group),
            ("--log-group-prefix", args.log_group_prefix is not None),
            ("--log-stream", args.log_stream),
            ("--log-stream-prefix", args.log_stream_prefix is not None),
            ("--filter", args.filter is not None),
            ("--query", args.query is not None),
        )
        if given
    ]
    if args.s3:
        if logs:
            raise UsageError(
                f"{logs[0]} is of CloudWatch Logs, and --s3 is not", hint="run cecil-fetch twice"
            )
        return _build_s3(args, quarantine, before_wait)
    if args.time_field or args.format != "auto" or args.encoding or args.delimiter:
        raise UsageError(
            "--format, --encoding, --delimiter and --time-field are of --s3", hint="--s3 s3://BUCKET/PREFIX"
        )
    if not args.list and not (args.log_group or args.log_group_prefix is not None):
        raise UsageError(
            "one of --log-group, --log-group-prefix and --s3 is wanted",
            hint="cecil-fetch aws --list names the log groups",
        )
    from cecil.providers import provider_class

    return provider_class("aws-logs")(
        reading(args, before_wait),
        quarantine,
        groups=args.log_group,
        prefix=args.log_group_prefix,
        streams=args.log_stream,
        stream_prefix=args.log_stream_prefix,
        filter=args.filter,
        query=args.query,
        login=_login(args),
    )


def _build_s3(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class
    from cecil.providers.generic.times import window

    asked = reading(args, before_wait)
    times = None
    if args.time_field:
        times = window(args.time_field, args.since, args.until, time.time_ns())
    return provider_class("aws-s3")(
        asked,
        quarantine,
        urls=args.s3,
        format=args.format,
        encoding=args.encoding,
        delimiter=args.delimiter,
        window=times,
        login=_login(args),
    )


def _login(args: argparse.Namespace) -> "Login":
    from cecil.providers.cloud.aws_client import Login

    return Login(args.profile, args.region, args.role_arn, args.endpoint_url)
