"""Invoices drawn by programs for the web with FPDF: rows of cells, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from fpdf import FPDF

from .fonts import font_file, plain
from .invoice import Invoice, cents
from .layout import layout
from .pen import Pen

FONTS = {
    family: (font_file(f"{family}-Regular"), font_file(f"{family}-Bold"))
    for family in ("Lato", "OpenSans", "LiberationSans")
}


class Cells(FPDF):
    """A page that is filled row by row; widths and heights in millimetres."""

    def __init__(self, family: str) -> None:
        super().__init__()
        regular, bold = FONTS[family]
        self.add_font("X", "", regular)
        self.add_font("X", "B", bold)
        self.add_page()
        self.set_font("X", "", 9)

    def row(
        self,
        widths: Sequence[float],
        texts: Sequence[str],
        align: str = "",
        height: float = 5.5,
        border: int | str = 0,
        bold: bool = False,
    ) -> None:
        """One row; `align` has L or R for each cell, `border` is 1 or the sides."""
        self.set_font("X", "B" if bold else "", 9)
        for width, text, side in zip(widths, texts, align or "L" * len(widths), strict=True):
            self.cell(width, height, plain(text), border=border, align=side)
        self.ln(height)

    def line_of(self, text: str, bold: bool = False) -> None:
        """One cell as wide as the page."""
        self.row((190,), (text,), bold=bold)


@layout("fpdf", "tune", "craft supply retention reverse")
def php_cells(invoice: Invoice, pen: Pen) -> bytes:
    """A PHP program's rows of bordered cells: references beside the seller's address."""
    seller = invoice.seller
    cells = Cells("Lato")
    cells.row((100, 90), (seller.name, f"{invoice.title} N° {pen.number()}"), bold=True)
    cells.row((100, 90), (seller.street, f"Date : {pen.issued()}"))
    cells.row(
        (100, 90),
        (f"{seller.postcode} {seller.town}", f"Échéance : {pen.due()}" if pen.has["due"] else ""),
    )
    cells.row(
        (100, 90), (f"SIRET : {pen.seller_siret()}", f"Réf. commande : {pen.order()}" if pen.has["order"] else "")
    )
    cells.row(
        (100, 90),
        (
            f"TVA : {pen.seller_vat()}" if pen.has["seller_vat"] else "",
            f"Marché n° : {pen.contract()}" if pen.has["contract"] else "",
        ),
    )
    cells.ln(8)
    for text in invoice.buyer.address:
        if text:
            cells.row((95, 95), ("", text))
    if pen.has["buyer_siret"]:
        cells.row((95, 95), ("", f"SIRET : {pen.buyer_siret()}"))
    cells.ln(8)
    widths = (78, 18, 18, 26, 18, 32)
    cells.row(widths, ("Désignation", "Qté", "Unité", "P.U. HT", "TVA", "Total HT"), "LRLRRR", 7, 1, True)
    for line in invoice.lines:
        pen.item(line)
        cells.row(
            widths,
            (
                line.label,
                pen.quantity(line.quantity),
                line.unit,
                pen.amount(line.price, False),
                pen.percent(line.rate) if invoice.has_vat else "-",
                pen.amount(line.amount, False),
            ),
            "LRLRRR",
            6,
            1,
        )
    cells.ln(4)
    totals = [("Total HT", pen.money("net"))]
    if invoice.discount:
        totals.insert(0, (invoice.discount_words, pen.amount(-invoice.discount)))
    if invoice.has_vat:
        totals += [
            (f"TVA {pen.percent(rate)} (base {pen.amount(base)})", pen.amount(tax)) for rate, base, tax in invoice.rates
        ]
        pen.note_breakdown()
        pen.note_only_tax()
        totals.append(("Total TTC", pen.money("gross")))
    totals += [(label, pen.amount(-amount)) for label, amount in (*invoice.deductions, *invoice.prepaid)]
    totals.append(("Net à payer", pen.money("payable")))
    for name, value in totals:
        cells.row((100, 58, 32), ("", name, value), "LLR")
    cells.ln(6)
    cells.line_of(pen.mention())
    cells.line_of(f"IBAN : {pen.iban()}   BIC : {invoice.bic}" if pen.has["iban"] else "")
    return bytes(cells.output())


@layout("fpdf", "held", "note note_vat author vatfree")
def php_note(invoice: Invoice, pen: Pen) -> bytes:
    """An author's note in bordered cells, what is withheld with « À déduire » and no sign."""
    seller = invoice.seller
    cells = Cells("OpenSans")
    cells.line_of(seller.name, bold=True)
    for text in (
        invoice.profession,
        seller.street,
        f"{seller.postcode} {seller.town}",
        f"N° SIRET : {pen.seller_siret()}",
        f"N° MDA : {invoice.seed % 90000 + 10000}",
    ):
        cells.line_of(text)
    cells.ln(3)
    for text in invoice.buyer.address:
        if text:
            cells.row((110, 80), ("", text))
    if pen.has["buyer_siret"]:
        cells.row((110, 80), ("", f"N° SIRET : {pen.buyer_siret()}"))
    cells.ln(5)
    cells.line_of(f"Fait à {seller.town}, le {pen.issued('long')}")
    cells.line_of(
        f"{'Note de cession de droits d’auteur' if invoice.deductions else 'Facture'} numéro {pen.number()}",
        bold=True,
    )
    if pen.has["order"]:
        cells.line_of(f"Numéro d’engagement : {pen.order()}")
    if pen.has["service"]:
        cells.line_of(f"Code service : {pen.service()}")
    cells.ln(4)
    widths = (150, 40)
    cells.row(widths, ("Nature de l’œuvre et des droits cédés", "Montant HT"), "LR", 7, 1, True)
    for line in invoice.lines:
        pen.item(line, "")
        cells.row(
            widths, (line.label + (f", {line.detail}" if line.detail else ""), pen.amount(line.amount)), "LR", 6, 1
        )
    if invoice.discount:
        cells.row(widths, (invoice.discount_words, pen.amount(-invoice.discount)), "LR", 6, 1)
    cells.row(widths, ("Total H.T. (assiette)" if invoice.deductions else "Total H.T.", pen.money("net")), "LR", 6, 1)
    if invoice.has_vat:
        for rate, _, tax in invoice.rates:
            cells.row(widths, (f"T.V.A. {pen.percent(rate)}", pen.amount(tax)), "LR", 6, 1)
        pen.note_only_tax()
        cells.row(widths, ("Total T.T.C.", pen.money("gross")), "LR", 6, 1)
    for label, amount in invoice.deductions:
        cells.row(widths, (f"À déduire : {label}", pen.amount(amount)), "LR", 6, 1)
    for label, amount in invoice.prepaid:
        cells.row(widths, (label, pen.amount(-amount)), "LR", 6, 1)
    if invoice.deductions or invoice.prepaid:
        cells.row(
            widths,
            ("Somme nette à verser à l’auteur" if invoice.deductions else "Reste à payer", pen.money("payable")),
            "LR",
            6,
            1,
        )
    else:
        pen.note_payable()
    cells.ln(4)
    cells.line_of(pen.mention())
    cells.line_of(f"À payer au plus tard le {pen.due()}" if pen.has["due"] else "")
    cells.line_of(f"IBAN {pen.iban()}" if pen.has["iban"] else "")
    return bytes(cells.output())


@layout("fpdf", "tune", "training agency supply")
def per_row_vat(invoice: Invoice, pen: Pen) -> bytes:
    """VAT and gross in each row, no recapitulation by rate."""
    seller, buyer = invoice.seller, invoice.buyer
    cells = Cells("LiberationSans")
    cells.row((120, 70), (seller.name, pen.issued("d/m/Y")), bold=True)
    cells.line_of(
        f"{seller.street} {seller.postcode} {seller.town} - SIRET {pen.seller_siret()}",
    )
    cells.ln(4)
    cells.line_of(
        f"Client : {buyer.name} - {buyer.street} - {buyer.postcode} {buyer.town}"
        + (f" - SIRET {pen.buyer_siret()}" if pen.has["buyer_siret"] else ""),
    )
    cells.line_of(f"Facture numéro : {pen.number()}", bold=True)
    if pen.has["order"]:
        cells.line_of(f"Référence de votre bon de commande : {pen.order()}")
    cells.ln(4)
    widths = (66, 14, 26, 28, 28, 28)
    cells.row(widths, ("Objet", "Qté", "PU", "HT", "TVA", "TTC"), "LRRRRR", 6, "B", True)
    for line in invoice.lines:
        pen.item(line, "qp")
        tax = cents(line.amount * line.rate / 100)
        cells.row(
            widths,
            (
                line.label,
                pen.quantity(line.quantity),
                pen.amount(line.price, False),
                pen.amount(line.amount, False),
                pen.amount(tax, False),
                pen.amount(line.amount + tax, False),
            ),
            "LRRRRR",
            6,
        )
    if invoice.discount:
        tax = cents(invoice.discount * invoice.lines[0].rate / 100)
        cells.row(
            widths,
            (
                invoice.discount_words,
                "",
                "",
                pen.amount(-invoice.discount, False),
                pen.amount(-tax, False),
                pen.amount(-invoice.discount - tax, False),
            ),
            "LRRRRR",
            6,
        )
    cells.row(
        widths,
        ("TOTAL", "", "", pen.money("net", False), pen.money("tax", False), pen.money("gross", False)),
        "LRRRRR",
        7,
        "T",
        True,
    )
    for label, amount in invoice.prepaid:
        cells.row((162, 28), (label, pen.amount(-amount)), "RR")
    cells.row((162, 28), ("À payer", pen.money("payable")), "RR", bold=True)
    cells.ln(4)
    cells.line_of(pen.mention())
    cells.line_of(f"Date d’échéance {pen.due('d/m/Y')}" if pen.has["due"] else "")
    cells.line_of(f"IBAN {pen.iban()}" if pen.has["iban"] else "")
    return bytes(cells.output())
