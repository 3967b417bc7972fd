"""Invoices drawn by old or home-made programs: reportlab, each string at its place, or its tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from .fonts import font_file, plain
from .invoice import Invoice, total
from .layout import layout
from .pen import NARROW, NO_BREAK, Pen

REGULAR, BOLD, MONO, WIDE = "LS", "LSB", "LM", "DV"
for _name, _file in (
    (REGULAR, "LiberationSans-Regular"),
    (BOLD, "LiberationSans-Bold"),
    (MONO, "LiberationMono-Regular"),
    (WIDE, "DejaVuSans"),
):
    pdfmetrics.registerFont(TTFont(_name, font_file(_file)))


class Paper:
    """One A4 page; places and sizes in millimetres from the top left, fonts in points."""

    def __init__(self, font: str, size: float) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4)
        self.font, self.size = font, size

    def at(
        self, x: float, y: float, text: str, size: float | None = None, font: str | None = None, right: bool = False
    ) -> None:
        """A string from x on, or up to x."""
        self.canvas.setFont(font or self.font, size or self.size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x * mm, A4[1] - y * mm, plain(text))

    def lines(self, x: float, y: float, texts: Sequence[str]) -> None:
        """Strings one under the other, the empty ones left out."""
        for text in texts:
            if text:
                self.at(x, y, text)
                y += 4.5

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """A rectangle."""
        self.canvas.rect(x * mm, A4[1] - (y + height) * mm, width * mm, height * mm)

    def end(self) -> bytes:
        """The PDF."""
        self.canvas.showPage()
        self.canvas.save()
        return self.out.getvalue()


@layout("reportlab", "tune", "supply craft agency credit")
def ledger_s(invoice: Invoice, pen: Pen) -> bytes:
    """An accounting program of the nineties: boxes, a frame down to the totals, rates at the foot."""
    seller = invoice.seller
    paper = Paper(REGULAR, 8.5)
    paper.at(15, 18, seller.name, 14, BOLD)
    paper.lines(
        15,
        24,
        [
            seller.street,
            f"{seller.postcode} {seller.town}",
            "Tél : 01 00 00 00 00",
            f"Siret : {pen.seller_siret()}",
            f"N/Id CEE : {pen.seller_vat()}" if pen.has["seller_vat"] else "",
        ],
    )
    paper.box(105, 40, 90, 30)
    paper.lines(110, 46, invoice.buyer.address + ([f"SIRET {pen.buyer_siret()}"] if pen.has["buyer_siret"] else []))
    paper.at(15, 62, "AVOIR" if invoice.is_credit else "FACTURE", 13, BOLD)
    heads = [("Numéro", pen.number()), ("Date", pen.issued("d/m/Y")), ("Code client", invoice.client)]
    if pen.has["due"]:
        heads.append(("Date d'échéance", pen.due("d/m/Y")))
    heads.append(("Mode de règlement", "Virement"))
    if pen.has["order"]:
        heads.append(("N° de commande", pen.order()))
    x = 15
    for name, value in heads:
        paper.box(x, 76, 30, 10)
        paper.at(x + 1, 80, name, 7.5, BOLD)
        paper.at(x + 1, 84.5, value)
        x += 30
    columns = (
        (15, "Référence"),
        (40, "Désignation"),
        (118, "Quantité"),
        (142, "PU HT"),
        (158, "% REM"),
        (182, "Montant HT"),
        (195, "TVA"),
    )
    for x, name in columns:
        paper.at(x, 95, name, 7.5, BOLD, right=x > 100)
    y = 101.0
    for line in invoice.lines:
        pen.item(line)
        paper.at(15, y, line.ref)
        paper.at(40, y, line.label[:46])
        paper.at(118, y, pen.quantity(line.quantity, True), right=True)
        paper.at(142, y, pen.amount(line.price, False), right=True)
        if line.off:
            paper.at(158, y, pen.quantity(line.off, True), right=True)
        paper.at(182, y, pen.amount(line.amount, False), right=True)
        paper.at(195, y, pen.quantity(line.rate, True), right=True)
        y += 5
        if line.detail:
            paper.at(40, y, line.detail, 7.5)
            y += 5
    paper.box(15, 90, 182, 110)
    if invoice.discount:
        paper.at(40, y + 4, invoice.discount_words)
        paper.at(182, y + 4, pen.amount(-invoice.discount, False), right=True)
    for x, name in ((15, "Taux"), (45, "Base HT"), (75, "Montant TVA")):
        paper.at(x, 206, name, 7.5, BOLD)
    y = 211.0
    for rate, base, tax in invoice.rates:
        paper.at(15, y, pen.quantity(rate, True))
        paper.at(60, y, pen.amount(base, False), right=True)
        paper.at(95, y, pen.amount(tax, False), right=True)
        y += 4.5
    pen.note_breakdown()
    y = 206.0
    totals = (
        [
            ("Total HT", pen.money("net", False)),
            ("Total TVA", pen.money("tax", False)),
            ("Total TTC", pen.money("gross", False)),
        ]
        + [("Acomptes", pen.amount(amount, False)) for _, amount in invoice.prepaid]
        + [("NET A PAYER", pen.money("payable"))]
    )
    for name, value in totals:
        paper.at(130, y, name, font=BOLD)
        paper.at(195, y, value, right=True)
        y += 5.5
    if pen.has["iban"]:
        paper.at(15, 250, f"IBAN : {pen.iban()}   BIC : {invoice.bic}", 8)
    paper.at(
        15,
        285,
        "Aucun escompte pour paiement anticipé. Pénalités de retard : 3 fois le taux d'intérêt légal. Indemnité forfaitaire : 40,00 €",
        6.5,
    )
    return paper.end()


@layout("reportlab", "held", "supply craft agency final deposit")
def ledger_e(invoice: Invoice, pen: Pen) -> bytes:
    """Another of them: the totals in a band at the foot, names above the amounts."""
    seller = invoice.seller
    paper = Paper(REGULAR, 8)
    paper.lines(
        12,
        15,
        [
            seller.name,
            seller.street,
            f"{seller.postcode} {seller.town}",
            f"N° Siret : {pen.seller_siret()}",
            f"N° TVA : {pen.seller_vat()}" if pen.has["seller_vat"] and invoice.has_vat else "",
        ],
    )
    paper.at(120, 15, f"{invoice.title.capitalize()} N° {pen.number()}", 12, BOLD)
    paper.at(120, 21, f"du {pen.issued('d/m/Y')}")
    paper.lines(120, 40, invoice.buyer.address)
    if pen.has["buyer_siret"]:
        paper.at(120, 62, f"Siret client : {pen.buyer_siret()}")
    y = 66.0
    if pen.has["order"]:
        paper.at(12, y, f"Votre commande N° {pen.order()}")
        y += 4.5
    if pen.has["service"]:
        paper.at(12, y, f"Service exécutant : {pen.service()}")
        y += 4.5
    if pen.has["contract"]:
        paper.at(12, y, f"Marché n° {pen.contract()}")
    paper.box(12, 78, 186, 7)
    for x, name in (
        (14, "Code"),
        (38, "Description"),
        (122, "Qté"),
        (146, "P.U. HT"),
        (172, "Montant HT"),
        (192, "TVA"),
    ):
        paper.at(x, 83, name, font=BOLD, right=x > 100)
    y = 90.0
    for line in invoice.lines:
        pen.item(line)
        paper.at(14, y, line.ref)
        paper.at(38, y, line.label)
        paper.at(122, y, pen.quantity(line.quantity, True), right=True)
        paper.at(146, y, pen.amount(line.price, False), right=True)
        paper.at(172, y, pen.amount(line.amount, False), right=True)
        paper.at(192, y, pen.percent(line.rate, " "), right=True)
        y += 5
        if line.detail:
            paper.at(40, y, line.detail, 7)
            y += 5
    heads = [
        ("Total HT", pen.money("net", False)),
        ("Total TVA", pen.money("tax", False)),
        ("Total TTC", pen.money("gross", False)),
    ]
    if invoice.discount:
        heads.insert(0, (invoice.discount_words, pen.amount(-invoice.discount, False)))
    if invoice.prepaid:
        heads.append(("Acompte versé", pen.amount(total(invoice.prepaid), False)))
    heads.append(("Net à payer", pen.money("payable")))
    x = 198 - 30 * len(heads)
    for name, value in heads:
        paper.box(x, 232, 30, 6)
        paper.box(x, 238, 30, 7)
        paper.at(x + 2, 236, name, 7.5, BOLD)
        paper.at(x + 28, 243, value, right=True)
        x += 30
    y = 252.0
    for rate, base, tax in invoice.rates:
        paper.at(
            12, y, f"TVA {pen.percent(rate, ' ')}  Base : {pen.amount(base, False)}  Taxe : {pen.amount(tax, False)}", 7
        )
        y += 4
    pen.note_breakdown()
    paper.at(12, 268, f"Date d'échéance : {pen.due('d/m/Y')}" if pen.has["due"] else "Paiement comptant")
    if pen.has["iban"]:
        paper.at(12, 273, f"Banque : {pen.iban()}")
    return paper.end()


@layout("reportlab", "tune", "vatfree author asso note")
def platypus(invoice: Invoice, pen: Pen) -> bytes:
    """A home-made program with reportlab's tables, two of them side by side."""
    seller, buyer = invoice.seller, invoice.buyer
    out = io.BytesIO()
    style = getSampleStyleSheet()["Normal"]
    style.fontName, style.fontSize, style.leading = WIDE, 9, 12

    def paragraph(text: str) -> Any:
        return Paragraph(plain(text).replace("&", "&amp;"), style)

    parts = [
        paragraph(
            f"<b>{seller.name}</b><br/>{seller.street}, {seller.postcode} {seller.town}<br/>Siret : {pen.seller_siret()}"
        ),
        Spacer(1, 14),
    ]
    meta = [["Facture n°", pen.number()], ["Date", pen.issued()]]
    if pen.has["due"]:
        meta.append(["Échéance", pen.due()])
    if pen.has["order"]:
        meta.append(["Engagement n°", pen.order()])
    if pen.has["service"]:
        meta.append(["Code service", pen.service()])
    client = (
        [["Client", buyer.name]]
        + [
            ["", text]
            for text in (
                buyer.department,
                buyer.street,
                f"{buyer.postcode} {buyer.town}",
            )
            if text
        ]
        + ([["SIRET", pen.buyer_siret()]] if pen.has["buyer_siret"] else [])
    )
    parts += [Table([[_table(meta, (30, 50)), _table(client, (18, 75))]]), Spacer(1, 14)]
    rows = [["Libellé", "Nb", "Prix", "Total"]] + [
        [
            line.label,
            pen.quantity(pen.item(line, "qp").quantity),
            pen.amount(line.price, False),
            pen.amount(line.amount, False),
        ]
        for line in invoice.lines
    ]
    if invoice.discount:
        rows.append([invoice.discount_words, "", "", pen.amount(-invoice.discount, False)])
    if invoice.has_vat:
        rows.append(["Total HT", "", "", pen.money("net")])
        rows += [[f"TVA {pen.percent(rate)}", "", "", pen.amount(tax)] for rate, _, tax in invoice.rates]
        rows.append(["Total TTC", "", "", pen.money("gross")])
        pen.note_only_tax()
    else:
        rows.append(["Total brut" if invoice.deductions else "Total", "", "", pen.money("gross")])
    rows += [[label, "", "", pen.amount(-amount)] for label, amount in (*invoice.deductions, *invoice.prepaid)]
    if invoice.deductions or invoice.prepaid:
        rows.append(["Net à payer", "", "", pen.money("payable")])
    else:
        pen.note_payable()
    parts += [
        _table(
            rows,
            (95, 15, 30, 35),
            [("GRID", (0, 0), (-1, len(invoice.lines)), 0.5, "black"), ("ALIGN", (1, 0), (-1, -1), "RIGHT")],
        ),
        Spacer(1, 10),
        paragraph(pen.mention()),
        paragraph(f"IBAN {pen.iban()}" if pen.has["iban"] else "Paiement par chèque"),
    ]
    SimpleDocTemplate(out, pagesize=A4, topMargin=15 * mm).build(parts)
    return out.getvalue()


def _table(rows: Sequence[Sequence[str]], widths: Sequence[float], styles: Sequence[tuple[Any, ...]] = ()) -> Any:
    """A table of plain cells, `widths` in millimetres."""
    common = (("FONT", (0, 0), (-1, -1), WIDE, 9), ("VALIGN", (0, 0), (-1, -1), "TOP"))
    cells = [[plain(text) for text in row] for row in rows]
    return Table(cells, colWidths=[width * mm for width in widths], style=[*common, *styles])


@layout("reportlab", "held", "vatfree asso training craft")
def mono(invoice: Invoice, pen: Pen) -> bytes:
    """A typewriter: everything in a fixed pitch font, one string a line."""
    paper = Paper(MONO, 9)
    y = 15.0

    def put(text: str = "") -> None:
        nonlocal y
        paper.at(15, y, text.replace(NO_BREAK, " ").replace(NARROW, " "))
        y += 4.6

    for text in invoice.seller.address:
        put(text)
    put(f"SIRET {pen.seller_siret()}")
    put()
    for text in invoice.buyer.address:
        put(" " * 45 + text)
    if pen.has["buyer_siret"]:
        put(" " * 45 + f"SIRET {pen.buyer_siret()}")
    put()
    put(f"{invoice.title} No {pen.number()}          Date : {pen.issued('d/m/Y')}")
    if pen.has["order"]:
        put(f"Commande No {pen.order()}")
    if pen.has["due"]:
        put(f"Echeance : {pen.due('d/m/Y')}")
    put("-" * 88)
    put(f"{'Designation':50}{'Qte':>8}{'P.U.':>13}{'Montant':>14}")
    put("-" * 88)
    for line in invoice.lines:
        pen.item(line, "qp")
        put(
            f"{line.label[:49]:50}{pen.quantity(line.quantity):>8}{pen.amount(line.price, False):>13}{pen.amount(line.amount, False):>14}"
        )
    put("-" * 88)

    def put_total(name: str, value: str) -> None:
        put(f"{name:>71}{value:>16}")

    if invoice.discount:
        put_total(invoice.discount_words, pen.amount(-invoice.discount))
    if invoice.has_vat:
        put_total("Total H.T.", pen.money("net"))
        for rate, _, tax in invoice.rates:
            put_total(f"T.V.A. {pen.percent(rate, ' ')}", pen.amount(tax))
        put_total("Total T.T.C.", pen.money("gross"))
        pen.note_only_tax()
    else:
        put_total("Total", pen.money("gross"))
    for label, amount in invoice.prepaid:
        put_total(label, pen.amount(-amount))
    if invoice.prepaid:
        put_total("Reste a payer", pen.money("payable"))
    else:
        pen.note_payable()
    put()
    put(pen.mention())
    if pen.has["iban"]:
        put(f"IBAN {pen.iban()}")
    return paper.end()
