"""How much of a labelled set of secrets is found, weighed by rule, and how much that is none.

    python tests/bench/secrets_quality.py FOLDER...

FOLDER holds positives.jsonl.gz and negatives.jsonl.gz: `text`, `spans` and `meta.rule`. The rows of one rule
resemble each other, so each rule counts once: recall is the mean over rules of the share of its rows in
which the labelled span is covered, to 80 % of its characters at least.

A negative is a text that one rule must not report; another may. A finding in it is explained when

* its value is labelled in the positives of one of the folders, or of a rule other than its own, or
* a form or a place says so (`secret:…`) that finds none of the rule's own positives: another rule's, or
* the rule is a vendor's, and the name that stands before the value promises a secret by itself, whoever
  the vendor is: that is the general rule, and every set has one.

`taken` counts negatives with any finding, `unexplained` those with one that none of the three explains,
and `strict` those that only the third explains as well. A finding on a place that label_errors.jsonl lists
as a missing label is no negative's; `as_labelled` is `unexplained` without that list.

Why a label was missed is the commonest of these over the rows of its rule: what the rule labels is an
identifier; found, but less than 80 % of it; what the recognizers themselves said when they turned it down;
or nothing in the text says that it is a secret.
"""

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from cecil.sanitizer.detectors.secrets import recognizers
from cecil.sanitizer.spans import Miss, Span
from tests.bench.labelled import doubts

# Rules of which the label is a host, a bucket, a name or an id: nothing that a key would open.
_IDENTIFIER = re.compile(
    r"client-id|access-id|user-api-id|pub-api-key|pub-key|\.arn\.|\.s3\.|\.gcs\.|aws\.3|azure\.devops\.2|\.host\."
    r"|\.url\.|\.name\.|auth0\.[13]|okta\.2|jira\.1|shopify\.[12]$|artifactory\.2|databricks\.3|age\.1|google\.1"
    r"|salesforce\.2|snowflake\.[12]|sonarqube\.2|mongodb\.[12]$|github\.5|facebook\.1|reactapp\.1|linkedin\.1"
    r"|uri\.1|credentials\.1|twitter\.1|anypoint\.2|eagleeyenetworks\.2|weak_password|algolia\.2|adobe\.2"
)

_GENERAL = re.compile(r"generic|kubernetes-secret|weak_password")

_COVERED = 0.8


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _find(text: str) -> list[Span]:
    return [span for recognizer in recognizers() for span in recognizer.find(text) if span.score >= 0.4]


def covered(spans: Iterable[Span], start: int, end: int) -> float:
    """The share of the characters from start to end that some span covers."""
    places: set[int] = set()
    for span in spans:
        places.update(range(max(start, span.start), min(end, span.end)))
    return len(places) / (end - start)


def score(folder: Path) -> dict[str, Any]:
    """The figures of one folder."""
    rules: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    finders: dict[str, Counter[str]] = defaultdict(Counter)
    causes: dict[str, Counter[str]] = defaultdict(Counter)
    labels: dict[str, set[str]] = defaultdict(set)
    for other in sorted(folder.parent.glob("secrets_*/positives.jsonl.gz")):
        for row in _rows(other):
            for label in row["spans"]:
                labels[row["text"][label["start"] : label["end"]]].add(row["meta"]["rule"])
    for row in _rows(folder / "positives.jsonl.gz"):
        rule, text, found = row["meta"]["rule"], row["text"], _find(row["text"])
        if not row["spans"]:
            rules[rule].append((bool(found), bool(found)))
            if not found:
                causes[rule][_cause(rule, text, 0, len(text), found)] += 1
            continue
        label = row["spans"][0]
        start, end = label["start"], label["end"]
        hit = covered(found, start, end) >= _COVERED
        rules[rule].append((hit, any((s.start, s.end) == (start, end) for s in found)))
        if hit:
            finders[rule].update({s.detector for s in found if s.start < end and s.end > start})
        else:
            causes[rule][_cause(rule, text, start, end, found)] += 1
    taken, unexplained, as_labelled, strict = [], [], [], []
    missing: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for doubt in doubts():
        if doubt.kind == "SECRET" and not doubt.there:
            missing[doubt.row].append((doubt.start, doubt.end))
    negatives = list(_rows(folder / "negatives.jsonl.gz"))
    for row in negatives:
        rule, text, found = row["meta"]["rule"], row["text"], _find(row["text"])
        if not found:
            continue
        taken.append(row["id"])
        reasons = [
            {
                _explained(rule, text[t.start : t.end], t, finders[rule], labels)
                for t in found
                if t.start < s.end and t.end > s.start
            }
            - {""}
            for s in found
        ]
        as_labelled += [row["id"]] * (not all(reasons))
        good = [any(s.start < end and start < s.end for start, end in missing[row["id"]]) for s in found]
        if not all(reason or right for reason, right in zip(reasons, good, strict=True)):
            unexplained.append((rule, row["id"], sorted({s.detector for s in found})))
        if any(not reason or reason == {"name"} for reason in reasons):
            strict.append((rule, row["id"]))
    shares = {rule: sum(hit for hit, _ in hits) / len(hits) for rule, hits in rules.items()}
    exact = {rule: sum(hit for _, hit in hits) / len(hits) for rule, hits in rules.items()}
    return {
        "rules": len(rules),
        "recall": sum(shares.values()) / len(shares),
        "exact": sum(exact.values()) / len(exact),
        "negatives": len(negatives),
        "taken": len(taken) / len(negatives),
        "unexplained": len(unexplained) / len(negatives),
        "as_labelled": len(as_labelled) / len(negatives),
        "strict": len(strict) / len(negatives),
        "missed": {
            rule: (share, causes[rule].most_common(1)[0][0])
            for rule, share in sorted(shares.items())
            if share < 1
        },
        "unexplained_rows": unexplained,
    }


def _explained(rule: str, value: str, span: Span, own: Counter[str], labels: dict[str, set[str]]) -> str:
    if labels.get(value, set()) - {rule}:
        return "label"
    if span.detector.startswith("secret:") and span.detector not in own:
        return "form"
    if span.detector == "assignment" and not _GENERAL.search(rule) and span.score >= 0.6:
        return "name"
    return ""


def _cause(rule: str, text: str, start: int, end: int, found: Iterable[Span]) -> str:
    """Why a label was not found."""
    if _IDENTIFIER.search(rule):
        return "an identifier, no secret"
    if not text:
        return "no text: the rule reads the names of files"
    if covered(found, start, end):
        return "found in part"
    misses: list[Miss] = []
    for recognizer in recognizers():
        recognizer.find(text, misses)
    said = Counter(miss.why for miss in misses if miss.start < end and start < miss.end)
    return f"turned down: {said.most_common(1)[0][0]}" if said else "nothing in the text says that it is one"


def main(argv: list[str]) -> int:
    for name in argv:
        result = score(Path(name))
        print(
            f"{Path(name).name}: {result['rules']} rules, recall by rule {result['recall']:.3f}"
            f" (exact {result['exact']:.3f}); {result['negatives']} negatives, taken {result['taken']:.3f},"
            f" unexplained {result['unexplained']:.3f} (strict {result['strict']:.3f})"
        )
        causes: dict[str, list[str]] = defaultdict(list)
        for rule, (share, cause) in result["missed"].items():
            causes[cause].append(f"{rule} {share:.2f}")
        for cause, rules in sorted(causes.items()):
            print(f"  missed, {cause}: {', '.join(rules)}")
        for rule, row, detectors in result["unexplained_rows"]:
            print(f"  taken: {rule} {row} {', '.join(detectors)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
