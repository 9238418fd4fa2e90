"""Whether our recognizers, all of them run, give what Presidio's AnalyzerEngine gives, over a folder of texts.

    python -m tests.bench.equality [--every N] FOLDER

Every string of JSON and JSON lines and every other line of files (*.json, *.jsonl, *.log, *.txt, *.csv, also
.gz) is a text. Before triggers and shields; equal means the same spans, entities and scores. Where they
differ, one of `presidio.DIFFERENCES` must say why: each is told from the text by itself. Prints how many
texts and findings there were and how often each reason held, and for what none explains its place, never the
text; status 1 when there is such a place.
"""

import argparse
import gzip
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from cecil.errors import DetectorError
from cecil.sanitizer.detectors.catalogue import analyze, load
from cecil.sanitizer.detectors.presidio import DIFFERENCES
from tests.bench.agreement import string_leaves
from tests.bench.finders import presidio_engine

KINDS = (".json", ".jsonl", ".log", ".txt", ".csv")

Finding = tuple[int, int, str, float]

_LONG_RUN = re.compile(r"\S{1001,}+|\s{1001,}+")
_MOST_CANDIDATES = 65_535
_NEAR = 400
"""Characters on either side of a finding in which its words of context stand, by and large."""


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of all files below a folder, each text once."""
    seen: set[bytes] = set()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name.removesuffix(".gz").endswith(KINDS):
            data = file.read_bytes()
            if file.suffix == ".gz":
                data = gzip.decompress(data)
            for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
                try:
                    found = [leaf for _, leaf in string_leaves(json.loads(line))]
                except ValueError:
                    found = [line]
                for text in found:
                    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                    if digest not in seen:
                        seen.add(digest)
                        yield f"{file.relative_to(folder)}:{number}", text


@cache
def _tokenizer() -> Callable[[str], Any]:
    import spacy

    return spacy.blank("en").tokenizer


def _emoticon(text: str, finding: Finding) -> bool:
    near = text[max(0, finding[0] - _NEAR) : finding[1] + _NEAR]
    return any(len(token.text.split()) > 1 for token in _tokenizer()(near))


# Whether a reason can hold for a finding that only one of both has, in the order of DIFFERENCES. The first
# and the last are errors, not findings.
_HOLDS: tuple[Callable[[str, Finding], bool], ...] = (
    lambda text, finding: False,
    lambda text, finding: sum(map(str.isdigit, text)) > _MOST_CANDIDATES,
    _emoticon,
    lambda text, finding: any(run.start() < finding[1] + _NEAR for run in _LONG_RUN.finditer(text)),
    lambda text, finding: False,
)
_TIMED_OUT, _LAST_BLANK = 0, 4


def reason(text: str, finding: Finding) -> int | None:
    """The place in DIFFERENCES of what explains a finding that only one of both has."""
    return next((number for number, holds in enumerate(_HOLDS) if holds(text, finding)), None)


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False, description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="look at every Nth text only")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    engine, ours = presidio_engine(), load()
    judged = found = unexplained = 0
    held: Counter[int] = Counter()
    for index, (place, text) in enumerate(texts(options.folder)):
        if index % options.every:
            continue
        judged += 1
        try:
            results = engine.analyze(text, language="en", score_threshold=0.4)
            mine = {(s.start, s.end, s.entity, s.score) for s in analyze(text, ours)}
        except DetectorError:
            held[_TIMED_OUT] += 1
            continue
        except ValueError:
            held[_LAST_BLANK] += 1
            continue
        theirs = {(r.start, r.end, r.entity_type, r.score) for r in results}
        found += len(theirs)
        for finding in sorted(theirs ^ mine):
            why = reason(text, finding)
            if why is None:
                unexplained += 1
                whose = "Presidio's only" if finding in theirs else "ours only"
                sys.stdout.write(f"  {place}: {finding[2]} at {finding[0]}, {whose}\n")
            else:
                held[why] += 1
    say = sys.stdout.write
    say(f"Presidio's engine and ours over {judged} texts (every {options.every}): {found} findings, ")
    say(f"{sum(held.values())} differences on purpose, {unexplained} without a reason\n")
    for number, (what, why) in enumerate(DIFFERENCES):
        say(f"  {held[number]:>6}  {what}: {why}\n")
    return 1 if unexplained else 0


if __name__ == "__main__":
    raise SystemExit(main())
