"""The page of an invoice: what stands where, in which words, over how many pages."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pypdfium2
import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import read_document
from plainchant.einvoice.channels import Coding
from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.en16931 import COUNTRIES_UBL
from plainchant.einvoice.drawing import Look, draw
from plainchant.einvoice.drawing.glyphs import MAX_TRIED, lacking
from plainchant.einvoice.drawing.sheet import PageContent
from plainchant.einvoice.making.composing import compose
from plainchant.einvoice.model import AllowanceCharge, Identifier, Invoice, Item, Line, Note, Price
from plainchant.einvoice.pdfa.probe import probe
from plainchant.einvoice.syntaxes.cii.write import write
from plainchant.einvoice.verdict import check
from plainchant.shapes import to_json
from tests.einvoice.drawing.bills import AT, SELLER, credit_note, logo, school_visit, sculpture
from tests.einvoice.making.composing.sheets import VISIT

PT_A_MM = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def place_of(pdf: bytes, text: str) -> tuple[float, float]:
    """Left and top of a text on the first page, mm from the corner of the sheet."""
    page = pypdfium2.PdfDocument(pdf)[0]
    found = page.get_textpage().search(text).get_next()
    assert found is not None, text
    left, _, _, top = page.get_textpage().get_charbox(found[0])
    return left / PT_A_MM, (page.get_height() - top) / PT_A_MM


def many_lines(count: int) -> Invoice:
    line = school_visit().lines[0]
    return school_visit(lines=tuple(replace(line, identifier=str(number)) for number in range(1, count + 1)))


@pytest.mark.parametrize("made", [school_visit, sculpture, credit_note])
def test_what_is_drawn_is_accepted_and_our_own_reader_reads_it_back(made):
    invoice = made()
    xml = write(invoice)
    pdf = draw(invoice, at=AT, xml=xml)
    assert probe(pdf) == ()
    layers = check(xml, at=AT.date(), layers=("wellformed", "schema", "en16931")).layers
    assert [finding.rule for layer in layers for finding in layer.findings] == []
    read = {name: found["value"] for name, found in to_json(read_fields(read_document(pdf)))["fields"].items()}
    assert read["number"] == invoice.number
    assert read["issue_date"] == "2026-11-03"
    assert read["seller_siret"] == "99910042300014"
    assert read["buyer_siret"] == "99920042100017"
    assert Decimal(read["payable_amount"]) == invoice.totals.payable_amount
    assert Decimal(read["tax_exclusive_amount"]) == invoice.totals.tax_exclusive_amount
    assert read["purchase_order_reference"] == "2026-0412"
    assert read["buyer_reference"] == "SCOL-02"


@pytest.mark.parametrize("look", [Look(), Look(template="letterhead", logo=logo(400, 400), colour="#1f5f5b")])
def test_the_buyer_s_address_shows_through_the_window_of_an_envelope(look):
    # A sheet folded in three in a DL envelope: 100 to 200 mm from the left, 45 to 90 mm from the top, less its play.
    pdf = draw(school_visit(), at=AT, look=look)
    for text in ("Commune de", "Service des affaires", "1 place de la Mairie", "87150"):
        left, top = place_of(pdf, text)
        assert 110 <= left <= 120
        assert 48 <= top <= 85


def test_a_seller_below_the_threshold_says_so_instead_of_a_vat_number():
    seller = PageContent(school_visit()).data()["seller"]
    assert seller["name"] == "Camille Aubépin EI"
    assert seller["numbers"] == ["SIRET\u00a0999\u00a0100\u00a0423\u00a000014", "TVA non applicable, art. 293 B du CGI"]
    assert PageContent(sculpture()).data()["seller"]["numbers"][1:] == ["N° TVA\u00a0FR20999100423"]


def test_what_the_accountant_files_by_stands_in_one_box_each_code_once():
    references = PageContent(school_visit(contract_reference="M24-118")).data()["references"]
    assert references == [
        ["N° d’engagement", "2026-0412"],
        ["Code service", "SCOL-02"],
        ["N° de marché", "M24-118"],
        ["SIRET", "999\u00a0200\u00a0421\u00a000017"],
    ]


def test_a_credit_note_says_which_invoice_it_is_on_and_asks_for_no_payment():
    sheet = PageContent(credit_note()).data()
    assert sheet["kind"] == "Avoir"
    assert sheet["origins"] == ["Sur la facture n°\u00a0F-2026-014 du 3\u00a0novembre\u00a02026"]
    assert sheet["payable"] == {"label": "Montant de l’avoir", "value": "519,00\u00a0€", "due": ""}
    assert sheet["payment"] == []
    paid_back = credit_note_with_an_account()
    assert PageContent(paid_back).data()["payment_heading"] == "Règlement"
    assert "Pour payer" not in "".join(pages(draw(paid_back, at=AT)))


@pytest.mark.parametrize("coding", Coding)
def test_an_invoice_already_paid_is_called_so_and_asks_for_no_payment(coding):
    sheet = PageContent(compose(replace(VISIT, billing_framework="A2"), coding=coding)).data()
    assert sheet["kind"] == "Facture déjà payée"
    assert sheet["dates"][-1] == ["Payée le", "20\u00a0novembre\u00a02026"]
    assert sheet["payable"] == {"label": "Reste à payer", "value": "0,00\u00a0€", "due": ""}
    assert sheet["payment_heading"] == "Règlement"
    owed = PageContent(compose(VISIT, coding=coding)).data()
    assert (owed["kind"], owed["payable"]["label"], owed["payment_heading"]) == ("Facture", "Net à payer", "Pour payer")


def test_an_invoice_below_zero_asks_for_no_payment():
    invoice = school_visit()
    assert invoice.totals is not None
    negative = replace(invoice, totals=replace(invoice.totals, payable_amount=Decimal("-12.50")))
    sheet = PageContent(negative).data()
    assert (sheet["payment_heading"], sheet["payable"]["due"]) == ("Règlement", "")


def credit_note_with_an_account() -> Invoice:
    return replace(credit_note(), payment_means=school_visit().payment_means)


def test_the_day_to_pay_by_is_the_last_one():
    due = PageContent(school_visit()).data()["payable"]["due"]
    assert due == "au plus tard le 3\u00a0décembre\u00a02026"


def test_a_country_is_written_in_words_and_france_is_understood():
    def lines(country: str | None) -> list[str]:
        assert SELLER.address is not None
        seller = replace(SELLER, address=replace(SELLER.address, country=country))
        return list(PageContent(school_visit(seller=seller)).data()["seller"]["lines"])

    assert lines("BE")[-1] == "Belgique"
    assert lines("ZZ")[-1] == "ZZ"
    assert lines("FR")[-1] == lines(None)[-1] == "87000 Limoges"
    assert set(COUNTRY_NAMES) == COUNTRIES_UBL


@pytest.mark.parametrize(
    ("scheme", "value", "label"),
    [
        (None, "99910042300014", "SIRET\u00a0999\u00a0100\u00a0423\u00a000014"),
        (None, "999 100 423 00014", "SIRET\u00a0999\u00a0100\u00a0423\u00a000014"),
        (None, "AB-12", "N°\u00a0AB-12"),
        ("0088", "9991004230001", "GLN\u00a09991004230001"),
    ],
)
def test_fourteen_digits_without_a_scheme_are_a_siret(scheme, value, label):
    seller = replace(SELLER, identifiers=(Identifier(value, scheme),), legal_registration=None, tax_registration=None)
    assert PageContent(school_visit(seller=seller)).data()["seller"]["numbers"][0] == label


def test_the_mentions_that_the_law_wants_stand_together_after_what_the_seller_wrote():
    notes = (*school_visit().notes, Note(text="Merci de votre accueil."), Note(subject_code="BAR", text="B2B"))
    sheet = PageContent(school_visit(notes=notes)).data()
    assert [name for name, _ in sheet["mentions"]] == ["", "Retard de paiement", "Frais de recouvrement", "Escompte"]
    assert ["Note, texte", "B2B"] in sheet["others"]


def test_a_total_is_not_said_twice_but_an_allowance_shows_how_it_came_about():
    assert [name for name, _ in PageContent(school_visit()).data()["totals"]] == ["Total HT", "TVA", "Total TTC"]
    allowances = (AllowanceCharge(amount=Decimal(19), reason="Fidélité"),)
    totals = replace(school_visit().totals, allowance_total_amount=Decimal(19), tax_exclusive_amount=Decimal(500))
    rows = PageContent(school_visit(allowances=allowances, totals=totals)).data()["totals"]
    assert [name for name, _ in rows] == ["Total des lignes", "Fidélité", "Total HT", "TVA", "Total TTC"]


def test_units_are_words_and_agree_with_their_number():
    line = school_visit().lines[0]
    units = [
        ("HUR", Decimal("1.5")),
        ("HUR", Decimal(3)),
        ("C62", Decimal(2)),
        ("MON", Decimal(2)),
        ("XYZ", Decimal(1)),
    ]
    lines = tuple(replace(line, unit=unit, quantity=quantity) for unit, quantity in units)
    drawn = PageContent(school_visit(lines=lines)).data()["lines"]
    assert [row["unit"] for row in drawn] == ["heure", "heures", "", "mois", "XYZ"]


def test_a_long_invoice_carries_its_total_from_page_to_page():
    drawn = pages(draw(many_lines(80), at=AT))
    assert len(drawn) > 2
    for page, following in pairwise(drawn):
        if "Désignation" not in following:
            continue
        carried = page.partition("À reporter")[2].split("\n")[0].strip()
        assert carried
        assert following.partition("Report")[2].split("\n")[0].strip() == carried
        assert "Facture n° F-2026-014" in following.replace("\u00a0", " ")
    assert "Net à payer" in drawn[-1]
    assert f"Page {len(drawn)} sur {len(drawn)}" in drawn[-1]
    assert "À reporter" not in drawn[-1]


def test_endless_words_stay_inside_the_page():
    seller = replace(SELLER, name="Association" * 30)
    item = Item(name="sanscoupure" * 40, description="a" * 1024)
    line = Line(quantity=Decimal("1234567.1234"), unit="KGM", price=Price(net=Decimal("1234567.123456")), item=item)
    lines = (replace(line, net_amount=Decimal("1524157875019.05"), vat=school_visit().lines[0].vat),)
    pdf = draw(school_visit(seller=seller, lines=lines, purchase_order_reference="9" * 50), at=AT)
    for page in pypdfium2.PdfDocument(pdf):
        text = page.get_textpage()
        for at in range(text.count_chars()):
            left, _, right, _ = text.get_charbox(at)
            assert left >= 0
            assert right <= page.get_width() - 18 * PT_A_MM + 1


def test_mentions_stand_on_one_page_together():
    for count in range(8, 16):
        drawn = pages(draw(many_lines(count), at=AT))
        (holding,) = (page for page in drawn if "Retard de paiement" in page)
        assert "Frais de recouvrement" in holding
        assert "Escompte" in holding


def test_only_the_letters_that_the_fonts_lack_become_squares():
    pdf = draw(school_visit(seller=replace(SELLER, name="Encre → 墨 ½ ≥ ✓ 田")), at=AT)
    assert "Encre → □ ½ ≥ ✓ □" in pages(pdf)[0]
    assert lacking("→ ½ 墨 ≥ é") == {"墨"}
    many = "".join(map(chr, range(0x4E00, 0x4E00 + MAX_TRIED + 10)))
    assert lacking(many) == set(many)


def test_letters_without_a_glyph_become_squares_and_the_page_says_so():
    pdf = draw(school_visit(seller=replace(SELLER, name="佐藤 🙂 Ωμέγα")), at=AT)
    assert probe(pdf) == ()
    (page,) = pages(pdf)
    assert "□□ □ Ωμέγα" in page
    assert "n’existent pas dans la police" in page
