"""What tells persons apart in other countries: numbers of insurance, documents, plates, addresses, passwords."""

import json

import pytest

from cecil.sanitizer.detectors import checksums, identity, national
from cecil.sanitizer.detectors.secrets.spoken import SpokenRecognizer
from tests.conftest import build_sanitizer
from tests.spotting import Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter([*identity.recognizers(), *national.recognizers()])


@pytest.fixture(scope="module")
def spoken() -> Spotter:
    return Spotter([SpokenRecognizer()])


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("SV-Nummer 65 070685 K 003, Steuerklasse 3", "NATIONAL_ID", "65 070685 K 003"),
        ("Rentenversicherungsnummer: 65070685K003", "NATIONAL_ID", "65070685K003"),
        ("SV-Nummer 65 990685 K 003", "NATIONAL_ID", None),
        ("Bestellnummer 65070685K003", "NATIONAL_ID", None),
        ("Identifikationsnummer: 36 574 261 809", "DE_TAX_ID", "36 574 261 809"),
        ("Identifikationsnummer: 36 574 261 800", "DE_TAX_ID", None),
        ("СНИЛС 112-233-445 95 не найден", "NATIONAL_ID", "112-233-445 95"),
        ("снилс: 11223344595", "NATIONAL_ID", "11223344595"),
        ("snils 112-233-445 96", "NATIONAL_ID", None),
        ("код 112-233-445 95", "NATIONAL_ID", None),
        ("Seguridad Social 28 12345678 40", "NATIONAL_ID", "28 12345678 40"),
        ("NAF 281234567840, periodo", "NATIONAL_ID", "281234567840"),
        ("NAF 281234567841", "NATIONAL_ID", None),
        ("pedido 281234567840", "NATIONAL_ID", None),
        ("NSS 92919084431 baja", "NATIONAL_ID", "92919084431"),
        ("NSS 92919084432 baja", "NATIONAL_ID", None),
        ("nss 3.101-2", "NATIONAL_ID", None),
        ("PIS 120.12345.67-2", "NATIONAL_ID", "120.12345.67-2"),
        ("pista 120.12345.67-2", "NATIONAL_ID", None),
        ("título de eleitor 0123 4567 8901", "NATIONAL_ID", "0123 4567 8901"),
        ("título 0123 4567 8901", "NATIONAL_ID", None),
        ("CNH 12345678900 categoria AB", "US_DRIVER_LICENSE", "12345678900"),
        ("cnh 1234567890", "US_DRIVER_LICENSE", None),
        ("RG 12.345.678-9 SSP", "NATIONAL_ID", "12.345.678-9"),
        ("rg rg-weu-prod-01", "NATIONAL_ID", None),
        ("dowód osobisty nr ABA300000", "NATIONAL_ID", "ABA300000"),
        ("dowód dostawy ABA300000", "NATIONAL_ID", None),
        ("NPWP 09.254.294.3-407.000", "NATIONAL_ID", "09.254.294.3-407.000"),
        ("npm 09.254.294.3-407.000", "NATIONAL_ID", None),
        ("tessera sanitaria 80380000900012345678", "NATIONAL_ID", "80380000900012345678"),
        ("tessera sanitaria 12380000900012345678", "NATIONAL_ID", None),
        ("n° sécu : 295109912611193", "FR_NIR", "295109912611193"),
        ("n° sécu : 295109912611190", "FR_NIR", None),
        ("NAS 123-456-782 du cotisant", "CA_SIN", "123-456-782"),
        ("NAS 123-456-780", "CA_SIN", None),
        ("nas-01 mounted /volume1", "CA_SIN", None),
        ("T.C. kimlik numarası 17291716060", "TR_NATIONAL_ID", "17291716060"),
        ("kimlik 17291716061", "TR_NATIONAL_ID", None),
        ("주민번호: 971013-9019902", "KR_RRN", "971013-9019902"),
        ("번호: 971013-9019902", "KR_RRN", None),
        ("Kennzeichen M-AB 1234 Verstoß", "LICENSE_PLATE", "M-AB 1234"),
        ("plate: AB12 CDE seen", "LICENSE_PLATE", "AB12 CDE"),
        ("plate=EF 12345", "LICENSE_PLATE", "EF 12345"),
        ("plate B-MW 1234 DTC", "LICENSE_PLATE", "B-MW 1234"),
        ("Aktenzeichen M-AB 1234", "LICENSE_PLATE", None),
        ("véhicule immatriculé AB-123-CD", "LICENSE_PLATE", "AB-123-CD"),
        ("targa AB 123 CD", "LICENSE_PLATE", "AB 123 CD"),
        ("version AB-123-CD", "LICENSE_PLATE", None),
        ("matrícula 1234 BCD", "LICENSE_PLATE", "1234 BCD"),
        ("matrícula 1234 ABE", "LICENSE_PLATE", None),
    ],
)
def test_in_text(ours: Spotter, text: str, entity: str, value: str | None) -> None:
    found = [text[span.start : span.end] for span in ours.spans(text) if span.entity == entity]
    assert (value in found) if value else not found, found


def test_check_digits() -> None:
    assert checksums.snils("112-233-445 95")
    assert not checksums.snils("112-233-445 59")
    assert checksums.affiliation("28/12345678/40")
    assert not checksums.affiliation("28/12345678/04")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("la mia password è Gatto!77x e non va", ["Gatto!77x"]),
        ("moje hasło to Kot.77x9Y i nie", ["Kot.77x9Y"]),
        ("mitt lösenord är Katt!77x", ["Katt!77x"]),
        ("moje heslo je Kocka!77x", ["Kocka!77x"]),
        ("мой пароль Kx!77qZw не работает", ["Kx!77qZw"]),
        ("パスワードはKx!77qZw です", ["Kx!77qZw"]),
        ("密码是 Kx!77qZw 谢谢", ["Kx!77qZw"]),
        ("비밀번호는 Kx!77qZw 입니다", ["Kx!77qZw"]),
        ("mein Passwort ist kX9.1xGJrKHQ, warum", ["kX9.1xGJrKHQ"]),
        ("das Passwort ist vault01.example.com", []),
        ("la password è obbligatoria", []),
        ("hasło to podstawa", []),
        ("пароль пользователя сброшен", []),
        ("пароль 123 раза", []),
        ("パスワードは必須です", []),
        ("密码是必填项", []),
    ],
)
def test_passwords_told_in_other_languages(spoken: Spotter, text: str, values: list[str]) -> None:
    assert [text[one.start : one.end] for one in spoken.spans(text)] == values


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        ({"СНИЛС": "112-233-445 95"}, False),
        ({"СНИЛС": "нет"}, True),
        ({"npwp": "09.254.294.3-407.000"}, False),
        ({"npwp": "pending"}, True),
        ({"numero_documento": "54362315K"}, False),
        ({"numero_documento": "F001-234"}, True),
        ({"immatriculation": "AB-123-CD"}, False),
        ({"immatriculation": "en cours"}, True),
        ({"versicherungsscheinnummer": "VS96334308"}, False),
        ({"fuehrerscheinnummer": "B072RRE2I55"}, False),
        ({"permis_conduire": "12AA00002"}, False),
        ({"收货地址": "北京市朝阳区建国路88号1号楼1001"}, False),
        ({"收货人": "王小明"}, False),
        ({"받는사람": "홍길동"}, False),
        ({"배송지": "서울특별시 강남구 테헤란로 123"}, False),
        ({"患者姓名": "王小明"}, False),
        ({"adres": "Molenweg 148-A, 1015 AB Amsterdam"}, False),
        ({"adresse": "12 chemin des Vignes, 69003 Lyon"}, False),
        ({"adresse": "10.0.0.1:8080"}, True),
        ({"adresse": "0x7ffd12"}, True),
        ({"adress": "/var/run/app.sock"}, True),
        ({"gatuadress": "Kungsgatan 58"}, False),
        ({"gate_code": "4471#"}, False),
        ({"gate_code": "B12"}, True),
        ({"setupCode": "11223344"}, False),
        ({"setupCode": "OK"}, True),
    ],
)
def test_under_keys(record: dict[str, str], kept: bool) -> None:
    line = json.dumps(record, ensure_ascii=False)
    clean = build_sanitizer("default").redact_json(line.encode())[0].decode()
    (value,) = record.values()
    assert (clean == line) if kept else (value not in clean and "<" in clean)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("curl -u jroe:Kx7" + "$pqLz99 https://example.com", "curl -u <PASSWORD> https://example.com"),
        ("http -a jroe:Kx7" + "$pqLz99 GET example.com", "http -a jroe:<PASSWORD> GET example.com"),
        ("curl -u jroe:$API_PASS https://example.com", "curl -u jroe:$API_PASS https://example.com"),
        ("http -a jroe:${API_PASS} GET example.com", "http -a jroe:${API_PASS} GET example.com"),
    ],
)
def test_a_dollar_within_a_password_of_a_command(text: str, clean: str) -> None:
    line = json.dumps({"m": text})
    assert json.loads(build_sanitizer("default").redact_json(line.encode())[0])["m"] == clean
