"""What people tell of themselves in chats, calls, forms and notes, and what is said in the same words and stays."""

import pytest

from cecil.sanitizer.detectors import cards, emails, health, identity
from cecil.sanitizer.detectors.secrets.codes import RULES
from cecil.sanitizer.detectors.secrets.structures import StructureRecognizer
from tests.conftest import build_sanitizer
from tests.spotting import Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    modules = (identity, cards, health, emails)
    return Spotter([*(one for module in modules for one in module.recognizers()), RULES])


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("my social is 078 05 1120", "US_SSN", "078 05 1120"),
        ("my SSN ends with 1120 if that helps", "US_SSN", "1120"),
        ("last four of my social: 1120", "US_SSN", "1120"),
        ("SSN (last 4): 4320", "US_SSN", "4320"),
        ("the last 4 digits of my social security number are 6789", "US_SSN", "6789"),
        ("my social media has 1120 followers", "US_SSN", None),
        ("the last 4 digits of my order are 6789", "US_SSN", None),
        ("sort code 12-34-56", "UK_SORT_CODE", "12-34-56"),
        ("sort codes ascending, 123456 of them", "UK_SORT_CODE", None),
        ("Konto: 0532013000", "US_BANK_NUMBER", "0532013000"),
        ("Rekeningnummer 417164300", "US_BANK_NUMBER", "417164300"),
        ("receipt EAC2190012345", "UNIQUE_ID", "EAC2190012345"),
        ("receipt XAC2190012345", "UNIQUE_ID", None),
        ("my A-number A123456789", "UNIQUE_ID", "A123456789"),
        ("my DL is S530-4601-2345", "US_DRIVER_LICENSE", "S530-4601-2345"),
        ("License # MD-048213", "US_DRIVER_LICENSE", "MD-048213"),
        ("a DL model with 12345678 weights", "US_DRIVER_LICENSE", None),
        ("my number is 555-0142, area code 212", "PHONE_NUMBER", "555-0142"),
        ("my number of 555-0142 of those", "PHONE_NUMBER", "555-0142"),
        ("the number is 555-0142", "PHONE_NUMBER", None),
        ("text 2125550142 when you get here", "PHONE_NUMBER", "2125550142"),
        ("reach me at 2125550142", "PHONE_NUMBER", "2125550142"),
        ("context 2125550142", "PHONE_NUMBER", None),
        ("call 1125550142 bytes", "PHONE_NUMBER", None),
        ("it's 0044 20 7946 0958", "PHONE_NUMBER", "0044 20 7946 0958"),
        ("0010 20 30 40", "PHONE_NUMBER", None),
        ("0080 20 7946 0958", "PHONE_NUMBER", None),
        ("Tom P 03 9555 0123", "PHONE_NUMBER", "03 9555 0123"),
        ("step 03 9555 0123", "PHONE_NUMBER", None),
        ("pager #4482, ext. 5521.", "PHONE_NUMBER", "4482"),
        ("Dr. Lee, ext. 5521.", "PHONE_NUMBER", "5521"),
        ("ext4 and x5521, files with ext .4482", "PHONE_NUMBER", None),
        ("Teléfono 612 345 678", "PHONE_NUMBER", "612 345 678"),
        ("電話 03-1234-5678", "PHONE_NUMBER", "03-1234-5678"),
        ("born: Date of Birth (MM/DD/YYYY): 03/14/1962", "DATE_OF_BIRTH", "03/14/1962"),
        ("my birthday is March 14th", "DATE_OF_BIRTH", "March 14th"),
        ("birthdate 03141962", "DATE_OF_BIRTH", "03141962"),
        ("geboren am 14.03.1962", "DATE_OF_BIRTH", "14.03.1962"),
        ("née le 14/03/1962", "DATE_OF_BIRTH", "14/03/1962"),
        ("fecha de nacimiento: 14/03/1962", "DATE_OF_BIRTH", "14/03/1962"),
        ("released March 14, birthday party in room 12", "DATE_OF_BIRTH", None),
        ("My mother is 92 and takes metformin", "AGE", "92"),
        ("my mother is 82", "AGE", None),
        ("my mother is 90+", "AGE", None),  # what Safe Harbor wants instead
        ("my father is 92 kg; my wife ran 95 miles", "AGE", None),
        ("postcode SW1A 1AA", "US_ZIP_CODE", "SW1A 1AA"),
        ("PLZ 10115", "US_ZIP_CODE", "10115"),
        ("CEP 01310-100", "US_ZIP_CODE", "01310-100"),
        ("〒100-0001", "US_ZIP_CODE", "100-0001"),
        ("Baker Street, London NW1 6XE", "US_ZIP_CODE", "NW1 6XE"),
        ("Leeds,\nLS1 4AP", "US_ZIP_CODE", "LS1 4AP"),
        ("Ottawa ON K1A 0B1", "US_ZIP_CODE", "K1A 0B1"),
        ("an Apple M1 8GB, errors of S3 5XX", "US_ZIP_CODE", None),
        ("block D1A 0B1", "US_ZIP_CODE", None),
        ("Lead serial number LFG482913V", "DEVICE_SERIAL", "LFG482913V"),
        ("S/N PJN482913H, implanted", "DEVICE_SERIAL", "PJN482913H"),
        ("y/n 123456", "DEVICE_SERIAL", None),
        ("Accession #: A24-00482", "UNIQUE_ID", "A24-00482"),
        ("Specimen S24-4821, block A1", "UNIQUE_ID", "S24-4821"),
        ("CSN 200482913", "UNIQUE_ID", "200482913"),
        ("UNOS ID ABCD482", "UNIQUE_ID", "ABCD482"),
        ("fin 200482913, slide 12, specimen 3", "UNIQUE_ID", None),
        ("policy HO-4482913 covers it", "UNIQUE_ID", "HO-4482913"),
        ("the policy CVE-2024-3094 and policy PCI-4 apply", "UNIQUE_ID", None),
        ("Kundennummer: 88213345", "UNIQUE_ID", "88213345"),
        ("Hospital No: H482913", "MEDICAL_RECORD_NUMBER", "H482913"),
        ("expires 12/2028 security code 737", "CARD_SECURITY_CODE", "737"),
        ("The 3 digits on the back are 456", "CARD_SECURITY_CODE", "456"),
        ("it has 3 digits on the left: 456", "CARD_SECURITY_CODE", None),
        ("My door code is 4821#", "SECRET", "4821#"),
        ("alarm code is 1379 and the key is under the mat", "SECRET", "1379"),
        ("PIN for pickup: 4821", "SECRET", "4821"),
        ("I got code 482913 by SMS", "SECRET", "482913"),
        ("Your Uber code is 4829. Never share it", "SECRET", "4829"),
        ("G-482913 is your Google verification code.", "SECRET", "G-482913"),
        ("backup codes: 1234-5678 8765-4321", "SECRET", "1234-5678 8765-4321"),
        ("got code 1370, error code 4821, your area code is 2125, source code 2024", "SECRET", None),
        ("backup code from-home", "SECRET", None),
        ("jane underscore roe at example dot com", "EMAIL_ADDRESS", "jane underscore roe at example dot com"),
        ("email john at company dot co dot uk", "EMAIL_ADDRESS", "john at company dot co dot uk"),
        ("j.roe AT example DOT org", "EMAIL_ADDRESS", "j.roe AT example DOT org"),
        ("write to my sister ann at example dot com", "EMAIL_ADDRESS", "ann at example dot com"),
        ("roe42 at example dot com", "EMAIL_ADDRESS", "roe42 at example dot com"),
        ("find us at example dot com, meet at noon dot", "EMAIL_ADDRESS", None),
        ("contact us at example dot com", "EMAIL_ADDRESS", None),
        ("bought at example dot com, by mail.\nSold at example dot com", "EMAIL_ADDRESS", None),
    ],
)
def test_what_is_told(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    said = {found for kind, found in ours.said(text) if kind == entity}
    assert value in said if value else not said


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ('requests.get(url, auth=("app", "s3cr3tPw!"))', ["s3cr3tPw!"]),
        ("DriverManager.getConnection(url, 'app', 'hunterx');", ["hunterx"]),
        ('get(url, auth=("user", "${PW}")); x.getConnection(url, props)', []),
        ('fill("#email", "jo"); fill("#password", "hunter2x")', ["hunter2x"]),
        ("page.type('input[name=\"password\"]', 'hunter2x')", ["hunter2x"]),
        ("cy.get('#password').type('hunter2x')", ["hunter2x"]),
        ('find_element(By.ID, "passwd").send_keys("hunter2x")', ["hunter2x"]),
        ('{"selector": "#password", "text": "hunter2x"}', ["hunter2x"]),
        (r"{\"selector\": \"#password\", \"text\": \"hunter2x\"}", ["hunter2x"]),
        ('x.type("#password-hint", "label"); fill("#user", "hunter2x")', []),
        (
            "page.type('input[name=pw]', 'hunter2x'); fill('#login_pwd', \"hunter2y\")",
            ["hunter2x", "hunter2y"],
        ),
        ("cy.get('#pw').type('hunter2x')", ["hunter2x"]),
        ("page.fill('#http-pwned', '2 of 17'); fill('input[name=upwards]', 'page-17')", []),
        ("prefs.putString(user_password, 'hunter2x')", ["hunter2x"]),
        (
            'store.setItem(Keys.PASSWORD_KEY, "hunter2x"); cache.put(passphrase, `hunter2y`)',
            ["hunter2x", "hunter2y"],
        ),
        ("setError(password, 'at least 8'); put(password_length, '17 or so'); set(password, 'hunter2x')", []),
        ("form.setValue(password, 'required'); putString(password, \"${NEW}\")", []),
        ('{"selector": "#user", "text": "hunter2x"}', []),
    ],
)
def test_passwords_in_code_and_in_what_agents_type(text: str, values: list[str]) -> None:
    spans = Spotter([StructureRecognizer()]).spans(text)
    assert [text[one.start : one.end] for one in spans] == values


def test_a_long_prompt_comes_out_clean_and_stays_so() -> None:
    sanitizer = build_sanitizer()
    fill = "they have not seen what we were asked about " * 60
    text = f"{fill} my SSN ends with 1120, {fill} my door code is 4821, {fill} born: née le 14/03/1962 {fill}"
    clean = (
        text.replace("1120", "<US_SSN>").replace("4821", "<SECRET>").replace("14/03/1962", "<DATE_OF_BIRTH>")
    )
    assert sanitizer.redact({"content": text})[0] == {"content": clean}
    assert sanitizer.redact({"content": clean})[0] == {"content": clean}
