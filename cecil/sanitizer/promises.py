"""What a value can be that a key's name promises something of.

`"phone": "verified"` is no telephone number, `"token": "Invalid or expired token"` says what is wrong with
one, and a number under `created` is a time.

Owns: forms of values that are not what their key promises. Refuses: to say what a key promises (`keys`), and
to find anything in a text.
"""

import re
from functools import lru_cache

from cecil.sanitizer import keys
from cecil.sanitizer.detectors.network import is_no_device
from cecil.sanitizer.late import late

# `"mobile": "?0"` is no telephone's number, `"cards": 3` is a count.
_FEWEST_DIGITS = {
    "PHONE_NUMBER": 4,
    "CREDIT_CARD": 3,
    "CARD_SECURITY_CODE": 3,
    "US_SSN": 4,
    "US_ITIN": 4,
    "US_EIN": 4,
    "UK_NHS": 4,
    "UK_NINO": 4,
    "NATIONAL_ID": 4,
    "IN_AADHAAR": 4,
    "US_BANK_NUMBER": 4,
    "ABA_ROUTING_NUMBER": 4,
    "UK_SORT_CODE": 4,
    "US_PASSPORT": 3,
    "US_DRIVER_LICENSE": 3,
    "IBAN_CODE": 4,
    "US_NPI": 4,
    "US_MBI": 2,
    "IMEI": 4,
    "VIN": 2,
    "DATE_OF_BIRTH": 1,
    "US_ZIP_CODE": 2,
    "MEDICAL_RECORD_NUMBER": 1,
    "HEALTH_PLAN_NUMBER": 2,
    "UNIQUE_ID": 1,
}

_MAC = late(r"(?:[0-9a-f]{2}[-: .]?){5}[0-9a-f]{2}")

VERSION = late(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
"""What is no secret, whatever its name says."""

NO_SECRETS = frozenset(
    """eof include same-origin omit inherit inherited rsa dsa ec ecdsa ecdh ed25519 x25519""".split()
)
"""What stands where a secret could, and says of which kind it is, or whose: `credentials: "include"` in the
fetch of a browser, `secrets: inherit` in a workflow, `private_key: rsa`; and a parser's last token."""

_PLACE_IN_A_LIST = late(
    r"(?:[a-z]{2,40}\.){0,3}(?:(?:next|continuation|starting)_?)?(?:page_?)?(?:token|marker)"
)
"""The member in which AWS wants or gives one: `{"input_token": "Marker", "output_token": "NextMarker"}`."""

_PRODUCT = late(r"[a-z]{2,20}/[0-9]{1,3}(?:\.[0-9]{1,3}){1,3}")

# Where a database is, and not how to get in: no user, no query, and of libpq's words no credential.
_DATABASES = (
    "postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|sqlserver|clickhouse|cockroachdb|nats|memcached"
)

_OPEN_ADDRESS = late(
    rf"(?:{_DATABASES})(?:\+[a-z]{{2,12}})?://[\w.,:\[\]-]{{1,200}}(?:/[\w.-]{{0,64}})?"
    r"|(?:(?:host|hostaddr|port|dbname|user|sslmode|connect_timeout|application_name)=[\w./:-]{1,100}"
    r"(?:[ ;]|\Z)){1,9}",
    re.IGNORECASE,
)

_LONGEST_ADDRESS = 400

_MEMBER_OF_A_CLUSTER = late(
    r"(?=.*[a-f])(?=.*[0-9])[0-9a-f]{15,16}|[0-9]{19,20}"
    r"|[\w.-]{1,200}-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)
"""As etcd numbers them, `"member_id": "8e9e05c52164694d"`, in hexadecimal or not, and as Kafka names those of
a group: a client and a UUID."""

_SHORTEST_NUMBER = 7

_OF_A_SWITCH = late(r"call(?:er|ee)|connected|destination|\bani\b|sip[_.-]?(?:from|to)", re.IGNORECASE)

_SHORTEST_ZIP = 4
"""Characters; Iceland has three, and is no match for `*.zip=38`."""

_NOTHING = frozenset(
    """true false null none nil undefined required optional missing invalid empty unknown n/a na - -- ?
    present absent provided verified unverified yes no enabled disabled any default always never
    on_create expired revoked rejected""".split()
)

# `<password>`, `${TOKEN}`, `****`, `...`, `[FILTERED]`; and what `PWD` and `MAIL` are in a shell.
_TEMPLATE = late(
    r"<[^<>]*+>|\$\{[^{}]*+\}|\*++|\.{2,}+|hidden_due_to_security_reasons"
    r"|[\[(*]{1,3}(?:filtered|redacted|hidden|masked|removed|scrubbed)[\])*]{1,3}"
)

_FOLDER = late(
    r"(?:/[\w.~-]++){2,}+/?"
    r"|/(?:root|srv|etc|tmp|opt|var|home|usr|mnt|media|boot|run|bin|lib|data|app|apps|code|work|workspace|src|build"
    r"|builds|repo|site|www|proc|sys|dev)/?"
)

_NO_FOLDER = frozenset({"PASSWORD", "EMAIL_ADDRESS"})

# What a file is called: `fname` is how a first name is shortened, and that of a file.
_FILE = late(
    r"[^\s]+\.(?:csv|json|jsonl|txt|log|xml|ya?ml|toml|ini|conf|cfg|html?|css|md|pdf|docx?|xlsx?|png|jpe?g|gif|svg"
    r"|gz|zip|tar|tgz|parquet|avro|sql|db|py|pyc|js|ts|java|class|jar|kt|go|rb|rs|php|sh|bat|exe|dll|so|c|h|cc|cpp|cs)"
)

_PICTURE = late(r"[\w.@-]{1,100}\.(?:jpe?g|png|gif|webp|svg|bmp)")
"""What a file is called is no picture; an address of one, or its folder, leads there."""

# What a check of a form says of a field, under the field's name.
_COMPLAINT = late(
    r"(?:is|are|was|must|can't|can’t|cannot|can not|should|has|have|does|doesn't|already|too|please)"
    r" [a-z0-9 ,.'’()-]*"
)

_WRONG = late(
    r"(?:(?:This|The|Your|Field|Value|Name|City|Town|Email|Address|Street|First|Last|Full|Given|Family)"
    r" )?(?:[a-z_]{1,30} ){0,4}?(?i:is|are|was|must|can't|can’t|cannot|can not|should not|may not|has to"
    r"|needs to|does not|contains|too|please) [a-zA-Z0-9 ,'’()-]{0,60}?(?:required|blank|empty|invalid|valid"
    r"|missing|characters|letters|long|short|null|mandatory|taken|present|provided|filled|specified|defined)\b.{0,60}"
    r"|(?i:invalid|unknown|missing|wrong|required) (?:value|name|field|format|type|input)\b.{0,60}"
)
"""The same with the name of the field before it, `Last name is required`, or without."""

_COMPLAINED_OF = frozenset("PERSON EMAIL_ADDRESS STREET_ADDRESS LOCATION".split())

# What is told of a secret under its name: `"token": "Invalid or expired token"`. Words only, and of them some
# that hardly a phrase has in which somebody keeps a secret.
_SENTENCE = late(
    r"[\"'(`]?(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,6})(?:[ ,.;:!?\"'’()`-]{1,3}(?:[A-Z]?[a-z]{1,20}|[A-Z]{1,6}"
    r"|[0-9]{1,3})){1,60}"
    r"[.!?)\"'`]{0,3}"
)

_TELLS = late(
    r"\b(?:invalid|expired|malformed|incorrect|unexpected|mismatch|denied|revoked|rejected|(?:is|are"
    r"|be) required"
    r"|(?:is|are|was|were) missing|not (?:be|been|found|match|allowed|valid|supported|provided|set"
    r"|enough|empty"
    r"|permitted|accepted)|must (?:be|contain|have|match|not|include|consist|start|end)|be (?:at|blank"
    r"|null|empty)"
    r"|too (?:short|long|weak|common|simple|large|small|many)|(?:is|are|was|has|have) (?:already|been)"
    r"|failed to"
    r"|does ?n[o']t match|should (?:be|have|contain)|please (?:enter|provide|use|choose|try))\b",
    re.IGNORECASE,
)

_LONGEST_SENTENCE = 400

# What a schema, a query, a form or a template says under the name of a field, in lower case.
_NO_VALUE = late(
    r"(?:text|string|n?varchar2?|nchar|clob|citext|keyword|asc|desc|ascending|descending)(?:\[\]|[!?,;]){0,3}"
    r"|(?:n?varchar2?|n?char|text|string|character varying) ?\([0-9a-z, ]{1,12}\)(?: (?:not )?null)?"
    r"|(?:text|string|n?varchar2?|char) (?:\| )?(?:not )?(?:null|undefined)"
    r"|:[a-z_]{2,40}|(?:prop_?types|yup|joi|models|forms|serializers|datatypes|graphene|fields)\.[\w.()]{1,40}"
    r"|(?:required|nullable|sometimes|string|present|filled|bail)(?:\|[a-z_]{2,30}(?::[\w,.-]{1,60})?){1,12}"
    r"|\{{1,3} ?[\w.]{1,60} ?\}{1,3}|\$[a-z_][a-z0-9_.]{1,60}|%[a-z_]{2,60}%|#\{[\w.]{1,60}\}|<%=? .{1,60} %>"
)

_NUMBERED = late(r"[0-9]{1,5}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].{0,30})?")
"""What stands under `first` and `last` where they are no names."""

_REFERENCE = late(r"[\w.-]+(?:/[\w.-]+)*/(?![A-Z])[\w./-]+|(?![A-Z])[\w.-]+/[\w./-]+|[\w.#:]*::[\w.#:]*")
"""Where something is, and a name of code: `kubernetes/kubernetes`, `Accounting::Invoice#total`; and not
`LINDQVIST/TOBIAS`, as airlines have it."""

_NOBODY = frozenset("root admin administrator system anonymous guest nobody daemon bot test".split())

_LABELS = late(
    "(?:(?:form|field|input|column)[_-]?)?"
    "(?:labels?|i18n|l10n|placeholders?|translations?|tooltips?|captions?|locales?)",
    re.IGNORECASE,
)
"""Keys below which a field's name stands as it is shown."""
_LONGEST_LABEL = 60

_LONGEST_SAYING = 200
"""Characters of what is said of a field."""


def is_number(entity: str) -> bool:
    """Whether an entity is a number, or mostly one."""
    return entity in _FEWEST_DIGITS


def is_folder(value: str) -> bool:
    """Whether a value is the name of a folder, or of a file in one."""
    return bool(_FOLDER.fullmatch(value))


def is_open(value: str) -> bool:
    """Whether a value is the address of a database, without a credential."""
    return len(value) < _LONGEST_ADDRESS and _OPEN_ADDRESS.fullmatch(value) is not None


def is_of_a_cluster(value: str) -> bool:
    """Whether a value is what software calls a member of its cluster or group."""
    return bool(_MEMBER_OF_A_CLUSTER.fullmatch(value))


def _is_code(text: str) -> bool:
    """Whether a text is the name of a function, as `App.Method1`."""
    return "." in text and any(map(str.isdigit, text)) and len(text.split()) == 1


def _holds(value: str) -> bool:
    from cecil.sanitizer.detectors.secrets import noise

    return noise.holds(value)


def is_message(text: str) -> bool:
    """Whether a text says something of a secret, in words, and is none: `Invalid or expired token`."""
    return (
        len(text) <= _LONGEST_SENTENCE
        and " " in text
        and _TELLS.search(text) is not None
        and _SENTENCE.fullmatch(text) is not None
    )


def is_label(path: tuple[str, ...], value: str) -> bool:
    """Whether a text is what a form calls its field, `"labels": {"password": "Your password"}`, in whatever
    language: no more than letters that name the same."""
    if not any(_LABELS.fullmatch(key) for key in path[:-1]) or len(value) > _LONGEST_LABEL:
        return False
    bare = value.strip().rstrip(" :*.?!\u2026")
    if not bare or not all(one.isalpha() or one in " -'’" for one in bare):
        return False
    return keys.entity(bare) is not None and keys.entity(bare) == keys.entity(path[-1])


def complains(value: str) -> bool:
    """Whether a text is what a check of a form says of a field, under the field's name."""
    return bool(_COMPLAINT.fullmatch(value) or _WRONG.fullmatch(value))


@lru_cache(maxsize=4096)
def says_nothing(entity: str, value: str) -> bool:
    """Whether a text under a name that promises an entity says what stands there, and not it: a type, a
    template, what is wrong with it, or the name again: `last_name: "Last name"`."""
    if len(value) > _LONGEST_SAYING:
        return False
    if _NO_VALUE.fullmatch(value.lower()) or complains(value) or keys.DEFAULT.is_name(entity, value):
        return True
    return entity == "PERSON" and _REFERENCE.fullmatch(value) is not None


def can_be(entity: str, value: object) -> bool:
    """Whether a value can be what its key promises: `"phone": "verified"` is no telephone number."""
    text = str(value).strip().lower()
    if text in _NOTHING:
        return False
    if _TEMPLATE.fullmatch(text):
        return entity in keys.INHERITED and _holds(str(value).strip())
    if entity == "PERSON" and (
        text in _NOBODY or _NUMBERED.fullmatch(text.upper()) or _is_code(text) or _FILE.fullmatch(text)
    ):
        return False
    if entity in _COMPLAINED_OF and says_nothing(entity, str(value).strip()):
        return False
    if entity in keys.INHERITED and is_message(str(value).strip()):
        return False
    if entity == "BIOMETRIC" and _PICTURE.fullmatch(text):
        return False
    if entity == "LOCATION" and (_is_code(text) or not any(map(str.isalpha, text))):
        return False
    if entity == "US_ZIP_CODE" and len(text) < _SHORTEST_ZIP:
        return False
    if entity in _NO_FOLDER and is_folder(text):
        return False
    if entity == "MAC_ADDRESS":
        return _MAC.fullmatch(text) is not None and not is_no_device(text)
    if entity == "HEALTH_PLAN_NUMBER" and is_of_a_cluster(str(value)):
        return False
    if entity == "SECRET" and _PLACE_IN_A_LIST.fullmatch(text):
        return False
    if entity == "SECRET" and (
        text in NO_SECRETS or VERSION.fullmatch(text) or _PRODUCT.fullmatch(text) or is_open(text)
    ):
        return False  # `dsn=2.0.0` is what became of a mail, `"otp": "erlang/26.1"` a platform
    fewest = _FEWEST_DIGITS.get(entity, 0)
    return fewest == 0 or any(
        sum(map(str.isdigit, one)) >= fewest for one in (text, keys.from_base64(str(value).strip()))
    )


def is_extension(name: str, value: object) -> bool:
    """Whether a number is one within a house, `1001`, under a name that a switch for telephones gives it."""
    text = str(value).strip()
    return text.isdigit() and len(text) < _SHORTEST_NUMBER and _OF_A_SWITCH.search(name) is not None


def is_epoch(key: str, value: object) -> bool:
    """Whether a number is a time, 2000 to 2100 in seconds to nanoseconds, under a key that promises one.

    Ten digits are a telephone number otherwise.
    """
    if type(value) is not int and type(value) is not float:
        return False
    if not 946_684_800 <= value < 1e20:
        return False
    seconds = float(value)
    while seconds > 4_102_444_800:
        seconds /= 1000
    return seconds >= 946_684_800 and keys.is_time_key(key)
