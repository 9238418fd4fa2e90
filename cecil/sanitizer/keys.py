"""What the names of keys say about a value.

A key is read as words: `userPassword`, `X-Api-Key`, `db.connection_string` and `APIKey` are the words
user password, x api key, db connection string, api key. English puts the head of a compound last, so the
last words decide: `access_token` is a token, `token_type` is a type, `max_tokens` is a count. Words that
only say how a value is kept (`value`, `hash`, `header`, ...) are looked through. What a key leaves open,
the keys above it can say: `card.number`, `user.name`, `billing.address.line1`.

A name stands for each of its spellings (api-key: `api_key`, `apiKey`, `API KEY`, `apikey`), and accents do
not count (`contraseña`, `contrasena`). Digits are no words.

Owns: the vocabulary, and the triggers that find its names in a raw line. Refuses: to look at values, save
for the form and the check digit that a name of a national number wants (what else a value can be is in
`promises`), and to read lists of names and values (`[{"name": "Cookie", "value": …}]`).
"""

import base64
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cecil.sanitizer.detectors import dicom, national
from cecil.sanitizer.late import late
from cecil.sanitizer.normal import plain

if TYPE_CHECKING:
    from cecil.sanitizer.detectors import Trigger

_WORDS = late(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")

_LOOKED_THROUGH = frozenset(
    """value values hash hashed text string str plain plaintext raw encrypted base64 b64 header headers
    data field input current new old confirm confirmation encoded masked redacted""".split()
)

# Where a credential is used: `API_KEY_PROD`, `TOKEN_GITHUB`; and whether a form has it a second time, or
# anew: `password_repeat`, `senhaAtual`. Only behind names of such they say nothing.
_USED_IN = frozenset(
    """prod production stage staging stg dev live sandbox uat qa preprod clear cleartext hex v primary
    secondary github gitlab aws gcp azure slack npm docker stripe openai
    repeat again retype wiederholen wiederholung bestatigung bestaetigung neu herhalen nieuw utente nuova
    conferma nueva actual confirmacion nova atual confirmacao nouveau ponownie nowe""".split()
)

# What stands under such a key is what the key above says: `cvv: {"value": 123}`.
# So do those that say what was changed, `last_name: {"from": …, "to": …}`, and the words and operators of a
# search: `dob: {"$gte": {"$date": …}}`, `last_name: {"query": "Lee"}`.
_HOLDING = frozenset(
    """value values raw plaintext current old new from to before after previous prev eq ne neq gt gte lt
    lte nin equals contains icontains iexact like ilike query""".split()
)
_HOLDING_AS_WRITTEN = frozenset("$in $all $regex $date".split())

# Names by what they promise. A name is its words, joined by dashes.
_SAID = {
    "PASSWORD": """
        password passwords passwd passwds pwd pwds passphrase passcode pswd passwrd userpass user-pass db-pass
        database-pass auth-pass login-pass http-pass proxy-pass smtp-pass ftp-pass root-pass admin-pass
        mysql-pass become-pass sudo-pass ssh-pass pg-pass postgres-pass redis-pass my-pass mail-pass
        old-pass new-pass current-pass confirm-pass
        pass-phrase pass-word admin-pw user-pw db-pw root-pw login-pw
        passwort kennwort contraseña mot-de-passe motdepasse mdp senha wachtwoord haslo lösenord parola
        passord adgangskode salasana heslo geslo lozinka jelszó şifre kata-sandi mật-khẩu clave clave-acceso
        clave-de-acceso contrasenya palavra-passe
        пароль 密码 密碼 パスワード 비밀번호""",
    "SECRET": """
        secret secrets credential credentials creds authorization bearer jwt otp totp dsn cookie cookies
        setcookie token apikey apikeys accesstoken refreshtoken idtoken authtoken identitytoken jsessionid
        unseal-key unseal-keys phpsessid usertoken bottoken sessiontoken csrfmiddlewaretoken
        secretkey privatekey accesskey signingkey connectionstring clientsecret
        api-key secret-key private-key access-key signing-key encryption-key decryption-key master-key
        account-key shared-key ssh-key session-key client-key auth-key license-key licence-key
        subscription-key storage-key functions-key deploy-key write-key
        application-key consumer-key integration-key ingestion-key webhook-key instrumentation-key
        psk wpa-psk pre-shared-key preshared-key security-answer security-answers secret-answer
        secret-key-base hmac-key aes-key rsa-key pgp-key gpg-key tls-key ssl-key private-key-pem
        api-keys secret-keys private-keys access-keys signing-keys encryption-keys
        access-tokens refresh-tokens auth-tokens api-tokens bearer-tokens id-tokens session-tokens
        security-code verification-code mfa-code otp-code auth-code authorization-code recovery-code
        recovery-codes backup-code backup-codes pin-code reset-code sms-code factor-code access-code
        login-code one-time-code fa-code totp-code oauth-verifier card-pin user-pin account-pin sim-pin
        door-code gate-code setup-code atm-pin pin-number garage-pin garage-code alarm-pin door-pin lock-pin
        room-pin key-pin
        connection-string connection-strings conn-string conn-str connection-uri database-url db-url
        redis-url mongo-uri mongodb-uri set-cookie pin-block
        seed-phrase seed-words wallet-mnemonic recovery-phrase secret-phrase mnemonic-phrase
        proxy-authorization basic-auth http-auth proxy-auth registry-auth docker-auth x-auth
        cavv amz-signature session-cookie auth-cookie key-material client-assertion saml-response
        saml-assertion oauth-signature hmac-signature code-verifier id-token-hint bip-mnemonic seed-mnemonic
        mnemonic-words
        asp-net-session-id asp-net-sessionid aspxauth connect-sid laravel-session csrftoken xsrf-token
        recovery-key recovery-keys escrowed-key escrow-key
        activation-code stripe-key sendgrid-key openai-key twilio-key mailgun-key puk puk-code sim-puk""",
    "EMAIL_ADDRESS": """
        email emails mail mails e-mail e-mails email-address email-addresses mail-address email-id emailid
        courriel courriels correo correos correo-electrónico e-post epost adresse-mail mail-adresse
        email-adresse почта 邮箱 電子郵件 メールアドレス 이메일""",
    "PHONE_NUMBER": """
        phone phones telephone tel mobile msisdn fax faxes cellphone phone-number phone-numbers mobile-number
        mobile-no telephone-number telephone-no tel-no telecom fax-number fax-no cell-number cell-no phone-no
        phone-num contact-number landline whatsapp whatsapp-number caller-number callee-number
        caller-id-number callee-id-number caller-id-num connected-line-num connected-line-number
        destination-number ani sip-from-user sip-to-user cdr-src cdr-dst
        wa-id source-addr destination-addr subscription-id-data
        called-number calling-number sms-number from-number to-number phne-nb mob-nb mob mob-no mob-num
        mob-number contact-no contact-num contact-tel cell-ph home-ph work-ph mob-ph contact-ph guardian-ph
        cust-ph sms-to calling-party called-party whatsapp-no recipient-number sender-number dialed-number
        telefon telefono teléfono telefone telefoon telefonnummer handynummer rufnummer mobilnummer celular
        móvil numero-telephone numéro-de-téléphone numero-telefono telefax телефон 手机号 手机 电话 電話番号
        전화번호 mobilephone handy handynr mobilnr mobiltelefon tlf telefonnr
        telefon-privat telefon-mobil telefon-geschäftlich telefoonnummer mobiel puhelin puhelinnumero
        matkapuhelin cellulare numero-cellulare telefono-cellulare recapito recapito-telefonico telefono-fijo
        telefono-casa telefone-fixo telefone-residencial téléphone-portable téléphone-fixe numéro-portable
        numer-telefonu telefon-komórkowy telefon-no cep-telefonu telefonszám mobilszám số-điện-thoại
        điện-thoại no-hp nomor-hp no-telepon nomor-telepon telepon
        手机号码 电话号码 电话号 電話 携帯 携帯番号 携帯電話番号 휴대폰 휴대폰번호 휴대전화 전화""",
    "US_SSN": """
        ssn ssns social-security security-number socialsecurity ssn-last last-ssn""",
    "US_ITIN": "itin taxpayer-id taxpayer-number taxpayer-identification-number tax-id tax-number tax-no",
    "US_EIN": "ein fein ein-number employer-identification-number",
    "UK_NINO": "nino ni-number national-insurance national-insurance-number national-insurance-no",
    "UK_NHS": "nhs nhs-number nhs-no nhs-id",
    "ES_NIF": "dni nif documento-identidad",
    "IT_FISCAL_CODE": "codice-fiscale",
    "IN_AADHAAR": "aadhaar aadhar aadhaar-number aadhar-number aadhaar-no",
    "PL_PESEL": "pesel",
    "NATIONAL_ID": """
        national-id national-number national-identity national-identity-number national-identification-number
        identity-number identity-no identity-card id-card-number id-card-no citizen-id citizen-number cpf curp
        bsn nir num-secu nric cnic hkid emirates-id voter-id cédula ktp nik bvn tfn social-insurance-number
        social-insurance-no id-card national-id-number identity-document identity-document-number
        id-document-number residence-permit residence-permit-no visa-number visa-no alien-number military-id
        pension-number edipi dod-id personnummer fødselsnummer cpr-number
        steuer-id steuernummer steueridentifikationsnummer sozialversicherungsnummer svnr ahv-nummer
        numero-sécurité-sociale 身份证 身份证号 マイナンバー 주민등록번호
        cpf-cliente cpf-do-cliente cpf-titular cpf-paciente cpf-responsavel cccd ausweisnummer ausweisnr
        personalausweis personalausweisnummer cpr-nr cprnr cpr-nummer personnr fødselsnr steuernr nss rg
        snils iqama dowod nr-dowodu numer-dowodu nr-dowodu-osobistego dowód-osobisty seria-i-numer-dowodu
        npwp numero-documento снилс""",
    "PERSON": """
        firstname lastname surname fullname forename middlename maidenname givenname familyname
        fname lname mname first-nm frst-nm mid-nm last-nm
        cust-name cust-nm emp-name emp-nm rcpt-name buyer-nm real-name preferred-name
        account-holder card-holder policyholder-name name-on-card name-on-account
        borrower-name consignee-name father-name mother-name nominee-name next-of-kin-name
        billing-name registrant-name representative-name resident-name rider-name visitor-name taxpayer-name
        voter-name nurse-name signatory-name pax-name given-names family-names former-name
        contact-person referring-physician
        first-name last-name full-name given-name family-name middle-name maiden-name sur-name birth-name
        ship-to-name bill-to-name sold-to-name deliver-to-name consignee consignor
        patient-name customer-name employee-name contact-name cardholder-name holder-name recipient-name
        sender-name person-name member-name subscriber-name passenger-name guest-name student-name
        beneficiary-name applicant-name doctor-name physician-name guardian-name spouse-name payee-name
        payer-name insured-name author-name committer-name shopper-name buyer-name debtor-name attendee-name
        claimant-name traveller-name traveler-name user-display-name next-of-kin kontoinhaber
        nachn vorna name-first name-last pat-name pat-first pat-last patient-first patient-last
        vorname nachname familienname nombre-completo apellido apellidos prenom prénom nom-de-famille cognome
        sobrenome achternaam voornaam imię nazwisko förnamn efternamn fornavn etternavn etunimi sukunimi
        keresztnév vezetéknév prenume prezime příjmení rufname geburtsname nom-famille nom-naissance
        apellido-paterno apellido-materno othernames surnames last-names first-names lastnames firstnames
        efternavn voorletters roepnaam nom-usage nom-d-usage nom-de-jeune-fille nom-jeune-fille nom-complet
        nom-prénom nom-et-prénom prénom-nom primer-nombre segundo-nombre nombre-titular titular-cuenta
        titular-tarjeta nome-completo nome-mãe nome-da-mãe nome-pai nome-do-pai nome-social nome-titular
        nome-cognome intestatario intestatario-conto rekeninghouder karteninhaber ansprechpartner
        nazwisko-panieńskie nazwisko-rodowe imię-nazwisko soyad soyadı họ-tên họ-và-tên nama-lengkap
        nama-depan nama-belakang
        фамилия имя отчество фио 收货人 收件人 寄件人 联系人
        受取人 받는사람 받는분 수령인 예금주 姓名 氏名 お名前 ご氏名 姓 フリガナ ふりがな 성명""",
    "DATE_OF_BIRTH": """
        dob birthday birthdate birth-date of-birth birth-day birthdatetime dateofbirth born-on
        geburtsdatum geburtstag fecha-nacimiento fecha-de-nacimiento date-naissance date-de-naissance
        data-nascimento data-de-nascimento data-di-nascita geboortedatum födelsedatum 出生日期 生年月日
        birth-dt bday bdate born date-birth dob-date dob-dt dt-nasc gbdat dob-day dob-month dob-year
        birth-month birth-year data-urodzenia fødselsdato født geboren datum-narození doğum-tarihi fecha-nac
        fec-nac дата-рождения 생년월일
        geb-datum geb-dat gebdatum fødselsdag födelsedag data-nascita fecha-nto f-nac f-nacimiento data-nasc
        dt-nascimento syntymäaika születési-dátum születési-idő datum-rođenja datum-rojstva tanggal-lahir
        ngày-sinh 出生年月 生日 誕生日 생일""",
    "CREDIT_CARD": """
        card-number card-no card-num card-numbers cc-number cc-num
        creditcard credit-card debit-card payment-card credit-cards card-pan pan-number pan-no
        primary-account-number kartennummer kreditkarte tarjeta-credito
        numero-tarjeta numero-de-tarjeta carte-bancaire numéro-carte 卡号 银行卡号""",
    "CARD_SECURITY_CODE": """
        cvv cvc cvn csc-code card-cvv card-cvc card-verification card-verification-code
        card-verification-value card-verification-number card-security-code verification-value cvv-code
        cvc-code cvv-number csc""",
    "CARD_TRACK": """
        card-track card-tracks track-data card-track-data track-equivalent-data magstripe magstripe-data
        magnetic-stripe magnetic-stripe-data""",
    "IBAN_CODE": "iban ibans iban-code iban-number",
    "US_PASSPORT": """
        passport passports passport-number passport-no passport-num passport-id ppt-no ppt-number passnummer
        pasaporte
        passaporto passaporte passeport reisepass reisepassnummer numero-pasaporte numero-passeport paspoort
        paspoortnummer reisepassnr паспорт 护照号 护照号码 パスポート番号 여권번호""",
    "US_DRIVER_LICENSE": """
        license-number licence-number license-no licence-no driver-license driver-licence drivers-license
        drivers-licence driving-license driving-licence driverslicense dl-number dl-no führerschein
        führerscheinnummer fuehrerscheinnummer permis-de-conduire permis-conduire
        licencia-conducir licencia-de-conducir patente-di-guida""",
    "US_BANK_NUMBER": """
        account-number account-no account-num acct-number acct-no acct-num bank-account bank-acct
        bank-account-number bank-number kontonummer numero-cuenta número-de-cuenta numero-compte
        numéro-de-compte rekeningnummer conto-corrente bankn clabe beneficiary-account payee-account
        pix-key chave-pix
        payer-account bank-acc checking-account savings-account deposit-account debtor-account
        creditor-account bban cbu cvu nuban loan-number loan-no loan-account kontonr bankkonto nr-rachunku
        numer-rachunku číslo-účtu""",
    "ABA_ROUTING_NUMBER": """
        routing-number routing-no aba aba-number aba-routing routing-transit wire-routing ach-routing
        routing-transit-number""",
    "UK_SORT_CODE": "sort-code sortcode bank-sort-code bsb bsb-code bsb-number",
    "CRYPTO": """
        wallet-address wallet-addr btc-address bitcoin-address eth-address ethereum-address crypto-address""",
    "MEDICAL_RECORD_NUMBER": """
        mrn mrns medical-record medical-record-number medical-record-no medical-record-id patient-id
        patient-ids patient-number patient-no patient-identifier patient-mrn chart-number
        hospital-number pat-id pat-no pat-num pat-number mrn-id csn-id hadm-id
        health-record-number""",
    "HEALTH_PLAN_NUMBER": """
        member-id member-number member-no subscriber-id subscriber-number subscriber-no policy-number
        policy-no policyholder-id insurance-number insurance-id insurance-policy health-plan-id plan-member-id
        beneficiary-id beneficiary-number medicaid-id medicaid-number enrollee-id health-card health-card-no
        health-card-number krankenversichertennummer krankenversicherungsnummer krankenversichertennr
        versichertennummer versichertennr versicherungsnummer
        versicherungsscheinnummer policennummer kvnr hcn insurance-no cardholder-id hicn
        hic-number hic-no ohip prior-auth prior-auth-no prior-auth-number prior-authorization
        prior-authorization-number""",
    "US_MBI": "mbi medicare-id medicare-number medicare-no medicare-beneficiary-id",
    "US_NPI": "npi npi-number provider-npi national-provider-identifier",
    "MEDICAL_LICENSE": "dea dea-number dea-no dea-registration medical-license medical-licence",
    "VIN": "vin vins vin-number vehicle-identification-number chassis-number fahrgestellnummer",
    "LICENSE_PLATE": """
        license-plate licence-plate kenteken number-plate plate-number plate-no vehicle-plate car-plate
        registration-plate vehicle-registration vehicle-registration-number vehicle-reg vehicle-reg-no
        car-reg kennzeichen matricula
        plaque-immatriculation numberplate plate immatriculation""",
    "IMEI": "imei imeis imeisv meid imei-number imsi iccid eid",
    "DEVICE_SERIAL": """
        device-serial device-serial-number equipment-serial equipment-serial-number hardware-serial
        pump-serial implant-serial serial-no udid idfa idfv gaid advertising-id android-id device-sn
        gps-adid aaid oaid advertising-identifier identifier-for-vendor crash-reporter-key""",
    "MAC_ADDRESS": """
        mac-address mac-addr wifi-mac wlan-mac bluetooth-mac ethernet-mac device-mac client-mac station-mac
        src-mac dst-mac wifi-mac-address bt-mac mac bssid hwaddr chaddr calling-station-id""",
    "UNIQUE_ID": """
        id-tag emaid contract-id
        pnr pnr-number record-locator loyalty-number loyalty-no frequent-flyer frequent-flyer-number
        frequent-flyer-no ff-number ff-no pernr birth-certificate-no
        birth-certificate-number birth-cert-no birth-cert-number booking-reference booking-ref
        kundennummer kunden-nummer kundennr kunden-nr personalnummer personal-nr employee-number employee-no
        emp-number emp-no
        known-traveler-number known-traveller-number redress-number ticket-number student-id student-number
        student-no claim-number claim-no booking-number inmate-number inmate-id sis-user-id
        person-sourcedid""",
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
        street-addr home-addr postal-addr mailing-addr billing-addr shipping-addr delivery-addr work-addr
        residence-addr customer-addr cust-addr patient-addr rcpt-addr bill-to-address bill-to-addr
        ship-to-address ship-to-addr
        addr-line address-lines strt-nm bldg-nb stras
        dirección domicilio anschrift straße strasse indirizzo endereço 住所 地址 house-number house-no
        hausnummer huisnummer ulica ulice utca straat straatnaam logradouro katuosoite alamat
        adres-zamieszkania lieferadresse rechnungsadresse gatuadress adresse adres adress 주소
        收货地址 收件地址 详细地址 家庭住址 住址 お届け先 届け先住所 配送先 배송지 배송주소 집주소""",
    "LOCATION": """
        city cities town suburb municipality city-of-birth address-locality localidad localidade hometown
        home-town birthplace birth-place place-of-birth birth-city city-name town-name
        stadt wohnort geburtsort ciudad lugar-nacimiento lugar-de-nacimiento ville lieu-naissance
        lieu-de-naissance città luogo-di-nascita cidade woonplaats geboorteplaats miasto город 城市 twn-nm
        luogo-nascita comune-nascita comune-di-nascita comune-residenza bairro miejscowość localitate poststed
        postort kaupunki postitoimipaikka şehir ilçe település""",
    "US_ZIP_CODE": """
        zip zip-code zipcode zip-plus postal postal-code postalcode postcode post-code plz postleitzahl
        code-postal codigo-postal código-postal cep pst-cd pstlz kod-pocztowy postnummer postnr psc
        postinumero irányítószám posta-kodu kode-pos 郵便番号 우편번호 邮编 邮政编码""",
}

# What a text says before a national number is a name too, save what machines call something else.
_OF_MACHINES = frozenset("pk run uid rc pps ik ni spi cf iva tva btw moms".split()) | {"sa id"}
_NATIONAL: dict[str, list[national.Number]] = {}
for _number in national.NUMBERS:
    for _phrase in _number.words.split(", "):
        if _phrase not in _OF_MACHINES:
            _NATIONAL.setdefault(_phrase.replace(" ", "-"), []).append(_number)

# In `next_token` the token is a place in a list, in `eos_token` a word of a vocabulary.
_HARMLESS = (
    *(
        f"{modifier}-token"
        for modifier in """next page continuation sync cursor pagination start stop eos bos pad unk special
        delta sample marker skip cls sep mask image audio text piece""".split()
    ),
    # What etcd's logs call its members, Windows and Kubernetes their things; a token that says which step of
    # a scaling it is, and one against a cache.
    *"""client-request-token idempotency-token catalog-member-id
    local-member-id remote-member-id cluster-member-id raft-member-id peer-member-id leader-member-id
    lifecycle-action-token postman-token image-pull-secrets ua-mobile is-mobile voice-mail send-mail
    group-policy-id""".split(),
)

# What a key says below another, and not by itself: `user_name` is a login, and a `number` anything.
_PERSONS = """user patient customer employee person contact cardholder holder recipient sender member
subscriber passenger guest student beneficiary applicant doctor physician guardian insured author committer
actor shopper buyer debtor attendee claimant traveller traveler spouse nurse borrower""".split()

_TO_WHOM = "shipto billto soldto deliverto".split()
"""What lends its last two words to those below it: `{"shipTo": {"name": …}}`."""

_CALLS = [
    f"{way}-{end}"
    for way in "sms mms call voice".split()
    for end in "to from number recipient sender".split()
] + "cdr-src cdr-dst".split()

_BELOW: dict[str, list[str]] = {
    "PERSON": [
        f"{who}-{name}"
        for who in _PERSONS
        for name in "name display-name real-name first last given family".split()
    ]
    + [f"{whom}-name" for whom in (*_TO_WHOM, "consignee", "consignor")]
    + "name-family name-given name-first name-last name-middle passenger-first passenger-last".split(),
    "STREET_ADDRESS": [f"{who}-address" for who in _PERSONS]
    + "customer-addr contact-addr consignee-address consignee-addr shipper-address shipper-addr".split()
    + """billing-address shipping-address mailing-address home-address delivery-address postal-address
    address-line billing-line shipping-line""".split(),
    "EMAIL_ADDRESS": "email-to email-from mail-to mail-from".split(),
    "LOCATION": ["city-name", "town-name", "address-locality"],
    "CREDIT_CARD": "card-number card-no card-num creditcard-number payment-card".split(),
    "CARD_SECURITY_CODE": "card-security-code card-code card-verification".split(),
    "CARD_TRACK": ["card-track"],
    "PHONE_NUMBER": "contact-number phone-number fax-number mobile-number".split() + _CALLS,
    "US_BANK_NUMBER": "account-number account-no account-num bank-account bank-number".split()
    # Of Plaid and of Open Banking, where an account has its scheme and its identification.
    + [f"{scheme}-account" for scheme in "ach bac bacs eft wire sepa".split()]
    + ["account-identification"],
    "ABA_ROUTING_NUMBER": "bank-routing routing-number ach-routing eft-routing wire-routing".split(),
    "US_PASSPORT": "passport-number passport-no passport-id".split(),
    "US_DRIVER_LICENSE": """license-number licence-number license-no licence-no driver-license
        driver-licence""".split(),
    "DATE_OF_BIRTH": ["birth-date", "birth-day", "birth-month", "birth-year"],
    "UK_SORT_CODE": ["bank-sort"],
    "MEDICAL_RECORD_NUMBER": "patient-id patient-number patient-identifier patient-record".split(),
    "HEALTH_PLAN_NUMBER": """insurance-number insurance-id insurance-policy insurance-group-number
    insured-policy policy-number subscriber-id subscriber-number beneficiary-id""".split(),
    "US_ITIN": ["tax-id", "tax-number"],
    "DEVICE_SERIAL": [
        f"{thing}-{name}"
        for thing in ("device", "equipment", "implant", "pacemaker", "pump")
        for name in ("serial", "serial-number", "sn")
    ],
    "LICENSE_PLATE": "vehicle-plate car-plate driver-plate truck-plate".split(),
    "NATIONAL_ID": "applicant-id-number customer-id-number passenger-id-number person-id-number".split(),
    "SECRET": "auths-auth wallet-mnemonic card-pin user-pin customer-pin account-pin atm-pin".split(),
    "PASSWORD": [
        f"{thing}-pass"
        for thing in """database db smtp imap pop mail ftp ssh login auth proxy redis mysql mongo postgres
        broker mqtt amqp rabbitmq ldap""".split()
    ],
}

# Each token of a model's answer, beside its probability; what makes a call of AWS's idempotent; what is
# kept where, `kubernetes/kubernetes`.
_HARMLESS_BELOW = """logprob-token candidate-token parameter-client-token element-client-token
    set-client-token repository-full-name repo-full-name""".split()

# Keys that only hold things together: `card: {details: {number: ...}}`. Some also end a word.
_CONTAINERS = frozenset(
    """detail info information attribute property object payload body item record meta metadata personal main
    primary secondary default full data value field input request response content""".split()
)
_SUFFIXES = frozenset("detail info data".split())

_SINGULAR = frozenset(("sms", "mms"))

_PARTS_OF_A_DATE = frozenset("day month year".split())
TERSE = {"pass": "PASSWORD", "pw": "PASSWORD", "psw": "PASSWORD"} | dict.fromkeys(
    "pin pin1 pin2 tokens ki opc".split(), "SECRET"
)
"""Whole keys that say something else as often, what came of a test, a contact of a chip, words of a model:
what they promise holds of a value that looks like it, see `secrets.noise.terse`."""

INHERITED = frozenset({"SECRET", "PASSWORD"})

_NOT_INHERITED_BY = frozenset(
    """type kind name id arn claims status state version count length limit size algorithm alg expires expiry
    expiration ttl created updated at in on scope scopes region provider issuer enabled required path url
    uri domain verified action actions role roles principal evidence resource effect decision reason result
    method date time mode seconds minutes hours days age site namespace uid start end line column offset
    position index labels annotations ref""".split()
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

_BASE64 = late(r"(?:[A-Za-z0-9+/_-]{4}){1,63}(?:[A-Za-z0-9+/_-]{2,3}={1,2})?")

# Names that mean something else as often, and the form in which they do not.
_FORMS = {
    "cavv": "(?=.*[0-9])(?:[0-9A-Za-z+/_-]{26,27}={0,2}|[0-9A-F]{40})",
    "cccd": "[0-9]{12}",
    "clave": r"(?=\S*[0-9])(?=\S*[a-z])(?=\S*[A-Z])\S{8,64}",  # or the code of anything
    "csc": "[0-9]{3,4}",
    "dowod": "[A-Z]{3} ?[0-9]{6}",  # any proof
    "eid": "89[0-9]{30}",
    "immatriculation": "[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}|[0-9]{1,4} ?[A-Z]{2,3} ?[0-9AB]{2,3}",
    "npwp": r"[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}\.?[0-9]-?[0-9]{3}\.?[0-9]{3}",
    "numero-documento": r"[0-9]{8}-?[A-Z]|[XYZ]-?[0-9]{7}-?[A-Z]|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}",
    "setup-code": "[0-9]{8}|[0-9]{3}-[0-9]{2}-[0-9]{3}",  # of Matter and of HomeKit
    "id-tag": "(?=.*[0-9])[0-9A-Za-z*_-]{6,36}",  # of whoever charges a car (OCPP)
    "iqama": "[12][0-9]{9}",
    "kenteken": "(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z]{1,3}(?:-?[0-9A-Za-z]{1,3}){2}",
    "nss": "[0-9](?:[ /-]?[0-9]){10,14}",  # and a library
    "plate": "(?=.*[0-9])(?=.*[A-Z])[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,4}(?:[ -]?[A-Z0-9]{1,3})?",
    "psc": "[0-9]{3} ?[0-9]{2}",
    "puk": "[0-9]{8}",
    "recapito": r"\+?[0-9](?:[ ./-]?[0-9]){6,14}",  # or where to deliver
    "rg": r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9Xx]",
    "ticket-number": "[0-9]{3}-?[0-9]{10}",  # of an airline
}

_FORMS |= dict.fromkeys(("snils", "снилс"), "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2}")
# Of SMPP, Diameter and WhatsApp; a machine has an address, too.
_FORMS |= dict.fromkeys("wa-id source-addr destination-addr subscription-id-data".split(), r"\+?[0-9]{7,15}")
# Of whoever charges a car (ISO 15118, annex H): country, provider, C and eight more; a contract is anything.
_FORMS |= dict.fromkeys(
    ("emaid", "contract-id"), r"[A-Za-z]{2}(-?)[0-9A-Za-z]{3}\1[Cc][0-9A-Za-z]{8}(?:\1[0-9A-Za-z])?"
)

_FORMS |= dict.fromkeys(("door-code", "gate-code", "garage-code"), "[0-9]{4,8}[#*]?")
# An address of a machine, of mail or of a page is one, too: here a street with a number, or a number first.
_FORMS |= dict.fromkeys(
    "adresse adres adress".split(),
    r"[^\W\d_][^\n@/<>{}=:]{2,100}? [0-9]{1,4}[^\W\d_]?(?:[-/ ,][^\n@<>{}=:]{0,100})?"
    r"|[0-9]{1,4}[a-zA-Z]?,? [^\W\d_][^\n@/<>{}=:]{4,100}",
)

# A count of staff or of customers is smaller.
_FORMS |= dict.fromkeys(
    """kundennummer kunden-nummer kundennr kunden-nr personalnummer personal-nr employee-number employee-no
    emp-number emp-no""".split(),
    "[A-Z]{0,4}[ _-]?[0-9]{4,12}(?:[_-][0-9A-Z]{1,8})?",
)

# A name of somebody in two words or more; one that ends like those of services and places is none.
_FULL_NAME = (
    r"(?!.*\b(?i:service|services|queue|server|topic|cluster|bucket|stream|node|endpoint|gateway|api|sink|lake"
    r"|index|warehouse|store|storage|webhook|channel|exchange|system|platform|hub|pipeline|default|analytics|logs"
    r"|department|dock|address)\Z)"
    r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?:,? [^\W\d_]+(?:['’-][^\W\d_]+)*\.?){1,5}|[^\W\d_a-zA-Z]{2,20})"
)
_FORMS |= dict.fromkeys(
    "ship-to-name bill-to-name sold-to-name deliver-to-name consignee consignor".split(), _FULL_NAME
)

# The same of names over two keys. A call has its times and its place in a row, too: no date and no epoch.
_FORMS_BELOW = {
    **dict.fromkeys((f"{whom}-name" for whom in (*_TO_WHOM, "consignor")), _FULL_NAME),
    **dict.fromkeys(
        _CALLS,
        r"(?!(?:19|20)[0-9]{2}-?(?:0[1-9]|1[0-2])-?[0-3][0-9]\Z)(?!1[0-9]{9}(?:[0-9]{3})?\Z)"
        r"(?:tel:)?\+?[(]?[0-9](?:[ ()/-]{0,2}[0-9]){6,14}",
    ),
}

# Words that need no beginning: in `userpassword` and 用户密码 nothing says where a word ends.
_ENDINGS = """password passwd passphrase passwort apikey secretkey accesstoken phonenumber emailaddress 密码
    手机号 手机号码 身份证 身份证号 姓名 氏名 电话 电话号码 電話番号 郵便番号
    パスワード 비밀번호 전화번호 пароль""".split()

LONGEST_NAME = 4
"""Words."""

_DEEPEST = 3
"""Keys of a path that are read together."""

_MOST_LOOKED_THROUGH = 2

_SHORTEST = 3
"""Letters of a word before one that is looked through: `member_id_hash` is a hash."""

_LONGEST_CHOICE = 10_000
"""Characters of alternatives in one expression; Hyperscan takes none that is longer than 16,000."""

_LONGEST_OF_MANY = 600
"""The same before many words that are looked through: in one expression they cost half the speed."""

_MOST_BEHIND = 16
"""Digits and signs behind the last word of a key."""

_NO_LETTERS = "".join(chr(code) for code in range(128) if not chr(code).isalpha())
_FAR_APART = late(r"[^A-Za-z]{4,}")
_IN_BASE64 = late(r"[_.-]?b(?:ase)?64\Z", re.IGNORECASE)
_LINE = late(r"addr(?:ess)?[_. -]?[1-9]", re.IGNORECASE)
# Of a field that a user of Salesforce made: `SSN__c`, `Birthdate__pc`.
_CUSTOM = late(r"(?<=[A-Za-z0-9])__(?:p?c|P?C)\Z")
_LENDS = late(r"[^\W\d_][\d_-]{0,3}\Z")


# Letters that are not made of a letter and an accent.
_WHOLE_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
)


def _folded(key: str) -> str:
    """Without accents and what is not seen, and in the letters that full-width and other forms stand for."""
    if key.isascii():
        return key
    shadow = plain(key)
    apart = unicodedata.normalize("NFKD", (shadow.text if shadow else key).translate(_WHOLE_LETTERS))
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


def _one_holds(numbers: list[national.Number], value: str) -> bool:
    return any(national.holds(number.entity, value) for number in numbers)


class Vocabulary:
    """Names, and what they promise.

    Args:
        add: further names by entity: `{"UNIQUE_ID": ["staff-no"]}`. One of several words holds over two
            keys too: `{"staff": {"no": …}}`.
        silence: names that promise nothing: `["session-key"]`; they win over all others.

    Attributes:
        entities: every entity that a name can promise.
        entity, promise, triggers: as the functions of these names, which ask `DEFAULT`.
    """

    def __init__(self, add: Mapping[str, Iterable[str]] | None = None, silence: Iterable[str] = ()) -> None:
        added = {entity: [*names] for entity, names in (add or {}).items()}
        silenced = dict.fromkeys(silence)
        self._names: dict[str, str | None] = {}
        self._below: dict[str, str | None] = {}
        self._holds: dict[str, Callable[[str], object]] = {}
        self._holds_below = {
            name: re.compile(form).fullmatch
            for name, form in _FORMS_BELOW.items()
            if not any(name in map(str.lower, names) for names in added.values())
        }
        for name, numbers in _NATIONAL.items():
            self._put(self._names, [name], numbers[0].entity, partial(_one_holds, numbers))
        for entity, line in _SAID.items():
            self._put(self._names, line.split(), entity)
        for name, form in _FORMS.items():
            self._put(self._names, [name], self._names[name], re.compile(form).fullmatch)
        self._put(self._names, _HARMLESS, None)
        for entity, names in _BELOW.items():
            self._put(self._below, names, entity)
        self._put(self._below, _HARMLESS_BELOW, None)
        for table in (self._names, self._below):
            for entity, names in added.items():
                self._put(table, names, entity)
            self._put(table, silenced, None)
        self._silenced: dict[str, str | None] = {}
        self._put(self._silenced, [*_HARMLESS, *silenced], None)
        self._endings = tuple(name for ending in _ENDINGS if self._names.get(name := "".join(words(ending))))
        self.entities = frozenset(_SAID) | frozenset(_BELOW) | frozenset(added)
        self.entity: Callable[[str], str | None] = lru_cache(maxsize=4096)(self._entity)
        self.promise: Callable[[tuple[str, ...]], str | None] = lru_cache(maxsize=16384)(self._promise)
        self.triggers: Callable[[], tuple[Trigger, ...]] = lru_cache(maxsize=1)(self._triggers)

    def _put(
        self,
        table: dict[str, str | None],
        names: Iterable[str],
        entity: str | None,
        holds: Callable[[str], object] | None = None,
    ) -> None:
        for name in names:
            parts = [word for word in words(name) if not word.isdigit()]
            # Written with dashes where its words are apart, and in one word.
            for spelled in ("-".join(parts), "".join(parts)):
                table[spelled] = entity
                self._holds.pop(spelled, None)
                if holds:
                    self._holds[spelled] = holds

    def _over_two(self, path: tuple[str, ...]) -> str | None:
        """The name that a key bears together with one above it."""
        own = _own(path[-1])
        above = next((word for key in reversed(path[-_DEEPEST:-1]) if (word := _above(key))), None)
        name = "-".join([above, *own]) if above and own else None
        return name if name in self._below else None

    def _promise(self, path: tuple[str, ...]) -> str | None:
        if tagged := _tagged(path):
            return tagged
        own = _own(path[-1])
        if name := self._over_two(path):
            return self._below[name]
        holding = (len(own) == 1 and own[0] in _HOLDING) or path[-1] in _HOLDING_AS_WRITTEN
        if len(path) > 1 and holding:
            return self._promise(path[:-1])
        if len(path) > 1 and len(own) == 1 and own[0] in _PARTS_OF_A_DATE:
            date = self._promise(path[:-1])
            if date == "DATE_OF_BIRTH":
                return date
        return self.entity(path[-1])

    def is_name(self, entity: str, text: str) -> bool:
        """Whether a text is no more than a name that promises an entity, in any spelling."""
        return self._names.get("-".join(words(text))) == entity

    def names(self) -> frozenset[str]:
        """Every name that promises something by itself: its words joined by dashes, and in one word."""
        return frozenset(name for name, entity in self._names.items() if entity)

    def holds(self, path: tuple[str, ...], value: str) -> bool:
        """Whether a value has the form, and the check digit, that the name of its key wants; encoded too."""
        if below := self._over_two(path) or self._in_one(path[-1]):
            fits = self._holds_below.get(below)
            return fits is None or any(map(fits, _readings(value.strip())))
        name = next(filter(None, map(self._name, reversed(path))), None)
        holds = self._holds.get(name) if name else None
        return holds is None or any(map(holds, _readings(value.strip())))

    def terse(self, key: str) -> str | None:
        """What a whole key promises of a value that looks like it, see `TERSE`."""
        entity = TERSE.get(key.lower())
        return entity if entity and not self.silences(key) else None

    def silences(self, key: str) -> bool:
        """Whether a key bears a name that was silenced, or one that is known to hold no secret."""
        return self._name(key) in self._silenced

    def _entity(self, key: str) -> str | None:
        name = self._name(key)
        if name is not None:
            return self._names[name]
        below = self._in_one(key)
        return self._below[below] if below else None

    def _in_one(self, key: str) -> str | None:
        """The name of one below another that a key with a dot bears, where it has none by itself."""
        above, dot, own = key.rpartition(".")
        name = "-".join(_parts(above)[-1:] + _parts(own)) if dot and self._name(key) is None else ""
        return name if name in self._below else None

    def _name(self, key: str) -> str | None:
        """The name that a key bears."""
        parts = _parts(key)
        used = False
        for _ in range(1 + _MOST_LOOKED_THROUGH):
            for length in range(min(len(parts), LONGEST_NAME), 0, -1):
                name = "-".join(parts[-length:])
                if name in self._names:
                    return name if not used or self._names[name] in INHERITED else None
            for ending in self._endings:
                if parts and parts[-1].endswith(ending):
                    return ending if not used or self._names[ending] in INHERITED else None
            if not parts:
                break
            last = parts.pop()
            used = used or last in _USED_IN
            looked_through = last in _LOOKED_THROUGH or last in _USED_IN
            if not looked_through or not parts or len(parts[-1]) < _SHORTEST:
                break
        # `APIkey` has its hump elsewhere.
        return key.lower() if key.isalpha() and key.lower() in self._names else None

    def _triggers(self) -> "tuple[Trigger, ...]":
        from cecil.sanitizer.decoding import hinting
        from cecil.sanitizer.detectors import Trigger

        names = {name for name, entity in self._names.items() if entity and name.isascii()}
        below = {name for name, entity in self._below.items() if entity and "-" in name and name.isascii()}
        if self is DEFAULT:
            endings = "|".join(ending for ending in self._endings if ending.isascii())
            hinted = f"{hinting()}{_ANYTHING}[\\x80-\\xff]"
            found = [
                OTHER_LETTERS,
                hinted,
                rf"{_FRONT}(?i:addr(?:ess)?){_GAP}[0-9]{_END}",
                f"__(?i:p?c){_END}",
                _TAG,
            ]
            found += [f"(?i:{ending}){_END}" for ending in self._endings if ending.isascii()]
            found.append(f"(?i:{endings}){_V}{_GAP}{_USED}(?:{_GAP}{_USED})?{_END}")
            return tuple(
                Trigger(regex, beyond=regex in (OTHER_LETTERS, hinted))
                for regex in found + _regexes(names, below, self._credentials(names))
            )
        # What is added stands beside what is there, which is searched for though it be silenced: to compile
        # all of it anew takes seconds.
        names -= {*DEFAULT._names}
        regexes = _regexes(names, below - {*DEFAULT._below}, self._credentials(names))
        return (*DEFAULT.triggers(), *(Trigger(regex) for regex in regexes))

    def _credentials(self, names: Iterable[str]) -> set[str]:
        return {name for name in names if self._names[name] in INHERITED}


def _regexes(names: set[str], below: set[str], credentials: set[str]) -> list[str]:
    """What finds some names in a line, and some that hold over two keys.

    Args:
        credentials: those of the names behind which it is said where they are used.
    """
    from cecil.sanitizer.decoding import hinting

    apart = {name.replace("-", "") for name in names if "-" in name}
    found = [_joined(name.split("-")) + _END for name in sorted(names - apart)]
    found += [_joined(name.split("-"), dotted=True) + _END for name in sorted(below)]
    # Without the border before a word, which would double what Hyperscan has to follow.
    for some, more, longest in (
        (names | below, _MORE, _LONGEST_CHOICE),
        (credentials, _USED, _LONGEST_OF_MANY),
    ):
        heads = sorted({name.rpartition("-")[2] for name in some})
        for any_of in _together((head for head in heads if len(head) >= _SHORTEST), longest):
            found.append(f"(?i:{any_of}){_V}(?:{_GAP}{more}){{1,{_MOST_LOOKED_THROUGH}}}{_END}")
        # `{"name": "CARDNUMBER", "value": …`: in one word, and with blanks, which are more than a gap.
        for any_of in _together(heads):
            head = f"(?i:{any_of})(?:{_GAP}(?:{more}|[vV])){{0,{_MOST_LOOKED_THROUGH}}}"
            found += [f"{head}{_VALUE}", f"{hinting()}{_ANYTHING}{head}{_QUOTE}"]
    paths: dict[str, set[str]] = {}
    for name in sorted(below):
        above, *_, head = name.split("-")
        paths.setdefault(above, set()).add(head)
    suffixes = f"(?:{_GAP}(?i:{'|'.join(sorted(_SUFFIXES))})s?)?"
    for above, last in paths.items():
        spelled = f"{above[:-2]}{_GAP}to" if above in _TO_WHOM else above
        found.append(f"(?i:{spelled})(?i:s|es)?{suffixes}{_OPEN}[^\\n]*(?i:{'|'.join(sorted(last))}){_END}")
    return found


def _parts(key: str) -> list[str]:
    """The words of a key that can be part of a name, as `triggers` find them.

    Those are no digits, and nothing that stands apart from the last of them; and a name stands at the end.
    """
    if key.isascii():
        if "__" in key:
            key = _CUSTOM.sub("", key)
        if key.endswith("64"):
            key = _IN_BASE64.sub("", key)
        body = key.rstrip(_NO_LETTERS)
        if len(key) - len(body) > _MOST_BEHIND:
            return []
        if _LINE.fullmatch(key):
            return ["address", "line"]
        key = _FAR_APART.split(body)[-1]
    return [word for word in words(key) if not word.isdigit()]


_REPRESENTATIONS = frozenset({"Alphabetic", "Ideographic", "Phonetic"})
_TAG = rf"\"(?:{'|'.join(sorted(dicom.TAGS))})\\*\""


def _tagged(path: tuple[str, ...]) -> str | None:
    """What DICOM says of the values of an attribute: `{"00100010": {"vr": "PN", "Value": […]}}`."""
    if path[-1] in _REPRESENTATIONS:
        path = path[:-1]
    return dicom.TAGS.get(path[-2]) if len(path) > 1 and path[-1] == "Value" else None


def _own(key: str) -> list[str]:
    parts = _parts(key)
    for _ in range(_MOST_LOOKED_THROUGH):
        if len(parts) > 1 and parts[-1] in _LOOKED_THROUGH and len(parts[-2]) >= _SHORTEST:
            parts.pop()
    return parts


def _above(key: str) -> str | None:
    """The word that a key lends to those below it: none when it only holds them."""
    parts = [_singular(word) for word in _parts(key)]
    if len(parts) > 1 and parts[-1] in _SUFFIXES:
        parts.pop()
    if parts[-1:] == ["to"] and (whom := "".join(parts[-2:])) in _TO_WHOM:
        return whom
    return parts[-1] if parts and _LENDS.search(key) and parts[-1] not in _CONTAINERS else None


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return word
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


# For Hyperscan, everything bounded: what may repeat without end costs a third of its speed.
_MORE, _USED = (
    f"(?i:{'|'.join(sorted(some - {'v'}))})" for some in (_LOOKED_THROUGH, _LOOKED_THROUGH | _USED_IN)
)
_FRONT = r"(?:\b|[0-9_])"
_GAP = r"[^A-Za-z\n]{0,3}"
_DOT = r"[^A-Za-z\n]{0,2}\.[^A-Za-z\n]{0,2}"
# A letter that had to stand there would be searched for, and stands on every line: it may, and no more.
_V = f"(?:{_GAP}[vV])?"
_END = rf"{_V}[^A-Za-z\n]{{0,24}}[:=]"
_VALUE = r"[^A-Za-z\n\"\\]{0,8}\\?\"[ \t\r]{0,8},[ \t\r]{0,8}\\?\"(?i:value)\\?\"[ \t\r]{0,8}:"
_ANYTHING = r"[^\"\n]*"
_QUOTE = r"[^A-Za-z\n\"\\]{0,16}\\*\""
_OPEN = r"[0-9_-]{0,2}\\?\"[ :]{1,8}[{\[]"

OTHER_LETTER = (
    r"(?:\xc2[\xa0-\xbf]|[\xc3-\xe1]|\xe2(?:\x80[\x80-\x8f\xa0\xa1\xa3-\xa5\xa7-\xbf]|[\x81-\xbf])|[\xe3-\xef]"
    r"|\xf0(?:[\x80-\x9e\xa0-\xbf]|\x9f[\x80-\x8b\xaf])|[\xf1-\xff])"
)
"""A letter beyond ASCII in what may be a name, in UTF-8. Dashes, quotation marks and the like (U+2010 to
201F, 2022, 2026) and most emoji (from U+1F300 on) are none, and stand in most texts of people."""
ASSIGNS = r"[\"'\\ ]*(?:[:=]|\xef\xbc[\x9a\x9d])"
"""What stands behind it, as wide as Chinese and Japanese have it, too."""
OTHER_LETTERS = rf"{OTHER_LETTER}[^\n\":=]*{ASSIGNS}"
"""A key with such a letter, which may be of many words."""


def _together(words: Iterable[str], longest: int = _LONGEST_CHOICE) -> Iterator[str]:
    """Alternatives of as many words as one expression takes."""
    some = ""
    for word in words:
        if some and len(some) + len(word) >= longest:
            yield some
            some = ""
        some += f"|{word}" if some else word
    if some:
        yield some


def beginning(word: str) -> str:
    """A word at its beginning, in Hyperscan's syntax: behind what is no letter, or with a hump."""
    return f"(?:{_FRONT}(?i:{word})|[A-Za-z]{word[0].upper()}(?i:{word[1:]}))"


def _joined(name: list[str], *, dotted: bool = False) -> str:
    """A name in one key; `dotted` with a dot behind its first word."""
    first, *rest = name
    gaps = [_DOT if dotted and not index else _GAP for index in range(len(rest))]
    return beginning(first) + "".join(f"{gap}(?i:{word})" for gap, word in zip(gaps, rest, strict=True))


DEFAULT = Vocabulary()
"""What holds where a policy says nothing of names."""

ENTITIES = DEFAULT.entities
"""Every entity that a key can name."""


def names() -> frozenset[str]:
    """Every name that promises something by itself: its words joined by dashes, and in one word."""
    return DEFAULT.names()


def entity(key: str) -> str | None:
    """The entity that a key's name promises; None when it promises nothing sensitive."""
    return DEFAULT.entity(key)


def promise(path: tuple[str, ...]) -> str | None:
    """The entity that a key promises together with those above it.

    Args:
        path: keys from the outside in, without places in lists; no more than the last three count.
    """
    return DEFAULT.promise(path)


def triggers() -> "tuple[Trigger, ...]":
    """What Hyperscan looks for: one matches in every line with a key that promises something.

    A line is JSON, or text in which a name stands before `:` or `=`.
    """
    return DEFAULT.triggers()


def _readings(text: str) -> Iterator[str]:
    """A text, and what it says where it is one that is too short to be known as encoded by itself."""
    yield text
    if not text.isascii() and (shadow := plain(text)):
        yield shadow.text
    if "%" in text:
        yield unquote(text)
    if decoded := from_base64(text):
        yield decoded


def from_base64(text: str) -> str:
    """What base64 says, where that is ASCII: a number may be too short to be known as encoded by itself."""
    if not _BASE64.fullmatch(text):
        return ""
    try:
        return base64.b64decode(text, altchars=b"-_" if "-" in text or "_" in text else None).decode("ascii")
    except ValueError:
        return ""


@lru_cache(maxsize=4096)
def is_time_key(key: str) -> bool:
    """Whether a key promises a time: `created`, `startTimeUnixNano`, `updated_at_ms`."""
    parts = list(words(key))
    while len(parts) > 1 and parts[-1] in _UNITS:
        parts.pop()
    return bool(parts) and (parts[-1] in _TIMES or parts[-1] in _EPOCHS)


def inherited(parent: str | None, key: str) -> str | None:
    """The entity of a member of an object that stands under a key of entity `parent`.

    What is in a `credentials` object is a credential, save members that only describe it.
    """
    if parent not in INHERITED:
        return None
    parts = words(key)
    return None if parts and parts[-1] in _NOT_INHERITED_BY else parent
