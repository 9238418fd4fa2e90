"""OpenAI chat completions, and whatever answers in their shape.

The input includes what the cache held, the output includes the reasoning; the total is the check. A
stream has its usage in the last chunk, and only when it was asked for (`stream_options.include_usage`).
Who answers in this shape, and whose prices hold, is for `dialects` to say.
Source: https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, sets, text, tier_of
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.adapters.dialects import dialect
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Failure, Operation
from cecil.fingerprint.usage import (
    MAX_SEARCHES,
    MAX_TOKENS,
    Flag,
    Reader,
    Usage,
    inclusive,
    integer,
    mapping,
)

OBJECT = "chat.completion"
CHUNK = "chat.completion.chunk"
COMPLETION = "text_completion"
"""Of the older completions endpoint; its answers and its chunks have the same name."""

_OBJECTS = frozenset({OBJECT, COMPLETION})
_DETAILS = ("prompt_tokens_details", "completion_tokens_details")

_WRITES = frozenset(("cache_write_tokens", "cache_creation_tokens"))
_ELSEWHERE = frozenset(
    (
        *("num_cached_tokens", "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens"),
        *("cache_creation_input_tokens", "reasoning_tokens"),
    )
)
_SEARCHES = frozenset(("num_sources_used", "num_search_queries"))
_BESIDES = _ELSEWHERE | _SEARCHES
_NONE: Mapping[str, Any] = {}

FAILURE = {
    "insufficient_quota": Failure.QUOTA,
    "rate_limit_exceeded": Failure.RATE_LIMIT,
    "rate_limit_error": Failure.RATE_LIMIT,
    "context_length_exceeded": Failure.TOO_LARGE,
    "invalid_api_key": Failure.AUTH,
    "authentication_error": Failure.AUTH,
    "permission_error": Failure.AUTH,
    "model_not_found": Failure.NOT_FOUND,
    "server_error": Failure.SERVER,
    "timeout": Failure.TIMEOUT,
    "invalid_request_error": Failure.INVALID,
    "overloaded_error": Failure.OVERLOADED,
}


def _is_response(body: Mapping[str, Any]) -> bool:
    kind = body.get("object")
    if kind is not None:
        return kind == OBJECT or (kind == COMPLETION and not _is_chunk(body))
    usage = mapping(body.get("usage"))
    return "prompt_tokens" in usage and "completion_tokens" in usage


def _is_chunk(body: Mapping[str, Any]) -> bool:
    choices = body.get("choices")
    if "usage" in body or not isinstance(choices, list) or not choices:
        return False
    return mapping(choices[0]).get("finish_reason") is None


def _is_event(event: Mapping[str, Any]) -> bool:
    kind = event.get("object")
    return kind == CHUNK or (kind == COMPLETION and _is_chunk(event))


def _is_request(request: Mapping[str, Any]) -> bool:
    return type(request.get("model")) is str and isinstance(request.get("messages"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, exchange.response, None)


def _read_stream(exchange: Exchange, chunks: list[dict[str, Any]]) -> Call:
    """The chunks as one answer: of each member the last that is there."""
    body: dict[str, Any] = {}
    finish: object = None
    said: list[str] = []
    for chunk in chunks:
        for key in (
            "id",
            "model",
            "created",
            "service_tier",
            "usage",
            "error",
            "object",
            "x_groq",
            "provider",
        ):
            if chunk.get(key) is not None:
                body[key] = chunk[key]
        finish = _finish_reason(chunk) or finish
        said += _said(chunk)
    if body.get("usage") is None:
        body["usage"] = mapping(body.get("x_groq")).get("usage")
    body["choices"] = [{"finish_reason": finish}]
    call = _call(exchange, body, True, cut=not exchange.whole or finish is None)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    body = mapping(exchange.response)
    return _call(exchange, {"error": body.get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    error = body.get("error")
    word: object = None
    if error:
        code = mapping(error).get("code")
        word = code if type(code) is str and code in FAILURE else mapping(error).get("type")
    usage = usage_of(mapping(body.get("usage")))
    model = body.get("model") or exchange.request.get("model")
    legs: tuple[Leg, ...] = (Leg(model, usage),)
    if cut:
        legs = cut_legs(legs)
    src, providers = dialect(body, model, exchange.uri)
    name = text(body.get("id"))
    created = body.get("created")
    return made(
        exchange,
        src,
        providers,
        legs,
        error=error,
        word=word,
        words=FAILURE,
        finish=finish_of(_finish_reason(body)),
        stream=stream,
        op=Operation.COMPLETION if body.get("object") == COMPLETION else Operation.CHAT,
        # Stand-ins of some servers have the same id for every answer.
        id=f"{name} {created}" if name and integer(created) is not None else None,
        time=created or None,
        tier=tier_of(exchange, body.get("service_tier")),
    )


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    if not usage:
        return None
    return _plain(usage) or _looked_at(usage)


def _plain(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets where nothing is odd, as nearly always; None where each count has to be looked at."""
    get = usage.get
    prompt, completion, total = get("prompt_tokens"), get("completion_tokens"), get("total_tokens")
    asked, answered = get("prompt_tokens_details") or _NONE, get("completion_tokens_details") or _NONE
    if type(asked) is not dict or type(answered) is not dict:
        return None
    read, thought = asked.get("cached_tokens", 0), answered.get("reasoning_tokens", 0)
    if (
        type(prompt) is type(completion) is type(total) is type(read) is type(thought) is int
        and 0 <= read <= prompt
        and 0 <= thought <= completion
        and prompt + completion == total <= MAX_TOKENS
        and _BESIDES.isdisjoint(usage)
        and _WRITES.isdisjoint(asked)
        and not asked.get("audio_tokens")
        and not asked.get("image_tokens")
        and not answered.get("audio_tokens")
        and not answered.get("image_tokens")
    ):
        return Usage(prompt - read, read, 0, 0, completion - thought, thought)
    return None


def _looked_at(usage: Mapping[str, Any]) -> Usage | None:
    reader = Reader(usage)
    count = reader.count
    read = write = thought = None
    asked, answered = usage.get(_DETAILS[0]), usage.get(_DETAILS[1])
    if type(asked) is dict:
        read = count("cached_tokens", inside=_DETAILS[0])
        if not _WRITES.isdisjoint(asked):
            write = count(*_WRITES, inside=_DETAILS[0])
    if type(answered) is dict:
        thought = count("reasoning_tokens", inside=_DETAILS[1])
    if not _ELSEWHERE.isdisjoint(usage):
        # The spellings of Mistral, DeepSeek, LiteLLM and others, who answer in this shape.
        read = read or count(
            "num_cached_tokens", "prompt_cache_hit_tokens", "cached_tokens", "cache_read_input_tokens"
        )
        write = write or count("cache_creation_input_tokens")
        thought = thought or count("reasoning_tokens")
    buckets = inclusive(
        reader,
        prompt=count("prompt_tokens"),
        completion=count("completion_tokens"),
        total=count("total_tokens", limit=2 * MAX_TOKENS),
        cache_read=read,
        cache_write=write,
        reasoning=thought,
    )
    if buckets is None:
        return None
    for place, details in zip(_DETAILS, (asked, answered), strict=True):
        if type(details) is dict and (details.get("audio_tokens") or details.get("image_tokens")):
            for name, flag in (("audio_tokens", Flag.AUDIO), ("image_tokens", Flag.IMAGE)):
                if count(name, inside=place):
                    buckets = buckets.flagged(flag)
    if not _SEARCHES.isdisjoint(usage):
        searches = count(*_SEARCHES, limit=MAX_SEARCHES)
        return buckets._replace(web_searches=searches or 0)
    return buckets


def _finish_reason(body: Mapping[str, Any]) -> object:
    """The first choice's that has one."""
    choices = body.get("choices")
    if type(choices) is list:
        for choice in choices:
            reason = choice.get("finish_reason") if type(choice) is dict else None
            if reason:
                return reason
    return None


def _said(chunk: Mapping[str, Any]) -> list[str]:
    """The text of a chunk, for an estimate where a stream has no usage."""
    found = []
    choices = chunk.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        delta = mapping(mapping(choice).get("delta"))
        for value in (
            *(delta.get(key) for key in ("content", "reasoning", "reasoning_content", "refusal")),
            mapping(choice).get("text"),
        ):
            if type(value) is str:
                found.append(value)
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            function = mapping(mapping(call).get("function"))
            found += [v for key in ("name", "arguments") if type(v := function.get(key)) is str]
    return found


ADAPTER = Adapter(
    answer_keys=sets("object", "usage"),
    event_keys=sets("object"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
