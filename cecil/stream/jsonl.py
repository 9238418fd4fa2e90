"""JSONL: which lines of a block are records.

Owns: the proof, over a whole block at once, that every line is exactly one JSON object in valid
UTF-8; and the verdict line by line where that proof fails. Lines leave as the bytes that came.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from cecil.errors import RecordError
from cecil.stream.jsontext import ObjectNode, decode, scan
from cecil.stream.lines import Block
from cecil.stream.quarantine import Quarantine

BLANK = "blank"
"""The rule that drops blank lines: they are no records."""


class _Object(msgspec.Struct):
    """Any JSON object: msgspec checks the text and builds nothing of it."""


_decoder = msgspec.json.Decoder(_Object)


@dataclass(frozen=True, slots=True)
class Records:
    """Lines that are records, each with its newline.

    Attributes:
        data: the lines.
        count: how many.
        first: the line number of the first; those of the others follow on without a gap.
    """

    data: bytes
    count: int
    first: int

    def lines(self) -> list[bytes]:
        return Block(self.data, self.first).lines()


def records(blocks: Iterator[Block], name: str, quarantine: Quarantine) -> Iterator[Records]:
    """The records of a JSONL input, still in blocks.

    Blank lines are dropped by the rule `blank`; what is no JSON object goes to quarantine.

    Args:
        name: the input's name, for quarantine rows.
    """
    for block in blocks:
        count = proven(block.data, block.newlines)
        if count:
            data = block.data if block.data.endswith(b"\n") else block.data + b"\n"
            yield Records(data, count, block.first)
            continue
        yield from _one_by_one(block, name, quarantine)


def proven(data: bytes, newlines: int | None = None, *, parted: bool = False) -> int:
    """How many objects the lines hold, if each is surely one object; 0 where that is not proven.

    Between the brackets of two lines `}\\n{` can only be a boundary of values (no string holds a raw
    newline, and inside a value a comma would stand there). So when every newline stands in such a
    place and there are as many values as lines, each line is one value.

    Args:
        newlines: how many there are in `data`, where that is known; counting is a third of the work.
        parted: whether it is known that all of them stand in such places, and that nowhere in a line one
            bracket closes and the next opens: then there are as many lines as values.
    """
    if not data.startswith(b"{"):
        return 0
    if parted:
        return _values(data)
    if newlines is None:
        newlines = data.count(b"\n")
    newlines -= data.endswith(b"\n")
    joints = data.count(b"}\n{")
    if joints != newlines:
        joints += data.count(b"}\r\n{")
    if joints != newlines:
        return 0
    values = _values(data)
    return values if values == newlines + 1 else 0


def _values(data: bytes) -> int:
    """How many objects stand in some bytes; 0 where that is not all."""
    try:
        data.isascii() or data.decode()
        return len(_decoder.decode_lines(data))
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        return 0


def _one_by_one(block: Block, name: str, quarantine: Quarantine) -> Iterator[Records]:
    kept: list[bytes] = []
    first = block.first
    for number, line in enumerate(block.lines(), block.first):
        try:
            good = is_object(line)
        except RecordError as error:
            quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
            good = False
        else:
            if not good:
                quarantine.counts.dropped[BLANK] += 1
        if good:
            if not kept:
                first = number
            kept.append(line if line.endswith(b"\n") else line + b"\n")
        elif kept:
            yield Records(b"".join(kept), len(kept), first)
            kept = []
    if kept:
        yield Records(b"".join(kept), len(kept), first)


def is_object(line: bytes) -> bool:
    """Whether a line is a JSON object (True) or blank (False).

    Raises:
        RecordError: it is anything else.
    """
    bare = line.strip(b" \t\r\n")
    if not bare:
        return False
    if proven(bare):
        return True
    if not isinstance(scan(decode(line), whole=False), ObjectNode):
        raise RecordError("not a JSON object")
    return True
