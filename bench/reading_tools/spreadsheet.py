"""Invoices kept in a spreadsheet: .xlsx, which LibreOffice prints. The cells hold text, as a hand types it."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from .invoice import Invoice
from .layout import layout
from .pen import Pen

A4 = 9  # the workbook's number of the paper


def book() -> tuple[io.BytesIO, Any, Any]:
    """Where the bytes go, a workbook, and its only sheet."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = workbook.add_worksheet("Facture")
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    return out, workbook, sheet


@layout("xlsx", "tune", "vatfree author asso_free training agency")
def sheet_simple(invoice: Invoice, pen: Pen) -> bytes:
    """One sheet: names and values in neighbouring cells."""
    seller, buyer = invoice.seller, invoice.buyer
    out, workbook, sheet = book()
    bold = workbook.add_format({"bold": True})
    right = workbook.add_format({"align": "right"})
    boxed = workbook.add_format({"border": 1, "text_wrap": True})
    boxed_right = workbook.add_format({"border": 1, "align": "right"})
    big = workbook.add_format({"bold": True, "font_size": 16})
    sheet.set_column(0, 0, 42)
    sheet.set_column(1, 3, 15)
    sheet.write(0, 0, seller.name, bold)
    sheet.write(1, 0, seller.street)
    sheet.write(2, 0, f"{seller.postcode} {seller.town}")
    sheet.write(3, 0, f"SIRET : {pen.seller_siret()}")
    sheet.write(0, 2, "FACTURE", big)
    sheet.write(1, 2, "Numéro")
    sheet.write(1, 3, pen.number(), right)
    sheet.write(2, 2, "Date")
    sheet.write(2, 3, pen.issued("d/m/Y"), right)
    row = 3
    if pen.has["due"]:
        sheet.write(row, 2, "Échéance")
        sheet.write(row, 3, pen.due("d/m/Y"), right)
        row += 1
    if pen.has["order"]:
        sheet.write(row, 2, "Engagement")
        sheet.write(row, 3, pen.order(), right)
        row += 1
    if pen.has["service"]:
        sheet.write(row, 2, "Code service")
        sheet.write(row, 3, pen.service(), right)
    sheet.write(6, 0, "Destinataire :", bold)
    for rank, text in enumerate(
        part
        for part in (
            buyer.name,
            buyer.department,
            buyer.street,
            f"{buyer.postcode} {buyer.town}",
            f"SIRET : {pen.buyer_siret()}" if pen.has["buyer_siret"] else "",
        )
        if part
    ):
        sheet.write(7 + rank, 0, text)
    row = 14
    for column, text in enumerate(("Description", "Quantité", "Prix unitaire", "Montant")):
        sheet.write(row, column, text, boxed)
    for line in invoice.lines:
        row += 1
        pen.item(line, "qp")
        sheet.write(row, 0, line.label, boxed)
        sheet.write(row, 1, pen.quantity(line.quantity), boxed_right)
        sheet.write(row, 2, pen.amount(line.price), boxed_right)
        sheet.write(row, 3, pen.amount(line.amount), boxed_right)
    row += 2

    def add_total(name: str, value: str) -> None:
        nonlocal row
        sheet.write(row, 2, name, right)
        sheet.write(row, 3, value, boxed_right)
        row += 1

    if invoice.discount:
        add_total(invoice.discount_words, pen.amount(-invoice.discount))
    if invoice.has_vat:
        add_total("Total HT", pen.money("net"))
        for rate, _, tax in invoice.rates:
            add_total(f"TVA {pen.percent(rate)}", pen.amount(tax))
        pen.note_only_tax()
        add_total("Total TTC", pen.money("gross"))
    else:
        add_total("Montant total", pen.money("gross"))
    for _, amount in invoice.prepaid:
        add_total("Acompte", pen.amount(-amount))
    if invoice.prepaid:
        add_total("Net à payer", pen.money("payable"))
    else:
        pen.note_payable()
    sheet.write(row + 1, 0, pen.mention())
    if pen.has["iban"]:
        sheet.write(row + 3, 0, f"IBAN : {pen.iban()}")
    workbook.close()
    return out.getvalue()


@layout("xlsx", "held", "supply craft note asso final")
def sheet_grid(invoice: Invoice, pen: Pen) -> bytes:
    """One sheet: names and values in one cell, merged cells before the sums."""
    seller, buyer = invoice.seller, invoice.buyer
    out, workbook, sheet = book()
    boxed = workbook.add_format({"border": 1})
    boxed_right = workbook.add_format({"border": 1, "align": "right"})
    heading = workbook.add_format(
        {"border": 1, "bold": True, "bg_color": "#dddddd", "text_wrap": True, "align": "center"}
    )
    bold = workbook.add_format({"bold": True, "font_size": 14})
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 38)
    sheet.set_column(2, 5, 12)
    sheet.write(0, 1, seller.name, bold)
    sheet.write(1, 1, f"{seller.street} {seller.postcode} {seller.town}")
    sheet.write(2, 1, f"N° SIRET {pen.seller_siret()}")
    sheet.write(4, 3, buyer.name)
    sheet.write(5, 3, buyer.street)
    sheet.write(6, 3, f"{buyer.postcode} {buyer.town}")
    if pen.has["buyer_siret"]:
        sheet.write(7, 3, f"SIRET {pen.buyer_siret()}")
    sheet.write(9, 0, f"{invoice.title} N° {pen.number()}", bold)
    sheet.write(10, 0, f"En date du {pen.issued()}")
    row = 11
    if pen.has["order"]:
        sheet.write(row, 0, f"N° de bon de commande : {pen.order()}")
        row += 1
    if pen.has["due"]:
        sheet.write(row, 0, f"Échéance : {pen.due()}")
        row += 1
    row = 14
    for column, text in enumerate(("Réf.", "Désignation", "Quantité", "Prix unitaire HT", "Taux TVA", "Montant HT")):
        sheet.write(row, column, text, heading)
    for line in invoice.lines:
        row += 1
        pen.item(line, "qpr" if invoice.has_vat else "qp")
        for column, text in enumerate(
            (
                line.ref,
                line.label,
                pen.quantity(line.quantity),
                pen.amount(line.price, False),
                pen.percent(line.rate) if invoice.has_vat else "",
                pen.amount(line.amount, False),
            )
        ):
            sheet.write(row, column, text, boxed if column < 2 else boxed_right)
    row += 1

    def add_total(name: str, value: str) -> None:
        nonlocal row
        row += 1
        sheet.merge_range(row, 3, row, 4, name, boxed)
        sheet.write(row, 5, value, boxed_right)

    if invoice.discount:
        add_total(invoice.discount_words, pen.amount(-invoice.discount))
    add_total("Total HT", pen.money("net"))
    if invoice.has_vat:
        for rate, _, tax in invoice.rates:
            add_total(f"Montant TVA {pen.percent(rate)}", pen.amount(tax))
        pen.note_only_tax()
        add_total("Total TTC", pen.money("gross"))
    for label, amount in (*invoice.deductions, *invoice.prepaid):
        add_total(label, pen.amount(-amount))
    add_total("À payer", pen.money("payable"))
    if not invoice.has_vat:
        sheet.write(row + 2, 0, pen.mention())
    if pen.has["iban"]:
        sheet.write(row + 3, 0, f"Domiciliation : {pen.iban()}")
    workbook.close()
    return out.getvalue()
