"""What stands where in a sample of records: every place with its types, forms, cardinality and findings.

A tree of names. Items of a list are one place, `[*]`. So are the members of an object whose names are
values, `*`: a name in which something was found, one that looks like an id (see `cecil.sanitizer.forms`), and
names of one object that hardly ever come again or that stand for things of one kind. Of values nothing is
kept but their types and forms, eight bytes of a keyed hash while there are few, and with `examples` what is
left of them once they are redacted and masked.

Owns: the tree, and its bounds: memory does not grow with the sample. Refuses: to judge records; it is told
what was found.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from hashlib import blake2b
from typing import Any, NamedTuple

from cecil.sanitizer import decoding, shapes
from cecil.sanitizer.forms import form, is_name
from cecil.sanitizer.leaves import text_of
from cecil.sanitizer.paths import Matcher, State, parse
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Finding

MOST_PLACES = 10_000
MOST_NAMES = 2_000
"""Places in all, and names in one object."""

DEEPEST = 32
"""Names on the way to a place; what lies deeper is counted, not looked at."""

MOST_DISTINCT = 1_000
"""Distinct values that are counted at one place."""

_MOST_HASHES = 500_000
_MOST_SHEETS = 64
_EXAMPLES = 2
_EXAMPLE = 32

# When names are values; see `_values`.
_MANY = 16
_FEW = 4
_OBJECTS = 20
_ONE_RECORD = 200

_DIGITS = re.compile(r"\d+")
_PLAIN = re.compile(r"[\w@$-]++")


class Any_(Enum):
    """A step of a place that stands for many."""

    ITEM = "[*]"
    NAME = "*"


Step = str | Any_


class Outcome(NamedTuple):
    """What a policy does to a value.

    Attributes:
        action: an action's name, `scan` where no rule names the place, `unmapped` where a strict policy drops
            it for that.
        rule: the number of the rule under `fields`; None where there is none.
    """

    action: str
    rule: int | None


class Findings:
    """What was found of one entity at a place.

    Attributes:
        leaves: values in which it was.
        whole: values that it was all of.
        keyed: values of which the key's name says so.
    """

    __slots__ = ("keyed", "leaves", "whole")

    def __init__(self) -> None:
        self.leaves = self.whole = self.keyed = 0


class Branch:
    """A place, and those below it.

    Attributes:
        present: how often something stood there.
        types, forms: of values that are neither object nor list; forms are those of strings.
        distinct: different values, up to `MOST_DISTINCT`.
        more: whether there were more of them than are counted.
        found: by entity.
        outcomes: what a policy's rules say of values here.
        done: what it found here and did to it: (entity, action).
        examples: masked.
        objects, lists: how often an object or a list stood there.
        names: members, by name, in the order in which they came.
        any_name, item: members whose names are values; items.
        named: whether values here have their name beside them: `{"name": "Cookie", "value": …}`.
        deeper: containers that were not looked into.
        shapes: known shapes of objects here.
    """

    __slots__ = (
        "any_name",
        "deeper",
        "done",
        "examples",
        "forms",
        "found",
        "full",
        "hashes",
        "item",
        "lists",
        "more",
        "named",
        "names",
        "objects",
        "outcomes",
        "present",
        "shapes",
        "types",
    )

    def __init__(self) -> None:
        self.present = self.objects = self.lists = self.deeper = 0
        self.more = self.named = self.full = False
        self.types: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()
        self.hashes: set[bytes] = set()
        self.found: dict[str, Findings] = {}
        self.outcomes: Counter[Outcome] = Counter()
        self.done: Counter[tuple[str, str]] = Counter()
        self.examples: list[str] = []
        self.names: dict[str, Branch] = {}
        self.any_name: Branch | None = None
        self.item: Branch | None = None
        self.shapes: Counter[str] = Counter()

    @property
    def distinct(self) -> int:
        return len(self.hashes)

    @property
    def values(self) -> int:
        """Values that are neither object nor list."""
        return self.types.total()

    def below(self) -> Iterator[tuple[Step, "Branch"]]:
        """The places right below this one."""
        yield from self.names.items()
        if self.any_name:
            yield Any_.NAME, self.any_name
        if self.item:
            yield Any_.ITEM, self.item

    def holds(self, entity: str) -> Findings:
        return self.found.setdefault(entity, Findings())

    def take(self, other: "Branch") -> None:
        """Make two places one."""
        self.present += other.present
        self.objects += other.objects
        self.lists += other.lists
        self.deeper += other.deeper
        self.more |= other.more
        self.named |= other.named
        for mine, its in (
            (self.types, other.types),
            (self.forms, other.forms),
            (self.shapes, other.shapes),
        ):
            mine.update(its)
        self.outcomes.update(other.outcomes)
        self.done.update(other.done)
        self.hashes |= other.hashes
        while len(self.hashes) > MOST_DISTINCT:
            self.hashes.pop()
            self.more = True
        for entity, its_findings in other.found.items():
            here = self.holds(entity)
            here.leaves += its_findings.leaves
            here.whole += its_findings.whole
            here.keyed += its_findings.keyed
        self.examples = [*dict.fromkeys(self.examples + other.examples)][:_EXAMPLES]
        for name, branch in other.names.items():
            if name in self.names:
                self.names[name].take(branch)
            else:
                self.names[name] = branch
        if other.any_name:
            self.any_name = _one(self.any_name, other.any_name)
        if other.item:
            self.item = _one(self.item, other.item)


def _one(mine: Branch | None, its: Branch) -> Branch:
    if mine is None:
        return its
    mine.take(its)
    return mine


class _Sheet(NamedTuple):
    """The rules that hold for some records.

    Attributes:
        matcher: gives a rule's number.
        numbers, lengths: of each of its rules, the number and the number of steps.
    """

    matcher: Matcher[int]
    numbers: list[int]
    lengths: list[int]


class Watch:
    """What a policy's rules for fields say of each place.

    Args:
        policy: the policy.
        holding: which of its cases are true of a record.

    Attributes:
        rules: (path, action) of all rules, those of cases behind the others.
        matched: the numbers of those that named a place.
    """

    def __init__(self, policy: Policy, holding: Callable[[Any], tuple[bool, ...]]) -> None:
        self.rules = [*policy.fields, *(rule for case in policy.cases for rule in case.fields)]
        self.matched: set[int] = set()
        self._policy = policy
        self._holding = holding
        self._strict = policy.strategy == "strict"
        self._sheets: dict[tuple[bool, ...], _Sheet] = {}

    def start(self, record: Any) -> "View":
        """What is said of a record as a whole."""
        holding = self._holding(record)
        sheet = self._sheets.get(holding)
        if sheet is None:
            if len(self._sheets) >= _MOST_SHEETS:
                self._sheets.clear()
            sheet = self._sheets[holding] = self._sheet(holding)
        return self._view(sheet, sheet.matcher.start, None)

    def below(self, view: "View", step: str) -> "View":
        """What is said one step further down; items of a list are numbered."""
        if view.gone:
            return view
        return self._view(view.sheet, view.sheet.matcher.step(view.state, step), view.rule)

    def leaf(self, view: "View") -> Outcome:
        """What becomes of a value."""
        if view.gone:
            return view.gone
        if view.rule is not None:
            return Outcome(self.rules[view.rule][1].name, view.rule)
        return Outcome("unmapped" if self._strict else "scan", None)

    def _sheet(self, holding: tuple[bool, ...]) -> _Sheet:
        numbers = list(range(len(self._policy.fields)))
        first = len(numbers)
        for case, true in zip(self._policy.cases, holding, strict=True):
            if true:
                numbers += range(first, first + len(case.fields))
            first += len(case.fields)
        more = len(numbers) - len(self._policy.fields)
        rules = [(self.rules[number][0], number) for number in numbers]
        return _Sheet(Matcher(rules, more), numbers, [len(parse(path)) for path, _ in rules])

    def _view(self, sheet: _Sheet, state: State, above: int | None) -> "View":
        self.matched.update(sheet.numbers[index] for index, at in state if at == sheet.lengths[index])
        rule = sheet.matcher.rule(state)
        rule = above if rule is None else rule
        gone = None
        if rule is not None and self.rules[rule][1].name == "drop":
            gone = Outcome("drop", rule)
        elif self._strict and rule is None and not sheet.matcher.alive(state):
            gone = Outcome("unmapped", None)
        return View(sheet, state, rule, gone)


class View(NamedTuple):
    """What the rules say at one place of a record.

    Attributes:
        sheet, state: the rules, and how far they match.
        rule: the number of the one that holds.
        gone: what becomes of all below, where nothing of it stays.
    """

    sheet: _Sheet
    state: State
    rule: int | None
    gone: Outcome | None


class Profile:
    """Gathers what stands where.

    Args:
        key: random bytes of this run, for hashes of values.
        examples: whether to keep masked examples.

    Attributes:
        root: the place of a record.
        records, lines: how many were added.
        places: how many there are.
        overflow: members that found no place of their own any more.
        text: lines of text, as if they stood at a place.
        text_shapes: known shapes of lines of text.
    """

    def __init__(self, key: bytes, *, examples: bool = False) -> None:
        self._key = key
        self._examples = examples
        self._hashes = 0
        self.root = Branch()
        self.text = Branch()
        self.text_shapes: Counter[str] = Counter()
        self.records = self.lines = self.overflow = 0
        self.places = 1

    def add_line(self, line: str, redacted: str, findings: Sequence[Finding]) -> None:
        """A line of text.

        Args:
            redacted: by the default policy.
        """
        self.lines += 1
        self.text.present += 1
        shape = shapes.of_line(line)
        if shape:
            self.text_shapes[shape] += 1
        self._value(self.text, line, redacted, findings)

    def add(
        self,
        record: Any,
        redacted: Any,
        findings: Sequence[Finding],
        keyed: "KeyFindings",
        watch: Watch | None = None,
    ) -> None:
        """A record.

        Args:
            redacted: the same by a policy that drops nothing: so their members stand side by side.
            findings: of that.
            keyed: says how many findings are in a key.
            watch: a policy's rules to be looked up for each value.
        """
        self.records += 1
        by_pointer: dict[str, list[Finding]] = {}
        for one in findings:
            by_pointer.setdefault(one.pointer, []).append(one)
        _Walk(self, by_pointer, keyed, watch).go(
            record, redacted, self.root, "", 0, watch.start(record) if watch else None
        )

    def did_to_line(self, findings: Sequence[Finding]) -> None:
        """What a policy found in a line of text, and did."""
        self.text.done.update((one.entity, one.action) for one in findings)

    def did(self, findings: Sequence[Finding]) -> None:
        """What a policy found in the record that was added last, and did.

        Args:
            findings: their pointers bear the names of what it made of the record. One that is not known is
                that of a place whose name is a value.
        """
        for one in findings:
            if one.entity != "FIELD":
                self._place(one.pointer).done[one.entity, one.action] += 1

    def _place(self, pointer: str) -> Branch:
        """The place that a pointer means, or the lowest above it that there is."""
        branch = self.root
        for step in pointer.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            below = branch.names.get(name) or (branch.item if step.isdecimal() else None) or branch.any_name
            if below is None:
                break
            branch = below
        return branch

    def settle(self) -> None:
        """Names that are values become one place, all over the tree. Called at the end."""
        stack = [self.root]
        while stack:
            branch = stack.pop()
            self._collapse(branch)
            stack += [below for _, below in branch.below()]

    def _collapse(self, branch: Branch) -> None:
        names = _values(branch)
        if not names:
            return
        together = branch.any_name or Branch()
        for name in names:
            together.take(branch.names.pop(name))
        branch.any_name = together
        self.places = sum(1 for _ in walk(self.root))

    def _name(self, branch: Branch, key: str, new: str) -> Branch | None:
        """The place of a member; None where there is no room for it."""
        found = branch.names.get(key) if key == new else None
        if found:
            return found
        if key == new and is_name(key) and not branch.full:
            if len(branch.names) >= MOST_NAMES:
                self._collapse(branch)
                branch.full = len(branch.names) >= MOST_NAMES
            if not branch.full and self.places < MOST_PLACES:
                self.places += 1
                made = branch.names[key] = Branch()
                return made
            self.overflow += 1
        elif key == new and branch.full:
            self.overflow += 1
        if branch.any_name is None:
            if self.places >= 2 * MOST_PLACES:
                return None
            self.places += 1
            branch.any_name = Branch()
        return branch.any_name

    def _item(self, branch: Branch) -> Branch | None:
        if branch.item is None:
            if self.places >= 2 * MOST_PLACES:
                self.overflow += 1
                return None
            self.places += 1
            branch.item = Branch()
        return branch.item

    def _value(self, branch: Branch, value: Any, redacted: Any, findings: Sequence[Finding]) -> None:
        kind = _kind(value)
        branch.types[kind] += 1
        if value is None:
            return
        text = text_of(value)
        if kind == "string":
            branch.forms[form(text)] += 1
        self._count(branch, kind, text)
        said: set[str] = set()
        for one in findings:
            if one.entity in said:
                continue
            said.add(one.entity)
            here = branch.holds(one.entity)
            here.leaves += 1
            here.whole += one.start == 0 and one.end >= len(text)
            here.keyed += one.detector == "key"
        if self._examples and len(branch.examples) < _EXAMPLES:
            example = _masked(redacted, said)
            if example not in branch.examples:
                branch.examples.append(example)

    def _count(self, branch: Branch, kind: str, text: str) -> None:
        if branch.more:
            return
        data = f"{kind} {text}".encode("utf-8", "surrogatepass")
        digest = blake2b(data, digest_size=8, key=self._key).digest()
        if digest in branch.hashes:
            return
        if len(branch.hashes) >= MOST_DISTINCT or self._hashes >= _MOST_HASHES:
            branch.more = True
            return
        branch.hashes.add(digest)
        self._hashes += 1


class KeyFindings:
    """How many findings are in a key itself; a sanitizer says it once for each.

    Args:
        sanitizer: that which redacts the records.
    """

    def __init__(self, sanitizer: Any) -> None:
        self._sanitizer = sanitizer

    def __call__(self, key: str) -> int:
        return len(self._sanitizer.redact({key: None})[1])


class _Walk:
    """One record on its way into a profile."""

    def __init__(
        self,
        profile: Profile,
        findings: dict[str, list[Finding]],
        keyed: KeyFindings,
        watch: Watch | None,
    ) -> None:
        self._profile = profile
        self._findings = findings
        self._keyed = keyed
        self._watch = watch

    def go(
        self,
        value: Any,
        redacted: Any,
        branch: Branch,
        pointer: str,
        depth: int,
        view: View | None,
        skipped: int = 0,
    ) -> None:
        """A value and all below it, to a depth that is bounded.

        Args:
            pointer: of the redacted record.
            skipped: findings at the pointer that are in the key.
        """
        branch.present += 1
        profile, watch = self._profile, self._watch
        if type(value) is dict:
            branch.objects += 1
            branch.shapes.update(shapes.of(value))
            if depth >= DEEPEST:
                branch.deeper += 1
                return
            named = decoding.named_value(value)
            for (key, child), (new, its) in zip(value.items(), redacted.items(), strict=True):
                below = profile._name(branch, key, new)
                if below is None:
                    profile.overflow += 1
                    continue
                below.named |= branch.named or (named is not None and named[1] == key)
                here = pointer + "/" + new.replace("~", "~0").replace("/", "~1")
                seen = watch.below(view, key) if watch and view else None
                inside = self._keyed(key) if key != new else 0
                self.go(child, its, below, here, depth + 1, seen, inside)
        elif type(value) is list:
            branch.lists += 1
            if depth >= DEEPEST:
                branch.deeper += 1
                return
            for index, (child, its) in enumerate(zip(value, redacted, strict=True)):
                item = profile._item(branch)
                if item is None:
                    break
                item.named |= branch.named
                seen = watch.below(view, str(index)) if watch and view else None
                self.go(child, its, item, f"{pointer}/{index}", depth + 1, seen)
        else:
            profile._value(branch, value, redacted, self._findings.get(pointer, ())[skipped:])
            if watch and view:
                branch.outcomes[watch.leaf(view)] += 1


def _values(branch: Branch) -> list[str]:
    """The names of an object that are values, as far as their number tells.

    - Of many objects, those that are in hardly any of them, where they are many.
    - Those that are one another but for their digits, as `user_1`, where most objects have few of them.
    - Those below which things of one kind stand, where most objects have few of them, or there is one object.
    """
    objects, names = branch.objects, branch.names
    if len(names) < _FEW:
        return []
    if objects >= _OBJECTS:
        rare = [name for name, one in names.items() if one.present * 100 <= max(objects, 100)]
        if len(rare) >= _MANY:
            return rare
    alike: dict[str, list[str]] = {}
    for name in names:
        if _DIGITS.search(name):
            alike.setdefault(_DIGITS.sub("0", name), []).append(name)
    found = [
        name
        for group in alike.values()
        if len(group) >= _FEW
        for name in group
        if objects == 1 or names[name].present * 2 <= objects
    ]
    if len(found) >= _FEW:
        return found
    share = sum(one.present for one in names.values()) / len(names) / objects
    kinds = [one for one in names.values() if one.objects and not one.values and not one.lists]
    if len(kinds) == len(names):
        members = [len(one.names) for one in kinds]
        union = {name for one in kinds for name in one.names}
        same = len(union) > 1 and sum(members) >= 0.75 * len(union) * len(kinds)
        return list(names) if same and (objects == 1 or share < 0.5) else []
    types = {kind for one in names.values() for kind in one.types} - {"null"}
    flat = len(types) == 1 and not any(one.objects or one.lists for one in names.values())
    many = len(names) >= (_ONE_RECORD if objects == 1 else _MANY)
    return list(names) if flat and many and (objects == 1 or share < 0.25) else []


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if value is True or value is False:
        return "boolean"
    if type(value) is str:
        return "string"
    # A number that Python's types do not hold comes as text of its own.
    text = str(value)
    return "number" if any(character in ".eEn" for character in text) else "integer"


def _masked(redacted: Any, entities: set[str]) -> str:
    """What may be shown of a value: letters as a, digits as 0, and the names of what was found."""
    text = redacted if type(redacted) is str else "null" if redacted is None else str(redacted)
    pieces = re.split(f"(<(?:{'|'.join(sorted(entities))})>)", text) if entities else [text]
    masked = "".join(piece if index % 2 else _plain(piece) for index, piece in enumerate(pieces))
    return masked[:_EXAMPLE] + ("..." if len(masked) > _EXAMPLE else "")


def _plain(text: str) -> str:
    shown = []
    for character in text[: 4 * _EXAMPLE]:
        if character.isalpha():
            shown.append("a")
        elif character.isalnum():
            shown.append("0")
        else:
            shown.append(character if character.isascii() and character.isprintable() else "?")
    return "".join(shown)


def walk(root: Branch) -> Iterator[tuple[tuple[Step, ...], Branch]]:
    """Every place, each before those below it, in the order in which they came."""
    stack: list[tuple[tuple[Step, ...], Branch]] = [((), root)]
    while stack:
        steps, branch = stack.pop()
        yield steps, branch
        stack += reversed([((*steps, step), below) for step, below in branch.below()])


def spelled(steps: Sequence[Step]) -> str:
    """A place as policies write it; `parse` reads it so. Empty for the record itself."""
    text = ""
    for step in steps:
        if step is Any_.ITEM:
            text += "[*]"
            continue
        if text:
            text += "."
        if isinstance(step, Any_):
            text += "*"
        elif _PLAIN.fullmatch(step) and not step.isdecimal():
            text += step
        else:
            text += '"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
