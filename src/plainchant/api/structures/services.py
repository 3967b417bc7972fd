"""The services of a structure: their list, and one of them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.api.values import Id, Instant, Minute, instant
from plainchant.portal.lib.time import PARIS
from plainchant.portal.structures.models import Service

from .visible import ACTIVE, INACTIVE, AdressePostale, address_of, days_of, is_open, structure_of

_COLUMNS = {"CodeService": "code", "LibelleService": "name", "DateDbtService": "valid_from",
            "DateFinService": "valid_until", "EstActif": "is_active"}  # fmt: skip


class RechercherServicesStructureParam(WireRequest):
    idStructure: Annotated[Id | None, also("idStructureCPP")] = None
    parametresRechercherServicesStructure: ParametresRecherche | None = None


class ServiceTrouve(WireObject, kw_only=True):
    codeService: str
    dateDbtService: Minute | None = None
    dateFinService: Minute | None = None
    estActif: bool
    idService: int
    libelleService: str
    statutService: str


class WsRetourRechercherServicesStructure(Retour):
    listeServices: list[ServiceTrouve]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/structures/v1/rechercher/services",
    permission=PUBLIC,
    request=RechercherServicesStructureParam,
    response=WsRetourRechercherServicesStructure,
)
def rechercher_services(caller: Caller, asked: RechercherServicesStructureParam) -> WsRetourRechercherServicesStructure:
    """The services of a public body, closed ones too: estActif says whether invoices may be sent there today."""
    structure = structure_of(caller, asked.idStructure, name="idStructure")
    paging = asked.parametresRechercherServicesStructure or ParametresRecherche(nbResultatsParPage=1_000)
    order = _COLUMNS.get(paging.triColonne, "code")
    services = Service.objects.filter(structure=structure).order_by(f"{'-' if paging.falls else ''}{order}", "pk")
    total = services.count()
    first = paging.first
    return WsRetourRechercherServicesStructure(
        listeServices=[
            ServiceTrouve(
                codeService=service.code,
                estActif=is_open(service, caller),
                idService=service.pk,
                libelleService=service.name,
                statutService=ACTIVE if is_open(service, caller) else INACTIVE,
                **days_of(service),
            )
            for service in services[first : first + paging.left(total)]
        ],
        parametresRetour=paging.retour(total),
    )


class ConsulterServiceStructureParam(WireRequest):
    codeLangue: str = ""
    idService: Id | None = None
    idStructure: Annotated[Id | None, also("idStructureCPP")] = None


class InformationsGenerales(WireObject):
    codeService: str
    descriptionService: str
    nomService: str


class ParametresService(WireObject, kw_only=True):
    dateCreation: Instant | None = None
    dateDebutValidite: Instant | None = None
    dateFinValidite: Instant | None = None
    dateModification: Instant | None = None
    miseEnPaiement: bool
    numeroEngagement: bool


class WsRetourConsulterServiceStructure(Retour):
    adressePostale: AdressePostale
    informationsGenerales: InformationsGenerales
    parametres: ParametresService
    nbResultatsParPage: int
    pageCourante: int
    pages: int
    total: int


@operation(
    "/cpro/structures/v1/consulter/service",
    permission=PUBLIC,
    request=ConsulterServiceStructureParam,
    response=WsRetourConsulterServiceStructure,
)
def consulter_service(caller: Caller, asked: ConsulterServiceStructureParam) -> WsRetourConsulterServiceStructure:
    """One service of a public body: whether it demands a commitment number, and until when it is open."""
    structure = structure_of(caller, asked.idStructure, name="idStructure")
    if asked.idService is None:
        raise ValueMissing("idService")
    service = Service.objects.filter(structure=structure, pk=asked.idService).first()
    if service is None:
        raise UnknownStructure("idService")
    return WsRetourConsulterServiceStructure(
        adressePostale=address_of(structure),
        informationsGenerales=InformationsGenerales(
            codeService=service.code, descriptionService=service.name, nomService=service.name
        ),
        parametres=ParametresService(
            dateDebutValidite=_midnight(service.valid_from),
            dateFinValidite=_midnight(service.valid_until),
            miseEnPaiement=not service.reports_no_payment,
            numeroEngagement=service.requires_commitment,
        ),
        nbResultatsParPage=1,
        pageCourante=1,
        pages=1,
        total=1,
    )


def _midnight(day: date | None) -> str | None:
    return instant(datetime.combine(day, time(), tzinfo=PARIS)) if day else None
