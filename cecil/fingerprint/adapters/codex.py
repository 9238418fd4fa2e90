"""Codex: the lines of its session files.

The model stands in a line `turn_context`, the counts in `token_count` events behind it:
`last_token_usage` for the last call, `total_token_usage` for all so far. An event is written again when
only rate limits change; its total has not moved then. The input includes what the cache held.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, text
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg
from cecil.fingerprint.record import Source
from cecil.fingerprint.usage import MAX_TOKENS, Reader, Usage, inclusive, integer, mapping

KEYS = ("payload",)
_LINES = frozenset({"turn_context", "session_meta", "response_item", "event_msg", "compacted"})


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    kind, payload = record.get("type"), record.get("payload")
    if type(kind) is not str or kind not in _LINES or type(payload) is not dict:
        return None
    if kind == "session_meta":
        memory.codex_session, memory.codex_model, memory.codex_total = payload.get("id"), None, None
    elif kind == "turn_context" and payload.get("model"):
        memory.codex_model = payload["model"]
    if kind != "event_msg" or payload.get("type") != "token_count":
        return Drop.LOG_PART
    info = mapping(payload.get("info"))
    so_far = mapping(info.get("total_token_usage"))
    total = integer(so_far.get("total_tokens"))
    if not info or (total is not None and total == memory.codex_total):
        return Drop.LOG_PART
    first = memory.codex_total is None
    memory.codex_total = total
    usage = usage_of(mapping(info.get("last_token_usage")) or (so_far if first else {}))
    session = text(memory.codex_session)
    return [
        Call(
            Source.CODEX,
            ("openai",),
            (Leg(info.get("model") or memory.codex_model, usage),),
            time=record.get("timestamp"),
            session=session,
            id=f"codex {session} {total}" if session and total is not None else None,
        )
    ]


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a usage object of this shape; None where it holds no counts."""
    reader = Reader(usage)
    count = reader.count
    return inclusive(
        reader,
        prompt=count("input_tokens"),
        completion=count("output_tokens"),
        total=count("total_tokens", limit=2 * MAX_TOKENS),
        cache_read=count("cached_input_tokens"),
        reasoning=count("reasoning_output_tokens"),
    )
