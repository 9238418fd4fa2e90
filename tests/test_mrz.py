"""Machine-readable zones: the specimens of ICAO 9303, each line by itself, and what only looks like one."""

import pytest

from cecil import Detector
from tests.conftest import build_cache

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
SMALL = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")


def found(text: str) -> list[tuple[str, str]]:
    """Entities and texts of this recognizer."""
    detector = Detector(nlp="none", cache=build_cache())
    return [(one.entity, text[one.start : one.end]) for one in detector.find(text) if one.detector == "mrz"]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (PASSPORT, ["PERSON", "US_PASSPORT"]),
        (VISA, ["PERSON", "US_PASSPORT"]),
        (SMALL, ["PERSON", "US_PASSPORT"]),
        (CARD, ["NATIONAL_ID", "NATIONAL_ID", "PERSON"]),
        (("P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<",), ["PERSON"]),
        (("L898902C36UTO7408122F1204159ZE184226BCDEFG10",), ["US_PASSPORT"]),
        (("I<UTOD23145890<7<<<<<<<<<<<<<<",), ["NATIONAL_ID"]),
    ],
)
def test_every_layout(lines: tuple[str, ...], kinds: list[str]) -> None:
    expected = list(zip(kinds, lines, strict=True))
    for line, one in zip(lines, expected, strict=True):
        assert found(f"read: {line}") == [one]
    for between in ("\n", "|", " ", r"\n", ""):
        if between or len(lines) > 1:
            assert found(f"mrz={between.join(lines)};") == expected, between


@pytest.mark.parametrize(
    "text",
    [
        PASSPORT[0][:-1],
        PASSPORT[0] + "<",
        PASSPORT[1].replace("36UTO", "35UTO"),
        PASSPORT[1].replace("8122F", "8123F"),
        PASSPORT[1].replace("4159Z", "4158Z"),
        CARD[0].replace("8907", "8908"),
        CARD[1].replace("8122F", "8123F"),
        CARD[1].replace("4159U", "4158U"),
        "A" * 44,
        "<" * 44,
        "A<<B" * 11,
        "1" * 30,
        "cat <<EOF; x = 1<<20",
    ],
)
def test_what_is_none(text: str) -> None:
    assert found(text) == []
