"""Lines that are like one before come to what they come to by the whole way, whatever is in them."""

import copy
import json
import random
from typing import Any

import orjson
import pytest

from cecil.errors import RecordError
from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.fingerprinter import Fingerprinter
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.lines import Lines
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.replay import Line, Replays
from cecil.fingerprint.shortcut import Shortcut
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

ALWAYS_READ = (
    *("azure apim", "azure apim, rows", "azure apim, joined with the gateway's log", "codex"),
    *("azure diagnostics", "azure diagnostics, event hub", "openai chat, stream without usage"),
    *("bedrock invoke, stream in base64", "bedrock invoke, stream as it is on the wire"),
    *("bedrock invoke, embeddings of Cohere", "bedrock log, subscription", "bedrock log, bodies in S3"),
    *("groq, stream", "cohere rerank"),
    *("openai chat, events as text", "openai responses, stream", "anthropic, stream", "ollama, stream"),
    *("cohere, stream", "bedrock converse, decoded events", "bedrock log, CloudWatch", "litellm spend logs"),
)
"""Shapes whose counts hang on other records, are estimated, or are in a text that holds JSON."""


def keyed() -> Fingerprinter:
    return Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32))


class Whole(Lines):
    """Reads nothing in part, so that all that is not read whole is known again."""

    def part(self, line: bytes) -> None:
        return None


class Both:
    """A log read in both ways: the short one as it is, and without lines that are read in part."""

    def __init__(self) -> None:
        self._long = keyed()
        self._ways = [(Shortcut(keyed()), lines) for lines in (Lines(texts=False), Whole(texts=False))]

    def hold(self, line: bytes) -> Any:
        """What both ways give."""
        long = self._whole(line)
        for shortcut, lines in self._ways:
            try:
                short = spelled(shortcut.line(line, lines))
            except RecordError as error:
                short = error.message
            assert short == long
        return long

    def _whole(self, line: bytes) -> Any:
        try:
            record = Lines(texts=False).whole(line)
            return spelled(record if record is Drop.NOT_LLM else self._long.calls(record))
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


def taught(record: Any) -> Replays:
    """What knows the outline of a record."""
    replays = Replays(keyed())
    for _ in range(3):
        replays.learn(orjson.dumps(record))
    assert replays.line(orjson.dumps(record)) is not None
    return replays


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


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_which_shapes_are_known_again(sample: Sample) -> None:
    both = Both()
    replays = Replays(keyed())
    found = []
    for number in range(8):
        line = like(sample, number)
        both.hold(line)
        found.append(replays.line(line) is not None)
        made = keyed().calls(orjson.loads(line))
        if isinstance(made, list) and len(made) == 1:
            replays.learn(line)
    assert found[3:] == [sample.name not in ALWAYS_READ] * 5


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


@pytest.mark.parametrize("record", [CHAT, {"response": samples.CONVERSE, "timestamp": samples.WHEN}])
def test_texts_are_not_looked_at(record: dict[str, Any]) -> None:
    replays = taught(record)
    lines = set()
    for text in ("", "x", 'say \\"so\\"', "\\\\", "\\n\\t", "ä", "\\u0022", "x" * 5_000, '{\\"usage\\":1}'):
        line = orjson.dumps(record).replace(TEXT.encode(), text.encode())
        made = replays.line(line.replace(SAID.encode(), text.encode()))
        assert made is not None
        lines.add(made.text)
    assert len(lines) == 1


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_nothing_that_differs_comes_out(sample: Sample) -> None:
    replays = Replays(keyed())
    for number in range(4):
        replays.learn(like(sample, number))
    line = like(sample, 4)
    made = replays.line(line)
    if made is None:
        return
    canary = b"canary-7f3a"
    for text in sorted({part for part in line.split(b'"')[1::2] if len(part) > 2}, key=len, reverse=True):
        changed = replays.line(line.replace(b'"%b"' % text, b'"%b%b"' % (text, canary)))
        assert changed is None or canary not in changed.text


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
    replays = Replays(keyed())
    for number in range(6):
        events = copy.deepcopy(samples.MESSAGE_EVENTS)
        events[0]["message"]["usage"]["input_tokens"] = number
        events[2]["usage"]["output_tokens"] = 20 + number
        line = orjson.dumps({"timestamp": samples.WHEN, "response": events})
        ((_, (row,)),) = both.hold(line)
        assert orjson.loads(row)["in_fresh"] == number
        assert orjson.loads(row)["out_text"] == 20 + number
        assert (replays.line(line) is not None) == (number >= 3)
        replays.learn(line)


def test_memory_is_bounded() -> None:
    replays = Replays(keyed())
    for number in range(600):
        record = {
            **samples.chat(),
            "choices": samples.chat()["choices"],
            "a" * (number % 7 + 1): [{}] * number,
        }
        for _ in range(4):
            replays.learn(orjson.dumps(record))
    assert len(replays) <= 256


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
