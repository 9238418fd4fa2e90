"""Gemini, of Google's API and of Vertex AI.

The input includes what the cache held and leaves out what tools brought; the output leaves the thinking
out. The total is all of it. In a stream each chunk has the usage so far: the last one counts.
Source: https://ai.google.dev/api/generate-content
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, sets, text
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.prices import Tier
from cecil.fingerprint.record import Failure, Finish, Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, Usage, inclusive, mapping

_PROVIDERS = ("google",)
_TRAFFIC = {
    "ON_DEMAND": Tier.STANDARD,
    "ON_DEMAND_PRIORITY": Tier.PRIORITY,
    "ON_DEMAND_FLEX": Tier.FLEX,
    "STANDARD": Tier.STANDARD,
    "PRIORITY": Tier.PRIORITY,
    "FLEX": Tier.FLEX,
    "BATCH": Tier.BATCH,
}
"""Provisioned throughput was bought before: it has no list price, and is `other`."""

_FAILURE = {
    "INVALID_ARGUMENT": Failure.INVALID,
    "FAILED_PRECONDITION": Failure.INVALID,
    "UNAUTHENTICATED": Failure.AUTH,
    "PERMISSION_DENIED": Failure.AUTH,
    "NOT_FOUND": Failure.NOT_FOUND,
    "RESOURCE_EXHAUSTED": Failure.RATE_LIMIT,
    "INTERNAL": Failure.SERVER,
    "UNAVAILABLE": Failure.OVERLOADED,
    "DEADLINE_EXCEEDED": Failure.TIMEOUT,
}
_DETAILS = ("promptTokensDetails", "candidatesTokensDetails", "toolUsePromptTokensDetails")
_MODALITIES = {"AUDIO": Flag.AUDIO, "IMAGE": Flag.IMAGE, "VIDEO": Flag.IMAGE}


def _is_response(body: Mapping[str, Any]) -> bool:
    if type(body.get("usageMetadata")) is dict:
        return True
    candidates = body.get("candidates")
    return (isinstance(candidates, list) and "modelVersion" in body) or (
        text(mapping(body.get("error")).get("status")) in _FAILURE and "code" in body["error"]
    )


def _is_event(event: Mapping[str, Any]) -> bool:
    candidates = event.get("candidates")
    first = mapping(candidates[0]) if isinstance(candidates, list) and candidates else {}
    return bool({"content", "finishReason"} & first.keys()) or (
        type(event.get("usageMetadata")) is dict and "modelVersion" in event
    )


def _is_request(request: Mapping[str, Any]) -> bool:
    return isinstance(request.get("contents"), list)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, chunks: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    said: list[str] = []
    finish: object = None
    for chunk in chunks:
        for key in ("usageMetadata", "modelVersion", "responseId", "createTime", "error", "promptFeedback"):
            if chunk.get(key) is not None:
                body[key] = chunk[key]
        finish = _finish_reason(chunk) or finish
        said += _said(chunk)
    body["candidates"] = [{"finishReason": finish}]
    blocked = bool(mapping(body.get("promptFeedback")).get("blockReason"))
    call = _call(exchange, body, True, cut=not exchange.whole or (finish is None and not blocked))
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {"error": mapping(exchange.response).get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    error = body.get("error")
    meta = mapping(body.get("usageMetadata"))
    path = exchange.uri or ""
    model = body.get("modelVersion") or exchange.request.get("model") or _of_path(path)
    legs = (Leg(model, usage_of(meta)),)
    if stream is None and "GenerateContent" in path:
        stream = "stream" in path
    call = made(
        exchange,
        Source.GEMINI,
        _PROVIDERS,
        cut_legs(legs) if cut else legs,
        error=error,
        word=mapping(error).get("status"),
        words=_FAILURE,
        finish=_finish(body),
        stream=stream,
        op=Operation.EMBEDDING if "mbedContent" in path else Operation.CHAT,
        id=text(body.get("responseId")),
        time=body.get("createTime"),
    )
    word = meta.get("serviceTier") or meta.get("trafficType")
    if call.tier is None and word:
        call.tier = _TRAFFIC.get(word.upper(), Tier.OTHER) if type(word) is str else Tier.OTHER
    if exchange.batch:
        call.tier = Tier.BATCH
    return call


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usageMetadata` object; None where it holds no counts."""
    if not usage:
        return None
    reader = Reader(usage)
    count = reader.count
    prompt = count("promptTokenCount")
    tools = count("toolUsePromptTokenCount") or 0
    text_out = count("candidatesTokenCount", "responseTokenCount")
    thought = count("thoughtsTokenCount") or 0
    total = count("totalTokenCount", limit=2 * MAX_TOKENS)
    if prompt is None and text_out is None and total is None:
        return None
    if prompt is not None and text_out is None and (thought or total in (None, prompt + tools)):
        text_out = 0  # no visible answer
    found = inclusive(
        reader,
        prompt=None if prompt is None else prompt + tools,
        completion=None if text_out is None else text_out + thought,
        total=total,
        cache_read=count("cachedContentTokenCount"),
        reasoning=thought,
    )
    for key in _DETAILS:
        for part in details if isinstance(details := usage.get(key), list) else ():
            flag = _MODALITIES.get(str(mapping(part).get("modality")))
            if found and flag and mapping(part).get("tokenCount"):
                found = found.flagged(flag)
    return found


def _of_path(path: str) -> str | None:
    """The model that a URL names: `.../models/gemini-2.5-pro:generateContent`."""
    _, found, rest = path.partition("/models/")
    return rest.partition(":")[0].partition("/")[0].partition("?")[0] if found else None


def _finish_reason(body: Mapping[str, Any]) -> object:
    candidates = body.get("candidates")
    for candidate in candidates if isinstance(candidates, list) else ():
        reason = mapping(candidate).get("finishReason")
        if reason is not None:
            return reason
    return None


def _finish(body: Mapping[str, Any]) -> Finish | None:
    if mapping(body.get("promptFeedback")).get("blockReason"):
        return Finish.FILTER
    return finish_of(_finish_reason(body))


def _said(chunk: Mapping[str, Any]) -> list[str]:
    found = []
    candidates = chunk.get("candidates")
    for candidate in candidates if isinstance(candidates, list) else ():
        parts = mapping(mapping(candidate).get("content")).get("parts")
        found += [
            said
            for part in (parts if isinstance(parts, list) else ())
            if (said := text(mapping(part).get("text")))
        ]
    return found


ADAPTER = Adapter(
    answer_keys=sets("usageMetadata", "candidates modelVersion", "error"),
    event_keys=sets("candidates", "usageMetadata modelVersion"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
