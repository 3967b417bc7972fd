"""What an invoice says, for its supplier, its recipient and its validator: three operations, one content.

It is what was frozen when the invoice was sent. Lines and the VAT summary are there where the invoice was made here; of
one that came as a file they stand in the file (telecharger/groupe).
"""

from __future__ import annotations

from typing import Annotated

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import WireRequest, operation
from plainchant.api.values import Id
from plainchant.einvoice.codes.cadres import api_name
from plainchant.einvoice.law.payment import STATE
from plainchant.portal.invoices.lifecycle import Side
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
)
from plainchant.portal.rights.permissions import Permission

from .invoice_read import InvoiceRead
from .shown_invoice import (
    DestinataireDeFactureEmise,
    DestinataireDeFactureRecue,
    FactureEmise,
    FactureRecue,
    Fournisseur,
    FournisseurDeFactureEmise,
    ParamRechercheLigneRecapTva,
    ParamRechercheLignesPoste,
    ParamRechercheListePiecesJointes,
    PieceSuivante,
    PieceSuivanteDeFactureEmise,
    WsRetourFacturesEmises,
    WsRetourFacturesRecues,
)
from .sides import invoice_of

YES, NO = "OUI", "NON"


class ConsulterFactureParFournisseurParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    identifiantFactureCPP: Id | None = None
    codeLangue: str = ""
    getpLigneRecapTva: Annotated[ParamRechercheLigneRecapTva | None, also("pLigneRecapTva")] = None
    getpListePiecesJointes: Annotated[ParamRechercheListePiecesJointes | None, also("pListePiecesJointes")] = None
    getpLignesPoste: Annotated[ParamRechercheLignesPoste | None, also("pLignesPoste")] = None


@operation(
    "/cpro/factures/v1/consulter/fournisseur",
    permission=SEE_ISSUED_INVOICE,
    request=ConsulterFactureParFournisseurParam,
    response=WsRetourFacturesEmises,
)
def consulter_fournisseur(caller: Caller, asked: ConsulterFactureParFournisseurParam) -> WsRetourFacturesEmises:
    """What an invoice of one's own says, a draft's too."""
    read = _read(caller, asked.identifiantFactureCPP, SEE_ISSUED_INVOICE, Side.SELLER)
    return _issued(read, asked.getpLigneRecapTva, asked.getpListePiecesJointes, asked.getpLignesPoste)


class ConsulterFactureParValideurParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    identifiantFactureCPP: Id | None = None
    codeLangue: str = ""
    rechercheLigneTvaRecap: ParamRechercheLigneRecapTva | None = None
    recherchePj: ParamRechercheListePiecesJointes | None = None
    rechercheLignePoste: ParamRechercheLignesPoste | None = None


@operation(
    "/cpro/factures/v1/consulter/valideur",
    permission=SEE_VALIDATION_INVOICE,
    request=ConsulterFactureParValideurParam,
    response=WsRetourFacturesEmises,
)
def consulter_valideur(caller: Caller, asked: ConsulterFactureParValideurParam) -> WsRetourFacturesEmises:
    """What an invoice says that names the structure as its validator."""
    read = _read(caller, asked.identifiantFactureCPP, SEE_VALIDATION_INVOICE, Side.VALIDATOR)
    return _issued(read, asked.rechercheLigneTvaRecap, asked.recherchePj, asked.rechercheLignePoste)


class ConsulterFactureParRecipiendaireParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    identifiantFactureCPP: Id | None = None
    codeLangue: str = ""
    rechercheligneTvaRecap: Annotated[ParamRechercheLigneRecapTva | None, also("rechercheLigneTvaRecap")] = None
    recherchePj: ParamRechercheListePiecesJointes | None = None
    rechercheLignePoste: ParamRechercheLignesPoste | None = None


@operation(
    "/cpro/factures/v1/consulter/recipiendaire",
    permission=SEE_RECEIVED_INVOICE,
    request=ConsulterFactureParRecipiendaireParam,
    response=WsRetourFacturesRecues,
)
def consulter_recipiendaire(caller: Caller, asked: ConsulterFactureParRecipiendaireParam) -> WsRetourFacturesRecues:
    """What a received invoice says."""
    read = _read(caller, asked.identifiantFactureCPP, SEE_RECEIVED_INVOICE, Side.BUYER)
    buyer = read.invoice.buyer
    following = read.following
    return WsRetourFacturesRecues(
        facture=FactureRecue(
            **read.common(asked.rechercheligneTvaRecap, asked.recherchePj, asked.rechercheLignePoste),
            destinataire=DestinataireDeFactureRecue(
                **read.recipient(), destinataireEtat=YES if buyer and buyer.payer_category == STATE else NO
            ),
            fournisseur=Fournisseur(**read.supplier()),
            pieceSuivante=(
                PieceSuivante(
                    cadreFacturationPieceSuivante=api_name(following.billing_framework),
                    idPieceSuivante=following.pk,
                    numeroPieceSuivante=following.number,
                )
                if following
                else None
            ),
        )
    )


def _issued(
    read: InvoiceRead,
    vat: ParamRechercheLigneRecapTva | None,
    files: ParamRechercheListePiecesJointes | None,
    lines: ParamRechercheLignesPoste | None,
) -> WsRetourFacturesEmises:
    invoice, seller, buyer, following = read.invoice, read.invoice.seller, read.invoice.buyer, read.following
    return WsRetourFacturesEmises(
        facture=FactureEmise(
            **read.common(vat, files, lines),
            rejetTraite=invoice.rejection_closed_at is not None,
            destinataire=DestinataireDeFactureEmise(
                **read.recipient(),
                miseEnPaiementDestinataire=not buyer.reports_no_payment if buyer else None,
                designationDestinataire=buyer.name if buyer else None,
            ),
            fournisseur=FournisseurDeFactureEmise(
                **read.supplier(),
                raisonSocialeFournisseur=seller.name,
                nomFournisseur=seller.last_name or None,
                prenomFournisseur=seller.first_name or None,
            ),
            pieceSuivante=(
                PieceSuivanteDeFactureEmise(
                    cadreFacturationPieceSuivante=api_name(following.billing_framework),
                    idPieceSuivante=following.pk,
                    numeroPieceSuiante=following.number,
                )
                if following
                else None
            ),
        )
    )


def _read(caller: Caller, key: int | None, permission: Permission, side: Side) -> InvoiceRead:
    invoice = invoice_of(caller, key, name="identifiantFactureCPP", permission=permission)
    return InvoiceRead(caller, invoice, permission, side)
