"""The exception tree. Each class knows its exit status; an instance may carry a place and a hint.

    CecilError                 1   an expected failure
    ├── UsageError             2   the command line or the settings are wrong
    │   └── PolicyError        2   the policy is wrong
    ├── SourceError            1   a source cannot be reached or read
    │   └── TruncatedError     1   it ended before its end
    ├── OutputError            1   the result could not be written, flushed, synced or closed
    │   └── ClosedPipe       141   the reader of our stdout has gone; ends as SIGPIPE does
    ├── WorkerError            1   a worker process died, or none could be started
    ├── MissingExtraError      1   an optional part of Cecil is not installed
    ├── RecordError            3   one record cannot be judged; its caller puts it into quarantine
    │   └── DetectorError      3   ... because a detector failed (fail closed)
    └── CountsError           70   the counts do not add up: a bug

A message never holds a value from the input: it names files, lines, JSON Pointers and entity types.
Raise `from None` when the cause holds input (JSONDecodeError.doc does, UnicodeDecodeError.object does).
`cecil.commands.boundary` alone turns these into text on stderr and a status.
"""

from collections.abc import Sequence


class CecilError(Exception):
    """An expected failure.

    Args:
        message: what went wrong; lower case, no full stop, no value from the input.
        where: the place, as `file`, `file:line` or `file:line:column`.
        hint: what to type to mend it.

    Attributes:
        others: further mistakes that were found with it; each is told as it is.
    """

    status = 1

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.others: tuple[CecilError, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(CecilError):
    status = 2


class PolicyError(UsageError):
    @classmethod
    def together(cls, mistakes: "Sequence[PolicyError]") -> "PolicyError":
        """The first of some mistakes, with all others."""
        first, *others = mistakes
        first.others = tuple(others)
        return first

    def each(self) -> "list[PolicyError]":
        """It, and the others that came with it."""
        return [self, *(one for one in self.others if isinstance(one, PolicyError))]


class SourceError(CecilError):
    pass


class TruncatedError(SourceError):
    pass


class OutputError(CecilError):
    pass


class ClosedPipe(OutputError):
    status = 141


class WorkerError(CecilError):
    pass


class MissingExtraError(CecilError):
    """An optional part is not installed.

    Args:
        what: what the user asked for, e.g. "Parquet".
        extra: the extra of the package that brings it.
    """

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} is not installed", hint=f"pip install 'cecil[{extra}]'")


class RecordError(CecilError):
    """One record cannot be judged. `message` is the reason that its quarantine row names."""

    status = 3


class DetectorError(RecordError):
    pass


class CountsError(CecilError):
    status = 70


def reason(error: OSError, otherwise: str = "cannot be read") -> str:
    """What the operating system says, as messages are written: it names no value.

    Args:
        otherwise: what is said where it says nothing.
    """
    text = error.strerror or otherwise
    return text[:1].lower() + text[1:]


def printable(text: str) -> str:
    """Text for a terminal: control characters, and bytes of a file name that are no text, as escapes."""
    text = text.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
