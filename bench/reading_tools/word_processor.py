"""Invoices written in a word processor: .docx, which LibreOffice prints."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt

from .invoice import Invoice, Party
from .layout import layout
from .pen import Pen

ALIGNMENTS = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def new_document(font: str, size: float) -> Any:
    """An empty A4 page with a font in points."""
    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name = font
    normal.font.size = Pt(size)
    normal.paragraph_format.space_after = Pt(2)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2)
        section.top_margin = Cm(1.5)
        section.page_width = Cm(21)
        section.page_height = Cm(29.7)
    return document


def paragraph(
    document: Any,
    text: str,
    bold: bool = False,
    align: str = "",
    size: float | None = None,
    indent: float | None = None,
) -> None:
    """A paragraph; `size` in points, `indent` in centimetres, `align` a key of `ALIGNMENTS`."""
    written = document.add_paragraph()
    run = written.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if align:
        written.alignment = ALIGNMENTS[align]
    if indent:
        written.paragraph_format.left_indent = Cm(indent)


def table(
    document: Any,
    heads: list[str] | None,
    body: list[list[str]],
    widths: Sequence[float],
    right: Sequence[int] = (),
    style: str = "Table Grid",
) -> Any:
    """A table: `widths` in centimetres, `right` the columns set to the right."""
    made = document.add_table(rows=0, cols=len(widths))
    made.style = style
    made.autofit = False
    for rank, row in enumerate(([heads] if heads else []) + body):
        cells = made.add_row().cells
        for column, text in enumerate(row):
            cells[column].width = Cm(widths[column])
            written = cells[column].paragraphs[0]
            written.add_run(text).bold = bool(heads) and rank == 0
            if column in right:
                written.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return made


def saved(document: Any) -> bytes:
    """The bytes of the .docx."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def block(party: Party) -> str:
    """Name and address, a line each."""
    return "\n".join(part for part in party.address if part)


@layout("docx", "tune", "note author note_vat note")
def note_word(invoice: Invoice, pen: Pen) -> bytes:
    """An author's note: one table, what is withheld under a heading inside it."""
    seller = invoice.seller
    document = new_document("Liberation Sans", 10)
    paragraph(document, seller.name, True, size=14)
    paragraph(
        document,
        f"{invoice.profession}\n{seller.street}\n{seller.postcode} {seller.town}\nSIRET : {pen.seller_siret()}",
    )
    paragraph(
        document, block(invoice.buyer) + (f"\nSIRET : {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""), indent=10
    )
    paragraph(
        document, f"{'NOTE D’AUTEUR' if invoice.deductions else 'FACTURE'} N° : {pen.number()}", True, "center", 13
    )
    paragraph(document, f"Date : {pen.issued()}", align="center")
    if pen.has["order"]:
        paragraph(document, f"Bon de commande n° : {pen.order()}")
    if pen.has["service"]:
        paragraph(document, f"Code service Chorus : {pen.service()}")
    body = [[line.label, pen.amount(pen.item(line, "").amount)] for line in invoice.lines]
    body.append(["TOTAL BRUT H.T.", pen.money("net")])
    if invoice.has_vat:
        body += [[f"TVA {pen.percent(rate)}", pen.amount(tax)] for rate, _, tax in invoice.rates]
        pen.note_only_tax()
        body.append(["TOTAL T.T.C.", pen.money("gross")])
    if invoice.deductions:
        body.append(["Cotisations et contributions à la charge de l’auteur :", ""])
        body += [[label, pen.amount(-amount)] for label, amount in invoice.deductions]
        body.append(["NET À RÉGLER À L’AUTEUR", pen.money("payable")])
    else:
        pen.note_payable()
    table(document, ["Objet", "Montant (€)"], body, (13, 4), (1,))
    paragraph(document, "")
    paragraph(document, pen.mention())
    if pen.has["due"]:
        paragraph(document, f"Date d’échéance : {pen.due()}")
    if pen.has["iban"]:
        paragraph(document, f"IBAN : {pen.iban()}  BIC : {invoice.bic}")
    return saved(document)


@layout("docx", "held", "vatfree asso_free author training")
def tabs_word(invoice: Invoice, pen: Pen) -> bytes:
    """A letter without a table: amounts at a tab stop."""
    seller = invoice.seller
    document = new_document("Lato", 11)

    def tabbed(left: str, right: str = "", bold: bool = False) -> None:
        written = document.add_paragraph()
        written.paragraph_format.tab_stops.add_tab_stop(Cm(17), WD_TAB_ALIGNMENT.RIGHT)
        written.add_run(f"{left}\t{right}").bold = bold

    tabbed(seller.name, f"Facture n° {pen.number()}", True)
    tabbed(seller.street, f"du {pen.issued('long')}")
    tabbed(f"{seller.postcode} {seller.town}")
    tabbed(f"N° Siret : {pen.seller_siret()}")
    paragraph(document, "\nÀ l’attention de", size=9)
    paragraph(document, block(invoice.buyer))
    if pen.has["buyer_siret"]:
        paragraph(document, f"N° Siret : {pen.buyer_siret()}")
    if pen.has["order"]:
        paragraph(document, f"Vos références : commande {pen.order()}")
    paragraph(document, "")
    for line in invoice.lines:
        pen.item(line, "")
        tabbed(f"{line.label}{' (' + line.detail + ')' if line.detail else ''}", pen.amount(line.amount))
    paragraph(document, "")
    if invoice.discount:
        tabbed(invoice.discount_words, pen.amount(-invoice.discount))
    if invoice.has_vat:
        tabbed("Total hors taxe", pen.money("net"))
        for rate, _, tax in invoice.rates:
            tabbed(f"TVA {pen.percent(rate)}", pen.amount(tax))
        pen.note_only_tax()
    tabbed(
        "Total TTC" if invoice.has_vat else pen.any_of("Total", "Total à payer", "Montant total"),
        pen.money("gross"),
        True,
    )
    for label, amount in invoice.prepaid:
        tabbed(label, pen.amount(-amount))
    if invoice.prepaid:
        tabbed("Reste à payer", pen.money("payable"), True)
    else:
        pen.note_payable()
    paragraph(document, "")
    paragraph(document, pen.mention(), size=9)
    paragraph(
        document,
        f"Paiement{' le ' + pen.due('long') + ' au plus tard' if pen.has['due'] else ' à réception'}{', sur le compte ' + pen.iban() if pen.has['iban'] else ''}.",
        size=9,
    )
    return saved(document)


@layout("docx", "held", "craft retention deposit final supply")
def craft_word(invoice: Invoice, pen: Pen) -> bytes:
    """A craftsman's: tables for the parties, the references, the lines and the sums."""
    document = new_document("DejaVu Sans", 8.5)
    table(
        document,
        None,
        [
            [
                block(invoice.seller)
                + f"\nSiret : {pen.seller_siret()}"
                + (f"\nTVA intracom. : {pen.seller_vat()}" if pen.has["seller_vat"] and invoice.has_vat else ""),
                "Client :\n"
                + block(invoice.buyer)
                + (f"\nSiret : {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""),
            ]
        ],
        (8.5, 8.5),
    )
    paragraph(document, "")
    paragraph(document, f"{invoice.title}", True, size=14)
    table(
        document,
        ["N°", "Date", "Affaire", "Commande", "Échéance"],
        [
            [
                pen.number(),
                pen.issued(),
                invoice.quote,
                pen.order() if pen.has["order"] else "",
                pen.due() if pen.has["due"] else "",
            ]
        ],
        (3.5, 3.5, 3, 3.5, 3.5),
    )
    paragraph(document, "")
    body = [
        [
            line.label + (f"\n{line.detail}" if line.detail else ""),
            pen.quantity(pen.item(line).quantity),
            line.unit,
            pen.amount(line.price, False),
            pen.percent(line.rate) if invoice.has_vat else "",
            pen.amount(line.amount, False),
        ]
        for line in invoice.lines
    ]
    table(
        document,
        ["Désignation", "Qté", "Unité", "PU € HT", "TVA", "Total € HT"],
        body,
        (7, 1.6, 1.6, 2.3, 1.8, 2.7),
        (1, 3, 5),
    )
    paragraph(document, "")
    body = [["Total HT", pen.money("net")]]
    if invoice.discount:
        body.insert(0, [invoice.discount_words, pen.amount(-invoice.discount)])
    if invoice.has_vat:
        body += [[f"TVA {pen.percent(rate)}", pen.amount(tax)] for rate, _, tax in invoice.rates]
        pen.note_only_tax()
    body.append(["Total TTC", pen.money("gross")])
    body += [[label, pen.amount(-amount)] for label, amount in (*invoice.deductions, *invoice.prepaid)]
    body.append(["Net à payer", pen.money("payable")])
    sums = table(document, None, body, (6, 3.5), (1,))
    sums.alignment = WD_TABLE_ALIGNMENT.RIGHT
    paragraph(document, "")
    paragraph(document, pen.mention())
    if pen.has["iban"]:
        paragraph(document, f"Virement : {pen.iban()} – {invoice.bic}")
    pen.note("currency", "EUR")
    return saved(document)


@layout("docx", "tune", "agency training asso_free credit")
def agency_word(invoice: Invoice, pen: Pen) -> bytes:
    """An agency's: references in a table without rules, the sums in the table of the lines."""
    seller = invoice.seller
    document = new_document("Open Sans", 9.5)
    paragraph(document, seller.name.upper(), True, "right", 15)
    paragraph(
        document,
        f"{seller.street} · {seller.postcode} {seller.town}\nSIRET {pen.seller_siret()}"
        + (f" · TVA {pen.seller_vat()}" if pen.has["seller_vat"] and invoice.has_vat else ""),
        align="right",
        size=8,
    )
    ref = [["Facture" if invoice.code == "380" else "Avoir", pen.number()], ["Date", pen.issued("long")]]
    if pen.has["due"]:
        ref.append(["Échéance", pen.due("long")])
    if pen.has["order"]:
        ref.append(["Bon de commande", pen.order()])
    if pen.has["service"]:
        ref.append(["Service", pen.service()])
    if pen.has["contract"]:
        ref.append(["Marché", pen.contract()])
    if invoice.is_credit:
        ref.append(["Annule et remplace la facture", invoice.other])
    table(document, None, ref, (5, 5), style="Normal Table")
    paragraph(document, "")
    paragraph(document, "Facturé à", True)
    paragraph(document, block(invoice.buyer) + (f"\nSIRET {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""))
    paragraph(document, "")
    body = [
        [line.label, pen.quantity(pen.item(line, "qp").quantity), pen.amount(line.price), pen.amount(line.amount)]
        for line in invoice.lines
    ]
    if invoice.discount:
        body.append([invoice.discount_words, "", "", pen.amount(-invoice.discount)])
    if invoice.has_vat:
        body += (
            [["", "", "Total HT", pen.money("net")]]
            + [["", "", f"TVA {pen.percent(rate)}", pen.amount(tax)] for rate, _, tax in invoice.rates]
            + [["", "", "Total TTC", pen.money("gross")]]
        )
        pen.note_only_tax()
    else:
        body += [["", "", "TOTAL", pen.money("gross")]]
    for label, amount in invoice.prepaid:
        body.append(["", "", label, pen.amount(-amount)])
    if invoice.prepaid:
        body.append(["", "", "À payer", pen.money("payable")])
    else:
        pen.note_payable()
    table(
        document,
        ["Prestation", "Nombre", "Coût unitaire", "Coût total"],
        body,
        (8, 2, 3.5, 3.5),
        (1, 2, 3),
        "Light List",
    )
    paragraph(document, "")
    paragraph(document, pen.mention())
    paragraph(document, (f"Règlement sur le compte {pen.iban()} ({invoice.bic})" if pen.has["iban"] else ""))
    return saved(document)
