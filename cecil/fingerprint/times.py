"""Times as logs spell them."""

import functools
import re
from datetime import UTC, datetime

from cecil.fingerprint.record import END_HOUR, FIRST_HOUR
from cecil.stream.jsontext import Number

_EPOCH_TIME = re.compile(r"[0-9]{10,19}(?:\.[0-9]*)?")
_FIRST, _END = FIRST_HOUR * 3600, END_HOUR * 3600


def seconds(raw: object) -> float | None:
    """Seconds since 1970, UTC.

    Args:
        raw: seconds, milliseconds, microseconds or nanoseconds since 1970 (a number or its digits), or
            ISO 8601; without a zone, or with `UTC` behind it, it is UTC.

    Returns:
        None for what is no time, or none that a log of LLM calls could hold.
    """
    found: float | None = None
    if type(raw) is int:
        if _FIRST <= raw < _END:
            return raw
        found = _from_number(raw)
    elif isinstance(raw, str) and len(raw) <= 40:
        found = _from_text(raw)
    elif isinstance(raw, float):
        found = _from_number(raw)
    return found if found is not None and _FIRST <= found < _END else None


def hour(raw: object) -> int | None:
    """The hour of a time, in whole hours since 1970, UTC; None for what `seconds` takes for none."""
    found = seconds(raw)
    return None if found is None else int(found // 3600)


def _from_number(raw: int | float) -> float | None:
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if _FIRST <= raw / unit < _END if abs(raw) < 1e300 else False:
            return raw / unit
    return None


@functools.lru_cache(4096)
def _from_text(raw: str) -> float | None:
    text = raw.strip().removesuffix(" UTC")
    if isinstance(raw, Number) or (text[:1].isdigit() and "-" not in text):
        if not _EPOCH_TIME.fullmatch(text):
            return None
        whole, _, part = text.partition(".")
        found = _from_number(int(whole))
        return found + float(f"0.{part or 0}") if found is not None and len(whole) == 10 else found
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
