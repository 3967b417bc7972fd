"""rechercherFactureRecipiendaire: the invoices that a public body received."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.paging import ParametresRecherche
from plainchant.api.refusals import NothingFound
from plainchant.api.values import Id
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.permissions import SEE_RECEIVED_INVOICE

from . import searching
from .invoice_lines import FactureRechercheRecipiendaire, received_line


class FournisseurCherche(WireRequest):
    idFournisseur: Id | None = None
    listeIdService: list[Id] = []


class RechercherFactureRecipiendaireParam(searching.UsualSearch):
    idUtilisateurCourant: Id | None = None
    typeDemandePaiement: str = ""
    idDestinataire: Id | None = None
    idServiceExecutant: Id | None = None
    numeroFacture: str = ""
    listeTypeFacture: list[str] = []
    listeTypeFactureTravaux: list[str] = []
    listeFournisseurs: list[FournisseurCherche] = []
    rechercheSirenFournisseur: bool | None = None
    idStructureValideur: Id | None = None
    cadreFacturation: str = ""
    statutCourant: list[str] = []
    montantApayerMin: Annotated[Decimal | None, also("montantAPayerMin")] = None
    montantApayerMax: Annotated[Decimal | None, also("montantAPayerMax")] = None
    numeroBonCommande: str = ""
    factureTelechargeeParDestinataire: bool | None = None
    paramRecherche: ParametresRecherche | None = None
    recupererTaille: bool | None = None
    periodeDateHeureEtatCourantDu: datetime | None = None
    periodeDateHeureEtatCourantAu: datetime | None = None


class WsRetourRechercheFactureRecipiendaireRest(Retour):
    listeFactures: list[FactureRechercheRecipiendaire]
    pageCourante: int
    pages: int
    nbResultatsParPage: int
    total: int


@operation(
    "/cpro/factures/v1/rechercher/recipiendaire",
    permission=SEE_RECEIVED_INVOICE,
    request=RechercherFactureRecipiendaireParam,
    response=WsRetourRechercheFactureRecipiendaireRest,
)
def rechercher_recipiendaire(
    caller: Caller, asked: RechercherFactureRecipiendaireParam
) -> WsRetourRechercheFactureRecipiendaireRest:
    """Search the invoices that were made available to the recipient; nothing found has a codeRetour of its own."""
    found = searching.search(
        caller,
        permission=SEE_RECEIVED_INVOICE,
        side=Side.BUYER,
        asked=asked.paramRecherche,
        values={
            **asked.usual_values(),
            "a-payer": (asked.montantApayerMin, asked.montantApayerMax),
            "engagement": asked.numeroBonCommande,
            "telechargee": asked.factureTelechargeeParDestinataire,
        },
        conditions=[
            searching.has(
                number=asked.numeroFacture.strip(),
                buyer=asked.idDestinataire,
                buyer_service=asked.idServiceExecutant,
            ),
            searching.parties(
                "seller",
                [each.idFournisseur for each in asked.listeFournisseurs],
                whole_siren=asked.rechercheSirenFournisseur,
            ),
            searching.validated_by(asked.idStructureValideur),
            searching.of_kind(asked.typeDemandePaiement),
            searching.of_type(*asked.listeTypeFacture),
            searching.of_works_type(asked.listeTypeFactureTravaux),
            searching.in_cadre(asked.cadreFacturation),
            searching.since(asked.periodeDateHeureEtatCourantDu, asked.periodeDateHeureEtatCourantAu),
        ],
        statuses=asked.statutCourant or None,
    )
    if not found.retour.total:
        raise NothingFound
    return WsRetourRechercheFactureRecipiendaireRest(
        listeFactures=[received_line(invoice) for invoice in found.invoices], **found.retour.at_root()
    )
