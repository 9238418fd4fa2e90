"""Values that the head of a table names: people paste tables into prompts and tickets."""

import pytest

from cecil.sanitizer.detectors.secrets.names import NameRecognizer
from cecil.sanitizer.detectors.secrets.tables import TableRecognizer
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
from tests.spotting import ENDLESS, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([TableRecognizer(NameRecognizer())])


def found(spotter: Spotter, text: str) -> list[str]:
    return [text[one.start : one.end] for one in spotter.spans(text)]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "| Name | SSN | Phone |\n|------|:---:|--:|\n| Jo | 078051120 | 2025550143 |\n| Al | 219099999 | - |",
            ["078051120", "2025550143", "219099999"],
        ),
        ("Here:\n\n> | SSN |\n> |---|\n> | 078051120 |\n\nThanks | all", ["078051120"]),
        ("Service | Password\n--|--\ndb1 | `hunter2x`\ndb2 | **kestrel** ", ["hunter2x", "kestrel"]),
        (" id |  password\n----+-----------\n  1 | hunter2x\n(1 row)", ["hunter2x"]),
        (
            "+----+-----------+\r\n| id | ssn       |\r\n+----+-----------+\r\n|  1 | 078051120 |\r\n+----+",
            ["078051120"],
        ),
        ("id,email,ssn\n1,x,078051120\n2,y,219099999\n\nthat is all", ["078051120", "219099999"]),
        ("name;password;city\nErika;geheim77;Ulm", ["geheim77", "Ulm"]),
        ("id\tSSN\n1\t078051120\n2\t219099999\t9", ["078051120"]),
        ('"Customer","Account Number"\n"Doe, ""J""","12345678"\n"x","87654321"', ["12345678", "87654321"]),
        ("member_id,first_name\nXYZ882913345,Jane\nXYZ88,", ["XYZ882913345", "Jane", "XYZ88"]),
        ("units,customer_ssn\n2,078051120", ["078051120"]),
        ("id|ssn\n1|078051120", ["078051120"]),
        ("user,api_key\njo,9f86d081884c7d65", ["9f86d081884c7d65"]),
        # What has no head, no rows, or other rows.
        ("id,ssn", []),
        ("id,ssn\n", []),
        ("ssn\n078051120", []),
        ("id,ssn\n078051120", []),
        ('id,ssn\n"1,078051120', ["078051120"]),
        ('id,ssn\n"1"x,078051120', []),
        ("| SSN |\n| 078051120 |", ["078051120"]),
        ("name, units\n|--|\n 1, 078051120", []),
        ("we ask for your name, your full legal home address or so, email\nnever, ever, hunter2x", []),
        # What tables say of things in general.
        ("| Parameter | Password |\n|---|---|\n| a | required |\n| b | at least 8 |", []),
        ("| Token | POS |\n|---|---|\n| The | DET |\n| reboarded2 | VB |", ["reboarded2"]),
        ("| Phone | Price |\n|---|---|\n| iPhone 15 | 999 |", []),
        ("| Card | Price |\n|---|---|\n| RTX 4090 | 1,999 |", []),
        ("city,phone,zip\nUlm,n/a,", ["Ulm"]),
        ("| City | Zip |\n|---|---|\n| Ulm | 89073 |", []),
        ("email,photo\nsent,https://img.example.com/1.png", []),
        ("first_name,n\ncolumn1,2", []),
        ("date,sku,units\n2026-03-05,88213345,12", []),
        ("one,two\n" * 3, []),
    ],
)
def test_tables(spotter: Spotter, text: str, values: list[str]) -> None:
    assert found(spotter, text) == values


def test_a_head_is_not_too_long(spotter: Spotter) -> None:
    assert found(spotter, "ssn," + "x" * 4000 + "\n078051120,y") == []
    assert (
        found(spotter, ",".join(["ssn"] * 900) + "\n" + ",".join(["078051120"] * 900)) == ["078051120"] * 900
    )


def test_why_a_value_stays_is_told() -> None:
    misses: list[Miss] = []
    text = "password,api_key,first_name,phone\nnot set,a word,x1,12"
    assert TableRecognizer(NameRecognizer()).find(text, misses) == []
    assert [(one.entity, one.why) for one in misses] == [
        ("PASSWORD", "said of a secret, and none"),
        ("SECRET", "a sentence"),
        ("PERSON", "no name"),
        ("PHONE_NUMBER", "not what its name promises"),
    ]


@pytest.mark.parametrize("text", [*ENDLESS, "a,ssn\n" * 10**5, "|--|\n" * 10**5, "-" * 10**6, '"' * 10**6])
def test_it_is_linear(spotter: Spotter, text: str) -> None:
    spotter.spans(text)


def test_a_table_in_a_record_comes_out_clean_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    row = "| {} | {} |\n"
    text = "please sort\n\n| who | SSN |\n|---|---|\n" + row.format("a", "078051120")
    text += "they have not seen what we were asked about " * 120
    clean, _ = sanitizer.redact({"content": text})
    assert clean == {"content": text.replace("078051120", "<US_SSN>")}
    assert sanitizer.redact(clean)[0] == clean
