"""What cecil-serve answers, to friends and to attackers: one server, started once, asked as programs ask."""

import base64
import gzip
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
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cecil import Policy, Sanitizer
from cecil.api.bodies import Splitter, Stretch
from cecil.commands.boundary import call
from tests.conftest import BIN, Run, build_sanitizer, environment
from tests.processes import children
from tests.test_serve import DEADLINE, until

EMAIL = "bob@example.com"
PLANTED = "planted-4111111111111111@example.com"
JSON = {"Content-Type": "application/json"}
NDJSON = {"Content-Type": "application/x-ndjson"}
YAML = {"Content-Type": "application/yaml"}
TEXT = {"Content-Type": "text/plain"}
BLOCK = 1 << 16


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]


class Server:
    """A server and its address; `ask` is a request that bears the token."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path, messages: Path) -> None:
        self.process = process
        self.folder = folder
        self._messages = messages
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE)
        line = process.stdout.readline() if ready else b""
        assert line, messages.read_text()
        self.address: dict[str, Any] = json.loads(line)
        self.token: str = self.address["token"]
        self.all: list[bytes] = []

    @property
    def port(self) -> int:
        return int(self.address["port"])

    @property
    def messages(self) -> str:
        return self._messages.read_text()

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> Answer:
        if isinstance(body, (dict, list)):
            body, headers = json.dumps(body), JSON | (headers or {})
        sent = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        sent = {name: value for name, value in sent.items() if value}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)) as connection:
            connection.request(method, path, body, sent, **more)
            response = connection.getresponse()
            answer = Answer(
                response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
            )
        self.all.append(answer.body)
        return answer

    def post(self, path: str, body: Any, headers: dict[str, str] | None = None) -> Answer:
        return self.ask("POST", path, body, headers)

    @contextmanager
    def raw(self, request: bytes) -> Iterator[socket.socket]:
        with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE) as connection:
            connection.sendall(request)
            yield connection

    def head(self, path: str, *more: str, method: str = "POST") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {self.token}", *more]
        return "\r\n".join([*lines, "", ""]).encode()

    def workers(self) -> list[int]:
        return children(self.process.pid)


def key_file(folder: Path) -> Path:
    path = folder / "cecil.key"
    subprocess.run(
        [BIN / "cecil-redact", "--new-key", path],
        check=True,
        stderr=subprocess.DEVNULL,
        env=environment(folder),
    )
    return path


Serve = Callable[..., Server]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    started: list[Server] = []

    def start(*args: str | Path, **env: str) -> Server:
        folder = tmp_path_factory.mktemp("serve")
        messages = folder / "messages"
        with messages.open("wb") as stderr:
            process = subprocess.Popen(
                [BIN / "cecil-serve", "--workers", "1", "--nlp", "none", *args],
                cwd=folder,
                env=environment(folder) | env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        try:
            server = Server(process, folder, messages)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        started.append(server)
        return server

    yield start
    for server in started:
        server.process.terminate()
        server.process.communicate(timeout=DEADLINE)


@pytest.fixture(scope="module")
def server(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Server:
    folder = tmp_path_factory.mktemp("files")
    (folder / "out" / "below").mkdir(parents=True)
    (folder / "app.jsonl").write_bytes(b'{"n":1}\n{"n":\n{"$cecil":{"end":1}}\n')
    return serve(
        "--key-file",
        key_file(folder),
        "--source",
        f"app=file {folder / 'app.jsonl'}",
        "--source",
        f"none=file {folder / 'none.jsonl'}",
        "--write-folder",
        f"out={folder / 'out'}",
        "--allow-origin",
        "http://localhost:3000",
        "--max-body",
        "1M",
        "--max-record",
        "64K",
        "--idle",
        "4",
        "--rate",
        "0",
    )


@pytest.fixture(scope="module")
def second(serve: Serve) -> Server:
    return serve("--policy", "hipaa", "--rate", "20")


def out(server: Server) -> Path:
    (pair,) = [arg for arg in server.process.args if str(arg).startswith("out=")]  # type: ignore[union-attr]
    return Path(str(pair).partition("=")[2])


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(nlp="none")


def problem(answer: Answer, name: str, status: int) -> None:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json["type"] == f"urn:cecil:problem:{name}"
    assert answer.json["status"] == status
    assert b"planted" not in answer.body


# --- judging one thing


def test_a_record_is_redacted_and_keeps_its_bytes(server: Server) -> None:
    body = b'{"value": {"n": 1.10, "big": 1e400, "user": {"email":"%b"}} }' % EMAIL.encode()
    answer = server.post("/v1/redact", body, JSON)
    assert answer.status == 200
    assert answer.body.startswith(
        b'{"value":{"n": 1.10, "big": 1e400, "user": {"email":"<EMAIL_ADDRESS>"}},"findings":'
    )
    (found,) = answer.json["findings"]
    assert (found["pointer"], found["entity"], found["action"]) == ("/user/email", "EMAIL_ADDRESS", "redact")
    assert answer.json["policy"] == Policy.built_in("default").digest


@pytest.mark.parametrize(
    ("value", "new"),
    [
        (f"mail {EMAIL} é", "mail <EMAIL_ADDRESS> é"),
        ([1, EMAIL], [1, "<EMAIL_ADDRESS>"]),
        (17, 17),
        (None, None),
        (True, True),
        ({}, {}),
        ("", ""),
    ],
)
def test_any_json_is_a_value(server: Server, value: object, new: object) -> None:
    answer = server.post("/v1/redact", {"value": value})
    assert (answer.status, answer.json["value"]) == (200, new)


def test_findings_are_the_librarys(server: Server, sanitizer: Sanitizer) -> None:
    record = {"email": EMAIL, "text": f"𝒳 from 8.8.8.8 to {EMAIL}", "deep": [{"phone": "+1 212 555 0142"}]}
    new, found = sanitizer.redact(record)
    answer = server.post("/v1/redact", {"value": record})
    assert answer.json["value"] == new
    assert answer.json["findings"] == [one._asdict() for one in found]


def test_check_says_where_and_holds_no_value(server: Server) -> None:
    answer = server.post("/v1/check", {"value": {"a": EMAIL}})
    assert (answer.json["found"], "value" in answer.json) == (True, False)
    assert EMAIL.encode() not in answer.body
    assert b"bob" not in answer.body
    assert server.post("/v1/check", {"value": {"a": 1}}).json["found"] is False
    lines = server.post("/v1/check", {"text": f"x\nmail {EMAIL}"}).json
    assert [("after" in row, len(row["findings"])) for row in lines["lines"]] == [(False, 0), (False, 1)]


def test_explain_tells_what_was_left(server: Server) -> None:
    answer = server.post("/v1/explain", {"value": {"n": "card 4111 1111 1111 1112"}}).json
    assert answer["found"] is False
    assert "CREDIT_CARD" in {miss["entity"] for miss in answer["misses"]}
    assert all(miss["why"] for miss in answer["misses"])
    more = server.post("/v1/redact", {"value": {"n": "card 4111 1111 1111 1112"}, "explain": True}).json
    assert more["misses"] == answer["misses"]


def test_lines_are_judged_as_a_files(server: Server, cecil: Run) -> None:
    key = base64.b64encode(bytes(range(48))).decode()
    pem = f"-----BEGIN PRIVATE KEY-----\n{key}\n{key}\n-----END PRIVATE KEY-----"
    text = f'{{"email":"{EMAIL}"}}\nplain {EMAIL}\n{{"broken":\n{pem}\n\nlast'
    answer = server.post("/v1/explain", {"text": text}).json
    by_command = cecil("redact", "--nlp", "none", "-q", stdin=text.encode())
    after = [row["after"] for row in answer["lines"] if row["after"] is not None]
    assert after == by_command.stdout.decode().split("\n")
    assert key not in json.dumps(answer)
    refused = [row for row in answer["lines"] if row["reason"]]
    assert [(row["line"], row["after"]) for row in refused] == [(3, None)]
    counts = answer["counts"]
    assert counts["read"] == len(answer["lines"]) == counts["written"] + counts["quarantined"]
    assert (counts["quarantined"], counts["findings"]["EMAIL_ADDRESS"]) == (1, 2)
    assert answer["about"]["name"] == "default"
    assert answer["model"] is None


def test_no_lines(server: Server) -> None:
    answer = server.post("/v1/explain", {"text": ""}).json
    assert (answer["lines"], answer["found"], answer["counts"]["read"]) == ([], False, 0)


def test_text_goes_in_and_comes_out(server: Server) -> None:
    answer = server.post(
        "/v1/redact", f"mail {EMAIL}\r\nx\n".encode(), TEXT | {"Content-Type": "text/plain; charset=utf-8"}
    )
    assert (answer.status, answer.body) == (200, b"mail <EMAIL_ADDRESS>\r\nx\n")
    assert answer.headers["content-type"].startswith("text/plain")
    refused = server.post("/v1/redact", b'ok\n{"a": planted\n\xff planted\n', TEXT)
    problem(refused, "not-judged", 422)
    assert [one["line"] for one in refused.json["errors"]] == [2, 3]
    other = server.post("/v1/redact?policy=secrets-only", f"mail {EMAIL}".encode(), TEXT)
    assert other.body == f"mail {EMAIL}".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"planted",
        b"[]",
        b"{}",
        b'{"value":1,"text":"planted"}',
        b'{"value":1,"planted":2}',
        b'{"value":1,"policy":"default","policy_text":"version: 1"}',
        b'{"value":1,"policy":17}',
        b'{"text":17}',
        b'{"value":1,"explain":"planted"}',
        b'{"value":{"planted":}}',
        b'{"value":"\xff"}',
        b'{"value":1}{"value":2}',
        b'{"text":"\xff"}',
    ],
)
def test_a_body_that_is_none_is_told_without_its_words(server: Server, body: bytes) -> None:
    answer = server.post("/v1/redact", body, JSON)
    assert answer.status in (400, 422)
    problem(answer, "malformed" if answer.status == 400 else "not-judged", answer.status)


@pytest.mark.parametrize(
    "value", [b'{"a":1,"a":"planted bob@example.com"}', b"[" * 3000 + b"]" * 3000, b'"\\ud800"']
)
def test_what_cannot_be_judged_does_not_come_back(server: Server, value: bytes) -> None:
    answer = server.post("/v1/redact", b'{"value":' + value + b"}", JSON)
    assert answer.status in (200, 400, 422)
    assert EMAIL.encode() not in answer.body
    if answer.status != 200:
        assert b"planted" not in answer.body


# --- policies


def test_a_policy_is_named_or_given(server: Server) -> None:
    record = {"value": f"mail {EMAIL}"}
    assert server.post("/v1/redact", record | {"policy": "secrets-only"}).json["value"] == f"mail {EMAIL}"
    own = "version: 1\nextends: default\nentities:\n  EMAIL_ADDRESS: mask\n"
    masked = server.post("/v1/redact", record | {"policy_text": own}).json
    assert masked["value"] == "mail ***************"
    assert masked["policy"] == Policy.parse(own.encode(), "x").digest
    problem(server.post("/v1/redact", record | {"policy": "planted"}), "policy", 422)


def test_mistakes_in_a_policy_have_their_places(server: Server) -> None:
    text = "version: 1\nentities:\n  email: redact\n  EMAIL_ADDRESS: planted_\n  NO_SUCH_THING: mask\n"
    for answer in (
        server.post("/v1/explain", {"text": "x", "policy_text": text}),
        server.ask("PUT", "/v1/policies/wrong", text, YAML),
    ):
        assert answer.status == 422
        places = [(one.get("line"), one.get("column")) for one in answer.json["errors"]]
        assert (3, 3) in places
        assert len(places) >= 2
        assert all(one["message"] for one in answer.json["errors"])
    problem(server.ask("GET", "/v1/policies/wrong"), "not-found", 404)


@pytest.mark.parametrize(
    "text",
    [
        "version: 1\nextends: ./planted.yaml\n",
        "version: 1\nextends: /etc/passwd\n",
        "version: 1\nrecognizers: /etc/passwd\n",
        "version: 1\ndeny: [{file: /etc/passwd, entity: STAFF_ID}]\n",
        "version: 1\nallow: [{file: cecil.key}]\n",
    ],
)
def test_a_clients_policy_reads_no_file(server: Server, text: str) -> None:
    for answer in (
        server.ask("PUT", "/v1/policies/reads", text, YAML),
        server.post("/v1/check", {"value": 1, "policy_text": text}),
    ):
        assert answer.status == 422
        assert b"root:" not in answer.body
        assert "is not read here" in json.dumps(answer.json) or "planted" not in json.dumps(answer.json)


def test_a_policy_is_kept_shown_and_forgotten(server: Server) -> None:
    text = b"version: 1\nentities:\n  EMAIL_ADDRESS: mask\n"
    put = server.ask("PUT", "/v1/policies/own-one", text, YAML)
    assert put.status == 201
    assert put.json == {
        "name": "own-one",
        "hash": Policy.parse(text, "own-one").digest,
        "strategy": "deep",
        "built_in": False,
    }
    again = server.ask("PUT", "/v1/policies/own-one", b'{"version": 1, "strategy": "strict"}', JSON)
    assert (again.status, again.json["strategy"]) == (200, "strict")
    server.ask("PUT", "/v1/policies/own-one", text, YAML)
    got = server.ask("GET", "/v1/policies/own-one")
    assert (got.body, got.headers["etag"]) == (text, f'"{put.json["hash"]}"')
    assert (
        server.ask("GET", "/v1/policies/own-one", headers={"If-None-Match": got.headers["etag"]}).status
        == 304
    )
    assert server.post("/v1/redact", {"value": EMAIL, "policy": "own-one"}).json["value"] == "*" * len(EMAIL)
    assert b"EMAIL_ADDRESS: mask" in server.ask("GET", "/v1/policies/own-one/shown").body
    listed = server.ask("GET", "/v1/policies").json
    assert put.json in listed["policies"]
    assert {"default", "llm", "hipaa"} <= {one["name"] for one in listed["policies"] if one["built_in"]}
    assert {"EMAIL_ADDRESS", "PERSON", "LOCATION", "ORGANIZATION"} <= set(listed["entities"])
    assert {"redact", "hash", "keep"} <= {one["name"] for one in listed["actions"]}
    assert server.ask("DELETE", "/v1/policies/own-one").status == 204
    problem(server.ask("DELETE", "/v1/policies/own-one"), "not-found", 404)
    problem(server.ask("GET", "/v1/policies/own-one"), "not-found", 404)


def test_names_of_policies(server: Server) -> None:
    for name in ("default", "llm"):
        problem(server.ask("PUT", f"/v1/policies/{name}", b"version: 1\n", YAML), "exists", 409)
        problem(server.ask("DELETE", f"/v1/policies/{name}"), "not-found", 404)
        assert server.ask("GET", f"/v1/policies/{name}").body.startswith(b"#")
    for name in ("Planted", "-planted", "planted.yaml", "planted%00", "a" * 65, "%2e%2e"):
        assert server.ask("PUT", f"/v1/policies/{name}", b"version: 1\n", YAML).status == 400
        assert server.ask("GET", f"/v1/policies/{name}").status == 404
    for path in ("/v1/policies/../../etc/passwd", "/v1/policies/..%2f..%2fetc%2fpasswd", "/v1/policies/"):
        assert server.ask("GET", path).status == 404


def test_there_are_only_so_many_policies(serve: Serve, server: Server) -> None:
    for n in range(64):
        assert server.ask("PUT", f"/v1/policies/many-{n}", b"version: 1\n", YAML).status == 201
    problem(server.ask("PUT", "/v1/policies/one-more", b"version: 1\n", YAML), "full", 409)
    assert server.ask("PUT", "/v1/policies/many-3", b"version: 1\n", YAML).status == 200
    for n in range(64):
        assert server.ask("DELETE", f"/v1/policies/many-{n}").status == 204


def test_keys_are_used_and_never_told(server: Server, serve: Serve, tmp_path: Path) -> None:
    secret = Path(str(server.process.args[6])).read_text()  # type: ignore[index]
    policy = "version: 1\nentities: {EMAIL_ADDRESS: hash, IP_ADDRESS: encrypt}\n"
    ask = {"value": [EMAIL, "8.8.8.8"], "policy_text": policy}
    first = server.post("/v1/redact", ask).json["value"]
    assert first == server.post("/v1/redact", ask).json["value"]
    assert EMAIL not in str(first)
    assert "8.8.8.8" not in str(first)
    server.ask("PUT", "/v1/policies/hashes", policy, YAML)
    for path in ("", "/hashes", "/hashes/shown", "/default/shown"):
        assert server.ask("GET", f"/v1/policies{path}").status == 200
    for path in ("/metrics", "/openapi.json", "/health"):
        assert server.ask("GET", path).status == 200
    server.ask("DELETE", "/v1/policies/hashes")
    pieces = [piece.encode() for line in secret.splitlines() for piece in line.split("-") if len(piece) > 20]
    assert pieces
    for body in (*server.all, server.messages.encode()):
        assert not any(piece in body for piece in pieces)


def test_without_a_key_that_stays_nothing_is_encrypted(second: Server) -> None:
    answer = second.post("/v1/redact", {"value": 1, "policy_text": "version: 1\ndefault: encrypt\n"})
    assert answer.status == 422
    assert "key" in answer.json["detail"]


def test_a_token_has_a_rate(second: Server) -> None:
    late = next(one for one in (second.ask("GET", "/v1/nothing") for _ in range(1000)) if one.status == 429)
    problem(late, "too-many-requests", 429)
    assert int(late.headers["retry-after"]) >= 1
    # Who has no token cannot use it up for others.
    assert second.ask("GET", "/v1/nothing", headers={"Authorization": "Bearer no"}).status == 401
    until(lambda: second.ask("GET", "/v1/nothing").status == 404)


def test_names_are_looked_for_where_nobody_says_otherwise(serve: Serve) -> None:
    own = serve("--nlp", "en")
    answer = own.post("/v1/explain", {"text": "Please call Angela Martinez about the invoice."}).json
    assert [one["entity"] for one in answer["lines"][0]["findings"]] == ["PERSON"]
    assert answer["model"] == "en"
    assert own.ask("GET", "/health").json["model"] == "en"
    # A draft proposes what the server's own model finds.
    lines = b'{"message":"Please call Angela Martinez about the invoice."}\n'
    assert "PERSON" in stream(own, lines, "/v1/map?form=jsonl").lines[0]["found"]


# --- streams


def stream(server: Server, data: bytes, path: str = "/v1/redact/stream") -> Answer:
    return server.post(path, data, NDJSON)


def trailer(answer: Answer) -> dict[str, Any]:
    end: dict[str, Any] = answer.lines[-1]["$cecil"]["end"]
    return end


def test_a_stream_is_what_the_command_makes(server: Server, cecil: Run) -> None:
    lines = [
        json.dumps({"n": n, "text": f"to user{n}@example.com", "pad": "x" * (3 * n)}) for n in range(2000)
    ]
    data = "\n".join(lines).encode() + b"\r\n\n  \n"
    answer = stream(server, data)
    assert answer.headers["content-type"] == "application/x-ndjson"
    body, _, end = answer.body.rstrip(b"\n").rpartition(b"\n")
    by_command = cecil("redact", "--nlp", "none", "--format", "jsonl", "-q", "--stats", "json", stdin=data)
    assert body + b"\n" == by_command.stdout
    counts = json.loads(by_command.stderr)
    told = json.loads(end)["$cecil"]["end"]
    assert {
        name: told[name] for name in ("read", "written", "dropped", "quarantined", "findings", "policy")
    } == {name: counts[name] for name in ("read", "written", "dropped", "quarantined", "findings", "policy")}
    assert told["complete"] is True
    assert told["records"] == counts["written"]


def test_a_refused_record_has_an_error_in_its_place(server: Server) -> None:
    data = (
        b'{"a":1}\nplanted text\n{"b":2}\n{"c":'
        + b"9" * 70_000
        + b'}\n{"d":4}\n\xff\n{"e":"%b"}' % EMAIL.encode()
    )
    answer = stream(server, data)
    lines = answer.lines
    assert [next(iter(line)) for line in lines] == [
        "a",
        "$cecil",
        "b",
        "$cecil",
        "d",
        "$cecil",
        "e",
        "$cecil",
    ]
    errors = [line["$cecil"]["error"] for line in lines[:-1] if "$cecil" in line]
    assert [one["line"] for one in errors] == [2, 4, 6]
    assert "longer" in errors[1]["reason"]
    assert b"planted" not in answer.body
    end = trailer(answer)
    assert (end["read"], end["written"], end["quarantined"], end["complete"]) == (7, 4, 3, True)


def test_a_record_cannot_pass_for_a_trailer(server: Server) -> None:
    answer = stream(server, b'{"$cecil":{"end":{"records":9}}}\n')
    first, last = answer.body.splitlines()
    assert not first.startswith(b'{"$cecil":')
    assert json.loads(first) == {"$cecil": {"end": {"records": 9}}}
    assert json.loads(last)["$cecil"]["end"]["records"] == 1


def test_a_byte_order_mark_and_nothing(server: Server) -> None:
    assert stream(server, b'\xef\xbb\xbf{"a":1}\n').body.startswith(b'\xef\xbb\xbf{"a":1}\n{"$cecil"')
    assert trailer(stream(server, b""))["read"] == 0
    assert stream(server, b"\xef\xbb\xbf").body.startswith(b'\xef\xbb\xbf{"$cecil"')


def test_a_record_comes_back_before_the_next_is_sent(server: Server) -> None:
    head = server.head(
        "/v1/redact/stream",
        "Content-Type: application/x-ndjson",
        "Transfer-Encoding: chunked",
        "Connection: close",
    )
    with server.raw(head) as connection, connection.makefile("rb") as answer:
        for n in range(3):
            line = json.dumps({"n": n, "to": EMAIL}).encode() + b"\n"
            connection.sendall(b"%x\r\n%b\r\n" % (len(line), line))
            while b"$cecil" not in (got := answer.readline()) and b'"n"' not in got:
                assert got
            assert json.loads(got) == {"n": n, "to": "<EMAIL_ADDRESS>"}
        connection.sendall(b"0\r\n\r\n")
        assert b'"complete":true' in answer.read()


def written(connection: socket.socket, piece: bytes) -> int:
    """How many bytes the other side takes before it takes no more."""
    sent = 0
    with suppress(TimeoutError):
        while sent < 200 << 20:
            sent += connection.send(piece)
    return sent


@pytest.mark.slow
def test_who_does_not_read_cannot_fill_the_memory(server: Server) -> None:
    assert server.post("/v1/redact", {"value": 1}).status == 200
    line = json.dumps({"pad": "x" * 4000}).encode() + b"\n"
    head = server.head(
        "/v1/redact/stream", "Content-Type: application/x-ndjson", f"Content-Length: {1 << 40}"
    )
    with server.raw(head) as connection:
        connection.settimeout(1)
        sent = written(connection, line * 64)
        # The kernel's buffers on both sides, and a few blocks.
        assert sent < 32 << 20
        # Others are served meanwhile, and who stands still too long is cut off.
        assert server.post("/v1/redact", {"value": 1}).status == 200
        until(lambda: b"\ncecil_streams 0.0\n" in server.ask("GET", "/metrics").body)
        connection.settimeout(DEADLINE)
        received = b""
        with suppress(ConnectionError):
            while piece := connection.recv(1 << 20):
                received = received[-BLOCK:] + piece
    assert b'"end"' not in received


@pytest.mark.slow
def test_who_writes_too_slowly_is_told(server: Server) -> None:
    head = server.head(
        "/v1/redact/stream", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked"
    )
    with server.raw(head + b'8\r\n{"a":1}\n\r\n') as connection:
        answer = b""
        while b'"end"' not in answer:
            piece = connection.recv(BLOCK)
            assert piece
            answer += piece
    assert b'"complete":false' in answer
    assert b'{"a":1}\n' in answer


def test_a_wrong_policy_is_told_before_the_stream(server: Server) -> None:
    problem(stream(server, b'{"a":1}\n', "/v1/redact/stream?policy=planted"), "policy", 422)
    strict = stream(server, b'{"a":1}\n', "/v1/redact/stream?policy=strict-empty")
    assert strict.lines[0] == {}


def test_sigterm_ends_a_stream_with_its_trailer(serve: Serve) -> None:
    own = serve("--policy", write_policy(own_folder()))
    head = own.head("/v1/redact/stream", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked")
    line = json.dumps({"to": EMAIL}).encode() + b"\n"
    with own.raw(head + b"%x\r\n%b\r\n" % (len(line), line)) as connection:
        answer = b""
        while b"***" not in answer:
            answer += connection.recv(BLOCK)
        pids = own.workers()
        own.process.send_signal(signal.SIGTERM)
        while piece := connection.recv(BLOCK):
            answer += piece
    assert b'"complete":false,"reason":"the server is about to end"' in answer
    assert own.process.wait(DEADLINE) == 0
    assert own.messages == ""
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids))


def own_folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="cecil-test-"))


def write_policy(folder: Path) -> Path:
    """A policy of the operator's, which names a file beside it."""
    (folder / "staff.txt").write_text("E-4711\n")
    path = folder / "own.yaml"
    path.write_text(
        "version: 1\nentities: {EMAIL_ADDRESS: mask}\ndeny: [{file: staff.txt, entity: STAFF_ID}]\n"
    )
    return path


# --- the other commands


CALL = {
    "model": "gpt-4o",
    "choices": [
        {"message": {"role": "assistant", "content": "planted"}, "finish_reason": "stop", "index": 0}
    ],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    "object": "chat.completion",
    "id": "chatcmpl-1",
    "created": 1700000000,
}


def test_fingerprints_are_the_commands(server: Server, cecil: Run) -> None:
    data = json.dumps(CALL).encode() + b"\n{}\n"
    answer = stream(server, data, "/v1/fingerprint")
    body, _, _ = answer.body.rstrip(b"\n").rpartition(b"\n")
    assert body + b"\n" == cecil("fingerprint", "-q", stdin=data).stdout
    end = trailer(answer)
    assert (end["read"], end["records"], end["fingerprints"], end["complete"]) == (2, 1, 1, True)
    assert b"planted" not in answer.body


def test_cost_is_the_commands(server: Server, cecil: Run) -> None:
    data = json.dumps(CALL).encode() + b"\n"
    answer = stream(server, data, "/v1/cost")
    by_command = cecil("report", "--format", "json", "-q", "--no-notice", stdin=data)
    assert answer.json["total"] == json.loads(by_command.stdout)["total"]
    assert answer.json["total"]["calls"] == 1


def test_map_drafts_and_checks(server: Server) -> None:
    data = json.dumps({"mail": EMAIL, "n": 1}).encode() + b"\n"
    draft = stream(server, data, "/v1/map")
    assert draft.headers["content-type"] == "application/yaml"
    assert Policy.parse(draft.body, "draft").strategy == "deep"
    assert EMAIL.encode() not in draft.body
    lines = b'{"message":"Please call Angela Martinez about the invoice."}\n'
    assert stream(server, lines, "/v1/map?form=jsonl").lines[0]["found"] == {}  # --nlp none
    rows = stream(server, data, "/v1/map?form=jsonl&policy=default").lines
    assert rows[-1]["found"] == {"EMAIL_ADDRESS redact": 1}
    problem(stream(server, data, "/v1/map?form=planted"), "malformed", 400)


def test_fetch_reads_what_was_named(server: Server) -> None:
    answer = server.post("/v1/fetch", {"source": "app"})
    assert answer.status == 200
    # What looks like a trailer is told apart.
    assert answer.body.startswith(b'{"n":1}\n{ "$cecil":{"end":1}}\n{"$cecil":{"end":{"records":2,')
    end = trailer(answer)
    assert (end["read"], end["written"], end["quarantined"], end["complete"]) == (3, 2, 1, True)
    problem(server.post("/v1/fetch", {"source": "none"}), "failed", 502)


@pytest.mark.parametrize("source", ["planted", "", "file", "/etc/passwd", "app;planted", "--version"])
def test_fetch_reads_nothing_else(server: Server, source: str) -> None:
    problem(server.post("/v1/fetch", {"source": source}), "not-found", 404)
    problem(server.post("/v1/fetch", {"source": "app", "args": ["planted"]}), "malformed", 400)


def test_write_makes_a_file_that_is_whole(server: Server) -> None:
    answer = stream(server, b'{"a":1}\nplanted\n{"a":2}\n', "/v1/write?folder=out&path=below/a.jsonl.gz")
    assert answer.status == 201
    assert answer.json == {
        "read": 3,
        "written": 2,
        "quarantined": 1,
        "format": "jsonl",
        "compression": "gzip",
    }
    path = out(server) / "below" / "a.jsonl.gz"
    assert gzip.decompress(path.read_bytes()) == b'{"a":1}\n{"a":2}\n'
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    problem(stream(server, b'{"a":3}\n', "/v1/write?folder=out&path=below/a.jsonl.gz"), "exists", 409)
    assert path.read_bytes() == before
    table = stream(server, b'{"a":1,"b":"x"}\n', "/v1/write?folder=out&path=t.csv")
    assert table.status == 201
    assert (out(server) / "t.csv").read_bytes().replace(b"\r", b"") == b"a,b\n1,x\n"
    assert all(not one.name.startswith(".") for one in out(server).rglob("*"))


@pytest.mark.parametrize(
    "path",
    [
        "../planted.jsonl",
        "below/../../planted.jsonl",
        "/tmp/planted.jsonl",
        "//planted.jsonl",
        "./planted.jsonl",
        ".planted.jsonl",
        "below/.ssh/planted.jsonl",
        "below//planted.jsonl",
        "below/",
        "",
        "planted",
        "planted.exe",
        "planted.parquet.gz",
        "planted%00.jsonl",
        "a%0Ab.jsonl",
        "x" * 300 + ".jsonl",
    ],
)
def test_no_path_leads_out_of_a_folder(server: Server, path: str) -> None:
    before = {str(one) for one in out(server).parent.rglob("*")}
    problem(stream(server, b'{"a":1}\n', f"/v1/write?folder=out&path={path}"), "malformed", 400)
    assert {str(one) for one in out(server).parent.rglob("*")} == before


def test_no_link_leads_out_of_a_folder(server: Server, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "there.jsonl").write_text("untouched")
    folder = out(server)
    (folder / "link").symlink_to(outside)
    (folder / "dangling.jsonl").symlink_to(outside / "new.jsonl")
    (folder / "file.jsonl").symlink_to(outside / "there.jsonl")
    problem(stream(server, b'{"a":1}\n', "/v1/write?folder=out&path=link/x.jsonl"), "not-found", 404)
    for name in ("dangling", "file"):
        problem(stream(server, b'{"a":1}\n', f"/v1/write?folder=out&path={name}.jsonl"), "exists", 409)
    problem(stream(server, b'{"a":1}\n', "/v1/write?folder=out&path=none/x.jsonl"), "not-found", 404)
    problem(stream(server, b'{"a":1}\n', "/v1/write?folder=planted&path=x.jsonl"), "not-found", 404)
    problem(stream(server, b'{"a":1}\n', "/v1/write?folder=out"), "malformed", 400)
    assert [one.name for one in outside.iterdir()] == ["there.jsonl"]
    assert (outside / "there.jsonl").read_text() == "untouched"


def test_a_body_that_is_cut_leaves_no_file(server: Server) -> None:
    head = server.head(
        "/v1/write?folder=out&path=cut.jsonl", "Content-Type: application/x-ndjson", "Content-Length: 100"
    )
    with server.raw(head + b'{"a":1}\n'):
        until(lambda: any(one.name.endswith(".tmp") for one in out(server).iterdir()))
    until(lambda: not any(one.name.endswith(".tmp") for one in out(server).iterdir()))
    assert not (out(server) / "cut.jsonl").exists()


# --- who is let in


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer planted"},
        {"Authorization": "Basic TOKEN"},
        {"Authorization": "bearer TOKEN"},
        {"Authorization": "Bearer TOKENx"},
        {"Authorization": "Bearer TOKEN, Bearer TOKEN"},
        {"Authorization": "TOKEN"},
        {"Authorization": "", "Cookie": "token=TOKEN"},
        {"Authorization": "", "X-Forwarded-For": "127.0.0.1"},
    ],
)
def test_nobody_is_let_in_without_the_token(server: Server, headers: dict[str, str]) -> None:
    headers = {name: value.replace("TOKEN", server.token) for name, value in headers.items()}
    description = server.ask("GET", "/openapi.json").json
    paths = [(method.upper(), path) for path, row in description["paths"].items() for method in row]
    for method, path in [*paths, ("GET", "/openapi.json"), ("GET", "/planted"), ("OPTIONS", "/v1/redact")]:
        if path == "/health":
            continue
        answer = server.ask(method, path.replace("{name}", "llm"), headers=headers)
        problem(answer, "token", 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert server.token.encode() not in answer.body
    assert server.ask("GET", f"/openapi.json?token={server.token}", headers=headers).status == 401


def test_the_token_differs_from_start_to_start(server: Server, second: Server) -> None:
    assert second.token != server.token
    assert server.ask("GET", "/metrics", headers={"Authorization": f"Bearer {second.token}"}).status == 401
    health = second.ask("GET", "/health", headers={"Authorization": ""}).json
    assert health["policy"] == Policy.built_in("hipaa").digest


def test_the_page_needs_no_token_and_no_other_method(server: Server) -> None:
    page = server.ask("GET", "/", headers={"Authorization": ""})
    assert (page.status, page.headers["content-type"].partition(";")[0]) == (200, "text/html")
    assert server.token.encode() not in page.body
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert server.ask("POST", "/", headers={"Authorization": ""}).status == 405


def test_other_sites_pages_are_not_let_in(server: Server) -> None:
    for origin in (
        "http://evil.example",
        "null",
        f"http://127.0.0.1.evil.example:{server.port}",
        "http://localhost:3001",
    ):
        for path in ("/health", "/v1/policies", "/"):
            answer = server.ask("GET", path, headers={"Origin": origin})
            problem(answer, "origin", 403)
            assert "access-control-allow-origin" not in answer.headers
    own = {"Host": f"127.0.0.1:{server.port}", "Origin": f"http://127.0.0.1:{server.port}"}
    assert server.ask("GET", "/v1/policies", headers=own).status == 200
    # A page under a name of its own that resolves to us.
    rebound = {"Host": "evil.example", "Origin": "http://evil.example"}
    problem(server.ask("GET", "/v1/policies", headers=rebound), "host", 400)


def test_a_named_origins_pages_are_let_in(server: Server) -> None:
    origin = {"Origin": "http://localhost:3000"}
    answer = server.ask("GET", "/v1/policies", headers=origin)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "access-control-allow-credentials" not in answer.headers
    asked = server.ask(
        "OPTIONS",
        "/v1/redact",
        headers=origin | {"Authorization": "", "Access-Control-Request-Method": "POST"},
    )
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (204, "http://localhost:3000")
    assert "authorization" in asked.headers["access-control-allow-headers"]
    problem(server.ask("GET", "/v1/policies", headers=origin | {"Authorization": ""}), "token", 401)


def test_answers_are_for_who_asked(server: Server) -> None:
    for path in ("/health", "/v1/policies", "/openapi.json", "/nothing"):
        headers = server.ask("GET", path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers


def test_a_body_has_a_limit(server: Server) -> None:
    large = json.dumps({"value": "x" * (1 << 20)}).encode()
    problem(server.post("/v1/redact", large, JSON), "too-large", 413)
    pieces = (large[at : at + BLOCK] for at in range(0, len(large), BLOCK))
    assert server.ask("POST", "/v1/redact", pieces, JSON, encode_chunked=True).status == 413
    within = {"value": "x" * (1 << 19)}
    assert server.post("/v1/redact", within).json["value"] == within["value"]
    head = server.head("/v1/redact", "Content-Type: application/json", "Content-Length: 99999999999")
    with server.raw(head) as connection:  # without a byte of it
        assert connection.recv(BLOCK).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": ""},
        {"Content-Type": "text/html"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "multipart/form-data; boundary=planted"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_other_types_are_not_taken(server: Server, headers: dict[str, str]) -> None:
    for path in (
        "/v1/redact",
        "/v1/check",
        "/v1/redact/stream",
        "/v1/fetch",
        "/v1/write?folder=out&path=x.csv",
    ):
        problem(server.post(path, b"planted", headers), "media-type", 415)
    problem(server.ask("PUT", "/v1/policies/x", b"planted", headers), "media-type", 415)


def test_parameters_that_nobody_described(server: Server) -> None:
    for query in ("planted=1", "policy=llm&policy=default", "policy=%00", "Policy=llm"):
        problem(stream(server, b"", f"/v1/redact/stream?{query}"), "malformed", 400)
    problem(server.ask("GET", "/v1/policies?planted"), "malformed", 400)
    problem(server.ask("GET", "/v1/policies?a=" + "planted" * 1000), "malformed", 400)


@pytest.mark.parametrize(
    "request_lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding: xchunked"],
        ["Content-Length: +5"],
        ["Content-Length: 5, 6"],
        ["Content-Length : 5"],
        ["X: a\x00b"],
        [" folded: planted"],
        ["Host: localhost"],
        ["X: " + "planted" * 10_000],
    ],
)
def test_requests_that_could_be_read_in_two_ways_are_not_read(
    server: Server, request_lines: list[str]
) -> None:
    head = server.head("/v1/redact", "Content-Type: application/json", *request_lines)
    smuggled = server.head("/v1/policies", method="GET")
    with server.raw(head + b"0\r\n\r\n" + smuggled) as connection:
        answer = b""
        try:
            while piece := connection.recv(BLOCK):
                answer += piece
        except ConnectionResetError:
            pass
    # It is no, and so is what was hidden behind it.
    statuses = [part[:1] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert set(statuses) <= {b"4"} or answer.startswith(b"HTTP/1.1 501")
    assert b"planted" not in answer
    assert b"built_in" not in answer


def test_pipelined_requests_are_answered_in_their_order(server: Server) -> None:
    body = json.dumps({"value": EMAIL}).encode()
    one = server.head("/v1/redact", "Content-Type: application/json", f"Content-Length: {len(body)}") + body
    last = server.head("/health", "Connection: close", method="GET")
    with server.raw(one + one + last) as connection:
        answer = b""
        while piece := connection.recv(BLOCK):
            answer += piece
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.endswith(b'"model":null}')


# --- what is told of it


def test_metrics_count_and_hold_no_word_of_a_client(server: Server) -> None:
    def value(text: bytes, name: str) -> float:
        return sum(
            float(line.rsplit(b" ", 1)[1]) for line in text.splitlines() if line.startswith(name.encode())
        )

    before = server.ask("GET", "/metrics").body
    own = "version: 1\nextends: default\ndeny: [{text: planted-value, entity: PLANTED_ENTITY}]\n"
    server.post("/v1/redact", {"value": {"m": EMAIL, "planted": "planted-value"}, "policy_text": own})
    stream(server, b'{"a":1}\nplanted\n')
    server.ask("PLANTED", "/v1/redact")
    server.ask("GET", "/planted-path")
    answer = server.ask("GET", "/metrics")
    after = answer.body
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b"planted" not in after.lower()
    for asked in (b'method="POST",route="/v1/redact"', b'method="GET",route="/metrics"'):
        assert any(asked in line for line in after.splitlines() if line.startswith(b"cecil_requests_total"))
    assert (
        value(after, 'cecil_findings_total{entity="CUSTOM"}')
        == value(before, 'cecil_findings_total{entity="CUSTOM"}') + 1
    )
    grown = {
        name: value(after, f'cecil_records_total{{result="{name}"}}')
        - value(before, f'cecil_records_total{{result="{name}"}}')
        for name in ("read", "written", "quarantined")
    }
    assert grown == {"read": 3, "written": 2, "quarantined": 1}
    for name in (
        "cecil_requests_total",
        "cecil_bytes_total",
        "cecil_request_seconds_count",
        "cecil_sanitizer_cache_total",
    ):
        assert value(after, name) > value(before, name)
    assert value(after, "cecil_workers") == 1


def test_no_error_and_no_log_holds_a_value(server: Server) -> None:
    """Planted in every place of every request that is refused; what is answered whole is another matter."""
    planted = PLANTED
    yaml = f"version: 1\nfields: {{'{planted}': {{action: '{planted}', x: '{planted}'}}}}\n'{planted}': '{planted}'\n"
    attempts: list[tuple[str, str, Any, dict[str, str]]] = [
        ("POST", "/v1/redact", f'{{"value": {{"{planted}": "{planted}}}', JSON),
        ("POST", "/v1/redact", f'{{"{planted}": "{planted}"}}', JSON),
        ("POST", "/v1/redact", {"value": 1, "policy": planted}, {}),
        ("POST", "/v1/redact", {"value": 1, "policy_text": yaml}, {}),
        ("POST", "/v1/redact", {"value": planted, "policy": "strict-empty"}, {}),
        ("POST", "/v1/redact", f'{{"a": "{planted}"\n'.encode() + planted.encode(), TEXT),
        ("POST", "/v1/check", {"text": f'{{"{planted}": {planted}\n'}, {}),
        ("POST", "/v1/redact/stream", f'{{"{planted}": {planted}\n[{planted}\n'.encode(), NDJSON),
        ("POST", f"/v1/redact/stream?policy={planted}", b"", NDJSON),
        ("POST", f"/v1/{planted}", planted.encode(), {"Content-Type": planted}),
        ("POST", "/v1/fetch", {"source": planted}, {}),
        ("POST", f"/v1/write?folder=out&path={planted}", planted.encode(), NDJSON),
        ("POST", f"/v1/write?folder={planted}&path={planted}.csv", planted.encode(), NDJSON),
        ("POST", "/v1/fingerprint", planted.encode(), NDJSON),
        ("POST", "/v1/cost", planted.encode(), NDJSON),
        ("POST", "/v1/map", f"{{{planted}\n".encode(), NDJSON),
        ("PUT", f"/v1/policies/{planted}", yaml, YAML),
        ("PUT", "/v1/policies/planted-name", yaml, YAML),
        ("GET", f"/v1/policies/{planted}?{planted}={planted}", None, {}),
        (planted.partition("@")[0].upper(), "/v1/redact", None, {}),
    ]
    for method, path, body, headers in attempts:
        answer = server.ask(method, path, body, headers)
        assert b"4111111111111111" not in answer.body, (method, path)
        assert "4111111111111111" not in str(answer.headers)
    assert b"4111111111111111" not in server.ask("GET", "/metrics").body
    assert server.messages == ""


def test_every_answer_is_a_described_one(server: Server) -> None:
    description = server.ask("GET", "/openapi.json").json
    assert description["openapi"].startswith("3.1")
    kinds = ("application/json", "application/x-ndjson", "application/yaml", "text/plain")
    processes = ("/v1/map", "/v1/cost", "/v1/fingerprint", "/v1/write")
    for path, row in description["paths"].items():
        for method, operation in row.items():
            assert operation["summary"], path
            for body in (b"", b"\xff") if path in processes else (b"", b"{}", b"\xff", b"[]"):
                for kind in kinds[:2] if path in processes or method == "get" else kinds:
                    where = path.replace("{name}", "described")
                    answer = server.ask(method.upper(), where, body, {"Content-Type": kind})
                    said = operation["responses"].get(str(answer.status))
                    assert said, (method, path, answer.status)
                    if answer.body:
                        types = {one.partition(";")[0] for one in said["content"]}
                        assert answer.headers["content-type"].partition(";")[0] in types


@pytest.mark.slow
def test_head_of_a_request_must_come_in_time(serve: Serve, tmp_path: Path) -> None:
    code = (
        "from cecil.api import protocol, bodies; protocol.PATIENCE = 0.4; bodies.PATIENCE = 0.4; "
        "from cecil.commands import serve; serve()"
    )
    messages = (tmp_path / "messages").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        env=environment(tmp_path) | {"PYTHONPATH": str(BIN.parent)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        stderr=messages,
    )
    messages.close()
    try:
        own = Server(process, tmp_path, tmp_path / "messages")
        for start in (b"", b"G", b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: "):
            with own.raw(start) as connection:
                answer = b""
                while piece := connection.recv(BLOCK):
                    answer += piece
                assert answer.startswith(b"HTTP/1.1 408 ")
        # One byte at a time does not buy more time.
        with own.raw(b"GET /health HTTP/1.1\r\n") as connection:
            sent = 0
            with suppress(OSError):
                for _ in range(100):
                    connection.sendall(b"X")
                    sent += 1
                    time.sleep(0.05)
            assert sent < 100
        body = own.head("/v1/redact", "Content-Type: application/json", "Content-Length: 10")
        with own.raw(body + b"{") as connection:
            assert connection.recv(BLOCK).startswith(b"HTTP/1.1 408 ")
        # Who is refused may end what was begun, and not go on for ever.
        refused = b"POST /v1/redact HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        with own.raw(refused) as connection:
            assert connection.recv(BLOCK).startswith(b"HTTP/1.1 401 ")
            sent = 0
            with suppress(OSError):
                for _ in range(100):
                    connection.sendall(b"1\r\nX\r\n")
                    sent += 1
                    time.sleep(0.05)
            assert sent < 100
        # Between two requests there is more time.
        with closing(http.client.HTTPConnection("127.0.0.1", own.port, timeout=DEADLINE)) as kept:
            for wait in (0.8, 0):
                kept.request("GET", "/health")
                assert kept.getresponse().read().startswith(b"{")
                port = kept.sock.getsockname()[1]
                time.sleep(wait)
            assert kept.sock.getsockname()[1] == port
    finally:
        process.terminate()
        process.communicate(timeout=DEADLINE)
    assert (tmp_path / "messages").read_bytes() == b""


# --- workers


def test_a_worker_that_dies_is_replaced(server: Server) -> None:
    assert server.post("/v1/redact", {"value": EMAIL}).status == 200
    (pid,) = server.workers()
    os.kill(pid, signal.SIGKILL)
    until(
        lambda: (
            Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" if Path(f"/proc/{pid}").exists() else True
        )
    )
    # It had nothing to do: nobody notices.
    assert server.post("/v1/redact", {"value": EMAIL}).json["value"] == "<EMAIL_ADDRESS>"


@pytest.mark.slow
def test_what_a_worker_died_over_does_not_go_on(second: Server) -> None:
    own = second
    assert own.post("/v1/redact", {"value": 1}).status == 200
    for path, body, headers in (
        ("/v1/redact", {"value": EMAIL}, None),
        ("/v1/redact/stream", b'{"a":"bob@example.com"}\n{}\n', NDJSON),
    ):
        (pid,) = own.workers()
        kept = json.dumps(body).encode() if isinstance(body, dict) else body
        head = own.head(
            path,
            f"Content-Type: {(headers or JSON)['Content-Type']}",
            f"Content-Length: {len(kept)}",
            "Connection: close",
        )
        if path.endswith("stream"):
            # The policy is looked at first; only then the worker is held.
            head = head.replace(b"Content-Length: %d" % len(kept), b"Transfer-Encoding: chunked")
        with own.raw(head) as connection:
            answer = b""
            if path.endswith("stream"):
                while b"200 OK" not in answer:
                    answer += connection.recv(BLOCK)
            os.kill(pid, signal.SIGSTOP)
            connection.sendall(
                kept if isinstance(body, dict) else b"%x\r\n%b\r\n0\r\n\r\n" % (len(kept), kept)
            )
            time.sleep(0.3)
            os.kill(pid, signal.SIGKILL)
            while piece := connection.recv(BLOCK):
                answer += piece
        assert b"bob@" not in answer
        if path.endswith("stream"):
            assert answer.count(b'"error":{"line":') == 2
            assert b'"quarantined":2' in answer
        else:
            assert answer.startswith(b"HTTP/1.1 422 ")
        assert own.post("/v1/redact", {"value": EMAIL}).json["value"] == "<EMAIL_ADDRESS>"
    assert own.messages == "cecil-serve: a worker died, or took too long, and was replaced\n" * 2


# --- where it listens, and what it says at the start


def unix(path: str, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(DEADLINE)
        connection.connect(path)
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(BLOCK):
            answer += piece
        return answer


def test_a_unix_socket_and_an_address_file_are_their_owners(tmp_path: Path, env: dict[str, str]) -> None:
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    messages = tmp_path / "messages"
    file, sock = run / "cecil" / "serve.json", run / "cecil" / "serve.sock"

    def start() -> "subprocess.Popen[bytes]":
        with messages.open("wb") as stderr:
            return subprocess.Popen(
                [BIN / "cecil-serve", "--uds", "serve.sock", "--address-file", "serve.json"],
                env=env | {"XDG_RUNTIME_DIR": str(run)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )

    process = start()
    try:
        until(file.exists)
        assert (file.stat().st_mode & 0o777, sock.stat().st_mode & 0o777) == (0o600, 0o600)
        assert (run / "cecil").stat().st_mode & 0o777 == 0o700
        address = json.loads(file.read_text())
        assert address == {
            "url": "http://localhost",
            "uds": str(sock),
            "pid": process.pid,
            "token": address["token"],
        }
        assert unix(
            str(sock), b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ).startswith(b"HTTP/1.1 200 ")
        second = start()
        second.communicate(timeout=DEADLINE)
        assert second.returncode == 1
        assert b"a server listens there already" in messages.read_bytes()
        process.kill()
        printed, _ = process.communicate(timeout=DEADLINE)
        assert printed == b""
        assert sock.exists()  # nobody could take it away
        file.unlink()
        process = start()
        until(file.exists)
        process.terminate()
        process.communicate(timeout=DEADLINE)
        assert process.returncode == 0
        assert list((run / "cecil").iterdir()) == []
    finally:
        process.kill()
        process.communicate()


def test_places_for_sockets_that_are_no_good(cecil: Run, tmp_path: Path) -> None:
    refused = cecil("serve", "--uds", "bare.sock", env={"XDG_RUNTIME_DIR": ""})
    assert (refused.returncode, b"XDG_RUNTIME_DIR" in refused.stderr) == (2, True)
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    for option in ("--uds", "--address-file"):
        refused = cecil("serve", option, tmp_path / "open" / "x")
        assert (refused.returncode, b"others could" in refused.stderr) == (2, True)
        assert cecil("serve", option, tmp_path / "none" / "x").returncode == 2
    (tmp_path / "file").write_text("mine")
    refused = cecil("serve", "--uds", tmp_path / "file")
    assert (refused.returncode, (tmp_path / "file").read_text()) == (1, "mine")
    assert cecil("serve", "--uds", tmp_path / ("x" * 200)).returncode == 1


@pytest.mark.parametrize(
    "args",
    [
        ["--source", "app"],
        ["--source", "App=file x"],
        ["--source", "a=file 'x"],
        ["--source", "a=planted x"],
        ["--source", "a=file"],
        ["--source", "a=file -"],
        ["--source", "a=stdin"],
        ["--source", "a=file x --markers"],
        ["--source", "a=mock --describe"],
        ["--source", "a=file x", "--source", "a=file y"],
        ["--write-folder", "out=/nonexistent-folder"],
        ["--write-folder", "/tmp"],
        ["--allow-origin", "http://evil.example"],
        ["--allow-origin", "*"],
        ["--allow-origin", "http://localhost.evil.example"],
        ["--workers", "0"],
        ["--idle", "0"],
        ["--policy", "no-such-policy"],
        ["--key-file", "none.key"],
        ["--uds", "x", "--port", "1"],
    ],
)
def test_what_is_wrong_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, args: list[str]
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    assert call("serve", args) == 2
    printed, messages = capsys.readouterr()
    assert printed == ""
    assert "cecil-serve: " in messages
    assert re.search("hint: |no folder|twice|none.key", messages)


def test_a_policy_that_cannot_be_used_is_said_at_the_start(cecil: Run, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("version: 1\nentities: {NO_SUCH_THING: mask}\n")
    result = cecil("serve", "--policy", "./own.yaml", "--nlp", "none")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.startswith(b"cecil-serve: ./own.yaml:2:12: unknown entity NO_SUCH_THING")


# --- parts


def test_lines_are_cut_where_they_end() -> None:
    data = b'{"a":1}\r\n\n{"b":"\r"}\n' + b"x" * 30 + b"\n{}\n" + b"y" * 25
    whole = Splitter(20)
    expected = [one for piece in (data,) for one in whole.add(piece)] + whole.rest()
    rows = [(one.data, one.first, one.reason is None) for one in expected]
    assert rows == [
        (b'{"a":1}\r\n\n{"b":"\r"}\n', 1, True),
        (b"", 4, False),
        (b"{}\n", 5, True),
        (b"", 6, False),
    ]
    for size in (1, 2, 7, 19, 40):
        splitter = Splitter(20)
        found: list[Stretch] = []
        for at in range(0, len(data), size):
            found += splitter.add(data[at : at + size])
        found += splitter.rest()
        assert b"".join(one.data for one in found) == b'{"a":1}\r\n\n{"b":"\r"}\n{}\n'
        assert [one.first for one in found if one.reason] == [4, 6]
        assert splitter.rest() == []
