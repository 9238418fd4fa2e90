"""One peer over the string leaves of the first lines of a file: peers.py NAME COUNT FILE. What it finds is counted, not used.

A process of its own, so that its whole cost can be read off; with a COUNT of 0 it only starts.
"""

import json
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

BATCH = 500


def leaves(path: str, count: int) -> Iterator[str]:
    """Every string leaf of the first `count` lines; a line that is not JSON is one leaf."""
    with open(path, encoding="utf-8") as file:
        for line in islice(file, count):
            try:
                yield from strings(json.loads(line))
            except ValueError:
                yield line.rstrip("\n")


def strings(record: Any) -> Iterator[str]:
    if isinstance(record, str):
        yield record
    elif isinstance(record, dict):
        for value in record.values():
            yield from strings(value)
    elif isinstance(record, list):
        for value in record:
            yield from strings(value)


def presidio(texts: Iterator[str]) -> int:
    from tests.bench.finders import presidio_engine

    engine = presidio_engine()
    return sum(len(engine.analyze(text, language="en", score_threshold=0.4)) for text in texts)


def presidio_batch(texts: Iterator[str]) -> int:
    from presidio_analyzer import BatchAnalyzerEngine

    from tests.bench.finders import presidio_engine

    engine = BatchAnalyzerEngine(analyzer_engine=presidio_engine())
    found = 0
    while batch := list(islice(texts, BATCH)):
        found += sum(
            map(len, engine.analyze_iterator(batch, language="en", batch_size=BATCH, score_threshold=0.4))
        )
    return found


def datafog(texts: Iterator[str]) -> int:
    import datafog as peer

    return sum(len(peer.scan(text, engine="regex").entities) for text in texts)


def scrubadub(texts: Iterator[str]) -> int:
    import scrubadub as peer

    scrubber = peer.Scrubber()
    return sum(len(list(scrubber.iter_filth(text))) for text in texts)


PEERS: dict[str, Callable[[Iterator[str]], int]] = {
    "presidio": presidio,
    "presidio-batch": presidio_batch,
    "datafog": datafog,
    "scrubadub": scrubadub,
}


if __name__ == "__main__":
    name, count, path = sys.argv[1:]
    sys.stdout.write(f"{PEERS[name](leaves(path, int(count)))}\n")
