"""cecil-fetch db: rows of a database."""

import argparse
import os
import stat
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.commands.options import count, path_option
from cecil.commands.sources.shared import Sources, duration, reading, remote_options, source
from cecil.errors import UsageError, reason

if TYPE_CHECKING:
    from cecil.providers.base import BaseDataProvider
    from cecil.stream.quarantine import Quarantine

_MOST = 1 << 16
"""Bytes of a file with a password or an address."""


def add(sources: "Sources[Any]") -> None:
    sub = source(
        sources,
        "db",
        help="databases: PostgreSQL, MySQL, MariaDB, SQLite, and what SQLAlchemy speaks",
        description="Read rows of a table or a query as records, in a session that only reads.",
    )
    sub.add_argument(
        "url",
        metavar="URL",
        nargs="?",
        help="where the database is, without a password: postgresql://user@host/name, "
        "mysql://user@host/name, sqlite:///file.db, or an address that SQLAlchemy knows",
    )
    group = sub.add_argument_group("database")
    path_option(
        group, "--url-file", "read the address from FILE, mode 0600 or a pipe; it may hold a password"
    )
    path_option(group, "--password-file", "read the password from FILE, mode 0600 or a pipe")
    group.add_argument("--table", metavar="NAME", help="read this table, or SCHEMA.TABLE")
    group.add_argument("--query", metavar="SQL", help="read what this select gives")
    group.add_argument(
        "--cursor",
        metavar="COLUMN,...",
        type=_names,
        default=(),
        help="columns that tell all rows apart and by which they are read in order, as ts,id: a cut "
        "connection, --state and --follow read on behind the last row",
    )
    group.add_argument(
        "--time-column",
        metavar="COLUMN",
        help="what --since and --until are the time of (default: the first of --cursor)",
    )
    group.add_argument(
        "--overlap-ids",
        metavar="N",
        type=count,
        default=1000,
        help="with a cursor that begins with a number: how far below the last one a row may still appear, as "
        "transactions end out of order (default: 1000)",
    )
    group.add_argument(
        "--timeout",
        metavar="DURATION",
        type=duration,
        help="how long a statement may take (default: 5m with --cursor, else as long as it takes)",
    )
    remote_options(sub, build, times="rows")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, (part.strip() for part in text.split(","))))
    if not names or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("names of columns are wanted, joined by commas")
    return names


def build(
    args: argparse.Namespace, quarantine: "Quarantine", before_wait: Callable[[], None]
) -> "BaseDataProvider":
    from cecil.providers import provider_class
    from cecil.providers.generic.database.dialect import address
    from cecil.providers.generic.database.provider import What

    if (args.url is None) == (args.url_file is None):
        raise UsageError(
            "the address of a database is wanted, once", hint="cecil-fetch db URL, or --url-file FILE"
        )
    if args.unwrap:
        raise UsageError("--unwrap is for messages; a row has columns", hint="leave it out")
    password = _secret(args.password_file) if args.password_file else None
    typed = args.url_file is None
    where = address(args.url if typed else _secret(args.url_file), password, typed=typed)
    timeout = args.timeout / 10**9 if args.timeout else 300.0 if args.cursor else None
    what = What(args.table, args.query, args.cursor, args.time_column, timeout, args.overlap_ids)
    return provider_class("db")(reading(args, before_wait), quarantine, where=where, what=what)


def _secret(path: str) -> str:
    """The first line of a file that only its owner reads; of a pipe too.

    Raises:
        UsageError: it cannot be read, or by others as well.
    """
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode) and stat.S_IMODE(status.st_mode) & 0o077:
                raise UsageError(
                    "a secret that others than its owner may read", where=path, hint=f"chmod 600 {path}"
                )
            data = file.read(_MOST)
        return data.decode().partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise UsageError(reason(error), where=path) from None
    except UnicodeDecodeError:
        raise UsageError("not text in UTF-8", where=path) from None
