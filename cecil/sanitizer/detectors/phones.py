"""Presidio's telephone recognizer, with the same results in a fraction of the time.

It asks Google's phonenumbers eight times, once a region, what each group of digits in a text is; that is
nine tenths of what a log line costs. But what stands in a text does not depend on the region, what a
group of digits is depends only on itself and its neighbours, and logs repeat themselves: so groups are
gathered once, and verdicts remembered. A test holds the results equal to Presidio's.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from phonenumbers import Leniency, PhoneMetadata, PhoneNumber, PhoneNumberMatch, PhoneNumberMatcher
from phonenumbers import phonenumbermatcher as library
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE

from cecil.sanitizer.late import late

# Not in the library's own list of types.
_SECOND_NUMBER: Any = library._SECOND_NUMBER_START_PATTERN  # type: ignore[attr-defined]
_DATES: Any = library._SLASH_SEPARATED_DATES
_TIMES: Any = library._TIME_STAMPS
_TIMES_END: Any = library._TIME_STAMPS_SUFFIX
_INNER: Any = library._INNER_MATCHES

_PLUS = frozenset(library._PLUS_CHARS)  # type: ignore[attr-defined]

_FEWEST_DIGITS = 4
"""No country has valid numbers with fewer digits; the test looks at the library's metadata."""

_FEWEST_ABROAD = 7
"""Digits of a number abroad without a plus sign: two to leave a country, one to enter another, and those."""

_NEVER = 1 << 62
"""Candidates after which the library gives up on a text. What stands behind them would pass unseen."""

_Candidate = tuple[str, str, str]
"""What stands before it, itself, what stands behind: as much as the library looks at."""

_Verdicts = dict[_Candidate, PhoneNumberMatch | None]

_PLAIN = late(r"[0-9 ()./-]+")
_NO_DIGITS = dict.fromkeys(map(ord, " ()./-"))

# What stands behind a number that nothing behind it belongs to: no digit, and no word for an extension, which
# are `anexo`, `int` and others.
_ALONE = late(
    r"[ ,;)]{0,2}(?:[b-df-hj-su-wyz]|a(?:[^n]|n[^e])|i(?:[^n]|n[^t])|\Z)", re.IGNORECASE | re.DOTALL
)

_KINDS = (
    *("premium_rate", "toll_free", "shared_cost", "voip", "personal_number"),
    *("pager", "uan", "voicemail", "fixed_line", "mobile"),
)


class _Matcher(PhoneNumberMatcher):
    """phonenumbers' matcher, which takes its verdicts from memory.

    Args:
        known: verdicts of this region; None for what another region took whole.
    """

    def __init__(self, text: str, region: str, leniency: int, known: "_Verdicts") -> None:
        super().__init__(text, region, leniency=leniency, max_tries=_NEVER)
        self._known = known

    def _extract_match(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        key = _neighbours(self.text, offset, candidate)
        if key in self._known:
            found = self._known[key]
        else:
            (found,) = _everywhere(key, (self.preferred_region,), self.leniency) or (None,)
        if found is None:
            return None
        return PhoneNumberMatch(offset - len(key[0]) + found.start, found.raw_string, found.number)


class _Judge(PhoneNumberMatcher):
    """phonenumbers' matcher, which asks first whether digits can be a number of a region at all."""

    def _parse_and_verify(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        if _PLAIN.fullmatch(candidate):
            digits = candidate.translate(_NO_DIGITS)
            if len(digits) < _FEWEST_DIGITS or not _numbers(self.preferred_region).fullmatch(digits):
                return None
        found: PhoneNumberMatch | None = super()._parse_and_verify(candidate, offset)
        return found


def _parts(key: _Candidate) -> list[str] | None:
    """The digits of a candidate, and of its parts that the library would try by themselves in any region.

    Returns:
        None for a candidate of which only the library says that; those that are too short are left out.
    """
    _, candidate, behind = key
    if not _PLAIN.fullmatch(candidate):
        return None
    if _DATES.search(candidate) or (_TIMES.search(candidate) and _TIMES_END.match(behind)):
        return []
    parts = [candidate]
    for inner in _INNER:
        match = inner.search(candidate)
        if match:
            parts.append(candidate[: match.start()])
        while match:
            parts.append(match[1])
            match = inner.search(candidate, match.start() + 1)
    digits = dict.fromkeys(part.translate(_NO_DIGITS) for part in parts)
    return [part for part in digits if len(part) >= _FEWEST_DIGITS]


def _possible(parts: list[str] | None, region: str) -> bool:
    return parts is None or any(map(_numbers(region).fullmatch, parts))


def _neighbours(text: str, offset: int, candidate: str) -> _Candidate:
    # A letter or a sign on either side, or the rest of a time of day, `:59`.
    end = offset + len(candidate)
    return text[max(offset - 1, 0) : offset], candidate, text[end : end + 4]


def _verdict(key: _Candidate, region: str, leniency: int) -> PhoneNumberMatch | None:
    """The number that a candidate is, or holds, in a region, by the library's own judgement."""
    if region == "US" and leniency == Leniency.VALID and (found := _american(key)):
        return found
    matcher = _Judge("".join(key), region, leniency=leniency, max_tries=_NEVER)
    return matcher._extract_match(key[1], len(key[0]))


# As most are written in North America, with nothing at which the library looks twice: no prefix, no bracket
# that is open, no letter and no sign of money beside it.
_AMERICAN = late(r"(?:\([2-9][0-9]{2}\)[ ]?|[2-9][0-9]{2}[-. ])[0-9]{3}[-. ][0-9]{4}")
_BEFORE, _BEHIND = late(r"[ :=,;\"']?"), late(r"(?:[ ,.;\"'].*)?", re.DOTALL)


def _american(key: _Candidate) -> PhoneNumberMatch | None:
    """The number that a candidate is that is written as in North America; None where the library must say."""
    before, candidate, behind = key
    if not (_AMERICAN.fullmatch(candidate) and _BEFORE.fullmatch(before) and _BEHIND.fullmatch(behind)):
        return None
    digits = candidate.translate(_NO_DIGITS)
    if not bodies("US").fullmatch(digits):
        return None
    return PhoneNumberMatch(len(before), candidate, PhoneNumber(country_code=1, national_number=int(digits)))


@cache
def bodies(region: str) -> re.Pattern[str]:
    """What the digits are of any number of a region itself, of whatever type."""
    own: Any = PhoneMetadata.metadata_for_region(region)
    kinds = (getattr(own, kind) for kind in _KINDS)
    bodies = {kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern}
    return re.compile("|".join(sorted(bodies)))


@cache
def _numbers(region: str) -> re.Pattern[str]:
    """What the digits are of any number that is written in a region without a plus sign.

    The library takes a prefix off where one stands: to dial abroad, within the country, or its code. What is
    left is valid where it matches one of the types of number of a region with the same country code.
    """
    own: Any = PhoneMetadata.metadata_for_region(region)
    if own is None:
        return re.compile(r"(?!)")
    regions = (
        PhoneMetadata.metadata_for_region(one) for one in COUNTRY_CODE_TO_REGION_CODE[own.country_code]
    )
    kinds = (getattr(one, kind) for one in regions for kind in _KINDS)
    bodies = {kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern}
    body = "|".join(f"(?:{one})" for one in sorted(bodies))
    abroad, within = own.international_prefix or "(?!)", own.national_prefix_for_parsing or "(?!)"
    # What a rule makes of the digits behind a prefix can be anything.
    rest = f"(?:{within}){{1,2}}.*|" if own.national_prefix_transform_rule else f"(?:{within}){{0,2}}"
    return re.compile(f"(?:{abroad}).*|(?:{own.country_code})?(?:{rest}(?:{body}))")


@cache
def _fewest(region: str) -> int:
    """Digits that a number has at least, as it is written in a region; with a plus sign it may have fewer."""
    description: Any = getattr(PhoneMetadata.metadata_for_region(region), "general_desc", None)
    return min(_FEWEST_ABROAD, *description.possible_length) if description else _FEWEST_DIGITS


def _candidates(text: str) -> Iterator[tuple[int, _Candidate]]:
    """The candidates that the library tries in a text in which none is a number in part, and where each
    begins; without those that are too short for a number."""
    index = 0
    while match := library._PATTERN.search(text, index):
        start, index = match.span()
        if index - start == 1:
            continue  # most are
        candidate = match[0]
        second = _SECOND_NUMBER.search(candidate)
        if second:
            candidate = candidate[: second.start()]
            index = start + len(candidate)
        if len(candidate) >= _FEWEST_DIGITS:
            yield start, _neighbours(text, start, candidate)


def find(text: str, regions: tuple[str, ...], leniency: int) -> list[PhoneNumberMatch]:
    """All matches of a text, region by region; of what several regions take whole, the first's."""
    places: list[int] = []
    candidates: list[_Candidate] = []
    for place, key in _candidates(text):
        places.append(place)
        candidates.append(key)
    verdicts = [_everywhere(key, regions, leniency) for key in candidates]
    if not any(verdicts):
        return []
    found: list[PhoneNumberMatch] = []
    for number, region in enumerate(regions):
        here = [each[number] if each else None for each in verdicts]
        if not any(here):
            continue
        if all(_is_whole(key, match) for key, match in zip(candidates, here, strict=True) if match):
            found += (
                PhoneNumberMatch(place, match.raw_string, match.number)
                for place, match in zip(places, here, strict=True)
                if match
            )
        else:
            # A match of a part moves the place where the search goes on: the library does it from the start.
            found.extend(_Matcher(text, region, leniency, dict(zip(candidates, here, strict=True))))
    return found


_PAIRS = {"(": ")", "[": "]"}


def bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Where a number stands without brackets that only stand around it: `(617-482-9143)`.

    The library takes the first of such a pair for one of the number's own.
    """
    for first, last in _PAIRS.items():
        more = text.count(first, start, end) - text.count(last, start, end)
        if more > 0 and text[start] == first:
            start += 1
        elif more < 0 and text[end - 1] == last:
            end -= 1
    return start, end


@lru_cache(maxsize=16384)
def _everywhere(
    key: _Candidate, regions: tuple[str, ...], leniency: int
) -> tuple[PhoneNumberMatch | None, ...]:
    """What a candidate is in each region, None where it was settled by one before; empty where it is nothing
    anywhere."""
    digits = sum(map(str.isdigit, key[1]))
    if digits < _FEWEST_DIGITS:
        return ()
    abroad = not _PLUS.isdisjoint(key[1])
    parts = _parts(key)
    verdicts: list[PhoneNumberMatch | None] = []
    settled = False
    for region in regions:
        match = None
        if not settled and (abroad or (digits >= _fewest(region) and _possible(parts, region))):
            match = _verdict(key, region, leniency)
            settled = match is not None and _settled(key, match)
        verdicts.append(match)
    return tuple(verdicts) if any(verdicts) else ()


def _settled(key: _Candidate, match: PhoneNumberMatch) -> bool:
    """Whether all that other regions find in a candidate is a part of this match.

    With a plus sign all say the same. Without, one might take a part and go on with the rest, which reaches
    no further where nothing behind it can belong to it.
    """
    _, candidate, after = key
    return _is_whole(key, match) and (candidate[0] in _PLUS or _ALONE.match(after) is not None)


def _is_whole(key: _Candidate, match: PhoneNumberMatch) -> bool:
    return bool(match.raw_string == key[1])
