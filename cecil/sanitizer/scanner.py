"""One pass over a text, or a block of lines, that says which recognizers could find something, and where.

Owns: which engine looks for which trigger; the compiled databases, and their keys in a cache. Refuses: I/O; a
cache is handed in by whoever has one.

There are two engines because each is far faster than the other at one thing, as measured on application logs.
Hyperscan looks for literals many bytes at a time: two thousand expressions with a word in them cost it 3 ns a
byte together, but each that is made of character classes costs it 1 ns more. RE2 makes one automaton of all
those, and of that only what the text at hand needs: seventy cost it 3 ns a byte. It only says in which line
something stands; what it is, Hyperscan says of that line.
"""

import hashlib
import importlib.metadata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Trigger


class Cache(Protocol):
    """Keeps a database's bytes between runs."""

    def __hash__(self) -> int: ...

    def get(self, key: str) -> bytes | None:
        """What was put under a key, or None."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; a failure to keep it is no error."""


Row = tuple[int, Trigger]


class Scanner:
    """Says which recognizers could find something.

    Args:
        rows: bits of a mask, and triggers. Compiling them takes up to a few seconds.
        apart: further ones, each of these in a database of its own, so that the others can serve many.
        cache: where compiled databases are kept.

    Raises:
        ValueError: a trigger is no expression that Hyperscan takes.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        *apart: Sequence[Row],
        cache: Cache | None = None,
    ) -> None:
        # Most text is ASCII, and need not be searched for what is not.
        beyond = tuple(row for row in rows if row[1].beyond)
        shapes = tuple(row for row in rows if row[1].shape)
        words = tuple(row for row in rows if not row[1].beyond and not row[1].shape)
        self._databases = [_database(some, cache) for some in (words, shapes, beyond)]
        self._databases += [_database(tuple(some), cache) for some in apart if some]
        self._sieve = _sieve(tuple(one for _, one in shapes))
        # A scratch serves one scan at a time; threads that scan at once take one each.
        self._free: list[list[Any]] = []

    def hits(self, lines: bytes) -> list[tuple[int, int]]:
        """Where a trigger ended and whose it is: (end, bit), in the order of the ends.

        Raises:
            DetectorError: the scan failed.
        """
        return self._scan(lines, through=True)

    def mask(self, text: str) -> int:
        """The bits of the recognizers that a text wakes.

        Raises:
            DetectorError: the scan failed.
        """
        woken = 0
        for bit in {bit for _, bit in self._scan(text.encode("utf-8", "surrogatepass"), through=False)}:
            woken |= 1 << bit
        return woken

    def _scan(self, data: bytes, *, through: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        try:
            scratches = self._free.pop()
        except IndexError:
            scratches = [one.scratch.clone() for one in self._databases]
        words, shapes, beyond, *apart = self._databases
        try:
            words.scan(data, _matched, 0, found, scratches[0])
            if through:
                for start, end in self._suspects(data):
                    inside: list[tuple[int, int]] = []
                    shapes.scan(data[start:end], _matched, 0, inside, scratches[1])
                    found += [(start + place, bit) for place, bit in inside]
            else:
                shapes.scan(data, _matched, 0, found, scratches[1])
            if not data.isascii():
                beyond.scan(data, _matched, 0, found, scratches[2])
            for one, scratch in zip(apart, scratches[3:], strict=True):
                one.scan(data, _matched, 0, found, scratch)
            if through:
                found.sort()  # Hyperscan promises no order
        except Exception as error:
            raise DetectorError(f"Hyperscan failed with {type(error).__name__}") from None
        self._free.append(scratches)
        return found

    def _suspects(self, data: bytes) -> list[tuple[int, int]]:
        """The lines in which a shape stands, with their line breaks."""
        found = []
        search, position = self._sieve.search, 0
        while match := search(data, position):
            last = match.end() - 1
            start = data.rfind(b"\n", 0, last) + 1
            position = data.find(b"\n", last) + 1 or len(data)
            found.append((start, position))
            if position == len(data):
                break
        return found


def _matched(bit: int, start: int, end: int, flags: int, found: list[tuple[int, int]]) -> None:
    found.append((end, bit))


@lru_cache(maxsize=8)
def _sieve(shapes: tuple[Trigger, ...]) -> Any:
    """One expression for all shapes: matches where one of them does."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # octets, as Hyperscan has it
    options.never_capture = True
    options.max_mem = 64 << 20
    union = "|".join(f"(?i:{one.regex})" if one.caseless else one.regex for one in shapes)
    return re2.compile(f"(?ms:{union})".encode() if shapes else rb"[^\x00-\xff]", options)


@lru_cache(maxsize=8)
def _database(rows: tuple[Row, ...], cache: Cache | None) -> Any:
    """One database of all rows; that of none matches nothing. Those made last serve whoever asks again."""
    import hyperscan

    rows = rows or ((0, Trigger(r"\xff{8}")),)
    key = _key(rows)
    if cache is not None and (kept := cache.get(key)) is not None:
        try:
            return _scannable(hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK))
        except hyperscan.HyperscanError:
            pass  # of another version or another machine
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    base = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_MULTILINE
    try:
        database.compile(
            expressions=[trigger.regex.encode() for _, trigger in rows],
            ids=[bit for bit, _ in rows],
            flags=[
                base
                | (hyperscan.HS_FLAG_CASELESS if trigger.caseless else 0)
                | (hyperscan.HS_FLAG_PREFILTER if trigger.prefilter else 0)
                for _, trigger in rows
            ],
        )
    except hyperscan.HyperscanError as error:
        raise ValueError(f"a trigger is not understood: {error}") from None
    if cache is not None:
        cache.put(key, hyperscan.dumpb(database))
    return database


def _scannable(database: Any) -> Any:
    import hyperscan

    database.scratch = hyperscan.Scratch(database)
    return database


def _key(rows: tuple[Row, ...]) -> str:
    """What a database depends on. That of another processor is refused when it is loaded."""
    text = repr((importlib.metadata.version("hyperscan"), rows))
    return "hyperscan-" + hashlib.sha256(text.encode()).hexdigest()[:32]
