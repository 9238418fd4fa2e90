"""X12: what identifies a person in a segment is found by its place, and only there."""

import json

import pytest

from cecil import Detector
from cecil.sanitizer.detectors.x12 import X12
from tests.conftest import build_cache, build_sanitizer
from tests.spotting import LONG

CLAIM = (
    "NM1*IL*1*SMITH*JANE*A***MI*W123456789~N3*236 N MAIN ST*APT 4~N4*SPRINGFIELD*IL*62701~DMG*D8*19610415*F~"
    "REF*SY*123456789~PER*IC*JANE DOE*TE*5555550199*EX*12~CLM*26463774*100***11:B:1*Y*A*Y*I~"
)

ISA = f"ISA^00^{' ' * 10}^00^{' ' * 10}^ZZ^{'SENDER':15}^ZZ^{'RECEIVER':15}^261120^1253^*"
"""The beginning of an envelope with separators of its own."""


def found(text: str) -> list[tuple[str, str]]:
    """Entities and texts of this recognizer."""
    detector = Detector(nlp="none", cache=build_cache())
    return [(one.entity, text[one.start : one.end]) for one in detector.find(text) if one.detector == "x12"]


def test_a_claim() -> None:
    assert found(CLAIM) == [
        ("PERSON", "SMITH"),
        ("PERSON", "JANE"),
        ("PERSON", "A"),
        ("HEALTH_PLAN_NUMBER", "W123456789"),
        ("STREET_ADDRESS", "236 N MAIN ST"),
        ("STREET_ADDRESS", "APT 4"),
        ("LOCATION", "SPRINGFIELD"),
        ("US_ZIP_CODE", "62701"),
        ("DATE_OF_BIRTH", "19610415"),
        ("US_SSN", "123456789"),
        ("PERSON", "JANE DOE"),
        ("PHONE_NUMBER", "5555550199"),
        ("MEDICAL_RECORD_NUMBER", "26463774"),
    ]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("NM1*QC*1*DOE*TED", ["DOE", "TED"]),
        ("NM1*85*2*BEN KILDARE SERVICE*****XX*9876543210~", ["9876543210"]),
        ("2026-11-20 INFO in: NM1*QC*1*DOE*TED****MI*11122333301", ["DOE", "TED", "11122333301"]),
        (r"…~\nDMG*D8*19430501*M~", ["19430501"]),
        ('"DMG*D8*19430501*M"', ["19430501"]),
        ("N4*KANSAS CITY*MO", ["KANSAS CITY"]),
        ("N4*TORONTO*ON*M5H2N2*CA~", ["TORONTO"]),
        ("CLP*77722*1*211366.97*138018.4**12*119932404007802~", ["77722", "119932404007802"]),
        ("REF*EA*MR-77~", ["MR-77"]),
        ("PER*BL*JANE DOE*TE*5555550101*FX*5555550102", ["JANE DOE", "5555550101", "5555550102"]),
        # Segments on lines of their own, alone or with others, and ends of their own
        (
            "NM1*IL*1*DOE*JANE****MI*W12\nN3*1 OAK ST\nREF*SY*987654320",
            ["DOE", "JANE", "W12", "1 OAK ST", "987654320"],
        ),
        ("N3*236 N MAIN ST*APT 4", ["236 N MAIN ST", "APT 4"]),
        ("N3*PO BOX 17", ["PO BOX 17"]),
        ("REF*0F*W123456789", ["W123456789"]),
        ("DMG*D8*19430501'", ["19430501"]),
        (
            "NM1*IL*1*O'DAY*JANE'N3*1 OAK ST*B'DMG*D8*19430501'",
            ["O'DAY", "JANE", "1 OAK ST", "B", "19430501"],
        ),
        ("NM1*IL*1*DOE*JANE|N3*1 OAK ST|REF*SY*987654320|SE*9*1", ["DOE", "JANE", "1 OAK ST", "987654320"]),
        (
            "NM1*IL*1*DOE N3*236 N MAIN ST*APT 4 N4*SPRINGFIELD*IL",
            ["DOE", "236 N MAIN ST", "APT 4", "SPRINGFIELD"],
        ),
        (r"GS*HP*X*Y*20261120\nN3*1 OAK ST\nREF*SY*987654320\n", ["1 OAK ST", "987654320"]),
        (f"{ISA}^00501^000000001^0^T^:'NM1^IL^1^DOE'N3^1 OAK ST'", ["DOE", "1 OAK ST"]),
        (f"{ISA}^00501^000000001^0^T^:\nNM1^IL^1^DOE\nREF^SY^987654320", ["DOE", "987654320"]),
        (f"{ISA.replace('^', '|')}|00501|1|0|T|:~NM1|IL|1|DOE~SE|9|1~", ["DOE"]),
        # Of payments, of groups and of parties
        (
            f"BPR*I*1222*C*ACH*CCP*01*011000015*DA*24681012*{'1' * 10}**01*011000015*DA*144444~TRN*1*71700666~",
            ["011000015", "24681012", "011000015", "144444", "71700666"],
        ),
        ("SBR*P*18*2222-SJ******CI~", ["2222-SJ"]),
        ("N1*PE*ACME CLINIC*XX*9876543210~", ["9876543210"]),
        ("NM1*QC*1*DOE*TED****HN*1EG4TE5~", ["DOE", "TED", "1EG4TE5"]),
        # What is no such segment, and what tells of nobody.
        ("TRN*1*1453915417*9877281234~", []),
        ("N1*PR*ACME HEALTH~", []),
        ("BPR*I*0*C*NON~TRN*2*71700666~", []),
        ("BPR*x*y*C*ACH*CCP*01*1*DA*24681012", []),
        ("BPR*I*0*C*NON~", []),
        ("SBR*x*y*2222", []),
        ("N3*2 + y", []),
        ("N3*4;", []),
        ("REF*count;", []),
        ("REF*next*4", []),
        ("ISA|01|NM1|IL|1|DOE", []),
        ("see ISA*00* and N3*x", []),
        ("NM1*PR*2*ACME HEALTH", []),
        ("NM1*il*1*x*y", []),
        ("NM1*IL*1", []),
        ("REF*EA*MR-77", []),
        ("REF*ZZ*77~", []),
        ("N3*x^2 + y", []),
        ("N4*7*x", []),
        ("N4*SPRINGFIELD*x*y", []),
        ("DMG*D8*hello", []),
        ("DMG*XX*19430501", []),
        ("PER*x*y*TE*1", []),
        ("PER*IC*JANE", []),
        ("CLM*a*b*c", []),
        ("CLP*a*denied*1", []),
        ("3*N3*4~", []),
        ("a*NM1*IL*1*DOE", []),
        ("N3*~", []),
    ],
)
def test_segments(text: str, values: list[str]) -> None:
    assert [value for _, value in found(text)] == values


def test_a_message_in_a_record_comes_out_without_its_patient_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    clean, _ = sanitizer.redact({"edi": f"{CLAIM}PER*IC*ANN ROE*EM*ann.roe@example.com~"})
    text = json.dumps(clean)
    for gone in ("SMITH", "W123456789", "236 N", "62701", "19610415", "123456789", "5555550199", "26463774"):
        assert gone not in text
    assert "ROE" not in text and "ann.roe" not in text
    assert "*100***11:B:1*Y*A*Y*I~" in text
    assert sanitizer.redact(clean)[0] == clean


def test_no_text_is_a_trap() -> None:
    for part in ("NM1*", "N3*1|", "ISA*0", "ISA^00^", "ISA*00**", "REF*SY*1'", "N3* N3*"):
        X12().find(part * (LONG // len(part)))
