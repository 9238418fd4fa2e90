"""Whether Cecil finds what Presidio finds: both over the same string leaves, differences by cause."""

import ipaddress
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tests.bench.finders import Hit, Presidio

Place = tuple[int, str, Hit]


class Agreement(NamedTuple):
    """How many findings are the same, and why the others are not."""

    theirs: int
    ours: int
    same: int
    only_theirs: list[str]
    only_ours: list[str]


def string_leaves(record: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every string leaf with its JSON Pointer."""
    if isinstance(record, str):
        yield pointer, record
    elif isinstance(record, dict):
        for key, value in record.items():
            yield from string_leaves(value, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(record, list):
        for index, value in enumerate(record):
            yield from string_leaves(value, f"{pointer}/{index}")


def compare_findings(lines: Sequence[bytes], sanitizer: Any, threshold: float = 0.4) -> Agreement:
    """Findings of both in lines of JSON.

    Left out of Presidio's: entities that the policy keeps, and those below its threshold. Presidio reports
    findings that overlap; ours are resolved, so one that lies in a finding of ours under another name is
    said to be named so.
    """
    presidio = Presidio(threshold)
    same = theirs = ours = 0
    only_theirs: list[str] = []
    only_ours: list[str] = []
    for line in lines:
        record = json.loads(line)
        _, found = sanitizer.redact(record)
        near = list(sanitizer.misses)
        mine = {(f.pointer, f.entity, f.start, f.end): f for f in found}
        ours += len(mine)
        seen = set()
        for pointer, text in string_leaves(record):
            for hit in presidio.find(text):
                if sanitizer.policy.action(hit.entity).name == "keep":
                    continue
                theirs += 1
                place = (pointer, hit.entity, hit.start, hit.end)
                if place in mine:
                    same += 1
                    seen.add(place)
                    continue
                only_theirs.append(_cause(hit, pointer, text, found, near))
        only_ours += [f"{f.entity} by {f.detector}" for place, f in mine.items() if place not in seen]
    return Agreement(theirs, ours, same, only_theirs, only_ours)


def _cause(hit: Hit, pointer: str, text: str, found: Sequence[Any], near: Sequence[Any]) -> str:
    here = [f for f in found if f.pointer == pointer and f.start < hit.end and hit.start < f.end]
    if here:
        how = (
            "inside a finding"
            if here[0].start <= hit.start and hit.end <= here[0].end
            else "beside a finding"
        )
        return f"{hit.entity}: {how} of ours, {here[0].entity} by {here[0].detector}"
    for miss in near:
        if miss.pointer == pointer and miss.start < hit.end and hit.start < miss.end:
            return f"{hit.entity}: turned down, {miss.why}"
    if hit.entity == "IP_ADDRESS" and _private(text[hit.start : hit.end]):
        return "IP_ADDRESS: not a public address"
    return f"{hit.entity}: not found, and no reason given"


def _private(value: str) -> bool:
    try:
        return not ipaddress.ip_address(value.split("/")[0].split("%")[0]).is_global
    except ValueError:
        return False
