"""Documents kept at hand: those on the shelf of a structure, and those that the program has added itself.

Both go with invoices by their pieceJointeId (soumettre, completer).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, Success, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.refusals import UnknownFile, ValueMissing
from plainchant.api.structures.visible import structure_of
from plainchant.api.values import Id
from plainchant.einvoice.codes.attachment_types import ATTACHMENT_TYPE_OF, ATTACHMENT_TYPES
from plainchant.portal.drafts import program_files
from plainchant.portal.drafts.models import ProgramFile
from plainchant.portal.drafts.program_files import added_by, opened
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.permissions import SEE_PIECE
from plainchant.portal.library.queries import offered
from plainchant.portal.structures.models import Structure

# On the wire all documents have keys of one kind: those of shelves begin here.
SHELF = 1 << 40
_NUMBERS = {kind.code: number for number, kind in enumerate(ATTACHMENT_TYPES, 1)}  # as recuperer/typespj has them
_OTHER = "AUTRE"  # a program does not say what it adds


class PieceJointeSurMonCompte(WireObject, kw_only=True):
    pieceJointeId: int
    pieceJointeObjetId: int
    pieceJointeDesignation: str
    pieceJointeExtension: str
    pieceJointeTypeCode: str
    pieceJointeTypeLibelle: str
    pieceJointeUtilisateurId: int


class PieceJointeSurStructure(PieceJointeSurMonCompte, kw_only=True):
    pieceJointeStructureId: int
    pieceJointeStructureCode: str
    pieceJointeStructureRaisonSociale: str


class RechercherPieceJointeSurMonCompteParam(WireRequest):
    codeLangue: str = ""
    pieceJointeDesignation: str = ""
    pieceJointeTypeId: Id | None = None
    parametresRecherche: ParametresRecherche | None = None


class RechercherPieceJointeSurStructureParam(RechercherPieceJointeSurMonCompteParam):
    idStructureCPP: Id | None = None


class WsRetourRechercherPieceJointeSurMonCompte(Retour):
    listePiecesJointes: list[PieceJointeSurMonCompte]
    parametresRetour: ParametresRetour


class WsRetourRechercherPieceJointeSurStructure(Retour):
    listePiecesJointes: list[PieceJointeSurStructure]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/transverses/v1/rechercher/pj/structure",
    permission=SEE_PIECE,
    request=RechercherPieceJointeSurStructureParam,
    response=WsRetourRechercherPieceJointeSurStructure,
)
def rechercher_pj_structure(
    caller: Caller, asked: RechercherPieceJointeSurStructureParam
) -> WsRetourRechercherPieceJointeSurStructure:
    """The documents on the shelf of a structure, for a program that sees what it issues; of others an empty list."""
    structure = structure_of(caller, asked.idStructureCPP, name="idStructureCPP")
    pieces = caller.objects(SEE_PIECE).filter(structure=structure, name__icontains=asked.pieceJointeDesignation.strip())
    if asked.pieceJointeTypeId is not None:
        pieces = pieces.filter(type_code=_type_of(asked.pieceJointeTypeId))
    paging = asked.parametresRecherche or ParametresRecherche()
    total = pieces.count()
    shown = pieces.order_by("pk")[paging.first : paging.first + paging.left(total)]
    return WsRetourRechercherPieceJointeSurStructure(
        listePiecesJointes=[
            PieceJointeSurStructure(
                **_of_file(piece.name, piece.type_code, SHELF + piece.pk),
                pieceJointeUtilisateurId=piece.added_by_id,
                pieceJointeStructureId=structure.pk,
                pieceJointeStructureCode=structure.identifier,
                pieceJointeStructureRaisonSociale=structure.name,
            )
            for piece in shown
        ],
        parametresRetour=paging.retour(total),
    )


@operation(
    "/cpro/transverses/v1/rechercher/pj/moncompte",
    permission=BEGIN_INVOICE,
    request=RechercherPieceJointeSurMonCompteParam,
    response=WsRetourRechercherPieceJointeSurMonCompte,
)
def rechercher_pj_moncompte(
    caller: Caller, asked: RechercherPieceJointeSurMonCompteParam
) -> WsRetourRechercherPieceJointeSurMonCompte:
    """The files that the program has added (ajouter/fichier, deposer/pdf), as long as they are kept."""
    files = added_by(actor=caller.actor).filter(name__icontains=asked.pieceJointeDesignation.strip())
    if asked.pieceJointeTypeId is not None and _type_of(asked.pieceJointeTypeId) != _OTHER:
        files = files.none()
    paging = asked.parametresRecherche or ParametresRecherche()
    total = files.count()
    shown = files.order_by("pk")[paging.first : paging.first + paging.left(total)]
    return WsRetourRechercherPieceJointeSurMonCompte(
        listePiecesJointes=[
            PieceJointeSurMonCompte(
                **_of_file(file.name, _OTHER, file.pk), pieceJointeUtilisateurId=caller.own_account.pk
            )
            for file in shown
        ],
        parametresRetour=paging.retour(total),
    )


class DetacherPieceJointeParam(WireRequest):
    idPieceJointeObjet: Id | None = None


@operation(
    "/cpro/transverses/v1/detacherPieceJointe",
    permission=BEGIN_INVOICE,
    request=DetacherPieceJointeParam,
    response=Retour,
    success=Success.DONE,
    writes=True,
)
def detacher_piece_jointe(caller: Caller, asked: DetacherPieceJointeParam) -> Retour:
    """Take away a file that the program has added; the invoices that it went with keep it."""
    if asked.idPieceJointeObjet is None:
        raise ValueMissing("idPieceJointeObjet")
    file = added_by(actor=caller.actor).filter(pk=asked.idPieceJointeObjet).first()
    if file is None:
        raise UnknownFile
    program_files.remove(file=file, actor=caller.actor, at=caller.at)
    return Retour()


@contextmanager
def uploads_of(
    caller: Caller, keys: Iterable[int | None], *, seller: Structure | None = None
) -> Iterator[list[Upload]]:
    """The files of these keys: of this program, and of what ``seller``'s invoices may be given from its shelf.

    Raises UnknownFile.
    """
    wanted = list(dict.fromkeys(key for key in keys if key is not None))
    found: dict[int, ProgramFile | LibraryFile] = dict(added_by(actor=caller.actor).in_bulk(wanted))
    if seller is not None:
        shelf = offered(actor=caller.actor, seller=seller).in_bulk([key - SHELF for key in wanted if key > SHELF])
        found |= {SHELF + key: piece for key, piece in shelf.items()}
    if len(found) != len(wanted):
        raise UnknownFile
    with opened(files=[found[key] for key in wanted]) as uploads:
        yield uploads


def _type_of(number: int) -> str:
    return next((code for code, each in _NUMBERS.items() if each == number), "")


def _of_file(name: str, type_code: str, key: int) -> dict[str, Any]:
    return {
        "pieceJointeId": key,
        "pieceJointeObjetId": key,
        "pieceJointeDesignation": name,
        "pieceJointeExtension": PurePath(name).suffix.removeprefix(".").upper(),
        "pieceJointeTypeCode": type_code,
        "pieceJointeTypeLibelle": ATTACHMENT_TYPE_OF[type_code].label,
    }
