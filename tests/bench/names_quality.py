"""Names: how well a model finds persons, places and organisations, and what it takes wrongly in real logs.

Judged on the sets below DATA that are for testing only. Labels are mapped to ours (tests/model/corpus.py says
how); people's @handles and the roles of loan agreements are no names. A name counts as found when its label
and both its ends are right; recall by characters asks only whether a name's characters lie in a span of any
label. A name found in a real log is a false alarm unless reviewed.jsonl says that it is one.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.alarms import tally
from tests.model.corpus import CROSSNER, TESTING, Text, read
from tests.model.score import Score, score

Say = Callable[[str], None]
Find = Callable[[list[str]], list[list[tuple[int, int, str]]]]

LABELS = ("PERSON", "LOCATION", "ORGANIZATION")
GROUPS = {
    "crossner, all": tuple(f"crossner/{domain}_test" for domain in CROSSNER),
    "tweets, all": ("wnut17/test", "broad_twitter_corpus/test", "tweebank_ner/test"),
}
ASKED: dict[tuple[str, str], tuple[float, float | None]] = {
    ("crossner, all", "PERSON"): (0.87, 0.96),
    ("tweets, all", "PERSON"): (0.70, 0.82),
    ("crossner, all", "LOCATION"): (0.76, None),
    ("tweets, all", "LOCATION"): (0.58, None),
}
"""F1, and recall by characters, that are asked of the embedded model."""
ALARMS = 10.0
"""Fewer false alarms per MB than this in real logs."""


def finder(model: str) -> Find:
    """What `--nlp model` takes out under the default policy."""
    from cecil.sanitizer.names import choice
    from cecil.sanitizer.policy import Policy

    names = choice.load(choice.parse(model))["en"]
    assert names is not None
    least = Policy.built_in("default").threshold

    def find(texts: list[str]) -> list[list[tuple[int, int, str]]]:
        return [
            [(s.start, s.end, s.entity) for s in spans if s.score >= least] for spans in names.find(texts)
        ]

    return find


def judged(find: Find, data: Path) -> dict[str, dict[str, Score]]:
    """Scores by set (or group of sets) and label."""
    pairs: dict[str, list[Any]] = {}
    for name in TESTING:
        texts: list[Text] = list(read(data, name))
        found = find([text.text for text in texts])
        pairs[name] = [(text.spans, spans) for text, spans in zip(texts, found, strict=True)]
    for group, members in GROUPS.items():
        pairs[group] = [pair for name in members for pair in pairs[name]]
    return {name: {label: score(some, label) for label in LABELS} for name, some in pairs.items()}


def alarms(logs: Path, model: str, say: Say) -> dict[str, Any]:
    """Names that are taken out of real logs and are none, per MB."""
    result = tally(logs, nlp=model)
    false: dict[str, int] = {}
    for (verdict, entity, detector, why), places in sorted(result.kinds.items()):
        if detector.startswith("names:"):
            shown = ", ".join(dict.fromkeys(places[:: max(1, len(places) // 4)]))[:200]
            say(f"  {verdict:<6}{len(places):>6}  {entity:<16}{why or shown}")
            if verdict == "FALSE":
                false[entity] = false.get(entity, 0) + len(places)
    return {"megabytes": result.megabytes, "false": false, "per_mb": sum(false.values()) / result.megabytes}


def table(scores: dict[str, dict[str, Score]], say: Say) -> None:
    say(f"  {'set':<28}{'label':<14}{'labels':>7}{'prec.':>8}{'recall':>8}{'F1':>8}{'chars':>8}")
    for name, by in scores.items():
        for label, one in by.items():
            say(
                f"  {name:<28}{label:<14}{one.there:>7}{one.precision:>8.3f}{one.recall:>8.3f}"
                f"{one.f1:>8.3f}{one.character_recall:>8.3f}"
            )


class Reached(NamedTuple):
    """A figure."""

    what: str
    asked: float
    got: float
    met: bool


def reached(group: str, label: str, measure: str, asked: float, got: float) -> Reached:
    return Reached(f"names, {group}: {label}, {measure}", asked, got, got >= asked)


def names(data: Path, models: Iterable[str], say: Say) -> tuple[dict[str, Any], list[Reached]]:
    """Judges each model; the figures are those of the first."""
    report: dict[str, Any] = {}
    figures: list[Reached] = []
    for n, model in enumerate(models):
        say(f"Names, --nlp {model}")
        scores = judged(finder(model), data)
        table(scores, say)
        logged = alarms(data / "logs", model, say) if (data / "logs").is_dir() else None
        report[model] = {
            "alarms": logged,
            "sets": {
                name: {
                    label: {
                        "labels": one.there, "precision": one.precision, "recall": one.recall, "f1": one.f1,
                        "character_recall": one.character_recall,
                    }
                    for label, one in by.items()
                }
                for name, by in scores.items()
            },
        }  # fmt: skip
        if n:
            continue
        for (name, label), (f1, characters) in ASKED.items():
            one = scores[name][label]
            figures.append(reached(name, label, "F1", f1, one.f1))
            if characters is not None:
                figures.append(reached(name, label, "characters", characters, one.character_recall))
        if logged is not None:
            got = logged["per_mb"]
            figures.append(Reached("names, real logs, false alarms per MB", ALARMS, got, got < ALARMS))
    return report, figures
