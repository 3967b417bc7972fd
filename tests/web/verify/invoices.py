"""Small invoices to drop on the page."""

from __future__ import annotations

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
PARTY = """<cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
<cbc:CompanyID schemeID="0009">{siret}</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>"""


SELLER, BUYER = "12345678200010", "12345678200036"


def invoice(
    number: str, *, seller: str = SELLER, buyer: str = BUYER, service: str = "", commitment: str = "", cadre: str = "",
    validator: str = "",
) -> bytes:  # fmt: skip
    """A small UBL invoice that Chorus Pro takes, if its number is one."""
    seller = PARTY.format(name="Atelier Vaucendre", siret=seller)
    buyer = PARTY.format(name="Mairie de Pierrefeuille", siret=buyer)
    if validator:
        named = PARTY.format(name="Grand Chantier", siret=validator)
        buyer = buyer.replace(
            "</cac:Party>", f"<cac:ServiceProviderParty>{named}</cac:ServiceProviderParty></cac:Party>"
        )
    profile = f"<cbc:ProfileID>{cadre}</cbc:ProfileID>" if cadre else ""
    asked = f"<cbc:BuyerReference>{service}</cbc:BuyerReference>" if service else ""
    if commitment:
        asked += f"<cac:OrderReference><cbc:ID>{commitment}</cbc:ID></cac:OrderReference>"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_UBL}Invoice-2" xmlns:cac="{_UBL}CommonAggregateComponents-2"
 xmlns:cbc="{_UBL}CommonBasicComponents-2">
 {profile}<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 {asked}
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
