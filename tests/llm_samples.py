"""Invented records of every log shape that fingerprints are made of, and what is to be read out of them.

Texts say that they are texts; names and ids are made up.
"""

import base64
import json
from typing import Any, NamedTuple

TEXT = "This is what a person wrote, and nobody else may read it."
SAID = "This is what a model answered, and it is nobody's business."
WHEN = "2026-10-02T14:03:11Z"
HOUR = "2026-10-02T14Z"
EPOCH = 1_790_949_791


class Sample(NamedTuple):
    """A record and its call.

    Attributes:
        name: of the shape.
        record: one line.
        counts: the six buckets.
        expected: fields of the fingerprint's JSON.
    """

    name: str
    record: Any
    counts: tuple[int, int, int, int, int, int]
    expected: dict[str, Any]


MESSAGES = [{"role": "system", "content": TEXT}, {"role": "user", "content": TEXT}]
ASKED = {"model": "gpt-4o", "messages": MESSAGES, "user": "ada", "max_tokens": 64, "temperature": 0}


def chat(model: str = "gpt-4o-2024-08-06", **usage: Any) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": EPOCH,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, **usage},
    }


def in_base64(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def chunks(model: str = "gpt-4o", *, usage: bool = True) -> list[dict[str, Any]]:
    base = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": EPOCH, "model": model}
    found: list[dict[str, Any]] = [
        {
            **base,
            "choices": [{"index": 0, "delta": {"role": "assistant", "content": SAID}, "finish_reason": None}],
        },
        {**base, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ]
    counts = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return [*found, {**base, "choices": [], "usage": counts}] if usage else found


def sse(events: list[dict[str, Any]]) -> str:
    return (
        "".join(f"event: {e.get('type', 'message')}\ndata: {json.dumps(e)}\n\n" for e in events)
        + "data: [DONE]\n\n"
    )


RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "created_at": EPOCH,
    "status": "completed",
    "model": "gpt-4o-2024-08-06",
    "output": [
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"query": TEXT}},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": SAID}]},
    ],
    "service_tier": "flex",
    "usage": {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 64},
        "output_tokens": 20,
        "output_tokens_details": {"reasoning_tokens": 8},
        "total_tokens": 120,
    },
    "user": "ada",
}
MESSAGE_USAGE = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 30,
    "cache_read_input_tokens": 64,
    "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
    "output_tokens": 20,
    "service_tier": "standard",
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-sonnet-4-5-20250929",
    "content": [{"type": "text", "text": SAID}],
    "stop_reason": "end_turn",
    "usage": MESSAGE_USAGE,
}
MESSAGE_EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": SAID}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}},
    {"type": "message_stop"},
]
GEMINI = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": SAID}]}, "finishReason": "STOP"}],
    "modelVersion": "gemini-2.5-flash",
    "responseId": "resp-1",
    "createTime": WHEN,
    "usageMetadata": {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 64,
        "toolUsePromptTokenCount": 5,
        "candidatesTokenCount": 12,
        "thoughtsTokenCount": 8,
        "totalTokenCount": 125,
        "trafficType": "ON_DEMAND",
    },
}
CONTENTS = {
    "contents": [{"role": "user", "parts": [{"text": TEXT}]}],
    "generationConfig": {"maxOutputTokens": 64},
}
CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [{"text": SAID}]}},
    "stopReason": "max_tokens",
    "metrics": {"latencyMs": 1234},
    "usage": {
        "inputTokens": 10,
        "outputTokens": 20,
        "totalTokens": 124,
        "cacheReadInputTokens": 64,
        "cacheWriteInputTokens": 30,
        "cacheDetails": [{"ttl": "5m", "inputTokens": 20}, {"ttl": "1h", "inputTokens": 10}],
    },
}
CONVERSED = {
    "messages": [{"role": "user", "content": [{"text": TEXT}]}],
    "inferenceConfig": {"maxTokens": 64},
}
CONVERSE_EVENTS: list[dict[str, Any]] = [
    {"messageStart": {"role": "assistant"}},
    {"contentBlockDelta": {"delta": {"text": SAID}, "contentBlockIndex": 0}},
    {"messageStop": {"stopReason": "max_tokens"}},
    {"metadata": {"usage": CONVERSE["usage"], "metrics": {"latencyMs": 1234}}},
]
METRICS = {
    "inputTokenCount": 10,
    "outputTokenCount": 20,
    "cacheReadInputTokenCount": 64,
    "cacheWriteInputTokenCount": 0,
    "invocationLatency": 900,
}


def bedrock_log(**more: Any) -> dict[str, Any]:
    return {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": WHEN,
        "accountId": "123456789012",
        "identity": {"arn": "arn:aws:sts::123456789012:assumed-role/app/ada@example.org"},
        "region": "eu-central-1",
        "requestId": "11111111-2222",
        "operation": "Converse",
        "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "input": {"inputContentType": "application/json", "inputBodyJson": CONVERSED, "inputTokenCount": 10},
        "output": {
            "outputContentType": "application/json",
            "outputBodyJson": CONVERSE,
            "outputTokenCount": 20,
        },
        "requestMetadata": {"team": "research"},
        **more,
    }


CLAUDE_ON_BEDROCK = {"provider": "aws", "model": "regional.anthropic.claude-sonnet-4-5-20250929-v1:0"}
APIM = {
    "TimeGenerated": WHEN,
    "CorrelationId": "c-1",
    "SequenceNumber": 0,
    "OperationName": "ChatCompletions_Create",
    "RequestId": "chatcmpl-x",
    "DeploymentName": "example-prod",
    "ModelName": "gpt-4o",
    "IsStreamCompletion": False,
    "PromptTokens": 100,
    "CompletionTokens": 20,
    "TotalTokens": 120,
    "Type": "ApiManagementGatewayLlmLog",
}
APIM_GATEWAY = {
    "TimeGenerated": WHEN,
    "CorrelationId": "c-1",
    "ApimSubscriptionId": "ada",
    "ResponseCode": 200,
    "BackendResponseCode": 200,
    "IsRequestSuccess": True,
    "TotalTime": 1234,
    "CallerIpAddress": "192.0.2.7",
    "Url": "https://example.azure-api.net/openai/deployments/example-prod/chat/completions",
    "Type": "ApiManagementGatewayLogs",
}
APIM_TEXT = {
    "TimeGenerated": WHEN,
    "CorrelationId": "c-1",
    "SequenceNumber": 1,
    "RequestMessages": MESSAGES,
    "DeploymentName": "",
    "ModelName": "",
    "PromptTokens": 0,
    "CompletionTokens": 0,
    "TotalTokens": 0,
}
DIAGNOSTIC = {
    "time": WHEN,
    "category": "RequestResponse",
    "operationName": "ChatCompletions_Create",
    "resultSignature": "200",
    "durationMs": 812,
    "callerIpAddress": "203.0.113.***",
    "correlationId": "c-2",
    "properties": json.dumps(
        {
            "requestLength": 2160,
            "responseLength": 1140,
            "streamType": "Non-Streaming",
            "modelDeploymentName": "example-prod",
            "modelName": "gpt-4o",
            "modelVersion": "2024-11-20",
        }
    ),
}
LITELLM_USAGE = {
    "prompt_tokens": 104,
    "completion_tokens": 20,
    "total_tokens": 124,
    "prompt_tokens_details": {
        "cached_tokens": 64,
        "cache_creation_tokens": 30,
        "cache_creation_token_details": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
    },
    "completion_tokens_details": {"reasoning_tokens": 8},
    "cache_read_input_tokens": 64,
    "cache_creation_input_tokens": 30,
}
SPEND = {
    "request_id": "r-1",
    "call_type": "acompletion",
    "custom_llm_provider": "anthropic",
    "model": "claude-sonnet-4-5-20250929",
    "startTime": "2026-10-02 14:03:11.847371",
    "endTime": "2026-10-02 14:03:12.1",
    "metadata": json.dumps({"usage_object": LITELLM_USAGE, "user_api_key_alias": "research"}),
    "cache_hit": "False",
    "spend": 0.01,
    "prompt_tokens": 104,
    "completion_tokens": 20,
    "total_tokens": 124,
    "user": "team",
    "end_user": "ada",
    "session_id": "s-1",
    "status": "success",
}
OBSERVATION = {
    "id": "o-1",
    "traceId": "t-1",
    "type": "GENERATION",
    "name": "answer",
    "startTime": WHEN,
    "model": "claude-sonnet-4-5-20250929",
    "modelParameters": {"max_tokens": 64, "temperature": 0},
    "input": {"messages": MESSAGES},
    "output": SAID,
    "metadata": {"team": "research"},
    "usageDetails": {
        "input": 10,
        "input_cached_tokens": 64,
        "input_cache_creation": 30,
        "output": 12,
        "output_reasoning_tokens": 8,
        "total": 124,
    },
    "level": "DEFAULT",
    "userId": "ada",
    "sessionId": "s-1",
}
HELICONE = {
    "request_id": "h-1",
    "request_created_at": WHEN,
    "response_status": 200,
    "request_path": "https://api.openai.com/v1/chat/completions",
    "request_model": "gpt-4o",
    "response_model": "gpt-4o-2024-08-06",
    "provider": "OPENAI",
    "request_user_id": "ada",
    "request_properties": {"team": "research"},
    "prompt_tokens": 36,
    "prompt_cache_read_tokens": 64,
    "prompt_cache_write_tokens": 0,
    "completion_tokens": 20,
    "total_tokens": 120,
    "delay_ms": 2900,
}


def attributes(**values: Any) -> list[dict[str, Any]]:
    """Attributes as OTLP's JSON has them."""
    found = []
    for key, value in values.items():
        kind = {str: "stringValue", bool: "boolValue", int: "intValue", float: "doubleValue"}[type(value)]
        found.append({"key": key, "value": {kind: str(value) if kind == "intValue" else value}})
    return found


def span(name: str, parent: str | None = None, **values: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "spanId": name,
        "name": "chat",
        "startTimeUnixNano": f"{EPOCH}000000000",
        "endTimeUnixNano": f"{EPOCH + 2}000000000",
        "attributes": attributes(**values),
        "status": {"code": 1},
    }
    return {**found, "parentSpanId": parent} if parent else found


def otlp(*spans: dict[str, Any]) -> dict[str, Any]:
    resource = {"attributes": attributes(**{"service.name": "research"})}
    return {
        "resourceSpans": [
            {"resource": resource, "scopeSpans": [{"scope": {"name": "x"}, "spans": list(spans)}]}
        ]
    }


GEN_AI = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "gen_ai.usage.input_tokens": 100,
    "gen_ai.usage.output_tokens": 20,
    "gen_ai.usage.cache_read.input_tokens": 64,
    "gen_ai.usage.reasoning.output_tokens": 8,
    "gen_ai.input.messages": json.dumps(MESSAGES),
    "gen_ai.request.max_tokens": 64,
    "gen_ai.request.temperature": 0.0,
    "gen_ai.conversation.id": "s-1",
    "enduser.id": "ada",
}
OPENINFERENCE = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o",
    "llm.provider": "openai",
    "llm.token_count.prompt": 100,
    "llm.token_count.completion": 20,
    "llm.token_count.total": 120,
    "llm.token_count.prompt_details.cache_read": 64,
    "llm.token_count.completion_details.reasoning": 8,
    "llm.input_messages.0.message.content": TEXT,
    "user.id": "ada",
    "session.id": "s-1",
}
TRACELOOP = {
    "llm.request.type": "chat",
    "gen_ai.system": "OpenAI",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.prompt.0.content": TEXT,
    "gen_ai.completion.0.finish_reason": "stop",
    "gen_ai.usage.prompt_tokens": 100,
    "gen_ai.usage.completion_tokens": 20,
    "gen_ai.usage.cache_read_input_tokens": 64,
    "llm.usage.total_tokens": 120,
    "traceloop.association.properties.user_id": "ada",
}
VERCEL = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.id": "gpt-4o",
    "ai.model.provider": "openai.chat",
    "ai.prompt.messages": json.dumps(MESSAGES),
    "ai.response.finishReason": "stop",
    "ai.usage.inputTokens": 100,
    "ai.usage.outputTokens": 20,
    "ai.usage.cachedInputTokens": 64,
    "ai.usage.reasoningTokens": 8,
    "ai.telemetry.metadata.userId": "ada",
}
CLAUDE_LINE = {
    "type": "assistant",
    "timestamp": WHEN,
    "sessionId": "s-1",
    "requestId": "req-1",
    "cwd": "/home/ada/secret-project",
    "message": MESSAGE,
}
CODEX_META = {"timestamp": WHEN, "type": "session_meta", "payload": {"id": "s-1", "cwd": "/home/ada"}}
CODEX_MODEL = {
    "timestamp": WHEN,
    "type": "turn_context",
    "payload": {"model": "gpt-5-codex", "cwd": "/home/ada"},
}


def codex(so_far: int) -> dict[str, Any]:
    last = {
        "input_tokens": 100,
        "cached_input_tokens": 64,
        "output_tokens": 20,
        "reasoning_output_tokens": 8,
        "total_tokens": 120,
    }
    info = {"last_token_usage": last, "total_token_usage": {**last, "total_tokens": so_far}}
    return {"timestamp": WHEN, "type": "event_msg", "payload": {"type": "token_count", "info": info}}


VERTEX = {
    "endpoint": "projects/example/locations/europe-west4/publishers/google/models/gemini-2.5-flash",
    "logging_time": "2026-10-02 14:03:11.123 UTC",
    "request_id": "1234",
    "model": "gemini-2.5-flash",
    "api_method": "GenerateContent",
    "full_request": {**CONTENTS, "labels": {"principal_email": "ada@example.org"}},
    "full_response": GEMINI,
    "metadata": {"request_latency": "812.0"},
}
OLLAMA = {
    "model": "llama3.1:8b",
    "created_at": WHEN,
    "message": {"role": "assistant", "content": SAID},
    "done": True,
    "done_reason": "length",
    "total_duration": 4_000_000_000,
    "prompt_eval_count": 100,
    "prompt_eval_cached_count": 64,
    "eval_count": 20,
}
COHERE = {
    "id": "c-1",
    "finish_reason": "MAX_TOKENS",
    "message": {"role": "assistant", "content": [{"type": "text", "text": SAID}]},
    "usage": {
        "billed_units": {"input_tokens": 100, "output_tokens": 20},
        "tokens": {"input_tokens": 595, "output_tokens": 22},
        "cached_tokens": 400,
    },
}


def at(host: str, body: Any, asked: Any = None) -> dict[str, Any]:
    """An exchange as applications log it."""
    return {
        "timestamp": WHEN,
        "uri": f"https://{host}",
        "status": 200,
        "request": asked or ASKED,
        "response": body,
    }


PLAIN = (100, 0, 0, 0, 20, 0)
CACHED = (36, 64, 0, 0, 20, 0)
THOUGHT = (36, 64, 0, 0, 12, 8)
WRITTEN = (10, 64, 20, 10, 20, 0)
GPT = {"provider": "openai", "model": "gpt-4o", "t": HOUR, "q": "reported"}
SONNET = {"provider": "anthropic", "model": "claude-sonnet-4-5", "q": "reported"}
FLASH = {"provider": "google", "model": "gemini-2.5-flash", "t": HOUR, "q": "reported"}
BY_GEMINI = (41, 64, 0, 0, 12, 8)

SAMPLES: tuple[Sample, ...] = (
    Sample(
        "openai chat",
        at("api.openai.com/v1/chat/completions", chat()),
        PLAIN,
        {
            **GPT,
            "src": "openai.chat",
            "ok": True,
            "http": "2xx",
            "finish": "stop",
            "max_out": 64,
            "temp0": True,
            "n_msgs": 2,
            "op": "chat",
        },
    ),
    Sample("openai chat, bare", chat(prompt_tokens_details={"cached_tokens": 64}), CACHED, {**GPT}),
    Sample(
        "openai chat, stream",
        at("api.openai.com", chunks()),
        PLAIN,
        {**GPT, "stream": True, "finish": "stop"},
    ),
    Sample(
        "openai chat, events as text", at("api.openai.com", sse(chunks())), PLAIN, {**GPT, "stream": True}
    ),
    Sample(
        "openai chat, stream without usage",
        at("api.openai.com", chunks(usage=False)),
        (30, 0, 0, 0, 13, 0),
        {
            **GPT,
            "q": "estimated",
            "flags": ["from_text"],
        },
    ),
    Sample("openai completion", {**chat(), "object": "text_completion"}, PLAIN, {**GPT, "op": "completion"}),
    Sample(
        "openai responses",
        RESPONSE,
        THOUGHT,
        {
            **GPT,
            "src": "openai.responses",
            "tier": "flex",
            "web_searches": 1,
            "finish": "stop",
        },
    ),
    Sample(
        "openai responses, stream",
        {
            "response": sse(
                [
                    {"type": "response.created", "response": {"id": "resp_1"}},
                    {"type": "response.output_text.delta", "delta": SAID},
                    {"type": "response.completed", "response": RESPONSE},
                ]
            )
        },
        THOUGHT,
        {**GPT, "src": "openai.responses", "stream": True},
    ),
    Sample(
        "openai embeddings",
        {
            "timestamp": WHEN,
            "response": {
                "object": "list",
                "data": [{"object": "embedding", "embedding": [0.5]}],
                "model": "text-embedding-3-small",
                "usage": {"prompt_tokens": 100, "total_tokens": 100},
            },
        },
        (100, 0, 0, 0, 0, 0),
        {
            "src": "openai.embeddings",
            "op": "embedding",
            "model": "text-embedding-3-small",
            "q": "reported",
            "flags": [],
        },
    ),
    Sample(
        "voyage embeddings",
        {"object": "list", "data": [], "model": "voyage-3.5", "usage": {"total_tokens": 100}},
        (100, 0, 0, 0, 0, 0),
        {"provider": "voyageai", "op": "embedding", "flags": ["total_only"]},
    ),
    Sample(
        "anthropic",
        {
            "timestamp": WHEN,
            "response": MESSAGE,
            "request": {
                "model": "claude-sonnet-4-5",
                "system": TEXT,
                "messages": MESSAGES[1:],
                "max_tokens": 64,
                "metadata": {"user_id": "ada"},
            },
        },
        WRITTEN,
        {**SONNET, "t": HOUR, "src": "anthropic.messages", "tier": "standard", "max_out": 64},
    ),
    Sample("anthropic, stream", {"response": sse(MESSAGE_EVENTS)}, WRITTEN, {**SONNET, "stream": True}),
    Sample(
        "anthropic, merged events",
        {"events": 1, "response": MESSAGE_EVENTS},
        WRITTEN,
        {**SONNET, "stream": True},
    ),
    Sample(
        "azure chat",
        at("example.openai.azure.com/openai/deployments/x/chat/completions", chat()),
        PLAIN,
        {
            **GPT,
            "src": "azure.chat",
        },
    ),
    Sample(
        "azure apim", APIM, PLAIN, {**GPT, "src": "azure.apim", "stream": False, "flags": ["cache_unknown"]}
    ),
    Sample("azure apim, rows", {"rows": [APIM_TEXT, APIM]}, PLAIN, {**GPT, "src": "azure.apim"}),
    Sample(
        "azure apim, joined with the gateway's log",
        {**APIM_GATEWAY, **APIM},
        PLAIN,
        {**GPT, "src": "azure.apim", "http": "2xx", "lat": "<3s"},
    ),
    Sample(
        "azure diagnostics",
        DIAGNOSTIC,
        (500, 0, 0, 0, 200, 0),
        {
            **GPT,
            "src": "azure.diagnostics",
            "q": "estimated",
            "lat": "<1s",
            "http": "2xx",
            "flags": ["from_length"],
        },
    ),
    Sample(
        "azure diagnostics, event hub", {"records": [DIAGNOSTIC]}, (500, 0, 0, 0, 200, 0), {"q": "estimated"}
    ),
    Sample(
        "bedrock converse",
        at(
            "bedrock-runtime.eu-central-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse",
            CONVERSE,
            CONVERSED,
        ),
        WRITTEN,
        {**CLAUDE_ON_BEDROCK, "src": "bedrock.converse", "finish": "length", "lat": "<3s", "max_out": 64},
    ),
    Sample(
        "bedrock converse, stream",
        {"request": CONVERSED, "response": CONVERSE_EVENTS},
        WRITTEN,
        {
            "src": "bedrock.converse",
            "stream": True,
            "finish": "length",
        },
    ),
    Sample(
        "bedrock converse, decoded events",
        {
            "response": "\n".join(
                json.dumps({"event": k, "payload": v}) for e in CONVERSE_EVENTS for k, v in e.items()
            )
        },
        WRITTEN,
        {"src": "bedrock.converse", "stream": True},
    ),
    Sample(
        "bedrock invoke, titan",
        at(
            "bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-text-express-v1/invoke",
            {
                "inputTextTokenCount": 100,
                "results": [{"tokenCount": 20, "outputText": SAID, "completionReason": "FINISH"}],
            },
            {"inputText": TEXT, "textGenerationConfig": {"maxTokenCount": 64}},
        ),
        PLAIN,
        {"src": "bedrock.invoke", "model": "amazon.titan-text-express-v1", "finish": "stop", "max_out": 64},
    ),
    Sample(
        "bedrock invoke, llama",
        at(
            "bedrock-runtime.us-east-1.amazonaws.com/model/meta.llama3-1-8b-instruct-v1%3A0/invoke",
            {
                "generation": SAID,
                "prompt_token_count": 100,
                "generation_token_count": 20,
                "stop_reason": "stop",
            },
            {"prompt": TEXT, "max_gen_len": 64},
        ),
        PLAIN,
        {"src": "bedrock.invoke", "model": "meta.llama3-1-8b-instruct-v1:0", "finish": "stop"},
    ),
    Sample(
        "bedrock invoke, stream",
        {"response": [{"outputText": SAID}, {"amazon-bedrock-invocationMetrics": METRICS}]},
        (10, 64, 0, 0, 20, 0),
        {"src": "bedrock.invoke", "stream": True, "lat": "<1s"},
    ),
    Sample(
        "bedrock invoke, stream in base64",
        {
            "request": {"modelId": "anthropic.claude-sonnet-4-5-20250929-v1:0"},
            "response": [{"chunk": {"bytes": in_base64(event)}} for event in MESSAGE_EVENTS],
        },
        (10, 64, 20, 10, 20, 0),
        {"src": "bedrock.invoke", "provider": "aws", "stream": True},
    ),
    Sample(
        "bedrock invoke, stream as it is on the wire",
        {
            "uri": "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-text-lite-v1/invoke-with-response-stream",
            "response": [
                {"bytes": in_base64(event), "p": "abcdef"}
                for event in ({"outputText": SAID}, {"amazon-bedrock-invocationMetrics": METRICS})
            ],
        },
        (10, 64, 0, 0, 20, 0),
        {"src": "bedrock.invoke", "model": "amazon.titan-text-lite-v1", "stream": True, "lat": "<1s"},
    ),
    Sample(
        "bedrock invoke, embeddings of Cohere",
        {
            "uri": "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.cohere.embed-v4%3A0/invoke",
            "response": {
                "id": "e-1",
                "embeddings": {"float": [[0.5]]},
                "texts": [TEXT],
                "response_type": "embeddings_by_type",
            },
        },
        (0, 0, 0, 0, 0, 0),
        {"src": "bedrock.invoke", "op": "embedding", "ok": True, "q": "none"},
    ),
    Sample(
        "bedrock log",
        bedrock_log(),
        WRITTEN,
        {
            **CLAUDE_ON_BEDROCK,
            "t": HOUR,
            "src": "bedrock.log",
            "stream": False,
            "max_out": 64,
        },
    ),
    Sample(
        "bedrock log, CloudWatch",
        {"timestamp": 1, "logStream": "x", "message": json.dumps(bedrock_log())},
        WRITTEN,
        {"src": "bedrock.log", "t": HOUR},
    ),
    Sample(
        "bedrock log, subscription",
        {"logEvents": [{"id": "1", "message": json.dumps(bedrock_log())}]},
        WRITTEN,
        {"src": "bedrock.log", "t": HOUR},
    ),
    Sample(
        "bedrock log, stream of an opaque profile",
        bedrock_log(
            operation="InvokeModelWithResponseStream",
            modelId="arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ab12",
            output={"outputBodyJson": [*MESSAGE_EVENTS, {"amazon-bedrock-invocationMetrics": METRICS}]},
        ),
        WRITTEN,
        {**CLAUDE_ON_BEDROCK, "src": "bedrock.log", "stream": True},
    ),
    Sample(
        "bedrock log, bodies in S3",
        bedrock_log(
            input={
                "inputBodyS3Path": "s3://example/x",
                "inputTokenCount": 10,
                "cacheReadInputTokenCount": 64,
            },
            output={"outputBodyS3Path": "s3://example/y", "outputTokenCount": 20},
        ),
        (10, 64, 0, 0, 20, 0),
        {**CLAUDE_ON_BEDROCK, "q": "reported"},
    ),
    Sample(
        "gemini",
        {"request": CONTENTS, "response": GEMINI},
        BY_GEMINI,
        {
            **FLASH,
            "src": "gemini",
            "finish": "stop",
            "tier": "standard",
            "max_out": 64,
            "n_msgs": 1,
        },
    ),
    Sample(
        "gemini, stream",
        {
            "request": CONTENTS,
            "response": [
                {
                    **GEMINI,
                    "candidates": [{"content": {"role": "model", "parts": [{"text": SAID}]}}],
                    "usageMetadata": {"promptTokenCount": 100},
                },
                GEMINI,
            ],
        },
        BY_GEMINI,
        {**FLASH, "stream": True},
    ),
    Sample(
        "gemini, as OpenAI",
        at(
            "generativelanguage.googleapis.com/v1beta/openai/chat/completions",
            chat("gemini-2.5-pro", total_tokens=150),
        ),
        (100, 0, 0, 0, 20, 30),
        {"src": "gemini.openai", "model": "gemini-2.5-pro", "flags": ["hidden_output"]},
    ),
    Sample("vertex log", VERTEX, BY_GEMINI, {**FLASH, "src": "vertex.log", "lat": "<1s", "stream": False}),
    Sample(
        "mistral",
        at("api.mistral.ai/v1/chat/completions", chat("mistral-medium-latest", num_cached_tokens=64)),
        CACHED,
        {"src": "mistral.chat", "provider": "mistral"},
    ),
    Sample(
        "groq",
        at("api.groq.com/openai/v1/chat/completions", chat("openai/gpt-oss-120b", queue_time=0.01)),
        PLAIN,
        {"src": "groq.chat", "provider": "groq", "model": "openai/gpt-oss-120b"},
    ),
    Sample(
        "groq, stream",
        [
            *chunks("openai/gpt-oss-120b", usage=False),
            {**chunks()[1], "model": "openai/gpt-oss-120b", "x_groq": {"usage": chat()["usage"]}},
        ],
        PLAIN,
        {"src": "groq.chat", "provider": "groq", "stream": True},
    ),
    Sample(
        "deepseek",
        at(
            "api.deepseek.com/chat/completions",
            chat("deepseek-v3.2", prompt_cache_hit_tokens=64, prompt_cache_miss_tokens=36),
        ),
        CACHED,
        {"src": "deepseek.chat", "provider": "deepseek"},
    ),
    Sample(
        "xai",
        at(
            "api.x.ai/v1/chat/completions",
            chat("grok-4", total_tokens=150, completion_tokens_details={"reasoning_tokens": 30}),
        ),
        (100, 0, 0, 0, 20, 30),
        {"src": "xai.chat", "provider": "x-ai", "flags": ["reasoning_additive"]},
    ),
    Sample(
        "openrouter",
        {**chat("google/gemini-2.0-flash-exp:free", cost=0.5), "provider": "Google"},
        PLAIN,
        {"src": "openrouter.chat", "provider": "openrouter"},
    ),
    Sample(
        "ollama",
        OLLAMA,
        CACHED,
        {"src": "ollama", "finish": "length", "lat": "<10s", "model": "other", "t": HOUR},
    ),
    Sample(
        "ollama, stream",
        {
            "response": "\n".join(
                json.dumps(line)
                for line in ({"model": "llama3.1:8b", "message": {"content": SAID}, "done": False}, OLLAMA)
            )
        },
        CACHED,
        {"src": "ollama", "stream": True},
    ),
    Sample(
        "ollama, as OpenAI",
        {**chat("llama3.1:8b"), "system_fingerprint": "fp_ollama"},
        PLAIN,
        {"src": "ollama.openai", "model": "other"},
    ),
    Sample(
        "cohere",
        {"request": {"model": "command-r7b-12-2024", "messages": MESSAGES}, "response": COHERE},
        PLAIN,
        {
            "src": "cohere",
            "provider": "cohere",
            "finish": "length",
            "flags": ["billed_units"],
        },
    ),
    Sample(
        "cohere, stream",
        {
            "request": {"model": "command-r7b-12-2024"},
            "response": sse(
                [
                    {"type": "message-start", "id": "c-1"},
                    {"type": "content-delta", "delta": {"message": {"content": {"text": SAID}}}},
                    {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": COHERE["usage"]}},
                ]
            ),
        },
        PLAIN,
        {"src": "cohere", "stream": True, "finish": "stop"},
    ),
    Sample(
        "cohere rerank",
        {
            "request": {"model": "rerank-v3.5"},
            "response": {
                "id": "c-2",
                "results": [{"index": 0, "relevance_score": 0.5}],
                "meta": {"billed_units": {"search_units": 3}},
            },
        },
        (0, 0, 0, 0, 0, 0),
        {"src": "cohere", "op": "rerank", "web_searches": 3},
    ),
    Sample(
        "litellm spend logs",
        SPEND,
        (10, 64, 20, 10, 12, 8),
        {
            **SONNET,
            "t": HOUR,
            "src": "litellm",
            "op": "chat",
            "turn": 1,
        },
    ),
    Sample(
        "litellm payload",
        {
            "id": "p-1",
            "trace_id": "t-1",
            "call_type": "acompletion",
            "custom_llm_provider": "azure",
            "model": "azure/gpt-4o",
            "startTime": float(EPOCH),
            "endTime": EPOCH + 2.5,
            "stream": True,
            "status": "success",
            "response": chat(),
            "messages": MESSAGES,
            "model_parameters": {"max_tokens": 64},
            "metadata": {"user_api_key_user_id": "ada"},
            "spend": 0.5,
        },
        PLAIN,
        {**GPT, "src": "litellm", "stream": True, "lat": "<3s", "max_out": 64, "n_msgs": 2, "finish": "stop"},
    ),
    Sample(
        "langfuse",
        OBSERVATION,
        (10, 64, 30, 0, 12, 8),
        {
            **SONNET,
            "t": HOUR,
            "src": "langfuse",
            "flags": ["ttl_assumed"],
            "max_out": 64,
            "temp0": True,
            "turn": 1,
        },
    ),
    Sample("helicone", HELICONE, CACHED, {**GPT, "src": "helicone", "lat": "<3s", "http": "2xx"}),
    Sample(
        "otlp, GenAI conventions",
        otlp(span("a1", **GEN_AI)),
        THOUGHT,
        {
            **GPT,
            "src": "otlp",
            "lat": "<3s",
            "max_out": 64,
            "temp0": True,
            "n_msgs": 2,
            "turn": 1,
        },
    ),
    Sample(
        "otlp, a span a record",
        {"traceId": "t", "spanId": "a2", "start_time": WHEN, "attributes": GEN_AI},
        THOUGHT,
        {**GPT, "src": "otlp"},
    ),
    Sample("otlp, attributes at the top", {"timestamp": WHEN, **GEN_AI}, THOUGHT, {**GPT, "src": "otlp"}),
    Sample(
        "otlp, nested attributes",
        {
            "timestamp": WHEN,
            "gen_ai": {
                "provider": {"name": "openai"},
                "request": {"model": "gpt-4o"},
                "usage": {"input_tokens": 100, "output_tokens": 20},
            },
        },
        PLAIN,
        {**GPT, "src": "otlp"},
    ),
    Sample("otlp, OpenInference", otlp(span("a3", **OPENINFERENCE)), THOUGHT, {**GPT, "src": "otlp"}),
    Sample(
        "otlp, Traceloop", otlp(span("a4", **TRACELOOP)), CACHED, {**GPT, "src": "otlp", "finish": "stop"}
    ),
    Sample("otlp, Vercel", otlp(span("a5", **VERCEL)), THOUGHT, {**GPT, "src": "otlp", "finish": "stop"}),
    Sample(
        "otlp, Langfuse's",
        {
            "timestamp": WHEN,
            "attributes": {
                "langfuse.observation.type": "generation",
                "langfuse.observation.model.name": "gpt-4o",
                "langfuse.observation.usage_details": {"input": 36, "output": 20, "input_cached_tokens": 64},
            },
        },
        CACHED,
        {**GPT, "src": "otlp"},
    ),
    Sample("claude code", CLAUDE_LINE, WRITTEN, {**SONNET, "t": HOUR, "src": "claude-code", "turn": 1}),
    Sample("codex", codex(120), THOUGHT, {"t": HOUR, "src": "codex", "q": "reported"}),
    Sample(
        "a body in base64 is not looked into",
        {**at("api.openai.com", chat()), "raw": base64.b64encode(TEXT.encode()).decode()},
        PLAIN,
        GPT,
    ),
)

NOT_CALLS: tuple[tuple[str, Any, str], ...] = (
    ("a chunk of a stream in base64", {"chunk": {"bytes": in_base64(MESSAGE_EVENTS[1])}}, "stream-part"),
    ("bytes that are no chunk", {"chunk": {"bytes": "not base64"}, "bytes": 5}, "not-llm"),
    ("a row of a gateway's log", APIM_GATEWAY, "log-part"),
    ("a row of another log with an id", {"CorrelationId": "c-1", "ResponseCode": 200}, "not-llm"),
    ("a row of text of APIM", APIM_TEXT, "log-part"),
    (
        "a row of APIM's gateway log",
        {
            "TimeGenerated": WHEN,
            "CorrelationId": "c-1",
            "ResponseCode": 200,
            "Type": "ApiManagementGatewayLogs",
        },
        "log-part",
    ),
    ("another correlated log", {"CorrelationId": "c-1", "Message": "started"}, "not-llm"),
    ("another Azure category", {**DIAGNOSTIC, "category": "Audit"}, "not-llm"),
    ("a request of something else", {**DIAGNOSTIC, "properties": '{"requestLength": 5}'}, "not-llm"),
    ("another schema", bedrock_log(schemaType="OtherLog"), "not-llm"),
    ("a span of Langfuse", {**OBSERVATION, "type": "SPAN"}, "log-part"),
    ("something with a trace id", {"traceId": "t-1", "type": "GENERATION"}, "not-llm"),
    ("a call of something else", {"call_type": "inbound", "duration": 5}, "not-llm"),
    (
        "an agent's span",
        otlp(span("b1", **{**GEN_AI, "gen_ai.operation.name": "invoke_agent"})),
        "agent-span",
    ),
    ("a tool's span", otlp(span("b2", **{"gen_ai.operation.name": "execute_tool"})), "agent-span"),
    (
        "Vercel's outer span",
        otlp(span("b3", **{**VERCEL, "ai.operationId": "ai.generateText"})),
        "agent-span",
    ),
    (
        "OpenInference's chain",
        otlp(span("b4", **{**OPENINFERENCE, "openinference.span.kind": "CHAIN"})),
        "agent-span",
    ),
    ("a span of a database", otlp(span("b5", **{"db.system": "postgresql"})), "not-llm"),
    ("a span about prompts", otlp(span("b6", **{"gen_ai.prompt.name": "x"})), "log-part"),
    (
        "a user's line of Claude Code",
        {**CLAUDE_LINE, "type": "user", "message": {"role": "user", "content": TEXT}},
        "log-part",
    ),
    ("a summary of Claude Code", {"type": "summary", "summary": TEXT, "sessionId": "s-1"}, "log-part"),
    ("Claude Code's own words", {**CLAUDE_LINE, "message": {**MESSAGE, "model": "<synthetic>"}}, "log-part"),
    ("a session of something else", {"sessionId": "s-1", "event": "login"}, "not-llm"),
    ("the start of a Codex session", CODEX_META, "log-part"),
    ("the model of a Codex session", CODEX_MODEL, "log-part"),
    ("an event with a payload", {"type": "click", "payload": {"x": 1}}, "not-llm"),
    ("OpenAI's usage API", {"object": "page", "data": [{"object": "bucket", "results": []}]}, "aggregate"),
    (
        "Anthropic's usage report",
        {"data": [{"starting_at": WHEN, "results": [{}]}], "has_more": False},
        "aggregate",
    ),
    ("a single event of Converse", CONVERSE_EVENTS[1], "stream-part"),
    ("a single event of responses", {"type": "response.output_text.delta", "delta": SAID}, "stream-part"),
    ("a single line of Ollama's stream", {"model": "x", "done": False, "response": SAID}, "stream-part"),
    ("rows of something else", {"rows": [{"a": 1}, {"b": 2}]}, "not-llm"),
    ("events of something else", {"logEvents": [{"message": "started"}]}, "not-llm"),
)

FAILURES: tuple[tuple[str, Any, str], ...] = (
    ("bedrock log", bedrock_log(errorCode="ThrottlingException", output={}), "rate_limit"),
    (
        "bedrock converse",
        {
            "uri": "https://bedrock-runtime.us-east-1.amazonaws.com/model/x/converse",
            "status": 400,
            "request": None,
            "response": {"message": TEXT},
        },
        "invalid",
    ),
    (
        "gemini",
        {
            "request": CONTENTS,
            "status": 429,
            "response": {"error": {"code": 429, "message": TEXT, "status": "RESOURCE_EXHAUSTED"}},
        },
        "rate_limit",
    ),
    (
        "openai responses",
        {**RESPONSE, "status": "failed", "error": {"code": "server_error", "message": TEXT}},
        "server",
    ),
    (
        "litellm",
        {
            **SPEND,
            "status": "failure",
            "metadata": json.dumps({"error_information": {"error_code": "429", "error_message": TEXT}}),
        },
        "rate_limit",
    ),
    ("langfuse", {**OBSERVATION, "level": "ERROR", "statusMessage": TEXT}, "other"),
    ("helicone", {**HELICONE, "response_status": 503}, "server"),
    ("helicone's own code", {**HELICONE, "response_status": -3}, "other"),
    ("otlp", otlp({**span("c1", **GEN_AI), "status": {"code": 2, "message": TEXT}}), "other"),
    ("otlp with a type", otlp(span("c2", **{**GEN_AI, "error.type": "429"})), "rate_limit"),
    ("otlp with a class", otlp(span("c3", **{**GEN_AI, "error.type": "RateLimitError"})), "rate_limit"),
    ("azure diagnostics", {**DIAGNOSTIC, "resultSignature": "429"}, "rate_limit"),
    (
        "ollama",
        {"request": {"model": "x", "options": {}}, "status": 404, "response": {"error": TEXT}},
        "not_found",
    ),
    (
        "cohere",
        {
            "request": {"model": "command-r", "messages": MESSAGES},
            "status": 401,
            "response": {"message": TEXT},
        },
        "auth",
    ),
    (
        "a stream of Converse",
        {"response": [CONVERSE_EVENTS[0], {"throttlingException": {"message": TEXT}}]},
        "rate_limit",
    ),
    (
        "embeddings",
        {"request": {"model": "text-embedding-3-small", "input": TEXT}, "status": 401, "response": None},
        "auth",
    ),
    (
        "embeddings by their path",
        {
            "uri": "https://api.openai.com/v1/embeddings",
            "request": {"model": "example", "input": TEXT},
            "status": 404,
            "response": {"error": {"code": "model_not_found", "message": TEXT}},
        },
        "not_found",
    ),
    (
        "embeddings of Cohere, by their path",
        {
            "uri": "https://api.cohere.com/v2/embed",
            "request": {"model": "example", "texts": [TEXT]},
            "status": 404,
            "response": {"id": "e-1", "message": TEXT},
        },
        "not_found",
    ),
)


IDS = (
    "id",
    "request_id",
    "requestId",
    "responseId",
    "CorrelationId",
    "correlationId",
    "spanId",
    "logging_id",
)


def apart(value: Any, number: int) -> Any:
    """The record with ids of its own: else it would be taken for another record of the same call."""
    if isinstance(value, dict):
        return {
            key: f"{inner}{number:x}"
            if key in IDS and isinstance(inner, str) and "anari" not in inner and inner
            else apart(inner, number)
            for key, inner in value.items()
        }
    return [apart(inner, number) for inner in value] if isinstance(value, list) else value
