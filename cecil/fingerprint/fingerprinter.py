"""A log record to fingerprints.

Owns: the one place where what is raw in a `Call` (a model's name, a user's id, a time) becomes an entry of
the price list, a keyed hash, an hour. Refuses: to keep anything else of it.
"""

import re
from datetime import UTC, datetime, timedelta

from cecil.fingerprint.adapters import Drop, recognise
from cecil.fingerprint.call import Call, Leg
from cecil.fingerprint.hashing import Hasher, KeyedHash
from cecil.fingerprint.models import Models
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.record import (
    END_HOUR,
    FIRST_HOUR,
    MAX_LEGS,
    MAX_MESSAGES,
    MAX_TOOLS,
    Fingerprint,
    is_fingerprint,
    parse,
)
from cecil.fingerprint.usage import MAX_TOKENS, Quality, Usage
from cecil.stream.jsontext import Number

_MAX_TEXT = 1024
"""Characters of a name or id that are looked at."""

_EPOCH_TIME = re.compile(r"[0-9]{10,19}(?:\.[0-9]*)?")


class Fingerprinter:
    """Makes fingerprints with one price list and, if there is one, one key.

    Args:
        prices: says which models are public.
        hasher: makes the hashes; without it they stay null.
    """

    def __init__(self, prices: PriceList, hasher: Hasher | None = None) -> None:
        self._prices = prices
        self._models = Models(prices)
        self._hasher = hasher

    def of(self, record: object) -> tuple[Fingerprint, ...] | Drop:
        """The fingerprints of a record, one a leg; of a fingerprint itself.

        Args:
            record: a JSON value as `stream.jsontext.loads` reads it; a list is the events of a stream.

        Returns:
            At least one, or the rule by which the record has none.

        Raises:
            RecordError: the record means to be a fingerprint and is not a valid one.
        """
        if isinstance(record, list):
            record = {"response": record}
        if not isinstance(record, dict):
            return Drop.NOT_LLM
        if is_fingerprint(record):
            return (parse(record, self._prices),)
        call = recognise(record)
        if isinstance(call, Drop):
            return call
        return tuple(self._leg(call, leg, number) for number, leg in enumerate(call.legs[: MAX_LEGS + 1]))

    def _leg(self, call: Call, leg: Leg, number: int) -> Fingerprint:
        usage = leg.usage or Usage()
        name = _text(leg.model)
        match = self._models.find(name or "", call.providers)
        return Fingerprint(
            kid=self._hasher.kid if self._hasher else None,
            t=hour(call.time),
            src=call.src,
            model=match.model,
            model_h=self._hasher.model(name) if self._hasher and name and not match.model else None,
            tuned=match.tuned,
            op=call.op,
            tier=call.tier,
            region=call.region,
            stream=call.stream,
            ok=call.ok,
            err=call.err,
            finish=call.finish,
            in_fresh=usage.in_fresh,
            in_cache_read=usage.in_cache_read,
            in_cache_write_5m=usage.in_cache_write_5m,
            in_cache_write_1h=usage.in_cache_write_1h,
            out_text=usage.out_text,
            out_reasoning=usage.out_reasoning,
            web_searches=usage.web_searches,
            max_out=_within(call.max_out, MAX_TOKENS),
            n_msgs=_within(call.n_msgs, MAX_MESSAGES),
            n_tools=_within(call.n_tools, MAX_TOOLS),
            leg=number,
            user_h=self._user(call.user),
            q=leg.usage.quality if leg.usage else Quality.NONE,
            flags=usage.flags,
        )

    def _user(self, raw: object) -> KeyedHash | None:
        name = str(raw) if type(raw) is int else _text(raw)
        return self._hasher.user(name) if self._hasher and name else None


def _text(raw: object) -> str | None:
    """A name or an id, if it is one and of a length to be looked at."""
    if isinstance(raw, str) and raw.strip() and len(raw) <= _MAX_TEXT:
        return str(raw)
    return None


def _within(number: int | None, limit: int) -> int | None:
    return number if number is not None and 0 <= number <= limit else None


def hour(raw: object) -> int | None:
    """The hour, since 1970 and in UTC, of a time as logs spell it.

    Args:
        raw: seconds, milliseconds, microseconds or nanoseconds since 1970 (a number or its digits), or
            ISO 8601; without a zone it is UTC.

    Returns:
        None for what is no time, or none that a log of LLM calls could hold.
    """
    found: int | None = None
    if isinstance(raw, int | float | Number) and not isinstance(raw, bool):
        found = _from_number(raw)
    elif isinstance(raw, str) and len(raw) <= 40:
        text = raw.strip()
        found = _from_number(Number(text)) if text[:1].isdigit() and "-" not in text else _from_text(text)
    return found if found is not None and FIRST_HOUR <= found < END_HOUR else None


def _from_number(raw: int | float | Number) -> int | None:
    if isinstance(raw, float):
        raw = int(raw) if abs(raw) < 1e18 else 0
    elif isinstance(raw, Number):
        raw = int(raw.partition(".")[0]) if _EPOCH_TIME.fullmatch(raw) else 0
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        if FIRST_HOUR * 3600 <= raw // unit < END_HOUR * 3600:
            return raw // unit // 3600
    return None


def _from_text(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(hours=1)
    except OverflowError:
        return None
