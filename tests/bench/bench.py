"""`make bench`: speed and memory of whole processes, as the operating system accounts for them.

Makes its inputs below bench-out/ from the real logs in tests/data (about 4 GB of disk; removed at the
end), runs the commands from bin/, and prints one table. `bench.py NAME...` runs only some parts:
start, fetch, parquet, pipe, redact. Nothing here passes or fails; the table is to be read.
"""

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench import OUT, ROOT, environment

BIN = ROOT / "bin"
MB = 10**6


class Usage(NamedTuple):
    """What one process took: seconds of wall clock and CPU, and peak resident memory in MB."""

    wall: float
    cpu: float
    peak: float


def measured(argv: list[str], stdout: Path | None = None) -> Usage:
    """Run a command to its end; a failure ends the bench."""
    target = (
        os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if stdout else os.open(os.devnull, os.O_WRONLY)
    )
    started = time.monotonic()
    pid = os.posix_spawn(
        argv[0],
        argv,
        environment(),
        file_actions=[(os.POSIX_SPAWN_DUP2, target, 1), (os.POSIX_SPAWN_CLOSE, target)],
    )
    _, status, usage = os.wait4(pid, 0)
    os.close(target)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"bench: {' '.join(argv)} ended with {os.waitstatus_to_exitcode(status)}")
    return Usage(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / MB)


def row(what: str, asked: str, got: str) -> None:
    sys.stdout.write(f"{what:<58} {asked:>14}   {got}\n")
    sys.stdout.flush()


def command(name: str) -> str:
    return str(BIN / f"cecil-{name}")


def real_lines() -> list[bytes]:
    lines = gzip.decompress((ROOT / "tests/data/logs/cloudtrail.jsonl.gz").read_bytes()).splitlines(
        keepends=True
    )
    return lines + (ROOT / "tests/data/logs/lambda_events.jsonl").read_bytes().splitlines(keepends=True)


def numbered() -> Iterator[bytes]:
    """Real records without end, each with a number of its own, so that no two are the same."""
    lines, number = real_lines(), 0
    while True:
        for line in lines:
            number += 1
            yield b'{"seq":%d,%s' % (number, line.lstrip(b"{ "))


def make(name: str, size: int, numbers: bool = True) -> Path:
    """A JSONL file of at least `size` bytes."""
    path = OUT / name
    if path.exists():
        return path
    with open(path, "wb") as file:
        done = 0
        if numbers:
            for line in numbered():
                done += file.write(line)
                if done >= size:
                    break
        else:
            block = b"".join(real_lines())
            while done < size:
                done += file.write(block)
    return path


def csv_of(source: Path) -> Path:
    target = source.with_suffix(".csv")
    if not target.exists():
        import csv

        import orjson

        with open(source, "rb") as lines, open(target, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["seq", "name", "time", "record"])
            for line in lines:
                record = orjson.loads(line)
                writer.writerow(
                    [
                        record["seq"],
                        record.get("eventName", ""),
                        record.get("eventTime", ""),
                        line.decode().strip(),
                    ]
                )
    return target


def start() -> None:
    """CPU of --help over the bare interpreter: medians of 15."""
    python = str(ROOT / ".venv/bin/python") if (ROOT / ".venv").exists() else sys.executable
    bare = statistics.median(measured([python, "-P", "-c", "pass"]).cpu for _ in range(15))
    for name in ("fetch", "redact", "map", "fingerprint", "report", "write", "serve"):
        cpu = statistics.median(measured([command(name), "--help"]).cpu for _ in range(15))
        row(f"cecil-{name} --help, CPU over the bare interpreter", "< 60 ms", f"{(cpu - bare) * 1000:.0f} ms")


def fetch() -> None:
    for size in (100, 1000):
        jsonl = make(f"{size}.jsonl", size * MB)
        packed = jsonl.with_suffix(".jsonl.gz")
        if not packed.exists():
            with open(packed, "wb") as target:
                subprocess.run(["gzip", "-1", "-c", jsonl], stdout=target, check=True)
        for path, kind in ((jsonl, "JSONL"), (csv_of(jsonl), "CSV"), (packed, "gzip")):
            usage = measured([command("fetch"), "file", "--quiet", str(path)])
            speed = jsonl.stat().st_size / MB / usage.cpu
            row(
                f"cecil-fetch file, {kind}, {size} MB: peak memory",
                "< 50 MB",
                f"{usage.peak:.0f} MB ({speed:.0f} MB/s of CPU)",
            )


def parquet() -> None:
    for size in (100, 1000):
        jsonl = make(f"{size}.jsonl", size * MB)
        path = OUT / f"{size}.parquet"
        if not path.exists():
            write_parquet(jsonl, path)
        usage = measured([command("fetch"), "file", "--quiet", str(path)])
        row(
            f"cecil-fetch file, Parquet of {size} MB of records: peak memory",
            "< 120 MB",
            f"{usage.peak:.0f} MB",
        )


def write_parquet(source: Path, target: Path) -> None:
    """In a process of its own: pyarrow's memory would be counted to each child of this one.

    As other writers do it: row groups of 50,000 rows, uncompressed, so that the file is as large as its
    records.
    """
    code = (
        "import sys, orjson, pyarrow as pa, pyarrow.parquet as pq\n"
        "schema = pa.schema([('seq', pa.int64()), ('name', pa.string()), ('record', pa.string()), ('source', pa.struct([('ip', pa.string()), ('n', pa.list_(pa.int64()))]))])\n"
        "with open(sys.argv[1], 'rb') as lines, pq.ParquetWriter(sys.argv[2], schema, compression='none', use_dictionary=False) as out:\n"
        "    rows = []\n"
        "    for line in lines:\n"
        "        r = orjson.loads(line)\n"
        "        rows.append({'seq': r['seq'], 'name': r.get('eventName'), 'record': line.decode(), 'source': {'ip': r.get('sourceIPAddress'), 'n': [1, 2]}})\n"
        "        if len(rows) == 50000:\n"
        "            out.write_table(pa.Table.from_pylist(rows, schema)); rows = []\n"
        "    out.write_table(pa.Table.from_pylist(rows, schema))\n"
    )
    subprocess.run([ROOT / ".venv/bin/python", "-c", code, source, target], check=True)


def pipe() -> None:
    """Both processes on one core: what a core gives is what the pair takes."""
    source = make("1000.jsonl", 1000 * MB)
    core = str(min(os.sched_getaffinity(0)))
    runs = []
    for _ in range(5):
        line = f"{command('fetch')} file --quiet {source} | {command('write')} --quiet --force -o {OUT / 'copy.jsonl'}"
        runs.append(measured(["/usr/bin/taskset", "-c", core, "/bin/sh", "-c", line]))
    size = source.stat().st_size / MB
    speeds = sorted(size / run.wall for run in runs)
    row(
        "cecil-fetch file | cecil-write -o, JSONL, 1 GB, one core",
        ">= 150 MB/s",
        f"{statistics.median(speeds):.0f} MB/s (of 5: {speeds[0]:.0f} to {speeds[-1]:.0f})",
    )
    copy = (OUT / "copy.jsonl").stat().st_size
    row("  and what came is what went, bytes", f"{source.stat().st_size}", f"{copy}")


def redact() -> None:
    for name, size, numbers in (
        ("repeating", 10, False),
        ("repeating", 1000, False),
        ("all different", 10, True),
        ("all different", 100, True),
    ):
        path = make(f"redact-{name.replace(' ', '-')}-{size}.jsonl", size * MB, numbers)
        usage = measured([command("redact"), "--nlp", "none", "--quiet", str(path)], OUT / "redacted.jsonl")
        speed = path.stat().st_size / MB / usage.cpu
        row(
            f"cecil-redact, {name}, {size} MB: peak memory",
            "the same",
            f"{usage.peak:.0f} MB ({speed:.1f} MB/s of CPU)",
        )


PARTS = {"start": start, "fetch": fetch, "parquet": parquet, "pipe": pipe, "redact": redact}


def main(argv: list[str]) -> int:
    OUT.mkdir(exist_ok=True)
    row("what", "asked", "got")
    try:
        for name in argv or PARTS:
            PARTS[name]()
    finally:
        if not os.environ.get("KEEP"):
            shutil.rmtree(OUT, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
