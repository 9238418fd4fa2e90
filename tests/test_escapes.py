"""What a record of JSON escapes: what is replaced is what the rule means, and what stays keeps its spelling."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Sanitizer
from cecil.sanitizer.changes import Replace, apply, apply_to_line, apply_to_text
from cecil.sanitizer.policy import Policy
from cecil.stream.jsontext import loads, scan
from tests.conftest import build_sanitizer


@pytest.fixture(scope="module")
def field() -> Sanitizer:
    return build_sanitizer(Policy.parse(b"version: 1\nfields: {a: redact}", "p.yaml"))


@pytest.mark.parametrize(
    "line",
    [
        r'{"a":"Jos\u00e9","b":"José"}',
        r'{"b":"José","a":"Jos\u00e9"}',
        r'{"a":"x\u0041","b":"xA"}',
        r'{"a":"x\/y","b":"x/y"}',
        r'{"a":"x\u002fy","b":"x\/y","c":"x/y"}',
        r'{"a":"\ud83d\ude00","b":"😀"}',
    ],
)
def test_of_two_equal_texts_the_one_that_is_meant_goes(field: Sanitizer, line: str) -> None:
    new, _ = field.redact_json(line.encode())
    assert json.loads(new) == json.loads(line) | {"a": "<REDACTED>"}
    assert new.decode().endswith(line[line.rindex('"b"') :]) or line.startswith('{"b"')


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (
            r'{"m":"caf\u00e9 bob@example.com caf\u00e9 eve@example.com caf\u00E9"}',
            r'{"m":"caf\u00e9 <EMAIL_ADDRESS> caf\u00e9 <EMAIL_ADDRESS> caf\u00E9"}',
        ),
        (
            r'{"m":"a\/b\u003cbob@example.com\u003e\u0026\t\u0009\ud83d\ude00"}',
            r'{"m":"a\/b\u003c<EMAIL_ADDRESS>\u003e\u0026\t\u0009\ud83d\ude00"}',
        ),
        (r'{"m":"bob\u0040example.com\n\u000a"}', r'{"m":"<EMAIL_ADDRESS>\n\u000a"}'),
        (r'{"m":"\u00e9\/ {\"a\":\"bob@example.com\"}"}', r'{"m":"\u00e9\/ {\"a\":\"<EMAIL_ADDRESS>\"}"}'),
    ],
)
def test_what_stays_of_a_text_keeps_its_escapes(field: Sanitizer, line: str, after: str) -> None:
    assert field.redact_json(line.encode())[0].decode() == after
    assert field.redact_json(after.encode())[0].decode() == after


CHARS = st.sampled_from('aé<"\\/\n\t😀ß &')


@st.composite
def _changed(draw: st.DrawFn) -> tuple[str, str, str, tuple[tuple[int, int], ...]]:
    """A string as JSON, what it says, what comes instead, and where that is new, as is said."""
    old = draw(st.text(CHARS, max_size=12))
    raw = "".join(draw(st.sampled_from(_spellings(char))) for char in old)
    cuts = sorted(draw(st.lists(st.integers(0, len(old)), max_size=6)))
    spans = tuple(zip(cuts[::2], cuts[1::2], strict=False))
    pieces, done = [], 0
    for start, end in spans:
        pieces += [old[done:start], draw(st.text(CHARS, max_size=3))]
        done = end
    new = "".join([*pieces, old[done:]])
    return f'"{raw}"', old, new, draw(st.sampled_from([spans, (), spans[1:], ((0, 1), (0, 1))]))


def _spellings(char: str) -> list[str]:
    found = [json.dumps(char)[1:-1], json.dumps(char, ensure_ascii=False)[1:-1]]
    if ord(char) < 0x10000:
        found += [f"\\u{ord(char):04x}", f"\\u{ord(char):04X}"]
    return [*found, "\\/"] if char == "/" else found


@given(_changed(), st.booleans())
def test_whatever_is_said_of_the_places_the_text_is_right(
    changed: tuple[str, str, str, tuple[tuple[int, int], ...]], twice: bool
) -> None:
    raw, old, new, spans = changed
    line = f'{{"b":{json.dumps(old, ensure_ascii=False)},"a":{raw}}}' if twice else f'{{"a":{raw}}}'
    changes = [Replace(("a",), new, spans)]
    record = loads(line.encode())
    wanted = apply(record, changes)
    assert json.loads(apply_to_text(line, scan(line), changes)) == wanted
    quick = apply_to_line(line.encode(), record, changes)
    assert quick is None or json.loads(quick) == wanted
