"""deposerFluxFacture: hand in a file of invoices. It is only received here; its report says what became of it."""

from __future__ import annotations

from datetime import date

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing, given_file
from plainchant.api.values import Base64File, Id
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.flows.operations import MAX_FLOW_BYTES, receive
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.lib.time import day_in_paris

MOST_NAME = 200


class DeposerFluxFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    fichierFlux: Base64File | None = None
    nomFichier: str = ""
    syntaxeFlux: str = ""
    avecSignature: bool | None = None


class WsRetourDeposerFluxFacture(Retour):
    numeroFluxDepot: str
    dateDepot: date
    syntaxeFlux: str


@operation(
    "/cpro/factures/v1/deposer/flux",
    permission=SEND_INVOICES,
    request=DeposerFluxFactureParam,
    response=WsRetourDeposerFluxFacture,
    success=Success.DONE,
    most=MAX_FLOW_BYTES // 3 * 4 + (1 << 20),
)
def deposer_flux(caller: Caller, asked: DeposerFluxFactureParam) -> WsRetourDeposerFluxFacture:
    """Hand in invoices: UBL, CII, Factur-X, or an archive of them. The same bytes sent again are the same flow."""
    assert caller.account is not None  # noqa: S101 - the operation needs one
    file = given_file(asked.fichierFlux, "fichierFlux")
    name = asked.nomFichier.strip()[:MOST_NAME]
    if not name:
        raise ValueMissing("nomFichier")
    flow = receive(
        structure=caller.account.structure,
        file=file.as_file(name),
        name=name,
        size=file.size,
        actor=caller.actor,
        at=caller.at,
        deposit_mode=DepositMode.FLOW_BY_PROGRAM,
        syntax=asked.syntaxeFlux,
    )
    declared = asked.syntaxeFlux.strip().upper()
    return WsRetourDeposerFluxFacture(
        numeroFluxDepot=flow.number,
        dateDepot=day_in_paris(flow.received_at),
        syntaxeFlux=declared if declared in SYNTAX_OF else flow.syntax,
    )
