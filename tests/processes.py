"""Processes below another, as Linux tells them: for tests and benches."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


def children(pid: int) -> list[int]:
    """Those that a process started, from whichever of its threads; none of a process that has ended."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def below(pid: int) -> Iterator[int]:
    """All below a process, those above first."""
    for child in children(pid):
        yield child
        yield from below(child)
