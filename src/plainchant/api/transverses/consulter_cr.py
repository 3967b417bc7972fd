"""consulterCR: where a flow is, and its report as a PDF."""

from __future__ import annotations

from base64 import b64encode
from datetime import date

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.values import Instant, instant
from plainchant.portal.flows.permissions import SEE_FLOW
from plainchant.portal.flows.report_page import draw

from .flow_states import flow_of, state_of


class ConsulterCRParam(WireRequest):
    numeroFluxDepot: str = ""
    dateDepot: date | None = None
    syntaxeFlux: str = ""


class WsRetourConsulterCR(Retour):
    codeAppliPartenaire: str
    codeInterfaceFlux: str
    dateDepotFlux: Instant
    dateHeureEtatCourantFlux: Instant
    designationPartenaire: str
    etatCourantFlux: str
    nomFichierFlux: str
    numeroFluxDepot: str
    fichierCR: str | None = None


@operation(
    "/cpro/transverses/v1/consulterCR",
    permission=SEE_FLOW,
    request=ConsulterCRParam,
    response=WsRetourConsulterCR,
)
def consulter_cr(caller: Caller, asked: ConsulterCRParam) -> WsRetourConsulterCR:
    """Where a flow is; once it has ended, its report as a PDF. Date and syntax are not compared."""
    flow = flow_of(caller, asked.numeroFluxDepot)
    return WsRetourConsulterCR(
        codeAppliPartenaire="CPP001",
        codeInterfaceFlux=flow.interface,
        dateDepotFlux=instant(flow.received_at),
        dateHeureEtatCourantFlux=instant(flow.state_at),
        designationPartenaire=str(flow.structure),
        etatCourantFlux=state_of(flow),
        nomFichierFlux=flow.name,
        numeroFluxDepot=flow.number,
        fichierCR=b64encode(draw(flow=flow)).decode() if flow.is_ended else None,
    )
