"""Who is let in: the first thing that a request meets.

Owns: the checks of the Host header, the origin and the token, the rate of requests, and the headers that
keep an answer to who asked for it. Refuses: a request that another site's page could have made a browser
send, under whatever name; and to compare a token so that the time tells how much of it was right.
"""

import hmac
import re
import time
from collections.abc import Callable, Collection, MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cecil.api.problems import Problem

_HOST = re.compile(rb"(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?", re.IGNORECASE)
_LONGEST_TARGET = 4096
_ALLOWED_HEADERS = b"authorization, content-type, if-none-match"
_ALLOWED_METHODS = b"GET, POST, PUT, DELETE"
_REMEMBERED = b"600"

_HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
]


class Guard:
    """Lets requests in, or not.

    Args:
        app: who answers those that are let in.
        token: of whoever may ask.
        public: paths that need no token.
        origins: further origins whose pages may ask.
        rate: requests a second; 0 for any number.
        seen: told of each request when it is answered: its route, method and status, and the seconds it took.
    """

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        public: Collection[str],
        origins: Collection[str],
        rate: int,
        seen: Callable[[str, str, int, float], None],
    ) -> None:
        self._app = app
        self._token = b"Bearer " + token.encode()
        self._public = frozenset(public)
        self._origins = frozenset(one.encode() for one in origins)
        self._bucket = _Bucket(rate)
        self._seen = seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        start = time.monotonic()
        status = 500
        headers = scope["headers"]
        origin = _header(headers, b"origin")

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(message, origin if origin in self._origins else None)
            await send(message)

        try:
            problem = self._refused(scope, headers, origin)
            if problem:
                await problem.response()(scope, receive, send_on)
            elif scope["method"] == "OPTIONS" and origin in self._origins:
                await _preflight(send_on)
            else:
                await self._app(scope, receive, send_on)
        finally:
            route = scope.get("route")
            path = getattr(route, "path", "other")
            method = scope["method"] if path != "other" else "other"
            self._seen(path, method, status, time.monotonic() - start)

    def _refused(
        self, scope: Scope, headers: list[tuple[bytes, bytes]], origin: bytes | None
    ) -> Problem | None:
        """Why a request is not let in; None where it is."""
        # A page on another site can have its own name resolve to 127.0.0.1 (DNS rebinding) and then read our
        # answers as its own; the Host header still tells the name it used.
        hosts = [value for name, value in headers if name == b"host"]
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return Problem("host")
        if origin is not None and not self._same_site(origin, hosts[0]):
            return Problem("origin")
        coding = _header(headers, b"transfer-encoding")
        if coding is not None and (coding.lower() != b"chunked" or _header(headers, b"content-length")):
            # Two lengths: who stands between us and a client may have believed the other one. Or packed.
            return Problem("malformed", headers={"Connection": "close"})
        if len(scope["raw_path"]) + len(scope["query_string"]) > _LONGEST_TARGET:
            return Problem("malformed", "the address is too long")
        if scope["path"] in self._public or (scope["method"] == "OPTIONS" and origin in self._origins):
            return None
        given = [value for name, value in headers if name == b"authorization"]
        if len(given) != 1 or not hmac.compare_digest(given[0], self._token):
            return Problem("token", headers={"WWW-Authenticate": 'Bearer realm="cecil"'})
        wait = self._bucket.take()
        if wait:
            return Problem("too-many-requests", headers={"Retry-After": str(wait)})
        return None

    def _same_site(self, origin: bytes, host: bytes) -> bool:
        """Whether a page may ask: our own, or one of a named origin."""
        return origin.lower() == b"http://" + host.lower() or origin in self._origins


class _Bucket:
    """A rate: so many a second, and as many at once."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._left = float(rate)
        self._at = time.monotonic()

    def take(self) -> int:
        """Take one; returns the seconds to wait where there is none, else 0."""
        if not self._rate:
            return 0
        now = time.monotonic()
        self._left = min(float(self._rate), self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return 1
        self._left -= 1
        return 0


def _header(headers: list[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    """A header's value; where it is there twice, one that nobody sends."""
    found = [value for name, value in headers if name == wanted]
    if len(found) > 1:
        return b"twice"
    return found[0] if found else None


def _complete(message: MutableMapping[str, Any], origin: bytes | None) -> None:
    """Add the headers that every answer has."""
    headers = list(message.get("headers", ()))
    there = {name.lower() for name, _ in headers}
    headers += [one for one in _HEADERS if one[0] not in there]
    if origin:
        headers += [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
        headers = [
            (name, b"cross-origin" if name == b"cross-origin-resource-policy" else value)
            for name, value in headers
        ]
    message["headers"] = headers


async def _preflight(send: Send) -> None:
    """The answer to a browser that asks whether it may ask: a page of a named origin may."""
    headers = [
        (b"access-control-allow-methods", _ALLOWED_METHODS),
        (b"access-control-allow-headers", _ALLOWED_HEADERS),
        (b"access-control-max-age", _REMEMBERED),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
