"""The fingerprint: what may be known of an LLM call outside of the machine that logged it.

Owns: the closed record. Every field is an enumeration, a bounded whole number, a UTC hour, a keyed hash,
a boolean or null, or an entry of the price list; none is text, so that text from a log has no field to be
in. The type of every value is checked when a record is made, and again nothing but the type's own
spelling is printed. Refuses: every other key, type or value, when it reads a record back.

What is left: an exact count is visible, and together with the hour it can single out a call for whoever
holds the provider's bill. A record is pseudonymous; only roll-ups are meant to be anonymous.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import orjson

from cecil.errors import RecordError
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.prices import Model, PriceList, Region, Tier
from cecil.fingerprint.usage import MAX_SEARCHES, MAX_TOKENS, Flag, Quality

VERSION = 1
OTHER = "other"
"""Stands for provider and model where the price list does not know the model."""

MAX_MESSAGES = 100_000
MAX_TOOLS = 10_000
MAX_LEGS = 1_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_LONG = timedelta(hours=1)
_HOUR_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z")
FIRST_HOUR = (datetime(2015, 1, 1, tzinfo=UTC) - _EPOCH) // _HOUR_LONG
END_HOUR = (datetime(2100, 1, 1, tzinfo=UTC) - _EPOCH) // _HOUR_LONG
"""The hours that a log of LLM calls can hold; the second is the first one too late."""


class Source(StrEnum):
    """The shape of the record that a fingerprint was made of."""

    OPENAI_CHAT = "openai.chat"
    ANTHROPIC_MESSAGES = "anthropic.messages"


class Operation(StrEnum):
    CHAT = "chat"


class Finish(StrEnum):
    """Why a model stopped."""

    STOP = "stop"
    LENGTH = "length"
    TOOL = "tool"
    FILTER = "filter"
    OTHER = "other"


class Failure(StrEnum):
    """Why a call failed."""

    INVALID = "invalid"
    AUTH = "auth"
    NOT_FOUND = "not_found"
    TOO_LARGE = "too_large"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    TIMEOUT = "timeout"
    OVERLOADED = "overloaded"
    SERVER = "server"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One leg of one call. A call has one leg, unless its provider ran several models for it.

    Attributes:
        kid: names the key of the hashes; None without a key.
        t: the hour of the call, in whole hours since 1970, UTC.
        src: the shape it was read from.
        model: the entry of the price list; None for a model it does not know.
        model_h: keyed hash of the name of such a model.
        tuned: whether it is a fine-tuned model.
        op, tier, region: what was asked of the provider, and how it was served.
        stream: whether the answer was streamed.
        ok: whether the call succeeded.
        err: why not.
        finish: why the model stopped.
        in_fresh, in_cache_read, in_cache_write_5m, in_cache_write_1h, out_text, out_reasoning: disjoint
            token counts, see `usage.Usage`.
        web_searches: searches that the provider bills apart.
        max_out: the limit on output tokens that was asked for.
        n_msgs, n_tools: messages and tools in the request.
        leg: 0 for the first leg of a call; only that one counts as a call.
        user_h: keyed hash of the user's id.
        q: how well the counts are known.
        flags: what was odd about them.

    Raises:
        TypeError: a value is not of its field's type or out of its bounds. Names the field only.
    """

    kid: KeyedHash | None
    t: int | None
    src: Source
    model: Model | None
    model_h: KeyedHash | None
    tuned: bool
    op: Operation
    tier: Tier | None
    region: Region | None
    stream: bool | None
    ok: bool
    err: Failure | None
    finish: Finish | None
    in_fresh: int
    in_cache_read: int
    in_cache_write_5m: int
    in_cache_write_1h: int
    out_text: int
    out_reasoning: int
    web_searches: int
    max_out: int | None
    n_msgs: int | None
    n_tools: int | None
    leg: int
    user_h: KeyedHash | None
    q: Quality
    flags: frozenset[Flag]

    def __post_init__(self) -> None:
        for name, kind in _FIELDS.items():
            if not kind.holds(getattr(self, name)):
                raise TypeError(f"not a value for the field {name}")
        if self.model is not None and type(self.model) is not Model:
            raise TypeError("not a value for the field model")

    @property
    def tokens(self) -> int:
        """All tokens of the leg."""
        return (
            self.in_fresh
            + self.in_cache_read
            + self.in_cache_write_5m
            + self.in_cache_write_1h
            + self.out_text
            + self.out_reasoning
        )

    def to_bytes(self) -> bytes:
        """The record as one line of JSON, without its newline; equal records give equal bytes."""
        row: dict[str, object] = {"v": VERSION}
        for name, kind in _FIELDS.items():
            if name == "model_h":
                row["provider"] = self.model.provider if self.model else OTHER
                row["model"] = self.model.id if self.model else OTHER
            row[name] = kind.dump(getattr(self, name))
        return orjson.dumps(row)


class _Kind(NamedTuple):
    """What a field may hold and how it is spelled in JSON. `load` raises ValueError."""

    holds: Callable[[Any], bool]
    dump: Callable[[Any], object]
    load: Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


E = TypeVar("E", bound=StrEnum)


def _enum(kind: type[E]) -> _Kind:
    return _Kind(lambda v: type(v) is kind, lambda v: v.value, kind)


def _whole(limit: int) -> _Kind:
    def load(value: Any) -> int:
        if type(value) is not int or not 0 <= value <= limit:
            raise ValueError
        return value

    return _Kind(lambda v: type(v) is int and 0 <= v <= limit, _same, load)


def _hash(size: int) -> _Kind:
    def load(value: Any) -> KeyedHash:
        if type(value) is not str or len(value) != 2 * size or value != value.lower():
            raise ValueError
        return KeyedHash(bytes.fromhex(value))

    return _Kind(lambda v: type(v) is KeyedHash and len(v.digest) == size, str, load)


def _or_null(kind: _Kind) -> _Kind:
    return _Kind(
        lambda v: v is None or kind.holds(v),
        lambda v: None if v is None else kind.dump(v),
        lambda v: None if v is None else kind.load(v),
    )


def _load_bool(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _load_flags(value: Any) -> frozenset[Flag]:
    if type(value) is not list:
        raise ValueError
    return frozenset(Flag(v) for v in value)


def _load_hour(value: Any) -> int:
    if not _HOUR_TEXT.fullmatch(value):
        raise ValueError
    return (datetime.fromisoformat(f"{value[:-1]}:00:00+00:00") - _EPOCH) // _HOUR_LONG


def hour_text(hour: int) -> str:
    """`2026-10-02T14Z` for an hour since 1970."""
    return (_EPOCH + hour * _HOUR_LONG).strftime("%Y-%m-%dT%HZ")


_TRUTH = _Kind(lambda v: type(v) is bool, _same, _load_bool)
_HOUR = _Kind(lambda v: type(v) is int and FIRST_HOUR <= v < END_HOUR, hour_text, _load_hour)
_FLAGS = _Kind(
    lambda v: type(v) is frozenset and all(type(f) is Flag for f in v),
    lambda v: sorted(f.value for f in v),
    _load_flags,
)
_TOKENS = _whole(MAX_TOKENS)

# The order is the order of the keys in JSON; `v` stands before all, `provider` and `model` before model_h.
_FIELDS: dict[str, _Kind] = {
    "kid": _or_null(_hash(4)),
    "t": _or_null(_HOUR),
    "src": _enum(Source),
    "model_h": _or_null(_hash(8)),
    "tuned": _TRUTH,
    "op": _enum(Operation),
    "tier": _or_null(_enum(Tier)),
    "region": _or_null(_enum(Region)),
    "stream": _or_null(_TRUTH),
    "ok": _TRUTH,
    "err": _or_null(_enum(Failure)),
    "finish": _or_null(_enum(Finish)),
    "in_fresh": _TOKENS,
    "in_cache_read": _TOKENS,
    "in_cache_write_5m": _TOKENS,
    "in_cache_write_1h": _TOKENS,
    "out_text": _TOKENS,
    "out_reasoning": _TOKENS,
    "web_searches": _whole(MAX_SEARCHES),
    "max_out": _or_null(_TOKENS),
    "n_msgs": _or_null(_whole(MAX_MESSAGES)),
    "n_tools": _or_null(_whole(MAX_TOOLS)),
    "leg": _whole(MAX_LEGS),
    "user_h": _or_null(_hash(8)),
    "q": _enum(Quality),
    "flags": _FLAGS,
}
KEYS = frozenset({"v", "provider", "model", *_FIELDS})
"""The keys of a record in JSON: all of them, always."""


def is_fingerprint(row: Mapping[str, Any]) -> bool:
    """Whether an object means to be a fingerprint; `parse` says whether it is one."""
    return "v" in row and "src" in row and "leg" in row and "q" in row


def parse(row: Mapping[str, Any], prices: PriceList) -> Fingerprint:
    """A fingerprint read back.

    Args:
        row: the object.
        prices: the list that its model must be in.

    Raises:
        RecordError: it is none. Names the first key that is wrong, if that is a key of fingerprints.
    """
    if type(row.get("v")) is not int or row["v"] != VERSION:
        raise RecordError(f"not a fingerprint of version {VERSION}")
    missing = next((key for key in sorted(KEYS) if key not in row), None)
    if missing:
        raise RecordError(f"not a fingerprint: /{missing} is missing")
    if len(row) != len(KEYS):
        raise RecordError("not a fingerprint: it has other keys")
    values: dict[str, Any] = {}
    for name, kind in _FIELDS.items():
        try:
            values[name] = kind.load(row[name])
        except (ValueError, TypeError):
            raise RecordError(f"not a fingerprint: /{name}") from None
        if not kind.holds(values[name]):
            raise RecordError(f"not a fingerprint: /{name}")
    provider, model = row["provider"], row["model"]
    if type(provider) is not str or type(model) is not str:
        raise RecordError("not a fingerprint: /model")
    values["model"] = None
    if (provider, model) != (OTHER, OTHER):
        values["model"] = prices.models.get((provider, model))
        if values["model"] is None:
            raise RecordError("not a fingerprint: /model is not in the price list")
    return Fingerprint(**values)
