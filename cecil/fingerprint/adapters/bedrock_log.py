"""Amazon Bedrock's model invocation log, of CloudWatch Logs and of S3.

The body is in the shape of the API that was called; its counts are taken, since they know more (lifetimes
of caches), and those of the log where the body is in S3 or of a shape that is not known. An identity's
ARN is taken for the user: its session name is often a person's address, and only its hash is kept.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters import answers
from cecil.fingerprint.adapters.base import Drop, made
from cecil.fingerprint.adapters.bedrock_converse import FAILURE, PROVIDERS
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Exchange, Leg, failure
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import Reader, Usage, exclusive, mapping

KEYS = ("schemaType",)
_OPAQUE = (
    "application-inference-profile/",
    "provisioned-model/",
    "imported-model/",
    "custom-model-deployment/",
)


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    if record.get("schemaType") != "ModelInvocationLog":
        return None
    sent, got = mapping(record.get("input")), mapping(record.get("output"))
    request, _ = decoded(sent.get("inputBodyJson"))
    response, whole = decoded(got.get("outputBodyJson"))
    code = record.get("errorCode")
    exchange = Exchange(
        response,
        mapping(request),
        status=None if code else 200,
        time=record.get("timestamp"),
        user=mapping(record.get("identity")).get("arn"),
        whole=whole,
    )
    model = record.get("modelId")
    call = None if code else answers.of(exchange)
    if call is None:
        exchange.response = None
        call = made(exchange, Source.BEDROCK_LOG, PROVIDERS, (Leg(model, None),), error=code)
    first = call.legs[0]
    if len(call.legs) == 1:
        named = first.model if type(model) is str and any(word in model for word in _OPAQUE) else None
        call.legs = (
            Leg(named or model or first.model, first.usage or _counts(sent, got, failed=bool(code))),
        )
    call.src = Source.BEDROCK_LOG
    call.providers = PROVIDERS
    call.id = record.get("requestId") if type(record.get("requestId")) is str else None
    operation = str(record.get("operation"))
    call.stream = "Stream" in operation
    if "embed" in str(model):
        call.op = Operation.EMBEDDING
    if code:
        call.ok = False
        call.err = failure(None, code, FAILURE)
        call.status = None
    return [call]


def _counts(sent: Mapping[str, Any], got: Mapping[str, Any], *, failed: bool) -> Usage | None:
    """The log's own counts; zeros of a failed call say nothing."""
    reader = Reader({**sent, **got})
    count = reader.count
    fresh, output = count("inputTokenCount"), count("outputTokenCount")
    if failed and not fresh and not output:
        return None
    return exclusive(
        reader,
        fresh=fresh,
        output=output,
        cache_read=count("cacheReadInputTokenCount"),
        cache_write=count("cacheWriteInputTokenCount"),
    )
