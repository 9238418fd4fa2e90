"""What may be in a batch: k-anonymity, dominance, days that are over, parts; and never text."""

import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import RecordError
from cecil.fingerprint.cells import Batch, Cells, Rule
from cecil.fingerprint.hashing import Hasher, KeyedHash
from cecil.fingerprint.prices import PriceList, Tier
from cecil.fingerprint.record import OTHER, Failure, Fingerprint, Operation, Repeat
from cecil.fingerprint.terms import DIGEST, MIN_CALLS, MIN_USERS, SETTLED_HOURS
from tests.prints import fingerprint

HASHER = Hasher(b"k" * 32)
DAY = 20_000
"""2024-10-04."""
NOW = float((DAY + 2) * 86_400)
GPT, MINI = "openai/gpt-4o", "openai/gpt-4o-mini"
HAIKU = "anthropic/" + next(m.id for m in PriceList.packaged().of("anthropic"))

PUBLIC = PriceList.packaged().models
NAMES: dict[str, set[str]] = {
    "provider": {provider for provider, _ in PUBLIC} | {OTHER},
    "model": {model for _, model in PUBLIC} | {OTHER},
    "tier": {*Tier, "unknown"},
    "op": set(Operation),
}
"""Where a cell has text, and all that may stand there."""


def user(number: int, hasher: Hasher = HASHER) -> KeyedHash:
    return hasher.user(f"user{number}")


def call(who: int | None = 0, model: str | None = GPT, **more: Any) -> Fingerprint:
    base: dict[str, Any] = {"t": DAY * 24 + 5, "in_fresh": 100, "out_text": 10}
    if who is not None:
        base |= {"user_h": user(who), "kid": HASHER.kid}
    return fingerprint(model, **(base | more))


def calls(users: int, each: int, **more: Any) -> list[Fingerprint]:
    return [call(who, **more) for who in range(users) for _ in range(each)]


def batches(records: list[Fingerprint], now: float = NOW, done: tuple[str, ...] = ()) -> list[Batch]:
    cells = Cells(now, done)
    for record in records:
        cells.add(record)
    return list(cells.batches())


def rows(records: list[Fingerprint]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for batch in batches(records):
        found += json.loads(batch.data)["cells"]
    return found


def test_five_users_with_ten_calls_are_the_least() -> None:
    assert rows(calls(4, 100)) == []
    assert rows(calls(5, 1) + [call(0)] * 4) == []
    (row,) = rows(calls(5, 2))
    assert (row["provider"], row["model"]) == ("openai", "gpt-4o")
    assert (row["users"], row["calls"], row["in_fresh"], row["out_text"]) == (5, 10, 1000, 100)


def test_users_are_told_as_a_class() -> None:
    assert [rows(calls(n, 3))[0]["users"] for n in (5, 9, 10, 19, 20, 60)] == [5, 5, 10, 10, 20, 50]


def test_nobody_may_be_most_of_a_sum() -> None:
    few = calls(5, 2)
    assert rows([*few, *[call(0)] * 30]) != []  # 32 of 40 calls: 80 percent
    assert rows([*few, *[call(0)] * 31]) == []
    # Few calls, but nearly all tokens.
    assert rows([*few, call(0, in_fresh=100_000)]) == []


def test_calls_of_nobody_known_count_for_no_user() -> None:
    assert rows([call(None)] * 500) == []
    assert rows([*calls(4, 5), *[call(None)] * 20]) == []
    (row,) = rows([*calls(5, 2), *[call(None)] * 10])
    assert (row["users"], row["calls"]) == (5, 20)
    assert rows([*calls(5, 2), *[call(None)] * 41]) == []


def test_what_is_small_goes_with_its_like() -> None:
    # Two kinds of call of one model, each of too few users; together they are enough.
    small = [call(who, tier=tier) for who, tier in enumerate((Tier.BATCH, Tier.FLEX) * 5)]
    (row,) = rows(small)
    assert (row["provider"], row["model"], row["tier"], row["op"]) == ("openai", "gpt-4o", None, None)
    # Two models of a provider.
    (row,) = rows([call(who, (GPT, MINI)[who % 2]) for who in range(8)] * 2)
    assert (row["provider"], row["model"]) == ("openai", None)
    # Two providers.
    (row,) = rows([call(who, (GPT, HAIKU)[who % 2]) for who in range(8)] * 2)
    assert (row["provider"], row["model"], row["calls"]) == (None, None, 16)
    # A large one beside a small one: the small one is not found by taking away.
    found = rows([*calls(5, 2), *[call(0, MINI)] * 3])
    assert [(row["model"], row["calls"]) for row in found] == [("gpt-4o", 10)]


def test_a_model_that_no_list_has_is_other() -> None:
    (row,) = rows(calls(6, 2, model=None, model_h=HASHER.model("secret")))
    assert (row["provider"], row["model"]) == ("other", "other")


@pytest.mark.parametrize("hours", [0, SETTLED_HOURS - 1])
def test_a_day_is_over_some_hours_after_its_end(hours: int) -> None:
    end = (DAY + 1) * 86_400
    cells = Cells(end + hours * 3600 + 3599)
    assert [cells.add(record) for record in calls(5, 2)] == [Rule.OPEN] * 10
    assert list(cells.batches()) == []
    assert len(batches(calls(5, 2), now=end + SETTLED_HOURS * 3600)) == 1


def test_a_day_is_made_once_and_what_comes_late_is_told() -> None:
    (batch,) = batches(calls(5, 2))
    assert batch.day == "2024-10-04"
    cells = Cells(NOW, [batch.day])
    assert {cells.add(record) for record in calls(9, 9)} == {Rule.LATE}
    assert list(cells.batches()) == []
    assert cells.add(call(t=None)) is Rule.UNDATED


def test_days_are_batches_of_their_own() -> None:
    later = calls(5, 2, t=(DAY + 1) * 24)
    found = batches(later + calls(5, 2), now=NOW + 86_400)
    assert [batch.day for batch in found] == ["2024-10-04", "2024-10-05"]
    assert [(batch.records, batch.calls) for batch in found] == [(10, 10)] * 2
    # Nothing of a day depends on another one.
    assert found[:1] == batches(calls(5, 2))


def test_users_of_two_keys_are_not_counted_together() -> None:
    other = Hasher(b"o" * 32)
    cells = Cells(NOW)
    cells.add(call(0))
    cells.add(call(None))
    with pytest.raises(RecordError, match="two keys"):
        cells.add(call(0, user_h=user(1, other), kid=other.kid))


def test_parts_of_few_users_or_calls_are_not_told() -> None:
    sound = calls(10, 4)
    failed = {"ok": False, "err": Failure.RATE_LIMIT}
    (row,) = rows([*sound, *[call(who, **failed) for who in range(4)] * 3])
    assert (row["calls"], row["failed"], row["rate_limited"]) == (52, None, None)
    (row,) = rows([*sound, *[call(who, **failed) for who in range(5)] * 2])
    assert (row["failed"], row["rate_limited"]) == (10, 10)
    # All but few would tell of the few.
    (row,) = rows([*calls(10, 4, **failed), *[call(0)] * 9])
    assert row["failed"] is None
    (row,) = rows(calls(10, 4, **failed, repeat=Repeat.M5, retry=True, stream=True, reuse_1h=50))
    assert [row[n] for n in ("failed", "repeated_1h", "retried", "streamed")] == [40] * 4
    assert row["reuse_1h"] == 2000


def test_legs_bring_tokens_and_no_calls() -> None:
    legs = [call(who, leg=leg) for who in range(5) for leg in (0, 1)]
    assert rows(legs) == []  # five calls
    (row,) = rows(legs * 2)
    assert (row["calls"], row["in_fresh"]) == (10, 2000)


def test_the_order_of_records_changes_no_byte() -> None:
    records = [
        call(n % 13, (GPT, MINI, HAIKU)[n % 3], op=(Operation.CHAT, Operation.EMBEDDING)[n % 2], in_fresh=n)
        for n in range(300)
    ]
    first = batches(records)
    assert first
    random.Random(7).shuffle(records)
    assert batches(records) == first


def test_what_a_batch_says_of_itself() -> None:
    cells = Cells(NOW)
    for record in calls(5, 2):
        cells.add(record)
    cells.policy("ab" * 32)
    cells.policy("sha256:" + "cd" * 32)
    for odd in ("Ada Lovelace", "ab" * 33, None, 7, {"x": "ab" * 32}):
        cells.policy(odd)
    (batch,) = cells.batches()
    row = json.loads(batch.data)
    assert list(row) == [
        *("v", "day", "cecil", "fingerprint", "prices", "policies", "terms", "rules", "cells")
    ]
    assert (row["v"], row["day"], row["terms"]) == (1, "2024-10-04", DIGEST)
    assert row["policies"] == ["ab" * 32, "cd" * 32]
    assert batch.data.endswith(b"}\n")
    assert batch.data.count(b"\n") == 1
    for digest in (HASHER.kid, *(user(n) for n in range(5))):
        assert str(digest).encode() not in batch.data


@given(
    st.lists(
        st.builds(
            call,
            st.none() | st.integers(0, 12),
            st.sampled_from([GPT, MINI, HAIKU, None]),
            tier=st.sampled_from([None, Tier.BATCH, Tier.STANDARD]),
            op=st.sampled_from([Operation.CHAT, Operation.EMBEDDING]),
            in_fresh=st.integers(0, 1000),
            ok=st.booleans(),
            leg=st.sampled_from([0, 0, 0, 1]),
        ),
        max_size=120,
    ),
    st.integers(1, 4),
)
def test_whatever_comes_every_cell_is_large_and_no_call_is_in_two(
    records: list[Fingerprint], times: int
) -> None:
    found = rows(records * times)
    total = Counter(record.leg == 0 for record in records * times)
    assert sum(row["calls"] for row in found) <= total[True]
    assert sum(row["in_fresh"] for row in found) <= times * sum(r.in_fresh for r in records)
    users = len({r.user_h for r in records if r.user_h is not None})
    for row in found:
        assert row["calls"] >= MIN_CALLS
        assert MIN_USERS <= row["users"] <= users
        assert row["failed"] is None or MIN_CALLS <= row["failed"] <= row["calls"]
        assert {name for name, value in row.items() if isinstance(value, str)} <= NAMES.keys()
        assert all(row[name] is None or row[name] in allowed for name, allowed in NAMES.items())
        assert all(value is None or type(value) is int for n, value in row.items() if n not in NAMES)
    keys = [(row["provider"], row["model"], row["tier"], row["op"]) for row in found]
    assert len(set(keys)) == len(keys)
