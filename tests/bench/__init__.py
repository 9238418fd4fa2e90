"""Benches: what is measured on demand, and judged by a reader. Nothing here runs in `make test`."""

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
OUT = ROOT / "bench-out"


def environment(**more: str) -> dict[str, str]:
    """That of a command which is measured: compiled modules are kept and used, as for a user."""
    slower = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in slower}
    return kept | {"XDG_STATE_HOME": str(OUT / "state")} | more


def judged(what: str, got: float, *, least: float | None = None, most: float | None = None) -> dict[str, Any]:
    """Tell a figure beside what is asked: at least so much, or less than so much.

    Returns:
        what was told, for a file of figures.
    """
    met = (least is None or got >= least) and (most is None or got < most)
    wanted = f">= {least:g}" if least is not None else f"< {most:g}"
    sys.stdout.write(f"  {what:<66} asked {wanted:<9} got {got:<8.2f} {'yes' if met else 'NO'}\n")
    sys.stdout.flush()
    return {"what": what, "asked": wanted, "got": got, "met": met}
