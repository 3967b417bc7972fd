"""rechercherDemandePaiement: the invoices of one role, with one set of criteria for all roles. There are no pages."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.db.models import Q

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.paging import ParametresRecherche
from plainchant.api.refusals import ValueMissing
from plainchant.api.values import Id, Instant, day, instant
from plainchant.einvoice.codes.cadres import api_name
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.models import Invoice, StatusChange
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
    SEE_WORKS_PIECE,
)

from . import searching
from .invoice_lines import FACTURE, FACTURE_TRAVAUX, last_words, type_of_works

MOST = 1_000
ROLES = {
    "FOURNISSEUR": (SEE_ISSUED_INVOICE, Side.SELLER),
    "DESTINATAIRE": (SEE_RECEIVED_INVOICE, Side.BUYER),
    "VALIDEUR": (SEE_VALIDATION_INVOICE, Side.VALIDATOR),
    "VALIDATEUR": (SEE_VALIDATION_INVOICE, Side.VALIDATOR),  # a program spells it so
    "MOE": (SEE_WORKS_PIECE, Side.WORKS),
    "MOA": (SEE_WORKS_PIECE, Side.WORKS),
}


class StructureFournisseur(WireRequest):
    idStructureFournisseur: Id | None = None
    typeIdentifiantStructureFournisseur: str = ""
    identifiantStructureFournisseur: str = ""


class StructureMoe(WireRequest):
    idStructureMoe: Id | None = None
    typeIdentifiantStructureMoe: str = ""
    identifiantStructureMoe: str = ""


class StructureMoa(WireRequest):
    idStructureMoa: Id | None = None
    typeIdentifiantStructureMoa: str = ""
    identifiantStructureMoa: str = ""


class StructureValideur(WireRequest):
    idStructureValideur: Id | None = None
    typeIdentifiantStructureValideur: str = ""
    identifiantStructureValideur: str = ""


class StructureDestinataire(WireRequest):
    idStructureDestinataire: Id | None = None
    typeIdentifiantStructureDestinataire: str = ""
    identifiantStructureDestinataire: str = ""


class RechercherDemandePaiementParam(WireRequest):
    roleUtilisateur: str = ""
    numeroFacture: str = ""
    typeDemandePaiement: str = ""
    typeFacture: str = ""
    typeFactureTravaux: str = ""
    cadreFacturation: str = ""
    statutCourant: list[str] = []
    periodeDateHeureEtatCourantDu: datetime | None = None
    periodeDateHeureEtatCourantAu: datetime | None = None
    periodeDateFournisseurDu: date | None = None
    periodeDateFournisseurAu: date | None = None
    periodeDateDepotDu: date | None = None
    periodeDateDepotAu: date | None = None
    montantHTMin: Decimal | None = None
    montantHTMax: Decimal | None = None
    montantTTCMin: Decimal | None = None
    montantTTCMax: Decimal | None = None
    montantAPayerMin: Annotated[Decimal | None, also("montantApayerMin")] = None
    montantAPayerMax: Annotated[Decimal | None, also("montantApayerMax")] = None
    numeroMarche: str = ""
    numeroBonCommande: str = ""
    numeroFactureOrigine: str = ""
    structureFournisseur: StructureFournisseur | None = None
    rechercheSirenFournisseur: bool | None = None
    idServiceFournisseur: Id | None = None
    structureMoe: StructureMoe | None = None
    idServiceMoe: Id | None = None
    structureMoa: StructureMoa | None = None
    idServiceMoa: Id | None = None
    structureValideur: StructureValideur | None = None
    structureDestinataire: StructureDestinataire | None = None
    rechercheSirenDestinataire: bool | None = None
    idServiceDestinataire: Id | None = None
    dpOuDpArchive: str = ""
    numeroDossierFacturation: str = ""
    numeroFactureMemoire: str = ""
    numeroDpMandat: str = ""


class DemandePaiement(WireObject, kw_only=True):
    idDemandePaiement: int
    numeroDemandePaiement: str
    typeDemandePaiement: str
    typeFacture: str
    typeFactureTravaux: str | None = None
    cadreFacturation: str
    etatCourant: str
    dateHeureEtatCourant: Instant
    dateFournisseur: date | None = None
    dateDepot: date | None = None
    montantHT: Decimal | None = None
    montantTTC: Decimal | None = None
    montantAPayer: Decimal | None = None
    numeroMarche: str | None = None
    numeroBonCommande: str | None = None
    numeroFactureOrigine: str | None = None
    idStructureFournisseur: int
    idServiceFournisseur: int | None = None
    idStructureMoe: int | None = None
    idServiceMoe: int | None = None
    idStructureMoa: int | None = None
    idServiceMoa: int | None = None
    idStructureValideur1: int | None = None
    idStructureValideur2: int | None = None
    idStructureDestinataire: int | None = None
    idServiceDestinataire: int | None = None
    dpOuDpArchive: str
    numeroDossierFacturation: str | None = None
    idDossierFacturation: int | None = None
    commentaireEtatCourant: str | None = None
    numeroDpMandat: str | None = None
    siretFournisseurQualif: str | None = None
    siretDestinataireQualif: str | None = None
    nombreResultatTotal: str | None = None
    codeServiceDestinataire: str | None = None
    nomServiceDestinataire: str | None = None
    identifiantStructureFournisseur: str
    identifiantStructureDestinataire: str | None = None


class WsRetourRechercherDemandePaiement(Retour):
    listeDemandePaiement: list[DemandePaiement]
    total: int


@operation(
    "/cpro/factures/v1/rechercher/demandePaiement",
    permission=SEE_ISSUED_INVOICE,
    others=(SEE_RECEIVED_INVOICE, SEE_VALIDATION_INVOICE, SEE_WORKS_PIECE),
    request=RechercherDemandePaiementParam,
    response=WsRetourRechercherDemandePaiement,
)
def rechercher_demande_paiement(
    caller: Caller, asked: RechercherDemandePaiementParam
) -> WsRetourRechercherDemandePaiement:
    """Search the invoices of roleUtilisateur. A thousand at most are listed; nothing is archived here."""
    role = asked.roleUtilisateur.strip().upper()
    if role not in ROLES:
        raise ValueMissing("roleUtilisateur")
    permission, side = ROLES[role]
    seller = asked.structureFournisseur or StructureFournisseur()
    buyer = asked.structureDestinataire or StructureDestinataire()
    moe, moa = asked.structureMoe or StructureMoe(), asked.structureMoa or StructureMoa()
    validator = asked.structureValideur or StructureValideur()
    found = searching.search(
        caller,
        permission=permission,
        side=side,
        asked=ParametresRecherche(nbResultatsParPage=MOST),
        values={
            "depot": (asked.periodeDateDepotDu, asked.periodeDateDepotAu),
            "facture": (asked.periodeDateFournisseurDu, asked.periodeDateFournisseurAu),
            "ht": (asked.montantHTMin, asked.montantHTMax),
            "ttc": (asked.montantTTCMin, asked.montantTTCMax),
            "a-payer": (asked.montantAPayerMin, asked.montantAPayerMax),
            "marche": asked.numeroMarche,
            "engagement": asked.numeroBonCommande,
        },
        conditions=[
            searching.has(
                number=asked.numeroFacture.strip(),
                preceding_number=asked.numeroFactureOrigine.strip(),
                buyer_service=asked.idServiceDestinataire,
                moe=moe.idStructureMoe,
                moe__identifier=moe.identifiantStructureMoe.strip(),
                moa=moa.idStructureMoa,
                moa__identifier=moa.identifiantStructureMoa.strip(),
                seller__identifier=seller.identifiantStructureFournisseur.strip(),
                buyer__identifier=buyer.identifiantStructureDestinataire.strip(),
            ),
            searching.parties("seller", [seller.idStructureFournisseur], whole_siren=asked.rechercheSirenFournisseur),
            searching.parties("buyer", [buyer.idStructureDestinataire], whole_siren=asked.rechercheSirenDestinataire),
            searching.validated_by(validator.idStructureValideur),
            _with_order(asked.numeroDpMandat),
            _in_archive(asked.dpOuDpArchive),
            searching.of_kind(asked.typeDemandePaiement),
            searching.of_type(asked.typeFacture),
            searching.of_works_type([asked.typeFactureTravaux] if asked.typeFactureTravaux else []),
            searching.in_cadre(asked.cadreFacturation),
            searching.since(asked.periodeDateHeureEtatCourantDu, asked.periodeDateHeureEtatCourantAu),
        ],
        statuses=asked.statutCourant or None,
    )
    return WsRetourRechercherDemandePaiement(
        listeDemandePaiement=[_line(invoice) for invoice in found.invoices], total=found.retour.total
    )


def _with_order(number: str) -> Q:
    changes = StatusChange.objects.filter(payment_order=number.strip())
    return Q(pk__in=changes.values("invoice")) if number.strip() else Q()


def _in_archive(name: str) -> Q:
    """dpOuDpArchive: nothing is archived here."""
    return Q(pk__in=()) if name.strip().upper() == "DP_ARCHIVE" else Q()


def _line(invoice: Invoice) -> DemandePaiement:
    buyer, service = invoice.buyer, invoice.buyer_service
    works = type_of_works(invoice)
    return DemandePaiement(
        idDemandePaiement=invoice.pk,
        numeroDemandePaiement=invoice.number,
        typeDemandePaiement=FACTURE_TRAVAUX if works else FACTURE,
        typeFacture=INVOICE_TYPE_OF[invoice.type_code].api,
        typeFactureTravaux=works,
        cadreFacturation=api_name(invoice.billing_framework),
        etatCourant=invoice.status,
        dateHeureEtatCourant=instant(invoice.status_at),
        dateFournisseur=invoice.issue_date,
        dateDepot=day(invoice.deposited_at),
        montantHT=invoice.tax_exclusive_amount,
        montantTTC=invoice.tax_inclusive_amount,
        montantAPayer=invoice.payable_amount,
        numeroMarche=invoice.contract or None,
        numeroBonCommande=invoice.commitment or None,
        numeroFactureOrigine=invoice.preceding_number or None,
        idStructureFournisseur=invoice.seller_id,
        idStructureMoe=invoice.moe_id,
        idStructureMoa=invoice.moa_id,
        idStructureValideur1=invoice.validator_id,
        idStructureValideur2=invoice.second_validator_id,
        idStructureDestinataire=invoice.buyer_id,
        idServiceDestinataire=invoice.buyer_service_id,
        dpOuDpArchive="DEMANDE_PAIEMENT",
        commentaireEtatCourant=last_words(invoice),
        codeServiceDestinataire=service.code if service else None,
        nomServiceDestinataire=service.name if service else None,
        identifiantStructureFournisseur=invoice.seller.identifier,
        identifiantStructureDestinataire=buyer.identifier if buyer else None,
    )
