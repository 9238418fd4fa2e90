"""Lines like one that was read before, without parsing them.

Most records of a log have an outline in common: the same keys in the same order, the same words (a model, a
reason to stop), and other texts, ids, times and counts. A line is cut at its quotes, which gives its outline
and its strings at once; where outline, keys and words are those of a line that was read, only the few places
that may differ are looked at. `study` says which they are.

Owns: the outlines and what was found out about them, in bounded memory. Refuses: lines whose syntax or
encoding is in doubt, and strings that are looked at and have escapes: they go the whole way, which says what
they are.
"""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import orjson

from cecil.fingerprint.fingerprinter import Fingerprinter, latency, within
from cecil.fingerprint.hashing import KeyedHash
from cecil.fingerprint.lines import unique
from cecil.fingerprint.record import Like, Source
from cecil.fingerprint.study import LONGEST, VENDORS, NoPlanError, Plan, Study
from cecil.fingerprint.times import seconds
from cecil.fingerprint.usage import MAX_TOKENS, Quality

MAX_LINE = 32_768
_MAX_PARTS = 1_000
_MAX_OUTLINES = 256
_MAX_LAYOUTS = 16
_MAX_PLANS = 1_024
_MAX_WORDS = 256
_SIGHTINGS = 3
"""An outline that comes once is not worth the work of finding out about it."""
_PATIENCE = 256
_REST = 2_048
"""Lines that are not tried after `_PATIENCE` of them, more than were known again, were not known."""
_SPACE = b" \r\n\t"
_AROUND = b":,{}[]" + _SPACE
_DIGITS = b"0123456789"
_UNSHARED: tuple[None, None, None] = (None, None, None)

_syntax = msgspec.json.Decoder(msgspec.Raw).decode


class Line(NamedTuple):
    """A call as the line of its only fingerprint; its usage is reported and nothing about it is odd.

    Attributes:
        id: see `fingerprinter.Made`.
        text: with its newline.
        src: the shape it was read from.
    """

    id: str | None
    text: bytes
    src: Source


class _Layout:
    """Lines with one outline and the same keys.

    Attributes:
        words_at: which parts have to be the same, once it is known; see `plans`.
        hot: what they are not, so that other words of the layout can be held against it.
        plans: by the words; None where there is none.
    """

    __slots__ = ("empty", "hot", "plans", "seen", "words_at")

    def __init__(self) -> None:
        self.seen = 0
        self.empty = 0
        self.words_at: Callable[[list[bytes]], tuple[bytes, ...]] | None = None
        self.hot: Any = None
        self.plans: dict[tuple[bytes, ...], Plan | None] = {}


class _Outline(NamedTuple):
    keys_at: Callable[[list[bytes]], tuple[bytes, ...]]
    layouts: dict[tuple[bytes, ...], _Layout]


class Replays:
    """Remembers outlines.

    Args:
        fingerprinter: the whole way.
    """

    def __init__(self, fingerprinter: Fingerprinter) -> None:
        self._fingerprinter = fingerprinter
        self._outlines: dict[bytes, _Outline] = {}
        self._plans = 0
        self._credit = _PATIENCE
        self._resting = 0
        self._last: tuple[bytes, list[bytes], bytes] = (b"", [], b"")

    def __len__(self) -> int:
        return len(self._outlines)

    def line(self, line: bytes) -> Line | None:
        """The line of the only fingerprint; None for a line that has to go the whole way."""
        if self._resting:
            self._resting -= 1
            return None
        found = self._line(line) if len(line) <= MAX_LINE else None
        if found is not None:
            if self._credit < _PATIENCE:
                self._credit += 1
            return found
        self._credit -= 1
        if not self._credit:
            self._resting, self._credit = _REST, _PATIENCE
        return None

    def _line(self, line: bytes) -> Line | None:
        parts, spelled = _cut(line)
        self._last = line, parts, spelled
        bare = spelled.translate(None, _DIGITS)
        outline = self._outlines.get(bare)
        if outline is None:
            return None
        layout = outline.layouts.get(outline.keys_at(parts))
        if layout is None or layout.words_at is None:
            return None
        plan = layout.plans.get(layout.words_at(parts))
        if plan is None or spelled.count(b"[]") != layout.empty:
            return None
        try:
            return self._replay(plan, parts, line)
        except (ValueError, msgspec.DecodeError, RecursionError):
            return None

    def _replay(self, plan: Plan, parts: list[bytes], line: bytes) -> Line | None:
        _syntax(line)
        if not line.isascii():
            line.decode()
        escaped = b"\\" in line
        if escaped and (b"\\ud" in line or b"\\uD" in line):
            return None
        for at in plan.strings:
            part = parts[at]
            if (
                not part
                or len(part) > LONGEST
                or part.startswith(VENDORS)
                or (escaped and (b"\\" in part or b"\x01" in part))
            ):
                return None
        for at in plan.texts:
            part = parts[at]
            if not part[:1].isalnum() or b":" in part[:6]:
                return None
        for at in plan.digits:
            if not parts[at].isdigit() or len(parts[at]) >= 16:
                return None
        for place, key, at in plan.counts:
            place[key] = int(parts[at].strip(_AROUND))
        usage = plan.read(plan.usage)
        if usage is None or (usage[7] and usage.quality is not Quality.REPORTED):
            return None
        call = plan.call
        name: Any = plan.id
        if type(name) is tuple:
            name = "".join([piece if type(piece) is str else _text(parts, piece) for piece in name])
        raw = call.time if plan.time is None else _value(parts, *plan.time)
        if plan.time is not None and not raw:
            return None
        when = seconds(raw)
        spent = call.latency
        if plan.latency is not None:
            one, kind, two, other, how = plan.latency
            spent = _value(parts, one, kind)
            spent = how(spent) if two is None else how(spent, _value(parts, two, other))
        lasted = latency(spent)
        messages = call.asked.n_msgs if call.asked is not None else None
        if plan.messages is not None:
            text = orjson.loads(b'"' + _unmasked(parts[plan.messages]) + b'"')
            inner = orjson.loads(text) if text[:1] in "[{" else None
            if type(inner) is not list:
                return None
            messages = len(inner)
        if plan.span is not None and not self._span(plan.span, parts):
            return None
        like = plan.likes.get((usage[7], lasted))
        if like is None:
            call = msgspec.structs.replace(
                call, latency=spent, legs=(call.legs[0]._replace(usage=usage),), session=None
            )
            like = plan.likes[usage[7], lasted] = Like(self._fingerprinter.made(call).legs[0])
        user = call.user if plan.user is None else parts[plan.user].decode()
        session = call.session if plan.session is None else parts[plan.session].decode()
        asked = call.asked
        hashed: tuple[KeyedHash | None, int | None] = (None, None)
        if session is not None:
            hashed = self._fingerprinter.session(session)
        return Line(
            name,
            like.line(
                None if when is None else int(when // 3600),
                usage[:6],
                usage[6] if plan.searches is None else plan.searches,
                None if asked is None else within(asked.max_out, MAX_TOKENS),
                messages,
                None if asked is None else asked.n_tools,
                _UNSHARED,
                None if user is None else self._fingerprinter.user(user),
                *hashed,
            ),
            call.src,
        )

    def _span(self, ids: tuple[int, int, int | None], parts: list[bytes]) -> bool:
        """What a span leaves behind for those above it; False for one that is above others itself."""
        trace, span, parent = ids
        if not parts[trace].strip(b"0") or not parts[span].strip(b"0"):
            return False
        if max(len(parts[trace]), len(parts[span])) > 64 or parts[span] == (parent and parts[parent]):
            return False
        name = parts[trace].decode()
        summed = self._fingerprinter.memory.summed
        if summed.get(f"{name} {parts[span].decode()}"):
            return False
        if parent is not None and parts[parent].strip(b"0"):
            if len(parts[parent]) > 64 or b"\\" in parts[parent] or b"\x01" in parts[parent]:
                return False
            summed.put(f"{name} {parts[parent].decode()}", True)
        return True

    def learn(self, line: bytes) -> None:
        """Find out about the outline of a line that gave one call with reported usage."""
        if self._resting or len(line) > MAX_LINE:
            return
        last, parts, spelled = self._last
        if last is not line:
            parts, spelled = _cut(line)
        if len(parts) > _MAX_PARTS or len(parts) % 2 == 0 or b"\x01" in line:
            return
        bare = spelled.translate(None, _DIGITS)
        outline = self._outlines.get(bare)
        if outline is None:
            if len(self._outlines) >= _MAX_OUTLINES or self._plans >= _MAX_PLANS:
                self._outlines.clear()
                self._plans = 0
            keys = [at for at in range(1, len(parts), 2) if parts[at + 1].lstrip(_SPACE)[:1] == b":"]
            if len(keys) < 2:
                return
            outline = self._outlines[bare] = _Outline(operator.itemgetter(*keys), {})
        keys_here = outline.keys_at(parts)
        layout = outline.layouts.get(keys_here)
        if layout is None:
            if len(outline.layouts) >= _MAX_LAYOUTS:
                return
            layout = outline.layouts[keys_here] = _Layout()
        layout.seen += 1
        if layout.seen < _SIGHTINGS:
            return
        words = None
        if layout.words_at is not None:
            words = layout.words_at(parts)
            if words in layout.plans or len(layout.plans) >= _MAX_WORDS:
                return
        elif layout.hot is False:
            return
        self._plans += 1
        plan = None
        try:
            record = unique(line)
            if type(record) is dict:
                study = Study(record, parts)
                if layout.words_at is None:
                    layout.words_at, layout.hot = operator.itemgetter(1, 1, *study.words), study.hot
                    layout.empty = spelled.count(b"[]")
                    words = layout.words_at(parts)
                if study.hot == layout.hot and spelled.count(b"[]") == layout.empty:
                    plan = study.plan
        except NoPlanError:
            pass
        if words is None:
            layout.hot = False
        else:
            layout.plans[words] = plan


def _cut(line: bytes) -> tuple[list[bytes], bytes]:
    """A line at its quotes, where every second part is a string, and what stands outside of strings.

    An escaped quote is none, and an escaped backslash escapes nothing: both are masked by what no valid
    string holds.
    """
    if b"\\" in line:
        line = line.replace(b"\\\\", b"\x01\x03").replace(b'\\"', b"\x01\x02")
    parts = line.split(b'"')
    return parts, b'"'.join(parts[::2])


def _unmasked(part: bytes) -> bytes:
    return part.replace(b"\x01\x02", b'\\"').replace(b"\x01\x03", b"\\\\")


def _value(parts: list[bytes], at: int, kind: type) -> Any:
    part = parts[at]
    return part.decode() if at % 2 else kind(part.strip(_AROUND))


def _text(parts: list[bytes], at: int) -> str:
    if at % 2:
        return parts[at].decode()
    digits = parts[at].strip(_AROUND)
    if len(digits) > 14:  # what adapters take for a number
        raise ValueError
    return digits.decode()


__all__ = ["Line", "Replays"]
