"""The whole sheet of an invoice that is being entered: shown, saved, added up, pasted into."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plainchant.einvoice.codes.cadres import VALIDATED
from plainchant.einvoice.codes.invoice_types import CREDIT_NOTE, DEPOSIT
from plainchant.einvoice.codes.units import OFFERED
from plainchant.einvoice.codes.works import WORKS
from plainchant.einvoice.finding import Finding, refusals
from plainchant.einvoice.law.dated import NotKnown
from plainchant.einvoice.law.vat_rates import Territory, rates_to_offer, written
from plainchant.portal.directory.requirements import requirements_of
from plainchant.portal.drafts import queries
from plainchant.portal.drafts.checking import wrong_by_itself
from plainchant.portal.drafts.deposits import understood_of
from plainchant.portal.drafts.fields import MADE_HERE, MAX_LINES, SHEET, DraftSource, cleaned
from plainchant.portal.drafts.invoice_settings import territory_where_due
from plainchant.portal.drafts.models import Draft, InvoiceSettings
from plainchant.portal.drafts.numbering import trouble_with
from plainchant.portal.drafts.typed import Understood, totals_so_far
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.portal.structures.models import Structure
from plainchant.web.drafts.addresses import draft_or_404
from plainchant.web.drafts.attachments import attached_to
from plainchant.web.drafts.forms import deposit_boxes, typed_of
from plainchant.web.drafts.saving import Page, save_or_choose
from plainchant.web.routes import page

from .forms import EntryForm
from .grid import pasted, rows

STEPS = ("Qui", "Quoi", "Combien", "Vérifier", "Envoyée")


def steps(current: int, invoice: Invoice, *, how_much: str = "entry_sheet") -> list[dict[str, str]]:
    """The five steps of an entry; those behind can be gone back to, the third to the page named ``how_much``."""
    urls = [reverse(name, args=[invoice.uid]) for name in ("entry_recipient", "entry_work", how_much, "entry_check")]
    return [
        {
            "label": label,
            "state": "done" if place < current else "current" if place == current else "next",
            "url": urls[place] if place < min(current, len(urls)) and invoice.status == Status.DRAFT else "",
        }
        for place, label in enumerate(STEPS)
    ]


def sheet_draft_or_404(invoice: Invoice) -> Draft:
    """The sheet behind an invoice; 404 for one that was handed in and not entered."""
    return draft_or_404(invoice, SHEET)


def made_here_or_404(invoice: Invoice) -> Draft:
    """What the portal has made an invoice from: a sheet, or a row of a table."""
    return draft_or_404(invoice, MADE_HERE)


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def sheet(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The sheet: everything at once, for those who want it."""
    draft = sheet_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        return keep(request, draft, here="entry_sheet", shown=sheet_page)
    return sheet_page(request, draft)


_ELSEWHERE = {
    "recipient": "entry_recipient",
    "commitment": "entry_commitment",
    "attachments": "entry_attachments",
    "sheet": "entry_sheet",
}
AS_QUESTIONS = "questions"  # in the address of what follows the questions: what is to be mended is asked there


def keep(request: HttpRequest, draft: Draft, *, here: str, shown: Page) -> HttpResponse:
    """Save everything that was typed on the page ``here``, then go where the button says."""
    go = request.POST.get("go", "")
    typed = typed_of(request.POST, draft)
    if go == "add-line" and len(typed["lines"]) >= MAX_LINES:
        messages.warning(request, FULL)
    elif go == "add-line":
        typed["lines"].append({})
    elif go.startswith("remove-line-") and go.removeprefix("remove-line-").isdecimal():
        place = int(go.removeprefix("remove-line-"))
        typed["lines"] = [line for number, line in enumerate(typed["lines"]) if number != place]
    elif go == "paste":
        typed["lines"], notice = _with_pasted(typed["lines"], request.POST.get("pasted", ""))
        if notice:
            messages.warning(request, notice)
    choice = save_or_choose(request, draft, typed, form=EntryForm, page=shown)
    if choice is not None:
        return choice
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "drafts/_saved.html", {"draft": draft})
    address = reverse(here, args=[draft.invoice.uid])
    if go in ("add-line", "paste") or go.startswith("remove-line-"):
        return redirect(address + "#lignes")
    if go in _ELSEWHERE:  # whatever leads away saves first
        return redirect(_ELSEWHERE[go], uid=draft.invoice.uid)
    if go == "save":
        messages.info(
            request, "Brouillon enregistré. Il n’est pas envoyé : l’acheteur ne voit rien tant que vous n’envoyez pas."
        )
        return redirect("issued_list")
    return redirect(
        reverse("entry_check", args=[draft.invoice.uid]) + ("" if here == "entry_sheet" else f"?{AS_QUESTIONS}=1")
    )


def sheet_page(
    request: HttpRequest,
    draft: Draft,
    *,
    findings: list[Finding] | None = None,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    """The sheet with what is wrong beside each field; ``findings`` of a check that was asked for."""
    understood = understood_of(draft)
    form = EntryForm(draft=draft, findings=findings or [])
    context = {
        "draft": draft,
        "invoice": draft.invoice,
        "steps": steps(2, draft.invoice),
        "form": form,
        "conflict": conflict,
        "errors": errors(findings or [], form),
        "attached": attached_to(draft),
        **grid_context(draft, understood, findings or []),
        **routing_context(form),
    }
    return render(request, "entry/sheet.html", context, status=status)


def errors(findings: list[Finding], form: EntryForm) -> list[dict[str, str]]:
    """What stops the sending, each with the place on the page where it is mended."""
    return [_error(finding, form) for finding in refusals(findings)]


def _error(finding: Finding, form: EntryForm) -> dict[str, str]:
    field = finding.field or ""
    if field in form.fields:
        return {"message": finding.message, "field_id": form[field].id_for_label or f"id_{field}_0"}
    if field.startswith("lines-"):
        return {"message": finding.message, "field_id": f"id_{field}"}
    return {"message": finding.message, "field_id": "lignes" if field == "lines" else ""}


def grid_context(draft: Draft, understood: Understood, findings: list[Finding]) -> dict[str, Any]:
    """What the lines and the totals under them show."""
    values = understood.values
    settings = queries.settings_of(structure=draft.invoice.seller)
    return {
        "settings": settings,
        "rows": rows(draft.typed["lines"] or [{}], understood, findings),
        "units": OFFERED,
        "rates": [
            written(rate)
            for rate in rates_to_offer(
                at=values["issue_date"] or day_in_paris(now()), territory=_territory(draft.invoice.seller, settings)
            )
        ],
        "max_lines": MAX_LINES,
        "full": FULL,
        "sums": totals_so_far(understood),
        "currency": values["currency"],
        "bears_tax": values["vat_regime"] not in ("SANS_TVA", "EXONERATION"),
        "has_validator": values["billing_framework"] in VALIDATED | WORKS,
        "is_credit": values["type_code"] == CREDIT_NOTE,
        "has_discount": bool(values["discount"]),
        "is_deposit": values["type_code"] == DEPOSIT,
        "deposits": deposit_boxes(draft),
        "has_prepaid": bool(values["prepaid_amount"] or values["prepaid_date"]),
    }


def _territory(seller: Structure, settings: InvoiceSettings | None) -> Territory | None:
    """Where its VAT is due, as its settings say or else its postcode; None where nobody knows."""
    try:
        return territory_where_due(seller=seller, settings=settings)
    except NotKnown:
        return None


def routing_context(form: EntryForm) -> dict[str, Any]:
    """The recipient and what it demands."""
    demands = requirements_of(form.body, None) if form.body else None
    return {"body": form.body, "demands": demands}


@page(post=PREPARE_INVOICE)
def totals(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The totals of what is on the screen, saved or not."""
    draft = sheet_draft_or_404(invoice)
    draft.typed = cleaned(typed_of(request.POST, draft), source=DraftSource.SHEET)
    understood = understood_of(draft)
    return render(request, "entry/_totals.html", {"is_live": True, **grid_context(draft, understood, [])})


@page(post=PREPARE_INVOICE)
def routing(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The recipient that was just typed: who it is, and what it demands."""
    draft = sheet_draft_or_404(invoice)
    draft.typed = cleaned(typed_of(request.POST, draft), source=DraftSource.SHEET)
    form = EntryForm(draft=draft, findings=wrong_by_itself(draft=draft))
    return render(request, "entry/_routing.html", {"form": form, "invoice": invoice, **routing_context(form)})


@page(post=PREPARE_INVOICE)
def number(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Whether the number can be used, as it is typed."""
    trouble = trouble_with(draft=sheet_draft_or_404(invoice), number=request.POST.get("number", "")[:100])
    return render(request, "entry/_number.html", {"trouble": trouble})


@page(post=PREPARE_INVOICE)
def paste(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The lines with those pasted from a spreadsheet under them; nothing is saved yet."""
    draft = sheet_draft_or_404(invoice)
    typed = typed_of(request.POST, draft)
    typed["lines"], notice = _with_pasted(typed["lines"], request.POST.get("pasted", ""))
    draft.typed = cleaned(typed, source=DraftSource.SHEET)
    understood = understood_of(draft)
    return render(request, "entry/_lines.html", {**grid_context(draft, understood, []), "notice": notice})


FULL = (
    f"Une facture saisie a {MAX_LINES} lignes au plus. Mettez la suite dans une autre facture, ou déposez un fichier."
)
_MOST_PASTED = 200_000  # characters: five hundred long lines
_NOT_ALL_PASTED = (
    f"Tout n’a pas été ajouté. Une facture saisie a {MAX_LINES} lignes au plus, et l’on colle 200 000 caractères "
    "au plus à la fois. Mettez la suite dans une autre facture."
)
_NOTHING_PASTED = (
    "Nous n’avons trouvé aucune ligne dans ce que vous avez collé. Copiez au moins les colonnes désignation et prix, "
    "puis collez de nouveau."
)


def _with_pasted(lines: list[dict[str, str]], text: str) -> tuple[list[dict[str, str]], str]:
    """The lines with those pasted under them; and what to say where not all of them are."""
    kept = [line for line in lines if any(line.get(name, "").strip() for name in ("name", "price", "description"))]
    regime_rate = next((line["rate"] for line in kept if line.get("rate")), "")
    whole_rows = text if len(text) <= _MOST_PASTED else text[:_MOST_PASTED].rpartition("\n")[0]
    more = [{**line, "rate": line["rate"] or regime_rate} for line in pasted(whole_rows)]
    if whole_rows != text or len(kept) + len(more) > MAX_LINES:
        return (kept + more)[:MAX_LINES], _NOT_ALL_PASTED
    return kept + more, "" if more or not text.strip() else _NOTHING_PASTED
