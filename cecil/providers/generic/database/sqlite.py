"""SQLite: a file, read with the standard library, never written to."""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

from cecil.errors import SourceError, UsageError, reason
from cecil.providers.cloud.retry import Fault
from cecil.providers.generic.database.dialect import (
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

_MESSAGES = (
    "no such table",
    "no such column",
    "no such function",
    "ambiguous column name",
    "near ",
    "incomplete input",
    "unrecognized token",
    "wrong number of arguments",
)
"""What SQLite says of a query, and not of a value."""


_LOCK = 30.0
"""Seconds to wait for somebody's lock."""


class _NoText(bytes):
    """A text that is no text."""


def _text(data: bytes) -> str | _NoText:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _NoText(data)


class Sqlite(Dialect):
    """See `Dialect`."""

    mark = "?"
    _connection: sqlite3.Connection | None = None

    def connect(self) -> None:
        self.close()
        path = self._path()
        if path != ":memory:":
            try:
                os.close(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
            except OSError as error:
                raise SourceError(
                    reason(error),
                    where=path,
                    hint="sqlite:///app.db is a relative path, sqlite:////var/app.db an absolute one",
                ) from None
        self._connection = sqlite3.connect(
            f"file:{quote(path)}?mode=ro", uri=True, timeout=_LOCK, isolation_level=None, cached_statements=8
        )
        self._connection.execute("pragma query_only=on")
        self._connection.execute("select count(*) from sqlite_schema").fetchone()
        if self.timeout is not None:
            self._watch(self.timeout)

    def _watch(self, timeout: float) -> None:
        def late() -> int:
            return time.monotonic() > self._until

        self._until = time.monotonic() + timeout
        assert self._connection is not None
        self._connection.set_progress_handler(late, 1_000_000)

    def _path(self) -> str:
        path = self.where.url.split(":", 1)[1].partition("?")[0]
        if path.startswith("//"):
            host, slash, path = path[2:].partition("/")
            if host or not slash:
                raise UsageError(
                    "a file on this machine is wanted", hint="sqlite:///app.db, sqlite:////var/app.db"
                )
        return unquote(path)

    @property
    def _session(self) -> sqlite3.Connection:
        if self._connection is None:
            self.connect()
        assert self._connection is not None
        if self.timeout is not None:
            self._until = time.monotonic() + self.timeout
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def judge(self, error: Exception) -> Fault | None:
        if not isinstance(error, sqlite3.Error):
            return None
        where = f"{self.where.url}: "
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Fault("db busy", where + "somebody holds a lock on it", again=BUSY)
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            hint = "sqlite3 FILE 'pragma integrity_check'"
            return Fault("db file", where + "not a database, or a damaged one", hint, again=FINAL)
        if code == sqlite3.SQLITE_INTERRUPT:
            hint = "--timeout 30m, or an index on the cursor's columns"
            return Fault("db timeout", where + "a statement took longer than --timeout", hint, again=FINAL)
        if code == sqlite3.SQLITE_SCHEMA:
            return Fault("db schema", where + "the table changed under way", "run it again", again=FINAL)
        text = str(error)
        if code == sqlite3.SQLITE_ERROR and text.startswith(_MESSAGES):
            return Fault("db query", where + text, "cecil-fetch db URL --list", again=FINAL)
        return Fault("db error", f"{where}the database refused ({name})", again=FINAL)

    def columns(self, source: str) -> list[Column]:
        cursor = self._session.execute(f"select * from {source} limit 1")
        names = [one[0] for one in cursor.description]
        row = cursor.fetchone()
        kinds = [_kind(value) for value in row] if row else ["text"] * len(names)
        cursor.close()
        return checked([Column(name, kind, kind) for name, kind in zip(names, kinds, strict=True)])

    def lines(self, ask: Ask) -> Lines:
        sql, values = self.select(ask)
        encoder = Encoder(ask.columns, self.refuse)
        done = 0
        session = self._session
        cursor = session.execute(sql, values)
        if len(cursor.description) != len(ask.columns):
            raise SourceError("the table changed under way", where=self.where.url, hint="run it again")
        try:
            while True:
                try:
                    rows = cursor.fetchmany(ROWS)
                except sqlite3.OperationalError as error:
                    if getattr(error, "sqlite_errorcode", 0) or "decode" not in str(error):
                        raise
                    break
                if not rows:
                    return
                done += len(rows)
                yield encoder.lines(rows)
        finally:
            cursor.close()
        # A text that is not UTF-8: from here on each is looked at, and the row goes to quarantine.
        cursor = session.cursor()
        session.text_factory = _text
        try:
            again = ask._replace(limit=-1 if ask.limit is None else ask.limit - done)
            sql, values = self.select(again)
            cursor.execute(f"{sql} offset {done}", values)
            yield from blocks(self._good(cursor, ask), encoder)
        finally:
            session.text_factory = str
            cursor.close()

    def _good(self, cursor: sqlite3.Cursor, ask: Ask) -> Iterator[list[Any]]:
        while rows := cursor.fetchmany(ROWS):
            good = []
            for row in rows:
                bad = [number for number, value in enumerate(row) if type(value) is _NoText]
                if bad:
                    self.refuse(
                        f"text that is not UTF-8 in column {bad[0] + 1}",
                        b"\t".join(v if isinstance(v, bytes) else str(v).encode() for v in row),
                    )
                else:
                    good.append(row)
            yield good

    def quote(self, name: str) -> str:
        # In double quotes a name that is not there would be a text.
        return "`" + name.replace("`", "``") + "`"

    def parameter(self, column: Column, value: Any) -> Any:
        return float(value) if column.kind == "number" else value

    def unique(self, table: str, names: list[str]) -> bool:
        """Whether a table's own rules say that the columns tell its rows apart, and are never null."""
        about = self._session.execute(f"pragma table_info({table})").fetchall()
        never = {name for _, name, _, notnull, _, key in about if notnull or key}
        keys = {name for *_, name, _, _, _, key in about if key}
        single = [kind for _, name, kind, _, _, key in about if key]
        if keys and keys <= set(names) <= never and (len(keys) > 1 or single[0].upper() == "INTEGER"):
            return True
        for _, index, is_unique, _, partial in self._session.execute(
            f"pragma index_list({table})"
        ).fetchall():
            found = self._session.execute(f"pragma index_info({self.quote(index)})").fetchall()
            columns = {name for _, _, name in found}
            if is_unique and not partial and columns <= set(names) & never:
                return True
        return False

    def value(self, sql: str) -> Any:
        row = self._session.execute(sql).fetchone()
        return row[0] if row else None

    def tables(self) -> Iterator[dict[str, Any]]:
        names = self._session.execute(
            "select name, type from sqlite_schema where type in ('table', 'view') "
            "and name not like 'sqlite\\_%' escape '\\' order by name"
        ).fetchall()
        for name, kind in names:
            rows = None
            if kind == "table":
                with contextlib.suppress(sqlite3.Error):  # a table without row ids
                    rows = self.value(f"select max(rowid) from {self.quote(name)}") or 0
            yield {"name": name, "rows": rows, "bytes": None}


def _kind(value: Any) -> str:
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "other" if isinstance(value, bytes) else "text"
