"""Langfuse: observations as its API and its exports have them.

`usageDetails` are disjoint: `input` leaves out what caches held, `output` the reasoning; `total` is the
sum of all. Only generations and embeddings are calls; spans and events are parts of a trace.
Source: https://langfuse.com/docs/observability/features/token-and-cost-tracking
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, asked, text
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Failure, Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, Usage, mapping
from cecil.fingerprint.vendors import ANYBODY

KEYS = ("traceId", "trace_id")
_CALLS = ("GENERATION", "EMBEDDING")
_OTHERS = ("SPAN", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "GUARDRAIL")

_READ = ("input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "input_cached")
_WRITE = ("input_cache_creation", "cache_creation_input_tokens", "input_cache_write")
_WRITE_5M = ("input_cache_creation_5m", "input_cache_creation_5m_tokens")
_WRITE_1H = ("input_cache_creation_1h", "input_cache_creation_1h_tokens")
_REASONING = ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens", "reasoning")


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    kind = record.get("type")
    if type(kind) is not str or kind.upper() not in (*_CALLS, *_OTHERS):
        return None
    if not {"startTime", "start_time"} & record.keys():
        return None
    if kind.upper() in _OTHERS:
        return Drop.LOG_PART
    details = next(
        (
            found
            for key in ("usageDetails", "usage_details", "usage")
            if (found := mapping(decoded(record.get(key))[0]))
        ),
        {},
    )
    parameters = mapping(decoded(record.get("modelParameters", record.get("model_parameters")))[0])
    failed = record.get("level") == "ERROR"
    said = record.get("input")
    shown = decoded(said)[0] if type(said) is str and said.lstrip().startswith(("{", "[")) else said
    messages = mapping(shown).get("messages", shown)
    request = {**parameters, "messages": messages} if messages is not None else parameters
    return [
        Call(
            Source.LANGFUSE,
            ANYBODY,
            (Leg(record.get("model") or record.get("providedModelName"), usage_of(details)),),
            Operation.EMBEDDING if kind.upper() == "EMBEDDING" else Operation.CHAT,
            time=record.get("startTime", record.get("start_time")),
            user=text(record.get("userId", record.get("user_id"))),
            session=text(record.get("sessionId", record.get("session_id"))),
            id=text(record.get("id")),
            ok=not failed,
            err=Failure.OTHER if failed else None,
            asked=asked(request),
        )
    ]


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of `usageDetails`; None where it holds no counts."""
    if not usage:
        return None
    reader = Reader(usage)
    count = reader.count
    fresh = count("input", "promptTokens", "prompt_tokens", "input_tokens")
    output = count("output", "completionTokens", "completion_tokens", "output_tokens")
    total = count("total", "totalTokens", "total_tokens", limit=2 * MAX_TOKENS)
    read, thought = count(*_READ) or 0, count(*_REASONING) or 0
    five, hour = count(*_WRITE_5M), count(*_WRITE_1H)
    written = count(*_WRITE)
    flags = reader.flags
    if fresh is None and output is None and not (read or thought or total):
        return None
    if five is None and hour is None:
        five, hour = written or 0, 0
        if five:
            flags.add(Flag.TTL_ASSUMED)
    five, hour = five or 0, hour or 0
    audio = sum(count(key) or 0 for key in usage if type(key) is str and "audio" in key)
    if audio:
        flags.add(Flag.AUDIO)
    if fresh is None and output is None and total:
        flags.add(Flag.TOTAL_ONLY)
        fresh = total
    fresh, output = fresh or 0, output or 0
    whole = fresh + read + five + hour + output + thought
    if total is not None and total not in (whole, whole + audio):
        # Some instrumentations count the parts within input and output all the same.
        if total == fresh + output and read + five + hour <= fresh and thought <= output:
            fresh, output = fresh - read - five - hour, output - thought
        else:
            flags.add(Flag.TOTAL_MISMATCH)
    return Usage(fresh, read, five, hour, output, thought, 0, frozenset(flags))
