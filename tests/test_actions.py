"""Every action on every type and spelling that JSON has: what type comes out, and that a second run leaves it."""

import json
from typing import Any

import pytest

from cecil import Policy, Sanitizer
from cecil.errors import RecordError
from cecil.sanitizer.actions import KINDS
from cecil.sanitizer.keyring import Keyring
from tests.conftest import build_sanitizer

# What a field is, and which types a date's text, a whole number, a fraction and a boolean become.
ACTIONS: dict[str, tuple[str, tuple[type | None, ...]]] = {
    "keep": ("keep", (str, int, float, bool)),
    "trust": ("trust", (str, int, float, bool)),
    "redact": ("redact", (str, None, None, None)),
    "template": ("{action: redact, template: '[{entity}]'}", (str, None, None, None)),
    "mask": ("mask", (str, str, str, str)),
    "last": ("{action: mask, keep_last: 2, keep_separators: true}", (str, str, str, str)),
    "eight": ("{action: mask, keep_first: 1, keep_length: false}", (str, str, str, str)),
    "hash": ("{action: hash, tenant: who}", (str, str, str, str)),
    "surrogate": ("surrogate", (str, int, None, None)),
    "card": ("{action: surrogate, entity: CREDIT_CARD, tenant: who}", (str, None, None, None)),
    "encrypt": ("{action: encrypt, tenant: who}", (str, str, str, str)),
    "shift": ("{action: shift, subject: who, otherwise: redact}", (str, int, float, None)),
    "year": ("{action: generalise, to: year}", (str, int, float, None)),
    "digits": ("{action: generalise, to: digits}", (str, int, float, None)),
    "prefix": ("{action: generalise, to: prefix}", (str, None, None, None)),
    "truncate": ("{action: truncate, length: 3}", (str, int, float, bool)),
}
MOVES = "shift"
"""What a second run moves again."""


@pytest.fixture(scope="module")
def all_of_them() -> Sanitizer:
    rules = "".join(f"  {name}: {action}\n" for name, (action, _) in ACTIONS.items())
    text = f"version: 1\nentities: {{DATE_TIME: keep}}\nfields:\n  gone: drop\n{rules}"
    return build_sanitizer(Policy.parse(text.encode(), "p.yaml"), key=Keyring(b"k" * 32))


def run(sanitizer: Sanitizer, value: str) -> dict[str, Any]:
    """What becomes of a value, as JSON has it, by each action; what stands around it stays as it is."""

    def line(name: str, said: str) -> str:
        return f'{{"who" :"a", "{name}":{said} ,"n":1.10,"e":"\\u00e9"}}\r\n'

    after = {}
    for name in ACTIONS:
        came = line(name, value).encode()
        new, _ = sanitizer.redact_json(came)
        again, _ = sanitizer.redact_json(new)
        assert again == new or name == MOVES
        head, tail = line(name, "|").encode().split(b"|")
        assert new.startswith(head) and new.endswith(tail)
        said = new[len(head) : len(new) - len(tail)]
        after[name] = json.loads(said)
        # Records of Python's take the other way; what they hold has no spelling.
        if name != "encrypt":
            assert json.loads(new) == sanitizer.redact(json.loads(came))[0]
    gone, _ = sanitizer.redact_json(line("gone", value).encode())
    assert gone == line("gone", "|").replace('"gone":| ,', "").encode()
    return after


@pytest.mark.parametrize(
    ("place", "value"), [*enumerate(['"2026-11-21T14:22:07Z"', "1700000000", "1700000000.5", "true"])]
)
def test_types_stay_where_they_can(all_of_them: Sanitizer, place: int, value: str) -> None:
    after = run(all_of_them, value)
    told = {name: None if one is None else type(one) for name, one in after.items()}
    assert told == {name: types[place] for name, (_, types) in ACTIONS.items()}
    # Whatever stays whole is one that may.
    same = {name for name, one in after.items() if one == json.loads(value)}
    assert same <= {"keep", "trust", "truncate", *(["digits"] if place == 1 else [])}


@pytest.mark.parametrize("value", ["null", '""', "[]", "{}"])
def test_what_holds_nothing_stays(all_of_them: Sanitizer, value: str) -> None:
    assert all(one == json.loads(value) for one in run(all_of_them, value).values())


@pytest.mark.parametrize(
    "value",
    [
        *"0 -0 -0.0 -1 1.10 1E5 1e-9 18446744073709551616 -9223372036854775809 false".split(),
        "9" * 40,
        '"x"',
        '"1.10"',
        r'"\u0000"',
        r'"caf\u00e9 \ud83d\ude00\/\"\n"',
        '"e\u0301e\u0301 \u200d🇩🇪 👩‍👩‍👧‍👦"',
        '"１２３４ ５６７８"',
        '"<REDACTED>"',
        '"****"',
        '"…"',
        '"bob@corp.example 4111 1111 1111 1111"',
        '["a",1,2.50,true,null,[{"b":"c"}]]',
        '{"a":{"b":[17,"x"]}}',
    ],
)
def test_any_value_by_any_action(all_of_them: Sanitizer, value: str) -> None:
    after = run(all_of_them, value)
    assert after["trust"] == json.loads(value)


@pytest.mark.parametrize("value", ["1e400", "-1E+999999", "9" * 5000, "-" + "9" * 5000 + ".25"])
def test_a_number_that_python_cannot_hold(all_of_them: Sanitizer, value: str) -> None:
    line = "{" + ",".join(f'"{name}":{value}' for name in ACTIONS) + "}"
    new, _ = all_of_them.redact_json(line.encode())
    assert new.count(value.encode()) <= 3  # kept, trusted, and too short to be cut
    assert all_of_them.redact_json(new)[0] == new


def test_half_a_character_is_no_text(all_of_them: Sanitizer) -> None:
    for name in ACTIONS:
        with pytest.raises(RecordError, match=r"^lone surrogate in the string at column"):
            all_of_them.redact_json(f'{{"{name}":"\\ud800"}}'.encode())


def test_every_action_is_here() -> None:
    assert {action.split("action: ")[-1].split(",")[0] for action, _ in ACTIONS.values()} | {"drop"} == set(
        KINDS
    )
