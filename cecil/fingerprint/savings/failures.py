"""Calls that failed and cost money all the same, and calls that were made twice in a hurry."""

from cecil.fingerprint.record import Repeat
from cecil.fingerprint.savings.base import Priced, Saving, Tally


class Failures:
    def __init__(self) -> None:
        self._tally = Tally()
        self._retries = self._again = 0

    def add(self, call: Priced) -> None:
        record = call.record
        self._tally.look(call)
        self._retries += bool(record.retry)
        if not record.ok:
            if call.cost:
                self._tally.found(call.cost, call.cost)
        elif record.repeat is Repeat.M5 and not record.retry:
            self._again += 1
            self._tally.found(0, call.cost)

    def saving(self) -> Saving:
        return self._tally.saving(
            "failed-and-retried",
            "low: cost of calls that failed after they had used tokens; high: and of calls that repeat, "
            "within 5 minutes, one that had succeeded",
            (
                "the failures could have been avoided",
                "most failed calls cost nothing and are not here; repeats are also in repeated-calls",
            ),
            {"retries_after_a_failure": self._retries, "repeats_of_a_success": self._again},
        )
