"""cecil-serve as a shell meets it: one line of address, one endpoint, loopback only, clean ends."""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cecil as package
from cecil.api import lifeline
from cecil.errors import UsageError
from tests.conftest import BIN, ROOT, Run

DEADLINE = 60
"""Seconds after which a test gives up; no test waits that long when the code is right."""

Start = Callable[..., "subprocess.Popen[bytes]"]
Address = dict[str, Any]


@pytest.fixture
def start(tmp_path: Path, env: dict[str, str]) -> Iterator[Start]:
    """`start("--port", "0")` starts bin/cecil-serve; `start(argv=[...])` anything else."""
    started = []

    def run(*args: str, argv: list[str] | None = None, **more: Any) -> "subprocess.Popen[bytes]":
        pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        pipes |= {"stderr": subprocess.PIPE} | more
        process = subprocess.Popen(
            argv or [str(BIN / "cecil-serve"), *args],
            cwd=tmp_path,
            env=env | {"PYTHONPATH": str(ROOT)},
            **pipes,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


def address(process: "subprocess.Popen[bytes]") -> Address:
    line = output(process, until=b"\n")
    assert line.endswith(b"\n"), process.stderr and process.stderr.read()
    found: Address = json.loads(line)
    assert found["url"].startswith("http://127.0.0.1:")
    return found


def output(process: "subprocess.Popen[bytes]", until: bytes | None = None) -> bytes:
    """What a process prints until a line end, or until it closes its output."""
    assert process.stdout
    data = b""
    while select.select([process.stdout], [], [], DEADLINE)[0]:
        piece = os.read(process.stdout.fileno(), 4096)
        data += piece
        if not piece or (until and data.endswith(until)):
            return data
    pytest.fail("the process neither says more nor closes its output")


def get(
    port: int, path: str = "/health", method: str = "GET", host: str | None = None, token: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    headers = {"Host": host} if host else {}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


def raw(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def stays(process: "subprocess.Popen[bytes]", port: int) -> None:
    """The server is not ending: one that does stops listening within a tick of 0.1 s."""
    for _ in range(25):
        assert get(port)[0] == 200
        time.sleep(0.02)
    assert process.poll() is None


def until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.01)


class Ending:
    """A process that is not our child: `wait` until it has ended, `kill` it in any case."""

    def __init__(self, pid: int) -> None:
        self.fd = os.pidfd_open(pid)

    def __enter__(self) -> "Ending":
        return self

    def __exit__(self, *_: object) -> None:
        if not self.wait(0):
            signal.pidfd_send_signal(self.fd, signal.SIGKILL)
        os.close(self.fd)

    def wait(self, seconds: float = DEADLINE) -> bool:
        return bool(select.select([self.fd], [], [], seconds)[0])


def test_prints_its_address_as_one_line_and_answers(start: Start) -> None:
    process = start()
    # Read to the end: nothing follows the line, and the reader does not wait for the server's end.
    printed = output(process)
    assert process.poll() is None
    assert printed.endswith(b"\n")
    assert printed.count(b"\n") == 1
    found = json.loads(printed)
    assert found == {
        "url": f"http://127.0.0.1:{found['port']}",
        "host": "127.0.0.1",
        "port": found["port"],
        "page": f"{found['url']}/#token={found['token']}",
        "pid": process.pid,
        "token": found["token"],
    }
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", found["token"])
    status, headers, body = get(found["port"])
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "status": "ok",
        "version": package.__version__,
        "policy": package.Policy.built_in("default").digest,
        "model": "en",
    }


def test_two_servers_take_two_free_ports(start: Start) -> None:
    first, second = address(start())["port"], address(start())["port"]
    assert first != second
    assert get(first)[0] == get(second)[0] == 200


def test_listens_on_loopback_only(start: Start) -> None:
    process = start()
    port = address(process)["port"]
    inodes = set()
    for fd in Path(f"/proc/{process.pid}/fd").iterdir():
        inodes.update(re.findall(r"^socket:\[(\d+)\]$", os.readlink(fd)))
    bound = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        try:
            rows = Path("/proc/net", table).read_text().splitlines()[1:]
        except FileNotFoundError:  # a kernel without IPv6
            continue
        bound += [row.split()[1] for row in rows if row.split()[9] in inodes]
    assert bound == [f"0100007F:{port:04X}"]
    assert listens("127.0.0.1", port)
    # 127.0.0.2 is this machine too: a socket bound to all addresses would answer.
    assert not listens("127.0.0.2", port)


def test_takes_the_port_it_is_told_again_and_again(start: Start) -> None:
    first = start()
    port = address(first)["port"]
    # The server closes a connection first, so its side lingers: the port must be free all the same.
    assert b"200 OK" in raw(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    first.terminate()
    assert first.wait(DEADLINE) == 0
    assert address(start("--port", str(port)))["port"] == port


def test_a_port_in_use_is_an_error_with_a_hint(cecil: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = cecil("serve", "--port", str(port))
    assert result.returncode == 1
    assert result.stdout == b""
    assert result.stderr.decode() == (
        f"cecil-serve: 127.0.0.1:{port}: the port is in use\nhint: port 0 takes a free one\n"
    )


def test_a_port_that_all_addresses_listen_on_is_in_use(cecil: Run) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        result = cecil("serve", "--port", str(taken.getsockname()[1]))
    assert result.returncode == 1
    assert b"in use" in result.stderr


@pytest.mark.parametrize("port", ["65536", "-1", "http", "", "1.5"])
def test_a_port_that_is_none_is_a_usage_error(cecil: Run, port: str) -> None:
    result = cecil("serve", f"--port={port}")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.count(b"\n") == 2


def test_has_no_option_for_another_address(cecil: Run) -> None:
    assert cecil("serve", "--host", "0.0.0.0").returncode == 2


def test_answers_to_its_own_names(start: Start) -> None:
    port = address(start())["port"]
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "localhost:80", "127.0.0.1:65535"):
        assert get(port, host=name)[0] == 200, name


def test_answers_to_no_other_name(start: Start) -> None:
    port = address(start())["port"]
    names = [
        "evil.example",
        f"evil.example:{port}",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil-localhost",
        "www.localhost",
        "0.0.0.0",
        "127.0.0.2",
        "[::1]",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "127.0.0.1, evil.example",
    ]
    for name in names:
        for path in ("/health", "/openapi.json", "/planted-path"):
            status, _, body = get(port, path, host=name)
            assert status == 400, name
            assert b"evil" not in body
            assert b"planted" not in body
    refused = [
        b"GET /health HTTP/1.0\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET http://localhost/health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET /health HTTP/1.0\r\nHost: evil.example\r\nX-Forwarded-Host: localhost\r\n\r\n",
    ]
    for request in refused:
        assert raw(port, request).startswith(b"HTTP/1.1 400 "), request
    assert get(port)[0] == 200


def test_an_unknown_path_is_not_repeated(start: Start) -> None:
    found = address(start())
    unknown = "/planted-path /health/ /health/planted-path /docs /redoc /v1 /v1/redact/planted-path"
    for path in unknown.split():
        # Without a token nobody learns what there is.
        assert get(found["port"], path)[0] == 401
        status, headers, body = get(found["port"], path, token=found["token"])
        assert status == 404, path
        assert json.loads(body) == {
            "type": "urn:cecil:problem:not-found",
            "title": "There is no such thing here",
            "status": 404,
        }
        assert headers["content-type"] == "application/problem+json"
        assert "location" not in headers
        assert "planted" not in str(headers)


def test_only_get_and_no_name_of_a_server(start: Start) -> None:
    port = address(start())["port"]
    status, headers, _ = get(port, method="POST")
    assert status == 405
    assert headers["allow"] == "GET"
    assert "server" not in headers


def test_the_description_holds_what_there_is(start: Start) -> None:
    found = address(start())
    status, _, body = get(found["port"], "/openapi.json", token=found["token"])
    assert status == 200
    description = json.loads(body)
    assert set(description["paths"]) == set(
        """/health /metrics /v1/redact /v1/check /v1/explain /v1/redact/stream /v1/fingerprint /v1/fetch /v1/write
        /v1/map /v1/cost /v1/policies /v1/policies/{name} /v1/policies/{name}/shown""".split()
    )
    assert description["info"]["version"] == package.__version__
    health = description["components"]["schemas"]["Health"]["properties"]
    assert set(health) == {"status", "version", "policy", "model"}


def test_says_nothing_of_requests(start: Start) -> None:
    process = start()
    found = address(process)
    port = found["port"]
    assert get(port, "/planted-path?planted=1", token=found["token"])[0] == 404
    assert get(port, "/planted-path?planted=1", token="planted-token")[0] == 401
    raw(port, b"planted garbage\r\n\r\n")
    process.terminate()
    _, messages = process.communicate(timeout=DEADLINE)
    assert (process.returncode, messages) == (0, b"")


def test_sigterm_ends_it_with_status_0(start: Start) -> None:
    process = start()
    port = address(process)["port"]
    # Neither an idle connection nor half a request holds it up.
    with (
        socket.create_connection(("127.0.0.1", port)) as idle,
        socket.create_connection(("127.0.0.1", port)) as half,
    ):
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(15) == b"HTTP/1.1 200 OK"
        half.sendall(b"GET /health HTTP/1.1\r\nHo")
        process.terminate()
        assert process.wait(DEADLINE) == 0
    assert not listens("127.0.0.1", port)


@pytest.fixture
def sigint(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start the test's processes with SIGINT as given: a runner in the background may ignore it."""
    before = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("sigint", [signal.default_int_handler], indirect=True)
@pytest.mark.usefixtures("sigint")
def test_sigint_ends_it_as_sigint_does(start: Start) -> None:
    process = start()
    address(process)
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=DEADLINE)
    assert (process.returncode, messages) == (-signal.SIGINT, b"")


@pytest.mark.parametrize("sigint", [signal.SIG_IGN], indirect=True)
@pytest.mark.usefixtures("sigint")
def test_a_background_job_stays_deaf_to_sigint(start: Start) -> None:
    process = start()
    port = address(process)["port"]
    process.send_signal(signal.SIGINT)
    stays(process, port)


def test_a_reader_that_has_gone_ends_it_as_sigpipe_does(start: Start) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = start(stdout=writer)
    os.close(writer)
    assert process.wait(DEADLINE) == -signal.SIGPIPE
    assert process.stderr
    assert process.stderr.read() == b""


def test_an_address_that_cannot_be_told_is_an_error(start: Start) -> None:
    with open("/dev/full", "wb") as full:
        process = start(stdout=full)
    assert process.wait(DEADLINE) == 1
    assert process.stderr
    assert process.stderr.read() == b"cecil-serve: <stdout>: no space left on device\n"


def test_with_parent_ends_when_stdin_closes(start: Start) -> None:
    process = start("--with-parent", stdin=subprocess.PIPE)
    port = address(process)["port"]
    assert process.stdin
    process.stdin.write(b"what comes in is ignored")
    process.stdin.flush()
    assert get(port)[0] == 200
    process.stdin.close()
    assert process.wait(DEADLINE) == 0
    assert not listens("127.0.0.1", port)


def test_with_parent_ends_at_once_when_stdin_was_closed_before(start: Start) -> None:
    process = start("--with-parent", stdin=subprocess.PIPE)
    assert process.stdin
    process.stdin.close()
    assert process.wait(DEADLINE) == 0


def test_without_it_stdin_may_close(start: Start) -> None:
    process = start(stdin=subprocess.PIPE)
    port = address(process)["port"]
    assert process.stdin
    process.stdin.close()
    stays(process, port)


@pytest.mark.parametrize("stdin", ["/dev/null", "a pipe that another process holds open"])
def test_with_parent_ends_when_the_parent_is_killed(start: Start, stdin: str) -> None:
    reader, writer = os.pipe()
    given = "</dev/null" if stdin == "/dev/null" else "<&3"
    shell = start(
        argv=["sh", "-c", f'exec 3<&0; "$0" --with-parent {given} & wait', str(BIN / "cecil-serve")],
        stdin=reader,
    )
    os.close(reader)
    try:
        found = address(shell)
        assert found["pid"] != shell.pid
        with Ending(found["pid"]) as server:
            # /dev/null is always readable and at its end; that alone must not end the server.
            assert get(found["port"])[0] == 200
            shell.kill()
            shell.wait()
            assert server.wait()
    finally:
        os.close(writer)


def test_an_orphan_without_a_pipe_has_nothing_to_watch() -> None:
    with open(os.devnull, "rb") as devnull, pytest.raises(UsageError, match="parent") as caught:
        lifeline.watch(1, lambda: None, devnull.fileno())
    assert caught.value.hint


# What an endpoint of a later day may do: fail with a value in its error, take its time, never end.
SCRIPT = """
import asyncio, os, sys
from pathlib import Path
from cecil.api import app, server
from cecil.api.settings import Settings
from fastapi import Request

server.DRAIN = int(sys.argv[2])
folder = Path(sys.argv[1])
application = app.build(Settings("invented-token"))

@application.get("/fail")
async def fail():
    raise ValueError("planted-value")

@application.get("/slow")
async def slow():
    (folder / "entered").touch()
    while not (folder / "go").exists():
        await asyncio.sleep(0.01)
    return "whole"

@application.get("/log")
async def log():
    import logging
    logging.getLogger("a.library").error("planted-value %s", "planted-value")
    logging.getLogger("a.library").warning("planted-value")

@application.get("/client")
async def client(request: Request):
    return [request.client.host, request.url.scheme]

listener = server.listen()
server.serve(
    application,
    listener,
    ready=lambda: os.write(1, b'{"url": "http://127.0.0.1:", "port": %d}\\n' % listener.getsockname()[1]),
    report=lambda text: os.write(2, text.encode() + b"\\n"),
)
os.write(2, b"ended\\n")
"""
TOKEN = "invented-token"
BEARER = b"Authorization: Bearer invented-token\r\n"


def test_an_internal_error_is_told_without_its_text(start: Start, tmp_path: Path) -> None:
    process = start(argv=[sys.executable, "-P", "-c", SCRIPT, str(tmp_path), "10"])
    port = address(process)["port"]
    status, headers, body = get(port, "/fail", token=TOKEN)
    assert (status, headers["content-type"]) == (500, "application/problem+json")
    assert json.loads(body)["type"] == "urn:cecil:problem:internal"
    assert b"planted" not in body
    assert get(port, "/log", token=TOKEN)[0] == 200
    process.terminate()
    _, messages = process.communicate(timeout=DEADLINE)
    assert (
        messages == b"internal error: ValueError in <string>:14\nan error was logged in <string>:26\nended\n"
    )


def test_sigterm_lets_a_running_request_end(start: Start, tmp_path: Path) -> None:
    process = start(argv=[sys.executable, "-P", "-c", SCRIPT, str(tmp_path), str(DEADLINE)])
    port = address(process)["port"]
    request = b"GET /slow HTTP/1.1\r\nHost: localhost\r\n" + BEARER + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        connection.sendall(request)
        until((tmp_path / "entered").exists)
        process.terminate()
        until(lambda: not listens("127.0.0.1", port))
        assert process.poll() is None
        (tmp_path / "go").touch()
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b'"whole"')
    assert process.wait(DEADLINE) == 0


def test_a_request_that_never_ends_does_not_hold_it_for_ever(start: Start, tmp_path: Path) -> None:
    process = start(argv=[sys.executable, "-P", "-c", SCRIPT, str(tmp_path), "1"])
    port = address(process)["port"]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n" + BEARER + b"\r\n")
        until((tmp_path / "entered").exists)
        process.terminate()
        _, messages = process.communicate(timeout=DEADLINE)
    assert (process.returncode, messages) == (
        0,
        b"requests that did not end within 1 s were cut off\nended\n",
    )


@pytest.mark.parametrize("sigint", [signal.default_int_handler], indirect=True)
@pytest.mark.usefixtures("sigint")
def test_a_second_sigint_does_not_wait_for_requests(start: Start, tmp_path: Path) -> None:
    process = start(argv=[sys.executable, "-P", "-c", SCRIPT, str(tmp_path), str(10 * DEADLINE)])
    port = address(process)["port"]
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n" + BEARER + b"\r\n")
        until((tmp_path / "entered").exists)
        process.send_signal(signal.SIGINT)
        until(lambda: not listens("127.0.0.1", port))
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE)
    assert process.returncode == -signal.SIGINT


def test_believes_no_header_about_who_asks(start: Start, tmp_path: Path) -> None:
    process = start(argv=[sys.executable, "-P", "-c", SCRIPT, str(tmp_path), "1"])
    forged = b"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"
    request = b"GET /client HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + BEARER + forged + b"\r\n"
    assert raw(address(process)["port"], request).endswith(b'["127.0.0.1","http"]')


def test_a_missing_extra_is_named(start: Start) -> None:
    for missing in ("fastapi", "uvicorn", "uvloop", "httptools", "prometheus_client"):
        code = f"import sys; sys.modules['{missing}'] = None; from cecil.commands import serve; serve()"
        process = start(argv=[sys.executable, "-P", "-c", code])
        printed, messages = process.communicate(timeout=DEADLINE)
        assert (process.returncode, printed) == (1, b"")
        assert messages == b"cecil-serve: the server is not installed\nhint: pip install 'cecil[serve]'\n"


@pytest.mark.parametrize("code", ["import cecil.commands.serve", "import cecil.api.server, cecil.api.app"])
def test_importing_does_not_load_the_server(start: Start, code: str) -> None:
    assert not heavy(start, code) & {"fastapi", "starlette", "uvicorn", "pydantic", "asyncio"}


def test_help_does_not_load_the_server(start: Start) -> None:
    code = "from cecil.commands.boundary import call; assert call('serve', ['--help']) == 0"
    loaded = heavy(start, code)
    assert "argparse" in loaded
    assert not loaded & {
        "fastapi",
        "starlette",
        "uvicorn",
        "pydantic",
        "asyncio",
        "http",
        "subprocess",
        "orjson",
    }


def heavy(start: Start, code: str) -> set[str]:
    code += "\nimport sys; sys.stderr.write(' '.join(sys.modules))"
    process = start(argv=[sys.executable, "-P", "-c", code])
    _, loaded = process.communicate(timeout=DEADLINE)
    assert process.returncode == 0
    return set(loaded.decode().split())
