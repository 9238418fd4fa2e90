"""What a model sees of a text: what is no language is one sign.

    collapsed(data)     octets with every run of digits as one 0
    shaped(text)        the whole shape
    Way(text)           the same, and the way back from its places to those of the text
    has_mail(text)      whether an address of e-mail may be in it

Digits in a row, and ids of letters and digits, are `0`; an e-mail address is `@`; a URL or an absolute path
is `/`; what stands for a value that an earlier step replaced is `<~>`. So lines of a log that differ only in
these are the same text, and are judged once. Digits go first: the shape of a collapsed text is that of the
text itself, and what was learned of the one holds for the other.
"""

import re
import string
from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property
from itertools import accumulate

from cecil.sanitizer.late import late

_DIGITS = bytes.maketrans(b"123456789", b"0" * 9)
_ZERO = ord("0")
_LARGE = 4096
"""Octets from which NumPy is faster."""

REPLACED = "<~>"
"""The sign for what was replaced."""

_WORD = r"[\w.+-]"
_OWN = r"<(?:[A-Z][A-Z0_]*+(?:[#!][^<>\s]{0,4096})?|~++)>"
"""A replacement, or one that `leaves` has made unreadable."""
_BEHIND_SCHEME = late(r"://[^\s\"'<>()\[\]{}|\\^`,;]++")
_CAPITAL = re.compile(r"[^\W\d_a-z][^\W\d_]*+(?:['’-][^\W\d_]++)?").fullmatch
_GOES_ON = re.compile(r" (?:[a-z]{1,4} ){0,2}[^\W\d_a-z][^\W\d_]*[a-z]").match
"""What stands behind a value that is cut at a blank, as in `?q=Jo de la Stone`."""
_OF_SCHEMES = frozenset(f"{string.ascii_letters}0+.-")
_MAIL = rf"(?<!{_WORD}){_WORD}++@[\w-]++(?:\.[\w-]++)++"
_PATH = r"/(?<![\w.~/:-]/)[\w.~%+@:=-]++(?:/[\w.~%+@:=-]*+)*+"
# A UUID, hexadecimal digits, and what has digits in two places.
_ID = late(
    r"(?<![A-Za-z0])(?:(?:[0a-fA-F]++-){4}[0a-fA-F]++"
    r"|[a-f]++0[0a-f]*+|[A-F]++0[0A-F]*+|0[a-f][0a-f]*+|0[A-F][0A-F]*+"
    r"|[A-Za-z]*+0[A-Za-z]++0[A-Za-z0]*+)(?![A-Za-z0])"
)
_REST_OF_ID = late(r"[A-Za-z0-]*+")
_OF_IDS = frozenset(f"{string.ascii_letters}0-")
_MENTION = re.compile(r"@(?<=[\w.+-]@)[\w-]").search
"""Most @ stand before a name, and not in an address."""

Places = list[tuple[int, int]]


def _matches(expression: str) -> Callable[[str], Places]:
    finditer = re.compile(expression).finditer
    return lambda text: [match.span() for match in finditer(text)]


def _urls(text: str) -> Places:
    """Schemes with what follows them. Looked for by what stands between, which is fast."""
    found = []
    at = text.find("://")
    while at >= 0:
        start, end = at, at + 3
        while start and text[start - 1] in _OF_SCHEMES:
            start -= 1
        if start < at and text[start].isalpha() and (behind := _BEHIND_SCHEME.match(text, at)):
            end = behind.end()
            # A blank that was written as `+` or `%20` ends no URL, and what it parts may be a name: the last
            # parameter stays, with the sign before it, so that no path begins there.
            if text[end : end + 1] == " " and (equals := text.rfind("=", at, end)) > 0:
                sign = max(text.rfind("?", at, equals), text.rfind("&", at, equals))
                if sign > 0 and _CAPITAL(text, equals + 1, end) and _GOES_ON(text, end):
                    end = sign
            found.append((start, end))
        at = text.find("://", end)
    return found


def _ids(text: str) -> Places:
    """Ids, which have a digit beside a letter or a dash. Looked for by the digit, which is fast."""
    found: Places = []
    done = 0
    for match in _DIGIT_OF_ID.finditer(text):
        start = match.start()
        if start >= done:
            done = _REST_OF_ID.match(text, start).end()  # type: ignore[union-attr]  # at least the digit
            while start and text[start - 1] in _OF_IDS:
                start -= 1
            found += [one.span() for one in _ID.finditer(text, start, done)]
    return found


_DIGIT_OF_ID = late(r"0(?:(?<=[A-Za-z]0)|(?=[A-Za-z-]))")
_STEPS = (
    (re.compile("<[A-Z~]").search, _matches(_OWN), REPLACED),
    (re.compile("://").search, _urls, "/"),
    (_MENTION, _matches(_MAIL), "@"),
    (re.compile("/").search, _matches(_PATH), "/"),
    (_DIGIT_OF_ID.search, _ids, "0"),
)
"""Finds what must be in a text for a step to do something, the places of what is replaced, and its sign."""
_NO_LANGUAGE = re.compile("[0-9@/<]").search
"""Without, a text is its own shape."""

_RUNS = _matches("00++")


def collapsed(data: bytes) -> bytes:
    """Octets with every run of ASCII digits as one 0."""
    data = data.translate(_DIGITS)
    if b"00" not in data:
        return data
    if len(data) < _LARGE:
        data = data.replace(b"0000", b"0")
        while b"00" in data:
            data = data.replace(b"00", b"0")
        return data
    import numpy as np  # slow to load, and not needed without names

    octets = np.frombuffer(data, np.uint8)
    zero = octets == _ZERO
    kept = np.ones(len(octets), bool)
    np.logical_and(zero[1:], zero[:-1], out=kept[1:])
    np.logical_not(kept[1:], out=kept[1:])
    return np.compress(kept, octets).tobytes()


def shaped(text: str) -> str:
    """The shape of a text, in time that is linear in its length."""
    if not _NO_LANGUAGE(text):
        return text
    text = collapsed(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    for needs, places, sign in _STEPS:
        if needs(text) and (some := places(text)):
            text = replaced(text, some, sign)
    return text


def replaced(text: str, places: Places, sign: str) -> str:
    """A text with a sign at each of some places, which are in order and disjoint."""
    pieces = []
    done = 0
    for start, end in places:
        pieces.append(text[done:start])
        done = end
    pieces.append(text[done:])
    return sign.join(pieces)


def has_mail(text: str) -> bool:
    """Whether an address of e-mail may be in a text."""
    return _MENTION(text) is not None


class Way:
    """The way from the shape of a text back to the text.

    Attributes:
        shape: what `shaped` says.
    """

    def __init__(self, text: str) -> None:
        self.shape = text
        self._steps: list[_Step] = []
        if not _NO_LANGUAGE(text):
            return
        octets = text.encode("utf-8", "surrogatepass").translate(_DIGITS)
        text = self._taken(octets.decode("utf-8", "surrogatepass"), _RUNS, "0")
        for needs, places, sign in _STEPS:
            if needs(text):
                text = self._taken(text, places, sign)
        self.shape = text
        self._steps.reverse()

    @property
    def changes(self) -> bool:
        """Whether anything has another place in the shape."""
        return bool(self._steps)

    def _taken(self, text: str, places: Callable[[str], Places], sign: str) -> str:
        some = places(text)
        if not some:
            return text
        self._steps.append(_Step(some, len(sign)))
        return replaced(text, some, sign)

    def start(self, place: int) -> int:
        """Where in the text begins what begins at `place` of the shape."""
        for step in self._steps:
            place = step.start(place)
        return place

    def end(self, place: int) -> int:
        """Where in the text ends what ends at `place` of the shape."""
        for step in self._steps:
            place = step.end(place)
        return place


class _Step:
    """What became shorter in one step.

    Args:
        spans: what was replaced, in order.
        size: characters that each became.
    """

    def __init__(self, spans: Places, size: int) -> None:
        self._spans = spans
        self._size = size

    # Most ways are never walked.
    @cached_property
    def _less(self) -> list[int]:
        return [0, *accumulate(end - start - self._size for start, end in self._spans)]

    @cached_property
    def _starts(self) -> list[int]:
        return [start - lacks for (start, _), lacks in zip(self._spans, self._less, strict=False)]

    def start(self, place: int) -> int:
        index = bisect_right(self._starts, place) - 1
        if index >= 0 and place < self._starts[index] + self._size:
            return self._spans[index][0]
        return place + self._less[index + 1]

    def end(self, place: int) -> int:
        index = bisect_right(self._starts, place - 1) - 1
        if index >= 0 and place <= self._starts[index] + self._size:
            return self._spans[index][1]
        return place + self._less[index + 1]
