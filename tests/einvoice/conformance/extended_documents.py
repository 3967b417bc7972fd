"""Documents of the profiles EXTENDED that use what these have and EN 16931 has not: groups of lines, charges for
transport, what is collected for others, attributes by code and by measure, delivery terms, rates of exchange, taxes.
"""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.cii.read import read
from plainchant.einvoice.syntaxes.ubl.write import write as write_ubl

_CTC = "EXTENDED-CTC-FR"
_OF_CTC = PROFILE_OF[_CTC].guideline
_SELLER, _BUYER = (
    f"""<ram:{name}TradeParty><ram:GlobalID schemeID="0009">{siret}</ram:GlobalID><ram:Name>{word}</ram:Name>
      <ram:SpecifiedLegalOrganization><ram:ID schemeID="0002">{siret[:9]}</ram:ID></ram:SpecifiedLegalOrganization>
      <ram:PostalTradeAddress><ram:PostcodeCode>75011</ram:PostcodeCode><ram:CityName>Paris</ram:CityName>
        <ram:CountryID>FR</ram:CountryID></ram:PostalTradeAddress>
      <ram:URIUniversalCommunication><ram:URIID schemeID="0225">{siret[:9]}</ram:URIID></ram:URIUniversalCommunication>
      <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">FR{key}{siret[:9]}</ram:ID></ram:SpecifiedTaxRegistration>
    </ram:{name}TradeParty>"""
    for name, word, siret, key in (
        ("Seller", "Atelier", "55203253400646", "83"),
        ("Buyer", "Ville", "21750001600019", "25"),
    )
)


def _cii_line(
    number: str, amount: str, *, role: str = "", parent: str = "", more: str = "", settlement: str = ""
) -> str:
    head = "".join(
        f"<ram:{name}>{value}</ram:{name}>"
        for name, value in (("LineID", number), ("ParentLineID", parent), ("LineStatusReasonCode", role))
        if value
    )
    tax = "<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>20</ram:RateApplicablePercent>"
    return f"""<ram:IncludedSupplyChainTradeLineItem>
  <ram:AssociatedDocumentLineDocument>{head}<ram:IncludedNote><ram:Content>Note</ram:Content>
    <ram:SubjectCode>AAI</ram:SubjectCode></ram:IncludedNote></ram:AssociatedDocumentLineDocument>
  <ram:SpecifiedTradeProduct><ram:Name>Affiche</ram:Name>{more}</ram:SpecifiedTradeProduct>
  <ram:SpecifiedLineTradeAgreement><ram:GrossPriceProductTradePrice><ram:ChargeAmount>{amount}</ram:ChargeAmount>
    </ram:GrossPriceProductTradePrice><ram:NetPriceProductTradePrice><ram:ChargeAmount>{amount}</ram:ChargeAmount>
    </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
  <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
  <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{tax}</ram:ApplicableTradeTax>{settlement}
    <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{amount}</ram:LineTotalAmount>
    </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""


_CHARACTERISTICS = """
<ram:ApplicableProductCharacteristic><ram:TypeCode>AAF</ram:TypeCode><ram:Description>Largeur</ram:Description>
  <ram:ValueMeasure unitCode="CMT">42</ram:ValueMeasure></ram:ApplicableProductCharacteristic>
<ram:ApplicableProductCharacteristic><ram:Description>Couleur</ram:Description><ram:Value>Bleu</ram:Value>
</ram:ApplicableProductCharacteristic>"""
_LINE_CHARGE = """<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator>
</ram:ChargeIndicator><ram:ActualAmount>1.00</ram:ActualAmount><ram:ReasonCode>FC</ram:ReasonCode>
<ram:Reason>Port</ram:Reason></ram:SpecifiedTradeAllowanceCharge>"""
_TAX = """<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode>
<ram:RateApplicablePercent>20</ram:RateApplicablePercent>"""


_TRANSPORT = f"""<ram:SpecifiedLogisticsServiceCharge><ram:Description>Transport</ram:Description>
  <ram:AppliedAmount>10.00</ram:AppliedAmount><ram:AppliedTradeTax>{_TAX}</ram:AppliedTradeTax>
</ram:SpecifiedLogisticsServiceCharge>"""
_PLAIN_CHARGE = f"""<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator>
</ram:ChargeIndicator><ram:ActualAmount>10.00</ram:ActualAmount><ram:ReasonCode>FC</ram:ReasonCode>
<ram:Reason>Transport</ram:Reason><ram:CategoryTradeTax>{_TAX}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>"""


def cii(profile: str, transport: str = _TRANSPORT) -> bytes:
    """200 of lines in a group, 100 and 50 beside it; 10 of transport, 5 of a tax, 15 less: 350 and 70 of VAT."""
    lines = "".join(
        (
            _cii_line("1", "200.00", role="GROUP"),
            _cii_line("2", "120.00", role="DETAIL", parent="1", more=_CHARACTERISTICS),
            _cii_line("3", "80.00", role="DETAIL", parent="1"),
            _cii_line("4", "100.00", settlement=_LINE_CHARGE),
            _cii_line("5", "7.00", role="INFORMATION"),
            _cii_line("6", "50.00"),
        )
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
  xmlns:qdt="urn:un:unece:uncefact:data:standard:QualifiedDataType:100">
<rsm:ExchangedDocumentContext>
  <ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>B1</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter>
  <ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{PROFILE_OF[profile].guideline}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>
</rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>F-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20261103</udt:DateTimeString></ram:IssueDateTime>
  <ram:IncludedNote><ram:Content>Pénalités</ram:Content><ram:SubjectCode>PMD</ram:SubjectCode></ram:IncludedNote>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement>{_SELLER}{_BUYER}
  <ram:ApplicableTradeDeliveryTerms><ram:DeliveryTypeCode>DAP</ram:DeliveryTypeCode></ram:ApplicableTradeDeliveryTerms>
  <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>C-1</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
  <ram:ContractReferencedDocument><ram:IssuerAssignedID>M-1</ram:IssuerAssignedID></ram:ContractReferencedDocument>
  <ram:AdditionalReferencedDocument><ram:IssuerAssignedID>P-1</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>
    <ram:AttachmentBinaryObject mimeCode="application/xml" filename="a.xml">PGEvPg==</ram:AttachmentBinaryObject>
  </ram:AdditionalReferencedDocument>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery><ram:ActualDeliverySupplyChainEvent><ram:OccurrenceDateTime>
  <udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:OccurrenceDateTime></ram:ActualDeliverySupplyChainEvent>
</ram:ApplicableHeaderTradeDelivery>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
  <ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>30</ram:TypeCode><ram:PayeePartyCreditorFinancialAccount>
    <ram:IBANID>FR7630006000011234567890189</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
  <ram:ApplicableTradeTax><ram:CalculatedAmount>70.00</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode>
    <ram:BasisAmount>350.00</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode>
    <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
  <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>false</udt:Indicator></ram:ChargeIndicator>
    <ram:ActualAmount>15.00</ram:ActualAmount><ram:ReasonCode>95</ram:ReasonCode><ram:Reason>Remise</ram:Reason>
    <ram:CategoryTradeTax>{_TAX}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>
  <ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>
    <ram:ActualAmount>5.00</ram:ActualAmount><ram:ReasonCode listID="5153">ENV</ram:ReasonCode><ram:Reason>Éco</ram:Reason>
    <ram:CategoryTradeTax>{_TAX}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>
  {transport}
  <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261203</udt:DateTimeString>
    </ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
  <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>350.00</ram:LineTotalAmount>
    <ram:ChargeTotalAmount>15.00</ram:ChargeTotalAmount><ram:AllowanceTotalAmount>15.00</ram:AllowanceTotalAmount>
    <ram:TaxBasisTotalAmount>350.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">70.00</ram:TaxTotalAmount>
    <ram:GrandTotalAmount>420.00</ram:GrandTotalAmount><ram:DuePayableAmount>420.00</ram:DuePayableAmount>
  </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>
""".encode()


def ubl() -> bytes:
    """The same in UBL, as our own crossing writes it, with what the model has no place for."""
    root = etree.fromstring(
        write_ubl(replace(read(etree.fromstring(cii(_CTC, _PLAIN_CHARGE))).invoice, specification=_OF_CTC))
    )
    cac, cbc = (root.nsmap[prefix] for prefix in ("cac", "cbc"))
    names = {"cac": cac, "cbc": cbc}
    for xml, before in (
        (
            f'<cac:DeliveryTerms xmlns:cac="{cac}" xmlns:cbc="{cbc}"><cbc:ID>DAP</cbc:ID></cac:DeliveryTerms>',
            "PaymentMeans",
        ),
    ):
        root.find(f"cac:{before}", names).addprevious(etree.fromstring(xml))  # type: ignore[union-attr]
    for code in root.iterfind("cac:AllowanceCharge/cbc:AllowanceChargeReasonCode", names):
        if code.text == "ENV":
            code.set("listID", "5153")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
