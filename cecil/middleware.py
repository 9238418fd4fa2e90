"""Middleware that takes sensitive data out of what a web application answers, or out of what it is asked.

    app = ASGIMiddleware(app)                              # Starlette, FastAPI, Django, Quart, ...
    app.wsgi_app = WSGIMiddleware(app.wsgi_app)            # Flask, Django, Bottle, ...

Owns: which bodies are judged, and as what. JSON is judged as a record, JSON lines and server-sent events
line by line while they come, any other text as lines of text. Needs no FastAPI and opens no socket.

It fails closed. A body that cannot be judged (not valid, too long, compressed, of a media type that is no
text and that nobody said to trust) is answered by a 500 without it, or, once part of it has left, by a
connection that breaks off. Refuses: headers. They go as the application made them.

ASGI: https://asgi.readthedocs.io/en/latest/specs/www.html; WSGI: https://peps.python.org/pep-3333/
"""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from io import BytesIO
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from cecil.errors import RecordError

if TYPE_CHECKING:
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Finding, Sanitizer

MOST = 16 << 20
"""Bytes of a body that is judged whole, and of a line of any other."""

_CHARSETS = frozenset(("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"))
"""Those in which ASCII is ASCII. What is not UTF-8 then is refused where it stands."""

_LINES = frozenset("application/x-ndjson application/ndjson application/jsonl application/json-lines".split())
_TEXTS = frozenset(
    "application/xml application/javascript application/graphql application/yaml application/toml "
    "application/x-www-form-urlencoded image/svg+xml".split()
)
_BYPASSES = frozenset(("accept-encoding", "range", "if-range"))
"""What a request asks for that would keep its answer from being judged: compression, and a part of it."""
_OF_THE_BODY = frozenset(("content-length", "etag", "content-md5", "digest", "accept-ranges"))
"""Headers that say something of the bytes that came, and not of those that go."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Told = Callable[[list["Finding"]], None]
Headers = list[tuple[str, str]]


App = TypeVar("App", bound=Callable[..., Any])


class StartResponse(Protocol):
    """PEP 3333's `start_response`."""

    def __call__(
        self, status: str, headers: Headers, exc_info: Any = ..., /
    ) -> Callable[[bytes], object]: ...


class Unjudged(RecordError):
    """A body that must not go on; the message says why, and holds nothing of it."""


class _Judge:
    """What both kinds of middleware share: one sanitizer, and what is read how."""

    def __init__(
        self,
        policy: "Sanitizer | Policy | str",
        trust: Collection[str],
        limit: int,
        found: Told | None,
    ) -> None:
        if isinstance(trust, str):
            raise TypeError("trust is a collection of media types, not a string")
        self.sanitizer = built(policy)
        self.lock = threading.RLock()
        self.limit = limit
        self._trust = frozenset(trust)
        self._found = found

    def form(self, content_type: str, encoding: str) -> str | None:
        """How a body is judged: `json`, `jsonl` or `text`; None where it goes on as it is.

        Raises:
            Unjudged: nobody could tell what stands in it.
        """
        media, _, rest = content_type.lower().partition(";")
        media = media.strip()
        if media in self._trust or media.partition("/")[0] + "/*" in self._trust:
            return None
        if encoding.strip().lower() not in ("", "identity"):
            raise Unjudged("the body is compressed")
        charset = rest.partition("charset=")[2].partition(";")[0].strip(" \"'")
        if charset and charset not in _CHARSETS:
            raise Unjudged("the body is not in UTF-8")
        if media in _LINES:
            return "jsonl"
        if media == "application/json" or media.endswith("+json"):
            return "json"
        if media.startswith("text/") or media in _TEXTS or media.endswith("+xml"):
            return "text"
        raise Unjudged("no text, and not of a media type that is trusted")

    def whole(self, data: bytes, form: str) -> bytes:
        """All of a body."""
        body = self.body(form)
        return body.feed(data) + body.end()

    def begun(self, content_type: str, encoding: str) -> "_Body | None":
        """A body that comes in pieces; None where it goes on as it is.

        Raises:
            Unjudged: nobody could tell what stands in it.
        """
        form = self.form(content_type, encoding)
        return self.body(form) if form else None

    def body(self, form: str) -> "_Body":
        return _Whole(self) if form == "json" else _Lines(self, form)

    def text(self, text: str) -> str:
        """A text that is no body: a message, a query."""
        with self.lock:
            new, findings = judged(self.sanitizer, text.encode())
            self.tell(findings)
        return new.decode()

    def tell(self, findings: "list[Finding]") -> None:
        if findings and self._found:
            self._found(findings)


class _Body(Protocol):
    """A body that comes in pieces: what of it can go on already, and at its end the rest."""

    def feed(self, data: bytes) -> bytes: ...
    def end(self) -> bytes: ...


class _Whole:
    """A JSON value, which goes at its end."""

    def __init__(self, judge: _Judge) -> None:
        self._judge = judge
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._judge.limit:
            raise Unjudged("the body is longer than the limit")
        self._pieces.append(data)
        return b""

    def end(self) -> bytes:
        data = b"".join(self._pieces)
        bare = data.strip()
        if not bare:
            return data
        # A string or a number by itself is judged as the only item of a list.
        scalar = bare[:1] not in (b"{", b"[")
        with self._judge.lock:
            new, findings = self._judge.sanitizer.redact_json(b"[" + data + b"]" if scalar else data)
            self._judge.tell(findings)
        return new[1:-1] if scalar else new


class _Lines:
    """Lines, each of which goes as soon as it is there; those that could begin a private key wait."""

    def __init__(self, judge: _Judge, form: str) -> None:
        from cecil.sanitizer.blocks import BlockFilter

        self._judge = judge
        self._filter = BlockFilter(judge.sanitizer, form, collect=True)
        self._keeper = self._filter.keeper()
        self._tail: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> bytes:
        cut = data.rfind(b"\n") + 1
        whole = b"".join([*self._tail, data[:cut]]) if cut else b""
        if cut:
            self._tail, self._held = [], 0
        self._tail.append(data[cut:])
        self._held += len(data) - cut
        if self._held > self._judge.limit:
            raise Unjudged("a line is longer than the limit")
        return self._lines(whole) if whole else b""

    def end(self) -> bytes:
        rest, self._tail = b"".join(self._tail), []
        done = self._lines(rest) if rest else b""
        held = self._keeper.rest()
        return done + self._judged(held.data) if held else done

    def _lines(self, data: bytes) -> bytes:
        from cecil.stream.lines import Block

        kept = self._keeper.add(Block(data, 1))
        return self._judged(kept[0].data, kept[1]) if kept else b""

    def _judged(self, data: bytes, inside: Any = None) -> bytes:
        with self._judge.lock:
            outcome = self._filter.judge(data, inside)
            if outcome.refused:
                raise RecordError(outcome.refused[0].reason)
            self._judge.tell([finding for _, finding in outcome.findings])
        return outcome.data


class _Middleware(Generic[App]):
    """What both kinds take, and keep."""

    def __init__(
        self,
        app: App,
        policy: "Sanitizer | Policy | str" = "default",
        *,
        responses: bool = True,
        requests: bool = False,
        trust: Collection[str] = (),
        limit: int = MOST,
        found: Told | None = None,
    ) -> None:
        self._app = app
        self._judge = _Judge(policy, trust, limit, found)
        self._responses = responses
        self._requests = requests


class ASGIMiddleware(_Middleware[Callable[[Scope, Receive, Send], Awaitable[None]]]):
    """Redacts what an ASGI application sends, or is sent.

    Judging happens in a thread of its own, so that the event loop serves others meanwhile. Put it inside of
    what compresses: what comes to it compressed is refused. (It takes `Accept-Encoding` and `Range` out of
    requests, so that applications that compress by themselves do not.)

    Args:
        app: the application.
        policy: the name of a built-in policy, a `Policy`, or a `Sanitizer`; `Sanitizer(nlp="none")` looks for
            no names in running text, and is many times as fast.
        responses: whether the bodies of responses are judged, and the texts sent over websockets.
        requests: whether the bodies and the query strings of requests are judged before the application sees
            them, and the texts that come over websockets.
        trust: media types that go on as they are, for example `("image/*", "font/*")`.
        limit: bytes of a JSON body, and of a line of any other text; more is refused.
        found: is given the findings of each body or line, in whose memory no value is.

    Example:
        >>> from cecil.middleware import ASGIMiddleware
        >>> async def app(scope, receive, send):
        ...     headers = [(b"content-type", b"application/json")]
        ...     await send({"type": "http.response.start", "status": 200, "headers": headers})
        ...     await send({"type": "http.response.body", "body": b'{"email": "bob@example.com"}'})
        >>> app = ASGIMiddleware(app)
    """

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        # One thread: judging holds the interpreter, so that more would only wait for each other.
        return ThreadPoolExecutor(1, "cecil-middleware")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(dict(scope), receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(dict(scope), receive, send)
        else:
            await self._app(scope, receive, send)

    async def _do(self, call: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, call, *args)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._requests:
            try:
                scope, receive = await self._request(scope, receive)
            except RecordError as error:
                await _refuse(send, 400, error)
                return
        if not self._responses:
            await self._app(scope, receive, send)
            return
        scope["headers"] = [
            one for one in scope["headers"] if one[0].lower().decode("latin-1") not in _BYPASSES
        ]
        # Ways round the body: files by name or descriptor, a template's context.
        scope["extensions"] = {}
        response = _Response(self, send, scope["method"] == "HEAD")
        await self._app(scope, receive, response.send)

    async def _request(self, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
        """The request as the application is to see it."""
        scope["query_string"] = await self._query(scope)
        pieces: list[bytes] = []
        size = 0
        gone: Message | None = None
        while gone is None:
            message = await receive()
            if message["type"] != "http.request":
                gone = message
                break
            pieces.append(message.get("body", b""))
            size += len(pieces[-1])
            if size > self._judge.limit:
                raise Unjudged("the body is longer than the limit")
            if not message.get("more_body"):
                break
        body = b"".join(pieces)
        if body and not gone:
            form = self._judge.form(_header(scope, b"content-type"), _header(scope, b"content-encoding"))
            if form:
                body = await self._do(self._judge.whole, body, form)
                headers = [one for one in scope["headers"] if one[0].lower() not in _LENGTHS]
                scope["headers"] = [*headers, (b"content-length", b"%d" % len(body))]
        first: list[Message] = [gone or {"type": "http.request", "body": body, "more_body": False}]

        async def again() -> Message:
            return first.pop() if first else await receive()

        return scope, again

    async def _query(self, scope: Scope) -> bytes:
        query = scope.get("query_string") or b""
        if not query:
            return b""
        new: str = await self._do(self._judge.text, query.decode("latin-1"))
        return query if new == query.decode("latin-1") else new.encode("latin-1", "replace")

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def inbound() -> Message:
            return await self._frame(await receive(), "websocket.receive")

        async def outbound(message: Message) -> None:
            await send(await self._frame(message, "websocket.send"))

        if self._requests:
            scope["query_string"] = await self._query(scope)
        await self._app(scope, inbound if self._requests else receive, outbound if self._responses else send)

    async def _frame(self, message: Message, kind: str) -> Message:
        if message["type"] != kind:
            return message
        if message.get("bytes") is not None:
            raise Unjudged("a websocket's message is no text")
        return {"type": kind, "text": await self._do(self._judge.text, message.get("text") or "")}


_LENGTHS = (b"content-length", b"transfer-encoding")


class _Response:
    """One response of an ASGI application: what of it has come, and what has gone."""

    def __init__(self, middleware: ASGIMiddleware, send: Send, head: bool) -> None:
        self._middleware = middleware
        self._send = send
        self._head = head
        self._start: Message | None = None
        self._gone = False
        """Whether status and headers have left."""
        self._over = False
        """Whether nothing more may leave."""
        self._body: _Body | None = None
        self._passes = False

    async def send(self, message: Message) -> None:
        if self._over:
            return
        try:
            if message["type"] == "http.response.start":
                self._start = message
            elif message["type"] == "http.response.body":
                await self._piece(message.get("body", b""), bool(message.get("more_body")))
            else:
                raise Unjudged("a message of the application is of no known type")
        except RecordError as error:
            self._over = True
            if self._gone:
                raise
            await _refuse(self._send, 500, error)

    async def _piece(self, data: bytes, more: bool) -> None:
        start = self._start
        if start is None:
            raise RuntimeError("a body came before its status")
        if not (self._gone or self._body or self._passes or data):
            if more:
                return
            await self._begin(_without(start["headers"]) if self._head else start["headers"])
        elif not (self._body or self._passes):
            headers = {"headers": start["headers"]}
            self._body = self._middleware._judge.begun(
                _header(headers, b"content-type"), _header(headers, b"content-encoding")
            )
            self._passes = self._body is None
        if self._passes and not self._gone:
            await self._begin(start["headers"])
        if self._body:
            data = await self._judged(self._body, data, more)
            if not self._gone:
                if more and not data:
                    return
                length = [] if more else [(b"content-length", b"%d" % len(data))]
                await self._begin([*_without(start["headers"]), *length])
        if data or not more:
            await self._send({"type": "http.response.body", "body": data, "more_body": more})
        self._over = not more

    async def _judged(self, body: _Body, data: bytes, more: bool) -> bytes:
        new: bytes = await self._middleware._do(body.feed, data)
        return new if more else new + await self._middleware._do(body.end)

    async def _begin(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        assert self._start is not None
        await self._send({**self._start, "headers": list(headers)})
        self._gone = True


class WSGIMiddleware(_Middleware[Callable[..., Iterable[bytes]]]):
    """Redacts what a WSGI application answers, or is asked. For any number of threads: they judge in turn.

    Args:
        app: the application.
        policy, responses, requests, trust, limit, found: as those of `ASGIMiddleware`.

    Example:
        >>> from cecil.middleware import WSGIMiddleware
        >>> def app(environ, start_response):
        ...     start_response("200 OK", [("Content-Type", "text/plain")])
        ...     return [b"bob@example.com asked"]
        >>> said = WSGIMiddleware(app)({"REQUEST_METHOD": "GET"}, lambda status, headers: None)
        >>> b"".join(said)
        b'<EMAIL_ADDRESS> asked'
    """

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        environ = dict(environ)
        if self._requests:
            try:
                self._request(environ)
            except RecordError as error:
                return _refused(start_response, "400 Bad Request", 400, error)
        if not self._responses:
            return self._app(environ, start_response)
        for name in _BYPASSES:
            environ.pop("HTTP_" + name.upper().replace("-", "_"), None)
        return self._respond(environ, start_response)

    def _request(self, environ: dict[str, Any]) -> None:
        query = environ.get("QUERY_STRING")
        if query:
            environ["QUERY_STRING"] = self._judge.text(query)
        length = environ.get("CONTENT_LENGTH") or ""
        size = int(length) if length.isdecimal() else 0
        if environ.get("wsgi.input_terminated"):
            size = self._judge.limit + 1
        if not size:
            if environ.get("HTTP_TRANSFER_ENCODING"):
                raise Unjudged("nothing says where the body ends")
            environ["wsgi.input"] = BytesIO(b"")  # a server may let more be read than it says
            return
        body = environ["wsgi.input"].read(min(size, self._judge.limit + 1))
        if len(body) > self._judge.limit:
            raise Unjudged("the body is longer than the limit")
        form = self._judge.form(environ.get("CONTENT_TYPE", ""), environ.get("HTTP_CONTENT_ENCODING", ""))
        if form:
            body = self._judge.whole(body, form)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))

    def _respond(self, environ: dict[str, Any], start_response: StartResponse) -> Iterator[bytes]:
        answer = _Answer(self._judge, start_response, environ.get("REQUEST_METHOD") == "HEAD")
        result = self._app(environ, answer.start)
        try:
            try:
                for piece in result:
                    yield from answer.pieces(piece)
                yield from answer.end()
            except RecordError as error:
                if answer.gone:
                    raise
                yield from _refused(start_response, "500 Internal Server Error", 500, error)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()


class _Answer:
    """One answer of a WSGI application."""

    def __init__(self, judge: _Judge, start_response: StartResponse, head: bool) -> None:
        self._judge = judge
        self._start_response = start_response
        self._head = head
        self._status: str | None = None
        self._headers: Headers = []
        self._written: list[bytes] = []
        self._body: _Body | None = None
        self._passes = False
        self.gone = False
        """Whether status and headers have left."""

    def start(
        self,
        status: str,
        headers: Headers,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | None = None,
    ) -> Callable[[bytes], object]:
        """The application's `start_response`."""
        if self._status is not None and exc_info is None:
            raise RuntimeError("the application began its answer twice")
        if exc_info is not None and self.gone:
            raise exc_info[1].with_traceback(exc_info[2])
        self._status, self._headers = status, list(headers)
        return self._written.append

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What can go on now that a piece has come, and what was written before it."""
        for piece in (*self._written, data):
            if piece:
                yield from self._piece(piece)
        self._written.clear()

    def end(self) -> Iterator[bytes]:
        """The rest."""
        yield from self.pieces(b"")
        rest = self._body.end() if self._body else b""
        if not self.gone:
            if self._body:
                self._begin([*_without_text(self._headers), ("Content-Length", str(len(rest)))])
            else:
                self._begin(_without_text(self._headers) if self._head else self._headers)
        if rest:
            yield rest

    def _piece(self, data: bytes) -> Iterator[bytes]:
        if not (self._body or self._passes):
            named = {name.lower(): value for name, value in self._headers}
            self._body = self._judge.begun(named.get("content-type", ""), named.get("content-encoding", ""))
            self._passes = self._body is None
        new = self._body.feed(data) if self._body else data
        if new:
            if not self.gone:
                self._begin(self._headers if self._passes else _without_text(self._headers))
            yield new

    def _begin(self, headers: Iterable[tuple[str, str]]) -> None:
        if self._status is None:
            raise RuntimeError("a body came before its status")
        self._start_response(self._status, list(headers))
        self.gone = True


def built(policy: "Sanitizer | Policy | str") -> "Sanitizer":
    """The sanitizer that a program named, or one by its policy."""
    from cecil.sanitizer.policy import Policy
    from cecil.sanitizer.sanitizer import Sanitizer
    from cecil.stream.cache import FileCache

    return Sanitizer(policy, cache=FileCache()) if isinstance(policy, (str, Policy)) else policy


def judged(sanitizer: "Sanitizer", text: bytes) -> "tuple[bytes, list[Finding]]":
    """A text by itself: a record where it is one, else lines of text.

    Raises:
        RecordError: it was meant as a record and is none, or could not be judged.
    """
    from cecil.sanitizer.blocks import as_record

    judge = sanitizer.redact_text if as_record(text, "auto") is None else sanitizer.redact_json
    return judge(text)


def _header(scope: MutableMapping[str, Any], name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return b", ".join(found).decode("latin-1")


def _without(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [one for one in headers if one[0].lower().decode("latin-1") not in _OF_THE_BODY]


def _without_text(headers: Headers) -> Headers:
    return [one for one in headers if one[0].lower() not in _OF_THE_BODY]


def _problem(status: int, error: RecordError) -> bytes:
    """RFC 9457."""
    title = "the request cannot be judged" if status == 400 else "the response cannot be judged"
    return json.dumps({"title": title, "status": status, "detail": error.message}).encode()


async def _refuse(send: Send, status: int, error: RecordError) -> None:
    body = _problem(status, error)
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _refused(start_response: StartResponse, line: str, status: int, error: RecordError) -> list[bytes]:
    body = _problem(status, error)
    headers = [("Content-Type", "application/problem+json"), ("Content-Length", str(len(body)))]
    start_response(line, headers)
    return [body]
