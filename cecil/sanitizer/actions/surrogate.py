"""surrogate: a realistic stand-in, the same for the same value in every field, file and run with one key.

Owns: which family of stand-ins an entity has, and what is done where there is none. The families are in
`surrogates/`, each with the ranges that it takes its stand-ins from and how many there are. No table is kept:
a stand-in is computed from the key and the value, however the value is spelled.

Refuses: to invent secrets, which set off scanners and log nobody in, and to hide what has a few dozen values
behind another of them. A placeholder as <SECRET> stands for those, null for a number.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, ClassVar

from cecil.sanitizer.actions.base import Kind, Option, Options, Scope, exact
from cecil.sanitizer.actions.surrogates import days, mail, names, networks, phones, ranges
from cecil.sanitizer.actions.surrogates.base import Maker, Source, Told
from cecil.sanitizer.actions.surrogates.ids import IDS, Ids
from cecil.sanitizer.detectors import checksums
from cecil.sanitizer.keyring import Keyring
from cecil.sanitizer.late import late

PLACEHOLDERS = frozenset(
    """SECRET PASSWORD PRIVATE_KEY BIOMETRIC CARD_SECURITY_CODE CARD_TRACK AGE
    UK_POSTCODE CA_POSTAL_CODE""".split()
)
"""What nothing realistic stands for."""

LONGEST = 1024
"""Characters of a value that has a stand-in: what is longer is a text, and goes whole."""

_MAKERS: dict[str, Maker] = {
    "PERSON": names.PERSONS,
    "LOCATION": names.PLACES,
    "ORGANIZATION": names.ORGANIZATIONS,
    "STREET_ADDRESS": names.STREETS,
    "EMAIL_ADDRESS": mail.MAIL,
    "URL": mail.LINKS,
    "PHONE_NUMBER": phones.PHONES,
    "ZA_MOBILE_NUMBER": phones.PHONES,
    "ZA_TELEPHONE_NUMBER": phones.PHONES,
    "CREDIT_CARD": ranges.CARDS,
    "IBAN_CODE": ranges.IBANS,
    "US_SSN": ranges.TAXPAYERS,
    "US_ITIN": ranges.TAXPAYERS,
    "UK_NINO": ranges.INSURED,
    "US_ZIP_CODE": ranges.ZIPS,
    "DE_PLZ": ranges.ZIPS,
    "IP_ADDRESS": networks.ADDRESSES,
    "PRIVATE_IP": networks.ADDRESSES,
    "MAC_ADDRESS": networks.DEVICES,
    "UUID": networks.UUIDS,
    "DATE_OF_BIRTH": days.DAYS,
    "DATE_TIME": days.DAYS,
    "UK_NHS": ranges.NHS,
    "IMEI": ranges.IMEIS,
    "US_EIN": ranges.EMPLOYERS,
}

_SEALED: tuple[Told, ...] = (mail.MAIL, mail.LINKS, phones.PHONES, networks.UUIDS)
"""Those whose stand-ins are told wherever they stand in a text."""

_MAIL = late(r"[^\s@/:]{1,64}@[^\s@]{1,253}\.[^\s@]+")
_UUID = late(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_QUAD = late(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")

_STRICT = frozenset({"US_ZIP_CODE", "DE_PLZ", "DATE_OF_BIRTH", "DATE_TIME", "IP_ADDRESS", "PRIVATE_IP"})
_SHAPED: tuple[Maker, ...] = (phones.PHONES, ranges.CARDS)
"""Those of entities that are found by a form which a stand-in for something else may have."""

_WHOLE = late("-?[1-9][0-9]*")
_FEWEST = 7
"""Letters and digits of a number of a known form that is not of that form; a few last digits go whole."""


class Surrogate(Kind):
    """`Laura Corendwyn` for `Alice Smith`."""

    name = "surrogate"
    says = (
        "A realistic stand-in, the same for the same value and key in every field, file and run: names, "
        "e-mail addresses at example.com, numbers that are given to nobody, identifiers of the same shape. "
        "Secrets become placeholders, dates another day of the same year."
    )
    options: ClassVar[Mapping[str, Option]] = {
        "network": Option(
            "choice",
            "addresses of the documentation ranges, or such that share a prefix where theirs did",
            choices=("documentation", "prefix"),
        ),
        "tenant": Option(
            "path", "where the record names its tenant; stand-ins of two tenants differ, but for dates"
        ),
    }
    keyed = True

    def __init__(self, keys: Keyring | None) -> None:
        super().__init__(keys)
        self._secrets = tuple(keys.derive("surrogate", one) for one in keys.ids) if keys else (b"",)
        self._source = Source(self._secrets)
        self._of_tenant = lru_cache(maxsize=1024)(self._made_source)

    def _made_source(self, tenant: str) -> Source:
        return Source(self._secrets, tenant)

    def text(self, text: str, entity: str, options: Options, scope: Scope) -> str:
        if entity in PLACEHOLDERS or len(text) > LONGEST or (text[:1] == "<" and text == f"<{entity}>"):
            return f"<{entity}>"
        maker = _maker(text, entity, options)
        source = self._of(options, scope, maker) if options else self._source
        new = maker.stand_in(text, source)
        if new is None:
            new = self._shaped(text, entity, maker, source)
        return f"<{entity}>" if new is None else new

    def _shaped(self, text: str, entity: str, maker: Maker, source: Source) -> str | None:
        """What stands for a value that is not of its entity's form."""
        if (0, len(text)) in self.own(text) or networks.ADDRESSES.made(text, source):
            return text  # a stand-in for something else, where nobody looked for one
        if entity in _STRICT or sum(map(str.isalnum, text)) < _FEWEST:
            return None
        new = IDS.stand_in(text, source)
        if new is not None and (maker.made(new, source) or maker.make(new, source) is not None):
            return None  # it grew to a form in which a second run would see something else
        return new

    def value(self, value: Any, text: str, entity: str, options: Options, scope: Scope) -> Any:
        """A whole number stays one; what has a fraction, or is true or false, becomes null."""
        if type(value) is str:
            return self.text(text, entity, options, scope)
        if type(value) is not int or not exact(value) or entity in PLACEHOLDERS:
            return None
        maker = _maker(text, entity, options)
        source = self._of(options, scope, maker)
        if maker.made(text, source):
            return value
        new = maker.number(text, source)
        return int(new) if new is not None and _WHOLE.fullmatch(new) else None

    def stays(self, text: str, entity: str, options: Options, scope: Scope) -> bool:
        if entity in PLACEHOLDERS or len(text) > LONGEST:
            return False
        source = self._source
        maker = _maker(text, entity, options)
        if maker.made(text, source):
            return True
        # What has the shape of its value may be found again as what that was not, or what it is not.
        other = "+" not in text if maker in _SHAPED else maker.make(text, source) is None
        return other and IDS.made(text, source)

    def _of(self, options: Options, scope: Scope, maker: Maker) -> Source:
        if maker is days.DAYS:
            # A date has no seal: once its tenant is redacted as well, a second run would not know it.
            return self._source
        tenant = scope.get(options["tenant"], "") if "tenant" in options else ""
        return self._of_tenant(tenant) if tenant else self._source

    def own(self, text: str) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        for maker in _SEALED:
            found += maker.own(text, self._source)
        return found


def _maker(text: str, entity: str, options: Options) -> Maker:
    """The family of a value: by its entity, or by its form where that says more."""
    if "@" in text and _MAIL.fullmatch(text):
        return mail.MAIL
    maker = _FAMILIES.get(entity) or _family(entity)
    if maker is IDS:
        if len(text) == 36 and _UUID.fullmatch(text):
            maker = networks.UUIDS
        elif text.count(".") == 3 and _QUAD.fullmatch(text):
            maker = networks.ADDRESSES
    if maker is networks.ADDRESSES and options.get("network") == "prefix":
        return networks.PREFIXES
    return maker


_FAMILIES: dict[str, Maker] = {}
"""By entity, those that were asked for: to look here costs less than a call."""


def _family(entity: str) -> Maker:
    maker = _FAMILIES[entity] = _MAKERS.get(entity) or _checked().get(entity) or IDS
    return maker


@lru_cache(maxsize=1)
def _checked() -> dict[str, Ids]:
    """Of national numbers that have a check digit and no range of their own."""
    from cecil.sanitizer.detectors import national
    from cecil.sanitizer.detectors.sums import OTHERS

    own = {"US_NPI": _of_digits(10, checksums.npi), "ABA_ROUTING_NUMBER": _of_digits(9, checksums.routing)}
    checks = national.checks() | own
    sums = national.sums() | OTHERS
    return {entity: Ids(check, sums.get(entity)) for entity, check in checks.items() if entity not in _MAKERS}


def _of_digits(count: int, check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda value: len(checksums.digits(value)) == count and check(value)
