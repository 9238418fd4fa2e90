"""One scan for all triggers: what stands apart hits as what does not, and what cannot be scanned is an error."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import DetectorError
from cecil.sanitizer import decoding, keys, normal
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.finder import Finder
from cecil.sanitizer.sanitizer import _base
from cecil.sanitizer.scanner import Scanner
from cecil.sanitizer.spans import Miss, Span
from cecil.sanitizer.triggers import of
from cecil.stream.jsonl import proven
from tests.conftest import build_sanitizer, examples

ROWS = [
    (0, Trigger("needle", caseless=True)),
    (1, Trigger(r"\b[0-9]{3}[- ][0-9]{4}\b", shape=True)),
    (2, Trigger(r"\b[A-F0-9]{2}:[0-9]\d", shape=True)),
    (3, Trigger("\u00e9+", beyond=True)),
]


class Kept:
    """A cache that holds one value for whoever asks, and knows what was put."""

    def __init__(self, value: bytes | None = None) -> None:
        self.value = value
        self.put_under: list[str] = []

    def get(self, key: str) -> bytes | None:
        return self.value

    def put(self, key: str, value: bytes) -> None:
        self.put_under.append(key)


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("a NEEDLE and needles", {0}),
        ("call 555-0123 or 555 0123", {1}),
        ("call 5555-0123 or 55-0123", set()),
        ("B7:91 x", {2}),
        ("b7:91 x", set()),
        ("caf\u00e9 555-0123 needle", {0, 1, 3}),
        ("nothing", set()),
        ("", set()),
    ],
)
def test_hits(text: str, bits: set[int]) -> None:
    """(end, bit), in order, from one database or from the other."""
    together, apart = Scanner(ROWS), Scanner([], ROWS)
    hits = together.hits(text.encode())
    assert {bit for _, bit in hits} == bits
    assert (
        sorted(hits) == hits == apart.hits(text.encode()) == Scanner(ROWS[:2], ROWS[2:]).hits(text.encode())
    )
    assert together.mask(text) == sum(1 << bit for bit in bits)


def test_a_shape_is_found_in_its_line() -> None:
    """The lines in which a shape stands are told by one engine, what stands there and where by the other."""
    lines = b"555-0123\n\n#x\nnone\nA1:23\n555-0123 b B7:91\n#"
    rows = [*ROWS, (4, Trigger(r"(?:^|[^0-9])#[a-z]?\s", shape=True))]
    assert Scanner(rows).hits(lines) == [(8, 1), (13, 4), (23, 2), (32, 1), (40, 2)]
    assert Scanner(rows).hits(lines[:8]) == [(8, 1)]
    assert Scanner(rows).hits(lines[-1:]) == []


def test_what_was_kept_by_another_version_is_made_again() -> None:
    cache = Kept(b"not a database")
    scanner = Scanner([(5, Trigger("made again"))], cache=cache)
    assert scanner.hits(b"it is made again") == [(16, 5)]
    assert len(cache.put_under) == 2  # the two that are empty are one


def test_what_was_kept_is_used() -> None:
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=[b"kept"], ids=[0], flags=[0])
    cache = Kept(hyperscan.dumpb(database))
    assert (6, 7) in Scanner([(7, Trigger("not looked at"))], cache=cache).hits(b"a kept")
    assert cache.put_under == []


def test_an_expression_that_is_none() -> None:
    with pytest.raises(ValueError, match="a trigger is not understood"):
        Scanner([(0, Trigger("(open"))])


def test_a_scan_that_fails_is_an_error_without_the_text() -> None:
    with pytest.raises(DetectorError) as caught:
        Scanner(ROWS).hits("planted text")  # type: ignore[arg-type]
    assert "planted" not in str(caught.value)


PIECES = (
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"\t",
    b'{"a":1}',
    b"{}",
    b'"}{"',
    b"{}\n{}",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_lines_that_are_sure_to_be_apart_need_not_be_counted(data: bytes) -> None:
    if Scanner([]).parted(data):
        assert proven(data, parted=True) == proven(data)


@pytest.mark.parametrize(
    ("lines", "parted"),
    [
        (b'{"a":1}\n{"a":{"b":{}}}\r\n{}\n', True),
        (b"{}", True),
        (b'{"a":"}{"}\n{}\n', False),  # it may be two
        (b"{} {}\n", False),
        (b'{"a":\n1}\n', False),
        (b"{}\n\n{}\n", False),
        (b"{} \r\n{}\n", False),
    ],
)
def test_what_speaks_against_one_object_a_line(lines: bytes, parted: bool) -> None:
    assert Scanner(ROWS).parted(lines) == parted
    assert proven(b"{}\n{}{\n}\n", parted=False) == 0
    with pytest.raises(DetectorError):
        Scanner([]).parted("planted text")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "end", "awake"),
    [
        (b'{"a":"one","b":"two"}', 8, {"one"}),
        (b'{"a":"one","b":"two"}', 18, {"two"}),
        (b'{"a":-1.50,"b":"two"}', 7, {"-1.50", "-1.5"}),
        (b'{"a":12345678901234567890123}', 20, {"12345678901234567890123", "1.2345678901234568e+22"}),
        (b'{"a":true,"b":"two"}', 9, None),  # no number: it may be anywhere
        (b'{"a":"one","b":"two"}', 11, None),
    ],
)
def test_awake(line: bytes, end: int, awake: set[str] | None) -> None:
    """What a hit is in: a string, or a number as it is spelled and as Python spells it."""
    found = build_sanitizer().finder.awake(line, 0, [(end, 9)])
    assert found == (None if awake is None else dict.fromkeys(awake, 1 << 9))


def test_all_that_stands_in_a_string_is_told() -> None:
    line = b'{"a":"one","b":"one","c":"two"}'
    found = build_sanitizer().finder.awake(line, 0, [(7, 9), (8, 7), (9, 9), (18, 5), (28, 6)])
    assert found == {"one": 1 << 9 | 1 << 7 | 1 << 5, "two": 1 << 6}


def test_what_stands_in_a_line_of_text_is_told_where_its_text_is_searched_as_it_stands() -> None:
    finder = build_sanitizer().finder
    assert finder.standing(b"one\r\n", [(2, 9), (3, 7), (3, 9)]) == 1 << 9 | 1 << 7
    assert finder.standing(b"one\rtwo\n", [(2, 9)]) is None


@pytest.mark.parametrize(
    ("line", "deaf"),
    [
        (b'{"msg":"retrying call to a","path":"/v1/orders/4406492"}', True),
        (b'{"msg":"retrying call to 4406492"}', False),  # in one string
        (b'{"call":"a","path":"/v1/orders/4406492"}', False),
        (b'{"last_call" : "a","path":"/v1/orders/4406492"}', False),
        (b'{"a":{"call":["b",{"c":4406492}]}}', False),
        (b'{"key":"call","value":"4406492"}', False),  # a name that is no key
        (b'{"<call>":"a","path":"/v1/orders/4406492"}', False),
        (b'{"msg":":",":call":"4406492"}', False),
        (b'{"msg":"call","n":"4406492","mail":"bob@example.com"}', False),
    ],
)
def test_words_without_a_key_say_nothing_of_values_in_other_strings(line: bytes, deaf: bool) -> None:
    finder = build_sanitizer().finder
    hits = finder.hits(line)
    assert hits
    assert finder.deaf(line, hits) == deaf


def test_every_word_for_which_a_value_waits_is_heard_in_a_key() -> None:
    """In a line of which nothing is heard, the words of no key wake one of those that wait for words."""
    finder = build_sanitizer(countries=frozenset({"de", "in", "sg", "au"})).finder
    waiting = sum(1 << bit for bit, one in finder._recognizers.items() if any(two.wide for two in of(one)))
    values = ("4406492", "6177798066", "12345678901", "A1234567", "S1234567D", "123456789", "x")
    words = {word for one in finder._recognizers.values() for word in one.context} | {"message", "n", "path"}
    deaf = woken = 0
    for key in sorted(words):
        spoken = keys.context(key)
        for value in values:
            line = json.dumps({"msg": "call of an account", key: value}).encode()
            more = finder.woken(value, spoken) & ~finder.woken(value) & waiting
            if b"\\" not in line and finder.deaf(line, finder.hits(line)):
                deaf += 1
                assert not more, key
            woken += bool(more)
    assert deaf > 50
    assert woken > 200


@pytest.mark.parametrize(
    "line",
    [
        json.dumps({"says": "no pass is set", "values": ["10.7"] * 300}, separators=(",", ":")),
        "key FwoGZXIvYXdz" + "aB3" * 300,
        "token y0_" + "aB3_-" * 60,
        "address 17 Birch " + "and so on " * 100,
    ],
)
def test_what_goes_on_behind_a_trigger_is_not_told_at_each_character(line: str) -> None:
    """A line of a log can go on for thousands of them, and for each a place was told, and looked at."""
    assert len(build_sanitizer().finder.hits(line.encode())) < 30


def test_what_is_looked_into_ahead_is_what_is_found() -> None:
    """By one recognizer after the other; what fails there fails for whoever asks for it."""

    class Failing:
        name, entities, context = "failing", frozenset({"SECRET"}), ()
        triggers = (Trigger("needle"),)

        def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
            raise DetectorError("failing")

    texts = ["mail bob@example.com", "ssn 385-37-1120 of amy@example.com", "call (212) 892-9981", "nothing"]
    plain, ahead = build_sanitizer().finder, build_sanitizer().finder
    ahead.ahead([(text, ahead._scanner.mask(text)) for text in [*texts, texts[0]]])
    kept = {text: dict(found) for text, found in ahead._ahead.items()}
    assert [any(kept[text].values()) for text in texts] == [True, True, True, False]
    assert [ahead.find(text) for text in texts] == [plain.find(text) for text in texts]
    ahead.ahead([(texts[0], ahead._scanner.mask(texts[0]))])
    assert ahead._ahead == {}  # it was asked for lately
    ahead._asked.update(map(str, range(10_000)))
    ahead.ahead([(texts[0], ahead._scanner.mask(texts[0]))])
    assert ahead._ahead == {texts[0]: kept[texts[0]]}
    failing = Finder([Failing()], lambda _: True, 0.4, (), {})
    failing.ahead([("a needle", failing._scanner.mask("a needle"))])
    with pytest.raises(DetectorError):
        failing.find("a needle")


def test_what_says_in_which_line_a_shape_stands_passes_none_over() -> None:
    """It takes more than the shapes do; text by text, without it, the same is found as in lines."""
    scanner = build_sanitizer().finder._scanner
    shapes = [one for one in _triggers() if one.shape]
    assert len(shapes) > 50
    woken = 0

    @examples(150)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        nonlocal woken
        one = data.draw(st.sampled_from(shapes))
        flags = re.IGNORECASE if one.caseless else re.NOFLAG
        made = data.draw(st.from_regex(re.compile(one.regex.encode(), flags)))
        text = made.decode("latin-1").replace("\n", " ")
        mask = scanner.mask(text)
        lines = f"quiet\n{text}\nquiet\n".encode()
        assert {bit for _, bit in scanner.hits(lines)} >= {bit for bit in range(2048) if mask >> bit & 1}
        woken += bool(mask)

    holds()
    assert woken > 50


def _triggers() -> list[Trigger]:
    """Those of the default policy."""
    return [one for some in _base().values() for one in some] + [*decoding.triggers(), *normal.triggers()]
