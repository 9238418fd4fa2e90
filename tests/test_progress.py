"""Progress: on a terminal, and nowhere else."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from cecil.stream.progress import Progress
from tests.conftest import BIN


def test_what_it_says(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("cecil.stream.progress.time.monotonic", lambda: now[0])
    progress = Progress(True)
    now[0] = 0.1
    progress.update(1, 10, 100)  # too early to be read
    now[0] = 1.0
    progress.update(1, 500, 1000)
    now[0] = 2.0
    progress.update(12345, 5_000_000_000, None)
    now[0] = 4.0
    progress.update(7, 2_000, 10_000_000_000)
    progress.clear()
    progress.clear()
    assert capsys.readouterr().err.split("\r\x1b[K")[1:] == [
        "1 record  500 B  500 B/s  50%  0:01 left",
        "12,345 records  5.0 GB  2.5 GB/s",
        "7 records  2.0 kB  500 B/s  0%  5555:33:16 left",
        "",
    ]


@pytest.mark.parametrize(("stdout", "shown"), [("file", True), ("terminal", False)])
def test_only_where_somebody_watches(stdout: str, shown: bool, tmp_path: Path, env: dict[str, str]) -> None:
    """A terminal on stderr sees it, unless it shows the records too."""
    ours, theirs = pty.openpty()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    out = os.open(tmp_path / "out", os.O_WRONLY | os.O_CREAT) if stdout == "file" else os.dup(theirs)
    process = subprocess.Popen(
        [BIN / "cecil-redact", "--nlp", "none", "fifo"],
        cwd=tmp_path,
        env=env,
        stdin=theirs,
        stdout=out,
        stderr=theirs,
    )
    os.close(theirs)
    os.close(out)
    seen = b""
    with open(fifo, "wb") as feed:
        # Something is said at the first block that comes half a second after the start.
        for _ in range(600):
            if b"record" in seen or process.poll() is not None:
                break
            feed.write(b'{"a":1}\n')
            feed.flush()
            seen += drained(ours, 0.05)
            if not shown and seen.count(b"\n") > 20:
                break
    process.wait(timeout=60)
    seen += drained(ours, 0.05)
    os.close(ours)
    assert (b"record" in seen) == shown
    assert process.returncode == 0


def drained(fd: int, seconds: float) -> bytes:
    import select

    data = b""
    while select.select([fd], [], [], seconds)[0]:
        try:
            piece = os.read(fd, 4096)
        except OSError:  # the other end is closed
            return data
        data += piece
        seconds = 0
    return data
