"""Who flies: names in a booking, `1.LEE/ANN MS`, and documents and addresses that airlines send on.

Systems of airlines (IATA's AIRIMP, Amadeus, Sabre, Galileo) print a booking's names as SURNAME/GIVEN NAMES
and a title, behind a number, and what authorities want of a passenger in lines that begin with DOCS, DOCO or
DOCA, or FQTV for a frequent flyer's number, with slashes between the fields. Owns: names and numbers in these
places. Refuses: `1.READ/WRITE`, which has no title; `3.TCP/UDP MS`; what stands in other lines.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_TITLE = "(?:MRS|MISS|MSTR|MR|MS|CHD|INF)"
_NAMED = re.compile(
    r"(?<![\w/.])(?:[0-9]{1,2}\.[0-9]{0,2}|NM?[0-9]{1,2}|-[0-9])"
    r"(?!(?:TCP|UDP|SSL|TLS|HTTPS?|SMB|RPC|DNS)/)"
    rf"(?P<name>[A-Z][A-Z' -]{{1,39}}/[A-Z][A-Z '-]{{0,39}}? ?{_TITLE})(?![A-Za-z0-9/])"
)
_LINE = re.compile(
    r"(?<![A-Za-z0-9])(?P<kind>DOCS|DOCO|DOCA|FQTV) [A-Z0-9]{2}(?: [A-Z]{2}[0-9]{0,2})?[ /-]{1,3}"
    r"(?P<fields>[A-Z0-9 .'/-]{4,300}+)"
)
_NUMBER = re.compile(r"[A-Z0-9]{5,20}")
_DATE = re.compile(r"[0-9]{2}[A-Z]{3}[0-9]{2}(?:[0-9]{2})?")
_POSTCODE = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")
_FREQUENT = re.compile(r"[A-Z]{0,3}[0-9]{6,16}")
_WORDS = re.compile(r"[A-Z][A-Z '-]*")

_FIELDS = {
    # Type, country, number, nationality, birth, sex, expiry, surname, given names
    "DOCS": {2: "US_PASSPORT", 4: "DATE_OF_BIRTH", 7: "PERSON", 8: "PERSON", 9: "PERSON"},
    # Place of birth, type, number of a visa
    "DOCO": {0: "LOCATION", 2: "US_PASSPORT"},
    # Type, country, street, city, state, postcode
    "DOCA": {2: "STREET_ADDRESS", 3: "LOCATION", 5: "US_ZIP_CODE"},
    "FQTV": {0: "UNIQUE_ID"},
}
_SHAPES = {
    "US_PASSPORT": _NUMBER,
    "DATE_OF_BIRTH": _DATE,
    "PERSON": _WORDS,
    "LOCATION": _WORDS,
    "US_ZIP_CODE": _POSTCODE,
    "UNIQUE_ID": _FREQUENT,
}
_BEHIND = re.compile(r" {1,}(?:[A-Z]{2,4} [A-Z0-9]{2} |[0-9]{1,2}\.|AP|FP|SR|RM).*\Z")
"""The next line of a booking that stands in one."""


class Travel:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of passengers in bookings."""

    name = "travel"
    entities = frozenset(one for fields in _FIELDS.values() for one in fields.values())
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (
            Trigger(rf"[0-9][0-9.]?[A-Z][A-Z' -]+/[A-Z][A-Z '-]*{_TITLE}\b"),
            Trigger(r"\b(?:DOC[SOA]|FQTV) [A-Z0-9]{2}[ /-]"),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = [Span(*one.span("name"), "PERSON", _SCORE, self.name) for one in _NAMED.finditer(text)]
        return found + [
            Span(start, end, entity, _SCORE, self.name, True)  # no slash makes a path of it
            for line in _LINE.finditer(text)
            for start, end, entity in _fields(line["kind"], line["fields"], line.start("fields"))
        ]


def _fields(kind: str, line: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Where the fields of a line begin and end that tell of somebody, and what they are."""
    line = _BEHIND.sub("", line)
    for number, field in enumerate(line.split("/")):
        entity = _FIELDS[kind].get(number)
        value = field.strip()
        shape = _SHAPES.get(entity or "")
        if entity and value and (shape is None or shape.fullmatch(value)):
            start = at + field.index(value)
            yield start, start + len(value), entity
        at += len(field) + 1


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Travel(),)
