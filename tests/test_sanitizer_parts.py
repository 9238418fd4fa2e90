"""The sanitizer's parts where a table says more than a record: paths, spans, policies, changes."""

import json
import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.errors import PolicyError
from cecil.sanitizer.changes import Change, Drop, Rename, Replace, apply, apply_to_text
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.paths import Matcher, at, parse
from cecil.sanitizer.policy import built_in_names
from cecil.sanitizer.spans import Span, resolve
from cecil.stream.jsontext import Number, decode, loads, scan, to_python
from tests.conftest import build_sanitizer


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("a", ("a",)),
        ("a.b", ("a", "b")),
        ("items[*].id", ("items", "*", "id")),
        ("items[0][1]", ("items", "0", "1")),
        ('"a.b".c', ("\0a.b", "c")),
        ('a."x\\"y"', ("a", '\0x"y')),
        ("**.id", ("**", "id")),
        ("user-id", ("user-id",)),
        ("$", ("$",)),
        ('"$".a', ("\0$", "a")),
        ('"*_id"." a "', ("\0*_id", "\0 a ")),
        ('"/a"[0]', ("\0/a", "0")),
    ],
)
def test_paths(path: str, steps: tuple[str, ...]) -> None:
    assert parse(path) == steps


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "a.",
        "a..b",
        "a[",
        "a[x]",
        '"a',
        'a"b"',
        "]",
        "a_*",
        "***",
        "a[01]",
        " a",
        "a .b",
        "$.a",
        "/a",
    ],
)
def test_no_paths(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        parse(path)


@pytest.mark.parametrize(
    ("rules", "place", "winner"),
    [
        (["a"], "a", "a"),
        (["a"], "b", None),
        (["a"], "a.b", None),  # from above: the strategy's business
        (["*", "a"], "a", "a"),
        (["a", "*"], "a", "a"),
        (["**", "*"], "a", "*"),
        (["**", "a.**"], "a.b.c", "a.**"),
        (["a.**"], "a", "a.**"),
        (["**.id"], "id", "**.id"),
        (["**.id"], "a.0.id", "**.id"),
        (["a.*.c", "a.b.*"], "a.b.c", "a.b.*"),  # equally many names: the later one
        (["items[*].id"], "items.3.id", "items[*].id"),
        (['"*"'], "*", '"*"'),
        (['"*"'], "x", None),
        (["**.a.**.b"], "x.a.y.z.b", "**.a.**.b"),
    ],
)
def test_which_rule_wins(rules: list[str], place: str, winner: str | None) -> None:
    matcher = Matcher([(rule, rule) for rule in rules])
    state = matcher.start
    for step in place.split("."):
        state = matcher.step(state, step)
    assert matcher.rule(state) == winner


def test_the_matcher_does_not_grow_with_the_names_it_sees() -> None:
    matcher = Matcher([("a.**.b", 1)])
    state = matcher.step(matcher.start, "a")
    for number in range(1000):
        matcher.step(state, f"name{number}")
    assert len(state.below) == 1


def test_what_stands_at_a_path() -> None:
    record: Any = {"a": [{"b": 1}, {"b": [2]}], "b": {"a": {"b": 3}}}
    for path, found in (
        ("a[*].b", [1, [2]]),
        ("a[1].b[0]", [2]),
        ("a[7].b", []),
        ("**.a.**.b", [1, 3, [2]]),
        ("**.b.**.b", [3]),
        ("b.*.c", []),
    ):
        assert sorted(at(record, parse(path)), key=repr) == found, path


def test_many_ways_to_one_place_are_one() -> None:
    """Names that a path has again and again, deep in a record: each place is looked at once for each step."""
    record: Any = {"b": 1}
    for _ in range(900):
        record = {"a": record}
    assert list(at(record, parse("**.a.**.a.**.a.**.a.**.b"))) == [1]
    assert list(at(record, parse("**.a.**.a.**.a.**.a.**.c"))) == []


spans = st.lists(
    st.tuples(
        st.integers(0, 30), st.integers(1, 10), st.sampled_from("ABC"), st.sampled_from([0.4, 0.6, 1.0])
    ).map(lambda t: Span(t[0], t[0] + t[1], t[2], t[3], "test"))
)


@given(spans)
def test_resolved_spans_cover_the_same_and_never_overlap(found: list[Span]) -> None:
    resolved = resolve(found)
    covered = {i for span in found for i in range(span.start, span.end)}
    assert {i for span in resolved for i in range(span.start, span.end)} == covered
    assert all(a.end <= b.start for a, b in pairwise(resolved))
    assert resolve(random.sample(found, len(found))) == resolved


def test_the_surest_names_the_whole() -> None:
    weak, sure = Span(0, 20, "PHONE", 0.4, "x"), Span(5, 10, "CARD", 1.0, "x")
    assert resolve([weak, sure]) == [Span(0, 20, "CARD", 1.0, "x")]
    assert resolve([Span(0, 5, "A", 0.5, "x"), Span(5, 9, "B", 0.5, "x")]) == [
        Span(0, 5, "A", 0.5, "x"),
        Span(5, 9, "B", 0.5, "x"),
    ]


def test_another_strategy_is_another_policy() -> None:
    policy = Policy.built_in("default")
    strict = policy.with_strategy("strict")
    assert (strict.strategy, strict.entities) == ("strict", policy.entities)
    assert strict.digest != policy.digest
    assert strict.digest == policy.with_strategy("strict").digest
    assert policy.with_strategy("deep") is policy


def test_no_such_built_in() -> None:
    with pytest.raises(PolicyError, match="no policy nope") as caught:
        Policy.built_in("nope")
    assert caught.value.hint == "built-in policies: " + ", ".join(built_in_names())


# Records whose changes are made both ways.
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.text(max_size=5)
)
records = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


def some_changes(record: Any, chance: random.Random) -> list[Change]:
    changes: list[Change] = []

    def walk(value: Any, path: tuple[str | int, ...]) -> None:
        steps = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, child in steps:
            here = (*path, step)
            choice = chance.random()
            if choice < 0.2:
                if choice < 0.1 and isinstance(step, str):
                    changes.append(Rename(here, "gone"))
                changes.append(Drop(here))
                continue
            if choice < 0.4 and isinstance(step, str):
                changes.append(Rename(here, f"new {len(changes)}"))
            if isinstance(child, (dict, list)):
                walk(child, here)
            elif choice > 0.7:
                changes.append(Replace(here, f"é\n{len(changes)}"))

    walk(record, ())
    return changes


@given(records, st.randoms(use_true_random=False), st.sampled_from([None, 0, 2]), st.booleans())
def test_text_and_objects_change_alike(
    record: Any, chance: random.Random, indent: int | None, ascii: bool
) -> None:
    line = json.dumps(record, indent=indent, ensure_ascii=ascii)
    before = json.dumps(record)
    changes = some_changes(record, chance)
    text = apply_to_text(line, scan(line), changes)
    assert json.loads(text) == apply(record, changes)
    assert json.dumps(record) == before
    if not changes:
        assert text == line


def test_a_record_that_is_one_leaf() -> None:
    assert apply("x", [Replace((), "y")]) == "y"
    assert apply_to_text(' "x" ', scan(' "x" '), [Replace((), "y")]) == ' "y" '


@given(records)
def test_the_fast_reader_and_the_exact_one_agree(record: Any) -> None:
    line = json.dumps(record).encode()
    exact = to_python(scan(decode(line)))
    fast = loads(line)
    assert _spelled(exact) == _spelled(fast) == _spelled(record)
    # A large integer, or a quote and a colon in a string, leaves the record to the exact reader.
    for more in (2**70, '":"'):
        other = json.dumps({"record": record, "more": more}).encode()
        assert repr(loads(other)["record"]) == repr(fast)


def _spelled(value: Any) -> Any:
    """The value with every number as Python spells it, and marked as one."""
    if isinstance(value, dict):
        return {key: _spelled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    if isinstance(value, (Number, int, float)) and not isinstance(value, bool):
        return ("number", value if isinstance(value, Number) else Number(json.dumps(value)))
    return value


PLANTED = [
    "bob@example.com",
    "192.0.2.44",
    "4111 1111 1111 1111",
    "219-09-9999",
    "+1 212-555-0123",
    "password=hunter2",
]
noise = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
planted_texts = st.tuples(noise, st.sampled_from(PLANTED), noise).map(lambda t: f"{t[0]} {t[1]} {t[2]}")
sensitive = st.recursive(
    scalars | planted_texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["a", "password", "email", "user", "items", "bob@example.com"]) | noise,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
_sanitizers: dict[str, Sanitizer] = {}


def sanitizer_for(rules: str) -> Sanitizer:
    if rules not in _sanitizers:
        policy = Policy.parse(f"version: 1\n{rules}".encode(), "p.yaml")
        _sanitizers[rules] = build_sanitizer(policy, key=Keyring(b"k" * 32))
    return _sanitizers[rules]


@settings(deadline=None)
@given(
    sensitive,
    st.sampled_from(
        [
            "default: redact",
            "default: hash",
            "default: mask",
            "default: {action: mask, keep_last: 4}",
            "default: redact\nfields: {user: hash, items: {action: mask, keep_last: 2}, '**.a': redact}",
            "strategy: strict\nfields: {'**.user': keep, items: hash}",
        ]
    ),
)
def test_redacting_twice_changes_nothing_and_leaves_nothing(record: Any, rules: str) -> None:
    sanitizer = sanitizer_for(rules)
    line = json.dumps([record]).encode()
    once, findings = sanitizer.redact_json(line)
    twice, _ = sanitizer.redact_json(once)
    assert twice == once
    assert sanitizer.redact([record])[0] == json.loads(once)
    for value in PLANTED:
        assert value.split("=")[-1] not in once.decode()
        assert value.split("=")[-1] not in repr(findings)


@settings(deadline=None)
@given(planted_texts.filter(lambda t: "\n" not in t and "\r" not in t))
def test_text_lines_too(text: str) -> None:
    sanitizer = sanitizer_for("default: redact")
    once, _ = sanitizer.redact_text(text.encode())
    assert sanitizer.redact_text(once)[0] == once
    assert not any(value.split("=")[-1] in once.decode() for value in PLANTED)
