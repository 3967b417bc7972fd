"""Who deals with an invoice among the people of its recipient: one of those who may process it, or nobody yet.

It gives no right and takes none. It counts for as long as that person may process the invoice by an attachment of
their own to the body, or to its service: whoever loses that has nothing assigned any more, at the next reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from plainchant.portal.accounts.models import User
from plainchant.portal.lib.errors import Refused
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import RIGHT_ROW, Right
from plainchant.portal.structures.models import Grant, Structure
from plainchant.portal.structures.reach import accepted_memberships, holders, reached, services_reached

from . import histories
from .models import Event, Invoice
from .permissions import PROCESS_INVOICE

_ROW = RIGHT_ROW[Right.PROCESS]


class NotAColleague(Refused):
    """Somebody who may not process an invoice is to deal with it."""

    code = "not_a_colleague"


class AssignedMeanwhile(Refused):
    """An invoice is no longer in the hands in which it was seen."""

    code = "assigned_meanwhile"


def is_assigned() -> Q:
    """Of invoices: in the hands of somebody who may process them today."""
    whole = holders(right=Right.PROCESS).filter(structure=OuterRef("buyer"), user=OuterRef("assigned_to"))
    of_service = Grant.objects.filter(
        service=OuterRef("buyer_service"),
        space=_ROW.space,
        mode__in=_ROW.modes,
        membership__in=accepted_memberships(),
        membership__user=OuterRef("assigned_to"),
    )
    return Q(Exists(whole) | Exists(of_service), assigned_to__isnull=False)


def with_assignees(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """``invoices``, each of which `assignee_of` may be asked without another query."""
    counts = ExpressionWrapper(is_assigned(), output_field=BooleanField())
    return invoices.select_related("assigned_to").annotate(has_assignee=counts)


def assignee_of(invoice: Invoice) -> User | None:
    """Who deals with one that was read by `with_assignees`."""
    return invoice.assigned_to if invoice.has_assignee else None  # type: ignore[attr-defined]  # annotated


def assignees(*, invoices: Sequence[Invoice]) -> dict[int, User]:
    """Who deals with each of these, by its key; those that nobody does are left out. One query, none for none."""
    keys = [invoice.pk for invoice in invoices if invoice.assigned_to_id is not None]
    if not keys:
        return {}
    rows = Invoice.objects.filter(is_assigned(), pk__in=keys).only("assigned_to").select_related("assigned_to")
    return {row.pk: row.assigned_to for row in rows if row.assigned_to is not None}


def colleagues(*, invoice: Invoice) -> QuerySet[User]:
    """Who may be given it: the people of its recipient who may process it, by name."""
    may = holders(right=Right.PROCESS, service=invoice.buyer_service).filter(structure=invoice.buyer)
    return User.objects.filter(memberships__in=may).distinct().order_by("last_name", "first_name", "pk")


def colleagues_of(*, actor: Actor, structure: Structure | None = None) -> QuerySet[User]:
    """Who may process anything of the bodies and services that the actor processes, of one body or of all."""
    whole = reached(actor=actor, right=Right.PROCESS)
    services = services_reached(actor=actor, right=Right.PROCESS)
    if structure is not None:
        whole, services = whole.filter(pk=structure.pk), services.filter(structure=structure)
    of_service = Grant.objects.filter(
        Q(service__structure__in=whole) | Q(service__in=services), space=_ROW.space, mode__in=_ROW.modes
    )
    over_whole = Q(pk__in=holders(right=Right.PROCESS).values("pk"))
    of_bodies = Q(structure__in=whole) | Q(structure__in=services.values("structure"))
    memberships = accepted_memberships().filter(over_whole & of_bodies | Q(pk__in=of_service.values("membership")))
    return User.objects.filter(pk__in=memberships.values("user")).order_by("last_name", "first_name", "pk")


@transaction.atomic
def assign(*, invoice: Invoice, to: User | None, seen: User | None, actor: Actor, at: datetime) -> None:
    """Have ``to`` deal with an invoice, or nobody. ``seen``: in whose hands the actor saw it. Again is nothing more.

    Raises NotAllowed, NotAColleague, AssignedMeanwhile.
    """
    held = _hold([invoice], actor)
    present = held.get(invoice.pk)
    if present != seen and present != to:
        whose = f"à {present}" if present else "à personne"
        raise AssignedMeanwhile(
            f"Entre-temps, cette facture a été attribuée {whose}. Si c’est toujours à vous de la traiter, recommencez."
        )
    _write([invoice], held, to, actor, at)


@transaction.atomic
def assign_many(*, invoices: Sequence[Invoice], to: User | None, actor: Actor, at: datetime) -> int:
    """The same with several, whoever deals with them now. How many have changed hands; all or none.

    Raises NotAllowed, NotAColleague.
    """
    return _write(invoices, _hold(invoices, actor), to, actor, at)


def _hold(invoices: Sequence[Invoice], actor: Actor) -> dict[int, User]:
    """Hold the rows of these; in whose hands each is now. Raises NotAllowed."""
    keys = [invoice.pk for invoice in invoices]
    rows = list(Invoice.objects.select_for_update().filter(pk__in=keys).only("assigned_to").order_by("pk"))
    may = set(PROCESS_INVOICE.reached_by(actor).filter(pk__in=keys).values_list("pk", flat=True))
    for invoice in invoices:
        if invoice.pk not in may:
            require(actor, PROCESS_INVOICE, invoice)
    return assignees(invoices=rows)


def _write(invoices: Sequence[Invoice], held: dict[int, User], to: User | None, actor: Actor, at: datetime) -> int:
    changing = [invoice for invoice in invoices if held.get(invoice.pk) != to]
    keys = [invoice.pk for invoice in changing]
    Invoice.objects.filter(pk__in=keys).update(assigned_to=to)
    if to is not None:
        theirs = set(Invoice.objects.filter(is_assigned(), pk__in=keys).values_list("pk", flat=True))
        if len(theirs) < len(set(keys)):
            not_theirs = ", ".join(invoice.number for invoice in changing if invoice.pk not in theirs)
            raise NotAColleague(
                f"{to} ne peut pas traiter {not_theirs} : demandez-en le droit au gestionnaire de la structure, ou "
                "choisissez quelqu’un d’autre.",
                field="to",
            )
    for invoice in changing:
        invoice.assigned_to = to
    histories.add(
        [
            Event(invoice=invoice, kind=Event.Kind.ASSIGNED, at=at, actor=actor.author, assignee=to)
            for invoice in changing
        ]
    )
    return len(changing)
