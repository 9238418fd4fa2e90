"""What is asked of a server, and what its answers are in Python.

Owns: requests that are answered at once, and the errors that answers tell of. Does no I/O.
"""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from cecil.errors import CecilError, PolicyError, RecordError

if TYPE_CHECKING:
    from cecil.sanitizer.sanitizer import Finding, NearMiss

NDJSON = "application/x-ndjson"

T = TypeVar("T")


class AnswerError(CecilError):
    """The server refused a request.

    Attributes:
        code: the HTTP status.
        problem: the name of the problem, for example `too-large`; empty where there is none.
    """

    def __init__(self, message: str, code: int, problem: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.code = code
        self.problem = problem


class Redacted(NamedTuple):
    """What came of a value.

    Attributes:
        value: what goes on.
        findings: what was found; never a value.
    """

    value: Any
    findings: "list[Finding]"


class Explained(NamedTuple):
    """What was found, and what nearly was.

    Attributes:
        findings, misses: never a value.
    """

    findings: "list[Finding]"
    misses: "list[NearMiss]"


class Call(NamedTuple, Generic[T]):
    """A request, and how its answer is read."""

    method: str
    path: str
    read: Callable[[bytes], T]
    body: bytes | None = None
    media_type: str | None = None


def _judging(what: str, value: Any, policy: str | None, read: Callable[[dict[str, Any]], T]) -> Call[T]:
    ask = {"value": value} if policy is None else {"value": value, "policy": policy}
    try:
        body = json.dumps(ask, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):  # a lone surrogate is a ValueError too
        raise RecordError("not a value that JSON has") from None
    return Call("POST", f"/v1/{what}", lambda data: read(json.loads(data)), body, "application/json")


def _redacted(told: dict[str, Any]) -> Redacted:
    return Redacted(told["value"], _findings(told))


def _explained(told: dict[str, Any]) -> Explained:
    from cecil.sanitizer.sanitizer import NearMiss

    return Explained(_findings(told), [NearMiss(**one) for one in told["misses"]])


def _findings(told: dict[str, Any]) -> "list[Finding]":
    from cecil.sanitizer.sanitizer import Finding

    return [Finding(**one) for one in told["findings"]]


def _policy_path(name: str, more: str = "") -> str:
    return f"/v1/policies/{quote(name, safe='')}{more}"


def query(at: str, /, **named: str | None) -> str:
    given = {name: value for name, value in named.items() if value is not None}
    return f"{at}?{urlencode(given)}" if given else at


class Calls:
    """Every request that is answered at once."""

    def health(self) -> Call[dict[str, Any]]:
        return Call("GET", "/health", json.loads)

    def redact(self, value: Any, policy: str | None) -> Call[Redacted]:
        return _judging("redact", value, policy, _redacted)

    def check(self, value: Any, policy: str | None) -> "Call[list[Finding]]":
        return _judging("check", value, policy, _findings)

    def explain(self, value: Any, policy: str | None) -> Call[Explained]:
        return _judging("explain", value, policy, _explained)

    def policies(self) -> Call[dict[str, Any]]:
        return Call("GET", "/v1/policies", json.loads)

    def policy(self, name: str) -> Call[str]:
        return Call("GET", _policy_path(name), bytes.decode)

    def put_policy(self, name: str, text: str | bytes) -> Call[dict[str, Any]]:
        body = text.encode() if isinstance(text, str) else text
        return Call("PUT", _policy_path(name), json.loads, body, "application/yaml")

    def delete_policy(self, name: str) -> Call[None]:
        return Call("DELETE", _policy_path(name), lambda data: None)

    def metrics(self) -> Call[str]:
        return Call("GET", "/metrics", bytes.decode)


CALLS = Calls()


def refused(code: int, data: bytes) -> CecilError:
    """The error that an answer tells of."""
    try:
        told = json.loads(data)
        name = str(told.get("type", "")).removeprefix("urn:cecil:problem:")
        title = str(told.get("detail") or told.get("title") or "")
        errors = [dict(one) for one in told.get("errors") or ()]
    except (ValueError, AttributeError, TypeError):
        name, title, errors = "", "", []
    if name == "not-judged":
        return RecordError(title)
    if name == "policy":
        found = [
            PolicyError(str(one.get("message")), where=_where(one), hint=one.get("hint")) for one in errors
        ]
        return PolicyError.together(found) if found else PolicyError(title)
    hints = {401: "the token is another one each time the server starts"}
    return AnswerError(title or f"the server answered {code}", code, name, hint=hints.get(code))


def _where(one: Mapping[str, Any]) -> str | None:
    return f"policy:{one['line']}:{one.get('column', 1)}" if one.get("line") else None
