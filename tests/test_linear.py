"""No input makes a recognizer of Presidio's slow: long texts made for it are judged before its time-out of a second.

A recognizer that takes longer raises DetectorError by itself, which fails the test. Whole records have a bound
in CPU time that is far above what they take, and far below what they would take were it not linear.
"""

import json
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import phonenumbers
import pytest
import regex
import spacy

from cecil import Sanitizer
from cecil.errors import DetectorError, RecordError
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors import context, linear, phones
from cecil.sanitizer.detectors.catalogue import _known, load
from cecil.sanitizer.detectors.presidio import PresidioRecognizer
from cecil.sanitizer.policy import Policy
from tests import hostile
from tests.conftest import build_sanitizer

# What patterns begin with, go on with, and look for, over and over.
UNITS = [
    "a", "1", "a.", "1.", "a-", "1-", "a1", "A3", "=", "@", "a@", "a@a.", "http://a.", "'", "::", "1:", "ab ",
    "1 ", "1234 ", "123-45-", "DE89 ", "DE89", "_", "é", "٣", " ", "\n", "12/", "JAN-", "+1 ", "(1", "1.1.1.",
    "aa:bb:", "aa-", "aaaa.", "bc1", "1a", "claim  ", "rx ", "prior auth ", "provider  ", "a.co ",
]  # fmt: skip
TAILS = ["", "@", "@a", "A1", ":1.1.1.1", " 123456", "@a.b"]

BOUNDED = {
    "UrlRecognizer",
    "UsPriorAuthorizationNumberRecognizer",
    "UsClaimNumberRecognizer",
    "UsPrescriptionNumberRecognizer",
    "UsReferralNumberRecognizer",
    "UsProviderTaxIdRecognizer",
}
"""The time-out alone bounds what these take: a URL's thousand endings are tried at every dot behind every
place, and a label is looked for behind any stretch of white space. All but the first are off by default."""


def made(size: int, tails: list[str]) -> list[str]:
    return [unit * (size // len(unit)) + tail for unit in UNITS for tail in tails]


def judge(recognizers: Any, texts: list[str]) -> None:
    for one in recognizers:
        for text in texts:
            try:
                one.find(text)
            except DetectorError:
                if one.presidio.name in BOUNDED:
                    break
                pytest.fail(f"{one.name}: {text[:20]!r}…{text[-10:]!r}")


@pytest.mark.slow
def test_long_texts() -> None:
    judge(load(), made(20_000, ["", "@"]))


def test_texts_without_a_time_out() -> None:
    """The longest that run without one are judged twice as long, with one: all of them, in time."""
    for one in load(countries=frozenset(one.country for one in _known().values() if one.country)):
        if one.presidio.name != "UrlRecognizer":
            judge([one], made(2_000, ["", " 123456"])[:: 5 if one.country else 1])


@pytest.mark.slow
def test_very_long_texts() -> None:
    judge(load(), made(1_000_000, [""]))


@pytest.mark.slow
def test_those_that_are_off_by_default() -> None:
    countries = frozenset(one.country for one in _known().values() if one.country)
    judge(load(countries=countries), made(20_000, TAILS))


def test_what_is_rewritten_is_presidios() -> None:
    recognizers = load(frozenset({"IN_PAN", "US_HEALTH_INSURANCE_MEMBER_ID"}))
    theirs = {pattern.regex for one in recognizers for pattern in getattr(one.presidio, "patterns", ())}
    assert theirs.issuperset(linear._SPECIAL)


@pytest.mark.parametrize(
    ("source", "alphabet"),
    [
        (linear.EMAIL, [*"ab1..@@--!_+ é/'", "@a.b", "a@b.c"]),
        (linear.PAN, [*"ab1234@#-~ .\n", "1234", "AB", "KſZ", "abcdefghij"]),
        (linear.MEMBER_ID, [*"aB12-- .٣_K", "ABC", "123456"]),
        *(
            (one, [*"1aF:.:/% g", "::", "1:", ":a", "1:2:3:4:5:6:", "ffff:", "8.8.8.8"])
            for one in linear.IPV6
        ),
    ],
)
def test_what_is_rewritten_matches_the_same(source: str, alphabet: list[str]) -> None:
    chance = random.Random(1)
    theirs, ours = regex.compile(source, 26).finditer, linear.search(source, 26)
    found = 0
    for _ in range(8000):
        text = "".join(chance.choices(alphabet, k=chance.randrange(1, 30)))
        spans = [match.span() for match in theirs(text)]
        assert [match.span() for match in ours(text)] == spans, text
        found += len(spans)
    assert found > (100 if source in linear.IPV6 else 1000)


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Fail when the block takes more CPU time."""

    def over(*_: object) -> None:
        raise AssertionError("takes too long")

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer()


def records(unit: str, size: int) -> Iterator[bytes]:
    """As one string, as a list of strings, as the names of members, as a line of text."""
    many = [unit] * (size // len(unit))
    yield json.dumps({"m": "".join(many)}).encode()
    yield json.dumps({"m": many}).encode()
    yield json.dumps({f"{one}{number}": 1 for number, one in enumerate(many[: len(many) // 4])}).encode()
    yield "".join(many).replace("\n", " ").encode()


# Each was quadratic once: in nested names, in findings beside pieces, in keys that become one, in hits of a line.
@pytest.mark.parametrize(
    "unit", ["password=", '{"email":"a@example.com"} ', "ssn: ", "8.8.8.8,", "\uff14\uff11 "]
)
def test_records_are_judged_in_linear_time(unit: str, sanitizer: Sanitizer) -> None:
    judge = BlockFilter(sanitizer)
    for line in records(unit, 40_000):
        with bounded(4):
            judge.judge(line)


@pytest.mark.slow
@pytest.mark.parametrize("unit", hostile.UNITS)
def test_records_made_to_be_slow(unit: str, sanitizer: Sanitizer) -> None:
    for line in records(unit, 80_000):
        with bounded(6):
            BlockFilter(sanitizer).judge(line)


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile.DENSE)
def test_records_full_of_findings(name: str, sanitizer: Sanitizer) -> None:
    text = hostile.dense(name, 80_000)
    with bounded(10):
        try:
            new, findings = sanitizer.redact_json(json.dumps({"m": text}).encode())
        except RecordError:
            return
    assert findings or name in ("hexadecimal ids", "numbers")
    assert new


def test_words_are_cut_as_spacy_cuts_them() -> None:
    """Those that are cut with an expression of our own."""
    chance = random.Random(1)
    pipeline = spacy.blank("en")
    special = frozenset(pipeline.tokenizer.rules)
    words = sorted(word for word in special if word.isascii())
    made = [
        *("".join(chance.choices("0123456789-./", k=chance.randrange(1, 14))) for _ in range(3000)),
        *("".join(chance.choices("abcdefghimnostABC", k=chance.randrange(1, 6))) for _ in range(1000)),
        *words,
        *(f"{chance.randrange(100)}{chance.choice('-./')}{word}" for word in words),
        *("-".join(str(chance.randrange(10**5)) for _ in range(3)) for _ in range(300)),
    ]
    cut = 0
    for text in [word + end for word in made for end in ("", chance.choice(",;:"))]:
        plain = context._PLAIN.fullmatch(text)
        if plain and special.isdisjoint((text, plain[1])):
            assert context._TOKEN.findall(text) == [token.text for token in pipeline.tokenizer(text)], text
            cut += 1
    assert cut > 3000


def test_telephones_are_found_as_presidio_finds_them() -> None:
    """One after the other, in part, with prefixes and extensions, of countries that are asked and others."""
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    theirs = PhoneRecognizer()
    ours = PresidioRecognizer(PhoneRecognizer())
    chance, found = random.Random(1), 0
    forms = phonenumbers.PhoneNumberFormat
    numbers = [
        number
        for region in (*theirs.supported_regions, "JM", "IM", "CH", "SG")
        for kind in range(11)
        if (number := phonenumbers.example_number_for_type(region, kind)) is not None
    ]
    between = [
        *" ,/-.x#:%e",
        "  ",
        "; ",
        " / ",
        " - ",
        " ext. 12 ",
        "\n",
        " call ",
        " or ",
        "(",
        ") ",
        " 12 ",
        "int 3 ",
    ]
    for _ in range(400):
        text = ""
        for _ in range(chance.randrange(1, 5)):
            form = chance.choice((forms.E164, forms.INTERNATIONAL, forms.NATIONAL, forms.NATIONAL))
            number = phonenumbers.format_number(chance.choice(numbers), form)
            if chance.random() < 0.2:
                number = chance.choice(("011 ", "00", "0", "1 ", "49", "44 ")) + number.lstrip("+")
            if chance.random() < 0.2:
                number = "".join(chance.choices("0123456789 ()-./+x", k=chance.randrange(1, 15)))
            text += number + chance.choice(between)
        expected = {(one.start, one.end) for one in theirs.analyze(text, ["PHONE_NUMBER"])}
        assert {(one.start, one.end) for one in ours.find(text)} == expected, text
        found += len(expected)
    assert found > 300


def test_numbers_as_in_north_america_are_what_the_library_says() -> None:
    """Wherever it is not asked: every area code, whatever stands around, and neighbours that it refuses."""
    chance, found = random.Random(2), 0
    around = ["", *" :=,;\"'.%$(-x1", "\t", "a", "\n", " \u20ac"]
    for number in range(8000):
        area, middle = chance.randrange(200, 1000), chance.randrange(100, 1000)
        one, two = chance.choice("-. "), chance.choice("-. ")
        first = f"{area}{one}" if number % 2 else f"({area}){chance.choice((' ', ''))}"
        behind = chance.choice(around) + chance.choice(("", "at", " x1", "in 2"))
        key = (chance.choice(around)[:1], f"{first}{middle}{two}{chance.randrange(10000):04}", behind[:4])
        quick = phones._american(key)
        if quick:
            theirs = phones._Judge("".join(key), "US", leniency=1)._extract_match(key[1], len(key[0]))
            assert theirs == quick, key
            found += 1
    assert found > 500
    assert phones._american(("", "(212) 555-0123", "")) == phones._verdict(
        ("", "(212) 555-0123", ""), "US", 1
    )
    assert phones._american(("", "(999) 555-0123", "")) is None


def test_candidates_are_ruled_out_only_where_the_library_finds_none() -> None:
    chance = random.Random(4)
    asked, ruled_out = 0, 0
    for _ in range(1500):
        region = chance.choice(("US", "DE", "IL", "BR", "IN", "AT", "FI"))
        digits = "".join(chance.choices("0123456789", k=chance.choice((4, 5, 6, 7, 8, 10, 11, 16))))
        marks = ("", "", "", "", "-", " ", ".", " (", "/", " - ", "   ")
        candidate = "".join(digit + chance.choice(marks) for digit in digits)
        key = (" ", candidate, chance.choice((" ", ":30", " 12")))
        if phones._possible(phones._parts(key), region):
            asked += 1
        else:
            ruled_out += 1
            assert phones._verdict(key, region, 1) is None, (candidate, region)
    assert asked > 100
    assert ruled_out > 100
    assert phones._possible(phones._parts((" ", "555 0100", "")), "DE")
    assert phones._possible(phones._parts(("", "+49", "")), "DE"), (
        "what is not plain is for the library to judge"
    )
    assert not phones._possible(phones._parts((" ", "2012-01-02 08", ":00")), "DE"), "a time"


def test_a_region_that_is_none_has_numbers_with_a_plus_only() -> None:
    found = phones.find("+1 212 555 0123 or 212 555 0124", ("XX",), 1)
    assert [one.raw_string for one in found] == ["+1 212 555 0123"]


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("password={} then", "password=<PASSWORD> then"),
        ("x --password '{}' y", "x --password '<PASSWORD>' y"),
        ('password: "{}", user: bob', 'password: "<PASSWORD>", user: bob'),
        ("<password>{}</password>", "<password><PASSWORD></password>"),
        ("x --password {} y", "x --password <PASSWORD> y"),
        ("curl -u bob:{} https://x.example", "curl -u <PASSWORD> https://x.example"),
    ],
)
def test_a_long_value_goes_whole(text: str, stays: str, sanitizer: Sanitizer) -> None:
    """It is judged by its beginning."""
    chance = random.Random(2)
    for size in (399, 400, 401, 5000):
        value = "".join(chance.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKMNPQRSTUVWXYZ23456789", k=size))
        assert sanitizer.redact(text.format(value))[0] == stays


@pytest.mark.slow
def test_a_policy_s_lists_take_linear_time() -> None:
    """60,000 findings that are denied, 20,000 that are allowed: the old ways took minutes."""
    text = 'deny: [{text: Ann, entity: WHO}]\nallow: [{regex: ".*@example[.]com"}]'
    judge = build_sanitizer(Policy.parse(f"version: 1\nextends: default\n{text}".encode(), "p.yaml"))
    with bounded(20):
        assert len(judge.finder.find("Ann ü " * 60_000)) == 60_000
        assert judge.finder.find("a@example.com " * 20_000) == []
