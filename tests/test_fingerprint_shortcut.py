"""A line comes to the same by the short way and by the long one, whatever is in it."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from cecil.errors import RecordError
from cecil.fingerprint import envelope
from cecil.fingerprint.adapters import LOGS, Drop
from cecil.fingerprint.fingerprinter import Fingerprinter
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.lines import whole
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.shortcut import Line, Shortcut
from tests import llm_samples as samples
from tests.llm_samples import SAID, SAMPLES, TEXT, Sample, apart

ODD_TEXTS = (
    *("", "a", 'q"uo', "back\\slash", "\\", "\n\t", '{"usage":{"input_tokens":5}}', "[1]", "data: {}", "é ü"),
    *(
        "\u2028",
        "中文",
        "x" * 70,
        "stop",
        "length",
        "tool_calls",
        "msg_bdrk_1",
        "msg_vrtx_",
        "0",
        "000",
        "12",
    ),
    *("fp_ollama", "gpt-4o", "claude-x", "  ", "\x7f", "null", "ERROR", "😀", samples.WHEN, "1790949791"),
    *("error", "chat.completion", "message", "agent", "true", "[]", "{}", ":x", "id: 1", "x" * 300),
)
ODD_NUMBERS = (
    *(0, 1, 2, 5, 20, 99, 100, 120, 1000, 4_000_000, 4_000_001, 10**12, 10**14, 2**53, 2**63, 2**64, 10**20),
    *(-1, 1.5, 100.0, 1e30, samples.EPOCH, samples.EPOCH * 1000),
)
ODD_BYTES = (
    b'"\\{}[]:,0123456789.eE+-tnu \t\x00\x01\x02\x03\x1f\x80\xff\xc3\xa9\xed',
    b'"\\{}[]:,019-. \x01\xed',
)


@pytest.fixture(autouse=True)
def never_resting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short way is tried with every line, however many went the long one."""
    monkeypatch.setattr("cecil.fingerprint.shortcut._REST", 0)


def keyed(overlap: Overlap | None = None) -> Fingerprinter:
    return Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32), overlap)


class Both:
    """A log read in both ways, with and without the texts of requests."""

    def __init__(self) -> None:
        self._ways = []
        for key in (None, b"o" * 32):
            overlaps = [Overlap(key) if key else None for _ in range(2)]
            self._ways.append((Shortcut(keyed(overlaps[0]), overlaps[0]), keyed(overlaps[1])))

    def hold(self, line: bytes) -> Any:
        """What both ways give, without texts."""
        found = []
        for shortcut, fingerprinter in self._ways:
            found.append(long_way(fingerprinter, line))
            try:
                short = spelled(shortcut.line(line))
            except RecordError as error:
                short = error.message
            assert short == found[-1]
        return found[0]


def long_way(fingerprinter: Fingerprinter, line: bytes) -> Any:
    try:
        record = whole(line)
        return spelled(record if record is Drop.NOT_LLM else fingerprinter.calls(record))
    except RecordError as error:
        return error.message


def spelled(made: Any) -> Any:
    if isinstance(made, Line):
        return [(made.id, [made.text.removesuffix(b"\n")])]
    return made if isinstance(made, Drop) else [(c.id, [leg.to_bytes() for leg in c.legs]) for c in made]


def like(sample: Sample, number: int) -> bytes:
    """The sample's record with other ids and another text."""
    line = json.dumps(apart(sample.record, number), separators=(",", ":"))
    return line.replace(TEXT if TEXT in line else SAID, TEXT + " and so on" * number, 1).encode()


def varied(value: Any, share: float, rng: random.Random) -> Any:
    """A record in which some members are others, or gone."""
    if isinstance(value, dict):
        found = {key: varied(inner, share, rng) for key, inner in value.items()}
        if found and rng.random() < share / 8:
            found.pop(rng.choice(list(found)))
        return found
    if isinstance(value, list):
        return [varied(inner, share, rng) for inner in value]
    kind = rng.random()
    if rng.random() >= share:
        return value
    if isinstance(value, bool) or value is None:
        return rng.choice([True, False, None, "x", 1])
    if isinstance(value, str):
        if kind < 0.4:
            return value + rng.choice(["x", "1", '"', "\\", "é"])
        return None if kind < 0.5 else rng.choice(ODD_NUMBERS) if kind < 0.6 else rng.choice(ODD_TEXTS)
    if kind < 0.6:
        return value + rng.randrange(50) if isinstance(value, int) else value * 1.25
    return rng.choice([None, "x", "5", True]) if kind < 0.7 else rng.choice(ODD_NUMBERS)


def damaged(line: bytes, rng: random.Random) -> bytes:
    """A line in which a byte is another one, gone or new."""
    data = bytearray(line)
    at, kind = rng.randrange(len(data)), rng.random()
    if kind < 0.4:
        data[at] = rng.choice(ODD_BYTES[0])
    elif kind < 0.7:
        del data[at]
    else:
        data.insert(at, rng.choice(ODD_BYTES[1]))
    return bytes(data)


def hold_all(sample: Sample, seed: int, count: int) -> None:
    rng = random.Random(seed)
    both = Both()
    base = sample.record if seed % 2 == 0 else varied(sample.record, 0.05, rng)
    separators = rng.choice([(",", ":"), (", ", ": ")])
    ascii = rng.random() < 0.5
    for number in range(count):
        record = copy.deepcopy(base)
        if number > 3:
            record = varied(record, rng.choice([0.02, 0.05, 0.15]), rng)
        line = json.dumps(record, separators=separators, ensure_ascii=ascii).encode()
        both.hold(damaged(line, rng) if number > 4 and rng.random() < 0.2 else line)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_anything_in_any_member(sample: Sample) -> None:
    hold_all(sample, 0, 40)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 40))
@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_anything_in_any_member_and_in_others(sample: Sample, seed: int) -> None:
    hold_all(sample, seed, 60)


CHAT = {"timestamp": samples.WHEN, "request": samples.ASKED, "response": samples.chat(), "status": 200}
PLAIN = orjson.dumps(CHAT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Another text is known again; the rest is not.
        (b'"total_tokens":120', b'"total_tokens":120,"total_tokens":7'),
        (b'"total_tokens"', b'"total\\u005ftokens"'),
        (b'"usage"', b'"us\\u0061ge"'),
        (b'"id":"chatcmpl-1"', b'"id":"chatcmpl-\\u0031"'),
        (b'"id":"chatcmpl-1"', b'"id":"chatcmpl\\"1"'),
        (b'"id":"chatcmpl-1"', b'"id":""'),
        (b'"user":"ada"', b'"user":"a\\\\da"'),
        (b'"user":"ada"', b'"user":""'),
        (b'"user":"ada"', b'"user":5'),
        (b'"prompt_tokens":100', b'"prompt_tokens":1e2'),
        (b'"prompt_tokens":100', b'"prompt_tokens":0100'),
        (b'"prompt_tokens":100', b'"prompt_tokens":-100'),
        (b'"prompt_tokens":100', b'"prompt_tokens":100.0'),
        (b'"prompt_tokens":100', b'"prompt_tokens":"100"'),
        (b'"prompt_tokens":100', b'"prompt_tokens":'),
        (b'"prompt_tokens":100', b'"prompt_tokens":' + b"1" * 5000),
        (b'"prompt_tokens":100', b'"prompt_tokens":4000001'),
        (b'"total_tokens":120', b'"total_tokens":121'),
        (b'"created":1790949791', b'"created":0'),
        (b'"created":1790949791', b'"created":17909497911790949791'),
        (TEXT.encode(), b"a\x01b"),
        (TEXT.encode(), b"a\xffb"),
        (TEXT.encode(), b"a\\ud800b"),
        (TEXT.encode(), b"a\\xb"),
        (TEXT.encode(), b'a"b'),
        (b'"gpt-4o-2024-08-06"', b'"gpt-4o-2024-08-07"'),
        (b'"status":200', b'"status":500'),
        (b'"temperature":0', b'"temperature":1'),
        (b"}", b"} "),
    ],
)
def test_what_an_outline_could_hide(old: bytes, new: bytes) -> None:
    both = Both()
    for _ in range(4):
        both.hold(PLAIN)
    assert old in PLAIN
    both.hold(PLAIN.replace(old, new))
    both.hold(PLAIN.replace(old, new, 1))


ASKED = {"model": "gpt-4o", "messages": [{"role": "user", "content": TEXT}], "max_tokens": 64, "user": "ada"}
AROUND = {
    "time": samples.WHEN,
    "latency_ms": 1_200,
    "user_id": "eve",
    "session_id": "s-1",
    "status_code": 200,
    "url": "https://api.mistral.ai/v1",
    "level": "info",
}
COMMON = (
    {"timestamp": samples.WHEN, "request": ASKED, "response": samples.chat(), "status": 200},
    {"request": {**ASKED, "metadata": {"user_id": "bob"}, "user": None}, "response": samples.MESSAGE},
    {
        "request": {**ASKED, "system": "x", "tools": [{}]},
        "response": samples.MESSAGE,
        "uri": "https://a.example",
    },
    samples.chat(),
    samples.MESSAGE,
    {**samples.MESSAGE, "timestamp": samples.EPOCH},
    {**AROUND, "request": {**ASKED, "user": None}, "response": samples.MESSAGE},
    {**AROUND, "duration_s": 0.5, "custom_id": "b-1", "request": ASKED, "response": samples.chat()},
)
KEYS = (
    *sorted(envelope.KNOWN),
    *("request", "response", "usage", "model", "messages", "tools", "choices", "object", "type", "id", "v"),
    *(
        "system",
        "metadata",
        "body",
        "input",
        "error",
        "usageMetadata",
        "x_groq",
        "provider",
        "level",
        "spanId",
    ),
    *("created", "temperature", "stream", "max_tokens", "maxTokens", "max_completion_tokens", "stop_reason"),
    *("safety_identifier", "service_tier", "system_fingerprint", "prompt_filter_results", "iterations"),
    *("embeddings", "response_type"),
)
ODD = (
    *(
        None,
        5,
        -1,
        2.5,
        10**30,
        "x",
        "",
        [],
        [1],
        {},
        {"a": 1},
        True,
        [None],
        "chat.completion",
        "message",
        0,
    ),
    *("msg_bdrk_1", "fp_ollama", 100.0, " ", "é", [{"finish_reason": "length"}], {"user_id": "eve"}, 1e300),
    *(
        samples.EPOCH,
        samples.EPOCH * 1000,
        "https://api.mistral.ai/v1",
        [[]],
        [{}, {}],
        2**63,
        2**60,
        "x" * 300,
        "x" * 250,
        "x" * 199,
    ),
)


@pytest.mark.parametrize("texts", [False, True])
@pytest.mark.parametrize("record", COMMON, ids=range(len(COMMON)))
def test_from_the_second_on_the_commonest_lines_are_hardly_read(record: dict[str, Any], texts: bool) -> None:
    overlap = Overlap(b"o" * 32) if texts else None
    shortcut = Shortcut(keyed(overlap), overlap)
    line = orjson.dumps(record)
    for number in range(3):
        shortcut.calls = lambda _: pytest.fail("it was read whole")  # type: ignore[method-assign]
        assert type(shortcut.line(line)) is (Line if number else list)
    both = Both()
    for text in (TEXT, "", "x" * 5_000, 'say "so"', "back\\slash", "é ü 中 😀", "\u2028\x7f"):
        for ascii in (True, False):
            both.hold(json.dumps(record, ensure_ascii=ascii).replace(TEXT, json.dumps(text)[1:-1]).encode())


def test_ids_of_their_own_are_no_words() -> None:
    shortcut = Shortcut(keyed())
    made = [shortcut.line(orjson.dumps({**samples.MESSAGE, "id": f"msg_{n:03}x"})) for n in range(200)]
    assert {type(one) for one in made[1:]} == {Line}


def test_what_is_remembered_of_kinds_and_forms_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecil.fingerprint.shortcut._REMEMBERED", 8)
    monkeypatch.setattr("cecil.fingerprint.record._MAX_FORMS", 8)
    both = Both()
    for number in range(40):
        for model in ("gpt-4o", f"gpt-{number}"):
            asked = {**ASKED, "model": model, "max_tokens": number}
            both.hold(orjson.dumps({"request": asked, "response": samples.chat(f"acme-{number % 20}")}))


@pytest.mark.parametrize(
    "more",
    [
        *({key: 7} for key in ("max_output_tokens", "maxTokens", "maxOutputTokens", "num_predict")),
        *({"options": {"num_predict": 7}}, {"functions": [{}, {}]}, {"generationConfig": {"temperature": 0}}),
        {"max_completion_tokens": None, "max_tokens": 7},
    ],
)
def test_the_spellings_of_a_request(more: dict[str, Any]) -> None:
    both = Both()
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": TEXT}]}
    for _ in range(2):
        for request in (asked, {**asked, **more}):
            both.hold(orjson.dumps({"request": request, "response": samples.chat()}))


@pytest.mark.parametrize("key", sorted(key for module in LOGS for key in module.KEYS))
def test_a_key_of_another_log(key: str) -> None:
    both = Both()
    for value in ("x", None, "completion", {}, [], 5):
        both.hold(orjson.dumps(COMMON[0]))
        both.hold(orjson.dumps({key: value, **COMMON[0]}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"total_tokens":', b'"total_tokens":1,"total_tokens":'),
        (b'"total_tokens": ', b'"total_tokens": 1, "total_tokens": '),
        (b'"total_tokens": ', b'"more": [{"a": 1, "a": 2}], "total_tokens": '),
        (b'"total_tokens":', b'"more":{"a":1,"a":2},"total_tokens":'),
    ],
)
def test_no_count_is_there_twice(old: bytes, new: bytes) -> None:
    both = Both()
    for separators in ((",", ":"), (", ", ": ")):
        line = json.dumps(samples.chat(), separators=separators).encode()
        both.hold(line)
        if old in line:
            assert "duplicate key" in both.hold(line.replace(old, new))


def test_more_messages_than_are_believed() -> None:
    many = {"request": {**ASKED, "messages": [{}] * 100_001}, "response": samples.chat()}
    few = {"request": {**ASKED, "messages": [{}]}, "response": samples.chat()}
    both = Both()
    for record in (
        few,
        many,
        few,
        {"request": {**ASKED, "tools": [{}] * 10_001}, "response": samples.chat()},
    ):
        both.hold(orjson.dumps(record))


def hold_odd(record: dict[str, Any], keys: Sequence[str], values: Sequence[Any]) -> None:
    """The record with every value under every key of every part of it, each twice."""
    both = Both()
    both.hold(orjson.dumps(record))
    for place in ("", "request", "response"):
        inner = record.get(place) if place else record
        for key in keys if inner else ():
            for value in values:
                odd = {**inner, key: value}
                line = json.dumps({**record, place: odd} if place else odd).encode()
                both.hold(line)
                both.hold(line)


@pytest.mark.parametrize("record", [*COMMON[:2], COMMON[-1]], ids=range(3))
def test_the_commonest_lines_with_odd_members(record: dict[str, Any]) -> None:
    hold_odd(record, KEYS, [None, 5, "x", [{}], "x" * 250])


@pytest.mark.slow
@pytest.mark.parametrize("record", COMMON, ids=range(len(COMMON)))
def test_the_commonest_lines_with_anything_in_any_member(record: dict[str, Any]) -> None:
    hold_odd(record, KEYS, ODD)


@pytest.mark.parametrize("counts", ["chat", "message"])
def test_any_counts(counts: str) -> None:
    both = Both()
    rng = random.Random(3)
    base = samples.chat() if counts == "chat" else dict(samples.MESSAGE)
    for number in range(400):
        usage = copy.deepcopy(base["usage"])
        for place in (usage, *(inner for inner in list(usage.values()) if isinstance(inner, dict))):
            for key in list(place):
                if rng.random() < 0.15:
                    place[key] = rng.choice(
                        [0, 1, 20, 64, 100, 120, 140, 4_000_000, None, *ODD_NUMBERS, *ODD]
                    )
                elif rng.random() < 0.03:
                    del place[key]
        if rng.random() < 0.3:
            usage[rng.choice(USAGE_KEYS)] = rng.choice([0, 1, 20, 4_000_001, None, "x", 2.5, {}])
        both.hold(json.dumps({**base, "usage": usage, "id": f"x-{number}"}).encode())


USAGE_KEYS = (
    *("num_cached_tokens", "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens", "speed"),
    *("cache_creation_input_tokens", "reasoning_tokens", "num_sources_used", "num_search_queries"),
    *(
        "queue_time",
        "iterations",
        "service_tier",
        "inference_geo",
        "server_tool_use",
        "output_tokens_details",
    ),
)


def test_a_log_of_other_lines_is_not_tried_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cecil.fingerprint.shortcut._REST", 3)
    shortcut = Shortcut(keyed())
    other, common = (orjson.dumps(record) for record in (samples.CONVERSE, samples.chat()))
    shortcut.line(common)
    for number in range(40):
        assert isinstance(shortcut.line(other), list | Line), number
    for _ in range(4):
        made = shortcut.line(common)
    assert isinstance(made, Line)
    assert made.text == shortcut.line(common).text  # type: ignore[union-attr]


def test_words_before_a_record() -> None:
    both = Both()
    for number in range(8):
        both.hold(b'say "%d" and " then ' % number + PLAIN)
        both.hold(b"2026-10-02 INFO " + PLAIN)


def test_a_key_in_no_encoding_is_said_to_be_none() -> None:
    assert "UTF-8" in Both().hold(b'{"\xed":1}')


def test_an_empty_list_is_no_list_of_one_number() -> None:
    both = Both()
    empty = {**CHAT, "request": {**samples.ASKED, "tools": []}}
    for _ in range(4):
        both.hold(orjson.dumps(empty))
    one = both.hold(orjson.dumps({**CHAT, "request": {**samples.ASKED, "tools": [5]}}))
    assert b'"n_tools":1' in one[0][1][0]


def test_vendors_ids_say_whose_prices_hold() -> None:
    both = Both()
    found = []
    for name in ("msg_1", "msg_2", "msg_3", "msg_4", "msg_bdrk_5", "msg_vrtx_6", "msg_7"):
        ((_, (line,)),) = both.hold(orjson.dumps({**samples.MESSAGE, "id": name}))
        found.append(orjson.loads(line)["provider"])
    assert found == [*["anthropic"] * 4, "aws", "google", "anthropic"]


def test_the_sums_of_spans_are_remembered() -> None:
    both = Both()
    found = []
    for number in range(6):
        below = samples.otlp(samples.span(f"a{number}", f"b{number}", **samples.GEN_AI))
        above = samples.otlp(samples.span(f"b{number}", f"c{number}", **samples.GEN_AI))
        both.hold(orjson.dumps(below))
        found.append(both.hold(orjson.dumps(above)))
    assert found == [Drop.AGENT_SPAN] * 6


def test_sessions_are_counted() -> None:
    both = Both()
    turns = []
    for number in range(8):
        record = {**samples.OBSERVATION, "id": f"o-{number}", "sessionId": f"s-{number % 2}"}
        ((_, (line,)),) = both.hold(orjson.dumps(record))
        turns.append(orjson.loads(line)["turn"])
    assert turns == [1, 1, 2, 2, 3, 3, 4, 4]


def test_events_whose_usage_is_in_two() -> None:
    both = Both()
    for number in range(6):
        events = copy.deepcopy(samples.MESSAGE_EVENTS)
        events[0]["message"]["usage"]["input_tokens"] = number
        events[2]["usage"]["output_tokens"] = 20 + number
        line = orjson.dumps({"timestamp": samples.WHEN, "response": events})
        ((_, (row,)),) = both.hold(line)
        assert orjson.loads(row)["in_fresh"] == number
        assert orjson.loads(row)["out_text"] == 20 + number


def test_what_is_never_the_same_is_let_be() -> None:
    both = Both()
    for number in range(400):
        both.hold(orjson.dumps({**samples.chat(), "more": [{}] * number}))
    for _ in range(8):
        both.hold(PLAIN)


SPAN = samples.span("a1", **samples.GEN_AI)
FINGERPRINT = orjson.loads(keyed().calls(CHAT)[0].legs[0].to_bytes())  # type: ignore[index]


@pytest.mark.parametrize(
    "record",
    [
        samples.otlp(SPAN, samples.span("a2", **samples.GEN_AI)),
        samples.otlp({**SPAN, "parentSpanId": ""}),
        samples.otlp({**SPAN, "parentSpanId": "a1"}),
        samples.otlp({key: value for key, value in SPAN.items() if key != "traceId"}),
        samples.otlp({**SPAN, "spanId": "0000"}),
        samples.otlp({**SPAN, "spanId": "x" * 70}),
        samples.otlp({**SPAN, "endTimeUnixNano": "soon"}),
        {"attributes": samples.GEN_AI},
        {**CHAT, "latency_s": 2.5},
        {**CHAT, "latency_ms": 2_500},
        {**CHAT, "score": [1, 2]},
        {**CHAT, "user_id": 5, "request": {"messages": []}},
        {**CHAT, "created_at": 1.5},
        {**CHAT, "more": "x" * 40_000},
        {**CHAT, "more": ["x"] * 1_200},
        {**CHAT, "response": {**samples.chat(), "id": "msg_bdrk_1"}},
        {**samples.MESSAGE, "usage": {**samples.MESSAGE_USAGE, "iterations": [{"type": "compaction"}] * 2}},
        {**samples.MESSAGE, "usage": {"input_tokens": 5}},
        {"log": "x", "message": samples.chat()},
        {"records": [CHAT, CHAT]},
        FINGERPRINT,
    ],
    ids=range(21),
)
def test_what_is_odd_from_the_first_line_on(record: dict[str, Any]) -> None:
    both = Both()
    rng = random.Random(1)
    for number in range(16):
        odd = record if number % 4 else varied(record, 0.05, rng)
        both.hold(json.dumps(odd, separators=(",", ":") if number < 12 else None).encode())
