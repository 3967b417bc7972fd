"""The life of a simple invoice, as two tables. Nothing else in the program says what may follow what.

`docs/lifecycle.md` is printed from here. Codes are those of the Chorus Pro API, numbers those of its EDI (CPPStatut).
Plain Python: no Django, so that it can be read and tested alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    DRAFT = "BROUILLON"
    DELETED = "SUPPRIMEE"
    DEPOSITED = "DEPOSEE"
    FORWARDING = "EN_COURS_ACHEMINEMENT"
    AVAILABLE = "MISE_A_DISPOSITION"
    TO_RECYCLE = "A_RECYCLER"
    REJECTED = "REJETEE"
    SUSPENDED = "SUSPENDUE"
    SERVICE_DONE = "SERVICE_FAIT"
    ORDERED = "MANDATEE"
    AT_ACCOUNTANT = "MISE_A_DISPOSITION_COMPTABLE"
    ACCOUNTED = "COMPTABILISEE"
    PAID_OUT = "MISE_EN_PAIEMENT"
    COMPLETED = "COMPLETEE"


class Party(StrEnum):
    """Who acts."""

    SELLER = "seller"
    BUYER = "buyer"
    SYSTEM = "system"


class Mood(StrEnum):
    """What a status asks of the supplier: the five shapes of every screen."""

    WAITING = "waiting"
    NEEDS_YOU = "needs_you"
    MOVING = "moving"
    PAID = "paid"
    STOPPED = "stopped"


class Action(StrEnum):
    """A verb in the user's mouth."""

    CREATE = "create"
    DELETE = "delete"
    SUBMIT = "submit"
    FORWARD = "forward"
    MAKE_AVAILABLE = "make_available"
    SEND_BACK = "send_back"
    RECYCLE = "recycle"
    SUSPEND = "suspend"
    COMPLETE = "complete"
    REJECT = "reject"
    CONFIRM_SERVICE = "confirm_service"
    ORDER_PAYMENT = "order_payment"
    HAND_TO_ACCOUNTANT = "hand_to_accountant"
    ACCOUNT = "account"
    PAY_OUT = "pay_out"


@dataclass(frozen=True)
class StatusRow:
    """A status: its EDI number (None: never leaves the portal), its words, and whether the supplier gets a mail."""

    status: Status
    edi: str | None
    label: str
    mood: Mood
    to_seller: str  # one sentence for the supplier; {buyer} is filled in
    mails_seller: bool


@dataclass(frozen=True)
class Move:
    """One permitted change: who may do it, from where, and whether a reason must be given."""

    action: Action
    party: Party
    sources: frozenset[Status]
    target: Status
    needs_reason: bool
    label: str  # the button


_S = Status

STATUSES: tuple[StatusRow, ...] = (
    StatusRow(_S.DRAFT, None, "Brouillon", Mood.NEEDS_YOU, "Cette facture n’est pas envoyée : {buyer} ne la voit pas.", False),
    StatusRow(_S.DELETED, None, "Supprimée", Mood.STOPPED, "Ce brouillon a été supprimé.", False),
    StatusRow(_S.DEPOSITED, "01", "Déposée", Mood.MOVING, "Votre facture est déposée. Elle part vers {buyer}.", True),
    StatusRow(_S.FORWARDING, "02", "En cours d’acheminement", Mood.MOVING, "Votre facture est en route vers {buyer}.", False),
    StatusRow(_S.AVAILABLE, "03", "Mise à disposition", Mood.WAITING, "{buyer} a votre facture et peut la traiter.", True),
    StatusRow(_S.TO_RECYCLE, "04", "À recycler", Mood.NEEDS_YOU, "{buyer} vous demande de corriger l’adresse de la facture (destinataire, service ou engagement). Le numéro ne change pas.", True),
    StatusRow(_S.REJECTED, "05", "Rejetée", Mood.STOPPED, "{buyer} a refusé cette facture. Pour être payé, il faut en émettre une nouvelle, avec un nouveau numéro.", True),
    StatusRow(_S.SUSPENDED, "06", "Suspendue", Mood.NEEDS_YOU, "{buyer} attend un document ou une précision de votre part. Plus tôt vous répondez, plus tôt vous serez payé.", True),
    StatusRow(_S.COMPLETED, "12", "Complétée", Mood.WAITING, "{buyer} a reçu votre complément. La suite lui revient.", False),
    StatusRow(_S.SERVICE_DONE, "07", "Service fait", Mood.MOVING, "{buyer} confirme que la prestation a été faite.", True),
    StatusRow(_S.ORDERED, "08", "Mandatée", Mood.MOVING, "{buyer} a donné l’ordre de vous payer.", True),
    StatusRow(_S.AT_ACCOUNTANT, "09", "Mise à disposition du comptable", Mood.MOVING, "Le comptable public a reçu l’ordre de paiement.", True),
    StatusRow(_S.ACCOUNTED, "10", "Comptabilisée", Mood.MOVING, "Le comptable public a enregistré la facture.", True),
    StatusRow(_S.PAID_OUT, "11", "Mise en paiement", Mood.PAID, "Le paiement est parti. Il arrive sur votre compte sous quelques jours.", True),
)  # fmt: skip

_IN_BUYERS_HANDS = frozenset({_S.AVAILABLE, _S.COMPLETED})
_PROCESSING = (_S.SERVICE_DONE, _S.ORDERED, _S.AT_ACCOUNTANT, _S.ACCOUNTED)


def _before(status: Status) -> frozenset[Status]:
    """Where a processing step may be reached from: any step may be skipped, none taken back."""
    earlier = _PROCESSING[: _PROCESSING.index(status)] if status in _PROCESSING else _PROCESSING
    return _IN_BUYERS_HANDS | frozenset(earlier)


_SELLER, _BUYER, _SYSTEM = Party.SELLER, Party.BUYER, Party.SYSTEM

MOVES: tuple[Move, ...] = (
    Move(Action.DELETE, _SELLER, frozenset({_S.DRAFT}), _S.DELETED, False, "Supprimer le brouillon"),
    Move(Action.SUBMIT, _SELLER, frozenset({_S.DRAFT}), _S.DEPOSITED, False, "Confirmer et envoyer"),
    Move(Action.FORWARD, _SYSTEM, frozenset({_S.DEPOSITED}), _S.FORWARDING, False, "Acheminer"),
    Move(Action.MAKE_AVAILABLE, _SYSTEM, frozenset({_S.FORWARDING}), _S.AVAILABLE, False, "Mettre à disposition"),
    Move(Action.SEND_BACK, _BUYER, _IN_BUYERS_HANDS, _S.TO_RECYCLE, True, "À recycler : mal adressée"),
    Move(Action.SUSPEND, _BUYER, _IN_BUYERS_HANDS, _S.SUSPENDED, True, "Suspendre : il manque un document"),
    Move(Action.REJECT, _BUYER, _IN_BUYERS_HANDS, _S.REJECTED, True, "Rejeter définitivement"),
    Move(Action.RECYCLE, _SELLER, frozenset({_S.TO_RECYCLE}), _S.DEPOSITED, False, "Corriger l’adresse et renvoyer"),
    Move(Action.COMPLETE, _SELLER, frozenset({_S.SUSPENDED}), _S.COMPLETED, False, "Compléter et renvoyer"),
    Move(Action.CONFIRM_SERVICE, _BUYER, _before(_S.SERVICE_DONE), _S.SERVICE_DONE, False, "Service fait"),
    Move(Action.ORDER_PAYMENT, _BUYER, _before(_S.ORDERED), _S.ORDERED, False, "Mandater"),
    Move(Action.HAND_TO_ACCOUNTANT, _BUYER, _before(_S.AT_ACCOUNTANT), _S.AT_ACCOUNTANT, False, "Transmettre au comptable"),
    Move(Action.ACCOUNT, _BUYER, _before(_S.ACCOUNTED), _S.ACCOUNTED, False, "Comptabiliser"),
    Move(Action.PAY_OUT, _BUYER, _before(_S.PAID_OUT), _S.PAID_OUT, False, "Mettre en paiement"),
)  # fmt: skip

STATUS_ROWS: dict[Status, StatusRow] = {row.status: row for row in STATUSES}
MOVE_OF: dict[Action, Move] = {move.action: move for move in MOVES}

NOT_SENT = frozenset({_S.DRAFT, _S.DELETED})
FINAL = frozenset(s for s in Status if not any(s in move.sources for move in MOVES))
BUYER_MUST_ACT = _IN_BUYERS_HANDS
SELLER_MUST_ACT = frozenset(row.status for row in STATUSES if row.mood is Mood.NEEDS_YOU)


def moves_from(*, status: Status, party: Party) -> tuple[Move, ...]:
    """What ``party`` may do with an invoice in ``status``, in the table's order."""
    return tuple(move for move in MOVES if move.party is party and status in move.sources)
