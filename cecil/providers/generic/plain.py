"""Plain text: each line becomes `{"message": line}`."""

from collections.abc import Iterator
from contextlib import closing

import msgspec

from cecil.providers.generic.jsonl import within
from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.stream.jsonl import BLANK
from cecil.stream.lines import Block, Source, read_blocks
from cecil.stream.quarantine import Quarantine

_encoder = msgspec.json.Encoder()


class _Line(msgspec.Struct):
    message: str


def read(source: Source, quarantine: Quarantine, max_record: int, budget: Budget, encoding: str) -> Pieces:
    """The lines, without their ends.

    Blank lines are dropped by the rule `blank`, a line that does not decode goes to quarantine.

    Args:
        encoding: the encoding's name, for the reason.

    Raises:
        SourceError, TruncatedError: what `source.read` raises.
    """
    with closing(within(read_blocks(source, quarantine, max_record), quarantine, budget)) as blocks:
        for block in blocks:
            yield from _judge(block, source.name, quarantine, encoding)


def _judge(block: Block, name: str, quarantine: Quarantine, encoding: str) -> Iterator[Piece]:
    lines: list[_Line] = []
    numbers: list[int] = []
    for number, line in enumerate(block.lines(), block.first):
        bare = line.rstrip(b"\n").removesuffix(b"\r")
        if not bare.strip(b" \t\r"):
            quarantine.counts.dropped[BLANK] += 1
            continue
        try:
            lines.append(_Line(bare.decode()))
        except UnicodeDecodeError:
            quarantine.add(name, number, f"not valid {encoding.upper()}", bare)
            continue
        numbers.append(number)
    if lines:
        yield Piece(_encoder.encode_lines(lines), len(lines), numbers)
