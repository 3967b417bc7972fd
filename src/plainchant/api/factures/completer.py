"""completerFacture: a supplier answers a suspension, with documents or a word."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import Meta

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, ReturnCode, Success, WireRequest, operation
from plainchant.api.transverses.kept_documents import uploads_of
from plainchant.api.values import MOST_NAMED, Id
from plainchant.portal.drafts.after_sending import complete
from plainchant.portal.invoices.permissions import ANSWER_INVOICE, SEE_ISSUED_INVOICE
from plainchant.portal.lib.time import day_in_paris

from .sides import invoice_of


class PieceJointeComplementaire(WireRequest):
    pieceJointeComplementaireDesignation: str = ""
    pieceJointeComplementaireType: str = ""
    pieceJointeComplementaireNumeroLigneFacture: Id | None = None
    pieceJointeComplementaireId: Id | None = None
    pieceJointeComplementaireIdLiaison: Id | None = None


PiecesJointes = Annotated[list[PieceJointeComplementaire], Meta(max_length=MOST_NAMED)]


class CompleterFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    identifiantFactureCPP: Id | None = None
    pieceJointeComplementaire: PiecesJointes = []
    commentaire: str = ""


class WsRetourCompleterFacture(Retour):
    pageCourante: int
    pages: int
    nbResultatsParPage: int
    total: int
    identifiantFactureCPP: int
    numeroFacture: str
    dateTraitement: date


@operation(
    "/cpro/factures/v1/completer",
    permission=ANSWER_INVOICE,
    request=CompleterFactureParam,
    response=WsRetourCompleterFacture,
    success=Success.DONE,
    retours={"status_has_changed": ReturnCode(20002, "GDP_MSG_11.033")},
    writes=True,
)
def completer(caller: Caller, asked: CompleterFactureParam) -> WsRetourCompleterFacture:
    """Answer a suspension: with files that were added before (ajouter/fichier), a comment, or both."""
    invoice = invoice_of(
        caller, asked.identifiantFactureCPP, name="identifiantFactureCPP", permission=SEE_ISSUED_INVOICE
    )
    keys = [piece.pieceJointeComplementaireId for piece in asked.pieceJointeComplementaire]
    with uploads_of(caller, keys, seller=invoice.seller) as uploads:
        complete(invoice=invoice, uploads=uploads, comment=asked.commentaire, actor=caller.actor, at=caller.at)
    return WsRetourCompleterFacture(
        pageCourante=1,
        pages=1,
        nbResultatsParPage=1,
        total=1,
        identifiantFactureCPP=invoice.pk,
        numeroFacture=invoice.number,
        dateTraitement=day_in_paris(invoice.status_at),
    )
