"""A file is whole or not there, whatever ends the run."""

import errno
import os
import resource
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cecil.errors import OutputError
from cecil.writers.sinks import AtomicFile
from tests.conftest import BIN
from tests.writing import Writing, writing_fixture  # noqa: F401

LINE = b'{"a":1}\n'
MANY = b'{"a":"%s"}\n' % (b"x" * 1000) * 1000
"""More than is gathered before it is written."""


def mode(path: str | Path) -> int:
    return stat.S_IMODE(os.stat(path).st_mode)


@pytest.fixture
def umask() -> Iterator[None]:
    old = os.umask(0o027)
    yield
    os.umask(old)


def test_an_existing_file_stays(writing: Writing) -> None:
    Path("x.jsonl").write_text("mine")
    # Nothing is read: not even that the input is missing is noticed.
    done = writing("-o", "x.jsonl", "nothing-there")
    assert done == (1, b"", "cecil-write: x.jsonl: exists already\nhint: --force overwrites it\n")
    assert Path("x.jsonl").read_text() == "mine"
    assert writing.names() == ["x.jsonl"]


def test_force_replaces_it_and_keeps_its_mode(writing: Writing) -> None:
    Path("x.jsonl").write_text("mine")
    os.chmod("x.jsonl", 0o640)
    assert writing("-o", "x.jsonl", "--force", stdin=LINE).status == 0
    assert Path("x.jsonl").read_bytes() == LINE
    assert mode("x.jsonl") == 0o640
    assert writing.names() == ["x.jsonl"]


def test_a_run_that_fails_keeps_the_old_file_in_spite_of_force(writing: Writing) -> None:
    Path("x.csv").write_text("mine")
    assert writing("-o", "x.csv", "--force", stdin=b'{"a":1}\n{"b":1}\n').status == 1
    assert Path("x.csv").read_text() == "mine"
    assert writing.names() == ["x.csv"]


@pytest.mark.usefixtures("umask")
def test_a_new_file_has_the_mode_that_the_umask_leaves(writing: Writing) -> None:
    assert writing("-o", "x.jsonl", stdin=LINE).status == 0
    assert mode("x.jsonl") == 0o640


def test_the_temporary_file_is_hidden_and_private(tmp_path: Path) -> None:
    file = AtomicFile(str(tmp_path / "x"))
    (name,) = os.listdir(tmp_path)
    assert name.startswith(".")
    assert mode(tmp_path / name) == 0o600
    file.abandon()
    assert os.listdir(tmp_path) == []


def test_a_link_is_followed(writing: Writing) -> None:
    os.mkdir("data")
    Path("data/real.jsonl").write_text("old")
    os.symlink("data/real.jsonl", "x.jsonl")
    assert writing("-o", "x.jsonl", stdin=LINE).status == 1
    assert writing("-o", "x.jsonl", "--force", stdin=LINE).status == 0
    assert os.readlink("x.jsonl") == "data/real.jsonl"
    assert Path("data/real.jsonl").read_bytes() == LINE
    os.symlink("data/new.jsonl", "y.jsonl")
    assert writing("-o", "y.jsonl", stdin=LINE).status == 0
    assert Path("data/new.jsonl").read_bytes() == LINE


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none/x.jsonl", "none: no such file or directory\nhint: mkdir -p "),
        ("file/x.jsonl", "file: not a directory\n"),
        (".", ".: is a folder\n"),
        ("folder.jsonl", "folder.jsonl: is a folder\n"),
        ("folder.jsonl/", "folder.jsonl/: names a folder, not a file\n"),
        ("new.jsonl/", "new.jsonl/: names a folder, not a file\n"),
        ("n" * 300 + ".jsonl", "n" * 300 + ".jsonl: file name too long\n"),
    ],
)
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_targets_that_cannot_be(path: str, message: str, force: list[str], writing: Writing) -> None:
    Path("file").write_text("")
    os.mkdir("folder.jsonl")
    done = writing("-o", path, "--format", "jsonl", *force, stdin=LINE)
    assert done.status == 1
    assert done.stderr.startswith(f"cecil-write: {message}")
    assert writing.names() == ["file", "folder.jsonl"]


def test_a_folder_is_no_file_of_an_unknown_format(writing: Writing) -> None:
    assert writing("-o", ".", stdin=LINE) == (1, b"", "cecil-write: .: is a folder\n")


def test_a_folder_without_permission(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer that anyone but root gets."""
    opened = os.open

    def refuse(path: str, flags: int, *args: int, **more: int) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, flags, *args, **more)

    monkeypatch.setattr(os, "open", refuse)
    assert writing("-o", "x.jsonl", stdin=LINE) == (1, b"", "cecil-write: x.jsonl: permission denied\n")
    assert writing.names() == []


def fail(number: int) -> object:
    def call(*args: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize("call", ["fsync", "fchmod", "link"])
def test_a_failure_on_the_last_steps(call: str, writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, call, fail(errno.EIO))
    assert writing("-o", "x.jsonl", stdin=LINE) == (1, b"", "cecil-write: x.jsonl: input/output error\n")
    assert writing.names() == []


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = os.fsync

    def only_files(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        sync(fd)

    monkeypatch.setattr(os, "fsync", only_files)
    file = AtomicFile(str(tmp_path / "x"))
    file.write(LINE)
    file.publish()
    assert (tmp_path / "x").read_bytes() == LINE


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    file = AtomicFile(str(tmp_path / "x"))
    file.write(LINE)
    (tmp_path / "x").write_text("theirs")
    with pytest.raises(OutputError, match="exists by now and was not overwritten"):
        file.publish()
    file.abandon()
    assert (tmp_path / "x").read_text() == "theirs"
    assert os.listdir(tmp_path) == ["x"]


def test_a_file_that_appears_meanwhile_is_overwritten_by_force(tmp_path: Path) -> None:
    file = AtomicFile(str(tmp_path / "x"), force=True)
    file.write(LINE)
    (tmp_path / "x").write_text("theirs")
    file.publish()
    assert (tmp_path / "x").read_bytes() == LINE
    assert os.listdir(tmp_path) == ["x"]


def test_a_file_system_without_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", fail(errno.EPERM))
    file = AtomicFile(str(tmp_path / "x"))
    file.write(LINE)
    file.publish()
    assert (tmp_path / "x").read_bytes() == LINE
    file = AtomicFile(str(tmp_path / "y"))
    (tmp_path / "y").write_text("theirs")
    with pytest.raises(OutputError, match="exists by now"):
        file.publish()
    file.abandon()
    assert (tmp_path / "y").read_text() == "theirs"
    assert sorted(os.listdir(tmp_path)) == ["x", "y"]


def test_what_is_abandoned_takes_nothing_more(tmp_path: Path) -> None:
    file = AtomicFile(str(tmp_path / "x"))
    file.abandon()
    assert file.write(MANY) == len(MANY)
    file.flush()
    file.abandon()
    assert os.listdir(tmp_path) == []


def test_what_is_published_stays(tmp_path: Path) -> None:
    file = AtomicFile(str(tmp_path / "x"))
    file.publish()
    file.abandon()
    assert os.listdir(tmp_path) == ["x"]


# As a shell runs it: killed in the middle


class Slow:
    """A writer whose input goes on; it has a temporary file with something in it."""

    def __init__(self, folder: Path, env: dict[str, str], *args: str, head: bytes = b"") -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [BIN / "cecil-write", *args],
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdin
        self.process.stdin.write(head + MANY)
        self.process.stdin.flush()
        deadline = time.monotonic() + 60
        while not any(os.path.getsize(path) for path in self.hidden()):
            assert time.monotonic() < deadline
            assert self.process.poll() is None
            time.sleep(0.01)

    def hidden(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if path.name.startswith(".")]

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def end(self) -> tuple[int, bytes]:
        """Close the input and wait: status and stderr."""
        _, stderr = self.process.communicate(timeout=60)
        return self.process.returncode, stderr


def test_kill_9_leaves_no_file_and_the_next_run_works(tmp_path: Path, env: dict[str, str]) -> None:
    slow = Slow(tmp_path, env, "-o", "x.jsonl")
    assert "x.jsonl" not in slow.names()
    slow.process.kill()
    assert slow.end()[0] == -signal.SIGKILL
    (left,) = slow.names()
    assert left.startswith(".")
    assert mode(tmp_path / left) == 0o600
    run = subprocess.run(
        [BIN / "cecil-write", "-o", "x.jsonl"], input=LINE, cwd=tmp_path, env=env, timeout=60, check=False
    )
    assert run.returncode == 0
    assert (tmp_path / "x.jsonl").read_bytes() == LINE


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_leaves_nothing(number: signal.Signals, tmp_path: Path, env: dict[str, str]) -> None:
    begin = b'{"$cecil":{"begin":{}}}\n'
    slow = Slow(tmp_path, env, "-o", "x.jsonl", "--checkpoint", "place", head=begin)
    assert len(slow.hidden()) == 2
    slow.process.send_signal(number)
    assert slow.end() == (-number, b"")
    assert slow.names() == []


def test_a_file_appears_during_a_run(tmp_path: Path, env: dict[str, str]) -> None:
    slow = Slow(tmp_path, env, "-o", "x.jsonl")
    (tmp_path / "x.jsonl").write_text("theirs")
    status, stderr = slow.end()
    assert status == 1
    assert stderr.decode() == (
        "cecil-write: x.jsonl: exists by now and was not overwritten\nhint: --force overwrites it\n"
    )
    assert (tmp_path / "x.jsonl").read_text() == "theirs"
    assert slow.names() == ["x.jsonl"]


def small_disk() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 19, 1 << 19))


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "x.parquet"])
def test_a_disk_that_fills_up(name: str, tmp_path: Path, env: dict[str, str]) -> None:
    lines = b"".join(b'{"a":"%s"}\n' % os.urandom(500).hex().encode() for _ in range(2000))
    run = subprocess.run(
        [BIN / "cecil-write", "-o", name],
        input=lines,
        cwd=tmp_path,
        env=env,
        preexec_fn=small_disk,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr.decode()) == (1, f"cecil-write: {name}: file too large\n")
    assert os.listdir(tmp_path) == []
