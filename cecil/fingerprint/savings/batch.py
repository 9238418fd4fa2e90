"""Calls that nobody waits for: a provider's batch service costs less."""

from cecil.fingerprint.prices import Tier, Unpriced
from cecil.fingerprint.savings.base import Priced, Saving, Tally


class Batch:
    def __init__(self) -> None:
        self._tally = Tally()

    def add(self, call: Priced) -> None:
        record = call.record
        if not call.batchable or not record.ok or record.stream or record.tier not in (None, Tier.STANDARD):
            return
        quote = call.prices.quote(record, tier=Tier.BATCH)
        costs = None if isinstance(quote, Unpriced) else quote.costs(call.counts)
        if costs is None:
            return
        self._tally.look(call)
        saved = call.cost - sum(costs)
        alone = record.user_h is None and record.session_h is None and record.turn is None
        self._tally.found(saved if alone else 0, saved)

    def saving(self) -> Saving:
        return self._tally.saving(
            "batch",
            "cost - cost at the batch price, for calls of the sources named by --batchable that were not "
            "streamed; low: those without a user or session; high: all of them",
            (
                "an answer may take a day, and nobody waits for it: no log tells",
                "models without a batch price are left out",
            ),
        )
