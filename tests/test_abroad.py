"""Telephone numbers with a country's code beside other digits, and in brackets."""

import pytest

from cecil.sanitizer.detectors import abroad
from tests.conftest import build_sanitizer
from tests.spotting import Spotter

LONDON = "+44 20 7946 0958"
"""Of Ofcom's numbers for drama."""


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter(abroad.recognizers())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"[{LONDON}]", LONDON),
        (f"({LONDON}", LONDON),
        (f"( {LONDON} )", LONDON),
        (f"{LONDON} 2026-11-21T14:22:07.123Z", LONDON),
        ("+442079460958 2026-11-21 14:22:07 sent", "+442079460958"),
        (f"{LONDON} 1.10", LONDON),
        (f"{LONDON} 550e8400-e29b-41d4-a716-446655440000", LONDON),
        (f"call {LONDON} 03/04/2005", LONDON),
        ("+1 (212) 555-0187 200 12ms", "+1 (212) 555-0187"),
        ("to:+49 (0) 30 901820", "+49 (0) 30 901820"),
        # No country's, too short, too long, or a part of something
        ("+999 30 1234567", None),
        ("+44 20 79", None),
        ("+4420794609580958123456789", None),
        ("1+442079460958", None),
        ("++442079460958", None),
        ("2026-11-21T14:22:07+1000", None),
        ("+0442079460958", None),
    ],
)
def test_the_longest_beginning_that_is_a_number(ours: Spotter, text: str, value: str | None) -> None:
    spans = ours.spans(text)
    assert [text[span.start : span.end] for span in spans] == ([value] if value else [])


def test_an_access_log_of_calls_by_default() -> None:
    judge = build_sanitizer("default")
    line = '{"m": "+442079460958 2026-11-21 14:22:07 sms sent", "to": "[+44 20 7946 0958]"}'
    new = judge.redact_json(line.encode())[0].decode()
    assert new == '{"m": "<PHONE_NUMBER> 2026-11-21 14:22:07 sms sent", "to": "[<PHONE_NUMBER>]"}'
