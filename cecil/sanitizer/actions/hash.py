"""hash: a keyed token, the same for the same value: records still join, and nobody without the key can
find the value by trying all phone numbers.

`<ENTITY#` + 32 digits of base32 + `>`. The digits are the first 128 bits of HMAC-SHA-256 over entity,
tenant and value, and 32 bits of a second one over entity and those: the seal, by which a later run with
the same key, or with a file in which it is an older one, knows its own tokens and leaves them alone, while
nobody else can write text that passes for one.
"""

import re
from collections.abc import Mapping
from typing import ClassVar

from cecil.sanitizer import base32
from cecil.sanitizer.actions.base import Kind, Option, Options, Scope
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.late import late

_TOKEN = late(rf"<([A-Z][A-Z0-9_]*+)#({base32.DIGIT}{{32}})>")
_BODY = 16
_SEAL = 4


class Hash(Kind):
    """`<USER_ID#...>`."""

    name = "hash"
    says = (
        "A token as <USER_ID#...>, the same for the same value, entity and key in every field, file and run. "
        "Without the key nobody can find the value by trying."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "tenant": Option("path", "where the record names its tenant; tokens of two tenants differ")
    }
    keyed = True

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        ids = keys.ids if keys else ()
        self._seals = [keys.mac("hash seal", one) for one in ids] if keys else []
        if keys:
            self._mac = keys.mac("hash")
            self._seal = self._seals[0]

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        if "#" in text and (match := _TOKEN.fullmatch(text)) and self._verified(match):
            return text
        tenant = scope.get(options["tenant"], "") if options else ""
        # The tenant's length tells where it ends. Half a character (a lone surrogate) is no reason to fail.
        said = f"{entity}\0{len(tenant)}\0{tenant}{text}".encode("utf-8", "surrogatepass")
        body = self._mac(said)[:_BODY]
        seal = self._seal(entity.encode() + b"\0" + body)[:_SEAL]
        return f"<{entity}#{base32.encode(body + seal)}>"

    def own(self, text: str) -> list[tuple[int, int]]:
        if "#" not in text:
            return []
        return [match.span() for match in _TOKEN.finditer(text) if self._verified(match)]

    def _verified(self, match: "re.Match[str]") -> bool:
        data = base32.decode(match[2])
        said = match[1].encode() + b"\0" + data[:_BODY]
        return any(seal(said)[:_SEAL] == data[_BODY:] for seal in self._seals)
