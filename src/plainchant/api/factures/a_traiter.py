"""What waits for each side: the three searches « à traiter », of a supplier, of a recipient and of a validator."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.values import Id
from plainchant.portal.invoices.lifecycle import BUYER_MUST_ACT, IN_VALIDATION, REFUSED, Side, Status
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE
from plainchant.portal.invoices.queries import rejection_is_open, waiting_for_say
from plainchant.portal.rights.rights import Right
from plainchant.portal.structures.reach import reached

from . import searching
from .invoice_lines import (
    FactureRechercheRecipiendaire,
    FactureRechercheValideur,
    IssuedLine,
    issued_line,
    received_line,
    validators_line,
)

# Wider than what the pages call « à vous d'agir »: Chorus Pro lists here what is not yet in anybody's processing.
_OF_SUPPLIER = IN_VALIDATION | {
    Status.DRAFT,
    Status.DEPOSITED,
    Status.FORWARDING,
    Status.AVAILABLE,
    Status.TO_RECYCLE,
    Status.SUSPENDED,
}


class RechercherFactureATraiterParFournisseurParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idStructure: Id | None = None
    masquerRejetee: bool | None = None
    rechercheFactureATraiterParFournisseur: ParametresRecherche | None = None
    recupererTaille: bool | None = None


class WsRetourRechercherFactureATraiterParFournisseur(Retour):
    parametresRetour: ParametresRetour
    listeFactures: list[IssuedLine]


@operation(
    "/cpro/factures/v1/rechercher/atraiter/fournisseur",
    permission=SEE_ISSUED_INVOICE,
    request=RechercherFactureATraiterParFournisseurParam,
    response=WsRetourRechercherFactureATraiterParFournisseur,
)
def rechercher_a_traiter_fournisseur(
    caller: Caller, asked: RechercherFactureATraiterParFournisseurParam
) -> WsRetourRechercherFactureATraiterParFournisseur:
    """The supplier's invoices that nobody pays yet; with masquerRejetee false, open rejections too."""
    has_rejected = asked.masquerRejetee is False
    found = searching.search(
        caller,
        permission=SEE_ISSUED_INVOICE,
        side=Side.SELLER,
        asked=asked.rechercheFactureATraiterParFournisseur,
        values={},
        conditions=[
            searching.has(seller=asked.idStructure),
            ~Q(status=Status.REJECTED) | rejection_is_open(),
        ],
        statuses=sorted(_OF_SUPPLIER | (REFUSED if has_rejected else set())),
    )
    return WsRetourRechercherFactureATraiterParFournisseur(
        parametresRetour=found.retour, listeFactures=[issued_line(invoice) for invoice in found.invoices]
    )


class RechercherFactureATraiterParRecipiendaireParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idStructure: Id | None = None
    recupererTaille: bool | None = None
    parametreRechercheFactureATraiterParRecipiendaire: Annotated[ParametresRecherche | None, also("paramRecherche")] = (
        None
    )


class WsRetourRechercheFactureRecipiendaire(Retour):
    """Where a page stands is said twice: documents differ about the place."""

    listeFactures: list[FactureRechercheRecipiendaire]
    parametresRetour: ParametresRetour
    pageCourante: int
    pages: int
    nbResultatsParPage: int
    total: int


@operation(
    "/cpro/factures/v1/rechercher/atraiter/recipiendaire",
    permission=SEE_RECEIVED_INVOICE,
    request=RechercherFactureATraiterParRecipiendaireParam,
    response=WsRetourRechercheFactureRecipiendaire,
)
def rechercher_a_traiter_recipiendaire(
    caller: Caller, asked: RechercherFactureATraiterParRecipiendaireParam
) -> WsRetourRechercheFactureRecipiendaire:
    """The received invoices that wait for a decision: made available, or completed by their supplier."""
    found = searching.search(
        caller,
        permission=SEE_RECEIVED_INVOICE,
        side=Side.BUYER,
        asked=asked.parametreRechercheFactureATraiterParRecipiendaire,
        values={},
        conditions=[searching.has(buyer=asked.idStructure)],
        statuses=sorted(BUYER_MUST_ACT),
    )
    return WsRetourRechercheFactureRecipiendaire(
        listeFactures=[received_line(invoice) for invoice in found.invoices],
        parametresRetour=found.retour,
        **found.retour.at_root(),
    )


class RechercherFactureATraiterParValideurParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    idStructure: Id | None = None
    typeIdentifiantStructure: str = ""
    identifiantStructure: str = ""
    pagination: ParametresRecherche | None = None


class WsRetourRechercherFactureATraiterParValideur(Retour):
    parametresRetour: ParametresRetour
    listeFactures: list[FactureRechercheValideur]


@operation(
    "/cpro/factures/v1/rechercher/aTraiter/valideur",
    permission=SEE_VALIDATION_INVOICE,
    request=RechercherFactureATraiterParValideurParam,
    response=WsRetourRechercherFactureATraiterParValideur,
)
def rechercher_a_traiter_valideur(
    caller: Caller, asked: RechercherFactureATraiterParValideurParam
) -> WsRetourRechercherFactureATraiterParValideur:
    """The invoices that wait for the say of the program's structures."""
    structures = reached(actor=caller.actor, right=Right.VALIDATE)
    if asked.idStructure:
        structures = structures.filter(pk=asked.idStructure)
    if asked.identifiantStructure:
        structures = structures.filter(identifier=asked.identifiantStructure.strip())
    found = searching.search(
        caller,
        permission=SEE_VALIDATION_INVOICE,
        side=Side.VALIDATOR,
        asked=asked.pagination,
        values={},
        conditions=[waiting_for_say(structures)],
    )
    return WsRetourRechercherFactureATraiterParValideur(
        parametresRetour=found.retour, listeFactures=[validators_line(invoice) for invoice in found.invoices]
    )
