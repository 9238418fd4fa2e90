"""What is put in order when a signal ends the process.

Owns: the signals that end one without an exception, and that the process still ends by them; and that a
worker ends with its parent, however that ends. Refuses: Ctrl-C, which is an exception already, and signals
that are ignored (nohup), which stay so.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def at_death(undo: Callable[[], object]) -> Iterator[None]:
    """Within it, SIGTERM and SIGHUP call `undo` before they end the process."""

    def die(number: int, frame: FrameType | None) -> None:
        undo()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    numbers = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) == signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, die)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


_PR_SET_PDEATHSIG = 1
"""Of prctl(2)."""


def with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent ends. Only Linux can; elsewhere it does nothing.

    Args:
        parent: the parent's number, as it was before this process was forked.
    """
    if sys.platform != "linux":
        return
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # a C library without prctl
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)  # it ended before
