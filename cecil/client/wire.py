"""HTTP, and the form of a stream's answer, as bytes that go out and come in.

A stream is written and read at the same time, as a pipe is, so that neither side need hold it. http.client
and most libraries read an answer only once all of the request is sent. So HTTP is left to h11, which does no
I/O and came with the server. Owns: one request and its answer on a connection. Does no I/O.
"""

import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cecil.errors import MissingExtraError, RecordError, TruncatedError

if TYPE_CHECKING:
    import h11

READ = 1 << 16
"""Bytes that are read at once."""
MOST_IDLE = 8
"""Connections that a client keeps."""

_CONTROL = b'{"$cecil"'

Refuse = Callable[[int, str], None]


class Exchange:
    """One request and its answer on a connection, as bytes that go out and come in.

    Args:
        chunked: the body comes in pieces.
    """

    def __init__(
        self,
        wire: "h11.Connection",
        token: str,
        method: str,
        path: str,
        media_type: str | None,
        body: bytes | None,
    ) -> None:
        import h11

        self._h11 = h11
        self._wire = wire
        # Who writes and who reads may be two threads.
        self._lock = threading.Lock()
        self.code = 0
        headers = [("Host", "localhost"), ("Authorization", f"Bearer {token}"), ("Accept", "*/*")]
        if media_type:
            headers.append(("Content-Type", media_type))
        if body is not None:
            headers.append(("Content-Length", str(len(body))))
        elif media_type:
            headers.append(("Transfer-Encoding", "chunked"))
        self._request = h11.Request(method=method, target=path, headers=headers)
        self._whole = body

    def head(self) -> bytes:
        """The request's head, and its body where it is known."""
        with self._lock:
            data = self._wire.send(self._request) or b""
            if self._whole:
                data += self._wire.send(self._h11.Data(data=self._whole)) or b""
            if self._whole is not None or self._request.method == b"GET" or self._request.method == b"DELETE":
                data += self._wire.send(self._h11.EndOfMessage()) or b""
        return data

    def piece(self, data: bytes) -> bytes:
        """A piece of the body."""
        with self._lock:
            return self._wire.send(self._h11.Data(data=data)) or b""

    def end(self) -> bytes:
        """The body's end."""
        with self._lock:
            return self._wire.send(self._h11.EndOfMessage()) or b""

    def receive(self, data: bytes) -> "tuple[bytes, bool]":
        """What came; the body in it, and whether that is all of it.

        Raises:
            TruncatedError: the connection ended early, or what came is no HTTP.
        """
        body: list[bytes] = []
        with self._lock:
            try:
                self._wire.receive_data(data)
                while True:
                    event = self._wire.next_event()
                    if event is self._h11.NEED_DATA:
                        return b"".join(body), False
                    if isinstance(event, self._h11.Response):
                        self.code = event.status_code
                    elif isinstance(event, self._h11.Data):
                        body.append(bytes(event.data))
                    elif isinstance(event, self._h11.EndOfMessage):
                        return b"".join(body), True
                    elif isinstance(event, self._h11.ConnectionClosed):
                        raise TruncatedError("the server's answer was cut off")
            except self._h11.RemoteProtocolError:
                raise TruncatedError("the server's answer was cut off") from None

    def reusable(self) -> bool:
        """Whether another request may follow on this connection; it is ready for one then."""
        with self._lock:
            if self._wire.our_state is self._h11.DONE and self._wire.their_state is self._h11.DONE:
                self._wire.start_next_cycle()
                return True
        return False


class Reader:
    """The lines of a stream's answer: those that go on, refused ones, and the trailer."""

    def __init__(self, refuse: Refuse | None) -> None:
        self._refuse = refuse
        self._tail: list[bytes] = []
        self.counts: dict[str, Any] | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Whole lines of what came.

        Raises:
            RecordError: one was refused, and nobody is told of such.
            TruncatedError: the server says that it read only a part.
        """
        cut = data.rfind(b"\n") + 1
        pieces: list[bytes] = []
        if cut:
            pieces = b"".join([*self._tail, data[: cut - 1]]).split(b"\n")
            self._tail = []
        self._tail.append(data[cut:])
        return [
            piece + b"\n" for piece in pieces if not (piece.startswith(_CONTROL) and self._control(piece))
        ]

    def _control(self, piece: bytes) -> bool:
        told = json.loads(piece)["$cecil"]
        if "error" in told:
            if self._refuse is None:
                raise RecordError(str(told["error"].get("reason")), where=f"line {told['error'].get('line')}")
            self._refuse(int(told["error"]["line"]), str(told["error"]["reason"]))
            return True
        if "end" not in told:
            return False  # a marker of the input
        self.counts = told["end"]
        if not self.counts.get("complete", True):
            raise TruncatedError(str(self.counts.get("reason", "the server read only a part")))
        return True

    def end(self) -> None:
        """Nothing more comes.

        Raises:
            TruncatedError: there was no trailer.
        """
        if self.counts is None:
            raise TruncatedError("the server's answer was cut off")


def protocol() -> Any:
    try:
        import h11
    except ImportError:
        raise MissingExtraError("the client", "serve") from None
    return h11


def line_of(one: str | bytes) -> bytes:
    data = one.encode() if isinstance(one, str) else one
    return data if data.endswith(b"\n") else data + b"\n"
