"""A worker: a process that judges what the server hands it, one piece of work after the other.

Owns: sanitizers, one for each policy, made once and remembered; and the answers that are made of what
they find. It ends with its socket, and so with the server, however that ended. Refuses: to say anything of
a value, but in what is redacted.
"""

import gc
import hashlib
import os
import pickle
import re
import socket
import warnings
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from cecil.api.messages import HEADER, Answer, Judged, Setup, Tally, Which, error_line, packed
from cecil.errors import CecilError, PolicyError, RecordError, UsageError
from cecil.sanitizer.actions import KINDS
from cecil.sanitizer.blocks import BlockFilter, Outcome
from cecil.sanitizer.detectors.everyone import everyone
from cecil.sanitizer.finder import PRIVATE_IP
from cecil.sanitizer.names import labels
from cecil.sanitizer.policy import Policy
from cecil.sanitizer.policy_shown import shown
from cecil.sanitizer.sanitizer import Finding, NearMiss, Sanitizer
from cecil.stream.cache import FileCache
from cecil.stream.jsontext import dumps, loads
from cecil.stream.lines import Block
from cecil.stream.markers import disguise

CUSTOM = "CUSTOM"
"""What metrics call entities that a policy made up: their names are the client's words."""

_KEPT = 16
"""Sanitizers that a worker remembers; those that were used longest ago go first."""

_PLACE = re.compile(r":([0-9]+):([0-9]+)$")


class Judge:
    """Does the work: each public method is a piece of it, with a result and a tally."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._made: OrderedDict[tuple[str, bytes, bool], Sanitizer] = OrderedDict()
        self._cache = FileCache()
        by_patterns = frozenset().union(*(one.entities for one in everyone()))
        self._entities = sorted(by_patterns | labels.ENTITIES | {PRIVATE_IP})
        self._known = frozenset(self._entities)
        self._hit = True

    def warm(self, which: Which) -> tuple[None, Tally]:
        """Make the sanitizer of a policy."""
        self._sanitizer(which)
        return None, Tally(hit=self._hit)

    def value(self, which: Which, raw: bytes, form: str, near: bool) -> tuple[bytes, Tally]:
        """The answer for one JSON value.

        Args:
            raw: the value's JSON.
            form: `redact`, `check` or `explain`.
            near: whether near misses are wanted.
        """
        sanitizer = self._sanitizer(which, near)
        new, findings = _one(sanitizer, raw)
        parts = [b'"value":' + new] if form != "check" else []
        if form != "redact":
            parts.append(b'"found":true' if findings else b'"found":false')
        parts.append(b'"findings":' + orjson.dumps([_finding(one) for one in findings]))
        if near:
            parts.append(b'"misses":' + orjson.dumps([_miss(one) for one in sanitizer.misses]))
        parts.append(b'"policy":' + orjson.dumps(sanitizer.policy.digest))
        found = Counter(one.entity for one in findings)
        return b"{" + b",".join(parts) + b"}", self._tally(1, 1, 0, found)

    def text(
        self, which: Which, text: str, form: str, near: bool, about: bool
    ) -> tuple[dict[str, Any], Tally]:
        """The answer for the lines of a file, each with what became of it."""
        sanitizer = self._sanitizer(which, near)
        lines: list[dict[str, Any]] = []
        found: Counter[str] = Counter()
        refused = 0
        for outcome in _outcomes(sanitizer, text.encode("utf-8", "surrogatepass")):
            base = len(lines)
            for line, reason in _in_order(outcome):
                row: dict[str, Any] = {"line": len(lines) + 1}
                if form != "check":
                    row["after"] = None if reason else line.decode("utf-8", "replace").rstrip("\r\n")
                lines.append(row | {"reason": reason, "findings": []} | ({"misses": []} if near else {}))
                refused += reason is not None
            for number, one in outcome.findings:
                lines[base + number]["findings"].append(_finding(one))
            if near:
                for number, miss in outcome.misses:
                    lines[base + number]["misses"].append(_miss(miss))
            found.update(outcome.found)
        written = len(lines) - refused
        counts = {"read": len(lines), "written": written, "dropped": 0, "quarantined": refused}
        answer: dict[str, Any] = {
            "found": bool(found),
            "lines": lines,
            "counts": counts | {"findings": dict(found)},
            "policy": sanitizer.policy.digest,
        }
        if about:
            answer["about"] = self._about(sanitizer, which)
            answer["model"] = None if self._setup.nlp == "none" else self._setup.nlp
        return answer, self._tally(len(lines), written, refused, found)

    def plain(self, which: Which, data: bytes) -> tuple[tuple[bytes, list[dict[str, Any]]], Tally]:
        """Lines as they go on, and the places and reasons of those that must not."""
        sanitizer = self._sanitizer(which)
        pieces: list[bytes] = []
        errors: list[dict[str, Any]] = []
        found: Counter[str] = Counter()
        read = 0
        for outcome in _outcomes(sanitizer, data):
            pieces.append(outcome.data)
            errors += ({"line": read + one.line + 1, "message": one.reason} for one in outcome.refused)
            read += outcome.written + len(outcome.refused)
            found.update(outcome.found)
        return (b"".join(pieces), errors), self._tally(read, read - len(errors), len(errors), found)

    def block(self, which: Which, data: bytes, first: int) -> tuple[Judged, Tally]:
        """A block of NDJSON.

        Args:
            first: the number of its first line.
        """
        sanitizer = self._sanitizer(which)
        outcome = BlockFilter(sanitizer, "jsonl").judge(data)
        pieces = outcome.data
        if outcome.refused:
            placed: list[bytes] = []
            for number, (line, reason) in enumerate(_in_order(outcome), first):
                placed.append(disguise(line) if reason is None else error_line(number, reason))
            pieces = b"".join(placed)
        else:
            pieces = disguise(pieces)
        refused = len(outcome.refused)
        tally = self._tally(outcome.written + refused, outcome.written, refused, outcome.found)
        return Judged(pieces, outcome.written, refused, dict(outcome.found)), tally

    def policy(self, which: Which) -> tuple[dict[str, Any], Tally]:
        """A policy's name, hash and strategy; only one that can be used has them."""
        policy = self._sanitizer(which).policy
        return {"hash": policy.digest, "strategy": policy.strategy}, Tally(hit=self._hit)

    def shown(self, which: Which) -> tuple[str, Tally]:
        """A policy as it holds."""
        policy = self._sanitizer(which).policy
        return shown(policy._replace(name=which.name or policy.name)), Tally(hit=self._hit)

    def known(self) -> tuple[dict[str, Any], Tally]:
        """What a policy can name."""
        actions = [
            {
                "name": kind.name,
                "says": kind.says,
                "options": sorted(kind.options),
                "needs_key": kind.keyed,
                "fields_only": kind.field_only,
            }
            for kind in KINDS.values()
        ]
        return {"entities": self._entities, "actions": actions}, Tally()

    def _tally(self, read: int, written: int, quarantined: int, found: "Counter[str]") -> Tally:
        named: Counter[str] = Counter()
        for entity, count in found.items():
            named[entity if entity in self._known else CUSTOM] += count
        return Tally(read, written, quarantined, dict(named), self._hit)

    def _about(self, sanitizer: Sanitizer, which: Which) -> dict[str, Any]:
        policy = sanitizer.policy
        return {
            "name": which.name or policy.name,
            "hash": policy.digest,
            "strategy": policy.strategy,
            "threshold": policy.threshold,
            "default": policy.default.name,
            "entities": {entity: action.name for entity, action in sorted(policy.entities.items())},
            "needs_key": policy.needs_key,
            "temporary_key": policy.needs_key and sanitizer.temporary_key,
        }

    def _sanitizer(self, which: Which, near: bool = False) -> Sanitizer:
        """The sanitizer of a policy; what was made is kept, by what the policy says.

        Raises:
            PolicyError, UsageError: the policy is wrong, or there is no key for it.
        """
        # What a text is called makes no other policy of it.
        name = which.name if which.text is None else ""
        text = b"" if which.text is None else hashlib.sha256(which.text).digest()
        key = (name, text, near)
        found = self._made.get(key)
        self._hit = found is not None
        if found is None:
            found = self._made[key] = self._make(which, near)
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
            elif len(self._made) == 1:
                gc.freeze()  # what is there now stays: Python need not look at it again and again
        self._made.move_to_end(key)
        return found

    def _make(self, which: Which, near: bool) -> Sanitizer:
        setup = self._setup
        if which.text is not None:
            policy = Policy.parse(which.text, which.name)
        else:
            policy = Policy.built_in(which.name) if which.name else setup.policy
        if setup.keys.temporary:
            for action in policy.actions():
                # What nobody could ever bring back.
                if KINDS[action.name].lasting:
                    raise PolicyError(
                        f"{action.name} needs a key that stays", hint="start cecil-serve with --key-file"
                    )
        return Sanitizer(
            policy,
            key=setup.keys,
            explain=near,
            cache=self._cache,
            nlp=setup.nlp,
            language=setup.language,
        )


def _one(sanitizer: Sanitizer, raw: bytes) -> tuple[bytes, list[Finding]]:
    """One JSON value as it goes on."""
    if raw[:1] in (b"{", b"["):
        return sanitizer.redact_json(raw)
    value = loads(raw)
    if isinstance(value, str):
        new, findings = sanitizer.redact_text(value)
    else:
        new, findings = sanitizer.redact(value)
    return (dumps(new).encode() if findings else raw), findings


def _outcomes(sanitizer: Sanitizer, data: bytes) -> Iterator[Outcome]:
    """What became of the lines of a file, keys over several lines included."""
    judge = BlockFilter(sanitizer, "auto", collect=True)
    keeper = judge.keeper()
    if data:
        kept = keeper.add(Block(data, 1))
        if kept:
            yield judge.judge(kept[0].data, kept[1])
        rest = keeper.rest()
        if rest:
            yield judge.judge(rest.data)


def _in_order(outcome: Outcome) -> Iterator[tuple[bytes, str | None]]:
    """The lines of a block as they go on; for those that must not, the reason."""
    refused = {one.line: one.reason for one in outcome.refused}
    number = 0
    for line in Block(outcome.data, 0).lines():
        while number in refused:
            yield b"", refused[number]
            number += 1
        yield line, None
        number += 1
    for rest in sorted(one for one in refused if one >= number):
        yield b"", refused[rest]


def _finding(one: Finding) -> dict[str, Any]:
    return one._asdict()


def _miss(one: NearMiss) -> dict[str, Any]:
    return one._asdict()


def mistakes(error: CecilError) -> list[dict[str, Any]]:
    """The mistakes of a policy, each with its place."""
    found = []
    for one in (error, *error.others):
        row: dict[str, Any] = {}
        place = _PLACE.search(one.where or "")
        if place:
            row = {"line": int(place[1]), "column": int(place[2])}
        row["message"] = one.message
        if one.hint:
            row["hint"] = one.hint
        found.append(row)
    return found


def answer(work: Callable[[], tuple[Any, Tally]]) -> Answer:
    """Do a piece of work, whatever comes of it."""
    try:
        result, tally = work()
    except RecordError as error:
        refused = Tally(read=1, quarantined=1)
        return Answer(tally=refused, problem=("not-judged", error.message, []))
    except UsageError as error:
        return Answer(problem=("policy", error.message, mistakes(error)))
    except RecursionError:
        return Answer(tally=Tally(read=1, quarantined=1), problem=("not-judged", "nested too deep", []))
    except Exception as error:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"
        return Answer(bug=f"{type(error).__name__} in {place}")
    return Answer(result, tally)


def main() -> None:
    """Work until the socket ends, which is standard input."""
    # What libraries warn of may quote what they were given.
    warnings.simplefilter("ignore")
    with socket.socket(fileno=os.dup(0)) as line:
        setup = _receive(line)
        if setup is None:
            return
        judge = Judge(Setup(*setup))
        while (job := _receive(line)) is not None:
            name, args = job
            result = answer(lambda: getattr(judge, name)(*args))  # noqa: B023 - called at once
            line.sendall(packed(tuple(result)))


def _receive(line: socket.socket) -> Any:
    """The next message; None at the end."""
    header = _read(line, HEADER.size)
    if not header:
        return None
    body = _read(line, HEADER.unpack(header)[0])
    return pickle.loads(body) if body else None  # noqa: S301 - what our own server sent


def _read(line: socket.socket, size: int) -> bytes:
    """So many bytes; none where the other side has gone."""
    data = bytearray(size)
    view = memoryview(data)
    at = 0
    while at < size:
        try:
            count = line.recv_into(view[at:])
        except ConnectionError:
            return b""
        if not count:
            return b""
        at += count
    return bytes(data)
