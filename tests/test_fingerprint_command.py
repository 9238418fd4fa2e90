"""cecil-fingerprint as a shell runs it: counts, rules, quarantine, markers, status."""

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cecil.fingerprint.record import Source
from tests import llm_samples as samples
from tests.conftest import BIN, write_key

DATA = Path(__file__).parent / "data" / "llm"
CALL = (DATA / "openai_chat.jsonl").read_bytes().splitlines()[0]
LEGS = (DATA / "anthropic_messages.jsonl").read_bytes().splitlines()[3]
OTHER = b'{"message": "user logged in"}'
EVENT = b'{"type": "message_stop"}'
Run = Callable[..., Any]


def stats(done: Any) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return row


@pytest.mark.parametrize("shape", ["openai_chat", "anthropic_messages_stream"])
def test_the_recorded_answers_from_a_file_and_from_stdin(cecil: Run, shape: str) -> None:
    expected = (DATA / f"{shape}.expected.jsonl").read_bytes()
    source = DATA / f"{shape}.jsonl"
    for done in (cecil("fingerprint", source), cecil("fingerprint", "-", stdin=source.read_bytes())):
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, b"")
    done = cecil("fingerprint", stdin=gzip.compress(source.read_bytes()))
    assert (done.returncode, done.stdout) == (0, expected)


def test_every_record_is_in_one_place(cecil: Run, tmp_path: Path) -> None:
    lines = [CALL, OTHER, b"", LEGS, b"no json", EVENT, OTHER, b"42", b'{"model":1,"model":2}', b'{"cut": ']
    done = cecil("fingerprint", "--stats", "json", "--quarantine", "q", stdin=b"\n".join(lines))
    assert done.returncode == 3
    assert len(done.stdout.splitlines()) == 4
    assert stats(done) == {
        "command": "cecil-fingerprint",
        "complete": True,
        "read": 10,
        "written": 2,
        "dropped": {"not-llm": 3, "blank": 1, "stream-part": 1},
        "quarantined": 3,
        "fingerprints": 4,
        "calls": 2,
        "in_doubt": {},
    }
    rows = [json.loads(line) for line in (tmp_path / "q").read_bytes().splitlines()]
    assert [(row["line"], row["raw"]) for row in rows] == [
        (5, "no json"),
        (9, '{"model":1,"model":2}'),
        (10, '{"cut": '),
    ]
    messages = done.stderr.decode().splitlines()
    assert messages[:2] == [
        "cecil-fingerprint: 3 records left out as not-llm: no LLM call that is known (first at <stdin>:2)",
        "cecil-fingerprint: 1 record left out as stream-part: single events of a stream (first at <stdin>:6)",
    ]
    assert messages[2].startswith("cecil-fingerprint: 3 records in quarantine")


def test_quiet_says_nothing_of_what_is_left_out(cecil: Run) -> None:
    done = cecil("fingerprint", "--quiet", stdin=OTHER + b"\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_twice_is_once(cecil: Run) -> None:
    once = cecil("fingerprint", stdin=b"\n".join([CALL, LEGS]) + b"\n").stdout
    done = cecil("fingerprint", stdin=once)
    assert (done.returncode, done.stdout, done.stderr) == (0, once, b"")
    # White space and the order of keys are no part of a fingerprint.
    row = json.loads(once.splitlines()[0])
    again = cecil("fingerprint", stdin=json.dumps(dict(reversed(row.items())), indent=None).encode())
    assert again.stdout == once.splitlines(keepends=True)[0]


def test_a_wrong_fingerprint_goes_to_quarantine(cecil: Run, tmp_path: Path) -> None:
    row = json.loads(cecil("fingerprint", stdin=CALL).stdout) | {"model": "ada@example.org"}
    done = cecil("fingerprint", "--quarantine", "q", stdin=json.dumps(row).encode())
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"/model is not in the price list" in done.stderr
    assert b"ada" not in done.stderr


def test_large_numbers_anywhere_in_a_record_do_not_hide_its_counts(cecil: Run) -> None:
    body = json.loads(CALL) | {"trace": 10**30, "cost": 5}
    plain, large = (cecil("fingerprint", stdin=line).stdout for line in (CALL, json.dumps(body).encode()))
    assert plain == large != b""


class TestKeys:
    def test_with_a_key_users_and_unknown_models_are_hashed(self, cecil: Run, tmp_path: Path) -> None:
        record = json.loads(CALL)
        record["request"]["user"] = "ada"
        record["response"]["model"] = "acme-1"
        line = json.dumps(record).encode()
        for key in ("one", "two"):
            write_key(tmp_path / key, key.encode().ljust(32))
        plain = json.loads(cecil("fingerprint", stdin=line).stdout)
        one, two, again = (
            json.loads(cecil("fingerprint", "--key-file", key, stdin=line).stdout)
            for key in ("one", "two", "one")
        )
        assert one == again
        for name, digits in (("kid", 8), ("user_h", 16), ("model_h", 16)):
            assert plain[name] is None
            assert len(one[name]) == digits
            assert one[name] != two[name]

    @pytest.mark.parametrize(
        ("content", "reason"),
        [(b"short", b"not a key"), (b"k" * 70_000, b"too large"), (None, b"no such file")],
    )
    def test_a_key_that_is_none(
        self, cecil: Run, tmp_path: Path, content: bytes | None, reason: bytes
    ) -> None:
        if content is not None:
            (tmp_path / "key").write_bytes(content)
            (tmp_path / "key").chmod(0o600)
        done = cecil("fingerprint", "--key-file", "key", stdin=CALL)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"cecil-fingerprint: key:")
        assert reason in done.stderr


class TestMarkers:
    BEGIN = b'{"$cecil":{"begin":{"source":"x"}}}'

    def test_the_end_says_how_many_lines_came_out(self, cecil: Run) -> None:
        end = b'{"$cecil":{"end":{"records":3,"more":1}}}'
        stdin = b"\n".join([self.BEGIN, CALL, OTHER, LEGS, end]) + b"\n"
        done = cecil("fingerprint", "--markers", stdin=stdin)
        assert done.returncode == 0
        lines = done.stdout.splitlines()
        assert lines[0] == self.BEGIN
        assert len(lines) == 6
        assert json.loads(lines[-1]) == {
            "$cecil": {
                "end": {
                    "records": 4,
                    "more": 1,
                    "fingerprint": {"written": 2, "dropped": 1, "quarantined": 0},
                }
            }
        }
        # The next filter finds that the count is right.
        assert cecil("report", "--markers", stdin=done.stdout).returncode == 0

    def test_a_stream_without_its_end_fails(self, cecil: Run) -> None:
        done = cecil("fingerprint", stdin=b"\n".join([self.BEGIN, CALL]) + b"\n")
        assert done.returncode == 1
        assert b"ended before its end marker" in done.stderr

    def test_markers_can_be_asked_for(self, cecil: Run) -> None:
        assert cecil("fingerprint", "--markers", stdin=CALL).returncode == 1


def test_a_bom_is_no_part_of_a_record(cecil: Run) -> None:
    assert (
        cecil("fingerprint", stdin=b"\xef\xbb\xbf" + CALL).stdout
        == cecil("fingerprint", stdin=CALL).stdout
        != b""
    )


def test_several_files_and_a_missing_one(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CALL + b"\n")
    (tmp_path / "b").write_bytes(LEGS)
    assert len(cecil("fingerprint", "a", "b").stdout.splitlines()) == 4
    done = cecil("fingerprint", "--stats", "json", "a", "none")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert b"cecil-fingerprint: none: no such file" in done.stderr


def test_a_record_that_is_too_long_goes_to_quarantine(cecil: Run) -> None:
    done = cecil("fingerprint", "--max-record", "1K", "--quarantine", "q", stdin=CALL + b"\n" + OTHER + b"\n")
    assert done.returncode == 3
    assert done.stdout == b""


@pytest.mark.parametrize("command", ["fingerprint", "report"])
def test_a_home_that_nothing_can_be_written_to(cecil: Run, tmp_path: Path, command: str) -> None:
    home = {"HOME": str(tmp_path / "file"), "XDG_STATE_HOME": ""}
    (tmp_path / "file").write_bytes(b"")
    assert cecil(command, "--quiet", stdin=CALL, env=home).returncode == 0
    done = cecil(command, "--quiet", stdin=CALL + b"\nno record\n", env=home)
    assert done.returncode == 1
    assert done.stderr.endswith(b"hint: name another file with --quarantine FILE\n")


def test_an_empty_input(cecil: Run) -> None:
    done = cecil("fingerprint", "--stats", "json")
    assert (done.returncode, done.stdout) == (0, b"")
    assert stats(done)["read"] == 0


@pytest.mark.parametrize("command", ["fingerprint", "report"])
def test_a_full_disk_and_a_closed_pipe(cecil: Run, command: str) -> None:
    stdin = cecil("fingerprint", stdin=(CALL + b"\n") * 2_000).stdout
    with open("/dev/full", "wb") as full:
        done = cecil(command, stdin=stdin, stdout=full)
    assert done.returncode == 1
    assert b"no space left" in done.stderr


class TestWindow:
    def line(self, tokens: int, number: int = 1) -> bytes:
        message = {**samples.MESSAGE, "id": f"msg_{number}"}
        usage = {"input_tokens": 10, "output_tokens": tokens}
        return json.dumps({**samples.CLAUDE_LINE, "message": {**message, "usage": usage}}).encode()

    def test_a_message_that_grows_counts_once_and_as_it_was_last(self, cecil: Run) -> None:
        lines = [self.line(1), self.line(7, 2), self.line(5), OTHER, self.line(9)]
        done = cecil("fingerprint", "--stats", "json", stdin=b"\n".join(lines))
        assert [json.loads(line)["out_text"] for line in done.stdout.splitlines()] == [9, 7]
        counts = stats(done)
        assert counts["written"] == 2
        assert counts["dropped"] == {"duplicate": 2, "not-llm": 1}
        assert counts["calls"] == counts["fingerprints"] == 2

    def test_over_several_files(self, cecil: Run, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(self.line(1) + b"\n")
        (tmp_path / "b").write_bytes(self.line(5) + b"\n")
        done = cecil("fingerprint", "a", "b")
        assert [json.loads(line)["out_text"] for line in done.stdout.splitlines()] == [5]

    def test_without_a_window_the_first_counts_and_comes_at_once(self, cecil: Run) -> None:
        done = cecil("fingerprint", "--window", "0", "--stats", "json", stdin=b"\n".join([self.line(1)] * 3))
        assert [json.loads(line)["out_text"] for line in done.stdout.splitlines()] == [1]
        assert stats(done)["dropped"] == {"duplicate": 2}

    @pytest.mark.parametrize(
        ("early", "whole"),
        [
            ({**samples.RESPONSE, "status": "queued", "usage": None}, samples.RESPONSE),
            ({"response": samples.chunks()[:1]}, {"response": samples.chunks()}),
        ],
        ids=["a call in the background", "a stream that was cut"],
    )
    def test_where_one_waits_a_call_that_is_not_whole_is_held_back(
        self, tmp_path: Path, env: dict[str, str], early: Any, whole: Any
    ) -> None:
        def line(record: Any) -> bytes:
            return json.dumps(record).encode() + b"\n"

        command = [str(BIN / "cecil-fingerprint")]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=env, cwd=tmp_path) as process:
            assert process.stdin and process.stdout
            process.stdin.write(line(early) + line(samples.GEMINI))
            process.stdin.flush()
            first = json.loads(process.stdout.readline())
            rest, _ = process.communicate(line(whole), timeout=60)
        assert first["src"] == "gemini"
        (found,) = [json.loads(text) for text in rest.splitlines()]
        assert (found["q"], found["flags"]) == ("reported", [])
        assert found["out_text"] + found["out_reasoning"] == 20

    def test_a_marker_lets_no_call_wait(self, cecil: Run) -> None:
        end = b'{"$cecil":{"end":{"records":1}}}'
        stdin = b"\n".join([TestMarkers.BEGIN, self.line(1), end]) + b"\n"
        assert len(cecil("fingerprint", "--markers", stdin=stdin).stdout.splitlines()) == 3


class TestStrict:
    @pytest.mark.parametrize(
        ("record", "reason"),
        [
            ({"message": "user logged in"}, "no LLM call: not-llm"),
            ({"type": "message_stop"}, "no LLM call: stream-part"),
            ({"object": "page", "data": []}, "no LLM call: aggregate"),
            (samples.chat(prompt_tokens=-5), "a call in doubt: a count beyond belief"),
            (samples.chat(prompt_tokens=10**12), "a call in doubt: a count beyond belief"),
            (samples.chat(total_tokens=5), "a call in doubt: totals that do not add up"),
            ({**samples.chat(), "usage": None}, "a call in doubt: usage missing"),
            ({"response": samples.chunks(usage=False)}, "a call in doubt: usage estimated"),
            ({"response": samples.MESSAGE_EVENTS[:2]}, "a call in doubt: a stream without its end"),
            (samples.chat("example-1"), "a call in doubt: model in no price list"),
        ],
    )
    def test_what_is_in_doubt_is_an_error(
        self, cecil: Run, tmp_path: Path, record: dict[str, Any], reason: str
    ) -> None:
        stdin = CALL + b"\n" + json.dumps(record).encode()
        done = cecil("fingerprint", "--strict", "--quarantine", "q", stdin=stdin)
        assert (done.returncode, len(done.stdout.splitlines())) == (3, 1)
        assert json.loads((tmp_path / "q").read_bytes())["reason"] == reason
        # Without it, the same goes on, labelled and counted.
        done = cecil("fingerprint", "--stats", "json", stdin=stdin)
        assert done.returncode == 0
        counts = stats(done)
        assert counts["read"] == counts["written"] + sum(counts["dropped"].values()) == 2
        if "doubt" in reason and "price" not in reason:
            assert counts["in_doubt"] == {reason.removeprefix("a call in doubt: "): 1}

    def test_parts_of_logs_and_repeats_are_no_error(self, cecil: Run) -> None:
        lines = [samples.APIM_TEXT, samples.APIM, samples.APIM, samples.CODEX_META]
        done = cecil("fingerprint", "--strict", stdin=b"\n".join(json.dumps(line).encode() for line in lines))
        assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)


def test_a_file_of_all_shapes(cecil: Run, tmp_path: Path) -> None:
    records = [sample.record for sample in samples.SAMPLES]
    records += [record for _, record, _ in (*samples.NOT_CALLS, *samples.FAILURES)]
    log = b"".join(json.dumps(samples.apart(record, n)).encode() + b"\n" for n, record in enumerate(records))
    (tmp_path / "log").write_bytes(log)
    done = cecil("fingerprint", "--stats", "json", "log")
    assert done.returncode == 0
    counts = stats(done)
    assert counts["read"] == len(records) == counts["written"] + sum(counts["dropped"].values())
    sources = {json.loads(line)["src"] for line in done.stdout.splitlines()}
    assert sources == {source.value for source in Source}
    again = cecil("fingerprint", stdin=done.stdout)
    assert again.stdout == done.stdout


def test_what_is_computed_can_be_left_out(cecil: Run) -> None:
    stdin = json.dumps({"request": samples.ASKED, "response": samples.chunks(usage=False)}).encode()
    row = json.loads(cecil("fingerprint", stdin=stdin).stdout)
    assert (row["q"], row["repeat"], row["reuse_5m"]) == ("estimated", "none", 0)
    row = json.loads(cecil("fingerprint", "--no-estimate", "--no-overlap", stdin=stdin).stdout)
    assert (row["q"], row["repeat"], row["reuse_5m"]) == ("none", None, None)
