"""A policy's files on their way in: read, checked, and laid one over the other.

YAML nodes are read, not values: they know their place, and a country `NO` is no boolean. Every mistake is
told, with file, line and column. Does no I/O: what a policy names is read by who gave the reader.

Owns: the form of the file, what may stand where, and what becomes of what two files both say. Refuses: keys,
actions, options and values that it does not know; a file that extends itself; rules that cannot match.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from cecil.errors import PolicyError, UsageError
from cecil.sanitizer import nodes
from cecil.sanitizer.actions import KINDS, Action, Option
from cecil.sanitizer.keys import LONGEST_NAME, words
from cecil.sanitizer.late import late
from cecil.sanitizer.linear import compiled
from cecil.sanitizer.paths import parse
from cecil.sanitizer.policy import (
    MOST,
    STRATEGIES,
    Case,
    Condition,
    Keys,
    Listed,
    Origin,
    Policy,
    Read,
    built_in,
    built_in_names,
    number,
    position,
)
from cecil.sanitizer.reach import Rule, canonical, unreachable

if TYPE_CHECKING:
    from cecil.sanitizer.detectors.everyone import Own

VERSION = "1"
TOP = (
    "version", "extends", "strategy", "default", "threshold", "thresholds", "countries", "recognizers",
    "silence", "entities", "fields", "keys", "allow", "deny", "cases",
)  # fmt: skip
KEYS = ("add", "silence")
LISTED = ("text", "regex", "file", "ignore_case", "entity")
CASE = ("when", "entities", "fields")
TESTS = ("equals", "matches", "exists")
ENTITY = "[A-Z][A-Z0-9_]*"
COUNTRY = "[a-z]{2}"
DETECTOR = "[A-Za-z][A-Za-z0-9_.:-]*"
ENTITY_ACTIONS = tuple(name for name, kind in KINDS.items() if not kind.field_only)
FIELD_ACTIONS = tuple(KINDS)

LONGEST_LIST = 1 << 26
LARGEST_RECOGNIZERS = 1 << 24
"""Bytes of a file of values, and of one of recognizers."""

_LONGEST_CHAIN = 16
_UNBOUNDED = Option("count", "").most
_MOST_TOLD = 50
_NUMBER = late(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_SURROGATE = late("[\ud800-\udfff]")
_NULL = ("", "~", "null")
_COUNT = late(r"0|[1-9][0-9]{0,11}")
_NAME = late(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_IN_CAPITALS = "an entity's name is in capitals, as "

_Mapping = dict[str, tuple[Any, Any]]


def read_policy(data: bytes, name: str, read: Read | None, own: "Own | None" = None) -> Policy:
    """See `Policy.parse`."""
    draft = _Draft(read)
    draft.begin(name)
    _File(draft, data, name).apply()
    draft.check()
    if draft.mistakes:
        draft.check_names(name, own)
    draft.tell()
    return draft.policy(name)


class _Told(Exception):
    """A mistake was noted; what it stands in is left out."""


class _Field(NamedTuple):
    """A rule for a field, and the file that it is from: 0 for the first that was applied."""

    path: str
    action: Action
    node: yaml.Node
    file: "_File"
    layer: int


class _Draft:
    """What the files of a policy have said so far; a later one has the last word.

    Attributes:
        chain: the files that are being read, each extended by the one before it.
        hashes: of all that was read, in order.
        layers: how many policy files have been applied.
        offered: entities that the policy names as new ones, be what stands beside them right or wrong.
        whole: whether all files that it names could be read.
    """

    def __init__(self, read: Read | None) -> None:
        self._read = read
        self._mistakes: list[tuple[int, int, int, PolicyError]] = []
        self.files: list[str] = []
        self.chain: list[str] = []
        self.hashes: list[bytes] = []
        self.layers = 0
        self.origins: dict[Origin, str] = {}
        self.places: dict[str, str] = {}
        self.strategy = "deep"
        self.threshold = 0.4
        self.default = Action("redact")
        self.recognizers = b""
        self.recognizers_file = ""
        self.thresholds: dict[str, float] = {}
        self.countries: set[str] = set()
        self.silence: set[str] = set()
        self.entities: dict[str, Action] = {}
        self.fields: dict[tuple[str, ...], _Field] = {}
        # Names of keys by their words: the entity that they promise, None where they promise nothing.
        self.names: dict[tuple[str, ...], tuple[str | None, str, int]] = {}
        self.allow: list[Listed] = []
        self.deny: list[Listed] = []
        self.cases: list[tuple[Case, list[_Field]]] = []
        self.offered: set[str] = set()
        self.whole = True

    def begin(self, name: str) -> None:
        """A policy file is about to be read."""
        self.chain.append(name)
        self.files.append(name)

    def note(self, file: str, line: int, column: int, error: PolicyError) -> None:
        order = self.files.index(file) if file in self.files else len(self.files)
        self._mistakes.append((order, line, column, error))

    @property
    def mistakes(self) -> int:
        return len(self._mistakes)

    def tell(self) -> None:
        """Raises PolicyError where something was noted."""
        if not self._mistakes:
            return
        told = [row[-1] for row in sorted(self._mistakes, key=lambda row: row[:3])]
        if len(told) > _MOST_TOLD:
            told[_MOST_TOLD:] = [PolicyError(f"{len(told) - _MOST_TOLD} more mistakes", where=self.files[0])]
        raise PolicyError.together(told)

    def read(self, path: str, beside: str, limit: int) -> tuple[str, bytes]:
        if self._read is None:
            raise UsageError("it is not read here", hint="Policy.load reads the files that a policy names")
        return self._read(path, beside, limit)

    def check(self) -> None:
        """Note the rules that can never match, and what is looked for and then kept."""
        self._check_kept()
        others = [_rule(field) for _, fields in self.cases for field in fields]
        for fields in (list(self.fields.values()), *(fields for _, fields in self.cases)):
            rules = [_rule(field) for field in fields]
            for lost, by in unreachable(rules, others):
                field, above = fields[lost], fields[by]
                if field.layer >= above.layer:
                    place = nodes.place(above.file.name, above.node)
                    field.file.wrong(field.node, f"it can never match: what it is in is dropped, see {place}")

    def _check_kept(self) -> None:
        """Where all is kept that is not named, who brings an entity has to say what becomes of it."""
        if self.default.name != "keep":
            return
        named = set(self.entities).union(*(case.entities for case, _ in self.cases))
        brought = {one.entity: one.place for one in reversed(self.deny) if one.entity}
        added = [(what[2], place) for what, place in self.origins.items() if what[:2] == ("keys", "add")]
        brought |= dict(reversed(added))
        for entity, place in brought.items():
            if entity not in named:
                error = PolicyError(
                    f"{entity} would be found and then kept, as default says",
                    where=place,
                    hint=f"write entities: {{{entity}: redact}}, or keep",
                )
                file, line, column = position(error)
                self.note(file, line - 1, column - 1, error)

    def check_names(self, name: str, own: "Own | None") -> None:
        """Note names that there are not, beside what else is wrong. Otherwise who makes a sanitizer tells."""
        from cecil.sanitizer.policy_names import mistakes

        if self.whole:  # what a file that is not there would bring, nobody knows
            for error in mistakes(self.policy(name), self.offered, own):
                file, line, column = position(error)
                self.note(file, line - 1, column - 1, error)

    def policy(self, name: str) -> Policy:
        add: dict[str, tuple[str, ...]] = {}
        for entity, key, _ in self.names.values():
            if entity is not None:
                add[entity] = (*add.get(entity, ()), key)
        return Policy(
            name=name,
            strategy=self.strategy,
            threshold=self.threshold,
            default=self.default,
            entities=self.entities,
            fields=tuple((field.path, field.action) for field in self.fields.values()),
            keys=Keys(add, tuple(key for entity, key, _ in self.names.values() if entity is None)),
            places=self.places,
            digest="sha256:" + self._digest(),
            thresholds=self.thresholds,
            silence=frozenset(self.silence),
            countries=frozenset(self.countries),
            recognizers=self.recognizers,
            allow=tuple(self.allow),
            deny=tuple(self.deny),
            cases=tuple(case for case, _ in self.cases),
            recognizers_file=self.recognizers_file,
            origins=self.origins,
        )

    def _digest(self) -> str:
        """The hash of the file's bytes; of several, the hash of their hashes, each on a line."""
        made = [hashlib.sha256(data).hexdigest() for data in self.hashes]
        if len(made) == 1:
            return made[0]
        return hashlib.sha256("".join(f"{one}\n" for one in made).encode()).hexdigest()


def _rule(field: _Field) -> Rule:
    return Rule(canonical(parse(field.path)), field.action.name == "drop")


class _File:
    """One policy file."""

    def __init__(self, draft: _Draft, data: bytes, name: str) -> None:
        self._draft = draft
        self._data = data
        self.name = name

    def apply(self) -> None:
        """Say to the draft what the file says; mistakes are noted there."""
        draft = self._draft
        try:
            root = nodes.root(self._data, self.name, f"a policy begins with version: {VERSION}")
        except PolicyError as error:
            draft.note(self.name, 0, 0, error)
            draft.whole = False
            return
        with suppress(_Told):
            top = self._mapping(root, "a policy", TOP)
            with self._needed():
                self._version(top)
            if "extends" in top:
                with suppress(_Told), self._needed():
                    self._extends(top["extends"][1])
            draft.hashes.append(self._data)
            for key, read in (
                ("strategy", self._strategy),
                ("threshold", self._threshold),
                ("default", self._default),
                ("recognizers", self._recognizers),
                ("thresholds", self._thresholds),
                ("countries", self._countries),
                ("silence", self._silence),
                ("entities", self._entities),
                ("fields", self._fields),
                ("keys", self._keys),
                ("allow", self._allow),
                ("deny", self._deny),
                ("cases", self._cases),
            ):
                if key in top:
                    with suppress(_Told):
                        read(top[key][1])
            draft.layers += 1

    def _version(self, top: _Mapping) -> None:
        """Raises _Told where it is another: then nothing else can be said."""
        if "version" not in top:
            hint = f"begin the file with version: {VERSION}"
            error = PolicyError(f"version: {VERSION} is missing", where=self.name, hint=hint)
            self._draft.note(self.name, 0, 0, error)
            raise _Told
        node = top["version"][1]
        if not (_plain(node) and node.value == VERSION):
            raise self.wrong(node, "unknown version", f"this Cecil reads version: {VERSION}")

    def _extends(self, node: yaml.Node) -> None:
        draft = self._draft
        wanted = self._text(node)
        if wanted in built_in_names():
            name, data = wanted, built_in(wanted)
        else:
            name, data = self._read(node, wanted, MOST)
            if name in draft.chain:
                loop = " > ".join([*draft.chain[draft.chain.index(name) :], name])
                raise self.wrong(node, f"a policy cannot extend itself: {loop}")
        if len(draft.chain) == _LONGEST_CHAIN:
            raise self.wrong(node, f"more than {_LONGEST_CHAIN} policies, each extending the next")
        draft.begin(name)
        _File(draft, data, name).apply()
        draft.chain.pop()

    # --- one value

    def _strategy(self, node: yaml.Node) -> None:
        self._draft.strategy = self._choice("strategy", node, STRATEGIES)
        self._origin(node, "strategy")

    def _threshold(self, node: yaml.Node) -> None:
        self._draft.threshold = self._share("threshold", node)
        self._origin(node, "threshold")

    def _default(self, node: yaml.Node) -> None:
        self._draft.default = self._action(node, ENTITY_ACTIONS)
        self._origin(node, "default")

    def _recognizers(self, node: yaml.Node) -> None:
        draft = self._draft
        draft.recognizers_file, draft.recognizers = self._read(node, self._text(node), LARGEST_RECOGNIZERS)
        draft.hashes.append(draft.recognizers)
        if not draft.recognizers.strip():
            raise self.wrong(node, f"{draft.recognizers_file} is empty")
        self._origin(node, "recognizers")

    # --- tables and lists

    def _thresholds(self, node: yaml.Node) -> None:
        for name, (key, value) in self._mapping(node, "thresholds").items():
            with suppress(_Told):
                self._entity_name(key)
                self._draft.thresholds[name] = self._share("a threshold", value)
                self._named(name, key)
                self._origin(key, "thresholds", name)

    def _countries(self, node: yaml.Node) -> None:
        for item in self._list(node, "countries", "[de, fr]"):
            with suppress(_Told):
                name = self._text(item).lower()
                if not re.fullmatch(COUNTRY, name):
                    raise self.wrong(item, "two letters a country are wanted, as de")
                self._draft.countries.add(name)
                self._origin(item, "countries", name)

    def _silence(self, node: yaml.Node) -> None:
        for item in self._list(node, "silence", "[presidio:UrlRecognizer]"):
            with suppress(_Told):
                name = self._text(item)
                if not re.fullmatch(DETECTOR, name):
                    raise self.wrong(
                        item, "the name of a detector is wanted", "--explain shows those of findings"
                    )
                self._draft.silence.add(name)
                self._origin(item, "silence", name)

    def _entities(self, node: yaml.Node) -> None:
        self._draft.entities |= self._actions(node, "entities")

    def _actions(self, node: yaml.Node, *origin: str) -> dict[str, Action]:
        """Actions by entity."""
        found = {}
        for name, (key, value) in self._mapping(node, "entities").items():
            with suppress(_Told):
                self._entity_name(key)
                found[name] = self._action(value, ENTITY_ACTIONS, name)
                self._named(name, key)
                self._origin(key, *origin, name)
        return found

    def _fields(self, node: yaml.Node) -> None:
        draft = self._draft
        for steps, field in self._rules(node):
            # What is said anew stands behind all else, where the later one of two wins.
            before = draft.fields.pop(steps, None)
            if before:
                draft.origins.pop(("fields", before.path), None)
            draft.fields[steps] = field
            self._origin(field.node, "fields", field.path)

    def _rules(self, node: yaml.Node) -> list[tuple[tuple[str, ...], _Field]]:
        """Rules for fields, by what they match."""
        found: dict[tuple[str, ...], _Field] = {}
        for path, (key, value) in self._mapping(node, "fields").items():
            with suppress(_Told):
                steps = canonical(self._path(key))
                if steps in found:
                    raise self.wrong(
                        key, "this place is there already", f"see {nodes.place(self.name, found[steps].node)}"
                    )
                action = self._action(value, FIELD_ACTIONS, field=True)
                found[steps] = _Field(path, action, key, self, self._draft.layers)
        return list(found.items())

    def _keys(self, node: yaml.Node) -> None:
        with self._needed():
            said = self._mapping(node, "keys", KEYS)
        if "add" in said:
            with suppress(_Told):
                for entity, (key, value) in self._mapping(said["add"][1], "add").items():
                    with suppress(_Told):
                        self._draft.offered.add(self._entity_name(key, "STAFF_ID"))
                        self._key_names(value, entity)
        if "silence" in said:
            with suppress(_Told):
                self._key_names(said["silence"][1], None)

    def _key_names(self, node: yaml.Node, entity: str | None) -> None:
        """Names of keys, none of which the file has twice, however it is spelled."""
        draft = self._draft
        for item in self._list(node, None, "[staff-no, badge]"):
            with suppress(_Told):
                name = self._text(item)
                parts = tuple(word for word in words(name) if not word.isdigit())
                if not parts or "." in name:
                    raise self.wrong(item, "a name is words, as staff-no", "a place is named under fields")
                if len(parts) > LONGEST_NAME:
                    raise self.wrong(item, f"a name has at most {LONGEST_NAME} words")
                before = draft.names.pop(parts, None)
                if before and before[2] == draft.layers:
                    draft.names[parts] = before
                    raise self.wrong(item, f"{name} is there twice", f"it is the same name as {before[1]}")
                if before:
                    draft.origins.pop(_key_origin(before[0], before[1]), None)
                draft.names[parts] = (entity, name, draft.layers)
                self._origin(item, *_key_origin(entity, name))

    def _allow(self, node: yaml.Node) -> None:
        for item in self._list(node, "allow", "[postmaster@example.com]"):
            with suppress(_Told):
                self._draft.allow.append(self._listed(item))

    def _deny(self, node: yaml.Node) -> None:
        for item in self._list(node, "deny", "[{text: Phoenix, entity: CODE_NAME}]"):
            with suppress(_Told):
                self._draft.deny.append(self._listed(item, deny=True))

    def _listed(self, node: yaml.Node, *, deny: bool = False) -> Listed:
        place = nodes.place(self.name, node)
        if isinstance(node, yaml.ScalarNode) and not deny:
            return Listed((self._value(node),), None, False, None, place)
        wanted = "{text: Phoenix, entity: CODE_NAME}" if deny else "{text: ACME, ignore_case: true}"
        if isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, "what it is is missing", f"write {wanted}")
        said = self._mapping(node, "an entry", LISTED, quote=False)
        ways = [key for key in LISTED[:3] if key in said]
        if len(ways) != 1:
            raise self.wrong(node, "one of text, regex and file is wanted", f"write {wanted}")
        with self._all():
            ignore_case = False
            entity = None
            texts: tuple[str, ...] = ()
            regex = None
            file = ""
            with suppress(_Told):
                if "ignore_case" in said:
                    ignore_case = self._flag("ignore_case", said["ignore_case"][1])
            with suppress(_Told):
                if "entity" in said:
                    entity = self._entity_name(said["entity"][1], "CODE_NAME")
                    if deny:
                        self._draft.offered.add(entity)
                    else:
                        self._named(entity, said["entity"][1])
                elif deny:
                    raise self.wrong(node, "entity is missing: what it is", f"write {wanted}")
            value = said[ways[0]][1]
            with suppress(_Told):
                if ways[0] == "text":
                    texts = self._values(value)
                elif ways[0] == "regex":
                    regex = self._regex(value, empty=not deny)
                else:
                    file, texts = self._texts(value)
        return Listed(texts, regex, ignore_case, entity, place, file)

    def _texts(self, node: yaml.Node) -> tuple[str, tuple[str, ...]]:
        """A file's name and its lines; not those that are blank or begin with #."""
        name, data = self._read(node, self._text(node), LONGEST_LIST)
        self._draft.hashes.append(data)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise self.wrong(node, f"{name}:{line} is not valid UTF-8") from None
        lines = (line.strip() for line in text.split("\n"))
        texts = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
        if not texts:
            raise self.wrong(node, f"{name} has nothing in it", "a value stands on a line of its own")
        return name, texts

    # --- cases

    def _cases(self, node: yaml.Node) -> None:
        for item in self._list(node, "cases", "[{when: {path: service, equals: billing}, fields: ...}]"):
            with suppress(_Told):
                self._case(item)

    def _case(self, node: yaml.Node) -> None:
        draft = self._draft
        said = self._mapping(node, "a case", CASE)
        number = str(len(draft.cases))
        with self._all():
            when: tuple[Condition, ...] = ()
            with suppress(_Told):
                if "when" not in said:
                    raise self.wrong(node, "when is missing", "write when: {path: service, equals: billing}")
                when = self._when(said["when"][1])
            if "entities" not in said and "fields" not in said:
                with suppress(_Told):
                    raise self.wrong(node, "a case without entities and fields does nothing")
            entities: dict[str, Action] = {}
            with suppress(_Told):
                if "entities" in said:
                    entities = self._actions(said["entities"][1], "cases", number, "entities")
            rules: list[_Field] = []
            with suppress(_Told):
                if "fields" in said:
                    rules = [field for _, field in self._rules(said["fields"][1])]
        for field in rules:
            self._origin(field.node, "cases", number, "fields", field.path)
        self._origin(node, "cases", number)
        fields = tuple((field.path, field.action) for field in rules)
        draft.cases.append((Case(when, entities, fields), rules))

    def _when(self, node: yaml.Node) -> tuple[Condition, ...]:
        with self._all():
            found = []
            for item in self._some(node, "[{path: service, equals: billing}]"):
                with suppress(_Told):
                    found.append(self._condition(item))
        return tuple(found)

    def _condition(self, node: yaml.Node) -> Condition:
        hint = "write {path: service, equals: billing}"
        said = self._mapping(node, "a condition", ("path", *TESTS))
        tests = [key for key in TESTS if key in said]
        if "path" not in said:
            raise self.wrong(node, "path is missing", hint)
        if len(tests) != 1:
            raise self.wrong(node, f"one of {_either(TESTS)} is wanted", hint)
        self._path(said["path"][1])
        path = self._text(said["path"][1])
        test = tests[0]
        value = said[test][1]
        if test == "equals":
            return Condition(path, test, self._scalars(value))
        if test == "matches":
            return Condition(path, test, (self._regex(value, empty=False),))
        return Condition(path, test, ("true" if self._flag("exists", value) else "false",))

    def _scalars(self, node: yaml.Node) -> tuple[str, ...]:
        """Values of JSON; a number is what it says, however it is written."""
        found = []
        for item in self._some(node, "[a, b]"):
            text = self._text(item)
            found.append(number(text) if _plain(item) and _NUMBER.fullmatch(text) else text)
        return tuple(found)

    # --- actions

    def _action(
        self, node: yaml.Node, allowed: tuple[str, ...], entity: str | None = None, *, field: bool = False
    ) -> Action:
        if isinstance(node, yaml.ScalarNode):
            name = self._action_name(node, allowed)
            self._together(node, name, {}, entity)
            return Action(name)
        said = self._mapping(node, "an action")
        if "action" not in said:
            raise self.wrong(node, "action is missing", "write {action: mask, keep_last: 4}")
        name = self._action_name(said["action"][1], allowed)
        kinds = KINDS[name].options
        known = {*kinds, "action"} | ({"entity"} if field else set())
        found: dict[str, Any] = {}
        called = None
        with self._all():
            for option, (key, value) in said.items():
                with suppress(_Told):
                    if option not in known:
                        raise self.wrong(
                            key,
                            f"{name} has no option{_quoted(option)}",
                            "options: " + ", ".join(sorted(known)),
                        )
                    if option == "entity":
                        called = self._entity_name(value, "USER_ID")
                    elif option != "action":
                        found[option] = self._option(option, kinds[option], value)
        self._together(node, name, found, entity)
        return Action(name, tuple(sorted(found.items())), called)

    def _together(self, node: yaml.Node, name: str, options: dict[str, Any], entity: str | None) -> None:
        why = KINDS[name].wrong(options, entity)
        if why:
            raise self.wrong(node, why)

    def _option(self, name: str, option: Option, node: yaml.Node) -> Any:
        if option.kind == "count":
            return self._whole(name, option, node)
        if option.kind == "flag":
            return self._flag(name, node)
        if option.kind == "choice":
            return self._choice(name, node, option.choices)
        if option.kind == "path":
            self._path(node)
        return self._text(node)

    def _whole(self, name: str, option: Option, node: yaml.Node) -> int:
        text = self._text(node)
        value = int(text) if _plain(node) and _COUNT.fullmatch(text) else -1
        if not max(0, option.least) <= value <= option.most:
            limits = f" from {option.least}" if option.least else ""
            if option.most < _UNBOUNDED:
                limits = f" from {option.least} to {option.most}"
            raise self.wrong(node, f"{name} is a whole number{limits}")
        return value

    def _action_name(self, node: yaml.Node, allowed: tuple[str, ...]) -> str:
        name = self._text(node)
        if name in allowed:
            return name
        hint = "actions here are " + ", ".join(allowed)
        if name in KINDS:
            raise self.wrong(node, f"{name} is for fields only", hint)
        raise self.wrong(node, f"unknown action{_quoted(name)}", hint)

    # --- kinds of values

    def _choice(self, name: str, node: yaml.Node, allowed: tuple[str, ...]) -> str:
        value = self._text(node)
        if value not in allowed:
            raise self.wrong(node, f"unknown {name}{_quoted(value)}", f"{name} is {_either(allowed)}")
        return value

    def _share(self, name: str, node: yaml.Node) -> float:
        text = self._text(node)
        value = float(text) if _plain(node) and _NUMBER.fullmatch(text) else -1
        if not 0 <= value <= 1:
            raise self.wrong(node, f"{name} is a number from 0 to 1")
        return value

    def _flag(self, name: str, node: yaml.Node) -> bool:
        text = self._text(node)
        if not _plain(node) or text not in ("true", "false"):
            raise self.wrong(node, f"{name} is true or false")
        return text == "true"

    def _entity_name(self, node: yaml.Node, example: str = "EMAIL_ADDRESS") -> str:
        name = self._text(node)
        if not re.fullmatch(ENTITY, name):
            raise self.wrong(node, _IN_CAPITALS + example)
        return name

    def _path(self, node: yaml.Node) -> tuple[str, ...]:
        try:
            return parse(self._text(node))
        except ValueError as error:
            raise self.wrong(node, str(error), "write user.email, items[*].id or **.debug") from None

    def _regex(self, node: yaml.Node, *, empty: bool) -> str:
        """A pattern; one that finds nothing everywhere only where that is of use."""
        text = self._text(node)
        try:
            pattern = compiled(text)
        except ValueError as error:
            raise self.wrong(
                node,
                f"not a regular expression of RE2: {error}",
                "RE2 has no look-around and no back references; in YAML, write it in single quotes",
            ) from None
        if not empty and pattern.search(""):
            raise self.wrong(node, "it is found in an empty text, and so in every one")
        return text

    def _values(self, node: yaml.Node) -> tuple[str, ...]:
        """One text or several."""
        with self._all():
            found = []
            for item in self._some(node, "[a, b]"):
                with suppress(_Told):
                    found.append(self._value(item))
        return tuple(dict.fromkeys(found))

    def _value(self, node: yaml.Node) -> str:
        text = self._text(node)
        if not text.strip():
            raise self.wrong(node, "an empty text")
        return text

    def _mapping(
        self, node: yaml.Node, what: str, keys: tuple[str, ...] | None = None, *, quote: bool = True
    ) -> _Mapping:
        """Keys and values; those that are wrong are noted and left out.

        Args:
            keys: those that may be there; None for all.
            quote: whether an unknown one may be named in a message.
        """
        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(node, f"{what} is a mapping (key: value)")
        found: _Mapping = {}
        for key, value in node.value:
            with suppress(_Told):
                name = self._text(key)
                if keys is not None and name not in keys:
                    said = _quoted(name) if quote else ""
                    raise self.wrong(key, f"unknown key{said}", "keys are " + ", ".join(keys))
                if name in found:
                    raise self.wrong(key, f"{_quoted(name).strip() or 'it'} is there twice")
                found[name] = (key, value)
        return found

    def _list(self, node: yaml.Node, what: str | None, example: str) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(node, f"{what} is a list" if what else "a list is wanted", f"write {example}")
        return list(node.value)

    def _some(self, node: yaml.Node, example: str) -> list[Any]:
        """The items of a list that has some, or what stands there alone."""
        if not isinstance(node, yaml.SequenceNode):
            return [node]
        if not node.value:
            raise self.wrong(node, "there is nothing in it", f"write {example}")
        return list(node.value)

    def _text(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self.wrong(node, "a plain value is wanted")
        if _plain(node) and node.value.lower() in _NULL:
            raise self.wrong(node, "there is nothing here")
        text = str(node.value)
        if not _SURROGATE.search(text):
            return text
        try:  # JSON writes what is beyond its first plane in two halves, which YAML leaves apart
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise self.wrong(node, "half of a character") from None

    def _read(self, node: yaml.Node, path: str, limit: int) -> tuple[str, bytes]:
        """A file that is named here."""
        try:
            return self._draft.read(path, self.name, limit)
        except UsageError as error:
            self._draft.whole = False
            raise self.wrong(node, str(error), error.hint) from None

    # --- what is said of it

    @contextmanager
    def _all(self) -> Iterator[None]:
        """Raises _Told at the end where something within was wrong: all of it was looked at."""
        before = self._draft.mistakes
        yield
        if self._draft.mistakes > before:
            raise _Told

    @contextmanager
    def _needed(self) -> Iterator[None]:
        """Notes that something is missing where anything within was wrong; what is raised goes on."""
        before = self._draft.mistakes
        try:
            yield
        finally:
            self._draft.whole &= self._draft.mistakes == before

    def _named(self, entity: str, node: yaml.Node) -> None:
        self._draft.places[entity] = nodes.place(self.name, node)

    def _origin(self, node: yaml.Node, *what: str) -> None:
        self._draft.origins[what] = nodes.place(self.name, node)

    def wrong(self, node: yaml.Node, message: str, hint: str | None = None) -> _Told:
        """Note a mistake; what it returns is to be raised."""
        error = PolicyError(message, where=nodes.place(self.name, node), hint=hint)
        self._draft.note(self.name, node.start_mark.line, node.start_mark.column, error)
        return _Told()


def _plain(node: yaml.Node) -> bool:
    """Whether a value is written without quotes."""
    return isinstance(node, yaml.ScalarNode) and node.style is None


def _quoted(name: str) -> str:
    """A name behind a blank, if it looks like one: whatever else was given as a policy is not shown."""
    return f" {name}" if _NAME.fullmatch(name) else ""


def _either(names: tuple[str, ...]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def _key_origin(entity: str | None, name: str) -> Origin:
    return ("keys", "silence", name) if entity is None else ("keys", "add", entity, name)
