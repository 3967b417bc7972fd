"""A table of commitments is understood however its columns are called; a wrong row says why."""

from __future__ import annotations

import pytest

from plainchant.capture.commitment_table import COLUMNS, MAX_COMMITMENTS, CommitmentRow, commitment_rows
from plainchant.capture.headed_table import workbook_of_csv

HEADING = ";".join(column.headings[0] for column in COLUMNS)


def rows(text: str) -> list[CommitmentRow] | None:
    return commitment_rows(workbook_of_csv(text.encode()))


def test_columns_are_found_by_their_names_in_any_order() -> None:
    text = "Exercice 2026\n\nMontant;N° d'engagement;SIRET;Fin;Service\n"
    text += "1 200,50 €;EJ-1;732 829 320 00074;31/12/2026;A1\n"
    assert rows(text) == [
        CommitmentRow(4, "EJ-1", "1200.50", service="A1", identifier="73282932000074", last_day="2026-12-31")
    ]
    assert rows("Bonjour\nEJ-1;12\n") is None
    assert rows(HEADING) == []
    assert len(rows(HEADING + "\nEJ-1;1" * (MAX_COMMITMENTS + 9)) or []) == MAX_COMMITMENTS + 1


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        (";12", "« Numéro d’engagement » est vide."),
        ("EJ-1;", "« Montant TTC » est vide."),
        ("EJ-1;douze", "« douze » n’est pas un montant"),
        ("EJ-1;-12", "n’est pas un montant"),
        ("EJ-1;0,001", "n’est pas un montant"),
        (f"EJ-1;1{'0' * 12}", "n’est pas un montant"),
        ("--;12", "n’est pas un numéro d’engagement"),
        (f"{'1' * 51};12", "dépasse 50 caractères"),
        (f"EJ-1;12;;;;;{'1' * 51}", "numéro de marché dépasse"),
        ("EJ-1;12;;;123", "n’est ni un SIRET"),
        ("EJ-1;12;;;;;;hier", "« hier » n’est pas une date"),
        ("EJ-1;12;;;;;;02/01/2026;01/01/2026", "Le dernier jour vient avant le premier."),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_stops_no_other(line: str, trouble: str) -> None:
    wrong, right = rows(f"{HEADING}\n{line}\nEJ-2;12;;;;;;01/01/2026;01/01/2026\n") or []
    assert trouble in wrong.trouble.replace("\u00a0", " ")
    assert (right.row, right.number, right.trouble) == (3, "EJ-2", "")
