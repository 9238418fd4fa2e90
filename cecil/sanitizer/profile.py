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
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from cecil.errors import RecordError
from cecil.sanitizer import decoding, shapes
from cecil.sanitizer.branches import MOST_DISTINCT, MOST_EXAMPLES, Branch, values_among, walk
from cecil.sanitizer.forms import form, is_name
from cecil.sanitizer.leaves import text_of
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.sanitizer import Finding, Sanitizer
from cecil.sanitizer.watch import View, Watch
from cecil.stream.jsontext import loads

MOST_PLACES = 10_000
MOST_NAMES = 2_000
"""Places in all, and names in one object."""

DEEPEST = 32
"""Names on the way to a place; what lies deeper is counted, not looked at."""

_MOST_HASHES = 500_000
_EXAMPLE = 32
"""Characters of an example."""


def naming(policy: Policy | None) -> Policy:
    """The policy that says which names are values: the default one, with all that another looks for besides.

    Args:
        policy: what is applied to the sample; None where nothing is.
    """
    default = Policy.built_in("default")
    if policy is None:
        return default
    return default._replace(
        keys=policy.keys,
        countries=policy.countries,
        recognizers=policy.recognizers,
        recognizers_file=policy.recognizers_file,
        deny=policy.deny,
    )


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
        names = values_among(branch)
        if not names:
            return
        together = branch.any_name or Branch()
        for name in names:
            together.take(branch.names.pop(name))
        branch.any_name = together
        self.places = sum(1 for _ in walk(self.root))

    def _name(self, branch: Branch, key: str, new: str) -> Branch | None:
        """The place of a member; None where there is no room for it."""
        crowded = False
        if key == new:
            found = branch.names.get(key)
            if found:
                return found
            crowded = is_name(key)
            if crowded and self._room(branch):
                self.places += 1
                branch.names[key] = Branch()
                return branch.names[key]
        if branch.any_name is None:
            if self.places >= 2 * MOST_PLACES:
                return None
            self.places += 1
            branch.any_name = Branch()
        self.overflow += crowded
        return branch.any_name

    def _room(self, branch: Branch) -> bool:
        """Whether an object can have one name more."""
        if not branch.full and len(branch.names) >= MOST_NAMES:
            self._collapse(branch)
            branch.full = len(branch.names) >= MOST_NAMES
        return not branch.full and self.places < MOST_PLACES

    def _item(self, branch: Branch) -> Branch | None:
        if branch.item is None:
            if self.places >= 2 * MOST_PLACES:
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
            looks = form(text)
            branch.forms[looks] += 1
            if looks == "json":
                branch.inside.update(_shapes_inside(text))
        self._count(branch, kind, text)
        said: set[str] = set()
        for one in findings:
            if one.entity in said:
                continue
            said.add(one.entity)
            here = branch.holds(one.entity)
            here.leaves += 1
            whole = one.start == 0 and one.end >= len(text)
            here.whole += whole
            # In JSON in a string a key is one of that.
            here.keyed += whole and one.detector == "key"
        if self._examples and len(branch.examples) < MOST_EXAMPLES:
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

    def __init__(self, sanitizer: Sanitizer) -> None:
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
            named = decoding.named_values(value)
            for (key, child), (new, its) in zip(value.items(), redacted.items(), strict=True):
                below = profile._name(branch, key, new)
                if below is None:
                    profile.overflow += 1
                    continue
                below.named |= branch.named or (key in named and named[key].sure)
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
                    profile.overflow += len(value)
                    break
                item.named |= branch.named
                seen = watch.below(view, str(index)) if watch and view else None
                self.go(child, its, item, f"{pointer}/{index}", depth + 1, seen)
        else:
            profile._value(branch, value, redacted, self._findings.get(pointer, ())[skipped:])
            if watch and view:
                branch.outcomes[watch.leaf(view)] += 1


def _shapes_inside(text: str) -> list[str]:
    """The known shapes of an object that stands in a string."""
    try:
        value = loads(text.encode())
    except RecordError:
        return []
    return shapes.of(value) if type(value) is dict else []


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
