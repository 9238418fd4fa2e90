"""Text to spans: what a recognizer is.

A recognizer is pure, sees one text at a time, and says beforehand, as `triggers`, what a text must hold
for it to find anything: all triggers of all recognizers are searched for at once (see `triggers.py`), and
only recognizers whose trigger stood in a text are run on it.

Refuses: to swallow an error. A recognizer that cannot judge a text raises DetectorError, and the record
goes to quarantine.
"""

from typing import NamedTuple, Protocol

from cecil.sanitizer.spans import Miss, Span


class Trigger(NamedTuple):
    """What a text must hold for a recognizer to find anything: a superset of what it takes, never a verdict.

    Attributes:
        regex: in Hyperscan's syntax (no look-around, no back-reference), over the text's UTF-8 bytes. It is
            matched against the decoded text, in which line breaks are blanks, and against a whole line
            of JSON, so that it must not lean on where a text begins or ends: no `^`, `$`, and `\\b` only
            where the recognizer itself wants one. A line break stands before each: `[^A-Za-z]` says that
            a word begins, in a third of the time that a choice of `\\b` and others takes.
        caseless: whether A is a.
        prefilter: let Hyperscan read what it cannot express (look-around, back-references) as wider than
            it is. For expressions that others wrote; such a trigger is slow.
        shape: whether there is no word in it, three characters or more, to look for first: classes of
            characters only. Such a trigger begins at a word's border, or it costs much.
        wide: whether it is a word, and a value anywhere behind it in the line. In a line of JSON that says
            to read the line and not which string of it: a key with that word says so, or another trigger, for
            a word in the same string.
        beyond: whether it matches only where there is a character beyond ASCII.
    """

    regex: str
    caseless: bool = False
    prefilter: bool = False
    beyond: bool = False
    shape: bool = False
    wide: bool = False


class Recognizer(Protocol):
    """Anything that finds spans in a text.

    Attributes:
        name: in kebab case; findings bear it (or a finer name that begins with it) as their detector.
        entities: every entity that `find` can name.
        context: words one of which must stand near (up to five words before, or in a key that leads to
            the text) for a span to count more: as Presidio has it, 0.35 more, and at least 0.4.
        triggers: see `Trigger`; one of them at least matches in every text in which `find` finds.
    """

    @property
    def name(self) -> str: ...

    @property
    def entities(self) -> frozenset[str]: ...

    @property
    def context(self) -> tuple[str, ...]: ...

    @property
    def triggers(self) -> tuple[Trigger, ...]: ...

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """Spans in a text, in time that is linear in its length.

        Args:
            text: what is judged.
            misses: where given, candidates that were turned down are added to it, with the reason.

        Raises:
            DetectorError: the text could not be judged.
        """
