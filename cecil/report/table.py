"""The report for a terminal, and as JSON and CSV.

Owns: columns, rounding, alignment. ASCII only: a report is mailed, logged and compared. Colour is the
caller's decision. Refuses: to add up; all figures are the roll-up's.
"""

import csv
import io
from datetime import date
from decimal import Decimal

import orjson

from cecil.fingerprint.prices import PICO, Unpriced
from cecil.fingerprint.rollup import Cell, Rollup
from cecil.fingerprint.usage import Quality

STALE = 60
"""Days after which list prices are called old."""

_NANO = PICO // 1_000_000_000

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"

_HEAD = ("calls", "errors", "input", "cache read", "cache write", "output", "reasoning", "cost USD")

_REASONS = {
    Unpriced.MODEL: "model not in the price list",
    Unpriced.TIER: "service tier without a list price",
    Unpriced.REGION: "region without a list price",
    Unpriced.UNITS: "audio or image tokens",
    Unpriced.PRICE: "a kind of token without a list price",
}

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
)


def dollars(pico: int, places: int) -> str:
    """A cost as decimal text, rounded half to even, with a comma between thousands."""
    return f"{Decimal(pico).scaleb(-12).quantize(Decimal(1).scaleb(-places)):,}"


def exact(pico: int) -> str:
    """A cost as decimal text with every digit and no zeros behind them."""
    text = f"{Decimal(pico).scaleb(-12):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def terminal(rollup: Rollup, *, colour: bool = False) -> str:
    """The report as text, lines ending in newlines.

    Args:
        colour: bold for the head and the total, dim for the notes.
    """
    places = 2 if rollup.total.cost >= 100 * PICO else 4 if rollup.total.cost >= PICO // 10 else 6
    cells = [*rollup.groups(), ("total", rollup.total)]
    rows = [[rollup.by.value, *_HEAD], *([name, *_figures(cell, places)] for name, cell in cells)]
    if rollup.unpriced:
        # The mark stands behind the figures, which stay aligned.
        rows = [[*row[:-1], row[-1] if row[-1].endswith("+") else row[-1] + " "] for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    rule = "-" * max(map(len, lines))
    bold, dim, plain = (_BOLD, _DIM, _PLAIN) if colour else ("", "", "")
    out = [f"{bold}{lines[0]}{plain}", rule, *lines[1:-1]]
    if len(rows) > 2:
        out.append(rule)
    out += [f"{bold}{lines[-1]}{plain}", ""]
    out += [f"{dim}{note}{plain}" for note in notes(rollup)]
    return "\n".join(out) + "\n"


def _aligned(row: list[str], widths: list[int]) -> list[str]:
    return [row[0].ljust(widths[0])] + [
        text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)
    ]


def _figures(cell: Cell, places: int) -> list[str]:
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
        cost = dollars(cell.cost, places) + ("+" if cell.unpriced else "")
    return [*(f"{number:,}" for number in numbers), cost]


def notes(rollup: Rollup) -> list[str]:
    """The lines below the table: where every record is, how good the counts are, whose prices."""
    total = rollup.total
    parts = f"{total.priced:,} priced + {total.unpriced:,} unpriced + {rollup.silent:,} without usage"
    lines = [f"accounting: {total.records:,} records of {total.calls:,} calls read = {parts}"]
    if rollup.unpriced:
        parts = ", ".join(
            f"{count:,} {_REASONS[reason]}" for reason, count in sorted(rollup.unpriced.items())
        )
        lines.append(f"unpriced: {parts}; a cost marked + leaves records out")
    tokens = sum(rollup.quality_tokens.values())
    if tokens:
        reported = _share(rollup.quality_tokens[Quality.REPORTED], tokens)
        lines.append(f"quality: {reported} of tokens fully reported; {rollup.flagged:,} records flagged")
    if rollup.undated:
        lines.append(f"time: {rollup.undated:,} records have no time and are priced as of the list's date")
    lines.append(f"prices: list prices of {rollup.prices.date}, USD ({rollup.prices.source}); not an invoice")
    return lines


def _share(part: int, whole: int) -> str:
    """A percentage, rounded down: 100.0 % is all of it."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"


def stale(rollup: Rollup, today: date) -> str | None:
    """The warning about old prices, if they are old."""
    age = rollup.prices.age(today)
    return f"the prices are {age} days old ({rollup.prices.date})" if age > STALE else None


def as_json(rollup: Rollup, today: date) -> bytes:
    """One JSON object with everything that the terminal table shows, unrounded."""
    row = {
        "by": rollup.by.value,
        "groups": [{rollup.by.value: name, **_row(cell)} for name, cell in rollup.groups()],
        "total": _row(rollup.total),
        "accounting": {
            "read": rollup.total.records,
            "priced": rollup.total.priced,
            "unpriced": {reason.value: rollup.unpriced[reason] for reason in Unpriced},
            "without_usage": rollup.silent,
        },
        "quality": {
            quality.value: {"records": rollup.quality[quality], "tokens": rollup.quality_tokens[quality]}
            for quality in Quality
        },
        "flagged": rollup.flagged,
        "priced_without_time": rollup.undated,
        "prices": {
            "date": rollup.prices.date.isoformat(),
            "currency": "USD",
            "source": rollup.prices.source,
            "kind": "list",
            "stale": stale(rollup, today) is not None,
        },
    }
    return orjson.dumps(row) + b"\n"


def _row(cell: Cell) -> dict[str, object]:
    return {
        "calls": cell.calls,
        "errors": cell.failed,
        "records": cell.records,
        **cell.tokens,
        "priced": cell.priced,
        "unpriced": cell.unpriced,
        # Digits and all: a JSON number has no precision of its own.
        "cost_usd": orjson.Fragment(exact(cell.cost)),
        "cost_nano_usd": (cell.cost + _NANO // 2) // _NANO,
    }


def as_csv(rollup: Rollup) -> bytes:
    """One row a group, a header and no total: sums of a column are the reader's."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((rollup.by.value, *_CSV_HEAD[1:]))
    for name, cell in rollup.groups():
        figures = {"group": name, **_row(cell), "cost_usd": exact(cell.cost)}
        writer.writerow(figures[column] for column in _CSV_HEAD)
    return text.getvalue().encode()
