"""JSON text: what is a record, to the letter."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil.errors import RecordError
from cecil.stream.encode import dumps
from cecil.stream.jsonl import is_object, proven
from cecil.stream.jsontext import MAX_DEPTH, Number, decode, loads, removals, scan, splice, to_python

GOOD = [
    b"{}",
    b"[]",
    b'{"a":[1,{"b":null}],"c":"\\u00e9\\n\\"","d":-0.0e+10}',
    b' \t{ "a" : 1 } \r\n',
    b'{"a":1e400,"b":-0,"c":123456789012345678901234567890}',
    b'{"":{"":[]}}',
    '{"é":"😀","x":"\\ud83d\\ude00"}'.encode(),
    b'{"a":"\x7f"}',
    b'{"a":"\\":","b":"\\\\"}',
    b'{"a\\\\":1,"a":2}',
    b"[" * MAX_DEPTH + b"]" * MAX_DEPTH,
]
BAD = [
    b"",
    b" ",
    b"{",
    b"}",
    b"[1,]",
    b"[,1]",
    b"[1 2]",
    b'{"a":1,}',
    b'{"a"}',
    b'{"a":}',
    b"{1:2}",
    b"{a:1}",
    b"{'a':1}",
    b'{"a":1}}',
    b'{"a":1}{"b":2}',
    b'{"a":1} x',
    b'{"a":01}',
    b'{"a":+1}',
    b'{"a":.5}',
    b'{"a":1.}',
    b'{"a":1e}',
    b'{"a":0x1}',
    b'{"a":NaN}',
    b'{"a":Infinity}',
    b'{"a":-Infinity}',
    b'{"a":True}',
    b'{"a":nul}',
    b'{"a":truex}',
    b'{"a":"\x1f"}',
    b'{"a":"\n"}',
    b'{"a":"\\x41"}',
    b'{"a":"\\u12"}',
    b'{"a":"\\ud800"}',
    b'{"a":"\\udc00"}',
    b'{"a":"\\ud800\\u0041"}',
    b'{"\\udfff":1}',
    b'{"a":"\xff"}',
    b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\xc0\xaf"}',
    b'{"\xff":1}',
    b'{"a":1,"a":1}',
    b'{"a":1,"\\u0061":1}',
    b'{"x":{"a\\"":1,"a\\"":1}}',
    b'{"a\\\\":1,"a\\\\":2}',
    b'{"a" :1,"a":2}',
    b'{"a"\t:1,"a"  :2}',
    b'{"x":[{"a" :1,"b":2,"a":3}]}',
    b'{"x":"\\u0022:","a" :1,"a":2}',
    b'{"x":"\\"","a" :1,"a":2}',
    b'[{"a":1},{"b":1,"b":2}]',
    b"\xef\xbb\xbf{}",
    b'{"a":1]',
    b"[1}",
    b'["a":1]',
    b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
    b'{"a":' * 1100 + b"1" + b"}" * 1100,
]


@pytest.mark.parametrize("line", GOOD)
def test_good(line: bytes) -> None:
    exact = to_python(scan(decode(line)))
    assert type(exact) is type(loads(line))
    if len(line) < MAX_DEPTH:  # Python's own reader gives up on a thousand levels
        expected = json.loads(line, parse_int=Number, parse_float=Number)
        assert exact == expected


@pytest.mark.parametrize("line", BAD)
def test_bad(line: bytes) -> None:
    with pytest.raises(RecordError):
        loads(line)
    with pytest.raises(RecordError):
        scan(decode(line))


@pytest.mark.parametrize("line", [line for line in GOOD if line.startswith(b"{")])
def test_good_objects_are_records(line: bytes) -> None:
    assert is_object(line)
    assert is_object(line + b"\n")


# Duplicate keys and depth are found where a record is read, not where it is only moved.
MOVED = [
    b'{"a":1,"a":1}',
    b'{"a":1,"\\u0061":1}',
    b'{"x":{"a\\"":1,"a\\"":1}}',
    b'{"a\\\\":1,"a\\\\":2}',
    b'{"a" :1,"a":2}',
    b'{"a"\t:1,"a"  :2}',
    b'{"x":[{"a" :1,"b":2,"a":3}]}',
    b'{"x":"\\u0022:","a" :1,"a":2}',
    b'{"x":"\\"","a" :1,"a":2}',
    b'{"a":' * 1100 + b"1" + b"}" * 1100,
]


@pytest.mark.parametrize("line", MOVED)
def test_what_is_only_moved(line: bytes) -> None:
    assert line in BAD
    assert is_object(line)
    assert is_object(b" " + line)  # not by the short way


@pytest.mark.parametrize("line", [line for line in BAD if line.strip() and line not in MOVED])
def test_bad_lines_are_no_records(line: bytes) -> None:
    assert not proven(line)
    with pytest.raises(RecordError):
        is_object(line)


pieces = st.sampled_from(
    [
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\n",
        b"\r\n",
        b" ",
        b'"a"',
        b'"',
        b"1",
        b"-",
        b"null",
        b"\\",
        b"\xff",
        b'{"a":1}',
    ]
)


@given(st.lists(pieces, max_size=14).map(b"".join))
def test_a_proven_block_is_one_object_a_line(data: bytes) -> None:
    count = proven(data)
    if not count:
        return
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    assert len(lines) == count
    for line in lines:
        assert isinstance(json.loads(line), dict)


@given(
    st.lists(st.sampled_from([b'{"a":1}', b'{"a":{"b":[]}}', b"{}", b'{"a":1}\r']), min_size=1, max_size=6)
)
def test_plain_blocks_are_proven(lines: list[bytes]) -> None:
    assert proven(b"\n".join(lines)) == len(lines)


def test_where_it_went_wrong() -> None:
    for line, message in [
        (b'{"a": x}', "not valid JSON at column 7"),
        (b'{"a":1', "not valid JSON: it ends too early"),
        (b'{"a":1\r\n', "not valid JSON: it ends too early"),
        (b'{"\xc3\xa9":1,"\xc3\xa9":2}', "duplicate key at column 8"),
        (b'{"a":"\xff"}', "not valid UTF-8 at byte 7"),
    ]:
        with pytest.raises(RecordError) as caught:
            loads(line)
        assert caught.value.message == message
        # What the error came from holds the line.
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(st.lists(st.text("ab", min_size=1, max_size=2), max_size=6), st.data())
def test_removing_items_keeps_the_rest_valid(items: list[str], data: Any) -> None:
    dropped = {i for i in range(len(items)) if data.draw(st.booleans())}
    text = "[" + " , ".join(f'"{item}"' for item in items) + "]"
    root = scan(text)
    after = splice(text, removals([(n.start, n.end) for n in root.value], dropped))
    assert json.loads(after) == [item for i, item in enumerate(items) if i not in dropped]


def test_every_type_has_a_rule() -> None:
    import datetime
    import uuid
    from decimal import Decimal

    zone = datetime.timezone(datetime.timedelta(hours=2))
    record = {
        "decimal": Decimal("1.10"),
        "nan": Decimal("NaN"),
        "float": float("inf"),
        "big": [10**30, -(10**30)],
        "bytes": b"\x00\xff",
        "time": datetime.datetime(2024, 1, 2, 3, 4, 5, 6, zone),
        "date": datetime.date(2024, 1, 2),
        "uuid": uuid.UUID(int=1),
        "number": Number("1e400"),
        1: {"set"},
    }
    assert dumps(record) == (
        b'{"decimal":1.10,"nan":null,"float":null,"big":[1000000000000000000000000000000,'
        b'-1000000000000000000000000000000],"bytes":"AP8=","time":"2024-01-02T03:04:05.000006+02:00",'
        b'"date":"2024-01-02","uuid":"00000000-0000-0000-0000-000000000001","number":1e400,"1":["set"]}'
    )


@pytest.mark.parametrize("value", [object(), {"a": "\ud800"}, {"a": [10**30, object()]}])
def test_what_json_cannot_hold(value: Any) -> None:
    with pytest.raises(RecordError, match="a value that JSON cannot hold"):
        dumps(value)
