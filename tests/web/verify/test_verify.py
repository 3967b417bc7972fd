"""« Vérifier une facture »: anyone may, and nothing is left behind."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plainchant.portal.files.models import PendingFile, StoredFile
from tests.making import an_invoice_pdf

pytestmark = pytest.mark.django_db

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PARTY = """<cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0009">{siret}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>"""


def invoice(number: str) -> bytes:
    """A small UBL invoice that Chorus Pro would take, but for its number."""
    seller = PARTY.format(name="Atelier Vaucendre", siret="12345678200010")
    buyer = PARTY.format(name="Mairie de Pierrefeuille", siret="12345678200036")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2"
 xmlns:cbc="{_UBL}CommonBasicComponents-2">
 <cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cac:AccountingSupplierParty>{seller}</cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty>{buyer}</cac:AccountingCustomerParty>
 <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode></cac:PaymentMeans>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">20.00</cbc:TaxAmount></cac:TaxTotal>
 <cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">120.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
 <cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>
  <cac:Item><cbc:Name>Lecture</cbc:Name></cac:Item></cac:InvoiceLine>
</Invoice>""".encode()


def post(client, data: bytes, name: str = "facture.xml"):
    return client.post("/verifier/", {"file": SimpleUploadedFile(name, data)})


def test_the_form_asks_for_no_account(client):
    response = client.get("/verifier/")
    assert response.status_code == 200
    assert "sera-t-elle acceptée" in response.text


def test_a_good_invoice_will_be_accepted_and_is_recognised(client):
    response = post(client, invoice("F-2026-014"))
    assert response.status_code == 200
    assert "Cette facture sera acceptée" in response.text
    for said in ("F-2026-014", "Atelier Vaucendre", "Mairie de Pierrefeuille", "120,00"):
        assert said in response.text


def test_a_bad_invoice_is_refused_with_what_to_mend(client):
    response = post(client, invoice("F-un-numero-beaucoup-trop-long"))
    assert "Cette facture sera refusée" in response.text
    assert "20 au plus sont acceptés" in response.text
    assert "CPRO-G1.05-LONGUEUR" in response.text


def test_a_plain_pdf_is_sent_to_the_deposit(client):
    response = post(client, an_invoice_pdf(), "facture.pdf")
    assert "ne contient pas de données à vérifier" in response.text
    assert "/deposer/" in response.text


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        b"<a>" * 3000,
        b"\x00\x01\x02",
        b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'><script>alert(1)</script></Invoice>",
        b"PK\x03\x04" + b"\x00" * 50,
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"),
    ],
)
def test_whatever_is_dropped_gets_an_answer(client, data):
    response = post(client, data)
    assert response.status_code == 200
    assert "Cette facture sera refusée" in response.text
    assert "<script>alert" not in response.text


def test_no_file_and_an_empty_file_are_told(client):
    assert client.post("/verifier/", {}).status_code == 422
    response = post(client, b"")
    assert response.status_code == 422
    assert "vide" in response.text


def test_nothing_is_kept(client):
    post(client, invoice("F-2026-015"))
    assert not StoredFile.objects.exists()
    assert not PendingFile.objects.exists()
