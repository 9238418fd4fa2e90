"""Claude Code: the lines of its session files.

A message is written several times while it streams, each time with the counts so far: they have one id,
and the last counts. Lines of the user, of tools and summaries are no calls.
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters import anthropic_messages
from cecil.fingerprint.adapters.base import Drop, text
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Exchange
from cecil.fingerprint.record import Source

KEYS = ("sessionId",)
_LINES = frozenset(
    {"user", "assistant", "system", "summary", "progress", "queue-operation", "file-history-snapshot"}
)


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    message = record.get("message")
    kind = record.get("type")
    known = text(kind) in _LINES
    if type(message) is not dict:
        return Drop.LOG_PART if known else None
    if not known and kind is not None:
        return None
    if message.get("role") == "user":
        return Drop.LOG_PART
    if type(message.get("usage")) is not dict:
        return Drop.LOG_PART if known else None
    if message.get("model") == "<synthetic>":
        return Drop.LOG_PART  # the tool's own words
    call = anthropic_messages.ADAPTER.read(
        Exchange(message, {}, time=record.get("timestamp"), session=record.get("sessionId"))
    )
    call.src = Source.CLAUDE_CODE
    request = text(record.get("requestId"))
    if call.id is not None and request is not None:
        call.id = f"{call.id} {request}"
    return [call]
