"""Patterns of policies: RE2's syntax, which takes linear time of any text.

Owns: the one place that compiles them. Refuses what RE2 cannot express: look-around, back references.
"""

from typing import Any


def compiled(pattern: str, *, ignore_case: bool = False) -> Any:
    """A compiled pattern, with the methods of `re`'s.

    Raises:
        ValueError: RE2 refuses it; the message says why, without the pattern.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        # `invalid repetition size: {1001}`: behind the colon stands a piece of the pattern.
        reason = error.args[0]
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(text.partition(":")[0]) from None
