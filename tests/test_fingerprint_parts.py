"""Parts that make up a fingerprint: lines read in part, windows, overlap of requests, estimates, memory."""

import json
import random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import RecordError
from cecil.fingerprint import estimate
from cecil.fingerprint.adapters import Drop
from cecil.fingerprint.call import Asked
from cecil.fingerprint.fingerprinter import Fingerprinter, Made, doubts
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.lines import whole
from cecil.fingerprint.overlap import BLOCK, Overlap
from cecil.fingerprint.prices import PriceList
from cecil.fingerprint.recent import Recent
from cecil.fingerprint.record import KEYS, Latency, Like, Repeat
from cecil.fingerprint.shortcut import Line, Shortcut
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Quality
from cecil.fingerprint.window import Window
from cecil.stream.jsontext import loads
from tests import llm_samples as samples
from tests.conftest import examples

RECORDS = [sample.record for sample in samples.SAMPLES]
RECORDS += [record for _, record, _ in (*samples.NOT_CALLS, *samples.FAILURES)]


def keyed(*, overlap: bool = True) -> Fingerprinter:
    return Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32), Overlap(b"o" * 32) if overlap else None)


def rows(made: list[Made] | Drop) -> Any:
    return (
        made
        if isinstance(made, Drop)
        else [(call.id, [leg.to_bytes() for leg in call.legs]) for call in made]
    )


def short(record: Any, *, texts: bool) -> tuple[Any, Any]:
    """What the short way gives for two equal records, and what the long way gives, as `rows` has it."""
    found = []
    for way in ("short", "long"):
        overlap = Overlap(b"o" * 32) if texts else None
        fingerprinter = Fingerprinter(PriceList.packaged(), Hasher(b"k" * 32), overlap)
        take = fingerprinter.calls if way == "long" else Shortcut(fingerprinter, overlap).calls
        made: list[Any] = [take(json.loads(json.dumps(record))) for _ in range(2)]
        found.append(
            [[(m.id, [m.text.removesuffix(b"\n")])] if isinstance(m, Line) else rows(m) for m in made]
        )
    return found[0], found[1]


class TestLines:
    def test_words_before_a_record(self) -> None:
        line = b"2026-10-02 INFO llm - status=200 body=" + orjson.dumps(samples.chat())
        assert whole(line) == samples.chat()
        for cut in (line[:-5], b"2026-10-02 INFO model {} {}", b'"model" {"a":1}x'):
            with pytest.raises(RecordError):
                whole(cut)

    @pytest.mark.parametrize("line", [b"5", '"ä"'.encode(), b'{"a":1,"a":2}'])
    def test_lines_without_a_word_of_any_shape_go_unread(self, line: bytes) -> None:
        assert whole(line) is Drop.NOT_LLM

    @pytest.mark.parametrize(
        "line",
        [
            b'{"model":1,"b":"\\u0022","model":2}',
            b'{"model" :1,"model" :2,"text":"a\\":b"}',
            b'{"model":"\\"","b":{"c":[{"d":1,"d":2}]}}',
            b'{"model":1,"mod\\u0065l":2}',
            b'{"model":' + b"[" * 1001 + b"]" * 1001 + b"}",
        ],
    )
    def test_no_duplicate_key_passes_for_a_single_one(self, line: bytes) -> None:
        with pytest.raises(RecordError):
            loads(line)
        with pytest.raises(RecordError):
            whole(line)

    @examples(80)
    @given(
        st.recursive(
            st.text('"\\:{ä', max_size=3), lambda v: st.lists(v) | st.dictionaries(st.text('"\\:a'), v)
        )
    )
    def test_a_line_is_read_whole_as_it_is(self, value: Any) -> None:
        for ascii in (True, False):
            for separators in ((",", ":"), (", ", ": "), (" ,", " : ")):
                line = json.dumps({"model": value}, ensure_ascii=ascii, separators=separators).encode()
                assert whole(line) == {"model": value}
                twice = line[:-1] + b',"model":0}'
                with pytest.raises(RecordError):
                    whole(twice)

    @pytest.mark.parametrize(
        "line",
        [
            b'{"text": ',
            b"no json",
            b'{"text":"\xff"}',
            b"[" * 2000 + b"]" * 2000,
            b'{"model":1,"model":2}',
            b'{"object":"chat.completion","usage":{"prompt_tokens":1,"prompt_tokens":2,"completion_tokens":3}}',
            b'{"type":"message","usage":{"input_tokens":1,"output_tokens":3,"a":{"b":1,"b":2}},"text":"\xc3\xa4"}',
        ],
    )
    def test_lines_that_are_refused(self, line: bytes) -> None:
        with pytest.raises(RecordError):
            whole(line)


class TestShortcut:
    @pytest.mark.parametrize("texts", [True, False])
    @pytest.mark.parametrize("record", RECORDS, ids=range(len(RECORDS)))
    def test_every_shape_comes_to_the_same_end(self, record: Any, texts: bool) -> None:
        taken, long = short(record, texts=texts)
        assert taken == long

    def test_every_shape_with_plain_counts_takes_it(self) -> None:
        fingerprinter = keyed(overlap=False)
        shortcut = Shortcut(fingerprinter)
        for name, record, *_ in samples.SAMPLES:
            if name == "codex":
                continue  # its calls are counted by what was before
            made = fingerprinter.calls(record)
            plain = isinstance(made, list) and len(made) == 1 and len(made[0].legs) == 1
            plain = plain and made[0].legs[0].q is Quality.REPORTED  # type: ignore[union-attr]
            assert isinstance([shortcut.calls(record) for _ in range(2)][1], Line) == plain, name

    @pytest.mark.parametrize(
        "changes",
        [
            {"t": 5},
            {"tokens": (1, 2, 3, 4, 5, MAX_TOKENS + 1)},
            {"tokens": (1, 2, 3, 4, 5, -1)},
            {"tokens": (1, 2, 3, 4, 5, "ada")},
            {"searches": 10_001},
            {"max_out": -1},
            {"n_msgs": 100_001},
            {"n_tools": 10_001},
            {"n_tools": "ada"},
            {"shared": ("ada", None, None)},
            {"user_h": Hasher(b"k" * 32).kid},
            {"session_h": Hasher(b"k" * 32).kid},
            {"turn": -1},
            {"turn": "ada"},
        ],
    )
    def test_numbers_are_spelled_as_numbers_within_their_bounds_or_not_at_all(self, changes: Any) -> None:
        made = keyed().of(samples.chat())
        assert not isinstance(made, Drop)
        values: dict[str, Any] = {
            "t": None,
            "tokens": (1, 2, 3, 4, 5, 6),
            "searches": 0,
            "max_out": 1,
            "n_msgs": 1,
            "n_tools": 1,
            "shared": (1, 2, 3),
            "user_h": None,
        }
        assert orjson.loads(Like(made[0]).line(**values))["out_reasoning"] == 6
        with pytest.raises(TypeError) as caught:
            Like(made[0]).line(**values | changes)
        assert "ada" not in str(caught.value)


class TestWindow:
    def test_the_last_one_counts_in_the_place_of_the_first(self) -> None:
        window: Window[str] = Window(10)
        assert window.add("a", "a1", known=True)
        assert window.add("b", "b1", known=True)
        assert not window.add("a", "a2", known=True)
        assert window.add(None, "c", known=True)
        assert window.add(None, "d", known=True)
        assert window.rest() == ["a2", "b1", "c", "d"]
        assert window.rest() == []
        # It has left the window: it cannot be taken back, and does not count again.
        assert not window.add("a", "a3", known=True)
        assert window.rest() == []

    def test_one_without_usage_does_not_replace_one_with(self) -> None:
        window: Window[str] = Window(10)
        window.add("a", "a1", known=True)
        window.add("a", "a2", known=False)
        window.add("b", "b1", known=False)
        window.add("b", "b2", known=False)
        assert window.rest() == ["a1", "b2"]

    @pytest.mark.parametrize("way", [lambda f: f.calls, lambda f: Shortcut(f).calls], ids=["long", "short"])
    def test_a_long_id_is_known_again_and_takes_no_room(self, way: Any) -> None:
        take = way(Fingerprinter(PriceList.packaged()))
        ids = []
        for end in ("a", "a", "a", "b"):
            made = take(samples.chat() | {"id": "x" * 100_000 + end})
            ids.append(made.id if isinstance(made, Line) else made[0].id)
        assert ids[0] == ids[1] == ids[2] != ids[3]
        assert len(ids[0]) < 100

    def test_who_waits_gets_all_but_what_grows(self) -> None:
        window: Window[str] = Window(10)
        window.add("a", "a1", known=True, grows=True)
        window.add("b", "b1", known=True)
        assert window.ready() == ["b1"]
        assert window.ready() == []
        assert not window.add("a", "a2", known=True)
        assert not window.add("b", "b2", known=True)
        assert window.rest() == ["a2"]

    def test_who_waits_gets_what_grows_once_it_is_whole(self) -> None:
        window: Window[int] = Window(10)
        window.add("a", 1, known=False, grows=True)
        assert window.ready() == []
        assert not window.add("a", 2, known=True)
        assert window.ready() == [2]

    def test_it_does_not_grow(self) -> None:
        window: Window[int] = Window(100)
        left: list[int] = []
        for number in range(10_000):
            window.add(str(number), number, known=True)
            settled = window.settled()
            assert len(window._held) <= 201
            left += settled
        assert left + window.rest() == list(range(10_000))

    @examples(50)
    @given(st.lists(st.sampled_from("abcdefgh"), max_size=40), st.integers(0, 5))
    def test_every_call_comes_out_once(self, ids: list[str], size: int) -> None:
        window: Window[tuple[str, int]] = Window(size)
        out = []
        new = 0
        for number, id in enumerate(ids):
            new += window.add(id, (id, number), known=True)
            out += window.settled()
        out += window.rest()
        assert [id for id, _ in out] == list(dict.fromkeys(ids))
        assert new == len(out)


def test_what_is_remembered_is_bounded() -> None:
    recent: Recent[int, int] = Recent(10)
    for number in range(1_000):
        recent.put(number, number)
        assert recent.get(number) == number
        assert all(recent.get(n) == n for n in range(max(0, number - 8), number))
    assert recent.get(0) is None
    assert len(recent._young) + len(recent._old) <= 20


def see(overlap: Overlap, text: str, when: float, *, ok: bool = True, scope: str = "m", **more: Any) -> Any:
    return overlap.see(scope, Asked(messages=[{"role": "user", "content": text}], **more), when, ok=ok)


class TestOverlap:
    LONG = "a long prompt that many calls have in front of what they ask; " * 100

    def test_a_repeat_by_its_age(self) -> None:
        overlap = Overlap(b"k" * 32)
        when = 1_000_000.0
        expected = [Repeat.NONE, Repeat.M5, Repeat.M5, Repeat.H1, Repeat.H24, Repeat.MORE]
        got = []
        for gap in (0, 1, 300, 301, 3_601, 86_401):
            when += gap
            got.append(see(overlap, "hello", when).repeat)
        assert got == expected
        assert see(overlap, "hello", when, scope="other").repeat is Repeat.NONE
        assert see(overlap, "hello", when, temp0=True).repeat is Repeat.NONE
        # A clock that goes back makes no repeat.
        assert see(overlap, "hello", when - 5).repeat is Repeat.NONE

    def test_a_retry_is_a_repeat_of_what_failed(self) -> None:
        overlap = Overlap(b"k" * 32)
        assert not see(overlap, "a", 1_000, ok=False).retry
        assert see(overlap, "a", 1_100).retry
        assert not see(overlap, "a", 1_200).retry
        see(overlap, "b", 1_000, ok=False)
        assert not see(overlap, "b", 1_601).retry

    def test_shared_beginnings(self) -> None:
        overlap = Overlap(b"k" * 32)
        first = see(overlap, self.LONG + "one", 1_000)
        assert (first.shared_5m, first.shared_1h) == (0, 0)
        second = see(overlap, self.LONG + "two", 1_200)
        assert second.shared_5m == second.shared_1h
        assert len(self.LONG) - BLOCK <= second.shared_5m <= len(self.LONG) + 40
        third = see(overlap, self.LONG + "three", 3_000)
        assert third.shared_5m == 0
        assert third.shared_1h == second.shared_1h
        assert see(overlap, "x" + self.LONG, 3_001).shared_1h == 0
        assert see(overlap, self.LONG, 3_001, scope="other").shared_1h == 0
        assert see(overlap, self.LONG, 9_000).shared_1h == 0

    def test_a_chat_that_goes_on_shares_all_but_its_last_turn(self) -> None:
        overlap = Overlap(b"k" * 32)
        turns = [{"role": "user", "content": self.LONG}]
        overlap.see("m", Asked(messages=turns, tools=[{"name": "x"}], system="s"), 1_000, ok=True)
        turns = [*turns, {"role": "assistant", "content": "yes"}, {"role": "user", "content": "and?"}]
        seen = overlap.see("m", Asked(messages=turns, tools=[{"name": "x"}], system="s"), 1_010, ok=True)
        assert seen is not None
        assert seen.shared_5m >= len(self.LONG) - BLOCK
        assert seen.static == len(b'[{"name":"x"}]') + 1
        assert seen.repeat is Repeat.NONE

    @examples(50)
    @given(
        st.lists(st.sampled_from(["ab" * 400, "cd" * 400, "e" * 800, "f"]), min_size=1, max_size=6), st.data()
    )
    def test_never_more_than_there_is(self, parts: list[str], data: st.DataObject) -> None:
        overlap = Overlap(b"k" * 32)
        other = data.draw(st.permutations(parts))
        one, two = "".join(parts), "".join(other)
        see(overlap, one, 1_000)
        seen = see(overlap, two, 1_001)
        true = next(
            (n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two))
        )
        frame = len('[{"role":"user","content":"')
        assert seen.shared_5m <= true + frame + (len('"}') if one == two else 0)

    def test_a_request_without_text_or_that_is_no_json(self) -> None:
        overlap = Overlap(b"k" * 32)
        assert overlap.see("m", Asked(), 1_000, ok=True) is None
        assert see(overlap, "\ud800", 1_000).repeat is Repeat.NONE

    def test_in_fingerprints_bytes_are_tokens_by_the_records_own_ratio(self) -> None:
        fingerprinter = keyed()
        made: list[Any] = []
        for n in range(2):
            asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": self.LONG + str(n)}]}
            made += fingerprinter.of({"request": asked, "response": samples.chat()})
        assert made[0].reuse_5m == 0
        assert 85 <= (made[1].reuse_5m or 0) <= 100
        assert made[1].reuse_1h == made[1].reuse_5m
        assert made[1].repeat is Repeat.NONE
        plain = keyed(overlap=False).of({"request": samples.ASKED, "response": samples.chat()})
        assert not isinstance(plain, Drop)
        assert (plain[0].repeat, plain[0].reuse_5m, plain[0].static_tok) == (None, None, None)


class TestEstimates:
    @pytest.mark.parametrize(
        ("text", "low", "high"),
        [
            ("The quick brown fox jumps over the lazy dog. " * 20, 150, 220),
            ('{"name": "value", "number": 12345, "list": [1, 2, 3]}' * 10, 170, 330),
            ("Der schnelle braune Fuchs springt über den faulen Hund. " * 20, 200, 330),
            ("敏捷的棕色狐狸跳过了懒狗。" * 20, 150, 300),
            ("Быстрая коричневая лиса прыгает через ленивую собаку. " * 20, 250, 420),
            ("", 0, 0),
            ("a", 1, 2),
        ],
    )
    def test_tokens_of_texts(self, text: str, low: int, high: int) -> None:
        assert low <= estimate.tokens(text) <= high

    def test_families_differ(self) -> None:
        text = "a sentence of some words " * 50
        assert estimate.tokens(text, "claude-sonnet-5") > estimate.tokens(text)

    def test_long_texts_are_judged_by_their_beginning(self) -> None:
        assert estimate.tokens("word " * 2_000_000) > 1_000_000

    def test_what_a_request_shows(self) -> None:
        picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 9_000}}
        message = {"role": "user", "content": [{"type": "text", "text": "what is this"}, picture]}
        assert estimate.shown([message]) < 20
        assert estimate.shown("hello there") in (2, 3)
        assert estimate.shown(None) == 0
        assert estimate.shown([{"name": "tool", "parameters": {}}]) > 5
        assert estimate.shown(["\ud800"]) >= 0

    def test_a_call_that_failed_has_no_estimate(self) -> None:
        made = keyed().of({"status": 500, "request": samples.ASKED, "response": samples.chunks(usage=False)})
        assert not isinstance(made, Drop)
        assert made[0].q is Quality.NONE


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        (0, Latency.S1),
        (999.9, Latency.S1),
        (1_000, Latency.S3),
        (9_999, Latency.S10),
        (29_999, Latency.S30),
        (119_999, Latency.S120),
        (120_000, Latency.MORE),
        (-1, None),
        (1e15, None),
        (True, None),
        ("5", None),
    ],
)
def test_latencies_are_classes(milliseconds: object, expected: Latency | None) -> None:
    made = keyed().of({"duration_ms": milliseconds, "response": samples.chat()})
    assert not isinstance(made, Drop)
    assert made[0].lat is expected
    if type(milliseconds) is int:
        again = keyed().of({"latency_s": milliseconds / 1000, "response": samples.chat()})
        assert not isinstance(again, Drop)
        assert again[0].lat is expected


def test_doubts_are_in_words_of_our_own() -> None:
    def of(record: object) -> list[str]:
        made = keyed().of(record)
        assert not isinstance(made, Drop)
        return doubts(made)

    assert of(samples.chat()) == []
    assert of(samples.chat(prompt_tokens=-5)) == ["a count beyond belief"]
    assert of(samples.chat(total_tokens=7)) == ["totals that do not add up"]
    assert of(samples.chunks(usage=False)) == ["usage estimated"]
    assert of(samples.chunks()[:1]) == ["usage estimated", "a stream without its end"]
    assert of(samples.MESSAGE_EVENTS[:2]) == ["a stream without its end"]
    assert of({**samples.chat(), "usage": None}) == ["usage missing"]
    assert of(samples.chat(prompt_tokens_details={"cached_tokens": 500})) == ["more from caches than input"]
    assert of({"model": "gpt-4o", "object": "chat.completion", "usage": {"prompt_tokens": 5}}) == [
        "a count missing"
    ]
    assert of({"status": 500, "request": samples.ASKED}) == []


PLACES = [record for record in RECORDS if isinstance(record, dict)]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in ((*path, k), *_paths(v, (*path, k)))]
    if isinstance(value, list):
        return [p for k, v in enumerate(value) for p in ((*path, k), *_paths(v, (*path, k)))]
    return []


def _with(record: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = json.loads(json.dumps(record))
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def _opened(record: Any) -> Any:
    """A record with the events that are text in it as a list."""
    for key, value in record.items():
        if isinstance(value, str) and "data: {" in value:
            parts = [line[6:] for line in value.splitlines() if line.startswith("data: {")]
            return {**record, key: [json.loads(part) for part in parts]}
    return record


@pytest.mark.parametrize("odd", [[], {}], ids=["a list", "an object"])
def test_no_list_and_no_object_in_place_of_a_value_ends_a_run(odd: Any) -> None:
    """What is looked up in a table may be nothing that a table can be asked for."""
    fingerprinter = keyed()
    failed = {"type": "error", "error": {"type": "overloaded_error"}}
    for record in (*map(_opened, PLACES), failed):
        for path in _paths(record):
            fingerprinter.of(_with(record, path, odd))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from([[], {}, [1], [[]], [{}], {"a": 1}, [None], "{", "[1]", "data: {}", '{"a":1}', "\ud800"]),
)


@examples(300)
@given(st.sampled_from(PLACES), st.randoms(use_true_random=False), ODD)
def test_any_member_of_any_shape_may_be_anything(record: Any, rng: random.Random, value: Any) -> None:
    made = keyed().of(_with(record, rng.choice(_paths(record)), value))
    if not isinstance(made, Drop):
        for leg in made:
            assert set(orjson.loads(leg.to_bytes())) == KEYS
            if Flag.BAD_COUNT in leg.flags:
                assert leg.q is not Quality.REPORTED
