"""Google Cloud Logging as a source: the entries of projects, folders or log views that a filter lets through.

Owns: the filter with the bounds of the window in it (the service has no others), pages by the service's own
token, and reading on by time where a token is not known any more: they live for a day, and a read can be
longer. An entry is the same one as another when its time, its log and its insertId are equal, as the service
itself has it. Refuses: to widen or narrow what the filter says by anything but the window.

A record is an entry as REST spells it, a LogEntry:
https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import unquote

import msgspec
import orjson

from cecil.errors import SourceError, UsageError
from cecil.providers.cloud.gcp_client import CLIENTS, ENDPOINT, Entries, StaleToken
from cecil.providers.generic.times import moment
from cecil.providers.remote import SECOND, Page, Reading, RemoteProvider, Row, unwrapped
from cecil.stream.quarantine import Quarantine

RATE = 1.0
"""Requests a second: the service allows a project 60 in a minute."""

_SHORT = 3600 * SECOND
"""A window of which nobody asks beforehand how much is in it."""

_LONG = 20
"""Requests from which on a read is announced."""

_EARLIEST, _LATEST = -62_135_596_800 * SECOND, 253_402_300_800 * SECOND - 1
"""What a time of the service can be, the years 1 to 9999, in nanoseconds since 1970."""

_PAYLOADS = ("jsonPayload", "textPayload")
"""What `--unwrap` unwraps."""


class _Key(msgspec.Struct):
    timestamp: str = ""
    insertId: str = ""
    logName: str = ""


_KEY = msgspec.json.Decoder(_Key)
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])


class GcpLoggingProvider(RemoteProvider):
    """Entries in the order of their time.

    Args:
        projects: IDs of projects, or names as `folders/1` and `projects/p/locations/l/buckets/b/views/v`;
            none for the login's project.
        filter: in the query language of Logging; None for everything.
        logs: names of logs as `syslog` or `projects/p/logs/syslog`; none for all.
        transport: `rest` or `grpc`.
        endpoint: the API's address.
        timeout: seconds that a reply may let us wait.

    Raises:
        UsageError: the options do not go together.
    """

    name: ClassVar[str] = "gcp"

    def __init__(
        self,
        reading: Reading,
        quarantine: Quarantine | None = None,
        *,
        projects: list[str] | None = None,
        filter: str | None = None,
        logs: list[str] | None = None,
        transport: str = "rest",
        endpoint: str = ENDPOINT,
        timeout: int = 60,
    ) -> None:
        super().__init__(reading, quarantine)
        self._resources = [_resource(project) for project in projects or []]
        self._asked = filter
        self._logs = logs or []
        self._endpoint = endpoint
        self._client = CLIENTS[transport](endpoint, timeout, self.retry(RATE))

    def open(self) -> None:
        self._client.open()
        if not self._resources:
            if not self._client.project:
                raise UsageError("no project is named, and the login names none", hint="--project ID")
            self._resources = [_resource(self._client.project)]
        if self.reading.state is not None or self.reading.follow:
            # Before a state is made: is all of it well named and allowed, and what time is it there.
            now = self.now()
            self._client.entries(self._resources, self._filter(now - SECOND, now), most=1)

    def close(self) -> None:
        self._client.close()

    def now(self) -> int:
        return self._client.clock.now()

    def identity(self) -> dict[str, Any]:
        return {
            "source": "gcp",
            "endpoint": self._endpoint,
            "resources": self._resources,
            "filter": self._asked,
            "logs": self._logs,
        }

    def _filter(self, since: int | None, until: int) -> str:
        bounds = [f'timestamp<"{_text(until)}"']
        if since is not None:
            bounds.insert(0, f'timestamp>="{_text(since)}"')
        parts = []
        if self._asked and self._asked.strip():
            # The last line may end in a comment, which a bracket behind it would become a part of.
            parts.append(f"({self._asked}\n)")
        if self._logs:
            parts.append("(" + " OR ".join(map(_log, self._logs)) + ")")
        return " AND ".join([*parts, *bounds])

    def pages(self, since: int | None, until: int) -> Iterator[Page]:
        """See `RemoteProvider.pages`; in the order of time."""
        start, token = since, ""
        last: int | None = None
        edge: set[str] = set()  # the entries of the last moment
        skip: set[str] = set()
        new = False  # whether anything came since pages were begun anew
        while True:
            try:
                found = self._client.entries(self._resources, self._filter(start, until), token)
            except StaleToken:
                if last is None or not new:
                    raise SourceError(
                        "Cloud Logging does not know its own page any more",
                        hint="run it again; with --state it reads on where it stands",
                    ) from None
                start, token, skip, new = last, "", set(edge), False
                continue
            rows: list[Row] = []
            for line in found.lines:
                key = _KEY.decode(line)
                name = f"{key.insertId}\n{key.logName}"
                try:
                    when = moment(key.timestamp)
                except ValueError:
                    self.refuse("an entry without a time", line)
                    continue
                if when == start and name in skip:
                    continue
                if when != last:
                    last = when
                    edge.clear()
                edge.add(name)
                new = True
                rows.append(Row(when, name, self._record(line)))
            token = found.token
            del found  # not two pages in memory at once
            yield Page(rows, last)
            del rows
            if not token:
                return

    def _record(self, line: bytes) -> bytes:
        if not self.reading.unwrap:
            return line
        fields = _FIELDS.decode(line)
        for payload in _PAYLOADS:
            if payload in fields:
                text = bytes(fields.pop(payload)).decode()
                if payload == "textPayload":
                    text = _string(text)
                rest = {key: orjson.Fragment(bytes(raw)) for key, raw in fields.items()}
                return unwrapped(text, rest) or line
        return line

    def fetch_metadata(self) -> dict[str, Any]:
        """The logs there are, the first and the last time, and an estimate of how many entries."""
        since, until = self.span()
        about = self._sample(since, until)
        return {
            "source": self.name,
            "resources": self._resources,
            "filter": self._asked,
            "logs": [log["name"] for log in self.listing()],
            **about,
            "cost": "reading costs nothing; a project has 60 requests a minute",
        }

    def _sample(self, since: int | None, until: int) -> dict[str, Any]:
        """What the first page and the last one tell; there is no way to count."""
        oldest = self._client.entries(self._resources, self._filter(since, until))
        times = _times(oldest)
        count = len(times)
        about = {"records": count, "estimated": False, "first": None, "last": None, "calls": 1}
        if not times:
            return about
        first, last = times[0], times[-1]
        if oldest.token:
            newest = _times(self._client.entries(self._resources, self._filter(since, until), newest=True))
            last = max(last, newest[0])
            # Entries a nanosecond at both ends; between them, what lies in the middle of the two.
            ends = [count / max(1, times[-1] - first), len(newest) / max(1, last - newest[-1])]
            count = max(count, int(sum(ends) / 2 * (last - first)))
            about["estimated"] = True
        return about | {
            "records": count,
            "first": _text(first),
            "last": _text(last),
            "calls": -(-count // 1000),
        }

    def listing(self) -> Iterator[dict[str, Any]]:
        """The logs that have entries."""
        for resource in self._resources:
            token = ""
            while True:
                names, token = self._client.logs(resource, token)
                for name in names:
                    yield {"name": unquote(name.partition("/logs/")[2]), "log_name": name}
                if not token:
                    break

    def plan(self, since: int | None, until: int) -> str | None:
        if self.reading.follow or (since is not None and until - since < _SHORT):
            return None
        about = self._sample(since, until)
        calls = about["calls"]
        if calls < _LONG:
            return None
        rate = self.reading.rate or RATE
        return (
            f"about {about['records']:,} entries, {calls:,} requests, {calls / rate / 60:,.0f} min "
            f"at {rate:g} requests a second"
        )


def _resource(project: str) -> str:
    if not project or any(not c.isprintable() or c.isspace() for c in project):
        raise UsageError("--project: the ID of a project is wanted", hint="gcloud projects list")
    return project if "/" in project else f"projects/{project}"


def _log(name: str) -> str:
    if not name.isprintable():
        raise UsageError("--log-name: the name of a log is wanted", hint="--list names them")
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'logName="{quoted}"' if "/logs/" in name else f'log_id("{quoted}")'


def _string(text: str) -> str:
    """What a JSON string says; nothing for one with half a character, which says nothing."""
    try:
        return str(orjson.loads(text))
    except orjson.JSONDecodeError:
        return ""


def _times(found: Entries) -> list[int]:
    times = []
    for line in found.lines:
        try:
            times.append(moment(_KEY.decode(line).timestamp))
        except ValueError:
            continue
    return times


def _text(nanoseconds: int) -> str:
    """A moment as RFC 3339, with all its digits."""
    seconds, rest = divmod(max(_EARLIEST, min(nanoseconds, _LATEST)), SECOND)
    day = datetime.fromtimestamp(seconds, UTC)
    return f"{day.year:04}-{day:%m-%dT%H:%M:%S}.{rest:09}Z"
