"""Models that the user brings: pipelines of spaCy's, and engines of Presidio's by its own configuration.

They see texts as they are, cut into segments like any other. Which of their labels is a name, `labels.py`
says. Refuses: to download anything; a pipeline is installed, or it is an error.
"""

import importlib.metadata
from collections.abc import Sequence
from typing import Any

from cecil.errors import UsageError
from cecil.sanitizer.names import labels
from cecil.sanitizer.names.engine import Names
from cecil.sanitizer.names.evidence import Mark

SCORE = 0.85
"""Of what a pipeline finds that says no score; it is what Presidio gives it."""

_HINT = "install it, or name another: --nlp en is the embedded one, --nlp none goes without names"
_ENDINGS = (".yaml", ".yml")


def load(model: str, language: str) -> Names:
    """A model by its name: that of a configuration ends in .yaml.

    Raises:
        UsageError: it cannot be loaded, or finds no names.
    """
    try:
        tagger = _Engine(model, language) if model.endswith(_ENDINGS) else _Pipeline(model)
    except UsageError:
        raise
    except (Exception, SystemExit) as error:  # a library can end the process where a download fails
        raise UsageError(f"the model {model} cannot be loaded: {type(error).__name__}", hint=_HINT) from None
    return Names(tagger, model, sees_shapes=False)


class _Pipeline:
    """A pipeline of spaCy's."""

    def __init__(self, model: str) -> None:
        import spacy

        self._nlp = spacy.load(model)
        if not self._nlp.has_pipe("ner") and not any(
            "doc.ents" in self._nlp.get_pipe_meta(name).assigns for name in self._nlp.pipe_names
        ):
            raise UsageError(
                f"the pipeline {model} finds no names", hint="it needs a component that sets doc.ents"
            )
        meta = self._nlp.meta
        self.version = f"{meta['lang']}_{meta['name']}-{meta['version']}"

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        """See `Tagger.tag`."""
        return [
            _marks((one.start_char, one.end_char, one.label_, SCORE) for one in doc.ents)
            for doc in self._nlp.pipe(texts)
        ]


class _Engine:
    """An engine of Presidio's."""

    def __init__(self, path: str, language: str) -> None:
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        provider = NlpEngineProvider(conf_file=path)
        models = provider.nlp_configuration.get("models", [])
        spoken = [str(one.get("lang_code")) for one in models]
        if not spoken:
            raise UsageError(f"{path} names no models", hint="see Presidio's documentation of NLP engines")
        self._language = language if language in spoken else spoken[0]
        self._engine = provider.create_engine()
        self._engine.load()
        self.version = f"{self._engine.engine_name}-{importlib.metadata.version('presidio-analyzer')}"

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        """See `Tagger.tag`."""
        found = []
        for _, artifacts in self._engine.process_batch(list(texts), language=self._language):
            scores = artifacts.scores or [SCORE] * len(artifacts.entities)
            found.append(
                _marks(
                    (one.start_char, one.end_char, one.label_, float(score))
                    for one, score in zip(artifacts.entities, scores, strict=True)
                )
            )
        return found


def _marks(found: Any) -> list[Mark]:
    """Names under our labels, in order, disjoint."""
    marks: list[Mark] = []
    for start, end, label, score in sorted(found):
        entity = labels.entity(label)
        if entity is not None and (not marks or marks[-1].end <= start):
            marks.append(Mark(start, end, entity, score))
    return marks
