"""The checksums that tokens carry, each under the name that `table` calls it by.

Owns: saying whether a token is one that its vendor could have issued. Refuses: to look anything up.
A checksum is a function of the token to bool.
"""

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Callable

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def base62(number: int, length: int) -> str:
    """A number in GitHub's base 62 (digits, capitals, small letters), filled up with zeros."""
    digits = []
    while number:
        number, digit = divmod(number, 62)
        digits.append(_BASE62[digit])
    return "".join(reversed(digits)).rjust(length, "0")


def crc_of_body(token: str) -> str:
    """The six characters that GitHub, npm and others put last: CRC-32 of what stands between `_` and them."""
    return base62(zlib.crc32(token[:-6].partition("_")[2].encode()), 6)


def _crc_of_body(token: str) -> bool:
    return token[-6:] == crc_of_body(token)


def aws_account(token: str) -> int | None:
    """The account that an access key belongs to, as it stands in the first ten characters of its base 32.

    Keys that were issued before March 2019 hold none; they begin with I or J.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html says that the
    account can be read from the key; the layout is 40 bits after one, in 48 bits of base 32.
    """
    try:
        raw = base64.b32decode(token[4:14] + "======")
    except binascii.Error:
        return None
    return (int.from_bytes(raw[:6], "big") & 0x7FFFFFFFFF80) >> 7


def _aws(token: str) -> bool:
    account = aws_account(token)
    return account is not None and account < 10**12


def json_head(part: str) -> dict[str, object] | None:
    """The JSON object in unpadded base64url, as in a JWT's header; None when it is none."""
    try:
        head = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return None
    return head if isinstance(head, dict) else None


def _bech32(token: str) -> bool:
    """BIP-173: https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki, as age uses it."""
    prefix, _, data = token.lower().rpartition("1")
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    values += [_BECH32.find(c) for c in data]
    return -1 not in values and _polymod(values) == 1


def bech32_check(prefix: str, data: str) -> str:
    """The six characters that make `prefix`, `1` and `data`, all in small letters, valid bech32."""
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = _polymod([*values, *(_BECH32.index(c) for c in data), 0, 0, 0, 0, 0, 0]) ^ 1
    return "".join(_BECH32[rest >> 5 * (5 - i) & 31] for i in range(6))


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _from_base58(token: str) -> bytes:
    number = 0
    for digit in token:
        number = number * 58 + _BASE58.index(digit)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _hashed_twice(data: bytes) -> bytes:
    return hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]


def base58check(token: str) -> bool:
    """https://en.bitcoin.it/wiki/Base58Check_encoding: none of what is checked here begins with a zero."""
    data = _from_base58(token)
    return _hashed_twice(data[:-4]) == data[-4:]


def _mended_base58(token: str) -> str:
    data = _from_base58(token)
    number, made = int.from_bytes(data[:-4] + _hashed_twice(data[:-4]), "big"), ""
    while number:
        number, digit = divmod(number, 58)
        made = _BASE58[digit] + made
    return made


def _crc16(token: str) -> bool:
    """Stellar's strkey (SEP-23): CRC-16/XMODEM of what stands before it, the lower byte first."""
    data = base64.b32decode(token)
    return binascii.crc_hqx(data[:-2], 0).to_bytes(2, "little") == data[-2:]


def _mended_crc16(token: str) -> str:
    data = base64.b32decode(token)[:-2]
    return base64.b32encode(data + binascii.crc_hqx(data, 0).to_bytes(2, "little")).decode()


MENDED: dict[str, Callable[[str], str]] = {"base58check": _mended_base58, "crc16": _mended_crc16}
"""What gives a token the checksum that it lacks. By the name of one that is all that tells a token."""


def _macaroon(token: str) -> bool:
    """PyPI's: the macaroon's first packet is version 2 and the location `pypi.org` or `test.pypi.org`."""
    body = token.partition("-")[2]
    raw = base64.urlsafe_b64decode(body[: len(body) // 4 * 4])
    return raw[:1] == b"\x02" and b"pypi.org" in raw[:20]


CHECKSUMS: dict[str, Callable[[str], bool]] = {
    "crc32": _crc_of_body,
    "aws-account": _aws,
    "bech32": _bech32,
    "macaroon": _macaroon,
    "base58check": base58check,
    "crc16": _crc16,
}
"""By name."""
