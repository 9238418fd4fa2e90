"""Fingerprints to sums: calls, tokens and money by model, day, hour, user or operation.

Owns: the accounting, in which all that is read is in exactly one class (priced, unpriced for a reason,
duplicate, skipped for a reason), and exact sums: tokens and picodollars are whole numbers. Refuses: to
keep a record; memory grows with the number of groups only, and that is bounded.
"""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from cecil.fingerprint.prices import Model, Origin, PriceList, Quote, Tier, Unpriced, counts
from cecil.fingerprint.record import OTHER, Fingerprint, hour_text
from cecil.fingerprint.usage import BUCKETS, Quality

UNKNOWN = "unknown"
"""The group of records without a time, or without a user."""
MORE = "more"
"""The group of what came when there were `MAX_GROUPS`."""
MAX_GROUPS = 20_000
FAILED = "failed"
"""The rule by which a call that failed and used nothing is skipped."""


class By(StrEnum):
    """What the groups are."""

    MODEL = "model"
    DAY = "day"
    HOUR = "hour"
    USER = "user"
    OPERATION = "operation"


class Cell:
    """The sums of one group.

    Attributes:
        calls: calls; a call of several legs counts once, in the group of its first leg.
        failed: calls that failed.
        records: fingerprints, that is, legs.
        priced: fingerprints with a price.
        unpriced: fingerprints with tokens and without a price.
        tokens: by bucket.
        cost: picodollars.
    """

    __slots__ = ("calls", "cost", "failed", "priced", "records", "tokens", "unpriced")

    def __init__(self) -> None:
        self.calls = self.failed = self.records = self.priced = self.unpriced = self.cost = 0
        self.tokens = dict.fromkeys(BUCKETS, 0)

    def add(self, record: Fingerprint, cost: int | Unpriced | None) -> None:
        """Count one fingerprint.

        Args:
            cost: None for one that failed and used nothing.
        """
        self.records += 1
        if record.leg == 0:
            self.calls += 1
            self.failed += not record.ok
        for name in BUCKETS:
            self.tokens[name] += getattr(record, name)
        if isinstance(cost, Unpriced):
            self.unpriced += 1
        elif cost is not None:
            self.priced += 1
            self.cost += cost

    def take(self, other: "Cell") -> None:
        """Add another group's sums."""
        for name in ("calls", "failed", "records", "priced", "unpriced", "cost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in BUCKETS:
            self.tokens[name] += other.tokens[name]


class Accounting(NamedTuple):
    """Where all is that was read: `read = priced + unpriced + duplicate + skipped`.

    The unit is a fingerprint, or a line that gave none.
    """

    read: int
    priced: int
    unpriced: int
    duplicate: int
    skipped: int

    @property
    def adds_up(self) -> bool:
        return self.read == self.priced + self.unpriced + self.duplicate + self.skipped


class Rollup:
    """Sums over a stream of fingerprints.

    Args:
        prices: the price list.
        by: what the groups are.

    Attributes:
        cells: the groups: by `provider/model`, `2026-10-02`, `2026-10-02T14Z`, a user's hash, `chat`.
        total: the sums of all groups.
        costs: picodollars by bucket, in the order of `Quote`.
        unpriced: fingerprints without a price, by reason.
        read: fingerprints and lines that came in.
        duplicate: those that were there before.
        skipped: those that are no call, or used nothing, by reason.
        quality: fingerprints by the quality of their counts.
        quality_tokens: their tokens.
        flagged: fingerprints with a flag.
        undated: fingerprints without a time that were priced as of the list's date.
        origins: which lists priced something.
    """

    def __init__(self, prices: PriceList, by: By = By.MODEL) -> None:
        self.prices = prices
        self.by = by
        self.cells: dict[str, Cell] = {}
        self.total = Cell()
        self.costs = [0] * len(Quote._fields)
        self.unpriced: Counter[Unpriced] = Counter()
        self.read = 0
        self.duplicate = 0
        self.skipped: Counter[str] = Counter()
        self.quality: Counter[Quality] = Counter()
        self.quality_tokens: Counter[Quality] = Counter()
        self.flagged = 0
        self.undated = 0
        self.origins: set[Origin] = set()

    def add(self, record: Fingerprint) -> tuple[int, ...] | Unpriced | None:
        """Count one fingerprint.

        Returns:
            Its costs by bucket, or why there are none; None for one that failed and used nothing.
        """
        self.read += 1
        costs = None if record.q is Quality.NONE and not record.ok else self.prices.costs(record)
        cost: int | Unpriced | None = None
        if costs is None:
            self.skipped[FAILED] += 1
        elif isinstance(costs, Unpriced):
            self.unpriced[costs] += 1
            cost = costs
        else:
            cost = sum(costs)
            if cost:
                self.costs = [a + b for a, b in zip(self.costs, costs, strict=True)]
            self.undated += record.t is None
            if record.model:
                self.origins.add(record.model.origin)
        self.quality[record.q] += 1
        self.quality_tokens[record.q] += record.tokens
        self.flagged += bool(record.flags)
        self._cell(self._key(record)).add(record, cost)
        self.total.add(record, cost)
        return costs

    def skip(self, reason: str, number: int = 1) -> None:
        """Count what gave no fingerprint."""
        self.read += number
        self.skipped[reason] += number

    def repeat(self, number: int) -> None:
        """Count duplicates of fingerprints that were added."""
        self.read += number
        self.duplicate += number

    @property
    def accounting(self) -> Accounting:
        """Where all is that was read."""
        return Accounting(
            self.read, self.total.priced, self.total.unpriced, self.duplicate, self.skipped.total()
        )

    def _cell(self, key: str) -> Cell:
        cell = self.cells.get(key)
        if cell is None:
            if len(self.cells) >= MAX_GROUPS:
                key = MORE
            cell = self.cells.setdefault(key, Cell())
        return cell

    def _key(self, record: Fingerprint) -> str:
        if self.by is By.MODEL:
            return f"{record.model.provider}/{record.model.id}" if record.model else OTHER
        if self.by is By.OPERATION:
            return record.op.value
        if self.by is By.USER:
            return UNKNOWN if record.user_h is None else str(record.user_h)
        if record.t is None:
            return UNKNOWN
        text = hour_text(record.t)
        return text if self.by is By.HOUR else text[:10]

    def groups(self, top: int | None = None) -> list[tuple[str, Cell]]:
        """Days and hours in their order; others by falling cost, then by tokens; the rest last.

        Args:
            top: how many; those behind are one group.
        """
        if self.by in (By.DAY, By.HOUR):
            found = sorted(self.cells.items(), key=lambda item: (item[0] in (UNKNOWN, MORE), item[0]))
        else:
            found = sorted(
                self.cells.items(), key=lambda item: (-item[1].cost, -sum(item[1].tokens.values()), item[0])
            )
        if top is None or len(found) <= top:
            return found
        rest = Cell()
        for _, cell in found[top:]:
            rest.take(cell)
        return [*found[:top], (f"{len(found) - top} {MORE}", rest)]


class Slot(NamedTuple):
    """What the sums of a `Ledger` are kept apart by."""

    t: int | None
    model: Model
    tier: Tier | None
    q: Quality
    quote: Quote


class Sums:
    """Counts and picodollars by bucket, in the order of `Quote`, and how many calls."""

    __slots__ = ("calls", "costs", "counts")

    def __init__(self) -> None:
        self.calls = 0
        self.counts = [0] * len(Quote._fields)
        self.costs = [0] * len(Quote._fields)


class Ledger:
    """Sums of what has a price by hour, model, tier, quality and unit prices: for charts and FOCUS rows.

    Memory grows with the hours of a log times the models in it.

    Attributes:
        slots: the sums.
    """

    def __init__(self) -> None:
        self.slots: dict[Slot, Sums] = {}

    def add(self, record: Fingerprint, costs: tuple[int, ...], quote: Quote) -> None:
        """Count a fingerprint that has a price."""
        assert record.model is not None
        slot = Slot(record.t, record.model, record.tier, record.q, quote)
        sums = self.slots.get(slot)
        if sums is None:
            sums = self.slots[slot] = Sums()
        sums.calls += record.leg == 0
        for place, (number, cost) in enumerate(zip(counts(record), costs, strict=True)):
            sums.counts[place] += number
            sums.costs[place] += cost

    def in_order(self) -> Iterator[tuple[Slot, Sums]]:
        """The sums by time, then provider, model, tier, quality and prices."""
        return iter(
            sorted(
                self.slots.items(),
                key=lambda item: (
                    -1 if item[0].t is None else item[0].t,
                    item[0].model.provider,
                    item[0].model.id,
                    item[0].tier or "",
                    item[0].q,
                    [price or 0 for price in item[0].quote],
                ),
            )
        )
