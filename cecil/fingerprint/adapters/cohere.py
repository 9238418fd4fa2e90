"""Cohere: chat, embed and rerank, versions 1 and 2.

`billed_units` are what is paid for; `tokens` are what the model saw, with a template of hundreds of
tokens that nobody pays. Where both are there, the billed ones are taken, and said so. The answer does not
name the model; the request does.
Source: https://docs.cohere.com/reference/chat
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, sets, text
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import MAX_SEARCHES, Flag, Reader, Usage, inclusive, mapping

_PROVIDERS = ("cohere",)
_EVENTS = frozenset(
    {
        "message-start",
        "message-end",
        "content-start",
        "content-delta",
        "content-end",
        "tool-plan-delta",
        "tool-call-start",
        "tool-call-delta",
        "tool-call-end",
        "citation-start",
        "citation-end",
        "stream-start",
        "text-generation",
        "stream-end",
    }
)


def _is_response(body: Mapping[str, Any]) -> bool:
    place = mapping(body.get("usage")) or mapping(body.get("meta"))
    return "billed_units" in place


def _is_event(event: Mapping[str, Any]) -> bool:
    kind = event.get("type") or event.get("event_type")
    return type(kind) is str and kind in _EVENTS


def _is_request(request: Mapping[str, Any]) -> bool:
    model = request.get("model")
    return type(model) is str and model.startswith(("command", "rerank-", "embed-", "c4ai-"))


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    said: list[str] = []
    ended = False
    for event in events:
        kind = event.get("type") or event.get("event_type")
        if kind == "message-end":
            ended = True
            body.update(mapping(event.get("delta")))
        elif kind == "stream-end":
            ended = True
            body.update(mapping(event.get("response")))
        elif kind == "message-start":
            body["id"] = event.get("id")
        content = mapping(mapping(mapping(event.get("delta")).get("message")).get("content"))
        for value in (content.get("text"), content.get("thinking"), event.get("text")):
            if type(value) is str:
                said.append(value)
    call = _call(exchange, body, True, cut=not exchange.whole or not ended)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {"error": mapping(exchange.response).get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    meta = mapping(body.get("usage")) or mapping(body.get("meta"))
    op = Operation.CHAT
    if "embeddings" in body:
        op = Operation.EMBEDDING
    elif "results" in body and "search_units" in mapping(meta.get("billed_units")):
        op = Operation.RERANK
    elif "embed" in str(exchange.request.get("model"))[:40] or "/v2/embed" in (exchange.uri or ""):
        op = Operation.EMBEDDING
    elif "/v2/rerank" in (exchange.uri or ""):
        op = Operation.RERANK
    legs = (Leg(body.get("model") or exchange.request.get("model"), usage_of(meta, op)),)
    return made(
        exchange,
        Source.COHERE,
        _PROVIDERS,
        cut_legs(legs) if cut else legs,
        error=body.get("error"),
        finish=finish_of(body.get("finish_reason")),
        stream=stream,
        op=op,
        id=text(body.get("id")) or text(body.get("generation_id")),
    )


def usage_of(usage: Mapping[str, Any], op: Operation = Operation.CHAT) -> Usage | None:
    """The buckets of a `usage` or `meta` object; None where it holds no counts."""
    billed = mapping(usage.get("billed_units"))
    seen = mapping(usage.get("tokens"))
    reader = Reader(billed or seen)
    count = reader.count
    if op is Operation.RERANK:
        units = count("search_units", limit=MAX_SEARCHES)
        return None if units is None else Usage(web_searches=units, flags=frozenset({Flag.BILLED_UNITS}))
    prompt, output = count("input_tokens"), count("output_tokens")
    if output is None and prompt is not None and op is Operation.EMBEDDING:
        output = 0
    found = inclusive(
        reader,
        prompt=prompt,
        completion=output,
        # Of what the model saw; the billed units leave it out.
        cache_read=None if billed else Reader(usage).count("cached_tokens"),
    )
    return found.flagged(Flag.BILLED_UNITS) if found and billed and seen and billed != seen else found


ADAPTER = Adapter(
    answer_keys=sets("usage", "meta"),
    event_keys=sets("type", "event_type"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
