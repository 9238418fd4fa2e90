"""The ways in which applications and gateways wrap a provider's answer in a log record.

Owns: which keys may hold an answer, a request, a status and a time, how deep to look, and streams that
were logged as text (server-sent events). Refuses: to know what an answer looks like; adapters do.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import orjson

from cecil.fingerprint.call import Exchange
from cecil.fingerprint.outlines import Outlines
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
REQUEST = ("request", "request_body", "requestBody", "input", "modelInput")
_STATUS = ("status", "status_code", "statusCode", "response_status", "http_status")
_TIME = ("timestamp", "@timestamp", "time", "ts", "created_at", "start_time", "startTime", "datetime")
_USER = ("user_id", "userId", "end_user", "endUser", "user")
_SESSION = ("session_id", "sessionId", "conversation_id", "conversationId", "thread_id", "threadId")
_URI = ("uri", "url", "request_url", "endpoint", "host")
_MILLISECONDS = ("latency_ms", "duration_ms", "durationMs", "latencyMs", "elapsed_ms", "response_time_ms")
_SECONDS = ("latency_s", "duration_s", "elapsed_s")
_PLACES: Mapping[str, tuple[str, ...]] = {
    "status": _STATUS,
    "time": _TIME,
    "user": _USER,
    "session": _SESSION,
    "uri": _URI,
    "latency": (*_MILLISECONDS, *_SECONDS),
    "batch": ("custom_id",),
}
KNOWN = frozenset(key for keys in _PLACES.values() for key in keys)
"""Keys that say something of the call."""


class _Outline(NamedTuple):
    """What the keys of a record are for.

    Attributes:
        request, response: those that may hold one, in the order in which they are asked.
        around: what is said of the call, and where; of several keys for one thing the one that is listed
            first stands first.
    """

    request: tuple[str, ...]
    response: tuple[str, ...]
    around: tuple[tuple[str, str], ...]


def _outline(keys: tuple[str, ...]) -> _Outline:
    return _Outline(
        tuple(key for key in REQUEST if key in keys),
        tuple(key for key in RESPONSE if key in keys),
        tuple((name, key) for name, listed in _PLACES.items() for key in listed if key in keys),
    )


_OUTLINES = Outlines(_outline)


def exchanges(record: Mapping[str, Any]) -> Iterator[Exchange]:
    """Every place in a record where an answer may be, the outermost first."""
    return _inside(record, Exchange(None, {}), DEPTH)


def around(record: Mapping[str, Any]) -> Exchange:
    """What a record says of the call, beside its request and its answer."""
    here = Exchange(None, {})
    _read_around(record, here, _OUTLINES.of(record).around)
    return here


def _inside(value: Mapping[str, Any], around: Exchange, depth: int) -> Iterator[Exchange]:
    outline = _OUTLINES.of(value)
    request = _first_object(value, outline.request) if outline.request else None
    here = _with(around, value, True)
    if request is not None:
        here.request = request
    if outline.around:
        _read_around(value, here, outline.around)
    yield here
    if not depth:
        return
    for key in outline.response:
        # At the top, `message` is a line of text or a coding tool's session, which have a shape of their own.
        if key == "message" and depth == DEPTH:
            continue
        inner, whole = decoded(value[key])
        if type(inner) is dict:
            yield from _inside(inner, here, depth - 1)
        elif type(inner) is list:
            yield _with(here, inner, whole)
        elif request is not None:
            yield _with(here, inner, True)


def _read_around(value: Mapping[str, Any], here: Exchange, places: tuple[tuple[str, str], ...]) -> None:
    """Take what the record says of the call. Of several keys for one thing the first that holds it."""
    taken = ""
    for name, key in places:
        found = value[key]
        if found is None or name == taken:
            continue
        kind = type(found)
        if name == "time":
            here.time = found
        elif name == "status":
            status = integer(found)
            if status is None:
                continue
            here.status = status
        elif name == "batch":
            here.batch = True
        elif name == "latency":
            if kind is not int and kind is not float:
                continue
            here.latency = found * 1000 if key in _SECONDS else found
        elif name == "uri":
            if kind is not str:
                continue
            here.uri = found
        elif kind is str or kind is int:
            if name == "user":
                here.user = found
            else:
                here.session = found
        else:
            continue
        taken = name


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
        if value[key] is not None:
            inner, _ = decoded(value[key])
            if type(inner) is dict:
                return inner
    return None


def decoded(value: object) -> tuple[object, bool]:
    """A logged body as JSON: itself, or what its text holds; and whether nothing of it is missing.

    Text that holds no JSON comes back as UNREADABLE, null as None.
    """
    if type(value) is not str:
        return value, True
    text = value.lstrip()
    if text.startswith(("{", "[")):
        try:
            return orjson.loads(text), True
        except orjson.JSONDecodeError:
            return _lines(text)
    if text.startswith(("data:", "event:", "id:", "retry:", ":")):
        found, whole = events(text)
        return found or UNREADABLE, whole
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
