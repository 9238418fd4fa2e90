"""encrypt: a token that who has the key can turn back into the value, byte for byte.

    <ENTITY!1KEYIDDIGITS>

`1` is the version, KEYID the id of the key (eight digits of base32), DIGITS the rest in base32: AES-256 in
SIV mode (RFC 5297) under a key that is derived for this purpose, with version and entity as associated data.
The same value gives the same token; one in which a character changed, its entity too, opens no more.

What is encrypted: a byte that says whether the value follows as text (0) or as JSON (1: a number, a boolean,
a string that is spelled otherwise than need be), plus 2 where 16 bytes stand for the tenant; then those; then
the value in UTF-8, filled up with 80 00 00 ... to 4, 24, 44, ... bytes. So a token shows its entity, its key,
which other values are equal, and the length of the value in steps of twenty bytes.
"""

import re
from collections.abc import Mapping
from math import inf
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from cecil.sanitizer import base32
from cecil.sanitizer.actions.base import Kind, Option, Options, Scope, Spelled
from cecil.sanitizer.keyring import ID_LENGTH, Keyring, Mac
from cecil.sanitizer.late import late
from cecil.stream.jsontext import Number, dumps

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TOKEN = late(r"<([A-Z][A-Z0-9_]*+)!([0-9])([0-9A-Za-z]{9,}+)>")
"""Whatever looks like a token, changed ones too: entity, version, the rest."""

_VERSION = "1"
_REST = late(rf"({base32.DIGIT}{{{ID_LENGTH}}})((?:{base32.DIGIT}{{32}})++)")
_TEXT, _JSON, _TENANT = 0, 1, 2
_TAG = 16
_SIV = 16
_STEP = 20
_PURPOSE = "encrypt"


class Opened(NamedTuple):
    """What stood in the place of a token.

    Attributes:
        said: the value as text; or as JSON, as it was spelled.
        json: which of them.
        key_id: of the key.
    """

    said: str
    json: bool
    key_id: str


class Closed(NamedTuple):
    """Why a token does not open.

    Attributes:
        why: for messages.
    """

    why: str


class Cipher:
    """Makes tokens with the first key of a keyring, and opens those of all.

    Args:
        keys: never used for anything else.
    """

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys
        self._first = keys.ids[0]
        self._ciphers: dict[str, AESSIV] = {}
        self._tenant: Mac | None = None

    def make(self, said: str, entity: str, tenant: str = "", *, json: bool = False) -> str:
        """A token.

        Args:
            said: the value.
            tenant: tokens of two tenants differ; who opens one need not know whose it is.
            json: whether `said` is JSON.
        """
        # Half a character (a lone surrogate) is no reason to fail.
        data = said.encode("utf-8", "surrogatepass")
        form = _JSON if json else _TEXT
        if tenant:
            self._tenant = self._tenant or self._keys.mac("encrypt tenant")
            form |= _TENANT
            data = self._tenant(tenant.encode("utf-8", "surrogatepass"))[:_TAG] + data
        data = bytes([form]) + data + b"\x80"
        data = data.ljust(len(data) + -(_SIV + len(data)) % _STEP, b"\0")
        sealed = self._cipher(self._first).encrypt(data, _associated(entity))
        return f"<{entity}!{_VERSION}{self._first}{base32.encode(sealed)}>"

    def open(self, token: "re.Match[str]") -> Opened | Closed:
        """What a token stands for.

        Args:
            token: a match of `TOKEN`.
        """
        if token[2] != _VERSION:
            return Closed("of another version")
        rest = _REST.fullmatch(token[3])
        if rest is None:
            return Closed("changed")
        key_id, digits = rest.groups()
        if key_id not in self._keys.ids:
            return Closed("of another key")
        from cryptography.exceptions import InvalidTag

        try:
            data = self._cipher(key_id).decrypt(base32.decode(digits), _associated(token[1]))
        except InvalidTag:
            return Closed("changed")
        said = data[1 + (_TAG if data[0] & _TENANT else 0) :].rstrip(b"\0")[:-1]
        return Opened(said.decode("utf-8", "surrogatepass"), bool(data[0] & _JSON), key_id)

    def _cipher(self, key_id: str) -> "AESSIV":
        if key_id not in self._ciphers:
            from cryptography.hazmat.primitives.ciphers.aead import AESSIV

            self._ciphers[key_id] = AESSIV(self._keys.derive(_PURPOSE, key_id, 64))
        return self._ciphers[key_id]


class Encrypt(Kind):
    """`<USER_ID!1...>`."""

    name = "encrypt"
    says = (
        "A token as <USER_ID!1...>, the same for the same value, entity and key, that cecil-redact --restore "
        "turns back into the value as it was spelled. A number or boolean is a string until then."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "tenant": Option("path", "where the record names its tenant; tokens of two tenants differ")
    }
    keyed = True
    lasting = True

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._cipher = Cipher(keys) if keys else None

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        if self._is_own(text):
            return text
        return self._make(text, entity, _tenant(options, scope))

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        tenant = _tenant(options, scope)
        if self._is_own(text):
            return value
        usual = _usual(value)
        if type(value) is str or usual is None:
            plain = self._make(str(value), entity, tenant)
        else:
            plain = self._make(usual, entity, tenant, json=True)

        def spelled(raw: str) -> str:
            return plain if raw == usual else self._make(raw, entity, tenant, json=True)

        return Spelled(plain, spelled)

    def own(self, text: str) -> list[tuple[int, int]]:
        if "!" not in text or self._cipher is None:
            return []
        cipher = self._cipher
        return [one.span() for one in TOKEN.finditer(text) if isinstance(cipher.open(one), Opened)]

    def _is_own(self, text: str) -> bool:
        match = TOKEN.fullmatch(text) if "!" in text else None
        return match is not None and self.own(text) != []

    def _make(self, said: str, entity: str, tenant: str, *, json: bool = False) -> str:
        assert self._cipher is not None, "it is never asked without a key"
        return self._cipher.make(said, entity, tenant, json=json)


def _tenant(options: Options, scope: Scope) -> str:
    return scope.get(options["tenant"], "") if options else ""


def _associated(entity: str) -> list[bytes]:
    return [_VERSION.encode(), entity.encode()]


def _usual(value: Any) -> str | None:
    """How a value is mostly spelled in JSON; None where JSON cannot say it: NaN, half a character."""
    if type(value) is int or isinstance(value, Number):
        return str(value)  # of any size
    try:
        return dumps(value) if value == value and value not in (inf, -inf) else None
    except TypeError:
        return None
