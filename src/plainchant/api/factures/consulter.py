"""What an invoice says, for its supplier, its recipient and its validator: three operations, one content.

It is what was frozen when the invoice was sent. Lines and the VAT summary are there where the invoice was made here; of
one that came as a file they stand in the file (telecharger/groupe).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import PurePath
from typing import Annotated, Any, Literal, TypeVar

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, WireObject, WireRequest, operation
from plainchant.api.values import Id, Minute, day, minute
from plainchant.einvoice.codes.cadres import api_name
from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.currencies import CURRENCY_NAMES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.codes.units import UNIT_OF
from plainchant.einvoice.codes.vat_codes import VAT_CODES
from plainchant.einvoice.law.exemptions import EXEMPTION_OF
from plainchant.einvoice.law.payment import STATE
from plainchant.einvoice.making.composing import Sheet, SheetLine
from plainchant.einvoice.making.composing.totals import SheetTotals, line_net, totals_of
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.sheets import from_json as sheet_from_json
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.models import Invoice, InvoiceFile, StatusChange
from plainchant.portal.invoices.operations import party_of
from plainchant.portal.invoices.permissions import (
    SEE_ISSUED_INVOICE,
    SEE_RECEIVED_INVOICE,
    SEE_VALIDATION_INVOICE,
)
from plainchant.portal.invoices.story import changes_for
from plainchant.portal.invoices.validation import says_of
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures.models import Structure
from plainchant.shapes import from_json

from .invoice_lines import account_parts, type_of_works
from .sides import invoice_of

_Line = TypeVar("_Line")
Direction = Literal["Ascendant", "Descendant"]
MOST_LINES = 1_000
YES, NO = "OUI", "NON"


class ParamRechercheLigneRecapTva(WireRequest):
    pageResultatDemandeeListeRecapitulatifTVA: Id | None = None
    nbResultatsParPageListeListeRecapitulatifTVA: Id | None = None
    triSensListeRecapitulatifTVA: Direction | None = None
    triColonneListeRecapitulatifTVA: str = ""


class ParamRechercheListePiecesJointes(WireRequest):
    pageResultatDemandeeListePieceJointe: Id | None = None
    nbResultatsParPageListePieceJointe: Id | None = None
    triSensListePiecesJointes: Direction | None = None
    triColonneListePiecesJointes: str = ""


class ParamRechercheLignesPoste(WireRequest):
    pageResultatDemandeeLignesPoste: Id | None = None
    nbResultatsParPageLignesPoste: Id | None = None
    triSensListeLignesPoste: Direction | None = None
    triColonneListeLignesPoste: str = ""


class Destinataire(WireObject, kw_only=True):
    idDestinataire: int | None = None
    codeDestinataire: str | None = None
    libelleDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None
    libelleServiceExecutant: str | None = None
    adresseDestinataireId: int | None = None
    adresseDestinataireDetail: str | None = None
    adresseDestinataireComplement1: str | None = None
    adresseDestinataireComplement2: str | None = None
    adresseDestinataireCodePostal: str | None = None
    adresseDestinataireVille: str | None = None
    adresseDestinataireCodePays: str | None = None
    adresseDestinataireLibellePays: str | None = None


class DestinataireDeFactureEmise(Destinataire):
    miseEnPaiementDestinataire: bool | None = None
    designationDestinataire: str | None = None


class DestinataireDeFactureRecue(Destinataire):
    destinataireEtat: str | None = None


class Affactureur(WireObject, kw_only=True):
    """Factors are not here: nothing of it is ever set."""

    affactureurId: int | None = None
    affactureurCode: str | None = None
    affactureurTypeIdentifiant: str | None = None
    affactureurRaisonSociale: str | None = None
    affactureurCodePays: str | None = None


class Fournisseur(WireObject, kw_only=True):
    idFournisseur: int
    typeIdentifiantFournisseur: str
    codeFournisseur: str
    designationFournisseur: str
    idServiceFournisseur: int | None = None
    codeServiceFournisseur: str | None = None
    libelleServiceFournisseur: str | None = None
    adresseFournisseurId: int | None = None
    adresseFournisseurDetail: str | None = None
    adresseFournisseurComplement1: str | None = None
    adresseFournisseurComplement2: str | None = None
    adresseFournisseurCodePostal: str | None = None
    adresseFournisseurVille: str | None = None
    adresseFournisseurCodePays: str | None = None
    adresseFournisseurLibellePays: str | None = None
    numeroRcsFournisseur: str | None = None
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesCodeGuichet: str | None = None
    coordBancairesBicSwift: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurId: int | None = None
    coordBancairesFournisseurType: str | None = None
    coordBancairesFournisseurLibelle: str | None = None
    affactureur: Affactureur | None = None


class FournisseurDeFactureEmise(Fournisseur):
    raisonSocialeFournisseur: str | None = None
    nomFournisseur: str | None = None
    prenomFournisseur: str | None = None


class CadreDeFacturationOutput(WireObject, kw_only=True):
    codeCadreFacturation: str
    idValideur1: int | None = None
    typeIdentifiantValideur1: str | None = None
    codeValideur1: str | None = None
    raisonSocialeValideur1: str | None = None
    nomValideur1: str | None = None
    prenomValideur1: str | None = None
    dateValidation1: date | None = None
    idValideur2: int | None = None
    typeIdentifiantValideur2: str | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur2: str | None = None
    nomValideur2: str | None = None
    prenomValideur2: str | None = None
    dateValidation2: date | None = None
    idMoe: int | None = None
    typeIdentifiantMoe: str | None = None
    identifiantMoe: str | None = None
    raisonSocialeMoe: str | None = None
    nomMoe: str | None = None
    prenomMoe: str | None = None
    idServiceMoe: int | None = None
    codeServiceMoe: str | None = None
    nomServiceMoe: str | None = None
    idMoa: int | None = None
    typeIdentifiantMoa: str | None = None
    identifiantMoa: str | None = None
    raisonSocialeMoa: str | None = None
    idServiceMoa: int | None = None
    codeServiceMoa: str | None = None
    nomServiceMoa: str | None = None
    designationValideur2: str | None = None
    designationMoe: str | None = None
    designationMoa: str | None = None


class PiecePrecedente(WireObject, kw_only=True):
    cadreFacturationPiecePrecedente: str | None = None
    idPiecePrecedente: int | None = None
    numeroPiecePrecedente: str | None = None
    idDestinatairePiecePrecedente: int | None = None
    identifiantDestinatairePiecePrecedente: str | None = None
    raisonSocialeDestinatairePiecePrecedente: str | None = None
    idServiceExecutantPiecePrecedente: int | None = None
    codeServiceExecutantPiecePrecedente: str | None = None
    nomServiceExecutantPiecePrecedente: str | None = None


class PieceSuivanteDeFactureEmise(WireObject, kw_only=True):
    """The last key is spelt so on the wire."""

    cadreFacturationPieceSuivante: str | None = None
    idPieceSuivante: int | None = None
    numeroPieceSuiante: str | None = None


class PieceSuivante(WireObject, kw_only=True):
    cadreFacturationPieceSuivante: str | None = None
    idPieceSuivante: int | None = None
    numeroPieceSuivante: str | None = None


class References(WireObject, kw_only=True):
    dateFacture: date | None = None
    dateDepot: date | None = None
    codeDeviseFacture: str
    libelleDeviseFacture: str | None = None
    typeFacture: str
    typeFactureTravaux: str | None = None
    typeTva: str | None = None
    motifExonerationTva: str | None = None
    libelleMotifExonerationTva: str | None = None
    numeroMarche: str | None = None
    numeroBonCommande: str | None = None
    numeroFactureOrigine: str | None = None
    modePaiement: str | None = None
    dateCreationFacture: Minute
    dateEcheancePaiement: date | None = None
    tailleTotalePiecesJointes: int
    numeroDpMandat: str | None = None


class LigneTva(WireObject, kw_only=True):
    ligneTvaTauxRefId: int | None = None
    ligneTvaTauxRefCode: str | None = None
    ligneTvaTauxRefLibelle: str | None = None
    ligneTvaTauxRefValeur: Decimal | None = None
    ligneTvaTauxManuel: Decimal | None = None
    ligneTvaMontantBaseHtParTaux: Decimal
    ligneTvaMontantTvaParTaux: Decimal


class LignesTva(WireObject):
    ligneTva: list[LigneTva]
    pageCouranteLignesRecapitulativesTVA: int
    pagesLignesRecapitulativesTVA: int
    nbResultatsParPageLignesRecapitulativesTVA: int
    totalLignesRecapitulativesTVA: int


class MontantTotal(WireObject, kw_only=True):
    montantHtTotal: Decimal | None = None
    montantTVA: Decimal | None = None
    montantTtcAvantRemiseGlobalTTC: Decimal | None = None
    montantRemiseGlobaleTTC: Decimal | None = None
    motifRemiseGlobaleTTC: str | None = None
    montantTtcTotal: Decimal | None = None
    montantAPayer: Decimal | None = None


class PiecejointePrincipale(WireObject):
    idLiaisonPieceJointePrincipale: int
    idPieceJointePrincipale: int


class PieceJointe(WireObject, kw_only=True):
    pieceJointeTypeCode: str
    pieceJointeTypeLibelle: str
    pieceJointeDesignation: str
    pieceJointeNumeroLigneFacture: int | None = None
    pieceJointeIdLiaison: int
    pieceJointeId: int
    pieceJointeExtension: str


class PiecesJointes(WireObject):
    pieceJointe: list[PieceJointe]
    pageCouranteListePiecesJointe: int
    pagesListePiecesJointe: int
    nbResultatsParPageListePiecesJointe: int
    totalListePiecesJointe: int


class LignePoste(WireObject, kw_only=True):
    lignePosteNumero: int
    lignePosteReference: str | None = None
    lignePosteDenomination: str
    lignePosteQuantite: Decimal
    lignePosteUniteCode: int | None = None
    lignePosteUniteLibelle: str
    lignePosteMontantUnitaireHT: Decimal
    lignePosteMontantRemiseHT: Decimal | None = None
    lignePosteTauxTva: str | None = None
    lignePosteTauxTvaManuel: Decimal | None = None
    lignePosteMontantHtApresRemise: Decimal
    lignePosteMontantTva: Decimal | None = None
    lignePosteMontantTtcApresRemise: Decimal | None = None


class LignesPostes(WireObject):
    lignePoste: list[LignePoste]
    pageCouranteLignesPoste: int
    pagesLignesPoste: int
    nbResultatsParPageLignesPoste: int
    totalLignesPoste: int


class Facture(WireObject, kw_only=True):
    identifiantFactureCPP: int
    numeroFacture: str
    statutFacture: str
    modeDepot: str
    cadreDeFacturation: CadreDeFacturationOutput
    references: References
    recapitulatifDeTva: LignesTva
    montantTotal: MontantTotal
    pieceJointePrincipale: PiecejointePrincipale | None = None
    listeDesPiecesJointes: PiecesJointes
    piecePrecedente: PiecePrecedente | None = None
    lignesDePoste: LignesPostes
    commentaire: str | None = None


class FactureEmise(Facture, kw_only=True):
    rejetTraite: bool
    destinataire: DestinataireDeFactureEmise
    fournisseur: FournisseurDeFactureEmise
    pieceSuivante: PieceSuivanteDeFactureEmise | None = None


class FactureRecue(Facture, kw_only=True):
    destinataire: DestinataireDeFactureRecue
    fournisseur: Fournisseur
    pieceSuivante: PieceSuivante | None = None


class WsRetourFacturesEmises(Retour):
    facture: FactureEmise


class WsRetourFacturesRecues(Retour):
    facture: FactureRecue


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


class InvoiceRead:
    """An invoice with everything that an answer says of it, as one side of it sees it."""

    def __init__(self, caller: Caller, invoice: Invoice, permission: Permission, side: Side) -> None:
        self.invoice = invoice
        reached = caller.objects(permission)
        works = type_of_works(invoice) is not None
        self.preceding: Invoice | None = reached.filter(pk=invoice.made_from_id).first() if works else None
        self.following: Invoice | None = reached.filter(made_from=invoice).first() if works else None
        self.history = list(invoice.history.order_by("sequence"))
        self.seen: Sequence[StatusChange] = changes_for(invoice=invoice, history=self.history, side=side)
        self.files = list(InvoiceFile.objects.filter(invoice=invoice).select_related("stored").order_by("role", "pk"))
        composed = Draft.objects.filter(invoice=invoice).values_list("composed", flat=True).first()
        self.sheet: Sheet | None = sheet_from_json(composed) if composed else None
        self.totals: SheetTotals | None = totals_of(self.sheet) if self.sheet else None
        self.header = from_json(Header, invoice.document) if invoice.document else _of_draft(invoice)

    def common(
        self,
        vat: ParamRechercheLigneRecapTva | None,
        files: ParamRechercheListePiecesJointes | None,
        lines: ParamRechercheLignesPoste | None,
    ) -> dict[str, Any]:
        invoice = self.invoice
        principal = next((file for file in self.files if file.role == InvoiceFile.Role.INVOICE), None)
        return {
            "identifiantFactureCPP": invoice.pk,
            "numeroFacture": invoice.number,
            "statutFacture": invoice.status,
            "modeDepot": invoice.deposit_mode,
            "cadreDeFacturation": self._cadre(),
            "references": self._references(),
            "recapitulatifDeTva": self._vat(vat or ParamRechercheLigneRecapTva()),
            "montantTotal": self._amounts(),
            "pieceJointePrincipale": (
                PiecejointePrincipale(idLiaisonPieceJointePrincipale=principal.pk, idPieceJointePrincipale=principal.pk)
                if principal
                else None
            ),
            "listeDesPiecesJointes": self._attachments(files or ParamRechercheListePiecesJointes()),
            "piecePrecedente": self._preceding(),
            "lignesDePoste": self._lines(lines or ParamRechercheLignesPoste()),
            "commentaire": self.header.note or None,
        }

    def recipient(self) -> dict[str, Any]:
        invoice, party, service = self.invoice, self.header.buyer, self.invoice.buyer_service
        return {
            "idDestinataire": invoice.buyer_id,
            "codeDestinataire": party.identifier or None,
            "libelleDestinataire": party.name or None,
            "idServiceExecutant": service.pk if service else None,
            "codeServiceExecutant": service.code if service else None,
            "libelleServiceExecutant": service.name if service else None,
            **_address(party, "Destinataire"),
        }

    def supplier(self) -> dict[str, Any]:
        invoice, header = self.invoice, self.header
        account = invoice.bank_account
        bank: dict[str, Any] = {}
        if header.payment_account:
            parts = account_parts(header.payment_account)
            bank = {
                **{f"coordBancairesFournisseur{name}": part for name, part in parts.items()},
                "coordBancairesBicSwift": header.payment_bic or None,
                "coordBancairesFournisseurId": account.pk if account else None,
                "coordBancairesFournisseurType": "IBAN",
                "coordBancairesFournisseurLibelle": account.label if account else None,
            }
        return {
            "idFournisseur": invoice.seller_id,
            "typeIdentifiantFournisseur": invoice.seller.identifier_type,
            "codeFournisseur": header.seller.identifier,
            "designationFournisseur": header.seller.name,
            "numeroRcsFournisseur": invoice.seller.rcs_number or None,
            **_address(header.seller, "Fournisseur"),
            **bank,
        }

    def _cadre(self) -> CadreDeFacturationOutput:
        invoice = self.invoice
        agreed = [day(say.at) for say in says_of(invoice=invoice, history=self.history)]
        first, second = (*agreed, None, None)[:2]
        moe, moa, last = invoice.moe, invoice.moa, invoice.second_validator
        return CadreDeFacturationOutput(
            codeCadreFacturation=api_name(invoice.billing_framework),
            dateValidation1=first,
            dateValidation2=second,
            **_validator(invoice.validator, "1"),
            **_validator(last, "2"),
            designationValideur2=last.name if last else None,
            **_works_actor(moe, "Moe"),
            **_works_actor(moa, "Moa"),
        )

    def _references(self) -> References:
        invoice, sheet = self.invoice, self.sheet
        reasons = [line.vat.exemption_reason_code for line in sheet.lines] if sheet else []
        reason = EXEMPTION_OF.get(next((code for code in reasons if code), ""))
        by_transfer = "VIREMENT" if self.header.payment_account else None
        orders = [change.payment_order for change in self.seen if change.action == Action.ORDER_PAYMENT]
        return References(
            dateFacture=invoice.issue_date,
            dateDepot=day(invoice.deposited_at),
            codeDeviseFacture=invoice.currency,
            libelleDeviseFacture=CURRENCY_NAMES.get(invoice.currency),
            typeFacture=INVOICE_TYPE_OF[invoice.type_code].api,
            typeFactureTravaux=type_of_works(invoice),
            typeTva=invoice.vat_regime or None,
            motifExonerationTva=reason.code if reason else None,
            libelleMotifExonerationTva=reason.label if reason else None,
            numeroMarche=invoice.contract or None,
            numeroBonCommande=invoice.commitment or None,
            numeroFactureOrigine=invoice.preceding_number or None,
            modePaiement=(sheet.payment_mode or None) if sheet else by_transfer,
            dateCreationFacture=minute(invoice.created_at),
            dateEcheancePaiement=invoice.due_on,
            tailleTotalePiecesJointes=sum(file.stored.size for file in self.files),
            numeroDpMandat=(orders[-1] or None) if orders else None,
        )

    def _vat(self, asked: ParamRechercheLigneRecapTva) -> LignesTva:
        rows = self.totals.rates if self.totals else ()
        shown, place = _page(
            rows, asked.pageResultatDemandeeListeRecapitulatifTVA, asked.nbResultatsParPageListeListeRecapitulatifTVA
        )
        lines = []
        for row in shown:
            rate = row.vat.rate or Decimal(0)
            at, code = next(((at, code) for at, code in enumerate(VAT_CODES, 1) if code.rate == rate), (None, None))
            lines.append(
                LigneTva(
                    ligneTvaTauxRefId=at,
                    ligneTvaTauxRefCode=code.code if code else None,
                    ligneTvaTauxRefLibelle=code.label if code else None,
                    ligneTvaTauxRefValeur=code.rate if code else None,
                    ligneTvaTauxManuel=None if code else rate,
                    ligneTvaMontantBaseHtParTaux=row.base,
                    ligneTvaMontantTvaParTaux=row.tax,
                )
            )
        return LignesTva(ligneTva=lines, **_named(place, "LignesRecapitulativesTVA"))

    def _amounts(self) -> MontantTotal:
        invoice, totals = self.invoice, self.totals
        discount = totals.discount if totals and totals.discount else None
        return MontantTotal(
            montantHtTotal=invoice.tax_exclusive_amount,
            montantTVA=invoice.tax_amount,
            montantTtcAvantRemiseGlobalTTC=invoice.tax_inclusive_amount if discount is None else None,
            motifRemiseGlobaleTTC=(self.sheet.discount_reason or None) if self.sheet else None,
            montantTtcTotal=invoice.tax_inclusive_amount,
            montantAPayer=invoice.payable_amount,
        )

    def _attachments(self, asked: ParamRechercheListePiecesJointes) -> PiecesJointes:
        others = [file for file in self.files if file.role != InvoiceFile.Role.INVOICE]
        shown, place = _page(
            others, asked.pageResultatDemandeeListePieceJointe, asked.nbResultatsParPageListePieceJointe
        )
        return PiecesJointes(
            pieceJointe=[
                PieceJointe(
                    pieceJointeTypeCode=file.role,
                    pieceJointeTypeLibelle=InvoiceFile.Role(file.role).label,
                    pieceJointeDesignation=file.designation or file.name,
                    pieceJointeIdLiaison=file.pk,
                    pieceJointeId=file.pk,
                    pieceJointeExtension=PurePath(file.name).suffix.removeprefix(".").upper(),
                )
                for file in shown
            ],
            **_named(place, "ListePiecesJointe"),
        )

    def _preceding(self) -> PiecePrecedente | None:
        former = self.preceding
        if former is None:
            return None
        buyer, service = former.buyer, former.buyer_service
        return PiecePrecedente(
            cadreFacturationPiecePrecedente=api_name(former.billing_framework),
            idPiecePrecedente=former.pk,
            numeroPiecePrecedente=former.number,
            idDestinatairePiecePrecedente=former.buyer_id,
            identifiantDestinatairePiecePrecedente=buyer.identifier if buyer else None,
            raisonSocialeDestinatairePiecePrecedente=buyer.name if buyer else None,
            idServiceExecutantPiecePrecedente=former.buyer_service_id,
            codeServiceExecutantPiecePrecedente=service.code if service else None,
            nomServiceExecutantPiecePrecedente=service.name if service else None,
        )

    def _lines(self, asked: ParamRechercheLignesPoste) -> LignesPostes:
        numbered = list(enumerate(self.sheet.lines, 1)) if self.sheet else []
        shown, place = _page(numbered, asked.pageResultatDemandeeLignesPoste, asked.nbResultatsParPageLignesPoste)
        return LignesPostes(lignePoste=[_line(number, line) for number, line in shown], **_named(place, "LignesPoste"))


def _line(number: int, line: SheetLine) -> LignePoste:
    unit, rate = UNIT_OF.get(line.unit), line.vat.rate
    code = next((row.code for row in VAT_CODES if row.rate == rate), None)
    return LignePoste(
        lignePosteNumero=number,
        lignePosteReference=line.reference or None,
        lignePosteDenomination=line.name,
        lignePosteQuantite=line.quantity,
        lignePosteUniteLibelle=unit.label if unit else line.unit,
        lignePosteMontantUnitaireHT=line.price,
        lignePosteMontantRemiseHT=line.discount or None,
        lignePosteTauxTva=code,
        lignePosteTauxTvaManuel=rate if code is None else None,
        lignePosteMontantHtApresRemise=line_net(line),
    )


def _of_draft(invoice: Invoice) -> Header:
    """The parties of an invoice that is not sent, as they are now."""
    account = invoice.bank_account
    return Header(
        seller=party_of(structure=invoice.seller),
        buyer=party_of(structure=invoice.buyer) if invoice.buyer else HeaderParty(),
        note=invoice.comment,
        payment_account=account.iban if account else "",
        payment_bic=account.bic if account else "",
    )


def _address(party: HeaderParty, role: str) -> dict[str, Any]:
    return {
        f"adresse{role}Detail": party.address_line or None,
        f"adresse{role}CodePostal": party.postcode or None,
        f"adresse{role}Ville": party.city or None,
        f"adresse{role}CodePays": party.country or None,
        f"adresse{role}LibellePays": COUNTRY_NAMES.get(party.country),
    }


def _validator(structure: Structure | None, rank: str) -> dict[str, Any]:
    if structure is None:
        return {}
    return {
        f"idValideur{rank}": structure.pk,
        f"typeIdentifiantValideur{rank}": structure.identifier_type,
        f"codeValideur{rank}": structure.identifier,
        f"raisonSocialeValideur{rank}": structure.name,
    }


def _works_actor(structure: Structure | None, role: str) -> dict[str, Any]:
    if structure is None:
        return {}
    return {
        f"id{role}": structure.pk,
        f"typeIdentifiant{role}": structure.identifier_type,
        f"identifiant{role}": structure.identifier,
        f"raisonSociale{role}": structure.name,
        f"designation{role}": structure.name,
    }


def _page(rows: Sequence[_Line], page: int | None, size: int | None) -> tuple[Sequence[_Line], dict[str, int]]:
    page, size = max(page or 1, 1), min(max(size or MOST_LINES, 1), MOST_LINES)
    return rows[(page - 1) * size : page * size], {
        "pageCourante": page,
        "pages": -(-len(rows) // size),
        "nbResultatsParPage": size,
        "total": len(rows),
    }


def _named(place: dict[str, int], suffix: str) -> dict[str, int]:
    return {f"{name}{suffix}": value for name, value in place.items()}
