"""Codes of a few digits that open something, and the words of a seed, in messages and in logs."""

import json

import pyarrow as pa
import pytest

from cecil import Policy, Sanitizer
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors.secrets.codes import RULES, SEEDS
from tests.conftest import build_sanitizer
from tests.spotting import Spotter


@pytest.fixture(scope="module")
def ours() -> Spotter:
    return Spotter((RULES, SEEDS))


SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"seed phrase: {SEED}", SEED),
        (f'mnemonic="{SEED}"', SEED),
        (f"Recovery-Phrase {SEED.upper()}.", SEED.upper()),
        ("Ihr Bestätigungscode lautet 227847, gültig 5 Minuten", "227847"),
        ("Anmeldecode: 227847", "227847"),
        ("Votre code de confirmation est le 458658", "458658"),
        ("Код доступа: 444273", "444273"),
        ("验证码：610495，请勿泄露", "610495"),
        ("votre code de vérification est 840424.", "840424"),
        ("Votre code d'accès : 840424", "840424"),
        ("tu código de verificación es 777304, caduca", "777304"),
        ("Seu código de confirmação é 777304", "777304"),
        ("il tuo codice di verifica è 482913", "482913"),
        ("je verificatiecode is 482913", "482913"),
        ("twój kod weryfikacyjny to 482913", "482913"),
        ("din engångskod är 482913", "482913"),
        ("Ваш код подтверждения: 482913", "482913"),
        ("您的验证码是482913，5分钟内有效", "482913"),
        ("認証コードは482913です", "482913"),
        ("인증번호는 482913 입니다", "482913"),
        ("Bestätigungscode ist 5 Minuten gültig", None),
        ("code de vérification 2024-05-01 envoyé", None),
        ("code de sécurité 1000 % faux", None),
        ("le code de retour est 840424", None),
        ("codice di stato 482913", None),
        ("hap: pairing setup code 123-45-678 accepted", "123-45-678"),
        ("Matter setup code: 3497-011-2332", "3497-011-2332"),
        ("setup code 123-45 rejected", None),
        ("exit code 123-45-678", None),
        (f"wallet words: {SEED} {SEED}", f"{SEED} {SEED}"),
        (f"seed: {SEED}", SEED),
        (f"mnemonic: {SEED.replace(' ', ',')}", SEED.replace(" ", ",")),
        (f"mnemonic={SEED.split()}", repr(SEED.split())[2:-2]),
        (f"seed {SEED}", None),
        ("seed: every one who has seen some other text may know about these words", None),
        ("mnemonic: MOV", None),
        (SEED, None),
        (f"seed phrase: {SEED} abandon", None),
        (f"seed phrase: {SEED[: -len(' yellow')]}", None),
        ("secret phrase: every one who has seen some other text may know about these words", None),
        ("Your OTP is 482913.", "482913"),
        ("otp=482913", "482913"),
        ("one-time code: 482913", "482913"),
        ("One time password 4829", "4829"),
        ("use verification code G-482913 now", "G-482913"),
        ("sms code 4829", "4829"),
        ("Your code is 482913.", "482913"),
        ("your code: 482913", "482913"),
        ("sign-in code 482913", "482913"),
        ("your codes are 482913 and 17", "482913"),
        ("colour code 482913", None),
        ("your code base has 4829 lines", None),
        ("482913 is your Acme verification code", "482913"),
        ("4829 is your PIN", "4829"),
        ("*482913* is your verification code", "482913"),
        ("Use 482913 as your Acme login code", "482913"),
        ("enter 4829 for your PIN", "4829"),
        ("2FA code for ada: 482913", "482913"),
        ("Enter passcode sent to a@example.com: 482913", "482913"),
        ("OTP sent to +12025550147: 4829", "4829"),
        ("Invite code for ann@example.com: AB12-CD34-EF56", "AB12-CD34-EF56"),
        ("Activation code: AB12C-CD34D", "AB12C-CD34D"),
        ("invitation code sent to bob: AB12-CD34", "AB12-CD34"),
        ("invite code for bob: 2026-11-22", None),
        ("invite code for bob: expired-link", None),
        ("promo code: AB12-CD34", None),
        ("use 4829 as your port", None),
        ("reuse 482913 as your code", None),
        ("2FA code for ada: expired after 4829 s", None),
        ("status code for ada: 482913", None),
        ("passcode sent to ada at 4829", None),
        ("enter PIN 4829 at the door", "4829"),
        ("pin=4829", "4829"),
        ("status code 482913", None),
        ("error code: 4829", None),
        ("482913 is your order number", None),
        ("pin 13 high", None),
        ("pin 48291", None),
        ("spin 4829", None),
        ("pins 2 to 4829", None),
        ("pin 2026-11-22", None),
        ("OTP expired after 30 s", None),
        ("one-time job 4829", None),
    ],
)
def test_what_is_found(ours: Spotter, text: str, value: str | None) -> None:
    assert set(ours.said(text)) == ({("SECRET", value)} if value else set())


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"m": "Your OTP is 482913"}, {"m": "Your OTP is <SECRET>"}),
        ({"user": {"pin": "4829"}}, {"user": {"pin": "<SECRET>"}}),
        (
            {"PIN1": "4829", "pin2": "9042", "PUK1": "38491726"},
            {"PIN1": "<SECRET>", "pin2": "<SECRET>", "PUK1": "<SECRET>"},
        ),
        ({"pin1": "GPIO4", "pin2": "1111"}, {"pin1": "GPIO4", "pin2": "1111"}),
        (
            {"ki": "465B5CE8B199B49FAA5F0A2EE238A6BC", "OPc": "e8ed289deba952e4283b54e88e6183ca"},
            {"ki": "<SECRET>", "OPc": "<SECRET>"},
        ),
        ({"ki": "0.25", "opc": "ua"}, {"ki": "0.25", "opc": "ua"}),
        (
            {"m": "sim ki=465B5CE8B199B49FAA5F0A2EE238A6BC amf=8000"},
            {"m": "sim ki=<SECRET> amf=8000"},
        ),
        ({"m": "opc=465B5CE8B199B49F x"}, {"m": "opc=465B5CE8B199B49F x"}),
        ({"gpio": {"pin": 13}}, {"gpio": {"pin": 13}}),
        ({"action": "verify", "pin": "4938"}, {"action": "verify", "pin": "<SECRET>"}),
        ({"m": '{"pin":"4938"}'}, {"m": '{"pin":"<SECRET>"}'}),
        ({"a": {"pin": "GPIO4"}, "b": {"pin": "13"}}, {"a": {"pin": "GPIO4"}, "b": {"pin": "13"}}),
        # What says something else as often.
        ({"user": "svc", "pass": "hG5kLm9q"}, {"user": "svc", "pass": "<PASSWORD>"}),
        ({"m": 'body {"user":"svc","pw":"hG5kLm9q"}'}, {"m": 'body {"user":"svc","pw":"<PASSWORD>"}'}),
        (
            {"pass": "12", "psw": True, "pw": "first", "Pass": "mem2reg"},
            {"pass": "12", "psw": True, "pw": "first", "Pass": "mem2reg"},
        ),
        ({"tokens": ["k3J9sLq0Xv7ZpT2mN8bR"]}, {"tokens": ["<SECRET>"]}),
        ({"tokens": ["the", "cat", "1", "gpt2"]}, {"tokens": ["the", "cat", "1", "gpt2"]}),
        # Pairs.
        (
            [["api_token", "k3J9sLq0"], ["last_name", "Kowalczyk"], ["id", 17]],
            [["api_token", "<SECRET>"], ["last_name", "<PERSON>"], ["id", 17]],
        ),
        ([["token", "last_name"], ["a", "b2"]], [["token", "last_name"], ["a", "b2"]]),
        (["password", "username1"], ["password", "username1"]),
        ({"c": ["AUTH", "svc", "hG5kLm9qTr0ub4"]}, {"c": ["AUTH", "svc", "<PASSWORD>"]}),
        ({"c": ["AUTH", "SESSIONS"]}, {"c": ["AUTH", "SESSIONS"]}),
        (
            {"m": 'changes: {"password"=>["hG5kLm9q", "z9J2sLq0"]}'},
            {"m": 'changes: {"password"=>["<PASSWORD>", "<PASSWORD>"]}'},
        ),
        # Messages about a secret.
        *(
            (record, record)
            for record in (
                {"password": ["This field may not be blank."], "token": ["Invalid or expired token"]},
                {"errors": {"password": "Password is required"}},
                {"token": "Invalid token."},
            )
        ),
        ({"mnemonic_phrase": "legal winner thank year"}, {"mnemonic_phrase": "<SECRET>"}),
        # Each word of a seed an item.
        *(
            ({name: [*SEED.split()[:11], "absent"]}, {name: ["<SECRET>"] * 12})
            for name in ("mnemonic", "seed", "recovery_phrase", "seedWords", "walletMnemonic")
        ),
        ({"m": json.dumps({"mnemonic": SEED.split()})}, {"m": json.dumps({"mnemonic": ["<SECRET>"] * 12})}),
        ({"m": f"mnemonic={json.dumps(SEED.split())} ok"}, {"m": 'mnemonic=["<SECRET>"] ok'}),
        *(
            (record, record)
            for record in (
                {"m": f"keywords={json.dumps(SEED.split())} and mnemonic={json.dumps(SEED.split()[:9])}"},
                {"mnemonic": "MOV"},
                {"mnemonic": ["MOV", "ADD"], "seed": [1, 2]},
                {"mnemonic": ["mov", "add", "sub"] * 3},
                {"keywords": SEED.split()},
            )
        ),
        ({"wpa_psk": "hunter2x9", "psk": "x9-hunter"}, {"wpa_psk": "<SECRET>", "psk": "<SECRET>"}),
        ({"security_answer": "Rover"}, {"security_answer": "<SECRET>"}),
        ({"security_question": "your dog?"}, {"security_question": "your dog?"}),
    ],
    ids=str,
)
def test_what_the_default_policy_does(default: Sanitizer, record: object, after: object) -> None:
    assert default.redact(record)[0] == after
    assert json.loads(BlockFilter(default).judge(json.dumps(record).encode() + b"\n").data) == after


def test_a_list_of_words_where_secrets_stay_and_in_columns(default: Sanitizer) -> None:
    record = {"seed": SEED.split()}
    ours = build_sanitizer(Policy.parse(b"version: 1\nentities: {SECRET: keep}\n", "p.yaml"))
    assert ours.redact(record)[0] == record
    (made,) = default.redact_batches([pa.RecordBatch.from_pylist([record, {"seed": ["legal"]}])])
    assert made.to_pylist() == [{"seed": ["<SECRET>"] * 12}, {"seed": ["legal"]}]


def test_what_opens_a_home_by_its_key(default: Sanitizer) -> None:
    record = {"garage_pin": "2313", "lockPin": "991122", "garage_code": "4711", "alarm_code": "E102"}
    assert default.redact(record)[0] == dict.fromkeys(record, "<SECRET>") | {"alarm_code": "E102"}


def test_a_list_of_secrets_has_an_end() -> None:
    tokens = [f"k3J9sLq0Xv7ZpT2mN{n:03}" for n in range(102)]
    after = build_sanitizer().redact({"m": f"tokens={tokens}"})[0]["m"]
    assert after.count("<SECRET>") > 100
