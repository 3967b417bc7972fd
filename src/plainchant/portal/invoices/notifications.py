"""The mails about an invoice: what they say and to whom, written in the transaction of what they announce."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.mail.operations import post
from plainchant.portal.structures.queries import notice_addresses

from .lifecycle import STATUS_ROWS, Status
from .models import Invoice, StatusChange

AVAILABLE_TO_BUYER = "invoice_available"  # its sending is a legal event: it starts the payment delay
COMPLETED_FOR_BUYER = "invoice_completed"
STATUS_TO_SELLER = "invoice_status"

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
    """Tell the supplier's people what has become of their invoice."""
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


def tell_buyer_available(*, invoice: Invoice, event: str, at: datetime) -> int:
    """Tell the recipient that an invoice is available; to how many addresses. Its sending starts the delay."""
    amount = f"{invoice.payable_amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    body = (
        "Bonjour,\n\n"
        f"La facture {invoice.number} ({invoice.seller}) est à votre disposition sur Plainchant.\n\n"
        f"Destinataire : {invoice.buyer}"
        + (f", service {invoice.buyer_service}" if invoice.buyer_service else "")
        + (f", engagement {invoice.commitment}" if invoice.commitment else "")
        + f".\n\nMontant à payer : {amount} {invoice.currency}.\n\n"
        + _CLOCK_STARTS * (invoice.notified_at is None)
        + f"Ouvrir la facture : {received_url(invoice)}"
        + _SIGNATURE
    )
    return _to_buyer(
        invoice=invoice,
        kind=AVAILABLE_TO_BUYER,
        subject=f"Facture {invoice.number}, {invoice.seller} : à traiter",
        body=body,
        event=event,
        at=at,
    )


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


def _to_buyer(*, invoice: Invoice, kind: str, subject: str, body: str, event: str, at: datetime) -> int:
    assert invoice.buyer is not None  # noqa: S101 - a sent invoice has a recipient
    recipients = notice_addresses(structure=invoice.buyer)
    if invoice.buyer_service and invoice.buyer_service.email:
        recipients = sorted({*recipients, invoice.buyer_service.email})
    for recipient in recipients:
        post(
            kind=kind,
            about=about(invoice),
            recipient=recipient,
            subject=subject,
            body=body,
            event=event,
            at=at,
        )
    return len(recipients)
