"""Lines and sentences: what a model is given at once, and what is remembered.

A text is cut at the ends of lines and sentences, and JSON at its strings, as it is where it is read. What is
still long, as no sentence is, is cut at blanks into windows that overlap: a model looks only so far, and of
what two windows say of the same place the one holds that sees more around it. Nothing is left out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from cecil.sanitizer.late import late

LONGEST = 400
"""Characters of a segment."""

OVERLAP = 120
"""Characters that two windows share: more than the model looks to one side, twice."""

_SENTENCE = r"(?<=[.!?…])['\")\]”’]{0,4}[^\S\n]+(?=[^\sa-z])"
_LINE = r"(?<=[\r\n])\s*"
# What begins with one set of characters is looked for twice as fast as what may begin in two ways.
_END = late(rf"[.!?…\r\n](?:{_SENTENCE}|{_LINE})")
_END_OR_QUOTE = late(rf'[.!?…\r\n"](?:{_SENTENCE}|{_LINE}|(?<="))')
_BEFORE = "([\"'"
"""What a word may stand behind, besides blanks."""
_SIGNED = "-–—~/"
"""What stands before who signs: `stable. -A. Stone`."""
_LONGEST_WORD = 20
_NO_END = frozenset(
    """mr mrs ms mx dr prof rev fr sr jr st hon gen col maj capt cpt lt sgt cpl adm cmdr gov sen rep pres
    messrs mme mlle hr fr. sig sra srta dra ing dipl mag phd md esq vs no nos approx dept univ inc ltd co corp
    bros etc eg e.g i.e u.s u.k jan feb mar apr jun jul aug sep sept oct nov dec mt ft""".split()
)

_INITIALS = re.compile(
    r"(?!(?:[AP]\.M|P\.[OS]|B\.C|A\.D|D\.C|N\.[HJMYVZ]|L\.A|R\.I|S\.[ACD]|W\.V|B\.V|E\.U|U\.N|R\.I\.P|U\.A\.E)\Z)"
    r"(?:[A-Z]\.){1,2}[A-Z]"
).fullmatch
"""`J.K.` and `J.R.R.`, without the last dot; no time, no postscript, state or form of companies, with which
sentences end."""


class Segment(NamedTuple):
    """A stretch of a text.

    Attributes:
        start, end: characters, half-open; no blank at either end.
        first, last: names that begin in this part of it count.
    """

    start: int
    end: int
    first: int
    last: int


def cut(text: str) -> list[Segment]:
    """The segments of a text, in order; blank ones are left out."""
    found: list[Segment] = []
    start = 0
    ends = _END
    if text.startswith(("{", "[")) and '"' in text:
        ends = _END_OR_QUOTE
    if len(text) > 40 or ends is not _END or "\n" in text or "\r" in text:
        for match in ends.finditer(text):
            at, end = match.span()
            sign = text[at]
            if sign == "." and _goes_on(text, at):
                continue
            _add(text, start, at if sign == '"' else end, found)
            start = end
    _add(text, start, len(text), found)
    return found


def _goes_on(text: str, dot: int) -> bool:
    """Whether a dot is that of a title, an initial or another word that is cut short."""
    before = text[max(0, dot - _LONGEST_WORD) : dot]
    if not before[-1:].isalnum():
        return False
    word = before.split()[-1]
    for sign in _BEFORE:
        word = word.rpartition(sign)[2] if sign in word else word
    word = word.lstrip(_SIGNED) or word
    if word.lower() in _NO_END or (len(word) == 1 and not word.isdecimal()):
        return True
    return _INITIALS(word) is not None


def _add(text: str, start: int, end: int, found: list[Segment]) -> None:
    part = text[start:end].lstrip()
    start = end - len(part)
    end = start + len(part.rstrip())
    if end - start <= LONGEST:
        if start < end:
            found.append(Segment(start, end, start, end))
        return
    found += _windows(text, start, end)


def _windows(text: str, start: int, end: int) -> Iterator[Segment]:
    first = start
    while end - start > LONGEST:
        stop = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = start + LONGEST if stop < 0 else stop
        last = stop - OVERLAP // 2
        yield Segment(start, stop, first, last)
        first = last
        again = stop - OVERLAP
        blank = text.find(" ", again, last)
        start = blank + 1 if blank >= 0 else again
    yield Segment(start, end, first, end)
