"""Stand-ins for identifiers of no known form: of the same shape.

A letter stands for a letter, a digit for a digit, hexadecimal for hexadecimal; case and punctuation stay, and
so does a zero in front. The last few characters are a seal, which leaves this much for telling people apart:

    9 to 13 digits      seal 1 in 10^4      90,000 to 9 * 10^8 stand-ins
    14 to 19 digits     seal 1 in 10^6      9 * 10^7 to 9 * 10^12
    20 digits or more   seal 1 in 10^8      9 * 10^11 or more

(a letter counts as 1.4 digits). A value that happens to bear the seal, one in so many, is taken for a
stand-in and stays. What has less than nine digits' worth could only be hidden badly: it grows at its end to
fifteen.

National numbers for which nobody sets numbers aside for tests get a check digit that is wrong, so that none
is a person's; a number whose check digit is right is never taken for a stand-in. Those without a check digit
are as any identifier.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from math import log10
from typing import NamedTuple

from cecil.sanitizer.actions.surrogates.base import (
    LONGEST,
    NO_LETTERS,
    Maker,
    Placing,
    Source,
    encoded,
    placing,
    said_of,
)
from cecil.sanitizer.detectors.sums import Sum

_SMALL = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_SEALS = ((14.0, 4), (20.0, 6), (float("inf"), 8))
_ROOM = 9.0
"""Digits' worth that a shape has at least."""

_GROWN = 15
_HEX = re.compile(rb"[0-9]*+(?:[a-f][0-9a-f]*+|[A-F][0-9A-F]*+)")
_FEWEST_HEX = 16
_TURNS = 64
"""A check digit is right by chance once in seven or more: so many in a row never are."""

_TO_0 = str.maketrans("9aA", "000")
_TO_SMALL = bytes.maketrans(_SMALL.upper().encode(), _SMALL.encode())
_FORMS = bytes.maketrans((_DIGITS + _SMALL + _SMALL.upper()).encode(), b"9" * 10 + b"a" * 26 + b"A" * 26)


Draw = Callable[[bytes], bytes]


class _Plan(NamedTuple):
    """How the letters and digits of a value are replaced.

    Attributes:
        drawn: the characters of the body by a stream of bytes.
        length: how many those are.
        seal: the same for those behind them, which are the seal.
        small: that in small letters.
        more: how many grow on.
        hexadecimal: whether they are.
        placed: all of them where they stand.
    """

    drawn: Draw
    length: int
    seal: Draw
    small: Draw
    more: int
    hexadecimal: bool
    placed: Placing


def _planned(said: bytes, hexadecimal: bool) -> _Plan | None:
    """How a value is replaced that looks so; None where it has neither letter nor digit.

    Args:
        said: the value with a and A for its letters, 9 for its digits; the first of them may be 0.
    """
    form = said.decode("utf-8", "surrogatepass")
    shape = "".join([character for character in form if character in "09aA"])
    tables: list[str] = []
    large = hexadecimal and "A" in shape
    for character in shape:
        if character.isdecimal():
            table = _DIGITS if tables else _DIGITS[1:] if character != "0" else "0"
        else:
            table = _SMALL.upper() if character.isupper() else _SMALL
        if hexadecimal and tables:
            # The second is always a letter, by which the stand-in is known to be hexadecimal too.
            table = _DIGITS + "abcdef" if len(tables) > 1 else "abcdef"
        elif hexadecimal and table.isalpha():
            table = "abcdef"
        tables.append(table.upper() if large else table)
    if not tables:
        return None
    worth = sum(log10(len(table)) for table in tables)
    if worth < _ROOM - 0.1:
        table = _DIGITS if any(map(str.isdecimal, shape)) else _SMALL.upper() if shape.isupper() else _SMALL
        while worth < _GROWN - 0.1:
            tables.append(table)
            worth += log10(len(table))
    needed = next(seal for most, seal in _SEALS if worth < most - 0.1)
    sealed, strength = 0, 1
    while strength < 10**needed:
        sealed += 1
        strength *= len(tables[-sealed])
    more = len(tables) - len(shape)
    last = form.rindex(shape[-1]) + 1  # it grows behind the last of them, so that what follows stays the end
    places = (form[:last] + "0" * more + form[last:]).translate(_TO_0)
    body, seal = tables[:-sealed], tables[-sealed:]
    small = _drawing([table.lower() for table in seal])
    return _Plan(_drawing(body), len(body), _drawing(seal), small, more, hexadecimal, placing(places))


_remembered = lru_cache(maxsize=4096)(_planned)


def _drawing(tables: list[str]) -> Draw:
    """What makes characters of a stream of bytes, which has enough of them: in runs, not one by one."""
    runs: list[tuple[int, int, bytes]] = []
    for place, table in enumerate(tables):
        made = _of_bytes(table)
        if runs and runs[-1][2] is made:
            runs[-1] = (runs[-1][0], place + 1, made)
        else:
            runs.append((place, place + 1, made))
    if len(runs) == 1:
        _, end, only = runs[0]
        return lambda stream: stream[:end].translate(only)
    if len(runs) == 2:  # letters, then digits: most others
        (_, middle, left), (_, end, right) = runs
        return lambda stream: stream[:middle].translate(left) + stream[middle:end].translate(right)
    return lambda stream: b"".join([stream[start:end].translate(table) for start, end, table in runs])


@cache
def _of_bytes(table: str) -> bytes:
    """For each byte a character of a table."""
    return (table * 256)[:256].encode()


class Ids(Maker):
    """Any identifier.

    Args:
        valid: whether a number's check digit is right, for those that must not be; None for all others.
        adds_up: of its letters and digits, whether it may be valid at all: asked before, where it is known.
    """

    def __init__(self, valid: Callable[[str], bool] | None = None, adds_up: Sum | None = None) -> None:
        self._valid = valid
        self._adds_up = adds_up
        # Check digits cost more than all else, and people come again in a log.
        self._remembered = lru_cache(maxsize=16384)(self._stand_in)

    def stand_in(self, text: str, source: Source) -> str | None:
        return (self._stand_in if self._valid is None else self._remembered)(text, source)

    def _stand_in(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        if plan is None:
            return None
        return text if self._made(text, said, plan, source) else self._make(said, plan, source)

    def make(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        return None if plan is None else self._make(said, plan, source)

    def made(self, text: str, source: Source) -> bool:
        said, plan = _read(text)
        return plan is not None and self._made(text, said, plan, source)

    def _make(self, said: bytes, plan: _Plan, source: Source) -> str | None:
        new = _filled(plan, source, b"id\0" + said)
        valid, adds_up = self._valid, self._adds_up
        if valid is None or (adds_up is not None and not adds_up(new)):
            return plan.placed(new)
        for turn in range(_TURNS):
            if not valid(placed := plan.placed(new)):
                return placed
            new = _filled(plan, source, b"id\0%b\0%d" % (said, turn))
        return None

    def _made(self, text: str, said: bytes, plan: _Plan, source: Source) -> bool:
        if plan.more:
            return False
        length, small = plan.length, plan.small
        seal = said[length:]
        for one in source.seals_of(b"id\0" + said[:length]):
            if small(one) == seal:
                return self._valid is None or not self._valid(text)
        if plan.hexadecimal:  # perhaps by chance: what it stands for was not
            _, other = _read(text, plainly=True)
            return other is not None and self._made(text, said, other, source)
        return False


def _filled(plan: _Plan, source: Source, said: bytes) -> bytes:
    stream = source.stream_of(said)
    if plan.length > len(stream):
        stream = hashlib.shake_256(stream).digest(plan.length)
    body = plan.drawn(stream)
    return body + plan.seal(source.seal_of(b"id\0" + body.lower()))


def _read(text: str, *, plainly: bool = False) -> tuple[bytes, _Plan | None]:
    """Its letters and digits, in small letters, and how they are replaced.

    Args:
        plainly: though they are hexadecimal.
    """
    if text.isascii():
        octets = text.encode()
        form = octets.translate(_FORMS)
        said = octets.translate(_TO_SMALL, NO_LETTERS)
    else:
        form = encoded("".join(map(_form, text)))
        said = encoded(said_of(text).lower())
    if said.startswith(b"0"):
        form = form.replace(b"9", b"0", 1)
    hexadecimal = (
        len(said) >= _FEWEST_HEX and not plainly and _HEX.fullmatch(encoded(said_of(text))) is not None
    )
    return said, (_remembered if len(form) <= LONGEST else _planned)(form, hexadecimal)


def _form(character: str) -> str:
    if character.isdecimal():
        return "9"
    return ("A" if character.isupper() else "a") if character.isalpha() else character


IDS = Ids()
