"""The parts of the benches on which their figures rest."""

import json
import re
import zlib
from itertools import islice

import pytest

from cecil import Policy
from cecil.sanitizer.detectors.presidio import DIFFERENCES
from cecil.sanitizer.keyring import Keyring
from tests.bench import ROOT, actions, equality, judging, labelled, logs, rules
from tests.bench.alarms import certain
from tests.bench.finders import Cecil, Hit, Unshielded
from tests.bench.labelled import Doubt, Label, Row
from tests.bench.peers import strings
from tests.conftest import build_cache, build_sanitizer

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def hit(start: int, end: int, entity: str) -> Hit:
    return Hit(start, end, entity, 1.0, "fixed")


def row(*labels: Label, judged: str = "PHONE_NUMBER") -> Row:
    return Row("set", "row", "x" * 40, labels, frozenset({judged}))


def counts(given: Row, *hits: Hit, doubts: tuple[Doubt, ...] = ()) -> judging.Count:
    found, _, _ = judging.judge(given, hits, (), doubts)
    return found.get("PHONE_NUMBER", judging.Count())


def test_a_label_is_found_by_its_kind_exact_by_its_span_and_taken_by_whatever_covers_it() -> None:
    given = row(Label(5, 15, "PHONE_NUMBER"))
    assert counts(given, hit(5, 15, "PHONE_NUMBER")) == judging.Count(1, 1, 1, 1, 1, 0)
    assert counts(given, hit(5, 14, "PHONE_NUMBER")) == judging.Count(1, 1, 0, 0, 1, 0)
    assert counts(given, hit(5, 9, "URL"), hit(9, 20, "US_SSN")) == judging.Count(1, 0, 0, 1, 0, 0)
    assert counts(given) == judging.Count(labels=1)


def test_a_finding_of_a_judged_kind_without_a_label_is_false_and_others_are_not_judged() -> None:
    assert counts(row(), hit(0, 5, "PHONE_NUMBER"), hit(6, 9, "EMAIL_ADDRESS")) == judging.Count(false=1)
    other = row(Label(0, 5, "CREDIT_CARD"))
    assert counts(other, hit(0, 5, "PHONE_NUMBER")).false == 1


def test_wrong_labels_do_not_count_and_missing_ones_are_right() -> None:
    given = row(Label(5, 15, "PHONE_NUMBER"))
    wrong = Doubt("row", 5, 15, "PHONE_NUMBER", True, "masked")
    assert counts(given, doubts=(wrong,)) == judging.Count()
    assert counts(given, hit(5, 15, "PHONE_NUMBER"), doubts=(wrong,)) == judging.Count()
    absent = Doubt("row", 20, 30, "PHONE_NUMBER", False, "not labelled")
    assert counts(row(), hit(20, 30, "PHONE_NUMBER"), doubts=(absent,)) == judging.Count(right=1)


def test_checksums() -> None:
    assert judging.luhn("4111111111111111") and not judging.luhn("4111111111111112")
    assert judging.mod97("GB82 WEST 1234 5698 7654 32") and not judging.mod97("GB83 WEST 1234 5698 7654 32")


@pytest.mark.parametrize(
    ("entity", "value", "before", "is_certain"),
    [
        ("IP_ADDRESS", "8.8.8.8", "from ", True),
        ("IP_ADDRESS", "8.8.8.8", "Agent/", False),  # a version
        ("IP_ADDRESS", "10.0.0.1", "from ", False),
        ("EMAIL_ADDRESS", "ann@example.com", "", True),
        ("EMAIL_ADDRESS", "ann@host.invalid-tld", "", False),
        ("MAC_ADDRESS", "00:1a:2b:3c:4d:5e", "", True),
        ("MAC_ADDRESS", "00:1a:2b", "", False),
        ("SECRET", "AK" + "IA" + "Q" * 16, "", True),
        ("SECRET", "hello", "", False),
        ("PHONE_NUMBER", "+1 415 555 0132", "", False),
    ],
)
def test_what_is_certain_by_its_structure(entity: str, value: str, before: str, is_certain: bool) -> None:
    assert (certain(entity, value, before) is not None) is is_certain


def test_generated_logs_hold_as_many_hits_as_asked_and_none_else() -> None:
    for rate in (0, 1, 5, 20):
        lines = list(islice(logs.records(rate), 1000))
        templates = [
            re.compile(re.sub(r"\\{.*?\\}", ".*", re.escape(t.replace("{{", "{").replace("}}", "}"))))
            for _, t, _ in logs.HITS
        ]
        messages = [json.loads(line)["message"] for line in lines]
        assert sum(any(t.fullmatch(m) for t in templates) for m in messages) == rate * 10
        assert len(set(lines)) == 1000
        assert lines == list(islice(logs.records(rate), 1000))


def test_generated_values_are_what_they_look_like() -> None:
    for line in islice(logs.records(20), 3000):
        message = json.loads(line)["message"]
        if card := re.search(r"card (\d+)", message):
            assert judging.luhn(card[1])
        if token := re.search(r"token gh._(\w{30})(\w{6})", message):
            value = 0
            for character in token[2]:
                value = value * 62 + _BASE62.index(character)
            assert value == zlib.crc32(token[1].encode())


def test_string_leaves_of_any_nesting() -> None:
    assert list(strings({"a": "x", "b": [1, {"c": "y"}, ["z"]], "d": None})) == ["x", "y", "z"]


def test_lists_beside_the_bench_hold_places_and_reasons_only() -> None:
    assert all(doubt.start < doubt.end and doubt.reason for doubt in labelled.doubts())
    for line in (ROOT / "tests/bench/reviewed.jsonl").read_text().splitlines():
        entry = json.loads(line)
        assert set(entry) - {"digest"} == {"file", "line", "pointer", "entity", "reason"}
        assert re.fullmatch(r"[0-9a-f]{12}", entry.get("digest", "0" * 12))
        assert entry["line"] == "*" or isinstance(entry["line"], int)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("account 12345678", None),
        ("a" * 1200 + " 12345678", 3),
        ("x 12345678" + "a" * 1200, 3),
        ("1" * 70_000 + " 12345678", 1),
    ],
)
def test_a_difference_is_told_from_its_text(text: str, reason: int | None) -> None:
    start = text.index("12345678") if len(text) < 70_000 else 70_001
    assert equality.reason(text, (start, start + 8, "US_BANK_NUMBER", 0.4)) == reason


def test_every_difference_on_purpose_can_be_told() -> None:
    assert len(equality._HOLDS) == len(DIFFERENCES)


def test_without_shields_a_part_of_a_path_is_a_telephone_number() -> None:
    text = "GET /orders/415-555-0132 x"
    assert [one.entity for one in Unshielded(cache=build_cache()).find(text)] == ["PHONE_NUMBER"]
    assert Cecil(cache=build_cache()).find(text) == []


@pytest.mark.parametrize("given", rules.ROWS, ids=lambda row: row.what)
def test_two_hundred_rules_do_what_the_five_do(given: rules.Row) -> None:
    records = [json.loads(line) for line in islice(rules.lines(given), 10)]
    after = []
    for some in (given.few, [*given.few, *given.more]):
        made = Policy.parse(rules.policy(some).encode(), "p.yaml")
        judge = build_sanitizer(made, key=Keyring(b"k" * 32))
        after.append([judge.redact(record)[0] for record in records])
        if given.record is rules.quiet:
            assert judge.passes_unread
    assert after[0] == after[1]
    assert (after[0] == records) is (given.record is rules.quiet)
    assert (len(given.few), len(given.few) + len(given.more)) == (5, 200)


@pytest.mark.slow
def test_what_actions_promise_is_held_by_their_bench(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(ROOT / ".test-cache"))
    assert actions.main(actions.ROWS[:1], 300, 200) == 0
    assert capsys.readouterr().out.count("ok    ") == 6
    # It can miss.
    monkeypatch.setattr(actions, "ASKED", 0.0)
    assert actions.table(actions.ROWS[:2]) == 1
    monkeypatch.setattr(actions, "address", lambda n: f"person{n // 2}@mail.example.org")
    assert actions.main((), 6, 200) == 1
    assert "MISS  stand-ins that two of them share: asked 0, got 3" in capsys.readouterr().out
