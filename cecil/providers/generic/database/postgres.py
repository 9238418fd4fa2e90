"""PostgreSQL: the server itself makes a row a line, and COPY carries it.

That is twice as fast as reading values and writing JSON here, and no digit passes through a float.
https://www.postgresql.org/docs/current/sql-copy.html says how COPY escapes text.
"""

import contextlib
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from cecil.errors import MissingExtraError
from cecil.providers.cloud.retry import Fault
from cecil.providers.generic.database.dialect import (
    AGAIN,
    BLOCK,
    BUSY,
    CONFLICT,
    FINAL,
    MARK,
    Ask,
    Column,
    Dialect,
    Lines,
    checked,
)
from cecil.providers.lean import Empty, lean
from cecil.stream.offline import online

if TYPE_CHECKING:
    import psycopg

_KINDS = {
    **dict.fromkeys((1184, 1114, 1082), "time"),
    **dict.fromkeys((20, 21, 23, 26), "integer"),
    1700: "number",
    **dict.fromkeys((25, 1043, 1042, 2950, 19), "text"),
}
"""Types by their numbers in pg_type, which never change."""

_BYTEA, _NUMERIC, _FLOATS = 17, 1700, (700, 701)

_SETTINGS = {
    "default_transaction_read_only": "on",
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
}

_SAID = {
    "28P01": ("wrong password, or none", "--password-file FILE, or ~/.pgpass"),
    "28000": ("the server does not let this user in", "look at pg_hba.conf, and at sslmode in the address"),
    "3D000": ("no such database", "cecil-fetch db URL --list, with the name of one that exists"),
    "42P01": ("no such table", "cecil-fetch db URL --list"),
    "42703": ("no such column; or the table changed under way", "cecil-fetch db URL --table NAME --describe"),
    "42501": ("this user may not read it", "grant select on TABLE to USER"),
    "42601": ("the query is not SQL as PostgreSQL knows it", "try it in psql"),
    "42883": ("the query uses a function or an operator that is not there", "try it in psql"),
    "42804": ("the table changed under way: a column is of another type", "run it again"),
    "25006": ("the query writes, and this session only reads", "give a query that selects"),
    "57014": ("a statement took longer than --timeout", "--timeout 30m, or an index on the cursor's columns"),
    "0A000": ("the server cannot do that in a query that is copied out", "give a query that selects"),
}
"""What is said of a failure, by its SQLSTATE: never what the server says, which may quote a value."""

_AGAIN = {
    "57P01": AGAIN,  # admin_shutdown: pg_terminate_backend, a restart
    "57P02": AGAIN,  # crash_shutdown
    "57P03": AGAIN,  # cannot_connect_now: starting up
    "57P05": AGAIN,  # idle_session_timeout
    "53300": BUSY,  # too_many_connections
    "53200": BUSY,  # out_of_memory
    "40001": CONFLICT,  # on a standby
    "40P01": CONFLICT,
    "55P03": BUSY,  # lock_not_available
}


class Postgres(Dialect):
    """See `Dialect`."""

    _connection: "psycopg.Connection[Any] | None" = None

    def connect(self) -> None:
        online()
        psycopg = _client()
        self.close()
        url = "postgresql" + self.where.url[self.where.url.index(":") :]
        more: dict[str, Any] = {"password": self.where.password} if self.where.password else {}
        known = psycopg.conninfo.conninfo_to_dict(url)
        defaults: dict[str, Any] = {
            "connect_timeout": 15,
            "application_name": "cecil-fetch",
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
        }
        more |= {name: value for name, value in defaults.items() if name not in known}
        self._connection = psycopg.connect(url, autocommit=True, client_encoding="utf8", **more)
        settings = dict(_SETTINGS)
        if self.timeout is not None:
            settings["statement_timeout"] = str(round(self.timeout * 1000))
        # A pooler in between may take no settings with the connection: they are set by a statement.
        self._connection.execute(
            "select " + ", ".join("set_config(%s, %s, false)" for _ in settings),
            [part for pair in settings.items() for part in pair],
        )

    @property
    def _session(self) -> "psycopg.Connection[Any]":
        if self._connection is None or self._connection.closed:
            self.connect()
        assert self._connection is not None
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.close()
            self._connection = None

    def judge(self, error: Exception) -> Fault | None:
        import psycopg

        if not isinstance(error, psycopg.Error):
            return None
        state = error.sqlstate
        where = f"{self.where.url}: "
        if state in _SAID:
            message, hint = _SAID[state]
            return Fault(f"db {state}", where + message, hint, again=FINAL)
        if state in _AGAIN or (state or "").startswith("08"):
            rule = _AGAIN.get(state or "", AGAIN)
            return Fault(f"db {state}", f"{where}the server ended the session ({state})", again=rule)
        if isinstance(error, psycopg.OperationalError) and state is None:
            return _unreached(error, where)
        if state is None and isinstance(error, psycopg.ProgrammingError):
            return Fault(
                "db address",
                f"{where}not an address that libpq takes",
                "postgresql://user@host:5432/name?sslmode=require",
                again=FINAL,
            )
        name = type(error).__name__
        return Fault(
            f"db {state}",
            f"{where}the server refused the query ({name}, {state})",
            "try it in psql",
            again=FINAL,
        )

    def columns(self, source: str) -> list[Column]:
        with self._session.cursor() as cursor:
            cursor.execute(f"select * from {source} limit 0")
            described = cursor.description or []
            types = dict(
                self._session.execute(
                    "select oid::int8, format_type(oid, null) from pg_type where oid = any(%s)",
                    [[column.type_code for column in described]],
                ).fetchall()
            )
        self._types = {column.name: column.type_code for column in described}
        return checked(
            [
                Column(one.name, types.get(one.type_code, "unknown"), _KINDS.get(one.type_code, "other"))
                for one in described
            ]
        )

    def cast(self, column: Column) -> str:
        return f"{MARK}::{column.type}"

    def parameter(self, column: Column, value: Any) -> Any:
        return str(value)

    def expression(self, column: Column) -> str:
        name = self.quote(column.name)
        kind = self._types[column.name]
        shown = name
        if kind == _BYTEA:
            shown = f"translate(encode({name}, 'base64'), E'\\n', '')"
        elif kind in _FLOATS or kind == _NUMERIC:
            shown = f"nullif({name}, 'NaN')"
            if kind in _FLOATS or self._session.info.server_version >= 140000:
                shown = f"nullif(nullif({shown}, 'Infinity'), '-Infinity')"
        return name if shown == name else f"{shown} as {name}"

    def lines(self, ask: Ask) -> Lines:
        sql, values = self.select(ask)
        copy = f"copy (select row_to_json(r) from ({sql}) r) to stdout"
        held: list[bytes | bytearray | memoryview] = []
        size = 0
        done = False
        try:
            with self._session.cursor() as cursor, cursor.copy(copy, values or None) as rows:
                while data := rows.read():
                    held.append(data)
                    size += len(data)
                    if size >= BLOCK:
                        yield _unescaped(b"".join(held)), len(held)
                        held, size = [], 0
            done = True
        finally:
            if not done:
                self.close()  # the rest of the rows is on its way
        if held:
            yield _unescaped(b"".join(held)), len(held)

    def value(self, sql: str) -> Any:
        row = self._session.execute(sql).fetchone()
        return row[0] if row else None

    def tables(self) -> Iterator[dict[str, Any]]:
        rows = self._session.execute(
            "select n.nspname, c.relname, c.reltuples::int8, pg_total_relation_size(c.oid) from pg_class c "
            "join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm', 'f') "
            "and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' "
            "and has_table_privilege(c.oid, 'select') order by 1, 2"
        )
        for schema, name, count, size in rows:
            yield {
                "name": name if schema == "public" else f"{schema}.{name}",
                "rows": count if count >= 0 else None,
                "bytes": size,
            }

    def unique(self, table: str, names: list[str]) -> bool:
        """Whether a table's own rules say that the columns tell its rows apart, and are never null."""
        rows = self._session.execute(
            "select array_agg(a.attname::text), bool_and(a.attnotnull) from pg_index i "
            "join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) "
            "where i.indrelid = %s::regclass and i.indisunique and i.indpred is null and i.indexprs is null "
            "group by i.indexrelid",
            [table],
        )
        return any(set(found) <= set(names) and never for found, never in rows)


def _client() -> Any:
    """psycopg, without 7 MB of the 40 that we may have.

    Raises:
        MissingExtraError: it is not installed.
    """
    left_out: dict[str, ModuleType | None] = {
        "asyncio": Empty("asyncio"),  # serves its asynchronous half
        # Loaded only so that Python sets OpenSSL up before libpq does, which since 1.1 nobody has to:
        # https://docs.openssl.org/3.0/man3/OPENSSL_init_crypto/
        "ssl": Empty("ssl"),
        # It is asked for a version that nobody looks at, and brings a mail parser along.
        "importlib.metadata": Empty("importlib.metadata"),
    }
    vars(left_out["importlib.metadata"])["version"] = lambda name: "3"
    try:
        return lean("psycopg", left_out)
    except ImportError:
        raise MissingExtraError("the client of PostgreSQL", "db") from None


def _unescaped(data: bytes) -> bytes:
    """Lines of COPY as they were: JSON has no raw control characters but blanks between its tokens."""
    if b"\\" not in data:
        return data
    parts = data.split(b"\\\\")
    for number, part in enumerate(parts):
        if b"\\" in part:
            parts[number] = part.replace(b"\\n", b" ").replace(b"\\r", b" ").replace(b"\\t", b" ")
    return b"\\".join(parts)


def _unreached(error: Exception, where: str) -> Fault:
    """No answer of a server: the client's own words, which hold the host and no password."""
    text = str(error).lower()
    if "password" in text and ("no password supplied" in text or "authentication failed" in text):
        return Fault("db password", where + _SAID["28P01"][0], _SAID["28P01"][1], again=FINAL)
    if 'database "' in text and "does not exist" in text:
        return Fault("db name", where + _SAID["3D000"][0], _SAID["3D000"][1], again=FINAL)
    if "no pg_hba.conf entry" in text or "does not exist" in text:
        return Fault("db access", where + _SAID["28000"][0], _SAID["28000"][1], again=FINAL)
    if "certificate" in text or "ssl" in text:
        return Fault(
            "net tls", where + "no connection that both sides trust", "sslmode and sslrootcert in the address"
        )
    if "too many clients" in text or "remaining connection slots" in text:
        return Fault("db 53300", where + "the server has no connection left", again=BUSY)
    if "starting up" in text or "shutting down" in text:
        return Fault("db 57P03", where + "the server starts or stops", again=AGAIN)
    if (
        "could not translate host name" in text
        or "name or service not known" in text
        or "resolve host" in text
    ):
        return Fault("net name", where + "no such host", "look at the spelling of the address")
    if "refused" in text:
        return Fault(
            "net refused", where + "nobody listens there", "is the server running, and the port right?"
        )
    if "timeout" in text:
        return Fault(
            "net timeout", where + "no answer", "look at the address, and whether a firewall is in the way"
        )
    return Fault("net reset", where + "the connection was cut")
