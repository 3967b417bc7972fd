"""Who may see, add and change the documents kept at hand."""

from __future__ import annotations

from plainchant.portal.rights.permissions import Permission
from plainchant.portal.rights.rights import Denial, Right
from plainchant.portal.structures.reach import reached

from . import queries

KEEP_PIECES = Permission(
    name="KEEP_PIECES",
    sentence="Anyone with an open account keeps documents of their own.",
)
SEE_PIECE = Permission(
    name="SEE_PIECE",
    right=Right.SEE_ISSUED,
    sentence="People open their own documents, and those on the shelf of a structure whose invoices they follow.",
    scope=queries.visible_to,
)
ADD_STRUCTURE_PIECE = Permission(
    name="ADD_STRUCTURE_PIECE",
    right=Right.PREPARE,
    sentence="People who prepare the invoices of a structure add documents to its shelf.",
    scope=reached,
)
CHANGE_PIECE = Permission(
    name="CHANGE_PIECE",
    right=Right.PREPARE,
    sentence="People change and remove their own documents; on the shelf of a structure, its manager all of them, "
    "those who prepare its invoices what they added themselves.",
    scope=queries.changeable_by,
    denial=Denial(
        "piece_of_others",
        "Seuls le gestionnaire de la structure et la personne qui a ajouté cette pièce peuvent la changer. "
        "Demandez-le-leur.",
    ),
)
