"""Who a patient is, in transactions of X12 as HIPAA prescribes them: `NM1*IL*1*DOE*JANE****MI*W123456789~`.

A segment is an id and elements between asterisks, and ends in a tilde, with its line, or in another sign
before the next; the implementation guides (https://x12.org/products/transaction-sets) say which element holds
what, and a qualifier which number it is. Owns: names, addresses, birth, telephones and numbers of persons in
claims, payments, enrolments and inquiries (837, 835, 834, 270 to 278), and the accounts of payments; wherever
a segment stands, in a message or in a line of a log; separators of its own where a message begins with the
envelope that says them (ISA). Refuses: organisations, diagnoses and procedures, dates of service.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_PLAN, _RECORD, _PERSON = "HEALTH_PLAN_NUMBER", "MEDICAL_RECORD_NUMBER", "PERSON"

_NUMBERS = {
    "SY": "US_SSN",
    "34": "US_SSN",
    "MI": _PLAN,
    "II": _PLAN,
    "0F": _PLAN,
    "1L": _PLAN,
    "1W": _PLAN,
    "6P": _PLAN,
    "F6": _PLAN,
    "IG": _PLAN,
    "1K": _PLAN,
    "D9": _PLAN,
    "F8": _PLAN,
    "G1": _PLAN,
    "9F": _PLAN,
    "3H": _PLAN,
    "Y4": _PLAN,
    "EA": _RECORD,
    "XX": "US_NPI",
    "24": "US_EIN",
    "EI": "US_EIN",
    "TJ": "US_EIN",
    "0B": "MEDICAL_LICENSE",
    "1G": "MEDICAL_LICENSE",
    "HPI": "US_NPI",
    "Q4": _PLAN,
}
"""What a number is, by its qualifier: in REF01 and in NM108."""

_OF_NAMES = _NUMBERS | {
    "FI": "US_EIN",
    "HN": _PLAN,
    "MR": _PLAN,
    "C": _PLAN,
    "SL": "MEDICAL_LICENSE",
    "UP": "MEDICAL_LICENSE",
}
"""In NM108 and N103 only."""

_ROUTING, _ACCOUNT = "ABA_ROUTING_NUMBER", "US_BANK_NUMBER"

_WAYS = {
    "TE": "PHONE_NUMBER",
    "FX": "PHONE_NUMBER",
    "CP": "PHONE_NUMBER",
    "HP": "PHONE_NUMBER",
    "EM": "EMAIL_ADDRESS",
}
"""Of reaching somebody, by the qualifiers of PER."""

_READ_IDS = "NM1|N1|N3|N4|DMG|REF|PER|CLM|CLP|SBR|BPR|TRN"
_IDS = (
    f"{_READ_IDS}|ISA|IEA|GS|GE|ST|SE|BHT|BGN|HL|N2|PRV|PAT|INS|HD|COB|DTP|DTM|AMT|QTY|CUR|LX|HI|SV[1-5]|SVC|SVD|CAS"
    "|OI|MOA|MIA|PLB|EQ|EB|III|AAA|MSG|LS|LE|PWK|CR[1-7]|CN1|NTE|K3|HSD|LIN|CTP|TOO|LUI|ICM|STC|UM|HCR|LQ|FRM|TS[23]|RDM"
)
_SEGMENT = late(
    rf"(?:(?<![A-Za-z0-9*:~])|(?<=~)|(?<=\\[rn]))(?P<id>{_READ_IDS})\*"
    r"(?P<rest>[^~\r\n\"<>\\]{1,600})(?P<end>~?)"
)
_OTHER_END = late(
    rf"[^\w\s*:.,&()/#+-](?=\s{{0,2}}(?:{_IDS})\*)"
    rf"|[ \t](?=(?:{_READ_IDS}|ISA|IEA|GS|BHT|BGN|HL|PRV|PAT|INS|DTP|DTM|SVC|CAS|PLB)\*)"
)
"""Of a segment, where it is no tilde: what stands before the next."""
_LAST_END = " \t~'|!;?^\x1c\x1d\x1e\x85"
"""The tilde, and what may stand there for it behind the last of a line."""
_ENVELOPE = late(r"(?<![A-Za-z0-9])ISA(?P<between>[^\w\s])0[0-9](?P=between)")
_LONGEST_ENVELOPE = 120
_LAST_OF_ENVELOPE = 16
"""The element that says what stands between components; what ends a segment follows it."""
_NEIGHBOUR = late(
    r"(?<![A-Za-z0-9])(?:ISA\*0[0-9]\*[^*]{10}\*|GS\*[A-Z]{2}\*|ST\*[0-9]{3}\*|NM1\*[0-9A-Z]{2,3}\*[12]\*|HL\*[0-9]{1,6}\*"
    r"|DMG\*D8\*|INS\*[YN]\*|CL[MP]\*|BPR\*)"
)
"""Where one of these stands, what else looks like a segment is one."""
_ALONE = late(
    r"\s*(?:N3\*(?:[0-9]{1,6}[A-Z]?|P\.?O\.? BOX|[NSEW]) [A-Z0-9][A-Z0-9 .#'-]{1,60}"
    r"(?:\*[A-Z0-9 .#'-]{1,60})?"
    r"|REF\*[0-9A-Z]{2,3}\*[A-Z-]{0,6}[0-9][0-9-]{5,40})\W?\s*",
    re.IGNORECASE,
)
"""A line that is a segment and nothing else, as files with one a line have it."""

_PERSONS = "1"
"""Of NM102, entity type qualifier."""
_CITY = late(r"[^\W\d_][\w .'-]{1,60}")
_ZIP = late(r"[0-9]{5}(?:-?[0-9]{4})?")
_BORN = late(r"(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]")
_AMOUNT = late(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")
_STATUS = late(r"[0-9]{1,2}")
_QUALIFIER = late(r"[0-9A-Z]{2,3}")
_BANK = late(r"[0-9A-Z][0-9A-Z -]{2,34}")
_PAID = late(r"[CDHIPUX]")
"""Of BPR01, what is done with the money."""
_ORDER = late(r"[A-HPSTU]")
"""Of SBR01, who pays first."""

_Part = tuple[int, str]
"""The number of an element, and what it holds."""


def _name(e: list[str]) -> Iterator[_Part]:
    if _QUALIFIER.fullmatch(e[0]) and e[1] == _PERSONS:
        yield from ((n, _PERSON) for n in (2, 3, 4))
    if e[7] in _OF_NAMES:
        yield 8, _OF_NAMES[e[7]]


def _party(e: list[str]) -> Iterator[_Part]:
    if _QUALIFIER.fullmatch(e[0]) and e[2] in _OF_NAMES:
        yield 3, _OF_NAMES[e[2]]


def _address(e: list[str]) -> Iterator[_Part]:
    yield from ((n, "STREET_ADDRESS") for n in (0, 1))


def _city(e: list[str]) -> Iterator[_Part]:
    if _CITY.fullmatch(e[0]) and (_ZIP.fullmatch(e[2]) or len(e[1]) == 2):
        yield 0, "LOCATION"
        if _ZIP.fullmatch(e[2]):
            yield 2, "US_ZIP_CODE"


def _birth(e: list[str]) -> Iterator[_Part]:
    if e[0] == "D8" and _BORN.fullmatch(e[1]):
        yield 1, "DATE_OF_BIRTH"


def _number(e: list[str]) -> Iterator[_Part]:
    if e[0] in _NUMBERS:
        yield 1, _NUMBERS[e[0]]


def _contact(e: list[str]) -> Iterator[_Part]:
    if not _QUALIFIER.fullmatch(e[0]):
        return
    ways = [n for n in (2, 4, 6) if e[n] in _WAYS]
    if ways:
        yield 1, _PERSON
    for n in ways:
        yield n + 1, _WAYS[e[n]]


def _claim(e: list[str]) -> Iterator[_Part]:
    if _AMOUNT.fullmatch(e[1]):
        yield 0, _RECORD


def _payment(e: list[str]) -> Iterator[_Part]:
    if _STATUS.fullmatch(e[1]) and _AMOUNT.fullmatch(e[2]):
        yield 0, _RECORD
        yield 6, _PLAN


def _group(e: list[str]) -> Iterator[_Part]:
    if _ORDER.fullmatch(e[0]) and _STATUS.fullmatch(e[1]):
        yield 2, _PLAN


def _money(e: list[str]) -> Iterator[_Part]:
    if _PAID.fullmatch(e[0]) and _AMOUNT.fullmatch(e[1]):
        for n in (5, 11):
            if _STATUS.fullmatch(e[n]):
                yield n + 1, _ROUTING
            if _BANK.fullmatch(e[n + 3]):
                yield n + 3, _ACCOUNT


def _trace(e: list[str]) -> Iterator[_Part]:
    if e[0] == "1":
        yield 1, _ACCOUNT


_READ = {
    "NM1": _name,
    "N1": _party,
    "N3": _address,
    "N4": _city,
    "DMG": _birth,
    "REF": _number,
    "PER": _contact,
    "CLM": _claim,
    "CLP": _payment,
    "SBR": _group,
    "BPR": _money,
    "TRN": _trace,
}
_LOOSE = frozenset({"N3", "REF"})
"""Segments that could be anything, but for the tilde behind them, their neighbours, or what is in them."""
_OF_PAYMENT, _TRACE = "BPR", "TRN"
"""Before a trace of which the number is that of a check or a transfer, and not of an inquiry."""

_MOST = 16
"""Elements that are read."""


class X12:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the elements that identify somebody."""

    name = "x12"
    entities = frozenset({*_OF_NAMES.values(), *_WAYS.values()}) | {
        _ROUTING,
        _ACCOUNT,
        _PERSON,
        "STREET_ADDRESS",
        "LOCATION",
        "US_ZIP_CODE",
        "DATE_OF_BIRTH",
    }
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (
            Trigger(rf"(?:\b|[rn])(?:{_READ_IDS})\*"),
            Trigger(r"\bISA(?:\||\^|\+|!|;|:)0[0-9]"),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        text = _usual(text)
        known = _NEIGHBOUR.search(text) is not None or _ALONE.fullmatch(text) is not None
        paid = False
        done = 0
        while segment := _SEGMENT.search(text, done):
            kind, start = segment["id"], segment.start("rest")
            other = _OTHER_END.search(text, start, segment.end())
            done = other.start() if other else segment.end()
            paid = paid or kind == _OF_PAYMENT
            if kind in _LOOSE and not (segment["end"] or known):
                continue
            if kind != _TRACE or paid:
                found += self._elements(kind, text[start:done].rstrip(_LAST_END), start)
        return found

    def _elements(self, kind: str, rest: str, start: int) -> Iterator[Span]:
        elements = rest.split("*")[:_MOST]
        starts = [start]
        for element in elements:
            starts.append(starts[-1] + len(element) + 1)
        elements += [""] * (_MOST - len(elements))
        for n, entity in _READ[kind](elements):
            value = elements[n].strip()
            if any(map(str.isalnum, value)):
                at = starts[n] + elements[n].index(value)
                yield Span(at, at + len(value), entity, _SCORE, self.name)


def _usual(text: str) -> str:
    """A text with the usual separators, behind an envelope that says others; as long as it was."""
    envelope = _ENVELOPE.search(text)
    if envelope is None:
        return text
    between, start = envelope["between"], envelope.start()
    elements = text[start : start + _LONGEST_ENVELOPE].split(between, _LAST_OF_ENVELOPE)
    if len(elements) <= _LAST_OF_ENVELOPE:
        return text
    others = {ord(between): "*"}
    if (end := elements[-1][1:2].strip()) and not end.isalnum():
        others[ord(end)] = "~"
    return text[:start] + text[start:].translate(others)


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (X12(),)
