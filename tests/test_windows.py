"""Recognizers that are asked about windows of a long text find what they find in the whole of it."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.sanitizer import windows
from cecil.sanitizer.detectors import Trigger, context
from cecil.sanitizer.detectors.identity import recognizers
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.scanner import Scanner
from cecil.sanitizer.spans import Span
from tests import planting
from tests.conftest import build_sanitizer, examples

CASES = Path(__file__).parent / "cases"
POLICIES = ("default", "hipaa", "llm")

FILL = """the worker has not yet seen what we were asked about and so it waits for more of them while nobody
    looks where they went from here to there again""".split()
OTHER = """driver license passport account bank call phone social security secret token password health name
    Cookie: curl http card note: key = born <Password> </Password> "a": 17 -- 2026 東京 naïve . , the:1 of:""".split()
"""What wakes a recognizer, or counts as its context, and ends no value."""

WORDED = (
    "D1234567", "123456789", "A12345678", "12345678901", "943 476 5919", "212-555-0123", "219099999", "9 9 9",
    "a8f5f167f44f4964e6c998dee827110c", "hunter2x9", "<Password>hunter2x9</Password>", "Qr7!dke#39",
    ":: and 2a00:1450:4009:81f::200e", "Cookie: " + " and of the ".join(["sid=a8f5f167f44f4964"] * 60),
    "passports 123456789, 223456789 and 323456789", "bob [at] example [dot] com", "x" * 700, "1 " * 300,
    "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0\n" * 40 + "-----END PRIVATE KEY-----",
    "Cookie: " + "; ".join(f"sid{n}=a8f5f167f44f{n}964" for n in range(30)),
)  # fmt: skip


def made(chance: Random) -> str:
    """A text with values at any distance from each other, and from the ends."""
    parts: list[str] = []
    for _ in range(chance.randrange(2, 14)):
        parts += chance.choices(FILL, k=chance.choice((0, 1, 6, 20, 60, 120)))
        parts += chance.choices(OTHER, k=chance.choice((0, 0, 1, 2)))
        parts += chance.choices(FILL, k=chance.choice((0, 0, 1, 5, 9, 40)))
        parts.append(chance.choice(WORDED + planting.VALUES))
    return chance.choice((" ", " ", "\n")).join(parts) + " " * chance.randrange(2)


@pytest.fixture(scope="module", params=POLICIES)
def both(request: pytest.FixtureRequest) -> Any:
    """The same sanitizer twice: what one remembers the other does not."""
    return [build_sanitizer(request.param, key=Keyring(b"k" * 32)) for _ in range(2)]


def same(both: list[Sanitizer], text: str) -> None:
    fast, simple = both
    found = fast.redact({"text": text})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(windows, "LONG", 1 << 40)
        patch.setattr(context, "_AROUND", (1 << 40,))
        assert simple.redact({"text": text}) == found


@given(seed=st.integers(0, 2**48))
@examples(40)
def test_windows_find_what_the_whole_text_holds(both: list[Sanitizer], seed: int) -> None:
    same(both, made(Random(seed)))


def test_windows_find_what_all_cases_hold(both: list[Sanitizer]) -> None:
    texts = [path.read_bytes().decode("utf-8", "replace") for path in sorted(CASES.glob("*/input*"))]
    assert len(texts) > 20
    chance = Random(1)
    chance.shuffle(texts)
    for at in range(0, len(texts), 16):
        same(both, "\nand then there was ".join(texts[at : at + 16]))


def test_a_call_s_third_argument_stands_far_behind_its_name(both: list[Sanitizer]) -> None:
    long = ("what the host and its driver are told of " * 5)[:198]
    text = (
        "then we saw some of the " * 200
        + f"new PDO('{long}', '{long}', '{long[:189]}Hunter2x9!') "
        + "and so on " * 400
    )
    same(both, text)
    assert "Hunter2x9!" not in both[0].redact({"text": text})[0]["text"]


def test_what_a_window_cuts_off_is_asked_for_again() -> None:
    """Values of a list go on beyond any window; what follows the last one is found in none."""
    recognizer = next(one for one in recognizers() if one.name == "passport")
    listed = "passports " + ", ".join(str(n) for n in range(123456700, 123456900))
    text = "we saw some of the " * 200 + listed + " of them " * 400
    spans = windows.near(recognizer, text, [text.index("123456700") + 9])
    assert spans == recognizer.find(text)
    assert len(spans) == 200
    assert windows.near(recognizer, text, []) == []


def test_a_text_without_words_is_not_cut() -> None:
    recognizer = next(one for one in recognizers() if one.name == "passport")
    text = "1 " * 6000 + "passport 123456789" + " 1" * 6000
    assert windows.near(recognizer, text, [text.index("9") + 1]) == recognizer.find(text) != []


def test_who_is_not_known_gets_the_whole_text() -> None:
    class Own:
        name = "own"
        entities = frozenset({"X"})
        context: tuple[str, ...] = ()
        triggers = (Trigger("needle"),)

        def find(self, text: str, misses: Any = None) -> list[Span]:
            return [Span(0, len(text), "X", 1.0, "own")]

    text = "some words and more " * 400
    assert windows.near(Own(), text, [17]) == [Span(0, len(text), "X", 1.0, "own")]


@pytest.mark.parametrize("text", ["a needle and a pin", "é a needle 東京 needle\ud800 pin", "東京"])
def test_places_are_characters(text: str) -> None:
    rows = [(0, Trigger("needle")), (1, Trigger("pin")), (2, Trigger(r"\xe6[\x80-\xff]", beyond=True))]
    places = Scanner(rows).places(text)
    assert places.get(0, []) == [n + 6 for n in range(len(text)) if text.startswith("needle", n)]
    assert places.get(1, []) == [n + 3 for n in range(len(text)) if text.startswith("pin", n)]
    assert places.get(2, []) == [n + 1 for n in range(len(text)) if text[n] == "東"]


def test_words_may_stand_far_before() -> None:
    """Six keywords, however many other words stand between them; and all keywords of a token with a colon."""
    near = "license " + "of the and " * 2000 + "D1234567" + " of" * 4000
    far = "license " + "quick brown foxes jumped " * 2 + "of the and " * 2000 + "D1234567" + " of" * 4000
    text = f"{'words ' * 9000}{near} {'words ' * 9000}{far}"
    at = [n for n in range(len(text)) if text.startswith("D1234567", n)]
    spans = [Span(start, start + 8, "US_DRIVER_LICENSE", 0.3, "x") for start in at]
    assert [span.score > 0.4 for span in context.enhance(text, spans, ("license",))] == [True, False]
    colons = text.replace("words", "of:1", 1).replace("words", "ΟΔΟΣ:the", 1)
    at = [n for n in range(len(colons)) if colons.startswith("D1234567", n)]
    spans = [Span(start, start + 8, "US_DRIVER_LICENSE", 0.3, "x") for start in at]
    assert [span.score > 0.4 for span in context.enhance(colons, spans, ("license",))] == [False, False]


def test_words_may_stand_far_behind() -> None:
    """Where a span begins with no keyword, the next one counts, however far it is."""
    text = "words " * 9000 + "of the and " * 2000 + "license " + "words " * 9000
    spans = [Span(54_000, 54_002, "US_DRIVER_LICENSE", 0.3, "x")]
    assert context.enhance(text, spans, ("license",))[0].score > 0.4
    assert context.enhance(text.replace("license", "licence"), spans, ("license",)) == spans
    far = text.replace("words of", "license of", 1).replace("license words", "seven words", 1)
    assert context.enhance(far, [spans[0]._replace(start=54_002, end=54_004)], ("license",))[0].score > 0.4


@given(seed=st.integers(0, 2**48))
@examples(150)
def test_words_near_are_those_of_the_whole_text(seed: int) -> None:
    chance = Random(seed)
    words = [
        "of",
        "the",
        "and",
        "license",
        "quick",
        "1:the",
        "x" * 1200,
        "",
        "",
        "\n",
        "\t",
        "--",
        "don't",
        "ΟΔΟΣ:a",
    ]
    some = chance.sample(words, 5)
    text = " ".join(chance.choices(some, k=chance.choice((700, 2000)))) + " filler" * 600
    starts = sorted(chance.sample(range(len(text)), 12))
    spans = [Span(start, start + 1, "X", 0.3, "x") for start in starts]
    whole = context._Near(text)
    found = context.enhance(text, spans, ("license",))
    assert [span.score > 0.4 for span in found] == [whole.any(start, ("license",)) for start in starts]


def test_policies_that_look_for_weak_values() -> None:
    policy = Policy.parse(b"version: 1\nthreshold: 0.1\n", "policy.yaml")
    both = [build_sanitizer(policy, key=Keyring(b"k" * 32)) for _ in range(2)]
    for seed in range(6):
        same(both, made(Random(seed)))
