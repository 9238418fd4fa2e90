"""What takes the place of a finding: one action a file, each a function of text, entity and options.

Owns the table of actions and where Cecil's own replacements stand in a text (`<EMAIL_ADDRESS>`,
`<EMAIL_ADDRESS#…>`), so that a second run leaves them alone. Every action but shift is idempotent.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from cecil.sanitizer.actions import redact
from cecil.sanitizer.actions.base import Action, Kind, Option, Options, Scope
from cecil.sanitizer.actions.encrypt import Encrypt
from cecil.sanitizer.actions.generalise import Generalise
from cecil.sanitizer.actions.hash import Hash
from cecil.sanitizer.actions.mask import Mask
from cecil.sanitizer.actions.plain import Drop, Keep, Trust
from cecil.sanitizer.actions.redact import Redact
from cecil.sanitizer.actions.shift import Shift
from cecil.sanitizer.actions.surrogate import Surrogate
from cecil.sanitizer.actions.truncate import Truncate
from cecil.sanitizer.keyring import Keyring

__all__ = ["KINDS", "NOTHING", "SCANNED", "Action", "Kind", "Option", "Options", "Replacer", "Scope"]

KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (Keep, Trust, Drop, Redact, Mask, Hash, Surrogate, Encrypt, Shift, Generalise, Truncate)
}
"""Every action, by its name."""

NOTHING: Scope = {}
"""The scope of a record in which no action looks for anything."""

SCANNED = frozenset(["keep", *(name for name, kind in KINDS.items() if kind.scans)])
"""Actions of fields whose values are scanned for findings."""


class Replacer:
    """Carries actions out.

    Args:
        keys: for actions that need one; None where none does.
        entities: every name that a placeholder may bear.
        actions: those that the policy takes.
    """

    def __init__(
        self, keys: Keyring | None, entities: frozenset[str], actions: Iterable[Action] = ()
    ) -> None:
        self._entities = entities
        self._kinds = {name: kind(keys) for name, kind in KINDS.items() if keys or not kind.keyed}
        for name, options in dict.fromkeys((one.name, one.options) for one in actions):
            if name in self._kinds:
                self._kinds[name].use(dict(options), entities)
        self._owners = [one for one in self._kinds.values() if type(one).own is not Kind.own]
        self._options = lru_cache(maxsize=None)(_options)

    def replace(self, text: str, entity: str, action: Action, scope: Scope = NOTHING) -> str:
        """What stands for a finding; the same for the same arguments and key, always."""
        return self._kinds[action.name].text(text, entity, self._options(action), scope)

    def whole(self, value: Any, text: str, entity: str, action: Action, scope: Scope = NOTHING) -> Any:
        """What stands for a whole JSON scalar that is neither null nor empty.

        Args:
            text: the value as detectors see it.
        """
        return self._kinds[action.name].value(value, text, entity, self._options(action), scope)

    def stays(self, text: str, entity: str, action: Action, scope: Scope = NOTHING) -> bool:
        """Whether a finding is what the action made of something before: nothing is to be done then."""
        return self._kinds[action.name].stays(text, entity, self._options(action), scope)

    def own(self, text: str, more: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
        """Where earlier replacements stand in a text, in order, none overlapping another.

        Args:
            more: where others are known to stand.
        """
        found = redact.find(text, self._entities) if "<" in text else []
        found += more
        for one in self._owners:
            found += one.own(text)
        return _apart(found) if len(found) > 1 else found


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that overlap as one."""
    spans.sort()
    kept = spans[:1]
    for start, end in spans[1:]:
        if start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _options(action: Action) -> Options:
    return dict(action.options)
