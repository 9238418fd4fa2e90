"""Cards and who holds them in what chips say, in BER-TLV as hexadecimal digits."""

import json

import pytest

from cecil.sanitizer.detectors import emv
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(emv.recognizers())


NUMBER = "4111111111111111"
NAME = b"LEE/ANN".hex()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"emv 9F2608A1B2C3D4E5F607085A08{NUMBER}5F24032712315F2007{NAME}9F3602000A",
            {("CREDIT_CARD", NUMBER), ("PERSON", NAME)},
        ),
        (f"5a08{NUMBER}", {("CREDIT_CARD", NUMBER)}),
        # Of fifteen digits, filled up.
        ("de55=9F34031F03025A08378282246310005F5F3401019F", {("CREDIT_CARD", "378282246310005F")}),
        (
            f"9A032611235713{NUMBER}D27122010000000000000F9F36",
            {("CARD_TRACK", f"{NUMBER}D27122010000000000000F")},
        ),
        # Cut off within the name, and filled up with blanks.
        (f"5F201A{NAME}2020", {("PERSON", f"{NAME}2020")}),
        (f"tlv: 5F 20 07 {b'LEE/ANN'.hex(' ')} 5A 08 41 11 11 11 11 11 11 11",
         {("PERSON", b"LEE/ANN".hex(" ")), ("CREDIT_CARD", "41 11 11 11 11 11 11 11")}),
    ],
)  # fmt: skip
def test_what_is_found(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "5A084111111111111112",  # the check digit is wrong
        f"5A07{NUMBER}",  # another length
        f"5A09{NUMBER}5F3401",
        f"5A0A{NUMBER}",  # cut off
        f"5713{NUMBER}D27132010000000000000F",  # no month
        "5713411111111111111200000000000000000000",
        "5F2002202F",  # blank
        "5F200820202020202020202F",
        "5F2007010203040506079F36",
        "trace 5a08f1e2d3c4b5a697887766554433",
        "5f20085f4142435f44455f",  # signs that no name has
        "5F200541424344FF",  # no letter of ASCII
        "05 A0 84 11 11 11 11 11 11 11 10",  # no tag begins within an octet
    ],
    ids=str,
)
def test_what_is_none(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


def test_a_wrong_check_digit_is_told(spotter: Spotter) -> None:
    misses: list[Miss] = []
    assert spotter.spans("5A084111111111111112", misses) == []
    assert [(one.start, one.end, one.why) for one in misses] == [(4, 20, "the check digit is wrong")]


def test_a_terminals_message() -> None:
    record = {"mti": "0100", "emvData": f"9F0206000000001000820239005A08{NUMBER}5F2007{NAME}9F3602000A"}
    line, found = build_sanitizer().redact_json(json.dumps(record).encode())
    assert json.loads(line)["emvData"] == (
        "9F0206000000001000820239005A08<CREDIT_CARD>5F2007<PERSON>9F3602000A"
    )
    assert {one.entity for one in found} == {"CREDIT_CARD", "PERSON"}
    assert build_sanitizer().redact_json(line)[0] == line


@pytest.mark.parametrize("part", [f"5A08{NUMBER}", "5A084", "5A 08 41 ", "5F 20 444 ", f"5713{NUMBER}D"])
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    spotter.said((part * (LONG // len(part) + 1))[:LONG])
