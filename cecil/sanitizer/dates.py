"""Dates in the forms that logs and records use: reading one, and writing another in its place.

Owns: the table of forms, what is ambiguous in them, and the units of epochs. Only the date is read: what
stands around it (time of day, fraction, zone) must have a known form too, and stays as it is. Refuses: a
date that does not exist, one that can be read in two ways, and whatever is no date.

Forms: ISO 8601 and RFC 3339, the basic form too (20261121T142207), DB2's (2005-06-03-15.42.50), Apache's
(17/May/2015:10:05:03 +0000), RFC 5322 and RFC 9110 (Sat, 21 Nov 2026 ...; Saturday, 21-Nov-26 ...), C's
ctime, date(1) and JavaScript (Sat Nov 21 14:22:07 2026), RFC 3164 (Nov 21 14:22:07, without a year), English
(3 March 1956; March 3rd, 1956), three numbers with slashes, dots or hyphens, 2026年11月21日, and months alone
(2026-11, 11/2026, November 2026).
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from cecil.sanitizer.late import late

ORDERS = ("mdy", "dmy", "ymd")
"""How three numbers can be meant."""

UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
"""Of epochs: how many of them make a second."""

_DAY = 86400
_EPOCH_DAY = date(1970, 1, 1).toordinal()

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBER = {name[:3].lower(): place for place, name in enumerate(_MONTHS, 1)}
_WEEKDAY = {name[:3].lower(): place for place, name in enumerate(_DAYS)}

_ZONES = (
    "UTC|GMT|AKDT|AKST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|HST|WEST|WET|CEST|CET|EEST|EET|MSK|BST|IST|JST|KST|SGT|"
    "HKT|AEST|AEDT|ACST|ACDT|AWST|NZST|NZDT|SAST|BRT|ART"
)
_REGIONS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc|US"
_ZONE = (
    rf"(?: ?(?:Z|[+-][0-9]{{2}}(?::?[0-9]{{2}})?(?: \(?(?:{_ZONES})\)?)?"
    rf"|(?:UTC|GMT)[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?(?: \((?:[A-Z]{{3,15}} ){{1,4}}Time\))?"
    rf"|\(?(?:{_ZONES})\)?))?"
    rf"(?:\[(?:UTC|GMT|Z|(?:{_REGIONS})/[A-Z_/+0-9-]{{1,30}})\])?"
)
_CLOCK = r"(?:[01]?[0-9]|2[0-4])[:.][0-5][0-9](?:[:.][0-6][0-9](?:[.,:][0-9]{1,18})?)?(?: ?[AP]\.?M\.?)?"
_BASIC = r"(?:[01][0-9]|2[0-4])[0-5][0-9](?:[0-6][0-9](?:[.,][0-9]{1,18})?)?"
_TAIL = rf"(?:(?:[T_:-]|,? (?:at )?){_CLOCK}|T{_BASIC})?{_ZONE}"

_Y, _M, _D = "(?P<y>[0-9]{4})", "(?P<m>[0-9]{1,2})", "(?P<d>[0-9]{1,2})"
_NAMES = "|".join(["Sept", *(f"{name}|{name[:3]}" for name in _MONTHS)])
_MONTH = rf"(?P<month>{_NAMES})\.?"
_ON = rf"(?:(?P<w>{'|'.join(f'{day}|{day[:3]}' for day in _DAYS)})[,.]? )?"
_TH = "(?P<th>st|nd|rd|th)?"


class _Form(NamedTuple):
    """One form.

    Attributes:
        pattern: with a group for each part of the date.
        pads: what fills a day of two characters beside a month of three letters, and beside other ones.
    """

    pattern: re.Pattern[str]
    pads: tuple[str, str] = ("0", "0")


def _form(pattern: str, *pads: str) -> _Form:
    compiled = re.compile(pattern, re.ASCII | re.IGNORECASE)
    return _Form(compiled, (pads[0], pads[1])) if pads else _Form(compiled)


@cache
def _forms() -> tuple[_Form, ...]:
    """Compiled when the first date is read: most processes change none."""
    return (
        _form(rf"{_Y}(?P<s>[-/.]){_M}(?P=s){_D}{_TAIL}"),
        _form(
            rf"(?P<y>(?:1[89]|2[01])[0-9]{{2}})(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})"
            rf"(?:[T_-]{_BASIC}{_ZONE}|(?:[01][0-9]|2[0-4])[0-5][0-9][0-6][0-9]|Z)?"
        ),
        _form(rf"(?P<a>[0-9]{{1,2}})(?P<s>[-/.])(?P<b>[0-9]{{1,2}})(?P=s)(?:{_Y}|(?P<c>[0-9]{{2}})){_TAIL}"),
        _form(rf"{_ON}{_D}(?P<s>[/-]){_MONTH}(?P=s)(?:{_Y}|(?P<yy>[0-9]{{2}})){_TAIL}"),
        _form(rf"{_ON}{_D}{_TH}\.? (?:of )?{_MONTH}(?:,? {_Y})?{_TAIL}", "0", ""),
        _form(rf"{_ON}{_MONTH} (?P<d>[ 0-9]?[0-9]) {_CLOCK}(?: (?:{_ZONES}|[+-][0-9]{{4}}))? {_Y}", " ", " "),
        _form(rf"{_ON}{_MONTH} {_D}{_TH},? {_Y}{_TAIL}", "0", ""),
        _form(rf"{_ON}{_MONTH} (?P<d>[ 0-9]?[0-9]){_TH}{_TAIL}", " ", ""),
        _form(rf"{_D}-{_MONTH}"),
        _form(rf"{_Y}[-/]{_M}|(?P<n>[0-9]{{1,2}})[-/](?P<x>[0-9]{{4}})|{_MONTH},?[ -](?P<z>[0-9]{{4}})"),
        _form(rf"{_Y}年 ?{_M}月 ?{_D}日(?: ?{_CLOCK})?"),
    )


_RENAMED = {"n": "m", "x": "y", "z": "y"}
_LONGEST = 100

_CLOCK_ONLY = late(rf"T?{_CLOCK}{_ZONE}", re.ASCII | re.IGNORECASE)
_NEVER = late(
    rf"(?:0000-00-00|0001-01-01|9999-12-31){_TAIL}"
    r"|1970-01-01[T ]00:00(?::00(?:\.0{1,18})?)?(?:Z|[+-]00:?00)?",
    re.ASCII | re.IGNORECASE,
)

_NUMERIC = late(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,18}))?", re.ASCII)
_TO_THE_MINUTE = late(
    r"(?:1[89]|2[01])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-4])[0-5][0-9]",
    re.ASCII,
)
_UNIT = dict(zip(range(9, 20), "s s ms ms ms us us us ns ns ns".split(), strict=True))
"""Epochs by their number of digits, 1966 to 2286."""


class DateError(ValueError):
    """No date that can be read; the message says why, and holds no value."""


class Stamp(NamedTuple):
    """A date as it stands in a text.

    Attributes:
        match: where its parts stand.
        roles: what groups of the match are: `y`, `yy`, `m`, `month`, `d`, `th`, `w`.
        pad: what fills a day of two characters.
        day: in the year 2000 where the text has none; of a month its fifteenth.
        dated: whether the text has a year.
    """

    match: re.Match[str]
    roles: dict[str, str]
    pad: str
    day: date
    dated: bool

    @property
    def short(self) -> bool:
        """Whether the year is written with its last two digits."""
        return "yy" in self.roles.values()

    def moved(self, days: int) -> str:
        """The same text with another date, some days later or, below 0, earlier.

        A date without a year stays within a year of 365 days, in which 29 February counts as the 28th.

        Raises:
            DateError: it would lie outside of the years 1 to 9999.
        """
        if self.dated:
            new = _day(self.day.toordinal() + days)
        else:
            start = date(2001, 1, 1).toordinal()
            leap = self.day.month == 2 and self.day.day == 29
            old = date(2001, self.day.month, self.day.day - leap).toordinal()
            new = date.fromordinal(start + (old - start + days) % 365)
        match = self.match
        pieces: list[str] = []
        done = 0
        for group in sorted(self.roles, key=match.start):
            start, end = match.span(group)
            pieces += (match.string[done:start], self._part(self.roles[group], match[group], new, days))
            done = end
        return "".join(pieces) + match.string[done:]

    def _part(self, role: str, old: str, new: date, days: int) -> str:
        """One part of another date, in the way in which this one has it."""
        if role == "y":
            return f"{new.year:04}"
        if role == "yy":
            return f"{new.year % 100:02}"
        if role == "m":
            return f"{new.month:0{len(old)}}"
        if role == "d":
            return str(new.day).rjust(2, self.pad) if self.pad and len(old) == 2 else str(new.day)
        if role == "month":
            return _named(_MONTHS[new.month - 1], old)
        if role == "w":
            return _named(_DAYS[(_WEEKDAY[old[:3].lower()] + days) % 7], old)
        last = "th" if 11 <= new.day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(new.day % 10, "th")
        return last.upper() if old.isupper() else last


class Epoch(NamedTuple):
    """Units of time since 1970.

    Attributes:
        scaled: the number without its decimal point.
        places: digits behind that.
        width: digits before it, where zeros fill it; else 0.
        unit: one of `UNITS`.
    """

    scaled: int
    places: int
    width: int
    unit: str

    @property
    def day(self) -> date:
        """In UTC. Raises: DateError: it lies outside of the years 1 to 9999."""
        return _day(_EPOCH_DAY + self.scaled // self._of_a_day)

    @property
    def _of_a_day(self) -> int:
        return _DAY * UNITS[self.unit] * int(10**self.places)

    def moved(self, days: int) -> str:
        """The same number some days later. Raises: DateError: as `day`."""
        new = self._replace(scaled=self.scaled + days * self._of_a_day)
        _ = new.day
        digits = str(abs(new.scaled)).zfill(self.places + max(self.width, 1))
        whole, fraction = digits[: len(digits) - self.places], digits[len(digits) - self.places :]
        return ("-" if new.scaled < 0 else "") + whole + ("." + fraction if fraction else "")

    def at(self, day: date) -> int:
        """The first moment of a day in this unit."""
        return (day.toordinal() - _EPOCH_DAY) * _DAY * UNITS[self.unit]


def read(text: str, order: str | None = None, unit: str | None = None) -> Stamp | Epoch:
    """The date of a text that is nothing but one, with or without a time of day.

    Args:
        order: how three numbers are meant, one of `ORDERS`; None where those that can be read in one way
            only count. With dots they are `dmy` without it.
        unit: of epochs; None where their number of digits says it.

    Raises:
        DateError: it is none that exists, or it could be two.
    """
    number = _NUMERIC.fullmatch(text)
    if number is not None and (unit or not _is_basic(text)):
        return _epoch(number, unit)
    if len(text) <= _LONGEST:
        for form in _forms():
            match = form.pattern.fullmatch(text)
            if match is not None:
                return _three(match, order) if "a" in form.pattern.groupindex else _stamp(match, form.pads)
    raise DateError("no date in a form that is known")


def never(text: str) -> bool:
    """Whether a text stands for no time at all: 0, the first or the last of all days, a time of day alone."""
    return text in ("0", "-1", "0.0") or bool(_NEVER.fullmatch(text) or _CLOCK_ONLY.fullmatch(text))


def _is_basic(text: str) -> bool:
    """Whether a number is a date without separators rather than an epoch.

    Raises:
        DateError: it could be either.
    """
    if _TO_THE_MINUTE.fullmatch(text):
        raise DateError("a date that can be read in two ways")
    return len(text) in (8, 14) and text[:2] in ("18", "19", "20", "21")


def _epoch(number: re.Match[str], unit: str | None) -> Epoch:
    sign, whole, fraction = number.groups("")
    unit = unit or _UNIT.get(len(whole))
    if unit is None:
        raise DateError("no date in a form that is known")
    width = len(whole) if whole[0] == "0" else 0
    return Epoch(int(sign + whole + fraction), len(fraction), width, unit)


def _stamp(match: re.Match[str], pads: tuple[str, str], renamed: Mapping[str, str] = _RENAMED) -> Stamp:
    """Raises: DateError: there is no such date."""
    said = {group: renamed.get(group, group) for group, text in match.groupdict().items() if text}
    said.pop("s", None)
    parts = {role: match[group] for group, role in said.items()}
    name = parts.get("month", "")
    number = _NUMBER[name[:3].lower()] if name else int(parts["m"])
    year = int(parts["y"]) if "y" in parts else _century(int(parts["yy"])) if "yy" in parts else 2000
    try:
        day = date(year, number, int(parts.get("d", 15)))
    except ValueError:
        raise DateError("a date that does not exist") from None
    return Stamp(match, said, pads[len(name) != 3], day, "y" in parts or "yy" in parts)


def _century(year: int) -> int:
    """As POSIX has it: 69 is 1969, 68 is 2068."""
    return year + (1900 if year >= 69 else 2000)


def _three(match: re.Match[str], order: str | None) -> Stamp:
    """Three numbers, the last of which may have four digits.

    Raises:
        DateError: there is no such date, or there are two.
    """
    orders: tuple[str, ...] = ORDERS[:2] if match["y"] else ORDERS
    if order is not None and order in orders:
        orders = (order,)
    elif match["s"] == ".":
        orders = ("dmy",)
    found: dict[date, Stamp] = {}
    for one in orders:
        a, b, c = ("yy" if part == "y" else part for part in one)
        try:
            stamp = _stamp(match, ("0", "0"), {"a": a, "b": b, "c": c})
        except DateError:
            continue
        found[stamp.day] = stamp
    if not found:
        raise DateError("a date that does not exist")
    if len(found) > 1:
        raise DateError("a date that can be read in two ways")
    return next(iter(found.values()))


def _day(ordinal: int) -> date:
    """Raises: DateError: it would lie outside of the years 1 to 9999."""
    try:
        return date.fromordinal(ordinal)
    except (ValueError, OverflowError):
        raise DateError("a date outside of the years 1 to 9999") from None


def _named(name: str, old: str) -> str:
    """A name as long as another, of three letters or all, in the same case."""
    name = name[:3] if len(old) <= 4 and old.lower() not in ("june", "july") else name
    return name.upper() if old.isupper() else name.lower() if old.islower() else name
