"""Token counts: disjoint buckets, totals as checksums, and the traps that providers set."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil.fingerprint.adapters import anthropic_messages, openai_chat
from cecil.fingerprint.fingerprinter import Fingerprinter
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.usage import BUCKETS, MAX_TOKENS, Flag, Quality, Usage, integer
from cecil.stream.jsontext import Number

DATA = Path(__file__).parent / "data" / "llm"
TRAPS = [json.loads(line) for line in (DATA / "usage_traps.jsonl").read_text().splitlines()]


def chat(**usage: Any) -> Usage:
    found = openai_chat.usage_of(usage)
    assert found is not None
    return found


def message(**usage: Any) -> Usage:
    found = anthropic_messages.usage_of(usage)
    assert found is not None
    return found


@pytest.mark.parametrize("trap", TRAPS, ids=[f"{n}-{t['trap'][:30]}" for n, t in enumerate(TRAPS)])
def test_traps(trap: dict[str, Any]) -> None:
    made = Fingerprinter(PriceList.packaged()).of({"body": trap["body"]})
    assert isinstance(made, tuple)
    expected = [
        (leg["fresh"], leg["cr"], leg["cw"], leg["out"], leg["reason"]) for leg in trap["_expected_legs"]
    ]
    got = [
        (f.in_fresh, f.in_cache_read, f.in_cache_write_5m + f.in_cache_write_1h, f.out_text, f.out_reasoning)
        for f in made
    ]
    assert got == expected
    flags = {flag for leg in trap["_expected_legs"] for flag in leg["flags"]}
    assert {flag.value for f in made for flag in f.flags} == flags
    assert [f.leg for f in made] == list(range(len(made)))


class TestInclusive:
    def test_cache_and_reasoning_are_taken_out(self) -> None:
        usage = chat(
            prompt_tokens=100,
            completion_tokens=50,
            total_tokens=150,
            prompt_tokens_details={"cached_tokens": 60, "cache_write_tokens": 30},
            completion_tokens_details={"reasoning_tokens": 20},
        )
        assert usage[:6] == (10, 60, 30, 0, 30, 20)
        assert usage.quality is Quality.REPORTED
        assert not usage.flags

    def test_a_total_that_adds_the_reasoning(self) -> None:
        usage = chat(
            prompt_tokens=10,
            completion_tokens=5,
            total_tokens=22,
            completion_tokens_details={"reasoning_tokens": 7},
        )
        assert (usage.out_text, usage.out_reasoning) == (5, 7)
        assert usage.flags == {Flag.REASONING_ADDITIVE}
        assert usage.quality is Quality.REPORTED

    def test_a_total_that_hides_output(self) -> None:
        usage = chat(prompt_tokens=35, completion_tokens=12, total_tokens=109)
        assert (usage.out_text, usage.out_reasoning) == (12, 62)
        assert usage.flags == {Flag.HIDDEN_OUTPUT}

    @pytest.mark.parametrize("total", [14, 30])
    def test_a_total_that_says_something_else(self, total: int) -> None:
        usage = chat(
            prompt_tokens=10,
            completion_tokens=5,
            total_tokens=total,
            completion_tokens_details={"reasoning_tokens": 2},
        )
        assert usage[:6] == (10, 0, 0, 0, 3, 2)
        assert usage.flags == {Flag.TOTAL_MISMATCH}
        assert usage.quality is Quality.PARTIAL

    def test_more_cache_than_input(self) -> None:
        usage = chat(
            prompt_tokens=10,
            completion_tokens=1,
            total_tokens=11,
            prompt_tokens_details={"cached_tokens": 9, "cache_write_tokens": 9},
        )
        assert usage[:3] == (0, 9, 1)
        assert usage.flags == {Flag.CACHE_OVERLAP}

    def test_more_reasoning_than_output(self) -> None:
        usage = chat(prompt_tokens=1, completion_tokens=2, completion_tokens_details={"reasoning_tokens": 3})
        assert (usage.out_text, usage.out_reasoning) == (0, 2)
        assert usage.flags == {Flag.TOTAL_MISMATCH}

    @pytest.mark.parametrize(
        ("usage", "bucket"),
        [
            ({"completion_tokens": 5, "total_tokens": 12}, 7),
            ({"prompt_tokens": 7, "total_tokens": 12}, 7),
            ({"prompt_tokens": 7}, 7),
        ],
    )
    def test_a_count_that_is_missing(self, usage: dict[str, int], bucket: int) -> None:
        found = chat(**usage)
        assert found.in_fresh == bucket
        assert found.flags == {Flag.MISSING_COUNT}
        assert found.quality is Quality.PARTIAL

    def test_a_total_alone(self) -> None:
        """It could be either; nothing says how much was output."""
        found = chat(total_tokens=7)
        assert found.in_fresh == 7
        assert found.flags == {Flag.MISSING_COUNT, Flag.TOTAL_ONLY}

    def test_audio_and_images_are_marked(self) -> None:
        base = {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10}
        assert chat(**base, prompt_tokens_details={"audio_tokens": 3}).flags == {Flag.AUDIO}
        assert chat(**base, completion_tokens_details={"image_tokens": 3}).flags == {Flag.IMAGE}
        assert not chat(**base, prompt_tokens_details={"audio_tokens": 0}).flags

    def test_no_usage_is_none(self) -> None:
        assert openai_chat.usage_of({}) is None
        assert openai_chat.usage_of({"prompt_tokens": None, "cost": 5}) is None


class TestExclusive:
    def test_cache_is_beside_the_input(self) -> None:
        usage = message(
            input_tokens=3,
            output_tokens=10,
            cache_read_input_tokens=100,
            cache_creation_input_tokens=50,
            cache_creation={"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 30},
            output_tokens_details={"thinking_tokens": 4},
            server_tool_use={"web_search_requests": 2},
        )
        assert usage[:7] == (3, 100, 20, 30, 6, 4, 2)
        assert usage.quality is Quality.REPORTED
        assert not usage.flags

    def test_writes_without_a_lifetime_are_of_five_minutes(self) -> None:
        usage = message(input_tokens=3, output_tokens=1, cache_creation_input_tokens=50)
        assert (usage.in_cache_write_5m, usage.in_cache_write_1h) == (50, 0)
        assert usage.flags == {Flag.TTL_ASSUMED}
        assert usage.quality is Quality.REPORTED

    def test_lifetimes_that_do_not_add_up(self) -> None:
        usage = message(
            input_tokens=3,
            output_tokens=1,
            cache_creation_input_tokens=50,
            cache_creation={"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 20},
        )
        assert (usage.in_cache_write_5m, usage.in_cache_write_1h) == (30, 20)
        assert usage.flags == {Flag.TOTAL_MISMATCH}

    def test_output_is_missing(self) -> None:
        usage = message(input_tokens=3)
        assert usage.quality is Quality.PARTIAL
        assert anthropic_messages.usage_of({"cache_read_input_tokens": 5}) is None

    def test_more_thinking_than_output(self) -> None:
        usage = message(input_tokens=3, output_tokens=1, output_tokens_details={"thinking_tokens": 9})
        assert (usage.out_text, usage.out_reasoning) == (0, 1)
        assert usage.flags == {Flag.TOTAL_MISMATCH}


@pytest.mark.parametrize(
    "bad", [-1, MAX_TOKENS + 1, 918273645, 1.5, True, "12", [12], {"a": 1}, Number("1e3")]
)
def test_a_count_that_cannot_be_believed_is_zero_and_flagged(bad: object) -> None:
    usage = chat(prompt_tokens=bad, completion_tokens=5, total_tokens=17)
    assert usage.in_fresh == 0
    assert usage.out_text == 5
    assert usage.out_reasoning == 0
    assert usage.flags == {Flag.BAD_COUNT}
    assert usage.quality is Quality.PARTIAL


@pytest.mark.parametrize(
    ("usage", "bucket"),
    [
        ({"prompt_tokens": -5, "total_tokens": 30}, "out_text"),
        ({"completion_tokens": "x", "total_tokens": 30}, "in_fresh"),
    ],
)
def test_a_total_does_not_stand_in_beside_a_count_that_cannot_be_believed(
    usage: dict[str, Any], bucket: str
) -> None:
    found = chat(**usage)
    assert getattr(found, bucket) == 0
    assert found.flags == {Flag.BAD_COUNT, Flag.MISSING_COUNT}


def test_a_sum_that_cannot_be_believed_is_zero_and_flagged() -> None:
    usage = chat(
        prompt_tokens=1,
        completion_tokens=MAX_TOKENS,
        total_tokens=MAX_TOKENS,
        completion_tokens_details={"reasoning_tokens": MAX_TOKENS},
    )
    assert max(usage[:6]) <= MAX_TOKENS


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        (12.0, 12),
        (Number("12"), 12),
        (12.5, None),
        (True, None),
        ("12", None),
        (None, None),
        (1e300, None),
    ],
)
def test_what_is_a_whole_number(value: object, number: int | None) -> None:
    assert integer(value) == number


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["prompt_tokens", "completion_tokens", "total_tokens", "input_tokens", "output_tokens"]
        ),
        st.one_of(st.integers(), st.none(), st.text(), st.floats(), st.booleans()),
    ),
    st.dictionaries(
        st.sampled_from(["cached_tokens", "cache_write_tokens", "reasoning_tokens", "thinking_tokens"]),
        st.one_of(st.integers(-5, 10_000_000), st.none()),
    ),
)
def test_buckets_are_always_bounded(usage: dict[str, Any], details: dict[str, Any]) -> None:
    for name in ("prompt_tokens_details", "completion_tokens_details", "output_tokens_details"):
        usage[name] = details
    for found in (openai_chat.usage_of(usage), anthropic_messages.usage_of(usage)):
        if found:
            assert all(0 <= getattr(found, name) <= MAX_TOKENS for name in BUCKETS)


@settings(deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
)
def test_buckets_of_consistent_counts_add_up_to_the_total(
    fresh: int, read: int, write: int, text: int, thought: int
) -> None:
    usage = chat(
        prompt_tokens=fresh + read + write,
        completion_tokens=text + thought,
        total_tokens=fresh + read + write + text + thought,
        prompt_tokens_details={"cached_tokens": read, "cache_write_tokens": write},
        completion_tokens_details={"reasoning_tokens": thought},
    )
    assert usage[:6] == (fresh, read, write, 0, text, thought)
    assert not usage.flags


_ODD = (None, True, -1, 0, 1, 3, 7, 12, MAX_TOKENS, MAX_TOKENS + 1, 10**18, 2.0, 2.5, "3", {}, [], {"a": 1})
_PLAIN: list[tuple[Any, dict[str, Any], str]] = [
    (
        openai_chat.usage_of,
        {
            "prompt_tokens": 12,
            "completion_tokens": 7,
            "total_tokens": 19,
            "prompt_tokens_details": {"cached_tokens": 3, "audio_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 0},
        },
        "num_cached_tokens",
    ),
    (
        anthropic_messages.usage_of,
        {
            "input_tokens": 12,
            "cache_creation_input_tokens": 4,
            "cache_read_input_tokens": 3,
            "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 1},
            "output_tokens": 7,
            "service_tier": "standard",
        },
        "server_tool_use",
    ),
]


@pytest.mark.parametrize(("read", "usage", "odd"), _PLAIN, ids=["chat", "message"])
def test_plain_counts_are_read_as_odd_ones_are(read: Any, usage: dict[str, Any], odd: str) -> None:
    # A key that is there, without a value, says nothing; but then each count is looked at.
    rng = random.Random(5)
    for _ in range(4_000):
        tried = json.loads(json.dumps(usage))
        for place in [tried, *(inner for inner in tried.values() if isinstance(inner, dict))]:
            for key in list(place):
                kind = rng.random()
                if kind < 0.12:
                    place[key] = rng.choice(_ODD)
                elif kind < 0.16:
                    del place[key]
        if rng.random() < 0.5 and isinstance(tried.get("total_tokens"), int):
            tried["total_tokens"] = sum(
                count
                for key in ("prompt_tokens", "completion_tokens")
                if type(count := tried.get(key)) is int
            )
        for name in ("image_tokens", "cache_write_tokens", "reasoning_tokens", "num_search_queries"):
            for place in [tried, tried.get("prompt_tokens_details")]:
                if rng.random() < 0.03 and isinstance(place, dict):
                    place[name] = rng.choice(_ODD)
        assert read(tried) == read(tried | {odd: tried.get(odd)}), tried
