"""One run of the job in Spark, in a process of its own: `python -m tests.bench.spark_job FOLDER OUT CORES`.

Prints two numbers: seconds of the wall, without Spark's own start, and seconds of CPU of Java and all of Python's
workers. Before it counts, every core's worker has made its detectors and Java has compiled what it runs.
"""

import contextlib
import glob
import os
import shutil
import sys
import time

from cecil.sanitizer.policy import Policy
from cecil.spark.job import Job, run, session
from tests.processes import below

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    # The last task of one core is all that the other waits for.
    "spark.sql.files.maxPartitionBytes": str(16 << 20),
}
_TICKS = os.sysconf("SC_CLK_TCK")


def used() -> float:
    """Seconds of CPU of all processes below this one, and of those of theirs that have ended."""
    total = 0.0
    for pid in below(os.getpid()):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
            total += sum(map(int, file.read().rpartition(")")[2].split()[11:15])) / _TICKS
    return total


def main(source: str, out: str, cores: int) -> tuple[float, float]:
    """Seconds of the wall, and of CPU."""
    spark = session(f"local[{cores}]", SETTINGS)
    files = sorted(glob.glob(f"{source}/*"))
    took = (0.0, 0.0)
    for inputs, name in ((files[:4], f"{out}-warm"), ([source], out)):
        shutil.rmtree(name, ignore_errors=True)
        start, before = time.perf_counter(), used()
        run(spark, Job(inputs, name, f"{name}.bad", "jsonl", Policy.load("default")))
        took = time.perf_counter() - start, used() - before
        shutil.rmtree(name)
    spark.stop()
    return took


if __name__ == "__main__":
    print(*main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
