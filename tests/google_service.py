"""A stand-in of Google Cloud Logging on loopback, over TLS: REST and gRPC, from the real message types.

It speaks entries.list and logs.list (https://cloud.google.com/logging/docs/reference/v2/rest), Google's token
endpoint for service accounts, and as much of the query language as Cecil and its tests write. Faults are put
into `faults`; one is used up by each request for entries.
"""

import base64
import functools
import json
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import grpc
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.api import monitored_resource_pb2  # noqa: F401  a part of LogEntry
from google.cloud.logging_v2.types import (
    ListLogEntriesRequest,
    ListLogEntriesResponse,
    ListLogsRequest,
    ListLogsResponse,
    LogEntry,
)
from google.protobuf.json_format import MessageToDict

from tests.tls_service import BEYOND, TlsHandler, TlsServer, certified

PROJECT = "project-of-nobody"
LOG = f"projects/{PROJECT}/logs/app%2Fweb"
_STATUS = {
    "RESOURCE_EXHAUSTED": 429,
    "UNAVAILABLE": 503,
    "INTERNAL": 500,
    "DEADLINE_EXCEEDED": 504,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "INVALID_ARGUMENT": 400,
}


class Refused(Exception):
    """A code of gRPC, which is a status of HTTP too."""


def entry(
    moment: int,
    text: str | None = None,
    *,
    log: str = LOG,
    insert_id: str = "",
    received: int | None = None,
    **payload: Any,
) -> Any:
    """An entry as a message, its time in nanoseconds since 1970."""
    made = LogEntry.pb(LogEntry(log_name=log, insert_id=insert_id or f"id-{moment}", severity=200))
    made.timestamp.seconds, made.timestamp.nanos = divmod(moment, 10**9)
    made.receive_timestamp.seconds, made.receive_timestamp.nanos = divmod(received or moment + 10**9, 10**9)
    made.resource.type = "gce_instance"
    made.resource.labels["zone"] = "europe-west1-b"
    if text is not None:
        made.text_payload = text
    if "json" in payload:
        made.json_payload.update(payload["json"])
    if "proto" in payload:
        made.proto_payload.CopyFrom(payload["proto"])
    return made


def moment_of(message: Any) -> int:
    return int(message.timestamp.seconds) * 10**9 + int(message.timestamp.nanos)


@functools.lru_cache(1000)
def nanoseconds(text: str) -> int:
    found = re.fullmatch(r"(-?\d+-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z", text)
    if not found:
        raise Refused("INVALID_ARGUMENT")
    from datetime import UTC, datetime

    day = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    return int((day - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 10**9 + int(
        (found[2] or "").ljust(9, "0")
    )


class GoogleService:
    """Start it in a `with`; `environment()` is what a process needs to find it."""

    def __init__(self, folder: Path) -> None:
        self.reset()
        self._lock = threading.Lock()
        self.ca = folder / "google-ca.pem"
        self._key = folder / "account.json"
        certificate = certified(self.ca)
        self._http = TlsServer(certificate, _handler(self))
        self._grpc = grpc.server(futures.ThreadPoolExecutor(2))
        self._grpc.add_generic_rpc_handlers((_calls(self),))
        pair = (certificate.private_key_pem.bytes(), b"".join(c.bytes() for c in certificate.cert_chain_pems))
        self._port = self._grpc.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
        self._write_account()

    def reset(self) -> None:
        self.made: dict[int, dict[str, Any]] = {}
        self._found: tuple[Any, list[tuple[int, Any]]] = None, []
        self.entries: list[Any] = []
        """Messages, in the order in which they came."""
        self.rendered: dict[int, dict[str, Any]] = {}
        """By an entry's place: its JSON over REST, where it is not what the library makes of the message."""
        self.source: Callable[[int, int, int, int], tuple[list[bytes], int]] | None = None
        """Makes a page of REST out of nothing: (since, until, offset, size) -> entries as JSON, how many in all."""
        self.pages: list[bytes] = []
        """Pages of REST as they are sent, before all others."""
        self.clock = 0.0
        """Seconds that its clock is ahead."""
        self.faults: list[Any] = []
        self.quota: tuple[int, float] | None = None
        self.requests: list[tuple[str, str, int]] = []
        """Filter, token and page size of every request for entries."""
        self.empty_pages = 0
        self.pretty = False
        """Whether it spreads its JSON over lines, though asked not to."""
        self.forget_tokens_after: int | None = None
        self.tokens: set[str] = set()
        self.issued = 0
        self.login_ends = False
        self.on_request: Callable[[int], None] | None = None
        self.times: list[float] = []

    @staticmethod
    def as_sent(message: Any) -> dict[str, Any]:
        """An entry as the service itself spells it, which knows all types but those of nobody."""
        copy = type(message)()
        copy.CopyFrom(message)
        copy.ClearField("proto_payload")
        found: dict[str, Any] = MessageToDict(copy)
        if message.HasField("json_payload"):
            found["jsonPayload"] = _integers(found["jsonPayload"])
        if message.HasField("proto_payload"):
            found["protoPayload"] = _payload(message.proto_payload)
        return found

    def _write_account(self) -> None:
        key = rsa.generate_private_key(65537, 2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        account = {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": "a-key-of-nobody",
            "private_key": key.decode(),
            "client_email": "cecil@example.com",
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        self._key.write_text(json.dumps(account))

    @property
    def url(self) -> str:
        return self._http.url

    @property
    def grpc_url(self) -> str:
        return f"https://localhost:{self._port}"

    def environment(self) -> dict[str, str]:
        return {
            "GOOGLE_APPLICATION_CREDENTIALS": str(self._key),
            "REQUESTS_CA_BUNDLE": str(self.ca),
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": str(self.ca),
            **BEYOND,
            "NO_GCE_CHECK": "true",
        }

    def __enter__(self) -> "GoogleService":
        self._http.start()
        self._grpc.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._grpc.stop(0).wait()
        self._http.stop()

    # What the service knows.

    def token(self, form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if self.login_ends or "assertion" not in form:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        with self._lock:
            self.issued += 1
            token = f"google-token-{self.issued}"
            self.tokens.add(token)
        return 200, {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def fault(self, filter: str, token: str, size: int) -> Any:
        with self._lock:
            self.requests.append((filter, token, size))
            self.times.append(time.monotonic())
            number = len(self.requests)
            found = self.faults.pop(0) if self.faults else None
            if self.quota:
                recent = [at for at in self.times[:-1] if self.times[-1] - at < self.quota[1]]
                if len(recent) >= self.quota[0]:
                    self.times.pop()
                    found = "RESOURCE_EXHAUSTED"
        if self.on_request:
            self.on_request(number)
        return found

    def page(
        self, resources: Sequence[str], filter: str, order: str, size: int, token: str
    ) -> tuple[list[tuple[int, Any]], str]:
        """Places and entries, and the next page's token. It is 50 entries unless more are asked for, and 1000 at most."""
        if list(resources) != [f"projects/{PROJECT}"]:
            raise Refused("NOT_FOUND" if any(PROJECT in name for name in resources) else "PERMISSION_DENIED")
        size = min(size or 50, 1000)
        if order not in ("timestamp asc", "timestamp desc"):
            raise Refused("INVALID_ARGUMENT")
        for choices in _parsed(filter):
            for choice in choices:
                _matches(_NOBODY, choice)
        key = (filter, order, len(self.entries))
        if self._found[0] != key:
            found = [(at, one) for at, one in enumerate(self.entries) if _passes(one, filter)]
            found.sort(
                key=lambda pair: (moment_of(pair[1]), pair[1].insert_id), reverse=order.endswith("desc")
            )
            self._found = key, found
        found = self._found[1]
        offset, empty = 0, 0
        if token:
            try:
                offset, empty, asked, number = json.loads(base64.urlsafe_b64decode(token))
            except ValueError:
                raise Refused("INVALID_ARGUMENT") from None
            forgotten = self.forget_tokens_after is not None and number >= self.forget_tokens_after
            if asked != filter or forgotten:
                self.forget_tokens_after = None
                raise Refused("INVALID_ARGUMENT")
        if empty < self.empty_pages:
            return [], self._token(offset, empty + 1, filter)
        page = found[offset : offset + size]
        more = offset + size < len(found)
        return page, self._token(offset + size, 0, filter) if more else ""

    def _token(self, offset: int, empty: int, filter: str) -> str:
        return base64.urlsafe_b64encode(
            json.dumps([offset, empty, filter, len(self.requests)]).encode()
        ).decode()

    def logs(self, parent: str) -> list[str]:
        if parent != f"projects/{PROJECT}":
            raise Refused("NOT_FOUND")
        return sorted({one.log_name for one in self.entries})


def _integers(value: Any) -> Any:
    """JavaScript's way with numbers: those that are whole have no fraction."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {key: _integers(item) for key, item in value.items()}
    return [_integers(item) for item in value] if isinstance(value, list) else value


def _payload(payload: Any) -> dict[str, Any]:
    from google.cloud.audit.audit_log_pb2 import AuditLog

    raw = {"@type": payload.type_url, "value": base64.b64encode(payload.value).decode()}
    audit = AuditLog()
    if payload.Is(AuditLog.DESCRIPTOR) and payload.value != b"\xff":
        payload.Unpack(audit)
        inner = _payload(audit.service_data) if audit.HasField("service_data") else None
        audit.ClearField("service_data")
        found = {"@type": payload.type_url, **MessageToDict(audit)}
        return found | ({"serviceData": inner} if inner else {})
    return raw


_NOBODY = entry(0, "")


@functools.lru_cache(100)
def _parsed(filter: str) -> list[list[str]]:
    """Choices, one of each must be true."""
    text = "\n".join(line.split("--")[0] for line in filter.split("\n"))
    parts = re.split(r"\s+AND\s+", text)
    return [
        [c.strip() for c in part.strip().removeprefix("(").removesuffix(")").split(" OR ")] for part in parts
    ]


def _passes(message: Any, filter: str) -> bool:
    return all(any(_matches(message, choice) for choice in choices) for choices in _parsed(filter))


def _matches(message: Any, clause: str) -> bool:
    if found := re.fullmatch(r'timestamp\s*(>=|<)\s*"([^"]*)"', clause):
        return (moment_of(message) >= nanoseconds(found[2])) == (found[1] == ">=")
    if found := re.fullmatch(r'logName\s*=\s*"([^"]*)"', clause):
        return bool(message.log_name == found[1])
    if found := re.fullmatch(r'log_id\("([^"]*)"\)', clause):
        return unquote(message.log_name).endswith(f"/logs/{found[1]}")
    if found := re.fullmatch(r"severity\s*>=\s*(\w+)", clause):
        return bool(message.severity >= {"INFO": 200, "ERROR": 500}[found[1]])
    raise Refused("INVALID_ARGUMENT")


def _calls(service: GoogleService) -> Any:
    def answer(call: Callable[[], Any], context: Any) -> Any:
        try:
            if not dict(context.invocation_metadata()).get("authorization", "").startswith("Bearer "):
                raise Refused("UNAUTHENTICATED")
            return call()
        except Refused as refused:
            context.abort(getattr(grpc.StatusCode, str(refused)), "scripted user@example.com")

    def entries(request: Any, context: Any) -> Any:
        def call() -> Any:
            fault = service.fault(request.filter, request.page_token, request.page_size)
            if isinstance(fault, tuple) and fault[0] == "stall":
                time.sleep(fault[1])
            elif fault == "reset":
                raise Refused("UNAVAILABLE")
            elif fault == "revoked":
                raise Refused("UNAUTHENTICATED")
            elif fault:
                raise Refused(str(fault))
            found, token = service.page(
                request.resource_names,
                request.filter,
                request.order_by,
                request.page_size,
                request.page_token,
            )
            page = ListLogEntriesResponse(next_page_token=token)
            ListLogEntriesResponse.pb(page).entries.extend(one for _, one in found)
            return page

        return answer(call, context)

    def logs(request: Any, context: Any) -> Any:
        return answer(lambda: ListLogsResponse(log_names=service.logs(request.parent)), context)

    unary = grpc.unary_unary_rpc_method_handler
    return grpc.method_handlers_generic_handler(
        "google.logging.v2.LoggingServiceV2",
        {
            "ListLogEntries": unary(
                entries, ListLogEntriesRequest.deserialize, ListLogEntriesResponse.serialize
            ),
            "ListLogs": unary(logs, ListLogsRequest.deserialize, ListLogsResponse.serialize),
        },
    )


def _json(service: GoogleService, message: Any) -> dict[str, Any]:
    found = service.made.get(id(message))
    if found is None:
        found = service.made[id(message)] = MessageToDict(message)
    return found


def _handler(service: GoogleService) -> type[TlsHandler]:
    class Handler(TlsHandler):
        def indent(self) -> int | None:
            return None if "prettyPrint=false" in self.path and not service.pretty else 2

        def refuse(self, code: str, fault: Any = None) -> None:
            status = _STATUS[code]
            error: dict[str, Any] = {"code": status, "message": "scripted user@example.com", "status": code}
            if fault == "disabled":
                error["details"] = [
                    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED"}
                ]
            wait = isinstance(fault, tuple) and fault[0] == "retry after"
            self.send(status, {"error": error}, {"Retry-After": str(fault[1])} if wait else None)

        def known(self) -> bool:
            return self.headers.get("Authorization", "").removeprefix("Bearer ") in service.tokens

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            try:
                if not self.known():
                    raise Refused("UNAUTHENTICATED")
                names = service.logs(unquote(parts.path).removeprefix("/v2/").removesuffix("/logs"))
            except Refused as refused:
                self.refuse(str(refused))
            else:
                self.send(200, {"logNames": names})

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            path = urlsplit(self.path).path
            if path == "/token":
                self.send(*service.token(parse_qs(raw.decode())))
                return
            body = json.loads(raw)
            fault = service.fault(body["filter"], body.get("pageToken", ""), body.get("pageSize", 0))
            if fault == "reset":
                self.hang_up()
            elif fault == "no json":
                self.send(200, b"<html>a proxy's page</html>")
            elif fault == "half a page":
                self.send(200, b'{"entries": [{"insertId": "a", "logName"')
            elif fault == "revoked":
                service.tokens.clear()
                self.refuse("UNAUTHENTICATED")
            elif isinstance(fault, tuple) and fault[0] == "retry after":
                self.refuse("RESOURCE_EXHAUSTED", fault)
            elif fault == "disabled":
                self.refuse("PERMISSION_DENIED", fault)
            elif isinstance(fault, str):
                self.refuse(fault)
            else:
                if isinstance(fault, tuple) and fault[0] == "stall":
                    time.sleep(fault[1])
                self.list(body, fault)

        def list(self, body: dict[str, Any], fault: Any) -> None:
            if not self.known():
                self.refuse("UNAUTHENTICATED")
                return
            if service.pages:
                self.send(200, service.pages.pop(0))
                return
            if service.source:
                self.made(body)
                return
            try:
                found, token = service.page(
                    body["resourceNames"],
                    body["filter"],
                    body["orderBy"],
                    body.get("pageSize", 0),
                    body.get("pageToken", ""),
                )
            except Refused as refused:
                self.refuse(str(refused))
                return
            page: dict[str, Any] = {}
            if found:
                page["entries"] = [service.rendered.get(at) or _json(service, one) for at, one in found]
            if token:
                page["nextPageToken"] = token
            self.send(200, page, fault=fault)

        def made(self, body: dict[str, Any]) -> None:
            assert service.source
            bounds = [nanoseconds(text) for text in re.findall(r'"(\d+-[^"]*Z)"', body["filter"])]
            offset, size = int(body.get("pageToken") or 0), min(body.get("pageSize") or 50, 1000)
            entries, count = service.source(bounds[0], bounds[-1], offset, size)
            token = f',"nextPageToken":"{offset + size}"' if offset + size < count else ""
            self.send(200, b'{"entries":[' + b",".join(entries) + b"]" + token.encode() + b"}")

    Handler.service = service
    return Handler
