"""redact: the name of what was there, in angle brackets."""

import re

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z0-9_]*)>")


def redacted(entity: str) -> str:
    """`<EMAIL_ADDRESS>`."""
    return f"<{entity}>"


def find(text: str, entities: frozenset[str]) -> list[tuple[int, int]]:
    """Where placeholders stand. Only known names count: `<JOHN_SMITH>` is text like any other."""
    return [match.span() for match in _PLACEHOLDER.finditer(text) if match[1] in entities]
