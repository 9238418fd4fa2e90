"""Text within text: where it stands, what it says, and that it is written back as it was."""

import base64
import gzip
import json
import random
import re
import sys
import time
import zlib
from collections.abc import Callable
from typing import Any

import hyperscan
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Policy, Sanitizer
from cecil.errors import DetectorError
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.decoding import (
    GAP,
    MAX_INFLATED,
    WRAPPERS,
    Named,
    is_command,
    named_items,
    named_values,
    pieces,
    to_be_named,
    triggers,
)
from tests.conftest import build_sanitizer

MAIL = "bob@example.com"
RECORD = json.dumps({"user": {"mail": [MAIL]}})

_DATABASE = hyperscan.Database()
_DATABASE.compile(
    expressions=[trigger.regex.encode() for trigger in triggers()],
    flags=[hyperscan.HS_FLAG_DOTALL for _ in triggers()],
)


def triggered(text: str) -> bool:
    hits: list[int] = []
    data = re.sub("[\r\n\t]", " ", text).encode()
    _DATABASE.scan(data, match_event_handler=lambda number, *_: hits.append(number))
    return bool(hits)


def b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def looked_into(text: str) -> list[tuple[str, str]]:
    """(kind, text) of every piece; each can be written back, and is as it was when nothing changed."""
    found = pieces(text)
    position = 0
    for piece in found:
        assert position <= piece.start < piece.end <= len(text)
        position = piece.end
        if piece.kind != "gzip":
            assert piece.encode(piece.text) == text[piece.start : piece.end]
    return [(piece.kind, piece.text) for piece in found]


def replaced(text: str, new: str = "<EMAIL_ADDRESS>") -> str:
    """The text without the address, also in its pieces, however deep."""
    for piece in reversed(pieces(text)):
        inner = _walked(piece.text, new) if piece.kind == "json" else replaced(piece.text, new)
        text = text[: piece.start] + piece.encode(inner) + text[piece.end :]
    return text.replace(MAIL, new)


def _walked(text: str, new: str) -> str:
    if MAIL in text:
        return text.replace(MAIL, new)

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        return replaced(value, new) if isinstance(value, str) else value

    return json.dumps(walk(json.loads(text)))


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (RECORD, [RECORD]),
        (f"llm response: {RECORD}", [RECORD]),
        (f"{RECORD} and {RECORD}, that is all {{", [RECORD, RECORD]),
        (f"[worker-3] {{x}} it's {RECORD}\n[1] [", [RECORD]),
        (' [ "a", ["b"] ] ', ['[ "a", ["b"] ]']),
        ('[[1], {"a": {}}, [], true, null, -1.5e3]', ['[[1], {"a": {}}, [], true, null, -1.5e3]']),
        (r'x {"a\"}": "{", "b": "\\"} y', [r'{"a\"}": "{", "b": "\\"}']),
        # What is cut short, or wrong, around what is whole.
        ('{"a": {"b": "c"}, "d": [{"e": 1}], "f": "cut', ['{"b": "c"}', '[{"e": 1}]']),
        ('{"a" {"b": "c"}', ['{"b": "c"}']),
        ('say "{"a {"b":"c"}', ['{"b":"c"}']),
        ('["x", ["y"] "z", {"b":1}', ['["y"]', '{"b":1}']),
        ('{"a": 1] {"b":"c"}', ['{"b":"c"}']),
        ('{"a":{"b":1},"c" {"d":2}', ['{"b":1}', '{"d":2}']),
        # Means something else to everybody who reads it.
        ('x {"a":"1","a":"2"} y', []),
        ('x {"a":"\\ud800"} y', []),
        ('x {"a":"\ud800"} y', []),
        ('x {"a":01} y', []),
        # No JSON.
        ('{a: 1} [b] {\'c\': \'d\'} {"e"} ["f" {"', []),
        ("", []),
    ],
)
def test_json(text: str, inner: list[str]) -> None:
    assert looked_into(text) == [("json", one) for one in inner]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (rf'msg="{{\"mail\": \"{MAIL}\"}}" level=info', r'msg="{\"mail\": \"<EMAIL_ADDRESS>\"}" level=info'),
        (
            rf'{{\"a\":\"\u00e9 \/ \\\"x\",\"b\":\"{MAIL}\\n\",\"c\":\"\/\"}}',
            r'{\"a\":\"\u00e9 \/ \\\"x\",\"b\":\"<EMAIL_ADDRESS>\\n\",\"c\":\"\/\"}',
        ),
        (rf'x={{\\\"a\\\":[\\\"{MAIL}\\\"]}}', r"x={\\\"a\\\":[\\\"<EMAIL_ADDRESS>\\\"]}"),
        (rf'{{\n  \"a\": \"\ud83d\ude00\ud800 {MAIL}\"\n}}', r'{\n  \"a\": \"\ud83d\ude00\ud800 <EMAIL_ADDRESS>\"\n}'),
        (rf'[\"{MAIL}', r"[\"<EMAIL_ADDRESS>"),
    ],
)  # fmt: skip
def test_escaped_json(text: str, after: str) -> None:
    assert [kind for kind, _ in looked_into(text)] == ["escaped"]
    assert replaced(text) == after


def test_json_in_json_in_json() -> None:
    text = RECORD
    for _ in range(3):
        text = json.dumps({"m": text})
    assert MAIL not in replaced(text)
    inner = pieces(text)[0].text
    for _ in range(3):
        inner = json.loads(inner)["m"]
        assert looked_into(inner)[0][0] == "json"
    assert inner == RECORD


def _url_safe(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode()


ENCODINGS: dict[str, Callable[[str], str]] = {
    "standard": b64,
    "without padding": lambda text: b64(text).rstrip("="),
    "url-safe": _url_safe,
    "jwt": lambda text: f"{_url_safe('{}')}.{_url_safe(text)}.c2ln".replace("=", ""),
    "in a url": lambda text: (
        f"?state={b64(text).replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}&x=1"
    ),
    "data url": lambda text: f"data:application/json;base64,{b64(text)}",
    "named": lambda text: f"glc_{b64(text)}",
    "in json": lambda text: "\\n" + b64(text),
    "in json of a url": lambda text: f"%3D{b64(text)}",
    "in a path": lambda text: f"/a/b/{b64(text)}",
    "mime": lambda text: base64.encodebytes(text.encode()).decode(),
    "pem": lambda text: re.sub(r"(.{64})(?=.)", r"\1\r\n", b64(text)) + "\r\n-----END",
    "utf-16": lambda text: f"powershell -e {b64(text.encode('utf-16-le'))}",
    "hex": lambda text: text.encode().hex(),
    "upper hex": lambda text: "0x" + text.encode().hex().upper(),
    "gzip": lambda text: b64(gzip.compress(text.encode(), mtime=0)),
    "twice": lambda text: b64(b64(text)),
    "json": lambda text: json.dumps({"m": b64(text)}),
}


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize(
    "text",
    [
        RECORD,
        RECORD * 9 + "~~~???>>>",
        f"{MAIL} ",
        f"Terve taas, sinä, hyvää päivää: {MAIL} 你好 é\n\tx",
        "Dear all of you,\r\n\tplease write\nto me\nat\n" + MAIL,
    ],
)
def test_encoded(name: str, text: str) -> None:
    encode = ENCODINGS[name]
    encoded = encode(text)
    assert name == "json" or triggered(encoded)
    assert looked_into(encoded)
    assert MAIL not in encoded
    # A replacement whose base64 needs neither of the two odd characters: else nothing says which are meant.
    after = replaced(encoded, "nobody@example.org")
    assert after != encoded
    expected = encode(text.replace(MAIL, "nobody@example.org"))
    if name == "gzip":
        assert gzip.decompress(base64.b64decode(after)).decode() == text.replace(MAIL, "nobody@example.org")
    elif name not in ("without padding", "in a path", "in a url"):  # known from what was there
        assert after == expected or (name == "mime" and after == expected.replace("\n", "") + "\n")
    assert MAIL not in "".join(inner for _, inner in looked_into(after))


@pytest.mark.parametrize(
    ("text", "inner", "after"),
    [
        ("To: =?utf-8?Q?bob=40example=2Ecom?= ok", [MAIL], "To: <EMAIL_ADDRESS> ok"),
        ("=?UTF-8?B?Ym9iQGV4YW1wbGUuY29t?=", [MAIL], "<EMAIL_ADDRESS>"),
        (
            "=?ISO-8859-1?Q?J=F6rg_?=\r\n =?utf-8*de?B?Ym9iQGV4YW1wbGUuY29t?=, x",
            [f"Jörg {MAIL}"],
            "=?utf-8?q?J=C3=B6rg_=3CEMAIL=5FADDRESS=3E?=, x",
        ),
        (f"{RECORD} =?us-ascii?q?a_b?= {RECORD}", [RECORD, "a b", RECORD], None),
        # A charset that nobody knows, no base64, no words: text as any other.
        ("=?nope?Q?jane?= =?utf-8?B?#?= =?utf-8?X?jane?= ?=?= a=?b", [], None),
    ],
)
def test_words_of_a_mails_header(text: str, inner: list[str], after: str | None) -> None:
    assert [one for _, one in looked_into(text)] == inner
    assert not inner or triggered(text)
    if after:
        assert replaced(text) == after
        assert build_sanitizer().redact_text(text)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "short Ym9iQGV4YW1wbGU=",
        "550e8400-e29b-41d4-a716-446655440000 550e8400e29b41d4a716446655440000",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709 9007199254740991 1767322805123456789",
        "/usr/lib/python3/dist-packages/aaaa_bbbb-cccc/ThisIsAClassNameOfJava.internalName",
        "H4sIAAAAAAAAAAAAAAAAAAAA",
        "SGVsbG8",
    ],
)
def test_not_encoded(text: str) -> None:
    assert pieces(text) == []


def test_words_and_ids_trigger_nothing() -> None:
    line = (
        '{"ts":"2026-01-02T03:04:05.123Z","trace":"4bf92f3577b34da6a3ce929d0e0e4736","id":1767322805123456789,'
        '"path":"/api/v1/orders/17/items","logger":"org.example.internal.OrderServiceImplementation",'
        '"uuid":"8f14e45f-ceea-467f-a8cd-6d5dcb0e9a0e","etag":"W/\\"zRk3mQ8vXb1uEwq7H0tLpA==\\""}'
    )
    assert not triggered(line)


def test_four_characters_of_base64_that_stand_for_ascii() -> None:
    """The classes of the trigger are exactly what three bytes of text can become."""
    alphabet = [*b"\t\n\r", *range(0x20, 0x80)]
    seen: list[set[str]] = [set(), set(), set(), set()]
    for first in alphabet:
        for second in alphabet:
            encoded = b64(bytes([first, second, 0x20])) + b64(bytes([0x20, first, second]))
            for place, char in enumerate(encoded):
                seen[place % 4].add(char)
    quad = re.search(r"\((?:\?:)(\[.*?\])(\[.*?\])(\[.*?\])(\[.*?\])", triggers()[0].regex)
    assert quad is not None
    whole = [chr(point) for point in range(0x20, 0x7F)]
    for place in range(3):
        assert {char for char in whole if re.match(quad[place + 1], char)} == seen[place]
    assert all(re.match(quad[4], char) for char in seen[3])


def test_text_among_other_bytes() -> None:
    data = (
        b"\x08\x96\xffmy mail is " + MAIL.encode() + b"\xff\xfe\x80" + "é and more of it é".encode() + b"\xff"
    )
    text = "x " + b64(data)
    (piece,) = pieces(text)
    assert piece.text == f"my mail is {MAIL}{GAP} and more of it é"
    assert base64.b64decode(replaced(text)[2:]) == data.replace(MAIL.encode(), b"<EMAIL_ADDRESS>")
    # A finding that goes over the gap takes the bytes with it.
    assert base64.b64decode(piece.encode("<GONE>")) == b"<GONE>"
    # Half of a pair of UTF-16.
    assert looked_into(b64("hello wide text".encode("utf-16-le") + b"\x00\xd8")) == []
    assert looked_into(b"too short.\xff".hex()) == []


def test_the_words_of_a_command_in_the_audit() -> None:
    words = b"curl\x00-u\x00joe:hunter2\x00http://example.com"
    line = f"type=PROCTITLE msg=audit(1364481363.243:24287): proctitle={words.hex().upper()}"
    assert looked_into(line) == [("hex", words.decode().replace("\x00", "\t"))]
    assert pieces(line)[0].encode("a\tb") == "610062"
    # Tabs of its own say that the zero bytes are no blanks; and digits alone say nothing.
    assert looked_into(b64(b"a tab\tand a zero byte\x00 in a text")) == [
        ("base64", "a tab\tand a zero byte\x00 in a text")
    ]
    assert looked_into(words.hex()) == []


def test_changed_text_of_other_alphabets() -> None:
    plain = RECORD + "x"  # a length that shows no padding
    token = b64(plain).rstrip("=")
    assert len(token) % 4 != 0
    assert "=" not in replaced(token)
    assert looked_into("A" + b64(RECORD) + "A")[0][1].endswith("}}")
    assert looked_into(b64(RECORD) + "%2B")[0][1].startswith(RECORD[:9])


def test_gzip() -> None:
    record = RECORD.encode()
    members = gzip.compress(record, mtime=0) + gzip.compress(b" and " + record, mtime=0)
    assert looked_into(b64(members)) == [("gzip", f"{RECORD} and {RECORD}")]
    # What was cut off can be read as far as it goes.
    long = json.dumps([random.Random(1).random() for _ in range(9000)])
    packed = gzip.compress(long.encode(), mtime=0)
    ((_, text),) = looked_into(b64(packed[: len(packed) // 2]))
    assert len(text) > 1000 and long.startswith(text)
    broken = bytearray(packed)
    broken[-200:] = bytes(200)
    assert looked_into(b64(bytes(broken)))
    assert pieces(b64(gzip.compress(b""))) == []
    once, again = (pieces(b64(packed))[0].encode("x") for _ in range(2))
    assert once == again and zlib.decompress(base64.b64decode(once), 31) == b"x"


def test_a_bomb_is_refused() -> None:
    limit = b64(gzip.compress(bytes(9) * (MAX_INFLATED // 9)))
    assert len(pieces(limit)) == 1
    with pytest.raises(DetectorError, match="too large to look into"):
        pieces(b64(gzip.compress(b" " * (MAX_INFLATED + 1))))
    half = b64(gzip.compress(b" " * (MAX_INFLATED // 2 + 1)))
    with pytest.raises(DetectorError, match="too large to look into"):
        pieces(f"{half} {half}")


@pytest.mark.parametrize("before", ["GET /unsubscribe/", "GET /u/", "https://x.example/a?u="])
@pytest.mark.parametrize("after", ["/weekly HTTP/1.1", "/edit", "/abc?x=1", "/17/x", "/two-words/x", "/x/y"])
@pytest.mark.parametrize("more", range(4))
def test_a_segment_of_a_path_ends_at_its_slash(before: str, after: str, more: int) -> None:
    """However many digits of the last four it fills; what stands behind it is as it was."""
    text = before + b64("a" * more + MAIL).rstrip("=") + after
    assert looked_into(text)[0] == ("base64", "a" * more + MAIL)
    new = build_sanitizer().redact_text(text)[0]
    assert new.startswith(f"{before}PEVNQUlMX0FERFJFU1M") and new.endswith(after)
    assert build_sanitizer().redact_text(new)[0] == new


@pytest.mark.parametrize("before", ["GET /go/", "u="])
@pytest.mark.parametrize("more", range(4))
def test_a_slash_among_the_digits_of_a_question_mark(before: str, more: int) -> None:
    said = "a" * more + f"https://x.example/a?mail={MAIL}&x=17"
    assert looked_into(before + b64(said)) == [("base64", said)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('Cookie: {"sid":"kd8mq2xzk3vq9","theme":"dark"}', 'Cookie: {"sid":"<SECRET>","theme":"dark"}'),
        (
            'Cookie: {"sid":"kd8mq2xzk3vq9","u":{"email":"jo@example.com"}}',
            'Cookie: {"sid":"<SECRET>","u":{"email":"<EMAIL_ADDRESS>"}}',
        ),
        (
            '-> http.cookie: Slice(["sid=kd8mq2xzk3vq9; lang=en"])',
            '-> http.cookie: Slice(["sid=<SECRET>; lang=en"])',
        ),
        ('Cookie: {"theme":"dark"} {"sid":"kd8mq2xzk3vq9"}',) * 2,
    ],
)
def test_json_that_is_named_by_what_stands_before_it(text: str, after: str) -> None:
    assert build_sanitizer().redact_text(text)[0] == after


def test_a_random_segment_behind_one_in_a_path() -> None:
    text = f"GET /u/{b64(MAIL + 'ab').rstrip('=')}/Zk3vQ9xLm2Rt8Wp5/ and {b64(MAIL + ' ?x/').rstrip('=')}"
    assert [said for _, said in looked_into(text)] == [MAIL + "ab", MAIL + " ?x/"]


def test_inside_json_and_beside_it() -> None:
    text = f'{b64(RECORD)} {{"a": "{b64(RECORD)}"}} {RECORD.encode().hex()}'
    assert [kind for kind, _ in looked_into(text)] == ["base64", "json", "hex"]


@given(
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.sampled_from(sorted(ENCODINGS)),
    st.text(max_size=5),
)
def test_any_text_is_found_and_written_back(text: str, name: str, around: str) -> None:
    """Whatever stands before and behind: the text is found, and a change arrives in it."""
    text = f"begin of it {MAIL} {text}"
    encoded = f"{around} {ENCODINGS[name](text)} {around}"
    looked_into(encoded)
    assert MAIL not in replaced(replaced(encoded))
    assert name == "json" or triggered(encoded)


@given(st.text(st.sampled_from('{}[]":,\\ a1\n-eyJ0'), max_size=60))
def test_any_text_of_signs(text: str) -> None:
    looked_into(text)


@given(
    st.recursive(
        st.text() | st.integers() | st.booleans(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_after_any_words(value: object) -> None:
    text = json.dumps({"a": value})
    assert looked_into(f"it's {{x}} [y] {text} and") == [("json", text)]


UNITS = [
    "[", "{", '{"', '["', '[{"a":', '["[",', '{"a {', '{\\"', '\\"', '"', "[1,", '{"a":"', '{"a":1}', '[["x"],5 ',
    '{"a":{"b":1},', '"{', '[ "', '["",[', "A", "41", "Ym9i", "H4sI", "a%2B", "AAAA\n", "YWFh", "YWFh.", "a/",
    "YWFh" * 5 + "/ab/", "/x/" + "YWFh" * 5, "YWF/" * 5, "eyJhIjoi", "YWFh" * 19 + "\n", "7b22", "H4sIAAAAAAAAAAAAAAAA.",
]  # fmt: skip


def linear(unit: str, size: int) -> None:
    """Under a second a megabyte on a machine that does nothing else; what is not linear takes minutes."""
    text = unit * (size // len(unit))
    start = time.process_time()
    pieces(text)
    slower = 1 if sys.gettrace() is None else 5  # coverage takes its time
    assert time.process_time() - start < 4e-6 * size * slower


@pytest.mark.parametrize("unit", UNITS)
def test_a_part_of_a_megabyte_takes_its_part_of_seconds(unit: str) -> None:
    linear(unit, 200_000)


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_takes_no_more_than_seconds(unit: str) -> None:
    linear(unit, 1_000_000)


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({"name": "Authorization", "value": "Bearer x"}, ("Authorization", "value")),
        ({"Name": "email", "Value": 1}, ("email", "Value")),
        ({"value": 1, "key": "a", "type": "b"}, ("a", "value")),
        ({"k": "a", "v": None}, ("a", "v")),
        ({"key": "user.email", "value": {"stringValue": MAIL}}, ("user.email", "value")),
        ({"header": "Cookie", "value": "a"}, ("Cookie", "value")),
        ({"field": "ssn", "value": "a", "x": 1, "y": 2}, ("ssn", "value")),
        ({"ParameterKey": "DbPassword", "ParameterValue": "x"}, ("DbPassword", "ParameterValue")),
        ({"NAME": "TOKEN", "VALUE": "x"}, ("TOKEN", "VALUE")),
        (
            {"propertyName": "firstname", "propertyValue": "x"} | dict.fromkeys("abcdefghi", 1),
            ("firstname", "propertyValue"),
        ),
        ({"field_name": "ssn", "field_value": "x", "a": 1, "b": 1, "c": 1}, ("ssn", "field_value")),
        ({"propertyName": 1, "propertyValue": "x"} | dict.fromkeys("abcdefghi", 1), None),
        ({"fieldName": "firstname", "propertyValue": "x"} | dict.fromkeys("abcdefghi", 1), None),
        ({"name": "id", "value": ["a"]}, ("id", "value")),
        ({"token": " the", "logprob": -0.42, "bytes": [], "top_logprobs": []}, ("piece_token", "token")),
        (
            {"token": "a", "start_offset": 0, "end_offset": 1, "type": "b", "position": 0},
            ("piece_token", "token"),
        ),
        ({"token": "a", "logprob": "-0.42"}, None),
        ({"token": "a", "start": 0}, None),
        ({"field": "a", "old": "x", "by": 1, "at": 2, "w": 3}, ("a", "old")),
        (
            {"code": {"coding": [{"display": "Age"}]}, "valueQuantity": {"value": 94}},
            ("Age", "valueQuantity"),
        ),
        ({"name": "a", "old": "x"}, None),
        ({"name": 1, "value": 2}, None),
        ({"value": 2, "unit": "s"}, None),
        ({"value": 2}, None),
        ({"name": "a", "id": "b"}, None),
        ({"name": "a", "value": "b", "c": 1, "d": 1, "e": 1}, None),
        (
            {"command": "PASS", "command_data": "x", "reply": ["230"], "a": 1, "b": 2},
            ("password", "command_data"),
        ),
        ({"user": "ann", "arg": "x", "command": "PASS"}, ("password", "arg")),
        ({"command": "RETR", "arg": "x"}, None),
        ({"command": "PASS", "code": 230}, None),
        ({}, None),
    ],
)
def test_named_values(record: dict[str, object], named: tuple[str, str] | None) -> None:
    assert named_values(record) == ({named[1]: Named(named[0])} if named else {})


@pytest.mark.parametrize(
    ("record", "named"),
    [
        ({"op": "replace", "path": "/password", "value": "x"}, {"value": "/password"}),
        ({"op": "replace", "path": "/phone", "value": 7}, {"value": "/phone"}),
        ({"op": "move", "path": "/password", "value": "x"}, {}),
        ({"path": "/password", "value": "x"}, {}),
        ({"id": "password", "value": "x"}, {"value": "password"}),
        ({"type": "SSN", "value": "x"}, {"value": "SSN"}),
        ({"type": "SSN", "value": 7}, {}),
        ({"type": "token", "value": "x"}, {}),
        ({"label": "Last name", "answer": "x"}, {"answer": "Last name"}),
        ({"text": "SSN", "answer": [{"valueString": "x"}]}, {"answer": "SSN"}),
        ({"question": "What is your PIN?", "answer": "x"}, {"answer": "What is your PIN?"}),
        ({"question": "What is your PIN?", "answer": "x" * 65}, {}),
        ({"question": "What is a good password?", "answer": "x"}, {}),
        ({"question": "x" * 101, "answer": "x"}, {}),
        ({"prompt": "password", "response": "x"}, {}),
        ({"system": "http://hl7.org/fhir/sid/us-ssn", "value": "x"}, {"value": "us-ssn"}),
        ({"system": "urn:oid:2.16.840.1.113883.4.3.6", "value": "x"}, {"value": "driver-license"}),
        ({"system": "urn:oid:2.16.840.1.113883.4.999", "value": "x"}, {}),
        ({"type": {"coding": [1, {"code": "MR"}]}, "value": "x"}, {"value": "mrn"}),
        ({"type": {"text": "Chart number"}, "value": "x"}, {"value": "Chart number"}),
        ({"type": {"coding": "MR"}, "value": "x"}, {}),
        ({"url": "https://example.com/fhir/maidenName", "valueString": "x"}, {"valueString": "maidenName"}),
        ({"url": "https://example.com/password", "value": "x"}, {}),
        ({"type": "SSN", "value": "x", **dict.fromkeys("abcdefg")}, {}),
        (
            {"family": "x", "given": "y", **dict.fromkeys("abcdefg")},
            {"family": "family-name", "given": "given-name"},
        ),
        ({"family": "inet", "address": "y"}, {}),
        ({"nome": "x", "cognome": "y"}, {"nome": "first-name"}),
        ({"nombre": "x", "apellido1": "y"}, {"nombre": "first-name"}),
        ({"ort": "x", "plz": "42103"}, {"ort": "city"}),
        ({"ort": "x", "gpu": True}, {}),
        ({"cap": "59100", "comune": "x", "indirizzo": "y"}, {"cap": "zip", "comune": "city"}),
        ({"cap": "59100", "min": "1"}, {}),
    ],
)
def test_names_that_count_where_they_promise_something(record: Any, named: dict[str, str]) -> None:
    assert named_values(record) == {key: Named(name, sure=False) for key, name in named.items()}


HINTED = [
    ({"op": "replace", "path": "/password", "value": "Tr7kQz9wLm2x"}, "PASSWORD"),
    ({"op": "add", "value": "Tr7kQz9wLm2x", "path": "/users/0/password"}, "PASSWORD"),
    ({"field": "password", "old": "Kp3mNv8sXq1", "new": "Tr7kQz9wLm2x"}, "PASSWORD"),
    ({"field": "password", "rejectedValue": "Tr7kQz9wLm2x", "code": "Size"}, "PASSWORD"),
    ({"PropertyName": "Password", "AttemptedValue": "Tr7kQz9wLm2x"}, "PASSWORD"),
    ({"id": "password", "value": "Tr7kQz9wLm2x"}, "PASSWORD"),
    ({"answer": "Tr7kQz9wLm2x", "n": 3, "label": "Password"}, "PASSWORD"),
    ({"label": "Téléphone", "n": "a", "answer": "612345678"}, "PHONE_NUMBER"),
    ({"label": "contraseña", "n": "a", "answer": "Tr7kQz9wLm2x"}, "PASSWORD"),
    ({"label": "Last name", "answer": "Lindqvist"}, "PERSON"),
    ({"type": "SSN", "value": "412739985"}, "US_SSN"),
    ({"text": "Social security number", "answer": [{"valueString": "398612207"}]}, "US_SSN"),
    ({"system": "http://hl7.org/fhir/sid/us-ssn", "value": "412739985"}, "US_SSN"),
    ({"system": "urn:oid:2.16.840.1.113883.4.572", "value": "1EG4TE5MK73"}, "US_MBI"),
    ({"type": {"coding": [{"code": "MR"}]}, "value": "412739985"}, "MEDICAL_RECORD_NUMBER"),
    ({"type": {"text": "Medical Record Number"}, "value": "412739985"}, "MEDICAL_RECORD_NUMBER"),
    (
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Eze"},
        "PERSON",
    ),
    ({"family": "Lindqvist", "n": 1, "given": "Tobias"}, "PERSON"),
    ({"given": ["Tobias"], "family": "Lindqvist"}, "PERSON"),
    ({"nombre": "Tobias", "apellidos": "Lindqvist"}, "PERSON"),
    ({"plz": "42103", "ort": "Wuppertal"}, "LOCATION"),
    ({"姓": "和泉", "名": "小百合"}, "PERSON"),
    ({"loc": ["body", "password"], "msg": "too short", "input": "Tr7kQz9w"}, "PASSWORD"),
    ({"input": "Lindqvist4", "loc": ["body", "last_name"]}, "PERSON"),
    ({"loc": ["body", "password"], "input": {"n": "Tr7kQz9w"}}, None),
    ({"loc": ["body", "age"], "input": "Tr7kQz9w"}, None),
    ({"loc": "password", "input": "Tr7kQz9w"}, None),
    ({"family": "inet", "given": 4}, None),
    ({"nombre": "Tobias", "clave": "Lindqvist"}, None),
    ({"type": "token", "value": "identifier"}, None),
    ({"id": "mobile", "value": 51200}, None),
    ({"field": "status", "old": "open", "new": "closed"}, None),
    ({"op": "add", "path": "/metadata/labels/app", "value": "web"}, None),
    ({"question": "What is a good password?", "answer": "a long one"}, None),
]


@pytest.mark.parametrize(("record", "entity"), HINTED)
def test_what_a_sibling_says_of_a_value(
    ours: Sanitizer, record: dict[str, object], entity: str | None
) -> None:
    for one in (record, {"a": [record]}, {"m": json.dumps(record)}):
        line = json.dumps(one).encode() + b"\n"
        made = BlockFilter(ours).judge(line)
        assert made == BlockFilter(ours).judge_one_by_one(line)
        assert (made.data == line) is (entity is None)
        assert entity is None or f"<{entity}>".encode() in made.data


def test_the_same_in_columns(ours: Sanitizer) -> None:
    for record, _ in HINTED:
        batch = pa.RecordBatch.from_pylist([record, record])
        made = [row for one in ours.redact_batches([batch]) for row in one.to_pylist()]
        assert made == [ours.redact(row)[0] for row in batch.to_pylist()]


def test_keys_that_may_be_named() -> None:
    assert to_be_named({"command", "arg", "user"}) == {"arg"}
    assert to_be_named({"name", "value"}) == {"value"}
    assert to_be_named({"token", "logprob"}) == {"token"}
    assert to_be_named({"token", "user"}) == set()


@pytest.mark.parametrize(
    ("items", "named"),
    [
        (["x", "--password", "hunter2", "--token", "t"], {2: "password", 4: "token"}),
        (
            ["x", "--pass", "hunter2", "-storepass", "s", "--passes", "3"],
            {2: "password", 4: "password", 6: "passes"},
        ),
        (["-Password", "hunter2"], {1: "Password"}),
        (["Cookie", "sid=1", "COOKIE", "a b"], {1: "Cookie", 3: "COOKIE"}),
        (["authorization", "cookie", "x1"], {2: "cookie"}),
        (["--password", "--user"], {}),
        (["--password", 1], {}),
        ([1, "x"], {}),
        (["-", "x"], {}),
        (["password", "x1"], {}),
        (["--password"], {}),
        ([], {}),
    ],
)
def test_named_items(items: list[object], named: dict[int, str]) -> None:
    assert named_items(items) == named


@pytest.mark.parametrize(
    ("items", "command"),
    [
        (["curl", "-u", "a:b"], True),
        (["mysql", "-pX"], True),
        (["a", "-x", "--password"], False),
        (["curl", "-u", 1], False),
        ([], False),
    ],
)
def test_is_command(items: list[object], command: bool) -> None:
    assert is_command(items) == command


@pytest.fixture(scope="module")
def ours() -> Sanitizer:
    return build_sanitizer()


LISTS = [
    (["--password", "hunter2x", "--port", "80"], ["--password", "<PASSWORD>", "--port", "80"]),
    (["mysql", "-u", "root", "-phunter2x", "db"], ["mysql", "-u", "root", "<PASSWORD>", "db"]),
    (["curl", "-u", "ann:hunter2x", "https://x"], ["curl", "-u", "<PASSWORD>", "https://x"]),
    (["curl", "-u", "ann:hunter2x", "bob@example.com"], ["curl", "-u", "<PASSWORD>", "<EMAIL_ADDRESS>"]),
    (["Host", "x", "Cookie", "sid=abc1"], ["Host", "x", "Cookie", "<SECRET>"]),
    (["authorization", "cookie", "name"],) * 2,
    (
        ["X-Gitlab-Token", "Zx9kQ2pL7v", "apikey", "Zx9kQ2pL7v"],
        ["X-Gitlab-Token", "<SECRET>", "apikey", "<SECRET>"],
    ),
    (["CONFIG", "SET", "requirepass", "hunter2x"], ["CONFIG", "SET", "requirepass", "<PASSWORD>"]),
    (["CONFIG", "GET", "requirepass"],) * 2,
    (["redis-server", "--requirepass", "hunter2x"], ["redis-server", "--requirepass", "<PASSWORD>"]),
    (["mkdir", "-p", "a/b"],) * 2,
]


@pytest.mark.parametrize(("items", "after"), LISTS)
def test_lists_of_which_one_item_says_what_another_is(
    ours: Sanitizer, items: list[str], after: list[str]
) -> None:
    for record, clean in (
        ({"a": items}, {"a": after}),
        ([{"b": [items]}], [{"b": [after]}]),
        ({"m": json.dumps(items)}, {"m": json.dumps(after)}),
    ):
        line = json.dumps(record).encode()
        assert json.loads(BlockFilter(ours).judge(line + b"\n").data) == clean
        assert ours.redact(record)[0] == clean


LOGIN, SHORT = "Ym90OkJNUUtuWThxUzBCRm43Qndwa1ow", "Ym90Olo4V0hsY3FFTFQzRXBJ"  # bot:…
TO_A_URL, TO_JSON = "aHR0cHM6Ly9pZHAuZXhhbXBsZS5jb20vdG9rZW4=", "eyJpZCI6NDcxMX0="


@pytest.mark.parametrize(
    ("line", "after"),
    [
        (f'{{"auths":{{"ghcr.io":{{"auth":"{LOGIN}"}}}}}}', '{"auths":{"ghcr.io":{"auth":"<SECRET>"}}}'),
        (f'  "auth": "{LOGIN}",', '  "auth": "<SECRET>",'),
        (f"//nexus.example.com/npm/:_auth={SHORT}", "//nexus.example.com/npm/:_auth=<SECRET>"),
        (f'{{"auth":"{TO_JSON}"}}',) * 2,
        (f"auth={TO_A_URL}",) * 2,
        (f'{{"author":"{LOGIN}"}}',) * 2,
        (f"built {LOGIN} for you",) * 2,
        ('{"auth":{"type":"oauth2","enabled":true}}',) * 2,
    ],
)
def test_a_login_in_base64(ours: Sanitizer, line: str, after: str) -> None:
    new = ours.redact_json(line.encode())[0] if line[0] == "{" else ours.redact_text(line.encode())[0]
    assert new.decode() == after
    assert BlockFilter(ours).judge(f"{line}\n".encode()).data.decode() == f"{after}\n"


SEED = "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic"


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"kty": "EC", "x": "MKBC", "d": "870MB6gf"}, {"kty": "EC", "x": "MKBC", "d": "<SECRET>"}),
        ({"kty": "oct", "k": "870MB6gf"}, {"kty": "oct", "k": "<SECRET>"}),
        ({"p256dh": "BNcR", "auth": "tBHItJI5svbp"}, {"p256dh": "BNcR", "auth": "<SECRET>"}),
        ({"p256h": "BNcR", "auth": "basic"}, {"p256h": "BNcR", "auth": "basic"}),
        (
            {"messaging_product": "whatsapp", "to": "12025550143"},
            {"messaging_product": "whatsapp", "to": "<PHONE_NUMBER>"},
        ),
        ({"messaging_product": "whatsapp", "to": "all"}, {"messaging_product": "whatsapp", "to": "all"}),
        ({"product": "whatsapp", "to": "12025550143"}, {"product": "whatsapp", "to": "12025550143"}),
        (
            {
                "from": "12025550143",
                "id": "wamid.HBgLMTIwMjU1NTAxNDMVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA",
                "type": "text",
            },
            {"from": "<PHONE_NUMBER>", "id": "<UNIQUE_ID>", "type": "text"},
        ),
        ({"from": "12025550143", "id": "evt_17", "type": "text"},) * 2,
        (
            {"mti": "0200", "3": "000000", "52": "1A2B3C4D5E6F7081"},
            {"mti": "0200", "3": "000000", "52": "<SECRET>"},
        ),
        ({"DE52": "1A2B3C4D5E6F7081", "mti": "0200"}, {"DE52": "<SECRET>", "mti": "0200"}),
        ({"3": "000000", "52": "1A2B3C4D5E6F7081"},) * 2,
        ({"d": "870MB6gf", "k": "x1"},) * 2,
        ({"kind": "Secret", "data": {"foo": "RzFGc2Z4"}}, {"kind": "Secret", "data": {"foo": "<SECRET>"}}),
        ({"kind": "Secret", "stringData": {"a": "b4"}}, {"kind": "Secret", "stringData": {"a": "<SECRET>"}}),
        ({"kind": "ConfigMap", "data": {"foo": "RzFGc2Z4"}},) * 2,
        (
            {"primaryKey": "X14S", "secondaryKey": "sJ4k"},
            {"primaryKey": "<SECRET>", "secondaryKey": "<SECRET>"},
        ),
        ({"primaryKey": "id"},) * 2,
        ({"device_code": "d129", "user_code": "WDJB"}, {"device_code": "<SECRET>", "user_code": "<SECRET>"}),
        ({"device_code": "d129", "vendor": "x"},) * 2,
        ({"mnemonic": SEED}, {"mnemonic": "<SECRET>"}),
        ({"seed": SEED}, {"seed": "<SECRET>"}),
        ({"mnemonic": "MOV", "seed": "42"},) * 2,
        ({"title": SEED},) * 2,
        # A document's number, by its type, in both orders.
        ({"documentType": "PASSPORT", "documentNumber": "X1234567"}, {"documentNumber": "<US_PASSPORT>"}),
        ({"documentNo": "X1234567", "documentType": "ID_CARD"}, {"documentNo": "<NATIONAL_ID>"}),
        ({"doc_type": "Driving Licence", "number": "X1234567"}, {"number": "<US_DRIVER_LICENSE>"}),
        ({"docType": "visa", "docNo": 1234567}, {"docNo": None}),
        *(
            (record, record)
            for record in (
                {"documentType": "INVOICE", "documentNumber": "X1234567"},
                {"documentType": "PASSPORT", "documentNumber": "none", "number": True},
                {"documentType": 7, "documentNumber": "X1234567"},
                {"documentNumber": "X1234567"},
            )
        ),
        # What Terraform made, and half of a pair of keys.
        ({"type": "random_password", "result": "aB3$kd8!mQ2x"}, {"result": "<PASSWORD>"}),
        ({"bcrypt_hash": "x", "result": "kd8mQ2xZ"}, {"result": "<PASSWORD>"}),
        ({"override_special": None, "result": "aB3$kd8!mQ2x"}, {"result": "<PASSWORD>"}),
        ({"special": True, "result": "aB3$kd8!mQ2x"}, {"result": "<PASSWORD>"}),
        ({"special": False, "result": "aB3kd8mQ2xW7pL0s"}, {"result": "<PASSWORD>"}),
        ({"private": "MC4C" + "k3J9sLq0Xv7ZpT2mN8bR" * 2}, {"private": "<SECRET>"}),
        *(
            (record, record)
            for record in (
                {"type": "random_pet", "result": "aB3$kd8!mQ2x"},
                {"override_special": None, "result": "x7k2p9"},
                {"special": False, "result": "x7k2p9"},
                {"special": True, "result": "made of words"},
                {"special": True, "result": 12},
                {"type": "random_password", "result": None},
                {"private": True},
                {"private": "yes", "public": "no"},
                {"public": "MC4C" + "k3J9sLq0Xv7ZpT2mN8bR" * 2},
            )
        ),
        ({"hmacSignature": "k3J9sLq0Xv7ZpT2m="}, {"hmacSignature": "<SECRET>"}),
        ({"Calling-Station-Id": "00-11-22-33-44-55"}, {"Calling-Station-Id": "<MAC_ADDRESS>"}),
        ({"Calling-Station-Id": "edge-7", "NAS-Identifier": "00-11-22"},) * 2,
        ({"arguments": ["token", "kd8mQ2xZk3vQ9xLm2Rt8"]}, {"arguments": ["token", "<SECRET>"]}),
        ({"arguments": ["token", "last_name"]},) * 2,
        ({"columns": ["token", "kd8mQ2xZk3vQ9xLm2Rt8", "x"]},) * 2,
        # An account, beside its bank.
        (
            {"account": "12345678", "routing": "021000021"},
            {"account": "<US_BANK_NUMBER>", "routing": "<ABA_ROUTING_NUMBER>"},
        ),
        ({"bic": "DEUTDEFF", "account": "12345678"}, {"account": "<US_BANK_NUMBER>"}),
        ({"swift": "DEUTDEFF500", "account": "0012345678"}, {"account": "<US_BANK_NUMBER>"}),
        (
            {"account": 12345678, "sort_code": "20-00-00"},
            {"account": None, "sort_code": "<UK_SORT_CODE>"},
        ),
        *(
            (record, record)
            for record in (
                {"account": "123456789012", "region": "eu-west-1"},
                {"account": "123456789012", "routing": "orders.created"},
                {"account": "123456789012", "swift": {"container": "x"}},
                {"account": "savings", "bic": "DEUTDEFF"},
                {"routing": "021000021x", "bic": "DEUTDEFF"},
            )
        ),
        # A code, beside the event.
        ({"event": "otp_sent", "code": "482913"}, {"code": "<SECRET>"}),
        ({"code": "4829", "type": "mfa"}, {"code": "<SECRET>"}),
        ({"type": "MFA", "code": 482913}, {"code": None}),
        ({"action": "verifyEmail", "code": "482913"}, {"code": "<SECRET>"}),
        ({"eventType": "sms.code.sent", "code": "482913"}, {"code": "<SECRET>"}),
        ({"eventName": "otpFailed", "code": "482913"}, {"code": "<SECRET>"}),
        *(
            (record, record)
            for record in (
                {"event": "exit", "code": "137"},
                {"event": "exit", "code": "482913"},
                {"type": "mfa", "code": "ok"},
                {"type": "mfa", "code": 60200},
                {"type": "mfa_error", "code": "4012"},
                {"type": "verify", "code": "4012"},
                {"event": "hotpot", "code": "482913"},
                {"event": "otp " * 26, "code": "482913"},
                {"event": 7, "code": "482913"},
                {"type": "mfa", "code": {"a": "482913"}},
            )
        ),
        # What a word is beside a login.
        ({"user": "bob", "pin": 4938}, {"pin": None}),
        ({"card": "visa-1", "pin": "4938"}, {"pin": "<SECRET>"}),
        ({"username": "bob", "pass": "hunter2"}, {"pass": "<PASSWORD>"}),
        ({"username": "bob", "pass": "482913"}, {"pass": "<PASSWORD>"}),
        ({"pw": "sesame", "login": "bob"}, {"pw": "<PASSWORD>"}),
        ({"psw": "monkeys", "account": "bob"}, {"psw": "<PASSWORD>"}),
        ({"u": "bob", "p": "hunter2!x"}, {"p": "<PASSWORD>"}),
        ({"p": "tr0ub4dor&3", "login": "bob.lee"}, {"p": "<PASSWORD>"}),
        ({"u": "CORP\\jsmith", "p": "hunter2!x"}, {"u": "CORP\\<PERSON>", "p": "<PASSWORD>"}),
        ({"usr": "CORP\\sqlsvc", "p": "hunter2!x"}, {"p": "<PASSWORD>"}),
        *(
            (record, record)
            for record in (
                {"u": 1, "p": 2},
                {"u": 17, "p": "hunter2!x"},
                {"x": "bob", "p": "hunter2!x"},
                {"u": "/a/b", "p": "hunter2!x"},
                {"u": "C:\\Users\\bob", "p": "hunter2!x"},
                {"u": "CORP\\jsmith", "p": "/a/b17"},
                *(
                    {"user": "bob", "p": one}
                    for one in (
                        "home",
                        "/a/b17",
                        "page-17",
                        "12.50",
                        "P1",
                        "v2.1",
                        "9f86d081884c7d65",
                        "checkout2",
                        9.5,
                    )
                ),
                {"u": "bob", "p": {"a": "hunter2!x"}},
                {"pass": 12, "fail": 3},
                {"pin": 13, "mode": "OUTPUT"},
                {"user": "pi", "pin": 4938, "mode": "OUTPUT"},
                {"user": "ci", "pin": 17},
                {"user": "ci", "pass": "monkeys", "failed": "apes"},
                {"user": "ci", "pass": 12},
                *({"user": "ci", "pass": one} for one in ("12/14", "97.5%", "1200", "12:30:07", "1200 ms")),
                {"user": "ci", "pass": "yes", "pw": "true", "psw": "***"},
                {"pass": "monkeys", "pin": 4938},
            )
        ),
    ],
)
def test_what_a_member_is_by_those_beside_it(
    ours: Sanitizer, record: dict[str, object], after: dict[str, object]
) -> None:
    after = {**record, **after}
    line = json.dumps({"m": record}).encode()
    assert ours.redact({"m": record})[0] == {"m": after}
    assert json.loads(ours.redact_json(line)[0]) == {"m": after}
    assert json.loads(BlockFilter(ours).judge(line + b"\n").data) == {"m": after}


@pytest.mark.parametrize(
    ("record", "after"),
    [
        ({"kty": "oct", "k": "870MB6gf"}, {"k": "<SECRET>"}),
        ({"user": "bob", "pin": "4938"}, {"pin": "<SECRET>"}),
        ({"documentType": "PASSPORT", "documentNumber": "X1234567"}, {"documentNumber": "<US_PASSPORT>"}),
        ({"account": "12345678", "bic": "DEUTDEFF"}, {"account": "<US_BANK_NUMBER>"}),
        ({"event": "otp_sent", "code": "482913"}, {"code": "<SECRET>"}),
        ({"u": "bob", "p": "hunter2!x"}, {"p": "<PASSWORD>"}),
    ],
)
def test_what_a_member_is_in_columns(ours: Sanitizer, record: dict[str, str], after: dict[str, str]) -> None:
    texts = pa.map_(pa.string(), pa.string())
    batches = [
        pa.RecordBatch.from_pylist([record]),
        pa.RecordBatch.from_pylist([{"m": record}]),
        pa.RecordBatch.from_arrays([pa.array([[*record.items()]], texts)], ["m"]),
    ]
    made = [one.to_pylist() for batch in batches for one in ours.redact_batches([batch])]
    after = {**record, **after}
    assert made == [[after], [{"m": after}], [{"m": [*after.items()]}]]


def test_a_login_stays_where_secrets_do() -> None:
    ours = build_sanitizer(Policy.parse(b"version: 1\nentities: {SECRET: keep}\n", "p.yaml"))
    line = f'{{"auth":"{LOGIN}","m":"ann@example.com"}}'.encode()
    assert LOGIN in ours.redact_json(line)[0].decode()


def test_such_lists_in_columns(ours: Sanitizer) -> None:
    batch = pa.RecordBatch.from_pylist([{"a": items} for items, _ in LISTS])
    made = list(ours.redact_batches([batch]))
    assert [row["a"] for one in made for row in one.to_pylist()] == [after for _, after in LISTS]


@pytest.mark.parametrize(
    "record",
    [
        {"ssn": {"S": "078051120"}},
        {"card": {"M": {"number": {"S": "4111111111111112"}}}},
        {"emails": {"L": [{"S": "call me"}]}},
        {"ssn": {"$numberLong": "078051120"}},
    ],
)
def test_types_of_databases_are_looked_through(ours: Sanitizer, record: dict[str, object]) -> None:
    clean, _ = ours.redact(record)
    assert "<" in json.dumps(clean)


def test_wrappers() -> None:
    assert {"stringValue", "int_value", "kvlistValue", "values", "S", "NS", "$numberLong"} <= WRAPPERS
    assert "value" not in WRAPPERS
