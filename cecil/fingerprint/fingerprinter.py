"""A log record to fingerprints.

Owns: the one place where what is raw in a `Call` (a model's name, a user's id, a time, the text) becomes
an entry of the price list, a keyed hash, an hour, a class or a count. Refuses: to keep anything else of it.
"""

from typing import NamedTuple

from cecil.fingerprint import estimate
from cecil.fingerprint.adapters import Drop, Memory, recognise, several
from cecil.fingerprint.adapters.answers import of_events
from cecil.fingerprint.call import Asked, Call, Exchange
from cecil.fingerprint.hashing import Hasher, KeyedHash
from cecil.fingerprint.models import Models
from cecil.fingerprint.overlap import Overlap, Seen
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.recent import Recent, short
from cecil.fingerprint.record import (
    MAX_LEGS,
    MAX_MESSAGES,
    MAX_TOOLS,
    MAX_TURNS,
    Fingerprint,
    Latency,
    Status,
    is_fingerprint,
    parse,
)
from cecil.fingerprint.times import hour, seconds
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Quality, Usage

__all__ = ["Drop", "Fingerprinter", "Made", "hour"]

_MAX_TEXT = 1024
"""Characters of a name or id that are looked at."""
_SESSIONS = 20_000

_NO_USAGE = Usage()
_CUT = Usage(flags=frozenset({Flag.CUT_STREAM}))
_LATENCIES = (
    (1_000, Latency.S1),
    (3_000, Latency.S3),
    (10_000, Latency.S10),
    (30_000, Latency.S30),
    (120_000, Latency.S120),
)
_STATUSES = {2: Status.OK, 3: Status.REDIRECT, 4: Status.CLIENT, 5: Status.SERVER}
_NOT_SEEN = Asked()
_NO_FLAGS: frozenset[Flag] = frozenset()
_FLAGS: dict[frozenset[Flag], frozenset[Flag]] = {}
"""Each set of flags once: records whose closed part is the same object are spelled alike."""


class Made(NamedTuple):
    """The fingerprints of one call.

    Attributes:
        id: what a repeat of the same call's record has too; None where there is nothing of the kind. Raw:
            for comparison within a run, never for print.
        legs: one fingerprint a leg.
        scope: what its request was compared within; raw as well.
    """

    id: str | None
    legs: tuple[Fingerprint, ...]
    scope: str = ""


class Fingerprinter:
    """Makes fingerprints with one price list and, if there is one, one key.

    Args:
        prices: says which models are public.
        hasher: makes the hashes; without it they stay null.
        overlap: compares requests with each other; without it `repeat`, `retry` and `reuse` stay null.
        estimate: whether tokens that were not reported are estimated from the text.
    """

    def __init__(
        self,
        prices: PriceList,
        hasher: Hasher | None = None,
        overlap: Overlap | None = None,
        *,
        estimate: bool = True,
    ) -> None:
        self._prices = prices
        self._models = Models(prices)
        self._hasher = hasher
        self._overlap = overlap
        self._estimate = estimate
        self.memory = Memory()
        self._turns: Recent[str, int] = Recent(_SESSIONS)

    def of(self, record: object) -> tuple[Fingerprint, ...] | Drop:
        """The fingerprints of a record; of a fingerprint itself. See `calls`."""
        made = self.calls(record)
        return made if isinstance(made, Drop) else tuple(leg for call in made for leg in call.legs)

    def calls(self, record: object) -> list[Made] | Drop:
        """The fingerprints of a record, call by call.

        Args:
            record: a JSON value as `stream.jsontext.loads` reads it; a list is the events of a stream, or
                several records.

        Returns:
            At least one, or the rule by which the record has none.

        Raises:
            RecordError: the record means to be a fingerprint and is not a valid one.
        """
        found = self.found(record)
        if isinstance(found, Fingerprint):
            return [Made(None, (found,))]
        return found if isinstance(found, Drop) else [self.made(call) for call in found]

    def found(self, record: object) -> list[Call] | Fingerprint | Drop:
        """The calls of a record, still raw. See `calls`."""
        if isinstance(record, list):
            call = of_events(Exchange(record, {}), record)
            return [call] if call else several(record, self.memory)
        if not isinstance(record, dict):
            return Drop.NOT_LLM
        return parse(record, self._prices) if is_fingerprint(record) else recognise(record, self.memory)

    def made(self, call: Call) -> Made:
        """The fingerprints of a call."""
        asked = call.asked or _NOT_SEEN
        when = seconds(call.time)
        names = [name_of(leg.model) for leg in call.legs[: MAX_LEGS + 1]]
        legs = call.legs[: MAX_LEGS + 1]
        if self._estimate and call.ok and legs[0].usage is None:
            legs = (legs[0]._replace(usage=_estimated(call, names[0] or "")), *legs[1:])
        seen = None
        scope = f"{call.providers} {names[0]}"
        if self._overlap is not None and when is not None and asked.messages is not None:
            seen = self._overlap.see(scope, asked, when, ok=call.ok)
        session_h, turn = self.session(call.session)
        user = self.user(call.user)
        hasher = self._hasher
        made = []
        for number, (leg, name) in enumerate(zip(legs, names, strict=True)):
            usage = leg.usage or (_CUT if leg.cut else _NO_USAGE)
            match = self._models.find(name or "", call.providers)
            made.append(
                Fingerprint(
                    kid=hasher.kid if hasher else None,
                    t=None if when is None else int(when // 3600),
                    src=call.src,
                    model=match.model,
                    model_h=hasher.model(name) if hasher and name and not match.model else None,
                    tuned=match.tuned,
                    op=call.op,
                    tier=call.tier,
                    region=call.region,
                    stream=call.stream,
                    ok=call.ok,
                    err=call.err,
                    http=status(call.status),
                    finish=call.finish,
                    lat=latency(call.latency),
                    in_fresh=usage[0],
                    in_cache_read=usage[1],
                    in_cache_write_5m=usage[2],
                    in_cache_write_1h=usage[3],
                    out_text=usage[4],
                    out_reasoning=usage[5],
                    web_searches=usage[6],
                    max_out=within(asked.max_out, MAX_TOKENS),
                    temp0=asked.temp0,
                    n_msgs=within(asked.n_msgs, MAX_MESSAGES),
                    n_tools=within(asked.n_tools, MAX_TOOLS),
                    static_tok=None if seen is None else share(seen.static, seen, usage),
                    reuse_5m=None if seen is None else share(seen.shared_5m, seen, usage),
                    reuse_1h=None if seen is None else share(seen.shared_1h, seen, usage),
                    repeat=None if seen is None else seen.repeat,
                    retry=None if seen is None else seen.retry,
                    leg=number,
                    user_h=user,
                    session_h=session_h,
                    turn=turn,
                    q=Quality.NONE if leg.usage is None else leg.usage.quality,
                    flags=_FLAGS.setdefault(usage[7], usage[7]) if usage[7] else _NO_FLAGS,
                )
            )
        return Made(call.id and short(call.id), tuple(made), scope)

    def user(self, raw: object) -> KeyedHash | None:
        """The hash of a user's id; None without a key, or for what is no id."""
        if self._hasher is None or raw is None:
            return None
        name = name_of(raw)
        return self._hasher.user(name) if name else None

    def session(self, raw: object) -> tuple[KeyedHash | None, int | None]:
        """The hash of a session's id and the number of the call in it, which this is."""
        session = name_of(raw)
        if session is None:
            return None, None
        turn = (self._turns.get(session) or 0) + 1
        self._turns.put(session, turn)
        return self._hasher.session(session) if self._hasher else None, min(turn, MAX_TURNS)


def doubts(legs: tuple[Fingerprint, ...]) -> list[str]:
    """What is missing or in doubt about a call's counts, in words of our own; empty as a rule."""
    found: list[str] = []
    for leg in legs:
        if leg.q is Quality.NONE:
            words = ["usage missing"] if leg.ok else []
        elif leg.q is Quality.ESTIMATED:
            words = ["usage estimated"]
            if Flag.CUT_STREAM in leg.flags:
                words.append(_DOUBTS[Flag.CUT_STREAM])
        else:
            words = [_DOUBTS[flag] for flag in sorted(leg.flags) if flag in _DOUBTS][:1]
        found += [word for word in words if word not in found]
    return found


_DOUBTS = {
    Flag.BAD_COUNT: "a count beyond belief",
    Flag.CACHE_OVERLAP: "more from caches than input",
    Flag.CUT_STREAM: "a stream without its end",
    Flag.MISSING_COUNT: "a count missing",
    Flag.TOTAL_MISMATCH: "totals that do not add up",
}


def _estimated(call: Call, model: str) -> Usage | None:
    """Tokens that nobody reported, from the text; None where there is none."""
    asked = call.asked or _NOT_SEEN
    if not call.said:
        return None
    flags = {Flag.FROM_TEXT}
    if call.legs[0].cut:
        flags.add(Flag.CUT_STREAM)
    if asked.messages is None:
        flags.add(Flag.MISSING_COUNT)
    prompt = sum(estimate.shown(part, model) for part in (asked.tools, asked.system, asked.messages))
    return Usage(
        in_fresh=min(prompt, MAX_TOKENS),
        out_text=min(estimate.tokens(call.said, model), MAX_TOKENS),
        flags=frozenset(flags),
    )


def share(part: int, seen: Seen, usage: Usage) -> int:
    """Bytes of a request as tokens of its input, by its own ratio."""
    whole = usage[0] + usage[1] + usage[2] + usage[3]
    return min(whole * part // max(seen.size, 1), MAX_TOKENS)


def name_of(raw: object) -> str | None:
    """A name or an id, if it is one and of a length to be looked at."""
    if type(raw) is str:
        return raw if len(raw) <= _MAX_TEXT and raw and not raw.isspace() else None
    if type(raw) is int and abs(raw) < 1 << 64:
        return str(raw)
    return None


def within(number: int | None, limit: int) -> int | None:
    """A number that is not beyond belief."""
    return number if number is not None and 0 <= number <= limit else None


def status(code: int | None) -> Status | None:
    """The class of an HTTP status."""
    return None if code is None else _STATUSES.get(code // 100)


def latency(milliseconds: float | None) -> Latency | None:
    """The class of a duration."""
    if milliseconds is None or not 0 <= milliseconds < 1e12:
        return None
    for limit, name in _LATENCIES:
        if milliseconds < limit:
            return name
    return Latency.MORE
