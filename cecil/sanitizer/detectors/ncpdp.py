"""Whom a pharmacy asks for: claims of NCPDP's Telecommunication Standard D.0, `…␜CAANN␜CBLEE␜C419840309…`.

A field begins with the separator (the control character 1C, which logs write in ways of their own) and an id
of two characters, a segment with the field AM. Owns: the fields of patient, cardholder and prescriber.
Refuses: a text without a segment; drugs, prices, pharmacies.
"""

import re

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_ENTITIES = {
    "C2": "HEALTH_PLAN_NUMBER",
    "C4": "DATE_OF_BIRTH",
    "CA": "PERSON",
    "CB": "PERSON",
    "CC": "PERSON",
    "CD": "PERSON",
    "CM": "STREET_ADDRESS",
    "CN": "LOCATION",
    "CP": "US_ZIP_CODE",
    "CQ": "PHONE_NUMBER",
    "CY": "MEDICAL_RECORD_NUMBER",
    "D2": "UNIQUE_ID",
    "DB": "US_NPI",
    "DR": "PERSON",
    "HN": "EMAIL_ADDRESS",
    "2J": "PERSON",
}
_SEPARATOR = r"(?:\x1c|<FS>|<1[Cc]>|\\u001[Cc]|\\x1[Cc]|\^\\)"
_FIELD = late(
    rf"{_SEPARATOR}(?P<id>{'|'.join(_ENTITIES)})(?P<value>[0-9A-Za-z][^\x1c-\x1f<>\\^\r\n\"]{{1,80}})"
)
_SEGMENT = late(rf"(?:(?<!\w)|(?<=\\u001[Cc])|(?<=\\x1[Cc]))AM[01][0-9]{_SEPARATOR}", re.ASCII)


class Ncpdp:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of persons in claims of pharmacies."""

    name = "ncpdp"
    entities = frozenset(_ENTITIES.values())
    context: tuple[str, ...] = ()
    # Separators and ids by themselves cost Hyperscan more than all names of keys.
    triggers = (Trigger(rf"(?:\b|\\[ux](?:00)?1[Cc])AM[01][0-9]{_SEPARATOR}", shape=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        if _SEGMENT.search(text) is None:
            return []
        return [
            Span(start, start + len(field["value"].rstrip()), _ENTITIES[field["id"]], _SCORE, self.name, True)
            for field in _FIELD.finditer(text)
            for start in (field.start("value"),)
        ]


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Ncpdp(),)
