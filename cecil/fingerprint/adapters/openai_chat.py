"""OpenAI chat completions, and whatever answers in their shape.

The input includes what the cache held, the output includes the reasoning; the total is the check. A
stream has its usage in the last chunk, and only when it was asked for (`stream_options.include_usage`).
An answer of another provider in this shape is read too; its model is in no price list of these, so that
it is counted, and not priced.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, chosen, length, limit, truth
from cecil.fingerprint.call import Call, Exchange, Leg, failure
from cecil.fingerprint.prices import Tier
from cecil.fingerprint.record import Failure, Finish, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, Usage, inclusive, mapping

OBJECT = "chat.completion"
CHUNK = "chat.completion.chunk"

_PROVIDERS = ("openai", "anthropic")
"""Anthropic answers in this shape too, at its compatible endpoint, for the same prices."""

_DETAILS = ("prompt_tokens_details", "completion_tokens_details")

_FINISH = {
    "stop": Finish.STOP,
    "length": Finish.LENGTH,
    "tool_calls": Finish.TOOL,
    "function_call": Finish.TOOL,
    "content_filter": Finish.FILTER,
}
_TIER = {
    "default": Tier.STANDARD,
    "standard": Tier.STANDARD,
    "batch": Tier.BATCH,
    "flex": Tier.FLEX,
    "priority": Tier.PRIORITY,
    "fast": Tier.FAST,
}
_FAILURE = {
    "insufficient_quota": Failure.QUOTA,
    "rate_limit_exceeded": Failure.RATE_LIMIT,
    "context_length_exceeded": Failure.TOO_LARGE,
    "invalid_api_key": Failure.AUTH,
    "model_not_found": Failure.NOT_FOUND,
    "server_error": Failure.SERVER,
    "timeout": Failure.TIMEOUT,
    "invalid_request_error": Failure.INVALID,
}


def _is_response(body: Mapping[str, Any]) -> bool:
    if "object" in body:
        return bool(body["object"] == OBJECT)
    usage = mapping(body.get("usage"))
    return "prompt_tokens" in usage and "completion_tokens" in usage


def _is_event(event: Mapping[str, Any]) -> bool:
    return bool(event.get("object") == CHUNK)


def _is_request(request: Mapping[str, Any]) -> bool:
    return isinstance(request.get("model"), str) and isinstance(request.get("messages"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), stream=truth(exchange.request.get("stream")))


def _read_stream(exchange: Exchange, chunks: list[dict[str, Any]]) -> Call:
    """The chunks as one answer: of each member the last that is there."""
    body: dict[str, Any] = {}
    finish: object = None
    for chunk in chunks:
        for key in ("model", "created", "service_tier", "usage", "error"):
            if chunk.get(key) is not None:
                body[key] = chunk[key]
        finish = _finish_reason(chunk) or finish
    body["choices"] = [{"finish_reason": finish}]
    return _call(exchange, body, stream=True, cut=not exchange.whole or finish is None)


def _read_request(exchange: Exchange) -> Call:
    body = mapping(exchange.response)
    return _call(exchange, {"error": body.get("error")}, stream=truth(exchange.request.get("stream")))


def _call(exchange: Exchange, body: Mapping[str, Any], *, stream: bool | None, cut: bool = False) -> Call:
    request = exchange.request
    error = body.get("error")
    ok = not exchange.failed and not error
    usage = usage_of(mapping(body.get("usage")))
    if cut and usage:
        usage = usage.flagged(Flag.CUT_STREAM)
    created = body.get("created")
    return Call(
        src=Source.OPENAI_CHAT,
        providers=_PROVIDERS,
        legs=(Leg(body.get("model") or request.get("model"), usage),),
        time=exchange.time if created is None else created,
        user=request.get("user") or request.get("safety_identifier"),
        tier=Tier.BATCH if exchange.batch else chosen(_TIER, body.get("service_tier"), Tier.OTHER),
        stream=stream,
        ok=ok,
        err=None if ok else _failure(exchange.status, mapping(error)),
        finish=chosen(_FINISH, _finish_reason(body), Finish.OTHER),
        max_out=limit(request, "max_completion_tokens", "max_tokens"),
        n_msgs=length(request.get("messages")),
        n_tools=length(request.get("tools")),
    )


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    reader = Reader(usage)
    buckets = inclusive(
        reader,
        prompt=reader.count("prompt_tokens"),
        completion=reader.count("completion_tokens"),
        total=reader.count("total_tokens", limit=2 * MAX_TOKENS),
        # Behind the first: the spellings of Mistral and DeepSeek, who answer in this shape.
        cache_read=reader.count("cached_tokens", inside="prompt_tokens_details")
        or reader.count("num_cached_tokens", "prompt_cache_hit_tokens"),
        cache_write=reader.count("cache_write_tokens", inside="prompt_tokens_details"),
        reasoning=reader.count("reasoning_tokens", inside="completion_tokens_details"),
    )
    for name, flag in (("audio_tokens", Flag.AUDIO), ("image_tokens", Flag.IMAGE)):
        if buckets and any(reader.count(name, inside=place) for place in _DETAILS):
            buckets = buckets.flagged(flag)
    return buckets


def _finish_reason(body: Mapping[str, Any]) -> object:
    """The first choice's that has one."""
    choices = body.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        reason = mapping(choice).get("finish_reason")
        if reason is not None:
            return reason
    return None


def _failure(status: int | None, error: Mapping[str, Any]) -> Failure:
    code = error.get("code")
    return failure(status, code if code in _FAILURE else error.get("type"), _FAILURE)


ADAPTER = Adapter(
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
