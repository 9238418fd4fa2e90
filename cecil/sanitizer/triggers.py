"""What a text must hold for one of Presidio's recognizers, or of ours, to find something in it.

Owns: the triggers of Presidio's recognizers, and in what form those of ours go to the scanner. A trigger is a
superset of what its recognizer takes and the shields leave; the tests hold it to that.
"""

import re
from collections.abc import Sequence

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.detectors.presidio import PREFIX


def _s(*expressions: str) -> tuple[Trigger, ...]:
    return tuple(Trigger(expression, caseless=True, shape=True) for expression in expressions)


_ANYWHERE = r")[^\n]*(?:"
"""Between the words and the value of a wide trigger."""


def _near(words: str, value: str, *, prefilter: bool = False) -> tuple[Trigger, ...]:
    """A value behind one of some words: in the same string, or anywhere in the line."""
    return (
        Trigger(rf'(?:{words})[^"\n]*(?:{value})', caseless=True, prefilter=prefilter),
        Trigger(f"(?:{words}{_ANYWHERE}{value})", caseless=True, prefilter=prefilter, wide=True),
    )


def heard(some: Sequence[Trigger]) -> "re.Pattern[str]":
    """Matches in words wherever a wide trigger could begin, of a text that goes on with anything.

    Of words that belong together each is one by itself: they can come from two keys.

    Args:
        some: wide ones, at least one.
    """
    words = dict.fromkeys(one.regex.partition(_ANYWHERE)[0] + ")" for one in some)
    return re.compile("|".join(words).replace(r"\ ", "|"), re.IGNORECASE | re.ASCII)


# Public addresses, as good as: not 0, 10, 127, nor 224 and up. 172.16 and 192.168 are told apart behind.
_PUBLIC = (
    r"(?:1[1-9]?|1[013-9][0-9]|12[0-689]|[2-9][0-9]?|2[01][0-9]|22[0-3])\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
)

# Two letters of a to f begin many a hexadecimal id: there the countries are named, and digits asked for, as
# those have them.
_IBAN = (
    r"(?:\b|_)(?:[a-z][g-z]|[g-z][a-f])[0-9]{2}(?:[ -]?[a-z0-9]{4}){2}",
    r"(?:\b|_)ad[0-9]{2}(?:[ -]?[0-9]{4}){2}",
    r"(?:\b|_)be[0-9]{2}(?:[ -]?[0-9]{4}){3}",
    r"(?:\b|_)(?:ae|ba|de|ee)[0-9]{2}(?:[ -]?[0-9]{4}){4}",
)

PRESIDIO: dict[str, tuple[Trigger, ...]] = {
    "CreditCardRecognizer": (
        *_s(
            r"\b[3-6][0-9]{3}[- ]?[0-9]{3,4}[- ]?[0-9]{3,4}[- ]?[0-9]{3,5}\b",
            # Thirteen digits that begin with a 1 are a time in milliseconds.
            r"\b1[0-9]{13,16}\b",
            r"\b1[0-9]{3}[- ][0-9]{3,4}[- ]?[0-9]{3,4}[- ]?[0-9]{3,5}\b",
            r"\b1[0-9]{6,7}[- ][0-9]{3,4}[- ]?[0-9]{3,5}\b",
            r"\b1[0-9]{9,11}[- ][0-9]{3,5}\b",
        ),
    ),
    "UsBankRecognizer": _near("checking|account|acct|bank|saving|debit", r"\b[0-9]{8,17}\b"),
    "UsLicenseRecognizer": _near(
        "driver|licen[cs]e|permit|identification|dls|driving|lic[^a-z]",
        r"\b(?:[a-z]{1,2}[0-9]|[0-9]{2}[a-z]{3}[0-9]|[0-9]{3}[a-z]{2}[0-9]|[0-9]{6}|a-z\]\][0-9])",
    ),
    "UsItinRecognizer": (
        *_s(r"\b9[0-9]{2}[- ][0-9]{2}[- ][0-9]{4}\b"),
        *_near("individual|tax|payer|itin|tin", r"\b9[0-9]{2}[- ]?[5-9][0-9][- ]?[0-9]{4}\b"),
    ),
    "UsPassportRecognizer": _near(
        "[^a-z]us[^a-z]|united|states|passport|travel|document", r"\b[a-z]?[0-9]{8,9}\b"
    ),
    "UsSsnRecognizer": (
        *_s(r"\b[0-9]{3}[- .][0-9]{2}[- .][0-9]{4}\b"),
        *_near("social|security|ssn|ssid", r"\b(?:[0-9]{9}|[0-9]{5}-[0-9]{4}|[0-9]{3}-[0-9]{6})\b"),
    ),
    "NhsRecognizer": (
        *_s(r"\b[0-9]{3}[- ][0-9]{3}[- ]?[0-9]{4}\b", r"\b[0-9]{6}[- ][0-9]{4}\b"),
        *_near("nhs|health", r"\b[0-9]{10}\b"),
    ),
    "CryptoRecognizer": (
        # An address whose first characters are all hexadecimal is one in ten thousand millions; an id is.
        Trigger(r"\b[13][1-9a-f]{0,16}[A-HJ-NP-Zg-km-z][1-9A-HJ-NP-Za-km-z]{9,32}\b", shape=True),
        Trigger(r"\bbc1[02-9ac-hj-np-z]{25,59}\b", caseless=True),
    ),
    "EmailRecognizer": _s(r"@[a-z0-9_\x80-\xff-]+\.[a-z0-9_\x80-\xff]"),
    "IbanRecognizer": _s(*_IBAN),
    "IpRecognizer": _s(
        rf"\b{_PUBLIC}\b",
        r"(?:^|[^\w:])(?:[0-9a-f]{1,4}:){1,7}:",
        r"(?:^|[^\w:])::[0-9a-f]",
        r"\b(?:[0-9a-f]{1,4}:){6}[0-9a-f]{1,4}[:.][0-9a-f]",
    ),
    "MedicalLicenseRecognizer": _s(r"(?:\b|_)[abcdefghjklmprstux][a-z9][0-9]{7}(?:\b|_)"),
    "MacAddressRecognizer": _s(
        r"\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b",
        r"\b(?:[0-9a-f]{2}-){5}[0-9a-f]{2}\b",
        r"\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
    ),
    "PhoneRecognizer": (
        *_s(
            r"\+[ (]{0,2}[0-9](?:[ ().\/-]{0,3}[0-9]){6}",
            r"\([0-9]{2,5}\)[ .-]?[0-9]{2,}",
            r"(?:^|[^0-9A-Za-z.-]|[^0-9A-Za-z][.-])0[1-9][0-9]{0,3}[ /.-][0-9]{2,5}[ /.-]?[0-9]{2,5}",
            r"\b[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{4}",
        ),
        *_near(
            r"(?:\b|_)(?:phone|tel|telephone|cell|cellphone|mobile|call|fax)",
            r"[0-9](?:[ ().\/-]{0,3}[0-9]){6}",
        ),
    ),
}

_ANY_IP = r"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b"


def of(recognizer: Recognizer, *, private: bool = False, weak: bool = False) -> tuple[Trigger, ...]:
    """A recognizer's triggers: those of the table, or its own.

    Args:
        private: whether private addresses are looked for too.
        weak: whether weak evidence counts without context.
    """
    name = recognizer.name
    if not name.startswith(PREFIX) or weak:
        return recognizer.triggers
    own = PRESIDIO.get(name.removeprefix(PREFIX))
    if own is not None:
        return (*own, *_s(_ANY_IP)) if private and name == f"{PREFIX}IpRecognizer" else own
    if name == f"{PREFIX}UrlRecognizer":
        return _ends_of_hosts(recognizer.triggers)
    strong: tuple[Trigger, ...] = getattr(recognizer, "strong", recognizer.triggers)
    waiting: tuple[Trigger, ...] = getattr(recognizer, "weak", ())
    if not recognizer.context:
        return strong
    words = "|".join(re.escape(word) for word in recognizer.context)
    return (
        *strong,
        *(two for one in waiting for two in _near(words, _inner(one), prefilter=one.prefilter)),
    )


_HOST, _BEHIND_HOST = r"((www\d{0,3}[.])?[a-z0-9.\-]{1,253}[.]", r"""(?:/[^\s()<>\"']*)?)"""


def _ends_of_hosts(own: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """Those of URLs: each holds the end of a host, `x.com`; what may stand around it takes Hyperscan
    three seconds to compile, of which this spares all but a tenth."""
    beyond = tuple(dict.fromkeys(one for one in own if one.beyond))
    for one in own:
        flags, host, rest = one.regex.partition(_HOST)
        if flags == "(?i)" and host and rest.endswith(_BEHIND_HOST):
            ends = rf"{flags}[a-z0-9.\-][.]{rest.removesuffix(_BEHIND_HOST)}"
            return (one._replace(regex=ends), *beyond)
    return own


def _inner(trigger: Trigger) -> str:
    """A trigger as it can stand behind another: Hyperscan takes `^` at the beginning only."""
    return r"[\x80-\xff]" if trigger.beyond else trigger.regex
