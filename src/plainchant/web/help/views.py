"""The first page of the help, one page a guide, and the search."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.access.permissions import PUBLIC
from plainchant.help.guides import BY_SLUG, GUIDES
from plainchant.web.routes import page

from . import media
from .finding import address_of
from .finding import index as found_in
from .way_back import way_back

_reading = page(get=PUBLIC, before_second_factor=True)


@_reading
def index(request: HttpRequest) -> HttpResponse:
    groups = [(audience.value, list(guides)) for audience, guides in groupby(GUIDES, key=lambda guide: guide.audience)]
    return render(request, "help/index.html", {"groups": groups, "booklet": media.booklet(), "back": way_back(request)})


@_reading
def search(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")[:200].strip()
    found = [{"title": entry.title, "text": entry.text, "url": address_of(entry)} for entry in found_in().find(asked)]
    return render(request, "help/search.html", {"asked": asked, "found": found, "back": way_back(request)})


@_reading
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    shown = BY_SLUG.get(slug)
    if shown is None:
        raise Http404
    of_group = [other for other in GUIDES if other.audience is shown.audience]
    place = of_group.index(shown)
    return render(
        request,
        "help/guide.html",
        {
            "guide": shown,
            "steps": [(step, media.picture(slug, step.name)) for step in shown.steps],
            "film": media.film(slug),
            "begin": reverse(shown.page),
            "next": of_group[place + 1] if place + 1 < len(of_group) else None,
            "back": way_back(request),
        },
    )
