"""What the digits of a valid national number add up to: a sieve before python-stdnum.

Owns: for the modules of python-stdnum that work by a sum, that sum and nothing else, ten times as fast: a
number without it is not valid, and the library need not be asked. Refuses to say that one is valid: dates,
places, lengths and what was never given out only the library knows.

A sum takes the letters and digits of a number, separators left out, as ASCII. It is false for none that is
valid, and true for any number of another length than it knows.

Where the library knows no sum, or a costly one, a form that all valid numbers have stands in for it: the
month and the day of a birth, the letters of a country.
"""

import re
from collections.abc import Callable
from functools import cache
from operator import mul
from string import ascii_uppercase

Sum = Callable[[bytes], bool]

_36 = "0123456789" + ascii_uppercase


def _table(value: Callable[[str], int], alphabet: str = "0123456789") -> bytes:
    """For `bytes.translate`: a character, of either case, to its value; 0 for all others."""
    made = bytearray(256)
    for character in alphabet:
        made[ord(character)] = made[ord(character.lower())] = value(character)
    return bytes(made)


_PLAIN = _table(int)
_DOUBLED = _table(lambda one: 2 * int(one) - 9 * (one > "4"))


Row = tuple[int, tuple[int, ...]]
"""Where a check digit stands, and the weights of the characters, from the first on."""


def _checked(length: int, checks: bytes, first: Row, second: Row | None = None) -> Sum:
    """Check digits that tell what the weighted sum leaves.

    Args:
        length: of the number.
        checks: a character for each remainder; as many as there are.
    """
    modulus = len(checks)
    place, weights = first
    left = _shifted(checks, weights)
    if second is None:
        return lambda number: (
            len(number) != length or left[sum(map(mul, number, weights)) % modulus] == number[place]
        )
    then, others = second
    over = _shifted(checks, others)
    return lambda number: (
        len(number) != length
        or (
            left[sum(map(mul, number, weights)) % modulus] == number[place]
            and over[sum(map(mul, number, others)) % modulus] == number[then]
        )
    )


def _shifted(checks: bytes, weights: tuple[int, ...]) -> bytes:
    """The same for what the characters of digits leave: each is a 0 more than its digit, which is taken off
    here once, and not in every number."""
    more = ord("0") * sum(weights)
    return bytes(checks[(left - more) % len(checks)] for left in range(len(checks)))


def _even(modulus: int, *weights: int, rest: int = 0) -> Sum:
    """A weighted sum of all digits that leaves always the same."""
    length = len(weights)
    left = (rest + ord("0") * sum(weights)) % modulus
    return lambda number: len(number) != length or sum(map(mul, number, weights)) % modulus == left


def _luhn(*lengths: int, last: int = 0, rest: int = 0) -> Sum:
    """ISO/IEC 7812-1, annex B: every other one twice, and 9 less where that has two digits.

    Args:
        lengths: how many characters there may be.
        last: of how many of them, from the right; 0 for all.
        rest: what they leave; another than 0 where digits stand before them that are never written.
    """
    # Of those that count once each is a 0 more than its digit, as in `_shifted`.
    left = {length: (rest + ord("0") * (((last or length) + 1) // 2)) % 10 for length in lengths}

    def holds(number: bytes) -> bool:
        wanted = left.get(len(number))
        if wanted is None:
            return True
        if last:
            number = number[-last:]
        return (sum(number[-1::-2]) + sum(number[-2::-2].translate(_DOUBLED))) % 10 == wanted

    return holds


def _form(length: int, pattern: bytes) -> Sum:
    """How a number of one length, all digits, begins."""
    begins = re.compile(pattern).match
    return lambda number: len(number) != length or begins(number) is not None


def _digits(length: int, check: Callable[[bytes], bool]) -> Sum:
    """A check of one length, all digits."""
    return lambda number: len(number) != length or not number.isdigit() or check(number)


def _letter(length: int, modulus: int, letters: bytes, digits: Callable[[bytes], bytes]) -> Sum:
    """A letter, or digit, at the end, that stands for what its digits leave."""

    def holds(number: bytes) -> bool:
        if len(number) != length or not (found := digits(number)).isdigit():
            return True
        return letters[int(found) % modulus] == number.upper()[-1]

    return holds


def _of_country(length: int, adds_up: Sum, *countries: bytes) -> Sum:
    """A sum of one length, before which the letters of a country may stand, and no others."""
    longer = length + 2
    return lambda number: (
        adds_up(number) if len(number) != longer else number[:2].upper() in countries and adds_up(number[2:])
    )


def _after(check: int) -> bytes:
    return _table(lambda digit: ((check or 10) * 2 % 11 + int(digit)) % 10)


_AFTER = [_after(check) for check in range(10)]


def _mod_11_10(number: bytes) -> bool:
    """ISO/IEC 7064, MOD 11,10."""
    check = 5
    for digit in number:
        check = _AFTER[check][digit]
    return check == 1


_DIHEDRAL = [
    bytes(5 * ((a > 4) ^ (b > 4)) + (a + b if a < 5 else a - b) % 5 for b in range(10)) for a in range(10)
]
"""The multiplication of the group D5."""

_TURNED = [bytes(range(10)), bytes((1, 5, 7, 6, 2, 8, 3, 0, 9, 4))]
for _ in range(6):
    _TURNED.append(_TURNED[-1].translate(_TURNED[1] + bytes(246)))


@cache
def _products() -> list[bytes]:
    """What any four digits come to, where the last of them is the first from the right, and the fifth."""
    tables = []
    for place in (0, 4):
        products = [0]
        for turned in _TURNED[place : place + 4]:
            products = [_DIHEDRAL[one][turned[digit]] for digit in range(10) for one in products]
        tables.append(bytes(products))
    return tables


def _verhoeff(number: bytes) -> bool:
    """Verhoeff's check digit, of twelve. https://en.wikipedia.org/wiki/Verhoeff_algorithm"""
    digits = int(number)
    last, middle = _products()
    check = _DIHEDRAL[last[digits % 10000]][middle[digits // 10000 % 10000]]
    return _DIHEDRAL[check][last[digits // 10**8]] == 0


def _idnr(number: bytes) -> bool:
    """Of its first ten digits one comes twice or three times, all others once: seldom so by chance."""
    return 8 <= len(set(number[:10])) <= 9 and _mod_11_10(number)


def _nir(number: bytes) -> bool:
    return int(number[:13]) % 97 + int(number[13:]) == 97


def _cpf(number: bytes) -> bool:
    """What its second sum has more than its first is the sum of all digits, which 11 divides: but for one, to
    either side, where a check digit of 10 is written 0. To see that costs a quarter."""
    if len(number) != 11:
        return True
    rest = sum(number) % 11  # eleven characters, so that it is no matter that those are no digits
    return (rest == 0 or (rest in (1, 10) and 48 in number[9:])) and _CPF(number)


def _belgian(number: bytes) -> bool:
    return int(number[9:]) in (97 - int(number[:9]) % 97, 97 - int(b"2" + number[:9]) % 97)


def _baltic(number: bytes) -> bool:
    digits = number.translate(_PLAIN)
    check: int = sum(map(mul, digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1))) % 11
    if check == 10:
        check = sum(map(mul, digits, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))) % 11 % 10
    return check == digits[10]


def _latvian(number: bytes) -> bool:
    digits = number.translate(_PLAIN)
    weights = (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1) if digits[0] > 3 else (10, 5, 8, 4, 2, 1, 6, 3, 7, 9)
    total: int = sum(map(mul, digits, weights))
    return total % 11 == 3 if digits[0] > 3 else (1 + total) % 11 % 10 == digits[10]


_ODD = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def _fiscal(number: bytes) -> bool:
    if number[8] not in b"ABCDEHLMPRSTabcdehlmprst":
        return False  # no month
    total = sum(number[0:15:2].translate(_AT_ODD)) + sum(number[1:15:2].translate(_AT_EVEN))
    return total % 26 == number.upper()[15] - ord("A")


def _place(character: str) -> int:
    return int(character, 36) - 10 * character.isalpha()


_AT_ODD, _AT_EVEN = _table(lambda one: _ODD[_place(one)], _36), _table(_place, _36)

# As the characters of digits are: a 0 more than what they count.
_MEXICAN = _table(lambda one: ord("0") + _36.index(one) + (one > "N"), _36)
_VENEZUELAN = _table(
    lambda one: ord("0") + (int(one) if one.isdigit() else 4 * ("VEJPG".index(one) + 1)), "0123456789VEJPG"
)
_XYZ = bytes.maketrans(b"XYZ", b"012")

_IRISH = b"WABCDEFGHIJKLMNOPQRSTUV"
_AT_ONCE, _AT_TWICE = _table(_36.index, _36), _table(lambda one: sum(divmod(2 * _36.index(one), 36)), _36)
_NRIC = {
    83: (0, b"JZIHGFEDCBA"),
    84: (4, b"JZIHGFEDCBA"),
    70: (0, b"XWUTRQPNMLK"),
    71: (4, b"XWUTRQPNMLK"),
    77: (3, b"XWUTRQPNJLK"),
}
"""For the letters S, T, F, G and M, what is added, and the letters that stand for what is left."""

_MONTH, _DAY = b"(?:0[1-9]|1[0-2])", b"(?:0[1-9]|[12][0-9]|3[01])"
# To look at a birth costs less than a sum.
_CHINESE_BIRTH = re.compile(b".{10}" + _MONTH + _DAY).match
_MEXICANS = re.compile(b"[A-Za-z]*[0-9]{2}" + _MONTH + _DAY).match
# A woman's month is 50 more, and 20 more where a day had too many births.
_BIRTH = re.compile(b"[0-9]{2}(?:[024579][1-9]|[1368][0-2])" + _DAY).match


def _rc(number: bytes) -> bool:
    """Before 1954 they had nine digits, and none of them was a check digit."""
    if len(number) != 10 or not number.isdigit():
        return len(number) != 9 or _BIRTH(number) is not None
    return int(number[:9]) % 11 % 10 == number[9] - ord("0")


_UEN = "ABCDEFGHJKLMNPQRSTUVWX0123456789"
_AT_UEN = _table(_UEN.index, _UEN)
_FOUR_TIMES = _table(lambda one: sum(divmod(4 * int(one), 10)))


_CC_ONCE = _table(lambda one: _36.index(one) % 10, _36)
_CC_TWICE = _table(lambda one: (2 * _36.index(one) - 9 * (_36.index(one) > 4)) % 10, _36)


def _cc(number: bytes) -> bool:
    """Luhn's, where a letter counts 10 and more."""
    if len(number) != 12:
        return True
    return (sum(number[-1::-2].translate(_CC_ONCE)) + sum(number[-2::-2].translate(_CC_TWICE))) % 10 == 0


def _pps(number: bytes) -> bool:
    if len(number) not in (8, 9):
        return True
    number = number.upper()
    total: int = sum(map(mul, number[:7].translate(_PLAIN), (8, *_FALLING[2:])))
    if number[8:] in (b"A", b"B", b"H"):
        total += 9 * _IRISH.index(number[8:])
    return _IRISH[total % 23] == number[7]


def _gstin(number: bytes) -> bool:
    if len(number) != 15:
        return True
    return (sum(number[0::2].translate(_AT_ONCE)) + sum(number[1::2].translate(_AT_TWICE))) % 36 == 0


def _ird(number: bytes) -> bool:
    if len(number) not in (8, 9):
        return True
    digits = number.rjust(9, b"0").translate(_PLAIN)
    check: int = -sum(map(mul, digits, (3, 2, 7, 6, 5, 4, 3, 2))) % 11
    if check == 10:
        check = -sum(map(mul, digits, (7, 4, 3, 2, 5, 2, 7, 6))) % 11
    return check == digits[8]


def _cui(number: bytes) -> bool:
    if len(number) != 9:
        return True
    left: int = sum(map(mul, number.translate(_PLAIN), (3, 2, 7, 6, 5, 4, 3, 2))) % 11
    return number.upper()[8] in (b"65432110987"[left], b"KJIHGFEDCBA"[left])


def _nric(number: bytes) -> bool:
    if len(number) != 9:
        return True
    number = number.upper()
    if number[0] not in _NRIC:
        return False
    more, letters = _NRIC[number[0]]
    total: int = more + sum(map(mul, number[1:8].translate(_PLAIN), (2, *_FALLING[2:])))
    return letters[total % 11] == number[8]


def _uen(number: bytes) -> bool:
    number = number.upper()
    if len(number) == 9:
        total: int = sum(map(mul, number.translate(_PLAIN), (10, 4, 9, 3, 8, 2, 7, 1)))
        return b"XMKECAWLJDB"[total % 11] == number[8]
    if len(number) != 10:
        return True
    if number[:1].isdigit():
        total = sum(map(mul, number.translate(_PLAIN), (10, 8, 6, 4, 9, 7, 5, 3, 1)))
        return b"ZKCMDNERGWH"[total % 11] == number[9]
    total = sum(map(mul, number.translate(_AT_UEN), (4, 3, 5, 3, 10, 2, 2, 5, 7)))
    return ord(_UEN[(total - 5) % 11]) == number[9]


def _ubn(number: bytes) -> bool:
    if len(number) != 8:
        return True
    total = sum(number[0:6:2].translate(_PLAIN)) + sum(number[1:6:2].translate(_DOUBLED))
    total += _FOUR_TIMES[number[6]] + _PLAIN[number[7]]
    return total % 10 == 0 or (total % 10 == 9 and number[6] == ord("7"))


_CEDULA = _luhn(11)


@cache
def _given_out() -> frozenset[bytes]:
    """Cédulas whose check digit is wrong, and which are valid all the same."""
    from stdnum.do import cedula

    return frozenset(number.encode() for number in cedula.whitelist)


_LEFT = b"01234567890"
"""What a sum leaves of 11; 10 is written as 0."""

_LACK = b"00987654321"
"""What it lacks to 11, written so."""

_FALLING = (9, 8, 7, 6, 5, 4, 3, 2)
_DNI = b"TRWAGMYFPDXBNJZSQVHLCKE"
_INN = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_CCC = (1, 2, 4, 8, 5, 10, 9, 7, 3, 6)

_CHILEAN = _checked(9, b"0123456789K", (8, (8, 9, 4, 5, 6, 7, 8, 9)))
_CHINESE = _checked(18, b"10X98765432", (17, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)))
_FINNISH = _letter(
    10, 31, b"0123456789ABCDEFHJKLMNPRSTUVWXY", lambda number: number[:9]
)  # without its century
_COMPANY = _checked(10, _LEFT, (9, _INN))
_CPF = _checked(11, _LACK, (9, (10, *_FALLING)), (10, (11, 10, *_FALLING)))
_CURP = _checked(18, b"0987654321", (17, tuple(range(18, 1, -1))))
_NIE = _letter(9, 23, _DNI, lambda number: number[:8].upper().translate(_XYZ))
_RIF = _checked(10, _LACK, (9, (1, 3, 2, 7, 6, 5, 4, 3, 2)))
_MEDICARE = _checked(10, b"0123456789", (8, (1, 3, 7, 9, 1, 3, 7, 9)))
_PERSON = _checked(12, _LEFT, (10, (7, *_INN)), (11, (3, 7, *_INN)))

SUMS: dict[str, Sum] = {
    "ar.cuit": _checked(11, b"09987654321", (10, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))),
    "at.vnr": _even(11, 3, 7, 9, -1, 5, 8, 4, 2, 1, 6),
    "au.abn": _even(89, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, rest=10),
    "au.acn": _even(10, 8, 7, 6, 5, 4, 3, 2, 1, 1),
    "au.medicare": lambda number: len(number) not in (10, 11) or _MEDICARE(number[:10]),
    "au.tfn": _even(11, 1, 4, 3, 7, 5, 8, 6, 9, 10),
    "be.nn": _digits(11, _belgian),
    "bg.egn": _checked(10, _LEFT, (9, (2, 4, 8, 5, 10, 9, 7, 3, 6))),
    "br.cnpj": _checked(14, _LACK, (12, (5, 4, 3, 2, *_FALLING)), (13, (6, 5, 4, 3, 2, *_FALLING))),
    "br.cpf": _cpf,
    "ca.sin": _luhn(9),
    "ch.ssn": _even(10, *(1, 3) * 6, 1),
    "cl.rut": lambda number: len(number) < 8 or _CHILEAN(number.rjust(9, b"0").upper()),
    "cn.ric": lambda number: (
        len(number) != 18 or (_CHINESE_BIRTH(number) is not None and _CHINESE(number.upper()))
    ),
    "co.nit": _checked(10, b"01987654321", (9, (41, 37, 29, 23, 19, 17, 13, 7, 3))),
    "cz.rc": _rc,
    "de.idnr": _digits(11, _idnr),
    "do.cedula": lambda number: _CEDULA(number) or number in _given_out(),
    "ec.ci": _luhn(10),
    "ee.ik": _digits(11, _baltic),
    "es.ccc": _checked(20, b"01987654321", (8, _CCC[2:]), (9, (*[0] * 10, *_CCC))),
    "es.dni": _letter(9, 23, _DNI, lambda number: number[:8]),
    "es.nie": lambda number: len(number) != 9 or (number[0] in b"XYZxyz" and _NIE(number)),
    "fi.hetu": lambda number: _FINNISH(number[:6] + number[7:] if len(number) == 11 else number),
    "fr.nif": _digits(13, lambda number: int(number[:10]) % 511 == int(number[10:])),
    "fr.nir": _digits(15, _nir),
    "gb.utr": _checked(10, b"21987654321", (0, (0, 6, 7, 8, 9, 10, 5, 4, 3, 2))),
    "gr.amka": _luhn(11),
    "gr.vat": _of_country(9, _checked(9, _LEFT, (8, (3, 7, 9, 10, 5, 8, 4, 2))), b"EL", b"GR"),
    "hr.oib": _of_country(11, _digits(11, _mod_11_10), b"HR"),
    "hu.anum": _of_country(8, _even(10, 9, 7, 3, 1, 9, 7, 3, 1), b"HU"),
    "ie.pps": _pps,
    "il.idnr": _luhn(8, 9),
    "in_.aadhaar": _digits(12, _verhoeff),
    "in_.epic": _luhn(10, last=7),
    "in_.gstin": _gstin,
    "is_.kennitala": _even(11, 3, 2, 7, 6, 5, 4, 3, 2, 1, 0),
    "it.codicefiscale": lambda number: len(number) != 16 or _fiscal(number),
    "it.iva": _of_country(11, _luhn(11), b"IT"),
    "jp.in_": _checked(12, _LACK, (11, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))),
    "kr.rrn": _checked(13, b"10987654321", (12, (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5))),
    "lt.asmens": _digits(11, _baltic),
    "lv.pvn": _digits(11, _latvian),
    "mx.curp": lambda number: (
        len(number) != 18 or (_MEXICANS(number) is not None and _CURP(number.translate(_MEXICAN)))
    ),
    "nl.bsn": _even(11, *_FALLING, -1),
    "no.fodselsnummer": _checked(
        11, b"0?987654321", (9, (3, 7, 6, 1, 8, 9, 4, 5, 2)), (10, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
    ),
    "nz.ird": _ird,
    "pe.cui": _cui,
    "pl.nip": _of_country(10, _even(11, 6, 5, 7, 2, 3, 4, 5, 6, 7, -1), b"PL"),
    "pl.pesel": _even(10, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1),
    "pt.cc": _cc,
    "pt.nif": _of_country(9, _checked(9, _LACK, (8, _FALLING)), b"PT"),
    "ro.cnp": _checked(13, b"01234567891", (12, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9))),
    "ru.inn": lambda number: _COMPANY(number) and _PERSON(number),
    "se.personnummer": _luhn(10, 12, last=10),
    "sg.nric": _nric,
    "sg.uen": _uen,
    "si.ddv": _of_country(8, _checked(8, b"?0987654321", (7, (8, 7, 6, 5, 4, 3, 2))), b"SI"),
    "si.emso": _checked(13, _LACK, (12, (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))),
    "sk.rc": _rc,
    "th.pin": _checked(13, b"10987654321", (12, (2, 1, 0, *range(-1, -10, -1)))),
    "tr.tckimlik": _checked(11, b"0987654321", (9, (3, 1) * 4 + (3,)), (10, (-1,) * 10)),
    "tw.ubn": _ubn,
    "ua.rntrc": _checked(10, _LEFT, (9, (-1, 5, 7, 9, 4, 6, 10, 5, 7))),
    "uy.rut": _checked(12, b"0?987654321", (11, (4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))),
    "ve.rif": lambda number: (
        len(number) != 10 or (number[0] in b"VEJPGvejpg" and _RIF(number.translate(_VENEZUELAN)))
    ),
    "za.idnr": _luhn(13),
}
"""By module, below `stdnum.`; weights and letters are from the library's own pages."""

_MEMBERS = frozenset(
    b"AT BE BG CY CZ DE DK EE EL ES EU FI FR GR HR HU IE IM IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)

FORMS: dict[str, Sum] = {
    "dk.cpr": _form(10, _DAY + _MONTH),
    "eu.vat": lambda number: number[:2].upper() in _MEMBERS,
    "id.nik": _form(16, b"[0-9]{6}(?:[048][1-9]|[12569][0-9]|[37][01])" + _MONTH),  # a woman's day: 40 more
    "mx.rfc": lambda number: _MEXICANS(number) is not None,  # three letters of a company, four of a person
    "my.nric": _form(12, b"[0-9]{2}" + _MONTH + _DAY),
}
"""The same for those without a sum."""

OTHERS: dict[str, Sum] = {
    "ABA_ROUTING_NUMBER": _even(10, 3, 7, 1, 3, 7, 1, 3, 7, 1),
    "US_NPI": _luhn(10, rest=6),  # with 80840 before it
}
"""By entity, those that python-stdnum is not asked about."""
