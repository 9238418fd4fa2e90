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

RESPONSE = (
    "response",
    "response_body",
    "responseBody",
    "response_sse",
    "body",
    "output",
    "result",
    "message",
    "modelOutput",
)
_RESPONSES = frozenset(RESPONSE)
REQUEST = ("request", "request_body", "requestBody", "input", "modelInput")
_STATUS = ("status", "status_code", "statusCode", "response_status", "http_status")
_TIME = ("timestamp", "@timestamp", "time", "ts", "created_at", "start_time", "startTime", "datetime")
_USER = ("user_id", "userId", "end_user", "endUser", "user")
_SESSION = ("session_id", "sessionId", "conversation_id", "conversationId", "thread_id", "threadId")
_URI = ("uri", "url", "request_url", "endpoint", "host")
_MILLISECONDS = ("latency_ms", "duration_ms", "durationMs", "latencyMs", "elapsed_ms", "response_time_ms")
_SECONDS = ("latency_s", "duration_s", "elapsed_s")
_PLACES: Mapping[str, tuple[str, int]] = {
    key: (name, rank)
    for name, keys in (
        ("status", _STATUS),
        ("time", _TIME),
        ("user", _USER),
        ("session", _SESSION),
        ("uri", _URI),
        ("latency", _MILLISECONDS),
        ("seconds", _SECONDS),
        ("batch", ("custom_id",)),
    )
    for rank, key in enumerate(keys)
}
KNOWN = frozenset(_PLACES)
"""Keys that say something of the call."""


def exchanges(record: Mapping[str, Any]) -> Iterator[Exchange]:
    """Every place in a record where an answer may be, the outermost first."""
    return _inside(record, Exchange(None, {}), DEPTH)


def _inside(value: Mapping[str, Any], around: Exchange, depth: int) -> Iterator[Exchange]:
    request = _first_object(value, REQUEST)
    here = Exchange(
        value,
        around.request if request is None else request,
        around.status,
        around.time,
        around.batch,
        True,
        around.user,
        around.session,
        around.uri,
        around.latency,
    )
    if not KNOWN.isdisjoint(value):
        _read_around(value, here)
    yield here
    if not depth or _RESPONSES.isdisjoint(value):
        return
    for key in RESPONSE:
        # At the top, `message` is a line of text or a coding tool's session, which have a shape of their own.
        if key not in value or (key == "message" and depth == DEPTH):
            continue
        inner, whole = decoded(value[key])
        if isinstance(inner, dict):
            yield from _inside(inner, here, depth - 1)
        elif isinstance(inner, list):
            yield _with(here, inner, whole)
        elif request is not None:
            yield _with(here, inner, True)


def _read_around(value: Mapping[str, Any], here: Exchange) -> None:
    """Take what the record says of the call. Of several keys for one thing the one that is listed first."""
    ranks: dict[str, int] = {}
    for key in value:
        place = _PLACES.get(key)
        if place is None:
            continue
        name, rank = place
        found = value[key]
        if found is None or ranks.get(name, rank) < rank:
            continue
        kind = type(found)
        if name == "status":
            status = integer(found)
            if status is None:
                continue
            here.status = status
        elif name == "time":
            here.time = found
        elif name == "user":
            if kind is not str and kind is not int:
                continue
            here.user = found
        elif name == "session":
            if kind is not str and kind is not int:
                continue
            here.session = found
        elif name == "uri":
            if kind is not str:
                continue
            here.uri = found
        elif name == "batch":
            here.batch = True
        else:
            if kind is not int and kind is not float:
                continue
            here.latency = found if name == "latency" else found * 1000
            name = "latency"
        ranks[name] = rank


def _with(here: Exchange, response: object, whole: bool) -> Exchange:
    return Exchange(
        response,
        here.request,
        here.status,
        here.time,
        here.batch,
        whole,
        here.user,
        here.session,
        here.uri,
        here.latency,
    )


def _first_object(value: Mapping[str, Any], keys: tuple[str, ...]) -> Mapping[str, Any] | None:
    for key in keys:
        if key in value and value[key] is not None:
            inner, _ = decoded(value[key])
            if isinstance(inner, dict):
                return inner
    return None


def decoded(value: object) -> tuple[object, bool]:
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
            return _lines(text)
    if text.startswith(("data:", "event:", "id:", "retry:", ":")):
        return events(text)
    return UNREADABLE, True


def _lines(text: str) -> tuple[object, bool]:
    """Text that is no JSON as the JSON objects of its lines (Ollama's streams, decoded event streams)."""
    found: list[object] = []
    whole = True
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            found.append(orjson.loads(line))
        except orjson.JSONDecodeError:
            whole = False
    return (found, whole) if found and "\n" in text else (UNREADABLE, False)


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
