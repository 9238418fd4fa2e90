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
        ("sn:: R3LDvG53YWxk", ["R3LDvG53YWxk"]),
        ("cn:: Q8OpbGlhIEdyw7xud2FsZA==\nsn:: R3LDvG53YWxk", ["Q8OpbGlhIEdyw7xud2FsZA==", "R3LDvG53YWxk"]),
        # One word in a `cn`, no base64, no text.
        ("cn:: R3LDvG53YWxk", []),
        ("sn:: abcde", []),
        ("sn:: /////w==", []),
        ("mod::sn:: R3LDvG53YWxk", []),
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


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"m": r"user CORP\jsmith logged in"}, {"m": r"user CORP\<PERSON> logged in"}),
        (
            {"m": r"login failed for account CORP\\jsmith2."},
            {"m": r"login failed for account CORP\\<PERSON>."},
        ),
        ({"m": r"User name: 'EU-CORP\Nsmith'"}, {"m": r"User name: 'EU-CORP\<PERSON>'"}),
        ({"m": r"user=CORP\nancy up"}, {"m": r"user=CORP\<PERSON> up"}),
        ({"user": r"CORP\jsmith"}, {"user": r"CORP\<PERSON>"}),
        ({"enduser": {"login": r"CORP\nsmith"}}, {"enduser": {"login": r"CORP\<PERSON>"}}),
        *(
            (record, record)
            for record in (
                {"user": r"CORP\svcbackup"},
                {"user": r"CORP\Administrator"},
                {"user": r"BUILTIN\guests"},
                {"user": r"NT AUTHORITY\network"},
                {"path": r"CORP\jsmith", "module": r"CORP\jsmith"},
                {"m": r"in CORP\jsmith and C:\Users\Public, user C:\temp"},
                {"m": r"user DATA\files\a17, user DATA\readme.txt, user HKLM\software"},
                {"m": r"user \d+\w+ of ID\d{4,}, user Data\abcd"},
                {"m": r"user ADMIN\nplease log in\nagain"},
                {"m": r"user CORP\WEB01$ and user CORP\sqlagent, account CORP\testers-eu"},
            )
        ),
    ],
    ids=str,
)
def test_logins_behind_a_domain(record: dict[str, object], after: dict[str, object]) -> None:
    sanitizer = build_sanitizer()
    clean, _ = sanitizer.redact(record)
    assert clean == after
    assert sanitizer.redact(clean)[0] == clean
