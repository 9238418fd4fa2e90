"""One thread for NumPy's products, while names are looked for in somebody else's process.

The products are small. A BLAS that parts them among threads has these wait for each other, turning: with the
cores busy elsewhere a run takes five times as long, and never less than with one. Our own commands say so in
the environment (`commands.boundary`); a program that only imports us may want all its threads for work of its
own.

Owns: the number of the BLAS's threads while somebody is inside, and that it is then what it was. Refuses: to
wait for anybody, and to touch other pools."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_turn = ["whose it is to set the number, and to set it back"]
"""Empty meanwhile. Nobody waits for it: who comes goes along, and in a copy of the process, where nobody puts
it back, the number stays as it was copied."""


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the BLAS use one thread within; of several that are inside, until the first one leaves."""
    try:
        turn = _turn.pop()
    except IndexError:
        yield
        return
    try:
        with _pools().limit(limits=1, user_api="blas"):
            yield
    finally:
        _turn.append(turn)


@cache
def _pools() -> Any:
    # Slow: it looks through all that is loaded.
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
