"""A reader that can open none of our files once its walls stand answers as any other.

So it is for a portal that runs as root in a home that is closed to others: behind the walls root may enter it no more.
Landlock shuts here, for any user and wherever the checkout lies, what the owner of the folder shuts there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PIL import Image

from plainchant.capture import engines
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.read import read
from plainchant.einvoice.syntaxes.xml import parse
from plainchant.einvoice.verdict import check
from plainchant.reader import documents, flows, sandbox, scans
from tests.capture.letters import as_docx
from tests.capture.samples import SAMPLES
from tests.capture.scans import page_of, scanned
from tests.capture.test_letters import a_mail
from tests.capture.workbooks import LAYOUTS, WRITERS, book_of
from tests.portal.flows.tables import a_row, a_table
from tests.reader.probe import attempted, zygote
from tests.reader.test_documents import facturx
from tests.reader.test_sandbox import has_landlock
from tests.web.verify.invoices import invoice

AT, DAY = datetime(2026, 11, 2, 9, 30, tzinfo=UTC), date(2026, 11, 2)
SELLER, BUYER = "90210001500012", "21990001600011"
PDF = SAMPLES["small firm, two columns, footer"].pdf
UBL = invoice("F-1", seller=SELLER, buyer=BUYER)
CII = write_cii(read(parse(UBL)).invoice)
# The bank account of another country, which has rules of its own; an encoding that is seldom met.
ACCOUNT = b"<cac:PayeeFinancialAccount><cbc:ID>NO9386011117947</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>"
FOREIGN = UBL.replace(b"</cac:PaymentMeans>", ACCOUNT)
WESTERN = UBL.decode().replace("UTF-8", "windows-1252").replace("Lecture", "Lecture à l’école").encode("cp1252")
TABLE = a_table([a_row("F-9", seller=SELLER, buyer=BUYER)])
CLOSED = "from plainchant.reader import walls\nwalls.OURS = ()"


def picture(kind: str) -> bytes:
    out, red = io.BytesIO(), Image.new("RGB", (300, 200), "red")
    red.save(out, kind, **({"save_all": True, "append_images": [red]} if kind == "MPO" else {}))
    return out.getvalue()


@contextmanager
def stored(content: bytes) -> Iterator[io.BufferedRandom]:
    """A file with a descriptor, as a flow comes."""
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def opened_workbook(kind: str) -> Callable[[], object]:
    return lambda: documents.open_workbook(
        WRITERS[kind](book_of(LAYOUTS["several rates in a summary"])), title="facture", at=AT
    )


TASKS: dict[str, Callable[[], Any]] = {
    "a PDF is read": lambda: sandbox.read_pdf(PDF),
    "a page of a PDF is taken out": lambda: documents.pages_alone(PDF, first=1, last=1),
    "a page is shown": lambda: sandbox.render_page(PDF, page=1, width_px=300),
    "a logo is taken": lambda: sandbox.normalise_logo(picture("PNG")),
    "UBL is checked": lambda: sandbox.check_invoice(UBL, at=DAY),
    "CII is checked": lambda: sandbox.check_invoice(CII, at=DAY),
    "a Factur-X is checked": lambda: sandbox.check_invoice(facturx(), at=DAY),
    "a foreign bank account is checked": lambda: sandbox.check_invoice(FOREIGN, at=DAY),
    "a rare encoding is checked": lambda: sandbox.check_invoice(WESTERN, at=DAY),
    "data are read": lambda: sandbox.read_invoice_data(CII),
    "a Factur-X is compared with its page": lambda: documents.compare_electronic(facturx(), at=DAY),
    **{f"an {kind} workbook is drawn": opened_workbook(kind) for kind in WRITERS},
    "a workbook is read": lambda: documents.read_workbook(TABLE),
    "payments are read": lambda: documents.read_payments(TABLE),
    "commitments of a CSV are read": lambda: documents.read_commitments("Numéro;Montant\nÉ-1;12".encode("cp1252")),
    "payments of a CSV are read": lambda: documents.read_payments("Numéro;Montant\nÉ-1;12".encode("cp1252")),
    "a letter is drawn": lambda: documents.open_letter(as_docx(), title="facture", at=AT),
    "an invoice is taken out of a mail": lambda: documents.invoice_of_mail(a_mail(("a.pdf", PDF))),
    "a photo is put on a page": lambda: documents.open_picture(picture("JPEG"), title="photo", at=AT),
    "a phone's photo of two pictures too": lambda: documents.open_picture(picture("MPO"), title="photo", at=AT),
    "a flow is read": lambda: list(flows.read_flow(document=stored(UBL), at=DAY)),
    "a flow is recognised": lambda: flows.kind_of(document=stored(UBL)),
    "a table of invoices is read": lambda: flows.read_rows(document=stored(TABLE)),
    "an invoice of a flow is drawn": lambda: flows.page_of(document=stored(UBL), part=0),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What an ordinary reader says."""
    answers = {name: task() for name, task in TASKS.items()}
    sandbox.close()
    return answers


@pytest.fixture(scope="module")
def _closed(answers: dict[str, Any]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "_ZYGOTE", zygote(CLOSED))
        yield
        sandbox.close()


pytestmark = [
    pytest.mark.usefixtures("_closed"),
    pytest.mark.skipif(not has_landlock(), reason="this kernel has no Landlock"),
]


@pytest.mark.parametrize("name", TASKS)
def test_the_answer_is_the_same(answers: dict[str, Any], name: str) -> None:
    assert TASKS[name]() == answers[name]


def test_none_of_our_files_can_be_read() -> None:
    assert attempted(f"open({check.__code__.co_filename!r})") == "EACCES"


@pytest.mark.skipif(engines.tesseract() is None, reason="no Tesseract with its French data")
def test_characters_are_still_recognised_by_the_system_s_engine() -> None:
    assert scans.read_scan(scanned(page_of(PDF, dpi=100)).jpeg).engine == "Tesseract"
