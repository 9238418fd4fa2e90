"""Whom searches of FHIR ask for."""

import pytest

from cecil.sanitizer.detectors import fhir
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter(fhir.recognizers())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("GET /fhir/Patient?family=Lee&given=Ann HTTP/1.1", {("PERSON", "Lee"), ("PERSON", "Ann")}),
        ("https://ehr.example.com/r4/Patient?_count=20&name=Lee%20Ann", {("PERSON", "Lee%20Ann")}),
        ("/Practitioner/_search?family:exact=Lee", {("PERSON", "Lee")}),
        ("(/RelatedPerson?name:contains=lee)", {("PERSON", "lee")}),
        (
            "Patient?identifier=http://hospital.example.org/mrn|448812&gender=female",
            {("MEDICAL_RECORD_NUMBER", "448812")},
        ),
        ("Patient?identifier=urn:oid:1.2.36%7CA-448812", {("MEDICAL_RECORD_NUMBER", "A-448812")}),
        ("Patient?identifier=http://hl7.org/fhir/sid/us-ssn|078051120", {("US_SSN", "078051120")}),
        ("family=Lee&given=Ann&_sort=birthdate", {("PERSON", "Lee"), ("PERSON", "Ann")}),
        ("/search?given=Ann&amp;family=Lee", {("PERSON", "Lee"), ("PERSON", "Ann")}),
        ("_count=5&birthdate=ge1984-03-09&family=Lee", {("PERSON", "Lee")}),
    ],
)
def test_what_is_found(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "GET /fhir/Organization?name=Acme",
        "GET /fhir/Patient?_count=20&_sort=family",
        "/fonts?family=Roboto&display=swap",
        "family=ipv4&proto=tcp",
        "Patient?family={family}&given=$given",
        "Patient?name:missing=true",
        "Patient?identifier=http://hospital.example.org/mrn|",
        "InPatient?name=ward",
        "Patient? name=Lee",
        "a Person?",
    ],
    ids=str,
)
def test_what_is_none(spotter: Spotter, text: str) -> None:
    assert spotter.said(text) == set()


def test_a_line_of_a_servers_log() -> None:
    line = b'{"url": "/fhir/Patient?family=Lee&given=Ann&birthdate=1984-03-09&identifier=urn:x|448812"}\n'
    out, _ = build_sanitizer().redact_json(line)
    assert out == (
        b'{"url": "/fhir/Patient?family=<PERSON>&given=<PERSON>&birthdate=<DATE_OF_BIRTH>'
        b'&identifier=urn:x|<MEDICAL_RECORD_NUMBER>"}\n'
    )
    assert build_sanitizer().redact_json(out)[0] == out


@pytest.mark.parametrize(
    "part", ["Patient?name=a&", "family=a&given=b&", "Patient?", "identifier=|", "name=("]
)
def test_time_is_linear(spotter: Spotter, part: str) -> None:
    spotter.said((part * (LONG // len(part) + 1))[:LONG])
