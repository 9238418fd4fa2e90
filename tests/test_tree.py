"""cecil-redact -o DIR: names and compression kept, files in parallel, each whole or absent, resumed."""

import bz2
import gzip
import json
import lzma
import os
import shutil
import signal
import subprocess
import time
import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cecil.commands.tree import Task, _Workers
from cecil.errors import WorkerError
from cecil.stream.compression import codec_for
from cecil.stream.walk import walk
from tests.conftest import BIN, Run

LINE = b'{"n":%d,"m":"mail bob%d@example.com"}\n'
DONE = b'{"n":%d,"m":"mail <EMAIL_ADDRESS>"}\n'
NO_NAMES = ("-q", "--nlp", "none")


def folder(at: Path, count: int) -> Path:
    at.mkdir()
    for n in range(count):
        (at / f"{n}.jsonl").write_bytes(LINE % (n, n))
    return at


def test_names_and_compression_are_kept(cecil: Run, tmp_path: Path) -> None:
    logs = folder(tmp_path / "logs", 3)
    (logs / "sub").mkdir()
    zstd = codec_for(".zst")
    assert zstd
    with (logs / "sub" / "z.zst").open("wb") as file:
        packed = zstd.writer(file)
        packed.write(LINE % (7, 7))
        packed.close()
    packers: dict[str, Any] = {"a.gz": gzip, "sub/b.bz2": bz2, "sub/c.xz": lzma}
    for name, packer in packers.items():
        (logs / name).write_bytes(packer.compress(LINE % (7, 7)))
    (logs / "text.log").write_bytes(b"mail bob@example.com\r\nlast")
    (logs / "empty").touch()
    (tmp_path / "one.jsonl").write_bytes(LINE % (9, 9))
    run = cecil("redact", *NO_NAMES, "--stats", "json", "-o", "logs/clean", "logs", "one.jsonl")
    assert run.returncode == 0, run.stderr
    assert run.stdout == b""
    stats = json.loads(run.stderr)
    assert stats["files"] == {"done": 10}
    assert (stats["read"], stats["written"]) == (10, 10)
    assert stats["findings"] == {"EMAIL_ADDRESS": 9}
    clean = logs / "clean"
    assert [(clean / f"{n}.jsonl").read_bytes() for n in range(3)] == [DONE % n for n in range(3)]
    for name, packer in packers.items():
        assert packer.decompress((clean / name).read_bytes()) == DONE % 7
    assert cecil("fetch", "file", clean / "sub" / "z.zst").stdout == DONE % 7
    assert (clean / "text.log").read_bytes() == b"mail <EMAIL_ADDRESS>\r\nlast"
    assert (clean / "empty").read_bytes() == b""
    assert (clean / "one.jsonl").read_bytes() == DONE % 9
    assert sorted(path.name for path in clean.iterdir() if path.name[0] == ".") == [".cecil-redact.json"]
    again = cecil("redact", *NO_NAMES, "-o", "logs/clean", "logs")
    assert (again.returncode, again.stderr.splitlines()[-1]) == (1, b"hint: --resume goes on with the rest")
    again = cecil("redact", *NO_NAMES, "--stats", "json", "--resume", "-o", "logs/clean", "logs", "one.jsonl")
    assert json.loads(again.stderr)["files"] == {"skipped": 10}


def test_what_fails_is_absent_and_the_rest_is_done(cecil: Run, tmp_path: Path) -> None:
    logs = folder(tmp_path / "logs", 2)
    (logs / "cut.gz").write_bytes(gzip.compress(LINE * 99 % ((1, 1) * 99))[:-9])
    (logs / "p.parquet").write_bytes(b"PAR1....PAR1")
    (logs / "bad.jsonl").write_bytes(b'{"n":\n' + LINE % (5, 5))
    args = (
        "--format",
        "jsonl",
        "--stats-file",
        "stats",
        "--quarantine",
        "q",
        "--manifest",
        "runs",
        "-o",
        "clean",
    )
    run = cecil("redact", *NO_NAMES, *args, "logs")
    assert run.returncode == 1
    said = run.stderr.decode()
    assert "cecil-redact: logs/cut.gz: " in said
    assert "cecil-redact: logs/p.parquet: not a whole Parquet file: it is damaged, or was cut short\n" in said
    assert "1 record in quarantine q (first at logs/bad.jsonl:1: " in said
    assert sorted(path.name for path in (tmp_path / "clean").iterdir()) == [
        *(".cecil-redact.json", "0.jsonl", "1.jsonl", "bad.jsonl"),
    ]
    stats = json.loads((tmp_path / "stats").read_bytes())
    assert stats["files"] == {"done": 3, "failed": 2}
    assert (stats["complete"], stats["read"], stats["written"], stats["quarantined"]) == (False, 4, 3, 1)
    (row,) = map(json.loads, (tmp_path / "q").read_bytes().splitlines())
    assert (row["source"], row["line"], row["raw"]) == ("logs/bad.jsonl", 1, '{"n":')
    assert (tmp_path / "q").stat().st_mode & 0o777 == 0o600
    (one,) = map(json.loads, (tmp_path / "runs").read_bytes().splitlines())
    assert one["findings"] == {"EMAIL_ADDRESS": {"redact": 3}}
    assert {row["name"] for row in one["inputs"]} == {"logs/0.jsonl", "logs/1.jsonl", "logs/bad.jsonl"}
    assert cecil("leaktest", "-q", "--verify", "runs").returncode == 0


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (
            ["-o", "clean", "logs", "other/0.jsonl"],
            2,
            "other/0.jsonl: would become the same file as logs/0.jsonl",
        ),
        (["-o", "clean", "none"], 1, "none: no such file or directory"),
        (["-o", "clean"], 2, "-o DIR/ needs files"),
        (["-o", "clean", "-"], 2, "standard input has no name in a folder"),
        (
            ["-o", "logs/0.jsonl", "logs"],
            1,
            "logs/0.jsonl: is a file, and -o names a folder\nhint: another -o DIR/",
        ),
        (["-o", "clean", "--check", "logs"], 2, "--check does not go with -o DIR"),
        (["--resume", "logs/0.jsonl"], 2, "--resume goes on with a folder"),
        (
            ["-o", "made", "--resume", "--policy", "llm", "logs"],
            2,
            "made: another policy, model, key or format",
        ),
        (["-o", "strange", "--resume", "logs"], 2, "strange/.cecil-redact.json: is not of cecil-redact"),
        (["-o", "bytes", "--resume", "logs"], 2, "bytes/.cecil-redact.json: is not of cecil-redact"),
        (["-o", "logs", "--resume", "logs"], 2, "logs/0.jsonl: would become itself"),
        (["-o", "logs/", "--resume", "logs/0.jsonl"], 2, "logs/0.jsonl: would become itself"),
        (["-o", "clean", "logs", "logs/"], 2, "logs/0.jsonl: would become the same file as logs/0.jsonl"),
        (["-o", "clean", "/dev/null"], 2, "/dev/null: is neither a file nor a folder"),
        (["-o", "clean", "void"], 1, "void: no file in the folder"),
        (["-o", "clean", ".cecil-redact.0.tmp"], 2, ".cecil-redact.0.tmp: has a name that is used for files"),
    ],
)
def test_what_cannot_be(cecil: Run, tmp_path: Path, args: list[str], status: int, said: str) -> None:
    folder(tmp_path / "logs", 1)
    folder(tmp_path / "other", 1)
    (tmp_path / "void").mkdir()
    (tmp_path / ".cecil-redact.0.tmp").touch()
    for name, state in (("made", b'{"policy": "x"}'), ("strange", b"x"), ("bytes", b"\xff")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".cecil-redact.json").write_bytes(state)
    run = cecil("redact", *NO_NAMES, *args)
    assert (run.returncode, run.stdout) == (status, b"")
    assert run.stderr.decode().startswith(f"cecil-redact: {said}")
    assert not list(tmp_path.glob("clean/[0-9]*"))


@pytest.mark.slow
def test_a_full_disk(cecil: Run, tmp_path: Path, env: dict[str, str]) -> None:
    """What does not fit is told and absent, the rest is there; with room again the run goes on."""
    logs = folder(tmp_path / "logs", 3)
    (logs / "big.jsonl").write_bytes(b"".join(LINE % (n, n) for n in range(6000)))
    argv = [str(BIN / "cecil-redact"), *NO_NAMES, "-o", "clean", "logs"]
    limited = ["sh", "-c", 'ulimit -f 128; exec "$@"', "sh", *argv]
    run = subprocess.run(limited, cwd=tmp_path, env=env, capture_output=True, check=False)
    assert (run.returncode, run.stdout) == (1, b"")
    assert run.stderr == b"cecil-redact: logs/big.jsonl: file too large\n"
    assert sorted(os.listdir(tmp_path / "clean")) == [".cecil-redact.json", "0.jsonl", "1.jsonl", "2.jsonl"]
    assert cecil("redact", *NO_NAMES, "--resume", "-o", "clean", "logs").returncode == 0
    assert (tmp_path / "clean" / "big.jsonl").read_bytes() == b"".join(DONE % n for n in range(6000))


@pytest.mark.slow
def test_a_file_that_changes_under_way(tmp_path: Path, env: dict[str, str]) -> None:
    log = tmp_path / "app.jsonl"
    log.write_bytes(b"".join(LINE % (n, n) for n in range(60_000)))
    argv = [BIN / "cecil-redact", *NO_NAMES, "-o", "clean", "app.jsonl"]
    run = subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.PIPE)
    while run.poll() is None and not list(tmp_path.glob("clean/.cecil-redact.*.tmp")):
        time.sleep(0.005)
    with log.open("ab") as file:
        file.write(LINE % (1, 1))
    _, said = run.communicate()
    assert run.returncode == 1
    assert said == b"cecil-redact: app.jsonl: changed while it was read\nhint: --resume does it again\n"
    assert os.listdir(tmp_path / "clean") == [".cecil-redact.json"]


def test_links_and_what_is_no_file(cecil: Run, tmp_path: Path) -> None:
    """A link to a file is the file, one to a folder is not entered, and nothing waits for a pipe."""
    logs = folder(tmp_path / "logs", 1)
    (logs / "link.jsonl").symlink_to("0.jsonl")
    (logs / "again").symlink_to(".")
    (logs / "gone.jsonl").symlink_to("nothing")
    os.mkfifo(logs / "pipe")
    assert cecil("redact", *NO_NAMES, "-o", "clean", "logs").returncode == 0
    assert sorted(os.listdir(tmp_path / "clean")) == [".cecil-redact.json", "0.jsonl", "link.jsonl"]
    assert not (tmp_path / "clean" / "link.jsonl").is_symlink()


@pytest.mark.slow
def test_a_run_that_goes_on_needs_its_key(cecil: Run, tmp_path: Path) -> None:
    folder(tmp_path / "logs", 2)
    args = ("redact", *NO_NAMES, "--policy", "gdpr", "-o", "clean", "logs")
    assert cecil(*args).returncode == 0
    (tmp_path / "clean" / "0.jsonl").unlink()
    run = cecil(*args, "--resume")
    assert (run.returncode, run.stdout) == (2, b"")
    run = cecil(*args[:-1], "--resume", "logs")
    assert run.stderr.endswith(b"a run that goes on needs the key of the one before\nhint: --key-file FILE\n")


def _outputs(clean: Path) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in clean.glob("*.jsonl")}


@pytest.mark.slow
def test_killed_twenty_times(tmp_path: Path, env: dict[str, str]) -> None:
    """By SIGKILL, at any moment: each output is whole, none is made twice, nothing is left over."""
    count, kills = 2000, 20
    folder(tmp_path / "logs", count)
    (tmp_path / "logs" / "17.jsonl").write_bytes(b'{"n":\n')
    argv = [BIN / "cecil-redact", *NO_NAMES, "--format", "jsonl", "-j", "2", "--resume", "--quarantine", "q"]
    argv += ["-o", "clean", "logs"]
    chance = Random(1)
    clean = tmp_path / "clean"
    before: dict[str, tuple[int, int]] = {}
    for _ in range(kills):
        run = subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        end = len(before) + chance.randrange(20, count // kills)
        while run.poll() is None and len(_outputs(clean)) < end:
            time.sleep(0.01)
        run.kill()
        assert run.wait() == -signal.SIGKILL
        now = _outputs(clean)
        assert all(now[name] == made for name, made in before.items())
        before = now
    assert 0 < len(before) < count
    last = subprocess.run(argv, cwd=tmp_path, env=env, check=False, stderr=subprocess.DEVNULL)
    assert last.returncode in (0, 3)
    now = _outputs(clean)
    assert all(now[name] == made for name, made in before.items())
    for n in range(count):
        assert (tmp_path / "clean" / f"{n}.jsonl").read_bytes() == (b"" if n == 17 else DONE % n)
    assert len(os.listdir(tmp_path / "clean")) == count + 1
    rows = {row["raw"] for row in map(json.loads, (tmp_path / "q").read_bytes().splitlines())}
    assert rows == {'{"n":'}


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for workers in /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_workers_end_with_the_command(number: signal.Signals, tmp_path: Path, env: dict[str, str]) -> None:
    """Nobody publishes a file that nobody counts; what a signal could tell leaves nothing under way."""
    (tmp_path / "logs").mkdir()
    for n in range(2):
        (tmp_path / "logs" / f"{n}.jsonl").write_bytes(LINE % (n, n) * 200_000)
    clean = tmp_path / "clean"
    argv = [BIN / "cecil-redact", *NO_NAMES, "-j", "2", "-o", "clean", "logs"]
    run = subprocess.Popen(argv, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
    while run.poll() is None and len(list(clean.glob(".cecil-redact.*.tmp"))) < 2:
        time.sleep(0.01)
    ours = f"PPid:\t{run.pid}\n"
    workers = [pid for pid in filter(str.isdecimal, os.listdir("/proc")) if ours in _told(pid)]
    run.send_signal(number)
    assert run.wait() == -number
    until = time.monotonic() + 20
    while any(map(_is_alive, workers)) and time.monotonic() < until:
        time.sleep(0.01)
    assert len(workers) == 2 and not any(map(_is_alive, workers))
    left = set(os.listdir(clean)) - {".cecil-redact.json"}
    assert all(name.startswith(".cecil-redact.") for name in left)
    assert bool(left) is (number == signal.SIGKILL)


def _told(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _is_alive(pid: str) -> bool:
    return "State:\tZ" not in (_told(pid) or "State:\tZ")


def test_a_run_that_goes_on_needs_its_model(cecil: Run, tmp_path: Path) -> None:
    folder(tmp_path / "logs", 1)
    assert cecil("redact", "-q", "--nlp", "none", "-o", "clean", "logs").returncode == 0
    run = cecil("redact", "-q", "--nlp", "en", "-o", "clean", "--resume", "logs")
    assert (run.returncode, run.stdout) == (2, b"")
    assert run.stderr.startswith(b"cecil-redact: clean: another policy, model, key or format made what is in")


@pytest.mark.parametrize("full", ["/dev/full", "logs/0.jsonl/q"])
def test_a_quarantine_that_cannot_be_written(cecil: Run, tmp_path: Path, full: str) -> None:
    """The file whose record should be there is absent, and the others are done."""
    logs = folder(tmp_path / "logs", 1)
    (logs / "bad.jsonl").write_bytes(b'{"n":\n')
    run = cecil("redact", *NO_NAMES, "--format", "jsonl", "--quarantine", full, "-o", "clean", "logs")
    assert run.returncode == 1
    said, hint = run.stderr.decode().splitlines()
    assert said.startswith(f"cecil-redact: logs/bad.jsonl: {full}: ")
    assert hint == "hint: name another file with --quarantine FILE"
    assert sorted(os.listdir(tmp_path / "clean")) == [".cecil-redact.json", "0.jsonl"]


def test_a_row_that_a_full_disk_cut(cecil: Run, tmp_path: Path) -> None:
    """What goes behind it in the quarantine is a row of its own."""
    (tmp_path / "bad.jsonl").write_bytes(b'{"n":\n')
    (tmp_path / "q").write_bytes(b'{"source":"bad')
    run = cecil("redact", *NO_NAMES, "--format", "jsonl", "--quarantine", "q", "-o", "clean", "bad.jsonl")
    assert run.returncode == 3
    cut, row = (tmp_path / "q").read_bytes().splitlines()
    assert (cut, json.loads(row)["raw"]) == (b'{"source":"bad', '{"n":')


def test_what_runs_keep_for_themselves_is_no_input(cecil: Run, tmp_path: Path) -> None:
    """What is in a folder of an earlier run; what another command has under way there is left as it is."""
    logs = folder(tmp_path / "logs", 1)
    assert cecil("redact", *NO_NAMES, "-o", "once", "logs").returncode == 0
    (logs / ".cecil-redact.0.tmp").write_bytes(b"x")
    (tmp_path / "twice").mkdir()
    (tmp_path / "twice" / ".cecil-write.0.tmp").touch()
    assert cecil("redact", *NO_NAMES, "-o", "twice", "once", "logs/0.jsonl").returncode == 2
    assert cecil("redact", *NO_NAMES, "-o", "twice", "once").returncode == 0
    assert cecil("redact", *NO_NAMES, "-o", "twice", "--resume", "logs").returncode == 0
    found = sorted(os.listdir(tmp_path / "twice"))
    assert found == [".cecil-redact.json", ".cecil-write.0.tmp", "0.jsonl"]


def test_a_folder_that_cannot_be_read_is_told(cecil: Run, tmp_path: Path) -> None:
    """One whose path is too long to name: it is no reason to leave the others, and the status tells."""
    logs = folder(tmp_path / "logs", 2)
    here = os.open(logs, os.O_RDONLY)
    for _ in range(18):
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    run = cecil("redact", *NO_NAMES, "--stats", "json", "-o", "clean", "logs")
    said, stats = run.stderr.splitlines()
    assert run.returncode == 1
    assert said.startswith(b"cecil-redact: logs/ddd") and said.endswith(b": file name too long")
    assert json.loads(stats)["files"] == {"done": 2, "failed": 1}


def test_a_walk_holds_no_list(tmp_path: Path) -> None:
    most = []
    for count in (100, 3000):
        at = tmp_path / str(count)
        at.mkdir()
        for n in range(count):
            (at / f"{n}.a-name-as-long-as-names-are").touch()
        found = 0
        tracemalloc.start()
        for _ in walk(str(at), lambda path, error: None):
            found += 1
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found == count
    assert most[1] < most[0] + 2900 * 4  # bytes of a file


@pytest.mark.slow
@pytest.mark.parametrize("listed", [False, True])
def test_memory_does_not_grow_with_files(tmp_path: Path, env: dict[str, str], listed: bool) -> None:
    """Neither of the parent nor of a worker; nor with rows of a manifest, and names of two folders held apart."""
    few, many = 1000, 7000
    most = {}
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "other.jsonl").write_bytes(LINE % (1, 1))
    for count in (few, many):
        folder(tmp_path / f"logs{count}", count)
    for count in (few, few, many):  # the first one fills caches
        code = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True)\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        shutil.rmtree(tmp_path / f"clean{count}", ignore_errors=True)
        argv = ["python3", "-c", code, BIN / "cecil-redact", *NO_NAMES, "-o", f"clean{count}"]
        argv += ["--manifest", "runs", f"logs{count}", "other"] if listed else [f"logs{count}"]
        run = subprocess.run(argv, cwd=tmp_path, env=env, check=True, stdout=subprocess.PIPE)
        most[count] = int(run.stdout)
    # A list of paths alone were 300 bytes a file, and rows of the manifest 2000. What the system gives a
    # process varies by 200 KiB.
    assert 1024 * (most[many] - most[few]) < (100 if listed else 50) * (many - few) + (200 << 10)


def test_workers_that_die() -> None:
    tasks = [Task("a", "b"), Task("c", "d"), Task("e", "f")]

    def work(task: Task) -> dict[str, Any]:
        if task.source == "a":
            os.kill(os.getpid(), signal.SIGKILL)
        return {"source": task.source}

    workers = _Workers(2, work)
    told = dict(workers.results(tasks))
    workers.end()
    assert told == {tasks[0]: None, tasks[1]: {"source": "c"}, tasks[2]: {"source": "e"}}
    workers = _Workers(1, work)
    with pytest.raises(WorkerError, match="all workers died"):
        list(workers.results(tasks))
    workers.end()
