"""What an upload holds: sums over many calls of many users, of days that are over.

Owns: the cells, the rules of anonymity, and the exact bytes of a batch. A cell is a day, a model, a tier
and an operation. It is let out when at least `MIN_USERS` users have at least `MIN_CALLS` calls in it and
none of them has more than `MAX_SHARE` percent of its calls or tokens. What is too small is added up with
its like: all of the model, then of the provider, then of the day; what is still too small stays here. Cells
never overlap, and no sum of a whole is let out beside its parts, so that nothing can be found by taking one
from the other. Refuses: text. A batch is made of numbers, of enumerations and of names in the packaged
price list; hashes of users are counted and never come out.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import orjson

import cecil
from cecil.errors import RecordError
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.record import OTHER, VERSION, Failure, Fingerprint, Finish, Repeat
from cecil.fingerprint.terms import DIGEST, MAX_SHARE, MIN_CALLS, MIN_USERS, ROLLUP_VERSION, SETTLED_HOURS
from cecil.fingerprint.usage import BUCKETS, Quality

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_MAX_POLICIES = 16

_CLASSES = (5, 10, 20, 50, 100, 500)
"""Users of a cell are told as the largest of these that they reach."""


class Rule(StrEnum):
    """Why a fingerprint is in no batch."""

    LATE = "late"
    """Its day was made into a batch before."""
    OPEN = "open-day"
    """Its day is not over."""
    UNDATED = "undated"
    """Its day is not known."""
    SMALL = "too-few"
    """Too few users or calls are like it."""


class Batch(NamedTuple):
    """What is sent at once: one day.

    Attributes:
        day: as 2026-10-02.
        data: the bytes.
        records: fingerprints that are in it.
        calls: calls that are in it.
    """

    day: str
    data: bytes
    records: int
    calls: int

    @property
    def key(self) -> str:
        """Names the content: SHA-256 in hexadecimal."""
        return key_of(self.data)


def key_of(data: bytes) -> str:
    """The idempotency key of a batch."""
    return hashlib.sha256(data).hexdigest()


class _Part:
    """How many calls of a cell have something in common, and of how many users they are."""

    __slots__ = ("amount", "users")

    def __init__(self) -> None:
        self.amount = 0
        self.users: set[int] = set()

    def add(self, amount: int, user: int | None) -> None:
        if amount:
            self.amount += amount
            if user is not None:
                self.users.add(user)

    def merge(self, other: "_Part") -> None:
        self.amount += other.amount
        self.users |= other.users

    def shown(self, whole: int | None) -> int | None:
        """The amount; None where it is of few users, or of few calls, or of all but few."""
        few = self.amount < MIN_CALLS or len(self.users) < MIN_USERS
        return None if few or (whole is not None and 0 < whole - self.amount < MIN_CALLS) else self.amount


_OF_CALLS = ("failed", "rate_limited", "streamed", "cut_by_length", "repeated_1h", "retried", "not_reported")
_OF_TOKENS = ("reuse_5m", "reuse_1h", "static_tok")


class _Cell:
    __slots__ = ("calls", "calls_of", "counts", "parts", "records", "tokens_of")

    def __init__(self) -> None:
        self.records = self.calls = 0
        self.counts = dict.fromkeys((*BUCKETS, "web_searches"), 0)
        self.parts = {name: _Part() for name in (*_OF_CALLS, *_OF_TOKENS)}
        # By a part of the user's hash: no more than 65,536 of them, whatever comes. Two users that fall
        # together count as one, which keeps a cell back sooner than it should, never later.
        self.calls_of: dict[int | None, int] = {}
        self.tokens_of: dict[int | None, int] = {}

    def add(self, record: Fingerprint) -> None:
        user = None if record.user_h is None else int.from_bytes(record.user_h.digest[:2])
        self.records += 1
        for name in self.counts:
            self.counts[name] += getattr(record, name)
        self.tokens_of[user] = self.tokens_of.get(user, 0) + record.tokens
        if record.leg:
            return
        self.calls += 1
        self.calls_of[user] = self.calls_of.get(user, 0) + 1
        for name, amount in _facts(record).items():
            self.parts[name].add(amount, user)

    def merge(self, other: "_Cell") -> None:
        self.records += other.records
        self.calls += other.calls
        for name, count in other.counts.items():
            self.counts[name] += count
        for mine, theirs in ((self.calls_of, other.calls_of), (self.tokens_of, other.tokens_of)):
            for user, amount in theirs.items():
                mine[user] = mine.get(user, 0) + amount
        for name, part in other.parts.items():
            self.parts[name].merge(part)

    @property
    def users(self) -> int:
        return len(self.calls_of) - (None in self.calls_of)

    def large(self) -> bool:
        """Whether it may go out. Calls of no known user are taken as those of one who does not count."""
        return (
            self.users >= MIN_USERS
            and self.calls >= MIN_CALLS
            and all(
                100 * max(shares.values()) <= MAX_SHARE * sum(shares.values())
                for shares in (self.calls_of, self.tokens_of)
            )
        )

    def row(self, key: "_Key") -> dict[str, Any]:
        parts = {name: self.parts[name].shown(self.calls) for name in _OF_CALLS}
        parts |= {name: self.parts[name].shown(None) for name in _OF_TOKENS}
        # The users of a cell as a class: their exact number would tell of one who came or left.
        users = max(low for low in _CLASSES if low <= self.users)
        return {**key._asdict(), "users": users, "calls": self.calls, **self.counts, **parts}


def _facts(record: Fingerprint) -> dict[str, int]:
    return {
        "failed": not record.ok,
        "rate_limited": record.err is Failure.RATE_LIMIT,
        "streamed": record.stream is True,
        "cut_by_length": record.finish is Finish.LENGTH,
        "repeated_1h": record.repeat in (Repeat.M5, Repeat.H1),
        "retried": record.retry is True,
        "not_reported": record.q is not Quality.REPORTED,
        "reuse_5m": record.reuse_5m or 0,
        "reuse_1h": record.reuse_1h or 0,
        "static_tok": record.static_tok or 0,
    }


class _Key(NamedTuple):
    """What a cell is of; None for all that is too small to be told apart."""

    provider: str | None
    model: str | None
    tier: str | None
    op: str | None

    def coarser(self) -> "_Key | None":
        if self.op is not None or self.tier is not None:
            return self._replace(tier=None, op=None)
        if self.model is not None:
            return self._replace(model=None)
        return self._replace(provider=None) if self.provider is not None else None


class Cells:
    """Adds up fingerprints for an upload.

    Args:
        now: seconds since 1970; decides which days are over.
        done: days that were made into batches before, as 2026-10-02.
    """

    def __init__(self, now: float, done: Iterable[str] = ()) -> None:
        self._closed = int((now / 3600 - SETTLED_HOURS) // 24)
        self._done = frozenset(done)
        self._days: dict[int, dict[_Key, _Cell]] = {}
        self._late: dict[int, bool] = {}
        self._kid: KeyedHash | None = None
        self._policies: set[str] = set()

    def policy(self, digest: object) -> None:
        """Note the policy that the records went through, as a marker names it; what is no digest is not."""
        match = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
        if match and len(self._policies) < _MAX_POLICIES:
            self._policies.add(match[1])

    def add(self, record: Fingerprint) -> Rule | None:
        """Take a fingerprint; returns the rule that leaves it out, if one does so already.

        Raises:
            RecordError: its users are hashed with another key than those before it.
        """
        if record.t is None:
            return Rule.UNDATED
        day = record.t // 24
        if day >= self._closed:
            return Rule.OPEN
        late = self._late.get(day)
        if late is None:
            late = self._late[day] = _day(day) in self._done
        if late:
            return Rule.LATE
        if record.user_h is not None and record.kid != self._kid:
            if self._kid is not None:
                raise RecordError("hashes of two keys: users cannot be counted across keys")
            self._kid = record.kid
        model = record.model
        key = _Key(
            model.provider if model else OTHER,
            model.id if model else OTHER,
            record.tier.value if record.tier else "unknown",
            record.op.value,
        )
        cells = self._days.setdefault(day, {})
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = _Cell()
        cell.add(record)
        return None

    def batches(self) -> Iterator[Batch]:
        """What may go out, a batch a day; a day of which nothing may has none. Equal input, equal bytes."""
        for day in sorted(self._days):
            cells = _released(self._days[day])
            if cells:
                rows = [cell.row(key) for key, cell in cells]
                yield Batch(
                    _day(day),
                    self._bytes(_day(day), rows),
                    sum(cell.records for _, cell in cells),
                    sum(cell.calls for _, cell in cells),
                )

    def _bytes(self, day: str, rows: list[dict[str, Any]]) -> bytes:
        return (
            orjson.dumps(
                {
                    "v": ROLLUP_VERSION,
                    "day": day,
                    "cecil": cecil.__version__,
                    "fingerprint": VERSION,
                    "prices": PriceList.packaged().date.isoformat(),
                    "policies": sorted(self._policies),
                    "terms": DIGEST,
                    "rules": {"users": MIN_USERS, "calls": MIN_CALLS, "share": MAX_SHARE},
                    "cells": rows,
                }
            )
            + b"\n"
        )


def _released(cells: Mapping[_Key, _Cell]) -> list[tuple[_Key, _Cell]]:
    """The cells of a day that are large enough, small ones added up with their like; in a fixed order."""
    found: list[tuple[_Key, _Cell]] = []
    level = dict(cells)
    while level:
        next_level: dict[_Key, _Cell] = {}
        for key, cell in level.items():
            if cell.large():
                found.append((key, cell))
                continue
            coarser = key.coarser()
            if coarser is not None:
                next_level.setdefault(coarser, _Cell()).merge(cell)
        level = next_level
    return sorted(found, key=lambda item: tuple((part is None, part or "") for part in item[0]))


def _day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).strftime("%Y-%m-%d")
