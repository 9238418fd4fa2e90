"""Stand-ins for dates: another day of the same year, in the same form.

A date has no room for a seal. So all dates of a year have one stand-in, which the key picks, whoever the
tenant is: it says the year and nothing else, and done twice, by an older key too, it changes nothing more.
Its day and its month are both at most 12, so that nobody has to know which of the two comes first. A time of
day becomes another, the same for that year, and the zone stays. Where the order of dates matters, `shift`
moves them; `generalise` says openly what is left.
"""

import re
from functools import lru_cache

from cecil.sanitizer.actions.surrogates.base import Maker, Source, digits_to_0
from cecil.sanitizer.late import late

_MONTHS = """january february march april may june july august september october november
december""".split()
_DAY = "(?P<d>[0-9]{1,2})(?P<nth>st|nd|rd|th)?"
_MONTH = "(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})"
_TIME = r"(?P<time>(?:[T ,]{1,2}[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?)"
_ZONE = r"(?P<rest>(?: ?(?:Z|UTC|GMT|[AaPp][Mm]|[+-][0-9]{2}:?[0-9]{2}))?)"

_FORMS = tuple(
    late(form + _TIME + _ZONE, re.IGNORECASE)
    for form in (
        r"(?P<y>[0-9]{4})(?P<s1>[-/.])(?P<m>[0-9]{1,2})(?P<s2>[-/.])(?P<d>[0-9]{1,2})",
        r"(?P<m>[0-9]{1,2})(?P<s1>[-/. ])(?P<d>[0-9]{1,2})(?P<s2>[-/. ])(?P<y>[0-9]{4}|[0-9]{2})",
        r"(?P<y>(?:18|19|20)[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",
        rf"{_DAY}(?P<s1>[ -](?:of )?){_MONTH}(?P<s2>[.,]?[ -])(?P<y>[0-9]{{4}}|[0-9]{{2}})",
        rf"{_MONTH}(?P<s1>[. ]{{1,2}}){_DAY}(?P<s2>,? )(?P<y>[0-9]{{4}})",
    )
)
_DIGIT = late("[0-9]+")
_LONGEST = 56
"""Characters; the longest form has fewer."""


class Days(Maker):
    """`1985-07-04` for any day of 1985."""

    def make(self, text: str, source: Source) -> str | None:
        if len(text) > _LONGEST:
            return None
        shape = digits_to_0(text)
        kept = _kept(shape)
        if kept:
            # All dates of a year that are written alike, and of one zone, have one stand-in.
            start, end, rest = kept
            text = shape[:start] + text[start:end] + shape[end:rest] + text[rest:]
        return _made(text, source)

    def made(self, text: str, source: Source) -> bool:
        return any(self.make(text, one) == text for one in (source, *source.older))


def _matched(text: str) -> "re.Match[str] | None":
    return next((match for form in _FORMS if (match := form.fullmatch(text))), None)


@lru_cache(maxsize=1024)
def _kept(shape: str) -> tuple[int, int, int] | None:
    """Where the year begins and ends in whatever has such a shape, and where the zone begins; None where that
    depends on the digits."""
    match = _matched(shape)
    return (*match.span("y"), match.start("rest")) if match else None


@lru_cache(maxsize=8192)
def _made(text: str, source: Source) -> str | None:
    """The stand-in. There are few days, and logs are full of them: it is remembered."""
    match = _matched(text)
    if match is None:
        return None
    # 85 is 1985, and 2085 too.
    number = source.number(f"day\0{match['y'][-2:]}")
    day, month = 1 + number % 12, 1 + (number >> 32) % 12
    clock = iter((1 + (number >> 64) % 12, (number >> 96) % 60, (number >> 128) % 60, number >> 160))
    pieces = []
    for name, said in zip(match.re.groupindex, match.groups(""), strict=True):
        if not said:
            continue
        if name == "d":
            said = f"{day:0{len(said)}d}"
        elif name == "m":
            said = f"{month:0{len(said)}d}"
        elif name == "month":
            said = _month(month, said)
        elif name == "nth":
            said = {1: "st", 2: "nd", 3: "rd"}.get(day, "th")
        elif name == "time":
            said = _DIGIT.sub(lambda one: _digits(next(clock), len(one[0])), said)
        pieces.append(said)
    return "".join(pieces)


def _digits(number: int, length: int) -> str:
    """A number in so many digits at least; of a fraction of a second, its last."""
    text = f"{number % 10**9:0{length}d}"
    return text if len(text) <= 2 else text[-length:]


def _month(month: int, said: str) -> str:
    name = _MONTHS[month - 1]
    name = name if said.lower() in _MONTHS else name[:3]
    return name.upper() if said.isupper() else name if said.islower() else name.title()


DAYS = Days()
