"""What an object's keys say, said once for all objects of the same keys.

A log has few outlines and many records: which of the many spellings that are known an object has is found
out for the first of an outline, and remembered.

Owns: the bounded memory. Refuses: to look at a value; values differ.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_REMEMBERED = 1_024
_MAX_KEYS = 256
_MAX_SIZE = 8_192
"""Characters of the keys of an outline; what is larger is found out each time, so that memory is bounded."""


class Outlines(Generic[T]):
    """Remembers by keys.

    Args:
        derive: what is to be known, from the keys in their order; nothing but them may decide.
    """

    __slots__ = ("_derive", "_known")

    def __init__(self, derive: Callable[[tuple[str, ...]], T]) -> None:
        self._derive = derive
        self._known: dict[tuple[str, ...], T] = {}

    def of(self, value: Mapping[str, Any]) -> T:
        """What `derive` gives for the keys of an object."""
        keys = tuple(value)
        found = self._known.get(keys)
        if found is None:
            found = self._derive(keys)
            if len(keys) <= _MAX_KEYS and sum(map(len, keys)) <= _MAX_SIZE:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                self._known[keys] = found
        return found


def named(names: Mapping[str, tuple[str, ...]]) -> Outlines[dict[str, tuple[str, ...]]]:
    """Remembers which spellings of each name an object has, in the order in which they are listed."""

    def derive(keys: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        there = frozenset(keys)
        found = {name: tuple(key for key in listed if key in there) for name, listed in names.items()}
        return {name: present for name, present in found.items() if present}

    return Outlines(derive)
