"""Who is on a picture, in dumps of DICOM: `(0010,0010) PN [LEE^ANN]`, `(0010,0020) Patient ID  LO: '448812'`.

An attribute is a tag, of which tools print the numbers, the name, the kind and the value; which say who a
patient is DICOM PS3.15, Annex E, tells (https://dicom.nema.org/medical/dicom/current/output/html/part15.html).
Owns: the table of them, and lines of DCMTK, GDCM, dcm4che and pydicom; in JSON (PS3.18, Annex F) the tag is a
key, see `keys`. Refuses: what was seen on the picture, dates of the study, its UIDs, and institutions.
"""

import re
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

TAGS = {
    tag: entity
    for entity, tags in {
        # The patient and who is responsible for one; who refers, performs, reads, writes and approves
        "PERSON": """00100010 00101001 00101005 00101060 00102297 00080090 0008009C 00081048 00081050 00081060
            00081070 00321032 00400006 00401010 00402008 0040A075 0040A123 00700084 300E0008 40080102 4008010A
            4008010C 40080114 40080119""",
        # Of the patient, the request, the admission and the order
        "MEDICAL_RECORD_NUMBER": """00100020 00101000 00101090 00080050 00380010 00380060 00402016
            00402017""",
        "HEALTH_PLAN_NUMBER": "00101050",
        "DATE_OF_BIRTH": "00100030",
        "STREET_ADDRESS": "00101040 00080092",
        "LOCATION": "00102152",
        "PHONE_NUMBER": "00102154 00102155 00080094",
        "DEVICE_SERIAL": "00181000 0018700A",
    }.items()
    for tag in tags.split()
}
"""What an attribute tells, by its tag in eight hexadecimal digits."""

_FEWEST_DIGITS = {"DATE_OF_BIRTH": 4, "PHONE_NUMBER": 6}
_GROUPS = "|".join(sorted(f"{tag[:4]},{tag[4:]}" for tag in TAGS))
_ATTRIBUTE = late(
    rf"\((?P<tag>{_GROUPS})\)[ \t]++(?:[A-Z][A-Za-z'’ ()/-]{{0,64}}?[ \t]++)?"
    r"(?:AS|DA|LO|LT|PN|SH|ST|UC|UT)(?:[ \t]#[0-9]{1,6})?:?[ \t]++"
    r"(?:\[(?P<held>[^\]\r\n]{1,400})\]|'(?P<quoted>[^'\r\n]{1,400})'|\"(?P<double>[^\"\r\n]{1,400})\""
    r"|(?P<bare>[^\W_][^\r\n#()\[\]\"]{0,200}))",
    re.IGNORECASE,
)
_REPLACED = frozenset("<>")


class Dicom:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the attributes that identify somebody."""

    name = "dicom"
    entities = frozenset(TAGS.values())
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (Trigger(rf"\((?:{_GROUPS})\)", caseless=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for one in _ATTRIBUTE.finditer(text):
            entity = TAGS[one["tag"].replace(",", "").upper()]
            start, end = one.span(one.lastgroup or 0)
            # Several stand between backslashes, or in a list of Python's.
            bare = text[start:end].lstrip(" '\"")
            start = end - len(bare)
            value = bare.rstrip(" \t'\"\\\x00,;")
            digits = sum(map(str.isdigit, value))
            if (
                any(map(str.isalnum, value))
                and digits >= _FEWEST_DIGITS.get(entity, 0)
                and _REPLACED.isdisjoint(value)
            ):
                found.append(Span(start, start + len(value), entity, _SCORE, self.name))
        return found


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Dicom(),)
