"""Save what a page of a draft sends; where somebody else has typed meanwhile, show both versions and let choose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from plainchant.portal.drafts import operations
from plainchant.portal.drafts.fields import DraftSource, cleaned, differences
from plainchant.portal.drafts.models import Draft
from plainchant.portal.drafts.operations import DraftSavedElsewhere
from plainchant.portal.lib.time import now
from plainchant.web.account.visitor import acting

from .addresses import form_url

NO_REVISION = -1  # of a request that names one that cannot be
LINE_LABELS = {
    "name": "désignation",
    "description": "description",
    "reference": "référence",
    "quantity": "quantité",
    "unit": "unité",
    "price": "prix",
    "discount": "remise",
    "rate": "TVA",
    "nature": "nature",
}
FIELD_LABELS = {
    "exemption_text": "Mention d’exonération",
    "situation": "Situation",
    "validator": "Valideur",
    "moe": "Maître d’œuvre",
    "moa": "Maître d’ouvrage",
}

# The page of a draft: (request, draft, status, conflict) → answer.
Page = Callable[..., HttpResponse]


def revision_of(request: HttpRequest, name: str = "revision") -> int | None:
    """The revision that the page shows, as it says itself. None: a program that names none."""
    text = request.POST.get(name)
    if text is None:
        return None
    return int(text) if text.isdecimal() and len(text) < 9 else NO_REVISION


def revision_seen(request: HttpRequest) -> int:
    """The revision that whoever sends for good has looked at: a request that names none has looked at nothing."""
    revision = revision_of(request)
    return NO_REVISION if revision is None else revision


def save(request: HttpRequest, draft: Draft, typed: dict[str, Any]) -> Draft:
    """Keep what came with a request. Raises DraftSavedElsewhere, StatusHasChanged."""
    revision = revision_of(request)
    if request.POST.get("keep") == "mine":  # both versions were shown, this one was chosen
        other = revision_of(request, "other")
        revision = draft.revision if other is None else other
    return operations.save(
        draft=draft,
        typed=typed,
        actor=acting(request),
        revision=revision,
        tab="".join(sign for sign in request.POST.get("tab", "") if sign.isalnum())[:32],
        was_being_read=request.POST.get("reading") == "waiting",
        at=now(),
    )


def save_or_choose(
    request: HttpRequest, draft: Draft, typed: dict[str, Any], *, form: type[forms.Form], page: Page
) -> HttpResponse | None:
    """Save; or answer with both versions, of which the person keeps one. Nothing has been overwritten then."""
    try:
        save(request, draft, typed)
    except DraftSavedElsewhere as elsewhere:
        theirs = elsewhere.draft
        mine = cleaned(typed, source=DraftSource(theirs.source))
        conflict = {
            "draft": theirs,
            "revision": theirs.revision,
            "differences": _shown(mine, theirs.typed, form),
            "url": form_url(theirs),
        }
        if request.htmx:  # type: ignore[attr-defined]
            return render(request, "drafts/_conflict.html", {"conflict": conflict}, status=409)
        # What was typed here is shown, under the revision it was typed on, until one of the two is chosen.
        theirs.typed = mine
        theirs.revision = revision_of(request) or 0
        return page(request, theirs, status=409, conflict=conflict)
    return None


def _shown(mine: Mapping[str, Any], theirs: Mapping[str, Any], form: type[forms.Form]) -> list[dict[str, str]]:
    return [
        {"label": _label(name, form), "mine": here, "theirs": there} for name, here, there in differences(mine, theirs)
    ]


def _label(name: str, form: type[forms.Form]) -> str:
    if name.startswith("lines-"):
        _, place, part = name.split("-")
        return f"Ligne {int(place) + 1}, {LINE_LABELS.get(part, part)}"
    field = form.base_fields.get(name)
    label = str(field.label) if field is not None and field.label else FIELD_LABELS.get(name, name)
    return label.removesuffix(" (facultatif)")
