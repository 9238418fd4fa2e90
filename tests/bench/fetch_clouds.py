"""Peak memory and speed of cecil-fetch azure and gcp against the tests' stand-ins.

    python -m tests.bench.fetch_clouds [--records 10000,500000] [azure] [gcp]

The stand-ins run in this process, on a core of their own if there is one; records are made as they are asked for.
Azure is asked without pace. Google's pace is the service's quota, a page of 1000 entries a second: what is shown
without it is what the client could do. Peak memory is what the kernel noted for cecil-fetch's own process.
"""

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.azure_service import WORKSPACE, AzureService, Series, ticks
from tests.conftest import BIN, environment
from tests.google_service import LOG, GoogleService, entry, nanoseconds

START = "2026-01-01T00:00:00Z"
WINDOW = ["--since", START, "--until", "2026-06-01T00:00:00Z", "--quiet"]


class Figure(NamedTuple):
    source: str
    records: int
    seconds: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return (
            f"{self.source:12} {self.records:>9,} records {self.records / self.seconds:>9,.0f}/s "
            f"{self.records / self.cpu:>9,.0f}/s of its own CPU {self.peak:6.1f} MB peak"
        )


def measure(source: str, records: int, argv: Sequence[str], env: dict[str, str], folder: Path) -> Figure:
    """One run of cecil-fetch into nothing."""
    begun = time.monotonic()
    before = os.times()
    process = subprocess.Popen(
        [str(BIN / "cecil-fetch"), *argv], stdout=subprocess.PIPE, env=environment(folder) | env, cwd=folder
    )
    peak, lines = 0, 0
    assert process.stdout
    while data := process.stdout.read(1 << 20):
        lines += data.count(b"\n")
        peak = max(peak, _peak(process.pid))
    if process.wait():
        raise SystemExit(f"{source}: cecil-fetch ended with {process.returncode}")
    seconds = time.monotonic() - begun
    after = os.times()
    if lines != records:
        raise SystemExit(f"{source}: {lines} records came, of {records}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Figure(source, records, seconds, cpu, peak / 1024)


def _peak(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.split("\n") if line.startswith("VmHWM")), 0)


def azure(counts: Sequence[int]) -> Iterator[Figure]:
    """Rows of seven columns, 180 bytes as records."""
    columns = [("TimeGenerated", "datetime"), ("Level", "string"), ("Msg", "string"), ("N", "long")]
    columns += [("Dur", "real"), ("Ok", "bool"), ("Id", "guid")]
    rows = [
        f'"INFO","user{at} wrote to user{at}@example.com",{at},{at / 8},true,"8c1e0000-0000-4000-8000-{at:012}"'
        for at in range(1000)
    ]
    with tempfile.TemporaryDirectory() as name, AzureService(Path(name)) as service:
        argv = ["azure", "--endpoint-url", service.url, "--workspace", WORKSPACE, "--table", "AppLogs"]
        for count in counts:
            service.tables["AppLogs"] = Series(count, columns, lambda at: rows[at % 1000], ticks(START), 1000)
            run = [*argv, *WINDOW, "--rate", "1000"]
            yield measure("azure", count, run, service.environment(), Path(name))


def gcp(counts: Sequence[int]) -> Iterator[Figure]:
    """Entries with a JSON payload, 400 bytes as records."""
    start = nanoseconds(START)
    with tempfile.TemporaryDirectory() as name, GoogleService(Path(name)) as service:
        rest = ["gcp", "--endpoint-url", service.url]
        rpc = ["gcp", "--transport", "grpc", "--endpoint-url", service.grpc_url]
        for count in counts:
            made = count

            def source(since: int, until: int, offset: int, size: int) -> tuple[list[bytes], int]:
                return [_entry(start, at) for at in range(offset, min(offset + size, made))], made  # noqa: B023

            service.source = source
            yield measure(
                "gcp unpaced", count, [*rest, *WINDOW, "--rate", "1000"], service.environment(), Path(name)
            )
        made = 5000
        yield measure("gcp", made, [*rest, *WINDOW], service.environment(), Path(name))
        payload = {"n": 1, "who": "user@example.com", "took": 0.25}
        service.entries = [entry(start + at * 10**6, json=payload) for at in range(20_000)]
        run = [*rpc, *WINDOW, "--rate", "1000"]
        yield measure("gcp grpc", 20_000, run, service.environment(), Path(name))


def _entry(start: int, at: int) -> bytes:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start // 10**9 + at // 1000))
    return (
        f'{{"insertId":"i{at}","jsonPayload":{{"n":{at},"who":"user{at}@example.com","took":0.25}},'
        f'"resource":{{"type":"gce_instance","labels":{{"zone":"europe-west1-b","instance_id":"1"}}}},'
        f'"timestamp":"{moment}.{at % 1000:03}Z","severity":"INFO","logName":"{LOG}",'
        f'"receiveTimestamp":"{moment}.{at % 1000:03}000001Z"}}'
    ).encode()


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fetch_clouds", description=__doc__)
    parser.add_argument(
        "--records", default="10000,500000", help="how many, by commas (default: 10000,500000)"
    )
    parser.add_argument("sources", nargs="*", default=["azure", "gcp"], help="azure, gcp")
    args = parser.parse_args(argv)
    counts = [int(count) for count in args.records.split(",")]
    for name in args.sources:
        for figure in {"azure": azure, "gcp": gcp}[name](counts):
            print(figure, flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
