"""What takes the place of a finding: one action a file, each a function of text, entity and options.

Owns the table of actions and what Cecil's own replacements look like (`<EMAIL_ADDRESS>`,
`<EMAIL_ADDRESS#…>`), so that a second run leaves them alone. Every action is idempotent.
"""

from collections.abc import Callable
from typing import NamedTuple

from cecil.sanitizer.actions.hash import hashed
from cecil.sanitizer.actions.mask import masked
from cecil.sanitizer.actions.redact import redacted


class Action(NamedTuple):
    """An action and its options, as a policy names them.

    Attributes:
        name: keep, trust, drop, redact, mask or hash.
        keep_last: characters that `mask` leaves, counted from the end.
        entity: what a field's value is called in its replacement; for fields only.
    """

    name: str
    keep_last: int = 0
    entity: str | None = None


NAMES = ("keep", "trust", "drop", "redact", "mask", "hash")
OPTIONS = {"mask": frozenset({"keep_last"})}
"""Options of an action, beside those that every one takes."""


class Replacer:
    """Carries actions out.

    Args:
        key: the secret of `hash`; None where no rule hashes.
        entities: every name that a placeholder may bear.
    """

    def __init__(self, key: bytes | None, entities: frozenset[str]) -> None:
        self._key = key
        self._entities = entities
        self._table: dict[str, Callable[[str, str, Action], str]] = {
            "redact": lambda text, entity, action: redacted(entity),
            "mask": lambda text, entity, action: masked(text, action.keep_last),
            "hash": lambda text, entity, action: hashed(self._secret(), text, entity),
        }

    def replace(self, text: str, entity: str, action: Action) -> str:
        """What stands for `text`; the same text for the same key and action, always."""
        return self._table[action.name](text, entity, action)

    def own(self, text: str) -> list[tuple[int, int]]:
        """Where earlier replacements stand in a text."""
        if "<" not in text:
            return []
        from cecil.sanitizer.actions import hash, redact

        return [*redact.find(text, self._entities), *hash.find(self._key, text)]

    def _secret(self) -> bytes:
        assert self._key is not None, "Sanitizer checks that a policy that hashes has a key"
        return self._key
