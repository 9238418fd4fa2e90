"""Which of Presidio's recognizers there are, and the user's own in Presidio's YAML.

    load(entities, countries, own, where)            -> tuple of PresidioRecognizer
    turned_on_by(entities)                           -> which of these entities `load` can turn on
    analyze(text, recognizers, words, threshold)     -> what Presidio's AnalyzerEngine gives with them
    as_presidio(recognizer)                          -> an EntityRecognizer, for an AnalyzerEngine

By default there are all that Presidio's own settings (default_recognizers.yaml) turn on for English;
`entities` and `countries` turn on others, whatever their language. The user's file has Presidio's format
(https://microsoft.github.io/presidio/analyzer/recognizer_registry_provider/): an entry with patterns or
words adds a recognizer; one with the name of a predefined recognizer takes the place of the default one,
with context words of its own, or turns it off (`enabled: false`). Its languages select nothing: whatever
it holds is looked for.

Refuses: recognizers that need a model or a service, and anything in the file that it does not know. No
name in the file is taken for that of a class to import or of a file to read.
"""

import importlib.resources
import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

import yaml

from cecil.errors import PolicyError
from cecil.sanitizer import nodes
from cecil.sanitizer.detectors import Recognizer
from cecil.sanitizer.detectors.context import enhance
from cecil.sanitizer.detectors.presidio import THRESHOLD, PresidioRecognizer, deduplicated, offline
from cecil.sanitizer.late import late
from cecil.sanitizer.spans import Span

_T = TypeVar("_T")

LANGUAGE = "en"

_KINDS = ("generic", "country_specific")
"""Packages of Presidio's whose recognizers need neither a model nor a service."""

_FLAGS = 26
"""re.DOTALL | re.MULTILINE | re.IGNORECASE: Presidio's flags where settings name none."""

_ENTITY = late(r"[A-Z][A-Z0-9_]*\Z")


class _Known(NamedTuple):
    """A predefined recognizer, by Presidio's settings.

    Attributes:
        name: of its class.
        on: whether it serves English by default.
        country: as in `PresidioRecognizer`.
        context: words that the settings give it for English.
    """

    name: str
    on: bool
    country: str | None
    context: list[str] | None


def no_country(country: str, there: Iterable[str], where: str | None = None) -> PolicyError:
    """What is said of a country that has no recognizers.

    Args:
        there: those that have.
        where: its place in a policy.
    """
    return PolicyError(
        f"no recognizers for country {country}", where=where, hint="countries are " + ", ".join(sorted(there))
    )


def load(
    entities: frozenset[str] = frozenset(),
    countries: frozenset[str] = frozenset(),
    own: bytes | None = None,
    where: str = "recognizers",
) -> tuple[PresidioRecognizer, ...]:
    """The recognizers of a run, in the order of Presidio's settings, the user's own behind them.

    Args:
        entities: further ones that are wanted; those that nothing of Presidio's finds are left to the caller.
        countries: all of whose recognizers are wanted; ISO 3166-1 alpha-2 in any case (and `uk`).
        own: the content of a file in Presidio's format.
        where: the name of that file, for messages.

    Raises:
        PolicyError: a country without recognizers, or the file is wrong.
    """
    known = _known()
    wanted = {country.lower() for country in countries}
    there = {one.country for one in known.values() if one.country}
    for country in sorted(wanted - there):
        raise no_country(country, there)
    own_entries = _Reader(own, where).entries() if own is not None else []
    replaced = {entry.name for entry in own_entries if entry.predefined}
    made = [
        _predefined(one.name, one.context)
        for one in known.values()
        if one.name not in replaced
        and (one.on or one.country in wanted or (entities and _entity(one.name) in entities))
    ]
    made += [entry.made() for entry in own_entries if entry.enabled]
    offline()
    return tuple(PresidioRecognizer(recognizer) for recognizer in made)


def own(data: bytes, where: str) -> tuple[PresidioRecognizer, ...]:
    """The recognizers that a file in Presidio's format adds; what it says of others is of no account.

    Raises:
        PolicyError: the file is wrong.
    """
    entries = _Reader(data, where).entries()
    offline()
    return tuple(
        PresidioRecognizer(entry.made()) for entry in entries if entry.enabled and not entry.predefined
    )


def countries() -> frozenset[str]:
    """Those for which Presidio has recognizers, as in `PresidioRecognizer`."""
    return frozenset(one.country for one in _known().values() if one.country)


def turned_on_by(entities: frozenset[str]) -> frozenset[str]:
    """Those of some entities that a predefined recognizer finds, on by default or not."""
    return entities & {_entity(name) for name in _known()}


def analyze(
    text: str,
    recognizers: Sequence[Recognizer],
    words: Sequence[str] = (),
    threshold: float = THRESHOLD,
) -> list[Span]:
    """What Presidio's AnalyzerEngine.analyze gives with these recognizers, in the order of the text.

    Args:
        words: context that is not in the text.

    Raises:
        DetectorError: the text could not be judged.
    """
    found: list[Span] = []
    for recognizer in recognizers:
        spans = recognizer.find(text)
        if spans:
            found += enhance(text, spans, recognizer.context, words)
    return deduplicated(span for span in found if span.score >= threshold)


def as_presidio(recognizer: Recognizer) -> Any:
    """A recognizer as one of Presidio's: an EntityRecognizer, for English."""
    from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

    class Adapter(EntityRecognizer):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(
                supported_entities=sorted(recognizer.entities),
                name=recognizer.name,
                supported_language=LANGUAGE,
                context=list(recognizer.context),
            )

        def load(self) -> None:
            """There is nothing to load."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[Any]:
            return [
                RecognizerResult(
                    span.entity,
                    span.start,
                    span.end,
                    span.score,
                    AnalysisExplanation(span.detector, span.score),
                    {
                        RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                        RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                    },
                )
                for span in recognizer.find(text)
                if span.entity in entities
            ]

    return Adapter()


@cache
def _known() -> dict[str, _Known]:
    """Presidio's predefined recognizers that need neither a model nor a service, by name."""
    file = importlib.resources.files("presidio_analyzer") / "conf" / "default_recognizers.yaml"
    # The loader in C reads it in a tenth of the time.
    settings = yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    found = {}
    for one in settings["recognizers"]:
        name = one["name"]
        if _class(name) is None:
            continue
        languages = one.get("supported_languages") or [LANGUAGE]
        contexts = {
            language["language"] if isinstance(language, dict) else language: (
                language.get("context") if isinstance(language, dict) else one.get("context")
            )
            for language in languages
        }
        on = one.get("enabled", True) and LANGUAGE in contexts
        found[name] = _Known(name, on, one.get("country_code"), contexts.get(LANGUAGE))
    return found


def _class(name: str) -> Any:
    """The class of a predefined recognizer, or None."""
    from presidio_analyzer import predefined_recognizers

    found = getattr(predefined_recognizers, name, None)
    if not inspect.isclass(found) or found.__module__.split(".")[2] not in _KINDS:
        return None
    return found


def _entity(name: str) -> str:
    return str(inspect.signature(_class(name)).parameters["supported_entity"].default)


def _predefined(name: str, context: list[str] | None, entity: str | None = None) -> Any:
    """A predefined recognizer as Presidio's registry makes it."""
    more = {"supported_entity": entity} if entity else {}
    recognizer = _class(name)(
        supported_language=LANGUAGE, **({"context": context} if context else {}), **more
    )
    return _flagged(recognizer, _FLAGS)


def _flagged(recognizer: Any, flags: int) -> Any:
    # As Presidio's registry does with all that have patterns, even IBANs, whose class wants capitals.
    if hasattr(recognizer, "global_regex_flags"):
        recognizer.global_regex_flags = flags
    return recognizer


class _Entry(NamedTuple):
    """One recognizer of the user's file.

    Attributes:
        name: of the predefined class, or the user's.
        predefined: which of the two.
        enabled: whether it runs.
        entity: what it finds; None for that of the class.
        context: its context words; None for those of the class.
        flags: of its patterns.
        patterns: (name, regex, score).
        words: of which each is a finding.
        words_score: their score.
        country: as in `PresidioRecognizer`.
    """

    name: str
    predefined: bool
    enabled: bool
    entity: str | None
    context: list[str] | None
    flags: int
    patterns: list[tuple[str, str, float]]
    words: list[str]
    words_score: float
    country: str | None

    def made(self) -> Any:
        if self.predefined:
            return _flagged(_predefined(self.name, self.context, self.entity), self.flags)
        from presidio_analyzer import Pattern, PatternRecognizer

        return PatternRecognizer(
            supported_entity=self.entity,
            name=self.name,
            supported_language=LANGUAGE,
            patterns=[Pattern(*pattern) for pattern in self.patterns],
            deny_list=self.words or None,
            deny_list_score=self.words_score,
            context=self.context,
            global_regex_flags=self.flags,
            country_code=self.country,
        )


_TOP = ("recognizers", "supported_languages", "global_regex_flags")
_PREDEFINED = (
    "name", "type", "class_name", "enabled", "supported_language", "supported_languages", "context",
    "supported_entity", "supported_entities", "country_code",
)  # fmt: skip
_CUSTOM = (*_PREDEFINED, "patterns", "deny_list", "deny_list_score")

_Mapping = dict[str, tuple[Any, Any]]


class _Reader:
    """The user's file on its way in. YAML nodes are read, not values: they know their place."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data = data
        self._name = name

    def entries(self) -> list[_Entry]:
        """Its recognizers, in their order.

        Raises:
            PolicyError: with place and hint.
        """
        root = nodes.root(self._data, self._name, "it begins with recognizers:")
        top = self._mapping(root, "a file of recognizers", _TOP)
        if "recognizers" not in top:
            raise self._error(root, "recognizers is missing", "begin the file with recognizers:")
        flags = _FLAGS
        if "global_regex_flags" in top:
            flags = self._whole(top["global_regex_flags"][1])
        return list(self._each(top["recognizers"][1], "recognizers", lambda node: self._entry(node, flags)))

    def _each(self, node: Any, what: str, read: Callable[[Any], _T]) -> list[_T]:
        """What is read of each item of a list; raises all that is wrong with any of them at once."""
        found: list[_T] = []
        wrong: list[PolicyError] = []
        for item in self._list(node, what):
            try:
                found.append(read(item))
            except PolicyError as error:
                wrong += error.each()
        if wrong:
            raise PolicyError.together(wrong)
        return found

    def _entry(self, node: Any, flags: int) -> _Entry:
        if isinstance(node, yaml.ScalarNode):
            name = self._known_class(node)
            return _Entry(name, True, True, None, None, flags, [], [], 1.0, None)
        known = (
            {key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}
            if isinstance(node, yaml.MappingNode)
            else set()
        )
        custom = bool(known & {"patterns", "deny_list"})
        fields = self._mapping(node, "a recognizer", _CUSTOM if custom else _PREDEFINED)
        if "name" not in fields:
            raise self._error(node, "name is missing")
        name = self._text(fields["name"][1])
        if "type" in fields:
            kind = self._text(fields["type"][1])
            if kind not in ("custom", "predefined"):
                raise self._error(fields["type"][1], "unknown type", "type is custom or predefined")
            if custom != (kind == "custom"):
                raise self._error(
                    fields["type"][1],
                    "only a custom recognizer has patterns or a deny_list, and it has one of them",
                )
        if custom and name in _known():
            raise self._error(
                fields["name"][1], f"{name} is a predefined recognizer", "give yours another name"
            )
        if not custom:
            name = self._known_class(fields.get("class_name", fields["name"])[1])
        entity = self._entity(fields)
        if custom and entity is None:
            raise self._error(node, "supported_entity is missing", "write supported_entity: EMPLOYEE_ID")
        return _Entry(
            name=name,
            predefined=not custom,
            enabled="enabled" not in fields or self._flag(fields["enabled"][1]),
            entity=entity,
            context=self._context(fields),
            flags=flags,
            patterns=self._patterns(fields, flags),
            words=self._texts(fields["deny_list"][1], "deny_list") if "deny_list" in fields else [],
            words_score=self._score(fields["deny_list_score"][1]) if "deny_list_score" in fields else 1.0,
            country=self._text(fields["country_code"][1]) if custom and "country_code" in fields else None,
        )

    def _known_class(self, node: Any) -> str:
        name = self._text(node)
        if name not in _known():
            raise self._error(
                node,
                f"no predefined recognizer {name}",
                "a custom recognizer has patterns or a deny_list; predefined ones that need no model are "
                + ", ".join(_known()),
            )
        return name

    def _entity(self, fields: _Mapping) -> str | None:
        if "supported_entity" in fields and "supported_entities" in fields:
            raise self._error(fields["supported_entities"][0], "supported_entity is there already")
        if "supported_entity" in fields:
            node = fields["supported_entity"][1]
        elif "supported_entities" in fields:
            nodes = self._list(fields["supported_entities"][1], "supported_entities")
            if len(nodes) != 1:
                raise self._error(fields["supported_entities"][1], "a recognizer has one entity")
            node = nodes[0]
        else:
            return None
        name = self._text(node)
        if not _ENTITY.match(name):
            raise self._error(node, "an entity's name is in capitals, as EMPLOYEE_ID")
        return name

    def _context(self, fields: _Mapping) -> list[str] | None:
        """All its context words: the languages' too."""
        found: list[str] = []
        if "context" in fields:
            found += self._texts(fields["context"][1], "context")
        if "supported_languages" in fields:
            for node in self._list(fields["supported_languages"][1], "supported_languages"):
                if isinstance(node, yaml.ScalarNode):
                    continue
                language = self._mapping(node, "a language", ("language", "context"))
                if "context" in language:
                    found += self._texts(language["context"][1], "context")
        return found or None

    def _patterns(self, fields: _Mapping, flags: int) -> list[tuple[str, str, float]]:
        if "patterns" not in fields:
            return []
        return self._each(fields["patterns"][1], "patterns", lambda node: self._pattern(node, flags))

    def _pattern(self, node: Any, flags: int) -> tuple[str, str, float]:
        pattern = self._mapping(node, "a pattern", ("name", "regex", "score"))
        for wanted in ("name", "regex", "score"):
            if wanted not in pattern:
                raise self._error(node, f"{wanted} is missing", "a pattern has name, regex and score")
        expression = self._text(pattern["regex"][1])
        self._check(pattern["regex"][1], expression, flags)
        return self._text(pattern["name"][1]), expression, self._score(pattern["score"][1])

    def _check(self, node: Any, expression: str, flags: int) -> None:
        import regex

        try:
            regex.compile(expression, flags)
        except (regex.error, ValueError, OverflowError) as error:
            place = getattr(error, "pos", None)
            at = f" at its character {place + 1}" if place is not None else ""
            raise self._error(
                node, f"not a valid regular expression{at}", "in YAML, write it in single quotes"
            ) from None

    def _score(self, node: Any) -> float:
        try:
            value = float(self._text(node, "int", "float"))
        except ValueError:
            value = -1
        if not 0 <= value <= 1:
            raise self._error(node, "a score is a number from 0 to 1")
        return value

    def _whole(self, node: Any) -> int:
        text = self._text(node, "int")
        if not text.isdecimal():
            raise self._error(node, "a whole number is wanted")
        return int(text)

    def _flag(self, node: Any) -> bool:
        return self._text(node, "bool").lower() in ("true", "yes", "on")

    def _texts(self, node: Any, what: str) -> list[str]:
        found = [self._text(item) for item in self._list(node, what)]
        if not all(found):
            raise self._error(node, f"{what} holds an empty text")
        return found

    def _list(self, node: Any, what: str) -> list[Any]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self._error(node, f"{what} is a list with something in it")
        return list(node.value)

    def _mapping(self, node: Any, what: str, keys: tuple[str, ...]) -> _Mapping:
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{what} is a mapping (key: value)")
        found: _Mapping = {}
        for key, value in node.value:
            name = self._text(key)
            if name not in keys:
                raise self._error(key, f"unknown key {name}", _HINTS.get(name, "keys are " + ", ".join(keys)))
            if name in found:
                raise self._error(key, f"{name} is there twice")
            found[name] = (key, value)
        return found

    def _text(self, node: Any, *kinds: str) -> str:
        """A plain value of one of some kinds of YAML's; by default a text."""
        wanted = kinds or ("str",)
        if not isinstance(node, yaml.ScalarNode) or node.tag.rpartition(":")[2] not in wanted:
            what = "a text is wanted" if wanted == ("str",) else "a plain value is wanted"
            raise self._error(node, what, "put it in quotes" if wanted == ("str",) else None)
        return str(node.value)

    def _error(self, node: Any, message: str, hint: str | None = None) -> PolicyError:
        where = f"{self._name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        return PolicyError(message, where=where, hint=hint)


_HINTS = {
    "score_thresholds": "the threshold of the policy counts",
    "supported_countries": "countries are turned on by --countries",
}
