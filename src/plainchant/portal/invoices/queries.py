"""Read invoices. The two scopes decide who sees what: the supplier's side, and the recipient's side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from plainchant.einvoice.chorus import MAX_NUMBER
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import goes_by_keys
from plainchant.portal.rights.rights import Right, Space
from plainchant.portal.structures.models import Delegation, Grant, Structure
from plainchant.portal.structures.reach import accepted_memberships, holders, reached, services_reached

from .lifecycle import (
    BUYER_MUST_ACT,
    FIRST_MUST_ACT,
    HIDDEN_FROM,
    MOA_MUST_ACT,
    MOE_MUST_ACT,
    NOT_SENT,
    REFUSED,
    SECOND_MUST_ACT,
    SELLER_MUST_ACT,
    Move,
    Side,
    Status,
)
from .models import DepositMode, Invoice, InvoiceFile, StatusChange

# What each side sees of its own: a draft, and an invoice still on its way, are the supplier's alone.
IN_SIDE: dict[Side, Q] = {
    Side.SELLER: ~Q(status__in=HIDDEN_FROM[Side.SELLER]),
    Side.BUYER: Q(made_available_at__isnull=False) & ~Q(status__in=HIDDEN_FROM[Side.BUYER]),
    Side.VALIDATOR: ~Q(status__in=HIDDEN_FROM[Side.VALIDATOR]),
    Side.WORKS: ~Q(status__in=HIDDEN_FROM[Side.WORKS]),
}
_LOOKED_BACK = 200  # invoices: whoever sends more to one recipient finds it by its name
_TO_READ_A_REJECTION = timedelta(days=7)


@goes_by_keys(Invoice)
def issued_for(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every invoice, drafts included, of the suppliers over which the actor has this right."""
    issued = Invoice.objects.filter(IN_SIDE[Side.SELLER], seller__in=reached(actor=actor, right=right))
    return issued.select_related("seller", "buyer", "buyer_service")


@goes_by_keys(Invoice)
def received_for(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every invoice that has reached a recipient, or a service of one, over which the actor has this right."""
    to_them = Q(buyer__in=reached(actor=actor, right=right)) | Q(
        buyer_service__in=services_reached(actor=actor, right=right)
    )
    return Invoice.objects.filter(IN_SIDE[Side.BUYER] & to_them).select_related("seller", "buyer", "buyer_service")


@goes_by_keys(Invoice)
def validated_for(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every invoice that names as a validator, first or second, a structure over which the actor has this right."""
    return as_first_validator(actor=actor, right=right) | as_second_validator(actor=actor, right=right)


@goes_by_keys(Invoice)
def as_first_validator(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every invoice whose first validator is a structure over which the actor has this right."""
    return _validated(Q(validator__in=reached(actor=actor, right=right)))


@goes_by_keys(Invoice)
def as_second_validator(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every invoice whose second validator, once asked, is a structure over which the actor has this right."""
    return _validated(Q(second_validator__in=reached(actor=actor, right=right)))


def _validated(by_them: Q) -> QuerySet[Invoice]:
    sides = ("seller", "buyer", "buyer_service", "validator", "second_validator")
    return Invoice.objects.filter(IN_SIDE[Side.VALIDATOR] & by_them).select_related(*sides)


def to_validate(*, actor: Actor) -> QuerySet[Invoice]:
    """What waits for the say of the actor's structures: the oldest first, whose fifteen days end first."""
    structures = reached(actor=actor, right=Right.VALIDATE)
    return Invoice.objects.filter(waiting_for_say(structures)).order_by("status_at", "id")


def waiting_for_say(structures: Iterable[int] | QuerySet[Structure]) -> Q:
    """Of invoices: the say of one of these structures, or keys of structures, is waited for."""
    return Q(validator__in=structures, status__in=FIRST_MUST_ACT) | Q(
        second_validator__in=structures, status__in=SECOND_MUST_ACT
    )


@goes_by_keys(Invoice)
def works_for(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every piece of works, once sent, that names a structure over which the actor has this right, as MOE or as MOA."""
    return works_as_moe(actor=actor, right=right) | works_as_moa(actor=actor, right=right)


@goes_by_keys(Invoice)
def works_as_moe(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every piece of works whose maître d'œuvre is a structure over which the actor has this right."""
    return _of_works(Q(moe__in=reached(actor=actor, right=right)))


@goes_by_keys(Invoice)
def works_as_moa(*, actor: Actor, right: Right) -> QuerySet[Invoice]:
    """Every piece of works whose maître d'ouvrage is a structure over which the actor has this right."""
    return _of_works(Q(moa__in=reached(actor=actor, right=right)))


def _of_works(by_them: Q) -> QuerySet[Invoice]:
    return Invoice.objects.filter(IN_SIDE[Side.WORKS] & by_them).select_related(
        "seller", "buyer", "buyer_service", "moe", "moa"
    )


@goes_by_keys(InvoiceFile)
def works_files_for(*, actor: Actor, right: Right) -> QuerySet[InvoiceFile]:
    """The documents of the pieces of works that name the actor's structures, the piece itself first."""
    return _files_of(works_for(actor=actor, right=right))


def works_to_do(*, actor: Actor) -> QuerySet[Invoice]:
    """The pieces of works that wait for the actor's structures: the oldest first."""
    return Invoice.objects.filter(waiting_in_works(reached(actor=actor, right=Right.WORK))).order_by("status_at", "id")


def waiting_in_works(structures: Iterable[int] | QuerySet[Structure]) -> Q:
    """Of pieces of works: they wait for one of these structures, or keys of structures."""
    return Q(moe__in=structures, status__in=MOE_MUST_ACT) | Q(moa__in=structures, status__in=MOA_MUST_ACT)


def pieces_of(*, piece: Invoice) -> QuerySet[Invoice]:
    """All pieces of the dossier of works that ``piece`` is in, in the order in which they were made."""
    first = piece.first_piece_id or piece.pk
    sent = Invoice.objects.filter(Q(pk=first) | Q(first_piece=first)).exclude(status__in=NOT_SENT)
    return sent.select_related("seller", "buyer", "moe", "moa").order_by("deposited_at", "id")


def last_dossier(*, seller: Structure, buyer: Structure, contract: str) -> Invoice | None:
    """The first piece of the last dossier of works of that contract: who was named then is named again."""
    if not contract:
        return None
    of_contract = Invoice.objects.filter(seller=seller, buyer=buyer, contract=contract, moa__isnull=False)
    sent = of_contract.exclude(status__in=NOT_SENT).filter(first_piece__isnull=True)
    return sent.select_related("moe", "moa").order_by("-deposited_at", "-id").first()


@goes_by_keys(InvoiceFile)
def validated_files_for(*, actor: Actor, right: Right) -> QuerySet[InvoiceFile]:
    """The documents of those that name the actor's structures as validators, the invoice itself first."""
    return _files_of(validated_for(actor=actor, right=right))


@goes_by_keys(InvoiceFile)
def issued_files_for(*, actor: Actor, right: Right) -> QuerySet[InvoiceFile]:
    """The documents of those that the actor's suppliers issued, the invoice itself first."""
    return _files_of(issued_for(actor=actor, right=right))


@goes_by_keys(InvoiceFile)
def received_files_for(*, actor: Actor, right: Right) -> QuerySet[InvoiceFile]:
    """The documents of those that the actor's public bodies received, the invoice itself first."""
    return _files_of(received_for(actor=actor, right=right))


def to_process(*, received: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The recipient's work list (« à traiter »): oldest notification first."""
    return received.filter(status__in=BUYER_MUST_ACT).order_by("made_available_at", "id")


def made_before(*, move: Move, invoices: Iterable[Invoice]) -> set[int]:
    """The keys of those with which their present recipient has made this move before."""
    lines = StatusChange.objects.filter(invoice__in=[invoice.pk for invoice in invoices], action=move.action)
    return set(lines.filter(at__gte=F("invoice__made_available_at")).values_list("invoice", flat=True))


def rejection_is_open() -> Q:
    """Rejected, and its supplier has not dealt with it, see `rejections`."""
    return Q(status__in=REFUSED, rejection_closed_at__isnull=True)


def refused_for_long(*, issued: QuerySet[Invoice], at: datetime) -> QuerySet[Invoice]:
    """Those rejected of which nothing has become since the days that Chorus Pro gives to read a rejection."""
    return issued.filter(rejection_is_open(), status_at__lt=at - _TO_READ_A_REJECTION)


def needing_supplier(*, issued: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """The supplier's work list: drafts, suspended invoices, invoices to re-route."""
    return issued.filter(Q(status__in=SELLER_MUST_ACT) | rejection_is_open()).order_by("-status_at")


def done_by_delegation(*, delegation: Delegation, actor: Actor) -> QuerySet[StatusChange]:
    """What was done by a delegation, of the invoices that the actor sees; the newest first."""
    issued = issued_for(actor=actor, right=Right.SEE_ISSUED).order_by().values("pk")
    received = received_for(actor=actor, right=Right.SEE_RECEIVED).order_by().values("pk")
    return (
        StatusChange.objects.filter(Q(invoice__in=issued) | Q(invoice__in=received), delegation=delegation)
        .select_related("invoice", "invoice__draft")
        .order_by("-at", "-pk")
    )


def _files_of(invoices: QuerySet[Invoice]) -> QuerySet[InvoiceFile]:
    return InvoiceFile.objects.filter(invoice__in=invoices).select_related("stored", "invoice").order_by("role", "id")


def numbers_taken(*, wanted: Iterable[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (seller's key, number) that a sent invoice has."""
    wanted = set(wanted)
    found = (
        Invoice.objects.filter(seller__in={seller for seller, _ in wanted}, number__in={number for _, number in wanted})
        .exclude(status__in=NOT_SENT)
        .values_list("seller", "number")
    )
    return wanted.intersection(found)


def free_number(*, seller: Structure, head: str, after: int, width: int) -> str:
    """The first number of a series that no invoice of ``seller`` bears: ``head``, then ``after`` + 1, and so on.

    The draft of a document holds the number that is printed on it. One that is typed here holds none: it takes its
    number when it is sent, so that what is never sent leaves no hole. A number that would be too long loses what it
    begins with.
    """
    entered = (DepositMode.ENTRY, DepositMode.ENTRY_BY_PROGRAM)
    not_sent = Invoice.objects.filter(status=Status.DRAFT, deposit_mode__in=entered)
    borne = Invoice.objects.filter(seller=seller).exclude(status=Status.DELETED).exclude(pk__in=not_sent)
    while True:
        # A few at a time: a supplier may have used a hundred thousand of the series.
        candidates = [f"{head}{place:0{width}d}"[-MAX_NUMBER:] for place in range(after + 1, after + 101)]
        used = set(borne.filter(number__in=candidates).values_list("number", flat=True))
        free = next((candidate for candidate in candidates if candidate not in used), None)
        if free is not None:
            return free
        after += len(candidates)


def recent_buyers(*, seller: Structure) -> list[int]:
    """Keys of those whom ``seller`` invoiced lately, the last first."""
    sent = Invoice.objects.filter(seller=seller, buyer__isnull=False).exclude(status__in=NOT_SENT)
    return list(dict.fromkeys(sent.order_by("-status_at").values_list("buyer", flat=True)[:_LOOKED_BACK]))


def without_notice(*, before: datetime) -> QuerySet[Invoice]:
    """Invoices in the hands of a recipient who had nobody to tell when they arrived and has somebody now."""
    people = holders(right=Right.SEE_RECEIVED).filter(structure=OuterRef("buyer"))
    of_service = Grant.objects.filter(
        service=OuterRef("buyer_service"), space=Space.RECEIVED, membership__in=accepted_memberships()
    )
    return (
        Invoice.objects.filter(
            Exists(people) | Exists(of_service) | Q(buyer__email__gt="") | Q(buyer_service__email__gt=""),
            status__in=BUYER_MUST_ACT,
            notice_written_at__isnull=True,
            made_available_at__lt=before,
        )
        .select_related("seller", "buyer", "buyer_service")
        .order_by("made_available_at")
    )
