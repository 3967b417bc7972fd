"""A table of payments is understood however its columns are called and its cells typed; a wrong row says why."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from plainchant.capture.package import UnreadableSpreadsheet
from plainchant.capture.payment_table import COLUMNS, MAX_PAYMENTS, PaymentRow
from plainchant.reader.document_child import payment_rows_of

HEADING = ";".join(column.headings[0] for column in COLUMNS)


def rows(text: str, encoding: str = "utf-8-sig") -> list[PaymentRow] | None:
    return payment_rows_of(text.encode(encoding))


def test_columns_are_found_by_their_names_in_any_order_and_encoding() -> None:
    text = "Payée le\tMontant TTC\tN° facture\tTiers\n12/03/2026\t1 200,50 €\tF-1\tAtelier Été\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert rows(text, encoding) == [PaymentRow(2, "F-1", "", "Atelier Été", "1200.50", "2026-03-12")]
    assert rows("Numéro,Montant,Date\nF-1,12.5,2026-03-12\n") == [PaymentRow(2, "F-1", "", "", "12.5", "2026-03-12")]


@pytest.mark.parametrize(
    "heading", ["Montant payé (€)", "Montant TTC (EUR) *", "MONTANT EN EUROS", "Montant (en euros) :"]
)
def test_a_heading_may_name_the_currency(heading: str) -> None:
    assert rows(f"Numéro;{heading};Date\nF-1;12,5;12/03/2026\n") == [PaymentRow(2, "F-1", "", "", "12.5", "2026-03-12")]


@pytest.mark.parametrize(
    "day", ["12/03/2026 00:00", "12/03/2026 23:59:59", "2026-03-12 10:15:00.000", "2026-03-12T10:15"]
)
def test_a_day_may_have_an_hour_as_accounts_export_it(day: str) -> None:
    assert rows(f"Numéro;Montant;Date\nF-1;12,5;{day}\n") == [PaymentRow(2, "F-1", "", "", "12.5", "2026-03-12")]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("+120,00", "120.00"),
        ("120,00-", "-120.00"),
        ("(120,00 €)", "-120.00"),
        ("1 200,-", "1200"),
        ("–120,00", "-120.00"),
    ],
)
def test_an_amount_is_signed_and_a_day_written_together_as_accounts_print_them(typed: str, amount: str) -> None:
    assert rows(f"Numéro;Montant;Date\nF-1;{typed};20260312\n") == [PaymentRow(2, "F-1", "", "", amount, "2026-03-12")]


def test_an_exported_list_is_understood_and_what_is_asked_for_first_counts() -> None:
    text = "Compte du mois\n\nNuméro;Fournisseur;Identifiant du fournisseur;Montant à payer;Date;Payée\n"
    text += "'-1;Zinc;732 829 320 00074;120,00;01/01/2020;12 mars 2026\n\n"
    assert rows(text) == [PaymentRow(4, "-1", "73282932000074", "Zinc", "120.00", "2026-03-12")]


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        (";;;12;12/03/2026", "« Numéro de facture » est vide."),
        ("F-1;;;;12/03/2026", "« Montant payé » est vide."),
        ("F-1;;;12;", "« Date de paiement » est vide."),
        ("F-1;;;douze;12/03/2026", "« douze » n’est pas un montant"),
        ("F-1;;;(12;12/03/2026", "« (12 » n’est pas un montant"),
        ("F-1;;;-12-;12/03/2026", "« -12- » n’est pas un montant"),
        ("F-1;;;12;hier", "« hier » n’est pas une date"),
        ("F-1;;;12;31/02/2026", "n’est pas une date"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_stops_no_other(line: str, trouble: str) -> None:
    found = rows(f"{HEADING}\n{line}\nF-2;;;12;12/03/2026\n")
    assert found is not None
    assert trouble in found[0].trouble.replace("\u00a0", " ")
    assert (found[1].row, found[1].number, found[1].trouble) == (3, "F-2", "")


def test_what_is_no_table_of_payments() -> None:
    assert rows("") is None
    assert rows("Bonjour\nF-1;12\n") is None
    assert rows(HEADING) == []
    for data in (
        b"PK\x03\x04broken",
        b"%PDF-1.7\x81\x8d\x8f",
        b"\x00\x01" * 50 + b"\x81",
        b"\xff\xfeF\x00\x00\x00",
        b"F;\x00",
    ):
        with pytest.raises(UnreadableSpreadsheet):
            payment_rows_of(data)
    most = "".join(f"F-{n};;;1;12/03/2026\n" for n in range(MAX_PAYMENTS + 50))
    assert len(rows(f"{HEADING}\n{most}") or []) == MAX_PAYMENTS + 1


def test_a_workbook_keeps_numbers_and_days_as_what_they_are() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column.headings[0].upper() + " *")
        for place, value in enumerate(["F-1", 1234567800012, "", 1200.5]):
            sheet.write(2, place, value)
        sheet.write_number(2, 4, 46093, day)
    assert payment_rows_of(out.getvalue()) == [PaymentRow(3, "F-1", "01234567800012", "", "1200.50", "2026-03-12")]
