"""What cecil-redact tells: --check, --explain, --json, --sarif, --diff, --audit. Where and what, never the value."""

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cecil.report.diff import changed, diff
from cecil.report.findings import Jsonl, Sarif, Text, uri
from cecil.sanitizer.sanitizer import Finding, NearMiss
from tests.conftest import BIN, Run

EMAIL = b"bob@example.com"
INPUT = (
    b'{"user":{"e/mail":"bob@example.com","id":7}}\n'
    b"nothing\n"
    b"mail bob@example.com or call\r\n"
    b'{"list":["x",{"password":"hunter22"}]}\n'
)
FOUND = [(1, "/user/e~1mail", "EMAIL_ADDRESS"), (3, "", "EMAIL_ADDRESS"), (4, "/list/1/password", "PASSWORD")]

FINDING = Finding("/a~1b", "EMAIL_ADDRESS", 0.95, "email", "redact", 5, 20)
IN_TEXT = FINDING._replace(pointer="")
MISS = NearMiss("/a", "PHONE_NUMBER", "phone", "no context word", 1, 9)


def rows(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def places(found: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(row["line"], row["pointer"]) for row in found]


# Forms: each is bytes of a finding.


def test_text() -> None:
    short, long = Text(), Text(long=True)
    assert short.finding("app.log", 17, FINDING) == b"app.log:17: /a~1b: EMAIL_ADDRESS (email, 0.95)\n"
    assert short.finding("app.log", 17, IN_TEXT) == b"app.log:17: EMAIL_ADDRESS (email, 0.95)\n"
    assert (
        long.finding("app.log", 17, FINDING)
        == b"app.log:17: /a~1b 5-20: EMAIL_ADDRESS (email, 0.95): redact\n"
    )
    assert long.finding("app.log", 17, IN_TEXT) == b"app.log:17: 5-20: EMAIL_ADDRESS (email, 0.95): redact\n"
    whole = FINDING._replace(start=0, end=0)
    assert long.finding("a", 1, whole) == b"a:1: /a~1b: EMAIL_ADDRESS (email, 0.95): redact\n"
    assert long.miss("app.log", 2, MISS) == b"app.log:2: /a 1-9: not PHONE_NUMBER (phone): no context word\n"
    assert short.begin() + short.end(complete=True, quarantined=0) == b""


def test_text_does_not_drive_the_terminal() -> None:
    """Names of files and of fields are whatever somebody made them."""
    hostile = FINDING._replace(pointer="/\x1b[2J\n/\u202e")
    line = Text().finding("\x1b]0;x\x07\udcff.log", 1, hostile)
    assert line == (b"\\x1b]0;x\\x07\\udcff.log:1: /\\x1b[2J\\n/\\u202e: EMAIL_ADDRESS (email, 0.95)\n")


def test_jsonl() -> None:
    form = Jsonl()
    assert rows(form.finding("a\udcff", 3, FINDING) + form.miss("b", 4, MISS)) == [
        {
            "file": "a\\udcff", "line": 3, "pointer": "/a~1b", "start": 5, "end": 20,
            "entity": "EMAIL_ADDRESS", "score": 0.95, "detector": "email", "action": "redact",
        },
        {
            "file": "b", "line": 4, "pointer": "/a", "start": 1, "end": 9,
            "entity": "PHONE_NUMBER", "detector": "phone", "why": "no context word",
        },
    ]  # fmt: skip


def document(*findings: Finding, complete: bool = True, quarantined: int = 0) -> dict[str, Any]:
    form = Sarif()
    body = b"".join(form.finding("/var/log/a b.log", n, one) for n, one in enumerate(findings, 1))
    made: dict[str, Any] = json.loads(
        form.begin() + body + form.miss("x", 1, MISS) + form.end(complete=complete, quarantined=quarantined)
    )
    return made


@pytest.mark.parametrize("findings", [(), (FINDING,), (FINDING, IN_TEXT, FINDING._replace(entity="SECRET"))])
def test_sarif_has_what_its_schema_requires(findings: tuple[Finding, ...]) -> None:
    """The `required` members of sarif-schema-2.1.0.json, for the objects that occur."""
    log = document(*findings)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "cecil-redact"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert len(run["results"]) == len(findings)
    for result, finding in zip(run["results"], findings, strict=True):
        assert result["message"]["text"]
        assert result["level"] == "error"
        assert ids[result["ruleIndex"]] == result["ruleId"] == finding.entity
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "file:///var/log/a%20b.log"
        assert place["physicalLocation"]["region"]["startLine"] >= 1
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is True
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")


def test_sarif_says_where() -> None:
    in_json, in_text = document(FINDING, IN_TEXT)["runs"][0]["results"]
    assert in_json["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert in_json["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "/a~1b", "kind": "value"}]
    region = {"startLine": 2, "startColumn": 6, "endColumn": 21}
    assert in_text["locations"][0]["physicalLocation"]["region"] == region
    assert "logicalLocations" not in in_text["locations"][0]


def test_sarif_reads_a_name_as_text() -> None:
    """In a message, braces would be placeholders and brackets links."""
    (result,) = document(FINDING._replace(pointer="/{0}/[x](https://example.com)"))["runs"][0]["results"]
    text = "EMAIL_ADDRESS at /{{0}}/\\[x\\](https://example.com) (email, 0.95)"
    assert result["message"]["text"] == text


def test_sarif_says_what_was_not_judged() -> None:
    (invocation,) = document(complete=False, quarantined=3)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "3 records" in invocation["toolExecutionNotifications"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("logs/app.log", "logs/app.log"),
        ("/a b/%.log", "file:///a%20b/%25.log"),
        ("a:b?c#d", "a%3Ab%3Fc%23d"),
        ("gr\u00fcn\udcff", "gr%C3%BCn%FF"),
        ("<stdin>", "stdin"),
    ],
)
def test_uri(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_diff() -> None:
    assert diff("a:1", b"old\r\n", b"new\r\n", ["A", "B", "A"]) == b"@@ a:1 @@ A, B\n-old\n+new\n"
    assert diff("a:1", b"bad \xff", None, []) == b"@@ a:1 @@ could not be judged\n-bad \\xff\n"
    coloured = diff("a:1", b"old", b"new", [], colour=True)
    assert coloured == b"\x1b[36m@@ a:1 @@\x1b[m \n\x1b[31m-old\x1b[m\n\x1b[32m+new\x1b[m\n"
    assert b"\x1b" not in diff("\x1b[2J:1", b"\x1b[31m", b"\x07", [])


def test_changed() -> None:
    before = [b"a\n", b"b\n", b"bad\n", b"c\n"]
    assert changed(before, [b"a\n", b"B\n", b"c\n"], [2]) == {1: b"B\n", 2: None}
    assert changed([], [], []) == {}


# The command.


def test_check(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "in.log").write_bytes(INPUT)
    run = cecil("redact", "--nlp", "none", "--check", "in.log")
    assert (run.stderr, run.returncode) == (b"", 4)
    lines = run.stdout.decode().splitlines()
    assert len(lines) == len(FOUND)
    for line, (number, pointer, entity) in zip(lines, FOUND, strict=True):
        assert line.startswith(f"in.log:{number}: {pointer + ': ' if pointer else ''}{entity} (")
    assert EMAIL not in run.stdout


@pytest.mark.parametrize("options", [(), ("--json",), ("-q",), ("--explain",)], ids=str)
def test_check_of_what_is_clean(options: tuple[str, ...], cecil: Run) -> None:
    run = cecil("redact", "--nlp", "none", "--check", *options, stdin=b'nothing\n{"a":1}\n')
    assert (run.stdout, run.stderr, run.returncode) == (b"", b"", 0)


def test_check_quietly(cecil: Run) -> None:
    """As grep -q: only the status. But a form that is asked for comes."""
    run = cecil("redact", "-q", "--check", stdin=INPUT)
    assert (run.stdout, run.stderr, run.returncode) == (b"", b"", 4)
    run = cecil("redact", "-q", "--check", "--json", stdin=INPUT)
    assert (len(rows(run.stdout)), run.stderr, run.returncode) == (3, b"", 4)


def test_check_json(cecil: Run) -> None:
    run = cecil("redact", "--nlp", "none", "--check", "--json", stdin=INPUT)
    assert (run.stderr, run.returncode) == (b"", 4)
    found = rows(run.stdout)
    assert [(row["line"], row["pointer"], row["entity"]) for row in found] == FOUND
    for row in found:
        assert set(row) == {
            "file", "line", "pointer", "start", "end", "entity", "score", "detector", "action",
        }  # fmt: skip
        assert row["file"] == "<stdin>"
        assert 0 < row["score"] <= 1
    assert EMAIL not in run.stdout


def test_check_sarif(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "in.log").write_bytes(INPUT)
    run = cecil("redact", "--nlp", "none", "--check", "--sarif", "in.log")
    assert (run.stderr, run.returncode) == (b"", 4)
    results = json.loads(run.stdout)["runs"][0]["results"]
    assert [
        (one["locations"][0]["physicalLocation"]["region"]["startLine"], one["ruleId"]) for one in results
    ] == [(line, entity) for line, _, entity in FOUND]
    assert EMAIL not in run.stdout
    clean = cecil("redact", "--nlp", "none", "--check", "--sarif", stdin=b"")
    assert clean.returncode == 0
    assert json.loads(clean.stdout)["runs"][0]["results"] == []


def test_sarif_of_an_input_that_ends_too_early(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "in.log").write_bytes(INPUT)
    run = cecil("redact", "--nlp", "none", "--check", "--sarif", "in.log", "none.log")
    assert run.returncode == 1
    (sarif,) = json.loads(run.stdout)["runs"]
    assert len(sarif["results"]) == 3
    assert sarif["invocations"][0]["executionSuccessful"] is False


def test_check_and_quarantine(cecil: Run) -> None:
    """What could not be judged shows, unless something that was found says more."""
    bad = b'{"a":\n'
    assert cecil("redact", "-q", "--check", stdin=bad).returncode == 3
    assert cecil("redact", "-q", "--check", stdin=bad + INPUT).returncode == 4


def test_explain(cecil: Run) -> None:
    run = cecil("redact", "--nlp", "none", "--explain", stdin=INPUT)
    assert (run.stderr, run.returncode) == (b"", 0)
    lines = run.stdout.decode().splitlines()
    for number, pointer, entity in FOUND:
        assert any(
            line.startswith(f"<stdin>:{number}: {pointer}") and f"{entity} (" in line and ": redact" in line
            for line in lines
        )
    assert EMAIL not in run.stdout
    run = cecil("redact", "--nlp", "none", "--explain", "--json", "--check", stdin=INPUT)
    assert run.returncode == 4
    found = [row for row in rows(run.stdout) if "action" in row]
    assert [(row["line"], row["pointer"], row["entity"]) for row in found] == FOUND
    for row in rows(run.stdout):
        assert ("action" in row) != ("why" in row)


def test_explain_says_what_was_missing(cecil: Run) -> None:
    """Which check failed, which context was missing, what held it back: each once, and never the value."""
    lines = (
        b"card 4556737586899856\n"
        b'{"id":"219099999"}\n'
        b"count 4556737586899855 rows\n"
        b"from 10.1.2.3\n"
        b'{"ref":"SSN 000-12-3456"}\n'
    )
    run = cecil("redact", "--nlp", "none", "--explain", stdin=lines)
    told = run.stdout.decode().splitlines()
    for row in (
        "<stdin>:1: 5-21: not CREDIT_CARD (presidio:CreditCardRecognizer): the check failed",
        "<stdin>:2: /id 0-9: not US_SSN (presidio:UsSsnRecognizer): no word near speaks for it",
        "<stdin>:3: 6-22: not CREDIT_CARD (presidio:CreditCardRecognizer): the word before it says what it counts",
        "<stdin>:4: 5-13: not PRIVATE_IP (presidio:IpRecognizer): the policy keeps it",
        "<stdin>:5: /ref 4-15: not US_SSN (us-ssn): no such number is issued",
    ):
        assert told.count(row) == 1
    assert all(": not " in row for row in told)
    assert not [value for value in (b"4556", b"219099999", b"10.1.2.3", b"12-3456") if value in run.stdout]


def test_audit(cecil: Run, tmp_path: Path) -> None:
    plain = cecil("redact", "--nlp", "none", stdin=INPUT)
    for _ in range(2):
        run = cecil("redact", "--nlp", "none", "--audit", "audit.jsonl", stdin=INPUT)
        assert (run.stdout, run.stderr, run.returncode) == (plain.stdout, b"", 0)
    path = tmp_path / "audit.jsonl"
    data = path.read_bytes()
    found = rows(data)
    assert [(row["line"], row["pointer"], row["entity"]) for row in found] == FOUND * 2  # appended
    assert {row["action"] for row in found} == {"redact"}
    assert EMAIL not in data
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_audit_of_nothing_is_there(cecil: Run, tmp_path: Path) -> None:
    assert cecil("redact", "-q", "--audit", "audit.jsonl", stdin=b"nothing\n").stdout == b"nothing\n"
    assert (tmp_path / "audit.jsonl").read_bytes() == b""


def test_audit_closes_a_file_that_others_read(cecil: Run, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"")
    path.chmod(0o644)
    cecil("redact", "-q", "--audit", path, stdin=INPUT)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_audit_on_a_full_disk(jobs: str, cecil: Run) -> None:
    """No record leaves whose row was not written."""
    run = cecil("redact", "--nlp", "none", "-j", jobs, "--audit", "/dev/full", stdin=INPUT)
    assert (run.stdout, run.returncode) == (b"", 1)
    assert run.stderr == b"cecil-redact: /dev/full: no space left on device\n"


def test_audit_that_cannot_be_opened(cecil: Run) -> None:
    run = cecil("redact", "--nlp", "none", "--audit", "none/audit.jsonl", stdin=INPUT)
    assert (run.stdout, run.returncode) == (b"", 1)
    assert run.stderr == b"cecil-redact: none/audit.jsonl: no such file or directory\n"


@pytest.mark.parametrize("options", [("--check",), ("--check", "--sarif"), ("--explain",)], ids=str)
def test_a_list_on_a_full_disk(options: tuple[str, ...], cecil: Run) -> None:
    with open("/dev/full", "wb") as full:
        run = cecil("redact", "--nlp", "none", *options, stdin=INPUT, stdout=full)
    assert run.returncode == 1
    assert run.stderr == b"cecil-redact: <stdout>: no space left on device\n"


@pytest.mark.parametrize(
    "options",
    [
        ("--json",),
        ("--sarif",),
        ("--check", "--json", "--sarif"),
        ("--explain", "--check", "--sarif"),
        ("--check", "--diff"),
        ("--explain", "--diff"),
        ("--diff", "--audit", "a"),
        ("--check", "--audit", "a"),
        ("--explain", "--audit", "a"),
        ("--audit", "-"),
        ("--diff",),  # standard output is no terminal here
    ],
    ids=str,
)
def test_options_that_do_not_go_together(options: tuple[str, ...], cecil: Run, tmp_path: Path) -> None:
    run = cecil("redact", *options, stdin=INPUT)
    assert (run.stdout, run.returncode) == (b"", 2)
    message, hint = run.stderr.splitlines()
    assert message.startswith(b"cecil-redact: ")
    assert hint.startswith(b"hint: ")
    assert not list(tmp_path.iterdir())


def on_a_terminal(folder: Path, env: dict[str, str], *options: str) -> tuple[bytes, bytes, int]:
    """Run on a pseudo terminal: what it shows, standard error, the status."""
    leader, follower = os.openpty()
    (folder / "in.log").write_bytes(INPUT + b'{"bad":\n')
    process = subprocess.Popen(
        [str(BIN / "cecil-redact"), "--nlp", "none", *options, "in.log"],
        stdin=subprocess.DEVNULL, stdout=follower, stderr=subprocess.PIPE, cwd=folder, env=env,
    )  # fmt: skip
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 1 << 16)
        except OSError:  # Linux: the other side is closed
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    _, stderr = process.communicate(timeout=60)
    return shown.replace(b"\r\n", b"\n"), stderr, process.returncode


def test_diff_on_a_terminal(tmp_path: Path, env: dict[str, str]) -> None:
    shown, stderr, status = on_a_terminal(tmp_path, env | {"NO_COLOR": "1"}, "--diff", "-q")
    assert shown == (
        b"@@ in.log:1 @@ EMAIL_ADDRESS\n"
        b'-{"user":{"e/mail":"bob@example.com","id":7}}\n'
        b'+{"user":{"e/mail":"<EMAIL_ADDRESS>","id":7}}\n'
        b"@@ in.log:3 @@ EMAIL_ADDRESS\n"
        b"-mail bob@example.com or call\n"
        b"+mail <EMAIL_ADDRESS> or call\n"
        b"@@ in.log:4 @@ PASSWORD\n"
        b'-{"list":["x",{"password":"hunter22"}]}\n'
        b'+{"list":["x",{"password":"<PASSWORD>"}]}\n'
        b"@@ in.log:5 @@ could not be judged\n"
        b'-{"bad":\n'
    )
    assert status == 3
    assert EMAIL not in stderr


def test_diff_has_colours_where_they_are_wanted(tmp_path: Path, env: dict[str, str]) -> None:
    assert b"\x1b[31m-" in on_a_terminal(tmp_path, env | {"TERM": "xterm"}, "--diff")[0]
    assert b"\x1b" not in on_a_terminal(tmp_path, env | {"TERM": "dumb"}, "--diff")[0]


# More that is looked for.


def test_entities_countries_and_recognizers(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "recognizers:\n"
        "  - name: Ticket\n"
        "    supported_language: en\n"
        "    supported_entity: TICKET\n"
        "    patterns:\n"
        "      - {name: ticket, regex: 'TICKET-[0-9]{6}', score: 0.8}\n"
    )
    line = b"at 2026-03-04 10:11:12 from 192.168.7.8 about TICKET-123456\n"
    assert cecil("redact", "-q", stdin=line).stdout == line
    run = cecil(
        "redact", "-q", "--entities", "DATE_TIME, PRIVATE_IP", "--countries", "DE,uk",
        "--recognizers", "own.yaml", stdin=line,
    )  # fmt: skip
    assert run.stderr == b""
    assert b"<TICKET>" in run.stdout
    # A word that only stands near is enough where the country is named.
    number = b"tax 86095742719 was paid\n"
    assert cecil("redact", "-q", "--nlp", "none", stdin=number).stdout == number
    run_in = [
        cecil("redact", "-q", "--nlp", "none", "--countries", one, stdin=number) for one in ("DE", "uk")
    ]
    assert [one.stdout for one in run_in] == [b"tax <DE_TAX_ID> was paid\n", number]
    assert b"192.168.7.8" not in run.stdout
    assert b"2026-03-04" not in run.stdout


def test_a_pattern_that_takes_too_long_passes_nothing(cecil: Run, tmp_path: Path) -> None:
    """Presidio goes on without it; here its line goes to quarantine, and the others on."""
    (tmp_path / "own.yaml").write_text(
        "recognizers:\n"
        "  - name: Slow\n"
        "    supported_language: en\n"
        "    supported_entity: SLOW\n"
        "    patterns:\n"
        "      - {name: slow, regex: '(?:a|a)+b', score: 0.8}\n"
    )
    line = b"a" * 60 + b"c ab\n"
    run = cecil(
        "redact", "--nlp", "none", "--recognizers", "own.yaml", "--quarantine", "q", stdin=b"one\n" + line + b"aab\n"
    )  # fmt: skip
    assert (run.stdout, run.returncode) == (b"one\n<SLOW>\n", 3)
    (row,) = rows((tmp_path / "q").read_bytes())
    assert (row["line"], row["reason"]) == (2, "a pattern of presidio:Slow timed out")
    assert row["raw"] == line.decode().rstrip("\n")
    assert b"aaaa" not in run.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--entities", "lower case"), b"--entities"),
        (("--entities", "NOTHING_FINDS_THIS"), b"NOTHING_FINDS_THIS"),
        (("--countries", "germany"), b"--countries"),
        (("--countries", "zz"), b"zz"),
        (("--recognizers", "none.yaml"), b"none.yaml: no such file or directory"),
    ],
    ids=str,
)
def test_more_that_there_is_not(options: tuple[str, ...], words: bytes, cecil: Run) -> None:
    run = cecil("redact", "-q", *options, stdin=INPUT)
    assert (run.stdout, run.returncode) == (b"", 2)
    assert words in run.stderr


def test_an_audit_names_what_went_on_unseen(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: 1\nfields: {raw: trust}\n")
    lines = b'{"raw":{"a":"b@example.com"}}\n{"x":1}\n{"raw":"c@example.com","m":"d@example.com"}\n'
    done = cecil("redact", "--policy", "p.yaml", "--audit", "audit.jsonl", "--stats", "json", stdin=lines)
    assert done.stdout == lines.replace(b"d@example.com", b"<EMAIL_ADDRESS>")
    rows = [json.loads(row) for row in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [(row["line"], row["pointer"], row["action"]) for row in rows] == [
        (1, "/raw", "trust"),
        (3, "/raw", "trust"),
        (3, "/m", "redact"),
    ]
    assert b'"findings":{"EMAIL_ADDRESS":1}' in done.stderr.replace(b" ", b"")
