"""Strict Mode: only what the policy's `fields` name is kept; the rest goes, names included.

What stays is judged as the Deep Interceptor judges it. Which containers stay depends on names alone,
never on values: one in which a rule could match stays, empty if need be.
"""

from typing import Any

from cecil.sanitizer.actions import Action
from cecil.sanitizer.changes import Change, Drop, Path, without_item
from cecil.sanitizer.paths import Matcher, State


def unmapped(record: Any, matcher: Matcher[Action]) -> list[Change]:
    """Everything that no rule names, as changes; what lies below a dropped place is not listed."""
    drops: list[Change] = []
    stack: list[tuple[Any, Path, State, bool]] = [
        (record, (), matcher.start, matcher.rule(matcher.start) is not None)
    ]
    while stack:
        value, path, state, mapped = stack.pop()
        steps: Any = value.items() if isinstance(value, dict) else enumerate(value)
        numbered = isinstance(value, list) and matcher.numbered(state)
        for step, child in steps:
            below = matcher.step(state, str(step))
            kept = mapped or matcher.rule(below) is not None
            here = (*path, step)
            if isinstance(child, (dict, list)):
                if kept or matcher.alive(below):
                    stack.append((child, here, below, kept))
                    continue
            elif kept:
                continue
            drops.append(without_item(here, numbered) if isinstance(value, list) else Drop(here))
    return drops
