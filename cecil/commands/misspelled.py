"""A note about rules of a policy that match nothing in the first records: they may be misspelled."""

from cecil.commands.boundary import message
from cecil.errors import RecordError
from cecil.sanitizer.sanitizer import Sanitizer
from cecil.sanitizer.unmatched import Unmatched
from cecil.stream.jsontext import loads

FIRST = 1000
"""Records that are looked at."""

_MOST_TOLD = 10
_HINT = "cecil-map shows the paths that there are; --quiet silences this note"


class Misspelled:
    """Looks at the first records of a run, beside what is done to them.

    Args:
        program: the command's name, for messages.
    """

    def __init__(self, program: str, sanitizer: Sanitizer) -> None:
        self._program = program
        self._unmatched = Unmatched(sanitizer.policy, sanitizer.holding)
        self._left = FIRST if self._unmatched.places else 0
        self._records = 0

    def see(self, data: bytes) -> None:
        """Look at whole lines; tells once there were enough."""
        if not self._left:
            return
        for line in data.split(b"\n", self._left)[: self._left]:
            if line[:1] not in (b"{", b"["):
                continue
            try:
                record = loads(line)
            except RecordError:
                continue  # to be judged, and told of, by who judges records
            self._unmatched.see(record)
            self._records += 1
            self._left -= 1
        if not self._unmatched.places:
            self._left = 0
        elif not self._left:
            self.tell()

    def tell(self) -> None:
        """Say what matched nothing, if it was not said yet; nothing where there were no records."""
        self._left = 0
        records, self._records = self._records, 0
        if not records:
            return
        places = self._unmatched.places
        of = "the record" if records == 1 else f"the first {records} records"
        notes = [f"{place}: this matches nothing in {of}" for place in places]
        if len(notes) > _MOST_TOLD:
            notes[_MOST_TOLD - 1 :] = [f"{len(notes) - _MOST_TOLD + 1} more rules match nothing there"]
        for number, note in enumerate(notes, 1):
            message(self._program, note, _HINT if number == len(notes) else None)
