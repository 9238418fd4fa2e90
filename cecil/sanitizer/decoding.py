r"""Text within text: JSON in a string, base64, hexadecimal digits, gzip, words of mail headers.

Owns: where such a piece stands, what it says, and how it is written again once what it says has changed;
and records that name a member of themselves: `{"name": "Authorization", "value": "…"}`.

Decides nothing: who asks judges a piece's text, JSON among it as a record, and looks for pieces in it
again. Single characters that are encoded (`%40`, `&#64;`, `\u0040`) are `normal.py`'s. Refuses: to look
into what inflates beyond all measure; its record goes to quarantine. What only fails to decode is text
as any other.
"""

import base64
import contextlib
import email.errors
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from email.charset import QP, Charset
from email.header import decode_header, make_header
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import orjson

from cecil.errors import DetectorError, RecordError
from cecil.sanitizer import grids
from cecil.sanitizer.detectors import Trigger
from cecil.sanitizer.detectors.secrets import noise
from cecil.sanitizer.late import late
from cecil.stream.jsontext import dumps, loads

MAX_INFLATED = 4 << 20
"""Bytes that all compressed pieces of one text may hold together."""

GAP = "\n\ue000\n"
"""Stands for bytes that are not text, between two stretches of text."""


class Piece(NamedTuple):
    """Encoded text within a text.

    Attributes:
        start, end: where it stands, in characters, half-open.
        kind: `json`, `escaped`, `header`, `base64`, `gzip` or `hex`.
        text: what it says. Of bytes that are not text as a whole, the stretches of text in them, with a
            `GAP` between.
        encode: writes a changed text as the piece was written; what did not change keeps its spelling as
            far as the encoding allows.
        place: where what it says stands: from a character's index in `text` to its index in the piece as
            it is written. None where single characters have no place of their own.
    """

    start: int
    end: int
    kind: str
    text: str
    encode: Callable[[str], str]
    place: Callable[[int], int] | None = None


# Base64 (RFC 4648): what four characters can be that stand for three bytes of ASCII text.
_FIRST = "[CDI-Za-f]"
_SECOND = "[ACDEFGHQS-Xgi-nwyz0-3]"
_THIRD = "[ABEFIJMNQRUVYZcdghklopstwx014589]"
_ANY = "[A-Za-z0-9+/_-]"
_QUAD = _FIRST + _SECOND + _THIRD + _ANY
# It begins so, or as the base64 of an object of JSON does, in which names can be written in any script.
_BASE64 = f"(?:{_QUAD}){{4}}(?:{_QUAD}|{_FIRST}{_SECOND}(?:{_THIRD}=|==))"
_OBJECT = f"eyJ{_ANY}{{17}}"
# The same of ASCII text in UTF-16, which PowerShell takes for a command.
_WIDE = f"(?:{_FIRST}[AQgw][AB]{_ANY}A[A-H][AEIMQUYcgkosw048]A){{3}}"
# The first bytes of every gzip file (RFC 1952): 1f 8b 08.
_GZIP = f"H4sI{_ANY}{{16}}"
_HEX = "(?:[2-7][0-9A-Fa-f]){10}"
# In the audit of Linux the words of a command, with zero bytes between, each of any length.
_BYTES = "(?:[0-9A-Fa-f]{2}){10}"

# Encoded text begins with five times three characters of ASCII, and not in a word, unless that is the end of
# an escape (`%3D`, `\n`). A search for what begins anywhere would take a fifth of all speed.
_RUN = late(
    rf"(?P<gzip>{_GZIP})"
    r"|(?P<base64>(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrt]))"
    rf"(?:{_BASE64}|{_WIDE})|{_OBJECT})"
    rf"|(?P<hex>(?:(?<![0-9A-Za-z])|(?<=[0\\]x)){_HEX}|(?<=proctitle=){_BYTES})"
)
_DIGITS = late(f"{_ANY}{{18,}}+")
# In a URL the two odd characters and the padding may be percent-encoded.
_BASE64_LINE = late(f"(?:{_ANY}|%2[BbFf])*+")
_PADDING = late(r"=|%3[Dd]")
_PLAIN_DIGITS = late(f"{_ANY}*+")
# What may be behind base64 in a path, and what stands before it.
_SEGMENT = late(r"/(?:[a-z]{1,24}(?:[_-][a-z]{2,24}){0,4}|v?[0-9]{1,10})?(?![\w+=%-]|\.\w)")
_IN_A_PATH = late(r"/[a-z][a-z0-9_.-]*+/\Z")
_SHORTEST_SEGMENT = 16
_LONGEST_SEGMENT = 400
_BREAK = late(r"\r?\n(?!-)")  # what begins with a hyphen is the end of a PEM block
_WIDTHS = range(60, 77, 4)  # characters that an encoder puts on a line: 64 (PEM), 76 (MIME)
_STANDARD = str.maketrans("-_", "+/")
_URL_SAFE = str.maketrans("+/", "-_")
_HEX_DIGITS = late(r"[0-9A-Fa-f]*+")

# A stretch of text among other bytes: it begins with twelve ASCII characters and ends where UTF-8 does.
_STRETCH = late(
    rb"[\t\n\r -~]{12,}+(?:(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}"
    rb"|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})++[\t\n\r -~]*+)*+"
)

# What a mail's header writes beyond ASCII (RFC 2047): words with their charset, in base64 or quoted.
_ENCODED_WORD = r"=\?[A-Za-z0-9_.:-]{1,40}(?:\*[A-Za-z-]{1,20})?\?[BbQq]\?[^?\s]{0,4096}+\?="
_TONGUE = late(r"(?<=[A-Za-z0-9])\*[A-Za-z-]{1,20}(?=\?[BbQq]\?)")
"""The language, which may follow the charset (RFC 2231)."""
_QUOTED = Charset("utf-8")
_QUOTED.header_encoding = QP  # in which a replacement can be read
_ENCODED_WORDS = late(rf"{_ENCODED_WORD}(?:\s{{1,4}}{_ENCODED_WORD}){{0,64}}+")

_BLANKS = " \t\r\n"
_BLANK = r"[ \t\r\n]*+"
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+"'
# Where JSON begins that names something or holds strings, plainly or with its quotes escaped.
_OPENING = late(
    rf"\{{{_BLANK}(?={_STRING}{_BLANK}:)|\[{_BLANK}(?=[{{\[]|{_STRING}{_BLANK}[,\]])"
    r'|[{\[](?:[ \t\r\n]|\\++[nrt])*+(?P<escaped>\\++")'
)
_TOKEN = late(
    rf"{_BLANK}(?:(?P<open>[{{\[])|(?P<close>[}}\]])|(?P<comma>,)|(?P<colon>:)|(?P<string>{_STRING})"
    r"|(?P<other>-?[0-9][0-9.eE+-]*+|true|false|null))"
)
# The inside of a string of JSON.
_INSIDE = late(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_CHUNK = 1 << 14
_ESCAPE = late(r'\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|["\\/bfnrt])')

_FHIR_VALUES = """valueString valueCode valueDate valueDateTime valueId valueUri valueInteger valueDecimal
    valueQuantity""".split()

WRAPPERS = frozenset(
    f"{kind}{value}"
    for kind in "string int double bool bytes array kvlist long".split()
    for value in ("Value", "_value")
) | frozenset(
    "values StringValue BinaryValue S N SS NS M L $numberLong $numberInt $numberDecimal $numberDouble".split()
    + _FHIR_VALUES
)
"""Members that only say of what type a value is: OpenTelemetry's AnyValue, attributes of AWS, JSON of
DynamoDB and MongoDB, value[x] of FHIR (https://hl7.org/fhir/R4/formats.html#choice)."""

# What HTTP's Basic says (RFC 7617), where a configuration keeps it: `"auth": "…"`, `_auth=…` of npm.
_LOGIN = late(r"[\w.@+$%|-]{1,200}:(?!//)[^\x00-\x1f]{2,}")
_UNDER_AUTH = late(r"(?<![A-Za-z0-9])auth[\"'\\]{0,4}[ \t]{0,3}[:=][ \t]{0,3}[\"'\\]{0,4}\Z", re.IGNORECASE)
_BEFORE_LOGIN = 24

_HEADERS = """authorization proxy-authorization cookie set-cookie x-api-key api-key x-auth-token
    x-access-token x-csrf-token x-xsrf-token x-amz-security-token private-token job-token x-gitlab-token
    circle-token x-shopify-access-token dd-api-key dd-application-key ocp-apim-subscription-key x-goog-api-key
    x-auth-key x-vault-token x-consul-token x-nomad-token cf-access-client-secret x-functions-key xi-api-key
    x-redmine-api-key x-figma-token apikey""".split()
_CONFIGURED = ("requirepass", "masterauth")
"""Settings of Redis that are a password: `["CONFIG", "SET", "requirepass", "…"]`."""
_CREDENTIALS = """token access_token refresh_token auth_token secret client_secret api_key api_token
    password""".split()
_SHORTEST_TOKEN = 16
_OPTION = late(r"--?[A-Za-z][\w.-]{1,60}")
_LETTERS = late(r"[A-Za-z_-]*")
_SHORT_OPTIONS = frozenset("-u -p -a -w --user --proxy-user".split())
_BETWEEN = r"\\*\"\s*,\s*\\*\""
_NAME_IN_A_PAIR = late(r"[A-Za-z_][\w.-]{0,60}")
_AUTH = "AUTH"
"""Redis's command, before a password or a user and one."""
_PASSWORD = late(r"(?=.*[0-9])(?=.*[A-Za-z])[^\s]{8,400}")
_SECRETS = r"[a-z_.-]{0,30}(?:passw(?:or)?d|secret|token|api[_-]?key|cookie)"
LISTED = rf"^--?[A-Za-z]|^(?i:{'|'.join([*_HEADERS, *_CONFIGURED])}|{_SECRETS})$|^{_AUTH}$"
"""For RE2: one item of a list that `named_items`, `are_pairs` or `is_command` looks at."""

# By the key of a value, the keys that its name may have.
_NAMES = """
    name key k header field parameter param attribute property option label variable headerName fieldName
    parameterName parameterKey attributeName propertyName optionName variableName header_name field_name
    parameter_name parameter_key attribute_name property_name option_name variable_name""".split()
_VALUES = """
    value v val headerValue fieldValue parameterValue attributeValue propertyValue optionValue variableValue
    header_value field_value parameter_value attribute_value property_value option_value variable_value
    stringValue string_value""".split()


_FIELDS = "field attribute property column".split()
_FIELDS += [f"{one}{name}" for one in _FIELDS for name in ("Name", "_name")]
_CHANGED = """
    old new from to before after previous current oldValue newValue old_value new_value from_value to_value
    fromValue toValue previousValue previous_value fromString toString old_val new_val rejectedValue
    rejected_value attemptedValue invalidValue""".split()

_ARGUMENTS = ("command_data", "arg", "args", "argument", "parameter", "params")
"""By which sniffers of networks call what follows a command: Suricata, Zeek."""


def _capital(key: str) -> str:
    return key[0].upper() + key[1:]


_SPELLINGS: tuple[Callable[[str], str], ...] = (str, _capital, str.upper)


def _spelt(rows: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {spell(value): tuple(map(spell, names)) for spell in _SPELLINGS for value, names in rows.items()}


_NAMING = _spelt(dict.fromkeys(_VALUES, _NAMES))
_PAIRED = {
    spell(f"{thing}{value}"): spell(f"{thing}{name}")
    for thing in "header field parameter attribute property option variable".split()
    for name, value in (("Name", "Value"), ("_name", "_value"))
    for spell in _SPELLINGS
}
"""Names and values that are of one thing whatever else an object holds, as HubSpot's events have them."""
_CHANGING = _spelt(dict.fromkeys(_CHANGED, _FIELDS))
"""What tells how a field was changed: `{"field": "email", "old": "…", "new": "…"}`."""

# What mostly says something else: it counts only where it is a name that promises something.
_HINTS = _spelt(
    {value: "id type title system".split() for value in ("value", "values", "val")}
    | {answer: "question label text title field id".split() for answer in ("answer", "answers", "response")}
) | dict.fromkeys(_FHIR_VALUES, ("url",))
_HINTING = sorted({*(name for names in _HINTS.values() for name in names), "display"})
_NO_HINT = frozenset({"token", "tokens"})
"""What a lexer calls its own."""
_APELLIDOS = """apellido apellidos apellido1 primer_apellido primerApellido apellido_paterno
    apellidoPaterno""".split()
_HALVES = {
    "family": ("family-name", ("given",)),
    "given": ("given-name", ("family",)),
    "ime": ("first-name", ("prezime",)),
    "nume": ("last-name", ("prenume",)),
    "nom": ("last-name", ("prenom", "prénom", "prenoms", "prénoms")),
    "nome": ("first-name", ("sobrenome", "cognome")),
    "nombre": ("first-name", _APELLIDOS),
    "nombres": ("first-name", _APELLIDOS),
    "jmeno": ("first-name", ("prijmeni",)),
    "jméno": ("first-name", ("příjmení",)),
    "ad": ("first-name", ("soyad",)),
    "naam": ("last-name", ("voornaam",)),
    "名": ("first-name", ("姓",)),
    "ort": ("city", ("plz", "postleitzahl", "strasse", "straße")),
    "comune": ("city", ("indirizzo",)),
    "cap": ("zip", ("indirizzo",)),
    "poblacion": ("city", ("codigoPostal", "codigo_postal", "direccion")),
    "población": ("city", ("código_postal", "códigoPostal", "dirección")),
    "mesto": ("city", ("psc", "ulice")),
    "město": ("city", ("psč", "ulice")),
    "obec": ("city", ("psc", "ulice")),
}
"""By keys that say little alone, what they are beside the other half of a name or address, and its keys."""
_IN_MANY = frozenset({*_HALVES, *_PAIRED})
"""Keys that are named in an object of many members, too."""
_NUMBERS = frozenset((int, float, bool))
_PATCHES = frozenset(("add", "replace", "test"))
"""Of JSON Patch (RFC 6902), those that bring a value."""

_OIDS = {
    "1": "us-ssn",
    "2": "us-itin",
    "4": "us-ein",
    "6": "us-npi",
    "330": "passport",
    "572": "us-mbi",
    "927": "us-mbi",
}
"""What numbers are below 2.16.840.1.113883.4, HL7's branch for the identifiers of others
(https://www.hl7.org/oid/); below 3 there are the driving licences of each state."""
_OID = late(r"urn:oid:2\.16\.840\.1\.113883\.4\.([0-9]{1,3})(?:\.[0-9.]{1,9})?")
_CODES = {
    "MR": "mrn",
    "PI": "patient-id",
    "PT": "patient-id",
    "SS": "ssn",
    "SB": "ssn",
    "DL": "driver-license",
    "PPN": "passport-number",
    "MB": "member-number",
    "SN": "subscriber-number",
    "MC": "medicare-number",
    "MA": "medicaid-number",
    "NI": "national-id",
    "TAX": "tax-id",
}
"""Of what type an identifier is (HL7 v2.5.1, table 0203)."""

_LONGEST_NAME = 100
_MOST_MEMBERS = 8
_FEW_MEMBERS = 4
_LONGEST_ANSWER = 64
"""Characters of an answer to a question of a form: others are those of people, or of a model."""


def pieces(text: str) -> list[Piece]:
    """The pieces of a text, in order, without overlap; none for most texts.

    Time is linear in the length of the text and of what it inflates to.

    Raises:
        DetectorError: what is compressed in it holds more than `MAX_INFLATED` bytes.
    """
    found: list[Piece] = []
    if '"' in text and ("{" in text or "[" in text):
        found = list(_json(text))
    if "=?" in text:
        ends = [0, *(piece.end for piece in found)]
        starts = [*(piece.start for piece in found), len(text)]
        gaps = list(zip(ends, starts, strict=True))
        found = sorted([*found, *(one for gap in gaps for one in _header(text, *gap))])
    if len(text) >= 20:
        found = sorted([*found, *_encoded(text, found)])
    return found


def is_login(text: str, piece: Piece, words: Sequence[str]) -> bool:
    """Whether a piece is a user and a password in base64, under a name that says so.

    Args:
        text: where it stands.
        piece: one of its pieces.
        words: of the keys that lead to the text.
    """
    if piece.kind != "base64" or not _LOGIN.fullmatch(piece.text):
        return False
    if _UNDER_AUTH.search(text, max(0, piece.start - _BEFORE_LOGIN), piece.start):
        return True
    return [*words[-1:]] == ["auth"] and piece.end - piece.start == len(text)


def _json(text: str) -> Iterator[Piece]:
    position = 0
    while opening := _OPENING.search(text, position):
        start = opening.start()
        if opening["escaped"]:
            inside = _INSIDE.match(text, start)
            position = max(inside.end() if inside else 0, opening.end())
            yield _escaped(text[start:position], start)
            continue
        if not position:  # mostly there is one, and it ends where something is closed for the last time
            end = max(text.rfind("}"), text.rfind("]")) + 1
            if _valid(text[start:end]):
                yield Piece(start, end, "json", text[start:end], str, int)
                return
        position, whole = _extents(text, start)
        for left, right in whole:
            if _valid(text[left:right]):
                yield Piece(left, right, "json", text[left:right], str, int)


def seems_record(text: str) -> tuple[int, int] | None:
    """Where in a text, between blanks, one object of JSON may stand, and nothing else; None in all others."""
    start, end = len(text) - len(text.lstrip(_BLANKS)), len(text.rstrip(_BLANKS))
    if text[start : start + 1] != "{" or text[end - 1] != "}":
        return None
    opening = _OPENING.match(text, start)
    return None if opening is None or opening["escaped"] else (start, end)


def is_record(text: str) -> bool:
    """Whether a text is one object of JSON, and nothing else but blanks."""
    body = seems_record(text)
    return body is not None and _valid(text[slice(*body)])


def _valid(text: str) -> bool:
    """Whether it is JSON that means the same to everybody who reads it."""
    try:
        loads(text.encode())
    except (RecordError, UnicodeEncodeError):
        return False
    return True


def _extents(text: str, start: int) -> tuple[int, list[tuple[int, int]]]:
    """Read JSON from `start` on: where to go on after it, and the containers that are whole.

    Where the text is cut short, or was no JSON, those are the ones inside of it that are.
    """
    whole: list[tuple[int, int]] = []
    # Of every open container: where it begins, how many were whole before it, and what closes it.
    stack: list[tuple[int, int, str]] = []
    position = start
    wanted = "value"
    string: int | None = None
    while token := _TOKEN.match(text, position):
        kind = token.lastgroup or ""
        begin, end = token.span(kind)
        if kind == "open" and wanted in ("value", "item"):
            stack.append((begin, len(whole), "}" if text[begin] == "{" else "]"))
            wanted = "key" if text[begin] == "{" else "item"
        elif kind == "close" and wanted in ("comma", "key", "item") and stack[-1][2] == text[begin]:
            opened, before, _ = stack.pop()
            whole[before:] = [(opened, end)]
            wanted = "comma"
            if not stack:
                return end, whole
        elif kind == "comma" and wanted == "comma":
            wanted = "name" if stack[-1][2] == "}" else "value"
        elif kind == "colon" and wanted == "colon":
            wanted = "value"
        elif kind == "string" and wanted in ("key", "name"):
            string = begin
            wanted = "colon"
        elif kind in ("string", "other") and wanted in ("value", "item"):
            string = begin if kind == "string" else string
            wanted = "comma"
        else:
            break
        position = end
    # The last string may have begun with the quote that should have ended one: JSON can begin inside of it.
    again = position if string is None else string + 1
    return max(start + 1, again, whole[-1][1] if whole else 0), whole


def _escaped(written: str, start: int) -> Piece:
    """A stretch in which quotes are escaped: the inside of a JSON string."""
    text, place = unescaped(written)

    def encode(new: str) -> str:
        # What stands before the first change and behind the last is as it was written.
        head = alike(text, new)
        tail = alike(text[head:][::-1], new[head:][::-1])
        middle = dumps(new[head : len(new) - tail])[1:-1]
        return written[: place(head)] + middle + written[place(len(text) - tail) :]

    return Piece(start, start + len(written), "escaped", text, encode, place)


def unescaped(written: str) -> tuple[str, Callable[[int], int]]:
    """What the inside of a JSON string says, and where it says it: from a character's index in the text to
    its index as it is written."""
    if "\\" not in written:
        return written, int
    ends: list[int] = []  # of what every escape stands for, in the text
    behind: list[int] = []  # where it ends as it is written
    parts: list[str] = []
    position = length = 0
    for match in _ESCAPE.finditer(written):
        parts += (written[position : match.start()], _unescape(match[0]))
        length += match.start() - position + len(parts[-1])
        position = match.end()
        ends.append(length)
        behind.append(position)
    parts.append(written[position:])

    def place(char: int) -> int:
        last = bisect_right(ends, char) - 1
        return char if last < 0 else behind[last] + char - ends[last]

    return "".join(parts), place


def _unescape(escape: str) -> str:
    try:
        return str(orjson.loads(f'"{escape}"'))
    except orjson.JSONDecodeError:  # one half of a character
        return escape


def alike(one: str, other: str) -> int:
    """How many characters two texts have in common at their beginnings."""
    shorter = min(len(one), len(other))
    return next((i for i in range(shorter) if one[i] != other[i]), shorter)


def _header(text: str, start: int, end: int) -> Iterator[Piece]:
    """Encoded words of a mail's header; those side by side are one text."""
    for match in _ENCODED_WORDS.finditer(text, start, end):
        # A blank between two says nothing, and what has a charset that nobody knows is text as any other.
        with contextlib.suppress(email.errors.HeaderParseError, LookupError, ValueError):
            words = str(make_header(decode_header(_TONGUE.sub("", match[0]))))
            yield Piece(*match.span(), "header", words, partial(_as_header, match[0], words))


def _as_header(written: str, before: str, text: str) -> str:
    if text == before:
        return written
    return text if text.isascii() else _QUOTED.header_encode(text)


def _encoded(text: str, taken: list[Piece]) -> Iterator[Piece]:
    """Base64, gzip and hexadecimal digits outside of what is taken."""
    room = MAX_INFLATED
    gaps = zip(
        [0, *(piece.end for piece in taken)], [*(piece.start for piece in taken), len(text)], strict=True
    )
    for start, end in gaps:
        position = last = start
        while True:
            if position >= last:  # else it is the rest of digits of which a segment of a path was read
                digits = _DIGITS.search(text, position, end)
                if digits is None:
                    break
                position, last = digits.span()
            # Padding is no digit, and up to two of it belong to a run.
            run = _RUN.search(text, position, min(last + 2, end))
            if run is None:
                position = last
                continue
            left = run.start()
            if run.lastgroup == "hex":
                right = run.end() + _length(_HEX_DIGITS.match(text, run.end(), end)) // 2 * 2
                piece = _hex(text[left:right], left)
            else:
                cut = _segment_end(text, left, end) if run.lastgroup == "base64" else None
                right = cut or _base64_end(text, left, end)
                piece, inflated = _base64(text[left:right], left, run.lastgroup == "gzip", room)
                room -= inflated
            if piece:
                yield piece
            position = max(right, run.end())


def _base64_end(text: str, left: int, ceiling: int) -> int:
    """Where the digits end, on all their lines, with the padding."""
    right = left + _length(_BASE64_LINE.match(text, left, ceiling))
    digits = line = width = _digits(text[left:right])
    while line == width and width in _WIDTHS and (line_break := _BREAK.match(text, right, ceiling)):
        following = _BASE64_LINE.match(text, line_break.end(), ceiling)
        if not 0 < _length(following) <= width:
            break
        right = line_break.end() + _length(following)
        line = _digits(text[line_break.end() : right])
        digits += line
    if digits % 4 == 1:  # what is left over says nothing
        return right - (3 if text[right - 3] == "%" else 1)
    while digits % 4 and (padding := _PADDING.match(text, right, ceiling)):
        right = padding.end()
        digits += 1
    return right


def _segment_end(text: str, left: int, ceiling: int) -> int | None:
    """Where base64 ends that is a segment of a path: `/` is a digit as well as what ends it. None where it is
    none.

    It ends before a slash where what stands before that is text by itself, and a plain word, a number or
    nothing follows, or it stands in a path, where no slash is a digit; unless all of it is text: then the
    slash is among the digits of a question mark.
    """
    line = _PLAIN_DIGITS.match(text, left, min(ceiling, left + _LONGEST_SEGMENT))
    right = left + _length(line)
    slash = text.find("/", left + _SHORTEST_SEGMENT, right)
    if slash < 0:
        return None
    in_path = _IN_A_PATH.search(text, max(0, left - _LONGEST_SEGMENT), left) is not None
    while slash >= 0 and _says_text(text[left : slash - (slash - left) % 4]):
        if _says_text(text[left:slash]) and (in_path or _SEGMENT.match(text, slash)):
            last = in_path and slash + 1 == right
            return slash if last or not _says_text(text[left:right]) else None
        slash = text.find("/", slash + 1, right)
    return None


def _says_text(written: str) -> bool:
    """Whether digits of base64 are those of ASCII text, whole and written as an encoder does."""
    if len(written) % 4 == 1:
        return False
    digits = written.translate(_STANDARD)
    data = base64.b64decode(digits + "=" * (-len(digits) % 4))
    again = base64.b64encode(data).decode().rstrip("=")
    return again == digits and all(31 < byte < 127 or byte in b"\t\r\n" for byte in data)


def _length(match: re.Match[str] | None) -> int:
    return match.end() - match.start() if match else 0


def _digits(written: str) -> int:
    return len(written) - 2 * written.count("%")


def _hex(written: str, start: int) -> Piece | None:
    decoded = _text(bytes.fromhex(written))
    if decoded is None:
        return None
    text, back = decoded

    def encode(new: str) -> str:
        digits = back(new).hex()
        return digits if written.lower() == written else digits.upper()

    return Piece(start, start + len(written), "hex", text, encode)


def _base64(written: str, start: int, packed: bool, room: int) -> tuple[Piece | None, int]:
    """The piece, and how many bytes it inflated to."""
    lines = _BREAK.split(written)
    joined = unquote("".join(lines))
    bare = joined.rstrip("=")
    data = base64.b64decode(bare.translate(_STANDARD) + "=" * (-len(bare) % 4))
    inflated = 0
    if packed:
        data = _inflate(data, room)
        inflated = len(data)
    decoded = _text(data)
    if decoded is None:
        return None, inflated
    text, back = decoded

    def encode(new: str) -> str:
        data = back(new)
        digits = base64.b64encode(_deflate(data) if packed else data).decode()
        url_safe = "-" in bare or "_" in bare
        if url_safe:
            digits = digits.translate(_URL_SAFE)
        if joined == bare and (url_safe or len(bare) % 4):
            digits = digits.rstrip("=")
        if "%" in written:
            digits = quote(digits, safe="")
        width = len(lines[0])
        if len(lines) == 1:
            return digits
        line_break = written[width : written.index("\n") + 1]
        return line_break.join(digits[i : i + width] for i in range(0, len(digits), width))

    return Piece(start, start + len(written), "gzip" if packed else "base64", text, encode), inflated


def _inflate(data: bytes, room: int) -> bytes:
    """What is compressed, as far as it is whole.

    Raises:
        DetectorError: that is more than `room` bytes.
    """
    out: list[bytes] = []
    size = 0
    member = zlib.decompressobj(wbits=31)
    position = 0
    while position < len(data):
        chunk = data[position : position + _CHUNK]
        try:
            piece = member.decompress(chunk, room + 1 - size)
        except zlib.error:
            break
        out.append(piece)
        size += len(piece)
        if size > room:
            raise DetectorError("compressed text that is too large to look into")
        position += len(chunk) - len(member.unused_data)
        if member.eof:
            member = zlib.decompressobj(wbits=31)
    return b"".join(out)


def _deflate(data: bytes) -> bytes:
    """As gzip, without a time or a name: the same bytes give the same bytes."""
    member = zlib.compressobj(wbits=31)
    return member.compress(data) + member.flush()


def _text(data: bytes) -> tuple[str, Callable[[str], bytes]] | None:
    """What bytes say and how to write it again; None where they say nothing."""
    if not data:
        return None
    if data.count(0) * 3 > len(data) and len(data) % 2 == 0:
        try:
            return data.decode("utf-16-le"), lambda new: new.encode("utf-16-le")
        except UnicodeDecodeError:
            pass
    try:
        text = data.decode()
    except UnicodeDecodeError:
        pass
    else:
        if "\0" in text and "\t" not in text:
            # What Linux keeps of a command and its environment: words, each with a zero byte behind it.
            return text.replace("\0", "\t"), lambda new: new.replace("\t", "\0").encode()
        return text, str.encode
    spans = [match.span() for match in _STRETCH.finditer(data)]
    if not spans:
        return None
    cuts = [0, *(cut for span in spans for cut in span), len(data)]
    between = [data[i:j] for i, j in zip(cuts[::2], cuts[1::2], strict=True)]

    def back(new: str) -> bytes:
        stretches = new.split(GAP)
        if len(stretches) != len(spans):  # something was found that goes over a gap
            return new.encode()
        parts = [part for pair in zip(between, map(str.encode, stretches), strict=False) for part in pair]
        return b"".join([*parts, between[-1]])

    return GAP.join(data[i:j].decode() for i, j in spans), back


class Named(NamedTuple):
    """The name that an object gives to one of its members.

    Attributes:
        name: as it is written, or what a code of it stands for.
        sure: whether it is one, whatever it is: others are only where they promise something.
    """

    name: str
    sure: bool = True


_UNNAMED: dict[str, Named] = {}


def named_values(record: Mapping[str, Any]) -> dict[str, Named]:
    """The names that an object gives to its members, by their keys.

    `{"name": "Authorization", "value": "…"}`, `{"Key": "email", "Value": "…"}`, OpenTelemetry's
    `{"key": "user.email", "value": {"stringValue": "…"}}`, CloudFormation's `{"ParameterKey": …}`;
    `{"field": "email", "old": "…", "new": "…"}`, questions and answers of forms, JSON Patch, what FHIR
    says of identifiers, extensions and observations, and halves of a name, `{"family": "…", "given": "…"}`.
    What `WRAPPERS` names is looked through below it. A token beside its probability, or its place in a text,
    is a piece of that. A password that FTP or POP3 sends is one of a command, `{"command": "PASS", …}`.
    """
    if record.get("command") == "PASS":
        return {key: Named("password") for key in _ARGUMENTS if key in record}
    if "token" in record and any(type(record.get(key)) in (int, float) for key in _OF_A_PIECE):
        return {"token": Named("piece_token")}
    if len(record) < 2:
        return _UNNAMED
    few = len(record) <= _MOST_MEMBERS
    found = _UNNAMED
    for key in record if few else _IN_MANY & record.keys():
        if key in _NAMED and (named := _named(record, key)):
            if found is _UNNAMED:
                found = {}
            found[key] = named
    return found


def _named(record: Mapping[str, Any], key: str) -> Named | None:
    if len(record) <= _FEW_MEMBERS and (name := _beside(record, _NAMING.get(key, ()))):
        return Named(name)
    if type(name := record.get(_PAIRED.get(key, ""))) is str and name:
        return Named(name)
    if name := _beside(record, _CHANGING.get(key, ())):
        return Named(name)
    if type(record.get("code")) is dict and key in _FHIR_VALUES and (name := _coded(record["code"])):
        return Named(name)
    value = record[key]
    if half := _HALVES.get(key):
        beside = any(one in record and type(record[one]) not in _NUMBERS for one in half[1])
        return Named(half[0], sure=False) if beside else None
    if key == "value" and record.get("op") in _PATCHES and type(path := record.get("path")) is str:
        return Named(path, sure=False)
    if type(value) in _NUMBERS:  # of a chart, or a count
        return None
    name = _beside(record, _HINTS.get(key, ()))
    if key == "value" and type(record.get("type")) is dict:
        name = _coded(record["type"]) or name
    if name is None or len(name) > _LONGEST_NAME:
        return None
    if "?" in name and not ("your" in name.lower() and type(value) is str and len(value) <= _LONGEST_ANSWER):
        return None
    if oid := _OID.fullmatch(name):
        name = "driver-license" if oid[1] == "3" else _OIDS.get(oid[1], "")
    elif name.startswith(("http://", "https://")):
        name = name.rpartition("/")[2]
    return None if not name or name.lower() in _NO_HINT else Named(name, sure=False)


def _beside(record: Mapping[str, Any], names: Sequence[str]) -> str | None:
    for one in names:
        name = record.get(one)
        if type(name) is str:
            return name
    return None


_OF_A_PIECE = ("logprob", "start_offset")
"""Of the answer of a model, and of Elasticsearch's `_analyze`."""


def _coded(concept: Mapping[str, Any]) -> str | None:
    """What a CodeableConcept of FHIR says."""
    codings = concept.get("coding")
    some = [one for one in codings if type(one) is dict] if type(codings) is list else []
    for one in some:
        code = one.get("code")
        if type(code) is str and code in _CODES:
            return _CODES[code]
    return _beside(concept, ("text",)) or next(
        (name for one in some if (name := _beside(one, ("display",)))), None
    )


_KIN: dict[str, dict[str, str]] = {
    # A key as JSON (RFC 7518, 6.2.2, 6.3.2 and 6.4.1).
    "kty": dict.fromkeys("d p q dp dq qi k".split(), "private-key"),
    "user_code": dict.fromkeys(("device_code", "user_code"), "access-code"),  # RFC 8628, 3.2
    "secondaryKey": dict.fromkeys(("primaryKey", "secondaryKey"), "access-key"),
    "p256dh": {"auth": "auth-secret"},  # of a browser that takes pushes (RFC 8291, 3.2)
    # Of ISO 8583: a card's number, its track 2 and track 1, and the PIN.
    "mti": {"2": "card-number", "35": "track-data", "45": "track-data"}
    | dict.fromkeys("52 DE52 F52 de52 f52 field52".split(), "pin-block"),
    "messaging_product": {"to": "phone-number", "recipient": "phone-number"},  # of WhatsApp
}
_OF_A_LOGIN = frozenset(
    "user username userName user_name login email mail card card_number cardNumber account".split()
)
_LOGINS = frozenset("u usr user username userName user_name login".split())
"""Beside one of these `p` is a password, as in what is posted, where it has the looks of one."""
_OF_A_TEST = frozenset("fail failed failures failing skip skipped total passed flaky warn".split())
_OF_A_CHIP = frozenset("mode gpio chip board pull edge state level direction port".split())
_BANKS = frozenset(
    """routing routing_number routingNumber sort_code sortCode sort-code sortcode bic bic_code bicCode swift
    swift_code swiftCode bsb aba""".split()
)
_BANK = late(
    "[0-9]{8,9}|[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}|[0-9]{3}-[0-9]{3}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"
)
"""Its routing number, sort code, BSB, or BIC (ISO 9362)."""
_PASSES_ALONE = ("pass", "pw", "psw")
_SHORTEST_PASS = 4
_OF_A_PASSWORD = frozenset("type bcrypt_hash override_special special".split())
"""Attributes of Terraform's `random_password`, beside its `result`; a `random_string` has most of them."""
_OF_SOME_STRING = ("override_special", "special")
_OF_SIGNS = late(r"(?=.*[0-9A-Za-z]).*[!@#$%&*()\[\]{}<>?=+].*")
_KEY_ALONE = late(r"(?=.*[0-9])(?=.*[A-Za-z])[0-9A-Za-z+/_-]{40,4000}+={0,2}")
_LONG_MADE = 16
_COUNTED = late(r"[0-9]{1,5}|[0-9]+[/.:,-][0-9/.:,-]*|[0-9.,]+ ?(?:%|[a-z]{1,3})")
"""How many tests passed, when, or how fast."""
_PIN = late(r"[0-9]{4,8}")
_DOCUMENT_TYPES = (
    "documentType document_type docType doc_type idType id_type identityType identity_type document".split()
)
_DOCUMENT_NUMBERS = """documentNumber documentNo document_number document_no docNumber docNo doc_number doc_no
    documentNum document_num idNumber id_number idNo id_no number""".split()
_DOCUMENTS = {
    "passport": "passport-number",
    "drivinglicence": "driver-license",
    "drivinglicense": "driver-license",
    "driverslicense": "driver-license",
    "driverslicence": "driver-license",
    "driverlicense": "driver-license",
    "driverlicence": "driver-license",
    "nationalid": "national-id",
    "nationalidcard": "national-id",
    "nationalidentitycard": "national-id",
    "identitycard": "national-id",
    "idcard": "national-id",
    "residencepermit": "residence-permit",
    "visa": "visa-number",
}
"""What a document's number is, by its type in small letters alone."""
_EVENTS = "event type kind action name purpose method channel factor template topic".split()
_EVENTS += ["eventType", "event_type", "eventName", "event_name"]
_OF_A_CODE = late(
    r"(?<![a-z])(?:t?otp|mfa|[2t]fa)(?![a-z])|two[ ._-]?factor|one[ ._-]?time|passcode|verif"
    r"|(?:sms|login|email|sign[ ._-]?in)[ ._-]?code"
)
_NOT_SURELY = late("verif|fail|err|invalid|reject|denied|timeout")
_HUMP = late("(?<=[a-z0-9])(?=[A-Z])")
_CODE_DIGITS = late("[0-9]{4,8}")
_SIX_DIGITS = late("[0-9]{6}")
_BESIDE = (
    (frozenset(_EVENTS), frozenset(("code",))),
    (_BANKS, frozenset(("account",))),
    (frozenset(_DOCUMENT_TYPES), frozenset(_DOCUMENT_NUMBERS)),
    (_OF_A_LOGIN, frozenset(("pin", *_PASSES_ALONE))),
    (_LOGINS, frozenset(("p",))),
    (frozenset(("loc",)), frozenset(("input",))),
    (_OF_A_PASSWORD, frozenset(("result",))),
    (frozenset(("private",)), frozenset(("private",))),
    (frozenset(("id",)), frozenset(("from", "recipient_id"))),
)
"""Members that tell more of others, and these."""
_HAVING_KIN = frozenset().union(*(others for _, others in _BESIDE))
_OF_KUBERNETES = dict.fromkeys(("data", "stringData"), "secrets")
_NO_KIN: dict[str, str] = {}


def kin(record: Mapping[str, Any]) -> Mapping[str, str]:
    """The names that members of an object have because of those beside them, by their keys."""
    for key, names in _KIN.items():
        if key in record:
            return names
    if record.get("kind") == "Secret":
        return _OF_KUBERNETES
    return _NO_KIN if _HAVING_KIN.isdisjoint(record) else _beside_others(record)


def _beside_others(record: Mapping[str, Any]) -> dict[str, str]:
    """The same for an account beside its bank, a document's number beside its type, a code beside an event
    that says of what, what was turned down beside its place, and what is a password or a PIN beside a login,
    and what came of a test, or a contact of a chip, beside others."""
    found: dict[str, str] = {}
    if "code" in record and _is_code(record):
        found["code"] = "otp-code"
    if "account" in record and any(_BANK.fullmatch(str(record[key])) for key in _BANKS & record.keys()):
        found |= {"account": "account-number", "routing": "routing-number"}
    if said := _beside(record, _DOCUMENT_TYPES):
        name = _DOCUMENTS.get("".join(filter(str.isalpha, said.lower())))
        found |= {key: name for key in _DOCUMENT_NUMBERS if name and key in record}
    if "input" in record and type(record["input"]) not in (dict, list):
        # What pydantic turned down, as FastAPI answers. Of what is missing it has all that stands around.
        places = record.get("loc")
        names = [one for one in places if type(one) is str] if type(places) is list else []
        if names:
            found["input"] = names[-1]
    if type(said := record.get("id")) is str and said.startswith("wamid."):  # a message of WhatsApp
        found |= {"from": "phone-number", "recipient_id": "phone-number"}
    if "result" in record and _is_made(record):
        found["result"] = "password"
    if type(record.get("private")) is str and _KEY_ALONE.fullmatch(record["private"]):
        found["private"] = "private-key"
    if not _OF_A_LOGIN.isdisjoint(record):
        if _OF_A_TEST.isdisjoint(record):
            found |= {key: "password" for key in _PASSES_ALONE if _is_pass(record.get(key))}
        if _OF_A_CHIP.isdisjoint(record) and _PIN.fullmatch(str(record.get("pin"))):
            found["pin"] = "user-pin"
    if "p" in record and _is_short_pass(record["p"]):
        users = [key for key in _LOGINS if _is_user(record.get(key))]
        if users:
            found["p"] = "password"
        # By its key nobody would know that it is a login, and no user's name is one in a domain by itself.
        found |= {key: "username" for key in users if "\\" in record[key]}
    return found


def _is_code(record: Mapping[str, Any]) -> bool:
    """Whether `{"event": "otp_sent", "code": "482913"}` tells a code: of what went wrong or is verified it
    may be a status, and so may a number be, unless it is as long as most codes are."""
    code = record["code"]
    if type(code) not in (str, int) or not _CODE_DIGITS.fullmatch(str(code)):
        return False
    for key in _EVENTS:
        said = record.get(key)
        if type(said) is not str or len(said) > _LONGEST_NAME:
            continue
        said = _HUMP.sub("-", said).lower()
        if _OF_A_CODE.search(said):
            plain = type(code) is str and not _NOT_SURELY.search(said)
            return plain or _SIX_DIGITS.fullmatch(str(code)) is not None
    return False


def _is_made(record: Mapping[str, Any]) -> bool:
    """Whether a result is a password that Terraform made."""
    if record.get("type") == "random_password" or "bcrypt_hash" in record:
        return type(record["result"]) is str
    made = record["result"] if any(key in record for key in _OF_SOME_STRING) else None
    if type(made) is not str or len(made) > _LONGEST_NAME:
        return False
    # What only keeps names apart is shorter, and has no signs.
    return _OF_SIGNS.fullmatch(made) is not None or (len(made) >= _LONG_MADE and _is_generated(made))


def _is_pass(value: Any) -> bool:
    return (
        type(value) is str
        and len(value) >= _SHORTEST_PASS
        and noise.stand_in(value) is None
        and _COUNTED.fullmatch(value) is None
    )


_USER = late(r"(?:[A-Za-z][\w.-]{0,60}\\)?(?=[^a-zA-Z]*+[a-zA-Z])[\w.+-]{2,64}(?:@[\w.-]{1,190})?")
"""Of Windows, behind the domain of an account."""
_ID = late("[0-9a-f-]{6,64}", re.IGNORECASE)


def _is_user(value: Any) -> bool:
    """Whether it is what somebody logs in with, and no number or address of a page."""
    return type(value) is str and _USER.fullmatch(value) is not None


def _is_short_pass(value: Any) -> bool:
    """Whether what stands under `p` is no page, path, product, price or part: that is told by its looks."""
    return (
        type(value) is str
        and len(value) <= _LONGEST_NAME
        and noise.untold(value) is None
        and noise.stand_in(value) is None
        and _ID.fullmatch(value) is None
    )


_PASSES = frozenset("pass pw storepass keypass requirepass masterauth".split())
"""Options that are a password, which as the names of keys say what came of a test, or nothing."""


def named_items(items: Sequence[Any]) -> dict[int, str]:
    """By place, the names that strings of a list have from the string before: `["--password", "…"]`, as
    arguments are logged, and `["Cookie", "…"]`, as raw headers are. A header in a list of names has none.
    The last of `["AUTH", "svc", "…"]` is a password (https://redis.io/docs/latest/commands/auth/)."""
    found: dict[int, str] = {}
    if (
        2 <= len(items) <= 3
        and items[0] == _AUTH
        and type(items[-1]) is str
        and _PASSWORD.fullmatch(items[-1])
    ):
        return {len(items) - 1: "password"}
    for place, (name, value) in enumerate(pairwise(items), 1):
        if type(name) is not str or type(value) is not str:
            continue
        if name[:1] == "-":
            if value[:1] != "-" and _OPTION.fullmatch(name):
                option = name.lstrip("-")
                found[place] = "password" if option in _PASSES else option
        elif name.lower() in _CONFIGURED:
            found[place] = "password"
        elif (name.lower() in _HEADERS and not _LETTERS.fullmatch(value)) or (
            len(items) == 2 and name.lower() in _CREDENTIALS and _is_generated(value)
        ):
            found[place] = name
    return found


def _is_generated(value: str) -> bool:
    """Whether what stands behind a word in a list of two is no word as well."""
    return len(value) >= _SHORTEST_TOKEN and noise.untold(value) is None and noise.random(value) is None


def are_pairs(items: Sequence[Any]) -> bool:
    """Whether each item of a list may be a name and its value: `[["api_token", "…"], ["id", 17]]`."""
    return all(type(item) is list and len(item) == 2 and type(item[0]) is str for item in items) and all(
        _NAME_IN_A_PAIR.fullmatch(item[0]) for item in items
    )


def is_command(items: Sequence[Any]) -> bool:
    """Whether a list may be the words of a command, with options of one letter: `["curl", "-u", "ann:…"]`."""
    return any(
        type(item) is str and (item in _SHORT_OPTIONS or (len(item) > 2 and item[:2] == "-p"))
        for item in items
    ) and all(type(item) is str for item in items)


_NAMED = frozenset({*_NAMING, *_CHANGING, *_HINTS, *_HALVES})
_NAMERS = {
    key: frozenset(
        {*_NAMING.get(key, ()), *_CHANGING.get(key, ()), *_HINTS.get(key, ()), "path", "code"}
        if key not in _HALVES
        else _HALVES[key][1]
    )
    for key in _NAMED
}


def is_naming(key: str) -> bool:
    """Whether `named_values` may name it, in some object."""
    return key in _NAMED


def to_be_named(keys: Collection[str]) -> set[str]:
    """Those of an object's keys that `named_values` may name for it, whatever its values are."""
    named = {key for key in keys if key in _NAMED and not _NAMERS[key].isdisjoint(keys)}
    if "command" in keys:
        named.update(key for key in _ARGUMENTS if key in keys)
    return named | {"token"} if "token" in keys and any(key in keys for key in _OF_A_PIECE) else named


def has_kin(keys: Collection[str]) -> bool:
    """Whether members of an object of such keys may have names because of those beside them."""
    return any(key in keys and not names.keys().isdisjoint(keys) for key, names in _KIN.items()) or any(
        not one.isdisjoint(keys) and not others.isdisjoint(keys) for one, others in _BESIDE
    )


def is_coded(keys: Collection[str]) -> bool:
    """Whether an object of such keys may be named by what lies deeper in it."""
    return ("type" in keys and "value" in keys) or ("code" in keys and not _NAMED.isdisjoint(keys))


def hinting() -> str:
    """For Hyperscan: what stands before a name that counts only where it promises something."""
    return rf"\"(?i:{'|'.join(_HINTING)})\\*\"[ \t\r]{{0,8}}:[ \t\r]{{0,8}}\\*\""


def naming_triggers() -> tuple[Trigger, ...]:
    """One of them matches in every line of JSON with a record for `named_values`, unless the name stands
    just before the value, and the value's key is `value`: such a line looks like a name before a value; or
    it is one of those in `triggers`, or the name counts only where it promises something: then it looks like
    one behind what is `hinting`."""
    names = "|".join(sorted({spell(name) for name in _NAMES for spell in _SPELLINGS}))
    values = set(_NAMING)
    other = "|".join(sorted(value for value in values if value.lower() != "value"))
    between = r"\"[ \t\r]*:[^\n]*\""
    end = r"\"[ \t\r]*:"
    return (
        Trigger(r"\"command\"[ \t\r]*:[ \t\r]*\"PASS\""),
        Trigger(rf"\"(?:{'|'.join(sorted(values))}){between}(?:{names}){end}"),
        Trigger(rf"\"(?:{names}){between}(?:{other}){end}"),
        # For `kin`.
        Trigger(rf"\"(?:{'|'.join(_KIN)}){end}"),
        Trigger(rf"\"kind{end}[ \t\r]*\"Secret\""),
        Trigger(
            rf"\"(?:{'|'.join(_DOCUMENT_TYPES)}){end}[ \t\r]*\""
            r"(?i:passport|driv|national|ident|id[_ -]?card|residence|visa)"
        ),
        Trigger(rf"\"(?:{'|'.join(sorted(_BANKS))}){end}[ \t\r]*\"?[0-9A-Z]"),
        Trigger(rf"\"(?:{'|'.join(_PASSES_ALONE)}|p){end}[ \t\r]*\""),
        Trigger(rf"\"(?:pin|code){end}[ \t\r]*\"?[0-9][0-9][0-9][0-9]"),
        Trigger(rf"\"(?:random_password\\*\"|(?:bcrypt_hash|override_special|special){end})"),
        Trigger(r"\"wamid\."),
        Trigger(rf"\"private{end}[ \t\r]*\""),
        # For lists of the words of a seed.
        Trigger(r"(?i:mnemonics?|seed|phrase|words?)\"[ \t\r]*:[ \t\r]*\[[ \t\r]*\"[A-Za-z]"),
        # `{"name": "ssn", "n": 1, "value": …`
        Trigger(
            rf"\"(?:{names})\"[ \t\r]*:[ \t\r]*\"[^\"\n]*\"[ \t\r]*,[^{{}}\n]*,[ \t\r]*\"(?i:value){end}"
        ),
    )


def triggers() -> tuple[Trigger, ...]:
    """One of them matches in every text that has a piece, save JSON, and in a list for `named_items` or
    `is_command`; and in what says for `named_values` how a field was changed, or names it by a code. Names in
    pairs trigger by themselves.

    JSON needs none: what is found in it, and the names of its members, trigger by themselves, once `\\"` is
    read as `"`.
    """
    start = r"(?:\b|_|%[0-9A-Fa-f]{2}|\\[nrt])"
    fields = "|".join(sorted({spell(name) for name in _FIELDS for spell in _SPELLINGS}))
    changed = "|".join(sorted(_CHANGING))
    is_ = r"\\*\"[ \t\r]*:[ \t\r]*\\*\""
    between, end = r"\\*\"[ \t\r]*:[^\n]*\"", r"\\*\"[ \t\r]*:"
    return (
        Trigger(f"{start}{_BASE64}", shape=True),
        Trigger(f"{start}{_WIDE}", shape=True),
        Trigger(_OBJECT),
        Trigger(_GZIP),
        Trigger(rf"(?:\b|_|[0\\]x){_HEX}", shape=True),
        Trigger(f"proctitle={_BYTES}"),
        Trigger(r"=\?[A-Za-z0-9_.:*-]{1,64}\?[BbQq]\?"),
        # For `named_items` and `is_command`; in JSON of a text quotes are escaped.
        Trigger(rf"\"--?[A-Za-z][A-Za-z0-9_.-]{{1,60}}{_BETWEEN}"),
        Trigger(rf"\"(?:{_AUTH}|(?i:{'|'.join([*_HEADERS, *_CREDENTIALS, *_CONFIGURED])})){_BETWEEN}"),
        Trigger(r"\"-(?:[uaw]\\*\"|p)"),
        # For `named_values`.
        Trigger(rf"\"(?:{fields}){between}(?:{changed}){end}"),
        Trigger(rf"\"(?:{changed}){between}(?:{fields}){end}"),
        Trigger(rf"\"family{between}given{end}"),
        Trigger(rf"\"given{between}family{end}"),
        Trigger(rf"\"code{is_}(?:{'|'.join(sorted(_CODES))})\\*\""),
        Trigger(rf"\"op{is_}(?:{'|'.join(sorted(_PATCHES))})\\*\""),
        Trigger(r"urn:oid:2\.16\.840\.1\.113883\.4\."),
        # For `kin`.
        Trigger(rf"\"loc{between}input{end}"),
        Trigger(rf"\"input{between}loc{end}"),
        *grids.triggers(),
    )
