"""Make the invoices: see the package."""

from __future__ import annotations

import argparse
import importlib
import json
from pathlib import Path

from . import __doc__ as about
from .inventing import invent
from .invoice import Invoice, total
from .layout import LAYOUTS, Layout
from .pen import Pen
from .printing import Job, missing, print_all

_MODULES = (
    "html_programs",
    "html_small",
    "html_apart",
    "word_processor",
    "spreadsheet",
    "reportlab_pages",
    "fpdf_pages",
)


def main() -> int:
    """Write FOLDER/SPLIT/LAYOUT-SEED.pdf and .json; returns the exit code, 1 where nothing was made."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.reading_tools", description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--count", type=int, default=12, help="invoices a layout")
    parser.add_argument("--only", default="", metavar="LAYOUT")
    parser.add_argument("--truth", action="store_true", help="the .json alone")
    asked = parser.parse_args()
    jobs: dict[str, list[Job]] = {}
    for layout in _layouts(asked.only, to_print=not asked.truth):
        for seed in range(asked.first, asked.first + asked.count):
            path = asked.folder / layout.split / f"{layout.name}-{seed}"
            jobs.setdefault(layout.tool, []).append(
                (_made(layout, seed, path.with_suffix(".json")), path.with_suffix(".pdf"))
            )
    if not asked.truth:
        for tool, of_tool in jobs.items():
            print_all(tool, of_tool)
    count = sum(map(len, jobs.values()))
    print(f"made {count} invoices under {asked.folder}")
    return 0 if count else 1


def _layouts(only: str, *, to_print: bool) -> list[Layout]:
    """Those asked for whose tools are there; the tools that are not are named."""
    for module in _MODULES:
        try:
            importlib.import_module(f".{module}", __package__)
        except ImportError as error:
            print(f"NOT MADE: the layouts of {module}: {error}")
    layouts = [layout for layout in LAYOUTS if only in ("", layout.name)]
    if not to_print:
        return layouts
    lacking = {tool: missing(tool) for tool in dict.fromkeys(layout.tool for layout in layouts)}
    for tool, lack in lacking.items():
        if lack:
            print(f"NOT MADE: the layouts printed as {tool}: {lack} is not installed")
    return [layout for layout in layouts if not lacking[layout.tool]]


def _made(layout: Layout, seed: int, truth: Path) -> str | bytes:
    """The invoice of this seed as the layout makes it; what it says is written to `truth`."""
    kind = layout.kinds[seed % len(layout.kinds)]
    # Another invoice for each layout: the same seed must not meet the same number twice.
    invoice = invent(seed * 31 + sum(map(ord, layout.name)), kind)
    pen = Pen(invoice, layout.split)
    body = layout.draw(invoice, pen)
    truth.parent.mkdir(parents=True, exist_ok=True)
    truth.write_text(json.dumps(_truth(layout, invoice, pen), ensure_ascii=False, indent=1))
    return body


def _truth(layout: Layout, invoice: Invoice, pen: Pen) -> dict[str, object]:
    """What `reading_sets` reads: the fields and lines printed, and the sums that follow from them."""
    return {
        "layout": layout.name,
        "tool": layout.tool,
        "kind": invoice.kind,
        "fields": pen.fields,
        "implied": {
            "tax_exclusive_amount": f"{invoice.net:.2f}",
            "tax_amount": f"{invoice.tax:.2f}",
            "tax_inclusive_amount": f"{invoice.gross:.2f}",
            "payable_amount": f"{invoice.payable:.2f}",
            "prepaid_amount": f"{total(invoice.prepaid):.2f}",
            "withheld_amount": f"{total(invoice.deductions):.2f}",
        },
        "rate_count": len(invoice.rates),
        "lines": pen.items,
    }


if __name__ == "__main__":
    raise SystemExit(main())
