"""The same request again: an answer that was there could have been given again."""

from cecil.fingerprint.record import Repeat
from cecil.fingerprint.savings.base import Priced, Saving, Tally

_HOUR = (Repeat.M5, Repeat.H1)
_DAY = (*_HOUR, Repeat.H24)


class Repeats:
    def __init__(self) -> None:
        self._tally = Tally()

    def add(self, call: Priced) -> None:
        record = call.record
        if record.repeat is None or not record.ok:
            return
        self._tally.look(call)
        if record.repeat in _DAY and not record.retry:
            self._tally.found(call.cost if record.temp0 and record.repeat in _HOUR else 0, call.cost)

    def saving(self) -> Saving:
        return self._tally.saving(
            "repeated-calls",
            "cost of calls with a request that was asked before; low: at temperature 0 within an hour; "
            "high: within a day",
            (
                "a stored answer would have done: nothing in it depends on the time or the user",
                "retries of calls that failed are left out",
            ),
        )
