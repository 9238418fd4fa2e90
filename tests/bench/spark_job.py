"""One run of the job in Spark, in a process of its own: `python -m tests.bench.spark_job WARM FOLDER OUT CORES`.

Prints three numbers: seconds of the wall, without Spark's own start, and seconds of CPU, of Java and of all of
Python's workers. Before it counts, it redacts the folder WARM, of which nothing is in the other: every core's worker
has made its detectors and filled its memory of texts, and Java has compiled what it runs.
"""

import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

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


def used() -> tuple[float, float]:
    """Seconds of CPU, of Java and of Python, of all processes below this one and of those of theirs that have ended."""
    java = python = 0.0
    for pid in below(os.getpid()):
        with contextlib.suppress(OSError):
            name, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
            seconds = sum(map(int, rest.split()[11:15])) / _TICKS
            if name.endswith("(java"):
                java += seconds
            else:
                python += seconds
    return java, python


def main(warm: str, source: str, out: str, cores: int) -> tuple[float, float, float]:
    """Seconds of the wall, and of CPU: Java's and Python's."""
    spark = session(f"local[{cores}]", SETTINGS)
    took = (0.0, 0.0, 0.0)
    for inputs, name in ((warm, f"{out}-warm"), (source, out)):
        shutil.rmtree(name, ignore_errors=True)
        start, (java, python) = time.perf_counter(), used()
        run(spark, Job([inputs], name, f"{name}.bad", "jsonl", Policy.load("default")))
        wall, (java_then, python_then) = time.perf_counter() - start, used()
        took = wall, java_then - java, python_then - python
        shutil.rmtree(name)
    spark.stop()
    return took


if __name__ == "__main__":
    print(*main(*sys.argv[1:4], int(sys.argv[4])))
