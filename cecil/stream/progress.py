"""How far a run is, on stderr, and only where somebody watches.

That is a terminal that does not show the records themselves; and in a pipe of several commands only the
first one tells, so that they do not write over each other.
"""

import os
import stat
import sys
import time


class Progress:
    """One line that is written over, at most twice a second.

    Args:
        enabled: False for none; by default whether somebody watches.
    """

    INTERVAL = 0.5

    def __init__(self, enabled: bool | None = None) -> None:
        self.enabled = _watched() if enabled is None else enabled
        self._start = self._last = time.monotonic()
        self._shown = False

    def update(self, records: int, done: int, total: int | None) -> None:
        """Show records and bytes so far.

        Args:
            records: records read.
            done: bytes of the source consumed.
            total: bytes of the source, None where it is not known.
        """
        if not self.enabled:
            return
        now = time.monotonic()
        if now - self._last < self.INTERVAL:
            return
        self._last = now
        rate = done / (now - self._start)
        text = f"{records:,} {'record' if records == 1 else 'records'}  {_bytes(done)}  {_bytes(rate)}/s"
        if total and rate:
            text += f"  {done / total:.0%}  {_seconds(max(total - done, 0) / rate)} left"
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
        self._shown = True

    def clear(self) -> None:
        """Take the line away, before a message or the end."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False


def _watched() -> bool:
    try:
        return os.isatty(2) and not os.isatty(1) and not stat.S_ISFIFO(os.fstat(0).st_mode)
    except OSError:
        return False


def _bytes(number: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} TB"


def _seconds(number: float) -> str:
    minutes, seconds = divmod(round(number), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
