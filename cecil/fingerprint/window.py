"""Calls that a log tells of more than once: the last record of a call counts.

Owns: a window of the latest calls, in the order in which they came. A call that comes again takes the
place of the one before it, unless it knows less (it has no usage, and that one has). Calls leave the
window when `size` newer ones stand behind them; one that comes again after that is a duplicate too, and
the first of it stays, as far back as memory reaches (`MEMORY` calls). Where nobody may be kept waiting,
`ready` lets go all but those calls whose records grow: of the others each record says the same.
Refuses: to grow.
"""

from typing import Generic, TypeVar

from cecil.fingerprint.recent import Recent

MEMORY = 50_000
SIZE = 2_000
"""The default size of a window, in calls."""

T = TypeVar("T")


class Window(Generic[T]):
    """Holds calls back until nothing can replace them.

    Args:
        size: calls that are held back; 0 for none: then the first record of a call counts.
    """

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._held: dict[object, T] = {}
        self._unknown: set[str] = set()
        self._growing: set[str] = set()
        self._gone: Recent[int, bool] = Recent(MEMORY)

    def add(self, id: str | None, item: T, *, known: bool, grows: bool = False) -> bool:
        """Take a call.

        Args:
            id: what its repeats have too; None for a call that can have none.
            known: whether it has usage.
            grows: whether a later record of it may say more.

        Returns:
            Whether it is one that was not there before.
        """
        held = self._held
        if id is None:
            held[object()] = item
            return True
        if id in held:
            if known or id in self._unknown:
                held[id] = item
                if known:
                    self._unknown.discard(id)
                if not grows:
                    self._growing.discard(id)
            return False
        if self._gone.get(hash(id)):
            return False
        held[id] = item
        if not known:
            self._unknown.add(id)
        if grows:
            self._growing.add(id)
        return True

    def settled(self) -> list[T]:
        """The calls that leave the window now, in order; many at a time, as that is cheaper."""
        if len(self._held) <= 2 * self._size:
            return []
        return self._leave(list(self._held)[: len(self._held) - self._size])

    def ready(self) -> list[T]:
        """The calls of which no later record will say more; for input that makes one wait."""
        return self._leave([id for id in self._held if id not in self._growing])

    def rest(self) -> list[T]:
        """All calls that are held; for the end, or a place where the output has to be whole."""
        return self._leave(list(self._held))

    def _leave(self, ids: list[object]) -> list[T]:
        held, gone = self._held, self._gone
        found = [held.pop(id) for id in ids]
        for id in ids:
            if type(id) is str:
                gone.put(hash(id), True)
        self._unknown.difference_update(ids)
        self._growing.difference_update(ids)
        return found
