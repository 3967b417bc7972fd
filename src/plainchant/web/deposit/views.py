"""Hand in an invoice: drop the document, correct what was read, check, confirm and send."""

from __future__ import annotations

from contextlib import suppress
from decimal import InvalidOperation
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.capture.kinds import KINDS
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import certificate as certificates
from plainchant.portal.drafts import checking, documents, operations
from plainchant.portal.drafts.checking import wrong_by_itself
from plainchant.portal.drafts.document_fields import DOCUMENT_FIELD_OF, DOCUMENT_FIELDS, as_on_a_page
from plainchant.portal.drafts.fields import DraftSource, cleaned
from plainchant.portal.drafts.models import Certificate, DocumentReading, Draft, Recognition
from plainchant.portal.drafts.uploads import Upload
from plainchant.portal.drops import operations as drops
from plainchant.portal.drops.queries import issuers_for
from plainchant.portal.flows import operations as flows
from plainchant.portal.invoices.errors import NumberTaken, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.invoices.permissions import BEGIN_INVOICE, PREPARE_INVOICE, SEE_ISSUED_INVOICE, SEND_INVOICE
from plainchant.portal.lib.time import now
from plainchant.portal.store.queries import open_file
from plainchant.portal.structures.models import Structure
from plainchant.reader.text import storable
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts import attachments
from plainchant.web.drafts.addresses import asked_recipient, attachments_url, document_draft_or_404
from plainchant.web.drafts.forms import typed_of
from plainchant.web.drafts.recipients import search_page
from plainchant.web.drafts.saving import revision_of, save_or_choose
from plainchant.web.refusals import refusals_on
from plainchant.web.routes import page
from plainchant.web.viewer import viewer

from .forms import InvoiceForm, UploadForm
from .read_in import tell
from .viewer import element_of, mark

# What the document is, as one calls it in a sentence; a PDF is one.
MATTERS = {
    **{KINDS[code].media_type: "classeur" for code in ("xlsx", "xls", "ods")},
    **{KINDS[code].media_type: "image" for code in ("jpeg", "png")},
}
LABELS = {
    "file": "Le document",
    "attachments": "Les pièces jointes",
    "buyer": "Destinataire",
    "bank_account": "Compte bancaire",
}


def steps(current: int, uid: Any = None) -> list[dict[str, str]]:
    """The journey's four steps, as `components/steps.html` draws them."""
    labels = ("Le document", "Ce qu’il dit", "Vérifier", "Envoyée")
    urls = ("", reverse("deposit_prepare", args=[uid]) if uid else "", "", "")
    return [
        {
            "label": label,
            "state": "done" if place < current else "current" if place == current else "next",
            "url": urls[place] if place < current else "",
        }
        for place, label in enumerate(labels)
    ]


@page(get=BEGIN_INVOICE, post=BEGIN_INVOICE)
def start(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """Choose the file."""
    sellers = structures.filter(is_active=True).order_by("name")
    if not sellers.exists():
        return render(request, "deposit/no_structure.html")
    buyer = asked_recipient(request)
    form = UploadForm(request.POST or None, request.FILES or None, sellers=sellers)
    if request.method == "POST" and form.is_valid():
        file, seller = form.cleaned_data["file"], form.cleaned_data["seller"]
        with refusals_on(form):
            handed_in: dict[str, Any] = {
                "upload": Upload(file=file, name=file.name, size=file.size),
                "actor": acting(request),
                "at": now(),
                "buyer": buyer,
            }
            if seller is not None:
                draft = documents.deposit_document(seller=seller, **handed_in)
                return redirect("deposit_prepare", uid=draft.invoice.uid)
            taken = drops.hand_in(**handed_in)
            if isinstance(taken, Draft):
                return redirect("deposit_prepare", uid=taken.invoice.uid)
            return redirect("drop_issuer", uid=taken.uid)
    context = {"form": form, "buyer": buyer, "steps": steps(0), "sellers": sellers}
    return render(request, "deposit/start.html", context, status=422 if form.errors else 200)


@page(get=BEGIN_INVOICE)
def template(request: HttpRequest, structures: QuerySet[Structure]) -> HttpResponse:
    """The workbook to fill in, with what the portal knows of the supplier already in it."""
    sellers = structures.filter(is_active=True).order_by("name")
    asked = storable(request.GET.get("pour", ""))[:40]
    few = list(sellers[:2])
    if not few:
        return redirect("deposit_start")
    only = few[0] if len(few) == 1 else None
    seller = next((supplier for supplier in sellers if str(supplier.uid) == asked), only)
    buyer = asked_recipient(request)
    return pages.workbook(content=documents.template_for(seller=seller, buyer=buyer), name="modele-de-facture.xlsx")


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def prepare(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Correct what was read, beside the document."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        return _keep(request, draft)
    return draft_page(request, draft)


def _keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Save everything that was typed, then go where the button says."""
    go = request.POST.get("go", "")
    typed = typed_of(request.POST, draft)
    if request.htmx and go == "routing":  # type: ignore[attr-defined]
        draft.typed = cleaned(typed, source=DraftSource.DOCUMENT)
        form = InvoiceForm(draft=draft, findings=wrong_by_itself(draft=draft))
        return render(request, "deposit/_routing.html", _routing(form))
    choice = save_or_choose(request, draft, typed, form=InvoiceForm, page=draft_page)
    if choice is not None:
        return choice
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "drafts/_saved.html", {"draft": draft})
    form = InvoiceForm(draft=draft, findings=wrong_by_itself(draft=draft))
    with refusals_on(form):
        # Never by an autosave: a form that saves itself would send the same files again and again.
        attachments.join(request, draft, request.FILES.getlist("attachments"))
    uid = draft.invoice.uid
    if go == "recipient":
        return redirect("deposit_recipient", uid=uid)
    if go == "read":
        return redirect("deposit_prepare", uid=uid)
    if go == "save" and not form.errors.get("attachments"):
        messages.info(
            request, "Brouillon enregistré. Il n’est pas envoyé : l’acheteur ne voit rien tant que vous n’envoyez pas."
        )
        return redirect("issued_list")
    if go == "attach" and not form.errors.get("attachments"):
        return redirect(attachments_url(draft))
    if go == "check" and not form.errors:
        return redirect("deposit_check", uid=uid)
    return draft_page(request, draft, form=form, status=422 if form.errors else 200)


@page(get=PREPARE_INVOICE)
def reading_progress(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """How far the reading of a scan has come."""
    recognition = Recognition.objects.filter(invoice=invoice).first()
    if recognition is None or not request.htmx:  # type: ignore[attr-defined]
        return redirect("deposit_prepare", uid=invoice.uid)
    return render(request, "deposit/_recognition.html", {"invoice": invoice, **_progress(recognition)})


def _progress(recognition: Recognition | None) -> dict[str, Any]:
    if recognition is None:
        return {"recognition": None}
    waited = now() - (recognition.tried_at or recognition.asked_at)
    return {"recognition": recognition, "seconds": max(round(waited.total_seconds()), 1)}


def _routing(form: InvoiceForm) -> dict[str, Any]:
    demands = requirements_of(form.body, None) if form.body else None
    return {"form": form, "body": form.body, "demands": demands}


def draft_page(
    request: HttpRequest,
    draft: Draft,
    *,
    form: InvoiceForm | None = None,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    """The form beside the document."""
    invoice = draft.invoice
    form = form or InvoiceForm(draft=draft)
    reading = DocumentReading.objects.filter(invoice=invoice).first()
    shown = viewer(invoice, side="issued")
    mark(shown["viewer"], reading)
    document = shown["document"] or pages.document_of(invoice)
    warnings = reading.result.get("warnings", []) if reading is not None else []
    questions = checking.questions_on_document(draft=draft, row=reading) if reading is not None else []
    tell(form, reading, questions)
    context = {
        "draft": draft,
        "invoice": invoice,
        "conflict": conflict,
        "steps": steps(1),
        **shown,
        "reading": reading,
        "is_recognised": reading is not None and (reading.result.get("engine") or "recognised_pages" in warnings),
        **_progress(Recognition.objects.filter(invoice=invoice).first()),
        "is_credit": form["type_code"].value() == CREDIT_NOTE,
        "nothing_read": reading is not None and not reading.result.get("fields"),
        "matter": MATTERS.get(document.stored.media_type, "PDF"),
        "electronic": _electronic(reading),
        "is_facturx": "facturx_embedded" in warnings,
        "is_image": "image_only" in warnings,
        "has_formulas": "formulas_unstored" in warnings,
        "has_hidden_sheets": "hidden_sheets" in warnings,
        "doubtful": _doubtful(reading),
        "unknown_siret": _unknown_siret(reading, form),
        "other_issuer": next((finding.message for finding in questions if finding.field is None), ""),
        "has_other_issuers": issuers_for(actor=acting(request)).exclude(pk=invoice.seller_id).exists(),
        **attachments.attachments_context(request, draft),
        **_routing(form),
    }
    return render(request, "deposit/prepare.html", context, status=status)


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


def _doubtful(reading: DocumentReading | None) -> list[str]:
    """The labels of what the reader is not sure of."""
    if reading is None:
        return []
    unsure = [name for name, read in reading.result.get("fields", {}).items() if read["certainty"] == "doubtful"]
    return [row.label for row in DOCUMENT_FIELDS if row.code and row.read in unsure]


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def recipient(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Find the recipient in the directory; choosing one goes back to the form."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        chosen = {"buyer": request.POST.get("buyer", ""), "buyer_service": ""}
        operations.change(draft=draft, fields=chosen, actor=acting(request), at=now())
        return redirect(reverse("deposit_prepare", args=[invoice.uid]) + "#id_buyer_service")
    return search_page(request, invoice, template="deposit/recipient.html", steps=steps(1))


@page(get=PREPARE_INVOICE)
def check(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Everything that would be refused; then, if nothing would be, the way to send."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    wrong = wrong_by_itself(draft=draft)
    if wrong:
        return draft_page(request, draft, form=InvoiceForm(draft=draft, findings=wrong), status=422)
    return _check_page(request, draft, checking.check(draft=draft, at=now()).findings)


def _check_page(request: HttpRequest, draft: Draft, findings: list[Finding], *, status: int = 200) -> HttpResponse:
    stops = refusals(findings)
    context = {
        "draft": draft,
        "invoice": draft.invoice,
        "steps": steps(2, draft.invoice.uid),
        "stops": [_shown(finding, draft.invoice) for finding in stops],
        "warnings": [_shown(finding, draft.invoice) for finding in findings if finding not in stops],
        "document": pages.document_of(draft.invoice),
        "attached": attachments.attached_to(draft),
    }
    return render(request, "deposit/check.html", context, status=status)


def _shown(finding: Finding, invoice: Invoice) -> dict[str, str]:
    field = finding.field or ""
    declared = InvoiceForm.base_fields.get(field)
    label = LABELS.get(field) or (declared.label if declared and declared.label else "")
    form_url = reverse("deposit_prepare", args=[invoice.uid])
    return {
        "what": finding.message,
        "where": str(label).removesuffix(" (facultatif)"),
        "url": f"{form_url}#{element_of(field)}" if declared else "",
    }


@page(get=SEND_INVOICE, post=SEND_INVOICE, back="deposit_check")
def send(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Send, for good. Pressing twice sends once; coming here by a link shows what there is to confirm."""
    draft = document_draft_or_404(invoice)
    if request.method != "POST":
        return redirect("deposit_check", uid=invoice.uid)
    try:
        operations.submit(draft=draft, actor=acting(request), at=now(), revision=revision_of(request))
    except (WouldBeRefused, NumberTaken) as refused:
        return _check_page(request, draft, refused.findings, status=422)
    return redirect("deposit_sent", uid=invoice.uid)


@page(get=SEE_ISSUED_INVOICE)
def sent(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """It is sent: the proof, and what happens now."""
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is None:
        return redirect("deposit_prepare", uid=invoice.uid)
    return render(request, "deposit/sent.html", {"invoice": invoice, "certificate": proof, "steps": steps(4)})


@page(get=SEE_ISSUED_INVOICE)
def certificate(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The certificate of deposit."""
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is None:
        return redirect("deposit_prepare", uid=invoice.uid)
    name = f"certificat-de-depot-{invoice.number.replace('/', '-').replace(' ', '-')}.pdf"
    return pages.pdf(content=certificates.draw(certificate=proof), name=name)


@page(post=SEND_INVOICE, back="deposit_prepare")
def as_flow(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A Factur-X that was dropped as a PDF: send its data as they are, instead of what is read on the page."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    document = pages.document_of(invoice)
    with open_file(stored=document.stored) as file:
        flow = flows.receive(
            structure=invoice.seller,
            file=file,
            name=document.name,
            size=document.stored.size,
            actor=acting(request),
            at=now(),
            deposit_mode=DepositMode.FLOW,
            draft=draft,
        )
    return redirect("flows_show", uid=flow.uid)


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def delete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Delete a draft, after having said what that means."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        operations.delete(draft=draft, actor=acting(request), at=now())
        messages.info(request, "Le brouillon est supprimé. L’acheteur n’en a rien vu.")
        return redirect("issued_list")
    return render(request, "deposit/delete.html", {"invoice": invoice})
