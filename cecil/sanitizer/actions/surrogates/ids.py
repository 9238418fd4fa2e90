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
is a person's; a number whose check digit is right is never taken for a stand-in.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import islice
from math import log10
from typing import NamedTuple

from cecil.sanitizer.actions.surrogates.base import Plain, Source

_SMALL = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_SEALS = ((14.0, 4), (20.0, 6), (float("inf"), 8))
_ROOM = 9.0
"""Digits' worth that a shape has at least."""

_GROWN = 15
_HEX = re.compile(r"[0-9]*+(?:[a-f][0-9a-f]*+|[A-F][0-9A-F]*+)")
_FEWEST_HEX = 16
_TRIES = 64
_LONGEST = 64
"""Characters of a shape that is remembered."""

_SHAPE = dict.fromkeys(map(ord, "123456789"), "9") | {
    **dict.fromkeys(map(ord, _SMALL), "a"),
    **dict.fromkeys(map(ord, _SMALL.upper()), "A"),
}


class _Plan(NamedTuple):
    """How a shape is filled.

    Attributes:
        places: of letters and digits, those that grow on included.
        tables: for each of them 256 characters, of which a byte names one.
        sealed: how many of the last are the seal.
        size: characters that the stand-in has.
    """

    places: tuple[int, ...]
    tables: tuple[str, ...]
    sealed: int
    size: int


@lru_cache(maxsize=4096)
def _plan(shape: str, hexadecimal: bool) -> _Plan | None:
    """How a value is replaced that looks so; None where it has neither letter nor digit.

    Args:
        shape: the value with its letters as a and A, its digits as 0 and 9. Only the first may be 0.
    """
    places: list[int] = []
    tables: list[str] = []
    large = hexadecimal and "A" in shape
    for place, character in enumerate(shape):
        if character.isdecimal():
            table = _DIGITS if places else _DIGITS[1:] if character != "0" else "0"
        elif character.isalpha():
            table = _SMALL.upper() if character.isupper() else _SMALL
        else:
            continue
        if hexadecimal and places:
            # The second is always a letter, by which the stand-in is known to be hexadecimal too.
            table = _DIGITS + "abcdef" if len(places) > 1 else "abcdef"
        elif hexadecimal and table.isalpha():
            table = "abcdef"
        places.append(place)
        tables.append(table.upper() if large else table)
    if not places:
        return None
    worth = sum(log10(len(table)) for table in tables)
    size = len(shape)
    if worth < _ROOM - 0.1:
        table = _DIGITS if any(map(str.isdecimal, shape)) else _SMALL.upper() if shape.isupper() else _SMALL
        while worth < _GROWN - 0.1:
            places.append(size)
            tables.append(table)
            worth += log10(len(table))
            size += 1
    needed = next(seal for most, seal in _SEALS if worth < most - 0.1)
    sealed = strength = 0
    while strength < 10**needed:
        sealed += 1
        strength = max(strength, 1) * len(tables[-sealed])
    return _Plan(tuple(places), tuple(map(_of_bytes, tables)), sealed, size)


@cache
def _of_bytes(table: str) -> str:
    """256 characters: for each byte one of a table."""
    return (table * 256)[:256]


class Ids(Plain):
    """Any identifier.

    Args:
        valid: whether a number's check digit is right, for those that must not be; None for all others.
    """

    def __init__(self, valid: Callable[[str], bool] | None = None) -> None:
        self._valid = valid

    def _planned(self, text: str) -> tuple[_Plan | None, str]:
        said = text if text.isalnum() else "".join(filter(str.isalnum, text))
        hexadecimal = len(said) >= _FEWEST_HEX and _HEX.fullmatch(said) is not None
        shape = text.translate(_SHAPE)
        shape = shape[:1] + shape[1:].replace("0", "9")
        planned = _plan if len(shape) <= _LONGEST else _plan.__wrapped__
        return planned(shape, hexadecimal), said

    def make(self, text: str, source: Source) -> str | None:
        plan, said = self._planned(text)
        if plan is None:
            return None
        new = self._filled(text, plan, source, "id\0" + said.lower())
        if self._valid is not None:
            for turn in range(_TRIES):
                if not self._valid(new):
                    return new
                new = self._filled(text, plan, source, f"id\0{said.lower()}\0{turn}")
            return None
        return new

    def made(self, text: str, source: Source) -> bool:
        plan, _ = self._planned(text)
        if plan is None or plan.size > len(text):
            return False
        body = "".join([text[place] for place in plan.places[: -plan.sealed]]).lower()
        last = [text[place].lower() for place in plan.places[-plan.sealed :]]
        tables = plan.tables[-plan.sealed :]
        for seal in source.seals("id\0" + body):
            if last == [table[byte].lower() for table, byte in zip(tables, seal, strict=False)]:
                return self._valid is None or not self._valid(text)
        return False

    def _filled(self, text: str, plan: _Plan, source: Source, said: str) -> str:
        stream = source.stream(said)
        count = len(plan.places) - plan.sealed
        if count > len(stream):
            stream = hashlib.shake_256(stream).digest(count)
        body = [table[byte] for table, byte in zip(islice(plan.tables, count), stream, strict=False)]
        seal = source.seal("id\0" + "".join(body).lower())
        body += [table[byte] for table, byte in zip(plan.tables[count:], seal, strict=False)]
        if len(plan.places) == plan.size:
            return "".join(body)
        made = [*text.ljust(plan.size)]
        for place, character in zip(plan.places, body, strict=True):
            made[place] = character
        return "".join(made)


IDS = Ids()
