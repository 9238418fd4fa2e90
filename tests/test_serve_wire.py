"""What comes to cecil-serve's socket and is no request, or not the one that it looks like: one server, asked by hand."""

import gzip
import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import BIN, environment
from tests.test_serve import DEADLINE, Ending, until
from tests.test_serve_api import BLOCK, EMAIL, JSON, Server, problem


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("serve")
    messages = folder / "messages"
    os.mkfifo(folder / "pipe")  # nobody will ever write to it
    options = ["--workers", "1", "--nlp", "none", "--rate", "0", "--idle", "2"]
    options += ["--allow-origin", "http://localhost:3000"]
    with messages.open("wb") as stderr:
        process = subprocess.Popen(
            [
                BIN / "cecil-serve",
                *options,
                *("--source", f"app=file {folder / 'pipe'}", "--write-folder", f"out={folder}"),
            ],
            cwd=folder,
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    try:
        yield Server(process, folder, messages)
    finally:
        process.terminate()
        process.communicate(timeout=30)
    # None of it was an error of ours.
    assert messages.read_bytes() == b""


def read_all(connection: socket.socket) -> bytes:
    answer = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(BLOCK):
            answer += piece
    return answer


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "line",
    [
        "GET http://127.0.0.1/health HTTP/1.1",
        "GET http://planted.example/health HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT localhost:80 HTTP/1.1",
        "GET health HTTP/1.1",
        "GET ?planted HTTP/1.1",
        "GET /health HTTP/2.0",
        "GET /health HTTP/0.9",
        "GET /health",
        "GET /health HTTP/1.1 ",
        "GET /pl\u00e4nted HTTP/1.1",
        "PRI * HTTP/2.0",
        "PLANTED /health HTTP/1.1",
        "\x16\x03\x01\x02",
    ],
)
def test_a_first_line_that_is_none_is_no_request(server: Server, line: str) -> None:
    with server.raw(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()) as connection:
        answer = read_all(connection)
    assert statuses(answer) == [400]
    assert b"planted" not in answer


def test_a_trailer_lets_nobody_in(server: Server) -> None:
    body = json.dumps({"value": EMAIL}).encode()
    head = b"POST /v1/redact HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    fields = b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    trailer = f"Authorization: Bearer {server.token}\r\n\r\n".encode()
    with server.raw(head + fields + b"%x\r\n%b\r\n0\r\n" % (len(body), body) + trailer) as connection:
        assert statuses(read_all(connection)) == [401]
    # Nor does one that could be let in by its head become another request by it.
    head = server.head(
        "/v1/redact", "Connection: close", "Transfer-Encoding: chunked", "Content-Type: application/json"
    )
    with server.raw(
        head + b"%x\r\n%b\r\n0\r\n" % (len(body), body) + b"Host: planted\r\n" + trailer
    ) as connection:
        assert statuses(read_all(connection)) == [200]
    # It has a limit, too.
    with server.raw(head + b"%x\r\n%b\r\n0\r\n" % (len(body), body)) as connection:
        with suppress(OSError):
            for n in range(3000):
                connection.sendall(b"X-%d: planted planted planted\r\n" % n)
        assert statuses(read_all(connection)) in ([400], [])


def test_nothing_is_upgraded(server: Server) -> None:
    upgrade = server.head("/health", "Connection: upgrade", "Upgrade: h2c", method="GET")
    with server.raw(upgrade + server.head("/v1/policies", method="GET")) as connection:
        answer = read_all(connection)
    assert statuses(answer) == [200]
    assert b"built_in" not in answer


@pytest.mark.parametrize("field", [b"X: planted\r\n", b"X", b"planted"])
@pytest.mark.parametrize("size", [100, 1 << 18])
def test_a_flood_of_fields_ends(server: Server, field: bytes, size: int) -> None:
    flood = (field * (size // len(field) + 1))[:size]
    sent = 0
    with server.raw(b"GET /health HTTP/1.1\r\nHost: localhost\r\n") as connection:
        with suppress(OSError):
            while sent < 8 << 20:
                connection.sendall(flood)
                sent += len(flood)
        answer = read_all(connection)
    assert statuses(answer) in ([400], [])
    assert sent < 8 << 20
    assert b"planted" not in answer


def test_a_flood_of_requests_on_a_connection_ends(server: Server) -> None:
    one = server.head("/health", method="GET")
    with server.raw(one * 2000) as connection:
        answer = read_all(connection)
    # Those before are answered, in their turn; those that are too many are not.
    assert 1 <= answer.count(b"HTTP/1.1 200 OK") <= 50
    assert answer.endswith(b'"model":null}')
    assert server.ask("GET", "/health").status == 200


@pytest.mark.slow
@pytest.mark.parametrize("last", [[], ["Connection: close"]])
def test_who_never_reads_holds_nothing_for_ever(server: Server, last: list[str]) -> None:
    def held() -> int:
        return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))

    # More than the kernel holds for a reader, who then is not written to.
    body = b'{"value":"%b"}' % (b"-" * 3_000_000)
    fields = ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    assert server.post("/v1/redact", body, JSON).status == 200
    until(lambda: server.ask("GET", "/health").status == 200)
    before = held()
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(DEADLINE)
        connection.connect(("127.0.0.1", server.port))
        with suppress(OSError):
            for more in ([], [], [], last):
                connection.sendall(server.head("/v1/redact", *fields, *more) + body)
        until(lambda: held() < before + 1)


def test_what_follows_a_request_and_is_none_does_not_take_its_place(server: Server) -> None:
    one = server.head("/v1/policies", method="GET")
    with server.raw(one + b"\x00planted\r\n\r\n") as connection:
        answer = read_all(connection)
    assert statuses(answer) == [200]
    # Nor is half of a request answered as if it were the whole.
    head = server.head("/v1/redact", "Content-Type: application/json", "Transfer-Encoding: chunked")
    with server.raw(head + b'5\r\n{"val\r\nplanted\r\n') as connection:
        answer = read_all(connection)
    assert statuses(answer) == [400]
    assert b"planted" not in answer
    head = server.head(
        "/v1/redact/stream", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked"
    )
    with server.raw(head + b'8\r\n{"n":17}\r\n1\r\n\n\r\n') as connection:
        answer = connection.recv(BLOCK)
        connection.sendall(b"planted\r\n")
        answer += read_all(connection)
    assert not answer.endswith(b"0\r\n\r\n")
    assert b'"end"' not in answer


def test_http_1_0_is_answered_whole(server: Server) -> None:
    body = json.dumps({"value": EMAIL}).encode()
    fields = ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    old = server.head("/v1/redact", *fields).replace(b"HTTP/1.1", b"HTTP/1.0", 1)
    with server.raw(old + body) as connection:
        answer = read_all(connection)
    assert statuses(answer) == [200]
    assert b"<EMAIL_ADDRESS>" in answer
    # A stream has no length, and HTTP/1.0 knows no chunks.
    lines = b'{"n":17}\n'
    for path in ("/v1/redact/stream", "/v1/fingerprint"):
        old = server.head(path, "Content-Type: application/x-ndjson", f"Content-Length: {len(lines)}")
        with server.raw(old.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + lines) as connection:
            assert statuses(read_all(connection)) == [400]
    body = b'{"source":"app"}'
    old = server.head("/v1/fetch", "Content-Type: application/json", f"Content-Length: {len(body)}")
    with server.raw(old.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + body) as connection:
        assert statuses(read_all(connection)) == [400]


@pytest.mark.parametrize(
    "host",
    [
        "localhost:",
        "localhost:123456",
        "127.0.0.1:80:80",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::1]",
        "localhost@planted.example",
        "planted.example#localhost",
        "localhost.planted.example",
        "127.0.0.1%00",
        "0.0.0.0",
        "",
    ],
)
def test_a_host_that_only_looks_like_ours(server: Server, host: str) -> None:
    problem(server.ask("GET", "/health", headers={"Host": host or " "}), "host", 400)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "http://localhost:80",
        "file://",
        "http://127.0.0.1:1",
        "http://localhost:3000.planted.example",
        "HTTP://LOCALHOST:3000",
        "http://localhost:3000, null",
        "",
    ],
)
def test_an_origin_that_only_looks_like_ours(server: Server, origin: str) -> None:
    head = server.head("/v1/policies", f"Origin: {origin}", "Connection: close", method="GET")
    with server.raw(head) as connection:
        answer = read_all(connection)
    assert statuses(answer) == [403]
    assert b"access-control" not in answer.lower()


@pytest.mark.parametrize(
    "path", ["/v1/policies?token={}", "/v1/policies?access_token={}", "/v1/policies?authorization=Bearer+{}"]
)
def test_a_token_in_the_address_lets_nobody_in(server: Server, path: str) -> None:
    problem(server.ask("GET", path.format(server.token), headers={"Authorization": ""}), "token", 401)
    problem(
        server.ask("GET", "/v1/policies", headers={"Authorization": "", "Cookie": f"token={server.token}"}),
        "token",
        401,
    )


@pytest.mark.parametrize(
    "path",
    [
        "//health",
        "/health/",
        "/./health",
        "/x/../health",
        "/%2e/health",
        "/health%00",
        "/health%2f",
        "/%68ealth%00",
        "/health;x",
        "/health%0d%0a",
        "/v1/policies/..%2f..%2fhealth",
        "/v1/policies/%2e%2e",
        "/v1/policies/default%00",
        "/HEALTH",
    ],
)
def test_no_spelling_of_a_path_goes_round_the_token(server: Server, path: str) -> None:
    problem(server.ask("GET", path, headers={"Authorization": ""}), "token", 401)
    assert server.ask("GET", path).status in (400, 404)


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate", "gzip, identity", "identity, gzip", "x"])
def test_nothing_is_unpacked(server: Server, coding: str) -> None:
    bomb = gzip.compress(json.dumps({"value": "a" * 1_000_000}).encode())
    problem(server.post("/v1/redact", bomb, JSON | {"Content-Encoding": coding}), "media-type", 415)


# --- commands whose client goes away


def commands(server: Server) -> list[int]:
    """The processes of commands that a server runs."""
    found = []
    for pid in server.workers():
        with suppress(OSError):
            if b"sys.argv[0] = 'cecil-" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


LINES = b'{"n":17}\n' * 10


@pytest.mark.parametrize("sent", ["nothing", "a piece", "all"])
@pytest.mark.parametrize(
    "path",
    ["/v1/map", "/v1/map?policy=pci", "/v1/cost", "/v1/fingerprint", "/v1/write?folder=out&path=a.csv"],
)
def test_a_command_ends_with_who_asked_wherever_it_stands(server: Server, path: str, sent: str) -> None:
    head = server.head(path, "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked")
    body = {"nothing": b"", "a piece": b"%x\r\n%b\r\n" % (len(LINES), LINES)}
    body["all"] = body["a piece"] + b"0\r\n\r\n"
    with server.raw(head + body[sent]):
        # Held where it is: it imports, waits for its input or works, and neither reads nor writes again.
        until(lambda: bool(commands(server)))
        (pid,) = commands(server)
        os.kill(pid, signal.SIGSTOP)
    until(lambda: not commands(server))


def test_a_source_that_says_nothing_ends_with_who_asked(server: Server) -> None:
    body = b'{"source":"app"}'
    head = server.head("/v1/fetch", "Content-Type: application/json", f"Content-Length: {len(body)}")
    # More of them than may run at once: each leaves its place to another.
    for _ in range(10):
        with server.raw(head + body):
            until(lambda: bool(commands(server)))
        until(lambda: not commands(server))


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may end, with a source to which nobody writes."""
    os.mkfifo(tmp_path / "pipe")
    options = ["--workers", "1", "--nlp", "none", "--rate", "0", "--source", f"app=file {tmp_path / 'pipe'}"]
    with (tmp_path / "messages").open("wb") as stderr:
        process = subprocess.Popen(
            [BIN / "cecil-serve", *options],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    try:
        yield Server(process, tmp_path, tmp_path / "messages")
    finally:
        process.kill()
        process.communicate()


def test_sigterm_ends_a_command_that_waits_for_its_input(own: Server) -> None:
    head = own.head("/v1/fingerprint", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked")
    with own.raw(head) as connection:
        assert connection.recv(BLOCK).startswith(b"HTTP/1.1 200 ")
        until(lambda: bool(commands(own)))
        own.process.terminate()
        answer = read_all(connection)
    assert b'"complete":false' in answer
    assert answer.endswith(b"0\r\n\r\n")
    assert own.process.wait(30) == 0


def test_a_source_that_says_nothing_ends_with_a_server_that_is_killed(own: Server) -> None:
    body = b'{"source":"app"}'
    head = own.head("/v1/fetch", "Content-Type: application/json", f"Content-Length: {len(body)}")
    with own.raw(head + body):
        until(lambda: bool(commands(own)))
        (pid,) = commands(own)
        with Ending(pid) as command:
            own.process.kill()
            assert command.wait()
