"""Finding in the directory who is invoiced: one search, for a document as for a sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.portal.directory.queries import search
from plainchant.portal.invoices.models import Invoice
from plainchant.portal.invoices.queries import recent_buyers
from plainchant.portal.structures.models import Structure
from plainchant.portal.structures.queries import public_bodies
from plainchant.reader.text import storable
from plainchant.web.directory import words

SHOWN_AT_FIRST = 6  # of those invoiced lately, before anything is typed


def search_page(request: HttpRequest, invoice: Invoice, *, template: str, steps: list[dict[str, str]]) -> HttpResponse:
    """The bodies that answer to « ?q= », each a button; those alone when htmx asks while one types.

    Before one types: those this supplier invoiced lately, who come first among equals afterwards too.
    """
    text = storable(request.GET.get("q", "")).strip()[:200]
    known = recent_buyers(seller=invoice.seller)
    found = search(text=text, known=known) if text else None
    context = {
        "invoice": invoice,
        "text": text,
        "found": found,
        "recent": [] if found else _in_order(known[:SHOWN_AT_FIRST]),
        "count_in_words": words.found(found, text) if found else "",
        "steps": steps,
    }
    return render(request, "drafts/_recipients.html" if request.htmx else template, context)  # type: ignore[attr-defined]


def _in_order(keys: list[int]) -> list[Structure]:
    bodies = public_bodies().in_bulk(keys)
    return [bodies[key] for key in keys if key in bodies and bodies[key].is_active]
