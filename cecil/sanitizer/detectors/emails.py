"""E-mail addresses that Presidio's recognizer passes over.

It takes `/`, `=` and `?` for parts of the local name and then wants the whole to end in a public suffix:
so it misses `https://app.example/?to=bob@example.com` and `bob@mail.corp.internal`. Found by both, an
address is one finding (see `cecil.sanitizer.spans`).
"""

import re

from cecil.sanitizer.spans import Span

# Linear: a run of local characters is tried from its start only, and never given back.
_ADDRESS = re.compile(
    r"(?<![\w.%+-])[\w.%+-]++@(?:(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,63}(?![\w-])|\[[0-9a-fA-F.:]{3,45}\])"
)


class EmailDetector:
    """Finds addresses by their shape alone."""

    entities = frozenset({"EMAIL_ADDRESS"})

    def find(self, text: str, context: tuple[str, ...] = ()) -> list[Span]:
        """See `Detector.find`."""
        if "@" not in text:
            return []
        return [Span(*match.span(), "EMAIL_ADDRESS", 0.95, "email") for match in _ADDRESS.finditer(text)]
