"""The fingerprint: what may be known of an LLM call outside of the machine that logged it.

Owns: the closed record. Every field is an enumeration, a bounded whole number, a UTC hour, a keyed hash,
a boolean or null, or an entry of the price list; none is text, so that text from a log has no field to be
in. The type of every value is checked when a record is made, and again nothing but the type's own
spelling is printed. Refuses: every other key, type or value, when it reads a record back.

What is left: an exact count is visible, and together with the hour it can single out a call for whoever
holds the provider's bill. A record is pseudonymous; only roll-ups are meant to be anonymous.
"""

import functools
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

import msgspec
import orjson

from cecil.errors import RecordError
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.prices import Model, PriceList, Region, Tier
from cecil.fingerprint.usage import MAX_SEARCHES, MAX_TOKENS, Flag, Quality

VERSION = 2
OTHER = "other"
"""Stands for provider and model where the price list does not know the model."""

MAX_MESSAGES = 100_000
MAX_TOOLS = 10_000
MAX_LEGS = 1_000
MAX_TURNS = 100_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR_LONG = timedelta(hours=1)
_HOUR_TEXT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z")
FIRST_HOUR = (datetime(2015, 1, 1, tzinfo=UTC) - _EPOCH) // _HOUR_LONG
END_HOUR = (datetime(2100, 1, 1, tzinfo=UTC) - _EPOCH) // _HOUR_LONG
"""The hours that a log of LLM calls can hold; the second is the first one too late."""


class Source(StrEnum):
    """The shape of the record that a fingerprint was made of."""

    OPENAI_CHAT = "openai.chat"
    OPENAI_RESPONSES = "openai.responses"
    OPENAI_EMBEDDINGS = "openai.embeddings"
    ANTHROPIC_MESSAGES = "anthropic.messages"
    AZURE_CHAT = "azure.chat"
    AZURE_APIM = "azure.apim"
    AZURE_DIAGNOSTICS = "azure.diagnostics"
    BEDROCK_CONVERSE = "bedrock.converse"
    BEDROCK_INVOKE = "bedrock.invoke"
    BEDROCK_LOG = "bedrock.log"
    GEMINI = "gemini"
    GEMINI_OPENAI = "gemini.openai"
    VERTEX_LOG = "vertex.log"
    MISTRAL_CHAT = "mistral.chat"
    COHERE = "cohere"
    GROQ_CHAT = "groq.chat"
    DEEPSEEK_CHAT = "deepseek.chat"
    XAI_CHAT = "xai.chat"
    OPENROUTER_CHAT = "openrouter.chat"
    OLLAMA = "ollama"
    OLLAMA_OPENAI = "ollama.openai"
    LITELLM = "litellm"
    LANGFUSE = "langfuse"
    HELICONE = "helicone"
    OTLP = "otlp"
    CLAUDE_CODE = "claude-code"
    CODEX = "codex"


class Operation(StrEnum):
    """What was asked for."""

    CHAT = "chat"
    COMPLETION = "completion"
    EMBEDDING = "embedding"
    RERANK = "rerank"
    IMAGE = "image"
    AUDIO = "audio"
    OTHER = "other"


class Status(StrEnum):
    """The class of an HTTP status."""

    OK = "2xx"
    REDIRECT = "3xx"
    CLIENT = "4xx"
    SERVER = "5xx"


class Latency(StrEnum):
    """How long a call took, in classes that are too wide to tell calls apart."""

    S1 = "<1s"
    S3 = "<3s"
    S10 = "<10s"
    S30 = "<30s"
    S120 = "<120s"
    MORE = "more"


class Repeat(StrEnum):
    """How long ago the same was asked of the same model, in this run."""

    NONE = "none"
    M5 = "5m"
    H1 = "1h"
    H24 = "24h"
    MORE = "more"


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


class Fingerprint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
        http: the class of its HTTP status.
        finish: why the model stopped.
        lat: how long it took.
        in_fresh, in_cache_read, in_cache_write_5m, in_cache_write_1h, out_text, out_reasoning: disjoint
            token counts, see `usage.Usage`.
        web_searches: searches that the provider bills apart.
        max_out: the limit on output tokens that was asked for.
        temp0: whether temperature 0 was asked for.
        n_msgs, n_tools: messages and tools in the request.
        static_tok: tokens of the tools and the system prompt, estimated; None without a request's text.
        reuse_5m, reuse_1h: tokens at the beginning of the input that also began another request of the
            same model, at most 5 minutes or 1 hour before.
        repeat: when the same request was seen before; None without a request's text.
        retry: whether that one had failed, at most 10 minutes before.
        leg: 0 for the first leg of a call; only that one counts as a call.
        user_h, session_h: keyed hashes of the ids of user and session.
        turn: the number of the call in its session, from 1, as far as this run has seen it.
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
    http: Status | None = None
    finish: Finish | None
    lat: Latency | None = None
    in_fresh: int
    in_cache_read: int
    in_cache_write_5m: int
    in_cache_write_1h: int
    out_text: int
    out_reasoning: int
    web_searches: int
    max_out: int | None
    temp0: bool | None = None
    n_msgs: int | None
    n_tools: int | None
    static_tok: int | None = None
    reuse_5m: int | None = None
    reuse_1h: int | None = None
    repeat: Repeat | None = None
    retry: bool | None = None
    leg: int
    user_h: KeyedHash | None
    session_h: KeyedHash | None = None
    turn: int | None = None
    q: Quality
    flags: frozenset[Flag]

    def __post_init__(self) -> None:
        if tuple(map(id, _framed(self))) not in _FRAMES or not _counted(self):
            self._check()

    def _check(self) -> None:
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
        return _frame(self).text % (
            _hash_json(self.kid),
            _hour_json(self.t),
            _hash_json(self.model_h),
            self.in_fresh,
            self.in_cache_read,
            self.in_cache_write_5m,
            self.in_cache_write_1h,
            self.out_text,
            self.out_reasoning,
            self.web_searches,
            _NULL if self.max_out is None else b"%d" % self.max_out,
            _NULL if self.n_msgs is None else b"%d" % self.n_msgs,
            _NULL if self.n_tools is None else b"%d" % self.n_tools,
            _NULL if self.static_tok is None else b"%d" % self.static_tok,
            _NULL if self.reuse_5m is None else b"%d" % self.reuse_5m,
            _NULL if self.reuse_1h is None else b"%d" % self.reuse_1h,
            self.leg,
            _hash_json(self.user_h),
            _hash_json(self.session_h),
            _NULL if self.turn is None else b"%d" % self.turn,
        )


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
    "http": _or_null(_enum(Status)),
    "finish": _or_null(_enum(Finish)),
    "lat": _or_null(_enum(Latency)),
    "in_fresh": _TOKENS,
    "in_cache_read": _TOKENS,
    "in_cache_write_5m": _TOKENS,
    "in_cache_write_1h": _TOKENS,
    "out_text": _TOKENS,
    "out_reasoning": _TOKENS,
    "web_searches": _whole(MAX_SEARCHES),
    "max_out": _or_null(_TOKENS),
    "temp0": _or_null(_TRUTH),
    "n_msgs": _or_null(_whole(MAX_MESSAGES)),
    "n_tools": _or_null(_whole(MAX_TOOLS)),
    "static_tok": _or_null(_TOKENS),
    "reuse_5m": _or_null(_TOKENS),
    "reuse_1h": _or_null(_TOKENS),
    "repeat": _or_null(_enum(Repeat)),
    "retry": _or_null(_TRUTH),
    "leg": _whole(MAX_LEGS),
    "user_h": _or_null(_hash(8)),
    "session_h": _or_null(_hash(8)),
    "turn": _or_null(_whole(MAX_TURNS)),
    "q": _enum(Quality),
    "flags": _FLAGS,
}

# What a log has few combinations of is checked and spelled once: the rest of a record is numbers and hashes.
_CLOSED = (
    *("src", "model", "tuned", "op", "tier", "region", "stream", "ok", "err", "http", "finish", "lat"),
    *("temp0", "repeat", "retry", "q", "flags"),
)
_framed: Callable[[Fingerprint], tuple[Any, ...]] = operator.attrgetter(*_CLOSED)
_HASHES = ("kid", "t", "model_h", "user_h", "session_h")
_NULL = b"null"
_MAX_FRAMES = 10_000
_MAX_FORMS = 4_096


class _Frame(NamedTuple):
    """The part of records that is in `_CLOSED`.

    Attributes:
        closed: the values.
        text: the record's JSON, with places for the rest.
    """

    closed: tuple[Any, ...]
    text: bytes


class Like:
    """Records that differ from one that was checked in numbers and in the hashes of user and session alone.

    It spells them without making them: the closed part is that record's, a number can be spelled as nothing
    but a number within its bounds, and a hash is one.

    Args:
        record: of one leg.
    """

    __slots__ = ("_kid", "_model_h", "_text")

    def __init__(self, record: Fingerprint) -> None:
        self._text = _spelled(record, _DIFFERS) + b"\n"
        self._kid = _hash_json(record.kid)
        self._model_h = _hash_json(record.model_h)

    def line(
        self,
        t: int | None,
        tokens: tuple[int, int, int, int, int, int],
        searches: int,
        max_out: int | None,
        n_msgs: int | None,
        n_tools: int | None,
        shared: tuple[int | None, int | None, int | None],
        user_h: KeyedHash | None,
        session_h: KeyedHash | None = None,
        turn: int | None = None,
    ) -> bytes:
        """A record as one line of JSON, with its newline.

        Args:
            tokens: the six buckets.
            shared: static_tok, reuse_5m, reuse_1h.

        Raises:
            TypeError: something is not of its type or out of its bounds.
        """
        form = _FORMS.get((self, t, searches, max_out, n_msgs, n_tools))
        if form is None:
            form = self._form(t, searches, max_out, n_msgs, n_tools)
        a, b, c, d, e, f = tokens
        if (
            not (
                -1 < a <= MAX_TOKENS
                and -1 < b <= MAX_TOKENS
                and -1 < c <= MAX_TOKENS
                and -1 < d <= MAX_TOKENS
                and -1 < e <= MAX_TOKENS
                and -1 < f <= MAX_TOKENS
            )
            or (user_h is not None and len(user_h.digest) != 8)
            or (session_h is not None and len(session_h.digest) != 8)
            or (turn is not None and not -1 < turn <= MAX_TURNS)
        ):
            raise TypeError("a number is out of its bounds")
        static, reuse_5m, reuse_1h = shared
        return form % (
            *tokens,
            _NULL if static is None else b"%d" % static,
            _NULL if reuse_5m is None else b"%d" % reuse_5m,
            _NULL if reuse_1h is None else b"%d" % reuse_1h,
            _NULL if user_h is None else _hash_json(user_h),
            _NULL if session_h is None else _hash_json(session_h),
            _NULL if turn is None else b"%d" % turn,
        )

    def _form(
        self, t: int | None, searches: int, max_out: int | None, n_msgs: int | None, n_tools: int | None
    ) -> bytes:
        """The text with what is the same in many lines of a log filled in; remembered."""
        if (
            not -1 < searches <= MAX_SEARCHES
            or (t is not None and not FIRST_HOUR <= t < END_HOUR)
            or (max_out is not None and not -1 < max_out <= MAX_TOKENS)
            or (n_msgs is not None and not -1 < n_msgs <= MAX_MESSAGES)
            or (n_tools is not None and not -1 < n_tools <= MAX_TOOLS)
        ):
            raise TypeError("a number is out of its bounds")
        form = self._text % (
            self._kid,
            _hour_json(t),
            self._model_h,
            searches,
            _NULL if max_out is None else b"%d" % max_out,
            _NULL if n_msgs is None else b"%d" % n_msgs,
            _NULL if n_tools is None else b"%d" % n_tools,
            0,
        )
        if len(_FORMS) >= _MAX_FORMS:
            _FORMS.clear()
        _FORMS[self, t, searches, max_out, n_msgs, n_tools] = form
        return form


_FORMS: dict[tuple[Any, ...], bytes] = {}
_FRAMES: dict[tuple[int, ...], _Frame] = {}
"""By the identity of the values, which each frame keeps alive: what is equal to a value need not be one."""


def _frame(record: Fingerprint) -> _Frame:
    closed = _framed(record)
    key = tuple(map(id, closed))
    frame = _FRAMES.get(key)
    if frame is None:
        if len(_FRAMES) >= _MAX_FRAMES:
            _FRAMES.clear()
        frame = _FRAMES[key] = _Frame(closed, _spelled(record))
    return frame


def _spelled(record: Fingerprint, later: frozenset[str] = frozenset()) -> bytes:
    """The record's JSON with places for what is not closed; those in `later` are places after one filling."""
    pieces = [b'{"v":%d' % VERSION]
    for name, kind in _FIELDS.items():
        if name == "model_h":
            provider, model = (record.model.provider, record.model.id) if record.model else (OTHER, OTHER)
            text = b',"provider":' + orjson.dumps(provider) + b',"model":' + orjson.dumps(model)
            pieces.append(text.replace(b"%", b"%%%%" if later else b"%%"))
        place = b"%b" if name in _HASHES or name in _OPTIONAL else b"%d"
        if name in later:
            place = b"%" + place
        value = orjson.dumps(kind.dump(getattr(record, name))) if name in _CLOSED else place
        pieces.append(b',"' + name.encode() + b'":' + value)
    return b"".join(pieces) + b"}"


_DIFFERS = frozenset(
    (
        *("in_fresh", "in_cache_read", "in_cache_write_5m", "in_cache_write_1h", "out_text", "out_reasoning"),
        *("static_tok", "reuse_5m", "reuse_1h", "user_h", "session_h", "turn"),
    )
)
"""What is another thing in nearly each record."""
_OPTIONAL = ("max_out", "n_msgs", "n_tools", "static_tok", "reuse_5m", "reuse_1h", "turn")


@functools.lru_cache(1024)
def _hour_json(hour: int | None) -> bytes:
    return _NULL if hour is None else b'"%b"' % hour_text(hour).encode()


def _hash_json(value: KeyedHash | None) -> bytes:
    return _NULL if value is None else b'"%b"' % value.digest.hex().encode()


def _counted(r: Fingerprint) -> bool:
    """Whether all that is not in the frame is surely of its type and bounds: the short way of `_check`."""
    return (
        type(r.in_fresh) is int
        and 0 <= r.in_fresh <= MAX_TOKENS
        and type(r.in_cache_read) is int
        and 0 <= r.in_cache_read <= MAX_TOKENS
        and type(r.in_cache_write_5m) is int
        and 0 <= r.in_cache_write_5m <= MAX_TOKENS
        and type(r.in_cache_write_1h) is int
        and 0 <= r.in_cache_write_1h <= MAX_TOKENS
        and type(r.out_text) is int
        and 0 <= r.out_text <= MAX_TOKENS
        and type(r.out_reasoning) is int
        and 0 <= r.out_reasoning <= MAX_TOKENS
        and type(r.web_searches) is int
        and 0 <= r.web_searches <= MAX_SEARCHES
        and type(r.leg) is int
        and 0 <= r.leg <= MAX_LEGS
        and (r.t is None or (type(r.t) is int and FIRST_HOUR <= r.t < END_HOUR))
        and (r.max_out is None or (type(r.max_out) is int and 0 <= r.max_out <= MAX_TOKENS))
        and (r.n_msgs is None or (type(r.n_msgs) is int and 0 <= r.n_msgs <= MAX_MESSAGES))
        and (r.n_tools is None or (type(r.n_tools) is int and 0 <= r.n_tools <= MAX_TOOLS))
        and (r.static_tok is None or (type(r.static_tok) is int and 0 <= r.static_tok <= MAX_TOKENS))
        and (r.reuse_5m is None or (type(r.reuse_5m) is int and 0 <= r.reuse_5m <= MAX_TOKENS))
        and (r.reuse_1h is None or (type(r.reuse_1h) is int and 0 <= r.reuse_1h <= MAX_TOKENS))
        and (r.turn is None or (type(r.turn) is int and 0 <= r.turn <= MAX_TURNS))
        and (r.kid is None or (type(r.kid) is KeyedHash and len(r.kid.digest) == 4))
        and (r.model_h is None or (type(r.model_h) is KeyedHash and len(r.model_h.digest) == 8))
        and (r.user_h is None or (type(r.user_h) is KeyedHash and len(r.user_h.digest) == 8))
        and (r.session_h is None or (type(r.session_h) is KeyedHash and len(r.session_h.digest) == 8))
    )


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
