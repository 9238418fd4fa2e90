"""Clinical documents: who a patient is, in attributes and in both halves of a name."""

import pytest

from cecil.sanitizer.detectors import cda
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter

ROLE = '<id extension="998991" root="2.16.840.1.113883.19.5"/>'


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([*cda.recognizers()])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<birthTime value="19540325"/>', {("DATE_OF_BIRTH", "19540325")}),
        ("<v3:birthTime  value='195403250915'/>", {("DATE_OF_BIRTH", "195403250915")}),
        (r"<birthTime value=\"1954\"/>", {("DATE_OF_BIRTH", "1954")}),
        ('<telecom value="tel:+1-555-0100"/>', {("PHONE_NUMBER", "+1-555-0100")}),
        ('<telecom use="HP" value="tel:(555)555-0100"/>', {("PHONE_NUMBER", "(555)555-0100")}),
        (f"<patientRole>{ROLE}<addr>", {("MEDICAL_RECORD_NUMBER", "998991")}),
        (
            f'<patientRole classCode="PAT">\n  {ROLE}\n  <id root="2.16.840.1.113883.4.1" extension="987-65-4320"/>',
            {("MEDICAL_RECORD_NUMBER", "998991"), ("US_SSN", "987-65-4320")},
        ),
        (f'<patient classCode="PAT">{ROLE}', {("MEDICAL_RECORD_NUMBER", "998991")}),
        (
            '<livingSubjectId><value root="1.2.3" extension="77"></value>',
            {("MEDICAL_RECORD_NUMBER", "77")},
        ),
        ('<id root="2.16.840.1.113883.4.3.36" extension="D1234567"/>', {("US_DRIVER_LICENSE", "D1234567")}),
        ('<id extension="9876543210" root="2.16.840.1.113883.4.6"/>', {("US_NPI", "9876543210")}),
        (
            '<name><given>Tobias</given> <family qualifier="BR">Lindqvist</family></name>',
            {("PERSON", "Tobias"), ("PERSON", "Lindqvist")},
        ),
        (
            '<family value="Lindqvist"/><given value="Tobias"/>',
            {("PERSON", "Tobias"), ("PERSON", "Lindqvist")},
        ),
        ("patientId=77^^^&1.2.840.99.1&ISO", {("MEDICAL_RECORD_NUMBER", "77")}),
        ("<v>'P-77^^^ADT&amp;1.2.840.99.1&amp;ISO'</v>", {("MEDICAL_RECORD_NUMBER", "P-77")}),
        # Near misses
        (ROLE, set()),  # of what, nobody says
        (f"<ClinicalDocument>{ROLE}", set()),
        (f"<patientRole><addr/></patientRole>{ROLE}", set()),
        ('<patientRole><id root="1.2.3"/>', set()),
        ('<id root="2.16.840.1.113883.4.9999" extension="D1"/>', set()),
        ('<id root="2.16.840.1.113883.4.642" extension="D1"/>', set()),
        ('<effectiveTime value="20261120"/>', set()),
        ('<birthTime nullFlavor="UNK"/>', set()),
        ('<birthTime value="***"/>', set()),
        ('<telecom value="https://example.com"/>', set()),
        ('<telecom nullFlavor="UNK"/>', set()),
        ("<given>a user</given><when>one logs in</when>", set()),
        ("<family>inet6</family>", set()),
        ("<given><PERSON></given><family><PERSON></family>", set()),
        ("AB12^^^&ISO", set()),
        ("2 ^^^ &1.2.3", set()),
    ],
)
def test_attributes(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


def test_a_document_comes_out_without_its_patient_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    document = (
        f"<recordTarget><patientRole>{ROLE}<telecom use='HP' value='tel:+1-202-555-0143'/><patient><name>"
        "<given>Tobias</given><family>Lindqvist</family></name><birthTime value='19540325'/></patient>"
    )
    text = sanitizer.redact_text(document)[0]
    for gone in ("998991", "555", "Tobias", "Lindqvist", "1954"):
        assert gone not in text
    assert 'root="2.16.840.1.113883.19.5"' in text
    assert sanitizer.redact_text(text)[0] == text


def test_no_text_is_a_trap(spotter: Spotter) -> None:
    parts = (
        "<birthTime ",
        "<patientRole><id a>",
        "<id a",
        "<given>",
        "<family x",
        "a^^^&1.2.3",
        "<telecom  ",
    )
    for part in (*parts, '<id root="2.16.840.1.113883.4.1">', "<patientRole>" + " " * 40):
        spotter.recognizers[0].find(part * (LONG // len(part)))
