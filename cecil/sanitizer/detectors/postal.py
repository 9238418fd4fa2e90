r"""Where somebody lives, as a whole: `"address": "Hauptstraße 15, 80331 München"`, `addr=Calle Mayor 5, 2ºB`.

Streets of the United States say by themselves what they are (see `identity`); others are a word and a
number, as much else is. So a key or a label has to say `address`, and all that stands there has to be of
one: words with capitals, the small words between them, and numbers, from comma to comma. Owns: such lines.
Refuses: addresses of networks and memory, which share the word, and places without a number.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.spans import Miss, Span

_LABELLED, _WHOLE = 0.7, 0.3
"""Scores: a key that leads to the text is a context word, and makes enough of the second."""

_NAME = "addr(?:ess(?:es)?)?|adresse"

_SMALL = (
    "rue|calle|via|viale|piazza|rua|avenida|avenue|allée|impasse|chemin|place|quai|ul|al|os|pl|av|ave|blvd|str"
    "|de|des|du|la|le|les|el|los|las|del|della|dei|di|da|do|dos|das|van|von|der|den|am|an|zum|zur|im|of|the"
    "|and|y|et|e|st|no|nr|nº|n°|bis|ter|apt|unit|flat|near|opp|c/o|a|à|s/n"
)
_WORD = r"[^\W\d_](?<![a-zß-öø-ÿ])(?:[^\W\d_]|['’.-](?=[^\W\d_]))*+\.?"
_NUMBER = r"#?[0-9]{1,6}+(?:[-/][0-9]{1,5}){0,3}+(?:[A-Za-zªº°]{1,2})?(?:-?[A-Z]{1,2})?"
_CODE = r"[A-Z]{1,2}-?[0-9][0-9A-Z]{0,4}"  # NW1, D-80331, K1A
_PART = rf"(?:{_CODE}|{_NUMBER}|(?:{_SMALL})\.?|{_WORD})(?![\w:=/@\\(-]|\.[\w/])"
_LINE = rf"{_PART}(?: {_PART}){{0,7}}+"
_ADDRESS = rf"(?P<value>{_LINE}(?:, ?{_LINE}){{0,6}}+)"

_BARE = re.compile(rf"\s*{_ADDRESS}\.?\s*\Z")
_NAMED = re.compile(
    rf"(?i:{_NAME})"
    r"[\"'\\\]]{0,4}[ \t]{0,3}(?:[:=]|=>|is|was)[ \t]{0,3}[\"'\\\[]{0,4}"
    rf"{_ADDRESS}"
)

_PIECES = re.compile(r"[^\s,]+")
_NUMBERED = re.compile(rf"(?:{_NUMBER}|{_CODE})\.?", re.ASCII)
_STREET = re.compile(
    r"(?i:.*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ufer|damm|straat|laan|plein|gracht|gatan?|v[äa]gen|gade|vej"
    r"|utca|katu))"
)
"""A word that is a street's name with no other."""


class Postal:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of addresses of houses."""

    name = "postal"
    entities = frozenset({"STREET_ADDRESS"})
    context: tuple[str, ...] = ("address", "addr", "adresse")

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        # A number with a word beside it: no address of a network has a blank.
        word, number = r"[A-Z\x80-\xff]", r"#?[0-9]"
        between, rest = r"[^\n\":=_@]*", "[0-9A-Za-z/-]*"
        beside = f"(?:(?:[a-z]+[. ]{{1,2}})?{word}{between}[ ]{number}|{number}{rest}[ ,]{between}{word})"
        return (Trigger(rf"(?i:{_NAME})[^A-Za-z0-9\n]+(?:is |was )?{beside}"),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        return [
            # As a whole: a postcode in it does not name it.
            Span(*match.span("value"), "STREET_ADDRESS", score, self.name, True)
            for match, score in _candidates(text)
            if _is_address(match["value"])
        ]


def _candidates(text: str) -> Iterator[tuple[re.Match[str], float]]:
    whole = _BARE.match(text)
    if whole:
        yield whole, _WHOLE
    else:
        for named in _NAMED.finditer(text):
            yield named, _LABELLED


def _is_address(value: str) -> bool:
    """Whether one of two lines is of a word and a number; of one line, two words, or a street's name."""
    lines = [_PIECES.findall(line) for line in value.split(",")]
    counted = [sum(_NUMBERED.fullmatch(piece) is not None for piece in line) for line in lines]
    mixed = [0 < count < len(line) for line, count in zip(lines, counted, strict=True)]
    if len(lines) > 1:
        return any(mixed[:2])
    return mixed[0] and (len(lines[0]) - counted[0] > 1 or any(map(_STREET.fullmatch, lines[0])))


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Postal(),)
