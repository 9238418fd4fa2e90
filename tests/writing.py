"""cecil-write inside the test's own process: a subprocess costs a tenth of a second, these tests are many."""

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from cecil.commands.boundary import call


class Done(NamedTuple):
    """How a run ended; `stdout` and `stderr` are what it printed."""

    status: int
    stdout: bytes
    stderr: str


class Writing:
    """`writing("-o", "x.csv", stdin=b"...")` runs cecil-write in `folder`."""

    def __init__(self, folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        self.folder = folder
        self._capture = capfdbinary

    def __call__(self, *args: str, stdin: bytes = b"") -> Done:
        self._capture.readouterr()
        saved = os.dup(0)
        try:
            read, write = os.pipe()
            os.dup2(read, 0)
            os.close(read)
            assert len(stdin) <= 65536  # all of it fits into the pipe
            os.write(write, stdin)
            os.close(write)
            status = call("write", args)
        finally:
            os.dup2(saved, 0)
            os.close(saved)
        out, err = self._capture.readouterr()
        return Done(status, out, err.decode())

    def names(self) -> list[str]:
        """What lies in the folder, hidden files too, without the state folder."""
        return sorted(set(os.listdir(self.folder)) - {"state"})

    def quarantine(self) -> str:
        """All quarantine rows."""
        rows = [path.read_text() for path in (self.folder / "state").rglob("*.jsonl")]
        return "".join(rows)


@pytest.fixture(name="writing")
def writing_fixture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Writing:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Writing(tmp_path, capfdbinary)
