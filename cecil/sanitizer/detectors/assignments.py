"""Text that names what it holds: `password=hunter2`, `"api_key": "…"`, `Authorization: Bearer …`.

Owns: reading names and values out of plain text; what a name promises is said by `cecil.sanitizer.keys`.
"""

import re

from cecil.sanitizer import keys
from cecil.sanitizer.spans import Span

# Possessive: what follows a scheme is the secret, the scheme itself never is.
_SCHEME = r"(?:(?:bearer|basic|digest|token|apikey|negotiate)[ \t]+)?+"

_ASSIGNMENT = re.compile(
    r"(?<![\w.-])(?P<name>[A-Za-z][\w.-]{0,63})"
    r"(?:\\*[\"'])?[ \t]{0,3}(?::|=>?|:=)[ \t]{0,3}"
    r"(?:"
    rf"(?P<quote>\\*[\"']){_SCHEME}(?P<quoted>[^\"'\\\r\n]+)(?=\\*[\"'])"
    rf"|{_SCHEME}(?P<bare>[^\s\"'\\,;&|<>(){{}}\[\]]+)"
    r")",
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
        spans = []
        position = 0
        while match := _ASSIGNMENT.search(text, position):
            group = "quoted" if match["quoted"] is not None else "bare"
            start, end = match.span(group)
            entity = keys.entity(match["name"])
            if (
                entity
                and match[group].lower() not in _NO_SECRET
                and (entity != "PERSON" or group == "quoted")
            ):
                spans.append(Span(start, end, entity, _SCORE, "assignment"))
                position = end
            else:
                # The value may be an assignment itself: `msg="password=…"`, `url=https://…?token=…`.
                position = match.end("name")
        return spans
