"""The page of a deposited document: what was read, each value a text beside its place, and the questions left."""

from __future__ import annotations

from contextlib import suppress
from decimal import InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.capture.kinds import ACCEPTED
from plainchant.capture.proposal import FieldReading
from plainchant.capture.remarks import ReadingRemark, remarks
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts.document_fields import DOCUMENT_FIELD_OF, DOCUMENT_FIELDS, as_on_a_page
from plainchant.portal.drafts.duplicates import in_words
from plainchant.portal.drafts.models import DocumentReading, Draft, Recognition
from plainchant.portal.drafts.readiness import readiness_of
from plainchant.portal.drafts.splitting import is_splittable
from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.invoices.permissions import SEND_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.rights.permissions import may
from plainchant.shapes import from_json
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts import attachments
from plainchant.web.drafts.forms import deposit_boxes
from plainchant.web.viewer import viewer

from .forms import InvoiceForm
from .lots import place_in_lot
from .read_in import tell
from .several import several_context
from .summary import summary_of
from .viewer import mark

# What the document is, as one calls it in a sentence; a PDF is one.
MATTERS = {"workbook": "classeur", "letter": "document", "picture": "image"}
FAMILIES = {kind.media_type: kind.family for kind in ACCEPTED}


def steps(current: int, uid: Any = None) -> list[dict[str, str]]:
    """The journey's three steps, as `components/steps.html` draws them."""
    labels = ("Le document", "Vérifier", "Envoyée")
    urls = ("", reverse("deposit_prepare", args=[uid]) if uid else "", "")
    return [
        {
            "label": label,
            "state": "done" if place < current else "current" if place == current else "next",
            "url": urls[place] if place < current else "",
        }
        for place, label in enumerate(labels)
    ]


def progress_of(recognition: Recognition | None) -> dict[str, Any]:
    if recognition is None:
        return {"recognition": None}
    waited = now() - (recognition.tried_at or recognition.asked_at)
    return {"recognition": recognition, "seconds": max(round(waited.total_seconds()), 1)}


def values_of(form: InvoiceForm, draft: Draft, *, is_all_open: bool) -> dict[str, Any]:
    """What `deposit/_routing.html` and the lines of the summary show."""
    readiness = readiness_of(draft=draft, at=now())
    asked = tell(form, readiness)
    is_quiet = readiness.is_being_read  # nothing is asked of a document before it has been read
    return {
        "form": form,
        "body": form.body,
        "demands": requirements_of(form.body, None) if form.body else None,
        "readiness": readiness,
        "summary": summary_of(form, readiness, asked={} if is_quiet else asked, is_all_open=is_all_open),
        "asked": [f"{key}={draft.fields.get(key, '')}" for key in readiness.asked],
        "is_all_open": is_all_open,
    }


def draft_page(
    request: HttpRequest,
    draft: Draft,
    *,
    form: InvoiceForm | None = None,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
    is_all_open: bool = False,
) -> HttpResponse:
    """What was read, beside the document."""
    invoice = draft.invoice
    form = form or InvoiceForm(draft=draft)
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    shown = viewer(invoice, side="issued")
    mark(shown["viewer"], reading)
    document = shown["document"] or pages.document_of(invoice)
    warnings = reading.result.get("warnings", []) if reading is not None else []
    values = values_of(form, draft, is_all_open=is_all_open)
    readiness, summary = values["readiness"], values["summary"]
    is_unread = reading is None or not reading.result.get("fields")
    context = {
        "draft": draft,
        "invoice": invoice,
        "conflict": conflict,
        "steps": steps(1),
        **shown,
        "reading": reading,
        "is_recognised": reading is not None and (reading.result.get("engine") or "recognised_pages" in warnings),
        **progress_of(Recognition.objects.filter(invoice=invoice).first()),
        "is_unread": is_unread,
        "nothing_read": reading is not None and is_unread,
        "questions": len(summary.asked),
        "is_ready": readiness.is_ready
        and not form.errors
        and not conflict
        and may(acting(request), SEND_INVOICE, invoice),
        "matter": MATTERS.get(FAMILIES.get(document.stored.media_type, ""), "PDF"),
        "electronic": _electronic(reading),
        "is_facturx": "facturx_embedded" in warnings,
        "is_image": "image_only" in warnings,
        "remarks": _remarks(reading),
        "doubtful": [row.label for row in DOCUMENT_FIELDS if row.field in readiness.doubtful],
        "unknown_siret": _unknown_siret(reading, form),
        "other_issuer": next(
            (finding.message for finding in readiness.open if finding.rule == DOCUMENT_FIELD_OF["seller_siret"].code),
            "",
        ),
        "before": readiness.before,
        "before_in_words": in_words(readiness.before) if readiness.before else "",
        "lot": place_in_lot(request, invoice),
        "has_other_issuers": issuers_for(actor=acting(request)).exclude(pk=invoice.seller_id).exists(),
        **several_context(invoice, reading),
        **attachments.attachments_context(request, draft),
        **_deposits(draft, reading, is_asked="deducts" in form.errors or "deducts" in readiness.asked),
        **values,
    }
    return render(request, "deposit/prepare.html", context, status=status)


def _deposits(draft: Draft, reading: DocumentReading | None, *, is_asked: bool) -> dict[str, Any]:
    """What was invoiced in advance; it stands open where the document says that something was paid before."""
    boxes = deposit_boxes(draft)
    chosen = [box["invoice"].number for box in boxes if box["is_chosen"]]
    says_so = reading is not None and "prepaid_amount" in reading.result.get("fields", {})
    return {"deposits": boxes, "chosen_deposits": chosen, "are_deposits_open": is_asked or (says_so and not chosen)}


def _remarks(reading: DocumentReading | None) -> list[ReadingRemark]:
    """What is said above the values; of a scanner's words and of several invoices something else says it there."""
    read = from_json(FieldReading, reading.result) if reading is not None else FieldReading()
    said_elsewhere = {"recognised_pages"} | ({"two_invoices"} if is_splittable(reading=read) else set())
    return [remark for remark in remarks(read) if remark.code not in said_elsewhere]


def _electronic(reading: DocumentReading | None) -> dict[str, Any]:
    """What there is to say of a Factur-X: its verdict, and each difference under the name people know it by."""
    if reading is None or not reading.electronic:
        return {}
    return {
        **reading.electronic,
        "differences": [
            {
                **difference,
                "label": DOCUMENT_FIELD_OF[difference["field"]].label,
                "in_data": _as_written(difference["field"], difference["in_data"]),
            }
            for difference in reading.electronic["differences"]
        ],
    }


def _as_written(field: str, value: str) -> str:
    """A value of the data as a page would have it, or as it is."""
    with suppress(ValueError, InvalidOperation):
        return as_on_a_page(field, value)
    return value


def _unknown_siret(reading: DocumentReading | None, form: InvoiceForm) -> str:
    """The recipient's SIRET as the page gives it, when no body of the directory has it and none has been chosen."""
    read = reading.result.get("fields", {}).get("buyer_siret") if reading else None
    return str(read["value"]) if read and form.body is None and not form["buyer"].value() else ""
