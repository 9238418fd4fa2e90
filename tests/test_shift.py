"""shift: dates of one subject move together, nothing else moves, and what cannot be read does not pass."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.errors import RecordError
from cecil.sanitizer import dates
from cecil.sanitizer.actions import NOTHING, Action, Replacer
from cecil.sanitizer.actions.shift import Shift
from cecil.sanitizer.keyring import Keyring
from tests.conftest import build_sanitizer

KEYS = Keyring.random()
REPLACER = Replacer(KEYS, frozenset(["DATE_TIME"]))


def shift(value: Any, subject: str = "", **options: Any) -> Any:
    if subject:
        options["subject"] = "user"
    action = Action("shift", tuple(sorted(options.items())))
    scope = {"user": subject} if subject else NOTHING
    return REPLACER.whole(value, str(value), "DATE_TIME", action, scope)


def day(text: str) -> int:
    found = dates.read(text)
    return found.day.toordinal()


def sanitizer(rules: str) -> Sanitizer:
    return build_sanitizer(Policy.parse(f"version: 1\n{rules}".encode(), "p.yaml"), key=KEYS)


@pytest.fixture(scope="module")
def by_entity() -> Sanitizer:
    rule = "{action: shift, subject: user.id}"
    return sanitizer(f"entities: {{DATE_TIME: {rule}, DATE_OF_BIRTH: {rule}}}")


@given(subject=st.text(max_size=20), most=st.integers(1, 36500), weeks=st.booleans())
def test_how_far(subject: str, most: int, weeks: bool) -> None:
    """Never 0 days, never further than the policy says, never a full circle of a date without a year."""
    most = max(most, 7) if weeks else most
    text = shift("2026-11-21T14:22:07Z", subject, days=most, keep_weekday=weeks)
    moved = day(text) - day("2026-11-21")
    assert 0 < abs(moved) <= most
    assert text.endswith("T14:22:07Z")
    assert not weeks or moved % 7 == 0
    assert moved % 365


@given(st.lists(st.dates(date(1902, 1, 1), date(2098, 1, 1)), min_size=2, max_size=6), st.text(min_size=1))
def test_order_and_days_between_stay_for_one_subject(days: list[date], subject: str) -> None:
    after = [day(shift(f"{one:%Y-%m-%d}", subject)) for one in days]
    assert {new - one.toordinal() for new, one in zip(after, days, strict=True)} == {
        after[0] - days[0].toordinal()
    }


def test_all_forms_move_alike() -> None:
    forms = [
        "2026-11-21T14:22:07.123+01:00",
        "2026-11-21 14:22:07,123",
        "20261121T142207Z",
        "21/Nov/2026:14:22:07 +0000",
        "Sat, 21 Nov 2026 14:22:07 +0000",
        "Nov 21, 2026",
        "21.11.2026",
        "1795270927",
        "1795270927123",
    ]
    assert len({day(shift(text, "ann")) - day(text) for text in forms}) == 1
    assert shift(1795270927, "ann") == int(shift("1795270927", "ann"))
    assert shift(20261121, "ann") == int(shift("20261121", "ann"))
    assert shift(1795270927.25, "ann") == float(shift("1795270927.25", "ann"))


def test_subjects_and_keys_move_apart() -> None:
    moved = {shift("2026-11-21", f"subject {number}") for number in range(200)}
    assert len(moved) > 150
    assert {abs(day(text) - day("2026-11-21")) > 300 for text in moved} == {True, False}
    other = Replacer(Keyring.random(), frozenset())
    action = Action("shift", (("days", 36500),))
    assert other.replace("2026-11-21", "X", action) != REPLACER.replace("2026-11-21", "X", action)


def test_records_without_a_subject_move_alike() -> None:
    action = Action("shift", (("subject", "user"),))
    assert REPLACER.replace("2026-11-21", "X", action) == shift("2026-11-21")


def test_the_same_in_another_run() -> None:
    again = Replacer(KEYS, frozenset())
    assert again.replace("2026-11-21", "X", Action("shift")) == shift("2026-11-21")


@pytest.mark.parametrize(
    "value", [0, "0", "0001-01-01T00:00:00Z", "9999-12-31", "1970-01-01T00:00:00Z", "14:22"]
)
def test_what_everybody_knows_stays(value: Any) -> None:
    """Moved it would tell how far the subject's other dates moved."""
    assert shift(value, "ann") == value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("2026-02-30", "a date that does not exist"),
        ("03/04/2005", "a date that can be read in two ways"),
        ("soon", "no date in a form that is known"),
        (True, "no date in a form that is known"),
        (42, "no date in a form that is known"),
        (10**30, "no date in a form that is known"),
        (1e300, "no date in a form that is known"),
        ("9999-12-30", "a date outside of the years 1 to 9999"),
        ("0001-01-02", "a date outside of the years 1 to 9999"),
    ],
)
def test_what_cannot_move_does_not_pass(value: Any, why: str) -> None:
    with pytest.raises(RecordError) as caught:
        [shift(value, f"subject {number}") for number in range(20)]  # some move back, some forth
    assert caught.value.message == why
    redacted = "<DATE_TIME>" if isinstance(value, str) else None
    assert redacted in [shift(value, f"subject {number}", otherwise="redact") for number in range(20)]


def test_options() -> None:
    moved = {order: dates.read(shift("03/04/2005", order=order), order).day for order in ("mdy", "dmy")}
    assert moved["dmy"] - moved["mdy"] == date(2005, 4, 3) - date(2005, 3, 4)
    assert shift(86400, epoch="s") % 86400 == 0
    assert Shift.wrong({"keep_weekday": True, "days": 6}, None) == "keep_weekday needs days: 7 or more"
    assert Shift.wrong({"keep_weekday": True}, "DATE_TIME") is None
    assert Shift.once and Shift.keyed and not Shift.lasting


def test_findings_in_records(by_entity: Sanitizer) -> None:
    record = {
        "user": {"id": "u1", "dob": "1956-03-03"},
        "m": "from 2026-11-21 14:22:07,123 to 2026-11-24T10:00:00Z by bob@example.com",
        "n": '{"dob": "1956-03-05"}',
        "b": "ZG9iPTE5NTYtMDMtMDc=",  # dob=1956-03-07
    }
    line = json.dumps(record).encode()
    new, findings = by_entity.redact_json(line)
    after = json.loads(new)
    assert by_entity.redact(record) == (after, findings)
    born = after["user"]["dob"]
    first, then = after["m"].split()[1], after["m"].split()[4]
    assert after["m"] == f"from {first} 14:22:07,123 to {then} by <EMAIL_ADDRESS>"
    assert day(then) - day(first) == 3
    assert day(born) - day("1956-03-03") == day(first) - day("2026-11-21")
    assert day(json.loads(after["n"])["dob"]) - day(born) == 2
    assert after["b"] != record["b"]
    assert {one.action for one in findings} == {"shift", "redact"}
    assert [one.entity for one in findings].count("DATE_TIME") == 2


def test_a_second_run_moves_them_again(by_entity: Sanitizer) -> None:
    """The stated exception: a date does not show that it was moved."""
    line = b'{"user":{"id":"u1"},"m":"on 2026-11-21"}'
    once = by_entity.redact_json(line)[0]
    twice = by_entity.redact_json(once)[0]
    first, second = (json.loads(one)["m"][3:] for one in (once, twice))
    assert day(second) - day(first) == day(first) - day("2026-11-21") != 0


@pytest.mark.parametrize(
    "record",
    [
        {"user": {"dob": "1956-02-30"}},
        {"m": "on 2026-02-30 and bob@example.com"},
        {"m": '{"a": {"dob": "1956-02-30"}}'},
        {"m": "x%20dob=1956-02-30"},
    ],
)
def test_a_date_that_does_not_exist_goes_to_quarantine(by_entity: Sanitizer, record: Any) -> None:
    with pytest.raises(RecordError) as caught:
        by_entity.redact_json(json.dumps(record).encode())
    assert caught.value.message == "a date that does not exist"


def test_what_stands_for_no_time_is_no_finding(by_entity: Sanitizer) -> None:
    line = b'{"user":{"id":"u1"},"m":"since 0001-01-01T00:00:00Z"}'
    assert by_entity.redact_json(line) == (line, [])
