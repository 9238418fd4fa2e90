"""The run's book-keeping: every record read ends in exactly one place, and the sum is checked."""

from collections import Counter
from dataclasses import dataclass, field

from cecil.errors import CountsError


@dataclass
class Counts:
    """Records of one run.

    Attributes:
        read: records that came in.
        written: records that went to stdout or into the file.
        dropped: records left out on purpose, by the name of the rule.
        quarantined: records that went to quarantine.
    """

    read: int = 0
    written: int = 0
    quarantined: int = 0
    dropped: Counter[str] = field(default_factory=Counter)

    def check(self) -> None:
        """Raises CountsError unless `read = written + dropped + quarantined`."""
        if self.read != self.written + self.dropped.total() + self.quarantined:
            raise CountsError(
                f"the counts do not add up: read {self.read}, written {self.written}, "
                f"dropped {self.dropped.total()}, quarantined {self.quarantined}"
            )

    def as_dict(self) -> dict[str, object]:
        """The counts as `--stats json` prints them."""
        return {
            "read": self.read,
            "written": self.written,
            "dropped": dict(self.dropped),
            "quarantined": self.quarantined,
        }
