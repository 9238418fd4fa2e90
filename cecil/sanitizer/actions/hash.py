"""hash: a keyed token, the same for the same value: records still join, and nobody without the key can
find the value by trying all phone numbers.

`<ENTITY#` + 24 hex digits of HMAC-SHA-256(key, entity NUL text) + 8 hex digits of an HMAC over those +
`>`. The second part is how a later run with the same key knows its own tokens and leaves them alone,
while nobody else can write text that passes for one.
"""

import hmac
import re

_TOKEN = re.compile(r"<([A-Z][A-Z0-9_]*)#([0-9a-f]{24})([0-9a-f]{8})>")


def hashed(key: bytes, text: str, entity: str) -> str:
    """The token of a value; a token of the same key stays as it is."""
    match = _TOKEN.fullmatch(text)
    if match and _verified(key, match):
        return text
    body = hmac.digest(key, f"{entity}\0{text}".encode(), "sha256")[:12].hex()
    return f"<{entity}#{body}{_seal(key, entity, body)}>"


def find(key: bytes | None, text: str) -> list[tuple[int, int]]:
    """Where tokens of this key stand; none without a key."""
    if key is None:
        return []
    return [match.span() for match in _TOKEN.finditer(text) if _verified(key, match)]


def _verified(key: bytes, match: "re.Match[str]") -> bool:
    return hmac.compare_digest(match[3], _seal(key, match[1], match[2]))


def _seal(key: bytes, entity: str, body: str) -> str:
    return hmac.digest(key, f"seal\0{entity}\0{body}".encode(), "sha256")[:4].hex()
