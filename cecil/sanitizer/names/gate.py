"""Which strings of a block of lines hold names, before any line is read.

A block is cut into its strings at the quotation marks, or into its lines where it is text; those that were
judged before are known, digits apart, and all others go to the model at once. So most lines of a log cost no
more than a look at each of their strings. What is learned of a string is that it holds no name that counts,
or that it holds one; where and which, whoever judges the line finds out.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

import orjson

from cecil.errors import DetectorError
from cecil.sanitizer.names.engine import WHO, Names
from cecil.sanitizer.names.memory import Memory
from cecil.sanitizer.names.shape import collapsed
from cecil.sanitizer.spans import Span

# What ends a key that asks who somebody is, and what stands between it and a value.
_WHO = re.compile(rf"(?:{'|'.join(WHO)})[^A-Za-z]*+\Z|[\x80-\xff]".encode("latin-1"), re.IGNORECASE)
_DIGITS = ord("9")
# An octet is looked for ten times as fast as octets.
_BLANK, _TAB, _BACKSLASH, _POINT, _UNDERSCORE = b" \t\\._"
_BETWEEN = re.compile(rb"\s*:\s*(?:\[\s*)?")


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

    def strings(self, data: bytes) -> dict[int, frozenset[str]]:
        """The strings of a block of JSON that hold names, by the number of their line from 0.

        Args:
            data: valid JSON, a value a line.
        """
        escaped = b"\\" in data
        safe = data.replace(b"\\\\", b"\0").replace(b'\\"', b"\1") if escaped else data
        # An escape may hold digits.
        folded = safe if escaped and b"\\u" in safe else collapsed(safe)
        read = _json if escaped else _text
        parts = folded.split(b'"')
        holding = self._holding(_free(parts[1::2], folded) | _alone(parts, folded), read)
        if not holding:
            return {}
        found = {}
        lines = safe.split(b"\n")
        for number, line in enumerate(folded.split(b"\n")):
            strings = line.split(b'"')[1::2]
            if not holding.isdisjoint(strings):
                pairs = zip(lines[number].split(b'"')[1::2], strings, strict=True)
                texts = (read(real) for real, one in pairs if one in holding)
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
        if not new:
            return holding
        try:
            found = self._names.held(new.values(), self._counts)
        except DetectorError:
            # Each is asked again by itself, and the line that fails is told.
            return holding.union(new)
        for piece, spans in zip(new, found, strict=True):
            holds = any(map(self._counts, spans))
            known.put(piece, holds, len(piece))
            if holds:
                holding.add(piece)
        return holding


def _free(pieces: Iterable[bytes], block: bytes) -> set[bytes]:
    """Those of the pieces of a block that can be free text: others have no blank."""
    if block.isascii() and b"\\" not in block and b"\t" not in block:
        return {one for one in pieces if _BLANK in one}
    return {one for one in pieces if _BLANK in one or _BACKSLASH in one or _TAB in one or not one.isascii()}


def _alone(parts: list[bytes], block: bytes) -> set[bytes]:
    """Words alone that begin like a name, and logins of two words, under a key that asks who somebody is.

    Args:
        parts: what stands between the quotation marks of a block, and in them.
    """
    strings = parts[1::2]
    if block.isascii():
        # A time ends with a capital, too.
        places = [place for place, one in enumerate(strings) if one.istitle() and one[0] > _DIGITS]
    else:
        places = [place for place, one in enumerate(strings) if one.istitle() or not one.isascii()]
    places += [
        place
        for place, one in enumerate(strings)
        if (_POINT in one or _UNDERSCORE in one) and one.islower() and _BLANK not in one
    ]
    return {
        strings[place]
        for place in places
        if place
        and b":" in parts[2 * place]
        and _BETWEEN.fullmatch(parts[2 * place])
        and _asks_who(strings[place - 1])
    }


@lru_cache(maxsize=4096)
def _asks_who(key: bytes) -> bool:
    return _WHO.search(key) is not None


def _text(piece: bytes) -> str | None:
    return piece.decode("utf-8", "replace")


def _json(piece: bytes) -> str | None:
    """A string of JSON, whose escapes `strings` has put away; None where it is none that can be read."""
    piece = piece.replace(b"\1", b'\\"').replace(b"\0", b"\\\\")
    try:
        text: str = orjson.loads(b'"' + piece + b'"')
    except orjson.JSONDecodeError:
        return None
    return text
