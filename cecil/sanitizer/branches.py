"""The tree of a profile: a place, what is known of it, and the places below it.

Items of a list are one place, `[*]`. So are the members of an object whose names are values, `*`. Owns: which
names those are as far as their number tells, how two places become one, and how a place is spelled.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum

from cecil.sanitizer.late import late
from cecil.sanitizer.watch import Outcome

MOST_DISTINCT = 1_000
"""Distinct values that are counted at one place."""

MOST_EXAMPLES = 2

# When names are values; see `values_among`.
_MANY = 16
_FEW = 4
_OBJECTS = 20
_ONE_RECORD = 200

_DIGITS = late(r"\d+")
_PLAIN = late(r"[\w@$-]++")


class Any_(Enum):
    """A step of a place that stands for many."""

    ITEM = "[*]"
    NAME = "*"


Step = str | Any_


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
        inside: the same of JSON in strings.
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
        "inside",
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
        self.inside: Counter[str] = Counter()

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
            (self.inside, other.inside),
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
        self.examples = [*dict.fromkeys(self.examples + other.examples)][:MOST_EXAMPLES]
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


def values_among(branch: Branch) -> list[str]:
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
        elif _PLAIN.fullmatch(step) and not step.isdecimal() and step != "$":
            text += step
        else:
            text += '"' + step.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text
