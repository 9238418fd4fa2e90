"""Text to spans. A detector is pure, and sees one text at a time.

Refuses: to swallow an error. A detector that cannot judge a text raises DetectorError, and the record
goes to quarantine.
"""

from typing import Protocol

from cecil.sanitizer.spans import Span


class Detector(Protocol):
    """Anything that finds spans."""

    @property
    def entities(self) -> frozenset[str]:
        """Every entity that `find` can name."""

    def find(self, text: str, context: tuple[str, ...] = ()) -> list[Span]:
        """Spans in a text.

        Args:
            text: what is judged.
            context: words of the keys that lead to it; they count as standing near it.

        Raises:
            DetectorError: the text could not be judged.
        """
