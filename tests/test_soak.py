"""Memory that stays flat, and crashes at any moment. Slow: `make slow` runs these."""

import gzip
import itertools
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import BIN

pytestmark = pytest.mark.slow
LOGS = Path(__file__).parent / "data" / "logs"


def records(size: int) -> bytes:
    """At least `size` bytes of real records, each with a number of its own."""
    lines = gzip.decompress((LOGS / "cloudtrail.jsonl.gz").read_bytes()).splitlines(keepends=True)
    made, total = [], 0
    for number, line in enumerate(itertools.cycle(lines)):
        made.append(b'{"seq":%d,%s' % (number, line.lstrip(b"{ ")))
        total += len(made[-1])
        if total >= size:
            return b"".join(made)
    raise AssertionError


# A process's peak counts from the memory of the one it was forked from: so a small one starts it.
MEASURE = """
import os, sys
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
os.write(2, str(usage.ru_maxrss).encode())
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peak(argv: list[str], source: Path, folder: Path, env: dict[str, str]) -> float:
    """Peak resident memory of a command in MB."""
    command = [sys.executable, "-S", "-c", MEASURE, BIN / f"cecil-{argv[0]}", *argv[1:]]
    with open(source, "rb") as stdin:
        done = subprocess.run(
            command,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
            env=env,
            check=False,
        )
    assert done.returncode == 0
    return int(done.stderr) / 1024


@pytest.mark.parametrize(
    ("argv", "limit"),
    [
        (["fetch", "stdin", "-q"], 50),
        (["fetch", "stdin", "-q", "--format", "text"], 50),
        (["redact", "-q", "--nlp", "none"], 200),
        (["write", "-q", "--format", "csv", "--columns", "seq", "--extra", "drop"], 50),
        (["write", "-q", "-o", "out.jsonl.gz", "--force"], 50),
        (["fingerprint", "-q"], 60),
    ],
    ids=str,
)
def test_memory_does_not_grow_with_the_input(
    argv: list[str], limit: int, tmp_path: Path, env: dict[str, str]
) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(records(10_000_000))
    large.write_bytes(records(60_000_000))
    few, many = (peak(argv, source, tmp_path, env) for source in (small, large))
    assert many < limit
    assert many < few + 8


@pytest.mark.parametrize("seed", range(8))
def test_a_crash_leaves_nothing_that_looks_whole(seed: int, tmp_path: Path, env: dict[str, str]) -> None:
    """Any command of the pipe is killed at any moment: the file is whole, or not there."""
    chance = random.Random(seed)
    source = tmp_path / "in.jsonl"
    source.write_bytes(records(6_000_000))
    lines = source.read_bytes().count(b"\n")
    argvs = [
        ["fetch", "file", "-q", "--markers", "in.jsonl"],
        ["redact", "-q", "--nlp", "none"],
        ["write", "-q", "--markers", "--checkpoint", "checkpoint", "-o", "out.jsonl"],
    ]
    processes: list[subprocess.Popen[bytes]] = []
    for argv in argvs:
        stdin = processes[-1].stdout if processes else None
        last = argv is argvs[-1]
        processes.append(
            subprocess.Popen(
                [BIN / f"cecil-{argv[0]}", *argv[1:]],
                stdin=stdin,
                stdout=None if last else subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=tmp_path,
                env=env,
            )
        )
        if stdin:
            stdin.close()
    time.sleep(chance.uniform(0, 3))
    chance.choice(processes).send_signal(signal.SIGKILL)
    for process in processes:
        process.wait(timeout=60)
    out = tmp_path / "out.jsonl"
    if out.exists():
        assert out.read_bytes().count(b"\n") == lines
    else:
        assert not (tmp_path / "checkpoint").exists()
    if processes[-1].returncode == 0:
        assert out.exists()
