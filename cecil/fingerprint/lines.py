"""A line of a log to a record, cheaply: as little of it is read as is needed.

Most of an LLM call is text that nobody counts. So of a line in one of the two commonest shapes (OpenAI's
chat completions and Anthropic's messages, bare or beside their request) only those members are read that
adapters look at. A line that is neither, in which a member is not of the expected type, or which has a key
of any other shape, is read whole; what is surely an object without duplicate keys is not looked at again.
Of all other lines those without any word that all known shapes have are read but for their syntax.

Owns: which of the three it is. Refuses: to be cleverer than the whole way. What comes out of a record that
was read in part is what comes out of the whole record; a test holds the two against each other.
Duplicate keys are found in lines that are read whole, and among the counts of the others.
"""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import msgspec
import orjson

from cecil.errors import RecordError
from cecil.fingerprint import envelope
from cecil.fingerprint.adapters import LOGS
from cecil.fingerprint.adapters.base import Drop
from cecil.fingerprint.adapters.openai_chat import OBJECT
from cecil.stream.jsontext import loads

_WORDS: Final = (
    *(b"oken", b'"model', b"odel_", b"odelId", b"odelName", b"usage", b"eval_count", b'"type"', b'Type"'),
    *(
        b'"error',
        b'panId"',
        b'pan_id"',
        b'"v":',
        b'"v" :',
        b'\\"',
        b"ogging_time",
        b"ontentBlock",
        b"essageSt",
    ),
    *(b'Exception"', b"starting_at", b'"object"', b'"object" :', b"/converse", b"/invoke", b"enerateContent"),
    *(b"mbedContent", b"/v1/", b"/v2/", b"/embeddings", b"/chat/completions", b"response_type"),
    b"outputText",
)
"""Every record that is read as anything has one of these: keys, JSON within a string, paths of APIs."""


class _Nothing(TypedDict):
    pass


class _Choice(TypedDict, total=False):
    finish_reason: Any


_REQUEST: dict[str, Any] = {
    **dict.fromkeys(
        (
            *("user", "safety_identifier", "metadata", "stream", "max_completion_tokens", "max_tokens"),
            *("max_output_tokens", "temperature"),
        ),
        Any,
    ),
    "model": str,
}
_ELSEWHERE_ASKED = (
    *("input", "contents", "prompt", "inputText", "texts", "generationConfig", "inferenceConfig", "options"),
    *("textGenerationConfig", "generation_config", "functions", "toolConfig", "instructions", "modelId"),
    *("systemInstruction", "system_instruction", "max_tokens_to_sample", "max_gen_len"),
)
_RESPONSE: dict[str, Any] = {
    **dict.fromkeys(
        (
            *("id", "object", "type", "role", "model", "created", "service_tier", "system_fingerprint"),
            *("provider", "error", "stop_reason"),
        ),
        Any,
    ),
    "choices": list[_Choice],
    "prompt_filter_results": list[_Nothing],
    "usage": msgspec.Raw,
}
_AROUND = tuple(envelope.KNOWN)
_ELSEWHERE = frozenset(
    (
        *(key for module in LOGS for key in module.KEYS),
        *(key for key in envelope.RESPONSE if key != "response"),
        *(key for key in envelope.REQUEST if key != "request"),
        *("v", "records", "Records", "logEvents", "rows", "x_groq", "usageMetadata", "candidates", "meta"),
        *("eval_count", "done", "prompt_eval_count", "inputTextTokenCount", "prompt_token_count"),
        "amazon-bedrock-invocationMetrics",
    )
)
"""Keys of other shapes, and of answers that lie deeper."""


def _shape(name: str, *parts: dict[str, Any]) -> Any:
    members: dict[str, Any] = {}
    for part in parts:
        members |= part
    return TypedDict(name, members, total=False)  # type: ignore[operator]


def _decoder(messages: Any, tools: Any, system: Any) -> msgspec.json.Decoder[Any]:
    asked = {"messages": messages, "tools": tools, "system": system}
    request = _shape("Request", dict.fromkeys(_ELSEWHERE_ASKED, Any), _REQUEST, asked)
    elsewhere = dict.fromkeys(_ELSEWHERE, Any)
    around = dict.fromkeys(_AROUND, Any)
    response = _shape("Response", around, elsewhere, {"response": Any, "request": Any}, _RESPONSE)
    record = _shape(
        "Record",
        around,
        elsewhere,
        _RESPONSE,
        {"response": response, "request": request},
    )
    return msgspec.json.Decoder(record)


_NESTED = frozenset(("response", "request"))
_syntax = msgspec.json.Decoder(msgspec.Raw)


class Lines:
    """Reads lines.

    Args:
        texts: whether the text of requests is wanted too, to compare it.

    Attributes:
        common: whether a line is tried to be read in part.
    """

    def __init__(self, *, texts: bool) -> None:
        self.common = True
        if texts:
            self._decode = _decoder(Any, Any, Any).decode
        else:
            self._decode = _decoder(list[_Nothing], list[_Nothing], _Nothing | list[_Nothing] | str).decode

    def read(self, line: bytes) -> Any:
        """The record of a line, whole or in part; NOT_LLM for one that was not read.

        Raises:
            RecordError: it is not valid JSON, or has duplicate keys where it was read.
        """
        record = self.part(line)
        return self.whole(line) if record is None else record

    def part(self, line: bytes) -> dict[str, Any] | None:
        """The members that adapters look at of a record in a common shape; None for all others.

        It is not tried where the line before was in another shape: a log has few, and long runs of each.
        """
        if not self.common:
            return None
        self.common = False
        try:
            record = self._decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        answer = record.get("response")
        if answer is None:
            answer = record
        elif "usage" in record or not _ELSEWHERE.isdisjoint(answer) or not _NESTED.isdisjoint(answer):
            return None
        raw = answer.get("usage")
        if raw is None or not _is_common(answer) or not _ELSEWHERE.isdisjoint(record) or not line.isascii():
            return None
        counts = bytes(raw)
        try:
            usage = orjson.loads(counts)
        except orjson.JSONDecodeError:
            return None
        # Of duplicate keys only one is left, so that the object would be shorter than its text.
        if type(usage) is not dict or (
            len(orjson.dumps(usage)) != len(counts) and _keys(usage) != counts.count(b'":')
        ):
            return None
        answer["usage"] = usage
        asked = record.get("request")
        if asked and not _ASKED_ELSEWHERE.isdisjoint(asked):
            return None
        self.common = True
        found: dict[str, Any] = record
        return found

    def whole(self, line: bytes) -> Any:
        """The whole record, or NOT_LLM. Raises what `read` does."""
        record = unique(line)
        if record is not None:
            if type(record) is dict:
                answer = record.get("response")
                self.common = _is_common(answer if type(answer) is dict else record)
            return record
        if not any(word in line for word in _WORDS):
            try:
                _syntax.decode(line)
                line.decode()
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                pass  # what is wrong with it is said below
            else:
                return Drop.NOT_LLM
        start = line.find(b"{")
        if start > 0 and line.lstrip(b" \t")[:1] not in (b"{", b"["):
            # A line of text with a record behind it, as loggers write them.
            try:
                return loads(line[start:])
            except RecordError:
                pass  # then it is judged as what it is: no JSON
        return loads(line)


_ASKED_ELSEWHERE = frozenset(_ELSEWHERE_ASKED)


def _is_common(answer: Mapping[str, Any]) -> bool:
    return answer.get("object") == OBJECT or answer.get("type") == "message"


def unique(line: bytes) -> Any:
    """The record of a line, where it is an object or a list that surely has no duplicate keys; else None.

    Of those only the last would be left, and with the others their quotes would be gone. What is written
    back has as many as the line, unless one was spelled by its number there.
    """
    try:
        record = orjson.loads(line)
        if type(record) not in (dict, list) or line.count(b'"') != orjson.dumps(record).count(b'"'):
            return None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None  # no JSON, or nested too deep
    return None if b"\\" in line and b"\\u0022" in line else record


def _keys(value: Any) -> int:
    """How many keys an object of counts has; a list or a string in it makes it none that is read in part."""
    found = len(value)
    for inner in value.values():
        if type(inner) is dict:
            found += _keys(inner)
        elif type(inner) is list or type(inner) is float:
            return -1
    return found


__all__ = ["Lines", "RecordError", "unique"]
