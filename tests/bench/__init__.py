"""Benches: what is measured on demand, and judged by a reader. Nothing here runs in `make test`."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
OUT = ROOT / "bench-out"
