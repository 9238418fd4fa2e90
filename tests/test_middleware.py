"""Middleware: what an application answers or is asked goes on judged, or not at all."""

import asyncio
import contextlib
import doctest
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import uvicorn

from cecil import Sanitizer, middleware
from cecil.errors import RecordError
from cecil.middleware import ASGIMiddleware, WSGIMiddleware
from tests.conftest import build_sanitizer

MAIL = b"dana.fox@example.com"
JSON, NDJSON, TEXT, EVENTS = "application/json", "application/x-ndjson", "text/plain", "text/event-stream"


@pytest.fixture(scope="module")
def sanitizer() -> Sanitizer:
    return build_sanitizer(nlp="none")


class Answer:
    """What a client gets."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


def ask(port: int, method: str = "GET", path: str = "/", body: bytes | None = None, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


@contextlib.contextmanager
def asgi(app: Any) -> Iterator[int]:
    """An ASGI application behind uvicorn."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class Silent(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass

    def get_stderr(self) -> Any:
        import io

        return io.StringIO()


@contextlib.contextmanager
def wsgi(app: Any) -> Iterator[int]:
    """A WSGI application behind the standard library's server."""
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def answering(kind: str, content_type: str, *pieces: bytes, status: int = 200, **more: str) -> Any:
    """An application of either kind that answers so, and echoes what it was asked under /echo."""
    extra = [(name.replace("_", "-"), value) for name, value in more.items()]

    async def of_asgi(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        assert not {b"range", b"accept-encoding"} & {name.lower() for name, _ in scope["headers"]}
        headers = [
            (name.encode(), value.encode()) for name, value in [("content-type", content_type), *extra]
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    def of_wsgi(environ: Any, start_response: Any) -> Any:
        assert not {"HTTP_RANGE", "HTTP_ACCEPT_ENCODING"} & environ.keys()
        start_response(f"{status} Fine", [("Content-Type", content_type), *extra])
        return list(pieces)

    return of_asgi if kind == "asgi" else of_wsgi


@contextlib.contextmanager
def served(kind: str, app: Any, sanitizer: Sanitizer, **more: Any) -> Iterator[int]:
    wrapped = (ASGIMiddleware if kind == "asgi" else WSGIMiddleware)(app, sanitizer, **more)
    with (asgi if kind == "asgi" else wsgi)(wrapped) as port:
        yield port


both = pytest.mark.parametrize("kind", ["asgi", "wsgi"])


@both
@pytest.mark.parametrize(
    ("content_type", "pieces", "body"),
    [
        (JSON, [b'{"email":"' + MAIL[:4], MAIL[4:] + b'","n":1.10}\n'], b'{"email":"<EMAIL_ADDRESS>","n":1.10}\n'),
        ("application/problem+json", [b'{\n "detail": "' + MAIL + b'"\n}'], b'{\n "detail": "<EMAIL_ADDRESS>"\n}'),
        (JSON, [b'"' + MAIL + b'"'], b'"<EMAIL_ADDRESS>"'),
        (JSON, [b" 17\n"], b" 17\n"),
        (JSON, [b'["' + MAIL + b'", 2]'], b'["<EMAIL_ADDRESS>", 2]'),
        (NDJSON, [b'{"a":"' + MAIL + b'"}\n{"b"', b":1}\n"], b'{"a":"<EMAIL_ADDRESS>"}\n{"b":1}\n'),
        (TEXT, [b"from 8.8.", b"8.8 to " + MAIL], b"from <IP_ADDRESS> to <EMAIL_ADDRESS>"),
        ("text/html; charset=utf-8", [b"<a href='mailto:" + MAIL + b"'>x</a>"], b"<a href='mailto:<EMAIL_ADDRESS>'>x</a>"),
        (EVENTS, [b'data: {"email":"' + MAIL + b'"}\n\n'], b'data: {"email":"<EMAIL_ADDRESS>"}\n\n'),
        ("application/xml", [b"<m>" + MAIL + b"</m>"], b"<m><EMAIL_ADDRESS></m>"),
        (TEXT, [b"nothing here\n"], b"nothing here\n"),
        (TEXT, [], b""),
    ],
)  # fmt: skip
def test_what_is_answered_is_judged(
    kind: str, sanitizer: Sanitizer, content_type: str, pieces: list[bytes], body: bytes
) -> None:
    with served(kind, answering(kind, content_type, *pieces, ETag='"1"'), sanitizer) as port:
        answer = ask(port, Range="bytes=0-3", Accept_Encoding="gzip")
    assert (answer.status, answer.body) == (200, body)
    assert "etag" not in answer.headers or not body
    assert answer.headers["content-type"] == content_type


@both
@pytest.mark.parametrize(
    ("content_type", "piece", "why"),
    [
        (JSON, b'{"email":"' + MAIL, "not valid JSON"),
        (JSON, b'{"a":1,"a":"' + MAIL + b'"}', "duplicate"),
        (NDJSON, MAIL + b"\n", "not valid JSON"),
        (TEXT, b"\xff" + MAIL, "UTF-8"),
        ("text/plain; charset=utf-16", MAIL, "UTF-8"),
        ("image/png", b"\x89PNG" + MAIL, "no text"),
        ("", MAIL, "no text"),
        (TEXT, MAIL * 200, "longer"),
        (JSON, b'"' + MAIL * 200 + b'"', "longer"),
    ],
)
def test_what_cannot_be_judged_does_not_leave(
    kind: str, sanitizer: Sanitizer, content_type: str, piece: bytes, why: str
) -> None:
    with served(kind, answering(kind, content_type, piece), sanitizer, limit=2000) as port:
        answer = ask(port)
    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert why in json.loads(answer.body)["detail"]
    assert MAIL not in answer.body


@both
def test_what_is_compressed_does_not_leave(kind: str, sanitizer: Sanitizer) -> None:
    app = answering(kind, TEXT, b"\x1f\x8b...", Content_Encoding="gzip")
    with served(kind, app, sanitizer) as port:
        assert ask(port).status == 500


@both
def test_trusted_types_go_as_they_are(kind: str, sanitizer: Sanitizer) -> None:
    with served(kind, answering(kind, "image/png", b"\x89PNG"), sanitizer, trust=("image/*",)) as port:
        assert ask(port).body == b"\x89PNG"
    with pytest.raises(TypeError):
        ASGIMiddleware(answering(kind, TEXT), sanitizer, trust="image/*")


@both
def test_a_stream_breaks_off_where_a_line_cannot_be_judged(kind: str, sanitizer: Sanitizer) -> None:
    app = answering(kind, NDJSON, b'{"a":1}\n', b'{"email":"' + MAIL + b'",,}\n', b'{"b":1}\n')
    with served(kind, app, sanitizer) as port:
        got = b""
        with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
            try:
                got = ask(port).body
            except http.client.IncompleteRead as error:
                got = error.partial
                raise
    assert got in (b"", b'{"a":1}\n')


@both
def test_a_key_over_lines_and_pieces(kind: str, sanitizer: Sanitizer) -> None:
    begin, end = (f"-----{word} RSA PRIVATE KEY-----\n".encode() for word in ("BEGIN", "END"))
    body = b"MIIEowIBAAKCAQEA" + b"7x" * 20 + b"\n"
    with served(
        kind, answering(kind, TEXT, b"before\n", begin, body[:9], body[9:], end, b"behind"), sanitizer
    ) as port:
        got = ask(port).body
    assert got.startswith(b"before\n")
    assert got.endswith(b"behind")
    assert b"MIIE" not in got
    with served(kind, answering(kind, TEXT, b"before\n", begin, b""), sanitizer) as port:
        assert ask(port).body == b"before\n" + begin


@both
def test_empty_answers(kind: str, sanitizer: Sanitizer) -> None:
    for status in (204, 304):
        with served(kind, answering(kind, TEXT, status=status, ETag='"1"'), sanitizer) as port:
            answer = ask(port)
            assert (answer.status, answer.body, answer.headers["etag"]) == (status, b"", '"1"')
    with served(kind, answering(kind, JSON, Content_Length="17"), sanitizer) as port:
        answer = ask(port, "HEAD")
        assert answer.status == 200
        assert answer.headers.get("content-length") != "17"


def echo(kind: str) -> Any:
    async def of_asgi(scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        lengths = [value for name, value in scope["headers"] if name == b"content-length"]
        assert lengths == ([b"%d" % len(body)] if body else lengths)
        headers = [(b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": scope["query_string"] + b" " + body})

    def of_wsgi(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [("Content-Type", "text/plain")])
        size = int(environ.get("CONTENT_LENGTH") or 0)
        return [environ["QUERY_STRING"].encode() + b" " + environ["wsgi.input"].read(size)]

    return of_asgi if kind == "asgi" else of_wsgi


@both
def test_what_is_asked_is_judged(kind: str, sanitizer: Sanitizer) -> None:
    with served(kind, echo(kind), sanitizer, requests=True, responses=False, limit=2000) as port:
        answer = ask(
            port, "POST", "/?mail=dana.fox%40example.com&n=1", b'{"m":"' + MAIL + b'"}', Content_Type=JSON
        )
        assert answer.body == b'mail=<EMAIL_ADDRESS>&n=1 {"m":"<EMAIL_ADDRESS>"}'
        assert ask(port).body == b" "
        assert ask(port, "POST", "/?n=1", b"to " + MAIL, Content_Type=TEXT).body == b"n=1 to <EMAIL_ADDRESS>"
        for body, content_type in ((b'{"m":', JSON), (b"\x89", "image/png"), (MAIL * 200, TEXT)):
            answer = ask(port, "POST", "/", body, Content_Type=content_type)
            assert answer.status == 400
            assert b"example" not in answer.body
    with served(kind, echo(kind), sanitizer, requests=True, trust=("image/png",)) as port:
        assert ask(port, "POST", "/", b"P", Content_Type="image/png").body == b" P"
    with served(kind, echo(kind), sanitizer) as port:
        assert ask(port, "POST", "/", b"x", Content_Type=TEXT).body == b" x"


@both
def test_findings_are_told_without_values(kind: str, sanitizer: Sanitizer) -> None:
    told: list[Any] = []
    with served(kind, answering(kind, JSON, b'{"e":"' + MAIL + b'"}'), sanitizer, found=told.append) as port:
        ask(port)
    assert [[one.entity for one in findings] for findings in told] == [["EMAIL_ADDRESS"]]
    assert MAIL.decode() not in repr(told)


@both
def test_an_application_that_fails(kind: str, sanitizer: Sanitizer) -> None:
    def fails(*args: Any) -> Any:
        raise ZeroDivisionError

    async def fails_later(*args: Any) -> None:
        fails()

    with served(kind, fails_later if kind == "asgi" else fails, sanitizer) as port:
        assert ask(port).status == 500


def test_a_policy_by_its_name(monkeypatch: pytest.MonkeyPatch, sanitizer: Sanitizer) -> None:
    monkeypatch.setattr("cecil.sanitizer.sanitizer.Sanitizer", lambda policy, cache: (policy, cache))
    monkeypatch.setattr("cecil.stream.cache.FileCache", lambda: "cache")
    assert middleware.built("llm") == ("llm", "cache")


class TestASGI:
    """What only ASGI has, without a server."""

    def run(self, app: Any, scope: dict[str, Any], *received: dict[str, Any]) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        left = list(received)

        async def receive() -> dict[str, Any]:
            return left.pop(0)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(app(scope, receive, send))
        return sent

    def test_lifespan_passes(self, sanitizer: Sanitizer) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "lifespan.startup.complete"})

        assert self.run(ASGIMiddleware(app, sanitizer), {"type": "lifespan"}) == [
            {"type": "lifespan.startup.complete"}
        ]

    def test_websockets(self, sanitizer: Sanitizer) -> None:
        heard: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            heard.append(scope["query_string"])
            heard.append(await receive())
            heard.append((await receive()).get("text"))
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": "from 8.8.8.8"})
            await send({"type": "websocket.send", "bytes": MAIL})

        sent: list[dict[str, Any]] = []
        scope = {"type": "websocket", "query_string": b"n=1&mail=" + MAIL}
        messages = iter(
            [
                {"type": "websocket.connect"},
                {"type": "websocket.receive", "text": '{"a":"' + MAIL.decode() + '"}'},
            ]
        )

        async def receive() -> dict[str, Any]:
            return next(messages)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        with pytest.raises(RecordError):
            asyncio.run(ASGIMiddleware(app, sanitizer, requests=True)(scope, receive, send))
        assert heard == [
            b"n=1&mail=<EMAIL_ADDRESS>",
            {"type": "websocket.connect"},
            '{"a":"<EMAIL_ADDRESS>"}',
        ]
        assert sent == [{"type": "websocket.accept"}, {"type": "websocket.send", "text": "from <IP_ADDRESS>"}]

    def http(self, **more: Any) -> dict[str, Any]:
        return {"type": "http", "method": "GET", "headers": [], "query_string": b"", **more}

    def test_ways_round_the_body_are_closed(self, sanitizer: Sanitizer) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            assert scope["extensions"] == {}
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.pathsend", "path": "/etc/hostname"})
            await send({"type": "http.response.body", "body": b"more"})

        scope = self.http(extensions={"http.response.pathsend": {}})
        sent = self.run(ASGIMiddleware(app, sanitizer), scope)
        assert [message.get("status") for message in sent] == [500, None]

    def test_a_client_that_left(self, sanitizer: Sanitizer) -> None:
        seen: list[Any] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            seen.extend([await receive(), await receive()])

        gone = {"type": "http.disconnect"}
        self.run(ASGIMiddleware(app, sanitizer, requests=True), self.http(), gone, gone)
        assert seen == [gone, gone]

    def test_a_body_before_its_status(self, sanitizer: Sanitizer) -> None:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.body", "body": b"x"})

        with pytest.raises(RuntimeError):
            self.run(ASGIMiddleware(app, sanitizer), self.http())

    def test_the_loop_goes_on_while_a_body_is_judged(self, sanitizer: Sanitizer) -> None:
        ticks: list[int] = []

        async def app(scope: Any, receive: Any, send: Any) -> None:
            headers = [(b"content-type", b"text/plain")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": (MAIL + b" and more\n") * 20_000})

        async def beside() -> None:
            async def tick() -> None:
                while True:
                    ticks.append(1)
                    await asyncio.sleep(0.001)

            async def send(message: Any) -> None:
                pass

            ticking = asyncio.create_task(tick())
            await ASGIMiddleware(app, sanitizer)(self.http(), None, send)  # type: ignore[arg-type]
            ticking.cancel()

        asyncio.run(beside())
        assert len(ticks) > 3


class TestWSGI:
    """What only WSGI has."""

    def run(self, app: Callable[..., Any], sanitizer: Sanitizer, **environ: Any) -> tuple[list[Any], bytes]:
        started: list[Any] = []
        body = b"".join(
            WSGIMiddleware(app, sanitizer)({"REQUEST_METHOD": "GET", **environ}, lambda *a: started.append(a))
        )
        return started, body

    def test_written_pieces_come_first(self, sanitizer: Sanitizer) -> None:
        closed: list[bool] = []

        class Pieces(list[bytes]):
            def close(self) -> None:
                closed.append(True)

        def app(environ: Any, start_response: Any) -> Any:
            start_response("200 OK", [("Content-Type", "text/plain")])(b"one " + MAIL)
            return Pieces([b"\n", b"two"])

        started, body = self.run(app, sanitizer)
        assert (started[0][0], body, closed) == ("200 OK", b"one <EMAIL_ADDRESS>\ntwo", [True])

    def test_an_error_in_the_middle(self, sanitizer: Sanitizer) -> None:
        import sys

        def app(environ: Any, start_response: Any) -> Any:
            start_response("200 OK", [("Content-Type", "text/plain")])
            yield environ.get("first", b"")
            try:
                raise ZeroDivisionError
            except ZeroDivisionError:
                start_response("500 Oh", [("Content-Type", "text/plain")], sys.exc_info())
            yield b"sorry"

        started, body = self.run(app, sanitizer)
        assert (started[0][0], body) == ("500 Oh", b"sorry")
        with pytest.raises(ZeroDivisionError):
            self.run(app, sanitizer, first=b"gone already\n")

    def test_an_application_that_breaks_the_rules(self, sanitizer: Sanitizer) -> None:
        def twice(environ: Any, start_response: Any) -> Any:
            start_response("200 OK", [])
            start_response("200 OK", [])

        def never(environ: Any, start_response: Any) -> Any:
            return []

        for app in (twice, never):
            with pytest.raises(RuntimeError):
                self.run(app, sanitizer)

    def test_a_body_without_a_length(self, sanitizer: Sanitizer) -> None:
        import io

        seen: list[bytes] = []

        def app(environ: Any, start_response: Any) -> Any:
            seen.append(environ["wsgi.input"].read())
            start_response("204 Nothing", [])
            return []

        environ = {
            "wsgi.input": io.BytesIO(b"to " + MAIL),
            "wsgi.input_terminated": True,
            "CONTENT_TYPE": TEXT,
        }
        list(WSGIMiddleware(app, sanitizer, requests=True)(environ, lambda *a: None))
        assert seen == [b"to <EMAIL_ADDRESS>"]
        # What a server lets an application read without a word on its end is not judged, and not read.
        begun: list[str] = []
        for told in ({}, {"HTTP_TRANSFER_ENCODING": "chunked"}):
            environ = {"wsgi.input": io.BytesIO(b"to " + MAIL), "CONTENT_TYPE": TEXT, **told}
            list(WSGIMiddleware(app, sanitizer, requests=True)(environ, lambda *a: begun.append(a[0])))
        assert begun == ["204 Nothing", "400 Bad Request"]
        assert seen[1:] == [b""]


def test_examples(monkeypatch: pytest.MonkeyPatch, sanitizer: Sanitizer) -> None:
    monkeypatch.setattr(middleware, "built", lambda policy: sanitizer)
    assert doctest.testmod(middleware).failed == 0
    assert doctest.testmod(middleware).attempted > 4
