"""Where in a long text a recognizer is asked: near what woke it, and not everywhere.

    near(recognizer, text, ends)       what it finds in a text, asked about windows around some places

Most recognizers find what is short: a label, a gap and a value. The search that says which of them run also
says where a trigger ended, and what is found lies around it. So each is given stretches of the text as if
they were texts. They end between two words of small letters, where neither a number nor a token goes on; and
what is found near such an end, where the text may have gone on with something that counts, is asked for again
in a larger stretch.

Refuses: recognizers that read as far as they like, elements and tables, and those of users: they get the
whole text. And to say why something is not found: then all of them do.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.presidio import PresidioRecognizer
from cecil.sanitizer.detectors.rules import Rules
from cecil.sanitizer.detectors.secrets.tokens import TokenRecognizer
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Span

LONG = 2048
"""Characters of a text from which a recognizer is asked about windows."""

_EDGE = 48
"""So near to an end that the text was given, what is found is asked for again."""

_ATTRIBUTES = 320
"""Characters of the attributes of an element."""

_MOST = 0.8
"""Of a text: where windows are more, it is given as it is."""

# Between two words: no number, no list of numbers, no token and no address goes on there.
_BETWEEN = late(r"(?<=[a-z][a-z])[ \t\n](?=[a-z][a-z])")
_STEPS = (64, 512, 4096)
"""Characters that are looked through for such a place."""


class _Reach(NamedTuple):
    """How far what is found can lie from what woke a recognizer.

    Attributes:
        before, behind: characters on each side of the end of a trigger, but for what goes on without a blank.
        unless: where this stands in a text, something may reach further.
        elements: whether the end of an element is a trigger; what it holds is found with its beginning.
    """

    before: int
    behind: int
    unless: re.Pattern[str] | None = None
    elements: bool = False


# Of Presidio's, those whose patterns are short and look no further than they match.
_OF_PRESIDIO = {
    **dict.fromkeys(
        """AbaRouting CreditCard Crypto Iban MacAddress MedicalLicense Nhs UsBank UsItin UsLicense
        UsMbi UsNpi UsPassport UsSsn Uuid""".split(),
        _Reach(96, 96),
    ),
    # Two colons alone wake nothing, and are an address where another one is.
    "Ip": _Reach(96, 96, late(r"(?<![\w:])::(?![\w:])")),
    "Phone": _Reach(256, 256),
}

# The longest rule matches 285 characters.
_RULES = _Reach(320, 320)
_ENDLESS_RULES = frozenset({"biometric"})

# The word that it needs stands up to 100 characters before a token, which has no blank.
_TOKEN = _Reach(320, 128)

_OURS = {
    "email": _Reach(192, 448),  # one that is spelled out
    "spoken": _Reach(448, 224),
    "assignment": _Reach(320, 224, elements=True),
    # A word that a place needs stands up to 1,000 characters before it, a call's third argument 610 behind.
    # Keys and cookies have many lines, or blanks.
    "secret-place": _Reach(
        1408, 768, late(r"PRIVATE KEY|Private-Lines|(?i:cookie[2s]?)[\"'\\]{0,4}[ \t]{0,2}[:=]")
    ),
}


def _reach(recognizer: Recognizer) -> _Reach | None:
    """How far a recognizer's findings lie from what woke it; None where that is not known."""
    if isinstance(recognizer, Rules):
        return None if recognizer.name in _ENDLESS_RULES else _RULES
    if isinstance(recognizer, TokenRecognizer):
        return _TOKEN
    if isinstance(recognizer, PresidioRecognizer):
        kind = type(recognizer.presidio)
        own = kind.__module__.startswith("presidio_analyzer.predefined_recognizers.")
        return _OF_PRESIDIO.get(kind.__name__.removesuffix("Recognizer")) if own else None
    return _OURS.get(recognizer.name)


def near(recognizer: Recognizer, text: str, ends: Sequence[int]) -> list[Span]:
    """What a recognizer finds in a text.

    Args:
        recognizer: woken by the text.
        text: a long one.
        ends: where its triggers ended, in order.

    Raises:
        DetectorError: the text could not be judged.
    """
    far = _reach(recognizer)
    if far is None or (far.unless and far.unless.search(text)):
        return recognizer.find(text)
    windows = _windows(text, ends, far)
    if sum(end - start for start, end in windows) > _MOST * len(text):
        return recognizer.find(text)
    found: list[Span] = []
    for start, end in windows:
        found += _inside(recognizer, text, start, end)
    return list(dict.fromkeys(found))


def _windows(text: str, ends: Sequence[int], far: _Reach) -> list[tuple[int, int]]:
    """Stretches of a text around some places; none near another."""
    found: list[tuple[int, int]] = []
    start = last = -1
    for first, end in _elements(text, ends) if far.elements else ((end, end) for end in ends):
        if start >= 0 and first - last > far.before + far.behind:
            _add(text, start - far.before, last + far.behind, found)
            start = -1
        start = first if start < 0 else min(start, first)
        last = end
    if start >= 0:
        _add(text, start - far.before, last + far.behind, found)
    return found


def _add(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    start, end = _cut_before(text, start), _cut_behind(text, end)
    if found and start <= found[-1][1]:
        start = found.pop()[0]
    found.append((start, end))


def _elements(text: str, ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The same places; with that of an element's end, that of what it holds, and its attributes before."""
    done = 0
    for end in ends:
        begin = end
        if text.startswith("</", end - 3):
            sign = text.rfind(">", done, end)
            begin = max(done, (end if sign < 0 else sign) - _ATTRIBUTES)
            done = end
        yield begin, end


def _inside(recognizer: Recognizer, text: str, start: int, end: int) -> list[Span]:
    """What is found in a stretch of a text, and would be in the whole."""
    more = _EDGE
    while True:
        found = recognizer.find(text[start:end])
        before = start > 0 and any(span.start < _EDGE for span in found)
        behind = end < len(text) and any(span.end > end - start - _EDGE for span in found)
        if not before and not behind:
            break
        more *= 4
        if before:
            start = _cut_before(text, start - more)
        if behind:
            end = _cut_behind(text, end + more)
    return [one._replace(start=one.start + start, end=one.end + start) for one in found] if start else found


def _cut_before(text: str, place: int) -> int:
    """The last place between two words before a given one; else the beginning."""
    for step in _STEPS:
        if place <= step:
            return 0
        if places := [match.end() for match in _BETWEEN.finditer(text, place - step, place)]:
            return places[-1]
    return 0


def _cut_behind(text: str, place: int) -> int:
    """The first place between two words behind a given one; else the end."""
    match = _BETWEEN.search(text, place, place + _STEPS[-1]) if place < len(text) else None
    return match.start() if match else len(text)
