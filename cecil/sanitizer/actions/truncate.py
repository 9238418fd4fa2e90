"""truncate: the beginning of a field's text, after it was scanned for findings.

It is scanned first: cut first, half an e-mail address would be none, and stay. What was put in the place of
a finding is not cut in two, nor is a letter and its marks, nor a flag.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from cecil.sanitizer.actions.base import Kind, Option, Options, Scope
from cecil.sanitizer.late import late

_LENGTH = 80
_MARK = "…"
_LONGEST_MARK = 8
_LONGEST_MARKS = 32

_OPEN = late(r"[<\[({](?:[A-Z][^<>\[\](){}\s]{0,400})?\Z")
_JOINER = "\u200d"


class Truncate(Kind):
    """`the quick brown …`."""

    name = "truncate"
    says = (
        "The first characters of a field's text, 80 by default, after it was scanned for findings as keep "
        "has it. Numbers and booleans stay whole."
    )
    field_only = True
    scans = True
    options: ClassVar[Mapping[str, Option]] = {
        "length": Option("count", "characters that stay, at most", least=1, most=1 << 20),
        "mark": Option("text", "what is written where something went; … by default"),
    }

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        mark: str = options.get("mark", _MARK)
        if len(mark) > _LONGEST_MARK or any(c.isalnum() or not c.isprintable() for c in mark):
            return f"mark has {_LONGEST_MARK} characters at most, and neither letters nor digits"
        return None

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        length: int = options.get("length", _LENGTH)
        mark: str = options.get("mark", _MARK)
        if len(text) <= length or (mark and text.endswith(mark) and len(text) <= length + len(mark)):
            return text
        end = length
        while end > max(0, length - _LONGEST_MARKS) and _joins(text, end):
            end -= 1
        opened = _OPEN.search(text, max(0, end - 400), end)
        return text[: opened.start() if opened else end] + mark

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        return self.text(text, entity, options, scope) if type(value) is str else value


def _joins(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place are one letter or sign."""
    after = text[place]
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me")
        or after == _JOINER
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or text[place - 1] == _JOINER
        or ("\U0001f1e6" <= after <= "\U0001f1ff" and _halves(text, place) % 2 == 1)
    )


def _halves(text: str, place: int) -> int:
    """How many halves of flags stand right before a place."""
    count = 0
    while count < place and "\U0001f1e6" <= text[place - 1 - count] <= "\U0001f1ff":
        count += 1
    return count
