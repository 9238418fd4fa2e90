"""What is said after the output where somebody watches: what was computed, and what was not.

Owns: the figures, which are the user's own, and the words, at most three lines. Refuses: a figure that was
not counted here, and a promise. What cannot be known from one log is named as that.
"""

from enum import StrEnum

from cecil.fingerprint.record import Fingerprint, Repeat


class Shown(StrEnum):
    """What the user has just seen."""

    FINGERPRINTS = "fingerprints"
    REPORT = "report"


class Figures:
    """Counts over fingerprints. Memory grows with the price list's models and with days only."""

    def __init__(self) -> None:
        self.calls = self.failed = self.repeated = self.reusable = self.unknown = 0
        self.tokens_in = self.tokens_out = 0
        self._models: set[tuple[str, str]] = set()
        self._days: set[int] = set()

    def add(self, record: Fingerprint) -> None:
        """Count one fingerprint."""
        output = record.out_text + record.out_reasoning
        self.tokens_in += record.tokens - output
        self.tokens_out += output
        if record.model:
            self._models.add((record.model.provider, record.model.id))
        if record.t is not None:
            self._days.add(record.t // 24)
        if record.leg:
            return
        self.calls += 1
        self.failed += not record.ok
        self.unknown += record.model is None
        self.repeated += record.repeat in (Repeat.M5, Repeat.H1)
        self.reusable += max(0, (record.reuse_1h or 0) - record.in_cache_read)

    def lines(self, shown: Shown) -> list[str]:
        """What to say, three lines at most; none of nothing."""
        if not self.calls:
            return []
        days = f" on {many(len(self._days), 'day', 'days')}" if self._days else ""
        what = f"{many(self.calls, 'call', 'calls')} of {many(len(self._models), 'model', 'models')}{days}"
        if self.unknown:
            what += f" ({self.unknown:,} of models that no price list here has)"
        tokens = f"{self.tokens_in:,} tokens in and {self.tokens_out:,} out"
        lost = [
            text
            for count, text in (
                (self.repeated, f"{many(self.repeated, 'repeat', 'repeats')} within an hour"),
                (self.reusable, f"{self.reusable:,} tokens that a prompt cache could have read"),
                (self.failed, many(self.failed, "failed call", "failed calls")),
            )
            if count
        ]
        if shown is Shown.FINGERPRINTS:
            more = f", and of {', '.join(lost)}" if lost else ""
            second = f"still in it: what that costs{more}; pipe it to cecil-report"
        else:
            second = "not in a fingerprint: whether a cheaper model would have answered as well" + (
                f", and why there are {' and '.join(lost[:2])}" if lost else ""
            )
        third = (
            "not in one log: how this compares with others; what would be sent for that, and is not: "
            "cecil-fingerprint upload --dry-run"
        )
        return [f"computed here: {what}, {tokens}; nothing was sent", second, third]


def many(number: int, one: str, more: str) -> str:
    """`1 call`, `1,204 calls`."""
    return f"{number:,} {one if number == 1 else more}"
