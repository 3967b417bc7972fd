"""How well scans are read: labelled PDFs printed, worn as a scanner and the post wear them, and read by each engine.

Usage: python bench/reading_scans.py [--every N] [--misses]. The PDFs are those of bench/reading (PLAINCHANT_SHARED
names the folder that holds `corpora/`), one of each page; every third by default, as a page takes seconds. Each is
drawn at 150 dpi, turned by up to two degrees either way, made noisy and compressed, always in the same way. A value
counts when the text of the PDF shows it; the text itself is read in the same run: no scan could come to more.
"""

from __future__ import annotations

import io
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

from plainchant.capture import engines, ocr
from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from reading_truth import NAMES, breakdown, embedded, is_shown, page_text, same, truth_of

MAX_PAGES = 3
Reader = Callable[[bytes, bytes], FieldReading]  # of the PDF and of its worn copy


def main() -> int:
    """Print precision and recall for each field and reader; returns the exit code."""
    shared = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared"))
    every = int(sys.argv[sys.argv.index("--every") + 1]) if "--every" in sys.argv else 3
    papers = labelled(shared)[::every]
    if not papers:
        print(f"SKIPPED: no labelled PDF under {shared}/corpora (set PLAINCHANT_SHARED)")
        return 0
    readers: dict[str, Reader] = {"text": lambda pdf, _: read_fields(read_document(pdf))}
    for engine in (engines.tesseract(), engines.rapid_ocr()):
        if engine is not None:
            readers[engine.name] = lambda _, worn, by=engine: ocr.fields_of(ocr.scan_pdf(worn, engine=by))  # type: ignore[misc]
    for name in {"Tesseract", "RapidOCR"} - set(readers):
        print(f"SKIPPED: {name} is not installed here")
    counts: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in readers}
    seconds = dict.fromkeys(readers, 0.0)
    for rank, (pdf, truth) in enumerate(papers):
        worn = worn_copy(pdf, seed=rank)
        for name, reader in readers.items():
            started = time.process_time()
            reading = reader(pdf, worn)
            seconds[name] += time.process_time() - started
            judge(reading, truth, counts[name], f"{name}, paper {rank}" if "--misses" in sys.argv else "")
    print(f"{len(papers)} labelled PDFs, 150 dpi, askew, noisy, JPEG; seconds of processor a document:", end=" ")
    print(", ".join(f"{name} {spent / len(papers):.2f}" for name, spent in seconds.items()))
    head = "".join(f"{f'{name}: precision':>22} {'recall':>7} {'sure, wrong':>12}" for name in readers)
    print(f"{'field':26} {'shown':>5}{head}")
    for field in (*NAMES, "all"):
        shown = _of(counts["text"], field, "shown")
        if shown:
            print(f"{field:26} {shown:5}" + "".join(_cells(counts[name], field) for name in readers))
    return 0


def labelled(shared: Path) -> list[tuple[bytes, dict[str, str]]]:
    """PDFs with what their pages show of the data they carry; one of each page."""
    found: dict[str, tuple[bytes, dict[str, str]]] = {}
    for file in sorted(shared.glob("corpora/**/*.pdf")):
        data = file.read_bytes()
        xml = embedded(data)
        truth = truth_of(xml) if xml else None
        text = page_text(data) if truth else ""
        shown = {name: value for name, value in (truth or {}).items() if is_shown(name, value, text)}
        if len(shown) >= 4 and text not in found:
            found[text] = data, shown
    return list(found.values())


def worn_copy(pdf: bytes, *, seed: int) -> bytes:
    """Its first pages through a scanner, as a PDF of pictures."""
    chance = random.Random(seed)
    pages = []
    with pdfium.PdfDocument(pdf) as opened:
        for index in range(min(len(opened), MAX_PAGES)):
            grey = opened[index].render(scale=150 / 72).to_pil().convert("L")
            askew = grey.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
            pale = askew.filter(ImageFilter.GaussianBlur(0.5)).point(lambda value: 30 + value * 215 / 255)
            grain = Image.frombytes("L", pale.size, chance.randbytes(pale.width * pale.height))
            noisy = ImageChops.add(pale, grain.point(lambda value: 128 + (value - 128) * 22 / 128), 1, -128)
            out = io.BytesIO()
            noisy.save(out, "JPEG", quality=55)
            pages.append(Image.open(out))
    whole = io.BytesIO()
    pages[0].save(whole, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return whole.getvalue()


def judge(reading: FieldReading, truth: dict[str, str], counts: Counter[tuple[str, str]], misses_of: str) -> None:
    """Count each field of the truth as right, wrong or missed, and those that were sure and wrong."""
    read = {name: (field.value, field.certainty) for name, field in reading.fields.items()}
    if reading.vat_breakdown:
        rows = [(line.rate, line.base, line.tax) for line in reading.vat_breakdown]
        sure = all(line.certainty == "certain" for line in reading.vat_breakdown)
        read["vat_breakdown"] = breakdown(rows), "certain" if sure else "likely"
    for name, expected in truth.items():
        counts[name, "shown"] += 1
        value, certainty = read.get(name, ("", ""))
        is_right = bool(value) and same(name, value, expected)
        counts[name, "right" if is_right else "wrong" if value else "missed"] += 1
        counts[name, "sure"] += certainty == "certain"
        counts[name, "sure and wrong"] += certainty == "certain" and not is_right
        if misses_of and not is_right:
            print(f"{misses_of}: {name}: expected {expected!r}, read {value!r} {certainty}")


def _of(counts: Counter[tuple[str, str]], field: str, what: str) -> int:
    return sum(many for (name, kind), many in counts.items() if kind == what and field in (name, "all"))


def _cells(counts: Counter[tuple[str, str]], field: str) -> str:
    right, wrong, shown = (_of(counts, field, what) for what in ("right", "wrong", "shown"))
    precision = f"{100 * right / (right + wrong):.0f} %" if right + wrong else "-"
    sure = f"{_of(counts, field, 'sure and wrong')} of {_of(counts, field, 'sure')}"
    return f"{precision:>22} {f'{100 * right / shown:.0f} %':>7} {sure:>12}"


if __name__ == "__main__":
    raise SystemExit(main())
