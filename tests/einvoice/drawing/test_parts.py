"""An invoice of many lines is drawn in parts: the same page for a reader, and memory that does not grow with it."""

import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pypdfium2

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.drawing.parts import LINES_A_PART, parts_of
from plainchant.einvoice.drawing.sheet import PageContent
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.facturx.extract import extract
from tests.einvoice.drawing.bills import AT, school_visit


def of_lines(count: int) -> Invoice:
    first = school_visit().lines[0]
    assert first.item is not None
    return school_visit(
        lines=tuple(
            replace(
                first,
                identifier=str(number),
                net_amount=Decimal(1),
                item=replace(first.item, name=f"Séance {number:05}"),
            )
            for number in range(1, count + 1)
        )
    )


def test_a_part_carries_what_the_lines_before_it_come_to():
    parts = list(parts_of(PageContent(of_lines(2 * LINES_A_PART + 1)).data()))
    assert [len(part.sheet["lines"]) for part in parts] == [LINES_A_PART, LINES_A_PART, 1]
    assert [part.carried for part in parts] == [None, f"{LINES_A_PART},00\u00a0€", "1\u202f600,00\u00a0€"]
    assert [(part.is_first, part.is_last) for part in parts] == [(True, False), (False, False), (False, True)]
    assert [bool(part.sheet["totals"]) for part in parts] == [False, False, True]


def test_an_invoice_without_lines_is_one_part():
    (part,) = parts_of(PageContent(school_visit(lines=())).data())
    assert part.is_whole


def test_a_long_invoice_reads_as_one_document():
    invoice = of_lines(LINES_A_PART + 5)
    xml = write(invoice)
    pdf = draw(invoice, at=AT, xml=xml)
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    written = "".join(pages)
    assert re.findall(r"Séance (\d{5})", written) == [f"{number:05}" for number in range(1, LINES_A_PART + 6)]
    assert [f"Page {number} sur {len(pages)}" in page for number, page in enumerate(pages, 1)] == [True] * len(pages)
    assert written.count("Vos références") == written.count("Net à payer") == 1
    # Where one part ends and the next begins, the sum is carried as on any other page.
    (last_of_first,) = (page for page in pages if f"Séance {LINES_A_PART:05}" in page)
    following = pages[pages.index(last_of_first) + 1]
    assert f"À reporter {LINES_A_PART},00" in " ".join(last_of_first.split())
    assert f"Report {LINES_A_PART},00" in " ".join(following.split())
    assert probe(pdf) == ()
    assert extract(pdf).xml == xml
    assert extract(pdf).level == "EN 16931"
    assert draw(invoice, at=AT, xml=xml) == pdf


DRAWN_WITHIN_LIMITS = """
import resource
from tests.einvoice.drawing.test_parts import of_lines
from tests.einvoice.drawing.bills import AT
from plainchant.einvoice.drawing import draw
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
draw(of_lines(4000), at=AT)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_four_thousand_lines_take_no_more_memory_than_a_part():
    done = subprocess.run([sys.executable, "-c", DRAWN_WITHIN_LIMITS], capture_output=True, check=True, timeout=300)
    assert int(done.stdout) < 300 * 1024  # kB; laid out in one piece: 550,000
