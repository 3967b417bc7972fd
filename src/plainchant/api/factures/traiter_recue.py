"""traiterUneFactureRecue: a recipient changes the status of an invoice."""

from __future__ import annotations

from datetime import date

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, ReturnCode, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing
from plainchant.api.values import Id
from plainchant.einvoice.codes.reasons import reasons_for
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Move, Side, Status, moves_from
from plainchant.portal.invoices.operations import process
from plainchant.portal.invoices.permissions import PAY_INVOICE, PROCESS_INVOICE, SEE_RECEIVED_INVOICE
from plainchant.portal.lib.time import day_in_paris

from .sides import invoice_of

OTHER_REASON = "AUTRE"


class TraiterUneFactureRecueParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idFacture: Id | None = None
    nouveauStatut: str = ""
    motif: str = ""
    numeroDPMandat: str = ""


class WsRetourTraiterFacture(Retour):
    idFacture: int
    numeroFacture: str
    dateTraitement: date
    nouveauStatut: str


@operation(
    "/cpro/factures/v1/traiter/recue",
    permission=PROCESS_INVOICE,
    others=(PAY_INVOICE,),
    request=TraiterUneFactureRecueParam,
    response=WsRetourTraiterFacture,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "")},
    writes=True,
)
def traiter_recue(caller: Caller, asked: TraiterUneFactureRecueParam) -> WsRetourTraiterFacture:
    """Suspend a received invoice, send it back, reject it (a reason is wanted then), or bring it to its payment."""
    invoice = invoice_of(caller, asked.idFacture, name="idFacture", permission=SEE_RECEIVED_INVOICE)
    wanted = asked.nouveauStatut.strip().upper()
    if not wanted:
        raise ValueMissing("nouveauStatut")
    possible = moves_from(status=Status(invoice.status), party=Side.BUYER)
    move = next((move for move in possible if move.target == wanted and not getattr(move, "asks_amount", False)), None)
    if move is None:
        raise StatusHasChanged(status=Status(invoice.status))
    reason, comment = reason_of(move, asked.motif)
    change = process(
        invoice=invoice,
        action=move.action,
        actor=caller.actor,
        at=caller.at,
        reason_code=reason,
        comment=comment,
        payment_order=asked.numeroDPMandat,
    )
    return WsRetourTraiterFacture(
        idFacture=invoice.pk,
        numeroFacture=invoice.number,
        dateTraitement=day_in_paris(change.at),
        nouveauStatut=change.to_status,
    )


def reason_of(move: Move, text: str) -> tuple[str, str]:
    """The code and the words of a reason that came as one text: a code or a label of the list, or free words."""
    text = text.strip()
    if not move.needs_reason or not text:
        return "", text
    for reason in reasons_for(move.action):
        if text.casefold() in (reason.code.casefold(), reason.label.casefold()):
            return reason.code, ""
    return OTHER_REASON, text
