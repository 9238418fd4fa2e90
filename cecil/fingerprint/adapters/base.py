"""What a log shape is to the rest, and what the shapes share."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cecil.fingerprint.call import Call, Exchange
from cecil.fingerprint.usage import integer


class Adapter(NamedTuple):
    """One log shape. Functions of parsed JSON; none raises, whatever the JSON holds.

    Attributes:
        is_response: whether an object is a whole answer of this shape.
        is_event: whether an object is an event of a streamed answer.
        is_request: whether an object is a request that such an answer is for.
        read: the call, from an exchange whose response `is_response` took.
        read_stream: the call, from the events of a stream.
        read_request: the call, from an exchange that has only a request.
    """

    is_response: Callable[[Mapping[str, Any]], bool]
    is_event: Callable[[Mapping[str, Any]], bool]
    is_request: Callable[[Mapping[str, Any]], bool]
    read: Callable[[Exchange], Call]
    read_stream: Callable[[Exchange, list[dict[str, Any]]], Call]
    read_request: Callable[[Exchange], Call]


def length(value: object) -> int | None:
    """How many items a list has; None for what is no list."""
    return len(value) if isinstance(value, list) else None


def truth(value: object) -> bool | None:
    """True and false; None for the rest."""
    return value if isinstance(value, bool) else None


def limit(request: Mapping[str, Any], *names: str) -> int | None:
    """The first whole number among some members of a request."""
    return next((n for name in names if (n := integer(request.get(name))) is not None), None)


def chosen(table: Mapping[str, Any], value: object, other: Any) -> Any:
    """A word looked up in a table: None for null, `other` for what the table lacks."""
    if value is None:
        return None
    return table.get(value.lower(), other) if isinstance(value, str) else other
