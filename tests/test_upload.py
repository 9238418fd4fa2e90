"""cecil-fingerprint upload and consent against a receiver on loopback: what leaves, when, and how often."""

import contextlib
import json
import os
import pty
import random
import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import SourceError, UsageError
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.terms import DIGEST
from cecil.fingerprint.upload import Sender, address
from cecil.stream.spool import Spool
from tests.conftest import BIN, write_key
from tests.prints import fingerprint
from tests.receiver import Fault, Receiver, authority, receiving

pytestmark = pytest.mark.slow

Run = Callable[..., Any]
HASHER = Hasher(b"k" * 32)
DAY = 20_000
BATCH = b'{"v":1}\n'


def lines(users: int = 6, each: int = 2, day: int = DAY, model: str = "openai/gpt-4o") -> bytes:
    records = [
        fingerprint(model, t=day * 24 + 3, in_fresh=100, user_h=HASHER.user(f"user{who}"), kid=HASHER.kid)
        for who in range(users)
        for _ in range(each)
    ]
    return b"".join(record.to_bytes() + b"\n" for record in records)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def receiver(certificates: tuple[Path, Path]) -> Iterator[Receiver]:
    with receiving(certificates[1]) as server:
        yield server


@pytest.fixture
def agreed(cecil: Run, certificates: tuple[Path, Path], receiver: Receiver) -> Receiver:
    agree(cecil, receiver, certificates)
    return receiver


def agree(cecil: Run, receiver: Receiver, certificates: tuple[Path, Path], *more: str) -> None:
    done = cecil(
        *("fingerprint", "consent", "--endpoint", receiver.url, "--ca-file", certificates[0], "--yes", *more)
    )
    assert done.returncode == 0, done.stderr


def spooled(folder: Path) -> list[str]:
    """The states of the batches that are kept."""
    found = (folder / "state" / "cecil" / "upload").glob("????-??-??.*")
    return [path.suffix for path in sorted(found)]


# Consent.


def test_nothing_is_sent_without_consent(cecil: Run, receiver: Receiver, tmp_path: Path) -> None:
    done = cecil("fingerprint", "upload", stdin=lines())
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"nobody has agreed" in done.stderr
    assert b"--dry-run" in done.stderr
    assert not (tmp_path / "state").exists()
    assert receiver.requests == []


def test_consent_shows_what_is_sent_and_wants_a_terminal_or_yes(cecil: Run, tmp_path: Path) -> None:
    done = cecil("fingerprint", "consent", "--endpoint", "https://example.com/up", stdin=b"yes\n")
    assert done.returncode == 2
    assert b"https://example.com/up" in done.stdout
    assert b"What is never sent" in done.stdout
    assert b"--yes" in done.stderr
    assert not (tmp_path / "state").exists()
    assert cecil("fingerprint", "consent").stdout == b"Nothing was agreed to; nothing is sent.\n"
    for options in (["--yes"], ["--ca-file", "x"], ["--revoke", "--yes"]):
        assert cecil("fingerprint", "consent", *options).returncode == 2


@pytest.mark.parametrize(("answer", "agreed"), [("yes\n", True), ("y\n", False), ("\n", False)])
def test_consent_asks_on_a_terminal(env: dict[str, str], tmp_path: Path, answer: str, agreed: bool) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, answer.encode())
    argv = [str(BIN / "cecil-fingerprint"), "consent", "--endpoint", "https://example.com/up"]
    done = subprocess.run(
        argv, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=env, cwd=tmp_path, check=False
    )
    os.close(theirs)
    os.close(ours)
    assert (done.returncode == 0) is agreed
    assert (tmp_path / "state/cecil/upload/consent.json").exists() is agreed


def test_consent_is_kept_with_date_endpoint_and_text(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    path = tmp_path / "state/cecil/upload/consent.json"
    kept = json.loads(path.read_bytes())
    assert kept["endpoint"] == agreed.url
    assert kept["terms"] == DIGEST
    assert abs(time.time() - time.mktime(time.strptime(kept["date"], "%Y-%m-%dT%H:%M:%SZ"))) < 100_000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    shown = cecil("fingerprint", "consent").stdout.decode()
    assert kept["date"] in shown
    assert agreed.url in shown


def test_changed_terms_ask_again(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    path = tmp_path / "state/cecil/upload/consent.json"
    path.write_text(path.read_text().replace(DIGEST, "0" * 64))
    done = cecil("fingerprint", "upload", stdin=lines())
    assert done.returncode == 2
    assert b"has changed since" in done.stderr
    assert b"has changed since" in cecil("fingerprint", "consent").stdout
    assert agreed.requests == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"endpoint": 1}', "null"])
def test_a_damaged_consent_is_none(agreed: Receiver, cecil: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "state/cecil/upload/consent.json").write_text(text)
    done = cecil("fingerprint", "upload", stdin=lines())
    assert done.returncode == 1
    assert b"a damaged consent" in done.stderr
    assert cecil("fingerprint", "consent", "--revoke").returncode == 0


@pytest.mark.parametrize("name", ["upload", "upload/consent.json"])
def test_what_others_could_have_written_is_no_consent(
    agreed: Receiver, cecil: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "state/cecil" / name).chmod(0o722)
    done = cecil("fingerprint", "upload", stdin=lines())
    assert done.returncode == 1
    assert b"others could have written" in done.stderr
    assert agreed.requests == []


def test_a_settings_file_agrees_to_nothing(cecil: Run, tmp_path: Path) -> None:
    for key, value in (("yes", "true"), ("endpoint", '"https://example.com"'), ("revoke", "true")):
        (tmp_path / "cecil.toml").write_text(f"[fingerprint.consent]\n{key} = {value}\n")
        assert cecil("fingerprint", "consent").returncode == 2
    (tmp_path / "cecil.toml").write_text("[fingerprint.upload]\ndry-run = true\n")
    done = cecil("fingerprint", "upload", stdin=lines())
    assert done.returncode == 0
    assert json.loads(done.stdout)["v"] == 1
    (tmp_path / "cecil.toml").unlink()
    done = cecil("fingerprint", "consent", env={"CECIL_FINGERPRINT_CONSENT_YES": "1"})
    assert done.returncode == 0
    done = cecil("fingerprint", "upload", stdin=lines(), env={"CECIL_FINGERPRINT_UPLOAD_DRY_RUN": "1"})
    assert done.returncode == 0


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.com/up",
            "example.com",
            "https://",
            "https://u:p@example.com/",
            "ftp://example.com",
        ),
        *(
            "https://example.com/#x",
            "https://ex ample.com/",
            "https://example.com:port/",
            "https://exämple.com",
        ),
        *("https://example.com/\x1b[2J", f"https://{'a' * 64}.example.com/", "https://[::1"),
    ],
)
def test_an_endpoint_is_https_and_nothing_odd(cecil: Run, url: str) -> None:
    with pytest.raises(UsageError) as error:
        address(url)
    assert url not in str(error.value)
    assert cecil("fingerprint", "consent", "--yes", "--endpoint", url).returncode == 2


def test_addresses() -> None:
    assert address("https://example.com") == ("example.com", 443, "/")
    assert address("https://[2001:db8::1]:8443/a?b=c") == ("2001:db8::1", 8443, "/a?b=c")


def test_revoking_stops_an_upload_that_is_at_work(
    cecil: Run, certificates: tuple[Path, Path], env: dict[str, str], tmp_path: Path
) -> None:
    with receiving(certificates[1], [(503, {"Retry-After": "1"})] * 100) as server:
        agree(cecil, server, certificates)
        (tmp_path / "prints").write_bytes(lines())
        argv = [str(BIN / "cecil-fingerprint"), "upload", "prints"]
        process = subprocess.Popen(argv, env=env, cwd=tmp_path, stderr=subprocess.PIPE)
        end = time.monotonic() + 60
        while not server.requests and time.monotonic() < end:
            time.sleep(0.02)
        done = cecil("fingerprint", "consent", "--revoke")
        assert done.returncode == 1
        assert b"another upload is at work" in done.stderr
        _, told = process.communicate(timeout=60)
        assert process.returncode == 1
        assert b"not agreed to any more" in told
        assert cecil("fingerprint", "consent").stdout.startswith(b"Nothing was agreed to")
        before = len(server.requests)
        assert cecil("fingerprint", "consent", "--revoke").returncode == 0
        assert spooled(tmp_path) == [".lost"]
        assert len(server.requests) == before


def test_another_endpoint_gets_nothing_that_may_have_arrived_elsewhere(
    cecil: Run, certificates: tuple[Path, Path]
) -> None:
    with receiving(certificates[1], [(400, {})]) as first, receiving(certificates[1]) as second:
        agree(cecil, first, certificates)
        assert cecil("fingerprint", "upload", stdin=lines()).returncode == 1
        agree(cecil, second, certificates)
        assert cecil("fingerprint", "upload", stdin=lines()).returncode == 0
        assert second.requests == []


# What leaves.


def test_the_dry_run_is_what_arrives(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    log = lines() + lines(day=DAY + 1, model="openai/gpt-4o-mini")
    before = sorted(p.name for p in (tmp_path / "state").rglob("*"))
    dry = cecil("fingerprint", "upload", "--dry-run", stdin=log)
    assert dry.returncode == 0
    assert sorted(p.name for p in (tmp_path / "state").rglob("*")) == before
    assert agreed.requests == []
    done = cecil("fingerprint", "upload", "--stats", "json", stdin=log)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"".join(body for _, body in agreed.requests) == dry.stdout
    assert [json.loads(body)["day"] for body in agreed.kept.values()] == ["2024-10-04", "2024-10-05"]
    stats = json.loads(done.stderr.splitlines()[-1])
    assert (stats["sent"], stats["waiting"], stats["bytes"]) == (2, 0, len(dry.stdout))
    assert (stats["read"], stats["written"]) == (24, 24)
    assert spooled(tmp_path) == [".done", ".done"]
    headers, _ = agreed.requests[0]
    assert set(headers) == {
        *("host", "accept-encoding", "content-length", "content-type", "idempotency-key", "user-agent"),
        "accept",
    }


def test_the_dry_run_needs_no_consent_and_leaves_nothing(cecil: Run, tmp_path: Path) -> None:
    done = cecil("fingerprint", "upload", "--dry-run", stdin=lines())
    assert done.returncode == 0
    assert json.loads(done.stdout)["cells"][0]["calls"] == 12
    assert not (tmp_path / "state").exists()
    quiet = cecil("fingerprint", "upload", "--dry-run", "--quiet", stdin=lines(4, 50))
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, b"", b"")


def test_a_day_is_sent_once(agreed: Receiver, cecil: Run) -> None:
    for _ in range(2):
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode == 0
    assert len(agreed.requests) == 1
    assert b"12 fingerprints left out as late: their day was sent before" in done.stderr


def test_four_users_and_today_stay_here(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    log = lines(4, 50) + lines(day=int(time.time() // 86_400))
    done = cecil("fingerprint", "upload", "--stats", "json", stdin=log)
    assert done.returncode == 0
    assert json.loads(done.stderr.splitlines()[-1])["dropped"] == {"open-day": 12, "too-few": 200}
    assert agreed.requests == []
    assert spooled(tmp_path) == []


def test_without_users_it_says_so(agreed: Receiver, cecil: Run) -> None:
    log = b"".join(fingerprint("openai/gpt-4o", t=DAY * 24).to_bytes() + b"\n" for _ in range(50))
    done = cecil("fingerprint", "upload", stdin=log)
    assert done.returncode == 0
    assert b"no fingerprint names a user" in done.stderr
    assert b"--key-file" in done.stderr


def test_a_line_that_is_no_fingerprint_sends_nothing(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    for odd in (b'{"prompt": "Kanari"}\n', b"Kanari\n", b"[1]\n"):
        done = cecil("fingerprint", "upload", "-", stdin=lines() + odd)
        assert done.returncode == 1
        assert b"<stdin>:13" in done.stderr
        assert b"Kanari" not in done.stderr
    done = cecil("fingerprint", "upload", "--max-record", "100", stdin=lines())
    assert done.returncode == 1
    assert b"too long" in done.stderr
    assert cecil("fingerprint", "upload", "missing.jsonl").returncode == 1
    assert (agreed.requests, spooled(tmp_path)) == ([], [])


def test_a_cut_stream_sends_nothing(agreed: Receiver, cecil: Run) -> None:
    begin = b'{"$cecil":{"begin":{"version":1,"policy":"%s"}}}\n' % (b"ab" * 32)
    end = b'{"$cecil":{"end":{"records":12}}}\n'
    assert cecil("fingerprint", "upload", "--markers", stdin=begin + lines()).returncode == 1
    assert agreed.requests == []
    assert cecil("fingerprint", "upload", "--markers", stdin=begin + lines() + b"\n" + end).returncode == 1
    assert cecil("fingerprint", "upload", "--markers", stdin=begin + lines() + end).returncode == 0
    assert json.loads(agreed.requests[0][1])["policies"] == ["ab" * 32]


def test_nothing_of_a_log_is_in_the_bytes(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    """From the log on, through the pipe that a user types; canaries where text and ids stand."""
    write_key(tmp_path / "key", os.urandom(32))
    rows = [
        {
            "time": "2024-10-04T03:12:45Z",
            "Kanarikey": "Kanarivalue",
            "request": {
                "model": "gpt-4o",
                "user": f"Kanari{n % 7}@example.com",
                "messages": [{"role": "user", "content": f"Kanaritext {n}"}],
                "metadata": {"Kanarimeta": "Kanari"},
            },
            "response": {
                "id": f"chatcmpl-Kanari{n}",
                "object": "chat.completion",
                "created": 1728011565,
                "model": "gpt-4o-2024-08-06",
                "system_fingerprint": "fp_Kanari",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": "Kanari"},
                    }
                ],
                "usage": {"prompt_tokens": 31, "completion_tokens": 7, "total_tokens": 38},
            },
        }
        for n in range(40)
    ]
    (tmp_path / "Kanari.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    prints = cecil("fingerprint", "--key-file", "key", "Kanari.jsonl")
    (tmp_path / "Kanari.prints").write_bytes(prints.stdout)
    done = cecil("fingerprint", "upload", "Kanari.prints")
    assert done.returncode == 0, done.stderr
    ((headers, body),) = agreed.requests
    assert json.loads(body)["cells"][0]["calls"] == 40
    whole = body + json.dumps(headers).encode()
    assert b"kanari" not in whole.lower()
    for row in map(json.loads, prints.stdout.splitlines()):
        assert row["user_h"].encode() not in whole
        assert row["kid"].encode() not in whole


def test_the_token_is_from_a_file_and_in_no_message(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "token").write_text("s3cret-Kanari\n")
    with receiving(certificates[1], token="s3cret-Kanari") as server:
        agree(cecil, server, certificates)
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode == 1
        assert b"status 401" in done.stderr
        agree(cecil, server, certificates, "--token-file", "token")
        done = cecil("fingerprint", "upload", "--resume")
        assert done.returncode == 0
        assert b"Kanari" not in done.stderr + done.stdout
        assert len(server.kept) == 1
    assert b"Kanari" not in (tmp_path / "state/cecil/upload/consent.json").read_bytes()
    (tmp_path / "token").write_bytes(b"two words\n")
    assert cecil("fingerprint", "upload", "--resume").returncode == 2


# Faults.


@pytest.mark.parametrize(
    "faults",
    [
        ["reset", "reset"],
        ["lost"],
        ["cut"],
        [(500, {}), (503, {"Retry-After": "0"})],
        [(429, {"Retry-After": "1"})],
        [(408, {})],
    ],
    ids=["reset", "lost", "cut", "5xx", "429", "408"],
)
def test_faults_that_pass(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path, faults: list[Fault]
) -> None:
    with receiving(certificates[1], faults) as server:
        agree(cecil, server, certificates)
        done = cecil("fingerprint", "upload", "--budget", "60", stdin=lines())
        assert done.returncode == 0, done.stderr
        assert len(server.requests) == len(faults) + 1
        assert len({body for _, body in server.requests}) == 1
        assert len(server.kept) == 1
    assert spooled(tmp_path) == [".done"]


@pytest.mark.parametrize(
    "fault", [(400, {}), (301, {"Location": "https://example.com/"}), (413, {}), (204, {})]
)
def test_faults_that_last(cecil: Run, certificates: tuple[Path, Path], tmp_path: Path, fault: Fault) -> None:
    with receiving(certificates[1], [fault]) as server:
        agree(cecil, server, certificates)
        done = cecil("fingerprint", "upload", "--stats", "json", stdin=lines())
        assert done.returncode == 1
        assert b"Kanari" not in done.stderr
        assert len(server.requests) == 1
        assert spooled(tmp_path) == [".tried"]
        stats = json.loads(next(line for line in done.stderr.splitlines() if line.startswith(b"{")))
        assert (stats["sent"], stats["waiting"]) == (0, 1)
        # It waits, goes first next time, and is the same.
        done = cecil("fingerprint", "upload", stdin=lines(day=DAY + 1))
        assert done.returncode == 0
    bodies = [body for _, body in server.requests]
    assert bodies[0] == bodies[1]
    assert [json.loads(body)["day"] for body in server.kept.values()] == ["2024-10-04", "2024-10-05"]


def test_one_batch_that_is_not_wanted_does_not_stop_the_others(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path
) -> None:
    with receiving(certificates[1], [(422, {}), (422, {})]) as server:
        agree(cecil, server, certificates)
        cecil("fingerprint", "upload", stdin=lines())
        done = cecil("fingerprint", "upload", stdin=lines(day=DAY + 1))
        assert done.returncode == 1
        assert b"1 day sent" in done.stderr
        assert b"status 422" in done.stderr
        assert len(server.kept) == 1
    assert spooled(tmp_path) == [".tried", ".done"]


def test_an_answer_that_drips_ends_with_the_budget(certificates: tuple[Path, Path]) -> None:
    clock = Clock()

    class Drip:
        length = 100

        def read1(self, size: int) -> bytes:
            clock.now += 100
            return b"x"

    with receiving(certificates[1]) as server, pytest.raises(TimeoutError):
        sender(server, certificates, clock)._body(Drip())  # type: ignore[arg-type]
    assert clock.now == 400


def test_refused_connections_end_with_the_budget(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    agreed.shutdown()
    agreed.server_close()
    done = cecil("fingerprint", "upload", "--budget", "1", stdin=lines())
    assert done.returncode == 1
    assert b"connection refused" in done.stderr
    assert b"--resume" in done.stderr
    assert b"1 batch waits" in done.stderr
    assert spooled(tmp_path) == [".tried"]


@pytest.mark.parametrize("trusted", ["system", "another", "another host"])
def test_a_wrong_certificate_is_refused(
    cecil: Run, certificates: tuple[Path, Path], tmp_path: Path, trusted: str
) -> None:
    ca, pem = authority(tmp_path / "b", "127.0.0.2" if trusted == "another host" else "127.0.0.1")
    if trusted == "another":
        ca = certificates[0]
    with receiving(pem) as server:
        options = [] if trusted == "system" else ["--ca-file", str(ca)]
        cecil("fingerprint", "consent", "--endpoint", server.url, "--yes", *options)
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode == 1
        assert b"certificate cannot be verified" in done.stderr
        assert (server.requests, server.kept) == ([], {})


def test_a_file_that_holds_no_certificates(cecil: Run, receiver: Receiver, tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("nothing")
    for name in ("ca", "missing"):
        cecil("fingerprint", "consent", "--endpoint", receiver.url, "--yes", "--ca-file", name)
        done = cecil("fingerprint", "upload", stdin=lines())
        assert done.returncode == 2
        assert b"no certificates that can be read" in done.stderr


@pytest.mark.parametrize("fault", ["silent", "lost"])
def test_killed_before_the_acknowledgement_it_arrives_once(
    cecil: Run, certificates: tuple[Path, Path], env: dict[str, str], tmp_path: Path, fault: str
) -> None:
    (tmp_path / "prints").write_bytes(lines())
    with receiving(certificates[1], [fault, "silent"]) as server:
        agree(cecil, server, certificates)
        argv = [str(BIN / "cecil-fingerprint"), "upload", "prints"]
        process = subprocess.Popen(argv, env=env, cwd=tmp_path, stderr=subprocess.DEVNULL)
        wanted = 1 if fault == "silent" else 2
        end = time.monotonic() + 60
        while len(server.requests) < wanted and time.monotonic() < end:
            time.sleep(0.02)
        second = cecil("fingerprint", "upload", "--resume")
        assert second.returncode == 1
        assert b"another upload is at work" in second.stderr
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert spooled(tmp_path) == [".tried"]
        server.faults.clear()
        # The same log again, as cron would: what waits goes, and its day is not made a second time.
        done = cecil("fingerprint", "upload", "prints")
        assert done.returncode == 0
        assert b"12 fingerprints left out as late" in done.stderr
        assert len(server.kept) == 1
        assert len({body for _, body in server.requests}) == 1
    assert spooled(tmp_path) == [".done"]


def test_resume_reads_nothing(agreed: Receiver, cecil: Run) -> None:
    assert cecil("fingerprint", "upload", "--resume", "file").returncode == 2
    done = cecil("fingerprint", "upload", "--resume", stdin=b"no fingerprint")
    assert done.returncode == 0
    assert b"0 days sent" in done.stderr


# Waiting.


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def sender(server: Receiver, certificates: tuple[Path, Path], clock: Clock, **more: Any) -> Sender:
    more = {"jitter": lambda most: most, "wall": lambda: 1_000_000.0, **more}
    return Sender(
        server.url, ca_file=str(certificates[0]), sleep=clock.sleep, clock=lambda: clock.now, **more
    )


def test_waits_double_and_end_with_the_budget(certificates: tuple[Path, Path]) -> None:
    clock = Clock()
    with receiving(certificates[1], [(503, {})] * 20) as server:
        one = sender(server, certificates, clock, budget=200)
        with pytest.raises(SourceError, match=r"status 503 \(9 attempts\)"):
            one.send(BATCH)
    assert clock.slept == [1, 2, 4, 8, 16, 32, 60, 60]


def test_waits_are_jittered_from_nothing_to_all(certificates: tuple[Path, Path]) -> None:
    clock = Clock()
    with receiving(certificates[1], [(503, {})] * 6) as server:
        one = Sender(server.url, ca_file=str(certificates[0]), sleep=clock.sleep, clock=lambda: clock.now)
        one.send(BATCH)
    assert one.attempts == 7
    assert all(0 <= wait <= 2**n for n, wait in enumerate(clock.slept))
    assert len(set(clock.slept)) == 6


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7", 7.0),
        ("Mon, 12 Jan 1970 13:46:45 GMT", 5.0),
        ("Mon, 12 Jan 1970 13:46:20 GMT", 1.0),
        ("soon", 1.0),
        ("-5", 1.0),
        ("9" * 400, 1.0),
        ("1.5", 1.0),
    ],
)
def test_retry_after_is_waited_for(certificates: tuple[Path, Path], value: str, wait: float) -> None:
    clock = Clock()
    with receiving(certificates[1], [(429, {"Retry-After": value})]) as server:
        sender(server, certificates, clock).send(BATCH)
    assert clock.slept == [wait]


def test_a_retry_after_beyond_the_budget_is_not_waited_for(certificates: tuple[Path, Path]) -> None:
    clock = Clock()
    with receiving(certificates[1], [(429, {"Retry-After": "3600"})]) as server:
        one = sender(server, certificates, clock)
        with pytest.raises(SourceError, match="status 429"):
            one.send(BATCH)
    assert clock.slept == []


def test_silence_is_not_waited_for_for_ever(certificates: tuple[Path, Path]) -> None:
    clock = Clock()
    with receiving(certificates[1], ["silent"]) as server:
        sender(server, certificates, clock, timeout=0.3).send(BATCH)
        assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"received": "x"}', b"[" * 60_000])
def test_only_a_receiver_acknowledges(certificates: tuple[Path, Path], answer: bytes) -> None:
    clock = Clock()
    with receiving(certificates[1]) as server:
        one = sender(server, certificates, clock)
        with pytest.raises(SourceError, match="no receiver"):
            one._judge(200, answer, None, "key")
        one._judge(201, b'{"received": "key"}', None, "key")


@pytest.mark.parametrize("token", ["", "two words", "bad\r\nHeader: x", "ä"])
def test_a_token_is_one_word(receiver: Receiver, token: str) -> None:
    with pytest.raises(UsageError):
        Sender(receiver.url, token=token)


# Proxies.


def test_a_proxy_is_used_and_sees_the_host_only(
    certificates: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket
    import threading

    seen: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        client, _ = listener.accept()
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        seen.append(head)
        upstream = socket.create_connection(("127.0.0.1", server.server_port))
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        def back() -> None:
            with contextlib.suppress(OSError):
                while data := upstream.recv(65536):
                    client.sendall(data)

        threading.Thread(target=back, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                seen.append(data)
                upstream.sendall(data)
        upstream.close()
        client.close()

    with receiving(certificates[1]) as server:
        proxy = threading.Thread(target=serve)
        proxy.start()
        port = listener.getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        sender(server, certificates, Clock()).send(BATCH)
        assert len(server.kept) == 1
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        sender(server, certificates, Clock()).send(BATCH)
    listener.close()
    proxy.join()
    assert seen[0].startswith(f"CONNECT 127.0.0.1:{server.server_port} ".encode())
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in seen[0]
    assert BATCH not in b"".join(seen)


@pytest.mark.parametrize("value", ["ftp://127.0.0.1:1", "https://127.0.0.1:1", "http://[::1", "http://"])
def test_a_proxy_that_is_none(receiver: Receiver, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("https_proxy", value)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(UsageError, match="https_proxy"):
        Sender(receiver.url)


# The spool.


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:  # pragma: no cover
    from cecil.errors import OutputError

    (tmp_path / "a").mkdir(mode=0o500)
    with pytest.raises(OutputError):
        Spool(str(tmp_path / "a" / "b")).put("2024-10-04", BATCH)


def test_a_full_disk_sends_nothing_and_leaves_nothing(agreed: Receiver, cecil: Run, tmp_path: Path) -> None:
    import resource

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = cecil("fingerprint", "upload", stdin=lines(), preexec_fn=full)
    assert done.returncode == 1
    assert b"file too large" in done.stderr
    assert (agreed.requests, spooled(tmp_path)) == ([], [])
    assert cecil("fingerprint", "upload", stdin=lines()).returncode == 0
    assert len(agreed.kept) == 1


def test_a_storm_of_faults_and_every_day_arrives_once(certificates: tuple[Path, Path]) -> None:
    dice = random.Random(3)
    kinds: list[Fault] = ["reset", "lost", "cut", (500, {}), (503, {"Retry-After": "9"}), (429, {})]
    days = [b'{"v":1,"day":%d}\n' % day for day in range(12)]
    with receiving(certificates[1], [dice.choice(kinds) for _ in range(60)]) as server:
        one = sender(server, certificates, Clock(), budget=10_000)
        for day in days:
            one.send(day)
        assert sorted(server.kept.values()) == sorted(days)
        assert one.attempts == len(server.requests)
        assert one.attempts > len(days)


# Words that stand first.


def test_a_file_named_as_a_word_is_a_path(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(lines())
    done = cecil("fingerprint", "./upload")
    assert (done.returncode, done.stdout) == (0, lines())
    done = cecil("fingerprint", "--", "upload")
    assert (done.returncode, done.stdout) == (0, lines())


@pytest.mark.parametrize("verb", ["upload", "consent"])
def test_help_of_a_word(cecil: Run, verb: str) -> None:
    done = cecil("fingerprint", verb, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(f"usage: cecil-fingerprint {verb} ".encode())
    done = cecil("fingerprint", verb, "--no-such")
    assert done.returncode == 2
    assert f"cecil-fingerprint {verb}".encode() in done.stderr


def test_no_address_is_built_in() -> None:
    """Every URL in what sends is a pattern for one, or the place where something is explained."""
    root = BIN.parent / "cecil"
    for name in ("fingerprint/upload.py", "fingerprint/terms.py", "commands/uploading.py"):
        hosts = set(re.findall(r"https?://([\w.{}-]+)", (root / name).read_text()))
        assert hosts <= {"HOST", "{url}", "aws.amazon.com"}
