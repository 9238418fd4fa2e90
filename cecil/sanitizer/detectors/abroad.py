"""Telephone numbers with a country's code, whatever digits or brackets stand beside them.

phonenumbers, whom Presidio asks, takes all groups of digits in a row for one candidate, and brackets for a
part of it: `+442079460958 2026-11-21 14:22:07` and `[+44 20 7946 0958]` are nothing to it. Owns: numbers that
begin with a plus sign, of which the longest valid beginning counts. Refuses: numbers without that sign; what
is no number by phonenumbers' tables.
"""

import re
from functools import cache, lru_cache

from cecil.sanitizer.detectors import Recognizer, Trigger, checksums
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.4
"""What Presidio gives such a number, whose word counts where both find it."""

_FEWEST, _MOST = 8, 15
"""Digits with those of the country (ITU-T E.164); shorter ones are numbers of services."""

_NUMBER = late(r"(?<![\w+])\+[1-9][0-9]{0,14}(?:[ .-]?\(?[0-9]{1,14}\)?){0,8}+", re.ASCII)
_GROUP = late(r"[0-9]+\)?(?![0-9])", re.ASCII)


class Abroad:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of such numbers."""

    name = "phone-abroad"
    entities = frozenset({"PHONE_NUMBER"})
    context = ("phone", "telephone", "fax", "mobile")
    triggers = (Trigger(r"\+[1-9](?:[ .()-]{0,3}[0-9]){7}", shape=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = []
        for match in _NUMBER.finditer(text):
            length = _valid(match[0])
            if length:
                found.append(Span(match.start(), match.start() + length, "PHONE_NUMBER", _SCORE, self.name))
        return found


@lru_cache(maxsize=4096)
def _valid(candidate: str) -> int:
    """Characters of the longest beginning, whole groups, that is a number; 0 where none is."""
    for end in reversed([group.end() for group in _GROUP.finditer(candidate)]):
        # Within the country a 0 leads, which some write for those who call from there.
        digits = checksums.digits(candidate[:end].replace("(0)", ""))
        if _FEWEST <= len(digits) <= _MOST and any(
            _bodies(digits[:length]).fullmatch(digits, length) for length in (1, 2, 3)
        ):
            return end
    return 0


@cache
def _bodies(code: str) -> re.Pattern[str]:
    """What stands behind a calling code, of whatever region and type."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    from cecil.sanitizer.detectors import phones

    regions = [one for one in COUNTRY_CODE_TO_REGION_CODE.get(int(code), ()) if one != "001"]
    return re.compile("|".join(phones.bodies(one).pattern for one in regions) or "(?!)")


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Abroad(),)
