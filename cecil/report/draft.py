"""A policy draft: YAML by hand, with the reason of each rule as a comment; and the same as JSONL.

Owns: the spelling, which any YAML reader takes whatever the names in a record are. Refuses: to know a value.
"""

import re
from collections.abc import Iterable, Iterator

import orjson

import cecil
from cecil.sanitizer import shapes
from cecil.sanitizer.branches import MOST_DISTINCT, Branch, walk
from cecil.sanitizer.paths import Matcher, parse
from cecil.sanitizer.profile import DEEPEST, Profile
from cecil.sanitizer.proposals import Row

# What YAML takes as it stands for the key of a mapping, and no other reader for anything but text.
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*+(?:\[\*\](?:\.[A-Za-z_][A-Za-z0-9_.-]*+)?)*+")
_TELLING = frozenset("uuid time number hex url json text".split())
_WORDS = frozenset("null true false yes no on off y n".split())


def as_yaml(profile: Profile, rows: Iterable[Row], strategy: str) -> str:
    """The draft.

    Args:
        strategy: `deep` or `strict`.
    """
    out = [*_head(profile, strategy), "version: 1", "extends: default", f"strategy: {strategy}"]
    lines: list[str] = []
    active = False
    rows = list(rows)
    stars = [row.path for row in rows if strategy == "deep" and _going(row) and "*" in row.path]
    taking = Matcher([(path, path) for path in stars])
    for row in rows:
        if strategy == "strict" and not row.branch.present:
            continue
        taker = None if _going(row) else _taker(row, taking)
        stands = _going(row) if strategy == "deep" and not taker else row.written and _kept(row)
        active |= stands
        beside = f"; {taker} would take it" if taker and stands else f"; {taker} takes it" if taker else ""
        why = f"{_why(row)}{beside}"
        lines.append(f"  {'' if stands else '# '}{_rule(row)}  # {', '.join(_facts(row))}; {why}")
        if row.branch.examples:
            lines.append("  #     such as " + "  ".join(_quoted(one) for one in row.branch.examples))
    out.append("fields:" if active else "fields: {}")
    return "\n".join([*out, *lines]) + "\n"


def as_jsonl(rows: Iterable[Row]) -> Iterator[bytes]:
    """A row for each place."""
    for row in rows:
        branch = row.branch
        found = {
            entity: {"values": one.leaves, "whole": one.whole, "by_name": one.keyed}
            for entity, one in sorted(branch.found.items())
        }
        line: dict[str, object] = {
            "path": row.path,
            "present": round(row.share, 4),
            "values": branch.values,
            "types": dict(branch.types),
            "forms": dict(branch.forms),
            "distinct": branch.distinct,
            "more": branch.more,
            "found": found,
            "action": row.action,
            "entity": row.entity,
            "reason": row.reason,
            "doubt": row.doubt,
        }
        if branch.examples:
            line["examples"] = branch.examples
        yield orjson.dumps(line) + b"\n"


def _head(profile: Profile, strategy: str) -> Iterator[str]:
    yield (
        f"# A draft by cecil-map {cecil.__version__}, from a sample of {_count(profile.records, 'record')}"
        + (f" and {_count(profile.lines, 'line')} of text." if profile.lines else ".")
    )
    yield "# Read it before you use it: what the sample does not hold, it does not know."
    if strategy == "deep":
        yield "# Everything is scanned, named here or not; what is commented out says what happens anyway."
    else:
        yield "# Only what is named here stays, after scanning; what is commented out is dropped."
    seen = {name for name in shapes.SHAPES for _, branch in walk(profile.root) if branch.shapes[name]}
    for name in shapes.SHAPES:
        if name in seen:
            shape = shapes.SHAPES[name]
            yield f"# Looks like {shape.title}: {shape.source}"
            if shape.remark:
                yield f"#   {shape.remark}"
    if seen & shapes.LLM:
        yield "# The policy llm is made for such records: see what it does to them with --check llm."
    for name, count in sorted(profile.text_shapes.items()):
        line = shapes.LINES[name]
        yield f"# {_count(count, 'line')} of text: {line.title}; {line.stays}"
    if profile.lines:
        facts = [f"{entity} in {one.leaves:,}" for entity, one in sorted(profile.text.found.items())]
        yield "# Found in lines of text: " + (", ".join(facts) or "nothing")
        yield "#   A line of text has no fields: only what is found in it is replaced" + (
            "." if strategy == "deep" else "; a strict policy sends it to quarantine."
        )
        for example in profile.text.examples:
            yield f"#     such as {_quoted(example)}"
    if profile.overflow:
        yield f"# {_count(profile.overflow, 'member')} found no place any more and stand under *."


def _going(row: Row) -> bool:
    """Whether a deep policy needs a rule that what stands there goes."""
    return row.written and row.action != "keep" and row.branch.present > 0


def _taker(row: Row, taking: Matcher[str]) -> str | None:
    """The rule for names that are values which holds for a place with a name of its own, too."""
    taker, state = None, taking.start
    for step in parse(row.path):
        state = taking.step(state, step.lstrip("\0"))
        taker = taking.rule(state) or taker
    return taker


def _kept(row: Row) -> bool:
    return row.action == "keep" and not row.doubt


def _why(row: Row) -> str:
    said = row.reason
    if row.doubt and (row.action == "keep" or not row.written):
        said += f"; {row.doubt}"
    return said


def _rule(row: Row) -> str:
    action = f"{{action: {row.action}, entity: {row.entity}}}" if row.entity else row.action
    return f"{_key(row.path)}: {action}"


def _key(path: str) -> str:
    if _PLAIN.fullmatch(path) and path.lower() not in _WORDS:
        return path
    return _quoted(path)


def _quoted(text: str) -> str:
    """Text in YAML's double quotes, on one line (YAML 1.2.2, 7.3.1; its escapes are those of 1.1)."""
    shown = []
    for character in text:
        code = ord(character)
        if character in '"\\':
            shown.append("\\" + character)
        elif " " <= character <= "~" or (character.isprintable() and code > 0xA0):
            shown.append(character)
        elif code <= 0xFF:
            shown.append(f"\\x{code:02x}")
        elif code <= 0xFFFF:
            shown.append(f"\\u{code:04x}")
        else:
            shown.append(f"\\U{code:08x}")
    return '"' + "".join(shown) + '"'


def _facts(row: Row) -> Iterator[str]:
    branch = row.branch
    if not branch.present:
        yield "not in the sample"
        return
    types = [(_type(branch, name), count) for name, count in branch.types.most_common()]
    if len(types) == 1:
        yield types[0][0]
    for name, count in types if len(types) > 1 else ():
        yield f"{name} {_percent(count, branch.values)}"
    if branch.objects or branch.lists or not branch.values:
        yield "object" if branch.objects else "list"
    if row.share < 1:
        yield f"present {_percent(row.share, 1)}"
    if branch.deeper:
        yield f"more than {DEEPEST} names deep"
    if branch.distinct:
        yield _distinct(branch)
    values = branch.values - branch.types["null"]
    for entity, one in sorted(branch.found.items()):
        yield f"{entity} in {_percent(one.leaves, values)}"


def _type(branch: Branch, name: str) -> str:
    """A type, and what strings mostly look like where that says something."""
    if name != "string":
        return name
    form, count = branch.forms.most_common(1)[0]
    telling = form in _TELLING and count * 2 > branch.types[name]
    return f"string ({form})" if telling else name


def _distinct(branch: Branch) -> str:
    if branch.more:
        return f"{MOST_DISTINCT:,} or more values" if branch.distinct == MOST_DISTINCT else "many values"
    return _count(branch.distinct, "value")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _percent(part: float, whole: float) -> str:
    """A share; what is not nothing is not 0, and what is not all is not 100."""
    if part >= whole:
        return "100 %"
    share = 100 * part / whole
    return "under 1 %" if share < 1 else f"{min(99, round(share))} %"
