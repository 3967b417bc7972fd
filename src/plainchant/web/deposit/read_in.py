"""Under each field of a draft: the cell it was read in, and a question where the reader is not sure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from plainchant.capture.proposal import FieldReading, ReadField
from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drafts.proposal import as_typed
from plainchant.shapes import from_json

from .viewer import form_field

QUESTIONS = {
    "buyer_siret": "Est-ce bien le SIRET de celui qui doit payer ?",
    "buyer_reference": "Est-ce bien son code service ?",
    "purchase_order_reference": "Est-ce bien son numéro d’engagement ou de commande ?",
    "contract_reference": "Est-ce bien le numéro du marché ?",
    "type_code": "Est-ce bien cela ?",
    "number": "Est-ce bien le numéro de votre facture ?",
    "issue_date": "Est-ce bien la date de votre facture ?",
    "tax_exclusive_amount": "Est-ce bien le total hors taxes ?",
    "tax_amount": "Est-ce bien le montant de TVA ?",
    "tax_inclusive_amount": "Est-ce bien le total TTC ?",
    "payable_amount": "Est-ce bien ce qu’il reste à payer ?",
    "currency": "Est-ce bien la monnaie de la facture ?",
}


def tell(form: forms.Form, reading: DocumentReading | None) -> None:
    """Add to the help of each field where its value was read, as long as the value is still that one."""
    if reading is None:
        return
    read = from_json(FieldReading, reading.result)
    proposed = as_typed(read)
    sheets = {_sheet(read_field) for read_field in read.fields.values()} - {""}
    for name, read_field in read.fields.items():
        field = form_field(name)
        if field not in form.fields or not _still(form, field, proposed.get(field, read_field.value)):
            continue
        hint = _said(name, read_field, with_sheet=len(sheets) > 1)
        if hint:
            bound = form[field]  # kept by the form once it has been looked at
            bound.help_text = format_html("{} {}", bound.help_text, hint) if bound.help_text else hint


def _said(name: str, read: ReadField, *, with_sheet: bool) -> str:
    where = _where(read, with_sheet=with_sheet)
    if read.certainty == "doubtful" and name in QUESTIONS:
        place = f" (lu {where}, sans certitude)" if where else " (lu sans certitude)"
        return format_html('<strong class="read-in">{}{}</strong>', QUESTIONS[name], place)
    return format_html('<span class="read-in">Lu {}.</span>', where) if read.place and read.place.cell else ""


def _where(read: ReadField, *, with_sheet: bool) -> str:
    if read.place is None:
        return ""
    sheet, _, cell = read.place.cell.rpartition("!")
    if cell:
        return f"en {cell} de la feuille « {sheet} »" if with_sheet else f"en {cell}"
    return f"page {read.place.page}"


def _sheet(read: ReadField) -> str:
    return read.place.cell.rpartition("!")[0] if read.place else ""


def _still(form: forms.Form, field: str, value: Any) -> bool:
    return _plain(form[field].value()) == _plain(value)


def _plain(value: Any) -> str:
    return "".join(str(value or "").split()).casefold()
