"""BR-FR-CPRO: Chorus Pro's own rules on invoices to public bodies in the reform, as far as they are publicly known.

The rows, and what is not run and why, are in `cpro_table`. Rules on what a recipient demands run where there is a
directory to ask.
"""

from __future__ import annotations

from datetime import date

from plainchant.einvoice.codes import france as codes
from plainchant.einvoice.directory import Directory
from plainchant.einvoice.identifiers import siret_in
from plainchant.einvoice.model import Group, Invoice, Party
from plainchant.einvoice.rule import Context, Report, RuleBook

from . import cpro_table as rows
from .cpro_table import RULES
from .recipient import unmet
from .source import count

_MAX_DESCRIPTION = rows.MAX_LENGTH["BR-FR-CPRO-31"]
_MAX_PLACE = rows.MAX_LENGTH["BR-FR-CPRO-40"]
_PAYMENT_TERMS = {
    "ubl": "{*}PaymentTerms",
    "cii": "{*}SupplyChainTradeTransaction/{*}ApplicableHeaderTradeSettlement/{*}SpecifiedTradePaymentTerms",
}
_CONTACT = {"ubl": "{*}Contact", "cii": "{*}DefinedTradeContact"}


def run(invoice: Invoice, context: Context, report: Report) -> None:
    """Every rule, on one invoice."""
    _head(invoice, context, report)
    _seller(invoice, context, report)
    _buyer(invoice, context, report)
    _payment(invoice, report)
    _notes_and_documents(invoice, report)
    _lines(invoice, report)
    if context.directory is not None:
        _demands(invoice, context.directory, context, report)


def _too_long(group: Group, limits: tuple[tuple[str, str, str, int, str], ...], report: Report) -> None:
    for rule, _, field, longest, _ in limits:
        text: str | None = getattr(group, field)
        if text is not None and len(text) > longest:
            report.fail(rule, group, field, length=len(text))


def _number(number: str | None, group: Group, report: Report) -> None:
    if number is not None and len(number) > rows.MAX_NUMBER:
        report.fail("BR-FR-CPRO-02", group, "number", value=number[:80], length=len(number))


def _head(invoice: Invoice, context: Context, report: Report) -> None:
    if invoice.contract_type is not None and invoice.contract_type not in codes.CONTRACT_TYPES:
        report.fail("BR-FR-CPRO-01", invoice, "contract_type", value=invoice.contract_type[:80])
    _number(invoice.number, invoice, report)
    for preceding in invoice.preceding_invoices:
        _number(preceding.number, preceding, report)
    if len(invoice.preceding_invoices) > 1:
        report.fail("BR-FR-CPRO-20", invoice, "preceding_invoices", count=len(invoice.preceding_invoices))
    if len(invoice.lines) > rows.MAX_LINES:
        report.fail("BR-FR-CPRO-19", invoice, "lines", count=len(invoice.lines))
    if invoice.business_process == "S5":
        report.fail("BR-FR-CPRO-24", invoice, "business_process")
    _at_most_one(invoice, "payment_terms", "BR-FR-CPRO-25", _PAYMENT_TERMS[context.syntax], report)
    _too_long(invoice, rows.HEAD_LENGTHS, report)
    if invoice.delivery is not None and invoice.delivery.location is not None:
        for place in (invoice.delivery.location, *invoice.delivery.other_locations):
            if len(place.value) > _MAX_PLACE:
                report.fail("BR-FR-CPRO-38", invoice.delivery, "location", length=len(place.value))


def _at_most_one(group: Group, field: str, rule: str, path: str, report: Report) -> None:
    """The model has room for one; the file may hold more."""
    found = count(group, path)
    if found > 1:
        report.fail(rule, group, field, count=found)


def _has(party: Party, *schemes: str) -> bool:
    return any(identifier.scheme in schemes for identifier in party.identifiers)


def _is_known_by_siren(party: Party) -> bool:
    return (party.legal_registration is not None and party.legal_registration.scheme == codes.SIREN) or _has(
        party, codes.SIREN
    )


def _seller(invoice: Invoice, context: Context, report: Report) -> None:
    seller = invoice.seller
    if seller is None:
        return
    if not _has(seller, codes.SIRET, *rows.IDENTIFIERS):
        report.fail("BR-FR-CPRO-03", seller, "identifiers")
    for identifier in seller.identifiers:
        form = rows.IDENTIFIERS.get(identifier.scheme or "")
        if form is None:
            continue
        rule, shortest, longest, _ = form
        value = identifier.value
        is_formed = shortest <= len(value) <= longest
        if identifier.scheme == codes.INDIVIDUAL and not value[: rows.DIGITS_OF_INDIVIDUAL].isdecimal():
            is_formed = False
        if not is_formed:
            report.fail(rule, seller, "identifiers", value=value[:80])
    if _is_known_by_siren(seller) and not _has(seller, codes.SIRET):
        report.fail("BR-FR-CPRO-09", seller, "identifiers")
    _at_most_one(seller, "contact", "BR-FR-CPRO-26", _CONTACT[context.syntax], report)
    _too_long(seller, rows.SELLER_LENGTHS, report)
    if seller.address is not None:
        _too_long(seller.address, rows.ADDRESS_LENGTHS, report)


def _buyer(invoice: Invoice, context: Context, report: Report) -> None:
    buyer = invoice.buyer
    if buyer is None:
        return
    if not _has(buyer, codes.SIRET):
        report.fail("BR-FR-CPRO-10", buyer, "identifiers")
    _at_most_one(buyer, "contact", "BR-FR-CPRO-27", _CONTACT[context.syntax], report)
    _too_long(buyer, rows.BUYER_LENGTHS, report)


def _payment(invoice: Invoice, report: Report) -> None:
    payee = invoice.payee
    if payee is not None:
        if _is_known_by_siren(payee) and not _has(payee, codes.SIRET):
            report.fail("BR-FR-CPRO-17", payee, "identifiers")
        _too_long(payee, rows.PAYEE_LENGTHS, report)
    longest = rows.MAX_LENGTH["BR-FR-CPRO-39"]
    for means in invoice.payment_means:
        transfer = means.credit_transfer
        if transfer is not None and transfer.account is not None and len(transfer.account) > longest:
            report.fail("BR-FR-CPRO-39", transfer, "account", length=len(transfer.account))


def _notes_and_documents(invoice: Invoice, report: Report) -> None:
    longest = rows.MAX_LENGTH["BR-FR-CPRO-42"]
    for note in invoice.notes:
        if note.text is not None and len(note.text) > longest:
            report.fail("BR-FR-CPRO-42", note, "text", length=len(note.text))
    for document in invoice.supporting_documents:
        _too_long(document, rows.DOCUMENT_LENGTHS, report)


def _lines(invoice: Invoice, report: Report) -> None:
    for line in invoice.lines:
        item = line.item
        if item is not None and item.description is not None and len(item.description) > _MAX_DESCRIPTION:
            report.fail("BR-FR-CPRO-31", item, "description", length=len(item.description))
        for preceding in line.preceding_invoices:
            _number(preceding.number, preceding, report)
        delivery = line.delivery
        if delivery is not None and delivery.location is not None and len(delivery.location.value) > _MAX_PLACE:
            report.fail("BR-FR-CPRO-40", delivery, "location", length=len(delivery.location.value))


def _demands(invoice: Invoice, directory: Directory, context: Context, report: Report) -> None:
    """What the recipient asks for. One that the directory does not know asks for nothing here."""
    buyer = invoice.buyer
    siret = _siret(buyer) if buyer is not None else None
    recipient = directory.recipient(siret) if siret is not None else None
    if recipient is None:
        return
    service, commitment = _service(invoice) or "", invoice.purchase_order_reference or ""
    for demand in unmet(recipient, service=service, commitment=commitment, day=context.at):
        rule = _RULES_OF_DEMANDS.get(demand.rule)
        if rule == "BR-FR-CPRO-11":
            problem = f"« {service[:80]} » n’est pas un service actif de l’acheteur."
            what_is_wrong = problem if service else "Le code de service manque."
            report.fail(rule, buyer, "identifiers", problem=what_is_wrong, name=recipient.name)
        elif rule is not None:
            report.fail(rule, invoice, "purchase_order_reference", name=recipient.name)


# Demand of the recipient → the norm's number for it. It has none for a body that is closed, nor for a reserved service.
_RULES_OF_DEMANDS = {
    "ANNUAIRE-SERVICE-ABSENT": "BR-FR-CPRO-11",
    "ANNUAIRE-SERVICE-INCONNU": "BR-FR-CPRO-11",
    "ANNUAIRE-SERVICE-INACTIF": "BR-FR-CPRO-11",
    "ANNUAIRE-ENGAGEMENT-ABSENT": "BR-FR-CPRO-12",
    "ANNUAIRE-SERVICE-OU-ENGAGEMENT": "BR-FR-CPRO-13",
}


def _siret(buyer: Party) -> str | None:
    """The buyer's SIRET as the reform writes it (scheme 0009), or 14 digits where today's flows put them."""
    known = next((identifier.value for identifier in buyer.identifiers if identifier.scheme == codes.SIRET), None)
    if known is None and buyer.legal_registration is not None:
        known = buyer.legal_registration.value
    return siret_in(known) if known is not None else None


def _service(invoice: Invoice) -> str | None:
    """The buyer's service: its routing code (scheme 0224), or the buyer's reference (BT-10) of today's flows."""
    routed = invoice.buyer.identifiers if invoice.buyer is not None else ()
    return next(
        (identifier.value for identifier in routed if identifier.scheme == codes.ROUTING_CODE), invoice.buyer_reference
    )


BOOK = RuleBook(
    name="BR-FR-CPRO",
    version="1.4",
    published=date(2026, 6, 30),
    rules=RULES,
    run=run,
    warning_until=date(2026, 9, 30),
)
