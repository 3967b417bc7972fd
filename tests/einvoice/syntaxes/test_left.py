"""What a file says and an invoice has no term for is noticed, once a kind, by its French name."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from plainchant.einvoice.model import Invoice, Price
from plainchant.einvoice.syntaxes.cii.write import write as write_cii
from plainchant.einvoice.syntaxes.left import left
from plainchant.einvoice.syntaxes.opening import read
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl
from plainchant.einvoice.verdict import check
from tests.einvoice.drawing.bills import school_visit
from tests.einvoice.filling import filled
from tests.einvoice.rules import smallest_chorus as smallest
from tests.einvoice.test_broken_files import pdf

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


@pytest.mark.parametrize("syntax", [row for row in SYNTAXES.values() if row.vocabulary], ids=lambda row: row.name)
def test_what_a_writer_writes_is_read_whole(syntax):
    """An invoice with every term: the words that a schema wants beside them are none of its own."""
    invoice = filled(Invoice, count(1001), [])
    if syntax.is_reduced:  # which have room for few
        invoice = smallest.valid(payment_means=filled(Invoice, count(1001), []).payment_means)
    (reading,) = read(syntax.write(invoice, readable=pdf() if syntax.is_reduced else None))
    assert list(left(reading)) == []


def cited(*parts: str) -> str:
    return f"<ram:AdditionalReferencedDocument>{''.join(parts)}</ram:AdditionalReferencedDocument>"


def registered(scheme: str, number: str) -> str:
    return (
        f"<cac:PartyTaxScheme><cbc:CompanyID>{number}</cbc:CompanyID>"
        f"<cac:TaxScheme><cbc:ID>{scheme}</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )


def means(*parts: str) -> str:
    return f"<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>{''.join(parts)}</cac:PaymentMeans>"


NUMBER, KIND = "<ram:IssuerAssignedID>N-1</ram:IssuerAssignedID>", "<ram:TypeCode>{}</ram:TypeCode>"
OBJECT, TENDER, OTHER = KIND.format(130), KIND.format(50), KIND.format(916)
OTHER_TENDER = cited(NUMBER.replace("N-1", "N-2"), TENDER)
UBL_OBJECT = (
    "<cac:AdditionalDocumentReference><cbc:ID>N-1</cbc:ID><cbc:DocumentTypeCode>130</cbc:DocumentTypeCode>"
    "<cbc:DocumentDescription>Compteur</cbc:DocumentDescription></cac:AdditionalDocumentReference>"
)
UBL_CITED = (
    "<cac:DocumentReference><cbc:ID>N-1</cbc:ID><cbc:DocumentTypeCode>916</cbc:DocumentTypeCode>"
    "</cac:DocumentReference>"
)
PERIODS = "".join(
    f"<cac:InvoicePeriod><cbc:StartDate>2026-0{month}-01</cbc:StartDate></cac:InvoicePeriod>" for month in (1, 2)
)
VAT = "<ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>7</ram:RateApplicablePercent>"
LINE_VAT = f"<ram:ApplicableTradeTax>{VAT}</ram:ApplicableTradeTax>"
UBL_VAT = "<cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>7</cbc:Percent></cac:ClassifiedTaxCategory>"
CARD = (
    "<cac:CardAccount><cbc:PrimaryAccountNumberID>12</cbc:PrimaryAccountNumberID><cbc:NetworkID>VISA</cbc:NetworkID>"
    "</cac:CardAccount>"
)
PROJECT = (
    "<ram:SpecifiedProcuringProject><ram:ID>1</ram:ID><ram:Name>Gymnase</ram:Name></ram:SpecifiedProcuringProject>"
)
TWO_REFERENCES = means("<cbc:PaymentID>A</cbc:PaymentID>") + means("<cbc:PaymentID>B</cbc:PaymentID>")
OTHER_DUE_DATE = means("<cbc:PaymentDueDate>2031-01-01</cbc:PaymentDueDate>")
SCHEME = "<ram:ReferenceTypeCode>AAA</ram:ReferenceTypeCode>"
ALLOWANCE = "<cac:AllowanceCharge><cbc:Amount currencyID='EUR'>12</cbc:Amount></cac:AllowanceCharge>"
UBL_LEGAL = "<cac:PartyLegalEntity>"
AGREEMENT_ENDS, LINE_SUM = (
    "</ram:ApplicableHeaderTradeAgreement>",
    "<ram:SpecifiedTradeSettlementLineMonetarySummation>",
)
LINE_SETTLEMENT_ENDS, SUPPLIER = "</ram:SpecifiedLineTradeSettlement>", "<cac:AccountingSupplierParty>"


@pytest.mark.parametrize(
    ("xml", "anchor", "put", "words"),
    [
        (UBL, UBL_LEGAL, registered("VAT", "FR1") + registered("VAT", "FR2"), "un numéro fiscal (« FR2 VAT »"),
        (UBL, UBL_LEGAL, registered("TAX", "2"), "un numéro fiscal (« 2 TAX »"),
        (UBL, TOTALS, ALLOWANCE, "une remise ou des frais (« 12 »"),
        (UBL, SUPPLIER, UBL_OBJECT, "le libellé d’un document cité (« Compteur »"),
        (UBL, SUPPLIER, PERIODS, "une période (« 2026-02-01 »"),
        (UBL, "<cac:Item>", UBL_CITED, "un document cité (« N-1 916 »"),
        (UBL, "</cac:Item>", UBL_VAT, "une catégorie de TVA (« S 7 »"),
        (UBL, TOTALS, TWO_REFERENCES, "une référence de paiement (« B »"),
        (UBL, TOTALS, OTHER_DUE_DATE, "un moyen de paiement (« 2031-01-01 »"),
        (UBL, TOTALS, means(CARD), "le réseau d’une carte (« VISA »"),
        (CII, AGREEMENT_ENDS, cited(NUMBER, TENDER) + OTHER_TENDER, "un document cité (« N-2 50 »"),
        (CII, AGREEMENT_ENDS, cited(NUMBER, OBJECT, "<ram:Name>Compteur</ram:Name>"), "un document cité (« Compteur »"),
        (CII, AGREEMENT_ENDS, cited(NUMBER, OTHER, SCHEME), "le type d’un document cité (« AAA »"),
        (CII, AGREEMENT_ENDS, PROJECT, "le nom d’un projet (« Gymnase »"),
        (CII, LINE_SETTLEMENT_ENDS, cited(NUMBER, OTHER), "un document cité (« N-1 916 »"),
        (CII, LINE_SUM, LINE_VAT, "une catégorie de TVA (« S 7 »"),
    ],
)  # fmt: skip
def test_a_second_value_of_a_term_that_stands_once_is_named(xml, anchor, put, words):
    changed = xml.replace(anchor, put + anchor, 1)
    assert changed != xml
    assert any(f"Non repris : {words}" in notice for notice in notices(changed)), notices(changed)


@pytest.mark.parametrize(
    ("xml", "anchor", "put"),
    [
        (UBL, UBL_LEGAL, registered("VAT", "FR1") * 2),
        (UBL, TOTALS, means("<cbc:PaymentID>A</cbc:PaymentID>") * 2),
        (UBL, TOTALS, means("<cbc:PaymentChannelCode>IBAN</cbc:PaymentChannelCode>")),
        (CII, AGREEMENT_ENDS, cited(NUMBER, TENDER) * 2),
    ],
)
def test_the_same_value_again_is_not_lost(xml, anchor, put):
    assert anchor in xml
    assert notices(xml.replace(anchor, put + anchor, 1)) == []


@pytest.mark.parametrize(
    ("xml", "old", "new", "is_named"),
    [
        (UBL, "<cbc:BuyerReference>", '<cbc:BuyerReference languageID="fr">', True),
        (UBL, "<cac:OrderReference>\n    <cbc:ID>", '<cac:OrderReference>\n    <cbc:ID schemeID="X">', True),
        (
            UBL,
            "<cac:TaxScheme>\n          <cbc:ID>",
            '<cac:TaxScheme>\n          <cbc:ID schemeID="UN/ECE 5153">',
            False,
        ),
        (CII, "<ram:InvoiceCurrencyCode>", '<ram:InvoiceCurrencyCode listID="ISO4217">', False),
        (CII, "<ram:CountryID>", '<ram:CountryID schemeID="ISO 3166-1">', False),
        (CII, "<ram:LineID>", '<ram:LineID schemeID="X">', True),
    ],
)
def test_what_stands_beside_a_value_is_named_unless_there_is_but_one_list(xml, old, new, is_named):
    assert old in xml
    assert bool(notices(xml.replace(old, new, 1))) == is_named


def test_many_of_one_kind_hide_no_other_and_are_counted():
    (line,) = re.findall(r"  <cac:InvoiceLine>.*</cac:InvoiceLine>", UBL, flags=re.DOTALL)
    many = line.replace(LINE_ENDS, SUB_LINE + LINE_ENDS) * 2500
    found = notices(UBL.replace(line, many + line.replace(LINE_ENDS, UNKNOWN + LINE_ENDS)))
    assert [notice for notice in found if "une sous-ligne" in notice and ", et 2499 autres)" in notice]
    assert [notice for notice in found if "l’élément Inconnu" in notice]


def test_a_line_of_another_invoice_that_is_cited_is_named():
    cited = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-9</cbc:ID></cac:InvoiceDocumentReference>"
        "<cac:BillingReferenceLine><cbc:ID>7</cbc:ID></cac:BillingReferenceLine></cac:BillingReference><cac:Item>"
    )
    (notice,) = notices(UBL.replace("<cac:Item>", cited, 1))
    assert "une ligne de facture citée (« 7 »" in notice


def test_of_several_alike_the_first_is_shown_and_the_others_counted():
    (notice,) = notices(UBL.replace(LINE_ENDS, SUB_LINE * 4 + LINE_ENDS))
    assert ", et 3 autres)" in notice


def test_a_test_invoice_is_said_to_be_one_first_of_all():
    first, *_ = notices(CII.replace(CONTEXT, TEST))
    assert "facture d’essai" in first
    assert notices(CII.replace(CONTEXT, TEST.replace("true", "false"))) == []
