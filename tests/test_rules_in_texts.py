"""A rule that begins with `**` holds in JSON that stands in a text, too: requests are logged as they came."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.sanitizer.blocks import BlockFilter
from tests.conftest import build_sanitizer

RULES = """\
version: 1
entities: {DATE_TIME: keep, URL: keep, UUID: keep, PRIVATE_IP: keep}
fields:
  "**.who": {action: redact, entity: USER_ID}
  "**.vector": drop
  "**.part": redact
  "**.part.role": keep
  "**.secret_plan": trust
  "**.password": keep
  "**.items[0]": drop
  top: redact
  "**": keep
cases:
  - when: {path: kind, equals: b}
    fields: {"**.who": {action: redact, entity: OWNER}}
"""


@pytest.fixture(scope="module")
def mine() -> Sanitizer:
    return build_sanitizer(Policy.parse(RULES.encode(), "p.yaml"))


CHANGES: list[tuple[Any, Any]] = [
    ({"who": "jo", "a": 1}, {"who": "<USER_ID>", "a": 1}),
    ({"a": [{"who": "jo", "vector": [0.5], "b": 2}]}, {"a": [{"who": "<USER_ID>", "b": 2}]}),
    ([{"who": 17}], [{"who": None}]),
    (
        {"part": {"text": "j", "role": "r", "x": {"y": "z"}}},
        {"part": {"text": "<REDACTED>", "role": "r", "x": {"y": "<REDACTED>"}}},
    ),
    ({"items": ["a", "b"]}, {"items": [None, "b"]}),
    # no place in a text is the top of the record, nor named without `**`
    ({"top": "t"}, {"top": "t"}),
    # whoever wrote the text could have named it so
    ({"secret_plan": "bob@example.com"}, {"secret_plan": "<EMAIL_ADDRESS>"}),
    ({"password": "hunter2-Zebra"}, {"password": "<PASSWORD>"}),
    ({"part": {"role": "bob@example.com"}}, {"part": {"role": "<EMAIL_ADDRESS>"}}),
]


@pytest.mark.parametrize(("inner", "after"), CHANGES, ids=str)
def test_rules_hold_within(mine: Sanitizer, inner: Any, after: Any) -> None:
    def redacted(record: Any) -> Any:
        new, _ = mine.redact(record)
        assert mine.redact(new)[0] == new
        return new

    assert json.loads(redacted({"m": json.dumps(inner)})["m"]) == after
    twice = redacted({"m": json.dumps({"n": json.dumps(inner)})})
    assert json.loads(json.loads(twice["m"])["n"]) == after
    line = f"got {json.dumps(inner)} at last\n".encode()
    assert mine.redact_text(line)[0] == f"got {json.dumps(after)} at last\n".encode()
    coded = base64.b64encode(json.dumps({"greeting": "hello, my friend", "n": inner}).encode()).decode()
    new = base64.b64decode(redacted({"m": coded})["m"])
    assert json.loads(new) == {"greeting": "hello, my friend", "n": after}


def test_a_case_comes_first_within(mine: Sanitizer) -> None:
    record = {"kind": "b", "m": '{"who": "jo"}'}
    assert mine.redact(record)[0] == record | {"m": '{"who": "<OWNER>"}'}


def test_what_is_found_there_has_its_place(mine: Sanitizer) -> None:
    text = json.dumps({"a": 1, "who": "jo"})
    _, found = mine.redact({"m": text})
    assert [(one.pointer, one.entity, one.detector, text[one.start : one.end]) for one in found] == [
        ("/m", "USER_ID", "field", "jo")
    ]


_VALUES = st.sampled_from(["jo", 17, True, None, ["x", "y"], {"role": "r", "who": "jo"}, "bob@example.com"])
_INNER = st.dictionaries(
    st.sampled_from(["who", "vector", "part", "items", "top", "x", "secret_plan", "whom"]),
    _VALUES,
    max_size=4,
)
_LINES = st.one_of(
    _INNER.map(json.dumps),
    _INNER.map(lambda inner: json.dumps({"m": json.dumps(inner)})),
    _INNER.map(lambda inner: json.dumps({"m": json.dumps({"n": json.dumps(inner)}), "x": 1})),
    _INNER.map(lambda inner: json.dumps({"m": f"data: {json.dumps(inner)}\n\ndata: [DONE]\n"})),
    _INNER.map(lambda inner: f"got {json.dumps(inner)}"),
)


@given(lines=st.lists(_LINES, min_size=1, max_size=6))
def test_blocks_and_lines_agree(mine: Sanitizer, lines: list[str]) -> None:
    judge = BlockFilter(mine, collect=True)
    block = "".join(f"{line}\n" for line in lines).encode()
    assert judge.judge(block) == judge.judge_one_by_one(block)
