"""Nothing of a log comes out of cecil-report, in any of its forms: canaries in every string and key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.llm_samples import apart
from tests.test_fingerprint_leaks import (
    SHAPES,
    assert_clean,
    at,
    canaries,
    digests,
    leaves,
    objects,
    planted,
    renamed,
)

pytestmark = pytest.mark.slow

Run = Callable[..., Any]


def corpus() -> tuple[bytes, set[bytes], int]:
    """Lines of records of every shape, each with a canary; digests of the canaries; how many."""
    records: list[Any] = []
    unkeyed: set[bytes] = set()
    for body in SHAPES:
        for path, value in leaves(body):
            if path:
                kinds = canaries(len(records))
                canary = kinds[len(records) % len(kinds)]
                records.append(planted(body, path, canary))
                if isinstance(value, str):
                    records.append(planted(body, path, value + canary))
                unkeyed.update(digests(canary))
        for path in objects(body):
            for key in at(body, path):
                canary = canaries(len(records))[0]
                records.append(renamed(body, path, key, canary))
                unkeyed.update(digests(canary))
    lines = b"".join(orjson.dumps(apart(record, number)) + b"\n" for number, record in enumerate(records))
    return lines, unkeyed, len(records)


LINES, UNKEYED, NUMBER = corpus()


@pytest.mark.parametrize(
    "options",
    [
        ("--by", "user", "--format", "table", "--explain"),
        ("--by", "user", "--format", "json"),
        ("--by", "model", "--format", "csv"),
        ("--by", "operation", "--format", "html"),
        ("--format", "focus"),
        ("--format", "json", "--strict", "--debug", "--stats", "json"),
    ],
)
def test_no_string_and_no_key_comes_out(cecil: Run, options: tuple[str, ...]) -> None:
    assert NUMBER > 4_000
    done = cecil("report", "--today", "2026-10-27", *options, stdin=LINES)
    assert done.returncode == (3 if "--strict" in options else 0), done.stderr
    assert len(done.stdout) > 500
    assert_clean(done.stdout + done.stderr, UNKEYED)


def test_neither_a_file_name_nor_damaged_lines_come_out(cecil: Run, tmp_path: Path) -> None:
    damaged = (b'{"model": "Kanari1"', b'{"Kanari2": 1, "Kanari2": 2}', b'{"a": "Kanari3\xff"}', b"Kanari4")
    (tmp_path / "log.jsonl").write_bytes(b"\n".join(damaged))
    for options in ((), ("--debug",)):
        done = cecil("report", "--quarantine", "q", *options, "log.jsonl")
        assert done.returncode == 3
        assert_clean(done.stdout + done.stderr, set())
    (tmp_path / "Kanari.jsonl").write_bytes(b'{"a": 1}\n')
    for form in ("table", "json", "csv", "html", "focus"):
        assert_clean(
            cecil("report", "--format", form, "--batchable", "Kanari.jsonl", "Kanari.jsonl").stdout, set()
        )
