"""Whom pharmacies ask for, in claims of NCPDP."""

import pytest

from cecil.sanitizer.detectors import ncpdp
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(ncpdp.recognizers())


@pytest.mark.parametrize("mark", ["\x1c", "<FS>", "\\u001c", "^\\"])
def test_a_claim(spotter: Spotter, mark: str) -> None:
    claim = mark.join(("AM04", "C2ABC123456789", "AM01", "C419840309", "C52", "CAANN", "CBLEE ", "COIL"))
    assert spotter.said(claim) == {
        ("HEALTH_PLAN_NUMBER", "ABC123456789"),
        ("DATE_OF_BIRTH", "19840309"),
        ("PERSON", "ANN"),
        ("PERSON", "LEE"),
    }


@pytest.mark.parametrize(
    "text", ["\x1cCAANN\x1cCBLEE", "AM01 CAANN CBLEE", "AM01<FS>C52<FS>COIL", "SPAM01<FS>CAANN"]
)
def test_what_is_none(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


def test_a_record() -> None:
    line = b'{"claim": "61006688D0\\u001e\\u001cAM01\\u001cCAANN\\u001cCBLEE\\u001cCOIL"}\n'
    once, _ = build_sanitizer().redact_json(line)
    assert once == b'{"claim": "61006688D0\\u001e\\u001cAM01\\u001cCA<PERSON>\\u001cCB<PERSON>\\u001cCOIL"}\n'
    assert build_sanitizer().redact_json(once)[0] == once


@pytest.mark.parametrize("part", ["AM01<FS>CAANN", "<FS>CA", "\\u001c"])
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    spotter.said((part * (LONG // len(part) + 1))[:LONG])
