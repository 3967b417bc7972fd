"""`/cpro/organisations/v1`: structures and services in another style. There is no codeRetour, and errors are a list.

A structure is named by its uid, a service by its key, both as 32 hexadecimal digits.
"""

from __future__ import annotations

from mimetypes import guess_type
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from plainchant.access.permissions import PUBLIC
from plainchant.api.answers import AnswerWithFile, Stopped
from plainchant.api.callers import Caller
from plainchant.api.operation import Nothing, WireObject, WireRequest, operation
from plainchant.api.structures.visible import ACTIVE, INACTIVE, is_open, own, visible_to
from plainchant.portal.library.models import LibraryFile
from plainchant.portal.library.permissions import SEE_PIECE
from plainchant.portal.store.queries import open_file
from plainchant.portal.structures.models import Service, Structure

BASE = "/cpro/organisations/v1"
MOST = 1_000
_HEX = 16
_LIKE = {"like", "contains", "ilike", "~"}
# The fields that are searched, by their columns.
_COLUMNS = {
    "identifiant": "identifier",
    "raisonSociale": "name",
    "libelleOrganisation": "name",
    "typeIdentifiant": "identifier_type",
    "codePostal": "postcode",
    "ville": "city",
    "pays": "country",
}
_COLUMNS_OF_SERVICES = {"codeService": "code", "libelle": "name"}


class Organisation(WireObject, kw_only=True):
    uuid: str
    libelleOrganisation: str
    raisonSociale: str
    identifiant: str
    typeIdentifiant: str
    numeroTvaIntracommunautaire: str | None = None
    typeOrganisation: str
    status: str
    adresse: str | None = None
    complementAdresse1: str | None = None
    complementAdresse2: str | None = None
    codePostal: str | None = None
    ville: str | None = None
    pays: str | None = None
    telephone: str | None = None
    adresseElectronique: str | None = None
    numeroEjDoitEtreRenseigne: bool
    codeServiceDoitEtreRenseigne: bool
    gestionNumeroEJOuCodeService: bool
    statutMiseEnPaiementNestPasRemonte: bool
    avecMOA: bool
    estMOAUniquement: bool
    recevoirCyclesViesEdi: bool
    emetteurFluxEdi: bool
    nonDiffusibleInsee: bool


class ServiceOrganisation(WireObject, kw_only=True):
    uuid: str
    libelle: str
    description: str
    codeService: str
    rattachementOrganisation: str
    dateDebutActivation: str | None = None
    dateFinActivation: str | None = None
    etatService: str
    numeroEj: bool


class ByUuid(WireRequest):
    uuid: str = ""


class PieceByUuid(ByUuid):
    uuidPJ: str = ""


class PieceJointeOrganisation(WireObject, kw_only=True):
    uuid: str
    fileName: str
    contentType: str
    sizeBytes: int
    attachmentData: str | None = None


class Critere(WireRequest):
    op: str = ""
    val: str = ""


class RechercheOrganisations(WireRequest):
    identifiant: Critere | None = None
    raisonSociale: Critere | None = None
    libelleOrganisation: Critere | None = None
    typeIdentifiant: Critere | None = None
    codePostal: Critere | None = None
    ville: Critere | None = None
    pays: Critere | None = None
    sort: list[str] = msgspec.field(default_factory=list, name="_sort")
    desc: list[str] = msgspec.field(default_factory=list, name="_desc")
    fields: list[str] = msgspec.field(default_factory=list, name="_fields")


class RechercheServices(WireRequest):
    codeService: Critere | None = None
    libelle: Critere | None = None
    rattachementOrganisation: Critere | None = None
    sort: list[str] = msgspec.field(default_factory=list, name="_sort")
    desc: list[str] = msgspec.field(default_factory=list, name="_desc")
    fields: list[str] = msgspec.field(default_factory=list, name="_fields")


@operation(f"{BASE}/healthcheck", method="GET", permission=PUBLIC, response=Nothing, is_without_account=True)
def check_organisations(caller: Caller, asked: Nothing) -> None:
    """Whether this family answers: with nothing."""


@operation(f"{BASE}/structures/{{uuid}}", method="GET", permission=PUBLIC, request=ByUuid, response=Organisation)
def read_organisation(caller: Caller, asked: ByUuid) -> Organisation:
    """A public body, or a structure of one's own."""
    return _organisation(_structure(caller, asked.uuid), caller)


@operation(
    f"{BASE}/structures/{{uuid}}/services",
    method="GET",
    permission=PUBLIC,
    request=ByUuid,
    response=list[ServiceOrganisation],
)
def list_services_of_organisation(caller: Caller, asked: ByUuid) -> list[ServiceOrganisation]:
    """The services of a structure, closed ones too."""
    structure = _structure(caller, asked.uuid)
    services = Service.objects.filter(structure=structure).select_related("structure").order_by("code")
    return [_service(service, caller) for service in services[:MOST]]


@operation(f"{BASE}/services/{{uuid}}", method="GET", permission=PUBLIC, request=ByUuid, response=ServiceOrganisation)
def read_service_of_organisation(caller: Caller, asked: ByUuid) -> ServiceOrganisation:
    """One service."""
    services = Service.objects.filter(structure__in=visible_to(caller).values("pk")).select_related("structure")
    service = services.filter(pk=_key(asked.uuid)).first()
    if service is None:
        raise _unknown("NotFoundReference")
    return _service(service, caller)


@operation(
    f"{BASE}/structures/{{uuid}}/pieces_jointes",
    method="GET",
    permission=SEE_PIECE,
    request=ByUuid,
    response=list[PieceJointeOrganisation],
)
def list_pieces_of_organisation(caller: Caller, asked: ByUuid) -> list[PieceJointeOrganisation]:
    """The documents on the shelf of a structure, without what is in them; an error where there are none."""
    pieces = _pieces(caller, asked.uuid)[:MOST]
    if not pieces:
        raise _unknown("NotFoundReference")
    return [_piece(piece) for piece in pieces]


@operation(
    f"{BASE}/structures/{{uuid}}/pieces_jointes/{{uuidPJ}}",
    method="GET",
    permission=SEE_PIECE,
    request=PieceByUuid,
    response=PieceJointeOrganisation,
)
def read_piece_of_organisation(caller: Caller, asked: PieceByUuid) -> AnswerWithFile:
    """One of them, with its bytes in base64."""
    piece = _pieces(caller, asked.uuid).filter(uid=_uid(asked.uuidPJ, "NotFoundReference")).first()
    if piece is None:
        raise _unknown("NotFoundReference")
    shown = _piece(piece)
    return AnswerWithFile(
        lambda mark: msgspec.structs.replace(shown, attachmentData=mark), open_file(stored=piece.stored)
    )


@operation(
    f"{BASE}/structures/recherche",
    permission=PUBLIC,
    request=RechercheOrganisations,
    response=list[Organisation],
)
def search_organisations(caller: Caller, asked: RechercheOrganisations) -> list[Any]:
    """Search structures: each criterion has op (like, or another for equal) and val; a thousand at most."""
    found = visible_to(caller).filter(**_wanted(asked, _COLUMNS))
    found = found.order_by(*_order(asked.sort, asked.desc, _COLUMNS), "pk")
    return _narrowed([_organisation(structure, caller) for structure in found[:MOST]], asked.fields)


@operation(
    f"{BASE}/services/recherche",
    permission=PUBLIC,
    request=RechercheServices,
    response=list[ServiceOrganisation],
)
def search_services_of_organisations(caller: Caller, asked: RechercheServices) -> list[Any]:
    """Search services, as structures are; rattachementOrganisation is the uuid of a structure."""
    structures = visible_to(caller)
    if asked.rattachementOrganisation is not None:
        structures = structures.filter(uid=_uid(asked.rattachementOrganisation.val))
    found = Service.objects.filter(structure__in=structures.values("pk"), **_wanted(asked, _COLUMNS_OF_SERVICES))
    found = found.select_related("structure").order_by(*_order(asked.sort, asked.desc, _COLUMNS_OF_SERVICES), "pk")
    return _narrowed([_service(service, caller) for service in found[:MOST]], asked.fields)


def _structure(caller: Caller, text: str) -> Structure:
    """By its uid, its SIRET or its VAT number: « ni un UUID, ni un SIRET, ni un numéro de TVA » is what it is not."""
    try:
        wanted = Q(uid=UUID(text))
    except ValueError:
        wanted = Q(identifier=text) | Q(vat_number=text)
    structure = visible_to(caller).filter(wanted).first() if text else None
    if structure is None:
        raise _unknown("ParamsInvalidUuidStructures")
    return structure


def _uid(text: str, error: str = "ParamsInvalidUuidStructures") -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _unknown(error) from None


def _pieces(caller: Caller, uuid: str) -> QuerySet[LibraryFile]:
    found: QuerySet[LibraryFile] = caller.objects(SEE_PIECE).filter(structure=_structure(caller, uuid))
    return found


def _piece(piece: LibraryFile) -> PieceJointeOrganisation:
    return PieceJointeOrganisation(
        uuid=piece.uid.hex,
        fileName=piece.name,
        contentType=guess_type(piece.name)[0] or piece.stored.media_type,
        sizeBytes=piece.stored.size,
    )


def _key(text: str) -> int:
    try:
        key = int(text, _HEX)
    except ValueError:
        key = -1
    if not 0 <= key < 2**63:
        raise _unknown("NotFoundReference")
    return key


def _unknown(error: str) -> Stopped:
    sentence = "Rien que le programme peut voir n’a cet identifiant."
    return Stopped(400, sentence, body=[{"error": error, "message": sentence}])


def _wanted(asked: WireRequest, columns: dict[str, str]) -> dict[str, str]:
    wanted = {}
    for name, column in columns.items():
        criterion: Critere | None = getattr(asked, name)
        if criterion is not None and criterion.val:
            how = "icontains" if criterion.op.strip().lower() in _LIKE else "iexact"
            wanted[f"{column}__{how}"] = criterion.val.strip()
    return wanted


def _order(rising: list[str], falling: list[str], columns: dict[str, str]) -> list[str]:
    return [*(columns[name] for name in rising if name in columns),
            *(f"-{columns[name]}" for name in falling if name in columns)]  # fmt: skip


def _narrowed(found: list[Any], fields: list[str]) -> list[Any]:
    """With ``fields`` of each alone, where any are named."""
    if not fields:
        return found
    return [{name: value for name, value in msgspec.to_builtins(each).items() if name in fields} for each in found]


def _organisation(structure: Structure, caller: Caller) -> Organisation:
    is_own = own(caller).filter(pk=structure.pk).exists() if not structure.is_public else False
    return Organisation(
        uuid=structure.uid.hex,
        libelleOrganisation=structure.name,
        raisonSociale=structure.name,
        identifiant=structure.identifier,
        typeIdentifiant=structure.identifier_type,
        numeroTvaIntracommunautaire=structure.vat_number or None,
        typeOrganisation="public" if structure.is_public else "private",
        status="active" if structure.is_active else "inactive",
        adresse=structure.address_line or None,
        complementAdresse1=structure.address_extra_1 or None,
        complementAdresse2=structure.address_extra_2 or None,
        codePostal=structure.postcode or None,
        ville=structure.city or None,
        pays=structure.country or None,
        telephone=(structure.phone or None) if is_own else None,
        adresseElectronique=(structure.email or None) if is_own else None,
        numeroEjDoitEtreRenseigne=structure.requires_commitment,
        codeServiceDoitEtreRenseigne=structure.requires_service,
        gestionNumeroEJOuCodeService=structure.requires_service_or_commitment,
        statutMiseEnPaiementNestPasRemonte=structure.reports_no_payment,
        avecMOA=structure.is_works_authority_only,
        estMOAUniquement=structure.is_works_authority_only,
        recevoirCyclesViesEdi=False,
        emetteurFluxEdi=False,
        nonDiffusibleInsee=False,
    )


def _service(service: Service, caller: Caller) -> ServiceOrganisation:
    return ServiceOrganisation(
        uuid=f"{service.pk:032x}",
        libelle=service.name,
        description=service.name,
        codeService=service.code,
        rattachementOrganisation=service.structure.uid.hex,
        dateDebutActivation=str(service.valid_from) if service.valid_from else None,
        dateFinActivation=str(service.valid_until) if service.valid_until else None,
        etatService=ACTIVE if is_open(service, caller) else INACTIVE,
        numeroEj=service.requires_commitment,
    )
