"""Everything that people do to an invoice, and what becomes of its notice. The portal carries it, in `lots`.

Each operation opens its own transaction and writes, in it, the row, one history line, and the outbox rows. Two people
acting at once: the update names the status that was seen, one of them wins and the other is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from plainchant.einvoice import wording
from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header as Document
from plainchant.einvoice.model import HeaderParty as DocumentParty
from plainchant.portal.lib.errors import Refused
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.models import Message
from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import require
from plainchant.portal.rights.rights import Right
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import forget, register
from plainchant.portal.structures.models import Service, Structure
from plainchant.shapes import from_json, to_json

from . import histories, notifications, queries
from .errors import AmountNotPossible, NumberTaken, ReasonMissing, StatusHasChanged, StepNotUsed
from .lifecycle import MOVE_OF, Action, BuyersMove, Move, Side, Status, is_left_out, sending
from .listed import listed_columns, note_due_days
from .models import DepositMode, Event, Invoice, InvoiceFile, StatusChange
from .moves import acting_for_party, move_one, write_history
from .permissions import BEGIN_INVOICE, PREPARE_FILE, SEE_RECEIVED_INVOICE
from .reason_texts import filled
from .remarks import remarks_of
from .shares import require_draft_left
from .writing import DraftValue, refuse_unknown, write_file


@dataclass(frozen=True, kw_only=True)
class Routing:
    """Where an invoice goes: all that a recycling may change. The names are those of Invoice's columns."""

    buyer: Structure
    buyer_service: Service | None = None
    commitment: str = ""
    contract: str = ""


# -- Drafts -----------------------------------------------------------------------------------------------------


def create_draft(
    *,
    seller: Structure,
    deposit_mode: DepositMode,
    actor: Actor,
    at: datetime,
    values: Mapping[str, DraftValue] = MappingProxyType({}),
) -> Invoice:
    """A new draft of ``seller``, seen by nobody else; ``values`` are its columns. In the caller's transaction.

    Raises NotAllowed, QuotaReached.
    """
    refuse_unknown(values)
    require(actor, BEGIN_INVOICE, seller)
    require_draft_left(seller=seller, actor=actor)
    invoice = Invoice(
        seller=seller,
        status=Status.DRAFT,
        status_at=at,
        deposit_mode=deposit_mode,
        created_at=at,
        created_by=actor.account,
        updated_at=at,
    )
    for name, value in listed_columns(invoice, values).items():
        setattr(invoice, name, value)
    invoice.save(force_insert=True)
    write_history(
        invoice=invoice,
        action=Action.CREATE,
        source="",
        target=Status.DRAFT,
        party=Side.SELLER,
        actor=acting_for_party(actor=actor, invoice=invoice, party=Side.SELLER, right=Right.PREPARE),
        at=at,
        is_first=True,
    )
    return invoice


@transaction.atomic
def delete_draft(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Put a draft out of sight. Its row stays, so that its history does. Raises NotAllowed, StatusHasChanged."""
    move_one(invoice=invoice, move=MOVE_OF[Action.DELETE], actor=actor, at=at)


@transaction.atomic
def remove_file(*, file: InvoiceFile, actor: Actor, at: datetime) -> None:
    """Take an attachment off a draft. What has been sent is never removed. Raises NotAllowed, StatusHasChanged."""
    require(actor, PREPARE_FILE, file)
    invoice = Invoice.objects.select_for_update().get(pk=file.invoice_id)
    if invoice.status != Status.DRAFT or file.role == InvoiceFile.Role.INVOICE:
        raise StatusHasChanged(status=Status(invoice.status))
    Invoice.objects.filter(pk=invoice.pk).update(updated_at=at)
    file.delete()
    forget(stored=file.stored, at=at)


# -- The supplier -----------------------------------------------------------------------------------------------


def submit(
    *,
    invoice: Invoice,
    document: Document,
    values: Mapping[str, DraftValue],
    actor: Actor,
    at: datetime,
    findings: Sequence[Finding] = (),
) -> StatusChange:
    """Send a draft: from here on it is the buyer's too, or first its validator's, and its number is taken for ever.

    ``document`` is frozen with it, and of ``findings`` what `remarks` keeps; ``values`` are its columns. Raises
    NotAllowed, NumberTaken, StatusHasChanged. What must be in order has been checked by the
    caller (`drafts.operations.submit`).
    """
    refuse_unknown(values)
    try:
        with transaction.atomic():
            return move_one(
                invoice=invoice,
                move=sending(cadre=document.billing_framework),
                actor=actor,
                at=at,
                columns={
                    **listed_columns(invoice, values),
                    "document": to_json(document),
                    "remarks": remarks_of(findings),
                    "deposited_at": at,
                },
            )
    except IntegrityError as error:
        if "number" not in str(error):  # another constraint: not something a new number would mend
            raise
        raise number_taken(seller=invoice.seller, number=document.number) from error


def number_taken(*, seller: Structure, number: str) -> NumberTaken:
    """The refusal for a number that ``seller`` has used, with the day it was."""
    other = (
        Invoice.objects.filter(seller=seller, number=number)
        .exclude(status__in=[Status.DRAFT, Status.DELETED])
        .order_by("deposited_at")
        .first()
    )
    head = number.rstrip("0123456789")
    last = number[len(head) :] or "1"
    free = queries.free_number(seller=seller, head=head, after=int(last), width=len(last))
    when = f" le {wording.day(day_in_paris(other.deposited_at))}" if other and other.deposited_at else ""
    return NumberTaken(
        f"Le numéro {number} existe déjà : vous l’avez utilisé{when}. Chaque facture a un numéro à elle, "
        f"même après un rejet. Choisissez-en un autre, sur la facture aussi ; {free} est libre.",
        field="number",
    )


def party_of(*, structure: Structure, service_code: str = "") -> DocumentParty:
    """A structure as the canonical document names it."""
    return DocumentParty(
        name=structure.name,
        identifier=structure.identifier,
        identifier_scheme=structure.identifier_type,
        vat_identifier=structure.vat_number,
        address_line=structure.address_line,
        postcode=structure.postcode,
        city=structure.city,
        country=structure.country,
        service_code=service_code,
    )


@transaction.atomic
def recycle(*, invoice: Invoice, routing: Routing, comment: str, actor: Actor, at: datetime) -> StatusChange:
    """Send an invoice again, to the right place. Only its routing changes; number and amounts stay.

    A new recipient starts a new delay: the former one was never the debtor. A validator agreed to a payment by the
    former one: it is asked again. Raises NotAllowed, StatusHasChanged.
    """
    document = from_json(Document, invoice.document or {})
    service_code = routing.buyer_service.code if routing.buyer_service else ""
    buyer = party_of(structure=routing.buyer, service_code=service_code)
    rerouted = replace(
        document,
        buyer=buyer,
        purchase_order_reference=routing.commitment,
        contract_reference=routing.contract,
    )
    values = {
        "buyer": routing.buyer,
        "buyer_service": routing.buyer_service,
        "commitment": routing.commitment,
        "contract": routing.contract,
    }
    columns: dict[str, Any] = {**listed_columns(invoice, values), "document": to_json(rerouted)}
    action = Action.RECYCLE
    if routing.buyer.pk != invoice.buyer_id:
        former = ("made_available_at", "notice_written_at", "notified_at", "downloaded_at", "assigned_to")
        columns |= dict.fromkeys(former)
        if invoice.validator_id is not None:
            action = Action.ASK_VALIDATION_AGAIN
            columns["second_validator"] = None
    return move_one(invoice=invoice, move=MOVE_OF[action], actor=actor, at=at, comment=comment, columns=columns)


@transaction.atomic
def complete(
    *, invoice: Invoice, files: Sequence[StoredFile], comment: str, actor: Actor, at: datetime
) -> StatusChange:
    """Answer a suspension with documents or a word of explanation. ``files`` are kept and not yet registered.

    Raises NotAllowed, StatusHasChanged, ReasonMissing.
    """
    if not files and not comment.strip():
        raise ReasonMissing(
            "Joignez le document demandé, ou écrivez une réponse : l’acheteur doit trouver ce qu’il attendait.",
            code="answer_missing",
            field="comment",
        )
    change = move_one(invoice=invoice, move=MOVE_OF[Action.COMPLETE], actor=actor, at=at, comment=comment)
    register(kept=files)
    for stored in files:
        write_file(
            invoice=invoice,
            stored=stored,
            role=InvoiceFile.Role.COMPLEMENT,
            name=stored.name,
            user=actor.account,
            at=at,
        )
    notifications.tell_buyer_completed(invoice=invoice, change=change, at=at)
    return change


# -- The portal -------------------------------------------------------------------------------------------------


@transaction.atomic
def notify_late(*, invoice: Invoice, at: datetime) -> None:
    """Tell a recipient who had no address when the invoice arrived and has one now."""
    last = invoice.history.aggregate(last=Max("sequence"))["last"]
    _write_notice(invoice=invoice, event=f"late-{last}", at=at)


def _write_notice(*, invoice: Invoice, event: str, at: datetime) -> None:
    at = max(at, invoice.made_available_at or at)  # a notice of before would tell of nothing, see `record_notification`
    messages = notifications.tell_buyer_available(invoices=[invoice], event=event, at=at)
    if messages:
        deliver_later(keys=messages, at=at)
        Invoice.objects.filter(pk=invoice.pk, notice_written_at__isnull=True).update(notice_written_at=at)


def record_notification(*, message: Message, at: datetime) -> None:
    """Note that the recipient has been told: the legal start of the delay, for the first message that leaves.

    In the transaction that marks any message as sent: it may be the notice of no invoice, or of many. A notice
    that leaves after an invoice was sent back to another recipient counts for nothing.
    """
    invoices = Invoice.objects.filter(notices__message=message, made_available_at__lte=message.created_at)
    rows = list(invoices.select_for_update(of=("self",)).select_related("buyer").order_by("pk"))
    # Not before what it tells of: this machine's clock may be behind the other's, or have been put back.
    at = max(at, message.created_at)
    histories.add([Event(invoice=row, kind=Event.Kind.NOTIFIED, at=at, message=message) for row in rows])
    # The first to leave, not the first to be written down: two workers may hand on two messages at once.
    newly = [row for row in rows if row.notified_at is None or row.notified_at > at]
    is_first = all(row.notified_at is None and row.status != Status.SUSPENDED for row in newly)
    for row in newly:
        row.notified_at = at
    note_due_days(invoices=newly, first_told=is_first, notified_at=at)


# -- The recipient ----------------------------------------------------------------------------------------------


@transaction.atomic
def process(
    *,
    invoice: Invoice,
    action: Action,
    actor: Actor,
    at: datetime,
    reason_code: str = "",
    comment: str = "",
    payment_order: str = "",
    day: date | None = None,
    amount: Decimal | None = None,
) -> StatusChange:
    """What a recipient does with an invoice (« traiter »): any buyer's move of the lifecycle table.

    ``day``: on which it was paid, with the move that says so; that of the move itself where nothing is said.
    ``amount``: the part that is admitted, where the move asks for one. ``comment`` may have the fields of
    `reason_texts`. Raises NotAllowed (the move's row names the right), StatusHasChanged, ReasonMissing, StepNotUsed,
    AmountNotPossible, CommentTooLong.
    """
    move = MOVE_OF[action]
    if not isinstance(move, BuyersMove):
        raise ValueError(f"{action} is not the recipient's to do")
    if invoice.buyer and is_left_out(move, invoice.buyer.unused_steps):
        raise StepNotUsed(label=move.label)
    if move.needs_reason:
        reason_given(move=move, reason_code=reason_code, comment=comment)
    else:
        reason_code = ""
    columns: dict[str, Any] = {}
    if move.asks_amount:
        _look_at_part(invoice=invoice, amount=amount, comment=comment)
        columns = listed_columns(invoice, {"admitted_amount": amount})
    return move_one(
        invoice=invoice,
        move=move,
        actor=actor,
        at=at,
        reason_code=reason_code,
        comment=filled(comment, invoice=invoice),
        payment_order=payment_order if move.asks_payment_order else "",
        day=day if move.target is Status.PAID_OUT else None,
        amount=amount if move.asks_amount else None,
        columns=columns,
    )


def _look_at_part(*, invoice: Invoice, amount: Decimal | None, comment: str) -> None:
    asked = invoice.payable_amount
    if not invoice.kind.is_owed or asked is None:
        raise AmountNotPossible("Il n’y a rien à payer sur cette facture : aucune partie ne peut être admise.")
    if amount is None or not amount.is_finite() or not 0 < amount < asked or amount != round(amount, 2):
        raise AmountNotPossible(
            f"Donnez une somme plus grande que 0 et plus petite que {wording.money(asked, invoice.currency)}, "
            "au centime. "
            "Si vous admettez tout, choisissez « service fait » ; si vous n’admettez rien, rejetez ou suspendez.",
            field="amount",
        )
    if not comment.strip():
        raise ReasonMissing(
            "Dites en une phrase ce que vous contestez : le fournisseur doit pouvoir corriger ou répondre.",
            code="reason_unexplained",
            field="comment",
        )


def reason_given(*, move: Move, reason_code: str, comment: str) -> None:
    """Raises ReasonMissing unless the reason is one that the move may have, in a sentence where it says nothing."""
    if reason_code not in {reason.code for reason in reasons_for(move.action)}:
        raise ReasonMissing("Choisissez un motif : le fournisseur doit savoir quoi corriger.", field="reason_code")
    if reason_code == "AUTRE" and not comment.strip():
        raise ReasonMissing(
            "Expliquez en une phrase ce qui ne va pas : « Autre raison » seul n’aide personne.",
            code="reason_unexplained",
            field="comment",
        )


def process_many(
    *, invoices: Sequence[Invoice], action: Action, actor: Actor, at: datetime, **given: Any
) -> tuple[list[Invoice], list[tuple[Invoice, Refused]]]:
    """The same move with each of these invoices, each in a transaction of its own: those that made it, and the others.

    ``given``: what `process` takes besides.
    """
    moved, refused = [], []
    for invoice in invoices:
        try:
            process(invoice=invoice, action=action, actor=actor, at=at, **given)
            moved.append(invoice)
        except Refused as reason:
            refused.append((invoice, reason))
    return moved, refused


def record_download(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Note that the recipient has opened the document. Raises NotAllowed."""
    record_downloads(invoices=[invoice], actor=actor, at=at)


@transaction.atomic
def record_downloads(*, invoices: Sequence[Invoice], actor: Actor, at: datetime) -> None:
    """Note that the recipient has downloaded the documents of each of these. Raises NotAllowed: none is noted then."""
    keys = [invoice.pk for invoice in invoices]
    reached = set(SEE_RECEIVED_INVOICE.reached_by(actor).filter(pk__in=keys).values_list("pk", flat=True))
    for invoice in invoices:
        if invoice.pk not in reached:
            require(actor, SEE_RECEIVED_INVOICE, invoice)
    # Holds the invoices' rows, so that two downloads do not take the same number.
    list(Invoice.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    Invoice.objects.filter(pk__in=keys, downloaded_at__isnull=True).update(downloaded_at=at)
    histories.add(
        [Event(invoice=invoice, kind=Event.Kind.DOWNLOADED, at=at, actor=actor.author) for invoice in invoices]
    )
