"""Reading accuracy: precision and recall of each field, lines, and how often « certain » is wrong, beside invoice2data.

    .venv/bin/python bench/reading.py [--seeds 20] [--first 20000] [--only FAMILY] [--misses] [--alone]

Families of PDFs. Real ones come from PLAINCHANT_SHARED (default ../shared): Factur-X files whose XML is taken out
before the page is read, then used to judge; a value counts only when the page shows it. The others are invented by
`reading_made`: three sets of layouts that the reader was tuned on (two of them held out at first: docs/reading.md), and
the last set, measured before it was looked at. `invoice2data` (group `bench`)
reads the same bytes in the same run, with its own templates and the general French one of `reading_template.yml`.
Without it, without Chromium, or without the shared folder, the script says what was not measured. Times are processor
time, children included.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pikepdf

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from reading_lines import LineScore, lines_of
from reading_made.drawing import Made, made_by_chromium, made_held_out, made_tuned
from reading_made.layouts_deductions import APART, TUNED, made_deductions
from reading_truth import NAMES, Truth, breakdown, embedded, is_shown, page_text, same, truth_of

JUDGED = (*NAMES, "seller_vat_number", "prepaid_amount", "withheld_amount")
# What a page may say without the truth of an invented invoice knowing it: not counted as read in vain.
OPEN = {
    "currency",
    "vat_breakdown",
    "type_code",
    "seller_vat_number",
    "buyer_vat_number",
    "payable_amount",
    "prepaid_amount",
}
FRESH_SEEDS = 20_000  # seeds from here on were never drawn while the reader was changed


@dataclass
class Score:
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # another value than the page's
    vain: Counter[str] = field(default_factory=Counter)  # a value that the page does not have
    missed: Counter[str] = field(default_factory=Counter)
    sure: Counter[str] = field(default_factory=Counter)
    sure_wrong: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    seconds: float = 0.0
    lines: LineScore = field(default_factory=LineScore)

    def judge(self, made: Made, read: dict[str, tuple[str, str]], *, is_whole: bool, tell: bool) -> None:
        """Compare what was read ({name: (value, certainty)}) with what the page says."""
        self.documents += 1
        for name in JUDGED:
            expected, found = made.says.get(name), read.get(name)
            if expected is None and (found is None or not is_whole or name in OPEN):
                continue
            is_right = expected is not None and found is not None and same(name, found[0], expected)
            if found is not None and found[1] == "certain":
                self.sure[name] += 1
                self.sure_wrong[name] += not is_right
            if is_right:
                self.right[name] += 1
            elif found is None:
                self.missed[name] += 1
            elif expected is None:
                self.vain[name] += 1
            else:
                self.wrong[name] += 1
            if tell and not is_right:
                print(f"  {made.name}: {name}: the page says {expected!r}, read {found}")


def main() -> int:
    """Print the tables; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20, help="invented invoices a layout")
    parser.add_argument("--first", type=int, default=FRESH_SEEDS, help="the first seed")
    parser.add_argument("--only", default="", help="families whose name begins so")
    parser.add_argument("--misses", action="store_true", help="print each value that was not read right")
    parser.add_argument("--alone", action="store_true", help="without invoice2data")
    asked = parser.parse_args()
    other = None if asked.alone else _invoice2data()
    seeds = range(asked.first, asked.first + asked.seeds)
    everything = Score()
    for family, is_whole, documents in _families(seeds):
        if not family.startswith(asked.only):
            continue
        ours, theirs = Score(), Score()
        for made in documents:
            started = _processor_time()
            reading = read_fields(read_document(made.pdf))
            read = _found(reading)
            ours.seconds += _processor_time() - started
            ours.judge(made, read, is_whole=is_whole, tell=asked.misses)
            ours.lines.judge(made.name, made.lines, reading.lines, tell=asked.misses)
            everything.judge(made, read, is_whole=is_whole, tell=False)
            if other is not None:
                started = _processor_time()
                found = other(made.pdf)
                theirs.seconds += _processor_time() - started
                theirs.judge(made, found, is_whole=is_whole, tell=False)
        _print(family, ours, theirs if other else None)
    sure, wrong = everything.sure.total(), everything.sure_wrong.total()
    print(f"\nall {everything.documents} documents: {sure} values « certain », {wrong} of them wrong")
    return 0


def _processor_time() -> float:
    return sum(os.times()[:4])


def _families(seeds: range) -> Iterator[tuple[str, bool, Iterable[Made]]]:
    shared = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared"))
    files = sorted(shared.glob("corpora/**/*.pdf"))
    if files:
        yield "shared", False, _real(files)
    else:
        print(f"NOT MEASURED: no PDF under {shared}/corpora (set PLAINCHANT_SHARED)")
    yield "older layouts", True, made_tuned(seeds)
    yield "last layouts", True, made_held_out(seeds)
    yield "deductions", True, made_deductions(seeds, words=TUNED)
    yield "deductions, other words", True, made_deductions(seeds, words=APART)
    chromium = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("NOT MEASURED: the layouts in HTML need Chromium")
        return
    with made_by_chromium(chromium) as made:
        yield "HTML layouts", True, made(seeds)


def _real(files: list[Path]) -> Iterator[Made]:
    for file in files:
        data = file.read_bytes()
        xml = embedded(data)
        truth = truth_of(xml) if xml else None
        if xml is None or truth is None:
            continue
        text = page_text(data)
        shown: Truth = {name: value for name, value in truth.items() if is_shown(name, value, text)}
        yield Made(file.stem, "shared", _without_xml(data), shown, lines_of(xml, text))


def _without_xml(data: bytes) -> bytes:
    """The same pages without their embedded files."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for name in list(pdf.attachments):
            del pdf.attachments[name]
        if "/AF" in pdf.Root:
            del pdf.Root.AF
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _found(reading: FieldReading) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {name: (read.value, read.certainty) for name, read in reading.fields.items()}
    if reading.vat_breakdown:
        lines = reading.vat_breakdown
        levels = [line.certainty for line in lines]
        certainty = next((level for level in ("doubtful", "likely") if level in levels), "certain")
        found["vat_breakdown"] = breakdown([(line.rate, line.base, line.tax) for line in lines]), certainty
    return found


_THEIRS = {  # what invoice2data calls it
    "number": "invoice_number",
    "issue_date": "date",
    "tax_inclusive_amount": "amount",
    "tax_exclusive_amount": "amount_untaxed",
    "tax_amount": "amount_tax",
    "due_date": "date_due",
    "iban": "iban",
    "currency": "currency",
    "seller_siret": "siret",
}


def _invoice2data() -> Callable[[bytes], dict[str, tuple[str, str]]] | None:
    try:
        from invoice2data import extract_data
        from invoice2data.extract.loader import read_templates
    except ImportError:
        print("NOT MEASURED: invoice2data is not installed (uv sync --group bench)")
        return None
    logging.disable(logging.ERROR)
    own = Path(__file__).with_name("reading_template.yml")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(own, folder)
        templates = [*read_templates(), *read_templates(folder)]

    def read(data: bytes) -> dict[str, tuple[str, str]]:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file, contextlib.redirect_stdout(io.StringIO()):
            file.write(data)
            file.flush()
            try:
                found: dict[str, Any] = extract_data(file.name, templates=templates) or {}
            except Exception:  # noqa: BLE001 - whatever it does with a file it does not know, it read nothing
                found = {}
        read = {}
        for ours, theirs in _THEIRS.items():
            value = found.get(theirs)
            value = value[0] if isinstance(value, list) and value else value
            if value in (None, ""):
                continue
            text = value.date().isoformat() if hasattr(value, "date") else str(value)
            if ours.endswith("_amount"):
                try:
                    text = f"{Decimal(text):.2f}"
                except InvalidOperation:
                    continue
            read[ours] = re.sub(r"[\s.]", "", text) if ours in {"iban", "seller_siret"} else text, "likely"
        return read

    return read


def _print(family: str, ours: Score, theirs: Score | None) -> None:
    count = max(ours.documents, 1)
    head = f"\n{family}: {ours.documents} documents, {1000 * ours.seconds / count:.1f} ms each"
    if theirs is not None:
        head += f"; invoice2data {1000 * theirs.seconds / count:.0f} ms each"
    print(head)
    heads = f"{'field':26} {'on page':>7} {'precision':>9} {'recall':>7} {'certain':>8} {'and wrong':>9}"
    print(heads + ("   invoice2data: precision, recall" if theirs else ""))
    for name in JUDGED:
        shown = ours.right[name] + ours.wrong[name] + ours.missed[name]
        if not shown and not ours.vain[name]:
            continue
        line = f"{name:26} {shown:7} {_precision(ours, name):>9} {_recall(ours, name):>7} "
        line += f"{ours.sure[name]:8} {ours.sure_wrong[name]:9}"
        if theirs is not None:
            line += f"   {_precision(theirs, name):>9} {_recall(theirs, name):>7}"
        print(line)
    print(ours.lines)
    sure, wrong = ours.sure.total(), ours.sure_wrong.total()
    print(f"{'« certain » in all':26} {sure:7} values, {wrong} wrong" + (f": 1 in {sure // wrong}" if wrong else ""))


def _precision(score: Score, name: str) -> str:
    found = score.right[name] + score.wrong[name] + score.vain[name]
    return f"{100 * score.right[name] / found:.1f} %" if found else "-"


def _recall(score: Score, name: str) -> str:
    shown = score.right[name] + score.wrong[name] + score.missed[name]
    return f"{100 * score.right[name] / shown:.1f} %" if shown else "-"


if __name__ == "__main__":
    sys.exit(main())
