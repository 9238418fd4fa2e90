"""Stand-ins for telephone numbers: valid in form, and no network knows where they lead.

- Numbers of the North American plan: `+1`, an area code with 9 as its second digit, an exchange and a line:
  80 · 800 · 10,000 of them. These area codes are set aside for the day when numbers grow longer, and given to
  nobody (https://www.nanpa.com/numbering/area-codes, "expansion codes"). A million numbers share about 780.
- All others: `+999`, which the ITU keeps in reserve (list to Recommendation E.164), and 9 to 12 digits.

Both begin with a plus sign, even where the number had none: `292 734 1188` is somebody's in Mexico, while
`+1 292 734 1188` is nobody's anywhere. That also is how they are told. 555-0100 to 555-0199 would be better
known for being nobody's, but there are so few that a few hundred people would share them.

Of a number every spelling has the same stand-in, with the separators that it came with; a country that is
only implied is not known, so `030 901820` and `+49 30 901820` are two numbers outside of North America.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from cecil.sanitizer.actions.surrogates.base import Placing, Source, Told, digits_to_0, number_of, placing
from cecil.sanitizer.late import late

FEWEST = 7
"""Digits; an extension of a house is no number that could have a realistic stand-in."""

_EXTENSION = late(r"(?:[;,]? ?(?:ext(?:ension)?|x)[ .=:]{0,2}|#)([0-9]{1,6})$", re.IGNORECASE)
_TRUNK = late(r"\(0\) ?")
_COUNTRY = late(r"\+ ?[0-9]{1,3}((?![0-9]).+)")
_NORTH_AMERICAN = late(r"1?([2-9][0-9]{2}[2-9][0-9]{6})")
_MADE = late(r"1[2-9]9[0-9][2-9][0-9]{6}|999[0-9]{9,12}")
_MADE_NUMBER = late(r"999[0-9]{9,12}")
_OWN = late(
    r"\+1[ ./-]{0,2}\(?[2-9]9[0-9]\)?[ ./-]{0,2}[2-9][0-9]{2}[ ./-]{0,2}[0-9]{4}(?![0-9])"
    r"|\+999(?:[ ()./-]{0,2}[0-9]){9,12}(?![0-9])"
)


class Phones(Told):
    """`+1 (292) 734-1188` for `(415) 555-2671`, `+999 1734 118839` for `+49 30 901820`."""

    def make(self, text: str, source: Source) -> str | None:
        extension, main = _apart(text)
        digits, abroad = _number(main)
        if len(digits) < FEWEST:
            return None
        new = _american(main, digits, abroad, source) or _foreign(main, digits, abroad, source)
        if extension:
            more = source.number(f"extension\0{digits}\0{extension[1]}")
            length = len(extension[1])
            new += text[extension.start() : extension.start(1)] + f"{more % 10**length:0{length}d}"
        return new

    def made(self, text: str, source: Source) -> bool:
        if "+" not in text and "999" not in text:
            return False
        _, main = _apart(text)
        form = _MADE if "+" in main else _MADE_NUMBER
        return form.fullmatch(number_of(main)) is not None

    def number(self, text: str, source: Source) -> str | None:
        """A number has no plus sign: it always begins with 999."""
        digits, abroad = _number(text)
        if len(digits) < FEWEST:
            return None
        made = _american(text, digits, abroad, source) or _foreign(text, digits, abroad, source)
        made = number_of(made)
        return made if made.startswith("999") else "999" + made[1:]

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        if "+" in text:
            for match in _OWN.finditer(text):
                yield match.span()


def _apart(text: str) -> tuple[re.Match[str] | None, str]:
    """An extension, and the number before it."""
    if "#" not in text and not text.lower().islower():
        return None, text
    extension = _EXTENSION.search(text)
    return extension, text[: extension.start()] if extension else text


def _number(text: str) -> tuple[str, bool]:
    """The digits, without what is dialled to leave a country, and whether they begin with a country's."""
    if "+" in text:
        return number_of(_TRUNK.sub("", text)), True
    digits = number_of(text)
    if digits[:1] == "0" and len(digits) > 10:
        for prefix in ("00", "011"):
            if digits.startswith(prefix):
                return digits[len(prefix) :], True
    return digits, False


def _american(text: str, digits: str, abroad: bool, source: Source) -> str | None:
    match = _NORTH_AMERICAN.fullmatch(digits)
    if match is None or (abroad and len(digits) != 11):
        return None
    number = source.number("phone\x001" + match[1])
    area, exchange, line = number & 7, (number >> 16) % 800, (number >> 32) % 10000
    new = f"{2 + area}9{(number >> 64) % 10}{200 + exchange}{line:04d}"
    return _american_form(digits_to_0(text), len(digits) == 11)(new.encode())


@lru_cache(maxsize=1024)
def _american_form(text: str, country: bool) -> Placing:
    """Where the last ten digits of a number stand, behind a plus sign.

    Args:
        text: the number with 0 for each digit.
        country: whether there are eleven.
    """
    places = [place for place, character in enumerate(text) if character == "0"]
    start = places[-10]
    start -= text[start - 1 : start] == "("
    tail = text[start:]
    if country:
        between = text[places[-11] + 1 : start]
    else:
        between = next((sign for sign in tail if sign in " .-"), " " if "(" in tail else "")
    return placing(f"+1{between}{tail}")


def _foreign(text: str, digits: str, abroad: bool, source: Source) -> str:
    digits = digits if abroad else digits.lstrip("0")
    length = max(9, min(12, len(digits) + (-1 if abroad else 1)))
    number = source.number(f"phone\0{'+' if abroad else ''}{digits}")
    form = _foreign_form(digits_to_0(_TRUNK.sub("", text) if "(0)" in text else text), abroad, length)
    return form(str(number)[-length:].encode())


@lru_cache(maxsize=1024)
def _foreign_form(text: str, abroad: bool, length: int) -> Placing:
    """The same for a number of another country: +999, and its groups, from the end.

    Args:
        abroad: whether the first group is its country's.
        length: digits that follow; what the groups do not hold stands before them.
    """
    rest = " " + text.strip()
    if abroad:
        country = _COUNTRY.search(text)
        rest = country[1] if country else ""
    places = rest.count("0")
    if not places or places > length or "0" * places == rest.lstrip():
        return placing("+999" + "0" * length)
    return placing("+999" + rest.replace("0", "0" * (1 + length - places), 1))


PHONES = Phones()
