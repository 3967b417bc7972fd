"""telechargerPieceJointe: the documents of invoices, of a structure's shelf, or those that the program has added."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import IO

from plainchant.api.answers import AnswerWithFile, Stopped
from plainchant.api.callers import Caller
from plainchant.api.factures.telecharger_groupe import FactureDemandee, documents_of, one_file_of
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.refusals import NothingFound, UnknownStructure, ValueMissing
from plainchant.api.structures.visible import structure_of, visible_to
from plainchant.api.values import Id
from plainchant.einvoice.codes.attachments import MAX_FOLDER_BYTES
from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.drafts.program_files import added_by
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)
from plainchant.portal.lib.archives import ArchivedFile
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.permissions import SEE_PIECE
from plainchant.portal.store.queries import pieces_of

OF_INVOICES, OF_STRUCTURE, OF_PROGRAM = "DEMANDE_PAIEMENT", "STRUCTURE_PIECEJOINTE", "UTILISATEUR"
# Of these a program sees no documents here.
_WITHOUT = {"ENGAGEMENT_JURIDIQUE", "SOLLICITATION", "STRUCTURE_MANDAT", "STRUCTURE_COORDONNEE_BANCAIRE"}


class DemandePaiementTelechargee(WireRequest):
    listeFacture: list[FactureDemandee] = []
    format: str = ""
    avecPiecesJointesComplementaires: bool | None = None


class StructureTelechargee(WireRequest):
    idStructure: Id | None = None
    identifiantStructure: str = ""
    typeIdentifiantStructure: str = ""


class TelechargerPieceJointeParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    objetPieceJointe: str = ""
    demandePaiement: DemandePaiementTelechargee | None = None
    structure: StructureTelechargee | None = None


class WsRetourTelechargerPieceJointe(Retour):
    pieceJointe: str


@operation(
    "/cpro/transverses/v1/telecharger/pieceJointe",
    permission=SEE_ISSUED_INVOICE,
    others=(SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE, SEE_WORKS_PIECE, SEE_PIECE),
    request=TelechargerPieceJointeParam,
    response=WsRetourTelechargerPieceJointe,
)
def telecharger_piece_jointe(caller: Caller, asked: TelechargerPieceJointeParam) -> AnswerWithFile:
    """The documents of invoices as telecharger/groupe gives them, of a shelf, or of the program; several are a ZIP."""
    file = _documents(caller, asked)
    return AnswerWithFile(lambda mark: WsRetourTelechargerPieceJointe(pieceJointe=mark), file)


def _documents(caller: Caller, asked: TelechargerPieceJointeParam) -> IO[bytes]:
    kind = asked.objetPieceJointe.strip().upper()
    if kind == OF_INVOICES:
        wanted = asked.demandePaiement or DemandePaiementTelechargee()
        return documents_of(
            caller,
            wanted.listeFacture,
            form=wanted.format,
            with_attachments=bool(wanted.avecPiecesJointesComplementaires),
        )
    if kind == OF_STRUCTURE:
        structure = _structure(caller, asked.structure or StructureTelechargee())
        return _packed(caller, list(caller.objects(SEE_PIECE).filter(structure=structure)))
    if kind == OF_PROGRAM:
        return _packed(caller, list(added_by(actor=caller.actor).order_by("pk")))
    if kind in _WITHOUT:
        raise NothingFound
    raise ValueMissing("objetPieceJointe")


def _structure(caller: Caller, asked: StructureTelechargee) -> int:
    """The key of a structure that is named by its own or by its identifier."""
    if asked.idStructure is not None or not asked.identifiantStructure:
        return structure_of(caller, asked.idStructure, name="idStructure").pk
    named = visible_to(caller).filter(identifier="".join(asked.identifiantStructure.split()))
    if asked.typeIdentifiantStructure:
        named = named.filter(identifier_type=asked.typeIdentifiantStructure.strip().upper())
    structure = named.first()
    if structure is None:
        raise UnknownStructure("identifiantStructure")
    return structure.pk


def _packed(caller: Caller, rows: Sequence[LibraryFile | ProgramFile]) -> IO[bytes]:
    """These documents; two of a name are in the archive under their numbers too."""
    if not rows:
        raise NothingFound
    if sum(row.stored.size for row in rows) > MAX_FOLDER_BYTES:
        raise Stopped(413, f"Ces documents dépassent {MAX_FOLDER_BYTES >> 20} Mo.")
    names = [row.name for row in rows]
    files = [
        ArchivedFile(
            row.name if names.count(row.name) == 1 else f"{row.pk}-{row.name}",
            partial(pieces_of, stored=row.stored),
            is_dense=True,
        )
        for row in rows
    ]
    return one_file_of(caller, files)
