"""Finding in the directory who is invoiced: one search, for a document as for a sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.portal.directory.queries import search
from plainchant.portal.invoices.models import Invoice
from plainchant.reader.text import storable
from plainchant.web.directory import words


def search_page(request: HttpRequest, invoice: Invoice, *, template: str, steps: list[dict[str, str]]) -> HttpResponse:
    """The bodies that answer to « ?q= », each a button; those alone when htmx asks while one types."""
    text = storable(request.GET.get("q", "")).strip()[:200]
    found = search(text=text) if text else None
    context = {
        "invoice": invoice,
        "text": text,
        "found": found,
        "count_in_words": words.found(found, text) if found else "",
        "steps": steps,
    }
    return render(request, "drafts/_recipients.html" if request.htmx else template, context)  # type: ignore[attr-defined]
