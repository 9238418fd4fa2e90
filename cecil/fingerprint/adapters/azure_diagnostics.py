"""Azure OpenAI's diagnostic log (category RequestResponse): names the model, and has no counts.

What it has are lengths in bytes. The tokens are estimated from them, to a half or a double.
Source: https://learn.microsoft.com/azure/ai-services/openai/how-to/monitor-openai
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Drop, number, text
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg, failure
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Usage, integer, mapping

KEYS = ("category", "Category")
_BYTES_PER_TOKEN = 4.2
_ENVELOPE = 300
"""Bytes of an answer's JSON that are no text."""
_REQUEST_ENVELOPE = 60


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if record.get("category", record.get("Category")) != "RequestResponse":
        return None
    inner = next((record[key] for key in ("properties", "properties_s", "Properties") if key in record), None)
    about = mapping(decoded(inner)[0])
    name, version = text(about.get("modelName")), text(about.get("modelVersion"))
    if "modelName" not in about and "modelDeploymentName" not in about:
        return None
    signature = record.get("resultSignature", record.get("ResultSignature"))
    status = int(signature) if type(signature) is str and signature.isdecimal() else integer(signature)
    ok = status is None or 200 <= status < 300
    operation = str(record.get("operationName", record.get("OperationName"))).lower()
    op = Operation.EMBEDDING if "embedding" in operation else Operation.CHAT
    usage = _estimate(about, op) if ok else None
    return [
        Call(
            Source.AZURE_DIAGNOSTICS,
            ("azure", "openai"),
            (Leg(f"{name}-{version}" if name and version else name, usage),),
            op,
            time=record.get("time", record.get("TimeGenerated")),
            id=text(record.get("correlationId", record.get("CorrelationId"))),
            stream={"Streaming": True, "Non-Streaming": False}.get(str(about.get("streamType"))),
            ok=ok,
            err=None if ok else failure(status),
            status=status,
            latency=number(record.get("durationMs", record.get("DurationMs"))),
        )
    ]


def _estimate(about: Mapping[str, Any], op: Operation) -> Usage | None:
    sent, got = integer(about.get("requestLength")), integer(about.get("responseLength"))
    if sent is None or got is None or sent < 0 or got < 0:
        return None
    output = 0 if op is Operation.EMBEDDING else int(max(got - _ENVELOPE, 0) / _BYTES_PER_TOKEN)
    return Usage(
        in_fresh=min(int(max(sent - _REQUEST_ENVELOPE, 0) / _BYTES_PER_TOKEN), MAX_TOKENS),
        out_text=min(output, MAX_TOKENS),
        flags=frozenset({Flag.FROM_LENGTH}),
    )
