"""cecil-fetch azure: Azure Monitor Logs, a table or a query of a Log Analytics workspace or a resource."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import count
from cecil.commands.sources.shared import Sources, reading, remote_options, source

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine

ENDPOINT = "https://api.loganalytics.io"


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "azure",
        help="Azure Monitor Logs: a table or a KQL query of a Log Analytics workspace or a resource",
        description="Read records from Azure Monitor Logs in the order of their time. The login is that of "
        "azure-identity's default chain: variables AZURE_*, a managed identity, or `az login`.",
    )
    group = sub.add_argument_group("where")
    group.add_argument("--workspace", metavar="ID", help="the ID of a Log Analytics workspace (a GUID)")
    group.add_argument("--resource", metavar="ID", help="a resource's ID, from /subscriptions/ on")
    group.add_argument("--table", metavar="NAME", help="a table, whole")
    group.add_argument("--query", metavar="KQL", help="a query; its result must have a time, see KQL")
    group.add_argument(
        "--time-column",
        metavar="NAME",
        default="TimeGenerated",
        help="the column of a record's time (default: TimeGenerated)",
    )
    group.add_argument(
        "--message-column",
        metavar="NAME",
        help="the column that --unwrap unwraps (default: the first there is of Message, LogMessage, "
        "LogEntry, RawData and SyslogMessage)",
    )
    group.add_argument(
        "--endpoint-url",
        metavar="URL",
        default=ENDPOINT,
        help=f"the API's address, as https://api.loganalytics.us (default: {ENDPOINT})",
    )
    group.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=count,
        default=600,
        help="how long a query may take (default and most: 600)",
    )
    remote_options(sub, build)


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.errors import UsageError
    from cecil.providers import provider_class

    if args.query is None and args.table is None and not args.list:
        raise UsageError("one of --table and --query is wanted", hint="--list names the tables")
    return provider_class("azure")(
        reading(args, before_wait),
        quarantine,
        workspace=args.workspace,
        resource=args.resource,
        query=args.query,
        table=args.table,
        time_column=args.time_column,
        message_column=args.message_column,
        endpoint=args.endpoint_url,
        timeout=max(1, min(args.timeout, 600)),
    )
