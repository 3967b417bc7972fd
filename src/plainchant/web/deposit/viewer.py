"""The document beside the form: where each proposed value was read."""

from __future__ import annotations

from typing import Any

from plainchant.portal.drafts.models import DocumentReading

# What the reader calls it → the form field that shows it, and its name for people.
FIELD_OF_READING = {
    "seller_siret": ("seller", "Votre SIRET"),
    "buyer_siret": ("id_buyer", "SIRET du destinataire"),
    "buyer_reference": ("id_buyer_service", "Code service"),
    "purchase_order_reference": ("id_commitment", "Numéro d’engagement"),
    "contract_reference": ("id_contract", "Numéro de marché"),
    "type_code": ("id_type_code_0", "Type"),
    "number": ("id_number", "Numéro de facture"),
    "issue_date": ("id_issue_date", "Date de la facture"),
    "tax_exclusive_amount": ("id_tax_exclusive_amount", "Total HT"),
    "tax_amount": ("id_tax_amount", "TVA"),
    "tax_inclusive_amount": ("id_tax_inclusive_amount", "Total TTC"),
    "payable_amount": ("id_payable_amount", "Montant à payer"),
    "currency": ("id_currency", "Monnaie"),
    "iban": ("id_bank_account", "IBAN"),
}


def form_field(name: str) -> str:
    """The form's field that shows a field of the reading, "" if none does."""
    element = FIELD_OF_READING.get(name, ("", ""))[0]
    return element.removeprefix("id_").removesuffix("_0") if element.startswith("id_") else ""


def mark(shown: dict[str, Any], reading: DocumentReading | None) -> None:
    """Add to ``shown``, the viewer's pages (`web.viewer`), what was read on each and where."""
    words = {sheet["number"]: sheet.get("words", ()) for sheet in reading.pages} if reading else {}
    fields = reading.result.get("fields", {}) if reading else {}
    for page in shown["pages"]:
        page["places"] = list(_places(fields, page["number"]))
        page["words"] = [
            {"text": text, "x": x0, "y": y0, "w": round(x1 - x0, 5), "h": round(y1 - y0, 5)}
            for text, x0, y0, x1, y1 in words.get(page["number"], ())
        ]


def _places(fields: dict[str, Any], page: int) -> Any:
    for name, read in fields.items():
        place = read.get("place")
        if name not in FIELD_OF_READING or not place or place["page"] != page:
            continue
        x0, y0, x1, y1 = place["box"]
        field_id, label = FIELD_OF_READING[name]
        yield {
            "field_id": field_id,
            "label": label,
            "value": read["text"] if not place.get("cell") else f"{read['text']} ({place['cell']})",
            "x": x0,
            "y": y0,
            "w": round(x1 - x0, 5),
            "h": round(y1 - y0, 5),
        }
