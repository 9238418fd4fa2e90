"""Whom a search of FHIR asks for: `GET /fhir/Patient?family=Lee&given=Ann&identifier=http://…/mrn|448812`.

Owns: names and identifiers in the parameters of a search for persons (https://hl7.org/fhir/R4/search.html),
with their modifiers, and the halves of a name that stand beside each other in any query, or beside a birth.
Refuses: what says by itself what it is (`birthdate`, `phone`, `address-city`, `patient.name`); searches for
other things: `Organization?name=…`.
"""

from collections.abc import Iterator

from cecil.sanitizer.detectors import Recognizer, Trigger
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.9

_PERSONS = "Patient|Practitioner|RelatedPerson|Person"
_ASKED = late(rf"(?<![A-Za-z])(?:{_PERSONS})(?:/_search)?/?\?")
_RUN = late(r"[^\s\"'<>\\]{8,4000}+")
_PARAMETER = late(
    r"(?:(?<![^?&])|(?<=&amp;))(?P<key>[a-z]{4,20})(?::(?P<how>[a-z-]{2,20}))?=(?P<value>[^&#]{1,200})"
)
_HALVES = frozenset(("family", "given"))
_NAMES = frozenset(("family", "given", "name", "phonetic"))
_BESIDE = frozenset(("birthdate", "gender"))
_NAME = late(r"(?=[^A-Za-z]{0,9}[A-Za-z\x80-\uffff])[^{}$*:=/\[\]()]+?(?=[),.;\]]*\Z)")
_SYSTEM = late(r"(?P<system>.*(?:\||%7[Cc]))?")
_NUMBER = late("(?=.*[0-9]{3})[0-9A-Za-z._-]{3,60}")


class FhirSearch:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of persons in searches."""

    name = "fhir-search"
    entities = frozenset({"PERSON", "MEDICAL_RECORD_NUMBER", "US_SSN"})
    context: tuple[str, ...] = ()
    triggers = (
        Trigger(rf"(?:{_PERSONS})(?:/_search)?/?\?[a-z_]"),
        Trigger("(?:family|given)[:=][^ \n]+&(?:amp;)?(?:family|given|birthdate|gender)[:=]"),
        Trigger("(?:birthdate|gender)[:=][^ \n]+&(?:amp;)?(?:family|given)[:=]"),
    )

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        return [
            Span(start, end, entity, _SCORE, self.name, True)  # no slash makes a path of it
            for run in _RUN.finditer(text)
            if "=" in run[0]
            for start, end, entity in _asked(run[0], run.start())
        ]


def _asked(query: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Where the values of a search begin and end that tell of somebody, and what they are."""
    parameters = list(_PARAMETER.finditer(query))
    keys = {one["key"] for one in parameters}
    halves = keys & _HALVES
    persons = _ASKED.search(query) is not None
    names = _NAMES if persons else _HALVES if halves and len(keys & (_HALVES | _BESIDE)) > 1 else frozenset()
    for one in parameters:
        start = at + one.start("value")
        if one["key"] in names and one["how"] != "missing" and (name := _NAME.match(one["value"])):
            yield start, start + name.end(), "PERSON"
        elif persons and one["key"] == "identifier" and one["how"] != "missing":
            system = _SYSTEM.match(one["value"])
            before = system.end() if system else 0
            if number := _NUMBER.match(one["value"], before):
                entity = "US_SSN" if "us-ssn" in one["value"][:before] else "MEDICAL_RECORD_NUMBER"
                yield start + before, start + number.end(), entity


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (FhirSearch(),)
