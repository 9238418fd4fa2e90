"""Our way of running Presidio's recognizers gives what Presidio's own engine gives, text by text."""

import gzip
import json
import random
import re
import socket
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import phonenumbers
import pytest
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerResult,
)
from presidio_analyzer.predefined_recognizers import EmailRecognizer, IpRecognizer
from tldextract import TLDExtract

from cecil.errors import DetectorError
from cecil.sanitizer.detectors.catalogue import analyze, load
from cecil.sanitizer.detectors.context import _piece, _without_numbers, enhance
from cecil.sanitizer.detectors.presidio import _COMMON, _IPV4, _USER, PresidioRecognizer, deduplicated
from cecil.sanitizer.spans import Miss, Span
from tests.bench.finders import presidio_engine

DATA = Path(__file__).parent / "data" / "logs"


@pytest.fixture(scope="module")
def engine() -> AnalyzerEngine:
    """Presidio as its documentation sets it up, with a blank pipeline."""
    return presidio_engine()


class Detector:
    """Our recognizers, all of them run."""

    def __init__(self) -> None:
        self._recognizers = load()

    def find(self, text: str, context: tuple[str, ...] = ()) -> list[Span]:
        return analyze(text, self._recognizers, context)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    return [str(value)]


def real_texts() -> list[str]:
    lines = gzip.decompress((DATA / "cloudtrail.jsonl.gz").read_bytes()).splitlines()[::6]
    lines += (DATA / "lambda_events.jsonl").read_bytes().splitlines()
    texts = {leaf for line in lines for leaf in leaves(json.loads(line))}
    texts |= set((DATA / "apache_access.log").read_text().splitlines()[::5])
    return sorted(texts)


def made_texts() -> list[str]:
    """Parts that recognizers look for, whole and damaged, with and without words that support them."""
    chance = random.Random(7)
    parts = (
        "bob@example.com 192.0.2.1 2001:db8::1 ::1 4111111111111111 4111-1111-1111-1111 219-09-9999 078051120 "
        "DE89370400440532013000 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 12:c4:b6:95:a1:71 aa-bb-cc-dd-ee-ff AB1234563 "
        "212-555-0123 +44 20 7946 0958 H12345678 123456789 943 476 5919 12/31/1999 2024-01-02T03:04:05Z "
        "https://example.com/x?y=1 example.org 900-70-1234 c78b8c19-af06-44ea-b707-60bb0c3124f9 ٤١١١١١١١١١١١١١١١"
    ).split()
    words = (
        "passport license driver ssn social security card credit account bank phone call mail email iban wallet btc nhs "
        "mac address date born itin taxpayer medical dea url the of and (x) [y] key= :".split()
    )
    texts = []
    for _ in range(500):
        pieces = chance.choices(words, k=chance.randrange(4)) + chance.choices(
            parts, k=chance.randrange(1, 3)
        )
        chance.shuffle(pieces)
        text = chance.choice([" ", " ", ", ", ": "]).join(pieces)
        if chance.random() < 0.3:
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice("x0-. ") + text[at + 1 :]
        texts.append(text)
    return texts


@pytest.mark.parametrize("texts", [real_texts, made_texts])
@pytest.mark.parametrize("context", [(), ("card", "number")])
def test_the_same_spans_as_presidio(engine: AnalyzerEngine, texts: Any, context: tuple[str, ...]) -> None:
    detector = Detector()
    found = 0
    for text in texts():
        ours = {(s.start, s.end, s.entity, s.score) for s in detector.find(text, context)}
        theirs = engine.analyze(text, language="en", context=list(context) or None, score_threshold=0.4)
        assert ours == {(r.start, r.end, r.entity_type, r.score) for r in theirs}, text
        found += len(ours)
    assert found > 100


def test_context_as_presidio_has_it(engine: AnalyzerEngine) -> None:
    """Stop words, punctuation, colons, white space of all kinds, words joined to numbers: before and behind."""
    chance = random.Random(23)
    parts = (
        "ssn SSN account# Passport: the is of be BE not can't be: the:x is:1 10:30:00 a:b:c :-) -- ... ( ) , ; x number "
        "license driver's bank=1 key:219099999 (ssn)219-09-9999 219099999 123456789 A12345678 h12345678, https://a.b "
        "-PRON- don't 12:c4:b6:95:a1:71 ſsn İbank é, 3km ssn/219099999 \u200b \x1f x@y bank-account"
    ).split(" ")
    blanks = [" ", " ", " ", "  ", "\n", "\t", " \n ", "\xa0", "\r\n", ""]
    detector = Detector()
    found = 0
    for _ in range(600):
        text = "".join(
            part + chance.choice(blanks) for part in chance.choices(parts, k=chance.randrange(1, 14))
        )
        if chance.random() < 0.2:
            text = chance.choice(blanks) + text
        ours = {(s.start, s.end, s.entity, s.score) for s in detector.find(text)}
        theirs = engine.analyze(text, language="en", score_threshold=0.4)
        assert ours == {(r.start, r.end, r.entity_type, r.score) for r in theirs}, text
        found += len(ours)
    assert found > 200


def test_context_in_very_long_texts() -> None:
    """Each stretch is walked once, and a run without white space is one word for each 1,000 characters."""
    number = "219099999"

    def scores(text: str) -> list[float]:
        ssn = next(one for one in load() if one.presidio.name == "UsSsnRecognizer")
        spans = enhance(text, ssn.find(text), ssn.context)
        return [span.score for span in spans]

    assert scores("ssn" + " the" * 50_000 + f" {number}" * 3) == [0.4, 0.4, 0.4]
    assert scores("ssn " + f"{number} the of " * 20_000)[:7] == [0.4] * 5 + [0.05] * 2
    assert scores("ssn x y z v w " + number) == [0.05]
    assert scores(f"{number} " + "the of " * 50_000 + "ssn") == [0.05]
    assert scores("ssn" + "." * 20_000 + number) == [0.05]
    assert scores("." * 2_000 + "ssn" + "-" * 500 + number) == [0.4]
    assert scores("ssn a=b=c=" + number) == [0.4]
    assert scores("ssn a=b=c=d=" + number) == [0.05]
    # A token with a colon is no keyword: then the first one behind it is looked at.
    assert scores(f"{number}:1 " + "the of " * 9 + "ssn") == [0.4]
    assert scores(f"{number}:1 " * 3 + "the of " * 9 + "ssn") == [0.4] * 3
    assert scores(f"{number}:1 " + "the of " * 9 + "and ssn:") == [0.4]
    assert scores(f"{number}:1 the of ssn:1 is") == [0.05]


def test_a_span_that_begins_in_the_last_blank(engine: AnalyzerEngine) -> None:
    """Presidio finds no token there and fails."""
    recognizer = PatternRecognizer("X", patterns=[Pattern("blank", " $", 0.2)], context=["ends"])
    with pytest.raises(ValueError, match="list of tokens"):
        engine.analyze("it ends ", language="en", ad_hoc_recognizers=[recognizer])
    [span] = analyze("it ends ", [PresidioRecognizer(recognizer)])
    assert (span.start, span.end, span.score) == (7, 8, pytest.approx(0.55))


def test_numbers_are_cut_alike_whatever_their_digits() -> None:
    """So what is near in a text is near in any with other numbers."""
    chance, changed = Random(7), 0
    for _ in range(2000):
        number = "".join(chance.choices("0123456789" * 3 + ".,:;/()+-", k=chance.randrange(1, 14)))
        if chance.random() < 0.3:
            number = ".".join(str(chance.randrange(300)) for _ in range(4)) + chance.choice(
                ("", ":443", "/24", ".")
            )
        other = _without_numbers(number)
        changed += other != number
        one, two = _piece(number), _piece(other)
        assert (one.ends, one.keywords) == (two.ends, two.keywords), (number, other)
    assert changed > 1000
    assert (
        _without_numbers("user12 at 10.20.30.40, b-2 8-) 0.0 12am")
        == "user12 at 11.11.11.11, b-2 8-) 0.0 12am"
    )


def test_context_without_words() -> None:
    span = Span(0, 1, "X", 0.9, "d")
    assert enhance("x ssn", [span], ()) == [span]
    assert enhance("x", [span], ("key",), ("my-KEY",)) == [span._replace(score=1.0)]
    assert enhance("x", [], ("key",), ("key",)) == []


@pytest.mark.slow
def test_telephone_numbers_of_every_country(engine: AnalyzerEngine) -> None:
    """Each country's example numbers, national and international, alone and in a text."""
    detector = Detector()
    texts = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number(region)
        for form in (phonenumbers.PhoneNumberFormat.NATIONAL, phonenumbers.PhoneNumberFormat.INTERNATIONAL):
            texts.append(phonenumbers.format_number(number, form))
    texts += [f"call {a}, or {b} x12 (p. 3) $5" for a, b in pairwise(texts)]
    found = 0
    for text in texts:
        ours = {(s.start, s.end) for s in detector.find(text) if s.entity == "PHONE_NUMBER"}
        theirs = engine.analyze(text, language="en", score_threshold=0.4, entities=["PHONE_NUMBER"])
        assert ours == {(r.start, r.end) for r in theirs}, text
        found += len(ours)
    assert found > 100


def test_no_number_is_shorter_than_what_is_looked_at() -> None:
    from cecil.sanitizer.detectors.phones import _FEWEST_DIGITS

    lengths = [
        length
        for code in (
            *phonenumbers.SUPPORTED_REGIONS,
            *map(str, phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS),
        )
        for description in vars_of(code)
        for length in description.possible_length
        if length > 0
    ]
    assert min(lengths) >= _FEWEST_DIGITS


def vars_of(code: str) -> list[Any]:
    metadata = phonenumbers.PhoneMetadata
    found = (
        metadata.metadata_for_nongeo_region(int(code))
        if code.isdigit()
        else metadata.metadata_for_region(code)
    )
    kinds = (
        "general_desc",
        "fixed_line",
        "mobile",
        "toll_free",
        "premium_rate",
        "shared_cost",
        "personal_number",
        "voip",
        "pager",
        "uan",
        "voicemail",
    )
    return [kind for kind in (getattr(found, name) for name in kinds) if kind is not None]


def test_the_last_number_of_very_many_is_found() -> None:
    """The library gives up on a text after 65,535 candidates; what stands behind them must not pass."""
    from cecil.sanitizer.detectors.phones import find

    text = "1234567 x " * 66000
    assert [match.start for match in find(text + "+1 212-555-0123", ("US",), 1)] == [len(text)]


def test_telephone_numbers_among_all_that_looks_like_one(engine: AnalyzerEngine) -> None:
    """Neighbours, brackets, dates, times, extensions, second numbers: what the library's rules look at."""
    chance = random.Random(13)
    parts = [
        "212-555-0123", "(212) 555-0123", "+44 20 7946 0958", "030 901820", "2024-01-02", "12/31/1999", "10:15:30", "2012-01-02 08:00:59",
        "x123", "ext. 5", "/", "//", "$", "%", "a", "é", "(", ")", "[", "]", "pp. 1-9", "1.2.3.4", "555", "0800 1111", "12345678901", ":59", "٠١٢٣", "~", ";ext=7",
    ]  # fmt: skip
    detector = Detector()
    found = 0
    for _ in range(500):
        text = "".join(
            part + chance.choice(["", " ", " ", ", ", "-"])
            for part in chance.choices(parts, k=chance.randrange(1, 7))
        )
        ours = {(s.start, s.end) for s in detector.find(text) if s.entity == "PHONE_NUMBER"}
        theirs = engine.analyze(text, language="en", score_threshold=0.4, entities=["PHONE_NUMBER"])
        assert ours == {(r.start, r.end) for r in theirs}, text
        found += len(ours)
    assert found > 100


def test_a_pattern_that_times_out_is_an_error() -> None:
    one = PresidioRecognizer(PatternRecognizer("X", patterns=[Pattern("slow", r"(?:a|a)+b", 0.5)]))
    with pytest.raises(DetectorError) as caught:
        one.find("a" * 50)
    assert str(caught.value) == "a pattern of presidio:PatternRecognizer timed out"


@pytest.mark.parametrize("error", [ValueError, MemoryError])
def test_a_recognizer_that_fails_is_an_error_without_the_text(error: type[Exception]) -> None:
    class Failing(PatternRecognizer):  # type: ignore[misc]
        def validate_result(self, pattern_text: str) -> bool:
            raise error(pattern_text)

    one = PresidioRecognizer(Failing("X", patterns=[Pattern("a", "a+", 0.5)]))
    with pytest.raises(error if error is MemoryError else DetectorError) as caught:
        one.find("aaa")
    if error is ValueError:
        assert str(caught.value) == "presidio:Failing failed with ValueError"
        assert caught.value.__cause__ is None


def test_near_misses_say_which_check_failed() -> None:
    recognizers = {one.presidio.name: one for one in load()}
    misses: list[Miss] = []
    assert recognizers["CreditCardRecognizer"].find("4111111111111112", misses) == []
    assert recognizers["UsSsnRecognizer"].find("000-12-3456", misses) == []
    assert recognizers["UsSsnRecognizer"].find("000-12-3456") == []
    assert {(m.start, m.end, m.entity, m.detector, m.why) for m in misses} == {
        (0, 16, "CREDIT_CARD", "presidio:CreditCardRecognizer", "the check failed"),
        (0, 11, "US_SSN", "presidio:UsSsnRecognizer", "ruled out"),
    }


def test_patterns_that_match_nothing_at_all() -> None:
    one = PresidioRecognizer(
        PatternRecognizer("X", patterns=[Pattern("maybe", "a*", 0.5), Pattern("no", "b", 0)])
    )
    assert [(s.start, s.end) for s in one.find("baab")] == [(1, 3)]


def test_duplicates_go_as_presidio_has_it() -> None:
    chance = random.Random(3)
    for _ in range(500):
        spans = [
            Span(start := chance.randrange(6), start + chance.randrange(1, 5), chance.choice("XY"), chance.choice([0.3, 0.5, 1.0]), "d")
            for _ in range(chance.randrange(1, 7))
        ]  # fmt: skip
        theirs = EntityRecognizer.remove_duplicates(
            [RecognizerResult(s.entity, s.start, s.end, s.score) for s in spans]
        )
        ours = [(s.start, s.end, s.entity, s.score) for s in deduplicated(spans)]
        assert sorted(ours) == sorted((r.start, r.end, r.entity_type, r.score) for r in theirs)


def test_of_two_alike_the_validated_one_stays() -> None:
    span = Span(0, 3, "X", 1.0, "d")
    assert deduplicated([span, span._replace(validated=True)]) == [span._replace(validated=True)]


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert Detector().find("bob@example.co.uk")


def test_hosts_of_common_ends_are_known_without_the_list() -> None:
    """None of these ends is longer anywhere in the list: a label before it makes a host, as the list says."""
    mail = EmailRecognizer()
    ends = re.findall(r"[a-z]+", _COMMON.pattern.rpartition("(?:")[2])
    assert len(ends) > 5
    suffixes = TLDExtract(suffix_list_urls=())
    for end in ends:
        assert suffixes(f"co.{end}").suffix == end
        assert not [tld for tld in suffixes.tlds if tld.endswith(f".{end}")]
        for host in (end, f"a.{end}", f"a-b.c--d.{end}", f"1.2.{end}", f"-a.{end}", f"a-.{end}", f"a..{end}", f".{end}",
                     f"A.{end}", f"a.{end.upper()}", f"a.{end}.", f"a.{end}x", f"a.{end}\n", f"ä.{end}", f"a_b.{end}"):  # fmt: skip
            if _COMMON.fullmatch(f"x@{host}"):
                assert mail.validate_result(f"x@{host}") is True, host
        assert [bool(_COMMON.fullmatch(f"x@{host}")) for host in (f"a.b-c.{end}", end, f"-a.{end}", f"a.{end}.uk")] == [
            True, False, False, False,
        ]  # fmt: skip


def test_what_is_known_beforehand_of_addresses() -> None:
    """Hosts are asked once for all users, and plain IPv4 addresses not at all: with the same results."""
    mail, address = EmailRecognizer(), IpRecognizer()
    hosts = ["example.com", "a-b.co.uk", "corp.internal", "x.y.example.org", "1.2.3.4", "münchen.example.de"]
    for host in hosts:
        for user in ("a", "first.last", "a+b", "ünal", "x_1-2", "-", "+."):
            value = f"{user}@{host}"
            assert _USER.sub("x@", value) == f"x@{host}"
            assert mail.validate_result(value) == mail.validate_result(f"x@{host}"), value
    for value in ("a/b@example.com", "a=b@example.com", "http://a@example.com"):
        assert _USER.sub("x@", value) == value
    chance, plain = Random(3), 0
    for _ in range(3000):
        value = ".".join(str(chance.randrange(chance.choice((10, 100, 300)))) for _ in range(4))
        value = chance.choice(("", "", "", "0")) + value + chance.choice(("", "", "", ".", "/8", "\n"))
        if _IPV4.fullmatch(value):
            assert not address.invalidate_result(value), value
            plain += 1
    assert plain > 500
