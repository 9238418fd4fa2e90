"""What was seen lately, in bounded memory.

Owns: a map that forgets. Refuses: to grow; a long run costs what a short one does.
"""

from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


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
