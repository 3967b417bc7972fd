"""rechercherFactureParValideur: the invoices that name a structure as their validator."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.values import Id
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.permissions import SEE_VALIDATION_INVOICE

from . import searching
from .invoice_lines import FactureRechercheValideur, validators_line


class RechercherFactureParValideurParam(searching.UsualSearch):
    idUtilisateurCourant: Id | None = None
    typeDemandePaiement: str = ""
    idDestinataire: Id | None = None
    rechercheSirenDestinataire: bool | None = None
    idServiceExecutant: Id | None = None
    numeroFacture: str = ""
    listeTypeFacture: list[str] = []
    listeTypeFactureTravaux: list[str] = []
    idFournisseur: Id | None = None
    rechercheSirenFournisseur: bool | None = None
    idServiceFournisseur: Id | None = None
    idStructureValideur: Id | None = None
    idStructureMoe: Id | None = None
    idStructureMoa: Id | None = None
    cadreFacturation: str = ""
    statutCourant: list[str] = []
    montantAPayerMin: Annotated[Decimal | None, also("montantApayerMin")] = None
    montantAPayerMax: Annotated[Decimal | None, also("montantApayerMax")] = None
    numeroEngagement: Annotated[str, also("numeroBonCommande")] = ""
    pagination: ParametresRecherche | None = None


class WsRetourRechercherFactureParValideur(Retour):
    parametresRetour: ParametresRetour
    listeFactures: list[FactureRechercheValideur]


@operation(
    "/cpro/factures/v1/rechercher/valideur",
    permission=SEE_VALIDATION_INVOICE,
    request=RechercherFactureParValideurParam,
    response=WsRetourRechercherFactureParValideur,
)
def rechercher_valideur(
    caller: Caller, asked: RechercherFactureParValideurParam
) -> WsRetourRechercherFactureParValideur:
    """Search the invoices that name the structure as their validator, first or second."""
    found = searching.search(
        caller,
        permission=SEE_VALIDATION_INVOICE,
        side=Side.VALIDATOR,
        asked=asked.pagination,
        values={
            **asked.usual_values(),
            "a-payer": (asked.montantAPayerMin, asked.montantAPayerMax),
            "engagement": asked.numeroEngagement,
        },
        conditions=[
            searching.has(
                number=asked.numeroFacture.strip(),
                buyer_service=asked.idServiceExecutant,
                moe=asked.idStructureMoe,
                moa=asked.idStructureMoa,
            ),
            searching.parties("buyer", [asked.idDestinataire], whole_siren=asked.rechercheSirenDestinataire),
            searching.parties("seller", [asked.idFournisseur], whole_siren=asked.rechercheSirenFournisseur),
            searching.validated_by(asked.idStructureValideur),
            searching.of_kind(asked.typeDemandePaiement),
            searching.of_type(*asked.listeTypeFacture),
            searching.of_works_type(asked.listeTypeFactureTravaux),
            searching.in_cadre(asked.cadreFacturation),
        ],
        statuses=asked.statutCourant or None,
    )
    return WsRetourRechercherFactureParValideur(
        parametresRetour=found.retour, listeFactures=[validators_line(invoice) for invoice in found.invoices]
    )
