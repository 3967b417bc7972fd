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
