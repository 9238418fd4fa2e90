"""What comes with a request: bodies that are held whole, and streams of lines.

Owns: the limits of size and time, and where lines begin and end. Refuses: a body that says that it is
packed, and one of a type that is not asked for.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request

from cecil.api.metrics import Metrics
from cecil.api.problems import Problem
from cecil.stream.lines import TOO_LONG

PATIENCE = 30.0
"""Seconds in which a body that is held whole must come."""

JSON = "application/json"
NDJSON = "application/x-ndjson"
YAML = "application/yaml"
TEXT = "text/plain"


def media_type(request: Request, taken: Collection[str]) -> str:
    """The body's type, one of those that are taken.

    Raises:
        Problem: it is another, or the body is packed.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem("media-type", "a body comes as it is, not compressed")
    given = request.headers.getlist("content-type")
    found, _, parameters = (given[0] if len(given) == 1 else "").partition(";")
    found = found.strip().lower()
    charset = parameters.strip().lower().replace('"', "").removeprefix("charset=")
    if found not in taken or charset not in ("", "utf-8", "utf8"):
        raise Problem("media-type", "taken here: " + ", ".join(sorted(taken)))
    return found


async def whole(request: Request, limit: int, metrics: Metrics) -> bytes:
    """A body, in time and of at most so many bytes.

    Raises:
        Problem: it is larger, or too slow.
        ClientDisconnect: it ended before its end.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise Problem("too-large", f"at most {limit} bytes are taken")
    pieces: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            async for piece in request.stream():
                size += len(piece)
                if size > limit:
                    raise Problem("too-large", f"at most {limit} bytes are taken")
                pieces.append(piece)
    except TimeoutError:
        raise Problem("too-slow") from None
    metrics.came(size)
    return b"".join(pieces)


async def pieces(request: Request, idle: float, metrics: Metrics) -> AsyncIterator[bytes]:
    """A body as it comes.

    Args:
        idle: seconds within which the next piece must come.

    Raises:
        Problem: it did not.
        ClientDisconnect: it ended before its end.
    """
    while True:
        try:
            async with asyncio.timeout(idle):
                message = await request.receive()
        except TimeoutError:
            raise Problem("too-slow") from None
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece = message.get("body", b"")
        if piece:
            metrics.came(len(piece))
            yield piece
        if not message.get("more_body"):
            return


class Stretch(NamedTuple):
    """Whole lines of a stream, or a line that is refused.

    Attributes:
        data: the lines; nothing where a line is refused.
        first: the number of the first line.
        reason: why it is refused.
    """

    data: bytes
    first: int
    reason: str | None = None


class Splitter:
    """Makes whole lines of pieces.

    Args:
        longest: bytes of a line; a longer one is refused, and not held.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._tail: list[bytes] = []
        self._held = 0
        self._number = 1
        self._skipping = False

    def add(self, piece: bytes) -> list[Stretch]:
        """What became whole with a piece."""
        if self._skipping:
            cut = piece.find(b"\n") + 1
            if not cut:
                return []
            self._skipping = False
            piece = piece[cut:]
        cut = piece.rfind(b"\n") + 1
        found: list[Stretch] = []
        if cut:
            data = b"".join([*self._tail, piece[:cut]]) if self._tail else piece[:cut]
            self._tail = []
            self._held = 0
            found += self._lines(data)
            piece = piece[cut:]
        if piece:
            self._tail.append(piece)
            self._held += len(piece)
            if self._held > self._longest:
                found.append(self._too_long())
                self._tail = []
                self._held = 0
                self._skipping = True
        return found

    def rest(self) -> list[Stretch]:
        """What stands behind the last newline."""
        data = b"".join(self._tail)
        self._tail = []
        return self._lines(data) if data else []

    def _lines(self, data: bytes) -> list[Stretch]:
        lines = data.count(b"\n") + (not data.endswith(b"\n"))
        if len(data) <= self._longest:
            self._number += lines
            return [Stretch(data, self._number - lines)]
        found: list[Stretch] = []
        kept: list[bytes] = []
        for line in data.splitlines(keepends=True) if b"\r" not in data else _split(data):
            if len(line) - line.endswith(b"\n") <= self._longest:
                kept.append(line)
                continue
            if kept:
                found.append(Stretch(b"".join(kept), self._number))
                self._number += len(kept)
                kept = []
            found.append(self._too_long())
        if kept:
            found.append(Stretch(b"".join(kept), self._number))
            self._number += len(kept)
        return found

    def _too_long(self) -> Stretch:
        self._number += 1
        return Stretch(b"", self._number - 1, TOO_LONG)


def _split(data: bytes) -> list[bytes]:
    # bytes.splitlines also ends a line at a lone \r; we do not.
    *lines, last = data.split(b"\n")
    return [line + b"\n" for line in lines] + ([last] if last else [])
