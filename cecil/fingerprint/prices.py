"""List prices: the price list, and what a fingerprint costs by it.

Owns: the list's data file (`prices.json`, made by `build_prices`), dates, tiers of service and of prompt
length, and the arithmetic, which is exact: all prices and costs are whole numbers of picodollars (1e-12
USD). A user's own list lies over the packaged one: what it names holds, all else stays.
Refuses: to guess. What the list has no price for is `Unpriced`, with a reason: an unknown model, a
tier or region without a price, tokens of a kind that the list prices apart and a record does not tell.

Where a kind of token has no price of its own, the next general one holds, as providers bill it: a cache
read or write without a price costs what fresh input does, reasoning what output does. A one-hour cache
write (twice the input at Anthropic) never falls back to the price of a five-minute one.
"""

import functools
import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from cecil.fingerprint.usage import Flag, Quality

if TYPE_CHECKING:
    from cecil.fingerprint.record import Fingerprint

PICO = 1_000_000_000_000
"""Picodollars in a dollar."""

_EPOCH = date(1970, 1, 1)

_ID = re.compile(r"[!-~]{1,200}")
"""Names of providers and models: they are printed, so there is no control character among them."""
_TEXT = re.compile(r"[ -~]{1,100}")

_PER = {"_mtok": 1_000_000, "_kcount": 1_000}
"""What a price is for, by the end of its name."""
_MAX_QUOTES = 20_000
_MAX_PRICE = 1_000_000
"""USD a million tokens, or a thousand calls: what is more is a slip of the pen."""


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
    HOUR = "hour"
    UNITS = "units"
    PRICE = "price"
    USAGE = "usage"


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


class Quote(NamedTuple):
    """What one unit of each bucket of a record costs, in picodollars; None where there is no price.

    The names are those of a record's fields, save `requests`: what some providers take for each call.
    """

    in_fresh: int | None = None
    in_cache_read: int | None = None
    in_cache_write_5m: int | None = None
    in_cache_write_1h: int | None = None
    out_text: int | None = None
    out_reasoning: int | None = None
    web_searches: int | None = None
    requests: int | None = None

    def costs(self, counts: Iterable[int]) -> tuple[int, ...] | None:
        """Picodollars by bucket, for counts in the order of the fields; None when a price is missing."""
        try:
            return tuple([count and count * price for count, price in zip(counts, self, strict=True)])  # type: ignore[operator]
        except TypeError:  # a count that is not 0 times None
            return None


class Origin(NamedTuple):
    """Where prices are from.

    Attributes:
        date: the day they were known to be right.
        name: for print.
    """

    date: date
    name: str


class Dated(NamedTuple):
    """A price sheet and when it holds.

    Attributes:
        since: the first day, in days since 1970; None for always.
        hours: from when to when in a day, in minutes, UTC; None for all of it.
    """

    since: int | None
    sheet: Sheet
    tier: Tier = Tier.STANDARD
    hours: tuple[int, int] | None = None

    def at(self, minute: int) -> bool:
        """Whether it holds at a time of day."""
        if self.hours is None:
            return True
        start, end = self.hours
        return start <= minute < end if start <= end else minute >= start or minute < end


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """An entry of the price list. Only `PriceList` makes them: having one proves that its id is public.

    Attributes:
        provider, id: as the list has them.
        match: which names of a model mean this one, as the list has it; `models` reads it.
        standard: sheets; of those that hold the last counts.
        tiers: changes to the standard sheet, by tier; the first that holds wins, price by price.
        origin: which list its prices are from.
        hourly: whether its prices depend on the time of day.
    """

    provider: str
    id: str
    origin: Origin
    match: Mapping[str, Any] = field(repr=False)
    standard: tuple[Dated, ...] = field(repr=False)
    tiers: tuple[Dated, ...] = field(repr=False)
    hourly: bool

    def clear(self, hour: int | None) -> bool:
        """Whether all of an hour has one price; None for a time of day that is not known."""
        return hour is not None and not any(
            hour * 60 < minute < hour * 60 + 60 for dated in self.standard for minute in dated.hours or ()
        )

    def sheet(self, day: int, tier: Tier | None, hour: int = 0) -> Sheet | None:
        """The prices of a day; None when the tier had none.

        Args:
            day: days since 1970.
            tier: None where a record does not tell; the standard price holds then.
            hour: of the day, UTC.
        """
        if not self.standard:
            return None
        sheet = self.standard[0].sheet
        for dated in self.standard:
            if (dated.since is None or day >= dated.since) and dated.at(hour * 60):
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
        over: the list that holds for all that `data` does not name. The names of prices must be known to
            it: a price that was misspelled would be no price.

    Attributes:
        origins: where the prices are from, this list before the one that it lies over.
        date: the day of the oldest of them.
        models: every model by (provider, id).
        houses: providers that only a user's own list has: whatever a log says of where a call went, its model
            may be one of theirs.

    Raises:
        ValueError: the data is no price list. Names the place, as far as there is one.
    """

    def __init__(self, data: Mapping[str, Any], over: "PriceList | None" = None) -> None:
        try:
            if data.get("currency", "USD") != "USD":
                raise ValueError("prices in another currency than USD")
            source = data["source"]
            name = " ".join(str(source[key]) for key in ("name", "version") if key in source)
            if not _TEXT.fullmatch(name):
                raise ValueError("the name of a price list is printable ASCII")
            origin = Origin(_day(data["date"]), name)
            own = {(m.provider, m.id): m for m in _models(data["providers"], origin, over)}
        except (KeyError, TypeError, AttributeError, InvalidOperation):
            raise ValueError("not a price list") from None
        self.origins: tuple[Origin, ...] = (origin, *(over.origins if over else ()))
        self.date = min(origin.date for origin in self.origins)
        # Own models come first: of two that take a name, the first is meant.
        self.models: dict[tuple[str, str], Model] = own | {
            key: m for key, m in (over.models if over else {}).items() if key not in own
        }
        public = {provider for provider, _ in over.models} if over else None
        self.houses = () if public is None else tuple(sorted({provider for provider, _ in own} - public))
        self._quotes: dict[tuple[Model, int, int, Tier | None], Quote] = {}

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

    def quote(
        self, record: "Fingerprint", *, model: Model | None = None, tier: Tier | None = None
    ) -> Quote | Unpriced:
        """What one unit of each bucket of a record costs.

        A record without a time is priced as of the day of its model's prices.

        Args:
            model, tier: other ones than the record's own, to ask what would be.

        Returns:
            The prices, or why there are none.
        """
        model = model or record.model
        if model is None:
            return Unpriced.MODEL
        if record.region not in (None, Region.GLOBAL):
            return Unpriced.REGION
        day = (model.origin.date - _EPOCH).days if record.t is None else record.t // 24
        hour = 0
        if model.hourly:
            told = None if record.t is None else record.t % 24
            if told is None or not model.clear(told):
                return Unpriced.HOUR
            hour = told
        key = (model, day, hour, tier or record.tier)
        found = None if record.flags else self._quotes.get(key)
        if found is not None:
            return found
        sheet = model.sheet(day, key[3], hour)
        if sheet is None:
            return Unpriced.TIER
        # Audio always costs more than text; images do where the list says so, and count as text elsewhere.
        if Flag.AUDIO in record.flags or (
            Flag.IMAGE in record.flags and any("image" in name for name in sheet)
        ):
            return Unpriced.UNITS
        made = _quote(sheet, sum(counts(record)[:4]))
        if not record.flags and not any(rate.steps for rate in sheet.values()):
            if len(self._quotes) >= _MAX_QUOTES:
                self._quotes.clear()
            self._quotes[key] = made
        return made

    def cost(self, record: "Fingerprint") -> int | Unpriced:
        """What a record costs at list price.

        Returns:
            Picodollars, or why there is no price.
        """
        costs = self.costs(record)
        return costs if isinstance(costs, Unpriced) else sum(costs)

    def costs(self, record: "Fingerprint") -> tuple[int, ...] | Unpriced:
        """What a record costs at list price, by bucket, in the order of `Quote`."""
        if record.q is Quality.NONE:
            return Unpriced.USAGE
        quote = self.quote(record)
        if isinstance(quote, Unpriced):
            return quote
        costs = quote.costs(counts(record))
        return Unpriced.PRICE if costs is None else costs


def counts(record: "Fingerprint") -> tuple[int, ...]:
    """A record's counts in the order of `Quote`."""
    return (
        record.in_fresh,
        record.in_cache_read,
        record.in_cache_write_5m,
        record.in_cache_write_1h,
        record.out_text,
        record.out_reasoning,
        record.web_searches,
        0 if Flag.GATEWAY_CACHE in record.flags else 1,
    )


def _quote(sheet: Sheet, prompt: int) -> Quote:
    hour_write = () if "cache_write_mtok" in sheet else ("input_mtok",)
    rates = [
        next((sheet[name].at(prompt) for name in names if name in sheet), None)
        for names in (
            ("input_mtok",),
            ("cache_read_mtok", "input_mtok"),
            ("cache_write_5m_mtok", "cache_write_mtok", "input_mtok"),
            ("cache_write_1h_mtok", *hour_write),
            ("output_mtok",),
            ("output_reasoning_mtok", "output_mtok"),
            ("web_searches_kcount",),
        )
    ]
    rates.append(sheet["requests_kcount"].at(prompt) if "requests_kcount" in sheet else 0)
    return Quote(*rates)


def _models(providers: Any, origin: Origin, over: PriceList | None) -> Iterator[Model]:
    known = _priced(over) if over else None
    for provider in providers:
        for entry in provider["models"]:
            key = (provider["id"], entry["id"])
            for name in key:
                if type(name) is not str or not _ID.fullmatch(name):
                    raise ValueError("an id of a provider or model is printable ASCII without blanks")
            before = over.models.get(key) if over else None
            match = entry.get("match") or (before.match if before else {"equals": key[1]})
            _check_match(match)
            sheets = [*entry["prices"], *entry.get("tiers", ())]
            wrong = {name for sheet in sheets for name in sheet["prices"]} - known if known else None
            if any("hours" in sheet for sheet in entry.get("tiers", ())):
                raise ValueError("prices of a tier that depend on the time of day")
            if wrong:
                raise ValueError(f"no price has the name {min(wrong)!a}")
            standard = tuple(_dated(sheet) for sheet in entry["prices"])
            hourly = any(dated.hours for dated in standard)
            yield Model(
                provider=key[0],
                id=key[1],
                origin=origin,
                match=match,
                # In whatever order a list has them, of several days the latest holds.
                standard=standard if hourly else tuple(sorted(standard, key=_first_day)),
                tiers=tuple(sorted(map(_dated, entry.get("tiers", ())), key=_first_day, reverse=True)),
                hourly=hourly,
            )


def _priced(prices: PriceList) -> frozenset[str]:
    """The names of all prices."""
    return frozenset(
        name
        for model in prices.models.values()
        for dated in (*model.standard, *model.tiers)
        for name in dated.sheet
    )


def _check_match(clause: Any) -> None:
    ((kind, value),) = clause.items()
    if kind in ("or", "and"):
        for part in value:
            _check_match(part)
    elif kind not in ("equals", "starts_with", "ends_with", "contains", "regex") or type(value) is not str:
        raise ValueError("a match of an unknown kind")
    elif kind == "regex":
        try:
            re.compile(value)
        except re.error:
            raise ValueError("a match is no regular expression") from None


def _dated(entry: Mapping[str, Any]) -> Dated:
    since, hours = entry.get("since"), entry.get("hours")
    return Dated(
        since=None if since is None else (_day(since) - _EPOCH).days,
        sheet={name: _rate(name, price) for name, price in entry["prices"].items()},
        tier=Tier(entry.get("tier", Tier.STANDARD)),
        hours=None if hours is None else (_minute(hours[0]), _minute(hours[1])),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("a date in a price list is YYYY-MM-DD") from None


def _first_day(dated: Dated) -> float:
    return -inf if dated.since is None else dated.since


def _minute(text: str) -> int:
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


def _rate(name: str, price: Any) -> Rate:
    if isinstance(price, str | int | float):
        return Rate(_pico(name, price))
    return Rate(
        _pico(name, price["base"]), tuple(sorted((int(start), _pico(name, p)) for start, p in price["steps"]))
    )


def _pico(name: str, price: Any) -> int:
    """USD per million tokens (or per thousand calls) to picodollars for one."""
    per = next((number for end, number in _PER.items() if name.endswith(end)), None)
    if per is None:
        # Hours, characters: kept so that the list is whole; no bucket of a record has this unit.
        return 0
    if not Decimal(str(price)) <= _MAX_PRICE:
        raise ValueError(f"the price of {name} is beyond belief")
    exact = Decimal(str(price)) * PICO / per
    if exact < 0 or exact != exact.to_integral_value():
        raise ValueError(f"the price of {name} is negative or finer than a picodollar")
    return int(exact)
