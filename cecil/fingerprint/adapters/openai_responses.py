"""OpenAI responses, and whoever answers in their shape.

Input and output include what the caches held and the reasoning; the total is the check. A stream's last
event (`response.completed`, `.incomplete`, `.failed`) holds the whole answer.
Source: https://platform.openai.com/docs/api-reference/responses
"""

from collections.abc import Mapping
from typing import Any

from cecil.fingerprint.adapters.base import Adapter, finish_of, made, sets, text, tier_of
from cecil.fingerprint.adapters.base import cut as cut_legs
from cecil.fingerprint.adapters.dialects import dialect
from cecil.fingerprint.adapters.openai_chat import FAILURE
from cecil.fingerprint.call import Call, Exchange, Leg
from cecil.fingerprint.record import Finish, Source
from cecil.fingerprint.usage import MAX_TOKENS, Reader, Usage, inclusive, mapping

OBJECT = "response"
_COMPACTION = "response.compaction"
_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "response.done"})
_SEARCH = "web_search_call"


def _is_response(body: Mapping[str, Any]) -> bool:
    kind = body.get("object")
    if kind is not None:
        return kind in (OBJECT, _COMPACTION) if type(kind) is str else False
    # Usage that was logged without the rest: Anthropic's has no total.
    usage = mapping(body.get("usage"))
    return "input_tokens" in usage and "total_tokens" in usage and type(body.get("model")) is str


def _is_event(event: Mapping[str, Any]) -> bool:
    kind = event.get("type")
    return type(kind) is str and kind.startswith("response.")


def _is_request(request: Mapping[str, Any]) -> bool:
    return type(request.get("model")) is str and type(request.get("input")) in (list, str)


def _read(exchange: Exchange) -> Call:
    return _call(exchange, mapping(exchange.response), None)


def _read_stream(exchange: Exchange, events: list[dict[str, Any]]) -> Call:
    body: dict[str, Any] = {}
    said: list[str] = []
    ended = False
    for event in events:
        kind = event.get("type")
        if type(event.get("response")) is dict:
            body.update({k: v for k, v in event["response"].items() if v is not None})
            ended = ended or text(kind) in _ENDS
        elif kind == "error":
            body["error"] = event.get("error") or event
        elif type(kind) is str and kind.endswith(".delta") and type(event.get("delta")) is str:
            said.append(event["delta"])
    call = _call(exchange, body, True, cut=not exchange.whole or not ended)
    call.said = "".join(said)
    return call


def _read_request(exchange: Exchange) -> Call:
    return _call(exchange, {"error": mapping(exchange.response).get("error")}, None)


def _call(exchange: Exchange, body: Mapping[str, Any], stream: bool | None, *, cut: bool = False) -> Call:
    error = body.get("error")
    code = mapping(error).get("code")
    model = body.get("model") or exchange.request.get("model")
    usage = usage_of(mapping(body.get("usage")))
    searches = _searches(body.get("output"))
    if usage and searches:
        usage = usage._replace(web_searches=min(searches, 10_000))
    legs: tuple[Leg, ...] = (Leg(model, usage),)
    if cut:
        legs = cut_legs(legs)
    status = body.get("status")
    _, providers = dialect(body, model, exchange.uri)
    call = made(
        exchange,
        Source.OPENAI_RESPONSES,
        providers,
        legs,
        error=error or status == "failed",
        word=code if type(code) is str and code in FAILURE else mapping(error).get("type"),
        words=FAILURE,
        finish=_finish(status, body),
        stream=stream,
        id=text(body.get("id")),
        time=body.get("created_at") or None,
        tier=tier_of(exchange, body.get("service_tier")),
    )
    user = text(body.get("user")) or text(body.get("safety_identifier"))
    conversation = body.get("conversation")
    if user and not call.user:
        call.user = user
    if call.session is None:
        call.session = text(mapping(conversation).get("id")) or text(conversation)
    return call


def usage_of(usage: Mapping[str, Any]) -> Usage | None:
    """The buckets of a `usage` object of this shape; None where it holds no counts."""
    if not usage:
        return None
    reader = Reader(usage)
    count = reader.count
    return inclusive(
        reader,
        prompt=count("input_tokens"),
        completion=count("output_tokens"),
        total=count("total_tokens", limit=2 * MAX_TOKENS),
        cache_read=count("cached_tokens", inside="input_tokens_details"),
        cache_write=count("cache_write_tokens", "cache_creation_tokens", inside="input_tokens_details"),
        reasoning=count("reasoning_tokens", inside="output_tokens_details"),
    )


def _finish(status: object, body: Mapping[str, Any]) -> Finish | None:
    if status == "incomplete":
        return finish_of(mapping(body.get("incomplete_details")).get("reason") or "other")
    if status != "completed":
        return None
    output = body.get("output")
    last = output[-1] if isinstance(output, list) and output else None
    return Finish.TOOL if mapping(last).get("type") == "function_call" else Finish.STOP


def _searches(output: object) -> int:
    if type(output) is not list:
        return 0
    return sum(1 for item in output if type(item) is dict and item.get("type") == _SEARCH)


ADAPTER = Adapter(
    answer_keys=sets("object", "usage model"),
    event_keys=sets("type"),
    is_response=_is_response,
    is_event=_is_event,
    is_request=_is_request,
    read=_read,
    read_stream=_read_stream,
    read_request=_read_request,
)
