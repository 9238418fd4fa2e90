"""ServerManager: a server for a Python program, for as long as the program wants it or lives."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.api.server import ServerError, ServerManager
from cecil.errors import CecilError, MissingExtraError
from tests.conftest import ROOT
from tests.test_serve import DEADLINE, Ending, listens


@pytest.fixture
def manager() -> Iterator[ServerManager]:
    manager = ServerManager()
    yield manager
    manager.stop()


def port(manager: ServerManager) -> int:
    host, _, number = manager.url.removeprefix("http://").partition(":")
    assert host == "127.0.0.1"
    return int(number)


def ended(pid: int) -> bool:
    """Ended and reaped: a zombie would still be there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_start_and_stop(manager: ServerManager) -> None:
    manager.start()
    number, pid = port(manager), manager.pid
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(manager.url + "/health") as answer:
        assert json.load(answer)["status"] == "ok"
    assert manager.healthy()
    manager.stop()
    assert ended(pid)
    assert not listens("127.0.0.1", number)
    assert not manager.healthy()


def test_stopping_twice_and_before_a_start_does_nothing(manager: ServerManager) -> None:
    manager.stop()
    manager.start()
    manager.stop()
    manager.stop()
    assert not manager.healthy()


def test_starting_twice_keeps_the_server(manager: ServerManager) -> None:
    manager.start()
    pid = manager.pid
    manager.start()
    assert manager.pid == pid


def test_starts_again_after_a_stop_and_after_a_death(manager: ServerManager) -> None:
    manager.start()
    first = manager.pid
    manager.stop()
    manager.start()
    second = manager.pid
    assert second != first
    with Ending(second) as server:
        os.kill(second, signal.SIGKILL)
        assert server.wait()
    assert not manager.healthy()
    with pytest.raises(ServerError, match="not running"):
        _ = manager.url
    manager.start()
    assert manager.healthy()
    assert ended(second)


def test_context() -> None:
    with ServerManager() as server:
        pid = server.pid
        assert port(server)
        assert server.healthy()
    assert ended(pid)
    with pytest.raises(ServerError, match="not running"):
        _ = server.url


def test_stops_when_its_block_fails() -> None:
    seen = []

    def block() -> None:
        with ServerManager() as server:
            seen.append(server.pid)
            raise KeyError

    with pytest.raises(KeyError):
        block()
    assert ended(seen[0])


def test_takes_a_port(manager: ServerManager) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    with ServerManager(port=number) as server:
        assert port(server) == number


def test_says_why_a_server_ended_early() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        server = ServerManager(port=number)
        with pytest.raises(ServerError) as caught:
            server.start()
    assert str(caught.value) == f"127.0.0.1:{number}: the port is in use"
    assert caught.value.hint
    assert caught.value.status == 1
    with pytest.raises(ServerError, match="not running"):
        _ = server.pid


def test_names_the_status_of_a_server_that_ended_without_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    interpreter(monkeypatch, tmp_path, "echo planted-value >&2; exit 7")
    with pytest.raises(ServerError, match="status 7") as caught:
        ServerManager().start()
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    "line",
    ["planted-value", "[]", '{"port": null}', "{}", '{"url": "http://localhost", "token": "t", "port": "x"}'],
)
def test_refuses_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str) -> None:
    interpreter(monkeypatch, tmp_path, f"echo '{line}'; exec cat")
    with pytest.raises(ServerError, match="did not say where") as caught:
        ServerManager().start()
    assert "planted" not in str(caught.value)


def test_refuses_a_server_that_is_not_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # and never listens
        said = json.dumps({"url": "http://127.0.0.1", "port": silent.getsockname()[1], "token": "t"})
        interpreter(monkeypatch, tmp_path, f"echo '{said}'; exec cat")
        with pytest.raises(ServerError, match="does not answer"):
            ServerManager().start()


@pytest.mark.parametrize("then", ["exec cat", "exec cat >/dev/null"])
def test_gives_up_on_a_server_that_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, then: str
) -> None:
    interpreter(monkeypatch, tmp_path, then)
    started = []

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            started.append(self.pid)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    server = ServerManager(start_timeout=0.5)
    with pytest.raises(ServerError, match=r"within 0\.5 s"):
        server.start()
    assert [ended(pid) for pid in started] == [True]


def test_a_server_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(ServerError, match="cannot be started"):
        ServerManager().start()


def test_a_server_that_talks_on_stderr_is_not_held_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # More than a pipe holds: without a reader this server would never come to its address.
    interpreter(monkeypatch, tmp_path, f'head -c 1000000 /dev/zero >&2; exec "{sys.executable}" "$@"')
    with ServerManager() as server:
        assert server.healthy()


def test_kills_a_server_that_does_not_stop() -> None:
    server = ServerManager(stop_timeout=0.2)
    server.start()
    pid = server.pid
    os.kill(pid, signal.SIGSTOP)
    server.stop()
    assert ended(pid)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(MissingExtraError) as caught:
        ServerManager().start()
    assert isinstance(caught.value, CecilError)
    assert "cecil[serve]" in str(caught.value.hint)


def test_honours_no_proxy(monkeypatch: pytest.MonkeyPatch, manager: ServerManager) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    manager.start()
    assert manager.healthy()


def test_takes_no_module_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manager: ServerManager
) -> None:
    for name in ("cecil", "fastapi", "uvicorn", "json", "orjson", "argparse"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)")
    monkeypatch.chdir(tmp_path)
    manager.start()
    assert manager.healthy()


def test_does_not_take_the_terminals_ctrl_c(manager: ServerManager) -> None:
    manager.start()
    assert os.getpgid(manager.pid) != os.getpgid(0)


PARENT = """
import os, sys
from cecil.api.server import ServerManager

server = ServerManager()
server.start()
if sys.argv[1] == "forked" and os.fork() == 0:
    # A copy of the parent, which holds the server's standard input open; it ends with its own stdin.
    os.close(1)
    os.read(0, 1)
    os._exit(0)
if sys.argv[1] == "thread":
    # The thread that starts a server may end before the program does.
    import threading
    server.stop()
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
    assert server.healthy()
os.write(1, f"{server.pid} {server.url}\\n".encode())
os.read(0, 1)
"""


@pytest.mark.parametrize("how", ["plain", "thread", "forked"])
def test_the_server_ends_with_a_parent_that_is_killed(tmp_path: Path, env: dict[str, str], how: str) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-P", "-c", PARENT, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=env | {"PYTHONPATH": str(ROOT)},
    )
    with parent:
        try:
            assert parent.stdout
            pid, url = parent.stdout.readline().split()
            assert url.startswith(b"http://127.0.0.1:")
            with Ending(int(pid)) as server:
                assert listens("127.0.0.1", int(url.rpartition(b":")[2]))
                parent.kill()
                parent.wait(DEADLINE)
                assert server.wait()
        finally:
            parent.kill()


def test_the_server_ends_with_a_parent_that_forgets_it(tmp_path: Path, env: dict[str, str]) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-P", "-W", "ignore::ResourceWarning", "-c", PARENT, "plain"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=env | {"PYTHONPATH": str(ROOT)},
    )
    with parent:
        try:
            assert parent.stdout
            pid = parent.stdout.readline().split()[0]
            with Ending(int(pid)) as server:
                parent.communicate(timeout=DEADLINE)
                assert parent.returncode == 0
                assert server.wait()
        finally:
            parent.kill()


def interpreter(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Let ServerManager start a shell script in place of Python: a server that misbehaves."""
    path = folder / "interpreter"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))
