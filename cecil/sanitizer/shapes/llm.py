"""Calls of language models, as their providers and those who log them write them.

Sources are the public references of the interfaces, one with each shape. What they have in common: prompts
and answers are free text, and stay after they were scanned; arguments of tools are JSON in a string, and are
read; who called goes; model, usage and times stay, since they are what a cost report is made of.
"""

from collections.abc import Mapping
from typing import Any

from cecil.sanitizer.shapes.base import NAMED, Shape, drop, first, keep, redact, rules, text

Record = Mapping[str, Any]

_MODEL = "which model: a cost report needs it"
_USAGE = "counts of tokens: a cost report needs them"
_PROMPT = "what was asked: free text, scanned"
_ANSWER = "what was answered: free text, scanned"
_TOOLS = "what the program offers to the model"
_ARGUMENTS = "JSON in a string: it is read, and what is found in it goes"
_CALLER = "who called"
_PIECES = "the answer in pieces: what is found in a text is not found in its pieces"
_MEDIA = "a picture, a sound or a file as text: nothing looks into it"
_PAIRS = "pairs of the caller's own: scanned"
_ENCRYPTED = "encrypted: nothing looks into it, and its owner can read it"
_OPAQUE = "opaque: nothing looks into it"
_ABOUT = "about the call: tells of nobody by itself"

_OPENAI_CALLER = redact("user safety_identifier prompt_cache_key", "USER_ID", _CALLER)


def _chat_request(record: Record) -> bool:
    if "model" not in record or not first(record.get("messages")).get("role"):
        return False
    return not _anthropic_request(record)


def _chat_answer(record: Record) -> bool:
    return text(record, "object").startswith("chat.completion") or bool(
        {"message", "delta"} & first(record.get("choices")).keys()
    )


def _responses_request(record: Record) -> bool:
    said = first(record.get("input"))
    known = {"instructions", "max_output_tokens", "previous_response_id", "reasoning"} & record.keys()
    return "model" in record and bool(known or {"role", "type"} & said.keys())


def _responses_answer(record: Record) -> bool:
    return text(record, "object") == "response" and "output" in record


def _anthropic_request(record: Record) -> bool:
    if not first(record.get("messages")).get("role"):
        return False
    if "anthropic_version" in record or "claude" in text(record, "model"):
        return True
    return "system" in record and "max_tokens" in record and "model" in record


def _anthropic_answer(record: Record) -> bool:
    told = {"stop_reason", "stop_sequence", "usage"} & record.keys()
    return text(record, "type") == "message" and type(record.get("content")) is list and bool(told)


def _azure_answer(record: Record) -> bool:
    return "prompt_filter_results" in record or "content_filter_results" in first(record.get("choices"))


def _azure_log(record: Record) -> bool:
    return "microsoft.cognitiveservices" in text(record, "resourceId").lower() and "category" in record


def _bedrock_log(record: Record) -> bool:
    return text(record, "schemaType") == "ModelInvocationLog" or (
        "modelId" in record
        and {"inputBodyJson", "inputBodyS3Path"} & _object(record, "input").keys() != set()
    )


def _converse(record: Record) -> bool:
    if "stopReason" in record:
        return "message" in _object(record, "output")
    said = first(record.get("messages"))
    return ("modelId" in record or "inferenceConfig" in record) and "role" in said


def _gemini_request(record: Record) -> bool:
    return "parts" in first(record.get("contents"))


def _gemini_answer(record: Record) -> bool:
    if "usageMetadata" in record:
        return "candidates" in record or "modelVersion" in record
    return "content" in first(record.get("candidates"))


def _litellm(record: Record) -> bool:
    known = {"response_cost", "spend", "model_group", "litellm_call_id", "custom_llm_provider", "cache_hit"}
    return bool(known & record.keys())


def _object(record: Record, key: str) -> Record:
    value = record.get(key)
    return value if type(value) is dict else {}


def _always(record: Record) -> bool:
    return True


def _attribute(record: Record) -> bool:
    return text(record, "key").startswith("gen_ai.") and "value" in record


SHAPES = (
    Shape(
        "openai-chat-request",
        "OpenAI chat completions, requests",
        ("messages",),
        _chat_request,
        rules(
            keep("model service_tier", _MODEL),
            drop(
                "messages[*].content[*].image_url.url messages[*].content[*].input_audio.data "
                "messages[*].content[*].file.file_data",
                _MEDIA,
            ),
            keep("messages[*].content", _PROMPT),
            redact("messages[*].name", "PERSON", "the name of who speaks"),
            keep(
                "messages[*].tool_calls[*].function.arguments messages[*].function_call.arguments",
                _ARGUMENTS,
            ),
            keep("tools functions response_format", _TOOLS),
            _OPENAI_CALLER,
            keep("metadata", _PAIRS),
        ),
        "https://platform.openai.com/docs/api-reference/chat",
    ),
    Shape(
        "openai-chat",
        "OpenAI chat completions, answers",
        ("choices",),
        _chat_answer,
        rules(
            keep("model system_fingerprint service_tier", _MODEL),
            keep("usage", _USAGE),
            keep("id object created", _ABOUT),
            drop("choices[*].logprobs", _PIECES),
            drop("choices[*].message.audio.data", _MEDIA),
            keep("choices[*].message choices[*].delta choices[*].text", _ANSWER),
            keep("choices[*].message.tool_calls[*].function.arguments", _ARGUMENTS),
        ),
        "https://platform.openai.com/docs/api-reference/chat",
    ),
    Shape(
        "openai-responses-request",
        "OpenAI responses, requests",
        ("input",),
        _responses_request,
        rules(
            keep("model service_tier", _MODEL),
            keep("input instructions", _PROMPT),
            keep("input[*].arguments", _ARGUMENTS),
            drop("input[*].encrypted_content", _ENCRYPTED),
            drop("input[*].content[*].image_url input[*].content[*].file_data", _MEDIA),
            keep("tools text", _TOOLS),
            _OPENAI_CALLER,
            keep("metadata", _PAIRS),
        ),
        "https://platform.openai.com/docs/api-reference/responses",
    ),
    Shape(
        "openai-responses",
        "OpenAI responses, answers",
        ("output",),
        _responses_answer,
        rules(
            keep("model service_tier", _MODEL),
            keep("usage", _USAGE),
            keep("id object created_at completed_at status", _ABOUT),
            keep("instructions", _PROMPT),
            keep("output", _ANSWER),
            keep("output[*].arguments", _ARGUMENTS),
            drop("output[*].content[*].logprobs", _PIECES),
            drop("output[*].encrypted_content", _ENCRYPTED),
            keep("tools text", _TOOLS),
            _OPENAI_CALLER,
            keep("metadata", _PAIRS),
        ),
        "https://platform.openai.com/docs/api-reference/responses",
    ),
    Shape(
        "anthropic-request",
        "Anthropic messages, requests",
        ("messages",),
        _anthropic_request,
        rules(
            keep("model", _MODEL),
            keep("system messages[*].content", _PROMPT),
            drop("messages[*].content[*].source.data", _MEDIA),
            drop("messages[*].content[*].signature", _OPAQUE),
            keep("tools", _TOOLS),
            redact("metadata.user_id", "USER_ID", _CALLER),
        ),
        "https://docs.anthropic.com/en/api/messages",
    ),
    Shape(
        "anthropic",
        "Anthropic messages, answers",
        ("content",),
        _anthropic_answer,
        rules(
            keep("model", _MODEL),
            keep("usage", _USAGE),
            keep("id type role stop_reason", _ABOUT),
            keep("content", _ANSWER),
            drop("content[*].signature content[*].data", _OPAQUE),
        ),
        "https://docs.anthropic.com/en/api/messages",
    ),
    Shape(
        "azure-openai",
        "Azure OpenAI",
        ("prompt_filter_results", "choices"),
        _azure_answer,
        rules(
            keep("prompt_filter_results choices[*].content_filter_results", "what the filter said, in levels")
        ),
        "https://learn.microsoft.com/azure/ai-services/openai/reference",
    ),
    Shape(
        "azure-openai-log",
        "diagnostic logs of Azure OpenAI",
        ("resourceId",),
        _azure_log,
        rules(
            redact("callerIpAddress CallerIPAddress", "IP_ADDRESS", "where the caller is, in parts"),
            redact("identity", "USER_ID", _CALLER),
            keep("properties", "JSON in a string, or an object: it is read"),
            keep("time category operationName resultSignature durationMs correlationId location", _ABOUT),
        ),
        "https://learn.microsoft.com/azure/ai-services/openai/monitor-openai-reference",
    ),
    Shape(
        "bedrock-log",
        "Amazon Bedrock's log of invocations",
        ("schemaType", "modelId"),
        _bedrock_log,
        rules(
            keep("modelId", _MODEL),
            keep("input.inputTokenCount output.outputTokenCount", _USAGE),
            keep("input.inputBodyJson", _PROMPT),
            keep("output.outputBodyJson", _ANSWER),
            redact("identity.arn", "USER_ID", "who called: it ends in the name of a user or a session"),
            keep("requestMetadata", _PAIRS),
            keep("accountId region requestId operation timestamp", _ABOUT),
        ),
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html",
    ),
    Shape(
        "bedrock-converse",
        "Amazon Bedrock's Converse",
        ("stopReason", "inferenceConfig", "modelId"),
        _converse,
        rules(
            keep("modelId", _MODEL),
            keep("usage metrics", _USAGE),
            keep("messages[*].content system", _PROMPT),
            keep("output.message", _ANSWER),
            drop(
                "messages[*].content[*].image.source.bytes messages[*].content[*].document.source.bytes "
                "messages[*].content[*].video.source.bytes",
                _MEDIA,
            ),
            keep("toolConfig", _TOOLS),
            keep("requestMetadata", _PAIRS),
        ),
        "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
    ),
    Shape(
        "gemini-request",
        "Google Gemini, requests",
        ("contents",),
        _gemini_request,
        rules(
            keep("model", _MODEL),
            keep("contents systemInstruction system_instruction", _PROMPT),
            drop("contents[*].parts[*].inlineData.data contents[*].parts[*].inline_data.data", _MEDIA),
            drop("contents[*].parts[*].thoughtSignature", _OPAQUE),
            keep("tools toolConfig generationConfig", _TOOLS),
            keep("labels", _PAIRS),
        ),
        "https://ai.google.dev/api/generate-content",
    ),
    Shape(
        "gemini",
        "Google Gemini, answers",
        ("candidates", "usageMetadata"),
        _gemini_answer,
        rules(
            keep("modelVersion", _MODEL),
            keep("usageMetadata", _USAGE),
            keep("candidates", _ANSWER),
            drop("candidates[*].logprobsResult", _PIECES),
            drop("candidates[*].content.parts[*].inlineData.data", _MEDIA),
            drop("candidates[*].content.parts[*].thoughtSignature", _OPAQUE),
        ),
        "https://ai.google.dev/api/generate-content",
    ),
    Shape(
        "litellm",
        "LiteLLM",
        ("call_type", "litellm_call_id"),
        _litellm,
        rules(
            keep("model model_id model_group custom_llm_provider api_base", _MODEL),
            keep("prompt_tokens completion_tokens total_tokens response_cost spend", _USAGE),
            keep("messages proxy_server_request", _PROMPT),
            keep("response", _ANSWER),
            redact(
                "user end_user metadata.user_api_key_user_id metadata.user_api_key_end_user_id "
                "metadata.user_api_key_user_email metadata.user_api_key_alias",
                "USER_ID",
                _CALLER,
            ),
            redact(
                "requester_ip_address metadata.requester_ip_address",
                "IP_ADDRESS",
                "where the caller is",
            ),
            redact("api_key metadata.user_api_key metadata.user_api_key_hash", "SECRET", "a key or its hash"),
            keep("id trace_id call_type status startTime endTime completionStartTime", _ABOUT),
        ),
        "https://docs.litellm.ai/docs/proxy/logging_spec",
    ),
    Shape(
        "otel-genai",
        "OpenTelemetry's attributes for GenAI",
        ("gen_ai.system", "gen_ai.provider.name", "gen_ai.operation.name", "gen_ai.request.model"),
        _always,
        rules(
            keep('"gen_ai.request.model" "gen_ai.response.model" "gen_ai.provider.name"', _MODEL),
            keep('"gen_ai.usage.input_tokens" "gen_ai.usage.output_tokens"', _USAGE),
            keep(
                '"gen_ai.input.messages" "gen_ai.system_instructions" "gen_ai.prompt" '
                '"gen_ai.content.prompt"',
                _PROMPT,
            ),
            keep('"gen_ai.output.messages" "gen_ai.completion" "gen_ai.content.completion"', _ANSWER),
            keep('"gen_ai.tool.call.arguments" "gen_ai.tool.call.result"', _ARGUMENTS),
            redact('"enduser.id" "user.id" "user.name" "user.email"', "USER_ID", _CALLER),
            redact('"client.address"', "IP_ADDRESS", "where the caller is"),
            keep('"gen_ai.operation.name" "gen_ai.conversation.id" "gen_ai.response.id"', _ABOUT),
        ),
        "https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/",
    ),
    Shape(
        "otel-genai-list",
        "OpenTelemetry's attributes for GenAI, as a list",
        ("key",),
        _attribute,
        (),
        "https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/",
        NAMED,
    ),
)
