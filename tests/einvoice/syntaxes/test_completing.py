"""What a syntax demands and the invoice does not say: added where it follows, refused where it does not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from plainchant.einvoice.model import (
    AllowanceCharge,
    Invoice,
    Item,
    Note,
    PaymentMeans,
    PrecedingInvoice,
    Price,
    SupportingDocument,
    VatCategory,
)
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes import schema
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.completing import Completed, completed
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.syntaxes.xml import parse
from tests.einvoice.drawing.bills import school_visit


def priced(**price: Decimal) -> object:
    (line,) = school_visit().lines
    return school_visit(lines=(replace(line, price=Price(**price)),))


def test_a_whole_invoice_is_left_as_it_is():
    for vocabulary in ("ubl", "cii"):
        made = completed(school_visit(), vocabulary=vocabulary)
        assert (made.invoice, made.added, made.left_out) == (school_visit(), (), ())


def test_the_currency_is_the_euro():
    made = completed(school_visit(currency=None), vocabulary="ubl")
    assert made.invoice.currency == "EUR"
    assert [sentence for sentence in made.added if "EUR est écrit" in sentence]
    assert completed(school_visit(currency=None), vocabulary="cii").added == ()


@pytest.mark.parametrize(
    ("vocabulary", "price", "expected"),
    [
        ("ubl", {"gross": "10", "net": "8"}, ("8", "2", "10")),
        ("ubl", {"gross": "10"}, ("10", "0", "10")),
        ("ubl", {"gross": "10", "discount": "3"}, ("7", "3", "10")),
        ("cii", {"discount": "3", "net": "7"}, ("7", "3", "10")),
    ],
)
def test_a_price_is_net_discount_and_gross(vocabulary, price, expected):
    invoice = priced(**{name: Decimal(value) for name, value in price.items()})
    made = completed(invoice, vocabulary=vocabulary)
    found = made.invoice.lines[0].price
    assert (found.net, found.discount, found.gross) == tuple(map(Decimal, expected))
    assert len(made.added) in (1, 2)


def test_the_total_of_vat_is_the_sum_of_its_breakdown():
    made = completed(school_visit(tax_totals=()), vocabulary="ubl")
    (total,) = made.invoice.tax_totals
    assert (total.amount, total.currency) == (Decimal(0), "EUR")
    assert "somme du récapitulatif" in made.added[0]


def test_a_reference_to_quote_needs_a_means_of_payment():
    made = completed(school_visit(payment_means=(), remittance_information="F-1"), vocabulary="ubl")
    assert made.invoice.payment_means == (PaymentMeans(code="1"),)
    assert completed(school_visit(payment_means=()), vocabulary="ubl").invoice.payment_means == ()


def test_a_charge_without_an_amount_is_computed_or_named():
    charges = (
        AllowanceCharge(base_amount=Decimal("10.10"), percentage=Decimal(25)),
        AllowanceCharge(reason="Transport"),
        AllowanceCharge(amount=Decimal(3)),
    )
    made = completed(school_visit(charges=charges), vocabulary="ubl")
    assert [one.amount for one in made.invoice.charges] == [Decimal("2.53"), Decimal(3)]
    assert made.left_out == ("une remise ou des frais sans montant",)


def test_a_charge_of_a_line_without_an_amount_is_computed_or_named():
    (line,) = school_visit().lines
    rated = AllowanceCharge(base_amount=Decimal(20), percentage=Decimal(5))
    lines = (
        replace(line, allowances=(rated,)),
        replace(line, allowances=(AllowanceCharge(reason="Remise fidélité"), rated), charges=(AllowanceCharge(),)),
    )
    made = completed(school_visit(lines=lines), vocabulary="ubl")
    assert [[row.amount for row in line.allowances] for line in made.invoice.lines] == [[Decimal(1)], [Decimal(1)]]
    assert [line.charges for line in made.invoice.lines] == [(), ()]
    assert made.left_out == ("une remise ou des frais sans montant (ligne 2)",) * 2
    assert completed(school_visit(lines=lines), vocabulary="cii").invoice.lines == lines


def test_an_invoice_cited_without_its_number_is_named():
    made = completed(school_visit(preceding_invoices=(PrecedingInvoice(type_code="380"),)), vocabulary="ubl")
    assert made.invoice.preceding_invoices == ()
    assert made.left_out == ("une facture d’origine citée sans son numéro",)


def in_profile(invoice: Invoice, name: str = "EN 16931") -> Completed:
    """Completed, and then held to the profile's schema."""
    profile = PROFILE_OF[name]
    made = completed(invoice, vocabulary="cii", profile=profile)
    assert profile.schema is not None
    assert schema.validate(parse(write_cii(made.invoice, profile=profile)), profile.schema) == []
    return made


@pytest.mark.parametrize("name", ["MINIMUM", "BASIC WL", "BASIC", "EN 16931", "EXTENDED"])
def test_a_whole_invoice_is_left_as_it_is_in_every_profile(name):
    made = in_profile(school_visit(), name)
    assert (made.invoice, made.added, made.left_out) == (school_visit(), (), ())


def test_what_a_profile_demands_is_added_where_it_follows():
    (line,) = school_visit().lines
    bare = VatCategory(rate=Decimal(20), tax_type=None)
    document = SupportingDocument(reference="plan.pdf", content="JVBERg==", mime_code="application/pdf")
    assert line.item is not None
    assert school_visit().totals is not None
    invoice = school_visit(
        currency=None,
        lines=(replace(line, item=replace(line.item, name=None, description="Lecture"), vat=bare),),
        totals=replace(school_visit().totals, line_extension_amount=None),
        supporting_documents=(document,),
        notes=(Note(subject_code="REG"), Note(text="Merci")),
        preceding_invoices=(PrecedingInvoice(),),
    )
    made = in_profile(invoice, "EXTENDED")
    (completed_line,) = made.invoice.lines
    assert completed_line.item is not None
    assert completed_line.item.name == "Lecture"
    assert completed_line.vat == VatCategory(code="S", rate=Decimal(20), tax_type="VAT")
    assert made.invoice.totals.line_extension_amount == line.net_amount
    assert made.invoice.supporting_documents[0].filename == "plan.pdf"
    assert made.invoice.notes == (Note(text="Merci"),)
    assert len(made.added) == 6
    assert made.left_out == ("une facture d’origine citée sans son numéro", "une note sans texte")
    assert not [sentence for sentence in in_profile(invoice, "BASIC WL").added if "ligne n’avait" in sentence]


def test_a_line_without_a_name_takes_its_reference_and_one_of_nothing_none():
    (line,) = school_visit().lines
    assert line.item is not None
    referred = school_visit(lines=(replace(line, item=Item(seller_identifier="R-1")),))
    (named,) = in_profile(referred).invoice.lines
    assert named.item == Item(name="R-1", seller_identifier="R-1")
    nothing = school_visit(lines=(replace(line, item=Item()),))
    assert completed(nothing, vocabulary="cii", profile=PROFILE_OF["EN 16931"]).invoice == nothing


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"lines": ()}, "aucune ligne"),
        ({"totals": None}, "montant à payer"),
        ({"issue_date": None}, "date de la facture"),
    ],
)
def test_what_does_not_follow_is_not_invented(changes, word):
    with pytest.raises(FormError, match=word):
        completed(school_visit(**changes), vocabulary="ubl")


def test_a_price_of_nothing_is_refused():
    with pytest.raises(FormError, match="prix"):
        completed(priced(base_quantity=Decimal(1)), vocabulary="ubl")
    with pytest.raises(FormError, match="prix"):
        completed(priced(discount=Decimal(1)), vocabulary="cii")
