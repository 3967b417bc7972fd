"""Under each field of a draft: the cell it was read in, or what is asked of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html

from plainchant.capture.proposal import FieldReading, ReadField
from plainchant.einvoice.finding import Finding
from plainchant.portal.drafts.document_fields import DOCUMENT_FIELD_OF, where_read
from plainchant.portal.drafts.models import DocumentReading
from plainchant.portal.drafts.proposal import as_typed
from plainchant.shapes import from_json


def tell(form: forms.Form, row: DocumentReading | None, questions: Iterable[Finding]) -> None:
    """Add to the help of each field where its value was read, as long as the value is still that one; else what is
    asked of it (`checking.questions_on_document`)."""
    if row is None:
        return
    reading = from_json(FieldReading, row.result)
    proposed = as_typed(reading)
    hints = {question.field: _strong(question.message) for question in questions if question.field}
    for name, read in reading.fields.items():
        field = DOCUMENT_FIELD_OF[name].field if name in DOCUMENT_FIELD_OF else ""
        if field in form.fields and _still(form, field, proposed.get(field, read.value)):
            hints.setdefault(field, _said(name, read, reading))
    for field, hint in hints.items():
        if hint:
            bound = form[field]  # kept by the form once it has been looked at
            bound.help_text = format_html("{} {}", bound.help_text, hint) if bound.help_text else hint


def _said(name: str, read: ReadField, reading: FieldReading) -> str:
    where, doubt = where_read(read, reading=reading), DOCUMENT_FIELD_OF[name].doubt
    if read.certainty == "doubtful" and doubt:
        return _strong(f"{doubt} (lu {where}, sans certitude)" if where else f"{doubt} (lu sans certitude)")
    return format_html('<span class="read-in">Lu {}.</span>', where) if read.place and read.place.cell else ""


def _strong(sentence: str) -> str:
    return format_html('<strong class="read-in">{}</strong>', sentence)


def _still(form: forms.Form, field: str, value: Any) -> bool:
    return _plain(form[field].value()) == _plain(value)


def _plain(value: Any) -> str:
    return "".join(str(value or "").split()).casefold()
