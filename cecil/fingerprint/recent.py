"""What was seen lately, in bounded memory.

Owns: a map that forgets, and how a name is remembered. Refuses: to grow; a long run costs what a short one
does, and long names cost no more than short ones.
"""

import hashlib
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

LONGEST = 256
"""Characters of a name that is remembered as it is."""


def short(name: str) -> str:
    """A name to remember: itself, or a digest of a long one. For comparison within a run, never for print."""
    if len(name) <= LONGEST:
        return name
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


class Recent(Generic[K, V]):
    """A map of at least the last `size` keys and at most twice as many.

    It has two halves: the young one becomes the old one when it is full, and the old one goes.

    Args:
        size: keys that are remembered for sure.
    """

    __slots__ = ("_old", "_size", "_young")

    def __init__(self, size: int) -> None:
        self._size = size
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What was put for the key; None when nothing was, or it was long ago."""
        found = self._young.get(key)
        return self._old.get(key) if found is None else found

    def put(self, key: K, value: V) -> None:
        """Remember; a value before it is forgotten."""
        self._young[key] = value
        if len(self._young) >= self._size:
            self._old, self._young = self._young, {}
