"""Presidio's recognizers, exactly, at a hundredth of the cost.

    PresidioRecognizer(recognizer)      one of Presidio's, under our protocol (see `Recognizer`)
    deduplicated(spans)                 what Presidio's EntityRecognizer.remove_duplicates does
    DIFFERENCES                         where we differ on purpose

A recognizer that only has patterns is run by its own compiled patterns, its own validate_result and
invalidate_result and its own scores; what is left out is what makes Presidio slow: explanations, copies, log
lines. Any other is asked through its `analyze`. Which recognizers there are, `catalogue.py` says; what
context makes of a score, `context.py`.

Owns two promises that Presidio alone does not keep: a pattern that times out is an error and not a
silent miss, and nothing is fetched (the public suffix list comes from the package).
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import groupby
from typing import Any

from cecil.errors import DetectorError
from cecil.sanitizer.detectors import Trigger, expressions, linear
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Miss, Span

PREFIX = "presidio:"
"""Begins the name of each of them: `presidio:UsSsnRecognizer`."""

THRESHOLD = 0.4
"""A pattern with a lower score that nothing can confirm counts only with context."""

DIFFERENCES: list[tuple[str, str]] = [
    (
        "a pattern that takes too long is an error",
        "Presidio skips it with a log line, and what stands in the text passes unseen",
    ),
    (
        "a text has no limit of telephone candidates",
        "Google's library gives up after 65,535, and what stands behind them passes unseen",
    ),
    (
        "context words are looked for piece by piece, where white space cuts",
        "spaCy joins some emoticons across white space; a text of any length costs the same per word",
    ),
    (
        "each 1,000 characters of a run without white space are one word of the context",
        "no such run is language; spaCy's time is quadratic in it",
    ),
    (
        "a span that begins in the last blank of a text has a context",
        "Presidio fails with a ValueError",
    ),
]
"""(what, why): where our spans are not those of Presidio's AnalyzerEngine, before shields. The test leaves
out nothing else."""

_PATIENCE = 1.0
_PACE = 200_000
"""A pattern may take a second, and for longer texts one for every 200,000 characters. The slowest of them
takes half a second of CPU for a megabyte that was made for it, and a tenth for ordinary text; a virtual
machine whose neighbours are busy counts their time as ours. Presidio's own 60 seconds would hold up a pipe
for a minute at a short line that was made to be slow."""

_SHORT = 1000
"""Characters up to which Presidio's own patterns run without a time-out, which costs more than the search. A
test has tried them all; only that of URLs is too slow. A user's may take for ever on any text."""

_USER = late(r"\A[\w.+-]+@")
"""Before a host of which Presidio asks whether it ends as hosts do: one answer for all who are there."""

_COMMON = late(r"x@(?:[a-z0-9]+(?:-+[a-z0-9]+)*\.)+(?:com|org|net|edu|gov|info|de|eu)")
"""Of these ends none is longer in the list of those that there are: the answer is known without it. To read
the list takes as long as a fifth of a start."""

_IPV4 = late(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\Z)|\Z)){4}")
"""Addresses of which Presidio would find after all that they are some."""

_Verdict = Callable[[str], bool | None]

# Four digits, of any script, with whatever may stand between the digits of a telephone number.
_ANY_NUMBER = Trigger(r"[0-9](?:[^0-9A-Za-z]{0,16}[0-9]){3}|[\x80-\xff]")


class PresidioRecognizer:
    """One of Presidio's recognizers, under our protocol.

    Args:
        recognizer: an EntityRecognizer of Presidio's that needs no model.

    Attributes:
        name, entities, context, triggers: see `Recognizer`. The triggers are generic: its patterns as they
            stand, but for the ends of a text. Hyperscan takes most of them only under its PREFILTER flag;
            `triggers.py` has better ones for those that are on by default.
        strong, weak: the triggers of patterns that can count without a context word, and of those that
            can not: their score is below 0.4, and nothing validates it up.
        country: ISO 3166-1 alpha-2 in lower case (the United Kingdom is `uk`), or None.
        presidio: the recognizer itself.
    """

    def __init__(self, recognizer: Any) -> None:
        self.presidio = recognizer
        self.name: str = PREFIX + recognizer.name
        self.entities: frozenset[str] = frozenset(recognizer.supported_entities)
        self.context: tuple[str, ...] = tuple(recognizer.context or ())
        self.country: str | None = recognizer.country_code()
        self._find: Callable[[str, list[Miss] | None], list[Span]]
        if _only_patterns(recognizer):
            self._find = _Patterns(recognizer, self.name).find
            self.strong, self.weak = _triggers(recognizer)
        else:
            phones = recognizer.name == "PhoneRecognizer"
            self._find = (_Phones if phones else _Asked)(recognizer, self.name).find
            self.strong, self.weak = (_ANY_NUMBER,), ()
        self.triggers = self.strong + self.weak

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        """See `Recognizer.find`."""
        try:
            return self._find(text, misses)
        except (DetectorError, MemoryError):
            raise
        except Exception as error:
            # Presidio's messages quote the text.
            raise DetectorError(f"{self.name} failed with {type(error).__name__}") from None


def _only_patterns(recognizer: Any) -> bool:
    from presidio_analyzer import PatternRecognizer

    return isinstance(recognizer, PatternRecognizer) and (
        type(recognizer).analyze is PatternRecognizer.analyze or _by_groups(recognizer)
    )


def _by_groups(recognizer: Any) -> bool:
    """Whether it has IbanRecognizer's own `analyze`, which tries the end of each group of its pattern."""
    return type(recognizer).__name__ == "IbanRecognizer"


def _triggers(recognizer: Any) -> tuple[tuple[Trigger, ...], tuple[Trigger, ...]]:
    strong: list[Trigger] = []
    weak: list[Trigger] = []
    caseless = bool(recognizer.global_regex_flags & re.IGNORECASE)
    confirmed = _overridden(recognizer, "validate_result") is not None
    for pattern in recognizer.patterns:
        kind = strong if confirmed or pattern.score >= THRESHOLD else weak
        kind += expressions.triggers(pattern.regex, caseless=caseless)
    return tuple(strong), tuple(weak)


def _overridden(recognizer: Any, name: str) -> _Verdict | None:
    from presidio_analyzer import PatternRecognizer

    own = getattr(type(recognizer), name) is not getattr(PatternRecognizer, name)
    verdict: _Verdict | None = getattr(recognizer, name) if own else None
    return verdict


class _Patterns:
    """What PatternRecognizer.analyze does, or IbanRecognizer's, which tries each group's end."""

    def __init__(self, recognizer: Any, name: str) -> None:
        self._name = name
        self._entity: str = recognizer.supported_entities[0]
        self._flags: int = recognizer.global_regex_flags
        self._patterns: list[tuple[str, float]] = [(p.regex, float(p.score)) for p in recognizer.patterns]
        self._compiled: list[tuple[Any, float]] | None = None
        # Verdicts depend on the match alone, and logs repeat themselves.
        validate = _overridden(recognizer, "validate_result")
        self._validate = lru_cache(maxsize=4096)(validate) if validate else None
        invalidate = _overridden(recognizer, "invalidate_result")
        self._by_groups = _by_groups(recognizer)
        theirs = type(recognizer).__module__.startswith("presidio_analyzer.predefined_recognizers.")
        mails = theirs and type(recognizer).__name__ == "EmailRecognizer"
        self._user = _USER if mails else None
        self._common = _COMMON if mails else None
        addresses = theirs and type(recognizer).__name__ == "IpRecognizer"
        self._sound = _IPV4 if addresses else None
        self._short = _SHORT if theirs and type(recognizer).__name__ != "UrlRecognizer" else -1
        # Its own analyze does not ask it.
        self._invalidate = lru_cache(maxsize=4096)(invalidate) if invalidate and not self._by_groups else None

    def find(self, text: str, misses: list[Miss] | None) -> list[Span]:
        found: list[Span] = []
        patience = None if len(text) <= self._short else max(_PATIENCE, len(text) / _PACE)
        for search, score in self._ready():
            try:
                # Patience is with the pattern alone: what it found is judged after.
                matches = [self._candidates(match) for match in search(text, timeout=patience)]
            except TimeoutError:
                raise DetectorError(f"a pattern of {self._name} timed out") from None
            for candidates in matches:
                for start, end in candidates:
                    span = self._judged(text, start, end, score, misses)
                    if span is not None:
                        found.append(span)
                        break
        return found if len(found) < 2 or self._by_groups else deduplicated(found)

    def _ready(self) -> list[tuple[Any, float]]:
        if self._compiled is None:
            self._compiled = [(linear.search(source, self._flags), score) for source, score in self._patterns]
        return self._compiled

    def _candidates(self, match: Any) -> Iterable[tuple[int, int]]:
        start, end = match.span()
        if start == end:
            return ()
        if not self._by_groups:
            return ((start, end),)
        ends = (match.end(group) for group in range(len(match.groups()), 0, -1))
        return ((start, last if last > 0 else end) for last in ends if last != start)

    def _judged(
        self, text: str, start: int, end: int, score: float, misses: list[Miss] | None
    ) -> Span | None:
        """The span, unless it is ruled out or its score is nothing."""
        value = text[start:end]
        if self._user:
            value = self._user.sub("x@", value)
        if self._common and self._common.fullmatch(value):
            verdict: bool | None = True
        else:
            verdict = self._validate(value) if self._validate else None
        why = None
        if verdict is not None:
            score = 1.0 if verdict else 0.0
            why = None if verdict else "the check failed"
        sound = self._sound and self._sound.fullmatch(value)
        if self._invalidate and not sound and self._invalidate(value):
            score, why = 0.0, "ruled out"
        if score > 0:
            return Span(start, end, self._entity, score, self._name, bool(verdict))
        if misses is not None and why:
            misses.append(Miss(start, end, self._entity, self._name, why))
        return None


class _Asked:
    """What the recognizer's own `analyze` gives."""

    def __init__(self, recognizer: Any, name: str) -> None:
        self._analyze = recognizer.analyze
        self._entities: list[str] = recognizer.supported_entities
        self._name = name

    def find(self, text: str, misses: list[Miss] | None) -> list[Span]:
        results = self._analyze(text, self._entities, None)
        return [Span(r.start, r.end, r.entity_type, float(r.score), self._name) for r in results]


class _Phones:
    """What PhoneRecognizer's own `analyze` gives."""

    def __init__(self, recognizer: Any, name: str) -> None:
        from cecil.sanitizer.detectors import phones

        self._numbers = phones.find
        self._regions: tuple[str, ...] = tuple(recognizer.supported_regions)
        self._leniency: int = recognizer.leniency
        self._entity: str = recognizer.supported_entities[0]
        self._score = float(recognizer.SCORE)
        self._name = name

    def find(self, text: str, misses: list[Miss] | None) -> list[Span]:
        found = [
            Span(match.start, match.end, self._entity, self._score, self._name)
            for match in self._numbers(text, self._regions, self._leniency)
        ]
        return found if len(found) < 2 else deduplicated(found)


def offline() -> None:
    """Give Presidio's e-mail check the suffix list of the package; by default it would be fetched.

    And keep its log lines, some of which hold words of the text, from reaching stderr.
    """
    import logging

    import tldextract
    import tldextract.tldextract as module

    class Offline(tldextract.TLDExtract):  # type: ignore[misc]
        def __call__(self, url: str, *args: Any, **kwargs: Any) -> Any:
            # With any session none is made: there is nothing that it could be asked for.
            return super().__call__(url, *args, **{**kwargs, "session": logging})

    module.TLD_EXTRACTOR = Offline(suffix_list_urls=(), cache_dir=None)
    logging.getLogger("presidio-analyzer").propagate = False


def deduplicated(spans: Iterable[Span]) -> list[Span]:
    """Spans without those that another of the same entity contains, with a score as high or higher.

    As Presidio's EntityRecognizer.remove_duplicates does; in the order of the text.
    """
    kept: list[Span] = []
    ordered = sorted(spans, key=lambda s: (s.entity, s.start, -s.end, -s.score, not s.validated, s.detector))
    for _, group in groupby(ordered, key=lambda span: span.entity):
        active: list[Span] = []
        for span in group:
            active = [other for other in active if other.end >= span.start]
            if not any(other.end >= span.end and other.score >= span.score for other in active):
                kept.append(span)
                active.append(span)
    return sorted(kept)
