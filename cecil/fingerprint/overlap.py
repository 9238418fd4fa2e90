"""What of a request was asked before: repeats, retries and shared beginnings, without keeping the text.

A request is put into one order, that in which providers cache (tools, system, messages), and cut into
blocks. Each block's hash includes the hash before it, so that equal hashes mean equal beginnings and
nothing else; they are keyed, live in bounded memory and are never printed. What comes out are lengths and
classes of time. Requests are compared with those of the same model only, and by the log's own times:
a log that is not in the order of time shows less than there is, never more.
"""

import hashlib
import json
from typing import Any, NamedTuple

import orjson

from cecil.fingerprint.call import Asked
from cecil.fingerprint.recent import Recent
from cecil.fingerprint.record import Repeat

BLOCK = 512
"""Bytes; what is shared is found to the block."""
_MAX_BLOCKS = 2_048
"""A megabyte; nothing is shared beyond."""
_BLOCKS = 60_000
_REQUESTS = 20_000

_M5 = 300
_H1 = 3_600
_H24 = 86_400
_RETRY = 600


class Seen(NamedTuple):
    """What was seen before of a request.

    Attributes:
        size: its bytes.
        static: the bytes of its tools and system prompt.
        shared_5m, shared_1h: the bytes of the longest beginning that it has with another of that time.
        repeat: when the whole of it was seen.
        retry: whether it had failed then, a short time ago.
    """

    size: int
    static: int
    shared_5m: int
    shared_1h: int
    repeat: Repeat
    retry: bool


class Overlap:
    """Remembers requests.

    Args:
        key: of the hashes; 16 to 64 bytes that nobody else has.
    """

    def __init__(self, key: bytes) -> None:
        self._block = hashlib.blake2b(key=key, digest_size=8, person=b"cecil-prefix")
        self._whole = hashlib.blake2b(key=key, digest_size=8, person=b"cecil-whole")
        self._blocks: Recent[bytes, float] = Recent(_BLOCKS)
        self._requests: Recent[bytes, tuple[float, bool]] = Recent(_REQUESTS)

    def see(self, scope: str, asked: Asked, when: float, *, ok: bool) -> Seen | None:
        """Compare a request with those before, and remember it.

        Args:
            scope: what a provider's cache is kept apart by: the model.
            when: seconds since 1970.
            ok: whether the call succeeded.

        Returns:
            None for a request without text.
        """
        if asked.messages is None:
            return None
        head = [spelled(part) for part in (asked.tools, asked.system) if part is not None]
        static = sum(map(len, head))
        # Without the bracket at its end a list of messages begins as the longer list does that follows it.
        data = b"\x1e".join([*head, spelled(asked.messages).rstrip(b"]")])
        name = scope.encode("utf-8", "replace")

        whole = self._whole.copy()
        whole.update(name + b"\x00" + (b"0" if asked.temp0 else b"") + data)
        digest = whole.digest()
        before = self._requests.get(digest)
        self._requests.put(digest, (when, ok))
        repeat, retry = Repeat.NONE, False
        if before is not None and (age := when - before[0]) >= 0:
            repeat = _class(age)
            retry = not before[1] and age <= _RETRY

        shared_5m = shared_1h = 0
        chain = self._block.copy()
        chain.update(name)
        get, put = self._blocks.get, self._blocks.put
        in_5m = in_1h = True
        for end in range(BLOCK, min(len(data), BLOCK * _MAX_BLOCKS) + 1, BLOCK):
            chain.update(data[end - BLOCK : end])
            place = chain.digest()
            last = get(place)
            if last is None or not 0 <= when - last <= _H1:
                in_5m = in_1h = False
            elif in_1h:
                shared_1h = end
                in_5m = in_5m and when - last <= _M5
                if in_5m:
                    shared_5m = end
            put(place, when)
        return Seen(len(data), static, shared_5m, shared_1h, repeat, retry)


def _class(age: float) -> Repeat:
    for limit, name in ((_M5, Repeat.M5), (_H1, Repeat.H1), (_H24, Repeat.H24)):
        if age <= limit:
            return name
    return Repeat.MORE


def spelled(value: Any) -> bytes:
    """A JSON value as text, always the same for the same value."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    try:
        return orjson.dumps(value)
    except TypeError:  # a lone surrogate, or numbers beyond 64 bits
        return json.dumps(value).encode()
