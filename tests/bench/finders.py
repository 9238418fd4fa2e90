"""What finds: Cecil and Presidio behind one face, for the benches."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol
from unittest import mock

from cecil.sanitizer import shields
from cecil.sanitizer.scanner import Cache
from cecil.sanitizer.spans import Miss, Span


class Hit(NamedTuple):
    """Something found: characters, half-open; the same shape for every finder."""

    start: int
    end: int
    entity: str
    score: float
    detector: str
    why: str = ""


class Finder(Protocol):
    """Text to hits."""

    name: str

    def find(self, text: str) -> list[Hit]:
        """Hits in order."""

    def misses(self) -> list[Hit]:
        """What was looked at in the last text and turned down, with the reason as `why`."""


class Cecil:
    """The sanitizer under its default policy, one text as one leaf without a key.

    Args:
        more: entities that the default policy keeps and that are wanted here.
        cache: keeps what was compiled.
    """

    name = "cecil"

    def __init__(self, *more: str, cache: Cache | None = None) -> None:
        from cecil.sanitizer.policy import Policy
        from cecil.sanitizer.sanitizer import Sanitizer

        policy = Policy.built_in("default").with_more(more, (), b"") if more else "default"
        self._sanitizer = Sanitizer(policy, explain=True, cache=cache)

    def find(self, text: str) -> list[Hit]:
        _, findings = self._sanitizer.redact(text)
        return sorted(Hit(one.start, one.end, one.entity, one.score, one.detector) for one in findings)

    def misses(self) -> list[Hit]:
        return [Hit(m.start, m.end, m.entity, 0.0, m.detector, m.why) for m in self._sanitizer.misses]


@contextmanager
def unshielded() -> Iterator[None]:
    """While it lasts, the shields hold nothing back."""

    def hold_nothing_back(
        text: str, spans: Sequence[Span], context: tuple[str, ...] = (), *, briefly: bool = False
    ) -> tuple[list[Span], list[Miss]]:
        return list(spans), []

    with mock.patch.object(shields, "hold_back", hold_nothing_back):
        yield


class Unshielded(Cecil):
    """Cecil without its shields: what they cost in recall, and what they spare."""

    name = "unshielded"

    def find(self, text: str) -> list[Hit]:
        with unshielded():
            return super().find(text)


class Presidio:
    """AnalyzerEngine with a blank spaCy pipeline and all recognizers that serve English by default."""

    name = "presidio"

    def __init__(self, threshold: float = 0.4) -> None:
        self.engine = presidio_engine()
        self._threshold = threshold

    def find(self, text: str) -> list[Hit]:
        results = self.engine.analyze(text, language="en", score_threshold=self._threshold)
        return sorted(Hit(r.start, r.end, r.entity_type, r.score, "presidio") for r in results)

    def misses(self) -> list[Hit]:
        return []


def presidio_engine() -> Any:
    """As anybody would build it who wants no model: nothing of Cecil's is in it, and nothing is fetched."""
    import spacy
    import tldextract
    import tldextract.tldextract as suffixes
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    @spacy.Language.component("own_lemma")  # type: ignore[untyped-decorator]
    def own_lemma(doc: Any) -> Any:
        for token in doc:
            token.lemma_ = token.text
        return doc

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}
            # A blank pipeline has empty lemmas, and then no context word is ever found in a text.
            self.nlp["en"].add_pipe("own_lemma")

        def load(self) -> None:
            pass

    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL)
    suffixes.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine = Blank()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    registry.recognizers = [r for r in registry.recognizers if r.name != "SpacyRecognizer"]
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
