"""The life of a dossier of works: a piece is accepted by making the next one from it, refused, or sent elsewhere.

Who makes what from what is `einvoice.codes.works`; what may follow what, the lifecycle's. A piece is made and sent at
once: nobody has a draft of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from plainchant.einvoice.codes.works import WORKS_PIECE_OF, WorksActor, WorksPiece, made_from
from plainchant.einvoice.model import Header
from plainchant.portal.lib.time import day_in_paris
from plainchant.portal.mail.operations import deliver_later
from plainchant.portal.queue.operations import enqueue
from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import Permission, require
from plainchant.portal.store.models import StoredFile
from plainchant.portal.store.operations import register
from plainchant.portal.structures.models import Structure
from plainchant.shapes import from_json, to_json

from . import histories, notifications
from .errors import ReasonMissing, StatusHasChanged, TooEarly, WouldBeRefused
from .lifecycle import JUST_ARRIVED_IN_WORKS, MOVE_OF, REFUSED, Action, Move, Status, WorksMove, sending
from .listed import listed_columns
from .models import MAX_ACTOR_NAME, Invoice, InvoiceFile, StatusChange
from .moves import CARRY, acting_on_behalf, move_one
from .operations import number_taken, reason_given
from .permissions import permission_for
from .queries import numbers_taken, pieces_of
from .works_actors import actor_named
from .writing import write_file

_BY_MOE, _BY_MOA = (Action.SUBMIT_TO_MOE, Action.NAME_MOE), (Action.SUBMIT_TO_MOA, Action.NAME_MOA)


@dataclass(frozen=True, kw_only=True)
class NextPiece:
    """What whoever makes a piece of works says in it: the rest is as in the piece that it is made from.

    ``amounts``: HT, TVA, TTC and what is to be paid, as this actor finds them.
    """

    cadre: str
    number: str
    issue_date: date
    tax_exclusive_amount: Decimal
    tax_amount: Decimal
    tax_inclusive_amount: Decimal
    payable_amount: Decimal
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class NextChoice:
    """A piece that may be made from another, by whom, and from which day on: None where nobody has to be waited for."""

    piece: WorksPiece
    from_day: date | None


def choices_for(*, piece: Invoice, by: WorksActor) -> list[NextChoice]:
    """What ``by`` may make from ``piece`` as it stands."""
    status = Status(piece.status)
    rows = made_from(piece.billing_framework, by=by)
    return [
        NextChoice(piece=row, from_day=_first_day(piece, row) if row.after_days else None)
        for row in rows
        if status in _accepting(row).sources
    ]


def _accepting(row: WorksPiece) -> Move:
    """The move by which the piece that ``row`` is made from is done with."""
    if row.replaces:
        return MOVE_OF[Action.REPLACE_BY_TACIT]
    return MOVE_OF[_ACCEPTING[row.made_by]]


_ACCEPTING = {
    WorksActor.SUPPLIER: Action.ASSOCIATE_AS_SELLER,
    WorksActor.MOE: Action.ASSOCIATE_AS_MOE,
    WorksActor.MOA: Action.ASSOCIATE_AS_MOA,
}


def _first_day(piece: Invoice, row: WorksPiece) -> date:
    """From which day on the others have been silent for long enough: since the dossier's first piece, or this one."""
    since = piece.first_piece if row.replaces and piece.first_piece is not None else piece
    return day_in_paris(since.deposited_at or since.created_at) + timedelta(days=row.after_days + 1)


def header_of_next(*, piece: Invoice, new: NextPiece) -> Header:
    """The document of a piece that is made from ``piece``."""
    return replace(
        from_json(Header, piece.document or {}),
        number=new.number,
        issue_date=new.issue_date,
        billing_framework=new.cadre,
        note=new.comment,
        tax_exclusive_amount=new.tax_exclusive_amount,
        tax_amount=new.tax_amount,
        tax_inclusive_amount=new.tax_inclusive_amount,
        payable_amount=new.payable_amount,
        prepaid_amount=None,
        rounding_amount=None,
    )


@transaction.atomic
def decide(
    *, piece: Invoice, action: Action, actor: Actor, at: datetime, reason_code: str = "", comment: str = ""
) -> StatusChange:
    """What a maître d'œuvre or a maître d'ouvrage does with a piece, but for making the next one.

    Raises NotAllowed, StatusHasChanged, ReasonMissing.
    """
    move = MOVE_OF[action]
    if not isinstance(move, WorksMove) or not move.question:
        raise ValueError(f"{action} is not decided")
    require(actor, permission_for(move), piece)
    if move.needs_reason:
        reason_given(move=move, reason_code=reason_code, comment=comment)
    code = reason_code if move.needs_reason else ""
    change = move_one(invoice=piece, move=move, actor=actor, at=at, reason_code=code, comment=comment)
    if move.target in REFUSED:
        _tell_maker(piece, change, at)
    return change


@transaction.atomic
def refuse_general(*, piece: Invoice, comment: str, actor: Actor, at: datetime) -> StatusChange:
    """The supplier does not accept the general account that it was sent. Raises NotAllowed, StatusHasChanged."""
    change = move_one(invoice=piece, move=MOVE_OF[Action.REFUSE_GENERAL], actor=actor, at=at, comment=comment)
    _tell_maker(piece, change, at)
    return change


def maker_of(*, piece: Invoice) -> Structure | None:
    """Who made a piece of works."""
    made_by = WORKS_PIECE_OF[piece.billing_framework].made_by
    return {WorksActor.MOE: piece.moe, WorksActor.MOA: piece.moa}.get(made_by, piece.seller)


def _tell_maker(piece: Invoice, change: StatusChange, at: datetime) -> None:
    maker = maker_of(piece=piece)
    if maker is not None and maker.pk != piece.seller_id:  # who is mailed of every status
        notifications.tell_maker(invoice=piece, maker=maker, change=change, at=at)


@transaction.atomic
def name_actor(*, piece: Invoice, action: Action, siret: str, comment: str, actor: Actor, at: datetime) -> StatusChange:
    """The supplier names another maître d'œuvre or maître d'ouvrage, in all pieces of the dossier.

    ``siret`` as it was typed. The former one sees nothing of the dossier from now on. Raises NotAllowed,
    StatusHasChanged, WouldBeRefused.
    """
    move = MOVE_OF[action]
    who = WorksActor.MOE if action is Action.NAME_MOE else WorksActor.MOA
    former = piece.moe if who is WorksActor.MOE else piece.moa
    require(actor, permission_for(move), piece)
    others = [former] if former is not None else []
    structure, findings = actor_named(siret, part=who, seller=piece.seller, others=others)
    if findings or structure is None:
        raise WouldBeRefused(findings=findings)
    change = move_one(invoice=piece, move=move, actor=actor, at=at, comment=comment, columns={who.value: structure})
    keys = [other.pk for other in pieces_of(piece=piece)]
    Invoice.objects.filter(pk__in=keys).update(**{who.value: structure})
    return change


@transaction.atomic
def make_next(
    *,
    piece: Invoice,
    new: NextPiece,
    files: Sequence[StoredFile],
    actor: Actor,
    at: datetime,
    document: StoredFile | None = None,
) -> Invoice:
    """Accept ``piece`` by making the next one from it, which is sent at once to who acts next; the new one.

    ``files`` and ``document`` are kept and not yet registered. The documents of the piece go with the new one, so that
    the payer has them all. Raises NotAllowed, StatusHasChanged, TooEarly, NumberTaken. What is typed has been checked
    by the caller (`drafts.next_piece`).
    """
    row = WORKS_PIECE_OF[new.cadre]
    accepting, sent = _accepting(row), sending(cadre=new.cadre)
    require(actor, permission_for(accepting), piece)
    if piece.billing_framework not in row.answers:
        raise StatusHasChanged(status=Status(piece.status))
    if row.after_days and day_in_paris(at) < (first_day := _first_day(piece, row)):
        raise TooEarly(first_day=first_day)
    if numbers_taken(wanted=[(piece.seller_id, new.number)]):
        raise number_taken(seller=piece.seller, number=new.number)
    move_one(invoice=piece, move=accepting, actor=actor, at=at, comment=f"{row.name} {new.number}")
    at = max(at, piece.status_at)
    try:
        with transaction.atomic():
            made = _made(piece, row, new, actor, at)
    except IntegrityError as error:
        if "number" not in str(error):
            raise
        raise number_taken(seller=piece.seller, number=new.number) from error
    by = acting_on_behalf(actor=actor, move=accepting, invoice=piece)
    histories.add(
        [
            StatusChange(
                invoice=made,
                action=action,
                from_status=source,
                to_status=target,
                at=at,
                party=accepting.party,
                actor=actor.author,
                actor_name=by.name[:MAX_ACTOR_NAME],
                delegation_id=by.behalf.delegation if by.behalf else None,
            )
            for action, source, target in (
                (Action.CREATE, "", Status.DRAFT),
                (sent.action, Status.DRAFT, sent.target),
            )
        ],
        are_first=True,
    )
    _attach(piece, made, document, files, actor, at)
    if made.status == Status.DEPOSITED:
        enqueue(task=CARRY, key=str(made.uid), at=at, arguments={"uids": [str(made.uid)]})
    messages = notifications.tell_works(
        invoices=[made] if made.status in JUST_ARRIVED_IN_WORKS else [], event="2", at=at
    )
    if made.status == Status.AT_SELLER:
        last = made.history.order_by("sequence").last()
        messages += notifications.tell_seller(moved=[(made, last)] if last else [], at=at)
    deliver_later(keys=messages, at=at)
    return made


def _made(piece: Invoice, row: WorksPiece, new: NextPiece, actor: Actor, at: datetime) -> Invoice:
    columns = {
        "buyer": piece.buyer,
        "buyer_service": piece.buyer_service,
        "bank_account": piece.bank_account,
        "number": new.number,
        "type_code": piece.type_code,
        "issue_date": new.issue_date,
        "currency": piece.currency,
        "billing_framework": row.code,
        "vat_regime": piece.vat_regime,
        "commitment": piece.commitment,
        "contract": piece.contract,
        "comment": new.comment,
        "tax_exclusive_amount": new.tax_exclusive_amount,
        "tax_amount": new.tax_amount,
        "tax_inclusive_amount": new.tax_inclusive_amount,
        "payable_amount": new.payable_amount,
        "moe": piece.moe,
        "moa": piece.moa,
    }
    return Invoice.objects.create(
        seller=piece.seller,
        status=sending(cadre=row.code).target,
        status_at=at,
        deposit_mode=piece.deposit_mode,
        document=to_json(header_of_next(piece=piece, new=new)),
        created_at=at,
        created_by=actor.account,
        updated_at=at,
        deposited_at=at,
        made_from=piece,
        first_piece=piece.first_piece or piece,
        first_received_at=piece.first_received_at or _received(piece),
        **listed_columns(Invoice(seller=piece.seller), columns),
    )


def _received(piece: Invoice) -> datetime | None:
    """Since when the first to examine a dossier, the right one, has had its first piece."""
    lines = piece.history.filter(action__in=_BY_MOE if piece.moe_id else _BY_MOA)
    last = lines.order_by("sequence").last()
    return last.at if last else None


def _attach(
    piece: Invoice, made: Invoice, document: StoredFile | None, files: Sequence[StoredFile], actor: Actor, at: datetime
) -> None:
    added = [*([document] if document else []), *files]
    register(kept=added)
    before = InvoiceFile.objects.filter(invoice=piece).select_related("stored", "legible").order_by("role", "id")
    role = InvoiceFile.Role
    rows = [(stored, role.INVOICE if stored is document else role.COMPLEMENT, stored.name, "") for stored in added]
    rows += [(file.page, role.COMPLEMENT, file.name, file.designation or _of_piece(piece, file)) for file in before]
    InvoiceFile.objects.bulk_create(
        InvoiceFile(
            invoice=made,
            stored=stored,
            role=as_role,
            name=name[:200],
            designation=designation[:100],
            added_at=at,
            added_by=actor.account,
        )
        for stored, as_role, name, designation in rows
    )


def _of_piece(piece: Invoice, file: InvoiceFile) -> str:
    return piece.title if file.role == InvoiceFile.Role.INVOICE else ""


def permission_to_make(*, piece: Invoice, cadre: str) -> Permission:
    """What is asked of who makes that piece from this one. Raises StatusHasChanged where it cannot be made from it."""
    row = WORKS_PIECE_OF.get(cadre)
    if row is None or piece.billing_framework not in row.answers or row.goes_to is None:
        raise StatusHasChanged(status=Status(piece.status))
    return permission_for(_accepting(row))


@transaction.atomic
def complete(*, piece: Invoice, files: Sequence[StoredFile], comment: str, actor: Actor, at: datetime) -> StatusChange:
    """The supplier answers a maître d'œuvre who asked for more; it has the piece again. ``files`` as in `make_next`.

    Raises NotAllowed, StatusHasChanged, ReasonMissing.
    """
    if not files and not comment.strip():
        raise ReasonMissing(
            "Joignez le document demandé, ou écrivez une réponse : le maître d’œuvre doit trouver ce qu’il attendait.",
            code="answer_missing",
            field="comment",
        )
    change = move_one(invoice=piece, move=MOVE_OF[Action.COMPLETE_FOR_MOE], actor=actor, at=at, comment=comment)
    _attach_more(piece, files, actor, at)
    return change


def _attach_more(piece: Invoice, files: Sequence[StoredFile], actor: Actor, at: datetime) -> None:
    register(kept=files)
    role = InvoiceFile.Role.COMPLEMENT
    for stored in files:
        write_file(invoice=piece, stored=stored, role=role, name=stored.name, user=actor.account, at=at)
