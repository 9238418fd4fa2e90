"""Models that a user brings, languages, and what the commands say of them."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import spacy.cli
from presidio_analyzer.nlp_engine import (
    SpacyNlpEngine,
    StanzaNlpEngine,
    TransformersNlpEngine,
    huggingface_token_pipe,
    stanza_nlp_engine,
)
from presidio_analyzer.predefined_recognizers.ner import gliner_recognizer

from cecil.errors import RecordError, UsageError
from cecil.sanitizer.names import choice, foreign
from tests.conftest import Run, build_sanitizer

ENGINE = """nlp_engine_name: spacy
models:
  - {{lang_code: de, model_name: {path}}}
"""


@pytest.fixture(scope="module")
def pipelines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pipelines of spaCy's, as `nlp.to_disk` writes them: one knows two names, the other finds nothing."""
    import spacy

    folder = tmp_path_factory.mktemp("pipelines")
    blank = spacy.blank("de")
    blank.to_disk(folder / "empty")
    ruler = blank.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PER", "pattern": "Jörg Grün"},
            {"label": "LOC", "pattern": "Köln"},
            {"label": "DATE", "pattern": "Montag"},
        ]
    )
    blank.to_disk(folder / "ruler")
    (folder / "engine.yaml").write_text(ENGINE.format(path=folder / "ruler"))
    (folder / "none.yaml").write_text("nlp_engine_name: spacy\nmodels: []\n")
    return folder


TEXT = "am Montag fuhr Jörg Grün nach Köln"
DONE = "am Montag fuhr <PERSON> nach <LOCATION>"


def test_a_pipeline_by_its_folder(pipelines: Path) -> None:
    sanitizer = build_sanitizer(nlp=str(pipelines / "ruler"))
    new, findings = sanitizer.redact({"m": TEXT, "n": ["x" * 90 + " " + TEXT] * 2})
    assert new == {"m": DONE, "n": ["x" * 90 + " " + DONE] * 2}
    assert {(one.detector, one.score) for one in findings} == {
        (f"names:{pipelines / 'ruler'}", foreign.SCORE)
    }


def test_an_engine_of_presidios_by_its_configuration(pipelines: Path) -> None:
    sanitizer = build_sanitizer(nlp=str(pipelines / "engine.yaml"))
    assert sanitizer.redact_text(TEXT)[0] == DONE


def test_a_language_has_its_own_model(pipelines: Path) -> None:
    german = f"none,de={pipelines / 'engine.yaml'}"
    assert build_sanitizer(nlp=german).redact_text(TEXT)[0] == TEXT
    assert build_sanitizer(nlp=german, language="de").redact_text(TEXT)[0] == DONE
    told = build_sanitizer(nlp=german, language_field="user.locale")
    for locale, text in (("de-AT", DONE), ("DE", DONE), ("fr", TEXT), (None, TEXT)):
        record = {"user": {"locale": locale}, "m": TEXT}
        assert told.redact(record)[0]["m"] == text
        line = json.dumps(record).encode() + b"\n"
        assert json.loads(b"".join(told.redact_lines([line])))["m"] == text
    assert told.redact({"m": TEXT})[0]["m"] == TEXT
    assert told.redact_text(TEXT)[0] == TEXT
    assert build_sanitizer(language_field="user.locale").passes_unread


def test_text_of_other_languages_is_judged_by_the_patterns_and_as_well_as_the_english_model_can() -> None:
    sanitizer = build_sanitizer(nlp="en")
    for text in (
        "Схоже на bob@example.com тут",
        "電話は bob@example.com です",
        "Señora, escriba a bob@example.com",
    ):
        assert "<EMAIL_ADDRESS>" in sanitizer.redact_text(text)[0]
        assert "bob" not in sanitizer.redact_text(text)[0]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"nlp": "no_such_pipeline"}, "no_such_pipeline cannot be loaded: OSError"),
        ({"nlp": "no_such.yaml"}, "no_such.yaml cannot be loaded"),
        ({"language": "de"}, "no model for language de"),
        ({"language_field": "a..b"}, "the field of the language"),
    ],
)
def test_what_is_not_there_is_an_error(more: dict[str, Any], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        build_sanitizer(**more)


def test_a_model_without_names_is_an_error(pipelines: Path) -> None:
    with pytest.raises(UsageError, match="finds no names"):
        build_sanitizer(nlp=str(pipelines / "empty"))
    with pytest.raises(UsageError, match=r"none.yaml"):
        build_sanitizer(nlp=str(pipelines / "none.yaml"))


# Engines of Presidio's: their libraries are large, so that something of the same form stands in for them.


def configured(folder: Path, engine: str, model: object, **more: object) -> str:
    """The file of an engine that has a model."""
    file = folder / f"{engine}.yml"
    file.write_text(
        json.dumps({"nlp_engine_name": engine, "models": [{"lang_code": "en", "model_name": model}], **more})
    )
    return str(file)


@pytest.mark.parametrize(
    ("engine", "model"),
    [
        ("spacy", "no_such_pipeline"),
        ("transformers", {"spacy": "no_such_pipeline", "transformers": "a/b"}),
        ("transformers", {"spacy": "RULER", "transformers": "a/b"}),
        ("gliner", "a/b"),
    ],
)
def test_what_an_engine_lacks_is_not_fetched(
    engine: str, model: Any, tmp_path: Path, pipelines: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Presidio's engines would: a log has come to a machine that is not to speak with others."""

    def fetch(*_: object, **__: object) -> None:
        raise AssertionError("it is fetched")

    monkeypatch.setattr(spacy.cli, "download", fetch)
    monkeypatch.setattr(TransformersNlpEngine, "is_available", True)
    monkeypatch.setattr(huggingface_token_pipe, "hf_pipeline", fetch)
    monkeypatch.setattr(huggingface_token_pipe, "_pipeline_device", lambda: -1)
    monkeypatch.setattr(gliner_recognizer, "GLiNER", SimpleNamespace(from_pretrained=fetch))
    if isinstance(model, dict):
        model = {kind: name.replace("RULER", str(pipelines / "ruler")) for kind, name in model.items()}
    with pytest.raises(UsageError, match=r"^the model \S+ is not installed, and nothing is fetched$"):
        build_sanitizer(nlp=configured(tmp_path, engine, model))


def test_the_command_fetches_no_model(cecil: Run, tmp_path: Path) -> None:
    done = cecil("redact", "--nlp", configured(tmp_path, "spacy", "no_such"), stdin=b"bob@example.com\n")
    assert (done.stdout, done.returncode) == (b"", 2)
    assert done.stderr.startswith(
        b"cecil-redact: the model no_such is not installed, and nothing is fetched\nhint: "
    )


@pytest.mark.parametrize("engine", ["no_op", "slim", "another"])
def test_an_engine_that_finds_no_names_is_an_error(engine: str, tmp_path: Path, pipelines: Path) -> None:
    with pytest.raises(UsageError, match=r"no engine that finds names$"):
        build_sanitizer(nlp=configured(tmp_path, engine, str(pipelines / "ruler")))
    with pytest.raises(UsageError, match=r"finds no names$"):
        build_sanitizer(nlp=configured(tmp_path, "spacy", str(pipelines / "empty")))


SAID = "then Jane came, and Köln was far"


def _names(text: str) -> list[dict[str, Any]]:
    return [
        {"entity_group": group, "label": label, "start": text.index(name), "end": text.index(name) + 4, "score": 0.9}
        for name, group, label in (("Jane", "PER", "person"), ("Köln", "LOC", "location"))
        if name in text
    ]  # fmt: skip


class Transformer:
    """As of transformers: it fails on some texts, and on all that are in a batch with one of them."""

    def __call__(self, texts: str | list[str]) -> Any:
        if any("FAILS" in text for text in ([texts] if isinstance(texts, str) else texts)):
            raise IndexError(texts)
        return _names(texts) if isinstance(texts, str) else [_names(text) for text in texts]


def test_an_engine_of_transformers(
    tmp_path: Path, pipelines: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its model is a folder, or stands in Hugging Face's cache; a text that it fails on is not passed."""
    asked: list[Any] = []

    def snapshot_download(model: str, *, local_files_only: bool) -> str:
        assert local_files_only
        return str(tmp_path / model)

    def pipeline(**more: Any) -> Transformer:
        asked.append(more["model"])
        return Transformer()

    monkeypatch.setattr(TransformersNlpEngine, "is_available", True)
    monkeypatch.setattr(huggingface_token_pipe, "hf_pipeline", pipeline)
    monkeypatch.setattr(huggingface_token_pipe, "_pipeline_device", lambda: -1)
    monkeypatch.setitem(
        sys.modules, "huggingface_hub", SimpleNamespace(snapshot_download=snapshot_download)  # type: ignore[arg-type]
    )  # fmt: skip
    for model in ("kept/model", str(pipelines)):
        engine = configured(
            tmp_path, "transformers", {"spacy": str(pipelines / "empty"), "transformers": model}
        )
        sanitizer = build_sanitizer(nlp=f"en={engine}" if asked else engine)
        assert sanitizer.redact_text(SAID)[0] == "then <PERSON> came, and <LOCATION> was far"
        with pytest.raises(RecordError):
            sanitizer.redact({"m": ["it FAILS on Jane", SAID]})
        assert sanitizer.redact_text(f"now {SAID}")[0] == "now then <PERSON> came, and <LOCATION> was far"
        foreign_cache_cleared()
    assert asked == [str(tmp_path / "kept/model"), str(pipelines)]
    assert "Jane" not in caplog.text


def foreign_cache_cleared() -> None:
    """A model is loaded once a process."""
    choice._loaded.cache_clear()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    foreign_cache_cleared()


def test_an_engine_of_stanzas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def load_pipeline(name: str, download_method: object, **_: object) -> Any:
        asked.append(download_method)
        blank = spacy.blank(name)
        blank.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": "Jane"}])  # type: ignore[attr-defined]
        return blank

    monkeypatch.setattr(StanzaNlpEngine, "is_available", True)
    monkeypatch.setattr(StanzaNlpEngine, "process_batch", SpacyNlpEngine.process_batch)
    monkeypatch.setattr(stanza_nlp_engine, "load_pipeline", load_pipeline)
    sanitizer = build_sanitizer(nlp=configured(tmp_path, "stanza", "en"))
    assert sanitizer.redact_text(SAID)[0] == "then <PERSON> came, and Köln was far"
    assert asked == [None]


def test_gliner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for persons, places and organisations, or for what the configuration maps to them."""
    asked: list[Any] = []

    class Model:
        @staticmethod
        def from_pretrained(model: str, **more: Any) -> "Model":
            assert more["local_files_only"]
            return Model()

        def predict_entities(self, text: str, labels: list[str], **_: Any) -> list[dict[str, Any]]:
            asked.append(labels)
            assert len(text) <= 260
            return [one for one in _names(text) if one["label"] in labels]

    monkeypatch.setattr(gliner_recognizer, "GLiNER", Model)
    sanitizer = build_sanitizer(nlp=configured(tmp_path, "gliner", str(tmp_path)))
    assert sanitizer.redact_text(SAID)[0] == "then <PERSON> came, and <LOCATION> was far"
    assert asked[-1] == ["location", "organization", "person"]
    long = "so " * 95 + SAID
    assert sanitizer.redact_text(long)[0] == "so " * 95 + "then <PERSON> came, and <LOCATION> was far"
    foreign_cache_cleared()
    mapped = configured(
        tmp_path,
        "gliner",
        str(tmp_path),
        ner_model_configuration={"model_to_presidio_entity_mapping": {"person": "PERSON"}},
    )
    assert build_sanitizer(nlp=mapped).redact_text(SAID)[0] == "then <PERSON> came, and Köln was far"
    assert asked[-1] == ["person"]


def test_of_names_that_overlap_no_character_is_left() -> None:
    found = [
        (0, 4, "PER", 0.9),
        (0, 9, "PERSON", 0.8),
        (7, 12, "LOC", 0.5),
        (8, 10, "DATE", 1),
        (12, 15, "ORG", 0.7),
    ]
    assert [tuple(mark) for mark in foreign._marks(found)] == [
        (0, 12, "PERSON", 0.9),
        (12, 15, "ORGANIZATION", 0.7),
    ]


def test_the_command_takes_a_model_for_a_language(cecil: Run, pipelines: Path) -> None:
    record = json.dumps({"locale": "de", "m": TEXT}).encode() + b"\n"
    done = cecil(
        "redact", "-q", "--nlp", f"en,de={pipelines / 'ruler'}", "--language-field", "locale", stdin=record
    )
    assert (json.loads(done.stdout)["m"], done.stderr, done.returncode) == (DONE, b"", 0)
    for language, text in (("de", DONE), ("en", TEXT)):
        models = f"none,de={pipelines / 'ruler'}"
        spoken = cecil("redact", "-q", "--nlp", models, "--language", language, stdin=TEXT.encode())
        assert (spoken.stdout.decode(), spoken.returncode) == (text, 0)
    unknown = cecil("redact", "-q", "--language", "fr", stdin=TEXT.encode())
    assert (unknown.stdout, unknown.returncode) == (b"", 2)
    assert unknown.stderr.startswith(b"cecil-redact: no model for language fr\nhint: ")
    engine = cecil("redact", "-q", "--nlp", str(pipelines / "engine.yaml"), stdin=TEXT.encode())
    assert (engine.stdout.decode(), engine.returncode) == (DONE, 0)


def test_a_run_says_which_models_judged(cecil: Run, pipelines: Path, tmp_path: Path) -> None:
    models = f"en,de={pipelines / 'ruler'}"
    args = ("redact", "--nlp", models, "--manifest", "runs", "--stats-file", "stats", "--markers")
    line = b'{"$cecil":{"begin":{"version":1}}}\n{"$cecil":{"end":{"records":0}}}\n'
    (tmp_path / "in").write_bytes(line)
    done = cecil(*args, "in")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[0])["$cecil"]["begin"]["models"]
    assert told.keys() == {"en", "de"}
    assert told["en"].startswith("en-")
    assert json.loads((tmp_path / "stats").read_text())["models"] == told
    assert json.loads((tmp_path / "runs").read_text())["models"] == told


def test_a_model_that_is_not_there_ends_the_command_before_it_reads(cecil: Run) -> None:
    done = cecil("redact", "--nlp", "no_such_pipeline", stdin=b"bob@example.com\n")
    assert (done.stdout, done.returncode) == (b"", 2)
    assert done.stderr.startswith(
        b"cecil-redact: the model no_such_pipeline cannot be loaded: OSError\nhint: "
    )


def test_names_in_every_report(cecil: Run) -> None:
    line = b'{"m":"Hello from Alice Smith in Berlin"}\n'
    done = cecil("redact", "--check", "--json", stdin=line)
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [(one["entity"], one["detector"], one["start"], one["end"]) for one in rows] == [
        ("PERSON", "names:en", 11, 22),
        ("LOCATION", "names:en", 26, 32),
    ]
    assert done.returncode == 4
    sarif = cecil("redact", "--check", "--sarif", stdin=line)
    assert b"PERSON" in sarif.stdout and b"Alice" not in sarif.stdout
    two = cecil("redact", "-j", "2", stdin=line * 40_000)
    assert two.stdout == b'{"m":"Hello from <PERSON> in <LOCATION>"}\n' * 40_000
