"""The ways in which applications and gateways wrap a provider's answer in a log record.

Owns: which keys may hold an answer, a request, a status and a time, how deep to look, and streams that
were logged as text (server-sent events). Refuses: to know what an answer looks like; adapters do.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cecil.fingerprint.call import Exchange
from cecil.fingerprint.usage import integer

DEPTH = 3
"""Wrappers around an answer."""

UNREADABLE = "unreadable"
"""Stands for an answer that is there and is no JSON (a page of HTML, plain text, JSON that was cut)."""

_RESPONSE = (
    "response",
    "response_body",
    "responseBody",
    "response_sse",
    "body",
    "output",
    "result",
    "message",
)
_REQUEST = ("request", "request_body", "requestBody", "input")
_STATUS = ("status", "status_code", "statusCode", "response_status", "http_status")
_TIME = ("timestamp", "@timestamp", "time", "ts", "created_at", "start_time", "startTime", "datetime")


def exchanges(record: Mapping[str, Any]) -> Iterator[Exchange]:
    """Every place in a record where an answer may be, the outermost first."""
    return _inside(record, Exchange(None, {}), DEPTH)


def _inside(value: Mapping[str, Any], around: Exchange, depth: int) -> Iterator[Exchange]:
    request = _first_object(value, _REQUEST)
    here = around._replace(
        response=value,
        request=around.request if request is None else request,
        status=next((s for key in _STATUS if (s := integer(value.get(key))) is not None), around.status),
        time=next((t for key in _TIME if (t := value.get(key)) is not None), around.time),
        batch=around.batch or "custom_id" in value,
    )
    yield here
    # At the top, `message` is a line of text or a coding tool's session, which have a shape of their own.
    keys = [key for key in _RESPONSE if key in value and not (key == "message" and depth == DEPTH)]
    for key in keys if depth else ():
        inner, whole = _decoded(value[key])
        if isinstance(inner, dict):
            yield from _inside(inner, here, depth - 1)
        elif isinstance(inner, list):
            yield here._replace(response=inner, whole=whole)
        elif request is not None:
            yield here._replace(response=inner)


def _first_object(value: Mapping[str, Any], keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    for key in keys:
        if value.get(key) is not None:
            inner, _ = _decoded(value[key])
            if isinstance(inner, dict):
                return inner
    return None


def _decoded(value: object) -> tuple[object, bool]:
    """A logged body as JSON: itself, or what its text holds; and whether nothing of it is missing.

    Text that holds no JSON comes back as UNREADABLE, null as None.
    """
    if not isinstance(value, str):
        return value, True
    text = value.lstrip()
    if text.startswith(("{", "[")):
        try:
            return orjson.loads(text), True
        except orjson.JSONDecodeError:
            return UNREADABLE, False
    if text.startswith(("data:", "event:", "id:", "retry:", ":")):
        return events(text)
    return UNREADABLE, True


def events(text: str) -> tuple[list[object], bool]:
    """The JSON objects of server-sent events.

    Returns:
        The objects, and whether each event that is there could be read.
    """
    found: list[object] = []
    whole = True
    data: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            payload = "\n".join(data)
            data = []
            if payload.strip() == "[DONE]":
                continue
            try:
                found.append(orjson.loads(payload))
            except orjson.JSONDecodeError:
                whole = False
    return found, whole
