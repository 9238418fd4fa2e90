"""The log shapes that Cecil reads, one a file, and the recognition of a record's shape.

Recognition is by record, so that a file may mix shapes, and by keys that tell one shape from another,
never by a file's name or by a first line. There are two kinds of shapes: answers of providers, which may
stand in envelopes of any making (`answers` asks their adapters), and records of gateways, clouds and
tools, known by a key of their own (`LOGS`). A new shape is one more module, and a line in one of the two.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from cecil.fingerprint.adapters import (
    answers,
    azure_apim,
    azure_diagnostics,
    bedrock_log,
    claude_code,
    codex,
    helicone,
    langfuse,
    litellm,
    otlp,
    vertex_log,
)
from cecil.fingerprint.adapters.base import Drop
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call
from cecil.fingerprint.envelope import decoded, exchanges

LOGS: tuple[ModuleType, ...] = (
    bedrock_log,
    vertex_log,
    azure_apim,
    azure_diagnostics,
    litellm,
    helicone,
    claude_code,
    codex,
    langfuse,
    otlp,
)
"""Each has KEYS, of which its records have one, and `read`: its calls, why there are none, or None."""

_BY_KEY: dict[str, list[ModuleType]] = {}
for _module in LOGS:
    for _key in _module.KEYS:
        _BY_KEY.setdefault(_key, []).append(_module)
_KEYS = frozenset(_BY_KEY)

_CONTAINERS = ("records", "Records", "logEvents", "rows")
"""Lists of records in one record: Azure's Event Hubs, CloudWatch's subscriptions, query results."""
_CONTAINER = frozenset(_CONTAINERS)
_AGGREGATES = ("page", "bucket", "organization.usage.completions.result")
_MESSAGES = ("message", "textPayload", "msg", "log")
_DEPTH = 2


def recognise(record: Mapping[str, Any], memory: Memory, depth: int = _DEPTH) -> list[Call] | Drop:
    """The calls that a record tells of, or the rule by which it has none."""
    if not _KEYS.isdisjoint(record):
        found = _of_log(record, memory)
        if found is not None:
            return found
    elif not _CONTAINER.isdisjoint(record):
        inside = _contained(record, memory, depth)
        if inside is not None:
            return inside
    return _answer(record, memory, depth)


def _of_log(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    for key in record:
        for module in _BY_KEY.get(key, ()):
            found: list[Call] | Drop | None = module.read(record, memory)
            if found is not None:
                return found
    return None


def _contained(record: Mapping[str, Any], memory: Memory, depth: int) -> list[Call] | Drop | None:
    for name in _CONTAINERS:
        rows = record.get(name)
        if isinstance(rows, list) and depth:
            return several(rows, memory, depth - 1)
    return None


def several(rows: list[Any], memory: Memory, depth: int = _DEPTH) -> list[Call] | Drop:
    """The calls of several records in a list."""
    calls: list[Call] = []
    rule = Drop.NOT_LLM
    for row in rows:
        found = recognise(row, memory, depth) if type(row) is dict else Drop.NOT_LLM
        if isinstance(found, Drop):
            rule = found if rule is Drop.NOT_LLM else rule
        else:
            calls += found
    return calls or rule


def _answer(record: Mapping[str, Any], memory: Memory, depth: int) -> list[Call] | Drop:
    places = []
    for place in exchanges(record):
        call = answers.of(place)
        if call is not None:
            return [call]
        places.append(place)
    if answers.is_event(record):
        return Drop.STREAM_PART
    if record.get("object") in _AGGREGATES or _is_usage_report(record):
        return Drop.AGGREGATE
    # CloudWatch and many others put what was logged, itself JSON or words with JSON behind them, into one.
    message = next((text for key in _MESSAGES if type(text := record.get(key)) is str), None)
    if message is not None and depth and (start := message.find("{")) >= 0:
        inner, _ = decoded(message[start:])
        if type(inner) is dict:
            found = recognise(inner, memory, depth - 1)
            if not isinstance(found, Drop):
                for call in found:
                    call.time = places[0].time if call.time is None else call.time
            if found is not Drop.NOT_LLM:
                return found
    # No answer says whose it is. A call that failed, or whose answer was not logged, is known by its request.
    for place in reversed(places):
        call = answers.of_request(place)
        if call is not None:
            return [call]
    return Drop.NOT_LLM


def _is_usage_report(record: Mapping[str, Any]) -> bool:
    """Anthropic's usage report, or a row of it."""
    if "uncached_input_tokens" in record:
        return True
    data = record.get("data")
    first = data[0] if isinstance(data, list) and data else None
    return type(first) is dict and "starting_at" in first and "results" in first


__all__ = ["LOGS", "Drop", "Memory", "recognise", "several"]
