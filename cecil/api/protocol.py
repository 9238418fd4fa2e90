"""HTTP on a connection, as Uvicorn has it, with what it lacks: patience that ends.

Owns: the time in which a request's head must come, and the answer to what is no HTTP. Refuses: connections
beyond a number, at once, so that those that are there go on.
"""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from cecil.api.problems import MEDIA_TYPE, Problem
from cecil.api.server import MOST_CONNECTIONS

PATIENCE = 10.0
"""Seconds in which the head of a request must come, from its first byte or the connection's start."""

_LARGEST_HEAD = 32 << 10


class Protocol(H11Protocol):
    """One connection."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.conn = h11.Connection(h11.SERVER, _LARGEST_HEAD)
        super().connection_made(transport)
        # An answer that nobody reads is thrown away; see streams.py.
        self.app_state = {"abort": transport.abort}
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and not self.transport.is_closing():
            self._expect()
        else:
            self._came()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # What follows may have come already, in part; where nothing has, Uvicorn's own timer runs.
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._expect()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Problem("malformed"))

    def _expect(self) -> None:
        """From now on, or from when it was said first, the head of a request must come."""
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

    def _refuse(self, problem: Problem) -> None:
        """Answer what is no request, and close."""
        if self.conn.our_state is not h11.IDLE and self.conn.our_state is not h11.SEND_RESPONSE:
            self.transport.close()
            return
        body = problem.body()
        headers = [
            ("content-type", MEDIA_TYPE),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("connection", "close"),
        ]
        for event in (
            h11.Response(status_code=problem.status, headers=headers),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
