"""Python records to JSON text, with every digit.

Owns: the rule for each type that JSON lacks. `Decimal` and integers of any size become numbers with
their digits; `datetime`, `date` and `time` ISO 8601; bytes base64; UUIDs text; a float that is no
number (NaN, infinity) becomes null, since JSON has none.
"""

import base64
from decimal import Decimal
from typing import Any

import orjson

from cecil.errors import RecordError
from cecil.stream.jsontext import Number

_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """One record as JSON, without a newline.

    Raises:
        RecordError: a type without a rule, or text with a lone surrogate.
    """
    try:
        return orjson.dumps(value, default=_default, option=_OPTIONS)
    except TypeError:
        pass
    try:
        return orjson.dumps(_exact(value), default=_default, option=_OPTIONS)
    except (TypeError, RecursionError):
        raise RecordError("a value that JSON cannot hold") from None


def _default(value: Any) -> Any:
    if isinstance(value, Number):
        return orjson.Fragment(str(value).encode())
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value).encode()) if value.is_finite() else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return orjson.Fragment(str(int(value)).encode())
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=repr)
    raise TypeError


def _exact(value: Any) -> Any:
    """The value with integers beyond 64 bit, which orjson refuses, as text that it takes."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_exact(item) for item in value]
    if type(value) is int and not -(1 << 63) <= value < 1 << 64:
        return orjson.Fragment(str(value).encode())
    return value
