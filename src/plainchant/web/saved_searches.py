"""The searches that a person keeps: shown above the list that they are of, changed on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from plainchant.portal.lib.time import now
from plainchant.portal.searches import operations
from plainchant.portal.searches.models import MAX_NAME, SavedSearch
from plainchant.portal.searches.permissions import KEEP_SEARCHES
from plainchant.portal.searches.queries import searches_of
from plainchant.reader.text import storable
from plainchant.web.account.visitor import acting
from plainchant.web.filters import ORDER, FilterForm
from plainchant.web.routes import page

_ADDRESSES: Mapping[str, str] = {
    SavedSearch.Listing.ISSUED: "issued_list",
    SavedSearch.Listing.TO_PROCESS: "received_to_process",
    SavedSearch.Listing.RECEIVED: "received_list",
}


def searches_context(
    request: HttpRequest, listing: SavedSearch.Listing, *, form: FilterForm, **kept: str
) -> dict[str, Any]:
    """What `components/searches.html` draws above a list: those that are kept of it, and what would be kept now."""
    here = form.address(**kept)
    mine = searches_of(actor=acting(request)).filter(listing=listing)
    is_search = form.is_used or bool(form.data.get(ORDER))
    return {
        "searches": [
            {"name": search.name, "url": _url(search), "current": f"?{search.query}" == here} for search in mine
        ],
        "keeping": {"listing": listing.value, "query": here[1:], "most": MAX_NAME} if is_search else None,
    }


@page(get=KEEP_SEARCHES, post=KEEP_SEARCHES, back="searches")
def searches(request: HttpRequest) -> HttpResponse:
    """All that one keeps; keep one more, rename one, keep one no longer."""
    actor = acting(request)
    if request.method == "POST":
        name = storable(request.POST.get("name", ""))
        if request.POST.get("do") == "keep":
            listing = request.POST.get("listing", "")
            if listing not in SavedSearch.Listing.values:
                raise Http404
            search = operations.keep(
                listing=SavedSearch.Listing(listing),
                name=name,
                query=QueryDict(storable(request.POST.get("query", ""))).urlencode(),
                actor=actor,
                at=now(),
            )
            messages.success(request, f"Recherche gardée : « {search.name} ». Vous seul la voyez.")
            return redirect(_url(search))
        search = _own(request)
        if request.POST.get("do") == "remove":
            operations.remove(search=search, actor=actor)
            messages.success(request, f"La recherche « {search.name} » n’est plus gardée.")
        else:
            operations.rename(search=search, name=name, actor=actor)
        return redirect("searches")
    kept = [
        {"uid": search.uid, "name": search.name, "url": _url(search), "listing": search.get_listing_display()}
        for search in searches_of(actor=actor)
    ]
    return render(request, "home/searches.html", {"kept": kept, "most": operations.MOST, "most_letters": MAX_NAME})


def _own(request: HttpRequest) -> SavedSearch:
    """The one that the form names. Http404 for another's."""
    try:
        return get_object_or_404(searches_of(actor=acting(request)), uid=UUID(request.POST.get("search", "")))
    except ValueError as error:
        raise Http404 from error


def _url(search: SavedSearch) -> str:
    return f"{reverse(_ADDRESSES[search.listing])}?{search.query}"
