"""Tokens that models think with: an effort setting makes them fewer."""

from cecil.fingerprint.prices import Quote
from cecil.fingerprint.savings.base import Priced, Saving, Tally, share

_REASONING = Quote._fields.index("out_reasoning")


class Reasoning:
    def __init__(self) -> None:
        self._tally = Tally()
        self._tokens = self._output = self._cost = 0

    def add(self, call: Priced) -> None:
        self._tally.look(call)
        self._output += call.record.out_text + call.record.out_reasoning
        if call.record.out_reasoning:
            self._tokens += call.record.out_reasoning
            self._cost += call.costs[_REASONING]
            self._tally.found(0, 0)

    def saving(self) -> Saving:
        self._tally.low, self._tally.high = self._cost // 4, self._cost // 2
        return self._tally.saving(
            "reasoning",
            "cost of reasoning tokens x 25 % (low) .. 50 % (high)",
            (
                "a lower effort setting makes that many fewer; what it does to the answers is not known",
                "reasoning that providers do not report apart is not here",
            ),
            {"reasoning_share_of_output": share(self._tokens, self._output)},
        )
