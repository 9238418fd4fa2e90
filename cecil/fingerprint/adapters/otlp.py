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
from cecil.fingerprint.outlines import Outlines, named
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
_LANGFUSE_USAGE = "langfuse.observation.usage_details"

_MODEL = (
    *("gen_ai.response.model", "gen_ai.request.model", "llm.response.model", "llm.request.model"),
    *("llm.model_name", "embedding.model_name", "ai.response.model", "ai.model.id"),
    "langfuse.observation.model.name",
)
_PROVIDER = ("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider")
USER = (
    *("enduser.id", "user.id", "gen_ai.user", "gen_ai.user.id", "llm.user", "langfuse.user.id", "user_id"),
    *("traceloop.association.properties.user_id", "ai.telemetry.metadata.userId", "gen_ai.request.user"),
)
SESSION = (
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


_STREAM = ("gen_ai.request.is_stream", "llm.is_streaming", "gen_ai.request.stream")
_FINISH = (
    *("gen_ai.response.finish_reasons", "gen_ai.completion.0.finish_reason", "ai.response.finishReason"),
    "llm.response.finish_reason",
)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "input": _INPUT,
    "output": _OUTPUT,
    "total": _TOTAL,
    "read": _READ,
    "write": _WRITE,
    "reasoning": _REASONING,
    "audio": _AUDIO,
    "model": _MODEL,
    "provider": _PROVIDER,
    "user": USER,
    "session": SESSION,
    "operation": _OPERATION,
    "kind": (*_OPERATION[:1], *_KIND),
    "stream": _STREAM,
    "response": ("gen_ai.response.id", "ai.response.id"),
    "finish": _FINISH,
    "messages": ("gen_ai.input.messages", "ai.prompt.messages", "gen_ai.prompt"),
    "system": ("gen_ai.system_instructions",),
    "tools": ("gen_ai.tool.definitions", "ai.prompt.tools"),
    "max_tokens": ("gen_ai.request.max_tokens", "ai.settings.maxTokens", "ai.settings.maxOutputTokens"),
    "temperature": ("gen_ai.request.temperature", "ai.settings.temperature"),
}
_COUNTS = ("input", "output", "total", "read", "write", "reasoning", "audio")


class _Outline(NamedTuple):
    """What the names of attributes say.

    Attributes:
        llm: whether any is of a convention for LLM calls.
        keys: by what is looked for, those of its names that are there.
        counts: those of them that are counts.
        numbered: the contents of messages that have an attribute each, as Traceloop and OpenInference write
            them: gen_ai.prompt.0.content, llm.input_messages.0...
    """

    llm: bool
    keys: Mapping[str, tuple[str, ...]]
    counts: tuple[str, ...]
    numbered: tuple[str, ...]


def _outline(names: tuple[str, ...]) -> _Outline:
    there = frozenset(names)
    keys = {
        field: present
        for field, listed in _NAMES.items()
        if (present := tuple(name for name in listed if name in there))
    }
    return _Outline(
        any(name.startswith(_LLM) for name in names),
        keys,
        tuple(name for field in _COUNTS for name in keys.get(field, ())),
        tuple(
            name
            for name in names
            if name.startswith(("gen_ai.prompt.", "llm.input_messages.")) and name.endswith(".content")
        ),
    )


_OUTLINES = Outlines(_outline)
IDS = (
    ("traceId", "trace_id", "TraceId"),
    ("spanId", "span_id", "SpanId"),
    ("parentSpanId", "parent_span_id", "parent_id", "ParentSpanId"),
)
"""The names of a span's ids: its trace, itself, its parent."""
_ABOUT = named(
    {
        "start": (
            *("startTimeUnixNano", "start_time", "startTime", "start_time_unix_nano"),
            *("timestamp", "Timestamp"),
        ),
        "end": ("endTimeUnixNano", "end_time", "endTime", "end_time_unix_nano"),
        **dict(zip(("trace", "span", "parent"), IDS, strict=True)),
    }
)


class _Span(NamedTuple):
    """A span.

    Attributes:
        id, parent: with the trace's id in front; None where it has none.
        about: the span's own members.
        attributes: their names and plain values.
        outline: of the attributes.
    """

    id: str | None
    parent: str | None
    about: Mapping[str, Any]
    attributes: Mapping[str, Any]
    outline: _Outline

    @property
    def counted(self) -> bool:
        keys = self.outline.keys
        return "input" in keys or "output" in keys or "total" in keys or _LANGFUSE_USAGE in self.attributes

    def first(self, field: str) -> Any:
        """The first that holds something, of the names of what is looked for."""
        for key in self.outline.keys.get(field, ()):
            value = self.attributes[key]
            if value is not None and value != "":
                return value
        return None


def read(record: Mapping[str, Any], memory: Memory) -> list[Call] | Drop | None:
    spans = list(spans_of(record))
    if not any(span.outline.llm for span in spans):
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
        if not span.outline.llm:
            continue
        if _is_above(span, memory):
            dropped = Drop.AGENT_SPAN
        elif span.counted or span.first("model") is not None:
            calls.append(_call(span))
        else:
            dropped = dropped or Drop.LOG_PART
    return calls or dropped


def _is_above(span: _Span, memory: Memory) -> bool:
    attributes = span.attributes
    if span.id and memory.summed.get(span.id):
        return True
    for key in span.outline.keys.get("kind", ()):
        word = attributes[key]
        if type(word) is str and word.lower() in _ABOVE:
            return True
    # Vercel: `ai.generateText` is above, `ai.generateText.doGenerate` is the call.
    name = attributes.get("ai.operationId")
    return type(name) is str and name.startswith("ai.") and name.count(".") == 1


def _call(span: _Span) -> Call:
    a, first = span.attributes, span.first
    details = a.get(_LANGFUSE_USAGE)
    usage = langfuse.usage_of(mapping(decoded(details)[0])) if details is not None else usage_of(a)
    word = first("operation")
    kind = a.get("openinference.span.kind")
    op = _OPERATIONS.get(word.lower(), Operation.OTHER) if type(word) is str else Operation.CHAT
    if (type(kind) is str and kind.upper() == "EMBEDDING") or "embedding.model_name" in a:
        op = Operation.EMBEDDING
    if usage and op is Operation.EMBEDDING and not usage.out_text:
        usage = usage._replace(flags=usage.flags - {Flag.MISSING_COUNT})
    status = mapping(span.about.get("status"))
    error = a.get("error.type")
    failed = bool(error) or status.get("code") in _FAILED
    code = integer(error) if type(error) is not str else int(error) if error in _CODES else None
    about = _ABOUT.of(span.about)
    start, end = _time(span.about, about.get("start")), _time(span.about, about.get("end"))
    reason = first("finish")
    return Call(
        Source.OTLP,
        providers(first("provider")),
        (Leg(first("model"), usage),),
        op,
        time=start,
        user=first("user") or None,
        session=first("session") or None,
        id=text(a.get("gen_ai.response.id")) or text(a.get("ai.response.id")) or span.id,
        stream=truth(first("stream")),
        ok=not failed,
        err=(failure(code, str(error).lower(), _ERRORS) if failed else None),
        finish=finish_of(reason[0] if type(reason) is list and reason else reason or None),
        status=code,
        latency=between(start, end),
        asked=asked(_request(span)),
    )


_FAILED = (2, "2", "ERROR", "STATUS_CODE_ERROR", "Error")
_CODES = frozenset(str(code) for code in range(400, 600))
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
    outline = _OUTLINES.of(attributes)
    # Some exporters write numbers as text.
    plain = {
        key: int(value) if type(value) is str and value.isdecimal() and len(value) < 16 else value
        for key in outline.counts
        if (value := attributes[key]) is not None
    }
    if not plain:
        return None
    reader = Reader(plain)
    count, keys = reader.count, outline.keys.get
    prompt, completion = count(*keys("input", ())), count(*keys("output", ()))
    total = count(*keys("total", ()), limit=2 * MAX_TOKENS)
    read, write = count(*keys("read", ())) or 0, count(*keys("write", ())) or 0
    thought = count(*keys("reasoning", ()))
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
    return found.flagged(Flag.AUDIO) if found and any(count(key) for key in keys("audio", ())) else found


def _request(span: _Span) -> dict[str, Any]:
    """The request in the words of `asked`: what the attributes tell of it."""
    found: dict[str, Any] = {}
    keys = span.outline.keys
    for name in ("messages", "system", "tools"):
        if name in keys and (value := span.first(name)) is not None:
            found[name] = _unpacked(value)
    for name in ("max_tokens", "temperature"):
        if name in keys and (value := span.first(name)) is not None:
            found[name] = value
    if "messages" not in found and span.outline.numbered:
        found["messages"] = [span.attributes[name] for name in span.outline.numbered]
    if type(found.get("max_tokens")) is str and found["max_tokens"].isdecimal():
        found["max_tokens"] = int(found["max_tokens"][:15])
    return found


def _unpacked(value: object) -> object:
    if type(value) is str and value.lstrip().startswith(("[", "{")):
        return decoded(value)[0]
    return value


def spans_of(record: Mapping[str, Any]) -> Iterator[_Span]:
    """The spans of a record, in any of their forms."""
    outer = record.get("resourceSpans")
    if isinstance(outer, list):
        for resource in outer:
            inside = mapping(resource)
            scopes = inside.get("scopeSpans", inside.get("instrumentationLibrarySpans"))
            for scope in scopes if isinstance(scopes, list) else ():
                spans = mapping(scope).get("spans")
                for span in spans if isinstance(spans, list) else ():
                    if type(span) is dict:
                        yield _span(span, span.get("attributes"))
        return
    attributes = next(
        (record[key] for key in ("attributes", "Attributes", "SpanAttributes") if key in record), None
    )
    if isinstance(attributes, dict | list):
        yield _span(record, attributes)
    else:
        flat = {key: value for key, value in record.items() if type(key) is str and key.startswith(_LLM)}
        yield _span(record, {**flat, **{key: record[key] for key in _ROOTS if key in record}})


_ROOTS = ("gen_ai", "llm", "user.id", "session.id", "enduser.id", "error.type")


def _span(about: Mapping[str, Any], attributes: object) -> _Span:
    plain: dict[str, Any] = {}
    if type(attributes) is list:
        for item in attributes:
            if type(item) is dict and type(key := item.get("key")) is str:
                plain[key] = _value(item.get("value"))
    elif type(attributes) is dict:
        for key, value in attributes.items():
            if type(value) is not dict:
                plain[key] = value
            elif key in ("gen_ai", "llm", "ai"):
                _flatten(value, key, plain, 0)
            else:
                plain[key] = _value(value)
    keys = _ABOUT.of(about)
    span, parent, trace = (_id(about, keys, name) for name in ("span", "parent", "trace"))
    if span is None and type(context := about.get("context")) is dict:
        # Some exporters put the ids there.
        keys = _ABOUT.of(context)
        span, trace = _id(context, keys, "span"), trace or _id(context, keys, "trace")
        parent = parent or _id(context, keys, "parent")
    return _Span(
        f"{trace} {span}" if span else None,
        f"{trace} {parent}" if parent else None,
        about,
        plain,
        _OUTLINES.of(plain),
    )


def _id(about: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], name: str) -> str | None:
    for key in keys.get(name, ()):
        value = about[key]
        if type(value) is str and value.strip("0"):
            return value[:64]
        if type(value) is dict:
            return str(value.get("data"))[:256]  # a Buffer, as JavaScript spells it
    return None


def _flatten(value: Mapping[str, Any], path: str, into: dict[str, Any], depth: int) -> None:
    """`{"usage": {"input_tokens": 5}}` to `gen_ai.usage.input_tokens`, as Elastic and others nest them."""
    for key, inner in value.items():
        if type(inner) is dict and depth < 5:
            _flatten(inner, f"{path}.{key}", into, depth + 1)
        else:
            into[f"{path}.{key}"] = inner


_PLAIN = ("stringValue", "intValue", "doubleValue", "boolValue")


def _value(value: object) -> object:
    """An attribute's plain value."""
    if type(value) is not dict:
        return value
    for kind in _PLAIN:
        if kind in value:
            plain = value[kind]
            if kind == "intValue" and type(plain) is str and len(plain) < 16:
                digits = plain.removeprefix("-")
                return int(plain) if digits.isascii() and digits.isdecimal() else plain
            return plain
    values = mapping(value.get("arrayValue")).get("values")
    if isinstance(values, list):
        return [
            _value(item) if type(mapping(item).get("arrayValue")) is not dict else None for item in values
        ]
    return value


def _time(about: Mapping[str, Any], keys: tuple[str, ...] | None) -> Any:
    return next((value for key in keys if (value := about[key]) is not None), None) if keys else None


def between(start: object, end: object) -> float | None:
    """Milliseconds between two times in nanoseconds."""
    first, last = number(start), number(end)
    if first is None or last is None or not 1e18 < first <= last:
        return None
    return (last - first) / 1e6
