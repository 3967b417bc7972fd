"""Totals by where they stand: in the foot of a table, under a row of names, behind the words of a letter."""

# ruff: noqa: E501

from __future__ import annotations

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from tests.capture.samples import drawn

NAMES = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")


def totals_of(page: str) -> list[str]:
    fields = read_fields(read_document(drawn(f"= Facture n° 5\n{page}"))).fields
    return [fields[name].value if name in fields else "-" for name in NAMES]


def test_as_many_figures_as_names_above_them_are_theirs_in_order() -> None:
    """Names at the left of their boxes and figures at the right, so that none stands under its own."""
    boxes = (
        "#table(columns: (1fr,) * 4, stroke: none, align: left, [Total HT], [Total TVA], [Total TTC], [Net à payer])\n"
        "#v(-2mm) #table(columns: (1fr,) * 4, stroke: none, align: right, [39499,71], [7899,94], [47399,65], [47399,65 €])"
    )
    assert totals_of(boxes) == ["39499.71", "7899.94", "47399.65", "47399.65"]


def test_the_row_called_total_gives_the_totals_of_the_columns() -> None:
    page = (
        "#table(columns: (1fr, auto, auto, auto), stroke: none, [Objet], [HT], [TVA], [TTC], [Décor], [1 200,00], [240,00], [1 440,00],"
        "[Reprise], [-100,00], [-20,00], [-120,00], [TOTAL], [1 100,00], [220,00], [1 320,00])"
    )
    assert totals_of(page)[:3] == ["1100.00", "220.00", "1320.00"]


def test_the_name_of_a_sum_in_a_sentence_heads_no_column() -> None:
    page = (
        "Veuillez trouver ci-dessous le montant dû par votre structure au titre de la commande n° 1619304581 :\n\n"
        "Repas, 1 × 500,00 € #h(1fr) 500,00 € \\ Cession, 1 × 902,94 € #h(1fr) 902,94 € \\ Soit un total de #h(1fr) 1 402,94 €\n\n"
        "TVA non applicable (art. 261 du CGI)"
    )
    assert totals_of(page) == ["1402.94", "0.00", "1402.94", "1402.94"]
