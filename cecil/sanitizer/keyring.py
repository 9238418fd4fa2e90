"""The user's secret keys, and what is derived from them: one key for each purpose.

Owns: the form of a key file, ids, and the derivation by HKDF-SHA-256 (RFC 5869). Refuses to hand out a
key itself, and to say anything of a file that is wrong but the number of the line.

A key file is text, a key a line; the first is used, the others are known, so that what older keys made is
known or can be restored:

    # a comment
    cecil-key-1-ID-SECRET

`1` is the version of the form. SECRET is 32 random bytes in base32. ID is derived from it, so it shows a
line that was cut or mistyped, and says nothing about the key.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple

from cecil.errors import UsageError
from cecil.sanitizer import base32
from cecil.sanitizer.late import late

KEY_MARK = "cecil-key-"
"""How a key begins, in every version."""

KEY = late(
    rf"{KEY_MARK}[0-9]+-{base32.DIGIT}{{8}}-|(?<!{base32.DIGIT}){base32.DIGIT}{{52}}(?!{base32.DIGIT})"
)
"""A key, or its secret alone, in a text."""

SIZE = 32
"""Bytes of a key."""

ID_LENGTH = 8
"""Characters of a key's id: 40 bits."""

_LINE = late(rf"{KEY_MARK}1-({base32.DIGIT}{{8}})-({base32.DIGIT}{{52}})[ \t]*\r?")
_HINT = "cecil-redact --new-key FILE makes a key file"

Mac = Callable[[bytes], bytes]
"""HMAC-SHA-256 under one key: a message's 32 bytes."""


class Key(NamedTuple):
    """One key.

    Attributes:
        id: names it in tokens, and reveals nothing of it.
        secret: never leaves this module but into a key file.
    """

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Keyring:
    """Keys, the first of which is used; the others are known, so that what they made is known.

    Args:
        secrets: of `SIZE` bytes each; at least one.
        temporary: whether they were made for this run only.
    """

    def __init__(self, *secrets: bytes, temporary: bool = False) -> None:
        self._keys = tuple(Key(_id(secret), secret) for secret in secrets)
        self._by_id = {key.id: key for key in self._keys}
        self._derived: dict[tuple[str, str, int], bytes] = {}
        self.temporary = temporary

    @classmethod
    def parse(cls, data: bytes, where: str | None = None) -> "Keyring":
        """Keys from a key file.

        Args:
            where: the file's name, for messages.

        Raises:
            UsageError: it is no key file.
        """

        def wrong(message: str, number: int = 0) -> UsageError:
            place = f"{where or 'key'}:{number}" if number else where
            return UsageError(message, where=place, hint=_HINT)

        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise wrong("not a key file") from None
        found: dict[str, bytes] = {}
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = _LINE.fullmatch(line)
            if match is None:
                if re.match(rf"{KEY_MARK}(?!1\b)[0-9]+\b", line):
                    raise wrong("a key of a version that this Cecil does not know", number)
                raise wrong("not a key", number)
            try:
                secret = base32.decode(match[2])
            except ValueError:
                raise wrong("a damaged key", number) from None
            if _id(secret) != match[1]:
                raise wrong("a damaged key: its id is that of another", number)
            if match[1] in found:
                raise wrong("a key that is there twice", number)
            found[match[1]] = secret
        if not found:
            raise wrong("no key in it")
        return cls(*found.values())

    @classmethod
    def of(cls, key: object) -> "Keyring | None":
        """Keys as a program gives them: a keyring, the bytes of a key file, or None.

        Raises:
            UsageError: it is none of these, as a path is; or the bytes are no key file.
        """
        if key is None or isinstance(key, Keyring):
            return key
        if isinstance(key, bytes):
            return cls.parse(key)
        raise UsageError(
            "a key is the bytes of a key file, or a Keyring; no path, and no text",
            hint='key=Path("cecil.key").read_bytes()',
        )

    @classmethod
    def random(cls) -> "Keyring":
        """A key for one run."""
        return cls(secrets.token_bytes(SIZE), temporary=True)

    def rotated(self) -> "Keyring":
        """The same keys with a new one before them."""
        return Keyring(secrets.token_bytes(SIZE), *(key.secret for key in self._keys))

    def file(self) -> bytes:
        """The keys as a key file."""
        head = "# Secret keys of Cecil. The first is used; the others know what older ones made.\n"
        rows = [f"{KEY_MARK}1-{key.id}-{base32.encode(key.secret)}\n" for key in self._keys]
        return "".join([head, *rows]).encode()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys; that of the one in use first."""
        return tuple(self._by_id)

    def derive(self, purpose: str, key_id: str | None = None, length: int = 32) -> bytes:
        """A key for one purpose only.

        Args:
            purpose: as `hash`.
            key_id: of the key from which it is derived; the first if None.
            length: bytes.

        Raises:
            KeyError: there is none of that id.
        """
        key = self._keys[0] if key_id is None else self._by_id[key_id]
        asked = (key.id, purpose, length)
        if asked not in self._derived:
            self._derived[asked] = _hkdf(key.secret, purpose, length)
        return self._derived[asked]

    def mac(self, purpose: str, key_id: str | None = None) -> Mac:
        """HMAC-SHA-256 under a key for one purpose, made ready: half of what `hmac.digest` costs.

        Args:
            purpose, key_id: see `derive`.
        """
        return _mac(self.derive(purpose, key_id))

    def __getstate__(self) -> dict[str, Any]:
        # What was derived is derived again by who unpickles it.
        return self.__dict__ | {"_derived": {}}


def _id(secret: bytes) -> str:
    return base32.encode(_hkdf(secret, "id", 5))


def _hkdf(secret: bytes, purpose: str, length: int) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    # No salt: the secret is random already (RFC 5869, 3.1). The purpose keeps the keys apart.
    return HKDF(SHA256(), length, salt=None, info=f"cecil 1 {purpose}".encode()).derive(secret)


def _mac(key: bytes) -> Mac:
    """RFC 2104 for a key of at most 64 bytes; what the key alone decides is computed once."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded)).copy
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded)).copy

    def mac(message: bytes) -> bytes:
        one = inner()
        one.update(message)
        two = outer()
        two.update(one.digest())
        return two.digest()

    return mac
