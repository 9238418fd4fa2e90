"""What an action is: a name, options, and how it turns a text or a whole value into what takes its place.

Owns the protocol that each file beside this one implements. Refuses to know where the text comes from.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple

from cecil.sanitizer.keyring import Keyring

Scope = Mapping[str, str]
"""What stands at the places of a record that actions name (`tenant`, `subject`), by path; empty where
nothing does."""

Options = Mapping[str, Any]

_EXACT = float(1 << 53)


class Action(NamedTuple):
    """An action and its options, as a policy names them.

    Attributes:
        name: keep, trust, drop, redact, mask, hash, ...
        options: (name, checked value), sorted by name.
        entity: what a field's value is called in its replacement; for fields only.
    """

    name: str
    options: tuple[tuple[str, Any], ...] = ()
    entity: str | None = None


class Option(NamedTuple):
    """What an option of an action may be.

    Attributes:
        kind: `count` (a whole number), `flag` (true or false), `choice`, `text`, or `path` (a place of the
            record, as under `fields`).
        says: what it does, for the man page and the JSON Schema; one sentence without a full stop.
        choices: of a `choice`.
        least, most: of a `count`.
    """

    kind: str
    says: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 1 << 31


def exact(value: Any) -> bool:
    """Whether a value is a number that whoever reads JSON holds as it is spelled, and can write again."""
    if type(value) is int:
        return -(1 << 63) <= value < 1 << 64
    return type(value) is float and -_EXACT < value < _EXACT


class Spelled(str):
    """What takes the place of a whole value, where that depends on how the value is spelled in JSON.

    As a text it is what takes the place of the usual spelling.

    Args:
        text: that.
        of: from the value as JSON has it (`1.10`) to what takes its place.
    """

    of: Callable[[str], str]

    def __new__(cls, text: str, of: Callable[[str], str]) -> "Spelled":
        made = super().__new__(cls, text)
        made.of = of
        return made


class Kind:
    """One action. An instance serves one sanitizer; it keeps no state that shows.

    Attributes:
        name: as policies write it.
        says: what it does, for the man page; a sentence or two.
        options: those that it takes, by name.
        keyed: whether it needs a key.
        lasting: whether that key must be the user's own: one for the run would make the output useless.
        field_only: whether only a field can have it, and no entity.
        scans: whether a value is scanned for findings before `value` sees it; for fields only.
        once: whether a result cannot be told from what it replaced, so that a second run replaces it again:
            the exception to the rule that redacting twice changes nothing more.
    """

    name: ClassVar[str]
    says: ClassVar[str]
    options: ClassVar[Mapping[str, Option]] = {}
    keyed: ClassVar[bool] = False
    lasting: ClassVar[bool] = False
    field_only: ClassVar[bool] = False
    scans: ClassVar[bool] = False
    once: ClassVar[bool] = False

    def __init__(self, keys: Keyring | None) -> None:
        self._keys = keys

    def use(self, options: Options, entities: frozenset[str]) -> None:
        """Told once of each way in which the policy uses it, for `own`.

        Args:
            entities: every name that a replacement may bear.
        """

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        """Why options, each right by itself, do not go together or not with an entity; None if they do.

        Args:
            entity: whose action it is; None for a field's, and for the default.
        """
        return None

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        """What stands for a finding. The same for the same arguments and key; its own result stays as it is.

        Raises:
            DetectorError: nothing safe can stand for it; the record goes to quarantine. No other RecordError:
                of JSON in a text that would only say that it is none.
        """
        raise NotImplementedError

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        """What stands for a whole JSON scalar: of the same type, where that is possible.

        Args:
            value: a string, a number or a boolean; never empty, never null.
            text: the value as detectors see it.
        """
        return self.text(text, entity, options, scope)

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        """Whether a finding is an earlier result that only its options can tell: then it is none."""
        return False

    def own(self, text: str) -> list[tuple[int, int]]:
        """Where earlier replacements stand in a text, so that a second run leaves them alone.

        For those that can be told by themselves: by their shape and a seal, or because they lie in a range
        that names nobody.
        """
        return []
