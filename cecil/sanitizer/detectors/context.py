"""Words that stand before a span and make it count more, as Presidio's LemmaContextAwareEnhancer has it.

    enhance(text, spans, context, words)

Spans of one recognizer come back with 0.35 more, at least 0.4 and at most 1.0, where one of its context words
is part of one of the words near: the token in which the span begins, or, where that is no keyword, the next
one that is; the five keywords before it (six, likewise); or one of `words`, which are those of the keys that
lead to the text. Tokens are those of spaCy's blank English tokenizer (see `english.py`); a token is its own
lemma, as a blank pipeline has none; keywords are what Presidio's NlpArtifacts keep: no stop words, no
punctuation.

A text is cut at white space first, and each piece is judged by itself; so pieces are remembered, and only
those near a span are judged, and none where no context word stands in the text at all.
Refuses: to look into a run of more than 1,000 characters of one kind, white space or not; each 1,000
count as one word.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import regex

from cecil.sanitizer.detectors import english
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Span

MORE = 0.35
LEAST = 0.4
NEAR = 5
"""Words before the token in which a span begins."""

_LONGEST = 1000
_BLANK = r"\s\x1c-\x1f"
"""What `str.isspace` says, by which spaCy cuts."""

# One blank after a word belongs to the word.
_PIECES = regex.compile(rf"(?:(?<=[^{_BLANK}])[ ])?([{_BLANK}]{{1,{_LONGEST}}}|[^{_BLANK}]{{1,{_LONGEST}}})")

# Words and numbers, most of what is asked for, are cut here as it cuts them, at a tenth of the cost: at
# dashes between digits, and before a mark at the end.
_PLAIN = regex.compile(r"([A-Za-z]++|[0-9]++(?:[-./][0-9]++)*+)[,;:]?+")
_TOKEN = regex.compile(r"[A-Za-z0-9./]++|[-,;:]")

# Where a word begins or ends: a text is cut alike between such places, whatever else there is.
_BEGIN_BEFORE = regex.compile(rf"(?r)(?<=[{_BLANK}])(?=[^{_BLANK}])")
_END_BEHIND = regex.compile(rf"(?<=[^{_BLANK}])(?=[{_BLANK}])")
_WORD_BEFORE = regex.compile(rf"(?r)[^{_BLANK}]*+")
_WORD_BEHIND = regex.compile(rf"[^{_BLANK}]*+")
_BESIDE = 12
"""Characters of what stands beside a colon, and of most words that are no keywords."""

_AROUND = (160, 640, 4096)
"""Characters before and behind a place in a long text in which words are looked for first, and then."""

_NUMBERS = late(r"(?<!\S)[0-9.,:;/()+-]++(?!\S)")
_DIGITS = late(r"[0-9]{2,}+")


class _Piece(NamedTuple):
    """The tokens of a piece.

    Attributes:
        ends: where each token ends, in the piece.
        lemmas: each token, in lower case.
        keywords: whether it is one by itself.
        parts: what tokens with a colon add to the keywords of the whole text: `the` and `1` of `the:1`.
    """

    ends: tuple[int, ...]
    lemmas: tuple[str, ...]
    keywords: tuple[bool, ...]
    parts: frozenset[str]


def enhance(text: str, spans: list[Span], context: Sequence[str], words: Sequence[str] = ()) -> list[Span]:
    """Spans with the scores that they have in their context, in the same order.

    Args:
        text: where the spans are.
        spans: of one recognizer.
        context: its context words; in any case.
        words: further words that are near each span; in any case.
    """
    if not context or all(span.score >= 1 for span in spans):
        return spans
    wanted, numbers = _asked(tuple(context))
    if words and _speak(tuple(words), wanted):
        return [_more(span) for span in spans]
    lowered = _lowered(text)
    if not any(part in lowered for part in wanted):
        return spans
    starts = (spans[0].start,) if len(spans) == 1 else tuple(sorted({span.start for span in spans}))
    if len(text) > _AROUND[-1]:
        helped = frozenset(start for start in starts if _helps(text, start, wanted))
    elif len(text) > _LONGEST or numbers:
        helped = _helped.__wrapped__(text, starts, wanted)
    else:
        helped = _helped(_without_numbers(text), starts, wanted)
    return [_more(span) if span.start in helped else span for span in spans]


@lru_cache(maxsize=8192)
def _helped(text: str, starts: tuple[int, ...], wanted: tuple[str, ...]) -> frozenset[int]:
    """The places, of those in order, that have a wanted word near."""
    near = _near(text)
    return frozenset(start for start in starts if near.any(start, wanted))


def _helps(text: str, start: int, wanted: tuple[str, ...]) -> bool:
    """Whether a place in a long text has a wanted word near, of which only the neighbourhood is cut."""
    for around in _AROUND:
        near = _neighbourhood(text, start, around)
        try:
            return near.any(start, wanted)
        except _BeyondError:
            pass
    return _near(text).any(start, wanted)


def _neighbourhood(text: str, place: int, around: int) -> "_Near":
    first, last = max(0, place - 2 * around), min(len(text), place + 2 * around)
    before = _BEGIN_BEFORE.search(text, first, max(0, place - around)) if first else None
    behind = _END_BEHIND.search(text, place + around, last) if last < len(text) else None
    if (first and not before) or (last < len(text) and not behind):
        return _near(text)
    return _Near(text, before.start() if before else 0, behind.start() if behind else len(text))


class _BeyondError(Exception):
    """What is asked for lies beyond the part of a text that was cut."""


@lru_cache(maxsize=1)
def _without_numbers(text: str) -> str:
    """A text with other digits, which is cut in the same places: logs repeat themselves, save their numbers.

    What spaCy cuts by a table has one digit in a row at most, or letters.
    """
    return _NUMBERS.sub(_ones, text)


def _ones(match: re.Match[str]) -> str:
    return _DIGITS.sub(lambda digits: "1" * len(digits[0]), match[0])


@lru_cache(maxsize=1024)
def _asked(context: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """Words in lower case, and whether one of them has no letter, as numbers have none."""
    wanted = tuple(word.lower() for word in context)
    return wanted, not all(any(map(str.isalpha, part)) for part in wanted)


@lru_cache(maxsize=8192)
def _speak(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Whether one of the wanted words is part of one of some words."""
    return any(part in word.lower() for word in words for part in wanted)


def _more(span: Span) -> Span:
    start, end, entity, score, detector, validated = span
    return Span(start, end, entity, min(max(score + MORE, LEAST), 1.0), detector, validated)


@lru_cache(maxsize=1)
def _near(text: str) -> "_Near":
    """Kept for the next recognizer that asks about the same text."""
    return _Near(text)


class _Near:
    """The words near places of one text.

    Args:
        text: the whole text.
        begin, end: the part of it that is cut; a word begins and one ends there.
    """

    def __init__(self, text: str, begin: int = 0, end: int | None = None) -> None:
        self._text = text
        self._is_begin = begin == 0
        self._is_end = end is None or end == len(text)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for match in _PIECES.finditer(text, begin, len(text) if end is None else end):
            first, last = match.span(1)
            self._starts.append(first)
            self._ends.append(last)
        self._has_colons = ":" in text
        # The keywords before a piece. Places are asked for in order: no stretch is walked twice.
        self._known: dict[int, list[str]] = {}
        # The first keyword behind any piece from the first of these to before the second.
        self._ahead = (0, 0, "")

    def any(self, start: int, wanted: tuple[str, ...]) -> bool:
        """Whether one of the wanted words is part of a word near.

        Raises:
            _BeyondError: that depends on what was not cut.
        """
        index = min(bisect_right(self._ends, start), len(self._ends) - 1)
        piece = self._piece(index)
        token = min(bisect_right(piece.ends, start - self._starts[index]), len(piece.ends) - 1)
        near = self._keywords(piece, token)
        if not self._is_keyword(piece, token) and any(part in self._after(index, token) for part in wanted):
            return True
        if len(near) <= NEAR:
            near += self._before(index)[: NEAR + 1 - len(near)]
        return any(part in word for word in near for part in wanted)

    def _is_keyword(self, piece: _Piece, token: int) -> bool:
        return piece.keywords[token] or (self._has_colons and _is_part(self._text, piece.lemmas[token]))

    def _after(self, index: int, token: int) -> str:
        """The first keyword behind a token of a piece; empty where there is none."""
        piece = self._piece(index)
        for later in range(token + 1, len(piece.ends)):
            if self._is_keyword(piece, later):
                return piece.lemmas[later]
        begin, end, word = self._ahead
        if begin <= index < end:
            return word
        word, end = "", index + 1
        while not word and end < len(self._ends):
            piece = self._piece(end)
            word = next((w for i, w in enumerate(piece.lemmas) if self._is_keyword(piece, i)), "")
            end += not word
        if not word and not self._is_end:
            raise _BeyondError
        self._ahead = (index, end, word)
        return word

    def _before(self, index: int) -> list[str]:
        """Keywords before a piece, the nearest first, as many as can be wanted."""
        found: list[str] = []
        at = index
        while at > 0 and len(found) <= NEAR:
            if at in self._known:
                found += self._known[at]
                break
            at -= 1
            piece = self._piece(at)
            found += self._keywords(piece, len(piece.ends) - 1)
        if at == 0 and len(found) <= NEAR and not self._is_begin:
            raise _BeyondError
        self._known[index] = found = found[: NEAR + 1]
        return found

    def _keywords(self, piece: _Piece, token: int) -> list[str]:
        """Keywords of a piece from a token backwards, as many as can be wanted."""
        found: list[str] = []
        while token >= 0 and len(found) <= NEAR:
            if self._is_keyword(piece, token):
                found.append(piece.lemmas[token])
            token -= 1
        return found

    def _piece(self, index: int) -> _Piece:
        return _piece(self._text[self._starts[index] : self._ends[index]])


def _is_part(text: str, word: str) -> bool:
    """Whether a word is a keyword that a token with a colon makes, anywhere in the text."""
    # Beyond ASCII, what a letter is in lower case may depend on those around it.
    beside = len(word) > _BESIDE or not word.isascii() or word in _beside_colons(text)
    return beside and word in _further(text)


@lru_cache(maxsize=1)
def _beside_colons(text: str) -> frozenset[str]:
    """What stands beside the colons of a text, in lower case: what is short of `_further`, and more."""
    parts = _lowered(text).split(":")
    before = {part[-_BESIDE:] for part in parts[:-1]}
    behind = {part[:_BESIDE] for part in parts[1:]}
    ends = (part[at:] for part in before for at in range(len(part)))
    return frozenset(ends).union(part[:at] for part in behind for at in range(1, len(part) + 1))


@lru_cache(maxsize=1)
def _lowered(text: str) -> str:
    return text.lower()


@lru_cache(maxsize=1)
def _further(text: str) -> frozenset[str]:
    """Keywords that tokens with a colon make, anywhere in a text."""
    return frozenset().union(*(_piece(piece).parts for piece in _colons(text)))


def _colons(text: str) -> set[str]:
    """Pieces in which there is a colon."""
    found: set[str] = set()
    colon = text.find(":")
    while colon >= 0:
        start, end = _run(text, colon)
        found.update(_pieces(text, start, end))
        colon = text.find(":", end)
    return found


def _run(text: str, place: int) -> tuple[int, int]:
    """Where what is no white space begins and ends around a place."""
    return _WORD_BEFORE.match(text, 0, place).start(), _WORD_BEHIND.match(text, place).end()


def _pieces(text: str, start: int, end: int) -> Iterator[str]:
    """The pieces of what is no white space in which there is a colon."""
    pieces = (text[at : min(at + _LONGEST, end)] for at in range(start, end, _LONGEST))
    return (piece for piece in pieces if ":" in piece)


@lru_cache(maxsize=65536)
def _piece(text: str) -> _Piece:
    if len(text) == _LONGEST:
        return _Piece((len(text),), (text.lower(),), (True,), frozenset())
    plain = _PLAIN.fullmatch(text)
    if plain and not english.cut_by_table(text) and not english.cut_by_table(plain[1]):
        tokens = _TOKEN.findall(text)
    else:
        tokens = english.cut(text)
    lemmas = tuple(word.lower() for word in tokens)
    kept = [english.is_keyword(word) and word not in ("-PRON-", "be") for word in tokens]
    split = [lemma.split(":") for lemma, keep in zip(lemmas, kept, strict=True) if keep and ":" in lemma]
    return _Piece(
        tuple(accumulate(map(len, tokens))),
        lemmas,
        tuple(keep and ":" not in lemma for lemma, keep in zip(lemmas, kept, strict=True)),
        frozenset(part for parts in split for part in parts),
    )
