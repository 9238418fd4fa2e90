"""Ways to write a value so that it is not seen: none of them gets through.

A value that is split over an array of single characters is out of scope: put together it would be found, and
nothing says that it should be put together.
"""

import base64
import gzip
import io
import json
import random
import subprocess
import urllib.parse
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from cecil import Policy, Sanitizer
from cecil.errors import RecordError
from cecil.sanitizer.blocks import BlockFilter
from tests.conftest import Run, build_sanitizer

MAIL = "bob.miller@example.com"
CARD = "4111 1111 1111 1111"
SSN = "219-09-9999"
PASSWORD = "hunter2-Zebra"
KEY_LINES = [f"MIIEvQIBADAN{i}" + "Abc/Def+" * 6 for i in range(8)]
PEM = ["-----BEGIN " + "PRIVATE KEY-----", *KEY_LINES, "-----END " + "PRIVATE KEY-----"]


@pytest.fixture(scope="module")
def default() -> Sanitizer:
    return build_sanitizer()


def by_all_ways(sanitizer: Sanitizer, line: bytes) -> bytes:
    """The line after; text, record and a second run agree."""
    if line.lstrip().startswith(b"{"):
        new, findings = sanitizer.redact_json(line)
        assert sanitizer.redact(json.loads(line))[0] == json.loads(new)
        assert sanitizer.redact_json(new)[0] == new
    else:
        new, findings = sanitizer.redact_text(line)
        assert sanitizer.redact_text(new)[0] == new
    assert findings or new == line
    return new


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def nested(value: Any, times: int) -> str:
    text = json.dumps(value)
    for _ in range(times):
        text = json.dumps({"m": text})
    return text


RECORD = {"user": {"email": MAIL, "password": PASSWORD}, "card": CARD.replace(" ", ""), "ok": True}

# How an address can be written.
MAILS: dict[str, Callable[[str], str]] = {
    "percent-encoded": lambda text: urllib.parse.quote(text, safe=""),
    "percent-encoded twice": lambda text: urllib.parse.quote(urllib.parse.quote(text, safe=""), safe=""),
    "percent-encoded all through": lambda text: "".join(f"%{ord(char):02X}" for char in text),
    "decimal entity": lambda text: text.replace("@", "&#64;"),
    "hexadecimal entity": lambda text: text.replace("@", "&#x40;"),
    "named entity": lambda text: text.replace("@", "&commat;").replace(".", "&period;"),
    "entity of an entity": lambda text: text.replace("@", "&amp;#64;"),
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) for char in text),
    "escape as text": lambda text: text.replace("@", "\\u0040"),
    "hexadecimal escape": lambda text: text.replace("@", "\\x40"),
    "soft hyphen": lambda text: text.replace("e", "e\u00ad"),
    "zero-width joiner": lambda text: text.replace("@", "\u200d@\u200d"),
    "zero-width space": lambda text: "\u200b".join(text),
    "byte order mark": lambda text: "\ufeff" + text.replace("@", "@\ufeff"),
    "ideographic stop": lambda text: text.replace(".", "\u3002"),
    "mathematical": lambda text: "".join(chr(0x1D41A + ord(c) - 97) if c.isalpha() else c for c in text),
    "base64": lambda text: b64(text),
    "base64 twice": lambda text: b64(b64(text)),
    "base64 in a url": lambda text: f"https://app.example/?s={urllib.parse.quote(b64(text + '?>~~'))}",
    "hexadecimal": lambda text: text.encode().hex(),
    "gzip": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "line break": lambda text: f"first\\n{text}\\nlast",
    "colours": lambda text: f"\x1b[31m{text.replace('@', chr(27) + '[0m@')}\x1b[0m",
}

NUMBERS: dict[str, Callable[[str], str]] = {
    "full width": lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text),
    "arabic": lambda text: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in text),
    "nbsp": lambda text: text.replace(" ", "\u00a0").replace("-", "\u2011"),
    "thin blanks": lambda text: text.replace(" ", "\u2009").replace("-", "\u2013"),
    "zero-width joiners": lambda text: "\u200d".join(text),
    "soft hyphens": lambda text: "\u00ad".join(text),
    "struck through": lambda text: "".join(f"{c}\u0336" if c.isdigit() else c for c in text),
    "keycaps": lambda text: "".join(f"{c}\ufe0f\u20e3" if c.isdigit() else c for c in text),
    "percent-encoded": lambda text: urllib.parse.quote(text).replace("-", "%2D"),
    "plus": lambda text: "?a=" + urllib.parse.quote_plus(text),
    "entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "colours": lambda text: f"\x1b[33m{text}\x1b[0m",
    "line break": lambda text: f"\\n{text}\\n",
    "words of another script": lambda text: f"卡号{text}，谢谢",
}


@pytest.mark.parametrize("way", MAILS)
def test_an_address(default: Sanitizer, way: str) -> None:
    written = MAILS[way](MAIL)
    for line in (
        json.dumps({"level": "info", "m": f"to {written} now"}),
        json.dumps({"m": f"to {written} now"}, ensure_ascii=False),
        json.dumps({"a": [{"b": written}]}),
        f"2026-01-02 INFO to {written} now",
    ):
        new = by_all_ways(default, line.encode())
        assert written not in new.decode()
        assert json.dumps(written)[1:-1] not in new.decode()
        # And nothing else is gone.
        assert ("now" in new.decode()) == ("now" in line)
        _no_trace(new.decode(), "miller")


@pytest.mark.parametrize("way", NUMBERS)
@pytest.mark.parametrize("number", [f"card {CARD}", f"ssn {SSN}"])
def test_a_number(default: Sanitizer, way: str, number: str) -> None:
    word, _, value = number.partition(" ")
    written = NUMBERS[way](value)
    for line in (
        json.dumps({"m": f"{word} {written} now"}),
        json.dumps({"m": f"{word} {written} now"}, ensure_ascii=False),
        f"INFO {word} {written} now",
    ):
        new = by_all_ways(default, line.encode())
        assert written not in new.decode()
        assert json.dumps(written)[1:-1] not in new.decode()
        assert "now" in new.decode()


def _no_trace(text: str, word: str) -> None:
    """Neither the word nor its base64 at any offset, nor its hexadecimal digits."""
    forms = [word, word.encode().hex()]
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + word.encode()).decode()
        forms.append(encoded[4 if offset else 0 : len(encoded) // 4 * 4 - 4])
    assert not [form for form in forms if form in text]


def test_unicode_escapes_of_json(default: Sanitizer) -> None:
    """Every character of the value, and of its key, is an escape."""
    escaped = "".join(f"\\u{ord(char):04x}" for char in MAIL)
    assert by_all_ways(default, b'{"m":"%s"}' % escaped.encode()) == b'{"m":"<EMAIL_ADDRESS>"}'
    assert by_all_ways(default, b'{"m":"bob\\u0040example.com"}') == b'{"m":"<EMAIL_ADDRESS>"}'
    key = "".join(f"\\u{ord(char):04X}" for char in "password")
    line = b'{"%s":"%s"}' % (key.encode(), PASSWORD.encode())
    assert by_all_ways(default, line) == b'{"%s":"<PASSWORD>"}' % key.encode()


@pytest.mark.parametrize("times", [1, 2, 3])
def test_json_in_json_in_json(default: Sanitizer, times: int) -> None:
    new = by_all_ways(default, nested(RECORD, times).encode())
    for _ in range(times):
        new = json.loads(new)["m"]
    after = json.loads(new)
    assert after["user"] == {"email": "<EMAIL_ADDRESS>", "password": "<PASSWORD>"}
    assert "4111" not in str(after["card"])
    assert after["ok"] is True


def test_json_after_words(default: Sanitizer) -> None:
    inner = json.dumps(RECORD)
    for line in (
        json.dumps({"m": f"llm response: {inner} (200)"}).encode(),
        f"12:00 INFO llm response: {inner} (200)".encode(),
        f"level=info body={json.dumps(inner)} status=200".encode(),
        f"level=info body={json.dumps(json.dumps({'m': inner}))} status=200".encode(),
    ):
        new = by_all_ways(default, line)
        assert not [value for value in (MAIL, PASSWORD, "4111") if value.encode() in new]
        assert b"200" in new


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b64(text),
        lambda text: b64(text).rstrip("="),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        lambda text: base64.encodebytes(text.encode()).decode(),
        lambda text: text.encode().hex(),
        lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
        lambda text: b64(json.dumps({"m": b64(text)})),
        lambda text: f"data:application/json;base64,{b64(text)}",
    ],
)
def test_base64_of_json(default: Sanitizer, encode: Callable[[str], str]) -> None:
    line = json.dumps({"ts": 1, "data": encode(json.dumps(RECORD))})
    new = by_all_ways(default, line.encode()).decode()
    data = json.loads(new)["data"].removeprefix("data:application/json;base64,")
    for _ in range(2):
        try:
            inner = bytes.fromhex(data)
        except ValueError:
            inner = base64.urlsafe_b64decode(data.replace("+", "-").replace("/", "_") + "==")
        if inner.startswith(b"\x1f\x8b"):
            inner = gzip.decompress(inner)
        if b'"m"' not in inner:
            break
        data = json.loads(inner)["m"]
    after = json.loads(inner)
    assert after["user"] == {"email": "<EMAIL_ADDRESS>", "password": "<PASSWORD>"}
    assert "4111" not in str(after["card"])
    assert after["ok"] is True


def test_a_bomb_is_not_passed_on(default: Sanitizer) -> None:
    bomb = base64.b64encode(gzip.compress(b" " * (64 << 20))).decode()
    with pytest.raises(RecordError):
        default.redact_json(json.dumps({"data": bomb}).encode())


@pytest.mark.parametrize(
    "key",
    [
        "password", "PASSWORD", "userPassword", "user_password", "user-password", "user.password", "USER PASSWORD",
        "Password ", "pass\u200bword", "pass\u00adword", "ｐａｓｓｗｏｒｄ", "p\u0430ssword",
    ],
)  # fmt: skip
def test_keys_with_different_spelling(default: Sanitizer, key: str) -> None:
    for ascii_only in (True, False):
        line = json.dumps({key: PASSWORD, "ok": 1}, ensure_ascii=ascii_only)
        assert PASSWORD.encode() not in by_all_ways(default, line.encode())


def test_a_value_in_a_keys_name(default: Sanitizer) -> None:
    for key in (MAIL, f"user:{MAIL}", f"sent to {MAIL} at noon", CARD, MAIL.replace("@", "%40")):
        new = by_all_ways(default, json.dumps({"counts": {key: 3, "other": 4}}).encode())
        assert b"miller" not in new and b"4111" not in new
        assert list(json.loads(new)["counts"].values()) == [3, 4]
    new = by_all_ways(default, json.dumps({MAIL: {"x": 1}, f"a.{MAIL}": {"y": 2}}).encode())
    assert [*json.loads(new).values()] == [{"x": 1}, {"y": 2}]


def test_a_key_over_the_strings_of_an_array(default: Sanitizer) -> None:
    for value in (PEM, [" " + line for line in PEM], ["before", *PEM, "after"]):
        for line in (json.dumps({"lines": value}), json.dumps({"m": json.dumps(value)})):
            new = by_all_ways(default, line.encode()).decode()
            assert "Abc/Def" not in new
            assert ("after" in new) == ("after" in line)
            assert BlockFilter(default).judge(line.encode()).data == new.encode()


def test_a_key_over_some_strings_of_an_array(default: Sanitizer) -> None:
    """What no key goes over is judged string by string; what a policy trusts stays."""
    gone = "<PRIVATE_KEY>"
    lists = {
        "a": [*PEM[:3], 7, "after"],
        "b": ["x " + "\n".join(PEM) + " y", "after"],
        "c": ["-----BEGIN", "x"],
    }
    assert default.redact(lists)[0] == {
        "a": [gone, gone, gone, 7, "after"],
        "b": [f"x {gone} y", "after"],
        "c": ["-----BEGIN", "x"],
    }
    rules = Policy.parse(b"version: 1\nfields: {'a[*]': trust, 'b[*]': keep, 'c[*]': redact}", "p.yaml")
    assert build_sanitizer(rules).redact({"a": PEM, "b": PEM[:2], "c": PEM[:2]})[0] == {
        "a": PEM,
        "b": [gone, gone],
        "c": ["<REDACTED>", "<REDACTED>"],
    }


@pytest.mark.parametrize("cut", [0, 2, 4])
def test_json_that_is_cut_short_in_a_text(default: Sanitizer, cut: int) -> None:
    """Its quotes are escaped, and none of what is between them is lost on it."""
    record = {"n": 1, "password": PASSWORD + ' "and" more', "mail": MAIL, "headers": {"Cookie": "a=b; c=d"}}
    written = json.dumps(json.dumps(record))[1:-1]
    text = "body " + written[: len(written) - cut]
    new = default.redact({"m": text})[0]["m"]
    assert new.startswith(
        'body {\\"n\\": 1, \\"password\\": \\"<PASSWORD>\\", \\"mail\\": \\"<EMAIL_ADDRESS>\\"'
    )
    assert "c=d" not in new
    by_all_ways(default, json.dumps({"m": text}).encode())


@pytest.mark.parametrize("joined", ["\n", "\\n", "\r\n", " "])
def test_a_key_over_lines(default: Sanitizer, joined: str) -> None:
    assert b"Abc/Def" not in by_all_ways(default, json.dumps({"m": f"x {joined.join(PEM)} y"}).encode())


@pytest.mark.parametrize(
    "record",
    [
        {"headers": [{"name": "Authorization", "value": f"Bearer {PASSWORD}"}, {"name": "Host", "value": "h"}]},
        {"env": [{"Name": "DB_PASSWORD", "Value": PASSWORD}]},
        {"attributes": [{"key": "db.password", "value": {"stringValue": PASSWORD}}]},
        {"attributes": [{"key": "user.credentials", "value": {"arrayValue": {"values": [{"stringValue": PASSWORD}]}}}]},
        {"Parameters": [{"ParameterKey": "DbPassword", "ParameterValue": PASSWORD}]},
    ],
)  # fmt: skip
def test_a_name_beside_its_value(default: Sanitizer, record: dict[str, Any]) -> None:
    line = json.dumps(record)
    for text in (line, json.dumps({"m": line}), json.dumps({"m": b64(line)})):
        new = by_all_ways(default, text.encode()).decode()
        assert PASSWORD not in new
        _no_trace(new, PASSWORD)


def _lines() -> tuple[bytes, list[str]]:
    """Lines of all lengths, many times a block's size, with a value in each, and the values."""
    source = random.Random(5)
    values = [f"u{number}.miller@example.com" for number in range(3600)]
    lines = []
    for number, value in enumerate(values):
        filler = "x" * source.randrange(240)
        lines.append(
            [
                f"{value} {filler}",
                f"{filler} {value}",
                json.dumps({value: filler}),
                json.dumps({"f": filler, "m": b64(f"it is said that {value} said it")}),
                f"{filler} {value.replace('@', '%40')}",
                json.dumps({"f": filler, "m": value.replace("@", "\uff20")}),
            ][number % 6]
        )
    return ("\n".join(lines)).encode(), values


@pytest.mark.parametrize("chunk", [4093, 200_003])
def test_values_at_the_borders_of_blocks(
    default: Sanitizer, chunk: int, env: dict[str, str], tmp_path: Path, launchers: Path
) -> None:
    """However the bytes arrive, every line is judged as it would be alone: first, last and in between."""
    data, values = _lines()
    assert len(data) > 3 * 131072
    with (tmp_path / "out").open("wb") as out:
        process = subprocess.Popen(
            [str(launchers / "cecil-redact"), "--nlp", "none"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
            env=env,
            cwd=tmp_path,
        )
    assert process.stdin is not None and process.stderr is not None
    with process.stdin as pipe:
        for start in range(0, len(data), chunk):
            pipe.write(data[start : start + chunk])
            pipe.flush()
    with process.stderr as errors:
        assert errors.read() == b""
    assert process.wait() == 0
    after = (tmp_path / "out").read_bytes().split(b"\n")
    assert len(after) == len(values)
    for line, new in zip(data.split(b"\n"), after, strict=True):
        assert b"miller" not in new
        judge = default.redact_json if line.startswith(b"{") else default.redact_text
        assert new == judge(line)[0]


def test_a_value_alone(default: Sanitizer, cecil: Run) -> None:
    """At the very start and the very end, with and without a newline."""
    for line in (MAIL, f"{MAIL}\n", f"{MAIL} {MAIL}", f"\ufeff{MAIL}\r\n"):
        assert b"miller" not in by_all_ways(default, line.encode())
    done = cecil("redact", "--nlp", "none", stdin=f"\n{MAIL}".encode())
    assert (done.returncode, done.stdout) == (0, b"\n<EMAIL_ADDRESS>")


@pytest.mark.parametrize(
    "line",
    [
        "hkid: Ｏ ３１６８３８ （８） and went on",
        "（０１）６５２８３６２２７９６３５４（１７）２９１２３１ was seen",
    ],
)
def test_brackets_of_full_width(default: Sanitizer, line: str) -> None:
    """A leak test found them: brackets that belong to a number are as wide as its digits."""
    new = by_all_ways(default, line.encode()).decode()
    assert not any("０" <= char <= "９" for char in new)


WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
"""What a text in them is, read as UTF-8, is valid: with NULs between its letters."""


@pytest.mark.parametrize("encoding", WIDE)
def test_text_of_another_encoding(default: Sanitizer, cecil: Run, encoding: str) -> None:
    """PowerShell writes UTF-16 into a file that was UTF-8 before: such a line is not judged, nor passed on."""
    wide = f'{{"email":"{MAIL}"}}\n'.encode(encoding)
    done = cecil("redact", "--quarantine", "q", stdin=b"before\n" + wide)
    assert done.returncode == 3
    assert done.stdout.replace(b"\0", b"").strip() == b"before"
    assert b": text in UTF-16 or UTF-32)\n" in done.stderr
    with pytest.raises(RecordError, match=r"^text in UTF-16 or UTF-32$"):
        default.redact({"m": wide.decode()})
    with pytest.raises(RecordError, match=r"^text in UTF-16 or UTF-32$"):
        default.redact_json(json.dumps({"m": wide.decode()}).encode())


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("command", ["redact", "write", "map", "fingerprint", "report"])
def test_a_byte_order_mark_of_another_encoding(cecil: Run, command: str, encoding: str) -> None:
    done = cecil(command, stdin=f'\ufeff{{"email":"{MAIL}"}}\n'.encode(encoding))
    assert done.returncode == 1
    assert MAIL.encode() not in done.stdout.replace(b"\0", b"")
    assert done.stderr.endswith(
        f"cecil-{command}: <stdin>: text in UTF-16 or UTF-32; lines are wanted in UTF-8\n"
        "hint: cecil-fetch file FILE reads it, and so does iconv -f UTF-16 -t UTF-8 FILE\n".encode()
    )


def parquet() -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"email": [MAIL]}), out)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.jsonl", json.dumps({"email": MAIL}))
    return out.getvalue()


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
@pytest.mark.parametrize("command", ["redact", "write", "map", "fingerprint", "report"])
def test_what_has_no_lines(cecil: Run, command: str, packed: Callable[[bytes], bytes]) -> None:
    for data, said in (
        (
            parquet(),
            "Parquet, which has no lines\nhint: cecil-fetch file FILE reads it, where it is a file\n",
        ),
        (archive(), "a zip archive, which has no lines\nhint: unzip -p FILE gives what is in it\n"),
    ):
        done = cecil(command, stdin=packed(data))
        assert done.returncode == 1
        assert MAIL.encode() not in done.stdout and b"a.jsonl" not in done.stdout
        assert done.stderr.endswith(f"cecil-{command}: <stdin>: {said}".encode())


def test_a_source_that_is_an_archive(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive())
    done = cecil("fetch", "file", "a.zip")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"cecil-fetch: a.zip: a zip archive, which has no lines\nhint: ")
    (tmp_path / "b.zip").write_bytes(b"text\n")
    assert cecil("fetch", "file", "b.zip").stdout == b'{"message":"text"}\n'


@pytest.mark.parametrize("text", [b"PAR1 is a part\n", b"PAR1\n", b"PK\n", b"PK\x03 and more\n"])
def test_a_line_that_begins_like_what_has_none(cecil: Run, text: bytes) -> None:
    done = cecil("redact", "--nlp", "none", stdin=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, text, b"")


@pytest.mark.parametrize("text", ["PATH=/bin\0HOME=/\0TERM=x\0", "a\0b\0c and more", "\0\0\0\0\0 text"])
def test_nuls_are_no_other_encoding(default: Sanitizer, text: str) -> None:
    """Of /proc/PID/environ, and what a log has where it was cut while somebody wrote it."""
    assert default.redact_text(text.encode())[0] == text.encode()
