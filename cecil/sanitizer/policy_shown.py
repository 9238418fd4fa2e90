"""A policy as a file: all that holds, each with who said so. Read again, it is the same policy.

Owns: the order of what is shown, which is always the same. What `entities` and `fields` of a policy look
like, `cecil-map` has from here too.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cecil.errors import printable
from cecil.sanitizer.actions import Action
from cecil.sanitizer.late import late
from cecil.sanitizer.policy import Case, Condition, Listed, Origin, Policy

BY_DEFAULT = "built in"

_PLAIN = late(r"[A-Za-z][A-Za-z0-9_./@-]*")
_NOT_TEXT = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))


def shown(policy: Policy, recognizers: str | None = None) -> str:
    """A policy's YAML, with comments.

    Args:
        recognizers: the file of `--recognizers`, which is no part of a policy.
    """
    return "".join(f"{line}\n" for line in _lines(policy, recognizers))


def scalar(text: str) -> str:
    """A text as YAML has it: in quotes where it could be taken for something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    # YAML takes neither what cannot be printed nor its own line breaks as they are.
    return "".join(one if one.isprintable() else _escaped(one) for one in quoted)


def action(one: Action) -> str:
    """An action, with its options if there are any."""
    if not one.options and one.entity is None:
        return one.name
    named = [("action", one.name), *one.options]
    if one.entity is not None:
        named.append(("entity", one.entity))
    return _mapping(named)


def _lines(policy: Policy, recognizers: str | None) -> Iterator[str]:
    origins = policy.origins

    def said(text: str, *what: str) -> str:
        return f"{text}  # {printable(origins.get(what, BY_DEFAULT))}"

    yield f"# {scalar(policy.name)}"
    yield f"# {policy.digest}"
    yield "version: 1"
    yield said(f"strategy: {policy.strategy}", "strategy")
    yield said(f"threshold: {policy.threshold!r}", "threshold")
    yield said(f"default: {action(policy.default)}", "default")
    if policy.recognizers_file:
        yield said(f"recognizers: {scalar(policy.recognizers_file)}", "recognizers")
        if recognizers is not None:
            yield f"# and {scalar(recognizers)}: --recognizers"
    elif recognizers is not None:
        yield f"recognizers: {scalar(recognizers)}  # --recognizers"
    if policy.thresholds:
        yield "thresholds:"
        for name, value in sorted(policy.thresholds.items()):
            yield said(f"  {name}: {value!r}", "thresholds", name)
    for key, each in (("countries", policy.countries), ("silence", policy.silence)):
        if each:
            yield f"{key}:"
            yield from (said(f"  - {scalar(name)}", key, name) for name in sorted(each))
    yield from _rules(policy, origins, (), "")
    if any(policy.keys):
        yield "keys:"
        if policy.keys.add:
            yield "  add:"
        for entity, names in sorted(policy.keys.add.items()):
            yield f"    {entity}:"
            yield from (said(f"      - {scalar(name)}", "keys", "add", entity, name) for name in names)
        if policy.keys.silence:
            yield "  silence:"
        for name in policy.keys.silence:
            yield said(f"    - {scalar(name)}", "keys", "silence", name)
    for key, listed in (("allow", policy.allow), ("deny", policy.deny)):
        if listed:
            yield f"{key}:"
            yield from (f"  - {_listed(one)}  # {printable(one.place)}" for one in listed)
    if policy.cases:
        yield "cases:"
    for number, case in enumerate(policy.cases):
        what = ("cases", str(number))
        when = ", ".join(_condition(one) for one in case.when)
        yield said(f"  - when: [{when}]", *what)
        yield from _rules(case, origins, what, "    ")


def _rules(part: Policy | Case, origins: Mapping[Origin, str], what: Origin, indent: str) -> Iterator[str]:
    tables: tuple[tuple[str, list[tuple[str, Action]]], ...] = (
        ("entities", sorted(part.entities.items())),
        ("fields", list(part.fields)),
    )
    for key, rules in tables:
        if rules:
            yield f"{indent}{key}:"
        for name, one in rules:
            origin = printable(origins.get((*what, key, name), BY_DEFAULT))
            yield f"{indent}  {scalar(name)}: {action(one)}  # {origin}"


def _listed(one: Listed) -> str:
    named: list[tuple[str, Any]] = []
    if one.file:
        named.append(("file", one.file))
    elif one.regex is not None:
        named.append(("regex", one.regex))
    else:
        named.append(("text", one.texts))
    if one.ignore_case:
        named.append(("ignore_case", True))
    if one.entity is not None:
        named.append(("entity", one.entity))
    return _mapping(named)


def _condition(one: Condition) -> str:
    value: Any = one.values
    if one.test == "matches":
        value = one.values[0]
    elif one.test == "exists":
        value = one.values[0] == "true"
    return _mapping([("path", one.path), (one.test, value)])


def _mapping(named: list[tuple[str, Any]]) -> str:
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in named) + "}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        texts = [scalar(one) for one in value]
        return texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    return scalar(value) if isinstance(value, str) else repr(value)


def _escaped(one: str) -> str:
    number = ord(one)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
