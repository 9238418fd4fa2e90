"""What a maker of stand-ins is, and where the randomness of one comes from.

Owns: keyed BLAKE2b (RFC 7693), which costs less than a microsecond a value. A value's bytes decide what
stands for it; a seal of the same key lets a later run tell what it, or a run with an older key, has made.
The seals of identifiers, which are most, are of BLAKE2s: it takes a fifth less.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from typing import Protocol

IDENTIFIER = b"id\0"
"""Begins what is hashed of an identifier: the name of its family."""


# No tuple with names: those take longer to read.
@dataclass(slots=True, eq=False)
class Hashes:
    """Hashes that have taken in the name of a family: each call copies one, to be given a value.

    Attributes:
        stream: of 64 bytes.
        seals: of 8 bytes, one of each key, that in use first.
    """

    stream: "Callable[[], hashlib.blake2b]"
    seals: "tuple[Callable[[], hashlib.blake2s], ...]"


class Source:
    """Bytes that only the key knows.

    Args:
        keys: the first makes stand-ins; those of the others are known too.
        tenant: values of two tenants have other stand-ins; seals do not differ.

    Attributes:
        ids: for identifiers, of which there are most.
        older: a source of each of the other keys, for stand-ins without a seal.
    """

    def __init__(self, keys: tuple[bytes, ...], tenant: str = "") -> None:
        first = keys[0]
        if tenant:
            said = encoded(tenant)
            first = hashlib.blake2b(said, key=first, digest_size=32, person=b"tenant").digest()
        self._stream = hashlib.blake2b(key=first, digest_size=32, person=b"value").copy
        self._seals = [hashlib.blake2b(key=key, digest_size=8, person=b"seal").copy for key in keys]
        self.older = tuple(Source((key,)) for key in keys[1:])
        stream = hashlib.blake2b(IDENTIFIER, key=first, digest_size=64, person=b"value").copy
        seals = [hashlib.blake2s(IDENTIFIER, key=key, digest_size=8, person=b"seal").copy for key in keys]
        self.ids = Hashes(stream, tuple(seals))

    def stream(self, value: str) -> bytes:
        """32 bytes, the same for the same value. A value begins with the name of its family and a NUL."""
        one = self._stream()
        one.update(encoded(value))
        return one.digest()

    def number(self, value: str) -> int:
        """The same as a number of 256 bits."""
        return int.from_bytes(self.stream(value), "big")

    def seal(self, value: str) -> bytes:
        """8 bytes that go into a stand-in, of all that stands before them."""
        seal = self._seals[0]()
        seal.update(encoded(value))
        return seal.digest()

    def seals(self, value: str) -> list[bytes]:
        """The seals of all keys; that of the one in use first."""
        made = []
        for copy in self._seals:
            seal = copy()
            seal.update(encoded(value))
            made.append(seal.digest())
        return made


def encoded(text: str) -> bytes:
    """A text in UTF-8."""
    # Half a character (a lone surrogate) is no reason to fail.
    return text.encode() if text.isascii() else text.encode("utf-8", "surrogatepass")


class Maker(Protocol):
    """Makes the stand-ins of one family."""

    def make(self, text: str, source: Source) -> str | None:
        """What stands for a value that `made` does not know; None where nothing realistic can."""

    def made(self, text: str, source: Source) -> bool:
        """Whether a text is such a stand-in, of this key or an older one."""

    def stand_in(self, text: str, source: Source) -> str | None:
        """What stands for any value: a stand-in stays."""
        return text if self.made(text, source) else self.make(text, source)

    def number(self, text: str, source: Source) -> str | None:
        """What stands for a JSON number, in digits; None where nothing can.

        What begins with a zero, or has other characters, is no number.
        """
        return self.make(text, source)


class Told(Maker, Protocol):
    """Makes stand-ins that chance does not make: they are told wherever they stand."""

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        """Where they are in a text, in order."""


Placing = Callable[[bytes], str]
"""Puts characters where a shape takes them: as many as it takes, ASCII."""


def placing(shape: str) -> Placing:
    """What replaces each 0 of a shape, in order."""
    octets = encoded(shape)
    form = re.sub(b"0+", b"%b", octets.replace(b"%", b"%%"))
    # Whatever has runs of characters to place: twice as fast as slices that are joined.
    runs = Struct("".join(f"{len(run)}s" for run in re.findall("0+", shape))).unpack
    if shape.isascii():
        return lambda characters: (form % runs(characters)).decode()
    return lambda characters: (form % runs(characters)).decode("utf-8", "surrogatepass")


placings = lru_cache(maxsize=4096)(placing)
"""The same, remembered."""

LONGEST = 64
"""Characters of a shape that is remembered."""


def placed(shape: str, characters: str) -> str:
    """The same of a shape as it is."""
    return (placings if len(shape) <= LONGEST else placing)(shape)(characters.encode())


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
        return placed(text.encode().translate(ALL_TO_0).decode(), characters)
    return placed("".join(["0" if _replaced(character) else character for character in text]), characters)


def _replaced(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def number_of(text: str) -> str:
    """The digits of a number, of all scripts, as 0 to 9; none where letters stand beside them, which nobody
    would replace."""
    if text.isascii():
        said = text.encode().translate(None, NO_LETTERS)
        return said.decode() if said.isdigit() else ""
    if any(map(str.isalpha, text)):
        return ""
    return "".join([str(int(character)) for character in text if character.isdecimal()])


def said_of(text: str) -> str:
    """Its letters and digits."""
    if text.isascii():
        return text if text.isalnum() else text.encode().translate(None, NO_LETTERS).decode()
    return "".join(filter(_replaced, text))


_ASCII = [chr(code) for code in range(128)]
NO_LETTERS = "".join(character for character in _ASCII if not character.isalnum()).encode()
_DIGITS_TO_0 = bytes.maketrans(b"123456789", b"0" * 9)
ALL_TO_0 = bytes(48 if chr(code).isalnum() else code for code in range(128)) + bytes(range(128, 256))
