"""Stand-ins for numbers whose rules leave a range that is given to nobody, with check digits that are right.

Every number of such a range names nobody, so one that is found there stays. Beside each stands who keeps it
free.
"""

import re
from collections.abc import Callable
from operator import mul
from typing import NamedTuple

from cecil.sanitizer.actions.surrogates.base import Maker, Source, filled, laid, number_of, said_of

_FORMED = re.compile(r"9[0-9]{2}-(?!00)[0-4][0-9]-(?!0000)[0-9]{4}")
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

    _FORM = re.compile(r"[A-Za-z]{2}[0-9]{6}[A-Da-d]")

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

    _FORM = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")

    def make(self, text: str, source: Source) -> str | None:
        said = said_of(text).upper()
        if not self._FORM.fullmatch(said):
            return None
        stream = source.stream(f"iban\0{said}")
        body = stream[: len(said) - 4].translate(_TO_DIGITS).decode()
        if not said[4:].isdigit():
            drawn = zip(said[4:], body, stream, strict=False)
            body = "".join([new if old.isdigit() else _LETTERS[byte % 26] for old, new, byte in drawn])
        return _in_case(text, f"ZZ{98 - _remainder(body + '353500'):02d}{body}")

    def made(self, text: str, source: Source) -> bool:
        if "Z" not in text and "z" not in text:
            return False
        said = said_of(text).upper()
        if not said.startswith("ZZ") or not self._FORM.fullmatch(said):
            return False
        return _remainder(said[4:] + said[:4]) == 1


def _remainder(text: str) -> int:
    """Modulo 97, a letter as its two digits."""
    if not text.isdigit():
        text = "".join([str(int(character, 36)) for character in text])
    return int(text) % 97


_TO_DIGITS = bytes(48 + byte % 10 for byte in range(256))
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _in_case(text: str, characters: str) -> str:
    """The letters and digits of a text replaced by others, all in small letters if it has no large one."""
    return laid(text, characters if any(map(str.isupper, text)) else characters.lower())


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
