"""hash: a keyed token, the same for the same value: records still join, and nobody without the key can
find the value by trying all phone numbers.

`<ENTITY#` + 24 hex digits of HMAC-SHA-256(key, entity NUL text) + 8 hex digits of an HMAC over those +
`>`. The second part is how a later run with the same key knows its own tokens and leaves them alone,
while nobody else can write text that passes for one.
"""

import hmac
import re

from cecil.sanitizer.actions.base import Kind, Options, Scope
from cecil.sanitizer.keyring import Keyring

_TOKEN = re.compile(r"<([A-Z][A-Z0-9_]*)#([0-9a-f]{24})([0-9a-f]{8})>")


class Hash(Kind):
    """`<USER_ID#...>`."""

    name = "hash"
    says = "A token as <USER_ID#...>, the same for the same value and key."
    keyed = True

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._key = keys.derive("hash") if keys else b""

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        match = _TOKEN.fullmatch(text)
        if match and self._verified(match):
            return text
        body = hmac.digest(self._key, f"{entity}\0{text}".encode(), "sha256")[:12].hex()
        return f"<{entity}#{body}{self._seal(entity, body)}>"

    def own(self, text: str) -> list[tuple[int, int]]:
        if "<" not in text:
            return []
        return [match.span() for match in _TOKEN.finditer(text) if self._verified(match)]

    def _verified(self, match: "re.Match[str]") -> bool:
        return hmac.compare_digest(match[3], self._seal(match[1], match[2]))

    def _seal(self, entity: str, body: str) -> str:
        return hmac.digest(self._key, f"seal\0{entity}\0{body}".encode(), "sha256")[:4].hex()
