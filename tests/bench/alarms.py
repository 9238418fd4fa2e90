"""False alarms: what is taken out of real logs, under the default policy, that is nothing sensitive.

The logs have no labels, so this is the definition. A finding is *true* when its own structure makes it
certain (see `certain`), or when somebody looked at it and wrote it down in reviewed.jsonl with a reason.
Every other finding is false.
"""

import gzip
import hashlib
import ipaddress
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.bench import ROOT
from tests.bench.finders import Presidio, unshielded
from tests.bench.peers import strings

Say = Callable[[str], None]

_TOKENS = (
    (re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"), "an AWS key id"),
    (re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"), "a GitHub token"),
    (re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}"), "a JWT"),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"), "a private key"),
    (re.compile(r"\bxox[abposr]-[\w-]{10,}"), "a Slack token"),
)
_MAC = re.compile(r"(?:[0-9A-Fa-f]{1,2}[:-]){5}[0-9A-Fa-f]{1,2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}")
_PRODUCT = re.compile(r"[A-Za-z]/\Z|(?i:\bv|version\W{0,3}|release\W{0,3})\Z")


def certain(entity: str, value: str, before: str) -> str | None:
    """Why a finding is true by its structure alone; None when it is not."""
    value = value.strip()
    if entity == "IP_ADDRESS":
        if _PRODUCT.search(before):
            return None
        try:
            # With dashes in the name of a host.
            plain = value.replace("-", ".").split("%")[0].split("/")[0].strip("[]")
            address = ipaddress.ip_address(plain)
        except ValueError:
            return None
        return "a public address" if address.is_global else None
    if entity == "MAC_ADDRESS":
        return "six octets" if _MAC.fullmatch(value) else None
    if entity == "EMAIL_ADDRESS":
        return "a mailbox at a public domain" if _known_domain(value.rpartition("@")[2]) else None
    if entity == "CREDIT_CARD":
        return None
    for pattern, name in _TOKENS:
        if pattern.search(value):
            return name
    return None


def _known_domain(domain: str) -> bool:
    import tldextract

    global _suffixes
    if _suffixes is None:
        _suffixes = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    parts = _suffixes(domain)
    return bool(parts.suffix and parts.domain)


_suffixes: Any = None


class Reviewed:
    """The list beside the bench: findings that somebody looked at, by file, line, pointer and entity.

    `line` is a number or "*"; `pointer` is a pattern in which `*` stands for anything. An entry with a `digest`
    is about one value alone (see `digest`): no value stands in that file.
    """

    def __init__(self) -> None:
        text = (ROOT / "tests/bench/reviewed.jsonl").read_text(encoding="utf-8")
        self._entries = [json.loads(line) for line in text.splitlines()]

    def reason(self, file: str, line: int, pointer: str, entity: str, value: str = "") -> str | None:
        for entry in self._entries:
            if (
                entry["file"] in (file, "*")
                and entry["line"] in (line, "*")
                and entry["entity"] in (entity, "*")
                and fnmatchcase(pointer, entry["pointer"])
                and entry.get("digest") in (None, digest(value))
            ):
                return str(entry["reason"])
        return None


def digest(value: str) -> str:
    """What stands for a value in reviewed.jsonl."""
    return hashlib.sha256(value.strip().lower().encode()).hexdigest()[:12]


def logs(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.gz")):
        with gzip.open(path, "rb") as file:
            yield path.name.removesuffix(".gz"), file.read()


class Tally:
    """What was found in the logs: by verdict, kind, detector and reason, and by file."""

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
        self.alarms: Counter[str] = Counter()
        self.sizes: Counter[str] = Counter()
        self.refused = self.changed = self.findings = 0

    @property
    def megabytes(self) -> float:
        return sum(self.sizes.values()) / 1e6

    @property
    def per_mb(self) -> float:
        return sum(self.alarms.values()) / self.megabytes


def tally(folder: Path, nlp: str = "none") -> Tally:
    """Runs the default policy over all logs of a folder; names have a figure of their own (names_quality.py)."""
    from cecil.sanitizer.blocks import BlockFilter
    from cecil.sanitizer.sanitizer import Sanitizer

    judge, reviewed, result = BlockFilter(Sanitizer("default", nlp=nlp), collect=True), Reviewed(), Tally()
    for name, data in logs(folder):
        outcome = judge.judge(data)
        gone = {one.line for one in outcome.refused}
        before = data.splitlines(keepends=True)
        after = outcome.data.splitlines(keepends=True)
        kept = [number for number in range(len(before)) if number not in gone]
        redacted = dict(zip(kept, after, strict=True))
        result.refused += len(gone)
        result.changed += sum(redacted[number] != before[number] for number in kept)
        result.sizes[name] += len(data)
        by_line: dict[int, list[Any]] = defaultdict(list)
        for number, finding in outcome.findings:
            by_line[number].append(finding)
        for number, findings in by_line.items():
            result.findings += len(findings)
            for finding, value, left in values(before[number], findings):
                why = certain(finding.entity, value, left) or reviewed.reason(
                    name, number + 1, finding.pointer, finding.entity, value
                )
                if not why:
                    result.alarms[name] += 1
                key = ("true" if why else "FALSE", finding.entity, finding.detector, why or "")
                result.kinds[key].append(f"{name}:{number + 1}:{finding.pointer}")
    return result


def false_alarms(folder: Path, say: Say) -> dict[str, Any]:
    """Counts what the default policy takes out of logs, with and without shields; prints a table by kind."""
    one = tally(folder)
    with unshielded():
        bare = tally(folder)
    say(
        f"Real logs: {one.megabytes:.1f} MB, {one.findings} findings, {one.changed} lines changed, "
        f"{one.refused} lines refused"
    )
    for (verdict, entity, detector, why), places in sorted(
        one.kinds.items(), key=lambda i: (i[0][0], -len(i[1]))
    ):
        shown = (
            f"  e.g. {', '.join(dict.fromkeys(places[:: max(1, len(places) // 3)]))[:160]}"
            if verdict == "FALSE"
            else ""
        )
        say(f"  {verdict:<6}{len(places):>6}  {entity:<24}{detector:<31} {why}{shown}")
    for name, count in one.alarms.most_common():
        say(f"    {name:<40}{count:>6} false alarms, {count / (one.sizes[name] / 1e6):.1f} per MB")
    say(f"  without shields {bare.findings} findings, {sum(bare.alarms.values())} of them false")
    return {
        "megabytes": round(one.megabytes, 2),
        "findings": one.findings,
        "false": sum(one.alarms.values()),
        "per_mb": one.per_mb,
        "per_mb_without_shields": bare.per_mb,
        "changed_lines_per_mb": one.changed / one.megabytes,
        "refused": one.refused,
        "kinds": [
            {"verdict": v, "entity": e, "detector": d, "why": w, "count": len(p), "places": p[:400]}
            for (v, e, d, w), p in sorted(one.kinds.items())
        ],
    }


def values(line: bytes, findings: list[Any]) -> Iterator[tuple[Any, str, str]]:
    """Each finding with the value that it stands for, and what stood before that in its leaf."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    record = json.loads(text) if any(finding.pointer for finding in findings) else None
    for finding in findings:
        leaf = _at(record, finding.pointer) if finding.pointer else text
        if not isinstance(leaf, str):
            leaf = json.dumps(leaf)
        yield finding, leaf[finding.start : finding.end], leaf[max(0, finding.start - 40) : finding.start]


def _at(record: Any, pointer: str) -> Any:
    """What a JSON Pointer names; an empty text where a key was renamed on the way."""
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        try:
            record = record[int(name)] if isinstance(record, list) else record[name]
        except (KeyError, IndexError, ValueError, TypeError):
            return ""
    return record


def presidio_on_logs(folder: Path, say: Say, every: int = 40) -> dict[str, Any]:
    """Lines that Presidio's defaults would change, per MB: on every 40th line, for it takes its time."""
    finder = Presidio(threshold=0.0)
    size = changed = sure = 0
    for _, data in logs(folder):
        for line in data.splitlines(keepends=True)[::every]:
            size += len(line)
            text = line.decode("utf-8", "replace").rstrip()
            try:
                leaves = list(strings(json.loads(text))) if text.startswith("{") else [text]
            except ValueError:
                leaves = [text]
            hits = [hit for leaf in leaves for hit in finder.find(leaf)]
            changed += bool(hits)
            sure += any(hit.score >= 0.4 and hit.entity not in ("DATE_TIME", "URL", "UUID") for hit in hits)
    say(
        f"Presidio on every {every}th line, string leaves only: {changed / (size / 1e6):.0f} lines changed per MB "
        f"as it comes; {sure / (size / 1e6):.0f} with our threshold and without dates and URLs"
    )
    return {
        "changed_lines_per_mb": changed / (size / 1e6),
        "changed_lines_per_mb_our_policy": sure / (size / 1e6),
    }
