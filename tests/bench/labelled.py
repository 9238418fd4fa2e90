"""The labelled sets of a data folder, read for judging: which label means what, and what each row judges.

Label policies differ from set to set, so each set has its own map here. A label that no detector of ours
is meant for (a role word, an organisation) maps to nothing and is not judged.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import ROOT

STRUCTURED = ("EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "US_SSN", "IBAN_CODE", "IP_ADDRESS")
"""Kinds whose findings are judged both ways: a finding of the kind where no label stands is false."""

_NAMES = {"PERSON", "ORG", "ORGANIZATION", "LOCATION", "NAME", "PER", "LOC"}
_NO_KIND = {
    "TITLE",
    "SYSTEM",
    "EVENT",
    "BANK",
    "MENTION",
    "HASHTAG",
    "URL",
    "TWITTER",
    "SKYPE",
    "USERNAME",
    "USERID",
}


class Label(NamedTuple):
    """A labelled value: characters, half-open, and the kind that the set's label stands for."""

    start: int
    end: int
    kind: str


class Row(NamedTuple):
    """One text.

    Attributes:
        set: the folder's name.
        id: the row's own id.
        text: what is judged.
        labels: what is in it.
        judged: kinds for which the row's labels are complete.
    """

    set: str
    id: str
    text: str
    labels: tuple[Label, ...]
    judged: frozenset[str]


def lines(path: Path) -> Iterator[Any]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


_KINDS = {
    "EMAIL": "EMAIL_ADDRESS",
    "PHONE": "PHONE_NUMBER",
    "SSN": "US_SSN",
    "SOCIAL_SECURITY_NUMBER": "US_SSN",
    "DE_IBAN": "IBAN_CODE",
    "IBAN": "IBAN_CODE",
    "BITCOIN_ADDRESS": "CRYPTO",
    "ACCOUNT": "ACCOUNT_NUMBER",
    "BANK_ACCOUNT": "ACCOUNT_NUMBER",
    "BANK_ACCOUNT_NUM": "ACCOUNT_NUMBER",
    "PASSPORT_NUM": "PASSPORT",
    "DRIVER_LICENSE_NUM": "DRIVER_LICENSE",
    "DRIVERS_LICENCE": "DRIVER_LICENSE",
    "LICENSE": "DRIVER_LICENSE",
    "TAXID": "TAX_ID",
    "TAX_REFERENCE_NUMBER": "TAX_ID",
    "NATIONAL_INSURANCE_NUMBER": "GOV_ID",
    "PAN": "GOV_ID",
    "AADHAR": "GOV_ID",
    "VOTER_ID": "GOV_ID",
    "DE_VAT_ID": "TAX_ID",
    "PATIENT_ID": "MEDICAL_RECORD",
    "PID": "MEDICAL_RECORD",
    "INSURANCE_POLICY_NUM": "INSURANCE_ID",
    "USER_ID": "OTHER_ID",
    "EMPLOYEE_ID": "OTHER_ID",
    "POLICE_ID_NUM": "OTHER_ID",
}


def _kind(label: str) -> str | None:
    if label in _NAMES or label in _NO_KIND:
        return None
    return _KINDS.get(label, label)


def _labels(row: Any, only: frozenset[str] | None = None) -> tuple[Label, ...]:
    kinds = ((span, _kind(span["label"])) for span in row["spans"])
    return tuple(
        Label(span["start"], span["end"], kind)
        for span, kind in kinds
        if kind and (only is None or kind in only)
    )


_ALL = frozenset(STRUCTURED)


def _datafog(folder: Path) -> Iterator[Row]:
    # DATE and ZIP_CODE are whatever looks so, also a fiscal year: neither is what a default policy takes.
    left = frozenset(_KINDS.values()) | _ALL
    for part in ("structured_pii", "mixed_pii", "negative_cases", "edge_cases", "unstructured_pii"):
        for row in lines(folder / f"{part}.jsonl.gz"):
            yield Row("datafog_corpus", row["id"], row["text"], _labels(row, left), _ALL)


_PII_MANAGER = {
    "test_bitcoin_address": "CRYPTO",
    "test_credit_card": "CREDIT_CARD",
    "test_email": "EMAIL_ADDRESS",
    "test_ip_address": "IP_ADDRESS",
    "test_ipn_en": "PHONE_NUMBER",
    "test_ipn_es": "PHONE_NUMBER",
    "test_misc": "PHONE_NUMBER",
    "test_ssn": "US_SSN",
}


def _pii_manager(folder: Path) -> Iterator[Row]:
    # Each file tests one task; nothing is known of other kinds in its rows.
    for row in lines(folder / "cases.jsonl.gz"):
        kind = _PII_MANAGER.get(Path(row["meta"]["file"]).stem)
        labels = _labels(row)
        if kind:
            labels = tuple(label._replace(kind=kind) for label in labels)
        yield Row("pii_manager_tests", row["id"], row["text"], labels, frozenset({kind} if kind else ()))


def _nano(folder: Path) -> Iterator[Row]:
    for row in lines(folder / "all.jsonl.gz"):
        yield Row("pii_syn_nano", row["id"], row["text"], _labels(row), _ALL)


def _scrubadub(folder: Path) -> Iterator[Row]:
    for row in lines(folder / "cases.jsonl.gz"):
        # Detector tests run one detector; the others switch one off, and say nothing of the text.
        detector = row["meta"]["test"].startswith("test_detector_")
        labels = _labels(row)
        kinds = frozenset(label.kind for label in labels) & _ALL
        if not labels and detector:
            kinds = _ALL
        yield Row("scrubadub_tests", row["id"], row["text"], labels, kinds)


def _lifebench(folder: Path) -> Iterator[Row]:
    only = frozenset({"PHONE_NUMBER", "EMAIL_ADDRESS"})
    for row in lines(folder / "sample.jsonl.gz"):
        yield Row("lifebench_pii", row["id"], row["text"], _labels(row, only), only)


_PRESIDIO = {"PH_MOBILE_NUMBER": "PHONE_NUMBER", "TR_PHONE_NUMBER": "PHONE_NUMBER"}
_NOT_TAKEN = frozenset({"DATE_TIME", "URL", "PERSON", "LOCATION", "ORGANIZATION", "None"})


def _presidio(folder: Path) -> Iterator[Row]:
    """Cases that a whole pipeline must pass: a score of 0.4 or more, no setting of the recognizer's own.

    What a default policy keeps (dates, URLs) and what needs the names model is left out.
    """
    for row in lines(folder / "cases.jsonl.gz"):
        entity, lowest = _PRESIDIO.get(row["entity"], row["entity"]), row.get("min_score")
        if row.get("leniency") not in (None, 1) or row.get("deny_list") or entity in _NOT_TAKEN:
            continue
        expected = row["expected_spans"] or []
        if row["expected_count"] and (not expected or (isinstance(lowest, float) and lowest < 0.4)):
            continue
        labels = tuple(Label(span["start"], span["end"], entity) for span in expected)
        # What is no mobile number of one country can well be a telephone number of another.
        own = row["entity"] == entity
        yield Row(
            "presidio_recognizer_tests", row["id"], row["text"], labels, frozenset({entity} if own else ())
        )


SETS = {
    "datafog_corpus": _datafog,
    "pii_manager_tests": _pii_manager,
    "pii_syn_nano": _nano,
    "scrubadub_tests": _scrubadub,
    "lifebench_pii": _lifebench,
    "presidio_recognizer_tests": _presidio,
}


def rows(data: Path) -> Iterator[Row]:
    """All rows of all sets that the folder has."""
    for name, read in SETS.items():
        if (data / name).is_dir():
            yield from read(data / name)


class Doubt(NamedTuple):
    """A label that is wrong, or one that is missing.

    Attributes:
        row, start, end, kind: where it is, or would be.
        there: whether the set has the label.
        reason: why it is wrong; holds no value.
    """

    row: str
    start: int
    end: int
    kind: str
    there: bool
    reason: str


def doubts() -> list[Doubt]:
    """The list beside the bench, label_errors.jsonl."""
    text = (ROOT / "tests/bench/label_errors.jsonl").read_text(encoding="utf-8")
    return [Doubt(**json.loads(line)) for line in text.splitlines()]
