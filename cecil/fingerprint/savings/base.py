"""What a lever is: a question to each call that has a price, and a range of money as its answer.

Levers overlap: the same call may be a repeat, and cheaper in a batch, and cheaper with another model.
So nothing here adds answers of two levers up.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from cecil.fingerprint.prices import PriceList, Quote
from cecil.fingerprint.record import Fingerprint


class Priced(NamedTuple):
    """A fingerprint with its price.

    Attributes:
        record: the fingerprint.
        counts: its counts in the order of `Quote`.
        costs: picodollars by bucket.
        cost: their sum.
        quote: the prices.
        prices: the list they are from.
        batchable: whether the user said that the source of the call can wait.
    """

    record: Fingerprint
    counts: tuple[int, ...]
    costs: tuple[int, ...]
    cost: int
    quote: Quote
    prices: PriceList
    batchable: bool = False


class Saving(NamedTuple):
    """A lever's answer.

    Attributes:
        lever: its name.
        low, high: picodollars that would not have been spent; below 0 where it would have been more.
        calls: fingerprints that the money is in.
        looked_at: fingerprints of which the lever could tell.
        spent: picodollars that these cost.
        formula: how it is computed.
        assumes: what has to be true for that.
        figures: other numbers that belong to it, by name.
    """

    lever: str
    low: int
    high: int
    calls: int
    looked_at: int
    spent: int
    formula: str
    assumes: tuple[str, ...]
    figures: Mapping[str, int | float | str] = {}


class Lever(Protocol):
    """One way to spend less. Memory grows with models and days at most."""

    def add(self, call: Priced) -> None:
        """Look at a call."""

    def saving(self) -> Saving:
        """What was found."""


def share(part: int, whole: int) -> float:
    """A share, to four digits; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


class Tally:
    """What most levers count: what they looked at, and a range."""

    def __init__(self) -> None:
        self.low = self.high = self.calls = self.looked_at = self.spent = 0

    def look(self, call: Priced) -> None:
        self.looked_at += 1
        self.spent += call.cost

    def found(self, low: int, high: int) -> None:
        self.calls += 1
        self.low += low
        self.high += high

    def saving(
        self,
        lever: str,
        formula: str,
        assumes: tuple[str, ...],
        figures: Mapping[str, int | float | str] | None = None,
    ) -> Saving:
        return Saving(
            *(lever, self.low, self.high, self.calls, self.looked_at, self.spent, formula, assumes),
            figures or {},
        )
