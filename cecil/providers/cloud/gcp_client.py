"""Google's Cloud Logging, asked for one page: over REST or over gRPC.

Owns: the login (application default credentials), both ways to the service, and what each failure means.
REST is what is taken by itself: entries are handed on as the service spelled them, integers as integers and
keys in their order, and the process is half as large. Over gRPC an entry is a message that is written out
again: numbers of a JSON payload come as doubles there, of which whole ones are written as integers again;
beyond 2^53 they are what the service made of them. Refuses: the library's own reader of entries, which asks
for the last 24 hours unless told otherwise, drops the time of receipt and digits of times, and fails on
payloads of a type that it does not know.

The API: https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list.
"""

import base64
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

import msgspec
import orjson

from cecil.errors import MissingExtraError, SourceError, UsageError
from cecil.providers.cloud.clock import Clock
from cecil.providers.cloud.network import fault_on_the_way, mended, quiet
from cecil.providers.cloud.retry import Fault, Retry, retry_after
from cecil.providers.lean import lean, requests
from cecil.stream.encode import dumps
from cecil.stream.offline import online

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.auth.transport.requests import AuthorizedSession
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
    from google.protobuf.any_pb2 import Any as AnyMessage
    from google.protobuf.message import Message

T = TypeVar("T")

ENDPOINT = "https://logging.googleapis.com"
_SCOPES = ["https://www.googleapis.com/auth/logging.read"]
_LOGIN = "gcloud auth application-default login"
_PAGE = 1000
"""Entries in a page at most; the service gives no more."""


class Entries(NamedTuple):
    """A page: entries as JSON objects on one line each, and the token of the next page, "" for none."""

    lines: list[bytes]
    token: str


class StaleToken(Exception):
    """The service does not know the token of a page any more."""


class Client(ABC):
    """One way to the service.

    Args:
        endpoint: the API's address.
        seconds: how long a reply may let us wait.
        retry: how a failure is met.

    Attributes:
        project: what the login says which project is meant; None where it says none.
        clock: the service's time.

    Raises:
        UsageError: an endpoint that tokens must not be sent to.
    """

    def __init__(self, endpoint: str, seconds: int, retry: Retry) -> None:
        if urlsplit(endpoint).scheme != "https" or not urlsplit(endpoint).hostname:
            raise UsageError("--endpoint-url: an address with https:// is wanted", hint=f"as {ENDPOINT}")
        self.endpoint = endpoint.rstrip("/")
        self.seconds = seconds
        self.project: str | None = None
        self.clock = Clock()
        self._retry = retry
        self._login: Credentials | None = None
        retry.renew = self._renew

    def open(self) -> None:
        """Log in.

        Raises:
            SourceError: there is no login.
            UsageError: audit mode.
        """
        online()
        try:
            requests()
            import google.auth
            from google.auth.exceptions import DefaultCredentialsError
        except ImportError:
            raise MissingExtraError("Google Cloud", "gcp") from None
        quiet("google", "urllib3", "grpc")
        try:
            self._login, self.project = google.auth.default(scopes=_SCOPES)
        except DefaultCredentialsError:
            raise SourceError("no login to Google Cloud is found", hint=_LOGIN) from None
        self.reach()

    @abstractmethod
    def reach(self) -> None:
        """Make the vendor's client."""

    @abstractmethod
    def close(self) -> None:
        """Let go of it; safe to call twice."""

    def _renew(self) -> None:
        self.close()
        self.open()

    @abstractmethod
    def entries(
        self, resources: list[str], filter: str, token: str = "", *, newest: bool = False, most: int = _PAGE
    ) -> Entries:
        """A page of entries, the oldest first, or the newest.

        Raises:
            StaleToken: the token is not known any more.
            SourceError: it failed for good.
        """

    @abstractmethod
    def logs(self, resource: str, token: str = "") -> tuple[list[str], str]:
        """Names of logs, in full, and the token of the next page.

        Raises:
            SourceError: it failed for good.
        """

    def _counted(self, size: int) -> None:
        self._retry.effort.pages += 1
        self._retry.effort.bytes += size

    def judge(self, error: Exception) -> Fault | None:
        """Which failure an exception is."""
        from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError

        if isinstance(error, RefreshError):
            if getattr(error, "retryable", False):
                return Fault(
                    "http 503",
                    "the server of the login to Google Cloud does not answer",
                    "look at the network and HTTPS_PROXY",
                )
            return Fault("http 403", "the login to Google Cloud has expired or is wrong", _LOGIN)
        if isinstance(error, TransportError):
            return fault_on_the_way(error, "the server of the login to Google Cloud")
        if isinstance(error, GoogleAuthError):
            return Fault("http 403", "the login to Google Cloud cannot be used", _LOGIN)
        return None


def _final(code: str, said: str, wait: float | None = None, reason: str = "") -> Fault:
    """What a refusal means: `code` is a row of the table of failures, `said` what the service calls it."""
    if said in ("UNAUTHENTICATED", "HTTP 401"):
        return Fault(code, f"Google Cloud refuses the login ({said})", _LOGIN)
    if reason == "SERVICE_DISABLED":
        hint = "gcloud services enable logging.googleapis.com --project=PROJECT"
        return Fault(code, "the project has not enabled Cloud Logging's API", hint)
    if said == "PERMISSION_DENIED":
        hint = "gcloud projects add-iam-policy-binding PROJECT --member=user:YOU --role=roles/logging.viewer"
        return Fault(code, f"no permission to read these logs ({said})", hint)
    if said == "NOT_FOUND":
        return Fault(code, f"no such project, folder or log view ({said})", "gcloud projects list")
    if said == "INVALID_ARGUMENT":
        hint = "gcloud logging read FILTER --limit=1 says where"
        return Fault(code, f"Google Cloud refuses the filter or the project's name ({said})", hint)
    return Fault(code, f"Cloud Logging answers {said}", retry_after=wait)


class _Refused(Exception):
    """A reply over REST that is no page."""

    def __init__(self, status: int, body: bytes = b"", wait: float | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.wait = wait
        self.said = f"HTTP {status}"
        self.reason = ""
        try:
            error = orjson.loads(body)["error"]
            if re.fullmatch(r"[A-Z_]{1,40}", error["status"]):
                self.said = error["status"]
            self.reason = next(one["reason"] for one in error["details"] if "reason" in one)
        except (ValueError, KeyError, TypeError, StopIteration):
            return


class _Page(msgspec.Struct):
    entries: list[msgspec.Raw] = []
    nextPageToken: str = ""


class _Logs(msgspec.Struct):
    logNames: list[str] = []
    nextPageToken: str = ""


class RestClient(Client):
    """JSON over HTTP: entries as the service spells them."""

    _session: "AuthorizedSession | None" = None

    def reach(self) -> None:
        from google.auth.transport.requests import AuthorizedSession

        # A reply of 401 is met by retry.py, with a new login, as over gRPC.
        self._session = AuthorizedSession(self._login, max_refresh_attempts=0)

    def close(self) -> None:
        if self._session:
            self._session.close()
            self._session = None

    def entries(
        self, resources: list[str], filter: str, token: str = "", *, newest: bool = False, most: int = _PAGE
    ) -> Entries:
        body = {
            "resourceNames": resources,
            "filter": filter,
            "orderBy": "timestamp desc" if newest else "timestamp asc",
            "pageSize": most,
        }
        if token:
            body["pageToken"] = token

        def judge(error: Exception) -> Fault | None:
            if token and isinstance(error, _Refused) and error.status == 400:
                raise StaleToken from None
            return self.judge(error)

        page = self._retry.call(lambda: self._ask("POST", "/v2/entries:list", _Page, body), judge)
        return Entries([_one_line(entry) for entry in page.entries], page.nextPageToken)

    def logs(self, resource: str, token: str = "") -> tuple[list[str], str]:
        path = f"/v2/{quote(resource)}/logs?pageSize={_PAGE}" + (
            f"&pageToken={quote(token)}" if token else ""
        )
        found = self._retry.call(lambda: self._ask("GET", path, _Logs), self.judge)
        return found.logNames, found.nextPageToken

    def _ask(self, method: str, path: str, kind: type[T], body: dict[str, Any] | None = None) -> T:
        assert self._session
        response = self._session.request(
            method,
            f"{self.endpoint}{path}",
            data=None if body is None else orjson.dumps(body),
            headers={"Content-Type": "application/json"},
            params={"prettyPrint": "false"},
            timeout=(10, self.seconds),
            allow_redirects=False,
        )
        data = response.content
        self.clock.learn(response.headers.get("Date"))
        if response.status_code != 200:
            raise _Refused(response.status_code, data, retry_after(response.headers.get("Retry-After")))
        try:
            if not data.isascii():
                data.decode()
            try:
                found = msgspec.json.decode(data, type=kind)
            except msgspec.DecodeError:
                found = msgspec.json.decode(mended(data), type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # Cut where the transport did not see it, or a proxy's own page.
            raise _Refused(502) from None
        self._counted(len(data))
        return found

    def judge(self, error: Exception) -> Fault | None:
        import requests

        if isinstance(error, _Refused):
            return _final(f"http {error.status}", error.said, error.wait, error.reason)
        if isinstance(error, requests.RequestException):
            return fault_on_the_way(error, urlsplit(self.endpoint).hostname or "")
        return super().judge(error)


def _one_line(entry: msgspec.Raw) -> bytes:
    data = bytes(entry)
    return msgspec.json.format(data, indent=-1) if b"\n" in data else data


class GrpcClient(Client):
    """The library's own way, gRPC."""

    _service: "LoggingServiceV2Client | None" = None

    def reach(self) -> None:
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # what its core writes goes past every logger
        try:
            # It looks for frameworks that it could be a part of.
            lean("google.cloud.logging_v2", {"flask": None, "django": None})
            import google.cloud.logging_v2.entries  # noqa: F401  which knows the types of audit logs
            from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client
        except ImportError:
            raise MissingExtraError("Google Cloud", "gcp") from None
        address = urlsplit(self.endpoint)
        self._service = LoggingServiceV2Client(
            credentials=self._login,
            client_options={"api_endpoint": f"{address.hostname}:{address.port or 443}"},
        )

    def close(self) -> None:
        if self._service:
            self._service.transport.close()
            self._service = None

    def entries(
        self, resources: list[str], filter: str, token: str = "", *, newest: bool = False, most: int = _PAGE
    ) -> Entries:
        from google.api_core.exceptions import InvalidArgument
        from google.cloud.logging_v2.types import ListLogEntriesRequest

        request = ListLogEntriesRequest(
            resource_names=resources,
            filter=filter,
            order_by="timestamp desc" if newest else "timestamp asc",
            page_size=most,
            page_token=token,
        )

        def judge(error: Exception) -> Fault | None:
            if token and isinstance(error, InvalidArgument):
                raise StaleToken from None
            return self.judge(error)

        def ask() -> Any:
            assert self._service
            pager = self._service.list_log_entries(request=request, retry=None, timeout=self.seconds)
            page = next(iter(pager.pages))
            return type(page).pb(page)

        page = self._retry.call(ask, judge)
        self._counted(page.ByteSize())
        return Entries([dumps(_plain(entry)) for entry in page.entries], page.next_page_token)

    def logs(self, resource: str, token: str = "") -> tuple[list[str], str]:
        from google.cloud.logging_v2.types import ListLogsRequest

        request = ListLogsRequest(parent=resource, page_size=_PAGE, page_token=token)

        def ask() -> Any:
            assert self._service
            pager = self._service.list_logs(request=request, retry=None, timeout=self.seconds)
            return next(iter(pager.pages))

        page = self._retry.call(ask, self.judge)
        return list(page.log_names), page.next_page_token

    def judge(self, error: Exception) -> Fault | None:
        from google.api_core.exceptions import GoogleAPICallError

        if isinstance(error, GoogleAPICallError):
            status = error.grpc_status_code
            said = status.name if status else "UNKNOWN"
            details = str(error).lower()
            if said == "UNAVAILABLE" and "certificate_verify_failed" in details.replace(" ", "_"):
                hint = "name the file of the authority that you trust in GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"
                host = urlsplit(self.endpoint).hostname
                return Fault("net tls", f"the certificate of {host} is not trusted", hint)
            return _final(f"grpc {said}", said, reason=error.reason or "")
        return super().judge(error)


def _plain(entry: "Message") -> dict[str, Any]:
    """An entry as REST spells it, with payloads of types that nobody here knows as they came."""
    from google.protobuf.json_format import MessageToDict

    payload = None
    if entry.WhichOneof("payload") == "proto_payload":
        payload = _any(entry.proto_payload)
        entry.ClearField("proto_payload")
    found: dict[str, Any] = MessageToDict(entry)
    if payload is not None:
        found["protoPayload"] = payload
    if "jsonPayload" in found:
        found["jsonPayload"] = _whole(found["jsonPayload"])
    return found


def _any(value: "AnyMessage") -> dict[str, Any]:
    """A message of any type; of one that is not known, its bytes."""
    from google.protobuf import descriptor_pool, message_factory
    from google.protobuf.any_pb2 import Any as AnyMessage
    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import DecodeError

    unknown = {"@type": value.type_url, "value": base64.b64encode(value.value).decode()}
    try:
        kind = descriptor_pool.Default().FindMessageTypeByName(value.type_url.rpartition("/")[2])
        message = message_factory.GetMessageClass(kind)()
        message.ParseFromString(value.value)
    except (KeyError, DecodeError):
        return unknown
    inner = {}
    for field, held in message.ListFields():
        if isinstance(held, AnyMessage):
            inner[field.json_name] = _any(held)
    for field in [field for field, held in message.ListFields() if isinstance(held, AnyMessage)]:
        message.ClearField(field.name)
    try:
        return {"@type": value.type_url, **_whole(MessageToDict(message)), **inner}
    except (TypeError, ValueError):
        return unknown


def _whole(value: Any) -> Any:
    """The same, with numbers of a Struct that are whole as integers again."""
    if isinstance(value, float) and abs(value) < 1 << 63 and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value


CLIENTS: dict[str, Callable[[str, int, Retry], Client]] = {"rest": RestClient, "grpc": GrpcClient}
"""By the name of `--transport`."""
