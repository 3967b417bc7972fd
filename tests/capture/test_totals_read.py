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


def test_a_total_may_say_of_what_it_is() -> None:
    page = (
        "Total des prestations HT #h(1cm) 500,00 € \\ Taxe sur la valeur ajoutée 20 % #h(1cm) 100,00 € \\ "
        "Montant TTC de la facture #h(1cm) 600,00 € \\ Somme à payer #h(1cm) 600,00 €"
    )
    assert totals_of(page) == ["500.00", "100.00", "600.00", "600.00"]


def test_a_credit_note_may_have_the_base_of_its_tax_in_parentheses() -> None:
    page = (
        "Sous-total HT #h(1cm) (8 234,78 €) \\ TVA à 10 % sur (8 234,78 €) (823,48 €) \\ Total TTC #h(1cm) (9 058,26 €)"
    )
    assert totals_of(page)[:3] == ["-8234.78", "-823.48", "-9058.26"]


def test_one_line_and_its_total_in_a_letter() -> None:
    page = "Module bureautique, 12 × 872,24 € #h(1fr) 10 466,88 € \\ Soit un total de #h(1fr) 10 466,88 €\n\nTVA non applicable (art. 261 du CGI)"
    assert totals_of(page) == ["10466.88", "0.00", "10466.88", "10466.88"]


def test_a_dash_behind_an_amount_may_begin_a_clause() -> None:
    page = "Total brut : 692,91 € \\ TVA 5,5 % : 38,11€ – Total TTC : 731,02€"
    assert totals_of(page)[:3] == ["692.91", "38.11", "731.02"]


def test_names_in_two_languages() -> None:
    page = (
        "Total HT / Net total #h(1cm) 186,00 € \\ TVA / VAT 20 % #h(1cm) 37,20 € \\ Total TTC / Total incl. VAT #h(1cm) 223,20 € \\ "
        "Net à payer / Amount due #h(1cm) 223,20 €"
    )
    assert totals_of(page) == ["186.00", "37.20", "223.20", "223.20"]


def test_tax_that_is_called_paid() -> None:
    page = "Total € HT : #h(1cm) 100,00 € \\ TVA acquittée : #h(1cm) 20,00 € \\ MONTANT TTC : #h(1cm) 120,00 €"
    assert totals_of(page)[:3] == ["100.00", "20.00", "120.00"]


def test_the_name_of_a_sum_in_a_sentence_heads_no_column() -> None:
    page = (
        "Veuillez trouver ci-dessous le montant dû par votre structure au titre de la commande n° 1619304581 :\n\n"
        "Repas, 1 × 500,00 € #h(1fr) 500,00 € \\ Cession, 1 × 902,94 € #h(1fr) 902,94 € \\ Soit un total de #h(1fr) 1 402,94 €\n\n"
        "TVA non applicable (art. 261 du CGI)"
    )
    assert totals_of(page) == ["1402.94", "0.00", "1402.94", "1402.94"]


def test_the_amount_of_a_contract_is_not_what_is_due() -> None:
    """« Montant du marché » and « Montant dû » are one without accents."""
    rows = (
        "#table(columns: (1fr, auto, auto, auto), stroke: none, [Phase], [Montant du marché], [Avancement], [Honoraires HT],"
        " [APD], [6 000,00], [50 %], [3 000,00])\n\nMontant HT #h(1cm) 3 000,00 € \\ TVA 20 % #h(1cm) 600,00 € \\ Montant TTC #h(1cm) 3 600,00 €"
    )
    assert totals_of(rows)[-1].startswith("3600.00")
    assert totals_of(rows.replace("Montant TTC", "Montant dû"))[-1].startswith("3600.00")


def test_bases_rate_by_rate_make_the_total_that_is_not_printed() -> None:
    rows = "Base HT 5,5 % #h(1cm) 285,00 \\ Base HT 20 % #h(1cm) 15,00 \\ TVA 5,5 % #h(1cm) 15,68 \\ TVA 20 % #h(1cm) 3,00 \\ TOTAL T.T.C. #h(1cm) 318,68"
    assert [value.rstrip("?") for value in totals_of(rows)] == ["300.00", "18.68", "318.68", "318.68"]
    short = rows.replace("Base HT", "Base à")
    assert [value.rstrip("?") for value in totals_of(short)] == ["300.00", "18.68", "318.68", "318.68"]


def test_a_rate_may_have_an_adjective() -> None:
    rows = (
        "Sous-total HT #h(1cm) 1 500,00 € \\ TVA monégasque 20 % s/ 900,00 #h(1cm) 180,00 € \\ "
        "TVA intermédiaire 10 % s/ 600,00 #h(1cm) 60,00 € \\ TOTAL TTC #h(1cm) 1 740,00 €"
    )
    assert [value.rstrip("?") for value in totals_of(rows)] == ["1500.00", "240.00", "1740.00", "1740.00"]


def test_the_base_behind_a_tax_is_not_the_tax() -> None:
    rows = "Total TTC #h(1cm) 660,00 € \\ dont TVA 10 % : 60,00 € (base 600,00 €)"
    assert totals_of(rows) == ["600.00", "60.00", "660.00", "660.00"]


def test_the_number_of_an_article_is_no_amount() -> None:
    rows = "Montant forfaitaire : 1 200 € nets de TVA (TVA non applicable, art. 293 B du CGI)."
    assert totals_of(rows) == ["1200.00", "0.00", "1200.00", "1200.00"]


def test_lines_and_their_rates_make_the_totals_where_only_what_is_to_be_paid_is_printed() -> None:
    rows = (
        "#table(columns: (1fr, auto, auto, auto, auto), stroke: none, [Prestation], [HT], [Taux], [TVA], [TTC],"
        " [Atelier], [300,00], [20,0 %], [60,00], [360,00], [Droits], [700,00], [10,0 %], [70,00], [770,00])\n\n"
        "TOTAL À PAYER #h(1cm) 1 130,00 €"
    )
    assert totals_of(rows) == ["1000.00", "130.00", "1130.00", "1130.00"]


def test_a_printed_total_that_the_lines_do_not_make_is_asked_about() -> None:
    rows = (
        "#table(columns: (1fr, auto, auto, auto, auto), stroke: none, [Prestation], [HT], [Taux], [TVA], [TTC],"
        " [Atelier], [300,00], [20,0 %], [60,00], [360,00], [Droits], [700,00], [10,0 %], [70,00], [770,00])\n\n"
        "Total HT #h(1cm) 1 300,00 €\n\nTOTAL À PAYER #h(1cm) 1 130,00 €"
    )
    fields = read_fields(read_document(drawn(f"= Facture n° 5\n{rows}"))).fields
    assert fields["tax_exclusive_amount"].certainty == "doubtful"
