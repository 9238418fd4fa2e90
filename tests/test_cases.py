"""Cases as folders: a shell line, its input, and what it must give.

    tests/cases/NAME/cmd       one shell line; the commands are on PATH, the folder's files are beside it
    tests/cases/NAME/input     standard input (none: empty)
    tests/cases/NAME/expout    standard output, byte for byte
    tests/cases/NAME/experr    standard error; `QUARANTINE` stands for a quarantine file's path
    tests/cases/NAME/status    exit status (none: 0)
    tests/cases/NAME/expfiles/ files that must be there afterwards, byte for byte

`CECIL_ACCEPT=1 pytest tests/test_cases.py` rewrites expout and experr; review them with git diff.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import BIN, with_commands

CASES = Path(__file__).parent / "cases"


def read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


NAMES = sorted(path.name for path in CASES.iterdir())

STARTED = """
    fetch-jsonl fetch-parquet-cut fingerprint map-draft policy-llm redact-gzip redact-names redact-shapes
    report report-html settings-file write-csv
""".split()
"""Cases whose commands are started as a shell starts them; those of the others are forked."""


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path, env: dict[str, str], launchers: Path) -> None:
    compare(name, tmp_path, with_commands(BIN if name in STARTED else launchers, env))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(NAMES) - set(STARTED)))
def test_case_of_launchers(name: str, tmp_path: Path, env: dict[str, str]) -> None:
    compare(name, tmp_path, with_commands(BIN, env))


def compare(name: str, tmp_path: Path, env: dict[str, str]) -> None:
    case = CASES / name
    work = tmp_path / "work"
    shutil.copytree(
        case, work, ignore=shutil.ignore_patterns("cmd", "input", "expout", "experr", "status", "expfiles")
    )
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", (case / "cmd").read_text()],
        input=read(case / "input"),
        capture_output=True,
        cwd=work,
        env=env,
        timeout=120,
        check=False,
    )
    state = re.escape(str(tmp_path)).encode()
    stderr = re.sub(state + rb"/state/cecil/quarantine/[\w-]+\.jsonl", b"QUARANTINE", run.stderr)
    if os.environ.get("CECIL_ACCEPT"):
        (case / "expout").write_bytes(run.stdout)
        (case / "experr").write_bytes(stderr)
        (case / "status").write_text(f"{run.returncode}\n")
    assert stderr.decode() == read(case / "experr").decode()
    assert run.stdout == read(case / "expout")
    assert run.returncode == int(read(case / "status") or b"0")
    for expected in sorted((case / "expfiles").glob("*")) if (case / "expfiles").exists() else ():
        assert (work / expected.name).read_bytes() == expected.read_bytes()
