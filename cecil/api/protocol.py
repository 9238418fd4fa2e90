"""HTTP on a connection, as Uvicorn has it with llhttp, with what it lacks: limits, and patience that ends.

Owns: the time and the bytes in which a request's head must come, how many requests may wait on a connection,
the time in which some of an answer must be read, and the answer to what is no HTTP. Refuses: connections
beyond a number, at once, so that those that are there go on; and to take a trailer's fields for those of the
head, to which they could add a second token.
"""

import asyncio
from http import HTTPStatus

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from cecil.api.problems import MEDIA_TYPE, Problem
from cecil.api.server import MOST_CONNECTIONS

PATIENCE = 10.0
"""Seconds in which the head of a request must come, from its first byte or the connection's start; and in
which the rest of a request must come that is answered already."""

_LARGEST_HEAD = 32 << 10
_MOST_WAITING = 32
"""Requests that may stand on a connection behind the one that is answered."""


class Protocol(HttpToolsProtocol):
    """One connection.

    Attributes:
        idle: seconds in which some of an answer must be read.
    """

    idle = 300.0

    _timer: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _left = 0
    """Bytes that were not read when the reader was last looked at."""
    _head: int | None = None
    """Bytes of a head that is coming, but for those that came with its first; None where none is."""
    _fresh = False
    """Whether a head has begun with what has just come."""
    _fields: int = 0
    """Bytes of a message's fields, those of a trailer included."""
    _body = False
    """Whether a body is coming."""
    _cycles: "list[RequestResponseCycle]"
    """Requests that are not answered whole."""
    _dead = False
    """Whether what comes is no HTTP, and no more is read of it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._cycles = []
        # An answer that nobody reads is thrown away, and a command that nobody waits for ends.
        self._gone = asyncio.Event()
        self.app_state = {"abort": transport.abort, "gone": self._gone}
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        self._dead = True
        self._gone.set()
        self._unset_keepalive_if_required()
        self._was_read()
        # Uvicorn tells the last of several; who does not know writes into what is closed.
        for cycle in self._cycles:
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._dead:
            return
        self._unset_keepalive_if_required()
        self._fresh = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Nothing is upgraded here; the request is answered, and what stands behind it is not read.
            self._finish()
            return
        except httptools.HttpParserError:
            self._refuse(Problem("malformed"))
            return
        if self._head is not None and not self._fresh:
            # The parser holds a field until it is whole.
            self._head += len(data)
            if self._head > _LARGEST_HEAD:
                self._refuse(Problem("malformed"))
                return
        self._look()

    # --- what the parser tells

    def on_message_begin(self) -> None:
        self._head, self._fields, self._fresh = 0, 0, True
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value) + 4)
        if self._head is not None:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        # A whole address or * as a target would name another host than the Host header does.
        if not self.url.startswith(b"/") or self.parser.get_http_version() not in ("1.0", "1.1"):
            raise ValueError
        if len(self.pipeline) >= _MOST_WAITING:
            raise ValueError
        self._head, self._body = None, True
        self._came()
        super().on_headers_complete()
        self._cycles = [cycle for cycle in self._cycles if not cycle.response_complete] + [self.cycle]

    def on_message_complete(self) -> None:
        self._body = False
        super().on_message_complete()

    def _count(self, size: int) -> None:
        self._fields += size
        if self._fields > _LARGEST_HEAD:
            raise ValueError  # the parser makes it an error of its own

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch_reader()
        if not self.transport.is_closing():
            self._look()

    # --- patience

    @property
    def _busy(self) -> bool:
        """Whether a request is to be answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def _look(self) -> None:
        """Choose how long this connection may stay as it is."""
        if self._head is not None or (self._body and not self._busy):
            self._expect()
            return
        if self._busy:
            self._came()
        elif self.cycle is not None:
            # Between two requests there is Uvicorn's time.
            self._came()
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _expect(self) -> None:
        """From now on, or from when it was said first, something must come to its end."""
        if self._timer is None:
            self._timer = self.loop.call_later(PATIENCE, self._late)

    def _came(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if not self.transport.is_closing():
            self._refuse(Problem("too-slow"))

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._was_read()

    def _watch_reader(self) -> None:
        """Where something is to be read, some of it must be, again and again; or all of it is thrown away."""
        self._left = self.transport.get_write_buffer_size()
        if self._left and self._unread is None:
            self._unread = self.loop.call_later(self.idle, self._is_read)

    def _was_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _is_read(self) -> None:
        self._unread = None
        if self.transport.get_write_buffer_size() < self._left:
            self._watch_reader()
        else:
            self.transport.abort()

    # --- the end

    def _finish(self) -> None:
        """Read no more; the connection ends with the last answer."""
        self._dead = True
        self._came()
        self.cycle.keep_alive = False

    def _refuse(self, problem: Problem) -> None:
        """Answer what is no request in its turn, and close."""
        if self._busy and not self._body:
            # What is wrong stands behind requests that are whole.
            self._finish()
            return
        self._dead = True
        self._came()
        # A body that breaks off is that of the request that is answered now, or of one that waits.
        begun = self._body and (not self._busy or self.cycle.response_started or self.pipeline)
        if self._body:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not begun:
            body = problem.body()
            head = (
                f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n"
                f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
                "cache-control: no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
        self._watch_reader()
