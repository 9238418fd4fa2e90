"""Which recognizers there are: by default, on request, and from a user's file; and ours within Presidio."""

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from cecil.errors import PolicyError
from cecil.sanitizer.detectors import Trigger, catalogue, expressions
from cecil.sanitizer.detectors.catalogue import analyze, as_presidio, load, turned_on_by
from cecil.sanitizer.detectors.everyone import countries_known, everyone
from cecil.sanitizer.detectors.presidio import PresidioRecognizer
from cecil.sanitizer.spans import Miss, Span
from tests.bench.finders import presidio_engine

OWN = b"""
supported_languages: [en]
recognizers:
  - name: Staff numbers
    supported_entity: STAFF_ID
    type: custom
    patterns:
      - {name: short, regex: 'E-\\d{4}', score: 0.2}
      - {name: long, regex: '\\bEMP\\d{6}\\b', score: 0.7}
    context: [staff, employee]
  - name: Titles
    supported_languages: [en]
    supported_entities: [TITLE]
    deny_list: [Dr., Prof.]
    deny_list_score: 0.9
    country_code: uk
  - name: UsPassportRecognizer
    type: predefined
    context: [reisepass]
"""


def names(recognizers: tuple[PresidioRecognizer, ...]) -> list[str]:
    return [one.presidio.name for one in recognizers]


def test_the_default_ones_are_presidios() -> None:
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    theirs = [one for one in registry.recognizers if one.name != "SpacyRecognizer"]
    ours = load()
    assert names(ours) == [one.name for one in theirs]
    assert [one.context for one in ours] == [tuple(one.context or ()) for one in theirs]
    assert all(one.name == f"presidio:{one.presidio.name}" for one in ours)
    assert {one.country for one in ours} == {None, "us", "uk"}


def test_entities_turn_on_further_ones() -> None:
    more = set(names(load(frozenset({"DE_TAX_ID", "US_MBI", "SECRET"})))) - set(names(load()))
    assert more == {"DeTaxIdRecognizer", "UsMbiRecognizer"}
    assert turned_on_by(frozenset({"DE_TAX_ID", "US_SSN", "SECRET"})) == {"DE_TAX_ID", "US_SSN"}


def test_countries_turn_on_further_ones() -> None:
    ours = load(countries=frozenset({"PL", "fi"}))
    assert set(names(ours)) - set(names(load())) == {"PlPeselRecognizer", "FiPersonalIdentityCodeRecognizer"}
    [span] = [s for s in analyze("131052-308T", ours) if s.entity == "FI_PERSONAL_IDENTITY_CODE"]
    assert (span.start, span.end, span.score, span.validated) == (0, 11, 1.0, True)


def test_countries_that_can_be_named() -> None:
    assert {"us", "uk", "de"} < catalogue.countries()


def test_a_country_without_recognizers() -> None:
    with pytest.raises(PolicyError) as caught:
        load(countries=frozenset({"xx"}))
    assert str(caught.value) == "no recognizers for country xx"
    assert "countries are au, ca, de" in str(caught.value.hint)


def test_a_country_that_nobody_knows() -> None:
    assert {"us", "uk", "de", "za"} < countries_known()
    with pytest.raises(PolicyError, match=r"^no recognizers for country xx$"):
        everyone(countries=frozenset({"XX", "de"}))


def test_models_and_services_cannot_be_turned_on() -> None:
    known = set(catalogue._known())
    assert "UsSsnRecognizer" in known
    assert not known & {"HuggingFaceNerRecognizer", "BasicLangExtractRecognizer", "SpacyRecognizer"}


def test_a_users_file() -> None:
    ours = load(own=OWN)
    by_name = {one.presidio.name: one for one in ours}
    assert set(by_name) - set(names(load())) == {"Staff numbers", "Titles"}
    assert by_name["UsPassportRecognizer"].context == ("reisepass",)
    assert by_name["Titles"].country == "uk"
    assert len(ours) == len(load()) + 2
    found = analyze(
        "our employee E-1234, EMP123456, Dr. Who, E-5555", [by_name["Staff numbers"], by_name["Titles"]]
    )
    assert [(s.start, s.end, s.entity, round(s.score, 2)) for s in found] == [
        (13, 19, "STAFF_ID", 0.55),
        (21, 30, "STAFF_ID", 1.0),
        (32, 35, "TITLE", 0.9),
        (41, 47, "STAFF_ID", 0.55),
    ]  # fmt: skip


def test_triggers_say_what_waits_for_context() -> None:
    staff = next(one for one in load(own=OWN) if one.presidio.name == "Staff numbers")
    assert staff.weak == expressions.triggers(r"E-\d{4}", caseless=True)
    assert staff.strong == expressions.triggers(r"\bEMP\d{6}\b", caseless=True)
    assert staff.triggers == staff.strong + staff.weak
    sure = next(one for one in load() if one.presidio.name == "CreditCardRecognizer")
    assert not sure.weak  # Its score is low, but the check digit makes it high.


def test_a_users_file_gives_what_presidio_makes_of_it(tmp_path: Path) -> None:
    file = tmp_path / "recognizers.yaml"
    # Its validation refuses what its loader takes.
    file.write_bytes(OWN.replace(b"entities: [TITLE]", b"entity: TITLE"))
    registry = RecognizerRegistryProvider(conf_file=file).create_recognizer_registry()
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=presidio_engine().nlp_engine, supported_languages=["en"]
    )
    wanted = {"Staff numbers", "Titles", "UsPassportRecognizer"}
    ours = [one for one in load(own=OWN) if one.presidio.name in wanted]
    chance = random.Random(5)
    words = "staff employee E-1234 EMP123456 emp654321 Dr. prof. A12345678 123456789 reisepass passport is the".split()
    seen = 0
    for _ in range(400):
        text = " ".join(chance.choices(words, k=chance.randrange(1, 9)))
        theirs = engine.analyze(text, language="en", score_threshold=0.4)
        found = {(s.start, s.end, s.entity, s.score) for s in analyze(text, ours)}
        assert found == {(r.start, r.end, r.entity_type, r.score) for r in theirs}, text
        seen += len(found)
    assert seen > 300


@pytest.mark.parametrize(
    "name", ["UrlRecognizer", "{name: UrlRecognizer}", "{name: link, class_name: UrlRecognizer}"]
)
def test_a_predefined_one_is_named(name: str) -> None:
    assert "UrlRecognizer" in names(load(own=f"recognizers: [{name}]".encode()))


def test_one_is_turned_off_or_on() -> None:
    own = b"recognizers:\n- {name: UrlRecognizer, enabled: false}\n- {name: DeTaxIdRecognizer, supported_entity: TAX}"
    ours = load(own=own)
    assert "UrlRecognizer" not in names(ours)
    assert ours[-1].entities == {"TAX"}


def test_words_and_languages_of_a_predefined_one() -> None:
    own = b"""
global_regex_flags: 24
recognizers:
- name: UsSsnRecognizer
  supported_languages:
  - fr
  - {language: de, context: [nummer]}
  - {language: es}
"""
    [ssn] = [one for one in load(own=own) if one.presidio.name == "UsSsnRecognizer"]
    assert ssn.context == ("nummer",)
    assert not any(trigger.caseless for trigger in ssn.triggers)


ANY = "recognizers: [{name: %s, %s}]"
CUSTOM = "recognizers: [{name: x, supported_entity: X, %s}]"
PATTERN = "patterns: [{name: p, regex: 'a', score: 1}]"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "own: empty; it begins with recognizers:", None),
        ("a: [", "own:1:5: not valid YAML", None),
        ("- x", "own:1:1: a file of recognizers is a mapping (key: value)", None),
        ("supported_languages: [en]", "own:1:1: recognizers is missing", "begin the file"),
        ("recognizers: []", "own:1:14: recognizers is a list with something in it", None),
        ("recognizers: [[]]", "own:1:15: a recognizer is a mapping (key: value)", None),
        ("recognizers: [{type: custom}]", "own:1:15: name is missing", None),
        ("recognizers: [os.system]", "own:1:15: no predefined recognizer os.system", "CreditCardRecognizer"),
        ("recognizers: [{name: x}]", "own:1:22: no predefined recognizer x", "patterns or a deny_list"),
        ("recognizers: [{name: SpacyRecognizer}]", "own:1:22: no predefined recognizer SpacyRecognizer", None),
        ("recognizers: [{name: x, colour: red}]", "own:1:25: unknown key colour", "keys are name"),
        ("recognizers: [{name: x, score_thresholds: {}}]", "own:1:25: unknown key score_thresholds", "policy"),
        ("supported_countries: [us]", "own:1:1: unknown key supported_countries", "--countries"),
        ("recognizers: [{name: x, name: y}]", "own:1:25: name is there twice", None),
        ("recognizers: [{name: 1}]", "own:1:22: a text is wanted", "put it in quotes"),
        ("recognizers: [{name: x, type: remote}]", "own:1:31: unknown type", "custom or predefined"),
        ("recognizers: [{name: x, type: custom}]", "own:1:31: only a custom recognizer has patterns", None),
        ("global_regex_flags: x", "own:1:1: recognizers is missing", None),
        ("global_regex_flags: x\nrecognizers: [x]", "own:1:21: a plain value is wanted", None),
        ("global_regex_flags: -1\nrecognizers: [x]", "own:1:21: a whole number is wanted", None),
        ("recognizers: [{name: UrlRecognizer, enabled: maybe}]", "own:1:46: a plain value is wanted", None),
        (ANY % ("x", PATTERN), "own:1:15: supported_entity is missing", "EMPLOYEE_ID"),
        (ANY % ("UrlRecognizer", PATTERN), "own:1:22: UrlRecognizer is a predefined recognizer", "another name"),
        (CUSTOM % f"type: predefined, {PATTERN}", "own:1:52: only a custom recognizer has patterns", None),
        (CUSTOM % f"supported_entities: [Y], {PATTERN}", "own:1:46: supported_entity is there already", None),
        (ANY % ("x", f"supported_entities: [X, Y], {PATTERN}"), "own:1:45: a recognizer has one entity", None),
        (ANY % ("x", f"supported_entity: staff, {PATTERN}"), "own:1:43: an entity's name is in capitals", None),
        (CUSTOM % "patterns: x", "own:1:56: patterns is a list", None),
        (CUSTOM % "patterns: [{name: p, score: 1}]", "own:1:57: regex is missing", "name, regex and score"),
        (CUSTOM % "patterns: [{name: p, regex: '(a', score: 1}]", "own:1:74: not a valid regular expression at its character 3", "single quotes"),
        (CUSTOM % "patterns: [{name: p, regex: a, score: 2}]", "own:1:84: a score is a number from 0 to 1", None),
        (CUSTOM % "patterns: [{name: p, regex: a, score: 0x1}]", "own:1:84: a score is a number from 0 to 1", None),
        (CUSTOM % "deny_list: [a, '']", "own:1:57: deny_list holds an empty text", None),
        (CUSTOM % "deny_list: [no]", "own:1:58: a text is wanted", "put it in quotes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(PolicyError) as caught:
        load(own=text.encode(), where="own")
    assert str(caught.value).startswith(message)
    assert (hint or "") in (caught.value.hint or "")


def test_a_file_that_is_no_text() -> None:
    with pytest.raises(PolicyError, match="own:1: not valid UTF-8"):
        load(own=b"\xff", where="own")
    with pytest.raises(PolicyError, match="own:1: a character that YAML does not allow"):
        load(own=b"a: \x00", where="own")


def test_presidios_own_settings_are_no_yaml_of_ours() -> None:
    """They name recognizers that need models; a user who copies them is told which."""
    import presidio_analyzer

    file = Path(presidio_analyzer.__file__).parent / "conf" / "default_recognizers.yaml"
    assert len(yaml.safe_load(file.read_bytes())["recognizers"]) > len(catalogue._known()) > 80
    with pytest.raises(PolicyError, match="no predefined recognizer HuggingFaceNerRecognizer"):
        load(own=file.read_bytes().replace(b"# supported", b"#"))


class Tokens:
    """A recognizer of ours."""

    name = "tokens"
    entities = frozenset({"SECRET", "OTHER"})
    context = ("token",)
    triggers = (Trigger("tok_"),)

    def find(self, text: str, misses: list[Miss] | None = None) -> list[Span]:
        at = text.find("tok_")
        return [Span(at, at + 8, "SECRET", 0.5, self.name)] if at >= 0 else []


def test_ours_are_presidios_too() -> None:
    ours: list[Any] = [Tokens(), *load()]
    registry = RecognizerRegistry([as_presidio(one) for one in ours], supported_languages=["en"])
    engine = AnalyzerEngine(
        registry=registry, nlp_engine=presidio_engine().nlp_engine, supported_languages=["en"]
    )
    for text in ("token tok_1234 of bob@example.com, ssn 219-09-9999", "tok_1234", "4111 1111 1111 1111", ""):
        theirs = {
            (r.start, r.end, r.entity_type, r.score)
            for r in engine.analyze(text, language="en", score_threshold=0.4)
        }
        assert theirs == {(s.start, s.end, s.entity, s.score) for s in analyze(text, ours)}
    assert [
        r.entity_type for r in engine.analyze("tok_1234 bob@example.com", language="en", entities=["SECRET"])
    ] == ["SECRET"]
    assert engine.analyze("tok_1234", language="en", entities=["OTHER"]) == []


def test_a_recognizer_of_the_users_own_class() -> None:
    """Whoever builds one in Python may override `analyze`; then it is asked."""

    class Mine(PatternRecognizer):  # type: ignore[misc]
        def analyze(self, *args: Any, **more: Any) -> list[Any]:
            return [one for one in super().analyze(*args, **more) if one.start]

    one = PresidioRecognizer(Mine("X", patterns=[Pattern("a", "a", 0.5)]))
    assert [(s.start, s.end) for s in one.find("aba")] == [(2, 3)]
