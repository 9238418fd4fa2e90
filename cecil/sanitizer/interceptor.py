"""The Deep Interceptor: every leaf of any nesting is judged, by its key and by its value; keys too."""

from typing import Any

from cecil.errors import RecordError
from cecil.sanitizer import keys
from cecil.sanitizer.actions import Action
from cecil.sanitizer.changes import Change, Drop, Path, Rename, Replace, without_item
from cecil.sanitizer.leaves import Found, Leaves
from cecil.sanitizer.paths import Matcher, State

_CONTEXT_WORDS = 6

Findings = list[tuple[Path, Found]]


def judge(
    record: Any, leaves: Leaves, matcher: Matcher[Action], gone: set[Path]
) -> tuple[list[Change], Findings]:
    """What is to change in a record, in document order by container, and what was found where.

    Args:
        record: JSON as Python objects; it is not modified.
        gone: places that are dropped already; nothing below them is judged.

    Raises:
        DetectorError: a leaf could not be judged.
        RecordError: it is not JSON's types all through.
    """
    changes: list[Change] = []
    findings: Findings = []

    def judge_leaf(
        here: Path, value: Any, rule: Action | None, entity: str | None, context: tuple[str, ...]
    ) -> None:
        new, found = leaves.leaf(value, rule, entity, context)
        if found:
            changes.append(Replace(here, new))
            findings.extend((here, one) for one in found)

    # Iterative: a record may be nested as deep as its parser allows.
    stack: list[tuple[Any, Path, State, Action | None, str | None, tuple[str, ...]]] = [
        (record, (), matcher.start, matcher.rule(matcher.start), None, ())
    ]
    while stack:
        value, path, state, rule, entity, context = stack.pop()
        if type(value) is dict:
            taken: set[str] | None = None
            for key, child in value.items():
                if type(key) is not str:  # not from JSON
                    raise RecordError("a key that is not a string")
                below = matcher.step(state, key)
                held = matcher.rule(below) or rule
                here = (*path, key)
                if here in gone:
                    continue
                if held is not None and held.name == "drop":
                    changes.append(Drop(here))
                    findings.append((here, Found("FIELD", 1.0, "field", "drop")))
                    continue
                if held is None or held.name != "trust":
                    name, found = leaves.text(key)
                    if name != key:
                        taken = set(value) if taken is None else taken
                        name = _unique(name, taken)
                        changes.append(Rename(here, name))
                        findings += [(here, one) for one in found]
                said = leaves.evidence(key)
                child_entity = keys.entity(said) or keys.inherited(entity, said)
                words = (*context, *keys.context(said))[-_CONTEXT_WORDS:]
                if type(child) is dict or type(child) is list:
                    stack.append((child, here, below, held, child_entity, words))
                elif held is not None or not keys.is_epoch(said, child):
                    judge_leaf(here, child, held, child_entity, words)
        elif type(value) is list:
            numbered = matcher.numbered(state)
            for index, child in enumerate(value):
                below = matcher.step(state, str(index))
                held = matcher.rule(below) or rule
                here = (*path, index)
                if here in gone:
                    continue
                if held is not None and held.name == "drop":
                    changes.append(without_item(here, numbered))
                    findings.append((here, Found("FIELD", 1.0, "field", "drop")))
                elif type(child) is dict or type(child) is list:
                    stack.append((child, here, below, held, entity, context))
                else:
                    judge_leaf(here, child, held, entity, context)
        else:
            judge_leaf(path, value, rule, entity, context)
    return changes, findings


def _unique(name: str, taken: set[str]) -> str:
    """A name that no other member has: two keys that were e-mail addresses stay two members."""
    unique, number = name, 1
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    taken.add(unique)
    return unique
