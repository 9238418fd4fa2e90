"""Charts as inline SVG: bars, shares and a grid of hours.

Every text that comes in is escaped here. Colours are classes (`c0` to `c6`), which a page's style gives; so
a chart is the same in light, in dark and in print. Refuses: scripts, and anything from outside of the page.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

COLOURS = 7
"""How many colours there are; the last is for all the rest."""


class Part(NamedTuple):
    """A piece of a bar.

    Attributes:
        size: any number from 0, on one scale in a chart.
        colour: from 0.
        label: what is shown when one points at it.
    """

    size: float
    colour: int
    label: str


def stacked(bars: Sequence[tuple[str, Sequence[Part]]], title: str, top: str) -> str:
    """Columns side by side, each of several parts.

    Args:
        bars: the label below a column, and its parts from the bottom.
        top: what the highest column is, as text.
    """
    width, height, left, foot = 960, 240, 8, 24
    most = max((sum(part.size for part in parts) for _, parts in bars), default=0) or 1
    step = (width - left) / max(len(bars), 1)
    thick = max(min(step * 0.8, 60), 1)
    every = max(len(bars) // 12, 1)
    out = [_open(width, height + foot + 16, title)]
    out.append(f'<line class="axis" x1="{left}" x2="{width}" y1="16" y2="16"/>')
    out.append(f'<text x="{left}" y="12">{escape(top)}</text>')
    out.append(f'<line class="axis" x1="{left}" x2="{width}" y1="{height + 16}" y2="{height + 16}"/>')
    for number, (label, parts) in enumerate(bars):
        x = left + number * step + (step - thick) / 2
        y = height + 16.0
        for part in parts:
            tall = part.size / most * height
            y -= tall
            out.append(_box(x, y, thick, tall, part))
        if number % every == 0:
            out.append(f'<text x="{x:.1f}" y="{height + foot + 10}">{escape(label)}</text>')
    return "".join(out) + "</svg>"


def ranked(rows: Sequence[tuple[str, Part, str]], title: str) -> str:
    """Bars below each other: a name, a bar, a figure."""
    width, high, name = 960, 26, 300
    most = max((part.size for _, part, _ in rows), default=0) or 1
    out = [_open(width, high * len(rows) + 4, title)]
    for number, (label, part, figure) in enumerate(rows):
        y = number * high
        shown = label if len(label) <= 44 else label[:43] + "..."
        out.append(f'<text x="0" y="{y + 17}">{escape(shown)}</text>')
        long = max(part.size / most * (width - name - 120), 1)
        out.append(_box(name, y + 4, long, high - 8, part))
        out.append(f'<text x="{name + long + 8:.1f}" y="{y + 17}">{escape(figure)}</text>')
    return "".join(out) + "</svg>"


def shares(rows: Sequence[tuple[str, Sequence[Part]]], title: str) -> str:
    """Bars of one length, each cut into shares of its whole."""
    width, high, name = 960, 34, 90
    out = [_open(width, high * len(rows) + 4, title)]
    for number, (label, parts) in enumerate(rows):
        y, x = number * high, float(name)
        whole = sum(part.size for part in parts) or 1
        out.append(f'<text x="0" y="{y + 21}">{escape(label)}</text>')
        for part in parts:
            long = part.size / whole * (width - name)
            out.append(_box(x, y + 4, long, high - 8, part))
            x += long
    return "".join(out) + "</svg>"


def hours(
    grid: Sequence[Sequence[float]], days: Sequence[str], labels: Sequence[Sequence[str]], title: str
) -> str:
    """A row a weekday, a cell an hour; the darker the more.

    Args:
        grid: seven rows of 24 numbers from 0.
        labels: what is shown when one points at a cell.
    """
    width, high, name = 960, 24, 50
    most = max((value for row in grid for value in row), default=0) or 1
    step = (width - name) / 24
    out = [_open(width, high * len(grid) + 20, title)]
    for number, (day, row) in enumerate(zip(days, grid, strict=True)):
        out.append(f'<text x="0" y="{number * high + 16}">{escape(day)}</text>')
        for hour, value in enumerate(row):
            shade = f"{0.08 + 0.92 * value / most:.2f}" if value else "0.04"
            out.append(
                f'<rect class="c0" fill-opacity="{shade}" x="{name + hour * step:.1f}" y="{number * high}" '
                f'width="{step - 2:.1f}" height="{high - 2}">'
                f"<title>{escape(labels[number][hour])}</title></rect>"
            )
    for hour in range(0, 24, 3):
        out.append(f'<text x="{name + hour * step:.1f}" y="{high * len(grid) + 14}">{hour:02}</text>')
    return "".join(out) + "</svg>"


def legend(entries: Sequence[tuple[int, str]]) -> str:
    """What the colours mean."""
    keys = (
        f'<li><svg width="12" height="12" aria-hidden="true"><rect class="c{colour}" width="12" height="12"/>'
        f"</svg> {escape(text)}</li>"
        for colour, text in entries
    )
    return f'<ul class="legend">{"".join(keys)}</ul>'


def _open(width: int, height: int, title: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'


def _box(x: float, y: float, width: float, height: float, part: Part) -> str:
    return (
        f'<rect class="c{part.colour}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f"<title>{escape(part.label)}</title></rect>"
    )
