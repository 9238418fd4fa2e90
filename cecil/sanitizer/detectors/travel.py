"""Who flies: names in a booking, `1.LEE/ANN MS`, and what else of passengers airlines send on.

Systems of airlines (IATA's AIRIMP, Amadeus, Sabre, Galileo) print a booking's names as SURNAME/GIVEN NAMES
and a title, behind a number, and what authorities want of a passenger in lines that begin with DOCS, DOCO or
DOCA, or FQTV for a frequent flyer's number, with slashes between the fields; how to reach one stands behind
CTCM, CTCE or CTCP. In a list of passengers for authorities (UN/EDIFACT's PAXLST) a NAD segment begins one.
Owns: names and numbers in these places. Refuses: `1.READ/WRITE`, which has no title; `3.TCP/UDP MS`; what
stands in other lines.
"""

from collections.abc import Iterator
from functools import cached_property

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_TITLE = "(?:MRS|MISS|MSTR|MR|MS|CHD|INF)"
_NAMED = late(
    r"(?<![\w/.])(?:[0-9]{1,2}\.[0-9]{0,2}|NM?[0-9]{1,2}|-[0-9])"
    r"(?!(?:TCP|UDP|SSL|TLS|HTTPS?|SMB|RPC|DNS)/)"
    rf"(?P<name>[A-Z][A-Z' -]{{1,39}}/[A-Z][A-Z '-]{{0,39}}? ?{_TITLE})(?![A-Za-z0-9/])"
)
_LINE = late(
    r"(?<![A-Za-z0-9])(?P<kind>DOCS|DOCO|DOCA|FQTV) [A-Z0-9]{2}(?: [A-Z]{2}[0-9]{0,2})?[ /-]{1,3}"
    r"(?P<fields>[A-Z0-9 .'/-]{4,300}+)"
)
_NUMBER = late(r"[A-Z0-9]{5,20}")
_DATE = late(r"[0-9]{2}[A-Z]{3}[0-9]{2}(?:[0-9]{2})?")
_POSTCODE = late(r"[0-9]{5}(?:-[0-9]{4})?")
_FREQUENT = late(r"[A-Z]{0,3}[0-9]{6,16}")
_WORDS = late(r"[A-Z][A-Z '-]*")

# The number of a passenger may follow, or their name.
_REACHED = late(
    r"(?<![A-Za-z0-9])CTC[MPHB] (?:[A-Z0-9]{2} )?(?:[A-Z]{2}[0-9]{1,2}[ /-]{1,3})?(?:[A-Z]{3} )?"
    r"(?P<phone>\+?[0-9](?:[ ()]?[0-9]){6,14})(?![0-9])"
    r"(?:-[0-9]{1,2}(?:\.[0-9]{1,2})?(?:(?P<name>[A-Z][A-Z' -]{1,39}/[A-Z][A-Z '-]{0,39}))?)?"
)
# What an at sign, an underscore and a dash are written as (AIRIMP, 3.14).
_MAILED = late(
    r"(?<![A-Za-z0-9])CTCE (?:[A-Z0-9]{2} )?(?:[A-Z]{2}[0-9]{1,2}[ /-]{1,3})?"
    r"(?P<mail>[A-Za-z0-9.+_]{1,64}(?:(?:\./|\.\.)[A-Za-z0-9.+_]{1,64}){0,4}//[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
)

# A boarding pass (IATA Resolution 792): a name, whether the ticket is electronic, and of a flight its
# booking, from, to, airline, number, day of the year, class, seat. A log may have drawn blanks together.
_BOARDING = late(
    r"(?<![A-Za-z0-9_])M[1-9](?P<name>(?=[A-Z/' -]{2,20}E)[A-Z][A-Z' -]{0,18}/[A-Z][A-Z -]{0,17}?) {0,18}"
    r"E(?P<booking>[A-Z0-9]{5,7}) {1,3}[A-Z]{6}[A-Z0-9]{2,3} {0,2}[0-9]{4}[A-Z ] {0,2}[0-9]{3}[A-Z][0-9]{3}"
    r"[A-Z]"
)

_SEGMENT = late(r"(?<![A-Za-z0-9])(?P<tag>NAD|DTM|DOC|COM)\+(?P<rest>[^'\r\n]{1,350})'")
_PASSENGER = late(
    r"(?:FL|FM|DDT|DDU)\+{3}(?P<name>[^+:]{1,70}(?::[^+:]{1,70}){0,4})(?:\+(?P<street>[^+]{1,140}))?(?:\+.*)?"
)
_BORN = late(r"329:(?P<born>[0-9]{6}|[0-9]{8})(?::[0-9]{1,3})?")
_HOLDS = late(r"[A-Z]{1,3}(?::[^+]{0,20})?\+(?P<number>[A-Za-z0-9]{4,35})(?:[:+].*)?")
_AT = late(r"(?P<phone>\+?[0-9 ()-]{6,25}):(?:TE|FX|AL)")

_FIELDS = {
    # Type, country, number, nationality, birth, sex, expiry, surname, given names
    "DOCS": {2: "US_PASSPORT", 4: "DATE_OF_BIRTH", 7: "PERSON", 8: "PERSON", 9: "PERSON"},
    # Place of birth, type, number of a visa
    "DOCO": {0: "LOCATION", 2: "US_PASSPORT"},
    # Type, country, street, city, state, postcode
    "DOCA": {2: "STREET_ADDRESS", 3: "LOCATION", 5: "US_ZIP_CODE"},
    "FQTV": {0: "UNIQUE_ID"},
}
_SHAPES = {
    "US_PASSPORT": _NUMBER,
    "DATE_OF_BIRTH": _DATE,
    "PERSON": _WORDS,
    "LOCATION": _WORDS,
    "US_ZIP_CODE": _POSTCODE,
    "UNIQUE_ID": _FREQUENT,
}
_BEHIND = late(r" {1,}(?:[A-Z]{2,4} [A-Z0-9]{2} |[0-9]{1,2}\.|AP|FP|SR|RM).*\Z")
"""The next line of a booking that stands in one."""


class Travel:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of passengers in bookings."""

    name = "travel"
    entities = frozenset(one for fields in _FIELDS.values() for one in fields.values()) | {
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
    }
    context: tuple[str, ...] = ()

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        return (
            Trigger(rf"[0-9][0-9.]?[A-Z][A-Z' -]+/[A-Z][A-Z '-]*{_TITLE}\b"),
            Trigger(
                r"\bM[1-9][A-Z][A-Z' -]*/[A-Z][A-Z -]*E[A-Z0-9]+ +[A-Z]{6}[A-Z0-9]{2}[A-Z0-9 ]*[0-9]{4}",
                shape=True,
            ),
            Trigger(r"\b(?:DOC[SOA]|FQTV) [A-Z0-9]{2}[ /-]"),
            Trigger(r"\bCTC[MPHBE] [A-Z0-9]"),
            Trigger(r"\bNAD\+(?:FL|FM|DDT|DDU)\+\+\+"),
        )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = [Span(*one.span("name"), "PERSON", _SCORE, self.name) for one in _NAMED.finditer(text)]
        for one in _REACHED.finditer(text):
            found.append(Span(*one.span("phone"), "PHONE_NUMBER", _SCORE, self.name, True))
            if one["name"]:
                found.append(Span(*one.span("name"), "PERSON", _SCORE, self.name, True))
        found += [
            Span(*one.span("mail"), "EMAIL_ADDRESS", _SCORE, self.name, True)
            for one in _MAILED.finditer(text)
        ]
        for one in _BOARDING.finditer(text):
            found.append(Span(*one.span("name"), "PERSON", _SCORE, self.name, True))
            found.append(Span(*one.span("booking"), "UNIQUE_ID", _SCORE, self.name, True))
        found += self._listed(text)
        return found + [
            Span(start, end, entity, _SCORE, self.name, True)  # no slash makes a path of it
            for line in _LINE.finditer(text)
            for start, end, entity in _fields(line["kind"], line["fields"], line.start("fields"))
        ]

    def _listed(self, text: str) -> Iterator[Span]:
        """Passengers of a PAXLST: what stands behind the segment that begins one is theirs."""
        begun = False
        for segment in _SEGMENT.finditer(text):
            pattern, entities = _OF_A_PASSENGER[segment["tag"]]
            part = pattern.fullmatch(text, *segment.span("rest"))
            begun = begun or (segment["tag"] == "NAD" and part is not None)
            if begun and part:
                for group, entity in entities.items():
                    if part[group]:
                        yield Span(*part.span(group), entity, _SCORE, self.name, True)


_OF_A_PASSENGER = {
    "NAD": (_PASSENGER, {"name": "PERSON", "street": "STREET_ADDRESS"}),
    "DTM": (_BORN, {"born": "DATE_OF_BIRTH"}),
    "DOC": (_HOLDS, {"number": "US_PASSPORT"}),
    "COM": (_AT, {"phone": "PHONE_NUMBER"}),
}


def _fields(kind: str, line: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Where the fields of a line begin and end that tell of somebody, and what they are."""
    line = _BEHIND.sub("", line)
    for number, field in enumerate(line.split("/")):
        entity = _FIELDS[kind].get(number)
        value = field.strip()
        shape = _SHAPES.get(entity or "")
        if entity and value and (shape is None or shape.fullmatch(value)):
            start = at + field.index(value)
            yield start, start + len(value), entity
        at += len(field) + 1


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Travel(),)
