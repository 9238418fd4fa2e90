"""What was judged before: the newest of it, within a bound.

Logs are templates and chat histories repeat. Two generations: when the young one is full, the old one is
forgotten, and what is asked for again is young again. That is nearly a list by last use, and costs nothing
where nothing is asked. Threads may share one; at worst something is judged twice.
"""

from collections.abc import Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_ENTRY = 200
"""Octets that an entry takes besides its key."""


class Memory(Generic[K, V]):
    """Values by key.

    Args:
        most: octets of a generation, keys and entries; there are two.
    """

    def __init__(self, most: int = 8 << 20) -> None:
        self._most = most
        self._left = most
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def get(self, key: K, size: int) -> V | None:
        """The value that was put, or None.

        Args:
            size: octets of the key, roughly.
        """
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found, size)
        return found

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value, which is not None."""
        self._left -= size + _ENTRY
        if self._left < 0:
            self._old, self._young = self._young, {}
            self._left = self._most - size - _ENTRY
        self._young[key] = value

    def __reduce__(self) -> tuple[Any, ...]:
        return Memory, (self._most,)  # a copy begins without
