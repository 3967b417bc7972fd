"""What a file says and an invoice has no term for is noticed, once a kind, by its French name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plainchant.einvoice.model import Price
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.drawing.bills import school_visit

UBL, CII = write_ubl(school_visit()).decode(), write_cii(school_visit()).decode()
CONTEXT = "<rsm:ExchangedDocumentContext>"
TEST = f"{CONTEXT}<ram:TestIndicator><udt:Indicator>true</udt:Indicator></ram:TestIndicator>"


def notices(xml: str) -> list[str]:
    verdict = check(xml.encode(), at=date(2026, 11, 28))
    return [finding.message.replace("\u00a0", " ") for finding in verdict.layer("wellformed").findings]


def test_an_ordinary_invoice_leaves_nothing():
    assert notices(UBL) == notices(CII) == []


@pytest.mark.parametrize("write", [write_ubl, write_cii])
def test_a_discount_on_a_price_is_one_by_its_place(write):
    (line,) = school_visit().lines
    price = Price(net=Decimal(8), discount=Decimal(2), gross=Decimal(10))
    assert notices(write(school_visit(lines=(replace(line, price=price),))).decode()) == []


SUB_LINE = "<cac:SubInvoiceLine><cbc:ID>9</cbc:ID></cac:SubInvoiceLine>"
TERMS = "<cac:PaymentTerms><cbc:Note>2 % à 8 jours</cbc:Note></cac:PaymentTerms>"
PREPAID = "<cac:PrepaidPayment><cbc:PaidAmount currencyID='EUR'>5</cbc:PaidAmount></cac:PrepaidPayment>"
FAX = "<ram:FaxUniversalCommunication><ram:CompleteNumber>05 55</ram:CompleteNumber></ram:FaxUniversalCommunication>"
UNKNOWN = "<cbc:Inconnu>x</cbc:Inconnu>"
LINE_ENDS, TOTALS, CONTACT_ENDS = "</cac:InvoiceLine>", "<cac:TaxTotal>", "</ram:DefinedTradeContact>"


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (UBL.replace(LINE_ENDS, SUB_LINE + LINE_ENDS), "une sous-ligne (« 9 », ligne"),
        (UBL.replace(TOTALS, TERMS * 2 + TOTALS), "d’autres conditions de paiement (« 2 % à 8 jours », ligne"),
        (UBL.replace(TOTALS, PREPAID + TOTALS), "un acompte déjà versé (« 5 », ligne"),
        (CII.replace(CONTACT_ENDS, FAX + CONTACT_ENDS), "un numéro de fax (« 05 55 », ligne"),
        (CII.replace(">20261103<", ">20260230<", 1), "une date qui ne se lit pas (« 20260230 », ligne"),
        (UBL.replace(LINE_ENDS, UNKNOWN + LINE_ENDS), "l’élément Inconnu (« x », ligne"),
    ],
)
def test_what_has_no_term_is_named(xml, words):
    assert any(f"Non repris : {words}" in notice for notice in notices(xml)), notices(xml)


def test_of_several_alike_the_first_is_shown_and_the_others_counted():
    (notice,) = notices(UBL.replace(LINE_ENDS, SUB_LINE * 4 + LINE_ENDS))
    assert ", et 3 autres)" in notice


def test_a_test_invoice_is_said_to_be_one_first_of_all():
    first, *_ = notices(CII.replace(CONTEXT, TEST))
    assert "facture d’essai" in first
    assert notices(CII.replace(CONTEXT, TEST.replace("true", "false"))) == []
