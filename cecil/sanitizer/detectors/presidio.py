"""Presidio's pattern recognizers, with its scores, validators and context words.

Owns: the catalogue, and two promises that Presidio alone does not keep: a pattern that times out is an
error and not a silent miss, and nothing is fetched (the public suffix list comes from the package).
The NLP engine is a blank spaCy tokenizer: persons, places and organisations are not looked for.
"""

import re
from collections.abc import Iterator
from typing import Any

from cecil.errors import DetectorError
from cecil.sanitizer.spans import Span

LANGUAGE = "en"

# No recognizer of the English catalogue matches a text without one of these; a test holds it to that.
# (Its patterns want a digit, of any script, an at sign, or the colon, dash or dot of an address.)
_POSSIBLE = re.compile(r"[0-9@:.-]|[^\x00-\x7f]")


class PresidioDetector:
    """All of Presidio's recognizers for English that need no model.

    Building one imports Presidio and spaCy, about a second.

    Args:
        unwanted: entities that are not looked for.
        threshold: results below this score are left out.
    """

    def __init__(self, unwanted: frozenset[str] = frozenset(), threshold: float = 0.4) -> None:
        import logging

        from presidio_analyzer import AnalyzerEngine

        # Presidio logs words of the text at some levels; none of it may reach stderr.
        logging.getLogger("presidio-analyzer").propagate = False
        self._unwanted = unwanted
        self._threshold = threshold
        _offline()
        engine, registry = _registry()
        self.entities = frozenset(
            entity for recognizer in registry.recognizers for entity in recognizer.supported_entities
        )
        registry.recognizers = [
            recognizer
            for recognizer in registry.recognizers
            if not self._unwanted.issuperset(recognizer.supported_entities)
        ]
        for recognizer in registry.recognizers:
            _fail_closed(recognizer)
            if recognizer.name == "PhoneRecognizer":
                from cecil.sanitizer.detectors import phones

                phones.speed_up(recognizer)
        self._recognizers = registry.recognizers
        self._engine = (
            AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[LANGUAGE])
            if self._recognizers
            else None
        )

    def find(self, text: str, context: tuple[str, ...] = ()) -> list[Span]:
        """See `Detector.find`."""
        if self._engine is None or not _POSSIBLE.search(text):
            return []
        try:
            results = self._results(self._engine, text, context)
        except DetectorError:
            raise
        except Exception as error:
            # Presidio's messages quote the text.
            raise DetectorError(f"Presidio failed with {type(error).__name__}") from None
        return [
            Span(r.start, r.end, r.entity_type, r.score, "presidio")
            for r in results
            if r.entity_type not in self._unwanted
        ]

    def _results(self, engine: Any, text: str, context: tuple[str, ...]) -> list[Any]:
        """What `engine.analyze` gives.

        Most texts match nothing: only those that do are cut into tokens, which the recognizers of
        patterns never look at, to weigh the context.
        """
        from presidio_analyzer import EntityRecognizer

        raw = [r for one in self._recognizers for r in one.analyze(text, one.supported_entities, None) or ()]
        if not raw:
            return []
        tokens = engine.nlp_engine.process_text(text, LANGUAGE)
        weighed = engine._enhance_using_context(text, raw, tokens, self._recognizers, list(context) or None)
        sure = [result for result in weighed if result.score >= self._threshold]
        return list(EntityRecognizer.remove_duplicates(sure))


def _registry() -> tuple[Any, Any]:
    import spacy
    from presidio_analyzer import RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class BlankEngine(SpacyNlpEngine):  # type: ignore[misc]
        """Tokens and stop words only; nothing to download."""

        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": LANGUAGE, "model_name": "blank"}])
            self.nlp = {LANGUAGE: spacy.blank(LANGUAGE)}

        def load(self) -> None:
            """The pipeline is there from the start."""

    engine = BlankEngine()
    registry = RecognizerRegistry(supported_languages=[LANGUAGE])
    registry.load_predefined_recognizers(languages=[LANGUAGE], nlp_engine=engine)
    registry.recognizers = [r for r in registry.recognizers if r.name != "SpacyRecognizer"]
    return engine, registry


def _offline() -> None:
    """Give Presidio's e-mail check the suffix list of the package; by default it would be fetched."""
    import tldextract
    import tldextract.tldextract as module

    module.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


_PATIENCE = 5
_PACE = 500_000
"""A pattern may take 5 seconds for a text, and one more for every 500,000 characters; ordinary text takes
the slowest of them a third of that pace. Presidio's own 60 seconds would hold up a pipe for a minute at a
short line that was made to be slow."""


class _Pattern:
    """A compiled pattern whose time-out comes soon, and is an error that Presidio does not swallow."""

    def __init__(self, compiled: Any, name: str) -> None:
        self._compiled = compiled
        self._name = name

    def finditer(self, text: str, timeout: float | None = None) -> Iterator[Any]:
        try:
            yield from self._compiled.finditer(text, timeout=_PATIENCE + len(text) / _PACE)
        except TimeoutError:
            raise DetectorError(f"the pattern {self._name} timed out") from None


def _fail_closed(recognizer: Any) -> None:
    import regex

    for pattern in getattr(recognizer, "patterns", ()):
        flags = recognizer.global_regex_flags
        pattern.compiled_with_flags = flags
        pattern.compiled_regex = _Pattern(regex.compile(pattern.regex, flags=flags), pattern.name)
