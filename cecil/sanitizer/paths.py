"""Which policy rule holds at which place of a record.

A path is names joined by dots: `user.email`. `*` is any one name or index, `**` any number of them, none
too; `items[*].id` and `items[0].id` are other ways to write `items.*.id` and `items.0.id`; a name with
a dot or a bracket is quoted: `"a.b".c`; so is one with a star, or with blanks around it. A rule holds for
the place it names and for all below it.

Where several rules match one place, that with more plain names wins, then that with fewer `**`, then
that with fewer `*`, then the later one. A rule that matches further down beats one inherited from above.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from cecil.sanitizer.late import late

T = TypeVar("T")

_STEP = late(r'"((?:[^"\\]|\\.)*)"|\[(\*|[0-9]+)\]|([^."\[\]]+)')
_FOREIGN = late(r"\$[.\[]|/")
"""How paths of JSONPath and JSON Pointer begin, which would name nothing here."""

_ANY = ("*", "**")

_MOST = 1 << 16
"""States that are remembered."""

_OTHER = "\0"
"""Names that no rule mentions all lead to the same place: so what is remembered stays small."""


class State:
    """How far each rule has come on the way to a place; false where none can name it, or anything below.

    Made once for each set of rules that have come as far.

    Attributes:
        places: (number of a rule, how many of its steps lie behind), in order.
        rule: what holds at this very place; None where no rule names it.
        numbered: whether a rule names items of this place by their number.
        below: the states below this one, by name.
    """

    __slots__ = ("below", "numbered", "places", "rule")

    def __init__(self, places: tuple[tuple[int, int], ...], rule: Any, numbered: bool) -> None:
        self.places = places
        self.rule = rule
        self.numbered = numbered
        self.below: dict[str, State] = {}

    def __bool__(self) -> bool:
        return bool(self.places)


def parse(path: str) -> tuple[str, ...]:
    """The steps of a path.

    Raises:
        ValueError: it is not a path; the message says why.
    """
    steps = []
    position = 0
    if _FOREIGN.match(path):
        raise ValueError("not a path: it begins with a name, and names are joined by dots")
    while position < len(path):
        if position and path[position] == ".":
            position += 1
        match = _STEP.match(path, position)
        if not match:
            raise ValueError(f"not a path: look at character {position + 1}")
        quoted, index, plain = match.groups()
        if quoted is not None:
            # A quoted star is a name; the empty mark keeps it apart from the wildcard.
            steps.append("\0" + re.sub(r"\\(.)", r"\1", quoted))
        else:
            step = index or plain
            _check(step, index is not None, match.start() + 1)
            steps.append(step)
        position = match.end()
        if position < len(path) and path[position] not in ".[":
            raise ValueError(f"not a path: look at character {position + 1}")
    if not steps or path.endswith("."):
        raise ValueError("not a path: it ends in a dot or is empty")
    return tuple(steps)


def _check(step: str, index: bool, place: int) -> None:
    """Raises ValueError where a step can name nothing, or hardly what was meant."""
    if index:
        wrong = "no index begins with a zero" if step[:1] == "0" and step != "0" else ""
    elif "*" in step and step not in _ANY:
        wrong = "a star stands for a whole name, and in quotes for itself"
    else:
        wrong = "a name with blanks around it is quoted" if step != step.strip() else ""
    if wrong:
        raise ValueError(f"not a path: {wrong}: look at character {place}")


def at(record: Any, steps: Sequence[str]) -> Iterator[Any]:
    """What stands at a path of a record, at each place that it names; containers too.

    Args:
        steps: see `parse`.
    """
    stack: list[tuple[Any, int]] = [(record, 0)]
    # Where there are two `**`, there are many ways to one place; to each only the first is gone.
    many = steps.count("**") > 1
    been: set[tuple[int, int]] = set()
    while stack:
        value, position = stack.pop()
        if many and isinstance(value, (dict, list)):
            if (id(value), position) in been:
                continue
            been.add((id(value), position))
        if position == len(steps):
            yield value
            continue
        step = steps[position]
        if step == "**":
            stack.append((value, position + 1))
        if isinstance(value, list):
            named = step.isdecimal() and int(step) < len(value)
            below = value if step in _ANY else [value[int(step)]] if named else []
        elif isinstance(value, dict):
            name = step.lstrip("\0")
            below = list(value.values()) if step in _ANY else [value[name]] if name in value else []
        else:
            continue
        stack += [(child, position + (step != "**")) for child in reversed(below)]


class Matcher(Generic[T]):
    """All rules of a policy, matched step by step on the way down.

    Args:
        rules: (path, what holds there), in the order of the file.
        first: how many of the last ones come before all others at a place that several name.

    Attributes:
        counts: whether it can matter at which place of its list an item stands.
    """

    def __init__(self, rules: Sequence[tuple[str, T]], first: int = 0) -> None:
        self._patterns = [parse(path) for path, _ in rules]
        self._first = len(rules) - first
        self._values = [value for _, value in rules]
        self._names = {step.lstrip("\0") for pattern in self._patterns for step in pattern}
        self.counts = any(map(str.isdecimal, self._names))
        self._states: dict[tuple[tuple[int, int], ...], State] = {}
        self.start = self._state((index, 0) for index in range(len(self._patterns)))

    def step(self, state: State, name: str) -> State:
        """The state below `state` at a member or item; an index is written as a decimal number."""
        known = name if name in self._names else _OTHER
        found = state.below.get(known)
        if found is None:
            found = state.below[known] = self._state(self._moves(state, known))
        return found

    def rule(self, state: State) -> T | None:
        """What holds at this very place; None where no rule names it."""
        held: T | None = state.rule
        return held

    def naming(self, state: State) -> list[int]:
        """The numbers of all rules that name this very place."""
        return [index for index, position in state.places if position == len(self._patterns[index])]

    def numbered(self, state: State) -> bool:
        """Whether a rule names items of this place by their number: then they must keep it."""
        return state.numbered

    def alive(self, state: State) -> bool:
        """Whether a rule names a place at or below this one."""
        return bool(state)

    def _moves(self, state: State, name: str) -> list[tuple[int, int]]:
        moved = []
        for index, position in state.places:
            pattern = self._patterns[index]
            if position == len(pattern):
                continue
            step = pattern[position]
            if step == "**":
                moved.append((index, position))
            elif step == "*" or step.lstrip("\0") == name:
                moved.append((index, position + 1))
        return moved

    def _state(self, places: Iterable[tuple[int, int]]) -> State:
        found = set(places)
        for index, position in list(found):
            pattern = self._patterns[index]
            while position < len(pattern) and pattern[position] == "**":
                position += 1
                found.add((index, position))
        key = tuple(sorted(found))
        state = self._states.get(key)
        if state is None:
            if len(self._states) >= _MOST:  # a record that was made for it; what is in use stays right
                self._states.clear()
                self.start.below.clear()
            numbered = any(
                position < len(self._patterns[index]) and self._patterns[index][position].isdecimal()
                for index, position in key
            )
            state = self._states[key] = State(key, None, numbered)
            ended = self.naming(state)
            state.rule = self._values[max(ended, key=self._rank)] if ended else None
        return state

    def _rank(self, index: int) -> tuple[bool, int, int, int, int]:
        pattern = self._patterns[index]
        stars, deep = pattern.count("*"), pattern.count("**")
        return (index >= self._first, len(pattern) - stars - deep, -deep, -stars, index)
