"""Who is paid into which account, in files of the ACH."""

import pytest

from cecil.sanitizer.detectors import nacha
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(nacha.recognizers())


def entry(routing: str = "021000021", account: str = "987654321", number: str = "EMP0001") -> str:
    return f"622{routing}{account:17}0000125000{number:15}{'LEE ANN':22}  0021000020000001"


def test_an_entry(spotter: Spotter) -> None:
    assert spotter.said(f"row 7: {entry()}") == {
        ("ABA_ROUTING_NUMBER", "021000021"),
        ("US_BANK_NUMBER", "987654321"),
        ("UNIQUE_ID", "EMP0001"),
        ("PERSON", "LEE ANN"),
    }
    assert ("US_BANK_NUMBER", "98765432109876543") in spotter.said(entry(account="98765432109876543"))
    assert "UNIQUE_ID" not in {entity for entity, _ in spotter.said(entry(number=""))}


@pytest.mark.parametrize(
    "text", [entry(routing="021000022"), entry()[:60], f"1{entry()}", f"7{entry()[1:]}", "6" * 94]
)
def test_what_is_none(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


def test_a_wrong_routing_number_is_told(spotter: Spotter) -> None:
    misses: list[Miss] = []
    assert spotter.spans(entry(routing="021000022"), misses) == []
    assert [(one.start, one.end, one.why) for one in misses] == [(3, 12, "the check digit is wrong")]


def test_a_second_run_changes_nothing_more() -> None:
    once, _ = build_sanitizer().redact({"line": entry()})
    assert "987654321" not in once["line"] and "LEE" not in once["line"]
    assert build_sanitizer().redact(once)[0] == once


@pytest.mark.parametrize("part", ["622021000021987654321        ", "6", entry()])
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    spotter.said((part * (LONG // len(part) + 1))[:LONG])
