"""Who a patient is, in messages of HL7 version 2: `PID|1||12345^^^MRN||DOE^JOHN^A||19800101|M|||1 OAK ST...`.

A segment is a line, its fields stand between bars, and the standard says which field holds what
(https://hl7-definition.caristix.com/v2/HL7v2.5.1/Segments). Owns: the fields that identify a patient, those
near to one, the insured, guarantors, those who treat, staff, contacts, persons that were observed (OBX) and
those that are asked for (QPD); wherever a segment stands, in a message or in a line of a log. Refuses: what
else was observed and written about them (OBX, NTE), which is text to all others; messages with separators
of their own.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import zip_longest

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_RECORD, _PLAN, _PERSON = "MEDICAL_RECORD_NUMBER", "HEALTH_PLAN_NUMBER", "PERSON"
_ADDRESS, _PHONE, _BIRTH = "STREET_ADDRESS", "PHONE_NUMBER", "DATE_OF_BIRTH"
_DOCTOR = "doctor"
"""An id, and the name of whose it is."""

_READER = "reader"
"""The same, where its parts are parts of a component; or as all others have it."""
_TOLD = "told"
"""What was observed: somebody, where the second field says so."""
_ASKED = "asked"
"""What a query asks for: a field of another segment behind its number, `@PID.5.1^DOE`; or a number."""

_FIELDS: dict[str, dict[str, str]] = {
    "EVN": {_DOCTOR: "5"},
    "PID": {
        _RECORD: "2 3 4 18 21",
        _PERSON: "5 6 9",
        _BIRTH: "7",
        _ADDRESS: "11",
        _PHONE: "13 14 40",
        "US_SSN": "19",
        "US_DRIVER_LICENSE": "20",
        "LOCATION": "23",
    },
    "PD1": {_DOCTOR: "4"},
    "MRG": {_RECORD: "1 2 3 4 5 6", _PERSON: "7"},
    "NK1": {
        _PERSON: "2 26 30",
        _ADDRESS: "4 32",
        _PHONE: "5 6 31 40 41",
        _RECORD: "12 33",
        _BIRTH: "16",
        "US_SSN": "37",
    },
    "PV1": {_DOCTOR: "7 8 9 17 52", _RECORD: "5 19 50"},
    "PV2": {_DOCTOR: "13"},
    "ROL": {_DOCTOR: "4", _ADDRESS: "11", _PHONE: "12"},
    "GT1": {
        _RECORD: "2 19 29",
        _PERSON: "3 4 16 42 45",
        _ADDRESS: "5 17",
        _PHONE: "6 7 18 46",
        _BIRTH: "8",
        "US_SSN": "12",
    },
    "IN1": {_PLAN: "8 10 36 49", _PERSON: "6 16", _BIRTH: "18", _ADDRESS: "19 44", "LOCATION": "52"},
    "IN2": {
        _PLAN: "1 6 8 10 26 61",
        "US_SSN": "2",
        _PERSON: "7 9 22 40 49 52",
        _PHONE: "50 53 63 64",
    },
    "ORC": {_DOCTOR: "10 11 12 19", _PHONE: "14", _ADDRESS: "24"},
    "OBR": {_DOCTOR: "10 16 28", _PHONE: "17", _READER: "32 33 34 35"},
    "OBX": {_TOLD: "5", _DOCTOR: "16 25"},
    "FT1": {_DOCTOR: "20 21 24"},
    "DG1": {_DOCTOR: "16"},
    "PR1": {_DOCTOR: "8 11 12"},
    "SCH": {_DOCTOR: "12 16 20", _PHONE: "13 17 21", _ADDRESS: "14 18"},
    "AIP": {_DOCTOR: "3"},
    "TXA": {_DOCTOR: "5 9 10 11 22 23"},
    "RXE": {_DOCTOR: "13 14"},
    "RXD": {_DOCTOR: "10"},
    "RXA": {_DOCTOR: "10"},
    "STF": {
        _RECORD: "1 2",
        _PERSON: "3 28 29",
        _BIRTH: "6",
        _PHONE: "10",
        _ADDRESS: "11",
        "EMAIL_ADDRESS": "15",
        "US_DRIVER_LICENSE": "22",
    },
    "PRD": {_PERSON: "2", _ADDRESS: "3", _PHONE: "5", "MEDICAL_LICENSE": "7"},
    "CTD": {_PERSON: "2", _ADDRESS: "3", _PHONE: "5", _RECORD: "7"},
    "QPD": {_ASKED: "3 4 5 6 7 8"},
}
"""What the fields of a segment hold that say who somebody is, and their numbers."""

_KINDS = {
    segment: {int(number): kind for kind, numbers in kinds.items() for number in numbers.split()}
    for segment, kinds in _FIELDS.items()
}

_TYPES = {
    "PN": _PERSON,
    "XPN": _PERSON,
    "CN": _DOCTOR,
    "XCN": _DOCTOR,
    "PPN": _DOCTOR,
    "AD": _ADDRESS,
    "XAD": _ADDRESS,
    "TN": _PHONE,
    "XTN": _PHONE,
}
"""Of values, by which one is who somebody is."""

_OTHERS = "MSH AL1 NTE ACC DRG UB1 UB2 DB1 SPM TQ1 RGS AIS AIG AIL IN3 MSA ERR Z[A-Z0-9][A-Z0-9]".split()
_WRITTEN = r"\\[rn]|\\u000[adAD]|\\x0[adAD]|#01[25]|&#(?:x[adAD]|1[03]);|\^M"
"""What loggers write for a line's end, but for blanks and `<CR>`."""
_SEGMENT = late(
    r"(?:(?<![A-Za-z0-9|^~&.-])|(?<=\\[rn])|(?<=\\u000[adAD])|(?<=\\x0[adAD])|(?<=#01[25])|(?<=\^M))"
    rf"({'|'.join(_FIELDS)})\|"
)
_END = late(
    rf"[\r\n]|(?<!\")\"(?=[,}}\]])|(?:{_WRITTEN}|<(?:CR|cr)>|\s)"
    rf"(?=(?:{'|'.join((*_FIELDS, *_OTHERS))})\|)|\Z"
)
"""Of a segment: a line's end, and what loggers write for it; the end of a string of JSON."""
_HEAD = late(r"MSH\|\^~")
"""Of a message."""

_NUMBER = late(r"[0-9]{0,3}")
_NUMBERED = frozenset("PID NK1 PV1 GT1 IN1 OBR OBX FT1 DG1 PR1 AIP TXA".split())
"""Segments whose first field numbers them, or is empty."""

_PARAMETER = late(r"@(?P<segment>[A-Z][A-Z0-9]{2})\.(?P<number>[0-9]{1,2})(?:\.[0-9]{1,2}){0,2}\^")
_NUMBERED_BY = late(r"[A-Za-z0-9-]*[0-9][A-Za-z0-9-]*\^[^|~]*")
"""A number, and who gave it: `112234^^^GOOD HEALTH HOSPITAL`; a query has counts and names of others, too."""

_REPEATED = late(r"[^~]+")
_BORN = late(r"(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9.+-]{0,20}")
_REPLACED = frozenset("<>")
_FEWEST_DIGITS = 7
"""Of a telephone number."""


class Hl7:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the fields that identify somebody."""

    name = "hl7"
    entities = frozenset(entity for kinds in _FIELDS.values() for entity in kinds) - {
        _DOCTOR,
        _READER,
        _TOLD,
        _ASKED,
    } | {"MEDICAL_LICENSE"}
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        # Before one stands no border where a line's end was written as letters.
        return (Trigger(rf"(?:\b|[rnadADM25])(?:{'|'.join(_FIELDS)})\|"),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        whole = _HEAD.search(text) is not None
        segments = list(_SEGMENT.finditer(text))
        for segment, following in zip_longest(segments, segments[1:]):
            start, last = segment.end(), following.start() if following else len(text)
            # What is looked for behind an end is the next segment.
            end = _END.search(text, start, following.end() if following else len(text))
            assert end  # of the text, at the latest
            fields = text[start : min(end.start(), last)].split("|")
            if not (whole or any("^" in field for field in fields)) or (
                segment[1] in _NUMBERED and not _NUMBER.fullmatch(fields[0].strip())
            ):
                continue
            kinds = _KINDS[segment[1]]
            for number, field in enumerate(fields, 1):
                if kind := kinds.get(number):
                    kind = _TYPES.get(fields[1].strip(), "") if kind == _TOLD else kind
                    found += self._field(field, start, kind)
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
    elif kind == _ASKED:
        if asked := _PARAMETER.match(field):
            asks = _KINDS.get(asked["segment"], {}).get(int(asked["number"]), "")
            for entity, (start, end) in _values(field[asked.end() :], asks):
                yield entity, (asked.end() + start, asked.end() + end)
        elif _NUMBERED_BY.fullmatch(field):
            yield _RECORD, _parts(field, 0, 1)
    elif kind == _READER:
        if "&" not in (one := field.partition("^")[0]):
            yield from _values(field, _DOCTOR)
            return
        number, _, name = one.partition("&")
        yield "MEDICAL_LICENSE", (0, len(number))
        yield _PERSON, (len(number) + 1, len(number) + 1 + len("&".join(name.split("&")[:5])))
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
    elif kind:
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
