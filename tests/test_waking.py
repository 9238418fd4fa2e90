"""Triggers are a superset: a text that wakes nobody holds nothing, and whom a text does not wake would be silent.

Held over texts that are made from the patterns of the recognizers, from values with the right check digits, and
from those of `planting`, spelled in many ways, with and without words near and in keys.
"""

import json
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy
from cecil.sanitizer import triggers
from cecil.sanitizer.detectors import Recognizer, catalogue, national
from cecil.sanitizer.detectors.everyone import everyone
from cecil.sanitizer.finder import Finder
from tests import planting
from tests.conftest import build_sanitizer, examples
from tests.spelling import Example, Texts, card, dea, iban, nhs, respelled

SEEDS = st.integers(0, 2**48)

WANTED = """CREDIT_CARD IBAN_CODE EMAIL_ADDRESS PHONE_NUMBER US_SSN IP_ADDRESS MAC_ADDRESS CRYPTO UK_NHS
    US_BANK_NUMBER US_DRIVER_LICENSE US_PASSPORT MEDICAL_LICENSE SECRET PASSWORD VIN DATE_OF_BIRTH
    MEDICAL_RECORD_NUMBER""".split()


def differences(finder: Finder, texts: Texts, seed: int, found: Counter[str]) -> None:
    """Fail where who is woken finds another thing than all do."""
    chance = Random(seed)
    text = texts.text(chance)
    words = texts.words(chance) if chance.random() < 0.4 else ()
    all_awake = finder.find(text, words, -1)
    found.update({span.entity for span in all_awake} or {""})
    assert finder.find(text, words) == all_awake, (text, words)


@pytest.fixture(scope="module")
def recognizers() -> tuple[Recognizer, ...]:
    return everyone()


def test_whoever_finds_is_woken(recognizers: tuple[Recognizer, ...]) -> None:
    finder, texts = build_sanitizer().finder, Texts(recognizers)
    found: Counter[str] = Counter()

    @examples(600)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        differences(finder, texts, seed, found)

    holds()
    assert found.total() - found[""] > found.total() / 3
    assert [entity for entity in WANTED if not found[entity]] == []


def test_who_says_the_same_as_another_changes_nothing(recognizers: tuple[Recognizer, ...]) -> None:
    """Of two that find the same the surer one is judged; where near misses are wanted, both are."""
    finder, texts = build_sanitizer().finder, Texts(recognizers)
    found = 0

    @examples(300)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        nonlocal found
        chance = Random(seed)
        text = texts.text(chance) if seed % 2 else planting.text(chance, 1)
        words = texts.words(chance) if chance.random() < 0.4 else ()
        spans = finder.find(text, words)
        assert spans == finder.find(text, words, misses=[]), (text, words)
        found += bool(spans)

    holds()
    assert found > 100


def test_what_stood_in_a_line_is_what_its_text_wakes() -> None:
    """Or more: so a text need not be searched again by itself, be it a string of JSON or a line."""
    finder = build_sanitizer().finder
    examples(200)(given(seed=SEEDS)(lambda seed: stands(finder, Random(seed))))()


def stands(finder: Finder, chance: Random) -> None:
    text = planting.text(chance, 1).translate({ord(one): " " for one in '"\\\n'})
    record = {planting.key(chance, 0.5): text, "n": [planting.value(chance), text]}
    line = json.dumps(record, ensure_ascii=False).encode()
    others = f"quiet\n{planting.text(chance, 1)}\n".encode()
    for data, body in ((line, text), (text.encode(), text), (text.encode() + b"\r\n", text)):
        hits = [hit for hit in finder.hits(others + data) if hit[0] > len(others)]
        if data is line:
            stood = {} if b"\\" in line else finder.awake(line, len(others), hits)
            told = None if stood is None else stood.get(text, 0 if stood else None)
        else:
            told = finder.standing(data, hits)
        if told is not None:
            wakes = finder.woken(body)
            assert finder.woken(body, (), told) & wakes == wakes, data


@pytest.mark.slow
@pytest.mark.parametrize(
    "policy",
    [
        "entities: {PRIVATE_IP: redact, DATE_TIME: redact, URL: redact, UUID: redact}",
        "threshold: 0.1",
    ],
)
def test_whoever_finds_is_woken_in_other_policies(policy: str, recognizers: tuple[Recognizer, ...]) -> None:
    finder = build_sanitizer(Policy.parse(f"version: 1\n{policy}\n".encode(), "policy.yaml")).finder
    texts, found = Texts(recognizers), Counter[str]()

    @examples(150)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        differences(finder, texts, seed, found)

    holds()
    assert found.total() - found[""] > found.total() / 3


@pytest.mark.parametrize("make", [iban])
def test_ibans(make: object) -> None:
    right_check_digits(make)


@pytest.mark.parametrize("make", [card, nhs, dea])
def test_numbers_with_the_right_check_digits(make: object) -> None:
    right_check_digits(make)


def right_check_digits(make: object) -> None:
    """Many of them are found, or the properties above would say little: some groups are no card's."""
    finder, chance, found = build_sanitizer().finder, Random(1), 0
    for _ in range(300):
        text = f"card nhs iban dea {make(chance)}"  # type: ignore[operator]
        all_awake = finder.find(text, (), -1)
        assert finder.find(text) == all_awake, text
        found += bool(all_awake)
    assert found > 100


@pytest.mark.parametrize(
    "url",
    [
        *("https://a.co/x?y=1", "see www.example.com.", "'http://1.2.example.museum/a'", '"x.de"', "A.ORG"),
        *("-.uk", "x.xn--p1ai", "http://x.compute", "wWw12.a-b.Travel/path", "x.\u212ay"),
    ],
)
def test_a_url_is_woken_by_the_end_of_its_host(url: str, recognizers: tuple[Recognizer, ...]) -> None:
    finder = build_sanitizer(Policy.parse(b"version: 1\nentities: {URL: redact}\n", "policy.yaml")).finder
    (theirs,) = (one for one in recognizers if one.name == "presidio:UrlRecognizer")
    assert finder.find(url) == finder.find(url, (), -1)
    assert bool(theirs.find(url)) <= bool(finder.woken(url))
    assert len(triggers.of(theirs)) == 2 < len(theirs.triggers)
    other = (theirs.triggers[0]._replace(regex="x"),)
    assert triggers._ends_of_hosts(other) == other, "of another release of Presidio"


def test_texts_are_spelled_in_many_ways() -> None:
    chance = Random(5)
    assert len({respelled(chance, "a 1-2") for _ in range(500)}) > 100


def test_no_shape_goes_over_a_line() -> None:
    """But with its first character: a block is sieved line by line."""
    countries = catalogue.countries() | {number.country for number in national.NUMBERS}
    shapes = {
        trigger.regex
        for one in everyone(frozenset(), frozenset(countries))
        for weak in (False, True)
        for trigger in triggers.of(one, private=True, weak=weak)
        if trigger.shape
    }
    assert len(shapes) > 50
    for regex in shapes:
        chance, example = Random(regex), Example(regex)
        for _ in range(50):
            assert "\n" not in example.made(chance)[1:], regex


def test_finds_behind_a_line_that_wakes_and_before_one() -> None:
    finder = build_sanitizer().finder
    for value in (b"8.8.8.8", b"bob@example.com", b"4111 1111 1111 1111", b"078-05-1120"):
        alone = finder.hits(value)
        assert alone
        block = b"quiet\n" + b"\n".join([value] * 3) + b"\nquiet\n" + value
        places = {end for end, _ in finder.hits(block)}
        ends = {end for end, _ in alone}
        starts = (6, 6 + len(value) + 1, 6 + 2 * (len(value) + 1), len(block) - len(value))
        assert places >= {start + end for start in starts for end in ends}, value


def test_letters_beyond_ascii_before_a_colon_wake_and_marks_do_not() -> None:
    finder = build_sanitizer().finder
    assert finder.find("contraseña: Xk9-f2LmQ7") != []
    for text in ("clé: a1", "Straße: a1", "p\u200bin: a1", "\U00020000: a1", "ｐｉｎ: a1", "№: a1"):
        assert finder.woken(text), text
    for text in ("‘see’: a1", "one – two: a1", "and so…: a1", "• this: a1", "so 🎶 😀: a1"):
        assert not finder.woken(text), text
