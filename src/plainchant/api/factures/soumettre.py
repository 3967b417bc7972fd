"""soumettreFacture: an invoice made of JSON, or a PDF that was added before, checked and sent in one call."""

from __future__ import annotations

from base64 import b64encode
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from plainchant.api.callers import Caller
from plainchant.api.leniency import also
from plainchant.api.operation import Retour, Success, WireRequest, operation
from plainchant.api.refusals import UnknownStructure, ValueMissing
from plainchant.api.transverses.kept_documents import uploads_of
from plainchant.api.values import Id, day
from plainchant.capture.units import unit_named
from plainchant.einvoice.codes.cadres import code_of_api_name
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPES
from plainchant.einvoice.codes.vat_codes import rate_of
from plainchant.portal.drafts.models import Certificate
from plainchant.portal.drafts.programs import ExpectedTotals, discount_before_vat, send_document, send_sheet
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drafts.values import written
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, SEND_INVOICE
from plainchant.portal.structures.models import Structure

from .completer import PiecesJointes
from .recycler import SoumettreFactureDestinataire, SoumettreFactureReferences

SHEET, DOCUMENTS = "SAISIE_API", ("DEPOT_PDF_API", "DEPOT_PDF_SIGNE_API")


class SoumettreFactureFournisseur(WireRequest):
    idFournisseur: Id | None = None
    idServiceFournisseur: Id | None = None
    codeCoordonneesBancairesFournisseur: Id | None = None


class SoumettreFactureCadre(WireRequest):
    codeCadreFacturation: str = ""
    codeStructureValideur: str = ""
    codeServiceValideur: str = ""


class SoumettreFactureLignePoste(WireRequest):
    lignePosteNumero: Id | None = None
    lignePosteReference: str = ""
    lignePosteDenomination: str = ""
    lignePosteQuantite: Decimal | None = None
    lignePosteUnite: str = ""
    lignePosteMontantUnitaireHT: Decimal | None = None
    lignePosteMontantRemiseHT: Decimal | None = None
    lignePosteTauxTva: str = ""
    lignePosteTauxTvaManuel: Decimal | None = None


class SoumettreFactureLigneTva(WireRequest):
    """Passed over: the portal computes the VAT of the lines, and compares its total with montantTVA."""

    ligneTvaTaux: str = ""
    ligneTvaMontantBaseHtParTaux: Decimal | None = None
    ligneTvaMontantTvaParTaux: Decimal | None = None
    ligneTvaTauxManuel: Decimal | None = None


class SoumettreFactureMontantTotal(WireRequest):
    montantHtTotal: Decimal | None = None
    montantTVA: Decimal | None = None
    montantTtcTotal: Decimal | None = None
    montantRemiseGlobaleTTC: Decimal | None = None
    motifRemiseGlobaleTTC: str = ""
    montantAPayer: Decimal | None = None


class PieceJointePrincipale(WireRequest):
    pieceJointePrincipaleDesignation: str = ""
    pieceJointePrincipaleId: Id | None = None


class SoumettreFactureParam(WireRequest):
    idUtilisateurCourant: Id | None = None
    modeDepot: str = ""
    numeroFactureSaisi: str = ""
    dateFacture: date | None = None
    destinataire: SoumettreFactureDestinataire | None = None
    fournisseur: SoumettreFactureFournisseur | None = None
    cadreDeFacturation: SoumettreFactureCadre | None = None
    references: Annotated[SoumettreFactureReferences | None, also("reference")] = None
    lignePoste: list[SoumettreFactureLignePoste] = []
    ligneTva: list[SoumettreFactureLigneTva] = []
    montantTotal: SoumettreFactureMontantTotal | None = None
    pieceJointePrincipale: PieceJointePrincipale | None = None
    pieceJointeComplementaire: PiecesJointes = []
    commentaire: str = ""


class WsRetourSoumettreFacture(Retour):
    identifiantFactureCPP: int
    numeroFacture: str
    statutFacture: str
    dateDepot: date | None
    identifiantStructure: str
    empreinteCertificatDepot: str


@operation(
    "/cpro/factures/v1/soumettre",
    permission=BEGIN_INVOICE,
    others=(SEND_INVOICE,),
    request=SoumettreFactureParam,
    response=WsRetourSoumettreFacture,
    success=Success.DONE,
    writes=True,
    keeps=4,
)
def soumettre(caller: Caller, asked: SoumettreFactureParam) -> WsRetourSoumettreFacture:
    """Send an invoice: its lines (SAISIE_API), or a PDF added before (DEPOT_PDF_API). What is refused is gone."""
    mode = asked.modeDepot.strip().upper()
    if mode not in (SHEET, *DOCUMENTS):
        raise ValueMissing("modeDepot")
    seller = _seller(caller, asked)
    others = [piece.pieceJointeComplementaireId for piece in asked.pieceJointeComplementaire]
    with uploads_of(caller, others, seller=seller) as uploads:
        sent = _sent_sheet(caller, asked, seller, uploads) if mode == SHEET else None
        if sent is None:
            principal = asked.pieceJointePrincipale or PieceJointePrincipale()
            if principal.pieceJointePrincipaleId is None:
                raise ValueMissing("pieceJointePrincipaleId")
            with uploads_of(caller, [principal.pieceJointePrincipaleId]) as [document]:
                sent = _sent_document(caller, asked, seller, document, uploads)
    invoice = Invoice.objects.get(pk=sent.invoice_id)
    return WsRetourSoumettreFacture(
        identifiantFactureCPP=invoice.pk,
        numeroFacture=invoice.number,
        statutFacture=invoice.status,
        dateDepot=day(invoice.deposited_at),
        identifiantStructure=seller.identifier,
        empreinteCertificatDepot=b64encode(bytes.fromhex(sent.sha256)).decode(),
    )


def _seller(caller: Caller, asked: SoumettreFactureParam) -> Structure:
    """Whose invoice it is: idFournisseur, or the structure of the technical account where none is given."""
    key = asked.fournisseur.idFournisseur if asked.fournisseur else None
    reached = caller.objects(BEGIN_INVOICE)
    seller: Structure | None = reached.filter(pk=key or caller.own_account.structure_id).first()
    if seller is None:
        raise UnknownStructure("idFournisseur")
    return seller


def _sent_sheet(caller: Caller, asked: SoumettreFactureParam, seller: Structure, uploads: list[Upload]) -> Certificate:
    total = asked.montantTotal or SoumettreFactureMontantTotal()
    typed: dict[str, Any] = {"fields": _fields(asked, seller), "lines": [_line(line) for line in asked.lignePoste]}
    expected = ExpectedTotals(tax_exclusive=total.montantHtTotal, tax=total.montantTVA, payable=total.montantAPayer)
    if total.montantRemiseGlobaleTTC:
        # With VAT on the wire, before VAT on an invoice: what is due is compared, the rest follows from it.
        expected = ExpectedTotals(payable=total.montantAPayer)
        discount = discount_before_vat(typed=typed, discount=total.montantRemiseGlobaleTTC)
        typed["fields"] |= {
            "discount": written(discount, places=2),
            "discount_reason": total.motifRemiseGlobaleTTC or "Remise",
        }
    return send_sheet(seller=seller, typed=typed, expected=expected, uploads=uploads, actor=caller.actor, at=caller.at)


def _sent_document(
    caller: Caller, asked: SoumettreFactureParam, seller: Structure, document: Upload, uploads: list[Upload]
) -> Certificate:
    total = asked.montantTotal or SoumettreFactureMontantTotal()
    amounts = {
        "tax_exclusive_amount": total.montantHtTotal,
        "tax_amount": total.montantTVA,
        "tax_inclusive_amount": total.montantTtcTotal,
        "payable_amount": total.montantAPayer,
    }
    fields = _fields(asked, seller)
    fields |= {name: written(value, places=2) for name, value in amounts.items() if value is not None}
    return send_document(
        seller=seller, upload=document, fields=fields, uploads=uploads, actor=caller.actor, at=caller.at
    )


def _fields(asked: SoumettreFactureParam, seller: Structure) -> dict[str, str]:
    """What would be typed on the page, those that are given."""
    to = asked.destinataire or SoumettreFactureDestinataire()
    cadre = asked.cadreDeFacturation or SoumettreFactureCadre()
    references = asked.references or SoumettreFactureReferences()
    kind = references.typeFacture.strip().upper()
    type_code = next((row.code for row in INVOICE_TYPES if row.api == kind), kind)
    account = asked.fournisseur.codeCoordonneesBancairesFournisseur if asked.fournisseur else None
    given = {
        "buyer": to.codeDestinataire,
        "buyer_service": to.codeServiceExecutant,
        "commitment": references.numeroBonCommande or "",
        "contract": references.numeroMarche or "",
        "number": asked.numeroFactureSaisi,
        "issue_date": f"{asked.dateFacture:%d/%m/%Y}" if asked.dateFacture else "",
        "type_code": type_code,
        "preceding_number": references.numeroFactureOrigine,
        "vat_regime": references.typeTva,
        "exemption": references.motifExonerationTva,
        "payment_mode": references.modePaiement,
        "bank_account": _account(seller, account),
        "currency": references.deviseFacture,
        "billing_framework": code_of_api_name(cadre.codeCadreFacturation.strip()) or cadre.codeCadreFacturation,
        "validator": cadre.codeStructureValideur,
        "comment": asked.commentaire,
    }
    return {name: value for name, value in given.items() if value.strip()}


def _account(seller: Structure, key: int | None) -> str:
    """The bank account of this key as a form names it, none for 0; one that is not the seller's is refused as such."""
    if not key:
        return ""
    account = seller.bank_accounts.filter(pk=key).first()
    return str(account.uid) if account else str(key)


def _line(line: SoumettreFactureLignePoste) -> dict[str, str]:
    unit = unit_named(line.lignePosteUnite)
    unknown = "" if unit or not line.lignePosteUnite.strip() else f"Unité : {line.lignePosteUnite.strip()}"
    rate = line.lignePosteTauxTvaManuel
    if rate is None and line.lignePosteTauxTva:
        rate = rate_of(line.lignePosteTauxTva)
    return {
        "name": line.lignePosteDenomination,
        "description": unknown,
        "reference": line.lignePosteReference,
        "quantity": _number(line.lignePosteQuantite),
        "unit": unit,
        "price": _number(line.lignePosteMontantUnitaireHT),
        "discount": _number(line.lignePosteMontantRemiseHT),
        "rate": line.lignePosteTauxTva if rate is None else _number(rate),
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else written(value)
