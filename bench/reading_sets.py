"""The families of documents that bench/reading measures, each with its truth."""

from __future__ import annotations

import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf

from reading_lines import lines_of, shown_in
from reading_made.drawing import made_by_chromium, made_held_out, made_tuned
from reading_made.facts import TrueLine
from reading_made.layouts_deductions import APART, TUNED, made_deductions
from reading_made.made import Made
from reading_truth import Truth, embedded, is_shown, page_text, truth_of


def families(seeds: range, sets: list[Path]) -> Iterator[tuple[str, Iterable[Made]]]:
    """Names and documents; what is absent is said and skipped."""
    shared = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared"))
    for folder in (shared / "corpora", *sets):
        if any(folder.glob("**/*.pdf")):
            yield folder.name, in_folder(folder)
        else:
            print(f"NOT MEASURED: no PDF under {folder}")
    yield from invented(seeds)


def invented(seeds: range) -> Iterator[tuple[str, Iterable[Made]]]:
    """The families that `reading_made` draws."""
    yield "older layouts", made_tuned(seeds)
    yield "last layouts", made_held_out(seeds)
    yield "deductions", made_deductions(seeds, words=TUNED)
    yield "deductions, other words", made_deductions(seeds, words=APART)
    chromium = os.environ.get("PLAINCHANT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("NOT MEASURED: the layouts in HTML need Chromium")
        return
    with made_by_chromium(chromium) as made:
        yield "HTML layouts", made(seeds)


def in_folder(folder: Path) -> Iterator[Made]:
    """The PDFs of a folder that have a truth: a .json of the same name beside them, or the XML of a Factur-X, which is
    taken out before the page is read; then a value counts only when the page shows it. Pages seen before are left out.
    """
    seen: set[str] = set()
    for file in sorted(folder.glob("**/*.pdf")):
        data = file.read_bytes()
        beside = file.with_suffix(".json")
        if beside.exists():
            yield _described(file.stem, data, json.loads(beside.read_text()))
        else:
            made = _hybrid(file.stem, data)
            if made is not None and (text := page_text(data)) not in seen:
                seen.add(text)
                yield made


def _described(name: str, data: bytes, truth: dict[str, Any]) -> Made:
    lines = tuple(
        TrueLine(
            Decimal(line["amount"]),
            _number(line["quantity"]),
            _number(line["price"]),
            is_detailed=None not in (line["quantity"], line["price"]),
        )
        for line in truth["lines"]
    )
    return Made(name, data, truth["fields"], lines, implied=truth["implied"], rate_count=truth["rate_count"])


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _hybrid(name: str, data: bytes) -> Made | None:
    xml = embedded(data)
    truth = truth_of(xml) if xml else None
    if xml is None or truth is None:
        return None
    text = page_text(data)
    shown: Truth = {field: value for field, value in truth.items() if is_shown(field, value, text)}
    rates = truth.get("vat_breakdown", "")
    return Made(
        name,
        _without_xml(data),
        shown,
        shown_in(text, lines_of(xml)),
        is_known_whole=False,
        rate_count=len(rates.split("; ")) if rates else 0,
    )


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
