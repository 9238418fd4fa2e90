"""The fast way and the long way: a block that is searched as it stands gives what its lines give one by one."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.errors import RecordError
from cecil.sanitizer import interceptor
from cecil.sanitizer.blocks import BlockFilter, _are_long
from cecil.sanitizer.changes import Change, Drop, Rename, Replace, apply, apply_to_line, apply_to_text
from cecil.sanitizer.detectors.everyone import Own
from cecil.sanitizer.keyring import Keyring
from cecil.stream.counts import Counts
from cecil.stream.jsontext import loads, scan
from cecil.stream.lines import read_blocks
from tests import planting
from tests.conftest import build_sanitizer, examples

POLICIES: dict[str, Any] = {
    "default": "default",
    "llm": "llm",
    "fields": """
entities: {EMAIL_ADDRESS: mask, SECRET: keep, PHONE_NUMBER: keep, PRIVATE_IP: redact, UUID: redact}
fields: {msg: keep, "**.id": redact, a.b: drop, level: trust, "b[0]": {action: hash, entity: USER_ID}}
""",
    "strict": """
strategy: strict
fields: {m: keep, msg: keep, "a[*].m": keep, "b.c": keep, "**.id": redact, level: trust}
""",
    "weak": """
threshold: 0.1
fields: {"*": {action: keep}}
""",
}
FORMS = ("auto", "jsonl", "text")
SEEDS = st.integers(0, 2**48)


@pytest.fixture(scope="module", params=POLICIES)
def sanitizer(request: pytest.FixtureRequest) -> Sanitizer:
    policy = POLICIES[request.param]
    if "\n" in policy:
        policy = Policy.parse(f"version: 1{policy}".encode(), "policy.yaml")
    return build_sanitizer(policy, key=Keyring(b"k" * 32))


@pytest.fixture(scope="module")
def forgetful(sanitizer: Sanitizer) -> Sanitizer:
    """The same, which has nothing in mind of what the other has judged."""
    return build_sanitizer(sanitizer.policy, key=Keyring(b"k" * 32))


@pytest.mark.parametrize("form", FORMS)
def test_a_block_is_its_lines(sanitizer: Sanitizer, forgetful: Sanitizer, form: str) -> None:
    judge = BlockFilter(sanitizer, form, collect=True)
    long_way = BlockFilter(forgetful, form, collect=True)
    blocks, found = 0, 0

    @examples(60)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        nonlocal blocks, found
        data = planting.block(Random(seed), form)
        slow = long_way.judge_one_by_one(data)
        assert judge.judge(data) == slow, data
        blocks += 1
        found += bool(slow.found)

    holds()
    strict = sanitizer.policy.strategy == "strict"
    assert found > blocks / 4 or (strict and form == "text")


GREEDY = b"""
recognizers:
  - name: Behind
    supported_language: en
    supported_entity: BEHIND
    patterns: [{name: behind, regex: "> zeta", score: 0.9}]
"""


@pytest.mark.parametrize("escaped", [b"", b'{"m":"a\\tb"}\n'], ids=["as it stands", "with an escape"])
def test_a_word_and_a_number_in_two_strings_are_passed_over(escaped: bytes) -> None:
    """Unless a key has the word; the number is then judged, as it is line by line."""
    sanitizer = build_sanitizer()
    quiet = b'{"m":"retrying call to a","path":"/v1/orders/6177798066"}\n'
    loud = b'{"call":{"n":"x","to":"617 779 8066"}}\n'
    data = escaped + quiet + loud + quiet
    judge = BlockFilter(sanitizer, collect=True)
    done = judge.judge(data)
    assert done.data == escaped + quiet + loud.replace(b"617 779 8066", b"<PHONE_NUMBER>") + quiet
    assert done == judge.judge_one_by_one(data)


def test_what_a_replacement_makes_of_what_stands_near_goes_too() -> None:
    """What became of the texts of a block is searched at once; where something stands there, text by text."""
    judge = BlockFilter(build_sanitizer(recognizers=Own(GREEDY, "own")), collect=True)
    quiet = b'{"m":"mail bob@example.com beta"}\n'
    lines = [
        quiet,
        b'{"m":"mail bob@example.com zeta"}\n',
        b'{"eve@example.com zeta":"ann@example.com"}\n',
        quiet,
    ]
    for some in (lines[:1], lines, lines[1:], lines[2:], lines[:1]):
        outcome = judge.judge(b"".join(some))
        assert b"zeta" not in outcome.data
        assert b"example" not in outcome.data
        fresh = BlockFilter(build_sanitizer(recognizers=Own(GREEDY, "own")), collect=True)
        assert outcome == fresh.judge_one_by_one(b"".join(some))


def test_what_is_remembered_changes_nothing(sanitizer: Sanitizer) -> None:
    """Texts, and what is left of them, are judged once: as one that explains, and remembers nothing, has it."""
    long_way = build_sanitizer(sanitizer.policy, key=Keyring(b"k" * 32), explain=True)

    @examples(60)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        chance = Random(seed)
        text = planting.text(chance, 0.7)
        for said in (text, text.replace("1", "2"), text):
            record = {"m": said, "a": {"msg": said, "n": [planting.value(chance)]}}
            assert sanitizer.redact(record) == long_way.redact(record)

    holds()


def test_a_record_in_a_message_is_judged_as_one(sanitizer: Sanitizer) -> None:
    """As logs of containers and of clouds have it: only what is awake in it is looked at."""
    judge = BlockFilter(sanitizer, collect=True)
    long_way = build_sanitizer(sanitizer.policy, key=Keyring(b"k" * 32), explain=True)
    explains = BlockFilter(long_way, collect=True)
    found = 0

    @examples(60)
    @given(seed=SEEDS)
    def holds(seed: int) -> None:
        nonlocal found
        chance = Random(seed)
        lines = []
        for _ in range(chance.randrange(1, 4)):
            inner = planting.spelled(chance, json.dumps(planting.record(chance, 0.3), ensure_ascii=False))
            end = chance.choice(["", "\n", " ", ",", "}"])
            record = {chance.choice(["log", "m", "phone", "a"]): inner + end, "ts": "14:22"}
            lines.append(json.dumps(record, ensure_ascii=False) + "\n")
        block = "".join(lines).encode("utf-8", "replace")
        outcome = judge.judge(block)
        assert outcome == judge.judge_one_by_one(block)
        assert outcome == explains.judge_one_by_one(block)._replace(misses=[])
        found += sum(outcome.found.values())

    holds()
    assert found > 30 or sanitizer.policy.strategy == "strict"


@pytest.mark.parametrize(("most", "longest"), [(8 << 20, 1 << 19), (1000, 30)])
def test_histories_are_judged_as_if_each_call_were_the_first(
    sanitizer: Sanitizer, most: int, longest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of long texts are read, and what was quiet at a place is passed over when it comes again there:
    under another key it is looked at, and so it is when the memory is too small for all."""
    monkeypatch.setattr(interceptor, "_QUIET", most)
    monkeypatch.setattr(interceptor, "_LONGEST_QUIET", longest)
    chance, found, wide = Random(7), 0, 0
    judge = BlockFilter(build_sanitizer(sanitizer.policy, key=Keyring(b"k" * 32)), collect=True)
    prompt = "you are told what nobody said, and say so " * 60
    for _ in range(6):
        messages: list[Any] = [{"role": "system", "content": prompt}]
        lines = []
        for _ in range(8):
            said = planting.text(chance, 0.3)
            quiet = f"nothing was asked of {chance.choice(['nobody', 'the disk'])}"
            messages.append({"role": "user", "content": said, "msg": quiet})
            messages.append(chance.choice([quiet, {"password": quiet}, {"content": [quiet, said]}]))
            record = {"messages": messages, "password": chance.choice(["", quiet]), "user": {"name": said}}
            lines.append(json.dumps(record, ensure_ascii=chance.random() < 0.5) + "\n")
        block = "".join(lines).encode()
        wide += _are_long(block)
        outcome = judge.judge(block)
        # One that explains remembers nothing.
        first = build_sanitizer(sanitizer.policy, key=Keyring(b"k" * 32), explain=True)
        assert outcome == BlockFilter(first, collect=True).judge_one_by_one(block)._replace(misses=[])
        found += sum(outcome.found.values())
    assert wide == 6
    assert found > 50


class _Reads:
    """A source that gives some bytes at a time."""

    name = "-"

    def __init__(self, data: bytes, size: int) -> None:
        self._data, self._size = data, size

    def read(self) -> bytes:
        piece, self._data = self._data[: self._size], self._data[self._size :]
        return piece


@pytest.mark.parametrize("form", FORMS)
def test_where_blocks_end_changes_nothing(form: str) -> None:
    judge = BlockFilter(build_sanitizer(), form, collect=True)

    @examples(40)
    @given(seed=SEEDS, size=st.sampled_from([1, 2, 7, 30, 100, 1000]))
    def holds(seed: int, size: int) -> None:
        chance = Random(seed)
        data = b"".join(planting.block(chance, form).rstrip(b"\r\n") + b"\n" for _ in range(3))
        whole = judge.judge_one_by_one(data)
        new, refused, found = [], [], []
        for block in read_blocks(_Reads(data, size), _NoQuarantine()):  # type: ignore[arg-type]
            outcome = judge.judge(block.data)
            new.append(outcome.data)
            refused += [(block.first - 1 + one.line, one.reason, one.raw) for one in outcome.refused]
            found += [(block.first - 1 + line, one) for line, one in outcome.findings]
        assert b"".join(new) == whole.data
        assert refused == [tuple(one) for one in whole.refused]
        assert found == whole.findings

    holds()


class _NoQuarantine:
    counts = Counts()


@pytest.mark.parametrize("value", planting.VALUES)
def test_every_value_is_seen_wherever_it_stands(value: str) -> None:
    """At the very start and end of a block, of a line and of a string; alone in a record; as a key."""
    sanitizer = build_sanitizer()
    quiet = json.dumps({"level": "info", "m": "nothing to see"})
    records = [
        {"m": value},
        {value: 1},
        {"m": [value, value]},
        {"m": f"{value} then"},
        {"m": f"then {value}"},
    ]
    lines = [json.dumps(one, ensure_ascii=ascii) for one in records for ascii in (True, False)]
    lines += [line.replace("/", "\\/") for line in lines if "/" in line]
    for form, made in (("jsonl", lines), ("text", [value, f"{value} then", f"then {value}"])):
        judge = BlockFilter(sanitizer, form, collect=True)
        for line in made:
            other = quiet if form == "jsonl" else "nothing to see"
            for block in (line, f"{line}\n{other}\n", f"{other}\n{line}", f"{other}\r\n{line}\r\n{line}\r\n"):
                assert judge.judge(block.encode()) == judge.judge_one_by_one(block.encode()), block


def test_most_values_are_found() -> None:
    """Or the properties above would say little."""
    sanitizer = build_sanitizer()
    found = sum(bool(sanitizer.redact({"m": value})[1]) for value in planting.VALUES)
    assert found > 0.8 * len(planting.VALUES)


@examples(300)
@given(seed=SEEDS)
def test_changes_in_the_line_are_changes_in_the_text(seed: int) -> None:
    chance = Random(seed)
    line = planting.json_line(chance, 0.5)
    try:
        record = loads(line)
    except RecordError:
        return
    changes = _changes(chance, record)
    new = apply_to_line(line, record, changes)
    text = line.decode()
    by_text = apply_to_text(text, scan(text), changes)
    assert loads(by_text.encode()) == apply(record, changes)
    if new is not None:
        assert new.decode() == by_text, (line, changes)


def test_changes_in_the_line_are_mostly_quick() -> None:
    chance, quick, all = Random(7), 0, 0
    for _ in range(300):
        line = json.dumps({"m": planting.value(chance), "n": planting.text(chance, 0.1)}).encode()
        change = Replace(("m",), "<X>")
        new = apply_to_line(line, loads(line), [change])
        quick += new is not None
        all += 1
    assert quick > all / 2


def test_a_long_line_of_many_changes_is_read_once() -> None:
    record = {"m": [f"v{n}" for n in range(5000)]}
    line = json.dumps(record).encode()
    changes: list[Change] = [Replace(("m", n), "<X>") for n in range(5000)]
    assert apply_to_line(line, record, changes[:1]) is not None
    assert apply_to_line(line, record, changes) is None


def _changes(chance: Random, record: Any) -> list[Change]:
    """Some leaves replaced, dropped, or with another name."""
    changes: list[Change] = []
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(record, ())]
    while stack:
        value, path = stack.pop()
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for step, child in children:
            here = (*path, step)
            if isinstance(child, (dict, list)):
                stack.append((child, here))
            elif (kind := chance.randrange(12)) < 3:
                changes.append(Replace(here, chance.choice(("<X>", 'a"b\\', "", None, 17))))
            elif kind == 3 and not chance.randrange(3):
                changes.append(Drop(here))
            elif kind == 4 and not chance.randrange(3) and isinstance(value, dict):
                changes.append(Rename(here, f"<NAME>_{len(changes)}"))
    return changes


@pytest.mark.parametrize(
    "record",
    [
        {"name": "CARDNUMBER", "value": "411111111"},
        {"name": "routingNumber", "value": "022741350"},
        {"name": "steuer-id", "value": "TkE4OTAzM1RXWg=="},
        {"name": "ROUTING_NUMBER", "n": 1, "value": "022741350"},
        {"Key": "accountNumber", "n": 2, "Value": "022741350"},
    ],
)
def test_a_name_beside_its_value(record: Any) -> None:
    """A leak test found them: what stands between a name and its value kept the fast way from looking."""
    judge = BlockFilter(build_sanitizer(), collect=True)
    block = json.dumps({"a": [record]}).encode() + b"\n"
    outcome = judge.judge(block)
    assert outcome == judge.judge_one_by_one(block)
    assert list(record.values())[-1].encode() not in outcome.data


RULES = """
fields:
  billing.customer.name: drop
  "**.patient.id": {action: hash, entity: PATIENT_ID}
  "straßen[*].nr": redact
  "a.*.b": redact
"""


def test_a_line_is_read_where_the_rarest_name_of_a_rule_stands_and_not_for_a_common_one() -> None:
    """Of a rule's names all stand in a line in which it holds; what goes on unread has its double keys still."""
    judge = BlockFilter(
        build_sanitizer(Policy.parse(f"version: 1{RULES}".encode(), "p"), key=Keyring(b"k" * 32)),
        collect=True,
    )
    for line in (
        b'{"name":1,"id":2,"nr":3,"name":4}\n',
        b'{"shop":{"id":1,"nr":2},"id":3,"id":4}\n',
    ):
        assert judge.judge(line)[:2] == (line, 1)
    for line, new in (
        (b'{"billing":{"customer":{"name":"x"}}}\n', b'{"billing":{"customer":{}}}\n'),
        (
            b'{"billing":{"c\\u0075stomer" : {"name":"x","z":1}}}\n',
            b'{"billing":{"c\\u0075stomer" : {"z":1}}}\n',
        ),
        (b'{"billing":{"customer":{"n\\u0061me":"x"}}}\n', b'{"billing":{"customer":{}}}\n'),
        ('{"straßen":[{"nr":"7"}]}\n'.encode(), '{"straßen":[{"nr":"<REDACTED>"}]}\n'.encode()),
        (b'{"stra\\u00dfen":[{"nr":7}]}\n', b'{"stra\\u00dfen":[{"nr":null}]}\n'),
        (b'{"a":{"x":{"b":"7"}}}\n', b'{"a":{"x":{"b":"<REDACTED>"}}}\n'),
    ):
        # Among lines that nothing wakes, as in a log.
        around = b'{"t":1,"name":"n"}\n' * 3
        done = judge.judge(around + line + around)
        assert (done.data, done.refused) == (around + new + around, [])
        assert judge.judge_one_by_one(around + line + around) == done
    for line in (
        b'{"msg":"{\\"patient\\":{\\"id\\":\\"x\\"}}"}\n',
        b'{"msg":"{\\"m\\":\\"{\\\\\\"patient\\\\\\" : {\\\\\\"id\\\\\\":17}}\\"}"}\n',
        b'got {"patient" : {"id":"x"}} from queue\n',
    ):
        done = judge.judge(line)
        assert b"<PATIENT_ID#" in done.data and done == judge.judge_one_by_one(line)
