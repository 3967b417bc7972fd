"""Read drafts and a structure's settings. Who sees a draft: who sees its invoice."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from plainchant.portal.invoices.lifecycle import REFUSED, Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import (
    issued_for,
    needing_supplier,
    received_for,
    to_process,
    to_validate,
    works_to_do,
)
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.actor import Acting, Actor, acting
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure

from .fields import DraftSource
from .models import Draft, InvoiceSettings


def untouched() -> QuerySet[Draft]:
    """Sheets that were begun and in which nobody has typed anything: in no list, and without a number."""
    return Draft.objects.filter(source=DraftSource.SHEET, revision=0, origin__isnull=True, invoice__status=Status.DRAFT)


def begun(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """``invoices`` without the drafts in which nobody has typed."""
    return invoices.exclude(Exists(untouched().filter(invoice=OuterRef("pk"))))


def sheets_to_resume(*, issued: QuerySet[Invoice]) -> QuerySet[Draft]:
    """The sheets among these invoices that can be gone on with, the last touched first."""
    return (
        Draft.objects.filter(invoice__in=begun(issued), source=DraftSource.SHEET, invoice__status=Status.DRAFT)
        .select_related("invoice", "invoice__buyer")
        .order_by("-invoice__updated_at")
    )


MOST_COUNTED = 99
_NOT_TO_ANSWER = (Status.DRAFT, *REFUSED)


@dataclass(frozen=True, kw_only=True)
class Work:
    """How many invoices wait for somebody: to process, to answer, to finish, refused, to validate, of works.

    MOST_COUNTED + 1 where there are more.
    """

    to_process: int
    to_answer: int
    drafts: int
    refused: int = 0  # rejected, and not dealt with by the supplier
    to_validate: int = 0
    works: int = 0  # pieces of works that wait for their maître d'œuvre or maître d'ouvrage


def work_of(*, actor: Actor) -> Work:
    """What waits for the actor on both sides: the counts of the menu and of the first page, which stop early."""
    if actor.author is None:
        return Work(to_process=0, to_answer=0, drafts=0)
    who, key = acting(actor)
    return Work(**{kind: len(_waiting(kind, who, key=key)) for kind in _WAITING})


def _to_supplier(actor: Actor) -> QuerySet[Invoice]:
    return needing_supplier(issued=begun(issued_for(actor=actor, right=Right.SEE_ISSUED)))


_WAITING: dict[str, Callable[[Actor], QuerySet[Invoice]]] = {
    "to_process": lambda actor: to_process(received=received_for(actor=actor, right=Right.PROCESS)),
    "to_answer": lambda actor: _to_supplier(actor).exclude(status__in=_NOT_TO_ANSWER),
    "drafts": lambda actor: _to_supplier(actor).filter(status=Status.DRAFT),
    "refused": lambda actor: _to_supplier(actor).filter(status__in=REFUSED),
    "to_validate": lambda actor: to_validate(actor=actor),
    "works": lambda actor: works_to_do(actor=actor),
}


@written_once(Invoice)
def _waiting(kind: str, who: Acting, *, key: int) -> QuerySet[Invoice, int]:
    """Their keys. Every page asks this: written anew, it was a fifth of the time of one."""
    return _WAITING[kind](who.by(key)).order_by().values_list("pk", flat=True)[: MOST_COUNTED + 1]


def work_by_structure(*, actor: Actor, structures: Collection[Structure]) -> dict[int, Work]:
    """What waits for the actor, by the key of each of ``structures``: two queries, however many there are."""
    waiting = _to_supplier(actor)
    supplied = {
        row["seller"]: {name: row[name] for name in ("drafts", "to_answer", "refused")}
        for row in waiting.filter(seller__in=structures)
        .order_by()
        .values("seller")
        .annotate(
            drafts=Count("pk", filter=Q(status=Status.DRAFT)),
            to_answer=Count("pk", filter=~Q(status__in=_NOT_TO_ANSWER)),
            refused=Count("pk", filter=Q(status__in=REFUSED)),
        )
    }
    arrived = to_process(received=received_for(actor=actor, right=Right.PROCESS)).filter(buyer__in=structures)
    received = dict(arrived.order_by().values_list("buyer").annotate(count=Count("pk")))
    nothing = {"drafts": 0, "to_answer": 0, "refused": 0}
    return {
        structure.pk: Work(to_process=received.get(structure.pk, 0), **supplied.get(structure.pk, nothing))
        for structure in structures
    }


def draft_of(*, invoice: Invoice) -> Draft | None:
    """What an invoice was prepared from, None for one that came in a flow."""
    draft = Draft.objects.filter(invoice=invoice).select_related("origin").first()
    if draft is not None:
        draft.invoice = invoice
    return draft


def settings_of(*, structure: Structure) -> InvoiceSettings | None:
    """What this structure's invoices always say, where it has told."""
    return InvoiceSettings.objects.filter(structure=structure).select_related("logo").first()


def successors_of(*, invoice: Invoice) -> QuerySet[Draft]:
    """What was begun from this invoice: its replacement, its credit notes; deleted drafts left out."""
    return (
        Draft.objects.filter(origin=invoice)
        .exclude(invoice__status=Status.DELETED)
        .select_related("invoice")
        .order_by("pk")
    )
