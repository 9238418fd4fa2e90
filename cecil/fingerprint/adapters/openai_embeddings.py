"""Embeddings in OpenAI's shape (Voyage answers in it too): input, and nothing else.

Source: https://platform.openai.com/docs/api-reference/embeddings
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, made, never, sets
from cecil.fingerprint.adapters.dialects import dialect
from cecil.fingerprint.adapters.openai_chat import FAILURE
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Operation, Source
from cecil.fingerprint.usage import Reader, Usage, inclusive, mapping


def _is_response(body: Mapping[str, Any]) -> bool:
    if body.get("object") not in ("list", None):
        return False
    usage = body.get("usage")
    if type(usage) is not dict or "completion_tokens" in usage or type(body.get("model")) is not str:
        return False
    data = body.get("data")
    # Usage that was logged without the vectors is known by having a total and no output.
    return (
        "total_tokens" in usage and (data is None or isinstance(data, list)) and "input_tokens" not in usage
    )


def _is_request(request: Mapping[str, Any]) -> bool:
    model = request.get("model")
    return type(model) is str and "embed" in model and type(request.get("input")) in (list, str)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response))


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    raise AssertionError("embeddings have no streams")


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {"error": mapping(exchange.response).get("error")})


def _call(exchange: Exchange, body: Mapping[str, Any]) -> Call:
    model = body.get("model") or exchange.request.get("model")
    error = body.get("error")
    providers = dialect(body, model, exchange.uri)[1]
    if type(model) is str and model.startswith("voyage"):
        providers = ("voyageai",)
    return made(
        exchange,
        Source.OPENAI_EMBEDDINGS,
        providers,
        (Leg(model, usage_of(mapping(body.get("usage")))),),
        error=error,
        word=mapping(error).get("code"),
        words=FAILURE,
        op=Operation.EMBEDDING,
        stream=False,
    )


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    reader = Reader(usage)
    return inclusive(
        reader,
        prompt=reader.count("prompt_tokens"),
        completion=None,
        total=reader.count("total_tokens"),
        completion_expected=False,
    )


ADAPTER = Adapter(
    answer_keys=sets("usage model"),
    event_keys=sets(),
    is_response=_is_response,
    is_event=never,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
