"""The spaces that the technical account has, and what it is attached to, as programs ask for them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.api.values import Id
from plainchant.portal.rights.profiles import SPACE_NAMES
from plainchant.portal.rights.rights import Space
from plainchant.portal.structures.models import Membership, Service, Structure
from plainchant.portal.structures.permissions import SEE_STRUCTURE

# codeEspace: 7 is that of received invoices on Chorus Pro; no public source has the others, which are ours.
_CODES: dict[Space, int] = {
    Space.RECEIVED: 7,
    **{space: code for code, space in enumerate(Space, 101) if space is not Space.RECEIVED},
}


class StructureDesEspaces(WireRequest):
    idStructure: Id | None = None
    identifiantStructure: str = ""
    typeIdentifiantStructure: str = ""


class RechercherEspacesParam(WireRequest):
    idService: Id | None = None
    parametresRechercherEspaces: ParametresRecherche | None = None
    structure: StructureDesEspaces | None = None


class Espace(WireObject, kw_only=True):
    codeEspace: int
    codeService: str | None = None
    etatCourant: str
    idEspaceFo: int
    idService: int | None = None
    libelleEspace: str
    libelleService: str | None = None
    typeHabilitation: str


class WsRetourRechercherEspacesFo(Retour):
    listeEspace: list[Espace]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/structures/v1/rechercher/espaces",
    permission=SEE_STRUCTURE,
    request=RechercherEspacesParam,
    response=WsRetourRechercherEspacesFo,
)
def rechercher_espaces(caller: Caller, asked: RechercherEspacesParam) -> WsRetourRechercherEspacesFo:
    """The spaces that the technical account has in a structure, or in one service of it, and how far."""
    named = asked.structure or StructureDesEspaces()
    _own(caller, named.idStructure, named.identifiantStructure)
    paging = asked.parametresRechercherEspaces or ParametresRecherche(nbResultatsParPage=100)
    grants = caller.own_account.grants.select_related("service").order_by("pk")
    if asked.idService is not None:
        grants = grants.filter(service=asked.idService)
    total = grants.count()
    first = paging.first
    return WsRetourRechercherEspacesFo(
        listeEspace=[
            Espace(
                codeEspace=_CODES[Space(grant.space)],
                codeService=grant.service.code if grant.service else None,
                etatCourant="ACTIVE",
                idEspaceFo=grant.pk,
                idService=grant.service_id,
                libelleEspace=SPACE_NAMES[Space(grant.space)],
                libelleService=grant.service.name if grant.service else None,
                typeHabilitation=grant.mode,
            )
            for grant in grants[first : first + paging.left(total)]
        ],
        parametresRetour=paging.retour(total),
    )


class ListerRattachementsParam(WireRequest):
    adresseEmailConnexionUtilisateur: str = ""
    idStructure: Id | None = None
    idUtilisateur: Id | None = None
    identifiantStructure: str = ""
    parametresListerRattachementsStructureUtilisateur: ParametresRecherche | None = None
    typeIdentifiantStructure: str = ""


class RattachementService(WireObject, kw_only=True):
    codeService: str
    commentaire: str | None = None
    dateDebut: date | None = None
    dateFin: date | None = None
    idRattachement: int
    idService: int
    nomService: str
    statutRattachement: str


class WsRetourListerRattachements(Retour):
    designationStructure: str
    idStructure: int
    identifiantStructure: str
    listeServices: list[RattachementService]
    parametresRetour: ParametresRetour
    premierService: bool


@operation(
    "/cpro/structures/v1/lister/rattachementsutilisateur",
    permission=SEE_STRUCTURE,
    request=ListerRattachementsParam,
    response=WsRetourListerRattachements,
)
def lister_rattachements(caller: Caller, asked: ListerRattachementsParam) -> WsRetourListerRattachements:
    """The services of a structure that the technical account is limited to, or all; of people nothing is told."""
    structure = _own(caller, asked.idStructure, asked.identifiantStructure)
    paging = asked.parametresListerRattachementsStructureUtilisateur or ParametresRecherche(nbResultatsParPage=1_000)
    services = Service.objects.filter(structure=structure).order_by("code")
    limited = [key for key in caller.own_account.grants.values_list("service", flat=True) if key is not None]
    if limited:
        services = services.filter(pk__in=limited)
    total = services.count()
    first = paging.first
    return WsRetourListerRattachements(
        designationStructure=structure.name,
        idStructure=structure.pk,
        identifiantStructure=structure.identifier,
        listeServices=[
            RattachementService(
                codeService=service.code,
                dateDebut=service.valid_from,
                dateFin=service.valid_until,
                idRattachement=service.pk,
                idService=service.pk,
                nomService=service.name,
                statutRattachement=Membership.State.ACCEPTED.value,
            )
            for service in services[first : first + paging.left(total)]
        ],
        parametresRetour=paging.retour(total),
        premierService=paging.page == 1,
    )


def _own(caller: Caller, key: int | None, identifier: str) -> Structure:
    """A structure of the technical account, by its key or its identifier. Raises ValueMissing, UnknownStructure."""
    found: QuerySet[Structure] = caller.objects(SEE_STRUCTURE)
    if key is None and not identifier.strip():
        raise ValueMissing("idStructure")
    named = found.filter(pk=key) if key is not None else found.filter(identifier=identifier.strip())
    structure = named.first()
    if structure is None:
        raise UnknownStructure("idStructure")
    return structure
