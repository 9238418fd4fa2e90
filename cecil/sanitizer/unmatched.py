"""Which rules of a policy nothing matches: they may be misspelled.

Owns: telling a rule's place from what a sample of records has. Refuses to say so of built-in policies, whose
rules are for records of many kinds.
"""

from collections.abc import Callable, Sequence
from typing import Any

from cecil.sanitizer.paths import Matcher, State
from cecil.sanitizer.policy import Case, Policy, built_in_names


class Unmatched:
    """The rules for fields, and the cases, that nothing has matched so far.

    Args:
        policy: whose rules they are.
        holding: which of its cases a record is.

    Attributes:
        places: theirs, as `file:line:column`, in the order of the policy; that of a rule or case of a
            built-in policy is not there.
    """

    def __init__(self, policy: Policy, holding: Callable[[Any], Sequence[bool]]) -> None:
        self._holding = holding
        self._cases: dict[int, str] = {}
        rules: list[tuple[str, str]] = []
        built_in = built_in_names()
        parts: list[tuple[tuple[str, ...], Policy | Case]] = [((), policy)]
        parts += ((("cases", str(number)), case) for number, case in enumerate(policy.cases))
        for number, (what, part) in enumerate(parts, -1):
            origin = policy.origins.get(what, "")
            if origin and origin.split(":")[0] not in built_in:
                self._cases[number] = origin
            for path, _ in part.fields:
                origin = policy.origins.get((*what, "fields", path), "")
                if origin and origin.split(":")[0] not in built_in:
                    rules.append((path, origin))
        self._matcher = Matcher(rules)
        self._rules = dict(enumerate(origin for _, origin in rules))
        self._seen: set[State] = set()

    @property
    def places(self) -> list[str]:
        return [*self._rules.values(), *self._cases.values()]

    def see(self, record: Any) -> None:
        """Note what a record has; it is a JSON object or array."""
        if self._cases:
            for number, true in enumerate(self._holding(record)):
                if true:
                    self._cases.pop(number, None)
        if not self._rules:
            return
        matcher = self._matcher
        stack = [(record, matcher.start)]
        self._reached(matcher.start)
        while stack:
            value, state = stack.pop()
            steps = value.items() if isinstance(value, dict) else enumerate(value)
            for step, child in steps:
                below = matcher.step(state, str(step))
                self._reached(below)
                if below and isinstance(child, (dict, list)):
                    stack.append((child, below))

    def _reached(self, state: State) -> None:
        if state not in self._seen:
            self._seen.add(state)
            for rule in self._matcher.naming(state):
                self._rules.pop(rule, None)
