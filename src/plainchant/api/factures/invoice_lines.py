"""What a line of a search says of an invoice: the same facts, under the names that each search has for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum

from plainchant.api.operation import WireObject
from plainchant.api.values import Instant, day, instant
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.codes.reasons import REASON_OF
from plainchant.einvoice.codes.works import WORKS_PIECE_OF
from plainchant.portal.flows.models import FlowInvoice
from plainchant.portal.invoices.models import Invoice, InvoiceFile, StatusChange
from plainchant.portal.structures.models import BankAccount, Structure

FACTURE, FACTURE_TRAVAUX = "FACTURE", "FACTURE_TRAVAUX"  # typeDemandePaiement: those that this portal has


class SearchLine(WireObject, kw_only=True):
    """What every search says."""

    typeDemandePaiement: str
    typeIdentifiantFournisseur: str
    designationFournisseur: str
    codeServiceFournisseur: str | None = None
    nomServiceFournisseur: str | None = None
    idDestinataire: int | None = None
    designationDestinataire: str | None = None
    idServiceExecutant: int | None = None
    codeServiceExecutant: str | None = None
    nomServiceExecutant: str | None = None
    typeFacture: str
    numeroFacture: str
    dateFacture: date | None = None
    dateDepot: date | None = None
    montantHT: Decimal | None = None
    montantTTC: Decimal | None = None
    montantAPayer: Decimal | None = None
    devise: str
    statut: str
    numeroMarche: str | None = None


class IssuedLine(SearchLine, kw_only=True):
    identifiantFactureCPP: int
    codeFournisseur: str
    codeDestinataire: str | None = None
    numeroBonCommande: str | None = None
    taille: int | None = None


class FoundIssuedLine(IssuedLine, kw_only=True):
    """``numeroFluxDepot`` is empty where the invoice came in no flow."""

    numeroFluxDepot: str
    typeIdentifiantValideur1: str | None = None
    codeValideur1: str | None = None
    raisonSocialeValideur1: str | None = None
    nomValideur1: str | None = None
    prenomValideur1: str | None = None
    dateValidation1: date | None = None
    typeIdentifiantValideur2: str | None = None
    codeValideur2: str | None = None
    raisonSocialeValideur2: str | None = None
    nomValideur2: str | None = None
    prenomValideur2: str | None = None
    dateValidation2: date | None = None
    numeroFactureOrigine: str | None = None
    modeDepot: str
    coordBancairesFournisseurCleIban: str | None = None
    coordBancairesFournisseurCleRib: str | None = None
    coordBancairesFournisseurCodeBanque: str | None = None
    coordBancairesFournisseurCodePays: str | None = None
    coordBancairesFournisseurCompteBancaire: str | None = None
    coordBancairesFournisseurNomCb: str | None = None
    affactureurCode: str | None = None
    affactureurTypeIdentifiant: str | None = None
    affactureurRaisonSociale: str | None = None
    nomPrenomUtilisateurCreateur: str
    dateHeureEtatCourant: Instant
    commentaireEtatCourant: str | None = None
    rejetTraite: bool


class FactureRechercheRecipiendaire(SearchLine, kw_only=True):
    idFacture: int
    codeFournisseur: str
    codeDestinataire: str | None = None
    typeFactureTravaux: str | None = None
    numeroBonCommande: str | None = None
    taille: int | None = None
    factureTelechargeeParDestinataire: bool
    codeMOE: str | None = None
    typeIdentifiantMOE: str | None = None
    designationMOE: str | None = None
    codeMOA: str | None = None
    typeIdentifiantMOA: str | None = None
    designationMOA: str | None = None
    dateHeureEtatCourant: Instant
    commentaireEtatCourant: str | None = None


class FactureRechercheValideur(SearchLine, kw_only=True):
    idFacture: int
    idFournisseur: int
    identifiantFournisseur: str
    idMoe: int | None = None
    typeIdentifiantMoe: str | None = None
    identifiantMoe: str | None = None
    designationMoe: str | None = None
    idServiceMoe: int | None = None
    codeServiceMoe: str | None = None
    nomServiceMoe: str | None = None
    idMoa: int | None = None
    typeIdentifiantMoa: str | None = None
    identifiantMoa: str | None = None
    designationMoa: str | None = None
    idServiceMoa: int | None = None
    codeServiceMoa: str | None = None
    nomServiceMoa: str | None = None
    typeIdentifiantDestinataire: str | None = None
    identifiantDestinataire: str | None = None
    idValideur: int | None = None
    typeIdentifiantValideur: str | None = None
    identifiantValideur: str | None = None
    designationValideur: str | None = None
    typeFactureTravaux: str | None = None
    numeroEngagement: str | None = None


_PARTIES = ("seller", "buyer", "validator", "second_validator", "moe", "moa")
# The columns that a line says something of: to name all those of ten tables took a third of a search.
_READ = (
    *(column.name for column in Invoice._meta.concrete_fields),
    *(f"{party}__{column}" for party in _PARTIES for column in ("identifier_type", "identifier", "name")),
    *("buyer_service__code", "buyer_service__name", "bank_account__iban", "bank_account__label"),
    *("created_by__first_name", "created_by__last_name"),
)


def with_what_lines_say(invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
    """``invoices`` with what their rows do not hold: what was last said of them, their flow, their weight."""
    last = StatusChange.objects.filter(invoice=OuterRef("pk")).order_by("-sequence")
    flows = FlowInvoice.objects.filter(invoice=OuterRef("pk")).order_by("pk")
    sizes = InvoiceFile.objects.filter(invoice=OuterRef("pk")).order_by().values("invoice")
    read = invoices.select_related(*_PARTIES, "buyer_service", "bank_account", "created_by").only(*_READ)
    return read.annotate(
        last_reason=Subquery(last.values("reason_code")[:1]),
        last_comment=Subquery(last.values("comment")[:1]),
        flow_number=Subquery(flows.values("flow__number")[:1]),
        files_size=Subquery(sizes.annotate(size=Sum("stored__size")).values("size")),
    )


def issued_line(invoice: Invoice) -> IssuedLine:
    return IssuedLine(**_common(invoice), **_issued(invoice))


def found_issued_line(invoice: Invoice) -> FoundIssuedLine:
    account = invoice.bank_account
    return FoundIssuedLine(
        **_common(invoice),
        **_issued(invoice),
        **_validator(invoice.validator, "1"),
        **_validator(invoice.second_validator, "2"),
        **(_account(account) if account else {}),
        numeroFluxDepot=invoice.flow_number or "",  # type: ignore[attr-defined]
        numeroFactureOrigine=invoice.preceding_number or None,
        modeDepot=invoice.deposit_mode,
        nomPrenomUtilisateurCreateur=f"{invoice.created_by.last_name} {invoice.created_by.first_name}".strip(),
        dateHeureEtatCourant=instant(invoice.status_at),
        commentaireEtatCourant=last_words(invoice),
        rejetTraite=invoice.rejection_closed_at is not None,
    )


def received_line(invoice: Invoice) -> FactureRechercheRecipiendaire:
    return FactureRechercheRecipiendaire(
        **_common(invoice),
        idFacture=invoice.pk,
        codeFournisseur=invoice.seller.identifier,
        codeDestinataire=invoice.buyer.identifier if invoice.buyer else None,
        typeFactureTravaux=type_of_works(invoice),
        numeroBonCommande=invoice.commitment or None,
        taille=invoice.files_size,  # type: ignore[attr-defined]
        factureTelechargeeParDestinataire=invoice.downloaded_at is not None,
        **_works_actor(invoice.moe, "MOE"),
        **_works_actor(invoice.moa, "MOA"),
        dateHeureEtatCourant=instant(invoice.status_at),
        commentaireEtatCourant=last_words(invoice),
    )


def validators_line(invoice: Invoice) -> FactureRechercheValideur:
    validator, buyer = invoice.last_validator, invoice.buyer
    return FactureRechercheValideur(
        **_common(invoice),
        idFacture=invoice.pk,
        idFournisseur=invoice.seller_id,
        identifiantFournisseur=invoice.seller.identifier,
        **_named(invoice.moe, "Moe"),
        **_named(invoice.moa, "Moa"),
        typeIdentifiantDestinataire=buyer.identifier_type if buyer else None,
        identifiantDestinataire=buyer.identifier if buyer else None,
        **_named(validator, "Valideur"),
        typeFactureTravaux=type_of_works(invoice),
        numeroEngagement=invoice.commitment or None,
    )


def type_of_works(invoice: Invoice) -> str | None:
    """typeFactureTravaux, of a piece of works."""
    piece = WORKS_PIECE_OF.get(invoice.billing_framework)
    return piece.type if piece else None


def words_of_change(reason_code: str, comment: str) -> str | None:
    """What was said with a change of status."""
    reason = REASON_OF[reason_code].label if reason_code else ""
    return " : ".join(words for words in (reason, comment) if words) or None


def account_parts(iban: str) -> dict[str, str]:
    """An IBAN as the wire cuts it: country and key, and of a French one bank, account and its own key."""
    parts = {"CodePays": iban[:2], "CleIban": iban[2:4], "CompteBancaire": iban[4:]}
    if iban.startswith("FR") and len(iban) == len("FR7612345678901234567890123"):
        parts |= {"CodeBanque": iban[4:9], "CompteBancaire": iban[14:25], "CleRib": iban[25:]}
    return parts


def _common(invoice: Invoice) -> dict[str, Any]:
    buyer, service = invoice.buyer, invoice.buyer_service
    return {
        "typeDemandePaiement": FACTURE_TRAVAUX if type_of_works(invoice) else FACTURE,
        "typeIdentifiantFournisseur": invoice.seller.identifier_type,
        "designationFournisseur": invoice.seller.name,
        "idDestinataire": invoice.buyer_id,
        "designationDestinataire": buyer.name if buyer else None,
        "idServiceExecutant": invoice.buyer_service_id,
        "codeServiceExecutant": service.code if service else None,
        "nomServiceExecutant": service.name if service else None,
        "typeFacture": INVOICE_TYPE_OF[invoice.type_code].api,
        "numeroFacture": invoice.number,
        "dateFacture": invoice.issue_date,
        "dateDepot": day(invoice.deposited_at),
        "montantHT": invoice.tax_exclusive_amount,
        "montantTTC": invoice.tax_inclusive_amount,
        "montantAPayer": invoice.payable_amount,
        "devise": invoice.currency,
        "statut": invoice.status,
        "numeroMarche": invoice.contract or None,
    }


def _issued(invoice: Invoice) -> dict[str, Any]:
    return {
        "identifiantFactureCPP": invoice.pk,
        "codeFournisseur": invoice.seller.identifier,
        "codeDestinataire": invoice.buyer.identifier if invoice.buyer else None,
        "numeroBonCommande": invoice.commitment or None,
        "taille": invoice.files_size,  # type: ignore[attr-defined]
    }


def _validator(structure: Structure | None, rank: str) -> dict[str, Any]:
    if structure is None:
        return {}
    return {
        f"typeIdentifiantValideur{rank}": structure.identifier_type,
        f"codeValideur{rank}": structure.identifier,
        f"raisonSocialeValideur{rank}": structure.name,
    }


def _works_actor(structure: Structure | None, role: str) -> dict[str, Any]:
    if structure is None:
        return {}
    return {
        f"code{role}": structure.identifier,
        f"typeIdentifiant{role}": structure.identifier_type,
        f"designation{role}": structure.name,
    }


def _named(structure: Structure | None, role: str) -> dict[str, Any]:
    if structure is None:
        return {}
    return {
        f"id{role}": structure.pk,
        f"typeIdentifiant{role}": structure.identifier_type,
        f"identifiant{role}": structure.identifier,
        f"designation{role}": structure.name,
    }


def _account(account: BankAccount) -> dict[str, Any]:
    parts = {f"coordBancairesFournisseur{name}": value for name, value in account_parts(account.iban).items()}
    return {**parts, "coordBancairesFournisseurNomCb": account.label}


def last_words(invoice: Invoice) -> str | None:
    return words_of_change(invoice.last_reason, invoice.last_comment)  # type: ignore[attr-defined]
