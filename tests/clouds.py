"""cecil-fetch as a command within the tests' process: the vendors' clients are imported once for all."""

import json
import os
import socket
import threading
import warnings
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
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


class Tunnel:
    """A proxy of HTTPS on loopback, which notes where it was asked to go to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def __enter__(self) -> "Tunnel":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        place = head.split()[1].decode()
        self.asked.append(place)
        host, _, port = place.rpartition(":")
        if host != "localhost":  # nobody goes beyond loopback
            client.close()
            return
        with client, socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pour, args=(server, client), daemon=True)
            back.start()
            _pour(client, server)
            back.join()


def _pour(source: socket.socket, drain: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            drain.sendall(data)
    with suppress(OSError):
        drain.shutdown(socket.SHUT_WR)
