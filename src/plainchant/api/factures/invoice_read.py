"""Read what an invoice says for an answer of consulter: what was frozen when it was sent, as one side sees it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any, TypeVar

from django.db.models import QuerySet

from plainchant.api.callers import Caller
from plainchant.api.values import day, minute
from plainchant.einvoice.codes.cadres import api_name
from plainchant.einvoice.codes.countries import COUNTRY_NAMES
from plainchant.einvoice.codes.currencies import CURRENCY_NAMES
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.codes.units import UNIT_OF
from plainchant.einvoice.codes.vat_codes import VAT_CODES
from plainchant.einvoice.law.exemptions import EXEMPTION_OF
from plainchant.einvoice.making.composing import Sheet, SheetLine
from plainchant.einvoice.making.composing.totals import SheetTotals, line_net, totals_of
from plainchant.einvoice.model import Header, HeaderParty
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.sheets import from_json as sheet_from_json
from plainchant.portal.invoices.lifecycle import Action, Side
from plainchant.portal.invoices.models import Invoice, InvoiceFile, StatusChange
from plainchant.portal.invoices.operations import party_of
from plainchant.portal.invoices.story import changes_for, history_of
from plainchant.portal.invoices.validation import says_of
from plainchant.portal.lib.written_once import written_once
from plainchant.portal.rights.permissions import Permission
from plainchant.portal.structures.models import Structure
from plainchant.shapes import from_json

from .invoice_lines import account_parts, type_of_works
from .shown_invoice import (
    CadreDeFacturationOutput,
    LignePoste,
    LignesPostes,
    LignesTva,
    LigneTva,
    MontantTotal,
    ParamRechercheLigneRecapTva,
    ParamRechercheLignesPoste,
    ParamRechercheListePiecesJointes,
    PieceJointe,
    PiecejointePrincipale,
    PiecePrecedente,
    PiecesJointes,
    References,
)

_Line = TypeVar("_Line")
MOST_LINES = 1_000


class InvoiceRead:
    """An invoice with everything that an answer says of it, as one side of it sees it."""

    def __init__(self, caller: Caller, invoice: Invoice, permission: Permission, side: Side) -> None:
        self.invoice = invoice
        self.preceding: Invoice | None = None
        self.following: Invoice | None = None
        if type_of_works(invoice) is not None:
            reached = caller.objects(permission)
            self.preceding = reached.filter(pk=invoice.made_from_id).first()
            self.following = reached.filter(made_from=invoice).first()
        self.history = history_of(invoice=invoice.pk)
        self.seen: Sequence[StatusChange] = changes_for(invoice=invoice, history=self.history, side=side)
        self.files = _files_of(invoice=invoice.pk)
        composed = next(iter(_composed(invoice=invoice.pk)), None)
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


@written_once(InvoiceFile)
def _files_of(*, invoice: int) -> QuerySet[InvoiceFile]:
    return InvoiceFile.objects.filter(invoice=invoice).select_related("stored").order_by("role", "pk")


@written_once(Draft)
def _composed(*, invoice: int) -> QuerySet[Draft, Any]:
    return Draft.objects.filter(invoice=invoice).values_list("composed", flat=True)
