"""Chorus Pro's own acceptance of a whole invoice: a permissive schema and a few mandatory data, far from EN 16931.

Measured on the 60 official sample flows: 59 must pass. What they show to be accepted is accepted here: negative lines
and totals, a credit note without its invoice, VAT rows that do not add up to the header, any currency, odd VAT
categories, no cadre. Our ids are in the namespace CPRO; a number the platform is known to use is kept (CPRO-G1.05).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from plainchant.einvoice.chorus import COMPANY_SCHEME, SIRET, ChorusData, Datum, header, placements
from plainchant.einvoice.codes.attachments import (
    ATTACHMENT_EXTENSIONS,
    MAX_ATTACHMENT_NAME,
    MAX_FILE_BYTES,
    MAX_FOLDER_BYTES,
)
from plainchant.einvoice.codes.cadres import CADRE_OF
from plainchant.einvoice.codes.france import CADRES as REFORM_CADRES
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.directory import Directory
from plainchant.einvoice.identifiers import bare, siren_in, siret_in
from plainchant.einvoice.model import Group, Invoice, Party
from plainchant.einvoice.rule import Context, Report, RuleBook
from plainchant.einvoice.wording import amount

from . import header as header_rules
from . import header_table, recipient_table
from .choruspro_table import MAX_SERVICE, PAYMENT_CODES, RULES
from .recipient import unknown, unmet
from .source import references_without_file

_OF_TOTALS = frozenset({"tax_exclusive_amount", "tax_inclusive_amount", "payable_amount"})
_OTHER_TOTALS = ("line_extension_amount", "allowance_total_amount", "charge_total_amount", "prepaid_amount")
_DATE_OF = {"ubl": "2026-03-12", "cii": "20260312"}
UNKNOWN_SIRET = "0" * 14  # the State, when only a service is known
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}\Z")


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Every rule on one invoice."""
    data = context.chorus or placements(invoice, context.facts)
    _header(invoice, data, context, report)
    _cadre(invoice, data, report)
    _parties(invoice, data, report)
    _service(invoice, data, report)
    _payment(invoice, context, report)
    _amounts(invoice, report)
    _taxes(invoice, report)
    _attachments(invoice, report)
    if context.syntax == "cii":
        _seen_in_cii(invoice, report)
    if data.buyer is not None:
        _recipient(invoice, data, context, report)


BOOK = RuleBook(
    name="Chorus Pro",
    version="2024",
    published=date(2024, 2, 1),
    rules=header_table.RULES | RULES | recipient_table.RULES,
    run=run,
)


def _header(invoice: Invoice, data: ChorusData, context: Context, report: Report) -> None:
    """What is looked at of every invoice, here and where it was typed: each breach beside its element."""
    head = replace(header(invoice, data), vat_regime=context.facts.chorus.get("vat_regime", ""))
    for breach in header_rules.breaches(head, today=context.at):
        group, attribute = _place(invoice, breach.attribute)
        if group is None:
            continue  # that there are no totals at all is said in `_amounts`
        details = breach.details
        if breach.rule == "CPRO-DATE" and context.syntax in _DATE_OF:
            details = {"example": _DATE_OF[context.syntax]}
        report.fail(breach.rule, group, attribute, **details)
    for preceding in invoice.preceding_invoices[1:]:
        for breach in header_rules.numbered(preceding.number or "", "number"):
            report.fail(breach.rule, preceding, breach.attribute, **breach.details)


def _place(invoice: Invoice, name: str) -> tuple[Group | None, str]:
    """Where in the file an attribute of the header stands."""
    if name in _OF_TOTALS:
        return invoice.totals, name
    if name == "preceding_invoice":
        preceding = invoice.preceding_invoices
        return (preceding[0], "number") if preceding else (invoice, "preceding_invoices")
    return invoice, name


def _cadre(invoice: Invoice, data: ChorusData, report: Report) -> None:
    cadre = data.cadre
    if cadre is not None and cadre.value in REFORM_CADRES:
        report.fail("CPRO-G1.02-REFORME", invoice, "business_process", value=cadre.value)
    elif cadre is not None and cadre.value not in CADRE_OF:
        report.fail("CPRO-G1.02", invoice, "business_process", value=cadre.value)


def _parties(invoice: Invoice, data: ChorusData, report: Report) -> None:
    seller, buyer = data.seller, data.buyer
    if seller is None:
        report.fail("CPRO-FOURNISSEUR", invoice.seller or invoice, "legal_registration" if invoice.seller else "seller")
    else:
        rule = _wrong_with(seller, data.seller_type, invoice.seller)
        if rule:
            details = {"value": seller.value, "scheme": seller.scheme or "absent"}
            report.fail(rule, invoice.seller or invoice, "legal_registration", **details)
    if buyer is None:
        report.fail("CPRO-DESTINATAIRE", invoice.buyer or invoice, "legal_registration" if invoice.buyer else "buyer")
    elif siret_in(buyer.value) is None:
        report.fail("CPRO-DESTINATAIRE-SIRET", invoice.buyer or invoice, "legal_registration", value=buyer.value)
    elif buyer.value == UNKNOWN_SIRET and data.buyer_service is None:
        report.fail("CPRO-DESTINATAIRE-ETAT", invoice, "buyer_reference")


def _wrong_with(known: Datum, kind: str, seller: Party | None) -> str | None:
    """The rule that a supplier's identifier breaks, None where it is one of Chorus Pro's."""
    if kind:
        return "CPRO-FOURNISSEUR-SIRET" if kind == SIRET and siret_in(known.value) is None else None
    country = seller.address.country if seller is not None and seller.address is not None else None
    # Nine digits without a scheme are a company's number in other countries too.
    is_french = known.scheme == COMPANY_SCHEME or (not known.scheme and country in (None, "FR"))
    return "CPRO-FOURNISSEUR-SIREN" if is_french and siren_in(known.value) else "CPRO-FOURNISSEUR-SCHEMA"


def _service(invoice: Invoice, data: ChorusData, report: Report) -> None:
    service = data.buyer_service
    if service is not None and len(service.value) > MAX_SERVICE:
        report.fail(
            "CPRO-SERVICE-LONG", invoice, "buyer_reference", value=service.value[:60], length=len(service.value)
        )


def _payment(invoice: Invoice, context: Context, report: Report) -> None:
    codes = [means.code for means in invoice.payment_means if means.code]
    # A credit note is not paid: the portal takes one without a means, and clients are told to write none.
    if not codes and invoice.type_code != CREDIT_NOTE and not context.facts.payment_optional:
        report.fail("CPRO-PAIEMENT", invoice, "payment_means")
    for means in invoice.payment_means:
        code = means.code
        if code and code.lstrip("0") not in PAYMENT_CODES:
            report.fail("CPRO-S2.05", means, "code", value=code)
        transfer = means.credit_transfer
        if transfer is None or not transfer.account or transfer.is_proprietary:
            continue
        if not _IBAN.match(bare(transfer.account)):
            report.fail("CPRO-G1.16", transfer, "account", value=transfer.account[:40])


def _amounts(invoice: Invoice, report: Report) -> None:
    totals = invoice.totals
    if totals is None:
        report.fail("CPRO-MONTANTS", invoice, "totals")
        return
    for name in _OTHER_TOTALS:
        value = getattr(totals, name)
        if value is not None and header_rules.is_too_long(value):
            report.fail("CPRO-MONTANT-LONG", totals, name, what=header_table.AMOUNTS[name], value=amount(value))


def _taxes(invoice: Invoice, report: Report) -> None:
    """Official samples leave the category out; a row without an amount or a base says nothing."""
    for row in invoice.vat_breakdown:
        if row.taxable_amount is None or row.tax_amount is None:
            report.fail("CPRO-TVA", row, "taxable_amount" if row.taxable_amount is None else "tax_amount")


def _attachments(invoice: Invoice, report: Report) -> None:
    total = 0
    for document in invoice.supporting_documents:
        if not document.content and not document.location:
            report.fail("CPRO-PJ-VIDE", document, "content", value=document.reference or "")
            continue
        size = len(document.content or "") * 3 // 4
        total += size
        name = document.filename or document.reference or ""
        if len(name) > MAX_ATTACHMENT_NAME:
            report.fail("CPRO-PJ-NOM", document, "reference", value=name[:60], length=len(name))
        extension = name.rpartition(".")[2].lower() if "." in name else ""
        if document.content and extension not in ATTACHMENT_EXTENSIONS:
            report.fail("CPRO-PJ-EXTENSION", document, "reference", value=name[:60])
        if size > MAX_FILE_BYTES:
            report.fail("CPRO-PJ-TAILLE", document, "reference", value=name[:60])
    if total > MAX_FOLDER_BYTES:
        report.fail("CPRO-PJ-TOTAL", invoice, "supporting_documents")


def _seen_in_cii(invoice: Invoice, report: Report) -> None:
    """What nothing that is published forbids, and Chorus Pro was seen to refuse."""
    for kind, reference in references_without_file(invoice, _REFERENCES):
        report.fail("CPRO-REFERENCE-SANS-FICHIER", invoice, _REFERENCES[kind], kind=kind, value=reference)
    for line in invoice.lines:
        price = line.price
        if price is not None and price.gross is not None and price.discount is None:
            report.fail("CPRO-PRIX-BRUT", price, "gross", gross=amount(price.gross))
    taxes = [row.category for row in invoice.vat_breakdown] + [line.vat for line in invoice.lines]
    if invoice.lines and invoice.vat_breakdown and not any(tax is not None and tax.code for tax in taxes):
        report.fail("CPRO-TVA-CATEGORIE", invoice.vat_breakdown[0], "category")


_REFERENCES = {"50": "tender_reference", "130": "invoiced_object"}  # UNTDID 1001, as CII writes them
_ATTRIBUTES = {"service": "buyer_reference", "commitment": "purchase_order_reference"}


def _recipient(invoice: Invoice, data: ChorusData, context: Context, report: Report) -> None:
    siret = data.buyer.value if data.buyer else ""
    if siret == UNKNOWN_SIRET or context.directory is None:
        return
    found = context.directory.recipient(siret)
    demands = (
        [unknown(siret)]
        if found is None
        else unmet(
            found,
            service=data.buyer_service.value if data.buyer_service else "",
            commitment=data.commitment.value if data.commitment else "",
            day=context.at,
            seller_is_public=_is_public(data, context.directory),
        )
    )
    for demand in demands:
        if demand.datum == "buyer":
            report.fail(demand.rule, invoice.buyer or invoice, "legal_registration", **demand.details)
        else:
            report.fail(demand.rule, invoice, _ATTRIBUTES[demand.datum], **demand.details)


def _is_public(data: ChorusData, directory: Directory) -> bool | None:
    """Whether the seller receives invoices as a public body, None where its SIRET is not known."""
    if data.seller is None or data.seller_type != SIRET:
        return None
    return directory.recipient(data.seller.value) is not None
