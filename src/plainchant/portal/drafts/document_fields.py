"""The fields that are read on a document, as one table: where each stands in the form and what is said of it.

Plain: no database. The page beside the document, the proposal and the check of what was typed all read these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainchant.capture.proposal import FieldReading, ReadField
from plainchant.einvoice.codes.invoice_types import INVOICE_TYPE_OF
from plainchant.einvoice.wording import amount, grouped

WROTE, CHOSE = "vous avez écrit", "vous avez choisi"
WHICH = "Lequel des deux est juste ?"


@dataclass(frozen=True, slots=True)
class DocumentField:
    """``read``: its name in a reading; ``field``: the draft's, "" for what is not in the form.

    ``noun``, ``verb`` and ``ask`` make « le total HT », « vous avez écrit » and the end of a question; ``code`` is the
    one of the finding that asks it, "" where nothing is typed that could differ. ``doubt``: what is asked of a doubtful
    reading.
    """

    read: str
    field: str
    label: str
    noun: str = ""
    code: str = ""
    doubt: str = ""
    verb: str = WROTE
    ask: str = WHICH


# fmt: off
# ruff: noqa: E501
DOCUMENT_FIELDS: tuple[DocumentField, ...] = (
    DocumentField("seller_siret", "", "Votre SIRET", "le SIRET du fournisseur", "CPRO-FOURNISSEUR-DIFFERENT", verb="vous déposez pour", ask="Est-ce le bon document, et la bonne structure ?"),
    DocumentField("buyer_siret", "buyer", "SIRET du destinataire", "le SIRET du destinataire", "CPRO-DESTINATAIRE-DIFFERENT", "Est-ce bien le SIRET de celui qui doit payer ?", CHOSE),
    DocumentField("buyer_reference", "buyer_service", "Code service", "le code service", "CPRO-SERVICE-DIFFERENT", "Est-ce bien son code service ?", CHOSE),
    DocumentField("purchase_order_reference", "commitment", "Numéro d’engagement", "le numéro d’engagement", "CPRO-ENGAGEMENT-DIFFERENT", "Est-ce bien son numéro d’engagement ou de commande ?"),
    DocumentField("contract_reference", "contract", "Numéro de marché", "le numéro de marché", "CPRO-MARCHE-DIFFERENT", "Est-ce bien le numéro du marché ?"),
    DocumentField("number", "number", "Numéro de facture", "le numéro", "CPRO-NUMERO-DIFFERENT", "Est-ce bien le numéro de votre facture ?"),
    DocumentField("issue_date", "issue_date", "Date de la facture", "la date", "CPRO-DATE-DIFFERENTE", "Est-ce bien la date de votre facture ?"),
    DocumentField("due_date", "", "Échéance"),
    DocumentField("type_code", "type_code", "Type", "le type", "CPRO-TYPE-DIFFERENT", "Est-ce bien cela ?", CHOSE),
    DocumentField("tax_exclusive_amount", "tax_exclusive_amount", "Total HT", "le total HT", "CPRO-HT-DIFFERENT", "Est-ce bien le total hors taxes ?"),
    DocumentField("tax_amount", "tax_amount", "TVA", "le montant de TVA", "CPRO-TVA-DIFFERENTE", "Est-ce bien le montant de TVA ?"),
    DocumentField("tax_inclusive_amount", "tax_inclusive_amount", "Total TTC", "le total TTC", "CPRO-TTC-DIFFERENT", "Est-ce bien le total TTC ?"),
    DocumentField("prepaid_amount", "", "Déjà payé"),
    DocumentField("withheld_amount", "", "Retenu par l’acheteur"),
    DocumentField("payable_amount", "payable_amount", "Montant à payer", "le montant à payer", "CPRO-NET-DIFFERENT", "Est-ce bien ce qu’il reste à payer ?"),
    DocumentField("currency", "currency", "Monnaie", "la monnaie", "CPRO-DEVISE-DIFFERENTE", "Est-ce bien la monnaie de la facture ?"),
    DocumentField("iban", "bank_account", "IBAN", "l’IBAN", "CPRO-IBAN-DIFFERENT", verb=CHOSE),
)
# fmt: on
DOCUMENT_FIELD_OF = {row.read: row for row in DOCUMENT_FIELDS}


def as_on_a_page(read: str, value: str) -> str:
    """A value as a page would have it: 12/03/2026, 1 200,00, 219 900 016 00011, « Avoir ».

    ValueError or InvalidOperation if it is none.
    """
    if read.endswith("_date"):
        return f"{date.fromisoformat(value[:10]):%d/%m/%Y}"
    if read.endswith("_amount"):
        return amount(Decimal(value))
    if read.endswith("_siret"):
        return grouped(value, 3, 3, 3, 5)
    row = INVOICE_TYPE_OF.get(value) if read == "type_code" else None
    return row.label if row else value


def where_read(read: ReadField, *, reading: FieldReading) -> str:
    """« page 1 », « en C12 », « en C12 de la feuille « Devis » » where cells of several were read; "" for no place."""
    if read.place is None:
        return ""
    sheet, _, cell = read.place.cell.rpartition("!")
    if not cell:
        return f"page {read.place.page}"
    sheets = {other.place.cell.rpartition("!")[0] for other in reading.fields.values() if other.place} - {""}
    return f"en {cell} de la feuille « {sheet} »" if len(sheets) > 1 else f"en {cell}"
