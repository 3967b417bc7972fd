"""In the disposable child: what an electronic invoice states, whether its page says the same, its other forms."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from plainchant.capture import pdf
from plainchant.capture.differences import comparable, differences, stated_by
from plainchant.capture.fields import read_fields
from plainchant.einvoice import read
from plainchant.einvoice.conversion import convert_file
from plainchant.einvoice.profiles import PROFILE_OF
from plainchant.einvoice.syntaxes.opening import NotAnInvoice
from plainchant.einvoice.syntaxes.table import SYNTAXES
from plainchant.einvoice.syntaxes.writing import FormError
from plainchant.einvoice.verdict import DECIDING, Verdict, check, header_of
from plainchant.reader.messages import (
    MAX_MESSAGE,
    MAX_SENTENCES,
    MAX_VALUE,
    Compared,
    ConvertedInvoice,
    FieldDifference,
    encoded,
)
from plainchant.reader.wire import TWO

MAX_FINDINGS = 20  # shown beside a draft; the report of the flow has them all


def data(content: bytes) -> bytes:
    """What an XML invoice states, under the names of `capture.proposal`; null for another XML."""
    return json.dumps(_stated(check(content, at=date(2026, 1, 1), layers=("wellformed", "chorus")))).encode()


def convert(content: bytes, *, to: str, profile: str, is_strict: bool) -> bytes:
    """The invoice in another syntax, with what was added and what is lost; or why it cannot be written."""
    try:
        readings = read(content)
    except NotAnInvoice as error:
        return _converted(b"", refused=str(error))
    if not readings:
        return _converted(b"", refused="Ce fichier ne contient pas de facture.")
    try:
        made = convert_file(
            content,
            readings[0],
            to=SYNTAXES[to],
            profile=PROFILE_OF[profile] if profile else None,
            is_strict=is_strict,
        )
    except FormError as error:
        return _converted(b"", refused=str(error))
    others = len(readings) - 1
    lost = [f"Le fichier contient {others + 1} factures : la première est prise."] if others else []
    return _converted(made.written, added=made.added, lost=[*lost, *made.lost])


def _converted(written: bytes, *, refused: str = "", added: Sequence[str] = (), lost: Sequence[str] = ()) -> bytes:
    body = encoded(
        ConvertedInvoice(
            refused[:MAX_MESSAGE],
            [sentence[:MAX_MESSAGE] for sentence in added[:MAX_SENTENCES]],
            [sentence[:MAX_MESSAGE] for sentence in lost[:MAX_SENTENCES]],
        )
    )
    return TWO.pack(len(body)) + body + written


def compare(content: bytes, *, at: str) -> bytes:
    """The verdict on a Factur-X, and where its page differs from its data."""
    verdict = check(content, at=date.fromisoformat(at), layers=DECIDING)
    document = pdf.read_document(content)
    stated = _stated(verdict)
    found = differences(document, read_fields(document), stated | comparable(header_of(verdict))) if stated else []
    messages = [
        finding.message[:MAX_MESSAGE]
        for layer in verdict.layers
        if layer.name in DECIDING
        for finding in layer.findings
        if finding.severity == "fatal"
    ]
    answer = Compared(
        kind=verdict.kind,
        accepted=verdict.accepted,
        findings=messages[:MAX_FINDINGS],
        is_compared=bool(stated) and document.has_text,
        differences=[
            FieldDifference(
                difference.field,
                difference.on_page[:MAX_VALUE],
                difference.stated[:MAX_VALUE],
                difference.place.page if difference.place else 0,
            )
            for difference in found
        ],
    )
    return encoded(answer)


def _stated(verdict: Verdict) -> dict[str, Any] | None:
    if verdict.reading is None:
        return None
    invoice = verdict.reading.invoice
    head = header_of(verdict)
    breakdown = [
        {"rate": str(row.category.rate), "base": str(row.taxable_amount), "tax": str(row.tax_amount)}
        for row in invoice.vat_breakdown
        if row.category is not None and row.category.rate is not None
    ]
    more = {
        "due_date": invoice.due_date,
        "seller_vat_number": head.seller.vat_identifier,
        "buyer_vat_number": head.buyer.vat_identifier,
    }
    written = stated_by(head) | {name: "" if value is None else str(value) for name, value in more.items()}
    return {**written, "vat_breakdown": breakdown}
