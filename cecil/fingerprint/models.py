"""A model's name as a log has it, to the entry of the price list that it means.

Owns: what may stand around a model's id (a fine-tune's organisation and name, the date of a snapshot).
Refuses: to guess. A name matches the list exactly, or it is a name of the list and a version behind it;
`claude-sonnet-5-acme` is nobody's list price. What comes out is an entry of the list, so that no part of
a customer's name, deployment or ARN can.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cecil.fingerprint.prices import Model, PriceList
from cecil.fingerprint.vendors import ANYBODY, known

_FINE_TUNE = re.compile(r"(ft:[a-z0-9.\-]+)(?::.*)?", re.DOTALL)
_NAME = re.compile(r"(?:ft:)?[a-z0-9][a-z0-9.@:/_+\-]{0,119}")
_VERSION = re.compile(r"(?:[-@.:]?(?:[0-9]+|v[0-9]+|latest|preview|beta|instruct))*+")
"""What may follow a name that the list gives as the beginning of names."""

_ARN = re.compile(r"arn:[a-z\-]+:[a-z]+:[a-z0-9\-]*:[0-9]*:(inference-profile|foundation-model)/(.+)")
_CUSTOM = re.compile(r"(?:arn:[^/]*:)?custom-model/([a-z0-9.\-]+(?::[0-9]+)?)(?:[:/].*)?", re.DOTALL)
_PATH = re.compile(r"(?:projects/[^/]+/locations/[^/]+/)?(?:publishers/[^/]+/)?models/([^/]+)")
_OPAQUE = re.compile(
    r"arn:|.*(?:application-inference-profile|provisioned-model|imported-model|endpoints?|accounts/(?!fireworks/))"
)
"""Names that a customer gave; nothing in them is looked at."""
_GEOGRAPHY = re.compile(r"(?:us|eu|apac|au|jp|in|ca|uk|us-gov)\.(?=[a-z0-9]+\.)")
"""Bedrock's profiles for a part of the world. What has a price of its own is in the list with it."""
_VENDOR = re.compile(r"(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai)\.(?=[a-z])")
_REGION = re.compile(r"(?:converse|invoke|[a-z]{2}(?:-gov)?-[a-z]+-[0-9])/")

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
        self._by_provider: dict[str, tuple[Model, ...]] = {}
        self.find = functools.lru_cache(_REMEMBERED)(self._find)

    def _find(self, raw: str, providers: tuple[str, ...]) -> Match:
        """The entry for a name; of several providers' the first.

        Args:
            raw: the name, as logged.
            providers: whose models it may be.
        """
        name = raw.strip().lower()
        tuned = False
        if fine_tune := _FINE_TUNE.fullmatch(name):
            # What follows the base model names an organisation.
            name, tuned = fine_tune[1], True
        elif custom := _CUSTOM.fullmatch(name):
            name, tuned = custom[1], True
        elif (arn := _ARN.fullmatch(name)) or (path := _PATH.fullmatch(name)):
            name = arn[2] if arn else path[1]  # type: ignore[index]
        elif _OPAQUE.match(name):
            return Match(None, False)
        for candidate, whose in _candidates(name, providers):
            if not _NAME.fullmatch(candidate):
                continue
            for provider in (*whose, *self._prices.houses):
                for model in self._of(provider):
                    if matches(model.match, candidate):
                        return Match(model, tuned)
        return Match(None, tuned)

    def _of(self, provider: str) -> tuple[Model, ...]:
        if provider not in self._by_provider:
            self._by_provider[provider] = tuple(self._prices.of(provider))
        return self._by_provider[provider]


def _candidates(name: str, providers: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What a name may be in the list: itself, or what stands behind a gateway's or a cloud's prefix."""
    yield name, providers
    prefix, found, rest = name.partition("/")
    if found and rest:
        # LiteLLM's `azure/gpt-4o`, `bedrock/eu-central-1/anthropic...`: the prefix says whose price it is.
        if region := _REGION.match(rest):
            rest = rest[region.end() :]
        whose = known(prefix)
        if whose is not None and (not providers or providers == ANYBODY or set(whose) & set(providers)):
            yield rest, whose
            name, providers = rest, whose
    if geography := _GEOGRAPHY.match(name):
        name = name[geography.end() :]
        yield name, providers
    if vendor := _VENDOR.match(name):
        yield name[vendor.end() :], providers


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
