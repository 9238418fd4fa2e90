"""Codes of a few digits that open something, and the words of a seed, in messages and in logs."""

import json

import pytest

from cecil import Sanitizer
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
        (f"wallet words: {SEED} {SEED}", f"{SEED} {SEED}"),
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
        ({"gpio": {"pin": 13}}, {"gpio": {"pin": 13}}),
        ({"wpa_psk": "hunter2x9", "psk": "x9-hunter"}, {"wpa_psk": "<SECRET>", "psk": "<SECRET>"}),
        ({"security_answer": "Rover"}, {"security_answer": "<SECRET>"}),
        ({"security_question": "your dog?"}, {"security_question": "your dog?"}),
    ],
    ids=str,
)
def test_what_the_default_policy_does(default: Sanitizer, record: object, after: object) -> None:
    assert default.redact(record)[0] == after
    assert json.loads(BlockFilter(default).judge(json.dumps(record).encode() + b"\n").data) == after
