"""Azure Monitor Logs as a source: a table or a query of a Log Analytics workspace, or of a resource.

Owns: reading a query's result in pages, though the service has no cursor, and what a record looks like. The
rows of a window are asked for in the order of their time, so many at once. A page that is full is taken
without its last moment, and the next one begins at that moment, so equal times are never torn apart; a
moment that fills a page alone is asked for by itself. A page that the service cut short is thrown away, and
a smaller one is asked for. Nothing is counted or remembered between two pages, and identical rows are kept
as often as they are there. Refuses: a query without a time, by which nothing could be read twice the same.

A record is an object of the query's columns, in their order. Values stand as the service writes them, see
https://learn.microsoft.com/azure/azure-monitor/logs/api/response-format; of the type `dynamic`, which comes
as text, an object or an array becomes what it says.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

import msgspec
import orjson

from cecil.errors import SourceError, UsageError
from cecil.providers.cloud.azure_query import ENDPOINT, Answer, Column, LogAnalytics, Reply, cells
from cecil.providers.generic.times import moment
from cecil.providers.remote import SECOND, Page, Reading, RemoteProvider, Row, content_id, unwrapped
from cecil.stream.quarantine import Quarantine

RATE = 6.0
"""Requests a second: the service allows a user 200 in 30 seconds."""

TIME = "TimeGenerated"
MESSAGES = ("Message", "LogMessage", "LogEntry", "RawData", "SyslogMessage")
"""Columns of the service's own tables that hold what a program logged, for `--unwrap`."""

_FIRST_ROWS = 1000
_PAGE_BYTES = 2 << 20
_BATCH = 500
"""Rows that are records at once: as objects they take many times what they take as text."""
_MOST_ROWS = 500_000
"""What the service gives in one answer at most."""

_LONG = 100_000
"""Records from which on a read is announced."""

_SAMPLE = 1000
_DAY = 86400 * SECOND
_SHORT = 3600 * SECOND
"""A window of which nobody asks beforehand how much is in it."""

_TICK = 100
"""Nanoseconds: the service's times are that fine."""

_SECOND = 10**7
_EARLIEST, _LATEST = -62_135_596_800 * _SECOND, 253_402_300_800 * _SECOND - 1
"""What a time of KQL can be, the years 1 to 9999, in ticks since 1970."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_WORKSPACE = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_STAMP = re.compile(rb'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\Z')
_FRACTION = re.compile(rb'(?:\.([0-9]{1,9}))?Z"\Z')
_ANY = msgspec.json.Decoder(msgspec.Raw)
"""Sees that a text is JSON, and changes nothing; orjson would refuse 1e400."""


class AzureMonitorProvider(RemoteProvider):
    """A query's result in the order of its time.

    Args:
        workspace, resource: a workspace's id, or a resource's from `/subscriptions/` on; one of them.
        query, table: KQL, or the name of a table; one of them. None for `listing` alone.
        time_column: the column of a record's time.
        message_column: what `--unwrap` unwraps; by default the first of `MESSAGES` that is there.
        endpoint: the API's address.
        timeout: seconds that a query may take.

    Raises:
        UsageError: the options do not go together.
    """

    name: ClassVar[str] = "azure"

    def __init__(
        self,
        reading: Reading,
        quarantine: Quarantine | None = None,
        *,
        workspace: str | None = None,
        resource: str | None = None,
        query: str | None = None,
        table: str | None = None,
        time_column: str = TIME,
        message_column: str | None = None,
        endpoint: str = ENDPOINT,
        timeout: int = 600,
    ) -> None:
        super().__init__(reading, quarantine)
        self._scope = _scope(workspace, resource)
        self._query = _query(query, table)
        if not _NAME.match(time_column):
            raise UsageError("--time-column: the name of a column is wanted", hint=f"--time-column {TIME}")
        self.time_column = time_column
        self._message = message_column
        self._endpoint = endpoint
        self._rows = _FIRST_ROWS
        self._span: int | None = None
        self._columns: list[Column] = []
        self._logs = LogAnalytics(self._scope, endpoint, timeout, self.retry(RATE))

    def open(self) -> None:
        self._logs.open()
        if self._query is not None:
            self._columns = self._schema(self._query)

    def close(self) -> None:
        self._logs.close()

    def now(self) -> int:
        return self._logs.clock.now()

    def identity(self) -> dict[str, Any]:
        return {
            "source": "azure",
            "endpoint": self._endpoint,
            "scope": self._scope,
            "query": self._query,
            "time_column": self.time_column,
        }

    def _schema(self, query: str) -> list[Column]:
        columns = [Column(row["ColumnName"], row["ColumnType"]) for row in self._all(f"{query}\n| getschema")]
        kinds = {column.name: column.type for column in columns}
        if self.time_column not in kinds:
            dated = [column.name for column in columns if column.type == "datetime"]
            hint = (
                f"--time-column {dated[0]}" if dated else f"keep {self.time_column} in project and summarize"
            )
            raise UsageError(f"the query's result has no column {self.time_column} to read it by", hint=hint)
        if kinds[self.time_column] != "datetime":
            raise UsageError(
                f"the column {self.time_column} is no time",
                hint=f"| extend {self.time_column} = todatetime({self.time_column})",
            )
        return columns

    def _all(self, query: str) -> list[dict[str, Any]]:
        """The rows of a small answer."""
        try:
            answer = self._logs.ask(lambda: query)
            whole = not answer.cut
        except Reply:
            whole = False
        if not whole:
            raise SourceError(
                "Azure Monitor does not give this answer: it is too large",
                hint="--since and --until, or a where in --query, make it smaller",
            )
        names = [column.name for column in answer.columns]
        return [dict(zip(names, map(msgspec.json.decode, cells(row)), strict=True)) for row in answer.rows]

    def pages(self, since: int | None, until: int) -> Iterator[Page]:
        """See `RemoteProvider.pages`; in the order of time."""
        position = _EARLIEST if since is None else _ticks(since)
        stop = _ticks(until)
        while position < stop:
            end, answer = self._page(position, stop)
            full = len(answer.rows) >= self._rows
            count = len(answer.rows)
            reader = _Rows(self, answer)
            if not full:
                position = end
                if self._span is not None:
                    self._span *= 2
            else:
                position = reader.time(count - 1) // _TICK
                while count and reader.time(count - 1) // _TICK == position:
                    count -= 1
            self._fit(answer)
            if full and not count:
                reader = _Rows(self, self._moment(position))
                count = len(reader)
                position += 1
            del answer
            yield from reader.pages(count)
            del reader  # not two answers in memory at once
            yield Page([], position * _TICK)

    def _page(self, position: int, stop: int) -> tuple[int, Answer]:
        """The first rows from a moment on: up to which other moment they were asked for, and the answer."""

        def end() -> int:
            return stop if self._span is None else min(stop, position + self._span)

        def narrower() -> None:
            # What takes too long takes less of a shorter time.
            self._span = max(_SECOND, (end() - max(position, 0)) // 2)

        while True:
            try:
                answer = self._logs.ask(lambda: self._kql(position, end(), self._rows), narrower)
            except Reply:
                pass
            else:
                if not answer.cut:
                    return end(), answer
            if self._rows == 1:
                raise SourceError(
                    "a single record is larger than what Azure Monitor gives in one answer",
                    hint="--query 'TABLE | project-away COLUMN' leaves a column out",
                )
            self._rows //= 2

    def _moment(self, tick: int) -> Answer:
        """All rows of one moment."""
        try:
            answer = self._logs.ask(lambda: self._kql(tick, tick + 1, _MOST_ROWS))
            whole = not answer.cut and len(answer.rows) < _MOST_ROWS
        except Reply:
            whole = False
        if not whole:
            raise SourceError(
                f"more records have the same {self.time_column} than Azure Monitor gives in one answer",
                hint="split the query with a where on another column",
            )
        return answer

    def _kql(self, start: int, end: int, rows: int) -> str:
        return (
            f"{self._query}\n{_within(self.time_column, start, end)}\n"
            f"| order by {self.time_column} asc\n"
            f"| take {rows}"
        )

    def _fit(self, answer: Answer) -> None:
        """Ask for so many rows that a page is worth its question, and fits into memory."""
        if answer.rows:
            fitting = len(answer.rows) * _PAGE_BYTES // answer.size
            self._rows = max(1, min(fitting, 2 * self._rows, _MOST_ROWS))

    def message_of(self, names: list[str]) -> str | None:
        """The column that is unwrapped; None for none."""
        if not self.reading.unwrap:
            return None
        if self._message is None:
            return next((name for name in MESSAGES if name in names), None)
        if self._message not in names:
            raise UsageError(
                f"--message-column: the result has no column {self._message}", hint="--describe names them"
            )
        return self._message

    def fetch_metadata(self) -> dict[str, Any]:
        """Columns, records, an estimate of their bytes, and the first and last time."""
        found: dict[str, Any] = {"source": self.name, "scope": self._scope}
        if self._query is None:
            return found
        since, until = self.span()
        about = self._summary(since, until)
        return found | {
            "columns": [{"name": column.name, "type": column.type} for column in self._columns],
            "records": about["records"],
            "bytes": about["bytes"],
            "first": about["first"],
            "last": about["last"],
            "calls": _calls(about),
            "cost": "nothing for tables of the plan Analytics; by the GB scanned for Basic and Auxiliary",
        }

    def _summary(self, since: int | None, until: int) -> dict[str, Any]:
        """How many records, of when, and how large by a sample: to measure all would read all."""
        start, end = _EARLIEST if since is None else _ticks(since), _ticks(until)
        there = f"{self._query}\n{_within(self.time_column, start, end)}"
        about = self._all(
            f"{there}\n| summarize records = count(), "
            f"first = min({self.time_column}), last = max({self.time_column})"
        )[0]
        size = 0.0
        if about["records"]:
            size = self._all(f"{there}\n| take {_SAMPLE}\n| summarize size = avg(estimate_data_size(*))")[0][
                "size"
            ]
        return {**about, "bytes": int(about["records"] * size)}

    def listing(self) -> Iterator[dict[str, Any]]:
        """The tables that have records in the window, by itself a day, with how many."""
        since, until = self.span()
        start, end = _ticks(until - _DAY if since is None else since), _ticks(until)
        tables = self._all(
            f"union withsource = TableName *\n{_within(TIME, start, end)}\n"
            "| summarize records = count(), bytes = sum(estimate_data_size(*)), "
            f"last = max({TIME}) by TableName"
        )
        for table in sorted(tables, key=lambda table: str(table["TableName"])):
            yield {"name": table.pop("TableName"), **table}

    def plan(self, since: int | None, until: int) -> str | None:
        if self.reading.follow or (since is not None and until - since < _SHORT):
            return None
        try:
            about = self._summary(since, until)
        except SourceError:  # what is too much to be counted can still be read
            return None
        if about["records"] < _LONG:
            return None
        size = about["bytes"] / 1e6
        return f"about {about['records']:,} records, {size:,.0f} MB, {_calls(about):,} queries"


def _scope(workspace: str | None, resource: str | None) -> str:
    if (workspace is None) == (resource is None):
        raise UsageError("one of --workspace and --resource is wanted", hint="--workspace ID")
    if resource is not None:
        if not resource.startswith("/subscriptions/"):
            raise UsageError(
                "--resource: a resource's ID is wanted", hint="az resource list --query '[].id' -o tsv"
            )
        return resource.rstrip("/")
    assert workspace is not None
    if not _WORKSPACE.match(workspace):
        raise UsageError(
            "--workspace: a workspace's ID is wanted, not its name",
            hint="az monitor log-analytics workspace list --query '[].[name, customerId]' -o tsv",
        )
    return f"/workspaces/{workspace}"


def _query(query: str | None, table: str | None) -> str | None:
    if query is not None and table is not None:
        raise UsageError("--query and --table do not go together", hint="--query 'TABLE | where ...'")
    if table is not None and not _NAME.match(table):
        raise UsageError("--table: the name of a table is wanted", hint="--query KQL takes everything else")
    found = table if query is None else query.strip().rstrip(";").rstrip()
    if found == "":
        raise UsageError("--query: it is empty", hint="--query 'TABLE | where ...'")
    return found


def _calls(about: dict[str, Any]) -> int:
    return 2 + int(about["bytes"]) // _PAGE_BYTES


def _plain(value: msgspec.Raw) -> bytes:
    """A value of the type `dynamic`: text that says an object or an array becomes that."""
    data = bytes(value)
    if not data.startswith((b'"{', b'"[')):
        return data
    try:
        text = orjson.loads(data)
        _ANY.decode(text)
    except (orjson.JSONDecodeError, msgspec.DecodeError):
        return data
    # A line end in JSON stands between tokens, never in a string.
    return bytes(text.encode().replace(b"\n", b" ").replace(b"\r", b" "))


class _Rows:
    """The rows of an answer as records."""

    def __init__(self, provider: AzureMonitorProvider, answer: Answer) -> None:
        names = [column.name for column in answer.columns]
        if provider.time_column not in names:
            raise SourceError(
                f"the answer has no column {provider.time_column} any more",
                hint="the table changed under way; run it again",
            )
        self._provider = provider
        self._rows = answer.rows
        self._place = names.index(provider.time_column)
        self._own = names.index("_ItemId") if "_ItemId" in names else None
        self._dynamic = {at for at, column in enumerate(answer.columns) if column.type == "dynamic"}
        self._form = (
            b"{" + b",".join(orjson.dumps(name).replace(b"%", b"%%") + b":%b" for name in names) + b"}"
        )
        self._names = names
        message = provider.message_of(names)
        self._message = None if message is None else names.index(message)
        self._clock = _Clock(provider.time_column)

    def __len__(self) -> int:
        return len(self._rows)

    def time(self, place: int) -> int:
        """The time of a row."""
        return self._clock.read(bytes(cells(self._rows[place])[self._place]))

    def pages(self, count: int) -> Iterator[Page]:
        """The first so many rows."""
        reading = self._provider.reading
        with_ids = reading.follow or reading.state is not None
        equal: dict[bytes, int] = {}
        last = -(1 << 63)
        for start in range(0, count, _BATCH):
            rows: list[Row] = []
            for row in self._rows[start : min(start + _BATCH, count)]:
                values: list[Any] = cells(row)
                when = self._clock.read(bytes(values[self._place]))
                if when < last:
                    raise SourceError("Azure Monitor gave records out of order")
                if when > last:
                    last = when
                    equal.clear()
                name = b"" if self._own is None else bytes(values[self._own])
                if self._dynamic:
                    values = [
                        _plain(value) if at in self._dynamic else value for at, value in enumerate(values)
                    ]
                line = self._form % tuple(values)
                if with_ids and name in (b"", b"null"):
                    before = equal.get(line, 0)
                    equal[line] = before + 1
                    name = content_id(line, before)
                if self._message is not None:
                    line = self._unwrapped(values, self._message) or line
                rows.append(Row(when, name, line))
            yield Page(rows, last)

    def _unwrapped(self, values: list[Any], message: int) -> bytes | None:
        rest = dict(zip(self._names, map(bytes, values), strict=True))
        data = rest.pop(self._names[message])
        try:
            text = orjson.loads(data) if data.startswith(b'"') else data.decode()
        except orjson.JSONDecodeError:  # half a character
            return None
        return unwrapped(text, {name: orjson.Fragment(value) for name, value in rest.items()})


class _Clock:
    """Reads times that mostly differ in their fractions only."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._prefix = b""
        self._seconds = 0

    def read(self, text: bytes) -> int:
        """Nanoseconds since 1970."""
        prefix = text[:20]
        fraction = _FRACTION.match(text, 20)
        if fraction is None or not _STAMP.match(prefix):
            raise SourceError(f"a time in {self._column} cannot be read")
        if prefix != self._prefix:
            try:
                self._seconds = moment(prefix[1:].decode() + "Z")
            except ValueError:
                raise SourceError(f"a time in {self._column} cannot be read") from None
            self._prefix = prefix
        return self._seconds + int((fraction[1] or b"").ljust(9, b"0"))


def _ticks(nanoseconds: int) -> int:
    """The first tick that is not before a moment, within the years of KQL."""
    return max(_EARLIEST, min(-(-nanoseconds // _TICK), _LATEST))


def _within(column: str, start: int, end: int) -> str:
    return f"| where {column} >= datetime({_text(start)}) and {column} < datetime({_text(end)})"


def _text(ticks: int) -> str:
    seconds, rest = divmod(ticks, _SECOND)
    days, seconds = divmod(seconds, 86400)
    day = date.fromordinal(date(1970, 1, 1).toordinal() + days)
    hours, minutes = divmod(seconds // 60, 60)
    return f"{day.isoformat()}T{hours:02}:{minutes:02}:{seconds % 60:02}.{rest:07}Z"
