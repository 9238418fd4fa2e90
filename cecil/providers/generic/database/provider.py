"""Rows of a table or of a query, in the order of a cursor.

Owns: which rows are read when, and where to read on. A cursor is some columns that tell all rows apart and
by which they are ordered, as a time and an id. Rows are read in pages behind the last one (keyset), so a
cut connection costs nothing but the page, and no statement lasts.

A row can come late: a transaction that began earlier ends later, and its rows have a time, or a number out
of a sequence, that lies behind what was read. So, with a state or with `--follow`, what is younger than the
overlap is read again by the next run, and rows that were delivered are told by their cursor.

    older than the overlap       the overlap                    (as the run begins)
    ────────────────────────────┼──────────────────────────────
    read once, and resumed       read again by the next run,
    behind the last row          known rows are dropped
"""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any, ClassVar, NamedTuple

import orjson

from cecil.errors import CecilError, RecordError, SourceError, UsageError
from cecil.providers.base import FIRST, LAST, Batch
from cecil.providers.cloud.retry import Fault
from cecil.providers.generic.database.dialect import Address, Ask, Column, Dialect
from cecil.providers.generic.times import moment
from cecil.providers.interrupts import Stopped
from cecil.providers.remote import SECOND, Reading, RemoteProvider, Row
from cecil.stream.jsontext import decode, scan, to_python
from cecil.stream.lines import TOO_LONG
from cecil.stream.quarantine import Quarantine

PAGE = 50_000
"""Rows of a page behind a cursor."""

_EVERY = 5.0
"""Seconds between two checkpoints in mid-read."""

_FRACTION = re.compile(r".*\.([0-9]+).*", re.DOTALL)

_LONG = 1_000_000
"""Rows that are told of before they are read."""


class What(NamedTuple):
    """What is read.

    Attributes:
        table: its name, with its schema where it needs one.
        query: or a select.
        cursor: names of columns that tell all rows apart and by which they are ordered.
        time: the column that --since and --until are about; None for the first of the cursor.
        timeout: seconds a statement may take.
        overlap: how far below the last one a number of a cursor may still come.
    """

    table: str | None = None
    query: str | None = None
    cursor: tuple[str, ...] = ()
    time: str | None = None
    timeout: float | None = None
    overlap: int = 1000


class DatabaseProvider(RemoteProvider):
    """Rows of a database.

    Args:
        reading: see `RemoteProvider`.
        quarantine: see `BaseDataProvider`.
        where: the address.
        what: what is read.

    Raises:
        UsageError: the options do not go together.
    """

    name: ClassVar[str] = "db"

    def __init__(
        self, reading: Reading, quarantine: Quarantine | None = None, *, where: Address, what: What
    ) -> None:
        super().__init__(reading, quarantine)
        if what.table and what.query:
            raise UsageError(
                "--table and --query are two ways to say what is read", hint="leave one of them out"
            )
        if not what.cursor and (reading.state is not None or reading.follow):
            raise UsageError(
                ("--follow" if reading.state is None else "--state") + " needs to know the order of the rows",
                hint="--cursor COLUMN,... with columns that tell all rows apart, as ts,id",
            )
        if reading.backfill:
            raise UsageError(
                "--backfill is for sources that are read by time", hint="--since FROM --until TO"
            )
        timed = reading.since is not None or reading.until is not None
        if timed and not (what.time or what.cursor):
            raise UsageError(
                "--since and --until need to know where a row's time stands", hint="--time-column COLUMN"
            )
        self._where = where
        self._what = what
        self._dialect = _dialect(where, what.timeout, self._refuse)
        self._retry = self.retry()
        self._columns: list[Column] = []
        self._source = ""
        self._proven = False
        self._last: tuple[Any, ...] | None = None

    def open(self) -> None:
        """See `RemoteProvider.open`. The query is described, and its columns held against the options."""
        self._ask(self._dialect.connect)
        if self._what.table or self._what.query:
            self._describe()

    def close(self) -> None:
        self._dialect.close()

    def identity(self) -> dict[str, Any]:
        from cecil.providers.state import fingerprint

        query = self._what.query
        return {
            "source": self.name,
            "address": self._where.url,
            "table": self._what.table,
            # What a query says may be nobody's business; whether it is the same is ours.
            "query": fingerprint(query) if query else None,
            "cursor": list(self._what.cursor),
        }

    def _ask(self, do: Any) -> Any:
        """A call, tried again where that helps."""
        return self._retry.call(do, self._judge)

    def _judge(self, error: Exception) -> Fault | None:
        if isinstance(error, CecilError):
            return None
        fault = self._dialect.judge(error)
        if fault is not None:
            self._dialect.close()
        return fault

    def _refuse(self, reason: str, raw: bytes) -> None:
        self.refuse(reason, raw, where=self._what.table or "query")

    def _describe(self) -> None:
        what, dialect = self._what, self._dialect
        if what.table:
            self._source = ".".join(dialect.quote(part) for part in what.table.split("."))
        else:
            # A comment at its end must not swallow the bracket.
            self._source = f"({(what.query or '').strip().rstrip(';')}\n) q"
        self._columns = self._ask(lambda: dialect.columns(self._source))
        found = {column.name: column for column in self._columns}
        for name in (*what.cursor, *([what.time] if what.time else [])):
            if name not in found:
                raise UsageError(
                    f"no column {name} in what is read", hint="columns are " + ", ".join(sorted(found))
                )
        if what.cursor and self.reading.follow and found[what.cursor[0]].kind == "number":
            raise UsageError(
                "--follow needs a cursor that begins with a time or a whole number", hint="--cursor ts,id"
            )
        for name in what.cursor:
            if found[name].kind == "other":
                raise UsageError(
                    f"column {name} has no order that a cursor could follow ({found[name].type})",
                    hint="choose other columns; --describe tells their types",
                )
        if what.cursor:
            self._check_cursor()

    def _check_cursor(self) -> None:
        """A cursor must lead to every row.

        Raises:
            SourceError: it is null somewhere.
        """
        what, dialect = self._what, self._dialect
        proof = getattr(dialect, "unique", None)
        if what.table and proof and self._ask(lambda: proof(self._source, list(what.cursor))):
            self._proven = True
            return
        empty = " or ".join(f"{dialect.quote(name)} is null" for name in what.cursor)
        sql = f"select count(*) from {self._source} where {empty}"
        if self._ask(lambda: dialect.value(sql)):
            raise SourceError(
                "the cursor is null in some rows, which would never be read",
                hint="choose other columns, or leave those rows out: --query '... where ... is not null'",
            )

    # Reading.

    def stream_batches(self) -> Iterator[Batch]:
        """See `BaseDataProvider`."""
        if not self._columns:
            raise UsageError(
                "what is to be read?", hint="--table NAME, or --query SQL; --list says what is there"
            )
        try:
            if not self._what.cursor:
                yield from self._bulk(self._bounds(), ())
                return
            while True:
                yield from self._run()
                reading = self.reading
                over = reading.until is not None and self.now() >= reading.until
                if not reading.follow or over or self.left() == 0:
                    return
                self.rest(reading.interval)
        except (SourceError, Stopped):
            # What was delivered until here is not to be delivered again.
            yield Batch(b"", 0, self._point())
            raise

    def _run(self) -> Iterator[Batch]:
        """All rows that are there now, and were not delivered before."""
        state = self.state
        order = self._what.cursor
        bounds = self._bounds()
        if state is None:
            yield from self._bulk(bounds, order)
            return
        if self._place is None:
            self._place = dict(state.position or {})
        horizon = self._horizon()
        reading = self.reading
        only_new = self._first and reading.follow and reading.since is None and not state.position
        self._first = False
        if horizon is None:
            # A text has no "a little before": what comes behind the last row is new.
            yield from self._bulk(bounds, order)
            self._place = {"after": self._last or self._place.get("after")}
        else:
            first = order[0]
            begun = self._place.get("from")
            if only_new:
                begun = horizon  # what is in the overlap now is not new
                yield from self._careful([*bounds, (first, horizon, None)], known=True)
            elif begun is None:
                yield from self._bulk([*bounds, (first, None, horizon)], order)
            if self.left() == 0:
                yield Batch(b"", 0, self._point())
                return
            low = horizon if begun is None else min((begun, horizon), key=self._key)
            self._place = {"from": low}
            yield from self._careful([*bounds, (first, low, None)])
            if self.left() != 0:
                self._place = {"from": horizon if begun is None else max((begun, horizon), key=self._key)}
        yield Batch(b"", 0, self._point())

    _since: int | None = None
    _first = True
    _place: dict[str, Any] | None = None

    def _bulk(self, bounds: Sequence[tuple[str, Any, Any]], order: Sequence[str]) -> Iterator[Batch]:
        """Rows that no other run has read, as fast as they come."""
        counts = self.quarantine.counts
        after = self._place.get("after") if self._place else None
        self._last = tuple(after) if after else None
        noted = time.monotonic()
        for data, count in self._pages(bounds, order):
            if self._long(data):
                data, count = self._short_enough(data)
            counts.read += count
            self.take(count)
            point = None
            if order:
                self._place = {"after": self._last}
                if self.state and time.monotonic() - noted > _EVERY:
                    noted, point = time.monotonic(), self._point()
            yield Batch(data, count, point)

    def _careful(self, bounds: Sequence[tuple[str, Any, Any]], *, known: bool = False) -> Iterator[Batch]:
        """Rows of the overlap, each of which may have been delivered.

        Args:
            known: they count as delivered, and are not.
        """
        self._last = None
        noted = time.monotonic()
        for data, _ in self._pages(bounds, self._what.cursor, limited=False):
            rows = []
            for line in data.splitlines():
                place = self._place_of(line)
                rows.append(Row(self._key(place[0]), orjson.dumps([str(one) for one in place]), line))
            if known:
                for row in rows:
                    assert self.state is not None
                    self.state.seen(row.time, row.id)
                continue
            lines = self.fresh(rows)
            point = None
            if time.monotonic() - noted > _EVERY:
                noted, point = time.monotonic(), self._point()
            yield Batch(b"".join(lines), len(lines), point)
            if self.left() == 0:
                return

    def _pages(
        self, bounds: Sequence[tuple[str, Any, Any]], order: Sequence[str], *, limited: bool = True
    ) -> Iterator[tuple[bytes, int]]:
        """Blocks of lines behind `_last`, which follows; pages are asked for until one is not full."""
        streak = self._retry.streak(self._judge)
        while True:
            left = self.left() if limited else None
            if left == 0:
                return
            page = None if not order else PAGE if left is None else min(PAGE, left)
            ask = Ask(self._source, self._columns, order, self._last, bounds, page or left)
            came = 0
            refused = self.quarantine.counts.quarantined
            self._retry.pace()
            try:
                with closing(self._dialect.lines(ask)) as blocks:
                    while True:
                        with self._retry.waiting():
                            data, count = next(blocks, (b"", -1))
                        if count < 0:
                            break
                        if order and data:
                            self._follow(data)
                        came += count
                        streak.progress()
                        self.consumed += len(data)
                        self.effort.bytes += len(data)
                        yield data, count
            except (SourceError, UsageError):
                raise
            except Exception as error:
                if came and not order and self._judge(error) is not None:
                    raise SourceError(
                        "the connection was cut, and without an order of rows there is no place to read on",
                        where=self._where.url,
                        hint="--cursor COLUMN,... with columns that tell all rows apart",
                    ) from None
                streak.failed(error)
                continue
            self.effort.pages += 1
            refused = self.quarantine.counts.quarantined - refused
            if page is None or came + refused < page:
                return
            if not came:
                raise SourceError(f"{refused} rows in a row cannot be read", where=self._where.url)

    def _follow(self, data: bytes) -> None:
        """Remember the last row's place; where nothing proves that a cursor tells rows apart, look at all.

        Raises:
            SourceError: it does not.
        """
        if self._proven:
            self._last = self._place_of(data[data.rfind(b"\n", 0, -1) + 1 : -1])
            return
        for line in data.splitlines():
            place = self._place_of(line)
            if place == self._last:
                raise SourceError(
                    "the cursor does not tell all rows apart",
                    hint=f"--cursor {','.join(self._what.cursor)},ID with a column that does",
                )
            self._last = place

    def _place_of(self, line: bytes) -> tuple[Any, ...]:
        exact = any(c.kind == "number" for c in self._columns if c.name in self._what.cursor)
        try:
            record = to_python(scan(decode(line))) if exact else orjson.loads(line)
        except (orjson.JSONDecodeError, RecordError):
            record = to_python(scan(decode(line)))
        return tuple(record[name] for name in self._what.cursor)

    def _long(self, data: bytes) -> bool:
        return len(data) > self.reading.max_record

    def _short_enough(self, data: bytes) -> tuple[bytes, int]:
        kept = []
        for line in data.splitlines(keepends=True):
            if len(line) - 1 > self.reading.max_record:
                self.refuse(TOO_LONG, line[:-1], where=self._what.table or "query")
            else:
                kept.append(line)
        return b"".join(kept), len(kept)

    def _bounds(self) -> list[tuple[str, Any, Any]]:
        """The window of --since and --until, as the database has times."""
        reading = self.reading
        # A state reads on from where it stands: since the last run more may have come than `--since 1h` says.
        known = self.state.position if self.state else None
        since = self._since = known.get("since") if known else reading.since
        if since is None and reading.until is None:
            return []
        name = self._what.time or self._what.cursor[0]
        column = next(column for column in self._columns if column.name == name)
        model = self._highest(name)
        if model is None:
            return []
        return [
            (
                name,
                None if since is None else self._like(column, model, since),
                None if reading.until is None else self._like(column, model, reading.until),
            )
        ]

    def _highest(self, name: str) -> Any:
        """The greatest value of a column, as lines have it; None without rows."""
        dialect = self._dialect
        column = next(column for column in self._columns if column.name == name)
        if column.kind == "other":
            raise UsageError(f"column {name} holds no times ({column.type})", hint="--time-column COLUMN")
        ask = Ask(
            f"(select max({dialect.quote(name)}) {dialect.quote(name)} from {self._source}) m", [column]
        )
        data = b"".join(data for data, _ in self._ask(lambda: list(dialect.lines(ask))))
        return orjson.loads(data)[name] if data else None

    def _like(self, column: Column, model: Any, when: int) -> Any:
        """A moment as a column has it, of which `model` is a value.

        Raises:
            UsageError: the column holds no times.
        """
        if isinstance(model, int) and column.kind == "integer":
            # The same sizes that `moment` tells apart: 1e11 seconds are the year 5138.
            for limit, factor in ((10**11, SECOND), (10**14, 10**6), (10**17, 10**3)):
                if abs(model) < limit:
                    return -(-when // factor)
            return when
        if isinstance(model, str) and _moment(model) is not None:
            return _spelled(model, when, 6 if column.kind == "time" else None)
        raise UsageError(f"column {column.name} holds no times ({column.type})", hint="--time-column COLUMN")

    def _key(self, value: Any) -> int:
        """A value of the cursor's first column as a number that is ordered as it is."""
        if isinstance(value, int):
            return value
        found = _moment(str(value))
        if found is None:
            raise SourceError(
                f"the column {self._what.cursor[0]} holds values that are no times",
                hint="--cursor COLUMN,... with other columns, or leave those rows out with --query",
            )
        return found

    def _horizon(self) -> Any:
        """Where the overlap begins, as the cursor's first column has it; None where it has no such thing."""
        name = self._what.cursor[0]
        column = next(column for column in self._columns if column.name == name)
        model = self._highest(name)
        if model is None:
            return None
        if column.kind == "integer":
            return model - self._what.overlap
        when = _moment(str(model)) if isinstance(model, str) else None
        if when is None:
            return None
        digits = 6 if column.kind == "time" else None
        return _spelled(model, min(when, self.now()) - self.reading.overlap, digits)

    def _point(self) -> dict[str, Any] | None:
        """A checkpoint: where the next run reads on."""
        if not self.state or self._place is None:
            return None
        place = self._place if self._since is None else {**self._place, "since": self._since}
        forget = (FIRST, min(self._key(place["from"]), LAST)) if place.get("from") is not None else None
        body = self.state.checkpoint(position=place, forget=forget)
        if self.reading.state is None:
            self.state.commit()
            return None
        return body

    # What is there.

    def fetch_metadata(self) -> dict[str, Any]:
        """`{"source","address","tables"}`, or for one table or query `{"columns","rows","first","last"}`.

        Rows and bytes are the database's own estimates; first and last are those of the cursor or of
        the time's column.
        """
        about: dict[str, Any] = {"source": self.name, "address": self._where.url}
        if not self._columns:
            return about | {"tables": list(self.listing())}
        about |= {"table": self._what.table} if self._what.table else {}
        about["columns"] = [{"name": column.name, "type": column.type} for column in self._columns]
        estimate = self._estimate()
        if estimate:
            about |= {"rows": estimate["rows"], "bytes": estimate["bytes"]}
        name = self._what.time or (self._what.cursor[0] if self._what.cursor else None)
        if name:
            quoted = self._dialect.quote(name)
            for key, function in (("first", "min"), ("last", "max")):
                sql = f"select {function}({quoted}) from {self._source}"
                value = self._ask(lambda sql=sql: self._dialect.value(sql))
                about[key] = value if isinstance(value, int | float) or value is None else str(value)
        return about

    def listing(self) -> Iterator[dict[str, Any]]:
        yield from self._ask(lambda: list(self._dialect.tables()))

    def plan(self, since: int | None, until: int) -> str | None:
        estimate = self._estimate() if self._what.table and self.reading.limit is None else None
        if not estimate or (estimate["rows"] or 0) < _LONG:
            return None
        size = f", {estimate['bytes'] / 2**30:.1f} GB" if estimate["bytes"] else ""
        part = "what is asked of " if since is not None or (self.state and self.state.position) else ""
        return f"reading {part}table {self._what.table}, which has about {estimate['rows']:,} rows{size}"

    def _estimate(self) -> dict[str, Any] | None:
        return next((one for one in self.listing() if one["name"] == self._what.table), None)


def _dialect(where: Address, timeout: float | None, refuse: Any) -> Dialect:
    """The dialect that an address asks for; its client is imported when it connects."""
    from cecil.providers.generic.database.mysql import MySql
    from cecil.providers.generic.database.other import Other
    from cecil.providers.generic.database.postgres import Postgres
    from cecil.providers.generic.database.sqlite import Sqlite

    found: dict[str, type[Dialect]] = {
        "postgresql": Postgres,
        "postgres": Postgres,
        "mysql": MySql,
        "mariadb": MySql,
        "sqlite": Sqlite,
    }
    return found.get(where.scheme, Other)(where, timeout, refuse)


def _moment(text: str) -> int | None:
    """Nanoseconds since 1970; a time without an offset counts as UTC. None where it is no time."""
    for form in (text, f"{text}Z", f"{text}T00:00Z"):
        try:
            return moment(form)
        except ValueError:
            continue
    return None


def _spelled(model: str, when: int, digits: int | None = None) -> str:
    """A moment as `model` is spelled: with its separator, and its offset if that is UTC.

    It is rounded up to the next one that can be spelled so, which changes no comparison with others.

    Args:
        digits: of the second; None for as many as `model` has.
    """
    from datetime import UTC, datetime

    if digits is None:
        digits = min(9, len(_FRACTION.sub(r"\1", model)) if "." in model else 0)
    unit = 86400 * SECOND if len(model) == 10 else 10 ** (9 - digits)
    seconds, rest = divmod(-(-when // unit) * unit, SECOND)
    stamp = datetime.fromtimestamp(seconds, UTC)
    if len(model) == 10:
        return stamp.date().isoformat()
    fraction = f".{rest:09d}"[: digits + 1] if digits else ""
    zone = "Z" if model.endswith(("Z", "z")) else "+00:00" if model.endswith("+00:00") else ""
    return stamp.strftime(f"%Y-%m-%d{model[10]}%H:%M:%S") + fraction + zone
