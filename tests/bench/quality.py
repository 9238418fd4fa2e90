"""`make bench-quality DATA=DIR`: what is found, what is missed and what is taken wrongly.

Judges the labelled sets below DIR (recall and precision by kind, with shields and without), the secrets sets,
the checksum vectors, and the real logs in DIR/logs (false alarms per MB), beside Presidio on the same texts.
Prints tables and, last, each figure that is asked for beside the one that was reached; writes
bench-out/quality.json. Status 1 when a figure is missed. No output holds a value: rows, files, lines and
kinds only. How it counts is said in judging.py, secrets_quality.py and alarms.py.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import OUT, secrets_quality
from tests.bench.alarms import false_alarms, presidio_on_logs
from tests.bench.finders import Cecil, Finder, Presidio, Unshielded
from tests.bench.judging import SECRET_SETS, Count, Miss, Result, labelled, total, url_credentials
from tests.bench.labelled import STRUCTURED, doubts, lines
from tests.bench.names_quality import names
from tests.bench.vectors import vectors

RECALL, PRECISION = 0.97, 0.95
SECRETS, NEGATIVES = 0.90, 0.02
ALARMS = 5.0
SAMPLE = 5
"""Presidio sees every fifth row of the one large set: it takes a minute for the whole of it."""
COVERED = 0.8
"""A secret is found when findings cover this share of its characters."""

Share = Callable[[Count], "float | None"]


class Figure(NamedTuple):
    """What was asked and what was got; `more` is the same figure under another count."""

    what: str
    asked: str
    got: str
    met: bool
    more: str = ""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def least(what: str, wanted: float, got: float | None, more: str = "") -> Figure:
    return Figure(what, f">= {wanted:.2f}", share(got), got is not None and got >= wanted, more)


def sets_table(result: Result, other: Result) -> None:
    say(
        f"{'set':<26}{'kind':<24}{'labels':>7}{'found':>8}{'exact':>8}{'taken':>8}{'prec.':>8}{'false':>6}"
        f"{'  Presidio:':>12}{'found':>7}{'prec.':>7}"
    )
    none = []
    for (name, kind), c in sorted(result.counts.items()):
        if not c.taken and kind not in STRUCTURED and name == "presidio_recognizer_tests":
            none.append(kind)
            continue
        o = other.counts.get((name, kind), Count())
        say(
            f"{name:<26}{kind:<24}{c.labels:>7}{share(c.recall):>8}"
            f"{share(c.exact / c.labels if c.labels else None):>8}{share(c.taken / c.labels if c.labels else None):>8}"
            f"{share(c.precision):>8}{c.false:>6}{'':>12}{share(o.recall):>7}{share(o.precision):>7}"
        )
    say(f"presidio_recognizer_tests, not one taken: {', '.join(none) or 'none such'}")


def structured(result: Result, as_labelled: Result) -> list[Figure]:
    """Recall and precision of each structured kind over all sets, and of all of them together."""
    figures = []
    own = "presidio_recognizer_tests"
    measures: tuple[tuple[str, Share, float], ...] = (
        ("recall", lambda count: count.recall, RECALL),
        ("precision", lambda count: count.precision, PRECISION),
    )
    for name, kinds in [*((kind, (kind,)) for kind in STRUCTURED), ("all of these", STRUCTURED)]:
        for measure, value, wanted in measures:
            more = (
                f"as labelled {share(value(total(as_labelled, kinds)))}, "
                f"without Presidio's own cases {share(value(total(result, kinds, own)))}"
            )
            figures.append(least(f"{name}, {measure}", wanted, value(total(result, kinds)), more))
    return figures


def shields_table(shielded: Result, bare: Result) -> Figure:
    """What the shields cost and what they spare, on the labelled sets."""
    say(
        f"{'':<26}{'with shields:':>14}{'found':>8}{'prec.':>8}{'false':>8}{'without:':>12}{'found':>8}{'prec.':>8}{'false':>8}"
    )
    for kind in STRUCTURED:
        c, b = total(shielded, (kind,)), total(bare, (kind,))
        say(
            f"{kind:<26}{'':>14}{share(c.recall):>8}{share(c.precision):>8}{c.false:>8}{'':>12}"
            f"{share(b.recall):>8}{share(b.precision):>8}{b.false:>8}"
        )
    seen = {miss[:5] for miss in bare.missed}
    hidden = [miss for miss in shielded.missed if miss.kind in STRUCTURED and miss[:5] not in seen]
    if hidden:
        by_cause(hidden)
    return Figure("labels that only the shields hide", "0", str(len(hidden)), not hidden)


def by_cause(misses: Iterable[Miss], limit: int = 12) -> None:
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        groups[miss.kind, miss.cause].append(miss)
    for (kind, why), group in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]))):
        ids = ", ".join(f"{m.row}@{m.start}" for m in group[:limit])
        more = f", and {len(group) - limit} more" if len(group) > limit else ""
        say(f"  {kind:<24}{len(group):>5}  {why}: {ids}{more}")


def by_rule(finder: Finder, data: Path) -> float:
    """Recall over the secrets sets, weighed by rule, of whatever a finder finds."""
    shares: dict[str, list[float]] = defaultdict(list)
    for name in SECRET_SETS:
        for row in lines(data / name / "positives.jsonl.gz"):
            hits = finder.find(row["text"])
            for span in row["spans"]:
                places = {
                    i for h in hits for i in range(max(h.start, span["start"]), min(h.end, span["end"]))
                }
                shares[row["meta"]["rule"]].append(len(places) >= COVERED * (span["end"] - span["start"]))
            if not row["spans"]:
                shares[row["meta"]["rule"]].append(bool(hits))
    return sum(sum(found) / len(found) for found in shares.values()) / len(shares)


def secrets(finder: Finder, other: Finder | None, data: Path) -> tuple[dict[str, Any], list[Figure]]:
    """The secrets sets: by the recognizers of secrets alone, by everything that runs, and by Presidio."""
    report: dict[str, Any] = {name: secrets_quality.score(data / name) for name in SECRET_SETS}
    figures = []
    for name, one in report.items():
        say(
            f"  {name:<24}{one['rules']:>4} rules, recall by rule {one['recall']:.3f} (exact {one['exact']:.3f}); "
            f"{one['negatives']:>3} negatives, taken {one['taken']:.3f}, unexplained {one['unexplained']:.3f}"
        )
        figures.append(least(f"{name}, recall weighed by rule", SECRETS, one["recall"]))
        taken = one["unexplained"]
        what = f"{name}, negatives taken unexplained"
        more = f"as labelled {share(one['as_labelled'])}"
        figures.append(Figure(what, f"<= {NEGATIVES:.2f}", share(taken), taken <= NEGATIVES, more))
    report["whole"] = by_rule(finder, data)
    say(f"  everything that runs, under the default policy, all sets: {report['whole']:.3f}")
    if other is not None:
        report["presidio"] = by_rule(other, data)
        say(f"  Presidio: {report['presidio']:.3f}")
    causes: dict[str, list[str]] = defaultdict(list)
    for name in SECRET_SETS:
        for rule, (part, why) in report[name]["missed"].items():
            causes[why].append(f"{rule} {part:.2f}")
        for rule, row, detectors in report[name]["unexplained_rows"]:
            say(f"  taken: {rule} {row} by {', '.join(detectors)}")
    for why, missed in sorted(causes.items(), key=lambda item: -len(item[1])):
        say(f"  rules not wholly found, {why} ({len(missed)}): {', '.join(missed)}")
    return report, figures


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="quality.py", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the labelled sets and logs/")
    parser.add_argument(
        "--without-presidio", action="store_true", help="leave the comparison out: half a minute less"
    )
    parser.add_argument(
        "--misses", type=int, default=12, metavar="N", help="row ids a cause shows (default: 12)"
    )
    parser.add_argument(
        "--nlp", action="append", default=[], metavar="MODEL", help="judge this model of names beside ours"
    )
    parser.add_argument("--names", action="store_true", help="judge names alone")
    args = parser.parse_args(argv)
    data: Path = args.data
    OUT.mkdir(exist_ok=True)
    started = time.monotonic()
    report: dict[str, Any] = {}
    figures: list[Figure] = []

    if (data / "crossner").is_dir():
        report["names"], reached = names(data, ["en", *args.nlp], say)
        figures += [Figure(one.what, f"{one.asked:.2f}", share(one.got), one.met) for one in reached]
        say()
    if args.names:
        return ended(report, figures, started)

    cecil, presidio = Cecil("PRIVATE_IP"), None if args.without_presidio else Presidio()
    corrections = doubts()
    result, as_labelled = labelled(cecil, data, corrections, ())
    (bare,) = labelled(Unshielded("PRIVATE_IP"), data, corrections)
    other = Result({}, [], [])
    if presidio is not None:
        (other,) = labelled(presidio, data, corrections, every=SAMPLE)

    say("Labelled sets, labels as corrected in label_errors.jsonl")
    sets_table(result, other)
    figures += structured(result, as_labelled)
    in_urls, urls_missed = url_credentials(cecil, data)
    figures.append(least("credentials in URLs, recall", RECALL, in_urls.recall))
    say()
    say("Labels not found, by cause (row@place)")
    by_cause([*result.missed, *urls_missed], args.misses)
    say()
    say("Findings that are false")
    by_cause(result.false, args.misses)
    say()
    say("What the shields hide")
    figures.append(shields_table(result, bare))
    say()

    if all((data / name).is_dir() for name in SECRET_SETS):
        say("Secrets")
        report["secrets"], more = secrets(cecil, presidio, data)
        figures += more
        say()

    say("Checksum vectors, each after its name: valid ones taken, invalid ones taken as that kind")
    tested = vectors(cecil, data)
    for one in tested:
        say(f"  {one.type:<52}{one.taken:>4} of {one.valid:<6}{one.wrongly:>4} of {one.invalid}")
    report["vectors"] = [one._asdict() for one in tested]
    say()

    if (data / "logs").is_dir():
        alarms = report["alarms"] = false_alarms(data / "logs", say)
        per_mb, without = alarms["per_mb"], alarms["per_mb_without_shields"]
        figures.append(
            Figure(
                "real logs, false alarms per MB",
                f"< {ALARMS:g}",
                f"{per_mb:.2f}",
                per_mb < ALARMS,
                f"without shields {without:.2f}",
            )
        )
        if presidio is not None:
            report["presidio_on_logs"] = presidio_on_logs(data / "logs", say)
        say()

    report["labelled"] = [
        {"set": name, "kind": kind, **count._asdict(), "recall": count.recall, "precision": count.precision}
        for (name, kind), count in sorted(result.counts.items())
    ]
    report["missed"] = [miss._asdict() for miss in [*result.missed, *urls_missed]]
    report["false"] = [miss._asdict() for miss in result.false]
    return ended(report, figures, started)


def ended(report: dict[str, Any], figures: Sequence[Figure], started: float) -> int:
    """Prints the figures, writes all down, and says whether one was missed."""
    say("Figures")
    for figure in figures:
        say(
            f"  {figure.what:<58} asked {figure.asked:>7}   got {figure.got:>6}   "
            f"{'yes' if figure.met else 'NO ':<3} {figure.more and f' ({figure.more})'}"
        )
    missed = sum(not figure.met for figure in figures)
    report["figures"] = [figure._asdict() for figure in figures]
    report["seconds"] = round(time.monotonic() - started, 1)
    (OUT / "quality.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    say(
        f"{len(figures) - missed} of {len(figures)} figures reached; "
        f"written to {OUT.name}/quality.json in {report['seconds']} s"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
