"""The way out: one batch to the endpoint that was agreed to, over HTTPS, until it says that it has it.

Owns: the address and what is allowed as one, the request, what counts as an acknowledgement, and when to
try again: after a connection that failed or broke and after the statuses 408, 425, 429 and 5xx, with
exponential backoff and full jitter
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), not before Retry-After (RFC
9110, 10.2.3), within a budget of time. Refuses: plain HTTP, redirects (the consent names one endpoint), a
certificate that cannot be verified, and to run in audit mode. No address is built in.

The protocol: POST of a batch (`cells.Batch`) as application/json, with `Idempotency-Key: KEY`, the SHA-256
of the body in hexadecimal, and `Authorization: Bearer TOKEN` where there is one. The answer is 2xx with the
JSON object `{"received": KEY}`; a receiver that has that key already answers the same and keeps one.
"""

import base64
import http.client
import json
import random
import ssl
import time
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import cecil
from cecil.errors import SourceError, UsageError
from cecil.fingerprint.cells import key_of
from cecil.stream.offline import VARIABLE, audit_mode

_BASE = 0.5
_LONGEST = 60.0
_MAX_ANSWER = 1 << 16
_AGAIN = frozenset({408, 425, 429})
_THIS_ONE = frozenset({400, 409, 413, 415, 422})
"""What is wrong with one batch need not be wrong with the next one."""


class Address(NamedTuple):
    """Where batches go; `path` has the query, if there is one."""

    host: str
    port: int
    path: str


def address(url: str) -> Address:
    """An endpoint's address.

    Raises:
        UsageError: it is none that batches may be sent to. Does not repeat it: a password may be in it.
    """
    hint = "https://HOST/PATH"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UsageError("the endpoint is not a URL", hint=hint) from None
    if not url.isascii() or not url.isprintable() or " " in url:
        raise UsageError("an endpoint is printable ASCII without blanks", hint=hint)
    if parts.scheme != "https":
        raise UsageError("an endpoint begins with https://", hint=hint)
    if not parts.hostname or parts.username is not None or parts.fragment:
        raise UsageError("an endpoint has a host, no user and no fragment", hint=hint)
    try:
        parts.hostname.encode("idna")
    except UnicodeError:
        raise UsageError("an endpoint's host is no name of a host", hint=hint) from None
    path = parts.path or "/"
    return Address(parts.hostname, port or 443, f"{path}?{parts.query}" if parts.query else path)


class Refused(SourceError):
    """The endpoint does not want this batch; it may want others."""


class Again(Exception):
    """An attempt that failed in a way that need not last.

    Args:
        why: for a message; holds nothing that came from outside but a status.
        after: seconds to wait at least.
    """

    def __init__(self, why: str, after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.after = after


class Sender:
    """Sends batches to one endpoint.

    Args:
        url: the endpoint.
        token: what is sent as bearer token, None for none.
        ca_file: certificates to trust in place of the system's; None for the system's.
        budget: seconds for all batches and all attempts.
        timeout: seconds that a connection may be silent.
        allowed: asked before every request; once it says no, nothing more is sent.
        sleep, clock, jitter, wall: waiting, seconds that only rise, a random number up to its argument, and
            seconds since 1970.

    Attributes:
        attempts: how many requests were begun.

    Raises:
        UsageError: the address, the token or the certificates cannot be used, or this is audit mode.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        ca_file: str | None = None,
        budget: float = 300.0,
        timeout: float = 30.0,
        allowed: Callable[[], bool] = lambda: True,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[float], float] = lambda most: random.SystemRandom().uniform(0, most),
        wall: Callable[[], float] = time.time,
    ) -> None:
        if audit_mode():
            raise UsageError(f"nothing is sent in audit mode ({VARIABLE})")
        self._address = address(url)
        if token is not None and not (token.isascii() and token.isprintable() and token and " " not in token):
            raise UsageError("a token is printable ASCII without blanks")
        self._token = token
        try:
            self._context = ssl.create_default_context(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise UsageError("no certificates that can be read", where=ca_file) from None
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._proxy = _proxy(self._address.host)
        self._timeout = timeout
        self._allowed = allowed
        self._sleep, self._clock, self._jitter, self._wall = sleep, clock, jitter, wall
        self._end = clock() + budget
        self.attempts = 0

    def send(self, data: bytes) -> None:
        """Send one batch; returns when the receiver has said that it has it.

        Raises:
            Refused: the receiver does not want this one.
            SourceError: it did not take it and takes no other now: it refused, or the time is up.
        """
        failures = 0
        while True:
            if not self._allowed():
                raise SourceError("not agreed to any more; nothing more is sent")
            try:
                self.attempts += 1
                self._attempt(data)
                return
            except Again as again:
                failures += 1
                wait = max(self._jitter(min(_LONGEST, _BASE * 2**failures)), again.after)
                if self._clock() + wait >= self._end:
                    raise SourceError(
                        f"the endpoint did not take a batch: {again.why} ({failures} attempts)",
                        hint="it waits in the spool; try again later: cecil-fingerprint upload --resume",
                    ) from None
                self._sleep(wait)

    def _attempt(self, data: bytes) -> None:
        try:
            connection = self._connection()
            try:
                connection.request("POST", self._address.path, body=data, headers=self._headers(data))
                answer = connection.getresponse()
                body = self._body(answer)
            finally:
                connection.close()
        except ssl.SSLCertVerificationError:
            raise SourceError(
                "the endpoint's certificate cannot be verified; nothing was sent",
                hint="where it is signed by an authority of your own: "
                "cecil-fingerprint consent --endpoint URL --ca-file FILE",
            ) from None
        except (OSError, http.client.HTTPException) as error:
            raise Again(_kind(error)) from None
        self._judge(answer.status, body, answer.headers.get("Retry-After"), key_of(data))

    def _body(self, answer: http.client.HTTPResponse) -> bytes:
        """What was answered, as far as it is of interest: within the budget, however slowly it comes."""
        body = b""
        while len(body) < _MAX_ANSWER and (piece := answer.read1(_MAX_ANSWER)):
            body += piece
            if self._clock() > self._end:
                raise TimeoutError
        # A read in pieces does not say that the rest is missing.
        if answer.length and len(body) < _MAX_ANSWER:
            raise http.client.IncompleteRead(b"")
        return body

    def _judge(self, status: int, body: bytes, retry_after: str | None, key: str) -> None:
        if status in _AGAIN or status >= 500:
            raise Again(f"status {status}", self._seconds(retry_after))
        if 300 <= status < 400:
            raise SourceError(
                f"the endpoint sends elsewhere (status {status}); only what was agreed to is followed",
                hint="cecil-fingerprint consent --endpoint URL",
            )
        if not 200 <= status < 300:
            text = f"the endpoint refused a batch with status {status}"
            if status in _THIS_ONE:
                raise Refused(text)
            hint = (
                "cecil-fingerprint consent --endpoint URL --token-file FILE" if status in (401, 403) else None
            )
            raise SourceError(text, hint=hint)
        try:
            received = json.loads(body)["received"]
        except (ValueError, KeyError, TypeError, RecursionError):
            received = None
        if received != key:
            raise SourceError("what answers at the endpoint is no receiver of batches")

    def _headers(self, data: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key_of(data),
            "User-Agent": f"cecil/{cecil.__version__}",
            "Accept": "application/json",
        }
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    def _connection(self) -> http.client.HTTPSConnection:
        host, port, _ = self._address
        timeout = max(0.1, min(self._timeout, self._end - self._clock()))
        if self._proxy is None:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._context)
        through, headers = self._proxy
        connection = http.client.HTTPSConnection(
            through.host, through.port, timeout=timeout, context=self._context
        )
        connection.set_tunnel(host, port, headers)
        return connection

    def _seconds(self, retry_after: str | None) -> float:
        """`Retry-After` as seconds from now; 0 for what is none."""
        text = (retry_after or "").strip()
        if text.isdecimal() and len(text) < 10:
            return float(text)
        try:
            return max(0.0, parsedate_to_datetime(text).timestamp() - self._wall())
        except (ValueError, TypeError, OverflowError):
            return 0.0


def _proxy(host: str) -> tuple[Address, dict[str, str]] | None:
    """What `https_proxy` and `no_proxy` say of a host: a proxy, which sees the host and no more, and the
    header that it wants.

    Raises:
        UsageError: it is no address of an HTTP proxy.
    """
    url = urllib.request.getproxies_environment().get("https")
    if not url or urllib.request.proxy_bypass(host):
        return None
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        name, port = parts.hostname, parts.port
    except ValueError:
        name = None
    if not name or parts.scheme != "http":
        raise UsageError("https_proxy is no address of an HTTP proxy", hint="https_proxy=http://HOST:PORT")
    headers = {}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    return Address(name, port or 80, ""), headers


def _kind(error: Exception) -> str:
    """What failed, in words that hold nothing that came from outside."""
    if isinstance(error, TimeoutError):
        return "it was silent for too long"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, ssl.SSLError):
        return "no TLS connection"
    if isinstance(error, ConnectionError):
        return "the connection broke"
    return "the answer was cut" if isinstance(error, http.client.HTTPException) else "it cannot be reached"
