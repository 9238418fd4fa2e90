"""redact: the name of what was there, in angle brackets or as a template has it.

Earlier results are known by their brackets and a known name: `<EMAIL_ADDRESS>` always, those of a template
where the policy has it. `<JOHN_SMITH>` is text like any other. A template without brackets is plain letters,
in which no detector finds anything; where a key's name does (`password=XXX`), the same takes its place.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from cecil.sanitizer.actions.base import Kind, Option, Options, Scope
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.late import late

_PLACEHOLDER = late(r"<([A-Z][A-Z0-9_]*)>")
_NAME = "{entity}"
_PAIRS = {"<": ">", "[": "]", "(": ")", "{": "}", "«": "»", "‹": "›"}
_PLAIN = late(r"(?=.*\w)[^\W\d]+(?:[ *#_-]+[^\W\d]+)*|[*#_-]{1,40}")
_INSIDE = late(r"[\w :*#_.-]*")
_LONGEST = 40


class Redact(Kind):
    """`<EMAIL_ADDRESS>`."""

    name = "redact"
    says = (
        "The name of what was there, as <EMAIL_ADDRESS>; a number or boolean becomes null. "
        "A field's value is called <REDACTED>, or what entity says."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "template": Option("text", "what is written, as [{entity}] or XXX; {entity} stands for the name")
    }

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._templates: dict[str, tuple[re.Pattern[str], frozenset[str]]] = {}

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        template: str = options.get("template", "<{entity}>")
        if not 0 < len(template) <= _LONGEST:
            return f"template has 1 to {_LONGEST} characters"
        closing = None if template.startswith(_NAME) else _PAIRS.get(template[0])
        if closing is None:
            if _NAME in template:
                return "a template with {entity} begins and ends with brackets, as [{entity}]"
            if not _PLAIN.fullmatch(template):
                return "a template without brackets is letters, or stars"
            return None
        inside = template[1:-1]
        if len(template) < 3 or template[-1] != closing or inside.count(_NAME) > 1:
            return "a template with brackets ends with the closing one and names {entity} once at most"
        if not _INSIDE.fullmatch(inside.replace(_NAME, "")) or not inside.strip():
            return "between its brackets a template has letters, digits, blanks and : . * # _ -"
        return None

    def use(self, options: Options, entities: frozenset[str]) -> None:
        template = options.get("template")
        if template and template[0] in _PAIRS:
            before, name, after = template.partition(_NAME)
            group = "([A-Z][A-Z0-9_]*+)" if name else "()"
            known = entities if name else frozenset({""})
            self._templates[template] = (re.compile(re.escape(before) + group + re.escape(after)), known)

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        template: str | None = options.get("template")
        return template.replace(_NAME, entity) if template else f"<{entity}>"

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        return self.text(text, entity, options, scope) if type(value) is str else None

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        template: str | None = options.get("template")
        return template is not None and text == template.replace(_NAME, entity)

    def own(self, text: str) -> list[tuple[int, int]]:
        return [
            match.span()
            for pattern, known in self._templates.values()
            for match in pattern.finditer(text)
            if match[1] in known
        ]


def find(text: str, entities: frozenset[str]) -> list[tuple[int, int]]:
    """Where placeholders stand. Only known names count: `<JOHN_SMITH>` is text like any other."""
    return [match.span() for match in _PLACEHOLDER.finditer(text) if match[1] in entities]
