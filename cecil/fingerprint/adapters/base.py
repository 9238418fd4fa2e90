"""What a log shape is to the rest, and what the shapes share."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from cecil.fingerprint.call import Asked, Call, Exchange, Leg, failure
from cecil.fingerprint.outlines import named
from cecil.fingerprint.prices import Tier
from cecil.fingerprint.record import Failure, Finish, Operation, Source
from cecil.fingerprint.usage import Flag, integer


class Drop(StrEnum):
    """Rules by which a record gives no fingerprint."""

    NOT_LLM = "not-llm"
    """No shape of an LLM call that Cecil knows."""
    STREAM_PART = "stream-part"
    """A single event of a stream; its counts are not the call's."""
    LOG_PART = "log-part"
    """A row about a call whose counts are in another row, or about no call: a tool's session has many."""
    AGENT_SPAN = "agent-span"
    """A span that repeats the sum of the calls below it."""
    AGGREGATE = "aggregate"
    """A provider's own sum over many calls."""
    DUPLICATE = "duplicate"
    """A call that is there again, by its id; the last record of it counts."""


class Adapter(NamedTuple):
    """The shape of a provider's answer. Functions of parsed JSON; none raises, whatever the JSON holds.

    Attributes:
        answer_keys: every whole answer has all keys of one of these.
        event_keys: every event of a stream has all keys of one of these.
        is_response: whether an object is a whole answer of this shape.
        is_event: whether an object is an event of a streamed answer.
        is_request: whether an object is a request that such an answer is for.
        read: the call, from an exchange whose response `is_response` took.
        read_stream: the call, from the events of a stream.
        read_request: the call, from an exchange that has only a request.
    """

    answer_keys: tuple[frozenset[str], ...]
    event_keys: tuple[frozenset[str], ...]
    is_response: Callable[[Mapping[str, Any]], bool]
    is_event: Callable[[Mapping[str, Any]], bool]
    is_request: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Exchange], Call]
    read_stream: Callable[[Exchange, list[dict[str, Any]]], Call]
    read_request: Callable[[Exchange], Call]


def sets(*keys: str) -> tuple[frozenset[str], ...]:
    """Sets of keys, each written as words."""
    return tuple(frozenset(words.split()) for words in keys)


def never(body: Mapping[str, Any]) -> bool:
    """Of a shape that has no such thing."""
    return False


def truth(value: object) -> bool | None:
    """True and false; None for the rest."""
    return value if isinstance(value, bool) else None


def chosen(table: Mapping[str, Any], value: object, other: Any) -> Any:
    """A word looked up in a table: None for null, `other` for what the table lacks."""
    if value is None:
        return None
    if type(value) is not str:
        return other
    found = table.get(value)
    return table.get(value.lower(), other) if found is None else found


def text(value: object) -> str | None:
    """A string with something in it; None for the rest."""
    return value if type(value) is str and value else None


def number(value: object) -> float | None:
    """A number, or the digits of one in a string; None for the rest."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else None
    if isinstance(value, str) and len(value) <= 32:
        try:
            return float(value)
        except ValueError:
            return None
    return None


FINISH: Mapping[str, Finish] = {
    "stop": Finish.STOP,
    "end_turn": Finish.STOP,
    "stop_sequence": Finish.STOP,
    "complete": Finish.STOP,
    "completed": Finish.STOP,
    "finish": Finish.STOP,
    "eos": Finish.STOP,
    "length": Finish.LENGTH,
    "max_tokens": Finish.LENGTH,
    "max_output_tokens": Finish.LENGTH,
    "model_context_window_exceeded": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "error_toxic": Finish.FILTER,
    "tool_calls": Finish.TOOL,
    "tool-calls": Finish.TOOL,
    "tool_call": Finish.TOOL,
    "function_call": Finish.TOOL,
    "tool_use": Finish.TOOL,
    "content_filter": Finish.FILTER,
    "content-filter": Finish.FILTER,
    "content_filtered": Finish.FILTER,
    "guardrail_intervened": Finish.FILTER,
    "refusal": Finish.FILTER,
    "safety": Finish.FILTER,
    "recitation": Finish.FILTER,
    "blocklist": Finish.FILTER,
    "prohibited_content": Finish.FILTER,
    "spii": Finish.FILTER,
}
"""The words of all providers for why a model stopped; they do not contradict each other."""

TIER: Mapping[str, Tier] = {
    "default": Tier.STANDARD,
    "standard": Tier.STANDARD,
    "on_demand": Tier.STANDARD,
    "on-demand": Tier.STANDARD,
    "batch": Tier.BATCH,
    "flex": Tier.FLEX,
    "priority": Tier.PRIORITY,
    "fast": Tier.FAST,
}


def finish_of(word: object) -> Finish | None:
    found: Finish | None = chosen(FINISH, word, Finish.OTHER)
    return found


def tier_of(exchange: Exchange, word: object) -> Tier | None:
    """How a call was served; `auto` in an answer, or nothing, says nothing."""
    if exchange.batch:
        return Tier.BATCH
    if word in (None, "", "auto"):
        return None
    found: Tier | None = chosen(TIER, word, Tier.OTHER)
    return found


_EMPTY: Mapping[str, Any] = {}


def _objects(value: object) -> Mapping[str, Any]:
    return value if type(value) is dict else _EMPTY


def asked(request: Mapping[str, Any]) -> Asked | None:
    """What a request says, in the words of any provider; None for an empty one."""
    if not request:
        return None
    get = request.get
    keys = _REQUESTS.of(request)
    messages = get("messages")
    if messages is None:
        messages = next((found for key in keys.get("messages", ()) if (found := request[key])), None)
    settings: Mapping[str, Any] = request
    if "settings" in keys:
        settings = next((place for key in keys["settings"] if type(place := get(key)) is dict), request)
    tools = get("tools")
    if tools is None and "tools" in keys:
        tools = get("functions") or _objects(get("toolConfig")).get("tools")
    system = get("system")
    if system is None and "system" in keys:
        system = request[keys["system"][0]]
    max_out = _limit(request, keys)
    if settings is not request:
        limit = _limit(settings, _REQUESTS.of(settings))
        max_out = max_out if limit is None else limit
    temperature = settings.get("temperature")
    if temperature is None:
        temperature = get("temperature")
    if temperature is not None:
        temperature = number(temperature)
    user = get("user") or get("safety_identifier")
    if not user and "metadata" in request:
        user = _objects(request["metadata"]).get("user_id")
    stream = get("stream")
    return Asked(
        tools,
        system,
        messages,
        user,
        stream if type(stream) is bool else None,
        max_out,
        None if temperature is None else temperature == 0,
        len(messages) if type(messages) is list else None,
        len(tools) if type(tools) is list else None,
    )


_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "messages": ("input", "contents", "prompt", "inputText", "texts"),
    "settings": (
        *("generationConfig", "inferenceConfig", "options", "textGenerationConfig", "generation_config"),
    ),
    "tools": ("functions", "toolConfig"),
    "system": ("instructions", "systemInstruction", "system_instruction"),
    "limit": (
        *("max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens"),
        *("num_predict", "maxTokenCount", "max_tokens_to_sample", "max_gen_len"),
    ),
}
_REQUESTS = named(_SPELLINGS)
REQUEST_KEYS = frozenset(("modelId", *(key for listed in _SPELLINGS.values() for key in listed)))
"""Keys of requests in other words than `messages`, `tools`, `system`."""


def _limit(place: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]]) -> int | None:
    for key in keys.get("limit", ()):
        limit = place[key]
        limit = limit if type(limit) is int else integer(limit)
        if limit is not None:
            return limit
    return None


def made(
    exchange: Exchange,
    src: Source,
    providers: tuple[str, ...],
    legs: tuple[Leg, ...],
    *,
    error: object = None,
    word: object = None,
    words: Mapping[str, Failure] | None = None,
    finish: Finish | None = None,
    stream: bool | None = None,
    op: Operation = Operation.CHAT,
    id: str | None = None,
    time: object = None,
    tier: Tier | None = None,
    said: str | None = None,
) -> Call:
    """A call, from what an adapter found in the answer and what stands around it.

    Args:
        error: whatever says that the answer is a failure.
        word: the provider's word for the failure, looked up in `words`.
        time: of the answer; it goes before that of the record.
    """
    request = asked(exchange.request)
    ok = not error and not exchange.failed
    if stream is None and request is not None:
        stream = request.stream
    user = exchange.user
    if request is not None and request.user:
        user = request.user
    return Call(
        src,
        providers,
        legs,
        op,
        exchange.time if time is None else time,
        user,
        exchange.session,
        id,
        tier,
        None,
        stream,
        ok,
        None if ok else failure(exchange.status, word, words),
        finish,
        exchange.status,
        exchange.latency,
        request,
        said,
    )


def cut(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """The legs of a stream that stopped before its end."""
    return tuple(Leg(leg.model, leg.usage and leg.usage.flagged(Flag.CUT_STREAM), True) for leg in legs)
