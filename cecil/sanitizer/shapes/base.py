"""What a known shape of records is: how it is told, and what its documentation says of its fields."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

NAMED = "each value has its name beside it: both are judged together, and no rule under fields parts them"


class Rule(NamedTuple):
    """What is proposed for a place, and why.

    Attributes:
        action: `keep` (after scanning), `redact` or `drop`.
        reason: a few words without a full stop.
        entity: what a redacted value is called.
    """

    action: str
    reason: str
    entity: str | None = None


class Shape(NamedTuple):
    """One shape of objects.

    Attributes:
        name: short, for lists.
        title: for people.
        anchors: keys, one of which every such object has; so others need not be looked at.
        fits: whether an object with an anchor is one.
        rules: (path from the object, rule); they hold for what lies below, too.
        source: the public documentation.
        remark: what there is to know of all such records; empty where there is nothing.
    """

    name: str
    title: str
    anchors: tuple[str, ...]
    fits: Callable[[Mapping[str, Any]], bool]
    rules: tuple[tuple[str, Rule], ...]
    source: str
    remark: str = ""


def rules(*groups: tuple[str, Rule]) -> tuple[tuple[str, Rule], ...]:
    """Rules for paths, written as (paths with blanks between, rule)."""
    return tuple((path, rule) for paths, rule in groups for path in paths.split())


def keep(paths: str, reason: str) -> tuple[str, Rule]:
    return paths, Rule("keep", reason)


def drop(paths: str, reason: str) -> tuple[str, Rule]:
    return paths, Rule("drop", reason)


def redact(paths: str, entity: str, reason: str) -> tuple[str, Rule]:
    return paths, Rule("redact", reason, entity)


def first(items: Any) -> Mapping[str, Any]:
    """The first item of a list of objects; nothing of anything else."""
    if type(items) is list and items and type(items[0]) is dict:
        found: Mapping[str, Any] = items[0]
        return found
    return {}


def text(record: Mapping[str, Any], key: str) -> str:
    """A member that is a string; empty where it is none."""
    value = record.get(key)
    return value if type(value) is str else ""
