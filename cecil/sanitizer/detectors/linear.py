"""Presidio's patterns whose time is quadratic in a text, searched in linear time with the same matches.

    search(source, flags)      a function like the finditer of the compiled pattern

What makes a pattern quadratic is what it looks for at every place it could begin: an at sign behind a
stretch that may hold one, a letter anywhere behind. A whole stretch has one answer, which is found once.
What is slow for another reason, addresses of IPv6 in a text that has none, is not searched at all.
Presidio's expression is recognized by its text: where a version of Presidio has another, it is searched as it
stands, under its time-out, and a test fails.
"""

from collections.abc import Callable, Iterator
from typing import Any

import regex

Search = Callable[..., Iterator[Any]]

_LOCAL = r"!#$%&'*+\-/=?^_`{|}~\w"

EMAIL = (
    rf"\b((([{_LOCAL}])|([{_LOCAL}][!#$%&'*+\-/=?^_`{{|}}~\.\w]{{0,}}[{_LOCAL}]))"
    r"[@]\w+(?:-+\w+)*(?:\.\w+(?:-+\w+)*)+)\b"
)
PAN = r"\b((?=.*?[a-zA-Z])(?=.*?[0-9]{4})[\w@#$%^?~-]{10})\b"
MEMBER_ID = r"\b(?=[A-Z0-9-]{6,20}\b)(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)[A-Z]{1,5}-?[A-Z0-9]{5,14}\b"

_GROUP = "[0-9A-Fa-f]{1,4}"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)"
_LENGTH = r"(?:/(?:12[0-8]|1[01]\d|[1-9]?\d))?"
IPV6 = (
    rf"(?<![\w:])::(?:ffff(?::0{{1,4}})?:)?(?:{_OCTET}\.){{3}}{_OCTET}{_LENGTH}\b",
    (
        rf"(?<![\w:])(?:(?:{_GROUP}:){{1,5}}:(?:{_GROUP}:){{0,4}}|(?:{_GROUP}:){{6}})"
        rf"(?:{_OCTET}\.){{3}}{_OCTET}{_LENGTH}\b"
    ),
    (
        rf"(?<![\w:])(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,7}}:|:(?::{_GROUP}){{1,7}}"
        rf"|(?:{_GROUP}:){{1,6}}:{_GROUP}|(?:{_GROUP}:){{1,5}}(?::{_GROUP}){{1,2}}"
        rf"|(?:{_GROUP}:){{1,4}}(?::{_GROUP}){{1,3}}|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,4}}"
        rf"|(?:{_GROUP}:){{1,2}}(?::{_GROUP}){{1,5}}|{_GROUP}:(?::{_GROUP}){{1,6}}|:(?::{_GROUP}){{1,6}})"
        rf"(?:%[0-9a-zA-Z]+)?{_LENGTH}(?![\w:]|\.\d)"
    ),
    rf"(?<![\w:])::{_LENGTH}(?![\w:])",
)
_COLONS = 6
"""An address without two colons side by side has as many at least."""


def search(source: str, flags: int) -> Search:
    """What finds the matches of an expression: `find(text, timeout=seconds)`, as regex's finditer does."""
    special = _SPECIAL.get(source)
    return special(source, flags) if special else regex.compile(source, flags).finditer


def _emails(source: str, flags: int) -> Search:
    """A match begins where the stretch of characters before an at sign first may, or nowhere in it."""
    whole = regex.compile(source, flags)
    at = regex.compile(rf"(?<=[{_LOCAL}])@(?=\w++(?:-++\w++)*+\.\w)", flags)
    stretch = regex.compile(rf"(?r)[{_LOCAL}.]+", flags)
    begin = regex.compile(rf"\b[{_LOCAL}]", flags)

    def find(text: str, timeout: float | None = None) -> Iterator[Any]:
        done = 0
        for sign in at.finditer(text):
            before = stretch.match(text, done, sign.start())
            first = before and begin.search(text, before.start(), sign.start())
            match = first and whole.match(text, first.start(), timeout=timeout)
            if match:
                yield match
                done = match.end()

    return find


def _account_numbers(source: str, flags: int) -> Search:
    """Both look-aheads reach to the end of the text: it is there for all places up to its last."""
    candidate = regex.compile(r"\b([\w@#$%^?~-]{10})\b", flags)
    letter = regex.compile(r"(?r)[a-zA-Z]", flags)
    digits = regex.compile(r"(?r)[0-9]{4}", flags)

    def find(text: str, timeout: float | None = None) -> Iterator[Any]:
        lasts = letter.search(text), digits.search(text)
        for match in candidate.finditer(text, timeout=timeout):
            if any(last is None or last.start() < match.start() for last in lasts):
                return
            yield match

    return find


def _member_ids(source: str, flags: int) -> Search:
    """A match begins with a letter; its digit stands anywhere in the stretch that it is in."""
    candidate = regex.compile(r"\b(?=[A-Z0-9-]{6,20}\b)[A-Z]{1,5}-?[A-Z0-9]{5,14}\b", flags)
    stretch = regex.compile(r"[A-Z0-9-]*\d?", flags)
    digit = regex.compile(r"(?r)\d", flags)

    def find(text: str, timeout: float | None = None) -> Iterator[Any]:
        end, last = 0, -1
        for match in candidate.finditer(text, timeout=timeout):
            start = match.start()
            if start >= end:
                end = stretch.match(text, start).end()
                found = digit.search(text, start, end)
                last = found.start() if found else -1
            if start <= last:
                yield match

    return find


def _colons(source: str, flags: int) -> Search:
    """Every match has two colons side by side, or many."""
    whole = regex.compile(source, flags).finditer

    def find(text: str, timeout: float | None = None) -> Iterator[Any]:
        if "::" in text or text.count(":") >= _COLONS:
            yield from whole(text, timeout=timeout)

    return find


_SPECIAL: dict[str, Callable[[str, int], Search]] = {
    EMAIL: _emails,
    PAN: _account_numbers,
    MEMBER_ID: _member_ids,
    **dict.fromkeys(IPV6, _colons),
}
