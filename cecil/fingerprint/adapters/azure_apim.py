"""Azure API Management's log of LLM calls (ApiManagementGatewayLlmLog), alone or with that of its gateway.

Several rows are one call: one has the counts, the others pieces of the text. The name of the deployment
is the customer's; only that of the model is looked at. The table does not tell what came from a cache.
Whether a call failed, how long it took and whose it was is in the gateway's log (ApiManagementGatewayLogs):
in the same row, where a query joined the two, or in a row of its own, before or after.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/apimanagementgatewayllmlog
and https://learn.microsoft.com/azure/azure-monitor/reference/tables/apimanagementgatewaylogs
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, number, text, truth
from cecil.fingerprint.adapters.memory import Memory, Reply
from cecil.fingerprint.call import Call, Leg, failure
from cecil.fingerprint.recent import short
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, inclusive, integer

KEYS = ("CorrelationId",)
_LONGEST = 1_024
"""Characters of a name; a longer one is none, and is not remembered."""
_TYPES = ("ApiManagementGatewayLlmLog", "ApiManagementGatewayLogs")


_GATEWAY = frozenset(("BackendResponseCode", "ApimSubscriptionId", "IsRequestSuccess"))
"""A row of the gateway's log has one of these, besides its response code."""


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    id = text(record.get("CorrelationId"))
    id = id and short(id)
    if "PromptTokens" not in record or "SequenceNumber" not in record:
        if id and "ResponseCode" in record and not _GATEWAY.isdisjoint(record):
            return _of_gateway(id, _reply(record), memory)
        known = record.get("Type") in _TYPES or "RequestMessages" in record or "ResponseMessages" in record
        return Drop.LOG_PART if known else None
    reader = Reader(record)
    prompt, completion = reader.count("PromptTokens"), reader.count("CompletionTokens")
    total = reader.count("TotalTokens", limit=2 * MAX_TOKENS)
    model = text(record.get("ModelName"))
    if not model and not prompt and not completion and not total:
        return Drop.LOG_PART
    operation = str(record.get("OperationName")).lower()
    op = Operation.EMBEDDING if "embedding" in operation else Operation.CHAT
    usage = inclusive(
        reader,
        prompt=prompt,
        completion=completion,
        total=total,
    )
    call = Call(
        Source.AZURE_APIM,
        ("azure", "openai"),
        (Leg(model, usage and usage.flagged(Flag.CACHE_UNKNOWN)),),
        op,
        time=record.get("TimeGenerated"),
        id=id,
        stream=truth(record.get("IsStreamCompletion")),
    )
    if "ResponseCode" in record:
        _told(call, _reply(record))
    elif id:
        if len(model or "") <= _LONGEST:
            memory.counted.put(id, call)
        reply = memory.gateway.get(id)
        if reply is not None:
            _told(call, reply)
    return [call]


def _of_gateway(id: str, reply: Reply, memory: Memory) -> list[Call] | Drop:
    """A row of the gateway: its call once more, if the counts were there before; else it is kept for them."""
    call = memory.counted.get(id)
    if call is None:
        memory.gateway.put(id, reply)
        return Drop.LOG_PART
    _told(call, reply)
    return [call]


def _reply(record: Mapping[str, Any]) -> Reply:
    user = text(record.get("UserId")) or text(record.get("ApimSubscriptionId"))
    return Reply(
        integer(record.get("ResponseCode")),
        number(record.get("TotalTime")),
        user if len(user or "") <= _LONGEST else None,
    )


def _told(call: Call, reply: Reply) -> None:
    call.status, call.latency, call.user = reply
    if call.status is not None and not 200 <= call.status < 300:
        call.ok, call.err = False, failure(call.status)
