"""What every format reader yields, and how many records it may still yield."""

import sys
from collections.abc import Generator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Records of one file that stand next to each other.

    Attributes:
        data: JSONL, each line with its newline.
        count: how many lines.
        numbers: the place of each record in its file, from 1: its line; in Parquet its row.
    """

    data: bytes
    count: int
    numbers: Sequence[int]

    def lines(self) -> list[bytes]:
        lines = self.data.split(b"\n")
        lines.pop()
        return [line + b"\n" for line in lines]


Pieces = Generator[Piece, None, None]
"""What a format reader is; whoever stops early closes it, so that its counts are right."""


class Budget:
    """How many records are still wanted.

    A reader never yields a piece of more than `left` records, and counts as read only what it has
    judged: what lies beyond the limit is not read. The consumer of the pieces lowers `left`, and closes
    the reader at zero.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.left = sys.maxsize if limit is None else limit
