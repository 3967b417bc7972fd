"""Invoices written in a word processor, as .docx and .odt, byte by byte: what Word and LibreOffice write around them.

Everyone and every number here is invented; the SIRETs only have right check digits.
"""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = "office text table style draw".split()
_ODT_NAMES = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in _SPACES} | {
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
}
# Each line a paragraph, tabs in it; a list of lists a table. The first lines stand in the header of the page.
HEADER = ["Atelier Pochoir", "SIRET 902 100 015 00012", "IBAN FR76 3000 6000 0112 3456 7890 189"]
BODY: list[str | list[list[str]]] = [
    "\t\tCommune de Saint-Exemple",
    "\t\tSIRET 219 900 016 00011",
    "Facture n° F-2026-14",
    "Date :\t12 mai 2026",
    "Engagement :\t2103456789",
    [
        ["Désignation", "Qté", "P.U. HT", "Montant HT"],
        ["Fresque", "2", "250,00", "500,00"],
        ["Pose", "1", "100,00", "100,00"],
    ],
    "Total HT\t600,00 €",
    "TVA 20 %\t120,00 €",
    "Total TTC\t720,00 €",
]
EXPECTED = {
    "number": "F-2026-14",
    "issue_date": "2026-05-12",
    "seller_siret": "90210001500012",
    "buyer_siret": "21990001600011",
    "purchase_order_reference": "2103456789",
    "tax_exclusive_amount": "600.00",
    "tax_amount": "120.00",
    "tax_inclusive_amount": "720.00",
    "payable_amount": "720.00",
    "iban": "FR7630006000011234567890189",
}


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def as_docx(header: list[str] = HEADER, body: list[str | list[list[str]]] = BODY, *, extra: str = "") -> bytes:
    """`extra`: more of the body, as XML."""
    blocks = "".join(_docx_block(block) for block in body)
    return packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{blocks}{extra}</w:body></w:document>',
            "word/header1.xml": f'<w:hdr xmlns:w="{W}">{"".join(map(_docx_block, header))}</w:hdr>',
            "word/header2.xml": f'<w:hdr xmlns:w="{W}">{"".join(map(_docx_block, header))}</w:hdr>',
        }
    )


def _docx_block(block: str | list[list[str]]) -> str:
    if isinstance(block, str):
        runs = "<w:r><w:tab/></w:r>".join(f"<w:r><w:t>{escape(text)}</w:t></w:r>" for text in block.split("\t"))
        return f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr>{runs}</w:p>"
    columns = "".join(f'<w:gridCol w:w="{4000 if rank == 0 else 1500}"/>' for rank in range(len(block[0])))
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_docx_block(text)}</w:tc>" for text in row) + "</w:tr>" for row in block
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"


def as_odt(header: list[str] = HEADER, body: list[str | list[list[str]]] = BODY, *, extra: str = "") -> bytes:
    spaces = " ".join(f'xmlns:{name}="{uri}"' for name, uri in _ODT_NAMES.items())
    blocks = "".join(map(_odt_block, body))
    above = "".join(map(_odt_block, header))
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{blocks}{extra}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {spaces}><office:master-styles><style:master-page>"
            f"<style:header>{above}</style:header></style:master-page></office:master-styles></office:document-styles>",
        }
    )


def _odt_block(block: str | list[list[str]]) -> str:
    if isinstance(block, str):
        spans = "<text:tab/>".join(f"<text:span>{escape(text)}</text:span>" for text in block.split("\t"))
        return f"<text:p>{spans}</text:p>"
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell>{_odt_block(text)}</table:table-cell>" for text in row)
        + "</table:table-row>"
        for row in block
    )
    column = f'<table:table-column table:number-columns-repeated="{len(block[0])}"/>'
    return f"<table:table>{column}{rows}</table:table>"
