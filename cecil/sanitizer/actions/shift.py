"""shift: dates and times move by a number of days that only the key knows, the same for all of one subject.

The number comes from HMAC-SHA-256 over what stands at `subject`: so the order of a subject's events and the
days between them stay, whichever field, file or run they stand in. The time of day, the zone and the form
stay as they are. It is never 0, and never a multiple of 365: a date without a year would stay where it was.

What says nothing of anybody stays: 0, 0001-01-01, 9999-12-31, 1970-01-01 at midnight, a time of day without
a date. Everybody knows these, so moved they would tell how far all other dates of their subject have moved.
"""

import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from cecil.errors import DetectorError
from cecil.sanitizer import dates
from cecil.sanitizer.actions.base import Kind, Option, Options, Scope, exact
from cecil.sanitizer.keyring import Keyring

_DAYS = 365
_YEAR = 365
_WEEK = 7


class Shift(Kind):
    """`2026-11-21T14:22:07Z` as `2026-08-03T14:22:07Z`."""

    name = "shift"
    says = (
        "Dates and times move by a number of days that comes from the key and the subject; days between two "
        "dates of one subject, the time of day, the zone and the form stay."
    )
    keyed = True
    once = True
    options: ClassVar[Mapping[str, Option]] = {
        "subject": Option("path", "whose dates move by one number; without it all move by the same"),
        "days": Option("count", "the furthest that a date moves, 365 by default", least=1, most=36500),
        "keep_weekday": Option("flag", "dates move by whole weeks"),
        "order": Option("choice", "what three numbers as 03/04/2005 mean", dates.ORDERS),
        "epoch": Option("choice", "the unit of numbers; else their length says it", tuple(dates.UNITS)),
        "otherwise": Option(
            "choice",
            "what becomes of what is no date that can be read; a record goes to quarantine by default",
            ("quarantine", "redact"),
        ),
    }

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._key = keys.derive("shift") if keys else b""

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        if options.get("keep_weekday") and options.get("days", _DAYS) < _WEEK:
            return "keep_weekday needs days: 7 or more"
        return None

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        try:
            return self._moved(text, options, scope)
        except dates.DateError as error:
            if options.get("otherwise") == "redact":
                return f"<{entity}>"
            # A detector's error, so that no text around it is taken for judged.
            raise DetectorError(str(error)) from None

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        return dates.never(text)

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        if type(value) is str:
            return self.text(text, entity, options, scope)
        try:
            if not exact(value):
                raise dates.DateError("no date in a form that is known")
            return type(value)(self._moved(text, options, scope))
        except dates.DateError as error:
            if options.get("otherwise") == "redact":
                return None
            raise DetectorError(str(error)) from None

    def _moved(self, text: str, options: Options, scope: Scope) -> str:
        """Raises: DateError: it is no date, or would lie outside of the years 1 to 9999."""
        if dates.never(text):
            return text
        found = dates.read(text, options.get("order"), options.get("epoch"))
        subject = options.get("subject")
        return found.moved(self._days(scope.get(subject, "") if subject else "", options))

    def _days(self, subject: str, options: Options) -> int:
        """How far a subject's dates move; below 0 into the past."""
        step = _WEEK if options.get("keep_weekday") else 1
        most: int = options.get("days", _DAYS) // step
        count = 0
        while True:
            digest = hmac.digest(self._key, f"{count}\0{subject}".encode(), "sha256")
            days = int.from_bytes(digest[:8], "big") % (2 * most) - most
            days = step * (days + (days >= 0))
            if days % _YEAR:
                return days
            count += 1
