"""Everything that would be refused, before sending: the portal's rules, the recipient's demands, one's own invoices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from plainchant.einvoice.finding import Finding
from plainchant.einvoice.model import Header as Document
from plainchant.einvoice.model import HeaderParty
from plainchant.einvoice.rules import header
from plainchant.portal.directory.requirements import missing
from plainchant.portal.invoices.lifecycle import NOT_SENT
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.operations import number_taken, party_of
from plainchant.portal.lib.time import day_in_paris

from .models import DocumentReading


def document_of(*, invoice: Invoice) -> Document:
    """The canonical document a row stands for, its bank account frozen as it is now."""
    account = invoice.bank_account
    service_code = invoice.buyer_service.code if invoice.buyer_service else ""
    return Document(
        number=invoice.number,
        issue_date=invoice.issue_date,
        type_code=invoice.type_code,
        currency=invoice.currency,
        billing_framework=invoice.billing_framework,
        vat_regime=invoice.vat_regime,
        purchase_order_reference=invoice.commitment,
        contract_reference=invoice.contract,
        preceding_invoice=invoice.preceding_number,
        note=invoice.comment,
        seller=party_of(structure=invoice.seller),
        buyer=party_of(structure=invoice.buyer, service_code=service_code) if invoice.buyer else HeaderParty(),
        tax_exclusive_amount=invoice.tax_exclusive_amount,
        tax_amount=invoice.tax_amount,
        tax_inclusive_amount=invoice.tax_inclusive_amount,
        payable_amount=invoice.payable_amount,
        payment_account=account.iban if account else "",
        payment_bic=account.bic if account else "",
    )


def preflight(*, invoice: Invoice, at: datetime) -> list[Finding]:
    """Every finding on a draft, those that stop it and those worth a look; never only the first."""
    return [
        *_seller(invoice),
        *_buyer(invoice, at),
        *header.check(document_of(invoice=invoice), today=day_in_paris(at)),
        *_own_invoices(invoice),
        *_files(invoice),
        *_reading(invoice),
    ]


def _seller(invoice: Invoice) -> Iterator[Finding]:
    if not invoice.seller.is_active:
        yield Finding(
            "CPRO-FOURNISSEUR-INACTIF",
            f"Votre structure « {invoice.seller} » est inactive : elle ne peut plus envoyer de facture. "
            "Choisissez une autre de vos structures, ou faites-la réactiver.",
        )
    account = invoice.bank_account
    if account is not None and not account.is_active:
        yield Finding(
            "CPRO-COMPTE-FERME",
            f"Le compte bancaire « {account.label} » a été fermé. Choisissez-en un autre.",
            "bank_account",
        )


def _buyer(invoice: Invoice, at: datetime) -> Iterator[Finding]:
    buyer = invoice.buyer
    if buyer is None:
        yield Finding(
            "ANNUAIRE-DESTINATAIRE-ABSENT",
            "Le destinataire manque. Cherchez dans l’annuaire la structure publique à qui vous envoyez la facture.",
            "buyer",
        )
        return
    if buyer.pk == invoice.seller_id:
        yield Finding(
            "CPRO-SOI-MEME", "Le destinataire est votre propre structure. Choisissez qui doit payer.", "buyer"
        )
    yield from missing(
        structure=buyer,
        service=invoice.buyer_service,
        commitment=invoice.commitment,
        day=day_in_paris(at),
        seller_is_public=invoice.seller.is_public,
    )


def _own_invoices(invoice: Invoice) -> Iterator[Finding]:
    if not invoice.number:
        return
    same = Invoice.objects.filter(seller=invoice.seller_id, number=invoice.number).exclude(pk=invoice.pk)
    if same.exclude(status__in=NOT_SENT).exists():
        refusal = number_taken(seller=invoice.seller, number=invoice.number)
        yield Finding("CPRO-G2.07", refusal.sentence, "number")


def _files(invoice: Invoice) -> Iterator[Finding]:
    if not InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.INVOICE).exists():
        yield Finding("CPRO-DOCUMENT-ABSENT", "Le document de la facture manque. Déposez-le de nouveau.")


def _reading(invoice: Invoice) -> Iterator[Finding]:
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    if reading is None:
        return
    if "two_invoices" in reading.result.get("warnings", []):
        found = reading.result.get("numbers_found", [])
        place = "feuille" if _is_workbook(reading) else "page"
        told = ", ".join(f"{n['number']} {place} {n['pages'][0]}" for n in found if n.get("pages"))
        yield Finding(
            "CPRO-DEUX-FACTURES",
            f"Ce document semble contenir plusieurs factures ({told}). Le destinataire n’en verra qu’une : "
            "séparez-les et déposez-les une par une, sauf si nous nous trompons.",
            None,
            "warning",
        )
    if "facturx_embedded" in reading.result.get("warnings", []):
        yield Finding(
            "CPRO-FACTURX",
            "Ce PDF contient aussi des données Factur-X. Ici il est déposé comme un PDF simple : "
            "c’est ce que vous vérifiez à l’écran qui fait foi.",
            None,
            "warning",
        )
    if "formulas_unstored" in reading.result.get("warnings", []):
        yield Finding(
            "CPRO-FORMULES",
            "Des formules de votre classeur ont été enregistrées sans leur résultat : le destinataire ne verra rien à "
            "leur place. Ouvrez-le dans votre tableur, enregistrez-le, puis déposez-le de nouveau.",
            None,
            "warning",
        )
    if "hidden_sheets" in reading.result.get("warnings", []):
        yield Finding(
            "CPRO-FEUILLES-MASQUEES",
            "Votre classeur contient des feuilles masquées. Le destinataire reçoit le fichier entier et pourra les "
            "afficher : si elles ne le regardent pas, supprimez-les et déposez-le de nouveau.",
            None,
            "warning",
        )
    seller = reading.result.get("fields", {}).get("seller_siret")
    if seller and seller["certainty"] == "certain" and seller["value"] != invoice.seller.identifier:
        yield Finding(
            "CPRO-FOURNISSEUR-DIFFERENT",
            f"Le document semble émis par le SIRET {seller['value'][:14]}, alors que vous déposez pour "
            f"{invoice.seller} ({invoice.seller.identifier}). Vérifiez que c’est la bonne structure, "
            "ou le bon fichier.",
            None,
            "warning",
        )
    iban = reading.result.get("fields", {}).get("iban")
    account = invoice.bank_account
    if iban and iban["certainty"] != "doubtful" and account and iban["value"] != account.iban:
        yield Finding(
            "CPRO-IBAN-DIFFERENT",
            f"Le document porte un IBAN qui finit par {iban['value'][-4:]}, vous avez choisi le compte "
            f"« {account.label} » qui finit par {account.iban[-4:]}. Dites le même aux deux endroits.",
            "bank_account",
            "warning",
        )
    read = reading.result.get("fields", {}).get("number")
    if read and read.get("certainty") == "certain" and invoice.number and read["value"] != invoice.number:
        yield Finding(
            "CPRO-NUMERO-DIFFERENT",
            f"Le document semble porter le numéro {read['value'][:60]}, vous avez écrit {invoice.number[:60]}. "
            "L’acheteur compare les deux : vérifiez.",
            "number",
            "warning",
        )


def _is_workbook(reading: DocumentReading) -> bool:
    fields = reading.result.get("fields", {}).values()
    return any((read.get("place") or {}).get("cell") for read in fields)
