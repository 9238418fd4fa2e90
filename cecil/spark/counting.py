"""Counts that add up on a cluster, where a task can run twice.

Owns: what a partition says of itself, and how that is put together. An accumulator of Spark's adds what every
task says, those that are run again too; this one keeps what each partition said last, so that one that was
lost, speculated on or asked for twice counts once.
"""

from collections import Counter
from collections.abc import Mapping

from cecil.errors import CountsError

_REASONS = 64
_OTHERS = "another reason"
"""Reasons that are told apart: some say where in a line it broke."""


class Part:
    """The counts of one partition, or of some together.

    Attributes:
        read: rows or lines that came.
        written: those that went on.
        dropped: those left out by a rule: blank lines, records that are no call.
        refused: those in quarantine, by the reason.
    """

    __slots__ = ("dropped", "read", "refused", "written")

    def __init__(self) -> None:
        self.read = self.written = self.dropped = 0
        self.refused: Counter[str] = Counter()

    @property
    def quarantined(self) -> int:
        """How many are in quarantine."""
        return self.refused.total()

    def refuse(self, reason: str, count: int = 1) -> None:
        """Count records that go to quarantine."""
        if count:
            known = reason in self.refused or len(self.refused) < _REASONS
            self.refused[reason if known else _OTHERS] += count

    def add(self, other: "Part") -> None:
        """Count another's too."""
        self.read += other.read
        self.written += other.written
        self.dropped += other.dropped
        for reason, count in other.refused.items():
            self.refuse(reason, count)

    def check(self) -> None:
        """Raises CountsError unless `read = written + dropped + quarantined`."""
        if self.read != self.written + self.dropped + self.quarantined:
            raise CountsError(
                f"the counts do not add up: read {self.read}, written {self.written}, "
                f"dropped {self.dropped}, quarantined {self.quarantined}"
            )

    def as_dict(self) -> dict[str, object]:
        """The counts as `--stats json` prints them."""
        return {
            "read": self.read,
            "written": self.written,
            "dropped": self.dropped,
            "quarantined": self.quarantined,
            "reasons": dict(self.refused),
        }


class ByPartition:
    """Spark's AccumulatorParam: what each partition said last."""

    def zero(self, value: Mapping[int, Part]) -> dict[int, Part]:
        return {}

    def addInPlace(self, ours: dict[int, Part], theirs: Mapping[int, Part]) -> dict[int, Part]:
        ours.update(theirs)
        return ours


def together(parts: Mapping[int, Part]) -> Part:
    """The counts of all partitions."""
    total = Part()
    for part in parts.values():
        total.add(part)
    return total
