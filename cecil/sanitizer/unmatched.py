"""Which rules of a policy nothing matches: they may be misspelled.

Owns: telling a rule's place from what a sample of records has. Refuses to say so of built-in policies, whose
rules are for records of many kinds.
"""

from collections.abc import Callable, Sequence
from typing import Any

from cecil.sanitizer.paths import Matcher, State, parse
from cecil.sanitizer.policy import Case, Origin, Policy, built_in_names


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
        built_in = built_in_names()
        parts: list[tuple[Origin, Policy | Case]] = [((), policy)]
        parts += ((("cases", str(number)), case) for number, case in enumerate(policy.cases))
        origins = [
            origin
            for what, part in parts
            for origin in (what, *((*what, "fields", path) for path, _ in part.fields))
            if policy.origins.get(origin, "default:").split(":")[0] not in built_in
        ]
        self._left = {origin: policy.origins[origin] for origin in origins}
        self._rules = [origin for origin in origins if len(origin) & 1 == 0 and origin[-2] == "fields"]
        self._matcher = Matcher([(rule[-1], None) for rule in self._rules])
        # Those that hold in JSON in a text, too, by the name without which they do not.
        self._anywhere = {
            rule: named[-1].lstrip("\0")
            for rule, steps in ((rule, parse(rule[-1])) for rule in self._rules)
            if steps[0] == "**" and (named := [step for step in steps if step not in ("*", "**")])
        }
        self._seen: set[State] = set()

    @property
    def places(self) -> list[str]:
        return list(self._left.values())

    def see(self, record: Any) -> None:
        """Note what a record has; it is a JSON object or array."""
        for number, true in enumerate(self._holding(record)):
            if true:
                self._left.pop(("cases", str(number)), None)
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
                elif self._anywhere and isinstance(child, str) and '"' in child:
                    self._in_text(child)

    def _in_text(self, text: str) -> None:
        """Take a name that stands in a text for one in JSON there: better no note than a wrong one."""
        for rule in [rule for rule, name in self._anywhere.items() if name in text]:
            del self._anywhere[rule]
            self._left.pop(rule, None)

    def _reached(self, state: State) -> None:
        if state not in self._seen:
            self._seen.add(state)
            for rule in self._matcher.naming(state):
                self._left.pop(self._rules[rule], None)
