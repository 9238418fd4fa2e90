"""Near misses, and what becomes of texts that cannot be judged: through the public faces."""

import base64
import gzip
import json
import random
import string
from typing import Any

import pytest

from cecil import Policy, Sanitizer
from cecil.errors import DetectorError
from cecil.sanitizer import interceptor
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.detectors import phones
from cecil.sanitizer.leaves import _Back, _Edit
from tests.conftest import ROOT, build_sanitizer


@pytest.fixture(scope="module")
def explaining() -> Sanitizer:
    return build_sanitizer(explain=True)


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


@pytest.mark.parametrize(
    ("text", "entity", "value", "why"),
    [
        ("from 192.168.1.17 on", "PRIVATE_IP", "192.168.1.17", "the policy keeps it"),
        ("219-09-9999 or 219099999", "US_SSN", "219099999", "no word near"),
        # Nothing else in the text wakes who looks for it.
        ("value 219099999 seen", "US_SSN", "219099999", "no word near"),
        ("ref H12345678", "US_PASSPORT", "H12345678", "no word near"),
        # Full-width digits: the place is that of the text as it came.
        (
            "no ４１１１ １１１１ １１１１ １１１２ here",
            "CREDIT_CARD",
            "４１１１ １１１１ １１１１ １１１２",
            "",
        ),
    ],
)
def test_a_near_miss_has_its_place_and_its_reason(
    explaining: Sanitizer, text: str, entity: str, value: str, why: str
) -> None:
    explaining.redact_text(text.encode())
    found = [(one.entity, text[one.start : one.end], one.why) for one in explaining.misses]
    assert [one for one in found if one[:2] == (entity, value) and why in one[2]], found


@pytest.mark.parametrize("changed", ["", " of bob@example.com"])
def test_a_near_miss_in_what_stands_in_a_text_has_its_place_in_that_text(
    explaining: Sanitizer, changed: str
) -> None:
    """Once, whether something else is replaced beside it or not; of JSON, of JSON in JSON and of base64."""
    inner = json.dumps({"id": "a ssn 666-12-3456" + changed, "n": 'é "17"'})
    twice = json.dumps({"m": inner}, ensure_ascii=False)
    record = {"o": "ssn 666-12-3457", "m": inner, "t": f"it said {inner}.", "d": twice}
    explaining.redact(record)
    wrong = [one for one in explaining.misses if one.detector == "us-ssn"]
    shown = [(one.pointer, record[one.pointer[1:]][one.start : one.end]) for one in wrong]
    one, number = "666-12-3456", [("/o", "666-12-3457")]
    assert sorted(shown) == sorted([*number, ("/m", one), ("/t", one), ("/d", one)])
    text = f"it said {inner}."
    explaining.redact_text(text)
    wrong = [one for one in explaining.misses if one.detector == "us-ssn"]
    assert [text[one.start : one.end] for one in wrong] == ["666-12-3456"]
    packed = base64.b64encode(f"what was said of a ssn 666-12-3456{changed}".encode()).decode()
    explaining.redact({"p": f"x {packed}"})
    wrong = [one for one in explaining.misses if one.detector == "us-ssn"]
    assert [(one.pointer, one.start, one.end) for one in wrong] == [("/p", 2, 2 + len(packed))]


LOGS = ROOT / "tests" / "data" / "logs"


def test_who_asks_why_gets_the_same_findings(explaining: Sanitizer, default: Sanitizer) -> None:
    """What waits for a word is looked at without one then, and counts no more for it."""
    lines = (LOGS / "lambda_events.jsonl").read_bytes().splitlines()[:40]
    lines += (LOGS / "apache_access.log").read_bytes().splitlines()[::20]
    lines += [
        b"ssn 219099999",
        b'{"passport":"H12345678","id":219099999}',
        b"219099999 of account 3847283911",
    ]
    told = found = 0
    for line in lines:
        judge = "redact_json" if line.startswith(b"{") else "redact_text"
        assert getattr(explaining, judge)(line) == getattr(default, judge)(line)
        found += len(getattr(default, judge)(line)[1])
        told += len(explaining.misses)
    assert found > 5
    assert told > 20


def test_what_the_policy_wants_to_be_surer_of() -> None:
    rules = Policy.parse(b"version: 1\nthreshold: 0.9", "p.yaml")
    sure = build_sanitizer(rules, explain=True)
    assert sure.redact("ring 415-555-0132")[1] == []
    assert "score 0.40 is below 0.90: no context word" in [one.why for one in sure.misses]


def test_what_only_looks_like_an_address_is_not_named(default: Sanitizer) -> None:
    for text in ("version 8.8.8.8 of it", "to 33:33:00:00:00:01 and 01:00:5e:00:00:fb"):
        assert default.redact(text) == (text, [])


BOMB = base64.b64encode(gzip.compress(b" " * (64 << 20))).decode()


def test_what_cannot_be_judged_is_refused_wherever_it_stands(default: Sanitizer) -> None:
    with pytest.raises(DetectorError):
        default.redact({"m": json.dumps({"data": BOMB})})
    with pytest.raises(DetectorError):
        default.redact({"m": "it said " + json.dumps({"data": BOMB})})
    outcome = BlockFilter(default).judge(b'["fine"]\n' + json.dumps([BOMB]).encode() + b"\n")
    assert outcome.data == b'["fine"]\n'
    assert [(one.line, one.reason) for one in outcome.refused] == [
        (1, "compressed text that is too large to look into")
    ]


def test_names_that_never_repeat_do_not_fill_the_memory(
    default: Sanitizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interceptor, "_PLACES", 5)
    for start in range(0, 40, 10):
        record: dict[str, Any] = {f"name {n}": {"mail": "bob@example.com"} for n in range(start, start + 10)}
        record["x" * 300] = {"password": "hunter2"}
        new, findings = default.redact(record)
        assert len(findings) == 11
        assert new["x" * 300] == {"password": "<PASSWORD>"}
        assert {json.dumps(value) for value in new.values()} == {
            '{"mail": "<EMAIL_ADDRESS>"}',
            '{"password": "<PASSWORD>"}',
        }


def test_a_long_secret_goes_whole(default: Sanitizer) -> None:
    """A value is judged by its first characters, and taken to its end."""
    value = "".join(random.Random(1).choices(string.ascii_letters + string.digits, k=1000))
    assert default.redact(f"x password={value} y")[0] == "x password=<PASSWORD> y"


def test_telephones_of_no_region_and_two_in_one() -> None:
    """A second number behind a slash and an x, as the library has it, is none of the first."""
    assert phones.find("call 415-555-0132", ("ZZ",), 1) == []
    (one,) = phones.find("12 / x415-555-0132 +1 415 555 0132", ("US",), 1)
    assert one.raw_string == "+1 415 555 0132"


def test_the_way_back_from_a_changed_text() -> None:
    """What lies before, in, across and behind a replacement, in the text as it came."""
    back = _Back([_Edit(5, 10, "<X>", ())])  # 01234abcde56 -> 01234<X>56
    assert [(back.start(i), back.end(j)) for i, j in ((2, 4), (5, 8), (6, 7), (3, 9), (8, 10))] == [
        (2, 4),
        (5, 10),
        (5, 10),
        (3, 11),
        (10, 12),
    ]
