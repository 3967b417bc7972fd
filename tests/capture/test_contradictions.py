"""A page of which one figure is wrong: the sum, the rate or the line that does not agree is doubted, on a sound page none."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from tests.capture.samples import drawn

SOUND = """= Facture n° 5
#table(columns: 5, [Désignation], [Qté], [P.U. HT], [TVA], [Total HT],
[Gravure], [2], [450,00], [20 %], [900,00], [Papier], [10], [12,50], [5,5 %], [125,00])
#table(columns: 3, [Taux], [Base HT], [TVA], [20 %], [900,00], [180,00], [5,5 %], [125,00], [6,88])
Total HT : 1 025,00 € \\ Total TVA : 186,88 € \\ Total TTC : 1 211,88 € \\ Net à payer : 1 211,88 €
"""


def doubted(page: str) -> set[str]:
    reading = read_fields(read_document(drawn(page)))
    names = {name for name, read in reading.fields.items() if name.endswith("_amount") and read.certainty == "doubtful"}
    rates = {f"rate {line.rate}" for line in reading.vat_breakdown if line.certainty == "doubtful"}
    return names | rates | {f"line {line.amount}" for line in reading.lines if line.certainty == "doubtful"}


def test_a_total_beside_a_row_of_the_breakdown_is_no_part_of_it() -> None:
    side = SOUND.replace("[180,00]", "[180,00 #h(4mm) Total TVA : 186,88]")
    assert doubted(side) == set()


def test_a_rate_and_its_name_in_each_line_is_no_total() -> None:
    page = """= Facture n° 5
#table(columns: 4, stroke: none, [Description], [Quantité], [Taxes], [Montant],
[Dépose], [2], [10% TVA], [390,94 €], [Gravats], [1], [20% TVA], [899,86 €])
Montant HT : 1 290,80 € \\ TVA 10% : 39,09 € \\ TVA 20% : 179,97 € \\ Total : 1 509,86 €"""
    assert doubted(page) == set()
    assert doubted(page.replace("TVA 20% : 179,97", "TVA 20% : 149,97"))


def test_figures_whose_words_stand_above_and_below_are_a_line_and_no_row_of_the_breakdown() -> None:
    page = """= Facture n° 5
#table(columns: (1fr, auto, auto, auto, auto), align: horizon, stroke: none, [Désignation], [TVA], [P.U. HT], [Qté], [Total HT],
[Vidéoprojecteur \\ garantie 3 ans], [20%], [283,95], [2], [567,90], [Encre], [20%], [100,00], [1], [100,00])
Total HT : 667,90 € \\ Total TVA 20 % : 133,58 € \\ Total TTC : 801,48 €"""
    assert doubted(page) == set()


def test_the_base_of_a_credit_note_may_stand_in_parentheses_amid_words() -> None:
    page = """= Avoir n° 5
Sous-total HT #h(1cm) (8 234,78 €) \\ TVA à 10 % sur (8 234,78 €) #h(1cm) (823,48 €) \\ Total TTC #h(1cm) (9 058,26 €)"""
    assert doubted(page) == set()


def test_nothing_is_doubted_where_all_agree() -> None:
    assert doubted(SOUND) == set()


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("HT : 1 025,00", "HT : 1 325,00", "tax_exclusive_amount"),
        ("TVA : 186,88", "TVA : 156,88", "tax_amount"),
        ("TTC : 1 211,88", "TTC : 1 511,88", "tax_inclusive_amount"),
        ("payer : 1 211,88", "payer : 1 511,88", "payable_amount"),
        ("[125,00])\n#table", "[155,00])\n#table", "tax_exclusive_amount"),
        ("[12,50]", "[15,50]", "line 125.00"),
        ("[Taux], [Base HT], [TVA], [20 %]", "[Taux], [Base HT], [TVA], [10 %]", "tax_amount"),
        ("[450,00], [20 %]", "[450,00], [10 %]", "rate 20"),
    ],
    ids=[
        "HT",
        "TVA",
        "TTC",
        "to pay",
        "amount of a line",
        "price of a line",
        "rate of the breakdown",
        "rate of a line",
    ],
)
def test_one_wrong_figure_is_asked_about(right: str, wrong: str, expected: str) -> None:
    assert right in SOUND
    assert expected in doubted(SOUND.replace(right, wrong, 1))
