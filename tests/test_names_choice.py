"""Models that a user brings, languages, and what the commands say of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from cecil.errors import UsageError
from cecil.sanitizer.names import foreign
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


def test_the_command_takes_a_model_for_a_language(cecil: Run, pipelines: Path) -> None:
    record = json.dumps({"locale": "de", "m": TEXT}).encode() + b"\n"
    done = cecil(
        "redact", "-q", "--nlp", f"en,de={pipelines / 'ruler'}", "--language-field", "locale", stdin=record
    )
    assert (json.loads(done.stdout)["m"], done.stderr, done.returncode) == (DONE, b"", 0)
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
