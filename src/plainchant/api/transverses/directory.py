"""Recipients: searched, one of their services, what is known of a SIRET, and the whole directory as a file."""

from __future__ import annotations

import csv
import io
import zipfile
from base64 import b64encode

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Nothing, Retour, Success, WireObject, WireRequest, operation
from plainchant.api.paging import MOST_PER_PAGE, ParametresRecherche, ParametresRetour
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.api.structures.visible import is_open, structure_of
from plainchant.api.values import Id
from plainchant.einvoice.identifiers import SIREN_DIGITS, bare
from plainchant.portal.directory.queries import body, filtered, search
from plainchant.portal.directory.sirene import identity_of
from plainchant.portal.structures.models import Service
from plainchant.portal.structures.queries import public_bodies


class RechercherDestinataireParam(WireRequest):
    identifiant: str = ""
    nomVilleCodePostal: str = ""
    typeStructure: str = ""
    parametresRecherche: ParametresRecherche | None = None


class DestinataireTrouve(WireObject):
    idStructureCPP: int
    siret: str
    nomDestinataire: str
    adresseCodePostal: str
    adresseVille: str


class WsRetourRechercherDestinataire(Retour):
    listeDestinataires: list[DestinataireTrouve]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/transverses/v1/rechercher/destinataire",
    permission=PUBLIC,
    request=RechercherDestinataireParam,
    response=WsRetourRechercherDestinataire,
)
def rechercher_destinataire(caller: Caller, asked: RechercherDestinataireParam) -> WsRetourRechercherDestinataire:
    """Search the public directory by name, town or postcode, best first; or one SIRET."""
    paging = asked.parametresRecherche or ParametresRecherche()
    first = paging.first
    identifier = bare(asked.identifiant)
    text = asked.nomVilleCodePostal.strip()
    if identifier:
        found = [row for row in [body(siret=identifier)] if row is not None]
        total, shown = len(found), found[first : first + paging.left(len(found))]
    elif text:
        page = search(text=text, limit=min(paging.size, MOST_PER_PAGE), offset=first)
        total, shown = page.total, page.results[: paging.left(page.total)]
    else:
        total = public_bodies().count()
        shown = list(public_bodies().order_by("identifier")[first : first + paging.left(total)])
    return WsRetourRechercherDestinataire(
        listeDestinataires=[
            DestinataireTrouve(
                idStructureCPP=row.pk,
                siret=row.identifier,
                nomDestinataire=row.name,
                adresseCodePostal=row.postcode,
                adresseVille=row.city,
            )
            for row in shown
        ],
        parametresRetour=paging.retour(total),
    )


class RechercherServiceExecutantParam(WireRequest):
    idDestinataireCPP: Id | None = None
    codeServiceExecutant: str = ""
    nomServiceExecutant: str = ""
    actif: bool | None = None
    parametresRecherche: ParametresRecherche | None = None


class ServiceExecutant(WireObject):
    idServicesCPP: int
    codeServiceExecutant: str
    nomServiceExecutant: str


class WsRetourRechercherServiceExecutant(Retour):
    listeServices: list[ServiceExecutant]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/transverses/v1/rechercher/serviceexecutant",
    permission=PUBLIC,
    request=RechercherServiceExecutantParam,
    response=WsRetourRechercherServiceExecutant,
)
def rechercher_service_executant(
    caller: Caller, asked: RechercherServiceExecutantParam
) -> WsRetourRechercherServiceExecutant:
    """The services of a recipient, by words of their code and of their name."""
    structure = structure_of(caller, asked.idDestinataireCPP, name="idDestinataireCPP")
    paging = asked.parametresRecherche or ParametresRecherche(nbResultatsParPage=1_000)
    text = f"{asked.codeServiceExecutant} {asked.nomServiceExecutant}"
    found = filtered(Service.objects.filter(structure=structure).order_by("code"), text=text)
    if asked.actif is not None:
        found = [service for service in found if is_open(service, caller) is asked.actif]
    first = paging.first
    return WsRetourRechercherServiceExecutant(
        listeServices=[
            ServiceExecutant(
                idServicesCPP=service.pk, codeServiceExecutant=service.code, nomServiceExecutant=service.name
            )
            for service in found[first : first + paging.left(len(found))]
        ],
        parametresRetour=paging.retour(len(found)),
    )


class ConsulterInformationSIRETParam(WireRequest):
    siretStructure: str = ""


class WsRetourConsulterInformationSIRET(Retour, kw_only=True):
    adresse: str | None = None
    categorieEntreprise: str | None = None
    categorieJuridique: str | None = None
    civilite: str | None = None
    dateCreationEntreprise: str | None = None
    dateCreationEtablissement: str | None = None
    dateReactivationEtablissement: str | None = None
    estActif: bool
    localisationSiege: str | None = None
    nonDiffusibleInsee: bool
    numeroInterneClassement: str
    raisonSociale: str | None = None
    siege: str | None = None
    siren: str
    siret: str
    siretPredecesseurSuccesseur: str | None = None


@operation(
    "/cpro/transverses/v1/consulter/information/siret",
    permission=PUBLIC,
    request=ConsulterInformationSIRETParam,
    response=WsRetourConsulterInformationSIRET,
)
def consulter_information_siret(
    caller: Caller, asked: ConsulterInformationSIRETParam
) -> WsRetourConsulterInformationSIRET:
    """What is known of a SIRET: by the extract of Sirene that the operator imported, or the public directory."""
    siret = bare(asked.siretStructure)
    if not siret:
        raise ValueMissing("siretStructure")
    public = body(siret=siret)
    known = identity_of(siret=siret)
    if known is None and public is None:
        raise UnknownStructure("siretStructure")
    parts = [known.address_line, known.address_extra_1, known.postcode, known.city] if known else []
    if known is None and public is not None:
        parts = [public.address_line, public.address_extra_1, public.postcode, public.city]
    return WsRetourConsulterInformationSIRET(
        adresse=" ".join(filter(None, parts)) or None,
        estActif=known.is_open if known else bool(public and public.is_active),
        nonDiffusibleInsee=known.is_masked if known else False,
        numeroInterneClassement=siret[SIREN_DIGITS:],
        raisonSociale=(known.name if known else public.name if public else "") or None,
        siren=siret[:SIREN_DIGITS],
        siret=siret,
    )


class WsRetourTelechargerAnnuaireDestinataire(Retour):
    fichierResultat: str


_COLUMNS = (
    "identifiant", "designation", "codePostal", "ville", "estActif", "codeServiceDoitEtreRenseigne",
    "numeroEJDoitEtreRenseigne", "gestionNumeroEJOuCodeService", "statutMiseEnPaiementNestPasRemonte",
)  # fmt: skip


@operation(
    "/cpro/transverses/v1/telecharger/annuaire/destinataire",
    permission=PUBLIC,
    request=Nothing,
    response=WsRetourTelechargerAnnuaireDestinataire,
    success=Success.DONE,
)
def telecharger_annuaire(caller: Caller, asked: Nothing) -> WsRetourTelechargerAnnuaireDestinataire:
    """Every public body and what it demands on invoices, as a CSV file in a ZIP."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in public_bodies().order_by("identifier").iterator(chunk_size=2_000):
        demands = (
            row.requires_service,
            row.requires_commitment,
            row.requires_service_or_commitment,
            row.reports_no_payment,
        )
        flags = ("true" if flag else "false" for flag in (row.is_active, *demands))
        writer.writerow([row.identifier, row.name, row.postcode, row.city, *flags])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("annuaire.csv", text.getvalue().encode("utf-8-sig"))
    return WsRetourTelechargerAnnuaireDestinataire(fichierResultat=b64encode(packed.getvalue()).decode())
