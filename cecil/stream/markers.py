"""Control lines in the stream, which tell a whole stream from one that was cut.

A pipe hides the failure of its first command: who reads sees a clean end of input. With `--markers`
a producer writes

    {"$cecil":{"begin":{...}}}         the first line of the stream
    {"$cecil":{"checkpoint":{...}}}    the source up to here can be forgotten once this is safe
    {"$cecil":{"end":{"records":N}}}   N records stood between begin and end

Owns: their spelling, reading them out of a stream, and the check of N. A stream whose first line is
no `begin` has no markers, and then such a line is a record like any other. In a stream with markers a
record that looks like a marker is told apart by one blank behind its first brace: see `disguise`.
Refuses: to take a line for a marker that says more than markers say (see `_FORMS`). It is a record, and
judged as one.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import orjson

from cecil.errors import RecordError, SourceError, TruncatedError
from cecil.stream import jsontext
from cecil.stream.counts import Counts
from cecil.stream.lines import Block

PREFIX = b'{"$cecil":'
_LONGEST = 8192
"""Bytes of a marker; the path in one has 4,096 at most."""
_MORE = re.compile(r"[a-z][a-z_]{0,19}")
"""The name of a number that another program puts into its markers: its place in the source."""


class Marker(NamedTuple):
    kind: str
    body: dict[str, Any]

    def line(self) -> bytes:
        return orjson.dumps({"$cecil": {self.kind: self.body}}) + b"\n"

    def free(self) -> dict[str, Any]:
        """The members whose values are not ours to choose: the name of a file, numbers of other programs."""
        known = _FORMS[self.kind]
        return {name: value for name, value in self.body.items() if known.get(name, _path) is _path}


def _whole(value: object) -> bool:
    # A card's number has more digits; a bool is an int for isinstance.
    return type(value) is int and 0 <= value < 10**12


def _like(pattern: str) -> Callable[[object], bool]:
    matches = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and matches(value) is not None


def _path(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


_version = _like(r"[A-Za-z0-9][A-Za-z0-9._+:-]{0,127}")
_language = _like(r"[a-z]{2,3}")


def _models(value: object) -> bool:
    return isinstance(value, dict) and all(_language(k) and _version(v) for k, v in value.items())


def _counts(value: object) -> bool:
    names = {"written", "dropped", "quarantined"}
    return isinstance(value, dict) and value.keys() <= names and all(map(_whole, value.values()))


_state = _like("[0-9a-f]{16}")
_FORMS: dict[str, dict[str, Callable[[object], bool]]] = {
    "begin": {
        "version": _whole,
        "source": _like("[a-z][a-z0-9-]{0,15}"),
        "state": _state,
        "policy": _like("(?:sha256:)?[0-9a-f]{64}"),
        "models": _models,
    },
    "checkpoint": {"source": _path, "records": _whole, "state": _state, "run": _whole},
    "end": {
        **dict.fromkeys(("records", "read", "written", "dropped", "quarantined"), _whole),
        "redact": _counts,
        "fingerprint": _counts,
    },
}
"""The members of each kind, and what their values are."""


def _marker(line: bytes) -> Marker | None:
    """The marker that a line is; None if it says more, or anything else."""
    try:
        content = jsontext.loads(line) if len(line) <= _LONGEST else None
    except RecordError:
        return None  # two members of one name, where it is JSON
    inner = content.get("$cecil") if isinstance(content, dict) and len(content) == 1 else None
    if not isinstance(inner, dict) or len(inner) != 1:
        return None
    ((kind, body),) = inner.items()
    known = _FORMS.get(kind)
    if known is None or not isinstance(body, dict):
        return None
    for name, value in body.items():
        form = known.get(name) or (_whole if _MORE.fullmatch(name) else None)
        if form is None or not form(value):
            return None
    return Marker(kind, body)


def disguise(data: bytes) -> bytes:
    """Lines of records, none of which looks like a marker any more. Equal JSON; usually equal bytes."""
    if PREFIX not in data:
        return data
    escaped = PREFIX.replace(b"{", b"{ ", 1)
    if data.startswith(PREFIX):
        data = escaped + data[len(PREFIX) :]
    return data.replace(b"\n" + PREFIX, b"\n" + escaped)


def _is_json(line: bytes) -> bool:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return True


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
                if self._begins(block.data):
                    self._state = "before"
                else:
                    self._none()
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

    def _begins(self, data: bytes) -> bool:
        """Whether a stream's first line is its begin."""
        if not data.startswith(PREFIX + b'{"begin":'):
            return False
        marker = _marker(data[: data.find(b"\n") + 1 or None])
        return marker is not None and marker.kind == "begin"

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
            marker = _marker(line) if line.startswith(PREFIX) else None
            if marker is None:
                if line.startswith(PREFIX) and not _is_json(line):
                    raise SourceError("damaged marker", where=f"{self._name}:{number}")
                if not kept:
                    first = number
                kept.append(line)
                continue
            if kept:
                yield self._body(Block(b"".join(kept), first))
                kept = []
            yield self._placed(marker, number)
        if kept:
            yield self._body(Block(b"".join(kept), first))

    def _body(self, block: Block) -> Block:
        if self._state != "inside":
            raise SourceError(
                "lines outside of the begin and end markers", where=f"{self._name}:{block.first}"
            )
        return block

    def _placed(self, marker: Marker, number: int) -> Marker:
        where = f"{self._name}:{number}"
        kind, body = marker
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
        return marker
