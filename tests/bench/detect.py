"""`make bench-detect DATA=DIR`: how fast detection is, beside what else people use, in one run.

Whole processes, as the kernel accounts for them, reading a file and writing to /dev/null. Runs of all
competitors take turns; a figure is the median of them, with the lowest and the highest. What a process takes
to start (on an empty file) is taken off. One-core figures are of CPU time, each process pinned to one core;
those of two workers are of the wall clock, on two.

Inputs: generated application logs (logs.py) of which 0, 1, 5 and 20 % of the lines hold something
sensitive; the logs in DIR/logs and the LLM transcripts in DIR/llm. Competitors that are hundreds of times
slower are given the first records only. Prints tables and writes bench-out/detect.json.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import OUT, ROOT, environment, judged
from tests.bench.logs import write

MB = 10**6
RATES = (0, 1, 5, 20)
PEERS = ROOT / ".venv-peers/bin/python"
OWN = ROOT / ".venv/bin/python"
GATE = 5
"""The rate at which the issue's figures are asked."""

_PATTERNS = {
    "EMAIL": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
    "IP": r"\b([0-9]{1,3}\.){3}[0-9]{1,3}\b",
    "CARD": r"\b([0-9]{4}[ -]?){3}[0-9]{4}\b",
    "SSN": r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
}
_ORJSON = """import sys, orjson
out = sys.stdout.buffer
for path in sys.argv[1:]:
    for line in open(path, "rb"):
        out.write(orjson.dumps(orjson.loads(line)) + b"\\n")
"""


class Usage(NamedTuple):
    """Seconds that a process and its children took."""

    cpu: float
    wall: float


class Entrant(NamedTuple):
    """A competitor.

    Attributes:
        name: as the table says it.
        argv: its command line; files are added to it, or, where `{file}` stands in it, put there.
        cores: how many it is given.
        first: records that it is given; 0 for all.
        json_only: whether it can read nothing else.
    """

    name: str
    argv: tuple[str, ...]
    cores: int = 1
    first: int = 0
    json_only: bool = False


class Speed(NamedTuple):
    """Median, lowest and highest of the runs, in MB/s."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, size: float, seconds: Sequence[float]) -> "Speed":
        speeds = sorted(size / MB / max(s, 1e-4) for s in seconds)
        return cls(statistics.median(speeds), speeds[0], speeds[-1])

    def __str__(self) -> str:
        digits = 0 if self.median >= 20 else 1 if self.median >= 1 else 3
        return f"{self.median:.{digits}f} ({self.low:.{digits}f} to {self.high:.{digits}f})"


def entrants(count: int) -> list[Entrant]:
    redact = str(ROOT / "bin/cecil-redact")
    sed = tuple(part for name, pattern in _PATTERNS.items() for part in ("-e", f"s/{pattern}/<{name}>/g"))
    # A bare @ in a pattern would be an array to perl.
    perl = "; ".join(f"s/{p.replace('@', chr(92) + '@')}/<{n}>/g" for n, p in _PATTERNS.items())
    found = [Entrant("cecil-redact -j 1", (redact, "--nlp", "none", "--quiet", *_workers(redact, 1)))]
    if _workers(redact, 2):
        found.append(Entrant("cecil-redact -j 2", (redact, "--nlp", "none", "--quiet", "-j", "2"), cores=2))
    found += [
        Entrant("sed -E, four patterns", ("/usr/bin/env", "sed", "-E", *sed)),
        Entrant("perl -pe, four patterns", ("/usr/bin/env", "perl", "-pe", perl)),
        Entrant("loop of orjson.loads and dumps", (str(OWN), "-c", _ORJSON), json_only=True),
        _peer("Presidio AnalyzerEngine", OWN, "presidio", count),
        _peer("Presidio BatchAnalyzerEngine", OWN, "presidio-batch", count),
    ]
    if _has_peers():
        found += [
            _peer("DataFog, regex engine", PEERS, "datafog", count * 20),
            _peer("scrubadub", PEERS, "scrubadub", count * 20),
        ]
    else:
        say("DataFog and scrubadub are not there: PyPI gave no packages that could be installed")
    return found


def _has_peers() -> bool:
    if not PEERS.exists():
        return False
    return not subprocess.run(
        [PEERS, "-c", "import datafog, scrubadub"], capture_output=True, check=False
    ).returncode


def _workers(redact: str, number: int) -> tuple[str, ...]:
    text = subprocess.run([redact, "--help"], capture_output=True, text=True, check=True).stdout
    return ("-j", str(number)) if "-j" in text.split() else ()


def _peer(name: str, python: Path, peer: str, count: int) -> Entrant:
    return Entrant(name, (str(python), "-m", "tests.bench.peers", peer, "{count}", "{file}"), first=count)


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def measured(argv: Sequence[str], cores: int) -> Usage:
    """Run a command to its end on so many cores; a failure ends the bench."""
    env = environment(LC_ALL="C", PYTHONPATH=str(ROOT))
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(everywhere)[-cores:]))
    null = os.open(os.devnull, os.O_RDWR)
    try:
        started = time.monotonic()
        pid = os.posix_spawn(
            argv[0], argv, env, file_actions=[(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1)]
        )
    finally:
        os.close(null)
        os.sched_setaffinity(0, everywhere)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - started
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"detect.py: {' '.join(argv)[:200]} ended with {code}")
    return Usage(usage.ru_utime + usage.ru_stime, wall)


def command(entrant: Entrant, path: Path, passes: int, first: int) -> list[str]:
    if "{file}" in entrant.argv:
        return [a.replace("{file}", str(path)).replace("{count}", str(first)) for a in entrant.argv]
    return [*entrant.argv, *[str(path)] * passes]


class Source(NamedTuple):
    """An input.

    Attributes:
        name: as the table says it.
        path: the file.
        json: whether every line is JSON.
    """

    name: str
    path: Path
    json: bool = True


def size_of(path: Path, first: int) -> tuple[int, int]:
    """Bytes and lines of a file, or of its first lines."""
    with open(path, "rb") as file:
        lengths = [len(line) for line in islice(file, first or None)]
    return sum(lengths), len(lengths)


def compare(source: Source, field: list[Entrant], runs: int, seconds: float) -> dict[str, dict[str, Any]]:
    """All competitors over one input, taking turns."""
    empty = OUT / "empty.jsonl"
    empty.write_bytes(b"")
    starts: dict[str, Usage] = {}
    passes: dict[str, int] = {}
    for one in field:
        trials = [measured(command(one, empty, 1, 0), one.cores) for _ in range(3)]
        starts[one.name] = Usage(
            statistics.median(t.cpu for t in trials), statistics.median(t.wall for t in trials)
        )
        if one.first:
            passes[one.name] = 1
        else:
            trial = measured(command(one, source.path, 1, 0), one.cores)
            once = max(trial.wall - starts[one.name].wall, 0.02)
            passes[one.name] = max(1, min(200, round(seconds / once)))
    taken: dict[str, list[Usage]] = {one.name: [] for one in field}
    for _ in range(runs):
        for one in field:
            usage = measured(command(one, source.path, passes[one.name], one.first), one.cores)
            start = starts[one.name]
            taken[one.name].append(Usage(usage.cpu - start.cpu, usage.wall - start.wall))
    say(f"\n{source.name}: {source.path.stat().st_size / MB:.1f} MB, {size_of(source.path, 0)[1]} lines")
    say(f"  {'':<34}{'MB/s of CPU':>24}{'MB/s of wall':>24}{'records/s':>12}{'starts in':>11}")
    table = {}
    for one in field:
        size, records = size_of(source.path, one.first)
        size, records = size * passes[one.name], records * passes[one.name]
        cpu = Speed.of(size, [u.cpu for u in taken[one.name]])
        wall = Speed.of(size, [u.wall for u in taken[one.name]])
        rate = records / size * MB * (wall if one.cores > 1 else cpu).median
        note = f"  first {one.first} records" if one.first else ""
        say(f"  {one.name:<34}{cpu!s:>24}{wall!s:>24}{rate:>12.0f}{starts[one.name].cpu:>9.2f} s{note}")
        table[one.name] = {
            "cpu": cpu._asdict(),
            "wall": wall._asdict(),
            "records_per_s": rate,
            "start_s": starts[one.name].cpu,
            "passes": passes[one.name],
            "first": one.first,
        }
    return table


def sources(data: Path | None, size: int) -> list[Source]:
    found = [
        Source(
            f"application logs, {rate} % of lines hit",
            write(OUT / f"app-{rate}-{size}.jsonl", rate, size * MB),
        )
        for rate in RATES
    ]
    if data is not None:
        for name, what in (("logs", "real logs"), ("llm", "LLM transcripts")):
            if not (data / name).is_dir():
                continue
            path = OUT / f"{name}.log"
            with open(path, "wb") as file:
                for packed in sorted((data / name).glob("*.gz")):
                    file.write(gzip.decompress(packed.read_bytes()).rstrip(b"\n") + b"\n")
            found.append(Source(what, path, json=False))
    return found


def figures(tables: dict[str, dict[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    def speed(rate: int, name: str, clock: str = "cpu") -> float:
        entry = tables.get(f"application logs, {rate} % of lines hit", {}).get(name)
        return float(entry[clock]["median"]) if entry else 0.0

    ours, two = "cecil-redact -j 1", "cecil-redact -j 2"
    sed, perl, orjson = "sed -E, four patterns", "perl -pe, four patterns", "loop of orjson.loads and dumps"
    wanted = [
        (
            "times Presidio's AnalyzerEngine, one core, 5 % hit",
            1000.0,
            GATE,
            ours,
            "Presidio AnalyzerEngine",
            "cpu",
        ),
        ("times sed -E, one core, 5 % hit", 0.5, GATE, ours, sed, "cpu"),
        ("times sed -E, two workers, wall, 5 % hit", 1.0, GATE, two, sed, "wall"),
        ("times perl -pe, one core, 5 % hit", 1.5, GATE, ours, perl, "cpu"),
        ("of the orjson loop, one core, nothing hit", 0.6, 0, ours, orjson, "cpu"),
    ]
    say("\nFigures")
    found = []
    for what, least, rate, a, b, clock in wanted:
        if speed(rate, a, clock) and speed(rate, b, clock):
            found.append(judged(what, speed(rate, a, clock) / speed(rate, b, clock), least=least))
        else:
            say(f"  {what:<66} not measured")
    return found


def equal_findings(path: Path, count: int) -> dict[str, Any]:
    """Presidio's findings and ours in the same leaves; what differs, by cause."""
    from cecil.sanitizer.sanitizer import Sanitizer
    from tests.bench.agreement import compare_findings

    with open(path, "rb") as file:
        lines = list(islice(file, count))
    result = compare_findings(lines, Sanitizer("default", explain=True))
    say(
        f"\nFindings in the first {len(lines)} records at {GATE} % hit, Presidio's and ours by record, leaf, kind and place"
    )
    say(f"  the same: {result.same} of Presidio's {result.theirs}; ours: {result.ours}")
    for title, causes in (("only Presidio's", result.only_theirs), ("only ours", result.only_ours)):
        for why, number in Counter(causes).most_common():
            say(f"  {title:<16}{number:>6}  {why}")
    return {
        "records": len(lines),
        "same": result.same,
        "presidio": result.theirs,
        "cecil": result.ours,
        "only_presidio": dict(Counter(result.only_theirs)),
        "only_cecil": dict(Counter(result.only_ours)),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="detect.py", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?", help="folder with logs/ and llm/")
    parser.add_argument(
        "--size", type=int, default=60, metavar="MB", help="of a generated file (default: 60)"
    )
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each competitor (default: 5)")
    parser.add_argument("--seconds", type=float, default=2.0, help="that a run takes at least (default: 2)")
    parser.add_argument(
        "--records", type=int, default=600, metavar="N", help="that Presidio is given (default: 600)"
    )
    parser.add_argument("--only", metavar="WORDS", help="inputs whose name holds this")
    args = parser.parse_args(argv)
    OUT.mkdir(exist_ok=True)
    field = entrants(args.records)
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    say(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; median of {args.runs} runs (lowest to highest)"
    )
    for source in sources(args.data, args.size):
        if args.only and args.only not in source.name:
            continue
        # The slow ones run once a turn where the figures are asked, and on what is real.
        able = [one for one in field if source.json or not one.json_only]
        if source.json and f" {GATE} %" not in source.name:
            able = [one for one in able if not one.first]
        tables[source.name] = compare(source, able, args.runs, args.seconds)
    report = {"tables": tables, "figures": figures(tables)}
    gate = OUT / f"app-{GATE}-{args.size}.jsonl"
    if gate.exists():
        report["equal"] = equal_findings(gate, args.records * 5)
    (OUT / "detect.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    say(f"\nwritten to {OUT.name}/detect.json")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
