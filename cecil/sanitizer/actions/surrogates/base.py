"""What a maker of stand-ins is, and where the randomness of one comes from.

Owns: keyed BLAKE2b (RFC 7693), which costs less than a microsecond a value. A value's bytes decide what
stands for it; a seal of the same key lets a later run tell what it, or a run with an older key, has made.
"""

import hashlib
from collections.abc import Iterator
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

    def seals(self, value: str) -> Iterator[bytes]:
        """The seals of all keys."""
        for seal in self._seals:
            one = seal()
            one.update(value.encode("utf-8", "surrogatepass"))
            yield one.digest()


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


def filled(template: str, digits: str) -> str:
    """A text with its digits replaced, in order; there are as many."""
    rest = iter(digits)
    return "".join([next(rest) if character.isdigit() else character for character in template])


def digits_of(text: str) -> str:
    """Its digits, of all scripts, as 0 to 9."""
    if text.isascii():
        return text.translate(_NO_DIGITS)
    return "".join([str(int(character)) for character in text if character.isdecimal()])


_NO_DIGITS = {code: None for code in range(128) if not chr(code).isdigit()}
