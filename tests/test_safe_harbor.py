"""The identifiers of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i), (B) to (R): a detector and a test for each.

(A), names, comes with the names model.
"""

import pytest

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import catalogue, checksums, emails, health, identity, national
from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.spans import Miss
from tests.spotting import ENDLESS, Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter(
        [*health.recognizers(), *identity.recognizers(), *emails.recognizers(), *national.recognizers()]
    )


@pytest.fixture(scope="module")
def presidio() -> set[str]:
    return {entity for one in catalogue.load() for entity in one.entities}


def check(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    said = ours.said(text)
    if value is None:
        assert entity not in {name for name, _ in said}
    else:
        assert (entity, value) in said


PHOTO = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB" * 2


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        # (B) geographic parts smaller than a state
        ("Ship to 123 Main St, Springfield", "STREET_ADDRESS", "123 Main St"),
        ("lives at 1600 N. Example Grove Parkway", "STREET_ADDRESS", "1600 N. Example Grove Parkway"),
        ("at 42 5th Ave, Apt 3B.", "STREET_ADDRESS", "42 5th Ave, Apt 3B"),
        ("P.O. Box 12, Springfield", "STREET_ADDRESS", "P.O. Box 12"),
        ("PO Box 4711", "STREET_ADDRESS", "PO Box 4711"),
        ("Springfield, IL 62704-1234", "US_ZIP_CODE", "62704-1234"),
        ("ZIP 62704 today", "US_ZIP_CODE", "62704"),
        ("zip_code=62704", "US_ZIP_CODE", "62704"),
        ("ZIPs 10001 and 30301", "US_ZIP_CODE", "30301"),
        ("took 12 Seconds Long Way", "STREET_ADDRESS", "12 Seconds Long Way"),
        ("took 12 seconds on the way", "STREET_ADDRESS", None),
        ("300 OK", "STREET_ADDRESS", None),
        ("ZIP 1234 is invalid", "US_ZIP_CODE", None),
        ("ZIP 12345-123 is invalid", "US_ZIP_CODE", None),
        ("status OK 20000", "US_ZIP_CODE", None),
        ("a.zip\n44828", "US_ZIP_CODE", None),
        ("Springfield, XX 62704", "US_ZIP_CODE", None),
        # (C) dates but for the year, ages over 89
        ("DOB: 02.12.1979", "DATE_OF_BIRTH", "02.12.1979"),
        ("d.o.b. is 4 June 1976", "DATE_OF_BIRTH", "4 June 1976"),
        ("born on March 15, 1989 in", "DATE_OF_BIRTH", "March 15, 1989"),
        ("date_of_birth=1980-01-31", "DATE_OF_BIRTH", "1980-01-31"),
        ("I was born 15th June 1991", "DATE_OF_BIRTH", "15th June 1991"),
        ("started on 1980-01-31", "DATE_OF_BIRTH", None),
        ("a stubborn 1980-01-31", "DATE_OF_BIRTH", None),
        ("a 92 years old man", "AGE", "92 years old"),
        ("a 92-year-old man", "AGE", "92-year-old"),
        ("93 y/o", "AGE", "93 y/o"),
        ("age: 91", "AGE", "91"),
        ("aged 95, from", "AGE", "95"),
        ("aged 89", "AGE", None),
        ("a 64-year-old man", "AGE", None),
        ("age=95ms", "AGE", None),
        ("age: 95 %", "AGE", "95"),
        ("page 91", "AGE", None),
        ("age 99.5", "AGE", None),
        # (D), (E) telephone and fax
        ("phone: 555-0134 ext", "PHONE_NUMBER", "555-0134"),
        ("phone: 217 555 0134", "PHONE_NUMBER", "217 555 0134"),
        ("My phone number is (217) 555-0134.", "PHONE_NUMBER", "(217) 555-0134"),
        ("Fax: +1-555-555-0134", "PHONE_NUMBER", "+1-555-555-0134"),
        ("fax +49 30 1234567", "PHONE_NUMBER", "+49 30 1234567"),
        ("call 555.555.0134 now", "PHONE_NUMBER", "555.555.0134"),
        ("(555) 555-0134", "PHONE_NUMBER", "(555) 555-0134"),
        ("fax: +21099 1234567", "PHONE_NUMBER", None),
        ("phone 2024-01-01", "PHONE_NUMBER", None),
        ("phone at 192.168.100.100", "PHONE_NUMBER", None),
        ("system call 12345678", "PHONE_NUMBER", None),
        ("phone: 000000000", "PHONE_NUMBER", None),
        # (F) e-mail
        ("to=jo@mail.corp.internal", "EMAIL_ADDRESS", "jo@mail.corp.internal"),
        ("x@1.5", "EMAIL_ADDRESS", None),
        # (G) Social Security numbers
        ("SSN 078-05-1120", "US_SSN", "078-05-1120"),
        ("social security number is 219.09.9999", "US_SSN", "219.09.9999"),
        ("ssn=219099999;", "US_SSN", "219099999"),
        ("Values 078-05-1120", "US_SSN", "078-05-1120"),
        ("SSNs: 078-05-1120, 219-09-9999 and 078051120", "US_SSN", "078051120"),
        ("SSN 666-12-9999", "US_SSN", None),
        ("SSN 219-00-9999", "US_SSN", None),
        ("SSN 219-09-0000", "US_SSN", None),
        ("SSN 111111111", "US_SSN", None),
        ("Bad SSN 078-05-11201", "US_SSN", None),
        ("ISBN 978-3-16-148410-0", "US_SSN", None),
        # (H) medical records
        ("MRN: 00987654", "MEDICAL_RECORD_NUMBER", "00987654"),
        ("Patient ID AHC-0933289 and", "MEDICAL_RECORD_NUMBER", "AHC-0933289"),
        ("Medical file #MXC-438220", "MEDICAL_RECORD_NUMBER", "MXC-438220"),
        ('{"patientId":"89456L"}', "MEDICAL_RECORD_NUMBER", "89456L"),
        ("the medical record was number one", "MEDICAL_RECORD_NUMBER", None),
        ("impatient id 12345", "MEDICAL_RECORD_NUMBER", None),
        ("MRN 12 345 678 seen", "MEDICAL_RECORD_NUMBER", "12 345 678"),
        ("MRN 1 2 3", "MEDICAL_RECORD_NUMBER", None),
        # (I) health plans
        ("insurance policy #88291-LK", "HEALTH_PLAN_NUMBER", "88291-LK"),
        ("insurance policy number 88291-LK", "HEALTH_PLAN_NUMBER", "88291-LK"),
        ("member id: W123456789", "HEALTH_PLAN_NUMBER", "W123456789"),
        ("medicare number 491 937 766 6 5", "HEALTH_PLAN_NUMBER", "491 937 766 6 5"),
        ("member id 123456 200 15ms", "HEALTH_PLAN_NUMBER", "123456"),
        ("member id consumer-of-events", "HEALTH_PLAN_NUMBER", None),
        ("card 1EG4-TE5-MK73", "US_MBI", "1EG4-TE5-MK73"),
        ("Medicare number 1EG4TE5MK73", "US_MBI", "1EG4TE5MK73"),
        ("mbi=1eg4-te5-mk73", "US_MBI", "1eg4-te5-mk73"),
        ("card 1SG4-TE5-MK73", "US_MBI", None),
        ("card 0EG4-TE5-MK73", "US_MBI", None),
        ("part 1EG4TE5MK73", "US_MBI", None),
        # (J) accounts
        ("bank account number 3847283911 belonging", "US_BANK_NUMBER", "3847283911"),
        ("Bank account 8721938475 is", "US_BANK_NUMBER", "8721938475"),
        ("account number ending in 12", "US_BANK_NUMBER", None),
        ("account 123456789012", "US_BANK_NUMBER", None),
        ("/acme/acct/12345679", "US_BANK_NUMBER", None),
        ("account number 2024-01-01", "US_BANK_NUMBER", None),
        ("routing number 021000021", "ABA_ROUTING_NUMBER", "021000021"),
        ("routing number 123456789", "ABA_ROUTING_NUMBER", "123456789"),
        ("routing: 123456789", "ABA_ROUTING_NUMBER", None),
        ("routing 121000021", "ABA_ROUTING_NUMBER", None),
        # (K) certificates and licences
        ("NPI 1234567893", "US_NPI", "1234567893"),
        ("NPI 1234567890", "US_NPI", None),
        ("DEA# AB1234563", "MEDICAL_LICENSE", "AB1234563"),
        ("DEA AB1234567", "MEDICAL_LICENSE", None),
        ("DEA AB0000000", "MEDICAL_LICENSE", None),
        ("CLIA 05D1234567", "MEDICAL_LICENSE", "05D1234567"),
        ("medical license A-123456", "MEDICAL_LICENSE", "A-123456"),
        ("driver's license number D245-938-19-203", "US_DRIVER_LICENSE", "D245-938-19-203"),
        ("license number for verification DL:AB12-34CD-56EF", "US_DRIVER_LICENSE", "DL:AB12-34CD-56EF"),
        ("driver license is 12", "US_DRIVER_LICENSE", None),
        ("DL: AAAA-BBBB", "US_DRIVER_LICENSE", None),
        # (L) vehicles
        ("VIN 1M8GDM9AXKP042788", "VIN", "1M8GDM9AXKP042788"),
        ("vin: WVWZZZ1JZXW000001", "VIN", "WVWZZZ1JZXW000001"),
        ("saw 1M8GDM9AXKP042788 there", "VIN", "1M8GDM9AXKP042788"),
        ("saw 1M8GDM9A1KP042788 there", "VIN", None),
        ("vin 12345678901234567", "VIN", None),
        ("vin 20260630195503894", "VIN", "20260630195503894"),
        ("commit 20260630195503894 state COMPLETED", "VIN", None),
        ("license plate 7ABC123 was", "LICENSE_PLATE", "7ABC123"),
        ("Plate number: B-EX 1234", "LICENSE_PLATE", "B-EX 1234"),
        ("license plate scan", "LICENSE_PLATE", None),
        ("number plate ABCD", "LICENSE_PLATE", None),
        ("plates 8XYZ123 near", "LICENSE_PLATE", "8XYZ123"),
        ("a plate 12345 and a plate ABCDE", "LICENSE_PLATE", None),
        # (M) devices
        ("IMEI: 490154203237518", "IMEI", "490154203237518"),
        ("49-015420-323751-8", "IMEI", "49-015420-323751-8"),
        ("imei 4901542032375101", "IMEI", "4901542032375101"),
        ("IMEI: 490154203237519", "IMEI", None),
        ("49-015420-323751-9", "IMEI", None),
        ("at 490154203237518", "IMEI", None),
        ("UDI (01)00884838000033(17)251231(21)A1B2", "UDI", None),
        ("UDI (01)00884838000032(17)251231(21)A1B2", "UDI", "(01)00884838000032(17)251231(21)A1B2"),
        ("device serial number SN-12345-X", "DEVICE_SERIAL", "SN-12345-X"),
        ("pump s/n ABCD-EFGH", "DEVICE_SERIAL", None),
        ("Volume serial number is 246B-3B5A", "DEVICE_SERIAL", None),
        # (P), (Q) biometric identifiers and photographs
        (f'{{"photo":"{PHOTO}"}}', "BIOMETRIC", PHOTO),
        (
            "fingerprint template: Rk1SACAyMAAAAADkAAABPAFiAMUAxQ==",
            "BIOMETRIC",
            "Rk1SACAyMAAAAADkAAABPAFiAMUAxQ==",
        ),
        ("face_embedding=[0.12, -0.53, 1.04, 0.7]", "BIOMETRIC", "0.12, -0.53, 1.04, 0.7"),
        ("data:text/plain;base64,SGVsbG8gd29ybGQhIQ==", "BIOMETRIC", None),
        ("face scan administratively", "BIOMETRIC", None),
        # (R) any other unique number
        ("Employee ID 127854,", "UNIQUE_ID", "127854"),
        ("case number 2024-CV-00123", "UNIQUE_ID", "2024-CV-00123"),
        ("employee ids are needed", "UNIQUE_ID", None),
        ("account id 123456789012", "UNIQUE_ID", None),
    ],
)
def test_identifier(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    check(ours, text, entity, value)


def test_what_presidio_has(presidio: set[str]) -> None:
    """(C) dates, (D) telephones, (F) e-mail, (N) URLs, (O) IP addresses."""
    assert {"DATE_TIME", "PHONE_NUMBER", "EMAIL_ADDRESS", "URL", "IP_ADDRESS", "MAC_ADDRESS"} <= presidio


def test_a_miss_is_explained(ours: Spotter) -> None:
    misses: list[Miss] = []
    text = "NPI 1234567890, IMEI: 490154203237519"
    ours.spans(text, misses)
    assert {(miss.entity, text[miss.start : miss.end], miss.why) for miss in misses} == {
        ("US_NPI", "1234567890", "the check digit is wrong"),
        ("IMEI", "490154203237519", "the check digit is wrong"),
    }


def test_a_list_behind_a_plural(ours: Spotter) -> None:
    assert ours.said("MRNs 12345, 67890; and 55555 then 77777") == {
        ("MEDICAL_RECORD_NUMBER", number) for number in ("12345", "67890", "55555")
    }
    assert ours.said("MRN 12345, 67890") == {("MEDICAL_RECORD_NUMBER", "12345")}
    # What a list has passed over is not read again: `MRN67890` is a value, with a label in front.
    assert [span[:2] for span in ours.spans("MRNs 12345, MRN67890") if span.detector == "medical-record"] == [
        (5, 10),
        (12, 20),
    ]


def test_line_breaks_between_label_and_value(ours: Spotter) -> None:
    assert ours.said("MRN:\r\n12345678") == {("MEDICAL_RECORD_NUMBER", "12345678")}


def test_a_check_that_fails_is_no_miss() -> None:
    def broken(value: str) -> bool:
        raise ZeroDivisionError(value)

    recognizer = Rules("broken", Rule("US_NPI", "[0-9]{4}", 0.9, check=broken))
    with pytest.raises(DetectorError, match=r"^the check of US_NPI failed with ZeroDivisionError$"):
        recognizer.find("a 1234 b")


def test_every_recognizer_says_what_it_is(ours: Spotter) -> None:
    names = [one.name for one in ours.recognizers]
    assert len(names) == len(set(names))
    for one in ours.recognizers:
        assert one.entities and one.triggers
        assert one.name == one.name.lower()


@pytest.mark.parametrize(
    "value", ["4111111111111111", "5555-5555-5555-4444", "378282246310005", "2223003122003222"]
)
def test_cards(value: str) -> None:
    assert checksums.card(value)


@pytest.mark.parametrize(
    "value", ["4111111111111112", "1111111111111117", "41111111111111", "9999999999999995"]
)
def test_no_cards(value: str) -> None:
    assert not checksums.card(value)


@pytest.mark.parametrize("number", range(len(ENDLESS)))
def test_no_text_is_a_trap(ours: Spotter, number: int) -> None:
    """Each of these would take hours where a pattern is not linear."""
    text = ENDLESS[number]
    woken = ours.woken(text)
    for one in ours.recognizers:
        if one.name in woken:
            for span in one.find(text):
                assert 0 <= span.start < span.end <= len(text)
