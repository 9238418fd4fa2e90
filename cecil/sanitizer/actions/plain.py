"""keep, trust and drop: what is done without looking at the value."""

from typing import Any

from cecil.sanitizer.actions.base import Kind, Options, Scope


class Keep(Kind):
    """The judges of leaves never ask for it."""

    name = "keep"
    says = "The value stays after it was scanned for findings; its key's name is not held against it."


class Trust(Kind):
    """The judges of leaves never ask for it."""

    name = "trust"
    says = "The value stays verbatim, unseen; the audit says so."
    field_only = True


class Drop(Kind):
    """Nothing takes its place; a field goes with its name, which is the judges' to do."""

    name = "drop"
    says = "A field goes, with its name; what is found in a text goes without a trace, a number becomes null."

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        return ""

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        return "" if type(value) is str else None
