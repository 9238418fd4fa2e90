"""How long a record of a megabyte takes that was made to be slow.

    python -m tests.bench.hostile [--size BYTES] [--way WAY] [NAME...]

Every unit of `tests.hostile`, over and over, and real values one behind the other, in the default policy: as
one string of a record (`string`), as a list of strings (`list`), as the names of members (`names`) or as a
line of text (`text`). Prints CPU seconds, the slowest first, and what became of the record. Nothing here
passes or fails; `make slow` has the bounds.
"""

import argparse
import json
import sys
import time

from cecil import Sanitizer
from cecil.sanitizer.blocks import BlockFilter
from cecil.stream.cache import FileCache
from tests import hostile

WAYS = ("string", "list", "names", "text")


def line(way: str, text: str, unit: str) -> bytes:
    if way == "text":
        return text.replace("\n", " ").replace("{", "(").encode()
    if way == "string":
        return json.dumps({"m": text}, ensure_ascii=False).encode()
    pieces = [unit] * (len(text) // len(unit)) if unit else [f"{piece} " for piece in text.split("  ")]
    if way == "list":
        return json.dumps({"m": pieces}, ensure_ascii=False).encode()
    return json.dumps({f"{piece}{n}": 1 for n, piece in enumerate(pieces)}, ensure_ascii=False).encode()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--size", type=int, default=10**6)
    parser.add_argument("--way", choices=WAYS, default="string")
    options = parser.parse_args()
    judge = BlockFilter(Sanitizer("default", cache=FileCache()))
    judge.judge(b'{"m":"bob@example.com 8.8.8.8 call +1 212 555 0123"}\n')
    rows = []
    texts = {
        **{unit: (hostile.repeated(unit, options.size), unit) for unit in hostile.UNITS},
        **{name: (hostile.dense(name, options.size), "") for name in hostile.DENSE},
    }
    for name, (text, unit) in texts.items():
        if options.names and name not in options.names:
            continue
        data = line(options.way, text, unit)
        started = time.process_time()
        outcome = judge.judge(data)
        seconds = time.process_time() - started
        said = [one.reason for one in outcome.refused] or f"{outcome.found.total()} findings"
        rows.append((seconds, name, said))
    for seconds, name, said in sorted(rows, reverse=True, key=lambda row: row[0]):
        print(f"{seconds:7.2f} s  {name!r:<36} {said}")
    over = sum(seconds > 1 for seconds, _, _ in rows)
    print(f"{over} of {len(rows)} take more than a second")
    return 0


if __name__ == "__main__":
    sys.exit(main())
