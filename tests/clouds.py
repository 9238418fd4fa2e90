"""cecil-fetch as a command within the tests' process: the vendors' clients are imported once for all."""

import json
import os
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cecil.commands.boundary import call
from cecil.providers.cloud.retry import Retry


class Fetched(NamedTuple):
    status: int
    lines: list[bytes]
    stderr: str

    @property
    def records(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]

    @property
    def stats(self) -> dict[str, Any]:
        """What --stats json told."""
        told: dict[str, Any] = json.loads(next(x for x in self.stderr.split("\n") if x.startswith("{")))
        return told


class Fetching:
    """`fetch("--table", "T")` runs `cecil-fetch SOURCE` with the arguments that find the stand-in."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str], *before: str) -> None:
        self.folder = folder
        self.before = before
        self._capfd = capfd
        for url in before:
            assert not url.startswith("http") or url.startswith("https://localhost:"), "loopback only"

    def __call__(self, *args: str | Path) -> Fetched:
        return self.only(*self.before, *args)

    def only(self, *args: str | Path) -> Fetched:
        path = self.folder / "stdout"
        out = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        kept = os.dup(1)
        self._capfd.readouterr()
        os.dup2(out, 1)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # as in a process of its own
                status = call("fetch", list(map(str, args)))
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(out)
        err = self._capfd.readouterr().err
        assert "Traceback" not in err
        return Fetched(status, path.read_bytes().splitlines(), err)

    def without(self, *args: str) -> "Fetching":
        """The same without some arguments and what stands behind them."""
        kept, skip = [], False
        for arg in self.before:
            if not skip and arg not in args:
                kept.append(arg)
            skip = not skip and arg in args
        return Fetching(self.folder, self._capfd, *kept)


def forget_environment(monkeypatch: pytest.MonkeyPatch, folder: Path, wanted: dict[str, str]) -> None:
    """The environment of a process that knows of no cloud but the stand-in."""
    for name in list(os.environ):
        if name.startswith(
            ("AZURE_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "IDENTITY_", "MSI_", "CECIL_")
        ) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "CLOUDSDK_CONFIG", "AZURE_CONFIG_DIR"):
        monkeypatch.setenv(name, str(folder / name.lower()))
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)


def same(found: list[bytes], wanted: list[Any], of: Callable[[Any], Any] = lambda record: record) -> None:
    """The lines are those records, each as often."""
    got = Counter(json.dumps(of(json.loads(line)), sort_keys=True) for line in found)
    assert got == Counter(json.dumps(one, sort_keys=True) for one in wanted)


def hurried(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are noted, and take no time."""
    waits: list[float] = []

    def wait(self: Retry, seconds: float) -> None:
        if seconds > 0:
            self.effort.waited += seconds
            if seconds > 0.01:
                waits.append(seconds)

    monkeypatch.setattr(Retry, "wait", wait)
    return waits
