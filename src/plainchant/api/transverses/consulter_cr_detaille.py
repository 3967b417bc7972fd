"""consulterCRDetaille: what is wrong with a flow, invoice by invoice."""

from __future__ import annotations

from typing import Any

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.values import Instant, instant
from plainchant.portal.flows.permissions import SEE_FLOW
from plainchant.portal.flows.report import as_object

from .flow_states import flow_of, state_of


class ConsulterCRDetailleParam(WireRequest):
    numeroFluxDepot: str = ""
    syntaxeFlux: str = ""


class ErreurDP(WireObject):
    identifiantDestinataire: str
    identifiantFournisseur: str
    libelleErreurDP: str
    numeroDP: str


class ErreurTechnique(WireObject):
    codeErreur: str
    libelleErreur: str
    natureErreur: str


class WsRetourConsulterCRDetaille(Retour):
    """``plainchant`` is the whole report (docs/flow-report.md): each finding by itself, and what was taken."""

    numeroFluxDepot: str
    codeInterfaceDepotFlux: str
    dateDepotFlux: Instant
    dateHeureEtatCourantFlux: Instant
    etatCourantDepotFlux: str
    nomFichier: str
    listeErreurDP: list[ErreurDP]
    listeErreurTechnique: list[ErreurTechnique]
    plainchant: dict[str, Any]


@operation(
    "/cpro/transverses/v1/consulterCRDetaille",
    permission=SEE_FLOW,
    request=ConsulterCRDetailleParam,
    response=WsRetourConsulterCRDetaille,
)
def consulter_cr_detaille(caller: Caller, asked: ConsulterCRDetailleParam) -> WsRetourConsulterCRDetaille:
    """What is wrong with a flow and with each of its invoices: the findings of an invoice are joined with « | »."""
    flow = flow_of(caller, asked.numeroFluxDepot)
    report = as_object(flow)
    by_invoice: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for finding in report["listeErreurDP"]:
        place = (finding["rang"], finding["numeroDP"], finding["identifiantFournisseur"])
        by_invoice.setdefault(place, []).append(finding)
    return WsRetourConsulterCRDetaille(
        numeroFluxDepot=flow.number,
        codeInterfaceDepotFlux=flow.interface,
        dateDepotFlux=instant(flow.received_at),
        dateHeureEtatCourantFlux=instant(flow.state_at),
        etatCourantDepotFlux=state_of(flow),
        nomFichier=flow.name,
        listeErreurDP=[
            ErreurDP(
                identifiantDestinataire=findings[0]["identifiantDestinataire"],
                identifiantFournisseur=findings[0]["identifiantFournisseur"],
                numeroDP=findings[0]["numeroDP"],
                libelleErreurDP="|".join(finding["libelleErreurDP"] for finding in findings),
            )
            for findings in by_invoice.values()
        ],
        listeErreurTechnique=[ErreurTechnique(**error) for error in report["listeErreurTechnique"]],
        plainchant=report,
    )
