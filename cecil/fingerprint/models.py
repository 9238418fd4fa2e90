"""A model's name as a log has it, to the entry of the price list that it means.

Owns: what may stand around a model's id (a fine-tune's organisation and name, the date of a snapshot).
Refuses: to guess. A name matches the list exactly, or it is a name of the list and a version behind it;
`claude-sonnet-5-acme` is nobody's list price. What comes out is an entry of the list, so that no part of
a customer's name, deployment or ARN can.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from cecil.fingerprint.prices import Model, PriceList

_FINE_TUNE = re.compile(r"(ft:[a-z0-9.\-]+)(?::.*)?", re.DOTALL)
_NAME = re.compile(r"(?:ft:)?[a-z0-9][a-z0-9.@\-]{0,79}")
_VERSION = re.compile(r"(?:[-@.]?(?:[0-9]+|v[0-9]+|latest|preview|beta|instruct))*")
"""What may follow a name that the list gives as the beginning of names."""

_REMEMBERED = 1024
"""Names; a log has few, and a hostile one may not fill the memory."""


class Match(NamedTuple):
    """What a name means.

    Attributes:
        model: the entry; None when the list has none.
        tuned: whether the name is that of a fine-tuned model.
    """

    model: Model | None
    tuned: bool


class Models:
    """Looks names up in a price list.

    Args:
        prices: the list.
    """

    def __init__(self, prices: PriceList) -> None:
        self._prices = prices
        self.find = functools.lru_cache(_REMEMBERED)(self._find)

    def _find(self, raw: str, providers: tuple[str, ...]) -> Match:
        """The entry for a name; of several providers' the first.

        Args:
            raw: the name, as logged.
            providers: whose models it may be.
        """
        name = raw.strip().lower()
        fine_tune = _FINE_TUNE.fullmatch(name)
        if fine_tune:
            # What follows the base model names an organisation.
            name = fine_tune[1]
        if _NAME.fullmatch(name):
            for provider in providers:
                for model in self._prices.of(provider):
                    if matches(model.match, name):
                        return Match(model, fine_tune is not None)
        return Match(None, fine_tune is not None)


def matches(clause: Mapping[str, Any], name: str) -> bool:
    """Whether a clause of the price list takes a name (lower case).

    The list's `starts_with`, `ends_with` and `contains` are meant for known names; here each takes its
    own text with nothing but a version behind it.
    """
    ((kind, value),) = clause.items()
    if kind == "or":
        return any(matches(part, name) for part in value)
    if kind == "and":
        return all(matches(part, name) for part in value)
    if kind == "regex":
        return re.search(value, name) is not None
    text = str(value).lower()
    if kind == "equals":
        return name == text
    return name.startswith(text) and _VERSION.fullmatch(name, len(text)) is not None
