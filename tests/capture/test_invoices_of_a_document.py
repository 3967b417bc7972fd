"""Several invoices in one document, and an invoice among pages that only go with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from plainchant.capture.remarks import remarks
from tests.capture.samples import drawn
from tests.capture.workbooks import Layout, Rows, as_ods, as_xls, as_xlsx, read_spreadsheet

BREAK = "\n#pagebreak()\n"


@dataclass(frozen=True)
class Bill:
    """One page of an invoice, in a plain layout."""

    number: str = "2026-041"
    issued: str = "12 mai 2026"
    seller: str = "Atelier Pochoir"
    seller_siret: str = "902 100 015 00012"
    buyer: str = "Commune de Saint-Exemple"
    buyer_siret: str = "219 900 016 00011"
    net: str = "500,00"
    tax: str = "100,00"
    gross: str = "600,00"
    title: str = "Facture n°"

    @property
    def head(self) -> str:
        return (
            f"*{self.seller}* \\ SIRET {self.seller_siret}\n\n"
            f"#align(right)[{self.buyer} \\ SIRET {self.buyer_siret}]\n\n"
            f"= {self.title} {self.number}\nDate : {self.issued}\n\n"
        )

    @property
    def foot(self) -> str:
        return (
            f"#align(right)[Total HT #h(1cm) {self.net} € \\ TVA 20 % #h(1cm) {self.tax} € \\ "
            f"Total TTC #h(1cm) {self.gross} €]\n\nIBAN FR76 3000 6000 0112 3456 7890 189\n"
        )

    @property
    def page(self) -> str:
        return (
            self.head
            + f"#table(columns: (1fr, auto), [Désignation], [Montant HT], [Fresque], [{self.net} €])\n"
            + self.foot
        )


ONE = Bill()
OTHER = Bill(
    "F-2026-7", "3 juin 2026", "Studio Lavis", "845 123 777 00029", "Musée du Rêve", "130 009 996 00047",
    "1 000,00", "200,00", "1 200,00",
)  # fmt: skip
EXPENSES = """
= Relevé de frais
#table(columns: (1fr, auto, auto), [Trajet], [Date], [Montant], [Train], [02/05/26], [96 €], [Hôtel], [3/5], [84 €])
#align(right)[Total HT #h(1cm) 150,00 € \\ TVA 20 % #h(1cm) 30,00 € \\ Total TTC #h(1cm) 180,00 €]
"""
CONTRACT = """
= Contrat de prestation
Article 1. Le prestataire réalise une fresque au prix de 4 817,00 € HT.
Le montant total du marché est de 12 000,00 € HT.

Article 2. Montant total TTC : 14 400,00 €. Fait à Rennes, le 2 janvier 2026.
"""
QUOTATION = """
= Devis n° D-12
Date : 2 avril 2026

Total HT 480,00 € \\ TVA 20 % 96,00 € \\ Total TTC 576,00 €
"""
TERMS = """
Conditions générales de vente. Toute facture est payable à trente jours. Une indemnité de 40,00 € est due.
Le total des pénalités ne peut dépasser 10 % du montant TTC de la facture.
"""


def reading_of(*pages: str) -> FieldReading:
    return read_fields(read_document(drawn(BREAK.join(pages))))


def sums(reading: FieldReading) -> tuple[str, ...]:
    names = ("number", "tax_exclusive_amount", "tax_inclusive_amount", "payable_amount")
    return tuple(reading.fields[name].value if name in reading.fields else "" for name in names)


def found(reading: FieldReading) -> list[tuple[str, tuple[int, ...]]]:
    return [(invoice.number, invoice.pages) for invoice in reading.numbers_found]


OF_ONE = ("2026-041", "500.00", "600.00", "600.00")


class TestSeveralInvoices:
    @pytest.mark.parametrize(
        "second",
        [
            OTHER,
            replace(ONE, number="2026-042", issued="12 juin 2026"),
            replace(OTHER, number="2026-041"),
            replace(ONE, number="AV-3", title="Avoir n°", issued="20 mai 2026"),
        ],
        ids=["of another seller", "of next month, the same sum", "of another seller, the same number", "a credit note"],
    )
    def test_a_second_invoice_is_told_and_nothing_of_it_is_proposed(self, second: Bill) -> None:
        reading = reading_of(ONE.page, second.page)
        assert "two_invoices" in reading.warnings
        assert found(reading) == [("2026-041", (1,)), (second.number, (2,))]
        assert sums(reading) == OF_ONE
        assert {read.place.page for read in reading.fields.values() if read.place} == {1}
        (remark,) = remarks(reading)
        assert f"2 factures (2026-041 page 1, {second.number} page 2)" in remark.text

    def test_a_second_invoice_whose_number_is_not_understood_is_one_by_its_parties(self) -> None:
        reading = reading_of(ONE.page, replace(OTHER, title="Facture", number="").page)
        assert found(reading) == [("2026-041", (1,)), ("", (2,))]
        assert sums(reading) == OF_ONE

    def test_pages_go_with_the_invoice_before_them(self) -> None:
        reading = reading_of("Madame, Monsieur, veuillez trouver nos factures.", ONE.page, EXPENSES, OTHER.page, TERMS)
        assert found(reading) == [("2026-041", (1, 2, 3)), ("F-2026-7", (4, 5))]
        assert [invoice.own for invoice in reading.numbers_found] == [(2,), (4,)]
        assert sums(reading) == OF_ONE

    def test_the_case_of_two_sellers(self, shared: Path) -> None:
        reading = read_fields(read_document((shared / "cases/reading/deux-factures/deux-factures.pdf").read_bytes()))
        assert [invoice.pages for invoice in reading.numbers_found] == [(1,), (2,)]
        fields = {name: read.value for name, read in reading.fields.items()}
        assert (fields["seller_siret"], fields["buyer_siret"]) == ("84580730400025", "25910489100033")
        assert (fields["tax_exclusive_amount"], fields["payable_amount"]) == ("4334.40", "4822.98")
        assert fields["iban"] == "FR7630004008129458073021582"


class TestOneInvoice:
    @pytest.mark.parametrize(
        "pages",
        [
            (ONE.page, TERMS),
            (ONE.page, EXPENSES),
            (EXPENSES, ONE.page),
            (CONTRACT, ONE.page),
            (ONE.page, ONE.page.replace("= Facture", "Duplicata \\\n= Facture")),
            (ONE.page, QUOTATION),
            ("= Bon de commande n° BC-77\nDate : 2 avril 2026\n\nTotal TTC : 620,00 €", ONE.page),
            (ONE.head, ONE.foot),
            (ONE.head + "Total HT : 300,00 € \\ Report : 300,00 €", ONE.head + "Report : 300,00 €\n\n" + ONE.foot),
            (ONE.head + "Sous-total : 300,00 €", ONE.head + ONE.foot),
        ],
        ids=[
            "general terms", "expenses after", "expenses before", "a contract before", "a copy", "a quotation",
            "an order", "its total overleaf", "carried over", "a sum on each page",
        ],
    )  # fmt: skip
    def test_what_goes_with_it_is_no_second_one_and_its_sums_are_left(self, pages: tuple[str, ...]) -> None:
        reading = reading_of(*pages)
        assert "two_invoices" not in reading.warnings
        assert found(reading) == [("2026-041", (1, 2))]
        assert sums(reading) == OF_ONE
        assert reading.fields["issue_date"].value == "2026-05-12"
        assert reading.fields["seller_siret"].value == "90210001500012"

    def test_what_its_own_pages_lack_may_stand_on_another(self) -> None:
        account = "IBAN FR76 3000 6000 0112 3456 7890 189"
        reading = reading_of(ONE.page.replace(account, ""), f"Annexe : relevé d'identité bancaire\n\n{account}")
        assert reading.fields["iban"].value == "FR7630006000011234567890189"
        assert reading.fields["iban"].certainty == "likely"


class TestManyPages:
    def test_the_first_and_the_last_are_looked_at(self) -> None:
        reading = reading_of(*[CONTRACT] * 39, ONE.page)
        assert reading.warnings == ("pages_unread",)
        assert sums(reading) == OF_ONE
        assert found(reading) == [("2026-041", tuple(range(1, 41)))]
        (remark,) = remarks(reading)
        assert remark.text.startswith(
            "Votre document a 40 pages\u00a0: nous en avons regardé les 15 premières et les 15 dernières."
        )
        assert reading.numbers_found[0].own == (40,)

    def test_the_case_of_an_invoice_on_the_sixtieth_page(self, shared: Path) -> None:
        data = (shared / "cases/reading/soixante-pages/soixante-pages-fin.pdf").read_bytes()
        fields = read_fields(read_document(data)).fields
        wanted = {
            "number": "2026.05.117",
            "tax_exclusive_amount": "2430.00",
            "tax_amount": "486.00",
            "tax_inclusive_amount": "2916.00",
            "payable_amount": "2016.00",
        }
        assert {name: fields[name].value for name in wanted if name in fields} == wanted
        assert {read.place.page for read in fields.values() if read.place} == {60}


def month(number: str, day: date, sum_: int) -> Layout:
    rows: Rows = [
        ["Inès Chimère, conteuse"],
        ["SIRET 90210001500012"],
        [None, None, "Médiathèque de Fable", "SIRET 21990001600011"],
        ["FACTURE"],
        ["Numéro", number],
        ["Date", day],
        ["Désignation", "Quantité", "Prix unitaire", "Total"],
        ["Conte", 2, sum_ // 2, sum_],
        [None, None, "Net à payer", sum_],
        ["TVA non applicable, art. 293 B du CGI"],
    ]
    return Layout(rows, {})


class TestWorkbooks:
    MONTHS = {
        "Janvier": month("2026-01", date(2026, 1, 30), 300),
        "Février": month("2026-02", date(2026, 2, 27), 300),
        "Mars": month("2026-03", date(2026, 3, 31), 420),
    }

    @pytest.mark.parametrize("write", [as_xlsx, as_ods, as_xls])
    def test_the_sheet_in_front_is_the_one_proposed(self, write: Callable[..., bytes]) -> None:
        for active, wanted in (("Janvier", ("2026-01", "300.00")), ("Mars", ("2026-03", "420.00"))):
            reading = read_spreadsheet(write(self.MONTHS, active=active))
            assert "two_invoices" in reading.warnings
            assert found(reading) == [("2026-01", (1,)), ("2026-02", (2,)), ("2026-03", (3,))]
            assert (reading.fields["number"].value, reading.fields["tax_inclusive_amount"].value) == wanted
            assert {read.place.cell.split("!")[0] for read in reading.fields.values() if read.place} == {active}

    def test_a_list_of_clients_gives_no_buyer(self) -> None:
        sirets = "13000999600047 20099988600019 26990077500108 79933344800030 38877766600057".split()
        clients = Layout([["Client", "SIRET"], *[["Commune", siret] for siret in sirets]], {})
        reading = read_spreadsheet(as_xlsx({"Clients": clients, "Facture": self.MONTHS["Janvier"]}))
        assert reading.warnings == ()
        assert reading.fields["buyer_siret"].value == "21990001600011"
        assert reading.numbers_found[0].own == (2,)

    def test_the_case_of_a_sheet_a_month(self, shared: Path) -> None:
        data = (shared / "cases/reading/onglets/douze-onglets-1.xlsx").read_bytes()
        reading = read_spreadsheet(data)
        assert [invoice.number for invoice in reading.numbers_found] == ["2026-01", "2026-02", "2026-03"]
        fields = {name: read.value for name, read in reading.fields.items()}
        assert (fields["number"], fields["issue_date"]) == ("2026-03", "2026-03-31")
        assert (fields["tax_inclusive_amount"], fields["payable_amount"]) == ("420.00", "420.00")
