"""traiterFacturesRejetees: a supplier notes that he has dealt with rejections."""

from __future__ import annotations

from typing import Annotated

from django.db import transaction
from msgspec import Meta

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, ReturnCode, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing
from plainchant.api.values import MOST_NAMED, Id
from plainchant.portal.invoices import rejections
from plainchant.portal.invoices.permissions import ANSWER_INVOICE, SEE_ISSUED_INVOICE

from .sides import invoice_of


class DemandePaiementRejetee(WireRequest):
    idDemandePaiement: Id | None = None


class TraiterFacturesRejeteesParam(WireRequest):
    listeDemandePaiement: Annotated[list[DemandePaiementRejetee], Meta(max_length=MOST_NAMED)] = []


class WsRetour(Retour):
    pass


@operation(
    "/cpro/factures/v1/traiterRejet",
    permission=ANSWER_INVOICE,
    request=TraiterFacturesRejeteesParam,
    response=WsRetour,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "GDP_MSG_11.001")},
    writes=True,
)
def traiter_rejet(caller: Caller, asked: TraiterFacturesRejeteesParam) -> WsRetour:
    """Note that rejections have been dealt with: all of them, or none where one cannot be."""
    if not asked.listeDemandePaiement:
        raise ValueMissing("listeDemandePaiement")
    name, permission = "idDemandePaiement", SEE_ISSUED_INVOICE
    with transaction.atomic():
        for each in asked.listeDemandePaiement:
            invoice = invoice_of(caller, each.idDemandePaiement, name=name, permission=permission)
            rejections.close(invoice=invoice, actor=caller.actor, at=caller.at)
    return WsRetour()
