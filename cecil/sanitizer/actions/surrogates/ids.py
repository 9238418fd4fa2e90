"""Stand-ins for identifiers of no known form: of the same shape.

A letter stands for a letter, a digit for a digit, hexadecimal for hexadecimal; case and punctuation stay, and
so does a zero in front. The last few characters are a seal, which leaves this much for telling people apart:

    9 to 13 digits      seal 1 in 10^4      90,000 to 9 * 10^8 stand-ins
    14 to 19 digits     seal 1 in 10^6      9 * 10^7 to 9 * 10^12
    20 digits or more   seal 1 in 10^8      9 * 10^11 or more

(a letter counts as 1.4 digits). A value that happens to bear the seal, one in so many, is taken for a
stand-in and stays. What has less than nine digits' worth could only be hidden badly: it grows at its end to
fifteen.

National numbers for which nobody sets numbers aside for tests get a check digit that is wrong, so that none
is a person's; a number whose check digit is right is never taken for a stand-in. Those without a check digit
are as any identifier.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log10

from cecil.sanitizer.actions.surrogates.base import (
    ALL_TO_0,
    LONGEST,
    NO_LETTERS,
    Hashes,
    Maker,
    Placing,
    Source,
    encoded,
    laid,
    placing,
    placings,
    said_of,
)
from cecil.sanitizer.detectors.sums import Sum
from cecil.sanitizer.late import late

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_ROOM = 9.0
"""Digits' worth that a shape has at least."""

_GROWN, _LONGEST_SEAL = 15, 8
_HEX = late(rb"[0-9]*+(?:[a-f][0-9a-f]*+|[A-F][0-9A-F]*+)")
_FEWEST_HEX = 16
_LONG = 64
"""Letters and digits for which a stream is enough."""

_KNOWN, _SOURCES = 4096, 16
"""Numbers of a source whose stand-ins are remembered, and sources of which some are, at most."""

_TURNS = 64
"""A check digit is right by chance once in seven or more: so many in a row never are."""

_TO_SMALL = bytes.maketrans(_LETTERS.upper().encode(), _LETTERS.encode())
_FORMS = bytes.maketrans((_DIGITS + _LETTERS + _LETTERS.upper()).encode(), b"9" * 10 + b"a" * 26 + b"A" * 26)
_NO_FORM = bytes(octet for octet in range(256) if octet not in b"09aA")
_TO_0 = bytes.maketrans(b"9aA", b"000")

# What may stand at a place: six bits of a byte choose among the 64 characters that one of the four classes of
# a table has. So all places are filled at once, whatever stands at each.
_DIGIT, _LOWER, _UPPER, _NO_ZERO = 0x00, 0x40, 0x80, 0xC0
_LETTER, _ANY = _LOWER, _UPPER
"""What the second and the third are of hexadecimal ones."""

_CLASSES = bytes.maketrans(b"09aA", bytes([_DIGIT, _DIGIT, _LOWER, _UPPER]))
_TO_CLASSES = _FORMS.translate(_CLASSES)
_BITS = 0x3F
_BITS_OF_SEALS = 0x3F3F3F3F3F3F3F3F

_number = int.from_bytes


def _table(*classes: str) -> bytes:
    return "".join((characters * 64)[:64] for characters in classes).encode()


_PLAIN = _table(_DIGITS, _LETTERS, _LETTERS.upper(), _DIGITS[1:])
_HEX_LOWER = _table(_DIGITS, "abcdef", _DIGITS + "abcdef", _DIGITS[1:])
_HEX_UPPER = _HEX_LOWER.upper()
_SMALL = {
    table: [table[begin : begin + 64].lower() * 4 for begin in range(0, 256, 64)]
    for table in (_PLAIN, _HEX_LOWER, _HEX_UPPER)
}
_SMALL_OF_PLAIN = _SMALL[_PLAIN]
_OF_HEX = _DIGITS.encode() + b"abcdef"
_TO_DIGITS = _PLAIN[:64] * 4
_FIRST = [_PLAIN[_NO_ZERO + (octet & _BITS) :][:1] for octet in range(256)]
_ZERO = [b"0"] * 256
_WORTH = {_DIGIT: log10(10), _LOWER: log10(26), _UPPER: log10(26)}
_WORTH_OF_HEX = {_DIGIT: log10(10), _LETTER: log10(6), _ANY: log10(16)}


# No tuple with names: those take longer to read.
@dataclass(slots=True, eq=False)
class _Plan:
    """How the letters and digits of a value are replaced.

    Attributes:
        length, sealed: how many characters the body has, and the seal behind it.
        bits, classes: of a stream of as many bytes as the body has, those that choose, and what may stand at
            each place; as one number.
        seal_classes: the same of the seal, of whose bytes the same bits choose.
        table: of the characters.
        first: the first of the seal, in small letters, by a byte.
        more: how many grow on.
        number: of digits alone, and not too many, the first by a byte: then each is drawn by itself, in
            half the time.
        looks_hexadecimal: whether what is none may come out as one.
        placed: all of them where they stand.
    """

    length: int
    sealed: int
    bits: int
    classes: int
    seal_classes: int
    table: bytes
    first: bytes
    more: int
    number: list[bytes] | None
    looks_hexadecimal: bool
    placed: Placing


def _planned(form: bytes, hexadecimal: bool) -> _Plan | None:
    """How a value is replaced that looks so; None where it has neither letter nor digit.

    Args:
        form: the value with a and A for its letters, 9 for its digits; the first of them may be 0.
    """
    shape = form if form.isalnum() else form.translate(None, _NO_FORM)
    count = len(shape)
    if not count:
        return None
    classes = shape.translate(_CLASSES)
    if hexadecimal:
        classes = _classes_of_hex(bool(classes[0]), count)
    begin, digits = shape[0], classes.count(_DIGIT)
    needed, more = _measured(begin, count, digits, hexadecimal)
    if more:
        grows = _DIGIT if digits else _UPPER if shape.isupper() else _LOWER
        classes += bytes([grows]) * more
    sealed = _at_least(classes[-_LONGEST_SEAL:], needed, hexadecimal)
    length = count + more - sealed
    table = _PLAIN if not hexadecimal else _HEX_UPPER if b"A" in shape else _HEX_LOWER
    bits, chosen = _number(bytes([_BITS]) * length), _number(classes)
    if begin == _0:
        bits >>= 8  # it stays
    elif begin == _9:
        chosen |= _NO_ZERO << 8 * (count + more - 1)
    return _Plan(
        length,
        sealed,
        bits,
        chosen >> 8 * sealed,
        chosen & (1 << 8 * sealed) - 1,
        table,
        _SMALL[table][classes[length] >> 6],
        more,
        None if digits < count or length > _LONG else _ZERO if begin == _0 else _FIRST,
        table is _PLAIN and digits < count and count + more >= _FEWEST_HEX,
        _placing(form, count, more),
    )


_PLANS = 4096
"""That are remembered of each sort, at most."""

_plan_of_form = lru_cache(maxsize=_PLANS)(_planned)
"""For what is hexadecimal, and seldom comes here."""

_plans: dict[bytes, _Plan] = {}
"""By form, for all else: to look here costs a third of a call."""


def _planned_anew(form: bytes) -> _Plan | None:
    plan = _planned(form, False)
    if plan and len(form) <= LONGEST:
        if len(_plans) >= _PLANS:
            _plans.clear()
        _plans[form] = plan
    return plan


_0, _9 = b"09"


@lru_cache(maxsize=16384)
def _measured(begin: int, count: int, digits: int, hexadecimal: bool) -> tuple[int, int]:
    """How many digits the seal of a shape is worth, and how many characters it grows.

    Args:
        begin: its first character.
        count, digits: how many characters it has, and how many of those are digits; of hexadecimal ones only
            whether the first is.
        hexadecimal: whether they are.
    """
    worths = _WORTH_OF_HEX if hexadecimal else _WORTH
    if hexadecimal:
        worth = worths[_DIGIT if digits else _LETTER] + worths[_LETTER] + (count - 2) * worths[_ANY]
    else:
        worth = digits + (count - digits) * worths[_LOWER]
    if begin == _0:
        worth -= worths[_DIGIT]
    elif begin <= _9:
        worth -= worths[_DIGIT] - log10(9)
    more = 0
    if worth < _ROOM - 0.1:
        grown = worths[_DIGIT if digits else _LOWER]
        more = ceil((_GROWN - 0.1 - worth) / grown)
        worth += more * grown
    return 4 if worth < 13.9 else 6 if worth < 19.9 else 8, more


@lru_cache(maxsize=4096)
def _classes_of_hex(letter: bool, count: int) -> bytes:
    """What may stand at each place of hexadecimal characters, of which the first is a letter or none.

    The second is always a letter, by which the stand-in is known to be hexadecimal too.
    """
    return bytes([_LETTER if letter else _DIGIT, _LETTER]) + bytes([_ANY]) * (count - 2)


_ALL_BITS = [_number(bytes([_BITS]) * count) for count in range(_LONG + 1)]


@lru_cache(maxsize=16384)
def _at_least(tail: bytes, needed: int, hexadecimal: bool) -> int:
    """How many characters, from the last on, are worth so many digits."""
    worths = _WORTH_OF_HEX if hexadecimal else _WORTH
    sealed, worth = 0, 0.0
    while worth < needed - 1e-9:
        sealed += 1
        worth += worths[tail[-sealed]]
    return sealed


@lru_cache(maxsize=4096)
def _plan_of_hex(begin: int, count: int, upper: bool) -> _Plan:
    """How hexadecimal characters are replaced that stand together.

    Args:
        begin: the first of their form.
    """
    letter = b"A" if upper else b"a"
    plan = _planned((bytes([begin]) if begin <= _9 else letter) + letter * (count - 1), True)
    assert plan
    return plan


def _placing(form: bytes, count: int, more: int) -> Placing:
    """What puts characters where a form has letters and digits."""
    if len(form) == count:
        return bytes.decode
    places = form.translate(_TO_0)
    last = places.rindex(b"0") + 1  # it grows behind the last of them, so that what follows stays the end
    shape = (places[:last] + b"0" * more + places[last:]).decode("utf-8", "surrogatepass")
    return (placings if len(shape) <= LONGEST else placing)(shape)


class Ids(Maker):
    """Any identifier.

    Args:
        valid: whether a number's check digit is right, for those that must not be; None for all others.
        adds_up: of its letters and digits, whether it may be valid at all: asked before, where it is known.
    """

    def __init__(self, valid: Callable[[str], bool] | None = None, adds_up: Sum | None = None) -> None:
        self._valid = valid
        self._adds_up = adds_up
        self._known: dict[Source, dict[str, str | None]] = {}

    def stand_in(self, text: str, source: Source) -> str | None:
        if self._valid is None:
            new = _at_once(text, source) if len(text) >= _SHORTEST and text.isascii() else None
            return self._stand_in(text, source) if new is None else new
        # Check digits cost more than all else, and people come again in a log.
        known = self._known.get(source)
        if known is None or len(known) >= _KNOWN:
            known = self._anew(source)
        if text in known:
            return known[text]
        said, plan = _read(text)
        if plan is None:
            known[text] = None
            return None
        hashes, length = source.ids, plan.length
        if not plan.more:
            # Most are told from stand-ins by the first character of their seal, and without a call.
            body, sealing, first = said[:length], said[length], plan.first
            for copy in hashes.seals:
                one = copy()
                one.update(body)
                if first[one.digest()[0]] == sealing and self._made(text, said, plan, hashes):
                    known[text] = text
                    return text
        new = known[text] = self._make(said, plan, hashes)
        return new

    def _anew(self, source: Source) -> dict[str, str | None]:
        if len(self._known) >= _SOURCES:
            self._known.clear()
        known = self._known[source] = {}
        return known

    def _stand_in(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        if plan is None:
            return None
        hashes = source.ids
        return text if self._made(text, said, plan, hashes) else self._make(said, plan, hashes)

    def make(self, text: str, source: Source) -> str | None:
        said, plan = _read(text)
        return None if plan is None else self._make(said, plan, source.ids)

    def made(self, text: str, source: Source) -> bool:
        said, plan = _read(text)
        return plan is not None and self._made(text, said, plan, source.ids)

    def _make(self, said: bytes, plan: _Plan, hashes: Hashes) -> str | None:
        valid, adds_up = self._valid, self._adds_up
        if valid is None:
            return plan.placed(_filled(plan, hashes, said))
        # Whether a number that adds up is valid costs more to ask than another one, of the next bytes; but of
        # a length that it does not know a sum says so always.
        if adds_up is not None and not plan.more and not plan.looks_hexadecimal:
            values = hashes.stream()
            values.update(said)
            stream = values.digest()
            copy, length = hashes.seals[0], plan.length
            begin = 0
            while (end := begin + length) <= _LONG:
                new = _drawn(plan, stream[begin:end], copy())
                if not adds_up(new):
                    return plan.placed(new)
                begin = end
        for turn in range(_TURNS):
            new = _filled(plan, hashes, b"%b\0%d" % (said, turn) if turn else said)
            placed = plan.placed(new)
            if (adds_up is not None and not adds_up(new)) or not valid(placed):
                return placed
        return None

    def _made(self, text: str, said: bytes, plan: _Plan, hashes: Hashes) -> bool:
        if plan.more:
            return False
        return _is_sealed(said, plan, hashes) and (self._valid is None or not self._valid(text))


def _is_sealed(said: bytes, plan: _Plan, hashes: Hashes) -> bool:
    """Whether letters and digits end with the seal of what stands before, of any key."""
    length, first = plan.length, plan.first
    for copy in hashes.seals:
        one = copy()
        one.update(said[:length])
        stream = one.digest()
        # Mostly its first character is another, which costs less to see.
        if first[stream[0]] == said[length] and _sealing(plan, stream).lower() == said[length:]:
            return True
    return False


def _filled(plan: _Plan, hashes: Hashes, said: bytes) -> bytes:
    values = hashes.stream()
    values.update(said)
    stream = values.digest()
    length = plan.length
    if length > _LONG:
        stream = hashlib.shake_256(stream).digest(length)
    new = _drawn(plan, stream[:length], hashes.seals[0]())
    if plan.looks_hexadecimal and _HEX.fullmatch(new):
        # It would be taken for what stands for a hexadecimal one.
        return _filled(plan, hashes, said + b"\0")
    return new


def _drawn(plan: _Plan, stream: bytes, one: "hashlib.blake2s") -> bytes:
    """Characters by a stream of as many bytes as the body has, and their seal, by a hash of its key."""
    sealed, number, table = plan.sealed, plan.number, plan.table
    if number:
        body = number[stream[0]] + stream[1:].translate(_TO_DIGITS)
        one.update(body)
        return body + one.digest()[:sealed].translate(_TO_DIGITS)
    body = (_number(stream) & plan.bits | plan.classes).to_bytes(plan.length).translate(table)
    one.update(body.lower())
    seal = (_number(one.digest()[:sealed]) & _BITS_OF_SEALS | plan.seal_classes).to_bytes(sealed)
    return body + seal.translate(table)


_SHORTEST = 9
"""Characters of a text that hardly grows."""

_MANY = 22
"""Letters and digits whose seal is the longest, whichever they are."""


def _at_once(text: str, source: Source) -> str | None:
    """What stands for an identifier, without a plan: of the shapes of letters and digits few come twice.

    The same as by a plan, at half the cost; None where a plan is needed.
    """
    octets = text.encode()
    said = octets.translate(_TO_SMALL, NO_LETTERS)
    count = len(said)
    if not count or count > _LONG:
        return None
    begin = said[0]
    classes = octets.translate(_TO_CLASSES, NO_LETTERS)
    hashes = source.ids
    if count >= _FEWEST_HEX and not said.strip(_OF_HEX) and (_UPPER in classes) is not (_LOWER in classes):
        plan = _plan_of_hex(_9 if _0 < begin <= _9 else begin, count, _UPPER in classes)
        return text if _is_sealed(said, plan, hashes) else laid(text, _filled(plan, hashes, said).decode())
    needed = _LONGEST_SEAL
    if count < _MANY:
        needed, more = _measured(begin, count, classes.count(_DIGIT), False)
        if more:
            return None
    sealed = _at_least(classes[-_LONGEST_SEAL:], needed, False)
    length = count - sealed
    seal_classes = _number(classes[length:])
    first = _SMALL_OF_PLAIN[classes[length] >> 6]
    for copy in hashes.seals:
        one = copy()
        one.update(said[:length])
        stream = one.digest()
        if first[stream[0]] == said[length]:
            seal = (_number(stream[:sealed]) & _BITS_OF_SEALS | seal_classes).to_bytes(sealed)
            if seal.translate(_PLAIN).lower() == said[length:]:
                return text
    chosen, bits = _number(classes[:length]), _ALL_BITS[length]
    if begin == _0:
        bits >>= 8
    elif begin <= _9:
        chosen |= _NO_ZERO << 8 * (length - 1)
    values = hashes.stream()
    values.update(said)
    body = (_number(values.digest()[:length]) & bits | chosen).to_bytes(length).translate(_PLAIN)
    small = body.lower()
    one = hashes.seals[0]()
    one.update(small)
    seal = (_number(one.digest()[:sealed]) & _BITS_OF_SEALS | seal_classes).to_bytes(sealed)
    new = body + seal.translate(_PLAIN)
    if count >= _FEWEST_HEX and not small.strip(_OF_HEX) and not new.lower().strip(_OF_HEX):
        return None
    if len(octets) == count:
        return new.decode()
    shape = octets.translate(ALL_TO_0).decode()
    return (placings if len(shape) <= LONGEST else placing)(shape)(new)


def _sealing(plan: _Plan, stream: bytes) -> bytes:
    """The characters of a seal by a stream of bytes, which has enough of them."""
    sealed = plan.sealed
    return (
        (_number(stream[:sealed]) & _BITS_OF_SEALS | plan.seal_classes).to_bytes(sealed).translate(plan.table)
    )


def _read(text: str) -> tuple[bytes, _Plan | None]:
    """Its letters and digits, in small letters, and how they are replaced."""
    if text.isascii():
        octets = text.encode()
        form = octets.translate(_FORMS)
        said = octets.translate(_TO_SMALL, NO_LETTERS)
    else:
        octets = encoded(said_of(text))
        form = encoded("".join(map(_form, text)))
        said = encoded(said_of(text).lower())
    if said[:1] == b"0":
        form = form.replace(b"9", b"0", 1)
    hexadecimal = (
        len(said) >= _FEWEST_HEX
        and not said.strip(_OF_HEX)
        and _HEX.fullmatch(octets.translate(None, NO_LETTERS)) is not None
    )
    if hexadecimal:
        # But for the first, all of them are replaced alike.
        begin = form.find(said[:1] if said[0] == _0 else form.translate(None, _NO_FORM)[:1]) + 1
        form = form[:begin] + form[begin:].replace(b"9", b"A" if b"A" in form else b"a")
        return said, (_plan_of_form if len(form) <= LONGEST else _planned)(form, True)
    return said, _plans.get(form) or _planned_anew(form)


def _form(character: str) -> str:
    if character.isdecimal():
        return "9"
    return ("A" if character.isupper() else "a") if character.isalpha() else character


IDS = Ids()
