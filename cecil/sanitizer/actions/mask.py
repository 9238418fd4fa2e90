"""mask: stars, and a few characters that may stay.

What may stay stays only where at least as many characters go: four digits of a five digit number are no
mask. A payment card is the exception that PCI DSS 3.4.1 knows: of 15 digits or more the first six and the
last four may stay (https://www.pcisecuritystandards.org, FAQ 1091: five or six digits are gone then).

Stars fill what they replace, so a masked text masked again is the same text. With `keep_length: false` they
are eight, whatever was there, and a text that holds eight and no more beside than may stay is a masked one.
"""

import re
from collections.abc import Callable, Mapping
from typing import ClassVar

from cecil.sanitizer.actions.base import Kind, Option, Options, Scope
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.late import late

STAR = "*"
_STARS = 8

_NO_STAR = frozenset(" \"'\\@/<>")

_CARD = "CREDIT_CARD"
_CARD_DIGITS, _CARD_FIRST, _CARD_LAST = 15, 6, 4

_MOST = 64
_HOST = r"(?:[^\W_](?:[\w-]{0,62})\.){1,10}(?!\d+(?::|/|\Z))[^\W_][\w-]{0,62}"
_EMAIL = late(rf"([^@]{{1,320}})(@{_HOST})")
_URL = late(
    rf"([A-Za-z][A-Za-z0-9+.-]{{0,30}}://)(?:([^@/?#]{{0,320}})@)?({_HOST}(?::[0-9]{{1,5}})?)([/?#].*)?",
    re.DOTALL,
)
_AT_HOST = late(f"@{_HOST}")
_BEFORE_LOCAL = late(r".*[\s@<>\"'`()\[\]{},:;=|\\/]", re.DOTALL)
_LONGEST_LOCAL = 320


class Mask(Kind):
    """`4111 11** **** 1111`, `****@example.com`."""

    name = "mask"
    says = (
        "A star for every character; some may stay, when at least as many go. Of a CREDIT_CARD of 15 digits "
        "or more the first six and the last four may stay. A number becomes a string."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "keep_first": Option("count", "characters that stay at the beginning; of a card digits", most=_MOST),
        "keep_last": Option("count", "characters that stay at the end; of a card digits", most=_MOST),
        "keep_separators": Option(
            "flag", "what is no letter and no digit stays and does not count, as in ****-****-****-1111"
        ),
        "keep_domain": Option("flag", "the domain of an e-mail address stays, and the host of a URL"),
        "keep_length": Option("flag", "false: always eight stars, so that they do not tell how many went"),
        "star": Option("text", "the character that is written instead of *"),
    }

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._domains: list[Options] = []

    @classmethod
    def wrong(cls, options: Options, entity: str | None) -> str | None:
        star = options.get("star", STAR)
        if len(star) != 1 or star.isdigit() or not star.isprintable() or star in _NO_STAR:
            return "star is one character, and no digit, quote, bracket, blank, @ or slash"
        if options.get("keep_separators") and options.get("keep_length") is False:
            return "keep_separators needs keep_length"
        first, last = options.get("keep_first", 0), options.get("keep_last", 0)
        if entity == _CARD and (first > _CARD_FIRST or last > _CARD_LAST):
            return "of a card at most the first 6 and the last 4 digits stay"
        return None

    def use(self, options: Options, entities: frozenset[str]) -> None:
        if options.get("keep_domain"):
            self._domains.append(options)

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        if options.get("keep_domain"):
            email = _EMAIL.fullmatch(text)
            if email:
                return _masked(email[1], entity, options) + email[2]
            url = _URL.fullmatch(text)
            if url:
                star = options.get("star", STAR) * _STARS
                user = f"{star}@" if url[2] is not None else ""
                rest = url[4][0] + star if url[4] and len(url[4]) > 1 else url[4] or ""
                return url[1] + user + url[3] + rest
        return _masked(text, entity, options)

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        return self.text(text, entity, options, scope) == text

    def own(self, text: str) -> list[tuple[int, int]]:
        """Addresses whose domain stayed: a detector would see that, and not what stands before it."""
        if not self._domains or "@" not in text:
            return []
        found = []
        for match in _AT_HOST.finditer(text):
            start, at, end = max(0, match.start() - _LONGEST_LOCAL), match.start(), match.end()
            before = _BEFORE_LOCAL.match(text, start, at)
            start = before.end() if before else start
            local = text[start:at]
            if local and any(_masked(local, "", one) == local for one in self._domains):
                found.append((start, end))
        return found


def _masked(text: str, entity: str, options: Options) -> str:
    star: str = options.get("star", STAR)
    first: int = options.get("keep_first", 0)
    last: int = options.get("keep_last", 0)
    apart = bool(options.get("keep_separators"))
    if entity == _CARD and any(c.isalpha() and c != star for c in text):
        first, last, apart = 0, 0, False  # a text, and no number whose digits could stay
    fixed = options.get("keep_length") is False
    counts = _counts if apart or entity == _CARD else _all
    if fixed and _is_fixed(text, counts, star * _STARS, first, last):
        return text
    counted = [i for i, c in enumerate(text) if c == star or counts(c)]
    start, end = _between(counted, entity, first, last, len(text))
    if fixed:
        stars = star * _STARS
    elif apart:
        stars = "".join(star if _counts(c) else c for c in text[start:end])
    else:
        stars = star * (end - start)
    return text[:start] + stars + text[end:]


def _counts(c: str) -> bool:
    """Whether a character is no separator. Beyond ASCII only blanks are: marks belong to letters."""
    return c.isalnum() or not (c.isascii() or c.isspace())


def _all(c: str) -> bool:
    return True


def _between(counted: list[int], entity: str, first: int, last: int, length: int) -> tuple[int, int]:
    """Where the stars begin and end: behind the first and before the last characters that count."""
    card = entity == _CARD and len(counted) >= _CARD_DIGITS and first <= _CARD_FIRST and last <= _CARD_LAST
    if first + last > len(counted) // 2 and not card:
        return 0, length
    return (counted[first - 1] + 1 if first else 0), (counted[-last] if last else length)


def _is_fixed(text: str, counts: Callable[[str], bool], stars: str, first: int, last: int) -> bool:
    """Whether a text is a fixed number of stars, with no more around them than may stay."""
    if len(text) > len(stars) + 3 * _MOST:
        return False
    place = text.find(stars)
    while place >= 0 and sum(map(counts, text[:place])) <= first:
        if sum(map(counts, text[place + len(stars) :])) <= last:
            return True
        place = text.find(stars, place + 1)
    return False
