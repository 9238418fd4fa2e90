"""What a key's name says about its value.

A key is read as words: `userPassword`, `X-Api-Key`, `db.connection_string` and `APIKey` are the words
user password, x api key, db connection string, api key. English puts the head of a compound last, so
the last word decides: `access_token` is a token, `token_type` is a type, `max_tokens` is a count.
Words that only say how a value is kept (`value`, `hash`, `header`, ...) are looked through.
"""

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

_LOOKED_THROUGH = frozenset(
    """value values hash hashed text string str plain plaintext raw encrypted base64 b64 header headers
    data field input current new old confirm confirmation encoded""".split()
)

# Heads, and pairs of modifier and head, by what they promise.
_SAID = {
    "PASSWORD": """
        password passwords passwd pwd passphrase passcode pswd user-pass db-pass smtp-pass ftp-pass root-pass
        admin-pass mysql-pass pg-pass postgres-pass redis-pass my-pass""",
    "SECRET": """
        secret secrets credential credentials creds authorization bearer jwt otp totp dsn cookie cookies
        setcookie token apikey apikeys accesstoken refreshtoken idtoken authtoken jsessionid phpsessid
        sessionid secretkey privatekey accesskey signingkey connectionstring clientsecret
        api-key secret-key private-key access-key signing-key encryption-key master-key account-key
        shared-key ssh-key session-key client-key auth-key license-key subscription-key storage-key
        hmac-key aes-key api-keys secret-keys private-keys access-keys signing-keys encryption-keys
        access-tokens refresh-tokens auth-tokens api-tokens bearer-tokens id-tokens session-tokens
        security-code verification-code mfa-code otp-code auth-code recovery-code pin-code
        card-pin user-pin account-pin sim-pin connection-string set-cookie""",
    "EMAIL_ADDRESS": "email emails mail e-mail email-address mail-address",
    "PHONE_NUMBER": """
        phone phones telephone mobile msisdn fax cellphone phone-number mobile-number telephone-number
        fax-number cell-number phone-no""",
    "US_SSN": "ssn itin security-number",
    "PERSON": """
        firstname lastname surname fullname forename first-name last-name full-name given-name family-name
        middle-name maiden-name sur-name patient-name customer-name employee-name contact-name
        cardholder-name holder-name recipient-name sender-name""",
    "DATE_OF_BIRTH": "dob birthday birthdate birth-date of-birth birth-day",
    "CREDIT_CARD": "cvv cvc cvv2 cvc2 card-number cc-number",
    "IBAN_CODE": "iban",
    "US_PASSPORT": "passport passport-number",
    "US_DRIVER_LICENSE": "license-number licence-number",
    "US_BANK_NUMBER": "account-number",
    "MEDICAL_RECORD_NUMBER": "mrn record-number",
    "STREET_ADDRESS": """
        street-address home-address postal-address mailing-address billing-address shipping-address
        residential-address street-line""",
}

_BY_NAME = {name: entity for entity, names in _SAID.items() for name in names.split()}

# In `next_token` the token is a place in a list, in `eos_token` a word of a vocabulary.
_NO_SECRET = frozenset(
    f"{modifier}-token"
    for modifier in """next page continuation sync cursor pagination start stop eos bos pad unk special delta
    sample marker""".split()
)

ENTITIES = frozenset(_SAID)
"""Every entity that a key can name."""

_INHERITED = frozenset({"SECRET", "PASSWORD"})

_NOT_INHERITED_BY = frozenset(
    """type kind name id arn status state version count length limit size algorithm alg expires expiry
    expiration ttl created updated at in on scope scopes region provider issuer enabled required path url
    uri domain verified""".split()
)

_TIMES = frozenset(
    """time times timestamp ts date datetime at on created updated modified deleted started finished ended
    completed expires expiry expiration exp iat nbf epoch since until start end when last seen""".split()
)

_NO_CONTEXT = frozenset({"account"})


@lru_cache(maxsize=4096)
def words(key: str) -> tuple[str, ...]:
    """The words of a key, in lower case."""
    return tuple(word.lower() for word in _WORDS.findall(key))


@lru_cache(maxsize=4096)
def context(key: str) -> tuple[str, ...]:
    """The words of a key that count as standing near its value.

    Presidio takes any number near "account" for a bank's. In the keys of cloud logs an account is the
    customer's with the cloud; a bank's says `bank`, or `account_number`, which is a name of its own.
    """
    return tuple(word for word in words(key) if word not in _NO_CONTEXT)


@lru_cache(maxsize=4096)
def entity(key: str) -> str | None:
    """The entity that a key's name promises; None when it promises nothing sensitive."""
    parts = [word for word in words(key) if not word.isdigit()]
    while parts:
        pair = "-".join(parts[-2:])
        if pair in _NO_SECRET:
            return None
        found = _BY_NAME.get(pair) or _BY_NAME.get(parts[-1])
        if found or parts.pop() not in _LOOKED_THROUGH:
            return found
    return None


def is_epoch(key: str, value: object) -> bool:
    """Whether a number is a time, 2000 to 2100 in seconds to nanoseconds, under a key that promises one.

    Ten digits are a telephone number otherwise.
    """
    if type(value) is not int and type(value) is not float:
        return False
    seconds = float(value)
    while seconds > 4_102_444_800:
        seconds /= 1000
    return seconds >= 946_684_800 and not _TIMES.isdisjoint(words(key)[-1:])


def inherited(parent: str | None, key: str) -> str | None:
    """The entity of a member of an object that stands under a key of entity `parent`.

    What is in a `credentials` object is a credential, save members that only describe it.
    """
    if parent not in _INHERITED:
        return None
    parts = words(key)
    return None if parts and parts[-1] in _NOT_INHERITED_BY else parent
