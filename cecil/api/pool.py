"""The server's workers: processes beside the event loop, which is never held up by the judging of a text.

Owns: starting workers when there is work for them, handing out work, and what happens when one dies or
takes too long: it is ended and another takes its place, and its piece of work is answered as not judged.
Refuses: to hold more than waits to be judged, and to leave a process behind.
"""

import asyncio
import contextlib
import pickle
import socket
import subprocess
from collections import deque
from collections.abc import Callable
from typing import Any

from cecil.api.messages import HEADER, Answer, Setup, Tally, packed
from cecil.api.problems import Problem

PATIENCE = 120.0
"""Seconds that a piece of work may take, the making of a sanitizer included."""

_URGENT = 8
"""Requests that may go before a block of a stream that waits."""

_READ = 1 << 20
_LAST_WORDS = 1.0
"""Seconds in which a worker may end by itself."""


class Lost(Problem):
    """A worker died over a piece of work, or took too long."""


class Pool:
    """Workers, none of which is there before it is needed.

    Args:
        argv: the command line of a worker.
        setup: what each is told first.
        count: how many there may be.
        report: told of a worker that died; no word of it is of a request.
        tell: told what a piece of work counted.
    """

    def __init__(
        self,
        argv: tuple[str, ...],
        setup: Setup,
        count: int,
        report: Callable[[str], None],
        tell: Callable[[Tally], None],
    ) -> None:
        self._argv = argv
        self._hello = packed(tuple(setup))
        self._count = count
        self._tell = tell
        self.report = report
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._starting = 0
        self._urgent: deque[asyncio.Future[_Worker | None]] = deque()
        self._patient: deque[asyncio.Future[_Worker | None]] = deque()
        self._passed = 0
        self._closed = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self.deaths = 0

    @property
    def count(self) -> int:
        """How many workers there may be."""
        return self._count

    @property
    def alive(self) -> int:
        """How many there are."""
        return len(self._all)

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a worker."""
        return len(self._urgent) + len(self._patient)

    async def run(self, name: str, *args: object, urgent: bool = True) -> Any:
        """Have a piece of work done, and wait for it.

        Args:
            name: of the method of `Judge`.
            urgent: whether it goes before blocks of streams.

        Raises:
            Problem: it could not be done.
        """
        # Who asked may go away; the worker's answer is taken all the same, or the next would get it.
        task = asyncio.ensure_future(self._run(packed((name, args)), urgent))
        self.keep(task)
        answer = await asyncio.shield(task)
        if answer.problem:
            kind, detail, errors = answer.problem
            raise Problem(kind, detail, errors=errors)
        return answer.result

    def keep(self, task: "asyncio.Task[Any]") -> None:
        """Hold on to a task that nobody waits for until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited was told; nobody may have

    async def _run(self, message: bytes, urgent: bool) -> Answer:
        worker = await self._take(urgent)
        answer: Answer | None = None
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await worker.ask(message)
        except (TimeoutError, OSError, EOFError):
            self.deaths += 1
            self.report("a worker died, or took too long, and was replaced")
            raise Lost("not-judged", "the worker that judged it died, or took too long") from None
        finally:
            if answer is None:
                await self._end(worker)
            self._give(None if answer is None else worker)
        self._tell(answer.tally)
        if answer.bug:
            self.report(f"internal error: {answer.bug}")
            raise Lost("internal")
        return answer

    async def _take(self, urgent: bool) -> "_Worker":
        """A worker that has nothing to do; one is started where there are not enough."""
        while not self._closed:
            while self._idle:
                worker = self._idle.pop()
                if worker.alive:
                    return worker
                await self._end(worker)  # it died while it had nothing to do
            if len(self._all) + self._starting < self._count:
                return await self._start()
            turn: asyncio.Future[_Worker | None] = asyncio.get_running_loop().create_future()
            (self._urgent if urgent else self._patient).append(turn)
            try:
                given = await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():
                    self._give(turn.result())
                raise
            if given:
                return given
        raise Problem("busy", "the server is about to end")

    def _give(self, worker: "_Worker | None") -> None:
        """Hand a worker to who waits; None where one is gone, and another may be started."""
        first, second = self._urgent, self._patient
        if self._passed >= _URGENT:
            first, second = second, first
        for line in (first, second):
            while line:
                turn = line.popleft()
                if not turn.done():
                    self._passed = self._passed + 1 if line is self._urgent and self._patient else 0
                    turn.set_result(worker)
                    return
        if worker:
            self._idle.append(worker)

    async def _start(self) -> "_Worker":
        self._starting += 1
        try:
            worker = await _Worker.start(self._argv, self._hello)
        except OSError:
            self._give(None)
            raise Lost("busy", "no worker can be started") from None
        finally:
            self._starting -= 1
        self._all.add(worker)
        return worker

    async def _end(self, worker: "_Worker") -> None:
        self._all.discard(worker)
        await worker.end()

    async def close(self) -> None:
        """End all workers at once; whoever waits is told."""
        self._closed = True
        for line in (self._urgent, self._patient):
            while line:
                turn = line.popleft()
                if not turn.done():
                    turn.set_result(None)
        await asyncio.gather(*(self._end(worker) for worker in list(self._all)))


class _Worker:
    """A process, and our end of its socket."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, argv: tuple[str, ...], hello: bytes) -> "_Worker":
        """Start a process; it has not answered yet."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = subprocess.Popen(
                    argv,
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    # What a library says there may hold a value.
                    stderr=subprocess.DEVNULL,
                    # Ctrl-C at the terminal is the server's to answer.
                    process_group=0,
                )
            reader, writer = await asyncio.open_connection(sock=ours, limit=_READ)
        except BaseException:
            ours.close()
            raise
        writer.write(hello)
        return cls(process, reader, writer)

    async def ask(self, message: bytes) -> Answer:
        """Send a piece of work, and wait for what became of it.

        Raises:
            OSError, EOFError: the process has ended.
        """
        self._writer.write(message)
        await self._writer.drain()
        (size,) = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        data = await self._reader.readexactly(size)
        result, tally, problem, bug = pickle.loads(data)  # noqa: S301 - what our own process sent
        return Answer(result, tally, problem, bug)

    @property
    def alive(self) -> bool:
        """Whether the process is there: its socket ends before it can be waited for."""
        return not self._reader.at_eof() and self._process.poll() is None

    async def end(self) -> None:
        """End the process: one that has nothing to do ends with its socket, any other is killed."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._reap)

    def _reap(self) -> None:
        try:
            self._process.wait(_LAST_WORDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
