"""Stand-ins for what leads to a person on the Internet: e-mail addresses and URLs.

`laura.corendwyn.k3v9x2m7qpa4drt@example.com`: a name and 75 bits in base32, at a domain of RFC 2606. 72 bits
say who it is: that two of a million addresses share one has a chance of one in ten thousand million. 25 bits
are a seal, so that nobody's address, and nothing written by somebody else, passes for a stand-in.
"""

import re
from collections.abc import Iterator

from cecil.sanitizer.actions.surrogates import names
from cecil.sanitizer.actions.surrogates.base import Source, Told

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_TRIPLES = [_DIGITS[place >> 10] + _PAIRS[place & 1023] for place in range(1 << 15)]

_MAIL = re.compile(
    r"(?<![\w.%+-])([a-z]{2,8}\.[a-z]{5,12}\.[a-z2-7]{10})([a-z2-7]{5})@example\.(?:com|net|org)(?![\w-])"
)
_LINK = re.compile(r"(?<!\w)(?:[a-z][a-z+]{1,7}://)?example\.com/([a-z2-7]{15})([a-z2-7]{5})(?![\w-])")
_SCHEME = re.compile(r"([a-z][a-z+]{1,7})://", re.IGNORECASE)
_ENDS = ("com", "net", "org", "com")


def _seal(seal: bytes) -> str:
    """25 bits."""
    number = int.from_bytes(seal[:4], "big")
    return _TRIPLES[number >> 17] + _PAIRS[number & 1023]


def _sealed(body: str, seal: str, source: Source) -> bool:
    return any(_seal(one) == seal for one in source.seals(body))


class Mail(Told):
    """However an address is spelled, its case is of no account."""

    def make(self, text: str, source: Source) -> str | None:
        number = source.number("email\0" + text.strip().lower())
        body = (
            f"{names.GIVEN[number & 127]}.{names.surname(number >> 7)}."
            f"{_PAIRS[number >> 22 & 1023]}{_PAIRS[number >> 32 & 1023]}{_PAIRS[number >> 42 & 1023]}"
            f"{_PAIRS[number >> 52 & 1023]}{_PAIRS[number >> 62 & 1023]}"
        )
        return f"{body}{_seal(source.seal(body))}@example.{_ENDS[number >> 72 & 3]}"

    def made(self, text: str, source: Source) -> bool:
        match = _MAIL.fullmatch(text.lower())
        return match is not None and _sealed(match[1], match[2], source)

    def number(self, text: str, source: Source) -> str | None:
        return None

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        if "@" in text and "@example." in text:
            for match in _MAIL.finditer(text):
                if _sealed(match[1], match[2], source):
                    yield match.span()


class Links(Told):
    """`https://example.com/` and 100 bits, of which 25 are a seal; the scheme stays, where there is one."""

    def make(self, text: str, source: Source) -> str | None:
        number = source.number("url\0" + text)
        scheme = _SCHEME.match(text)
        body = "".join([_TRIPLES[number >> shift & 32767] for shift in range(0, 75, 15)])
        return f"{scheme[0].lower() if scheme else ''}example.com/{body}{_seal(source.seal(body))}"

    def made(self, text: str, source: Source) -> bool:
        match = _LINK.fullmatch(text)
        return match is not None and _sealed(match[1], match[2], source)

    def number(self, text: str, source: Source) -> str | None:
        return None

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        if "example.com/" in text:
            for match in _LINK.finditer(text):
                if _sealed(match[1], match[2], source):
                    yield match.span()


MAIL = Mail()
LINKS = Links()
