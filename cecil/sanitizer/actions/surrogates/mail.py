"""Stand-ins for what leads to a person on the Internet: e-mail addresses and URLs.

`laura.corendwyn.kqvzxmbqpatrdwtzo@example.com`: a name and seventeen letters, at a domain of RFC 2606. The
name and eleven of the letters say who it is, in 73 bits: that two of a million addresses share one has a
chance of less than one in ten thousand million. The last six are a seal of 28 bits, so that nobody's address,
and nothing written by somebody else, passes for a stand-in. There is no digit in it, which a key as `ssn`
could take for its own.
"""

import re
from collections.abc import Iterator

from cecil.sanitizer.actions.surrogates import names
from cecil.sanitizer.actions.surrogates.base import Source, Told
from cecil.sanitizer.late import late

_MAIL = late(r"(?<![\w.%+-])([a-z]{2,8}\.[a-z]{5,12}\.[a-z]{11})([a-z]{6})@example\.(?:com|net|org)(?![\w-])")
_LINK = late(r"(?<!\w)(?:[a-z][a-z+]{1,7}://)?example\.com/([a-z]{16})([a-z]{6})(?![\w-])")
_SCHEME = late(r"([a-z][a-z+]{1,7})://", re.IGNORECASE)
_ENDS = ("com", "net", "org", "com")
_LETTERS = bytes(97 + byte % 26 for byte in range(256))


def _sealed(body: str, seal: str, source: Source) -> bool:
    return seal in [_seal(one) for one in source.seals(body)]


def _seal(seal: bytes) -> str:
    return seal[:6].translate(_LETTERS).decode()


class Mail(Told):
    """However an address is spelled, its case is of no account."""

    def make(self, text: str, source: Source) -> str | None:
        stream = source.stream("email\0" + text.strip().lower())
        number = int.from_bytes(stream[:4], "big")
        letters = stream[4:15].translate(_LETTERS).decode()
        body = f"{names.GIVEN[number & 127]}.{names.surname(number >> 7)}.{letters}"
        return f"{body}{_seal(source.seal(body))}@example.{_ENDS[number >> 22 & 3]}"

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
    """`https://example.com/` and 22 letters, of which six are a seal; a scheme stays."""

    def make(self, text: str, source: Source) -> str | None:
        stream = source.stream("url\0" + text)
        scheme = _SCHEME.match(text)
        body = stream[:16].translate(_LETTERS).decode()
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
