"""Invoices to measure on: valid for the schema, EN 16931 and BR-FR, of as many lines as wanted, and all made up.

Run: python bench/invoices.py [lines, 10] [ubl|cii]. Prints one.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")
RATES = (Decimal("20.00"), Decimal("10.00"), Decimal("5.50"))
WARES = (
    ("Chaise pliante en hêtre", "Assise et dossier vernis, empilable par huit"),
    ("Ramette de papier recyclé", "500 feuilles A4, 80 g/m², blancheur 70"),
    ("Repas du personnel", "Entrée, plat, dessert, pain bio de la commune"),
    ("Peinture murale mate", "Pot de 10 litres, blanc cassé, lavable"),
)


@dataclass(frozen=True)
class Line:
    number: int
    name: str
    description: str
    quantity: Decimal
    price: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price).quantize(CENT)


def lines(count: int) -> list[Line]:
    return [
        Line(
            number,
            *WARES[number % len(WARES)],
            quantity=Decimal(1 + number % 7),
            price=Decimal(250 + 37 * (number % 89)) / 100,
            rate=RATES[number % len(RATES)],
        )
        for number in range(1, count + 1)
    ]


def breakdown(rows: list[Line]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Rate, base and tax, a row a rate."""
    found = []
    for rate in RATES:
        base = sum((line.amount for line in rows if line.rate == rate), Decimal(0))
        if base:
            found.append((rate, base, (base * rate / 100).quantize(CENT)))
    return found


NOTES = (
    ("PMT", "Une indemnité de 40 euros est due pour frais de recouvrement en cas de retard."),
    ("PMD", "Intérêts de retard : taux de la Banque centrale européenne plus huit points."),
    ("AAB", "Pas d’escompte pour paiement anticipé."),
)


def ubl(count: int) -> bytes:
    """A UBL 2.1 Invoice."""
    rows = lines(count)
    taxes = breakdown(rows)
    net, tax = sum(line.amount for line in rows), sum(row[2] for row in taxes)
    notes = "\n".join(f"  <cbc:Note>#{code}#{text}</cbc:Note>" for code, text in NOTES)
    subtotals = "\n".join(
        f"""    <cac:TaxSubtotal>
      <cbc:TaxableAmount currencyID="EUR">{base}</cbc:TaxableAmount>
      <cbc:TaxAmount currencyID="EUR">{amount}</cbc:TaxAmount>
      <cac:TaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>{rate}</cbc:Percent>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:TaxCategory>
    </cac:TaxSubtotal>"""
        for rate, base, amount in taxes
    )
    body = "\n".join(
        f"""  <cac:InvoiceLine>
    <cbc:ID>{line.number}</cbc:ID>
    <cbc:InvoicedQuantity unitCode="C62">{line.quantity}</cbc:InvoicedQuantity>
    <cbc:LineExtensionAmount currencyID="EUR">{line.amount}</cbc:LineExtensionAmount>
    <cac:Item>
      <cbc:Description>{line.description}</cbc:Description>
      <cbc:Name>{line.name}</cbc:Name>
      <cac:SellersItemIdentification><cbc:ID>ART-{line.number:06d}</cbc:ID></cac:SellersItemIdentification>
      <cac:ClassifiedTaxCategory>
        <cbc:ID>S</cbc:ID>
        <cbc:Percent>{line.rate}</cbc:Percent>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:ClassifiedTaxCategory>
    </cac:Item>
    <cac:Price><cbc:PriceAmount currencyID="EUR">{line.price}</cbc:PriceAmount></cac:Price>
  </cac:InvoiceLine>"""
        for line in rows
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" \
xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" \
xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ProfileID>B1</cbc:ProfileID>
  <cbc:ID>MESURE-{count}</cbc:ID>
  <cbc:IssueDate>2026-11-02</cbc:IssueDate>
  <cbc:DueDate>2026-12-02</cbc:DueDate>
  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
{notes}
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cbc:BuyerReference>SERVICE-01</cbc:BuyerReference>
  <cac:OrderReference><cbc:ID>BC-2026-0412</cbc:ID></cac:OrderReference>
  <cac:AccountingSupplierParty>
    <cac:Party>
      <cbc:EndpointID schemeID="0225">999100423</cbc:EndpointID>
      <cac:PartyIdentification><cbc:ID schemeID="0009">99910042300014</cbc:ID></cac:PartyIdentification>
      <cac:PostalAddress>
        <cbc:StreetName>8 quai des Tanneurs</cbc:StreetName>
        <cbc:CityName>Valbrume</cbc:CityName>
        <cbc:PostalZone>38999</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>FR20999100423</cbc:CompanyID>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Fournitures du Vallon</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0002">999100423</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingSupplierParty>
  <cac:AccountingCustomerParty>
    <cac:Party>
      <cbc:EndpointID schemeID="0225">999200173_99920017300014</cbc:EndpointID>
      <cac:PartyIdentification><cbc:ID schemeID="0009">99920017300014</cbc:ID></cac:PartyIdentification>
      <cac:PostalAddress>
        <cbc:StreetName>Place de la Fontaine</cbc:StreetName>
        <cbc:CityName>Valbrume</cbc:CityName>
        <cbc:PostalZone>38999</cbc:PostalZone>
        <cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country>
      </cac:PostalAddress>
      <cac:PartyTaxScheme>
        <cbc:CompanyID>FR25999200173</cbc:CompanyID>
        <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>
      </cac:PartyTaxScheme>
      <cac:PartyLegalEntity>
        <cbc:RegistrationName>Commune de Valbrume</cbc:RegistrationName>
        <cbc:CompanyID schemeID="0002">999200173</cbc:CompanyID>
      </cac:PartyLegalEntity>
    </cac:Party>
  </cac:AccountingCustomerParty>
  <cac:Delivery><cbc:ActualDeliveryDate>2026-10-30</cbc:ActualDeliveryDate></cac:Delivery>
  <cac:PaymentMeans>
    <cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
    <cac:PayeeFinancialAccount><cbc:ID>FR7600000000010000000017736</cbc:ID></cac:PayeeFinancialAccount>
  </cac:PaymentMeans>
  <cac:TaxTotal>
    <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>
{subtotals}
  </cac:TaxTotal>
  <cac:LegalMonetaryTotal>
    <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
    <cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
    <cbc:TaxInclusiveAmount currencyID="EUR">{net + tax}</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">{net + tax}</cbc:PayableAmount>
  </cac:LegalMonetaryTotal>
{body}
</Invoice>
""".encode()


def cii(count: int) -> bytes:
    """A CII CrossIndustryInvoice, what a Factur-X of profile EN 16931 carries."""
    rows = lines(count)
    taxes = breakdown(rows)
    net, tax = sum(line.amount for line in rows), sum(row[2] for row in taxes)
    notes = "\n".join(
        f"""    <ram:IncludedNote>
      <ram:Content>{text}</ram:Content>
      <ram:SubjectCode>{code}</ram:SubjectCode>
    </ram:IncludedNote>"""
        for code, text in NOTES
    )
    subtotals = "\n".join(
        f"""      <ram:ApplicableTradeTax>
        <ram:CalculatedAmount>{amount}</ram:CalculatedAmount>
        <ram:TypeCode>VAT</ram:TypeCode>
        <ram:BasisAmount>{base}</ram:BasisAmount>
        <ram:CategoryCode>S</ram:CategoryCode>
        <ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>
      </ram:ApplicableTradeTax>"""
        for rate, base, amount in taxes
    )
    body = "\n".join(
        f"""    <ram:IncludedSupplyChainTradeLineItem>
      <ram:AssociatedDocumentLineDocument>
        <ram:LineID>{line.number}</ram:LineID>
      </ram:AssociatedDocumentLineDocument>
      <ram:SpecifiedTradeProduct>
        <ram:SellerAssignedID>ART-{line.number:06d}</ram:SellerAssignedID>
        <ram:Name>{line.name}</ram:Name>
        <ram:Description>{line.description}</ram:Description>
      </ram:SpecifiedTradeProduct>
      <ram:SpecifiedLineTradeAgreement>
        <ram:NetPriceProductTradePrice>
          <ram:ChargeAmount>{line.price}</ram:ChargeAmount>
        </ram:NetPriceProductTradePrice>
      </ram:SpecifiedLineTradeAgreement>
      <ram:SpecifiedLineTradeDelivery>
        <ram:BilledQuantity unitCode="C62">{line.quantity}</ram:BilledQuantity>
      </ram:SpecifiedLineTradeDelivery>
      <ram:SpecifiedLineTradeSettlement>
        <ram:ApplicableTradeTax>
          <ram:TypeCode>VAT</ram:TypeCode>
          <ram:CategoryCode>S</ram:CategoryCode>
          <ram:RateApplicablePercent>{line.rate}</ram:RateApplicablePercent>
        </ram:ApplicableTradeTax>
        <ram:SpecifiedTradeSettlementLineMonetarySummation>
          <ram:LineTotalAmount>{line.amount}</ram:LineTotalAmount>
        </ram:SpecifiedTradeSettlementLineMonetarySummation>
      </ram:SpecifiedLineTradeSettlement>
    </ram:IncludedSupplyChainTradeLineItem>"""
        for line in rows
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" \
xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" \
xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100" \
xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:BusinessProcessSpecifiedDocumentContextParameter>
      <ram:ID>B1</ram:ID>
    </ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecifiedDocumentContextParameter>
      <ram:ID>urn:cen.eu:en16931:2017</ram:ID>
    </ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>MESURE-{count}</ram:ID>
    <ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime><udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:IssueDateTime>
{notes}
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
{body}
    <ram:ApplicableHeaderTradeAgreement>
      <ram:BuyerReference>SERVICE-01</ram:BuyerReference>
      <ram:SellerTradeParty>
        <ram:GlobalID schemeID="0009">99910042300014</ram:GlobalID>
        <ram:Name>Fournitures du Vallon</ram:Name>
        <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">999100423</ram:ID></ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress>
          <ram:PostcodeCode>38999</ram:PostcodeCode>
          <ram:LineOne>8 quai des Tanneurs</ram:LineOne>
          <ram:CityName>Valbrume</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>
        <ram:URIUniversalCommunication><ram:URIID schemeID="0225">999100423</ram:URIID></ram:URIUniversalCommunication>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR20999100423</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:GlobalID schemeID="0009">99920017300014</ram:GlobalID>
        <ram:Name>Commune de Valbrume</ram:Name>
        <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">999200173</ram:ID></ram:SpecifiedLegalOrganization>
        <ram:PostalTradeAddress>
          <ram:PostcodeCode>38999</ram:PostcodeCode>
          <ram:LineOne>Place de la Fontaine</ram:LineOne>
          <ram:CityName>Valbrume</ram:CityName>
          <ram:CountryID>FR</ram:CountryID>
        </ram:PostalTradeAddress>
        <ram:URIUniversalCommunication>
          <ram:URIID schemeID="0225">999200173_99920017300014</ram:URIID>
        </ram:URIUniversalCommunication>
        <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR25999200173</ram:ID></ram:SpecifiedTaxRegistration>
      </ram:BuyerTradeParty>
      <ram:BuyerOrderReferencedDocument>
        <ram:IssuerAssignedID>BC-2026-0412</ram:IssuerAssignedID>
      </ram:BuyerOrderReferencedDocument>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery>
      <ram:ActualDeliverySupplyChainEvent>
        <ram:OccurrenceDateTime><udt:DateTimeString format="102">20261030</udt:DateTimeString></ram:OccurrenceDateTime>
      </ram:ActualDeliverySupplyChainEvent>
    </ram:ApplicableHeaderTradeDelivery>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementPaymentMeans>
        <ram:TypeCode>30</ram:TypeCode>
        <ram:PayeePartyCreditorFinancialAccount>
          <ram:IBANID>FR7600000000010000000017736</ram:IBANID>
        </ram:PayeePartyCreditorFinancialAccount>
      </ram:SpecifiedTradeSettlementPaymentMeans>
{subtotals}
      <ram:SpecifiedTradePaymentTerms>
        <ram:DueDateDateTime><udt:DateTimeString format="102">20261202</udt:DateTimeString></ram:DueDateDateTime>
      </ram:SpecifiedTradePaymentTerms>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:LineTotalAmount>{net}</ram:LineTotalAmount>
        <ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="EUR">{tax}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{net + tax}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>{net + tax}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
""".encode()


MAKERS = {"ubl": ubl, "cii": cii}

if __name__ == "__main__":
    wanted, syntax = (sys.argv[1:] + ["10", "ubl"][len(sys.argv) - 1 :])[:2]
    sys.stdout.buffer.write(MAKERS[syntax](int(wanted)))
