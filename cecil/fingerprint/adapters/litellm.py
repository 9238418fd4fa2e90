"""LiteLLM: rows of LiteLLM_SpendLogs, and StandardLoggingPayload.

`prompt_tokens` include what caches held, whoever the provider is. `cache_hit` is the gateway's own cache:
then no tokens were bought. What the row leaves out is in its `metadata`, JSON in a string.
Source: https://docs.litellm.ai/docs/proxy/logging_spec
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, asked, finish_of, number, text, truth
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.adapters.openai_chat import usage_of as chat_usage
from cecil.fingerprint.call import Call, Leg, failure
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import Flag, Reader, Usage, integer, mapping
from cecil.fingerprint.vendors import providers

KEYS = ("call_type",)
_OPERATIONS = (
    ("embedding", Operation.EMBEDDING),
    ("text_completion", Operation.COMPLETION),
    ("rerank", Operation.RERANK),
    ("image", Operation.IMAGE),
    ("transcription", Operation.AUDIO),
    ("speech", Operation.AUDIO),
    ("completion", Operation.CHAT),
    ("responses", Operation.CHAT),
    ("messages", Operation.CHAT),
    ("generate_content", Operation.CHAT),
)


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if "custom_llm_provider" not in record and "model_group" not in record and "spend" not in record:
        return None
    meta = mapping(decoded(record.get("metadata"))[0])
    response = mapping(decoded(record.get("response"))[0])
    request = {
        **mapping(decoded(record.get("model_parameters"))[0]),
        "messages": decoded(record.get("messages"))[0] or None,
    }
    if not isinstance(request["messages"], list):
        del request["messages"]
    usage = next(
        (
            found
            for place in (meta.get("usage_object"), response.get("usage"), record)
            if (found := usage_of(mapping(place)))
        ),
        None,
    )
    word = str(record.get("call_type"))
    op = next((op for name, op in _OPERATIONS if name in word), Operation.OTHER)
    if usage and Flag.MISSING_COUNT in usage.flags and op is Operation.EMBEDDING:
        usage = usage._replace(flags=usage.flags - {Flag.MISSING_COUNT})
    if usage and str(record.get("cache_hit")).lower() == "true":
        usage = Usage(flags=frozenset({Flag.GATEWAY_CACHE}))
    failed = record.get("status") == "failure" or bool(record.get("error_str"))
    details = mapping(record.get("error_information")) or mapping(meta.get("error_information"))
    status = integer(details.get("error_code"))
    code = details.get("error_code")
    if status is None and type(code) is str and len(code) == 3 and code.isdecimal():
        status = int(code)
    choices = response.get("choices")
    choice = mapping(choices[0]) if isinstance(choices, list) and choices else {}
    hidden = mapping(record.get("hidden_params"))
    return [
        Call(
            Source.LITELLM,
            providers(record.get("custom_llm_provider")),
            (Leg(text(hidden.get("litellm_model_name")) or record.get("model"), usage),),
            op,
            time=record.get("startTime"),
            user=next((u for key in ("end_user", "user") if (u := text(record.get(key)))), None),
            session=text(record.get("session_id")) or text(record.get("trace_id")),
            id=text(record.get("request_id")) or text(record.get("id")),
            stream=truth(record.get("stream")),
            ok=not failed,
            err=failure(status) if failed else None,
            finish=finish_of(choice.get("finish_reason")),
            status=status,
            latency=number(record.get("request_duration_ms"))
            or between(record.get("startTime"), record.get("endTime")),
            asked=asked(request),
        )
    ]


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a usage object as LiteLLM has it: OpenAI's shape, with cache writes by lifetime."""
    found = chat_usage(usage)
    details = mapping(mapping(usage.get("prompt_tokens_details")).get("cache_creation_token_details"))
    if found and details and found.in_cache_write_5m:
        hour = min(Reader(details).count("ephemeral_1h_input_tokens") or 0, found.in_cache_write_5m)
        found = found._replace(in_cache_write_5m=found.in_cache_write_5m - hour, in_cache_write_1h=hour)
    elif found and found.in_cache_write_5m:
        found = found.flagged(Flag.TTL_ASSUMED)
    return found


def between(start: object, end: object) -> float | None:
    """Milliseconds between two epochs in seconds."""
    if isinstance(start, float) and isinstance(end, float) and end >= start:
        return (end - start) * 1000
    return None
