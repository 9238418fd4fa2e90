"""What a policy promises: of which values nothing may be left, and where.

Owns: the reading of a policy as a promise. An entity is promised when the policy and all its cases take it.
Not promised is what the policy itself lets through: fields that it trusts or keeps, what its `allow` names,
detectors that it silences all the same (then the test tells what that costs), and what its action takes for
its own work, as a stand-in in a reserved range.
"""

from collections.abc import Sequence

from cecil.leaktest import values
from cecil.leaktest.values import Sort, Value
from cecil.sanitizer import keys
from cecil.sanitizer.actions import Action, Replacer
from cecil.sanitizer.detectors import catalogue
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.listed import Allowed
from cecil.sanitizer.paths import Matcher
from cecil.sanitizer.policy import Policy

_LETS_PASS = ("keep", "trust")
_NO_CODES = frozenset({"MEDIA", "LOCATION", "ORGANIZATION"})


class Demand:
    """What one policy promises.

    Args:
        policy: with the entities and countries of the run.
        only: the entities that are of interest; all where empty.
        without: those that are not.
    """

    def __init__(
        self, policy: Policy, only: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
    ) -> None:
        self.policy = policy
        vocabulary = keys.Vocabulary(*policy.keys) if any(policy.keys) else keys.DEFAULT
        self._only = only
        self._without = without
        self._promise, self._wanted = vocabulary.promise, vocabulary.holds
        self._names: dict[str, list[str]] = {}
        for name in sorted(vocabulary.names()):
            entity = vocabulary.entity(name)
            if entity and name.isascii():
                self._names.setdefault(entity, []).append(name)
        named = {one.entity for one in policy.actions() if one.entity}
        entities = frozenset(self._names) | named | {sort.entity for sort in values.sorts()}
        self._replacer = Replacer(Keyring.random(), entities, policy.actions())
        self._allowed = Allowed(policy.allow) if policy.allow else None
        self._fields = Matcher([*policy.fields, *(one for case in policy.cases for one in case.fields)])

    def sorts(self) -> list[Sort]:
        """All that can be planted."""
        off = catalogue.turned_on_by(frozenset(self._names)) - {sort.entity for sort in values.sorts()}
        made = [sort for sort in values.sorts() if self.promised(sort.entity)]
        there = {sort.entity for sort in made}
        made += [
            values.coded(entity)
            for entity in sorted(self._names)
            if entity not in there | off | _NO_CODES and self.promised(entity)
        ]
        return made

    def unplanted(self) -> list[str]:
        """The entities that the policy names and takes, and of which nothing is made here."""
        made = {sort.entity for sort in self.sorts()}
        return sorted(one for one in self.policy.named - made if self.promised(one))

    def promised(self, entity: str) -> bool:
        """Whether the policy takes an entity, in every record."""
        if entity in self._without or (self._only and entity not in self._only):
            return False
        actions = [self.policy.action(entity)]
        actions += [case.entities[entity] for case in self.policy.cases if entity in case.entities]
        return all(action.name not in _LETS_PASS for action in actions)

    def names(self, entity: str) -> list[str]:
        """The names of keys that say that something is of an entity, in one spelling each."""
        return self._names.get(entity, [])

    def says(self, path: Sequence[str], entity: str) -> bool:
        """Whether the keys of a path say that what stands there is of an entity."""
        return self._promise(tuple(one for one in path if not one.isdigit())) == entity

    def fits(self, path: Sequence[str], value: Value) -> bool:
        """Whether a value has the form that the keys of a path want."""
        return self._wanted(tuple(one for one in path if not one.isdigit()), value.text)

    def holds(self, value: Value) -> bool:
        """Whether the policy promises anything of this very value."""
        action = self.policy.action(value.entity)
        if self._allowed and (
            self._allowed(value.text, value.entity) or self._allowed(value.core, value.entity)
        ):
            return False
        return not self._replacer.stays(value.text, value.entity, action)

    def kept(self, value: Value) -> str:
        """What the action leaves of a value: some digits of a mask, the year of a date."""
        action = self.policy.action(value.entity)
        if action.name in ("drop", "redact", "hash", "encrypt", "surrogate"):
            return ""
        return self._replacer.replace(value.text, value.entity, action)

    def reaches(self, path: Sequence[str | int]) -> bool:
        """Whether a place is judged as any other: no field of the policy lets it, or what it is in, pass."""
        state = self._fields.start
        for step in path:
            state = self._fields.step(state, str(step))
            rule: Action | None = self._fields.rule(state)
            if rule is not None and rule.name in _LETS_PASS:
                return False
        return True
