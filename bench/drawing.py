"""How fast an invoice becomes its PDF, and what a process that draws all day keeps in memory.

Run: python bench/drawing.py [drawings, 600] [--plot]. Every invoice and every logo is another one: typst remembers what
it drew. `--plot` draws docs/pictures/drawing-growth.svg again: memory and time of drawing and of conversion, by lines,
each measured in a process of its own.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import invoices
from plainchant.einvoice.conversion import convert
from plainchant.einvoice.drawing import PLAIN, Look, draw
from plainchant.einvoice.model import Invoice, SupportingDocument
from plainchant.einvoice.syntaxes.cii.read import read
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.opening import read as read_file
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.xml import parse
from plot import Chart, Row, svg

AT = datetime(2026, 11, 3, tzinfo=UTC)
GOAL_MS = 60.0  # of processor, for 40 lines
PLOTTED = (10, 30, 100, 300, 1000, 3000, 10000)
GOAL_OF_10000 = {"drawn": (20.0, 512)}  # seconds of processor, MiB
SERIES = (("drawn", "#1f5f8b", ""), ("UBL to CII", "#b5562b", ""), ("CII to UBL", "#b5562b", "6 4"))
ATTACHED_MIB, GOAL_ATTACHED_MIB = 40, 200


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


def measured(what: str, file: Path) -> tuple[float, float]:
    """Seconds of processor and MiB at most, of this process: it does nothing else."""
    begun = time.process_time()
    (reading,) = read_file(file.read_bytes())
    if what == "drawn":
        draw(reading.invoice, at=AT)
    else:
        convert(reading, to=SYNTAXES[what.rpartition(" ")[2].lower()])
    seconds = time.process_time() - begun
    # Not ru_maxrss, which a process takes over from the one that started it.
    peak = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return seconds, int(peak.split()[1]) / 1024


def apart(what: str, data: bytes) -> tuple[float, float]:
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(data)
        file.flush()
        command = [sys.executable, __file__, "--one", what, file.name]
        seconds, mib = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return seconds, mib


def plot() -> None:
    times, memories = [], []
    for what, colour, dashes in SERIES:
        found = []
        for lines in PLOTTED:
            seconds, mib = apart(what, invoices.ubl(lines) if what == "UBL to CII" else invoices.cii(lines))
            goal_seconds, goal_mib = GOAL_OF_10000.get(what, (0.0, 0)) if lines == 10000 else (0.0, 0)
            word = "reached" if seconds <= goal_seconds and mib <= goal_mib else "MISSED"
            goal = f"   goal {goal_seconds:g} s, {goal_mib} MiB: {word}" if goal_mib else ""
            print(f"{what:12} {lines:6} lines: {seconds:7.2f} s, {mib:5.0f} MiB{goal}")
            found.append((lines, seconds, mib))
        times.append(Row(what, colour, dashes, [(lines, seconds) for lines, seconds, _ in found]))
        memories.append(Row(what, colour, dashes, [(lines, mib) for lines, _, mib in found]))
    picture = svg(
        Chart(
            "Memory of a process, by the lines of the invoice",
            ((32, "32 MiB"), (64, "64"), (128, "128"), (256, "256"), (512, "512 MiB")),
            lambda mib: f"{mib:.0f} MiB",
            memories,
        ),
        Chart(
            "Processor time of a process, by the lines of the invoice",
            ((0.01, "10 ms"), (0.1, "100 ms"), (1, "1 s"), (10, "10 s"), (100, "100 s")),
            lambda seconds: f"{seconds:.1f} s",
            times,
        ),
    )
    (Path(__file__).parents[1] / "docs/pictures/drawing-growth.svg").write_text(picture, encoding="utf-8")


def attached() -> None:
    """What an invoice with many attachments takes when it is converted."""
    invoice = read(parse(invoices.cii(10))).invoice
    content = "QUJD" * (ATTACHED_MIB * 2**20 // 5 // 4)
    documents = tuple(SupportingDocument(reference=f"a{n}.pdf", content=content) for n in range(5))
    for what, source in (("UBL to CII", "ubl"), ("CII to UBL", "cii")):
        seconds, mib = apart(what, SYNTAXES[source].write(replace(invoice, supporting_documents=documents)))
        word = "reached" if mib <= GOAL_ATTACHED_MIB else "MISSED"
        goal = f"goal {GOAL_ATTACHED_MIB} MiB: {word}"
        print(f"{what}, {ATTACHED_MIB} MiB of attachments: {seconds:.2f} s, {mib:.0f} MiB   {goal}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("drawings", nargs="?", type=int, default=600)
    arguments.add_argument("--one", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    arguments.add_argument("--plot", action="store_true", help="draw docs/pictures/drawing-growth.svg")
    given = arguments.parse_args()
    if given.one:
        print(json.dumps(measured(given.one[0], Path(given.one[1]))))
        return
    attached()
    if given.plot:
        plot()
        return
    drawings = given.drawings
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
