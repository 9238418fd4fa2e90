"""A line of a log to a record, or to the word that it is none.

Owns: what a line is: an object, a list, or text with a record behind it; duplicate keys make it none. What is
surely an object without duplicate keys is not looked at again. Of all other lines those without any word that
all known shapes have are read but for their syntax. Refuses: to be cleverer than that.
"""

from typing import Any, Final

import msgspec
import orjson

from cecil.errors import RecordError
from cecil.fingerprint.adapters.base import Drop
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


_syntax = msgspec.json.Decoder(msgspec.Raw)


def whole(line: bytes) -> Any:
    """The record of a line; NOT_LLM for one that surely is no LLM call, of which only the syntax is read.

    Raises:
        RecordError: it is not valid JSON, or has duplicate keys.
    """
    record = unique(line)
    if record is not None:
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


def unique(line: bytes) -> Any:
    """The record of a line, where it is an object or a list that surely has no duplicate keys; else None.

    Of those only the last would be left, and with the others their quotes would be gone. What is written
    back is the line itself, or has as many quotes as the line, unless one was spelled by its number there.
    """
    try:
        record = orjson.loads(line)
        if type(record) is not dict and type(record) is not list:
            return None
        again = orjson.dumps(record)
        if line.startswith(again):
            return record
        if line.count(b'"') != again.count(b'"'):
            return None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None  # no JSON, or nested too deep
    return None if b"\\" in line and b"\\u0022" in line else record


__all__ = ["RecordError", "unique", "whole"]
