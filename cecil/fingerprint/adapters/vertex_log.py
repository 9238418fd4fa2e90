"""Vertex AI's request-response log, as it is exported from BigQuery.

Source: https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/request-response-logging
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters import answers
from cecil.fingerprint.adapters.base import Drop, made, number, text
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Source
from cecil.fingerprint.usage import mapping

KEYS = ("full_response", "full_request")
_PROVIDERS = ("google", "anthropic")


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if "logging_time" not in record and "api_method" not in record:
        return None
    request, _ = decoded(record.get("full_request"))
    response, whole = decoded(record.get("full_response"))
    exchange = Exchange(
        response,
        mapping(request),
        time=record.get("logging_time"),
        whole=whole,
        latency=number(mapping(decoded(record.get("metadata"))[0]).get("request_latency")),
    )
    model = record.get("model")
    call = answers.of(exchange) or made(exchange, Source.VERTEX_LOG, _PROVIDERS, (Leg(model, None),))
    if len(call.legs) == 1 and not call.legs[0].model:
        call.legs = (Leg(model, call.legs[0].usage),)
    call.src = Source.VERTEX_LOG
    call.providers = _PROVIDERS
    call.time = record.get("logging_time") or call.time
    call.id = text(record.get("request_id")) or call.id
    method = record.get("api_method")
    if type(method) is str:
        call.stream = "stream" in method.lower()
    return [call]
