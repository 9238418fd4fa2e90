"""Fingerprints to sums: calls, tokens and money by model, day or hour.

Owns: the accounting, in which every record is in exactly one class (priced, unpriced for a reason,
without usage), and exact sums: tokens and picodollars are whole numbers. Refuses: to keep a record;
memory grows with the number of groups only.
"""

from collections import Counter
from enum import StrEnum

from cecil.fingerprint.prices import PriceList, Unpriced
from cecil.fingerprint.record import OTHER, Fingerprint, hour_text
from cecil.fingerprint.usage import BUCKETS, Quality

UNKNOWN_TIME = "unknown"
"""The group of records without a time."""


class By(StrEnum):
    """What the groups are."""

    MODEL = "model"
    DAY = "day"
    HOUR = "hour"


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
            cost: None for one without usage.
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


class Rollup:
    """Sums over a stream of fingerprints.

    Args:
        prices: the price list.
        by: what the groups are.

    Attributes:
        cells: the groups: by `provider/model`, `2026-10-02` or `2026-10-02T14Z`.
        total: the sums of all groups.
        unpriced: fingerprints without a price, by reason.
        silent: fingerprints without usage.
        quality: fingerprints by the quality of their counts.
        quality_tokens: their tokens.
        flagged: fingerprints with a flag.
        undated: fingerprints without a time that were priced as of the list's date.
    """

    def __init__(self, prices: PriceList, by: By = By.MODEL) -> None:
        self.prices = prices
        self.by = by
        self.cells: dict[str, Cell] = {}
        self.total = Cell()
        self.unpriced: Counter[Unpriced] = Counter()
        self.silent = 0
        self.quality: Counter[Quality] = Counter()
        self.quality_tokens: Counter[Quality] = Counter()
        self.flagged = 0
        self.undated = 0

    def add(self, record: Fingerprint) -> None:
        """Count one fingerprint."""
        cost = None if record.q is Quality.NONE else self.prices.cost(record)
        if cost is None:
            self.silent += 1
        elif isinstance(cost, Unpriced):
            self.unpriced[cost] += 1
        elif record.t is None:
            self.undated += 1
        self.quality[record.q] += 1
        self.quality_tokens[record.q] += record.tokens
        self.flagged += bool(record.flags)
        key = self._key(record)
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell()
        cell.add(record, cost)
        self.total.add(record, cost)

    def _key(self, record: Fingerprint) -> str:
        if self.by is By.MODEL:
            return f"{record.model.provider}/{record.model.id}" if record.model else OTHER
        if record.t is None:
            return UNKNOWN_TIME
        text = hour_text(record.t)
        return text if self.by is By.HOUR else text[:10]

    def groups(self) -> list[tuple[str, Cell]]:
        """Models by falling cost, then by tokens; days and hours in their order, unknown last."""
        if self.by is By.MODEL:
            return sorted(
                self.cells.items(), key=lambda item: (-item[1].cost, -sum(item[1].tokens.values()), item[0])
            )
        return sorted(self.cells.items(), key=lambda item: (item[0] == UNKNOWN_TIME, item[0]))
