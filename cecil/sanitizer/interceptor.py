"""The Deep Interceptor: every leaf of any nesting is judged, by its keys and by its value; keys too."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import accumulate
from typing import Any, Literal, NamedTuple

from cecil.errors import RecordError
from cecil.sanitizer import decoding, grids, keys, promises
from cecil.sanitizer.actions import SCANNED, Action
from cecil.sanitizer.changes import Change, Drop, Path, Rename, Replace, without_item
from cecil.sanitizer.detectors.secrets import codes, cookies, noise
from cecil.sanitizer.detectors.secrets.columns import BOUND, STATEMENTS, held
from cecil.sanitizer.leaves import Found, Leaves, text_of
from cecil.sanitizer.names.evidence import told_again
from cecil.sanitizer.names.labels import ENTITIES, PERSON
from cecil.sanitizer.paths import Matcher, State
from cecil.sanitizer.spans import Miss

_CONTEXT_WORDS = 6
_PATH_KEYS = 3
_PLACES = 16384
_LONGEST_KEY = 256
"""Places that are remembered, and characters of a key that is: so the memory stays flat."""
_QUIET, _ENTRY, _LONGEST_QUIET = 8 << 20, 100, 1 << 19
"""Characters of quiet texts that are remembered, of which each takes some besides; and of one that is."""

BEGIN = "-----BEGIN"
"""A key in PEM can stand in a list, each of its lines an item."""
_OF_COMMANDS = ("secret:curl-user", "secret:tool-password")
"""What finds a password by the words of a command before it."""

Findings = list[tuple[Path, Found]]

_WORDLESS = ("SECRET", "PASSWORD")

_OF_STATISTICS = frozenset({"LOCATION", "US_ZIP_CODE"})

_TRUSTED = Found("FIELD", 1.0, "field", "trust")

_LEAVE = ("keep", "trust")


class Place:
    """What the keys that lead to a place say of what stands there. Made once for each such path.

    Attributes:
        names: the last keys, from the outside in.
        entity: what they promise.
        words: of the keys; they count as standing near the value.
        time: whether the last key promises a time.
        terse: what the last key alone promises of a value that looks like it.
        spoken: whether a word of them is one for which recognizers wait, or the value has to be looked at.
        new, found: the last key as it goes on, and what was found in it.
        quiet: texts that stood here in records, and in which nothing was found.
        below: places below this one, by key.
    """

    __slots__ = ("below", "entity", "found", "names", "new", "quiet", "spoken", "terse", "time", "words")

    def __init__(
        self, names: tuple[str, ...], entity: str | None, words: tuple[str, ...], time: bool = False
    ) -> None:
        self.names = names
        self.entity = entity
        self.words = words
        self.time = time
        self.terse: str | None = None
        self.spoken = False
        self.new = ""
        self.found: tuple[Found, ...] = ()
        self.quiet: set[str] = set()
        self.below: dict[str, Place] = {}


class _Rows(NamedTuple):
    """That the items of a list are rows.

    Attributes:
        columns: the places of each row's values.
        first: the row from which they are.
    """

    columns: list[Place]
    first: int


_Inside = list[Place] | _Rows | Literal["cell"] | None
"""What is known of what lies in a value: of a list whose items have a place each, those; that its items are
rows; and that an object holds the value of a cell, at the cell's place."""

_Held = tuple[Any, Path, State, Action | None, Place, _Inside]
"""What is still to be judged: a value, where it is, what the policy says of it, its place, and what is known
of what lies in it."""


class Interceptor:
    """Judges records.

    Args:
        leaves: judges leaves, and keys as texts.
        matcher: the policy's fields.
        inner: those that hold in JSON in a text too. There `keep` and `trust` only end what another says:
            whoever wrote the text could have named anything so.
        promise: what a path of keys promises; see `cecil.sanitizer.keys.promise`.
        holds: whether a value has the form that they want; see `cecil.sanitizer.keys.Vocabulary.holds`.
        terse: what one key promises of some values; see `cecil.sanitizer.keys.TERSE`.
        audit: whether to tell what goes on unseen.

    Attributes:
        misses: near misses and where they were, where `leaves` gathers them.
    """

    def __init__(
        self,
        leaves: Leaves,
        matcher: Matcher[Action],
        inner: Matcher[Action],
        promise: Callable[[tuple[str, ...]], str | None] = keys.promise,
        terse: Callable[[str], str | None] = keys.DEFAULT.terse,
        *,
        holds: Callable[[tuple[str, ...], str], bool] = keys.DEFAULT.holds,
        audit: bool = False,
    ) -> None:
        self._leaves = leaves
        self._matcher = matcher
        self._inner = inner
        self._promise = promise
        self._holds = holds
        self._terse = terse
        self._audit = audit
        self.misses: list[tuple[Path, Miss]] = []
        # Of records, and of JSON in texts: by the words that lead to them.
        self._roots: dict[tuple[str, ...], Place] = {}
        self._places = 0
        self._quiet: list[Place] = []
        self._quiet_left = _QUIET
        self._people: list[str] = []
        self._looks_for_names = leaves.looks_for_names

    def judge(
        self,
        record: Any,
        gone: Collection[Path] = (),
        *,
        words: tuple[str, ...] = (),
        depth: int = 0,
        awake: Collection[str] | None = None,
    ) -> tuple[list[Change], Findings]:
        """What is to change in a record, in document order by container, and what was found where.

        Args:
            record: JSON as Python objects; it is not modified.
            gone: places that are dropped already; nothing below them is judged.
            words: of the keys that lead to the text in which the record stands.
            depth: how many texts it stands in; below the outermost only `inner` holds.
            awake: where given, the only texts and keys in which something could be found; numbers are
                among them as they are spelled by `str`.

        Raises:
            DetectorError: a leaf could not be judged.
            RecordError: it is not JSON's types all through.
        """
        if depth or not self._looks_for_names:
            return self._walk(record, gone, words, depth, awake)
        self._people.clear()
        before = len(self.misses)
        judged = self._walk(record, gone, words, depth, awake)
        known = told_again(record, self._people) if self._people else ()
        if not known:
            return judged
        # Who is named by a key is known in all texts of the record.
        del self.misses[before:]
        self._leaves.know(known)
        try:
            return self._walk(record, gone, words, depth, None)
        finally:
            self._leaves.know(())

    def _walk(
        self,
        record: Any,
        gone: Collection[Path],
        words: tuple[str, ...],
        depth: int,
        awake: Collection[str] | None,
    ) -> tuple[list[Change], Findings]:
        """See `judge`."""
        changes: list[Change] = []
        findings: Findings = []
        matcher = self._inner if depth else self._matcher
        fields = matcher.start or gone
        start = matcher.start
        rule = matcher.rule(start) if fields else None
        root = self.root(words)
        begun = awake is None or any(BEGIN in text for text in awake)
        remembers = not depth and self._leaves.alike
        # Iterative: a record may be nested as deep as its parser allows.
        stack: list[_Held] = [(record, (), start, rule, root, None)]
        if self._audit and rule is not None and rule.name == "trust":
            findings.append(((), _TRUSTED))
        while stack:
            value, path, state, rule, place, inside = stack.pop()
            if type(value) is dict:
                named = decoding.named_values(value)
                kin = decoding.kin(value)
                taken: dict[str, int] | None = None
                for key, child in value.items():
                    at = place.below.get(key) or self.below(place, key)
                    below, held = state, rule
                    if fields:
                        below = matcher.step(state, key)
                        held = matcher.rule(below) or rule
                        if depth and held is not None and held.name in _LEAVE:
                            held = None
                        if gone and (*path, key) in gone:
                            continue
                        if self._audit and held is not None and held.name == "trust" and held is not rule:
                            findings.append(((*path, key), _TRUSTED))
                        if held is not None and held.name == "drop":
                            changes.append(Drop((*path, key)))
                            findings.append(((*path, key), Found("FIELD", 1.0, "field", "drop")))
                            continue
                    if at.found and (held is None or held.name != "trust"):
                        taken = dict.fromkeys(value, 1) if taken is None else taken
                        here = (*path, key)
                        # What an action makes of a key can depend on the record.
                        new, found = self._leaves.text(key) if self._leaves.scope else (at.new, at.found)
                        changes.append(Rename(here, _unique(new, taken)))
                        findings += [(here, one) for one in found]
                    if inside == "cell" and key in grids.VALUES:
                        at = place
                    elif named and key in named:
                        at = self.named(place, named[key], at)
                    elif key in kin:
                        at = place.below.get(kin[key]) or self.below(place, kin[key])
                    elif key in decoding.WRAPPERS and place is not root:
                        at = place
                    kind = type(child)
                    if kind is dict or kind is list:
                        each: _Inside = None
                        if type(inside) is _Rows:  # of which this is one
                            each = self._cells(inside.columns, child, at) if grids.holds_cells(key) else None
                        elif inside == "cell" and key in grids.VALUES:
                            each = "cell"
                        elif kind is list and key in BOUND and (columns := _columns_of(value, child)):
                            each = [at if one is None else self.below(at, one) for one in columns]
                        elif kind is list and key in grids.ROWS and (head := grids.head(value, child)):
                            each = self._columns(place, head)
                            if type(each) is list:
                                each = self._cells(each, child, at)
                        stack.append((child, (*path, key), below, held, at, each))
                        continue
                    if remembers and held is None and kind is str and child in at.quiet:
                        continue
                    if held is None and at.entity is None:
                        if (
                            awake is not None
                            and not at.spoken
                            and (child if kind is str else str(child)) not in awake
                        ):
                            continue
                        if at.time and promises.is_epoch(key, child):
                            continue
                    self._leaf(child, (*path, key), held, at, depth, changes, findings)
            elif type(value) is list:
                numbered = matcher.numbered(state) if fields else False
                if inside is None and value and (head := grids.head_of(value)):
                    inside = self._columns(place, head)
                rows = inside if type(inside) is _Rows else None
                places = inside if type(inside) is list else None
                joined = self._joined(value, place, depth) if begun and not places else {}
                names: dict[int, str] = {}
                if not places and str in map(type, value):  # of numbers a list can hold many
                    if decoding.is_command(value):
                        joined |= self._command(value, place, depth)
                    names = decoding.named_items(value)
                    if codes.names_a_seed(place.names) and codes.is_seed(value):
                        joined |= self._seed(value)
                pairs = bool(value) and not rows and type(value[0]) is list and decoding.are_pairs(value)
                for index, child in enumerate(value):
                    below, held = state, rule
                    if fields:
                        below = matcher.step(state, str(index))
                        held = matcher.rule(below) or rule
                        if depth and held is not None and held.name in _LEAVE:
                            held = None
                        if gone and (*path, index) in gone:
                            continue
                        if self._audit and held is not None and held.name == "trust" and held is not rule:
                            findings.append(((*path, index), _TRUSTED))
                        if held is not None and held.name == "drop":
                            here = (*path, index)
                            changes.append(without_item(here, numbered))
                            findings.append((here, Found("FIELD", 1.0, "field", "drop")))
                            continue
                    at = places[index] if places else place
                    kind = type(child)
                    if kind is dict or kind is list:
                        each = [at, self._paired(at, child)] if pairs else None
                        if rows and index >= rows.first:
                            each = rows if kind is dict else self._cells(rows.columns, child, at)
                        elif kind is dict and (places or inside == "cell"):
                            each = "cell"
                        stack.append((child, (*path, index), below, held, at, each))
                        continue
                    if index in joined and (held is None or held.name in SCANNED):
                        new, one = joined[index]
                        changes.append(Replace((*path, index), new))
                        findings.append(((*path, index), one))
                        continue
                    if index in names:
                        at = place.below.get(names[index]) or self.below(place, names[index])
                    if remembers and held is None and kind is str and child in at.quiet:
                        continue
                    if (
                        awake is not None
                        and held is None
                        and at.entity is None
                        and not at.spoken
                        and (child if kind is str else str(child)) not in awake
                    ):
                        continue
                    self._leaf(child, (*path, index), held, at, depth, changes, findings)
            else:
                self._leaf(value, path, rule, place, depth, changes, findings)
        return changes, findings

    def _leaf(
        self,
        value: Any,
        here: Path,
        rule: Action | None,
        place: Place,
        depth: int,
        changes: list[Change],
        findings: Findings,
    ) -> None:
        new, found, by_key = self.verdict(value, rule, place, depth)
        if found:
            if not depth and type(value) is str:
                self._people += people(value, found)
            # What was dropped in JSON that stands in this text is none of its own.
            dropped = here and by_key and found[0].action == "drop"
            if dropped and type(here[-1]) is str:
                changes.append(Drop(here))
            else:
                spans = tuple((one.start, one.end) for one in found)
                changes.append(Replace(here, None if dropped else new, spans))
            findings += [(here, one) for one in found]
        elif type(value) is str and rule is None and not depth and self._leaves.alike:
            self._keep_quiet(value, place)
        if self._leaves.misses:
            self.misses += [(here, miss) for miss in self._leaves.misses]
            self._leaves.misses.clear()

    def _keep_quiet(self, text: str, place: Place) -> None:
        """Remember that nothing is found in a text at a place.

        Histories of chats repeat. To ask `Leaves`, which remembers what is found in a text, takes longer.
        """
        if len(text) > _LONGEST_QUIET:
            return
        self._quiet_left -= len(text) + _ENTRY
        if self._quiet_left < 0:
            for one in self._quiet:
                one.quiet.clear()
            self._quiet.clear()
            self._quiet_left = _QUIET
        if not place.quiet:
            self._quiet.append(place)
        place.quiet.add(text)

    def verdict(
        self, value: Any, rule: Action | None, place: Place, depth: int = 0
    ) -> tuple[Any, tuple[Found, ...], bool]:
        """A leaf's new value, what was found, and whether that is what its keys promise.

        Args:
            rule: what the policy says of it, if anything.
            depth: how many texts it lies in.

        Raises:
            DetectorError: it could not be judged.
        """
        entity = place.entity
        if place.terse is not None and type(value) is str and noise.terse(place.names[-1], value) is None:
            entity = place.terse
        if entity is not None and rule is None:
            known = self._leaves.can_be(entity, value) and self._holds(place.names, text_of(value))
            if known and entity in keys.INHERITED and type(value) is str:
                known = not (promises.is_label(place.names, value) or cookies.is_harmless(place.names, value))
            entity = entity if known else None
        if entity == "PHONE_NUMBER" and rule is None and promises.is_extension(place.names[-1], value):
            entity = None
        new, found = self._leaves.leaf(value, rule, entity, place.words, depth)
        by_key = bool(found) and rule is None and found[0].entity == entity and found[0].detector == "key"
        return new, found, by_key

    def _paired(self, place: Place, pair: list[Any]) -> Place:
        """The place of a value behind its name. Rows of a table are pairs too: a word is none of its secrets,
        and the name of a column no person's."""
        name, value = pair
        at = place.below.get(name) or self.below(place, name)
        word = type(value) is str and value.replace("_", "").isalpha()
        if word and (at.entity in _WORDLESS or self._promise((value,)) is not None):
            return place
        return at

    def _columns(self, place: Place, head: grids.Head) -> _Rows | list[Place] | None:
        """The places of values, or of those in rows, by the names of their columns; none where no column
        promises more than where something is, as statistics do."""
        places = [place.below.get(name) or self.below(place, name) for name in head.names]
        promised = {one.entity for one in places if one.entity}
        if promised <= _OF_STATISTICS and not any(one.terse for one in places):
            return None
        return _Rows(places, head.first) if head.in_rows else places

    def _cells(self, columns: list[Place], row: Any, place: Place) -> list[Place] | None:
        """The places of a row's values. As in `_paired` a word is no secret."""
        if type(row) is not list or len(row) != len(columns):
            return None
        return [
            place if at.entity in _WORDLESS and type(said) is str and said.replace("_", "").isalpha() else at
            for at, said in zip(columns, map(grids.value, row), strict=True)
        ]

    def _joined(self, items: list[Any], place: Place, depth: int) -> dict[int, tuple[str, Found]]:
        """What a key in PEM leaves of a list of its lines, by index: no line says by itself what it is."""
        made: dict[int, tuple[str, Found]] = {}
        end = 0
        for index, item in enumerate(items):
            if index < end or type(item) is not str or BEGIN not in item:
                continue
            end = next((i for i in range(index, len(items)) if type(items[i]) is not str), len(items))
            lines: list[str] = items[index:end]
            text = "\n".join(lines)
            found, starts = self._together(text, lines, place, depth)
            for one in found:
                first = bisect_right(starts, one.start) - 1
                below = starts[first + 1]
                if one.end <= below or BEGIN not in text[one.start : below]:
                    continue
                for line in range(first, bisect_left(starts, one.end)):
                    made[index + line] = self._leaves.covered(lines[line], one)
        return made

    def _command(self, items: list[str], place: Place, depth: int) -> dict[int, tuple[str, Found]]:
        """What is left of the words of a command whose option says that one is a password, by index."""
        made: dict[int, tuple[str, Found]] = {}
        found, starts = self._together(" ".join(items), items, place, depth)
        for one in found:
            index = bisect_right(starts, one.start) - 1
            if one.detector in _OF_COMMANDS and one.end < starts[index + 1]:
                made[index] = self._leaves.covered(items[index], one)
        return made

    def _seed(self, words: list[str]) -> dict[int, tuple[str, Found]]:
        """What is left of the words of a wallet's seed, each an item of a list, by index."""
        (rule,) = codes.SEEDS.rules
        found = self._leaves.told(rule.entity, rule.score, codes.SEEDS.name)
        if found is None:
            return {}
        return {index: self._leaves.covered(word, found) for index, word in enumerate(words)}

    def _together(
        self, text: str, items: list[str], place: Place, depth: int
    ) -> tuple[tuple[Found, ...], list[int]]:
        """What is found in strings that one character joins to a text, and where each of them begins."""
        _, found = self._leaves.text(text, place.words, depth)
        self._leaves.misses.clear()
        return found, [0, *accumulate(len(item) + 1 for item in items)]

    def forget(self) -> None:
        """What was remembered of keys is gone."""
        self._roots, self._places = {}, 0
        self._quiet, self._quiet_left = [], _QUIET

    def root(self, words: tuple[str, ...] = ()) -> Place:
        """The place of a whole record; `words` as `judge` has them."""
        if self._places > _PLACES:
            self.forget()  # keys that never repeat may not fill the memory
        root = self._roots.get(words)
        if root is None:
            root = self._roots[words] = Place((), None, words)
            self._places += 1
        return root

    def named(self, place: Place, said: decoding.Named, plain: Place) -> Place:
        """The place of a member that another one names.

        Args:
            place: of both.
            plain: its own, by its key; it holds where the name is none that counts.

        Raises:
            RecordError: its name could not be judged.
        """
        if plain.entity is not None and not said.sure:
            return plain
        at = place.below.get(said.name) or self.below(place, said.name)
        return at if said.sure or at.entity is not None else plain

    def below(self, place: Place, key: str) -> Place:
        """The place of a member.

        Raises:
            RecordError: its key is no text, or could not be judged.
        """
        if type(key) is not str:  # not from JSON
            raise RecordError("a key that is not a string")
        new, found = self._leaves.text(key)
        if found and all(one.entity in ENTITIES and not _is_full(key, one) for one in found):
            new, found = key, ()
        said = self._leaves.evidence(new)  # as a second run will read it
        names = (*place.names, said)[-_PATH_KEYS:]
        entity = self._promise(names) or keys.inherited(place.entity, said)
        words = (*place.words, *keys.context(said))[-_CONTEXT_WORDS:]
        made = Place(names, entity, words, keys.is_time_key(said))
        made.terse = self._terse(said) if entity is None else None
        made.spoken = made.terse is not None or self._leaves.speaks(words)
        made.new, made.found = new, found
        if len(key) <= _LONGEST_KEY:
            place.below[key] = made
            self._places += 1
        return made


def _is_full(key: str, name: Found) -> bool:
    """Whether what a model takes for a name in a key has two words in capitals.

    One alone, as `Сумма` or `Quantité`, says what its value is: a table would lose its column.
    """
    words = key[name.start : name.end].split()
    return sum(word[0].isupper() for word in words) > 1


def _columns_of(record: dict[str, Any], values: list[Any]) -> list[str | None]:
    """The columns to which a statement's parameters belong, where the record tells both; else empty.

    `{"sql": "UPDATE users SET password = ? WHERE id = ?", "bindings": ["…", 4711]}`
    """
    for key in STATEMENTS:
        said = record.get(key)
        if type(said) is str:
            columns = held(said)
            return columns if len(columns) == len(values) else []
    return []


def people(text: str, found: Iterable[Found]) -> Iterator[str]:
    """The names of persons that keys tell in a leaf: all of it, or values of JSON that stands there."""
    for one in found:
        if one.entity == PERSON and one.detector == "key":
            part = text[one.start : one.end]
            yield part if part == text else decoding.unescaped(part)[0]


def _unique(name: str, taken: dict[str, int]) -> str:
    """A name that no other member has: two keys that were e-mail addresses stay two members.

    Args:
        taken: every name, and the last number that stands behind it in another; both are added to it.
    """
    unique, number = name, taken.get(name, 1)
    while unique in taken:
        number += 1
        unique = f"{name}_{number}"
    taken[name] = number
    taken.setdefault(unique, 1)
    return unique
