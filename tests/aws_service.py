"""AWS on loopback: moto's server, and a proxy before it that fails as the real service and the network do.

moto is right for plumbing and for S3. What it lacks of CloudWatch Logs the proxy adds: groups by ARN, prefixes of
streams, empty pages, quotas, and faults of every kind, taken from a plan one request after the other.
"""

import http.client
import json
import logging
import socket
import struct
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REGION = "eu-west-1"
ACCOUNT = "123456789012"
KEY_ID, SECRET = "AKIA" + "EXAMPLE" * 2, "not/a/secret/" + "k" * 27
JSON = "application/x-amz-json-1.1"

ERRORS = {
    "throttle": (400, "ThrottlingException"),
    "500": (500, "InternalFailure"),
    "503": (503, "ServiceUnavailableException"),
    "denied": (400, "AccessDeniedException"),
    "expired": (400, "ExpiredTokenException"),
    "badkey": (400, "UnrecognizedClientException"),
    "signature": (400, "InvalidSignatureException"),
    "badpattern": (400, "InvalidParameterException"),
    "infrequent": (400, "InvalidOperationException"),
    "strange": (400, "NobodyKnowsException"),
    "badquery": (400, "MalformedQueryException"),
}
S3_ERRORS = {
    "throttle": (503, "SlowDown"),
    "500": (500, "InternalError"),
    "503": (503, "ServiceUnavailable"),
    "denied": (403, "AccessDenied"),
    "expired": (400, "ExpiredToken"),
    "badkey": (403, "InvalidAccessKeyId"),
    "skew": (403, "RequestTimeTooSkewed"),
    "archived": (403, "InvalidObjectState"),
}


@dataclass
class Plan:
    """What goes wrong.

    Attributes:
        faults: one for each request that `match` says is meant; then all is well. `ok`; a key of `ERRORS`, with
            `:N` for a Retry-After of N seconds; `reset`; `headers`, a reply that ends in its headers;
            `cut:N`, after N bytes of the body, from its end for a negative N; `stall`, half a body and no more;
            `empty`, a page without events before the page that was asked for.
        match: whether a request, by its operation (`FilterLogEvents`, `GET`), is meant.
        quota: requests a second before they are throttled.
        skew: seconds that the service's clock is ahead.
        seen: (operation, path, arguments or headers) of every request.
        answers: what is answered instead of moto, by operation and arguments; None for moto's answer.
        before: called with the operation of every request, before it is answered.
    """

    faults: list[str] = field(default_factory=list)
    match: Callable[[str], bool] = lambda operation: operation in ("FilterLogEvents", "GET")
    quota: int | None = None
    skew: float = 0.0
    seen: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    answers: Callable[[str, dict[str, Any]], dict[str, Any] | None] = lambda operation, arguments: None
    before: Callable[[str], None] = lambda operation: None
    _times: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, operation: str) -> str:
        with self._lock:
            if self.quota:
                now = time.monotonic()
                self._times = [moment for moment in self._times if now - moment < 1]
                if len(self._times) >= self.quota:
                    return "throttle"
                self._times.append(now)
            return self.faults.pop(0) if self.faults and self.match(operation) else "ok"

    def count(self, operation: str) -> int:
        return sum(one[0] == operation for one in self.seen)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    plan: Plan
    upstream: int

    def log_message(self, *_: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return formatdate(time.time() + self.plan.skew, usegmt=True)

    def go(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length) if length else b""
        target = self.headers.get("X-Amz-Target")
        arguments: dict[str, Any] = {}
        if target:
            operation = target.rpartition(".")[2]
            arguments = json.loads(data)
            self.plan.seen.append((operation, self.path, dict(arguments)))
        elif self.command == "POST" and b"Action=" in data:
            operation = data.split(b"Action=")[1].split(b"&")[0].decode()
            self.plan.seen.append((operation, self.path, dict(self.headers.items())))
        else:
            operation = self.command
            self.plan.seen.append((operation, self.path, dict(self.headers.items())))
        self.plan.before(operation)
        fault, _, detail = self.plan.next(operation).partition(":")
        if fault in (ERRORS if target else S3_ERRORS):
            return self._fail(fault, detail, json_api=bool(target))
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return self._hang_up()
        if fault == "headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: applica")
            self.wfile.flush()
            return self._hang_up()
        if target:
            answer = self.plan.answers(operation, arguments)
            if answer is not None:
                return self._reply(200, [("Content-Type", JSON)], json.dumps(answer).encode(), "ok", "")
            if fault == "empty":
                token = "empty " + str(arguments.get("nextToken", ""))
                body = json.dumps({"events": [], "searchedLogStreams": [], "nextToken": token}).encode()
                return self._reply(200, [("Content-Type", JSON)], body, "ok", "")
            data = json.dumps(_as_moto_knows(operation, arguments)).encode()
        status, headers, body = self._ask(data)
        return self._reply(status, headers, body, fault, detail)

    def _ask(self, data: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream)
        headers = {
            key: value
            for key, value in self.headers.items()
            if key.lower() not in ("connection", "content-length")
        }
        connection.request(self.command, self.path, data or None, headers)
        response = connection.getresponse()
        body = response.read()
        skip = ("transfer-encoding", "connection", "date", "server")
        if self.command != "HEAD":
            skip += ("content-length",)
        found = [(key, value) for key, value in response.getheaders() if key.lower() not in skip]
        connection.close()
        return response.status, found, body

    def _fail(self, fault: str, detail: str, *, json_api: bool) -> None:
        status, code = (ERRORS if json_api else S3_ERRORS)[fault]
        body = json.dumps({"__type": code, "message": f"secret words about {SECRET}"}).encode()
        if not json_api:
            error = f"<Error><Code>{code}</Code><Message>words {SECRET}</Message></Error>"
            body = (error if self.command == "GET" else f"<ErrorResponse>{error}</ErrorResponse>").encode()
        headers = [("Content-Type", JSON if json_api else "application/xml")]
        if detail:
            headers.append(("Retry-After", detail))
        self._reply(status, headers, body, "ok", "")

    def _reply(
        self, status: int, headers: list[tuple[str, str]], body: bytes, fault: str, detail: str
    ) -> None:
        self.send_response(status)
        for key, value in headers:
            self.send_header(key, value)
        if not any(key.lower() == "content-length" for key, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return None
        if fault == "cut":
            self.wfile.write(body[: int(detail)])
            self.wfile.flush()
            return self._hang_up()
        if fault == "stall":
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.connection.settimeout(20)
            with suppress(OSError):
                self.connection.recv(1)  # until who asked has enough of it
            return self._hang_up()
        self.wfile.write(body)
        return None

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = go


def _as_moto_knows(operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The same request in words of moto, which knows neither ARNs nor prefixes of streams here."""
    arguments = dict(arguments)
    if operation in ("FilterLogEvents", "DescribeLogStreams") and "logGroupIdentifier" in arguments:
        arguments["logGroupName"] = arguments.pop("logGroupIdentifier").rpartition(":")[2]
    token = arguments.get("nextToken", "")
    while token.startswith("empty "):
        token = token.removeprefix("empty ")
        arguments["nextToken"] = token
    if not token:
        arguments.pop("nextToken", None)
    return arguments


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # a client that has gone, as it should


@dataclass
class Service:
    """moto behind its proxy.

    Attributes:
        url: the proxy's.
        plan: what goes wrong; a test gives a new one with `fresh`.
    """

    url: str
    direct: str
    handler: type[_Handler]
    clients: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        return self.handler.plan

    def fresh(self, *faults: str, **more: Any) -> Plan:
        self.handler.plan = Plan(list(faults), **more)
        return self.handler.plan

    def reset(self) -> None:
        self.fresh()
        urllib.request.urlopen(urllib.request.Request(f"{self.direct}/moto-api/reset", method="POST")).read()

    def client(self, service: str) -> Any:
        """A client of moto itself, to put things there."""
        import botocore.session

        if service in self.clients:
            return self.clients[service]
        made = botocore.session.Session().create_client(
            service,
            region_name=REGION,
            endpoint_url=self.direct,
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
        )
        assert made.meta.endpoint_url.startswith("http://127.0.0.1:")
        return self.clients.setdefault(service, made)

    def env(self) -> dict[str, str]:
        """An environment whose AWS is this one, and no other."""
        assert self.url.startswith("http://127.0.0.1:")
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def put(self, group: str, stream: str, events: list[tuple[int, str]]) -> None:
        """Events (milliseconds, message) into a stream, which is made when it is not there."""
        logs = self.client("logs")
        for make, names in (
            (logs.create_log_group, {"logGroupName": group}),
            (logs.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            with suppress(logs.exceptions.ResourceAlreadyExistsException):
                make(**names)
        events = sorted(events)
        for start in range(0, len(events), 5000):
            reply = logs.put_log_events(
                logGroupName=group,
                logStreamName=stream,
                logEvents=[{"timestamp": t, "message": m} for t, m in events[start : start + 5000]],
            )
            assert not reply.get("rejectedLogEventsInfo")


@contextmanager
def running() -> Iterator[Service]:
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import WSGIRequestHandler

    # A reply in two packets waits 40 ms for the first to be acknowledged.
    WSGIRequestHandler.disable_nagle_algorithm = True
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would tell every request on standard error
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    assert host == "127.0.0.1"
    handler = type("Handler", (_Handler,), {"plan": Plan(), "upstream": port})
    proxy = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{proxy.server_port}", f"http://127.0.0.1:{port}", handler)
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
        moto.stop()
