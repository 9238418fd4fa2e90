"""`make bench-quality DATA=DIR`: what is found, what is missed and what is taken wrongly.

Judges the labelled sets below DIR (recall and precision by kind), the secrets sets, the checksum vectors,
and the real logs in DIR/logs (false alarms per MB), beside Presidio on the same texts. Prints tables and
writes bench-out/quality.json. No output holds a value: rows, files, lines and kinds only.

How it counts:
- a label is *found* when a finding of its kind overlaps it, *exact* when one has its very span, *taken*
  when findings of any kinds cover all of it;
- a finding is *right* when it overlaps a label of its kind; in a row that is judged for a kind, any other
  finding of that kind is false, also one that overlaps a label of another kind;
- addresses that are not public, which the default policy keeps, are wanted here: the sets label them;
- labels that are wrong stand in label_errors.jsonl with a reason; figures are given with and without them.
"""

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import OUT, secrets_quality
from tests.bench.alarms import false_alarms, presidio_on_logs
from tests.bench.finders import Cecil, Finder, Hit, Presidio
from tests.bench.labelled import STRUCTURED, Doubt, Label, Row, doubts, lines, rows

RECALL, PRECISION = 0.97, 0.95
SECRETS, NEGATIVES = 0.90, 0.02
ALARMS = 5.0
SAMPLE = 5
"""Presidio sees every fifth row of the one large set: it takes a minute for the whole of it."""

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
    finder: Finder, row: Row, corrections: Sequence[Doubt]
) -> tuple[dict[str, Count], list[Miss], list[Miss]]:
    """One row: counts by kind, labels that were missed, findings that are false."""
    hits = finder.find(row.text)
    misses = finder.misses()
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


def labelled(finder: Finder, data: Path, corrections: Iterable[Doubt] = (), every: int = 1) -> Result:
    by_row: dict[str, list[Doubt]] = defaultdict(list)
    for doubt in corrections:
        by_row[doubt.row].append(doubt)
    counts: dict[tuple[str, str], Count] = defaultdict(Count)
    missed: list[Miss] = []
    false: list[Miss] = []
    for number, row in enumerate(rows(data)):
        if row.set == "lifebench_pii" and number % every:
            continue
        here, not_found, not_right = judge(finder, row, by_row[row.id])
        for kind, count in here.items():
            counts[row.set, kind] += count
        missed += not_found
        false += not_right
    return Result(dict(counts), missed, false)


def total(result: Result, kind: str, leave: str = "") -> Count:
    return sum((c for (name, k), c in result.counts.items() if k == kind and name != leave), Count())


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def asked(what: str, wanted: str, got: str, met: bool) -> dict[str, Any]:
    say(f"  {what:<52} asked {wanted:>9}   got {got:<16} {'yes' if met else 'NO'}")
    return {"what": what, "asked": wanted, "got": got, "met": met}


def table(result: Result, other: Result) -> None:
    say(
        f"{'set':<26}{'kind':<24}{'labels':>7}{'found':>8}{'exact':>8}{'taken':>8}{'prec.':>8}{'false':>6}"
        f"{'  Presidio:':>12}{'found':>7}{'prec.':>7}"
    )
    for (name, kind), c in sorted(result.counts.items()):
        if not c.taken and kind not in STRUCTURED and name == "presidio_recognizer_tests":
            continue  # listed below, in one line
        o = other.counts.get((name, kind), Count())
        say(
            f"{name:<26}{kind:<24}{c.labels:>7}{share(c.recall):>8}"
            f"{share(c.exact / c.labels if c.labels else None):>8}{share(c.taken / c.labels if c.labels else None):>8}"
            f"{share(c.precision):>8}{c.false:>6}{'':>12}{share(o.recall):>7}{share(o.precision):>7}"
        )
    none = [
        kind
        for (name, kind), c in sorted(result.counts.items())
        if name == "presidio_recognizer_tests" and not c.taken and kind not in STRUCTURED
    ]
    say(f"presidio_recognizer_tests, not one taken: {', '.join(none) or 'none such'}")


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


_CHECKED = {
    "CreditCard": ("CREDIT_CARD", "card number"),
    "luhn_checksum": ("CREDIT_CARD", "card number"),
    "IBANCheckDigit": ("IBAN_CODE", "IBAN"),
    "iban_checker": ("IBAN_CODE", "IBAN"),
    "ABANumberCheckDigit": ("ABA_ROUTING_NUMBER", "routing number"),
    "aba_rtn_checksum": ("ABA_ROUTING_NUMBER", "routing number"),
    "InetAddress": ("IP_ADDRESS", "address"),
    "InetAddress.Inet6Address": ("IP_ADDRESS", "address"),
    "Email": ("EMAIL_ADDRESS", "e-mail"),
    "btc_checksum": ("CRYPTO", "wallet"),
    "ethereum_checksum": ("CRYPTO", "wallet"),
    "monero_address": ("CRYPTO", "wallet"),
    "github_token_checksum": ("SECRET", "token"),
    "atlassian_token_checksum": ("SECRET", "token"),
    "nhs_check_digit": ("UK_NHS", "NHS number"),
    "us_dea_checksum": ("MEDICAL_LICENSE", "DEA number"),
    "us_npi_checksum": ("US_NPI", "NPI"),
    "uk_nino_format_check": ("UK_NINO", "national insurance number"),
    "australian_medicare_checksum": ("AU_MEDICARE", "medicare number"),
    "australian_tfn_checksum": ("AU_TFN", "tax file number"),
    "austrian_ssn_checksum": ("AT_SSN", "Sozialversicherungsnummer"),
    "belgium_national_register_checksum": ("BE_NN", "national register number"),
    "brazilian_cnpj_checksum": ("BR_CNPJ", "CNPJ"),
    "brazilian_cpf_checksum": ("BR_CPF", "CPF"),
    "bulgarian_egn_checksum": ("BG_EGN", "EGN"),
    "czech_tin_checksum": ("CZ_TIN", "DIC"),
    "rodne_cislo_checksum": ("CZ_RC", "rodne cislo"),
    "estonia_personal_code_checksum": ("EE_IK", "isikukood"),
    "france_ssn_checksum": ("FR_NIR", "numero de securite sociale"),
    "nir_checksum": ("FR_NIR", "numero de securite sociale"),
    "greece_amka_checksum": ("GR_AMKA", "AMKA"),
    "greece_tin_checksum": ("GR_AFM", "AFM"),
    "hungarian_tin_checksum": ("HU_TIN", "adoszam"),
    "irish_pps_checksum": ("IE_PPS", "PPS number"),
    "italian_national_id_checksum": ("IT_FISCAL_CODE", "codice fiscale"),
    "lithuanian_personal_identification_number_checksum": ("LT_ASMENS", "asmens kodas"),
    "polish_national_id_checksum": ("PL_PESEL", "PESEL"),
    "polish_nip_checksum": ("PL_NIP", "NIP"),
    "portuguese_tax_id_checksum": ("PT_NIF", "NIF"),
    "romanian_personal_numeric_code": ("RO_CNP", "CNP"),
    "singapore_nric_checksum": ("SG_NRIC_FIN", "NRIC"),
    "slovenia_tin_checksum": ("SI_DDV", "davcna stevilka"),
    "slovenian_pin_checksum": ("SI_EMSO", "EMSO"),
    "spain_dni_checksum": ("ES_NIF", "DNI"),
    "sweden_pin_checksum": ("SE_PERSONNUMMER", "personnummer"),
    "uk_trn_checksum": ("UK_UTR", "tax reference number"),
    "coordination_number_checksum": ("SE_PERSONNUMMER", "samordningsnummer"),
}
"""Types of number that could stand in a log, with what a log would call them; the rest (ISBN, CUSIP, ...)
are nobody's."""


class Vectors(NamedTuple):
    """One type of number: valid and invalid values, and how many of each were taken."""

    type: str
    valid: int
    taken: int
    invalid: int
    wrongly: int


def vectors(finder: Finder, data: Path) -> list[Vectors]:
    """Each value after its name (`NHS number ...`): taken whole, by any kind, or by its own where it is invalid."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for path in sorted((data / "validator_vectors").glob("*.jsonl.gz")):
        for row in lines(path):
            name = row["type"].removeprefix("checkdigit.")
            if name not in _CHECKED or not row["value"].strip():
                continue
            kind, called = _CHECKED[name]
            lead = f"{called} "
            if kind == "CREDIT_CARD" and row["valid"] and not luhn(re.sub(r"\D", "", row["value"])):
                continue  # that validator was asked for its shape only
            hits = finder.find(lead + row["value"])
            counts = tally[name]
            if row["valid"]:
                counts[0] += 1
                counts[1] += covered(Label(len(lead), len(lead + row["value"]), kind), hits)
            else:
                counts[2] += 1
                counts[3] += covered(
                    Label(len(lead), len(lead + row["value"]), kind), [h for h in hits if h.entity == kind]
                )
    return [Vectors(name, *counts) for name, counts in sorted(tally.items())]


def by_cause(misses: Iterable[Miss], limit: int = 12) -> None:
    groups: dict[tuple[str, str], list[Miss]] = defaultdict(list)
    for miss in misses:
        groups[miss.kind, miss.cause].append(miss)
    for (kind, why), group in sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]))):
        ids = ", ".join(f"{m.row}@{m.start}" for m in group[:limit])
        more = f", and {len(group) - limit} more" if len(group) > limit else ""
        say(f"  {kind:<24}{len(group):>5}  {why}: {ids}{more}")


SECRET_SETS = ("secrets_gitleaks", "secrets_noseyparker", "secrets_kingfisher")
COVERED = 0.8
"""A secret is found when findings cover this share of its characters."""


def by_rule(finder: Finder, data: Path) -> dict[str, list[float]]:
    """For each rule of the secrets sets, by each of its labels: 1 where it is found."""
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
    return shares


def weighed(shares: dict[str, list[float]]) -> float:
    return sum(sum(found) / len(found) for found in shares.values()) / len(shares)


def secrets(
    finder: Finder, other: Finder | None, data: Path, figures: list[dict[str, Any]]
) -> dict[str, Any]:
    """The secrets sets: by the recognizers of secrets alone, by everything that runs, and by Presidio."""
    report: dict[str, Any] = {}
    recalls: list[float] = []
    rules = negatives = unexplained = 0
    for name in SECRET_SETS:
        one = report[name] = secrets_quality.score(data / name)
        say(
            f"  {name:<24}{one['rules']:>4} rules, recall by rule {one['recall']:.3f} (exact {one['exact']:.3f}); "
            f"{one['negatives']:>3} negatives, taken {one['taken']:.3f}, unexplained {one['unexplained']:.3f}"
        )
        recalls.append(one["recall"] * one["rules"])
        rules += one["rules"]
        negatives += one["negatives"]
        unexplained += len(one["unexplained_rows"])
    recall = sum(recalls) / rules
    figures.append(
        asked("secrets, recall weighed by rule", f">= {SECRETS}", share(recall), recall >= SECRETS)
    )
    whole = report["whole"] = weighed(by_rule(finder, data))
    say(f"  everything that runs, under the default policy: {whole:.3f}")
    if other is not None:
        report["presidio"] = weighed(by_rule(other, data))
        say(f"  Presidio: {report['presidio']:.3f}")
    taken = unexplained / negatives
    figures.append(
        asked(
            "negatives taken that no other rule explains", f"<= {NEGATIVES}", share(taken), taken <= NEGATIVES
        )
    )
    causes: dict[str, list[str]] = defaultdict(list)
    for name in SECRET_SETS:
        for rule, (part, why) in report[name]["missed"].items():
            causes[why].append(f"{rule} {part:.2f}")
        for rule, row, detectors in report[name]["unexplained_rows"]:
            say(f"  taken: {rule} {row} by {', '.join(detectors)}")
    for why, missed in sorted(causes.items()):
        say(f"  rules not wholly found, {why}: {', '.join(missed)}")
    return report


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="quality.py", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="folder with the labelled sets and logs/")
    parser.add_argument(
        "--without-presidio", action="store_true", help="leave the comparison out: a minute less"
    )
    parser.add_argument(
        "--misses", type=int, default=12, metavar="N", help="row ids a cause shows (default: 12)"
    )
    args = parser.parse_args(argv)
    data: Path = args.data
    OUT.mkdir(exist_ok=True)
    started = time.monotonic()
    report: dict[str, Any] = {"figures": []}
    figures = report["figures"]

    cecil = Cecil("PRIVATE_IP")
    corrections = doubts()
    result = labelled(cecil, data, corrections)
    as_labelled = labelled(cecil, data) if corrections else result
    other = Result({}, [], []) if args.without_presidio else labelled(Presidio(), data, corrections, SAMPLE)

    say("Labelled sets, labels as corrected in label_errors.jsonl")
    table(result, other)
    say()
    say("Structured entities, all sets (and in brackets without Presidio's own test cases)")
    for kind in STRUCTURED:
        for name, value, wanted in (
            ("recall", lambda c: c.recall, RECALL),
            ("precision", lambda c: c.precision, PRECISION),
        ):
            got = value(total(result, kind))
            own = value(total(result, kind, "presidio_recognizer_tests"))
            raw = value(total(as_labelled, kind))
            figures.append(
                asked(
                    f"{kind} {name} (as labelled {share(raw)})",
                    f">= {wanted}",
                    f"{share(got)} ({share(own)})",
                    got is not None and got >= wanted,
                )
            )
    in_urls, urls_missed = url_credentials(cecil, data)
    figures.append(
        asked(
            "credentials in URLs, recall",
            f">= {RECALL}",
            share(in_urls.recall),
            (in_urls.recall or 0) >= RECALL,
        )
    )
    say()
    say("Labels not found, by cause (row@place)")
    by_cause([*result.missed, *urls_missed], args.misses)
    say()
    say("Findings that are false")
    by_cause(result.false, args.misses)
    say()

    if all((data / name).is_dir() for name in SECRET_SETS):
        say("Secrets")
        report["secrets"] = secrets(cecil, None if args.without_presidio else Presidio(), data, figures)
        say()

    say("Checksum vectors, each after its name: valid ones taken, invalid ones taken as that kind")
    tested = vectors(cecil, data)
    for one in tested:
        say(f"  {one.type:<52}{one.taken:>4} of {one.valid:<6}{one.wrongly:>4} of {one.invalid}")
    report["vectors"] = [one._asdict() for one in tested]
    say()

    if (data / "logs").is_dir():
        alarms = false_alarms(data / "logs", say)
        per_mb = alarms["per_mb"]
        figures.append(
            asked("false alarms per MB of real logs", f"< {ALARMS:g}", f"{per_mb:.2f}", per_mb < ALARMS)
        )
        report["alarms"] = alarms
        if not args.without_presidio:
            report["presidio_on_logs"] = presidio_on_logs(data / "logs", say)
    report["labelled"] = [
        {"set": name, "kind": kind, **count._asdict(), "recall": count.recall, "precision": count.precision}
        for (name, kind), count in sorted(result.counts.items())
    ]
    report["missed"] = [miss._asdict() for miss in [*result.missed, *urls_missed]]
    report["false"] = [miss._asdict() for miss in result.false]
    report["seconds"] = round(time.monotonic() - started, 1)
    (OUT / "quality.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    say(f"written to {OUT.name}/quality.json in {report['seconds']} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
