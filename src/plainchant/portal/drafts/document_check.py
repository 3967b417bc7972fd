"""A document that was handed in: that it is there, and whether what was read on it is what is typed beside it."""

from __future__ import annotations

from collections.abc import Iterator

from plainchant.einvoice.finding import Finding
from plainchant.portal.codes import make_finding
from plainchant.portal.invoices.models import Invoice, InvoiceFile

from .models import DocumentReading
from .parties import DraftParties


def findings_on_document(*, invoice: Invoice, parties: DraftParties, number: str) -> Iterator[Finding]:
    """What is missing or worth a look; ``number``: the one that was typed."""
    if not InvoiceFile.objects.filter(invoice=invoice, role=InvoiceFile.Role.INVOICE).exists():
        yield make_finding("CPRO-DOCUMENT-ABSENT", "Le document de la facture manque. Déposez-le de nouveau.")
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    if reading is not None:
        yield from _doubts(reading, parties, number)


def _doubts(reading: DocumentReading, parties: DraftParties, number: str) -> Iterator[Finding]:
    if "two_invoices" in reading.result.get("warnings", []):
        numbers = reading.result.get("numbers_found", [])
        place = "feuille" if _is_workbook(reading) else "page"
        listed = ", ".join(f"{n['number']} {place} {n['pages'][0]}" for n in numbers if n.get("pages"))
        yield make_finding(
            "CPRO-DEUX-FACTURES",
            f"Ce document semble contenir plusieurs factures ({listed}). Le destinataire n’en verra qu’une : "
            "séparez-les et déposez-les une par une, sauf si nous nous trompons.",
        )
    if "facturx_embedded" in reading.result.get("warnings", []):
        yield make_finding(
            "CPRO-FACTURX",
            "Ce PDF contient aussi des données Factur-X. Ici il est déposé comme un PDF simple : "
            "c’est ce que vous vérifiez à l’écran qui fait foi.",
        )
    if "formulas_unstored" in reading.result.get("warnings", []):
        yield make_finding(
            "CPRO-FORMULES",
            "Des formules de votre classeur ont été enregistrées sans leur résultat : le destinataire ne verra rien à "
            "leur place. Ouvrez-le dans votre tableur, enregistrez-le, puis déposez-le de nouveau.",
        )
    if "hidden_sheets" in reading.result.get("warnings", []):
        yield make_finding(
            "CPRO-FEUILLES-MASQUEES",
            "Votre classeur contient des feuilles masquées. Le destinataire reçoit le fichier entier et pourra les "
            "afficher : si elles ne le regardent pas, supprimez-les et déposez-le de nouveau.",
        )
    seller = reading.result.get("fields", {}).get("seller_siret")
    if seller and seller["certainty"] == "certain" and seller["value"] != parties.seller.identifier:
        yield make_finding(
            "CPRO-FOURNISSEUR-DIFFERENT",
            f"Le document semble émis par le SIRET {seller['value'][:14]}, alors que vous déposez pour "
            f"{parties.seller} ({parties.seller.identifier}). Vérifiez que c’est la bonne structure, "
            "ou le bon fichier.",
        )
    iban = reading.result.get("fields", {}).get("iban")
    account = parties.account
    if iban and iban["certainty"] != "doubtful" and account and iban["value"] != account.iban:
        yield make_finding(
            "CPRO-IBAN-DIFFERENT",
            f"Le document porte un IBAN qui finit par {iban['value'][-4:]}, vous avez choisi le compte "
            f"« {account.label} » qui finit par {account.iban[-4:]}. Dites le même aux deux endroits.",
            "bank_account",
        )
    read = reading.result.get("fields", {}).get("number")
    if read and read.get("certainty") == "certain" and number and read["value"] != number:
        yield make_finding(
            "CPRO-NUMERO-DIFFERENT",
            f"Le document semble porter le numéro {read['value'][:60]}, vous avez écrit {number[:60]}. "
            "L’acheteur compare les deux : vérifiez.",
            "number",
        )


def _is_workbook(reading: DocumentReading) -> bool:
    fields = reading.result.get("fields", {}).values()
    return any((read.get("place") or {}).get("cell") for read in fields)
