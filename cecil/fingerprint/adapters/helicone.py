"""Helicone: requests as its API and its exports have them.

Whether `prompt_tokens` include what caches held depends on the provider; the total says which it is.
Source: https://docs.helicone.ai/rest/request/post-v1requestquery
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, asked, number, text
from cecil.fingerprint.adapters.dialects import of_host
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg, failure
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, Usage, exclusive, inclusive, integer, mapping
from cecil.fingerprint.vendors import providers

KEYS = ("request_created_at",)


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if "request_path" not in record and "response_model" not in record and "request_model" not in record:
        return None
    # Negative codes are Helicone's own: a threat, a cancelled or a pending request.
    code = integer(record.get("response_status"))
    status = code if code is not None and code >= 0 else None
    ok = code is None or 200 <= code < 300
    path = text(record.get("request_path"))
    named = record.get("provider")
    whose = providers(named) if type(named) is str and named.upper() != "CUSTOM" else providers(None)
    if path and (host := of_host(path)) and type(named) is not str:
        whose = host[1]
    usage = usage_of(record)
    if record.get("cached") is True or record.get("cache_reference_id"):
        usage = Usage(flags=frozenset({Flag.GATEWAY_CACHE}))
    return [
        Call(
            Source.HELICONE,
            whose,
            (
                Leg(
                    text(record.get("model_override"))
                    or text(record.get("response_model"))
                    or text(record.get("request_model"))
                    or record.get("model"),
                    usage,
                ),
            ),
            Operation.EMBEDDING if path and "embed" in path else Operation.CHAT,
            time=record.get("request_created_at"),
            user=text(record.get("request_user_id")),
            id=text(record.get("request_id")),
            ok=ok,
            err=None if ok else failure(status),
            status=status,
            latency=number(record.get("delay_ms")),
            asked=asked(mapping(decoded(record.get("request_body"))[0])),
        )
    ]


def usage_of(record: Mapping[str, Any]) -> Usage | None:
    """The buckets of a request; None where it holds no counts."""
    reader = Reader(record)
    count = reader.count
    prompt, completion = count("prompt_tokens"), count("completion_tokens")
    read, write = count("prompt_cache_read_tokens") or 0, count("prompt_cache_write_tokens") or 0
    total = count("total_tokens", limit=2 * MAX_TOKENS)
    audio = count("prompt_audio_tokens") or count("completion_audio_tokens")
    apart = (prompt or 0) + read + write + (completion or 0)
    if (read or write) and (total == apart or (total is None and read + write > (prompt or 0))):
        found = exclusive(
            reader,
            fresh=prompt,
            output=completion,
            cache_read=read,
            cache_write=write,
            reasoning=count("reasoning_tokens"),
        )
    else:
        found = inclusive(
            reader,
            prompt=prompt,
            completion=completion,
            total=total,
            cache_read=read,
            cache_write=write,
            reasoning=count("reasoning_tokens"),
        )
    return found.flagged(Flag.AUDIO) if found and audio else found
