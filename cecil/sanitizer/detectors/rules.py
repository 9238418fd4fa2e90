"""Recognizers made of rules: a label and the value behind it, or a value whose shape speaks for itself.

Owns: how far a label may stand from its value, where a value begins and ends, and that a rule's trigger
is the rule itself without its look-arounds, so that no trigger can be narrower than its rule.

Refuses: patterns that mean different things to Python and to Hyperscan. A rule's label and value are
ASCII, without look-around, back-reference or possessive repeat; that leaves it to their author that a text
is cut in one way only: between two repeats of the same characters stands something that is neither.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import NamedTuple

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_MARK = r"(?:[ \t\r\n:=#\"'\\*,;|/_\[{<>.-]|‘|’|“|”)"
_WORDS = (
    "is|was|are|were|of|no|nr|num|number|numbers|id|ids|code|value|the|his|her|my|your|listed|as|like|for"
    "|including|and|on|to|es|est|ist"
)
_GAP = f"(?:{_MARK}{{1,6}}(?:{_WORDS})){{0,3}}{_MARK}{{0,8}}"
# Possessive: what is taken for the gap is never tried as anything else.
_PYTHON_GAP = f"(?:{_MARK}{{1,6}}+(?:{_WORDS})(?![A-Za-z0-9])){{0,3}}+{_MARK}{{0,8}}+"

_AND = late(r"[ \t]{0,3}+(?:[,;/&]|and\b|or\b)[ \t]{0,3}+(?:and\b|or\b)?+[ \t]{0,3}+", re.ASCII)

ALONE = r"(?<![\w.+-])"
"""Before a value without a label."""

END = r"(?![\w]|-\w|\.[0-9])"
"""Behind a value: a longer number is another number."""


_APART = r"(?<![A-Za-z])"
_SIGN_FIRST = late(r"(?:^|\||\(\?:)(?:\\\W|[^\w(\[\\])")
"""In a label of which an alternative begins with a sign, before which no word's border need be."""


class Rule(NamedTuple):
    """One way in which an identifier is written.

    Attributes:
        entity: what it is.
        value: its shape, as a regular expression.
        score: how sure, without more context.
        label: what stands before it, as a regular expression; empty where the shape is enough.
        check: whether a value holds, by its check digit for instance.
        sure: whether a value that holds is validated (see `Span`).
        cased: whether upper and lower case differ.
        before, after: look-arounds for what must not stand next to the value; `before` is for a value
            without a label.
        apart: a look-behind for what must not stand before the label.
        hint: the trigger, where value and label alone would make a broad one, or a slow one.
        why: what is said of a value that does not hold.
    """

    entity: str
    value: str
    score: float
    label: str = ""
    check: Callable[[str], bool] | None = None
    sure: bool = False
    cased: bool = False
    before: str = ALONE
    after: str = END
    apart: str = _APART
    hint: str = ""
    why: str = "the check digit is wrong"

    @property
    def _opening(self) -> str:
        return "" if self.value.startswith(r"\(") else r"\(?"

    def pattern(self) -> re.Pattern[str]:
        """What finds it; the value is the group `value`, and `many` a plural label."""
        flags = re.ASCII if self.cased else re.ASCII | re.IGNORECASE
        value = f"(?P<value>{self.value}){self.after}"
        if not self.label:
            return re.compile(self.before + value, flags)
        label = f"{self.apart}(?:{self.label})(?P<many>s)?(?![A-Za-z])"
        return re.compile(label + _PYTHON_GAP + self._opening + value, flags)

    def more(self) -> re.Pattern[str]:
        """What finds one more value behind a plural label."""
        return re.compile(self.value + self.after, re.ASCII if self.cased else re.ASCII | re.IGNORECASE)

    def trigger(self) -> Trigger:
        """What every text holds in which it is found."""
        if self.hint:
            return Trigger(self.hint, not self.cased, shape=not (self.label or _has_word(self.hint)))
        # Without a border on either side Hyperscan has to think at every character.
        before = r"\b" if self.before == ALONE and not self.label else ""
        after = r"\b" if self.after == END else ""
        label = f"(?:{self.label})s?{_GAP}{self._opening}" if self.label else ""
        if label and self.apart == _APART and not _SIGN_FIRST.search(self.label):
            label = "[^A-Za-z]" + label
        shape = not (self.label or _has_word(self.value))
        return Trigger(f"{before}{label}(?:{self.value}){after}", not self.cased, shape=shape)

    def holds(self, value: str) -> bool:
        """Whether the check, where there is one, takes a value.

        Raises:
            DetectorError: the check itself failed.
        """
        if self.check is None:
            return True
        try:
            return self.check(value)
        except Exception as error:
            # The libraries' messages can quote the value.
            raise DetectorError(f"the check of {self.entity} failed with {type(error).__name__}") from None


_NO_WORD = late(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{[0-9,]+\}")
_GROUP = late(r"\(\?:([^()]*)\)(\??)")
_WORD = late("[A-Za-z]{2}")


def _has_word(value: str) -> bool:
    """Whether whatever an expression matches holds one of its words, of two letters or more."""
    plain, more = _NO_WORD.sub("#", value), 1
    while more:
        plain, more = _GROUP.subn(_word_of, plain)
    return all(map(_WORD.search, plain.split("|")))


def _word_of(group: re.Match[str]) -> str:
    return "word" if not group[2] and all(map(_WORD.search, group[1].split("|"))) else "#"


class Rules:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of one or more rules.

    Args:
        name: in kebab case.
        rules: at least one.
        context: words near a value that make it more likely.
    """

    def __init__(self, name: str, *rules: Rule, context: tuple[str, ...] = ()) -> None:
        self.name = name
        self.rules = rules
        self.entities = frozenset(rule.entity for rule in rules)
        self.context = context
        self.triggers = tuple(dict.fromkeys(rule.trigger() for rule in rules))

    @cached_property
    def _compiled(self) -> list[tuple[Rule, re.Pattern[str]]]:
        return [(rule, rule.pattern()) for rule in self.rules]

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        spans: list[Span] = []
        for rule, pattern in self._compiled:
            if pattern.search(text) is None:
                continue
            for start, end in _values(text, pattern, rule):
                if rule.holds(text[start:end]):
                    spans.append(Span(start, end, rule.entity, rule.score, self.name, rule.sure))
                elif misses is not None:
                    misses.append(Miss(start, end, rule.entity, self.name, rule.why))
        return spans


def _values(text: str, pattern: re.Pattern[str], rule: Rule) -> Iterator[tuple[int, int]]:
    done = 0
    for match in pattern.finditer(text):
        start, end = match.span("value")
        if start < done:
            continue  # one of a list that was read already
        yield start, end
        while match.groupdict().get("many") and (joint := _AND.match(text, end)):
            following = rule.more().match(text, joint.end())  # few texts have a list, and `re` remembers it
            if following is None:
                break
            start, end = following.span()
            yield start, end
        done = end
