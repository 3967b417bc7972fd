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


TABLE = """= Facture n° 5
#table(columns: 5, [Désignation], [Qté], [P.U. HT], [TVA], [Total HT], [Gravure], [2], [450,00], [{rate}], [900,00], [Papier], [10], [10,00], [20 %], [100,00])
#grid(columns: 2, column-gutter: 3cm, table(columns: 3, stroke: none, [Base HT], [Taux], [Montant TVA], [{base}], [20,00], [{tax}]),
[Rabais : 100,00 #h(5mm) \\ Total HT net : 900,00 \\ Total TVA : 180,00 \\ Total TTC : 1 080,00])
"""


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, set()),
        ({"base": "930,00"}, {"rate 20"}),  # under headings, the rate without its sign, the totals beside
        ({"tax": "150,00"}, {"rate 20"}),
        ({"rate": "10 %"}, {"rate 20"}),  # a discount of the whole keeps the lines from making the base
        ({"rate": "8 %"}, {"rate 20"}),
    ],
    ids=["sound", "base", "tax", "rate of a line", "no rate of the law"],
)
def test_a_recapitulation_beside_the_totals_comes_out(changed: dict[str, str], expected: set[str]) -> None:
    assert doubted(TABLE.format(**{"rate": "20 %", "base": "900,00", "tax": "180,00"} | changed)) == expected


COLUMNS = """= Facture n° 5
#table(columns: (1fr, auto, auto, auto), [Objet], [HT], [TVA], [TTC], [Décor], [1 200,00], [240,00], [{gross}], [Pose], [100,00], [20,00], [120,00],
[TOTAL], [1 300,00], [260,00], [{total}])"""


def test_a_row_of_net_tax_and_gross_adds_up_as_the_others_do() -> None:
    assert doubted(COLUMNS.format(gross="1 440,00", total="1 560,00")) == set()
    assert "tax_exclusive_amount" in doubted(COLUMNS.format(gross="1 470,00", total="1 560,00"))
    assert "tax_exclusive_amount" in doubted(COLUMNS.format(gross="1 440,00", total="1 590,00"))


def test_the_total_with_tax_before_contributions_is_one_name_of_it() -> None:
    page = """= Note d'auteur n° 5
Total des droits d'auteur HT #h(1cm) 2 000,00 € \\ TVA 10 % #h(1cm) 200,00 € \\ Montant brut TTC #h(1cm) {} \\
CSG 9,20 % sur 98,25 % du brut #h(1cm) 180,78 € \\ Retenue de garantie (5 % du TTC) #h(1cm) 110,00 € \\ Net à payer #h(1cm) 1 909,22 €"""
    assert doubted(page.format("2 200,00 €")) == set()
    assert "tax_inclusive_amount" in doubted(page.format("2 500,00 €"))


@pytest.mark.parametrize(("amount", "expected"), [("855,00", set()), ("750,00", set()), ("857,00", {"line 857.00"})])
def test_a_discount_or_a_tax_that_is_not_printed_makes_no_line_doubtful(amount: str, expected: set[str]) -> None:
    """5 % less than 900,00; 900,00 with 20 % of VAT; and neither."""
    page = f"""= Facture n° 5
#table(columns: 4, [Désignation], [Qté], [P.U.], [Total HT], [Gravure], [2], [450,00], [{amount}])
Total HT : {amount} €"""
    assert doubted(page) - {"tax_exclusive_amount"} == expected


def test_what_is_added_to_the_lines_explains_their_total() -> None:
    page = """= Facture n° 5
#table(columns: 4, [Désignation], [Qté], [P.U.], [Total HT], [Gravure], [2], [450,00], [900,00], [Papier], [1], [20,00], [20,00])
Frais de port : 15,00 € \\ Total HT : {} \\ TVA 20 % : {} \\ Total TTC : {}"""
    assert doubted(page.format("935,00 €", "187,00 €", "1 122,00 €")) == set()
    assert doubted(page.format("965,00 €", "193,00 €", "1 158,00 €")) == {"tax_exclusive_amount"}


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


def test_a_siret_that_is_written_in_two_ways_is_asked_about() -> None:
    page = "Atelier Fictif \\ SIRET 902 100 015 00012\n\n= Facture n° 5\n\nTotal TTC : 120,00 € \\ Atelier Fictif, RCS Rennes, Siret {}"
    same, other = (
        read_fields(read_document(drawn(page.format(siret)))) for siret in ("90210001500012", "90210004500012")
    )
    assert same.fields["seller_siret"].certainty != "doubtful"
    wrong_above = read_fields(read_document(drawn(page.replace("902 100 015", "902 100 045").format("90210001500012"))))
    for reading in (other, wrong_above):
        read = reading.fields["seller_siret"]
        assert (read.value, read.certainty) == ("90210001500012", "doubtful")
        assert "buyer_siret" not in reading.fields


def test_a_total_with_its_name_in_two_languages_is_compared_too() -> None:
    page = """= Facture / Invoice n° 5
Total HT / Net total #h(1cm) 771,68 € \\ TVA / VAT 5,5 % #h(1cm) 42,44 € \\ Total TTC / Total incl. VAT #h(1cm) {} \\ Net à payer / Amount due #h(1cm) 814,12 €"""
    assert doubted(page.format("814,12 €")) == set()
    assert "tax_inclusive_amount" in doubted(page.format("844,12 €"))


def test_lines_of_a_letter_that_do_not_make_the_total_are_asked_about() -> None:
    page = """= Facture n° 5
Conception #h(1cm) {} \\ #h(4mm) 25 h × 559,00 € \\ Abonnement #h(1cm) 70,00 € \\ #h(4mm) 1 m² × 70,00 €

Montant total hors taxes #h(1cm) 14 045,00 € \\ T.V.A. 20 % #h(1cm) 2 809,00 € \\ Montant total T.T.C. #h(1cm) 16 854,00 €"""
    assert doubted(page.format("13 975,00 €")) == set()
    assert "tax_exclusive_amount" in doubted(page.format("13 275,00 €"))
