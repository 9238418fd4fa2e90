"""All triggers of all recognizers in one Hyperscan database: one scan says which recognizers to run.

Owns: the triggers of Presidio's recognizers, the database and its key in a cache. A trigger is a superset
of what its recognizer takes and the shields leave; the tests hold it to that. Refuses: I/O; a cache is
handed in by whoever has one.

What made the database fast: patterns that begin at a word's border or hold a rare character cost next to
nothing together, while one that may begin anywhere costs as much as all of those.
"""

import hashlib
import importlib.metadata
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Any, Protocol

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Recognizer, Trigger


class Cache(Protocol):
    """Keeps a database's bytes between runs."""

    def __hash__(self) -> int: ...

    def get(self, key: str) -> bytes | None:
        """What was put under a key, or None."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; a failure to keep it is no error."""


def _t(*expressions: str) -> tuple[Trigger, ...]:
    return tuple(Trigger(expression, caseless=True) for expression in expressions)


_SHAPE = re.compile(r"0(?:\{(\d+),(\d+)\})?|\[([^\]]+)\](\??)")


def _shapes(*shapes: str) -> tuple[Trigger, ...]:
    """Every way to write some shapes, each a literal: `000[- ]0000`, `0{2,4}`, `[- ]?`."""
    found = []
    for shape in shapes:
        ways = []
        for least, most, signs, maybe in _SHAPE.findall(shape):
            runs = ["0" * n for n in range(int(least or 1), int(most or 1) + 1)]
            ways.append(([*signs, ""] if maybe else [*signs]) if signs else runs)
        found += [re.escape("".join(way)) for way in product(*ways)]
    return tuple(Trigger(rf"\b{one}\b", digits=True) for one in dict.fromkeys(found))


# Public addresses, as good as: not 0, 10, 127, nor 224 and up. 172.16 and 192.168 are told apart behind.
_PUBLIC = (
    r"(?:1[1-9]?|1[013-9][0-9]|12[0-689]|[2-9][0-9]?|2[01][0-9]|22[0-3])\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
)

# Two letters of a to f begin many a hexadecimal id: there digits are asked for, as those countries have them.
_IBAN = (
    r"\b(?:[a-z][g-z]|[g-z][a-f])[0-9]{2}(?:[ -]?[a-z0-9]{4}){2}",
    r"\b[a-f][a-f][0-9]{2}(?:[ -]?[0-9]{4}){2}",
)

PRESIDIO: dict[str, tuple[Trigger, ...]] = {
    "CreditCardRecognizer": (
        *_t(r"\b(?:[3-6][0-9]{12,16}|1[0-9]{13,16})\b"),
        *_shapes(
            "0000[- ]0{3,4}[- ]?0{3,4}[- ]?0{3,5}",
            "00000{3,4}[- ]0{3,4}[- ]?0{3,5}",
            "00000000{3,5}[- ]0{3,5}",
        ),
    ),
    "UsBankRecognizer": _t(r"(?:checking|account|acct|bank|saving|debit)[^\n]*\b[0-9]{8,17}\b"),
    "UsLicenseRecognizer": _t(
        r"(?:driver|license|permit|identification|dls|driving|lic[^a-z])[^\n]*[0-9]",
    ),
    "UsItinRecognizer": (
        *_shapes("000[- ]00[- ]0000"),
        *_t(r"(?:individual|tax|payer|itin|tin)[^\n]*\b9[0-9]{2}[- ]?[5-9][0-9][- ]?[0-9]{4}\b"),
    ),
    "UsPassportRecognizer": _t(
        r"(?:[^a-z]us[^a-z]|united|states|passport|travel|document)[^\n]*\b[a-z]?[0-9]{8,9}\b",
    ),
    "UsSsnRecognizer": (
        *_shapes("000[- .]00[- .]0000"),
        *_t(r"(?:social|security|ssn|ssid)[^\n]*\b(?:[0-9]{9}|[0-9]{5}-[0-9]{4}|[0-9]{3}-[0-9]{6})\b"),
    ),
    "NhsRecognizer": (
        *_shapes("000[- ]000[- ]?0000", "000000[- ]0000"),
        *_t(r"(?:nhs|health)[^\n]*\b[0-9]{10}\b"),
    ),
    "CryptoRecognizer": (
        # An address whose first characters are all hexadecimal is one in ten thousand millions; an id is.
        Trigger(r"\b[13][1-9a-f]{0,16}[A-HJ-NP-Zg-km-z][1-9A-HJ-NP-Za-km-z]{9,32}\b"),
        Trigger(r"\bbc1[02-9ac-hj-np-z]{25,59}\b", caseless=True),
    ),
    "EmailRecognizer": _t(r"@[a-z0-9_\x80-\xff-]+\.[a-z0-9_\x80-\xff]"),
    "IbanRecognizer": _t(*_IBAN),
    "IpRecognizer": _t(
        rf"\b{_PUBLIC}\b",
        r"(?:^|[^\w:])(?:[0-9a-f]{1,4}:){1,7}:",
        r"(?:^|[^\w:])::[0-9a-f]",
        r"(?:[0-9a-f]{1,4}:){6}[0-9a-f]{1,4}[:.][0-9a-f]",
    ),
    "MedicalLicenseRecognizer": _t(r"\b[abcdefghjklmprstux][a-z9][0-9]{7}\b"),
    "MacAddressRecognizer": _t(
        r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b",
        r"\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b",
        r"\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
    ),
    "PhoneRecognizer": (
        *_t(
            r"\+[ (]{0,2}[0-9](?:[ ().\/-]{0,3}[0-9]){6}",
            r"\([0-9]{2,5}\)[ .-]?[0-9]{2,}",
            r"(?:^|[^0-9A-Za-z.-])0[1-9][0-9]{0,3}[ /.-][0-9]{2,5}[ /.-]?[0-9]{2,5}",
            r"\b(?:phone|tel|telephone|cell|cellphone|mobile|call|fax)[^\n]*[0-9][0-9 ().-]{5}",
        ),
        *_shapes("000[ .-]000[ .-]0000"),
    ),
}

_ANY_IP = r"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b"


_CLASS = re.compile(r"\[[^\]]+\](?:\{\d+(?:,\d*)?\}|\+)?(?=[A-Za-z0-9_:-]|\\[.|+-])(?![^(\[]*\|)")


def _behind_classes(regex: str) -> str:
    """An expression without classes of characters at its beginning: then it begins with a literal, for which
    Hyperscan looks at many characters at a time, and it matches whatever it matched before."""
    while match := _CLASS.match(regex):
        regex = regex[match.end() :]
    return regex


def of(recognizer: Recognizer, *, private: bool = False, weak: bool = False) -> tuple[Trigger, ...]:
    """A recognizer's triggers: those of the table, or its own.

    Args:
        private: whether private addresses are looked for too.
        weak: whether weak evidence counts without context.
    """
    name = recognizer.name
    if not name.startswith("presidio:") or weak:
        return tuple(one._replace(regex=_behind_classes(one.regex)) for one in recognizer.triggers)
    own = PRESIDIO.get(name.removeprefix("presidio:"))
    if own is not None:
        return (*own, *_t(_ANY_IP)) if private and name == "presidio:IpRecognizer" else own
    strong: tuple[Trigger, ...] = getattr(recognizer, "strong", recognizer.triggers)
    waiting: tuple[Trigger, ...] = getattr(recognizer, "weak", ())
    if not recognizer.context:
        return strong
    words = "|".join(re.escape(word) for word in recognizer.context)
    return (
        *strong,
        *(one._replace(regex=f"(?:{words})[^\\n]*(?:{one.regex})", caseless=True) for one in waiting),
    )


Row = tuple[int, Trigger]


class Scanner:
    """Says which recognizers could find something.

    Args:
        rows: bits of a mask, and triggers. Compiling them takes up to a few seconds.
        apart: further ones, in a database of their own, so that the other can serve many.
        cache: where compiled databases are kept.

    Raises:
        ValueError: a trigger is no expression that Hyperscan takes.
    """

    def __init__(self, rows: Sequence[Row], apart: Sequence[Row] = (), cache: Cache | None = None) -> None:
        self._database = _database(
            tuple(row for row in rows if not row[1].beyond and not row[1].digits), cache
        )
        # Most text is ASCII, and need not be searched for what is not.
        self._beyond = _database(tuple(row for row in rows if row[1].beyond), cache)
        self._shapes = _database(
            tuple((bit, one._replace(regex=shaped(one.regex))) for bit, one in rows if one.digits), cache
        )
        more = tuple(
            (bit, one._replace(regex=unshaped(one.regex)) if one.digits else one) for bit, one in apart
        )
        self._apart = _database(more, cache) if more else None
        # A scratch serves one scan at a time; threads that scan at once take one each.
        self._free: list[tuple[Any, Any, Any, Any]] = []

    def hits(self, data: bytes) -> list[tuple[int, int]]:
        """Where a trigger ended and whose it is: (end, bit), in the order of the ends.

        Raises:
            DetectorError: the scan failed.
        """
        found: list[tuple[int, int]] = []
        try:
            one, two, three, four = self._free.pop()
        except IndexError:
            databases = (self._database, self._shapes, self._beyond, self._apart or self._beyond)
            one, two, three, four = (database.scratch.clone() for database in databases)
        try:
            self._database.scan(data, _matched, 0, found, one)
            known = len(found)
            self._shapes.scan(data.translate(_ZEROS), _matched, 0, found, two)
            if not data.isascii():
                self._beyond.scan(data, _matched, 0, found, three)
            if self._apart is not None:
                self._apart.scan(data, _matched, 0, found, four)
            if known < len(found):
                found.sort()
        except Exception as error:
            raise DetectorError(f"Hyperscan failed with {type(error).__name__}") from None
        self._free.append((one, two, three, four))
        return found

    def mask(self, text: str) -> int:
        """The bits of the recognizers that a text wakes."""
        woken = 0
        for _, bit in self.hits(text.encode("utf-8", "surrogatepass")):
            woken |= 1 << bit
        return woken


def _matched(bit: int, start: int, end: int, flags: int, found: list[tuple[int, int]]) -> None:
    found.append((end, bit))


_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_PARTS = re.compile(r"(\\.|\{[0-9,]+\})|\[(\^?(?:\\.|[^\]])*)\]|([0-9])|(.)", re.DOTALL)


def shaped(regex: str) -> str:
    """What an expression is when every digit in it, and in the text, is a 0: whatever it matched, this
    matches once the digits are gone.

    Args:
        regex: in which no class is negated.
    """

    def turned(match: re.Match[str]) -> str:
        kept, inside, digit, other = match.groups()
        if kept:
            return "0" if kept == r"\d" else kept
        if inside is not None:
            return f"[{re.sub('[0-9](?:-[0-9])?', '0', inside)}]" if inside.strip("0123456789-") else "0"
        return "0" if digit else other

    return _PARTS.sub(turned, regex)


def unshaped(regex: str) -> str:
    """An expression of a shape for a text that has its digits: whatever `shaped` matches without them."""

    def turned(match: re.Match[str]) -> str:
        kept, inside, digit, other = match.groups()
        if inside is not None:
            return f"[{inside.replace('0', '0-9')}]"
        return kept or ("[0-9]" if digit else other)

    return _PARTS.sub(turned, shaped(regex))


@lru_cache(maxsize=8)
def _database(rows: tuple[Row, ...], cache: Cache | None) -> Any:
    """One database of all rows; that of none matches nothing. Those made last serve whoever asks again."""
    import hyperscan

    rows = rows or ((0, Trigger(r"\xff{8}")),)
    key = _key(rows)
    if cache is not None and (kept := cache.get(key)) is not None:
        try:
            return _scannable(hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK))
        except hyperscan.HyperscanError:
            pass  # of another version or another machine
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    base = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_MULTILINE
    try:
        database.compile(
            expressions=[trigger.regex.encode() for _, trigger in rows],
            ids=[bit for bit, _ in rows],
            flags=[
                base
                | (hyperscan.HS_FLAG_CASELESS if trigger.caseless else 0)
                | (hyperscan.HS_FLAG_PREFILTER if trigger.prefilter else 0)
                for _, trigger in rows
            ],
        )
    except hyperscan.HyperscanError as error:
        raise ValueError(f"a trigger is not understood: {error}") from None
    if cache is not None:
        cache.put(key, hyperscan.dumpb(database))
    return database


def _scannable(database: Any) -> Any:
    import hyperscan

    database.scratch = hyperscan.Scratch(database)
    return database


def _key(rows: tuple[Row, ...]) -> str:
    """What a database depends on. That of another processor is refused when it is loaded."""
    text = repr((importlib.metadata.version("hyperscan"), rows))
    return "hyperscan-" + hashlib.sha256(text.encode()).hexdigest()[:32]
