"""How fast an invoice becomes its PDF, and what a process that draws all day keeps in memory.

Run: python bench/drawing.py [drawings, 600]. Every invoice and every logo is another one: typst remembers what it drew.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import invoices
from plainchant.einvoice.drawing import PLAIN, Look, draw
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.syntaxes.cii.read import read
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.xml import parse

AT = datetime(2026, 11, 3, tzinfo=UTC)
GOAL_MS = 60.0  # of processor, for 40 lines


def many(lines: int) -> Callable[[int], Invoice]:
    first = read(parse(invoices.cii(lines))).invoice

    def numbered(number: int) -> Invoice:
        changed = []
        for line in first.lines:
            assert line.item is not None
            changed.append(replace(line, item=replace(line.item, name=f"{line.item.name} {number}")))
        return replace(first, number=f"M-{number}", lines=tuple(changed))

    return numbered


def logo(number: int) -> bytes:
    from PIL import Image, ImageDraw

    written = io.BytesIO()
    picture = Image.new("RGBA", (600, 100 + number % 200))
    ImageDraw.Draw(picture).ellipse((0, 0, 100 + number, 90), fill=(160, 60, 40, 200))
    picture.save(written, "PNG")
    return written.getvalue()


def afresh() -> None:
    """Throws the kept compiler away."""
    sys.modules["plainchant.einvoice.drawing.draw"]._Drawer.compiler = None


def cost(lines: int, look: Look, *, runs: int, before: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Processor and wall, ms: medians."""
    numbered, spent = many(lines), []
    for number in range(runs + 1):
        invoice = numbered(number)
        before()
        begun = time.process_time(), time.perf_counter()
        draw(invoice, at=AT, xml=write(invoice), look=look)
        spent.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
    cpu, wall = zip(*spent[1:], strict=True)
    return 1000 * statistics.median(cpu), 1000 * statistics.median(wall)


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    drawings = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    letterhead = Look(template="letterhead", logo=logo(0), colour="#1f5f5b")
    for lines in (1, 10, 40):
        base = 0.0
        for name, look, before in (
            ("plain", PLAIN, lambda: None),
            ("letterhead", letterhead, lambda: None),
            ("plain, a new compiler each", PLAIN, afresh),
        ):
            cpu, wall = cost(lines, look, runs=20, before=before)
            base = base or cpu
            goal = (
                f"   goal {GOAL_MS:g}: {'reached' if cpu <= GOAL_MS else 'MISSED'}"
                if lines == 40 and before is not afresh
                else ""
            )
            print(f"{lines:3} lines, {name:28} {cpu:7.1f} ms of processor, {wall:7.1f} wall, x {cpu / base:4.1f}{goal}")
    numbered = many(40)
    for number in range(drawings + 1):
        draw(numbered(number), at=AT, look=Look(template="letterhead", logo=logo(number)))
        if number % (drawings // 6) == 0:
            print(f"after {number:5} letterheads: {resident_mb():5.0f} MB")


if __name__ == "__main__":
    main()
