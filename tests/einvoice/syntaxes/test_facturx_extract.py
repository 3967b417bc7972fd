"""The data inside a PDF are found and named for what they are, whatever their encoding."""

import io
from datetime import UTC, date, datetime

import pikepdf
import pytest

from plainchant.einvoice.drawing import draw
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.verdict import check
from tests.einvoice.drawing.bills import school_visit

AT = datetime(2026, 11, 3, tzinfo=UTC)
XML = write(school_visit())
ORDER = b"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100"/>"""


def with_attachment(data: bytes, name: str) -> bytes:
    with pikepdf.open(io.BytesIO(draw(school_visit(), at=AT))) as document:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
        written = io.BytesIO()
        document.save(written)
    return written.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["factur-x.xml", "facture-2026-014.xml"])
def test_an_invoice_in_any_encoding_is_read(encoding, name):
    xml = XML.decode().partition("?>")[2]
    verdict = check(with_attachment(xml.encode(encoding), name), at=AT.date())
    assert verdict.kind.startswith("Factur-X")
    assert verdict.reading.invoice.number == school_visit().number


def test_an_order_is_called_an_order():
    verdict = check(with_attachment(ORDER, "order-x.xml"), at=date(2026, 11, 3))
    assert not verdict.accepted
    said = " ".join(finding.message for layer in verdict.layers for finding in layer.findings)
    assert "commande (Order-X)" in said
    assert "PDF simple" not in said
