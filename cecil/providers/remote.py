"""Sources that are asked again and again: what is the same for every cloud and every database.

Owns: the window of time, `--limit`, `--follow`, `--backfill`, and that a record is delivered once. A source
gives pages of records of a window, in any order and as often as it likes; what was delivered before, in
this run or in one that the state knows, is dropped by the rule `seen`.

How far a read has come is one moment: all records before it were given. Behind it the records of the
overlap are read again by the next run, or by the next poll of `--follow`, because a record can come late:
with a time that has long been read. Their ids tell what is new.
"""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import orjson

from cecil.errors import SourceError, UsageError
from cecil.providers.base import FIRST, BaseDataProvider, Batch, Record
from cecil.providers.cloud.retry import BUDGET, Effort, Retry
from cecil.providers.interrupts import Interrupts, Stopped
from cecil.stream.encode import dumps
from cecil.stream.lines import MAX_RECORD, TOO_LONG
from cecil.stream.quarantine import Quarantine

if TYPE_CHECKING:
    from cecil.providers.state import State

SECOND = 10**9
SEEN = "seen"
"""The rule that drops a record which was delivered before."""

_COMMIT_EVERY = 5.0
"""Seconds between two checkpoints in mid-read."""

_SHORT = 30 * SECOND
"""How far a poll looks back while the whole overlap takes too long to be read every time."""


@dataclass(frozen=True)
class Reading:
    """What the user asks of a remote source; times in nanoseconds since 1970.

    Attributes:
        since, until: records of `[since, until)`; None for no bound, and for now.
        limit: records to deliver at most.
        rate: requests a second at most; None for the source's own.
        follow: go on with new records as they come.
        interval: seconds between two polls of it.
        overlap: nanoseconds in which records may come late.
        unwrap: a message that is a JSON object becomes the record.
        state: path of the state's file.
        markers: whether `cecil-write` commits, and not we.
        backfill: only what the state has not read of the window, and the watermark stays.
        budget: seconds that a call may fail on end.
        max_record: longest record in bytes.
        before_wait: flushes the output; called before every wait.
        interrupts: lets signals in where a source is waited for.
    """

    since: int | None = None
    until: int | None = None
    limit: int | None = None
    rate: float | None = None
    follow: bool = False
    interval: float = 5.0
    overlap: int = 300 * SECOND
    unwrap: bool = False
    state: str | None = None
    markers: bool = False
    backfill: bool = False
    budget: float = BUDGET
    max_record: int = MAX_RECORD
    before_wait: Callable[[], None] = lambda: None
    interrupts: Interrupts = field(default_factory=Interrupts)


class Row(NamedTuple):
    """A record as a source gives it.

    Attributes:
        time: nanoseconds since 1970.
        id: tells it from every other record of that time.
        line: one JSON object, without a newline.
    """

    time: int
    id: str | bytes
    line: bytes


class Page(NamedTuple):
    """Records that came together.

    Attributes:
        rows: in any order.
        complete: every record of this read before that moment has been given by now; None where the
            source cannot tell yet.
    """

    rows: list[Row]
    complete: int | None = None


class RemoteProvider(BaseDataProvider):
    """A source that is asked for windows of time.

    A source whose records have a place rather than a time (objects of a bucket, rows behind a cursor)
    overrides `stream_batches`, with `fresh`, `take` and `checkpoint`.

    Args:
        reading: what is asked.
        quarantine: see `BaseDataProvider`.

    Attributes:
        effort: what was asked of the service; for `--stats`.
        state: the state, when there is one; set by `connect`.
    """

    name: ClassVar[str]

    def __init__(self, reading: Reading, quarantine: Quarantine | None = None) -> None:
        super().__init__(quarantine)
        self.reading = reading
        self.effort = Effort()
        self.state: State | None = None
        # With markers it is `cecil-write` that commits.
        self.commits = reading.state is not None and not reading.markers
        self._left = reading.limit
        self._covered: list[tuple[int, int]] = []
        self._watermark: int | None = None
        self._forget: tuple[int, int] | None = None
        self._noted = time.monotonic()

    # What a source gives.

    @abstractmethod
    def open(self) -> None:
        """Reach the source.

        Raises:
            SourceError, UsageError: see `BaseDataProvider.connect`.
        """

    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """What a state is bound to: whatever decides which records there are. Plain JSON, no secret."""

    def pages(self, since: int | None, until: int) -> Iterator[Page]:
        """Every record of `[since, until)`. Called again with other bounds, for a poll or a gap.

        Records outside are left out by who asks.

        Raises:
            SourceError, TruncatedError: it failed for good; pages that were given are good.
        """
        raise NotImplementedError

    def now(self) -> int:
        """The present, in nanoseconds since 1970: by the service's clock, where that is behind ours."""
        return time.time_ns()

    def plan(self, since: int | None, until: int) -> str | None:
        """What a long read will be, in one line: records, bytes, time; None for a short one."""
        return None

    # What is the same for all.

    def retry(self, rate: float | None = None) -> Retry:
        """The policy of retries as the options have it.

        Args:
            rate: requests a second that the source allows, for who asks for no other rate.
        """
        reading = self.reading
        return Retry(
            self.effort,
            rate=reading.rate or rate,
            budget=reading.budget,
            before_wait=reading.before_wait,
            interrupts=reading.interrupts,
        )

    def rest(self, seconds: float) -> None:
        """Between two looks of `--follow`."""
        self.reading.before_wait()
        with self.reading.interrupts.waiting():
            time.sleep(max(0.0, seconds))

    def connect(self) -> None:
        """See `BaseDataProvider.connect`. The state is opened last: a wrong name must not make one.

        Raises:
            UsageError: the state is of another source, or a newer version, or the options do not go together.
            SourceError: another fetch has the state open.
            OutputError: the state cannot be read or written.
        """
        self.open()
        reading = self.reading
        if reading.state is not None or reading.follow:
            # SQLite is 2 MB of memory, and most runs keep no state.
            from cecil.providers.state import State
        if reading.state is not None:
            self.state = State(reading.state, self.identity())
        elif reading.follow:
            self.state = State("", {})
        if self.state:
            self._covered = self.state.covered
            self._watermark = self.state.watermark
        if reading.backfill and reading.state is not None and self._watermark is None:
            self.shut()
            raise UsageError(
                "--backfill fills what came before the first run, and the state knows of none",
                hint="--since FROM, for a first run",
            )

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self.shut()

    def shut(self) -> None:
        """Let go of the state. What was not committed does not count."""
        if self.state:
            self.state.close()
            self.state = None

    def begin(self) -> dict[str, Any]:
        """See `BaseDataProvider`. A writer must commit to the same state."""
        state = {"state": self.state.id} if self.state and self.reading.state is not None else {}
        return {**super().begin(), **state}

    def stats(self) -> dict[str, object]:
        """See `BaseDataProvider`."""
        return self.effort.as_dict()

    def commit(self) -> None:
        """See `BaseDataProvider`."""
        if self.state:
            self.state.commit()

    def span(self) -> tuple[int | None, int]:
        """The window as it will be read now, `[since, until)`: with a state, from where it stands."""
        reading, state = self.reading, self.state
        now = self.now()
        since = reading.since
        if not reading.backfill and state and state.watermark is not None:
            start = next((a for a, b in self._covered if a <= state.watermark <= b), FIRST)
            since = max(state.watermark - reading.overlap, state.kept, start)
        elif reading.follow and since is None:
            since = now
        until = reading.until
        return since, now if until is None or (reading.follow and until > now) else until

    def stream_records(self) -> Iterator[Record]:
        """See `BaseDataProvider`. A state is committed as records are taken."""
        for batch in self.stream_batches():
            for line in batch.data.splitlines():
                yield orjson.loads(line)
            if batch.checkpoint is not None and self.commits:
                self.commit()

    def stream_batches(self) -> Iterator[Batch]:
        """See `BaseDataProvider`. With a state, a checkpoint comes every few seconds and at the end.

        Whoever takes the batches commits: see `commit`.
        """
        try:
            for since, until in self._spans():
                yield from self._read(since, until)
                yield Batch(b"", 0, self._note())
                if self._left == 0:
                    return
        except (SourceError, Stopped):
            # What was delivered until here is not to be delivered again.
            yield Batch(b"", 0, self._note())
            raise

    def _spans(self) -> Iterator[tuple[int | None, int]]:
        """The windows to read, one after the other."""
        since, until = self.span()
        reading = self.reading
        if reading.backfill:
            yield from self._gaps(FIRST if since is None else since, until)
            return
        begun = since
        while True:
            started = time.monotonic()
            if since is None or since < until:
                yield since, until
            if not reading.follow or (reading.until is not None and until >= reading.until):
                return
            took = time.monotonic() - started
            self.rest(reading.interval - took)
            last = until
            until = self.now() if reading.until is None else min(self.now(), reading.until)
            # Records that come late are looked for in every poll, unless that is too much to read: then
            # a tenth of the time goes into it.
            back = reading.overlap
            if took > reading.interval and since is not None and last - since > _SHORT:
                self._full_look_due = time.monotonic() + 10 * took
            if time.monotonic() < self._full_look_due:
                back = min(back, _SHORT)
            since = max(FIRST if begun is None else begun, last - back)

    _full_look_due = 0.0

    def _gaps(self, since: int, until: int) -> Iterator[tuple[int, int]]:
        """What of a window was not read before."""
        for start, stop in [*self._covered, (until, until)]:
            if stop <= since:
                continue
            if start > since:
                yield since, min(start, until)
            since = max(since, stop)
            if since >= until:
                return

    def _read(self, since: int | None, until: int) -> Iterator[Batch]:
        low = FIRST if since is None else since
        for page in self.pages(since, until):
            rows = [row for row in page.rows if low <= row.time < until]
            lines = self.fresh(rows)
            if self._left == 0:
                yield Batch(b"".join(lines), len(lines))
                return
            if page.complete is not None:
                self._complete(low, min(page.complete, until))
            due = self.state is not None and time.monotonic() - self._noted > _COMMIT_EVERY
            data, count = b"".join(lines), len(lines)
            del page, rows, lines  # not twice in memory while the next page comes
            if count or due:
                yield Batch(data, count, self._note() if due else None)
        self._complete(low, until)

    def fresh(self, rows: list[Row]) -> list[bytes]:
        """The lines of those rows that were not delivered before, within the limit; counted as delivered."""
        counts = self.quarantine.counts
        state, left, most = self.state, self._left, self.reading.max_record
        lines: list[bytes] = []
        for row in rows:
            if left is not None and len(lines) >= left:
                break
            counts.read += 1
            if state and state.seen(row.time, row.id):
                counts.dropped[SEEN] += 1
            elif len(row.line) > most:
                self.quarantine.add(self.name, counts.read, TOO_LONG, row.line)
            else:
                lines.append(row.line + b"\n")
        if left is not None:
            self._left = left - len(lines)
        return lines

    def left(self) -> int | None:
        """How many records `--limit` leaves; None for all."""
        return self._left

    def take(self, count: int) -> None:
        """So many records are delivered."""
        if self._left is not None:
            self._left -= count

    def refuse(self, reason: str, raw: bytes, where: str | None = None, number: int | None = None) -> None:
        """What came is no record: it is counted as read, and goes to quarantine.

        Args:
            reason: holds no value of it.
            where, number: its place, where the source has one; else the source and a running number.
        """
        counts = self.quarantine.counts
        counts.read += 1
        self.quarantine.add(where or self.name, counts.read if number is None else number, reason, raw)

    def line(self, record: Record, message: str) -> bytes:
        """A record as JSON; with `--unwrap` its message, when that is an object.

        The message keeps its own text, but for line ends, and the rest of the record stands behind it as
        `$source`. It stays where it is if it has a `$source` already.

        Args:
            message: the key of the message: text, or an object.

        Raises:
            RecordError: a value that JSON cannot hold.
        """
        if self.reading.unwrap:
            text = record.get(message)
            if isinstance(text, dict):
                text = None if "$source" in text else dumps(text).decode()
            rest = {key: value for key, value in record.items() if key != message}
            found = unwrapped(text, rest) if isinstance(text, str) else None
            if found is not None:
                return found
        return dumps(record)

    def checkpoint(
        self, position: dict[str, Any] | None = None, complete: int | None = None
    ) -> dict[str, Any] | None:
        """The body of a checkpoint for a source that is read in order; None without a state.

        Args:
            position: where to read on.
            complete: ids of times before it, less the overlap, are asked for no more.
        """
        if not self.state:
            return None
        if complete is not None:
            self._watermark = max(complete, self._watermark or FIRST)
            self._forget = (FIRST, self._watermark - self.reading.overlap)
        return self.state.checkpoint(watermark=self._watermark, position=position, forget=self._forget)

    def _complete(self, low: int, complete: int) -> None:
        """All records from `low` on and before `complete` were delivered."""
        if complete < low:
            return
        self._covered = _merged([*self._covered, (low, complete)])
        if self.reading.backfill:
            self._forget = (low, complete)
        else:
            self._watermark = max(complete, self._watermark or FIRST)
            self._forget = (FIRST, self._watermark - self.reading.overlap)

    def _note(self) -> dict[str, Any] | None:
        self._noted = time.monotonic()
        if not self.state:
            return None
        body = self.state.checkpoint(watermark=self._watermark, covered=self._covered, forget=self._forget)
        if self.reading.state is None:
            self.state.commit()  # only we ask it
            return None
        return body


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same moments, in ranges that neither touch nor overlap."""
    merged: list[tuple[int, int]] = []
    for start, stop in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def unwrapped(text: str, rest: Record) -> bytes | None:
    """The record that a message is, with the rest of what held it as `$source`; None where it is no object.

    Args:
        text: the message, which keeps its spelling but for line ends.

    Raises:
        RecordError: the rest has a value that JSON cannot hold.
    """
    found = _object(text)
    if found is None:
        return None
    comma = b"" if found.rstrip().endswith(b"{") else b","
    return found.rstrip() + comma + b'"$source":' + dumps(rest) + b"}"


def _object(text: str) -> bytes | None:
    """The text of a JSON object on one line, without its closing brace; None for anything else."""
    text = text.strip(" \t\r\n")
    if not text.startswith("{"):
        return None
    try:
        data = text.encode()
        found = orjson.loads(data)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None
    if not isinstance(found, dict) or "$source" in found:
        return None
    # A line end in JSON stands between tokens, never in a string.
    return data.replace(b"\r", b" ").replace(b"\n", b" ")[:-1]


def content_id(line: bytes, before: int) -> bytes:
    """An id for a record of a source that has none: its content, and how many equal ones came before it.

    Args:
        line: the record.
        before: how many records of the same time and content this read gave already.
    """
    return b"%d:%s" % (before, line)
