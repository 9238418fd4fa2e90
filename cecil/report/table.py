"""The report for a terminal, and as JSON and CSV.

Owns: columns, rounding, alignment. ASCII only: a report is mailed, logged and compared. Colour is the
caller's decision. Refuses: to add up; all figures are the roll-up's and the levers'.
"""

import csv
import io
import textwrap
from collections.abc import Sequence
from datetime import date

import orjson

from cecil.fingerprint.prices import PICO, Quote, Unpriced
from cecil.fingerprint.rollup import Cell, Rollup
from cecil.fingerprint.savings import Saving
from cecil.fingerprint.usage import Quality
from cecil.report.words import dollars, exact, notes, oldest, percent, places, stale

_NANO = PICO // 1_000_000_000

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"

_HEAD = ("calls", "errors", "input", "cache read", "cache write", "output", "reasoning", "cost USD")

_CSV_HEAD = (
    "group",
    "calls",
    "errors",
    "records",
    "in_fresh",
    "in_cache_read",
    "in_cache_write_5m",
    "in_cache_write_1h",
    "out_text",
    "out_reasoning",
    "priced",
    "unpriced",
    "cost_usd",
    "prices_as_of",
)
_WIDTH = 100


def terminal(
    rollup: Rollup,
    savings: Sequence[Saving] = (),
    *,
    top: int | None = None,
    explain: bool = False,
    colour: bool = False,
) -> str:
    """The report as text, lines ending in newlines.

    Args:
        top: how many rows at most; the rest is one row more.
        explain: whether every lever says how it is computed.
        colour: bold for the head and the total, dim for the notes.
    """
    decimals = places(rollup.total.cost)
    cells = [*rollup.groups(top), ("total", rollup.total)]
    rows = [[rollup.by.value, *_HEAD], *([name, *_figures(cell, decimals)] for name, cell in cells)]
    if rollup.unpriced:
        # The mark stands behind the figures, which stay aligned.
        rows = [[*row[:-1], row[-1] if row[-1].endswith("+") else row[-1] + " "] for row in rows]
    lines = _aligned(rows)
    rule = "-" * max(map(len, lines))
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    out = [f"{bold}{lines[0]}{plain}", rule, *lines[1:-1]]
    if len(rows) > 2:
        out.append(rule)
    out += [f"{bold}{lines[-1]}{plain}", ""]
    out += [f"{dim}{name}: {text}{plain}" for name, text in notes(rollup)]
    if savings:
        head, *body = _savings(savings, rollup, explain=explain)
        out += ["", f"{bold}{head}{plain}", *body]
    return "\n".join(out) + "\n"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            [row[0].ljust(widths[0])]
            + [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        ).rstrip()
        for row in rows
    ]


def _figures(cell: Cell, decimals: int) -> list[str]:
    tokens = cell.tokens
    numbers = (
        cell.calls,
        cell.failed,
        tokens["in_fresh"],
        tokens["in_cache_read"],
        tokens["in_cache_write_5m"] + tokens["in_cache_write_1h"],
        tokens["out_text"],
        tokens["out_reasoning"],
    )
    if cell.unpriced and not cell.priced:
        cost = "unpriced"
    else:
        cost = dollars(cell.cost, decimals) + ("+" if cell.unpriced else "")
    return [*(f"{number:,}" for number in numbers), cost]


def _savings(savings: Sequence[Saving], rollup: Rollup, *, explain: bool) -> list[str]:
    """What could be saved: one line a lever that found something, and the names of the others."""
    decimals = places(rollup.total.cost)
    found = [saving for saving in savings if saving.low or saving.high]
    lines = ["savings: each lever alone, USD at list prices; they overlap, so do not add them up"]
    rows = [
        [
            saving.lever,
            dollars(saving.low, decimals),
            "..",
            dollars(saving.high, decimals),
            f"{percent(saving.low, rollup.total.cost)} .. {percent(saving.high, rollup.total.cost)}",
            f"{saving.calls:,} of {saving.looked_at:,} records",
        ]
        for saving in found
    ]
    for saving, line in zip(found, _aligned(rows) if rows else (), strict=True):
        lines.append(f"  {line}")
        figures = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in saving.figures.items())
        if figures:
            lines += _wrapped(figures, "    ")
        if explain:
            lines += _explained(saving)
    rest = [saving for saving in savings if saving not in found]
    if explain:
        for saving in rest:
            lines += [f"  {saving.lever}: nothing found in {saving.looked_at:,} records", *_explained(saving)]
    elif rest:
        lines += _wrapped("nothing found: " + ", ".join(saving.lever for saving in rest), "  ")
    return lines


def _explained(saving: Saving) -> list[str]:
    return [
        *_wrapped(saving.formula, "    ", "computed: "),
        *_wrapped("; ".join(saving.assumes), "    ", "assumed: "),
    ]


def _wrapped(text: str, indent: str, head: str = "") -> list[str]:
    return textwrap.wrap(
        head + text, _WIDTH, initial_indent=indent, subsequent_indent=indent + "  " * bool(head)
    )


def as_json(rollup: Rollup, today: date, savings: Sequence[Saving] = (), top: int | None = None) -> bytes:
    """One JSON object with everything that the terminal table shows, unrounded."""
    row = {
        "by": rollup.by.value,
        "groups": [{rollup.by.value: name, **_row(cell)} for name, cell in rollup.groups(top)],
        "total": _row(rollup.total),
        "costs": {name: _money(cost) for name, cost in zip(Quote._fields, rollup.costs, strict=True)},
        "accounting": {
            **rollup.accounting._asdict(),
            "unpriced_for": {reason.value: rollup.unpriced[reason] for reason in Unpriced},
            "skipped_for": dict(sorted(rollup.skipped.items())),
        },
        "quality": {
            quality.value: {"records": rollup.quality[quality], "tokens": rollup.quality_tokens[quality]}
            for quality in Quality
        },
        "flagged": rollup.flagged,
        "priced_without_time": rollup.undated,
        "savings": [
            {
                "lever": saving.lever,
                "low_usd": _money(saving.low),
                "high_usd": _money(saving.high),
                "records": saving.calls,
                "looked_at": saving.looked_at,
                "spent_usd": _money(saving.spent),
                "formula": saving.formula,
                "assumes": saving.assumes,
                **saving.figures,
            }
            for saving in savings
        ],
        "prices": {
            "date": oldest(rollup).isoformat(),
            "currency": "USD",
            "sources": [{"date": o.date.isoformat(), "name": o.name} for o in rollup.prices.origins],
            "kind": "list",
            "stale": stale(rollup, today) is not None,
        },
    }
    return orjson.dumps(row) + b"\n"


def _money(pico: int) -> orjson.Fragment:
    # Digits and all: a JSON number has no precision of its own.
    return orjson.Fragment(exact(pico))


def _row(cell: Cell) -> dict[str, object]:
    return {
        "calls": cell.calls,
        "errors": cell.failed,
        "records": cell.records,
        **cell.tokens,
        "priced": cell.priced,
        "unpriced": cell.unpriced,
        "cost_usd": _money(cell.cost),
        "cost_nano_usd": (cell.cost + _NANO // 2) // _NANO,
    }


def as_csv(rollup: Rollup, top: int | None = None) -> bytes:
    """One row a group, a header and no total: sums of a column are the reader's.

    Each row has the day of the oldest list that priced something: a table goes where no note goes with it.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((rollup.by.value, *_CSV_HEAD[1:]))
    for name, cell in rollup.groups(top):
        figures = {"group": name, **_row(cell), "cost_usd": exact(cell.cost), "prices_as_of": oldest(rollup)}
        writer.writerow(figures[column] for column in _CSV_HEAD)
    return text.getvalue().encode()
