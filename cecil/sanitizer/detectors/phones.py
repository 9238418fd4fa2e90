"""Presidio's telephone recognizer, with the same results in a fraction of the time.

It asks Google's phonenumbers eight times, once a region, what each group of digits in a text is; that is
nine tenths of what a log line costs. But what stands in a text does not depend on the region, what a
group of digits is depends only on itself and its neighbours, and logs repeat themselves: so groups are
gathered once, and verdicts remembered. A test holds the results equal to Presidio's.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from phonenumbers import PhoneMetadata, PhoneNumberMatch, PhoneNumberMatcher
from phonenumbers import phonenumbermatcher as library

# Not in the library's own list of types.
_SECOND_NUMBER: Any = library._SECOND_NUMBER_START_PATTERN  # type: ignore[attr-defined]

_PLUS = frozenset(library._PLUS_CHARS)  # type: ignore[attr-defined]

_FEWEST_DIGITS = 4
"""No country has valid numbers with fewer digits; the test looks at the library's metadata."""

_FEWEST_ABROAD = 7
"""Digits of a number abroad without a plus sign: two to leave a country, one to enter another, and those."""

_NEVER = 1 << 62
"""Candidates after which the library gives up on a text. What stands behind them would pass unseen."""

_Candidate = tuple[str, str, str]
"""What stands before it, itself, what stands behind: as much as the library looks at."""


class _Matcher(PhoneNumberMatcher):
    """phonenumbers' matcher, which takes its verdicts from memory."""

    def _extract_match(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        before, candidate, after = _neighbours(self.text, offset, candidate)
        found = _verdict(before, candidate, after, self.preferred_region, self.leniency)
        if found is None:
            return None
        return PhoneNumberMatch(offset - len(before) + found.start, found.raw_string, found.number)


def _neighbours(text: str, offset: int, candidate: str) -> _Candidate:
    # A letter or a sign on either side, or the rest of a time of day, `:59`.
    end = offset + len(candidate)
    return text[max(offset - 1, 0) : offset], candidate, text[end : end + 3]


@lru_cache(maxsize=16384)
def _verdict(before: str, candidate: str, after: str, region: str, leniency: int) -> PhoneNumberMatch | None:
    """The number that a candidate is, or holds, in a region, by the library's own judgement."""
    digits = sum(character.isdigit() for character in candidate)
    if digits < _FEWEST_DIGITS or (digits < _fewest(region) and not _PLUS & set(candidate)):
        return None
    matcher = PhoneNumberMatcher(before + candidate + after, region, leniency=leniency, max_tries=_NEVER)
    return matcher._extract_match(candidate, len(before))


@cache
def _fewest(region: str) -> int:
    """Digits that a number has at least, as it is written in a region; with a plus sign it may have fewer."""
    description: Any = getattr(PhoneMetadata.metadata_for_region(region), "general_desc", None)
    return min(_FEWEST_ABROAD, *description.possible_length) if description else _FEWEST_DIGITS


def _candidates(text: str) -> Iterator[_Candidate]:
    """The candidates that the library tries in a text in which none of them is a number."""
    index = 0
    while match := library._PATTERN.search(text, index):
        candidate = match[0]
        second = _SECOND_NUMBER.search(candidate)
        if second:
            candidate = candidate[: second.start()]
        yield _neighbours(text, match.start(), candidate)
        index = match.start() + len(candidate)


def find(text: str, regions: tuple[str, ...], leniency: int) -> list[PhoneNumberMatch]:
    """All matches of a text, region by region."""
    candidates = list(_candidates(text))
    found: list[PhoneNumberMatch] = []
    for region in regions:
        # A match moves the place where the search goes on; then the library does it from the start.
        if any(_verdict(*candidate, region, leniency) for candidate in candidates):
            found.extend(_Matcher(text, region, leniency=leniency, max_tries=_NEVER))
    return found


def speed_up(recognizer: Any) -> None:
    """Make Presidio's PhoneRecognizer find its matches by `find`."""
    from presidio_analyzer import EntityRecognizer

    def analyze(text: str, entities: list[str], nlp_artifacts: Any = None) -> list[Any]:
        matches = find(text, tuple(recognizer.supported_regions), recognizer.leniency)
        results = [recognizer._get_recognizer_result(match, text, None, nlp_artifacts) for match in matches]
        return list(EntityRecognizer.remove_duplicates(results))

    recognizer.analyze = analyze
