"""What identifies a person, their money, their things and where they live, beyond Presidio's catalogue.

Presidio wants a valid check digit of a card even where the text says that it is one, knows Mastercard's
numbers of 2017 not yet, leaves out the Social Security numbers of textbooks, and has no vehicles, devices
or addresses. Where a text says what follows, its word counts (see `cecil.sanitizer.detectors.rules`).
"""

import base64
import binascii
import re
import struct

from cecil.sanitizer.detectors import Recognizer, checksums
from cecil.sanitizer.detectors.network import is_no_device, is_private
from cecil.sanitizer.detectors.rules import Rule, Rules
from cecil.sanitizer.detectors.secrets.checksums import base58check
from cecil.sanitizer.late import late

_NUMBER = r"(?:[ _-]?(?:number|no|num|nr|id|#))?"

_GROUPS = "[./_ -]{1,2}"

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"

_MONTHS_ABROAD = (
    "januar|februar|m(?:ä|ae)rz|mai|juni|juli|oktober|dezember"
    "|janvier|f(?:é|e)vrier|mars|avril|juin|juillet|ao(?:û|u)t|septembre|octobre|novembre|d(?:é|e)cembre"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|janeiro|fevereiro|mar(?:ç|c)o|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
    "|januari|februari|maart|mei|augustus|april|august|september|november"
)

_DATE = (
    r"(?:[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:[0-9]{4}|[0-9]{2})|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}[.,]?[ -](?:[0-9]{{4}}|[0-9]{{2}})"
    rf"|{_MONTH}[. ]{{1,2}}[0-9]{{1,2}}(?:st|nd|rd|th)?,? [0-9]{{4}}|(?:19|20)[0-9]{{6}}"
    rf"|[0-9]{{1,2}}(?:\.|er|º)? (?:de |di )?(?:{_MONTHS_ABROAD})(?: del?)? [0-9]{{4}}"
    # As Python prints one.
    r"|(?:datetime\.)?date(?:time)?\([0-9]{4}, ?[0-9]{1,2}, ?[0-9]{1,2}"
    # And Go and Elixir.
    r"|time\.Date\([0-9]{4}, ?time\.[A-Z][a-z]{2,8}, ?[0-9]{1,2}|~D\[[0-9]{4}-[0-9]{2}-[0-9]{2})"
)

_FORM = r"(?: \([a-z /.-]{4,12}\))?"
"""What a form asks for: `Date of birth (MM/DD/YYYY)`."""

_SAFE_STATES = (
    "AK|AZ|AR|CA|CT|DC|FL|GA|IL|IA|KS|KY|MA|MI|MN|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|PA|RI|TN|TX|UT|VT|VA|WA|WV"
    "|WI|WY"
)
"""Those that are no word in capitals, and no unit."""
_NO_MARKS = "AL|CO|DE|LA|MD|OH|SC|SD"
"""Those of the others that no log has before a number, behind a comma and a word."""
_STATE_NAMES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho"
    "|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota"
    "|Mississippi|Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)"
    "|(?:North|South) (?:Carolina|Dakota)|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah"
    "|Vermont|(?:West )?Virginia|Washington|Wisconsin|Wyoming"
)
_CITY = "[A-Z][a-z]{2,20}(?: [A-Z][a-z]{2,20})?"
_STATES = f"{_SAFE_STATES}|AL|CO|DE|HI|ID|IN|LA|MD|ME|MS|OH|OK|OR|PR|SC|SD"

_OLD = "(?:9[0-9]|1[0-2][0-9])"
_YEARS_OF = r"[ -]?(?:y[/.]?o\.?[ -]?[mf]|y(?:ea)?rs?\.?[ -]?[mf]|y[ /-]?[mf])\b"
_CLINICAL = (
    r"(?:s/p|c/o|h/o|p/w|w/ |BIB|hx |PMHx?|pmh|DNR|presents?\b|presented|presenting|admitted|complain"
    r"|transferred|found down|here for|with (?:a )?(?:h/o|hx|history|PMH|CHF|COPD|HTN|DM|CAD|AF|afib|CKD"
    r"|UTI|ESRD|dementia|fall|chest|pneumonia|hip|SOB|fever|cough|AMS|stroke|CVA|sepsis)\b)"
)

_SOCIAL = "(?:ssn|social(?: security(?: number)?)?)"

_STREETS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter"
    "|Parkway|Pkwy|Highway|Hwy|Way|Circle|Cir|Trail|Trl|Alley|Plaza|Crescent|Close"
)

_IN_CAPITALS = "[0-9]{1,6}[A-Z]? (?:[NSEW]{1,2} )?(?:[A-Z][A-Z'-]{1,20} |[0-9]{1,3}(?:ST|ND|RD|TH) ){1,4}"

_UK_CODE = "[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKPSTUW]? [0-9][ABD-HJLNP-UW-Z]{2}"
"""https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom#Formatting"""
_CANADIAN_CODE = "[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] [0-9][ABCEGHJ-NPRSTV-Z][0-9]"
_UNITS = frozenset("GB TB PB HZ PX PT PS NS FT LB XX XL AL".split())

_UNIT = r"(?:,? (?:Apt|Apartment|Suite|Ste|Unit|Floor|Bldg)\.? ?#?[A-Za-z0-9-]{1,6}|,? #[A-Za-z0-9-]{1,6})?"

_VIN = "[A-HJ-NPR-Z0-9]"

_CARD = (
    "(?:credit|debit|payment)[ _-]?card|card[ _-]?(?:number|no|num|nr)|visa|master ?card|amex"
    "|american express"
)

_PHONE = (
    "(?:cell ?)?phone|telephone|tel|mobile|mobil|cell|fax|telefax|whatsapp|msisdn|contact[ _-]?number"
    "|sms (?:(?:sent|delivered|queued) )?to|texted|telefono|telefoon|telefone|telefon|cellulare|celular"
    "|recapito|movil|rufnummer|handynummer|teléfono|téléphone|móvil|電話"
    "|tel\\.? ?kom\\.?|tlf|handy(?:nr)?|mob|ph|手机(?:号码|号)?|电话(?:号码)?|전화(?:번호)?|휴대폰"
    "|(?:Т|т)ел|(?:Т|т)елефон|(?:М|м)об"
)

_US_PHONE = r"\(?(?:\+?1[ .-]?)?\(?[0-9]{3}\)?[ .-]{0,2}[0-9]{3}[ .-][0-9]{4}"

_CALLED = (
    "(?:send_?)?(?:sms|mms|text_?message)|(?:make|place|start)_?(?:phone_?)?call|dial|send_?fax"
    "|messages[.]create"
)
_ARGUMENT = "(?:to|number|recipient|phone)(?:_?number)?"

_MY_NUMBER = "(?:my|his|her|their)(?: new| old| work| home| cell| mobile| phone){0,2} number"
"""Which has seven digits, where it is near."""

_CALL = "call|call me|call us|call me at|dial|callback|ring|reach me at|reached at|text me at"


def _callable(value: str) -> bool:
    number = checksums.digits(value)
    if not 7 <= len(number) <= 15 or not checksums.clear(value):
        return False
    if "+" not in value:
        return True
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as CALLING_CODES

    return any(int(number[:length]) in CALLING_CODES for length in (1, 2, 3))


def _from_abroad(value: str) -> bool:
    """Whether digits behind the `00` that leads abroad are a number that somebody can have."""
    number = checksums.digits(value)
    return len(number) > 9 and _somebodys(f"+{number[2:]}")


def _somebodys(number: str) -> bool:
    """Whether somebody can have a number that begins with a plus sign."""
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(number)))
    except phonenumbers.NumberParseException:
        return False


def _public(value: str) -> bool:
    numbers = value.split("-")
    return all(int(one) < 256 for one in numbers) and not is_private(".".join(numbers))


_DEGREES = r"[+-]?[0-9]{1,3}\.[0-9]{3,15}(?:[^0-9A-Za-z.,;/ ]{0,3} ?[NSEW])?"


def _on_earth(value: str) -> bool:
    degrees = sorted(float(one) for one in re.findall(r"[0-9]+\.[0-9]+", value))
    return degrees[0] <= 90 and degrees[1] <= 180


def _device(value: str) -> bool:
    """Whether a hardware address without marks is a device's, and no decimal number, no word."""
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and not is_no_device(value)


# What stands behind the dot in folders of programs: `/home/node.js`, `/home/app.service`.
_NO_SURNAMES = frozenset(
    """js ts py rb go net io com org dev local service svc app apps log logs old bak backup conf config cfg
    txt json xml yml yaml sh exe zip tar gz db data test tests user users git web site prod stage core
    api""".split()
)
_NO_PERSONS = frozenset(
    "app apps node service svc web build test default public system admin root www git jenkins".split()
)


def _ones_folder(value: str) -> bool:
    first, _, last = value.lower().partition(".")
    return first not in _NO_PERSONS and last not in _NO_SURNAMES


_OCTETS = "[0-9a-f]{2}(?::[0-9a-f]{2}){5}"

_UNIQUE = (
    "[A-Z]{0,6}[-_]?[0-9]{3}[A-Z0-9]{0,32}(?:-[A-Z0-9]{1,12}){0,4}"
    "|[A-Z]{1,3}[0-9]{2}-[0-9]{3,10}(?:-[A-Z0-9]{1,6})?"
)
_UUID = late("[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)

_SMALLEST = 17
"""Pixels on a side of a picture on which somebody could be seen."""


def _pictured(value: str) -> bool:
    """Whether a data URL may hold a photo or a voice: SVG is drawn, PNG and GIF say how small they are."""
    kind, _, body = value.partition(";base64,")
    if kind.lower().endswith("svg+xml"):
        return False
    try:
        head = base64.b64decode(
            body[:32].ljust(32, "A"), altchars=b"-_" if "-" in body or "_" in body else None
        )
    except binascii.Error:
        return True
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        width, height = struct.unpack(">II", head[16:24])
    elif head.startswith((b"GIF87a", b"GIF89a")):
        width, height = struct.unpack("<HH", head[6:10])
    else:
        return True
    return int(width) >= _SMALLEST or int(height) >= _SMALLEST


_ACCOUNT = (
    "(?:bank|checking|current|savings?|deposit|giro|member)[ _-]?account"
    "|konto(?:nummer|[ -]?nr)?|kto(?:[ .-]{0,2}nr)?|rekeningnummer"
    "|(?:account|acct|acc|a/c)[ _-]?(?:number|no|num|nr|#|details)"
    "|(?:num(?:é|e)ro|n°) de compte|n(?:ú|u)mero de cuenta|n(?:ú|u)mero da conta|numero (?:di )?conto"
    "|(?:nr|numer) rachunku|clabe(?: interbancaria)?|cbu|cvu|nuban"
)

_WHO = (
    "[Ss]tudent|[Ee]mployee|[Pp]upil|[Aa]pplicant|[Cc]ustomer|[Cc]lient|[Pp]atient|[Mm]ember|[Ii]nmate"
    "|[Rr]esident"
)
_CAPITAL = r"[^\n(){}\[\]=0-9a-z ]"
_WHICH = "ID|id|[Ff]ile|[Bb]adge|[Ss]taff"

_SOLANA = r"(?:(?i:solana|phantom)(?: (?i:wallet|address|account|pubkey))?|SOL (?:wallet|address|account))"

_RULES = (
    Rules(
        "us-ssn",
        Rule(
            "US_SSN",
            r"[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{4}",
            0.85,
            label="ssn|ss#|social[ _-]?security(?:[ _-]?(?:number|no|num|#))?|soc(?:ial)?\\.? sec|my social",
            check=checksums.ssn,
            why="no such number is issued",
        ),
        Rule(
            "US_SSN",
            "[0-9]{3}-[0-9]{2}-[0-9]{4}",
            0.5,
            check=checksums.ssn,
            before=r"(?<![A-Z0-9_.+-])",  # small letters may: `…@example.com078-05-1120`
            cased=True,
            why="no such number is issued",
        ),
        # The part of it by which callers are asked to prove who they are.
        Rule(
            "US_SSN",
            "[0-9]{4}",
            0.8,
            label=f"last (?:4|four)(?: digits)?(?: of)?(?: (?:the|my|his|her|their|your))? {_SOCIAL}"
            rf"|{_SOCIAL}[ ,]{{1,2}}(?:\(?last (?:4|four)(?: digits)?\)?|end(?:s|ing)(?: in| with)?)",
        ),
        context=("social", "security", "ssn", "ssns"),
    ),
    Rules(
        "national-insurance",
        # Those of textbooks, `QQ 12 34 56 C`, and whatever else a text calls so; NR may pass for "number".
        Rule(
            "UK_NINO",
            "(?:[A-Z]{2} ?)?(?:[0-9] ?){6}[A-D]",
            0.8,
            label="nino|national[ _-]insurance(?:[ _-](?:number|no))?",
        ),
    ),
    Rules(
        "us-tax",
        Rule(
            "US_EIN",
            "[0-9]{2}-?[0-9]{7}|9[0-9]{2}-?[0-9]{2}-?[0-9]{4}",
            0.8,
            label="ein|fein|tin|atin|itin|tax[ _-]?(?:id|identification|payer id)|taxpayer[ _-]?id"
            "|employer identification",
            check=checksums.clear,
            why="no number",
        ),
    ),
    Rules(
        "card",
        Rule(
            "CREDIT_CARD",
            "[2-6][0-9]{3}[ .-]?[0-9]{4,6}[ .-]?[0-9]{3,5}(?:[ .-]?[0-9]{1,4}){0,2}",
            0.75,
            label=_CARD,
            check=checksums.card_length,
            why="no card has such a number",
        ),
        Rule(
            "CREDIT_CARD",
            f"[2-6][0-9]{{3}}{_GROUPS}[0-9]{{4}}{_GROUPS}[0-9]{{4}}{_GROUPS}[0-9]{{4}}"
            f"|3[47][0-9]{{2}}{_GROUPS}[0-9]{{6}}{_GROUPS}[0-9]{{5}}",
            0.9,
            check=checksums.card,
            sure=True,
        ),
        Rule(
            "CREDIT_CARD",
            "2(?:20[0-4]|2[2-9][0-9]|[3-6][0-9]{2}|7[0-2][0-9])[0-9]{12}",
            0.5,
            check=checksums.card,
        ),
        Rule("CREDIT_CARD", "62[0-9]{17}", 0.5, check=checksums.card),
        # In one word with what it is: `card_4111111111111111`.
        Rule("CREDIT_CARD", "[2-6][0-9]{12,18}", 0.9, label="card|pan", check=checksums.card, sure=True),
        # With its vendor before it and its end behind, as airlines have it: `CCVI4111111111111111/1229`.
        Rule(
            "CREDIT_CARD",
            "[2-6][0-9]{12,18}",
            0.9,
            check=checksums.card,
            sure=True,
            cased=True,
            before="(?:(?<=CC(?:VI|CA|AX|DC|DS|JC))|(?<=CC (?:VI|CA|AX|DC|DS|JC)))",
            after=r"(?=/(?:0[1-9]|1[0-2])[0-9]{2}(?![0-9]))",
            hint="CC ?(?:VI|CA|AX|DC|DS|JC)[2-6][0-9]{12}",
        ),
        # As long as many an id: it takes a word to tell.
        Rule(
            "CREDIT_CARD",
            "4[0-9]{18}|6[0-9]{16,18}|5[0678][0-9]{15,17}|9792[0-9]{12}",
            0.3,
            check=checksums.card,
        ),
        context=("credit", "card", "visa", "mastercard", "amex", "unionpay", "troy"),
    ),
    Rules(
        "iban",
        Rule(
            "IBAN_CODE",
            "[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{8,30}|(?: [A-Z0-9]{2,4}){2,8})",
            0.8,
            label="(?:IBAN|[Ii]ban|[Aa]ccount [Nn]umber)",
            cased=True,
        ),
        # Poland's, which is written without its country at home.
        Rule(
            "IBAN_CODE",
            "[0-9]{2}(?: ?[0-9]{4}){6}",
            0.9,
            label="(?:nr|numer|rachunek|rachunku|konto|konta)(?: (?:rachunku|konta|bankowy|bankowego)){0,2}",
            check=lambda value: checksums.iban("PL" + checksums.digits(value)),
            sure=True,
        ),
        # Presidio's takes a word of three to five letters behind one for more of it, and its check fails.
        Rule(
            "IBAN_CODE", "[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", 1.0, check=checksums.iban, sure=True, cased=True
        ),
        Rule(
            "IBAN_CODE",
            "[A-Z]{2}[0-9]{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?",
            1.0,
            check=checksums.iban,
            sure=True,
            cased=True,
        ),
    ),
    Rules(
        "account",
        Rule(
            "US_BANK_NUMBER",
            "[A-Z]{0,4}[0-9]{6,22}[A-Z]?|[0-9]{2,6}(?:-[0-9]{2,8}){1,3}",
            0.8,
            label=_ACCOUNT,
            check=checksums.clear,
            why="no account's number",
        ),
        Rule(
            "US_BANK_NUMBER",
            "[0-9]{8,17}",
            0.8,
            label="a/c",
            check=checksums.clear,
            why="no account's number",
        ),
        Rule(
            "US_BANK_NUMBER",
            "[0-9]{6,10}",
            0.8,
            label="acc(?:ount|t)?",
            after=r"(?=[ ,;/|]{1,3}(?:bsb|sort ?code)\b)",
            hint=r"acc(?:ount|t)?[^A-Za-z\n]{1,6}[0-9]{6,10}[ ,;/|]{1,3}(?:bsb|sort ?code)\b",
        ),
        Rule(
            "US_BANK_NUMBER",
            "[0-9]{6,10}",
            0.8,
            label="(?:bsb|sort ?code)[ :]{1,3}[0-9]{2,3}[ -]?[0-9]{2}[ -]?[0-9]{1,2}[ ,;/|]{1,3}"
            "acc(?:ount|t)?",
        ),
        Rule("UK_SORT_CODE", "[0-9]{3}[ -]?[0-9]{3}", 0.8, label="bsb"),
        # SWIFT MT103 and MT940, fields 25 and 50 to 59: `:25:50010517/5407324931`, `:59:/38491726`.
        Rule(
            "US_BANK_NUMBER",
            "[A-Z]{0,4}[0-9]{6,17}",
            0.8,
            label=":(?:25P?:[0-9A-Z]{4,11}|5[0-9][A-Z]?:(?:/[CD])?)/",
            sure=True,  # no slash makes a path of it
            cased=True,
            apart="",
            hint=":(?:25P?:[0-9A-Z]{4,11}|5[0-9][A-Z]?:(?:/[CD])?)/{1,2}[A-Z]{0,4}[0-9]{6}",
        ),
        # ISO 20022, of accounts without an IBAN, and OFX 1.6, which closes no element.
        Rule(
            "US_BANK_NUMBER",
            "[A-Z]{0,4}[0-9]{6,30}",
            0.8,
            label=r"Acct>[ \t\r\n]{0,20}<Id>[ \t\r\n]{0,20}<Othr>[ \t\r\n]{0,20}<Id>",
            cased=True,
            apart="",
            hint=r"<Othr>[ \t\r\n]{0,20}<Id>[A-Z]{0,4}[0-9]{6}",
        ),
        Rule("US_BANK_NUMBER", "[0-9]{4,22}", 0.8, label="<ACCTID>", cased=True, hint="<ACCTID>[0-9]{4}"),
        Rule("ABA_ROUTING_NUMBER", "[0-9]{9}", 0.8, label="<BANKID>", cased=True, hint="<BANKID>[0-9]{9}"),
        Rule(
            "ABA_ROUTING_NUMBER",
            "[0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9]",
            0.9,
            label="routing|aba|rtn|routing transit",
            check=checksums.routing,
            sure=True,
        ),
        Rule("ABA_ROUTING_NUMBER", "[0-9]{9}", 0.7, label="routing[ _-]number", check=checksums.clear),
        Rule("UK_SORT_CODE", "[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}", 0.8, label="sort[ _-]?code"),
        context=("account", "bank", "checking", "savings", "routing"),
    ),
    Rules(
        "immigration",
        # Receipts of the U.S. Citizenship and Immigration Services, by the office that wrote them.
        Rule("UNIQUE_ID", "(?:EAC|WAC|LIN|SRC|MSC|NBC|IOE|YSC)[0-9]{10}", 0.7, cased=True),
        Rule(
            "UNIQUE_ID",
            "A?-?[0-9]{8,9}|[A-Z]{1,3}[0-9]{7,10}",
            0.7,
            label="alien (?:registration )?(?:number|no)|a-number|green card(?: number| no)?"
            "|visa (?:number|no)|uscis(?: number| no| #)?",
        ),
        # The Department of Defense's of everyone who has a card of it.
        Rule("NATIONAL_ID", "[0-9]{10}", 0.9, label="edipi|dod[ _-]?id"),
        context=("alien", "uscis", "immigration"),
    ),
    Rules(
        "insured",
        # Germany's of whoever has a pension to come: area, birth, the name's first letter, a number.
        Rule(
            "NATIONAL_ID",
            "[0-9]{2} ?[0-3][0-9][01][0-9]{3} ?[A-Z] ?[0-9]{3}",
            0.9,
            label="(?:sv|rv|(?:sozial|renten)?versicherungs)[ -]?(?:nummer|nr)",
        ),
        Rule(
            "NATIONAL_ID",
            "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2}",
            0.9,
            label="snils|снилс|СНИЛС",
            check=checksums.snils,
            sure=True,
        ),
        # Spain's: what is before the last two digits leaves them when it is divided by 97.
        Rule(
            "NATIONAL_ID",
            "[0-9]{2}[ /-]?[0-9]{8}[ /-]?[0-9]{2}",
            0.9,
            label="seguridad social|naf|afiliaci(?:ó|o)n",
            check=checksums.affiliation,
            sure=True,
        ),
        # Mexico's
        Rule(
            "NATIONAL_ID",
            "(?:[0-9]{2}[ -]?){3}[0-9]{4}[ -]?[0-9]",
            0.9,
            label="nss|imss|seguro social|seguridad social",
            check=checksums.luhn,
            sure=True,
        ),
        context=("insurance", "social"),
    ),
    Rules(
        "documents-abroad",
        # Of Brazil: of workers, voters, drivers, and the identity card of a state.
        Rule("NATIONAL_ID", r"[0-9]{3}\.?[0-9]{5}\.?[0-9]{2}-?[0-9]", 0.8, label="pis(?:/pasep)?|pasep"),
        Rule("NATIONAL_ID", "[0-9]{4} ?[0-9]{4} ?[0-9]{4}", 0.8, label="t(?:í|i)tulo (?:de )?eleitor(?:al)?"),
        Rule("US_DRIVER_LICENSE", "[0-9]{11}", 0.8, label="cnh"),
        Rule("NATIONAL_ID", r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9X]", 0.8, label="rg"),
        Rule("NATIONAL_ID", "[A-Z]{3} ?[0-9]{6}", 0.8, label="[Dd]ow(?:ó|o)du? osobist(?:y|ego)", cased=True),
        Rule("NATIONAL_ID", r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}\.[0-9]-[0-9]{3}\.[0-9]{3}", 0.9, label="npwp"),
        # Italy's in the European Union's format of health cards (EN 1867).
        Rule("NATIONAL_ID", "80380[0-9]{15}", 0.9, label="tessera (?:sanitaria|team)|codice tessera"),
        context=("document", "identity"),
    ),
    Rules(
        "emirates-id",
        # 784, the year of a birth, seven digits, and Luhn's check digit.
        Rule(
            "NATIONAL_ID",
            "784-(?:19|20)[0-9]{2}-[0-9]{7}-[0-9]",
            0.8,
            check=checksums.luhn,
            sure=True,
        ),
        Rule(
            "NATIONAL_ID",
            "784(?:19|20)[0-9]{10}",
            0.8,
            label="emirates[ _-]id(?: number| no)?|eida|uae id",
            check=checksums.luhn,
            sure=True,
        ),
        context=("emirates", "identity"),
    ),
    Rules(
        "passport",
        Rule(
            "US_PASSPORT",
            # With letters between the digits in France and Germany.
            "[A-Z]{0,3}[0-9]{6,9}[A-Z]?|[0-9]{2}[A-Z]{2}[0-9]{5}|[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{8}"
            "|[A-Z][0-9]{6}[A-Z][0-9]",
            0.8,
            label=f"(?:passport|reisepass|pasaporte|passeport|passaport[oe]|paspoort)(?:{_NUMBER}| n°| nº)",
            check=lambda value: len(checksums.digits(value)) > 2 and checksums.clear(value),
            why="no passport's number",
        ),
        Rule("US_PASSPORT", "[0-9]{2} ?[0-9]{2} ?[0-9]{6}", 0.8, label="(?:П|п)аспорт(?: РФ)?"),
        Rule(
            "NATIONAL_ID",
            "[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}[0-9]?",
            0.8,
            label="personalausweis(?:nummer|nr)?|ausweisnummer|ausweis-?nr",
            check=lambda value: len(checksums.digits(value)) > 3,
            why="too few digits",
        ),
        context=("passport",),
    ),
    Rules(
        "police",
        # Messages of NCIC and Nlets are of fields, a name of three letters before a slash, a dot behind.
        *(
            Rule(
                entity,
                value,
                0.9,
                check=lambda value: len(checksums.digits(value)) > 2 or not any(map(str.isdigit, value)),
                sure=True,
                cased=True,
                before=rf"(?<=(?<![A-Za-z/\\-]){field}/)",
                after=r"(?=\.[A-Z]{2}|\.?[ \t]*(?:[\r\n]|\Z)| [A-Z]{3}/)",
                hint=f"{field}/[A-Z0-9]",
                why="too few digits",
            )
            for field, entity, value in (
                ("NAM", "PERSON", "[A-Z][A-Z'-]{1,30}(?:,? ?[A-Z][A-Z'-]{0,30}){1,4}"),
                ("SOC", "US_SSN", "[0-9]{9}"),
                ("OLN", "US_DRIVER_LICENSE", "[A-Z0-9]{0,3}[0-9][A-Z0-9]{3,16}"),
                ("LIC", "LICENSE_PLATE", "[A-Z]{0,4}[0-9][A-Z0-9]{3,6}"),
            )
        ),
        context=("ncic", "nlets"),
    ),
    Rules(
        "driver-license",
        Rule(
            "US_DRIVER_LICENSE",
            "[A-Z]{0,3}[:-]?[A-Z]{0,2}[0-9]{2,14}[A-Z]{0,2}(?:-[0-9A-Z]{2,6}){0,4}",
            0.8,
            label=f"(?:driver|driving)(?:'|’)?s?(?:'|’)?[ _-]?licen[cs]e{_NUMBER}"
            "|licen[cs]e[ _-]?(?:number|no|id|#)|dvla(?: no| number)?|my dl|dl ?(?:number|no|#)",
            check=lambda value: len(checksums.digits(value)) > 4 and checksums.clear(value),
            why="no licence's number",
        ),
        Rule(
            "US_DRIVER_LICENSE",
            "[A-Z0-9]{8,12}",
            0.8,
            label="führerschein(?:nummer|nr)?|permis de conduire|patente di guida|rijbewijs(?:nummer)?"
            "|(?:licencia|permiso) de conducir|prawo jazdy",
            check=lambda value: len(checksums.digits(value)) > 4,
            why="too few digits",
        ),
        Rule(
            "US_DRIVER_LICENSE",
            "DL: ?[A-Z0-9]{4,16}(?:-[A-Z0-9]{2,6}){0,4}",
            0.7,
            check=lambda value: len(checksums.digits(value)) > 4,
            cased=True,
            why="too few digits",
        ),
        Rule("US_DRIVER_LICENSE", "[A-Z]{1,2}[0-9]{6,8}", 0.6, cased=True, label="DL"),
        Rule(
            "UK_DRIVING_LICENCE",
            "[A-Z]{1,5}9{0,4} ?[0-9][0156][0-9] ?[0-3][0-9][0-9] ?[A-Z][A-Z9][A-Z0-9]{3}(?: ?[0-9]{2})?",
            0.6,
            check=lambda value: len(value.replace(" ", "")) in (16, 18),
            cased=True,
            why="too short",
        ),
        context=("driver", "driving", "license", "licence"),
    ),
    Rules(
        "phone-shape",
        Rule(
            "PHONE_NUMBER",
            r"\(?\+?[0-9][0-9 ().-]{5,18}[0-9]",
            0.8,
            label=_PHONE,
            apart="(?<![A-Za-z/])",  # `/etc/phones`
            check=_callable,
            why="no telephone number",
        ),
        # In a subscriber's name of 5G, `msisdn-12025550143`, and behind an attribute of Diameter.
        Rule("PHONE_NUMBER", "[0-9]{7,15}", 0.9, label="msisdn", check=_callable, sure=True, why="no number"),
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9]{7,15}",
            0.8,
            label=r"subscription-id-data(?:\(444\))?(?: l=[0-9]{1,3} f=[A-Z-]{1,8} val)?",
        ),
        # As written for all the world; Presidio leaves numbers that no one has been given yet.
        Rule(
            "PHONE_NUMBER",
            r"\+[1-9][0-9]{10,13}|\+[1-9][0-9]{1,2} [0-9]{2,5} [0-9]{3,8}(?: [0-9]{2,4})?",
            0.5,
            check=lambda value: len(checksums.digits(value)) > 9 and _callable(value),
            before=r"(?<![\w+.-])",
            why="no telephone number",
        ),
        Rule("PHONE_NUMBER", _US_PHONE, 0.7, label=_CALL),
        # In a call of a function: `send_sms(body="…", to="5551234567")`.
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9][0-9 ()-]{5,18}[0-9]",
            0.8,
            label=rf"(?:{_CALLED})\((?:[^()\n]{{0,80}}[ ,])?{_ARGUMENT}",
            check=_callable,
            hint=rf"(?:{_CALLED})\([^\n]*{_ARGUMENT}[^\n]*[0-9]",
            why="no telephone number",
        ),
        Rule("PHONE_NUMBER", "[0-9]{3}[.-][0-9]{4}", 0.7, label=_MY_NUMBER),
        Rule(
            "PHONE_NUMBER", "[2-9][0-9]{2}[2-9][0-9]{6}", 0.7, label="caller|callee|called from|calling from"
        ),
        # Ten digits in a row are anything, but not behind `text`.
        Rule(
            "PHONE_NUMBER",
            "[2-9][0-9]{2}[2-9][0-9]{6}",
            0.7,
            before=r"(?:(?<=\btext )|(?<=\bcall )|(?<=\bdial )|(?<= me at )|(?<= me on ))",
            hint=r"(?:\btext|\bcall|\bdial| me at| me on) [2-9][0-9]{9}\b",
        ),
        Rule(
            "PHONE_NUMBER",
            "00[1-9][0-9]{0,2}(?:[ .-][0-9]{2,5}){2,5}",
            0.7,
            check=_from_abroad,
            why="no telephone number",
        ),
        # As signatures have them: `P 03 9555 0123 M 0491 570 156`.
        Rule(
            "PHONE_NUMBER",
            r"\(?0[0-9]{1,4}\)? [0-9]{3,4} [0-9]{3,4}",
            0.7,
            cased=True,
            before=r"(?:(?<=\b[PTMFHO] )|(?<=\b[PTMFHO]: )|(?<=\b[PTMFHO]\. ))",
            hint=r"\b[PTMFHO][:.]? \(?0[0-9]{1,4}\)? [0-9]{3,4} [0-9]{3,4}\b",
        ),
        Rule("PHONE_NUMBER", "[0-9]{4,7}", 0.7, label="pager(?: number| no| #)?|beeper"),
        Rule("PHONE_NUMBER", "[0-9]{4,5}", 0.5, label=r"ext\.|extn\.?"),
        Rule(
            "PHONE_NUMBER",
            r"\(?\+[0-9][0-9 ().-]{5,18}[0-9]",
            0.7,
            label=_CALL,
            check=_callable,
            why="no telephone number",
        ),
        # A telephone's own log: `[Call] Jo Example (0015555550134)`.
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9][0-9 -]{6,16}[0-9]",
            0.7,
            label=r"\[(?:missed |incoming |outgoing )?(?:call|sms)[ a-z0-9]{0,12}\] [^()\[\]0-9]{1,160}\(",
            check=_callable,
            apart="",
            why="no telephone number",
        ),
        # Who calls whom, over the Internet: `sip:12025550143@192.0.2.1`, `"Jo Lee" <12025550143>`.
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9]{7,15}",
            0.8,
            label="sips?|pjsip|executing",
            check=_callable,
            sure=True,
            after="(?=@)",
            why="no telephone number",
        ),
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9]{7,15}",
            0.8,
            check=_callable,
            before="(?<=[\"'] <)",
            after="(?=>)",
            hint=r"[\"'] <\+?[0-9]{7,15}>",
            why="no telephone number",
        ),
        # Whom: `Call from 1001 to 12025550143`, `Set(CALLERID(num)=12025550143)`.
        Rule(
            "PHONE_NUMBER",
            r"\+?[0-9]{7,15}",
            0.8,
            label=r"(?:call|sms|fax) from \+?[0-9]{3,15} to|callerid\((?:num|all|ani)\)",
            check=_callable,
            sure=True,
            why="no telephone number",
        ),
        # Of China, as MyBatis prints what a statement is given.
        Rule(
            "PHONE_NUMBER", "1[3-9][0-9]{9}", 0.7, after=r"(?=\(String\))", hint=r"\b1[3-9][0-9]{9}\(String\)"
        ),
        # As written for all the world, in the path of a trunk or of a URL: `SIP/trunk/+442079460958`.
        Rule(
            "PHONE_NUMBER",
            r"\+[1-9][0-9]{9,13}",
            0.8,
            check=_somebodys,
            sure=True,
            before="(?<=/)",
            after=r"(?![\w+-]|\.[0-9A-Za-z])",
            hint=r"/\+[1-9][0-9]{9,13}\b",
            why="no telephone number",
        ),
        Rule(
            "PHONE_NUMBER",
            r"\(?[0-9]{3}\)?[ .-]{0,2}[0-9]{3}[ .-]?[0-9]{4} ?(?:ext|x|extension)[ .]{0,2}[0-9]{1,5}",
            0.7,
        ),
        Rule(
            "PHONE_NUMBER",
            r"\+1[ .-]?\(?[0-9]{3}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}",
            1.0,
            sure=True,
            before=r"(?<![\w+])",
        ),
        Rule(
            "PHONE_NUMBER", r"\([0-9]{3}\) {0,2}[0-9]{3}[ .-][0-9]{4}", 0.7, sure=True, before=r"(?<![\w(])"
        ),
        context=("phone", "telephone", "fax", "mobile"),
    ),
    Rules(
        "birth",
        Rule(
            "DATE_OF_BIRTH",
            _DATE,
            0.85,
            label=rf"(?:d\.?o\.?b\.?|date[ _-]of[ _-]birth|birth[ _-]?(?:day|date)){_FORM}|bday|born|born on"
            "|geboren(?: am)?|geb\\.(?: am| ?datum)?|geburtsdatum|née? le|né\\(e\\) le"
            "|date de naissance"
            r"|fecha (?:de )?nac(?:imiento|\.)?|f(?:ec)?[./] ?nac\.?|data (?:de )?nasc(?:imento|\.)?"
            r"|dt\.? ?nasc\.?|nascid[oa] em|nat[oa](?: a:? [^0-9:\n]{1,40}[ ,])? ?il|data di nascita"
            "|nacid[oa] el|geboortedatum|geboren op|data urodzenia|ur\\.|urodzon[ya]|fødselsdato|født|född"
            "|födelsedatum|(?:Д|д)ата рождения|datum narození|narozena?|doğum tarihi"
            r"|생년월일|出生日期|生年月日|\(b\.",
        ),
        # `b. 4 March 1962`; before other forms it is an item of a list as well.
        Rule(
            "DATE_OF_BIRTH",
            rf"[0-9]{{1,2}} {_MONTH} (?:19[0-9]{{2}}|20[01][0-9])",
            0.8,
            label=r"b\.",
            hint=rf"\bb\. [0-9]{{1,2}} {_MONTH} [0-9]{{4}}",
        ),
        Rule(
            "DATE_OF_BIRTH",
            rf"(?:0[1-9]|[12][0-9]|3[01])[0-3][0-9](?:19|20)[0-9]{{2}}"
            rf"|{_MONTH}\.? [0-9]{{1,2}}(?:st|nd|rd|th)?|[0-9]{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}",
            0.8,
            label=r"d\.?o\.?b\.?|date[ _-]of[ _-]birth|birth[ _-]?(?:day|date)|bday",
        ),
        Rule("DATE_OF_BIRTH", "[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{4}|[0-9]{2})", 0.8, label=r"b\."),
        # Of a file `birth` is a moment, of a person a day.
        Rule(
            "DATE_OF_BIRTH",
            r"(?:datetime\.)?date(?:time)?\([0-9]{4}, ?[0-9]{1,2}, ?[0-9]{1,2}",
            0.8,
            label="birth",
            after=r"(?=\)|, ?0, ?0\))",
        ),
        # What .NET could not read, before the member that it was to be.
        Rule(
            "DATE_OF_BIRTH",
            "[^'\\n]{0,20}[0-9][^'\\n]{0,20}",
            0.8,
            before="(?<=String ')",
            after=r"(?=' was not recognized as a valid Date(?:Time|Only)"
            r"[^\n]{0,200}?(?:dob|birth_?(?:day|date)|date_?of_?birth)(?![A-Za-z]))",
            hint=r"was not recognized as a valid Date(?:Time|Only)[^\n]*(?:dob|birth)",
        ),
        # Or behind it.
        Rule(
            "DATE_OF_BIRTH",
            r"[^'\n]{0,20}[0-9][^'\n]{0,20}",
            0.8,
            label="(?:dob|birth_?(?:day|date)|date_?of_?birth)[^A-Za-z0-9\n]{1,4}string",
            after="(?=' was not recognized as a valid Date(?:Time|Only))",
            hint=r"(?:dob|birth)[^\n]*was not recognized as a valid Date(?:Time|Only)",
        ),
        # Newtonsoft's
        Rule(
            "DATE_OF_BIRTH",
            r"[0-9][^'\n]{0,30}",
            0.8,
            label="could not convert string to Date(?:Time|Only)(?:Offset)?",
            after=r"(?=\. Path '[^'\n]{0,100}?(?:dob|birth_?(?:day|date)|date_?of_?birth)')",
            hint=r"could not convert string to Date[^\n]*(?:dob|birth)",
        ),
        context=("birth", "dob", "born", "birthday"),
    ),
    Rules(
        "age",
        Rule(
            "AGE",
            r"(?:9[0-9]|1[0-2][0-9])(?:[ -]{0,2}(?:years?|yrs?)[ -](?:old|of age)|[ -]?y[/.]?o)",
            0.8,
        ),
        # As clinicians write them: `97YOM`, `97yr M`, `97M s/p fall`. Alone, 97M is a size, and 97F a heat.
        Rule("AGE", _OLD, 0.7, after=rf"(?={_YEARS_OF})", hint=rf"\b{_OLD}{_YEARS_OF}"),
        Rule(
            "AGE",
            _OLD,
            0.6,
            cased=True,
            after=f"(?= ?[MF],? {_CLINICAL})",
            hint=rf"\b{_OLD} ?[MF],? {_CLINICAL}",
        ),
        Rule(
            "AGE",
            _OLD,
            0.7,
            after="(?=(?:st|nd|rd|th) b(?:irth)?-?day)",
            hint=rf"\b{_OLD}(?:st|nd|rd|th) b(?:irth)?-?day",
        ),
        Rule(
            "AGE",
            "9[0-9]|10[1-9]",
            0.6,
            label="(?:i(?:'|’)m|i am|(?:he|she|patient|pt|who)(?:(?:'|’)s| is)"
            "|(?:he|she|i|who|patient|pt)(?: has)?(?: just)? turn(?:ed|s))",
            after=r"(?= (?:now|and|but|so|today|years?|yrs?|going on|old)\b|[.,;!?](?!\w)|\s*\Z)",
        ),
        Rule(
            "AGE",
            "9[0-9]|10[0-9]",
            0.6,
            label="turn(?:ed|s|ing)",
            after=r"(?= (?:(?:last|this|next) (?:week|month|year|spring|summer|fall|autumn|winter)|today"
            r"|yesterday)\b)",
        ),
        Rule(
            "AGE",
            "9[0-9]|1[01][0-9]",  # `Age: 120` is that of an answer
            0.6,
            label="aged?|age ?/ ?(?:sex|gender)|(?:sex|gender) ?/ ?age[: ]{1,3}[mf]",
            after=r"(?![\w%]|[-.:/,][0-9]"
            r"| ?(?:s|ms|sec(?:ond)?s?|min(?:ute)?s?|hours?|days?|h|d|weeks?|months?|bytes|kB|MB)\b"
            r"|(?<=90)\+)",  # 90+ is what Safe Harbor wants instead
        ),
        Rule(
            "AGE",
            "9[0-9]|10[0-9]",
            0.6,
            label="(?:my|his|her|their|our) (?:grand)?(?:mother|father|mom|mum|dad|ma|pa|aunt|uncle|wife"
            "|husband)(?: just)?(?: turned| turns)?",
            after=r"(?![\w%]|[-.:/,][0-9]|(?<=90)\+| ?(?:percent|kg|lbs?|pounds|miles|minutes|hours|days)\b)",
        ),
        context=("age", "patient"),
    ),
    Rules(
        "address",
        Rule(
            "STREET_ADDRESS",
            rf"[0-9]{{1,6}}[A-Z]? (?:[NSEW]{{1,2}}\.? )?"
            rf"(?:[A-Z][A-Za-z'-]{{1,20}} |[0-9]{{1,3}}(?:st|nd|rd|th) ){{1,4}}(?:{_STREETS})\b\.?{_UNIT}",
            0.7,
            cased=True,
            after=r"(?!\w)",
        ),
        # In capitals, as on a label for a parcel: by those words only that are no others, or before a place.
        Rule(
            "STREET_ADDRESS",
            f"{_IN_CAPITALS}(?:STREET|AVENUE|AVE|ROAD|BOULEVARD|BLVD|LANE|CRESCENT|PARKWAY|PKWY)",
            0.7,
            cased=True,
        ),
        Rule(
            "STREET_ADDRESS",
            f"{_IN_CAPITALS}(?:{_STREETS.upper()})",
            0.7,
            cased=True,
            after=rf"(?=\.?,? [A-Z][A-Z .,]{{1,30}},? (?:{_STATES}) [0-9]{{5}}(?![0-9]))",
            hint=r"[A-Z],? [A-Z]{2} [0-9]{5}",
        ),
        Rule("STREET_ADDRESS", r"P\.? ?O\.? ?Box #?[0-9]{1,6}", 0.7),
        Rule(
            "US_ZIP_CODE",
            "[0-9]{5}(?:-[0-9]{4})?",
            0.7,
            label="zip[ _-]?code|zip|zip\\+4|postal[ _-]?code",
            apart="(?<![A-Za-z.])",  # `file.zip`
        ),
        # Those of other countries, by their word or, of Britain and Canada, by their form behind a place.
        Rule(
            "US_ZIP_CODE",
            f"{_UK_CODE.replace(' ', ' ?')}|{_CANADIAN_CODE.replace(' ', '[ -]?')}|[0-9]{{4}} ?[A-Z]{{2}}"
            "|[0-9]{5}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{4,6}",
            0.7,
            label="post ?code|postal code|postleitzahl|plz|code postal|c(?:o|ó)digo postal|cep|eircode|〒",
        ),
        Rule(
            "US_ZIP_CODE",
            _UK_CODE,
            0.5,
            cased=True,
            before=r"(?:(?<=[a-z] )|(?<=[a-z], )|(?<=[a-z]\n)|(?<=[a-z],\n))",
            check=lambda value: value[-2:] not in _UNITS,
            hint=rf"\b{_UK_CODE}\b",
            why="a size",
        ),
        # Behind a place in capitals, where a word near says that it is an address.
        Rule(
            "US_ZIP_CODE",
            _UK_CODE,
            0.2,
            cased=True,
            before=r"(?:(?<=[A-Z]{3} )|(?<=[A-Z]{3}, ))",
            check=lambda value: value[-2:] not in _UNITS,
            hint=rf"[A-Z],? {_UK_CODE}\b",
            why="a size",
        ),
        Rule("US_ZIP_CODE", _CANADIAN_CODE, 0.5, cased=True),
        Rule(
            "US_ZIP_CODE",
            "[0-9]{5}(?:-[0-9]{4})?",
            0.7,
            cased=True,
            before=rf"(?<=[A-Za-z.], (?:{_STATES}) )",
            hint=r", [A-Z]{2} [0-9]{5}\b",
        ),
        Rule(
            "US_ZIP_CODE",
            "[0-9]{5}(?:-[0-9]{4})?",
            0.6,
            cased=True,
            before=rf"(?<=[a-z] (?:{_SAFE_STATES}) )",
            hint=r"[a-z] [A-Z]{2} [0-9]{5}\b",
        ),
        Rule(
            "US_ZIP_CODE",
            "[0-9]{5}(?:-[0-9]{4})?",
            0.7,
            cased=True,
            before=rf"(?<=[A-Za-z.], (?:{_SAFE_STATES}|{_NO_MARKS}), )",
            hint=r", [A-Z]{2}, [0-9]{5}\b",
        ),
        # `500 Main St, Toledo OH 43604`, `Columbus, Ohio 43215`
        Rule(
            "US_ZIP_CODE",
            "[0-9]{5}(?:-[0-9]{4})?",
            0.7,
            cased=True,
            label=rf", {_CITY} (?:{_SAFE_STATES}|{_NO_MARKS})|[a-z], (?:{_STATE_NAMES})",
            apart="",
            hint=rf", (?:{_CITY} [A-Z]{{2}}|{_STATE_NAMES})[ ,]{{1,2}}[0-9]{{5}}\b",
        ),
        context=("address", "street", "zip", "road", "avenue", "lane"),
    ),
    Rules(
        "vehicle",
        Rule(
            "VIN",
            f"{_VIN}{{17}}",
            0.95,
            label=f"vin{_NUMBER}|vehicle identification number|chassis{_NUMBER}",
            check=checksums.vin,
            sure=True,
        ),
        Rule(
            "VIN",
            f"{_VIN}{{17}}",
            0.7,
            label=f"vin{_NUMBER}|vehicle identification number|chassis{_NUMBER}",
            check=checksums.vin_shape,
            why="letters only, or digits only",
        ),
        Rule(
            "VIN",
            f"[A-HJ-NPR-Z1-5]{_VIN}{{7}}[0-9X]{_VIN}{{3}}[0-9]{{5}}",
            0.6,
            # Of digits alone are times and sizes: one in eleven adds up.
            check=lambda value: not value.isdigit() and checksums.vin(value),
            sure=True,
            cased=True,
            hint=rf"\b[A-HJ-NPR-Z1-5]{_VIN}{{7}}[0-9X]{_VIN}{{3}}[0-9]{{5}}\b",
        ),
        Rule(
            "LICENSE_PLATE",
            "[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,4}){0,2}",
            0.7,
            label="(?:[Ll]icen[cs]e|[Nn]umber|[Rr]egistration) ?[Pp]late(?: [Nn]umber| [Nn]o)?"
            "|[Pp]late (?:[Nn]umber|[Nn]o)",
            check=lambda value: len(value) > 3 and any(map(str.isdigit, value)),
            cased=True,
            why="no plate",
        ),
        Rule(
            "LICENSE_PLATE",
            "[A-Z0-9]{5,8}",
            0.5,
            label="[Pp]lates?",
            check=lambda value: not value.isalpha() and not value.isdigit(),
            cased=True,
            why="no plate",
        ),
        Rule(
            "LICENSE_PLATE",
            f"(?:{_STATES})[ -][A-Z]{{2,3}}[ -]?[0-9]{{3,4}}",
            0.6,
            label="[Pp]lates?",
            cased=True,
        ),
        # Of Britain, and of Norway.
        Rule(
            "LICENSE_PLATE",
            "(?:[A-Z]{2}[0-9]{2} [A-Z]{3}|[A-Z]{2} [0-9]{5})",
            0.6,
            label="[Pp]lates?",
            cased=True,
        ),
        # Of Germany, of France and of Italy, and of Spain, by what each calls it.
        Rule(
            "LICENSE_PLATE",
            "(?:[A-Z]|Ä|Ö|Ü){1,3}[ -][A-Z]{1,2}[ -]?[0-9]{1,4}[EH]?",
            0.7,
            label="(?:K|[Aa]mtliches K)ennzeichen|[Pp]lates?",
            cased=True,
        ),
        Rule(
            "LICENSE_PLATE",
            "[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}",
            0.7,
            label="[Ii]mmatricul(?:ation|ée?)|[Tt]arga|[Pp]laque",
            cased=True,
        ),
        Rule(
            "LICENSE_PLATE", "[0-9]{4}[ -]?[BCDFGHJ-NPR-TV-Z]{3}", 0.7, label="[Mm]atr(?:í|i)cula", cased=True
        ),
        context=("vin", "vehicle", "chassis", "plate"),
    ),
    Rules(
        "device",
        Rule(
            "IMEI",
            "[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]",
            0.95,
            label=f"imei{_NUMBER}",
            check=checksums.luhn,
            sure=True,
        ),
        Rule("IMEI", "[0-9]{2}-?[0-9]{6}-?[0-9]{6}-?[0-9]{2}", 0.8, label="imeisv|imei"),
        # Of a subscriber (ITU-T E.212), of a SIM (E.118), and of a telephone of CDMA.
        Rule("IMEI", "[0-9]{14,15}", 0.9, label="imsi", sure=True),
        # Hidden from nobody: the scheme of its protection is none (3GPP TS 23.003, 2.2B).
        Rule(
            "IMEI", "[0-9]{5,10}", 0.9, label="suci-0-[0-9]{3}-[0-9]{2,3}-[0-9]{1,4}-0-[0-9]{1,3}", sure=True
        ),
        Rule("IMEI", "89[0-9]{16,18}", 0.9, label="iccid|sim card(?: number| no)?", sure=True),
        Rule("IMEI", "[A-F][0-9A-F] ?[0-9A-F]{6} ?[0-9A-F]{6}", 0.8, label="meid"),
        Rule("IMEI", "[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]", 0.7, check=checksums.luhn, sure=True),
        Rule(
            "DEVICE_SERIAL",
            "[0-9A-F]{8}-[0-9A-F]{16}|[0-9A-F]{16}|[0-9A-F]{40}|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}",
            0.8,
            label="udid|idfa|idfv|gaid|advertising[ _-]id|android[ _-]id|crash ?reporter key",
        ),
        Rule(
            "DEVICE_SERIAL",
            "[A-Z0-9]{2,32}(?:-[A-Z0-9]{1,12}){0,4}",
            0.6,
            label="(?:device|equipment|pump|implant|pacemaker|lead|stent|machine|hardware|unit|meter)(?:'s)?"
            "[ _-](?:serial(?:[ _-]?(?:number|no|num|nr|#))?|s/n)",
            check=lambda value: len(value) > 4 and len(checksums.digits(value)) > 2,
            why="too few digits",
        ),
        Rule("DEVICE_SERIAL", "[A-Z]{2,5}[0-9]{5,10}[A-Z]{0,2}|[0-9]{6,12}[A-Z]{0,2}", 0.5, label="s/n"),
        context=("imei", "device", "serial"),
    ),
    Rules(
        "home-folder",
        # Of an account that is called as its person is.
        Rule(
            "PERSON",
            r"[A-Za-z]{1,30}(?:-[A-Za-z]{2,30})?\.[A-Za-z]{2,30}(?:-[A-Za-z]{2,30})?",
            0.7,
            cased=True,
            check=_ones_folder,
            before=r"(?:(?<=/home/)|(?<=/Users/)|(?<=\\home\\))",
            after=r"(?![\w.@-])",
            hint=r"(?:/home/|/Users/|\\home\\)[A-Za-z-]{1,61}\.[A-Za-z]{2}",
            why="a program's",
        ),
    ),
    Rules(
        "host-address",
        # In the name that a provider gives to whom it lends the address.
        Rule(
            "IP_ADDRESS",
            "[0-9]{1,3}(?:-[0-9]{1,3}){3}",
            0.8,
            check=_public,
            sure=True,
            before=r"(?:(?<=\bpool-)|(?<=\bec2-)|(?<=\bhost-)|(?<=\bdsl-)|(?<=\bcpe-)|(?<=\bstatic-)|(?<=\bdyn-))",
            after=r"(?=\.[a-z])",
            hint=r"\b(?:pool|ec2|host|dsl|cpe|static|dyn)-[0-9]{1,3}(?:-[0-9]{1,3}){3}\.[a-z]",
            why="no address that somebody has",
        ),
    ),
    Rules(
        "reverse-address",
        # In a name for which DNS is asked: 32 digits, or those of a household's network.
        Rule(
            "IP_ADDRESS",
            r"[0-9a-f](?:\.[0-9a-f]){11,31}",
            0.9,
            sure=True,
            before=r"(?<![\w-])(?<!\w\.)",
            after=r"(?=\.ip6\.(?:arpa|int)(?![\w-]))",
            hint=r"[0-9a-f]\.[0-9a-f]\.ip6\.(?:arpa|int)",
        ),
    ),
    Rules(
        "hardware-address",
        Rule(
            "MAC_ADDRESS",
            "[0-9a-f]{12}",
            0.8,
            label="mac(?:[ _-]?addr(?:ess)?)?|bssid|hwaddr",
            check=_device,
            sure=True,
            why="no device's",
        ),
        # The header of a frame, as Linux's firewall writes it: where to, where from, and what it holds.
        *(
            Rule(
                "MAC_ADDRESS",
                _OCTETS,
                0.8,
                check=lambda value: not is_no_device(value),
                sure=True,
                before=rf"(?<=\bMAC=(?:[0-9a-f]{{2}}:){{{before}}})",
                after=rf"(?=(?::[0-9a-f]{{2}}){{{8 - before}}}(?![:0-9a-f]))",
                hint=f"MAC={_OCTETS}:{_OCTETS}",
                why="no device's",
            )
            for before in (0, 6)
        ),
        # Behind the type of its hardware, as a client's id is in DHCP (RFC 2132, 9.14).
        Rule(
            "MAC_ADDRESS",
            r"01(?::[0-9a-f]{2}){6}|01[0-9a-f]{2}\.[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{2}",
            0.8,
            sure=True,
            before=r"(?<![\w.:+-])",
            after=r"(?![\w:]|-\w|\.[0-9a-f])",
            hint=r"\b01(?::[0-9a-f]{2}){6}\b|\b01[0-9a-f]{2}\.[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{2}\b",
        ),
        context=("mac", "hardware", "ethernet"),
    ),
    Rules(
        "wallet",
        # Ethereum and what is built like it, https://eips.ethereum.org/EIPS/eip-55: 20 bytes of a hash.
        Rule(
            "CRYPTO",
            "0x[0-9a-f]{40}",
            0.9,
            check=lambda value: len(set(value[2:].lower())) > 4,
            sure=True,
            before=r"(?<![0-9A-Za-z_])",
            after=r"(?![0-9A-Za-z_])",
            hint=r"\b0x[0-9a-f]{40}\b",
            why="one character repeated",
        ),
        # https://docs.getmonero.org/public-address/standard-address/: 69 bytes in base 58, block by block.
        Rule(
            "CRYPTO",
            "[48][1-9A-HJ-NP-Za-km-z]{94}",
            0.9,
            label="monero|xmr|wallet|address|donate|donations?",
            sure=True,
            cased=True,
            hint="(?i:monero|xmr|wallet|address|donat).{1,40}[48][1-9A-HJ-NP-Za-km-z]{94}",
        ),
        # Tron, Litecoin, Dogecoin, Dash: as Bitcoin's, with another first byte, and its four of a checksum.
        Rule(
            "CRYPTO",
            "[DLMTX][1-9A-HJ-NP-Za-km-z]{33}",
            0.9,
            check=base58check,
            sure=True,
            cased=True,
            hint=r"\b[DLMTX][1-9A-HJ-NP-Za-km-z]{33}\b",
        ),
        # Of Solana 32 bytes without a checksum, as other keys are.
        Rule(
            "CRYPTO",
            "[1-9A-HJ-NP-Za-km-z]{32,44}",
            0.9,
            label=_SOLANA,
            sure=True,
            cased=True,
            check=lambda value: any(map(str.isdigit, value)) and not value.islower() and not value.isupper(),
            hint=f"{_SOLANA}.{{1,40}}[1-9A-HJ-NP-Za-km-z]{{32}}",
            why="letters alone, or of one case",
        ),
        # Cardano's, in bech32, which says itself what it is.
        Rule("CRYPTO", "addr1[02-9ac-hj-np-z]{50,103}", 0.9, sure=True, hint="addr1[02-9ac-hj-np-z]{50}"),
        context=("wallet", "eth", "ethereum", "crypto", "monero"),
    ),
    Rules(
        "biometric",
        Rule(
            "BIOMETRIC",
            "data:(?:image|audio)/[a-z0-9.+-]{1,20};base64,[A-Za-z0-9+/=_-]{16,}",
            0.9,
            sure=True,
            check=_pictured,
            before=r"(?<![A-Za-z0-9])",
            after="",
            hint="data:(?:image|audio)/[a-z0-9.+-]{1,20};base64,",
            why="a drawing or an icon",
        ),
        Rule(
            "BIOMETRIC",
            r"[A-Za-z0-9+/_-]{16,}={0,2}|-?[0-9]{0,3}\.[0-9]{1,20}(?:[, ]{1,3}-?[0-9]{0,3}\.[0-9]{1,20}){2,}",
            0.8,
            label="(?:fingerprint|face|facial|iris|voice|retina|palm)[ _-]?(?:template|embedding|encoding"
            "|descriptor|vector|scan|print|minutiae)",
            check=lambda value: any(map(str.isdigit, value)),
            after="",
            hint="(?:fingerprint|face|facial|iris|voice|retina|palm)[ _-]?(?:template|embedding|encoding"
            "|descriptor|vector|scan|print|minutiae)",
            why="a word",
        ),
        context=("biometric", "fingerprint", "face"),
    ),
    Rules(
        "coordinates",
        # A pair behind a word, as in `geo:37.78,-122.39` (RFC 5870) and `POINT(-122.39 37.78)` (WKT).
        # Three decimals are a street; without a word a pair of numbers is anything.
        Rule(
            "COORDINATES",
            rf"{_DEGREES}[,;/ ] {{0,2}}{_DEGREES}",
            0.7,
            label="geo|gps|lat[ ,/]{0,2}(?:lon|lng|long)|latlon|latlng|coords?|coordinates|geolocation|point"
            "|pick-?up|drop-?off|destination|waypoint"
            "|(?:location|position)(?: at)?",
            check=_on_earth,
            after=r"(?![\w.])",
            why="no place on Earth",
        ),
        # Degrees and minutes, as receivers send them (NMEA 0183): `5951.51372,N,01738.33562,E`.
        Rule(
            "COORDINATES",
            r"[0-9]{4}\.[0-9]{2,7},[NS],[0-9]{5}\.[0-9]{2,7},[EW]",
            0.9,
            cased=True,
            hint=r",[NS],[0-9]{5}\.[0-9]{2,7},[EW]\b",
        ),
        context=("gps", "coordinates", "latitude", "longitude"),
    ),
    Rules(
        "unique-id",
        Rule(
            "UNIQUE_ID",
            _UNIQUE,
            0.6,
            label="client[ _-]?(?:id|number|no|identifier|#)",
            check=lambda value: not _UUID.fullmatch(value),
            why="an application's UUID",
        ),
        Rule(
            "UNIQUE_ID",
            _UNIQUE,
            0.6,
            label="(?:employee|customer|case|claim|applicant|student|voter|citizen|tribal|person"
            "|subject|participant|badge|membership|prescription|rx|accession)"
            "[ _-]?(?:id|number|no|identifier|#)"
            "|id number",
        ),
        Rule(
            "UNIQUE_ID",
            "[A-Z0-9]{6}",
            0.6,
            label="PNR|[Rr]ecord [Ll]ocator|[Bb]ooking [Rr]ef(?:erence)?(?: [Nn]umber)?",
            check=lambda value: not value.isalpha(),
            cased=True,
            why="a word",
        ),
        # Of a message of WhatsApp: the number that sent it is in it, in base64.
        Rule("UNIQUE_ID", r"wamid\.[0-9A-Za-z+/_-]{20,200}={0,2}", 0.9, sure=True, after=r"(?![\w=])"),
        # Of a stay in hospital, what was taken there, and who gives.
        Rule("UNIQUE_ID", "[0-9]{6,12}", 0.6, label="CSN(?:_ID)?|HAR|FIN", cased=True),
        Rule(
            "UNIQUE_ID",
            "[0-9]{6,12}|[0-9]{4}-[0-9]{4,10}",
            0.6,
            label=r"(?:encounter|enc\.?)[ _-]?(?:number|no|num|#)|encounter[ _-]?id",
        ),
        Rule(
            "UNIQUE_ID",
            # Year, day of it, count; as they come from laboratories and radiology.
            "[0-9]{2}-[0-9]{3}-[0-9]{4,8}|[0-9]{2}:[A-Z]{1,3}[0-9]{5,9}",
            0.6,
            label="specimen|sample|accession|acc",
        ),
        Rule("UNIQUE_ID", "[A-Z]{1,3}[0-9]{2}-[0-9]{3,10}(?:-[A-Z0-9]{1,6})?", 0.6, label="accession|acc"),
        Rule("UNIQUE_ID", "[A-Z]{0,2}[0-9]{7,10}", 0.6, label="acc ?(?:#|no)"),
        Rule("UNIQUE_ID", "[A-Z]{1,2}[0-9]{7,8}", 0.6, label="ACC", cased=True),
        # Of a birth, a marriage or a death: three digits of the place, the year, a count.
        Rule(
            "UNIQUE_ID",
            "[A-Z]{0,3}-?[0-9]{5,12}|[0-9]{2,4}(?:-[0-9]{2,8}){1,2}",
            0.7,
            label=r"(?:birth|death|marriage) cert(?:ificate|\.)?|state file ?(?:number|no|#)",
            check=lambda value: (
                len(checksums.digits(value)) > 5 and not re.match("(?:19|20)[0-9]{2}-[01][0-9]-", value)
            ),
            why="a date, or too short",
        ),
        Rule(
            "UNIQUE_ID",
            "[A-Z]{1,3}[0-9]{2}-[0-9]{3,10}(?:-[A-Z0-9]{1,6})?|[A-Z]{2,4}[0-9]{3,6}",
            0.6,
            label="specimen|slide|(?:unos|donor)[ -]id",
        ),
        Rule(
            "UNIQUE_ID",
            "[A-Z]{2,6}-(?:[0-9]{2,4}-)?[0-9]{6,12}",
            0.6,
            label="(?:my |our )?policy|claim",
        ),
        Rule(
            "UNIQUE_ID",
            r"[0-9]{6,12}|[A-Z]{1,3}-[0-9]{5,12}",
            0.6,
            label="kundennummer|kundennr|vertragsnummer|vertragsnr|versichertennummer|n° client"
            "|numéro de client|klantnummer|número de cliente"
            "|vers(?:icherungs)?\\.?(?:schein)?-?(?:nummer|nr)\\.?|postnummer"
            "|n(?:°|º|um(?:é|e)ro) (?:de |d(?:'|’))"
            "(?:matricule|contrat|adh(?:é|e)rent|allocataire|assur(?:é|e))"
            "|matr(?:í|i)cula del? (?:alumn|emplead)[oa]"
            "|n(?:ú|u)mero de (?:empleado|matr(?:í|i)cula|p(?:ó|o)liza|ap(?:ó|o)lice)"
            "|numero (?:di )?(?:matricola|polizza)|personeelsnummer|polisnummer",
        ),
        # With letters before it: `Vers.-Nr. KFZ-38470633`.
        Rule(
            "UNIQUE_ID",
            "[A-Z]{2,6}[ -]?[0-9]{6,12}",
            0.6,
            label="(?:[Vv]ers(?:icherungs)?\\.?(?:schein)?|[Vv]ertrags|[Pp]olicen)-?(?:nummer|[Nn]r)\\.?",
            cased=True,
        ),
        # Of staff, and of whoever learns in France (INE) or in England (UPN), or applies (UCAS).
        Rule(
            "UNIQUE_ID",
            "[0-9]{4,10}",
            0.6,
            label="(?:personal|mitarbeiter|matrikel)-?(?:nummer|nr)\\.?"
            "|matricule(?: (?:salari(?:é|e)|agent|n°))?",
        ),
        Rule("UNIQUE_ID", "[0-9]{9}[0-9A-Z][A-Z]|[0-9]{10}[A-Z]", 0.7, label="INE(?: n°)?", cased=True),
        Rule("UNIQUE_ID", "[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", 0.7, label="UPN", cased=True),
        Rule(
            "UNIQUE_ID",
            "[0-9]{3}-[0-9]{3}-[0-9]{4}|[0-9]{10}",
            0.7,
            label="UCAS(?: (?:ID|number|no))?",
            cased=True,
        ),
        # Whose it is stands before it: `student Jo Example (ID 873522905)`, `employee Jo Roe (file # 34613)`.
        Rule(
            "UNIQUE_ID",
            "[A-Z]{0,3}[0-9]{5,12}",
            0.7,
            label=rf"(?:{_WHO}) {_CAPITAL}[^\n(){{}}\[\]=0-9 ]{{0,30}} {_CAPITAL}[^\n(){{}}\[\]=0-9]{{0,60}}"
            rf"\((?:{_WHICH})",
            after=r"(?=\))",
            cased=True,
            hint=rf"(?:{_WHO}) [^\n(]*\((?:{_WHICH})",
        ),
        Rule(
            "UNIQUE_ID",
            "[0-9]{4,12}",
            0.6,
            label="(?:inmate|booking|arrest|juror|prisoner)[ _-](?:id|number|no|badge|#)",
        ),
        context=("employee", "customer", "case"),
    ),
)


def recognizers(countries: frozenset[str] = frozenset()) -> tuple[Recognizer, ...]:
    """All of this module's; none of them depends on a country that is named."""
    return _RULES
