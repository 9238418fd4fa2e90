"""Keys that sign manifests: Ed25519 (RFC 8032).

Owns: their files, which look as those of `cecil.sanitizer.keyring` do, a key a line:

    cecil-sign-1-ID-SECRET          whoever has it signs; mode 0600
    cecil-verify-1-ID-PUBLIC        whoever has it can tell; it is no secret

SECRET and PUBLIC are 32 bytes in base64url without padding. ID is the first ten bytes of the public key's
SHA-256 as hexadecimal digits, so it shows a line that was cut or mistyped. Refuses to hand out the secret.
"""

import base64
import hashlib
import re
from typing import Any, NamedTuple

from cecil.errors import UsageError

_SIZE = 32
_LINE = re.compile(r"cecil-(sign|verify)-1-([0-9a-f]{20})-([A-Za-z0-9_-]{43})[ \t]*\r?")


class Signer:
    """A key that signs.

    Args:
        secret: its 32 bytes.

    Attributes:
        id: names the key.
    """

    def __init__(self, secret: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(secret)
        self._secret = secret
        self.verifier = Verifier(self._key.public_key().public_bytes_raw())
        self.id = self.verifier.id

    @classmethod
    def random(cls) -> "Signer":
        """A new key."""
        import secrets

        return cls(secrets.token_bytes(_SIZE))

    def sign(self, message: bytes) -> str:
        """The signature of a message, in base64."""
        return base64.b64encode(self._key.sign(message)).decode()

    def file(self) -> bytes:
        """The key as a key file."""
        return _file("# Signs manifests of Cecil. Keep it secret.\n", "sign", self.id, self._secret)


class Verifier(NamedTuple):
    """A key that tells whether another one signed.

    Attributes:
        public: its 32 bytes.
    """

    public: bytes

    @property
    def id(self) -> str:
        """Names the key."""
        return hashlib.sha256(self.public).hexdigest()[:20]

    def holds(self, message: bytes, signature: Any) -> bool:
        """Whether a signature in base64 is one of a message."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            data = base64.b64decode(signature, validate=True)
            Ed25519PublicKey.from_public_bytes(self.public).verify(data, message)
        except (InvalidSignature, ValueError, TypeError):
            return False
        return True

    def file(self) -> bytes:
        """The key as a key file."""
        return _file(
            "# Tells whether a manifest of Cecil was signed by its key.\n", "verify", self.id, self.public
        )


def signer(data: bytes, where: str) -> Signer:
    """The key of a file that signs.

    Raises:
        UsageError: it is none.
    """
    kind, name, key = _read(data, where)
    if kind != "sign":
        raise UsageError("a key that tells, and not one that signs", where=where)
    made = Signer(key)
    if made.id != name:
        raise UsageError("a damaged key: its id is that of another", where=where)
    return made


def verifier(data: bytes, where: str) -> Verifier:
    """The key of a file that tells: of one that signs, too.

    Raises:
        UsageError: it is none.
    """
    kind, name, key = _read(data, where)
    made = Verifier(key) if kind == "verify" else Signer(key).verifier
    if made.id != name:
        raise UsageError("a damaged key: its id is that of another", where=where)
    return made


def _file(head: str, kind: str, name: str, key: bytes) -> bytes:
    text = base64.urlsafe_b64encode(key).decode().rstrip("=")
    return f"{head}cecil-{kind}-1-{name}-{text}\n".encode()


def _read(data: bytes, where: str) -> tuple[str, str, bytes]:
    lines = [line for line in data.decode("utf-8", "replace").split("\n") if line.strip() and line[0] != "#"]
    match = _LINE.fullmatch(lines[0]) if len(lines) == 1 else None
    if match is None:
        hint = "cecil-leaktest --new-signing-key FILE makes one"
        raise UsageError("not a key for manifests", where=where, hint=hint)
    return match[1], match[2], base64.urlsafe_b64decode(match[3] + "=")
