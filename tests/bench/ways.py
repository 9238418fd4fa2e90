"""Whether the fast ways give what the long ones give, over a folder of logs and texts.

    python -m tests.bench.ways [--every N] FOLDER

Two ways are held equal, in the default policy: blocks of lines against their lines one by one, over files
as they are; and recognizers that a trigger woke against all of them, over every N-th text (see
`equality.texts`), with and without words of keys. Prints how many there were and, where they differ, the place
and what differs, never the text; status 1 when something does.
"""

import argparse
import gzip
import sys
from pathlib import Path

from cecil import Sanitizer
from cecil.errors import DetectorError
from cecil.sanitizer.blocks import BlockFilter
from cecil.stream.cache import FileCache
from tests.bench.equality import KINDS, texts

_BLOCK = 1 << 16
_WORDS = ((), ("card", "account", "phone"), ("ssn", "licence", "nhs", "patient"))


def blocks(sanitizer: Sanitizer, folder: Path) -> tuple[int, int]:
    """Megabytes that were judged, and how many blocks differ."""
    size = differ = 0
    judge = BlockFilter(sanitizer, collect=True)
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or not file.name.removesuffix(".gz").endswith(KINDS):
            continue
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        at = 0
        while at < len(data):
            end = data.find(b"\n", at + _BLOCK) + 1 or len(data)
            fast, slow = judge.judge(data[at:end]), judge.judge_one_by_one(data[at:end])
            if fast != slow:
                differ += 1
                print(f"{file.relative_to(folder)}: the block at byte {at}")
            at = end
        size += len(data)
    return size // 10**6, differ


def wakes(sanitizer: Sanitizer, folder: Path, every: int) -> tuple[int, int, int]:
    """How many texts were judged, how many findings were in them, and how many texts differ."""
    finder = sanitizer.finder
    judged = found = differ = 0
    for number, (place, text) in enumerate(texts(folder)):
        if number % every:
            continue
        for words in _WORDS:
            try:
                all_awake = finder.find(text, words, -1)
            except DetectorError:
                continue
            missed = set(all_awake) ^ set(finder.find(text, words))
            judged += 1
            found += len(all_awake)
            if missed:
                differ += 1
                said = ", ".join(sorted({f"{span.entity} ({span.detector})" for span in missed}))
                print(f"{place}: {said}, with {words}")
    return judged, found, differ


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    options = parser.parse_args()
    sanitizer = Sanitizer("default", cache=FileCache())
    size, one = blocks(sanitizer, options.folder)
    print(f"{size} MB in blocks and line by line: {one} blocks differ")
    judged, found, two = wakes(sanitizer, options.folder, options.every)
    print(f"{judged} texts, {found} findings, triggers against all awake: {two} texts differ")
    return bool(one or two)


if __name__ == "__main__":
    sys.exit(main())
