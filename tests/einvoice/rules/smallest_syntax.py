"""The smallest document that breaks each rule on the syntaxes: from the official restrictions, and by hand."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from plainchant.einvoice.syntaxes.cii import looks as cii_looks
from plainchant.einvoice.syntaxes.cii import restrictions as cii
from plainchant.einvoice.syntaxes.cii.read import NAMESPACES as CII
from plainchant.einvoice.syntaxes.reading import Restriction, Scope
from plainchant.einvoice.syntaxes.ubl import looks as ubl_looks
from plainchant.einvoice.syntaxes.ubl import restrictions as ubl
from plainchant.einvoice.syntaxes.ubl.read import NAMESPACES as UBL

Element = etree._Element
NAMESPACES = UBL | CII
_UBL_SCOPES, _CII_SCOPES = (*ubl.SCOPES, *ubl_looks.SCOPES), (*cii.SCOPES, *cii_looks.SCOPES)
ROOTS = {"ubl:Invoice": _UBL_SCOPES, "cn:CreditNote": _UBL_SCOPES, "rsm:CrossIndustryInvoice": _CII_SCOPES}
ANY = "Any"  # stands where a context takes every name of an ending


def clark(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def root_of(name: str) -> Element:
    return etree.Element(clark(name), nsmap={prefix: NAMESPACES[prefix] for prefix in _prefixes(name)})


def _prefixes(root: str) -> tuple[str, ...]:
    return tuple(CII) if root.startswith("rsm") else (root.partition(":")[0], "cac", "cbc", "ext")


def below(element: Element, steps: list[str]) -> Element:
    for step in steps:
        element = etree.SubElement(element, clark(step))
    return element


def concrete(name: str, root: str) -> str:
    """A name that the context's name stands for: ``ram:*ID`` → ``ram:AnyID``."""
    if ":" not in name:
        name = ("ram:" if root.startswith("rsm") else "cbc:") + name
    return name.replace("*", ANY)


def drawn(scope: Scope, restriction: Restriction, root: str, times: int) -> Element:
    """The context and, ``times`` times, what the rule counts in it: nothing more. The rule counts from its context."""
    whole = root_of(root)
    steps = [step for step in scope.context.split("/") if step]
    if scope.context.startswith("/") and not scope.context.startswith("//"):
        steps = steps[1:]
    at = below(whole, [concrete(step, root) for step in steps])
    *way, last = restriction.path.split("/")
    if times:
        at = below(at, way)
    for _ in range(times):
        if last.startswith("@"):
            at.set(last[1:], "x")
        else:
            etree.SubElement(at, clark(last))
    return whole


def breaking(restriction: Restriction) -> set[int]:
    """How often is too rarely, and how often too often."""
    counts = {restriction.minimum - 1} if restriction.minimum else set()
    return counts if restriction.maximum is None else {*counts, restriction.maximum + 1}


def keeping(restriction: Restriction) -> set[int]:
    """How often is just enough, and how often just not too often."""
    return {restriction.minimum, restriction.minimum if restriction.maximum is None else restriction.maximum}


# No document breaks these: an earlier rule of the official file takes the element, and the later ones never see it.
UNREACHABLE = dict.fromkeys(
    ("CII-DT-010", "CII-DT-011", "CII-DT-012"),
    "a rule on every ram:TypeCode stands before the one on the document's, in the same pattern",
)


@dataclass(frozen=True)
class Pair:
    """A rule that a path and two numbers cannot say: the least that breaks it, and the nearest that does not."""

    rule: str
    broken: str
    fine: str
    root: str = "ubl:Invoice"

    def document(self, content: str) -> Element:
        declared = " ".join(f'xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in _prefixes(self.root))
        return etree.fromstring(f"<{self.root} {declared}>{content}</{self.root}>")


def tag(name: str, /, *content: str, **attributes: str) -> str:
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(content)}</{name}>"


def path(names: str, *content: str) -> str:
    """``cac:A/cac:B`` around the content."""
    for name in reversed(names.split("/")):
        content = (tag(name, *content),)
    return content[0]


def _of_ubl() -> list[Pair]:
    def cited(kind: str = "", *more: str, **attributes: str) -> str:
        typed = tag("cbc:DocumentTypeCode", kind) if kind else ""
        return tag("cac:AdditionalDocumentReference", tag("cbc:ID", "1", **attributes), typed, *more)

    def number(side: str, scheme: str) -> str:
        named = tag("cac:PartyTaxScheme", tag("cbc:CompanyID", "FR1"), path("cac:TaxScheme/cbc:ID", scheme))
        return path(f"cac:Accounting{side}Party/cac:Party", named)

    def twice(side: str, scheme: str) -> str:
        one = tag("cac:PartyTaxScheme", tag("cbc:CompanyID", "1"), path("cac:TaxScheme/cbc:ID", scheme))
        return path(f"cac:Accounting{side}Party/cac:Party", one, one)

    def payee(*content: str) -> str:
        """Another than the seller."""
        seller = path("cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName", "Les Cordes")
        return seller + tag("cac:PayeeParty", path("cac:PartyName/cbc:Name", "Affacturage"), *content)

    def means(*content: str) -> str:
        return tag("cac:PaymentMeans", *content)

    def reasons(is_charge: str, count: int) -> str:
        return tag(
            "cac:AllowanceCharge",
            tag("cbc:ChargeIndicator", is_charge),
            *[tag("cbc:AllowanceChargeReason", "Motif")] * count,
        )

    def attachment(**attributes: str) -> str:
        binary = tag("cbc:EmbeddedDocumentBinaryObject", "JVBERi0=", **attributes)
        return path("cac:AdditionalDocumentReference/cac:Attachment", binary)

    sepa = path("cac:PartyIdentification", tag("cbc:ID", "1", schemeID="SEPA"))
    other = path("cac:PartyIdentification/cbc:ID", "1")
    registered = path("cac:PartyLegalEntity/cbc:CompanyID", "1")
    described = tag("cbc:DocumentDescription", "Plan")
    code = "cbc:PaymentMeansCode"
    address = path("cac:AccountingSupplierParty/cac:Party/cac:PostalAddress", "{}")
    street = path("cac:AddressLine/cbc:Line", "Cour")
    return [
        Pair("UBL-CR-002", tag("cbc:UBLVersionID", "2.0"), tag("cbc:UBLVersionID", "2.1")),
        Pair("UBL-CR-412", means(tag("cbc:PaymentDueDate", "2026-12-01")), means()),
        Pair(
            "UBL-CR-420",
            path("cac:PaymentMeans/cac:CardAccount/cbc:CV2ID", "123"),
            path("cac:PaymentMeans/cac:CardAccount"),
        ),
        Pair("UBL-CR-665", cited(schemeID="AFL"), cited("130", schemeID="AFL")),
        Pair("UBL-CR-666", cited("130", tag("cac:Attachment")), cited("", tag("cac:Attachment"))),
        Pair("UBL-CR-673", cited("130", described), cited("", described)),
        Pair(
            "UBL-DT-01",
            path("cac:LegalMonetaryTotal/cbc:PayableAmount", "1.001"),
            path("cac:LegalMonetaryTotal/cbc:PayableAmount", "1.01"),
        ),
        Pair("UBL-DT-06", attachment(filename="a.pdf"), attachment(filename="a.pdf", mimeCode="application/pdf")),
        Pair(
            "UBL-DT-07",
            attachment(mimeCode="application/pdf"),
            attachment(filename="a.pdf", mimeCode="application/pdf"),
        ),
        Pair("UBL-SR-04", cited("130") * 2, cited("130")),
        Pair("UBL-SR-12", twice("Supplier", "VAT"), number("Supplier", "VAT")),
        Pair("UBL-SR-13", twice("Supplier", "TAX"), number("Supplier", "TAX")),
        Pair("UBL-SR-18", twice("Customer", "VAT"), number("Customer", "VAT")),
        Pair("UBL-SR-19", payee(path("cac:PartyName/cbc:Name", "Encore")), payee()),
        Pair("UBL-SR-20", payee(other * 2), payee(other)),
        Pair("UBL-SR-21", payee(registered * 2), payee(registered)),
        Pair("UBL-SR-29", payee(sepa * 2), payee(sepa)),
        Pair("UBL-SR-30", reasons("false", 2), reasons("false", 1)),
        Pair("UBL-SR-31", reasons("true", 2), reasons("true", 1)),
        Pair("UBL-SR-43", cited("916"), cited()),
        Pair(
            "UBL-SR-44",
            means(tag("cbc:PaymentID", "1")) + means(tag("cbc:PaymentID", "2")),
            means(tag("cbc:PaymentID", "1")) * 2,
        ),
        Pair(
            "UBL-SR-46", means(tag(code, "30", name="a")) * 2, means(tag(code, "30", name="a")) + means(tag(code, "30"))
        ),
        Pair("UBL-SR-47", means(tag(code, "30")) + means(tag(code, "58")), means(tag(code, "30")) * 2),
        Pair("UBL-SR-51", address.format(street * 2), address.format(street)),
        Pair("UBL-SR-53", path("cac:TaxRepresentativeParty/cac:PartyTaxScheme"), number("Supplier", "VAT")),
    ]


def _of_cii() -> list[Pair]:
    transaction = "rsm:SupplyChainTradeTransaction"
    line = f"{transaction}/ram:IncludedSupplyChainTradeLineItem"

    def product(*content: str) -> str:
        return path(f"{line}/ram:SpecifiedTradeProduct", *content)

    def gross(*content: str) -> str:
        return path(
            f"{line}/ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice/ram:AppliedTradeAllowanceCharge",
            *content,
        )

    def agreement(*content: str) -> str:
        return path(f"{transaction}/ram:ApplicableHeaderTradeAgreement", *content)

    def delivery(*content: str) -> str:
        return path(f"{transaction}/ram:ApplicableHeaderTradeDelivery", *content)

    def settlement(*content: str) -> str:
        return path(f"{transaction}/ram:ApplicableHeaderTradeSettlement", *content)

    def on_line(*content: str) -> str:
        return path(f"{line}/ram:SpecifiedLineTradeSettlement", *content)

    def cited(kind: str, *content: str) -> str:
        return tag("ram:AdditionalReferencedDocument", tag("ram:TypeCode", kind), *content)

    def means(*content: str) -> str:
        return tag("ram:SpecifiedTradeSettlementPaymentMeans", *content)

    def contact(side: str, *names: str) -> str:
        named = [tag(f"ram:{name}", "Accueil") for name in names]
        return path(f"ram:{side}TradeParty/ram:DefinedTradeContact", *named)

    def billed(**attributes: str) -> str:
        return path(f"{line}/ram:SpecifiedLineTradeDelivery", tag("ram:BilledQuantity", "1", **attributes))

    def priced(**attributes: str) -> str:
        net = tag("ram:NetPriceProductTradePrice", tag("ram:BasisQuantity", "1", **attributes))
        return path(f"{line}/ram:SpecifiedLineTradeAgreement", net)

    def total(**attributes: str) -> str:
        summed = tag("ram:GrandTotalAmount", "1", **attributes)
        return settlement(tag("ram:SpecifiedTradeSettlementHeaderMonetarySummation", summed))

    def dated(text: str) -> str:
        day = tag("udt:DateTimeString", text, format="102")
        return path("rsm:ExchangedDocument/ram:IssueDateTime", day)

    def taxed(*content: str) -> str:
        return tag("ram:ApplicableTradeTax", *content)

    def allowed(*content: str) -> str:
        return path("ram:SpecifiedTradeAllowanceCharge/ram:CategoryTradeTax", *content)

    def due(code: str) -> str:
        return tag("ram:DueDateTypeCode", code)

    both = tag("ram:ID", "1") + tag("ram:GlobalID", "1")
    indicator = path("ram:ChargeIndicator/udt:Indicator", "false")
    amount = tag("ram:ActualAmount", "1")
    kind, text = "ram:TypeCode", "ram:Information"
    iban = path("ram:PayeePartyCreditorFinancialAccount/ram:IBANID", "FR76")
    person, department = "PersonName", "DepartmentName"
    content = tag("ram:AttachmentBinaryObject", "JVBERi0=")
    address, name, scheme = tag("ram:URIID", "a"), tag("ram:Name", "Plan"), tag("ram:ReferenceTypeCode", "AFL")
    day = path("ram:FormattedIssueDateTime")
    basis, code, reason = (
        tag(f"ram:{name}", "1") for name in ("BasisAmount", "ExemptionReasonCode", "ExemptionReason")
    )
    point = path("ram:TaxPointDate")
    rows = [
        ("CII-SR-046", product(tag("ram:GlobalID", "1")), product(tag("ram:GlobalID", "1", schemeID="0160"))),
        ("CII-SR-090", product(tag("ram:OriginTradeCountry")), product(path("ram:OriginTradeCountry/ram:ID", "FR"))),
        ("CII-SR-119", gross(amount), gross(indicator, amount)),
        ("CII-SR-449", delivery(tag("ram:ShipToTradeParty", both)), delivery(path("ram:ShipToTradeParty/ram:ID", "1"))),
        ("CII-SR-450", agreement(tag("ram:BuyerTradeParty", both)), agreement(path("ram:BuyerTradeParty/ram:ID", "1"))),
        (
            "CII-SR-451",
            settlement(tag("ram:PayeeTradeParty", both)),
            settlement(path("ram:PayeeTradeParty/ram:ID", "1")),
        ),
        ("CII-SR-457", agreement(cited("50") * 2), agreement(cited("50"))),
        ("CII-SR-458", agreement(cited("130") * 2), agreement(cited("130"))),
        ("CII-SR-462", settlement(taxed(due("5")), taxed(due("72"))), settlement(taxed(due("5")) * 2)),
        ("CII-SR-465", agreement(contact("Seller", person, department)), agreement(contact("Seller", person))),
        ("CII-SR-466", agreement(contact("Buyer", person, department)), agreement(contact("Buyer", department))),
        (
            "CII-SR-467",
            settlement(means(tag(kind, "30")), means(tag(kind, "58"))),
            settlement(means(tag(kind, "30")) * 2),
        ),
        ("CII-SR-468", settlement(means(tag(text, "a")), means(tag(text, "b"))), settlement(means(tag(text, "a")) * 2)),
        ("CII-SR-469", settlement(tag("ram:PaymentReference", "1") * 2), settlement(tag("ram:PaymentReference", "1"))),
        ("CII-SR-470", settlement(means(tag(kind, "30"))), settlement(means(tag(kind, "30"), iban))),
        ("CII-SR-474", on_line(cited("130") * 2), on_line(cited("130"))),
        ("CII-SR-475", agreement(cited("916", name * 2)), agreement(cited("916", name))),
        ("CII-SR-476", agreement(cited("916", content * 2)), agreement(cited("916", content))),
        ("CII-DT-015", agreement(cited("50", address)), agreement(cited("916", address))),
        ("CII-DT-018", agreement(cited("380")), agreement(cited("916"))),
        ("CII-DT-021", agreement(cited("50", name)), agreement(cited("916", name))),
        ("CII-DT-022", agreement(cited("50", content)), agreement(cited("916", content))),
        ("CII-DT-024", agreement(cited("916", scheme)), agreement(cited("130", scheme))),
        ("CII-DT-027", agreement(cited("916", day)), settlement(tag("ram:InvoiceReferencedDocument", day))),
        ("CII-DT-031", total(currencyID="EUR"), total()),
        ("CII-DT-032", total(currencyCodeListVersionID="1"), total()),
        ("CII-DT-033", billed() + priced(unitCode="C62"), billed(unitCode="C62") + priced(unitCode="C62")),
        ("CII-DT-037", settlement(taxed(tag(kind, "AAA"))), settlement(taxed(tag(kind, "VAT")))),
        ("CII-DT-041", on_line(taxed(basis)), settlement(taxed(basis))),
        ("CII-DT-052", settlement(allowed(code)), settlement(taxed(code))),
        ("CII-DT-054", on_line(taxed(point)), settlement(taxed(point))),
        ("CII-DT-058", on_line(taxed(due("5"))), settlement(taxed(due("5")))),
        ("CII-DT-097", dated("2026-11-03"), dated("20261103")),
        ("CII-DT-098", settlement(allowed(reason)), settlement(taxed(reason))),
    ]
    return [Pair(rule, broken, fine, "rsm:CrossIndustryInvoice") for rule, broken, fine in rows]


PAIRS = (*_of_ubl(), *_of_cii())
