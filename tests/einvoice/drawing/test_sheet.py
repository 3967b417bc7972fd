"""No term of an invoice is missing on its page: every field is filled with a mark of its own, and looked for."""

import json
import re
from datetime import UTC, datetime
from itertools import count

import pypdfium2

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.drawing.sheet import PageContent, shown
from plainchant.einvoice.model import Invoice
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.syntaxes.facturx.extract import extract
from tests.einvoice.filling import filled

AT = datetime(2026, 11, 24, tzinfo=UTC)


def compact(text: str) -> str:
    """Without the spaces that group an IBAN by four and an amount by three."""
    return text.replace("\u202f", "").replace("\u00a0", "")


def test_every_term_of_the_model_is_on_the_page():
    values: list[object] = []
    invoice = filled(Invoice, count(1001), values)
    marks = [shown(value) for value in values]
    page = compact(json.dumps(PageContent(invoice).data(), ensure_ascii=False))
    missing = [mark for mark in marks if compact(mark) not in page]
    assert len(marks) > 300
    assert missing == []


def test_every_term_of_the_model_is_drawn():
    values: list[object] = []
    document = pypdfium2.PdfDocument(draw(filled(Invoice, count(1001), values), at=AT))
    drawn = "".join(page.get_textpage().get_text_bounded() for page in document)
    drawn = re.sub(r"[\s\u200b\ufffe]", "", drawn)  # a long value may be broken over two lines
    assert [value for value in values if re.sub(r"\s", "", shown(value)) not in drawn] == []


def test_the_page_carries_the_invoice_that_programs_read():
    marks: list[str] = []
    invoice = filled(Invoice, count(1001), marks)
    profile = PROFILE_OF["EN 16931"]
    xml = write(invoice, profile=profile)
    made = draw(invoice, at=AT, xml=xml, profile=profile)
    found = extract(made)
    assert found.xml == xml
    assert (found.name, found.level, found.relationship) == ("factur-x.xml", "EN 16931", "Alternative")
    assert found.findings == ()
    assert draw(invoice, at=AT, xml=xml, profile=profile) == made


def test_an_empty_invoice_is_drawn_too():
    assert draw(Invoice(), at=AT).startswith(b"%PDF-")
