"""Ways to spend less, each with its range, its formula and what it takes for granted.

One lever a file. Owns: the list of them. Refuses: to add them up, to look into the future of a bill, and to
say that the answers would have been as good.
"""

from collections.abc import Sequence

from cecil.fingerprint.prices import Model, PriceList, Unpriced, counts
from cecil.fingerprint.record import Fingerprint
from cecil.fingerprint.savings.base import Lever, Priced, Saving
from cecil.fingerprint.savings.batch import Batch
from cecil.fingerprint.savings.caching import Caching
from cecil.fingerprint.savings.failures import Failures
from cecil.fingerprint.savings.growth import Growth
from cecil.fingerprint.savings.losing import LosingCaches
from cecil.fingerprint.savings.reasoning import Reasoning
from cecil.fingerprint.savings.repeats import Repeats
from cecil.fingerprint.savings.superseded import Superseded
from cecil.fingerprint.savings.switch import Switch, by_name

__all__ = ["Saving", "Savings", "by_name"]


class Savings:
    """All levers over a stream of fingerprints.

    Args:
        prices: the price list.
        switches: pairs of models: what if the second had been used in the place of the first.
    """

    def __init__(self, prices: PriceList, switches: Sequence[tuple[Model, Model]] = ()) -> None:
        self._prices = prices
        self._levers: list[Lever] = [
            Failures(),
            Repeats(),
            Caching(),
            LosingCaches(),
            Batch(),
            Reasoning(),
            Growth(),
            Superseded(),
            *(Switch(before, after) for before, after in switches),
        ]

    def add(self, record: Fingerprint, costs: tuple[int, ...], *, batchable: bool = False) -> None:
        """Look at a fingerprint that has a price.

        Args:
            costs: picodollars by bucket.
            batchable: whether the user said that its source can wait.
        """
        quote = self._prices.quote(record)
        assert not isinstance(quote, Unpriced)
        call = Priced(record, counts(record), costs, sum(costs), quote, self._prices, batchable)
        for lever in self._levers:
            lever.add(call)

    def all(self) -> list[Saving]:
        """Every lever's answer, in one order."""
        return [lever.saving() for lever in self._levers]
