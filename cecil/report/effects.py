"""What a policy does to a sample: a table for people, and JSONL.

Owns: columns and order. Refuses: to know a value; a place has names of fields, a rule what its policy says.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import orjson

from cecil.errors import printable
from cecil.sanitizer.branches import Branch, spelled, walk
from cecil.sanitizer.profile import Profile
from cecil.sanitizer.watch import Outcome, Watch

_MEANS = {
    "scan": "scanned: no rule",
    "keep": "scanned",
    "trust": "kept unseen",
    "drop": "dropped",
    "unmapped": "dropped: no rule",
    "name": "its name is scanned",
}
_WIDEST = 60
"""Characters of a place before it pushes the other columns."""


class Effects(NamedTuple):
    """What a policy does.

    Attributes:
        profile: of the sample, with what was said and done.
        watch: what saw the rules.
        refused: records and lines that the policy sends to quarantine.
        strict: whether what no rule names is dropped.
    """

    profile: Profile
    watch: Watch
    refused: int
    strict: bool

    @property
    def unused(self) -> list[str]:
        """Rules that name no place of the sample."""
        rules = enumerate(self.watch.rules)
        return [path for number, (path, _) in rules if number not in self.watch.matched]

    @property
    def uncovered(self) -> int:
        """Places with values that no rule names."""
        return sum(any(one.rule is None for one in branch.outcomes) for _, branch in walk(self.profile.root))

    def places(self) -> Iterator[tuple[str, Outcome, int, dict[str, int]]]:
        """(path, what happens, to how many values, what is found), in the order in which they came.

        What is found at a place stands in its first row.
        """
        for steps, branch in walk(self.profile.root):
            found = _done(branch)
            for outcome, count in branch.outcomes.most_common():
                yield spelled(steps), outcome, count, found
                found = {}
            if found:  # in a name, below which other things stand
                yield spelled(steps), Outcome("name", None), 0, found

    def found(self) -> dict[str, int]:
        """All findings: `ENTITY action` and how many."""
        totals: Counter[str] = Counter()
        for _, branch in walk(self.profile.root):
            totals.update(_done(branch))
        totals.update(_done(self.profile.text))
        return dict(sorted(totals.items()))


def _done(branch: Branch) -> dict[str, int]:
    return {f"{entity} {action}": count for (entity, action), count in sorted(branch.done.items())}


def as_table(effects: Effects) -> str:
    """The table, and what is to be said of all of it."""
    rows = [("place", "values", "what happens", "rule", "found")]
    for path, outcome, count, found in effects.places():
        rows.append(
            (
                path or "(the record)",
                f"{count:,}",
                _means(outcome),
                _rule(effects, outcome) or "",
                _list(found),
            )
        )
    if effects.profile.lines:
        means = "quarantine: no fields" if effects.strict else _MEANS["scan"]
        found = _done(effects.profile.text)
        rows.append(("(lines of text)", f"{effects.profile.lines:,}", means, "", _list(found)))
    out = [*_aligned(rows), ""] if len(rows) > 1 else []
    return "\n".join([*out, *_notes(effects)]) + "\n"


def as_jsonl(effects: Effects) -> Iterator[bytes]:
    """A row for each place and what happens there, one for each rule without a place, and one for all."""
    for path, outcome, count, found in effects.places():
        rule = _rule(effects, outcome)
        yield _line({"place": path, "values": count, "action": outcome.action, "rule": rule, "found": found})
    for path in effects.unused:
        yield _line({"unused": path})
    yield _line(
        {
            "records": effects.profile.records,
            "lines": effects.profile.lines,
            "refused": effects.refused,
            "uncovered": effects.uncovered,
            "found": effects.found(),
            "found_in_lines": _done(effects.profile.text),
        }
    )


def _line(row: dict[str, object]) -> bytes:
    return orjson.dumps(row) + b"\n"


def _list(found: dict[str, int]) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in found.items())


def _means(outcome: Outcome) -> str:
    return _MEANS.get(outcome.action, outcome.action)


def _rule(effects: Effects, outcome: Outcome) -> str | None:
    return None if outcome.rule is None else effects.watch.rules[outcome.rule][0]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [min(_WIDEST, max(len(row[column]) for row in shown)) for column in range(len(rows[0]))]
    lines = []
    for row in shown:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[1] = row[1].rjust(widths[1])
        lines.append("  ".join(cells).rstrip())
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]


def _notes(effects: Effects) -> Iterator[str]:
    values: Counter[str] = Counter()
    for _, outcome, count, _ in effects.places():
        values[_means(outcome) if outcome.action in _MEANS else f"{outcome.action} by a rule"] += count
    parts = ", ".join(f"{count:,} {what}" for what, count in sorted(values.items()) if count)
    yield f"values: {parts or 'none'}"
    yield f"findings: {_list(effects.found()) or 'none'}"
    if effects.refused:
        yield f"quarantine: {effects.refused:,} of {effects.profile.records + effects.profile.lines:,}"
    for path in effects.unused:
        yield f"a rule without a place: {printable(path)}"
    yield f"places without a rule: {effects.uncovered:,}"
