"""What the tests of recognizers share: find, and hold each finding against the triggers."""

from collections.abc import Iterable

from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.scanner import Scanner
from cecil.sanitizer.spans import Miss, Span
from tests.conftest import build_cache

LEAST = 0.4


class Spotter:
    """Recognizers that are run on every text, to show that their triggers would have let them.

    Args:
        recognizers: which.
    """

    def __init__(self, recognizers: Iterable[Recognizer]) -> None:
        self.recognizers = tuple(recognizers)
        rows = [(bit, trigger) for bit, one in enumerate(self.recognizers) for trigger in one.triggers]
        self._scanner = Scanner(rows, cache=build_cache())

    def woken(self, text: str) -> set[str]:
        """Names of the recognizers of which a trigger matches."""
        woken = self._scanner.mask(text.replace("\n", " ").replace("\r", " "))
        return {one.name for bit, one in enumerate(self.recognizers) if woken >> bit & 1}

    def spans(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """All findings, the weak ones too; every one of them was triggered."""
        woken = self.woken(text)
        found: list[Span] = []
        for one in self.recognizers:
            spans = one.find(text, misses)
            assert not spans or one.name in woken, f"{one.name} has no trigger for {text!r}"
            assert {span.entity for span in spans} <= one.entities
            found += spans
        return found

    def said(self, text: str) -> set[tuple[str, str]]:
        """Entity and value of what counts without context."""
        return {
            (span.entity, text[span.start : span.end]) for span in self.spans(text) if span.score >= LEAST
        }


LONG = 10**6

ENDLESS = tuple(
    (part * (LONG // len(part) + 1))[:LONG]
    for part in (
        *("a", "1", "a.", "1-", "A3", "=", "_", "a@", "@a.", "1 ", "1.1.1.", '"', "(1", "+1 ", "é"),
        *("ssn: - ", "ssns 078-05-1120, ", "mrn no ", "call (", "phone 1 ", "4111-", "12 Aa ", "9 Main "),
        *("IBAN AA11 AA", "driver license A1-", "serial number A1A1-", "face scan .1,", "a [at] b. "),
        *("(01)11111111111111(10)a", "data:image/a;base64,AAAA", "patient id 1234-a", "vin 1", "born 1 jan "),
        *(f"{label}{'A1' * 30} " for label in ("s/n ", "IBAN AA11", "passport ", "license number ", "vin ")),
        *(f"{label}{'11' * 30} " for label in ("MRN ", "card number ", "phone ", "account number ", "CPF ")),
    )
)
"""A million characters each, of what makes a careless pattern take its time."""
