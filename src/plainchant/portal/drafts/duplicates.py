"""What has been handed in before: the same bytes, or the same number of the same supplier, sent or still a draft."""

from __future__ import annotations

from dataclasses import dataclass

from plainchant.einvoice import wording
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.queries import issued_for
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right

from .models import Draft


@dataclass(frozen=True)
class EarlierInvoice:
    """An invoice of the same supplier that came before. ``is_same_document``: byte for byte, else the number alone."""

    invoice: Invoice
    is_same_document: bool

    @property
    def is_draft(self) -> bool:
        return self.invoice.status == Status.DRAFT


def in_words(known: EarlierInvoice) -> str:
    """What to tell of it."""
    sent = known.invoice.deposited_at
    if sent is not None:
        other = "Vous avez déjà envoyé une facture de ce numéro"
        what = "Vous l’avez déjà envoyée" if known.is_same_document else other
        return f"{what} le {wording.day(day_in_paris(sent))}."
    if known.is_same_document:
        return "Vous avez déjà un brouillon de ce document."
    return "Vous avez déjà un brouillon de ce numéro."


def same_document(*, content: str, actor: Actor) -> Invoice | None:
    """What these bytes (their SHA-256) have become before, among what the actor sees: a sent invoice, else a draft."""
    files = InvoiceFile.objects.filter(
        stored__sha256=content,
        role=InvoiceFile.Role.INVOICE,
        invoice__in=issued_for(actor=actor, right=Right.SEE_ISSUED),
    ).exclude(invoice__status=Status.DELETED)
    found = [file.invoice for file in files.select_related("invoice").order_by("pk")[:20]]
    return min(found, key=lambda invoice: invoice.status == Status.DRAFT) if found else None


def known_before(*, draft: Draft) -> EarlierInvoice | None:
    """An invoice of the draft's own supplier with the same document or the same number, one that was sent first."""
    invoice = draft.invoice
    others = Invoice.objects.filter(seller=invoice.seller_id).exclude(pk=invoice.pk).exclude(status=Status.DELETED)
    contents = InvoiceFile.objects.filter(invoice=invoice.pk, role=InvoiceFile.Role.INVOICE).values("stored__sha256")
    same = others.filter(files__role=InvoiceFile.Role.INVOICE, files__stored__sha256__in=contents)
    found = [EarlierInvoice(other, True) for other in same.order_by("pk")[:20]]
    if invoice.number:
        found += [EarlierInvoice(other, False) for other in others.filter(number=invoice.number).order_by("pk")[:20]]
    return min(found, key=lambda known: known.is_draft) if found else None
