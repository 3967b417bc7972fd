"""rechercherFactureParFournisseur: the invoices that a supplier sent."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Annotated

from django.db.models import Q

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.values import Id
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE

from . import searching
from .invoice_lines import FoundIssuedLine, found_issued_line


class DestinataireCherche(WireRequest):
    idDestinataire: Id | None = None
    listeIdServiceExecutant: list[Id] = []
    raisonSocialeStuctDmd: str = ""


class RechercherFactureParFournisseurParam(searching.UsualSearch):
    idUtilisateurCourant: Id | None = None
    listeDestinataire: list[DestinataireCherche] = []
    rechercheSirenDestinataire: bool | None = None
    numeroFacture: str = ""
    typeFacture: str = ""
    idFournisseur: Id | None = None
    idServiceFournisseur: Id | None = None
    idStructureValideur: Id | None = None
    cadreFacturation: str = ""
    statutCourant: list[str] = []
    montantApayerMin: Annotated[Decimal | None, also("montantAPayerMin")] = None
    montantApayerMax: Annotated[Decimal | None, also("montantAPayerMax")] = None
    coordonneeBancaire: Id | None = None
    idUtilisateurCreateur: list[Id] = []
    numeroBonCommande: str = ""
    numeroFactureOrigine: str = ""
    modeDepot: str = ""
    numeroFluxDepot: str = ""
    rechercheFactureParFournisseur: ParametresRecherche | None = None
    recupererTaille: bool | None = None
    periodeDateHeureEtatCourantDu: datetime | None = None
    periodeDateHeureEtatCourantAu: datetime | None = None
    rejetTraite: bool | None = None


class WsRetourRechercherFactureParFournisseur(Retour):
    parametresRetour: ParametresRetour
    listeFactures: list[FoundIssuedLine]


@operation(
    "/cpro/factures/v1/rechercher/fournisseur",
    permission=SEE_ISSUED_INVOICE,
    request=RechercherFactureParFournisseurParam,
    response=WsRetourRechercherFactureParFournisseur,
)
def rechercher_fournisseur(
    caller: Caller, asked: RechercherFactureParFournisseurParam
) -> WsRetourRechercherFactureParFournisseur:
    """Search the invoices that the supplier sent or prepares; nothing found is an empty list."""
    found = searching.search(
        caller,
        permission=SEE_ISSUED_INVOICE,
        side=Side.SELLER,
        asked=asked.rechercheFactureParFournisseur,
        values={
            **asked.usual_values(),
            "a-payer": (asked.montantApayerMin, asked.montantApayerMax),
            "engagement": asked.numeroBonCommande,
            "origine": asked.numeroFactureOrigine,
            "mode": asked.modeDepot,
        },
        conditions=[
            searching.has(
                number=asked.numeroFacture.strip(), seller=asked.idFournisseur, bank_account=asked.coordonneeBancaire
            ),
            _recipients(asked),
            searching.among("created_by", asked.idUtilisateurCreateur),
            searching.validated_by(asked.idStructureValideur),
            searching.of_type(asked.typeFacture),
            searching.is_closed(asked.rejetTraite),
            searching.in_cadre(asked.cadreFacturation),
            searching.of_flow(asked.numeroFluxDepot),
            searching.since(asked.periodeDateHeureEtatCourantDu, asked.periodeDateHeureEtatCourantAu),
        ],
        statuses=asked.statutCourant or None,
    )
    return WsRetourRechercherFactureParFournisseur(
        parametresRetour=found.retour, listeFactures=[found_issued_line(invoice) for invoice in found.invoices]
    )


def _recipients(asked: RechercherFactureParFournisseurParam) -> Q:
    """listeDestinataire; those that are named by their key alone are compared together."""
    by_key: list[DestinataireCherche] = []
    others: list[DestinataireCherche] = []
    for each in asked.listeDestinataire:
        is_by_key = not each.listeIdServiceExecutant and not each.raisonSocialeStuctDmd
        (by_key if is_by_key else others).append(each)

    def buyers(named: list[DestinataireCherche]) -> Q:
        keys = [each.idDestinataire for each in named]
        return searching.parties("buyer", keys, whole_siren=asked.rechercheSirenDestinataire)

    in_detail = (
        buyers([each])
        & searching.among("buyer_service", each.listeIdServiceExecutant)
        & searching.has(buyer__name__iexact=each.raisonSocialeStuctDmd.strip())
        for each in others
    )
    return searching.any_of(chain([buyers(by_key)], in_detail))
