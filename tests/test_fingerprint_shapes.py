"""Every log shape: what is read out of it, what is no call, what a failure is, and what repeats it."""

import json
from typing import Any

import orjson
import pytest

from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.fingerprinter import Fingerprinter
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.record import Fingerprint
from cecil.fingerprint.usage import BUCKETS, Flag, Quality
from tests import llm_samples as samples
from tests.llm_samples import FAILURES, NOT_CALLS, SAMPLES, Sample, otlp, span


def fresh() -> Fingerprinter:
    return Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32))


def one(record: object, fingerprinter: Fingerprinter | None = None) -> Fingerprint:
    made = (fingerprinter or fresh()).of(record)
    assert isinstance(made, tuple), made
    assert len(made) == 1
    return made[0]


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_what_is_read(sample: Sample) -> None:
    record = one(orjson.loads(orjson.dumps(sample.record)))
    assert tuple(getattr(record, name) for name in BUCKETS) == sample.counts
    row = orjson.loads(record.to_bytes())
    assert {key: row[key] for key in sample.expected} == sample.expected


@pytest.mark.parametrize(("name", "record", "rule"), NOT_CALLS, ids=[name for name, *_ in NOT_CALLS])
def test_what_is_no_call(name: str, record: object, rule: str) -> None:
    assert fresh().of(record) == rule


@pytest.mark.parametrize(("name", "record", "failure"), FAILURES, ids=[name for name, *_ in FAILURES])
def test_a_failure(name: str, record: object, failure: str) -> None:
    found = one(record)
    assert not found.ok
    assert found.err == failure
    # Nothing is estimated for a call that gave nothing.
    assert found.q is not Quality.ESTIMATED
    assert found.op == ("embedding" if name.startswith("embeddings") else "chat")


def test_users_are_found() -> None:
    ada = Hasher(b"k" * 32).user("ada")
    named = [s.name for s in SAMPLES if one(s.record).user_h == ada]
    for shape in (
        "openai chat",
        "openai responses",
        "anthropic",
        "litellm spend logs",
        "langfuse",
        "helicone",
    ):
        assert shape in named
    assert sum(name.startswith("otlp") for name in named) >= 6
    arn = samples.bedrock_log()["identity"]["arn"]
    assert one(samples.bedrock_log()).user_h == Hasher(b"k" * 32).user(arn)


STREAMED = [
    (sample.name, sample.record, key)
    for sample in SAMPLES
    if isinstance(sample.record, dict)
    for key in ("response", "response_sse", "body")
    if isinstance(value := sample.record.get(key), list)
    or (isinstance(value, str) and ("data:" in value or "\n" in value))
]


@pytest.mark.parametrize(("name", "record", "key"), STREAMED, ids=[name for name, *_ in STREAMED])
def test_a_stream_that_was_cut(name: str, record: dict[str, Any], key: str) -> None:
    whole = record[key]
    part = whole[:1] if isinstance(whole, list) else whole[: len(whole) * 3 // 4]
    found = one({**record, key: part})
    assert Flag.CUT_STREAM in found.flags
    assert found.q is not Quality.REPORTED


@pytest.mark.parametrize("nothing", ["event: message_start\ndata: {", "data: [DONE]\n\n", [], {}, ""])
def test_an_answer_that_was_cut_before_it_began_is_known_by_its_request(nothing: object) -> None:
    found = one({"request": samples.ASKED, "status": 200, "response": nothing})
    assert (found.ok, found.q) == (True, Quality.NONE)
    assert found.model is not None


class TestLegs:
    def test_compaction_and_an_advisor(self) -> None:
        legs = [
            {"type": "compaction", "input_tokens": 5_000, "output_tokens": 100},
            {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 30, "output_tokens": 4},
            {"type": "message", "input_tokens": 10, "output_tokens": 20},
        ]
        message = {**samples.MESSAGE, "usage": {**samples.MESSAGE_USAGE, "iterations": legs}}
        for record in (message, {**samples.CLAUDE_LINE, "message": message}):
            made = fresh().of(record)
            assert isinstance(made, tuple)
            assert [(f.leg, f.in_fresh, f.out_text) for f in made] == [
                (0, 5_000, 100),
                (1, 30, 4),
                (2, 10, 20),
            ]
            assert [f.model and f.model.id for f in made] == [
                "claude-sonnet-4-5",
                "claude-opus-4-8",
                "claude-sonnet-4-5",
            ]


class TestSpans:
    def test_one_document_can_hold_many_calls(self) -> None:
        document = otlp(*(span(f"d{n}", **samples.GEN_AI) for n in range(3)))
        made = fresh().calls(document)
        assert isinstance(made, list)
        assert len(made) == 3
        assert len({call.id for call in made}) == 3

    def test_a_span_above_calls_is_not_counted_in_one_document(self) -> None:
        document = otlp(
            span("e1", **samples.GEN_AI),
            span("e2", "e1", **{"http.method": "POST"}),
            span("e3", "e2", **samples.GEN_AI),
        )
        made = fresh().calls(document)
        assert isinstance(made, list)
        assert [call.id for call in made] == ["0af7651916cd43dd8448eb211c80319c e3"]

    def test_nor_when_they_come_one_by_one_from_the_inside_out(self) -> None:
        fingerprinter = fresh()
        inner = otlp(span("f3", "f2", **samples.GEN_AI))
        between = otlp(span("f2", "f1", **{"http.method": "POST"}))
        outer = otlp(span("f1", **samples.GEN_AI))
        assert isinstance(fingerprinter.of(inner), tuple)
        assert fingerprinter.of(between) is Drop.NOT_LLM
        assert fingerprinter.of(outer) is Drop.AGENT_SPAN
        # Another trace is another matter.
        assert isinstance(
            fingerprinter.of(otlp({**span("f1", **samples.GEN_AI), "traceId": "b" * 32})), tuple
        )

    @pytest.mark.parametrize(
        ("more", "counts"),
        [
            # OpenLLMetry's Bedrock spans leave the caches out; counts and totals say so.
            (
                {"gen_ai.usage.input_tokens": 12, "gen_ai.usage.cache_read.input_tokens": 1000},
                (12, 1000, 0, 20),
            ),
            (
                {
                    "gen_ai.usage.input_tokens": 100,
                    "gen_ai.usage.cache_read.input_tokens": 64,
                    "gen_ai.usage.total_tokens": 184,
                },
                (100, 64, 0, 20),
            ),
            (
                {
                    "gen_ai.usage.input_tokens": 100,
                    "gen_ai.usage.cache_read.input_tokens": 20,
                    "gen_ai.usage.cache_creation.input_tokens": 10,
                },
                (70, 20, 10, 20),
            ),
            # A new spelling of 0 goes before an old one.
            (
                {
                    "gen_ai.usage.input_tokens": 100,
                    "gen_ai.usage.cache_read.input_tokens": 0,
                    "gen_ai.usage.cache_read_input_tokens": 20,
                },
                (100, 0, 0, 20),
            ),
        ],
    )
    def test_whether_the_input_includes_the_caches(
        self, more: dict[str, int], counts: tuple[int, ...]
    ) -> None:
        found = one(
            otlp(span("g1", **{"gen_ai.request.model": "gpt-4o", "gen_ai.usage.output_tokens": 20, **more}))
        )
        assert (found.in_fresh, found.in_cache_read, found.in_cache_write_5m, found.out_text) == counts

    def test_numbers_as_text(self) -> None:
        found = one({"attributes": {"gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": "100"}})
        assert found.in_fresh == 100
        assert found.flags == {Flag.MISSING_COUNT}

    def test_audio_is_marked(self) -> None:
        more = {"gen_ai.usage.output_audio_tokens": 7}
        assert Flag.AUDIO in one(otlp(span("h1", **{**samples.GEN_AI, **more}))).flags


class TestCodex:
    def test_the_model_stands_before_and_a_total_that_has_not_moved_is_no_call(self) -> None:
        fingerprinter = fresh()
        for line in (samples.CODEX_META, samples.CODEX_MODEL):
            assert fingerprinter.of(line) is Drop.LOG_PART
        found = one(samples.codex(120), fingerprinter)
        assert found.model is not None
        assert found.session_h is not None
        assert found.turn == 1
        assert fingerprinter.of(samples.codex(120)) is Drop.LOG_PART
        assert one(samples.codex(240), fingerprinter).turn == 2
        event = {"type": "event_msg", "payload": {"type": "token_count", "info": None}}
        assert fingerprinter.of(event) is Drop.LOG_PART


class TestGateways:
    @pytest.mark.parametrize("order", [(0, 1), (1, 0)])
    def test_the_two_logs_of_api_management_are_one_call(self, order: tuple[int, int]) -> None:
        failed = {**samples.APIM_GATEWAY, "ResponseCode": 429}
        fingerprinter = fresh()
        made = []
        for number in order:
            found = fingerprinter.calls((samples.APIM, failed)[number])
            made += found if isinstance(found, list) else []
        assert len({call.id for call in made}) == 1
        leg = made[-1].legs[0]
        assert (leg.in_fresh, leg.ok, leg.err, leg.lat) == (100, False, "rate_limit", "<3s")
        assert leg.user_h == Hasher(b"k" * 32).user("ada")

    def test_a_row_of_another_call_says_nothing(self) -> None:
        fingerprinter = fresh()
        assert fingerprinter.of({**samples.APIM_GATEWAY, "CorrelationId": "c-2"}) is Drop.LOG_PART
        found = fingerprinter.of(samples.APIM)
        assert not isinstance(found, Drop)
        assert (found[0].http, found[0].user_h) == (None, None)

    @pytest.mark.parametrize(
        "record", [{**samples.SPEND, "cache_hit": "True"}, {**samples.HELICONE, "cached": True}]
    )
    def test_an_answer_from_a_gateways_own_cache_costs_nothing(self, record: dict[str, Any]) -> None:
        found = one(record)
        assert found.tokens == 0
        assert found.flags == {Flag.GATEWAY_CACHE}
        assert found.q is Quality.REPORTED

    @pytest.mark.parametrize(
        ("kind", "op"),
        [
            ("aembedding", "embedding"),
            ("atext_completion", "completion"),
            ("arerank", "rerank"),
            ("aimage_generation", "image"),
            ("atranscription", "audio"),
            ("pass_through_endpoint", "other"),
        ],
    )
    def test_operations_of_litellm(self, kind: str, op: str) -> None:
        assert one({**samples.SPEND, "call_type": kind}).op == op

    def test_helicones_total_says_whether_the_input_includes_the_cache(self) -> None:
        inside = {**samples.HELICONE, "prompt_tokens": 100, "total_tokens": 120}
        assert (one(inside).in_fresh, one(inside).in_cache_read) == (36, 64)

    def test_langfuses_total_does_too(self) -> None:
        details = {"input": 100, "input_cached_tokens": 64, "output": 20, "total": 120}
        found = one({**samples.OBSERVATION, "usageDetails": details})
        assert (found.in_fresh, found.in_cache_read, found.out_text) == (36, 64, 20)
        details = {"input": 100, "output": 20, "total": 500}
        assert Flag.TOTAL_MISMATCH in one({**samples.OBSERVATION, "usageDetails": details}).flags
        details = {"total": 70}
        assert Flag.TOTAL_ONLY in one({**samples.OBSERVATION, "usage": details, "usageDetails": None}).flags
        details = {"input": 5, "input_cache_creation_1h": 7, "input_audio_tokens": 2, "output": 1}
        found = one({**samples.OBSERVATION, "usageDetails": details})
        assert found.in_cache_write_1h == 7
        assert Flag.AUDIO in found.flags


class TestHosts:
    @pytest.mark.parametrize(
        ("uri", "src"),
        [
            ("https://api.mistral.ai/v1/chat/completions", "mistral.chat"),
            ("api.groq.com", "groq.chat"),
            ("https://eu.api.openai.com.example.org/v1", "openai.chat"),
            ("http://localhost:11434/v1/chat/completions", "openai.chat"),
            ("https://[bad/", "openai.chat"),
        ],
    )
    def test_who_answers(self, uri: str, src: str) -> None:
        assert one(samples.at("", samples.chat()) | {"uri": uri}).src == src

    def test_nobody_has_a_price_on_ones_own_machine(self) -> None:
        assert one(samples.at("localhost:8000/v1/chat/completions", samples.chat())).model is None


class TestText:
    def test_words_and_a_record_in_one_string(self) -> None:
        words = f"llm response: {json.dumps(samples.chat())}"
        assert one({"time": samples.WHEN, "textPayload": words}).in_fresh == 100
        assert fresh().of({"textPayload": words[:-5]}) is Drop.NOT_LLM

    def test_a_record_inside_of_a_message(self) -> None:
        for record in (
            {"message": json.dumps(samples.chat())},
            {"log": "x", "message": f" {json.dumps(samples.APIM)}"},
        ):
            assert one(record).in_fresh == 100

    def test_a_list_of_records_is_several_calls(self) -> None:
        made = fresh().calls([samples.SPEND, {"a": 1}, samples.HELICONE])
        assert isinstance(made, list)
        assert [call.legs[0].src for call in made] == ["litellm", "helicone"]
        assert fresh().calls([{"a": 1}, 5]) is Drop.NOT_LLM
