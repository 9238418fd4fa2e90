"""Prompt caches that cost more to fill than they give back."""

from collections import defaultdict

from cecil.fingerprint.prices import Model
from cecil.fingerprint.savings.base import Priced, Saving, Tally


class LosingCaches:
    def __init__(self) -> None:
        self._tally = Tally()
        self._days: defaultdict[tuple[Model, int | None], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, call: Priced) -> None:
        record, quote = call.record, call.quote
        if record.model is None or quote.in_fresh is None or not any(call.counts[1:4]):
            return
        self._tally.look(call)
        sums = self._days[record.model, None if record.t is None else record.t // 24]
        # What the same tokens would have cost as fresh input, less what they did cost.
        sums[0] += sum(call.costs[1:4]) - quote.in_fresh * sum(call.counts[1:4])
        sums[1] += 1

    def saving(self) -> Saving:
        tally = self._tally
        models: defaultdict[Model, int] = defaultdict(int)
        tally.calls = tally.high = 0
        for (model, _), (loss, calls) in self._days.items():
            models[model] += loss
            if loss > 0:
                tally.high += loss
                tally.calls += calls
        tally.low = sum(loss for loss in models.values() if loss > 0)
        return tally.saving(
            "losing-caches",
            "cache writes x (write price - input price) - cache reads x (input price - read price), where "
            "that is above 0; low: over all of a model's calls; high: for each of its days",
            ("the same input would have been sent without a cache",),
            {"models_that_lose": sum(loss > 0 for loss in models.values())},
        )
