"""What a ticket may be about, and where it stands, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    PAYMENT = "PAIEMENT"
    PROCESSING = "TRAITEMENT"
    ROUTING = "ADRESSAGE"
    ACCOUNT = "COMPTE"
    PORTAL = "PORTAIL"
    OTHER = "AUTRE"


SUBJECTS: Mapping[Subject, str] = {
    Subject.PAYMENT: "Le paiement d’une facture",
    Subject.PROCESSING: "Une facture suspendue, rejetée ou à corriger",
    Subject.ROUTING: "Un numéro d’engagement, ou un code service",
    Subject.ACCOUNT: "Mon compte, mes droits ou ma structure",
    Subject.PORTAL: "Quelque chose qui ne marche pas sur ce site",
    Subject.OTHER: "Autre chose",
}


class TicketState(StrEnum):
    """Whose turn it is. The lists of Chorus Pro are « Actions requises », « En cours », « Clôturés »."""

    OPEN = "EN_COURS"
    ANSWERED = "REPONDUE"
    ASKS_MORE = "ACTION_REQUISE"
    CLOSED = "CLOTUREE"


@dataclass(frozen=True)
class StateRow:
    """``shape`` is one of the shapes of statuses; the words are for whoever asked, and for whoever answers."""

    state: TicketState
    shape: str
    for_asker: str
    shape_for_desk: str
    for_desk: str


STATES: tuple[StateRow, ...] = (
    StateRow(TicketState.OPEN, "waiting", "Attend une réponse", "needs_you", "À répondre"),
    StateRow(TicketState.ANSWERED, "needs_you", "Une réponse est arrivée", "waiting", "Répondue"),
    StateRow(TicketState.ASKS_MORE, "needs_you", "On vous demande une précision", "waiting", "Attend une précision"),
    StateRow(TicketState.CLOSED, "stopped", "Clôturée", "stopped", "Clôturée"),
)
STATE_ROW: Mapping[TicketState, StateRow] = {row.state: row for row in STATES}


class Step(StrEnum):
    """What a message of the thread does."""

    ASKED = "DEMANDE"
    ADDED = "PRECISION"
    ANSWERED = "REPONSE"
    ASKED_MORE = "QUESTION"
    CLOSED = "CLOTURE"
    REOPENED = "REOUVERTURE"


STEP_WORDS: Mapping[Step, str] = {
    Step.ASKED: "a envoyé la demande",
    Step.ADDED: "a ajouté",
    Step.ANSWERED: "a répondu",
    Step.ASKED_MORE: "demande une précision",
    Step.CLOSED: "a clôturé la demande",
    Step.REOPENED: "a rouvert la demande",
}
