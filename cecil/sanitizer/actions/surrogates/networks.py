"""Stand-ins for addresses of networks and devices.

- IPv4: one of the 762 hosts of the documentation ranges 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24
  (RFC 5737): a few dozen addresses share one. IPv6: 96 bits in 2001:db8::/32 (RFC 3849).
- Or, to keep networks together, prefix-preserving as Crypto-PAn is (Xu, Fan, Ammar, Moon: "Prefix-Preserving
  IP Address Anonymization", ICNP 2002): whether the n-th bit flips is decided by the key and the n - 1 bits
  before it, so two addresses that share a prefix share one of the same length after. What comes out lies in
  240.0.0.0/4, which is reserved (RFC 1112), or in 2001:db8::/32: prefixes shorter than that are not kept,
  and addresses that differ there share a stand-in by chance (a million addresses: about 1,900).
- MAC: the quadrant x6-xx-xx-xx-xx-xx of locally administered addresses, reserved by IEEE 802c, 24 bits of
  which say who it is and 20 are a seal: telephones invent addresses there for themselves. RFC 7042 has but
  256 for documentation.

An address that lies in any of these ranges names nobody and stays.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address
from struct import Struct

from cecil.sanitizer.actions.surrogates.base import Maker, Source, Told, laid, said_of
from cecil.sanitizer.late import late

_V4 = late(r"(?<![0-9])([0-9]{1,3})([.-])([0-9]{1,3})\2([0-9]{1,3})\2([0-9]{1,3})(?![0-9])")
_V6 = late("[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,38}")
_V6_OF_V4 = late(
    r"[0-9A-Fa-f]{0,4}:(?:[0-9A-Fa-f:]{0,30}(?<=:)(?:[0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f:]{1,38})"
)
_MAPPED = late(r"(?:::ffff:|64:ff9b::)(?=[0-9]+\.)", re.IGNORECASE)
_DOCUMENTATION = (0xC0000200, 0xC6336400, 0xCB007100)
_RESERVED = 0xF0000000
_BROADCAST = 0xFFFFFFFF
_LOW_96 = (1 << 96) - 1
_DB8 = 0x20010DB8
_SIX_GROUPS = Struct(">6H").unpack
_OF_DB8 = "2001:db8:%x:%x:%x:%x:%x:%x"


class Addresses(Maker):
    """A port, a prefix's length, a zone and brackets stay.

    Args:
        prefix: whether prefixes are preserved.
    """

    def __init__(self, *, prefix: bool = False) -> None:
        self._prefix = prefix
        # Networks repeat; what is remembered are bits of the key, and of an address the upper half.
        self._upper = lru_cache(maxsize=16384)(_preserved)

    def stand_in(self, text: str, source: Source) -> str | None:
        if _is_four(text):
            return self._four(text, source, stays=True)
        return self._six(text, source, stays=True)

    def make(self, text: str, source: Source) -> str | None:
        if _is_four(text):
            return self._four(text, source, stays=False)
        return self._six(text, source, stays=False)

    def _six(self, text: str, source: Source, *, stays: bool) -> str | None:
        match = _matched_six(text)
        number = _groups(match[0]) if match else None
        if match is None or number is None:
            return None
        if stays and number >> 96 == _DB8:
            return text
        if self._prefix:
            high, low = number >> 64, number & (1 << 64) - 1
            upper = self._upper(source, "6", high, -1, 64)
            new = (upper << 64 | _preserved(source, "6", low, high, 64)) & _LOW_96
        else:
            new = source.number(f"ip6\0{number:x}") & _LOW_96
        return f"{text[: match.start()]}{_OF_DB8 % _SIX_GROUPS(new.to_bytes(12))}{text[match.end() :]}"

    def _four(self, text: str, source: Source, *, stays: bool) -> str | None:
        match = _V4.search(text)
        number = _quad(match) if match else None
        if match is None or number is None:
            return None
        if stays and _nobodys(number):
            return text
        if self._prefix:
            high, low = number >> 8, number & 0xFF
            new = self._upper(source, "4", high, -1, 24) << 8 | _preserved(source, "4", low, high, 8)
            new = min(new | _RESERVED, _BROADCAST - 1)
        else:
            many = source.number(f"ip4\0{number}")
            new = _DOCUMENTATION[many % 3] + 1 + (many >> 32) % 254
        dot = match[2]
        quad = f"{new >> 24}{dot}{new >> 16 & 255}{dot}{new >> 8 & 255}{dot}{new & 255}"
        return f"{text[: match.start()]}{quad}{text[match.end() :]}"

    def made(self, text: str, source: Source) -> bool:
        if _is_four(text):
            match = _V4.search(text)
            number = _quad(match) if match else None
            return number is not None and _nobodys(number)
        if "db8" not in text and "DB8" not in text:
            return False
        six = _matched_six(text)
        number = _groups(six[0]) if six else None
        return number is not None and number >> 96 == _DB8

    def number(self, text: str, source: Source) -> str | None:
        return None


def _is_four(text: str) -> bool:
    """Whether it is read as an address of version 4, perhaps with a port, or as one that is mapped."""
    return text.count(":") < 2 or ("." in text and _MAPPED.search(text) is not None)


def _nobodys(number: int) -> bool:
    return number >= _RESERVED or number & ~255 in _DOCUMENTATION


def _quad(match: re.Match[str]) -> int | None:
    a, b, c, d = int(match[1]), int(match[3]), int(match[4]), int(match[5])
    return None if a > 255 or b > 255 or c > 255 or d > 255 else a << 24 | b << 16 | c << 8 | d


def _matched_six(text: str) -> "re.Match[str] | None":
    return (_V6_OF_V4 if "." in text else _V6).search(text)


def _groups(text: str) -> int | None:
    """An IPv6 address as a number. Quick for those that are only digits and colons."""
    if "." not in text:
        head, cut, tail = text.partition("::")
        first = head.split(":") if head else []
        last = tail.split(":") if tail else []
        gap = 8 - len(first) - len(last)
        groups = first + ["0"] * gap + last if cut and gap > 0 else first
        if len(groups) != 8 or "" in groups:
            return None
        all_of_them = "".join([group.zfill(4) for group in groups])
        return int(all_of_them, 16) if len(all_of_them) == 32 else None
    try:
        return int(IPv6Address(text))
    except AddressValueError:
        return None


def _preserved(source: Source, version: str, bits: int, before: int, length: int) -> int:
    """Bits of an address, each flipped as the key and all bits before it say.

    A digest decides over eight bits at once: its bits are the nodes of a binary tree, the path through which
    is what the address has there.
    """
    new = 0
    for shift in range(length - 8, -1, -8):
        tree = _tree(source, version, length, before, bits >> shift + 8, shift)
        octet = bits >> shift & 0xFF | 0x100
        flips = 0
        for place in range(8, 0, -1):
            flips = flips << 1 | tree >> (octet >> place) & 1
        new = new << 8 | (octet ^ flips) & 0xFF
    return new


@lru_cache(maxsize=16384)
def _tree(source: Source, version: str, length: int, before: int, above: int, shift: int) -> int:
    """What decides over the eight bits at a place. The networks of a log are few: their hosts share one."""
    return source.number(f"prefix\0{version}\0{length}\0{before}\0{above}\0{shift}")


_MAC = late("[0-9a-f]{12}(?:[0-9a-f]{4})?")


class Devices(Maker):
    """A MAC address, or one of 64 bits, in the spelling of the one that it stands for."""

    def stand_in(self, text: str, source: Source) -> str | None:
        digits = said_of(text).lower()  # once for both
        return text if self._made(digits, source) else self._make(text, digits, source)

    def make(self, text: str, source: Source) -> str | None:
        return self._make(text, said_of(text).lower(), source)

    def _make(self, text: str, digits: str, source: Source) -> str | None:
        if not _MAC.fullmatch(digits):
            return None
        body = source.stream(f"mac\0{digits}").hex()
        body = f"{body[0]}6{body[2:7]}"
        return _in_case(text, (body + source.seal(f"mac\0{body}").hex())[: len(digits)])

    def made(self, text: str, source: Source) -> bool:
        return self._made(said_of(text).lower(), source)

    def _made(self, digits: str, source: Source) -> bool:
        if digits[1:2] != "6" or not _MAC.fullmatch(digits):
            return False
        return any(seal.hex().startswith(digits[7:]) for seal in source.seals(f"mac\0{digits[:7]}"))

    def number(self, text: str, source: Source) -> str | None:
        return None


def _in_case(text: str, digits: str) -> str:
    """Hexadecimal digits in the spelling of a text: large if it has a large letter."""
    return laid(text, digits if text.islower() or text == text.lower() else digits.upper())


_UUID = late(
    r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-8[0-9A-Fa-f]{3}-[89abAB][0-9A-Fa-f]{3}-[0-9A-Fa-f]{12}"
    r"(?![0-9A-Za-z])"
)
_URN = "urn:uuid:"


class Uuids(Told):
    """UUIDs of version 8, which RFC 9562 leaves to whoever makes them: 90 bits of value, 32 of seal."""

    def make(self, text: str, source: Source) -> str | None:
        before, digits = _uuid(text)
        if len(digits) != 32:
            return None
        new = source.stream(f"uuid\0{digits}").hex()
        new = f"{new[:12]}8{new[13:16]}{'89ab'[ord(new[16]) & 3]}{new[17:24]}"
        new += source.seal(f"uuid\0{new}").hex()[:8]
        return before + _in_case(text[len(before) :], new)

    def made(self, text: str, source: Source) -> bool:
        if len(text) == 36 and text[14] != "8":
            return False
        _, digits = _uuid(text)
        if digits[12:13] != "8" or len(digits) != 32:
            return False
        return any(seal.hex()[:8] == digits[24:] for seal in source.seals(f"uuid\0{digits[:24]}"))

    def number(self, text: str, source: Source) -> str | None:
        return None

    def own(self, text: str, source: Source) -> Iterator[tuple[int, int]]:
        if "-8" in text:
            for match in _UUID.finditer(text):
                if self.made(match[0], source):
                    yield match.span()


def _uuid(text: str) -> tuple[str, str]:
    """What stands before a UUID, and its digits in small letters."""
    before = text[: len(_URN)] if text[: len(_URN)].lower() == _URN else ""
    return before, said_of(text[len(before) :]).lower()


ADDRESSES = Addresses()
PREFIXES = Addresses(prefix=True)
DEVICES = Devices()
UUIDS = Uuids()
