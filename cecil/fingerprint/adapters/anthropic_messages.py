"""Anthropic messages.

The input leaves out what the cache held. A stream has the input's counts in its first event and the
output's in the last `message_delta`, cumulative. Where `usage.iterations` tells of legs other than plain
messages (compaction, an advisor, which is another model), the counts above it leave those out: then the
legs are the call. How much of a leg's output was thinking is not reported, so it counts as text there.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, chosen, finish_of, made, sets, text
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.prices import Region, Tier
from cecil.fingerprint.record import Failure, Source
from cecil.fingerprint.usage import MAX_SEARCHES, MAX_TOKENS, Flag, Reader, Usage, exclusive, mapping

_PROVIDERS = ("anthropic",)
_BEDROCK = ("aws", "anthropic")
_VERTEX = ("google", "anthropic")

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
    if kind is None and "input_tokens" in mapping(body.get("usage")):
        # Usage that was logged without the rest.
        model = body.get("model")
        return type(model) is str and "claude" in model and "total_tokens" not in body["usage"]
    return kind == "error" and text(mapping(body.get("error")).get("type")) in _FAILURE


def _is_event(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    return type(kind) is str and kind in _EVENTS


def _is_request(request: Mapping[str, Any]) -> bool:
    model = request.get("model")
    return type(model) is str and model.startswith("claude") and isinstance(request.get("messages"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    """The events as one message."""
    body: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    said: list[str] = []
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
        elif kind == "content_block_delta":
            delta = mapping(event.get("delta"))
            for key in ("text", "thinking", "partial_json"):
                if type(delta.get(key)) is str:
                    said.append(delta[key])
        elif kind == "error":
            body["error"] = event.get("error")
    body["usage"] = usage
    call = _call(exchange, body, True, cut=not exchange.whole or not ended)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    body = mapping(exchange.response)
    return _call(exchange, {"error": body.get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    usage = body.get("usage")
    if type(usage) is not dict:
        usage = {}
    error = body.get("error")
    legs = _legs(body.get("model") or exchange.request.get("model"), usage)
    name = text(body.get("id"))
    call = made(
        exchange,
        Source.ANTHROPIC_MESSAGES,
        _providers(name, exchange.uri),
        cut_legs(legs) if cut else legs,
        error=error,
        word=mapping(error).get("type"),
        words=_FAILURE,
        finish=finish_of(body.get("stop_reason")),
        stream=stream,
        id=name,
        tier=_tier(exchange, usage),
    )
    call.region = chosen(_REGION, usage.get("inference_geo"), Region.OTHER)
    return call


def _providers(name: str | None, uri: str | None) -> tuple[str, ...]:
    """Whose prices hold: ids of answers from Bedrock and Vertex say so."""
    if (name and name.startswith("msg_bdrk")) or (uri and "amazonaws.com" in uri):
        return _BEDROCK
    if (name and name.startswith("msg_vrtx")) or (uri and "googleapis.com" in uri):
        return _VERTEX
    return _PROVIDERS


def _tier(exchange: Exchange, usage: Mapping[str, Any]) -> Tier | None:
    speed = usage.get("speed")
    if speed not in (None, "standard"):
        return Tier.FAST if speed == "fast" else Tier.OTHER
    if exchange.batch:
        return Tier.BATCH
    tier: Tier | None = chosen(_TIER, usage.get("service_tier"), Tier.OTHER)
    return tier


def _legs(model: object, usage: Mapping[str, Any]) -> tuple[Leg, ...]:
    if "iterations" not in usage:
        return (Leg(model, usage_of(usage)),)
    iterations = usage["iterations"]
    parts = [part for part in iterations if type(part) is dict] if isinstance(iterations, list) else []
    if not parts or all(part.get("type") == "message" for part in parts):
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
    if not usage:
        return None
    return _plain(usage) or _looked_at(usage)


def _plain(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets where nothing is odd, as nearly always; None where each count has to be looked at."""
    get = usage.get
    fresh, read, out = get("input_tokens"), get("cache_read_input_tokens", 0), get("output_tokens")
    write, parts = get("cache_creation_input_tokens", 0), get("cache_creation")
    if type(parts) is dict:
        five, hour = parts.get("ephemeral_5m_input_tokens", 0), parts.get("ephemeral_1h_input_tokens", 0)
    else:
        five = hour = 0  # a write without its lifetime is odd
    if (
        type(fresh) is type(read) is type(out) is type(write) is type(five) is type(hour) is int
        and 0 <= fresh <= MAX_TOKENS
        and 0 <= read <= MAX_TOKENS
        and 0 <= out <= MAX_TOKENS
        and five >= 0
        and hour >= 0
        and five + hour == write <= MAX_TOKENS
        and "output_tokens_details" not in usage
        and "server_tool_use" not in usage
    ):
        return Usage(fresh, read, five, hour, out)
    return None


def _looked_at(usage: Mapping[str, Any]) -> Usage | None:
    reader = Reader(usage)
    count = reader.count
    five = hour = thought = searches = None
    if "cache_creation" in usage:
        five = count("ephemeral_5m_input_tokens", inside="cache_creation")
        hour = count("ephemeral_1h_input_tokens", inside="cache_creation")
    if "output_tokens_details" in usage:
        thought = count("thinking_tokens", inside="output_tokens_details")
    if "server_tool_use" in usage:
        searches = count("web_search_requests", inside="server_tool_use", limit=MAX_SEARCHES)
    return exclusive(
        reader,
        fresh=count("input_tokens"),
        output=count("output_tokens"),
        cache_read=count("cache_read_input_tokens"),
        cache_write=count("cache_creation_input_tokens"),
        write_5m=five,
        write_1h=hour,
        reasoning=thought,
        web_searches=searches,
    )


ADAPTER = Adapter(
    answer_keys=sets("type", "usage model"),
    event_keys=sets("type"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
