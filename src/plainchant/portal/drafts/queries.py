"""Read entries and a structure's settings. Who sees an entry: who sees its invoice."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import issued_for
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure

from .models import Entry, InvoiceSettings


def entries_for(*, actor: Actor) -> QuerySet[Entry]:
    """The entries of the structures whose invoices the actor sees, sent ones too."""
    return Entry.objects.filter(invoice__in=issued_for(actor=actor, right=Right.SEE)).select_related(
        "invoice", "invoice__seller", "invoice__buyer", "invoice__buyer_service", "invoice__bank_account", "origin"
    )


def drafts_for(*, actor: Actor) -> QuerySet[Entry]:
    """Those that are not sent, the last touched first."""
    return entries_for(actor=actor).filter(invoice__status=Status.DRAFT).order_by("-invoice__updated_at")


def entry_of(*, invoice: Invoice) -> Entry | None:
    """The sheet behind an invoice, None for one that was handed in."""
    return Entry.objects.filter(invoice=invoice).select_related("invoice", "origin").first()


def settings_of(*, structure: Structure) -> InvoiceSettings | None:
    """What this structure's invoices always say, where it has told."""
    return InvoiceSettings.objects.filter(structure=structure).select_related("logo").first()


def successors_of(*, invoice: Invoice) -> QuerySet[Entry]:
    """What was begun from this invoice: its replacement, its credit notes; deleted drafts left out."""
    return (
        Entry.objects.filter(origin=invoice)
        .exclude(invoice__status=Status.DELETED)
        .select_related("invoice")
        .order_by("pk")
    )
