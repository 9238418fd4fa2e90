"""Azure API Management's log of LLM calls (ApiManagementGatewayLlmLog).

Several rows are one call: one has the counts, the others pieces of the text. The name of the deployment
is the customer's; only that of the model is looked at. The table does not tell what came from a cache.
Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/apimanagementgatewayllmlog
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, text, truth
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, inclusive

KEYS = ("CorrelationId",)
_TYPES = ("ApiManagementGatewayLlmLog", "ApiManagementGatewayLogs")


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if "PromptTokens" not in record or "SequenceNumber" not in record:
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
        cache_read=None,
        cache_write=None,
        reasoning=None,
    )
    return [
        Call(
            Source.AZURE_APIM,
            ("azure", "openai"),
            (Leg(model, usage and usage.flagged(Flag.CACHE_UNKNOWN)),),
            op,
            time=record.get("TimeGenerated"),
            id=text(record.get("CorrelationId")),
            stream=truth(record.get("IsStreamCompletion")),
        )
    ]
