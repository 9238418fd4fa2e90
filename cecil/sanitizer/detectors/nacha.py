"""Who is paid into which account, in files of the ACH: `622021000021987654321        0000125000…`.

An entry is a line of 94 characters, each field in its columns (https://achdevguide.nacha.org/ach-file-details).
Owns: routing number, account, and the number and name of the receiver in an entry (record type 6), wherever
it stands. Refuses: the other records; an entry whose routing number has a wrong check digit.
"""

from cecil.sanitizer.detectors import Recognizer, Trigger, checksums
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

_SCORE = 0.95

# Type, what is done with the money, routing number, account, cents, a number and a name of whom, whether more
# follows, trace.
_ENTRY = late(
    r"(?<![0-9A-Za-z])6[2-5][0-9](?P<routing>[0-9]{9})(?P<account>[0-9A-Za-z][0-9A-Za-z -]{16})[0-9]{10}"
    r"(?P<number>[ -~]{15})(?P<name>[ -~]{22})[ -~]{2}[01][0-9]{15}(?![0-9])"
)
_FIELDS = {
    "routing": "ABA_ROUTING_NUMBER",
    "account": "US_BANK_NUMBER",
    "number": "UNIQUE_ID",
    "name": "PERSON",
}


class Nacha:
    """A recognizer (see `cecil.sanitizer.detectors.Recognizer`) of entries of the ACH."""

    name = "nacha"
    entities = frozenset(_FIELDS.values())
    context: tuple[str, ...] = ()
    triggers = (Trigger(r"\b6[2-5][0-9]{10}[0-9A-Z][0-9A-Z -]{16}[0-9]{10}", caseless=True, shape=True),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        found = []
        for entry in _ENTRY.finditer(text):
            if not checksums.routing(entry["routing"]):
                if misses is not None:
                    misses.append(
                        Miss(
                            *entry.span("routing"),
                            "ABA_ROUTING_NUMBER",
                            self.name,
                            "the check digit is wrong",
                        )
                    )
                continue
            for field, entity in _FIELDS.items():
                value = entry[field].strip()
                if any(map(str.isalnum, value)):
                    start = entry.start(field) + entry[field].index(value)
                    found.append(Span(start, start + len(value), entity, _SCORE, self.name, True))
        return found


def recognizers() -> tuple[Recognizer, ...]:
    """All of this module's."""
    return (Nacha(),)
