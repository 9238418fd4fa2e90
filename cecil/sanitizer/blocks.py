"""Blocks of lines to blocks of lines: what a filter does, as one pure function that a worker can run.

Owns: which form a line has, and the account of what became of every line. Does no I/O.
"""

import re
from collections import Counter
from typing import NamedTuple

from cecil.errors import DetectorError, RecordError
from cecil.sanitizer.sanitizer import Finding, NearMiss, Sanitizer
from cecil.stream.lines import Block

# What was meant as JSON: a brace and a quote. `{worker-3} started` is text.
_MEANT_AS_JSON = re.compile(rb'[ \t]*(?:\{[ \t]*["}]|\{\s*\Z)')


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

    def judge(self, data: bytes) -> Outcome:
        """All lines of a block; only the last may lack its newline."""
        kept: list[bytes] = []
        found: Counter[str] = Counter()
        findings: list[tuple[int, Finding]] = []
        misses: list[tuple[int, NearMiss]] = []
        refused: list[Refused] = []
        for number, line in enumerate(Block(data, 0).lines()):
            try:
                new, here = self._line(line)
            except RecordError as error:
                refused.append(Refused(number, error.message, line.rstrip(b"\r\n")))
                continue
            kept.append(new)
            found.update(one.entity for one in here)
            if self._collect:
                findings += [(number, one) for one in here]
            misses += [(number, one) for one in self._sanitizer.misses]
        return Outcome(b"".join(kept), len(kept), found, findings, misses, refused)

    def _line(self, line: bytes) -> tuple[bytes, list[Finding]]:
        """A line as it goes on.

        A line that was meant as JSON and is not is refused, in every form but text: read as text, the
        names of its fields would be lost on it.
        """
        if self._form == "text":
            return self._sanitizer.redact_text(line)
        start = line.lstrip(b" \t")[:1]
        if self._form == "jsonl":
            return (line, []) if not line.strip() else self._sanitizer.redact_json(line)
        if start == b"{" and _MEANT_AS_JSON.match(line):
            return self._sanitizer.redact_json(line)
        if start == b"[":
            try:
                return self._sanitizer.redact_json(line)
            except DetectorError:
                raise
            except RecordError:
                pass  # most lines of text that begin so are a time or a level in brackets
        return self._sanitizer.redact_text(line)
