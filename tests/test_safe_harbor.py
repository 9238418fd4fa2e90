"""The identifiers of HIPAA's Safe Harbor, 45 CFR 164.514(b)(2)(i), (B) to (R): a detector and a test for each.

(A), names, comes with the names model.
"""

from functools import cache

import pytest

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import catalogue, checksums, emails, health, identity, national
from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.spans import Miss
from tests.conftest import build_sanitizer
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


made = cache(build_sanitizer)

PHOTO = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAgAAAAIA" * 2
PIXEL = "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB" * 2


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
        ("500 Main St, Toledo OH 43604", "US_ZIP_CODE", "43604"),
        ("Toledo, OH, 43604-1234", "US_ZIP_CODE", "43604-1234"),
        ("Miami, Florida 33111", "US_ZIP_CODE", "33111"),
        ("Fargo, North Dakota, 58102", "US_ZIP_CODE", "58102"),
        ("Response, Status OK 20000", "US_ZIP_CODE", None),
        ("GET, Worker ID 12345", "US_ZIP_CODE", None),
        ("a, OK, 20000", "US_ZIP_CODE", None),
        ("Texas 12000, Florida 33111", "US_ZIP_CODE", None),
        # (C) dates but for the year, ages over 89
        ("DOB: 02.12.1979", "DATE_OF_BIRTH", "02.12.1979"),
        ("d.o.b. is 4 June 1976", "DATE_OF_BIRTH", "4 June 1976"),
        ("born on March 15, 1989 in", "DATE_OF_BIRTH", "March 15, 1989"),
        ("date_of_birth=1980-01-31", "DATE_OF_BIRTH", "1980-01-31"),
        ("I was born 15th June 1991", "DATE_OF_BIRTH", "15th June 1991"),
        ("started on 1980-01-31", "DATE_OF_BIRTH", None),
        ("a stubborn 1980-01-31", "DATE_OF_BIRTH", None),
        ("Ann b. 9/14/33", "DATE_OF_BIRTH", "9/14/33"),
        ("a. 1.2 b. 1.3.4", "DATE_OF_BIRTH", None),
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
        *((f"{text} x", "AGE", "97") for text in ("97YOM", "97 yof", "97yr M", "97Y M", "97 y/o F")),
        ("97-yo man", "AGE", "97-yo"),
        ("97M s/p fall", "AGE", "97"),
        ("95F with CHF", "AGE", "95"),
        ("97 F admitted", "AGE", "97"),
        ("Age/Sex: 97/F", "AGE", "97"),
        ("Sex/Age: F/97", "AGE", "97"),
        ("I'm 93 and live alone", "AGE", "93"),
        ("she is 95 now", "AGE", "95"),
        ("who turned 91.", "AGE", "91"),
        ("turned 90 last week", "AGE", "90"),
        ("her 96th birthday", "AGE", "96"),
        ("67M s/p fall, 67YOM, 47th birthday", "AGE", None),
        ("heap 97M of 128M, 100M with fallback, 97M w/e", "AGE", None),
        ("97F outside, cpu 95 F, 95F with low humidity", "AGE", None),
        ("turned 90 degrees, rotated 90 last week", "AGE", None),
        ("she is 95 percent sure, I'm 93% sure, the cache is 95 now", "AGE", None),
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
        *(
            (f"{label} 00493827 seen", "MEDICAL_RECORD_NUMBER", "00493827")
            for label in """MR#,MR No,MR Number:,M.R.N.,HRN,URN:,UMRN,Pat. No.,PatID:,EMPI,Hosp #,Hosp No,medrec,Pt ID
                pt#,Med Rec #,Med. Rec. No.:,Patient Chart:,pat_id=""".replace("\n", ",").split(",")
        ),
        ("Med Rec 0049-38-27", "MEDICAL_RECORD_NUMBER", "0049-38-27"),
        ("Unit No. 481-29-77", "MEDICAL_RECORD_NUMBER", "481-29-77"),
        ("VA ICN 1012845331V153053", "MEDICAL_RECORD_NUMBER", "1012845331V153053"),
        ("MR !12345, MR #184422, Mr. 4711", "MEDICAL_RECORD_NUMBER", None),
        ("urn:isbn:0451450523, urn:nbn:1234567", "MEDICAL_RECORD_NUMBER", None),
        ("med rec 2026-03-14, unit no 4, unit #12-34", "MEDICAL_RECORD_NUMBER", None),
        (
            "opt no 12345678, pt 12345678, helm chart: 55512, hospital id 123456",
            "MEDICAL_RECORD_NUMBER",
            None,
        ),
        # (I) health plans
        ("insurance policy #88291-LK", "HEALTH_PLAN_NUMBER", "88291-LK"),
        ("insurance policy number 88291-LK", "HEALTH_PLAN_NUMBER", "88291-LK"),
        ("member id: W123456789", "HEALTH_PLAN_NUMBER", "W123456789"),
        ("medicare number 491 937 766 6 5", "HEALTH_PLAN_NUMBER", "491 937 766 6 5"),
        ("member id 123456 200 15ms", "HEALTH_PLAN_NUMBER", "123456"),
        ("member id consumer-of-events", "HEALTH_PLAN_NUMBER", None),
        ("HICN 412739985A", "HEALTH_PLAN_NUMBER", "412739985A"),
        ("HIC# 412-73-9985-A", "HEALTH_PLAN_NUMBER", "412-73-9985-A"),
        ("Policy no. 88-213-9942", "HEALTH_PLAN_NUMBER", "88-213-9942"),
        ("Insurance: Aetna Group no. 0882130", "HEALTH_PLAN_NUMBER", "0882130"),
        ("Ins: Cigna Grp: 0882130-010", "HEALTH_PLAN_NUMBER", "0882130-010"),
        ("Ins ID: W274918836", "HEALTH_PLAN_NUMBER", "W274918836"),
        ("Mbr ID 882139942", "HEALTH_PLAN_NUMBER", "882139942"),
        ("Cardholder ID 882139942", "HEALTH_PLAN_NUMBER", "882139942"),
        ("BCBS ID XQK884213907001", "HEALTH_PLAN_NUMBER", "XQK884213907001"),
        ("Prior auth # PA-2026-88213", "HEALTH_PLAN_NUMBER", "PA-2026-88213"),
        ("ANN LEE ID W274918836 GRP 0882130-010", "HEALTH_PLAN_NUMBER", "W274918836"),
        ("ANN LEE ID W274918836 GRP 0882130-010", "HEALTH_PLAN_NUMBER", "0882130-010"),
        ("OHIP 1234-567-890-AB", "HEALTH_PLAN_NUMBER", "1234-567-890-AB"),
        ("Versichertennummer A123456780", "HEALTH_PLAN_NUMBER", "A123456780"),
        ("Krankenversicherungsnr. A123456780", "HEALTH_PLAN_NUMBER", "A123456780"),
        ("Versicherungsfall A123456780", "HEALTH_PLAN_NUMBER", None),
        ("Versichertennummer fehlt", "HEALTH_PLAN_NUMBER", None),
        ("PHN: 9123 456 783", "HEALTH_PLAN_NUMBER", "9123 456 783"),
        ("EDIPI 1028845331", "NATIONAL_ID", "1028845331"),
        ("dod id 12345", "NATIONAL_ID", None),
        ("policy applied to group 12345678", "HEALTH_PLAN_NUMBER", None),
        ("user id 1000001 group 1000, ins id 42, instance id 12345678", "HEALTH_PLAN_NUMBER", None),
        ("prior auth on 2026-03-14, prior authentication 1234567", "HEALTH_PLAN_NUMBER", None),
        ("MemberID: 10276657743932975437", "HEALTH_PLAN_NUMBER", None),
        ("MemberID: 102766577439329754", "HEALTH_PLAN_NUMBER", "102766577439329754"),
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
        ("DL RT882134", "US_DRIVER_LICENSE", "RT882134"),
        ("DL# RT882134", "US_DRIVER_LICENSE", "RT882134"),
        ("DL 12345678 bytes, DL AB12 done, DL1234", "US_DRIVER_LICENSE", None),
        ("License # 35.082193", "MEDICAL_LICENSE", "35.082193"),
        ("License: OH 35.082193", "MEDICAL_LICENSE", "OH 35.082193"),
        ("license: MIT 2.0, license 35.08", "MEDICAL_LICENSE", None),
        ("Birth certificate number 134-26-018842", "UNIQUE_ID", "134-26-018842"),
        ("birth cert # 134-26-018842", "UNIQUE_ID", "134-26-018842"),
        ("State file number 134-26-018842", "UNIQUE_ID", "134-26-018842"),
        ("birth cert. 2026-03-14, state file 12345678", "UNIQUE_ID", None),
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
        ("plate OH HVK 4829", "LICENSE_PLATE", "OH HVK 4829"),
        ("plate A12 B34", "LICENSE_PLATE", None),
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
        ("CPAP ResMed AirSense 10 SN 23192837465", "DEVICE_SERIAL", "23192837465"),
        ("insulin pump SN# 1029384", "DEVICE_SERIAL", "1029384"),
        ("Serial No: RFJ128834H", "DEVICE_SERIAL", "RFJ128834H"),
        ("SN: RFJ128834H", "DEVICE_SERIAL", "RFJ128834H"),
        ("Serial number: 4711, SN: 1234, SN 0012345678 acked", "DEVICE_SERIAL", None),
        ("Serial Number: 03A1B2C3D4E5, Serial Number: AB123456", "DEVICE_SERIAL", None),
        ("pump 3 speed 12000 rpm, SN", "DEVICE_SERIAL", None),
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
        (f"a{{background:url({PIXEL})}}", "BIOMETRIC", None),
        ("data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEA", "BIOMETRIC", None),
        (
            f"data:image/gif;base64,R0lGODlhAAEAAYAA{'AbCd' * 4}",
            "BIOMETRIC",
            f"data:image/gif;base64,R0lGODlhAAEAAYAA{'AbCd' * 4}",
        ),
        ("url(data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3)", "BIOMETRIC", None),
        (
            "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD",
            "BIOMETRIC",
            "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD",
        ),
        (
            "data:image/png;base64,_-_-=abcdefghijklmn",
            "BIOMETRIC",
            "data:image/png;base64,_-_-=abcdefghijklmn",
        ),
        # (R) any other unique number
        ("Employee ID 127854,", "UNIQUE_ID", "127854"),
        ("case number 2024-CV-00123", "UNIQUE_ID", "2024-CV-00123"),
        ("employee ids are needed", "UNIQUE_ID", None),
        ("Enc# 882139912", "UNIQUE_ID", "882139912"),
        ("Encounter #: 2026-88213", "UNIQUE_ID", "2026-88213"),
        ("PAT_ENC_CSN_ID=200188213", "UNIQUE_ID", "200188213"),
        ("Specimen ID: 26-083-01192", "UNIQUE_ID", "26-083-01192"),
        ("Sample ID 26-083-01192", "UNIQUE_ID", "26-083-01192"),
        ("Acc# A1029384", "UNIQUE_ID", "A1029384"),
        ("ACC: A1029384", "UNIQUE_ID", "A1029384"),
        ("Accession: H26-00918", "UNIQUE_ID", "H26-00918"),
        ("Accession No. 26:CH0091823", "UNIQUE_ID", "26:CH0091823"),
        ("accession MN908947, Sample ID SAMN12345678, acc: 0.9812", "UNIQUE_ID", None),
        ("Enc#3 at 128000, encoder id 1234567", "UNIQUE_ID", None),
        ("client ID 127854,", "UNIQUE_ID", "127854"),
        ("client_id=123e4567-e89b-42d3-a456-426614174000", "UNIQUE_ID", None),
        ("account id 123456789012", "UNIQUE_ID", None),
    ],
)
def test_identifier(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    check(ours, text, entity, value)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("Patient 8847213 checked in", "Patient <MEDICAL_RECORD_NUMBER> checked in"),
        ("Chart # 55512", "Chart # <MEDICAL_RECORD_NUMBER>"),
        ("last 4 SSN 9985", "last 4 SSN <US_SSN>"),
        ("Certificate No. 2026-018842", "Certificate No. <UNIQUE_ID>"),
        ("Participant 1042-017", "Participant <UNIQUE_ID>"),
        ("Aged ninety-four", "Aged <AGE>"),
        ("aged ninety days", "aged ninety days"),
        ("97M s/p fall, 97YOM, 97-yo", "90+M s/p fall, 90+YOM, 90+-yo"),
        ("DOB: 07/22/1958 67 F", "DOB: 1958 67 F"),
        ("birthdate=1958-07-22 200 41ms", "birthdate=1958 200 41ms"),
        ("zip=43614 200 41ms", "zip=436 200 41ms"),
        ("postcode=114 55", "postcode=<US_ZIP_CODE>"),
        ("DOB 7/22/58", "DOB 1958"),
        ("DOB 7/22/33", "DOB <DATE_OF_BIRTH>"),
        ("Rx 10/20/30 taper, 10/20/30 mg", "Rx 10/20/30 taper, 10/20/30 mg"),
        ("Admit 3/10 DC 3/14, on 3/12 she fell", "Admit <DATE_TIME> DC <DATE_TIME>, on <DATE_TIME> she fell"),
        ("Service from 20260314 to 20260316", "Service from 2026 to 2026"),
        ("20260314083217 ADT received", "2026 ADT received"),
        ("PAT_NAME=LEE,ANN PAT_ID=Z8847213", "PAT_NAME=<PERSON> PAT_ID=<MEDICAL_RECORD_NUMBER>"),
        ("cust_name=Lee,city=Oz", "cust_name=<PERSON>,city=<CITY>"),
        ('{"census_tract":"39095001200","fips":"39095"}', '{"census_tract":"<COUNTY>","fips":"<COUNTY>"}'),
        (
            '{"ageAtDiagnosis":94,"age_at_death":97,"AGE_YRS":95}',
            '{"ageAtDiagnosis":90,"age_at_death":90,"AGE_YRS":90}',
        ),
        ('{"device":"tslim","sn":"1029384"}', '{"device":"tslim","sn":"<DEVICE_SERIAL>"}'),
    ],
)
def test_what_the_policy_adds(text: str, new: str) -> None:
    assert "".join(made("hipaa").redact_lines([text])) == new


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
