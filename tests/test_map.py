"""cecil-map: drafts that load and do what they say, names that are values, what a policy does, and no value told."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from subprocess import CompletedProcess
from typing import Any

import pytest
import yaml

from cecil.errors import RecordError
from cecil.report import draft, effects
from cecil.sanitizer import profile as profiles
from cecil.sanitizer import shapes
from cecil.sanitizer.branches import Any_, spelled, walk
from cecil.sanitizer.forms import form, is_name
from cecil.sanitizer.paths import parse
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.profile import KeyFindings, Profile
from cecil.sanitizer.proposals import Row, rows
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.sanitizer.watch import Watch
from cecil.stream.jsontext import loads
from tests.conftest import build_sanitizer
from tests.planting import VALUES, json_line

Run = Callable[..., "CompletedProcess[bytes]"]


@cache
def default() -> Sanitizer:
    return build_sanitizer()


def lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def mapped(records: Iterable[Any], *, examples: bool = False, judge: Sanitizer | None = None) -> Profile:
    """The profile of some records."""
    judge = judge or default()
    made = Profile(b"k" * 32, examples=examples)
    for record in records:
        made.add(record, *judge.redact(record), KeyFindings(judge))
    made.settle()
    return made


def drafted(records: Iterable[Any], strategy: str = "deep") -> tuple[str, Policy]:
    """A draft, and the policy that it is."""
    made = mapped(records)
    text = draft.as_yaml(made, rows(made), strategy)
    return text, Policy.parse(text.encode(), "mapping.yaml")


def proposed(*records: Any) -> dict[str, Row]:
    return {row.path: row for row in rows(mapped(records))}


def paths(*records: Any) -> list[str]:
    return [spelled(steps) for steps, branch in walk(mapped(records).root) if branch.values]


def watched(policy: str, *records: Any) -> effects.Effects:
    judge = build_sanitizer(Policy.parse(policy.encode(), "p.yaml"))
    watch = Watch(judge.policy, judge.holding)
    made = Profile(b"k" * 32)
    for record in records:
        made.add(record, *default().redact(record), KeyFindings(default()), watch)
        made.did(judge.redact(record)[1])
    made.settle()
    return effects.Effects(made, watch, 0, judge.policy.strategy == "strict")


# The draft


SOME = [
    {
        "user": {"email": f"bob{n}@example.com", "id": n},
        "level": "info" if n % 2 else "error",
        "msg": "paid with 4111 1111 1111 1111" if n % 10 == 0 else "paid with nothing at all",
        "debug": {"password": "hunter2x9", "cookie": "-"},
        "ms": n / 3,
    }
    for n in range(40)
]


def test_a_star_takes_no_names_beside_it() -> None:
    """Of an object with names that are values, what has a name of its own stays as it would without a rule."""
    records = [
        {"d": {f"u{n}@example.com": f"u{n}@example.com", "total": n, "in": {"x": 1}, "password": f"hunter{n}", "none": None},
         "e": {f"u{n}@example.com": f"mail u{n}@example.com", "total": n}, "list": [f"v{n}@example.com"], "total": n}
        for n in range(60)
    ]  # fmt: skip
    text, policy = drafted(records)
    assert "  d.total: keep" in text and "  d.in.x: keep" in text
    # Nothing takes these.
    assert "  # total: keep" in text and "  # e.total: keep" in text and '  # "e.*": keep' in text
    assert re.search(r"  # d\.none: keep .*; d\.\* takes it$", text, re.MULTILINE)
    judge = build_sanitizer(policy)
    for record in records:
        assert judge.redact(record)[0] == default().redact(record)[0]


def test_a_draft_is_a_policy_that_does_what_it_says(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "app.jsonl").write_bytes(lines(*SOME))
    run = cecil("map", "app.jsonl")
    assert (run.returncode, run.stderr) == (0, b"")
    (tmp_path / "mapping.yaml").write_bytes(run.stdout)
    policy = Policy.parse(run.stdout, "mapping.yaml")
    assert policy.strategy == "deep"
    assert dict(policy.fields)["user.id"].entity == "USER_ID"
    run = cecil("redact", "--nlp", "none", "--policy", "mapping.yaml", "app.jsonl")
    assert (run.returncode, run.stderr) == (0, b"")
    first = json.loads(run.stdout.splitlines()[0])
    assert first == {
        "user": {"email": "<EMAIL_ADDRESS>", "id": None},
        "level": "error",
        "msg": "paid with <CREDIT_CARD>",
        "debug": {"password": "<PASSWORD>", "cookie": "-"},
        "ms": 0.0,
    }


def test_a_strict_draft_keeps_what_it_lists_and_drops_the_rest(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "app.jsonl").write_bytes(lines(*SOME))
    run = cecil("map", "--strategy", "strict", "app.jsonl")
    assert (run.returncode, run.stderr) == (0, b"")
    (tmp_path / "mapping.yaml").write_bytes(run.stdout)
    run = cecil("redact", "--nlp", "none", "--policy", "mapping.yaml", "app.jsonl")
    first = json.loads(run.stdout.splitlines()[0])
    # Nothing was ever found in `cookie`, and a rule to keep it would keep the next one.
    assert first == {"level": "error", "msg": "paid with <CREDIT_CARD>", "ms": 0.0}


def test_each_line_bears_its_facts_and_its_reason() -> None:
    text, _ = drafted(SOME)
    said = {line.split(": ")[0].strip(" #"): line.strip() for line in text.split("fields:\n")[1].splitlines()}
    assert said["user.email"] == (
        "user.email: {action: redact, entity: EMAIL_ADDRESS}  "
        "# string, 40 values, EMAIL_ADDRESS in 100 %; its name says so"
    )
    assert said["level"] == "# level: keep  # string, 2 values; few values, which come again"
    assert said["msg"] == (
        "# msg: keep  # string (text), 2 values, CREDIT_CARD in 10 %; what is found in it goes, the rest stays; "
        "free text: scanned; of names the model finds most, not all"
    )
    assert said["ms"] == "# ms: keep  # number, 40 values; a number"


HOSTILE = [
    'a"b',
    "a'b",
    "a:b",
    "b:",
    "#a",
    "a #b",
    "a.b",
    "a[0]",
    "[*]",
    "*",
    "**",
    "a\\b",
    "\\",
    "{a}",
    "- a",
    "? a",
    "&a",
    "!a",
    "%a",
    "|",
    ">",
    "`a`",
    "null",
    "true",
    "No",
    "~",
    "",
    " ",
    "a ",
    "ключ",
    "鍵",
    "😀",
    "<<",
    "=",
    "a,b",
    "$a",
    "é\u0301",
]


@pytest.mark.parametrize("strategy", ["deep", "strict"])
def test_names_of_any_kind_are_written_so_that_they_are_read_as_they_are(strategy: str) -> None:
    record = {name: {"email": "bob@example.com", "n": 1} for name in HOSTILE}
    # Names that come in half of the records only are not taken for values.
    text, policy = drafted([record, {"x": 1, **record}], strategy)
    wanted = "email" if strategy == "deep" else "n"
    found = {parse(path) for path, _ in policy.fields}
    assert {steps[0].lstrip("\0") for steps in found if steps[-1] == wanted} == set(HOSTILE)
    assert sorted(yaml.safe_load(text)["fields"]) == sorted(path for path, _ in policy.fields)
    new, _ = build_sanitizer(policy).redact(record)
    if strategy == "deep":
        assert new == {name: {"email": "<EMAIL_ADDRESS>", "n": 1} for name in HOSTILE}
    else:
        assert new == {name: {"n": 1} for name in HOSTILE}


@pytest.mark.parametrize(
    "path",
    ["\n", "a\r\nb", "\x00", "\x85", "\u2028", "\ufeff", "\x7f", "\uffff", "\U0010ffff", "\ud7ff", "a\tb"],
)
def test_what_is_no_text_is_written_on_one_line(path: str) -> None:
    made = Profile(b"k")
    quoted = draft.as_yaml(
        made, [Row(path, walked({"a": 1}), 1.0, "redact", None, "because", "", True)], "deep"
    )
    assert "fields:\n  " in quoted
    assert list(yaml.safe_load(quoted)["fields"]) == [path]
    assert len(quoted.splitlines()) == len(quoted.split("\n")) - 1


def walked(record: Any) -> Any:
    return next(branch for steps, branch in walk(mapped([record]).root) if steps)


def test_a_draft_of_nothing_is_a_policy_too(cecil: Run) -> None:
    run = cecil("map")
    assert (run.returncode, run.stderr) == (0, b"cecil-map: there was nothing in the sample\n")
    assert Policy.parse(run.stdout, "x").fields == ()


def test_places_that_a_rule_would_overreach_are_only_told() -> None:
    records = [{"a": "x"}, {"a": {"b": 1}}, {"c": [], "d": None, "e": {"name": "user", "value": "x"}}]
    text, policy = drafted(records, "strict")
    assert {path for path, _ in policy.fields} == {"a.b", "e.name"}
    assert "# a: keep  # string, object, present 67 %, 1 value; too few values to tell; at times" in text
    assert "# c: keep  # list, present 33 %; always empty; there is never anything in it" in text
    assert "# d: keep  # null, present 33 %; never anything but null" in text
    assert "# e.value: keep" in text and "its name stands beside it" in text


def test_a_list_and_an_object_with_values_for_names_are_one_rule() -> None:
    records = [{"a": [{"email": "bob@example.com"}]}, {"a": {"x@example.com": {"email": "bob@example.com"}}}]
    text, policy = drafted(records)
    assert [path for path, _ in policy.fields] == ["a.*.email"]
    assert "# a[*].email: " in text


def test_a_path_that_is_too_long_for_yaml_is_only_told() -> None:
    record: Any = {"n": 1}
    for _ in range(20):
        record = {"n" * 60: record}
    text, policy = drafted([record], "strict")
    assert policy.fields == ()
    assert "its path is too long" in text


@pytest.mark.parametrize(
    ("name", "value", "entity"),
    [
        ("userId", "x17", "USER_ID"),
        ("customer_id", 17, "USER_ID"),
        ("owner", "team", "USER_ID"),
        ("updated_by", "amy", "USER_ID"),
        ("username", "amy", "USER_ID"),
        ("principalId", "AID", "USER_ID"),
        ("user_agent", "curl", None),
        ("request_id", "x17", None),
        ("account_id", "x17", None),
        ("user_count", 17, None),
        ("owner", True, None),
        ("by", "x", None),
        ("17", "x", None),
        ("*", "x", None),
    ],
)
def test_names_that_say_who_somebody_is(name: str, value: Any, entity: str | None) -> None:
    assert [row.entity for row in proposed({name: value}).values()] == [entity]


def test_who_somebody_is_can_stand_over_two_names() -> None:
    assert proposed({"user": {"id": 7}})["user.id"].entity == "USER_ID"
    assert proposed({"order": {"id": 7}})["order.id"].entity is None
    assert proposed({"user": ["amy", "bob"]})["user[*]"].entity == "USER_ID"


def test_a_place_goes_as_a_whole_where_half_of_it_would() -> None:
    most = [{"x": "bob@example.com"}] * 3 + [{"x": "nobody"}] * 2
    few = [{"x": "bob@example.com"}] + [{"x": "nobody"}] * 4
    assert proposed(*most)["x"].action == "redact"
    (two,) = proposed({"x": "bob@example.com, amy@example.org"}).values()
    assert (two.action, two.branch.found["EMAIL_ADDRESS"].leaves) == ("keep", 1)
    assert proposed(*few)["x"].action == "keep"
    assert proposed({"x": '{"password": "hunter2x9", "n": 1}'})["x"].action == "keep"
    assert proposed(*[{"x": "mail bob@example.com now"}] * 5)["x"].action == "keep"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([True, False], "true or false"),
        ([1, 2, 3], "a number"),
        ([None], "never anything but null"),
        (["2026-11-21T10:00:00Z"], "a time"),
        (
            ['{"a": 1}', "[1]", "{a}"],
            "JSON in a string: it is read, but no rule under fields reaches into it",
        ),
        (
            ['{"resourceSpans": []}'],
            "JSON in a string: it is read (it looks like OpenTelemetry (OTLP)), but no",
        ),
        (["a b c d"], "free text: scanned; of names the model finds most, not all"),
        (["a", "b"], "too few values to tell"),
        (["a", "b"] * 20, "few values, which come again"),
        (
            [f"{n:032x}" for n in range(40)],
            "an id, mostly another each time; {action: hash, entity: ID} hides it",
        ),
        ([f"it is {n}" for n in range(40)], "scanned"),
    ],
)
def test_why_something_is_kept(values: list[Any], reason: str) -> None:
    (row,) = proposed(*({"x": value} for value in values)).values()
    assert row.action == "keep" and row.reason.startswith(reason)


# Names that are values


def test_a_name_in_which_something_is_found_is_never_told() -> None:
    records = [{"by": {"bob@example.com": 3, "amy@example.org": {"n": 1}}}]
    assert paths(*records) == ["by.*", "by.*.n"]
    made = mapped(records)
    by = made.root.names["by"].any_name
    # What is found in the name is not in the value.
    assert by is not None and by.found == {}


@pytest.mark.parametrize(
    "key",
    [
        "550e8400-e29b-41d4-a716-446655440000",
        "1734",
        "user-48151",
        "2026-11-21",
        "10.0.0.7",
        "fe80::1:2",
        "https://x.example/a",
        "amy@host",
        "deadbeef12",
        "cus_9s6XKzkNRiz8i3",
        "AKIAXXXXXXXX7EXAMPLE",
        "a\nb",
        "pin=1",
        "pin: 1",
        "x" * 65,
        "we have seen that this is not a name",
        "a\0b",
    ],
)
def test_what_looks_like_an_id_is_no_name(key: str) -> None:
    assert not is_name(key)
    assert paths({"m": {key: 1}}) == ["m.*"]


@pytest.mark.parametrize(
    "key",
    ["user_id", "@timestamp", "gen_ai.request.model", "sha256", "5xx", "x86_64", "Date of Birth", "*", ""],
)
def test_names_that_programmers_give(key: str) -> None:
    assert is_name(key)


def test_names_of_which_there_are_many_that_never_come_again() -> None:
    names = [a + b + c for a in "lmn" for b in "aeiou" for c in "rst"]
    # Each record has one or two of them.
    records = [{"score": {name: 1, names[n - 1]: 2}, "kind": "a"} for n, name in enumerate(names)]
    assert paths(*records) == ["score.*", "kind"]
    # In a long sample, beside names that do come again.
    records = [{"tags": {"env": "x", names[n] if n < 45 else "team": 1}} for n in range(1000)]
    assert paths(*records) == ["tags.env", "tags.team", "tags.*"]


def test_names_of_things_of_one_kind() -> None:
    people = {name: {"score": 1, "since": "x"} for name in ("amy", "bob", "eve", "joe")}
    assert paths({"people": people}) == ["people.*.score", "people.*.since"]
    # Fields of a record come again.
    parts = {name: {"x": 1, "y": 2} for name in ("head", "foot", "left", "right")}
    assert len(paths(*[parts] * 3)) == 8


def test_names_that_differ_by_their_digits() -> None:
    assert paths({"x": {f"host-{n}": "up" for n in range(5)}}) == ["x.*"]
    assert len(paths(*[{f"line{n}": "x" for n in range(5)}] * 3)) == 5


def test_values_below_one_another_become_one() -> None:
    records = [
        {"m": {"a@example.com": {"n": 1, "l": [1], "o": {"b@example.com": "x"}, "k": 1}}},
        {
            "m": {
                "c@example.com": {
                    "n": "s",
                    "l": ["bob@example.com"],
                    "o": {"d@example.com": "bob@example.com"},
                }
            }
        },
    ]
    made = mapped(records)
    assert [spelled(steps) for steps, branch in walk(made.root) if branch.values] == [
        "m.*.n",
        "m.*.l[*]",
        "m.*.o.*",
        "m.*.k",
    ]
    many = {
        f"n{'abcdefgh'[n]}": {"l": [n], "o": {f"{n}@example.com": n}, "n": f"{n}@example.com"}
        for n in range(8)
    }
    made = mapped([{"m": many}], examples=True)
    (below,) = [branch for steps, branch in walk(made.root) if spelled(steps) == "m.*.n"]
    assert (below.distinct, below.found["EMAIL_ADDRESS"].whole, below.examples) == (8, 8, ["<EMAIL_ADDRESS>"])


def test_below_names_that_are_values_lists_stand_beside_values() -> None:
    people = {name: {"x": [1] if name == "eve" else 1, "y": 1} for name in ("amy", "bob", "eve", "joe")}
    assert paths({"people": people}) == ["people.*.x", "people.*.x[*]", "people.*.y"]


@pytest.mark.parametrize("seed", range(8))
def test_a_draft_leaves_nothing_that_the_default_policy_takes(seed: int) -> None:
    chance = Random(seed)
    records: list[Any] = []
    while len(records) < 12:
        try:
            record = loads(json_line(chance, 0.4))
            settled = not default().redact(default().redact(record)[0])[1]
        except RecordError:
            continue
        records += [record] * settled
    for strategy in ("deep", "strict"):
        judge = build_sanitizer(drafted(records, strategy)[1])
        assert [default().redact(judge.redact(record)[0])[1] for record in records] == [[]] * 12


def test_a_name_that_promises_something_is_not_kept_though_nothing_was_there() -> None:
    record = {"cookie": "-", "card": {"token": True}, "password": {"stringValue": "-"}, "n": 1}
    text, policy = drafted([record], "strict")
    assert [path for path, _ in policy.fields] == ["n"]
    assert text.count("and a rule to keep it would not hear that") == 3


def test_a_list_that_is_an_object_at_times_is_not_kept_by_its_items() -> None:
    text, policy = drafted([{"a": ["x", "y"]}, {"a": {"token": "x", "b": 1}}], "strict")
    assert [path for path, _ in policy.fields] == ["a.b"]
    assert "a list on the way to it is an object at times" in text


def test_no_value_is_told_wherever_it_stands(cecil: Run, tmp_path: Path) -> None:
    records: list[Any] = []
    for n, value in enumerate(VALUES):
        records += [
            {"m": value, value: "x", "deep": {"a": [{value: {value: [value]}}]}, "n": n},
            {
                "people": {value: {"name": value}, "k": value},
                "list": [value, {"name": value, "value": value}],
            },
            [value, {value: 1}],
        ]
    (tmp_path / "in").write_bytes(lines(*records) + "\n".join(VALUES).replace("\r", "").encode() + b"\n")
    (tmp_path / "p.yaml").write_text("version: 1\nstrategy: strict\nfields: {m: keep, 'people.*': trust}\n")
    # What tells a value apart: a stretch of it with a digit or an odd character.
    pieces = {
        piece
        for value in VALUES
        for piece in re.findall(r"[\w@.+:/=-]{7,}", value)
        if re.search(r"\d|@", piece) and not is_name(piece)
    }
    assert len(pieces) > 60
    for args in (
        ["--examples"],
        ["--check", "p.yaml", "--json"],
    ):
        run = cecil("map", *args, "--debug", "in")
        assert run.returncode in (0, 3, 4) and run.stdout
        told = (run.stdout + run.stderr).decode()
        assert [piece for piece in pieces if piece in told] == []
    some = [record for record in records if "m" in record]
    made = mapped(some, examples=True)
    told = b"".join(draft.as_jsonl(rows(made))).decode() + draft.as_yaml(made, rows(made), "strict")
    assert [piece for piece in pieces if piece in told] == []


# What is shown of values


def test_names_are_those_that_the_redactor_finds(cecil: Run) -> None:
    data = lines({"message": "Please call Angela Martinez about the invoice."})
    for more, found in (([], ["PERSON"]), (["--nlp", "en"], ["PERSON"]), (["--nlp", "none"], [])):
        (row,) = map(json.loads, cecil("map", "--json", "-q", *more, stdin=data).stdout.splitlines())
        assert list(row["found"]) == found
        said = cecil("redact", "--check", "-q", *more, stdin=data)
        assert said.returncode == (4 if found else 0)
    wrong = cecil("map", "--nlp", "en", "--language", "de", stdin=data)
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert wrong.stderr.startswith(b"cecil-map: no model for language de\n")


def test_examples_are_redacted_and_masked(cecil: Run) -> None:
    record = {"m": "Mail bob@example.com at 17:05, über", "n": 1734, "t": True, "z": None, "long": "x1 " * 40}
    run = cecil("map", "--examples", "--json", stdin=lines(record))
    shown = {row["path"]: row.get("examples") for row in map(json.loads, run.stdout.splitlines())}
    assert shown == {
        "m": ["aaaa <EMAIL_ADDRESS> aa 00:00, a..."],
        "n": ["0000"],
        "t": ["aaaa"],
        "z": None,
        "long": ["a0 a0 a0 a0 a0 a0 a0 a0 a0 a0 a0..."],
    }
    run = cecil("map", "--examples", stdin=lines(record) + b"bob@example.com \xe2\x98\x83 logged in\n")
    assert b'#     such as "<EMAIL_ADDRESS> ? aaaaaa aa"\n' in run.stdout
    assert b'  #     such as "0000"\n' in run.stdout
    run = cecil("map", "--examples", "--check", "default", stdin=lines(record))
    assert (run.returncode, run.stdout) == (2, b"")


# What is read


def test_lines_that_are_no_records(cecil: Run, tmp_path: Path) -> None:
    data = b'\xef\xbb\xbf{"a":1}\n\n{"a":1,"a":2}\n[1]\n[info] bob@example.com\n{"a": "x"\n'
    run = cecil("map", "--quarantine", "q", "--stats", "json", stdin=data)
    assert run.returncode == 3
    assert b"cecil-map: 2 records in quarantine q (first at <stdin>:3: duplicate key" in run.stderr
    stats = json.loads(run.stderr.splitlines()[-1])
    assert stats["read"] == 6 and stats["written"] == 3 and stats["dropped"] == {"blank": 1}
    assert b"from a sample of 2 records and 1 line of text." in run.stdout
    assert b"# Found in lines of text: EMAIL_ADDRESS in 1\n" in run.stdout
    assert len((tmp_path / "q").read_bytes().splitlines()) == 2


def test_the_sample_ends_where_it_is_said(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(lines(*({"a": n} for n in range(9))))
    (tmp_path / "b").write_bytes(b"{")  # is not read
    run = cecil("map", "--limit", "4", "--stats", "json", "a", "b")
    assert run.returncode == 0
    stats = json.loads(run.stderr)
    assert (stats["written"], stats["dropped"]) == (4, {"beyond the sample": 5})
    run = cecil("map", "--limit", "0", "a", "a")
    assert b"from a sample of 18 records." in run.stdout


def test_a_form_can_be_said(cecil: Run) -> None:
    run = cecil("map", "--format", "text", stdin=b'{"a":1}\n')
    assert b"0 records and 1 line of text" in run.stdout
    run = cecil("map", "--format", "jsonl", "-q", stdin=b"[info] x\n17\n")
    assert run.returncode == 3 and b"2 records in quarantine" in run.stderr


def test_markers_are_passed_over(cecil: Run) -> None:
    run = cecil("map", stdin=b'{"$cecil":{"begin":{}}}\n{"a":1}\n{"$cecil":{"end":{"records":1}}}\n')
    assert run.returncode == 0 and b"a sample of 1 record." in run.stdout and b"$cecil" not in run.stdout


def test_what_was_read_before_a_failure_is_shown(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"a":1}\n')
    run = cecil("map", "a", "missing")
    assert run.returncode == 1 and b"# a: keep" in run.stdout
    run = cecil("map", "--check", "missing.yaml", "a")
    assert run.returncode == 2 and run.stdout == b""


def test_further_recognizers(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "recognizers:\n"
        "  - name: Badge\n    supported_entity: BADGE\n    supported_language: en\n"
        "    patterns: [{name: badge, regex: 'B-[0-9]{4}', score: 0.9}]\n"
    )
    run = cecil("map", "--recognizers", "own.yaml", stdin=lines({"x": "B-1234"}))
    assert b"  x: {action: redact, entity: BADGE}  # string, 1 value, BADGE in 100 %" in run.stdout


# Memory is bounded


def test_places_are_bounded(monkeypatch: pytest.MonkeyPatch, cecil: Run) -> None:
    monkeypatch.setattr(profiles, "MOST_PLACES", 20)
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = mapped([{a + b: {"x": 1}} for a in letters for b in letters])
    assert made.places <= 40 and made.overflow > 600
    # Beyond twice as many nothing has a place any more.
    monkeypatch.setattr(profiles, "MOST_PLACES", 2)
    made = mapped([{"a": {"b": {"c": {"d": [1, {"e": 1}]}}}, "f": [1, 2]}, {"b": {"1": [1]}}])
    assert made.places <= 4 and made.overflow > 0
    made = mapped([{"a": [[[[1]]]]}])
    assert (made.places, made.overflow) == (4, 1)


def test_names_of_one_object_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "MOST_NAMES", 30)
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [a + b for a in letters[:10] for b in letters]
    made = mapped([{name: n if n % 2 else "x" for n, name in enumerate(names)}])
    assert (len(made.root.names), made.overflow) == (30, 230)
    # Those that are values make room.
    made = mapped([{"kind": "x", f"{name}_x": n} for n, name in enumerate(names)])
    assert next(iter(made.root.names)) == "kind" and made.root.any_name is not None and made.overflow == 0


def test_the_user_is_told_of_what_has_no_place(cecil: Run) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [a + b + c for a in "bcd" for b in letters for c in letters]
    run = cecil("map", stdin=lines({name: n if n % 2 else "x" for n, name in enumerate(names)}))
    assert run.returncode == 0
    assert b"28 members are counted under *, or not at all" in run.stderr
    assert b"# 28 members found no place any more and stand under *.\n" in run.stdout


def test_depth_is_bounded() -> None:
    record: Any = {"n": 1}
    for n in range(40):
        record = {"a": record} if n % 2 else [record]
    text, policy = drafted([record], "strict")
    assert policy.fields == ()
    assert "more than 32 names deep" in text and "it goes deeper than cecil-map looks" in text
    record = [record]
    assert any(branch.deeper for _, branch in walk(mapped([record]).root))


def test_distinct_values_are_counted_up_to_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [{"a": n, "b": n % 7, "c": str(n % 2)} for n in range(1500)]
    a, b, c = (proposed(*records)[name].branch for name in "abc")
    assert (a.distinct, a.more, b.distinct, c.distinct) == (1000, True, 7, 2)
    assert "1,000 or more values" in drafted(records)[0]
    # 1 and "1" are two.
    assert proposed({"a": 1}, {"a": "1"})["a"].branch.distinct == 2
    monkeypatch.setattr(profiles, "_MOST_HASHES", 10)
    assert "# a: keep  # integer, many values; a number" in drafted(records)[0]


def test_what_two_places_count_together_is_bounded() -> None:
    names = [a + b for a in "lmnr" for b in "aeiou"]
    made = mapped([{name: f"{name}{n}" for name in names} for n in [0]] * 1)
    assert len(made.root.names) == 20
    people = {name: {"x": [f"{name}{n}" for n in range(200)], "y": 1} for name in names}
    (x,) = [branch for steps, branch in walk(mapped([{"p": people}]).root) if spelled(steps) == "p.*.x[*]"]
    assert (x.distinct, x.more) == (1000, True)


# What a policy does


CHECKED = """
version: 1
extends: default
strategy: {strategy}
fields:
  user: {{action: redact, entity: USER_ID}}
  "**.debug": drop
  raw: trust
  msg: keep
  "items[0]": redact
  never.there: keep
"""
RECORD = {
    "user": {"id": "amy", "mail": "amy@example.com"},
    "a": {"debug": {"x": 1, "y": [1]}},
    "raw": "bob@example.com",
    "msg": "to bob@example.com",
    "items": ["x", "y"],
    "other": "see bob@example.com",
    "amy@example.com": "x",
}


def test_what_a_deep_policy_does_to_each_place() -> None:
    shown = watched(CHECKED.format(strategy="deep"), RECORD)
    told = {
        (path, outcome.action, outcome.rule): (count, found) for path, outcome, count, found in shown.places()
    }
    assert told == {
        ("user.id", "redact", 0): (1, {"USER_ID redact": 1}),
        ("user.mail", "redact", 0): (1, {"USER_ID redact": 1}),
        ("a.debug.x", "drop", 1): (1, {}),
        ("a.debug.y[*]", "drop", 1): (1, {}),
        ("raw", "trust", 2): (1, {}),
        ("msg", "keep", 3): (1, {"EMAIL_ADDRESS redact": 1}),
        ("items[*]", "redact", 4): (1, {"REDACTED redact": 1}),
        ("items[*]", "scan", None): (1, {}),
        ("other", "scan", None): (1, {"EMAIL_ADDRESS redact": 1}),
        ("*", "scan", None): (1, {"EMAIL_ADDRESS redact": 1}),
    }
    assert shown.unused == ["never.there"]
    assert shown.uncovered == 3
    assert shown.found() == {"EMAIL_ADDRESS redact": 3, "REDACTED redact": 1, "USER_ID redact": 2}


def test_what_a_strict_policy_does_to_each_place() -> None:
    shown = watched(CHECKED.format(strategy="strict"), RECORD)
    told = {(path, outcome.action) for path, outcome, _, _ in shown.places()}
    assert told == {
        ("user.id", "redact"),
        ("user.mail", "redact"),
        ("a.debug.x", "drop"),
        ("a.debug.y[*]", "drop"),
        ("raw", "trust"),
        ("msg", "keep"),
        ("items[*]", "redact"),
        ("items[*]", "unmapped"),
        ("other", "unmapped"),
        ("*", "unmapped"),
    }


def test_rules_for_some_records_are_seen_where_they_hold() -> None:
    policy = """
version: 1
fields: {a: keep}
cases:
  - when: {path: service, equals: billing}
    fields: {a: drop}
  - when: {path: service, equals: none}
    fields: {b: keep}
"""
    shown = watched(policy, {"service": "billing", "a": 1}, {"service": "web", "a": 1})
    told = [(path, outcome.action, count) for path, outcome, count, _ in shown.places() if path == "a"]
    assert sorted(told) == [("a", "drop", 1), ("a", "keep", 1)]
    assert shown.unused == ["b"]


def test_a_name_that_only_the_policy_finds_is_not_known_to_the_profile() -> None:
    shown = watched("version: 1\ndeny: [{text: zebra, entity: ANIMAL}]\n", {"zebra": {"a": "a zebra"}})
    assert {(path, *found) for path, _, _, found in shown.places() if found} == {("", "ANIMAL redact")}


def test_sets_of_rules_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from cecil.sanitizer import watch

    monkeypatch.setattr(watch, "_MOST_SHEETS", 1)
    policy = "version: 1\ncases: [{when: {path: s, equals: x}, fields: {a: drop}}]\n"
    shown = watched(policy, {"s": "x", "a": 1}, {"s": "y", "a": 1}, {"s": "x", "a": 1})
    told = [(outcome.action, count) for path, outcome, count, _ in shown.places() if path == "a"]
    assert sorted(told) == [("drop", 2), ("scan", 1)]


def test_the_table_of_a_check(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(CHECKED.format(strategy="deep"))
    run = cecil("map", "--check", "p.yaml", stdin=lines(RECORD) + b"from 8.8.8.8\n")
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout.decode() == TABLE


TABLE = """\
place            values  what happens      rule      found
---------------------------------------------------------------------------
user.id               1  redact            user      USER_ID redact 1
user.mail             1  redact            user      USER_ID redact 1
a.debug.x             1  dropped           **.debug
a.debug.y[*]          1  dropped           **.debug
raw                   1  kept unseen       raw
msg                   1  scanned           msg       EMAIL_ADDRESS redact 1
items[*]              1  redact            items[0]  REDACTED redact 1
items[*]              1  scanned: no rule
other                 1  scanned: no rule            EMAIL_ADDRESS redact 1
*                     1  scanned: no rule            EMAIL_ADDRESS redact 1
(lines of text)       1  scanned: no rule            IP_ADDRESS redact 1

values: 2 dropped, 1 kept unseen, 3 redact by a rule, 1 scanned, 3 scanned: no rule
findings: EMAIL_ADDRESS redact 3, IP_ADDRESS redact 1, REDACTED redact 1, USER_ID redact 2
a rule without a place: never.there
places without a rule: 3
"""


def test_what_a_policy_would_refuse(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nstrategy: strict\nfields: {a: keep}\n")
    run = cecil("map", "--check", "p.yaml", stdin=b'{"a":{"x@example.com":{"b":1}}}\nfrom 8.8.8.8\n')
    assert run.returncode == 4
    assert b"\n(lines of text)       1  quarantine: no fields\n" in run.stdout
    assert b"\nquarantine: 1 of 2\n" in run.stdout
    assert b"its name is scanned" in run.stdout


def test_a_check_as_jsonl(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nextends: default\nfields: {a: hash, b: keep}\n")
    run = cecil("map", "--check", "p.yaml", "--json", stdin=lines({"a": "x", "c": 1}))
    assert (run.returncode, run.stderr) == (0, b"")
    assert [json.loads(line) for line in run.stdout.splitlines()] == [
        {"place": "a", "values": 1, "action": "hash", "rule": "a", "found": {"REDACTED hash": 1}},
        {"place": "c", "values": 1, "action": "scan", "rule": None, "found": {}},
        {"unused": "b"},
        {
            "records": 1,
            "lines": 0,
            "refused": 0,
            "uncovered": 1,
            "found": {"REDACTED hash": 1},
            "found_in_lines": {},
        },
    ]


def test_a_check_of_nothing(cecil: Run) -> None:
    run = cecil("map", "-q", "--check", "default")
    assert (run.returncode, run.stderr) == (0, b"")
    assert run.stdout == b"values: none\nfindings: none\nplaces without a rule: 0\n"


def test_names_that_the_policy_finds_are_not_told_either(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\ndeny: [{text: zebra, entity: ANIMAL}]\n")
    run = cecil("map", "--check", "p.yaml", stdin=lines({"zebra": {"a": "a zebra"}}))
    assert run.returncode == 0
    assert b"zebra" not in run.stdout
    assert re.search(rb"^\*\.a +1  scanned: no rule +ANIMAL redact 1$", run.stdout, re.MULTILINE)


def test_a_policy_of_any_action_can_be_checked_without_a_key(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nfields: {a: {action: hash, entity: ID}}\n")
    run = cecil("map", "--check", "p.yaml", stdin=lines({"a": "x"}))
    assert run.returncode == 0 and b"ID hash 1" in run.stdout


def test_a_draft_as_jsonl(cecil: Run) -> None:
    run = cecil("map", "--json", stdin=lines({"a": "bob@example.com", "b": 1}, {"b": "x"}))
    first, second = map(json.loads, run.stdout.splitlines())
    assert first == {
        "path": "a",
        "present": 0.5,
        "values": 1,
        "types": {"string": 1},
        "forms": {"other": 1},
        "distinct": 1,
        "more": False,
        "found": {"EMAIL_ADDRESS": {"values": 1, "whole": 1, "by_name": 0}},
        "action": "redact",
        "entity": "EMAIL_ADDRESS",
        "reason": "that is all of the value, mostly",
        "doubt": "",
    }
    assert second["types"] == {"integer": 1, "string": 1}


# Forms


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", "empty"),
        (" ", "empty"),
        ("550e8400-e29b-41d4-a716-446655440000", "uuid"),
        ("2026-11-21T10:00:00.123Z", "time"),
        ("2026-11-21", "time"),
        ("10/Oct/2000:13:55:36 -0700", "time"),
        ("-1.5e3", "number"),
        ("deadbeef12", "hex"),
        ("https://x.example/a?b", "url"),
        ("GetObject", "word"),
        ("us.east.one", "word"),
        ("req_17ab-XY", "id"),
        ('{"a": 1}', "json"),
        ("[1, 2] ", "json"),
        ("[info] it is so", "text"),
        ("it is four words", "text"),
        ("it's 3", "other"),
        ("x" * 10_000, "word"),
    ],
)
def test_forms(text: str, name: str) -> None:
    assert form(text) == name


def test_steps_are_spelled_as_they_are_read() -> None:
    for name in HOSTILE:
        for steps in ((name,), ("a", name), (name, Any_.ITEM, "b"), (Any_.NAME, name)):
            wanted = tuple("*" if isinstance(step, Any_) else step for step in steps)
            assert tuple(step.lstrip("\0") for step in parse(spelled(steps))) == wanted


# Known shapes


def shape_cases() -> Mapping[str, tuple[Any, dict[str, str]]]:
    """By shape: a record as its documentation has it, all invented, and what is proposed for some places."""
    text: Mapping[str, tuple[Any, dict[str, str]]] = json.loads(
        (Path(__file__).parent / "data" / "shapes.json").read_text()
    )
    return text


@pytest.mark.parametrize("name", sorted(shapes.SHAPES))
def test_a_known_shape(name: str) -> None:
    record, wanted = shape_cases()[name]
    for wrapped, begin in ((record, ""), ({"log": {"entry": [record]}}, "log.entry[*].")):
        made = mapped([wrapped])
        seen = {shape for _, branch in walk(made.root) for shape in branch.shapes}
        assert name in seen
        said = {row.path: row.action for row in rows(made)}
        assert {path: said[begin + path] for path in wanted} == wanted
        for strategy in ("deep", "strict"):
            text, _ = drafted([wrapped], strategy)
            assert shapes.SHAPES[name].source in text
            assert ("# The policy llm is made" in text) == bool(seen & shapes.LLM)


def test_what_is_to_go_of_a_known_shape_goes_with_what_no_sample_has(cecil: Run, tmp_path: Path) -> None:
    """What a Secret holds has names of its own: the draft's rule is for the whole of it."""

    def line(value: Any) -> bytes:
        return json.dumps(value).encode() + b"\n"

    record, _ = shape_cases()["kubernetes-audit"]
    secret = {
        **record,
        "requestObject": {"kind": "Secret", "data": {"a.txt": "b25l"}, "stringData": {"b": "1"}},
    }
    (tmp_path / "p.yaml").write_bytes(cecil("map", "--nlp", "none", stdin=line(secret)).stdout)
    secret["requestObject"]["data"] = {"tls.key": "dHdv", "deep": {"er": ["dGhyZWU="]}}
    run = cecil("redact", "--nlp", "none", "--policy", "p.yaml", stdin=line(secret))
    assert run.returncode == 0
    assert json.loads(run.stdout)["requestObject"] == {"kind": "Secret"}


def test_values_beside_their_names_are_no_thing_of_one_kind() -> None:
    """One attribute is an e-mail address: that says nothing of the others."""
    attributes = [
        {"key": key, "value": {"stringValue": value}}
        for key, value in (("service.name", "api"), ("user.email", "bob@example.com"))
    ]
    text, _ = drafted([{"resourceLogs": [{"resource": {"attributes": attributes}}]}] * 3, "deep")
    assert "fields: {}" in text
    assert "EMAIL_ADDRESS in 50 %" in text


def test_who_somebody_is_goes_where_a_known_shape_says_nothing_of_the_very_place() -> None:
    record, _ = shape_cases()["cloudtrail"]
    record = {**record, "requestParameters": {"userName": "mgonzalez", "dryRun": True}}
    record["userIdentity"] = {**record["userIdentity"], "invokedBy": "signin.amazonaws.com"}
    said = {row.path: (row.action, row.entity) for row in rows(mapped([record]))}
    assert said["requestParameters.userName"] == ("redact", "USER_ID")
    assert said["requestParameters.dryRun"] == ("keep", None)
    assert said["userIdentity.invokedBy"] == ("keep", None)


@pytest.mark.parametrize("name", sorted(shapes.SHAPES))
def test_what_a_known_shape_looks_like_is_not_every_other(name: str) -> None:
    record, _ = shape_cases()[name]
    others = {
        "openai-chat-request",
        "azure-openai-log",
        "fhir",
        "azure-openai",
        "otel-genai-list",
        "otlp",
        "openai-chat",
        "bedrock-log",
    }
    seen = set(shapes.of(record)) - others
    assert seen <= {name, "azure-diagnostics", "fhir-person", "anthropic-request"}


def test_every_rule_of_a_known_shape_is_a_path() -> None:
    for shape in shapes.SHAPES.values():
        for path, rule in shape.rules:
            assert parse(path)
            assert rule.action in ("keep", "redact", "drop") and rule.reason[-1] != "."


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"messages": "none", "model": "x"},
        {"messages": [{"text": "x"}], "model": "x"},
        {"choices": []},
        {"choices": ["x"], "input": "x", "output": "x", "content": "x"},
        {"model": "x", "input": "words", "contents": [], "candidates": []},
        {"type": "message", "content": [], "role": "x"},
        {"call_type": "x", "modelId": "x", "input": "x", "stopReason": "x", "schemaType": "x"},
        {"inferenceConfig": {}, "messages": []},
        {"key": "x", "value": 1, "eventSource": "x", "srcaddr": "x", "apiVersion": "v1", "protoPayload": "x"},
        {"protoPayload": {"@type": "x"}, "resourceId": "x", "resourceType": 7},
        {"resourceType": "AWS::S3::Bucket", "resourceId": "x"},
        {"requestURI": "/x", "apiVersion": "apps/v1"},
    ],
)
def test_what_only_looks_a_little_like_a_known_shape(record: Any) -> None:
    assert shapes.of(record) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("2 123456789010 eni-1235b8ca 172.31.16.139 203.0.113.12 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK", "vpc-flow-text"),
        ("version account-id interface-id srcaddr dstaddr", "vpc-flow-text"),
        ("h2 2026-07-02T22:23:00.186641Z app/my-lb/50dc6c495c0c9188 198.51.100.7:2817 10.0.0.1:80 0.000", "elb-application"),
        ("tls 2.0 2026-12-20T02:59:40 net/my-lb/c6e77e28c25b2234 g3d4b5e8bb8464cd 198.51.100.7:5", "elb-network"),
        ('2026-05-13T23:39:43.945958Z my-lb 198.51.100.7:2817 10.0.0.1:80 0.000073 0.001 200 "GET /"', "elb-classic"),
        ('198.51.100.7 - amy [10/Oct/2026:13:55:36 -0700] "GET / HTTP/1.0" 200 2326', "access-log"),
        ("2 bottles and 1 glass", None),
        ("https is a protocol", None),
        ("", None),
    ],
)  # fmt: skip
def test_lines_of_known_shapes(line: str, name: str | None) -> None:
    assert shapes.of_line(line) == name


def test_lines_of_known_shapes_are_told(cecil: Run) -> None:
    line = (
        b"2 123456789010 eni-1235b8ca 10.0.0.9 8.8.8.8 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
    )
    run = cecil("map", "--strategy", "strict", stdin=line * 3)
    assert b"# 3 lines of text: VPC flow logs; the account and its interface stay" in run.stdout
    assert b"# Found in lines of text: IP_ADDRESS in 3\n" in run.stdout
    assert b"a strict policy sends it to quarantine" in run.stdout


def test_what_a_known_shape_can_have_besides_is_told_at_the_end() -> None:
    record = {"model": "m", "messages": [{"role": "user", "content": "hello"}], "user": "amy"}
    text, policy = drafted([{"request": record}])
    assert [path for path, _ in policy.fields] == ["request.user"]
    assert (
        "  # request.safety_identifier: {action: redact, entity: USER_ID}  # not in the sample; who called"
        in text
    )
    assert "request.safety_identifier" not in drafted([{"request": record}], "strict")[0]
    # A shape that hardly any record has says nothing of the others.
    assert "Looks like" in text
    rare = [record, *[{"user": "x" * n} for n in range(40)]]
    assert "not in the sample" not in drafted(rare)[0]
