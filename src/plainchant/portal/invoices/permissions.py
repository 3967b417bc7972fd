"""Who may see, prepare, send and answer an invoice for its supplier, and see, process and pay it for its recipient."""

from __future__ import annotations

from collections.abc import Mapping

from plainchant.portal.rights.actor import Actor
from plainchant.portal.rights.permissions import Permission, may
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from . import queries
from .lifecycle import Move, Side, Status, ValidatorsMove, WorksMove, is_left_out, moves_about, moves_from
from .models import Invoice

SEE_ISSUED_INVOICE = Permission(
    name="SEE_ISSUED_INVOICE",
    right=Right.SEE_ISSUED,
    sentence="People who follow the invoices that a structure sends see them, drafts included.",
    scope=queries.issued_for,
)
SEE_ISSUED_FILE = Permission(
    name="SEE_ISSUED_FILE",
    right=Right.SEE_ISSUED,
    sentence="People who follow the invoices that a structure sends open their documents.",
    scope=queries.issued_files_for,
)
BEGIN_INVOICE = Permission(
    name="BEGIN_INVOICE",
    right=Right.PREPARE,
    sentence="People who prepare the invoices of a structure begin one in its name.",
    scope=reached,
)
PREPARE_INVOICE = Permission(
    name="PREPARE_INVOICE",
    right=Right.PREPARE,
    sentence="People who prepare the invoices of the supplier change a draft, add documents to it, delete it.",
    scope=queries.issued_for,
)
PREPARE_FILE = Permission(
    name="PREPARE_FILE",
    right=Right.PREPARE,
    sentence="People who prepare the invoices of the supplier take a document off a draft.",
    scope=queries.issued_files_for,
)
SEND_INVOICE = Permission(
    name="SEND_INVOICE",
    right=Right.SEND,
    sentence="People who send the invoices of the supplier send a draft.",
    scope=queries.issued_for,
)
SEND_INVOICES = Permission(
    name="SEND_INVOICES",
    right=Right.SEND,
    sentence="People who send the invoices of a structure hand in many at once; those of other suppliers in the same "
    "file are taken only where they may send in these suppliers' names too.",
    scope=reached,
)
ANSWER_INVOICE = Permission(
    name="ANSWER_INVOICE",
    right=Right.ANSWER,
    sentence="People who answer for the supplier complete a suspended invoice, and correct the address of one that "
    "was sent back.",
    scope=queries.issued_for,
)
CHASE_PAYMENT = Permission(
    name="CHASE_PAYMENT",
    right=Right.ANSWER,
    sentence="People who answer for the supplier note when an invoice was paid, remind its recipient of it, and claim "
    "what is owed for lateness.",
    scope=queries.issued_for,
)
SHARE_CALENDAR = Permission(
    name="SHARE_CALENDAR",
    sentence="Anyone with an open account reads which payments their suppliers expect, and makes or ends the secret "
    "address at which their calendar reads them too.",
)
READ_CALENDAR = Permission(
    name="READ_CALENDAR",
    sentence="Whoever has the secret address of a person's calendar reads it, until its owner ends it.",
    anonymous=True,
)
SEE_RECEIVED_INVOICE = Permission(
    name="SEE_RECEIVED_INVOICE",
    right=Right.SEE_RECEIVED,
    sentence="People who follow the invoices that a body, or one of its services, receives see one once it has been "
    "made available to it.",
    scope=queries.received_for,
)
SEE_RECEIVED_FILE = Permission(
    name="SEE_RECEIVED_FILE",
    right=Right.SEE_RECEIVED,
    sentence="People who follow the invoices that a body, or one of its services, receives open the documents of "
    "those made available to it.",
    scope=queries.received_files_for,
)
PROCESS_INVOICE = Permission(
    name="PROCESS_INVOICE",
    right=Right.PROCESS,
    sentence="People who process the invoices of the recipient, or of the service, suspend one, send it back, reject "
    "it, confirm that the work was done, or say which of them deals with it.",
    scope=queries.received_for,
)
PAY_INVOICE = Permission(
    name="PAY_INVOICE",
    right=Right.PAY,
    sentence="People who pay the invoices of the recipient, or of the service, order the payment, hand the invoice to "
    "the accountant, record it, and tell that it has been paid out.",
    scope=queries.received_for,
)
SEE_VALIDATION_INVOICE = Permission(
    name="SEE_VALIDATION_INVOICE",
    right=Right.SEE_VALIDATION,
    sentence="People who follow what a structure has to validate see the invoices that name it, until they name "
    "another.",
    scope=queries.validated_for,
)
SEE_VALIDATION_FILE = Permission(
    name="SEE_VALIDATION_FILE",
    right=Right.SEE_VALIDATION,
    sentence="People who follow what a structure has to validate open the documents of the invoices that name it.",
    scope=queries.validated_files_for,
)
VALIDATE_INVOICE = Permission(
    name="VALIDATE_INVOICE",
    right=Right.VALIDATE,
    sentence="People who validate for the first validator of an invoice validate it, refuse it, say that it is not "
    "theirs, and name the second validator.",
    scope=queries.as_first_validator,
)
VALIDATE_AS_SECOND = Permission(
    name="VALIDATE_AS_SECOND",
    right=Right.VALIDATE,
    sentence="People who validate for the second validator of an invoice, once it has been asked, validate it, refuse "
    "it, or say that it is not theirs.",
    scope=queries.as_second_validator,
)

SEE_WORKS_PIECE = Permission(
    name="SEE_WORKS_PIECE",
    right=Right.SEE_WORKS,
    sentence="People who follow the works of a structure see the pieces that name it as maître d'œuvre or maître "
    "d'ouvrage, until another is named.",
    scope=queries.works_for,
)
SEE_WORKS_FILE = Permission(
    name="SEE_WORKS_FILE",
    right=Right.SEE_WORKS,
    sentence="People who follow the works of a structure open the documents of the pieces that name it.",
    scope=queries.works_files_for,
)
WORK_AS_MOE = Permission(
    name="WORK_AS_MOE",
    right=Right.WORK,
    sentence="People who act for the maître d'œuvre of a piece of works make the next piece from it, refuse it, ask "
    "for more, or say that it is not theirs.",
    scope=queries.works_as_moe,
)
WORK_AS_MOA = Permission(
    name="WORK_AS_MOA",
    right=Right.WORK,
    sentence="People who act for the maître d'ouvrage of a piece of works make the next piece from it, refuse it, or "
    "say that it is not theirs.",
    scope=queries.works_as_moa,
)

# The right that a move of the lifecycle table names → the permission that is asked before the move is made.
PERMISSION_FOR: Mapping[Right, Permission] = {
    Right.PREPARE: PREPARE_INVOICE,
    Right.SEND: SEND_INVOICE,
    Right.ANSWER: ANSWER_INVOICE,
    Right.PROCESS: PROCESS_INVOICE,
    Right.PAY: PAY_INVOICE,
    Right.VALIDATE: VALIDATE_INVOICE,
    Right.WORK: WORK_AS_MOE,
}


def permission_for(move: Move) -> Permission:
    """What is asked before the move is made. ValueError for one of the portal's own."""
    if move.right is None:
        raise ValueError(f"nobody asks for {move.action}: the portal does it")
    if isinstance(move, WorksMove) and move.of_moa:
        return WORK_AS_MOA
    return VALIDATE_AS_SECOND if isinstance(move, ValidatorsMove) and move.of_second else PERMISSION_FOR[move.right]


def moves_for(*, actor: Actor, invoice: Invoice, side: Side) -> list[Move]:
    """What the actor may do with an invoice as it stands, on one side of it, in the lifecycle table's order."""
    unused = invoice.buyer.unused_steps if side is Side.BUYER and invoice.buyer else ""
    possible = moves_about(cadre=invoice.billing_framework, moves=moves_from(status=Status(invoice.status), party=side))
    moves = [move for move in possible if not is_left_out(move, unused)]
    asked = {permission_for(move) for move in moves if move.right is not None}
    held = {permission for permission in asked if may(actor, permission, invoice)}
    possible = [move for move in moves if invoice.kind.is_owed or not getattr(move, "asks_amount", False)]
    return [move for move in possible if move.right is not None and permission_for(move) in held]
