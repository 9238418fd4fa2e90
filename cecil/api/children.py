"""Cecil's other commands for requests: each a process of its own, between the request and the answer.

Owns: their start and end, and the pressure of their pipes. What they say on standard error is thrown away,
their counts are read. Whoever asked may go away while a command starts, waits or works: it ends then, and not
only when it reads or writes next. Refuses: more than a few at once, and arguments that a request has made up.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import orjson
from starlette.requests import ClientDisconnect

from cecil.api.problems import Problem
from cecil.api.settings import command

MOST = 8
"""Processes at once; a further request waits, and then is told that there is too much to do."""

_PATIENCE = 10.0
_READ = 1 << 16
_HELD = 64 << 20
"""Bytes of an output that is held whole."""


class Slots:
    """How many commands may run."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(MOST)

    async def take(self) -> None:
        """Wait for a place.

        Raises:
            Problem: there is none for a while.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._free.acquire()
        except TimeoutError:
            raise Problem("busy", headers={"Retry-After": "10"}) from None

    def give(self) -> None:
        """Leave the place to another."""
        self._free.release()


class Child:
    """A command that runs; use it in an `async with`.

    Args:
        name: `fetch`, `fingerprint`, ...
        args: its arguments.
        gone: set when nobody waits for it any more; it is ended then.
        stdout: a descriptor that it writes to; None for a pipe that is read here.
        feed: whether it reads what it is given.
        files: further descriptors that it gets, for arguments such as `/dev/fd/9`.
    """

    def __init__(
        self,
        slots: Slots,
        name: str,
        *args: str,
        gone: asyncio.Event,
        stdout: int | None = None,
        feed: bool = True,
        files: tuple[int, ...] = (),
    ) -> None:
        self._slots = slots
        # One that is fed sees the end of its input when the server is killed; one that only waits sees none.
        self._argv = (*command(name, bound=not feed), *args)
        self._gone = gone
        self._watch: asyncio.Task[None] | None = None
        self._stdout = asyncio.subprocess.PIPE if stdout is None else stdout
        self._feed = feed
        self._files = files
        self._stats = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            self._stats.close()
            raise
        self._watch = asyncio.ensure_future(self._watched())
        return self

    async def _watched(self) -> None:
        await self._gone.wait()
        self.kill()

    async def _start(self) -> None:
        await self._slots.take()
        fd = self._stats.fileno()
        try:
            # Nobody watches over it until it has started; what takes too long is ended by the event loop.
            async with asyncio.timeout(_PATIENCE):
                self._process = await asyncio.create_subprocess_exec(
                    *self._argv,
                    "--stats-file",
                    f"/dev/fd/{fd}",
                    stdin=asyncio.subprocess.PIPE if self._feed else asyncio.subprocess.DEVNULL,
                    stdout=self._stdout,
                    stderr=asyncio.subprocess.DEVNULL,
                    pass_fds=(fd, *self._files),
                    limit=_READ,
                    start_new_session=True,
                )
        except BaseException as error:
            self._slots.give()
            if isinstance(error, OSError):  # a timeout is one
                raise Problem("busy", "no process can be started") from None
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def kill(self) -> None:
        """End it, whatever it does."""
        assert self._process
        # Not `Process.kill`, which asks the event loop's own handle whether there is anything to end. The
        # loop learns of an end and takes the id back in one step, so that it is nobody else's here.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """End it, and leave the place to another."""
        assert self._watch
        self._watch.cancel()
        self.kill()
        assert self._process
        await self._process.wait()
        self._stats.close()
        self._slots.give()

    async def feed(self, source: AsyncIterator[bytes]) -> None:
        """Give it what it reads; stops when it reads no more.

        Where the source breaks off, the command ends: half of an input must not be answered as if it were the
        whole, and nobody would close what it reads from.
        """
        assert self._process
        stdin = self._process.stdin
        assert stdin
        try:
            async for piece in source:
                try:
                    stdin.write(piece)
                    await stdin.drain()
                except OSError:
                    break
            stdin.close()
        except BaseException:
            self.kill()
            raise

    async def output(self) -> AsyncIterator[bytes]:
        """What it writes, as it comes."""
        assert self._process
        assert self._process.stdout
        while piece := await self._process.stdout.read(_READ):
            yield piece

    async def whole(self) -> bytes:
        """All that it writes.

        Raises:
            Problem: it is too much to be held.
        """
        pieces: list[bytes] = []
        size = 0
        async for piece in self.output():
            pieces.append(piece)
            size += len(piece)
            if size > _HELD:
                raise Problem("failed", "there is more than can be answered")
        return b"".join(pieces)

    async def end(self) -> tuple[int, dict[str, Any]]:
        """Wait for it; its exit status and its counts.

        Raises:
            ClientDisconnect: nobody waits for it.
        """
        assert self._process
        status = await self._process.wait()
        if self._gone.is_set():
            raise ClientDisconnect
        os.lseek(self._stats.fileno(), 0, os.SEEK_SET)
        try:
            counts = orjson.loads(self._stats.read())
        except orjson.JSONDecodeError:
            counts = {}
        return status, counts
