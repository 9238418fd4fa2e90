"""The report as one HTML file: figures, charts, tables and levers, for a browser and for print.

The file needs nothing but itself: no script, no font, no image, no style from elsewhere, and a
content security policy that says so. Light or dark is the reader's setting; print is always light.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import escape

from cecil.fingerprint.prices import PICO, Quote
from cecil.fingerprint.rollup import Cell, Ledger, Rollup
from cecil.fingerprint.savings import Saving
from cecil.report import charts
from cecil.report.charts import COLOURS, Part
from cecil.report.words import LABELS, dollars, notes, percent, places, stale

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = 60
"""Columns of the chart of days at most; more days share one."""
_RANKED = 15
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_STYLE = """
:root{--bg:#fff;--fg:#1b1f24;--dim:#5b6570;--line:#d5dae0;--card:#f5f7f9;
--c0:#2563a8;--c1:#d9822b;--c2:#3b8f5a;--c3:#a6443c;--c4:#7558a8;--c5:#3a9aa3;--c6:#9aa3ad}
@media (prefers-color-scheme:dark){:root{--bg:#15181c;--fg:#e4e8ec;--dim:#9aa5b1;--line:#363d45;
--card:#1e2329;--c0:#5b9bd9;--c1:#e8a05c;--c2:#66bb85;--c3:#d9766e;--c4:#a58ad6;--c5:#62c3cc;--c6:#76808a}}
body{background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif;max-width:62rem;
margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}p{margin:.3rem 0}
.dim,small{color:var(--dim)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem;margin:1.4rem 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem}
.tile b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}
.warn{border:1px solid var(--c1);border-radius:6px;padding:.5rem .8rem;margin:1rem 0}
svg{width:100%;height:auto;display:block}svg text{font:12px system-ui,sans-serif;fill:var(--fg)}
.axis{stroke:var(--line)}
.c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.c4{fill:var(--c4)}
.c5{fill:var(--c5)}.c6{fill:var(--c6)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:.5rem 0}
.legend svg{width:12px;height:12px;display:inline}
.wide,section{overflow-x:auto}section>svg{min-width:40rem}
table{border-collapse:collapse;width:100%;font-size:.87rem;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .45rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child,td:first-child{text-align:left}td:first-child{min-width:9rem;white-space:normal;overflow-wrap:anywhere}
tfoot td{font-weight:600}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}
dt{color:var(--dim)}dd{margin:0}summary{cursor:pointer}
td.free{white-space:normal;text-align:left;padding-top:0}tr.head td{border-bottom:0}
@media print{:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--card:#fff;
--c0:#2563a8;--c1:#d9822b;--c2:#3b8f5a;--c3:#a6443c;--c4:#7558a8;--c5:#3a9aa3;--c6:#9aa3ad}
html{font-size:11px}body{max-width:none;margin:0;font-size:1rem}.wide,section{overflow:visible}section>svg{min-width:0}
th,td{padding:.2rem .3rem}section,tr,.tile{break-inside:avoid}rect{print-color-adjust:exact}
details::details-content{content-visibility:visible;display:block}}
"""

_HEAD = ("cost USD", "calls", "errors", "input", "cache read", "cache write", "output", "reasoning")


def as_html(
    rollup: Rollup, ledger: Ledger, savings: Sequence[Saving], today: date, *, top: int | None = None
) -> str:
    """The whole page.

    Args:
        ledger: the same records by hour and model.
        today: for the age of the prices.
        top: how many rows of the table at most.
    """
    warning = stale(rollup, today)
    body = [
        "<h1>What LLM calls cost</h1>",
        f'<p class="dim">{escape(_period(ledger))}</p>',
        f'<p class="warn">{escape(warning)}</p>' if warning else "",
        _tiles(rollup),
        _days(ledger),
        _models(ledger, rollup.total.cost),
        _mix(rollup),
        _hours(ledger),
        _table(rollup, top),
        _savings(savings, rollup.total.cost),
        "<section><h2>Where everything is</h2><dl>",
        *(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in notes(rollup)),
        "</dl></section>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>What LLM calls cost</title>'
        f"<style>{_STYLE}</style></head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body></html>\n"
    )


def _period(ledger: Ledger) -> str:
    times = [slot.t for slot in ledger.slots if slot.t is not None]
    if not times:
        return "No call with a price has a time."
    first, last = (_EPOCH + timedelta(hours=hour) for hour in (min(times), max(times)))
    return f"{first:%Y-%m-%d %H}:00 to {last:%Y-%m-%d %H}:59 UTC"


def _tiles(rollup: Rollup) -> str:
    total = rollup.total
    tiles = [
        ("USD at list prices", dollars(total.cost, places(total.cost)) + ("+" if total.unpriced else "")),
        ("calls", f"{total.calls:,}"),
        ("failed", f"{total.failed:,}"),
        ("tokens", f"{sum(total.tokens.values()):,}"),
        ("without a price", f"{total.unpriced:,}"),
    ]
    inner = "".join(f'<div class="tile"><b>{escape(value)}</b>{escape(name)}</div>' for name, value in tiles)
    return f'<div class="tiles">{inner}</div>'


def _by_model(ledger: Ledger, *, timed: bool = False) -> list[tuple[str, int]]:
    """Models and what their calls cost, most first.

    Args:
        timed: calls without a time are left out.
    """
    sums: defaultdict[str, int] = defaultdict(int)
    for slot, amounts in ledger.slots.items():
        if slot.t is not None or not timed:
            sums[f"{slot.model.provider}/{slot.model.id}"] += sum(amounts.costs)
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


def _days(ledger: Ledger) -> str:
    """A column a day, or more days than one where there are many, by model."""
    timed = [(slot.t // 24, slot, sums) for slot, sums in ledger.slots.items() if slot.t is not None]
    if not timed:
        return ""
    names = [name for name, _ in _by_model(ledger, timed=True)]
    colours = {name: min(place, COLOURS - 1) for place, name in enumerate(names)}
    first, last = min(day for day, _, _ in timed), max(day for day, _, _ in timed)
    days = -(-(last - first + 1) // _COLUMNS)
    columns: list[dict[int, int]] = [defaultdict(int) for _ in range((last - first) // days + 1)]
    for day, slot, sums in timed:
        columns[(day - first) // days][colours[f"{slot.model.provider}/{slot.model.id}"]] += sum(sums.costs)
    meaning = {colours[name]: name for name in names[: COLOURS - 1]}
    if len(names) >= COLOURS:
        meaning[COLOURS - 1] = (
            names[-1] if len(names) == COLOURS else f"{len(names) - COLOURS + 1} other models"
        )
    most = max(sum(column.values()) for column in columns)
    bars = []
    for number, column in enumerate(columns):
        label = f"{_EPOCH + timedelta(days=first + number * days):%m-%d}"
        parts = [
            Part(cost, colour, f"{label} {meaning[colour]}: {dollars(cost, places(most))} USD")
            for colour, cost in sorted(column.items())
        ]
        bars.append((label, parts))
    title = "Cost by day" if days == 1 else f"Cost by {days} days"
    chart = charts.stacked(bars, f"{title}, in USD", f"{dollars(most, places(most))} USD")
    legend = charts.legend(sorted(meaning.items()))
    return f"<section><h2>{title}</h2>{chart}{legend}{_not_shown(ledger)}</section>"


def _not_shown(ledger: Ledger) -> str:
    """What a chart of times leaves out."""
    left = sum(sum(sums.costs) for slot, sums in ledger.slots.items() if slot.t is None)
    if not left:
        return ""
    return f'<p class="dim">Without the calls that have no time: {dollars(left, places(left))} USD.</p>'


def _models(ledger: Ledger, total: int) -> str:
    found = _by_model(ledger)
    if not found:
        return ""
    rows = [
        (name, Part(cost, 0, name), f"{dollars(cost, places(total))} ({percent(cost, total)})")
        for name, cost in found[:_RANKED]
    ]
    more = f'<p class="dim">and {len(found) - _RANKED} more</p>' if len(found) > _RANKED else ""
    return f"<section><h2>Cost by model</h2>{charts.ranked(rows, 'Cost by model, in USD')}{more}</section>"


def _mix(rollup: Rollup) -> str:
    tokens = list(rollup.total.tokens.values())
    if not sum(tokens):
        return ""
    rows = []
    for label, amounts in (("tokens", tokens), ("money", rollup.costs)):
        whole = sum(amounts)
        parts = [
            Part(amount, min(place, COLOURS - 1), f"{LABELS[name]}: {percent(amount, whole)} of {label}")
            for place, (name, amount) in enumerate(zip(Quote._fields, amounts, strict=False))
            if amount
        ]
        rows.append((label, parts))
    names = list(Quote._fields)
    used = {
        place: LABELS[name]
        for place, name in enumerate(names[: COLOURS - 1])
        if rollup.costs[place] or tokens[place]
    }
    if any(rollup.costs[COLOURS - 1 :]):
        used[COLOURS - 1] = "searches and requests"
    chart = charts.shares(rows, "Kinds of tokens, by number and by cost")
    return f"<section><h2>Kinds of tokens</h2>{chart}{charts.legend(sorted(used.items()))}</section>"


def _hours(ledger: Ledger) -> str:
    """Which hours of the week the money goes out in."""
    grid = [[0] * 24 for _ in _WEEK]
    for slot, sums in ledger.slots.items():
        if slot.t is not None:
            grid[(slot.t // 24 + 3) % 7][slot.t % 24] += sum(sums.costs)  # day 0, 1970-01-01, was a Thursday
    if not any(map(any, grid)):
        return ""
    most = max(map(max, grid))
    labels = [
        [f"{day} {hour:02}:00: {dollars(cost, places(most))} USD" for hour, cost in enumerate(row)]
        for day, row in zip(_WEEK, grid, strict=True)
    ]
    chart = charts.hours(
        [[cost / PICO for cost in row] for row in grid], _WEEK, labels, "Cost by weekday and hour, UTC"
    )
    return f"<section><h2>Cost by weekday and hour (UTC)</h2>{chart}{_not_shown(ledger)}</section>"


def _table(rollup: Rollup, top: int | None) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in (rollup.by.value, *_HEAD))
    decimals = places(rollup.total.cost)
    rows = "".join(f"<tr>{_cells(name, cell, decimals)}</tr>" for name, cell in rollup.groups(top))
    total = _cells("total", rollup.total, decimals)
    return (
        f'<section><h2>By {escape(rollup.by.value)}</h2><div class="wide"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody><tfoot><tr>{total}</tr></tfoot></table></div></section>"
    )


def _cells(name: str, cell: Cell, decimals: int) -> str:
    tokens = cell.tokens
    numbers = (
        *(cell.calls, cell.failed, tokens["in_fresh"], tokens["in_cache_read"]),
        *(
            tokens["in_cache_write_5m"] + tokens["in_cache_write_1h"],
            tokens["out_text"],
            tokens["out_reasoning"],
        ),
    )
    cost = dollars(cell.cost, decimals) + ("+" if cell.unpriced else "")
    if cell.unpriced and not cell.priced:
        cost = "unpriced"
    return f"<td>{escape(name)}</td>" + "".join(
        f"<td>{text}</td>" for text in (cost, *(f"{number:,}" for number in numbers))
    )


def _savings(savings: Sequence[Saving], total: int) -> str:
    decimals = places(total)
    head = "".join(f"<th>{name}</th>" for name in ("lever", "low", "high", "of the cost", "records"))
    out = [
        "<section><h2>What could be saved</h2>",
        "<p>Each lever alone, in USD at list prices. They overlap: do not add them up.</p>",
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>',
    ]
    for saving in savings:
        shares = f"{percent(saving.low, total)} .. {percent(saving.high, total)}"
        figures = ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in saving.figures.items())
        out.append(
            f'<tr class="head"><td>{escape(saving.lever)}</td><td>{dollars(saving.low, decimals)}</td>'
            f"<td>{dollars(saving.high, decimals)}</td><td>{shares}</td>"
            f"<td>{saving.calls:,} of {saving.looked_at:,}</td></tr>"
            '<tr><td class="free" colspan="5"><details>'
            '<summary class="dim">how, and what is assumed</summary>'
            f"<p>{escape(saving.formula)}.</p><p>Assumed: {escape('; '.join(saving.assumes))}.</p>"
            f"{f'<p>{escape(figures)}</p>' if figures else ''}</details></td></tr>"
        )
    return "".join(out) + "</tbody></table></div></section>"
