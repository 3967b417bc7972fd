"""consulterStructureAvecTVAIntraCom: what a structure is, and what it demands on invoices."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.values import Id

from .visible import AdressePostale, address_of, own, structure_of, with_suppliers


class ConsulterStructureAvecTVAIntraComParam(WireRequest):
    codeLangue: str = ""
    idStructureCPP: Annotated[Id | None, also("idStructure")] = None


class StructureDupliquee(WireObject):
    structureDupliquee: int


class InformationGenerales(WireObject, kw_only=True):
    dateExpirationMotPasseCompteTech: date | None = None
    emailStructure: str | None = None
    estValideurDeleguee: bool | None = None
    idStructureCPP: int
    idStructureOrigine: int | None = None
    identifiantStructure: str
    libelleStructure: str | None = None
    listeStructureDupliquees: list[StructureDupliquee] | None = None
    nomStructure: str | None = None
    numeroRcsStructure: str | None = None
    numeroTVA: str | None = None
    prenomStructure: str | None = None
    raisonSocialeStructure: str
    structurePriveePublique: str
    typeIdentifiantStructure: str


class Parametres(WireObject):
    """``aMoa`` is the same as ``getaMoa``: programs read one or the other."""

    codeServiceDoitEtreRenseigne: bool
    connexionEDI: bool
    estMoaUniquement: bool
    estValideurDelegue: bool
    gestionNumeroEJOuCodeService: bool
    getaMoa: bool
    aMoa: bool
    nonDiffusibleInsee: bool
    numeroEJDoitEtreRenseigne: bool
    recevoirDonneesViaEDI: bool
    statutMiseEnPaiementNestPasRemonte: bool


class WsRetourConsulterStructureTVAIntraCom(Retour):
    adressePostaleDuSiege: AdressePostale
    informationGenerales: InformationGenerales
    parametres: Parametres


@operation(
    "/cpro/structures/v1/consulter",
    permission=PUBLIC,
    request=ConsulterStructureAvecTVAIntraComParam,
    response=WsRetourConsulterStructureTVAIntraCom,
)
def consulter_structure(
    caller: Caller, asked: ConsulterStructureAvecTVAIntraComParam
) -> WsRetourConsulterStructureTVAIntraCom:
    """The sheet of a public body, of one's own structure or supplier: address, identifiers, what it demands."""
    structure = structure_of(caller, asked.idStructureCPP, name="idStructureCPP", among=with_suppliers(caller))
    address = address_of(structure)
    is_own = own(caller).filter(pk=structure.pk).exists()
    if is_own:
        address = msgspec.structs.replace(address, telephone=structure.phone or None)
    general = InformationGenerales(
        emailStructure=(structure.email or None) if is_own else None,
        idStructureCPP=structure.pk,
        idStructureOrigine=structure.origin_id if is_own else None,
        identifiantStructure=structure.identifier,
        libelleStructure=(structure.label or None) if is_own else None,
        nomStructure=structure.last_name or None,
        numeroRcsStructure=structure.rcs_number or None,
        numeroTVA=structure.vat_number or None,
        prenomStructure=structure.first_name or None,
        raisonSocialeStructure=structure.name,
        structurePriveePublique=structure.nature,
        typeIdentifiantStructure=structure.identifier_type,
    )
    return WsRetourConsulterStructureTVAIntraCom(
        adressePostaleDuSiege=address,
        informationGenerales=general,
        parametres=Parametres(
            codeServiceDoitEtreRenseigne=structure.requires_service,
            connexionEDI=False,
            estMoaUniquement=structure.is_works_authority_only,
            estValideurDelegue=False,
            gestionNumeroEJOuCodeService=structure.requires_service_or_commitment,
            getaMoa=structure.is_works_authority_only,
            aMoa=structure.is_works_authority_only,
            nonDiffusibleInsee=False,
            numeroEJDoitEtreRenseigne=structure.requires_commitment,
            recevoirDonneesViaEDI=False,
            statutMiseEnPaiementNestPasRemonte=structure.reports_no_payment,
        ),
    )
