"""The endpoints: a request to a piece of work, and what came of it to an answer.

Owns: what may stand in a request. Refuses: what it does not know; and it says no more of it than that.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec
import orjson
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

import cecil
from cecil.api import bodies
from cecil.api.bodies import JSON, NDJSON, TEXT, YAML
from cecil.api.children import Child
from cecil.api.folders import NewFile, form_of
from cecil.api.metrics import MEDIA_TYPE as PROMETHEUS
from cecil.api.problems import Problem
from cecil.api.schemas import OPERATIONS
from cecil.api.service import Service
from cecil.api.settings import model
from cecil.api.streams import ENDING, Redaction, Streamed, end_line
from cecil.stream.markers import disguise

_LARGEST_POLICY = 1 << 20
_QUARANTINE = ("--quarantine", os.devnull)
"""What a client sent and cannot be taken, the client has: it is counted, and kept nowhere."""

_DONE, _SOME, _CHECKED = 0, 3, 4
"""Exit statuses of the commands: all is well; some is in quarantine; `--check` found something."""

Handler = Callable[[Request], Awaitable[Response]]


class _Ask(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a request to judge one thing."""

    value: msgspec.Raw = msgspec.Raw()
    text: str | None = None
    policy: str | None = None
    policy_text: str | None = None
    explain: bool = False


class _Fetch(msgspec.Struct, forbid_unknown_fields=True):
    source: str


class _Route(Route):
    """Tells who counts requests which one it is, as FastAPI's own kind does."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        if match is Match.FULL:  # of others the method is the client's word
            found["route"] = self
        return match, found


def add(app: FastAPI, service: Service) -> None:
    """Add all endpoints to an application."""
    handlers = Handlers(service)
    for (method, path), operation in OPERATIONS.items():
        # Not FastAPI's own kind of route: it takes a quarter of an answer's time to find that there are no
        # arguments to be made of a request, and no answer of what comes back.
        route = _Route(path, getattr(handlers, operation["handler"]))
        route.methods = {method}
        app.router.routes.append(route)


class Handlers:
    """What answers; a method for each endpoint."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: bytes | None = None

    # --- the server

    async def health(self, request: Request) -> Response:
        service = self._service
        return _json(
            {
                "status": "ok",
                "version": cecil.__version__,
                "policy": service.policy.digest,
                "model": model(service.settings),
            }
        )

    async def metrics(self, request: Request) -> Response:
        return Response(self._service.metrics.shown(), media_type=PROMETHEUS)

    # --- judging one thing

    async def redact(self, request: Request) -> Response:
        kind = bodies.media_type(request, (JSON, TEXT))
        if kind == TEXT:
            return await self._plain(request)
        return await self._judge(request, "redact")

    async def check(self, request: Request) -> Response:
        bodies.media_type(request, (JSON,))
        return await self._judge(request, "check")

    async def explain(self, request: Request) -> Response:
        bodies.media_type(request, (JSON,))
        return await self._judge(request, "explain")

    async def _judge(self, request: Request, form: str) -> Response:
        _query(request)
        service = self._service
        data = await bodies.whole(request, service.settings.max_body, service.metrics)
        try:
            ask = msgspec.json.decode(data, type=_Ask)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Problem("malformed", "see /openapi.json for what the body is") from None
        raw = bytes(ask.value)
        if bool(raw) == (ask.text is not None):
            raise Problem("malformed", "exactly one of value and text is wanted")
        if ask.policy is not None and ask.policy_text is not None:
            raise Problem("malformed", "at most one of policy and policy_text is wanted")
        which = service.which(ask.policy, ask.policy_text)
        near = form == "explain" or ask.explain
        if raw:
            answer = await service.pool.run("value", which, raw, form, near)
        else:
            lines = await service.pool.run("text", which, ask.text, form, near, form == "explain")
            answer = orjson.dumps(lines)
        service.metrics.went(len(answer))
        return Response(answer, media_type=JSON)

    async def _plain(self, request: Request) -> Response:
        service = self._service
        which = service.which(_query(request, "policy").get("policy"))
        data = await bodies.whole(request, service.settings.max_body, service.metrics)
        new, errors = await service.pool.run("plain", which, data)
        if errors:
            rows = [{"line": one["line"], "message": one["message"]} for one in errors[:50]]
            raise Problem("not-judged", errors=rows)
        service.metrics.went(len(new))
        return Response(new, media_type=TEXT)

    # --- streams

    async def redact_stream(self, request: Request) -> Response:
        _in_chunks(request)
        service, settings = self._service, self._service.settings
        bodies.media_type(request, (NDJSON,))
        which = service.which(_query(request, "policy").get("policy"))
        # A policy that is wrong is told before the first line goes out.
        about = await service.pool.run("policy", which)
        stream = Redaction(
            service.pool, service.readers, which, about["hash"], settings.max_record, service.metrics.tally
        )
        source = bodies.pieces(request, settings.idle, service.metrics)
        return Streamed(stream.run(source), settings.idle, service.metrics)

    async def fingerprint(self, request: Request) -> Response:
        _in_chunks(request)
        bodies.media_type(request, (NDJSON,))
        _query(request)
        settings = self._service.settings
        source = bodies.pieces(request, settings.idle, self._service.metrics)
        args = ("-q", "--max-record", str(settings.max_record), *_QUARANTINE)
        return Streamed(
            _Filtered(self._service, "fingerprint", args, _gone(request), source),
            settings.idle,
            self._service.metrics,
        )

    async def fetch(self, request: Request) -> Response:
        _in_chunks(request)
        bodies.media_type(request, (JSON,))
        _query(request)
        service, settings = self._service, self._service.settings
        data = await bodies.whole(request, settings.max_body, service.metrics)
        try:
            source = msgspec.json.decode(data, type=_Fetch).source
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise Problem("malformed", "see /openapi.json for what the body is") from None
        if source not in settings.sources:
            raise Problem("not-found", "there is no source of this name")
        pieces = _Filtered(service, "fetch", (*settings.sources[source], "-q"), _gone(request), None)
        await pieces.begin()
        return Streamed(pieces, settings.idle, service.metrics)

    # --- the other commands

    async def write(self, request: Request) -> Response:
        service, settings = self._service, self._service.settings
        bodies.media_type(request, (NDJSON,))
        given = _query(request, "folder", "path")
        if len(given) != 2:
            raise Problem("malformed", "folder and path are wanted")
        root = settings.folders.get(given["folder"])
        if root is None:
            raise Problem("not-found", "there is no folder of this name")
        form = form_of(given["path"])
        source = bodies.pieces(request, settings.idle, service.metrics)
        file = await asyncio.to_thread(NewFile, root, given["path"])
        try:
            args = ("-o", "-", "--format", form.format, "--compression", form.compression, "-q")
            async with Child(
                service.slots, "write", *args, *_QUARANTINE, gone=_gone(request), stdout=file.fd
            ) as child:
                await child.feed(source)
                status, counts = await child.end()
            if status not in (_DONE, _SOME):
                raise Problem("failed", "the records cannot be written in this form")
            await asyncio.to_thread(file.publish)
        finally:
            await asyncio.to_thread(file.close)
        row = {name: counts.get(name) for name in ("read", "written", "quarantined")}
        return _json(row | {"format": form.format, "compression": form.compression}, 201)

    async def map(self, request: Request) -> Response:
        bodies.media_type(request, (NDJSON, TEXT))
        given = _query(request, "strategy", "form", "policy")
        strategy, form = given.get("strategy", "deep"), given.get("form", "yaml")
        if strategy not in ("deep", "strict") or form not in ("yaml", "jsonl"):
            raise Problem("malformed", "strategy is deep or strict, form yaml or jsonl")
        args = ["--strategy", strategy, *(["--json"] if form == "jsonl" else []), "-q", *_QUARANTINE]
        settings = self._service.settings
        args += ["--nlp", settings.nlp, *(["--language", settings.language] if settings.language else [])]
        name = given.get("policy")
        files: tuple[int, ...] = ()
        kept = b""
        if name is not None:
            self._service.which(name)
            kept, _ = await self._service.text(name)
            reader, writer = os.pipe()
            files = (reader,)
            args += ["--check", f"/dev/fd/{reader}"]
        try:
            if files:
                task = asyncio.ensure_future(asyncio.to_thread(_fill, writer, kept))
                self._service.pool.keep(task)
            statuses = (_DONE, _SOME, _CHECKED)
            answer, _ = await self._whole(request, "map", tuple(args), statuses, files)
        finally:
            for fd in files:
                os.close(fd)
        if form == "jsonl":
            return Response(answer, media_type=NDJSON)
        return Response(answer, media_type=TEXT if files else YAML)

    async def cost(self, request: Request) -> Response:
        bodies.media_type(request, (NDJSON,))
        _query(request)
        args = ("--format", "json", "--no-notice", "-q", *_QUARANTINE)
        answer, _ = await self._whole(request, "report", args, (_DONE, _SOME))
        return Response(answer, media_type=JSON)

    async def _whole(
        self,
        request: Request,
        name: str,
        args: tuple[str, ...],
        statuses: tuple[int, ...],
        files: tuple[int, ...] = (),
    ) -> tuple[bytes, dict[str, Any]]:
        """All that a command makes of a body."""
        service = self._service
        source = bodies.pieces(request, service.settings.idle, service.metrics)
        async with Child(service.slots, name, *args, gone=_gone(request), files=files) as child:
            feeding = asyncio.ensure_future(child.feed(source))
            try:
                answer = await child.whole()
                await feeding
            finally:
                feeding.cancel()
            status, counts = await child.end()
        if status not in statuses:
            raise Problem("failed", "the command failed")
        service.metrics.went(len(answer))
        return answer, counts

    # --- policies

    async def policies(self, request: Request) -> Response:
        _query(request)
        service = self._service
        if self._known is None:
            self._known = orjson.dumps(await service.pool.run("known"))
        rows = orjson.dumps({"default": service.default, "policies": service.policies()})
        return Response(rows[:-1] + b"," + self._known[1:], media_type=JSON)

    async def policy(self, request: Request) -> Response:
        _query(request)
        text, digest = await self._service.text(request.path_params["name"])
        etag = f'"{digest}"'
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag})
        return Response(text, media_type=YAML, headers={"ETag": etag})

    async def policy_shown(self, request: Request) -> Response:
        _query(request)
        service = self._service
        which = service.named(request.path_params["name"])
        return Response(await service.pool.run("shown", which), media_type=TEXT)

    async def put_policy(self, request: Request) -> Response:
        _query(request)
        bodies.media_type(request, (YAML, JSON))
        text = await bodies.whole(request, _LARGEST_POLICY, self._service.metrics)
        row, new = await self._service.keep(request.path_params["name"], text)
        return _json(row, 201 if new else 200)

    async def delete_policy(self, request: Request) -> Response:
        _query(request)
        self._service.forget(request.path_params["name"])
        return Response(status_code=204)


class _Filtered:
    """What a command writes, as it comes, and a trailer with its counts.

    Args:
        gone: set when who asked has gone.
        source: what it reads; None where it reads nothing of a client.
    """

    def __init__(
        self,
        service: Service,
        name: str,
        args: tuple[str, ...],
        gone: asyncio.Event,
        source: AsyncIterator[bytes] | None,
    ) -> None:
        self._service = service
        self._source = source
        self._child = Child(service.slots, name, *args, gone=gone, feed=source is not None)
        self._started = False
        self._first = b""
        self._over: tuple[int, dict[str, Any]] | None = None
        self._feeding: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start the command, and wait for its first output.

        Raises:
            Problem: it failed before there was any.
            ClientDisconnect: nobody waits for it.
        """
        await self._start()
        try:
            async for piece in self._child.output():
                self._first = piece
                return
            self._over = await self._child.end()
            if self._over[0] not in (_DONE, _SOME):
                raise Problem("failed", "the source cannot be read")
        except BaseException:
            await self.aclose()
            raise

    async def _start(self) -> None:
        await self._child.__aenter__()
        self._started = True
        if self._source is not None:
            self._feeding = self._service.readers.start(self._feed)
            if self._service.readers.ending:
                self._child.kill()  # it is given nothing any more, not even an end

    async def _feed(self) -> None:
        assert self._source
        await self._child.feed(self._source)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if not self._started:
            await self._start()
        rest = [self._first]
        if self._over is None:
            async for piece in self._child.output():
                cut = piece.rfind(b"\n") + 1
                if cut:
                    # No record can pass for the trailer.
                    yield disguise(b"".join([*rest, piece[:cut]]))
                    rest = []
                rest.append(piece[cut:])
            self._over = await self._child.end()
        yield disguise(b"".join(rest))
        status, counts = self._over
        reason = None
        if self._feeding:
            await asyncio.wait({self._feeding})
            reason = _why(self._feeding)
        complete = status in (_DONE, _SOME) and reason is None
        names = ("read", "written", "dropped", "quarantined", "fingerprints", "calls")
        row = {name: counts[name] for name in names if name in counts}
        records = row.get("fingerprints", row.get("written", 0))
        row = {"records": records, **row, "complete": complete}
        if not complete:
            row["reason"] = reason or "the command failed"
        yield end_line(row)

    async def aclose(self) -> None:
        """End the command, if it has not ended."""
        if self._feeding:
            self._feeding.cancel()
        if self._started:
            self._started = False
            await self._child.close()


def _why(task: "asyncio.Task[None]") -> str | None:
    """Why a task that reads did not read to the end.

    Raises:
        ClientDisconnect: who wrote has gone.
    """
    if task.cancelled():
        return ENDING
    error = task.exception()
    if isinstance(error, Problem):
        return error.detail or error.name
    if error:
        raise error
    return None


async def problem(request: Request, error: Exception) -> Response:
    """The answer to a request that cannot be answered."""
    assert isinstance(error, Problem)
    return error.response()


async def refused(request: Request, error: Exception) -> Response:
    """The answer where the framework found no endpoint."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return Problem("method", headers=error.headers).response()
    return Problem("not-found" if error.status_code == 404 else "malformed").response()


async def gone(request: Request, error: Exception) -> Response:
    """What nobody reads: whoever asked has gone."""
    assert isinstance(error, ClientDisconnect)
    return Problem("too-slow").response()


async def bug(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody thought of; the process's log has its class and place."""
    return Problem("internal").response()


def _json(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type=JSON)


_TWICE = "each parameter stands there once, and is one of those described"


def _query(request: Request, *allowed: str) -> dict[str, str]:
    """The parameters of an address.

    Raises:
        Problem: there are others.
    """
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name not in allowed or name in found or not re.fullmatch(r"[^\x00]{0,4096}", value, re.DOTALL):
            raise Problem("malformed", _TWICE)
        found[name] = value
    return found


def _gone(request: Request) -> asyncio.Event:
    """Set when who asked has gone; see protocol.py."""
    found: asyncio.Event = request.scope["state"]["gone"]
    return found


def _in_chunks(request: Request) -> None:
    """Raises Problem where an answer cannot come in chunks."""
    if request.scope["http_version"] == "1.0":
        raise Problem("malformed", "a stream is answered over HTTP/1.1")


def _fill(fd: int, data: bytes) -> None:
    with open(fd, "wb") as pipe:
        try:
            pipe.write(data)
        except BrokenPipeError:
            return  # the command has ended, and says why itself
