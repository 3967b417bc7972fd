"""monCompte/recuperer/rattachements: the structures of the technical account, and their services."""

from __future__ import annotations

from django.db.models import QuerySet

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.structures.visible import ACTIVE, INACTIVE, days_of, is_open
from plainchant.api.values import Minute
from plainchant.portal.structures.models import Membership, Service, Structure
from plainchant.portal.structures.permissions import SEE_STRUCTURE

ATTACHED = Membership.State.ACCEPTED.value
ROLE = "UTILISATEUR"  # a technical account never manages


class RecupererRattachementsParam(WireRequest):
    parametresRecherche: ParametresRecherche | None = None


class ServiceRattache(WireObject, kw_only=True):
    """A technical account is attached to its structure, or to services of it: there is no attachment with a key."""

    idService: int
    codeService: str
    libelleService: str
    idRattachementService: int
    statutRattachementService: str
    statutService: str
    estActif: bool
    dateDbtService: Minute | None = None
    dateFinService: Minute | None = None


class StructureRattachement(WireObject):
    idStructure: int
    identifiantStructure: str
    typeIdentifiantStructure: str
    designationStructure: str
    idRattachementStructure: int
    roleUtilisateur: str
    statutRattachementStructure: str
    statutUtilisateur: str
    listeServicesRattache: list[ServiceRattache]


class WsRetourRecupererRattachements(Retour):
    listeStructureRattachement: list[StructureRattachement]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/utilisateurs/v1/monCompte/recuperer/rattachements",
    permission=SEE_STRUCTURE,
    request=RecupererRattachementsParam,
    response=WsRetourRecupererRattachements,
)
def recuperer_rattachements(caller: Caller, asked: RecupererRattachementsParam) -> WsRetourRecupererRattachements:
    """The structures that the technical account acts for, with their services, or those that it is limited to."""
    paging = asked.parametresRecherche or ParametresRecherche()
    found: QuerySet[Structure] = caller.objects(SEE_STRUCTURE)
    total = found.count()
    first = paging.first
    shown = list(found.order_by("pk")[first : first + paging.left(total)])
    limited = {key for key in caller.own_account.grants.values_list("service", flat=True) if key is not None}
    services = Service.objects.filter(structure__in=shown).order_by("code")
    by_structure: dict[int, list[ServiceRattache]] = {}
    for service in services.filter(pk__in=limited) if limited else services:
        by_structure.setdefault(service.structure_id, []).append(_service(service, caller))
    return WsRetourRecupererRattachements(
        listeStructureRattachement=[
            StructureRattachement(
                idStructure=structure.pk,
                identifiantStructure=structure.identifier,
                typeIdentifiantStructure=structure.identifier_type,
                designationStructure=structure.name,
                idRattachementStructure=caller.own_account.pk,
                roleUtilisateur=ROLE,
                statutRattachementStructure=ATTACHED,
                statutUtilisateur=ACTIVE,
                listeServicesRattache=by_structure.get(structure.pk, []),
            )
            for structure in shown
        ],
        parametresRetour=paging.retour(total),
    )


def _service(service: Service, caller: Caller) -> ServiceRattache:
    is_serving = is_open(service, caller)
    return ServiceRattache(
        idService=service.pk,
        codeService=service.code,
        libelleService=service.name,
        idRattachementService=service.pk,
        statutRattachementService=ATTACHED,
        statutService=ACTIVE if is_serving else INACTIVE,
        estActif=is_serving,
        **days_of(service),
    )
