"""hash: a token that joins, and that nobody without the key can make or undo."""

import hmac
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Sanitizer
from cecil.sanitizer import base32
from cecil.sanitizer.actions.hash import Hash
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from tests.conftest import build_sanitizer

KEYS = Keyring(b"k" * 32)
OTHER = Keyring(b"o" * 32)
HASH = Hash(KEYS)
MAIL = "bob@example.com"
RULES = b"""version: 1
entities: {EMAIL_ADDRESS: {action: hash, tenant: account.id}}
fields: {user: {action: hash, entity: USER_ID, tenant: account.id}, n: hash}
"""


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(Policy.parse(RULES, "p.yaml"), key=KEYS)


def token(text: str, entity: str = "EMAIL_ADDRESS", kind: Hash = HASH, tenant: str | None = None) -> str:
    if tenant is None:
        return kind.text(text, entity, {}, {})
    return kind.text(text, entity, {"tenant": "t"}, {"t": tenant})


def test_what_a_token_is() -> None:
    """128 bits of HMAC-SHA-256 and a seal of 32; changing this breaks joins with what was hashed before."""
    made = token(MAIL)
    assert made == "<EMAIL_ADDRESS#byawoxeqv3atiwkzzim64q37zmbnkhne>"
    data = base32.decode(made[15:-1])
    said = f"EMAIL_ADDRESS\0000\0{MAIL}".encode()
    assert data[:16] == hmac.digest(KEYS.derive("hash"), said, "sha256")[:16]
    assert data[16:] == hmac.digest(KEYS.derive("hash seal"), b"EMAIL_ADDRESS\0" + data[:16], "sha256")[:4]


def test_what_tells_two_tokens_apart() -> None:
    made = [
        token(MAIL),
        token(MAIL + " "),
        token(MAIL, "USER_ID"),
        token(MAIL, kind=Hash(OTHER)),
        token(MAIL, tenant="one"),
        token(MAIL, tenant="two"),
        token("o" + MAIL, tenant="tw"),
        token(f"3\0two{MAIL}"),
        token("\ud800"),
    ]
    assert len(set(made)) == len(made)
    assert token(MAIL, tenant="") == token(MAIL)
    assert token(MAIL, tenant="one") == token(MAIL, tenant="one")


@given(st.text())
def test_a_token_stays(text: str) -> None:
    made = token(text)
    assert re.fullmatch(r"<EMAIL_ADDRESS#[a-z2-7]{32}>", made)
    assert token(made) == token(made, tenant="one") == made
    assert HASH.own(f"{text} {made}{made}")[-2:] == [
        (len(text) + 1, len(text) + 1 + len(made)),
        (len(text) + 1 + len(made), len(text) + 1 + 2 * len(made)),
    ]


def test_the_tokens_of_an_older_key_stay() -> None:
    rotated = Hash(Keyring(b"n" * 32, b"k" * 32))
    old = token(MAIL)
    assert token(old, kind=rotated) == old
    assert token(MAIL, kind=rotated) == token(MAIL, kind=Hash(Keyring(b"n" * 32))) != old
    assert rotated.own(old) == [(0, len(old))]


def test_nobody_else_can_write_what_passes_for_a_token() -> None:
    made = token(MAIL)
    for forged in (
        made.replace("EMAIL_ADDRESS", "USER_ID"),
        made[:-2] + ("a" if made[-2] != "a" else "b") + ">",
        made[:15] + ("a" if made[15] != "a" else "b") + made[16:],
        token(MAIL, kind=Hash(OTHER)),
        "<EMAIL_ADDRESS#" + "a" * 32 + ">",
        "<EMAIL_ADDRESS#" + "A" * 32 + ">",
    ):
        assert HASH.own(forged) == []
        assert token(forged) != forged
    assert HASH.own("no # of ours") == HASH.own("") == []


def test_without_a_key_nothing_is_known() -> None:
    assert Hash(None).own(token(MAIL)) == []


@pytest.mark.parametrize(
    "record",
    [
        {"account": {"id": "one"}, "user": 17, "m": f"for {MAIL}", "n": 1.5},
        {"account": {"id": 7}, "user": "u1", "m": f"{MAIL}, {MAIL}", "n": True},
        {"user": "u1", "m": MAIL, "n": [1, "x", None, ""]},
    ],
)
def test_records(sanitizer: Sanitizer, record: dict[str, Any]) -> None:
    line = json.dumps(record).encode()
    new, findings = sanitizer.redact_json(line)
    assert {one.action for one in findings} == {"hash"}
    after = json.loads(new)
    assert after == sanitizer.redact(record)[0]
    assert re.fullmatch(r"<USER_ID#[a-z2-7]{32}>", after["user"])
    assert MAIL.encode() not in new
    assert sanitizer.redact_json(new) == (new, [])


def test_tenants(sanitizer: Sanitizer) -> None:
    """The same person in two of them is nobody's to find out."""

    def of(account: object) -> str:
        return str(sanitizer.redact({"account": {"id": account}, "m": MAIL})[0]["m"])

    assert of("one") == of("one") != of("two")
    assert of(7) == of("7")
    assert of(None) == of("") == sanitizer.redact({"m": MAIL})[0]["m"]
