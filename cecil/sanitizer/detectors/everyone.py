"""All recognizers of a run: Presidio's, ours and the user's."""

from typing import NamedTuple

from cecil.sanitizer import keys
from cecil.sanitizer.detectors import (
    Recognizer,
    abroad,
    cards,
    catalogue,
    cda,
    contacts,
    emails,
    emv,
    fhir,
    health,
    hl7,
    identity,
    mrz,
    nacha,
    national,
    ncpdp,
    postal,
    secrets,
    swift,
    times,
    travel,
    x12,
)


class Own(NamedTuple):
    """The user's recognizers.

    Attributes:
        data: YAML in Presidio's format.
        name: of the file, for messages.
    """

    data: bytes
    name: str


def everyone(
    entities: frozenset[str] = frozenset(),
    countries: frozenset[str] = frozenset(),
    own: Own | None = None,
    vocabulary: keys.Vocabulary = keys.DEFAULT,
) -> tuple[Recognizer, ...]:
    """All recognizers, those that are off by default only where they are asked for.

    Args:
        entities: further ones that are wanted.
        countries: whose numbers are wanted; ISO 3166-1 alpha-2 in any case, and `uk`.
        own: the user's.
        vocabulary: names, and what they promise.

    Raises:
        PolicyError: nothing finds such an entity, or knows such a country; the user's file is wrong.
    """
    wanted = frozenset(country.lower() for country in countries)
    there = countries_known()
    for country in sorted(wanted - there):
        raise catalogue.no_country(country, there)
    data, name = own if own is not None else (None, "recognizers")
    return (
        *secrets.recognizers(vocabulary),
        *catalogue.load(entities, wanted & catalogue.countries(), data, name),
        *emails.recognizers(),
        *health.recognizers(),
        *hl7.recognizers(),
        *x12.recognizers(),
        *ncpdp.recognizers(),
        *nacha.recognizers(),
        *cda.recognizers(),
        *fhir.recognizers(),
        *swift.recognizers(),
        *mrz.recognizers(),
        *contacts.recognizers(),
        *travel.recognizers(),
        *identity.recognizers(),
        *abroad.recognizers(),
        *postal.recognizers(),
        *cards.recognizers(),
        *emv.recognizers(),
        *national.recognizers(wanted),
        *times.recognizers(),
    )


def countries_known() -> frozenset[str]:
    """Those that have recognizers, as `everyone` takes them, in lower case."""
    return catalogue.countries() | {number.country for number in national.NUMBERS}
