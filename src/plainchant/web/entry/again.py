"""Begin again from an invoice: copy it, replace a rejected one, credit one; or let a draft go."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from plainchant.portal.accounts.models import User
from plainchant.portal.drafts import operations
from plainchant.portal.drafts.models import Entry
from plainchant.portal.drafts.operations import MandateMissing, NotReissuable
from plainchant.portal.invoices import operations as invoices
from plainchant.portal.invoices.errors import StatusHasChanged
from plainchant.portal.invoices.lifecycle import Status
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.permissions import PREPARE_INVOICE
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting, person
from plainchant.web.routes import page

from .sheet import entry_or_404


def _begun(request: HttpRequest, invoice: Invoice, begin: Callable[..., Entry]) -> HttpResponse:
    user: User = person(request)
    try:
        entry = begin(entry=entry_or_404(invoice), user=user, at=now())
    except (MandateMissing, NotReissuable) as refused:
        messages.warning(request, refused.sentence)
        return redirect("issued_invoice", uid=invoice.uid)
    return redirect("entry_sheet", uid=entry.invoice.uid)


@page(post=PREPARE_INVOICE)
def duplicate(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The same again, under the next number."""
    return _begun(request, invoice, operations.duplicate)


@page(post=PREPARE_INVOICE)
def reissue(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A rejected invoice under a new number, linked to the old one."""
    return _begun(request, invoice, operations.reissue)


@page(post=PREPARE_INVOICE)
def credit(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """A credit note on a sent invoice."""
    return _begun(request, invoice, operations.credit)


@page(get=PREPARE_INVOICE, post=PREPARE_INVOICE)
def delete(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Delete a draft, after having said what that means."""
    entry_or_404(invoice)
    if invoice.status != Status.DRAFT:
        return redirect("issued_invoice", uid=invoice.uid)
    if request.method == "POST":
        try:
            invoices.delete_draft(invoice=invoice, actor=acting(request), at=now())
        except StatusHasChanged as changed:
            messages.warning(request, changed.sentence)
        else:
            messages.info(request, "Le brouillon est supprimé. L’acheteur n’en a rien vu.")
        return redirect("issued_list")
    return render(request, "entry/delete.html", {"invoice": invoice})
