"""Which rules for fields can never match, because what they stand in always goes.

Owns: what two paths have in common. Errs on one side only: a rule of which it says so never matches.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

Steps = tuple[str, ...]

MOST = 100
"""Rules that are told of."""

_WILD = ("*", "**")


class Rule(NamedTuple):
    """What a rule matches, see `canonical`, and whether it drops what is there."""

    steps: Steps
    drops: bool


def canonical(steps: Steps) -> Steps:
    """One spelling for all paths that match the same: `a.**.*` is `a.*.**`, `"a"` is `a`.

    Args:
        steps: see `cecil.sanitizer.paths.parse`.
    """
    found: list[str] = []
    stars, deep = 0, False
    for step in (*steps, ""):
        if step == "*":
            stars += 1
        elif step == "**":
            deep = True
        else:
            found += ["*"] * stars + ["**"] * deep
            stars, deep = 0, False
            found.append(step if step[1:] in _WILD else step.lstrip("\0"))
    return tuple(found[:-1])


def unreachable(rules: Sequence[Rule], others: Sequence[Rule]) -> list[tuple[int, int]]:
    """Rules that can never match, each with the one that drops what it is in; by number, `MOST` at most.

    Args:
        others: rules that hold for some records, and may then keep what `rules` drop.
    """
    drops = {rule.steps: index for index, rule in enumerate(rules) if rule.drops}
    if not drops:
        return []
    # One with stars matches no more than what has all of its names: they are found by the last one.
    wild: dict[str | None, list[Steps]] = {}
    for steps in drops:
        if any(step in _WILD for step in steps):
            last = next((step for step in reversed(steps) if step not in _WILD), None)
            wild.setdefault(last, []).append(steps)
    keeping = [rule.steps for rule in (*rules, *others) if not rule.drops]
    found: list[tuple[int, int]] = []
    for index, rule in enumerate(rules):
        if len(found) == MOST:
            break
        # `a.**` is `a` too: what stands above it is above `a`.
        whole = len(rule.steps) - (rule.steps[-1] == "**")
        # A record itself is never dropped.
        for length in range(1 + (rule.steps[0] == "**"), whole):
            above = rule.steps[:length]
            likely = [one for name in (*above, None) for one in wild.get(name, ())]
            by = above if above in drops else next((one for one in likely if _covers(one, above)), None)
            if by is not None and not any(_meet(above, one) for one in keeping):
                found.append((index, drops[by]))
                break
    return found


@lru_cache(maxsize=1 << 12)
def _covers(one: Steps, other: Steps) -> bool:
    """Whether the first matches every place that the second does."""
    if not one:
        return not other
    if one[0] == "**":
        return _covers(one[1:], other) or (bool(other) and _covers(one, other[1:]))
    if not other or other[0] == "**":
        return False
    return (one[0] == "*" or one[0] == other[0]) and _covers(one[1:], other[1:])


@lru_cache(maxsize=1 << 12)
def _meet(one: Steps, other: Steps) -> bool:
    """Whether there is a place that both match."""
    if not one or not other:
        return all(step == "**" for step in one or other)
    if one[0] == "**":
        return _meet(one[1:], other) or _meet(one, other[1:])
    if other[0] == "**":
        return _meet(one, other[1:]) or _meet(one[1:], other)
    return (one[0] == other[0] or one[0] == "*" or other[0] == "*") and _meet(one[1:], other[1:])
