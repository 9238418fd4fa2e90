"""generalise: less of the same: a network for an address, a year for a date, an age band for an age.

A result that is generalised again is itself. What cannot be read as what it should be is redacted.

Dates, ages and ZIP codes as the Safe Harbor method of HIPAA has them, 45 CFR 164.514(b)(2)(i): (B) the first
three digits of a ZIP code, save where 20,000 people or fewer live; (C) of dates the year, of ages over 89
the category of 90 or older, and no year that tells such an age: see `earliest`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, ClassVar

from cecil.sanitizer import dates
from cecil.sanitizer.actions.base import Kind, Option, Options, Scope, exact
from cecil.sanitizer.late import late

_FEW_PEOPLE = frozenset(
    # The 17 of HHS's guidance, by the census of 2000:
    # https://www.hhs.gov/hipaa/for-professionals/special-topics/de-identification/
    "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893 "
    # Those in which few or none live by later censuses. One too many does no harm.
    "202 204 205 369 753 772".split()
)

_BY_ENTITY = {
    "IP_ADDRESS": "prefix",
    "PRIVATE_IP": "prefix",
    "DATE_TIME": "year",
    "DATE_OF_BIRTH": "year",
    "US_ZIP_CODE": "zip3",
    "AGE": "band",
}
_OPTIONS: dict[str, tuple[str, ...]] = {
    "prefix": ("prefix", "prefix6"),
    "month": ("earliest", "order", "epoch"),
    "year": ("earliest", "order", "epoch"),
    "zip3": (),
    "band": ("band", "top"),
    "digits": ("digits",),
    "decimals": ("decimals",),
}
"""The ways, and the options of each."""

_IP = late(r"([0-9A-Fa-f:.]{2,45})(?:%[\w.-]{1,32})?(?:/([0-9]{1,3}))?", re.ASCII)
_6TO4 = 0x2002
_6TO4_BITS = 16

_YEAR = late("[0-9]{4}", re.ASCII)
_CENTURY, _MILLENNIUM = 100, 2000
_UNBORN = 2050
"""Who was born in '58 was so in 1958."""

_ZIP = late(r"([0-9]{3})(?:[0-9]{2}(?:[- ]?[0-9]{4})?|\*\*|XX|xx)?", re.ASCII)
_ZIP_NUMBERS = range(501, 10**9)
_ZIP4_NUMBERS = 10**5

_YEARS = r"([ -]{0,2}(?:years?|yrs?)(?:[ -](?:old|of age))?|[ -]?y(?:[/.]?o\.?)?)?"
_AGE = late(rf"([0-9]{{1,3}})(?:\.[0-9]{{1,3}})?{_YEARS}", re.ASCII | re.IGNORECASE)
_BAND = late(rf"([0-9]{{1,3}})(?:-([0-9]{{1,3}})|\+){_YEARS}", re.ASCII | re.IGNORECASE)

_NUMBER = late(r"[+-]?[0-9]{1,40}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)
_EXACT = Context(prec=200)
_COORDINATE = r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?"
_SIGN = r"°? ?[NSEW]?"
_COORDINATES = late(
    rf"({_COORDINATE})({_SIGN}(?:[,;] ?| )?)(?:(?<=[,; ])({_COORDINATE})({_SIGN}))?", re.ASCII | re.IGNORECASE
)


class _NotRead(ValueError):
    """It is not what it should be."""


class Generalise(Kind):
    """`8.8.8.8` as `8.8.8.0`, `1956-03-03` as `1956`, `02139` as `021`, 47 as `40-49`."""

    name = "generalise"
    says = (
        "Less of the same: of an address its network, of a date its year or month, of a ZIP code three "
        "digits, of an age a band, of a number some digits. What cannot be read as such is redacted."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "to": Option("choice", "what stays; else the entity says it", tuple(_OPTIONS)),
        "prefix": Option("count", "bits of an IPv4 address that stay, 24 by default", most=30),
        "prefix6": Option("count", "bits of an IPv6 address that stay, 48 by default", most=64),
        "earliest": Option(
            "count", "the first year that is told; of others only that they are before it", most=9999
        ),
        "order": Option("choice", "what three numbers as 03/04/2005 mean", dates.ORDERS),
        "epoch": Option("choice", "the unit of numbers; else their length says it", tuple(dates.UNITS)),
        "band": Option("count", "years of an age band, 10 by default; 1 is the age itself", least=1, most=90),
        "top": Option("count", "ages from it on are one band, 90 by default", least=1, most=90),
        "digits": Option("count", "digits of a number that stay, 2 by default", least=1, most=15),
        "decimals": Option("count", "decimals of a coordinate that stay, 1 by default", most=15),
    }

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        to = options.get("to") or _BY_ENTITY.get(entity or "")
        if to is None:
            return f"to is missing: what of a {entity} stays" if entity else None
        for option in options:
            if option != "to" and option not in _OPTIONS[to]:
                return f"{option} does not go with to: {to}"
        return None

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        to = options.get("to") or _BY_ENTITY.get(entity)
        if entity == "DATE_OF_BIRTH" and to in ("month", "year"):
            options = {**options, "born": True}
        if to is not None:
            try:
                return _TEXTS[to](text, options, to)
            except (_NotRead, dates.DateError):
                pass
        return f"<{entity}>"

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        if type(value) is str:
            return self.text(text, entity, options, scope)
        to = options.get("to") or _BY_ENTITY.get(entity)
        number = _NUMBERS.get(to or "")
        if number is not None and exact(value):
            try:
                return type(value)(number(text, options, to or ""))
            except (_NotRead, dates.DateError):
                pass
        return None

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        return self.text(text, entity, options, scope) == text


def _network(text: str, options: Options, to: str) -> str:
    match = _IP.fullmatch(text)
    if match is None:
        raise _NotRead
    try:
        address = ip_address(match[1])
    except ValueError:
        raise _NotRead from None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if isinstance(address, IPv4Address) or mapped is not None:
        bits = options.get("prefix", 24)
        kept = str(IPv4Address(_cut(int(mapped or address), bits, 32)))
        if mapped is not None:
            kept, bits = f"::ffff:{kept}", bits + 96
    else:
        bits = options.get("prefix6", 48)
        if int(address) >> 112 == _6TO4:  # an IPv4 address stands behind 2002:
            bits = min(bits, _6TO4_BITS + options.get("prefix", 24))
        kept = str(IPv6Address(_cut(int(address), bits, 128)))
    return f"{kept}/{min(bits, int(match[2]))}" if match[2] else kept


def _cut(address: int, bits: int, length: int) -> int:
    return address >> (length - bits) << (length - bits)


def _period(text: str, options: Options, to: str) -> str:
    earliest = options.get("earliest", 0)
    before = f"before {earliest}"
    if earliest and text == before:
        return text
    if _YEAR.fullmatch(text):
        return before if int(text) < earliest else text
    found = dates.read(text, options.get("order"), options.get("epoch"))
    if isinstance(found, dates.Epoch):
        return _start(found, text, earliest, to)
    if not found.dated:
        raise _NotRead
    day = found.day
    if day.year < earliest:
        return before
    if options.get("born") and found.short and day.year - _CENTURY < earliest <= _MILLENNIUM <= day.year:
        raise _NotRead  # who was born on 5/6/24 is a child, or older than may be told
    if options.get("born") and found.short and day.year >= _UNBORN:
        day = day.replace(year=day.year - _CENTURY)
    return f"{day.year:04}-{day.month:02}" if to == "month" else f"{day.year:04}"


def _start(found: dates.Stamp | dates.Epoch, text: str, earliest: int, to: str) -> str:
    """Of a number: the beginning of its month or year, as a number of the same kind."""
    day = found.day.replace(day=1)
    if to == "year":
        day = day.replace(month=1)
    if day.year < earliest:
        raise _NotRead
    if isinstance(found, dates.Epoch):
        return str(found.at(day))
    return f"{day.year:04}{day.month:02}01".ljust(len(text), "0")


def _period_number(text: str, options: Options, to: str) -> str:
    earliest = options.get("earliest", 0)
    if _YEAR.fullmatch(text):
        if int(text) < earliest:
            raise _NotRead
        return text
    return _start(dates.read(text, options.get("order"), options.get("epoch")), text, earliest, to)


def _zip(text: str, options: Options, to: str) -> str:
    match = _ZIP.fullmatch(text)
    if match is None:
        raise _NotRead
    return "000" if match[1] in _FEW_PEOPLE else match[1]


def _zip_number(text: str, options: Options, to: str) -> str:
    """With zeros for what went; those before it are lost in a number, 2139 is 02139."""
    if text == "0":
        return text
    if not text.isdecimal() or len(text) > 9 or int(text) not in _ZIP_NUMBERS:
        raise _NotRead
    length = 5 if int(text) < _ZIP4_NUMBERS else 9
    return _zip(text.zfill(length)[:3], options, to).ljust(length, "0")


def _band(text: str, options: Options, to: str) -> str:
    size, top = options.get("band", 10), options.get("top", 90)
    band, age = _BAND.fullmatch(text), _AGE.fullmatch(text)
    if band is not None:
        low = int(band[1])
        if low < top and (band[2] is None or not low <= int(band[2]) < min(low - low % size + size, top)):
            raise _NotRead
        words = band[3] or ""
    elif age is not None:
        low = int(age[1])
        words = age[2] or ""
    else:
        raise _NotRead
    if low >= top:
        return f"{top}+{words}"
    low -= low % size
    high = min(low + size, top) - 1
    return (f"{low}-{high}" if high > low else f"{low}") + words


def _band_number(text: str, options: Options, to: str) -> str:
    """The beginning of a band; the last band begins at `top`."""
    match = _NUMBER.fullmatch(text)
    age = int(Decimal(text)) if match else -1
    if age < 0:
        raise _NotRead
    size, top = options.get("band", 10), options.get("top", 90)
    return str(top if age >= top else age - age % size)


def _digits(text: str, options: Options, to: str) -> str:
    number = _decimal(text)
    count = options.get("digits", 2)
    for _ in range(2):  # 9.96 becomes 10.0, which has one digit more
        number = _rounded(number, number.adjusted() - count + 1)
    return f"{number:f}"


def _decimals(text: str, options: Options, to: str) -> str:
    return f"{_rounded(_decimal(text), -options.get('decimals', 1)):f}"


def _coordinates(text: str, options: Options, to: str) -> str:
    match = _COORDINATES.fullmatch(text)
    if match is None:
        return _decimals(text, options, to)
    first, between, second, behind = match.groups("")
    second = _decimals(second, options, to) if second else ""
    return _decimals(first, options, to) + between + second + behind


def _decimal(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise _NotRead
    return Decimal(text)


def _rounded(number: Decimal, exponent: int) -> Decimal:
    own = number.as_tuple().exponent
    if not isinstance(own, int) or own >= exponent:
        return number
    number = number.quantize(Decimal((0, (1,), exponent)), context=_EXACT)
    return number if number else abs(number)


_Way = Callable[[str, Options, str], str]

_TEXTS: dict[str, _Way] = {
    "prefix": _network,
    "month": _period,
    "year": _period,
    "zip3": _zip,
    "band": _band,
    "digits": _digits,
    "decimals": _coordinates,
}
_NUMBERS: dict[str, _Way] = {
    "month": _period_number,
    "year": _period_number,
    "zip3": _zip_number,
    "band": _band_number,
    "digits": _digits,
    "decimals": _decimals,
}
