"""Streams of lines through the server: NDJSON in, NDJSON out while it comes in.

Owns: the order of the lines, the pressure back on who writes faster than others read, and the trailer, which
tells a whole stream from one that was cut. Refuses: to hold more than a few blocks of a stream.
"""

import asyncio
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cecil.api.bodies import NDJSON, Splitter, Stretch
from cecil.api.messages import Judged, Tally, Which, error_line
from cecil.api.metrics import Metrics
from cecil.api.pool import Pool
from cecil.api.problems import KINDS, Problem

ENDING = "the server is about to end"
_READ_AHEAD = 1
"""Blocks of a stream that are read while each worker has one."""


class Streamed(Response):
    """An answer that is sent as it is made.

    Args:
        pieces: what is sent.
        idle: seconds in which who reads must take a piece.
    """

    def __init__(
        self,
        pieces: AsyncIterable[bytes],
        idle: float,
        metrics: Metrics,
    ) -> None:
        self.status_code = 200
        self.media_type = NDJSON
        self.background = None
        self.body = b""
        self.init_headers(None)
        self._pieces = pieces
        self._idle = idle
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            async for piece in self._pieces:
                if piece:
                    async with asyncio.timeout(self._idle):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                    self._metrics.went(len(piece))
        except (TimeoutError, ClientDisconnect):
            # Nobody reads: what is still on its way is thrown away, or it would wait for ever.
            scope["state"]["abort"]()
            await asyncio.sleep(0)  # until that is done, it would be told as an error of ours
            return
        finally:
            close = getattr(self._pieces, "aclose", None)
            if close:
                await close()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class Readers:
    """The tasks that read requests, to be stopped when the server ends: what came so far is answered."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.ending = False

    def start(self, read: Callable[[], Awaitable[None]]) -> "asyncio.Task[None]":
        """Read in a task of its own."""
        task: asyncio.Task[None] = asyncio.ensure_future(_awaited(read))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.ending:
            task.cancel()
        return task

    def __len__(self) -> int:
        return len(self._tasks)

    def stop(self) -> None:
        """Read no further."""
        self.ending = True
        for task in list(self._tasks):
            task.cancel()


async def _awaited(read: Callable[[], Awaitable[None]]) -> None:
    await read()


def end_line(body: Mapping[str, Any]) -> bytes:
    """The trailer of a stream."""
    return orjson.dumps({"$cecil": {"end": body}}) + b"\n"


class Redaction:
    """One stream of records through the workers.

    Args:
        digest: of the policy.
        tell: told of lines that no worker has seen.
    """

    def __init__(
        self,
        pool: Pool,
        readers: Readers,
        which: Which,
        digest: str,
        longest: int,
        tell: Callable[[Tally], None],
    ) -> None:
        self._pool = pool
        self._readers = readers
        self._which = which
        self._digest = digest
        self._splitter = Splitter(longest)
        self._tell = tell
        self._written = self._quarantined = 0
        self._found: Counter[str] = Counter()
        self._why: str | None = None

    async def run(self, source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The lines as they go on, and the trailer.

        Raises:
            ClientDisconnect: who wrote has gone.
        """
        turns: asyncio.Queue[asyncio.Task[Judged] | None] = asyncio.Queue(self._pool.count + _READ_AHEAD)
        reader = self._readers.start(lambda: self._read(source, turns))
        try:
            while (turn := await turns.get()) is not None:
                judged = await turn
                self._written += judged.written
                self._quarantined += judged.quarantined
                self._found.update(judged.found)
                yield judged.data
            if reader.done() and not reader.cancelled():
                reader.result()
            yield end_line(self._end())
        finally:
            reader.cancel()
            while not turns.empty():
                left = turns.get_nowait()
                if left:
                    left.cancel()

    async def _read(
        self, source: AsyncIterator[bytes], turns: "asyncio.Queue[asyncio.Task[Judged] | None]"
    ) -> None:
        try:
            first = True
            async for piece in source:
                for stretch in self._splitter.add(piece):
                    await self._put(stretch, turns, first)
                    first = False
            for stretch in self._splitter.rest():
                await self._put(stretch, turns, first)
                first = False
        except Problem as problem:
            self._why = KINDS[problem.name].title
        except asyncio.CancelledError:
            self._why = ENDING
        finally:
            # Whoever waits for a turn must learn that there is none; a full queue has others before it.
            end = asyncio.ensure_future(turns.put(None))
            self._pool.keep(end)

    async def _put(
        self, stretch: Stretch, turns: "asyncio.Queue[asyncio.Task[Judged] | None]", first: bool
    ) -> None:
        mark = first and stretch.data.startswith(BOM_UTF8)
        if mark:
            stretch = stretch._replace(data=stretch.data[len(BOM_UTF8) :])
        await turns.put(asyncio.ensure_future(self._judge(stretch, BOM_UTF8 if mark else b"")))

    async def _judge(self, stretch: Stretch, mark: bytes) -> Judged:
        if stretch.reason:
            self._tell(Tally(read=1, quarantined=1))
            return Judged(error_line(stretch.first, stretch.reason), 0, 1, {})
        data = stretch.data
        if not data:
            return Judged(mark, 0, 0, {})
        try:
            judged = Judged(*await self._pool.run("block", self._which, data, stretch.first, urgent=False))
        except Problem as problem:
            # None of it goes on; each line is told.
            reason = problem.detail or KINDS[problem.name].title
            lines = data.count(b"\n") + (not data.endswith(b"\n"))
            self._tell(Tally(read=lines, quarantined=lines))
            numbers = range(stretch.first, stretch.first + lines)
            return Judged(mark + b"".join(error_line(n, reason) for n in numbers), 0, lines, {})
        # An error's line stands alone; so does the trailer.
        ended = judged.data if judged.data.endswith(b"\n") or not judged.data else judged.data + b"\n"
        return judged._replace(data=mark + ended)

    def _end(self) -> dict[str, Any]:
        counts = {
            "records": self._written,
            "read": self._written + self._quarantined,
            "written": self._written,
            "dropped": {},
            "quarantined": self._quarantined,
            "findings": dict(self._found),
            "policy": self._digest,
            "complete": self._why is None,
        }
        return counts if self._why is None else counts | {"reason": self._why}
