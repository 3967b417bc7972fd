"""The mails about an invoice: what they say and to whom, written in the transaction of what they announce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import post
from plainchant.portal.structures.queries import notice_addresses

from .lifecycle import STATUS_ROWS, Status
from .models import Invoice, StatusChange

AVAILABLE_TO_BUYER = "invoice_available"  # its sending is a legal event: it starts the payment delay
COMPLETED_FOR_BUYER = "invoice_completed"
STATUS_TO_SELLER = "invoice_status"

IN_FLOWS = frozenset({"UPLOAD_PORTAIL", "UPLOAD_API"})  # modeDepot of what came in a flow
_LAST_OF_A_FLOW = 4  # created, deposited, on its way, available: what follows in a history is news

_CLOCK_STARTS = "Le délai de paiement court à compter de ce message (code de la commande publique, art. R2192-15).\n\n"
_SIGNATURE = "\n\nPlainchant\nCe message est automatique : répondre à cette adresse n’arrive à personne.\n"


def about(invoice: Invoice) -> str:
    """How the outbox names an invoice."""
    return f"invoice:{invoice.uid}"


def issued_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/factures/{invoice.uid}/"


def received_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/recues/{invoice.uid}/"


def tell_seller(*, invoice: Invoice, change: StatusChange, at: datetime) -> None:
    """Tell the supplier's people what has become of their invoice.

    One mail tells them of a whole flow, when it ends: five hundred « déposée » would hide the one that matters.
    """
    if invoice.deposit_mode in IN_FLOWS and change.sequence <= _LAST_OF_A_FLOW:
        return
    row = STATUS_ROWS[Status(change.to_status)]
    if not row.mails_seller or invoice.buyer is None:
        return
    lines = [row.to_seller.format(buyer=invoice.buyer)]
    if change.reason_code:
        lines.append(f"Motif : {REASON_OF[change.reason_code].label}.")
    if change.comment and change.party == "buyer":
        lines.append(f"Message de {change.actor_name} : « {change.comment} »")
    if change.reason_code:
        lines.append(f"Que faire : {REASON_OF[change.reason_code].mend}")
    lines.append(f"Suivre cette facture : {issued_url(invoice)}")
    body = "Bonjour,\n\n" + "\n\n".join(lines) + _SIGNATURE
    for recipient in notice_addresses(structure=invoice.seller):
        post(
            kind=STATUS_TO_SELLER,
            about=about(invoice),
            recipient=recipient,
            subject=f"Facture {invoice.number} : {row.label.lower()}",
            body=body,
            event=str(change.sequence),
            at=at,
        )


def tell_buyer_available(*, invoices: Sequence[Invoice], event: str, at: datetime) -> int:
    """Tell a recipient, in one message, that invoices are available; to how many addresses. This starts the delay.

    The invoices are for one body and one service. Several are found again by ``notice``, which becomes theirs here.
    """
    first = invoices[0]
    if len(invoices) > 1:
        return _tell_of_several(invoices=invoices, event=event, at=at)
    body = (
        "Bonjour,\n\n"
        f"La facture {first.number} ({first.seller}) est à votre disposition sur Plainchant.\n\n"
        f"Destinataire : {_recipient(first)}"
        + (f", engagement {first.commitment}" if first.commitment else "")
        + f".\n\nMontant à payer : {_amount(first)}.\n\n"
        + _CLOCK_STARTS * (first.notified_at is None)
        + f"Ouvrir la facture : {received_url(first)}"
        + _SIGNATURE
    )
    return _to_buyer(
        invoice=first,
        kind=AVAILABLE_TO_BUYER,
        subject=f"Facture {first.number}, {first.seller} : à traiter",
        body=body,
        event=event,
        at=at,
    )


def _tell_of_several(*, invoices: Sequence[Invoice], event: str, at: datetime) -> int:
    notice = f"invoices:{invoices[0].uid}:{event}"
    Invoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]).update(notice=notice)
    sellers = {invoice.seller_id: str(invoice.seller) for invoice in invoices}
    rows = [
        f"- {invoice.number}, {invoice.seller} : {_amount(invoice)}"
        + (f", engagement {invoice.commitment}" if invoice.commitment else "")
        + f"\n  {received_url(invoice)}"
        for invoice in invoices
    ]
    body = (
        f"Bonjour,\n\n{len(invoices)} factures sont à votre disposition sur Plainchant.\n\n"
        f"Destinataire : {_recipient(invoices[0])}.\n\n"
        + _CLOCK_STARTS.replace("Le délai de paiement", "Le délai de paiement de chacune")
        + "\n".join(rows)
        + _SIGNATURE
    )
    from_whom = next(iter(sellers.values())) if len(sellers) == 1 else f"{len(sellers)} fournisseurs"
    return _to_buyer(
        invoice=invoices[0],
        kind=AVAILABLE_TO_BUYER,
        subject=f"{len(invoices)} factures à traiter, {from_whom}",
        body=body,
        event=event,
        at=at,
        told=notice,
    )


def told_of(*, message: Message) -> QuerySet[Invoice]:
    """The invoices that a notice tells of."""
    if message.about.startswith("invoice:"):
        return Invoice.objects.filter(uid=message.about.removeprefix("invoice:"))
    return Invoice.objects.filter(notice=message.about)


def _recipient(invoice: Invoice) -> str:
    return f"{invoice.buyer}" + (f", service {invoice.buyer_service}" if invoice.buyer_service else "")


def _amount(invoice: Invoice) -> str:
    amount = f"{invoice.payable_amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    return f"{amount} {invoice.currency}"


def tell_buyer_completed(*, invoice: Invoice, change: StatusChange, at: datetime) -> int:
    """Tell the recipient that a suspended invoice has been completed."""
    said = f"\n\nMessage du fournisseur : « {change.comment} »" if change.comment else ""
    body = (
        f"Bonjour,\n\nLa facture {invoice.number} ({invoice.seller}), que vous aviez suspendue, a été complétée.{said}"
        f"\n\nOuvrir la facture : {received_url(invoice)}" + _SIGNATURE
    )
    return _to_buyer(
        invoice=invoice,
        kind=COMPLETED_FOR_BUYER,
        subject=f"Facture {invoice.number}, {invoice.seller} : complétée",
        body=body,
        event=str(change.sequence),
        at=at,
    )


def _to_buyer(*, invoice: Invoice, kind: str, subject: str, body: str, event: str, at: datetime, told: str = "") -> int:
    assert invoice.buyer is not None  # noqa: S101 - a sent invoice has a recipient
    recipients = notice_addresses(structure=invoice.buyer)
    if invoice.buyer_service and invoice.buyer_service.email:
        recipients = sorted({*recipients, invoice.buyer_service.email})
    for recipient in recipients:
        post(
            kind=kind,
            about=told or about(invoice),
            recipient=recipient,
            subject=subject,
            body=body,
            event=event,
            at=at,
        )
    return len(recipients)
