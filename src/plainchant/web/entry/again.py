"""Begin again from an invoice: copy it, replace a rejected one, credit one; or let a draft go."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.drafts import operations, successors
from plainchant.portal.drafts.models import Draft
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting
from plainchant.web.routes import page

from .sheet import made_here_or_404, sheet_draft_or_404


def _begun(request: HttpRequest, invoice: Invoice, begin: Callable[..., Draft]) -> HttpResponse:
    draft = begin(draft=made_here_or_404(invoice), actor=acting(request), at=now())
    return redirect("entry_sheet", uid=draft.invoice.uid)


@page(post=PREPARE_INVOICE, back="issued_invoice")
def duplicate(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The same again, under the next number."""
    return _begun(request, invoice, successors.duplicate)


@page(post=PREPARE_INVOICE, back="issued_invoice")
def reissue(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A rejected invoice under a new number, linked to the old one."""
    return _begun(request, invoice, successors.reissue)


@page(post=PREPARE_INVOICE, back="issued_invoice")
def credit(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A credit note on a sent invoice."""
    return _begun(request, invoice, successors.credit)


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE, back="issued_invoice")
def delete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Delete a draft, after having said what that means."""
    draft = sheet_draft_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        operations.delete(draft=draft, actor=acting(request), at=now())
        messages.info(request, "Le brouillon est supprimé. L’acheteur n’en a rien vu.")
        return redirect("issued_list")
    return render(request, "entry/delete.html", {"invoice": invoice})
