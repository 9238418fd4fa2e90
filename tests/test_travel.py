"""Who flies, in bookings and in what airlines send on; and who is on a picture of DICOM's."""

import pytest

from cecil.sanitizer.detectors import health, travel
from tests.conftest import build_sanitizer
from tests.spotting import LONG, Spotter


@pytest.fixture(scope="module")
def spotter() -> Spotter:
    return Spotter([*travel.recognizers(), *(one for one in health.recognizers() if one.name == "dicom")])


DOCS = "DOCS SK HK1 P/SWE/AB1234567/SWE/09MAR84/F/20JAN30/LEE/ANN MARIE"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "20NOV26/0914Z 1.LEE/ANN MS 2.O'HARA-BO/JO MR",
            {("PERSON", "LEE/ANN MS"), ("PERSON", "O'HARA-BO/JO MR")},
        ),
        (
            "scan M1LEE/ANN             EABC123 FRAJFKLH 0400 326J001A0025 100",
            {("PERSON", "LEE/ANN"), ("UNIQUE_ID", "ABC123")},
        ),
        (
            "M1LEE/ANN MARIE EABC123 YULFRAAC 0834 226F001A0025 100^164",
            {("PERSON", "LEE/ANN MARIE"), ("UNIQUE_ID", "ABC123")},
        ),
        ("M1READ/WRITE EXEC123 cache", set()),
        ("1.1LEE/ANNMRS", {("PERSON", "LEE/ANNMRS")}),
        ("NM1LEE/ANN MISS,", {("PERSON", "LEE/ANN MISS")}),
        ("-1LEE/ANN MARIE CHD", {("PERSON", "LEE/ANN MARIE CHD")}),
        (
            f"SR {DOCS}",
            {
                ("US_PASSPORT", "AB1234567"),
                ("DATE_OF_BIRTH", "09MAR84"),
                ("PERSON", "LEE"),
                ("PERSON", "ANN MARIE"),
            },
        ),
        (
            "DOCA SK HK1/R/USA/742 ELM STREET/SPRINGFIELD/IL/62704 AP UPPSALA",
            {("STREET_ADDRESS", "742 ELM STREET"), ("LOCATION", "SPRINGFIELD"), ("US_ZIP_CODE", "62704")},
        ),
        ("DOCO SK HK1/UPPSALA/V/17317323", {("LOCATION", "UPPSALA"), ("US_PASSPORT", "17317323")}),
        ("FQTV SK HK1/SK123456789", {("UNIQUE_ID", "SK123456789")}),
        (
            "(0010,0010) PN [LEE^ANN^^MS] (0010,0020) LO [448812] (0010,0030) DA [19840309]",
            {("PERSON", "LEE^ANN^^MS"), ("MEDICAL_RECORD_NUMBER", "448812"), ("DATE_OF_BIRTH", "19840309")},
        ),
        ("(0010,1040) LO [742 Elm St]", {("STREET_ADDRESS", "742 Elm St")}),
        ("(0010,2154) SH [+1 202 555 0143]", {("PHONE_NUMBER", "+1 202 555 0143")}),
        (
            "SSR CTCM BA HK1 12025550143-1ROE/JANE",
            {("PHONE_NUMBER", "12025550143"), ("PERSON", "ROE/JANE")},
        ),
        ("SR CTCM BA HK1/12025550143", {("PHONE_NUMBER", "12025550143")}),
        ("OSI BA CTCP LON 44 20 7946 0958", {("PHONE_NUMBER", "44 20 7946 0958")}),
        ("SSR CTCE BA HK1 JANE.ROE//EXAMPLE.COM", {("EMAIL_ADDRESS", "JANE.ROE//EXAMPLE.COM")}),
        (
            "NAD+FL+++ROE:JANE+12 HIGH ST+LONDON'DTM+329:800229'COM+020 7946 0958:TE'DOC+P:110:111+123456789'",
            {
                ("PERSON", "ROE:JANE"),
                ("STREET_ADDRESS", "12 HIGH ST"),
                ("DATE_OF_BIRTH", "800229"),
                ("PHONE_NUMBER", "020 7946 0958"),
                ("US_PASSPORT", "123456789"),
            },
        ),
        # Near misses
        ("CTCM IS REQUIRED FOR BA 178", set()),
        ("SSR CTCR BA HK1/REFUSED", set()),
        ("CTCE BA HK1 NONE", set()),
        ("see CTC/12025550143", set()),
        ("NAD+CZ+9012345:167++ACME LTD'DOC+P:110+123456789'DTM+329:800229'", set()),
        ("1.READ/WRITE", set()),
        ("Deny 3.TCP/UDP MS-DS", set()),
        ("took 1.LEE/ANN", set()),
        ("RATE/MIN MS", set()),
        ("at 11.LEE/ANN MST", set()),
        ("DOCS ARE HERE/NOW", set()),
        ("DOCS SK HK1 P/SWE//SWE//F/20JAN30", set()),
        ("DOCO SK HK1", set()),
        ("(0010,0040) CS [F] (0008,0060) CS [MR]", set()),
        ("(0010,0010) PN (no value available)", set()),
    ],
)
def test_who_it_is(spotter: Spotter, text: str, said: set[tuple[str, str]]) -> None:
    assert spotter.said(text) == said


def test_a_booking_goes_through() -> None:
    line = "RP/MUC1A2345 1.LEE/ANN MS 2 SK 123 Y 24NOV 2 ARNMUC HK2"
    assert build_sanitizer().redact_text(line)[0] == line.replace("LEE/ANN MS", "<PERSON>")


def test_no_text_is_a_trap(spotter: Spotter) -> None:
    parts = (
        "1.A",
        "1.A/A ",
        "DOCS SK ",
        "DOCS SK/",
        "(0010,0010) PN A^",
        "1.A A",
        " 1.",
        "CTCM 1 ",
        "CTCE A.",
    )
    parts += ("NAD+FL+++A:", "NAD+FL+++A'", "DOC+P+1234'")
    for part in parts:
        for one in spotter.recognizers:
            one.find(part * (LONG // 2 // len(part)))
