"""rechercherFactureTravaux: pieces of works, as one of those whom they name."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from plainchant.api.callers import Caller
from plainchant.api.factures import searching
from plainchant.api.factures.invoice_lines import FACTURE_TRAVAUX, type_of_works
from plainchant.api.factures.rechercher_demande_paiement import ROLES
from plainchant.api.operation import Retour, ReturnCode, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche, ParametresRetour
from plainchant.api.refusals import NothingFound, ValueMissing
from plainchant.api.values import Id, Instant, day, instant
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE, SEE_WORKS_PIECE


class RechercherFactureTravauxParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    roleUtilisateur: str = ""
    rechercheFactureTravaux: ParametresRecherche | None = None
    idDestinataire: Id | None = None
    idServiceExecutant: Id | None = None
    periodeDateHeureEtatCourantDu: datetime | None = None
    periodeDateHeureEtatCourantAu: datetime | None = None
    flagTelecharge: bool | None = None


class FactureTravaux(WireObject, kw_only=True):
    idFactureTravaux: int
    numeroFactureTravaux: str
    typeFactureTravaux: str | None = None
    statutFactureTravaux: str
    idFournisseur: int
    identifiantFournisseur: str
    typeIdentifiantFournisseur: str
    designationFournisseur: str
    idDestinataire: int | None = None
    identifiantDestinataire: str | None = None
    idServiceExecutant: int | None = None
    identifiantServiceExecutant: str | None = None
    dateFactureTravaux: date | None = None
    dateDepot: date | None = None
    dateHeureEtatCourant: Instant
    montantHT: Decimal | None = None
    montantTTC: Decimal | None = None
    montantAPayer: Decimal | None = None
    devise: str


class WsRetourRechercherFactureTravaux(Retour):
    listeFacturesTravaux: list[FactureTravaux]
    parametresRetour: ParametresRetour


@operation(
    "/cpro/facturesTravaux/v1/rechercher",
    permission=SEE_WORKS_PIECE,
    others=(SEE_ISSUED_INVOICE, SEE_RECEIVED_INVOICE),
    request=RechercherFactureTravauxParam,
    response=WsRetourRechercherFactureTravaux,
    retours={"wire_nothing_found": ReturnCode(20007, "GFT_MSG_01.075")},
)
def rechercher_travaux(caller: Caller, asked: RechercherFactureTravauxParam) -> WsRetourRechercherFactureTravaux:
    """Search pieces of works as roleUtilisateur; nothing found has a codeRetour of its own."""
    role = asked.roleUtilisateur.strip().upper()
    if role not in ROLES:
        raise ValueMissing("roleUtilisateur")
    permission, side = ROLES[role]
    of_buyer = {"telechargee": asked.flagTelecharge} if side is Side.BUYER else {}
    found = searching.search(
        caller,
        permission=permission,
        side=side,
        asked=asked.rechercheFactureTravaux,
        values=of_buyer,
        conditions=[
            searching.of_kind(FACTURE_TRAVAUX),
            searching.has(buyer=asked.idDestinataire, buyer_service=asked.idServiceExecutant),
            searching.since(asked.periodeDateHeureEtatCourantDu, asked.periodeDateHeureEtatCourantAu),
        ],
    )
    if not found.retour.total:
        raise NothingFound
    return WsRetourRechercherFactureTravaux(
        listeFacturesTravaux=[_line(piece) for piece in found.invoices], parametresRetour=found.retour
    )


def _line(piece: Invoice) -> FactureTravaux:
    buyer, service = piece.buyer, piece.buyer_service
    return FactureTravaux(
        idFactureTravaux=piece.pk,
        numeroFactureTravaux=piece.number,
        typeFactureTravaux=type_of_works(piece),
        statutFactureTravaux=piece.status,
        idFournisseur=piece.seller_id,
        identifiantFournisseur=piece.seller.identifier,
        typeIdentifiantFournisseur=piece.seller.identifier_type,
        designationFournisseur=piece.seller.name,
        idDestinataire=piece.buyer_id,
        identifiantDestinataire=buyer.identifier if buyer else None,
        idServiceExecutant=piece.buyer_service_id,
        identifiantServiceExecutant=service.code if service else None,
        dateFactureTravaux=piece.issue_date,
        dateDepot=day(piece.deposited_at),
        dateHeureEtatCourant=instant(piece.status_at),
        montantHT=piece.tax_exclusive_amount,
        montantTTC=piece.tax_inclusive_amount,
        montantAPayer=piece.payable_amount,
        devise=piece.currency,
    )
