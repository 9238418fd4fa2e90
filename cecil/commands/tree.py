"""cecil-redact -o DIR/: many files, each redacted to one of the same name and compression in another folder.

Owns: which file becomes which, worker processes that take a file at a time, and that each output is
whole or absent: it is written apart, synced, and given its name at last. What went to quarantine is safe
on disk before that, and all names are when the run ends. A run holds a lock on its folder; a file in it
names the policy and the key, so that `--resume` goes on only with the same. Workers end with their parent:
after a signal no file gets its name that nobody counts.

Refuses: to write over a file, and to give a name to what was made of a file that changed meanwhile.
"""

import argparse
import contextlib
import errno
import fcntl
import json
import os
import select
import signal
import stat
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple, NoReturn, cast

from cecil.commands.boundary import BUG, message
from cecil.commands.manifest import Manifest, Told
from cecil.commands.redacting import NOT_A_LINE, Run, remedy
from cecil.commands.tables import by_entity, delimited_table, parquet_table
from cecil.errors import CecilError, ClosedPipe, OutputError, SourceError, UsageError, WorkerError, reason
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.stream.compression import codec_of
from cecil.stream.dying import at_death, with_parent
from cecil.stream.formats import PARQUET, is_table
from cecil.stream.manifest import whole
from cecil.stream.output import Output, output_error, private_file
from cecil.stream.quarantine import Quarantine
from cecil.stream.walk import Failed, walk
from cecil.stream.workers import MOST, usable_cores
from cecil.writers.sinks import AtomicFile, sync_folder

STATE = ".cecil-redact.json"
"""Names the policy and the key of what is in a folder; its lock is held by the run that fills it."""

_TEMPORARY = ".cecil-redact."
_REST = "--resume goes on with the rest"
_SHELVES = 256
_COUNTS = ("read", "written", "quarantined")


class Task(NamedTuple):
    """A file, and what it becomes."""

    source: str
    target: str


class Folder:
    """One run from files to a folder.

    Args:
        program: the command's name.
        args: as parsed.
        quarantine: its counts become the sums of all files.
        manifest: is told of every file.

    Attributes:
        files: how many are `done`, `skipped` and `failed`; records are counted by the quarantine.
        findings: how many there are of each entity.
    """

    def __init__(
        self,
        program: str,
        args: argparse.Namespace,
        sanitizer: Sanitizer,
        quarantine: Quarantine,
        manifest: Manifest | None = None,
    ) -> None:
        self._program = program
        self._args = args
        self._sanitizer = sanitizer
        self._quarantine = quarantine
        self._manifest = manifest
        self._folder = args.output
        self._operands: list[str] = args.file if isinstance(args.file, list) else []
        self._over_lines: tuple[int, str] | None = None
        self.files: Counter[str] = Counter()
        self.findings: Counter[str] = Counter()

    def run(self) -> None:
        """Redact all files.

        They are looked up anew whenever they are needed: a list of them would grow with their number.

        Raises:
            UsageError: two files would become one, or one would become itself; or the folder holds what was
                made otherwise.
            OutputError: a file exists already, or the folder cannot be written to.
            SourceError: what is named is not there.
            WorkerError: all workers died.
        """
        count = self._looked_at()
        self._quarantine.path  # noqa: B018 - made up here, and not by each worker
        with self._locked():
            if not self._args.resume:
                for task in self._tasks(_leave):
                    if os.path.lexists(task.target):
                        raise OutputError("exists already", where=task.target, hint=_REST)
            self._work(count)
            self._sync()
        if self._over_lines and not self._args.quiet:
            count, first = self._over_lines
            more = f" and {count - 1} more" if count > 1 else ""
            message(self._program, f"{first}{more}: {NOT_A_LINE}", remedy(first))

    def _looked_at(self) -> int:
        """How many files there are, when there is nothing wrong with their names."""
        if not self._operands:
            raise UsageError("-o DIR/ needs files", hint=f"{self._program} -o DIR/ FILE ...")
        for operand in self._operands:
            if operand == "-":
                raise UsageError("standard input has no name in a folder", hint="leave -o out")
            try:
                mode = os.stat(operand).st_mode
            except OSError as error:
                raise SourceError(reason(error), where=operand) from None
            if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
                raise UsageError("is neither a file nor a folder", where=operand, hint="leave -o out")
        count = 0
        # Hashes of names, on shelves: eight bytes a file, and a set only of one shelf at a time.
        shelves = [array("q") for _ in range(_SHELVES)]
        for source, name in self._files(_leave):
            count += 1
            if _is_ours(os.path.basename(name)):
                raise UsageError("has a name that is used for files under way", where=source)
            target = os.path.join(self._folder, name)
            if os.path.lexists(target) and _same(source, target):
                raise UsageError("would become itself", where=source, hint="another -o DIR/")
            if len(self._operands) > 1:  # names in one folder are all different
                code = hash(name)
                shelves[code % _SHELVES].append(code)
        for shelf in shelves:
            if len(set(shelf)) < len(shelf):
                self._tell_apart({code for code, times in Counter(shelf).items() if times > 1})
        if not count:
            raise SourceError("no file in the folder", where=self._operands[0])
        return count

    def _tell_apart(self, codes: set[int]) -> None:
        """Raises UsageError if two names of these hashes are the same."""
        seen: dict[str, str] = {}
        for source, name in self._files(_leave):
            if hash(name) in codes:
                if name in seen:
                    raise UsageError(
                        f"would become the same file as {seen[name]}",
                        where=source,
                        hint="one -o DIR/ for each",
                    )
                seen[name] = source

    def _tasks(self, failed: Failed) -> Iterator[Task]:
        for source, name in self._files(failed):
            yield Task(source, os.path.join(self._folder, name))

    def _files(self, failed: Failed) -> Iterator[tuple[str, str]]:
        """Files with the names that they keep: a folder's their path in it, others their own."""
        try:
            ours = os.stat(self._folder)
        except OSError:
            ours = None
        for operand in self._operands:
            if not os.path.isdir(operand):
                yield operand, os.path.basename(operand)
                continue
            start = len(os.path.join(operand, ""))
            for entry in walk(operand, failed, skip=ours):
                if _is_file(entry, failed) and not _is_ours(entry.name):
                    yield entry.path, entry.path[start:]

    def _left(self) -> Iterator[Task]:
        """What is still to be done, and no more is told of the rest."""
        for task in self._tasks(self._failed):
            if self._args.resume and os.path.lexists(task.target):
                self.files["skipped"] += 1
            else:
                yield task

    def _failed(self, path: str, error: OSError) -> None:
        self.files["failed"] += 1
        message(self._program, f"{path}: {reason(error)}")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """The folder is this run's alone, and nothing is under way in it before and after."""
        path = os.path.join(self._folder, STATE)
        try:
            os.makedirs(self._folder, exist_ok=True)
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise OutputError(
                "is a file, and -o names a folder", where=self._folder, hint="another -o DIR/; or > FILE"
            ) from None
        except OSError as error:
            raise output_error(error, self._folder) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)  # a run that was killed may still end a file
            self._claim(fd, path)
            self._sweep()
            try:
                yield
            finally:
                self._sweep()
        finally:
            os.close(fd)

    def _claim(self, fd: int, path: str) -> None:
        """Say in the folder by what its files are made, which is the same for all of them."""
        sanitizer = self._sanitizer
        made = {
            "policy": sanitizer.policy.digest,
            "models": sanitizer.models,
            "key": sanitizer.key_id,
            "format": self._args.format,
        }
        try:
            before = os.pread(fd, 1 << 16, 0)
            if before and json.loads(before) != made:
                raise UsageError(
                    "another policy, model, key or format made what is in the folder",
                    where=self._folder,
                    hint="take a new one",
                )
            if before and sanitizer.temporary_key:
                raise UsageError("a run that goes on needs the key of the one before", hint="--key-file FILE")
            os.pwrite(fd, json.dumps(made).encode(), 0)
            os.fsync(fd)
        except ValueError:
            raise UsageError("is not of cecil-redact", where=path) from None
        except OSError as error:
            raise output_error(error, path) from None

    def _sweep(self) -> None:
        """Remove what runs that were killed have left: it has no name yet."""
        for entry in walk(self._folder, _leave):
            if _is_under_way(entry.name):
                with contextlib.suppress(OSError):  # it has no name, and is in nobody's way
                    os.unlink(entry.path)

    def _sync(self) -> None:
        """Make all names safe on disk: those of this run, and of one before that was killed."""
        for entry in walk(self._folder, _leave):
            if entry.is_dir(follow_symlinks=False) and os.access(entry.path, os.R_OK):
                sync_folder(entry.path)
        sync_folder(self._folder)

    def _work(self, most: int) -> None:
        workers = _Workers(min(self._args.jobs or min(usable_cores(), MOST), most), self._one)

        def undo() -> None:
            workers.kill()
            self._sweep()

        try:
            with at_death(undo):
                for task, told in workers.results(self._left()):
                    self._told(task, told)
        finally:
            workers.end()

    def _told(self, task: Task, told: dict[str, Any] | None) -> None:
        """Add up what a worker says of a file."""
        if told is None:
            told = {"error": "the worker died", "hint": None}
        if "error" in told:
            self.files["failed"] += 1
            message(self._program, f"{task.source}: {told['error']}", told["hint"])
            return
        self.files["done"] += 1
        self.findings.update(told["findings"])
        if told["over_lines"]:
            count, first = self._over_lines or (0, task.source)
            self._over_lines = count + 1, min(first, task.source)
        if self._manifest:
            self._manifest.add(told["input"], told["output"], told["done"])
        counts = self._quarantine.counts
        for name in _COUNTS:
            setattr(counts, name, getattr(counts, name) + told[name])
        counts.dropped.update(told["dropped"])
        for what, place in told["first"].items():
            self._quarantine.first.setdefault(what, place)

    def _one(self, task: Task) -> dict[str, Any]:
        """One file, in a worker: what is told of it."""
        try:
            return self._redacted(task)
        except ClosedPipe:
            raise
        except CecilError as error:
            # Where it is the quarantine that cannot be written, that is said too.
            elsewhere = isinstance(error, OutputError) and error.where == self._quarantine.path
            return {"error": str(error) if elsewhere else error.message, "hint": error.hint}

    def _redacted(self, task: Task) -> dict[str, Any]:
        before = _state(task.source)
        head = _head(task.source)
        try:
            os.makedirs(os.path.dirname(task.target), exist_ok=True)
        except OSError as error:
            raise output_error(error, task.target) from None
        target = AtomicFile(task.target, prefix=_TEMPORARY, remedy=_REST)
        apart = Quarantine(f"{os.path.dirname(task.target)}/{_TEMPORARY}{os.urandom(8).hex()}.tmp")
        try:
            seen = Told()
            findings, over_lines = self._fill(task, head, target, apart, seen)
            apart.counts.check()
            apart.close()
            if _state(task.source) != before:
                raise SourceError("changed while it was read", hint="--resume does it again")
            # A record is in quarantine before its file has a name: of a run that is killed between the two
            # it is there twice, and never lost.
            if apart.counts.quarantined:
                _append(apart.path, self._quarantine.path)
            target.publish(later=True)
        finally:
            target.abandon()
            with contextlib.suppress(OSError):
                os.unlink(apart.path)
        counts = apart.counts
        more: dict[str, Any] = {}
        if self._manifest:
            source = seen.inputs[0].row() if seen.inputs else whole(task.source)
            more = {"input": source, "output": whole(task.target)}
            more["done"] = [[*what, count] for what, count in seen.done.items()]
        return {
            **more,
            **{name: getattr(counts, name) for name in _COUNTS},
            "dropped": dict(counts.dropped),
            "first": apart.first,
            "findings": dict(findings),
            "over_lines": over_lines,
        }

    def _fill(
        self, task: Task, head: bytes, target: AtomicFile, apart: Quarantine, seen: Told
    ) -> tuple[Counter[str], bool]:
        """Write what a file becomes, by what it is.

        Returns:
            how many findings there are of each entity, and whether it is JSON that was read as text.
        """
        args = self._args
        over_lines = False
        if head.startswith(PARQUET):
            seen.done = parquet_table(task.source, target, self._sanitizer, apart)
            return by_entity(seen.done), over_lines
        codec = codec_of(head)
        compressed = codec.writer(cast("IO[bytes]", target)) if codec else None
        into = compressed or target
        if args.format == "auto" and is_table(task.source):
            opened = seen.opened if self._manifest else None
            seen.done = delimited_table(
                task.source, into.write, self._sanitizer, apart, args.max_record, opened
            )
            found = by_entity(seen.done)
        else:
            alone = argparse.Namespace(**{**vars(args), "jobs": 1, "quiet": True})
            output = cast(Output, _Into(into))
            told_of = seen if self._manifest else None
            run = Run(self._program, alone, self._sanitizer, apart, output, told_of)
            run.file(task.source)
            run.close()
            run.end(complete=True)
            found, over_lines = run.findings, run.over_lines
        if compressed:
            compressed.close()
        return found, over_lines


class _Into:
    """A file under way, as a run writes to it."""

    def __init__(self, file: Any) -> None:
        self.write = file.write

    def flush(self) -> None:
        """There is nobody who waits for it."""


def _leave(path: str, error: OSError) -> None:
    """What cannot be looked at is told when it is its turn to be redacted."""


def _is_file(entry: "os.DirEntry[str]", failed: Failed) -> bool:
    """Whether it is a file, or a link to one; a link that leads nowhere is none."""
    try:
        return entry.is_file()
    except OSError as error:
        if error.errno != errno.ELOOP:
            failed(entry.path, error)
        return False


def _is_under_way(name: str) -> bool:
    return name.startswith(_TEMPORARY) and name.endswith(".tmp")


def _is_ours(name: str) -> bool:
    """Whether a file is one of those that a run keeps for itself."""
    return name == STATE or _is_under_way(name)


def _same(source: str, target: str) -> bool:
    try:
        return os.path.samefile(source, target)
    except OSError:
        return False


def _head(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(64)
    except OSError as error:
        raise SourceError(reason(error)) from None


def _state(path: str) -> tuple[int, int, int]:
    """What differs when a file is written to, or another takes its name."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise SourceError(reason(error)) from None
    return status.st_ino, status.st_size, status.st_mtime_ns


def _append(source: str, target: str) -> None:
    """Put the rows of one file of quarantine behind those of another, safe on disk.

    Raises:
        OutputError: they cannot be written.
    """
    output = None
    try:
        os.makedirs(os.path.dirname(target) or ".", mode=0o700, exist_ok=True)
        output = private_file(target)
        fcntl.flock(output.fd, fcntl.LOCK_EX)
        with open(source, "rb") as rows, open(target, "rb") as before:
            if before.seek(0, os.SEEK_END):
                before.seek(-1, os.SEEK_END)
                if before.read() != b"\n":  # a disk was full in the middle of a row
                    output.write(b"\n")
            while data := rows.read(1 << 20):
                output.write(data)
        output.close()
    except (OSError, OutputError) as error:
        if output:
            output.discard()
        what = reason(error, "cannot be written") if isinstance(error, OSError) else error.message
        raise OutputError(what, where=target, hint="name another file with --quarantine FILE") from None


class _Worker(NamedTuple):
    """A process, and both ways to it.

    Attributes:
        tasks: where it is given tasks, a line each.
        results: where it says what became of them.
    """

    pid: int
    tasks: int
    results: IO[bytes]


class _Workers:
    """Processes that take a task at a time.

    Args:
        count: how many.
        work: what one does; what it gives is sent back as JSON.
    """

    def __init__(self, count: int, work: Callable[[Task], dict[str, Any]]) -> None:
        self._work = work
        self._all: list[_Worker] = []
        try:
            for _ in range(count):
                self._start()
        except OSError as error:
            self.end()
            raise WorkerError(reason(error, "no worker can be started"), hint="-j 1") from None

    def _start(self) -> None:
        theirs, tasks = os.pipe()
        results, told = os.pipe()
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            with_parent(parent)
            for fd in (tasks, results):
                os.close(fd)
            for other in self._all:  # or they would never see that the parent has gone
                os.close(other.tasks)
            self._serve(theirs, told)
        os.close(theirs)
        os.close(told)
        self._all.append(_Worker(pid, tasks, os.fdopen(results, "rb")))

    def _serve(self, tasks: int, told: int) -> NoReturn:
        status = 1
        try:
            with os.fdopen(tasks, "rb") as lines, os.fdopen(told, "wb", 0) as out:
                for line in lines:
                    out.write(json.dumps(self._work(Task(*json.loads(line)))).encode() + b"\n")
            status = 0
        except Exception as error:
            if not isinstance(error, BrokenPipeError):
                status = BUG
        finally:
            os._exit(status)

    def results(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, dict[str, Any] | None]]:
        """What became of each task, in the order in which they end; None where its worker died.

        Raises:
            WorkerError: all have died.
        """
        waiting = iter(tasks)
        busy: dict[int, tuple[_Worker, Task]] = {}
        poll = select.poll()

        def give(worker: _Worker) -> None:
            task = next(waiting, None)
            if task is not None:
                busy[worker.results.fileno()] = (worker, task)
                poll.register(worker.results, select.POLLIN)
                with contextlib.suppress(BrokenPipeError):  # it died: there is no answer, which tells
                    os.write(worker.tasks, json.dumps(task).encode() + b"\n")

        for worker in self._all:
            give(worker)
        while busy:
            for fd, _ in poll.poll():
                worker, task = busy.pop(fd)
                poll.unregister(fd)
                told = worker.results.readline()
                yield task, json.loads(told) if told.endswith(b"\n") else None
                if told:
                    give(worker)
        if next(waiting, None) is not None:
            raise WorkerError("all workers died", hint="--resume goes on")

    def kill(self) -> None:
        """Stop them as they are, in the midst of whatever the parent does; `end` has nothing more to do."""
        for worker in self._all:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        for worker in self._all:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(worker.pid, 0)
        self._all.clear()

    def end(self) -> None:
        """Let them go; one that is at work is stopped, and leaves nothing with a name."""
        workers = tuple(self._all)
        self.kill()
        for worker in workers:
            worker.results.close()
            os.close(worker.tasks)
