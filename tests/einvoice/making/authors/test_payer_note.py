"""The note for the payer: what it says of each situation, on one page of PDF/A, whatever people's names are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import combinations

import pikepdf
import pypdfium2
import pytest

from plainchant.einvoice.law.french_vat import Regime
from plainchant.einvoice.law.vat_rates import Territory
from plainchant.einvoice.making.authors import SITUATION_OF, draw_note, note_for
from plainchant.einvoice.making.authors.note_point_table import POINTS
from plainchant.einvoice.making.composing import compose
from tests.einvoice.making.authors.invoices import ANSWERS, AT, invoice, sheet

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
VAT, CONTRIBUTION = "Pourquoi", "Devez-vous"
WITHHOLDING, NUMBERS = "Faut-il retenir", "Faut-il un numéro"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def told(
    code: str, *, dispense_year: int | None = None, also: tuple[str, ...] = (), **changes: object
) -> dict[str, str]:
    """Question → all that is answered."""
    note = note_for(invoice=invoice(code, **changes), situations=(code, *also), dispense_year=dispense_year, at=AT)
    return {
        plain(one.question): plain(" ".join((one.short, one.text, *(what for _, what in one.readings), one.after)))
        for one in note.answers
    }


def answer(answers: dict[str, str], beginning: str) -> str:
    (found,) = [text for question, text in answers.items() if question.startswith(beginning)]
    return found


@pytest.mark.parametrize("code", ["GRANT", "NO_SIRET", "NOTE"])
def test_no_note_goes_with_what_is_no_invoice(code):
    with pytest.raises(ValueError, match=code):
        note_for(invoice=invoice("SALE"), situations=(code,), at=AT)


@pytest.mark.parametrize("code", ANSWERS)
def test_each_note_answers_five_questions_in_the_same_order(code):
    questions = list(told(code))
    assert [question.split("?")[0].split(" ")[0] for question in questions] == [
        "Qu’est-ce",
        "Pourquoi",
        "Devez-vous",
        "Faut-il",
        "Faut-il",
    ]


def test_the_solo_show_in_franchise_with_its_dispense():
    answers = told("EXHIBITION", dispense_year=2026)
    assert "TVA non applicable, art. 293 B du CGI" in answer(answers, VAT)
    assert "50 000 €" in answer(answers, VAT)
    assert "35 000 €" in answer(answers, VAT)
    assert "payez 1 000,00 €" in answer(answers, VAT)
    assert "cela fait 11,00 € pour cette facture" in answer(answers, CONTRIBUTION)
    assert "ne tranche pas" in answer(answers, CONTRIBUTION)
    assert "dispense de précompte 2026, jointe" in answer(answers, WITHHOLDING)
    assert "depuis 2019" in answer(answers, NUMBERS)


def test_the_same_with_vat_says_the_rate_and_that_nothing_is_withheld():
    answers = told("EXHIBITION", regime=Regime.LIABLE)
    assert "l’artiste la doit : 100,00 €" in answer(answers, VAT)
    assert "10 % sur 1 000,00 €" in answer(answers, VAT)
    assert "285 bis" in answer(answers, VAT)
    assert "285 bis" not in answer(told("EXHIBITION"), VAT)


@pytest.mark.parametrize("year", [None, 2025])
def test_without_this_years_dispense_it_is_asked_for_and_the_order_of_size_is_given(year):
    text = answer(told("RIGHTS", dispense_year=year), WITHHOLDING)
    assert "demandez d’abord la dispense" in text
    assert "environ 160,30 € sur 1 000,00 €" in text


def test_when_the_tables_do_not_know_the_year_no_figure_is_given():
    note = note_for(invoice=invoice("RIGHTS"), situations=("RIGHTS",), at=date(2030, 1, 1))
    assert "160" not in " ".join(one.text for one in note.answers)
    assert all("(" not in one.text.partition("certificat à l’artiste")[2] for one in note.answers)


def test_a_sale_is_never_subject_to_precompte_and_a_visit_is_no_diffusion():
    assert "jamais soumise au précompte" in answer(told("SALE"), WITHHOLDING)
    assert "n’est pas la diffusion d’une œuvre" in answer(told("VISIT"), WITHHOLDING)
    assert "ce serait 11,00 €" in answer(told("VISIT"), CONTRIBUTION)


def test_of_an_invoice_of_several_situations_one_clear_answer_is_given():
    answers = told("EXHIBITION", also=("VISIT", "SALE"))
    assert "dispense" in answer(answers, WITHHOLDING)
    assert "n’est pas la diffusion" not in answer(answers, WITHHOLDING)
    assert "au plus 11,00 €" in answer(answers, CONTRIBUTION)
    assert len(answers) == 5


def test_outside_vat_the_note_says_where():
    assert "Guyane" in answer(told("RIGHTS", territory=Territory.GUYANE), VAT)


def test_every_point_has_a_source_and_every_situation_names_points_that_exist():
    assert all(point.sources for point in POINTS)
    codes = {point.code for point in POINTS}
    resolved = {"VAT", "WITHHOLDING"}
    for situation in SITUATION_OF.values():
        assert set(situation.note_points) <= codes | resolved


def pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as document:
        return len(document.pages)


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("code", ANSWERS)
def test_it_is_one_page_of_a4_in_pdf_a(code, regime):
    pdf = draw_note(invoice=invoice(code, regime=regime), situations=(code,), at=NOW)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        box = [round(float(edge)) for edge in document.pages[0].mediabox]
        assert box == [0, 0, 595, 842]
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")


def test_the_longest_note_with_the_longest_names_is_still_one_page():
    made = sheet("COMMISSION", regime=Regime.LIABLE)
    made = replace(
        made,
        seller=replace(made.seller, name="Maximilienne-Victoire " * 20),
        buyer=replace(made.buyer, name="Communauté d’agglomération " * 20),
        number="F" * 20,
    )
    for situations in combinations(ANSWERS, 4):
        pdf = draw_note(invoice=compose(made), situations=situations, at=NOW)
        assert pages(pdf) == 1


def test_what_is_printed_is_what_was_said_and_names_are_never_read_as_code():
    made = sheet("EXHIBITION")
    made = replace(made, seller=replace(made.seller, name="#panic() *Rivet* $x$ </b>"))
    pdf = draw_note(invoice=compose(made), situations=("EXHIBITION",), dispense_year=2026, at=NOW)
    with pypdfium2.PdfDocument(pdf) as document:
        text = plain(document[0].get_textpage().get_text_bounded())
    text = " ".join(text.split())
    for said in (
        "#panic() *Rivet* $x$ </b>",
        "F-2026-001",
        "1 000,00 €",
        "11,00 €",
        "24 novembre 2026",
        "octobre 2026",
        "902 100 015 00012",
    ):
        assert said in text


def test_a_name_in_letters_the_fonts_lack_is_still_a_page():
    made = sheet("SALE")
    made = replace(made, seller=replace(made.seller, name="李 Rivet 🎨"))
    assert pages(draw_note(invoice=compose(made), situations=("SALE",), at=NOW)) == 1


def test_the_same_invoice_at_the_same_instant_gives_the_same_bytes():
    one, other = (draw_note(invoice=invoice("SALE"), situations=("SALE",), at=NOW) for _ in range(2))
    assert one == other
