"""Arrow batches, column by column: a value that repeats at a place is judged once.

Owns: which values of a table are judged together, and which rows are not judged so at all. A leaf's verdict
follows from its value, the keys that lead to it and the rules that hold there; so the distinct values of a
column, of a field of a struct, of the items of a list and of the entries of a map with one key are judged,
each once, and take their places. Where more than that counts, the rows go one by one, as records:

- the verdict on a value failed; or it is an item of a list that says something of others: a line of a key in
  PEM, an option of a command, a header
- a name that a key tells (`user.name`) stands in another text of the row
- a key of a map is itself personal, is there twice, or names another entry's value

Rows of which a policy's conditions, or the fields that its actions look at, say different things are judged
apart. Held equal to `arrow.judge_rows` by test.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cecil.errors import RecordError, UsageError
from cecil.sanitizer import arrow, decoding, grids, promises
from cecil.sanitizer.actions import Action
from cecil.sanitizer.arrow import Done, Refuse, Unread
from cecil.sanitizer.detectors.secrets.codes import names_a_seed
from cecil.sanitizer.interceptor import BEGIN, Place, people
from cecil.sanitizer.names.evidence import Sought
from cecil.sanitizer.paths import State

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from cecil.sanitizer.sanitizer import Sanitizer, View

    Judged = tuple[pa.Array, np.ndarray | None]
    """What became of an array, and which of its elements are gone altogether, if any."""

_MOST_PARTS = 256
"""Keys of a map, or names of values, in one batch; with more of them each row is judged by itself."""
_FEWEST_TOGETHER = 8
"""Rows that are judged together, on average; with fewer each is judged by itself."""
_MEMORY = 1 << 16
"""Verdicts that are remembered from batch to batch, on texts of up to `_LONGEST` characters."""
_LONGEST = 1024

_SAME, _NEW, _GONE, _FAILED = range(4)


class _Verdict(NamedTuple):
    """What becomes of a value: one of the four above, and the new value; whom it names for certain; and the
    entity and action of each finding."""

    what: int
    value: Any = None
    names: tuple[str, ...] = ()
    found: tuple[tuple[str, str], ...] = ()


_STAYS = _Verdict(_SAME)
_DROPPED = (("FIELD", "drop"),)
_FAILS = _Verdict(_FAILED)


class _ByRowsError(Exception):
    """A batch has to be judged row by row."""


def redact_batches(
    sanitizer: "Sanitizer", batches: "Iterable[pa.RecordBatch]", refuse: Refuse | None = None
) -> "Iterator[pa.RecordBatch]":
    """See `Sanitizer.redact_batches`."""
    columns = Columns(sanitizer)
    for batch in batches:
        yield columns.redact(batch, refuse)


class Columns:
    """Judges batches by one sanitizer.

    Args:
        sanitizer: judges records.

    Attributes:
        done: the findings so far, as records have them; but not of what a sanitizer trusts and tells.
    """

    def __init__(self, sanitizer: "Sanitizer") -> None:
        self.sanitizer = sanitizer
        self.done: Done = Counter()
        self._looked_at = sanitizer.looked_at()
        self._memory: defaultdict[tuple[Any, ...], dict[Any, _Verdict]] = defaultdict(dict)
        self._remembered = 0

    def redact(self, batch: "pa.RecordBatch", refuse: Refuse | None = None) -> "pa.RecordBatch":
        """The rows of a batch that may go on.

        Args:
            refuse: is given each row that must not go on, its record, and the reason.

        Raises:
            RecordError: a record must not go on, and there is no `refuse`.
            UsageError: two columns have one name, or there is no rule for a type.
        """
        import pyarrow as pa

        arrow.check(batch.schema)
        if not batch.num_rows or not batch.num_columns:
            return batch
        made = self._judged(solid(batch), refuse)
        back = [
            new if new.type == field.type else new.cast(field.type)
            for new, field in zip(made, batch.schema, strict=True)
        ]
        return pa.RecordBatch.from_arrays(back, schema=batch.schema)

    def _judged(self, batch: "pa.RecordBatch", refuse: Refuse | None) -> "list[pa.Array]":
        import numpy as np
        import pyarrow as pa

        alone = np.zeros(batch.num_rows, bool)  # rows that are judged by themselves
        made: list[tuple[list[pa.Array], np.ndarray]] = []  # columns, and whose rows they are
        try:
            groups = [*self._alike(batch)]
        except _ByRowsError:
            groups = []
            alone[:] = True
        for record, numbers in groups:
            part = batch if numbers is None else batch.take(pa.array(numbers))
            if numbers is None:
                numbers = np.arange(batch.num_rows)
            try:
                walk = _Walk(self, self.sanitizer.entered(record), self.sanitizer.situation(record)[-1], part)
                columns = walk.columns()
            except (_ByRowsError, RecordError):
                alone[numbers] = True
                continue
            alone[numbers[walk.alone]] = True
            walk.count(self.done)
            made.append((columns, numbers))
        if not alone.any() and len(made) == 1:
            return made[0][0]
        if alone.any():
            rows = np.flatnonzero(alone)
            told = None if refuse is None else lambda number, *why: refuse(int(rows[number]), *why)
            some, kept = arrow.judge_rows(self.sanitizer, batch.take(pa.array(rows)), told, self.done)
            made = [
                ([column.filter(pa.array(~alone[numbers])) for column in columns], numbers[~alone[numbers]])
                for columns, numbers in made
            ]
            made.append((some, rows[kept]))
        order = pa.array(np.argsort(np.concatenate([numbers for _, numbers in made]), kind="stable"))
        together = zip(*(columns for columns, _ in made), strict=True)
        return [pa.concat_arrays(parts).take(order) for parts in together]

    def _alike(self, batch: "pa.RecordBatch") -> "Iterator[tuple[Any, np.ndarray | None]]":
        """Rows that are judged by the same rules: a record that says by which, and their numbers (None: all).

        Raises:
            _ByRowsError: too few are alike.
        """
        import numpy as np

        firsts = [steps[0] for steps in self._looked_at]
        everything = "*" in firsts or "**" in firsts
        wanted = {step.lstrip("\0") for step in firsts}
        names = [name for name in batch.schema.names if everything or name in wanted]
        if not names:
            yield {}, None
            return
        alike: dict[tuple[Any, ...], tuple[Any, list[int]]] = {}
        lists = [arrow.listed(batch.column(name)) for name in names]
        for number, row in enumerate(zip(*lists, strict=True)):
            record = {name: arrow.plain(value, []) for name, value in zip(names, row, strict=True)}
            alike.setdefault(self.sanitizer.situation(record), (record, []))[1].append(number)
        if len(alike) * _FEWEST_TOGETHER > batch.num_rows:
            raise _ByRowsError
        for record, numbers in alike.values():
            yield record, np.array(numbers)

    def verdicts(
        self,
        walk: "_Walk",
        values: "pa.Array",
        rule: Action | None,
        place: Place,
        key: str | None,
    ) -> list[_Verdict]:
        """What becomes of each of some values.

        Args:
            walk: knows by which rules.
            values: at least one; scalars.
            rule, place: as `Interceptor.verdict` has them.
            key: that of the values, where they are members.
        """
        if self._remembered > _MEMORY:
            self._memory.clear()
            self._remembered = 0
        time = key if rule is None and place.entity is None and place.time else None
        known = self._memory[walk.view.leaves, walk.scope, place, rule, time, values.type]
        found = []
        for value in arrow.listed(values):
            verdict = known.get(value)
            if verdict is None:
                verdict = self._verdict(walk, value, values.type, rule, place, time)
                if not isinstance(value, (str, bytes)) or len(value) <= _LONGEST:
                    known[value] = verdict
                    self._remembered += 1
            found.append(verdict)
        return found

    def _verdict(
        self,
        walk: "_Walk",
        value: Any,
        kind: "pa.DataType",
        rule: Action | None,
        place: Place,
        time: str | None,
    ) -> _Verdict:
        if isinstance(value, Unread):
            return _FAILS
        old = arrow.plain(value, [])
        if time is not None and promises.is_epoch(time, old):
            return _STAYS
        try:
            new, found, by_key = walk.view.interceptor.verdict(old, rule, place)
        except RecordError:
            return _FAILS
        if not found:
            return _STAYS
        names = tuple(people(old, found)) if walk.looks_for_names and type(old) is str else ()
        told = tuple((one.entity, one.action) for one in found)
        if by_key and found[0].action == "drop":
            return _Verdict(_GONE, None, names, told)
        cell = arrow.back(new, old, value, kind)
        return _Verdict(_SAME if cell is value else _NEW, cell, names, told)


class _Walk:
    """The way through one batch, of which all rows are judged by the same rules.

    Args:
        owner: judges values.
        view: the rules.
        scope: what the batch's rows have at the places that actions look at.
        batch: what is judged.

    Attributes:
        alone: which rows are to be judged by themselves.
    """

    def __init__(self, owner: Columns, view: "View", scope: Any, batch: "pa.RecordBatch") -> None:
        import numpy as np

        self.view = view
        self.scope = scope
        self.looks_for_names = view.leaves.looks_for_names
        self.alone = np.zeros(batch.num_rows, bool)
        self._owner = owner
        self._batch = batch
        self._root = view.interceptor.root()
        self._people: defaultdict[int, list[str]] = defaultdict(list)
        # Of leaves in which something was found: whose they are, which value each has, and the findings.
        self._found: list[tuple[np.ndarray, np.ndarray, list[tuple[tuple[str, str], ...]]]] = []

    def columns(self) -> "list[pa.Array]":
        """What became of the columns.

        Raises:
            RecordError, _ByRowsError: that can be said of each row only.
        """
        import numpy as np

        matcher = self.view.matcher
        rule = matcher.rule(matcher.start)
        mapped = rule is not None or self._owner.sanitizer.policy.strategy != "strict"
        rows = np.arange(self._batch.num_rows)
        at = _Way(matcher.start, rule, mapped, self._root)
        there = np.ones(len(rows), bool)
        made = self._members(list(self._batch.schema), self._batch.columns, rows, at, there)
        if self._people:
            self._tell()
        return made

    def count(self, done: Done) -> None:
        """Add what was found in those rows that are not to be judged by themselves."""
        import numpy as np

        for rows, codes, found in self._found:
            there = codes[(codes >= 0) & ~self.alone[rows]]
            for pairs, count in zip(found, np.bincount(there, minlength=len(found)), strict=True):
                for pair in pairs if count else ():
                    done[pair] += int(count)

    def _members(
        self, fields: "list[pa.Field]", arrays: "list[pa.Array]", rows: "np.ndarray", at: "_Way",
        there: "np.ndarray",
    ) -> "list[pa.Array]":  # fmt: skip
        """The fields of structs, or columns.

        Args:
            there: which of the structs are none that is null.
        """
        named = self._named([field.name for field in fields], arrays)
        made = []
        for field, array in zip(fields, arrays, strict=True):
            way, gone = self._member(at, field.name, array.type)
            if gone:
                self._drop(rows, there)
                self._dropped(array, rows)
                made.append(_nulls(len(array), array.type))
                continue
            if way.place.found and (way.rule is None or way.rule.name != "trust"):
                raise _ByRowsError  # a name that cannot stay, and does
            if not way.kept:
                self._drop(rows, there & _missing(array))
            way = self._through(way, at, field.name)
            if field.name not in named:
                made.append(self._value(array, rows, way, field.name)[0])
                continue
            names, codes = named[field.name]

            def judged(
                part: "pa.Array", there: "np.ndarray", code: int, way: _Way = way, key: str = field.name,
                names: list[decoding.Named | None] = names,
            ) -> "Judged":  # fmt: skip
                said = names[code]
                place = self.view.interceptor.named(at.place, said, way.place) if said else way.place
                return self._value(part, there, way._replace(place=place), key)

            made.append(self._apart(array, rows, codes, judged)[0])
        return made

    def _member(self, at: "_Way", key: str, kind: "pa.DataType") -> tuple["_Way", bool]:
        """The way to a member, and whether what stands there is dropped."""
        place = at.place.below.get(key) or self.view.interceptor.below(at.place, key)
        return self._step(at, key, kind, place)

    def _step(self, at: "_Way", step: str, kind: "pa.DataType", place: Place) -> tuple["_Way", bool]:
        matcher = self.view.matcher
        state = matcher.step(at.state, step)
        named = matcher.rule(state)
        rule = named or at.rule
        kept = at.kept or named is not None
        gone = not kept and not (_is_nested(kind) and matcher.alive(state))
        return _Way(state, rule, kept, place), gone or (rule is not None and rule.name == "drop")

    def _through(self, way: "_Way", at: "_Way", key: str) -> "_Way":
        """The same, where a key only says of what type its value is."""
        if key in decoding.WRAPPERS and at.place is not self._root:
            return way._replace(place=at.place)
        return way

    def _named(
        self, members: list[str], arrays: "list[pa.Array]"
    ) -> "dict[str, tuple[list[decoding.Named | None], np.ndarray]]":
        """By members that another may name: the names that they have, and which of them each value has."""
        import numpy as np

        nested = [key for key, array in zip(members, arrays, strict=True) if not _is_scalar(array.type)]
        if decoding.has_kin(members) or grids.are_of_a_table(nested) or grids.NAMING_CELL in members:
            raise _ByRowsError  # what they are is said of each row
        found = decoding.to_be_named(members)
        if not found:
            return {}
        if decoding.is_coded(members) and not all(_is_scalar(array.type) for array in arrays):
            raise _ByRowsError  # what lies deeper may name it
        wanted = [arrow.listed(array) if _is_scalar(array.type) else [None] * len(array) for array in arrays]
        names: dict[str, list[decoding.Named | None]] = {key: [None] for key in found}
        codes = {key: np.zeros(len(arrays[0]), np.int64) for key in found}
        seen: dict[tuple[str, decoding.Named], int] = {}
        for number, row in enumerate(zip(*wanted, strict=True)):
            named = decoding.named_values(
                dict(zip(members, (arrow.plain(one, []) for one in row), strict=True))
            )
            for key, said in named.items():
                code = seen.setdefault((key, said), len(names[key]))
                if code == len(names[key]):
                    names[key].append(said)
                codes[key][number] = code
        return {key: (names[key], codes[key]) for key in found}

    def _apart(
        self,
        array: "pa.Array",
        rows: "np.ndarray",
        codes: "np.ndarray",
        judge: "Callable[[pa.Array, np.ndarray, int], Judged]",
    ) -> "Judged":
        """Elements that are judged apart, by their codes, in their order again.

        Args:
            judge: is given elements of one code, their rows, and the code.
        """
        import numpy as np
        import pyarrow as pa

        order = np.argsort(codes, kind="stable")
        found, starts = np.unique(codes[order], return_index=True)
        if len(found) > _MOST_PARTS:
            raise _ByRowsError
        if len(found) == 1:
            return judge(array, rows, int(found[0]))
        parts, losses, same = [], [], True
        for code, numbers in zip(found, np.split(order, starts[1:]), strict=True):
            part = array.take(pa.array(numbers))
            new, lost = judge(part, rows[numbers], int(code))
            same = same and new is part
            parts.append(new)
            losses.append(lost if lost is not None else np.zeros(len(part), bool))
        back = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        gone = np.concatenate(losses)[back]
        new = array if same else pa.concat_arrays(parts).take(pa.array(back))
        return new, gone if gone.any() else None

    def _value(self, array: "pa.Array", rows: "np.ndarray", at: "_Way", key: str | None) -> "Judged":
        """Whatever stands at a place.

        Args:
            rows: whose elements they are.
            key: that of the values, where they are members.
        """
        import pyarrow as pa

        kind = array.type
        if pa.types.is_struct(kind):
            return self._struct(array, rows, at), None
        if pa.types.is_map(kind):
            return self._map(array, rows, at), None
        if arrow.is_list(kind):
            return self._list(array, rows, at), None
        return self._leaf(array, rows, at, key)

    def _struct(self, array: "pa.Array", rows: "np.ndarray", at: "_Way") -> "pa.Array":
        import pyarrow as pa

        children = array.flatten()
        made = self._members(list(array.type), children, rows, at, ~_missing(array))
        if all(new is old for new, old in zip(made, children, strict=True)) and not array.null_count:
            return array
        return pa.StructArray.from_arrays(made, fields=list(array.type), mask=array.is_null())

    def _list(self, array: "pa.Array", rows: "np.ndarray", at: "_Way") -> "pa.Array":
        import numpy as np

        array = _bare(array)
        counts = array.value_lengths().fill_null(0).to_numpy()
        items, kind = array.flatten(), array.type.value_type
        owners = np.repeat(np.arange(len(array)), counts)
        codes = np.zeros(len(items), np.int64)
        if self.view.matcher.counts:
            codes = np.arange(len(items)) - np.repeat(np.cumsum(counts) - counts, counts)
        numbered = self.view.matcher.numbered(at.state)

        def judged(part: "pa.Array", there: "np.ndarray", number: int) -> "Judged":
            way, gone = self._step(at, str(number), kind, at.place)
            everything = np.ones(len(part), bool)
            if gone:
                self._drop(there, everything)
                self._dropped(part, there)
                return _nulls(len(part), kind), None if numbered else everything
            new, _ = self._value(part, there, way, None)
            if way.kept:
                return new, None
            empty = _missing(part)
            self._drop(there, empty)
            return new, None if numbered else empty

        new, lost = self._apart(items, rows[owners], codes, judged) if len(items) else (items, None)
        return array if new is items and lost is None else _rebuilt(array, counts, owners, lost, [new])

    def _map(self, array: "pa.Array", rows: "np.ndarray", at: "_Way") -> "pa.Array":
        import numpy as np

        array = _bare(array)
        names, items, counts = _entries(array)
        if not len(items):
            return array
        owners = np.repeat(np.arange(len(array)), counts)
        inner = rows[owners]
        texts, codes = self._keys(names, owners, rows)
        nested = not _is_scalar(array.type.item_type)
        if decoding.has_kin(texts) or (nested and grids.are_of_a_table(texts)) or grids.NAMING_CELL in texts:
            self.alone[inner] = True
        named = decoding.to_be_named(texts)
        for number, place in enumerate(texts):
            if place in named:
                self.alone[inner[codes == number]] = True
        kind = array.type.item_type

        def judged(part: "pa.Array", there: "np.ndarray", number: int) -> "Judged":
            key = texts[number]
            try:
                way, gone = self._member(at, key, kind)
            except RecordError:
                self.alone[there] = True
                return part, None
            if gone:
                everything = np.ones(len(part), bool)
                self._drop(there, everything)
                self._dropped(part, there)
                return _nulls(len(part), kind), everything
            if way.place.found and (way.rule is None or way.rule.name != "trust"):
                self.alone[there] = True
                return part, None
            new, lost = self._value(part, there, self._through(way, at, key), key)
            if not way.kept:
                lost = _missing(part)
                self._drop(there, lost)
            return new, lost

        new, lost = self._apart(items, inner, codes, judged)
        return array if new is items and lost is None else _rebuilt(array, counts, owners, lost, [names, new])

    def _keys(
        self, names: "pa.Array", owners: "np.ndarray", rows: "np.ndarray"
    ) -> "tuple[list[str], np.ndarray]":
        """The keys of maps as texts, and the number of each entry's.

        Args:
            owners: to which map each belongs.
            rows: whose maps they are.
        """
        import numpy as np

        encoded, values = _encoded(names)
        known: dict[str, int] = {}
        wrong = []  # whether a key is none
        same = []  # keys of other types can read alike
        for value in arrow.listed(values):
            wrong.append(isinstance(value, Unread))
            same.append(known.setdefault(arrow.text(value), len(known)))
        self.alone[rows[owners[np.array(wrong, bool)[encoded]]]] = True
        codes = np.array(same, np.int64)[encoded]
        pairs, times = np.unique(owners * len(known) + codes, return_counts=True)
        self.alone[rows[pairs[times > 1] // max(1, len(known))]] = True
        return list(known), codes

    def _drop(self, rows: "np.ndarray", which: "np.ndarray") -> None:
        """Count elements that a rule drops, or a strict policy does not name.

        Args:
            which: which of them are there at all.
        """
        self._found.append((rows, which.astype(int) - 1, [_DROPPED]))

    def _dropped(self, array: "pa.Array", rows: "np.ndarray") -> None:
        """Look through what is dropped for what no record can hold."""
        import numpy as np
        import pyarrow as pa

        stack = [(array, rows)]
        while stack:
            array, rows = stack.pop()
            if array.null_count == len(array):  # and where there is nothing
                continue
            if pa.types.is_struct(array.type):
                stack += ((child, rows) for child in array.flatten())
            elif pa.types.is_map(array.type):
                array = _bare(array)
                names, items, counts = _entries(array)
                owners = np.repeat(np.arange(len(array)), counts)
                self._keys(names, owners, rows)
                stack.append((items, rows[owners]))
            elif arrow.is_list(array.type):
                counts = array.value_lengths().fill_null(0).to_numpy()
                stack.append((array.flatten(), np.repeat(rows, counts)))
            else:
                codes, values = _encoded(array)
                wrong = [isinstance(value, Unread) for value in arrow.listed(values)]
                self.alone[rows[(codes >= 0) & np.array(wrong)[codes]]] = True

    def _leaf(self, array: "pa.Array", rows: "np.ndarray", at: "_Way", key: str | None) -> "Judged":
        import numpy as np
        import pyarrow as pa

        if array.null_count == len(array):
            return _nulls(len(array), array.type), None
        codes, values = _encoded(array)
        verdicts = self._owner.verdicts(self, values, at.rule, at.place, key)
        found = [verdict.found for verdict in verdicts]
        if any(found):
            self._found.append((rows, codes, found))
        there = codes >= 0
        for code, verdict in enumerate(verdicts):
            if verdict.names:
                for row in rows[codes == code]:
                    self._people[int(row)] += verdict.names
        if key is None and _is_text(values.type):
            lines = pa.compute.match_substring_regex(
                values.cast(pa.large_binary()), f"{BEGIN}|{decoding.LISTED}|{grids.LISTED}"
            )
            if pa.compute.any(lines).as_py():
                begun = lines.to_numpy(zero_copy_only=False).astype(bool)
                self.alone[rows[there][begun[codes[there]]]] = True
        if key is None and names_a_seed(at.place.names):
            self.alone[rows[there]] = True
        what = np.array([verdict.what for verdict in verdicts])
        if not what.any():
            if isinstance(array.type, pa.DictionaryType) and len(array.dictionary) > len(values):
                array = _like(array.dictionary_decode(), array.type)  # nobody judged what none has
            return _bare(array), None
        became = np.zeros(len(array), np.int64)
        became[there] = what[codes[there]]
        self.alone[rows[became == _FAILED]] = True
        decoded = array.dictionary_decode() if isinstance(array.type, pa.DictionaryType) else array
        fresh = [verdict.value for verdict in verdicts if verdict.what == _NEW]
        places = np.arange(len(array))
        changed = became == _NEW
        places[changed] = len(array) + (np.cumsum(what == _NEW) - 1)[codes[changed]]
        new = pa.concat_arrays([decoded, pa.array(fresh, decoded.type)]).take(
            pa.array(places, mask=(became > _NEW) | ~there)
        )
        gone = became == _GONE
        return _like(new, array.type), gone if gone.any() else None

    def _tell(self) -> None:
        """Judge alone what has, in another text, a name that a key tells."""
        import numpy as np
        import pyarrow as pa

        known: dict[tuple[str, ...], int] = {}
        whose = np.full(self._batch.num_rows, -1)
        for row, names in self._people.items():
            whose[row] = known.setdefault(tuple(dict.fromkeys(names)), len(known))
        told = [Sought(names) for names in known]
        for array, rows in _texts(self._batch):
            some = np.flatnonzero((whose[rows] >= 0) & ~self.alone[rows])
            if not len(some):
                continue
            codes, values = _encoded(array.take(pa.array(some)))
            rows = rows[some][codes >= 0]
            texts = [arrow.plain(value, []) for value in arrow.listed(values)]
            pairs, back = np.unique(whose[rows] * len(texts) + codes[codes >= 0], return_inverse=True)
            holds = [bool(told[pair // len(texts)].told([texts[pair % len(texts)]])) for pair in pairs]
            self.alone[rows[np.array(holds, bool)[back]]] = True


class _Way(NamedTuple):
    """Where in a record something stands, as the interceptor has it.

    Attributes:
        state, rule: of the policy's fields: how far their paths have come, and what holds.
        kept: whether a strict policy names it, or what it lies in.
        place: what its keys say.
    """

    state: State
    rule: Action | None
    kept: bool
    place: Place


def solid(batch: "pa.RecordBatch") -> "pa.RecordBatch":
    """A batch without views, for which Arrow has few functions, and as what extensions are stored.

    Raises:
        UsageError: there is no rule for a type.
    """
    import pyarrow as pa

    fields = [field.with_type(_solid(field.type)) for field in batch.schema]
    arrays = [
        column if column.type == field.type else column.cast(field.type)
        for column, field in zip(batch.columns, fields, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _solid(kind: "pa.DataType") -> "pa.DataType":
    """See `solid`."""
    import pyarrow as pa

    types = pa.types
    if types.is_string_view(kind):
        return pa.large_string()
    if types.is_binary_view(kind):
        return pa.large_binary()
    if types.is_struct(kind) or types.is_map(kind) or arrow.is_list(kind):
        return arrow.retyped(kind, _solid)
    if isinstance(kind, pa.BaseExtensionType):
        return _solid(kind.storage_type)
    if types.is_nested(kind):
        raise UsageError(f"no rule for the type {kind}", hint="cast the column to text, or leave it out")
    return kind


def _is_nested(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_nested(kind))


def _is_scalar(kind: "pa.DataType") -> bool:
    return not _is_nested(kind)


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    types = pa.types
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
    )


def _missing(array: "pa.Array") -> "np.ndarray":
    """Which elements are null."""
    found: np.ndarray = array.is_null().to_numpy(zero_copy_only=False)
    return found


def _nulls(count: int, kind: "pa.DataType") -> "pa.Array":
    import pyarrow as pa

    return pa.nulls(count, kind)  # `pa.array` gives dictionaries in structs indices that they do not have


def _bare(array: "pa.Array") -> "pa.Array":
    """The same, with nothing behind its nulls: whoever writes buffers would write it."""
    import numpy as np
    import pyarrow as pa

    return array.take(pa.array(np.arange(len(array)))) if array.null_count else array


def _entries(array: "pa.Array") -> "tuple[pa.Array, pa.Array, np.ndarray]":
    """The keys and the items of maps, and how many each has; see `_bare`."""
    import numpy as np

    offsets = array.offsets.to_numpy()
    first, count = offsets[0], offsets[-1] - offsets[0]
    return array.keys.slice(first, count), array.items.slice(first, count), np.diff(offsets)


def _encoded(array: "pa.Array") -> "tuple[np.ndarray, pa.Array]":
    """The number of each element's value, -1 for null, and the values."""
    import numpy as np
    import pyarrow as pa

    if isinstance(array.type, pa.DictionaryType):
        array = array.dictionary_decode()
    try:
        encoded = array.dictionary_encode()
    except pa.ArrowNotImplementedError:
        known: dict[Any, int] = {}
        firsts: list[int] = []
        numbers = []
        for place, value in enumerate(arrow.listed(array)):
            if value is not None and known.setdefault(value, len(known)) == len(firsts):
                firsts.append(place)
            numbers.append(-1 if value is None else known[value])
        return np.array(numbers, np.int64), array.take(pa.array(firsts, pa.int64()))
    return encoded.indices.fill_null(-1).to_numpy().astype(np.int64), encoded.dictionary


def _like(array: "pa.Array", kind: "pa.DataType") -> "pa.Array":
    """An array in a type that may have a dictionary."""
    import pyarrow as pa

    if array.type == kind:
        return array
    encoded = array.dictionary_encode()
    return pa.DictionaryArray.from_arrays(
        encoded.indices.cast(kind.index_type), encoded.dictionary, ordered=kind.ordered
    )


def _rebuilt(
    array: "pa.Array",
    counts: "np.ndarray",
    owners: "np.ndarray",
    lost: "np.ndarray | None",
    children: "Sequence[pa.Array]",
) -> "pa.Array":
    """A list or a map with other items.

    Args:
        array: as it came.
        counts: how many items each of its elements has.
        owners: to which element an item belongs.
        lost: which items are gone, if any.
        children: the items; of a map the keys and the items.
    """
    import numpy as np
    import pyarrow as pa

    kind, size = array.type, len(array)
    there = array.is_valid().to_numpy(zero_copy_only=False)
    if lost is not None:
        less = np.bincount(owners[lost], minlength=size)
        if pa.types.is_fixed_size_list(kind):
            there = there & (less == 0)
        else:
            children = [child.filter(pa.array(~lost)) for child in children]
            counts = counts - less
    bits = pa.py_buffer(np.packbits(there, bitorder="little").tobytes())
    nulls = size - int(there.sum())
    if pa.types.is_fixed_size_list(kind):
        places = np.full(size * kind.list_size, -1)
        held = np.repeat(array.is_valid().to_numpy(zero_copy_only=False), kind.list_size)
        places[held] = np.arange(int(held.sum()))
        items = children[0].take(pa.array(places, mask=~np.repeat(there, kind.list_size)))
        return pa.Array.from_buffers(kind, size, [bits], nulls, 0, [items])
    offsets = np.concatenate([[0], np.cumsum(counts)])
    offsets = offsets.astype(np.int64 if pa.types.is_large_list(kind) else np.int32)
    items = children[0]
    if pa.types.is_map(kind):
        items = pa.StructArray.from_arrays(list(children), fields=[kind.key_field, kind.item_field])
    return pa.Array.from_buffers(kind, size, [bits, pa.py_buffer(offsets.tobytes())], nulls, 0, [items])


def _texts(batch: "pa.RecordBatch") -> "Iterator[tuple[pa.Array, np.ndarray]]":
    """All texts of a batch that are values, with the rows in which they stand."""
    import numpy as np
    import pyarrow as pa

    stack = [(column, np.arange(batch.num_rows)) for column in batch.columns]
    while stack:
        array, rows = stack.pop()
        kind = array.type
        if pa.types.is_struct(kind):
            stack += ((child, rows) for child in array.flatten())
        elif pa.types.is_map(kind):
            _, items, counts = _entries(_bare(array))
            stack.append((items, np.repeat(rows, counts)))
        elif arrow.is_list(kind):
            counts = array.value_lengths().fill_null(0).to_numpy()
            stack.append((array.flatten(), np.repeat(rows, counts)))
        elif _is_text(kind.value_type if isinstance(kind, pa.DictionaryType) else kind):
            yield array, rows
