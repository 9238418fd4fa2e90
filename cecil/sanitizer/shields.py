"""What must not be taken for a telephone, a card, a document or a URL: ids, times, versions, names in code.

    hold_back(text, spans, context) -> (spans that stand, misses that say what held the others back)

Most numbers of a log name a record, a moment or a size. A finding whose evidence is weak is held back where
it is part of such a thing, or where its shape and the words near it say nothing for it:

- evidence is weak without a check that it passed, and with one that one in ten numbers passes by chance
  (Luhn's, the modulus 11 of the NHS, that of the DEA), unless a word of its own stands near;
- a word stands near when it is a whole word of the keys that lead to the text, or of the text just before:
  `status` says nothing of the US, and `routing` nothing of a TIN;
- a host alone is a URL of Presidio's wherever it ends in letters that can be a country's: classes, files and
  half of a word do;
- what has a label of its own, from one of our recognizers, is held back only as part of something longer.

Owns: those judgements. Looks only at a few hundred characters around a span. Refuses: to hold back a secret,
an IBAN, or anything of the user's own.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import emails
from cecil.sanitizer.detectors.presidio import PREFIX
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_CHUNK, _SIDE = 256, 120
"""A text is searched for shields only in those pieces of _CHUNK characters in which a span begins, with _SIDE
characters on either side."""
_AHEAD = 64
"""Characters behind a span up to where a piece is searched when one asks about it for the first time."""

_BEFORE = 100
"""Characters before a span in which a word stands near, and _WORDS_NEAR how many words."""
_WORDS_NEAR = 8

_LABELLED = 0.7
"""From this score a finding of one of our own recognizers has a label before it; Presidio's never have."""

_WORD = late(r"[A-Za-z]+")
# `my number is`, `her German number is`; of an order's or an account's number it is said which.
_OWN_NUMBER = late(
    r"\b(?i:my|your|his|her|our|their) (?:(?:[A-Z][a-z]{1,15}|[A-Z]{2}|new|direct|private) )?"
    r"(?i:number is):? \Z"
)
# In `/etc/phones` a word is the name of a folder, in `passport.js` that of a library.
_PATH = late(r"(?<![\w/.])(?:/[\w.+~-]{1,64}+)++|(?<![\w.-])[\w-]{1,32}+\.(?:js|ts|py|go|rb|php)\b", re.ASCII)
_NAME_BEFORE = 40
_ENDS_A_NAME = ("=", "'", '"')
_NAMED = late(r"([A-Za-z][\w.-]{0,31})=[\"']?\Z", re.ASCII)

_NEAR = {
    entity: frozenset(line.split())
    for entity, line in {
        "PHONE_NUMBER": """phone phones phonenumber telephone telephones tel mobile mobiles cell
            cellphone call calls called fax""",
        "CREDIT_CARD": """credit card cards cardnumber creditcard creditcardnumber debit visa mastercard cc
            amex discover jcb diners maestro instapayment pan payment unionpay troy""",
        "US_BANK_NUMBER": "bank account accounts acct checking savings debit deposit",
        "US_DRIVER_LICENSE": "driver drivers driving license licence lic dl dls cdl cdls",
        "US_PASSPORT": "passport passports",
        "US_SSN": "ssn ssns social",
        "US_ITIN": "itin tin tax taxpayer taxid payer",
        "UK_NHS": "nhs health",
        "MEDICAL_LICENSE": "dea medical certificate license licence prescriber",
        "US_NPI": "npi provider",
        "US_MBI": "medicare mbi beneficiary medicaid hicn",
        "ABA_ROUTING_NUMBER": "aba routing bank",
        "IMEI": "imei device",
        "VIN": "vin vehicle chassis car",
        "CRYPTO": "wallet btc bitcoin crypto",
        "IP_ADDRESS": "ip ipv address addr host",
        "MAC_ADDRESS": "mac ether hwaddr address",
        "DATE_TIME": "date birthday",
    }.items()
}
"""Whose findings are held back, and the words that speak for each."""


class _Shield(NamedTuple):
    """Something longer that a span can be part of.

    Attributes:
        why: `part of a UUID`.
        needs: characters of which one at least is in it; none where any text may hold it.
        pattern: matched in the text around the span.
        spares: entities that it does not hold back.
        dotted: whether a telephone number with dots between its groups looks the same.
    """

    why: str
    needs: str
    pattern: re.Pattern[str]
    spares: frozenset[str] = frozenset()
    dotted: bool = False


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


_IPS = frozenset({"IP_ADDRESS", "MAC_ADDRESS"})
_DATES = frozenset({"DATE_TIME"})
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CAPITALS = "JFMASOND"
_CLOCK = r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?+(?:[.,][0-9]{1,9})?+"
_ZONE = r"(?:Z| ?[+-][0-9]{2}:?[0-9]{2})?+"
_UNIT = (
    "(?:ms|us|µs|ns|secs?|seconds?|minutes?|hours?|days?|[kKMGTP]i?[bB]|bytes?|rows?|records?|px|rpm|[kMG]?Hz"
    "|pages?|blocks?|times?|items?|sectors?|seats?|cents?|users?|cycles|instructions|packets|inodes)"
)

# Each begins with a character and looks back after it: so `re` skips what cannot begin it. All bounded or
# possessive.
_SHIELDS = (
    _Shield(
        "part of a UUID",
        "-",
        _compiled(r"[0-9A-Fa-f](?<![0-9A-Za-z].)[0-9A-Fa-f]{7}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?!\w)"),
    ),
    _Shield("an address in memory", "xX", _compiled(r"0(?<![0-9A-Za-z].)[xX][0-9A-Fa-f]++")),
    _Shield(
        "part of a name in a cloud",
        ":/",
        _compiled(r"(?:arn:aws[\w-]{0,9}:|projects/|subscriptions/|accounts/)[\w:/.*@-]++"),
    ),
    _Shield(
        "part of a row of octets",
        ":-",
        # Seven that begin with 01 are a client's id in DHCP: the kind of an address, and the address. With
        # dashes Windows writes a client's id that ends in an address, and firmware a disk's, behind a comma.
        _compiled(
            r"[0-9A-Fa-f](?<![0-9A-Za-z].)(?!(?<=0)1(?::[0-9A-Fa-f]{2}){6}(?![0-9A-Fa-f:]))[0-9A-Fa-f]"
            r"(?:(?::[0-9A-Fa-f]{2}){6,99}+|(?<![-,]..)(?:-[0-9A-Fa-f]{2}){6,7}+(?!-))(?![0-9A-Fa-f])"
        ),
    ),
    _Shield(
        "part of a time",  # 2026-11-21T14:22:07.123Z, 17/06/09 20:10:40, 2005-06-03-15.42.50.675872
        "-/.",
        _compiled(
            r"[0-9](?<![\w.].)(?:[0-9]{3}([-/.])[0-9]{1,2}\1[0-9]{1,2}"
            r"|[0-9]?([-/.])[0-9]{1,2}\2(?:[0-9]{4}|[0-9]{2}))"
            rf"(?:(?:[T_ -]{{1,2}}|, ){_CLOCK}"
            r"|[-T ][0-9]{2}(?:[.-][0-9]{2}){2}(?:[.-][0-9]{1,9})?+)?+"
            rf"{_ZONE}(?![\w-]|[./][0-9])"
        ),
        _DATES,
    ),
    _Shield(
        "part of a time",  # 14:22:07, 03-17 16:13:38.811
        ":",
        _compiled(
            r"[0-9](?<![\w.:].)(?:[0-9]-[0-9]{2} [0-2][0-9]|[0-9]?):[0-5][0-9](?::[0-5][0-9])?+"
            rf"(?:[.,][0-9]{{1,9}})?+{_ZONE}(?![\w:])"
        ),
        _DATES,
    ),
    _Shield(
        "part of a time",  # 17/May/2015:10:05:03 +0000
        _CAPITALS,
        _compiled(
            rf"[0-9](?<!\w.)[0-9]?[ /-]{_MONTH}[a-z]{{0,6}}[ /-](?:[0-9]{{4}}|[0-9]{{2}})"
            rf"(?:[ :T]{_CLOCK})?+{_ZONE}"
        ),
        _DATES,
    ),
    _Shield(
        "part of a time",  # Nov 21 14:22:07 2026
        _CAPITALS,
        _compiled(
            rf"{_MONTH}(?<!\w...)[a-z]{{0,6}} {{1,2}}[0-9]{{1,2}},?+"
            rf"(?: {_CLOCK})?+(?: [0-9]{{4}})?+{_ZONE}(?!\w)"
        ),
        _DATES,
    ),
    _Shield(
        "part of a time",  # 20261121142207, 20261121-142207, 081109 203615
        "",
        _compiled(
            r"[0-9](?<![\w.-].)(?:[09][0-9]{2}|[0-9])[01][0-9][0-3][0-9][T_. -]?"
            r"[0-2][0-9][0-5][0-9][0-5][0-9](?:\.[0-9]{1,9})?+Z?(?![\w-])"
        ),
        _DATES,
    ),
    _Shield(
        "part of an object identifier",  # urn:oid:1.2.36.146.595.217.0.1
        ".",
        _compiled(
            r"[u0-2](?<![\w.].)(?:rn:oid:[0-9](?:\.?[0-9]++){1,32}+|\.[0-9]++(?:\.[0-9]++){5,32}+)(?!\w)"
        ),
        _IPS,
    ),
    _Shield(
        "part of a dotted number",
        ".",
        _compiled(
            r"[v0-9](?<![\w.].)[0-9]{0,5}\.[0-9]{1,5}\.[0-9]{1,5}(?:(?:\.[0-9]{1,5})++(?![0-9])|(?<!\.[0-9]{4})"
            r"(?![\w.]))"
        ),
        _IPS | _DATES,
        dotted=True,
    ),
    _Shield(
        "part of a fraction",
        ".",
        _compiled(r"[0-9](?<![\w.].)[0-9]*+[.][0-9]++(?![.0-9])(?!-[0-9])"),
        _IPS | _DATES,
        dotted=True,
    ),
    _Shield(
        "a size or a duration",
        "",
        _compiled(
            rf"[0-9](?<![\w.,-].)[0-9]*+(?:[.,][0-9]++)*+(?: ?{_UNIT}(?!\w)|[bB](?!\w)|%(?![0-9A-F]{2}))"
        ),
        _IPS | _DATES,
    ),
    _Shield(
        "a dose",  # 10/20/30 taper
        "/",
        _compiled(
            r"[0-9](?<![\w./].)[0-9]?/[0-9]{1,2}/[0-9]{2}(?=(?: ?(?:mg|mcg|ml|units?)| tapers?)(?!\w))"
        ),
    ),
    _Shield(
        "an amount of money",
        "$€£UEGJ",
        _compiled(r"(?:[$€£¥]|USD|EUR|GBP|JPY) ?[0-9]++(?:[.,][0-9]++)*+"),
        _IPS | _DATES,
    ),
)

# Shapes of telephone numbers that nothing else has: with a plus, with the area in brackets, as North America
# groups them, with a leading zero.
_PHONES = late(
    r"\+[ (]{0,2}[0-9](?:[ ().\/-]{0,3}[0-9]){6,14}"
    r"|\(0?[1-9][0-9]{1,3}\)[ .-]?[0-9]{2,4}(?:[ .-]?[0-9]{2,5}){1,3}"
    r"|(?:1[ .]|[0-9]{1,2}-)?[2-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{4}"
    r"|0[1-9](?: [0-9]{2}){4}|0[1-9][0-9]{1,2}[ /-][0-9]{3,4}[ -]?[0-9]{3,5}"
    r"|0[1-9][0-9]{3}[ /-][0-9]{3}[ -]?[0-9]{3}"
    r"|0[1-9](?:\.[0-9]{2}){4}"
)
_DOTTED_PHONE = late(
    r"(?:\+?1[ .-])?\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}\.[0-9]{4}|(?:\+33 ?|0)[1-9](?:\.[0-9]{2}){4}"
)
_FEWEST_DIGITS = 9
_LETTERS_BEHIND = late(r"[^\W\d_].*", re.DOTALL)
_FEWEST_SPOKEN = 7
"""Digits of a telephone number, in one place and behind a word for it: fewer are an extension, or a count."""

_PAIRS = late(r"0[0-9](?: [0-9]{2}){4}")
_OCTETS = late(r"(?<![0-9A-Za-z])(?<![0-9A-Za-z] )[0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2}){2,}+(?! ?[0-9A-Za-z])")
_GROUPS_OF_A_PHONE = 5
_GROUPS_IN_DENMARK = 4

# A line of what xxd, hexdump -C, Wireshark, tcpdump -x and od print: a place in hexadecimal, and six octets
# or pairs of them at least; the text beside them is judged. Those of a card are four, of a telephone five.
_DUMP = late(
    r"(?:(?<![\w.])(?:0x)?[0-9A-Fa-f]{4,16}(?::[ \t]{1,2}|  )|(?<![^\n])[0-7]{7,8} )"
    r"(?:[0-9A-Fa-f]{4}(?: {1,2}[0-9A-Fa-f]{4}(?![0-9A-Za-z])){5,7}+"
    r"|[0-9A-Fa-f]{2}(?: {1,2}[0-9A-Fa-f]{2}(?![0-9A-Za-z])){5,15}+)"
)

_ROW_AFTER = late(r"[ \t]+-?[0-9]")

_CARD = late(
    r"[3-6][0-9]{12,16}|2[2-7][0-9]{14}|1[0-9]{14}|62[0-9]{17}"
    r"|[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{1,3})?"
    r"|3[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5}|4[0-9]{3}([ -])[0-9]{3}\3[0-9]{3}\3[0-9]{3}"
)
_WORD_BEFORE = 24
_ID_BEFORE = late(r"(?:([A-Za-z]*)(?<=\w)[-.+~$\\]|()[/%])\Z", re.ASCII)
_ID_AFTER = late(r"[-/.@]\w", re.ASCII)

_COUNTS = frozenset(
    """offset handle thread daemon ident bytes size total counter segment seq sequence sum count hash usec
    nsec usecs nsecs us ns""".split()
)
_COUNT_BEFORE = 64
# `offset 40…`, `Counter64: 40…`, `bytes_total{id="/"} 40…`; InnoDB's `---TRANSACTION 42…`.
_COUNTED = late(
    r"([A-Za-z_]{1,40}+)(?:64)?(?:\\*\"[ \t]*:[ \t]*|[:=][ \t]*|[ \t]{1,4})\Z"
    r"|(=\"[^\"\\]{0,60}\"\} |---TRANSACTION )\Z",
    re.ASCII,
)

_OF_A_LENGTH = late(r"[0-9]{13,14}")
"""Of cards hardly any has so few digits, and of ids and times many: one in ten passes Luhn's check."""

_OTHERS = {
    "CREDIT_CARD": frozenset("id ids amount amounts".split()),
    "US_SSN": frozenset("sku skus upc ean asin part".split()),
    "PHONE_NUMBER": frozenset("sku skus upc ean gtin asin awb".split()),
    "UK_NHS": frozenset("sku skus upc ean gtin asin awb".split()),
    "MEDICAL_LICENSE": frozenset("sku skus upc ean gtin asin awb material serial".split()),
}
"""Last words of keys under which a finding without a word for it is what they say."""

_TIME = late(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|1[0-9]{9}")
"""A day without separators, and seconds since 1970, of 2001 to 2033."""

_SAYS_OTHERWISE = late(
    r"\b(?:version|build|release|rev|revision|balance|amount|total|limit|count|quota)[ \t]*[:=]?[ \t]*\Z",
    re.IGNORECASE,
)
"""A word right before a number that says what it is, and nearer than another: `account balance 12345678`."""

# `Cache-Control: max-age=91`, `cache age 93`, `retention_age=95`
_AGE_OF_A_THING = late(
    r"\b(?:max|min|stale|cache[ds]?|retention|storage|object|file|log|token|key|cert|certificate|password|session"
    r"|message|queue|snapshot|backup|entry|record|data|lock|account|pod|node|job|item|image|event|container)"
    r"(?:'s)?[ _-](?:max[ _-]|min[ _-])?aged?[ :=]{1,3}(?:is )?\Z",
    re.IGNORECASE,
)

_CLOUD_ACCOUNT = 12
"""Digits of an account with AWS, near which "account" says nothing of a bank."""
_BANKS = late(r"bank|acct|checking|saving|debit|deposit", re.IGNORECASE)

_STANDS_IN_AN_ID = frozenset({"CREDIT_CARD", "IP_ADDRESS", "MAC_ADDRESS", "DATE_TIME"})


def hold_back(
    text: str, spans: Sequence[Span], context: tuple[str, ...] = (), *, briefly: bool = False
) -> tuple[list[Span], list[Miss]]:
    """The spans that stand, in the same order, and a miss for each that does not.

    Args:
        text: where the spans are.
        spans: with the scores that they have in their context.
        context: words of the keys that lead to the text, in lower case.
        briefly: leave out those of which one that stands says the same of the same characters, as sure and as
            valid; those that stand come in no order.
    """
    stand: list[Span] = []
    misses: list[Miss] = []
    around = _Around(text)
    secrets = {span.end: span.start for span in spans if span.entity in ("SECRET", "PASSWORD")}
    others = (span for span in spans if span.entity != "CREDIT_CARD")
    named = {(span.start, span.end) for span in others if span.validated and _has_label(span)}
    said: dict[tuple[int, int, str], bool] = {}
    if briefly and len(spans) > 1:
        spans = sorted(spans, key=_surest)
    for span in spans:
        why = None
        if briefly and said.get(span[:3], -1) >= span.validated:
            continue
        if span.entity == "CREDIT_CARD" and (span.start, span.end) in named:
            # `IMEI 353021504471011`: one number in ten passes Luhn's check, and of a card some digits stay.
            why = "the word before it says what it is"
        elif span.entity in _NEAR:
            why = _why(text, span, context, around)
        elif span.entity == "AGE":
            of_a_thing = _AGE_OF_A_THING.search(text, max(0, span.start - _NAME_BEFORE), span.start)
            why = "the age of a thing" if of_a_thing else None
        elif span.entity == "URL" and span.detector.startswith(PREFIX):
            why = _no_address(text, span, context)
        elif span.entity == "EMAIL_ADDRESS":
            why = emails.no_mailbox(text, span.start, span.end, context) or _credential(text, span, secrets)
        if why is None:
            stand.append(span)
            said[span[:3]] = span.validated
        else:
            misses.append(Miss(span.start, span.end, span.entity, span.detector, why))
    return stand, misses


def _surest(span: Span) -> tuple[float, bool, str]:
    return -span.score, not span.validated, span.detector


def _has_label(span: Span) -> bool:
    return span.score >= _LABELLED and not span.detector.startswith(PREFIX)


class _Around:
    """The shielded stretches of a text, piece by piece, looked for when they are asked for.

    Of each piece and shield it is known how far the text was read, and the stretches up to there.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._shields: list[_Shield] | None = None
        self._known: dict[int, list[tuple[int, list[tuple[int, int]]]]] = {}

    def shield(self, span: Span, dotted: bool) -> _Shield | None:
        """The first of which a span is a part; those that spare it do not count.

        Args:
            dotted: whether a shield counts that looks like a telephone number with dots.
        """
        if self._shields is None:
            characters = frozenset(self._text)
            self._shields = [one for one in _SHIELDS if not one.needs or not characters.isdisjoint(one.needs)]
        piece = span.start // _CHUNK
        known = self._known.setdefault(piece, [(0, [])] * len(self._shields))
        limit = (piece + 1) * _CHUNK + _SIDE
        enough = min(span.end + _AHEAD, limit)
        for number, shield in enumerate(self._shields):
            if span.entity in shield.spares or (shield.dotted and not dotted):
                continue
            reach, stretches = known[number]
            if reach < enough:
                # Mostly one span of a piece is asked about, and what stands far behind it is no matter.
                reach = limit if reach else enough
                first = max(0, piece * _CHUNK - _SIDE)
                stretches = [match.span() for match in shield.pattern.finditer(self._text, first, reach)]
                known[number] = reach, stretches
            for start, end in stretches:
                # The end of an address can look like a date, 02-ac-ad-12-03-20; no address is a part of one.
                whole = span.entity != "MAC_ADDRESS" or (start <= span.start and span.end <= end)
                if start < span.end and end > span.start and whole:
                    return shield
        return None


def _credential(text: str, span: Span, secrets: dict[int, int]) -> str | None:
    """The password of a URL and its host look like an address: `user:pass@db.example.com`."""
    at = text.find("@", span.start, span.end)
    return "the end of a credential and a host" if secrets.get(at, span.end) <= span.start else None


_SURELY_AN_ADDRESS = late(r".*/|www[0-9]{0,3}\.|[^.]+\..*(?<=\.)(?:com|org|net|edu|gov|mil)\.", re.I)
_IN_A_DOMAIN = late(r".*\.(?:com|org|net|edu|gov|mil)", re.IGNORECASE)
_KEYS_OF_ADDRESSES = frozenset(
    "url urls uri link href host hostname domain website site referer referrer".split()
)
# As Java, Android and their kin call classes: a host's name in reverse.
_IN_REVERSE = late(
    r"(?:com|org|net|io|edu|gov|mil|dev|javax?|jakarta|kotlinx?|scala|androidx?)(?:\.[a-z][\w-]*)*\."
    r"(?:[a-z][\w-]*\.[a-z]{3,}|[A-Z][\w]*)"
)
_A_FILE = late(r".+\.(?:py|sh|rs|md|mk|zip|mov)|lib.+\.so", re.IGNORECASE)
"""Extensions that are the name of a country or a domain, too."""


def _no_address(text: str, span: Span, context: tuple[str, ...]) -> str | None:
    """Why what Presidio takes for a URL is none. Enough for one are a scheme, `www.`, a path, a domain as
    `.com`, a key that says so; another domain, where nothing says that it is something else."""
    start, end = span.start, span.end
    if text[start : start + 1] in ("'", '"'):
        start, end = start + 1, end - 1
    value = text[start:end]
    if _SURELY_AN_ADDRESS.match(value):
        return None
    after = text[end : end + 1]
    if after.isascii() and after.isalnum():
        return "part of a word"  # `.ar` of `p.Arg23` is no country, nor is `.jp` of `amelia.jpg`
    if not _KEYS_OF_ADDRESSES.isdisjoint(context[-1:]):
        return None
    if _IN_A_DOMAIN.fullmatch(value):
        return None
    if _IN_REVERSE.fullmatch(value):
        return "the name of a class"
    if _A_FILE.fullmatch(value):
        return "the name of a file"
    return "a name in code" if after in ("=", "(", "[") else None


def _why(text: str, span: Span, context: tuple[str, ...], around: _Around) -> str | None:
    """What holds a span back, or None."""
    if span.entity == "MEDICAL_LICENSE" and _in_a_run(text, span):
        return "part of a word"  # Presidio looks for it in the middle of anything
    if _in_a_dump(text, span):
        return "octets of a dump"
    near = _has_label(span) or _word_near(text, span, context)
    if near and (span.validated or span.score == 1.0):
        return None
    if span.entity == "CREDIT_CARD" and not near and _is_count(text, span, context):
        return "the word before it says what it counts"
    if not near and context and context[-1] in _OTHERS.get(span.entity, ()):
        return "its key says that it is something else"
    if not near and span.entity == "CREDIT_CARD" and _OF_A_LENGTH.fullmatch(text, span.start, span.end):
        # A text that is nothing else has nothing to say what it is; a value has its key.
        whole = not context and text.strip() == text[span.start : span.end]
        return None if whole else "no word near speaks for it"
    why = _part_of(text, span, around)
    judge = (_SPOKEN if near else _ALONE).get(span.entity)
    return judge(text, span) if why is None and judge else why


def _in_a_dump(text: str, span: Span) -> bool:
    if "." in text[span.start : span.end]:
        return False  # and no address of four octets is asked about: it is the most frequent finding
    rows = _DUMP.finditer(text, max(0, span.start - _SIDE), span.end + _SIDE)
    return any(row.start() <= span.start and span.end <= row.end() for row in rows)


def _in_a_run(text: str, span: Span) -> bool:
    return text[max(0, span.start - 1) : span.start].isalnum() or text[span.end : span.end + 1].isalnum()


def _word_near(text: str, span: Span, context: tuple[str, ...]) -> bool:
    speaking = _NEAR[span.entity]
    if not speaking.isdisjoint(context):
        return True
    start = max(0, span.start - _BEFORE)
    named = text[max(0, span.start - 1) : span.start] in _ENDS_A_NAME and _NAMED.search(
        text, max(start, span.start - _NAME_BEFORE), span.start
    )
    if named and speaking.isdisjoint(keys.words(named[1])):
        return False  # `phone call pid=40000500`
    if span.entity == "PHONE_NUMBER" and _OWN_NUMBER.search(text, start, span.start):
        return True
    found = _WORD.findall(text, start, span.start)[-_WORDS_NEAR:]
    if speaking.isdisjoint(word.lower() for word in found):
        return False
    found = _WORD.findall(_PATH.sub("/", text[start : span.start]))[-_WORDS_NEAR:]
    return not speaking.isdisjoint(word.lower() for word in found)


def _part_of(text: str, span: Span, around: _Around) -> str | None:
    """What longer thing a span is part of."""
    dotted = span.entity == "PHONE_NUMBER" and _DOTTED_PHONE.fullmatch(text, span.start, span.end)
    shield = around.shield(span, dotted=not dotted)
    if shield:
        return shield.why
    before, after = text[max(0, span.start - 1) : span.start], text[span.end : span.end + 1]
    if _joins(after) or (_joins(before) and not _ends_before(text, span)):
        return "part of a word"
    if span.entity in _STANDS_IN_AN_ID:
        return None
    joined = _ID_BEFORE.search(text, max(0, span.start - _WORD_BEFORE), span.start)
    if joined and (joined[1] or "").lower() not in _NEAR[span.entity]:
        return "part of an id or a path"
    if _ID_AFTER.match(text, span.end, span.end + 2):
        return "part of an id or a path"
    return None


def _ends_before(text: str, span: Span) -> bool:
    """Whether a letter before a span is none of its own: of an escape, or run into a number with dashes."""
    before = text[max(0, span.start - 2) : span.start]
    return before in ("\\n", "\\r", "\\t") or (span.entity == "US_SSN" and before[-1:].isalpha())


def _joins(character: str) -> bool:
    # Scripts without blanks between words write numbers right behind them.
    return character == "_" or (character.isascii() and character.isalnum())


def _in_a_row(text: str, span: Span) -> bool:
    """Whether digits stand on the same line with nothing but blanks between: a table's columns."""
    start = span.start
    while start > 0 and text[start - 1] in " \t" and span.start - start < _SIDE:
        start -= 1
    before = 0 < start < span.start and text[start - 1].isdigit()
    return before or _ROW_AFTER.match(text, span.end, span.end + _SIDE) is not None


def _phone(text: str, span: Span) -> str | None:
    value = text[span.start : span.end].strip()
    if "\n" in value or "  " in value or "\t" in value:
        return "columns of numbers"
    if value.isdigit():
        return "a number alone is no telephone number"
    match = _PHONES.match(value)
    if match is None or sum(map(str.isdigit, value)) < (7 if value[0] == "+" else _FEWEST_DIGITS):
        return "not grouped as telephone numbers are"
    if _named_otherwise(text, span, value):
        return "what stands beside it says what it is"
    if set(value) <= _DIGITS_AND_BLANKS and _in_a_row(text, span):
        return "one of a row of numbers"
    if _PAIRS.fullmatch(value) and _among_octets(text, span):
        return "one of some rows of octets"
    return None


# `partition 551-502-5811`, `delta +22238392693`, `v 687.564.7426`, a disk's counters behind `sda`.
_MEASURE_BEFORE = late(
    r"(?<![A-Za-z])(?:partition|delta|offset|segment|seq|sequence|bytes|cycles|v|[shv]d[a-z][0-9]?)"
    r"[ \t:=]{1,3}\Z",
    re.IGNORECASE,
)
# `sku=355-70-6360`, `AWB 020-48213371`: numbers of things that are stored or sent.
_THING_BEFORE = late(
    r"(?<![A-Za-z])(?:sku|upc|ean|gtin|asin|awb|air waybill)"
    r"(?:[ _]?(?:no\.?|nr\.?|number|num))?[ \t:=#\"']{1,4}\Z",
    re.IGNORECASE,
)
# A serial or a material says nothing of a telephone behind it; a licence of a prescriber is neither.
_SERIAL_BEFORE = late(
    r"(?<![A-Za-z])(?:material|serial)(?:[ _]?(?:no\.?|nr\.?|number|num))?[ \t:=#\"']{1,4}\Z", re.IGNORECASE
)
# Behind the beginning of a line: the month, day and time of glog, and what `sum` says of a file.
_GLOG = late(r"(?:0[1-9]|1[0-2])[0-3][0-9] (?:[01][0-9]|2[0-3])(?:[0-5][0-9]){2}(?= )")
_SUM = late(r"[0-9]{5} {1,5}[0-9]{1,6}(?= {1,3}[/.])")
_POINT_BEFORE = late(r"[0-9],-?\Z")
_POINT_AFTER = late(r",-?[0-9]")


def _named_otherwise(text: str, span: Span, value: str) -> bool:
    """Whether what stands right beside a telephone number without any word says that it is none."""
    start, end = span.start, span.end
    if _MEASURE_BEFORE.search(text, max(0, start - _WORD_BEFORE), start) or _of_a_thing(text, start):
        return True
    if text[max(0, start - 1) : start] in ("", "\n") and (
        _GLOG.match(text, start) or _SUM.match(text, start)
    ):
        return True
    # Coordinates have a minus, and a blank between two of them: telephones in a list have neither.
    before = _POINT_BEFORE.search(text, max(0, start - 3), start)
    after = _POINT_AFTER.match(text, end)
    signed = text[start - 1 : start] == "-" or text[end + 1 : end + 2] == "-"
    return bool(before and after) and (signed or (" " in value and "." in value))


def _of_a_thing(text: str, start: int) -> bool:
    """Whether the word right before says that a number is that of a thing which is stored or sent."""
    return _THING_BEFORE.search(text, max(0, start - _WORD_BEFORE), start) is not None


def _among_octets(text: str, span: Span) -> bool:
    """Whether rows of octets stand near that no telephone number looks like: `04 24 02 02`."""
    near = text[max(0, span.start - _SIDE) : span.end + _SIDE]
    return any(len(row.split()) != _GROUPS_OF_A_PHONE for row in _OCTETS.findall(near))


_DIGITS_AND_BLANKS = frozenset("0123456789 ")


def _spoken_phone(text: str, span: Span) -> str | None:
    value = text[span.start : span.end]
    # Without an extension: `1680x1050` is the size of a screen.
    if sum(map(str.isdigit, _LETTERS_BEHIND.sub("", value))) < _FEWEST_SPOKEN:
        return "too few digits"
    groups = value.split()
    if _has_label(span) and len(groups) == _GROUPS_IN_DENMARK:
        return None  # `tlf 20 38 49 17`
    small = len(groups) > 1 and all(len(group) < 3 for group in groups)
    return "columns of numbers" if small and not _PHONES.match(" ".join(groups)) else None


def _spoken_number(text: str, span: Span) -> str | None:
    """Of what Presidio finds by a word that stands anywhere near."""
    if not _has_label(span) and _SAYS_OTHERWISE.search(text, max(0, span.start - _WORD_BEFORE), span.start):
        return "the word before it says what it is"
    return None


def _spoken_account(text: str, span: Span) -> str | None:
    if not _has_label(span) and _TIME.fullmatch(text, span.start, span.end):
        return "a date or a time"
    if why := _spoken_number(text, span):
        return why
    if span.end - span.start != _CLOUD_ACCOUNT or _BANKS.search(
        text, max(0, span.start - _BEFORE), span.start
    ):
        return None
    return "an account with a cloud"


_FEWEST_OF_A_LICENSE = 5
_LICENSE_OF_A_DRIVER = late(r"driv[a-z]{2,3}(?:'|’)?s?[ _-]?licen[cs]e", re.IGNORECASE)


def _spoken_license(text: str, span: Span) -> str | None:
    """The driver of a device, `i915`, and a licence of software, `v2`, are in small letters and short."""
    value = text[span.start : span.end]
    if not value.islower() or sum(map(str.isdigit, value)) >= _FEWEST_OF_A_LICENSE:
        return None
    said = _LICENSE_OF_A_DRIVER.search(text, max(0, span.start - _BEFORE), span.start)
    return None if said else "too few digits"


def _spoken_driver(text: str, span: Span) -> str | None:
    return _spoken_license(text, span) or _spoken_number(text, span)


def _card(text: str, span: Span) -> str | None:
    value = text[span.start : span.end]
    return None if _CARD.fullmatch(value) else "no card's numbers begin or are grouped so"


def _is_count(text: str, span: Span, context: tuple[str, ...]) -> bool:
    """Whether digits in a row stand behind a word for a size, a place or a thread, or under a key that ends
    in one: of such numbers one in ten passes Luhn's check."""
    if not text[span.start : span.end].isdigit():
        return False
    if context and span.end - span.start == len(text):
        said = [word for word in context[-2:] if not word.isdigit()]
        return bool(said) and said[-1] in _COUNTS
    before = _COUNTED.search(text, max(0, span.start - _COUNT_BEFORE), span.start)
    if before is None:
        return False
    return before[2] is not None or not _COUNTS.isdisjoint(keys.words(before[1])[-1:])


_Judge = Callable[[str, Span], "str | None"]


def _grouped(*groups: int) -> _Judge:
    """A judge that wants digits in these groups, with the same sign between them."""
    sizes = [f"[0-9]{{{size}}}" for size in groups]
    shape = re.compile(sizes[0] + "([ .-])" + r"\1".join(sizes[1:]))

    def judge(text: str, span: Span) -> str | None:
        value = text[span.start : span.end]
        match = shape.fullmatch(value)
        if not match:
            return "no word near speaks for it"
        if match[1] == " " and _in_a_row(text, span):
            return "one of a row of numbers"
        return "the word before it says what it is" if _of_a_thing(text, span.start) else None

    return judge


def _medical(text: str, span: Span) -> str | None:
    value = text[span.start : span.end]
    if value.startswith("KB"):
        return "the number of an update"
    before = max(0, span.start - _WORD_BEFORE)
    if _of_a_thing(text, span.start) or _SERIAL_BEFORE.search(text, before, span.start):
        return "the word before it says what it is"
    return "like a hash" if value.islower() else None


def _unspoken(text: str, span: Span) -> str | None:
    return "no word near speaks for it"


_ALONE: dict[str, _Judge] = {
    "PHONE_NUMBER": _phone,
    "CREDIT_CARD": _card,
    "UK_NHS": _grouped(3, 3, 4),
    "US_SSN": _grouped(3, 2, 4),
    "US_ITIN": _grouped(3, 2, 4),
    "MEDICAL_LICENSE": _medical,
    "US_BANK_NUMBER": _unspoken,
    "US_DRIVER_LICENSE": _unspoken,
    "US_PASSPORT": _unspoken,
    "US_NPI": _unspoken,
    "ABA_ROUTING_NUMBER": _unspoken,
}
"""What is said of a span that nothing else holds back, when no word near speaks for it."""

_SPOKEN: dict[str, _Judge] = {
    "PHONE_NUMBER": _spoken_phone,
    "US_BANK_NUMBER": _spoken_account,
    "US_DRIVER_LICENSE": _spoken_driver,
    "US_PASSPORT": _spoken_number,
}
"""And when one does."""
