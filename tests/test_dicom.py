"""DICOM: what identifies a patient in an attribute is found by its tag, in dumps and in JSON."""

import json

import pytest

from cecil.sanitizer.detectors import dicom
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([*dicom.recognizers()])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # DCMTK, dcm4che and GDCM, pydicom
        ("(0010,0010) PN [Lee^Ann]          #   8, 1 PatientName", {("PERSON", "Lee^Ann")}),
        ("132: (0010,0010) PN #8 [Lee^Ann] PatientName", {("PERSON", "Lee^Ann")}),
        ("(0010,0010) PN: 'Lee^Ann'", {("PERSON", "Lee^Ann")}),
        ("(0010,0010) Patient's Name                       PN: 'Åström^Ann'", {("PERSON", "Åström^Ann")}),
        ("(0010,0010) Patient's Name   PN: \"O'Hara^Jo\"", {("PERSON", "O'Hara^Jo")}),
        ("(0010,1001) Other Patient Names   PN: ['Lee^Ann', 'Roe^Jo']", {("PERSON", "Lee^Ann', 'Roe^Jo")}),
        ("(0008,0090) Referring Physician's Name  PN: 'Welby^Marcus'", {("PERSON", "Welby^Marcus")}),
        ("(0008,009c) PN Welby^Marcus # 12,1", {("PERSON", "Welby^Marcus")}),
        ("(0010,0020) LO [448812]", {("MEDICAL_RECORD_NUMBER", "448812")}),
        (
            "(0008,0050) Accession Number                     SH: 'A-1002'",
            {("MEDICAL_RECORD_NUMBER", "A-1002")},
        ),
        ("(0010,0030) DA [19840309]", {("DATE_OF_BIRTH", "19840309")}),
        ("(0010,1040) LO [742 Elm St]", {("STREET_ADDRESS", "742 Elm St")}),
        ("(0010,2154) SH [+1 202 555 0143]", {("PHONE_NUMBER", "+1 202 555 0143")}),
        (
            "(0018,1000) Device Serial Number                 LO: 'SN-20071'",
            {("DEVICE_SERIAL", "SN-20071")},
        ),
        # Near misses
        ("(0010,0010) PN (no value available)  #   0, 0 PatientName", set()),
        ("(0010,0010) PN: ''", set()),
        ("(0010,0010) PN []", set()),
        ("(0010,0010) PN [<PERSON>]", set()),
        ("(0010,0010) missing", set()),
        ("(0010,0030) DA [none]", set()),
        ("(0010,0040) CS [F] (0008,0060) CS [MR]", set()),
        ("(0008,0020) DA [20261120]", set()),
        ("at (0010,0011) PN [Lee^Ann]", set()),
        ("point (0010,0010) of (12,4)", set()),
    ],
)
def test_dumps(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


def test_the_model_of_json() -> None:
    record = {
        "00080018": {"vr": "UI", "Value": ["1.2.840.99"]},
        "00080050": {"vr": "SH", "Value": ["A-1002"]},
        "0008009C": {"vr": "PN", "Value": [{"Alphabetic": "Welby^Marcus"}]},
        "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Lindqvist^Tobias", "Ideographic": "李^安"}]},
        "00100020": {"vr": "LO", "Value": ["448812"]},
        "00100030": {"vr": "DA", "Value": ["19840309"]},
        "00100040": {"vr": "CS", "Value": ["F"]},
        "00101040": {"vr": "LO", "Value": ["742 Elm St"]},
        "00102154": {"vr": "SH", "Value": ["2025550143"]},
        "00181000": {"vr": "LO", "Value": ["SN-20071"]},
    }
    kept = {tag: record[tag] for tag in ("00080018", "00100040")}
    marks = {tag: {"vr": one["vr"], "Value": [f"<{dicom.TAGS.get(tag)}>"]} for tag, one in record.items()}
    marks["0008009C"]["Value"] = [{"Alphabetic": "<PERSON>"}]
    marks["00100010"]["Value"] = [{"Alphabetic": "<PERSON>", "Ideographic": "<PERSON>"}]
    sanitizer = build_sanitizer()
    assert sanitizer.redact(record)[0] == marks | kept
    text = sanitizer.redact_text(f"sent {json.dumps(record)} to pacs")[0]
    assert text == f"sent {json.dumps(marks | kept)} to pacs"
    line = json.dumps({"instance": record}).encode() + b"\n"
    assert json.loads(sanitizer.redact_text(line.decode())[0]) == {"instance": marks | kept}


@pytest.mark.parametrize(
    "record",
    [
        {"00100010": "Lindqvist"},  # a number in binary
        {"00100010": {"Meaning": "Lindqvist"}},
        {"00100011": {"vr": "PN", "Value": ["Lindqvist"]}},
        {"Value": ["Lindqvist"]},
        {"Alphabetic": "Lindqvist"},
    ],
)
def test_keys_that_are_no_tags(record: dict[str, object]) -> None:
    assert build_sanitizer().redact(record)[0] == record


def test_no_text_is_a_trap(spotter: Spotter) -> None:
    for part in (
        "(0010,0010) ",
        "(0010,0010) A ",
        "(0010,0010) PN [",
        "(0010,0010) PN A",
        "(0010,0010) A PN '",
    ):
        spotter.recognizers[0].find(part * (LONG // len(part)))
