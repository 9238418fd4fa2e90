"""The log shapes that Cecil reads, one a file, and the recognition of a record's shape.

Recognition is by record, so that a file may mix shapes, and by keys that tell one shape from another,
never by a file's name or by a first line. A new shape is a module with an `ADAPTER` and a line in
`ADAPTERS`; where two could take a record, the more particular one stands first.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from cecil.fingerprint.adapters import anthropic_messages, openai_chat
from cecil.fingerprint.adapters.base import Adapter
from cecil.fingerprint.call import Call
from cecil.fingerprint.envelope import exchanges

ADAPTERS: tuple[Adapter, ...] = (anthropic_messages.ADAPTER, openai_chat.ADAPTER)


class Drop(StrEnum):
    """Rules by which a record gives no fingerprint."""

    NOT_LLM = "not-llm"
    """No shape of an LLM call that Cecil knows."""
    STREAM_PART = "stream-part"
    """A single event of a stream; its counts are not the call's."""


def recognise(record: Mapping[str, Any]) -> Call | Drop:
    """The call that a record tells of."""
    places = []
    for place in exchanges(record):
        places.append(place)
        if isinstance(place.response, dict):
            for adapter in ADAPTERS:
                if adapter.is_response(place.response):
                    return adapter.read(place)
        elif isinstance(place.response, list):
            parts = [event for event in place.response if isinstance(event, dict)]
            for adapter in ADAPTERS:
                if any(adapter.is_event(event) for event in parts):
                    return adapter.read_stream(place, parts)
    for adapter in ADAPTERS:
        if adapter.is_event(record):
            return Drop.STREAM_PART
    # No answer says whose it is. A call that failed, or whose answer was not logged, is known by its request.
    for place in reversed(places):
        if place.failed or not isinstance(place.response, dict | list):
            for adapter in ADAPTERS:
                if adapter.is_request(place.request):
                    return adapter.read_request(place)
    return Drop.NOT_LLM
