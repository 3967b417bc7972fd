"""What an invoice says, for bench/reading: from the XML a Factur-X carries, and whether its pages show it at all.

Nothing here uses the reader's own patterns: a value that the reader cannot see must not vanish from the count.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pypdfium2 as pdfium
from lxml import etree

NAMES = (
    "number",
    "issue_date",
    "seller_siret",
    "buyer_siret",
    "currency",
    "type_code",
    "purchase_order_reference",
    "contract_reference",
    "buyer_reference",
    "tax_exclusive_amount",
    "tax_amount",
    "tax_inclusive_amount",
    "payable_amount",
    "due_date",
    "iban",
    "vat_breakdown",
)  # fmt: skip
AMOUNTS = ("tax_exclusive_amount", "tax_amount", "tax_inclusive_amount", "payable_amount")
Truth = dict[str, str]  # of `vat_breakdown`: "rate base tax" joined by semicolons, in order

NAMESPACES = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}
_SUM = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_PATHS = {
    "number": ("//rsm:ExchangedDocument/ram:ID",),
    "issue_date": ("//rsm:ExchangedDocument/ram:IssueDateTime/*",),
    "type_code": ("//rsm:ExchangedDocument/ram:TypeCode",),
    "seller_siret": (
        "//ram:SellerTradeParty/ram:SpecifiedLegalOrganization/ram:ID[string-length(translate(., ' ', ''))=14]",
        "//ram:SellerTradeParty/ram:GlobalID[@schemeID='0009']",
        "//ram:SellerTradeParty/ram:ID[string-length(.)=14 and number(.)=number(.)]",
    ),
    "buyer_siret": (
        "//ram:BuyerTradeParty/ram:SpecifiedLegalOrganization/ram:ID[string-length(translate(., ' ', ''))=14]",
        "//ram:BuyerTradeParty/ram:GlobalID[@schemeID='0009']",
        "//ram:BuyerTradeParty/ram:ID[string-length(.)=14 and number(.)=number(.)]",
    ),
    "currency": ("//ram:InvoiceCurrencyCode",),
    "purchase_order_reference": ("//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",),
    "contract_reference": ("//ram:ContractReferencedDocument/ram:IssuerAssignedID",),
    "buyer_reference": ("//ram:BuyerReference",),
    "tax_exclusive_amount": (f"{_SUM}/ram:TaxBasisTotalAmount",),
    "tax_amount": (f"{_SUM}/ram:TaxTotalAmount",),
    "tax_inclusive_amount": (f"{_SUM}/ram:GrandTotalAmount",),
    "payable_amount": (f"{_SUM}/ram:DuePayableAmount",),
    "due_date": ("//ram:DueDateDateTime/*",),
    "iban": ("//ram:IBANID",),
}
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "january february march april may june july august september october november december".split(),
    "de": "januar februar märz april mai juni juli august september oktober november dezember".split(),
}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
_TYPE_WORDS = {
    "381": r"avoir|credit|crédit|gutschrift|rechnungskorrektur|storno",
    "380": r"facture|invoice|rechnung|note d.honoraires",
}


def embedded(data: bytes) -> bytes | None:
    """The CII file inside a PDF; None when there is none."""
    try:
        pdf = pdfium.PdfDocument(data)
        for index in range(pdf.count_attachments()):
            attachment = pdf.get_attachment(index)
            if attachment.get_name().lower() in {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml"}:
                return bytes(attachment.get_data())
    except pdfium.PdfiumError:
        return None
    return None


def truth_of(xml: bytes) -> Truth | None:
    """The values of a CII file in the reader's canonical form; None for another syntax."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None
    if tree.tag != f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice":
        return None
    truth: Truth = {}
    for name, paths in _PATHS.items():
        for path in paths:
            nodes = tree.xpath(path, namespaces=NAMESPACES)
            value = (nodes[0].text or "").strip() if nodes else ""
            if _is_sound(name, value):
                truth[name] = _canonical(name, value)
                break
    rows = []
    for tax in tree.xpath("//ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax", namespaces=NAMESPACES):
        told = [
            tax.findtext(f"ram:{part}", namespaces=NAMESPACES)
            for part in ("RateApplicablePercent", "BasisAmount", "CalculatedAmount")
        ]
        if told[1] is None or told[2] is None:
            return truth
        try:
            rows.append((Decimal(told[0] or "0"), Decimal(told[1]), Decimal(told[2])))
        except ArithmeticError:
            return truth
    if rows:
        truth["vat_breakdown"] = breakdown(rows)
    return truth


def _is_sound(name: str, value: str) -> bool:
    """Samples of invalid invoices have dates and amounts that are none: no truth to judge by."""
    try:
        if name.endswith("_date"):
            date.fromisoformat(_canonical(name, value))
        elif name in AMOUNTS:
            Decimal(value)
    except (ArithmeticError, ValueError):
        return False
    return bool(value)


def breakdown(rows: list[tuple[Decimal, Decimal, Decimal]]) -> str:
    """Rate, base and tax of each rate as one comparable text."""
    return "; ".join(" ".join(f"{part:.2f}" for part in row) for row in sorted(rows))


def _canonical(name: str, value: str) -> str:
    if name.endswith("_date") and re.fullmatch(r"\d{8}", value):
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return re.sub(r"\s", "", value) if name in {"iban", "seller_siret", "buyer_siret"} else value


def same(name: str, one: str, other: str) -> bool:
    """Whether two values are the same, amounts as numbers."""
    if name in AMOUNTS:
        return Decimal(one) == Decimal(other)
    return one == other


def page_text(data: bytes) -> str:
    """All the text of the pages, as PDFium's own reading order has it."""
    pdf = pdfium.PdfDocument(data)
    return "\n".join(pdf[index].get_textpage().get_text_bounded() for index in range(min(len(pdf), 30)))


def is_shown(name: str, value: str, text: str) -> bool:
    """Whether a text shows a value in one of the forms people write it in."""
    if name in AMOUNTS:
        return times_shown(Decimal(value), text) > 0
    if name == "vat_breakdown":
        return all(times_shown(Decimal(part), text) for row in value.split("; ") for part in row.split()[1:])
    if name.endswith("_date"):
        return _shows_date(date.fromisoformat(value), text)
    if name == "currency":
        return value in text or (value in _SIGNS and _SIGNS[value] in text)
    if name == "type_code":
        return value in _TYPE_WORDS and re.search(_TYPE_WORDS[value], text, re.IGNORECASE) is not None
    if name in {"iban", "seller_siret", "buyer_siret"}:
        return value in re.sub(r"[\s.]", "", text)
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", re.sub(r"\s+", " ", text)) is not None


def times_shown(value: Decimal, text: str) -> int:
    """How often a text shows an amount, whatever its separators and its sign."""
    cents = f"{abs(value):.2f}"
    whole, fraction = cents.split(".")
    grouped = r"[\s.,'’]?".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", whole))
    tail = rf"[.,€]\s?{fraction}" if fraction != "00" else r"(?:[.,€]\s?(?:00|-))?"
    if fraction[1] == "0" and fraction != "00":
        tail = rf"[.,]{fraction[0]}0?"
    return len(re.findall(rf"(?<![\d])(?<!\d[.,]){grouped}{tail}(?![\d])", text))


def _shows_date(day: date, text: str) -> bool:
    plain = re.sub(r"\s+", " ", text.lower())
    forms = {day.strftime(form) for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y", "%d.%m.%y")}
    forms |= {f"{day.day}.{day.month}.{day.year}", f"{day.day}/{day.month}/{day.year}", day.strftime("%Y/%m/%d")}
    forms |= {f"{day.day}.{day.month:02}.{day.year}"}
    for months in _MONTHS.values():
        name = months[day.month - 1]
        for month in (name, name[:3], name[:4]):
            forms |= {f"{number}{sep}{month}{dot} {day.year}" for number in (day.day, f"{day.day:02}", f"{day.day}er")
                      for sep in (" ", ". ") for dot in ("", ".")}  # fmt: skip
            forms |= {f"{month} {day.day}, {day.year}", f"{month} {day.day:02}, {day.year}"}
            forms |= {f"{day.day:02}-{month}-{day.year}"}
    return any(form in plain for form in forms)
