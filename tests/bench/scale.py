"""Past one machine, and past one record at a time: what it costs.

    python -m tests.bench.scale [--only columns,spark,growth,files,leak] [--megabytes N] [--most N]

Each part stands by itself and gives its own figures; times are of the wall, and mean something on a machine
that does nothing else. `make spark` installs what Spark needs. What is measured is made here, with a seed, and
nothing of it comes twice: Spark's parts need room for twice their megabytes below TMPDIR.

    columns   a Parquet file of repeating values, column by column against record by record
    spark     local[2] against local[1], and one worker against cecil-redact on one core
    growth    the same in Spark as the input grows: a sixteenth of --most, a quarter, and all of it
    files     --files files through cecil-redact -o, killed --kills times: see `files.py`
    leak      100,000 values planted through all built-in policies: see `leaktest.py`
"""

import argparse
import multiprocessing
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.bench import leaktest, logs
from tests.bench.files import files

ROOT = Path(__file__).parent.parent.parent
Row = tuple[str, str, str]
"""What was asked for, what came, and by which part."""


def columns(args: argparse.Namespace, folder: Path) -> list[Row]:
    """Column-wise at least five times as fast as record-wise, where values repeat."""
    import pyarrow as pa
    import pyarrow.parquet as parquet

    from cecil import Sanitizer
    from cecil.sanitizer import arrow

    pick = random.Random(1)
    count = 200_000
    people = [
        {"email": f"user{number}@example.com", "plan": pick.choice(["free", "pro"])} for number in range(500)
    ]
    texts = [f"GET /api/v1/items/{n % 40} from 192.0.2.{n % 200} took {n % 90} ms" for n in range(800)]
    table = pa.table(
        {
            "at": pa.array(
                [1763000000000000 + 1000 * (n // 20) for n in range(count)], pa.timestamp("us", "UTC")
            ),
            "user": [pick.choice(people) for _ in range(count)],
            "message": [pick.choice(texts) for _ in range(count)],
            "agent": [
                pick.choice(["curl/8.1", "okhttp/4.9", "Mozilla/5.0 (X11; Linux x86_64)"])
                for _ in range(count)
            ],
            "status": [pick.choice([200, 404, 500]) for _ in range(count)],
            "tags": [[pick.choice(["web", "batch"])] for _ in range(count)],
        }
    )
    path = folder / "table.parquet"
    parquet.write_table(table, path)
    judge = Sanitizer()
    first = next(parquet.ParquetFile(path).iter_batches(512))
    list(judge.redact_batches([first]))
    arrow.judge_rows(judge, first, None, Counter())

    def together() -> None:
        for _ in judge.redact_batches(parquet.ParquetFile(path).iter_batches()):
            pass

    def apart() -> None:
        for batch in parquet.ParquetFile(path).iter_batches():
            arrow.judge_rows(judge, batch, None, Counter())

    def piped() -> None:
        pipe = f"{ROOT}/bin/cecil-fetch file {path} | {ROOT}/bin/cecil-redact -j1 | {ROOT}/bin/cecil-write -o {folder}/x.parquet --force"
        subprocess.run(pipe, shell=True, check=True, stderr=subprocess.DEVNULL)

    fast, slow, pipe = _cpu(together), _cpu(apart), _cpu(piped)
    return [
        (">= 5 times", f"{slow / fast:.1f} times ({count / fast:,.0f} and {count / slow:,.0f} rows/s of CPU)", "columns, against rows of batches"),
        (">= 5 times", f"{pipe / fast:.1f} times", "columns, against cecil-fetch | cecil-redact | cecil-write"),
    ]  # fmt: skip


def spark(args: argparse.Namespace, folder: Path) -> list[Row]:
    """Two cores against one, and one worker against the command."""
    source = _log(folder, args.megabytes)
    size = _size(source)
    (one, *one_cpu), (two, *two_cpu) = (_spark(source, folder, cores) for cores in (1, 2))
    command = [
        str(ROOT / "bin/cecil-redact"),
        "-j1",
        "--format",
        "jsonl",
        *map(str, sorted(source.iterdir())),
    ]
    before, start = _used(), time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        subprocess.run(command, stdout=nowhere, stderr=nowhere, check=True)
    alone, alone_cpu = time.perf_counter() - start, _used() - before
    return [
        (">= 1.8 times", f"{one / two:.2f} times", f"local[2] against local[1], {size:,.0f} MB"),
        *(
            ("", f"{java:.0f} s of Java and {python:.0f} s of Python in {wall:.0f} s", f"CPU of local[{cores}]")
            for cores, wall, (java, python) in ((1, one, one_cpu), (2, two, two_cpu))
        ),
        (">= 80 %", f"{alone / one:.0%} ({size / one:.1f} of {size / alone:.1f} MB/s)", "a worker, of cecil-redact -j1"),
        ("", f"{alone_cpu:.0f} s", "CPU of cecil-redact -j1"),
    ]  # fmt: skip


def growth(args: argparse.Namespace, folder: Path) -> list[Row]:
    """What a megabyte costs as there are more of them."""
    rows: list[Row] = []
    costs = []
    for share in (16, 4, 1):
        source = _log(folder, args.most / share)
        size = _size(source)
        seconds, java, python = _spark(source, folder, 2)
        costs.append((seconds / size, (java + python) / size))
        rows.append(("", f"{size / seconds:.1f} MB/s, {1000 * java / size:.1f} + {1000 * python / size:.1f} ms of CPU a MB", f"local[2], {size:,.0f} MB; Java + Python"))  # fmt: skip
    for what, which in (("time", 0), ("CPU", 1)):
        middle = sum(cost[which] for cost in costs) / len(costs)
        worst = max(abs(cost[which] / middle - 1) for cost in costs)
        rows.append(("within 5 %", f"{worst:.1%}", f"{what} of a megabyte, furthest from the mean"))
    return rows


def leak(args: argparse.Namespace, folder: Path) -> list[Row]:
    """Values planted through all built-in policies, and what is left of them; see `tests.bench.leaktest`."""
    status = leaktest.main(["--seed", str(args.seed)])
    return [("status 0", f"status {status}", "leak test over all built-in policies")]


PARTS: dict[str, Callable[[argparse.Namespace, Path], list[Row]]] = {
    "columns": columns,
    "spark": spark,
    "growth": growth,
    "files": files,
    "leak": leak,
}


_PIECE = 32 << 20
"""Bytes of one file of a log."""
_WARM = 8
"""Files that each core redacts before it is measured: Java still compiles, and memory of texts fills, in the first of
them. Measured with four: of Java's 6 s for the next eight, 2.5 s were its compilers'."""


def _log(folder: Path, megabytes: float) -> Path:
    """A folder of application logs as `make bench-detect` has them, 5 % of the lines hit.

    Each file has lines of its own. Where four took turns, workers remembered all of their texts after some rounds, and
    a megabyte cost the less the more of them there were.
    """
    return _linked(folder, f"log-{megabytes:g}", range(max(1, round(megabytes * 1e6 / _PIECE))))


def _linked(folder: Path, name: str, seeds: range) -> Path:
    """A folder of files of these seeds; those that are there already are taken as they are."""
    made = folder / name
    if not made.exists():
        pieces = [folder / f"piece-{seed}.jsonl" for seed in seeds]
        with multiprocessing.Pool() as pool:
            pool.map(_write, pieces, chunksize=1)
        made.mkdir()
        for piece in pieces:
            os.link(piece, made / piece.name)
    return made


def _write(piece: Path) -> None:
    if piece.exists():
        return
    left = _PIECE
    with open(piece, "w", encoding="utf-8") as file:
        for line in logs.records(5, seed=int(piece.stem.rpartition("-")[2])):
            left -= file.write(line)
            if left < 0:
                return


def _size(source: Path) -> float:
    """Megabytes of a folder."""
    return sum(one.stat().st_size for one in source.iterdir()) / 1e6


def _spark(source: Path, folder: Path, cores: int) -> tuple[float, float, float]:
    """Seconds of the job: of the wall, and of CPU, Java's and Python's; see `spark_job.py`."""
    env = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": str(ROOT)}
    warm = _linked(folder, f"warm-{cores}", range(10_000, 10_000 + _WARM * cores))
    command = [sys.executable, "-m", "tests.bench.spark_job", warm, source, folder / "out", str(cores)]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    wall, java, python = map(float, done.stdout.split()[-3:])
    return wall, java, python


def _cpu(work: Callable[[], None]) -> float:
    """Seconds of CPU, of what it started too."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--only", default=",".join(PARTS), help=f"parts, joined by commas: {', '.join(PARTS)}"
    )
    parser.add_argument("--megabytes", type=float, default=2000, help="of the part spark")
    parser.add_argument("--most", type=float, default=8000, help="megabytes of the part growth")
    parser.add_argument("--files", type=int, default=10_000, help="of the part files")
    parser.add_argument("--kills", type=int, default=20, help="of the part files")
    parser.add_argument("--seed", type=int, default=1, help="of the part leak")
    args = parser.parse_args()
    for name in args.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            for asked, got, what in PARTS[name](args, Path(folder)):
                print(f"{what:64} {asked:14} {got}", flush=True)


if __name__ == "__main__":
    main()
