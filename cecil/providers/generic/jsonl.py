"""JSONL files: lines leave byte for byte."""

from collections.abc import Generator, Iterator
from contextlib import closing

from cecil.providers.generic.pieces import Budget, Piece, Pieces
from cecil.stream.jsonl import records
from cecil.stream.lines import Block, Source, read_blocks
from cecil.stream.quarantine import Quarantine


def read(source: Source, quarantine: Quarantine, max_record: int, budget: Budget) -> Pieces:
    """The lines that are JSON objects.

    Blank lines are dropped by the rule `blank`, what is no JSON object goes to quarantine.

    Raises:
        SourceError, TruncatedError: what `source.read` raises.
    """
    with closing(within(read_blocks(source, quarantine, max_record), quarantine, budget)) as blocks:
        for good in records(blocks, source.name, quarantine):
            yield Piece(good.data, good.count, range(good.first, good.first + good.count))


def within(blocks: Iterator[Block], quarantine: Quarantine, budget: Budget) -> Generator[Block, None, None]:
    """Blocks of no more lines than are still wanted; the lines beyond are not counted as read."""
    for block in blocks:
        if len(block.data) <= budget.left:  # so are its lines
            yield block
            continue
        lines = block.lines()
        count = len(lines)
        done = 0
        try:
            while done < count:
                taken = lines[done : done + budget.left]
                first = block.first + done
                done += len(taken)
                yield Block(b"".join(taken), first)
        finally:
            quarantine.counts.read -= count - done
