"""What validators do, and what a supplier does about a wrong one: three operations."""

from __future__ import annotations

from datetime import date

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, ReturnCode, Success, WireObject, WireRequest, operation
from plainchant.api.refusals import ValueMissing
from plainchant.api.structures.visible import visible_to
from plainchant.api.values import Id
from plainchant.portal.invoices import validation
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import HIDDEN_FROM, STATUSES, Action, Side, Status, moves_from
from plainchant.portal.invoices.permissions import (
    ANSWER_INVOICE,
    SEE_ISSUED_INVOICE,
    SEE_VALIDATION_INVOICE,
    VALIDATE_AS_SECOND,
    VALIDATE_INVOICE,
)
from plainchant.portal.lib.time import day_in_paris

from .sides import invoice_of
from .traiter_recue import reason_of

# The wire's verb → what the first or the second validator does, whoever is asked.
_ACTIONS: dict[str, tuple[Action, ...]] = {
    "VALIDATION": (Action.VALIDATE, Action.VALIDATE_SECOND),
    "REFUS": (Action.REFUSE, Action.REFUSE_SECOND),
    "REJET": (Action.REFUSE, Action.REFUSE_SECOND),
    "MISE_EN_RECYCLAGE": (Action.DISOWN, Action.DISOWN_SECOND),
}


class TraiterFactureAValiderParam(WireRequest):
    idFacture: Id | None = None
    action: str = ""
    typeValideur: str = ""
    idValideur: Id | None = None
    motifRefus: str = ""
    complementInfo: str = ""


class WsRetourTraiterFactureAValider(Retour):
    idFacture: int
    numeroFacture: str
    dateTraitement: date
    statutFacture: str


@operation(
    "/cpro/factures/v1/traiter/factureAValider",
    permission=VALIDATE_INVOICE,
    others=(VALIDATE_AS_SECOND,),
    request=TraiterFactureAValiderParam,
    response=WsRetourTraiterFactureAValider,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "")},
    writes=True,
)
def traiter_facture_a_valider(caller: Caller, asked: TraiterFactureAValiderParam) -> WsRetourTraiterFactureAValider:
    """Validate an invoice (VALIDATION; idValideur names the second validator), refuse it (REFUS), disown it."""
    invoice = invoice_of(caller, asked.idFacture, name="idFacture", permission=SEE_VALIDATION_INVOICE)
    wanted = _ACTIONS.get(asked.action.strip().upper())
    if wanted is None:
        raise ValueMissing("action")
    possible = moves_from(status=Status(invoice.status), party=Side.VALIDATOR)
    move = next((move for move in possible if move.action in wanted), None)
    if move is None:
        raise StatusHasChanged(status=Status(invoice.status))
    reason, words = reason_of(move, asked.motifRefus)
    change = validation.decide(
        invoice=invoice,
        action=move.action,
        actor=caller.actor,
        at=caller.at,
        reason_code=reason,
        comment=" ".join(part for part in (words, asked.complementInfo.strip()) if part),
        second=_identifier(caller, asked.idValideur),
    )
    return WsRetourTraiterFactureAValider(
        idFacture=invoice.pk,
        numeroFacture=invoice.number,
        dateTraitement=day_in_paris(change.at),
        statutFacture=invoice.status,
    )


class CorrigerValideurFactureParam(WireRequest):
    idFacture: Id | None = None
    idStructure: Id | None = None
    typeIdentifiantStructure: str = ""
    identifiantStructure: str = ""


class WsRetourCorrigerValideurFacture(Retour):
    idFacture: int


@operation(
    "/cpro/factures/v1/corriger/valideur/facture",
    permission=ANSWER_INVOICE,
    request=CorrigerValideurFactureParam,
    response=WsRetourCorrigerValideurFacture,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "GDP_MSG_11.001")},
    writes=True,
)
def corriger_valideur(caller: Caller, asked: CorrigerValideurFactureParam) -> WsRetourCorrigerValideurFacture:
    """Name another validator, where the one who was named said that it is not his to validate."""
    invoice = invoice_of(caller, asked.idFacture, name="idFacture", permission=SEE_ISSUED_INVOICE)
    siret = asked.identifiantStructure.strip() or _identifier(caller, asked.idStructure)
    if not siret:
        raise ValueMissing("identifiantStructure")
    validation.name_validator(invoice=invoice, siret=siret, comment="", actor=caller.actor, at=caller.at)
    return WsRetourCorrigerValideurFacture(idFacture=invoice.pk)


class RecupererStatutsParam(WireRequest):
    idUtilisateurCourant: Id | None = None


class StatutFacture(WireObject):
    codeStatutFacture: str


class WsRetourRecupererStatutsFactureVisiblesParValideur(Retour):
    listeStatutFacture: list[StatutFacture]


@operation(
    "/cpro/factures/v1/recuperer/statutsFactureVisibles/valideur",
    permission=SEE_VALIDATION_INVOICE,
    request=RecupererStatutsParam,
    response=WsRetourRecupererStatutsFactureVisiblesParValideur,
)
def recuperer_statuts_valideur(
    caller: Caller, asked: RecupererStatutsParam
) -> WsRetourRecupererStatutsFactureVisiblesParValideur:
    """The statuses in which a validator sees an invoice."""
    hidden = HIDDEN_FROM[Side.VALIDATOR]
    return WsRetourRecupererStatutsFactureVisiblesParValideur(
        listeStatutFacture=[StatutFacture(codeStatutFacture=row.status) for row in STATUSES if row.status not in hidden]
    )


def _identifier(caller: Caller, key: int | None) -> str:
    """Of the structure of this key, if the program may see it; another key is no identifier, and is refused as such."""
    if key is None:
        return ""
    return visible_to(caller).filter(pk=key).values_list("identifier", flat=True).first() or str(key)
