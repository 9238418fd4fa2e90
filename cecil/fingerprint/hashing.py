"""Keyed hashes: one key, purposes apart.

Owns: the derivation of a subkey per purpose and the only way to make a `KeyedHash` of text. The subkeys
are bound to fingerprints, so a hash here never equals a pseudonym that the sanitizer makes with the same
key. Refuses: hashing without a key. An unkeyed hash of a user's number is reversed in seconds.
"""

import functools
import hashlib
import hmac
import unicodedata
from enum import StrEnum

MIN_KEY = 16
"""Bytes; a shorter key could be guessed."""


class Purpose(StrEnum):
    ID = "id"
    USER = "user"
    MODEL = "model"
    SESSION = "session"
    PREFIX = "prefix"


class KeyedHash:
    """Bytes of an HMAC; text is never part of one.

    Args:
        digest: the (shortened) HMAC.
    """

    __slots__ = ("digest",)

    def __init__(self, digest: bytes) -> None:
        self.digest = digest

    def __str__(self) -> str:
        return self.digest.hex()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KeyedHash) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


class Hasher:
    """Makes the hashes of one key.

    Args:
        key: at least `MIN_KEY` bytes.

    Attributes:
        kid: names the key in a record, so that hashes of two keys are not compared; 4 bytes.

    Raises:
        ValueError: the key is too short.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY:
            raise ValueError(f"a key of at least {MIN_KEY} bytes is wanted")
        self._subkeys = {
            purpose: hmac.digest(key, b"cecil-fingerprint/v1:" + purpose.encode(), hashlib.sha256)
            for purpose in Purpose
        }
        self.kid = KeyedHash(self._subkeys[Purpose.ID][:4])
        # A log has few users in a stretch, and many calls of each.
        self._hash = functools.lru_cache(4096)(self._compute)

    def user(self, raw: str) -> KeyedHash:
        """8 bytes for a user's id; spellings that differ in case or Unicode form are one user."""
        return self._hash(Purpose.USER, unicodedata.normalize("NFC", raw).strip().casefold())

    def session(self, raw: str) -> KeyedHash:
        """8 bytes for a session's or conversation's id."""
        return self._hash(Purpose.SESSION, raw.strip())

    def model(self, raw: str) -> KeyedHash:
        """8 bytes for a model that no price list knows."""
        return self._hash(Purpose.MODEL, raw.strip())

    def _compute(self, purpose: Purpose, text: str) -> KeyedHash:
        # "surrogatepass": a lone surrogate is no reason to fail; it is only hashed.
        data = text.encode("utf-8", "surrogatepass")
        return KeyedHash(hmac.digest(self._subkeys[purpose], data, hashlib.sha256)[:8])
