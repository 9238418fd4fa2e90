"""Blocks of bytes through worker processes, and back in the order they came.

Owns: the processes, the memory that blocks travel in, the order, and what happens when a process dies.
Knows nothing of what the work is. Refuses: to go on without a worker that died, to hold more than a fixed
number of blocks, and to leave a process behind.

Blocks do not go through pipes. Parent and workers share an anonymous map of slots: the parent puts a
block into a slot and its number into a worker's pipe, the worker puts the result into the same slot and a
header into the way back. So the parent does hardly more than read and write. Workers are forked: what
they need to know is there, and nothing is built or pickled twice. A worker reads its pipe until it
ends, and the kernel ends it when the parent does, however that was.
"""

import gc
import mmap
import os
import pickle
import select
import signal
import struct
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, NoReturn, Protocol, TypeVar

from cecil.errors import WorkerError, reason

BLOCK = 1 << 19
"""Bytes that are worth a journey. Measured: smaller ones cost wake-ups, larger ones fall out of caches."""

SLOT = 4 * BLOCK
"""Bytes of a slot; a page that is never touched costs nothing."""

DEPTH = 2
"""Blocks that a worker has: one to work on, one that waits."""

MOST = 8
"""Workers that one parent can keep busy."""

_COLLECTED = 20_000
"""Objects more than there were, before Python's collector looks for those that hold themselves."""

_TASK = struct.Struct("<II")
_RESULT = struct.Struct("<BIQQ")
_DONE, _APART, _FAILED = range(3)
"""The result lies in the slot; it was too long and follows in the pipe; the work failed."""

R = TypeVar("R")
Work = Callable[[bytes], tuple[bytes, R]]
"""What is done with a block: new bytes, and what else is to be known. It keeps nothing between blocks."""


class Readable(Protocol):
    def fileno(self) -> int: ...


class Alone(Generic[R]):
    """No workers: the same interface, and everything happens at once."""

    def __init__(self, work: Work[R]) -> None:
        self._work = work
        # What is there now is never freed: so the collector need not look at it again and again, nor touch,
        # and copy, pages that workers share.
        gc.freeze()
        # What a record is made of holds itself nowhere and goes when it is done with: little is to collect.
        gc.set_threshold(_COLLECTED)

    def put(self, pieces: Sequence[bytes], done: Callable[[bytes, R], None]) -> None:
        """Have a block worked on; `done` gets the result in its turn."""
        done(*self._work(pieces[0] if len(pieces) == 1 else b"".join(pieces)))

    def then(self, action: Callable[[], None]) -> None:
        """Do something in its turn: after everything that was put before it is done."""
        action()

    def wait(self, source: Readable | None) -> None:
        """Hand over results as they come, until `source` can be read or nothing is under way."""

    def close(self) -> None:
        """Hand over everything, and end."""

    def kill(self) -> None:
        """End at once; what is under way is lost."""


class _Job(Generic[R]):
    """A block on its way, or an action that waits for its turn."""

    def __init__(self, slot: int, size: int, worker: "_Worker[R]", done: Callable[[bytes, R], None]) -> None:
        self.slot = slot
        self.size = size
        self.worker = worker
        self.done = done
        self.result: tuple[bytes, R] | None = None
        self.failed = False


class _Worker(Generic[R]):
    def __init__(self, pid: int, tasks: int, results: int) -> None:
        self.pid = pid
        self.tasks = tasks
        self.results = results
        self.jobs: deque[_Job[R]] = deque()
        self.alive = True


class Pool(Alone[R]):
    """Worker processes.

    Start it before any thread. An exception of the work is raised in the parent, in its turn: the
    parent does the block again itself.

    Args:
        work: as in `Work`.
        count: how many processes.

    Raises, in every method:
        WorkerError: a worker died. Everything before its block has been handed over.
        and whatever `work`, `done` and the actions raise.
    """

    def __init__(self, work: Work[R], count: int) -> None:
        super().__init__(work)
        slots = count * (DEPTH + 1)
        self._free = list(range(slots))
        self._line: deque[_Job[R] | Callable[[], None]] = deque()
        self._workers: list[_Worker[R]] = []
        self._poll = select.poll()
        self._dead: str | None = None
        try:
            self._memory = mmap.mmap(-1, slots * SLOT)
            for _ in range(count):
                self._start()
        except OSError as error:
            self._end(kill=True)
            raise WorkerError(reason(error, "no worker can be started"), hint="-j 1 needs none") from None

    def put(self, pieces: Sequence[bytes], done: Callable[[bytes, R], None]) -> None:
        if self._dead:
            self._finish()
        size = sum(map(len, pieces))
        if size > SLOT:
            self._finish()
            super().put(pieces, done)
            return
        self._receive(0)
        while not (self._free and (worker := self._idlest())):
            self._receive(None)
        slot = self._free.pop()
        at = slot * SLOT
        for piece in pieces:
            self._memory[at : at + len(piece)] = piece
            at += len(piece)
        job = _Job(slot, size, worker, done)
        self._line.append(job)
        worker.jobs.append(job)
        try:
            os.write(worker.tasks, _TASK.pack(slot, size))  # far less than a pipe holds
        except BrokenPipeError:
            self._died(worker)

    def then(self, action: Callable[[], None]) -> None:
        if self._line:
            self._line.append(action)
        else:
            action()

    def wait(self, source: Readable | None) -> None:
        if source is None:
            self._finish()
            return
        self._poll.register(source, select.POLLIN)
        try:
            while self._line:
                if self._receive(None):
                    return
        finally:
            self._poll.unregister(source)

    def close(self) -> None:
        self._finish()
        self._end(kill=False)
        if self._dead:
            self._fail()

    def kill(self) -> None:
        self._end(kill=True)

    def _start(self) -> None:
        theirs_in, tasks = os.pipe()
        results, theirs_out = os.pipe()
        # Ctrl-C goes to all of us; it is the parent's to answer.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            pid = os.fork()
            if not pid:
                self._serve(theirs_in, theirs_out, (tasks, results))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(theirs_in)
            os.close(theirs_out)
        self._workers.append(_Worker(pid, tasks, results))
        self._poll.register(results, select.POLLIN)

    def _idlest(self) -> _Worker[R] | None:
        """The worker with the least before it, if it can take one more."""
        worker = min(self._workers, key=lambda one: len(one.jobs) if one.alive else DEPTH)
        return worker if worker.alive and len(worker.jobs) < DEPTH else None

    def _finish(self) -> None:
        while self._line:
            self._receive(None)

    def _receive(self, timeout: float | None) -> bool:
        """Take what workers have sent, and hand over what has its turn.

        Args:
            timeout: milliseconds to wait for it; None for as long as it takes.

        Returns:
            whether something else that is polled is ready.
        """
        other = False
        by_fd = {worker.results: worker for worker in self._workers}
        for fd, _ in self._poll.poll(timeout):
            worker = by_fd.get(fd)
            if worker is None:
                other = True
            elif not self._take(worker):
                self._died(worker)
        self._hand_over()
        return other

    def _take(self, worker: _Worker[R]) -> bool:
        """Read one result; False if the worker ended before it was whole."""
        header = _read(worker.results, _RESULT.size)
        if header is None:
            return False
        kind, slot, size, more = _RESULT.unpack(header)
        rest = _read(worker.results, more)
        apart = _read(worker.results, size) if kind == _APART else b""
        if rest is None or apart is None:
            return False
        job = worker.jobs.popleft()
        if kind == _FAILED:
            job.failed = True
        else:
            at = slot * SLOT
            data = apart if kind == _APART else self._memory[at : at + size]
            job.result = (data, pickle.loads(rest))  # noqa: S301 - what our own process sent
            self._free.append(slot)
        return True

    def _hand_over(self) -> None:
        while self._line:
            job = self._line[0]
            if not isinstance(job, _Job):
                self._line.popleft()
                job()
            elif job.result is not None:
                self._line.popleft()
                job.done(*job.result)
            elif job.failed:
                self._line.popleft()
                at = job.slot * SLOT
                data = self._memory[at : at + job.size]
                self._free.append(job.slot)
                job.done(*self._work(data))
            elif job.worker.alive:
                return
            else:
                self._fail()
        if self._dead:
            self._fail()

    def _died(self, worker: _Worker[R]) -> None:
        worker.alive = False
        self._poll.unregister(worker.results)
        self._reap(worker)

    def _fail(self) -> NoReturn:
        self._line.clear()
        raise WorkerError(
            f"a worker {self._dead}; what was written before is whole and in order, the rest is missing",
            hint="where memory is short, a lower -j or --max-record helps",
        )

    def _reap(self, worker: _Worker[R]) -> None:
        _, status = os.waitpid(worker.pid, 0)
        worker.pid = 0
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            names = {one.value: one.name for one in signal.Signals}
            self._dead = f"was killed by {names.get(-code, f'signal {-code}')}"
        elif code or not worker.alive:
            self._dead = "ended too early"

    def _end(self, *, kill: bool) -> None:
        for worker in self._workers:
            if kill and worker.pid:
                os.kill(worker.pid, signal.SIGKILL)
            os.close(worker.tasks)
        for worker in self._workers:
            if worker.pid:
                self._reap(worker)
            os.close(worker.results)
        self._workers.clear()

    def _serve(self, tasks: int, results: int, others: tuple[int, ...]) -> NoReturn:
        """The life of a worker."""
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            # A worker must hold nobody's pipe open: not another worker's, not the command's own.
            for fd in others:
                os.close(fd)
            for worker in self._workers:
                os.close(worker.tasks)
                os.close(worker.results)
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            while task := _read(tasks, _TASK.size):
                slot, size = _TASK.unpack(task)
                at = slot * SLOT
                try:
                    data, rest = self._work(self._memory[at : at + size])
                    more = pickle.dumps(rest, pickle.HIGHEST_PROTOCOL)
                except Exception:
                    _write(results, _RESULT.pack(_FAILED, slot, 0, 0))
                    continue
                if len(data) > SLOT:
                    _write(results, _RESULT.pack(_APART, slot, len(data), len(more)) + more)
                    _write(results, data)
                else:
                    self._memory[at : at + len(data)] = data
                    _write(results, _RESULT.pack(_DONE, slot, len(data), len(more)) + more)
            status = 0
        finally:
            os._exit(status)


def _read(fd: int, size: int) -> bytes | None:
    """That many bytes; None where the other side ended before."""
    pieces = []
    while size:
        piece = os.read(fd, min(size, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        size -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def usable_cores() -> int:
    """Cores that this process may use: the machine's, less what an affinity or a container's quota takes."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:
            quota, period = file.read().split()
        if quota != "max":
            cores = min(cores, -(-int(quota) // int(period)))
    except (OSError, ValueError):
        pass  # no Linux, or no limit
    return max(cores, 1)
