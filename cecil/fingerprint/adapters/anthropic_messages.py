"""Anthropic messages.

The input leaves out what the cache held. A stream has the input's counts in its first event and the
output's in the last `message_delta`, cumulative. Where `usage.iterations` tells of legs other than plain
messages (compaction, an advisor, which is another model), the counts above it leave those out: then the
legs are the call. How much of a leg's output was thinking is not reported, so it counts as text there.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, chosen, length, limit, truth
from cecil.fingerprint.call import Call, Exchange, Leg, failure
from cecil.fingerprint.prices import Region, Tier
from cecil.fingerprint.record import Failure, Finish, Source
from cecil.fingerprint.usage import MAX_SEARCHES, Flag, Reader, Usage, exclusive, mapping

_PROVIDERS = ("anthropic",)

_FINISH = {
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "tool_use": Finish.TOOL,
    "refusal": Finish.FILTER,
}
_TIER = {"standard": Tier.STANDARD, "batch": Tier.BATCH}
"""`priority` is capacity that was bought before: it has no list price, and stays `other`."""

_REGION = {"global": Region.GLOBAL, "not_available": None, "us": Region.US, "eu": Region.EU}

_FAILURE = {
    "invalid_request_error": Failure.INVALID,
    "authentication_error": Failure.AUTH,
    "permission_error": Failure.AUTH,
    "billing_error": Failure.QUOTA,
    "not_found_error": Failure.NOT_FOUND,
    "request_too_large": Failure.TOO_LARGE,
    "rate_limit_error": Failure.RATE_LIMIT,
    "timeout_error": Failure.TIMEOUT,
    "api_error": Failure.SERVER,
    "overloaded_error": Failure.OVERLOADED,
}
_EVENTS = frozenset(
    {"message_start", "message_delta", "message_stop", "content_block_start", "content_block_delta"}
)


def _is_response(body: Mapping[str, Any]) -> bool:
    kind = body.get("type")
    if kind == "message":
        return "input_tokens" in mapping(body.get("usage")) or body.get("role") == "assistant"
    return kind == "error" and mapping(body.get("error")).get("type") in _FAILURE


def _is_event(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    return isinstance(kind, str) and kind in _EVENTS


def _is_request(request: Mapping[str, Any]) -> bool:
    model = request.get("model")
    return isinstance(model, str) and model.startswith("claude") and isinstance(request.get("messages"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), stream=truth(exchange.request.get("stream")))


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    """The events as one message."""
    body: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    ended = False
    for event in events:
        kind = event.get("type")
        if kind == "message_start":
            body.update(mapping(event.get("message")))
            usage.update(mapping(body.get("usage")))
        elif kind == "message_delta":
            ended = True
            body.update({k: v for k, v in mapping(event.get("delta")).items() if v is not None})
            usage.update({k: v for k, v in mapping(event.get("usage")).items() if v is not None})
        elif kind == "error":
            body["error"] = event.get("error")
    body["usage"] = usage
    return _call(exchange, body, stream=True, cut=not exchange.whole or not ended)


def _read_request(exchange: Exchange) -> Call:
    body = mapping(exchange.response)
    return _call(exchange, {"error": body.get("error")}, stream=truth(exchange.request.get("stream")))


def _call(exchange: Exchange, body: Mapping[str, Any], *, stream: bool | None, cut: bool = False) -> Call:
    request = exchange.request
    usage = mapping(body.get("usage"))
    error = body.get("error")
    ok = not exchange.failed and not error
    legs = _legs(body.get("model") or request.get("model"), usage)
    if cut:
        legs = tuple(leg._replace(usage=leg.usage and leg.usage.flagged(Flag.CUT_STREAM)) for leg in legs)
    return Call(
        src=Source.ANTHROPIC_MESSAGES,
        providers=_PROVIDERS,
        legs=legs,
        time=exchange.time,
        user=mapping(request.get("metadata")).get("user_id"),
        tier=_tier(exchange, usage),
        region=chosen(_REGION, usage.get("inference_geo"), Region.OTHER),
        stream=stream,
        ok=ok,
        err=None if ok else failure(exchange.status, mapping(error).get("type"), _FAILURE),
        finish=chosen(_FINISH, body.get("stop_reason"), Finish.OTHER),
        max_out=limit(request, "max_tokens"),
        n_msgs=length(request.get("messages")),
        n_tools=length(request.get("tools")),
    )


def _tier(exchange: Exchange, usage: Mapping[str, Any]) -> Tier | None:
    speed = usage.get("speed")
    if speed not in (None, "standard"):
        return Tier.FAST if speed == "fast" else Tier.OTHER
    if exchange.batch:
        return Tier.BATCH
    tier: Tier | None = chosen(_TIER, usage.get("service_tier"), Tier.OTHER)
    return tier


def _legs(model: object, usage: Mapping[str, Any]) -> tuple[Leg, ...]:
    iterations = usage.get("iterations")
    parts = [part for part in iterations if isinstance(part, dict)] if isinstance(iterations, list) else []
    if all(part.get("type") == "message" for part in parts):
        return (Leg(model, usage_of(usage)),)
    legs = []
    for number, part in enumerate(parts):
        buckets = usage_of(part)
        if buckets:
            # Searches are counted for the call, not by leg.
            searches = Reader(usage).count(
                "web_search_requests", inside="server_tool_use", limit=MAX_SEARCHES
            )
            buckets = buckets.flagged(Flag.ITERATIONS)._replace(web_searches=0 if number else searches or 0)
        legs.append(Leg(part.get("model") or model, buckets))
    return tuple(legs)


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    reader = Reader(usage)
    return exclusive(
        reader,
        fresh=reader.count("input_tokens"),
        output=reader.count("output_tokens"),
        cache_read=reader.count("cache_read_input_tokens"),
        cache_write=reader.count("cache_creation_input_tokens"),
        write_5m=reader.count("ephemeral_5m_input_tokens", inside="cache_creation"),
        write_1h=reader.count("ephemeral_1h_input_tokens", inside="cache_creation"),
        reasoning=reader.count("thinking_tokens", inside="output_tokens_details"),
        web_searches=reader.count("web_search_requests", inside="server_tool_use", limit=MAX_SEARCHES),
    )


ADAPTER = Adapter(
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
