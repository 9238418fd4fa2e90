"""The lines of a travel document or an identity card that machines read: `P<UTOERIKSSON<<ANNA<MARIA<<<…`.

ICAO 9303 (https://www.icao.int/publications/doc-series/doc-9303) has three layouts: two lines of 44
characters (passports, visas), two of 36, three of 30 (cards). Owns: each line by itself, since a log may hold
one a record, and all in one run; a line of numbers by its check digits, a line of a name by its fillers.
Refuses: a first line of a card whose free field is full, and lines that were cut short.
"""

from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_RUN = late(r"(?<![A-Z0-9<])[A-Z0-9<]{30,90}(?![A-Z0-9<])")
_LINES = {30: (30,), 36: (36,), 44: (44,), 72: (36, 36), 88: (44, 44), 90: (30, 30, 30)}

_NAMES = late(r"(?P<kind>[PVIAC])[A-Z<][A-Z]{1,3}<{0,2}[A-Z]{1,38}(?:<[A-Z]{1,36}){0,6}<<[A-Z<]{0,38}")
"""The first line of two."""
_CARD_NAMES = late(r"[A-Z]{1,27}(?:<[A-Z]{1,26}){0,6}<<[A-Z][A-Z<]{0,27}<")
"""The last line of three."""
_NUMBERS = late(r"[A-Z0-9<]{9}[0-9][A-Z]{1,3}<{0,2}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{8,16}")
"""The second line of two."""
_CARD_NUMBER = late(r"[AIC][A-Z<][A-Z]{1,3}<{0,2}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}")
_CARD_DATES = late(r"[0-9]{7}[MFX<][0-9]{7}[A-Z]{1,3}<{0,2}[A-Z0-9<]{11}[0-9]")

_WEIGHTS = (7, 3, 1)


def _checked(field: str, digit: str) -> bool:
    """ICAO 9303, part 3, 4.9: digits count as they are, letters from 10, a filler nothing."""
    total = sum(int(c, 36) * _WEIGHTS[n % 3] for n, c in enumerate(field.replace("<", "0")))
    return digit.isdigit() and total % 10 == int(digit)


def _kind(line: str) -> tuple[str, bool] | None:
    """What a line of one of the three lengths tells, and whether its check digits hold."""
    if len(line) == 30:
        if _CARD_NAMES.fullmatch(line):
            return "PERSON", False
        if _CARD_DATES.fullmatch(line) and _checked(line[:6], line[6]) and _checked(line[8:14], line[14]):
            return "NATIONAL_ID", True
        if _CARD_NUMBER.fullmatch(line) and (_checked(line[5:14], line[14]) or line[14] == "<"):
            return "NATIONAL_ID", line[14] != "<"
        return None
    if names := _NAMES.fullmatch(line):
        return "PERSON", names["kind"] in "PV" and len(line) == 44
    if (
        _NUMBERS.fullmatch(line)
        and _checked(line[:9], line[9])
        and _checked(line[13:19], line[19])
        and _checked(line[21:27], line[27])
    ):
        return "US_PASSPORT", True
    return None


class Mrz:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of machine-readable zones."""

    name = "mrz"
    entities = frozenset({"PERSON", "US_PASSPORT", "NATIONAL_ID"})
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        # A line of numbers without a filler has two dates with a check digit each, and a letter between.
        # From the digit before that letter on: seven digits before it, anywhere, cost 1 ns a byte of any log.
        dates = Trigger(r"[0-9][MFX<][0-9]{7}[A-Z0-9<]{8}", shape=True)
        return (Trigger(r"[A-Z0-9]<<[A-Z0-9<]"), dates)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        return [span for run in _RUN.finditer(text) for span in self._lines(run[0], run.start())]

    def _lines(self, run: str, at: int) -> Iterator[Span]:
        for length in _LINES.get(len(run), ()):
            line, run = run[:length], run[length:]
            if kind := _kind(line):
                entity, validated = kind
                yield Span(at, at + length, entity, 0.95, self.name, validated)
            at += length


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Mrz(),)
