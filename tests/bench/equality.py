"""Whether our recognizers, all of them run, give what Presidio's AnalyzerEngine gives, over a folder of texts.

    python -m tests.bench.equality [--every N] FOLDER

Every string of JSON and JSON lines and every other line of files (*.json, *.jsonl, *.log, *.txt, *.csv, also
.gz) is a text. Before triggers and shields; what differs on purpose is `presidio.DIFFERENCES`. Prints where
results differ, never a text; status 1 when some do.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from cecil.errors import DetectorError
from cecil.sanitizer.detectors.catalogue import analyze, load
from cecil.sanitizer.detectors.presidio import DIFFERENCES
from tests.bench.agreement import string_leaves
from tests.bench.finders import presidio_engine

KINDS = (".json", ".jsonl", ".log", ".txt", ".csv")


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """(place, text) of all files below a folder, each text once."""
    seen: set[int] = set()
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
                    if hash(text) not in seen:
                        seen.add(hash(text))
                        yield f"{file.relative_to(folder)}:{number}", text


def main() -> int:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--every", type=int, default=1, help="look at every Nth text only")
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    engine, ours = presidio_engine(), load()
    judged = found = differing = failed = 0
    for index, (place, text) in enumerate(texts(options.folder)):
        if index % options.every:
            continue
        judged += 1
        theirs = {
            (r.start, r.end, r.entity_type, r.score)
            for r in engine.analyze(text, language="en", score_threshold=0.4)
        }
        try:
            mine = {(s.start, s.end, s.entity, s.score) for s in analyze(text, ours)}
        except DetectorError as error:
            failed += 1
            print(f"{place}: {error}")
            continue
        found += len(theirs)
        if mine != theirs:
            differing += 1
            print(
                f"{place}: {sorted(e for *_, e, _ in theirs - mine)} {sorted(e for *_, e, _ in mine - theirs)}"
            )
    print(f"{judged} texts, {found} findings, {differing} texts differ, {failed} failed")
    print("on purpose: " + "; ".join(what for what, _ in DIFFERENCES))
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
