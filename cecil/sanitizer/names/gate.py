"""Which strings of a block of lines hold names, before any line is read.

A block is cut into its strings at the quotation marks, or into its lines where it is text; those that were
judged before are known, digits apart, and all others go to the model at once. So most lines of a log cost no
more than a look at each of their strings. What is learned of a string is that it holds no name that counts,
or that it holds one; where and which, whoever judges the line finds out. Of names in words that are no
language a trigger tells, see `glued`.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from itertools import compress, count, repeat
from operator import contains

import orjson

from cecil.errors import DetectorError
from cecil.sanitizer.decoding import WRAPPERS, is_naming, is_record
from cecil.sanitizer.late import late
from cecil.sanitizer.names.engine import ASKED, FOLDERS, TO, USERS, WHO, Names, is_full
from cecil.sanitizer.names.memory import Memory
from cecil.sanitizer.names.shape import collapsed
from cecil.sanitizer.normal import layers
from cecil.sanitizer.spans import Span

# What ends a key that asks who somebody is, and what stands between it and a value.
_WHO = late(
    rf"(?:(?:{'|'.join(WHO)})s?|(?:\A[^A-Za-z]*+|{'|'.join(USERS)})[^A-Za-z]*+id"
    rf"|(?:\A[^A-Za-z]*+|{'|'.join(TO)})[^A-Za-z]*+to)[^A-Za-z]*+\Z|[\x80-\xff]".encode("latin-1"),
    re.IGNORECASE,
)
_DIGITS = ord("9")
# An octet is looked for ten times as fast as octets.
_BLANK, _TAB, _LINE, _BACKSLASH, _POINT, _UNDERSCORE = b" \t\n\\._"
_LONG, _MOST = 2048, 32
"""Octets of a line's strings together, and of one of them on an average, from which on they are long."""
_FOLDERS = FOLDERS.encode().replace(b"\\", b"\0")
_BESIDE = 7
"""Strings before and behind a value, of which one says what it is where its key does not."""
_BETWEEN = late(rb"\s*+:[^{}:]*+")
_BEHIND = late(rb"[^{}:,]*+,[^{}:]*+")
"""Between two items of a list, of which any can be lists."""
_ITEM = late(rb".*[\[,]\s*+", re.DOTALL)
_IS_KEY = late(rb"\s*+:")
_ASKED = ASKED.encode()
_FULLEST = 128
"""Octets of a name."""
_MET = 8 << 20
"""Octets for the hashes of what was met."""


class Gate:
    """Says where in blocks names stand.

    Args:
        names: finds them.
        counts: whether a name is one that the policy takes out.
    """

    def __init__(self, names: Names, counts: Callable[[Span], bool]) -> None:
        self._names = names
        self._counts = counts
        self._known: Memory[bytes, bool] = Memory(16 << 20)
        self._met: Memory[int, bool] = Memory(_MET)

    def learn(self, data: bytes) -> None:
        """Ask at once for what is new in a block whose every line will be read: so the model gets many texts
        together, and whoever reads finds its answers.

        Args:
            data: JSON, a value a line; what is none teaches nothing.
        """
        escaped = b"\\" in data
        safe = _safe(data) if escaped else data
        read = _json if escaped else _text
        new = []
        for piece in _free(safe.split(b'"')[1::2], safe):
            # Of what was met before the hash is enough: where two have one, a text is asked for later.
            mark = hash(piece)
            if self._met.get(mark, 0) is None:
                self._met.put(mark, True, 0)
                new.append(piece)
        texts = [text for piece in new if (text := read(piece)) is not None]
        records = {text for text in texts if is_record(text)} if escaped else set()
        if records:
            self.learn(_lines_of(records))
            texts = [text for text in texts if text not in records]
        if texts:
            with suppress(DetectorError):  # each is asked again by itself, and the line that fails is told
                self._names.learn([*texts, *_looks(texts)], self._counts)

    def lines(self, data: bytes) -> dict[int, frozenset[str]]:
        """The lines of a block of text that hold names, by number from 0."""
        folded = collapsed(data)
        lines = folded.split(b"\n")
        pieces = _free(lines, folded)
        # A list of JSON is read as such where it is one.
        lists = {line: line.split(b'"')[1::2] for line in pieces if line.lstrip(b" \t").startswith(b"[")}
        holding = self._holding(pieces.union(*(_free(some, folded) for some in lists.values())), _text)
        if not holding:
            return {}
        return {
            number: frozenset()
            for number, line in enumerate(lines)
            if line in holding or (line in lists and not holding.isdisjoint(lists[line]))
        }

    def strings(self, data: bytes) -> dict[int, frozenset[str] | None]:
        """The strings of a block of JSON that hold names, by the number of their line from 0.

        None stands for any string of a line: one of long texts, of which each is remembered. To look which
        of them could be something costs more than to ask for all.

        Args:
            data: valid JSON, a value a line.
        """
        escaped = b"\\" in data
        safe = _safe(data) if escaped else data
        # An escape may hold digits.
        folded = safe if escaped and b"\\u" in safe else collapsed(safe)
        read = _json if escaped else _text
        parts = folded.split(b'"')
        strings = parts[1::2]
        distinct = set(strings)
        free = _free(distinct, folded)
        holding = self._holding(free | _alone(parts, distinct, folded), read)
        full = _full(parts, free)
        asked = self._holding({_ASKED + one for one in full}, read) if full else ()
        holding.update(one for one in full if _ASKED + one in asked)
        if not holding:
            return {}
        # Where lines end, in strings before.
        gaps = parts[::2]
        breaks = compress(count(), map(contains, gaps, repeat(_LINE)))
        ends = [place for place in breaks for _ in range(gaps[place].count(b"\n"))]
        ends.append(len(strings))
        by_line: dict[int, list[int]] = {}
        for place, one in enumerate(strings):
            if one in holding:
                by_line.setdefault(bisect_right(ends, place), []).append(place)
        found: dict[int, frozenset[str] | None] = {}
        real: list[bytes] = []
        for number, places in by_line.items():
            first, last = ends[number - 1] if number else 0, ends[number]
            if _are_long(strings[first:last]):
                found[number] = None
                continue
            real = real or safe.split(b'"')[1::2]
            texts = (read(real[place]) for place in places)
            # What cannot be read by itself cannot be read in its line.
            found[number] = frozenset(text for text in texts if text is not None)
        return found

    def _holding(self, pieces: Iterable[bytes], read: Callable[[bytes], str | None]) -> set[bytes]:
        """Those of some pieces that hold names."""
        holding: set[bytes] = set()
        new: dict[bytes, str] = {}
        known = self._known
        for piece in pieces:
            holds = known.get(piece, len(piece))
            if holds is None:
                text = read(piece)
                if text is None:
                    holding.add(piece)
                else:
                    new[piece] = text
            elif holds:
                holding.add(piece)
        # Of a record that stands in a string the strings are asked, as they are judged.
        records = {piece: text for piece, text in new.items() if is_record(text)} if read is _json else {}
        if records:
            lines = self.strings(_lines_of(records.values()))
            for number, piece in enumerate(records):
                del new[piece]
                known.put(piece, number in lines, len(piece))
                if number in lines:
                    holding.add(piece)
        if not new:
            return holding
        try:
            found = self._names.held([*new.values(), *_looks(new.values())], self._counts)
        except DetectorError:
            # Each is asked again by itself, and the line that fails is told.
            return holding.union(new)
        for piece, spans in zip(new, found, strict=False):
            holds = any(map(self._counts, spans))
            known.put(piece, holds, len(piece))
            if holds:
                holding.add(piece)
        return holding


def _free(pieces: Collection[bytes], block: bytes) -> set[bytes]:
    """Those of the pieces of a block that can be free text: others have no blank, and no folder of users."""
    if block.isascii() and b"\\" not in block and b"\t" not in block:
        found = {one for one in pieces if _BLANK in one}
    else:
        found = {
            one for one in pieces if _BLANK in one or _BACKSLASH in one or _TAB in one or not one.isascii()
        }
    if _FOLDERS in block:
        found.update(one for one in pieces if _FOLDERS in one)
    return found


def _alone(parts: list[bytes], distinct: set[bytes], block: bytes) -> set[bytes]:
    """Words alone that begin like a name, and logins of two words, under a key that asks who somebody is.

    Args:
        parts: what stands between the quotation marks of a block, and in them.
        distinct: what stands in them; less than it seems, where digits are one.
    """
    if block.isascii():
        # A time ends with a capital, too.
        words = {one for one in distinct if one.istitle() and one[0] > _DIGITS}
    else:
        words = {one for one in distinct if one.istitle() or not one.isascii()}
    words.update(
        one
        for one in distinct
        if (((_POINT in one or _UNDERSCORE in one) and one.islower()) or 0 in one) and _BLANK not in one
    )
    return _of_whom(parts, words) if words else words


def _full(parts: list[bytes], free: Collection[bytes]) -> set[bytes]:
    """Names of two words or three under a key that asks who somebody is.

    Args:
        free: the strings that can be free text.
    """
    full = {
        one
        for one in free
        if len(one) <= _FULLEST
        and 0 < one.count(b" ") < 3
        and (one.replace(b" ", b"").isalpha() or is_full(one.decode("utf-8", "replace")))
    }
    return _of_whom(parts, full) if full else full


def _of_whom(parts: list[bytes], wanted: Collection[bytes]) -> set[bytes]:
    """Those of some strings that stand under a key that asks who somebody is, or in a list under it."""
    strings = parts[1::2]
    found: set[bytes] = set()
    first: dict[int, int] = {}  # of the items of lists, the first one
    for place in compress(count(), map(wanted.__contains__, strings)):
        # Most are keys, as `trace_id` is, and none of those is somebody.
        if not place or parts[2 * place + 2].startswith(b":"):
            continue
        one = strings[place]
        at = place
        while at and at not in first and _BEHIND.fullmatch(parts[2 * at]):
            at -= 1
        first[place] = at = first.get(at, at)
        if not at or not _BETWEEN.fullmatch(parts[2 * at]):
            # Behind an object of the same list: which key leads to it is not to be seen from here.
            if _ITEM.fullmatch(parts[2 * at]) and not _IS_KEY.match(parts[2 * place + 2]):
                found.add(one)
            continue
        key = strings[at - 1]
        if _asks_who(key) or (
            _is_beside(key) and any(map(_asks_who, strings[max(0, at - _BESIDE) : at + _BESIDE]))
        ):
            found.add(one)
    return found


def _are_long(strings: list[bytes]) -> bool:
    size = sum(map(len, strings))
    return size >= _LONG and size > _MOST * len(strings)


def _looks(texts: Iterable[str]) -> list[str]:
    """How those look that are written for HTML, which is read as well: that is asked for soon."""
    found: list[str] = []
    for text in texts:
        if "&" in text and ";" in text:
            with suppress(DetectorError):  # and so it will be for whoever reads the line
                found += (layer.text for layer in layers(text))
    return found


@lru_cache(maxsize=4096)
def _asks_who(key: bytes) -> bool:
    return _WHO.search(key) is not None


@lru_cache(maxsize=4096)
def _is_beside(key: bytes) -> bool:
    """Whether the name of a key's value may stand in another, as in OpenTelemetry's attributes."""
    text = key.decode()
    return text in WRAPPERS or is_naming(text)


def _lines_of(records: Iterable[str]) -> bytes:
    """Records that were found in strings, a line each: what breaks a line in them stands between strings."""
    return "\n".join(one.replace("\n", " ").replace("\r", " ") for one in records).encode()


def _safe(data: bytes) -> bytes:
    """JSON in which every quotation mark begins or ends a string."""
    return data.replace(b"\\\\", b"\0").replace(b'\\"', b"\1")


def _text(piece: bytes) -> str | None:
    return piece.decode("utf-8", "replace")


def _json(piece: bytes) -> str | None:
    """A string of JSON, whose escapes `_safe` has put away; None where it is none that can be read."""
    piece = piece.replace(b"\1", b'\\"').replace(b"\0", b"\\\\")
    try:
        text: str = orjson.loads(b'"' + piece + b'"')
    except orjson.JSONDecodeError:
        return None
    return text
