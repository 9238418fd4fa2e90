"""The user's secret keys, and what is derived from them: one key for each purpose.

Owns the form of a key file and HKDF. Refuses to hand out a key itself.
"""

import hmac
import secrets
from typing import NamedTuple

from cecil.errors import UsageError

MIN_KEY = 16
"""Bytes that a key has at least."""


class Key(NamedTuple):
    """One key.

    Attributes:
        id: names it in tokens, and reveals nothing of it.
        secret: never leaves this module.
    """

    id: str
    secret: bytes


class Keyring:
    """Keys, the first of which is used; the others are known, so that what they made is known.

    Args:
        keys: at least one.
        temporary: whether they were made for this run only.
    """

    def __init__(self, keys: tuple[Key, ...], *, temporary: bool = False) -> None:
        self._keys = keys
        self.temporary = temporary

    @classmethod
    def parse(cls, data: bytes, where: str | None = None) -> "Keyring":
        """Keys from a key file.

        Raises:
            UsageError: it is no key file.
        """
        if len(data) < MIN_KEY:
            raise UsageError(
                f"the key has fewer than {MIN_KEY} bytes", where=where, hint="cecil-redact --new-key FILE"
            )
        return cls((Key("", data),))

    @classmethod
    def random(cls) -> "Keyring":
        """A key for one run."""
        return cls((Key("", secrets.token_bytes(32)),), temporary=True)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all keys; that of the one in use first."""
        return tuple(key.id for key in self._keys)

    def derive(self, purpose: str, key_id: str | None = None, length: int = 32) -> bytes:
        """A key for one purpose only.

        Args:
            purpose: as `hash`.
            key_id: of the key from which it is derived; the first if None.
            length: bytes.

        Raises:
            KeyError: there is none of that id.
        """
        key = self._keys[0] if key_id is None else {key.id: key for key in self._keys}[key_id]
        return hmac.digest(key.secret, f"cecil {purpose}".encode(), "sha256")[:length]
