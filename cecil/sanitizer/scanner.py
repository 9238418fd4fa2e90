"""One pass over a text, or a block of lines, that says which recognizers could find something, and where.

Owns: which engine looks for which trigger; the compiled databases, and their keys in a cache. Refuses: I/O; a
cache is handed in by whoever has one.

There are two engines because each is far faster than the other at one thing, as measured on application logs.
Hyperscan looks for literals many bytes at a time: two thousand expressions with a word in them cost it 3 ns a
byte together, but each that is made of character classes costs it 1 ns more. RE2 makes one automaton of all
those, and of that only what the text at hand needs: seventy cost it 3 ns a byte. It only says in which line
something stands; what it is, Hyperscan says of that line. So its expressions may be wider than the triggers
are, and the fewer kinds of characters they tell apart the smaller is the automaton: what it makes of it while
a file begins took as long as twenty megabytes of search.
"""

import contextlib
import hashlib
import re
import string
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late


class Cache(Protocol):
    """Keeps a database's bytes between runs."""

    def __hash__(self) -> int: ...

    def get(self, key: str) -> bytes | None:
        """What was put under a key, or None."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; a failure to keep it is no error."""


Row = tuple[int, Trigger]

_NOT_PARTED = tuple((0, Trigger(one)) for one in (r"[^}\r]\n", r"[^}]\r\n", r"\n[^{]", r"\}[ \t\r]*\{"))
"""What speaks against lines of one object each: see `Scanner.parted`."""


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
        self._databases.append(_database(_NOT_PARTED, None))
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

    def places(self, text: str) -> dict[int, list[int]]:
        """Where triggers ended in a text, in characters and in order, by the bits that it wakes.

        Raises:
            DetectorError: the scan failed.
        """
        data = text.encode("utf-8", "surrogatepass")
        ends: dict[int, list[int]] = {}
        for end, bit in self._scan(data, through=False):
            ends.setdefault(bit, []).append(end)
        # By bit they are almost in order, and there can be as many as characters.
        found = {bit: sorted(set(some)) for bit, some in ends.items()}
        return found if len(data) == len(text) else _in_characters(data, found)

    def parted(self, lines: bytes) -> bool:
        """Whether it is sure of lines of JSON that none holds two objects, and no object a line break.

        This looks for what speaks against it, in a third of the time in which line breaks are counted.

        Raises:
            DetectorError: the scan failed.
        """
        scratches = self._scratches()
        against: list[tuple[int, int]] = []
        try:
            self._databases[-1].scan(lines, against, scratches[-1])
        except Exception as error:
            raise DetectorError(f"Hyperscan failed with {type(error).__name__}") from None
        self._free.append(scratches)
        return not against

    def _scratches(self) -> list[Any]:
        try:
            return self._free.pop()
        except IndexError:
            return [one.scratch.clone() for one in self._databases]

    def _scan(self, data: bytes, *, through: bool) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        scratches = self._scratches()
        words, shapes, beyond, *apart, _ = self._databases
        try:
            # A trigger may ask for what stands before a word: something stands before the first one, too.
            data = b"\n" + data
            words.scan(data, found, scratches[0], -1)
            if through:
                for start, end in self._suspects(data):
                    shapes.scan(data[start:end], found, scratches[1], start - 1)
            else:
                shapes.scan(data, found, scratches[1], -1)
            if not data.isascii():
                beyond.scan(data, found, scratches[2], -1)
            for one, scratch in zip(apart, scratches[3:-1], strict=True):
                one.scan(data, found, scratch, -1)
            if through:
                # Expressions of one bit may agree. Hyperscan promises no order, but it is almost in one.
                found = sorted(dict.fromkeys(found))
        except Exception as error:
            raise DetectorError(f"Hyperscan failed with {type(error).__name__}") from None
        self._free.append(scratches)
        return found

    def _suspects(self, data: bytes) -> list[tuple[int, int]]:
        """The lines in which a shape stands, with the line breaks before and behind them."""
        found = []
        search, position = self._sieve.search, 0
        while match := search(data, position):
            last = match.end() - 1
            start = data.rfind(b"\n", 0, last)
            position = data.find(b"\n", last) + 1 or len(data)
            found.append((start, position))
            if position == len(data):
                break
        return found


def _in_characters(data: bytes, found: dict[int, list[int]]) -> dict[int, list[int]]:
    """The same with characters for octets; an end within a character is its end."""
    places = {}
    at = characters = 0
    for end in sorted({end for ends in found.values() for end in ends}):
        characters += len(data[at:end].translate(None, _GO_ON))
        places[end] = characters
        at = end
    return {bit: [places[end] for end in ends] for bit, ends in found.items()}


_GO_ON = bytes(range(0x80, 0xC0))
"""Octets of UTF-8 that go on with a character."""


@lru_cache(maxsize=8)
def _sieve(shapes: tuple[Trigger, ...]) -> Any:
    """One expression for all shapes: matches where one of them does."""
    import re2

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # octets, as Hyperscan has it
    options.never_capture = True
    options.max_mem = 64 << 20
    wide = dict.fromkeys((_widened(one.regex), one.caseless) for one in shapes)
    union = "|".join(f"(?i:{regex})" if caseless else regex for regex, caseless in wide)
    return re2.compile(f"(?ms:{union})".encode() if shapes else rb"[^\x00-\xff]", options)


# Digits that tell addresses of the machine itself, and those of a network, from public ones; hexadecimal
# digits; and the letter for years, without which a duration was an age.
_ALIKE = (b"345689", b"abcdef", b"ghijklmnopqrstuvwxz", b"ABCDEF", b"GHIJKLMNOPQRSTUVWXZ")
_OCTETS = bytes(range(256))
_LETTERS_AND_DIGITS = frozenset(string.ascii_letters + string.digits)
_PART = late(
    r"""\\x[0-9A-Fa-f]{2} | \\. | \[\^?\]?(?:\\.|[^\]\\])*\] | \{[0-9,]+\} | \(\?[a-z]*: | .""",
    re.VERBOSE | re.DOTALL,
)


def _widened(regex: str) -> str:
    """An expression that matches wherever a given one does, and takes any character for those like it."""
    parts = _PART.findall(regex)
    return "".join(_with_alike(one) if one[0] == "[" or one in _LETTERS_AND_DIGITS else one for one in parts)


@lru_cache(maxsize=1024)
def _with_alike(part: str) -> str:
    taken = set(b"".join(re.findall(part.encode(), _OCTETS)))
    for alike in _ALIKE:
        if not taken.isdisjoint(alike):
            taken.update(alike)
    octets = sorted(taken)
    starts = [octet for octet in octets if octet - 1 not in taken]
    ends = [octet for octet in octets if octet + 1 not in taken]
    runs = "".join(rf"\x{start:02x}-\x{end:02x}" for start, end in zip(starts, ends, strict=True))
    return f"[{runs}]"


@lru_cache(maxsize=8)
def _database(rows: tuple[Row, ...], cache: Cache | None) -> "_Database":
    """One database of all rows; that of none matches nothing. Those made last serve whoever asks again.

    Two expressions in five are those of several bits: each is compiled once, and tells all that wait for it.
    Those for whom the same bits wait have one number: Hyperscan makes less of them.
    """
    import hyperscan

    bits: dict[tuple[str, bool, bool], list[int]] = {}
    for bit, one in rows or ((0, Trigger(r"\xff{8}")),):
        bits.setdefault((one.regex, one.caseless, one.prefilter), []).append(bit)
    told = list(dict.fromkeys(map(tuple, bits.values())))
    numbers = {some: number for number, some in enumerate(told)}
    expressions = [(*one, numbers[tuple(some)]) for one, some in bits.items()]
    key = _key(expressions)
    if cache is not None and (kept := cache.get(key)) is not None:
        # One of another version or another machine is refused.
        with contextlib.suppress(hyperscan.HyperscanError):
            return _Database(hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK), told)
    made = _compiled(expressions)
    if cache is not None:
        cache.put(key, hyperscan.dumpb(made))
    return _Database(made, told)


_Expression = tuple[str, bool, bool, int]
"""What is compiled of a trigger: the expression, caseless, prefilter; and its number."""


def _compiled(expressions: Sequence[_Expression]) -> Any:
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    base = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_MULTILINE
    try:
        database.compile(
            expressions=[regex.encode() for regex, *_ in expressions],
            ids=[number for *_, number in expressions],
            flags=[
                base
                | (hyperscan.HS_FLAG_CASELESS if caseless else 0)
                | (hyperscan.HS_FLAG_PREFILTER if prefilter else 0)
                for _, caseless, prefilter, _ in expressions
            ],
        )
    except hyperscan.HyperscanError as error:
        raise ValueError(f"a trigger is not understood: {error}") from None
    return database


class _Database:
    """A compiled database, and whose its expressions are.

    Args:
        bits: by an expression's number.
    """

    def __init__(self, compiled: Any, bits: Sequence[Sequence[int]]) -> None:
        import hyperscan

        compiled.scratch = hyperscan.Scratch(compiled)
        self._scan = compiled.scan
        self.scratch = compiled.scratch
        self._bits = bits

    def scan(self, data: bytes, found: list[tuple[int, int]], scratch: Any, offset: int = 0) -> None:
        """Add (end, bit) of all that stands in some octets; `offset` is added to each end."""
        inside: list[tuple[int, int]] = []
        self._scan(data, _matched, 0, inside, scratch)
        if inside:
            found += [(end + offset, bit) for end, place in inside for bit in self._bits[place]]


def _matched(place: int, start: int, end: int, flags: int, found: list[tuple[int, int]]) -> None:
    found.append((end, place))


def _key(expressions: Sequence[_Expression]) -> str:
    """What a database depends on. That of another processor is refused when it is loaded."""
    import hyperscan

    version = hyperscan.__version__  # type: ignore[attr-defined]  # which it does not say of itself to mypy
    text = repr((version, expressions))
    return "hyperscan-" + hashlib.sha256(text.encode()).hexdigest()[:32]
