"""What a payment card holds beside its number: magnetic stripes and security codes."""

import json

import pytest

from cecil import Sanitizer
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors import cards
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter(cards.recognizers())


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        (
            "swipe %B4111111111111111^EXAMPLE/JO A^30121010000000000000? ok",
            "CARD_TRACK",
            "%B4111111111111111^EXAMPLE/JO A^30121010000000000000?",
        ),
        (
            "B4111 1111 1111 1111^EXAMPLE/JO^3012101 00000000 123?;",
            "CARD_TRACK",
            "B4111 1111 1111 1111^EXAMPLE/JO^3012101 00000000 123?",
        ),
        ("%b378282246310005^EXAMPLE/JO^3012", "CARD_TRACK", "%b378282246310005^EXAMPLE/JO^3012"),
        ("%B4111111111111111^EXAMPLE/JO", "CARD_TRACK", "%B4111111111111111^EXAMPLE/JO"),
        ("at ;4111111111111111=30121010000000000? ok", "CARD_TRACK", ";4111111111111111=30121010000000000?"),
        ("track2=4111111111111111=3012101", "CARD_TRACK", "4111111111111111=3012101"),
        ("57:4111111111111111D30121010000000F", "CARD_TRACK", "4111111111111111D30121010000000F"),
        ("DE4=1000 DE52=1A2B3C4D5E6F7081 DE55=", "SECRET", "1A2B3C4D5E6F7081"),
        ('<field id="52" value="1A2B3C4D5E6F7081"/>', "SECRET", "1A2B3C4D5E6F7081"),
        ("F052: 1A2B3C4D5E6F7081", "SECRET", "1A2B3C4D5E6F7081"),
        ("DE52=0000000000000000", "SECRET", None),
        ("DE53=1A2B3C4D5E6F7081", "SECRET", None),
        ("node52=1A2B3C4D5E6F7081", "SECRET", None),
        ("cvv 123", "CARD_SECURITY_CODE", "123"),
        ("CVV2: 1234.", "CARD_SECURITY_CODE", "1234"),
        ("the CVC is 123", "CARD_SECURITY_CODE", "123"),
        ("card verification code: 123", "CARD_SECURITY_CODE", "123"),
        ("card security code=123", "CARD_SECURITY_CODE", "123"),
        ("4111 1111 1111 1111 exp 12/30 cvv 123", "CARD_SECURITY_CODE", "123"),
        ("4111111111111111|09|27|482", "CARD_SECURITY_CODE", "482"),
        ("4111111111111111:0927:482", "CARD_SECURITY_CODE", "482"),
        ("4111111111111111;09/2027;482", "CARD_SECURITY_CODE", "482"),
        ("378282246310005,09,27,4821", "CARD_SECURITY_CODE", "4821"),
        ("4111111111111112|09|27|482", "CARD_SECURITY_CODE", None),
        ("4111111111111111|13|27|482", "CARD_SECURITY_CODE", None),
        ("4111111111111111|09|27|48217", "CARD_SECURITY_CODE", None),
        ("security code: 482", "CARD_SECURITY_CODE", "482"),
        ("CSC: 482", "CARD_SECURITY_CODE", "482"),
        ("CID: 7731 amex", "CARD_SECURITY_CODE", "7731"),
        ("amex 378282246310005 cid 7731", "CARD_SECURITY_CODE", "7731"),
        ("CID: 7731 opened", "CARD_SECURITY_CODE", None),
        ("security code review 482", "CARD_SECURITY_CODE", None),
        # a check digit that is wrong, a month that is none, something longer
        ("%B4111111111111112^EXAMPLE/JO^3012101?", "CARD_TRACK", None),
        (";4111111111111112=3012101?", "CARD_TRACK", None),
        (";4111111111111111=3013101?", "CARD_TRACK", None),
        (";4111111111111111=3000101?", "CARD_TRACK", None),
        (";4111111111111111=301210", "CARD_TRACK", None),
        ("ab4111111111111111D3012101", "CARD_TRACK", None),
        ("4111111111111111d3012101", "CARD_TRACK", None),
        ("4111111111111111D3012101ab", "CARD_TRACK", None),
        ("B4111111111111111 EXAMPLE/JO", "CARD_TRACK", None),
        ("cvv 12345", "CARD_SECURITY_CODE", None),
        ("cvv 12", "CARD_SECURITY_CODE", None),
        ("cvv check ok 200", "CARD_SECURITY_CODE", None),
        ("cvv 2024-01-01", "CARD_SECURITY_CODE", None),
        ("discard code 123", "CARD_SECURITY_CODE", None),
        ("security code 123", "CARD_SECURITY_CODE", None),
    ],
    ids=str,
)
def test_what_is_found(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    said = ours.said(text)
    if value is None:
        assert entity not in {name for name, _ in said}
    else:
        assert (entity, value) in said


def test_no_code_without_a_card() -> None:
    (row,) = (one for one in cards.recognizers() if one.name == "card-row")
    misses: list[Miss] = []
    assert row.find("4111111111111112|09|27|482", misses) == []
    assert [one.why for one in misses] == ["no card before it"]
    assert [one.end for one in row.find("4111111111111111|09|27|482")] == [26]


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"cvv": "123"}, {"cvv": "<CARD_SECURITY_CODE>"}),
        ({"card": {"cvc": 123}}, {"card": {"cvc": None}}),
        ({"card": {"cvc": {"value": 123}}}, {"card": {"cvc": {"value": None}}}),
        ({"cvv": "match"}, {"cvv": "match"}),
        ({"track1": "%B4111111111111111^EXAMPLE/JO^3012101?"}, {"track1": "<CARD_TRACK>"}),
        ({"track_data": "0123"}, {"track_data": "<CARD_TRACK>"}),
        ({"soundtrack": "0123", "track": 7}, {"soundtrack": "0123", "track": 7}),
        ({"m": "got ;4111111111111111=3012101?"}, {"m": "got <CARD_TRACK>"}),
        ({"m": "q=%25B4111111111111111%5EEXAMPLE%2FJO%5E3012101%3F"}, {"m": "q=<CARD_TRACK>"}),
    ],
    ids=str,
)
def test_what_the_default_policy_does(default: Sanitizer, record: object, after: object) -> None:
    assert default.redact(record)[0] == after
    assert default.redact(after)[0] == after
    assert json.loads(BlockFilter(default).judge(json.dumps(record).encode() + b"\n").data) == after


@pytest.mark.parametrize("piece", ["4111", "4111 ", "B4111^", "B4111111111111111^", ";4=", "cvv "], ids=str)
def test_no_text_is_a_trap(ours: Spotter, piece: str) -> None:
    text = piece * (10**6 // len(piece))
    for one in ours.recognizers:
        for span in one.find(text):
            assert 0 <= span.start < span.end <= len(text)
