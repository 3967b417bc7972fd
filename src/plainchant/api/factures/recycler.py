"""recyclerFacture: a supplier sends an invoice that was badly addressed to the right place."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, ReturnCode, Success, WireRequest, operation
from plainchant.api.values import Id, day
from plainchant.portal.drafts.after_sending import recycle_as_typed, routing_as_typed
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import MOVE_OF, Action, Status
from plainchant.portal.invoices.permissions import ANSWER_INVOICE, SEE_ISSUED_INVOICE

from .sides import invoice_of


class SoumettreFactureDestinataire(WireRequest):
    codeDestinataire: str = ""
    codeServiceExecutant: str = ""


class SoumettreFactureReferences(WireRequest):
    """Of an invoice that is sent again only numeroMarche and numeroBonCommande are read: nothing else may change."""

    deviseFacture: str = ""
    typeFacture: str = ""
    typeTva: str = ""
    motifExonerationTva: str = ""
    numeroMarche: str | None = None
    numeroBonCommande: str | None = None
    numeroFactureOrigine: str = ""
    modePaiement: str = ""


class RecyclerFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    identifiantFactureCPP: Id | None = None
    destinataire: SoumettreFactureDestinataire | None = None
    commentaire: str = ""
    reference: Annotated[SoumettreFactureReferences | None, also("references")] = None


class WsRetourRecyclerFacture(Retour):
    identifiantFactureCPP: int
    numeroFacture: str
    statutFacture: str
    dateDepot: date | None = None


@operation(
    "/cpro/factures/v1/recycler",
    permission=ANSWER_INVOICE,
    request=RecyclerFactureParam,
    response=WsRetourRecyclerFacture,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "GDP_MSG_11.001")},
    writes=True,
)
def recycler(caller: Caller, asked: RecyclerFactureParam) -> WsRetourRecyclerFacture:
    """Send an invoice again under its number, to another recipient or service, or with the right commitment."""
    invoice = invoice_of(
        caller, asked.identifiantFactureCPP, name="identifiantFactureCPP", permission=SEE_ISSUED_INVOICE
    )
    if invoice.status not in MOVE_OF[Action.RECYCLE].sources:
        raise StatusHasChanged(status=Status(invoice.status))
    typed = {**routing_as_typed(invoice=invoice), "comment": asked.commentaire}
    if asked.destinataire is not None and asked.destinataire.codeDestinataire:
        typed["buyer"] = asked.destinataire.codeDestinataire
        typed["buyer_service"] = asked.destinataire.codeServiceExecutant
    if asked.reference is not None:
        given = {"commitment": asked.reference.numeroBonCommande, "contract": asked.reference.numeroMarche}
        typed |= {name: value for name, value in given.items() if value is not None}
    recycle_as_typed(invoice=invoice, typed=typed, actor=caller.actor, at=caller.at)
    return WsRetourRecyclerFacture(
        identifiantFactureCPP=invoice.pk,
        numeroFacture=invoice.number,
        statutFacture=invoice.status,
        dateDepot=day(invoice.deposited_at),
    )
