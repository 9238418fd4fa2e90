"""Who a patient is, in clinical documents and messages of HL7 version 3: `<birthTime value="19540325"/>`.

They say in attributes what elements hold elsewhere (https://build.fhir.org/ig/HL7/CDA-core-2.0/). Owns: ids
of patients, and of others where the root says what they are; births, telephones, both halves of a name; and
the id of a patient as registries have it, `77^^^&1.2.3&ISO`. Refuses: ids of documents, acts and sections,
and dates of care.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_PREFIX = r"<(?:[\w.-]{1,30}:)?"
_REST = r"(?:\s[^<>]{0,300}?)?\s"

_BORN = late(
    rf"{_PREFIX}birthTime{_REST}value=\\?[\"'](?P<value>(?:18|19|20)[0-9]{{2}}[0-9.+-]{{0,20}})", re.ASCII
)
_CALLED = late(
    rf"{_PREFIX}telecom{_REST}value=\\?[\"'](?:tel|fax|sms):(?P<value>[^\"'<>\\]{{5,40}})",
    re.IGNORECASE | re.ASCII,
)
_ID = late(rf"{_PREFIX}(?:id|value)(?P<attributes>\s[^<>]{{1,400}})>", re.ASCII)
_EXTENSION = late(r"\sextension=\\?[\"'](?P<value>[^\"'<>\\]{1,100})")
_ROOT = late(r"\sroot=\\?[\"']2\.16\.840\.1\.113883\.4\.([0-9]{1,3})(?:\.[0-9.]{1,12})?\\?[\"']")
_ROOTS = {
    "1": "US_SSN",
    "2": "US_ITIN",
    "3": "US_DRIVER_LICENSE",
    "6": "US_NPI",
    "330": "US_PASSPORT",
    "572": "US_MBI",
    "927": "US_MBI",
}
"""Below HL7's branch for the identifiers of others (https://www.hl7.org/oid/)."""
_PATIENT = late(
    rf"{_PREFIX}(?:patientRole|livingSubjectId|patient(?=\s+classCode=))(?:\s[^<>]{{0,300}})?>"
    rf"(?P<ids>(?:\s*+{_PREFIX}(?:id|value)\s[^<>]{{1,400}}>(?:\s*+</(?:[\w.-]{{1,30}}:)?(?:id|value)>)?+){{1,16}}+)",
    re.ASCII,
)
"""Whose ids follow at once."""
_HALF = late(
    rf"{_PREFIX}(?P<half>given|family)(?:{_REST}value=\\?[\"'](?P<value>[^\"'<>\\]{{1,100}})"
    r"|(?:\s[^<>]{0,200})?>\s*+(?P<held>[^<>\s][^<>]{0,100})</)",
    re.ASCII,
)
_HALVES = 2
_REGISTERED = late(
    r"(?<![\w.^-])(?P<value>[A-Za-z0-9][\w.-]{0,63})\^\^\^[\w .-]{0,40}&(?:amp;)?[0-9]+(?:\.[0-9]+){2,24}"
    r"&(?:amp;)?ISO\b",
    re.ASCII,
)


class Cda:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of attributes that identify somebody."""

    name = "cda"
    entities = frozenset(_ROOTS.values()) | {
        "MEDICAL_RECORD_NUMBER",
        "DATE_OF_BIRTH",
        "PHONE_NUMBER",
        "PERSON",
    }
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (
            Trigger(r"birthTime\s"),
            Trigger(r"telecom\s", caseless=True),
            Trigger(r"patientRole|livingSubjectId|patient\s+classCode="),
            Trigger(r"2\.16\.840\.1\.113883\.4\."),
            Trigger(r"[<:]family[>\s]"),
            Trigger(r"\^\^\^[A-Za-z0-9_ .-]*&(?:amp;)?[0-9]"),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        return [
            Span(start, end, entity, _SCORE, self.name)
            for entity, (start, end) in _found(text)
            if any(map(str.isalnum, text[start:end]))
        ]


def _found(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for entity, pattern in (
        ("DATE_OF_BIRTH", _BORN),
        ("PHONE_NUMBER", _CALLED),
        ("MEDICAL_RECORD_NUMBER", _REGISTERED),
    ):
        yield from ((entity, one.span("value")) for one in pattern.finditer(text))
    whose = [one.span("ids") for one in _PATIENT.finditer(text)]
    for start, end in whose:
        yield from _ids(text, start, end, "MEDICAL_RECORD_NUMBER")
    if _ROOT.search(text):
        yield from _ids(text, 0, len(text), "")
    halves = list(_HALF.finditer(text))
    if len({one["half"] for one in halves}) == _HALVES:
        yield from (("PERSON", one.span("held" if one["held"] else "value")) for one in halves)


def _ids(text: str, start: int, end: int, entity: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Ids in a stretch of a text: what their roots say, or else an entity, if one is given."""
    for one in _ID.finditer(text, start, end):
        root = _ROOT.search(one["attributes"])
        value = _EXTENSION.search(text, *one.span("attributes"))
        if value and (kind := (_ROOTS.get(root[1]) if root else None) or entity):
            yield kind, value.span("value")


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Cda(),)
