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
)
"""Paths of APIs, for calls that failed and of which nothing else was logged."""
_TELLING = frozenset(
    (
        *("usage", "usageMetadata", "candidates", "error", "object", "type", "meta", "eval_count", "done"),
        *("prompt_eval_count", "inputTextTokenCount", "prompt_token_count", bedrock_invoke.METRICS),
    )
)
"""An answer has one of these."""


def of_object(exchange: Exchange, body: Mapping[str, Any]) -> Call | None:
    """The call, where an object is a whole answer."""
    kind = body.get("object")
    if type(kind) is str and kind in _BY_OBJECT:
        return _BY_OBJECT[kind].read(exchange)
    if _TELLING.isdisjoint(body):
        return None
    for adapter in ADAPTERS:
        if adapter.is_response(body):
            return adapter.read(exchange)
    return None


def of_events(exchange: Exchange, events: list[Any]) -> Call | None:
    """The call, where a list is the events of a streamed answer."""
    parts = [event for event in events if isinstance(event, dict)]
    for adapter in ADAPTERS:
        if any(adapter.is_event(event) for event in parts):
            return adapter.read_stream(exchange, parts)
    return None


def of(exchange: Exchange) -> Call | None:
    """The call, where there is an answer of a known shape."""
    if isinstance(exchange.response, dict):
        return of_object(exchange, exchange.response)
    return of_events(exchange, exchange.response) if isinstance(exchange.response, list) else None


def of_request(exchange: Exchange) -> Call | None:
    """The call of an exchange that has no answer that can be read: by what was asked."""
    if not exchange.failed and isinstance(exchange.response, dict | list):
        return None
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
    return any(adapter.is_event(record) for adapter in ADAPTERS)


__all__ = ["Drop", "is_event", "of", "of_request"]
