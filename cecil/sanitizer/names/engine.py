"""Texts to names: shape, segments, memory, model, evidence.

Owns: the order of these, and the promise that a text's names depend on the text alone: not on what was asked
before, together with what, or in which process.
"""

import importlib.resources
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Protocol

from cecil.errors import DetectorError
from cecil.sanitizer.late import late
from cecil.sanitizer.names.evidence import Hashtags, Mark, spelled, together, weighed, whole
from cecil.sanitizer.names.glued import glued
from cecil.sanitizer.names.labels import ORGANIZATION, PERSON
from cecil.sanitizer.names.memory import Memory
from cecil.sanitizer.names.segments import Segment, cut
from cecil.sanitizer.names.shape import REPLACED, Way, has_mail, replaced, shaped
from cecil.sanitizer.spans import Span

EMBEDDED = "en"
"""The model that lies in the package."""

DETECTOR = "names"
"""Begins the name of each detector of names: `names:en`."""

_ROUNDS = 8
"""How often what is left of a text is asked about before anybody needs it: no text is judged more often."""

_LONG = 4096
"""Characters of a text that is not remembered as a whole: its segments are."""

WHO = """name author owner assignee reviewer approver contact attendee participant speaker customer patient
nurse doctor physician manager colleague employee guest requester requestor creator recipient sender
reporter agent operator claimant applicant driver passenger student teacher parent spouse witness
caller callee user enduser username login principal actor uploader submitter committer editor member
by
organizer organiser maintainer contributor supervisor boss mentor friend nickname mother father wife
husband guardian person people candidate interviewer lawyer judge landlord buyer visitor player signer
signatory addressee consignee consignor payee payer beneficiary remitter insured policyholder subscriber
donor resident deceased
suspect victim plaintiff defendant staff therapist mention rufname
usuario utilisateur benutzer cliente kunde kundin ansprechpartner mitarbeiter mitarbeiterin
who pax crew captain invitee registrant respondent winner rep recruiter analyst deployer auditor inspector
rider courier traveller traveler pilot shopper cardholder borrower lessee adjuster underwriter
attorney paralegal trustee heir prescriber practitioner clinician surgeon dentist pharmacist midwife caregiver
child daughter son brother sister buddy mentee tutor coach trainer instructor lecturer professor learner pupil
patron technician cashier advisor adviser""".split()
"""A word alone, as a value of a key that ends with one of these, is asked about, and so is a login of two:
others are identifiers. Left out is who is a machine or a company as often: host, worker, client, tenant."""
_WHO = frozenset({*WHO, *(f"{who}s" for who in WHO if who not in ("name", "by"))})

TO = "assigned reassigned delegated escalated".split()
"""Before `to`, as `by` alone, what is done to somebody."""
_TO = frozenset((one,) for one in TO)
_SORTED = frozenset(
    (one,)
    for one in "sort sorted order ordered group grouped filter filtered partition powered split".split()
)
"""Before `by`, what is done by the name of a field."""

_THINGS = frozenset(
    (one,)
    for one in """action alarm api app application attribute bucket bundle branch class cluster column
    command container cookie database db deployment device environment error event exception
    feature field file flag font function header host image index instance job key library logger machine
    method metric module node operation package parameter path pipeline plugin pod policy process product
    program project property queue region repo repository resource role rule schema server service stage step
    stream table tag task test thread topic type variable version volume vpc workflow zone""".split()
)
"""Before `name`, what is called so: `eventName` is `Encrypt`, and nobody."""

USERS = "user", "enduser", "login"
"""Whose id is often what they log in with."""

_ALONE = late(
    r"[A-Z\u00c0-\u00de][a-z\u00df-\u00ff]{2,30}(?:[-'’][A-Z\u00c0-\u00de][a-z\u00df-\u00ff]{1,30})?"
    # first.last, f_last
    r"|[a-z\u00df-\u00ff]{1,30}(?:-[a-z\u00df-\u00ff]{2,30})?[._][a-z\u00df-\u00ff]{2,30}(?:-[a-z\u00df-\u00ff]{2,30})?"
)

_MANY = late(rf"(?:{_ALONE.pattern})(?:,(?:{_ALONE.pattern})){{1,63}}+")
"""`Ann,Bob`."""
_ACCOUNT = late(rf"[A-Za-z][A-Za-z0-9.-]{{1,30}}\\(?:{_ALONE.pattern})")
"""`CORP\\ann.lee`."""

ASKED = "by "
"""Before a full name that is made of common words, who is asked sees a name: `by Rose Field`."""
_PART = r"[^\W\d_]{2,20}(?:['’-][^\W\d_]{2,20})?"
_FULL = late(rf"{_PART}(?:,? {_PART}){{1,2}}")
_SURE = 0.8
"""The score from which on that is one: `by Price List`."""

_TOLD = str.maketrans({"_": ".", ",": "\n", "\\": "\n"})
_APART = frozenset("_,\\")

_WHOSE = frozenset((one,) for one in USERS)

_HELD = frozenset("value old new from to before after previous current".split())
"""What stands under such a key is what the key above says: `assignee: {"old": …, "new": …}`."""

_BUSINESSES = frozenset(
    "company employer organization organisation firm merchant vendor supplier manufacturer business".split()
)
_BRANDS = frozenset("brand brands".split())
_BRAND = late(r"[A-Z][\w.'’-]{0,30}(?: (?:& )?[A-Z][\w.'’-]{0,30}){0,3}")
"""What stands under a key for a brand, which many are called after who founded them."""
_PARTNERS = late(rf"{_PART}(?:, {_PART}){{1,4}},? (?:and|&) {_PART}")
"""`Stone, Field and King`: what a company is called after those who own it, one word each."""

FOLDERS = "\\Users\\"
"""Behind it stands who somebody is, see `evidence`."""

Counts = Callable[[Span], bool]
"""Whether a name is one that a policy takes out."""

_NOTHING: tuple[Mark, ...] = ()


class Tagged(Protocol):
    """A name that a model found: characters start to end of the text that it was given."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def label(self) -> str: ...

    @property
    def score(self) -> float: ...


class Tagger(Protocol):
    """A model.

    Attributes:
        version: what tells it from every other.
    """

    @property
    def version(self) -> str: ...

    def tag(self, texts: Sequence[str]) -> "Sequence[Sequence[Tagged]]":
        """The names of each text, in order, disjoint; labels are PERSON, LOCATION and ORGANIZATION."""


class _Text:
    """What is known of a text.

    Attributes:
        marks: names in its shape.
        spans: the same in the text, once somebody wanted them.
    """

    __slots__ = ("marks", "spans")

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        self.marks = marks
        self.spans: list[Span] | None = None


class Names:
    """Finds names with one model. One serves all threads of a process.

    Args:
        tagger: the model.
        name: findings bear it as their detector, behind `names:`.
        sees_shapes: whether the model sees shapes (see `shape.py`), or texts as they are.

    Attributes:
        version: what tells its answers from those of any other.
    """

    def __init__(self, tagger: Tagger, name: str = EMBEDDED, *, sees_shapes: bool = True) -> None:
        self.version = f"{name}-{tagger.version}"
        self._tagger = tagger
        self._detector = f"{DETECTOR}:{name}"
        self._sees_shapes = sees_shapes
        self._segments: Memory[str, tuple[Mark, ...]] = Memory()
        self._forms: Memory[str, tuple[Mark, ...]] = Memory()
        self._texts: Memory[str, _Text] = Memory()

    @staticmethod
    @cache
    def embedded() -> "Names":
        """The model of the package, once a process."""
        from cecil.sanitizer.names.network import Network

        data = (importlib.resources.files("cecil.sanitizer") / "models" / "en" / "names.bin").read_bytes()
        return Names(Network(data))

    def spans(
        self, text: str, words: Sequence[str] = (), counts: Counts | None = None, *, glues: bool = True
    ) -> list[Span]:
        """The names of a text, in order, disjoint.

        Args:
            text: where they stand.
            words: of the keys that lead to it.
            counts: whether a name is one for which they are asked. Where none is, none are told.
            glues: whether one may stand in a word that is no language: whether a trigger of `glued` matches.

        Raises:
            DetectorError: the model failed.
        """
        spans = self._said(text, words, counts)
        return self._glued(text, spans) if glues else spans

    def _glued(self, text: str, spans: list[Span]) -> list[Span]:
        """The same with names in words that are no language, which say more of these than a model can."""
        for mark in glued(text, self._asked):
            start, end = mark.start, mark.end
            around = [one for one in spans if one.start <= start and end <= one.end]
            if not any(one.entity == PERSON and one.score >= mark.score for one in around):
                spans = [one for one in spans if one.end <= start or end <= one.start]
                spans = sorted([*spans, Span(*mark, self._detector)])
        return spans

    def _said(self, text: str, words: Sequence[str], counts: Counts | None) -> list[Span]:
        """The same without those in words that are no language."""
        who = is_who(words)
        if not is_free(text) and not (who and is_alone(text)):
            return []
        spans = self._read(text, counts)
        called = spans and (
            (is_business(words) and _PARTNERS.fullmatch(text)) or (is_brand(words) and _BRAND.fullmatch(text))
        )
        if called:
            return [max(spans, key=_score)._replace(start=0, end=len(text), entity=ORGANIZATION)]
        # What is only called something may be anything: a name of somebody's is asked about.
        person = who and (words[-1] != "name" or is_who(words[:-1]))
        if person and is_full(text) and _is_open(text, spans):
            before = len(ASKED)
            asked = self._read(ASKED + text, counts)
            found = [one._replace(start=one.start - before, end=one.end - before) for one in asked]
            if all(one.entity == PERSON and one.score >= _SURE for one in found) and _is_all(text, found):
                return found
        return spans

    def _read(self, text: str, counts: Counts | None) -> list[Span]:
        """The names of a text that is asked about."""
        found = self._texts.get(text, len(text))
        way: Way | None = None
        if found is None:
            told = _told(text)
            way = Way(told) if self._sees_shapes else None
            form = way.shape if way else told
            marks = self._forms.get(form, len(form))
            found = _Text(self._judged([form])[form] if marks is None else marks)
            self._texts.put(text, found, len(text))
        spans = found.spans
        if spans is None:
            if counts and not has_mail(text) and not self._any(found.marks, counts):
                return []
            # What was learned before has left no way back; most texts hold no name, and need none.
            if way is None and self._sees_shapes and found.marks:
                way = Way(_told(text))
            spans = found.spans = self._spans(text, found.marks, way)
        return spans

    def _asked(self, text: str) -> tuple[Mark, ...]:
        return self._judged([text])[text]

    def _any(self, marks: Iterable[Mark], counts: Counts) -> bool:
        return any(counts(Span(*one, self._detector)) for one in marks)

    def find(self, texts: Iterable[str]) -> list[list[Span]]:
        """The same of many texts: what is new is given to the model at once.

        Raises:
            DetectorError: the model failed.
        """
        texts = list(texts)
        ways = [Way(text) if self._sees_shapes else None for text in texts]
        forms = [way.shape if way else text for way, text in zip(ways, texts, strict=True)]
        judged = self._judged(forms)
        return [
            self._glued(text, self._spans(text, judged[form], way))
            for text, form, way in zip(texts, forms, ways, strict=True)
        ]

    def held(self, texts: Iterable[str], counts: Counts) -> list[list[Span]]:
        """What is in each text, wherever it stands: places are those of what the model sees.

        Args:
            texts: what is judged.
            counts: whether a name will be replaced. What is left then is asked about as well, so that it is
                known when it comes.

        Raises:
            DetectorError: the model failed.
        """
        forms = self._shapes(texts)
        judged = self._judged(forms, counts)
        return [[Span(*one, self._detector) for one in judged[form]] for form in forms]

    def learn(self, texts: Collection[str], counts: Counts) -> None:
        """Know what is in each text, so that it need not be asked again when `spans` wants it.

        Args:
            texts, counts: as in `held`.

        Raises:
            DetectorError: the model failed.
        """
        forms = self._shapes(texts)
        judged = self._judged(forms, counts)
        for text, form in zip(texts, forms, strict=True):
            self._texts.put(text, _Text(judged[form]), len(text))

    def _shapes(self, texts: Iterable[str]) -> list[str]:
        """Texts as the model is asked about them."""
        return [shaped(text) if self._sees_shapes else text for text in map(_told, texts)]

    def _spans(self, text: str, marks: Sequence[Mark], way: Way | None) -> list[Span]:
        if way and way.changes and marks:
            start, end = way.start, way.end
            marks = [Mark(start(one[0]), end(one[1]), one[2], one[3]) for one in marks]
        if has_mail(text) and (more := spelled(text)):
            marks = together(marks, more)
        return [Span(start, end, label, score, self._detector) for start, end, label, score in marks]

    def _judged(self, forms: Iterable[str], counts: Counts | None = None) -> dict[str, tuple[Mark, ...]]:
        """What is in texts as the model sees them.

        Args:
            counts: as in `held`: what is left of them without those names is judged too.
        """
        judged: dict[str, tuple[Mark, ...]] = {"": _NOTHING}
        new = self._judge(forms, judged)
        if counts is None:
            return judged
        for _ in range(_ROUNDS):
            left = []
            for form in new:
                marks = [one for one in judged[form] if counts(Span(*one, self._detector))]
                if marks:
                    left.append(_without(form, marks))
            new = self._judge(left, judged)
            if not new:
                break
        return judged

    def _judge(self, forms: Iterable[str], judged: dict[str, tuple[Mark, ...]]) -> list[str]:
        """Adds what is in some texts to what is judged. Those that are new."""
        cuts: dict[str, list[tuple[str, Segment]]] = {}
        for form in forms:
            if form not in judged and form not in cuts:
                marks = self._forms.get(form, len(form))
                if marks is None:
                    cuts[form] = [(form[one.start : one.end], one) for one in cut(form)]
                else:
                    judged[form] = marks
        known: dict[str, tuple[Mark, ...]] = {}
        asked: dict[str, None] = {}
        for pieces in cuts.values():
            for segment, _ in pieces:
                if segment not in known and segment not in asked:
                    marks = self._segments.get(segment, len(segment))
                    if marks is not None:
                        known[segment] = marks
                    elif any(map(str.isalpha, segment)):
                        asked[segment] = None
                    else:
                        known[segment] = _NOTHING
        if asked:
            self._ask(list(asked), known)
        for form, pieces in cuts.items():
            found: list[Mark] = []
            for segment, one in pieces:
                for start, end, label, score in known[segment]:
                    start += one.start
                    if one.first <= start < one.last and (not found or found[-1].end <= start):
                        found.append(Mark(start, end + one.start, label, score))
            judged[form] = tuple(found)
            if len(form) <= _LONG:
                self._forms.put(form, judged[form], len(form))
        return list(cuts)

    def _ask(self, asked: list[str], found: dict[str, tuple[Mark, ...]]) -> None:
        hashtags = {n: tags for n, one in enumerate(asked) if "#" in one and (tags := Hashtags(one)).text}
        try:
            tagged = self._tagger.tag([*asked, *(tags.text for tags in hashtags.values())])
        except (DetectorError, MemoryError):
            raise
        except Exception as error:
            # Whatever a model's library says could quote the text.
            raise DetectorError(f"the model of names failed with {type(error).__name__}") from None
        answers = [[Mark(one.start, one.end, one.label, one.score) for one in names] for names in tagged]
        size = len(asked)
        apart = dict(zip(hashtags, answers[size:], strict=True))
        for n, (segment, names) in enumerate(zip(asked, answers[:size], strict=True)):
            seen = hashtags[n].persons(names, apart[n]) if n in hashtags else names
            found[segment] = marks = tuple(whole(segment, weighed(segment, seen)))
            self._segments.put(segment, marks, len(segment))


def _without(form: str, marks: Iterable[Mark]) -> str:
    """A text as the model sees it, whose names are replaced."""
    return replaced(form, [(one.start, one.end) for one in marks], REPLACED)


def _score(span: Span) -> float:
    return span.score


def _is_open(text: str, spans: Sequence[Span]) -> bool:
    """Whether a text that can be a full name may be one though the model sees none in it, or sees a part of
    `King, Rose` alone."""
    persons = [one for one in spans if one.entity == PERSON]
    return not persons or ("," in text and len(persons) == len(spans) and not _is_all(text, spans))


def _is_all(text: str, spans: Sequence[Span]) -> bool:
    """Whether names are all of a text, save a comma between two."""
    ends = [0, *(one.end for one in spans)]
    starts = [*(one.start for one in spans), len(text)]
    between = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    return bool(spans) and not between[0] and not between[-1] and all(one == ", " for one in between[1:-1])


def is_business(words: Sequence[str]) -> bool:
    """Whether the words of the keys that lead to a text end by asking for a company."""
    *above, last = words or ("",)
    return last in _BUSINESSES or (last == "name" and bool(above) and above[-1] in _BUSINESSES)


def is_brand(words: Sequence[str]) -> bool:
    """Whether they end by asking for a brand."""
    last = words[-2:-1] if words[-1:] == ("name",) else words[-1:]
    return not _BRANDS.isdisjoint(last)


def is_who(words: Sequence[str]) -> bool:
    """Whether the words of the keys that lead to a text end by asking who somebody is."""
    if not words:
        return False
    last, before = words[-1], tuple(words[-2:-1])
    if last in _HELD and before and before not in _TO and is_who(words[:-1]):
        return True
    if last == "name" and before in _THINGS:
        return False
    if (last == "by" and before in _SORTED) or (last == "agent" and before == ("user",)):
        return False
    return last in _WHO or (last == "id" and before in _WHOSE) or (last == "to" and before in _TO)


def is_alone(text: str) -> bool:
    """Whether a text can be a name of one word, with a capital before and nowhere else, or a login of two;
    or some of these, with commas between; or one behind the domain of its account."""
    if "\\" in text:
        return _ACCOUNT.fullmatch(text) is not None
    return _ALONE.fullmatch(text) is not None or ("," in text and _MANY.fullmatch(text) is not None)


def is_full(text: str) -> bool:
    """Whether a text can be a name of two words or three."""
    return _FULL.fullmatch(text) is not None


def _told(text: str) -> str:
    """A text as it is asked about: an underscore between names says code everywhere else, and a comma without
    a blank, or a domain, that they are one."""
    if _APART.isdisjoint(text) or is_free(text):
        return text
    return text.translate(_TOLD)


def is_free(text: str) -> bool:
    """Whether a text is free text: no number, no single identifier, no word of a list of choices.

    One without a blank is none, unless its script may do without, or it is a path to what somebody has.
    """
    return " " in text or "\n" in text or "\t" in text or not text.isascii() or FOLDERS in text
