"""Cards and directories: what says who somebody is is found by its place, and only there."""

import pytest

from cecil import Detector
from tests.conftest import build_cache, build_sanitizer


def found(text: str) -> list[tuple[str, str]]:
    """Entities and texts of this recognizer."""
    detector = Detector(nlp="none", cache=build_cache())
    return [
        (one.entity, text[one.start : one.end]) for one in detector.find(text) if one.detector == "contacts"
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("FN:Jane Doe", ["Jane Doe"]),
        ("FN;CHARSET=UTF-8:Zoë O'Brien-Łęcka", ["Zoë O'Brien-Łęcka"]),
        ("FN:张 伟", ["张 伟"]),
        ("N:Doe;Jane;A.,B.;Dr.;", ["Doe", "Jane", "A.", "B.", "Dr."]),
        ("N:Doe;Jane;3;;", ["Doe", "Jane"]),
        ("N;LANGUAGE=de:Müller;Anna;;;", ["Müller", "Anna"]),
        (r"BEGIN:VCARD\r\nFN:Jane Doe\r\nN:Doe;Jane;;;\r\nEND:VCARD", ["Jane Doe", "Doe", "Jane"]),
        ("2026-11-20 INFO card FN:Jane Doe", ["Jane Doe"]),
        ("ADR;TYPE=HOME:;;12 Elm Street;Springfield;IL;62704;USA", ["12 Elm Street", "Springfield", "62704"]),
        (r"ADR:Box 9;;1 Oak\; Rear;Bonn;;53111;DE", ["Box 9", r"1 Oak\; Rear", "Bonn", "53111"]),
        ("ORGANIZER;CN=Jane Doe:mailto:x@example.com", ["Jane Doe"]),
        ('ATTENDEE;ROLE=CHAIR;CN="Doe, Jane":mailto:x@example.com', ["Doe, Jane"]),
        ("dn: CN=Jane Doe,OU=Users,DC=corp,DC=example", ["Jane Doe"]),
        ("bind as cn=Jane Q. Doe, ou=people, dc=example failed", ["Jane Q. Doe"]),
        (r"CN=Doe\, Jane,OU=Users,DC=corp", [r"Doe\, Jane"]),
        ("manager: CN=Jane Doe,CN=Users,O=Example,DC=corp", ["Jane Doe"]),
        # What is no card, and what names nobody.
        ("FN: 3 FP: 2", []),
        ("FN:done", []),
        ("FN:jane doe", []),
        ("TFN:Jane Doe", []),
        ("N:1;2;3", []),
        ("N:Doe", []),
        ("N:done;it is;x", []),
        ("PIN:Doe;Jane;;", []),
        ("ADR:1;2", []),
        ("ADR:;;;;;;", []),
        ("ADR:;;;;IL;627;", []),
        ("ATTENDEE;CN=17:mailto:x@example.com", []),
        ("ATTENDEE:mailto:x@example.com", []),
        ("Subject: C=US, O=Example Trust, CN=Example Root", []),
        ("CN=www.example.com,OU=Web,DC=example", []),
        ("CN=Domain Admins,CN=Users,DC=corp", []),
        ("CN=WEB01,OU=Servers,DC=corp", []),
        ("CN=Jane Doe,OU=Users", []),
        ("CN=jane doe,DC=corp", []),
    ],
)
def test_lines(text: str, values: list[str]) -> None:
    assert [value for _, value in found(text)] == values


def test_what_it_is() -> None:
    assert found("ADR:;;12 Elm Street;Springfield;IL;62704;") == [
        ("STREET_ADDRESS", "12 Elm Street"),
        ("LOCATION", "Springfield"),
        ("US_ZIP_CODE", "62704"),
    ]
    assert found("FN:Jane Doe") == [("PERSON", "Jane Doe")]


def test_a_card_in_a_record_comes_out_without_its_person_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane Doe\r\nN:Doe;Jane;;;\r\nORG:Example\r\nEND:VCARD\r\n"
    clean, _ = sanitizer.redact({"card": card})
    assert clean == {
        "card": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:<PERSON>\r\nN:<PERSON>;<PERSON>;;;\r\nORG:Example\r\nEND:VCARD\r\n"
    }
    assert sanitizer.redact(clean)[0] == clean
