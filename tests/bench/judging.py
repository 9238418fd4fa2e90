"""What is right, missed and false: findings of a text against its labels.

How it counts:
- a label is *found* when a finding of its kind overlaps it, *exact* when one has its very span, *taken*
  when findings of any kinds cover all of it;
- a finding is *right* when it overlaps a label of its kind; in a row that is judged for a kind, any other
  finding of that kind is false, also one that overlaps a label of another kind;
- addresses that are not public, which the default policy keeps, are wanted here: the sets label them;
- labels that are wrong stand in label_errors.jsonl with a reason; figures are given with and without them.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.finders import Finder, Hit
from tests.bench.labelled import Doubt, Label, Row, lines, rows

SECRET_SETS = ("secrets_gitleaks", "secrets_noseyparker", "secrets_kingfisher")

_SAME = {
    "IP_ADDRESS": {"IP_ADDRESS", "PRIVATE_IP"},
    "US_SSN": {"US_SSN", "US_ITIN"},  # sets label a number of the 9xx range, which is an ITIN, as SSN
    "PASSWORD": {"PASSWORD", "SECRET"},
}


class Count(NamedTuple):
    """Labels and findings of one kind in one set."""

    labels: int = 0
    found: int = 0
    exact: int = 0
    taken: int = 0
    right: int = 0
    false: int = 0

    def __add__(self, other: tuple[Any, ...]) -> "Count":
        return Count(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def recall(self) -> float | None:
        return self.found / self.labels if self.labels else None

    @property
    def precision(self) -> float | None:
        return self.right / (self.right + self.false) if self.right + self.false else None


class Miss(NamedTuple):
    """A label not found, or a finding that is false, by its row."""

    set: str
    row: str
    start: int
    end: int
    kind: str
    cause: str


def accepted(kind: str) -> set[str]:
    return _SAME.get(kind, {kind})


def cause(label: Label, text: str, hits: Sequence[Hit], misses: Sequence[Hit]) -> str:
    """Why a label was not found, as far as it can be said without its value."""
    value = text[label.start : label.end]
    for hit in hits:
        if hit.start < label.end and label.start < hit.end:
            return f"named {hit.entity}"
    if re.search(r"\*|X{3}|\.\.\.", value):
        return "masked in the text already"
    digits = re.sub(r"\D", "", value)
    if label.kind == "CREDIT_CARD" and not luhn(digits):
        return "the Luhn digit is wrong"
    if label.kind == "IBAN_CODE" and not mod97(value):
        return "the check digits are wrong"
    if label.kind == "US_SSN" and (len(digits) != 9 or digits[:3] in ("000", "666") or digits[0] == "9"):
        return "a number that is never given out"
    for miss in misses:
        if miss.start < label.end and label.start < miss.end and miss.entity in accepted(label.kind):
            return miss.why
    return "nothing looked at it"


def luhn(digits: str) -> bool:
    doubled = [sum(divmod(int(d) * 2, 10)) if i % 2 else int(d) for i, d in enumerate(reversed(digits))]
    return bool(digits) and sum(doubled) % 10 == 0


def mod97(value: str) -> bool:
    plain = re.sub(r"[^0-9A-Za-z]", "", value).upper()
    return len(plain) > 14 and int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def covered(label: Label, hits: Iterable[Hit]) -> bool:
    at = label.start
    for hit in sorted(hits):
        if hit.start <= at < hit.end:
            at = hit.end
    return at >= label.end


def judge(
    row: Row, hits: Sequence[Hit], misses: Sequence[Hit], corrections: Sequence[Doubt] = ()
) -> tuple[dict[str, Count], list[Miss], list[Miss]]:
    """One row: counts by kind, labels that were missed, findings that are false."""
    wrong = {(d.start, d.end, d.kind) for d in corrections if d.there}
    absent = [Label(d.start, d.end, d.kind) for d in corrections if not d.there]
    counts: dict[str, Count] = defaultdict(Count)
    missed, false = [], []
    for label in row.labels:
        if tuple(label) in wrong:
            continue
        over = [h for h in hits if h.start < label.end and label.start < h.end]
        right = [h for h in over if h.entity in accepted(label.kind)]
        all_taken = covered(label, over)
        found = bool(right) if label.kind in row.judged else bool(over)
        exact = any((h.start, h.end) == (label.start, label.end) for h in (right or over))
        counts[label.kind] += Count(labels=1, found=found, exact=exact, taken=all_taken)
        if not found:
            missed.append(
                Miss(
                    row.set, row.id, label.start, label.end, label.kind, cause(label, row.text, hits, misses)
                )
            )
    good = [label for label in row.labels if tuple(label) not in wrong] + absent
    for hit in hits:
        kinds = [kind for kind in row.judged if hit.entity in accepted(kind)]
        if not kinds:
            continue
        kind = kinds[0]
        over_good = [g for g in good if hit.start < g.end and g.start < hit.end]
        if not over_good and any(hit.start < end and start < hit.end for start, end, _ in wrong):
            continue  # what is wrongly labelled looks like it, and taking it is no mistake either
        if any(hit.entity in accepted(g.kind) for g in over_good):
            counts[kind] += Count(right=1)
        else:
            counts[kind] += Count(false=1)
            why = f"labelled {over_good[0].kind}" if over_good else "not labelled"
            false.append(Miss(row.set, row.id, hit.start, hit.end, hit.entity, f"{why}, {hit.detector}"))
    return dict(counts), missed, false


class Result(NamedTuple):
    """A finder over all labelled sets."""

    counts: dict[tuple[str, str], Count]
    missed: list[Miss]
    false: list[Miss]


def labelled(finder: Finder, data: Path, *corrected: Iterable[Doubt], every: int = 1) -> list[Result]:
    """A finder over all labelled sets, once for each list of corrections.

    Args:
        every: of the one large set, only every Nth row.
    """
    results = [Result(defaultdict(Count), [], []) for _ in corrected]
    by_row: list[dict[str, list[Doubt]]] = []
    for corrections in corrected:
        by_row.append(defaultdict(list))
        for doubt in corrections:
            by_row[-1][doubt.row].append(doubt)
    for number, row in enumerate(rows(data)):
        if row.set == "lifebench_pii" and number % every:
            continue
        hits = finder.find(row.text)
        misses = finder.misses()
        for result, doubts in zip(results, by_row, strict=True):
            counts, missed, false = judge(row, hits, misses, doubts[row.id])
            for kind, count in counts.items():
                result.counts[row.set, kind] += count
            result.missed.extend(missed)
            result.false.extend(false)
    return results


def total(result: Result, kinds: Iterable[str], leave: str = "") -> Count:
    """Counts of some kinds in all sets but one."""
    wanted = set(kinds)
    return sum((c for (name, kind), c in result.counts.items() if kind in wanted and name != leave), Count())


def url_credentials(finder: Finder, data: Path) -> tuple[Count, list[Miss]]:
    """Secrets that the secrets sets label in the user part of a URL."""
    count, missed = Count(), []
    for name in SECRET_SETS:
        path = data / name / "positives.jsonl.gz"
        if not path.exists():
            continue
        for row in lines(path):
            for span in row["spans"]:
                before, after = row["text"][: span["start"]], row["text"][span["end"] :]
                if not (re.search(r"://[^\s/@]*$", before) and after.startswith("@")):
                    continue
                # Of a name and a password, the password is what must go.
                start = row["text"].rfind(":", span["start"], span["end"]) + 1 or span["start"]
                label = Label(start, span["end"], "URL_CREDENTIALS")
                hits = finder.find(row["text"])
                good = covered(label, hits)
                count += Count(labels=1, found=good, taken=good)
                if not good:
                    missed.append(
                        Miss(name, row["id"], *label, cause(label, row["text"], hits, finder.misses()))
                    )
    return count, missed
