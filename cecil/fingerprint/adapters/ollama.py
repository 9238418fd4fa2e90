"""Ollama's own API: models on one's own machine. Nothing is paid; tokens and time are of interest.

Old versions left `prompt_eval_count` out where the prompt was in memory; it includes what the cache held.
Source: https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, number, sets
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import Reader, Usage, inclusive, mapping

_NANOSECONDS = 1_000_000


def _is_response(body: Mapping[str, Any]) -> bool:
    return ("eval_count" in body or "prompt_eval_count" in body) and type(body.get("model")) is str


def _is_event(event: Mapping[str, Any]) -> bool:
    return isinstance(event.get("done"), bool) and type(event.get("model")) is str


def _is_request(request: Mapping[str, Any]) -> bool:
    return type(request.get("model")) is str and type(request.get("options")) is dict


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, lines: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    said: list[str] = []
    for line in lines:
        body.update({k: v for k, v in line.items() if v is not None})
        for value in (line.get("response"), mapping(line.get("message")).get("content")):
            if type(value) is str:
                said.append(value)
    call = _call(exchange, body, True, cut=not exchange.whole or body.get("done") is not True)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {"error": mapping(exchange.response).get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    op = Operation.EMBEDDING if "embeddings" in body or "embedding" in body else Operation.CHAT
    usage = usage_of(body, op)
    legs = (Leg(body.get("model") or exchange.request.get("model"), usage),)
    call = made(
        exchange,
        Source.OLLAMA,
        (),
        cut_legs(legs) if cut else legs,
        error=body.get("error"),
        finish=finish_of(body.get("done_reason")),
        stream=stream,
        op=op,
        time=body.get("created_at"),
    )
    taken = number(body.get("total_duration"))
    if call.latency is None and taken is not None:
        call.latency = taken / _NANOSECONDS
    return call


def usage_of(body: Mapping[str, Any], op: Operation = Operation.CHAT) -> Usage | None:
    """The buckets of an answer; None where it holds no counts."""
    reader = Reader(body)
    output = reader.count("eval_count")
    return inclusive(
        reader,
        prompt=reader.count("prompt_eval_count"),
        completion=0 if output is None and op is Operation.EMBEDDING else output,
        cache_read=reader.count("prompt_eval_cached_count"),
    )


ADAPTER = Adapter(
    answer_keys=sets("model eval_count", "model prompt_eval_count"),
    event_keys=sets("model done"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
