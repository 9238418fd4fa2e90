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


def resolve(spans: Iterable[Span]) -> list[Span]:
    """Spans in order that do not overlap and cover every character that any span covered.

    Spans that overlap become one, from the first start to the last end, under the name of the surest;
    among equally sure ones the longest, then the first, then by name. So a short sure finding names
    the whole, and no character of an unsure one is left standing beside it.
    """
    resolved: list[Span] = []
    for span in sorted(spans):
        if resolved and span.start < resolved[-1].end:
            last = resolved[-1]
            best = min(last, span, key=_rank)
            resolved[-1] = best._replace(start=last.start, end=max(last.end, span.end))
        else:
            resolved.append(span)
    return resolved


def _rank(span: Span) -> tuple[float, int, int, str]:
    return (-span.score, span.start - span.end, span.start, span.entity)
