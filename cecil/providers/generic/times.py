"""Moments: what `--since` and `--until` say, and what time a record bears.

Owns: reading RFC 3339, epochs and durations, and the half-open window. A moment is a whole number of
nanoseconds since 1970, so no digit is rounded. Refuses: a time without an offset, which could mean
any of forty moments.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import orjson

from cecil.errors import RecordError, UsageError
from cecil.providers.generic.pieces import Piece
from cecil.stream.jsontext import decode, scan, to_python
from cecil.stream.quarantine import Quarantine

SINCE = "since"
UNTIL = "until"
"""The rules that drop a record before, and at or after, the window."""

_SECOND = 10**9
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(
    r"([0-9]+) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])[ ,]*",
    re.IGNORECASE,
)
_AGO = re.compile(r" +ago\Z", re.IGNORECASE)
_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?"
    r" ?(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2})?)?)?\Z"
)
# As text, an epoch has nine digits or more: 2024 is a year, 20240501 a date.
_EPOCH = re.compile(r"-?[0-9]{9,20}(?:\.[0-9]+)?\Z")
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class _NoOffset(ValueError):
    """A time that names no moment, since it has no offset."""


def moment(value: object) -> int:
    """The moment that a value names, in nanoseconds since 1970.

    Numbers are epochs; their magnitude says whether in seconds, milli-, micro- or nanoseconds.

    Raises:
        ValueError: it names none. The message holds no value.
    """
    if isinstance(value, str):
        stamp = _STAMP.match(value)
        if stamp:
            return _from_stamp(stamp)
        if _EPOCH.match(value):
            return _from_epoch(Decimal(value))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        return _from_epoch(Decimal(repr(value)))
    raise ValueError("not a time")


def _from_epoch(number: Decimal) -> int:
    if not number.is_finite():
        raise ValueError("not a time")
    size = abs(number)
    # 1e11 seconds are the year 5138, 1e11 milliseconds are 1973: the ranges do not meet.
    for limit, factor in ((10**11, _SECOND), (10**14, 10**6), (10**17, 10**3)):
        if size < limit:
            return int(number * factor)
    if size < 10**20:
        return int(number)
    raise ValueError("not a time")


def _from_stamp(stamp: re.Match[str]) -> int:
    year, month, day, hour, minute, second, fraction, zulu, sign, offset_hours, offset_minutes = (
        stamp.groups()
    )
    if hour is None or not (zulu or sign):
        raise _NoOffset("a time without an offset")
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _EPOCH_DAY
    except ValueError:
        raise ValueError("not a time") from None
    # A leap second is the first moment of the next minute.
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 60:
        raise ValueError("not a time")
    seconds = days * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second or 0)
    if sign:
        offset = int(offset_hours) * 3600 + int(offset_minutes or 0) * 60
        seconds += offset if sign == "-" else -offset
    return seconds * _SECOND + int(((fraction or "") + "000000000")[:9])


def duration(text: str) -> int | None:
    """The nanoseconds of a duration, as `90s`, `1h 30m` or `2 hours`; None where it is none."""
    place = total = 0
    while place < len(text):
        part = _DURATION.match(text, place)
        if not part:
            return None
        total += int(part[1]) * _UNITS[part[2][0].lower()] * _SECOND
        place = part.end()
    return total if text else None


def parse(text: str, now: int, option: str) -> int:
    """The moment that an option names: a time, an epoch, now, or a duration before `now`, as `2 hours ago`.

    Args:
        now: nanoseconds since 1970.
        option: the option's name, for messages.

    Raises:
        UsageError: it names none.
    """
    if text.lower() == "now":
        return now
    before = duration(_AGO.sub("", text))
    if before is not None:
        return now - before
    try:
        return moment(text)
    except _NoOffset:
        raise UsageError(
            f"{option}: a time without an offset", hint="add one, as in 2024-05-01T12:00:00Z or ...+02:00"
        ) from None
    except ValueError:
        raise UsageError(
            f"{option}: not a time",
            hint="give a time as 2024-05-01T12:00:00Z, an epoch, or a duration before now as 15m, 2h or 7d",
        ) from None


class Window(NamedTuple):
    """Records from `since` on, and before `until`.

    Attributes:
        field: where a record's time stands: a JSON Pointer (`/a/b`), a key, or keys joined by dots.
        since, until: nanoseconds since 1970; None for no bound.
    """

    field: str
    since: int | None = None
    until: int | None = None

    def pick(self, piece: Piece, name: str, quarantine: Quarantine) -> Piece:
        """The records of a piece that lie inside.

        Those outside are dropped by the rules `since` and `until`; one without a readable time at the
        field goes to quarantine.
        """
        kept: list[bytes] = []
        numbers: list[int] = []
        dropped = quarantine.counts.dropped
        for line, number in zip(piece.lines(), piece.numbers, strict=True):
            try:
                when = moment(self._find(_loads(line)))
            except RecordError as error:
                quarantine.add(name, number, error.message, line.rstrip(b"\r\n"))
            except KeyError:
                quarantine.add(name, number, f"no time at {self.field}", line.rstrip(b"\r\n"))
            except _NoOffset:
                quarantine.add(
                    name, number, f"a time without an offset at {self.field}", line.rstrip(b"\r\n")
                )
            except ValueError:
                quarantine.add(name, number, f"no readable time at {self.field}", line.rstrip(b"\r\n"))
            else:
                if self.since is not None and when < self.since:
                    dropped[SINCE] += 1
                elif self.until is not None and when >= self.until:
                    dropped[UNTIL] += 1
                else:
                    kept.append(line)
                    numbers.append(number)
        return piece if len(kept) == piece.count else Piece(b"".join(kept), len(kept), numbers)

    def _find(self, record: Any) -> Any:
        if self.field in record:
            return record[self.field]
        if self.field.startswith("/"):
            path = [step.replace("~1", "/").replace("~0", "~") for step in self.field[1:].split("/")]
        else:
            path = self.field.split(".")
        for step in path:
            if isinstance(record, dict):
                record = record[step]
            elif isinstance(record, list) and step.isdecimal() and int(step) < len(record):
                record = record[int(step)]
            else:
                raise KeyError
        return record


def _loads(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:  # a number beyond a double
        return to_python(scan(decode(line)))


def window(field: str | None, since: str | None, until: str | None, now: int) -> Window | None:
    """The window that the options ask for; None for no bound.

    Raises:
        UsageError: no field is named, a time cannot be read, or nothing can lie inside.
    """
    if since is None and until is None:
        return None
    if not field:
        raise UsageError(
            "--since and --until need to know where a record's time stands", hint="--time-field PATH"
        )
    return Window(field, *bounds(since, until, now))


def bounds(
    since: str | None, until: str | None, now: int, names: tuple[str, str] | None = None
) -> tuple[int | None, int | None]:
    """The bounds that two options name, in nanoseconds since 1970.

    Args:
        names: what they are called; by default --since and --until.

    Raises:
        UsageError: a time cannot be read, or nothing can lie between them.
    """
    first, last = names or ("--since", "--until")
    start = None if since is None else parse(since, now, first)
    end = None if until is None else parse(until, now, last)
    if start is not None and end is not None and start >= end:
        raise UsageError(f"{first} is not before {last}")
    return start, end
