"""mask: as many stars as there were characters; the last few may stay."""

from collections.abc import Mapping
from typing import ClassVar

from cecil.sanitizer.actions.base import Kind, Option, Options, Scope

STAR = "*"


class Mask(Kind):
    """Stars for every character but the last few.

    A text that is not at least twice as long as what would stay is masked whole: four digits of a
    five digit number are no mask.
    """

    name = "mask"
    says = "A star for every character; some may stay, when the text is at least twice as long."
    options: ClassVar[Mapping[str, Option]] = {
        "keep_last": Option("count", "characters that stay at the end")
    }

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        keep_last: int = options.get("keep_last", 0)
        if keep_last and len(text) >= 2 * keep_last:
            return STAR * (len(text) - keep_last) + text[-keep_last:]
        return STAR * len(text)
