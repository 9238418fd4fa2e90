"""`make corpus CORPUS=DIR`: the whole pipe over every log below DIR, however large a collection that is.

Each file goes through fetch, redact and write (JSONL; Parquet where its records allow one schema), and
through fetch, fingerprint and report. Held for each: no command fails or meets a bug, every record is
in the output or in quarantine, and redacting the output again changes nothing. Prints a line a file,
and fails when something did not hold.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import orjson

BIN = Path(__file__).parents[2] / "bin"
SUFFIXES = (".jsonl", ".jsonl.gz", ".log", ".log.gz", ".csv", ".csv.gz")
DONE = (0, 3)


def command(name: str, *args: str | Path, stdin: Path | None = None, stdout: Path) -> tuple[int, str]:
    """Run a command between two files; its status and what it said."""
    with open(stdin or os.devnull, "rb") as source, open(stdout, "wb") as target:
        done = subprocess.run(
            [BIN / f"cecil-{name}", *args], stdin=source, stdout=target, stderr=subprocess.PIPE, check=False
        )
    return done.returncode, done.stderr.decode()


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def check(path: Path, work: Path) -> list[str]:
    """What did not hold for one file."""
    wrong = []

    def ran(name: str, *args: str | Path, allowed: tuple[int, ...] = DONE, **files: Path) -> int:
        status, said = command(name, *args, **files)  # type: ignore[arg-type]
        if status not in allowed:
            wrong.append(f"cecil-{name} ended with {status}: {said.strip()[:200]}")
        return status

    records, redacted, again, stats = (work / name for name in ("records", "redacted", "again", "stats.json"))
    quarantine = ("--quarantine", work / "quarantine")
    started = time.monotonic()
    ran("fetch", "file", "-q", *quarantine, path, stdout=records)
    ran("redact", "-q", "--nlp", "none", "--stats-file", stats, *quarantine, stdin=records, stdout=redacted)
    seconds = time.monotonic() - started
    counts = orjson.loads(stats.read_bytes())
    if lines(records) != counts["read"] or lines(redacted) + counts["quarantined"] != counts["read"]:
        wrong.append("records were lost between fetch and redact")
    ran("redact", "-q", "--nlp", "none", *quarantine, stdin=redacted, stdout=again)
    if again.read_bytes() != redacted.read_bytes():
        wrong.append("redacting twice changed something")
    ran(
        "write",
        "-q",
        "--force",
        "-o",
        work / "out.jsonl.gz",
        *quarantine,
        stdin=redacted,
        stdout=work / "none",
    )
    # Logs of many shapes have no one schema; then Parquet says so.
    parquet = ran(
        "write",
        "-q",
        "--force",
        "-o",
        work / "out.parquet",
        *quarantine,
        allowed=(0, 1, 3),
        stdin=redacted,
        stdout=work / "none",
    )
    prints = work / "fingerprints"
    ran("fingerprint", "-q", *quarantine, stdin=records, stdout=prints)
    ran("report", stdin=prints, stdout=work / "report")
    found = sum(counts["findings"].values())
    size = path.stat().st_size
    sys.stdout.write(
        f"{path.name:<40} {size / 1e6:7.2f} MB {counts['read']:7} records {found:7} findings "
        f"{counts['quarantined']:4} quarantined {lines(prints):5} calls  parquet {'yes' if parquet == 0 else 'no '} {seconds:6.1f} s"
        f"{'' if not wrong else '  WRONG'}\n"
    )
    sys.stdout.flush()
    return [f"{path}: {what}" for what in wrong]


def main(argv: list[str]) -> int:
    files = sorted(
        path for folder in argv for path in Path(folder).rglob("*") if path.name.endswith(SUFFIXES)
    )
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        for path in files:
            wrong += check(path, Path(folder))
    sys.stdout.write(f"{len(files) - len({w.split(': ')[0] for w in wrong})} passed, {len(wrong)} failed\n")
    sys.stdout.write("".join(f"{what}\n" for what in wrong))
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
