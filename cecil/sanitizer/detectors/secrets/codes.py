"""What opens something and looks like nothing: one-time codes and PINs, and the words of a wallet's seed.

Owns: the words beside which so few digits, or words, are a secret. Refuses: `code` alone, which says that of
statuses and products far more often; and the code of a payment card, which `cards` has.
"""

import re
from collections.abc import Sequence
from typing import Any

from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.late import late

_NOT_IN_A_SEED = frozenset("the and was has are for with from have been not but were had its our".split())
"""Words of prose; none is among the 2,048 of https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki."""
_LENGTHS = frozenset((12, 15, 18, 21, 24))
_WORD = late("[a-z]{3,8}", re.IGNORECASE)
_OF_A_SEED = late(
    r"(?:\A|[\W_]|(?<=[a-z])(?=[A-Z]))(?i:mnemonics?|seed|(?:mnemonic|seed|recovery|secret|backup|wallet)"
    r"[ _-]?(?:phrase|words?))\Z"
)
_BETWEEN = late(r"[^A-Za-z]+")
_WORDS = r"[a-z]{3,8}(?:(?: |[\"']?, ?[\"']?)[a-z]{3,8}){11,23}"


def _seed(value: str) -> bool:
    return is_seed(_BETWEEN.split(value))


def is_seed(words: Sequence[Any]) -> bool:
    """Whether words can be those of a seed."""
    return (
        len(words) in _LENGTHS
        and all(type(word) is str and _WORD.fullmatch(word) for word in words)
        and _NOT_IN_A_SEED.isdisjoint(words)
    )


def names_a_seed(names: Sequence[str]) -> bool:
    """Whether the last of some keys says that a list holds the words of a seed."""
    return bool(names) and _OF_A_SEED.search(names[-1]) is not None


SEEDS = Rules(
    "seed-phrase",
    Rule(
        "SECRET",
        _WORDS,
        0.9,
        label="(?:seed|recovery|secret|backup|mnemonic|wallet)[ _-]?(?:phrase|words?)|mnemonic"
        "|seed[\"']?[:=]",
        check=_seed,
        cased=False,
        after=r"(?! [a-z]|\w)",
        hint="(?:seed|recovery|secret|backup|mnemonic|wallet)[ _-]?(?:phrase|words?)|mnemonic"
        "|seed[\"']?[:=][^a-z\n]*[a-z]",
        why="no words of a seed",
    ),
)

SEED_VALUES = Rules(
    "seed-value",
    # All of a value, under a key that says so.
    Rule(
        "SECRET",
        "[a-z]{3,8}(?: [a-z]{3,8}){11,23}",
        0.1,
        check=_seed,
        cased=True,
        before=r"\A",
        after=r"\Z",
        hint="(?:mnemonic|seed)[^\n]*[a-z]{3,8}(?: [a-z]{3,8}){11}",
        why="no words of a seed",
    ),
    context=("mnemonic", "seed"),
)

_CODES_ABROAD = (
    "(?:best(?:ä|ae)tigungs|verifizierungs|sicherheits|anmelde|einmal|freischalt|zugangs|aktivierungs)"
    "(?:code|pin)(?: (?:lautet|ist))?"
    "|code (?:de |d(?:'|’))"
    "(?:v(?:é|e)rification|confirmation|s(?:é|e)curit(?:é|e)|connexion|acc(?:è|e)s|activation)(?: est le)?"
    "|c(?:ó|o)digo de (?:verificaci(?:ó|o)n|confirmaci(?:ó|o)n|seguridad|acceso|inicio de sesi(?:ó|o)n"
    "|activaci(?:ó|o)n|verifica(?:ç|c)(?:ã|a)o|confirma(?:ç|c)(?:ã|a)o|seguran(?:ç|c)a|acesso"
    "|ativa(?:ç|c)(?:ã|a)o)(?: (?:é|son))?"
    "|codice di (?:verifica|conferma|sicurezza|accesso|attivazione)(?: è)?"
    "|(?:verificatie|bevestigings|beveiligings|inlog)code"
    "|kod (?:weryfikacyjny|potwierdzaj(?:ą|a)cy|autoryzacyjny|dost(?:ę|e)pu|sms)(?: to)?"
    "|(?:verifierings|bekräftelse|engångs|inloggnings)kod(?: är)?"
    "|(?:К|к)од (?:подтверждения|доступа|для входа)"
    "|(?:验证码|驗證碼|認証コード|確認コード|인증번호|인증코드)(?:为|是|は|는|은)?(?:：)?"
)

RULES = Rules(
    "access-code",
    Rule(
        "SECRET",
        "(?:G-)?(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})",
        0.8,
        label="otp|one[ -]?time[ -]?(?:pass)?(?:code|word|pin)"
        "|(?:verification|login|2fa|mfa|sms|pin|your|sign[ -]in)[ -]code",
    ),
    # As other languages tell it.
    Rule(
        "SECRET",
        "(?:G-)?(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})",
        0.8,
        label=_CODES_ABROAD,
        after=r"(?![\w%]|[-.,:][0-9]| (?:%|Euro?s?\b|EUR\b|€))",
    ),
    # Of HomeKit, and of Matter, by which a thing at home is taken over.
    Rule(
        "SECRET",
        "[0-9]{3}-[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}-[0-9]{4}",
        0.8,
        label="(?:set-?up|pairing)(?: set-?up)?[ _-](?:code|pin)",
    ),
    # Of a device that signs in elsewhere (RFC 8628).
    Rule(
        "SECRET",
        "[0-9A-Z]{4}-[0-9A-Z]{4}",
        0.8,
        label="one[ -]?time code|device code|user code",
        check=lambda value: any(map(str.isdigit, value)) or value.isupper(),
        why="words",
    ),
    Rule(
        "SECRET",
        "[0-9A-Z]{8,9}",
        0.8,
        cased=True,
        before="(?<=nter the code )",
        after="(?= to authenticate)",
        hint="nter the code [0-9A-Z]{8,9} to authenticate",
    ),
    Rule(
        "SECRET",
        "[0-9]{4,8}",
        0.8,
        before="(?<=use code )",
        after=r"(?= to (?:log|sign)[ -]?in\b)",
        hint="use code [0-9]{4,8} to ",
    ),
    # As a message has it that another one quotes: `Use 482913 as your Acme login code`.
    Rule(
        "SECRET",
        "(?:G-)?[0-9]{4,8}",
        0.8,
        before=r"(?i:(?<=\buse )|(?<=\benter ))",
        after=r"(?= (?:as|for) your [A-Za-z0-9' -]{0,40}(?:code|password|passcode|pin|otp)\b)",
        hint="(?:use|enter) (?:G-)?[0-9]{4,8} (?:as|for) your ",
    ),
    # Whose it is, or where it went, stands between: `2FA code for ada: 482913`.
    Rule(
        "SECRET",
        "(?:G-)?(?:[0-9]{4,8}|[0-9]{3}[ -][0-9]{3})",
        0.8,
        label="(?:otp|(?:one[ -]?time|verification|confirmation|security|login|2fa|mfa|sms|sign[ -]in|otp)"
        " (?:pass)?(?:code|word|pin)|passcode)"
        "(?: (?:was|has been|is))?(?: (?:sent|issued|generated|texted))? (?:to|for) [^ \\n\"',;:=]{1,80}:",
    ),
    # Who has it may join, or use what was bought.
    Rule(
        "SECRET",
        "[0-9A-Z]{4,6}(?:-[0-9A-Z]{4,6}){1,5}",
        0.8,
        label="(?:invit(?:e|ation)|activation|enrol{1,2}ment|pairing) code"
        "(?: (?:was|has been|is))?(?: (?:sent|issued|generated))?(?: (?:to|for) [^ \\n\"',;:=]{1,80})?:",
        check=lambda value: any(map(str.isdigit, value)) and not value.replace("-", "").isdigit(),
        why="words",
    ),
    # What opens a door, not a program.
    Rule(
        "SECRET",
        "[0-9]{4,8}#?",
        0.7,
        label="(?:door|gate|alarm|entry|lock ?box|key ?pad|safe|garage|building|pick-?up)[ -](?:code|pin)"
        "|pin for pick-?up",
        after=r"(?![\w]|-\w|\.[0-9])",
    ),
    Rule(
        "SECRET",
        "[0-9]{6}",
        0.7,
        before=r"(?:(?<=got code )|(?<=the code )|(?<=received code )|(?<=enter code )|(?<=entered code ))",
        hint="(?:got|the|received|enter|entered) code [0-9]{6}",
    ),
    Rule("SECRET", "[0-9]{4,8}", 0.7, label="[Yy]our [A-Z][A-Za-z0-9]{1,20} code is", cased=True),
    Rule(
        "SECRET",
        "[0-9a-z]{4,5}-[0-9a-z]{4,5}(?:[ ,\n]{1,3}[0-9a-z]{4,5}-[0-9a-z]{4,5}){0,15}",
        0.7,
        label="(?:backup|recovery)[ -]code",
        check=lambda value: any(map(str.isdigit, value)),
        why="words",
    ),
    # Less sure than a name that a policy gives: `pci` calls it the PIN of a card.
    Rule("SECRET", "[0-9]{4}(?:[0-9]{2})?", 0.7, label="pin"),
    Rule(
        "SECRET",
        "(?:G-)?[0-9]{4,8}",
        0.8,
        after=r"(?=\*? is your [A-Za-z0-9' -]{0,40}(?:code|password|passcode|pin|otp)\b)",
        hint="[0-9]{4,8}[*]? is your ",
    ),
)
