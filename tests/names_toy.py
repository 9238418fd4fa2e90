"""A model of names that knows a few, for tests of what stands around a model."""

import re
from collections.abc import Sequence

from cecil.sanitizer.names.evidence import Mark

_KNOWN = re.compile(
    r"\b(?:(?P<PERSON>(?:Ann|Bob|Carla)(?: (?:Lee|Stone))?)|(?P<LOCATION>Oslo)|(?P<ORGANIZATION>Acme))\b"
)


class Toy:
    """Knows Ann, Bob and Carla, Lee and Stone, Oslo and Acme. Counts what it is asked; fails where it is told to."""

    version = "1"

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        self.asked += texts
        if self.error:
            raise self.error
        return [
            [Mark(m.start(), m.end(), m.lastgroup or "", 0.9) for m in _KNOWN.finditer(text)]
            for text in texts
        ]
