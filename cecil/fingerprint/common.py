"""The commonest lines, of which little is read: OpenAI's chat completions and Anthropic's messages, bare or
beside their request.

Most of an LLM call is text that nobody counts. So only those members are read that the adapters of the two
look at, and none of them as another type than the usual one. A line that has a key of any other shape, or a
member of another type, is none of these: it is read whole, and so is one whose text is not UTF-8.

Owns: what such a line may hold. Refuses: to say what it means; `shortcut` does, and a test holds that
against the whole way. Duplicate keys are found among the counts; of all others the last one holds.
"""

from typing import Annotated, Any, Required, TypedDict

import msgspec
import orjson

from cecil.fingerprint import envelope
from cecil.fingerprint.adapters import LOGS
from cecil.fingerprint.adapters.answers import ADAPTERS
from cecil.fingerprint.adapters.base import REQUEST_KEYS
from cecil.fingerprint.usage import MAX_TOKENS

_Never = msgspec.UnsetType
"""The type of a member that is not there: no JSON value is of it."""
_Text = Annotated[str, msgspec.Meta(max_length=200)]
"""Of each some are remembered."""
_Whole = Annotated[int, msgspec.Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
_Word = _Text | None
_Scalar = _Whole | float | _Text | bool | None
_Limit = Annotated[int, msgspec.Meta(ge=0, le=MAX_TOKENS)] | None
_Temperature = Annotated[float, msgspec.Meta(ge=0, le=100)] | None
_Created = Annotated[int, msgspec.Meta(ge=0, lt=1 << 49)] | None


class Item(msgspec.Struct, gc=False):
    """A message or a tool; it is only counted."""


class Choice(msgspec.Struct, gc=False):
    finish_reason: _Word = None


class Metadata(msgspec.Struct, gc=False):
    user_id: _Word = None


Counted = tuple[dict[str, Any], Any, dict[str, Any], dict[str, Any]]
"""What stands around an answer (the answer itself where nothing does); the request, a structure with members
of the types below, or None where there is none; the answer; and its counts."""

_REQUEST: dict[str, Any] = {
    "model": _Word,
    "user": _Word,
    "safety_identifier": _Word,
    "metadata": Metadata | None,
    "stream": bool | None,
    "max_completion_tokens": _Limit,
    "max_tokens": _Limit,
    "max_output_tokens": _Limit,
    "temperature": _Temperature,
}
_ANSWER: dict[str, Any] = {
    "id": _Word,
    "object": _Word,
    "type": _Word,
    "model": _Word,
    "created": _Created,
    "choices": tuple[Choice] | None,
    "stop_reason": _Word,
    "service_tier": _Word,
    "system_fingerprint": _Word,
    "provider": msgspec.Raw,
    "prompt_filter_results": msgspec.Raw,
    "error": None,
    "usage": msgspec.Raw,
}
_TIME = {"timestamp": _Scalar}
_MAX_COUNTS = 2_048
"""Bytes; the words among them are remembered."""
_ELSEWHERE = frozenset(
    (
        *envelope.KNOWN,
        *envelope.RESPONSE,
        *envelope.REQUEST,
        *(key for module in LOGS for key in module.KEYS),
        *(key for adapter in ADAPTERS for keys in adapter.answer_keys for key in keys),
        *("v", "records", "Records", "logEvents", "rows", "x_groq", "done"),
    )
)
"""Keys of all shapes, and of answers that lie deeper."""


def _but(members: dict[str, Any]) -> dict[str, Any]:
    """Members of an object which has no key of another shape."""
    # They are looked for in their order, from the last one that was found on.
    return members | dict.fromkeys(sorted(_ELSEWHERE - members.keys()), _Never)


def _typed(name: str, members: dict[str, Any]) -> Any:
    return TypedDict(name, members, total=False)  # type: ignore[operator]


def _request(*, texts: bool) -> Any:
    asked: dict[str, Any] = {"tools": list[Item] | None}
    if texts:
        asked = dict.fromkeys(("tools", "system"), msgspec.Raw)
    return msgspec.defstruct(
        "Request",
        [
            ("messages", msgspec.Raw if texts else list[Item]),
            *((key, kind, None) for key, kind in {**_REQUEST, **asked}.items()),
            *((key, _Never, None) for key in sorted(REQUEST_KEYS - _REQUEST.keys() - asked.keys())),
        ],
        gc=False,
    )


class Common:
    """Reads the commonest lines.

    Args:
        texts: whether the text of requests is wanted too, to compare it: tools, system and messages are then
            as they stand in the line.
    """

    def __init__(self, *, texts: bool) -> None:
        answer = _typed("Answer", _but(_ANSWER))
        record = {**_TIME, "request": _request(texts=texts), "response": Required[answer]}
        around = {"status": _Whole | None} | dict.fromkeys(
            sorted(envelope.KNOWN - {"timestamp", "status"}), _Scalar
        )
        self._decode = msgspec.json.Decoder(_typed("Record", _but(record | around))).decode
        self._other = msgspec.json.Decoder(_typed("Bare", _but({**_ANSWER, **_TIME}))).decode

    def read(self, line: bytes) -> Counted | None:
        """What is looked at of a line; None for a line that is none of these, or no JSON at all.

        Raises:
            orjson.JSONDecodeError: the counts are no JSON; `msgspec` lets more pass where it reads nothing.
        """
        try:
            try:
                record: Any = self._decode(line)
            except msgspec.DecodeError:
                # A log has long runs of the one or the other.
                record = self._other(line)
                self._decode, self._other = self._other, self._decode
            if not line.isascii():
                line.decode()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        answer = record.get("response", record)
        if "usage" not in answer:
            return None
        counts = bytes(answer["usage"])
        if len(counts) > _MAX_COUNTS:
            return None
        usage = orjson.loads(counts)
        # Of duplicate keys only one is left.
        if type(usage) is not dict or (orjson.dumps(usage) != counts and _keys(usage) != counts.count(b'":')):
            return None
        return record, record.get("request"), answer, usage


def _keys(value: Any) -> int:
    """How many keys an object of counts has; a list or a string in it makes it none that is read in part."""
    found = len(value)
    for inner in value.values():
        if type(inner) is dict:
            found += _keys(inner)
        elif type(inner) is list or type(inner) is float:
            return -1
    return found


__all__ = ["Common", "Counted"]
