"""ajouterFichierDansSysteme: a file that goes with an invoice that is sent, or completed, afterwards."""

from __future__ import annotations

from plainchant.api.callers import Caller
from plainchant.api.operation import MIB, Retour, Success, WireRequest, operation
from plainchant.api.refusals import ValueMissing, given_file
from plainchant.api.values import Base64File, Id
from plainchant.einvoice.codes.attachments import MAX_FILE_BYTES
from plainchant.portal.drafts.program_files import add_attachment
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.invoices.permissions import BEGIN_INVOICE

# Larger than what is kept, so that what is too large has its codeRetour; beyond, the request is refused unread.
MOST = 4 * MAX_FILE_BYTES // 3 * 2 + MIB


class AjouterFichierDansSystemeParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    pieceJointeFichier: Base64File | None = None
    pieceJointeNom: str = ""
    pieceJointeTypeMime: str = ""
    pieceJointeExtension: str = ""


class WsRetourAjouterFichierDansSysteme(Retour):
    pieceJointeId: int


@operation(
    "/cpro/transverses/v1/ajouter/fichier",
    permission=BEGIN_INVOICE,
    request=AjouterFichierDansSystemeParam,
    response=WsRetourAjouterFichierDansSysteme,
    success=Success.DONE,
    most=MOST,
    writes=True,
    keeps=1,
)
def ajouter_fichier(caller: Caller, asked: AjouterFichierDansSystemeParam) -> WsRetourAjouterFichierDansSysteme:
    """Add a file for an invoice; its key is what soumettre and completer are given. It is kept for thirty days."""
    given = given_file(asked.pieceJointeFichier, "pieceJointeFichier")
    name = asked.pieceJointeNom.strip()
    if not name:
        raise ValueMissing("pieceJointeNom")
    extension = asked.pieceJointeExtension.strip().lower().removeprefix(".")
    if extension and not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    upload = Upload(file=given.as_file(name), name=name, size=given.size)
    file = add_attachment(structure=caller.own_account.structure, upload=upload, actor=caller.actor, at=caller.at)
    return WsRetourAjouterFichierDansSysteme(pieceJointeId=file.pk)
