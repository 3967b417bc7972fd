"""From whole PDFs to fields: what is read, where it stands, and what is said when it cannot be."""

from __future__ import annotations

import json

import pytest

from plainchant.capture.fields import read_fields
from plainchant.capture.pdf import UnreadablePdf, read_document, render_page
from plainchant.capture.proposal import FieldReading
from plainchant.shapes import from_json, to_json
from tests.capture.hostile import locked, many_pages, one_page, picture
from tests.capture.samples import SAMPLES, Sample, drawn


def reading_of(source: str) -> FieldReading:
    return read_fields(read_document(drawn(source)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"Facture n 12, total 100 EUR\n" * 50, "not_a_pdf"),
        (b"%PDF-1.7\nno more than a beginning", "unreadable"),
        (locked(), "password"),
        (many_pages(501), "too_many_pages"),
    ],
    ids=["empty", "text renamed", "beginning only", "locked", "501 pages"],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadablePdf) as refusal:
        read_document(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("share", [10, 50])
def test_half_a_file_is_refused(share: int) -> None:
    whole = SAMPLES["credit note"].pdf
    with pytest.raises(UnreadablePdf, match="unreadable"):
        read_document(whole[: len(whole) * share // 100])


def test_a_file_that_lacks_only_its_end_is_read_and_said_to_be_damaged() -> None:
    whole = SAMPLES["credit note"].pdf
    reading = read_fields(read_document(whole[:-20]))
    assert reading.warnings == ("damaged",)
    assert reading.fields["number"].value == "AV-2026-003"


def test_a_scan_gives_no_field_but_a_warning() -> None:
    reading = read_fields(read_document(picture()))
    assert reading.fields == {}
    assert reading.warnings == ("image_only",)


def test_a_page_too_large_to_draw_is_refused_before_any_pixel() -> None:
    with pytest.raises(UnreadablePdf, match="too_large"):
        render_page(one_page(b"", media_box=b"[0 0 10 800000]"), page=1, width_px=1000)


def test_a_page_is_drawn_as_a_picture_of_the_width_asked() -> None:
    drawing = render_page(SAMPLES["credit note"].pdf, page=1, width_px=300)
    assert drawing.startswith(b"\x89PNG")
    assert int.from_bytes(drawing[16:20], "big") == 300


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_an_invoice_is_read_as_a_person_would(sample: Sample) -> None:
    fields = read_fields(read_document(sample.pdf)).fields
    read = {name: fields[name].value if name in fields else None for name in sample.expected}
    assert read == sample.expected


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES.keys())
def test_every_value_that_was_read_has_a_place_inside_its_page(sample: Sample) -> None:
    document = read_document(sample.pdf)
    assert (document.pictures, document.recognised, [page.quarter for page in document.pages if page.quarter]) == (
        (),
        (),
        [],
    )
    for name, read in read_fields(document).fields.items():
        if read.place is None:
            assert read.certainty != "certain" or name == "tax_amount"
            continue
        x0, y0, x1, y1 = read.place.box
        assert 1 <= read.place.page <= document.page_count
        assert 0 <= x0 < x1 <= 1
        assert 0 <= y0 < y1 <= 1


def test_the_place_is_where_the_value_stands_on_the_page() -> None:
    read = reading_of("#place(top + left, dx: 8cm, dy: 10cm)[Facture n° Z-77]").fields["number"]
    assert read.value == "Z-77"
    assert read.place is not None
    x0, y0, x1, y1 = read.place.box
    # The page is 21 x 29.7 cm with margins of 2 cm; the number follows its label on the same line.
    assert 11 / 21 < x0 < 12 / 21 < x1 < 13 / 21
    assert 11.8 / 29.7 < y0 < 12.5 / 29.7
    assert 12.1 / 29.7 < y1 < 12.8 / 29.7


def test_a_reading_goes_through_json_and_back() -> None:
    for sample in SAMPLES.values():
        first = from_json(FieldReading, json.loads(json.dumps(to_json(read_fields(read_document(sample.pdf))))))
        assert from_json(FieldReading, json.loads(json.dumps(to_json(first)))) == first
        assert first.fields.keys() >= {"number"}


def test_a_certainty_from_elsewhere_is_refused() -> None:
    read = {"value": "1", "text": "1", "place": None, "certainty": "sworn"}
    with pytest.raises(ValueError, match="sworn"):
        from_json(FieldReading, {"fields": {"number": read}, "numbers_found": [], "warnings": []})


TWO = """
Atelier Fictif, SIRET 902 100 015 00012
= Facture n° A-1
Date : 02/03/2026 \\
Total TTC : 100,00 €
#pagebreak()
Atelier Fictif, SIRET 902 100 015 00012
= Facture n° A-2
Date : 09/03/2026 \\
Total TTC : 250,00 €
"""


def test_two_invoices_in_one_file_are_told_apart_with_their_pages() -> None:
    reading = reading_of(TWO)
    assert reading.warnings == ("two_invoices",)
    assert [(found.number, found.pages) for found in reading.numbers_found] == [("A-1", (1,)), ("A-2", (2,))]
    assert reading.fields["number"].value == "A-1"
    assert reading.fields["tax_inclusive_amount"].value == "100.00"


def test_one_invoice_that_repeats_its_number_on_each_page_is_one_invoice() -> None:
    reading = reading_of(TWO.replace("A-2", "A-1"))
    assert reading.warnings == ()
    assert [(found.number, found.pages) for found in reading.numbers_found] == [("A-1", (1, 2))]


def test_a_credit_note_that_cites_its_invoice_is_one_document() -> None:
    reading = reading_of(
        "= Avoir n° AV-3\nAnnule la facture n° F-12 du 02/01/2026\n#pagebreak()\nRappel : facture d'origine n° F-12"
    )
    assert reading.warnings == ()
    assert reading.fields["number"].value == "AV-3"
    assert reading.fields["type_code"].value == "381"


def test_amounts_that_do_not_add_up_are_never_certain() -> None:
    fields = reading_of("= Facture n° 5\nTotal HT 100,00 € \\ TVA 20 % 20,00 € \\ Total TTC 130,00 €").fields
    amounts = [fields[name].certainty for name in ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount")]
    assert "certain" not in amounts


def test_a_sum_that_was_deduced_is_doubtful_and_has_no_place() -> None:
    tax = reading_of("= Facture n° 5\nTotal HT 100,00 € \\ Total TTC 120,00 €").fields["tax_amount"]
    assert (tax.value, tax.place, tax.certainty) == ("20.00", None, "doubtful")


def test_a_due_date_before_the_invoice_is_doubted() -> None:
    due = reading_of("Facture n° 5 du 12/03/2026\n\nÉchéance : 11/03/2026").fields["due_date"]
    assert (due.value, due.certainty) == ("2026-03-11", "doubtful")


@pytest.mark.parametrize(
    ("page", "issued", "due"),
    [
        ("Facture n° 5 en date du deux mars deux mille vingt-six\n\n"
         "À régler par virement sous 30 jours, soit au plus tard le 1er avril 2026.",
         ("2026-03-02", "certain"), ("2026-04-01", "certain")),
        ("Facture n° 5 \\ Rennes, le lundi premier juin 2026\n\nPayable avant le vendredi trois juillet 2026",
         ("2026-06-01", "likely"), ("2026-07-03", "certain")),
        ("Facture n° 5 \\ Date de facture : 20260312 \\ Date d’échéance : 2026.04.11",
         ("2026-03-12", "certain"), ("2026-04-11", "certain")),
        ("= Invoice no 5\nInvoice date: 03/04/2026 \\ Due date: 04/28/2026 \\\n"
         "Bill to the Town of Fable \\ Total amount due 120.00",
         ("2026-04-03", "doubtful"), ("2026-04-28", "doubtful")),
    ],
    ids=["in words", "with the day of the week", "without signs", "in English"],
)  # fmt: skip
def test_a_date_is_read_as_it_is_written(page: str, issued: tuple[str, str], due: tuple[str, str]) -> None:
    fields = reading_of(page).fields
    assert (fields["issue_date"].value, fields["issue_date"].certainty) == issued
    assert (fields["due_date"].value, fields["due_date"].certainty) == due


def test_the_siret_of_a_third_party_is_nobodys() -> None:
    fields = reading_of(
        "Émetteur \\ Atelier Fictif \\ SIRET 90210001500012\n\nClient \\ Ville de Fable \\ SIRET 21990001600011\n\n"
        "Affactureur \\ Factor Fictif \\ SIRET 38877766600057"
    ).fields
    assert fields["seller_siret"].value == "90210001500012"
    assert fields["buyer_siret"].value == "21990001600011"


def test_a_lone_siret_under_client_is_the_buyers() -> None:
    fields = reading_of("= Facture n° 5\nAtelier Fictif\n\nClient : Ville de Fable \\ SIRET 21990001600011").fields
    assert "seller_siret" not in fields
    assert fields["buyer_siret"].value == "21990001600011"


def test_a_wrong_key_is_read_and_asked_about() -> None:
    fields = reading_of("= Facture n° 5\nFournisseur : Atelier Fictif, SIRET : 90210001500013").fields
    assert fields["seller_siret"].value == "90210001500013"
    assert fields["seller_siret"].certainty == "doubtful"


def test_an_empty_page_between_two_others_is_no_obstacle() -> None:
    fields = reading_of("= Facture n° 5\n#pagebreak()\n#pagebreak()\nTotal TTC 12,00 €").fields
    assert fields["tax_inclusive_amount"].place is not None
    assert fields["tax_inclusive_amount"].place.page == 3
