"""The short way from a line to the line of its fingerprint.

Most calls of a log differ from one seen before in numbers alone: the same model, the same way to stop, the
same of everything that is a word. So the words of a call are looked up together; where they were seen
before, the record that was made then lends its closed part (`record.Like`), and only what differs is put
into it. That is for calls of any shape, as adapters read them.

For the lines that most logs are made of (`common`) the adapter is left out too, and most of the reading:
OpenAI's chat completions and Anthropic's messages with plain usage and without a session. There the words
are those of the record.

Owns: which calls may go the short way: of one leg, with reported usage. All others, and the first of each
kind, go the long way. Refuses: to come to another end than that; a test holds the two against each other.
"""

from types import NoneType
from typing import Any, NamedTuple, final

import msgspec
import orjson

from cecil.fingerprint.adapters import Drop, anthropic_messages, openai_chat
from cecil.fingerprint.call import Asked, Call
from cecil.fingerprint.common import Common
from cecil.fingerprint.envelope import around
from cecil.fingerprint.fingerprinter import Fingerprinter, Made, latency, name_of, share, status, within
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.lines import whole
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.recent import short
from cecil.fingerprint.record import MAX_MESSAGES, MAX_TOOLS, Fingerprint, Like, Repeat, Source
from cecil.fingerprint.times import seconds
from cecil.fingerprint.usage import MAX_TOKENS, Quality, Usage

_REMEMBERED = 4_096
_PATIENCE = 8
_REST = 64
"""Lines that are read whole at once after `_PATIENCE` of them, one after the other, were none of the
commonest."""
_LONG_USAGE = frozenset(("iterations", "queue_time", "num_sources_used", "num_search_queries"))


@final
class Line(msgspec.Struct, gc=False):
    """A call as the line of its only fingerprint; its usage is reported and nothing about it is odd.

    Attributes:
        id: see `fingerprinter.Made`.
        text: with its newline.
        src: the shape it was read from.
    """

    id: str | None
    text: bytes
    src: Source


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


_PLAIN = frozenset(("timestamp", "status", "request", "response"))
"""Keys of a record that says little of a call."""
_VENDORS = ("msg_bdrk", "msg_vrtx")
"""The ids that say more than that they are one."""
_NOT_SEEN = Asked()
_NO_SESSION: tuple[KeyedHash | None, int | None] = (None, None)


class Shortcut:
    """A fingerprinter that takes the short way where there is one.

    Args:
        fingerprinter: the long way.
        overlap: that of the fingerprinter.
    """

    def __init__(self, fingerprinter: Fingerprinter, overlap: Overlap | None = None) -> None:
        self._fingerprinter = fingerprinter
        self._overlap = overlap
        self._kinds: dict[tuple[Any, ...], _Kind] = {}
        self._common = Common(texts=overlap is not None).read
        self._missed = 0
        self._resting = 0

    def line(self, line: bytes) -> Line | list[Made] | Drop:
        """The line of a call, or what `Fingerprinter.calls` gives for a line of a log.

        Raises:
            RecordError: it is not valid.
        """
        words = None
        if self._resting:
            self._resting -= 1
        else:
            try:
                counted = self._common(line)
                found = None if counted is None else self._counted(*counted)
            except (orjson.JSONDecodeError, TypeError):
                found = None  # no JSON in the end, or a word that is none
            if type(found) is Line:
                self._missed = 0
                return found
            words = found
            self._missed += 1
            if self._missed >= _PATIENCE:
                self._resting = _REST
        record = whole(line)
        if record is Drop.NOT_LLM:
            return Drop.NOT_LLM
        if words is None:
            return self.calls(record)
        made = self._fingerprinter.calls(record)
        if type(made) is list and len(made) == 1:
            self._learn(words, made[0])
        return made

    def calls(self, record: object) -> Line | list[Made] | Drop:
        """The line of a call, or what `Fingerprinter.calls` gives."""
        found = self._fingerprinter.found(record)
        if type(found) is list:
            return self._alike(found[0]) if len(found) == 1 else [self._fingerprinter.made(c) for c in found]
        assert not isinstance(found, list)
        return [Made(None, (found,))] if isinstance(found, Fingerprint) else found

    def _alike(self, call: Call) -> Line | list[Made]:
        leg = call.legs[0]
        usage = leg.usage
        if usage is None or len(call.legs) != 1 or (usage[7] and usage.quality is not Quality.REPORTED):
            return [self._fingerprinter.made(call)]
        asked = call.asked or _NOT_SEEN
        key = (
            call.src,
            call.providers,
            name_of(leg.model),
            call.op,
            call.tier,
            call.region,
            call.stream,
            call.ok,
            call.err,
            call.finish,
            None if call.status is None else status(call.status),
            None if call.latency is None else latency(call.latency),
            asked.temp0,
            usage[7],
        )
        kind = self._kinds.get(key)
        if kind is None:
            made = self._fingerprinter.made(call)
            self._learn(key, made)
            return [made]
        session = _NO_SESSION if call.session is None else self._fingerprinter.session(call.session)
        text = self._line(
            kind,
            usage,
            seconds(call.time),
            asked,
            within(asked.max_out, MAX_TOKENS),
            within(asked.n_msgs, MAX_MESSAGES),
            within(asked.n_tools, MAX_TOOLS),
            None if call.user is None else self._fingerprinter.user(call.user),
            session,
        )
        return Line(call.id and short(call.id), text, call.src)

    def _counted(
        self, record: dict[str, Any], request: Any, answer: dict[str, Any], usage: dict[str, Any]
    ) -> Line | tuple[Any, ...] | None:
        """The line of a call; its words, where they are new; None for one that has to go the long way.

        Args:
            record, request, answer, usage: see `common.Counted`.
        """
        get = answer.get
        name = get("id")
        model = limit = user = n_msgs = n_tools = stream = temp0 = None
        asked = _NOT_SEEN
        if request is not None:
            model, stream = request.model, request.stream
            if request.temperature is not None:
                temp0 = request.temperature == 0
            limit = request.max_completion_tokens
            if limit is None:
                limit = request.max_tokens
                if limit is None:
                    limit = request.max_output_tokens
            user = request.user or request.safety_identifier
            if not user and request.metadata is not None:
                user = request.metadata.user_id
            messages, tools = request.messages, request.tools
            if self._overlap is not None:
                messages = orjson.loads(bytes(messages))
                tools = None if tools is None else orjson.loads(bytes(tools))
                system = None if request.system is None else orjson.loads(bytes(request.system))
                if type(messages) is not list or type(tools) not in (list, NoneType):
                    return None
                asked = Asked(tools, system, messages, temp0=temp0)
            n_msgs = len(messages)
            if tools is not None:
                n_tools = len(tools)
            if n_msgs > MAX_MESSAGES or (n_tools or 0) > MAX_TOOLS:
                return None
        at, code = record.get("timestamp"), record.get("status")
        said = session = None
        if record is not answer and not record.keys() <= _PLAIN:
            here = around(record)
            at, code, session = here.time, here.status, here.session
            said = here.uri, here.batch, None if here.latency is None else latency(here.latency)
            user = user or here.user
        words: tuple[Any, ...]
        if get("object") == openai_chat.OBJECT:
            choices, created = get("choices"), get("created")
            counts = openai_chat.usage_of(usage)
            if not choices or counts is None:
                return None
            id = f"{name} {created}" if name and created is not None else None
            time = created or at
            words = (
                choices[0].finish_reason,
                get("service_tier"),
                get("system_fingerprint") == "fp_ollama",
                "provider" in answer,
                "prompt_filter_results" in answer,
            )
        elif get("type") == "message":
            counts = anthropic_messages.usage_of(usage)
            if counts is None:
                return None
            id, time, of = name or None, at, usage.get
            words = (
                get("stop_reason"),
                of("service_tier"),
                of("inference_geo"),
                of("speed"),
                name[:8] if name and name.startswith(_VENDORS) else None,
                "message",
            )
        else:
            return None
        words += (get("model"), model, stream, temp0, code, said, counts[7])
        if (counts[7] and counts.quality is not Quality.REPORTED) or not _LONG_USAGE.isdisjoint(usage):
            return None
        kind = self._kinds.get(words)
        if kind is None:
            return words
        text = self._line(
            kind,
            counts,
            seconds(time),
            asked,
            limit,
            n_msgs,
            n_tools,
            None if user is None else self._fingerprinter.user(user),
            _NO_SESSION if session is None else self._fingerprinter.session(session),
        )
        return Line(id, text, kind.first.src)

    def _line(
        self,
        kind: _Kind,
        counts: Usage,
        when: float | None,
        asked: Asked,
        limit: int | None,
        n_msgs: int | None,
        n_tools: int | None,
        user: KeyedHash | None,
        session: tuple[KeyedHash | None, int | None],
    ) -> bytes:
        """The line of a call of a kind that is known."""
        shared: tuple[int | None, int | None, int | None] = (None, None, None)
        like: tuple[Repeat | None, bool | None] = (None, None)
        if self._overlap is not None and when is not None and asked.messages is not None:
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
        return found.line(
            None if when is None else int(when // 3600),
            counts[:6],
            counts[6],
            limit,
            n_msgs,
            n_tools,
            shared,
            user,
            *session,
        )

    def _learn(self, key: tuple[Any, ...], made: Made) -> None:
        first = made.legs[0]
        if len(made.legs) == 1 and first.q is Quality.REPORTED:
            if len(self._kinds) >= _REMEMBERED:
                self._kinds.clear()
            self._kinds[key] = _Kind(first, made.scope, {})


__all__ = ["Line", "Shortcut"]
