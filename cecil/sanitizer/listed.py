"""Values that a policy names one by one: those that always are a finding, and those that never are one.

Owns: when a text is one of them. A text that begins or ends with a letter, a digit or an underscore is one
only as a whole word: `Ann` is not in `Annual`. Expressions are RE2's, and so take linear time.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from cecil.errors import PolicyError
from cecil.sanitizer import linear
from cecil.sanitizer.detectors import Trigger, expressions
from cecil.sanitizer.late import late
from cecil.sanitizer.policy import Listed
from cecil.sanitizer.spans import Miss, Span

NAME = "deny"
"""The detector of what `deny` finds."""

_BEFORE, _AFTER = r"(?:\A|[^\pL\pN_])", r"(?:\z|[^\pL\pN_])"
_VALUE = "value"
"""The group of an expression that is the finding alone."""
_SURROGATES = late("[\ud800-\udfff]")

_MEMORY = 256 << 20
"""Bytes that one expression of all texts may take."""


class Denied:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of what a policy's `deny` names.

    Args:
        listed: at least one.

    Raises:
        PolicyError: there are too many values.
    """

    name = NAME
    context: tuple[str, ...] = ()

    def __init__(self, listed: Sequence[Listed]) -> None:
        self._searches = [(one.entity or "", *_search(one)) for one in listed]
        self.entities = frozenset(one.entity or "" for one in listed)
        self.triggers = tuple(dict.fromkeys(trigger for one in listed for trigger in _triggers(one)))

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        # Octets: of a text RE2 makes its own each time that it is asked for the next match.
        data = _encodable(text).encode()
        spans = []
        for entity, search, group in self._searches:
            place = 0
            seen, count = 0, 0  # octets that were passed, and the characters in them
            while place <= len(data) and (match := search(data, place)):
                start, end = match.span(match.lastindex if group is None else group)
                if start < end:
                    first = count + len(data[seen:start].decode("utf-8", "replace"))
                    seen, count = end, first + len(data[start:end].decode("utf-8", "replace"))
                    spans.append(Span(first, count, entity, 1.0, NAME, True))
                place = max(end, match.start() + 1)
        return spans


class Allowed:
    """What a policy's `allow` names.

    Args:
        listed: at least one.
    """

    def __init__(self, listed: Iterable[Listed]) -> None:
        self._exact: set[tuple[str | None, str]] = set()
        self._folded: set[tuple[str | None, str]] = set()
        self._expressions: list[tuple[str | None, Any]] = []
        for one in listed:
            if one.regex is not None:
                self._expressions.append(
                    (one.entity, linear.compiled(one.regex, ignore_case=one.ignore_case).fullmatch)
                )
            elif one.ignore_case:
                self._folded.update((one.entity, text.casefold()) for text in one.texts)
            else:
                self._exact.update((one.entity, text) for text in one.texts)

    def __call__(self, text: str, entity: str) -> bool:
        """Whether a text that was found, or stands under a key that names an entity, is none."""
        if (None, text) in self._exact or (entity, text) in self._exact:
            return True
        if self._folded:
            folded = text.casefold()
            if (None, folded) in self._folded or (entity, folded) in self._folded:
                return True
        if not self._expressions:
            return False
        text = _encodable(text)
        return any(only in (None, entity) and match(text) for only, match in self._expressions)


def _search(one: Listed) -> tuple[Any, int | None]:
    """What finds the next match, and which group of it is the value: of a list the one that matched."""
    if one.regex is not None:
        expression = linear.compiled(one.regex, ignore_case=one.ignore_case)
        return expression.search, expression.groupindex.get(_VALUE, 0)
    import re2

    kinds: dict[tuple[bool, bool], list[str]] = {}
    for text in sorted(one.texts, key=len, reverse=True):
        kinds.setdefault((_word(text[0]), _word(text[-1])), []).append(re2.escape(text))
    ways = [
        f"{_BEFORE if before else ''}({'|'.join(texts)}){_AFTER if after else ''}"
        for (before, after), texts in sorted(kinds.items())
    ]
    return _together(one, "|".join(ways)).search, None


def _encodable(text: str) -> str:
    """A text that has an encoding, and as many characters."""
    return text if text.isascii() else _SURROGATES.sub("?", text)


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _together(one: Listed, expression: str) -> Any:
    import re2

    options = re2.Options()
    options.case_sensitive = not one.ignore_case
    options.max_mem = _MEMORY
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error:
        raise PolicyError(
            "too many values for one list", where=one.place, hint="take several shorter lists"
        ) from None


def _triggers(one: Listed) -> tuple[Trigger, ...]:
    if one.regex is not None:
        return expressions.triggers(one.regex, caseless=one.ignore_case)
    return tuple(Trigger(_octets(text, one.ignore_case), one.ignore_case) for text in one.texts)


def _octets(text: str, ignore_case: bool) -> str:
    """A text as a trigger. Octets have a case in ASCII only; line breaks are blanks to it."""
    return "".join(
        re.escape(c)
        if c.isascii() or not ignore_case
        else "(?:" + "|".join(sorted({c, *c.lower(), *c.upper(), *c.casefold()})) + ")"
        for c in re.sub(r"[\r\n]", " ", text)
    )
