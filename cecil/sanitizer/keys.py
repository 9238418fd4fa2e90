"""What the names of keys say about a value.

A key is read as words: `userPassword`, `X-Api-Key`, `db.connection_string` and `APIKey` are the words
user password, x api key, db connection string, api key. English puts the head of a compound last, so the
last words decide: `access_token` is a token, `token_type` is a type, `max_tokens` is a count. Words that
only say how a value is kept (`value`, `hash`, `header`, ...) are looked through. What a key leaves open,
the keys above it can say: `card.number`, `user.name`, `billing.address.line1`.

A name stands for each of its spellings (api-key: `api_key`, `apiKey`, `API KEY`, `apikey`), and accents do
not count (`contraseña`, `contrasena`). Digits are no words.

Owns: the vocabulary, and the triggers that find its names in a raw line. Refuses: to look at values, save
for the few that cannot be what a name promises (`can_be`), and to read lists of names and values
(`[{"name": "Cookie", "value": …}]`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cecil.sanitizer.detectors import Trigger

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

_LOOKED_THROUGH = frozenset(
    """value values hash hashed text string str plain plaintext raw encrypted base64 b64 header headers
    data field input current new old confirm confirmation encoded masked redacted""".split()
)

# Names by what they promise. A name is its words, joined by dashes.
_SAID = {
    "PASSWORD": """
        password passwords passwd passwds pwd pwds passphrase passcode pswd passwrd userpass user-pass db-pass
        database-pass auth-pass login-pass http-pass proxy-pass smtp-pass ftp-pass root-pass admin-pass
        mysql-pass pg-pass postgres-pass redis-pass my-pass mail-pass
        passwort kennwort contraseña mot-de-passe motdepasse mdp senha wachtwoord haslo lösenord parola
        пароль 密码 密碼 パスワード 비밀번호""",
    "SECRET": """
        secret secrets credential credentials creds authorization bearer jwt otp totp dsn cookie cookies
        setcookie token apikey apikeys accesstoken refreshtoken idtoken authtoken jsessionid phpsessid
        sessionid secretkey privatekey accesskey signingkey connectionstring clientsecret
        api-key secret-key private-key access-key signing-key encryption-key decryption-key master-key
        account-key shared-key ssh-key session-key client-key auth-key license-key licence-key
        subscription-key storage-key functions-key deploy-key write-key
        application-key consumer-key integration-key ingestion-key webhook-key instrumentation-key
        hmac-key aes-key rsa-key pgp-key gpg-key tls-key ssl-key private-key-pem
        api-keys secret-keys private-keys access-keys signing-keys encryption-keys
        access-tokens refresh-tokens auth-tokens api-tokens bearer-tokens id-tokens session-tokens
        security-code verification-code mfa-code otp-code auth-code authorization-code recovery-code
        recovery-codes backup-code backup-codes pin-code reset-code sms-code factor-code access-code
        login-code one-time-code card-pin user-pin account-pin sim-pin atm-pin pin-number
        connection-string connection-strings conn-string conn-str connection-uri database-url db-url
        redis-url mongo-uri mongodb-uri set-cookie seed-phrase recovery-phrase secret-phrase mnemonic-phrase
        proxy-authorization basic-auth http-auth proxy-auth registry-auth docker-auth x-auth
        amz-signature session-cookie auth-cookie""",
    "EMAIL_ADDRESS": """
        email emails mail mails e-mail e-mails email-address email-addresses mail-address email-id emailid
        courriel courriels correo correos correo-electrónico e-post epost adresse-mail mail-adresse
        email-adresse почта 邮箱 電子郵件 メールアドレス 이메일""",
    "PHONE_NUMBER": """
        phone phones telephone tel mobile msisdn fax faxes cellphone phone-number phone-numbers mobile-number
        mobile-no telephone-number telephone-no tel-no fax-number fax-no cell-number cell-no phone-no
        phone-num contact-number landline whatsapp whatsapp-number caller-id caller-number callee-number
        called-number calling-number sms-number from-number to-number
        telefon telefono teléfono telefone telefoon telefonnummer handynummer rufnummer mobilnummer celular
        móvil numero-telephone numéro-de-téléphone numero-telefono telefax телефон 手机号 手机 电话 電話番号
        전화번호""",
    "US_SSN": """
        ssn ssns social-security security-number socialsecurity ssn-last last-ssn""",
    "US_ITIN": "itin taxpayer-id taxpayer-number taxpayer-identification-number tax-id tax-number",
    "US_EIN": "fein ein-number employer-identification-number",
    "UK_NINO": "nino national-insurance-number",
    "UK_NHS": "nhs nhs-number nhs-no nhs-id",
    "ES_NIF": "dni nif documento-identidad",
    "IT_FISCAL_CODE": "codice-fiscale",
    "IN_AADHAAR": "aadhaar aadhar aadhaar-number aadhar-number aadhaar-no",
    "PL_PESEL": "pesel",
    "NATIONAL_ID": """
        national-id national-number national-identity national-identity-number national-identification-number
        identity-number identity-card id-card-number cpf curp bsn nir personnummer fødselsnummer cpr-number
        steuer-id steuernummer steueridentifikationsnummer sozialversicherungsnummer svnr ahv-nummer
        numero-sécurité-sociale 身份证 身份证号 マイナンバー 주민등록번호""",
    "PERSON": """
        firstname lastname surname fullname forename middlename maidenname givenname familyname
        first-name last-name full-name given-name family-name middle-name maiden-name sur-name birth-name
        patient-name customer-name employee-name contact-name cardholder-name holder-name recipient-name
        sender-name person-name member-name subscriber-name passenger-name guest-name student-name
        beneficiary-name applicant-name doctor-name physician-name guardian-name spouse-name payee-name
        payer-name insured-name author-name committer-name
        vorname nachname familienname nombre-completo apellido apellidos prenom prénom nom-de-famille cognome
        sobrenome achternaam voornaam фамилия имя 姓名 氏名""",
    "DATE_OF_BIRTH": """
        dob birthday birthdate birth-date of-birth birth-day birthdatetime dateofbirth born-on
        geburtsdatum geburtstag fecha-nacimiento fecha-de-nacimiento date-naissance date-de-naissance
        data-nascimento data-de-nascimento data-di-nascita geboortedatum födelsedatum 出生日期 生年月日""",
    "CREDIT_CARD": """
        cvv cvc cvn csc-code card-cvv card-cvc card-number card-no card-num card-numbers cc-number cc-num
        creditcard credit-card debit-card payment-card credit-cards card-pan pan-number
        primary-account-number card-verification card-security-code kartennummer kreditkarte tarjeta-credito
        numero-tarjeta numero-de-tarjeta carte-bancaire numéro-carte 卡号 银行卡号""",
    "IBAN_CODE": "iban ibans iban-code iban-number",
    "US_PASSPORT": """
        passport passports passport-number passport-no passport-num passport-id passnummer pasaporte
        passaporto passaporte passeport reisepass reisepassnummer numero-pasaporte numero-passeport""",
    "US_DRIVER_LICENSE": """
        license-number licence-number license-no licence-no driver-license driver-licence drivers-license
        drivers-licence driving-license driving-licence driverslicense dl-number dl-no führerschein
        führerscheinnummer permis-de-conduire licencia-conducir licencia-de-conducir patente-di-guida""",
    "US_BANK_NUMBER": """
        account-number account-no account-num acct-number acct-no acct-num bank-account bank-acct
        bank-account-number bank-number kontonummer numero-cuenta número-de-cuenta numero-compte
        numéro-de-compte rekeningnummer conto-corrente""",
    "ABA_ROUTING_NUMBER": "routing-number routing-no aba aba-number aba-routing routing-transit",
    "UK_SORT_CODE": "sort-code sortcode bank-sort-code",
    "CRYPTO": """
        wallet-address wallet-addr btc-address bitcoin-address eth-address ethereum-address crypto-address""",
    "MEDICAL_RECORD_NUMBER": """
        mrn mrns medical-record medical-record-number medical-record-no medical-record-id patient-id
        patient-ids patient-number patient-no patient-identifier patient-mrn chart-number hospital-number
        health-record-number""",
    "HEALTH_PLAN_NUMBER": """
        member-id member-number member-no subscriber-id subscriber-number subscriber-no policy-number
        policy-no policyholder-id insurance-number insurance-id insurance-policy health-plan-id plan-member-id
        beneficiary-id beneficiary-number medicaid-id medicaid-number enrollee-id""",
    "US_MBI": "mbi medicare-id medicare-number medicare-no medicare-beneficiary-id",
    "US_NPI": "npi npi-number provider-npi national-provider-identifier",
    "MEDICAL_LICENSE": "dea dea-number dea-no dea-registration medical-license medical-licence",
    "VIN": "vin vins vin-number vehicle-identification-number chassis-number fahrgestellnummer",
    "LICENSE_PLATE": """
        license-plate licence-plate number-plate plate-number registration-plate kennzeichen matricula
        plaque-immatriculation numberplate""",
    "IMEI": "imei imeis imeisv meid imei-number imsi iccid",
    "DEVICE_SERIAL": """
        device-serial device-serial-number equipment-serial equipment-serial-number hardware-serial
        pump-serial implant-serial serial-no udid idfa idfv gaid advertising-id android-id""",
    "BIOMETRIC": """
        biometric biometrics biometric-template fingerprint-template fingerprint-image fingerprint-scan
        face-embedding face-embeddings face-template face-encoding face-vector face-descriptor face-print
        faceprint voice-print voiceprint iris-scan iris-template iris-code retina-scan palm-print face-image
        profile-photo profile-picture profile-image photo photos photo-url headshot mugshot selfie
        passport-photo avatar-url""",
    "STREET_ADDRESS": """
        street-address home-address postal-address mailing-address billing-address shipping-address
        residential-address delivery-address residence-address permanent-address work-address
        correspondence-address patient-address customer-address street-line street-name street address-line
        addr-line address-lines dirección domicilio anschrift straße strasse indirizzo endereço 住所 地址""",
    "US_ZIP_CODE": """
        zip zip-code zipcode zip-plus postal-code postalcode postcode post-code plz postleitzahl code-postal
        codigo-postal código-postal""",
}

# In `next_token` the token is a place in a list, in `eos_token` a word of a vocabulary.
_HARMLESS = (
    *(
        f"{modifier}-token"
        for modifier in """next page continuation sync cursor pagination start stop eos bos pad unk special
        delta sample marker skip cls sep mask image audio text""".split()
    ),
    # What etcd's logs call its members, Windows and Kubernetes their things.
    *"""local-member-id remote-member-id cluster-member-id raft-member-id peer-member-id leader-member-id
    image-pull-secrets ua-mobile is-mobile voice-mail send-mail group-policy-id""".split(),
)

# What a key and the keys above it say together, and no key alone would: `user_name` is a login.
_PERSONS = """user patient customer employee person contact cardholder holder recipient sender member
subscriber passenger guest student beneficiary applicant doctor physician guardian spouse insured author
committer actor assignee reporter payee payer tenant borrower resident candidate traveler traveller""".split()

_BELOW: dict[str, list[str]] = {
    "PERSON": [f"{person}-{name}" for person in _PERSONS for name in ("name", "display-name", "real-name")],
    "STREET_ADDRESS": [f"{person}-address" for person in _PERSONS],
    "CREDIT_CARD": "card-security-code card-code creditcard-number".split(),
    "MEDICAL_RECORD_NUMBER": ["patient-record"],
    "HEALTH_PLAN_NUMBER": "insurance-policy insurance-group-number".split(),
    "ABA_ROUTING_NUMBER": "bank-routing account-routing".split(),
    "DEVICE_SERIAL": "device-serial equipment-serial implant-serial".split(),
    "SECRET": "auths-auth card-pin".split(),
    "PASSWORD": [
        f"{thing}-pass" for thing in "user database smtp ftp login auth http proxy redis mysql".split()
    ],
}

# Each token of a model's answer, beside its probability.
_HARMLESS_BELOW = "logprob-token logprob-content-token".split()

# Heads that go with a modifier only inside of one key: `storage: {key: ...}` is a path in a store.
_NOT_APART = frozenset("key keys name day code id url uri auth string str phrase last on".split())

_CONTAINERS = frozenset(
    """detail details info information attribute attributes property properties object payload body item items
    record meta metadata profile personal main primary secondary default full""".split()
)

_INHERITED = frozenset({"SECRET", "PASSWORD"})

_NOT_INHERITED_BY = frozenset(
    """type kind name id arn status state version count length limit size algorithm alg expires expiry
    expiration ttl created updated at in on scope scopes region provider issuer enabled required path url
    uri domain verified""".split()
)

_TIMES = frozenset(
    """time times timestamp timestamps ts date datetime at on created updated modified deleted started
    finished ended completed expires expiry expiration exp iat nbf epoch since until start end when last seen
    mtime ctime atime btime now eventtime starttime endtime createdat updatedat""".split()
)

_UNITS = frozenset(
    """ms us ns s sec secs second seconds milli millis millisecond milliseconds micro micros microseconds nano
    nanos nanoseconds unix utc gmt epoch local iso""".split()
)

_EPOCHS = frozenset("unix utc gmt epoch".split())

_NO_CONTEXT = frozenset({"account"})

# `"mobile": "?0"` is no telephone's number, `"cards": 3` is a count.
_FEWEST_DIGITS = {
    "PHONE_NUMBER": 4,
    "CREDIT_CARD": 3,
    "US_SSN": 4,
    "US_ITIN": 4,
    "US_EIN": 4,
    "UK_NHS": 4,
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
    "HEALTH_PLAN_NUMBER": 1,
}

_NOTHING = frozenset(
    """true false null none nil undefined required optional missing invalid empty unknown n/a na - -- ?
    present absent provided verified unverified yes no enabled disabled any default""".split()
)

_NOBODY = frozenset("root admin administrator system anonymous guest nobody daemon bot test".split())

# Words that need no beginning: in `userpassword` and 用户密码 nothing says where a word ends.
_ENDINGS = """password passwd passphrase passwort apikey secretkey accesstoken phonenumber emailaddress 密码
    手机号 身份证 电话 パスワード пароль""".split()

_LONGEST_NAME = 4
"""Words."""

_DEEPEST = 3
"""Keys of a path that are read together."""


# Letters that are not made of a letter and an accent.
_WHOLE_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
)


def _folded(key: str) -> str:
    """Without accents, and in the letters that full-width and other forms stand for."""
    if key.isascii():
        return key
    apart = unicodedata.normalize("NFKD", key.translate(_WHOLE_LETTERS))
    return "".join(character for character in apart if not unicodedata.combining(character))


@lru_cache(maxsize=4096)
def words(key: str) -> tuple[str, ...]:
    """The words of a key, in lower case."""
    return tuple(word.lower() for word in _WORDS.findall(_folded(key)))


@lru_cache(maxsize=4096)
def context(key: str) -> tuple[str, ...]:
    """The words of a key that count as standing near its value.

    Presidio takes any number near "account" for a bank's. In the keys of cloud logs an account is the
    customer's with the cloud; a bank's says `bank`, or `account_number`, which is a name of its own.
    """
    return tuple(word for word in words(key) if word not in _NO_CONTEXT)


class Vocabulary:
    """Names, and what they promise.

    Args:
        add: further names by entity: `{"UNIQUE_ID": ["staff-no"]}`.
        silence: names that promise nothing: `["session-key"]`.

    Attributes:
        entities: every entity that a name can promise.
    """

    def __init__(self, add: Mapping[str, Iterable[str]] | None = None, silence: Iterable[str] = ()) -> None:
        added = {entity: [*names] for entity, names in (add or {}).items()}
        self._names: dict[str, str | None] = {}
        self._below: dict[str, str | None] = {}
        for entity, line in _SAID.items():
            self._put(self._names, line.split(), entity)
        self._put(self._names, _HARMLESS, None)
        for entity, names in _BELOW.items():
            self._put(self._below, names, entity)
        self._put(self._below, _HARMLESS_BELOW, None)
        for entity, names in added.items():
            self._put(self._names, names, entity)
        self._put(self._names, silence, None)
        self._endings = tuple(name for ending in _ENDINGS if self._names.get(name := "".join(words(ending))))
        self.entities = frozenset(_SAID) | frozenset(_BELOW) | frozenset(added)
        self.entity: Callable[[str], str | None] = lru_cache(maxsize=4096)(self._entity)
        self.promise: Callable[[tuple[str, ...]], str | None] = lru_cache(maxsize=16384)(self._promise)

    @staticmethod
    def _put(table: dict[str, str | None], names: Iterable[str], entity: str | None) -> None:
        for name in names:
            parts = [word for word in words(name) if not word.isdigit()]
            # Written with dashes where its words are apart, and in one word.
            table["-".join(parts)] = entity
            table["".join(parts)] = entity

    def _entity(self, key: str) -> str | None:
        return self._read(key)[0]

    def _promise(self, path: tuple[str, ...]) -> str | None:
        found, settled = self._read(path[-1])
        if len(path) < 2 or (settled and found is None):
            return found
        own = _parts(path[-1])
        above = [_singular(word) for key in path[-_DEEPEST:-1] for word in _parts(key)]
        whole = [word for word in above if word not in _CONTAINERS] + own
        for length in range(min(len(whole), _LONGEST_NAME), len(own), -1):
            name = "-".join(whole[-length:])
            if name in self._below:
                return self._below[name]
            if not settled and own and own[-1] not in _NOT_APART and name in self._names:
                return self._names[name]
        return found

    def _read(self, key: str) -> tuple[str | None, bool]:
        """What a key promises by itself, and whether its name is known: a known one can be harmless."""
        parts = _parts(key, whole=True)
        while parts:
            for length in range(min(len(parts), _LONGEST_NAME), 0, -1):
                name = "-".join(parts[-length:])
                if name in self._names:
                    return self._names[name], True
            for ending in self._endings:
                if parts[-1].endswith(ending):
                    return self._names[ending], True
            if parts.pop() not in _LOOKED_THROUGH:
                break
        if key.isalpha() and key.lower() in self._names:  # `APIkey` has its hump elsewhere
            return self._names[key.lower()], True
        steps = tuple(step for step in key.split(".") if step)
        return (self._promise(steps) if len(steps) > 1 else None), False

    def triggers(self) -> "tuple[Trigger, ...]":
        """What Hyperscan looks for: one matches in every line with a key that promises something.

        A line is JSON, or text in which a name stands before `:` or `=`.
        """
        from cecil.sanitizer.detectors import Trigger

        said = sorted(name for name, entity in self._names.items() if entity and name.isascii())
        apart = {name.replace("-", "") for name in said if "-" in name}
        names = [name for name in said if name not in apart]
        together = [name for name in names if "-" in name and name.rpartition("-")[2] not in _NOT_APART]
        together += sorted(name for name, entity in self._below.items() if entity)
        return (
            Trigger(_OTHER_LETTERS),
            *(Trigger(regex) for regex in _by_head(names, _NEAR)),
            *(Trigger(regex) for regex in _by_head(together, _APART)),
            *(Trigger(f"(?i:{ending}){_TAIL}") for ending in self._endings if ending.isascii()),
            Trigger(f"{_FRONT}(?i:addr(?:ess)?){_NO_LETTER}[0-9]{_TAIL}"),
        )


def _parts(key: str, *, whole: bool = False) -> list[str]:
    """The words of a key that count; without those at its end that are looked through, unless `whole`."""
    found = words(key)
    if len(found) == 2 and found[0] in ("address", "addr") and found[1].isdigit():
        return ["address", "line"]
    parts = [word for word in found if not word.isdigit()]
    while parts and not whole and parts[-1] in _LOOKED_THROUGH:
        parts.pop()
    return parts


def _singular(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


# Between the words of a name stands anything that is no letter; between those of a path also what only says
# how something is kept, and what else is in the object.
_NO_LETTER = r"[^A-Za-z\n]*"
_FRONT = r"(?:\b|[0-9_])"
_TAIL = rf"(?:{_NO_LETTER}(?i:{'|'.join(sorted(_LOOKED_THROUGH))}))*{_NO_LETTER}[:=]"
_NEAR = _NO_LETTER
_APART = (
    rf"(?i:s|es)?(?:{_NO_LETTER}(?i:{'|'.join(sorted(_LOOKED_THROUGH | _CONTAINERS))}))*{_NO_LETTER}"
    r"(?:[{\[][^\n]*)?"
)

_OTHER_LETTERS = r"[\x80-\xff][^\n\":=]*[\"'\\ ]*[:=]"
"""A letter beyond ASCII in what may be a name."""


def _by_head(names: Iterable[str], between: str) -> Iterator[str]:
    """Expressions for names, one for each last word."""
    heads: dict[str, list[str]] = {}
    for name in names:
        *modifiers, head = name.split("-")
        heads.setdefault(head, []).append("".join(_word(word) + between for word in modifiers))
    for head, before in heads.items():
        modified = f"(?:{'|'.join(before)})" if any(before) else ""
        yield modified + _word(head) + _TAIL


def _word(word: str) -> str:
    """A word at its beginning: behind what is no letter, or with a hump."""
    return f"(?:{_FRONT}(?i:{word[0]})|[A-Za-z]{word[0].upper()})(?i:{word[1:]})"


_DEFAULT = Vocabulary()

ENTITIES = _DEFAULT.entities
"""Every entity that a key can name."""


def entity(key: str) -> str | None:
    """The entity that a key's name promises; None when it promises nothing sensitive."""
    return _DEFAULT.entity(key)


def promise(path: tuple[str, ...]) -> str | None:
    """The entity that a key promises together with those above it.

    Args:
        path: keys from the outside in, without places in lists; no more than the last three count.
    """
    return _DEFAULT.promise(path)


@lru_cache(maxsize=1)
def triggers() -> "tuple[Trigger, ...]":
    """See `Vocabulary.triggers`."""
    return _DEFAULT.triggers()


def can_be(entity: str, value: object) -> bool:
    """Whether a value can be what its key promises: `"phone": "verified"` is no telephone number."""
    text = str(value).strip().lower()
    if text in _NOTHING or (entity == "PERSON" and text in _NOBODY):
        return False
    fewest = _FEWEST_DIGITS.get(entity, 0)
    return fewest == 0 or sum(map(str.isdigit, text)) >= fewest


@lru_cache(maxsize=4096)
def is_time_key(key: str) -> bool:
    """Whether a key promises a time: `created`, `startTimeUnixNano`, `updated_at_ms`."""
    parts = list(words(key))
    while len(parts) > 1 and parts[-1] in _UNITS:
        parts.pop()
    return bool(parts) and (parts[-1] in _TIMES or parts[-1] in _EPOCHS)


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
    return seconds >= 946_684_800 and is_time_key(key)


def inherited(parent: str | None, key: str) -> str | None:
    """The entity of a member of an object that stands under a key of entity `parent`.

    What is in a `credentials` object is a credential, save members that only describe it.
    """
    if parent not in _INHERITED:
        return None
    parts = words(key)
    return None if parts and parts[-1] in _NOT_INHERITED_BY else parent
