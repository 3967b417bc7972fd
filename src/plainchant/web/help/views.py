"""The pages of the help: the first one, one a guide, the search; words, questions, who helps, what works now."""

from __future__ import annotations

import logging
from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from plainchant.access.permissions import PUBLIC
from plainchant.help.glossary import BY_SLUG as TERM_OF
from plainchant.help.glossary import TERMS
from plainchant.help.guides import BY_SLUG, GUIDES
from plainchant.help.helpers import HelpersUnreadable, helpers
from plainchant.help.questions import QUESTIONS
from plainchant.portal.lib.time import now
from plainchant.web.routes import page

from . import media
from .finding import address_of
from .finding import index as found_in
from .standing import parts_now
from .way_back import way_back

log = logging.getLogger(__name__)
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


@_reading
def terms(request: HttpRequest) -> HttpResponse:
    rows = [(term, BY_SLUG.get(term.guide)) for term in TERMS]
    return render(request, "help/terms.html", {"terms": rows, "back": way_back(request)})


@_reading
def questions(request: HttpRequest) -> HttpResponse:
    rows = [(each, BY_SLUG.get(each.guide), TERM_OF.get(each.term)) for each in QUESTIONS]
    return render(request, "help/questions.html", {"questions": rows, "back": way_back(request)})


@_reading
def who_helps(request: HttpRequest) -> HttpResponse:
    """The list of the operator; where its file cannot be read, whoever runs the portal alone."""
    try:
        listed = helpers(settings.WHO_HELPS)
    except HelpersUnreadable:
        log.exception("PLAINCHANT_WHO_HELPS cannot be read")
        listed = ()
    return render(request, "help/who.html", {"helpers": listed, "back": way_back(request)})


@_reading
def state(request: HttpRequest) -> HttpResponse:
    parts = parts_now()
    shown = {"parts": parts, "all_well": all(part.is_well for part in parts), "at": now(), "back": way_back(request)}
    return render(request, "help/state.html", shown)
