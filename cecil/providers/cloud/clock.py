"""The service's time, where ours is ahead of it.

Owns: what a reply's Date header tells. A clock that runs ahead would move a watermark into the service's
future, and records of that time would come too late for the next run. Refuses: to set any clock.
"""

import time
from email.utils import parsedate_to_datetime

_COARSE = 2
"""Seconds within which clocks agree: the header counts whole seconds, and the reply was under way."""


class Clock:
    """Ours or the service's, whichever is behind.

    Attributes:
        ahead: seconds by which our clock is ahead of the service's; negative behind.
    """

    def __init__(self) -> None:
        self.ahead = 0.0

    def learn(self, date: str | None) -> None:
        """Take in a reply's Date header."""
        if not date:
            return
        try:
            said = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError):
            return
        ahead = time.time() - said
        self.ahead = ahead if abs(ahead) > _COARSE else 0.0

    def now(self) -> int:
        """Nanoseconds since 1970."""
        return time.time_ns() - max(0, int(self.ahead * 10**9))
