"""Notes from which something is taken off: the totals, what was paid before, what is withheld and what is to be paid."""

# ruff: noqa: E501

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from bench.reading_made.layouts_deductions import APART, TUNED, made_deductions
from bench.reading_made.made import Made

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.capture.proposal import FieldReading
from tests.capture.samples import drawn

SUMS = (
    "tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "prepaid_amount", "withheld_amount", "payable_amount",
)  # fmt: skip
DOTS = "#box(width: 1fr, repeat[.])"
FREE = "TVA non applicable, art. 293 B du CGI \\\n"


def sums(reading: FieldReading) -> list[str]:
    """The six sums, "-" for one that was not read; a question mark behind what is not certain."""
    fields = [reading.fields.get(name) for name in SUMS]
    return [f"{read.value}{'' if read.certainty == 'certain' else '?'}" if read else "-" for read in fields]


def sums_of(body: str) -> list[str]:
    return sums(read_fields(read_document(drawn(f"= Facture n° 5\n{body}"))))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("reading/note-auteur/01-note-auteur.pdf", ["1500.00", "0.00", "1500.00", "-", "154.21", "1345.79"]),
        ("public-reports/25-note-precompte/25-note-precompte.pdf", ["1000.00", "0.00", "1000.00", "-", "160.30", "839.70"]),
        ("public-reports/27-285bis/27-285bis.pdf", ["1000.00", "100.00", "1100.00?", "-", "92.00", "1008.00"]),
        ("public-reports/28-avoir-parentheses/28-avoir-parentheses.pdf", ["-1000.00", "-200.00", "-1200.00", "-", "-", "-1200.00?"]),
    ],
)  # fmt: skip
def test_a_reported_page_is_read(shared: Path, path: str, expected: list[str]) -> None:
    file = shared / "cases" / path
    if not file.exists():
        pytest.skip(f"no {file}")
    assert sums(read_fields(read_document(file.read_bytes()))) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("Montant brut HT #h(1fr) 1 000,00 € \\ Précompte (Urssaf) #h(1fr) -160,30 € \\ Net à payer #h(1fr) 839,70 €",
         ["1000.00", "0.00", "1000.00", "-", "160.30", "839.70"]),
        ("Brut #h(1fr) 1 500,00 \\ CSG (9,20 % de 98,25 %) #h(1fr) 135,59 \\ CRDS #h(1fr) 7,37 \\ Total des cotisations #h(1fr) 142,96 \\ Net à percevoir #h(1fr) 1 357,04",
         ["1500.00", "0.00", "1500.00", "-", "142.96", "1357.04"]),
        ("Total #h(1fr) 900 € \\ Acompte versé le 2 mars #h(1fr) (300 €) \\ Solde dû #h(1fr) 600 €",
         ["900.00", "0.00", "900.00", "300.00", "-", "600.00"]),
        ("Total brut #h(1fr) 900,00 € \\ Remise #h(1fr) 90,00 € \\ Net à payer #h(1fr) 810,00 €",
         ["810.00", "0.00", "810.00", "-", "-", "810.00"]),
        ("Total #h(1fr) 900,00 € \\ Retenue de garantie 5 % #h(1fr) 45,00- \\ Trop-perçu #h(1fr) 5,00- \\ Net à régler #h(1fr) 850,00 €",
         ["900.00", "0.00", "900.00", "5.00", "45.00", "850.00"]),
        # Paid by the payer besides: it lessens nothing.
        ("Total net de TVA #h(1fr) 900,00 € \\ Contribution diffuseur 1,1 % #h(1fr) 9,90 € \\ Net à payer #h(1fr) 900,00 €",
         ["900.00", "0.00", "900.00", "-", "-", "900.00"]),
        # Dots lead to the amounts, which are whole and written the English way.
        ("Total " + DOTS + " 1,500 € \\ À déduire : acompte " + DOTS + " (500 €) \\ À percevoir " + DOTS + " 1,000 €",
         ["1500.00", "0.00", "1500.00", "500.00", "-", "1000.00"]),
        # Whole numbers, where only an amount can stand.
        ("Montant brut #h(1fr) 1 500 \\ Précompte #h(1fr) 240 \\ Net à payer #h(1fr) 1 260", ["1500.00", "0.00", "1500.00", "-", "240.00", "1260.00"]),
        ("#table(columns: 4, [Droits bruts], [À déduire : précompte], [Premier acompte], [À percevoir], [900,00], [– 90,00], [– 10,00], [800,00])",
         ["900.00", "0.00", "900.00", "10.00", "90.00", "800.00"]),
    ],
    ids=["précompte", "contributions and their sum", "down payment", "discount", "retention and overpayment", "diffuser", "dots", "whole numbers", "row of headings"],
)  # fmt: skip
def test_without_vat_what_is_taken_off_is_no_part_of_the_total(rows: str, expected: list[str]) -> None:
    assert sums_of(FREE + rows) == expected


@pytest.mark.parametrize("name", ["NET ÀVERSER À L'ARTISTE", "Somme nette à verser à l'auteur", "Virement attendu"])
def test_what_is_left_is_known_by_its_name_or_by_what_was_taken_off(name: str) -> None:
    rows = f"Rémunération brute HT #h(1fr) 7 000,00 € \\ CSG #h(1fr) 632,73 € \\ CRDS #h(1fr) 34,39 € \\ {name} #h(1fr) 6 332,88 €"
    read = sums_of(FREE + rows)
    assert [value.rstrip("?") for value in read] == ["7000.00", "0.00", "7000.00", "-", "667.12", "6332.88"]


def test_what_is_left_may_say_in_what_it_is_counted() -> None:
    rows = (
        "Total HT #h(1fr) 1 300,00 \\ TVA 10 % #h(1fr) 130,00 \\ Total TTC #h(1fr) 1 430,00 \\ "
        "Sécurité sociale déplafonnée 0,40 % #h(1fr) 5,20 \\ CSG 9,2 % #h(1fr) 117,51 \\ Net à payer en euros #h(1fr) 1 307,29"
    )
    assert [value.rstrip("?") for value in sums_of(rows)] == ["1300.00", "130.00", "1430.00", "-", "122.71", "1307.29"]


def test_vat_that_is_withheld_may_be_named_at_length() -> None:
    rows = (
        "Droits d'auteur bruts hors taxes #h(1fr) 3 000,00 € \\ TVA 10 % #h(1fr) 300,00 € \\ Retenue à la source de TVA (art. 285 bis) 0,8 % #h(1fr) 24,00 € \\ "
        "CFP 0,35 % #h(1fr) 10,50 € \\ Montant net versé à l'auteur #h(1fr) 3 265,50 €"
    )
    assert [value.rstrip("?") for value in sums_of(rows)] == ["3000.00", "300.00", "3300.00", "-", "34.50", "3265.50"]


def test_what_the_payer_owes_besides_is_no_line_of_the_invoice() -> None:
    rows = (
        "Cession de droits #h(1fr) 1 500,00 € \\ Précompte des cotisations sociales (15,98 %) #h(1fr) \\- 239,70 € \\ "
        "Contribution du diffuseur 1,1 % (en sus, versée à l'Urssaf) #h(1fr) 16,50 € \\ Net versé à l'artiste #h(1fr) 1 260,30 €"
    )
    assert sums_of(FREE + rows) == ["1500.00", "0.00", "1500.00", "-", "239.70", "1260.30"]


def test_what_somebody_else_paid_was_paid_before() -> None:
    rows = (
        "Total HT #h(1fr) 1 000,00 € \\ TVA 20 % #h(1fr) 200,00 € \\ Total TTC #h(1fr) 1 200,00 € \\ "
        "Montant réglé par le Pass Culture #h(1fr) 1 200,00 € \\ Solde #h(1fr) 0,00 €"
    )
    assert [value.rstrip("?") for value in sums_of(rows)] == ["1000.00", "200.00", "1200.00", "1200.00", "-", "0.00"]


def test_one_row_is_the_total_where_what_is_withheld_leads_from_it_to_what_is_left() -> None:
    rows = "#table(columns: (1fr, auto), stroke: none, [Désignation], [Montant], [Droits d'auteur], [1000], [Précompte 16,03 %], [-160,30], [Net à payer], [839,70])"
    assert sums_of(FREE + rows) == ["1000.00", "0.00", "1000.00", "-", "160.30", "839.70"]


def test_a_payment_may_stand_in_a_table_of_its_own_beside_what_is_left() -> None:
    rows = (
        "Total HT #h(1cm) 624,90 € \\ TVA 20 % #h(1cm) 124,98 € \\ Total TTC #h(1cm) 749,88 €\n\n"
        "#table(columns: 4, stroke: none, column-gutter: 8mm, [Règlement], [Date], [Montant], [Solde à payer : 548,88 €], [Virement], [05/11/2026], [201,00 €])"
    )
    assert [value.rstrip("?") for value in sums_of(rows)] == ["624.90", "124.98", "749.88", "201.00", "-", "548.88"]


def test_contributions_to_be_taken_off_are_withheld_and_not_paid_before() -> None:
    rows = (
        "Total H.T. #h(1fr) 1 992,00 € \\ À déduire : Sécurité sociale (0,40 %) #h(1fr) 7,97 € \\ "
        "À déduire : CRDS #h(1fr) 9,79 € \\ Net à payer #h(1fr) 1 974,24 €"
    )
    assert sums_of(FREE + rows) == ["1992.00", "0.00", "1992.00", "-", "17.76", "1974.24"]


def test_a_total_that_is_not_printed_is_what_the_lines_make_and_a_payment_leaves() -> None:
    rows = (
        "#table(columns: (1fr, auto), stroke: none, [Prestation], [Montant], [Atelier], [5625,00], [Cours], [6029,64])\n"
        "Règlement reçu #h(1fr) – 3884,88 € \\ Net à payer #h(1fr) 7769,76 €"
    )
    assert sums_of(FREE + rows) == ["11654.64?", "0.00", "11654.64?", "3884.88", "-", "7769.76"]


def test_a_discount_in_a_table_with_columns_of_tax_is_the_amount_without() -> None:
    rows = (
        "#table(columns: (1fr, auto, auto, auto), stroke: none, [Objet], [HT], [TVA], [TTC], [Hébergement], [264,00], [52,80], [316,80],"
        "[Remise commerciale], [-26,40], [-5,28], [-31,68], [TOTAL], [237,60], [47,52], [285,12])\nÀ payer #h(1fr) 285,12 €"
    )
    assert sums_of(rows)[:3] == ["237.60", "47.52", "285.12"]


def test_vat_that_is_withheld_is_not_taken_for_vat() -> None:
    rows = "Montant HT 1 000,00 € \\ TVA 10 % 100,00 € \\ Retenue TVA 9,2 % (art. 285 bis) -92,00 € \\ Net à payer 1 008,00 €"
    assert sums_of(rows) == ["1000.00", "100.00", "1100.00?", "-", "92.00", "1008.00"]


def test_a_deduction_of_an_unknown_name_is_seen_by_the_sums() -> None:
    rows = "Montant brut #h(1fr) 800,00 € \\ Quote-part du fonds #h(1fr) 37,50 € \\ Net à payer #h(1fr) 762,50 €"
    assert sums_of(FREE + rows) == ["800.00?", "0.00?", "800.00?", "-", "-", "762.50?"]


def test_one_sum_and_no_vat_prove_nothing() -> None:
    assert sums_of(FREE + "Net à payer : 839,70 €") == ["839.70?", "0.00?", "839.70?", "-", "-", "839.70?"]
    # The précompte was taken off, and its amount is not the difference.
    rows = "Montant brut #h(1fr) 1 000,00 € \\ Précompte #h(1fr) 150,00 € \\ Net à payer #h(1fr) 839,70 €"
    assert sums_of(FREE + rows) == ["1000.00?", "0.00?", "1000.00?", "-", "-", "839.70?"]


@cache
def readings() -> tuple[tuple[Made, FieldReading], ...]:
    made = [*made_deductions(range(31, 32), words=TUNED), *made_deductions(range(41, 42), words=APART)]
    return tuple((invoice, read_fields(read_document(invoice.pdf))) for invoice in made)


def test_the_sums_of_invented_notes_are_read_and_none_that_is_certain_is_wrong() -> None:
    wrong = [
        (made.name, name, made.says.get(name), read)
        for made, reading in readings()
        for name, read in zip(SUMS, sums(reading), strict=True)
        if read.rstrip("?") != made.says.get(name, "-")
    ]
    assert [row for row in wrong if not row[3].endswith(("?", "-"))] == []
    assert len(wrong) <= 1


def test_a_discount_in_a_line_is_the_lines_own() -> None:
    rows = (
        "#table(columns: (1fr, auto, auto, auto), stroke: none, [Désignation], [Qté], [P.U. HT], [Total HT], [Support, rabais déduit],"
        "[1], [60,00], [60,00], [Papier], [3], [9,00], [27,00])\nTotal #h(1cm) 87,00 €"
    )
    assert sums_of(FREE + rows)[:3] == ["87.00", "0.00", "87.00"]
