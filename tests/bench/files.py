"""Ten thousand files through `cecil-redact -o DIR`: memory, and what twenty kills leave; a part of `make bench-scale`.

    python -m tests.bench.files [--files N] [--kills N]

The run is killed by SIGKILL at moments of chance and goes on with `--resume`, until all is done. Then each output
is held against what its input becomes, and none may have been made twice. Peak memory is of the largest process
of a whole run over all files, against one over a twentieth of them.
"""

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import BIN, environment

Row = tuple[str, str, str]
"""What was asked, what was got, and of what."""

_LINES = 20
_LEFT = '{{"n":{0},"m":"mail <EMAIL_ADDRESS> of line {1}"}}\n'
_LINE = '{{"n":{0},"m":"mail bob{0}@example.com of line {1}"}}\n'
_SIZES = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def files(args: argparse.Namespace, folder: Path) -> list[Row]:
    """The part of `make bench-scale`."""
    count, kills = args.files, args.kills
    env = environment(folder)
    _fill(folder / "few", count // 20)
    _fill(folder / "many", count)
    _peak(folder, env, "few", "warm")  # fills caches
    before = _children()
    few, many = _peak(folder, env, "few", "clean-few"), _peak(folder, env, "many", "clean-many")
    spent = _children() - before
    slope = (many - few) * 1024 / (count - count // 20)
    times, twice, wrong = _killed(folder, env, count, kills)
    return [
        ("growth 0 MB", f"{(many - few) / 1024:+.1f} MB, {slope:+.0f} bytes a file ({many / 1024:.0f} MB)", f"{count} files: peak memory"),
        ("-", f"{(count + count // 20) / spent:.0f} files a second of CPU", f"files of {_LINES} lines"),
        (f"{kills} kills", f"{times} kills", "killed and resumed"),
        ("0", str(wrong), "outputs that are not whole, or not there"),
        ("0", str(twice), "outputs made twice"),
    ]  # fmt: skip


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _fill(at: Path, count: int) -> None:
    at.mkdir()
    for n in range(count):
        (at / f"{n}.jsonl").write_text("".join(_LINE.format(n, line) for line in range(_LINES)))


def _argv(source: str, target: str) -> list[str]:
    return [str(BIN / "cecil-redact"), "-q", "--nlp", "none", "-j", "2", "--resume", "-o", target, source]


def _peak(folder: Path, env: dict[str, str], source: str, target: str) -> int:
    argv = [sys.executable, "-c", _SIZES, *_argv(source, target)]
    run = subprocess.run(argv, cwd=folder, env=env, check=True, stdout=subprocess.PIPE)
    return int(run.stdout)


def _killed(folder: Path, env: dict[str, str], count: int, kills: int) -> tuple[int, int, int]:
    chance = random.Random(1)
    clean = folder / "clean"
    before: dict[str, tuple[int, int]] = {}
    twice = times = 0
    for kill in range(kills + 1):
        run = subprocess.Popen(_argv("many", "clean"), cwd=folder, env=env)
        end = count + 1 if kill == kills else len(before) + chance.randrange(1, count // kills)
        while run.poll() is None and _count(clean) < end:
            time.sleep(0.02)
        if kill < kills:
            run.kill()
            times += run.wait() == -signal.SIGKILL
        now = _made(clean)
        twice += sum(now.get(name) != made for name, made in before.items())
        before = now
    wrong = 0
    for n in range(count):
        wanted = "".join(_LEFT.format(n, line) for line in range(_LINES))
        path = clean / f"{n}.jsonl"
        wrong += not path.exists() or path.read_text() != wanted
    return times, twice, wrong


def _count(clean: Path) -> int:
    """How many outputs have a name, about: what is under way counts too."""
    return len(os.listdir(clean)) if clean.exists() else 0


def _made(clean: Path) -> dict[str, tuple[int, int]]:
    """The outputs that have a name: which file each is, and when it was written."""
    found = {}
    if clean.exists():
        with os.scandir(clean) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    status = entry.stat()
                    found[entry.name] = (status.st_ino, status.st_mtime_ns)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-files")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for asked, got, what in files(args, Path(folder)):
            print(f"{what:64} {asked:14} {got}", flush=True)


if __name__ == "__main__":
    main()
