"""OpenTelemetry spans of LLM calls, in every spelling of their attributes.

Read are OTLP's JSON (`resourceSpans`, attributes as lists of key and value), one span a record with
attributes as an object, and attributes at the top. The spellings are those of the GenAI conventions, old
and new, OpenInference, Vercel's AI SDK, Traceloop and Langfuse. By the conventions the input includes
what caches held; where the total, or the counts themselves, say otherwise, it does not.

A span above others repeats their sum (an agent, a chain). It is known by its operation, or by spans with
counts below it: of one document all are looked at; of spans that come one a record, those that came
before, as spans end from the inside out.
Source: https://opentelemetry.io/docs/specs/semconv/gen-ai/
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cecil.fingerprint.adapters import langfuse
from cecil.fingerprint.adapters.base import Drop, asked, finish_of, number, text, truth
from cecil.fingerprint.adapters.memory import Memory
from cecil.fingerprint.call import Call, Leg, failure
from cecil.fingerprint.envelope import decoded
from cecil.fingerprint.record import Failure, Operation, Source
from cecil.fingerprint.usage import MAX_TOKENS, Flag, Reader, Usage, exclusive, inclusive, integer, mapping
from cecil.fingerprint.vendors import providers

KEYS = (
    *("resourceSpans", "attributes", "Attributes", "gen_ai", "gen_ai.system", "gen_ai.provider.name"),
    *("gen_ai.request.model", "gen_ai.response.model", "gen_ai.operation.name", "llm.model_name", "spanId"),
    *("span_id", "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "SpanAttributes"),
)
_MAX_DEPTH = 64

_INPUT = (
    *("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens"),
    *("llm.token_count.prompt", "ai.usage.inputTokens", "ai.usage.promptTokens"),
)
_OUTPUT = (
    *("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens"),
    *("llm.token_count.completion", "ai.usage.outputTokens", "ai.usage.completionTokens"),
)
_TOTAL = (
    *("gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"),
)
_READ = (
    *("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens"),
    *("gen_ai.usage.cache_read_tokens", "gen_ai.usage.details.cache_read_tokens"),
    *("gen_ai.usage.details.cache_read_input_tokens", "gen_ai.usage.details.cached_tokens"),
    *("gen_ai.usage.input_cached_tokens", "llm.usage.cache_read_input_tokens"),
    *("llm.token_count.prompt_details.cache_read", "llm.token_count.prompt_details.cache_input"),
    *("ai.usage.cachedInputTokens", "ai.usage.inputTokenDetails.cacheReadTokens"),
)
_WRITE = (
    *("gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens"),
    *("gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write_tokens"),
    *("gen_ai.usage.details.cache_write_tokens", "gen_ai.usage.details.cache_creation_input_tokens"),
    *("gen_ai.usage.input_cache_creation", "llm.usage.cache_creation_input_tokens"),
    *("llm.token_count.prompt_details.cache_write", "ai.usage.inputTokenDetails.cacheWriteTokens"),
)
_REASONING = (
    *("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
    *("gen_ai.usage.details.reasoning_tokens", "llm.usage.reasoning_tokens"),
    *("llm.token_count.completion_details.reasoning", "ai.usage.reasoningTokens"),
    "ai.usage.outputTokenDetails.reasoningTokens",
)
_AUDIO = (
    *("gen_ai.usage.details.input_audio_tokens", "gen_ai.usage.details.output_audio_tokens"),
    *("gen_ai.usage.output_audio_tokens", "gen_ai.usage.input_audio_tokens"),
    *("llm.token_count.completion_details.audio", "llm.token_count.prompt_details.audio"),
)
_COUNTS = (*_INPUT, *_OUTPUT, *_TOTAL, *_READ, *_WRITE, *_REASONING, *_AUDIO)
_LANGFUSE_USAGE = "langfuse.observation.usage_details"

_MODEL = (
    *("gen_ai.response.model", "gen_ai.request.model", "llm.response.model", "llm.request.model"),
    *("llm.model_name", "embedding.model_name", "ai.response.model", "ai.model.id"),
    "langfuse.observation.model.name",
)
_PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider")
_USER = (
    *("enduser.id", "user.id", "gen_ai.user", "gen_ai.user.id", "llm.user", "langfuse.user.id", "user_id"),
    *("traceloop.association.properties.user_id", "ai.telemetry.metadata.userId", "gen_ai.request.user"),
)
_SESSION = (
    *("gen_ai.conversation.id", "session.id", "langfuse.session.id", "gen_ai.session.id"),
    *("traceloop.association.properties.session_id", "ai.telemetry.metadata.sessionId"),
)
_OPERATION = ("gen_ai.operation.name", "llm.request.type")
_OPERATIONS: Mapping[str, Operation] = {
    "chat": Operation.CHAT,
    "generate_content": Operation.CHAT,
    "messages": Operation.CHAT,
    "responses": Operation.CHAT,
    "text_completion": Operation.COMPLETION,
    "completion": Operation.COMPLETION,
    "embeddings": Operation.EMBEDDING,
    "embedding": Operation.EMBEDDING,
    "rerank": Operation.RERANK,
    "image_generation": Operation.IMAGE,
    "audio": Operation.AUDIO,
    "speech": Operation.AUDIO,
    "transcription": Operation.AUDIO,
}
_ABOVE = frozenset(
    {
        *("invoke_agent", "create_agent", "execute_tool", "invoke_workflow", "agent", "workflow", "chain"),
        *("task", "tool", "retriever", "span", "reranker", "guardrail", "evaluator", "event"),
    }
)
"""Operations and kinds of spans that are no call themselves."""
_KIND = ("openinference.span.kind", "traceloop.span.kind", "langfuse.observation.type")
_LLM = ("gen_ai.", "llm.", "ai.", "openinference.", "traceloop.", "langfuse.", "embedding.")


class _Span(NamedTuple):
    """A span.

    Attributes:
        id, parent: with the trace's id in front; None where it has none.
        about: the span's own members.
        attributes: their names and plain values.
    """

    id: str | None
    parent: str | None
    about: Mapping[str, Any]
    attributes: Mapping[str, Any]

    @property
    def counted(self) -> bool:
        return not _COUNT_KEYS.isdisjoint(self.attributes) or _LANGFUSE_USAGE in self.attributes


_COUNT_KEYS = frozenset((*_INPUT, *_OUTPUT, *_TOTAL))


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    spans = list(_spans(record))
    if not any(_of_llm(span.attributes) for span in spans):
        # Spans between calls and agents hand on that there are calls below.
        for span in spans:
            if span.id and span.parent and memory.summed.get(span.id):
                memory.summed.put(span.parent, True)
        return None
    parents = {span.id: span.parent for span in spans if span.id}
    for span in spans:
        if span.counted or (span.id and memory.summed.get(span.id)):
            above = span.parent
            for _ in range(_MAX_DEPTH):
                if above is None:
                    break
                memory.summed.put(above, True)
                above = parents.get(above)
    calls = []
    dropped: Drop | None = None
    for span in spans:
        if not _of_llm(span.attributes):
            continue
        if _is_above(span, memory):
            dropped = Drop.AGENT_SPAN
        elif span.counted or _first(span.attributes, _MODEL) is not None:
            calls.append(_call(span))
        else:
            dropped = dropped or Drop.LOG_PART
    return calls or dropped


def _of_llm(attributes: Mapping[str, Any]) -> bool:
    return any(key.startswith(_LLM) for key in attributes)


def _is_above(span: _Span, memory: Memory) -> bool:
    attributes = span.attributes
    if span.id and memory.summed.get(span.id):
        return True
    for key in (*_OPERATION[:1], *_KIND):
        word = attributes.get(key)
        if isinstance(word, str) and word.lower() in _ABOVE:
            return True
    # Vercel: `ai.generateText` is above, `ai.generateText.doGenerate` is the call.
    name = attributes.get("ai.operationId")
    return isinstance(name, str) and name.startswith("ai.") and name.count(".") == 1


def _call(span: _Span) -> Call:
    a = span.attributes
    details = a.get(_LANGFUSE_USAGE)
    usage = langfuse.usage_of(mapping(decoded(details)[0])) if details is not None else usage_of(a)
    word = _first(a, _OPERATION)
    kind = a.get("openinference.span.kind")
    op = _OPERATIONS.get(word.lower(), Operation.OTHER) if isinstance(word, str) else Operation.CHAT
    if (isinstance(kind, str) and kind.upper() == "EMBEDDING") or "embedding.model_name" in a:
        op = Operation.EMBEDDING
    if usage and op is Operation.EMBEDDING and not usage.out_text:
        usage = usage._replace(flags=usage.flags - {Flag.MISSING_COUNT})
    status = mapping(span.about.get("status"))
    error = a.get("error.type")
    failed = bool(error) or status.get("code") in (2, "2", "ERROR", "STATUS_CODE_ERROR", "Error")
    code = integer(error) if not isinstance(error, str) else int(error) if error in _CODES else None
    start, end = _time(span.about, _START), _time(span.about, _END)
    response = text(a.get("gen_ai.response.id")) or text(a.get("ai.response.id"))
    reason = _first(a, _FINISH)
    return Call(
        Source.OTLP,
        providers(_first(a, _PROVIDER)),
        (Leg(_first(a, _MODEL), usage),),
        op,
        time=start,
        user=_first(a, _USER) or None,
        session=_first(a, _SESSION) or None,
        id=response or span.id,
        stream=truth(_first(a, ("gen_ai.request.is_stream", "llm.is_streaming", "gen_ai.request.stream"))),
        ok=not failed,
        err=(failure(code, str(error).lower(), _ERRORS) if failed else None),
        finish=finish_of(reason[0] if isinstance(reason, list) and reason else reason or None),
        status=code,
        latency=_between(start, end),
        asked=asked(_request(a)),
    )


_CODES = frozenset(str(code) for code in range(400, 600))
_START = ("startTimeUnixNano", "start_time", "startTime", "start_time_unix_nano", "timestamp", "Timestamp")
_END = ("endTimeUnixNano", "end_time", "endTime", "end_time_unix_nano")
_FINISH = (
    *("gen_ai.response.finish_reasons", "gen_ai.completion.0.finish_reason", "ai.response.finishReason"),
    "llm.response.finish_reason",
)
_ERRORS = {
    "ratelimiterror": Failure.RATE_LIMIT,
    "timeout": Failure.TIMEOUT,
    "timeouterror": Failure.TIMEOUT,
    "apitimeouterror": Failure.TIMEOUT,
    "authenticationerror": Failure.AUTH,
    "badrequesterror": Failure.INVALID,
    "internalservererror": Failure.SERVER,
    "throttlingexception": Failure.RATE_LIMIT,
}


def usage_of(attributes: Mapping[str, Any]) -> Usage | None:
    """The buckets of a span's attributes; None where they hold no counts."""
    # Some exporters write numbers as text.
    plain = {
        key: int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 16 else value
        for key in _COUNTS
        if (value := attributes.get(key)) is not None
    }
    if not plain:
        return None
    reader = Reader(plain)
    count = reader.count
    prompt, completion = count(*_INPUT), count(*_OUTPUT)
    total = count(*_TOTAL, limit=2 * MAX_TOKENS)
    read, write, thought = count(*_READ) or 0, count(*_WRITE) or 0, count(*_REASONING)
    cached = read + write
    apart = cached > (prompt or 0) and prompt is not None
    if cached and total is not None and prompt is not None and completion is not None:
        apart = total == prompt + completion + cached
    if apart:
        found = exclusive(
            reader,
            fresh=prompt,
            output=completion,
            cache_read=read,
            cache_write=write,
            write_5m=None,
            write_1h=None,
            reasoning=thought,
        )
    else:
        found = inclusive(
            reader,
            prompt=prompt,
            completion=completion,
            total=total,
            cache_read=read,
            cache_write=write,
            reasoning=thought,
        )
        if found and found.in_cache_write_5m:
            found = found.flagged(Flag.TTL_ASSUMED)
    return found.flagged(Flag.AUDIO) if found and any(count(key) for key in _AUDIO) else found


def _request(a: Mapping[str, Any]) -> dict[str, Any]:
    """The request in the words of `asked`: what the attributes tell of it."""
    found: dict[str, Any] = {}
    for name, keys in (
        ("messages", ("gen_ai.input.messages", "ai.prompt.messages", "gen_ai.prompt")),
        ("system", ("gen_ai.system_instructions",)),
        ("tools", ("gen_ai.tool.definitions", "ai.prompt.tools")),
        ("max_tokens", ("gen_ai.request.max_tokens", "ai.settings.maxTokens", "ai.settings.maxOutputTokens")),
        ("temperature", ("gen_ai.request.temperature", "ai.settings.temperature")),
    ):
        value = _first(a, keys)
        if value is not None:
            found[name] = _unpacked(value) if name in ("messages", "system", "tools") else value
    if "messages" not in found:
        # Traceloop and OpenInference number the messages: gen_ai.prompt.0.content, llm.input_messages.0...
        numbered = [
            value
            for key, value in a.items()
            if key.startswith(("gen_ai.prompt.", "llm.input_messages.")) and key.endswith(".content")
        ]
        if numbered:
            found["messages"] = numbered
    if isinstance(found.get("max_tokens"), str) and found["max_tokens"].isdecimal():
        found["max_tokens"] = int(found["max_tokens"][:15])
    return found


def _unpacked(value: object) -> object:
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        return decoded(value)[0]
    return value


def _spans(record: Mapping[str, Any]) -> Iterator[_Span]:
    outer = record.get("resourceSpans")
    if isinstance(outer, list):
        for resource in outer:
            inside = mapping(resource)
            scopes = inside.get("scopeSpans", inside.get("instrumentationLibrarySpans"))
            for scope in scopes if isinstance(scopes, list) else ():
                spans = mapping(scope).get("spans")
                for span in spans if isinstance(spans, list) else ():
                    if isinstance(span, dict):
                        yield _span(span, span.get("attributes"))
        return
    attributes = next(
        (record[key] for key in ("attributes", "Attributes", "SpanAttributes") if key in record), None
    )
    if isinstance(attributes, dict | list):
        yield _span(record, attributes)
    else:
        flat = {key: value for key, value in record.items() if isinstance(key, str) and key.startswith(_LLM)}
        yield _span(record, {**flat, **{key: record[key] for key in _ROOTS if key in record}})


_ROOTS = ("gen_ai", "llm", "user.id", "session.id", "enduser.id", "error.type")


def _span(about: Mapping[str, Any], attributes: object) -> _Span:
    plain: dict[str, Any] = {}
    if isinstance(attributes, list):
        for item in attributes:
            key = mapping(item).get("key")
            if isinstance(key, str):
                plain[key] = _value(mapping(item).get("value"))
    elif isinstance(attributes, dict):
        for key, value in attributes.items():
            if isinstance(value, dict) and key in ("gen_ai", "llm", "ai"):
                _flatten(value, key, plain, 0)
            else:
                plain[key] = _value(value) if isinstance(value, dict) else value
    trace = _id(about, ("traceId", "trace_id", "TraceId"))
    span = _id(about, ("spanId", "span_id", "SpanId"))
    parent = _id(about, ("parentSpanId", "parent_span_id", "parent_id", "ParentSpanId"))
    return _Span(f"{trace} {span}" if span else None, f"{trace} {parent}" if parent else None, about, plain)


def _id(about: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    for key in keys:
        value = about.get(key)
        if isinstance(value, str) and value.strip("0"):
            return value[:64]
        if isinstance(value, dict):
            return str(mapping(value).get("data"))[:256]  # a Buffer, as JavaScript spells it
    context = about.get("context")
    return _id(context, keys) if isinstance(context, dict) and context is not about else None


def _flatten(value: Mapping[str, Any], path: str, into: dict[str, Any], depth: int) -> None:
    """`{"usage": {"input_tokens": 5}}` to `gen_ai.usage.input_tokens`, as Elastic and others nest them."""
    for key, inner in value.items():
        if isinstance(inner, dict) and depth < 5:
            _flatten(inner, f"{path}.{key}", into, depth + 1)
        else:
            into[f"{path}.{key}"] = inner


def _value(value: object) -> object:
    """An attribute's plain value."""
    if not isinstance(value, dict):
        return value
    for kind in ("stringValue", "intValue", "doubleValue", "boolValue"):
        if kind in value:
            plain = value[kind]
            if kind == "intValue" and isinstance(plain, str) and len(plain) < 16:
                digits = plain.removeprefix("-")
                return int(plain) if digits.isascii() and digits.isdecimal() else plain
            return plain
    values = mapping(value.get("arrayValue")).get("values")
    if isinstance(values, list):
        return [
            _value(item) if not isinstance(mapping(item).get("arrayValue"), dict) else None for item in values
        ]
    return value


def _first(attributes: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    for key in keys:
        value = attributes.get(key)
        if value is not None and value != "":
            return value
    return None


def _time(about: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((value for key in keys if (value := about.get(key)) is not None), None)


def _between(start: object, end: object) -> float | None:
    """Milliseconds between two times in nanoseconds."""
    first, last = number(start), number(end)
    if first is None or last is None or not 1e18 < first <= last:
        return None
    return (last - first) / 1e6
