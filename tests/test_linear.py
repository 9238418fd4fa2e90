"""No input makes a recognizer of Presidio's slow: long texts made for it are judged before its time-out of a second.

No clock is read: a recognizer that takes longer raises DetectorError by itself, which fails the test.
"""

import random
from typing import Any

import pytest
import regex

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import linear
from cecil.sanitizer.detectors.catalogue import _known, load

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
    assert found > 1000
