"""Whose shape an answer is in: the adapters of answers, in the order in which they are asked.

Where two could take an answer, the more particular one stands first. What most answers say of themselves
(`object`, `type`) is looked up before anyone is asked.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters import (
    anthropic_messages,
    bedrock_converse,
    bedrock_invoke,
    cohere,
    gemini,
    ollama,
    openai_chat,
    openai_embeddings,
    openai_responses,
)
from cecil.fingerprint.adapters.base import Adapter, Drop
from cecil.fingerprint.call import Call, Exchange
from cecil.fingerprint.outlines import Outlines

ADAPTERS: tuple[Adapter, ...] = (
    bedrock_invoke.ADAPTER,
    anthropic_messages.ADAPTER,
    openai_responses.ADAPTER,
    cohere.ADAPTER,
    gemini.ADAPTER,
    bedrock_converse.ADAPTER,
    ollama.ADAPTER,
    openai_chat.ADAPTER,
    openai_embeddings.ADAPTER,
)
_REQUESTS: tuple[Adapter, ...] = (
    anthropic_messages.ADAPTER,
    cohere.ADAPTER,
    bedrock_converse.ADAPTER,
    ollama.ADAPTER,
    gemini.ADAPTER,
    openai_embeddings.ADAPTER,
    openai_chat.ADAPTER,
    openai_responses.ADAPTER,
)
_BY_OBJECT: Mapping[str, Adapter] = {
    openai_chat.OBJECT: openai_chat.ADAPTER,
    openai_responses.OBJECT: openai_responses.ADAPTER,
}
_BY_PATH: tuple[tuple[str, Adapter], ...] = (
    ("/converse", bedrock_converse.ADAPTER),
    ("/invoke", bedrock_converse.ADAPTER),
    ("enerateContent", gemini.ADAPTER),
    ("mbedContent", gemini.ADAPTER),
    ("/v1/messages", anthropic_messages.ADAPTER),
    ("/chat/completions", openai_chat.ADAPTER),
    ("/embeddings", openai_embeddings.ADAPTER),
    ("/v1/responses", openai_responses.ADAPTER),
    ("/v2/chat", cohere.ADAPTER),
    ("/v2/embed", cohere.ADAPTER),
    ("/v2/rerank", cohere.ADAPTER),
)
"""Paths of APIs, for calls that failed and of which nothing else was logged."""


def _asked(kind: str) -> Outlines[tuple[int, ...]]:
    """The numbers of the adapters that have to be asked about an object, by its keys."""

    def derive(keys: tuple[str, ...]) -> tuple[int, ...]:
        there = frozenset(keys)
        return tuple(n for n, a in enumerate(ADAPTERS) if any(keys <= there for keys in getattr(a, kind)))

    return Outlines(derive)


_ANSWERS = _asked("answer_keys")
_EVENTS = _asked("event_keys")
_CHUNK = frozenset(("chunk", "bytes"))


def of_object(exchange: Exchange, body: Mapping[str, Any]) -> Call | None:
    """The call, where an object is a whole answer."""
    kind = body.get("object")
    if type(kind) is str and kind in _BY_OBJECT:
        return _BY_OBJECT[kind].read(exchange)
    for number in _ANSWERS.of(body):
        if ADAPTERS[number].is_response(body):
            return ADAPTERS[number].read(exchange)
    return None


def of_events(exchange: Exchange, events: list[Any]) -> Call | None:
    """The call, where a list is the events of a streamed answer."""
    parts = [event for event in events if type(event) is dict]
    chunks = not all(_CHUNK.isdisjoint(event) for event in parts)
    if chunks:
        parts = [bedrock_invoke.opened(event) for event in parts]
    numbers = [n for event in parts for n in _EVENTS.of(event) if ADAPTERS[n].is_event(event)]
    if not numbers:
        return None
    # In chunks any vendor's events are Bedrock's.
    adapter = bedrock_invoke.ADAPTER if chunks else ADAPTERS[min(numbers)]
    return adapter.read_stream(exchange, parts)


def of(exchange: Exchange) -> Call | None:
    """The call, where there is an answer of a known shape."""
    if type(exchange.response) is dict:
        return of_object(exchange, exchange.response)
    return of_events(exchange, exchange.response) if isinstance(exchange.response, list) else None


def of_request(exchange: Exchange) -> Call | None:
    """The call of an exchange that has no answer that can be read: by what was asked."""
    # An answer of nothing at all is one that was cut before it began.
    if not exchange.failed and exchange.response and isinstance(exchange.response, dict | list):
        return None
    if exchange.request:
        # A request for embeddings looks as one for a response does; only its model's name or the path tells.
        if "/embeddings" in (exchange.uri or "") and openai_responses.ADAPTER.is_request(exchange.request):
            return openai_embeddings.ADAPTER.read_request(exchange)
        for adapter in _REQUESTS:
            if adapter.is_request(exchange.request):
                return adapter.read_request(exchange)
    if exchange.uri is not None and exchange.failed and exchange.status is not None:
        for path, adapter in _BY_PATH:
            if path in exchange.uri:
                return adapter.read_request(exchange)
    return None


def is_event(record: Mapping[str, Any]) -> bool:
    """Whether a record is a single event of a stream."""
    record = record if _CHUNK.isdisjoint(record) else bedrock_invoke.opened(dict(record))
    return any(ADAPTERS[number].is_event(record) for number in _EVENTS.of(record))


__all__ = ["Drop", "is_event", "of", "of_request"]
