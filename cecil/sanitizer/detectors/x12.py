"""Who a patient is, in transactions of X12 as HIPAA prescribes them: `NM1*IL*1*DOE*JANE****MI*W123456789~`.

A segment is an id and elements between asterisks, and ends in a tilde or with its line; the implementation
guides (https://x12.org/products/transaction-sets) say which element holds what, and a qualifier which number
it is. Owns: names, addresses, birth, telephones and numbers of persons in claims, payments, enrolments and
inquiries (837, 835, 834, 270 to 278); wherever a segment stands, in a message or in a line of a log.
Refuses: organisations, diagnoses and procedures, dates of service; messages with separators of their own.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
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
}
"""What a number is, by its qualifier: in REF01 and in NM108."""

_WAYS = {
    "TE": "PHONE_NUMBER",
    "FX": "PHONE_NUMBER",
    "CP": "PHONE_NUMBER",
    "HP": "PHONE_NUMBER",
    "EM": "EMAIL_ADDRESS",
}
"""Of reaching somebody, by the qualifiers of PER."""

_SEGMENT = re.compile(
    r"(?:(?<![A-Za-z0-9*:~])|(?<=~)|(?<=\\[rn]))(?P<id>NM1|N3|N4|DMG|REF|PER|CLM|CLP)\*"
    r"(?P<rest>[^~\r\n\"<>\\]{1,600})(?P<end>~?)"
)

_PERSONS = "1"
"""Of NM102, entity type qualifier."""
_CITY = re.compile(r"[^\W\d_][\w .'-]{1,60}")
_ZIP = re.compile(r"[0-9]{5}(?:-?[0-9]{4})?")
_BORN = re.compile(r"(?:18|19|20)[0-9]{2}[01][0-9][0-3][0-9]")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")
_STATUS = re.compile(r"[0-9]{1,2}")
_QUALIFIER = re.compile(r"[0-9A-Z]{2,3}")

_Part = tuple[int, str]
"""The number of an element, and what it holds."""


def _name(e: list[str]) -> Iterator[_Part]:
    if _QUALIFIER.fullmatch(e[0]) and e[1] == _PERSONS:
        yield from ((n, _PERSON) for n in (2, 3, 4))
    if e[7] in _NUMBERS:
        yield 8, _NUMBERS[e[7]]


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


_READ = {
    "NM1": _name,
    "N3": _address,
    "N4": _city,
    "DMG": _birth,
    "REF": _number,
    "PER": _contact,
    "CLM": _claim,
    "CLP": _payment,
}
_LOOSE = frozenset({"N3", "REF"})
"""Segments that could be anything, but for the tilde behind them, or another of them on a line of its own."""

_MOST = 12
"""Elements that are read."""


class X12:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of the elements that identify somebody."""

    name = "x12"
    entities = frozenset({*_NUMBERS.values(), *_WAYS.values()}) | {
        _PERSON,
        "STREET_ADDRESS",
        "LOCATION",
        "US_ZIP_CODE",
        "DATE_OF_BIRTH",
    }
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (Trigger(rf"\b(?:{'|'.join(_READ)})\*"),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for segment in _SEGMENT.finditer(text):
            kind = segment["id"]
            if kind in _LOOSE and not segment["end"]:
                continue
            elements = segment["rest"].split("*")[:_MOST]
            starts = [segment.start("rest")]
            for element in elements:
                starts.append(starts[-1] + len(element) + 1)
            elements += [""] * (_MOST - len(elements))
            for n, entity in _READ[kind](elements):
                value = elements[n].strip()
                if any(map(str.isalnum, value)):
                    at = starts[n] + elements[n].index(value)
                    found.append(Span(at, at + len(value), entity, _SCORE, self.name))
        return found


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (X12(),)
