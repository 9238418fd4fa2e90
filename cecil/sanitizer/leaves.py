"""One leaf: what it is replaced by, and why.

Owns: the order of evidence (a policy's field, then the key's name, then the value itself), what stands
encoded in a text, what happens to numbers and booleans, and the promise that a second run changes nothing
more.

A number that is redacted becomes null, so that a column of numbers stays one; masked or hashed it
becomes a string. Booleans and null reveal nothing by themselves: only a field's rule touches them.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from cecil.errors import DetectorError, RecordError
from cecil.sanitizer import decoding, promises
from cecil.sanitizer.actions import KINDS, NOTHING, SCANNED, Action, Replacer, Scope
from cecil.sanitizer.finder import Finder
from cecil.sanitizer.names.evidence import Known, known_in
from cecil.sanitizer.names.labels import PERSON
from cecil.sanitizer.names.memory import Memory
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.spans import Miss, Span, resolve

UNSETTLED = "REDACTED"
"""Stands for a text or a field that has no better name."""

KNOWN = "names:record"
"""The detector of a name that a key of the same record tells."""

_SCORE_LOGIN = 0.9

_ROUNDS = 8
"""How often what became of a text is judged again: with names gone, a model can take others for some."""
_DEPTH = 5
"""JSON in a string in JSON in a string …: how deep is looked. What is hidden deeper goes to quarantine."""

_TOO_DEEP = "encoded text within encoded text, too deep"

_GONE = ".0"
"""Stands for what was replaced where a value is asked whether it could be a person's name, or code."""

_BY_COOKIES = ("secret:cookies-by-name",)
_BY_NAME = ("assignment", "column", "element", "seed-phrase", "secret:quoted-cookies", *_BY_COOKIES)
"""The detectors of what a name before it says."""

_MEMO_TEXT = 1024
_MEMO_SIZE = 8192
_MEMO_LONG = 12 << 20
"""Octets of longer texts that are remembered, and of what became of them: prompts and histories of chats."""


class Found(NamedTuple):
    """Something found and what was done; never the value itself.

    Attributes:
        start, end: characters of the text as it came.
    """

    entity: str
    score: float
    detector: str
    action: str
    start: int = 0
    end: int = 0


class _Edit(NamedTuple):
    """What takes the place of some characters, and what was found there."""

    start: int
    end: int
    text: str
    found: tuple[Found, ...]


_Where = tuple[tuple[str, ...], Known]
"""What the scope holds, and which names are known."""
_Again = tuple[str, tuple[str, ...], int, _Where, tuple[tuple[int, int], ...]]
"""What `Leaves._look_again` is asked."""


class Leaves:
    """Judges leaves by one policy.

    Args:
        policy: what happens to what.
        finder: looks at texts.
        replacer: makes replacements.
        record: judges JSON that stands in a text: its text, the words of the keys that lead to it, how deep
            it lies, and what in it is awake (see `Finder.awake_in`), to its new text and what was found.
        explain: whether to gather near misses; then nothing is remembered.

    Attributes:
        misses: near misses since somebody emptied it.
        scope: of the record that is judged; whoever begins with another says so.
        unsettled: what became of texts and was not looked at again yet; None where that is done text by text.
        stood: what was seen to stand in texts of the line that is judged, see `Finder.woken`; whoever begins
            with another says so.
    """

    def __init__(
        self,
        policy: Policy,
        finder: Finder,
        replacer: Replacer,
        record: Callable[[str, tuple[str, ...], int, Collection[str] | None], tuple[str, tuple[Found, ...]]],
        explain: bool = False,
    ) -> None:
        self.misses: list[Miss] = []
        self._policy = policy
        self._finder = finder
        self._replacer = replacer
        self._record = record
        self._misses = self.misses if explain else None
        self.unsettled: list[_Again] | None = None
        self.stood: Mapping[str, int] = {}
        self._scope: Scope = NOTHING
        self._known = Known(())
        self._where: _Where = ((), self._known)
        # Logs repeat themselves. The bounds keep the memory flat: 8,192 texts of 1,024 characters.
        self._remembered = lru_cache(maxsize=_MEMO_SIZE)(self._judge)
        # What is left of texts repeats more than they do.
        self._left = lru_cache(maxsize=_MEMO_SIZE)(self._look_again)
        self._long: Memory[tuple[Any, ...], tuple[str, tuple[Found, ...]]] = Memory(_MEMO_LONG)

    @property
    def scope(self) -> Scope:
        return self._scope

    @scope.setter
    def scope(self, scope: Scope) -> None:
        self._scope = scope
        self._where = (tuple(scope.values()), self._known)

    def know(self, names: tuple[str, ...]) -> None:
        """Names of persons that are certain in the record that is judged from now on."""
        self._known = Known(names)
        self._where = (tuple(self._scope.values()), self._known)

    @property
    def alike(self) -> bool:
        """Whether a leaf is judged as in any other record: nothing of this one plays a part, and nobody wants
        to know of near misses."""
        return not self._known and not self._scope and self._misses is None

    @property
    def looks_for_names(self) -> bool:
        """Whether names of persons are looked for in texts."""
        return self._finder.gate is not None and self._policy.action(PERSON).name != "keep"

    def leaf(
        self, value: Any, rule: Action | None, entity: str | None, context: tuple[str, ...], depth: int = 0
    ) -> tuple[Any, tuple[Found, ...]]:
        """A leaf's new value and what was found; the same object when nothing was.

        Args:
            value: a JSON scalar.
            rule: what the policy says of this field, if anything.
            entity: what the key's name promises, if anything.
            context: words of the keys that lead here.
            depth: how many texts it lies in.

        Raises:
            DetectorError: the value could not be judged.
        """
        if rule is not None:
            if rule.name == "trust":
                return value, ()
            if rule.name not in SCANNED:
                return self._whole(value, rule.entity or entity or UNSETTLED, rule, "field")
        elif entity is not None and value is not True and value is not False:
            action = self._policy.action(entity)
            if action.name != "keep" and self._finder.counts(text_of(value), entity):
                return self._whole(value, entity, action, "key")
        if value is None or value is True or value is False:
            return value, ()
        if rule is not None and rule.name != "keep" and type(value) is str:
            return self._scanned(value, rule.entity or entity or UNSETTLED, rule, context, depth)
        text = text_of(value)
        new, found = self.text(text, context, depth)
        if new == text:
            return value, ()
        if type(value) is str:
            return new, found
        best = found[0]
        return self._whole(value, best.entity, self._policy.action(best.entity), best.detector)

    def text(self, text: str, context: tuple[str, ...] = (), depth: int = 0) -> tuple[str, tuple[Found, ...]]:
        """A text with its findings replaced, and what they were."""
        if len(text) <= _MEMO_TEXT and self._misses is None:
            return self._remembered(text, context, depth, self._where)
        if self._misses is not None or len(text) > _MEMO_LONG // 16:
            return self._judge(text, context, depth, self._where)
        key = (text, context, depth, self._where)
        judged = self._long.get(key, 3 * len(text))
        if judged is None:
            judged = self._judge(*key)
            self._long.put(key, judged, 3 * len(text))
        return judged

    def speaks(self, words: tuple[str, ...]) -> bool:
        """Whether words of keys are of those for which a recognizer waits, wherever its value stands."""
        return self._finder.speaks(words)

    def covered(self, text: str, found: Found) -> tuple[str, Found]:
        """What takes the place of a text that belongs to something larger, which was found."""
        new = self._replacer.replace(text, found.entity, self._policy.action(found.entity), self._scope)
        return new, found._replace(start=0, end=len(text))

    def told(self, entity: str, score: float, detector: str) -> Found | None:
        """A finding that what stands around a text tells; None where the policy keeps such."""
        action = self._policy.action(entity)
        return None if action.name == "keep" else Found(entity, score, detector, action.name)

    def evidence(self, key: str) -> str:
        """The part of a key that says something about its value: what an earlier run put there does not."""
        return self._without_own(key, "")

    def can_be(self, entity: str, value: Any) -> bool:
        """Whether a value can be what its key promises, see `promises.can_be`.

        What an earlier run put there has no digits of its own, and has taken those that were there.
        """
        text = text_of(value)
        left = self._without_own(text, "")
        if left != text and not any(map(str.isalnum, left)):
            return False  # all of it is done
        return promises.can_be(entity, left if promises.is_number(entity) else self._without_own(text, _GONE))

    def _without_own(self, text: str, instead: str) -> str:
        for start, end in sorted(self._replacer.own(text), reverse=True):
            text = text[:start] + instead + text[end:]
        return text

    def _whole(self, value: Any, entity: str, action: Action, detector: str) -> tuple[Any, tuple[Found, ...]]:
        if value is None or value == "":
            return value, ()
        text = text_of(value)
        found = (Found(entity, 1.0, detector, action.name, 0, len(text)),)
        new = self._replacer.whole(value, text, entity, action, self._scope)
        if type(new) is type(value) and new == value:
            return value, ()
        return new, found

    def _scanned(
        self, text: str, entity: str, action: Action, context: tuple[str, ...], depth: int
    ) -> tuple[str, tuple[Found, ...]]:
        """A text that was scanned before its field's action, and scanned again for what that made of it."""
        whole = Found(entity, 1.0, "field", action.name, 0, len(text))
        new, found = self.text(text, context, depth)
        misses = len(self.misses)
        for _ in range(_ROUNDS):
            cut = self._replacer.replace(new, entity, action, self._scope)
            if cut == new:
                return new, found
            found = (whole, *(one for one in found if one != whole))
            new, _ = self.text(cut, context, depth)
            del self.misses[misses:]
        return f"<{UNSETTLED}>", (whole,)

    def _judge(
        self, text: str, context: tuple[str, ...], depth: int, where: _Where
    ) -> tuple[str, tuple[Found, ...]]:
        """Replace until nothing more is found, so that a second run has nothing to do.

        A replacement can make something of what stands around it; then that goes too. A text that
        does not settle is replaced whole.

        Args:
            where: what the scope holds, and which names are known: the same text is another one there.
        """
        if self._misses is None and (body := decoding.seems_record(text)):
            judged = self._judge_record(text, body, context, depth)
            if judged is not None:
                return judged
        woken = self._finder.woken(text, context, self.stood.get(text))
        if not woken and not self._known:
            return text, ()
        spans, edits = self._look(text, context, depth, woken, self._misses)
        if not spans and not edits:
            return text, ()
        for _ in range(_ROUNDS):
            done = self._replacements(text, spans, edits)
            current = _spliced(text, done)
            again = (current, context, depth, where, tuple(_once(done)))
            if self.unsettled is not None:
                self.unsettled.append(again)
                return current, tuple(found for edit in done for found in edit.found)
            more = self._again(again)
            if not more[0] and not more[1]:
                return current, tuple(found for edit in done for found in edit.found)
            # What is new is looked for in the text as it came: so findings keep their places.
            back = _Back(done)
            fresh = [span._replace(start=back.start(span.start), end=back.end(span.end)) for span in more[0]]
            fresh += [
                Span(back.start(edit.start), back.end(edit.end), found.entity, found.score, found.detector)
                for edit in more[1]
                for found in edit.found
            ]
            spans, edits = _united(resolve([*spans, *fresh]), edits)
        whole = Found(UNSETTLED, 1.0, "unsettled", "redact", 0, len(text))
        return f"<{UNSETTLED}>", (whole,)

    def _judge_record(
        self, text: str, body: tuple[int, int], context: tuple[str, ...], depth: int
    ) -> tuple[str, tuple[Found, ...]] | None:
        """What becomes of a text that is a record, and nothing else; None where it is none.

        What would be found in it as a text is what is found in its leaves, which settle one by one: so they
        alone are looked at. Logs stand in the messages of others more often than anything else does.
        """
        start, end = body
        record = text[start:end]
        try:
            if depth >= _DEPTH and decoding.is_record(record):
                raise DetectorError(_TOO_DEEP)
            awake = None if self._known else self._finder.awake_in(record, context)
            new, found = self._record(record, context, depth + 1, awake)
        except DetectorError:
            raise
        except (RecordError, UnicodeEncodeError):
            return None
        if new == record:
            return text, ()
        moved = [one._replace(start=one.start + start, end=one.end + start) for one in found]
        return text[:start] + new + text[end:], tuple(sorted(moved, key=_start))

    def settled(self) -> bool:
        """Whether nothing more is found in what is `unsettled`; from here on texts are looked at one by one.

        One search goes over all of them, and most hold nothing.
        """
        texts, self.unsettled = self.unsettled or [], None
        try:
            waking = self._finder.waking([(text, context) for text, context, *_ in texts])
            return not any(any(self._again(texts[number])) for number in waking)
        except DetectorError:
            return False  # one by one it is known whose it is

    def forget(self) -> None:
        """What was remembered of texts is gone: some were not settled."""
        self.unsettled = None
        self._remembered.cache_clear()
        self._long = Memory(_MEMO_LONG)

    def _again(self, text: "_Again") -> tuple[list[Span], list[_Edit]]:
        kept = len(text[0]) <= _MEMO_TEXT and self._misses is None
        return self._left(*text) if kept else self._look_again(*text)

    def _look_again(
        self,
        text: str,
        context: tuple[str, ...],
        depth: int,
        where: _Where,
        done: tuple[tuple[int, int], ...],
    ) -> tuple[list[Span], list[_Edit]]:
        """See `_look`; `where` as in `_judge`. What it gives is remembered, and not to be changed."""
        woken = self._finder.woken(text, context)
        if not woken and not self._known:
            return [], []
        told = len(self.misses)
        found = self._look(text, context, depth, woken, None, done)
        del self.misses[told:]  # of records that stand in it: they are told of the text as it came
        return found

    def _look(
        self,
        text: str,
        context: tuple[str, ...],
        depth: int,
        woken: int,
        misses: list[Miss] | None,
        done: Sequence[tuple[int, int]] = (),
    ) -> tuple[list[Span], list[_Edit]]:
        """What is to be replaced in a text as it stands, and what is to change inside of encoded pieces.

        Args:
            done: where nothing more is to be done.
        """
        own = sorted(self._replacer.own(text, done))
        # What stands for a value speaks for none behind it: `<PHONE_NUMBER> 12345678`.
        seen = _unnamed(text, own) if own else text
        missed = len(self.misses)
        spans = self._finder.find(seen, context, woken, misses)
        if self._known:
            spans = resolve([*spans, *(Span(*one, KNOWN) for one in known_in(seen, self._known))])
        if own and spans:
            spans = resolve(part for span in spans for part in _around(span, own, text))
        spans = [span for span in spans if not self._stays(span, text)]
        edits: list[_Edit] = []
        if self._finder.encoded(woken) or "{" in text or "[" in text:
            edits = self._pieces(text, context, depth, spans, done, missed)
            if edits:
                spans, edits = _united(spans, edits)
        return spans, edits

    def _stays(self, span: Span, text: str) -> bool:
        """Whether a finding is what its action made of something before."""
        action = self._policy.action(span.entity)
        return self._replacer.stays(text[span.start : span.end], span.entity, action, self._scope)

    def _pieces(
        self,
        text: str,
        context: tuple[str, ...],
        depth: int,
        spans: list[Span],
        done: Sequence[tuple[int, int]],
        missed: int,
    ) -> list[_Edit]:
        """Changes inside of what is encoded. What was found in JSON as in plain text is taken out of `spans`:
        there it was judged as a record, or at least with its quotes as quotes. A login is added to them.

        Args:
            missed: how many near misses there were before those in the text. So with them.

        Raises:
            DetectorError: it lies too deep, or could not be judged.
        """
        edits: list[_Edit] = []
        judged: list[tuple[int, int]] = []
        logins: list[Span] = []
        misses = self.misses[missed:]
        inside: list[Miss] = []
        for piece in decoding.pieces(text):
            start, end, kind, inner, encode, _ = piece
            if done and _within(start, end, done):
                continue
            if decoding.is_login(text, piece, context) and self._policy.action("SECRET").name != "keep":
                logins.append(Span(start, end, "SECRET", _SCORE_LOGIN, "secret:basic"))
                continue
            if depth >= _DEPTH:
                raise DetectorError(_TOO_DEEP)
            if kind == "json" and _is_named(start, end, spans, _BY_NAME if "{" not in inner else _BY_COOKIES):
                continue  # `PARAMETERS: ["Ann", "…"]`: what stands before it says what its items are
            cut = False
            del self.misses[missed:]
            if kind in ("json", "escaped"):
                try:
                    new, found = self._record(inner, context, depth + 1, None)
                    judged.append((start, end))
                except DetectorError:
                    raise
                except RecordError:  # cut short, ...: it is a text, whose quotes were escaped
                    cut = True
                    new, found = self.text(inner, context, depth + 1)
            else:
                new, found = self.text(inner, context, depth + 1)
            inside += _moved(self.misses[missed:], piece)
            if new != inner:
                moved = sorted(_moved(found, piece), key=_start)
                edits.append(_Edit(start, end, encode(new), tuple(moved)))
                if cut:
                    judged += [(one.start, one.end) for one in moved]
        if misses or inside:
            self.misses[missed:] = [
                *(miss for miss in misses if not _within(miss.start, miss.end, judged)),
                *inside,
            ]
        if judged and spans:
            spans[:] = [span for span in spans if not _within(span.start, span.end, judged)]
        if logins:
            spans[:] = resolve([*spans, *logins])
        return edits

    def _replacements(self, text: str, spans: list[Span], edits: list[_Edit]) -> list[_Edit]:
        """All changes to a text, in order."""
        done = list(edits)
        for start, end, entity, score, detector, _ in spans:
            action = self._policy.action(entity)
            new = self._replacer.replace(text[start:end], entity, action, self._scope)
            found = Found(entity, score, detector, action.name, start, end)
            done.append(_Edit(start, end, new, (found,)))
        done.sort()
        return done


def _start(one: Found) -> int:
    return one.start


_Told = TypeVar("_Told", Found, Miss)


def _moved(found: Iterable[_Told], piece: decoding.Piece) -> list[_Told]:
    """What is in a piece of a text, as it lies in the text."""
    start, end, place = piece.start, piece.end, piece.place
    if place is None:
        return [one._replace(start=start, end=end) for one in found]
    return [one._replace(start=start + place(one.start), end=start + place(one.end)) for one in found]


def _once(edits: list[_Edit]) -> list[tuple[int, int]]:
    """Where in the changed text results stand that are not to be replaced again, see `Kind.once`."""
    places = []
    longer = 0
    for edit in edits:
        start = edit.start + longer
        longer += len(edit.text) - (edit.end - edit.start)
        if any(KINDS[found.action].once for found in edit.found):
            places.append((start, start + len(edit.text)))
    return places


class _Back:
    """The way from a changed text back to the text as it came.

    Args:
        edits: what was changed, in order.
    """

    def __init__(self, edits: list[_Edit]) -> None:
        self._edits = edits
        self._starts: list[int] = []
        shift = 0
        for edit in edits:
            self._starts.append(edit.start + shift)
            shift += len(edit.text) - (edit.end - edit.start)

    def start(self, place: int) -> int:
        return self._place(place, last=False)

    def end(self, place: int) -> int:
        return self._place(place, last=True)

    def _place(self, place: int, *, last: bool) -> int:
        """What begins or ends inside of a replacement begins or ends with what it replaced."""
        index = bisect_right(self._starts, place - last) - 1
        if index < 0:
            return place
        edit, start = self._edits[index], self._starts[index]
        if place - last < start + len(edit.text):
            return edit.end if last else edit.start
        return place - (start + len(edit.text)) + edit.end


def _is_named(start: int, end: int, spans: list[Span], detectors: tuple[str, ...]) -> bool:
    """Whether something in a stretch was found by a name outside of it."""
    index = bisect_right(spans, start, key=attrgetter("start"))
    return any(one.detector in detectors for one in takewhile(lambda one: one.end <= end, spans[index:]))


def _within(start: int, end: int, stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies in one of some stretches, which are in order."""
    index = bisect_right(stretches, start, key=itemgetter(0)) - 1
    return index >= 0 and end <= stretches[index][1]


def _united(spans: list[Span], edits: list[_Edit]) -> tuple[list[Span], list[_Edit]]:
    """Where a finding lies across an encoded piece, all of both goes.

    Args:
        spans, edits: each in order, none overlapping another of its kind.
    """
    if not spans or not edits:
        return spans, edits
    kept: list[_Edit] = []
    gone: list[Span] = []
    for edit in edits:
        index = bisect_right(spans, edit.start, key=attrgetter("end"))
        if index < len(spans) and spans[index].start < edit.end:
            gone += (Span(edit.start, edit.end, one.entity, one.score, one.detector) for one in edit.found)
        else:
            kept.append(edit)
    return (resolve([*spans, *gone]) if gone else spans), kept


def _spliced(text: str, edits: list[_Edit]) -> str:
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def _unnamed(text: str, own: list[tuple[int, int]]) -> str:
    """A text whose replacements name nothing, as long as it was."""
    pieces: list[str] = []
    position = 0
    for start, end in own:
        pieces += (text[position:start], "<", "~" * (end - start - 2), ">")
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _around(span: Span, own: list[tuple[int, int]], text: str) -> list[Span]:
    """The parts of a span that lie outside of earlier replacements and hold a letter or a digit.

    Args:
        own: the replacements, in order.
    """
    parts = []
    start = span.start
    index = bisect_right(own, start, key=itemgetter(1))
    while index < len(own) and own[index][0] < span.end:
        parts.append(span._replace(start=start, end=max(start, own[index][0])))
        start = own[index][1]
        index += 1
    parts.append(span._replace(start=start, end=max(start, span.end)))
    return [part for part in parts if any(c.isalnum() for c in text[part.start : part.end])]


def text_of(value: Any) -> str:
    """A scalar as the text that detectors see. `4111111111111111.0` is seen without its fraction."""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e22:
        return str(int(value))
    return str(value)
