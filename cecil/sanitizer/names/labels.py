"""What models call persons, places and organisations, and what we call them: the one table."""

PERSON = "PERSON"
LOCATION = "LOCATION"
ORGANIZATION = "ORGANIZATION"

ENTITIES = frozenset({PERSON, LOCATION, ORGANIZATION})

_TABLE = {
    PERSON: "PERSON PER PERS PEOPLE NAME PATIENT STAFF HCW DOCTOR FIRSTNAME LASTNAME persName",
    LOCATION: "LOCATION LOC GPE FAC FACILITY PLACE CITY COUNTRY STATE ADDRESS geogName placeName",
    ORGANIZATION: "ORGANIZATION ORGANISATION ORG CORPORATION COMPANY HOSPITAL HOSP PATORG orgName",
}

_LABELS = {label.upper(): entity for entity, line in _TABLE.items() for label in line.split()}


def entity(label: str) -> str | None:
    """Our name of what a model calls `label`, None where it is none of the three.

    Case does not count, nor what tells the first token of a name from the others: `B-PER` is `per`.
    """
    label = label.upper()
    if label[:2] in ("B-", "I-", "L-", "U-", "E-", "S-"):
        label = label[2:]
    return _LABELS.get(label)
