"""rechercherStructure: public bodies, the program's own structures, and a supplier by its identifier."""

from __future__ import annotations

from plainchant.access.permissions import PUBLIC
from plainchant.api.callers import Caller
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import MOST_PER_PAGE, ParametresRecherche, ParametresRetour
from plainchant.portal.directory.queries import search
from plainchant.portal.structures.models import Structure

from .visible import ACTIVE, own, visible_to, with_suppliers

_COLUMNS = {
    "IdentifiantStructure": "identifier",
    "DesignationStructure": "name",
    "TypeIdentifiantStructure": "identifier_type",
    "Statut": "is_active",
}


class StructureRecherchee(WireRequest):
    adresseCodePays: str = ""
    adresseCodePostal: str = ""
    adresseVille: str = ""
    estMOA: bool | None = None
    estMOAUniquement: bool | None = None
    identifiantStructure: str = ""
    libelleStructure: str = ""
    nomStructure: str = ""
    prenomStructure: str = ""
    raisonSocialeStructure: str = ""
    statutStructure: str = ""
    typeIdentifiantStructure: str = ""
    typeStructure: str = ""


class RechercherStructureParam(WireRequest):
    """With restreindreStructuresPrivees false, a supplier is found by its identifier by whom it has sent an invoice.

    Other private structures are never listed.
    """

    parametres: ParametresRecherche | None = None
    restreindreStructuresPrivees: bool | None = None
    structure: StructureRecherchee | None = None


class StructureTrouvee(WireObject):
    designationStructure: str
    idStructureCPP: int
    identifiantStructure: str
    statut: str
    typeIdentifiantStructure: str


class WsRetourRechercherStructure(Retour):
    listeStructures: list[StructureTrouvee]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/structures/v1/rechercher",
    permission=PUBLIC,
    request=RechercherStructureParam,
    response=WsRetourRechercherStructure,
)
def rechercher_structure(caller: Caller, asked: RechercherStructureParam) -> WsRetourRechercherStructure:
    """Search public bodies and one's own structures; a SIRET gives one line, nothing found an empty list."""
    paging = asked.parametres or ParametresRecherche()
    wanted = asked.structure or StructureRecherchee()
    asks_for_supplier = asked.restreindreStructuresPrivees is False and wanted.identifiantStructure.strip()
    found = with_suppliers(caller) if asks_for_supplier else visible_to(caller)
    exact = {
        "identifier": "".join(wanted.identifiantStructure.split()),
        "identifier_type": wanted.typeIdentifiantStructure.strip().upper(),
        "country": wanted.adresseCodePays.strip().upper(),
        "postcode": wanted.adresseCodePostal.strip(),
        "city__iexact": wanted.adresseVille.strip(),
        "first_name__iexact": wanted.prenomStructure.strip(),
        "last_name__iexact": wanted.nomStructure.strip(),
        "nature": wanted.typeStructure.strip().upper(),
    }
    found = found.filter(**{column: value for column, value in exact.items() if value})
    if wanted.statutStructure:
        found = found.filter(is_active=wanted.statutStructure.strip().upper().startswith(ACTIVE))
    if wanted.estMOAUniquement is not None:
        found = found.filter(is_works_authority_only=wanted.estMOAUniquement)
    text = " ".join(filter(None, (wanted.raisonSocialeStructure.strip(), wanted.libelleStructure.strip())))
    if text:
        named = [body.pk for body in search(text=text, limit=MOST_PER_PAGE).results]
        named += own(caller).filter(name__icontains=text).values_list("pk", flat=True)
        found = found.filter(pk__in=named)
    order = _COLUMNS.get(paging.triColonne, "identifier")
    found = found.order_by(f"{'-' if paging.falls else ''}{order}", "pk")
    total = found.count()
    first = paging.first
    shown = found[first : first + paging.left(total)]
    return WsRetourRechercherStructure(
        listeStructures=[_line(structure) for structure in shown], parametresRetour=paging.retour(total)
    )


def _line(structure: Structure) -> StructureTrouvee:
    return StructureTrouvee(
        designationStructure=structure.name,
        idStructureCPP=structure.pk,
        identifiantStructure=structure.identifier,
        statut="ACTIVE" if structure.is_active else "INACTIVE",
        typeIdentifiantStructure=structure.identifier_type,
    )
