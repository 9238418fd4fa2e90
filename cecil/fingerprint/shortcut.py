"""The short way from a record to the line of its fingerprint.

Most calls of a log differ from one seen before in numbers alone: the same model, the same way to stop, the
same of everything that is a word. So the words of a call are looked up together; where they were seen
before, the record that was made then lends its closed part (`record.Like`), and only what differs is put
into it. That is for calls of any shape, as adapters read them.

For the calls that most logs are made of the adapter is left out too: bare answers, or answers beside their
request, of OpenAI's chat completions and Anthropic's messages, with plain usage and without a session.
There the words are those of the record.

Owns: which calls may go the short way: of one leg, with reported usage. All others, and the first of each
kind, go the long way. Refuses: to come to another end than that; a test holds the two against each other.
"""

from typing import Any, NamedTuple

import msgspec

from cecil.fingerprint import envelope
from cecil.fingerprint.adapters import Drop, anthropic_messages, openai_chat
from cecil.fingerprint.call import Asked, Call
from cecil.fingerprint.fingerprinter import Fingerprinter, Made, latency, name_of, share, status, within
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.lines import Lines
from cecil.fingerprint.overlap import Overlap
from cecil.fingerprint.record import MAX_MESSAGES, MAX_TOOLS, Fingerprint, Like, Repeat, Source
from cecil.fingerprint.replay import Line, Replays
from cecil.fingerprint.times import seconds
from cecil.fingerprint.usage import MAX_TOKENS, Quality, Usage

_REMEMBERED = 4_096
_RECORD = frozenset(("timestamp", "request", "response", "status", "uri"))
_SETTLED = envelope.KNOWN - {"timestamp", "status"}
"""Keys about a call that the short way does not know."""
_BARE = frozenset(("request", "status", *_SETTLED))
_IN_PART = frozenset(
    (
        *(
            Source.OPENAI_CHAT,
            Source.AZURE_CHAT,
            Source.GEMINI_OPENAI,
            Source.MISTRAL_CHAT,
            Source.DEEPSEEK_CHAT,
        ),
        *(Source.XAI_CHAT, Source.OPENROUTER_CHAT, Source.OLLAMA_OPENAI, Source.ANTHROPIC_MESSAGES),
    )
)
"""The sources of what `lines` may read in part."""
_MAX_OUT = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_NOTHING: dict[str, Any] = {}
_LONG_USAGE = frozenset(("iterations", "queue_time", "num_sources_used", "num_search_queries"))


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
        # To compare requests their text is wanted, so that a line has to be read.
        self._replays = Replays(fingerprinter) if overlap is None else None

    def line(self, line: bytes, lines: Lines) -> Line | list[Made] | Drop:
        """The line of a call, or what `Fingerprinter.calls` gives for a line of a log.

        Args:
            lines: reads what has to be read.

        Raises:
            RecordError: it is not valid.
        """
        tried = lines.common
        part = lines.part(line)
        if part is not None:
            return self.part(part)
        replays = self._replays
        if replays is not None and (found := replays.line(line)) is not None:
            # Reading in part is faster still, where it can be done; not for this one, if it was tried.
            lines.common = not tried and found.src in _IN_PART
            return found
        record = lines.whole(line)
        made = Drop.NOT_LLM if record is Drop.NOT_LLM else self.calls(record)
        if replays is not None and (type(made) is Line or _is_plain(made)):
            replays.learn(line)
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
        return Line(call.id, text, call.src)

    def part(self, record: dict[str, Any]) -> Line | list[Made] | Drop:
        """The line of a call, or what `Fingerprinter.calls` gives.

        Args:
            record: as `lines.Lines.part` reads it; of a whole record it does not know all.
        """
        answer = record.get("response")
        if answer is None:
            answer = record
            if not _BARE.isdisjoint(record):
                return self.calls(record)
        elif (
            type(answer) is not dict or not record.keys() <= _RECORD or not envelope.KNOWN.isdisjoint(answer)
        ):
            return self.calls(record)
        usage, request = answer.get("usage"), record.get("request", _NOTHING)
        if type(usage) is not dict or type(request) is not dict or not _LONG_USAGE.isdisjoint(usage):
            return self.calls(record)
        try:
            return self._short(record, answer, usage, request)
        except TypeError:  # a member that is no word, or a number beyond its bounds
            return self.calls(record)

    def _short(
        self, record: dict[str, Any], answer: dict[str, Any], usage: dict[str, Any], request: dict[str, Any]
    ) -> Line | list[Made] | Drop:
        get, ask = answer.get, request.get
        chat = get("object") == openai_chat.OBJECT
        if chat:
            choices = get("choices")
            if type(choices) is not list or len(choices) != 1 or type(choices[0]) is not dict:
                return self.calls(record)
            finish = choices[0].get("finish_reason")
        elif get("type") == "message":
            finish = get("stop_reason")
        else:
            return self.calls(record)
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
            return self.calls(record)
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
        counts = openai_chat.usage_of(usage) if chat else anthropic_messages.usage_of(usage)
        if counts is None or (counts[7] and counts.quality is not Quality.REPORTED):
            return self.calls(record)
        key = (*words, *map(type, words), counts[7])
        kind = self._kinds.get(key)
        if kind is None:
            return self._first(key, record)
        time = created or record.get("timestamp") if chat else record.get("timestamp")
        when = seconds(time)
        text = self._line(
            kind,
            counts,
            when,
            _NOT_SEEN if messages is None else Asked(tools, ask("system"), messages, temp0=kind.first.temp0),
            limit,
            None if messages is None else len(messages),
            None if tools is None else len(tools),
            self._fingerprinter.user(user) if user else None,
            _NO_SESSION,
        )
        if chat:
            name = f"{name} {created}" if name and created is not None else None
        return Line(name or None, text, kind.first.src)

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

    def _first(self, key: tuple[Any, ...], record: dict[str, Any]) -> list[Made] | Drop:
        """The long way, and what is to be learned from it."""
        made = self._fingerprinter.calls(record)
        if isinstance(made, list) and len(made) == 1:
            first = made[0].legs[0]
            if first.session_h is None and first.turn is None and first.lat is None:
                self._learn(key, made[0])
        return made

    def _learn(self, key: tuple[Any, ...], made: Made) -> None:
        first = made.legs[0]
        if len(made.legs) == 1 and first.q is Quality.REPORTED:
            if len(self._kinds) >= _REMEMBERED:
                self._kinds.clear()
            self._kinds[key] = _Kind(first, made.scope, {})


def _is_plain(made: Any) -> bool:
    """Whether there is one call of one leg, with reported usage."""
    return (
        type(made) is list
        and len(made) == 1
        and len(made[0].legs) == 1
        and made[0].legs[0].q is Quality.REPORTED
    )


__all__ = ["Line", "Shortcut"]
