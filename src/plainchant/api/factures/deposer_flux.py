"""deposerFluxFacture: hand in a file of invoices. It is only received here; its report says what became of it."""

from __future__ import annotations

from datetime import date

from plainchant.api.callers import Caller
from plainchant.api.operation import MIB, Retour, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing, given_file
from plainchant.api.values import Base64File, Id
from plainchant.einvoice.codes.attachments import MAX_FOLDER_BYTES
from plainchant.portal.flows.declaration import SYNTAX_OF
from plainchant.portal.flows.operations import FlowRefused, receive
from plainchant.portal.invoices.models import DepositMode
from plainchant.portal.invoices.permissions import SEND_INVOICES
from plainchant.portal.lib.time import day_in_paris

MOST_NAME = 200
MOST = MAX_FOLDER_BYTES  # what one invoice and its documents may weigh; more at once goes through the page


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
    most=(MOST + 10 * MIB) // 3 * 4,  # a little more is read, so that it has its codeRetour
    writes=True,
    keeps=1,
)
def deposer_flux(caller: Caller, asked: DeposerFluxFactureParam) -> WsRetourDeposerFluxFacture:
    """Hand in invoices: UBL, CII, Factur-X, or an archive of them. The same bytes sent again are the same flow."""
    file = given_file(asked.fichierFlux, "fichierFlux")
    name = asked.nomFichier.strip()[:MOST_NAME]
    if not name:
        raise ValueMissing("nomFichier")
    if file.size > MOST:
        sentence = f"Ce flux dépasse {MOST >> 20} Mo. Répartissez vos factures en plusieurs envois."
        raise FlowRefused(sentence, code="IRR_TAILLE_F", field="fichierFlux")
    flow = receive(
        structure=caller.own_account.structure,
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
