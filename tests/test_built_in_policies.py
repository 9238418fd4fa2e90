"""What the policies that ship with Cecil promise: a case of tests/cases/policy-NAME each.

Beside a case's input stand `planted`, of which nothing may be in its output, and `kept`, all of which must be.
"""

import json
import re

import pytest

from cecil import Policy, Sanitizer
from cecil.commands.redact import parser
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.policy import built_in_names
from tests.conftest import ROOT, build_sanitizer

CASES = ROOT / "tests" / "cases"
NAMES = built_in_names()


def lines(name: str, file: str) -> list[str]:
    return (CASES / f"policy-{name}" / file).read_text().splitlines()


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def sanitizer(name: str) -> Sanitizer:
    key = CASES / f"policy-{name}" / "k"
    return build_sanitizer(name, key=key.read_bytes() if key.exists() else None)


def redacted(sanitizer: Sanitizer, line: str) -> str:
    judge = sanitizer.redact_json if line.startswith(("{", "[")) else sanitizer.redact_text
    return judge(line.encode())[0].decode()


def test_nothing_that_was_planted_is_left(name: str) -> None:
    planted, before, after = (lines(name, file) for file in ("planted", "input", "expout"))
    assert [value for value in planted if not any(_in(value, line) for line in before)] == []
    assert [value for value in planted if any(_in(value, line) for line in after)] == []


def test_what_is_kept_is_left(name: str) -> None:
    kept, before, after = (lines(name, file) for file in ("kept", "input", "expout"))
    for text in before, after:
        assert [value for value in kept if not any(value in line for line in text)] == []


def _in(value: str, line: str) -> bool:
    """Whether a line holds a value, as it stands or in a string of JSON, or in one in one."""
    once = json.dumps(value)[1:-1]
    return value in line or once in line or json.dumps(once)[1:-1] in line


def test_redacting_once_more_changes_nothing(name: str, sanitizer: Sanitizer) -> None:
    for line in lines(name, "input"):
        once = redacted(sanitizer, line)
        assert redacted(sanitizer, once) == once


def test_the_fast_way_sees_the_same(name: str, sanitizer: Sanitizer) -> None:
    judge = BlockFilter(sanitizer, collect=True)
    block = (CASES / f"policy-{name}" / "input").read_bytes()
    assert judge.judge(block) == judge.judge_one_by_one(block)
    for line in block.splitlines(keepends=True):
        assert judge.judge(line) == judge.judge_one_by_one(line)


def test_nothing_is_trusted(name: str) -> None:
    """What a built-in policy keeps, it has looked at."""
    policy = Policy.built_in(name)
    assert "trust" not in {action.name for _, action in policy.fields}


def test_nothing_is_shifted_nor_made_up(name: str) -> None:
    """Dates that are moved would move again in a second run."""
    policy = Policy.built_in(name)
    actions = {action.name for action in (policy.default, *policy.entities.values())}
    assert actions.isdisjoint({"shift", "surrogate", "encrypt"})


def test_the_help_names_them_all() -> None:
    said = next(action.help for action in parser()._actions if action.dest == "policy")
    assert said is not None
    listed = re.search(r"built-in policy: (.*) \(default", said)
    assert listed is not None
    assert sorted(listed[1].split(", ")) == NAMES


@pytest.mark.parametrize(
    ("entity", "value", "kept"),
    [
        ("DATE_TIME", "2026-10-02 14:03", "build 2026.10"),
        ("URL", "https://www.example.com/a", "see /a/b"),
        ("ORGANIZATION", "Siemens AG", "the office"),
        ("UUID", "7c0f5a52-64a5-4f37-9f1b-9a3f7c1b2d11", "7c0f5a52"),
        ("PRIVATE_IP", "192.168.4.4", "release 1.22.333"),
        ("PRIVATE_IP", "127.0.0.1", "release 1.22.333"),
        ("PRIVATE_IP", "192.0.2.9", "release 1.22.333"),
        ("COORDINATES", "52.5201, 13.4051", "took 52.5201, 13.4051 s"),
    ],
)
def test_what_default_leaves_can_be_turned_on(entity: str, value: str, kept: str) -> None:
    """A log is no use without it, save where somebody says that it is."""
    usual = build_sanitizer(nlp="en")
    more = build_sanitizer(nlp="en", entities=frozenset({entity}))
    text = f"the coordinates are {value} here" if entity == "COORDINATES" else f"it was at {value} then"
    assert usual.redact_text(text)[0] == text
    assert more.redact_text(text)[0] == text.replace(value, f"<{entity}>")
    assert more.redact_text(kept)[0] == kept


def test_ids_of_traces_can_be_turned_on() -> None:
    """They have no form of their own: their keys say what they are."""
    policy = Policy.parse(
        b"version: 1\nextends: default\nkeys: {add: {TRACE_ID: [trace-id, span-id]}}", "p.yaml"
    )
    more = build_sanitizer(policy)
    record = {
        "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
        "ctx": {"spanId": "00f067aa0ba902b7"},
        "sha": "9fceb02d",
    }
    assert build_sanitizer().redact(record)[0] == record
    assert more.redact(record)[0] == {
        "trace_id": "<TRACE_ID>",
        "ctx": {"spanId": "<TRACE_ID>"},
        "sha": "9fceb02d",
    }
    assert more.redact_text("got trace_id=4bf92f3577b34da6a3ce929d0e0e4736")[0] == "got trace_id=<TRACE_ID>"
