"""Reading accuracy: each field, lines, whole invoices, « certain » and wrong, planted errors, beside invoice2data.

    .venv/bin/python bench/reading.py [--sets FOLDER…] [--seeds 20] [--first 20000] [--only FAMILY] [--misses] [--alone]

Families of PDFs. Real ones come from PLAINCHANT_SHARED (default ../shared) and from each FOLDER: Factur-X files whose
XML is taken out before the page is read, then used to judge, and PDFs with a truth beside them (`reading_sets`). The
others are invented by `reading_made`: three sets of layouts that the reader was tuned on (two of them held out at
first: docs/reading.md), and the last set, measured before it was looked at. `reading_tools` makes a FOLDER of others
with LibreOffice, WeasyPrint and the like. `invoice2data` (group `bench`) reads the same bytes in the same run. Without
it, without Chromium, or without a folder, the script says what was not measured.
Times are processor time, children included.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from reading_other import invoice2data
from reading_planted import PlantedScore
from reading_score import JUDGED, Read, Score
from reading_sets import families
from reading_truth import breakdown

FRESH_SEEDS = 20_000  # seeds from here on were never drawn while the reader was changed


def main() -> int:
    """Print the tables; returns the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sets", type=Path, nargs="+", default=[], help="folders of PDFs with their truth")
    parser.add_argument("--seeds", type=int, default=20, help="invented invoices a layout")
    parser.add_argument("--first", type=int, default=FRESH_SEEDS, help="the first seed")
    parser.add_argument("--only", default="", help="families whose name begins so")
    parser.add_argument("--misses", action="store_true", help="print each value that was not read right")
    parser.add_argument("--alone", action="store_true", help="without invoice2data")
    asked = parser.parse_args()
    other = None if asked.alone else invoice2data()
    everything = Score()
    for family, documents in families(range(asked.first, asked.first + asked.seeds), asked.sets):
        if not family.startswith(asked.only):
            continue
        ours, theirs, planted = Score(), Score(), PlantedScore()
        for made in documents:
            started = _processor_time()
            document = read_document(made.pdf)
            reading = read_fields(document)
            ours.seconds += _processor_time() - started
            read = _found(reading)
            ours.judge(made, read, tell=asked.misses)
            ours.lines.judge(made.name, made.lines, reading.lines, tell=asked.misses)
            planted.judge(made, document, tell=asked.misses)
            everything.judge(made, read, tell=False)
            if other is not None:
                started = _processor_time()
                found = other(made.pdf)
                theirs.seconds += _processor_time() - started
                theirs.judge(made, found, tell=False)
        _print(family, ours, theirs if other else None, planted)
    print(f"\nall {everything.documents} documents: {everything.summary()}")
    return 0


def _processor_time() -> float:
    return sum(os.times()[:4])


def _found(reading: FieldReading) -> Read:
    found: Read = {name: (read.value, read.certainty) for name, read in reading.fields.items()}
    if reading.vat_breakdown:
        lines = reading.vat_breakdown
        levels = [line.certainty for line in lines]
        certainty = next((level for level in ("doubtful", "likely") if level in levels), "certain")
        found["vat_breakdown"] = breakdown([(line.rate, line.base, line.tax) for line in lines]), certainty
    return found


def _print(family: str, ours: Score, theirs: Score | None, planted: PlantedScore) -> None:
    count = max(ours.documents, 1)
    head = f"\n{family}: {ours.documents} documents, {1000 * ours.seconds / count:.1f} ms each"
    if theirs is not None:
        head += f"; invoice2data {1000 * theirs.seconds / count:.0f} ms each"
    print(head)
    heads = f"{'field':26} {'on page':>7} {'precision':>9} {'recall':>7} {'certain':>8} {'and wrong':>9}"
    print(heads + ("   invoice2data: precision, recall" if theirs else ""))
    for name in JUDGED:
        if not ours.shown(name) and not ours.vain[name]:
            continue
        line = f"{name:26} {ours.shown(name):7} {ours.precision(name):>9} {ours.recall(name):>7} "
        line += f"{ours.sure[name]:8} {ours.sure_wrong[name]:9}"
        if theirs is not None:
            line += f"   {theirs.precision(name):>9} {theirs.recall(name):>7}"
        print(line)
    print(f"fields: {ours.summary()}")
    print(ours.lines)
    print(planted)
    if theirs is not None:
        print(f"invoice2data: {theirs.summary()}")


if __name__ == "__main__":
    sys.exit(main())
