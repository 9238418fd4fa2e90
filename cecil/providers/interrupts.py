"""Ctrl-C between two batches: what was read is written and remembered before the process ends.

Owns: holding SIGINT and SIGTERM back while records are on their way out, and letting them in where a source
is waited for; there everything that counts as delivered has been written. Refuses: to hold back the second
one, which ends the process where it stands.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

_HELD = (signal.SIGINT, signal.SIGTERM)


class Stopped(KeyboardInterrupt):
    """A signal came, and nothing is half done.

    Attributes:
        number: which.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class Interrupts:
    """In a `with`, in the main thread; outside of one, signals come as they always do.

    Attributes:
        came: the signal that came; None before.
    """

    def __init__(self) -> None:
        self.came: int | None = None
        self._waiting = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "Interrupts":
        # What is ignored, as SIGINT is behind nohup and in a background, stays so.
        held = [number for number in _HELD if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._take) for number in held}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.came is not None:
            raise KeyboardInterrupt
        self.came = number
        if self._waiting:
            raise Stopped(number)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """For a wait, or a call that may take long.

        Raises:
            Stopped: a signal came, now or before.
        """
        if self.came is not None:
            raise Stopped(self.came)
        self._waiting = True
        try:
            yield
        finally:
            self._waiting = False
