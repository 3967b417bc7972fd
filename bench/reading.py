"""How well the PDF reader reads: fields proposed from the text of real PDFs against the XML they carry.

Usage: python bench/reading.py [--misses]. The PDFs are not part of the project: PLAINCHANT_SHARED names the folder that
holds `corpora/` (by default `../shared`); without it the script says so and stops. A value counts only when the text of
the PDF really contains it. The embedded XML is used to judge, never to read.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pypdfium2 as pdfium
from lxml import etree

from plainchant.einvoice.reading.amounts import amounts_in
from plainchant.einvoice.reading.dates import dates_in
from plainchant.einvoice.reading.fields import read_fields
from plainchant.einvoice.reading.lines import lines_of
from plainchant.einvoice.reading.pdf import read_document
from plainchant.einvoice.reading.place import Document

_SIRET = "ram:SpecifiedLegalOrganization/ram:ID[@schemeID='0009' or string-length(.)=14]"
_SUM = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation"
XPATHS = {
    "number": ["//rsm:ExchangedDocument/ram:ID"],
    "issue_date": ["//rsm:ExchangedDocument/ram:IssueDateTime/*"],
    "type_code": ["//rsm:ExchangedDocument/ram:TypeCode"],
    "seller_siret": [
        f"//ram:SellerTradeParty/{_SIRET}",
        "//ram:SellerTradeParty/ram:GlobalID[@schemeID='0009']",
    ],
    "buyer_siret": [f"//ram:BuyerTradeParty/{_SIRET}", "//ram:BuyerTradeParty/ram:GlobalID[@schemeID='0009']"],
    "currency": ["//ram:InvoiceCurrencyCode"],
    "purchase_order_reference": ["//ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"],
    "contract_reference": ["//ram:ContractReferencedDocument/ram:IssuerAssignedID"],
    "buyer_reference": ["//ram:BuyerReference"],
    "tax_exclusive_amount": [f"{_SUM}/ram:TaxBasisTotalAmount"],
    "tax_amount": [f"{_SUM}/ram:TaxTotalAmount"],
    "tax_inclusive_amount": [f"{_SUM}/ram:GrandTotalAmount"],
    "payable_amount": [f"{_SUM}/ram:DuePayableAmount"],
    "due_date": ["//ram:DueDateDateTime/*"],
    "iban": ["//ram:IBANID"],
}


def main() -> int:
    """Print precision and recall for each field; returns the exit code."""
    shared = Path(os.environ.get("PLAINCHANT_SHARED", Path(__file__).resolve().parents[1] / ".." / "shared"))
    files = sorted(shared.glob("corpora/**/*.pdf"))
    if not files:
        print(f"SKIPPED: no PDF under {shared}/corpora (set PLAINCHANT_SHARED)")
        return 0
    right, wrong, missed, judged = Counter(), Counter(), Counter(), 0  # type: Counter[str], Counter[str], Counter[str], int
    certain_wrong: Counter[str] = Counter()
    durations = []
    for file in files:
        data = file.read_bytes()
        truth = embedded_truth(data)
        if truth is None:
            continue
        judged += 1
        started = time.perf_counter()
        document = read_document(data)
        reading = read_fields(document)
        durations.append(time.perf_counter() - started)
        for name, expected in truth.items():
            if not is_in_text(document, name, expected):
                continue
            read = reading.fields.get(name)
            if read is None:
                missed[name] += 1
            elif read.value == expected or is_same_amount(read.value, expected):
                right[name] += 1
            else:
                wrong[name] += 1
                certain_wrong[name] += read.certainty == "certain"
            if "--misses" in sys.argv and not (
                read and (read.value == expected or is_same_amount(read.value, expected))
            ):
                print(f"{file.name}: {name}: expected {expected!r}, read {read and (read.value, read.certainty)}")
    print(f"{judged} PDFs; {1000 * sum(durations) / max(len(durations), 1):.1f} ms a PDF, in process")
    print(f"{'field':26} {'in text':>7} {'precision':>9} {'recall':>7} {'sure but wrong':>15}")
    for name in XPATHS:
        found, total = right[name] + wrong[name], right[name] + wrong[name] + missed[name]
        if total:
            precision = f"{100 * right[name] / found:.0f} %" if found else "-"
            recall = f"{100 * right[name] / total:.0f} %"
            print(f"{name:26} {total:7} {precision:>9} {recall:>7} {certain_wrong[name]:15}")
    return 0


def embedded_truth(data: bytes) -> dict[str, str] | None:
    """The values of the CII file that the PDF carries, in the reader's canonical form; None when it carries none."""
    pdf = pdfium.PdfDocument(data)
    for index in range(pdf.count_attachments()):
        attachment = pdf.get_attachment(index)
        if attachment.get_name().lower() in {"factur-x.xml", "xrechnung.xml"}:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            tree = etree.fromstring(bytes(attachment.get_data()), parser)
            break
    else:
        return None
    namespaces = {
        "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
        "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    }
    truth = {}
    for name, paths in XPATHS.items():
        for path in paths:
            nodes = tree.xpath(path, namespaces=namespaces)
            value = (nodes[0].text or "").strip() if nodes else ""
            if value:
                truth[name] = canonical(name, value)
                break
    return truth


def canonical(name: str, value: str) -> str:
    """An XML value as the reader writes it."""
    if name.endswith("_date") and re.fullmatch(r"\d{8}", value):
        return f"{value[:4]}-{value[4:6]}-{value[6:]}"
    return re.sub(r"\s", "", value) if name in {"iban", "seller_siret", "buyer_siret"} else value


def is_same_amount(one: str, other: str) -> bool:
    """Whether both are amounts, and equal."""
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def is_in_text(document: Document, name: str, value: str) -> bool:
    """Whether the text of the PDF really shows the value."""
    lines = lines_of(document)
    if name.endswith("_amount"):
        return any(amount.value == Decimal(value) for line in lines for amount in amounts_in(line.text))
    if name.endswith("_date"):
        return any(date.value.isoformat() == value for line in lines for date in dates_in(line.plain))
    text = " ".join(line.text for line in lines)
    if name == "currency":
        return value in text or (value == "EUR" and "€" in text)
    if name == "type_code":
        return bool(re.search("avoir" if value == "381" else "facture", text, re.IGNORECASE))
    if name in {"iban", "seller_siret", "buyer_siret"}:
        return value in re.sub(r"[\s.]", "", text)
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


if __name__ == "__main__":
    raise SystemExit(main())
