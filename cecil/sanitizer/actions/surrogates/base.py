"""What a maker of stand-ins is, and where the randomness of one comes from.

Owns: keyed BLAKE2b (RFC 7693), which costs less than a microsecond a value. A value's bytes decide what
stands for it; a seal of the same key lets a later run tell what it, or a run with an older key, has made.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Protocol


class Source:
    """Bytes that only the key knows.

    Args:
        keys: the first makes stand-ins; those of the others are known too.
        tenant: values of two tenants have other stand-ins; seals do not differ.
    """

    def __init__(self, keys: tuple[bytes, ...], tenant: str = "") -> None:
        first = keys[0]
        if tenant:
            said = tenant.encode("utf-8", "surrogatepass")
            first = hashlib.blake2b(said, key=first, digest_size=32, person=b"tenant").digest()
        self._stream = hashlib.blake2b(key=first, digest_size=32, person=b"value").copy
        self._seals = [hashlib.blake2b(key=key, digest_size=8, person=b"seal").copy for key in keys]

    def stream(self, value: str) -> bytes:
        """32 bytes, the same for the same value. A value begins with the name of its family and a NUL."""
        one = self._stream()
        one.update(value.encode("utf-8", "surrogatepass"))
        return one.digest()

    def number(self, value: str) -> int:
        """The same as a number of 256 bits."""
        return int.from_bytes(self.stream(value), "big")

    def seal(self, value: str) -> bytes:
        """8 bytes that go into a stand-in, of all that stands before them."""
        one = self._seals[0]()
        one.update(value.encode("utf-8", "surrogatepass"))
        return one.digest()

    def seals(self, value: str) -> list[bytes]:
        """The seals of all keys."""
        said = value.encode("utf-8", "surrogatepass")
        made = []
        for seal in self._seals:
            one = seal()
            one.update(said)
            made.append(one.digest())
        return made


class Maker(Protocol):
    """Makes the stand-ins of one family."""

    def make(self, text: str, source: Source) -> str | None:
        """What stands for a value that `made` does not know; None where nothing realistic can."""

    def made(self, text: str, source: Source) -> bool:
        """Whether a text is such a stand-in, of this key or an older one."""

    def number(self, text: str, source: Source) -> str | None:
        """What stands for a JSON number, in digits and without a zero before them; None where none can."""

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        """Where stand-ins are in a text, of those that chance does not make."""


class Plain:
    """What most makers have in common: numbers are made as texts are, and nothing is told in a text."""

    def make(self, text: str, source: Source) -> str | None:
        raise NotImplementedError

    def number(self, text: str, source: Source) -> str | None:
        return self.make(text, source)

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        return iter(())


Layout = tuple[str, tuple[slice, ...]]
"""A text without its letters or digits, and which of some characters go into each gap."""

_LONGEST = 64
"""Characters of a text whose layout is remembered: values of one field look alike."""


def _layout(shape: str) -> Layout:
    """The layout of a text in which what is replaced is a 0, and no 0 stands for itself."""
    form: list[str] = []
    slices: list[slice] = []
    start = end = 0
    for piece in _RUNS.findall(shape):
        if piece[0] == "0":
            end = start + len(piece)
            slices.append(slice(start, end))
            start = end
            form.append("%s")
        else:
            form.append(piece.replace("%", "%%"))
    return "".join(form), tuple(slices)


_remembered = lru_cache(maxsize=4096)(_layout)


def placed(shape: str, characters: str) -> str:
    """A text in which each 0 is replaced, in order; there are as many."""
    form, slices = _remembered(shape) if len(shape) <= _LONGEST else _layout(shape)
    return form % tuple([characters[one] for one in slices])


def digits_to_0(text: str) -> str:
    """A text with a 0 for each digit."""
    if text.isascii():
        return text.encode().translate(_DIGITS_TO_0).decode()
    return "".join(["0" if character.isdecimal() else character for character in text])


def filled(text: str, characters: str) -> str:
    """A text with its digits replaced, in order; there are as many."""
    return characters if len(characters) == len(text) else placed(digits_to_0(text), characters)


def laid(text: str, characters: str) -> str:
    """A text with its letters and digits replaced, in order; there are as many."""
    if len(characters) == len(text):
        return characters
    if text.isascii():
        shape = text.encode().translate(_ALL_TO_0).decode()
    else:
        shape = "".join(["0" if _replaced(character) else character for character in text])
    return placed(shape, characters)


def _replaced(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def digits_of(text: str) -> str:
    """Its digits, of all scripts, as 0 to 9."""
    if text.isdigit() and text.isascii():
        return text
    if text.isascii():
        return text.encode().translate(None, _NO_DIGITS).decode()
    return "".join([str(int(character)) for character in text if character.isdecimal()])


def said_of(text: str) -> str:
    """Its letters and digits."""
    if text.isalnum() and text.isascii():
        return text
    if text.isascii():
        return text.encode().translate(None, _NO_LETTERS).decode()
    return "".join(filter(_replaced, text))


_RUNS = re.compile("0+|[^0]+")
_ASCII = [chr(code) for code in range(128)]
_NO_DIGITS = "".join(character for character in _ASCII if not character.isdigit()).encode()
_NO_LETTERS = "".join(character for character in _ASCII if not character.isalnum()).encode()
_DIGITS_TO_0 = bytes.maketrans(b"123456789", b"0" * 9)
_ALL_TO_0 = bytes(48 if chr(code).isalnum() else code for code in range(128)) + bytes(range(128, 256))
