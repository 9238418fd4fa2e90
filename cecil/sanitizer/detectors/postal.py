r"""Where somebody lives, as a whole: `"address": "Hauptstraße 15, 80331 München"`, `addr=Calle Mayor 5, 2ºB`.

Streets of the United States say by themselves what they are (see `identity`); others are a word and a
number, as much else is. So a key or a label has to say `address`, and all that stands there has to be of
one: words with capitals, the small words between them, and numbers, from comma to comma. Without it a word
for a street counts where a house, a postcode and a place stand beside it: `12 rue de la Paix, 75002 Paris`.
Owns: such lines. Refuses: addresses of networks and memory, which share the word, and places without a
number.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from operator import attrgetter

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
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

_BARE = late(rf"\s*{_ADDRESS}\.?\s*\Z")
_NAMED = late(
    rf"(?i:{_NAME})"
    r"[\"'\\\]]{0,4}[ \t]{0,3}(?:[:=]|=>|is|was)[ \t]{0,3}[\"'\\\[]{0,4}"
    rf"{_ADDRESS}"
)

# A street with its house, in the two orders, before a postcode and a place.
_NAME_OF_A_STREET = (
    r"(?:[A-ZÄÖÜÅØÆ][\w.'-]{0,24} ){0,2}(?:[A-ZÄÖÜÅØÆ][\w-]{0,24}"
    r"(?i:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ufer|damm|straat|laan|plein|gracht|gatan|gade|vej)"
    r"|Stra(?:ß|ss)e|Str\.|Allee|Weg|Platz)"
    r"|(?:[Cc]alle|C/|Avda\.?|Avenida|Paseo|Plaza|Via|Viale|Piazza|Corso|[Uu]l\.|[Uu]lica|Rua|Al\.)"
    r"(?: (?:de|del|la|las|los|della|dei|di|da|do|dos|das|[A-ZÁÉÍÓÚŁŚŻ][\w.'-]{0,24})){1,5}"
)
_NAME_BEHIND = (
    r"(?i:rue|avenue|av\.|boulevard|bd|place|quai|chemin|allée|impasse|cours)"
    r"(?: (?:de|des|du|la|le|les|l'|d')| (?:[ld]['’])?[A-ZÀ-Ý][\w'’-]{0,24}){1,6}"
)
_HOUSE = r"[0-9]{1,4}(?: ?[a-zA-Z](?![\w]))?(?:[-/][0-9]{1,4})?"
_POSTED = late(
    rf"(?<![\w.@/-])(?P<street>(?:{_NAME_OF_A_STREET}),? {_HOUSE}|{_HOUSE},? (?:bis |ter )?{_NAME_BEHIND})"
    r"(?:, ?| - | )(?:[A-Z]{1,2}-)?"
    r"(?P<code>[0-9]{5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}(?: ?[A-Z]{2})?)"
    r" (?=[A-ZÄÖÜÅØÆŁŚŻÁÉ][a-zà-ÿß]|[A-Z]{3})"
)

_PIECES = late(r"[^\s,]+")
_NUMBERED = late(rf"(?:{_NUMBER}|{_CODE})\.?", re.ASCII)
_STREET = late(
    r"(?i:.*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|ufer|damm|straat|laan|plein|gracht|gatan?|v[äa]gen|gade|vej"
    r"|utca|katu))"
)
"""A word that is a street's name with no other."""


class Postal:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of addresses of houses."""

    name = "postal"
    entities = frozenset({"STREET_ADDRESS", "US_ZIP_CODE"})
    context: tuple[str, ...] = ("address", "addr", "adresse")

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        # A number with a word beside it: no address of a network has a blank.
        word, number = r"[A-Z\x80-\xff]", r"#?[0-9]"
        between, rest = r"[^\n\":=_@]*", "[0-9A-Za-z/-]*"
        beside = f"(?:(?:[a-z]+[. ]{{1,2}})?{word}{between}[ ]{number}|{number}{rest}[ ,]{between}{word})"
        # A name's end; a whole word before it; and one behind the number of the house.
        street = (
            "(?:str(?:aße|asse|\\.)|gasse|weg|platz|allee|ufer|damm|straat|laan|plein|gracht|gatan|gade|vej)"
            "|[^a-z0-9_.@/-](?:calle|c/|avda|avenida|paseo|plaza|via|viale|piazza|corso|ul\\.|ulica|rua|al\\.)"
            "|[ ,](?:rue|avenue|av\\.|boulevard|bd|place|quai|chemin|all(?:é|É)e|impasse|cours)"
        )
        code = r"(?:[0-9]{4,5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2})(?: ?[A-Z]{2})?"
        posted = rf"[ ,-]{{1,3}}(?:[A-Z]{{1,2}}-)?{code} [A-Z\x80-\xff]"
        return (
            Trigger(rf"(?i:{_NAME})[^A-Za-z0-9\n]+(?:is |was )?{beside}"),
            Trigger(rf"(?i:{street})[\w .,'/\x80-\xff-]*{posted}"),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = [
            # As a whole: a postcode in it does not name it.
            Span(*match.span("value"), "STREET_ADDRESS", score, self.name, True)
            for match, score in _candidates(text)
            if _is_address(match["value"])
        ]
        return found + [
            Span(*match.span(group), entity, _LABELLED, self.name, True)
            for match in _POSTED.finditer(text)
            if not _within(found, match.start())
            for group, entity in (("street", "STREET_ADDRESS"), ("code", "US_ZIP_CODE"))
        ]


def _within(found: list[Span], place: int) -> bool:
    """Whether a place lies in a span of a label, of some in order."""
    index = bisect_right(found, place, key=attrgetter("start")) - 1
    return index >= 0 and place < found[index].end and found[index].score == _LABELLED


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
