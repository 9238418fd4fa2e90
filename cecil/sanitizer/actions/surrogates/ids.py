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
    Hashes,
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
_FAMILY = b"id\0"
_KNOWN, _SOURCES = 4096, 16
"""Numbers of a source whose stand-ins are remembered, and sources of which some are, at most."""

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
        first: the first character of that, by the first byte.
        more: how many grow on.
        hexadecimal: whether they are.
        placed: all of them where they stand.
    """

    drawn: Draw
    length: int
    seal: Draw
    small: Draw
    first: bytes
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
    small = [table.lower() for table in seal]
    first = _of_bytes(small[0])
    return _Plan(
        _drawing(body), len(body), _drawing(seal), _drawing(small), first, more, hexadecimal, placing(places)
    )


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
        self._known: dict[Source, dict[str, str | None]] = {}

    def stand_in(self, text: str, source: Source) -> str | None:
        if self._valid is None:
            return self._stand_in(text, source)
        # Check digits cost more than all else, and people come again in a log.
        known = self._known.get(source)
        if known is None or len(known) >= _KNOWN:
            known = self._anew(source)
        if text in known:
            return known[text]
        new = known[text] = self._stand_in(text, source)
        return new

    def _anew(self, source: Source) -> dict[str, str | None]:
        if len(self._known) >= _SOURCES:
            self._known.clear()
        known = self._known[source] = {}
        return known

    def _stand_in(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        if plan is None:
            return None
        hashes = source.of(_FAMILY)
        return text if self._made(text, said, plan, hashes) else self._make(said, plan, hashes)

    def make(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        return None if plan is None else self._make(said, plan, source.of(_FAMILY))

    def made(self, text: str, source: Source) -> bool:
        said, plan = _read(text)
        return plan is not None and self._made(text, said, plan, source.of(_FAMILY))

    def _make(self, said: bytes, plan: _Plan, hashes: Hashes) -> str | None:
        new = _filled(plan, hashes, said)
        valid, adds_up = self._valid, self._adds_up
        if valid is None or (adds_up is not None and not adds_up(new)):
            return plan.placed(new)
        # Whether a number that adds up is valid costs more to ask than another one; but of a length that it
        # does not know a sum says so always.
        hasty = adds_up is not None and not plan.more
        for turn in range(_TURNS):
            if not (hasty and turn == 0) and not valid(placed := plan.placed(new)):
                return placed
            new = _filled(plan, hashes, b"%b\0%d" % (said, turn))
            if adds_up is not None and not adds_up(new):
                return plan.placed(new)
        return None

    def _made(self, text: str, said: bytes, plan: _Plan, hashes: Hashes) -> bool:
        if plan.more:
            return False
        length, first = plan.length, plan.first
        for copy in hashes.seals:
            one = copy()
            one.update(said[:length])
            stream = one.digest()
            # Mostly its first character is another, which costs less to see.
            if first[stream[0]] == said[length] and plan.small(stream) == said[length:]:
                return self._valid is None or not self._valid(text)
        if plan.hexadecimal:  # perhaps by chance: what it stands for was not
            _, other = _read(text, plainly=True)
            return other is not None and self._made(text, said, other, hashes)
        return False


def _filled(plan: _Plan, hashes: Hashes, said: bytes) -> bytes:
    one = hashes.stream()
    one.update(said)
    stream = one.digest()
    if plan.length > len(stream):
        stream = hashlib.shake_256(stream).digest(plan.length)
    body = plan.drawn(stream)
    one = hashes.seals[0]()
    one.update(body.lower())
    return body + plan.seal(one.digest())


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
    if said[:1] == b"0":
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
