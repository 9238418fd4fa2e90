"""Messages of payments: who pays and who is paid is found by the field in which it stands, and only there."""

import json

import pytest

from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors import swift
from tests.conftest import build_sanitizer
from tests.spotting import Spotter

PAID = """:20:REF1
:32A:240115EUR1000,
:50K:/12345678
JOHN SMITH
12 HIGH STREET
LONDON
:59:/GB29NWBK60161331926819
MARIA GARCIA
CALLE MAYOR 5
:71A:SHA
-}"""
NUMBERED = """:50F:/12345678
1/SMITH JOHN
2/HIGH STREET 6
3/GB/LONDON
4/19720830
5/GB/LEEDS
6/GB/ABC
:59F:/GB29NWBK60161331926819
1/MARIA GARCIA
3/ES/MADRID
:71A:SHA"""
SAID = [
    ("PERSON", "JOHN SMITH"),
    ("STREET_ADDRESS", "12 HIGH STREET"),
    ("LOCATION", "LONDON"),
    ("PERSON", "MARIA GARCIA"),
    ("STREET_ADDRESS", "CALLE MAYOR 5"),
]
SAID_BY_NUMBERS = [
    ("PERSON", "SMITH JOHN"),
    ("STREET_ADDRESS", "HIGH STREET 6"),
    ("LOCATION", "LONDON"),
    ("DATE_OF_BIRTH", "19720830"),
    ("LOCATION", "LEEDS"),
    ("PERSON", "MARIA GARCIA"),
    ("LOCATION", "MADRID"),
]


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter(swift.recognizers())


@pytest.mark.parametrize("line_break", ["\n", "\r\n", r"\n", r"\r\n"])
@pytest.mark.parametrize(("text", "said"), [(PAID, SAID), (NUMBERED, SAID_BY_NUMBERS)])
def test_a_message(ours: Spotter, text: str, said: list[tuple[str, str]], line_break: str) -> None:
    assert ours.said(text.replace("\n", line_break)) == set(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (":59:MARIA GARCIA\nMADRID", [("PERSON", "MARIA GARCIA"), ("LOCATION", "MADRID")]),
        (":50K:JOHN SMITH\n:71A:SHA", [("PERSON", "JOHN SMITH")]),
        (
            ":50F:CCPT/US/X1234567\n1/SMITH JOHN\n:71A:SHA",
            [("US_PASSPORT", "X1234567"), ("PERSON", "SMITH JOHN")],
        ),
        (":50F:NIDN/DE/AUTH/T220001293\n2/\n:71A:SHA", [("NATIONAL_ID", "T220001293")]),
        # Firms, and what is no such message.
        (":50K:/12345678\nACME TRADING LTD\n12 HIGH STREET\nLONDON\n:71A:SHA", []),
        (":59F:/12345678\n1/ACME GMBH\n2/HIGH STREET 6\n:71A:SHA", []),
        (":50K:/12345678\n:71A:SHA", []),
        (":59:MARIA GARCIA", []),
        (":50K:/12345678\n4711\nLONDON\n:71A:SHA", []),
        ("at 10:59:Reading all\nand more\n:71A:SHA", []),
        (":59:MARIA GARCIA\nMADRID" + "\nmore" * 9, []),
        ("13:59:58 done\nof all", []),
        (":50A:DEUTDEFF\nJOHN SMITH\n:71A:SHA", []),
    ],
)
def test_what_is_found(ours: Spotter, text: str, said: list[tuple[str, str]]) -> None:
    assert ours.said(text) == set(said)


@pytest.mark.parametrize("text", [PAID, NUMBERED, PAID.replace("\n", r"\n")])
def test_what_the_default_policy_does(text: str) -> None:
    ours = build_sanitizer()
    line = json.dumps({"m": text}).encode() + b"\n"
    new = BlockFilter(ours).judge(line).data
    assert new == ours.redact_json(line)[0]
    assert BlockFilter(ours).judge(new).data == new
    for _, value in (*SAID, *SAID_BY_NUMBERS):
        assert value not in json.loads(new)["m"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            ":86:166?00SEPA?20SVWZ+Miete?30COBADEFF?31DE51988741550783021357?32DOE JANE?34012",
            {("IBAN_CODE", "DE51988741550783021357"), ("PERSON", "DOE JANE")},
        ),
        (
            ":86:166?00SEPA?31 ?3012345?310123456789?32VON UND ZU DOE-MUSTERM?33ANN JANE",
            {("US_BANK_NUMBER", "0123456789"), ("PERSON", "VON UND ZU DOE-MUSTERM"), ("PERSON", "ANN JANE")},
        ),
        (":86:020?00SEPA?32EXAMPLE?33 GMBH", set()),
        (":86:020?00SEPA?32FILIALE 17", set()),
        ("GET /q?31DE51988741550783021357?32DOE JANE", set()),
    ],
)
def test_a_statement_of_a_bank_of_germany(ours: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert ours.said(text) == said
