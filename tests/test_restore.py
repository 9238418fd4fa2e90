"""cecil-redact --restore: what encrypt took out comes back byte for byte, with a reason, and nothing else changes."""

import base64
import csv
import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cecil import Sanitizer
from cecil.errors import RecordError
from cecil.sanitizer import decoding
from cecil.sanitizer.actions.encrypt import Cipher
from cecil.sanitizer.blocks import BlockFilter
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.restorer import Left, Restored, Restorer
from tests.conftest import Run, build_sanitizer, examples

KEYS = Keyring(b"k" * 32)
OTHER = Keyring(b"o" * 32)
FIELDS = b'version: 1\ndefault: encrypt\nfields: {"**": encrypt}\n'
FOUND = b"version: 1\ndefault: encrypt\n"
MAIL = "bob@example.com"
TOKEN = Cipher(KEYS).make(MAIL, "EMAIL_ADDRESS")


@pytest.fixture(scope="module")
def fields() -> Sanitizer:
    return build_sanitizer(Policy.parse(FIELDS, "p.yaml"), key=KEYS)


@pytest.fixture(scope="module")
def found() -> Sanitizer:
    return build_sanitizer(Policy.parse(FOUND, "p.yaml"), key=KEYS)


def there_and_back(sanitizer: Sanitizer, line: bytes, form: str = "auto") -> bytes:
    """The line when it is encrypted; it must come back as it was."""
    done = BlockFilter(sanitizer, form).judge(line)
    assert not done.refused
    new, told = Restorer(KEYS, form).line(done.data)
    assert new == line
    assert all(isinstance(one, Restored) for one in told)
    assert (done.data == line) == (not told)
    assert done.data == line or Restorer.worth(done.data)
    return done.data


CHARS = st.sampled_from(list('aZ9 é<"\\/\n\t\0😀ß&>\u2028'))
BLANKS = st.sampled_from(["", " ", "\t", "  "])
NUMBERS = st.sampled_from(
    "0 -0 7 1.10 1.0 1e5 1E+5 -0.0 1e400 -1e-400 12345678901234567890123 1.7976931348623157e308 4111111111111111"
    " 0.1000000000000000055511151231257827 9007199254740993 1e22 100e-2".split()
)


@st.composite
def strings(draw: st.DrawFn) -> str:
    return "".join(
        ['"', *(draw(st.sampled_from(spellings(char))) for char in draw(st.text(CHARS, max_size=30))), '"']
    )


def spellings(char: str) -> list[str]:
    plain = [json.dumps(char)[1:-1], json.dumps(char, ensure_ascii=False)[1:-1]]
    if ord(char) < 0x10000:
        plain += [f"\\u{ord(char):04x}", f"\\u{ord(char):04X}"]
    return [*plain, "\\/"] if char == "/" else plain


@st.composite
def objects(draw: st.DrawFn, inside: st.SearchStrategy[str]) -> str:
    names = draw(st.lists(st.sampled_from(["a", "b c", "\\u0064", "email", "~/x"]), unique=True, max_size=4))
    members = (f'{draw(BLANKS)}"{name}"{draw(BLANKS)}:{draw(BLANKS)}{draw(inside)}' for name in names)
    return "{" + ",".join(members) + draw(BLANKS) + "}"


@st.composite
def lists(draw: st.DrawFn, inside: st.SearchStrategy[str]) -> str:
    return f"[{draw(BLANKS)}" + f"{draw(BLANKS)},".join(draw(st.lists(inside, max_size=3))) + "]"


VALUES = st.recursive(
    st.one_of(strings(), NUMBERS, st.sampled_from(["true", "false", "null"])),
    lambda inside: st.one_of(objects(inside), lists(inside)),
    max_leaves=8,
)
RECORDS = st.tuples(objects(VALUES), st.sampled_from(["", "\n", "\r\n"])).map("".join)


@given(RECORDS)
def test_every_type_of_json_comes_back(fields: Sanitizer, line: str) -> None:
    new = there_and_back(fields, line.encode())
    stack = [json.loads(new)]
    while stack:
        value = stack.pop()
        if isinstance(value, (dict, list)):
            stack += value.values() if isinstance(value, dict) else value
        else:
            assert value is None or value == "" or re.fullmatch(r"<[A-Z_]+!1[a-z2-7]+>", value)


MAILS = st.sampled_from([MAIL, "eve+1@example.org", "x_y@mail.example.net"])
AROUND = st.text(st.sampled_from(list("aZ .é:;ß\t😀 ")), max_size=12)


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(AROUND, MAILS, AROUND), min_size=1, max_size=3))
    return " ".join(f"{before} {mail} {after}" for before, mail, after in parts)


def escaped(text: str, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)


def in_json(text: str) -> str:
    return json.dumps({"user": text, "n": 1.5, "x": "é"}, ensure_ascii=False)


def in_ascii_json(text: str) -> str:
    return json.dumps([{"user": text, "x": "é"}])


def in_base64(text: str) -> str:
    return base64.b64encode(f"a text to be decoded: {text}".encode()).decode()


def in_lines_of_base64(text: str) -> str:
    whole = base64.b64encode(f"a text to be decoded, of some length: {text}".encode()).decode()
    return "\n".join(whole[i : i + 64] for i in range(0, len(whole), 64))


def in_hex(text: str) -> str:
    return f"a text to be decoded: {text}".encode().hex()


ENCODINGS = [in_json, in_ascii_json, in_base64, in_lines_of_base64, in_hex, lambda text: f"mail: {text}!"]


@examples(60)
@given(texts(), st.lists(st.sampled_from(ENCODINGS), max_size=3), st.booleans())
def test_what_is_found_in_texts_comes_back(
    found: Sanitizer, text: str, encodings: list[object], ascii_only: bool
) -> None:
    for encode in encodings:
        text = encode(text)  # type: ignore[operator]
    new = there_and_back(found, f'{{"m": {escaped(text, ascii_only)}, "k":1.10}}\n'.encode())
    assert b"example" not in new
    if "\n" not in text:
        line = f"at {text}\n".encode()
        there_and_back(found, line)
        there_and_back(found, line, "text")


@pytest.mark.parametrize(
    "line",
    [
        '{"bob@example.com":{"eve@example.com":1},"x":"bob@example.com"}',
        '{"m":"{\\"email\\":\\"eve@example.com\\",\\"x\\":\\"caf\\\\u00e9\\"}"}',
        '{"m":"cut {\\"email\\":\\"eve@example.com\\",\\"x\\":"}',
        "pid {worker} bob@example.com, [1] {'a': 'eve@example.com'}",
        "[1] bob@example.com",
        '[{"a":"bob@example.com"}] ',
        'bob@example.com "quoted \\" and eve@example.com',
        '{"phone":4915112345678,"ssn":"078-05-1120","password":"hunter2x9","pin":1.10}',
        '{"m":"' + "bob@example.com " * 500 + '"}',
    ],
)
def test_lines(found: Sanitizer, line: str) -> None:
    assert there_and_back(found, line.encode()) != line.encode()


def test_a_line_of_text_that_is_json(found: Sanitizer) -> None:
    """Restored in the format in which it was encrypted."""
    there_and_back(found, rb'{"m":"caf\u00e9 bob@example.com \u0040"}' + b"\n", "text")


def test_an_escape_that_need_not_be_within_what_is_found_in_a_text(found: Sanitizer) -> None:
    """It comes back as what it stood for: the same text, if not the same bytes. All others stay."""
    line = rb'{"m":"caf\u00e9 bob\u0040example.com \u0040"}'
    hidden, _ = found.redact_json(line)
    assert Restorer(KEYS).line(hidden)[0] == line.replace(rb"bob\u0040", b"bob@")


def test_keys_over_lines(found: Sanitizer) -> None:
    body = base64.b64encode(bytes(range(96))).decode()
    head, tail = "-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----"
    lines = f"1 {head}\n1 {body[:64]}\n1 {body[64:]}\n1 {tail}\nrest\n".encode()
    done = BlockFilter(found).judge(lines)
    assert body[:64].encode() not in done.data
    restorer = Restorer(KEYS)
    assert b"".join(restorer.line(line)[0] for line in done.data.splitlines(keepends=True)) == lines


def test_where_it_was() -> None:
    inner = json.dumps({"a": TOKEN})
    line = json.dumps({TOKEN: f"to {TOKEN}", "a/b": [0, inner, "x", in_base64(TOKEN)]}).encode()
    new, told = Restorer(KEYS).line(line)
    assert json.loads(new) == {
        MAIL: f"to {MAIL}", "a/b": [0, json.dumps({"a": MAIL}), "x", in_base64(MAIL)]
    }  # fmt: skip
    size = len(TOKEN)
    name = "EMAIL_ADDRESS"
    assert told == [
        Restored(f"/{TOKEN}", 0, size, name, KEYS.ids[0]),
        Restored(f"/{TOKEN}", 3, 3 + size, name, KEYS.ids[0]),
        Restored("/a~1b/1", 0, len(inner), name, KEYS.ids[0]),
        Restored("/a~1b/3", 0, len(in_base64(TOKEN)), name, KEYS.ids[0]),
    ]
    assert Restorer(KEYS).line(f"é {TOKEN}\r\n".encode()) == (
        f"é {MAIL}\r\n".encode(),
        [Restored("", 2, 2 + size, name, KEYS.ids[0])],
    )


def test_what_stands_in_json_for_a_value_of_json_stands_in_a_text_too() -> None:
    number, text = Cipher(KEYS).make("1.10", "A", json=True), Cipher(KEYS).make('"\\u00e9"', "A", json=True)
    assert Restorer(KEYS).line(f'{{"a":"{number}","b":"{text}"}}'.encode())[0] == b'{"a":1.10,"b":"\\u00e9"}'
    assert Restorer(KEYS).line(f"{number} {text}".encode())[0] == "1.10 é".encode()
    assert Restorer(KEYS).line(f'{{"a":"{number} {text}"}}'.encode())[0] == '{"a":"1.10 é"}'.encode()


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (TOKEN.replace("EMAIL", "EMAJL"), "changed"),
        (TOKEN.replace("!1", "!7"), "of another version"),
        (TOKEN[:-2] + ">", "changed"),
        (TOKEN[:-9], "cut short"),
        (TOKEN[:-1], "cut short"),
        (Cipher(OTHER).make(MAIL, "A"), "of another key"),
    ],
)
def test_a_token_that_does_not_open_stays(token: str, why: str) -> None:
    entity = token[1 : token.index("!")]
    for line in (
        f'{{"a": "{token}"}}',
        f'{{"a": "x {token}"}}',
        f"x {token} y",
        json.dumps({"a": in_base64(token)}),
    ):
        new, told = Restorer(KEYS).line(line.encode())
        assert new == line.encode()
        assert [(type(one), one.entity, one[-1]) for one in told] == [(Left, entity, why)]
    mixed, told = Restorer(KEYS).line(f'{{"a":"{token} {TOKEN}"}}'.encode())
    assert mixed == f'{{"a":"{token} {MAIL}"}}'.encode()
    assert {type(one) for one in told} == {Left, Restored}


@pytest.mark.parametrize(
    ("form", "line", "message"),
    [
        ("jsonl", f"x {TOKEN}", "not valid JSON"),
        ("jsonl", f'"{TOKEN}"', "not a JSON object"),
        ("auto", b"\xff" + TOKEN.encode(), "not valid UTF-8"),
        ("auto", Cipher(KEYS).make("\ud800", "A"), "a value that is no whole text"),
        ("auto", f'{{"a":"{Cipher(KEYS).make(chr(0xD800), "A")}"}}', "a value that is no whole text"),
    ],
)
def test_what_cannot_be_written(form: str, line: str | bytes, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        Restorer(KEYS, form).line(line if isinstance(line, bytes) else line.encode())


def test_a_string_of_json_alone_is_text() -> None:
    assert Restorer(KEYS).line(f'"{TOKEN}"'.encode())[0] == f'"{MAIL}"'.encode()


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cecil-redact would not have judged holds no token of ours: what lies deeper, or inflates too much."""
    deep = TOKEN
    for _ in range(6):
        deep = json.dumps({"a": deep})
    assert Restorer(KEYS).line(deep.encode())[0] == deep.replace(TOKEN, MAIL).encode()
    deep = json.dumps({"a": deep})
    assert Restorer(KEYS).line(deep.encode()) == (deep.encode(), [])
    monkeypatch.setattr(decoding, "MAX_INFLATED", 10)
    import gzip

    packed = base64.b64encode(gzip.compress(TOKEN.encode(), mtime=0)).decode()
    new, told = Restorer(KEYS).line(f"{packed} {TOKEN}".encode())
    assert (new, told) == (f"{packed} {TOKEN}".encode(), [])


def test_depth_is_no_matter() -> None:
    line = b'{"a":' * 5000 + f'["{TOKEN}"]'.encode() + b"}" * 5000
    assert Restorer(KEYS).line(line)[0] == line.replace(TOKEN.encode(), MAIL.encode())
    twice = f'{{"a":"{TOKEN}","a":"{TOKEN}"}}'.encode()
    assert Restorer(KEYS).line(twice)[0] == twice.replace(TOKEN.encode(), MAIL.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A key, a policy that encrypts, and what came of a log with them."""
    (tmp_path / "k").write_bytes(KEYS.file())
    (tmp_path / "k").chmod(0o600)
    (tmp_path / "p.yaml").write_bytes(FOUND)
    return tmp_path


LOG = (
    b'{"a":1.10,"email":"caf\\u00e9@example.com","phone":4915112345678}\r\n'
    b"plain\n"
    b"\n"
    b'mail to bob@example.com {"x": "eve@example.com"}\n'
    b'{"m":"no newline, bob@example.com"}'
)
RESTORE = ("--restore", "--key-file", "k", "--reason", "ticket 17")


def encrypted(cecil: Run, log: bytes = LOG, *more: str) -> bytes:
    done = cecil("redact", "--nlp", "none", "--policy", "p.yaml", "--key-file", "k", *more, stdin=log)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def test_the_command(cecil: Run, folder: Path) -> None:
    hidden = encrypted(cecil)
    assert b"example.com" not in hidden
    done = cecil("redact", *RESTORE, "--audit", "audit", stdin=hidden)
    assert (done.returncode, done.stdout) == (0, LOG)
    assert done.stderr == b"cecil-redact: 5 values are brought back; the audit is audit\n"
    rows = [json.loads(row) for row in (folder / "audit").read_bytes().splitlines()]
    assert [(row["line"], row["pointer"], row["entity"]) for row in rows] == [
        (1, "/email", "EMAIL_ADDRESS"),
        (1, "/phone", "PHONE_NUMBER"),
        (4, "", "EMAIL_ADDRESS"),
        (4, "", "EMAIL_ADDRESS"),
        (5, "/m", "EMAIL_ADDRESS"),
    ]
    assert set(rows[0]) == {"file", "line", "pointer", "start", "end", "entity", "action", "key", "reason"}
    assert {(row["action"], row["key"], row["reason"], row["file"]) for row in rows} == {
        ("restore", KEYS.ids[0], "ticket 17", "<stdin>")
    }
    assert b"example.com" not in (folder / "audit").read_bytes()
    assert (folder / "audit").stat().st_mode & 0o777 == 0o600


def test_the_audit_is_kept_unasked(cecil: Run, folder: Path) -> None:
    hidden = encrypted(cecil)
    for _ in range(2):
        done = cecil("redact", *RESTORE, "-q", stdin=hidden)
        assert (done.returncode, done.stdout, done.stderr) == (0, LOG, b"")
    audit = folder / "state" / "cecil" / "restored.jsonl"
    assert audit.read_bytes().count(b"ticket 17") == 10
    assert audit.stat().st_mode & 0o777 == 0o600


def test_no_audit_no_values(cecil: Run, folder: Path) -> None:
    hidden = encrypted(cecil)
    for audit, message in (("no/audit", b"no such file"), ("/dev/full", b"no space left")):
        done = cecil("redact", *RESTORE, "--audit", audit, stdin=hidden)
        assert (done.returncode, done.stdout) == (1, b"")
        assert message in done.stderr
    (folder / "state").write_bytes(b"")
    done = cecil("redact", *RESTORE, stdin=hidden)
    assert (done.returncode, done.stdout) == (1, b"")


def test_what_does_not_open_is_told(cecil: Run, folder: Path) -> None:
    hidden = encrypted(cecil)
    changed = hidden.replace(b"<PHONE_NUMBER!", b"<PHONE!") + f"\n{Cipher(OTHER).make('x', 'A')}\n".encode()
    done = cecil("redact", *RESTORE, "--audit", "audit", "--stats", "json", stdin=changed)
    assert done.returncode == 3
    lines = done.stdout.splitlines()
    assert lines[0] == changed.splitlines()[0].replace(
        re.search(rb"<EMAIL[^>]+>", changed)[0],
        rb"caf\u00e9@example.com",  # type: ignore[index]
    )
    assert lines[1:-1] == LOG.splitlines()[1:]
    assert lines[-1] == changed.splitlines()[-1]
    stats, brought, left, hint = done.stderr.decode().splitlines()
    assert brought == "cecil-redact: 4 values are brought back; the audit is audit"
    assert left == (
        "cecil-redact: 2 tokens were left as they came (1 changed, 1 of another key; first at <stdin>:1)"
    )
    assert hint == "hint: another --key-file may open what is of another key"
    counts = json.loads(stats)
    assert (counts["read"], counts["written"], counts["quarantined"]) == (6, 6, 0)
    assert counts["restored"] == {"EMAIL_ADDRESS": 4}
    assert counts["left"] == {"changed": 1, "of another key": 1}


def test_a_changed_token_alone_has_no_hint(cecil: Run, folder: Path) -> None:
    done = cecil("redact", *RESTORE, "-q", stdin=TOKEN.replace("EMAIL", "EMAJL").encode())
    assert done.returncode == 3
    assert done.stderr == b"cecil-redact: 1 token was left as they came (1 changed; first at <stdin>:1)\n"


def test_lines_that_cannot_be_read_go_to_quarantine(cecil: Run, folder: Path) -> None:
    lines = b"\xff\n\xff " + TOKEN.encode() + b"\n{}\n" + b"x" * 2000 + b"\n"
    done = cecil("redact", *RESTORE, "--quarantine", "q", "--max-record", "1K", stdin=lines)
    assert (done.returncode, done.stdout) == (3, b"\xff\n{}\n")
    rows = [json.loads(row) for row in (folder / "q").read_bytes().splitlines()]
    assert sorted((row["line"], row["reason"]) for row in rows) == [
        (2, "not valid UTF-8 at byte 1"),
        (4, "longer than --max-record"),
    ]
    assert (folder / "q").stat().st_mode & 0o777 == 0o600


def test_what_holds_no_token_passes_unread(cecil: Run, folder: Path) -> None:
    log = b'{"a":1,"a":2}\n\xff\n{"a":\n<EMAIL_ADDRESS> <A!1b>'
    done = cecil("redact", *RESTORE, "--audit", "audit", "--stats", "json", stdin=log)
    assert (done.returncode, done.stdout) == (0, log)
    stats, brought = done.stderr.splitlines()
    assert json.loads(stats)["written"] == 4
    assert brought == b"cecil-redact: 0 values are brought back; the audit is audit"


def test_files_one_after_the_other(cecil: Run, folder: Path) -> None:
    (folder / "one").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode())
    (folder / "two").write_bytes(TOKEN.encode() + b"\n")
    done = cecil("redact", *RESTORE, "--audit", "audit", "one", "two")
    assert done.stdout == b"\xef\xbb\xbf" + f"{MAIL}\n{MAIL}\n".encode()
    rows = [json.loads(row) for row in (folder / "audit").read_bytes().splitlines()]
    assert [(row["file"], row["line"]) for row in rows] == [("one", 1), ("two", 1)]


def test_what_came_before_a_failure_is_good(cecil: Run, folder: Path) -> None:
    (folder / "one").write_bytes(TOKEN.encode() + b"\n")
    done = cecil("redact", *RESTORE, "--audit", "audit", "one", "two")
    assert (done.returncode, done.stdout) == (1, MAIL.encode() + b"\n")
    assert b"two: no such file" in done.stderr
    assert (folder / "audit").read_bytes().count(b"\n") == 1


def test_markers_go_on(cecil: Run, folder: Path) -> None:
    lines = TOKEN.encode() + b"\n\xff" + TOKEN.encode() + b"\n"
    stream = (
        b'{"$cecil":{"begin":{}}}\n'
        + lines
        + b'{"$cecil":{"checkpoint":{}}}\n{"$cecil":{"end":{"records":2}}}\n'
    )
    done = cecil("redact", *RESTORE, "--markers", stdin=stream)
    assert done.returncode == 3
    assert done.stdout == (
        b'{"$cecil":{"begin":{}}}\n' + MAIL.encode() + b"\n"
        b'{"$cecil":{"checkpoint":{}}}\n{"$cecil":{"end":{"records":1}}}\n'
    )
    assert cecil("redact", *RESTORE, "--markers", stdin=lines).returncode == 1


def test_only_the_format_that_was_said(cecil: Run, folder: Path) -> None:
    log = rb'{"m":"caf\u00e9 bob@example.com"}' + b"\n"
    hidden = encrypted(cecil, log, "--format", "text")
    assert cecil("redact", *RESTORE, "--format", "text", stdin=hidden).stdout == log
    assert cecil("redact", *RESTORE, "--format", "jsonl", stdin=f"x {TOKEN}".encode()).returncode == 3


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--restore", "--key-file", "k"), "--restore needs a reason, which goes into the audit"),
        (
            ("--restore", "--key-file", "k", "--reason", " "),
            "--restore needs a reason, which goes into the audit",
        ),
        (("--restore", "--reason", "x"), "--restore needs the key that values were encrypted with"),
        (("--reason", "x"), "--reason says why values are brought back"),
        ((*RESTORE, "--check"), "--check does not go with --restore"),
        ((*RESTORE, "--diff"), "--diff does not go with --restore"),
        ((*RESTORE, "--policy", "llm"), "--policy does not go with --restore"),
        ((*RESTORE, "-j", "2"), "--jobs does not go with --restore"),
        ((*RESTORE, "--rotate"), "--rotate is a way to make a key"),
        ((*RESTORE, "--audit", "-"), "standard output carries records; an audit needs a file"),
    ],
)
def test_what_is_refused(cecil: Run, folder: Path, args: tuple[str, ...], message: str) -> None:
    done = cecil("redact", *args, stdin=TOKEN.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(f"cecil-redact: {message}\nhint: ")
    assert not (folder / "state").exists()


@pytest.mark.parametrize("name", ["restore = true", 'reason = "x"', "rotate = true"])
def test_no_settings_file_brings_values_back(cecil: Run, folder: Path, name: str) -> None:
    (folder / "cecil.toml").write_text(f"[redact]\n{name}\n")
    done = cecil("redact", "--key-file", "k", stdin=TOKEN.encode())
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_table_is_restored_as_records(cecil: Run, folder: Path) -> None:
    """As lines of text it would lose the quotes around what holds a comma."""
    (folder / "f.yaml").write_text("version: 1\nfields: {note: encrypt}\n")
    table = b'id,note\r\n1,"a, ""b"""\r\n2,"two\nlines"\r\n3,plain\r\n'
    (folder / "in.csv").write_bytes(table)
    done = cecil("redact", "--nlp", "none", "--policy", "f.yaml", "--key-file", "k", "-o", "out", "in.csv")
    assert done.returncode == 0
    assert b"plain" not in (folder / "out" / "in.csv").read_bytes()
    pq.write_table(pa.table({"note": ["x"]}), folder / "out" / "table")
    for name in ("out/in.csv", "out/table"):
        done = cecil("redact", *RESTORE, "in.jsonl", name)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.decode().startswith(
            f"cecil-redact: {name}: a table, which is restored as records\n"
        )
    records = cecil("fetch", "file", "out/in.csv").stdout
    records = cecil("redact", *RESTORE, stdin=records).stdout
    assert cecil("write", "-o", "back.csv", stdin=records).returncode == 0
    with open(folder / "back.csv", newline="") as back, open(folder / "in.csv", newline="") as came:
        assert list(csv.reader(back)) == list(csv.reader(came))


def test_a_slow_stream_is_not_held(cecil: Run, folder: Path, env: dict[str, str]) -> None:
    import subprocess

    from tests.conftest import BIN

    with subprocess.Popen(
        [str(BIN / "cecil-redact"), *RESTORE, "-q"], cwd=folder, env=env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for _ in range(2):
            process.stdin.write(TOKEN.encode() + b"\n")
            process.stdin.flush()
            assert process.stdout.readline() == MAIL.encode() + b"\n"
        process.stdin.close()
        assert process.wait() == 0
