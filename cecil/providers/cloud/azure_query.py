"""Azure Monitor Logs, asked in KQL: one question, one answer, tried again where that may help.

Owns: the vendor's client, reading a reply, and what each failure
means. A reply is read as bytes and cut into values where they stand: numbers, ticks of 100 ns and escapes
stay as the service wrote them, which the client's own reader changes (it also takes 4 kB a row). Refuses: to
know what is asked, and to say anything that a service answered but codes and names.

The API: https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format and .../response-format.
"""

import json
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from cecil.errors import MissingExtraError, UsageError
from cecil.providers.cloud.azure_login import SETTINGS, Login, LoginEnded
from cecil.providers.cloud.clock import Clock
from cecil.providers.cloud.network import fault_on_the_way, mended, quiet
from cecil.providers.cloud.retry import Action, Fault, Retry, Rule, retry_after
from cecil.providers.lean import requests
from cecil.stream.offline import online

if TYPE_CHECKING:
    from azure.monitor.query import LogsQueryClient

ENDPOINT = "https://api.loganalytics.io"
_AUTHORITIES = {".us": "login.microsoftonline.us", ".cn": "login.chinacloudapi.cn"}
"""Where one logs in for the clouds of the US government and of China, by how their endpoints end."""

_KNOWN_AUTHORITIES = {"login.microsoftonline.com", *_AUTHORITIES.values()}
_CHUNK = 1 << 16

AT_LARGE = {"-2133196797", "-2133196793", "-2133196799"}
"""Inner codes that fewer rows avoid: too many rows or bytes (0x80DA0003), memory, a runaway query."""

_PART = Rule(Action.AGAIN, "a part of the service did not answer, which mostly does the next time", 4)

_LOGIN = "az login"
_NAMED = re.compile(r"named '([A-Za-z_]\w{0,63})'")
_ON_THE_WAY = re.compile(r"(?i)connection|max retries|timed out|resolution")


class Column(msgspec.Struct, frozen=True):
    """A column of an answer; its type is one of KQL: string, datetime, dynamic, long, ..."""

    name: str
    type: str


class _Table(msgspec.Struct):
    columns: list[Column]
    rows: list[msgspec.Raw]


class _Body(msgspec.Struct):
    tables: list[_Table] = []
    error: msgspec.Raw = msgspec.Raw(b"null")


class Answer(NamedTuple):
    """What a query gave.

    Attributes:
        rows: each the JSON text of an array, whose values are in the order of the columns; see `cells`.
        cut: whether the service left rows out because they were too many.
        size: bytes of the reply.
    """

    columns: list[Column]
    rows: list[msgspec.Raw]
    cut: bool
    size: int


_DECODER = msgspec.json.Decoder(_Body)


class Part(Exception):
    """An answer that is not whole, for a reason other than its size; its inner code."""


class Reply(Exception):
    """A reply that is no answer: its status, and the codes in it from the outermost to the innermost."""

    def __init__(self, status: int, body: bytes = b"", wait: float | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.wait = wait
        self.codes: list[str] = []
        self.place = ""
        self.name = ""
        try:
            error = json.loads(body)["error"]
        except (ValueError, KeyError, TypeError):
            error = None
        while isinstance(error, dict):
            if isinstance(error.get("code"), str) and re.fullmatch(r"\w{1,64}", error["code"]):
                self.codes.append(error["code"])
            if isinstance(error.get("line"), int) and isinstance(error.get("pos"), int):
                self.place = f" at line {error['line']}, position {error['pos']}"
            found = _NAMED.search(str(error.get("message")))
            self.name = found[1] if found else self.name
            error = error.get("innererror")


class LogAnalytics:
    """A workspace, or the logs of a resource.

    Args:
        scope: `/workspaces/ID` or a resource's ID, from `/subscriptions/` on.
        endpoint: the API's address; another cloud's for a sovereign cloud.
        seconds: how long a query may take; the service itself ends them after 600.
        retry: how a failure is met.

    Attributes:
        clock: the service's time.

    Raises:
        UsageError: an endpoint that tokens must not be sent to.
    """

    def __init__(self, scope: str, endpoint: str, seconds: int, retry: Retry) -> None:
        if urlsplit(endpoint).scheme != "https" or not urlsplit(endpoint).hostname:
            raise UsageError("--endpoint-url: an address with https:// is wanted", hint=f"as {ENDPOINT}")
        self._scope = scope
        self._endpoint = endpoint.rstrip("/")
        self._seconds = seconds
        self.clock = Clock()
        self._retry = retry
        retry.renew = self._renew
        self._client: LogsQueryClient | None = None

    def open(self) -> None:
        online()
        try:
            login: Any = Login(login_server(self._endpoint))  # of the newer of the client's two kinds
            requests()
            from azure.monitor.query import LogsQueryClient
        except ImportError:
            raise MissingExtraError("Azure", "azure") from None
        quiet("azure", "msal", "urllib3")
        self._client = LogsQueryClient(
            login,
            endpoint=self._endpoint,
            retry_total=0,  # retry.py has the one policy
            connection_timeout=10,
            # Gaps between two bytes; the first byte comes when the query is done.
            read_timeout=self._seconds * 1.1 + 1,
            connection_data_block_size=_CHUNK,
        )

    def close(self) -> None:
        if self._client:
            self._client.close()
            self._client = None

    def _renew(self) -> None:
        # A token that the service refuses although its time is not over is not known to a new client.
        self.close()
        self.open()

    def ask(self, query: Callable[[], str], slow: Callable[[], None] = lambda: None) -> Answer:
        """The answer to a query.

        Args:
            query: makes the query, for each try anew.
            slow: called when a try took the service too long.

        Raises:
            Reply: with the status 413: the answer would be too large.
            SourceError: it failed for good.
        """

        def judge(error: Exception) -> Fault | None:
            fault = self._judge(error)
            if fault and fault.code in ("http 504", "net timeout"):
                slow()
            return fault

        return self._retry.call(lambda: self._once(query()), judge)

    def _once(self, query: str) -> Answer:
        from azure.core.rest import HttpRequest

        assert self._client
        request = HttpRequest(
            "POST", f"{self._scope}/query", json={"query": query}, headers={"Prefer": f"wait={self._seconds}"}
        )
        response = self._client.send_request(request, stream=True)
        try:
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
        finally:
            response.close()
        self.clock.learn(response.headers.get("Date"))
        if response.status_code != 200:
            raise Reply(response.status_code, bytes(body), retry_after(response.headers.get("Retry-After")))
        answer = _read(body)
        effort = self._retry.effort
        effort.pages += 1
        effort.bytes += answer.size
        return answer

    def _judge(self, error: Exception) -> Fault | None:
        from azure.core.exceptions import AzureError, ClientAuthenticationError

        if isinstance(error, Reply):
            return None if error.status == 413 else _judge_reply(error)
        if isinstance(error, Part):
            return Fault(
                "azure partial",
                f"Azure Monitor gives only a part of an answer (code {error})",
                "run it again; --since and --until ask for less",
                again=_PART,
            )
        if isinstance(error, LoginEnded):
            return Fault("http 403", "the login to Azure ended without an answer", _LOGIN)
        if isinstance(error, ClientAuthenticationError):
            return _judge_login(error)
        if isinstance(error, AzureError):
            return fault_on_the_way(error, urlsplit(self._endpoint).hostname or "")
        return None


def login_server(endpoint: str) -> dict[str, Any]:
    """Where one logs in for an API's endpoint, for azure-identity; AZURE_AUTHORITY_HOST goes before."""
    named = os.environ.get("AZURE_AUTHORITY_HOST", "")
    host = urlsplit(named if "://" in named else f"https://{named}").netloc
    ending = "." + (urlsplit(endpoint).hostname or "").rpartition(".")[2]
    host = host or _AUTHORITIES.get(ending, "login.microsoftonline.com")
    # What knows all authorities is asked about others; a private cloud's it would not know.
    return {"authority": f"https://{host}", "disable_instance_discovery": host not in _KNOWN_AUTHORITIES}


def _judge_reply(reply: Reply) -> Fault:
    code = f"http {reply.status}"
    last = reply.codes[-1] if reply.codes else ""
    said = f"HTTP {reply.status}" + (f", {last}" if last else "")
    if reply.status == 401:
        return Fault(code, f"Azure refuses the login ({said})", _LOGIN)
    if reply.status == 403:
        hint = "az role assignment create --role 'Log Analytics Reader' --assignee YOU --scope RESOURCE"
        return Fault(code, f"no permission to read these logs ({said})", hint)
    if reply.status == 404:
        hint = "az monitor log-analytics workspace list --query '[].[name, customerId]' -o tsv"
        return Fault(code, f"no such workspace or resource ({said})", hint)
    if reply.status == 400 and "SyntaxError" in reply.codes:
        return Fault(
            code, f"the query is not valid KQL{reply.place} ({last})", "try it in the portal, under Logs"
        )
    if reply.status == 400 and reply.name:
        return Fault(
            code, f"the query names {reply.name}, which is not there ({last})", "cecil-fetch azure --list"
        )
    return Fault(code, f"Azure Monitor answers {said}", retry_after=reply.wait)


def _judge_login(error: Exception) -> Fault:
    # The chain tells of every way to log in that it tried, a line each, up to the one that failed.
    text = str(error)
    if text == SETTINGS:
        hint = "look at AZURE_TOKEN_CREDENTIALS, AZURE_TENANT_ID and AZURE_AUTHORITY_HOST"
        return Fault("http 403", "azure-identity does not know a setting of the login", hint)
    number = re.search(r"AADSTS\d+", text)
    if number:
        return Fault("http 403", f"the login to Azure has expired or is wrong ({number[0]})", _LOGIN)
    lines = [line for line in text.split("\n") if line.strip() and "troubleshoot" not in line]
    last = lines[-1] if lines else ""
    if _ON_THE_WAY.search(last) and "unavailable" not in last:
        return Fault(
            "net refused",
            "cannot reach the server of the login to Azure",
            "look at the network, HTTPS_PROXY and AZURE_AUTHORITY_HOST",
        )
    hint = f"{_LOGIN}, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET"
    return Fault("http 403", "no login to Azure is found", hint)


cells = msgspec.json.Decoder(list[msgspec.Raw]).decode
"""The values of a row, each as the text that stands there."""


def _read(body: bytearray) -> Answer:
    try:
        if not body.isascii():
            body.decode()
        try:
            found = _DECODER.decode(body)
        except msgspec.DecodeError:
            found = _DECODER.decode(mended(bytes(body)))
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Cut where the transport did not see it, or a proxy's own page.
        raise Reply(502) from None
    table = found.tables[0] if found.tables else _Table([], [])
    error = bytes(found.error)
    inner = re.search(rb'"code"\s*:\s*"(-[0-9]{1,20})"', error)
    code = inner[1].decode() if inner else "unknown"
    if error != b"null" and code not in AT_LARGE:
        raise Part(code)
    return Answer(table.columns, table.rows, error != b"null", len(body))
