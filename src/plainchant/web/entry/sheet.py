"""The whole sheet of an invoice that is being entered: shown, saved, added up, pasted into."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE
from plainchant.einvoice.codes.units import OFFERED
from plainchant.einvoice.finding import Finding
from plainchant.einvoice.law.vat_rates import rates_to_offer, written
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import operations, queries
from plainchant.portal.drafts.models import Entry
from plainchant.portal.drafts.numbering import trouble_with
from plainchant.portal.drafts.operations import EntryHasChanged, totals_so_far
from plainchant.portal.drafts.typed import Understood, cleaned, understand
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice, InvoiceFile
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web.routes import page

from .forms import SheetForm, typed_of
from .grid import pasted, rows

STEPS = ("Qui", "Quoi", "Combien", "Vérifier", "Envoyée")


def steps(current: int, invoice: Invoice) -> list[dict[str, str]]:
    """The five steps of an entry; those behind can be gone back to."""
    urls = [
        reverse(name, args=[invoice.uid]) for name in ("entry_recipient", "entry_work", "entry_sheet", "entry_check")
    ]
    return [
        {
            "label": label,
            "state": "done" if place < current else "current" if place == current else "next",
            "url": urls[place] if place < min(current, len(urls)) and invoice.status == Status.DRAFT else "",
        }
        for place, label in enumerate(STEPS)
    ]


def entry_or_404(invoice: Invoice) -> Entry:
    """The sheet behind an invoice; 404 for one that was handed in and not entered."""
    entry = queries.entry_of(invoice=invoice)
    if entry is None:
        raise Http404
    entry.invoice = invoice
    return entry


def _tab(request: HttpRequest) -> str:
    return "".join(sign for sign in request.POST.get("tab", "") if sign.isalnum())[:32]


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def save(request: HttpRequest, entry: Entry, typed: dict[str, Any]) -> Entry:
    """Keep what came with a request. Raises EntryHasChanged, StatusHasChanged."""
    if request.POST.get("keep") == "mine":  # told of the quarrel, and chosen
        entry.refresh_from_db()
        return operations.save(entry=entry, typed=typed, revision=entry.revision, at=now(), tab=_tab(request))
    return operations.save(entry=entry, typed=typed, revision=_revision(request), at=now(), tab=_tab(request))


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def sheet(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The sheet: everything at once, for those who want it."""
    entry = entry_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        return _keep(request, entry)
    return sheet_page(request, entry)


_ELSEWHERE = {
    "recipient": "entry_recipient",
    "commitment": "entry_commitment",
    "attachments": "entry_attachments",
    "sheet": "entry_sheet",
}


def _keep(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Save everything that was typed, then go where the button says."""
    go = request.POST.get("go", "")
    typed = typed_of(request.POST, entry)
    if go == "add-line":
        typed["lines"].append({})
    elif go.startswith("remove-line-") and go.removeprefix("remove-line-").isdecimal():
        place = int(go.removeprefix("remove-line-"))
        typed["lines"] = [line for number, line in enumerate(typed["lines"]) if number != place]
    elif go == "paste":
        typed["lines"] = _with_pasted(typed["lines"], request.POST.get("pasted", ""))
    try:
        entry = save(request, entry, typed)
    except EntryHasChanged as changed:
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "entry/_conflict.html", {"entry": changed.entry}, status=409)
        entry.typed = cleaned(typed)  # what was typed here is shown, and kept until one of the two is chosen
        return sheet_page(request, entry, status=409, conflict=True)
    except StatusHasChanged as changed:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        messages.warning(request, changed.sentence)
        return redirect("issued_invoice", uid=entry.invoice.uid)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "entry/_saved.html", {"entry": entry, "saved_at": entry.invoice.updated_at})
    address = reverse("entry_sheet", args=[entry.invoice.uid])
    if go in ("add-line", "paste") or go.startswith("remove-line-"):
        return redirect(address + "#lignes")
    if go in _ELSEWHERE:  # whatever leads away saves first
        return redirect(_ELSEWHERE[go], uid=entry.invoice.uid)
    if go == "save":
        messages.info(
            request, "Brouillon enregistré. Il n’est pas envoyé : l’acheteur ne voit rien tant que vous n’envoyez pas."
        )
        return redirect("issued_list")
    return redirect("entry_check", uid=entry.invoice.uid)


def sheet_page(
    request: HttpRequest,
    entry: Entry,
    *,
    findings: list[Finding] | None = None,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    """The sheet with what is wrong beside each field; ``findings`` of a check that was asked for."""
    told = understand(entry.typed)
    form = SheetForm(entry=entry, findings=findings)
    context = {
        "entry": entry,
        "invoice": entry.invoice,
        "steps": steps(2, entry.invoice),
        "form": form,
        "conflict": conflict,
        "errors": [_error(finding, form) for finding in findings or [] if finding.severity == "fatal"],
        "attached": InvoiceFile.objects.filter(invoice=entry.invoice, role=InvoiceFile.Role.COMPLEMENT).select_related(
            "stored"
        ),
        "settings": queries.settings_of(structure=entry.invoice.seller),
        **grid_context(entry, told, findings or []),
        **routing_context(form),
    }
    return render(request, "entry/sheet.html", context, status=status)


def _error(finding: Finding, form: SheetForm) -> dict[str, str]:
    field = finding.field or ""
    if field in form.fields:
        return {"message": finding.message, "field_id": form[field].id_for_label or f"id_{field}_0"}
    if field.startswith("lines-"):
        return {"message": finding.message, "field_id": f"id_{field}"}
    return {"message": finding.message, "field_id": "lignes" if field == "lines" else ""}


def grid_context(entry: Entry, told: Understood, findings: list[Finding]) -> dict[str, Any]:
    """What the lines and the totals under them show."""
    values = told.values
    return {
        "rows": rows(entry.typed["lines"], told, findings),
        "units": OFFERED,
        "rates": [
            written(rate)
            for rate in rates_to_offer(
                at=values["issue_date"] or day_in_paris(now()), postcode=entry.invoice.seller.postcode
            )
        ],
        "sums": totals_so_far(told),
        "currency": values["currency"],
        "bears_tax": values["vat_regime"] not in ("SANS_TVA", "EXONERATION"),
        "has_validator": values["billing_framework"] in VALIDATED,
        "is_credit": values["type_code"] == CREDIT_NOTE,
        "has_discount": bool(values["discount"]),
    }


def routing_context(form: SheetForm) -> dict[str, Any]:
    """The recipient and what it demands."""
    demands = requirements_of(form.body, None) if form.body else None
    return {"body": form.body, "demands": demands}


@page(post=PREPARE_INVOICE)
def totals(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The totals of what is on the screen, saved or not."""
    entry = entry_or_404(invoice)
    entry.typed = cleaned(typed_of(request.POST, entry))
    told = understand(entry.typed)
    return render(request, "entry/_totals.html", {"is_live": True, **grid_context(entry, told, [])})


@page(post=PREPARE_INVOICE)
def routing(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The recipient that was just typed: who it is, and what it demands."""
    entry = entry_or_404(invoice)
    entry.typed = cleaned(typed_of(request.POST, entry))
    form = SheetForm(entry=entry, findings=[])
    return render(request, "entry/_routing.html", {"form": form, "invoice": invoice, **routing_context(form)})


@page(post=PREPARE_INVOICE)
def number(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Whether the number can be used, as it is typed."""
    said = trouble_with(entry=entry_or_404(invoice), number=request.POST.get("number", "")[:100])
    return render(request, "entry/_number.html", {"trouble": said})


@page(post=PREPARE_INVOICE)
def paste(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The lines with those pasted from a spreadsheet under them; nothing is saved yet."""
    entry = entry_or_404(invoice)
    typed = typed_of(request.POST, entry)
    typed["lines"] = _with_pasted(typed["lines"], request.POST.get("pasted", ""))
    entry.typed = cleaned(typed)
    told = understand(entry.typed)
    return render(request, "entry/_lines.html", grid_context(entry, told, []))


def _with_pasted(lines: list[dict[str, str]], text: str) -> list[dict[str, str]]:
    kept = [line for line in lines if any(line.get(name, "").strip() for name in ("name", "price", "description"))]
    regime_rate = next((line["rate"] for line in kept if line.get("rate")), "")
    return kept + [{**line, "rate": line["rate"] or regime_rate} for line in pasted(text[:200_000])]
