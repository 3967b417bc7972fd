"""telechargerPieceJointe: the documents of one kind of thing; here, of invoices alone."""

from __future__ import annotations

from plainchant.api.answers import AnswerWithFile
from plainchant.api.callers import Caller
from plainchant.api.factures.telecharger_groupe import FactureDemandee, documents_of
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.refusals import ValueMissing
from plainchant.api.values import Id
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)

OF_INVOICES = "DEMANDE_PAIEMENT"


class DemandePaiementTelechargee(WireRequest):
    listeFacture: list[FactureDemandee] = []
    format: str = ""
    avecPiecesJointesComplementaires: bool | None = None


class TelechargerPieceJointeParam(WireRequest):
    """Of engagements, sollicitations and structures nothing can be downloaded here."""

    idUtilisateurCourant: Id | None = None
    objetPieceJointe: str = ""
    demandePaiement: DemandePaiementTelechargee | None = None


class WsRetourTelechargerPieceJointe(Retour):
    pieceJointe: str


@operation(
    "/cpro/transverses/v1/telecharger/pieceJointe",
    permission=SEE_ISSUED_INVOICE,
    others=(SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE, SEE_WORKS_PIECE),
    request=TelechargerPieceJointeParam,
    response=WsRetourTelechargerPieceJointe,
)
def telecharger_piece_jointe(caller: Caller, asked: TelechargerPieceJointeParam) -> AnswerWithFile:
    """The documents of invoices (DEMANDE_PAIEMENT), as telecharger/groupe gives them."""
    if asked.objetPieceJointe.strip().upper() != OF_INVOICES:
        raise ValueMissing("objetPieceJointe")
    wanted = asked.demandePaiement or DemandePaiementTelechargee()
    file = documents_of(
        caller,
        wanted.listeFacture,
        form=wanted.format,
        with_attachments=bool(wanted.avecPiecesJointesComplementaires),
    )
    return AnswerWithFile(lambda mark: WsRetourTelechargerPieceJointe(pieceJointe=mark), file)
