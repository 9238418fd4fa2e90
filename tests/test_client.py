"""The client against a real server, and against servers that misbehave."""

import asyncio
import contextlib
import doctest
import itertools
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cecil.api.server import ServerManager
from cecil.client import Address, AnswerError, AsyncClient, Client, awaited, waiting
from cecil.client.place import FILE, VARIABLE
from cecil.errors import PolicyError, RecordError, SourceError, TruncatedError, UsageError
from tests.conftest import BIN, ROOT
from tests.processes import children

MAIL = "dana.fox@example.com"


@pytest.fixture(scope="module", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Compiled patterns are shared with all tests; no server of this user's is met."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(ROOT / ".test-cache"))
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        patch.delenv(VARIABLE, raising=False)
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    (folder / "app.jsonl").write_text('{"a":1}\n{"a":2}\n')
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ServerManager]:
    arguments = [
        "--workers",
        "1",
        "--source",
        f"app=file {folder / 'app.jsonl'}",
        "--write-folder",
        f"out={folder}",
    ]
    with ServerManager(arguments=arguments) as manager:
        yield manager


@pytest.fixture
def client(server: ServerManager) -> Iterator[Client]:
    with Client(server.url, token=server.token) as client:
        yield client


def both(test: Callable[..., Any]) -> Any:
    """The same with either client: `call(name, *args)` gives what the method does, a list where it is lines."""

    def run(server: ServerManager, kind: str, folder: Path) -> None:
        if kind == "waiting":
            with Client(server.url, token=server.token) as client:

                def call(name: str, *args: Any, **more: Any) -> Any:
                    made = getattr(client, name)(*args, **more)
                    return list(made) if isinstance(made, Iterator) else made

                test(call, folder / kind)
            return

        async def main() -> None:
            async with AsyncClient(server.url, token=server.token) as client:
                loop = asyncio.get_running_loop()

                async def gathered(name: str, *args: Any, **more: Any) -> Any:
                    made = getattr(client, name)(*args, **more)
                    if not isinstance(made, AsyncIterator):
                        made = await made
                    return [one async for one in made] if isinstance(made, AsyncIterator) else made

                def call(name: str, *args: Any, **more: Any) -> Any:
                    return asyncio.run_coroutine_threadsafe(gathered(name, *args, **more), loop).result()

                await asyncio.to_thread(test, call, folder / kind)

        asyncio.run(main())

    run.__name__ = test.__name__
    return pytest.mark.parametrize("kind", ["waiting", "awaited"])(run)


@both
def test_values(call: Any, out: Path) -> None:
    assert call("health")["status"] == "ok"
    value, findings = call("redact", {"mail": MAIL, "n": 17, "deep": [None, True, "x"]})
    assert value == {"mail": "<EMAIL_ADDRESS>", "n": 17, "deep": [None, True, "x"]}
    assert [(one.pointer, one.entity, one.action) for one in findings] == [
        ("/mail", "EMAIL_ADDRESS", "redact")
    ]
    assert call("redact", f"to {MAIL}").value == "to <EMAIL_ADDRESS>"
    assert call("redact", 17) == (17, [])
    assert call("redact", f"to {MAIL}", policy="secrets-only").value == f"to {MAIL}"
    assert [one.entity for one in call("check", "from 8.8.8.8")] == ["IP_ADDRESS"]
    assert call("check", "nothing") == []
    found, misses = call("explain", "order 4111111111111112")
    assert (found, misses[0].entity, misses[0].start) == ([], "CREDIT_CARD", 6)
    assert "cecil_requests_total" in call("metrics")


@both
def test_lines(call: Any, out: Path) -> None:
    assert call("redact_lines", [f'{{"by": "{MAIL}", "n":1.10}}', '{"n": 2}\n']) == [
        '{"by": "<EMAIL_ADDRESS>", "n":1.10}\n',
        '{"n": 2}\n',
    ]
    assert call("redact_lines", [f'{{"by":"{MAIL}"}}'.encode()]) == [b'{"by":"<EMAIL_ADDRESS>"}\n']
    assert call("redact_lines", []) == []
    refused: list[Any] = []
    made = call("redact_lines", ['{"a":1}', '{"a":', '{"b":2}'], refuse=lambda *told: refused.append(told))
    assert made == ['{"a":1}\n', '{"b":2}\n']
    assert [line for line, _ in refused] == [2]
    with pytest.raises(RecordError) as caught:
        call("redact_lines", ['{"a":1}', '{"a":'])
    assert caught.value.where == "line 2"


@both
def test_the_other_commands(call: Any, out: Path) -> None:
    record = {
        "model": "gpt-4o",
        "usage": {"prompt_tokens": 10, "completion_tokens": 2},
        "object": "chat.completion",
    }
    record |= {"choices": [{"message": {"role": "assistant", "content": MAIL}}], "created": 1795165200}
    lines = [json.dumps(record)]
    (made,) = call("fingerprint", lines)
    assert json.loads(made)["model"] == "gpt-4o"
    assert call("cost", lines)["total"]["calls"] == 1
    assert call("fetch", "app") == [b'{"a":1}\n', b'{"a":2}\n']
    assert "email" in call("map", [f'{{"email":"{MAIL}"}}'])
    path = f"{out.name}.jsonl"
    assert call("write", ['{"a":1}', '{"a":2}'], "out", path)["written"] == 2
    assert out.with_suffix(".jsonl").read_text() == '{"a":1}\n{"a":2}\n'
    with pytest.raises(AnswerError) as caught:
        call("write", ['{"a":1}'], "out", path)
    assert (caught.value.code, caught.value.problem) == (409, "exists")


@both
def test_policies(call: Any, out: Path) -> None:
    name = f"mine-{out.name}"
    text = "version: 1\nextends: default\nentities: {EMAIL_ADDRESS: mask}\n"
    assert call("put_policy", name, text)["built_in"] is False
    assert call("policy", name) == text
    assert name in [one["name"] for one in call("policies")["policies"]]
    assert call("redact", MAIL, policy=name).value == "*" * len(MAIL)
    call("delete_policy", name)
    with pytest.raises(AnswerError) as refused:
        call("policy", name)
    assert refused.value.code == 404
    with pytest.raises(PolicyError) as caught:
        call("put_policy", name, b"version: 1\nentities: {EMAIL_ADRESS: mask}\n")
    assert caught.value.where
    assert caught.value.where.startswith("policy:2")


@both
def test_what_is_refused(call: Any, out: Path) -> None:
    deep: Any = MAIL
    for _round in range(8):
        deep = json.dumps({"a": deep})
    with pytest.raises(RecordError, match="too deep"):
        call("redact", deep)
    for value in (float("nan"), {1, 2}, "\ud800"):
        with pytest.raises(RecordError):
            call("redact", value)
    for name in ("stream", "fetch"):
        args = ("/v1/redact/stream", ["{}"]) if name == "stream" else ("nothing",)
        more = {"policy": "nothing"} if name == "stream" else {}
        with pytest.raises((AnswerError, PolicyError)):
            call(name, *args, **more)


@both
def test_an_error_of_the_programs_own_iterator_is_its_error(call: Any, out: Path) -> None:
    def lines(error: Exception) -> Iterator[str]:
        yield "{}"
        raise error

    for error in (ZeroDivisionError(), OSError("disk")):
        with pytest.raises(type(error)):
            call("redact_lines", lines(error))
        with pytest.raises(type(error)):
            call("cost", lines(error))


def test_a_line_comes_back_before_the_next_is_asked_for(client: Client) -> None:
    asked: list[int] = []
    seen = threading.Event()

    def lines() -> Iterator[str]:
        for number in range(3):
            asked.append(number)
            yield json.dumps({"by": MAIL, "n": number})
            assert seen.wait(60)
            seen.clear()

    for number, line in enumerate(client.redact_lines(lines())):
        assert json.loads(line) == {"by": "<EMAIL_ADDRESS>", "n": number}
        assert asked == list(range(number + 1))
        seen.set()


def test_the_same_awaited(server: ServerManager) -> None:
    async def main() -> list[str]:
        seen = asyncio.Event()

        async def lines() -> AsyncIterator[str]:
            for number in range(3):
                yield json.dumps({"n": number})
                await seen.wait()
                seen.clear()

        made = []
        async with AsyncClient(server.url, token=server.token) as client:
            async for line in client.redact_lines(lines()):
                made.append(line)
                seen.set()
        return made

    assert asyncio.run(main()) == ['{"n": 0}\n', '{"n": 1}\n', '{"n": 2}\n']


@pytest.mark.parametrize("kind", ["waiting", "awaited"])
def test_who_reads_slowly_is_not_written_ahead_of(server: ServerManager, kind: str) -> None:
    asked = itertools.count()
    last = [0]
    line = json.dumps({"n": "x" * 10_000})

    def lines() -> Iterator[str]:
        for last[0] in asked:
            yield line

    if kind == "waiting":
        with (
            Client(server.url, token=server.token) as client,
            client.stream("/v1/redact/stream", lines()) as stream,
        ):
            assert next(stream) == line.encode() + b"\n"
            held = settled(last)
            assert stream.counts is None
    else:

        async def main() -> int:
            async with (
                AsyncClient(server.url, token=server.token) as client,
                await client.stream("/v1/redact/stream", lines()) as stream,
            ):
                assert await anext(stream) == line.encode() + b"\n"
                held = 0
                while held != last[0]:
                    held = last[0]
                    await asyncio.sleep(0.5)
                return held

        held = asyncio.run(main())
    assert held * len(line) < 64 << 20


def settled(last: list[int]) -> int:
    held = -1
    while held != last[0]:
        held = last[0]
        time.sleep(0.5)
    return held


def test_what_breaks_off_leaves_no_command_running(client: Client, server: ServerManager) -> None:
    def lines() -> Iterator[str]:
        yield "{}"
        raise ZeroDivisionError

    for call in (client.cost, client.map, client.fingerprint):
        with pytest.raises(ZeroDivisionError):
            list(call(lines()))
    until = time.monotonic() + 60
    while commands(server.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert commands(server.pid) == {}


def commands(pid: int) -> dict[str, str]:
    """The commands that a server runs, and how each of them is."""
    found = {}
    for child in children(pid):
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{child}/cmdline").read_text()
            name = re.search("'(cecil-(?:report|map|fingerprint))'", line)
            if name:
                found[f"{name[1]} {child}"] = Path(f"/proc/{child}/status").read_text()
    return found


def test_threads_share_a_client(client: Client) -> None:
    made: list[Any] = []

    def work(number: int) -> None:
        for index in range(5):
            made.append((number, index, client.redact(f"{number}-{index} {MAIL}").value))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == [(a, b, f"{a}-{b} <EMAIL_ADDRESS>") for a in range(4) for b in range(5)]


def test_a_wrong_token(server: ServerManager) -> None:
    with Client(server.url, token="wrong") as client, pytest.raises(AnswerError) as caught:
        client.redact("x")
    assert (caught.value.code, caught.value.problem) == (401, "token")
    assert "wrong" not in repr(client.address)


def test_one_is_started_where_none_runs_and_ends_with_the_client(server: ServerManager) -> None:
    with Client(arguments=("--policy", "secrets-only", "--workers", "1")) as client:
        pid = client._place._manager.pid if client.address and client._place._manager else 0
        assert pid not in (0, server.pid)
        assert client.health()["status"] == "ok"
        assert client.redact(MAIL).value == MAIL
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    client.close()


class TestWhere:
    """How a server is found."""

    def file(self, path: Path, told: Any, mode: int = 0o600) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(told if isinstance(told, str) else json.dumps(told))
        path.chmod(mode)
        return path

    @pytest.fixture
    def told(self, server: ServerManager) -> dict[str, Any]:
        return {"url": server.url, "token": server.token}

    def test_by_a_file(self, tmp_path: Path, told: dict[str, Any]) -> None:
        with Client(address_file=str(self.file(tmp_path / "a.json", told))) as client:
            assert client.redact("x").value == "x"

    def test_by_the_environment(
        self, tmp_path: Path, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(VARIABLE, str(self.file(tmp_path / "a.json", told)))
        for module in (waiting, awaited):
            assert doctest.testmod(module).failed == 0
        monkeypatch.setenv(VARIABLE, str(tmp_path / "none.json"))
        with Client() as client, pytest.raises(SourceError):
            client.health()

    def test_at_the_usual_place(
        self, tmp_path: Path, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        with Client(start=False) as client, pytest.raises(SourceError, match="no server runs"):
            client.health()
        path = self.file(tmp_path / "cecil" / FILE, told)
        with Client(start=False) as client:
            assert client.health()["status"] == "ok"
        with listening(lambda connection: connection.recv(9)) as port:
            self.file(path, told | {"url": f"http://127.0.0.1:{port}"})
            with Client(start=False) as client, pytest.raises(SourceError, match="no server runs"):
                client.health()
        self.file(path, told | {"url": "http://127.0.0.1:1"})
        with Client(start=False) as client, pytest.raises(SourceError, match="no server runs"):
            client.health()
        self.file(path, told, 0o644)
        with Client(start=False) as client, pytest.raises(SourceError, match="no server runs"):
            client.health()

    def test_one_that_runs_as_the_unit_says(
        self, tmp_path: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        argv = [str(BIN / "cecil-serve"), "--uds", "serve.sock", "--address-file", FILE]
        with subprocess.Popen(argv, env=env | {"XDG_RUNTIME_DIR": str(tmp_path)}, cwd=tmp_path) as process:
            try:
                until = time.monotonic() + 60
                while not (tmp_path / "cecil" / FILE).exists() and time.monotonic() < until:
                    time.sleep(0.05)
                with Client(start=False) as client:
                    assert client.address.uds == str(tmp_path / "cecil" / "serve.sock")
                    assert client.health()["status"] == "ok"
            finally:
                process.terminate()
        assert process.returncode == 0
        assert not (tmp_path / "cecil" / FILE).exists()

    def test_a_file_that_is_none(self, tmp_path: Path, told: dict[str, Any]) -> None:
        for text in ("", "{}", "[]", '{"token":1,"url":"http://192.0.2.1:80"}'):
            with (
                Client(address_file=str(self.file(tmp_path / "a.json", text))) as client,
                pytest.raises(UsageError),
            ):
                client.health()
        path = self.file(tmp_path / "a.json", told, 0o640)
        with Client(address_file=str(path)) as client, pytest.raises(SourceError, match="others"):
            client.health()

    @pytest.mark.parametrize(
        "url",
        [
            "http://192.0.2.1:80",
            "https://127.0.0.1:80",
            "http://127.0.0.1",
            "http://127.0.0.1:99999",
            "x",
            "",
        ],
    )
    def test_only_on_this_machine(self, url: str) -> None:
        with pytest.raises(UsageError):
            Address.of(url, "t")

    def test_what_goes_together(self) -> None:
        with pytest.raises(UsageError):
            Client("http://127.0.0.1:80")
        with pytest.raises(UsageError):
            Client("http://127.0.0.1:80", token="t", address_file="f")

    def test_a_unix_socket(self, tmp_path: Path) -> None:
        path = str(tmp_path / "s")
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
        with listening(answering(answer, answer), path):
            with Client(uds=path, token="t") as client:
                assert client.health() == {}
                assert path in repr(client.address)

            async def main() -> Any:
                async with AsyncClient(uds=path, token="t") as client:
                    return await client.health()

            assert asyncio.run(main()) == {}
        with Client(uds=path + "x", token="t") as client, pytest.raises(SourceError):
            client.health()


class listening:
    """A server that does what a test says with each connection."""

    def __init__(self, serve: Callable[[socket.socket], Any], path: str | None = None) -> None:
        self._serve = serve
        self._listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self._listener.bind(path or ("127.0.0.1", 0))
        self._listener.listen()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._serve(connection)

    def __enter__(self) -> int:
        name = self._listener.getsockname()
        return name[1] if isinstance(name, tuple) else 0

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def answering(*answers: bytes) -> Callable[[socket.socket], None]:
    """Each request is answered so; then the connection ends."""

    def serve(connection: socket.socket) -> None:
        for answer in answers:
            data = b""
            while b"\r\n\r\n" not in data:
                piece = connection.recv(1 << 16)
                if not piece:
                    return
                data += piece
            connection.sendall(answer)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1 << 16):
            pass  # to close with something unread would take back the answer

    return serve


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("kind", ["waiting", "awaited"])
class TestFaults:
    """What a server can do wrong."""

    def ask(self, kind: str, port: int, *names: str, timeout: float = 20) -> list[Any]:
        if kind == "waiting":
            with Client(f"http://127.0.0.1:{port}", token="t", timeout=timeout) as client:
                return [
                    getattr(client, name)() if name != "lines" else list(client.redact_lines(["{}"]))
                    for name in names
                ]

        async def main() -> list[Any]:
            async with AsyncClient(f"http://127.0.0.1:{port}", token="t", timeout=timeout) as client:
                return [
                    await getattr(client, name)()
                    if name != "lines"
                    else [line async for line in client.redact_lines(["{}"])]
                    for name in names
                ]

        return asyncio.run(main())

    @pytest.mark.parametrize(
        "answer",
        [
            b"",
            b"SSH-2.0-OpenSSH_9\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
            HEAD + b"5\r\n{}\n",
        ],
    )
    @pytest.mark.parametrize("name", ["health", "lines"])
    def test_an_answer_that_is_cut_off_or_none(self, kind: str, name: str, answer: bytes) -> None:
        with listening(answering(answer)) as port, pytest.raises(TruncatedError):
            self.ask(kind, port, name)

    @pytest.mark.parametrize(
        "body",
        [
            b"3\r\n{}\n\r\n0\r\n\r\n",
            b'37\r\n{"$cecil":{"end":{"complete":false,"reason":"too slow"}}}\n\r\n0\r\n\r\n',
        ],
    )
    def test_a_stream_without_its_trailer(self, kind: str, body: bytes) -> None:
        if body.startswith(b"37"):
            text = b'{"$cecil":{"end":{"complete":false,"reason":"too slow"}}}\n'
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text)
        with listening(answering(HEAD + body)) as port, pytest.raises(TruncatedError):
            self.ask(kind, port, "lines")

    def test_markers_of_the_input_pass(self, kind: str) -> None:
        text = b'{"$cecil":{"begin":{}}}\n{"$cecil":{"end":{"records":0}}}\n'
        with listening(answering(HEAD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text))) as port:
            assert self.ask(kind, port, "lines") == [['{"$cecil":{"begin":{}}}\n']]

    def test_a_connection_that_was_closed_meanwhile(self, kind: str) -> None:
        with listening(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")) as port:
            assert self.ask(kind, port, "health", "health") == [{}, {}]

    def test_one_that_says_so(self, kind: str) -> None:
        with listening(
            answering(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")
        ) as port:
            assert self.ask(kind, port, "health", "health") == [{}, {}]

    def test_a_server_that_says_nothing(self, kind: str) -> None:
        def mute(connection: socket.socket) -> None:
            while connection.recv(1 << 16):
                pass

        with listening(mute) as port, pytest.raises(SourceError, match="in time"):
            self.ask(kind, port, "health", timeout=0.2)
        with listening(mute) as port, pytest.raises(TruncatedError, match="in time"):
            self.ask(kind, port, "lines", timeout=0.2)

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"<html>", b'{"type":"urn:cecil:problem:policy","title":"wrong"}']
    )
    def test_an_answer_that_explains_nothing(self, kind: str, body: bytes) -> None:
        answer = b"HTTP/1.1 500 Oh\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        with listening(answering(answer, answer)) as port:
            for name in ("health", "lines"):
                with pytest.raises((AnswerError, PolicyError)):
                    self.ask(kind, port, name)


def test_an_input_that_is_slow_is_waited_for(server: ServerManager) -> None:
    def lines() -> Iterator[str]:
        yield "{}"
        time.sleep(1.4)
        yield "[]"

    with Client(server.url, token=server.token) as client:
        client.redact({})  # a worker is there
        client._timeout = 1.2  # less than what the input waits, far more than an answer takes
        assert list(client.redact_lines(lines())) == ["{}\n", "[]\n"]
