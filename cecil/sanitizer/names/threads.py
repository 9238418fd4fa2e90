"""One thread for NumPy's products, while names are looked for in somebody else's process.

The products are small. A BLAS that parts them among threads has these wait for each other, turning: with the
cores busy elsewhere a run takes five times as long, and never less than with one. Our own commands say so in
the environment (`commands.boundary`); a program that only imports us may want all its threads for work of its
own.

Owns: the number of the BLAS's threads while anyone is inside, and that it is what it was when the last one
leaves. Refuses: to touch other pools."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

_lock = Lock()
_inside: list[Any] = []
"""One for each that is inside; the first is how to undo what was set."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the BLAS use one thread within; threads may be inside together."""
    with _lock:
        _inside.append(None if _inside else _pools().limit(limits=1, user_api="blas"))
    try:
        yield
    finally:
        with _lock:
            # Whoever leaves last undoes it, and need not have come first.
            if len(_inside) == 1:
                _inside[0].restore_original_limits()
                _inside.clear()
            else:
                _inside.pop()


@cache
def _pools() -> Any:
    # Slow: it looks through all that is loaded.
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _alone() -> None:
    """A copy of the process has one thread, and nobody inside; what was set stays as it is."""
    global _lock
    _lock = Lock()
    _inside.clear()


os.register_at_fork(after_in_child=_alone)
