"""What is put in order when a signal ends the process.

Owns: the signals that end one without an exception, and that the process still ends by them. Refuses: Ctrl-C,
which is an exception already, and signals that are ignored (nohup), which stay so.
"""

import contextlib
import os
import signal
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
