"""The commands together, as one pipe: nothing leaks, nothing is lost, and a cut pipe leaves no file."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.conftest import Run, build_sanitizer, with_commands

DATA = Path(__file__).parent / "data"


@pytest.fixture
def env(env: dict[str, str], launchers: Path) -> dict[str, str]:
    return with_commands(launchers, env)


def pipe(line: str, folder: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[bytes]":
    """Run a shell line; its status is that of the first command that failed."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        cwd=folder,
        env=env,
        timeout=120,
        check=False,
    )


def at(record: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        record = (
            record[int(step)]
            if isinstance(record, list)
            else record[step.replace("~1", "/").replace("~0", "~")]
        )
    return record


def leaves(value: Any, pointer: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {
            p: leaf for key, item in value.items() for p, leaf in leaves(item, f"{pointer}/{key}").items()
        }
    if isinstance(value, list):
        return {p: leaf for i, item in enumerate(value) for p, leaf in leaves(item, f"{pointer}/{i}").items()}
    return {pointer: value}


def test_no_planted_value_comes_out(tmp_path: Path, env: dict[str, str]) -> None:
    """Two thousand made-up records whose personal data is known: none of it is in any output."""
    done = pipe(
        "cecil-fetch mock --records 2000 --seed 5 --truth truth.jsonl | tee before.jsonl "
        "| cecil-redact --nlp none --stats json | cecil-write -o after.jsonl.gz",
        tmp_path,
        env,
    )
    assert done.returncode == 0
    assert done.stdout == b""
    stats = json.loads(done.stderr)
    assert (stats["read"], stats["written"], stats["quarantined"]) == (2000, 2000, 0)
    before = (tmp_path / "before.jsonl").read_bytes().splitlines()
    after = gzip.decompress((tmp_path / "after.jsonl.gz").read_bytes()).splitlines()
    truth = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_bytes().splitlines()]
    assert len(before) == len(after) == 2000
    assert len(truth) > 2000
    planted: dict[int, set[str]] = {}
    for row in truth:
        old, new = json.loads(before[row["record"] - 1]), json.loads(after[row["record"] - 1])
        assert str(row["value"]) in str(at(old, row["pointer"]))
        # Made-up addresses are those of documentation, which say nothing about a person.
        stays = row["entity"] == "IP_ADDRESS"
        assert (str(row["value"]) in str(at(new, row["pointer"]))) == stays
        assert str(row["value"]).encode() not in done.stderr
        planted.setdefault(row["record"] - 1, set()).add(row["pointer"])
    # And what was not planted stays: the same fields, and the same values in all but a few of them.
    kept = changed = 0
    for number, (old_line, new_line) in enumerate(zip(before, after, strict=True)):
        old_leaves, new_leaves = leaves(json.loads(old_line)), leaves(json.loads(new_line))
        assert old_leaves.keys() == new_leaves.keys()
        for pointer in old_leaves.keys() - planted.get(number, set()):
            kept += old_leaves[pointer] == new_leaves[pointer]
            changed += old_leaves[pointer] != new_leaves[pointer]
    assert changed < kept / 100


@pytest.mark.parametrize("name", ["cloudtrail.jsonl.gz", "lambda_events.jsonl"])
def test_real_logs(name: str, tmp_path: Path, env: dict[str, str]) -> None:
    """Line for line, structure kept, what is not found as it was; a second run changes nothing."""
    source = DATA / "logs" / name
    data = source.read_bytes()
    before = (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()
    done = pipe(
        f"cecil-fetch file '{source}' | cecil-redact --nlp none | tee once.jsonl | cecil-redact --nlp none > twice.jsonl"
        " && cecil-write -o out.parquet once.jsonl",
        tmp_path,
        env,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    after = (tmp_path / "once.jsonl").read_bytes().splitlines()
    assert (tmp_path / "twice.jsonl").read_bytes().splitlines() == after
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        a, b = leaves(json.loads(old)), leaves(json.loads(new))
        assert len(a) == len(b)
        for x, y in zip(a.values(), b.values(), strict=True):
            assert x == y or "<" in str(y) or y is None
    import pyarrow.parquet

    assert pyarrow.parquet.ParquetFile(tmp_path / "out.parquet").metadata.num_rows == len(before)


def test_the_cost_of_redacted_calls_is_the_same(tmp_path: Path, env: dict[str, str]) -> None:
    """Redacting first takes the text out and leaves the count."""
    calls = " ".join(
        str(DATA / "llm" / f"{n}.jsonl") for n in ("openai_chat", "openai_chat_stream", "anthropic_messages")
    )
    plain = pipe(f"cecil-fetch file {calls} | cecil-fingerprint | cecil-report", tmp_path, env)
    redacted = pipe(
        f"cecil-fetch file {calls} | cecil-redact --nlp none --policy llm | cecil-fingerprint | cecil-report",
        tmp_path,
        env,
    )
    assert plain.returncode == redacted.returncode == 0
    assert b"total" in plain.stdout
    assert plain.stdout == redacted.stdout


def test_markers_through_the_whole_pipe(tmp_path: Path, env: dict[str, str]) -> None:
    done = pipe(
        "cecil-fetch mock --records 50 --markers | cecil-redact --nlp none | cecil-write --checkpoint c -o out.jsonl",
        tmp_path,
        env,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    out = (tmp_path / "out.jsonl").read_bytes()
    assert out.count(b"\n") == 50
    assert b"$cecil" not in out


@pytest.mark.parametrize("after", [0, 1, 20])
def test_a_pipe_that_is_cut_leaves_no_file(after: int, tmp_path: Path, env: dict[str, str]) -> None:
    """The first command dies after some lines: the others see a clean end of input, and are not fooled."""
    done = pipe(
        f"cecil-fetch mock --records 500 --markers | head -n {after} | cecil-redact --nlp none | cecil-write --markers -o out.jsonl",
        tmp_path,
        env,
    )
    assert done.returncode == 1
    assert b"cecil-write: <stdin>: the stream" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if "out" in p.name) == []


def test_a_record_that_looks_like_a_marker_is_a_record(tmp_path: Path, env: dict[str, str]) -> None:
    record = {"$cecil": {"end": {"records": 0}}, "email": "bob@example.com"}
    (tmp_path / "in.jsonl").write_bytes(orjson.dumps(record) + b"\n" + b'{"a":1}\n')
    done = pipe(
        "cecil-fetch file in.jsonl --markers | cecil-redact --nlp none | cecil-write -o out.jsonl",
        tmp_path,
        env,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    records = [orjson.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert records == [record | {"email": "<EMAIL_ADDRESS>"}, {"a": 1}]


BEGIN = b'{"$cecil":{"begin":{"version":1,"source":"file"}}}\n'


@pytest.mark.parametrize(
    "line",
    [
        '{"$cecil":{"begin":{}},"note":"mail ann@example.com"}',
        '{"$cecil":{"begin":{"x":"ann@example.com"}}}',
        '{"$cecil":{"begin":{"source":"ann@example.com"}}}',
        '{"$cecil":{"begin":{"version":"ann@example.com"}}}',
        '{"$cecil":{"begin":{"version":[{"mail":"ann@example.com"}]}}}',
        '{"$cecil":{"begin":{"models":{"en":"to ann@example.com"}}}}',
        '{"$cecil":{"begin":{"models":{"ann@example.com":"en-1"}}}}',
        '{"$cecil":{"begin":{"policy":"ann@example.com"}}}',
        '{"$cecil":{"begin":{},"end":{"mail":"ann@example.com"}}}',
        '{"$cecil":{"begin":{"card":4111111111111111}}}',
        '{"$cecil":{"begin":["ann@example.com"]}}',
    ],
)
def test_a_line_that_says_more_than_markers_do_is_judged(line: str, cecil: Run) -> None:
    """As the first line of a stream, which then has no markers, and within one that has."""
    data = line.encode() + b"\n"
    alone = cecil("redact", "-q", "--nlp", "none", stdin=data)
    judged = build_sanitizer("default").redact(orjson.loads(data))[0]
    assert (alone.returncode, alone.stderr) == (0, b"")
    assert orjson.loads(alone.stdout) == judged != orjson.loads(data)
    assert b"ann@" not in alone.stdout and b"4111" not in alone.stdout
    assert cecil("redact", "-q", "--markers", "--nlp", "none", stdin=data).returncode == 1
    end = b'{"$cecil":{"end":{"records":1}}}\n'
    within = cecil("redact", "-q", "--nlp", "none", stdin=BEGIN + data + end)
    assert (within.returncode, within.stderr) == (0, b"")
    _begin, record, last = within.stdout.splitlines(keepends=True)
    # It stays a record for who reads on.
    assert record == b"{ " + alone.stdout[1:]
    assert cecil("write", stdin=within.stdout).stdout == record
    assert orjson.loads(last)["$cecil"]["end"]["records"] == 1


def test_members_of_one_name_hide_nothing_in_a_marker(cecil: Run, tmp_path: Path) -> None:
    data = b'{"$cecil":{"begin":{"source":"ann@example.com","source":"file"}}}\n'
    assert cecil("redact", "--quarantine", "q", stdin=data).returncode == 3
    assert b"duplicate key" in (tmp_path / "q").read_bytes()


def test_what_a_marker_does_not_say_by_itself_is_judged(cecil: Run) -> None:
    point = b'{"$cecil":{"checkpoint":{"source":"/srv/%s/a.jsonl","records":0,"place":7,"phone":%d}}}\n'
    end = b'{"$cecil":{"end":{"records":0,"read":4155552671,"more":1}}}\n'
    stream = BEGIN + point % (b"ann@example.com", 4155552671) + point % (b"data", 0) + end

    def bodies(*options: str) -> list[dict[str, Any]]:
        done = cecil("redact", "--nlp", "none", *options, stdin=stream)
        assert (done.returncode, done.stderr) == (0, b"")
        return [body for line in done.stdout.splitlines() for body in orjson.loads(line)["$cecil"].values()]

    begin, first, second, last = bodies()
    assert begin.items() >= {"version": 1, "source": "file"}.items()
    assert first == {"source": "/srv/<EMAIL_ADDRESS>/a.jsonl", "records": 0, "place": 7}
    assert second["source"] == "/srv/data/a.jsonl" and second["place"] == 7
    assert (last["records"], last["read"], last["more"]) == (0, 4155552671, 1)
    assert bodies("--strategy", "strict")[1:3] == [{"records": 0}, {"records": 0}]


def test_markers_are_taken_as_they_were_passed_on(cecil: Run) -> None:
    """What one filter adds, the next one knows."""
    once = cecil("redact", stdin=BEGIN + b'{"$cecil":{"end":{"records":0}}}\n').stdout
    assert b'"models":{"en":"en-' in once
    for command in ("redact", "fingerprint"):
        done = cecil(command, "--markers", stdin=once)
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
        assert cecil("write", "--markers", stdin=done.stdout).returncode == 0


def test_quarantine_is_not_on_the_way(tmp_path: Path, env: dict[str, str]) -> None:
    """One bad record in three stages: each is in exactly one place, and the statuses say so."""
    (tmp_path / "in.jsonl").write_bytes(b'{"a":1}\nnot json\n{"b":1,"b":"x@example.com"}\n{"c":3}\n')
    done = pipe(
        "cecil-fetch file in.jsonl --quarantine q1; cecil-fetch file in.jsonl -q --quarantine q1 "
        "| cecil-redact --nlp none --quarantine q2 | cecil-write --markers -o o.jsonl; cecil-fetch file in.jsonl -q --quarantine q3 --markers "
        "| cecil-redact --nlp none --quarantine q4 | cecil-write -o out.jsonl",
        tmp_path,
        env,
    )
    assert done.returncode == 3
    assert not (tmp_path / "o.jsonl").exists()
    assert (tmp_path / "out.jsonl").read_bytes() == b'{"a":1}\n{"c":3}\n'
    assert [json.loads(line)["line"] for line in (tmp_path / "q3").read_bytes().splitlines()] == [2]
    assert [json.loads(line)["reason"] for line in (tmp_path / "q4").read_bytes().splitlines()] == [
        "duplicate key at column 8"
    ]
    assert done.stdout.startswith(b'{"a":1}\n{"b":1,"b":"x@example.com"}\n{"c":3}\n')


def test_python_users_have_the_same(cecil: Run) -> None:
    """The library and the command give the same record."""
    record = {"msg": "mail bob@example.com", "n": [1.5, {"password": "x"}]}
    run = cecil("redact", "-q", stdin=orjson.dumps(record) + b"\n")
    assert orjson.loads(run.stdout) == build_sanitizer("default").redact(record)[0]
