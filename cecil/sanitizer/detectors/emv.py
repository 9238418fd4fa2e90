"""What a chip says of a card and of who holds it, in BER-TLV run together as hexadecimal digits:
`…5A0841111111111111115F24…`, field 55 of ISO 8583, the `emvData` of a terminal.

Owns: the card's number behind tag 5A, track 2 behind tag 57 and the holder's name behind tag 5F20
(EMV 4.3, book 3, annex A), wherever their tag, length and value stand in such digits, with blanks or colons
between the octets too. Refuses: to read the other tags; a number whose check digit is wrong, or whose length
is another; a name that is blank.
"""

import re
from collections.abc import Iterator

from cecil.sanitizer.detectors import Recognizer, Trigger, checksums
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.95

# What looks ahead finds a tag that begins within what seemed one.
_PLAIN = late(
    r"(?=(?P<tag>5A|57|5F20)(?P<length>[0-9A-F]{2}))"
    r"(?=(?:5A0[6-9A]|57(?:0[A-F]|1[0-3]))[2-6][0-9]{11}|5F20(?:0[4-9A-F]|1[0-9A])(?:[2-5][0-9A-F]){4})",
    re.IGNORECASE,
)
_APART = late(r"(?<!\w)[0-9A-F]{2}([ :])[0-9A-F]{2}(?:\1[0-9A-F]{2}){6,2000}+", re.IGNORECASE)

_NUMBER = late("(?P<number>[0-9]{12,19})F?", re.IGNORECASE)
_TRACK = late("(?P<number>[0-9]{12,19})D[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3,}F?", re.IGNORECASE)
_NAME = late(r"[A-Z][A-Z .'/-]*", re.IGNORECASE)
_FEWEST_LETTERS = 4


class Emv:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of cards and their holders in EMV's data."""

    name = "emv"
    entities = frozenset({"CREDIT_CARD", "CARD_TRACK", "PERSON"})
    context: tuple[str, ...] = ()
    triggers = (
        Trigger(r"5a0[6-9a][2-6][0-9]{11}", caseless=True),
        Trigger(r"57(?:0[a-f]|1[0-3])[2-6][0-9]{11}", caseless=True),
        Trigger(r"5f20(?:0[4-9a-f]|1[0-9a])(?:[2-5][0-9a-f]){4}", caseless=True),
        Trigger(
            r"\b(?:5a[ :]0[6-9a]|57[ :](?:0[a-f]|1[0-3]))(?:[ :][0-9]{2}){6}"
            r"|\b5f[ :]20[ :](?:0[4-9a-f]|1[0-9a])(?:[ :][2-5][0-9a-f]){4}",
            caseless=True,
            shape=True,
        ),
    )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = [
            Span(start, end, entity, _SCORE, self.name, True) for start, end, entity in _values(text, misses)
        ]
        for run in _APART.finditer(text):
            digits = "".join(run[0].split(run[1]))
            for start, end, entity in _values(digits, None):
                if start % 2:  # begun within an octet
                    continue
                # Two digits and what stands behind them.
                start, end = (run.start() + at // 2 * 3 + at % 2 for at in (start, end - 1))
                found.append(Span(start, end + 1, entity, _SCORE, self.name, True))
        return found


def _values(digits: str, misses: list[Miss] | None) -> Iterator[tuple[int, int, str]]:
    for tag in _PLAIN.finditer(digits):
        start = tag.end("length")
        value = digits[start : start + 2 * int(tag["length"], 16)]
        whole = len(value) == 2 * int(tag["length"], 16)
        if tag["tag"].upper() == "5F20":
            if _is_name(value):
                yield start, start + len(value), "PERSON"
            continue
        entity = "CREDIT_CARD" if tag["tag"].upper() == "5A" else "CARD_TRACK"
        card = (_NUMBER if entity == "CREDIT_CARD" else _TRACK).fullmatch(value)
        if whole and card and checksums.card(card["number"]):
            yield start, start + len(value), entity
        elif misses is not None:
            misses.append(Miss(start, start + len(value), entity, Emv.name, "the check digit is wrong"))


def _is_name(value: str) -> bool:
    """Whether octets, of which a log may have cut some off, are the letters of a name."""
    try:
        name = bytes.fromhex(value[: len(value) // 2 * 2]).decode("ascii").strip()
    except ValueError:
        return False
    return _NAME.fullmatch(name) is not None and sum(map(str.isalpha, name)) >= _FEWEST_LETTERS


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Emv(),)
