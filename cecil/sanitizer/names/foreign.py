"""Models that the user brings: pipelines of spaCy's, and engines of Presidio's by its own configuration.

They see texts as they are, cut into segments like any other. Which of their labels is a name, `labels.py`
says. Refuses: to download anything, as Presidio's engines do of themselves; a model is installed, or it is an
error. And to take a text for one without names of which a model only failed to say.
"""

import importlib
import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from cecil.errors import DetectorError, UsageError
from cecil.sanitizer.names import labels
from cecil.sanitizer.names.engine import Names
from cecil.sanitizer.names.evidence import Mark

SCORE = 0.85
"""Of what a pipeline finds that says no score; it is what Presidio gives it."""

_HINT = "install it, or name another: --nlp en is the embedded one, --nlp none goes without names"
_ENDINGS = (".yaml", ".yml")

_GLINER = "gliner"
"""No engine of Presidio's but a recognizer; in a configuration it is named as the engines are."""


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
        _check(self._nlp, model)
        meta = self._nlp.meta
        self.version = f"{meta['lang']}_{meta['name']}-{meta['version']}"

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        """See `Tagger.tag`."""
        return [
            _marks((one.start_char, one.end_char, one.label_, SCORE) for one in doc.ents)
            for doc in self._nlp.pipe(texts)
        ]


def _check(nlp: Any, model: str) -> None:
    """Whether a pipeline of spaCy's finds names.

    Raises:
        UsageError: it does not.
    """
    if not any(name == "ner" or "doc.ents" in nlp.get_pipe_meta(name).assigns for name in nlp.pipe_names):
        raise UsageError(
            f"the pipeline {model} finds no names", hint="it needs a component that sets doc.ents"
        )


class _Engine:
    """An engine of Presidio's."""

    def __init__(self, path: str, language: str) -> None:
        from presidio_analyzer.nlp_engine import NlpEngineProvider

        provider = NlpEngineProvider(conf_file=path)
        configuration = provider.nlp_configuration
        models = configuration.get("models", [])
        spoken = [str(one.get("lang_code")) for one in models]
        if not spoken:
            raise UsageError(f"{path} names no models", hint="see Presidio's documentation of NLP engines")
        self._language = language if language in spoken else spoken[0]
        name = configuration["nlp_engine_name"]
        if name not in ("spacy", "stanza", "transformers", _GLINER):
            raise UsageError(
                f"{path}: no engine that finds names", hint="spacy, stanza, transformers and gliner do"
            )
        for one in models:
            one["model_name"] = _installed(one["model_name"], name)
        self._pipes: list[_Pipe] = []
        if name == _GLINER:
            self._engine: Any = _Gliner(models, configuration.get("ner_model_configuration", {}))
        else:
            kinds = provider.nlp_engines
            if "stanza" in kinds:
                kinds["stanza"] = partial(kinds["stanza"], download_if_missing=False)
            self._engine = provider.create_engine()
        if name == "spacy":
            for nlp in self._engine.nlp.values():
                _check(nlp, path)
        if name == "transformers":
            self._pipes = [_Pipe(nlp.get_pipe(nlp.pipe_names[-1])) for nlp in self._engine.nlp.values()]
        self.version = f"{name}-{importlib.metadata.version('presidio-analyzer')}"

    def tag(self, texts: Sequence[str]) -> list[list[Mark]]:
        """See `Tagger.tag`."""
        found = []
        for pipe in self._pipes:
            pipe.failed = False
        for _, artifacts in self._engine.process_batch(list(texts), language=self._language):
            scores = artifacts.scores or [SCORE] * len(artifacts.entities)
            found.append(
                _marks(
                    (one.start_char, one.end_char, one.label_, float(score))
                    for one, score in zip(artifacts.entities, scores, strict=True)
                )
            )
        if any(pipe.failed for pipe in self._pipes):
            raise DetectorError("the model of names failed")
        return found


def _installed(model: Any, name: str) -> Any:
    """The model of an engine, where it is on this machine: one of Hugging Face's by its folder.

    Raises:
        UsageError: it is not.
    """
    if isinstance(model, Mapping):
        return {kind: _installed(one, kind) for kind, one in model.items()}
    from spacy.util import ensure_path, is_package

    if name == "stanza" or ensure_path(model).exists() or (name == "spacy" and is_package(model)):
        return model
    if name != "spacy":
        try:
            return importlib.import_module("huggingface_hub").snapshot_download(model, local_files_only=True)
        except Exception:  # noqa: S110, whatever it says, the model is not there
            pass
    raise UsageError(f"the model {model} is not installed, and nothing is fetched", hint=_HINT)


class _Pipe:
    """A pipeline of transformers' in a component of Presidio's, which takes a text that it failed on for one
    without names. So it is remembered here."""

    def __init__(self, component: Any) -> None:
        self._pipeline = component.pipeline
        self.failed = False
        component.pipeline = self

    def __call__(self, texts: str | list[str]) -> Any:
        try:
            found = self._pipeline(texts)
        except Exception:
            # Of a batch each text is tried again by itself.
            self.failed = self.failed or isinstance(texts, str)
            raise
        return found


class _Gliner:
    """Presidio's recognizer for GLiNER as an engine: it cuts texts itself, into pieces that overlap."""

    def __init__(self, models: Sequence[Mapping[str, str]], configuration: Mapping[str, Any]) -> None:
        from presidio_analyzer.predefined_recognizers import GLiNERRecognizer

        mapping = configuration.get("model_to_presidio_entity_mapping")
        self._recognizers = {
            one["lang_code"]: GLiNERRecognizer(
                model_name=one["model_name"],
                entity_mapping=mapping or {label.lower(): label for label in sorted(labels.ENTITIES)},
                local_files_only=True,
            )
            for one in models
        }

    def process_batch(self, texts: Sequence[str], language: str) -> Iterator[tuple[str, "_Said"]]:
        """As Presidio's engines have it."""
        for text in texts:
            found = self._recognizers[language].analyze(text, [])
            yield (
                text,
                _Said(
                    [_Entity(one.start, one.end, one.entity_type) for one in found],
                    [one.score for one in found],
                ),
            )


class _Entity(NamedTuple):
    """As of spaCy."""

    start_char: int
    end_char: int
    label_: str


class _Said(NamedTuple):
    """As of Presidio's engines."""

    entities: list[_Entity]
    scores: list[float]


def _marks(found: Any) -> list[Mark]:
    """Names under our labels, in order, disjoint: of two that overlap the first names what both hold."""
    marks: list[Mark] = []
    for start, end, label, score in sorted(found):
        entity = labels.entity(label)
        if entity is None:
            continue
        if marks and start < marks[-1].end:
            marks[-1] = marks[-1]._replace(end=max(end, marks[-1].end))
        else:
            marks.append(Mark(start, end, entity, score))
    return marks
