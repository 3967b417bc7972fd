"""Invoices as people lay them out in a spreadsheet, written at run time as .xlsx, .ods or .xls.

Everyone and every number here is invented; the SIRETs only have right check digits. A layout is a list of rows; a value
is a text, a number, a date, or a number with its format (euros, percent, a formula and its stored result).
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

from plainchant.capture.proposal import FieldReading
from plainchant.capture.spreadsheet import read_workbook, read_workbook_fields


@dataclass(frozen=True)
class Euro:
    value: float


@dataclass(frozen=True)
class Percent:
    value: float


@dataclass(frozen=True)
class Formula:
    """`result` None: saved by a program that does not compute."""

    text: str
    result: float | None


Value = str | int | float | date | Euro | Percent | Formula | None
Rows = list[list[Value]]


@dataclass(frozen=True)
class Layout:
    rows: Rows
    expected: dict[str, str]
    at: tuple[int, int] = (0, 0)  # of the first row and column
    merged: tuple[str, ...] = field(default=())  # "A1:F1"


def as_xlsx(sheets: dict[str, Layout], *, hidden: tuple[str, ...] = (), active: str = "") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    formats = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        Euro: book.add_format({"num_format": '#,##0.00\\ "€"'}),
        Percent: book.add_format({"num_format": "0.0%"}),
    }
    for name, layout in sheets.items():
        sheet = book.add_worksheet(name)
        for merged in layout.merged:
            sheet.merge_range(merged, None)
        for row, values in enumerate(layout.rows, start=layout.at[0]):
            for column, value in enumerate(values, start=layout.at[1]):
                if isinstance(value, Euro | Percent):
                    sheet.write_number(row, column, value.value, formats[type(value)])
                elif isinstance(value, Formula):
                    # An empty result is written as none at all.
                    sheet.write_formula(row, column, value.text, None, "" if value.result is None else value.result)
                elif isinstance(value, date):
                    sheet.write_datetime(row, column, value, formats[date])
                elif isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif value is not None:
                    sheet.write_number(row, column, value)
        if name in hidden:
            sheet.hide()
        if name == active:
            sheet.activate()
    book.close()
    return out.getvalue()


def as_xls(sheets: dict[str, Layout], *, active: str = "") -> bytes:
    import xlwt

    book = xlwt.Workbook()
    formats = {
        date: xlwt.easyxf(num_format_str="DD/MM/YYYY"),
        Euro: xlwt.easyxf(num_format_str='#,##0.00\\ "€"'),
        Percent: xlwt.easyxf(num_format_str="0.0%"),
    }
    for name, layout in sheets.items():
        sheet = book.add_sheet(name)
        for row, values in enumerate(layout.rows, start=layout.at[0]):
            for column, value in enumerate(values, start=layout.at[1]):
                if isinstance(value, Euro | Percent):
                    sheet.write(row, column, value.value, formats[type(value)])
                elif isinstance(value, Formula):
                    # xlwt keeps no result of a formula: where there is one, a number takes its place.
                    stored = xlwt.Formula(value.text.lstrip("=")) if value.result is None else value.result
                    sheet.write(row, column, stored)
                elif isinstance(value, date):
                    sheet.write(row, column, value, formats[date])
                elif value is not None:
                    sheet.write(row, column, value)
    if active:
        book.active_sheet = list(sheets).index(active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)


def as_ods(sheets: dict[str, Layout], *, manifest: str = "", active: str = "") -> bytes:
    tables = "".join(_ods_table(name, layout) for name, layout in sheets.items())
    return ods_of(tables, manifest=manifest, active=active)


def ods_of(tables: str, *, manifest: str = "", active: str = "") -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest {spaces}><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
            "</manifest:file-entry></manifest:manifest>",
        )
        archive.writestr("content.xml", content)
        if active:
            config = "urn:oasis:names:tc:opendocument:xmlns:config:1.0"
            item = f'<config:config-item config:name="ActiveTable" config:type="string">{active}</config:config-item>'
            archive.writestr("settings.xml", f'<settings xmlns:config="{config}">{item}</settings>')
    return out.getvalue()


def _ods_table(name: str, layout: Layout) -> str:
    first_row, first_column = layout.at
    blank = f'<table:table-cell table:number-columns-repeated="{first_column}"/>' if first_column else ""
    rows = [f'<table:table-row table:number-rows-repeated="{first_row}"/>'] if first_row else []
    # What LibreOffice writes after the last cell and the last row.
    tail = '<table:table-cell table:number-columns-repeated="16300"/>'
    for values in layout.rows:
        rows.append(f"<table:table-row>{blank}{''.join(map(_ods_cell, values))}{tail}</table:table-row>")
    rows.append(f'<table:table-row table:number-rows-repeated="1048000">{tail}</table:table-row>')
    return f"<table:table table:name={quoteattr(name)}>{''.join(rows)}</table:table>"


def _ods_cell(value: Value) -> str:
    def cell(kind: str, attributes: str, shown: str) -> str:
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown.split("\n"))
        return f'<table:table-cell office:value-type="{kind}" {attributes}>{lines}</table:table-cell>'

    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, Euro):
        shown = f"{value.value:,.2f} €".replace(",", "\u202f").replace(".", ",")
        return cell("currency", f'office:currency="EUR" office:value="{value.value}"', shown)
    if isinstance(value, Percent):
        return cell("percentage", f'office:value="{value.value}"', f"{value.value * 100:g} %".replace(".", ","))
    if isinstance(value, Formula):
        if value.result is None:
            return f"<table:table-cell table:formula={quoteattr('of:' + value.text)}/>"
        return cell("float", f'office:value="{value.result}"', f"{value.result:g}".replace(".", ","))
    if isinstance(value, date):
        return cell("date", f'office:date-value="{value.isoformat()}"', f"{value:%d/%m/%Y}")
    if isinstance(value, str):
        return cell("string", "", value)
    return cell("float", f'office:value="{value}"', f"{value:.15g}".replace(".", ","))


def _noise(*parts: float) -> float:
    """A sum as a spreadsheet makes it: 0.1 + 0.2 is 0.30000000000000004."""
    return sum(parts)


_BUYER = {"buyer_siret": "21990001600011"}
_SELLER = {"seller_siret": "90210001500012"}

LAYOUTS: dict[str, Layout] = {
    "labels left of values": Layout(
        [
            ["FACTURE"],
            [],
            ["Numéro de facture", "F2026-014"],
            ["Date", date(2026, 3, 12)],
            ["Échéance", date(2026, 4, 11)],
            [],
            ["SIRET fournisseur", "902 100 015 00012"],
            ["SIRET client", "219 900 016 00011"],
            ["Code service", "CULTURE"],
            ["N° d’engagement", "2103456789"],
            [],
            ["Total HT", Euro(1200)],
            ["TVA 20 %", Euro(240)],
            ["Total TTC", Euro(1440)],
            ["Net à payer", Euro(1440)],
            [],
            ["IBAN", "FR76 3000 6000 0112 3456 7890 189"],
        ],
        {
            **_SELLER,
            **_BUYER,
            "number": "F2026-014",
            "issue_date": "2026-03-12",
            "due_date": "2026-04-11",
            "buyer_reference": "CULTURE",
            "purchase_order_reference": "2103456789",
            "tax_exclusive_amount": "1200.00",
            "tax_amount": "240.00",
            "tax_inclusive_amount": "1440.00",
            "payable_amount": "1440.00",
            "iban": "FR7630006000011234567890189",
            "currency": "EUR",
            "type_code": "380",
        },
    ),
    "labels above values": Layout(
        [
            ["Harmonie Fictive SAS", None, None, "FACTURE"],
            ["5 rue du Son, 57000 Metz"],
            ["SIRET : 388 777 666 00057"],
            [],
            [None, None, None, "Facturé à"],
            [None, None, None, "Mairie de Valbourg"],
            [None, None, None, "10 rue de l’Église, 57999 Valbourg"],
            [None, None, None, "SIRET 21990001600011"],
            [],
            ["N° de facture", "Date", "Échéance", "Bon de commande"],
            [98, date(2026, 1, 9), date(2026, 2, 8), "26VB0007"],
            [],
            ["Désignation", "Quantité", "PU HT", "Montant HT"],
            ["Concert du 20 décembre 2025", 1, 900, Euro(900)],
            ["Technique", 1, 100, Euro(100)],
            [],
            [None, "Total HT", "TVA (10 %)", "Total TTC"],
            [None, Euro(1000), Euro(100), Euro(1100)],
        ],
        {
            **_BUYER,
            "seller_siret": "38877766600057",
            "number": "98",
            "issue_date": "2026-01-09",
            "due_date": "2026-02-08",
            "purchase_order_reference": "26VB0007",
            "tax_exclusive_amount": "1000.00",
            "tax_amount": "100.00",
            "tax_inclusive_amount": "1100.00",
            "type_code": "380",
        },
    ),
    "table of lines, totals at the bottom": Layout(
        [
            ["ATELIER BRUME SARL"],
            ["4 quai des Fictions, 44000 Nantes"],
            ["SIRET 845 123 777 00029 – APE 9003A"],
            [],
            ["Facture n°", "FA-2026-0231", None, None, "Client :"],
            ["Date :", date(2026, 4, 2), None, None, "Direction régionale des affaires culturelles"],
            ["Date limite de paiement :", date(2026, 5, 2), None, None, "44000 Nantes"],
            [None, None, None, None, "SIRET : 13000999600047"],
            ["Engagement :", "2103456789"],
            [],
            ["Désignation", "Quantité", "Prix unitaire HT", "Taux TVA", "Montant HT"],
            ["Scénographie", 1, Euro(2500), Percent(0.2), Formula("=B12*C12", 2500)],
            ["Montage", 2, Euro(350), Percent(0.2), Formula("=B13*C13", 700)],
            [],
            [None, None, None, "Total HT", Formula("=SUM(E12:E13)", 3200)],
            [None, None, None, "TVA 20 %", Formula("=E15*0.2", 640)],
            [None, None, None, "Total TTC", Formula("=E15+E16", 3840)],
            [None, None, None, "Acompte versé", 840],
            [None, None, None, "Net à payer", Formula("=E17-E18", 3000)],
        ],
        {
            "number": "FA-2026-0231",
            "issue_date": "2026-04-02",
            "due_date": "2026-05-02",
            "seller_siret": "84512377700029",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "2103456789",
            "tax_exclusive_amount": "3200.00",
            "tax_amount": "640.00",
            "tax_inclusive_amount": "3840.00",
            "payable_amount": "3000.00",
            "type_code": "380",
        },
    ),
    "everything typed as text": Layout(
        [
            ["Studio Clairière EURL – SIRET : 511 002 222 00012"],
            ["NOTE D’HONORAIRES N° NH-14/2026"],
            ["Paris, le 3 novembre 2026"],
            [],
            ["Destinataire : Université de l’Exemple"],
            ["N° SIRET : 200 999 886 00019"],
            ["Marché n° 2026-MAPA-045"],
            [],
            ["Conception graphique", "1 000,00 €"],
            ["Livres", "234,56 €"],
            ["Montant HT", "1\u202f234,56 €"],
            ["TVA 20 %", "246,91 €"],
            ["Montant TTC", "1\u00a0481,47 €"],
            ["À régler avant le 3 décembre 2026"],
        ],
        {
            "number": "NH-14/2026",
            "issue_date": "2026-11-03",
            "due_date": "2026-12-03",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "contract_reference": "2026-MAPA-045",
            "tax_exclusive_amount": "1234.56",
            "tax_amount": "246.91",
            "tax_inclusive_amount": "1481.47",
            "currency": "EUR",
            "type_code": "380",
        },
    ),
    "no label for the SIRETs, kept as numbers": Layout(
        [
            ["Jardins d’encre – paysagiste", None, None, "CCAS de Fictiville"],
            ["5 sentier du Buis", None, None, "1 place du Marché"],
            ["86000 Poitiers", None, None, "86999 Fictiville"],
            [51100222200012, None, None, 26990077500108],
            [],
            ["Facture", 338],
            ["Date", date(2026, 8, 14)],
            ["Commande", "CC260112"],
            [],
            ["Taille de haies", 600],
            ["Évacuation", 120],
            ["Total HT", 720],
            ["TVA 20%", 144],
            ["Total TTC", 864],
        ],
        {
            "number": "338",
            "issue_date": "2026-08-14",
            "seller_siret": "51100222200012",
            "buyer_siret": "26990077500108",
            "purchase_order_reference": "CC260112",
            "tax_exclusive_amount": "720.00",
            "tax_amount": "144.00",
            "tax_inclusive_amount": "864.00",
        },
    ),
    "credit note": Layout(
        [
            ["Compagnie du Phare – association loi 1901", None, "Client :"],
            ["3 rue du Port, 29000 Quimper", None, "Centre hospitalier d’Exemple"],
            ["SIRET 799 333 448 00030", None, "Siret : 26990077500108"],
            [],
            ["AVOIR"],
            ["Avoir n°", "AV-2026-003"],
            ["Date", date(2026, 6, 15)],
            ["Facture d’origine", "F-2026-021"],
            [],
            ["Total HT", Euro(-500)],
            ["TVA 5,5 %", Euro(-27.5)],
            ["Total TTC", Euro(-527.5)],
        ],
        {
            "number": "AV-2026-003",
            "issue_date": "2026-06-15",
            "type_code": "381",
            "seller_siret": "79933344800030",
            "buyer_siret": "26990077500108",
            "tax_exclusive_amount": "-500.00",
            "tax_amount": "-27.50",
            "tax_inclusive_amount": "-527.50",
        },
    ),
    "no VAT": Layout(
        [
            ["Camille Lorient"],
            ["Artiste-auteur – SIRET 902 100 015 00012"],
            [],
            [None, "Commune de Fable"],
            [None, "SIRET : 219 900 016 00011"],
            [],
            ["Facture n° 2026-07 du 12 mars 2026"],
            [],
            ["Atelier de gravure", Euro(400)],
            ["Fournitures", Euro(86.5)],
            ["Total", Euro(486.5)],
            [],
            ["TVA non applicable, art. 293 B du CGI"],
        ],
        {
            **_SELLER,
            **_BUYER,
            "number": "2026-07",
            "issue_date": "2026-03-12",
            "tax_exclusive_amount": "486.50",
            "tax_amount": "0.00",
            "tax_inclusive_amount": "486.50",
            "payable_amount": "486.50",
        },
    ),
    "several rates in a summary": Layout(
        [
            ["Les Éditions du Levant", None, None, "Numéro de facture", "FAC00000412"],
            ["7 allée des Presses, 75011 Paris", None, None, "Date de facturation", date(2026, 2, 28)],
            ["SIRET 511 002 222 00012", None, None, "Date d’échéance", date(2026, 3, 30)],
            [],
            ["Adresse de facturation"],
            ["Communauté de communes du Lac"],
            ["SIRET 20099988600019"],
            [],
            ["Réf.", "Désignation", "Qté", "P.U. HT", "Montant HT"],
            ["9780000000001", "Album illustré", 10, 12.5, 125],
            ["A-22", "Affiche", 3, 39.9, 119.7],
            [],
            [None, None, "Taux", "Base HT", "Montant TVA"],
            [None, None, Percent(0.055), 125, 6.88],
            [None, None, Percent(0.2), 119.7, 23.94],
            [],
            [None, None, None, "Total HT", 244.7],
            [None, None, None, "Total TVA", 30.82],
            [None, None, None, "Total TTC", 275.52],
            [None, None, None, "Net à payer en euros", 275.52],
        ],
        {
            "number": "FAC00000412",
            "issue_date": "2026-02-28",
            "due_date": "2026-03-30",
            "seller_siret": "51100222200012",
            "buyer_siret": "20099988600019",
            "tax_exclusive_amount": "244.70",
            "tax_amount": "30.82",
            "tax_inclusive_amount": "275.52",
            "payable_amount": "275.52",
        },
    ),
    "blocks of several lines in one cell": Layout(
        [
            ["FACTURE FV26/0155"],
            ["SCOP Les Gradins\n2 rue Haute\n31000 Toulouse\nSIRET 799 333 448 00030", None,
             "Client\nConservatoire départemental\n31999 Exemple\nSIRET 219 900 016 00011"],
            ["Émise le 05/05/2026", None, "Code service exécutant : CRD-01\nN° d’engagement : E26-00981"],
            [],
            ["Libellé", "Quantité", "Total"],
            ["Location de gradins\n(trois jours)", 1, Euro(1950)],
            ["Transport", 1, Euro(50)],
            [None, "Sous-total HT", Euro(2000)],
            [None, "T.V.A. à 20,00 %", Euro(400)],
            [None, "Total T.T.C.", Euro(2400)],
            ["Date limite de paiement : 04/06/2026"],
        ],
        {
            "number": "FV26/0155",
            "issue_date": "2026-05-05",
            "due_date": "2026-06-04",
            "seller_siret": "79933344800030",
            "buyer_siret": "21990001600011",
            "buyer_reference": "CRD-01",
            "purchase_order_reference": "E26-00981",
            "tax_exclusive_amount": "2000.00",
            "tax_amount": "400.00",
            "tax_inclusive_amount": "2400.00",
        },
        merged=("A1:C1",),
    ),
    "floating sums, no format at all, far from A1": Layout(
        [
            ["De", "Théo Inventé, illustrateur", None, "À", "Musée départemental de l’Imaginaire"],
            ["SIRET", "90210001500012", None, "SIRET", "20099988600019"],
            [],
            ["Facture N° 2026_015 du 20 juin 2026"],
            [],
            ["Cession de droits", 0.1],
            ["Dessins", 1500.2],
            ["Total HT", _noise(0.1, 0.2, 1500)],
            ["TVA 10 %", 1500.3 * 0.1],
            ["Total TTC", 1500.3 * 1.1],
            ["Échéance", date(2026, 7, 20)],
            ["N° EJ", 1400098765],
        ],
        {
            "number": "2026_015",
            "issue_date": "2026-06-20",
            "due_date": "2026-07-20",
            "seller_siret": "90210001500012",
            "buyer_siret": "20099988600019",
            "purchase_order_reference": "1400098765",
            "tax_exclusive_amount": "1500.30",
            "tax_amount": "150.03",
            "tax_inclusive_amount": "1650.33",
        },
        at=(6, 3),
    ),
    "long table": Layout(
        [
            ["Imprimerie Fictive", None, None, "Acheteur : Département de l’Exemple"],
            ["SIRET 38877766600057", None, None, "SIRET 13000999600047"],
            ["Facture", "260042", "du", date(2026, 9, 30)],
            ["Bon de commande", "0451278"],
            [],
            ["Désignation", "Quantité", "Prix HT", "Total HT"],
            *[[f"Tirage {number}", 2, Euro(10 + number), Euro(2 * (10 + number))] for number in range(150)],
            [],
            [None, None, "Total hors taxes", Euro(25350)],
            [None, None, "TVA 20 %", Euro(5070)],
            [None, None, "Total toutes taxes comprises", Euro(30420)],
            ["Payable au plus tard le 30 octobre 2026"],
        ],
        {
            "number": "260042",
            "issue_date": "2026-09-30",
            "due_date": "2026-10-30",
            "seller_siret": "38877766600057",
            "buyer_siret": "13000999600047",
            "purchase_order_reference": "0451278",
            "tax_exclusive_amount": "25350.00",
            "tax_amount": "5070.00",
            "tax_inclusive_amount": "30420.00",
        },
    ),
    "footer with the seller, buyer first": Layout(
        [
            ["À l’attention de :", None, None, "Facture n°", "RA-2026-0009"],
            ["Ville de Fable", None, None, "Date", date(2026, 4, 7)],
            ["Hôtel de Ville, 06999 Fable", None, None, "Vos réf.", "engagement n° 26D00451"],
            ["N° SIRET : 219 900 016 00011"],
            [],
            ["Description", "Quantité", "PU HT", "Montant HT"],
            ["Captation vidéo", 2, 800, Euro(1600)],
            ["Montage", 3, 450, Euro(1350)],
            ["Remise", None, None, Euro(-150)],
            [],
            ["Base HT", "Taux", "TVA", "Total TTC", "À payer"],
            [Euro(2800), Percent(0.2), Euro(560), Euro(3360), Euro(3360)],
            [],
            ["Rivage Audiovisuel, SASU au capital de 1 000 € – SIRET 388 777 666 00057 – RCS Nice – TVA FR63388777666"],
            ["IBAN FR14 2004 1010 0505 0001 3M02 606"],
        ],
        {
            "number": "RA-2026-0009",
            "issue_date": "2026-04-07",
            "seller_siret": "38877766600057",
            "buyer_siret": "21990001600011",
            "purchase_order_reference": "26D00451",
            "tax_exclusive_amount": "2800.00",
            "tax_amount": "560.00",
            "tax_inclusive_amount": "3360.00",
            "payable_amount": "3360.00",
            "iban": "FR1420041010050500013M02606",
        },
    ),
}  # fmt: skip


def book_of(layout: Layout) -> dict[str, Layout]:
    return {"Feuille1": layout}


WRITERS: dict[str, Any] = {"xlsx": as_xlsx, "ods": as_ods, "xls": as_xls}


def read_spreadsheet(data: bytes) -> FieldReading:
    """The fields of the invoice that a workbook's bytes show."""
    return read_workbook_fields(read_workbook(data))
