r"""Who pays and who is paid, in SWIFT's messages of payments: `:50K:/12345678\nJOHN SMITH\n12 HIGH STREET`.

A field begins with its number between colons, and is lines up to the next one: an account, a name, and up to
three lines of an address; in option F each line has the number of what it holds (ISO 15022; MT103, fields 50
and 59). In statements of banks of Germany (MT940) a question mark and two digits begin each part of field 86.
Owns: names, addresses, births and documents in these, where they stand in one text, with line breaks or with
`\n` spelled out, and the account in such a part. Refuses: other accounts and BICs, which others find; firms,
by what their names end in; and one line that nothing follows.
"""

import re
from collections.abc import Iterator

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_BREAK = r"(?:\r?\n|(?:\\r)?\\n)"
_FIELD = late(
    rf"(?:(?<!\w)|(?<=\\[nr])):(?:50(?P<option>[FK])|59(?P<beneficiary>F?)):(?P<lines>[^\r\n\\]{{1,70}}+"
    rf"(?:{_BREAK}(?![:{{}}-])[^\r\n\\]{{1,70}}+){{0,7}}+)(?={_BREAK}(?::[0-9]{{2}}[A-Z]?:|-\}})|\s*\Z)"
)
# Of MT940, as banks of Germany fill its field 86: the other side's account and, in two parts, its name.
_SUBFIELDS = late(
    r"\?31(?P<account>(?:[A-Z]{2})?[0-9][A-Z0-9]{5,32})(?![A-Z0-9])"
    r"|\?32(?P<name>[^?\r\n]{2,27})(?:(?:\r?\n)?\?33(?P<more>[^?\r\n]{1,27}))?"
)
_COUNTED = late(r"(?<![0-9])[0-9]{3}\?00")
"""How such a field begins: what kind of entry it is."""
_LINE = late(rf"(?P<line>[^\r\n\\]+)(?:{_BREAK})?")
_NUMBERED = late(r"(?P<number>[1-8])/(?:(?P<country>[A-Z]{2})/)?")
_DOCUMENT = late(r"(?P<code>CCPT|DRLC|NIDN|SOSE|TXID)/[A-Z]{2}/(?:[A-Z]{2,6}/)?")
_DOCUMENTS = {
    "CCPT": "US_PASSPORT",
    "DRLC": "US_DRIVER_LICENSE",
    "NIDN": "NATIONAL_ID",
    "SOSE": "NATIONAL_ID",
    "TXID": "NATIONAL_ID",
}
"""What a number is that stands for an account, by its code."""
_PARTS = {
    "1": "PERSON",
    "2": "STREET_ADDRESS",
    "3": "LOCATION",
    "4": "DATE_OF_BIRTH",
    "5": "LOCATION",
    "7": "NATIONAL_ID",
}
"""What a line of option F holds, by its number."""
_NAME = late(r"[^\W\d_][^\d_/:;=<>@]{2,}")
_FIRM = late(
    r"\b(?:gmbh|mbh|ag|kg|ohg|ug|ltd|limited|plc|llc|llp|lp|inc|corp|corporation|company|co|sa|sas|sarl|srl|spa|s\.?p\.?a"
    r"|bv|b\.v|nv|ab|aps|as|oy|oyj|pty|pvt|sl|sp z o ?o|bank|banco|banque|trust|fund|holdings?|group"
    r"|university|services?|trading|industries|international|association|foundation|ministry|insurance)\b",
    re.IGNORECASE,
)


class Swift:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of persons in messages of payments."""

    name = "swift"
    entities = frozenset(_PARTS.values()) | frozenset(_DOCUMENTS.values()) | {"IBAN_CODE", "US_BANK_NUMBER"}
    context: tuple[str, ...] = ()
    # Of hours and minutes, which have the same colons, digits come behind.
    triggers = (
        Trigger(":50[FK]:[^ \\t]"),
        Trigger(":59F?:[/A-Za-z\\x80-\\xff]"),
        Trigger(":59F:1"),
        Trigger("[0-9]{3}\\?00[^\\n]*\\?3[12]"),
    )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found: list[Span] = []
        for field in _FIELD.finditer(text):
            numbered = "F" in (field["option"], field["beneficiary"])
            lines = [*_LINE.finditer(text, *field.span("lines"))]
            if len(lines) == 1 and not text[field.end() :].strip():
                continue
            found += _numbered(lines) if numbered else _plain(lines)
        return found + (list(_subfields(text)) if _COUNTED.search(text) else [])


def _subfields(text: str) -> Iterator[Span]:
    """The other side's account, and its name, which may be cut in two."""
    for part in _SUBFIELDS.finditer(text):
        account, name, more = part.group("account", "name", "more")
        if account:
            entity = "IBAN_CODE" if account[:2].isalpha() else "US_BANK_NUMBER"
            yield Span(*part.span("account"), entity, _SCORE, Swift.name, True)
        elif _NAME.fullmatch(name) and not _FIRM.search(name + (more or "")):
            yield Span(*part.span("name"), "PERSON", _SCORE, Swift.name, True)
            if more:
                yield Span(*part.span("more"), "PERSON", _SCORE, Swift.name, True)


def _span(line: re.Match[str], entity: str, skip: int = 0) -> Span:
    start, end = line.span("line")
    return Span(start + skip, end, entity, _SCORE, Swift.name, True)


def _plain(lines: list[re.Match[str]]) -> Iterator[Span]:
    """A name, and lines of an address."""
    if lines[0]["line"].startswith("/"):
        del lines[0]
    if not lines or not _NAME.fullmatch(lines[0]["line"]) or _FIRM.search(lines[0]["line"]):
        return
    yield _span(lines[0], "PERSON")
    for line in lines[1:]:
        yield _span(line, "STREET_ADDRESS" if any(map(str.isdigit, line["line"])) else "LOCATION")


def _numbered(lines: list[re.Match[str]]) -> Iterator[Span]:
    """Lines with the numbers of what they hold."""
    if document := _DOCUMENT.match(lines[0]["line"]):
        yield _span(lines[0], _DOCUMENTS[document["code"]], document.end())
    parts = [(line, part) for line in lines if (part := _NUMBERED.match(line["line"]))]
    if any(part["number"] == "1" and _FIRM.search(line["line"]) for line, part in parts):
        return
    for line, part in parts:
        if (entity := _PARTS.get(part["number"])) and part.end() < len(line["line"]):
            yield _span(line, entity, part.end())


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Swift(),)
