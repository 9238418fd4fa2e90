"""Amazon Bedrock's Converse: one shape for all models.

The input leaves out what the cache held; the total is all of it. The answer does not name the model: the
URL, or the log around it, does. A stream ends with an event `metadata`.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
"""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, number, sets, text
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.prices import Tier
from cecil.fingerprint.record import Failure, Source
from cecil.fingerprint.usage import MAX_TOKENS, Reader, Usage, exclusive, mapping

PROVIDERS = ("aws", "anthropic")
FAILURE = {
    "ThrottlingException": Failure.RATE_LIMIT,
    "ServiceQuotaExceededException": Failure.QUOTA,
    "ValidationException": Failure.INVALID,
    "AccessDeniedException": Failure.AUTH,
    "ResourceNotFoundException": Failure.NOT_FOUND,
    "ModelTimeoutException": Failure.TIMEOUT,
    "ModelNotReadyException": Failure.OVERLOADED,
    "ServiceUnavailableException": Failure.OVERLOADED,
    "InternalServerException": Failure.SERVER,
    "ModelErrorException": Failure.SERVER,
    "ModelStreamErrorException": Failure.SERVER,
}
EVENTS = frozenset(
    {"messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"}
)
_TIERS = {"priority": Tier.PRIORITY, "flex": Tier.FLEX, "default": Tier.STANDARD, "standard": Tier.STANDARD}


def _is_response(body: Mapping[str, Any]) -> bool:
    usage = mapping(body.get("usage"))
    return "inputTokens" in usage and ("stopReason" in body or "outputTokens" in usage)


def _is_event(event: Mapping[str, Any]) -> bool:
    """An event by its name, or (as some SDKs hand it on) by what it holds."""
    event = _named(event)
    if len(event) == 1:
        ((name, inner),) = event.items()
        return name in EVENTS and type(inner) is dict
    return "inputTokens" in mapping(event.get("usage")) and "metrics" in event and "stopReason" not in event


def _named(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event as `{name: content}`; event streams are also decoded to name and content apart."""
    name = event.get("event")
    return {name: event["payload"]} if type(name) is str and "payload" in event else event


def _is_request(request: Mapping[str, Any]) -> bool:
    return type(request.get("inferenceConfig")) is dict and isinstance(request.get("messages"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    said: list[str] = []
    for event in map(_named, events):
        for name in ("metadata", "messageStop"):
            body.update({k: v for k, v in mapping(event.get(name)).items() if v is not None})
        for key in ("usage", "metrics", "stopReason"):
            if event.get(key) is not None:
                body[key] = event[key]
        delta = mapping(mapping(event.get("contentBlockDelta") or event).get("delta"))
        for value in (delta.get("text"), mapping(delta.get("toolUse")).get("input")):
            if type(value) is str:
                said.append(value)
        for name in event:
            if name.endswith("Exception"):
                body["error"] = name[:1].upper() + name[1:]
    call = _call(exchange, body, True, cut=not exchange.whole or "usage" not in body)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    usage = usage_of(mapping(body.get("usage")))
    model = exchange.request.get("modelId") or body.get("modelId") or model_of_path(exchange.uri)
    legs = (Leg(model, usage),)
    if stream is None and exchange.uri is not None:
        stream = "-stream" in exchange.uri
    call = made(
        exchange,
        Source.BEDROCK_CONVERSE,
        PROVIDERS,
        cut_legs(legs) if cut else legs,
        error=body.get("error"),
        word=body.get("error"),
        words=FAILURE,
        finish=finish_of(body.get("stopReason")),
        stream=stream,
    )
    tier = mapping(body.get("serviceTier")).get("type")
    if tier and call.tier is None:
        call.tier = _TIERS.get(str(tier), Tier.OTHER)
    if call.latency is None:
        call.latency = number(mapping(body.get("metrics")).get("latencyMs"))
    return call


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    if not usage:
        return None
    reader = Reader(usage)
    count = reader.count
    five, hour = _lifetimes(usage)
    return exclusive(
        reader,
        fresh=count("inputTokens"),
        output=count("outputTokens"),
        cache_read=count("cacheReadInputTokens", "cacheReadInputTokenCount"),
        cache_write=count("cacheWriteInputTokens", "cacheWriteInputTokenCount"),
        write_5m=five,
        write_1h=hour,
        total=count("totalTokens", limit=2 * MAX_TOKENS),
    )


def _lifetimes(usage: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """Cache writes by their lifetime, where that is told."""
    details = usage.get("cacheDetails")
    if not isinstance(details, list) or not details:
        return None, None
    found = {"5m": 0, "1h": 0}
    for part in details:
        ttl = text(mapping(part).get("ttl"))
        if ttl in found:
            found[ttl] += Reader(mapping(part)).count("inputTokens") or 0
    return found["5m"], found["1h"]


@functools.lru_cache(1024)
def model_of_path(uri: str | None) -> str | None:
    """The model that a URL names: `.../model/eu.anthropic.claude-...-v1%3A0/converse`."""
    _, found, rest = (uri or "").partition("/model/")
    return unquote(rest.rpartition("/")[0] or rest) if found else None


ADAPTER = Adapter(
    answer_keys=sets("usage"),
    event_keys=sets(*EVENTS, "event payload", "usage metrics"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
