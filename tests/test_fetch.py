"""cecil-fetch as a shell runs it: what is on stdout, on stderr, in quarantine, and the status."""

import gzip
import os
import select
import stat
import subprocess
from pathlib import Path

import orjson
import pytest

from tests.conftest import BIN, Run

SECRET = "hunter2"


def rows(folder: Path) -> list[dict[str, object]]:
    """What is in the default quarantine."""
    files = sorted((folder / "state" / "cecil" / "quarantine").glob("*"))
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    return [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]


def test_records_pass_and_nothing_else_is_said(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b'{"a": 1.10}\r\n\n{"b":1e400}')
    run = cecil("fetch", "file", "x.jsonl")
    assert (run.stdout, run.stderr, run.returncode) == (b'{"a": 1.10}\r\n{"b":1e400}\n', b"", 0)
    assert rows(tmp_path) == []


def test_stdin_by_both_its_names(cecil: Run) -> None:
    for argv in (["stdin"], ["file", "-"]):
        run = cecil("fetch", *argv, stdin=gzip.compress(b'{"a":1}\n'))
        assert (run.stdout, run.stderr, run.returncode) == (b'{"a":1}\n', b"", 0)


def test_what_is_no_record_is_kept_and_told(cecil: Run, tmp_path: Path) -> None:
    bad = [f'{{"password":"{SECRET}"', f'["{SECRET}"]', f'{{"{SECRET}":NaN}}']
    (tmp_path / "app.jsonl").write_text('{"a":1}\n' + "\n".join(bad) + '\n{"b":2}\n')
    run = cecil("fetch", "file", "app.jsonl")
    assert run.stdout == b'{"a":1}\n{"b":2}\n'
    assert run.returncode == 3
    message = run.stderr.decode()
    assert message.startswith("cecil-fetch: 3 records in quarantine ")
    assert "first at app.jsonl:2: not valid JSON: it ends too early" in message
    assert "hint" not in message
    assert SECRET not in message
    assert rows(tmp_path) == [
        {"source": "app.jsonl", "line": 2, "reason": "not valid JSON: it ends too early", "raw": bad[0]},
        {"source": "app.jsonl", "line": 3, "reason": "not a JSON object", "raw": bad[1]},
        {"source": "app.jsonl", "line": 4, "reason": "not valid JSON at column 12", "raw": bad[2]},
    ]


def test_text_in_a_file_that_says_it_is_jsonl(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(b"plain\ntext\n")
    run = cecil("fetch", "file", "x.jsonl", "--quarantine", "q")
    assert run.returncode == 3
    assert run.stderr.decode().endswith("hint: if these are lines of text: --format text\n")
    run = cecil("fetch", "file", "x.jsonl", "--format", "text")
    assert run.stdout == b'{"message":"plain"}\n{"message":"text"}\n'
    assert (tmp_path / "q").read_bytes().count(b"\n") == 2


FAILURES = [
    ("missing.jsonl", None, "missing.jsonl: no such file or directory"),
    ("*.jsonl", None, "*.jsonl: no file fits the pattern"),
    ("cut.gz", gzip.compress(b'{"a":1}\n' * 1000)[:-9], "cut.gz: gzip data ends too early; it was cut short"),
    (
        "tail.gz",
        gzip.compress(b'{"a":1}\n') + SECRET.encode(),
        "tail.gz: damaged gzip data, or something else, behind",
    ),
    (
        "cut.json",
        f'[{{"a":1}},{{"b":"{SECRET}'.encode(),
        "cut.json: the JSON text ends too early; it was cut short",
    ),
    ("names.csv", f"{SECRET},,{SECRET}\n1,2,3\n".encode(), "names.csv:1: no name for column 2"),
    ("twice.csv", f"{SECRET},x,{SECRET}\n1,2,3\n".encode(), "twice.csv:1: one name for the columns 1 and 3"),
    ("cut.parquet", b"PAR1" + SECRET.encode(), "cut.parquet: not a whole Parquet file"),
]


@pytest.mark.parametrize(("name", "content", "message"), FAILURES, ids=[name for name, _, _ in FAILURES])
def test_failures_are_named_and_hold_no_value(
    cecil: Run, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "first").write_bytes(b'{"first":1}\n')
    if content is not None:
        (tmp_path / name).write_bytes(content)
    run = cecil("fetch", "file", "good", name)
    assert run.returncode == 1
    assert f"cecil-fetch: {message}" in run.stderr.decode()
    assert SECRET not in run.stderr.decode()
    # What was complete is out; a missing file is found before anything is read.
    assert run.stdout.startswith(b'{"first":1}\n' if content is not None else b"")
    assert run.stdout == b"" or run.stdout.endswith(b"\n")


def test_an_empty_folder(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / ".hidden").write_bytes(b"{}\n")
    run = cecil("fetch", "file", "logs")
    assert run.returncode == 1
    assert run.stderr.decode().startswith("cecil-fetch: logs: no file in the folder\nhint: ")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nowhere"],
        ["file"],
        ["file", "x", "--format", "xml"],
        ["file", "x", "--form", "csv"],
        ["file", "x", "--since", "1h"],
        ["file", "x", "--since", "2024-05-01", "--time-field", "t"],
        ["file", "x", "--encoding", "klingon"],
        ["file", "x", "--limit", "-1"],
        ["mock", "--records", "many"],
    ],
)
def test_wrong_usage(cecil: Run, argv: list[str]) -> None:
    run = cecil("fetch", *argv)
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"hint: " in run.stderr


def test_markers_tell_a_whole_stream(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"$cecil":{"end":{"records":1}}}\nbad\n')
    (tmp_path / "b").write_bytes(b'\n{"b":1}\n')
    run = cecil("fetch", "file", "--markers", "--format", "jsonl", "a", "b")
    assert run.returncode == 3
    assert run.stdout.split(b"\n") == [
        b'{"$cecil":{"begin":{"version":1,"source":"file"}}}',
        b'{ "$cecil":{"end":{"records":1}}}',
        b'{"$cecil":{"checkpoint":{"source":"a","records":1}}}',
        b'{"b":1}',
        b'{"$cecil":{"checkpoint":{"source":"b","records":1}}}',
        b'{"$cecil":{"end":{"records":2,"read":4,"written":2,"dropped":1,"quarantined":1}}}',
        b"",
    ]


def test_a_failure_leaves_no_end_marker(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b'{"a":1}\n')
    (tmp_path / "b").write_bytes(gzip.compress(b'{"b":1}\n')[:-5])
    run = cecil("fetch", "file", "--markers", "a", "b")
    assert run.returncode == 1
    assert b'{"a":1}\n' in run.stdout
    assert b'"checkpoint":{"source":"a"' in run.stdout
    assert b'"checkpoint":{"source":"b"' not in run.stdout
    assert b'{"$cecil":{"end"' not in run.stdout


def test_without_markers_a_record_may_look_like_one(cecil: Run) -> None:
    line = b'{"$cecil":{"end":{"records":1}}}\n'
    assert cecil("fetch", "stdin", stdin=line).stdout == line


def test_slow_input_is_handed_on_line_by_line(tmp_path: Path, env: dict[str, str]) -> None:
    process = subprocess.Popen(
        [BIN / "cecil-fetch", "stdin", "--format", "jsonl", "--quarantine", "q"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=env,
    )
    assert process.stdin and process.stdout and process.stderr
    for line in (b'{"a":1}\n', b'{"b":2}\n'):
        process.stdin.write(b"bad\n" + line)
        process.stdin.flush()
        # A guard, not a measure: without the flush nothing ever comes.
        assert select.select([process.stdout], [], [], 60)[0]
        assert os.read(process.stdout.fileno(), 100) == line
    assert (tmp_path / "q").read_bytes().count(b"\n") == 2
    process.stdin.close()
    assert process.wait(timeout=60) == 3
    process.stdout.close()
    process.stderr.close()


def test_slow_rows_are_handed_on_one_by_one(tmp_path: Path, env: dict[str, str]) -> None:
    process = subprocess.Popen(
        [BIN / "cecil-fetch", "stdin", "--format", "csv"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=env,
    )
    assert process.stdin and process.stdout
    process.stdin.write(b"a,b\n")
    for sent, expected in (
        (b'1,"x\n', b""),
        (b'y"\n', b'{"a":"1","b":"x\\ny"}\n'),
        (b"2,z\n", b'{"a":"2","b":"z"}\n'),
    ):
        process.stdin.write(sent)
        process.stdin.flush()
        if expected:
            assert select.select([process.stdout], [], [], 60)[0]
            assert os.read(process.stdout.fileno(), 100) == expected
    process.stdin.close()
    assert process.wait(timeout=60) == 0
    process.stdout.close()


def test_what_is_written_is_not_read(tmp_path: Path, env: dict[str, str]) -> None:
    (tmp_path / "x.jsonl").write_bytes(b'{"a":1}\n')
    line = f"{BIN}/cecil-fetch file . >> x.jsonl"
    run = subprocess.run(["sh", "-c", line], cwd=tmp_path, env=env, capture_output=True, check=False)
    assert run.returncode == 1
    assert run.stderr.decode() == "cecil-fetch: ./x.jsonl: what is read is also what is written\n"
    assert (tmp_path / "x.jsonl").read_bytes() == b'{"a":1}\n'


def test_describe(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"name,city\n{SECRET},{SECRET}\n")
    run = cecil("fetch", "file", "--describe", "x.csv")
    assert run.returncode == 0
    assert SECRET not in run.stdout.decode()
    assert orjson.loads(run.stdout) == {
        "source": "file",
        "files": [
            {
                "path": "x.csv",
                "size": 26,
                "compression": None,
                "format": "csv",
                "encoding": "utf-8",
                "delimiter": ",",
                "columns": ["name", "city"],
            }
        ],
    }
    run = cecil("fetch", "stdin", "--describe", stdin=b'{"a":1}\n')
    assert orjson.loads(run.stdout)["files"][0]["path"] == "<stdin>"


def test_stats(cecil: Run, tmp_path: Path) -> None:
    run = cecil(
        "fetch", "stdin", "--stats-file", "stats", "-q", stdin=b'{"t":1714564800}\n\n{"t":1714564801}\n'
    )
    assert run.stderr == b""
    assert orjson.loads((tmp_path / "stats").read_bytes()) == {
        "command": "cecil-fetch",
        "complete": True,
        "read": 3,
        "written": 2,
        "dropped": {"blank": 1},
        "quarantined": 0,
    }


def test_a_time_window(cecil: Run) -> None:
    lines = b"".join(b'{"at":"2024-05-01T12:00:0%dZ"}\n' % n for n in range(5))
    argv = ["--time-field", "at", "--since", "2024-05-01T14:00:01+02:00", "--until", "1714564803"]
    run = cecil("fetch", "stdin", *argv, "--stats", "json", stdin=lines)
    assert run.stdout == b"".join(lines.splitlines(keepends=True)[1:3])
    assert orjson.loads(run.stderr)["dropped"] == {"since": 1, "until": 2}


def test_settings_of_a_source(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "cecil.toml").write_text('[fetch.stdin]\nformat = "csv"\nlimit = 1\n')
    table = b"a,b\n1,2\n3,4\n"
    assert cecil("fetch", "stdin", stdin=table).stdout == b'{"a":"1","b":"2"}\n'
    assert cecil("fetch", "stdin", "--limit", "5", stdin=table).stdout.count(b"\n") == 2
    assert cecil("fetch", "stdin", stdin=table, env={"CECIL_FETCH_STDIN_LIMIT": "0"}).stdout == b""


def test_made_up_records(cecil: Run, tmp_path: Path) -> None:
    run = cecil("fetch", "mock", "--records", "20", "--seed", "7", "--truth", "truth")
    assert (run.stderr, run.returncode) == (b"", 0)
    records = [orjson.loads(line) for line in run.stdout.splitlines()]
    assert len(records) == 20
    assert stat.S_IMODE((tmp_path / "truth").stat().st_mode) == 0o600
    truth = [orjson.loads(line) for line in (tmp_path / "truth").read_bytes().splitlines()]
    assert truth
    for row in truth:
        value = records[row["record"] - 1]
        for step in row["pointer"].split("/")[1:]:
            value = value[int(step) if isinstance(value, list) else step]
        assert row["value"] in value
    assert cecil("fetch", "mock", "--records", "20", "--seed", "7").stdout == run.stdout


def test_a_truth_that_cannot_be_written(cecil: Run) -> None:
    run = cecil("fetch", "mock", "--truth", "/dev/full")
    assert run.returncode == 1
    assert run.stderr.decode() == "cecil-fetch: /dev/full: no space left on device\n"
    run = cecil("fetch", "mock", "--truth", "missing/truth")
    assert run.stderr.decode() == "cecil-fetch: missing/truth: no such file or directory\n"
