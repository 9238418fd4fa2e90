"""What a policy's rules for fields say of the places of a record, as they are come to.

Owns: which rule holds and what it does to a value there; which rules named a place at all. Refuses: values.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from cecil.sanitizer.paths import Matcher, State, parse
from cecil.sanitizer.policy import Policy

_MOST_SHEETS = 64


class Outcome(NamedTuple):
    """What a policy does to a value.

    Attributes:
        action: an action's name, `scan` where no rule names the place, `unmapped` where a strict policy drops
            it for that.
        rule: the number of the rule under `fields`; None where there is none.
    """

    action: str
    rule: int | None


class _Sheet(NamedTuple):
    """The rules that hold for some records.

    Attributes:
        matcher: gives a rule's number.
        numbers, lengths: of each of its rules, the number and the number of steps.
    """

    matcher: Matcher[int]
    numbers: list[int]
    lengths: list[int]


class Watch:
    """What a policy's rules for fields say of each place.

    Args:
        policy: the policy.
        holding: which of its cases are true of a record.

    Attributes:
        rules: (path, action) of all rules, those of cases behind the others.
        matched: the numbers of those that named a place.
    """

    def __init__(self, policy: Policy, holding: Callable[[Any], tuple[bool, ...]]) -> None:
        self.rules = [*policy.fields, *(rule for case in policy.cases for rule in case.fields)]
        self.matched: set[int] = set()
        self._policy = policy
        self._holding = holding
        self._strict = policy.strategy == "strict"
        self._sheets: dict[tuple[bool, ...], _Sheet] = {}

    def start(self, record: Any) -> "View":
        """What is said of a record as a whole."""
        holding = self._holding(record)
        sheet = self._sheets.get(holding)
        if sheet is None:
            if len(self._sheets) >= _MOST_SHEETS:
                self._sheets.clear()
            sheet = self._sheets[holding] = self._sheet(holding)
        return self._view(sheet, sheet.matcher.start, None)

    def below(self, view: "View", step: str) -> "View":
        """What is said one step further down; items of a list are numbered."""
        if view.gone:
            return view
        return self._view(view.sheet, view.sheet.matcher.step(view.state, step), view.rule)

    def leaf(self, view: "View") -> Outcome:
        """What becomes of a value."""
        if view.gone:
            return view.gone
        if view.rule is not None:
            return Outcome(self.rules[view.rule][1].name, view.rule)
        return Outcome("unmapped" if self._strict else "scan", None)

    def _sheet(self, holding: tuple[bool, ...]) -> _Sheet:
        numbers = list(range(len(self._policy.fields)))
        first = len(numbers)
        for case, true in zip(self._policy.cases, holding, strict=True):
            if true:
                numbers += range(first, first + len(case.fields))
            first += len(case.fields)
        more = len(numbers) - len(self._policy.fields)
        rules = [(self.rules[number][0], number) for number in numbers]
        return _Sheet(Matcher(rules, more), numbers, [len(parse(path)) for path, _ in rules])

    def _view(self, sheet: _Sheet, state: State, above: int | None) -> "View":
        self.matched.update(sheet.numbers[index] for index in sheet.matcher.naming(state))
        rule = sheet.matcher.rule(state)
        rule = above if rule is None else rule
        gone = None
        if rule is not None and self.rules[rule][1].name == "drop":
            gone = Outcome("drop", rule)
        elif self._strict and rule is None and not sheet.matcher.alive(state):
            gone = Outcome("unmapped", None)
        return View(sheet, state, rule, gone)


class View(NamedTuple):
    """What the rules say at one place of a record.

    Attributes:
        sheet, state: the rules, and how far they match.
        rule: the number of the one that holds.
        gone: what becomes of all below, where nothing of it stays.
    """

    sheet: _Sheet
    state: State
    rule: int | None
    gone: Outcome | None
