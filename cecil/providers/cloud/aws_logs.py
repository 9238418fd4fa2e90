"""Amazon CloudWatch Logs: the events of log groups, or the rows of a query of Logs Insights.

A record of a log group (its keys, in this order):

    timestamp         when it happened: RFC 3339, UTC, milliseconds
    ingestion_time    when CloudWatch got it, likewise
    log_group         the group's name
    log_stream        the stream's name
    event_id          CloudWatch's own id
    message           the event's text

A record of a query has the query's fields, as text; `@timestamp` and `@ingestionTime` are RFC 3339.

Owns: reading windows of time with FilterLogEvents, whose pages may be empty or in any order and are read
until no token comes; long windows in slices, so that a run that is cut off has not read for nothing;
queries, of which Insights gives 10,000 rows at most: a window that is full is read in halves. Refuses:
`GetLogEvents`, which ends without saying so, and Live Tail, which leaves events out when there are many.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
"""

import contextlib
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from cecil.errors import RecordError, SourceError, UsageError
from cecil.providers.cloud.aws_client import AwsClient, Login
from cecil.providers.remote import Page, Reading, RemoteProvider, Row, content_id
from cecil.stream.quarantine import Quarantine

RATE = 4.5
"""Requests a second. The quota of FilterLogEvents is 5 in the smallest regions."""

PAGE = 5000
"""Events a page. The service sends 1 MB at most, so of most logs less."""

_AT_ONCE = 500
"""Events that become records at once."""

MOST_ROWS = 10_000
"""Rows that a query of Insights gives at most."""

_MS = 10**6
_SECOND = 10**9
_HOUR = 3600 * _SECOND
_EARLIER = 14 * 24 * _HOUR
"""How much older than its group an event can be: older ones are not taken in."""

_LOOK_EVERY = 60.0
"""Seconds before new groups of a prefix are looked for, while `--follow` goes on."""

_PAGES_OF_A_SLICE = 50
"""How many pages a slice of a long window should have, more or less."""

_PAGE_BYTES = 1 << 20
_EVENT_OVERHEAD = 26
"""Bytes that CloudWatch counts for an event beside its message."""

_ARN = re.compile(r"arn:[a-z-]+:logs:([a-z0-9-]+):([0-9]{12}):log-group:([^:*]+)(?::\*)?\Z")
_PER_GB = 0.005
"""Dollars that a gigabyte costs that a query of Insights scans; in us-east-1, other regions differ."""


class Group(NamedTuple):
    """A log group to read.

    Attributes:
        name: as records bear it.
        arn: None where it was named by its name.
        region: of the ARN.
    """

    name: str
    arn: str | None = None
    region: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """How FilterLogEvents is told which one. Groups of another account have no name here."""
        return {"logGroupIdentifier": self.arn} if self.arn else {"logGroupName": self.name}


def group(text: str) -> Group:
    """A group as the command line names it.

    Raises:
        UsageError: neither a name nor the ARN of a group.
    """
    found = _ARN.match(text)
    if found:
        return Group(found[3], text.removesuffix(":*"), found[1])
    if not re.fullmatch(r"[A-Za-z0-9._/#-]{1,512}", text):
        raise UsageError("--log-group: neither the name of a log group nor the ARN of one", hint=_SHOW)
    return Group(text)


_SHOW = "cecil-fetch aws --list names what is there"


class AwsLogsProvider(RemoteProvider):
    """Records of CloudWatch Logs.

    Args:
        reading, quarantine: see `RemoteProvider`.
        groups: names or ARNs.
        prefix: all groups whose names begin so, beside them.
        streams: names of streams; none for all.
        stream_prefix: only streams whose names begin so.
        filter: a filter pattern of CloudWatch.
        query: a query of Logs Insights; its rows are read instead of events.
        login: who asks, and where.

    Raises:
        UsageError: the options do not go together.
    """

    name: ClassVar[str] = "aws-logs"

    def __init__(
        self,
        reading: Reading,
        quarantine: Quarantine | None = None,
        *,
        groups: Sequence[str] = (),
        prefix: str | None = None,
        streams: Sequence[str] = (),
        stream_prefix: str | None = None,
        filter: str | None = None,
        query: str | None = None,
        login: Login | None = None,
    ) -> None:
        super().__init__(reading, quarantine)
        if streams and stream_prefix is not None:
            raise UsageError(
                "--log-stream and --log-stream-prefix do not go together", hint="leave one of them out"
            )
        if query is not None and (streams or stream_prefix is not None or filter is not None):
            raise UsageError(
                "--query does not go with --filter, --log-stream and --log-stream-prefix",
                hint="say it in the query: | filter @logStream like /^web/ and @message like /ERROR/",
            )
        if len(streams) > 100:
            raise UsageError("CloudWatch takes 100 names of streams at most", hint="--log-stream-prefix")
        self._named = list(dict.fromkeys(group(text) for text in groups))
        self._prefix = prefix
        self._streams = list(dict.fromkeys(streams))
        self._stream_prefix = stream_prefix
        self._filter = filter
        self._query = query
        self._login = _at(login or Login(), self._named)
        self._retry = self.retry(RATE)
        self._client: AwsClient | None = None
        self._groups: list[Group] = []
        self._known: dict[str, dict[str, Any]] = {}
        self._looked = 0.0

    @property
    def client(self) -> AwsClient:
        """The connection, made when it is first asked for."""
        if self._client is None:
            self._client = AwsClient("logs", self._login, self.effort, self._retry)
        return self._client

    def open(self) -> None:
        """See `RemoteProvider.open`. Every group is found before the first one is read."""
        for group in self._named:
            self._about(group)
        self._look()

    def _look(self) -> None:
        """Which groups there are by now."""
        found = {group.name: group for group in self._named}
        if self._prefix is not None:
            for about in self._described(self._prefix):
                self._known[about["logGroupName"]] = about
                found.setdefault(about["logGroupName"], Group(about["logGroupName"]))
        self._groups = list(found.values())
        self._looked = time.monotonic()

    def now(self) -> int:
        """See `RemoteProvider.now`: never ahead of what CloudWatch says."""
        return self.client.clock.now()

    def _chosen(self) -> list[Group]:
        if self._prefix is not None and time.monotonic() - self._looked > _LOOK_EVERY:
            self._look()
        if not self._groups:
            if self._prefix is not None:
                raise SourceError(f"no log group begins with {self._prefix}{self._where()}", hint=_SHOW)
            raise UsageError("no log group is named", hint=f"--log-group NAME; {_SHOW}")
        return self._groups

    def _where(self) -> str:
        return f" in {self.client.region}"

    def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None

    def identity(self) -> dict[str, Any]:
        """See `RemoteProvider.identity`. A prefix stands for itself: new groups are read as they come."""
        names = sorted(group.arn or group.name for group in self._named)
        return {
            "source": self.name,
            "region": self.client.region,
            "groups": names,
            "prefix": self._prefix,
            "streams": sorted(self._streams),
            "stream_prefix": self._stream_prefix,
            "filter": self._filter,
            "query": self._query,
        }

    # Events

    def pages(self, since: int | None, until: int) -> Iterator[Page]:
        """See `RemoteProvider.pages`."""
        groups = self._chosen()
        start = self._earliest(groups) if since is None else since
        if self._query is not None:
            yield from self._answers(start, until)
            return
        length = self._slice(groups, start, until)
        while start < until:
            end = min(start + length, until)
            before = self.effort.pages
            for group in groups:
                for event_page in self._events(group, start, end):
                    yield Page(event_page)
            yield Page([], complete=end)
            start = end
            pages = self.effort.pages - before
            if pages < _PAGES_OF_A_SLICE * len(groups):
                length *= 2
            elif pages > 4 * _PAGES_OF_A_SLICE * len(groups):
                length = max(length // 2, 60 * _SECOND)

    def _events(self, group: Group, start: int, end: int) -> Iterator[list[Row]]:
        """The events of `[start, end)`, page by page."""
        # Events have whole milliseconds; both ends are inclusive there.
        asked: dict[str, Any] = {
            **group.named,
            "startTime": max(0, -(-start // _MS)),
            "endTime": -(-end // _MS) - 1,
            "limit": PAGE,
        }
        if asked["endTime"] < asked["startTime"]:
            return
        if self._streams:
            asked["logStreamNames"] = self._streams
        if self._stream_prefix:
            asked["logStreamNamePrefix"] = self._stream_prefix
        if self._filter:
            asked["filterPattern"] = self._filter
        while True:
            reply = self.client.call("filter_log_events", _called(group), **asked)
            self.effort.pages += 1
            # A reply without its fields is no empty page: the guard of the client sees to that, and this.
            events = reply["events"]
            # An empty page with a token is not the end.
            token = reply.get("nextToken")
            del reply
            for start in range(0, len(events), _AT_ONCE):
                yield self._rows(group, events[start : start + _AT_ONCE])
            # A page is large, and the next one should not find it here.
            del events
            if not token:
                return
            asked["nextToken"] = token

    def _rows(self, group: Group, events: list[dict[str, Any]]) -> list[Row]:
        rows: list[Row] = []
        name, line = group.name, self.line
        for event in events:
            moment = event["timestamp"]
            record = {
                "timestamp": _stamp(moment),
                "ingestion_time": _stamp(event["ingestionTime"]) if "ingestionTime" in event else None,
                "log_group": name,
                "log_stream": event.get("logStreamName"),
                "event_id": event["eventId"],
                "message": event.get("message", ""),
            }
            try:
                rows.append(Row(moment * _MS, event["eventId"], line(record, "message")))
            except RecordError as error:
                self.refuse(error.message, repr(record).encode("utf-8", "backslashreplace"))
        return rows

    def _slice(self, groups: list[Group], start: int, until: int) -> int:
        """How long a first slice should be, by what is stored."""
        pages = sum(_share(self._about(group), start, until, self.now()) for group in groups) / _PAGE_BYTES
        return max(_HOUR, int((until - start) / max(1.0, pages / _PAGES_OF_A_SLICE)))

    def _earliest(self, groups: list[Group]) -> int:
        """The moment before which no event can be."""
        created = [int(self._about(group).get("creationTime", 0)) * _MS for group in groups]
        return max(0, min(created) - _EARLIER)

    # Queries

    def _answers(self, start: int, end: int) -> Iterator[Page]:
        """The rows of a query, window by window: as many halves as it takes."""
        first, last = start // _SECOND, -(-end // _SECOND)
        todo = [(first, last)]
        while todo:
            low, high = todo.pop()
            if low >= high:
                continue
            rows = self._ask(low, high)
            if rows is None or len(rows) >= MOST_ROWS:
                if rows is not None and not any("@ptr" in row for row in rows):
                    raise SourceError(
                        f"the query has more than {MOST_ROWS:,} groups, which Insights does not give",
                        hint="group by less, or ask for less time: --since, --until",
                    )
                if high - low == 1:
                    raise SourceError(
                        f"the query has more than {MOST_ROWS:,} rows in one second",
                        hint="filter in the query, or read the events: --log-group NAME without --query",
                    )
                middle = (low + high) // 2
                todo += [(middle, high), (low, middle)]
                continue
            yield Page(self._answered(rows, low), complete=min(high * _SECOND, end))

    def _answered(self, rows: list[dict[str, str]], low: int) -> list[Row]:
        made: list[Row] = []
        seen: dict[tuple[int, bytes], int] = {}
        for row in rows:
            moment = _moment(row.get("@timestamp"))
            if moment is None and (self.reading.state is not None or self.reading.follow):
                raise UsageError(
                    "the query has no @timestamp, so what is new cannot be told",
                    hint="fields @timestamp, @message | ...",
                )
            # A pointer is of one query, and not of the row.
            record: dict[str, Any] = {key: value for key, value in row.items() if key != "@ptr"}
            for key in ("@timestamp", "@ingestionTime"):
                when = _moment(record.get(key))
                if when is not None:
                    record[key] = _stamp(when // _MS)
            try:
                line = self.line(record, "@message")
            except RecordError as error:
                self.refuse(error.message, repr(record).encode("utf-8", "backslashreplace"))
                continue
            when = low * _SECOND if moment is None else moment
            before = seen.get((when, line), 0)
            seen[when, line] = before + 1
            made.append(Row(when, content_id(line, before), line))
        return made

    def _ask(self, low: int, high: int) -> list[dict[str, str]] | None:
        """The rows of `[low, high)`, in seconds; None where Insights ran out of time."""
        groups = self._chosen()
        what = "the query"
        arns = any(group.arn for group in groups)
        which = (
            {"logGroupIdentifiers": [group.arn or group.name for group in groups]}
            if arns
            else {"logGroupNames": [group.name for group in groups]}
        )
        # The end is inclusive there.
        started = self.client.call(
            "start_query",
            what,
            startTime=low,
            endTime=high - 1,
            queryString=self._query,
            limit=MOST_ROWS,
            **which,
        )["queryId"]
        running = True
        try:
            for pause in _pauses():
                reply = self.client.call("get_query_results", what, queryId=started)
                status = reply["status"]
                running = status in ("Scheduled", "Running", "Unknown")
                if not running:
                    break
                self._retry.wait(pause)
        finally:
            if running:
                # It would go on, and cost. Whether it ends now is no matter of ours.
                with contextlib.suppress(Exception):
                    self.client.once("stop_query", queryId=started)
        self.effort.pages += 1
        if status == "Timeout" and high - low > 1:
            return None
        if status != "Complete":
            raise SourceError(
                f"the query ended as {status.lower()}", hint="ask for less time: --since, --until"
            )
        return [{field["field"]: field.get("value", "") for field in row} for row in reply["results"]]

    # What is there

    def _described(self, prefix: str | None) -> Iterator[dict[str, Any]]:
        asked: dict[str, Any] = {"logGroupNamePrefix": prefix} if prefix else {}
        while True:
            reply = self.client.call("describe_log_groups", "the log groups", **asked)
            yield from reply["logGroups"]
            if not reply.get("nextToken"):
                return
            asked["nextToken"] = reply["nextToken"]

    def _about(self, group: Group) -> dict[str, Any]:
        """What AWS knows of a group.

        Raises:
            SourceError: it is not there.
        """
        if group.name in self._known:
            return self._known[group.name]
        for about in self._described(group.name):
            if about["logGroupName"] == group.name and about.get("arn", "").removesuffix(":*") == (
                group.arn or about.get("arn", "").removesuffix(":*")
            ):
                return self._known.setdefault(group.name, about)
        if group.arn:
            # Of another account nothing is told; that it can be read shows when it is.
            return self._known.setdefault(group.name, {})
        raise SourceError(f"{_called(group)}: not there{self._where()}", hint=f"{_SHOW}; --region REGION")

    def listing(self) -> Iterator[dict[str, Any]]:
        """See `RemoteProvider.listing`: log groups; of groups that are named, their streams."""
        if not self._named:
            for about in self._described(self._prefix):
                yield {
                    "name": about["logGroupName"],
                    "arn": about.get("arn"),
                    "stored_bytes": about.get("storedBytes"),
                    "retention_days": about.get("retentionInDays"),
                    "created": _stamp(about["creationTime"]) if "creationTime" in about else None,
                }
            return
        for group in self._named:
            for about in self._streams_of(group):
                yield {
                    "name": about["logStreamName"],
                    "log_group": group.name,
                    "first": _stamp(about["firstEventTimestamp"]) if "firstEventTimestamp" in about else None,
                    "last": _stamp(about["lastEventTimestamp"]) if "lastEventTimestamp" in about else None,
                }

    def _streams_of(self, group: Group) -> Iterator[dict[str, Any]]:
        asked: dict[str, Any] = dict(group.named)
        if self._stream_prefix:
            asked["logStreamNamePrefix"] = self._stream_prefix
        while True:
            reply = self.client.call("describe_log_streams", _called(group), **asked)
            for about in reply["logStreams"]:
                if not self._streams or about["logStreamName"] in self._streams:
                    yield about
            if not reply.get("nextToken"):
                return
            asked["nextToken"] = reply["nextToken"]

    def fetch_metadata(self) -> dict[str, Any]:
        """`{"source", "region", "groups": [...], "estimate": {...}}`.

        A group tells its size in bytes, its retention in days, and the times of its first and last event
        as far as AWS knows them. The estimate is of the window that would be read: records, bytes,
        requests, seconds at our pace, dollars.
        """
        since, until = self.span()
        about: dict[str, Any] = {"source": self.name, "region": self.client.region, "groups": []}
        size = 0
        sample = (0, 0)
        for group in self._chosen():
            known = self._about(group)
            reach = self._reach(group, known)
            size += _share(known, since, until, self.now())
            if not sample[0]:
                sample = self._sample(group, since, until)
            about["groups"].append(
                {
                    "name": group.name,
                    "arn": group.arn or known.get("arn"),
                    "stored_bytes": known.get("storedBytes"),
                    "retention_days": known.get("retentionInDays"),
                    "created": _stamp(known["creationTime"]) if "creationTime" in known else None,
                    **reach,
                }
            )
        each = sample[1] / sample[0] if sample[0] else 0.0
        requests = max(len(about["groups"]), -(-size // _PAGE_BYTES))
        query = self._query is not None
        about["estimate"] = {
            "records": round(size / (each + _EVENT_OVERHEAD)) if each else 0,
            "bytes": size,
            "requests": requests,
            "seconds": round(requests / (self.reading.rate or RATE), 1),
            "dollars": round(size / 10**9 * _PER_GB, 4) if query else 0.0,
        }
        return about

    def _reach(self, group: Group, known: dict[str, Any]) -> dict[str, Any]:
        """The times of the first and the last event, as far as the streams written to last tell."""
        if not known:
            return {"first": None, "last": None}
        asked = {**group.named, "orderBy": "LastEventTime", "descending": True}
        reply = self.client.call("describe_log_streams", _called(group), **asked)
        lasts = [one["lastEventTimestamp"] for one in reply["logStreams"] if "lastEventTimestamp" in one]
        firsts = [one["firstEventTimestamp"] for one in reply["logStreams"] if "firstEventTimestamp" in one]
        return {
            "first": _stamp(min(firsts)) if firsts and not reply.get("nextToken") else None,
            "last": _stamp(max(lasts)) if lasts else None,
        }

    def _sample(self, group: Group, since: int | None, until: int) -> tuple[int, int]:
        """How many events a first page has, and the bytes of their messages."""
        start = 0 if since is None else since // _MS
        reply = self.client.call(
            "filter_log_events",
            _called(group),
            **group.named,
            startTime=start,
            endTime=until // _MS,
            limit=100,
        )
        events = reply["events"]
        return len(events), sum(len(event.get("message", "").encode()) for event in events)

    def plan(self, since: int | None, until: int) -> str | None:
        """See `RemoteProvider.plan`: for what takes longer than ten seconds."""
        size = sum(_share(self._about(group), since, until, self.now()) for group in self._chosen())
        requests = size / _PAGE_BYTES
        rate = self.reading.rate or RATE
        if self._query is not None:
            cost = size / 10**9 * _PER_GB
            return f"Insights scans about {_gigabytes(size)}, for about ${cost:.2f}" if cost >= 0.01 else None
        if requests < 10 * rate:
            return None
        how_long = _duration(requests / rate)
        return f"about {_gigabytes(size)}, {requests:,.0f} requests, {how_long} at {rate:g} a second"


def _at(login: Login, groups: list[Group]) -> Login:
    """The login, in the region that the ARNs name."""
    regions = {group.region for group in groups if group.region}
    if login.region:
        regions.add(login.region)
    if len(regions) > 1:
        raise UsageError("--log-group: one run reads one region", hint="run cecil-fetch once for each region")
    return login._replace(region=regions.pop()) if regions else login


def _called(group: Group) -> str:
    return f"log group {group.name}"


def _pauses() -> Iterator[float]:
    """Seconds between two looks at a query: soon at first, then every two seconds."""
    pause = 0.1
    while True:
        yield pause
        pause = min(2.0, pause * 1.5)


def _share(known: dict[str, Any], since: int | None, until: int, now: int) -> int:
    """About how many of a group's bytes a window has, were they spread evenly over the time they are kept."""
    size = int(known.get("storedBytes", 0))
    kept = int(known.get("creationTime", 0)) * _MS
    if "retentionInDays" in known:
        kept = max(kept, now - int(known["retentionInDays"]) * 24 * _HOUR)
    start = kept if since is None else max(since, kept)
    if now <= kept:
        return size
    return int(size * max(0, min(until, now) - start) / (now - kept))


def _gigabytes(size: float) -> str:
    return f"{size / 10**9:,.1f} GB" if size >= 10**8 else f"{size / 10**6:,.0f} MB"


def _duration(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 5400 else f"{seconds / 60:.0f} min"


_TIMES: dict[int, str] = {}


def _stamp(milliseconds: int) -> str:
    """RFC 3339 with milliseconds."""
    seconds, rest = divmod(milliseconds, 1000)
    text = _TIMES.get(seconds)
    if text is None:
        if len(_TIMES) > 2000:
            _TIMES.clear()
        text = _TIMES[seconds] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{text}.{rest:03}Z"


_INSIGHTS_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}\.[0-9]{3}\Z")


def _moment(text: str | None) -> int | None:
    """What Insights says of a time, in nanoseconds since 1970: text of UTC without an offset, or an epoch."""
    from cecil.providers.generic.times import moment

    if text is None:
        return None
    try:
        if _INSIGHTS_TIME.match(text):
            return moment(text + "Z")
        return moment(text)
    except ValueError:
        return None
