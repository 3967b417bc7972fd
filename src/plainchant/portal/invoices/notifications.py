"""The mails about an invoice: what they say and to whom, written in the transaction of what they announce."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings

from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.portal.accounts.mails import SIGNATURE
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import OutboxMail, post_all, write
from plainchant.portal.mail.strangers import named
from plainchant.portal.notices.queries import told_of_issued, told_of_received

from .kinds import counted
from .lifecycle import STATUS_ROWS, URGENT_TO_SELLER, Status
from .models import Invoice, Notice, StatusChange

AVAILABLE_TO_BUYER = "invoice_available"  # its sending is a legal event: it starts the payment delay
COMPLETED_FOR_BUYER = "invoice_completed"
STATUS_TO_SELLER = "invoice_status"

_CLOCK_STARTS = "Le délai de paiement court à compter de ce message (code de la commande publique, art. R2192-15).\n\n"
_SIGNATURE = f"\n\n{SIGNATURE}"


def issued_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/factures/{invoice.uid}/"


def received_url(invoice: Invoice) -> str:
    return f"{settings.PUBLIC_URL}/recues/{invoice.uid}/"


def tell_seller(*, moved: Sequence[tuple[Invoice, StatusChange]], at: datetime) -> list[str]:
    """Write to the suppliers' people what has become of their invoices; the messages, to be delivered by the caller.

    One mail tells them of a whole flow, when it ends: five hundred « déposée » would hide the one that matters.
    """
    return write(mails=[mail for invoice, change in moved for mail in _to_seller(invoice, change)], at=at)


def _to_seller(invoice: Invoice, change: StatusChange) -> Iterator[OutboxMail]:
    if invoice.is_told_with_flow:
        return
    row = STATUS_ROWS[Status(change.to_status)]
    if not row.mails_seller or invoice.buyer is None:
        return
    kind = invoice.kind
    lines = [row.sentence(kind=kind, buyer=named(invoice.buyer))]
    if change.reason_code:
        lines.append(f"Motif : {REASON_OF[change.reason_code].label}.")
    if change.comment and change.party == "buyer":
        lines.append(f"Message de {named(change.actor_name)} : {named(change.comment)}")
    if change.reason_code:
        lines.append(f"Que faire : {REASON_OF[change.reason_code].mend}")
    lines.append(f"Suivre {kind.words['this']} : {issued_url(invoice)}")
    body = "Bonjour,\n\n" + "\n\n".join(lines) + _SIGNATURE
    for recipient in told_of_issued(structure=invoice.seller, is_urgent=row.status in URGENT_TO_SELLER):
        yield OutboxMail(
            kind=STATUS_TO_SELLER,
            recipient=recipient,
            subject=f"{invoice.title} : {kind.agreed(row.label.lower())}",
            body=body,
            event=f"{invoice.uid}:{change.sequence}",
        )


def tell_buyer_available(*, invoices: Sequence[Invoice], event: str, at: datetime) -> list[str]:
    """Write to a recipient, in one message, that invoices are available; the messages, one an address, to be delivered
    by the caller. This starts the delay.

    The invoices are for one body and one service; a `Notice` says which ones each message tells of.
    """
    subject, body = _of_one(invoices[0]) if len(invoices) == 1 else _of_several(invoices)
    mails = _to_buyer(invoice=invoices[0], kind=AVAILABLE_TO_BUYER, subject=subject, body=body, event=event)
    keys = write(mails=mails, at=at)
    messages = Message.objects.filter(dedup_key__in=keys)
    Notice.objects.bulk_create(
        [Notice(message=message, invoice=invoice) for message in messages for invoice in invoices],
        ignore_conflicts=True,
    )
    return keys


def _of_one(invoice: Invoice) -> tuple[str, str]:
    """Subject and body."""
    kind = invoice.kind
    body = (
        "Bonjour,\n\n"
        f"{kind.words['The']} {invoice.number} ({named(invoice.seller)}) est à votre disposition sur Plainchant.\n\n"
        f"Destinataire : {_recipient(invoice)}"
        + (f", engagement {invoice.commitment}" if invoice.commitment else "")
        + f".\n\n{kind.claim.label} : {_amount(invoice)}.\n\n"
        + (_CLOCK_STARTS * (invoice.notified_at is None) if kind.is_owed else f"{kind.claim.why}\n\n")
        + f"Ouvrir {kind.words['the']} : {received_url(invoice)}"
        + _SIGNATURE
    )
    return f"{invoice.title}, {named(invoice.seller)} : à traiter", body


def _of_several(invoices: Sequence[Invoice]) -> tuple[str, str]:
    sellers = {invoice.seller_id: named(invoice.seller) for invoice in invoices}
    rows = [
        f"- {invoice.title}, {named(invoice.seller)} : {_amount(invoice)} {invoice.kind.claim.label.lower()}"
        + (f", engagement {invoice.commitment}" if invoice.commitment else "")
        + f"\n  {received_url(invoice)}"
        for invoice in invoices
    ]
    body = (
        f"Bonjour,\n\n{how_many(invoices)} sont à votre disposition sur Plainchant.\n\n"
        f"Destinataire : {_recipient(invoices[0])}.\n\n" + _clock_of_several(invoices) + "\n".join(rows) + _SIGNATURE
    )
    from_whom = next(iter(sellers.values())) if len(sellers) == 1 else f"{len(sellers)} fournisseurs"
    return f"{how_many(invoices)} à traiter, {from_whom}", body


def received_in_a_line(invoice: Invoice, *, with_service: bool = False) -> str:
    """What a recipient reads of one invoice among others."""
    line = f"{invoice.title}, {named(invoice.seller)} : {_amount(invoice)} {invoice.kind.claim.label.lower()}"
    line += f", service {named(invoice.buyer_service)}" if with_service and invoice.buyer_service else ""
    return line + (f", engagement {invoice.commitment}" if invoice.commitment else "")


def how_many(invoices: Sequence[Invoice]) -> str:
    """« 2 factures et 1 avoir »."""
    notes = sum(invoice.is_credit_note for invoice in invoices)
    return counted(invoices=len(invoices) - notes, credit_notes=notes)


def _clock_of_several(invoices: Sequence[Invoice]) -> str:
    owed = [invoice for invoice in invoices if invoice.kind.is_owed]
    if not owed:
        return "Rien n’est à payer et aucun délai de paiement ne court.\n\n"
    which = "de chacune" if len(owed) == len(invoices) else "de ce qui est à payer"
    return _CLOCK_STARTS.replace("Le délai de paiement", f"Le délai de paiement {which}")


def _recipient(invoice: Invoice) -> str:
    return named(invoice.buyer) + (f", service {named(invoice.buyer_service)}" if invoice.buyer_service else "")


def _amount(invoice: Invoice) -> str:
    amount = f"{invoice.kind.amount:,.2f}".replace(",", "\u202f").replace(".", ",")
    return f"{amount} {invoice.currency}"


def tell_buyer_completed(*, invoice: Invoice, change: StatusChange, at: datetime) -> None:
    """Tell the recipient that a suspended invoice has been completed."""
    message = f"\n\nMessage du fournisseur : {named(change.comment)}" if change.comment else ""
    words = invoice.kind.words
    body = (
        f"Bonjour,\n\n{words['The']} {invoice.number} ({named(invoice.seller)}), que vous aviez suspendu{words['e']}, "
        f"a été complété{words['e']}."
        f"{message}"
        f"\n\nOuvrir {words['the']} : {received_url(invoice)}" + _SIGNATURE
    )
    mails = _to_buyer(
        invoice=invoice,
        kind=COMPLETED_FOR_BUYER,
        subject=f"{invoice.title}, {named(invoice.seller)} : complété{words['e']}",
        body=body,
        event=str(change.sequence),
    )
    post_all(mails=mails, at=at)


def _to_buyer(*, invoice: Invoice, kind: str, subject: str, body: str, event: str) -> list[OutboxMail]:
    """One for each address of the recipient that is told at once."""
    assert invoice.buyer is not None  # noqa: S101 - a sent invoice has a recipient
    return [
        OutboxMail(kind=kind, event=f"{invoice.uid}:{event}", recipient=recipient, subject=subject, body=body)
        for recipient in told_of_received(structure=invoice.buyer, service=invoice.buyer_service)
    ]
