"""What a source remembers between two runs, in a file of SQLite: `--state FILE`.

Owns: the watermark (every record before it was delivered), the ranges that were read, the ids of the
records in the overlap behind the watermark, the place in a source that is read in order, and the one
step in which all of it moves on. Refuses: the state of another source, one that a newer Cecil wrote, a
second fetch at the same time, and a commit that another run has come before.

A run adds the ids that it delivers under a number of its own; they count for others once the run is
committed. Who commits is whoever makes the records last:

- `cecil-fetch` alone, when its output is flushed: `State.commit`;
- `cecil-write --state`, when it publishes its file: `Handover`. Before that it notes in the state which
  file it is about to publish (an intent). Should it die between the two, the next one that opens the
  state sees by the file whether it was published: then the run is committed, and else forgotten.

So a run that was killed anywhere counts wholly or not at all. Two runs that overlap both read the same;
the first one to commit wins, and the other publishes nothing.
"""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, NamedTuple, Protocol

import orjson

try:
    from _blake2 import blake2b
except ImportError:  # where Python's own is left out; hashlib loads OpenSSL, which is 3 MB of memory
    from hashlib import blake2b

from cecil.errors import OutputError, SourceError, UsageError, reason
from cecil.providers.base import FIRST, LAST

VERSION = 1
_APPLICATION = 0x43656369
"""SQLite's application id: "Ceci"."""

_WAIT = 60.0
"""Seconds to wait for another process that commits."""

_HELD = 4_000
"""Ids that are held in memory before they go to the file."""

SECOND = ".2"
"""What the name of a file's second link ends with, which replaces a file (`cecil.writers.sinks`)."""

_RUNS = 8
"""Runs under way, or cut off, whose ids are kept. Crash upon crash does not make the file grow."""

_SCHEMA = """
create table meta(key text primary key, value) without rowid;
create table runs(run integer primary key autoincrement, generation integer not null,
                  committed integer not null, body text);
create table seen(time integer not null, hash integer not null, run integer not null,
                  primary key(time, hash, run)) without rowid;
create table covered(start integer, stop integer not null);
create table intent(run integer not null, folder text not null, temporary text not null, base text not null,
                    device integer not null, inode integer not null);
"""


_SEEN = """
select 1 from seen where time=? and hash=? and run in (select run from runs where committed or run=?)
"""


class Place(NamedTuple):
    """Where a file is about to be published: a name in a folder, and which file that will be."""

    folder: str
    temporary: str
    base: str
    device: int
    inode: int


class Published(Protocol):
    """A file that can say where it will be, and be put there (`cecil.writers.sinks.Target`)."""

    def place(self) -> tuple[str, str, str, int, int] | None: ...

    def publish(self, *, keep: bool = False) -> None: ...

    def settle(self) -> None: ...


def digest(ident: str | bytes) -> int:
    """An id as 8 bytes: two of a million ids agree once in 40 million runs, and must be of one time too."""
    data = ident if isinstance(ident, bytes) else ident.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big", signed=True)


def fingerprint(text: str) -> str:
    """A text that may be nobody's business, as what tells it from others."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _File:
    """The database, opened and checked.

    Args:
        path: the file; made when it is not there, mode 0600, unless `must_exist`. "" for one that goes
            with the process.
    """

    def __init__(self, path: str, *, must_exist: bool = False) -> None:
        self.path = path
        if path:
            try:
                flags = os.O_RDWR | os.O_CLOEXEC | (0 if must_exist else os.O_CREAT)
                os.close(os.open(path, flags, 0o600))
            except OSError as error:
                raise OutputError(reason(error), where=path) from None
        try:
            self.db = sqlite3.connect(path, isolation_level=None, timeout=_WAIT)
            self.db.execute("pragma synchronous=full" if path else "pragma synchronous=off")
            self.db.execute("pragma cache_size=-512")  # KB; ids come in about the order of the file
            with self.transaction():
                self._check()
                self._recover()
        except sqlite3.Error as error:
            raise self.failed(error) from None

    def failed(self, error: sqlite3.Error) -> OutputError:
        """What SQLite says, as a message. It names none of what is in the file."""
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return OutputError("another run holds the state, and does not let go of it", where=self.path)
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return OutputError(
                "not a state file, or a damaged one",
                where=self.path,
                hint="name another file; a new one begins anew",
            )
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            return OutputError("no space left on device", where=self.path)
        return OutputError(f"the state cannot be written ({error.sqlite_errorname})", where=self.path)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        self.db.execute("begin immediate")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self.db.execute("rollback")
            raise
        self.db.execute("commit")

    def _check(self) -> None:
        (application,) = self.db.execute("pragma application_id").fetchone()
        (version,) = self.db.execute("pragma user_version").fetchone()
        if application == 0 and not self.db.execute("select count(*) from sqlite_schema").fetchone()[0]:
            for statement in _SCHEMA.split(";"):
                self.db.execute(statement)
            self.db.execute(f"pragma application_id={_APPLICATION}")
            self.db.execute(f"pragma user_version={VERSION}")
            self.put("generation", 0)
            self.put("id", os.urandom(8).hex())
        elif application != _APPLICATION:
            raise UsageError("not a state file", where=self.path, hint="name another file")
        elif version > VERSION:
            raise UsageError(
                "the state is of a newer Cecil",
                where=self.path,
                hint="pip install --upgrade cecil, or name another file",
            )

    def _recover(self) -> None:
        """End what a writer began and could not end: it holds the lock for as long as it lives."""
        for run, *place in self.db.execute("select run, folder, temporary, base, device, inode from intent"):
            if _was_published(Place(*place)):
                self.apply(run)
        self.db.execute("delete from intent")

    def get(self, key: str) -> Any:
        row = self.db.execute("select value from meta where key=?", (key,)).fetchone()
        return row[0] if row else None

    def put(self, key: str, value: Any) -> None:
        self.db.execute("insert or replace into meta values(?,?)", (key, value))

    def current(self, run: int) -> bool:
        """Whether nothing was committed since the run began."""
        row = self.db.execute("select generation from runs where run=? and not committed", (run,)).fetchone()
        return row is not None and row[0] == self.get("generation")

    def apply(self, run: int) -> None:
        """Commit a run: its last checkpoint becomes the state. In a transaction."""
        (text,) = self.db.execute("select body from runs where run=?", (run,)).fetchone()
        body = orjson.loads(text)
        if body["watermark"] is not None:
            self.put("watermark", body["watermark"])
        if body["forget"]:
            self.db.execute("delete from seen where time>=? and time<?", body["forget"])
            if body["watermark"] is not None:
                self.put("kept", max(self.get("kept") or FIRST, body["forget"][1]))
        self.put("position", None if body["position"] is None else orjson.dumps(body["position"]).decode())
        self.db.execute("delete from covered")
        self.db.executemany("insert into covered values(?,?)", body["covered"])
        generation = self.get("generation") + 1
        self.put("generation", generation)
        self.db.execute("update runs set committed=1, generation=? where run=?", (generation, run))
        # What others read meanwhile, they read from the state before this one: it can never be committed.
        self.db.execute("delete from seen where run not in (select run from runs where committed)")
        self.db.execute("delete from runs where not committed")

    def close(self) -> None:
        self.db.close()


def _was_published(place: Place) -> bool:
    """Whether a file has its name; its temporary one is taken away.

    A file keeps its temporary name beside the final one until the run is committed, so a second link says
    that it was published, even if somebody has moved it since. Without the temporary name (a file system
    that has no links; somebody tidied up) it must be where it was put: in doubt records come twice, and
    none is lost.
    """
    which = (place.device, place.inode)
    there = os.path.join(place.folder, place.temporary)
    half_way = False
    with contextlib.suppress(OSError):
        os.unlink(f"{there}{SECOND}")  # it was about to replace a file, and has not
        half_way = True
    with contextlib.suppress(OSError):
        status = os.stat(there, follow_symlinks=False)
        if (status.st_dev, status.st_ino) == which:
            os.unlink(there)
            return status.st_nlink > 1 and not half_way
    with contextlib.suppress(OSError):
        status = os.stat(os.path.join(place.folder, place.base))
        return (status.st_dev, status.st_ino) == which
    return False


class State:
    """The state as a fetch has it.

    Args:
        path: the file; "" for one that goes with the process, of which nothing stays.
        identity: what the state is bound to: plain JSON, without secrets.

    Attributes:
        watermark: every record before it was delivered; nanoseconds since 1970, or None.
        kept: ids of delivered records are known from here on; nanoseconds since 1970.
        position: the place in the source, as it was committed.
        covered: the ranges of time that were read.
        id: the state's own, which a writer must name.

    Raises:
        UsageError: the file is no state, of a newer version, or of another source.
        SourceError: another fetch has it open.
        OutputError: it cannot be read or written.
    """

    def __init__(self, path: str, identity: dict[str, Any]) -> None:
        self._lock = _locked(path) if path else None
        try:
            self._file = _File(path)
            self._db = self._file.db
            with self._file.transaction():
                self._bind(identity)
                self._begin()
        except sqlite3.Error as error:
            self._unlock()
            raise self._file.failed(error) from None
        except BaseException:
            self._unlock()
            raise
        self.watermark: int | None = self._file.get("watermark")
        self.kept: int = self._file.get("kept") or FIRST
        self.id: str = self._file.get("id")
        position = self._file.get("position")
        self.position: dict[str, Any] | None = orjson.loads(position) if position else None
        rows = self._db.execute("select start, stop from covered order by start")
        self.covered: list[tuple[int, int]] = [(start, stop) for start, stop in rows]
        # Only up to here can a record be one that was delivered before.
        self._last = self._db.execute("select max(time) from seen").fetchone()[0]
        self._held: dict[tuple[int, int], None] = {}

    def _bind(self, identity: dict[str, Any]) -> None:
        text = orjson.dumps(identity, option=orjson.OPT_SORT_KEYS).decode()
        bound = self._file.get("source")
        if bound is None:
            self._file.put("source", text)
        elif bound != text:
            before = orjson.loads(bound)
            names = sorted(k for k in {*identity, *before} if identity.get(k) != before.get(k))
            raise UsageError(
                f"the state is of another source: not the same {', '.join(names)}",
                where=self._file.path,
                hint="name another file; each source has a state of its own",
            )

    def _begin(self) -> None:
        db = self._db
        number = db.execute(
            "insert into runs(generation, committed) values(?,0)", (self._file.get("generation"),)
        ).lastrowid
        self.run = int(number or 0)
        old = "run in (select run from runs where not committed order by run desc limit -1 offset ?)"
        db.execute(f"delete from seen where {old}", (_RUNS,))  # noqa: S608
        db.execute(f"delete from runs where {old}", (_RUNS,))  # noqa: S608
        # A committed run's ids stay for the overlap; its row only as long as they do.
        db.execute("delete from runs where committed and run not in (select distinct run from seen)")

    def seen(self, time: int, ident: str | bytes) -> bool:
        """Whether a record was delivered before, by this run too. If not, it counts as delivered now.

        Args:
            time: of the record, in nanoseconds since 1970.
            ident: what tells it from all others of that time.
        """
        # The file holds whole numbers of 64 bits, which end in the year 2262.
        key = (max(FIRST, min(time, LAST)), digest(ident))
        if self._last is not None and key[0] <= self._last:
            if key in self._held:
                return True
            found = self._db.execute(_SEEN, (*key, self.run)).fetchone()
            if found:
                return True
        else:
            self._last = key[0]
        self._held[key] = None
        if len(self._held) >= _HELD:
            try:
                with self._file.transaction():
                    self._store()
            except sqlite3.Error as error:
                raise self._file.failed(error) from None
        return False

    def _store(self, forget: tuple[int, int] = (0, 0)) -> None:
        """Ids go to the file; those that nobody will ask for need not. In a transaction."""
        low, high = forget
        rows = ((time, number, self.run) for time, number in self._held if not low <= time < high)
        self._db.executemany("insert or ignore into seen values(?,?,?)", rows)
        self._held.clear()

    def checkpoint(
        self,
        *,
        watermark: int | None = None,
        position: dict[str, Any] | None = None,
        covered: Sequence[tuple[int, int]] = (),
        forget: tuple[int, int] | None = None,
    ) -> dict[str, Any]:
        """Note how far the run has come; safe in the file, and in force once it is committed.

        Args:
            watermark: every record before it was delivered; None leaves it.
            position: the place in a source that is read in order.
            covered: the ranges of time that were read, `[start, stop)`.
            forget: ids of this range of time are asked for no more.

        Returns:
            The body of the checkpoint's marker, by which `cecil-write` knows what to commit.

        Raises:
            OutputError: it cannot be written.
        """
        body = {"watermark": watermark, "position": position, "covered": covered, "forget": forget}
        try:
            with self._file.transaction():
                self._store(forget or (0, 0))
                self._db.execute(
                    "update runs set body=? where run=?", (orjson.dumps(body).decode(), self.run)
                )
        except sqlite3.Error as error:
            raise self._file.failed(error) from None
        return {"state": self.id, "run": self.run}

    def commit(self) -> None:
        """The last checkpoint's records are safe: the state moves on.

        Raises:
            SourceError: another run has committed since this one began.
            OutputError: it could not be written.
        """
        file = self._file
        try:
            with file.transaction():
                if not file.current(self.run):
                    raise _came_first(file.path)
                file.apply(self.run)
                # The run goes on, as a new one: what it adds from here on counts with its next commit.
                self._begin()
        except sqlite3.Error as error:
            raise file.failed(error) from None

    def close(self) -> None:
        """Let go of the file. What was not committed does not count."""
        self._file.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class Handover:
    """The state as a writer has it, which commits what a fetch has read.

    Args:
        path: the file.

    Raises:
        UsageError: it is no state, or of a newer version.
        OutputError: it cannot be read or written.
    """

    def __init__(self, path: str) -> None:
        self._file = _File(path, must_exist=True)

    def know(self, marker: dict[str, Any]) -> None:
        """Raises UsageError unless the marker is of a fetch with this state."""
        if marker.get("state") != self._file.get("id"):
            raise UsageError(
                "not the state that cecil-fetch reads with",
                where=self._file.path,
                hint="--state with the same file in both commands",
            )

    def check(self, checkpoint: dict[str, Any]) -> None:
        """Raises what `know` does, and SourceError unless the checkpoint's run can be committed."""
        self.know(checkpoint)
        if not self._file.current(int(checkpoint.get("run", 0))):
            raise _came_first(self._file.path)

    def publish(self, checkpoint: dict[str, Any], target: Published) -> None:
        """Publish a file and commit the run whose records it holds, as one step.

        Signals must be blocked: who takes the file away meanwhile makes it look as if it never was.

        Args:
            checkpoint: the last one of the stream.

        Raises:
            UsageError: the state is another one than the checkpoint's.
            SourceError: another run was committed since this one began.
            OutputError: the file cannot be published, or the state not be written.
        """
        file, db = self._file, self._file.db
        run = int(checkpoint.get("run", 0))
        try:
            place = target.place()
            with file.transaction():
                self.check(checkpoint)
                if place:
                    db.execute("insert into intent values(?,?,?,?,?,?)", (run, *place))
            try:
                with file.transaction():
                    self.check(checkpoint)
                    # Between the two another one may have looked, seen no file, and forgotten it.
                    if place and not db.execute("select 1 from intent where run=?", (run,)).fetchone():
                        raise _came_first(file.path)
                    target.publish(keep=True)
                    file.apply(run)
                    db.execute("delete from intent")
            except BaseException:
                with contextlib.suppress(sqlite3.Error), file.transaction():
                    db.execute("delete from intent where run=?", (run,))
                raise
        except sqlite3.Error as error:
            raise file.failed(error) from None
        target.settle()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "Handover":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _came_first(path: str) -> SourceError:
    return SourceError(
        "another run with this state came first; what this one read is not written",
        where=path,
        hint="run it again: it reads on from where the other one ended",
    )


def _locked(path: str) -> int:
    """The lock of the fetch that has a state open; it goes with the process."""
    name = f"{path}.lock"
    try:
        fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OutputError(reason(error), where=path) from None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise SourceError(
            "another cecil-fetch is reading with this state",
            where=path,
            hint="wait for it to end; a second source needs a state of its own",
        ) from None
    return fd
