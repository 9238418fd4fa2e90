"""Control lines in the stream, which tell a whole stream from one that was cut.

A pipe hides the failure of its first command: who reads sees a clean end of input. With `--markers`
a producer writes

    {"$cecil":{"begin":{...}}}         the first line of the stream
    {"$cecil":{"checkpoint":{...}}}    the source up to here can be forgotten once this is safe
    {"$cecil":{"end":{"records":N}}}   N records stood between begin and end

Owns: their spelling, reading them out of a stream, and the check of N. A stream whose first line is
no `begin` has no markers, and then such a line is a record like any other. In a stream with markers a
record that looks like a marker is told apart by one blank behind its first brace: see `disguise`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from cecil.errors import SourceError, TruncatedError
from cecil.stream.counts import Counts
from cecil.stream.lines import Block

PREFIX = b'{"$cecil":'
_KINDS = ("begin", "checkpoint", "end")


class Marker(NamedTuple):
    kind: str
    body: dict[str, Any]

    def line(self) -> bytes:
        return orjson.dumps({"$cecil": {self.kind: self.body}}) + b"\n"


def disguise(data: bytes) -> bytes:
    """Lines of records, none of which looks like a marker any more. Equal JSON; usually equal bytes."""
    if PREFIX not in data:
        return data
    escaped = PREFIX.replace(b"{", b"{ ", 1)
    if data.startswith(PREFIX):
        data = escaped + data[len(PREFIX) :]
    return data.replace(b"\n" + PREFIX, b"\n" + escaped)


class MarkerReader:
    """Tells markers from lines, and holds the stream to what its markers say.

    Args:
        name: the input's name, for messages.
        counts: where the lines were counted as read; a marker is no record and is taken off again.
        required: whether a stream without markers is an error.
    """

    def __init__(self, name: str, counts: Counts, *, required: bool = False) -> None:
        self._name = name
        self._counts = counts
        self._required = required
        # Line numbers say how many records came, also those that a limit kept out of the blocks.
        self._first = 0
        self._state = "start"

    def split(self, blocks: Iterator[Block]) -> Iterator[Block | Marker]:
        """Blocks of lines, and markers in their place.

        Raises:
            TruncatedError: the stream began with a marker and stopped without an end, or its lines
                are not as many as its end says.
            SourceError: a damaged marker, or none where one is required.
        """
        for block in blocks:
            if self._state == "start":
                if not block.data.startswith(PREFIX + b'{"begin":'):
                    self._none()
                else:
                    self._state = "before"
            if self._state == "plain":
                yield block
            elif PREFIX in block.data:
                yield from self._pick(block)
            else:
                yield self._body(block)
        if self._state == "start":
            self._none()
        if self._state not in ("plain", "ended"):
            raise TruncatedError(
                "the stream ended before its end marker; what feeds it has failed", where=self._name
            )

    def _none(self) -> None:
        if self._required:
            raise SourceError(
                "the stream has no markers; what feeds it has failed, or was not asked for them",
                where=self._name,
                hint="cecil-fetch --markers ...",
            )
        self._state = "plain"

    def _pick(self, block: Block) -> Iterator[Block | Marker]:
        kept: list[bytes] = []
        first = block.first
        for number, line in enumerate(block.lines(), block.first):
            if not line.startswith(PREFIX):
                if not kept:
                    first = number
                kept.append(line)
                continue
            if kept:
                yield self._body(Block(b"".join(kept), first))
                kept = []
            yield self._marker(line, number)
        if kept:
            yield self._body(Block(b"".join(kept), first))

    def _body(self, block: Block) -> Block:
        if self._state != "inside":
            raise SourceError(
                "lines outside of the begin and end markers", where=f"{self._name}:{block.first}"
            )
        return block

    def _marker(self, line: bytes, number: int) -> Marker:
        where = f"{self._name}:{number}"
        try:
            content = orjson.loads(line)["$cecil"]
            ((kind, body),) = content.items()
        except (orjson.JSONDecodeError, ValueError, AttributeError):
            raise SourceError("damaged marker", where=where) from None
        if kind not in _KINDS or not isinstance(body, dict):
            raise SourceError("unknown marker", where=where)
        expected = {"begin": ("before", "ended"), "checkpoint": ("inside",), "end": ("inside",)}[kind]
        if self._state not in expected:
            raise SourceError(f"{kind} marker in the wrong place", where=where)
        self._counts.read -= 1
        if kind == "begin":
            self._state, self._first = "inside", number + 1
        elif kind == "checkpoint":
            self._first += 1
        else:
            self._state = "ended"
            came = number - self._first
            if body.get("records") != came:
                raise TruncatedError(
                    f"the end marker does not agree with the number of records that came, {came}", where=where
                )
        return Marker(kind, body)
