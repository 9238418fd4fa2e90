"""MySQL and MariaDB, with PyMySQL: rows come as the server sends them, unbuffered.

Values come as text. What is a number there stays as it is spelled, and times become ISO 8601 by moving a
letter, so that nothing is parsed that would be written again.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cecil.errors import MissingExtraError, SourceError, UsageError
from cecil.providers.cloud.retry import Fault
from cecil.providers.generic.database.dialect import (
    AGAIN,
    BUSY,
    FINAL,
    ROWS,
    Ask,
    Column,
    Dialect,
    Encoder,
    Lines,
    blocks,
    checked,
)

if TYPE_CHECKING:
    import pymysql

_TLS = {"ssl_ca", "ssl_cert", "ssl_key", "ssl_verify_cert", "ssl_verify_identity"}

_SAID = {
    1044: ("this user may not use the database", "grant select on DATABASE.* to USER"),
    1045: ("wrong user or password", "--password-file FILE, or ~/.my.cnf"),
    1049: ("no such database", "cecil-fetch db mysql://user@host/ --list"),
    1054: ("no such column; or the table changed under way", "cecil-fetch db URL --table NAME --describe"),
    1060: ("two columns of the query have one name", 'name them in the query: select x as "name"'),
    1064: ("the query is not SQL as the server knows it", "try it in the mysql client"),
    1142: ("this user may not read it", "grant select on TABLE to USER"),
    1143: ("this user may not read a column of it", "grant select on TABLE to USER"),
    1146: ("no such table", "cecil-fetch db URL --list"),
    1412: ("the table changed under way", "run it again"),
    1792: ("the query writes, and this session only reads", "give a query that selects"),
    1969: ("a statement took longer than --timeout", "--timeout 30m, or an index on the cursor's columns"),
    3024: ("a statement took longer than --timeout", "--timeout 30m, or an index on the cursor's columns"),
}
"""What is said of a failure, by its number: never what the server says, which may quote a value."""

_AGAIN = {
    1040: BUSY,  # too many connections
    1053: AGAIN,  # the server shuts down
    1205: BUSY,  # a lock was waited for
    1213: BUSY,  # a deadlock
    1317: AGAIN,  # interrupted: kill query
    1927: AGAIN,  # the connection was killed
    2006: AGAIN,  # gone away
    2013: AGAIN,  # lost
}


class MySql(Dialect):
    """See `Dialect`."""

    _connection: "pymysql.Connection[Any] | None" = None

    def connect(self) -> None:
        try:
            import pymysql
        except ImportError:
            raise MissingExtraError("the client of MySQL", "db") from None
        self.close()
        parts = urlsplit(self.where.url)
        options: dict[str, Any] = {}
        for name, value in parse_qsl(parts.query):
            if name in _TLS:
                options[name] = value.lower() in ("1", "true", "yes") if "verify" in name else value
            elif name == "unix_socket":
                options[name] = value
            elif name != "charset":
                raise UsageError(
                    "an option of the address that is not known",
                    hint="unix_socket=PATH, " + ", ".join(sorted(_TLS)),
                )
        own = os.path.expanduser("~/.my.cnf")
        if self.where.password is None and os.path.exists(own):
            options["read_default_file"] = own
        if parts.username:
            options["user"] = unquote(parts.username)
        self._connection = pymysql.connect(
            host=parts.hostname or "localhost",
            port=parts.port or 3306,
            database=unquote(parts.path.lstrip("/")) or None,
            password=self.where.password or "",
            charset="utf8mb4",
            connect_timeout=15,
            read_timeout=None if self.timeout is None else self.timeout + 30,
            conv={**pymysql.converters.encoders, **_decoders()},
            autocommit=True,
            program_name="cecil-fetch",
            **options,
        )
        with self._connection.cursor() as cursor:
            cursor.execute("set session transaction read only")
            # A consumer that takes its time must not look like a dead client.
            cursor.execute("set session time_zone = '+00:00', net_write_timeout = 3600")
            cursor.execute("select version()")
            (version,) = cursor.fetchone()
            if self.timeout is not None and "mariadb" in str(version).lower():
                cursor.execute("set session max_statement_time = %s", [self.timeout])
            elif self.timeout is not None:
                cursor.execute("set session max_execution_time = %s", [round(self.timeout * 1000)])

    @property
    def _session(self) -> "pymysql.Connection[Any]":
        if self._connection is None:
            self.connect()
        assert self._connection is not None
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            # It would read the rest of the rows before it says goodbye, and so would its result.
            result = connection._result
            if result is not None:
                result.unbuffered_active = False
            with contextlib.suppress(Exception):
                connection._force_close()

    def judge(self, error: Exception) -> Fault | None:
        import pymysql

        where = f"{self.where.url}: "
        if isinstance(error, OSError):
            return Fault("net reset", where + "the connection was cut")
        if not isinstance(error, pymysql.Error):
            return None
        number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
        if number in _SAID:
            message, hint = _SAID[number]
            return Fault(f"db {number}", where + message, hint, again=FINAL)
        if number in _AGAIN:
            rule = _AGAIN[number]
            return Fault(f"db {number}", f"{where}the server ended the session ({number})", again=rule)
        if number == 2003:
            text = str(error).lower()
            if "name or service" in text or "name resolution" in text or "getaddrinfo" in text:
                return Fault("net name", where + "no such host", "look at the spelling of the address")
            if "timed out" in text:
                return Fault(
                    "net timeout",
                    where + "no answer",
                    "look at the address, and whether a firewall is in the way",
                )
            hint = "is the server running, and the port right?"
            return Fault("net refused", where + "nobody listens there", hint)
        if isinstance(error, pymysql.err.InterfaceError):
            return Fault("net reset", where + "the connection was cut", again=AGAIN)
        name = type(error).__name__
        return Fault(
            f"db {number}",
            f"{where}the server refused the query ({name}, {number})",
            "try it in the mysql client",
            again=FINAL,
        )

    def quote(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def columns(self, source: str) -> list[Column]:
        with self._session.cursor() as cursor:
            cursor.execute(f"select * from {source} limit 0")
            described = cursor.description or ()
        return checked([Column(one[0], *_TYPES.get(one[1], ("unknown", "other"))) for one in described])

    def parameter(self, column: Column, value: Any) -> Any:
        if column.kind == "time":
            return str(value).rstrip("Z").replace("T", " ")
        return str(value) if column.kind == "number" else value

    def behind(self, columns: Sequence[Column], after: Sequence[Any]) -> tuple[str, list[Any]]:
        # The server takes no index for (a, b) > (x, y); it does for a >= x and (a > x or ...).
        return unfolded(self, columns, after)

    def lines(self, ask: Ask) -> Lines:
        import pymysql.cursors

        sql, values = self.select(ask)
        encoder = Encoder(ask.columns, self.refuse)
        cursor = self._session.cursor(pymysql.cursors.SSCursor)
        done = False
        try:
            cursor.execute(sql, values or None)
            if len(cursor.description or ()) != len(ask.columns):
                raise SourceError("the table changed under way", where=self.where.url, hint="run it again")
            yield from blocks(iter(lambda: cursor.fetchmany(ROWS), ()), encoder)
            done = True
        finally:
            if done:
                cursor.close()
            else:
                cursor.connection = None  # else it reads the rest of the rows when it goes
                self.close()

    def unique(self, table: str, names: list[str]) -> bool:
        """Whether a table's own rules say that the columns tell its rows apart, and are never null."""
        with self._session.cursor() as cursor:
            cursor.execute(f"show index from {table}")
            rows = cursor.fetchall()
            keys = [one[0] for one in cursor.description or ()]
        indexes: dict[str, set[str]] = {}
        nullable: set[str] = set()
        for row in rows:
            one = dict(zip(keys, row, strict=True))
            if not one["Non_unique"] and one["Column_name"] is not None:
                indexes.setdefault(one["Key_name"], set()).add(one["Column_name"])
                if one["Null"] == "YES":
                    nullable.add(one["Column_name"])
        return any(columns <= set(names) - nullable for columns in indexes.values())

    def value(self, sql: str) -> Any:
        with self._session.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone()
        return row[0] if row else None

    def tables(self) -> Iterator[dict[str, Any]]:
        with self._session.cursor() as cursor:
            cursor.execute(
                "select table_schema, table_name, table_rows, data_length + index_length, "
                "table_schema = database() from information_schema.tables where table_schema not in "
                "('mysql', 'information_schema', 'performance_schema', 'sys') order by 1, 2"
            )
            rows = cursor.fetchall()
        for schema, name, count, size, here in rows:
            yield {"name": name if here else f"{schema}.{name}", "rows": count, "bytes": size}


def unfolded(dialect: Dialect, columns: Sequence[Column], after: Sequence[Any]) -> tuple[str, list[Any]]:
    """(a, b) > (x, y) as a >= x and (a > x or (a = x and b > y))."""
    name, mark = dialect.quote(columns[0].name), dialect.cast(columns[0])
    value = dialect.parameter(columns[0], after[0])
    if len(columns) == 1:
        return f"{name} > {mark}", [value]
    rest, values = unfolded(dialect, columns[1:], after[1:])
    return (
        f"{name} >= {mark} and ({name} > {mark} or ({name} = {mark} and {rest}))",
        [value, value, value, *values],
    )


_TYPES = {
    **dict.fromkeys((1, 2, 3, 8, 9, 13), ("integer", "integer")),
    **dict.fromkeys((0, 246), ("decimal", "number")),
    **dict.fromkeys((4, 5), ("float", "number")),
    7: ("timestamp", "time"),
    12: ("datetime", "time"),
    10: ("date", "time"),
    11: ("time", "other"),
    16: ("bit", "other"),
    245: ("json", "other"),
    **dict.fromkeys((15, 253, 254), ("text", "text")),
    **dict.fromkeys((249, 250, 251, 252), ("text", "other")),
    255: ("geometry", "other"),
}
"""Types by their numbers in the protocol: name, and what a cursor makes of them."""


def _decoders() -> dict[int, Callable[[Any], Any]]:
    """What becomes of a value, by its type's number; texts, and bytes, stay what they are."""
    import msgspec

    def number(text: str) -> Any:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":  # zerofill
            digits = digits.lstrip("0")
            digits = "0" + digits if not digits or digits[0] == "." else digits
        return msgspec.Raw((sign + digits).encode())

    def stamp(text: str) -> str | None:
        return None if text.startswith("0000-00-00") else text.replace(" ", "T", 1) + "Z"

    def moment(text: str) -> str | None:
        return None if text.startswith("0000-00-00") else text.replace(" ", "T", 1)

    def document(text: str) -> Any:
        return msgspec.Raw(text.replace("\n", " ").replace("\r", " ").encode())

    return {
        **dict.fromkeys((1, 2, 3, 8, 9, 13), int),
        **dict.fromkeys((4, 5), float),
        **dict.fromkeys((0, 246), number),
        7: stamp,
        12: moment,
        10: lambda text: None if text.startswith("0000-00-00") else text,
        16: lambda data: int.from_bytes(data, "big"),
        245: document,
    }
