"""Base32 as tokens and key files bear it: RFC 4648 in lower case, without padding.

It is one word to a double click, survives whatever changes case, and has few digits that could be taken
for a number.
"""

import base64

DIGIT = "[a-z2-7]"
"""One digit, as a regular expression."""

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_SHIFTS = range(150, -1, -10)
_VALUES = str.maketrans(_DIGITS, "0123456789abcdefghijklmnopqrstuv")


def encode(data: bytes) -> str:
    """Bytes as text: eight characters for five bytes."""
    if len(data) == 20:  # that of a hash, which has to be quick
        number = int.from_bytes(data, "big")
        return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])
    return base64.b32encode(data).decode().lower().rstrip("=")


def decode(text: str) -> bytes:
    """What `encode` made the text of.

    Args:
        text: digits of base32, nothing else.

    Raises:
        ValueError: it is nothing that `encode` makes.
    """
    size = len(text) * 5 // 8
    spare = len(text) * 5 - size * 8
    number = int(text.translate(_VALUES), 32) if text else 0
    if spare >= 5 or number & ((1 << spare) - 1):
        raise ValueError("not base32")
    return (number >> spare).to_bytes(size, "big")
