"""Claim what is owed for a late payment: the letter, the invoice of interest, the dossier for whoever helps."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from plainchant.portal.drafts.dossier import entries_of
from plainchant.portal.drafts.interest import invoice_interest
from plainchant.portal.invoices import claim_letter
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.payments import owed_today
from plainchant.portal.invoices.permissions import CHASE_PAYMENT, PREPARE_INVOICE
from plainchant.portal.lib.archives import write_archive
from plainchant.portal.lib.time import day_in_paris, now
from plainchant.web import pages
from plainchant.web.account.visitor import acting
from plainchant.web.routes import page


@page(get=CHASE_PAYMENT, back="issued_invoice")
def letter(_request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """The letter of today, to be printed or mailed."""
    at = now()
    content = claim_letter.draw(invoice=invoice, due=owed_today(invoice=invoice, today=day_in_paris(at)), at=at)
    return pages.pdf(content=content, name=f"demande-d-interets-{_in_a_name(invoice)}.pdf")


@page(post=PREPARE_INVOICE, back="issued_invoice")
def invoice_it(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Begin the invoice of interest."""
    at = now()
    draft = invoice_interest(
        invoice=invoice, due=owed_today(invoice=invoice, today=day_in_paris(at)), actor=acting(request), at=at
    )
    return redirect("entry_sheet", uid=draft.invoice.uid)


@page(get=CHASE_PAYMENT, back="issued_invoice")
def dossier(_request: HttpRequest, invoice: Invoice) -> FileResponse:
    """All that proves what happened, as one archive."""
    at = now()
    entries = entries_of(invoice=invoice, due=owed_today(invoice=invoice, today=day_in_paris(at)), at=at)
    out = pages.made_file(lambda out: write_archive(out, entries, at=at))
    return pages.made(out, name=f"dossier-{_in_a_name(invoice)}.zip", media_type="application/zip")


def _in_a_name(invoice: Invoice) -> str:
    return invoice.number.replace("/", "-").replace(" ", "-")
