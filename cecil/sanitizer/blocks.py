"""Blocks of lines to blocks of lines: what a filter does, as one pure function that a worker can run.

Owns: which form a line has, and the account of what became of every line. Does no I/O.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from cecil.errors import DetectorError, RecordError
from cecil.sanitizer.armor import Inside, Keeper, KeyLine, follow
from cecil.sanitizer.finder import unescaped
from cecil.sanitizer.late import late
from cecil.sanitizer.sanitizer import Finding, NearMiss, Sanitizer
from cecil.stream.jsonl import proven
from cecil.stream.jsontext import loads
from cecil.stream.lines import Block

# What was meant as JSON: a brace and a quote. `{worker-3} started` is text.
_MEANT_AS_JSON = late(rb'[ \t]*\{[ \t]*["}]')


_BRACE = late(rb"^[ \t]*\{|^[ \t]*\[.*\\", re.MULTILINE)

_LONG, _BETWEEN_QUOTES = 2048, 16
"""Octets of a line, and for each quotation mark in it, from which on its texts are long."""

_PART = 1 << 18
"""Octets of a block in which names are looked for at once: the strings of more fall out of the processor's
cache before they are asked for again."""


class Refused(NamedTuple):
    """A line that must not go on.

    Attributes:
        line: its place in the block, from 0.
        reason: why; holds no value.
        raw: as it came, without its newline.
    """

    line: int
    reason: str
    raw: bytes


class _Read(NamedTuple):
    """A line that has to be read.

    Attributes:
        before: lines between the last one and this, which go on as they came.
        line: the line itself.
        awake: of JSON, the strings in which something could be found; see `Finder.awake`.
        stood: of text, what stands in it; see `Finder.standing`.
    """

    before: bytes
    line: bytes
    awake: Mapping[str, int] | None = None
    stood: int | None = None


def _told(lines: list[_Read]) -> Iterator[tuple[str, int]]:
    """Texts of lines of which it is known what stands in them, and what."""
    for one in lines:
        if one.awake:
            yield from one.awake.items()
        elif one.stood:
            yield one.line.decode().rstrip("\r\n"), one.stood


class Outcome(NamedTuple):
    """What became of a block.

    Attributes:
        data: the lines that go on.
        written: how many they are.
        found: findings by entity.
        findings: (line, finding), where they were asked for; lines count from 0.
        misses: (line, near miss), where they were asked for.
        refused: the other lines.
    """

    data: bytes
    written: int
    found: "Counter[str]"
    findings: list[tuple[int, Finding]]
    misses: list[tuple[int, NearMiss]]
    refused: list[Refused]


class BlockFilter:
    """Judges blocks with one sanitizer. Can be pickled.

    Most lines of a log hold nothing. So a block is searched as it stands; a line in which no trigger
    stands goes on as it came, without being read. `judge` is held equal to `judge_one_by_one` by test.

    Args:
        sanitizer: judges records.
        form: `auto` takes a line that is not JSON as text, `jsonl` refuses it, `text` reads no JSON.
        collect: whether single findings are wanted, and not only their number; near misses come with them
            where the sanitizer explains.
    """

    def __init__(self, sanitizer: Sanitizer, form: str = "auto", *, collect: bool = False) -> None:
        self._sanitizer = sanitizer
        self._form = form
        self._collect = collect
        self._skip: Callable[[bytes], object] | None = None
        if form != "jsonl" and sanitizer.takes_keys_over_lines:
            self._skip = _no_record if form == "text" else _MEANT_AS_JSON.match
        self._keeper = Keeper(self._skip)

    def keeper(self) -> Keeper:
        """What an input's blocks have to go through, for keys that stand in two of them."""
        self._keeper = Keeper(self._skip)
        return self._keeper

    def judge(self, data: bytes, inside: Inside | None = None) -> Outcome:
        """All lines of a block; only the last may lack its newline.

        Args:
            inside: what a `Keeper` knows of the lines before it.
        """
        return self._sanitizer.at_once(lambda: self._apart(data, inside, self._block))

    def judge_one_by_one(self, data: bytes, inside: Inside | None = None) -> Outcome:
        """The same, each line by itself."""
        return self._apart(data, inside, self._one_by_one)

    def _apart(
        self, data: bytes, inside: Inside | None, others: "Callable[[bytes, _Account], None]"
    ) -> Outcome:
        """Lines of keys that stand over several, and all others."""
        account = _Account(self._collect)
        done = 0
        if self._skip and data is not self._keeper.clean:
            for line in follow(data, inside, self._skip).lines:
                if line.start > done:
                    others(data[done : line.start], account)
                self._key(line, data[line.start : line.end], account)
                done = line.end
        if done < len(data):
            others(data[done:] if done else data, account)
        return account.outcome()

    def _key(self, line: KeyLine, raw: bytes, account: "_Account") -> None:
        try:
            new, findings = self._sanitizer.redact_key(raw, line.spans, line.begins)
        except RecordError as error:
            account.refuse(error.message, raw)
        else:
            account.write(new, findings, self._sanitizer.misses)

    def _block(self, data: bytes, account: "_Account") -> None:
        if not self._sanitizer.passes_unread:
            self._one_by_one(data, account)
        elif self._form != "text" and _are_long(data):
            if self._sanitizer.finder.gate is not None:
                self._sanitizer.finder.gate.learn(data)
            self._one_by_one(data, account)
        elif self._form != "text" and (lines := self._proven(data)):
            self._lines(data, account, json=True, count=lines)
        elif not _utf8(data):
            self._one_by_one(data, account)
        elif self._form == "text" or (self._form == "auto" and not _BRACE.search(data)):
            self._lines(data, account, json=False)
        else:
            self._mixed(data, account)

    def _proven(self, data: bytes) -> int:
        begins = data.startswith(b"{")
        return proven(data, parted=self._sanitizer.finder.parted(data)) if begins else 0

    def _one_by_one(self, data: bytes, account: "_Account") -> None:
        for line in Block(data, 0).lines():
            self._one(line, account)

    def _mixed(self, data: bytes, account: "_Account") -> None:
        """A block of JSON, text and what is neither: stretches of lines of one form."""
        lines = Block(data, 0).lines()
        start = 0
        while start < len(lines):
            form = self._seems(lines[start])
            end = start + 1
            while end < len(lines) and self._seems(lines[end]) == form:
                end += 1
            stretch = b"".join(lines[start:end])
            if form == "text" or (form == "json" and proven(stretch)):
                self._lines(stretch, account, json=form == "json")
            else:
                for line in lines[start:end]:
                    if form == "json" and proven(line):
                        self._lines(line, account, json=True)
                    else:
                        self._one(line, account)
            start = end

    def _seems(self, line: bytes) -> str:
        """`json`, `text`, or `other`: a line that must be read to be judged."""
        if line.startswith(b'{"') or _MEANT_AS_JSON.match(line):
            return "json"
        if self._form == "jsonl":
            return "other"
        # A list of JSON is searched like text, where no escape hides anything.
        return "other" if b"\\" in line and line.lstrip(b" \t").startswith(b"[") else "text"

    def _lines(self, data: bytes, account: "_Account", *, json: bool, count: int | None = None) -> None:
        """Lines of one form: those in which a trigger or a name stands are read.

        Args:
            count: how many there are, where that is known.
        """
        finder = self._sanitizer.finder
        gate = finder.gate
        if gate is not None and len(data) > 2 * _PART:
            for part in _parts(data):
                self._lines(part, account, json=json)
            return
        names = {} if gate is None else gate.strings(data) if json else gate.lines(data)
        seen = _without(data, [number for number, some in names.items() if some is None])
        seen = unescaped(seen) if json and b"\\" in seen else seen
        hits = finder.hits(seen)
        if not hits and not names:
            account.pass_on(data, count)
            return
        end = None if count is None else account.line() + count
        if seen is data and not names:
            read, rest = self._by_place(data, hits, json=json)
        else:
            read, rest = self._by_number(data, seen, hits, names, json=json)
        finder.ahead(_told(read))
        for one in read:
            if one.before:
                account.pass_on(one.before)
            self._one(one.line, account, one.awake, one.stood)
        if rest:
            account.pass_on(rest)
        if end is not None:
            account.stands_at(end)

    def _by_place(
        self, data: bytes, hits: list[tuple[int, int]], *, json: bool
    ) -> "tuple[list[_Read], bytes]":
        """The lines to be read, and what is behind them, of a block that was searched as it stands."""
        finder = self._sanitizer.finder
        read = []
        done = 0
        index, last = 0, len(hits)
        while index < last:
            start = data.rfind(b"\n", done, hits[index][0] - 1) + 1 or done
            end = data.find(b"\n", hits[index][0] - 1) + 1 or len(data)
            first = index
            while index < last and hits[index][0] <= end:
                index += 1
            line, some = data[start:end], hits[first:index]
            if not json:
                read.append(_Read(data[done:start], line, None, finder.standing(line, some)))
            elif b"\\" in line:
                read.append(_Read(data[done:start], line))
            elif finder.deaf(line, some):
                continue
            else:
                read.append(_Read(data[done:start], line, finder.awake(line, start, some)))
            done = end
        return read, data[done:]

    def _by_number(
        self,
        data: bytes,
        seen: bytes,
        hits: list[tuple[int, int]],
        names: Mapping[int, frozenset[str] | None],
        *,
        json: bool,
    ) -> "tuple[list[_Read], bytes]":
        """The same where lines have only their number in common: with a text that was searched and is not as
        long, or with those that hold names."""
        finder = self._sanitizer.finder
        lines = Block(data, 0).lines()
        woken: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        number = place = 0
        for hit in hits:
            end = hit[0]
            if end > place:
                number += seen.count(b"\n", place, end - 1)
                start = seen.rfind(b"\n", place, end - 1) + 1 or place
                place = seen.find(b"\n", end - 1) + 1 or len(seen)
                woken[number] = start, [hit]
                number += 1
            else:
                woken[number - 1][1].append(hit)
        read = []
        done = 0
        for number in sorted(woken.keys() | names.keys()):
            line, (start, some) = lines[number], woken.get(number, (0, []))
            named = names.get(number, frozenset())
            awake: Mapping[str, int] | None = None
            stood = None
            if named is None:
                pass
            elif not json:
                stood = finder.standing(line, some)
            elif not some:
                awake = dict.fromkeys(named, 0)
            elif b"\\" not in line:
                if not named and finder.deaf(line, some):
                    continue
                others = finder.awake(line, start, some)
                awake = None if others is None else dict.fromkeys(named, 0) | others
            read.append(_Read(b"".join(lines[done:number]), line, awake, stood))
            done = number + 1
        return read, b"".join(lines[done:])

    def _one(
        self,
        line: bytes,
        account: "_Account",
        awake: Mapping[str, int] | None = None,
        stood: int | None = None,
    ) -> None:
        try:
            new, findings = self._line(line, awake, stood)
        except RecordError as error:
            account.refuse(error.message, line)
        else:
            account.write(new, findings, self._sanitizer.misses)

    def _line(
        self, line: bytes, awake: Mapping[str, int] | None, stood: int | None
    ) -> tuple[bytes, list[Finding]]:
        """A line as it goes on.

        A line that was meant as JSON and is not is refused, in every form but text: read as text, the
        names of its fields would be lost on it.
        """
        taken = _taken(line, self._form)
        if taken == "json":
            if self._form == "jsonl" and not line.strip():
                return line, []
            return self._sanitizer.redact_json(line, awake)
        if taken == "list":
            try:
                return self._sanitizer.redact_json(line)
            except DetectorError:
                raise
            except RecordError:
                pass
        return self._sanitizer.redact_text(line, stood)


def _parts(data: bytes) -> Iterator[bytes]:
    """A block in pieces of whole lines."""
    done, size = 0, len(data)
    while done < size:
        end = data.find(b"\n", done + _PART) + 1 or size
        yield data[done:end]
        done = end


def _are_long(data: bytes) -> bool:
    """Whether the lines of a block are JSON of long texts, as calls of models are. Those are prompts and
    histories that were read before: to remember each is faster than to search all of them again."""
    size = len(data)
    if not data.startswith(b"{") or size <= _LONG * data.count(b"\n"):
        return False
    return 0 < _BETWEEN_QUOTES * data.count(b'"') < size


class _Account:
    """What became of the lines of a block so far."""

    def __init__(self, collect: bool) -> None:
        self._collect = collect
        self._line = 0
        self._passed: list[bytes] = []
        self._kept: list[bytes] = []
        self._refused: list[Refused] = []
        self._found: Counter[str] = Counter()
        self._findings: list[tuple[int, Finding]] = []
        self._misses: list[tuple[int, NearMiss]] = []

    def pass_on(self, lines: bytes, count: int | None = None) -> None:
        """Lines as they came; `count` where it is known how many. Others are counted when that is asked."""
        self._kept.append(lines)
        if count is None:
            self._passed.append(lines)
        else:
            self._line += count

    def line(self) -> int:
        """How many lines there were."""
        for lines in self._passed:
            self._line += lines.count(b"\n") + (not lines.endswith(b"\n"))
        self._passed.clear()
        return self._line

    def stands_at(self, line: int) -> None:
        """Be told how many lines there were."""
        self._line = line
        self._passed.clear()

    def write(self, line: bytes, findings: list[Finding], misses: list[NearMiss]) -> None:
        self._kept.append(line)
        for one in findings:
            if one.action != "trust":  # told by an audit, and nothing was found
                self._found[one.entity] += 1
        if self._collect:
            self._findings += [(self.line(), one) for one in findings]
        self._misses += [(self.line(), one) for one in misses]
        self._line += 1

    def refuse(self, reason: str, line: bytes) -> None:
        self._refused.append(Refused(self.line(), reason, line.rstrip(b"\r\n")))
        self._line += 1

    def outcome(self) -> Outcome:
        written = self.line() - len(self._refused)
        return Outcome(
            b"".join(self._kept), written, self._found, self._findings, self._misses, self._refused
        )


def as_record(line: bytes, form: str) -> Any:
    """The record in a line, as a `BlockFilter` of that form takes it; None where it takes it as text.

    Raises:
        RecordError: it was meant as JSON, and is none.
    """
    taken = _taken(line, form)
    if taken == "json":
        record = loads(line)
        if not isinstance(record, (dict, list)):
            raise RecordError("not a JSON object")
        return record
    if taken == "list":
        try:
            return loads(line)
        except RecordError:
            pass
    return None


def _taken(line: bytes, form: str) -> str:
    """What a line is read as: `json`; `list`, which is text where it is no JSON; or `text`."""
    if form != "auto":
        return "json" if form == "jsonl" else "text"
    start = line.lstrip(b" \t")[:1]
    if start == b"{" and _MEANT_AS_JSON.match(line):
        return "json"
    # Most lines of text that begin so are a time or a level in brackets.
    return "list" if start == b"[" else "text"


def _without(data: bytes, numbers: list[int]) -> bytes:
    """Lines of which some, by number, are empty."""
    if not numbers:
        return data
    lines = data.split(b"\n")
    for number in numbers:
        lines[number] = b""
    return b"\n".join(lines)


def _no_record(line: bytes) -> bool:
    return False


def _utf8(data: bytes) -> bool:
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False
