"""Many invoices at once: what came in a flow is deposited, carried and announced in lots.

A lot is one transaction: one flush of the database's log for fifty invoices, and a handful of statements. What each
invoice's row, history and legal instants say is the same as if it had come alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction

from plainchant.einvoice.codes.cadres import ORDINARY
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header as Document
from plainchant.portal.lib.time import PARIS, day_in_paris
from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.models import StoredFile
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.reach import acting_for
from plainchant.shapes import to_json

from . import histories, notifications
from .lifecycle import (
    JUST_ARRIVED_IN_WORKS,
    MOVE_OF,
    TO_VALIDATE,
    VALIDATION_DAYS,
    WAY,
    Action,
    Move,
    Side,
    Status,
    sending,
)
from .listed import listed_columns
from .models import MAX_ACTOR_NAME, DepositMode, Invoice, InvoiceFile, StatusChange
from .moves import CARRY, move_lot
from .permissions import SEND_INVOICES
from .remarks import remarks_of


@dataclass(frozen=True, kw_only=True)
class LotFile:
    stored: StoredFile
    role: InvoiceFile.Role
    name: str
    part: int | None = None  # see InvoiceFile.part


@dataclass(frozen=True, kw_only=True)
class LotInvoice:
    """One invoice of a lot. ``values``: columns of the invoice by name.

    ``document`` and what was found of it are frozen with it; of ``findings``, what `remarks` keeps.
    """

    seller: Structure
    values: Mapping[str, Any]
    document: Document
    files: Sequence[LotFile]
    findings: Sequence[Finding] = ()


@transaction.atomic
def deposit_lot(*, lot: Sequence[LotInvoice], deposit_mode: DepositMode, actor: Actor, at: datetime) -> list[Invoice]:
    """Deposit invoices that are complete as they come, without a draft that anybody could see; in the lot's order.

    Their numbers have been looked at (`queries.numbers_taken`); IntegrityError when one was taken since, and then none
    is deposited. Their supplier is told by the mail of their flow. Raises NotAllowed unless the actor may send in the
    name of each supplier.
    """
    sellers = {entry.seller.pk: entry.seller for entry in lot}.values()
    for seller in sellers:
        require(actor, SEND_INVOICES, seller)
    actors = acting_for(actor=actor, structures=sellers, right=Right.SEND)
    invoices = Invoice.objects.bulk_create(
        Invoice(
            seller=entry.seller,
            status=sent.target,
            status_at=at,
            deposit_mode=deposit_mode,
            is_told_with_flow=sent.target is Status.DEPOSITED,  # what a validator answers is told when it comes
            document=to_json(entry.document),
            remarks=remarks_of(entry.findings),
            created_at=at,
            created_by=actor.account,
            updated_at=at,
            deposited_at=at,
            **listed_columns(Invoice(seller=entry.seller), entry.values),
        )
        for entry in lot
        for sent in [_sending(entry)]
    )
    lines = [
        StatusChange(
            invoice=invoice,
            action=action,
            from_status=source,
            to_status=target,
            at=at,
            party=Side.SELLER,
            actor=actor.author,
            actor_name=acting.name[:MAX_ACTOR_NAME],
            delegation_id=acting.behalf.delegation if acting.behalf else None,
        )
        for invoice, entry in zip(invoices, lot, strict=True)
        for acting in [actors[invoice.seller_id]]
        for action, source, target in _first_lines(entry)
    ]
    histories.add(lines, are_first=True)
    InvoiceFile.objects.bulk_create(
        InvoiceFile(
            invoice=invoice,
            stored=file.stored,
            role=file.role,
            part=file.part,
            name=file.name[:200],
            added_at=at,
            added_by=actor.account,
        )
        for invoice, entry in zip(invoices, lot, strict=True)
        for file in entry.files
    )
    leaving = [str(invoice.uid) for invoice in invoices if invoice.status == Status.DEPOSITED]
    if leaving:
        enqueue(task=CARRY, key=leaving[0], at=at, arguments={"uids": leaving})
    asked = [invoice for invoice in invoices if invoice.status in TO_VALIDATE]
    of_works = [invoice for invoice in invoices if invoice.status in JUST_ARRIVED_IN_WORKS]
    messages = notifications.tell_validator(invoices=asked, event="2", at=at)
    messages += notifications.tell_works(invoices=of_works, event="2", at=at)
    deliver_later(keys=messages, at=at)
    return invoices


def _sending(entry: LotInvoice) -> Move:
    return sending(cadre=entry.values.get("billing_framework", ORDINARY))


def _first_lines(entry: LotInvoice) -> tuple[tuple[Action, str, Status], ...]:
    sent = _sending(entry)
    return (Action.CREATE, "", Status.DRAFT), (sent.action, Status.DRAFT, sent.target)


@transaction.atomic
def carry_lot(*, uids: Sequence[str], at: datetime, messages: Sequence[str] = ()) -> None:
    """Hand those of these invoices that are on their way to their recipients, with one notice a recipient.

    What is written leaves together with ``messages``, those that told of the deposit.
    """
    columns = {"is_told_with_flow": False}
    moved = move_lot(uids=uids, moves=WAY, at=at, instant="made_available_at", columns=columns)
    if moved:
        at = moved[0][1].at  # the notices are of the move's instant too: a clock may have been put back
    written = [*messages, *notifications.tell_seller(moved=moved, at=at)]
    together: dict[tuple[int | None, int | None], list[tuple[Invoice, StatusChange]]] = {}
    for invoice, change in moved:
        together.setdefault((invoice.buyer_id, invoice.buyer_service_id), []).append((invoice, change))
    for group in together.values():
        invoices = [invoice for invoice, _ in group]
        notices = notifications.tell_buyer_available(invoices=invoices, event=str(group[0][1].sequence), at=at)
        if notices:
            keys = [invoice.pk for invoice in invoices]
            Invoice.objects.filter(pk__in=keys, notice_written_at__isnull=True).update(notice_written_at=at)
        written += notices
        written += notifications.tell_delegates_available(invoices=invoices, event=str(group[0][1].sequence), at=at)
    deliver_later(keys=written, at=at)


_MOST_SILENT = 50  # invoices in one transaction
_SILENCES = (MOVE_OF[Action.ACCEPT_SILENCE], MOVE_OF[Action.ACCEPT_SECOND_SILENCE])


def accept_silence(*, at: datetime) -> int:
    """Take the silence of validators for an agreement, once the fifteenth day in Paris is over; how many there were.

    The invoices go on to their recipients. Asked twice, it does nothing the second time.
    """
    first_day = day_in_paris(at) - timedelta(days=VALIDATION_DAYS)
    before = datetime.combine(first_day, time(), tzinfo=PARIS)
    return sum(_accept_silence(move, before, at) for move in _SILENCES)


def _accept_silence(move: Move, before: datetime, at: datetime) -> int:
    done = 0
    silent = Invoice.objects.filter(status__in=move.sources, status_at__lt=before).order_by("status_at", "pk")
    while True:
        with transaction.atomic():
            # Held until the end: a validator who answers at this moment is either before or too late.
            held = silent.select_for_update(of=("self",)).values_list("uid", flat=True)[:_MOST_SILENT]
            uids = [str(uid) for uid in held]
            if not uids:
                return done
            moved = move_lot(uids=uids, moves=[move], at=at)
            messages = notifications.tell_seller(moved=moved, at=at)
            enqueue(task=CARRY, key=uids[0], at=at, arguments={"uids": uids, "messages": messages})
            done += len(moved)
