"""One run of cecil-fetch into nothing, measured: what the benches of its sources share.

A process's peak of memory counts from the one that it was forked from, so a small one starts it. That one also looks
at it while it runs: where cecil-fetch starts a process itself (the login to Azure), the kernel tells the largest of
them in the end.
"""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import BIN, environment

_MEASURE = """
import os, sys, time
null = [(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
peak = 0
while True:
    found, status, usage = os.wait4(pid, os.WNOHANG)
    if found:
        break
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith("VmHWM"):
                peak = int(line.split()[1])
    time.sleep(0.02)
print(peak, usage.ru_maxrss, usage.ru_utime, usage.ru_stime)
sys.exit(os.waitstatus_to_exitcode(status))
"""
_NEAR = 2048
"""KB within which the last look and the kernel's word are about the same process."""


class Figure(NamedTuple):
    """One run.

    Attributes:
        seconds: of the clock; user, system: of the processor, of all its processes.
        peak: of cecil-fetch's own process, in MB.
        largest: of the largest of its processes.
    """

    what: str
    records: int
    seconds: float
    user: float
    system: float
    peak: float
    largest: float

    def __str__(self) -> str:
        more = f" (the largest of its processes {self.largest:.1f})" if self.largest > self.peak else ""
        return (
            f"{self.what:26} {self.records:>9,} records {self.records / self.seconds:>9,.0f}/s "
            f"{self.records / self.user:>10,.0f} per s of user CPU {self.system:5.1f} s of system CPU "
            f"{self.peak:5.1f} MB peak{more}"
        )


def measure(
    what: str, records: int, argv: Sequence[str], folder: Path, env: dict[str, str] | None = None
) -> Figure:
    """Run `cecil-fetch ARGV` in a folder, and see that so many records came."""
    command = [sys.executable, "-S", "-c", _MEASURE, str(BIN / "cecil-fetch"), *argv, "--stats", "json"]
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, env=environment(folder) | (env or {}), capture_output=True, check=False
    )
    seconds = time.monotonic() - started
    told = done.stderr.decode()
    if done.returncode or json.loads(told.splitlines()[-1])["written"] != records:
        raise SystemExit(f"{what}: status {done.returncode}, {records} records were to come: {told}")
    looked, largest, user, system = map(float, done.stdout.split())
    peak = largest if largest - looked < _NEAR else looked
    return Figure(what, records, seconds, user, system, peak / 1024, largest / 1024)


def sizes(text: str) -> list[int]:
    """`10000,5000000`."""
    return [int(count) for count in text.split(",")]
