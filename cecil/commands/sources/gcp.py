"""cecil-fetch gcp: Google Cloud Logging."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import count
from cecil.commands.sources.shared import Sources, reading, remote_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine

ENDPOINT = "https://logging.googleapis.com"


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "gcp",
        help="Google Cloud Logging: entries of projects, by filter and log",
        description="Read entries from Google Cloud Logging in the order of their time. The login is that of "
        "Google's application default credentials: GOOGLE_APPLICATION_CREDENTIALS, `gcloud auth "
        "application-default login`, or the machine's own.",
    )
    group = sub.add_argument_group("where")
    group.add_argument(
        "--project",
        metavar="ID",
        action="append",
        help="a project's ID, or a name as folders/123 or projects/P/locations/L/buckets/B/views/V; may be "
        "given again (default: the login's project)",
    )
    group.add_argument("--filter", metavar="TEXT", help="a filter of Cloud Logging's query language")
    group.add_argument(
        "--log-name",
        metavar="NAME",
        action="append",
        help="only entries of this log, as syslog or projects/P/logs/syslog; may be given again",
    )
    group.add_argument(
        "--transport",
        choices=["rest", "grpc"],
        default="rest",
        help="rest hands on what the service wrote, and takes half the memory; grpc is for networks that "
        "allow nothing else (default: rest)",
    )
    group.add_argument(
        "--endpoint-url",
        metavar="URL",
        default=ENDPOINT,
        help=f"the API's address (default: {ENDPOINT})",
    )
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=count,
        default=60,
        help="how long a reply may let us wait (default: 60)",
    )
    remote_options(sub, build)


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class

    return provider_class("gcp")(
        reading(args, before_wait),
        quarantine,
        projects=args.project,
        filter=args.filter,
        logs=args.log_name,
        transport=args.transport,
        endpoint=args.endpoint_url,
        timeout=max(1, args.timeout),
    )
