"""Look at a deposited invoice once more, send it, and keep the proof."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.finding import Finding, refusals
from plainchant.portal.drafts import certificate as certificates
from plainchant.portal.drafts import checking, operations
from plainchant.portal.drafts.checking import wrong_by_itself
from plainchant.portal.drafts.models import Certificate, Draft
from plainchant.portal.drafts.readiness import readiness_of
from plainchant.portal.flows import operations as flows
from plainchant.portal.invoices.errors import NumberTaken, WouldBeRefused
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import DepositMode, Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE, SEE_ISSUED_INVOICE, SEND_INVOICE
from plainchant.portal.invoices.works_actors import NOBODY, WorksActors
from plainchant.portal.lib.time import now
from plainchant.portal.store.queries import open_file
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.drafts import attachments
from plainchant.web.drafts.addresses import document_draft_or_404
from plainchant.web.drafts.saving import revision_seen
from plainchant.web.routes import page

from .draft_page import draft_page, steps
from .forms import InvoiceForm
from .lots import place_in_lot
from .viewer import element_of

LABELS = {
    "file": "Le document",
    "attachments": "Les pièces jointes",
    "buyer": "Destinataire",
    "bank_account": "Compte bancaire",
}


@page(get=PREPARE_INVOICE)
def check(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Everything that would be refused; then, if nothing would be, the way to send."""
    draft = document_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    wrong = wrong_by_itself(draft=draft)
    if wrong:
        return draft_page(request, draft, form=InvoiceForm(draft=draft, findings=wrong), status=422)
    checked = checking.check(draft=draft, at=now())
    return _check_page(request, draft, checked.findings, works=checked.works)


def _check_page(
    request: HttpRequest, draft: Draft, findings: list[Finding], *, works: WorksActors = NOBODY, status: int = 200
) -> HttpResponse:
    stops = refusals(findings)
    context = {
        "draft": draft,
        "invoice": draft.invoice,
        "steps": steps(1, draft.invoice.uid),
        "stops": [_shown(finding, draft.invoice) for finding in stops],
        "warnings": [_shown(finding, draft.invoice) for finding in findings if finding not in stops],
        "document": pages.document_of(draft.invoice),
        "validator": draft.fields["validator"] if draft.invoice.billing_framework in VALIDATED else "",
        "works": works,
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
    return submitted(request, draft, revision=revision_seen(request))


def submitted(request: HttpRequest, draft: Draft, *, revision: int) -> HttpResponse:
    try:
        operations.submit(draft=draft, actor=acting(request), at=now(), revision=revision)
    except (WouldBeRefused, NumberTaken) as refused:
        return _check_page(request, draft, refused.findings, status=422)
    return redirect("deposit_sent", uid=draft.invoice.uid)


@page(get=SEE_ISSUED_INVOICE)
def sent(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """It is sent: the proof, and what happens now."""
    proof = Certificate.objects.filter(invoice=invoice).first()
    if proof is None:
        return redirect("deposit_prepare", uid=invoice.uid)
    context = {"invoice": invoice, "certificate": proof, "steps": steps(3), "lot": place_in_lot(request, invoice)}
    return render(request, "deposit/sent.html", context)


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


def sent_or_asked(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Send what the page showed, where nothing was left to ask; else the page that asks it."""
    if not readiness_of(draft=draft, at=now()).is_ready:
        return redirect("deposit_check", uid=draft.invoice.uid)
    return submitted(request, draft, revision=draft.revision)
