"""What may differ in lines of an outline, and what it means: tried out on the whole way.

What may differ is closed: strings and numbers under the keys that are listed here (`_TEXTS`, `_VARYING`), and
the counts of the usage. Each is given other values, alone and together with others. A text, whatever it is,
has to change nothing; an id, a time or a user has to come out as it is; and counts, odd ones too, have to
give what the adapter's own reading of the usage gives. What passes none of this has to be the same in each
line, byte by byte.

Owns: those lists and trials. Refuses: all that has more than one call or leg, or another quality than
`reported`, and calls that hang on records before them.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import orjson

from cecil.fingerprint.adapters import (
    Memory,
    anthropic_messages,
    bedrock_converse,
    bedrock_invoke,
    cohere,
    gemini,
    helicone,
    langfuse,
    litellm,
    ollama,
    openai_chat,
    openai_embeddings,
    openai_responses,
    otlp,
    recognise,
)
from cecil.fingerprint.adapters.base import number
from cecil.fingerprint.call import Asked, Call
from cecil.fingerprint.record import Like, Source, is_fingerprint
from cecil.fingerprint.usage import Quality, Usage

LONGEST = 200
"""Characters of an id."""

_TEXTS = frozenset(
    (
        *("text", "content", "thinking", "signature", "arguments", "refusal", "reasoning", "partial_json"),
        *("reasoning_content", "inputText", "outputText", "generation", "query", "documents", "title"),
        *("input", "output", "prompt", "system", "instructions", "response", "name", "description"),
    )
)
"""Keys of what people and models wrote. Whether a text is looked at is tried out, with these keys too."""
_VARYING = frozenset(
    (
        *("id", "responseId", "request_id", "requestId", "RequestId", "correlationId", "CorrelationId"),
        *("generation_id", "uuid", "item_id", "response_id", "gen_ai.response.id", "ai.response.id"),
        *("traceId", "trace_id", "TraceId", "spanId", "span_id", "SpanId"),
        *("parentSpanId", "parent_span_id", "parent_id", "ParentSpanId", "observationId"),
        *("timestamp", "@timestamp", "time", "ts", "created", "created_at", "createTime", "completed_at"),
        *("start_time", "startTime", "datetime", "end_time", "endTime", "TimeGenerated", "logging_time"),
        *("request_created_at", "response_created_at", "completionStartTime", "Timestamp"),
        *("startTimeUnixNano", "endTimeUnixNano", "start_time_unix_nano", "end_time_unix_nano"),
        *("user", "user_id", "userId", "end_user", "endUser", "safety_identifier", "request_user_id", "arn"),
        *("session_id", "sessionId", "conversation_id", "conversationId", "thread_id", "threadId"),
        *("latency_ms", "duration_ms", "durationMs", "latencyMs", "elapsed_ms", "response_time_ms"),
        *("latency_s", "duration_s", "elapsed_s", "invocationLatency", "firstByteLatency", "delay_ms"),
        *("request_duration_ms", "total_duration", "load_duration", "prompt_eval_duration", "eval_duration"),
        *("queue_time", "prompt_time", "completion_time", "total_time", "latency", "request_latency"),
        *("spend", "response_cost", "cost", "totalCost", "calculatedTotalCost", "relevance_score", "score"),
        *otlp.USER,
        *otlp.SESSION,
    )
)
"""Keys of what differs from call to call and is no count."""
_GUARDED = frozenset(("input", "output", "prompt", "response", "system", "instructions", "inputText"))
"""Texts that are looked into where they begin as JSON or events do."""
_USAGES: tuple[Callable[[Any], Usage | None], ...] = (
    openai_chat.usage_of,
    anthropic_messages.usage_of,
    bedrock_converse.usage_of,
    gemini.usage_of,
    openai_responses.usage_of,
    openai_embeddings.usage_of,
    cohere.usage_of,
    ollama.usage_of,
    bedrock_invoke.usage_of,
    litellm.usage_of,
    langfuse.usage_of,
    helicone.usage_of,
    otlp.usage_of,
)
_STATEFUL = frozenset((Source.AZURE_APIM, Source.CODEX))
"""What a record of these says hangs on the records before it."""
_BETWEEN = (otlp.between, litellm.between)
_UNITS: tuple[Callable[[Any], Any], ...] = (
    lambda value: value,
    lambda value: value * 1000,
    lambda value: value / 1e6,
)
"""A duration in milliseconds, in seconds, in nanoseconds."""
VENDORS = (b"msg_bdrk", b"msg_vrtx")
"""The ids that say more than that they are one."""
_TEXT_PROBES = ("", "x", "{", '{"usage":{"prompt_tokens":1}}', "[1]", "data: {}\n\n", "stop", "[DONE]")
_PLAIN_PROBES = ("x", "Plain words", "7", "stop")
_MESSAGES = frozenset(("gen_ai.input.messages", "ai.prompt.messages", "gen_ai.prompt"))
_ROLES = {"time", "user", "session", "id", "latency"}
_AS_IT_IS = {"time", "user", "session"}
_OF_CALL = (
    *("src", "providers", "op", "time", "user", "session", "id", "tier", "region", "stream", "ok", "err"),
    *("finish", "status", "latency"),
)
_OF_ASKED = ("max_out", "temp0", "n_msgs", "n_tools")
_NOT_SEEN = Asked()


class _Leaf(NamedTuple):
    """A string or a number in a record.

    Attributes:
        path: how it is reached.
        key: what it stands under; of a span's attribute its name.
        at: the part of the line that holds it.
        value: as it was read.
    """

    path: tuple[str | int, ...]
    key: str
    at: int
    value: Any


class Plan(NamedTuple):
    """What to do with a line of a known outline and known words. Numbers in it are parts of the line.

    Attributes:
        strings: those of which something hangs on; none may be empty, long or escaped.
        texts: those that must not begin as JSON does.
        digits: counts that are spelled as text.
        counts: where in `usage` each count goes.
        usage: the arguments of `read`.
        read: the adapter's reading of the usage.
        id: pieces of the call's id, and the parts or spelled parts between them.
        time, user, session: a part and its type, or the value.
        latency: a part, its type, nothing, nothing and its unit; or two parts, each with its type, and the
            reading of both.
        searches: how many were counted elsewhere than in the usage.
        span: trace, span and parent of a span, whose sums are remembered.
        likes: records that are alike, by their flags and latency.
    """

    call: Call
    strings: tuple[int, ...]
    texts: tuple[int, ...]
    digits: tuple[int, ...]
    counts: tuple[tuple[Any, Any, int], ...]
    usage: Any
    read: Callable[[Any], Usage | None]
    id: tuple[str | int, ...] | str | None
    time: tuple[int, type] | None
    user: int | None
    session: int | None
    latency: tuple[Any, ...] | None
    messages: int | None
    searches: int | None
    span: tuple[int, int, int | None] | None
    likes: dict[Any, Like]


class NoPlanError(Exception):
    """The line's outline hides something."""


class Study:
    """What may differ in a record, tried out.

    Args:
        record: the record.
        parts: its line, cut.

    Attributes:
        words: the parts that have to be the same.
        hot: those that need not be, and what they are.
        plan: the plan.

    Raises:
        NoPlanError: it is no plain call, or there is something about it that cannot be told apart.
    """

    def __init__(self, record: dict[str, Any], parts: list[bytes]) -> None:
        self._record = record
        self._bytes = orjson.dumps(record)
        self._leaves = list(_leaves(record, (), "", [1]))
        self._check(parts)
        self._call = call = self._of(record)
        usage = call.legs[0].usage
        if usage is None or usage.quality is not Quality.REPORTED or call.src in _STATEFUL:
            raise NoPlanError
        self._random = random.Random(len(self._leaves))  # noqa: S311  the same outline is studied in the same way
        self._inert: set[int] = set()
        self._searches: int | None = None
        self._roles: dict[str, list[_Leaf]] = {}
        self._texts()
        self._varying()
        self._together()
        read, argument, places = self._usage()
        counted = {at for *_, at in places}
        self._repeated(counted, argument)
        roles = {name: [leaf.at for leaf in leaves] for name, leaves in self._roles.items()}
        hot = self._inert | counted | {at for listed in roles.values() for at in listed}
        self.words = tuple(leaf.at for leaf in self._leaves if leaf.at not in hot)
        several = [leaf.at for leaf in self._leaves if leaf.at % 2 == 0]
        if any(several.count(at) > 1 for at in hot if at % 2 == 0):
            raise NoPlanError
        self.hot = (frozenset(hot), tuple(sorted((name, tuple(ats)) for name, ats in roles.items())))
        self.plan = self._planned(read, argument, tuple(places))

    def _check(self, parts: list[bytes]) -> None:
        """The leaves are where they are thought to be."""
        strings = [leaf for leaf in self._leaves if type(leaf.value) is str]
        for leaf in strings:
            if leaf.at >= len(parts):
                raise NoPlanError
            part = parts[leaf.at]
            if b"\\" not in part and b"\x01" not in part and part.decode() != leaf.value:
                raise NoPlanError

    def _of(self, record: object) -> Call:
        found = recognise(record, Memory()) if type(record) is dict and not is_fingerprint(record) else None
        if type(found) is not list or len(found) != 1 or len(found[0].legs) != 1:
            raise NoPlanError
        return found[0]

    def _with(self, values: Mapping[_Leaf, Any]) -> Call:
        """The call, if leaves held other values."""
        record = orjson.loads(self._bytes)
        for leaf, value in values.items():
            place = record
            for step in leaf.path[:-1]:
                place = place[step]
            place[leaf.path[-1]] = value
        return self._of(record)

    def _differs(self, values: Mapping[_Leaf, Any]) -> set[str] | None:
        """The fields of the call that are others then; None where it is no such call any more."""
        try:
            return _difference(self._call, self._with(values))
        except NoPlanError:
            return None

    def _texts(self) -> None:
        for leaf in self._leaves:
            known = leaf.key in _TEXTS or leaf.key in _MESSAGES or leaf.key.endswith(".content")
            if not known or type(leaf.value) is not str:
                continue
            probes = _PLAIN_PROBES if leaf.key in _GUARDED else _TEXT_PROBES
            if all(self._differs({leaf: probe}) == set() for probe in probes):
                self._inert.add(leaf.at)
            elif leaf.key in _MESSAGES and self._is_messages(leaf):
                self._roles.setdefault("messages", []).append(leaf)

    def _is_messages(self, leaf: _Leaf) -> bool:
        """Whether a text is JSON, and counts as messages."""
        for many in (0, 1, 3):
            try:
                call = self._with({leaf: orjson.dumps([{"role": "user"}] * many).decode()})
            except NoPlanError:
                return False
            if (
                not _difference(self._call, call) <= {"n_msgs"}
                or call.asked is None
                or call.asked.n_msgs != many
            ):
                return False
        return True

    def _varying(self) -> None:
        for leaf in self._leaves:
            if leaf.at in self._inert or leaf.key not in _VARYING or not leaf.value:
                continue
            roles: set[str] = set()
            for probe in _probes(leaf):
                differs = self._differs({leaf: probe})
                if differs is None or not differs <= _ROLES:
                    break
                call = self._with({leaf: probe})
                if any(getattr(call, name) != probe for name in differs & _AS_IT_IS):
                    break
                roles |= differs
            else:
                if any(getattr(self._call, name) is None for name in roles):
                    raise NoPlanError  # what it is here is none, by a rule that other values do not show
                for name in roles:
                    self._roles.setdefault(name, []).append(leaf)
                if not roles and self._differs({leaf: "" if type(leaf.value) is str else 0}) == set():
                    self._inert.add(leaf.at)

    def _together(self) -> None:
        """What no string or number changes alone may hang on several of them: a duration on two times."""
        texts = [leaf for leaf in self._leaves if leaf.at in self._inert and leaf.key in _TEXTS - _GUARDED]
        for text in ("", "x"):
            if self._differs(dict.fromkeys(texts, text)) != set():
                raise NoPlanError
        roles = {leaf: name for name, leaves in self._roles.items() for leaf in leaves if name in _AS_IT_IS}
        others = [leaf for leaves in self._roles.values() for leaf in leaves if leaf.key in _VARYING]
        inert = [leaf for leaf in self._leaves if leaf.at in self._inert and leaf.key in _VARYING]
        for kind in _KINDS:
            for step in (1, -1):
                values = {
                    leaf: kind(leaf, 50 + step * place)
                    for place, leaf in enumerate(dict.fromkeys((*others, *inert)))
                }
                try:
                    call = self._with(values)
                except NoPlanError:
                    continue
                differs = _difference(self._call, call)
                if not differs <= self._roles.keys() or any(
                    getattr(call, name) != values[leaf] for leaf, name in roles.items()
                ):
                    raise NoPlanError

    def _usage(self) -> tuple[Callable[[Any], Usage | None], Any, list[tuple[Any, Any, int]]]:
        """How the counts make the usage: a reading, what it reads, and where the counts go in there."""
        want = self._call.legs[0].usage
        counts = self._counts()
        for argument, put in self._arguments(counts):
            for read in _USAGES:
                usage = read(argument)
                if usage is None or want is None:
                    continue
                if usage[6] != want[6]:
                    self._searches = want[6]
                if self._read(read, argument) != want:
                    self._searches = None
                    continue
                places = [(*place, leaf.at) for leaf, place in put]
                if self._holds(read, argument, [(leaf, *place) for leaf, place in put]):
                    return read, argument, places
                self._searches = None
        raise NoPlanError

    def _read(self, read: Callable[[Any], Usage | None], argument: Any) -> Usage | None:
        usage = read(argument)
        return usage and (usage if self._searches is None else usage._replace(web_searches=self._searches))

    def _counts(self) -> list[_Leaf]:
        """The numbers that may be counts: nothing but the usage changes with them, and it does, or it does
        with others beside them."""
        telling: list[_Leaf] = []
        idle: list[_Leaf] = []
        for leaf in self._leaves:
            if leaf.at in self._inert or leaf.key in _VARYING or not self._is_count(leaf):
                continue
            probes = (0, int(leaf.value) + 1, 10_000)
            differs = [self._differs({leaf: _like(leaf.value, value)}) for value in probes]
            if any(found is None or not found <= {"usage"} for found in differs):
                continue
            (telling if any(differs) else idle).append(leaf)
        usages = {leaf.path[:-1] for leaf in telling} - {()}
        telling += [leaf for leaf in idle if any(leaf.path[: len(path)] == path for path in usages)]
        return telling

    def _is_count(self, leaf: _Leaf) -> bool:
        value = leaf.value
        if type(value) is str:
            return self._call.src is Source.OTLP and value.isdecimal() and value.isascii() and len(value) < 16
        return type(value) is int and 0 <= value < 1 << 40

    def _arguments(self, counts: list[_Leaf]) -> Iterator[tuple[Any, list[tuple[_Leaf, tuple[Any, Any]]]]]:
        """What a reading of the usage may have read, and the places of counts in it."""
        record = orjson.loads(self._bytes)
        for leaf in self._leaves:
            if type(leaf.value) is str and len(leaf.value) > LONGEST:
                _place(record, leaf.path)[leaf.path[-1]] = ""  # what is kept of a record is small
        spans = list(otlp.spans_of(record))
        if len(spans) == 1 and self._call.src is Source.OTLP:
            plain = dict(spans[0].attributes)
            yield plain, [(leaf, (plain, leaf.key)) for leaf in counts if leaf.key in plain]
        objects = {leaf.path[:end] for leaf in counts for end in range(len(leaf.path))}
        ordered = sorted(objects, key=len, reverse=True)
        for path in ordered:
            value = _place(record, (*path, None))
            if type(value) is dict:
                yield (
                    value,
                    [
                        (leaf, (_place(record, leaf.path), leaf.path[-1]))
                        for leaf in counts
                        if leaf.path[: len(path)] == path
                    ],
                )
        usages = sorted(path for path in objects if path and path[-1] == "usage")
        for one in usages:
            for two in usages:
                if one != two:
                    first, second = _place(record, (*one, None)), _place(record, (*two, None))
                    if type(first) is not dict or type(second) is not dict:
                        continue
                    merged = {**first, **{k: v for k, v in second.items() if v is not None}}
                    put = []
                    for leaf in counts:
                        for path in (one, two):
                            if leaf.path[: len(path)] == path:
                                key = leaf.path[len(path)]
                                if path == one and second.get(key) is not None:
                                    continue
                                deep = len(leaf.path) > len(path) + 1
                                put.append(
                                    (leaf, (_place(record, leaf.path) if deep else merged, leaf.path[-1]))
                                )
                    yield merged, put

    def _holds(
        self, read: Callable[[Any], Usage | None], argument: Any, put: list[tuple[_Leaf, Any, Any]]
    ) -> bool:
        """Whether the reading gives the call's usage whatever the counts are."""
        old = {leaf: int(leaf.value) for leaf, *_ in put}
        tries: list[dict[_Leaf, int]] = [{leaf: count * 3 for leaf, count in old.items()}]
        tries += [{leaf: self._random.randrange(500) for leaf in old} for _ in range(4)]
        tries += [
            {**old, leaf: value} for leaf in old for value in (0, old[leaf] + 1, old[leaf] + 900, 10**8)
        ]
        good = True
        for numbers in tries:
            for leaf, place, key in put:
                place[key] = numbers[leaf]
            try:
                call = self._with({leaf: _like(leaf.value, count) for leaf, count in numbers.items()})
            except NoPlanError:
                good = False
                break
            if self._read(read, argument) != call.legs[0].usage or not _difference(self._call, call) <= {
                "usage"
            }:
                good = False
                break
        for leaf, place, key in put:
            place[key] = old[leaf]
        return good

    def _repeated(self, counted: set[int], argument: Any) -> None:
        """Counts that are said again, as in each event of a stream, and of which nothing hangs."""
        names = {leaf.key for leaf in self._leaves if leaf.at in counted}
        for leaf in self._leaves:
            if leaf.at in counted or leaf.key not in names or not self._is_count(leaf):
                continue
            numbers = (0, 1, int(leaf.value) + 1, 10**6, 10**8)
            if all(self._differs({leaf: _like(leaf.value, n)}) == set() for n in numbers):
                self._inert.add(leaf.at)

    def _planned(self, read: Any, argument: Any, places: tuple[tuple[Any, Any, int], ...]) -> Plan:
        roles = self._roles
        times, users, sessions = (roles.get(name, []) for name in ("time", "user", "session"))
        messages = roles.get("n_msgs", []) + roles.get("messages", [])
        if max(map(len, (times, users, sessions, messages))) > 1:
            raise NoPlanError
        if any(type(leaf.value) is not str for leaf in (*users, *sessions)):
            raise NoPlanError
        pieces = self._id(roles.get("id", []))
        strings = {
            leaf.at
            for name in ("time", "user", "session", "id", "latency")
            for leaf in roles.get(name, [])
            if type(leaf.value) is str
        }
        strings |= {at for *_, at in places if at % 2}
        ids = self._ids_of_span()
        strings |= set(ids[:2] if ids else ())
        guarded = {leaf.at for leaf in self._leaves if leaf.at in self._inert and leaf.key in _GUARDED}
        call = msgspec.structs.replace(self._call, said=None)
        if call.asked is not None:
            call.asked = msgspec.structs.replace(call.asked, tools=None, system=None, messages=None)
        if any(type(leaf.value) is float for leaf in roles.get("id", [])):
            raise NoPlanError
        if any(self._bytes.count(name) for name in VENDORS):
            raise NoPlanError
        return Plan(
            call,
            tuple(sorted(strings)),
            tuple(sorted(guarded)),
            tuple(at for *_, at in places if at % 2),
            places,
            argument,
            read,
            pieces,
            (times[0].at, type(times[0].value)) if times else None,
            users[0].at if users else None,
            sessions[0].at if sessions else None,
            self._latency(roles.get("latency", [])),
            messages[0].at if messages else None,
            self._searches,
            ids,
            {},
        )

    def _id(self, leaves: list[_Leaf]) -> tuple[str | int, ...] | str | None:
        """The call's id as pieces of text and parts of the line."""
        if not leaves:
            return self._call.id
        for mark in ("7", "31"):
            marks = {
                leaf: f"mark{mark}x{n}z" if type(leaf.value) is str else int(f"9{mark}00{n}99")
                for n, leaf in enumerate(leaves)
            }
            name = self._with(marks).id
            if name is None:
                raise NoPlanError
            pieces: list[str | int] = [name]
            for leaf, text in marks.items():
                split: list[str | int] = []
                for piece in pieces:
                    if type(piece) is str:
                        rest = piece.split(str(text))
                        for place, part in enumerate(rest):
                            split += [*([leaf.at] if place else []), *([part] if part else [])]
                    else:
                        split.append(piece)
                pieces = split
            if mark == "7":
                first = pieces
        if pieces != first or {p for p in pieces if type(p) is int} != {leaf.at for leaf in leaves}:
            raise NoPlanError
        return tuple(pieces)

    def _latency(self, leaves: list[_Leaf]) -> tuple[Any, ...] | None:
        if not leaves:
            return None
        spent = self._call.latency
        if len(leaves) == 1:
            leaf = leaves[0]
            spelled = type(leaf.value) is str
            probes = (leaf.value, *_probes(leaf), *(("93.5", "40000") if spelled else ()))
            for unit in (number,) if spelled else _UNITS:
                if all(self._with({leaf: probe}).latency == unit(probe) for probe in probes):
                    return leaf.at, type(leaf.value), None, None, unit
        if len(leaves) == 2:
            for one, two in (leaves, leaves[::-1]):
                for how in _BETWEEN:
                    if (
                        spent is not None
                        and how(one.value, two.value) == spent
                        and all(
                            self._with({one: a, two: b}).latency == how(a, b)
                            for a, b in zip(_probes(one), _probes(two), strict=True)
                        )
                    ):
                        return one.at, type(one.value), two.at, type(two.value), how
        raise NoPlanError

    def _ids_of_span(self) -> tuple[int, int, int | None] | None:
        if self._call.src is not Source.OTLP:
            return None
        (span,) = otlp.spans_of(self._record)
        found = []
        for keys in otlp.IDS:
            found.append([leaf for leaf in self._leaves if leaf.key in keys and type(leaf.value) is str])
        if span.id is None and not any(found):
            return None
        traces, ids, parents = found
        if len(traces) != 1 or len(ids) != 1 or len(parents) > 1:
            raise NoPlanError
        above = parents[0].value if parents else ""
        there = (
            f"{traces[0].value} {ids[0].value}",
            f"{traces[0].value} {above}" if above.strip("0") else None,
        )
        if there != (span.id, span.parent):
            raise NoPlanError
        return traces[0].at, ids[0].at, parents[0].at if parents else None


def _difference(one: Call, two: Call) -> set[str]:
    """The fields in which two calls differ, but for their texts."""
    found = {name for name in _OF_CALL if getattr(one, name) != getattr(two, name)}
    asked, other = one.asked or _NOT_SEEN, two.asked or _NOT_SEEN
    found |= {name for name in _OF_ASKED if getattr(asked, name) != getattr(other, name)}
    if one.legs[0].usage != two.legs[0].usage:
        found.add("usage")
    if one.legs[0].model != two.legs[0].model:
        found.add("model")
    return found


def _leaves(value: Any, path: tuple[str | int, ...], key: str, next_at: list[int]) -> Iterator[_Leaf]:
    """The strings and numbers of a record in the order of its text."""
    if type(value) is dict:
        attribute = value.get("key") if "value" in value else None
        for name, inner in value.items():
            next_at[0] += 2
            known = attribute if name == "value" and type(attribute) is str else name
            if key and known in ("stringValue", "intValue", "doubleValue", "arrayValue", "values"):
                known = key
            yield from _leaves(inner, (*path, name), known, next_at)
    elif type(value) is list:
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place), key, next_at)
    elif type(value) is str:
        next_at[0] += 2
        yield _Leaf(path, key, next_at[0] - 2, value)
    elif type(value) in (int, float):
        yield _Leaf(path, key, next_at[0] - 1, value)


def _probes(leaf: _Leaf) -> tuple[Any, Any]:
    """Other values of the kind."""
    value = leaf.value
    if type(value) is str:
        if value.isascii() and value.isdecimal():
            return str(int(value) + 12_345_678), str(int(value) + 9_876_543_210)
        return f"{value}x", "other-1"
    return (value + 0.5, value * 3.25) if type(value) is float else (value + 1, value + 86_400)


def _like(old: object, value: int) -> str | int:
    return str(value) if type(old) is str else value


def _moment(leaf: _Leaf, number: int) -> Any:
    if type(leaf.value) is str:
        return f"2026-10-02T14:03:{number % 60:02}.5Z"
    return type(leaf.value)(_MOMENT + number)


def _nanoseconds(leaf: _Leaf, number: int) -> Any:
    return type(leaf.value)((_MOMENT + number) * 10**9)


def _few(leaf: _Leaf, number: int) -> Any:
    return type(leaf.value)(number)


_MOMENT = 1_790_949_791
_KINDS: tuple[Callable[[_Leaf, int], Any], ...] = (_moment, _nanoseconds, _few)


def _place(record: Any, path: tuple[Any, ...]) -> Any:
    """What holds the end of a path."""
    for step in path[:-1]:
        record = record[step]
    return record


__all__ = ["LONGEST", "VENDORS", "NoPlanError", "Plan", "Study"]
