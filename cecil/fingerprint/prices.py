"""List prices: the price list, and what a fingerprint costs by it.

Owns: the list's data file (`prices.json`, made by `build_prices`), dates, tiers of service and of prompt
length, and the arithmetic, which is exact: all prices and costs are whole numbers of picodollars (1e-12
USD). Refuses: to guess. What the list has no price for is `Unpriced`, with a reason: an unknown model, a
tier or region without a price, tokens of a kind that the list prices apart and a record does not tell.

Where a kind of token has no price of its own, the next general one holds, as providers bill it: a cache
read or write without a price costs what fresh input does, reasoning what output does. A one-hour cache
write (twice the input at Anthropic) never falls back to the price of a five-minute one.
"""

import functools
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from cecil.fingerprint.usage import Flag

if TYPE_CHECKING:
    from cecil.fingerprint.record import Fingerprint

PICO = 1_000_000_000_000
"""Picodollars in a dollar."""

_EPOCH = date(1970, 1, 1)

_PER = {"_mtok": 1_000_000, "_kcount": 1_000}
"""What a price is for, by the end of its name."""


class Tier(StrEnum):
    """How a provider served a call: its price depends on it."""

    STANDARD = "standard"
    BATCH = "batch"
    FLEX = "flex"
    PRIORITY = "priority"
    FAST = "fast"
    OTHER = "other"


class Region(StrEnum):
    """Where a provider was told to run the model, where that has a price of its own."""

    GLOBAL = "global"
    US = "us"
    EU = "eu"
    OTHER = "other"


class Unpriced(StrEnum):
    """Why a record has no price."""

    MODEL = "model"
    TIER = "tier"
    REGION = "region"
    UNITS = "units"
    PRICE = "price"


class Rate(NamedTuple):
    """A price in picodollars a unit.

    Attributes:
        base: for prompts up to the first step.
        steps: (tokens, price): a prompt of more tokens pays this for all of them; in rising order.
    """

    base: int
    steps: tuple[tuple[int, int], ...] = ()

    def at(self, prompt: int) -> int:
        price = self.base
        for start, higher in self.steps:
            if prompt > start:
                price = higher
        return price


Sheet = Mapping[str, Rate]


class Dated(NamedTuple):
    """A price sheet and the day it begins to hold (days since 1970), None for always."""

    since: int | None
    sheet: Sheet
    tier: Tier = Tier.STANDARD


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """An entry of the price list. Only `PriceList` makes them: having one proves that its id is public.

    Attributes:
        provider, id: as the list has them.
        match: which names of a model mean this one, as the list has it; `models` reads it.
        standard: sheets in the order of their dates.
        tiers: changes to the standard sheet, by tier; the first that holds wins, price by price.
    """

    provider: str
    id: str
    match: Mapping[str, Any] = field(repr=False)
    standard: tuple[Dated, ...] = field(repr=False)
    tiers: tuple[Dated, ...] = field(repr=False)

    def sheet(self, day: int, tier: Tier | None) -> Sheet | None:
        """The prices of a day; None when the tier had none.

        Args:
            day: days since 1970.
            tier: None where a record does not tell; the standard price holds then.
        """
        if not self.standard:
            return None
        sheet = self.standard[0].sheet
        for dated in self.standard:
            if dated.since is None or day >= dated.since:
                sheet = dated.sheet
        if tier is None or tier is Tier.STANDARD:
            return sheet
        changes: dict[str, Rate] = {}
        for dated in self.tiers:
            if dated.tier is tier and (dated.since is None or day >= dated.since):
                changes = {**dated.sheet, **changes}
        return {**sheet, **changes} if changes else None


class PriceList:
    """All models and their prices.

    Args:
        data: the content of a price file.

    Attributes:
        date: the day the prices were known to be right.
        source: where they are from, for print.
        models: every model by (provider, id).

    Raises:
        ValueError: the data is no price list.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        try:
            self.date = date.fromisoformat(data["date"])
            self.source = f"{data['source']['name']} {data['source']['version']}"
            self.models = {(m.provider, m.id): m for m in _models(data["providers"])}
        except (KeyError, TypeError, AttributeError, InvalidOperation):
            raise ValueError("not a price list") from None
        self._day = (self.date - _EPOCH).days

    @classmethod
    @functools.cache
    def packaged(cls) -> "PriceList":
        """The list that comes with Cecil."""
        data = pkgutil.get_data("cecil.fingerprint", "prices.json")
        assert data is not None
        return cls(orjson.loads(data))

    def of(self, provider: str) -> Iterator[Model]:
        """A provider's models, in the list's order."""
        return (model for model in self.models.values() if model.provider == provider)

    def age(self, today: date) -> int:
        """Days since the list's date."""
        return (today - self.date) // timedelta(days=1)

    def cost(self, record: "Fingerprint") -> int | Unpriced:
        """What a record costs at list price.

        A record without a time is priced as of the list's own date.

        Returns:
            Picodollars, or why there is no price.
        """
        model = record.model
        if model is None:
            return Unpriced.MODEL
        if record.region not in (None, Region.GLOBAL):
            return Unpriced.REGION
        sheet = model.sheet(self._day if record.t is None else record.t // 24, record.tier)
        if sheet is None:
            return Unpriced.TIER
        # Audio always costs more than text; images do where the list says so, and count as text elsewhere.
        if Flag.AUDIO in record.flags or (
            Flag.IMAGE in record.flags and any("image" in key for key in sheet)
        ):
            return Unpriced.UNITS
        prompt = record.in_fresh + record.in_cache_read + record.in_cache_write_5m + record.in_cache_write_1h
        hour_write = "input_mtok" if "cache_write_mtok" not in sheet else ""
        total = 0
        for count, names in (
            (record.in_fresh, ("input_mtok",)),
            (record.in_cache_read, ("cache_read_mtok", "input_mtok")),
            (record.in_cache_write_5m, ("cache_write_5m_mtok", "cache_write_mtok", "input_mtok")),
            (record.in_cache_write_1h, ("cache_write_1h_mtok", hour_write)),
            (record.out_text, ("output_mtok",)),
            (record.out_reasoning, ("output_reasoning_mtok", "output_mtok")),
            (record.web_searches, ("web_searches_kcount",)),
        ):
            if not count:
                continue
            rate = next((sheet[name] for name in names if name in sheet), None)
            if rate is None:
                return Unpriced.PRICE
            total += count * rate.at(prompt)
        return total


def _models(providers: Any) -> Iterator[Model]:
    for provider in providers:
        for entry in provider["models"]:
            yield Model(
                provider=str(provider["id"]),
                id=str(entry["id"]),
                match=entry["match"],
                standard=tuple(_dated(sheet) for sheet in entry["prices"]),
                tiers=tuple(_dated(sheet) for sheet in entry.get("tiers", ())),
            )


def _dated(entry: Mapping[str, Any]) -> Dated:
    since = entry.get("since")
    return Dated(
        since=None if since is None else (date.fromisoformat(since) - _EPOCH).days,
        sheet={name: _rate(name, price) for name, price in entry["prices"].items()},
        tier=Tier(entry.get("tier", Tier.STANDARD)),
    )


def _rate(name: str, price: Any) -> Rate:
    if isinstance(price, str):
        return Rate(_pico(name, price))
    return Rate(
        _pico(name, price["base"]), tuple((int(start), _pico(name, p)) for start, p in price["steps"])
    )


def _pico(name: str, price: str) -> int:
    """USD per million tokens (or per thousand calls) to picodollars for one."""
    per = next((number for end, number in _PER.items() if name.endswith(end)), None)
    if per is None:
        # Hours, characters: kept so that the list is whole; no bucket of a record has this unit.
        return 0
    exact = Decimal(price) * PICO / per
    if exact < 0 or exact != exact.to_integral_value():
        raise ValueError(f"the price of {name} is negative or finer than a picodollar")
    return int(exact)
