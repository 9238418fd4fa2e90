"""Sessions whose input grows with every turn."""

from collections import defaultdict

from cecil.fingerprint.prices import Model
from cecil.fingerprint.savings.base import Priced, Saving, Tally

_FINE = 16
"""Classes of size between one power of two and the next."""


def _class(tokens: int) -> int:
    """Sizes in classes of a few percent, so that a median needs no list of all sizes."""
    power = max(tokens.bit_length() - 1, 0)
    return power * _FINE + ((tokens - (1 << power)) * _FINE >> power if tokens else 0)


def _least(number: int) -> int:
    power, part = divmod(number, _FINE)
    return (1 << power) + (part << power) // _FINE


class Growth:
    def __init__(self) -> None:
        self._tally = Tally()
        self._sizes: defaultdict[Model, defaultdict[int, list[int]]] = defaultdict(
            lambda: defaultdict(lambda: [0, 0, 0])
        )
        self._n = self._x = self._y = self._xx = self._xy = 0

    def add(self, call: Priced) -> None:
        record = call.record
        if record.turn is None or record.model is None:
            return
        self._tally.look(call)
        size, turn = sum(call.counts[:4]), record.turn
        self._n += 1
        self._x += turn
        self._y += size
        self._xx += turn * turn
        self._xy += turn * size
        sums = self._sizes[record.model][_class(size)]
        sums[0] += 1
        sums[1] += size
        sums[2] += sum(call.costs[:4])

    def saving(self) -> Saving:
        tally = self._tally
        tally.calls = tally.high = 0
        for sizes in self._sizes.values():
            cap = 2 * _median(sizes)
            for number, tokens, cost in sizes.values():
                if tokens > cap * number:
                    tally.calls += number
                    tally.high += cost * (tokens - cap * number) // tokens
        spread = self._n * self._xx - self._x * self._x
        slope = (self._n * self._xy - self._x * self._y) / spread if spread else 0.0
        return tally.saving(
            "context-growth",
            "for calls in sessions: what the input beyond twice its model's median cost; low: nothing",
            (
                "old turns can be dropped or summed up without harm",
                "what a cache holds is still read from it: a beginning that changes is paid in full",
            ),
            {"input_tokens_more_per_turn": round(slope, 1)},
        )


def _median(sizes: dict[int, list[int]]) -> int:
    half = sum(number for number, _, _ in sizes.values()) / 2
    seen = 0
    for size in sorted(sizes):
        seen += sizes[size][0]
        if seen >= half:
            return _least(size)
    return 0
