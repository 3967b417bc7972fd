"""Bars, as a page draws them beside the table of the same figures. Plain numbers: no invoice is known here.

The drawing is for the eye alone. Whoever does not see it, or uses the keyboard, has the table under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 360  # of the drawing, in its own units: a telephone's, so that no word is small there
_ROW, _BAR, _LABEL = 38, 12, 14
_LONGEST = 30  # letters of a label


@dataclass(frozen=True, kw_only=True)
class Bar:
    """``text`` is the value in words. ``limit``: a value that is marked across the bar. ``mood``: its colour."""

    label: str
    value: Decimal
    text: str
    url: str = ""
    limit: Decimal | None = None
    mood: str = ""


@dataclass(frozen=True, kw_only=True)
class DrawnBar:
    """A bar in its place, in units of the drawing. ``limit``: where the mark stands."""

    bar: Bar
    label: str
    label_y: int
    y: int
    x: int
    width: int
    limit: int | None
    limit_end: int


@dataclass(frozen=True, kw_only=True)
class Plot:
    bars: list[DrawnBar]
    height: int
    width: int = WIDTH
    bar_height: int = _BAR
    zero: int = 0  # where nothing is, if some bars go to the left of it


def drawn(bars: Sequence[Bar]) -> Plot:
    """All on one scale, from nothing; those below nothing go to the left of it."""
    least = min([Decimal(0), *(bar.value for bar in bars)])
    most = max([Decimal(0), *(max(bar.value, bar.limit or bar.value) for bar in bars)])
    span = (most - least) or Decimal(1)

    def place(value: Decimal) -> int:
        return round((value - least) / span * (WIDTH - 2)) + 1

    rows = []
    for number, bar in enumerate(bars):
        top = number * _ROW
        start, end = sorted((place(Decimal(0)), place(bar.value)))
        rows.append(
            DrawnBar(
                bar=bar,
                label=bar.label if len(bar.label) <= _LONGEST else f"{bar.label[: _LONGEST - 1].rstrip()}…",
                label_y=top + _LABEL,
                y=top + _LABEL + 6,
                x=start,
                width=max(end - start, 1),
                limit=place(bar.limit) if bar.limit is not None else None,
                limit_end=top + _LABEL + 6 + _BAR + 2,
            )
        )
    return Plot(bars=rows, height=len(rows) * _ROW, zero=place(Decimal(0)) if least < 0 else 0)
