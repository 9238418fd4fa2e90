"""encrypt: tokens that only the key turns back, and that show a change."""

import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Detector, Sanitizer
from cecil.errors import UsageError
from cecil.sanitizer import base32
from cecil.sanitizer.actions.base import Spelled
from cecil.sanitizer.actions.encrypt import TOKEN, Cipher, Closed, Encrypt, Opened
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.stream.jsontext import Number
from tests.conftest import build_cache, build_sanitizer

KEYS = Keyring(b"k" * 32)
OTHER = Keyring(b"o" * 32)
CIPHER = Cipher(KEYS)
ENCRYPT = Encrypt(KEYS)
MAIL = "bob@example.com"
RULES = b"""version: 1
entities: {EMAIL_ADDRESS: {action: encrypt, tenant: account}}
fields: {a: encrypt}
"""


def policy() -> Policy:
    return Policy.parse(RULES, "p.yaml")


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(policy(), key=KEYS)


def opened(token: str, cipher: Cipher = CIPHER) -> Opened | Closed:
    match = TOKEN.fullmatch(token)
    assert match
    return cipher.open(match)


def test_what_a_token_is() -> None:
    """Version 1 is for good: what was encrypted has to open in years."""
    made = ENCRYPT.text(MAIL, "EMAIL_ADDRESS", {}, {})
    assert made == (
        "<EMAIL_ADDRESS!1xgiqhscbstrdgrtcpzjbcj3c7uuqd4qmjn2l4bbypngqp7b5rg6eio53krv62d6bjv5dxpes>"
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    sealed = base32.decode(made[len("<EMAIL_ADDRESS!1xgiqhscb") : -1])
    plain = AESSIV(KEYS.derive("encrypt", length=64)).decrypt(sealed, [b"1", b"EMAIL_ADDRESS"])
    assert plain == b"\0" + MAIL.encode() + b"\x80" + b"\0" * 7


@given(st.text(), st.booleans(), st.text(max_size=5))
def test_a_token_opens(said: str, json: bool, tenant: str) -> None:
    made = CIPHER.make(said, "A_1", tenant, json=json)
    assert re.fullmatch(r"<A_1!1[a-z2-7]{8}([a-z2-7]{32})+>", made)
    assert made == CIPHER.make(said, "A_1", tenant, json=json)
    assert opened(made) == Opened(said, json, KEYS.ids[0])


def test_what_tells_two_tokens_apart() -> None:
    made = [
        CIPHER.make("1", "A"),
        CIPHER.make("1", "B"),
        CIPHER.make("1", "A", "one"),
        CIPHER.make("1", "A", "two"),
        CIPHER.make("1", "A", json=True),
        CIPHER.make("1\0", "A"),
        CIPHER.make("1\x80", "A"),
        Cipher(OTHER).make("1", "A"),
    ]
    assert len(set(made)) == len(made)
    assert len({one[-30:] for one in made}) == len(made)


def test_the_length_of_a_value_shows_in_steps() -> None:
    sizes = [len(CIPHER.make("x" * size, "A")) - len("<A!1xgiqhscb>") for size in (0, 1, 2, 3, 22, 23)]
    assert sizes == [32, 32, 32, 64, 64, 96]
    assert len(CIPHER.make("true", "A", json=True)) == len(CIPHER.make("false", "A", json=True))


def test_the_keys_of_a_file_open_what_they_made() -> None:
    rotated = Keyring(b"n" * 32, b"k" * 32)
    old = CIPHER.make(MAIL, "A", "t")
    assert opened(old, Cipher(rotated)) == Opened(MAIL, False, KEYS.ids[0])
    assert opened(old, Cipher(OTHER)) == Closed("of another key")
    assert opened(Cipher(rotated).make(MAIL, "A"), Cipher(rotated)) == Opened(MAIL, False, rotated.ids[0])
    assert Encrypt(rotated).text(old, "A", {}, {}) == old
    assert Encrypt(rotated).own(f"x {old}") == [(2, 2 + len(old))]


def test_a_changed_token_does_not_open() -> None:
    """Whichever of its characters it is."""
    made = CIPHER.make(MAIL, "A_B")
    for place in range(1, len(made) - 1):
        for new in "aB2":
            changed = made[:place] + new + made[place + 1 :]
            match = TOKEN.fullmatch(changed)
            if changed != made and match:
                assert isinstance(CIPHER.open(match), Closed), place
    assert opened(made.replace("!1", "!2")) == Closed("of another version")
    assert opened(made[:-2] + ">") == Closed("changed")
    assert opened(made[:-33] + ">") == Closed("changed")
    assert opened(made.replace("A_B", "A_C")) == Closed("changed")
    assert opened(made.upper()) == Closed("changed")
    assert opened(f"<A_B!1{KEYS.ids[0]}{'a' * 64}>") == Closed("changed")
    assert opened(f"<A_B!1{OTHER.ids[0]}{'a' * 64}>") == Closed("of another key")


@given(st.text(alphabet='a1!<>AZ_"', max_size=30))
def test_own_tokens_stay(around: str) -> None:
    made = ENCRYPT.text(around, "A", {}, {})
    assert ENCRYPT.text(made, "B", {}, {}) == made
    assert ENCRYPT.value(made, made, "B", {}, {}) == made
    text = f"{around} {made}{made} {made.replace('A', 'B')}"
    assert len(ENCRYPT.own(text)) == 2


def test_without_a_key_nothing_is_known() -> None:
    assert Encrypt(None).own(ENCRYPT.text(MAIL, "A", {}, {})) == []


@pytest.mark.parametrize(
    ("value", "said", "json"),
    [
        ("x", "x", False),
        ("", "", False),
        (7, "7", True),
        (10**30, "1" + "0" * 30, True),
        (Number("1e400"), "1e400", True),
        (1.5, "1.5", True),
        (True, "true", True),
        (False, "false", True),
        (math.nan, "nan", False),
        (-math.inf, "-inf", False),
        ("\ud800", "\ud800", False),
    ],
)
def test_values(value: Any, said: str, json: bool) -> None:
    """What no JSON can say is encrypted as a text."""
    made = ENCRYPT.value(value, str(value), "A", {}, {})
    assert isinstance(made, Spelled)
    assert opened(made) == Opened(said, json, KEYS.ids[0])


def test_other_spellings_have_tokens_of_their_own() -> None:
    made = ENCRYPT.value(1.1, "1.1", "A", {"tenant": "t"}, {"t": "one"})
    assert made.of("1.1") == made
    assert opened(made.of("1.10")) == Opened("1.10", True, KEYS.ids[0])
    made = ENCRYPT.value("é", "é", "A", {}, {})
    assert made.of('"é"') == made == ENCRYPT.text("é", "A", {}, {})
    assert opened(made.of('"\\u00e9"')) == Opened('"\\u00e9"', True, KEYS.ids[0])


@pytest.mark.parametrize("value", ["x", 7, 1.10, 1e22, True, False, [1, "x", {"b": 2}], "bob@example.com"])
def test_records(sanitizer: Sanitizer, value: Any) -> None:
    record = {"a": value, "m": f"for {MAIL}", "account": "one"}
    line = json.dumps(record).encode()
    new, findings = sanitizer.redact_json(line)
    assert {one.action for one in findings} == {"encrypt"}
    assert MAIL.encode() not in new
    after, again = sanitizer.redact(record)
    assert again == findings
    assert sanitizer.redact_json(new) == (new, [])
    assert all(type(one) is str for one in (after["a"], after["m"]) if not isinstance(one, list))
    if value != 1e22:  # which Python spells otherwise
        assert json.loads(new) == after


def test_what_holds_nothing_stays(sanitizer: Sanitizer) -> None:
    line = b'{"a":null,"b":[null],"account":"one"}'
    assert sanitizer.redact_json(line) == (line, [])
    assert sanitizer.redact_json(b'{"a":""}') == (b'{"a":""}', [])


def test_tenants(sanitizer: Sanitizer) -> None:
    def of(account: object) -> str:
        return str(sanitizer.redact({"account": account, "m": MAIL})[0]["m"])

    assert of("one") == of("one") != of("two")
    assert of(None) == ENCRYPT.text(MAIL, "EMAIL_ADDRESS", {}, {})
    assert opened(of("one")) == opened(of("two"))


def test_no_key_is_made_up() -> None:
    with pytest.raises(UsageError, match="encrypt needs a key that stays"):
        build_sanitizer(policy())
    assert [one.action for one in Detector(policy(), cache=build_cache()).find(MAIL)] == ["encrypt"]
