"""Expressions that others wrote, as triggers.

A trigger is looked for in a whole line of JSON, octet by octet; its author thought of a text, and of
characters. So what leans on the ends of the text is left out (`^EMP-[0-9]+$`), and any character beyond ASCII
wakes the recognizer: `.` is one octet to Hyperscan, and `\\w` never is a letter with an accent.
"""

import re
from functools import lru_cache

from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.late import late

_PART = late(
    r"""\\[AZzG] | \\Q.*?(?:\\E|\Z) | \\. | \[\^?\]?(?:\\.|\[:\^?[a-z]+:\]|[^\]\\])*\]
    | \(\?<?! | \( | \) | . """,
    re.VERBOSE | re.DOTALL,
)
_ENDS = frozenset(("^", "$", r"\A", r"\Z", r"\z", r"\G"))

BEYOND = Trigger(r"(?:^|[\x00-\x7f])[\x80-\xff]", beyond=True)
"""Once for each stretch of characters beyond ASCII."""


def triggers(expression: str, *, caseless: bool) -> tuple[Trigger, ...]:
    """What every text holds, and every line of JSON with such a text, in which an expression matches.

    Args:
        expression: in the syntax of `re`, of the regex module, of RE2 or of PCRE; what Hyperscan cannot
            express it reads as wider.
    """
    return (Trigger(endless(expression), caseless, prefilter=True), BEYOND)


@lru_cache(maxsize=1024)
def endless(expression: str) -> str:
    """An expression that matches wherever the given one does, in any longer text too."""
    parts = []
    negative: list[bool] = []  # of each group that is open: there an end is what must not be
    for match in _PART.finditer(expression):
        part = match[0]
        if part.startswith("("):
            negative.append(part != "(" or any(negative))
        elif part == ")" and negative:
            negative.pop()
        parts.append("(?:)" if part in _ENDS and not any(negative) else part)
    return "".join(parts)
