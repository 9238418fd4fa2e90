"""Text that names what it holds: `password=hunter2`, `"api_key": "…"`, `Authorization: Bearer …`.

Owns: reading names and values out of plain text; what a name promises is said by `cecil.sanitizer.keys`.
"""

import re

from cecil.sanitizer import keys
from cecil.sanitizer.spans import Span

# Possessive: what follows a scheme is the secret, the scheme itself never is.
_SCHEME = r"(?:(?:bearer|basic|digest|token|apikey|negotiate)[ \t]+)?+"

_NAME = re.compile(
    r"(?<![\w.-])([A-Za-z][\w.-]{0,63})(?:\\*[\"'])?[ \t]{0,3}(?::=|:|=>?)[ \t]{0,3}",
)

_VALUE = re.compile(
    # A quoted value ends at its own quote; inside of it that may be escaped. A quote that never closes
    # was cut off with the line, and all that is left of it is the value.
    rf"(?P<quote>[\"']){_SCHEME}(?P<quoted>(?:\\.|(?!(?P=quote))[^\\\r\n])++)"
    # The same inside of a string that is escaped as a whole: {{\"password\":\"x\"}}
    rf"|(?P<escape>\\+[\"']){_SCHEME}(?P<escaped>(?:(?!(?P=escape))[^\r\n])++)"
    rf"|{_SCHEME}(?P<bare>[^\s\"'\\,;&|<>(){{}}\[\]]++)",
    re.IGNORECASE,
)

_SCORE = 0.85

_NO_SECRET = frozenset("true false null none nil undefined required optional missing invalid empty".split())


class AssignmentDetector:
    """Finds values by the names that stand before them."""

    entities = keys.ENTITIES

    def find(self, text: str, context: tuple[str, ...] = ()) -> list[Span]:
        """See `Detector.find`."""
        if ":" not in text and "=" not in text:
            return []
        spans: list[Span] = []
        done = 0
        for name in _NAME.finditer(text):
            if name.start() < done:
                continue  # inside of a value that goes already
            entity = keys.entity(name[1])
            # Only what a sensitive name promises is read: so a text is passed over once.
            value = _VALUE.match(text, name.end()) if entity else None
            if entity and value and value[value.lastgroup or 0].lower() not in _NO_SECRET:
                start, done = value.span(value.lastgroup or 0)
                spans.append(Span(start, done, entity, _SCORE, "assignment"))
        return spans
