"""HL7 version 2: what identifies a patient in a segment is found by its place, and only there."""

import json

import pytest

from cecil import Detector
from tests.conftest import build_cache, build_sanitizer

PID = (
    "PID|1|999-11|PATID1234^5^M11^ADT1^MR~123456789^^^USSSA^SS||JONES^WILLIAM^A^III^DR^MD~BILL^^^^^^N|ROE^ANN|19610615"
    "|M||2106-3|677 DELAWARE AVENUE^APT 4^EVERETT^MA^02149^USA|GL|(919)379-1212|(919)271-3434~(919)277-3114||S||"
    "P12345001^2^M10|987654320|D1234567^NC"
)


def found(text: str) -> list[tuple[str, str]]:
    """Entities and texts; what the model of names would find is left out."""
    detector = Detector(entities=["DATE_TIME"], nlp="none", cache=build_cache())
    return [(one.entity, text[one.start : one.end]) for one in detector.find(text)]


def test_the_segment_of_a_patient() -> None:
    assert found(PID) == [
        ("MEDICAL_RECORD_NUMBER", "999-11"),
        ("MEDICAL_RECORD_NUMBER", "PATID1234"),
        ("MEDICAL_RECORD_NUMBER", "123456789"),
        ("PERSON", "JONES^WILLIAM^A^III^DR"),
        ("PERSON", "BILL"),
        ("PERSON", "ROE^ANN"),
        ("DATE_OF_BIRTH", "19610615"),
        ("STREET_ADDRESS", "677 DELAWARE AVENUE^APT 4^EVERETT^MA^02149"),
        ("PHONE_NUMBER", "(919)379-1212"),
        ("PHONE_NUMBER", "(919)271-3434"),
        ("PHONE_NUMBER", "(919)277-3114"),
        ("MEDICAL_RECORD_NUMBER", "P12345001"),
        ("US_SSN", "987654320"),
        ("US_DRIVER_LICENSE", "D1234567"),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "NK1|1|JONES^BARBARA|WIFE|^^EVERETT|^PRN^PH^^1^206^5551234",
            ["JONES^BARBARA", "EVERETT", "1^206^5551234"],
        ),
        ("PV1|1|I|2000^01||||004777^LEBAUER^SIDNEY^J.|^ROE^ANN", ["004777", "LEBAUER^SIDNEY^J.", "ROE^ANN"]),
        ("PD1||||1234^WELBY^MARCUS", ["1234", "WELBY^MARCUS"]),
        ("MRG|55555^^^MRN||||||OLDNAME^ANN", ["55555", "OLDNAME^ANN"]),
        ("GT1|1|8291|DOE^JOHN||1 OAK ST^^RALEIGH", ["8291", "DOE^JOHN", "1 OAK ST^^RALEIGH"]),
        (
            f"IN1|1|PPO^Plan|1|BCBS||||G4711||||||||  DOE^JANE |SELF|19800101{'|' * 18}POL99881",
            ["G4711", "DOE^JANE", "19800101", "POL99881"],
        ),
        # In a line of a log, several segments on a line, and the ends of segments that loggers write.
        ("12:00 INFO sent: PID|1||77^^^MRN||DOE^JOHN", ["77", "DOE^JOHN"]),
        (r"PID|||77||DOE^JOHN\rNK1|1|ROE^ANN\nPV1|1|I", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN\rNK1|1|ROE^ANN", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN<CR>NK1|1|ROE^ANN", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN OBX|1|TX|||ROE^ANN", ["77", "DOE^JOHN"]),
        (r"PID|||77||DOE^JO\T\HN", ["77", r"DOE^JO\T\HN"]),
    ],
)
def test_other_segments_and_where_they_stand(text: str, values: list[str]) -> None:
    assert [value for _, value in found(text)] == values


@pytest.mark.parametrize(
    "text",
    [
        "PID|TTY|TIME|CMD",
        "ps | grep PID|wc -l",
        "PID|1|2|3|4|5|6",  # no field has components
        "PID|1234|java|b||root^d",  # a number of a process, and none of a segment
        "RAPID|1||77^^^MRN||DOE^JOHN",
        "X.PID|1||77^^^MRN||DOE^JOHN",
        "pid|1||77^^^mrn||doe^john",
        "OBX|1|TX|1^note||DOE^JOHN was seen",
        "PID|1||^^^MRN||^^^|^|0|M|||^^^|||",
        "PID|1||<MEDICAL_RECORD_NUMBER>^^^MRN||<PERSON>||M",
        "NK1|1||WIFE^1||^PRN^PH^^^206^555",
    ],
)
def test_near_misses(text: str) -> None:
    assert found(text) == []


def test_a_message_in_a_record_comes_out_without_its_patient_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    message = f"MSH|^~\\&|ADT1|MCM\r{PID}\rOBX|1|NM|8867-4^HR||72"
    clean, _ = sanitizer.redact({"raw": message})
    text = clean["raw"]
    assert text.startswith("MSH|^~\\&|ADT1|MCM\rPID|1|<MEDICAL_RECORD_NUMBER>|")
    assert text.endswith("|<US_DRIVER_LICENSE>^NC\rOBX|1|NM|8867-4^HR||72")
    assert text.count("|") == message.count("|")
    assert not any(value in json.dumps(clean) for _, value in found(PID))
    assert sanitizer.redact(clean)[0] == clean
