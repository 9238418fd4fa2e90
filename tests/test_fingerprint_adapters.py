"""Shapes: what is recognised as which, in which envelopes, and what is read out of it."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import RecordError
from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.fingerprinter import Fingerprinter, hour
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.prices import PriceList, Region, Tier
from cecil.fingerprint.record import KEYS, Failure, Fingerprint, Finish, Source, hour_text
from cecil.fingerprint.usage import Flag, Quality
from cecil.stream.jsontext import Number, loads
from tests.conftest import examples

DATA = Path(__file__).parent / "data" / "llm"
SHAPES = [path.name.removesuffix(".expected.jsonl") for path in sorted(DATA.glob("*.expected.jsonl"))]

PLAIN = Fingerprinter(PriceList.packaged())
KEYED = Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32))

CHAT: dict[str, Any] = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_771_296_862,
    "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hi"}}],
    "service_tier": "default",
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}
MESSAGE: dict[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-opus-5",
    "content": [{"type": "text", "text": "hi"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 10, "output_tokens": 5, "service_tier": "standard"},
}
ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}]}


def one(record: object, fingerprinter: Fingerprinter = PLAIN) -> Fingerprint:
    made = fingerprinter.of(record)
    assert isinstance(made, tuple), made
    assert len(made) == 1
    return made[0]


@pytest.mark.parametrize("shape", SHAPES)
def test_recorded_answers(shape: str) -> None:
    fingerprinter = Fingerprinter(PriceList.packaged(), overlap=Overlap(b"k" * 32))
    lines = [
        record.to_bytes()
        for line in (DATA / f"{shape}.jsonl").read_bytes().splitlines()
        for record in fingerprinter.of(loads(line))  # type: ignore[union-attr]
    ]
    assert b"\n".join(lines) + b"\n" == (DATA / f"{shape}.expected.jsonl").read_bytes()


def test_all_recorded_shapes_have_an_expectation() -> None:
    assert len(SHAPES) == 6


class TestEnvelopes:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda body: body,
            lambda body: {"response": body},
            lambda body: {"timestamp": "2026-02-17T02:54:22Z", "level": "INFO", "response": body},
            lambda body: {"body": json.dumps(body), "status": 200},
            lambda body: {"custom": 1, "result": {"response": {"body": body}}},
            lambda body: {"result": {"type": "succeeded", "message": body}},
            lambda body: {"request": ASKED, "responseBody": body, "statusCode": 200.0},
        ],
    )
    @pytest.mark.parametrize("body", [CHAT, MESSAGE])
    def test_an_answer_is_found(self, wrap: Any, body: dict[str, Any]) -> None:
        record = one(wrap(body))
        assert record.src is (Source.OPENAI_CHAT if body is CHAT else Source.ANTHROPIC_MESSAGES)
        assert (record.in_fresh, record.out_text) == (10, 5)
        assert record.ok
        assert record.err is None
        assert record.finish is Finish.STOP
        assert record.q is Quality.REPORTED

    def test_the_time_of_the_answer_comes_before_that_of_the_record(self) -> None:
        around = {"timestamp": "2026-05-05T05:05:05Z"}
        assert hour_text(one({**around, "response": CHAT}).t or 0) == "2026-02-17T02Z"
        assert hour_text(one({**around, "response": MESSAGE}).t or 0) == "2026-05-05T05Z"
        assert one(MESSAGE).t is None

    def test_the_request_says_what_was_asked(self) -> None:
        request = {**ASKED, "user": "ada", "max_tokens": 99, "tools": [{}, {}], "stream": False}
        record = one({"request": request, "response": CHAT}, KEYED)
        assert (record.max_out, record.n_msgs, record.n_tools, record.stream) == (99, 1, 2, False)
        assert record.user_h == Hasher(b"k" * 32).user("ada")
        asked = {"metadata": {"user_id": "ada"}, "max_tokens": 98, "messages": []}
        record = one({"request": json.dumps(asked), "response": MESSAGE}, KEYED)
        assert (record.max_out, record.n_msgs, record.n_tools) == (98, 0, None)
        assert record.user_h == Hasher(b"k" * 32).user("ada")

    def test_without_a_key_nobody_is_hashed(self) -> None:
        record = one({"request": {"user": "ada"}, "response": {**CHAT, "model": "acme-1"}})
        assert record.kid is record.user_h is record.model_h is record.model is None

    def test_with_a_key_a_model_that_is_not_in_the_list_is_hashed(self) -> None:
        record = one({**CHAT, "model": "acme-1"}, KEYED)
        assert record.model is None
        assert record.model_h == Hasher(b"k" * 32).model("acme-1")
        assert one(CHAT, KEYED).model_h is None

    def test_a_line_of_a_batch(self) -> None:
        line = {"id": "b", "custom_id": "1", "response": {"status_code": 200, "body": CHAT}, "error": None}
        assert one(line).tier is Tier.BATCH
        assert one({"custom_id": "1", "result": {"type": "succeeded", "message": MESSAGE}}).tier is Tier.BATCH

    def test_deeper_than_three_wrappers_is_not_looked_at(self) -> None:
        assert PLAIN.of({"body": {"body": {"body": {"body": CHAT}}}}) is Drop.NOT_LLM
        assert one({"body": {"body": {"body": CHAT}}}).in_fresh == 10


class TestOpenAI:
    @pytest.mark.parametrize(
        ("tier", "expected"),
        [
            ("default", Tier.STANDARD),
            ("flex", Tier.FLEX),
            ("priority", Tier.PRIORITY),
            ("scale", Tier.OTHER),
            ("acme", Tier.OTHER),
            (None, None),
            (5, Tier.OTHER),
        ],
    )
    def test_tiers(self, tier: object, expected: Tier | None) -> None:
        assert one({**CHAT, "service_tier": tier}).tier is expected

    @pytest.mark.parametrize(
        ("reason", "expected"),
        [
            ("stop", Finish.STOP),
            ("length", Finish.LENGTH),
            ("tool_calls", Finish.TOOL),
            ("content_filter", Finish.FILTER),
            ("acme", Finish.OTHER),
            (None, None),
        ],
    )
    def test_finish(self, reason: object, expected: Finish | None) -> None:
        assert one({**CHAT, "choices": [{"finish_reason": reason}]}).finish is expected

    def test_a_call_without_usage(self) -> None:
        body = {key: value for key, value in CHAT.items() if key != "usage"}
        for record in (one(body), one({**body, "usage": None}), one({**body, "usage": {}})):
            assert record.q is Quality.NONE
            assert record.tokens == 0
            assert record.ok

    def test_a_body_reduced_to_model_and_usage(self) -> None:
        assert one({"model": "gpt-4o", "usage": CHAT["usage"]}).in_fresh == 10


def chunk(**more: Any) -> dict[str, Any]:
    return {
        "object": "chat.completion.chunk",
        "created": 1_771_296_862,
        "model": "gpt-4o",
        "choices": [],
    } | more


def sse(events: list[dict[str, Any]], end: str = "data: [DONE]\n\n") -> str:
    return "".join(f"event: {e.get('type', 'x')}\ndata: {json.dumps(e)}\n\n" for e in events) + end


CHUNKS = [
    chunk(choices=[{"delta": {"content": "hi"}, "finish_reason": None}]),
    chunk(choices=[{"delta": {}, "finish_reason": "length"}]),
    chunk(usage=CHAT["usage"]),
]
EVENTS: list[dict[str, Any]] = [
    {
        "type": "message_start",
        "message": {
            **MESSAGE,
            "stop_reason": None,
            "usage": {"input_tokens": 10, "output_tokens": 1, "cache_read_input_tokens": 7},
        },
    },
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "hi"}},
    {"type": "message_delta", "delta": {"stop_reason": "max_tokens"}, "usage": {"output_tokens": 3}},
    {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 5, "cache_read_input_tokens": None}},
    {"type": "message_stop"},
]


class TestStreams:
    @pytest.mark.parametrize(
        "wrap",
        [
            lambda events: events,
            lambda events: {"response": events},
            lambda events: {"response": sse(events)},
            lambda events: {"response": sse(events).replace("\n", "\r\n")},
            lambda events: {"response_sse": sse(events, end="")},
            lambda events: {"body": json.dumps(events)},
        ],
    )
    @pytest.mark.parametrize("events", [CHUNKS, EVENTS], ids=["openai", "anthropic"])
    def test_the_events_are_one_call(self, wrap: Any, events: list[dict[str, Any]]) -> None:
        record = one(wrap(events))
        assert record.stream is True
        assert (record.in_fresh, record.out_text) == (10, 5)
        assert record.in_cache_read == (7 if events is EVENTS else 0)
        assert record.finish is Finish.LENGTH
        assert record.q is Quality.REPORTED
        assert not record.flags
        assert record.model is not None

    def test_a_stream_that_was_not_asked_for_its_usage(self) -> None:
        record = one(CHUNKS[:2])
        assert (record.in_fresh, record.out_text) == (0, 1)
        assert record.q is Quality.ESTIMATED
        assert record.finish is Finish.LENGTH
        assert record.flags == {Flag.FROM_TEXT, Flag.MISSING_COUNT}
        record = one({"request": ASKED, "response": CHUNKS[:2]})
        assert (record.in_fresh, record.out_text) == (5, 1)
        assert record.flags == {Flag.FROM_TEXT}
        plain = Fingerprinter(PriceList.packaged(), estimate=False)
        assert one(CHUNKS[:2], plain).q is Quality.NONE
        assert not one(CHUNKS[:2], plain).flags

    def test_the_last_usage_wins(self) -> None:
        early = chunk(usage={"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11})
        assert one([early, *CHUNKS]).out_text == 5

    def test_streams_without_an_end(self) -> None:
        cut = one(EVENTS[:2])
        assert (cut.in_fresh, cut.out_text) == (10, 1)
        assert cut.flags == {Flag.CUT_STREAM, *()}
        assert cut.q is Quality.PARTIAL
        estimated = one([CHUNKS[0]])
        assert estimated.q is Quality.ESTIMATED
        assert estimated.flags == {Flag.CUT_STREAM, Flag.FROM_TEXT, Flag.MISSING_COUNT}
        unknown = one([CHUNKS[0]], Fingerprinter(PriceList.packaged(), estimate=False))
        assert (unknown.q, unknown.flags) == (Quality.NONE, {Flag.CUT_STREAM})
        assert one([CHUNKS[0], CHUNKS[2]]).q is Quality.PARTIAL

    def test_a_stream_cut_inside_of_an_event(self) -> None:
        record = one({"response": sse(EVENTS, end="") + 'data: {"type": "mess'})
        assert record.flags == {Flag.CUT_STREAM}
        assert record.out_text == 5

    def test_an_error_in_a_stream(self) -> None:
        record = one([*EVENTS[:2], {"type": "error", "error": {"type": "overloaded_error", "message": "x"}}])
        assert not record.ok
        assert record.err is Failure.OVERLOADED
        record = one([CHUNKS[0], {"error": {"code": "rate_limit_exceeded", "message": "x"}}])
        assert record.err is Failure.RATE_LIMIT

    @pytest.mark.parametrize("event", [*CHUNKS, *EVENTS])
    def test_a_single_event_is_no_call(self, event: dict[str, Any]) -> None:
        assert PLAIN.of(event) is Drop.STREAM_PART


class TestAnthropic:
    def test_legs(self) -> None:
        legs = [
            {"type": "message", "input_tokens": 1, "output_tokens": 2},
            {"type": "advisor_message", "model": "claude-fable-5", "input_tokens": 3, "output_tokens": 4},
            {"type": "compaction", "output_tokens": 5},
        ]
        usage = {**MESSAGE["usage"], "iterations": legs, "server_tool_use": {"web_search_requests": 6}}
        made = PLAIN.of({**MESSAGE, "usage": usage})
        assert isinstance(made, tuple)
        assert [(r.leg, r.in_fresh, r.out_text, r.web_searches) for r in made] == [
            (0, 1, 2, 6),
            (1, 3, 4, 0),
            (2, 0, 5, 0),
        ]
        assert [r.model.id if r.model else None for r in made] == [
            "claude-opus-5",
            "claude-fable-5",
            "claude-opus-5",
        ]
        assert all(Flag.ITERATIONS in r.flags for r in made)
        assert made[2].q is Quality.PARTIAL

    @pytest.mark.parametrize("iterations", [None, [], 5, [{"type": "message", "input_tokens": 9}]])
    def test_plain_messages_are_one_leg(self, iterations: object) -> None:
        assert one({**MESSAGE, "usage": {**MESSAGE["usage"], "iterations": iterations}}).in_fresh == 10

    @pytest.mark.parametrize(
        ("usage", "tier"),
        [
            ({"service_tier": "standard"}, Tier.STANDARD),
            ({"service_tier": "batch"}, Tier.BATCH),
            ({"service_tier": "priority"}, Tier.OTHER),
            ({"service_tier": "standard", "speed": "fast"}, Tier.FAST),
            ({"service_tier": "standard", "speed": "standard"}, Tier.STANDARD),
            ({"speed": "acme"}, Tier.OTHER),
            ({}, None),
        ],
    )
    def test_tiers(self, usage: dict[str, str], tier: Tier | None) -> None:
        assert one({**MESSAGE, "usage": {"input_tokens": 1, "output_tokens": 1, **usage}}).tier is tier

    @pytest.mark.parametrize(
        ("geo", "region"),
        [
            ("global", Region.GLOBAL),
            ("not_available", None),
            ("us", Region.US),
            ("acme", Region.OTHER),
            (None, None),
        ],
    )
    def test_regions(self, geo: str | None, region: Region | None) -> None:
        assert one({**MESSAGE, "usage": {**MESSAGE["usage"], "inference_geo": geo}}).region is region


class TestFailures:
    @pytest.mark.parametrize(
        ("status", "error", "expected"),
        [
            (429, None, Failure.RATE_LIMIT),
            (429, {"type": "insufficient_quota", "code": "insufficient_quota"}, Failure.QUOTA),
            (400, {"type": "invalid_request_error", "code": "context_length_exceeded"}, Failure.TOO_LARGE),
            (400, {"type": "invalid_request_error", "code": "acme"}, Failure.INVALID),
            (401, {"type": "acme"}, Failure.AUTH),
            (500, "acme", Failure.SERVER),
            (503, None, Failure.SERVER),
            (504, None, Failure.TIMEOUT),
            (418, None, Failure.OTHER),
            (None, {"code": 7}, Failure.OTHER),
        ],
    )
    def test_a_failed_chat_call(self, status: int | None, error: object, expected: Failure) -> None:
        record = one({"request": ASKED, "status": status, "response": {"error": error}})
        assert record.src is Source.OPENAI_CHAT
        assert not record.ok
        assert record.err is expected
        assert record.q is Quality.NONE
        assert record.model is not None

    @pytest.mark.parametrize("response", [None, "<html>bad gateway</html>", '{"cut": ', []])
    def test_a_call_whose_answer_is_none(self, response: object) -> None:
        record = one({"request": ASKED, "status": 502, "response": response})
        assert (record.ok, record.err, record.q) == (False, Failure.SERVER, Quality.NONE)

    def test_an_answer_that_was_not_logged_is_no_failure(self) -> None:
        record = one({"request": ASKED, "status": 200, "response": "hello"})
        assert (record.ok, record.err, record.q) == (True, None, Quality.NONE)

    def test_a_failed_message(self) -> None:
        error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
        record = one(error)
        assert record.src is Source.ANTHROPIC_MESSAGES
        assert (record.ok, record.err, record.model) == (False, Failure.OVERLOADED, None)
        asked = {"model": "claude-opus-5", "messages": []}
        assert one({"request": asked, "status": 529, "response": error}).model is not None
        assert one({"request": asked, "status": 502}).src is Source.ANTHROPIC_MESSAGES


NEAR_MISSES: list[object] = [
    {},
    [],
    5,
    "chat.completion",
    None,
    [1, [2]],
    {"message": "user logged in", "level": "INFO"},
    {"message": json.dumps({"level": "INFO", "text": "user logged in"})},
    {"message": '{"cut'},
    {"object": "list", "data": [], "model": "text-embedding-3-small", "usage": {"prompt_tokens": 8}},
    {"object": "list", "usage": {"prompt_tokens": 1, "completion_tokens": 1}},
    {"usage": {"prompt_tokens": 1}},
    {"usage": {"input_tokens": 1, "output_tokens": 1}},
    {"type": "message", "text": "hello"},
    {"type": "error", "error": {"type": "disk_full"}},
    {"type": ["message"], "usage": {"input_tokens": 1}},
    {"error": {"message": "no", "type": "invalid_request_error", "code": None}},
    {"request": ASKED},
    {"request": {"model": "gpt-4o"}, "status": 500},
    {"request": ASKED, "status": 200, "response": {"text": "some other provider's shape"}},
    {"request": ASKED, "status": 200, "response": [{"results": []}]},
    {"candidates": ["Ada", "Bob"]},
    {"response": {"output": "text"}, "request": {"input": "x"}},
]


@pytest.mark.parametrize("record", NEAR_MISSES, ids=range(len(NEAR_MISSES)))
def test_what_is_no_call(record: object) -> None:
    assert PLAIN.of(record) is Drop.NOT_LLM


def test_a_fingerprint_comes_out_as_it_went_in() -> None:
    record = one(CHAT, KEYED)
    assert one(orjson.loads(record.to_bytes())) == record


def test_a_wrong_fingerprint_is_refused() -> None:
    row = orjson.loads(one(CHAT).to_bytes())
    with pytest.raises(RecordError, match="/model"):
        PLAIN.of({**row, "model": "ada@example.org"})
    with pytest.raises(RecordError, match="other keys"):
        PLAIN.of({**row, "note": "ada@example.org"})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (1_771_296_862, "2026-02-17T02Z"),
        (1_771_296_862.9, "2026-02-17T02Z"),
        (1_771_296_862_000, "2026-02-17T02Z"),
        (1_771_296_862_000_000, "2026-02-17T02Z"),
        (1_771_296_862_000_000_000, "2026-02-17T02Z"),
        ("1771296862", "2026-02-17T02Z"),
        ("1771296862.25", "2026-02-17T02Z"),
        (Number("1771296862000000000"), "2026-02-17T02Z"),
        ("2026-02-17T02:54:22Z", "2026-02-17T02Z"),
        ("2026-02-17T02:54:22.123456789+00:00", "2026-02-17T02Z"),
        ("2026-02-17T04:54:22+02:00", "2026-02-17T02Z"),
        ("2026-02-17 02:54:22", "2026-02-17T02Z"),
        ("2026-02-17", "2026-02-17T00Z"),
        (True, None),
        (None, None),
        ("yesterday", None),
        ("", None),
        (918_273_645, None),
        ("1970-01-01T00:00:00Z", None),
        ("2300-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
        (10**30, None),
        (-5, None),
        (1e300, None),
        (Number("1e400"), None),
        ({"ada": 1}, None),
        ("9" * 5000, None),
    ],
)
def test_times(raw: object, expected: str | None) -> None:
    found = hour(raw)
    assert (None if found is None else hour_text(found)) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEYS_READ = st.sampled_from(
    "object type model usage choices created error status message response request delta iterations tools "
    "user messages metadata prompt_tokens input_tokens custom_id completion_tokens output_tokens "
    "finish_reason server_tool_use service_tier timestamp".split()
)
WORDS = st.sampled_from(
    "chat.completion chat.completion.chunk message error message_start message_delta data:{} [1] gpt-4o "
    "claude-opus-5 overloaded_error".split()
)
HOSTILE = st.recursive(
    JSON | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS_READ, inner, max_size=6),
    max_leaves=20,
)


@examples(100)
@given(HOSTILE)
def test_any_json_gives_closed_records_or_a_rule(record: object) -> None:
    made = KEYED.of(record)
    if not isinstance(made, Drop):
        for fingerprint in made:
            assert set(orjson.loads(fingerprint.to_bytes())) == KEYS


@examples(100)
@given(st.sampled_from([CHAT, MESSAGE, CHUNKS[2], EVENTS[0], EVENTS[2]]), KEYS_READ, HOSTILE)
def test_any_member_may_be_anything(body: dict[str, Any], key: str, value: object) -> None:
    for record in (
        {**body, key: value},
        {"response": [{**body, key: value}]},
        {"request": {key: value}, "response": body},
    ):
        made = KEYED.of(record)
        if not isinstance(made, Drop):
            for fingerprint in made:
                assert set(orjson.loads(fingerprint.to_bytes())) == KEYS
