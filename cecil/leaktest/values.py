"""What is planted: for each entity, values that are valid (their check digits right) and name nobody.

Owns: how a value of each entity is made by chance, the spellings it has, and the word that a text says before
it. Values are of ranges that are reserved for such (example.com; telephone numbers 555-0100 to 555-0199, and
those that Ofcom and the Bundesnetzagentur keep for films) or invented. Refuses: what nobody could know: a
value without a word, of an entity that is only known behind one.
"""

import base64
import hashlib
import ipaddress
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits
from typing import NamedTuple

from cecil.leaktest.shapes import matching
from cecil.sanitizer.detectors import checksums, national
from cecil.sanitizer.detectors.secrets import table

_TRIES = 200_000
"""Numbers that are tried until one is valid."""


class Value(NamedTuple):
    """One value.

    Attributes:
        entity: its type.
        kind: which sort of it; the entity itself where there is one only, else as `SECRET/aws-access-key`.
        text: as it is planted.
        core: the part of it that is nobody's but its own, and is searched for.
        label: what a text says before it; empty where it needs nothing.
        spelling: how it is written.
    """

    entity: str
    kind: str
    text: str
    core: str
    label: str
    spelling: str = "plain"


class Sort(NamedTuple):
    """How values of one kind are made.

    Attributes:
        entity, kind: as in `Value`.
        make: a value by chance: its text, its core and the name of its spelling.
        labels: what a text says before it, one of them; none where it is not to be known in a text.
        number: whether it can stand in JSON as a number, without quotes.
        keyed: whether it is planted under keys that name its entity.
    """

    entity: str
    kind: str
    make: Callable[[Random], tuple[str, str, str]]
    labels: tuple[str, ...] = ("",)
    number: bool = False
    keyed: bool = True

    def value(self, chance: Random) -> Value:
        """One."""
        text, core, spelling = self.make(chance)
        label = chance.choice(self.labels) if self.labels else ""
        return Value(self.entity, self.kind, text, core, label, spelling)


def _some(chance: Random, letters: str, count: int) -> str:
    return "".join(chance.choices(letters, k=count))


def _groups(text: str, sizes: Iterable[int], separator: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(text[at : at + size])
        at += size
    return separator.join(part for part in (*parts, text[at:]) if part)


def _word(chance: Random) -> str:
    """A name that nobody has: consonants and vowels in turn."""
    word = "".join(
        chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(3, 4))
    )
    return (word + chance.choice("nrlstk")).capitalize()


def _plain(make: Callable[[Random], str]) -> Callable[[Random], tuple[str, str, str]]:
    def made(chance: Random) -> tuple[str, str, str]:
        text = make(chance)
        return text, text, "plain"

    return made


def _shaped(
    shape: str, check: Callable[[str], bool] | None = None
) -> Callable[[Random], tuple[str, str, str]]:
    """Values of a form, their check digits right: one is looked for, and the next ones are steps from it."""
    last: list[str] = []
    form = re.compile(shape)

    def made(chance: Random) -> tuple[str, str, str]:
        for _ in range(_TRIES):
            if check is None or not last or chance.random() < 0.02:
                text = matching(shape, chance)
            else:
                text = _step(chance.choice(last), chance)
            if form.fullmatch(text) and (check is None or _holds(check, text)):
                last.append(text)
                del last[:-64]
                return text, text, "plain" if text.isalnum() else "grouped"
        raise LookupError(shape)  # the form and the check contradict each other

    return made


def _holds(check: Callable[[str], bool], text: str) -> bool:
    try:
        return check(text)
    except (ValueError, IndexError, KeyError):
        return False


def _step(text: str, chance: Random) -> str:
    """A text with some of its digits, and sometimes letters, changed."""
    made = list(text)
    places = [at for at, one in enumerate(made) if one.isdigit()]
    if chance.random() < 0.3 or not places:
        places += [at for at, one in enumerate(made) if one.isascii() and one.isalpha()]
    for at in chance.sample(places, min(len(places), chance.choice((2, 3, 4)))):
        made[at] = chance.choice(digits if made[at].isdigit() else ascii_uppercase)
    return "".join(made)


def _checked(count: int, check: Callable[[str], bool], first: str = "") -> Callable[[Random], str]:
    """Digits of which the last is right."""

    def made(chance: Random) -> str:
        while True:
            body = first + _some(chance, digits, count - 1 - len(first))
            for last in digits:
                if len(set(body)) > 2 and _holds(check, body + last):
                    return body + last

    return made


def _email(chance: Random) -> tuple[str, str, str]:
    local = f"{_word(chance)}{chance.choice('.-_+')}{_word(chance)}{chance.randint(10, 99)}".lower()
    domain = chance.choice(("example.com", "example.org", "mail.example.net"))
    spelling = chance.choice(("plain", "capitals", "link", "brackets"))
    text = f"{local}@{domain}"
    if spelling == "capitals":
        text = text.upper()
    return {"link": f"mailto:{text}", "brackets": f"<{text}>"}.get(spelling, text), local, spelling


_AREAS = "202 206 212 213 303 305 312 404 415 503 512 602 612 617 702 713 713 802 816 907 919".split()


def _phone(chance: Random) -> tuple[str, str, str]:
    spelling = chance.choice(("international", "dashes", "brackets", "dots", "british", "german"))
    if spelling == "british":  # Ofcom, numbers for drama
        rest = f"{chance.randint(0, 999):03d}"
        text = f"+44 20 7946 0{rest}"
        return text, text, spelling
    if spelling == "german":  # Bundesnetzagentur, Rufnummern für Medienproduktionen
        text = f"+49 30 23125 {chance.randint(0, 999):03d}"
        return text, text, spelling
    area, last = chance.choice(_AREAS), f"01{chance.randint(0, 99):02d}"
    form = {
        "international": "+1 {} 555 {}",
        "dashes": "{}-555-{}",
        "brackets": "({}) 555-{}",
        "dots": "{}.555.{}",
    }[spelling]
    text = form.format(area, last)
    return text, f"{area}555{last}", spelling


def _card(chance: Random) -> tuple[str, str, str]:
    first, count = chance.choice((("4", 16), ("5104", 16), ("2223", 16), ("37", 15), ("6011", 16)))
    number = _checked(count, checksums.card, first)(chance)
    spelling = chance.choice(("plain", "blanks", "dashes"))
    if spelling != "plain":
        sizes = (4, 6, 5) if count == 15 else (4, 4, 4, 4)
        return _groups(number, sizes, " " if spelling == "blanks" else "-"), number, spelling
    return number, number, spelling


def _iban(chance: Random) -> tuple[str, str, str]:
    country, body = chance.choice(
        (
            ("DE", _some(chance, digits, 18)),
            ("GB", _some(chance, ascii_uppercase, 4) + _some(chance, digits, 14)),
            ("NL", _some(chance, ascii_uppercase, 4) + _some(chance, digits, 10)),
            ("AT", _some(chance, digits, 16)),
        )
    )
    number = int("".join(str(int(one, 36)) for one in f"{body}{country}00"))
    text = f"{country}{98 - number % 97:02d}{body}"
    spelling = chance.choice(("plain", "blanks"))
    return (text if spelling == "plain" else _groups(text, (4,) * 5, " ")), text, spelling


def _track(chance: Random) -> tuple[str, str, str]:
    number = _checked(16, checksums.card, "4")(chance)
    last = f"{chance.randint(26, 39)}{chance.randint(1, 12):02d}"
    if chance.random() < 0.5:
        name = f"{_word(chance)}/{_word(chance)}".upper()
        return f"%B{number}^{name}^{last}101{_some(chance, digits, 10)}?", number, "track 1"
    return f";{number}={last}101{_some(chance, digits, 10)}?", number, "track 2"


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _wallet(chance: Random) -> tuple[str, str, str]:
    if chance.random() < 0.5:
        text = "0x" + chance.randbytes(20).hex()
        return text, text, "ethereum"
    body = b"\0" + bytes([chance.randint(1, 255)]) + chance.randbytes(19)
    number = int.from_bytes(body + hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4], "big")
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" + text, "1" + text, "bitcoin"


def _address(chance: Random) -> tuple[str, str, str]:
    if chance.random() < 0.3:
        text = str(ipaddress.IPv6Address(b"\x2a\x02" + chance.randbytes(14)))
        return text, text, "version 6"
    while True:
        one = ipaddress.IPv4Address(chance.randrange(0x20000000, 0xDF000000))
        # Four parts of some length: 1.2.3.4 is a version.
        if one.is_global and not one.is_multicast and len(str(one)) > 11:
            return str(one), str(one), "version 4"


def _mac(chance: Random) -> tuple[str, str, str]:
    octets = [f"{one:02x}" for one in b"\x02\xac" + chance.randbytes(4)]
    spelling = chance.choice(("colons", "dashes", "capitals"))
    text = ("-" if spelling == "dashes" else ":").join(octets)
    return text.upper() if spelling == "capitals" else text, "".join(octets), spelling


def _birth(chance: Random) -> tuple[str, str, str]:
    year, month, day = chance.randint(1951, 1999), chance.randint(1, 12), chance.randint(13, 28)
    form = chance.choice(("{0}-{1:02d}-{2:02d}", "{1:02d}/{2:02d}/{0}"))
    text = form.format(year, month, day)
    return text, text, "year first" if text[4] == "-" else "month first"


def _time(chance: Random) -> tuple[str, str, str]:
    year, month, day = chance.randint(1999, 2023), chance.randint(1, 12), chance.randint(13, 28)
    clock = f"{chance.randint(10, 23)}:{chance.randint(10, 59)}:{chance.randint(10, 59)}"
    text = f"{year}-{month:02d}-{day:02d}T{clock}Z"
    return text, text, "plain"


def _street(chance: Random) -> tuple[str, str, str]:
    text = f"{chance.randint(11, 9899)} {_word(chance)} {chance.choice(('Street', 'Avenue', 'Road', 'Lane'))}"
    return text, text.rpartition(" ")[0], "plain"


def _url(chance: Random) -> tuple[str, str, str]:
    host, page = _word(chance).lower(), _word(chance).lower()
    return f"https://{host}.example.com/{page}", host, "plain"


def _udi(chance: Random) -> tuple[str, str, str]:
    while True:
        number = _some(chance, digits, 14)
        if checksums.gtin(f"(01){number}"):
            return f"(01){number}(17)2{_some(chance, digits, 1)}1231(10)LOT{number[:4]}", number, "plain"


def _private_key(chance: Random) -> tuple[str, str, str]:
    kind = chance.choice(("", "RSA ", "EC "))
    body = base64.b64encode(chance.randbytes(240)).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    head, foot = (f"-----{word} {kind}" + "PRIVATE KEY-----" for word in ("BEGIN", "END"))
    return "\n".join([head, *lines, foot]), body, "PEM"


_PASSWORD = ascii_lowercase + ascii_uppercase + digits


def _password(chance: Random) -> str:
    return f"{_some(chance, _PASSWORD, 6)}-{_some(chance, _PASSWORD, 5)}{chance.choice(digits)}"


def _behind(form: str, spelling: str) -> Callable[[Random], tuple[str, str, str]]:
    """A password in its surroundings."""

    def made(chance: Random) -> tuple[str, str, str]:
        value = _password(chance)
        return form.format(value), value, spelling

    return made


def _token(row: table.Row) -> Callable[[Random], tuple[str, str, str]]:
    form = re.compile(table.regex(row.pattern))

    def made(chance: Random) -> tuple[str, str, str]:
        # An example does not heed what a form looks ahead for, as a digit in it.
        match = None
        while match is None:
            text = table.example(row, f" {chance.getrandbits(64)}")
            match = form.fullmatch(text)
        # Of a webhook's address only the end is secret.
        return text, match["s"] if "s" in form.groupindex else text, "plain"

    return made


def _code(chance: Random) -> str:
    """A code that only a key tells what it is."""
    return f"{_some(chance, ascii_uppercase, 2)}{_some(chance, digits, 5)}{_some(chance, ascii_uppercase, 3)}"


def _ssn(chance: Random) -> tuple[str, str, str]:
    while True:
        number = f"{chance.randint(1, 899):03d}{chance.randint(1, 99):02d}{chance.randint(1, 9999):04d}"
        if checksums.ssn(number):
            spelling = chance.choice(("plain", "dashes", "blanks"))
            mark = {"plain": "", "dashes": "-", "blanks": " "}[spelling]
            return _groups(number, (3, 2, 4), mark), number, spelling


def _itin(chance: Random) -> tuple[str, str, str]:
    number = f"9{_some(chance, digits, 2)}{chance.choice((70, 75, 82, 93, 98))}{_some(chance, digits, 4)}"
    return _groups(number, (3, 2, 4), "-"), number, "dashes"


_DOMAIN = "db.example.com"


def _ours() -> tuple[Sort, ...]:
    return (
        Sort("EMAIL_ADDRESS", "EMAIL_ADDRESS", _email, ("", "mail", "from")),
        Sort("PHONE_NUMBER", "PHONE_NUMBER", _phone, ("phone", "tel", "call me at")),
        Sort("PERSON", "PERSON", _plain(lambda c: f"{_word(c)} {_word(c)}"), ()),
        Sort("DATE_OF_BIRTH", "DATE_OF_BIRTH", _birth, ("born", "date of birth", "DOB")),
        Sort("AGE", "AGE", _plain(lambda c: str(c.randint(91, 119))), ("aged",), number=True),
        Sort("STREET_ADDRESS", "STREET_ADDRESS", _street),
        Sort("US_ZIP_CODE", "US_ZIP_CODE", _plain(lambda c: _some(c, "123456789", 5)), ("zip code",)),
        Sort("UNIQUE_ID", "UNIQUE_ID", _plain(lambda c: f"CU-{_some(c, digits, 8)}"), ("customer id",)),
        Sort(
            "LICENSE_PLATE",
            "LICENSE_PLATE",
            _plain(lambda c: f"{_some(c, ascii_uppercase, 3)} {_some(c, digits, 4)}"),
            ("license plate",),
        ),
        Sort("VIN", "VIN", _shaped("[1-5][A-HJ-NPR-Z0-9]{7}[0-9X][A-HJ-NPR-Z0-9]{3}[0-9]{5}", checksums.vin)),
        Sort("CREDIT_CARD", "CREDIT_CARD", _card, ("card", "paid with", "card number"), number=True),
        Sort(
            "CARD_SECURITY_CODE",
            "CARD_SECURITY_CODE",
            _plain(lambda c: str(c.randint(111, 998))),
            ("cvv",),
            number=True,
        ),
        Sort("CARD_TRACK", "CARD_TRACK", _track),
        Sort("IBAN_CODE", "IBAN_CODE", _iban, ("IBAN", "")),
        Sort(
            "US_BANK_NUMBER",
            "US_BANK_NUMBER",
            _plain(lambda c: c.choice("123456789") + _some(c, digits, 11)),
            ("account number",),
            number=True,
        ),
        Sort(
            "ABA_ROUTING_NUMBER",
            "ABA_ROUTING_NUMBER",
            _plain(_checked(9, checksums.routing, "02")),
            ("routing number",),
        ),
        Sort(
            "UK_SORT_CODE",
            "UK_SORT_CODE",
            _plain(lambda c: _groups(_some(c, "123456789", 6), (2, 2, 2), "-")),
            (),
        ),
        Sort("CRYPTO", "CRYPTO", _wallet),
        Sort("PASSWORD", "PASSWORD", _plain(_password), ("password=", "pwd:", "PASSWORD=")),
        Sort(
            "PASSWORD",
            "PASSWORD/url",
            _behind(f"postgres://app:{{}}@{_DOMAIN}/x", "in a URL"),
            keyed=False,
        ),
        Sort("PASSWORD", "PASSWORD/option", _behind("--password {}", "an option"), keyed=False),
        Sort("SECRET", "SECRET", _plain(_password), ("api_key=", "client_secret:", "access_token=")),
        Sort(
            "SECRET",
            "SECRET/bearer",
            _behind("Authorization: Bearer {}", "a header"),
            keyed=False,
        ),
        Sort(
            "SECRET",
            "SECRET/query",
            _behind("https://example.com/?access_token={}&page=2", "in a query"),
            keyed=False,
        ),
        Sort("SECRET", "SECRET/cookie", _behind("Cookie: sid={}", "a cookie"), keyed=False),
        Sort("PRIVATE_KEY", "PRIVATE_KEY", _private_key, keyed=False),
        Sort("IP_ADDRESS", "IP_ADDRESS", _address, ("from", "client")),
        Sort(
            "PRIVATE_IP",
            "PRIVATE_IP",
            _plain(lambda c: f"10.{c.randint(100, 255)}.{c.randint(100, 255)}.{c.randint(1, 254)}"),
            ("from",),
        ),
        Sort("MAC_ADDRESS", "MAC_ADDRESS", _mac, ("device", "mac")),
        Sort("IMEI", "IMEI", _plain(_checked(15, checksums.luhn, "35")), ("IMEI",)),
        Sort(
            "DEVICE_SERIAL",
            "DEVICE_SERIAL",
            _plain(lambda c: f"SN{_some(c, digits, 5)}{_some(c, ascii_uppercase, 3)}"),
            ("device serial number",),
        ),
        Sort(
            "BIOMETRIC",
            "BIOMETRIC",
            _plain(lambda c: base64.b64encode(b"\xdb" + c.randbytes(26)).decode()),  # 2… has a digit
            ("fingerprint template:",),
        ),
        Sort(
            "MEDICAL_RECORD_NUMBER",
            "MEDICAL_RECORD_NUMBER",
            _plain(lambda c: "00" + _some(c, digits, 7)),
            ("MRN", "medical record number"),
        ),
        Sort(
            "HEALTH_PLAN_NUMBER",
            "HEALTH_PLAN_NUMBER",
            _plain(lambda c: f"XH{_some(c, digits, 9)}"),
            ("member id", "policy number"),
        ),
        Sort(
            "MEDICAL_LICENSE",
            "MEDICAL_LICENSE",
            _shaped("[A-G][A-Z][0-9]{7}", checksums.dea),
            ("DEA",),
        ),
        Sort(
            "US_MBI",
            "US_MBI",
            _shaped(
                "[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9]-"
                "[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y][0-9][0-9]"
            ),
        ),
        Sort("US_NPI", "US_NPI", _plain(_checked(10, checksums.npi, "1")), ("NPI",), number=True),
        Sort("UDI", "UDI", _udi),
        Sort("US_SSN", "US_SSN", _ssn, ("SSN", "social security number", "ssn:")),
        Sort("US_ITIN", "US_ITIN", _itin, ("ITIN",)),
        Sort(
            "US_EIN",
            "US_EIN",
            _plain(lambda c: f"{c.choice(('12', '36', '47', '82'))}-{_some(c, digits, 7)}"),
            ("EIN",),
        ),
        Sort(
            "US_PASSPORT",
            "US_PASSPORT",
            _plain(lambda c: f"X{_some(c, digits, 8)}"),
            ("passport number",),
        ),
        Sort(
            "US_DRIVER_LICENSE",
            "US_DRIVER_LICENSE",
            _plain(lambda c: f"D{_some(c, digits, 7)}"),
            ("driver license",),
        ),
        Sort("UK_NHS", "UK_NHS", _shaped("[4-6][0-9]{2} [0-9]{3} [0-9]{4}", _nhs), ("NHS number",)),
        Sort("URL", "URL", _url),
        Sort("UUID", "UUID", _shaped("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")),
        Sort("DATE_TIME", "DATE_TIME", _time, ("", "at")),
    )


def _nhs(value: str) -> bool:
    number = [int(one) for one in checksums.digits(value)]
    weights = (*range(10, 1, -1), 1)
    total: int = sum(n * weight for n, weight in zip(number, weights, strict=True))
    return total % 11 == 0


_NARROWER = {
    "EU_VAT": "BE0[1-9][0-9]{8}",
    "CN_RIC": "11010[1-9]19[6-9][0-9]0[1-9]1[0-9][0-9]{3}[0-9X]",
    "HK_ID": r"[A-HJ-Z] ?[0-9]{6} ?\([0-9A]\)",  # `ID` is a word of its label
    "UY_RUT": "2[01][0-9]{6}001[0-9]",
    "MX_CURP": "[A-Z][AEIOU][A-Z]{2}[6-9][0-9]0[1-9]1[0-9][HM](?:DF|JC|NL)[B-DF-HJ-NP]{3}[0-9][0-9]",
    "NO_FODSELSNUMMER": "1[0-9]0[1-9][4-9][0-9] ?[0-4][0-9]{4}",
    "FR_TIN": "[0-3][0-9] ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3}",
    "FR_NIR": "[12] ?[6-9][0-9] ?0[1-9] ?[1-8][0-9] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}",
    "BE_NN": r"[6-9][0-9]\.0[1-9]\.1[0-9]-[0-9]{3}\.[0-9]{2}",
    "DE_TAX_NUMBER": "[0-9]{3}/[0-9]{3}/[0-9]{5}",
    # Six digits, as every one has; what is looked for behind its word is wider.
    "UK_NINO": "[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]",
    "BR_CNPJ": r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}/0001-[0-9]{2}",
}
"""Forms of those of which a table's is so wide that hardly a text of it is valid, or not every one is."""


_OTHERS = {
    "au.medicare": checksums.medicare,
    "hk.hkid": checksums.hkid,
    "sg.nric": checksums.nric,
    "uk.nino": checksums.nino,
}
"""Checks of what python-stdnum does not have, by the names that the table gives them."""

_MARKS = str.maketrans("", "", " .-/")


def _stdnum(module: str) -> Callable[[str], bool] | None:
    """What python-stdnum says of a number, with its separators or without."""
    if not module:
        return None
    valid: Callable[[str], bool] = _OTHERS.get(module) or import_module(f"stdnum.{module}").is_valid
    return lambda text: valid(text) or valid(text.translate(_MARKS))


def _nationals() -> list[Sort]:
    """Those of the table of national numbers, behind a word of theirs."""
    made = []
    for row in national.NUMBERS:
        words = row.words.split(", ")
        labels = tuple(f"{word}:" for word in words if word.isascii()) or (words[0],)
        shape = _shaped(_NARROWER.get(row.entity, row.shape), _stdnum(row.module))
        made.append(Sort(row.entity, row.entity, shape, labels))
    return made


def _tokens() -> list[Sort]:
    return [
        Sort(
            "SECRET",
            f"SECRET/{row.id}",
            _token(row),
            tuple(f"{near} key" for near in row.near[:1]) or ("",),
            keyed=False,
        )
        for row in table.rows()
    ]


def sorts() -> list[Sort]:
    """All that can be made, in an order that is always the same."""
    return [*_ours(), *_nationals(), *_tokens()]


def coded(entity: str) -> Sort:
    """Values of an entity that only a key tells: a policy's own, for instance."""
    return Sort(entity, entity, _plain(_code), ())
