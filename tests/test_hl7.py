"""HL7 version 2: what identifies a patient in a segment is found by its place, and only there."""

import json

import pytest

from cecil import Detector
from cecil.sanitizer.detectors.hl7 import Hl7
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
        (
            "STF|U2246^^^PLW|111-22|ROE^ANN^H|P|M|19511004|A|^ICU|^MED|(555)555-1003|1003 OAK DR^^ANN ARBOR^MI",
            ["U2246", "111-22", "ROE^ANN^H", "19511004", "(555)555-1003", "1003 OAK DR^^ANN ARBOR^MI"],
        ),
        (
            "PRD|RP|ROE^ANN^H|1001 OAK DR^^ANN ARBOR^MI|^^^|555-555-1001|EM|A12345^^NPI",
            ["ROE^ANN^H", "1001 OAK DR^^ANN ARBOR^MI", "555-555-1001", "A12345"],
        ),
        (
            "CTD|PR|ROE^ANN|12 OAK ST^^RALEIGH|WARD|202-555-0143",
            ["ROE^ANN", "12 OAK ST^^RALEIGH", "202-555-0143"],
        ),
        (
            "QPD|Q22^Find Candidates|111069|@PID.5.1^ROE~@PID.5.2^ANN~@PID.7^19800229",
            ["ROE", "ANN", "19800229"],
        ),
        ("QPD|IHE PIX Query|Q231|112234^^^GOOD HEALTH HOSPITAL^MR", ["112234"]),
        # In a line of a log, several segments on a line, and the ends of segments that loggers write.
        ("12:00 INFO sent: PID|1||77^^^MRN||DOE^JOHN", ["77", "DOE^JOHN"]),
        (r"PID|||77||DOE^JOHN\rNK1|1|ROE^ANN\nPV1|1|I", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN\rNK1|1|ROE^ANN", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN<CR>NK1|1|ROE^ANN", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("PID|||77||DOE^JOHN OBX|1|TX|||ROE^ANN", ["77", "DOE^JOHN"]),
        (r"PID|||77||DOE^JO\T\HN", ["77", r"DOE^JO\T\HN"]),
        # Guarantors, the insured, kin and those who had the number before
        (
            f"GT1|1||ROE^ANN||1 OAK ST^^RALEIGH|^PRN^PH^^^202^5550143||19541102||||987-65-4320{'|' * 4}ACME^BO",
            ["ROE^ANN", "1 OAK ST^^RALEIGH", "202^5550143", "19541102", "987-65-4320", "ACME^BO"],
        ),
        (
            f"IN2|E4711|987654320||||1EG4|ROE^ANN{'|' * 45}LEE^BO|2025550143||||||||M778",
            ["E4711", "987654320", "1EG4", "ROE^ANN", "LEE^BO", "2025550143", "M778"],
        ),
        (f"NK1|1|ROE^ANN{'|' * 24}LEE^MAY{'|' * 11}987654320", ["ROE^ANN", "LEE^MAY", "987654320"]),
        (f"PID|1||77^^^MRN{'|' * 20}UPPSALA{'|' * 17}2025550143", ["77", "UPPSALA", "2025550143"]),
        # Who orders, collects, reads, treats and writes
        (
            "ORC|RE|A1^X|B2||CM|||||1001^LEE^BO||1002^WELBY^MARCUS^^^DR||^WPN^PH^^^202^5550143",
            ["1001", "LEE^BO", "1002", "WELBY^MARCUS^^^DR", "202^5550143"],
        ),
        (
            f"OBR|1|A1|B2|80061^LIPIDS{'|' * 12}1002^WELBY^MARCUS|2025550143{'|' * 15}1003&ROE&ANN&B|1004^LEE",
            ["1002", "WELBY^MARCUS", "2025550143", "1003", "ROE&ANN&B", "1004", "LEE"],
        ),
        ("OBX|1|XPN|1^name||ROE^ANN~LEE^BO||", ["ROE^ANN", "LEE^BO"]),
        ("OBX|2|XCN|1^by||1002^WELBY^MARCUS", ["1002", "WELBY^MARCUS"]),
        ("OBX|3|XAD|1^at||1 OAK ST^^RALEIGH", ["1 OAK ST^^RALEIGH"]),
        ("OBX|4|XTN|1^call||^PRN^PH^^^202^5550143", ["202^5550143"]),
        (f"OBX|5|NM|8867-4^HR||72{'|' * 11}1002^WELBY^MARCUS", ["1002", "WELBY^MARCUS"]),
        (f"FT1|1{'|' * 19}1002^WELBY^MARCUS|1003^ROE", ["1002", "WELBY^MARCUS", "1003", "ROE"]),
        (f"DG1|1||I10^HTN{'|' * 13}1002^WELBY", ["1002", "WELBY"]),
        (
            f"SCH|10345^10345{'|' * 11}1002^LEE^BO|2025550143|1 OAK ST^^RALEIGH",
            ["1002", "LEE^BO", "2025550143", "1 OAK ST^^RALEIGH"],
        ),
        ("EVN|A01|202611200915|||1002^LEE^BO", ["1002", "LEE^BO"]),
        # Ends that loggers write, the end of a string of JSON, and a message none of whose fields has parts
        (r"MSH|x\u000dPID|||77||DOE^JOHN\u000dNK1|1|ROE^ANN", ["77", "DOE^JOHN", "ROE^ANN"]),
        ("MSH|x#015PID|||77||DOE^JOHN#015OBX|1", ["77", "DOE^JOHN"]),
        ("MSH|x&#13;PID|||77||DOE^JOHN&#xD;OBX|1", ["77", "DOE^JOHN"]),
        ("MSH|x^MPID|||77||DOE^JOHN^MZPD|1", ["77", "DOE^JOHN"]),
        (r"MSH|x\rPID|||77||DOE^JOHN", ["77", "DOE^JOHN"]),
        ('at: "PID|||77||DOE^JOHN","NK1|1|ROE^ANN"]', ["77", "DOE^JOHN", "ROE^ANN"]),
        ('PID|||77||DOE^JOHN|""|19800101', ["77", "DOE^JOHN", "19800101"]),
        ("MSH|^~\\&|A\rPID|1||77||DOE", ["77", "DOE"]),
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
        "OBX|1|CWE|1^what||I10^HTN^I10",
        "OBX|XPN|XPN|1^name||DOE^JOHN",
        "ORC|table|rows^2",
        "AL1|1|DA|1605^ACETAMINOPHEN^L|MO|RASH",
        "DG1|1||I10^HTN|HTN|20261120|A",
        "OBR|1|A1|B2|80061^LIPIDS^L",
        "SCH|job|a^b|c",
        "FORCE|a|b|c|d|e|f|g|h|1^DOE^JOHN",
        "PID|1||^^^MRN||^^^|^|0|M|||^^^|||",
        "PID|1||<MEDICAL_RECORD_NUMBER>^^^MRN||<PERSON>||M",
        "NK1|1||WIFE^1||^PRN^PH^^^206^555",
        "STF|a|b|c",
        "QPD|Z99^x|Q1|@PID.8^F~@PV1.3^ICU|50|ICU^MAIN",
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


def test_many_beginnings_are_no_trap() -> None:
    Hl7().find(",PID|" * 100_000)
    Hl7().find("PID|1|^" + ",OBX|" * 100_000)
