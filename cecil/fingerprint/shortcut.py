"""The short way from a record to the line of its fingerprint, for the calls that most logs are made of.

Most calls of a log differ from one seen before in numbers alone: the same model, the same way to stop, the
same of everything that is a word. So the words of a record are looked up together; where they were seen
before, the record that was made then lends its closed part (`record.Like`), and only what differs is read.

Owns: which records may go the short way: bare answers, or answers beside their request, of OpenAI's chat
completions and Anthropic's messages, with plain usage, of one leg, without a session. All others, and the
first of each kind, go the long way. Refuses: to come to another end than that; a test holds the two
against each other.
"""

from typing import Any, NamedTuple

import msgspec

from cecil.fingerprint import envelope
from cecil.fingerprint.adapters import Drop, anthropic_messages, openai_chat
from cecil.fingerprint.call import Asked
from cecil.fingerprint.fingerprinter import Fingerprinter, Made, share
from cecil.fingerprint.hashing import Hasher
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.record import Fingerprint, Like, Repeat
from cecil.fingerprint.times import seconds
from cecil.fingerprint.usage import MAX_TOKENS, Quality

_REMEMBERED = 4_096
_RECORD = frozenset(("timestamp", "request", "response", "status", "uri"))
_SETTLED = envelope.KNOWN - {"timestamp", "status"}
"""Keys about a call that the short way does not know."""
_BARE = frozenset(("request", "status", *_SETTLED))
_MAX_OUT = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_NOTHING: dict[str, Any] = {}
_LONG_USAGE = frozenset(("iterations", "queue_time", "num_sources_used", "num_search_queries"))


class Line(NamedTuple):
    """A call as the line of its only fingerprint; its usage is reported and nothing about it is odd.

    Attributes:
        id: see `fingerprinter.Made`.
        text: with its newline.
    """

    id: str | None
    text: bytes


class _Kind(NamedTuple):
    """Calls with the same words.

    Attributes:
        first: the record of one of them.
        scope: what their requests are compared within.
        likes: by what the comparison gives.
    """

    first: Fingerprint
    scope: str
    likes: dict[tuple[Repeat | None, bool | None], Like]


class Shortcut:
    """A fingerprinter that takes the short way where there is one.

    Args:
        fingerprinter: the long way.
        hasher, overlap: those of the fingerprinter.
    """

    def __init__(
        self, fingerprinter: Fingerprinter, hasher: Hasher | None = None, overlap: Overlap | None = None
    ) -> None:
        self._long = fingerprinter.calls
        self._hasher = hasher
        self._overlap = overlap
        self._kinds: dict[tuple[Any, ...], _Kind] = {}

    def calls(self, record: dict[str, Any]) -> Line | list[Made] | Drop:
        """The line of a call, or what `Fingerprinter.calls` gives.

        Args:
            record: as `lines.Lines.part` reads it; of a whole record it does not know all.
        """
        answer = record.get("response")
        if answer is None:
            answer = record
            if not _BARE.isdisjoint(record):
                return self._long(record)
        elif (
            type(answer) is not dict or not record.keys() <= _RECORD or not envelope.KNOWN.isdisjoint(answer)
        ):
            return self._long(record)
        usage, request = answer.get("usage"), record.get("request", _NOTHING)
        if type(usage) is not dict or type(request) is not dict or not _LONG_USAGE.isdisjoint(usage):
            return self._long(record)
        try:
            return self._short(record, answer, usage, request)
        except TypeError:  # a member that is no word, or a number beyond its bounds
            return self._long(record)

    def _short(
        self, record: dict[str, Any], answer: dict[str, Any], usage: dict[str, Any], request: dict[str, Any]
    ) -> Line | list[Made] | Drop:
        get, ask = answer.get, request.get
        chat = get("object") == openai_chat.OBJECT
        if chat:
            choices = get("choices")
            if type(choices) is not list or len(choices) != 1 or type(choices[0]) is not dict:
                return self._long(record)
            finish = choices[0].get("finish_reason")
        elif get("type") == "message":
            finish = get("stop_reason")
        else:
            return self._long(record)
        created, name, error = get("created"), get("id"), get("error")
        messages, tools, limit = ask("messages"), ask("tools"), None
        for most in _MAX_OUT:
            if most in request:
                limit = request[most]
                break
        user = ask("user") or ask("safety_identifier")
        if not user and "metadata" in request:
            user = request["metadata"].get("user_id") if type(request["metadata"]) is dict else None
        if (
            error
            or not (created is None or (type(created) is int and 0 <= created < 1 << 49))
            or not (name is None or type(name) is str)
            or not (user is None or (type(user) is str and len(user) < 200))
            or not (limit is None or (type(limit) is int and 0 <= limit <= MAX_TOKENS))
            or not (messages is None or type(messages) is list)
            or not (tools is None or type(tools) is list)
            or (messages is None and request)
            or (type(user) is str and user.isspace())
        ):
            return self._long(record)
        words = (
            chat,
            finish,
            get("model"),
            ask("model"),
            get("service_tier"),
            usage.get("service_tier"),
            usage.get("inference_geo"),
            usage.get("speed"),
            record.get("status"),
            record.get("uri"),
            ask("stream"),
            ask("temperature"),
            get("system_fingerprint") == "fp_ollama",
            "provider" in answer,
            "prompt_filter_results" in answer,
            name[:8] if name and not chat else None,
        )
        key = (*words, *map(type, words))
        kind = self._kinds.get(key)
        if kind is None:
            return self._first(key, record)
        counts = openai_chat.usage_of(usage) if chat else anthropic_messages.usage_of(usage)
        if counts is None or counts[7]:
            return self._long(record)
        time = created or record.get("timestamp") if chat else record.get("timestamp")
        when = seconds(time)
        shared: tuple[int | None, int | None, int | None] = (None, None, None)
        like: tuple[Repeat | None, bool | None] = (None, None)
        if self._overlap is not None and when is not None and messages is not None:
            asked = Asked(tools, ask("system"), messages, temp0=kind.first.temp0)
            seen = self._overlap.see(kind.scope, asked, when, ok=kind.first.ok)
            assert seen is not None
            like = (seen.repeat, seen.retry)
            shared = (
                share(seen.static, seen, counts),
                share(seen.shared_5m, seen, counts),
                share(seen.shared_1h, seen, counts),
            )
        found = kind.likes.get(like)
        if found is None:
            first = msgspec.structs.replace(kind.first, repeat=like[0], retry=like[1])
            found = kind.likes[like] = Like(first)
        hasher = self._hasher
        text = found.line(
            None if when is None else int(when // 3600),
            counts[:6],
            counts[6],
            limit,
            None if messages is None else len(messages),
            None if tools is None else len(tools),
            shared,
            hasher.user(user) if hasher is not None and user else None,
        )
        if chat:
            name = f"{name} {created}" if name and created is not None else None
        return Line(name or None, text)

    def _first(self, key: tuple[Any, ...], record: dict[str, Any]) -> list[Made] | Drop:
        """The long way, and what is to be learned from it."""
        made = self._long(record)
        if isinstance(made, Drop) or len(made) != 1 or len(made[0].legs) != 1:
            return made
        first = made[0].legs[0]
        if first.q is Quality.REPORTED and not first.flags and first.session_h is None and first.lat is None:
            if len(self._kinds) >= _REMEMBERED:
                self._kinds.clear()
            self._kinds[key] = _Kind(first, made[0].scope, {})
        return made
