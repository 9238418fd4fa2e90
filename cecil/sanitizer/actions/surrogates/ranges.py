"""Stand-ins for numbers whose rules leave a range that is given to nobody, with check digits that are right.

Every number of such a range names nobody, so one that is found there stays. Beside each stands who keeps it
free.
"""

import re
from collections.abc import Callable
from operator import mul
from typing import NamedTuple

from cecil.sanitizer.actions.surrogates.base import (
    NO_LETTERS,
    Maker,
    Source,
    encoded,
    filled,
    laid,
    number_of,
    said_of,
)
from cecil.sanitizer.late import late

_FORMED = late(r"9[0-9]{2}-(?!00)[0-4][0-9]-(?!0000)[0-9]{4}")
"""A taxpayer's number that is written as a person's: behind `TIN:` it may be found under either name."""


def luhn(body: str) -> str:
    """The digit that makes a number valid, ISO/IEC 7812-1, annex B."""
    digits = body[-2::-2] + body[-1::-2].translate(_DOUBLED)
    return str(-(sum(digits.encode()) - 48 * len(digits)) % 10)


def nhs(body: str) -> str:
    """The check digit of nine others, by weights 10 to 2 and modulo 11; empty where there is none.

    https://www.datadictionary.nhs.uk/attributes/nhs_number.html
    """
    digit = (_WEIGHED_ZEROS - sum(map(mul, body.encode(), _WEIGHTS))) % 11
    return "" if digit == 10 else str(digit)


_WEIGHTS = tuple(range(10, 1, -1))
_WEIGHED_ZEROS = ord("0") * sum(_WEIGHTS)
_DOUBLED = str.maketrans("0123456789", "0246813579")


class Range(NamedTuple):
    """Digits that are nobody's.

    Attributes:
        family: what it is; numbers of one family have the same stand-ins.
        prefixes: how stand-ins begin.
        sizes: how many digits a number may have, and its stand-in has.
        last: the digit behind others that is right, empty where none is; None where there is no check digit.
    """

    family: str
    prefixes: tuple[str, ...]
    sizes: range
    last: Callable[[str], str] | None


class Ranges(Maker):
    """Numbers of one range, in the groups of those that they stand for."""

    def __init__(self, row: Range) -> None:
        self._row = row

    def stand_in(self, text: str, source: Source) -> str | None:
        digits = number_of(text)  # once for both
        return text if self._made(digits) else self._make(text, digits, source)

    def make(self, text: str, source: Source) -> str | None:
        return self._make(text, number_of(text), source)

    def _make(self, text: str, digits: str, source: Source) -> str | None:
        family, prefixes, sizes, last = self._row
        if len(digits) not in sizes:
            return None
        number = source.number(f"{family}\0{digits}")
        prefix = prefixes[number % len(prefixes)]
        free = len(digits) - len(prefix) - (last is not None)
        new = prefix + str(number >> 8)[-free:]
        if last is None:
            return filled(text, new)
        while not (digit := last(new)):
            number >>= 1
            new = prefix + str(number >> 8)[-free:]
        return filled(text, new + digit)

    def made(self, text: str, source: Source) -> bool:
        return self._made(number_of(text))

    def _made(self, digits: str) -> bool:
        row = self._row
        if not digits.startswith(row.prefixes) or len(digits) not in row.sizes:
            return False
        return row.last is None or row.last(digits[:-1]) == digits[-1]

    def number(self, text: str, source: Source) -> str | None:
        new = self.make(text, source)
        return None if new is None or new.startswith("0") else new


# Industry digit 9 leaves a number to the standards body of the country whose code follows (ISO/IEC 7812-1);
# 999 is no country's code (ISO 3166-1, user-assigned). No network publishes a range that it gives to nobody:
# what providers publish for tests are single numbers, and one that is made up around them may be somebody's.
CARDS = Ranges(Range("card", ("9999",), range(12, 20), luhn))


class Taxpayers(Maker):
    """US numbers of persons: `9dd` and a group of 01 to 49.

    Social Security numbers never begin with 9 (https://www.ssa.gov/employer/randomization.html), and those of
    taxpayers have groups of 50 and above (https://www.irs.gov/irm/part3/irm_03-021-263r). 48,995,100 of them.
    """

    def make(self, text: str, source: Source) -> str | None:
        digits = number_of(text)
        if len(digits) != 9:
            return None
        number = source.number(f"tin\0{digits}")
        area, group, serial = number % 100, 1 + (number >> 32) % 49, 1 + (number >> 64) % 9999
        return filled(text, f"9{area:02d}{group:02d}{serial:04d}")

    def made(self, text: str, source: Source) -> bool:
        digits = number_of(text)
        return len(digits) == 9 and digits[0] == "9" and "01" <= digits[3:5] <= "49" and digits[5:] != "0000"


class Insured(Maker):
    """British National Insurance numbers that begin with QQ, as none does:
    https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
    """

    _FORM = late(r"[A-Za-z]{2}[0-9]{6}[A-Da-d]")

    def make(self, text: str, source: Source) -> str | None:
        said = said_of(text)
        if not self._FORM.fullmatch(said):
            return None
        number = source.number(f"nino\0{said.upper()}")
        return _in_case(text, f"QQ{number % 10**6:06d}{'ABCD'[number >> 32 & 3]}")

    def made(self, text: str, source: Source) -> bool:
        said = said_of(text)
        return self._FORM.fullmatch(said) is not None and said[:2].upper() == "QQ"


class Ibans(Maker):
    """`ZZ`, which is no country's code (ISO 3166-1, user-assigned), with check digits after ISO/IEC 7064."""

    def stand_in(self, text: str, source: Source) -> str | None:
        said = _iban(text)  # once for both
        return text if self._made(said) else self._make(text, said, source)

    def make(self, text: str, source: Source) -> str | None:
        return self._make(text, _iban(text), source)

    def _make(self, text: str, said: bytes, source: Source) -> str | None:
        if not said:
            return None
        stream = source.stream(f"iban\0{said.decode()}")
        # All places at once: seven bits choose, and the eighth says whether among letters.
        length = len(said) - 4
        letters = int.from_bytes(said[4:].translate(_TO_EIGHTH_BIT))
        drawn = int.from_bytes(stream[:length]) & _SEVEN_BITS[length] | letters
        body = drawn.to_bytes(length).translate(_CHARACTERS)
        return _in_case(text, (_CHECKED[_remainder(body, b"00")] + body).decode())

    def made(self, text: str, source: Source) -> bool:
        return self._made(_iban(text))

    def _made(self, said: bytes) -> bool:
        return said.startswith(b"ZZ") and _remainder(said[4:], said[2:4]) == 1


def _iban(text: str) -> bytes:
    """The letters and digits of a number of that form, in capitals; none of another form."""
    said = text.encode().translate(None, NO_LETTERS) if text.isascii() else encoded(said_of(text))
    said = said.upper()
    formed = 15 <= len(said) <= 34 and said.isalnum() and said[:2].isalpha() and said[2:4].isdigit()
    return said if formed else b""


def _remainder(account: bytes, check: bytes) -> int:
    """Modulo 97, of what stands behind `ZZ` and its check digits, and those: a letter as its two digits."""
    if not account.isdigit():
        pairs = bytearray(2 * len(account))
        pairs[0::2] = account.translate(_TENS)
        pairs[1::2] = account.translate(_ONES)
        account = bytes(pairs).translate(None, b" ")
    return int(account + b"3535" + check) % 97


_CHECKED = [b"ZZ%02d" % (98 - left) for left in range(97)]
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_EIGHTH_BIT = bytes(0x80 * (code in _LETTERS) for code in range(256))
_SEVEN_BITS = [int.from_bytes(b"\x7f" * length) for length in range(31)]
_CHARACTERS = (_DIGITS * 13)[:128] + (_LETTERS * 5)[:128]
_TENS = bytes.maketrans(_DIGITS + _LETTERS, b" " * 10 + b"1" * 10 + b"2" * 10 + b"3" * 6)
_ONES = bytes.maketrans(_LETTERS, (_DIGITS * 3)[:26])


def _in_case(text: str, characters: str) -> str:
    """The letters and digits of a text replaced by others, all in small letters if it has no large one."""
    return laid(text, characters.lower() if text.islower() else characters)


class Zips(Maker):
    """`000dd` to `004dd`: no place in the US has them, nor in Germany, France, Spain or Italy.

    https://en.wikipedia.org/wiki/List_of_ZIP_Code_prefixes: 005 is the first in use. There are but 500; a
    code of another form has none.
    """

    def make(self, text: str, source: Source) -> str | None:
        digits = number_of(text)
        if not re.fullmatch("[0-9]{5}(?:[ -]?[0-9]{4})?", text):
            return None
        number = source.number(f"zip\0{digits[:5]}")
        more = source.number(f"zip4\0{digits}")
        return filled(text, f"00{number % 500:03d}{more % 10000:04d}"[: len(digits)])

    def made(self, text: str, source: Source) -> bool:
        return re.fullmatch("00[0-4][0-9]{2}(?:[ -]?[0-9]{4})?", text) is not None

    def number(self, text: str, source: Source) -> str | None:
        return None


class Employers(Ranges):
    """Of a number that stands for a person's, it knows that it is one."""

    def stand_in(self, text: str, source: Source) -> str | None:
        return text if _FORMED.fullmatch(text) is not None else super().stand_in(text, source)

    def made(self, text: str, source: Source) -> bool:
        return super().made(text, source) or _FORMED.fullmatch(text) is not None


NHS = Ranges(Range("nhs", ("999",), range(10, 11), nhs))
"""999 is for tests: https://en.wikipedia.org/wiki/NHS_number"""

IMEIS = Ranges(Range("imei", ("001",), range(15, 16), luhn))
"""Reporting body 00 is for tests: GSMA TS.06, IMEI Allocation and Approval Process."""

EMPLOYERS = Employers(Range("ein", tuple("17 18 19 28 29 49 69 70 89".split()), range(9, 10), None))
"""No campus of the IRS gives these out: https://www.irs.gov/businesses/small-businesses-self-employed/
how-eins-are-assigned-and-valid-ein-prefixes
"""

TAXPAYERS = Taxpayers()
INSURED = Insured()
IBANS = Ibans()
ZIPS = Zips()
