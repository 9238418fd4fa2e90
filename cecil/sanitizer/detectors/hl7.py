"""Who a patient is, in messages of HL7 version 2: `PID|1||12345^^^MRN||DOE^JOHN^A||19800101|M|||1 OAK ST...`.

A segment is a line, its fields stand between bars, and the standard says which field holds what
(https://hl7-definition.caristix.com/v2/HL7v2.5.1/Segments). Owns: the fields that identify a patient, those
near to one, the insured and those who treat; wherever the segment stands, in a message or in a line of a log.
Refuses: what was observed and written about a patient (OBX, NTE), which is text to all others; messages
with separators of their own.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_RECORD, _PLAN, _PERSON = "MEDICAL_RECORD_NUMBER", "HEALTH_PLAN_NUMBER", "PERSON"
_ADDRESS, _PHONE, _BIRTH = "STREET_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH"
_DOCTOR = "doctor"
"""An id, and the name of whose it is."""

_FIELDS: dict[str, dict[str, str]] = {
    "PID": {
        _RECORD: "2 3 4 18 21",
        _PERSON: "5 6 9",
        _BIRTH: "7",
        _ADDRESS: "11",
        _PHONE: "13 14",
        "US_SSN": "19",
        "US_DRIVER_LICENSE": "20",
    },
    "PD1": {_DOCTOR: "4"},
    "MRG": {_RECORD: "1 2 3 4 5 6", _PERSON: "7"},
    "NK1": {_PERSON: "2 30", _ADDRESS: "4 32", _PHONE: "5 6 31", _BIRTH: "16"},
    "PV1": {_DOCTOR: "7 8 9 17 52", _RECORD: "19 50"},
    "GT1": {
        _RECORD: "2 19",
        _PERSON: "3 4",
        _ADDRESS: "5 17",
        _PHONE: "6 7 18",
        _BIRTH: "8",
        "US_SSN": "12",
    },
    "IN1": {_PLAN: "8 36 49", _PERSON: "16", _BIRTH: "18", _ADDRESS: "19"},
}
"""What the fields of a segment hold that say who somebody is, and their numbers."""

_KINDS = {
    segment: {int(number): kind for kind, numbers in kinds.items() for number in numbers.split()}
    for segment, kinds in _FIELDS.items()
}

_OTHERS = "MSH EVN PV2 IN2 OBX OBR ORC AL1 DG1 NTE ROL ACC DRG PR1 UB1 UB2 DB1 RXA RXE SCH TXA".split()
_SEGMENT = re.compile(rf"(?:(?<![A-Za-z0-9|^~&.-])|(?<=\\[rn]))({'|'.join(_FIELDS)})\|")
_END = re.compile(rf"[\r\n]|(?:\\[rn]|<(?:CR|cr)>|\s)(?=(?:{'|'.join((*_FIELDS, *_OTHERS))})\|)|\Z")
"""Of a segment: a line's end, and what loggers write for it."""

_NUMBER = re.compile(r"[0-9]{0,3}")
_NUMBERED = frozenset({"PID", "NK1", "PV1", "GT1", "IN1"})
"""Segments whose first field numbers them, or is empty."""

_REPEATED = re.compile(r"[^~]+")
_BORN = re.compile(r"(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9.+-]{0,20}")
_REPLACED = frozenset("<>")
_FEWEST_DIGITS = 7
"""Of a telephone number."""


class Hl7:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the fields that identify somebody."""

    name = "hl7"
    entities = frozenset(entity for kinds in _FIELDS.values() for entity in kinds) - {_DOCTOR} | {
        "MEDICAL_LICENSE"
    }
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (Trigger(rf"\b(?:{'|'.join(_FIELDS)})\|"),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for segment in _SEGMENT.finditer(text):
            start = segment.end()
            following = _END.search(text, start)
            end = following.start() if following else len(text)
            fields = text[start:end].split("|")
            if "^" not in text[start:end] or (
                segment[1] in _NUMBERED and not _NUMBER.fullmatch(fields[0].strip())
            ):
                continue
            kinds = _KINDS[segment[1]]
            for number, field in enumerate(fields, 1):
                if number in kinds:
                    found += self._field(field, start, kinds[number])
                start += len(field) + 1
        return found

    def _field(self, field: str, at: int, kind: str) -> Iterator[Span]:
        for one in _REPEATED.finditer(field):
            for entity, (start, end) in _values(one[0], kind):
                value = one[0][start:end]
                # What was replaced before stands in angle brackets.
                if any(map(str.isalnum, value)) and _REPLACED.isdisjoint(value):
                    begin = at + one.start() + start + len(value) - len(value.lstrip())
                    yield Span(begin, begin + len(value.strip()), entity, _SCORE, self.name)


def _values(field: str, kind: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """What a field, as it stands once, holds: entities and places."""
    if kind == _DOCTOR:
        yield "MEDICAL_LICENSE", _parts(field, 0, 1)
        yield _PERSON, _parts(field, 1, 6)
    elif kind in (_PERSON, _ADDRESS):
        yield kind, _parts(field, 0, 5)
    elif kind == _PHONE:
        for first, last in ((0, 1), (4, 8), (11, 12)):
            start, end = _parts(field, first, last)
            if sum(map(str.isdigit, field[start:end])) >= _FEWEST_DIGITS:
                yield kind, (start, end)
    elif kind == _BIRTH:
        if born := _BORN.match(field):
            yield kind, born.span()
    else:
        yield kind, _parts(field, 0, 1)


def _parts(field: str, first: int, last: int) -> tuple[int, int]:
    """Where some components of a field stand, without empty ones at either end."""
    components = field.split("^")
    start = sum(len(one) + 1 for one in components[:first])
    some = "^".join(components[first:last])
    bare = some.strip("^")
    start += len(some) - len(some.lstrip("^")) if bare else 0
    return start, start + len(bare)


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Hl7(),)
