"""State: what is delivered is delivered once, whatever is killed when, and whoever else runs."""

import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import OutputError, SourceError, UsageError
from cecil.providers import state as state_module
from cecil.providers.base import FIRST
from cecil.providers.remote import Page, Reading, RemoteProvider, Row
from cecil.providers.state import Handover, State, digest
from cecil.writers.sinks import AtomicFile, Target
from tests.conftest import Run

ME = {"source": "numbers"}
SECOND = 10**9


class Numbers(RemoteProvider):
    """Records of a list, in pages that come in no order."""

    name: ClassVar[str] = "numbers"

    def __init__(self, reading: Reading, rows: list[Row], clock: int = 1000 * SECOND, page: int = 3) -> None:
        super().__init__(reading)
        self.rows = rows
        self.clock = clock
        self.page = page
        self.asked: list[tuple[int | None, int]] = []
        self.fails_after: int | None = None

    def open(self) -> None: ...

    def close(self) -> None: ...

    def now(self) -> int:
        return self.clock

    def identity(self) -> dict[str, Any]:
        return ME

    def fetch_metadata(self) -> dict[str, Any]:
        return {"source": self.name}

    def pages(self, since: int | None, until: int) -> Iterator[Page]:
        self.asked.append((since, until))
        low = FIRST if since is None else since
        rows = sorted(row for row in self.rows if low <= row.time < until)
        for number, start in enumerate(range(0, len(rows), self.page)):
            if number == self.fails_after:
                raise SourceError("cut")
            some = rows[start : start + self.page]
            yield Page(some[::-1], some[-1].time)


def until_it_fails(provider: Numbers) -> list[str]:
    """The records that come before a source fails."""
    got: list[str] = []

    with provider:
        records = provider.stream_records()
        while True:
            try:
                got.append(next(records)["id"])
            except SourceError:
                return got


def row(time: int, name: str | None = None) -> Row:
    name = name or str(time)
    return Row(time * SECOND, name, orjson.dumps({"id": name, "ts": time}))


def read(provider: Numbers) -> list[str]:
    with provider:
        return [record["id"] for record in provider.stream_records()]


def reading(path: Path | None, **more: Any) -> Reading:
    return Reading(state=None if path is None else str(path), **{"overlap": 10 * SECOND, **more})


def test_a_window_is_half_open() -> None:
    rows = [row(t) for t in range(10)]
    assert read(Numbers(Reading(since=3 * SECOND, until=6 * SECOND), rows)) == ["5", "4", "3"]
    assert sorted(read(Numbers(Reading(), rows))) == [str(t) for t in range(10)]


def test_a_limit_and_what_is_counted() -> None:
    provider = Numbers(Reading(limit=4), [row(t) for t in range(10)])
    assert read(provider) == ["2", "1", "0", "5"]
    assert provider.quarantine.counts.read == 4


def test_a_record_that_is_too_long_goes_to_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    provider = Numbers(Reading(max_record=30), [row(1), row(2, "x" * 40)])
    assert read(provider) == ["1"]
    assert provider.quarantine.counts.quarantined == 1


def test_a_run_reads_on_where_the_last_one_ended(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 130)]
    path = tmp_path / "s"
    assert len(read(Numbers(reading(path), rows, 125 * SECOND))) == 25
    rows.append(row(118, "late"))
    again = Numbers(reading(path), rows, 140 * SECOND)
    assert sorted(read(again)) == ["125", "126", "127", "128", "129", "late"]
    assert again.asked == [(115 * SECOND, 140 * SECOND)]  # the overlap, and what is new
    assert again.quarantine.counts.dropped == {"seen": 10}
    assert read(Numbers(reading(path), rows, 140 * SECOND)) == []
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_a_longer_overlap_than_before_asks_for_no_ids_that_are_forgotten(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 130)]
    read(Numbers(reading(tmp_path / "s"), rows, 200 * SECOND))
    longer = Numbers(reading(tmp_path / "s", overlap=100 * SECOND), rows, 200 * SECOND)
    assert read(longer) == []
    assert longer.asked == [(190 * SECOND, 200 * SECOND)]


def test_what_lies_before_the_first_since_stays_out(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 130)]
    assert len(read(Numbers(reading(tmp_path / "s", since=120 * SECOND), rows, 125 * SECOND))) == 5
    again = Numbers(reading(tmp_path / "s", since=129 * SECOND), rows, 130 * SECOND)
    assert sorted(read(again)) == ["125", "126", "127", "128", "129"]
    assert again.asked == [(120 * SECOND, 130 * SECOND)]


def test_a_source_that_fails_on_the_way_is_read_on(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 130)]
    failing = Numbers(reading(tmp_path / "s"), rows, 200 * SECOND)
    failing.fails_after = 4
    got = until_it_fails(failing)
    assert len(got) == 12
    got += read(Numbers(reading(tmp_path / "s"), rows, 200 * SECOND))
    assert Counter(got) == Counter(str(t) for t in range(100, 130))


def test_a_limit_with_a_state_loses_nothing(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 120)]
    got: list[str] = []
    for _ in range(6):
        got += read(Numbers(reading(tmp_path / "s", limit=4), rows, 200 * SECOND))
    assert Counter(got) == Counter(str(t) for t in range(100, 120))


def test_following_brings_new_records_and_late_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(t) for t in range(90, 100)]
    provider = Numbers(
        Reading(follow=True, until=104 * SECOND, overlap=10 * SECOND, interval=2), rows, 100 * SECOND
    )

    def wait(seconds: float) -> None:
        assert 1 < seconds <= 2
        provider.clock += 2 * SECOND
        rows.append(row(provider.clock // SECOND - 1))
        rows.append(row(100, f"late {provider.clock}"))

    monkeypatch.setattr("cecil.providers.remote.time.sleep", wait)
    # Without --since only what is new: what was there is not told, and each record comes once.
    assert sorted(read(provider)) == [
        "101", "103", f"late {102 * SECOND}", f"late {104 * SECOND}",
    ]  # fmt: skip


def test_following_with_a_since_begins_there(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Numbers(
        Reading(follow=True, since=95 * SECOND, until=101 * SECOND), [row(96), row(100)], 97 * SECOND
    )
    monkeypatch.setattr(
        "cecil.providers.remote.time.sleep", lambda _: setattr(provider, "clock", 101 * SECOND)
    )
    assert read(provider) == ["96", "100"]


def test_an_overlap_that_takes_too_long_is_read_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = Numbers(
        Reading(follow=True, since=0, until=100_060 * SECOND, overlap=3600 * SECOND, interval=5),
        [],
        100_000 * SECOND,
    )
    clock = [0.0]
    pages = provider.pages

    def slow(since: int | None, until: int) -> Iterator[Page]:
        clock[0] += (until - (since or 0)) / SECOND / 360
        return pages(since, until)

    def wait(seconds: float) -> None:
        clock[0] += seconds
        provider.clock += 10 * SECOND

    monkeypatch.setattr(provider, "pages", slow)
    monkeypatch.setattr("cecil.providers.remote.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("cecil.providers.remote.time.sleep", wait)
    read(provider)
    assert [(until - (since or 0)) // SECOND for since, until in provider.asked][1:] == [40] * 6


def test_a_backfill_reads_what_was_not_read_and_leaves_the_watermark(tmp_path: Path) -> None:
    rows = [row(t) for t in range(100, 140)]
    path = tmp_path / "s"
    read(Numbers(reading(path, since=120 * SECOND), rows, 130 * SECOND))
    fill: dict[str, Any] = {"backfill": True, "since": 110 * SECOND, "until": 125 * SECOND}
    assert sorted(read(Numbers(reading(path, **fill), rows))) == [str(t) for t in range(110, 120)]
    assert read(Numbers(reading(path, **fill), rows)) == []
    fill |= {"since": 100 * SECOND}
    failing = Numbers(reading(path, **fill), rows)
    failing.fails_after = 2
    got = until_it_fails(failing)
    got += read(Numbers(reading(path, **fill), rows))
    assert sorted(got) == [str(t) for t in range(100, 110)]
    assert sorted(read(Numbers(reading(path), rows, 140 * SECOND))) == [str(t) for t in range(130, 140)]


def test_a_backfill_without_a_run_before(tmp_path: Path) -> None:
    provider = Numbers(reading(tmp_path / "s", backfill=True, since=0, until=SECOND), [])
    with pytest.raises(UsageError, match="the state knows of none"), provider:
        pass
    assert read(Numbers(Reading(backfill=True, since=0, until=2 * SECOND), [row(1), row(3)])) == ["1"]


Step = tuple[int, bool]


@given(
    st.lists(st.integers(0, 30), max_size=30),
    st.lists(st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 5)), min_size=1, max_size=5),
    st.integers(1, 4),
)
def test_every_record_comes_once(times: list[int], runs: list[tuple[int, bool, int]], page: int) -> None:
    """Records that come late by less than the overlap, runs that fail, ties, any pages."""
    import tempfile

    fast = "/dev/shm" if os.path.isdir("/dev/shm") else None  # every commit is synced
    with tempfile.TemporaryDirectory(dir=fast) as folder:
        path = Path(folder) / "s"
        clock = 10
        rows: list[Row] = []
        got: list[str] = []
        for number, (step, fails, after) in enumerate([*runs, (1, False, 0), (40, False, 0)]):
            clock += step
            # Some come in time, and some late, but by less than the overlap.
            for place, late in enumerate(times[number::3]):
                when = clock - 1 - late % 9
                rows.append(row(when, f"{number}-{place}"))
            provider = Numbers(reading(path), list(rows), clock * SECOND, page)
            provider.fails_after = after if fails else None
            try:
                with provider:
                    for record in provider.stream_records():
                        got.append(record["id"])
            except SourceError:
                pass
        assert Counter(got) == Counter(str(r.id) for r in rows)


# The file.


def test_two_runs_at_once(tmp_path: Path) -> None:
    one = State(str(tmp_path / "s"), ME)
    with pytest.raises(SourceError, match="another cecil-fetch is reading with this state") as caught:
        State(str(tmp_path / "s"), ME)
    assert "wait" in str(caught.value.hint)
    one.close()
    State(str(tmp_path / "s"), ME).close()


def test_a_state_of_another_source(tmp_path: Path) -> None:
    State(str(tmp_path / "s"), {"source": "aws-logs", "group": "/app"}).close()
    with pytest.raises(UsageError, match="another source: not the same group, region, source"):
        State(str(tmp_path / "s"), {"source": "gcp", "group": "/other", "region": "eu"})
    State(str(tmp_path / "s"), {"group": "/app", "source": "aws-logs"}).close()


def test_a_state_of_a_newer_version(tmp_path: Path) -> None:
    State(str(tmp_path / "s"), ME).close()
    with sqlite3.connect(tmp_path / "s") as db:
        db.execute("pragma user_version=2")
    for opening in (lambda p: State(p, ME), Handover):
        with pytest.raises(UsageError, match="of a newer Cecil"):
            opening(str(tmp_path / "s"))


@pytest.mark.parametrize("content", [b"hello, this is text\n" * 50, b"SQLite format 3\x00" + b"x" * 2000])
def test_a_file_that_is_no_state(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(content)
    with pytest.raises(OutputError, match="not a state file, or a damaged one"):
        State(str(tmp_path / "s"), ME)
    assert (tmp_path / "s").read_bytes() == content


def test_a_database_of_somebody_else(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "s") as db:
        db.execute("create table mine(x)")
    with pytest.raises(UsageError, match="not a state file"):
        State(str(tmp_path / "s"), ME)


def test_a_state_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such file or directory"):
        State(str(tmp_path / "none" / "s"), ME)
    with pytest.raises(OutputError, match="is a directory"):
        State(str(tmp_path), ME)
    with pytest.raises(OutputError, match="no such file"):
        Handover(str(tmp_path / "s"))


def test_somebody_holds_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "_WAIT", 0.05)
    state = State(str(tmp_path / "s"), ME)
    other = sqlite3.connect(tmp_path / "s", isolation_level=None)
    other.execute("begin immediate")
    for act in (state.commit, lambda: state.checkpoint(watermark=1), lambda: Handover(str(tmp_path / "s"))):
        with pytest.raises(OutputError, match="does not let go"):
            act()
    other.execute("rollback")
    state.checkpoint(watermark=1)
    state.commit()


def test_ids_beyond_what_is_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "_HELD", 10)
    state = State(str(tmp_path / "s"), ME)
    assert not any(state.seen(time, b"a") for time in range(95))
    assert all(state.seen(time, b"a") for time in range(95))
    state.checkpoint(watermark=90, forget=(FIRST, 50))
    state.commit()
    state.close()
    state = State(str(tmp_path / "s"), ME)
    assert (state.watermark, state.kept) == (90, 50)
    assert [state.seen(time, "a") for time in (49, 50, 94, 95)] == [False, True, True, False]
    state.close()


def test_crash_upon_crash_does_not_make_the_file_grow(tmp_path: Path) -> None:
    for _ in range(30):
        state = State(str(tmp_path / "s"), ME)
        for time in range(50):
            state.seen(time, "a")
        state.checkpoint()
        state.close()
    with sqlite3.connect(tmp_path / "s") as db:
        assert db.execute("select count(*) from seen").fetchone()[0] <= 9 * 50
        assert db.execute("select count(*) from runs").fetchone()[0] <= 9


def test_a_digest_is_eight_bytes() -> None:
    assert -(1 << 63) <= digest("x") < 1 << 63
    assert digest("x") == digest(b"x") != digest("y")
    digest("\ud800")


# The writer's side.


def begun(folder: Path) -> dict[str, Any]:
    """A run that has read, and is not committed."""
    state = State(str(folder / "s"), ME)
    state.seen(5, "a")
    body = state.checkpoint(watermark=7, position={"p": 1})
    state.close()
    return body


def output(folder: Path, *, force: bool = False) -> AtomicFile:
    target = AtomicFile(str(folder / "out"), force=force)
    target.write(b"new\n")
    return target


def watermark(folder: Path) -> int | None:
    state = State(str(folder / "s"), ME)
    found = state.watermark
    state.close()
    return found


@pytest.mark.parametrize("force", [False, True])
def test_publishing_commits(force: bool, tmp_path: Path) -> None:
    if force:
        (tmp_path / "out").write_text("old\n")
    body = begun(tmp_path)
    with Handover(str(tmp_path / "s")) as handover:
        handover.check(body)
        handover.publish(body, output(tmp_path, force=force))
    assert (tmp_path / "out").read_text() == "new\n"
    assert sorted(os.listdir(tmp_path)) == ["out", "s", "s.lock"]
    assert watermark(tmp_path) == 7


def test_publishing_to_a_stream_commits(tmp_path: Path) -> None:
    from cecil.stream.output import Output

    body = begun(tmp_path)
    fd = os.open(tmp_path / "stream", os.O_WRONLY | os.O_CREAT)
    with Handover(str(tmp_path / "s")) as handover:
        handover.publish(body, Target(Output(fd, "stream", owned=True)))
    assert watermark(tmp_path) == 7


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", refuse)
    for force in (False, True):
        body = begun(tmp_path)
        with Handover(str(tmp_path / "s")) as handover:
            handover.publish(body, output(tmp_path, force=force))
        assert sorted(os.listdir(tmp_path)) == ["out", "s", "s.lock"]
        assert watermark(tmp_path) == 7


def test_the_first_to_commit_wins(tmp_path: Path) -> None:
    first, second = begun(tmp_path), begun(tmp_path)
    with Handover(str(tmp_path / "s")) as handover:
        handover.publish(second, output(tmp_path))
        os.rename(tmp_path / "out", tmp_path / "out2")
        with pytest.raises(SourceError, match="another run with this state came first"):
            handover.check(first)
        target = output(tmp_path)
        with pytest.raises(SourceError, match="came first"):
            handover.publish(first, target)
        target.abandon()
    assert sorted(os.listdir(tmp_path)) == ["out2", "s", "s.lock"]


def test_a_fetch_that_commits_itself_comes_first_too(tmp_path: Path) -> None:
    body = begun(tmp_path)
    state = State(str(tmp_path / "s"), ME)
    state.checkpoint(watermark=9)
    state.commit()
    state.checkpoint(watermark=10)
    state.commit()  # and goes on
    with Handover(str(tmp_path / "s")) as handover, pytest.raises(SourceError):
        handover.check(body)
    state.close()
    assert watermark(tmp_path) == 10


def test_a_fetch_after_a_writer(tmp_path: Path) -> None:
    state = State(str(tmp_path / "s"), ME)
    with Handover(str(tmp_path / "s")) as handover:
        handover.publish(state.checkpoint(watermark=7), output(tmp_path))
    with pytest.raises(SourceError, match="came first"):
        state.commit()
    state.close()


def test_the_state_of_another_file(tmp_path: Path) -> None:
    body = begun(tmp_path)
    State(str(tmp_path / "t"), ME).close()
    with Handover(str(tmp_path / "t")) as handover, pytest.raises(UsageError, match="not the state that"):
        handover.check(body)


def test_a_file_that_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    body = begun(tmp_path)
    target = output(tmp_path)
    (tmp_path / "out").write_text("theirs")
    with Handover(str(tmp_path / "s")) as handover, pytest.raises(OutputError, match="exists by now"):
        handover.publish(body, target)
    target.abandon()
    assert (tmp_path / "out").read_text() == "theirs"
    assert watermark(tmp_path) is None


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _dying(steps: list[str], step: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """`call`, and the process dies before or after it, if that is the step."""

    def acted(*args: Any, **more: Any) -> Any:
        if step == f"before {steps[0]}":
            die()
        result = call(*args, **more)
        if step == f"after {steps[0]}":
            die()
        return result

    return acted


STEPS = [
    f"{when} {what}"
    for what in ("place", "publish", "apply", "settle", "link", "replace")
    for when in ("before", "after")
]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("step", [*STEPS, "commit 1", "commit 2"])
def test_a_writer_that_dies_at_any_step(step: str, force: bool, tmp_path: Path) -> None:
    """Either the file is there and the run is committed, or neither is."""
    (tmp_path / "out").write_text("old\n") if force else None
    body = begun(tmp_path)
    pid = os.fork()
    if not pid:
        try:
            handover = Handover(str(tmp_path / "s"))
            target = output(tmp_path, force=force)
            for name, owner in (
                ("place", target), ("publish", target), ("settle", target), ("apply", handover._file),
                ("link", os), ("replace", os),
            ):  # fmt: skip
                setattr(owner, name, _dying([name], step, getattr(owner, name)))
            if step.startswith("commit"):
                count = [int(step[-1])]

                class Dying:
                    def __init__(self, db: sqlite3.Connection) -> None:
                        self._db = db

                    def __getattr__(self, name: str) -> Any:
                        return getattr(self._db, name)

                    def execute(self, sql: str, *args: Any) -> Any:
                        if sql == "commit":
                            count[0] -= 1
                            if not count[0]:
                                die()
                        return self._db.execute(sql, *args)

                handover._file.db = Dying(handover._file.db)  # type: ignore[assignment]
            handover.publish(body, target)
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    found = watermark(tmp_path)
    there = (tmp_path / "out").exists() and (tmp_path / "out").read_text() == "new\n"
    assert there == (found == 7)
    left = {name for name in os.listdir(tmp_path) if name.startswith(".cecil-write")}
    if step not in ("before place", "after place", "commit 1", "before settle"):
        assert not left
    if not there:
        # It is done again.
        body = begun(tmp_path)
        with Handover(str(tmp_path / "s")) as handover:
            handover.publish(body, output(tmp_path, force=force))
        assert watermark(tmp_path) == 7


def test_a_file_that_was_moved_on_since_was_published(tmp_path: Path) -> None:
    body = begun(tmp_path)
    pid = os.fork()
    if not pid:
        try:
            handover = Handover(str(tmp_path / "s"))
            handover._file.apply = lambda _: die()  # type: ignore[method-assign,assignment,return-value]
            handover.publish(body, output(tmp_path))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    os.rename(tmp_path / "out", tmp_path / "taken away")
    assert watermark(tmp_path) == 7


# As commands.


def lines(path: Path) -> list[Any]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., None]:
    db = sqlite3.connect(tmp_path / "app.db")
    db.execute("create table logs(id integer primary key, n text)")

    def add(*ids: int) -> None:
        db.executemany("insert into logs values(?, 'x')", [(i,) for i in ids])
        db.commit()

    return add


FETCH = ("fetch", "db", "sqlite:///app.db", "--table", "logs", "--cursor", "id", "--state", "s")


def test_fetch_and_write_with_a_state(cecil: Run, table: Callable[..., None], tmp_path: Path) -> None:
    table(1, 2)
    stream = cecil(*FETCH, "--markers").stdout
    # Nothing is committed until the file is there.
    assert cecil(*FETCH, "--markers").stdout.count(b"\n") == stream.count(b"\n") == 5
    stream = cecil(*FETCH, "--markers").stdout
    done = cecil("write", "--state", "s", "-o", "one.jsonl", stdin=stream)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [one["id"] for one in lines(tmp_path / "one.jsonl")] == [1, 2]
    # A stream that was committed already publishes nothing.
    again = cecil("write", "--state", "s", "-o", "two.jsonl", stdin=stream)
    assert again.returncode == 1
    assert b"another run with this state came first" in again.stderr
    assert not (tmp_path / "two.jsonl").exists()
    table(3)
    stream = cecil(*FETCH, "--markers").stdout
    assert cecil("write", "--state", "s", "-o", "two.jsonl", stdin=stream).returncode == 0
    assert [one["id"] for one in lines(tmp_path / "two.jsonl")] == [3]
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_fetch_alone_commits_what_it_has_written(cecil: Run, table: Callable[..., None]) -> None:
    table(1, 2)
    assert cecil(*FETCH).stdout.count(b"\n") == 2
    assert cecil(*FETCH).stdout == b""
    with open("/dev/full", "wb") as full:
        table(3)
        assert cecil(*FETCH, stdout=full).returncode == 1
    assert cecil(*FETCH).stdout == b'{"id":3,"n":"x"}\n'


def test_both_sides_name_the_state(cecil: Run, table: Callable[..., None], tmp_path: Path) -> None:
    table(1)
    stream = cecil(*FETCH, "--markers").stdout
    without = cecil("write", "-o", "x.jsonl", stdin=stream)
    assert without.returncode == 2
    assert b"reads with a state, and nobody commits it\nhint: cecil-write --state FILE" in without.stderr
    plain = cecil(*FETCH[:-2], "--markers").stdout
    without = cecil("write", "--state", "s", "-o", "x.jsonl", stdin=plain)
    assert without.returncode == 2
    assert b"reads without a state" in without.stderr
    missing = cecil("write", "--state", "none", "-o", "x.jsonl", stdin=stream)
    assert missing.returncode == 1
    assert b"none: no such file or directory" in missing.stderr
    unmarked = cecil("write", "--state", "s", "-o", "x.jsonl", stdin=b'{"a":1}\n')
    assert b"the stream has no markers" in unmarked.stderr
    assert not (tmp_path / "x.jsonl").exists()
