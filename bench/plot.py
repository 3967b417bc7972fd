"""Charts of growth as SVG: both scales by powers of ten, so that a straight line at 45 degrees is linear growth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log10
from typing import NamedTuple

WIDTH, HEIGHT = 760, 460
LEFT, TOP, RIGHT, BOTTOM = 80, 30, 190, 60


class Row(NamedTuple):
    """A line of a chart: its points are a number of lines and a value."""

    name: str
    colour: str
    dashes: str
    points: list[tuple[int, float]]


class Chart(NamedTuple):
    """``ticks``: values of the upright scale, with their words. ``words``: how the last value of a row is written."""

    title: str
    ticks: Sequence[tuple[float, str]]
    words: Callable[[float], str]
    rows: list[Row]


def svg(*charts: Chart) -> str:
    """The charts below each other."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT * len(charts)}" role="img" '
        'font-family="sans-serif" font-size="13">',
        f"<title>{'; '.join(chart.title for chart in charts)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT * len(charts)}" fill="#fff"/>',
    ]
    for number, chart in enumerate(charts):
        parts += [f'<g transform="translate(0 {HEIGHT * number})">', *_drawn(chart, is_titled=len(charts) > 1), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _drawn(chart: Chart, *, is_titled: bool) -> list[str]:
    low, high = (log10(end[0]) for end in (chart.ticks[0], chart.ticks[-1]))

    def x(lines: float) -> float:
        return LEFT + (log10(lines) - 1) / 3 * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (log10(value) - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [f'<text x="{LEFT}" y="{TOP - 12}" font-weight="bold">{chart.title}</text>'] if is_titled else []
    for lines in (10, 100, 1000, 10000):
        parts.append(f'<path d="M{x(lines):.0f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(lines):.0f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{lines}</text>')
    for value, word in chart.ticks:
        parts.append(f'<path d="M{LEFT} {y(value):.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.0f}" text-anchor="end">{word}</text>')
    for name, colour, dashes, points in chart.rows:
        if not points:
            continue
        path = " ".join(f"{x(lines):.1f},{y(value):.1f}" for lines, value in points)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        parts.extend(f'<circle cx="{x(n):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>' for n, value in points)
        lines, value = points[-1]
        shift = 12 if dashes else 0
        parts.append(
            f'<text x="{x(lines) + 8:.0f}" y="{y(value) + shift:.0f}" fill="{colour}">{name}: '
            f"{chart.words(value)}</text>"
        )
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 20}" text-anchor="middle">lines of the invoice</text>'
    )
    return parts
