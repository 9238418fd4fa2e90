"""Check digits of identifiers that python-stdnum does not have, or that are too many to ask it.

Every function takes an identifier as it was written, separators and all.
"""


def digits(value: str) -> str:
    """Its digits alone."""
    return "".join(filter(str.isdigit, value))


def luhn(value: str) -> bool:
    """ISO/IEC 7812-1, annex B: payment cards, IMEI."""
    total = 0
    for place, digit in enumerate(reversed(digits(value))):
        double = int(digit) * (1 + place % 2)
        total += double - 9 * (double > 9)
    return total % 10 == 0


def card(value: str) -> bool:
    """A payment card's number: a network's first digits and length, and the check digit.

    https://en.wikipedia.org/wiki/Payment_card_number
    """
    number = digits(value)
    first = int(number[:4])
    length = len(number)
    known = (
        (number[0] == "4" and length in (13, 16, 19))  # Visa
        or ((5100 <= first <= 5599 or 2221 <= first <= 2720) and length == 16)  # Mastercard
        or ((2200 <= first <= 2204 or first == 9792) and length == 16)  # Mir, Troy
        or (number[:2] in ("34", "37") and length == 15)  # American Express
        or (number[:2] in ("60", "62", "64", "65", "81") and 16 <= length <= 19)  # Discover, UnionPay
        or (3528 <= first <= 3589 and 16 <= length <= 19)  # JCB
        or (number[:2] in ("30", "36", "38", "39") and 14 <= length <= 19)  # Diners Club
        or (number[:2] in ("50", "56", "57", "58", "63", "67") and 12 <= length <= 19)  # Maestro
    )
    return known and luhn(number)


def card_length(value: str) -> bool:
    """What is said to be a card's number, and could be one: people mistype them, and invent them."""
    number = digits(value)
    return number[0] in "23456" and 13 <= len(number) <= 19 and len(set(number)) > 1


def ssn(value: str) -> bool:
    """A US Social Security number as they are, or were, issued; examples and ITINs count too.

    https://www.ssa.gov/employer/randomization.html
    """
    number = digits(value)
    return (
        number[:3] not in ("000", "666")
        and number[3:5] != "00"
        and number[5:] != "0000"
        and len(set(number)) > 1
    )


def routing(value: str) -> bool:
    """A US bank's routing number. https://en.wikipedia.org/wiki/ABA_routing_transit_number"""
    number = [int(digit) for digit in digits(value)]
    district = number[0] * 10 + number[1]
    weighed = 3 * sum(number[0::3]) + 7 * sum(number[1::3]) + sum(number[2::3])
    return weighed % 10 == 0 and (1 <= district <= 12 or 21 <= district <= 32 or 61 <= district <= 72)


_VIN = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def iban(value: str) -> bool:
    """An international bank account number, ISO 13616: its country's length and form, and check digits."""
    from stdnum import iban as standard

    return bool(standard.is_valid(value))


def vin(value: str) -> bool:
    """A North American vehicle identification number, 49 CFR 565.15."""
    number = value.upper()
    total = sum(
        weight * (int(character) if character.isdigit() else _VIN[character])
        for character, weight in zip(number, _VIN_WEIGHTS, strict=True)
    )
    return number[8] == "0123456789X"[total % 11]


def vin_shape(value: str) -> bool:
    """A vehicle identification number of a country that has no check digit: letters and digits, mixed."""
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value))


def gtin(value: str) -> bool:
    """The 14 digits behind `(01)` of a UDI. https://www.gs1.org/services/how-calculate-check-digit-manually"""
    number = [int(digit) for digit in digits(value[4:18])]
    return (3 * sum(number[0::2]) + sum(number[1::2])) % 10 == 0


def npi(value: str) -> bool:
    """A US National Provider Identifier: Luhn's check digit with the prefix 80840, 45 CFR 162.406."""
    return luhn("80840" + digits(value))


def dea(value: str) -> bool:
    """A number of the US Drug Enforcement Administration.

    https://en.wikipedia.org/wiki/DEA_number
    """
    number = [int(digit) for digit in value[-7:]]
    return any(number) and (sum(number[0:6:2]) + 2 * sum(number[1:6:2])) % 10 == number[6]


def nric(value: str) -> bool:
    """Singapore's NRIC and FIN.

    https://en.wikipedia.org/wiki/National_Registration_Identity_Card
    """
    kind, number, letter = value[0].upper(), value[1:8], value[8].upper()
    total = sum(int(digit) * weight for digit, weight in zip(number, (2, 7, 6, 5, 4, 3, 2), strict=True))
    total += {"S": 0, "F": 0, "T": 4, "G": 4, "M": 3}[kind]
    if kind == "M":
        return "XWUTRQPNJLK"[total % 11] == letter
    return ("JZIHGFEDCBA" if kind in "ST" else "XWUTRQPNMLK")[total % 11] == letter


def nino(value: str) -> bool:
    """The UK's National Insurance number: seven pairs of letters are not given out.

    https://www.gov.uk/hmrc-internal-manuals/national-insurance-manual/nim39110
    """
    return value[:2].upper() not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def hkid(value: str) -> bool:
    """Hong Kong's identity card. https://en.wikipedia.org/wiki/Hong_Kong_identity_card"""
    number = "".join(filter(str.isalnum, value)).upper().rjust(9)
    total = sum(
        weight * (36 if character == " " else int(character, 36))
        for character, weight in zip(number, range(9, 0, -1), strict=True)
    )
    return total % 11 == 0


def medicare(value: str) -> bool:
    """Australia's Medicare card. https://meteor.aihw.gov.au/content/270101"""
    number = [int(digit) for digit in digits(value)]
    weights = (1, 3, 7, 9, 1, 3, 7, 9)
    total = sum(digit * weight for digit, weight in zip(number[:8], weights, strict=True))
    return total % 10 == number[8]


def clear(value: str) -> bool:
    """Not the same digit all over, nor a date or an address of a network."""
    import re

    return len(set(digits(value))) > 1 and not re.fullmatch(
        r"(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?.*|(?:\d{1,3}\.){3}\d{1,3}", value
    )


def snils(value: str) -> bool:
    """Russia's number of the insured: nine digits by their weights leave the last two (101, then 100)."""
    number = digits(value)
    return sum(int(one) * (9 - place) for place, one in enumerate(number[:9])) % 101 % 100 == int(number[9:])


def affiliation(value: str) -> bool:
    """Spain's number of social security: what leaves its last two digits when it is divided by 97."""
    number = digits(value)
    return int(number[:10]) % 97 == int(number[10:])
