"""`make bench-leaktest`: known values through every built-in policy, and what is left of them.

Runs bin/cecil-leaktest on records that cecil-fetch makes up, for each policy that ships with Cecil, until at
least `ASKED` values are planted in all. Prints a row a policy and each way that leaks; writes
bench-out/leaktest.json. Status 1 when something is left, or fewer were planted.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cecil.sanitizer.policy import built_in_names
from tests.bench import OUT
from tests.conftest import BIN, environment

ASKED = 100_000
SHARES = {"secrets-only": 0.05, "strict-empty": 0.05}
"""Of all values; the other policies have as many as each other."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench-leaktest")
    parser.add_argument("--values", type=int, default=ASKED + 2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policies", default=",".join(built_in_names()))
    args = parser.parse_args(argv)
    names = args.policies.split(",")
    rest = (1 - sum(SHARES.get(name, 0) for name in names)) / max(
        1, len([n for n in names if n not in SHARES])
    )
    told: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder)) | {"HOME": os.environ.get("HOME", folder)}
        mock = [BIN / "cecil-fetch", "mock", "--records", "500"]
        sample = subprocess.run(mock, stdout=subprocess.PIPE, check=True, env=env).stdout
        print(
            f"{'policy':14}{'planted':>9}{'borders':>9}{'quarantined':>13}{'left':>6}{'CPU s':>8}", flush=True
        )
        for name in names:
            count = round(args.values * SHARES.get(name, rest))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            argv = [BIN / "cecil-leaktest", "--json", "-q", "--policy", name, "--values", str(count)]
            argv += ["--seed", str(args.seed), "-", "--", "--nlp", "none"]
            run = subprocess.run(argv, input=sample, stdout=subprocess.PIPE, check=False, env=env)
            if run.returncode not in (0, 4):
                return run.returncode
            told[name] = one = json.loads(run.stdout)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            gone = sum(row["quarantined"] for row in one["entities"])
            row = (
                f"{name:14}{one['planted']:>9}{one['over_borders']:>9}{gone:>13}{one['left']:>6}{spent:>8.0f}"
            )
            print(row, flush=True)
            for leak in one["leaks"]:
                ways = (
                    leak[key]
                    for key in ("kind", "where", "place", "encoding", "nesting", "spelling", "output")
                )
                print("   ", " ".join(filter(None, ways)), f"x{leak['count']}", flush=True)
    planted, left = (sum(one[key] for one in told.values()) for key in ("planted", "left"))
    OUT.mkdir(exist_ok=True)
    (OUT / "leaktest.json").write_text(json.dumps(told, indent=1))
    print(f"\nasked: {ASKED} values planted, 0 left; got: {planted} planted, {left} left")
    return 0 if not left and planted >= ASKED else 1


if __name__ == "__main__":
    sys.exit(main())
