"""What happens to which field and which entity: one YAML file.

    version: 1
    strategy: deep            # or strict: only what `fields` names is kept
    threshold: 0.4            # findings below this score do not count
    default: redact           # for every entity that `entities` does not name
    entities:
      URL: keep
      CREDIT_CARD: {action: mask, keep_last: 4}
    fields:
      user.id: {action: hash, entity: USER_ID}
      "**.debug": drop
    keys:
      add: {STAFF_ID: [staff-no]}   # what stands under such a key is one
      silence: [session-key]        # such a key says nothing

Owns: reading and checking it, all before the first record, with file, line and column in the message;
its hash. Refuses: unknown keys, actions, entities and options.
"""

import hashlib
import importlib.resources
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import yaml

from cecil.errors import PolicyError
from cecil.sanitizer import nodes
from cecil.sanitizer.actions import KINDS, Action, Option
from cecil.sanitizer.keys import LONGEST_NAME, words
from cecil.sanitizer.paths import parse

STRATEGIES = ("deep", "strict")
ENTITY_ACTIONS = tuple(name for name, kind in KINDS.items() if not kind.field_only)
_TOP = ("version", "strategy", "threshold", "default", "entities", "fields", "keys")
_KEYS = ("add", "silence")
_ENTITY = re.compile(r"[A-Z][A-Z0-9_]*\Z")


class Keys(NamedTuple):
    """What a policy says of keys' names; see `cecil.sanitizer.keys.Vocabulary`.

    Attributes:
        add: further names by entity.
        silence: names that promise nothing.
    """

    add: dict[str, tuple[str, ...]]
    silence: tuple[str, ...]


class Listed(NamedTuple):
    """Values that are always a finding, or never.

    Attributes:
        texts: as they stand; empty where `regex` is given.
        regex: in RE2's syntax, matched against the whole of a finding by `allow`, searched for by `deny`.
        ignore_case: whether case is of no account.
        entity: for `deny` what they are; for `allow` the only entity that is meant, None for all.
        place: `file:line:column`.
    """

    texts: tuple[str, ...]
    regex: str | None
    ignore_case: bool
    entity: str | None
    place: str


class Condition(NamedTuple):
    """Something that can be true of a record.

    Attributes:
        path: a place; true if anything that stands there, or at one of its places, passes the test.
        test: `equals` (one of `values`, as `text_of` spells scalars), `matches` (`values[0]` in RE2's syntax
            is found in it), or `exists` (`values` is `("true",)` or `("false",)`).
        values: what the test needs.
    """

    path: str
    test: str
    values: tuple[str, ...]


class Case(NamedTuple):
    """Rules for records of which all of some conditions are true; they come before those of the policy.

    Attributes:
        when: the conditions.
        entities, fields: as those of a policy.
    """

    when: tuple[Condition, ...]
    entities: dict[str, Action]
    fields: tuple[tuple[str, Action], ...]


class Policy(NamedTuple):
    """A checked policy.

    Attributes:
        name: its file or built-in name.
        strategy: `deep` or `strict`.
        threshold: lowest score of a finding that counts, 0 to 1.
        default: the action for entities that `entities` does not name.
        entities: action by entity.
        fields: (path, action), in the order of the file.
        keys: what the policy says of keys' names.
        places: where in the file an entity is named, as `file:line:column`.
        thresholds: lowest score by entity, where it is not `threshold`.
        silence: detectors that are not asked, as findings name them: `presidio:UrlRecognizer`.
        countries: whose national numbers are looked for too; two letters, lower case.
        recognizers: the policy's own, in Presidio's YAML; empty where there is none.
        allow, deny: what is never a finding, and what always is one; `allow` wins.
        cases: rules for some records; where several hold, the later one wins.
        digest: `sha256:` and the hash of the file's bytes; see also `with_strategy` and `with_more`.
    """

    name: str
    strategy: str
    threshold: float
    default: Action
    entities: dict[str, Action]
    fields: tuple[tuple[str, Action], ...]
    keys: Keys
    places: dict[str, str]
    digest: str
    thresholds: dict[str, float] = {}  # noqa: RUF012 - never changed
    silence: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    recognizers: bytes = b""
    allow: tuple[Listed, ...] = ()
    deny: tuple[Listed, ...] = ()
    cases: tuple[Case, ...] = ()

    def action(self, entity: str) -> Action:
        """What happens to a finding."""
        return self.entities.get(entity, self.default)

    def with_strategy(self, strategy: str) -> "Policy":
        """The policy with another strategy, and a digest of its own: it is another policy."""
        if strategy == self.strategy:
            return self
        digest = hashlib.sha256(f"{self.digest} {strategy}".encode()).hexdigest()
        return self._replace(strategy=strategy, digest=f"sha256:{digest}")

    def with_more(self, entities: Iterable[str], countries: Iterable[str], recognizers: bytes) -> "Policy":
        """The policy of a run that looks for more, with a digest of its own.

        Args:
            entities: the policy's default holds for them, whatever it says itself.
            countries: in lower case.
            recognizers: YAML; empty where there is none.
        """
        more = [sorted(entities), sorted(countries), hashlib.sha256(recognizers).hexdigest()]
        if not (more[0] or more[1] or recognizers):
            return self
        changed = {name: action for name, action in self.entities.items() if name not in more[0]}
        digest = hashlib.sha256(f"{self.digest} {more}".encode()).hexdigest()
        return self._replace(entities=changed, digest=f"sha256:{digest}")

    @property
    def needs_key(self) -> bool:
        """Whether some action needs a key."""
        actions = [self.default, *self.entities.values(), *(action for _, action in self.fields)]
        return any(KINDS[action.name].keyed for action in actions)

    @classmethod
    def parse(cls, data: bytes, name: str) -> "Policy":
        """Read a policy file's bytes.

        Raises:
            PolicyError: with place and hint.
        """
        return _Reader(data, name).policy()

    @classmethod
    def built_in(cls, name: str) -> "Policy":
        """A policy that ships with Cecil.

        Raises:
            PolicyError: there is none of that name.
        """
        if name not in built_in_names():
            raise PolicyError(f"no policy {name}", hint="built-in policies: " + ", ".join(built_in_names()))
        file = importlib.resources.files("cecil.sanitizer") / "policies" / f"{name}.yaml"
        return cls.parse(file.read_bytes(), name)


def built_in_names() -> list[str]:
    """The names of the policies that ship with Cecil, sorted."""
    folder = importlib.resources.files("cecil.sanitizer") / "policies"
    return sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


class _Reader:
    """One policy file on its way in. YAML nodes are read, not values: they know their place."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name
        self._places: dict[str, str] = {}

    def policy(self) -> Policy:
        root = nodes.root(self._data, self._name, "a policy begins with version: 1")
        top = self._mapping(root, "a policy")
        for key, node in top.items():
            if key not in _TOP:
                raise self._error(node[0], f"unknown key {key}", "keys are " + ", ".join(_TOP))
        if "version" not in top or self._scalar(top["version"][1]) != "1":
            raise PolicyError(
                "version: 1 is missing", where=self._name, hint="begin the file with version: 1"
            )
        strategy = self._choice(top, "strategy", STRATEGIES, "deep")
        default = Action("redact")
        if "default" in top:
            default = self._action(top["default"][1], ENTITY_ACTIONS)
        return Policy(
            name=self._name,
            strategy=strategy,
            threshold=self._threshold(top),
            default=default,
            entities=self._entities(top),
            fields=self._fields(top),
            keys=self._keys(top),
            places=self._places,
            digest="sha256:" + hashlib.sha256(self._data).hexdigest(),
        )

    def _threshold(self, top: "_Mapping") -> float:
        if "threshold" not in top:
            return 0.4
        node = top["threshold"][1]
        try:
            value = float(self._scalar(node))
        except ValueError:
            value = -1
        if not 0 <= value <= 1:
            raise self._error(node, "threshold is a number from 0 to 1")
        return value

    def _entities(self, top: "_Mapping") -> dict[str, Action]:
        if "entities" not in top:
            return {}
        found = {}
        for name, (key, node) in self._mapping(top["entities"][1], "entities").items():
            if not _ENTITY.match(name):
                raise self._error(key, "an entity's name is in capitals, as EMAIL_ADDRESS")
            found[name] = self._action(node, ENTITY_ACTIONS)
            self._places[name] = self._where(key)
        return found

    def _fields(self, top: "_Mapping") -> tuple[tuple[str, Action], ...]:
        if "fields" not in top:
            return ()
        found = []
        for path, (key, node) in self._mapping(top["fields"][1], "fields").items():
            try:
                parse(path)
            except ValueError as error:
                raise self._error(key, str(error), "write user.email, items[*].id or **.debug") from None
            found.append((path, self._action(node, tuple(KINDS), field=True)))
        return tuple(found)

    def _keys(self, top: "_Mapping") -> Keys:
        if "keys" not in top:
            return Keys({}, ())
        said = self._mapping(top["keys"][1], "keys")
        for key, (node, _) in said.items():
            if key not in _KEYS:
                raise self._error(node, f"unknown key {key}", "keys are " + ", ".join(_KEYS))
        taken: dict[tuple[str, ...], str] = {}
        add = {}
        if "add" in said:
            for entity, (key, node) in self._mapping(said["add"][1], "add").items():
                if not _ENTITY.match(entity):
                    raise self._error(key, "an entity's name is in capitals, as STAFF_ID")
                add[entity] = self._names(node, taken)
        silence = self._names(said["silence"][1], taken) if "silence" in said else ()
        return Keys(add, silence)

    def _names(self, node: yaml.Node, taken: dict[tuple[str, ...], str]) -> tuple[str, ...]:
        """Names of keys, none of which was there before, however it is spelled."""
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(node, "a list of names is wanted, as [staff-no, badge]")
        found = []
        for item in node.value:
            name = self._scalar(item)
            parts = tuple(word for word in words(name) if not word.isdigit())
            if not parts or "." in name:
                raise self._error(item, "a name is words, as staff-no", "a place is named under fields")
            if len(parts) > LONGEST_NAME:
                raise self._error(item, f"a name has at most {LONGEST_NAME} words")
            if parts in taken:
                raise self._error(item, f"{name} is there twice", f"it is the same name as {taken[parts]}")
            taken[parts] = name
            found.append(name)
        return tuple(found)

    def _action(self, node: yaml.Node, allowed: tuple[str, ...], *, field: bool = False) -> Action:
        if isinstance(node, yaml.ScalarNode):
            return Action(self._action_name(node, allowed))
        options = self._mapping(node, "an action")
        if "action" not in options:
            raise self._error(node, "action is missing", "write {action: mask, keep_last: 4}")
        name = self._action_name(options["action"][1], allowed)
        kinds = KINDS[name].options
        known = {*kinds, "action"} | ({"entity"} if field else set())
        found: dict[str, Any] = {}
        entity = None
        for option, (key, value) in options.items():
            if option not in known:
                raise self._error(
                    key, f"{name} has no option {option}", "options: " + ", ".join(sorted(known))
                )
            if option == "entity":
                entity = self._scalar(value)
                if not _ENTITY.match(entity):
                    raise self._error(value, "an entity's name is in capitals, as USER_ID")
            elif option != "action":
                found[option] = self._option(option, kinds[option], value)
        return Action(name, tuple(sorted(found.items())), entity)

    def _option(self, name: str, option: Option, node: yaml.Node) -> Any:
        text = self._scalar(node)
        if not text.isdecimal():
            raise self._error(node, f"{name} is a whole number")
        return int(text)

    def _action_name(self, node: yaml.Node, allowed: tuple[str, ...]) -> str:
        name = self._scalar(node)
        if name not in allowed:
            raise self._error(node, f"unknown action {name}", "actions here are " + ", ".join(allowed))
        return name

    def _choice(self, top: "_Mapping", key: str, allowed: tuple[str, ...], default: str) -> str:
        if key not in top:
            return default
        value = self._scalar(top[key][1])
        if value not in allowed:
            raise self._error(top[key][1], f"unknown {key} {value}", f"{key} is " + " or ".join(allowed))
        return value

    def _mapping(self, node: yaml.Node, what: str) -> "_Mapping":
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{what} is a mapping (key: value)")
        found: _Mapping = {}
        for key, value in node.value:
            name = self._scalar(key)
            if name in found:
                raise self._error(key, f"{name} is there twice")
            found[name] = (key, value)
        return found

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, "a plain value is wanted")
        return str(node.value)

    def _where(self, node: yaml.Node) -> str:
        return f"{self._name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"

    def _error(self, node: yaml.Node, message: str, hint: str | None = None) -> PolicyError:
        return PolicyError(message, where=self._where(node), hint=hint)


_Mapping = dict[str, tuple[Any, Any]]
