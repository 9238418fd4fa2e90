"""Benches: what is measured on demand, and judged by a reader. Nothing here runs in `make test`."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / "bench-out"


def environment(**more: str) -> dict[str, str]:
    """That of a command which is measured: compiled modules are kept and used, as for a user."""
    slower = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in slower}
    return kept | {"XDG_STATE_HOME": str(OUT / "state")} | more
