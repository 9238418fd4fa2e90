"""Amazon Bedrock's InvokeModel, where the answer is in the shape of the model's own vendor.

Anthropic's, Cohere's and Mistral's are read by their own adapters. Here are Titan's and Llama's, Cohere's
embeddings, which have no counts there (they are in headers of the answer, or in the invocation log), and
streams of any vendor: their last chunk holds `amazon-bedrock-invocationMetrics`, whose input leaves out
what the cache held. Chunks are read as decoded JSON, and as the API hands them on: in base64.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

import base64
from collections.abc import Mapping
from typing import Any

import orjson

from cecil.fingerprint.adapters import anthropic_messages
from cecil.fingerprint.adapters.base import Adapter, finish_of, made, never, number, sets
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.adapters.bedrock_converse import PROVIDERS, model_of_path
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import Reader, Usage, exclusive, mapping

METRICS = "amazon-bedrock-invocationMetrics"
_EMBEDDINGS = frozenset(("embedding", "embeddingsByType", "embeddings"))


def opened(event: dict[str, Any]) -> dict[str, Any]:
    """The JSON in a chunk of an event stream (`{"chunk": {"bytes": "eyJ..."}}`, on the wire
    `{"bytes": "eyJ...", "p": "abc"}`); any other event as it is."""
    data = mapping(event.get("chunk", event)).get("bytes")
    if type(data) is not str:
        return event
    try:
        found = orjson.loads(data if data.startswith("{") else base64.b64decode(data, validate=True))
    except ValueError:  # no base64, or no JSON
        return event
    return found if type(found) is dict else event


def _is_response(body: Mapping[str, Any]) -> bool:
    return (
        "inputTextTokenCount" in body or "prompt_token_count" in body or METRICS in body or _is_cohere(body)
    )


def _is_cohere(body: Mapping[str, Any]) -> bool:
    """Whether these are Cohere's embeddings, without the counts of Cohere's own API."""
    return "embeddings" in body and "response_type" in body and "meta" not in body


def _is_event(event: Mapping[str, Any]) -> bool:
    if METRICS in event or "outputText" in event:
        return True
    return "generation" in event and "generation_token_count" in event


def _read(exchange: Exchange) -> Call:
    body = mapping(exchange.response)
    stream = None if METRICS not in body else True
    return _call(exchange, body, stream)


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    for event in events:
        body.update({k: v for k, v in event.items() if v is not None})
    if any(anthropic_messages.ADAPTER.is_event(event) for event in events):
        # The vendor's own events say more than the metrics; those are for where it says nothing.
        call = anthropic_messages.ADAPTER.read_stream(exchange, events)
        if call.legs[0].usage is None and METRICS in body:
            call.legs = (Leg(call.legs[0].model, usage_of(body)),)
        call.src = Source.BEDROCK_INVOKE
        call.providers = PROVIDERS
        return call
    return _call(exchange, body, True, cut=not exchange.whole or METRICS not in body)


def _read_request(exchange: Exchange) -> Call:
    raise AssertionError("its requests are of many shapes")


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    results = body.get("results")
    first = mapping(results[0]) if isinstance(results, list) and results else {}
    legs = (Leg(exchange.request.get("modelId") or model_of_path(exchange.uri), usage_of(body)),)
    call = made(
        exchange,
        Source.BEDROCK_INVOKE,
        PROVIDERS,
        cut_legs(legs) if cut else legs,
        error=body.get("error"),
        finish=finish_of(body.get("stop_reason") or first.get("completionReason")),
        stream=stream,
        op=Operation.EMBEDDING if not _EMBEDDINGS.isdisjoint(body) else Operation.CHAT,
    )
    if call.latency is None:
        call.latency = number(mapping(body.get(METRICS)).get("invocationLatency"))
    return call


def usage_of(body: Mapping[str, Any]) -> Usage | None:
    """The buckets of an answer or of its last chunk; None where it holds no counts."""
    reader = Reader(mapping(body.get(METRICS)) or body)
    count = reader.count
    fresh = count("inputTokenCount", "inputTextTokenCount", "prompt_token_count")
    output = count("outputTokenCount", "generation_token_count", "totalOutputTextTokenCount")
    results = body.get("results")
    if output is None and isinstance(results, list):
        parts = [Reader(mapping(part)).count("tokenCount") for part in results]
        output = sum(part or 0 for part in parts)
    if output is None and fresh is not None and not _EMBEDDINGS.isdisjoint(body):
        output = 0
    return exclusive(
        reader,
        fresh=fresh,
        output=output,
        cache_read=count("cacheReadInputTokenCount"),
        cache_write=count("cacheWriteInputTokenCount"),
    )


ADAPTER = Adapter(
    answer_keys=sets("inputTextTokenCount", "prompt_token_count", METRICS, "embeddings response_type"),
    event_keys=sets(METRICS, "outputText", "generation generation_token_count"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=never,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
