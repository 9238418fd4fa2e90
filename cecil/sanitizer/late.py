"""Regular expressions that are compiled when they are first asked for.

    late(expression, flags)     as `re.compile`, and later

There are hundreds of them, few of which a run needs: to compile them all took half of a start.
"""

import re
from functools import cached_property
from typing import Any, AnyStr, Generic, cast


def late(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, compiled when something is asked of it.

    It has all that a compiled expression has, and is none: `re` itself and `isinstance` do not know it.
    One that is wrong raises `re.error` when it is used; a test uses each.
    """
    return cast("re.Pattern[AnyStr]", _Late(expression, flags))


class _Late(Generic[AnyStr]):
    def __init__(self, expression: AnyStr, flags: int) -> None:
        self._said: tuple[AnyStr, int] = (expression, flags)

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(*self._said)

    def __reduce__(self) -> tuple[Any, ...]:
        return late, self._said

    def __getattr__(self, name: str) -> Any:
        # Asked for once; from then on it is found here at once.
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value
