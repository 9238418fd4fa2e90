"""redact: the name of what was there, in angle brackets."""

import re
from typing import Any

from cecil.sanitizer.actions.base import Kind, Options, Scope

_PLACEHOLDER = re.compile(r"<([A-Z][A-Z0-9_]*)>")


class Redact(Kind):
    """`<EMAIL_ADDRESS>`."""

    name = "redact"
    says = (
        "The name of what was there, as <EMAIL_ADDRESS>; a number or boolean becomes null. "
        "A field's value is called <REDACTED>, or what entity says."
    )

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        return f"<{entity}>"

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        return f"<{entity}>" if type(value) is str else None


def find(text: str, entities: frozenset[str]) -> list[tuple[int, int]]:
    """Where placeholders stand. Only known names count: `<JOHN_SMITH>` is text like any other."""
    return [match.span() for match in _PLACEHOLDER.finditer(text) if match[1] in entities]
