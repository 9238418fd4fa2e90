"""Findings in a text, and the one place where those that overlap are resolved."""

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Something sensitive in a text.

    Attributes:
        start, end: characters, half-open.
        entity: its type, e.g. `EMAIL_ADDRESS`.
        score: how sure, above 0 to 1.
        detector: who says so.
        validated: whether a checksum, or a structure that chance does not make, says so.
    """

    start: int
    end: int
    entity: str
    score: float
    detector: str
    validated: bool = False


class Miss(NamedTuple):
    """A candidate that was turned down.

    Attributes:
        start, end: characters, half-open.
        entity: what it would have been.
        detector: who looked at it.
        why: in lower case, without a value: `the check digit is wrong`, `no context word`.
    """

    start: int
    end: int
    entity: str
    detector: str
    why: str


# Among findings of equal weight the more precise name, or the one whose loss does more harm, goes first.
_PRIORITY = {
    entity: rank
    for rank, entity in enumerate(
        """PASSWORD SECRET CREDIT_CARD US_SSN IBAN_CODE EMAIL_ADDRESS CRYPTO MEDICAL_RECORD_NUMBER
        US_BANK_NUMBER US_PASSPORT US_DRIVER_LICENSE MAC_ADDRESS IP_ADDRESS PHONE_NUMBER STREET_ADDRESS
        DATE_OF_BIRTH PERSON LOCATION ORGANIZATION DATE_TIME UUID URL""".split()
    )
}
_OTHER = _PRIORITY["PHONE_NUMBER"] - 0.5
"""Any other entity: a number of some kind, and a narrower name than a telephone number's."""


def resolve(spans: Iterable[Span]) -> list[Span]:
    """Spans in order that do not overlap and cover every character that any span covered.

    Spans that overlap become one, from the first start to the last end, under the name of the best of them:
    one that is validated, then the surest, then the longest, then by the entities' priority, then the first.
    So a short sure finding names the whole, and no character of an unsure one is left standing beside it.
    Spans that only touch stay two.
    """
    resolved: list[Span] = []
    best: Span | None = None
    end = 0
    for span in sorted(spans):
        if best is not None and span.start < end:
            best, end = min(best, span, key=_rank), max(end, span.end)
            resolved[-1] = best._replace(start=resolved[-1].start, end=end)
        else:
            best, end = span, span.end
            resolved.append(span)
    return resolved


def _rank(span: Span) -> tuple[bool, float, int, float, int, str]:
    priority = _PRIORITY.get(span.entity, _OTHER)
    return (not span.validated, -span.score, span.start - span.end, priority, span.start, span.entity)
