"""The structures that a program acts for, by space; their bank accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from plainchant.api.callers import Caller
from plainchant.api.operation import Nothing, Operation, Retour, WireObject, WireRequest, operation
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.api.values import Id
from plainchant.portal.invoices.permissions import BEGIN_INVOICE
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.permissions import SEE_STRUCTURE
from plainchant.portal.structures.reach import reached, reached_in_part


class StructureActive(WireObject):
    idStructureCPP: int
    identifiant: str
    designationStructure: str


class WsRetourRecupererStructuresActives(Retour):
    listeStructures: list[StructureActive]


def _of_space(name: str, right: Right, says: str) -> Operation:
    def run(caller: Caller, asked: Nothing) -> WsRetourRecupererStructuresActives:
        found: QuerySet[Structure] = reached_in_part(actor=caller.actor, right=right).filter(is_active=True)
        return WsRetourRecupererStructuresActives(
            listeStructures=[
                StructureActive(
                    idStructureCPP=structure.pk, identifiant=structure.identifier, designationStructure=structure.name
                )
                for structure in found.order_by("pk")
            ]
        )

    run.__doc__ = says
    run.__name__ = f"recuperer_structures_actives_{name}"
    path = f"/cpro/transverses/v1/recuperer/structures/actives/{name}"
    return operation(path, permission=SEE_STRUCTURE, response=WsRetourRecupererStructuresActives)(run)


STRUCTURES_OF_SPACES = (
    _of_space("fournisseur", Right.SEE_ISSUED, "The open structures whose issued invoices the program sees."),
    _of_space("destinataire", Right.SEE_RECEIVED, "The open structures whose received invoices the program sees."),
    _of_space("facturetravaux", Right.SEE_WORKS, "The open structures whose pieces of works the program sees."),
)


class StructurePourUtilisateur(WireObject):
    idStructure: int
    identifiantStructure: str
    designationStructure: str
    typeIdentifiantStructure: str


class RecupererStructuresPourUtilisateurParam(WireRequest):
    espaceFo: Id | None = None


class WsRetourRecupererStructuresPourUtilisateur(Retour):
    listeStructures: list[StructurePourUtilisateur]


@operation(
    "/cpro/transverses/v1/recuperer/structuresPourUtilisateur",
    permission=SEE_STRUCTURE,
    request=RecupererStructuresPourUtilisateurParam,
    response=WsRetourRecupererStructuresPourUtilisateur,
)
def recuperer_structures_pour_utilisateur(
    caller: Caller, asked: RecupererStructuresPourUtilisateurParam
) -> WsRetourRecupererStructuresPourUtilisateur:
    """Every structure that the program acts for; espaceFo narrows nothing."""
    found: QuerySet[Structure] = caller.objects(SEE_STRUCTURE)
    return WsRetourRecupererStructuresPourUtilisateur(
        listeStructures=[
            StructurePourUtilisateur(
                idStructure=structure.pk,
                identifiantStructure=structure.identifier,
                designationStructure=structure.name,
                typeIdentifiantStructure=structure.identifier_type,
            )
            for structure in found.order_by("pk")
        ]
    )


class CoordonneeBancaire(WireObject):
    idCoordonneeBancaire: int
    nomCoordonneeBancaire: str


class RecupererCoordonneesBancairesValidesParam(WireRequest):
    idStructure: Id | None = None


class WsRetourRecupererCoordonneesBancairesValides(Retour):
    listeCoordonneeBancaire: list[CoordonneeBancaire]


@operation(
    "/cpro/transverses/v1/recuperer/coordbanc/valides",
    permission=BEGIN_INVOICE,
    request=RecupererCoordonneesBancairesValidesParam,
    response=WsRetourRecupererCoordonneesBancairesValides,
)
def recuperer_coordbanc(
    caller: Caller, asked: RecupererCoordonneesBancairesValidesParam
) -> WsRetourRecupererCoordonneesBancairesValides:
    """The open bank accounts of a structure in whose name the program prepares invoices."""
    if asked.idStructure is None:
        raise ValueMissing("idStructure")
    structure: Any = reached(actor=caller.actor, right=Right.PREPARE).filter(pk=asked.idStructure).first()
    if structure is None:
        raise UnknownStructure("idStructure")
    return WsRetourRecupererCoordonneesBancairesValides(
        listeCoordonneeBancaire=[
            CoordonneeBancaire(idCoordonneeBancaire=account.pk, nomCoordonneeBancaire=account.label)
            for account in structure.bank_accounts.filter(is_active=True).order_by("pk")
        ]
    )
