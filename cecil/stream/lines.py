"""Blocks of bytes to blocks of whole lines, with line numbers and a limit.

Owns: where lines begin and end (only at `\\n`), and the limit on their length. A longer line goes to
quarantine piece by piece and is never held in memory. Refuses: text whose byte order mark says that it is
not UTF-8, since its lines would be none, and Parquet and zip archives, which have none.
"""

import codecs
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from cecil.errors import SourceError
from cecil.stream.formats import check_lines
from cecil.stream.quarantine import Quarantine

MAX_RECORD = 16 << 20
"""The default limit of a line, in bytes without its newline."""

TOO_LONG = "longer than --max-record"
CUT_SHORT = "cut short"

# UTF-32's marks are UTF-16's with zeros behind or before them.
_NOT_UTF8 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)


class Source(Protocol):
    """What lines are read from: an `Input`, or what stands before one."""

    name: str

    def read(self) -> bytes: ...


class Block(NamedTuple):
    """Whole lines.

    Attributes:
        data: the lines, each with its `\\n`; only the last line of an input may lack it.
        first: the number of its first line, from 1.
        newlines: how many `\n` are in it, where whoever made it knows; counting them again costs time.
    """

    data: bytes
    first: int
    newlines: int | None = None

    def lines(self) -> list[bytes]:
        """The lines, each with its newline where it has one."""
        return self.data.splitlines(keepends=True) if b"\r" not in self.data else _split(self.data)


def _split(data: bytes) -> list[bytes]:
    # bytes.splitlines also ends a line at a lone \r; we do not.
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def read_blocks(source: Source, quarantine: Quarantine, max_record: int = MAX_RECORD) -> Iterator[Block]:
    """All lines of `source`, in blocks as large as its reads.

    Each line is counted as read when it is handed on, so that whoever stops early leaves counts that
    add up.

    A line of more than `max_record` bytes goes to `quarantine` with its number and is not yielded;
    so does the piece of a line at which a compressed file was cut short.

    Raises:
        SourceError: the text is in UTF-16 or UTF-32, or it is none.
        SourceError, TruncatedError: what `source.read` raises.
    """
    counts = quarantine.counts
    number = 1
    tail: list[bytes] = []
    held = 0
    pending = b""
    try:
        while chunk := pending or source.read():
            if number == 1 and not held:
                _check(chunk, source.name)
            pending = b""
            cut = chunk.rfind(b"\n") + 1
            if not cut:
                tail.append(chunk)
                held += len(chunk)
                if held > max_record:
                    counts.read += 1
                    pending = _spill(source, tail, number, quarantine)
                    number += 1
                    tail, held = [], 0
                continue
            data = b"".join([*tail, memoryview(chunk)[:cut]]) if tail else chunk[:cut]
            tail = [chunk[cut:]] if cut < len(chunk) else []
            held = len(chunk) - cut
            lines = data.count(b"\n")
            yield from _within(Block(data, number, lines), lines, source.name, quarantine, max_record)
            number += lines
    except SourceError:
        if tail:
            counts.read += 1
            quarantine.add(source.name, number, CUT_SHORT, b"".join(tail))
        raise
    if tail:
        yield from _within(Block(b"".join(tail), number), 1, source.name, quarantine, max_record)


def _check(head: bytes, name: str) -> None:
    """Raises SourceError for what has no lines, or has them in another encoding."""
    if head.startswith(_NOT_UTF8):
        raise SourceError(
            "text in UTF-16 or UTF-32; lines are wanted in UTF-8",
            where=name,
            hint="cecil-fetch file FILE reads it, and so does iconv -f UTF-16 -t UTF-8 FILE",
        )
    check_lines(head, name)


def _within(block: Block, lines: int, name: str, quarantine: Quarantine, max_record: int) -> Iterator[Block]:
    """The block without the lines that are too long."""
    counts = quarantine.counts
    if len(block.data) <= max_record:
        counts.read += lines
        yield block
        return
    start = first = block.first
    kept: list[bytes] = []
    for number, line in enumerate(block.lines(), start):
        if len(line) - line.endswith(b"\n") <= max_record:
            kept.append(line)
            continue
        if kept:
            counts.read += len(kept)
            yield Block(b"".join(kept), first)
        counts.read += 1
        quarantine.add(name, number, TOO_LONG, line.removesuffix(b"\n"))
        kept, first = [], number + 1
    if kept:
        counts.read += len(kept)
        yield Block(b"".join(kept), first)


def _spill(source: Source, head: list[bytes], number: int, quarantine: Quarantine) -> bytes:
    """Move a line that is too long into quarantine; returns what follows its newline."""
    with quarantine.stream(source.name, number, TOO_LONG) as sink:
        for piece in head:
            sink.write(piece)
        head.clear()
        while chunk := source.read():
            cut = chunk.find(b"\n")
            if cut >= 0:
                sink.write(chunk[:cut])
                return chunk[cut + 1 :]
            sink.write(chunk)
    return b""
